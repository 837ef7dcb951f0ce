"""Ways to share a goal out among levers: the cheapest mixes that reach it, the best one that a budget pays for."""

import itertools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pandas as pd

from qnict_analysis import periods
from qnict_analysis.params import ScenarioSpec
from qnict_analysis.planning.goal import chance_at, reaching
from qnict_analysis.planning.parts import lever_parts
from qnict_analysis.planning.planner import Planner

STEPS = {1: 20, 2: 10, 3: 10, 4: 4}
"""Into how many steps levels are cut, by the number of levers: fewer where there are many, so that it stays quick."""

FEWEST_STEPS = 2


class Mix(NamedTuple):
    """Levels of levers, the chance they give, and what they cost: money a year where every lever has a sourced cost, else the
    sum of the levels."""

    levels: dict[str, float]
    chance: float
    cost: float


def cheapest_mixes(
    planner: Planner,
    target: str,
    probability: float,
    *,
    levers: Sequence[str] = (),
    spec: ScenarioSpec | None = None,
    most: int = 5,
) -> list[Mix]:
    """The cheapest mixes of levels on a grid that give ``target`` at least ``probability``, none of which does with any lever a
    step lower; empty where full levels do not. Arguments and errors as for ``seek``."""
    spec, chosen = spec or planner.baseline, reaching(planner, target, levers)
    step = 1 / STEPS.get(len(chosen), FEWEST_STEPS)

    def chance(levels: tuple[int, ...]) -> float:
        return chance_at(planner, spec, target, as_levels(chosen, levels, step))

    found = least_of(chance, probability, len(chosen), round(1 / step))
    price = prices(planner.registry, chosen)
    mixes = [
        Mix(as_levels(chosen, one, step), chance(one), step * sum(map(float.__mul__, map(float, one), price))) for one in found
    ]
    return sorted(mixes, key=lambda mix: (round(mix.cost, 9), -mix.chance))[:most]


def as_levels(levers: Sequence[str], counts: Sequence[int], step: float) -> dict[str, float]:
    """Levels by lever from whole numbers of steps."""
    return {name: round(n * step, 4) for name, n in zip(levers, counts, strict=True)}


def least_of(chance: Callable, probability: float, n_levers: int, top: int) -> list[tuple[int, ...]]:
    """The least points of the grid 0..top in every lever at which ``chance``, which never falls with a lever, is high enough."""
    if not n_levers or chance((top,) * n_levers) < probability:
        return []
    edge: dict[tuple[int, ...], int] = {}
    for others in itertools.product(range(top + 1), repeat=n_levers - 1):
        # The last lever needs no more here than where one of the others stands a step lower.
        below = [edge[(*others[:i], one - 1, *others[i + 1 :])] for i, one in enumerate(others) if one]
        last = min(below, default=top + 1)
        while last and chance((*others, last - 1)) >= probability:
            last -= 1
        edge[others] = last
    points = [(*others, last) for others, last in edge.items() if last <= top]
    return [one for one in points if not any(other != one and all(map(int.__le__, other, one)) for other in points)]


def prices(registry, levers: Sequence[str]) -> list[float]:
    """What a full level of each lever costs a year; 1 each where not all have an effect and a cost with sources of their own."""
    own = [registry.levers[name] for name in levers]
    return [lever.cost.likely for lever in own] if all(lever.is_sourced for lever in own) else [1.0] * len(own)


def best_mix(
    planner: Planner, target: str, budget: float, *, levers: Sequence[str] = (), spec: ScenarioSpec | None = None
) -> Mix:
    """The mix with the highest chance of ``target`` among those that cost at most ``budget`` a year.

    ``ValueError`` where a lever has no sourced effect or cost: then money cannot be set against chance; and below 0.
    """
    if not budget >= 0:
        raise ValueError(f"budget {budget:g} is not allowed; allowed: 0 and more, a year")
    spec, chosen = spec or planner.baseline, reaching(planner, target, levers)
    unsourced = [name for name in chosen if not planner.registry.levers[name].is_sourced]
    if unsourced or not chosen:
        named = ", ".join(unsourced) or "no lever reaches it"
        raise ValueError(f"budget for {target}: levers whose effect or cost is assumed or missing in levers.yaml: {named}")
    price, top = prices(planner.registry, chosen), STEPS.get(len(chosen), FEWEST_STEPS)

    def cost(counts: Sequence[int]) -> float:
        return sum(n / top * each for n, each in zip(counts, price, strict=True))

    def is_full(counts: tuple[int, ...]) -> bool:
        steps_up = ((*counts[:i], n + 1, *counts[i + 1 :]) for i, n in enumerate(counts) if n < top)
        return all(cost(more) > budget for more in steps_up)

    affordable = [one for one in itertools.product(range(top + 1), repeat=len(chosen)) if cost(one) <= budget and is_full(one)]
    tried = [as_levels(chosen, one, 1 / top) for one in affordable]
    mixes = [Mix(one, chance_at(planner, spec, target, one), cost(n)) for one, n in zip(tried, affordable, strict=True)]
    return max(mixes, key=lambda mix: (mix.chance, -mix.cost))


def points_for_money(planner: Planner, spec: ScenarioSpec) -> pd.DataFrame:
    """What each lever of a scenario brings for what it costs: lever, points (percentage points of P(met), over all targets), cost
    (its level times a year's cost times the years from its start to the deadline), each (points per unit of money).

    Only levers whose effect and cost both have a source of their own; empty where there are none, and where the parts of a target
    cannot be told (``lever_parts``).
    """
    priced = {name: one for name, one in spec.levers.items() if planner.registry.levers[name].is_sourced and one.level > 0}
    if not priced:
        return pd.DataFrame(columns=["lever", "points", "cost", "each"])
    told = lever_parts(planner, spec)
    if (told.isna().any(axis=1) & planner.chances(spec).notna()).any():
        return pd.DataFrame(columns=["lever", "points", "cost", "each"])
    parts = 100 * told[list(priced)].sum()
    end = planner.registry.programme.deadline
    years = {
        name: max(0, periods.ordinal(end) - periods.ordinal(one.start) + 1) / periods.STEPS_PER_YEAR[periods.frequency(end)]
        for name, one in priced.items()
    }
    cost = pd.Series({name: one.level * planner.registry.levers[name].cost.likely * years[name] for name, one in priced.items()})
    table = pd.DataFrame({"lever": list(priced), "points": parts.to_numpy(), "cost": cost.to_numpy()})
    return table.assign(each=table["points"] / table["cost"].where(table["cost"] > 0))
