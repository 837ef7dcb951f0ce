"""What the other series of the same indicator say to a task, as known at its origin and never its own series."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from qnict_analysis.engine.learned import SCALES
from qnict_analysis.engine.points import NEAR, NOISE_WINDOW, PACE_WINDOW, Asked, Points, by_name, histories, log_odds, window
from qnict_analysis.models import analogues, drift, ladder, trends
from qnict_analysis.models.drift import Steps
from qnict_analysis.models.pool import blend, others, past, steps_until

PACE_YEARS = 0.25
"""Years over which the present pace of a pair or a task is read, at least one step: a month's step alone is mostly noise."""

MOST_LIKE = 400
"""Like series whose every change is looked at: more tell nothing new and would make the work grow with their square."""

MOST_ROWS = 4_000
"""Like series whose trends are filtered at once."""

MOST_CELLS = 2_000_000
"""Entries of the largest weight matrix (tasks, pairs) held at once."""


class Group(NamedTuple):
    """Tasks that share their like series: their places ``here``, the series ``members`` that are looked at, the points of
    those, one series a row, and the usual ``step`` in years between two of them as known at the tasks' origins."""

    here: np.ndarray
    members: np.ndarray
    times: np.ndarray
    values: np.ndarray
    step: float


def groups(points: Points, asked: Asked) -> list[Group]:
    """The tasks by indicator and, within one, by which series are looked at and how far apart their points were by the origin.

    The choice among many series must rest on those that had begun: a series still to come must not push another out.
    """
    found = []
    for kind, here in pd.Series(np.arange(len(asked.row))).groupby(points.kinds[asked.row]):
        rows = np.flatnonzero(points.kinds == kind)
        alike: dict[tuple, list] = {}
        steps = neighbours(points, rows)
        for moment, same in here.groupby(asked.origin[here]):
            begun = rows[points.times[points.first[rows]] <= moment] if len(rows) > MOST_LIKE else rows
            members = by_name(points, begun, MOST_LIKE)
            alike.setdefault((usual_step(steps, moment), members.tobytes()), [members]).append(same.to_numpy())
        for (step, _), (members, *places) in alike.items():
            told = histories(points, points.first[members], points.last[members])
            found.append(Group(np.sort(np.concatenate(places)), members, *told, step))
    return found


def neighbours(points: Points, rows) -> tuple[np.ndarray, np.ndarray]:
    """Of every two neighbouring points of some series: when the later one was (years), and how many years lie between."""
    later = np.concatenate([np.arange(points.first[row] + 1, points.last[row]) for row in rows])
    return points.times[later], points.times[later] - points.times[later - 1]


def usual_step(steps: tuple[np.ndarray, np.ndarray], moment: float) -> float:
    """The usual distance in years of two ``neighbours`` by a moment; a year where there are none by then."""
    known = steps[1][steps[0] <= moment + NEAR]
    return float(np.round(np.median(known), 6)) if len(known) else 1.0


def priors(like: list[Group], asked: Asked, shipped: dict[str, drift.Prior]) -> dict[str, drift.Prior]:
    """The prior of each task's drift on each scale: the shipped one blended with the like series as known at its origin."""
    tables = {scale: np.empty((len(asked.row), 3)) for scale in SCALES}
    for group in like:
        for scale, prior in _priors(group, asked.only(group.here), shipped).items():
            tables[scale][group.here] = np.column_stack(prior)
    return {scale: drift.Prior(*table.T) for scale, table in tables.items()}


def _priors(group: Group, asked: Asked, shipped: dict[str, drift.Prior]) -> dict[str, drift.Prior]:
    """The priors of the tasks of one indicator."""
    own = np.where(np.isin(asked.row, group.members), np.searchsorted(group.members, asked.row), -1)
    windows = [int(window(least, group.step)) for least in (PACE_WINDOW, NOISE_WINDOW)]
    moments, which = np.unique(asked.origin, return_inverse=True)
    found = {}
    for scale in SCALES:
        rows = past(group.times, drift.to_scale(group.values, scale=scale))
        told = [Steps(*(part[which] for part in steps_until(rows, moments, window=size))) for size in windows]
        found[scale] = blend(shipped[scale], others(*told, own=own))
    return found


def trend_weights(like: list[Group], points: Points, asked: Asked, shipped) -> np.ndarray:
    """Prior weights of the trends' settings for each task (tasks, settings).

    One step of expectation-maximisation: what each like series' last steps by the origin say, added to the shipped weights.
    """
    weights = np.empty((len(asked.row), len(shipped)))
    for some in _batches(like):
        everyone = np.concatenate([group.members for group in some])
        times, values = histories(points, points.first[everyone], points.last[everyone])
        gained = trends.filtered(times, log_odds(values))[0].cumsum(axis=1)
        first = 0
        for group in some:
            own = gained[first : first + len(group.members)]
            first += len(group.members)
            weights[group.here] = trends.PSEUDO_SERIES * shipped + _said(group, own, asked.only(group.here), shipped)
    return weights / weights.sum(axis=1, keepdims=True)


def _batches(like: list[Group]) -> list[list[Group]]:
    """Groups whose like series are filtered together, so that memory does not grow with the number of groups."""
    ends = np.cumsum([len(group.members) for group in like]) // MOST_ROWS
    return [[group for group, end in zip(like, ends, strict=True) if end == batch] for batch in np.unique(ends)]


def _said(group: Group, gained, asked: Asked, shipped) -> np.ndarray:
    """How many of the other members speak for each setting at each task's origin (tasks, settings)."""
    said = np.empty((len(asked.row), len(shipped)))
    for origin in np.unique(asked.origin):
        here = np.flatnonzero(asked.origin == origin)
        at = (group.times <= origin + NEAR).sum(axis=1) - 1
        told = np.flatnonzero(at >= 1)
        recent = gained[told, at[told]] - gained[told, np.maximum(at[told] - trends.WINDOW, 0)]
        others = (asked.row[here][:, None] != group.members[told]).astype(float)
        said[here] = others @ trends.shares(recent.astype(float), shipped)
    return said


def analogue_scores(like: list[Group], points: Points, asked: Asked, fallback) -> list[np.ndarray]:
    """Normal scores (tasks, rungs) of what like series did over the same horizon, on each scale.

    ``fallback``: CDF values (tasks, rungs) that count as ``analogues.CASES`` cases.
    """
    told = {scale: [] for scale in SCALES}
    pace = {scale: np.empty(len(asked.row)) for scale in SCALES}
    order = []
    for group in like:
        steps = max(round(PACE_YEARS / group.step), 1)
        mine = asked.only(group.here)
        own = _last_pace(points, mine.stop - 1, mine.start, steps)
        for scale in SCALES:
            pace[scale][group.here] = own[scale]
        for part, pairs, weight in _weighed(group, points, mine, steps):
            order.append(group.here[part])
            for scale in SCALES:
                told[scale].append(analogues.told(pairs, weight, scale=scale))
    back, level = np.argsort(np.concatenate(order)), log_odds(points.values[asked.stop - 1])
    return [_like_scores(told[scale], back, level, pace[scale], fallback, scale) for scale in SCALES]


def _weighed(group: Group, points: Points, asked: Asked, steps: int):
    """Tasks of one horizon (their places), the pairs of that horizon, and what each pair weighs; a few tasks at a time."""
    level, near = log_odds(points.values[asked.stop - 1]), np.round(asked.horizon / NEAR).astype(int)
    for horizon in np.unique(near):
        here = np.flatnonzero(near == horizon)
        ahead = float(asked.horizon[here[0]])  # not the rounded one: a pair may end on the very day of the origin
        pairs = pairs_of(points, group.members, ahead, steps)
        size = max(MOST_CELLS // max(len(pairs.start), 1), 1)
        for part in (here[first : first + size] for first in range(0, len(here), size)):
            asking = {"series": asked.row[part], "level": level[part], "origin": asked.origin[part]}
            yield part, pairs, analogues.weights(pairs, **asking, horizon=ahead)


def _like_scores(parts: list[analogues.Told], back, level, pace, fallback, scale: str) -> np.ndarray:
    """Normal scores (tasks, rungs) of what the pairs told, put ``back`` in the order of the tasks, and of the fallback."""
    told = analogues.Told(*(np.concatenate(columns)[back] for columns in zip(*parts, strict=True)))
    like = analogues.cdf(told, level, pace, scale=scale)
    share = (told.cases / (told.cases + analogues.CASES))[:, None]
    return ladder.scores(share * like + (1 - share) * fallback)


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
