"""What each lever brings to a chance, and how far that is sure."""

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from qnict_analysis import schema
from qnict_analysis.changes import shapley
from qnict_analysis.params import ScenarioSpec
from qnict_analysis.planning.planner import Planner

WHOLE = ("schedules", "towards_best")
"""What counts as one cause beside each lever."""

MOST_CAUSES = 9
"""Causes that can move one target: their subsets are five hundred, which take some seconds."""

MOVED = 0.005
"""A change of a chance by half a point is worth its interval; of less there is nothing to be sure of in print."""

DRAWN = 60
"""Draws of the levers' effects for an interval: its ends lie on the sixth from below and above."""

ASSUMED = ("effect", "lag", "ramp")
"""What is assumed of a lever."""

KNOTS = (0.0, 0.05, 0.5, 0.95, 1.0)
"""Levels at which an effect's distribution is known: never below 0, low, likely, high, never beyond 1."""


def lever_parts(planner: Planner, spec: ScenarioSpec) -> pd.DataFrame:
    """What each lever (the schedules, and going at the best pace) of a scenario brings to each target's P(met): targets x causes.

    Shapley's split over all subsets of those that can move the target, so the parts add up to P(scenario) - P(baseline), whatever
    the order in which the levers are taken; the others bring exactly 0. NaN where the target has no basis, and where more than
    MOST_CAUSES can move it.
    """
    targets = list(planner.registry.targets)
    rows = [parts_of(planner, spec, name) for name in targets]
    return pd.DataFrame(rows, index=pd.Index(targets, name="target"), columns=causes_of(spec), dtype=float)


def parts_of(planner: Planner, spec: ScenarioSpec, target: str) -> dict[str, float]:
    """The same of one target, by cause."""
    causes = causes_of(spec)
    able = tuple(cause for cause in causes if moves(planner, spec, cause, target))
    if len(able) > MOST_CAUSES:
        return dict.fromkeys(causes, float("nan"))
    subsets = [frozenset(on) for size in range(len(able) + 1) for on in itertools.combinations(able, size)]
    chances = {on: planner.chances(only(spec, on), [target]) for on in subsets}
    return dict.fromkeys(causes, 0.0 * chances[frozenset()].iloc[0]) | shapley(chances, able).iloc[0].to_dict()


def causes_of(spec: ScenarioSpec) -> list[str]:
    """What a scenario changes, cause by cause: its levers, its schedules together, going at the best pace."""
    return [*spec.levers, *(name for name in WHOLE if getattr(spec, name))]


def moves(planner: Planner, spec: ScenarioSpec, cause: str, target: str) -> bool:
    """Whether a cause reaches a target's indicators, or one that levers wait for before they help these."""
    own = set(planner.concerned([target]))
    if cause in WHOLE:
        return cause == "towards_best" or any(item.indicator in own for item in spec.schedules)
    return any(weight and name in own for name, weight in planner.registry.levers[cause].reaches.items())


def only(spec: ScenarioSpec, on: frozenset) -> ScenarioSpec:
    """A scenario with some of its causes only."""
    levers = {name: setting for name, setting in spec.levers.items() if name in on}
    none = {name: type(getattr(spec, name))() for name in WHOLE if name not in on}
    return spec.model_copy(update={"levers": levers} | none)


def interval_of(
    planner: Planner, spec: ScenarioSpec, targets: Sequence[str] | None = None, *, n_drawn: int = DRAWN
) -> pd.DataFrame:
    """P(scenario) - P(baseline) of each target with the levers as uncertain as the registry says: likely, low, high.

    Effect, lag and ramp of all levers are drawn together (each from a distribution through its low, likely and high as 5, 50 and
    95 %; lags and ramps in whole periods), outcomes keep the same random numbers: what widens is what we do not know of the
    levers, not the future. ``low`` and ``high`` are the 10 and 90 % points. ``targets``: those asked for, all where None.
    """
    base, likely = planner.chances(planner.baseline, targets), planner.chances(spec, targets)
    rng = np.random.default_rng([planner.analysis.params.seed, 7])
    levels = rng.random((n_drawn, len(planner.registry.levers), len(ASSUMED)))
    drawn = (
        pd.DataFrame([planner.chances_with(spec, assumed_at(planner, row), targets) for row in levels]) if spec.levers else None
    )
    low, high = (likely, likely) if drawn is None else (drawn.quantile(level) for level in (0.1, 0.9))
    return pd.DataFrame({"likely": likely - base, "low": low - base, "high": high - base})


def side_by_side(planner: Planner, specs: Sequence[ScenarioSpec]) -> pd.DataFrame:
    """Every target under every scenario (columns ``schema.SCENARIOS``), in the order of the scenarios."""
    base = planner.chances(planner.baseline)
    frames = []
    for spec in specs:
        now = planner.chances(spec)
        own = pd.DataFrame(
            {"scenario": spec.name, "target": now.index, "p_met": now.to_numpy(), "p_change": (now - base).to_numpy()}
        )
        far = list(own.loc[own["p_change"].abs() >= MOVED, "target"]) if spec.levers else []
        sure = interval_of(planner, spec, far) if far else pd.DataFrame(columns=["low", "high"], dtype=float)
        ends = sure.reindex(now.index)
        frames.append(own.assign(p_change_low=ends["low"].to_numpy(), p_change_high=ends["high"].to_numpy()))
    return pd.concat(frames, ignore_index=True)[list(schema.SCENARIOS)]


def assumed_at(planner: Planner, levels) -> dict[str, dict[str, float]]:
    """What is assumed of each lever at levels (levers, ASSUMED) of its distributions."""
    pairs = zip(planner.registry.levers.items(), levels, strict=True)
    return {
        name: {what: quantile(lever, what, level) for what, level in zip(ASSUMED, own, strict=True)}
        for (name, lever), own in pairs
    }


def quantile(lever, what: str, level: float) -> float:
    """One assumption of a lever at a level of its distribution: straight between low, likely and high at 5, 50 and 95 %, going on
    as far to the ends; an effect stays within 0 and 1, lags and ramps are whole periods."""
    spread = getattr(lever, what)
    ends = (max(0.0, spread.low - (spread.likely - spread.low) / 9), spread.high + (spread.high - spread.likely) / 9)
    found = float(np.interp(level, KNOTS, (ends[0], spread.low, spread.likely, spread.high, ends[1])))
    return min(found, 1.0) if what == "effect" else float(round(found))
