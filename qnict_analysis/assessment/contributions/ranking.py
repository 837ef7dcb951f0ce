"""Units ranked over all their shares and adoptions, with how sure each rank is.

A rank of raw rates mostly tells who is small: 1 of 1 comes first and 0 of 1 last. So every rate is shrunk towards those of its
group by what chance alone could have done, and a rank is told with its interval: Goldstein and Spiegelhalter (1996, "League
tables and their limitations", Journal of the Royal Statistical Society A 159) and Morris (1983, "Parametric empirical Bayes
inference", Journal of the American Statistical Association 78), with the uncertainty of the group's own spread left in.
"""

from typing import NamedTuple
from zlib import crc32

import numpy as np
import pandas as pd
from scipy import special

from qnict_analysis import periods
from qnict_analysis.assessment.rules import direction_of

LEAGUE = ("group", "unit", "n_indicators", "n_missing", "score", "rank", "rank_low", "rank_high", "top", "bottom")

FEWEST = 4
"""Units of a group from which they are ranked: with fewer there are no quarters."""

WORTH = 20.0
"""Cases that a figure of a year ago is worth at most, of two years half as many. A unit's rate moves by some ten points a year,
so that its variance p (1 - p) / n meets 0.1 squared at about n = 20."""

LEVELS = (np.arange(80) + 0.5) / 80
"""Rates that a group may have in common."""

SPREADS = np.geomspace(1.0, 300.0, 30)
"""Cases that the group's common rate may be worth against a unit's own: units as different as can be, to all but equal."""

BLOCK = "adoptions"
"""Name of the block of indicators in which each unit counts one thing."""


class Block(NamedTuple):
    """Figures that are shrunk together: by unit the good ones ``n`` of ``d`` (NaN: not in the frame, d = 0: never reported),
    their ``age`` in years, and how many indicators they are (by unit)."""

    name: str
    n: np.ndarray
    d: np.ndarray
    age: np.ndarray
    indicators: np.ndarray


def league(panel: pd.DataFrame, registry, as_of, *, n_draws: int = 4000, seed: int = 2015) -> pd.DataFrame:
    """Rank the units of each group over all their shares and adoptions; columns LEAGUE, best first within a group.

    ``panel``: the table of ``schema.PANEL``. Counted are the share and units indicators that a target uses and several units of
    the group report; where the target asks for less, what is missing from 1 counts. Each unit has its latest return; an old one
    is worth fewer cases, 1/n = 1/d + age/WORTH, so that silence widens the rank instead of lowering it, and a unit that never
    reported stands anywhere its group does.

    Rates of a group are Beta(mu m, (1 - mu) m), figures binomial; mu and m are drawn from their posterior on a grid (flat in mu
    and in log m), then each unit's rate from Beta(mu m + n, (1 - mu) m + d - n). Of one thing alone nobody can tell luck from
    merit (the spread m is not identified), so the indicators in which each unit counts one thing are read together, as so many
    things of one unit. ``score`` is the mean of a unit's rates, each indicator the same and measured from the group's mean, plus
    the group's mean score; 0 to 1. Ranks are taken in each draw: ``rank`` is the median, ``rank_low`` and ``rank_high`` hold
    80 % or more, ``top`` and ``bottom`` are P(among the best quarter) and P(among the last), a quarter being rounded up.

    Units with the same figures have the same distribution, whatever they are called. ``n_missing``: indicators without a return
    for the latest period. Groups of fewer than FEWEST units have no rows.
    """
    found = [_ranked(group, panel, registry, as_of, n_draws, seed) for group in registry.groups]
    rows = [table for table in found if table is not None]
    return pd.concat(rows, ignore_index=True)[list(LEAGUE)] if rows else pd.DataFrame(columns=list(LEAGUE))


def _ranked(group: str, panel, registry, as_of, n_draws: int, seed: int) -> pd.DataFrame | None:
    figures = figures_of(group, panel, registry, as_of)
    if figures is None:
        return None
    alike = alike_of(figures)
    blocks = blocks_of(figures)
    order = np.argsort(alike, kind="stable")
    generators = {block.name: np.random.default_rng([seed, crc32(f"{group} {block.name}".encode())]) for block in blocks}
    scores = np.zeros((n_draws, len(alike)))
    total, common = np.zeros(len(alike)), 0.0
    for block in blocks:
        rates = drawn_rates(block, order, n_draws, generators[block.name])
        middle = np.nanmean(rates, axis=1, keepdims=True)
        scores += block.indicators * np.nan_to_num(rates - middle)
        total += block.indicators
        common += block.indicators.max() * middle.mean()
    scores = scores / np.where(total > 0, total, 1.0)
    base = common / sum(block.indicators.max() for block in blocks)
    ranks = 1 + np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1, kind="stable")
    table = _rank_table(ranks, alike).assign(group=group, unit=figures["unit"].unique(), score=base + _mean_alike(scores, alike))
    counts = figures.groupby("unit", sort=False)["age"].agg(n_indicators="size", n_missing=lambda age: int((age != 0).sum()))
    table = table.assign(n_indicators=counts["n_indicators"].to_numpy(), n_missing=counts["n_missing"].to_numpy())
    return table.sort_values(["rank", "score"], ascending=[True, False], kind="stable")


# --- figures ---------------------------------------------------------------------------------------------------------


def figures_of(group: str, panel: pd.DataFrame, registry, as_of) -> pd.DataFrame | None:
    """The latest figure of each unit of a group in each indicator that counts: unit, indicator, n, d, age (years), single.

    None where fewer than FEWEST units or no indicator can be compared.
    """
    wanted = {part.indicator: direction_of(part) for _, part in reversed(list(registry.parts()))}
    asked = [registry.indicators[name] for name in wanted]
    rated = [indicator.id for indicator in asked if indicator.counts and indicator.kind in ("share", "units")]
    members = [unit.id for unit in registry.units.values() if unit.group == group]
    here = (panel["period"] == as_of.through) & panel["unit"].isin(members) & panel["indicator"].isin(rated)
    frame = panel[here]
    frame = frame[frame.groupby("indicator")["unit"].transform("size") >= FEWEST]
    if frame.empty:
        return None
    rows = frame[["indicator", "unit"]].merge(_latest(panel, as_of), how="left", on=["indicator", "unit"])
    less = rows["indicator"].map(wanted) < 0
    rows["n"] = rows["n"].where(~less, rows["d"] - rows["n"])
    single = rows.groupby("indicator")["d"].transform("max") <= 1.0
    places = {name: place for place, name in enumerate(registry.units)}
    rows = rows.assign(single=single, place=rows["unit"].map(places)).sort_values("place", kind="stable")
    return rows.drop(columns="place").reset_index(drop=True)


def _latest(panel: pd.DataFrame, as_of) -> pd.DataFrame:
    """The last return of each indicator and unit: n, d, age in years at the as-of."""
    told = panel[panel["state"] == "reported"].assign(time=lambda f: f["period"].map(periods.ordinal))
    told = told[told["time"] <= periods.ordinal(as_of.through)].sort_values("time", kind="stable")
    last = told.groupby(["indicator", "unit"], as_index=False).last()
    steps = periods.STEPS_PER_YEAR[periods.frequency(as_of.through)]
    age = (periods.ordinal(as_of.through) - last["time"]) / steps
    return last.assign(n=last["numerator"], d=last["denominator"], age=age)[["indicator", "unit", "n", "d", "age"]]


def alike_of(figures: pd.DataFrame) -> np.ndarray:
    """A number for each unit (in the order of the rows) from its figures alone: units with the same ones have the same number."""
    told = figures[["n", "d", "age"]].astype(float).round(9).fillna(-1.0)
    said = figures["indicator"] + [repr(tuple(row)) for row in told.to_numpy().tolist()]
    whole = figures.assign(said=said).sort_values("indicator", kind="stable").groupby("unit")["said"].agg(" ".join)
    return pd.factorize(whole.reindex(figures["unit"].unique()), sort=True)[0]


def blocks_of(figures: pd.DataFrame) -> list[Block]:
    """Each indicator by itself, and those in which every unit counts one thing together; figures by the worth of their age."""
    known = figures["d"] > 0
    worth = (1.0 / (1.0 / figures["d"].where(known) + figures["age"].fillna(0.0) / WORTH)).fillna(0.0)
    rows = figures.assign(
        worth=worth,
        good=(worth * figures["n"] / figures["d"].where(known)).fillna(0.0),
        block=figures["indicator"].where(~figures["single"], BLOCK),
        count=1.0,
    )
    sums = rows.groupby(["block", "unit"], sort=False)[["good", "worth", "count"]].sum()
    units = figures["unit"].unique()
    found = []
    for name in rows["block"].unique():
        own = sums.loc[name].reindex(units)
        ages = rows[rows["block"] == name].groupby("unit")["age"].max().reindex(units).to_numpy(float)
        found.append(Block(name, own["good"].to_numpy(), own["worth"].to_numpy(), ages, own["count"].fillna(0.0).to_numpy()))
    return found


# --- rates and ranks -------------------------------------------------------------------------------------------------


def drawn_rates(block: Block, order: np.ndarray, n_draws: int, rng: np.random.Generator) -> np.ndarray:
    """Draws of each unit's rate (draws, units); NaN for units that the block does not concern.

    ``order``: places of the units by their figures, in which random numbers are handed out, so that names do not matter.
    """
    mu, m = group_draws(block, n_draws, rng)
    inside = np.isfinite(block.d)
    good, bad = np.where(inside, block.n, 0.0), np.where(inside, block.d - block.n, 0.0)
    a, b = mu[:, None] * m[:, None] + good[order], (1.0 - mu)[:, None] * m[:, None] + bad[order]
    rates = np.empty((n_draws, len(order)))
    rates[:, order] = rng.beta(a, np.maximum(b, 1e-9))
    rates[:, ~inside] = np.nan
    return rates


def group_draws(block: Block, n_draws: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draws of the group's common rate mu and of how many cases it is worth, m, from their posterior on the grid."""
    weight = group_posterior(block).ravel()
    cells = rng.choice(len(weight), size=n_draws, p=weight)
    level, spread = np.unravel_index(cells, (len(LEVELS), len(SPREADS)))
    return LEVELS[level], SPREADS[spread]


def group_posterior(block: Block) -> np.ndarray:
    """P(mu, m) on the grid (levels, spreads): the beta-binomial likelihood of the units' figures, flat in mu and in log m."""
    inside = np.isfinite(block.d)
    n, d = block.n[inside], block.d[inside]
    a, b = LEVELS[:, None] * SPREADS, (1.0 - LEVELS)[:, None] * SPREADS
    gained = special.betaln(a[..., None] + n, b[..., None] + d - n) - special.betaln(a, b)[..., None]
    return special.softmax(gained.sum(axis=-1))


def _rank_table(ranks: np.ndarray, alike: np.ndarray) -> pd.DataFrame:
    """Median, 80 % interval and quarters of each unit's rank; units with the same figures share one distribution."""
    count = ranks.shape[1]
    chance = np.array([np.bincount(own, minlength=count + 1)[1:] for own in ranks.T]) / len(ranks)
    chance = np.array([chance[alike == one].mean(axis=0) for one in alike])
    reached = np.cumsum(chance, axis=1) - 1e-12
    at = {"rank": 0.5, "rank_low": 0.1, "rank_high": 0.9}
    found = {name: 1 + np.minimum((reached < level - 1e-9).sum(axis=1), count - 1) for name, level in at.items()}
    quarter = -(-count // 4)
    return pd.DataFrame(found | {"top": chance[:, :quarter].sum(axis=1), "bottom": chance[:, -quarter:].sum(axis=1)})


def _mean_alike(scores: np.ndarray, alike: np.ndarray) -> np.ndarray:
    mean = scores.mean(axis=0)
    return np.array([mean[alike == one].mean() for one in alike])
