"""The figures behind the illustrative returns, as they really are in the story of data/illustration.yaml.

Everything is invented. One generator serves one (seed, purpose, unit), so that another indicator or unit changes nobody
else's figures. Frames are units × quarters throughout, one for numerators, one for denominators.
"""

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from scipy.special import expit

from qnict_analysis.periods import period_range
from qnict_analysis.registry import Registry, load_registry
from qnict_analysis.workspace import find_workspace

HERE = Path(__file__).resolve().parent
LEAD = 0.9  # how much earlier the leading group tends to adopt, in standard deviations of a unit's luck


@dataclass(frozen=True)
class World:
    """The registry, the story of data/illustration.yaml and the quarters it covers."""

    registry: Registry
    story: dict
    periods: list[str]

    def units(self, indicator: str) -> list[str]:
        return self.registry.units_in(self.registry.indicators[indicator].scope, self.periods[-1])

    def spec(self, indicator: str) -> dict:
        return self.story["indicators"][indicator]

    def group(self, unit: str) -> str:
        return self.registry.units[unit].group

    def random(self, *names: str) -> np.random.Generator:
        return np.random.default_rng([self.story["seed"], zlib.crc32("|".join(names).encode())])

    def normals(self, purpose: str, units: list[str], steps: int = 1) -> np.ndarray:
        """Standard normals, units × steps, from one generator a unit."""
        return np.array([self.random(purpose, unit).normal(size=steps) for unit in units])


def load_world() -> World:
    story = yaml.safe_load((HERE / "illustration.yaml").read_text(encoding="utf-8"))
    registry = load_registry(find_workspace(str(HERE.parent)))
    return World(registry, story, period_range(story["first"], story["last"]))


def true_figures(world: World) -> dict[str, tuple[pd.DataFrame, pd.DataFrame]]:
    """Numerators and denominators of every indicator, each units × quarters; NaN denominators where there are none."""
    return {name: RECIPES[spec["recipe"]](world, name, spec) for name, spec in world.story["indicators"].items()}


def path_of(spec: dict) -> np.ndarray:
    return np.array([value for year in sorted(spec["path"]) for value in spec["path"][year]], dtype=float)


def years(world: World) -> np.ndarray:
    return np.arange(len(world.periods)) / 4


def frames(world: World, units: list[str], numerator, denominator) -> tuple[pd.DataFrame, pd.DataFrame]:
    shape = (len(units), len(world.periods))
    return tuple(pd.DataFrame(np.broadcast_to(part, shape).copy(), units, world.periods) for part in (numerator, denominator))


def from_quarter(world: World, period: str) -> np.ndarray:
    return np.array([label >= period for label in world.periods])


def posts_of(world: World, units: list[str]) -> np.ndarray:
    """Administrative posts, units × quarters: sizes of a group add up to its total, then grow, then bodies move."""
    settings = world.story["posts"]
    sizes = pd.Series(np.exp(settings["spread"] * world.normals("posts", units)[:, 0]), units)
    sizes[[unit for unit in units if unit == world.story["city"]]] *= settings["city_factor"]
    groups = pd.Series([world.group(unit) for unit in units], units)
    start = sizes / sizes.groupby(groups).transform("sum") * groups.map(settings["total"])
    table = pd.DataFrame(np.outer(start, (1 + settings["growth"]) ** years(world)), units)
    for move in settings["moves"]:
        if move["unit"] in units:
            table.loc[move["unit"]] += move["posts"] * from_quarter(world, move["period"])
    return np.rint(table.to_numpy())


def volumes(world: World, purpose: str, units: list[str], base: np.ndarray, spec: dict) -> np.ndarray:
    """Documents or dossiers of a quarter: base × season × growth × a little luck, and the change of the city's borders."""
    season = np.tile(spec["season"], len(world.periods) // 4)
    luck = np.exp(0.05 * world.normals(f"volume {purpose}", units, len(world.periods)))
    table = pd.DataFrame(base * season * (1 + spec["growth"]) ** years(world) * luck, units)
    for unit, factor in spec["city_after"].items():
        table.loc[unit] *= np.where(from_quarter(world, "2014Q1"), factor, 1.0)
    return np.rint(table.to_numpy())


def deviations(world: World, name: str, units: list[str], spec: dict) -> np.ndarray:
    """How far each unit stands from the province: a lasting part and a part that fades by 0.7 a quarter."""
    steps = world.normals(f"noise {name}", units, len(world.periods))
    fading = [steps[:, 0]]
    for step in steps.T[1:]:
        fading.append(0.7 * fading[-1] + np.sqrt(1 - 0.7**2) * step)
    return spec["spread"] * world.normals(f"level {name}", units) + spec["noise"] * np.array(fading).T


def rates_on_path(path: np.ndarray, deviation: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Shares of the units whose weighted mean follows ``path``: a common shift a quarter, found by bisection."""
    low, high = np.full(path.shape, -12.0), np.full(path.shape, 12.0)
    for _ in range(60):
        middle = (low + high) / 2
        mean = (weights * expit(deviation + middle)).sum(axis=0) / weights.sum(axis=0)
        low, high = np.where(mean < path, middle, low), np.where(mean < path, high, middle)
    return expit(deviation + (low + high) / 2)


def flow_share(world: World, name: str, spec: dict):
    units = world.units(name)
    documents = volumes(world, name, units, posts_of(world, units) * spec["per_post"], spec)
    return _shares(world, name, spec, documents)


def staff_share(world: World, name: str, spec: dict):
    return _shares(world, name, spec, posts_of(world, world.units(name)))


def _shares(world: World, name: str, spec: dict, denominator: np.ndarray):
    units = world.units(name)
    rates = rates_on_path(path_of(spec) / 100, deviations(world, name, units, spec), denominator)
    return frames(world, units, np.minimum(np.rint(rates * denominator), denominator), denominator)


def staff_ratio(world: World, name: str, spec: dict):
    units = world.units(name)
    posts = posts_of(world, units)
    factor = np.exp(deviations(world, name, units, spec))
    level = path_of(spec) / 100 * posts.sum(axis=0) / (factor * posts).sum(axis=0)
    return frames(world, units, np.rint(factor * level * posts), posts)


def turn_of(world: World, name: str, spec: dict) -> np.ndarray:
    """The place of each unit in the order of adoption, 0 first: what the unit is like, whom the programme leads, and luck."""
    units = world.units(name)
    favour = [LEAD * (world.group(unit) == spec["lead"]) + 9 * (unit in spec.get("first_in", [])) for unit in units]
    score = np.array(favour) + 0.7 * world.normals("capacity", units)[:, 0] + world.normals(f"luck {name}", units)[:, 0]
    return np.argsort(np.argsort(-score))


def adoption(world: World, name: str, spec: dict):
    adopted = turn_of(world, name, spec)[:, None] < path_of(spec)
    return frames(world, world.units(name), adopted.astype(float), 1.0)


def items(world: World, name: str, spec: dict):
    """Services or databases: each new one falls to a unit, likelier to one of the leading group and to one that has some."""
    units, path = world.units(name), path_of(spec)
    weight = np.exp(-turn_of(world, name, spec) / 9)
    owners = world.random("owners", name).choice(len(units), size=int(path.max()), p=weight / weight.sum())
    counts = [np.bincount(owners[: int(total)], minlength=len(units)) for total in path]
    return frames(world, units, np.array(counts, dtype=float).T, np.nan)


def services(world: World, name: str, spec: dict):
    """Services online of those under a unit's competence; all of them exactly where the indicator ``complete`` says so."""
    units, other = world.units(name), spec["complete"]
    turn, path = turn_of(world, other, world.spec(other)), path_of(world.spec(other))
    steps = np.arange(len(path))
    done = np.array(
        [np.argmax(place < path) if place < path.max() else len(path) + 2 * (place - path.max()) + 2 for place in turn]
    )
    means = np.array([spec["services"][world.group(unit)] for unit in units])
    reviewed = np.prod([1 + change * from_quarter(world, period) for period, change in spec["reviews"].items()], axis=0)
    total = np.rint(np.outer(means * np.exp(0.4 * world.normals("services", units)[:, 0]), reviewed))
    start = 0.30 + 0.06 * world.normals("first services", units)
    rate = start + (1 - start) * ((steps + 1) / (done[:, None] + 1.0)) ** 0.9
    partly = np.minimum(np.floor(rate * total), total - 1)
    return frames(world, units, np.where(turn[:, None] < path, total, partly), total)


def single_share(world: World, name: str, spec: dict):
    total = np.rint(spec["base"] * (1 + spec["growth"]) ** years(world))
    return frames(world, world.units(name), np.rint(total * path_of(spec) / 100), total)


def dossiers(world: World, name: str, spec: dict):
    """Dossiers filed online: none before a unit takes part, then a rise towards its ceiling."""
    units, city = world.units(name), world.story["city"]
    base = np.array([spec["base"]["city" if unit == city else "district"] for unit in units])
    base = base * np.exp(np.where(np.array(units) == city, 0, 0.35) * world.normals("dossiers", units)[:, 0])
    total = volumes(world, name, units, base[:, None], spec)
    luck = np.exp(0.06 * world.normals("online dossiers", units, len(world.periods)))
    rate = np.array([online_rate(world, unit, spec) for unit in units]) * luck
    return frames(world, units, np.rint(np.minimum(rate, 1) * total), total)


def online_rate(world: World, unit: str, spec: dict) -> np.ndarray:
    if unit not in spec["joins"]:
        return np.zeros(len(world.periods))
    boost, (first, ceiling) = spec["boost"], spec["joins"][unit]
    rises = [(first, ceiling)] + [(boost["period"], boost["ceiling"] - ceiling)] * (unit == boost["unit"])
    since = np.cumsum([from_quarter(world, start) for start, _ in rises], axis=1)
    return sum(rise / 100 * (1 - np.exp(-spec["ramp"] * count)) for count, (_, rise) in zip(since, rises, strict=True))


def money_share(world: World, name: str, spec: dict):
    """IT expenditure and all expenditure of a quarter in million đồng, with one decimal."""
    total = (
        np.repeat([spec["total"][year] for year in sorted(spec["total"])], 4) * np.tile(spec["split"], len(spec["total"])) * 1000
    )
    total = np.round(total * (1 + 0.015 * world.random("budget", name).normal(size=len(world.periods))), 1)
    return frames(world, world.units(name), np.round(total * path_of(spec) / 100, 1), total)


RECIPES = {
    recipe.__name__: recipe
    for recipe in (flow_share, staff_share, staff_ratio, adoption, items, services, single_share, dossiers, money_share)
}


def summary(world: World) -> pd.DataFrame:
    """The province's value of each indicator, quarter by quarter, before anything goes missing (per cent or numbers)."""
    rows = {}
    for name, (numerators, denominators) in true_figures(world).items():
        is_rate = world.registry.indicators[name].kind in ("share", "ratio") or (denominators.to_numpy() > 1).any()
        rows[name] = numerators.sum() / denominators.sum() * 100 if is_rate else numerators.sum()
    return pd.DataFrame(rows).T.round(2)
