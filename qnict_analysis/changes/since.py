"""The changes since the report before this one and what that one said, kept in the store: a split takes a dozen forecasts."""

import pandas as pd

from qnict_analysis import ledger, periods, schema
from qnict_analysis.analysis import Analysis, analyse, as_of_for
from qnict_analysis.changes.split import changes_between, from_what_was_said
from qnict_analysis.kept import code_fingerprint, content_hash, kept_table
from qnict_analysis.params import LOOKS, scenario_said


def previous_label(analysis: Analysis) -> str:
    """The as-of of the report before, one period or half a year or year earlier; empty where it lies before the programme's
    start."""
    label = periods.shift(analysis.as_of.through, -periods.span_of(analysis.params.report, analysis.as_of.through))
    return label if periods.ordinal(label) >= periods.ordinal(analysis.registry.programme.start) else ""


def since_previous(analysis: Analysis) -> pd.DataFrame:
    """The changes of all chances since the report before (``schema.CHANGES``); empty where nothing was known then.

    Where the ledger holds what was said then, that is ``p_then``, and its difference from what is worked out now for then has the
    cause ``cause_of``.
    """
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
    table, said = kept_table(analysis.workspace, "changes", settings | known, made), said_then(analysis, label)
    return table if table.empty or said.empty else from_what_was_said(table, said["value"], cause_of(said, analysis, label))


def said_then(analysis: Analysis, label: str) -> pd.DataFrame:
    """What the ledger holds of the chances at the deadlines as said at an as-of under an analysis' scenario and levers: rows
    ``ledger.LEDGER`` with ``file`` by target, of the forecast made last; empty where there is none.

    Of several made on one day the one of this version of the code counts, as the newest.
    """
    rows = ledger.read(analysis.workspace)
    asked, alike = as_of_for(label, analysis.registry), {}
    for text in rows["as_of"].unique():
        one = as_of_for(text, analysis.registry)
        alike[text] = (one.through, one.cutoff) == (asked.through, asked.cutoff)
    own = rows[rows["as_of"].map(alike).eq(True) & (rows["scenario"] == scenario_said(analysis.params))]
    own = own[own["output_type"] == "p_met"].assign(newest=own["code"] == code_now())
    last = own.sort_values(["made_on", "newest", "file", "horizon"], kind="stable")
    last = last[last["file"] == last["file"].iloc[-1]] if len(last) else last
    # A chance is said for several periods ahead; the last of them is the deadline as it stood then.
    return last.drop_duplicates("target", keep="last").drop(columns="newest").set_index("target")


def cause_of(said: pd.DataFrame, analysis: Analysis, label: str) -> str:
    """Why a stored forecast (``said_then``) differs from what is worked out now for the earlier as-of ``label``.

    Another fingerprint of the code: ``method``. The same code and other figures, which came later and are dated before:
    ``restated``. Both the same: ``parameters``, which are the registry, the scenario's file, draws and seed. A row of the ledger
    names scenario and levers but none of those, so where the code differs all is put down to it.
    """
    one = said.iloc[0]
    if one["code"] != code_now():
        return "method"
    cutoff = pd.Timestamp(as_of_for(label, analysis.registry).cutoff)
    known = analysis.history[analysis.history["reported_on"] <= cutoff].reset_index(drop=True)
    return "parameters" if one["data"] == content_hash(known)[: ledger.FINGERPRINT] else "restated"


def code_now() -> str:
    """The fingerprint of this version of the code, as the ledger writes it."""
    return code_fingerprint()[: ledger.FINGERPRINT]
