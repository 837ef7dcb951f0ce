"""What a scenario does to a share or ratio: a faster or slower pace, and items that join by schedule."""

import numpy as np
from scipy import special

from qnict_analysis.models import drift

PART_OF_CASE = 0.25
"""Shares of few cases keep this part of a case away from 0 and 1: with half of one "all N" was said too rarely on real shares
turned into units, with none it took whole denominators to reach it (benchmarks/k_of_n.py)."""

UNITS_FOR_CAP = 5
"""Paces of units from which the best pace observed is read; with fewer the prior speaks."""


def shift(closes, pace, cap: float, years, *, began=0.0) -> np.ndarray:
    """How far a scenario moves each location towards the target: its change of the pace times the undamped years it works.

    ``closes``: one a period. ``pace`` (a year, on a scale) and ``cap``, the best pace observed, are towards the target. ``years``
    (periods, …) since the last point, where the whole's last figure stood ``began`` years after it: levers do not work in the
    past.
    """
    if not closes.any():
        return np.zeros(years.shape)
    start = drift.damping(np.broadcast_to(began, years.shape[1:]))
    work = np.diff(drift.damping(years), axis=0, prepend=start[None])
    each = closes.reshape(-1, *[1] * (years.ndim - 1))
    return np.cumsum(drift.changed_pace(pace, cap, each) * work, axis=0)


def best_pace(paces, prior: drift.Prior, registry) -> float:
    """The best pace observed, towards the target: a quantile of the units' shrunk ``paces``, of the prior with few of them."""
    quantile = registry.assumption("pace_cap_quantile")
    if len(paces) >= UNITS_FOR_CAP:
        return float(np.quantile(paces, quantile))
    return float(prior.mu + special.ndtri(quantile) * prior.tau)


def scheduled(case, adds) -> np.ndarray:
    """What a schedule adds to the figure by each period (``adds``: items expected in each): items over the latest denominator."""
    if not adds.any():
        return np.zeros(len(case.periods))
    denominator = float(case.history["denominator"].iloc[-1])
    if not (case.indicator.counts and denominator > 0):
        name = case.indicator.id
        raise ValueError(f"schedule of {name}: it adds items, but the indicator has no counted denominator; allowed: a lever")
    return np.cumsum(adds) / denominator


def floor_of(denominators, counts: bool) -> np.ndarray:
    """How far values keep from 0 and 1: part of a case of the latest denominator where cases are counted and few, else the
    scale's own floor."""
    n = np.asarray(denominators, dtype=float)
    return np.maximum(drift.FLOOR, np.nan_to_num(PART_OF_CASE / np.where(counts & (n > 1), n, np.nan)))
