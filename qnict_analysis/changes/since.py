"""The changes since the report before this one, kept in the store: a split takes a dozen forecasts."""

import pandas as pd

from qnict_analysis import periods, schema
from qnict_analysis.analysis import Analysis, analyse
from qnict_analysis.changes.split import changes_between
from qnict_analysis.kept import content_hash, kept_table
from qnict_analysis.params import LOOKS


def previous_label(analysis: Analysis) -> str:
    """The as-of of the report before, one period or half a year or year earlier; empty where it lies before the programme's
    start."""
    label = periods.shift(analysis.as_of.through, -periods.span_of(analysis.params.report, analysis.as_of.through))
    return label if periods.ordinal(label) >= periods.ordinal(analysis.registry.programme.start) else ""


def since_previous(analysis: Analysis) -> pd.DataFrame:
    """The changes of all chances since the report before (``schema.CHANGES``); empty where nothing was known then."""
    label = previous_label(analysis)
    if not label:
        return pd.DataFrame(columns=list(schema.CHANGES))

    def made() -> pd.DataFrame:
        try:
            then = analyse(analysis.params, as_of=label)
        except ValueError:  # nothing was reported by then
            return pd.DataFrame(columns=list(schema.CHANGES))
        return changes_between(then, analysis)

    settings = analysis.params.model_dump(exclude=set(LOOKS)) | {"then": label}
    rests_on = {"history": analysis.history, "registry": analysis.registry, "scenario": analysis.scenario}
    known = {name: content_hash(value) if name == "history" else repr(value) for name, value in rests_on.items()}
    return kept_table(analysis.workspace, "changes", settings | known, made)
