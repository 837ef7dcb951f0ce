"""The one distribution of a share or ratio: Student-t components on different scales, averaged as CDFs.

Mass that a component puts below 0 or above the ceiling is piled on it, so 0 and 100 % have true probabilities.
"""

from typing import NamedTuple

import numpy as np
from scipy import special

from qnict_analysis.models.drift import SCALES

STEPS = 60
"""Most rounds of the inversion; 1e-10 in F needs about six."""

SLOPES = {
    "logit": lambda y: 1.0 / (y * (1.0 - y)),
    "log": lambda y: 1.0 / y,
    "raw": np.ones_like,
}
"""Name of a scale: the derivative of its transform."""


class Mixture(NamedTuple):
    """Components along the last axis: ``loc`` and ``spread`` on the scale named in ``scales``, common ``df``, equal weights.

    ``ceiling`` is 1 for a share and infinite for a ratio.
    """

    loc: np.ndarray
    spread: np.ndarray
    df: np.ndarray
    scales: tuple[str, ...]
    ceiling: float


def cdf(y, mixture: Mixture, *, strict: bool = False):
    """P(Y <= y), or P(Y < y) when ``strict``; ``y`` broadcasts against the leading axes of the mixture."""
    y = np.asarray(y, dtype=float)
    inside = np.clip(y, 0.0, mixture.ceiling)
    total = sum(_component_cdf(inside, mixture, c) for c in range(len(mixture.scales))) / len(mixture.scales)
    if strict:
        return np.where(y <= 0.0, 0.0, np.where(y > mixture.ceiling, 1.0, total))
    return np.where(y < 0.0, 0.0, np.where(y >= mixture.ceiling, 1.0, total))


def _component_cdf(y, mixture: Mixture, c: int):
    return special.stdtr(mixture.df, _standardised(y, mixture, c))


def _standardised(y, mixture: Mixture, c: int):
    return (SCALES[mixture.scales[c]][0](y) - mixture.loc[..., c]) / mixture.spread[..., c]


def _component(y, mixture: Mixture, c: int):
    """CDF and density of one component at y."""
    df, z = mixture.df, _standardised(y, mixture, c)
    peak = np.exp(special.gammaln(0.5 * (df + 1.0)) - special.gammaln(0.5 * df)) / np.sqrt(df * np.pi)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = SLOPES[mixture.scales[c]](y) / mixture.spread[..., c]
        density = slope * peak * (1.0 + z**2 / df) ** (-0.5 * (df + 1.0))
    return special.stdtr(df, z), density


def density(y, mixture: Mixture):
    """The density between the floor and the ceiling."""
    return sum(_component(y, mixture, c)[1] for c in range(len(mixture.scales))) / len(mixture.scales)


def quantile(u, mixture: Mixture, *, tolerance: float = 1e-10):
    """The smallest y with F(y) >= u, found to ``tolerance`` in F; ``u`` broadcasts against the leading axes.

    The quantile lies between those of the components, and Newton steps on the normal score of F, which is close to a
    straight line, close that bracket.
    """
    u, *_ = np.broadcast_arrays(np.asarray(u, dtype=float), mixture.loc[..., 0])
    ends = np.stack([_component_quantile(u, mixture, c) for c in range(len(mixture.scales))])
    return _between(u, ends.min(axis=0), ends.max(axis=0), mixture, tolerance)


def quantiles(u, mixture: Mixture, *, tolerance: float = 1e-10, every: int = 16):
    """``quantile`` of the same increasing levels ``u`` for every row of the mixture; much quicker for thousands of them.

    Every sixteenth level is searched from scratch and brackets its neighbours.
    """
    picked = np.unique(np.append(np.arange(0, len(u), every), len(u) - 1))
    wide = spread_out(mixture)
    coarse = quantile(u[picked], wide, tolerance=tolerance)
    above = np.searchsorted(picked, np.arange(len(u)))
    low, high = coarse[..., np.maximum(above - 1, 0)], coarse[..., above]
    # A straight line on the normal score is so near that two or three steps do.
    score, ends = special.ndtri(u), special.ndtri(u[picked])
    along = (score - ends[np.maximum(above - 1, 0)]) / np.where(above > 0, ends[above] - ends[np.maximum(above - 1, 0)], 1.0)
    return _between(np.broadcast_to(u, low.shape), low, high, wide, tolerance, along=along)


def spread_out(mixture: Mixture) -> Mixture:
    """The same mixture with an axis for levels put before that of the components."""
    return Mixture(mixture.loc[..., None, :], mixture.spread[..., None, :], mixture.df[..., None], *mixture[3:])


def _component_quantile(u, mixture: Mixture, c: int):
    z = special.stdtrit(mixture.df, u)
    y = SCALES[mixture.scales[c]][1](mixture.loc[..., c] + mixture.spread[..., c] * z)
    return np.clip(y, 0.0, mixture.ceiling)


def _between(u, low, high, mixture: Mixture, tolerance, *, along=0.5):
    """Newton steps inside [low, high] towards F(y) = u, halving where one would leave it; rows drop out when found.

    The first guess lies ``along`` the way from low to high.
    """
    shape = u.shape
    found, low, high, u = low.flatten(), low.ravel(), high.ravel(), u.ravel()
    rows = _off_the_ends(found, low, high, u, mixture, shape)
    part = _rows_of(mixture, shape, rows)
    low, high, goal = low[rows], high[rows], special.ndtri(u[rows])
    y = low + (high - low) * np.broadcast_to(along, shape).ravel()[rows]
    for _ in range(STEPS):
        if not len(rows):
            break
        miss, step = _newton(y, goal, part)
        low, high = np.where(miss < 0, y, low), np.where(miss < 0, high, y)
        done = (np.abs(miss) <= tolerance) | (high - low <= 4e-16 * high)
        found[rows] = y
        guess = np.where((y + step > low) & (y + step < high), y + step, 0.5 * (low + high))
        if done.any():
            keep = ~done
            low, high, goal, guess, rows = (a[keep] for a in (low, high, goal, guess, rows))
            part = Mixture(part.loc[keep], part.spread[keep], part.df[keep], *part[3:])
        y = guess
    return found.reshape(shape)


def _off_the_ends(found, low, high, u, mixture: Mixture, shape):
    """Settle the rows whose quantile is the floor or the ceiling (in ``found``) and return the others."""
    open_rows = high > low
    for end in (0.0, mixture.ceiling):
        near = np.flatnonzero(open_rows & (low <= end) & (high >= end))
        part = _rows_of(mixture, shape, near)
        below = sum(_component_cdf(end, part, c) for c in range(len(part.scales))) / len(part.scales)
        piled = near[below >= u[near]] if end == 0.0 else near[below < u[near]]
        found[piled] = end
        open_rows[piled] = False
    return np.flatnonzero(open_rows)


def _rows_of(mixture: Mixture, shape, rows) -> Mixture:
    """The mixture spread out to ``shape``, flattened, and cut to ``rows``."""
    loc, spread = (np.broadcast_to(a, (*shape, a.shape[-1])).reshape(-1, a.shape[-1])[rows] for a in mixture[:2])
    return Mixture(loc, spread, np.broadcast_to(mixture.df, shape).ravel()[rows], *mixture[3:])


def _newton(y, goal, mixture: Mixture):
    """How far the normal score of F(y) is from the goal, and the step in y that would close it."""
    parts = [_component(y, mixture, c) for c in range(len(mixture.scales))]
    below, slope = (sum(p) / len(parts) for p in zip(*parts, strict=True))
    score = np.clip(special.ndtri(below), -38.0, 38.0)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        step = (goal - score) * np.exp(-0.5 * score**2) / (np.sqrt(2.0 * np.pi) * slope)
    return score - goal, step
