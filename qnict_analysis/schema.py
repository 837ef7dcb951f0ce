"""The tables that flow through the package: their columns, in order. The file to read first.

``period`` says what a figure describes, ``reported_on`` when it became known; the two are never mixed.
Shares run from 0 to 1 and ratios are plain everywhere; per cent exists only in print and in input columns that say so.
"""

OBSERVATIONS = (
    "indicator",
    "unit",
    "period",
    "numerator",
    "denominator",
    "reported_on",
    "status",
    "file",
    "sheet",
    "cell",
    "note",
    "source",
    "flags",
)
"""One figure of one unit in one return. ``reported_on`` is a day (datetime64), ``status`` one of STATUSES. ``flags``: what the
reader had to decide on (``ambiguous_number``, ``dash_as_zero``), joined by a space."""

STATUSES = ("reported", "estimated", "illustrative")

PANEL = ("indicator", "unit", "period", "numerator", "denominator", "value", "state", "status")
"""One unit in one period as known then; ``state`` is reported, carried (last figure, at most two periods) or silent."""

SERIES = (
    "indicator",
    "period",
    "numerator",
    "denominator",
    "value",
    "coverage",
    "low_bound",
    "high_bound",
    "n_reporting",
    "n_units",
    "change",
    "status",
)
"""One indicator in one period, as known then. ``coverage``: share of the denominator's weight that reported or is carried.
``low_bound``, ``high_bound``: what the value could be with the silent units all against or all for. ``change``: from the row
before, among units that had a figure both times, so that who reports moves no trend (NaN in the first row)."""

DRAWS = ("indicator", "period")
"""Column levels of the draws: wide, one row a simulated future, because the rows carry the dependence."""

PACE = ("indicator", "period", "closes", "adds", "promised", "waits_for", "at_least", "until_then")
"""What a scenario does: in ``period`` the levers close the share ``closes`` (-1 to 1; more only where the scenario raises the
frontier) of the gap to the best pace observed, and schedules add ``adds`` units or items (expected number) of so many
``promised``. Where levers wait for the indicator ``waits_for`` to stand at ``at_least`` (a share for kinds share and units), only
``until_then`` is closed before. The baseline's table is empty."""

BASIS = ("indicator", "n", "last_period", "coverage", "has_basis", "reason")
"""Whether an indicator can be forecast, and if not why (a reason code of ``forecast.REASONS``)."""

ASSESSMENT = (
    "target",
    "indicator",
    "value",
    "threshold",
    "comparator",
    "k_min",
    "n_units",
    "gap",
    "pace_ratio",
    "p_met",
    "p_printed",
    "p_touch",
    "low",
    "median",
    "high",
    "reach",
    "status",
    "decided",
    "evidence",
    "flags",
)
"""One target (or, in indicators.csv, one part of a target). ``gap`` = threshold - value (positive: still missing);
``low``, ``median``, ``high`` are the 10, 50 and 90 % points at the deadline; ``reach`` is the median period from which the
target stays met (empty: more likely never than by the deadline); ``flags`` are codes joined by a space."""

QUALITY = ("rule", "severity", "indicator", "unit", "period", "value", "limit")
"""One doubt on a figure: the rule of quality.yaml, its severity (error, warning, note), the figure (indicator or unit empty where
the doubt is about all of them), what was found and what it was compared with."""

VERDICTS = ("met", "likely", "uncertain", "unlikely", "missed", "no_basis")

RULE_VERDICTS = ("target", "indicator", "rule", "verdict", "number", "reason")
"""One official rule on one part of a target: its class (empty where it cannot speak), the number behind the class, and why it
cannot speak (a reason code of ``assessment.official``)."""

RULE_PANEL = ("target", "indicator", "p_met", "kind", "on_track", "off_track", "silent", "why")
"""One target: how the official rules and the forecast stand to each other (``kind``), which rules say on track, off track or
nothing (ids joined by a space), and the code of why they differ (empty where they do not)."""

CHANGE_CAUSES = ("time", "new_period", "restated", "frame", "corrections", "pool", "parameters", "method")
"""What can move a chance between two as-ofs, in the order of print (``changes.changes_between`` says what each means)."""

CHANGES = ("target", "p_then", "p_now", "change", *CHANGE_CAUSES)
"""One target: P(met) at two as-ofs, never capped, and the parts of its change, which add up."""

COURSE = (
    "target",
    "indicator",
    "start",
    "first",
    "period",
    "value",
    "n_units",
    "goal",
    "straight",
    "s_shaped",
    "ahead",
    "milestone",
    "milestone_level",
    "milestone_n",
    "milestone_met",
)
"""One part of a target: its level and where it should be by then, on two ways (``assessment.course`` says which)."""

SCENARIOS = ("scenario", "target", "p_met", "p_change", "p_change_low", "p_change_high")
"""One target under one scenario: P(met), never capped, and its change against the baseline in the same futures, with its 10 and
90 % points over what is assumed of the levers (NaN where it moves by less than half a point, or no lever does it)."""

GOALS = (
    *("target", "asked", "p_now", "level", "p_at_level", "p_levers_full", "p_best_pace", "latest_start"),
    *("units_each", "p_with_units", "units_record", "why_still"),
)
"""One target at risk: what would give it the chance ``asked`` (``planning.Goal``)."""

GROUPS = ("group", "n", "of", "all_met", "if_apart")
PAIRS = ("first", "second", "both", "if_apart")
"""Targets together: chance that all of a group are met, that a pair fails, and the same if they did not hang together."""

FAULTS = ("file", "sheet", "cell", "found", "problem", "allowed", "problem_vi", "allowed_vi")
"""One fault of an input file; ``_vi``: the same in Vietnamese, for the unit that mends the file."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a text starts that some spreadsheet would take for a formula: no file we write may let it run."""
