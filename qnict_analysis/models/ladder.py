"""Distributions of shares as tables: normal scores of the CDF on a ladder of values around the last one.

Different components are averaged on the normal score of their CDFs, Phi(s * sum w z) with z = Phi^-1(F): the generalised
linear pool of Gneiting and Ranjan (2013, "Combining predictive distributions", Electronic Journal of Statistics 7), which is
sharper than averaging the CDFs themselves when the components agree. Between two rungs the score is a straight line in the
log odds, so the CDF and its inverse agree exactly and the tails beyond the data are normal on the log odds.
"""

from typing import NamedTuple

import numpy as np
from scipy import special

from qnict_analysis.models.drift import expit, logit

REACH = 32
"""Rungs on each side of the last value."""

FINEST, GROWTH = 0.02, 0.18
"""Distance of the middle rungs in log odds, and how much farther apart each next one is; the ladder ends 17.6 log odds away,
nearer to 0 or 1 than a share is ever reported."""

OFFSETS = FINEST / GROWTH * np.sinh(GROWTH * np.arange(-REACH, REACH + 1))

FARTHEST = 6.0
"""Normal scores are kept within this: one in a thousand million."""


class Table(NamedTuple):
    """``middle``: log odds of each row's last value (rows,); ``score``: normal scores at ``middle + OFFSETS`` (rows, rungs).

    ``zero`` and ``one``: chance of exactly 0 and of exactly 1 (rows,); the scores speak of what is left.
    """

    middle: np.ndarray
    score: np.ndarray
    zero: np.ndarray | float = 0.0
    one: np.ndarray | float = 0.0


def values(middle):
    """Shares at the rungs: array (rows, rungs)."""
    return expit(np.asarray(middle)[:, None] + OFFSETS)


def scores(chances):
    """Normal scores of CDF values, rising along the rungs; sums of weights may have left them a rounding error outside 0 to 1."""
    rising = np.maximum.accumulate(np.clip(chances, 0.0, 1.0), axis=-1)
    return np.clip(special.ndtri(rising), -FARTHEST, FARTHEST)


def pooled(parts, weights, sharpness: float = 1.0):
    """Phi^-1 of the combined CDF: ``parts`` are scores (rows, rungs), ``weights`` add up to 1."""
    total = sharpness * sum(weight * part for weight, part in zip(weights, parts, strict=True))
    return np.clip(total, -FARTHEST, FARTHEST)


def cdf(y, table: Table, *, strict: bool = False):
    """P(Y <= y), or P(Y < y) when ``strict``; ``y`` has one entry a row."""
    y = np.asarray(y, dtype=float)
    inside = table.zero + (1.0 - table.zero - table.one) * special.ndtr(_score_at(logit(y) - table.middle, table.score))
    if strict:
        return np.where(y <= 0.0, 0.0, np.where(y > 1.0, 1.0, inside))
    return np.where(y < 0.0, 0.0, np.where(y >= 1.0, 1.0, inside))


def cdfs(y, table: Table) -> np.ndarray:
    """P(Y <= y) of every row at each of the values ``y``: array (rows, values)."""
    rows = len(table.score)
    several = Table(*(np.repeat(np.broadcast_to(part, (rows, *np.shape(part)[1:])), len(y), axis=0) for part in table))
    return cdf(np.tile(np.asarray(y, dtype=float), rows), several).reshape(rows, len(y))


def _score_at(offset, score):
    """The score at an offset from the middle, one a row."""
    offset = np.clip(offset, OFFSETS[0], OFFSETS[-1])
    left = np.clip(np.searchsorted(OFFSETS, offset, side="right") - 1, 0, 2 * REACH - 1)
    along = (offset - OFFSETS[left]) / (OFFSETS[left + 1] - OFFSETS[left])
    low, high = (np.take_along_axis(score, (left + step)[:, None], 1)[:, 0] for step in (0, 1))
    return low + along * (high - low)


def quantile(u, table: Table):
    """The smallest y with F(y) >= u; ``u`` is (levels,) for all rows or (rows, levels); array (rows, levels)."""
    zero, one = (np.reshape(end, (-1, 1)) for end in (table.zero, table.one))
    inside = np.clip((u - zero) / np.maximum(1.0 - zero - one, 1e-12), 0.0, 1.0)
    goal = np.broadcast_to(special.ndtri(inside), (len(table.score), np.shape(u)[-1]))
    # Scores lie within FARTHEST, so rows laid end to end this far apart are one sorted array.
    shift = 4.0 * FARTHEST * np.arange(len(goal))[:, None]
    laid = np.searchsorted((table.score + shift).ravel(), np.clip(goal, -1.5 * FARTHEST, 1.5 * FARTHEST) + shift)
    above = laid - len(OFFSETS) * np.arange(len(goal))[:, None]
    right = np.clip(above, 1, 2 * REACH)
    low, high = (np.take_along_axis(table.score, right - step, 1) for step in (1, 0))
    rise = np.where(high > low, high - low, 1.0)
    offset = OFFSETS[right - 1] + np.clip((goal - low) / rise, 0.0, 1.0) * (OFFSETS[right] - OFFSETS[right - 1])
    y = expit(table.middle[:, None] + offset)
    low, high = (above == 0) | (u <= zero) & (zero > 0), (above > 2 * REACH) | (u > 1.0 - one)
    return np.where(low, 0.0, np.where(high, 1.0, y))
