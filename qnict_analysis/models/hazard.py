"""Units that adopt one by one (k of N): adopters are modelled, not percentages, so "all N" has a true probability.

Each period every unit still at risk adopts with probability ``pi / (1 + kappa k / N)`` (stragglers are slower), and every
adopter lapses with a small probability. ``pi`` has a Beta posterior; the distribution of k follows by recursion.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy import special

NODES = 64
"""Equally likely values that stand for the posterior of a rate; the error in a probability is below 0.001."""

MOST_BLOCKS = 120
"""A thousand services are neither a thousand independent decisions nor a matrix worth computing."""

STRENGTH = 3.0
"""Unit-periods that the prior on the hazard is worth."""

LAPSE_PRIOR = (0.1, 40.0)
"""Lapses and adopter-years before any are seen: 1 lapse in 400 adopter-years, so that a clean record soon rules them out."""


LEAST_CHANCE = 1e-300
"""Keeps the logarithm of a chance of 0 finite; its product with 0 successes is 0."""


class Rate(NamedTuple):
    """A Beta distribution of a chance per period."""

    alpha: float
    beta: float


def rate_posterior(events: float, exposure: float, *, prior_mean: float, strength: float = STRENGTH) -> Rate:
    """Beta posterior of the hazard from adoptions and unit-periods at risk (stragglers' already divided by 1 + kappa k/N)."""
    return Rate(strength * prior_mean + events, strength * (1.0 - prior_mean) + max(exposure - events, 0.0))


def exposure_of(at_risk, adopters, n_units, *, kappa: float = 0.0):
    """Unit-periods at risk, each counting less the more have adopted: sum of r / (1 + kappa k / N)."""
    return float(np.sum(np.asarray(at_risk) / (1.0 + kappa * np.asarray(adopters) / n_units)))


def rate_nodes(rate: Rate, n_nodes: int = NODES) -> np.ndarray:
    """Equally likely hazards, in rising order."""
    return special.betaincinv(rate.alpha, rate.beta, (np.arange(n_nodes) + 0.5) / n_nodes)


def adoptions(pi, n_units: int, *, kappa: float = 0.0, reached=None) -> np.ndarray:
    """Chance of k' adopters a period after k where nobody lapses, for each hazard: array (hazards, N+1, N+1).

    ``reached``: the share that has adopted at each k, where it is not k / N (blocks of unequal size).
    """
    k = np.arange(n_units + 1)
    reached = k / max(n_units, 1) if reached is None else reached
    chance = np.asarray(pi)[:, None, None] / (1.0 + kappa * reached[:, None])
    return binomial(k[None, :] - k[:, None], n_units - k[:, None], chance)


def lapses(n_units: int, lapse: float) -> np.ndarray | None:
    """Chance of k' adopters left of k after a period: array (N+1, N+1); None where nobody lapses."""
    k = np.arange(n_units + 1)
    return binomial(k[:, None] - k[None, :], k[:, None], np.array(lapse)) if lapse > 0 else None


def transitions(pi, n_units: int, *, kappa: float = 0.0, lapse: float = 0.0, reached=None) -> np.ndarray:
    """Chance of k' adopters a period after k, adopted and then lapsed, for each hazard: array (hazards, N+1, N+1)."""
    adopt, lost = adoptions(pi, n_units, kappa=kappa, reached=reached), lapses(n_units, lapse)
    return adopt if lost is None else adopt @ lost


def binomial(successes, trials, chance) -> np.ndarray:
    """Binomial probabilities over broadcast arrays, 0 outside 0 to ``trials``.

    Two logarithms a chance instead of several a cell: scipy's general function takes ten times as long on these arrays.
    """
    inside = (successes >= 0) & (successes <= trials)
    # As floats: whole numbers would be turned into them once for every chance.
    hits, misses = np.where(inside, successes, 0.0), np.where(inside, trials - successes, 0.0)
    ways = special.gammaln(hits + misses + 1.0) - special.gammaln(hits + 1.0) - special.gammaln(misses + 1.0)
    safe = np.clip(chance, LEAST_CHANCE, 1.0 - np.finfo(float).eps)
    return np.exp(ways + hits * np.log(safe) + misses * np.log1p(-safe)) * inside


def blocks(now: int, n_units: int, most: int = MOST_BLOCKS) -> np.ndarray:
    """Figures that stand for k where N is large: 0, ``now`` and N exactly, and between them steps of N / ``most`` or less.

    Many small items (services) come in batches, so a block moves as one unit; up to ``most`` units each is its own.
    """
    grain = max(1.0, n_units / most)
    below, above = int(np.ceil(now / grain)), int(np.ceil((n_units - now) / grain))
    low = np.arange(below) * now / max(below, 1)
    high = now + np.arange(above + 1) * (n_units - now) / max(above, 1)
    return np.round(np.concatenate([low, high])).astype(int)


def recursion(start, steps, adds=(), lost=None, promised=()) -> np.ndarray:
    """Distribution of k after each step: array (steps, N+1), averaged over the hazards.

    ``start`` is the distribution now, ``steps`` a transition array a period, ``adds`` (where given) the expected number of
    units that join by schedule in each period, of so many ``promised`` (the
    fewest that can be where not given). ``lost``: the lapses after each step (``lapses``), where the steps hold none.
    """
    state = np.broadcast_to(start, (len(steps[0]), len(start))).copy() if len(steps) else None
    found = []
    for number, step in enumerate(steps):
        state = np.einsum("mk,mkj->mj", state, step)
        state = state if lost is None else state @ lost
        if len(adds) and adds[number] > 0:
            state = state @ joining(len(start) - 1, adds[number], promised[number] if len(promised) else 0)
        found.append(state.mean(axis=0))
    return np.array(found)


@lru_cache(maxsize=64)
def joining(n_units: int, expected: float, promised: int = 0) -> np.ndarray:
    """Chance of k' units after a schedule that adds ``expected`` of ``promised`` units (each with the same chance), never beyond
    N: array (N+1, N+1), not to be written to (a promise is often the same every period)."""
    promised = max(int(np.ceil(expected - 1e-9)), int(promised))
    chances = binomial(np.arange(promised + 1), promised, expected / promised)
    k, step = np.arange(n_units + 1)[:, None], np.zeros((n_units + 1, n_units + 1))
    np.add.at(step, (k, np.minimum(k + np.arange(promised + 1), n_units)), chances)
    step.flags.writeable = False
    return step


def start_distribution(known: int, chances, n_units: int) -> np.ndarray:
    """Distribution of k now: ``known`` adopters plus silent units that have adopted with the given chances."""
    now = np.zeros(n_units + 1)
    now[min(known, n_units)] = 1.0
    for chance in chances:
        joined = np.concatenate([[0.0], now[:-1]])
        joined[-1] += now[-1]
        now = (1.0 - chance) * now + chance * joined
    return now


def paths(start, step, node, uniforms) -> np.ndarray:
    """Adopters along simulated futures: array (periods, rows).

    ``start``: distribution now; ``step``: the transition array of every period; ``node``: each row's hazard;
    ``uniforms``: (periods + 1, rows), the first for the state now.
    """
    k = (uniforms[0][:, None] > np.cumsum(start)[None, :-1]).sum(axis=1)
    reached = np.cumsum(step, axis=-1)[..., :-1]
    found = []
    for chance in uniforms[1:]:
        k = (chance[:, None] > reached[node, k]).sum(axis=1)
        found.append(k)
    return np.array(found)
