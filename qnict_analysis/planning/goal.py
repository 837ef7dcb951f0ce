"""The least that gives a target a chance: how far to turn levers, how many units a period, how late one may begin."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from qnict_analysis import periods, schema
from qnict_analysis.params import ScenarioSpec
from qnict_analysis.planning.planner import Planner, settings_of

CLOSE = 0.001
"""Levels are sought to a thousandth."""

MOST_ADDED = 200
"""Units or items a period beyond which nobody would plan."""


class Goal(NamedTuple):
    """What gives a target the chance ``asked``.

    ``base``: its chance in the scenario that the search starts from; ``levers`` turned together; ``level`` (0 to 1) that all of
    them need and ``chance`` there, None where it cannot be reached; ``best``: the chance with all of them at full. ``alone``: the
    level each single lever would need by itself (None: not enough). ``latest``: the last period in which they could begin, at
    full ("" where there is none). ``frontier``: the chance with every indicator at the best pace observed at once. ``units``:
    units or items that would have to come every period (None: the target counts no such thing), with ``unit_chance``;
    ``unit_record``: the most that came in a period, on average over any year observed (NaN: no full year is). ``unable``: levers
    that were named but do not reach the target. ``still``: why the levers move nothing (``why_still``), empty where they do.
    """

    target: str
    asked: float
    base: float
    levers: tuple[str, ...]
    level: float | None
    chance: float | None
    best: float
    alone: dict[str, float | None]
    latest: str
    units: int | None
    unit_chance: float | None
    frontier: float
    unit_record: float
    unable: tuple[str, ...] = ()
    still: str = ""


def seek(
    planner: Planner, target: str, probability: float, *, levers: Sequence[str] = (), spec: ScenarioSpec | None = None
) -> Goal:
    """Search what gives ``target`` at least ``probability``, from the scenario ``spec`` (the baseline where None).

    ``levers``: those that may be turned; all that reach the target where empty. ``ValueError`` names an unknown target or lever,
    a target without a forecast or with its verdict, and a probability outside the printed caps.
    """
    spec = spec or planner.baseline
    caps = planner.registry.programme.caps
    if target not in planner.registry.targets:
        raise ValueError(f"target {target!r} is unknown; known: {', '.join(planner.registry.targets)}")
    if not caps.low <= probability <= caps.high:
        raise ValueError(f"probability {probability:g} is not allowed; allowed: {caps.low:g} to {caps.high:g}, the printed caps")
    chosen = reaching(planner, target, levers)
    unable = tuple(name for name in dict.fromkeys(levers) if name not in chosen)
    if planner.is_decided(target):
        raise ValueError(f"target {target} has its verdict already, so nothing can be sought for it")
    base = chance_at(planner, spec, target, {})
    if base != base:
        raise ValueError(f"target {target} has no basis for a forecast, so nothing can be sought for it")
    best = chance_at(planner, spec, target, dict.fromkeys(chosen, 1.0))
    level = least_level(planner, spec, target, probability, chosen)
    # What all of them at full do not reach, none reaches by itself.
    alone = dict.fromkeys(chosen) if len(chosen) > 1 else {}
    if best >= probability:
        alone |= {name: least_level(planner, spec, target, probability, (name,)) for name in alone}
    units, unit_chance = least_units(planner, spec, target, probability)
    chance = None if level is None else chance_at(planner, spec, target, dict.fromkeys(chosen, level))
    latest = latest_start(planner, spec, target, probability, chosen) if best >= probability else ""
    # On record is the best pace observed itself, whatever frontier the scenario raises.
    frontier = chance_at(planner, spec.model_copy(update={"towards_best": 1.0}), target, {})
    record, still = most_in_a_year(planner, target), why_still(planner, spec, target, chosen)
    found = (level, chance, best, alone, latest, units, unit_chance, frontier, record, unable, still)
    return Goal(target, probability, base, chosen, *found)


def goal_table(goals: Sequence[Goal]) -> pd.DataFrame:
    """Goals of several targets as a table of numbers (columns ``schema.GOALS``)."""
    fields = (
        "target",
        "asked",
        "base",
        "level",
        "chance",
        "best",
        "frontier",
        "latest",
        "units",
        "unit_chance",
        "unit_record",
        "still",
    )
    table = pd.DataFrame([[getattr(goal, name) for name in fields] for goal in goals], columns=list(schema.GOALS))
    return table.astype({"units_each": "Int64"})


def reaching(planner: Planner, target: str, levers: Sequence[str]) -> tuple[str, ...]:
    """Those of the levers asked for that reach the target, each once; all that do where none is asked for. ``ValueError`` names
    the unknown ones."""
    known = planner.registry.levers
    unknown = [f"{name!r}" for name in dict.fromkeys(levers) if name not in known]
    if unknown:
        raise ValueError(f"unknown levers: {', '.join(unknown)}; known: {', '.join(known) or 'none'}")
    own = {part.indicator for part in planner.registry.targets[target].parts}
    return tuple(name for name in dict.fromkeys(levers or known) if own & set(known[name].reaches))


def why_still(planner: Planner, spec: ScenarioSpec, target: str, levers: Sequence[str]) -> str:
    """Why levers at full change nothing in a target's futures, as the first code that holds; empty where they do change them.

    ``decided``: its verdict is in; ``no_basis``: it has no forecast; ``no_lever``: none reaches it; ``too_late``: their effect
    begins after the deadline; ``at_best``: its pace is the best observed already; ``waits``: what must come first does not;
    ``too_weak``: what they close by then is too little.
    """
    if planner.is_decided(target):
        return "decided"
    if np.isnan(chance_at(planner, spec, target, {})):
        return "no_basis"
    if not levers:
        return "no_lever"
    full = settings_of(spec, dict.fromkeys(levers, 1.0), start=planner.first)
    still = settings_of(spec, dict.fromkeys(levers, 0.0), start=planner.first)
    if not planner.same_draws(still, full, target):
        return ""
    whole = planner.pace(full.model_copy(update={"towards_best": 0.0, "schedules": ()}))
    pace = whole[whole["indicator"].isin([part.indicator for part in planner.registry.targets[target].parts])]
    deadline = periods.ordinal(planner.registry.targets[target].deadline)
    if not any(periods.ordinal(label) <= deadline for label in pace["period"]):
        return "too_late"
    if spec.towards_best >= 1 or planner.same_draws(still, still.model_copy(update={"towards_best": 1.0}), target):
        return "at_best"
    return "waits" if (pace["waits_for"] != "").all() else "too_weak"


def still_under(planner: Planner, spec: ScenarioSpec, target: str) -> str:
    """Why the levers of a scenario change nothing in a target's futures (``why_still``)."""
    able = reaching(planner, target, ())
    return why_still(planner, spec, target, [name for name in spec.levers if name in able])


def chance_at(planner: Planner, spec: ScenarioSpec, target: str, levels: dict, *, start: str = "") -> float:
    """P(met) of one target with levers at these levels over a scenario."""
    return float(planner.chances(settings_of(spec, levels, start=start or planner.first), [target]).iloc[0])


def least_level(planner: Planner, spec: ScenarioSpec, target: str, probability: float, levers: Sequence[str]) -> float | None:
    """The least common level of levers that gives the chance, by bisection on the same random numbers: P never falls with a
    level. None where full levels do not reach it; 0 where nothing is needed."""

    def reached(level: float) -> bool:
        return chance_at(planner, spec, target, dict.fromkeys(levers, level)) >= probability

    if not levers or not reached(1.0):
        return 0.0 if chance_at(planner, spec, target, {}) >= probability else None
    low, high = 0.0, 1.0
    if chance_at(planner, spec, target, {}) >= probability:
        return 0.0
    while high - low > CLOSE:
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def least_units(planner: Planner, spec: ScenarioSpec, target: str, probability: float) -> tuple[int | None, float | None]:
    """The least whole number of units or items of its one indicator that, coming every period from the next one on, gives the
    chance; (None, None) where the target counts none, or has several parts, or no number does."""
    parts = planner.registry.targets[target].parts
    indicator = planner.registry.indicators[parts[0].indicator]
    counts = indicator.kind in ("units", "count") and parts[0].comparator not in ("at_most", "below")
    if len(parts) > 1 or not counts or indicator.id not in planner.cases:
        return None, None

    def chance(adds: int) -> float:
        planned = planner.scheduled(spec, indicator.id, adds, since=planner.first)
        return float(planner.chances(planned, [target]).iloc[0])

    low, high = -1, 1
    while chance(high) < probability:
        low, high = high, 2 * high
        if high > MOST_ADDED:
            return None, None
    if chance(0) >= probability:
        return 0, chance(0)
    low = max(low, 0)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if chance(middle) >= probability else (middle, high)
    return high, chance(high)


def most_in_a_year(planner: Planner, target: str) -> float:
    """The most units or items that a target's first indicator gained in a period, on average over any year observed; NaN without
    a full year."""
    name = planner.registry.targets[target].parts[0].indicator
    own = planner.analysis.series.loc[lambda rows: (rows["indicator"] == name) & rows["numerator"].notna()]
    steps = periods.STEPS_PER_YEAR[planner.registry.programme.frequency]
    counts = own.set_index(own["period"].map(periods.ordinal))["numerator"].astype(float).sort_index()
    gained = [(count - counts[at - steps]) / steps for at, count in counts.items() if at - steps in counts.index]
    return max(gained, default=float("nan"))


def latest_start(planner: Planner, spec: ScenarioSpec, target: str, probability: float, levers: Sequence[str]) -> str:
    """The last period in which the levers, at full, could begin and still give the chance; empty where even the next is too
    late. A later start never helps, so the search stops at the first that fails."""
    found, deadline = "", planner.registry.targets[target].deadline
    for label in periods.period_range(planner.first, deadline):
        fresh = spec.model_copy(update={"levers": {name: one for name, one in spec.levers.items() if name not in levers}})
        if chance_at(planner, fresh, target, dict.fromkeys(levers, 1.0), start=label) < probability:
            break
        found = label
    return found
