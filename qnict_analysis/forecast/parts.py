"""What the reporting units of a share or ratio say, as the parts of their sum."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from qnict_analysis import periods
from qnict_analysis.forecast.paths import first_from, without_step

FEWEST = 2
"""Units with a figure from which a whole has parts; with one (or none) its own history says it all."""


class Units(NamedTuple):
    """Units of the latest frame, one a row by their ``names``: reported ``values`` (``NaN`` for gaps) at ``times`` (years), the
    latest ``denominators``; ``now`` is the time of the whole's last figure."""

    names: list[str]
    times: np.ndarray
    values: np.ndarray
    denominators: np.ndarray
    now: float

    @property
    def weights(self) -> np.ndarray:
        """Part of the whole's denominator that each unit holds."""
        return self.denominators / self.denominators.sum()


def units_of(case) -> Units | None:
    """The units that stood in the frame at the whole's last figure and ever reported; None where it has no parts.

    A silent unit stays in with its own last figure; one that never reported moves as the others do together.
    """
    panel, last = case.panel, case.history["period"].iloc[-1]
    frame = panel.loc[panel["period"] == last, "unit"]
    told = panel[(panel["state"] == "reported") & np.isfinite(panel["value"]) & panel["unit"].isin(frame)]
    if told["unit"].nunique() < FEWEST:
        return None
    labels = sorted(told["period"].unique(), key=periods.ordinal)
    values, denominators = (_by_unit(told, labels, name) for name in ("value", "denominator"))
    values = _stepless(case, values, sorted(told["unit"].unique()), labels)
    names, now = sorted(told["unit"].unique()), float(periods.period_time([last])[0])
    return Units(names, periods.period_time(labels), values, last_known(denominators), now)


def _stepless(case, values, names: list[str], labels: list[str]) -> np.ndarray:
    """The units' records as if their explained jumps had not been."""
    found = values.copy()
    for unit, period in sorted(case.jumps):
        if unit in names:
            own = found[names.index(unit)]
            since = np.flatnonzero(np.isfinite(own) & (np.arange(len(labels)) >= first_from(labels, period)))
            if len(since):
                found[names.index(unit)] = without_step(own, int(since[0]), None, case.indicator.kind)
    return found


def _by_unit(told: pd.DataFrame, labels: list[str], name: str) -> np.ndarray:
    """A column as units by periods, units in the order of their ids."""
    rows, units = pd.factorize(told["unit"], sort=True)
    table = np.full((len(units), len(labels)), np.nan)
    table[rows, pd.Index(labels).get_indexer(told["period"])] = told[name]
    return table


def last_known(values) -> np.ndarray:
    """The last known value of each row."""
    spots = values.shape[1] - 1 - np.isfinite(values)[:, ::-1].argmax(axis=1)
    return np.take_along_axis(values, spots[:, None], 1)[:, 0]
