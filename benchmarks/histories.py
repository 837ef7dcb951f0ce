"""What a forecaster may see of a task, and one way to turn any predictive distribution into P(met) and quantiles."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import norm
from scoring import LEVELS

STEPS_A_YEAR = {"Y": 1, "Q": 4, "M": 12}
EDGE = 0.005
"""Shares are held this far from 0 and 1 before the logit is taken."""

SCORED = norm.ppf(list(LEVELS.values()))


class History(NamedTuple):
    """One task: its last ``n_history`` points by the origin (values are shares), the deadline and the target.

    ``times`` are years (ends of periods), ``grid`` the values on the regular grid of the frequency with gaps filled by
    straight lines, ``steps`` the grid steps from the last point to the deadline.
    """

    task_id: str
    series_id: str
    indicator: str
    freq: str
    periods: pd.DatetimeIndex
    times: np.ndarray
    values: np.ndarray
    grid: np.ndarray
    steps: int
    deadline: pd.Timestamp
    end: float
    target: float


def years(days) -> np.ndarray:
    """Ends of periods in years, equally spaced within a frequency."""
    days = pd.DatetimeIndex(days)
    return (days.year + days.month / 12).to_numpy(float)


def histories(series: pd.DataFrame, tasks: pd.DataFrame) -> list[History]:
    """The tasks with what may be seen; ``tasks`` is read only in its columns series_id … n_history, never the outcomes."""
    known = {name: part for name, part in series.sort_values("period").groupby("series_id")}
    return [history(known[task.series_id], task) for task in tasks.itertuples()]


def history(one: pd.DataFrame, task) -> History:
    """One task's history, from the points of its series in time order."""
    seen = one[one.period <= task.origin].tail(task.n_history)
    times, values, freq = years(seen.period), seen.value.to_numpy(float), one.freq.iloc[0]
    end = years([task.deadline])[0]
    steps = round((end - times[-1]) * STEPS_A_YEAR[freq])
    said = (pd.DatetimeIndex(seen.period), times, values, regular(times, values, freq), steps)
    return History(task.task_id, task.series_id, one.indicator.iloc[0], freq, *said, task.deadline, end, task.target)


def regular(times, values, freq: str) -> np.ndarray:
    """Values at every step of the frequency, straight lines across the gaps."""
    count = round((times[-1] - times[0]) * STEPS_A_YEAR[freq]) + 1
    return np.interp(np.linspace(times[0], times[-1], count), times, values)


def to_scale(values, scale: str):
    """Shares on the scale a peer works on: ``raw`` or ``logit``."""
    return logit(np.clip(values, EDGE, 1 - EDGE)) if scale == "logit" else np.asarray(values, float)


def to_share(values, scale: str):
    """Back to shares, held within 0 and 1."""
    return np.clip(expit(values) if scale == "logit" else values, 0.0, 1.0)


def forecast_row(levels, values, target: float, scale: str) -> np.ndarray:
    """P(met), then the quantiles of LEVELS in shares, of a distribution given by ``values`` at some ``levels`` (0 to 1).

    Between the levels, and beyond the outermost, the values are straight lines over the normal score: exact for a normal
    distribution, close for others when the levels are dense.
    """
    scores, values = norm.ppf(levels), np.maximum.accumulate(np.asarray(values, float))
    if not np.isfinite(values).all():
        return np.full(1 + len(LEVELS), np.nan)
    chance = chance_at_least(to_scale(target, scale), scores, values)
    return np.concatenate([[chance], to_share(line(SCORED, scores, values), scale)])


def chance_at_least(target, scores, values) -> float:
    """P(value ≥ target), from the values at some normal scores; a distribution without width says 0 or 1."""
    steps, first = np.unique(values, return_index=True)
    if len(steps) == 1:
        return float(steps[0] >= target)
    return float(norm.sf(line(np.array([target]), steps, scores[first])[0]))


def line(where, known, heights) -> np.ndarray:
    """Straight lines between the known points, the outermost ones carried on."""
    place = np.clip(np.searchsorted(known, where), 1, len(known) - 1)
    slope = (heights[place] - heights[place - 1]) / (known[place] - known[place - 1])
    return heights[place - 1] + slope * (where - known[place - 1])
