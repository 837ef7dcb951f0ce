"""What the other series of the same indicator say to a task, as known at its origin and never its own series."""

import numpy as np
import pandas as pd

from qnict_analysis.engine.learned import SCALES
from qnict_analysis.engine.points import NEAR, NOISE_WINDOW, PACE_WINDOW, Asked, Points, by_name, histories, log_odds, window
from qnict_analysis.models import analogues, drift, ladder, trends
from qnict_analysis.models.pool import Blend, blend, like_series, past, steps_until

PACE_YEARS = 0.25
"""Years over which the present pace of a pair or a task is read, at least one step: a month's step alone is mostly noise."""

MOST_LIKE = 400
"""Like series whose every change is looked at: more tell nothing new and would make the work grow with their square."""

MOST_CELLS = 2_000_000
"""Entries of the largest weight matrix (tasks, pairs) held at once."""


def priors(points: Points, asked: Asked, shipped: dict[str, drift.Prior]) -> dict[str, drift.Prior]:
    """The prior of each task's drift on each scale: the shipped one blended with the like series as known at its origin.

    All tasks are of one indicator.
    """
    members = np.flatnonzero(points.kinds == points.kinds[asked.row[0]])
    rows = {scale: past(*_packed(points, members, scale)) for scale in SCALES}
    windows = [int(window(least, usual_step(points, members))) for least in (PACE_WINDOW, NOISE_WINDOW)]
    fields = {scale: np.empty((len(asked.row), 3)) for scale in SCALES}
    for origin, here in pd.Series(np.arange(len(asked.row))).groupby(asked.origin):
        who = np.searchsorted(members, asked.row[here])
        for scale in SCALES:
            recent, longer = (steps_until(rows[scale], origin, window=w) for w in windows)
            others = like_series(recent, longer)
            prior = blend(shipped[scale], Blend(*(part[who] for part in others)))
            fields[scale][here] = np.column_stack(prior)
    return {scale: drift.Prior(*table.T) for scale, table in fields.items()}


def _packed(points: Points, members, scale: str):
    """Times and scaled values of some series, one a row (times infinite past the end)."""
    times, values = histories(points, points.first[members], points.last[members])
    return np.where(np.isfinite(times), times, np.inf), drift.to_scale(values, scale=scale)


def usual_step(points: Points, members) -> float:
    """The usual distance in years of two points of these series; a year where each has one."""
    times, _ = histories(points, points.first[members], points.last[members])
    gaps = np.diff(times, axis=1)
    return float(np.median(gaps[np.isfinite(gaps)])) if np.isfinite(gaps).any() else 1.0


def members_of(points: Points, kind: int) -> np.ndarray:
    """The series of an indicator whose changes are looked at, in order."""
    return by_name(points, np.flatnonzero(points.kinds == kind), MOST_LIKE)


def trend_weights(points: Points, asked: Asked, shipped) -> np.ndarray:
    """Prior weights of the trends' settings for each task (tasks, settings), all of one indicator.

    One step of expectation-maximisation: what each like series' last steps by the origin say, added to the shipped weights.
    """
    members = members_of(points, points.kinds[asked.row[0]])
    times, values = histories(points, points.first[members], points.last[members])
    gained = trends.filtered(times, log_odds(values))[0].cumsum(axis=1)
    weights = np.empty((len(asked.row), len(shipped)))
    for origin, here in pd.Series(np.arange(len(asked.row))).groupby(asked.origin):
        at = (times <= origin + NEAR).sum(axis=1) - 1
        told = np.flatnonzero(at >= 1)
        recent = gained[told, at[told]] - gained[told, np.maximum(at[told] - trends.WINDOW, 0)]
        others = (asked.row[here][:, None] != members[told]).astype(float)
        weights[here] = trends.PSEUDO_SERIES * shipped + others @ trends.shares(recent.astype(float), shipped)
    return weights / weights.sum(axis=1, keepdims=True)


def analogue_scores(points: Points, asked: Asked, fallback) -> list[np.ndarray]:
    """Normal scores (tasks, rungs) of what like series did over the same horizon, on each scale.

    ``fallback``: CDF values (tasks, rungs) that count as ``analogues.CASES`` cases. All tasks are of one indicator.
    """
    level = log_odds(points.values[asked.stop - 1])
    members = members_of(points, points.kinds[asked.row[0]])
    steps = max(round(PACE_YEARS / usual_step(points, members)), 1)
    pace = _last_pace(points, asked.stop - 1, asked.start, steps)
    found = [np.empty_like(fallback) for _ in SCALES]
    for horizon, here in pd.Series(np.arange(len(asked.row))).groupby(np.round(asked.horizon / NEAR).astype(int)):
        pairs = pairs_of(points, members, horizon * NEAR, steps)
        step = max(MOST_CELLS // max(len(pairs.start), 1), 1)
        for part in (here.to_numpy()[first : first + step] for first in range(0, len(here), step)):
            asking = {"series": asked.row[part], "level": level[part], "origin": asked.origin[part]}
            weight = analogues.weights(pairs, **asking, horizon=horizon * NEAR)
            told = analogues.cases(weight)[:, None]
            for scale, table in zip(SCALES, found, strict=True):
                like = analogues.cdf(pairs, weight, level[part], pace[scale][part], scale=scale)
                mixed = (told * like + analogues.CASES * fallback[part]) / (told + analogues.CASES)
                table[part] = ladder.scores(mixed)
    return found


def pairs_of(points: Points, members, horizon: float, steps: int = 1) -> analogues.Pairs:
    """All pairs of points of the series ``members`` that lie ``horizon`` years apart; ``steps``: over how many a pace is read."""
    sizes = points.last[members] - points.first[members]
    spots = np.repeat(points.first[members] - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    apart = np.repeat(np.arange(len(members)), sizes) * 1e5
    moment = apart + points.times[spots]
    later = np.minimum(np.searchsorted(moment, moment + horizon - 2 * NEAR), max(len(moment) - 1, 0))
    there = np.abs(moment[later] - moment - horizon) < 2 * NEAR
    start, end = spots[there], spots[later[there]]
    series = np.repeat(members, sizes)[there]
    before, after = (_scaled(points.values[at]) for at in (start, end))
    change = {scale: after[scale] - before[scale] for scale in SCALES}
    pace = _last_pace(points, start, points.first[series], steps)
    return analogues.Pairs(series, points.times[start], before["logit"], change, pace)


def _scaled(values) -> dict[str, np.ndarray]:
    return {"logit": log_odds(values), "raw": values}


def _last_pace(points: Points, at, first, steps: int) -> dict[str, np.ndarray]:
    """Pace a year over the last ``steps`` (or as many as there are) up to the points ``at`` on each scale; ``NaN`` at a record's
    ``first`` point."""
    before = np.maximum(at - steps, first)
    gap = np.where(at > first, points.times[at] - points.times[before], np.nan)
    then, now = _scaled(points.values[before]), _scaled(points.values[at])
    return {scale: (now[scale] - then[scale]) / gap for scale in SCALES}
