"""One row of the assessment: level, gap and pace of the binding part, and what to think of the verdict."""

import math

import numpy as np
import pandas as pd

from qnict_analysis import periods
from qnict_analysis.assessment.outlook import Outlook, latest_n
from qnict_analysis.assessment.rules import Rule, direction_of, rule_of
from qnict_analysis.assessment.standing import Standing, at_level, chances_of, failed, is_decided, reason_of
from qnict_analysis.engine.learned import shipped
from qnict_analysis.models import drift

POINTS = {"low": 0.1, "median": 0.5, "high": 0.9}

GRADES = ("strong", "fair", "weak", "very_weak")
LEAST_FOR_GRADE = {"strong": (8, 0.90, 2.0), "fair": (5, 0.80, 1.0), "weak": (4, 0.0, 0.0)}
"""Evidence: points of one definition, coverage of the latest, years from first to last. With two or three points it is very
weak: nearly all of such a forecast is the shipped prior."""

ROUGH = (0.1, 0.9)
"""On very weak evidence a chance is printed to the nearest tenth, and never as all but sure."""


def row_of(standing: Standing, series, registry, as_of) -> dict:
    """One row of ``schema.ASSESSMENT``: the binding part's level, and the chances of all parts together."""
    one, chances = binding(standing), chances_of(standing)
    grade = evidence_of(standing, as_of)
    words = {
        "p_printed": printed(chances["p_met"], grade, registry.programme.caps, decided=is_decided(standing)),
        "status": status_of(standing, chances["p_met"], registry.programme.status_edges),
        "decided": is_decided(standing),
        "evidence": grade,
        "flags": " ".join(flags_of(standing, series, registry, as_of)),
    }
    ids = {"target": standing.target.id, "indicator": one.indicator.id}
    return ids | level_of(one, standing.outcome) | points_of(one) | chances | words


def binding(standing: Standing) -> Outlook:
    """The part that holds a target back: missed, else without basis, else least likely to be met; of equals the one that is
    furthest from its threshold."""

    def rank(one: Outlook) -> tuple[float, float]:
        chance = -2.0 if failed(one) else -1.0 if one.reason else one.hits[one.target.deadline].mean()
        missing = abs(float(one.part.threshold) - one.known["level"].iloc[-1]) if len(one.known) else math.inf
        return chance, -missing

    return min(standing.parts, key=rank)


# --- level and pace --------------------------------------------------------------------------------------------------


def level_of(one: Outlook, outcome) -> dict:
    """Level, threshold, gap and pace of one part; a sourced ``outcome`` may bring its own level."""
    value = one.known["level"].iloc[-1] if len(one.known) else math.nan
    value = value if outcome is None or outcome.value is None else float(outcome.value)
    threshold = float(one.part.threshold)
    whole = one.indicator.kind in ("units", "count")
    return {
        "value": value,
        "threshold": threshold,
        "comparator": one.part.comparator,
        "k_min": int(rule_of(one.part, one.indicator.kind, one.n_units).limit) if whole else pd.NA,
        "n_units": pd.NA if one.n_units is None else one.n_units,
        "gap": direction_of(one.part) * (threshold - value),
        "pace_ratio": math.nan if one.decided or one.reason or outcome is not None else pace_ratio(one),
    }


def pace_ratio(one: Outlook) -> float:
    """Pace needed / pace made: what is missing over the years left, and the gain a year over the latest year.

    Plain figures, nothing shrunk; units as shares, missing up to the whole number that satisfies; the gain is that of units that
    had a figure both times. The latest year runs from
    the latest figure at least a year older than the last, else from the first. NaN at the level, without a gain, or with no time
    left.
    """
    known, sign = one.known, direction_of(one.part)
    if len(known) < 2 or one.hits[known["period"].iloc[-1]].all():
        return math.nan
    times = periods.period_time(known["period"])
    start = max(int(np.searchsorted(times, times[-1] - 1.0, side="right")) - 1, 0)
    made = sign * known["change"].iloc[start + 1 :].sum() / (times[-1] - times[start])
    left = periods.period_time([one.target.deadline])[0] - times[-1]
    return missing_of(one) / left / made if made > 0 and left > 0 else math.nan


def missing_of(one: Outlook) -> float:
    """How far the latest figure is from satisfying the part, in the unit of its level."""
    n_units = latest_n(one.indicator, one.known)
    limit = float(rule_of(one.part, one.indicator.kind, n_units).limit)
    return direction_of(one.part) * (limit - one.known["figure"].iloc[-1]) / (n_units or 1)


def points_of(one: Outlook) -> dict:
    """The 10, 50 and 90 % points at the deadline, as levels; the deadline's figure itself once it is in."""
    if one.decided:
        return dict.fromkeys(POINTS, one.known["level"].iloc[-1])
    if one.reason:
        return dict.fromkeys(POINTS, math.nan)
    # Points that were drawn, so that whole numbers stay whole.
    found = np.quantile(one.ahead[one.target.deadline], list(POINTS.values()), method="inverted_cdf")
    return dict(zip(POINTS, found / (latest_n(one.indicator, one.known) or 1), strict=True))


# --- what to think of it ---------------------------------------------------------------------------------------------


def status_of(standing: Standing, p_met: float, edges) -> str:
    """The status code: ``met`` or ``missed`` once decided, before by the programme's edges; ``no_basis`` without a forecast."""
    if reason_of(standing):
        return "no_basis"
    if is_decided(standing):
        return "met" if p_met == 1 else "missed"
    return "likely" if p_met >= edges.likely else "uncertain" if p_met >= edges.uncertain else "unlikely"


def evidence_of(standing: Standing, as_of) -> str:
    """How far a verdict can be trusted: that of its weakest part; a sourced verdict without a figure is fair."""
    if standing.outcome is not None:
        return "fair"
    deciding = [one for one in standing.parts if failed(one)] or standing.parts
    return max((grade_of(one, as_of) for one in deciding), key=GRADES.index)


def grade_of(one: Outlook, as_of) -> str:
    """Evidence of one part by points, coverage and span (``LEAST_FOR_GRADE``); without basis very weak.

    One grade less where the latest figure is an estimate or older than the as-of. Once decided only coverage and estimates count.
    """
    if one.reason or one.known.empty:
        return "very_weak"
    last, times = one.known.iloc[-1], periods.period_time(one.known["period"])
    points, span = (math.inf, math.inf) if one.decided else (len(times), times[-1] - times[0])
    has = np.array([points, last["coverage"], span])
    grade = next((name for name, least in LEAST_FOR_GRADE.items() if (has >= least).all()), "very_weak")
    behind = not one.decided and periods.ordinal(last["period"]) < periods.ordinal(as_of.through)
    lower = behind or last["status"] == "estimated"
    return GRADES[min(GRADES.index(grade) + lower, len(GRADES) - 1)]


def printed(p_met: float, grade: str, caps, *, decided: bool) -> float:
    """A chance as it may be printed: within the programme's caps, on very weak evidence to the nearest tenth."""
    if decided or math.isnan(p_met):
        return p_met
    if grade == "very_weak":
        return float(np.clip(math.floor(p_met * 10 + 0.5) / 10, *ROUGH))
    return float(np.clip(p_met, caps.low, caps.high))


def flags_of(standing: Standing, series, registry, as_of) -> list[str]:
    """Codes of what a reader must know beside the verdict, in a fixed order; a reason for no verdict comes last."""
    reason = reason_of(standing)
    is_open = not reason and not is_decided(standing)
    holds = {
        "illustrative": is_illustrative(standing, series),
        "soft": standing.target.soft,
        "at_level": is_open and at_level(standing),
        "few_points": is_open and any(len(one.known) < LEAST_FOR_GRADE["weak"][0] for one in standing.parts),
        "low_coverage": any(hangs_on_the_silent(one, registry) for one in standing.parts),
        "jump": is_open and any(jumped(one, registry, as_of) for one in standing.parts),
        "decided_by_source": standing.outcome is not None,
    }
    named = [flag for flag, true in holds.items() if true]
    return named if not reason or reason in named else [*named, reason]


def jumped(one: Outlook, registry, as_of) -> bool:
    """Whether a share or ratio stepped, within its last year, by three times the noise of real series, and nobody said why."""
    kind = registry.indicators[one.part.indicator].kind
    if kind not in ("share", "ratio") or len(one.known) < 2:
        return False
    records = (r for r in registry.corrections if r.indicator == one.part.indicator and r.known_on <= as_of.cutoff)
    explained = {record.period for record in records if record.action in ("jump", "break")}
    recent = periods.STEPS_PER_YEAR[periods.frequency(one.known["period"].iloc[-1])]
    scale, usual = ("log", drift.PRIORS["log"]) if kind == "ratio" else ("logit", shipped().priors["logit"])
    times, scaled = periods.period_time(one.known["period"]), drift.to_scale(one.known["value"], scale=scale)
    still = drift.Drift(usual.mu, usual.tau**2, usual.sigma**2, drift.NU)
    stood_out = drift.jumps(times[None], np.asarray(scaled)[None], still, usual.sigma)[0]
    return any(stood_out[spot] and one.known["period"].iloc[spot] not in explained for spot in range(-min(recent, len(times)), 0))


def is_illustrative(standing: Standing, series) -> bool:
    """Whether a verdict rests on illustrative figures: its own, or, for a forecast, any of those it is pooled with."""
    pooled = not is_decided(standing) and not reason_of(standing)
    rests_on = [series] if pooled else [one.known for one in standing.parts]
    return any(table["status"].eq("illustrative").any() for table in rests_on)


def hangs_on_the_silent(one: Outlook, registry) -> bool:
    """Whether too few reported, or the deadline's verdict could still turn with the returns that are missing."""
    if one.known.empty:
        return False
    last, rule = one.known.iloc[-1], Rule(one.part.comparator, one.part.threshold)
    # A count has no upper bound while a unit is silent.
    most = math.inf if math.isnan(last["high_bound"]) else last["high_bound"]
    turns = one.decided and last["coverage"] < 1 and rule.satisfied(last["low_bound"]) != rule.satisfied(most)
    return bool(turns or last["coverage"] < registry.assumption("coverage_min"))
