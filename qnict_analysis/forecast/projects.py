"""Items that somebody has promised: when they arrive, by how earlier promises were kept."""

import datetime as dt
from typing import NamedTuple

import numpy as np
import pandas as pd

from qnict_analysis import periods

KEPT_PRIOR = (1.0, 1.0)
"""Promises kept and broken before any is seen: one of each."""

LATE_PRIOR = (1.0, 2.0)
"""Late projects finished, and periods they were waited for, before any is seen."""


class Planned(NamedTuple):
    """What a project list says of one count: ``pmf``, the distribution of items that arrive by each period ahead, and
    ``arrived``, the items of projects among the increments seen (they are no pace of the unplanned)."""

    pmf: list[np.ndarray]
    arrived: int


class Kept(NamedTuple):
    """How promises were kept: the chance to be in time, and, once late, to arrive in any one period."""

    on_time: float
    late: float


def planned_for(name: str, registry, as_of, history: pd.DataFrame, ahead: list[str]) -> Planned | None:
    """The project list of a count as known at ``as_of``; None where there is none.

    ``history``: the points of the count in time order; ``ahead``: the periods to forecast. A project counts as a whole, in time
    with its own chance or that of the list so far; a late one arrives in each later period with the same chance.
    """
    listed = [item for item in registry.projects.values() if item.indicator == name and item.known_on <= as_of.cutoff]
    if not listed:
        return None
    kept = how_kept(listed, as_of)
    first, last = (history["period"].iloc[spot] for spot in (0, -1))
    chances = [(item.items, _arrival(item, kept, last, as_of, ahead)) for item in listed]
    pmf = [_together([(items, float(chance[step])) for items, chance in chances]) for step in range(len(ahead))]
    since, until = periods.period_end(first), periods.period_end(last)
    arrived = sum(item.items for item in listed if _is_done(item, as_of) and since < item.done_on <= until)
    return Planned(pmf, arrived)


def how_kept(listed, as_of) -> Kept:
    """The mean of Beta posteriors: of being in time over projects that were due by the as-of, of arriving over late periods."""
    in_time = broken = finished = waited = 0
    for item in listed:
        end = periods.period_end(item.due)
        done = item.done_on if _is_done(item, as_of) else None
        if done is not None and done <= end:
            in_time += 1
        elif end <= as_of.cutoff:
            broken += 1
            finished += done is not None
            waited += _periods_late(item.due, done, as_of)
    on_time = (KEPT_PRIOR[0] + in_time) / (sum(KEPT_PRIOR) + in_time + broken)
    return Kept(on_time, (LATE_PRIOR[0] + finished) / (LATE_PRIOR[1] + waited))


def _periods_late(due: str, done, as_of) -> int:
    """Periods after the due one up to that in which a project was finished, or up to the as-of's."""
    if done is None:
        return max(periods.ordinal(as_of.through) - periods.ordinal(due), 0)
    return periods.ordinal(periods.period_of(done - dt.timedelta(days=1), periods.frequency(due))) + 1 - periods.ordinal(due)


def _is_done(item, as_of) -> bool:
    return item.done_on is not None and item.done_on <= as_of.cutoff


def _arrival(item, kept: Kept, last: str, as_of, ahead: list[str]) -> np.ndarray:
    """The chance that a project has arrived by each period ahead, beyond what the last figure holds already."""
    if _is_done(item, as_of):
        return np.full(len(ahead), float(item.done_on > periods.period_end(last)))
    start = max(periods.ordinal(item.due), periods.ordinal(last))
    overdue = periods.ordinal(item.due) <= periods.ordinal(last)
    at_once = 0.0 if overdue else kept.on_time if item.on_time is None else item.on_time
    later = np.array([periods.ordinal(label) - start for label in ahead], dtype=float)
    arrived = 1.0 - (1.0 - at_once) * (1.0 - min(kept.late, 1.0)) ** np.maximum(later, 0.0)
    return np.where(later < 0, 0.0, arrived)


def _together(parts: list[tuple[int, float]]) -> np.ndarray:
    """The distribution of the sum of projects that come whole or not at all (Poisson-binomial where each is one item)."""
    pmf = np.ones(1)
    for items, chance in parts:
        one = np.zeros(items + 1)
        one[[0, -1]] = 1.0 - chance, chance
        pmf = np.convolve(pmf, one)
    return pmf
