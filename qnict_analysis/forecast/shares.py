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


def shares(cases, streams, registry) -> list[np.ndarray]:
    """Draws of shares (0 to 1), an array (periods, draws) a case."""
    return [_draws(case, stream, registry) for case, stream in zip(cases, streams, strict=True)]


def _draws(case, stream, registry) -> np.ndarray:
    """Draws of one case (periods, draws): exact quantiles of its distributions, placed by the ranks of its futures."""
    direct, levels = _direct(case, registry), copula.strata(stream.n_draws)
    own, years = drift.Drift(*(part[0] for part in direct.fit)), direct.asked.horizon
    units = parts.units_of(case)
    if units is None:
        ordered = ladder.quantile(levels, _moved(case, direct, of_wholes(), registry))
    else:
        ordered = sums_of_parts.quantiles(_of_parts(case, units, registry), levels)
    if case.direction < 0:
        ordered = 1.0 - ordered[:, ::-1]
    placed = copula.place_by_rank(latent(own, direct.step[0], years, stream, case.periods), ordered)
    return np.clip(placed + levers.scheduled(case)[:, None], 0.0, 1.0)


def table_of(case, registry, *, now: float) -> ladder.Table:
    """The distribution of a share, towards the target, in each period ahead, from its own history as one series of many kinds.

    ``now``: where it stands, if that is not what was reported.
    """
    direct = _direct(case, registry)
    floor = levers.floor_of(case.history["denominator"].iloc[-1], case.indicator.counts)
    began, reported = _towards(np.asarray(now), case.direction, floor), direct.points.values[-1]
    table = _moved(case, direct, shipped(), registry)
    if began == reported:
        return table
    return ladder.Table(table.middle + standing(began) - standing(reported), table.score)


def _moved(case, direct: Ahead, learned: Learned, registry) -> ladder.Table:
    """The engine's distribution of the whole in each period ahead, moved by the scenario."""
    cap = levers.best_pace([], direct.prior, registry)
    table = engine.tables(direct.points, direct.asked, learned, pool="none")
    return table._replace(middle=table.middle + levers.shift(case, direct.fit.b[0], cap, direct.asked.horizon))


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


def _of_parts(case, units: parts.Units, registry) -> np.ndarray:
    """Equally likely values (periods, n), towards the target, of the whole as the sum of its units."""
    likely = likely_of_units(case, units, registry)
    taken = sums_of_parts.places(len(units.values), likely.shape[-1], sums_of_parts.RHO)
    return sums_of_parts.whole(likely, units.weights, taken)


def likely_of_units(case, units: parts.Units, registry) -> np.ndarray:
    """Equally likely values in order (periods, units, n), towards the target, of each unit by itself.

    Each unit has the others as its like series; denominators stay at the latest frame.
    """
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
    moved = levers.shift(case, ahead.fit.b, cap, ahead.asked.horizon.reshape(-1, count), began=began)
    likely = ladder.quantile(copula.strata(sums_of_parts.levels(count)), table._replace(middle=table.middle + moved.ravel()))
    return likely.reshape(len(case.periods), count, -1)
