"""Where the official rules and the chance of a target part, and why: codes, from the same figures the rules read."""

import math
from typing import NamedTuple

import numpy as np

from qnict_analysis.assessment.official.record import Record
from qnict_analysis.assessment.official.rules import ON_TRACK, near_end, rounded

SIDES = {"met": "yes", "likely": "yes", "uncertain": "open", "unlikely": "no", "missed": "no", "no_basis": ""}
"""What a status says of a target; ``open``: neither that it will be met nor that it will not."""

KINDS = {
    ("yes", True, False): "agree_yes",
    ("yes", False, True): "rules_low",
    ("yes", True, True): "rules_low",
    ("no", False, True): "agree_no",
    ("no", True, False): "rules_high",
    ("no", True, True): "rules_high",
    ("open", True, False): "open_high",
    ("open", False, True): "open_low",
    ("open", True, True): "open_split",
}
"""How the rules stand to the forecast: by its side, whether any rule says on track, and whether any says off track."""

SLOWER, FASTER = 0.8, 1.25
"""The latest year differs from the pace since the base when it is a fifth less or a quarter more."""

HIGH = 0.9
"""Shares from here on are near their end, where progress slows of itself."""

GROWTH = {"cagr", "unsd"}
CURVES = {*GROWTH, "escap_outlook"}
"""Rules that extend a curve: compound growth, log odds."""
OWN_TOLERANCE = {"cagr": 1.0, "unsd": 1.0, "escap_outlook": 0.0, "destatis": 0.0}
"""The number at which the goal is just reached, for the rules that call slightly less on track too."""


class Pace(NamedTuple):
    """Gain a year towards the goal: ``since`` the base, and in the ``latest`` year (NaN where the record spans less than two);
    ``short_since``, ``short_latest``: what would still be missing at the deadline at that pace."""

    since: float
    latest: float
    short_since: float
    short_latest: float


def panel_row(row, found, record: Record, own_status: str) -> tuple:
    """One row of ``schema.RULE_PANEL``: ``row`` of the assessment, its verdicts, its record, the status of the part alone."""
    said = dict(zip(found["rule"], found["verdict"], strict=True))
    numbers = dict(zip(found["rule"], found["number"], strict=True))
    yes = [rule for rule, code in said.items() if code in ON_TRACK]
    no = [rule for rule, code in said.items() if code and code not in ON_TRACK]
    silent = [rule for rule, code in said.items() if not code]
    kind = kind_of(row, yes, no)
    why = ""
    if kind in ("rules_high", "open_high", "open_split"):
        joint = SIDES[own_status] != SIDES[row.status]
        why = "joint" if joint else why_high(set(yes), numbers, record)
    if kind in ("rules_low", "open_low"):
        why = why_low(set(no), record)
    return row.target, row.indicator, row.p_met, kind, " ".join(yes), " ".join(no), " ".join(silent), why


def kind_of(row, yes: list, no: list) -> str:
    """How the rules stand to the forecast, or to the verdict once it is in; without a chance or a rule there is no comparing."""
    side = SIDES[row.status]
    if not side:
        return "no_chance" if yes or no else "nothing"
    if not yes and not no:
        return "silent_decided" if row.decided else "silent"
    if row.decided:
        return "decided_against" if (no if side == "yes" else yes) else "decided"
    return KINDS[side, bool(yes), bool(no)]


def pace_of(record: Record) -> Pace:
    """The two paces of a record with at least two figures."""
    times, gained = record.times, record.direction * (record.values - record.values[0])
    since = gained[-1] / (times[-1] - times[0])
    before = max(int(np.searchsorted(times, times[-1] - 1.0 + 1e-9, side="right")) - 1, 0)
    known = times[-1] - times[0] >= 2.0 - 1e-9
    latest = (gained[-1] - gained[before]) / (times[-1] - times[before]) if known else math.nan
    missing, left = record.direction * (record.goal - record.values[-1]), record.end - times[-1]
    return Pace(since, latest, rounded(missing - since * left), rounded(missing - latest * left))


def why_high(yes: set, numbers: dict, record: Record) -> str:
    """Why rules say on track where the forecast does not: the first of these grounds that the figures bear out.

    ``hold``: the level is there today and the rules take that for the end. ``near_end``: within a point counts as all.
    ``status_only``: only the way behind is looked at. ``slowed``: the latest year fell behind the pace since the base, and would
    not be enough. ``compound``: a curve that steepens (constant growth, log odds) gets there, the same gain every year does not.
    ``tolerance``: only just missing counts as on track. ``ceiling``: the goal is near 100 %. ``spread``: none of these; a rule
    lets one pace go on.
    """
    if record.met:
        return "hold"
    if near_end(record):
        return "near_end"
    if yes == {"escap_status"}:
        return "status_only"
    pace = pace_of(record)
    if pace.latest < SLOWER * pace.since and pace.short_latest > 0:
        return "slowed"
    beyond = {rule for rule in yes - {"escap_status"} if not within_tolerance(rule, numbers[rule])}
    if beyond and beyond <= curves_of(record) and record.direction > 0 and pace.short_since > 0:
        return "compound"
    if not beyond:
        return "tolerance"
    return "ceiling" if record.share and record.direction > 0 and record.goal >= HIGH else "spread"


def curves_of(record: Record) -> set:
    """The rules that extend a curve; off the log odds ESCAP's outlook is a straight line."""
    return CURVES if record.share else CURVES - {"escap_outlook"}


def within_tolerance(rule: str, number: float) -> bool:
    """Whether a rule calls on track what by its own number just misses the goal."""
    edge = OWN_TOLERANCE[rule]
    return number < edge if rule in GROWTH else number > edge


def why_low(no: set, record: Record) -> str:
    """Why rules say off track where the forecast does not: the first of these grounds that the figures bear out.

    ``status_only``: only the way behind is looked at. ``sped_up``: the latest year was faster than the pace since the base, and
    is enough. ``decay``: a constant rate takes off less and less from a falling figure, the same step every year is enough.
    ``odds``: log odds flatten near 100 %. ``held``: the level is there today, and the rules extend a fall. ``one_path``: none.
    """
    if record.met:
        return "held"
    if no == {"escap_status"}:
        return "status_only"
    pace = pace_of(record)
    if pace.latest > FASTER * pace.since and pace.short_latest <= 0:
        return "sped_up"
    if no <= GROWTH | {"escap_status"} and record.direction < 0 and pace.short_since <= 0:
        return "decay"
    if no <= {"escap_outlook", "escap_status"} and record.share and record.direction > 0 and record.goal >= HIGH:
        return "odds"
    return "one_path"
