"""Series and tasks in numbers: what a task may use, and nothing else."""

from typing import NamedTuple
from zlib import crc32

import numpy as np
import pandas as pd

from qnict_analysis.models import drift

NEAR = 1e-3
"""Years within which two moments are the same; a month is 0.083."""


PACE_WINDOW, TREND_WINDOW, NOISE_WINDOW = 4, 5, 8
"""Points of a series that speak for its pace, its trend and its noise, and a year's points where those are more. The present
pace is what carries over (whole histories were worse by 0.002 in Brier on the development series), noise wants more points."""


CLOSEST = 0.0005
"""Distance from 0 and 1 beyond which shares are not told apart."""


class Points(NamedTuple):
    """All points, series by series in time order: ``values`` (0 to 1), ``times`` (years); series i holds first[i]:last[i].

    ``names`` are the series' ids in order, ``kinds`` the number of each one's indicator, ``indicators`` their names.
    """

    times: np.ndarray
    values: np.ndarray
    first: np.ndarray
    last: np.ndarray
    names: pd.Index
    kinds: np.ndarray
    indicators: pd.Index


class Asked(NamedTuple):
    """The tasks: ``row`` of the series, points ``start`` to ``stop`` used, ``origin`` and ``horizon`` in years, ``target``."""

    row: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    origin: np.ndarray
    horizon: np.ndarray
    target: np.ndarray

    def only(self, picked) -> "Asked":
        """The tasks picked, in that order."""
        return Asked(*(part[picked] for part in self))


def years(days: pd.Series) -> np.ndarray:
    """Days in years, ends of months equally spaced; a day within a month lies before its end."""
    dates = pd.to_datetime(days)
    month = dates.dt.month - 1 + dates.dt.day / dates.dt.days_in_month
    return dates.dt.year.to_numpy(float) + month.to_numpy(float) / 12.0


def points_of(series: pd.DataFrame) -> Points:
    """Series in numbers; ``series``: series_id, indicator, period, value (``NaN`` values are gaps)."""
    frame = series.dropna(subset=["value"]).assign(time=lambda f: years(f.period))
    frame = frame.sort_values(["series_id", "time"], kind="stable")
    sizes = frame.groupby("series_id", sort=True).size()
    last = sizes.cumsum().to_numpy()
    first = last - sizes.to_numpy()
    kinds = pd.Categorical(frame.indicator.iloc[first])
    return Points(
        frame.time.to_numpy(), frame.value.to_numpy(float), first, last, sizes.index, kinds.codes.astype(int), kinds.categories
    )


def points_from(times, values, names: list[str], kinds: list[str]) -> Points:
    """Series in numbers from rows of ``times`` (years) and ``values`` (0 to 1; ``NaN`` for gaps), in the order given.

    ``names`` and ``kinds``: id and indicator of each row, which has one known value at least.
    """
    known = np.isfinite(values)
    last = known.sum(axis=1).cumsum()
    found = pd.Categorical(kinds)
    series = (last - known.sum(axis=1), last, pd.Index(names), found.codes.astype(int), found.categories)
    return Points(np.broadcast_to(times, values.shape)[known], values[known], *series)


def asked_of(points: Points, tasks: pd.DataFrame) -> Asked:
    """Tasks in numbers; ``tasks``: task_id, series_id, origin, deadline, target, n_history.

    ``ValueError`` for a task whose series is unknown or has no point by its origin.
    """
    row = points.names.get_indexer(tasks.series_id)
    if (row < 0).any():
        raise ValueError(f"series {tasks.series_id.iloc[(row < 0).argmax()]!r} of the tasks is not among the series")
    origin = years(tasks.origin)
    stop = points.first[row] + known_by(points, row, origin)
    if (stop == points.first[row]).any():
        late = tasks.task_id.iloc[(stop == points.first[row]).argmax()]
        raise ValueError(f"task {late!r}: its series has no point by the origin; at least one is needed")
    start = np.maximum(points.first[row], stop - tasks.n_history.to_numpy())
    horizon = years(tasks.deadline) - points.times[stop - 1]
    return Asked(row, start, stop, origin, horizon, tasks.target.to_numpy(float))


def known_by(points: Points, row, moment) -> np.ndarray:
    """How many points of each series ``row`` there were at the moment asked (years)."""
    apart = 1e5  # more than any year, so that one sorted array serves all series
    owner = np.repeat(np.arange(len(points.first)), points.last - points.first)
    return np.searchsorted(owner * apart + points.times, row * apart + moment, side="right") - points.first[row]


def histories(points: Points, start, stop) -> tuple[np.ndarray, np.ndarray]:
    """Times and values of the points start:stop of each row, packed to the left; ``NaN`` past the end."""
    sizes = stop - start
    there = np.arange(sizes.max(initial=0)) < sizes[:, None]
    spots = np.where(there, start[:, None] + np.arange(there.shape[1]), 0)
    return np.where(there, points.times[spots], np.nan), np.where(there, points.values[spots], np.nan)


def window(least: int, step):
    """Points that speak for the present of series with a point every ``step`` years (0: one point)."""
    a_year = 1 + np.round(1 / np.where(step > 0, step, 1.0)).astype(int)
    return np.maximum(least, a_year)


def log_odds(values):
    """Shares on the logit scale, half a per cent away from its ends (the denominators are not known)."""
    return drift.to_scale(values, scale="logit")


def standing(values):
    """Where shares stand on the logit scale now: closer to its ends than the half per cent within which changes are not read,
    but not at them (a share of exactly 0 or 1 is left from where ``log_odds`` puts it)."""
    inside = (values > 0) & (values < 1)
    return np.where(inside, drift.to_scale(values, scale="logit", floor=CLOSEST), log_odds(values))


def by_name(points: Points, rows, most: int) -> np.ndarray:
    """At most so many of the series ``rows``, picked by a hash of their ids: no order of the file, no chance."""
    if len(rows) <= most:
        return rows
    drawn = np.array([crc32(name.encode()) for name in points.names[rows]])
    return np.sort(rows[np.argsort(drawn, kind="stable")[:most]])
