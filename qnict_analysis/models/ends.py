"""Shares that stand at exactly 0 or 1: how long they stay there.

What all do, or nobody does, tends to remain so, which no distribution over the open interval can say. Every year such a share
stays with a chance ``s`` that differs from series to series: s has a Beta prior, and the years stayed and the departures of
the series itself and of like series sharpen it. After t years E[s^t] = B(a + t, b) / B(a, b) are still there.
"""

from typing import NamedTuple

import numpy as np
from scipy import special

PRIOR = {0.0: (0.05, 0.5), 1.0: (0.4, 0.3)}
"""a and b at either end, from 144 and 54 spells of real series (benchmarks/ends.py): nothing done yet is usually about to begin,
what all do mostly stays."""

LIKE_YEARS = 20.0
"""Years at an end that like series are worth at most: the next series may be another one after all."""


class Stays(NamedTuple):
    """What was seen at an end: ``years`` that neighbouring points both stood there, and ``left``: how often it was left."""

    years: np.ndarray | float
    left: np.ndarray | float


def chance(years, prior: tuple[float, float], own: Stays, like: Stays):
    """The chance to stand at the end still after ``years``; ``prior``: a and b of the Beta distribution of s.

    Like series count as LIKE_YEARS at most.
    """
    weight = np.minimum(1.0, LIKE_YEARS / np.maximum(like.years + like.left, LIKE_YEARS))
    a = prior[0] + own.years + weight * like.years
    b = prior[1] + own.left + weight * like.left
    return np.exp(special.betaln(a + np.asarray(years, dtype=float), b) - special.betaln(a, b))
