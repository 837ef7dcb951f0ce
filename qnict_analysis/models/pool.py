"""Priors from like series: leave-one-out, robust, blended with the shipped ones by how many there are."""

from typing import NamedTuple

import numpy as np
from scipy import stats

from qnict_analysis.models.drift import Prior, Steps

SHIPPED_WEIGHT = 6.0
"""The shipped prior counts as much as six like series; with none it stands alone, without a special case."""

MAD_TO_SD = 1.4826
"""The median absolute deviation of a normal variable times this is its standard deviation."""

NARROWEST = 0.25
"""The spread of paces never falls below this part of the shipped one, however alike the like series look."""


class Blend(NamedTuple):
    """What the others say, one entry a member: ``mu``, ``tau2``, ``sigma2`` and how many ``k`` told each of pace and noise."""

    mu: np.ndarray
    tau2: np.ndarray
    sigma2: np.ndarray
    k_pace: np.ndarray
    k_noise: np.ndarray


def loo_median(x):
    """For each entry the median of the *other* finite entries (``NaN`` where there is none), in O(k log k)."""
    x = np.asarray(x, dtype=float)
    known = np.isfinite(x)
    order = np.sort(x[known])
    others = known.sum() - known
    rank = np.full(len(x), len(order))
    rank[known] = np.argsort(np.argsort(x[known], kind="stable"), kind="stable")
    if not len(order):
        return np.full(len(x), np.nan)
    low, high = (others - 1) // 2, others // 2
    picked = [order[np.clip(spot + (spot >= rank), 0, len(order) - 1)] for spot in (low, high)]
    return np.where(others > 0, 0.5 * (picked[0] + picked[1]), np.nan)


def loo_mad(x):
    """For each entry the median absolute deviation of the other entries from *their* median."""
    x = np.asarray(x, dtype=float)
    centre = loo_median(x)
    spread = np.full(len(x), np.nan)
    # Leaving one out leaves at most four different medians, so a pass for each is enough.
    for value in np.unique(centre[np.isfinite(centre)]):
        members = centre == value
        spread[members] = loo_median(np.abs(x - value))[members]
    return spread


def like_series(pace: Steps, noise: Steps) -> Blend:
    """What the other rows say about each row's prior, by medians so that one odd series moves nothing.

    ``pace`` and ``noise`` are statistics of the same rows (over a shorter and a longer window). Pace comes from rows of
    two points or more, noise from three or more: each row's variance over the median of its chi-square.
    """
    paced, noisy = pace.n >= 2, noise.n >= 3
    slope = np.where(paced, pace.slope, np.nan)
    free = np.maximum(noise.n - 2, 1)
    sigma2 = loo_median(np.where(noisy, noise.s2 * free / stats.chi2.ppf(0.5, free), np.nan))
    span = loo_median(np.where(paced, pace.span, np.nan))
    # What own noise adds to the spread of measured paces is no spread of true ones.
    tau2 = (MAD_TO_SD * loo_mad(slope)) ** 2 - np.nan_to_num(sigma2 / span)
    return Blend(loo_median(slope), tau2, sigma2, paced.sum() - paced, noisy.sum() - noisy)


def blend(shipped: Prior, others: Blend, *, weight: float = SHIPPED_WEIGHT) -> Prior:
    """The shipped prior mixed with what k like series say, at k / (k + ``weight``)."""
    pace = others.k_pace / (others.k_pace + weight)
    noise = others.k_noise / (others.k_noise + weight)
    tau2 = np.maximum(np.nan_to_num(others.tau2), (NARROWEST * shipped.tau) ** 2)
    return Prior(
        mu=pace * np.nan_to_num(others.mu) + (1 - pace) * shipped.mu,
        tau=np.sqrt(pace * tau2 + (1 - pace) * shipped.tau**2),
        sigma=np.sqrt(noise * np.nan_to_num(others.sigma2) + (1 - noise) * shipped.sigma**2),
    )


class Past(NamedTuple):
    """Rows of points packed to the left in time order: ``times`` (infinite where there is none), ``values`` on a scale,
    ``squares`` the running sum of squared differences over their elapsed time."""

    times: np.ndarray
    values: np.ndarray
    squares: np.ndarray


def past(times, values) -> Past:
    """Prepare rows for ``steps_until``; each row's running sums rest on its own earlier points only."""
    with np.errstate(invalid="ignore"):
        squares = np.diff(values, axis=1) ** 2 / np.diff(times, axis=1)
    started = np.zeros((len(values), 1))
    return Past(times, values, np.concatenate([started, np.cumsum(np.nan_to_num(squares), axis=1)], axis=1))


def steps_until(rows: Past, moment: float, *, window: int) -> Steps:
    """``drift.steps_of`` of each row's last ``window`` points at or before ``moment``, from running sums."""
    n_known = (rows.times <= moment).sum(axis=1)
    stop = np.maximum(n_known - 1, 0)[:, None]
    start = np.maximum(n_known - window, 0)[:, None]
    dv, span, squares = (
        (np.take_along_axis(part, stop, 1) - np.take_along_axis(part, start, 1))[:, 0]
        for part in (rows.values, np.where(n_known[:, None] > 0, rows.times, 0.0), rows.squares)
    )
    n = np.minimum(n_known, window)
    slope = dv / np.where(span > 0, span, 1.0)
    return Steps(slope, span, np.maximum(squares - slope**2 * span, 0.0) / np.maximum(n - 2, 1), n)
