"""What an official rule looks at: the figures of one part of a target in years, and what the part asks."""

from typing import NamedTuple

import numpy as np

from qnict_analysis import periods
from qnict_analysis.assessment.outlook import known_figures
from qnict_analysis.assessment.rules import direction_of


class Record(NamedTuple):
    """One part as the rules see it.

    ``times``: ends of the periods in decimal years (2014Q2 is 2014.5); ``values``: levels there (shares 0 to 1, counts as they
    are). ``goal``: the level that satisfies the part, ``end``: the deadline in decimal years, ``direction``: 1 where more is
    better, -1 where less is. ``met``: the last figure satisfies the part. ``past``: the as-of is not before the deadline.
    ``share``: the values cannot leave 0 to 1.
    """

    times: np.ndarray
    values: np.ndarray
    goal: float
    end: float
    direction: float = 1.0
    met: bool = False
    past: bool = False
    share: bool = True


def record_of(row, series, registry, as_of) -> Record:
    """The record behind one row of an assessment of parts (``schema.ASSESSMENT``).

    Figures of one definition, up to the deadline, known at the as-of; those of which too few reported are left out, as an
    office would not publish them. The rules are written for years. Here the base is the first figure, and a span is the time in
    years from one period's end to another's: 2011Q1 to 2014Q2 are 3.25 years. Units and counts go by the whole number that
    satisfies the part (12 of 14 for at least 80 %), and whether they do is exact.
    """
    target = registry.targets[row.target]
    part = next(part for part in target.parts if part.indicator == row.indicator)
    indicator = registry.indicators[part.indicator]
    known = known_figures(series, indicator, registry, as_of, until=target.deadline)
    known = known[known["coverage"] >= registry.assumption("coverage_min")]
    return Record(
        times=periods.period_time(known["period"]),
        values=known["level"].to_numpy(dtype=float),
        goal=goal_of(row, indicator.kind),
        end=float(periods.period_time([target.deadline])[0]),
        direction=direction_of(part),
        met=bool(len(known)) and is_met(part, indicator.kind, known.iloc[-1]),
        past=as_of.cutoff >= periods.period_end(target.deadline),
        share=indicator.kind in ("share", "units"),
    )


def goal_of(row, kind: str) -> float:
    """The level that satisfies a part: the threshold, or for units and counts the whole number that it means."""
    if kind == "units":
        return float(row.k_min) / float(row.n_units)
    return float(row.k_min) if kind == "count" else float(row.threshold)


def is_met(part, kind: str, last) -> bool:
    """Whether the last figure satisfies the part, in the exact arithmetic of the registry."""
    n_units = round(last["denominator"]) if kind == "units" else None
    return part.is_met(last["figure"], n_units)
