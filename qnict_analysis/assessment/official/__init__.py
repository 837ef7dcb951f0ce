"""What the target-progress rules of statistical offices say of the same figures, and where they part from the forecast.

``record``  the figures of one part in years, and what it asks
``rules``   one function a rule: a record in, a verdict out
``differences``  where the rules and the chance of a target part, and why
"""

import pandas as pd

from qnict_analysis import schema
from qnict_analysis.assessment.official.differences import panel_row
from qnict_analysis.assessment.official.record import Record, record_of
from qnict_analysis.assessment.official.rules import ON_TRACK, RULES, Verdict

__all__ = ["ON_TRACK", "RULES", "Record", "Verdict", "panel", "record_of", "verdicts"]


def verdicts(series: pd.DataFrame, parts: pd.DataFrame, registry, as_of) -> pd.DataFrame:
    """Every official rule on every row of ``parts`` (``schema.ASSESSMENT``): the columns ``schema.RULE_VERDICTS``.

    ``series``: as known at ``as_of``. How quarters become the rules' years stands at ``record_of``.
    """
    records = [(row.target, row.indicator, record_of(row, series, registry, as_of)) for row in parts.itertuples(index=False)]
    rows = [(target, name, rule, *speak(record)) for target, name, record in records for rule, speak in RULES.items()]
    frame = pd.DataFrame(rows, columns=list(schema.RULE_VERDICTS))
    return frame.astype({name: "str" for name in schema.RULE_VERDICTS if name != "number"} | {"number": float})


def panel(series: pd.DataFrame, targets: pd.DataFrame, parts: pd.DataFrame, registry, as_of) -> pd.DataFrame:
    """For each target how the rules on its binding part stand to its chance: the columns ``schema.RULE_PANEL``.

    ``targets``, ``parts``: the two tables of ``assess``. The rules judge single indicators, so a target of several parts is
    judged by the part that its own row shows.
    """
    found = verdicts(series, targets, registry, as_of)
    own = parts.set_index(["target", "indicator"])["status"]
    rows = [
        panel_row(
            row,
            found[found["target"] == row.target],
            record_of(row, series, registry, as_of),
            own.get((row.target, row.indicator), row.status),
        )
        for row in targets.itertuples(index=False)
    ]
    frame = pd.DataFrame(rows, columns=list(schema.RULE_PANEL))
    return frame.astype({name: "str" for name in schema.RULE_PANEL if name != "p_met"} | {"p_met": float})
