"""Priors from like series: leave-one-out, robust, blended with the shipped ones by how many there are."""

from typing import NamedTuple

import numpy as np
from scipy import special

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


def like_series(pace: Steps, noise: Steps) -> Blend:
    """What the other series say about each one's prior, by medians so that one odd series moves nothing.

    ``pace`` and ``noise``: statistics of the same series (over a shorter and a longer window), one entry a series.
    """
    k = len(pace.n)
    return others(*(Steps(*(np.broadcast_to(part, (k, k)) for part in told)) for told in (pace, noise)), own=np.arange(k))


def others(pace: Steps, noise: Steps, *, own) -> Blend:
    """The same for each row of statistics (rows, series) without the series number ``own`` (-1: none of them).

    Pace comes from series of two points or more, noise from three or more: each variance over the median of its chi-square.
    """
    other = np.arange(pace.n.shape[1]) != np.asarray(own)[:, None]
    paced, noisy = other & (pace.n >= 2), other & (noise.n >= 3)
    free = np.maximum(noise.n - 2, 1)
    usual = special.chdtri(np.arange(1, free.max(initial=1) + 1), 0.5)[free - 1]
    slope = np.where(paced, pace.slope, np.nan)
    centre = median(slope)
    sigma2 = median(np.where(noisy, noise.s2 * free / usual, np.nan))
    span = (paced * pace.span).sum(axis=1) / np.maximum(paced.sum(axis=1), 1)
    # What own noise adds to the spread of measured paces is no spread of true ones.
    tau2 = (MAD_TO_SD * median(np.abs(slope - centre[:, None]))) ** 2 - np.nan_to_num(sigma2 / np.where(span > 0, span, 1.0))
    return Blend(centre, tau2, sigma2, paced.sum(axis=1), noisy.sum(axis=1))


def median(x):
    """Median of the finite entries of each row (``NaN`` where there is none)."""
    known = np.isfinite(x).sum(axis=1)
    order = np.sort(x, axis=1)  # NaN goes to the end
    low, high = (np.take_along_axis(order, np.maximum(spot, 0)[:, None], 1)[:, 0] for spot in ((known - 1) // 2, known // 2))
    return np.where(known > 0, 0.5 * (low + np.where(known % 2, low, high)), np.nan)


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
    times = np.where(np.isfinite(values), times, np.inf)
    with np.errstate(invalid="ignore"):
        squares = np.diff(values, axis=1) ** 2 / np.diff(times, axis=1)
    started = np.zeros((len(values), 1))
    return Past(times, values, np.concatenate([started, np.cumsum(np.nan_to_num(squares), axis=1)], axis=1))


def steps_until(rows: Past, moments, *, window: int) -> Steps:
    """``drift.steps_of`` of each series' last ``window`` points at or before each moment: arrays (moments, series)."""
    n_known = (rows.times[None] <= np.asarray(moments)[:, None, None]).sum(axis=-1)
    stop, start = np.maximum(n_known - 1, 0), np.maximum(n_known - window, 0)
    series = np.arange(len(rows.times))
    dv, span, squares = (part[series, stop] - part[series, start] for part in (rows.values, rows.times, rows.squares))
    n = np.minimum(n_known, window)
    span = np.where(n > 1, span, 0.0)
    slope = np.where(n > 1, dv, 0.0) / np.where(span > 0, span, 1.0)
    return Steps(slope, span, np.maximum(np.where(n > 1, squares, 0.0) - slope**2 * span, 0.0) / np.maximum(n - 2, 1), n)
