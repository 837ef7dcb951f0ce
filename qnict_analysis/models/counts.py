"""Items that come in batches (services, databases): Gamma-Poisson increments with extra spread, in whole numbers."""

from typing import NamedTuple

import numpy as np
from scipy import special

from qnict_analysis.models.hazard import binomial

NODES = 128
"""Equally likely values that stand for the posterior of the rate."""

OVERDISPERSION = 2.0
"""Variance of the increments over their mean: releases come in batches. 1 would be Poisson."""

PRIOR = (1.0, 0.5)
"""Items and years seen before any data: half a year's worth of two items a year."""


class Pace(NamedTuple):
    """A Gamma distribution of items a year."""

    shape: float
    years: float


def pace_posterior(increment: float, years: float, *, prior=PRIOR) -> Pace:
    """Gamma posterior of the rate from a net increment over elapsed years (a net loss counts as no increment)."""
    return Pace(prior[0] + max(increment, 0.0), prior[1] + years)


def pace_nodes(pace: Pace, n_nodes: int = NODES) -> np.ndarray:
    """Equally likely rates a year, in rising order."""
    return special.gammaincinv(pace.shape, (np.arange(n_nodes) + 0.5) / n_nodes) / pace.years


def increments(means, *, overdispersion: float = OVERDISPERSION) -> np.ndarray:
    """Distribution of the increment for each mean, along a new last axis: negative binomial of variance c times the mean.

    The axis is long enough to hold all but 1e-12 of the largest mean's mass. Increments of successive periods add up
    to the same law, whatever the length of a period.
    """
    means = np.asarray(means, dtype=float)
    top = float(means.max(initial=0.0))
    items = np.arange(int(top + 10.0 * np.sqrt(overdispersion * max(top, 1.0)) + 20.0 * overdispersion) + 1)
    if overdispersion <= 1.0:
        return np.exp(special.xlogy(items, means[..., None]) - means[..., None] - special.gammaln(items + 1.0))
    size = means[..., None] / (overdispersion - 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        ways = special.gammaln(items + size) - special.gammaln(items + 1.0) - special.gammaln(size)
        hits = size * np.log(1.0 / overdispersion) + items * np.log1p(-1.0 / overdispersion)
        return np.where(size > 0, np.exp(ways + hits), items == 0)


def scheduled(pmf, expected: float, promised: int = 0) -> np.ndarray:
    """The distribution after a schedule that adds ``expected`` of ``promised`` items (each with the same chance), on an axis long
    enough to hold them."""
    promised = max(int(np.ceil(expected - 1e-9)), int(promised))
    return np.convolve(pmf, binomial(np.arange(promised + 1), promised, expected / promised)) if promised else pmf


def paths(means, node, uniforms) -> np.ndarray:
    """Items added along simulated futures: array (periods, rows).

    ``means``: expected increment of one period at each rate, (periods, nodes); ``node``: each row's rate.
    """
    steps = []
    for mean, chance in zip(means, uniforms, strict=True):
        reached = np.cumsum(increments(mean), axis=-1)[:, :-1]
        steps.append((chance[:, None] > reached[node]).sum(axis=1))
    return np.cumsum(steps, axis=0)
