"""The changes since the as-of one period before, kept in the store: a split takes a dozen forecasts."""

import pandas as pd

from qnict_analysis import periods, schema
from qnict_analysis.analysis import Analysis, analyse
from qnict_analysis.changes.split import changes_between
from qnict_analysis.kept import content_hash, kept_table


def previous_label(analysis: Analysis) -> str:
    """The as-of one period before, as a label; empty where it lies before the programme's start."""
    label = periods.shift(analysis.as_of.through, -1)
    return label if periods.ordinal(label) >= periods.ordinal(analysis.registry.programme.start) else ""


def since_previous(analysis: Analysis) -> pd.DataFrame:
    """The changes of all chances since the as-of one period before (``schema.CHANGES``); empty where nothing was known then."""
    label = previous_label(analysis)
    if not label:
        return pd.DataFrame(columns=list(schema.CHANGES))

    def made() -> pd.DataFrame:
        try:
            then = analyse(analysis.params, as_of=label)
        except ValueError:  # nothing was reported by then
            return pd.DataFrame(columns=list(schema.CHANGES))
        return changes_between(then, analysis)

    settings = analysis.params.model_dump(exclude={"lang", "workspace"}) | {"then": label}
    rests_on = {"history": analysis.history, "registry": analysis.registry, "scenario": analysis.scenario}
    known = {name: content_hash(value) if name == "history" else repr(value) for name, value in rests_on.items()}
    return kept_table(analysis.workspace, "changes", settings | known, made)
