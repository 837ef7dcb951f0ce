"""Where each target should be by now, on the way from its first figure to its goal at the deadline."""

import math

import numpy as np
import pandas as pd

from qnict_analysis import periods, schema
from qnict_analysis.assessment.outlook import Outlook, latest_n
from qnict_analysis.assessment.rules import direction_of, rule_of
from qnict_analysis.assessment.standing import Standing

STEEPNESS = 6.0
"""Of the S-shaped way: half of it lies in the middle third of the time, as adoption does that starts and ends slowly."""


def straight(done) -> np.ndarray:
    """The share of the way that should lie behind once the share ``done`` of the time has passed: the same."""
    return np.asarray(done, dtype=float)


def s_shaped(done) -> np.ndarray:
    """The same on a logistic curve through both ends: (L(x) - L(0)) / (L(1) - L(0)) with L(x) = 1 / (1 + exp(-STEEPNESS (x -
    1/2)))."""
    first, at, last = (1.0 / (1.0 + np.exp(-STEEPNESS * (np.asarray(x, dtype=float) - 0.5))) for x in (0.0, done, 1.0))
    return (at - first) / (last - first)


def course_of(standing: Standing, one: Outlook) -> dict:
    """One row of ``schema.COURSE``: where the part ``one`` of a target stands in its latest period and where it should.

    The way leads from the first figure of its definition (``first``) to the level that satisfies it at the deadline (``goal``).
    ``straight``, ``s_shaped``: where the latest period should be on each way; ``ahead``: value - straight towards the target
    (negative: behind). ``n_units``: what they are shares of, for an indicator that counts units.
    ``milestone``, ``milestone_level``, ``milestone_n``, ``milestone_met``: the latest milestone of the registry that is due (for
    units the whole number that satisfies it, over the N of its period), and whether its figure satisfied it. NaN and empty where
    there is no figure, or none before the latest.
    """
    target, part, known = one.target, one.part, one.known
    row = {"target": target.id, "indicator": part.indicator, "start": "", "period": "", "goal": goal_of(one)}
    row["n_units"] = n_of(one)
    row |= dict.fromkeys(("first", "value", "straight", "s_shaped", "ahead"), math.nan) | milestone_of(one)
    if known.empty:
        return row
    first, last = known.iloc[0], known.iloc[-1]
    row |= {"start": first["period"], "first": float(first["level"]), "period": last["period"], "value": float(last["level"])}
    begin, now, end = periods.period_time([first["period"], last["period"], target.deadline])
    if len(known) < 2 or end <= begin or at_goal(first["level"], one):
        return row
    done = min((now - begin) / (end - begin), 1.0)
    due = [float(first["level"] + way(done) * (row["goal"] - first["level"])) for way in (straight, s_shaped)]
    return row | {"straight": due[0], "s_shaped": due[1], "ahead": direction_of(part) * (row["value"] - due[0])}


def goal_of(one: Outlook) -> float:
    """The level that satisfies a part at the deadline: for units the whole number over N."""
    return float(rule_of(one.part, one.indicator.kind, n_of(one)).limit) / (n_of(one) or 1)


def n_of(one: Outlook) -> int | None:
    """N that the levels of a units indicator are shares of; None for other kinds."""
    return latest_n(one.indicator, one.known) or one.n_units


def at_goal(level: float, one: Outlook) -> bool:
    """Whether a level is at the goal already, so that no way leads there."""
    return direction_of(one.part) * (goal_of(one) - level) <= 0


def milestone_of(one: Outlook) -> dict:
    """The latest milestone of a target that is due, its level (of units: over N, that of its period where that is known), and
    whether the figure of its period satisfied it (None where that figure is not known)."""
    known = dict(zip(one.known["period"], one.known["figure"], strict=True))
    numbers = dict(zip(one.known["period"], one.known["denominator"], strict=True))
    last = periods.ordinal(one.known["period"].iloc[-1]) if known else -1
    due = [label for label in one.target.milestones if periods.ordinal(label) <= last]
    if not due:
        return {"milestone": "", "milestone_level": math.nan, "milestone_n": None, "milestone_met": None}
    label = max(due, key=periods.ordinal)
    step = one.part.model_copy(update={"value": one.target.milestones[label]})
    n_units = round(numbers[label]) if one.indicator.kind == "units" and label in numbers else n_of(one)
    level = float(rule_of(step, "units", n_units).limit) / n_units if n_units else float(step.threshold)
    met = bool(step.is_met(known[label], n_units)) if label in known else None
    return {"milestone": label, "milestone_level": level, "milestone_n": n_units, "milestone_met": met}


def as_course(rows: list[dict]) -> pd.DataFrame:
    """Rows as a table of ``schema.COURSE``."""
    texts = dict.fromkeys(("target", "indicator", "start", "period", "milestone"), "str")
    return pd.DataFrame(rows, columns=list(schema.COURSE)).astype(texts)
