"""What the units' own returns say: changes between matched returns, and the last figures of the silent."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from qnict_analysis import periods


class Matched(NamedTuple):
    """Pairs of successive returns of one unit: figure and denominator at the earlier, ``change``, ``gap`` in periods,
    the earlier period's label, and the unit. Items that leave with a shrinking denominator are no change."""

    figure: np.ndarray
    denominator: np.ndarray
    change: np.ndarray
    gap: np.ndarray
    period: np.ndarray
    unit: np.ndarray


def matched(panel: pd.DataFrame) -> Matched:
    """Successive returns of each unit, gaps skipped: a silent quarter is no change."""
    told = _reported(panel)
    after = told.groupby("unit")[["numerator", "denominator", "number"]].shift(-1)
    pairs = after["number"].notna().to_numpy()
    kept = (after["denominator"] / told["denominator"]).fillna(1.0).clip(upper=1.0)
    return Matched(
        told["numerator"].to_numpy(float)[pairs],
        told["denominator"].fillna(1.0).to_numpy(float)[pairs],
        (after["numerator"] - told["numerator"] * kept).to_numpy(float)[pairs],
        (after["number"] - told["number"]).to_numpy(float)[pairs],
        told["period"].to_numpy()[pairs],
        told["unit"].to_numpy()[pairs],
    )


def silent_last(panel: pd.DataFrame, period: str) -> pd.DataFrame:
    """The last return of each unit that is silent in ``period``: numerator, denominator, ``gap`` (periods since)."""
    silent = panel.loc[(panel["period"] == period) & (panel["state"] == "silent"), "unit"]
    last = _reported(panel).groupby("unit").last().reindex(silent).dropna(subset=["number"])
    return last.assign(gap=periods.ordinal(period) - last["number"])[["numerator", "denominator", "gap"]]


def _reported(panel: pd.DataFrame) -> pd.DataFrame:
    told = panel[(panel["state"] == "reported") & panel["numerator"].notna()]
    numbers = np.array([periods.ordinal(label) for label in told["period"]], dtype=float)
    return told.assign(number=numbers).sort_values(["unit", "number"], kind="stable")
