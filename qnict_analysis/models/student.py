"""The CDF of Student's t for whole degrees of freedom: a finite sum, several times as quick as the incomplete beta function."""

import numpy as np


def cdf(df, t) -> np.ndarray:
    """P(T <= t); ``df`` whole numbers from 1 up, one a row, ``t`` (rows, columns).

    With theta = arctan(t / sqrt(df)): sums of powers of cos(theta) (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4).
    """
    df, t = np.asarray(df).astype(int), np.asarray(t, dtype=float)
    found = np.empty_like(t)
    for degrees in np.unique(df):
        rows = df == degrees
        found[rows] = _cdf(int(degrees), t[rows] / np.sqrt(degrees))
    return found


def _cdf(df: int, tangent) -> np.ndarray:
    square = 1.0 / (1.0 + tangent**2)
    sine = tangent * np.sqrt(square)
    if df % 2 == 0:
        return 0.5 + 0.5 * sine * _series(square, [k / (k + 1) for k in range(1, df - 1, 2)])
    angle = np.arctan(tangent)
    if df > 1:
        angle = angle + sine * np.sqrt(square) * _series(square, [k / (k + 1) for k in range(2, df - 1, 2)])
    return 0.5 + angle / np.pi


def _series(square, ratios) -> np.ndarray:
    """1 + r1 x (1 + r2 x (1 + ...)) for x = cos^2(theta)."""
    total = np.ones_like(square)
    for ratio in reversed(ratios):
        total = 1.0 + ratio * square * total
    return total
