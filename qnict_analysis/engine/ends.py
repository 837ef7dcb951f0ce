"""The chance that a share which stands at exactly 0 or 1 still does so at the deadline."""

import numpy as np

from qnict_analysis.engine.points import NEAR, Asked, Points
from qnict_analysis.models import ends

APART = 1e5
"""More than any year, so that one sorted array serves all series or kinds."""


def at_ends(points: Points, asked: Asked, *, like: bool) -> list[np.ndarray]:
    """Chances of exactly 0 and of exactly 1 of every task (0 where its series does not stand there).

    ``like``: whether the other series of the indicator count, as known at the origin and without the task's own.
    """
    found = []
    for end, prior in ends.PRIOR.items():
        chances = np.zeros(len(asked.row))
        here = np.flatnonzero(points.values[asked.stop - 1] == end)
        if len(here):
            mine = asked.only(here)
            spells = _Spells(points, end)
            others = spells.of_like(mine) if like else ends.Stays(0.0, 0.0)
            chances[here] = ends.chance(mine.horizon, prior, spells.of_own(mine), others)
        found.append(chances)
    return found


class _Spells:
    """Running sums, over neighbouring points, of the years that both stood at an end and of how often the second had left."""

    def __init__(self, points: Points, end: float):
        self.points = points
        there = points.values == end
        second = np.ones(len(there), dtype=bool)
        second[points.first] = False
        before = np.r_[False, there[:-1]] & second
        gap = np.diff(points.times, prepend=points.times[:1])
        self.seen = np.column_stack([np.where(before & there, gap, 0.0), before & ~there])
        self.owner = np.repeat(np.arange(len(points.first)), points.last - points.first)

    def of_own(self, asked: Asked) -> ends.Stays:
        """What the points of each task's own history say."""
        total = np.concatenate([np.zeros((1, 2)), np.cumsum(self.seen, axis=0)])
        return ends.Stays(*(total[asked.stop] - total[asked.start + 1]).T)

    def of_like(self, asked: Asked) -> ends.Stays:
        """What all other series of each task's indicator say by its origin."""
        kinds = self.points.kinds[self.owner]
        everyone = self._until(kinds, self.points.kinds[asked.row], asked.origin)
        return ends.Stays(*(everyone - self._until(self.owner, asked.row, asked.origin)).T)

    def _until(self, keys, wanted, moment) -> np.ndarray:
        """Sums over the points whose key is the one wanted, up to the moment asked (years)."""
        place = keys * APART + self.points.times
        order = np.argsort(place, kind="stable")
        total = np.concatenate([np.zeros((1, 2)), np.cumsum(self.seen[order], axis=0)])
        first, last = (np.searchsorted(place[order], wanted * APART + limit) for limit in (-APART / 2, moment + NEAR))
        return total[last] - total[first]
