"""What was known on a day: the newest figure then, with the known errors of the sources put right."""

from collections.abc import Iterable

import pandas as pd

from qnict_analysis.periods import AsOf, ordinal

KEY = ["indicator", "unit", "period"]


def known_at(observations: pd.DataFrame, as_of: AsOf) -> pd.DataFrame:
    """The newest figure of each indicator, unit and period that was reported by the cut-off, for periods up to ``through``.

    In and out: ``schema.OBSERVATIONS``. History is append-only, so whatever arrived later changes nothing here.
    """
    last = ordinal(as_of.through)
    early = {label for label in observations["period"].unique() if ordinal(label) <= last}
    known = observations[(observations["reported_on"] <= pd.Timestamp(as_of.cutoff)) & observations["period"].isin(early)]
    ordered = known.sort_values([*KEY, "reported_on", "file", "cell"], kind="stable")
    return ordered.drop_duplicates(KEY, keep="last", ignore_index=True)


def apply_corrections(observations: pd.DataFrame, corrections: Iterable, as_of: AsOf) -> pd.DataFrame:
    """Replace or drop the figures that a record of corrections.yaml known by the cut-off says are wrong.

    ``observations`` are those of ``known_at``: a later figure must not decide whether a record still fits. Without ``expect`` a
    record speaks of the figures known when it was written, not of one that was reported since.
    ``ValueError`` names a record whose ``expect`` is no longer what the source says: the source was repaired, the record
    has to go. A break of definition and an explained jump change no figure; the forecast reads them from the registry.
    """
    table = observations.copy()
    for record in corrections:
        if record.known_on <= as_of.cutoff and record.action in ACTIONS:
            rows = _rows_of(table, record)
            _check_expected(table[rows], record)
            rows &= (table["reported_on"] <= pd.Timestamp(record.known_on)) | (record.expect is not None)
            table = ACTIONS[record.action](table, rows, record)
    return table.reset_index(drop=True)


def _rows_of(table: pd.DataFrame, record) -> pd.Series:
    return (table["indicator"] == record.indicator) & (table["unit"] == record.unit) & (table["period"] == record.period)


def _check_expected(rows: pd.DataFrame, record) -> None:
    for field in ("numerator", "denominator"):
        wanted = getattr(record.expect, field, None)
        for found in rows[field] if wanted is not None else ():
            if found != wanted:
                where = f"{record.indicator}, {record.unit}, {record.period}"
                raise ValueError(
                    f"corrections.yaml: the correction of {where} expects the {field} {wanted:g} but the source says {found:g}: "
                    "remove or renew the record"
                )


def _replace(table: pd.DataFrame, rows: pd.Series, record) -> pd.DataFrame:
    given = {field: getattr(record, field) for field in ("numerator", "denominator")}
    for field, value in given.items():
        if value is not None:
            table.loc[rows, field] = float(value)
    return table


def _drop(table: pd.DataFrame, rows: pd.Series, record) -> pd.DataFrame:
    return table[~rows]


ACTIONS = {"replace": _replace, "drop": _drop}
