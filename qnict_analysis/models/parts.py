"""A whole from its parts: the distribution of a weighted sum of parts that move partly together.

Every distribution stands here on equally likely values in order, so sums, mixtures and quantiles are sorting and taking.
"""

import numpy as np
from scipy import special

from qnict_analysis.models import copula, pool
from qnict_analysis.models.drift import SCALES, Prior, Steps, steps_of
from qnict_analysis.models.mixture import Mixture

LEVELS = 128
"""Equally likely values of each component of a part, at least: the sum of many hardly feels a part's outermost 1/250."""

ROWS = 2048
"""Equally likely values of a whole: its P is then known to 1/4,000, far below what any target can be decided by."""

RHO = 0.15
"""Correlation of the parts' forecasts. On 1,471 wholes of real series (benchmarks/results/whole_from_parts.md) the sum of the
parts lost 7 % less than the direct forecast and as little, within half a per cent, as the best mix with it; 0.1 did as well as
0.15, but its 80 % intervals held 80 % where these hold 83 %, and were too narrow where parts share an administration (broadband
of one country's municipalities)."""

SEED = 2015
"""Of the shuffles below, the same for every whole and every run: a distribution does not depend on the draws' seed."""

PACE_WINDOW, NOISE_WINDOW = 5, 8
"""Points of a part that speak for the others' pace and noise, as for like series in ``predict``."""


def pooled_prior(times, scaled, shipped: Prior) -> Prior:
    """The prior of each part (rows of points on a scale, ``NaN`` for gaps): shipped, blended with the *other* parts."""
    pace, noise = (steps_of(times, latest(scaled, window)) for window in (PACE_WINDOW, NOISE_WINDOW))
    return pool.blend(shipped, pool.like_series(pace, noise))


def recent_steps(times, scaled) -> Steps:
    """What the last points of each row say of its pace, and some more of its noise."""
    pace, noise = (steps_of(times, latest(scaled, window)) for window in (PACE_WINDOW, NOISE_WINDOW))
    return Steps(pace.slope, pace.span, noise.s2, noise.n)


def latest(values, window: int) -> np.ndarray:
    """The last ``window`` known points of each row, the others made ``NaN``."""
    known = np.isfinite(values)
    later = np.cumsum(known[..., ::-1], axis=-1)[..., ::-1]
    return np.where(known & (later <= window), values, np.nan)


def levels(n_parts: int) -> int:
    """How many equally likely values stand for each of so many parts: more where few parts make up the tails of the sum."""
    return max(LEVELS, ROWS // n_parts)


def likely_values(mixture: Mixture, *, levels: int = LEVELS) -> np.ndarray:
    """Equally likely values of each distribution in order, along a new last axis: ``levels`` of each component.

    Components count the same, so their values together are the mixture's, without any search.
    """
    df, which = np.unique(mixture.df, return_inverse=True)
    t = special.stdtrit(df[:, None], copula.strata(levels))[which.reshape(np.shape(mixture.df))]
    loc, spread = mixture.loc[..., None], mixture.spread[..., None]
    found = [SCALES[scale][1](loc[..., c, :] + spread[..., c, :] * t) for c, scale in enumerate(mixture.scales)]
    return np.sort(np.clip(np.concatenate(found, axis=-1), 0.0, mixture.ceiling), axis=-1)


def places(n_parts: int, n_values: int, rho: float) -> np.ndarray:
    """Which of its ``n_values`` equally likely values each part takes in each row; shape (parts, ``ROWS``).

    One-factor copula: sqrt(rho) of a shock common to all parts and sqrt(1 - rho) of an own one. Places are ranks, so every
    part takes each of its values equally often and the mean of a sum is exactly the sum of the means.
    """
    shock = special.ndtri(copula.strata(ROWS))
    own = np.random.default_rng(SEED).permuted(np.tile(shock, (n_parts, 1)), axis=1)
    order = np.argsort(np.sqrt(rho) * shock + np.sqrt(1.0 - rho) * own, axis=1, kind="stable")
    found = np.empty(order.shape, dtype=int)
    np.put_along_axis(found, order, np.arange(ROWS)[None, :] * n_values // ROWS, axis=1)
    return found


def whole(values, weights, taken) -> np.ndarray:
    """Equally likely values, in order, of the weighted sum of parts; shape (..., ``ROWS``).

    ``values`` (..., parts, n): each part's own in order. ``weights`` (parts). ``taken``: the ``places`` of the parts.
    """
    total = np.zeros((*values.shape[:-2], taken.shape[-1]))
    for part, (weight, spots) in enumerate(zip(weights, taken, strict=True)):
        total += weight * values[..., part, spots]
    return np.sort(total, axis=-1)


def quantiles(values, levels) -> np.ndarray:
    """Quantiles of equally likely values in order (..., n), straight between the middles of their steps; shape (..., levels)."""
    middle = copula.strata(values.shape[-1])
    rows = [np.interp(levels, middle, row) for row in values.reshape(-1, values.shape[-1])]
    return np.array(rows).reshape(*values.shape[:-1], len(levels))
