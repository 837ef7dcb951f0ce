"""What each lever brings to a chance, and how far that is sure."""

import itertools

import numpy as np
import pandas as pd

from qnict_analysis.changes import shapley
from qnict_analysis.params import ScenarioSpec
from qnict_analysis.planning.planner import Planner

WHOLE = ("schedules", "towards_best")
"""What counts as one cause beside each lever."""

DRAWN = 60
"""Draws of the levers' effects for an interval: its ends lie on the sixth from below and above."""

KNOTS = (0.0, 0.05, 0.5, 0.95, 1.0)
"""Levels at which an effect's distribution is known: never below 0, low, likely, high, never beyond 1."""


def lever_parts(planner: Planner, spec: ScenarioSpec) -> pd.DataFrame:
    """What each lever (the schedules, and going at the best pace) of a scenario brings to each target's P(met): targets x causes.

    Shapley's split over all subsets of them, so the parts add up to P(scenario) - P(baseline), whatever the order in which the
    levers are taken. With more than eight it takes too long: ``ValueError``.
    """
    causes = [*spec.levers, *(name for name in WHOLE if getattr(spec, name))]
    if len(causes) > 9:
        raise ValueError(f"scenario {spec.name}: {len(causes)} levers at once; parts are told for at most 9")
    subsets = [frozenset(on) for size in range(len(causes) + 1) for on in itertools.combinations(causes, size)]
    chances = {on: planner.chances(only(spec, on)) for on in subsets}
    return shapley(chances, tuple(causes))


def only(spec: ScenarioSpec, on: frozenset) -> ScenarioSpec:
    """A scenario with some of its causes only."""
    levers = {name: setting for name, setting in spec.levers.items() if name in on}
    none = {name: type(getattr(spec, name))() for name in WHOLE if name not in on}
    return spec.model_copy(update={"levers": levers} | none)


def interval_of(planner: Planner, spec: ScenarioSpec, *, n_drawn: int = DRAWN) -> pd.DataFrame:
    """P(scenario) - P(baseline) of each target with the effects as uncertain as the registry says: likely, low, high.

    The effects of all levers are drawn together (each from a distribution through its low, likely and high as 5, 50 and 95 %),
    outcomes keep the same random numbers: what widens is what we do not know of the levers, not the future. ``low`` and ``high``
    are the 10 and 90 % points.
    """
    base, likely = planner.chances(planner.baseline), planner.chances(spec)
    rng = np.random.default_rng([planner.analysis.params.seed, 7])
    levels = rng.random((n_drawn, len(planner.registry.levers)))
    drawn = pd.DataFrame([planner.chances_with(spec, effects_at(planner, row)) for row in levels]) if spec.levers else None
    low, high = (likely, likely) if drawn is None else (drawn.quantile(level) for level in (0.1, 0.9))
    return pd.DataFrame({"likely": likely - base, "low": low - base, "high": high - base})


def effects_at(planner: Planner, levels) -> dict[str, float]:
    """The effect of each lever at a level of its distribution: straight between its known points."""
    pairs = zip(planner.registry.levers.items(), levels, strict=True)
    return {name: quantile(lever.effect, level) for (name, lever), level in pairs}


def quantile(effect, level: float) -> float:
    """One effect at a level of its distribution: 0 and 1 at the ends, low, likely and high at 5, 50 and 95 %."""
    ends = (max(0.0, effect.low - (effect.likely - effect.low) / 9), min(1.0, effect.high + (effect.high - effect.likely) / 9))
    return float(np.interp(level, KNOTS, (ends[0], effect.low, effect.likely, effect.high, ends[1])))
