"""Draws of shares: the engine's distributions, placed by the ranks of baseline futures.

An indicator with several reporting units is forecast as the sum of its units, each by the engine with the others as its like
series; one without from its own history. A target that asks for less is forecast as what is missing from 1, so that a pace
towards the target is always a rise.
"""

from typing import NamedTuple

import numpy as np

from qnict_analysis import engine, periods
from qnict_analysis.engine import like
from qnict_analysis.engine.learned import Learned, of_wholes, shipped
from qnict_analysis.engine.points import Asked, Points, points_from, standing
from qnict_analysis.forecast import levers, parts
from qnict_analysis.forecast.paths import histories, latent
from qnict_analysis.models import copula, drift, ladder
from qnict_analysis.models import parts as sums_of_parts

SCALE = "logit"
"""The scale on which levers act and futures are simulated."""


class Ahead(NamedTuple):
    """Series, and what is asked of them: ``asked`` has a row for each pair of a series and a period, ``prior`` and ``fit`` (on
    SCALE) and ``step`` (usual years between points) one a series."""

    points: Points
    asked: Asked
    prior: drift.Prior
    fit: drift.Drift
    step: np.ndarray


def shares(cases, streams, registry) -> list:
    """For each case the function that draws it: from ``closes`` (one a period) and ``adds`` (two rows: expected, promised) to
    shares (periods, draws).

    Draws are exact quantiles of the distributions, placed by the ranks of baseline futures; all that a scenario does not touch
    is worked out once.
    """
    return [_ready(case, stream, registry) for case, stream in zip(cases, streams, strict=True)]


def _ready(case, stream, registry):
    direct, levels = _direct(case, registry), copula.strata(stream.n_draws)
    own, years = drift.Drift(*(part[0] for part in direct.fit)), direct.asked.horizon
    ranks = copula.ranks_of(latent(own, direct.step[0], years, stream, case.periods))
    units = parts.units_of(case)
    whole = _whole(case, direct, of_wholes(), registry) if units is None else None
    apart = None if units is None else _apart(case, units, registry)
    taken = None if units is None else sums_of_parts.places(*_size(units), sums_of_parts.RHO)

    def draw(closes, adds) -> np.ndarray:
        if whole is not None:
            ordered = ladder.quantile(levels, whole.moved(closes))
        else:
            ordered = sums_of_parts.quantiles(sums_of_parts.whole(apart.likely(closes), units.weights, taken), levels)
        ordered = 1.0 - ordered[:, ::-1] if case.direction < 0 else ordered
        placed = np.take_along_axis(ordered, ranks, axis=-1)
        return np.clip(placed + levers.scheduled(case, adds[0])[:, None], 0.0, 1.0)

    return draw


class Whole(NamedTuple):
    """The distribution of a share in each period ahead before any scenario, and what a scenario moves it by."""

    table: ladder.Table
    pace: float
    cap: float
    years: np.ndarray

    def moved(self, closes) -> ladder.Table:
        """The distribution under a scenario."""
        return self.table._replace(middle=self.table.middle + levers.shift(closes, self.pace, self.cap, self.years))


def whole_of(case, registry, *, now: float) -> Whole:
    """The distribution of a share, towards the target, in each period ahead, from its own history as one series of many kinds.

    ``now``: where it stands, if that is not what was reported.
    """
    direct = _direct(case, registry)
    floor = levers.floor_of(case.history["denominator"].iloc[-1], case.indicator.counts)
    began, reported = _towards(np.asarray(now), case.direction, floor), direct.points.values[-1]
    whole = _whole(case, direct, shipped(), registry)
    if began == reported:
        return whole
    table = whole.table
    return whole._replace(table=ladder.Table(table.middle + standing(began) - standing(reported), table.score))


def _whole(case, direct: Ahead, learned: Learned, registry) -> Whole:
    """The engine's distribution of the whole in each period ahead."""
    table = engine.tables(direct.points, direct.asked, learned, pool="none")
    return Whole(table, direct.fit.b[0], levers.best_pace([], direct.prior, registry), direct.asked.horizon)


def _direct(case, registry) -> Ahead:
    """The whole asked for every period ahead."""
    times, values = histories([case], registry)
    floor = levers.floor_of(case.history["denominator"].iloc[-1], case.indicator.counts)
    points = points_from(times, _towards(values, case.direction, floor), [case.indicator.id], [case.indicator.id])
    ends = periods.period_time(case.periods)
    return _ahead(points, np.zeros(len(ends), dtype=int), ends)


def _towards(values, direction, floors) -> np.ndarray:
    """Shares kept off 0 and 1 by their floors, and at 0 or 1 where that is finer than the engine reads; what is missing from 1
    where the target asks for less."""
    at_end = (np.minimum(values, 1.0 - values) == 0.0) & (floors < drift.FLOOR)
    kept = np.where(at_end, values, np.clip(values, floors, 1.0 - floors))
    return np.where(direction > 0, kept, 1.0 - kept)


def _ahead(points: Points, rows, ends, origin=None) -> Ahead:
    """Ask for the moments ``ends`` (years) of the series ``rows``, from all their points.

    ``origin``: when the parts of a whole are asked, which are then each other's like series; None for a whole.
    """
    last = points.times[points.last - 1][rows]
    moment = last if origin is None else np.full(len(rows), origin)
    asked = Asked(rows, points.first[rows], points.last[rows], moment, ends - last, np.full(len(rows), np.nan))
    each = Asked(*(part[np.unique(rows, return_index=True)[1]] for part in asked))
    own = engine.recent(points, each)
    whole = origin is None
    prior = of_wholes().priors if whole else like.priors(like.groups(points, each), each, shipped().priors)
    return Ahead(points, asked, prior[SCALE], engine.drift_of(own, prior[SCALE], SCALE), own.step)


def _size(units: parts.Units) -> tuple[int, int]:
    """Units, and how many equally likely values stand for each."""
    return len(units.values), sums_of_parts.levels(len(units.values))


class Apart(NamedTuple):
    """The distributions of the units of a share before any scenario (rows: periods x units), and what moves them."""

    table: ladder.Table
    pace: np.ndarray
    cap: float
    years: np.ndarray
    began: np.ndarray

    def likely(self, closes) -> np.ndarray:
        """Equally likely values in order (periods, units, n), towards the target, of each unit by itself."""
        count = len(self.pace)
        moved = levers.shift(closes, self.pace, self.cap, self.years, began=self.began)
        table = self.table._replace(middle=self.table.middle + moved.ravel())
        return ladder.quantile(copula.strata(sums_of_parts.levels(count)), table).reshape(len(self.years), count, -1)


def likely_of_units(case, units: parts.Units, registry) -> np.ndarray:
    """Equally likely values in order (periods, units, n), towards the target, of each unit, under the case's scenario."""
    return _apart(case, units, registry).likely(case.closes)


def _apart(case, units: parts.Units, registry) -> Apart:
    """Each unit with the others as its like series; denominators stay at the latest frame."""
    floors = levers.floor_of(units.denominators, case.indicator.counts)[:, None]
    count = len(units.values)
    names = [f"{case.indicator.id} {unit}" for unit in units.names]
    points = points_from(units.times, _towards(units.values, case.direction, floors), names, [case.indicator.id] * count)
    rows, ends = np.tile(np.arange(count), len(case.periods)), np.repeat(periods.period_time(case.periods), count)
    ahead = _ahead(points, rows, ends, units.now)
    table = engine.tables(points, ahead.asked, shipped(), pool="indicator")
    usual = drift.Prior(*(float(np.median(part)) for part in ahead.prior))
    cap = levers.best_pace(ahead.fit.b[points.last - points.first >= 2], usual, registry)
    began = units.now - points.times[points.last - 1]
    return Apart(table, ahead.fit.b, cap, ahead.asked.horizon.reshape(-1, count), began)
