"""Where each target stands at an as-of: level, gap, pace, the chance that it is met, and how much to trust that.

``rules``      comparators and thresholds in exact arithmetic
``outlook``    one part of a target: what is known and what is drawn, on one line of time
``standing``   a target as the conjunction of its parts: what decides it, and its chances
``rows``       one row of the table: level, pace, evidence, flags
``course``     where it should be by now      ``together``  targets seen together: groups, pairs that fail
"""

import pandas as pd

from qnict_analysis import schema
from qnict_analysis.assessment.course import as_course, course_of
from qnict_analysis.assessment.rows import binding, row_of
from qnict_analysis.assessment.rules import Rule, rule_of
from qnict_analysis.assessment.standing import (
    at_level,
    is_decided,
    met_of,
    reach_chances,
    reason_of,
    split,
    standings,
    stays,
    today,
)
from qnict_analysis.assessment.together import failing_pairs, group_chances

__all__ = [
    "Rule",
    "assess",
    "course",
    "failing_pairs",
    "group_chances",
    "hold_chances",
    "joint",
    "reach",
    "rule_of",
    "target_hits",
]

TEXTS = ("target", "indicator", "comparator", "reach", "status", "evidence", "flags")


def assess(draws, series, basis, registry, as_of) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Assess every target, and every part of a target, at ``as_of``; both tables have the columns ``schema.ASSESSMENT``.

    ``draws``, ``series``, ``basis``: the tables of ``forecast`` and ``indicators``. A compound target's row shows its binding
    part (missed, else without basis, else least likely to be met) with the chances of all parts together. Value, threshold, gap
    and the three points of a units indicator are shares of its units; ``k_min`` is the whole number that the threshold means, for
    counts too (where less is better: the most that satisfies). ``gap`` = threshold - value where more is better and value -
    threshold where less is: positive means still missing. ``reach`` may be an observed period.
    """
    found = standings(draws, series, basis, registry, as_of)
    whole = [row_of(standing, series, registry, as_of) for standing in found]
    single = [row_of(part, series, registry, as_of) for standing in found for part in split(standing)]
    return as_table(whole), as_table(single)


def as_table(rows: list[dict]) -> pd.DataFrame:
    """Rows as a table of ``schema.ASSESSMENT``; ``k_min`` and ``n_units`` whole numbers or missing."""
    frame = pd.DataFrame(rows, columns=list(schema.ASSESSMENT))
    return frame.astype(dict.fromkeys(TEXTS, "str") | {"k_min": "Int64", "n_units": "Int64", "decided": bool})


def course(draws, series, basis, registry, as_of) -> pd.DataFrame:
    """Where the binding part of every target should be by now: the columns ``schema.COURSE``."""
    found = standings(draws, series, basis, registry, as_of)
    return as_course([course_of(standing, binding(standing)) for standing in found])


def target_hits(draws, series, basis, registry, as_of) -> pd.DataFrame:
    """In which draws each target is met: draws x targets, True or False. Decided targets are sure, those without basis absent."""
    found = [standing for standing in standings(draws, series, basis, registry, as_of) if not reason_of(standing)]
    met = {standing.target.id: met_of(standing).to_numpy() for standing in found}
    return pd.DataFrame(met, index=draws.index, dtype=bool)


def joint(draws, series, basis, registry, as_of) -> pd.Series:
    """The distribution of the number of targets met: index 0 to n, chances that add up to 1.

    Decided targets count as sure. Targets without basis are left out; ``attrs["without_basis"]`` lists their ids.
    """
    hits = target_hits(draws, series, basis, registry, as_of)
    chances = hits.sum(axis=1).value_counts(normalize=True).reindex(range(hits.shape[1] + 1), fill_value=0.0)
    chances.attrs["without_basis"] = [name for name in registry.targets if name not in hits]
    return chances.rename_axis("met").rename("chance")


def reach(draws, series, basis, registry, as_of) -> pd.DataFrame:
    """P(reach <= period), the chance that a target is met from that period to its deadline: target, period, chance.

    The last period of a target is its deadline, where the chance is P(met); what is left is P(never). Observed periods are
    included; targets without basis or with a sourced verdict only are left out.
    """
    found = [standing for standing in standings(draws, series, basis, registry, as_of) if not reason_of(standing)]
    rows = [
        (standing.target.id, period, chance)
        for standing in found
        if standing.target.deadline in standing.hits
        for period, chance in reach_chances(standing.hits).items()
    ]
    return pd.DataFrame(rows, columns=["target", "period", "chance"])


def hold_chances(draws, series, basis, registry, as_of) -> pd.Series:
    """P(hold) by target: where it is satisfied today, the chance that it stays so in every period to the deadline.

    NaN where the target is not satisfied in the latest known period, is decided, or has no basis.
    """
    found = [standing for standing in standings(draws, series, basis, registry, as_of) if not reason_of(standing)]
    held = {s.target.id: stays(s.hits)[today(s)].mean() for s in found if not is_decided(s) and at_level(s)}
    return pd.Series(held, dtype=float).reindex(list(registry.targets)).rename_axis("target").rename("p_hold")
