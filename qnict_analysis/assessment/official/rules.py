"""The target-progress rules of statistical offices, one small function each: a record in, a verdict out.

Where a rule cannot speak the verdict is empty and a reason code stands in its place. Which reasons silence which rule is data
(``SILENCED_BY``), and so are the edges of its classes. Numbers are rounded to ten places before they meet an edge, so that 95 %
is 95 %.
"""

import math
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit

from qnict_analysis.assessment.official.record import Record

LEAST_POINTS = 2
LEAST_YEARS = 1.0
"""Two figures at least, from two different years: a rate per year from one quarter to the next would be a guess."""

DESTATIS_CHANGES = 5
DESTATIS_LEAST = 3
"""The office averages the last five annual changes (six points); its pages call a rating from only four points uncertain. A plan
of five years never has six in time, so three changes are let through."""

NEAR_END = 0.01
"""A share within one point of a target of 0 or 100 % counts as there (UNSD)."""

PLACES = 10

CAGR_BANDS = ((0.95, "on_track"), (0.60, "accelerate"), (0.0, "limited"), (-math.inf, "deterioration"))
UNSD_BANDS = ((0.95, "on_track"), (0.10, "accelerate"), (-math.inf, "stagnation"))
ESCAP_EDGES = {"maintain": 0.10, "accelerate": 1.0}
SUN_BELOW, SUN_CLOUD_TO = 0.05, 0.20


class Verdict(NamedTuple):
    """``code``: the rule's class, empty where it cannot speak for ``reason``; ``number``: what the class was read from, NaN where
    the level alone decides."""

    code: str = ""
    number: float = math.nan
    reason: str = ""


CHECKS = {
    "no_figures": lambda record: not len(record.values),
    "few_points": lambda record: len(record.values) < LEAST_POINTS or np.ptp(record.times) < LEAST_YEARS,
    "few_years": lambda record: len(annual(record)) < DESTATIS_LEAST + 1,
    "year_past": lambda record: record.past or record.times[-1] >= record.end,
    "zero_base": lambda record: record.values[0] == 0,
    "zero_goal": lambda record: record.goal == 0,
    "signs": lambda record: len({math.copysign(1, x) for x in ends(record) if x}) > 1,
    "base_met": lambda record: way(record) <= 0,
    "base_at_goal": lambda record: way(record) == 0,
    "at_limit": lambda record: record.share and not ((record.values > 0) & (record.values < 1)).all(),
}
"""When a reason holds of a record."""

SILENCED_BY = {
    "cagr": ("no_figures", "few_points", "year_past", "zero_base", "zero_goal", "signs", "base_at_goal"),
    "unsd": ("no_figures", "few_points", "zero_base", "signs", "base_met"),
    "escap_status": ("no_figures", "few_points", "base_at_goal"),
    "escap_outlook": ("no_figures", "few_points", "year_past", "base_met", "at_limit"),
    "destatis": ("no_figures", "year_past", "few_years"),
}
"""Reasons that silence each rule; the first that holds is given."""


def cagr_ratio(record: Record) -> Verdict:
    """The ratio of the growth made to the growth needed, as Open SDG took it over from Eurostat.

    R = d · CAGR made / |CAGR needed|, CAGR = (y/y₀)^(1/years) - 1 from the base to the last figure and from the base to the goal
    at the deadline; d is 1 where more is better, -1 where less is, turned round where all values are negative. A goal that is met
    is achieved; R ≥ 95 % on track, ≥ 60 % acceleration needed, ≥ 0 limited progress, below deterioration.

    The source puts 0.001 for a base or goal of zero and warns that the verdict hangs on that choice; here the rule is silent.
    Source: Open SDG, docs/progress-methodology.md (Statistics Canada, after Eurostat).
    """
    if record.met:
        return Verdict("achieved")
    reason = silence("cagr", record)
    if reason:
        return Verdict(reason=reason)
    made = growth(record.values[0], record.values[-1], np.ptp(record.times))
    needed = growth(record.values[0], record.goal, record.end - record.times[0])
    wanted = record.direction * math.copysign(1, record.values[0])
    return banded(wanted * made / abs(needed), CAGR_BANDS)


def unsd_score(record: Record) -> Verdict:
    """How much of the way from base to goal is covered at the deadline if growth goes on, as in the SDG Progress Chart.

    s = (vₑ - v_b) / (v_T - v_b), vₑ = v_t · (1 + CAGR)^(T - t); s ≥ 0.95 met or on track, ≥ 0.10 fair progress that must speed
    up, below stagnation or regression. A last figure that meets the goal, or a share within one point of a goal of 0 or 100 %,
    is met. After the deadline the rule is read from the figures up to it.

    Source: UNSD, SDG Progress Chart Technical Note 2023, as restated by Eustat (site, metodologia).
    """
    if record.met or near_end(record):
        return Verdict("on_track")
    reason = silence("unsd", record)
    if reason:
        return Verdict(reason=reason)
    base, last = record.values[0], record.values[-1]
    expected = last * (1 + growth(base, last, np.ptp(record.times))) ** (record.end - record.times[-1])
    return banded((expected - base) / (record.goal - base), UNSD_BANDS)


def escap_status(record: Record) -> Verdict:
    """ESCAP's Current Status Index: how much of the way is done, from 0 to 10 (below 0: gone back).

    CS = 10 · d · (I - I₀) / |TV - I₀|, 10 once the target value is met. The index has no classes; the snapshot of ESCAP's report
    marks the level due by now on a straight way, and the class is read from that: as due, behind, or gone back.

    Source: ESCAP, progress assessment methodology; the cap as in UNICEF MENARO's code (SDG-MENARO, ``CS``).
    """
    if record.met:
        return Verdict("achieved", 10.0)
    reason = silence("escap_status", record)
    if reason:
        return Verdict(reason=reason)
    base, last = record.values[0], record.values[-1]
    index = 10 * record.direction * (last - base) / abs(record.goal - base)
    due = 10 * min((record.times[-1] - record.times[0]) / (record.end - record.times[0]), 1.0)
    return banded(index, ((round(due, PLACES), "as_due"), (0.0, "behind"), (-math.inf, "gone_back")))


def escap_outlook(record: Record) -> Verdict:
    """ESCAP's Anticipated Progress Index: what is still missing at the deadline, relative to the way from base to goal.

    gap = d · (TV - predicted) / |TV - I₀|, from a regression on time with weights (T - t₁)/(T - tᵢ), so that recent figures count
    more; of the log odds for shares (a figure of 0 or 100 % has none: silent), of the values for the rest. The gap is negative
    where the goal is passed. Up to 10 % maintain, up to 100 % accelerate, above reverse; these two edges are handed down with
    the index, the technical notes do not print them.

    Source: ESCAP SD/WP/04 (weights) and progress assessment methodology; UNICEF MENARO (SDG-MENARO, ``wreg``), which takes the
    slope from the weighted and the intercept from the plain regression. Here both are from the weighted one.
    """
    reason = silence("escap_outlook", record)
    if reason:
        return Verdict(reason=reason)
    weights = (record.end - record.times[0]) / (record.end - record.times)
    values = logit(record.values) if record.share else record.values
    level = np.polyfit(record.times - record.end, values, 1, w=np.sqrt(weights))[1]
    predicted = expit(level) if record.share else level
    gap = rounded(record.direction * (record.goal - predicted) / abs(record.goal - record.values[0]))
    return Verdict(next((code for code, edge in ESCAP_EDGES.items() if gap <= edge), "reverse"), gap)


def destatis_symbol(record: Record) -> Verdict:
    """The weather symbol of the German indicator report for a target value with a target year.

    The mean of the last five annual changes is added for each year left; what then lacks, as a share of what lacks now, is under
    5 % for sun, up to 20 % for sun and cloud, more for cloud; a mean change of none or in the wrong direction is thunderstorm.
    Annual figures are the last one and those one, two, … years before it (same quarter). The office uses five changes; with
    three or four it is used here all the same. A level that is met today and would be lost leaves nothing to divide by: silent.

    Source: Destatis, dns-indikatoren.de/en/status.
    """
    if record.met and record.past:
        return Verdict("sun")
    reason = silence("destatis", record)
    if reason:
        return Verdict(reason=reason)
    values = annual(record)[-(DESTATIS_CHANGES + 1) :]
    change = (values[-1] - values[0]) / (len(values) - 1)
    extended = values[-1] + change * (record.end - record.times[-1])
    lacking, lacks = (record.direction * (record.goal - level) for level in (extended, values[-1]))
    if rounded(lacking) <= 0:
        return Verdict("sun", 0.0)
    if lacks <= 0:
        return Verdict(reason="at_goal_now")
    missed = rounded(lacking / lacks)
    if record.direction * change <= 0:
        return Verdict("storm", missed)
    return Verdict("sun" if missed < SUN_BELOW else "sun_cloud" if missed <= SUN_CLOUD_TO else "cloud", missed)


RULES = {
    "cagr": cagr_ratio,
    "unsd": unsd_score,
    "escap_status": escap_status,
    "escap_outlook": escap_outlook,
    "destatis": destatis_symbol,
}
"""Id of each rule: its function."""

ON_TRACK = ("achieved", "on_track", "maintain", "as_due", "sun")
"""Classes that say that the target will be met, or that all is as it should be; every other class says that it will not."""


# --- arithmetic ------------------------------------------------------------------------------------------------------


def silence(rule: str, record: Record) -> str:
    """The first reason for which a rule cannot speak of a record; empty where it can."""
    return next((reason for reason in SILENCED_BY[rule] if CHECKS[reason](record)), "")


def banded(number: float, bands: tuple) -> Verdict:
    """The class of a number: the first of ``bands`` (least number, code) that it reaches."""
    number = rounded(number)
    return Verdict(next(code for least, code in bands if number >= least), number)


def rounded(number: float) -> float:
    """A number without the noise of its last binary digits, and zero without a sign."""
    return round(float(number), PLACES) + 0.0


def growth(base: float, last: float, years: float) -> float:
    """Compound growth a year: (last/base)^(1/years) - 1."""
    return (last / base) ** (1 / years) - 1


def ends(record: Record) -> tuple:
    """The three values on which growth rests: base, last figure, goal."""
    return record.values[0], record.values[-1], record.goal


def way(record: Record) -> float:
    """How far the base is from the goal, in the wanted direction; negative where it lies beyond."""
    return rounded(record.direction * (record.goal - record.values[0]))


def near_end(record: Record) -> bool:
    """Whether a share is within one point of a goal of 0 or 100 %."""
    last = record.values[-1] if len(record.values) else math.nan
    return record.share and record.goal in (0.0, 1.0) and rounded(abs(last - record.goal)) <= NEAR_END


def annual(record: Record) -> np.ndarray:
    """The last figure and those whole years before it without a gap, oldest first."""
    by_time = dict(zip(np.round(record.times, PLACES), record.values, strict=True))
    found = []
    while round(record.times[-1] - len(found), PLACES) in by_time:
        found.append(by_time[round(record.times[-1] - len(found), PLACES)])
    return np.array(found[::-1])
