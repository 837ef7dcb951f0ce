"""What the chance of a target depends on most: each assumption from low to high, the others as they are."""

import pandas as pd

from qnict_analysis import periods
from qnict_analysis.params import LeverSetting, ScenarioSpec
from qnict_analysis.planning.parts import ASSUMED, quantile
from qnict_analysis.planning.planner import Planner

TORNADO = ("parameter", "lever", "low", "high", "p_low", "p_high")
"""One parameter of a lever (effect, lag, ramp, level, start): its less and more helpful end, and P(met) there; widest bar
first."""

LOW, HIGH = 0.1, 0.9
STEPS = 2
"""Periods by which a start is moved earlier and later."""


def tornado(planner: Planner, target: str, spec: ScenarioSpec) -> pd.DataFrame:
    """P(met) of a target with each parameter of a scenario's levers at its 10 and 90 % point (columns TORNADO).

    Effects, lags and ramps go over their distribution, levels from half to one and a half of what is set (at most 1), starts two
    periods earlier (not before the next period) and later. Levers that do not reach the target have no bar. ``ValueError`` for an
    unknown target.
    """
    if target not in planner.registry.targets:
        raise ValueError(f"target {target!r} is unknown; known: {', '.join(planner.registry.targets)}")
    own = {part.indicator for part in planner.registry.targets[target].parts}
    rows = []
    for name, setting in spec.levers.items():
        lever = planner.registry.levers[name]
        if not own & set(lever.reaches):
            continue
        for what in ASSUMED:
            ends = [quantile(lever, what, level) for level in ((LOW, HIGH) if what == "effect" else (HIGH, LOW))]
            rows.append((what, name, *ends, *(chance(planner, target, spec, {name: {what: end}}) for end in ends)))
        levels = [0.5 * setting.level, min(1.5 * setting.level, 1.0)]
        rows.append(("level", name, *levels, *(chance(planner, target, moved(spec, name, level=one)) for one in levels)))
        # What has begun already could not begin earlier; nothing else begins before the next period.
        soonest = min(setting.start, planner.first, key=periods.ordinal)
        starts = [periods.shift(setting.start, STEPS), max(periods.shift(setting.start, -STEPS), soonest, key=periods.ordinal)]
        rows.append(("start", name, *starts, *(chance(planner, target, moved(spec, name, start=one)) for one in starts)))
    table = pd.DataFrame(rows, columns=list(TORNADO))
    width = (table["p_high"] - table["p_low"]).abs()
    return table.iloc[width.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def moved(spec: ScenarioSpec, name: str, **changes) -> ScenarioSpec:
    """A scenario with one lever's level or start changed."""
    setting = LeverSetting(**(spec.levers[name].model_dump() | changes))
    return spec.model_copy(update={"levers": spec.levers | {name: setting}})


def chance(planner: Planner, target: str, spec: ScenarioSpec, assumed: dict | None = None) -> float:
    """P(met) of one target under a scenario, some assumptions replaced."""
    return float(planner.chances_with(spec, assumed or {}, [target]).iloc[0])
