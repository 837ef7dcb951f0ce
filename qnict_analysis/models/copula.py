"""Random streams and the placing of exact marginals: what makes draws joint.

Each indicator mixes a common stream with its own, seeded from its id: adding an indicator changes no other's numbers.
"""

from typing import NamedTuple
from zlib import crc32

import numpy as np

PACE, COMPONENT, TAIL, START, TIE = range(5)
"""What a row draws once: its pace, its scale, its tail, its state now, and who comes first among equals."""

FIRST_PERIOD = 16
"""Keys from here up are periods, counted by their ordinal."""


class Stream(NamedTuple):
    """Standard normals of one indicator: common part of weight sqrt(rho), own part of weight sqrt(1 - rho)."""

    seed: int
    name: str
    rho: float
    n_draws: int
    sign: float = 1.0


def normals(stream: Stream, key: int) -> np.ndarray:
    """The row of normals under a key, partly shared with every indicator of the same seed."""
    shared = np.random.default_rng([stream.seed, 0, key]).standard_normal(stream.n_draws)
    own = _own(stream, key).standard_normal(stream.n_draws)
    return stream.sign * (np.sqrt(stream.rho) * shared + np.sqrt(1.0 - stream.rho) * own)


def own_uniforms(stream: Stream, key: int) -> np.ndarray:
    """A row of uniforms that no other indicator shares."""
    return _own(stream, key).random(stream.n_draws)


def own_tails(stream: Stream, key: int, df: float) -> np.ndarray:
    """A row of factors sqrt(df / chi-square) that no other indicator shares: what makes a normal a Student t."""
    return np.sqrt(df / _own(stream, key).chisquare(df, stream.n_draws))


def _own(stream: Stream, key: int) -> np.random.Generator:
    return np.random.default_rng([stream.seed, 1, crc32(stream.name.encode()), key])


def strata(n_draws: int) -> np.ndarray:
    """Midpoints of equally likely strata, one a draw."""
    return (np.arange(n_draws) + 0.5) / n_draws


def ranks_of(latent) -> np.ndarray:
    """The rank of each value in its row."""
    order = np.argsort(latent, axis=-1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.broadcast_to(np.arange(order.shape[-1]), order.shape), axis=-1)
    return ranks


def place_by_rank(latent, ordered) -> np.ndarray:
    """Put each row's sorted values where the latent row has the same rank: exact marginals, dependence of the latent."""
    return np.take_along_axis(ordered, ranks_of(latent), axis=-1)
