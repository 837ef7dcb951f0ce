"""Draws of shares: the engine's distributions, placed by the ranks of baseline futures.

An indicator with several reporting units is forecast twice, from its own history and as the sum of its units (each unit by the
engine, with the others as its like series), and the two CDFs are averaged. A target that asks for less is forecast as what is
missing from 1, so that a pace towards the target is always a rise.
"""

from typing import NamedTuple

import numpy as np

from qnict_analysis import engine, periods
from qnict_analysis.engine import like
from qnict_analysis.engine.learned import shipped
from qnict_analysis.engine.points import Asked, Points, points_from
from qnict_analysis.forecast import levers, parts
from qnict_analysis.forecast.paths import histories, latent
from qnict_analysis.models import copula, drift, ladder
from qnict_analysis.models import parts as sums_of_parts

SCALE = "logit"
"""The scale on which levers act and futures are simulated."""


class Ahead(NamedTuple):
    """Series, and what is asked of them: ``asked`` has a row for each pair of a series and a period, ``fit`` one a series."""

    points: Points
    asked: Asked
    fit: drift.Drift
    step: np.ndarray


def shares(cases, streams, registry) -> list[np.ndarray]:
    """Draws of shares (0 to 1), an array (periods, draws) a case."""
    return [_draws(case, stream, registry) for case, stream in zip(cases, streams, strict=True)]


def _draws(case, stream, registry) -> np.ndarray:
    """Draws of one case (periods, draws): exact quantiles of its distributions, placed by the ranks of its futures."""
    direct = _direct(case, registry)
    pace, years = case.direction * direct.fit.b[0], direct.asked.horizon
    cap = levers.best_pace(case, SCALE, _turned(case), registry)
    table = engine.tables(direct.points, direct.asked, shipped(), pool="none")
    moved = table._replace(middle=table.middle + case.direction * levers.shift(case, pace, cap, years))
    ordered = _quantiles(moved, _of_parts(case, cap), copula.strata(stream.n_draws))
    if case.direction < 0:
        ordered = 1.0 - ordered[:, ::-1]
    own = drift.Drift(*(part[0] for part in direct.fit))
    placed = copula.place_by_rank(latent(own, direct.step[0], years, stream, case.periods), ordered)
    return np.clip(placed + levers.scheduled(case)[:, None], 0.0, 1.0)


def _direct(case, registry) -> Ahead:
    """The whole asked for every period ahead."""
    times, values = histories([case], registry)
    floor = levers.floor_of(case.history["denominator"].iloc[-1], case.indicator.counts)
    points = points_from(times, _towards(values, case.direction, floor), [case.indicator.id], [case.indicator.id])
    ends = periods.period_time(case.periods)
    return _ahead(points, np.zeros(len(ends), dtype=int), ends)


def _quantiles(table: ladder.Table, likely, levels) -> np.ndarray:
    """Quantiles (periods, levels) of the whole, its CDF averaged with that of the ``likely`` values of its parts if any."""
    if likely is None:
        return ladder.quantile(levels, table)
    whole = ladder.quantile(copula.strata(sums_of_parts.ROWS), table)
    return sums_of_parts.mixed(whole, likely, sums_of_parts.WEIGHT, levels)


def _towards(values, direction, floors) -> np.ndarray:
    """Shares kept off 0 and 1 by their floors; what is missing from 1 where the target asks for less."""
    kept = np.clip(values, floors, 1.0 - floors)
    return np.where(direction > 0, kept, 1.0 - kept)


def _turned(case) -> drift.Prior:
    """The shipped prior turned towards the target."""
    prior = shipped().priors[SCALE]
    return prior._replace(mu=prior.mu * case.direction)


def _ahead(points: Points, rows, ends, origin=None) -> Ahead:
    """Ask for the moments ``ends`` (years) of the series ``rows``, from all their points; ``origin``: when it is asked."""
    last = points.times[points.last - 1][rows]
    moment = last if origin is None else np.full(len(rows), origin)
    asked = Asked(rows, points.first[rows], points.last[rows], moment, ends - last, np.full(len(rows), np.nan))
    each = Asked(*(part[np.unique(rows, return_index=True)[1]] for part in asked))
    own = engine.recent(points, each)
    prior = shipped().priors if origin is None else like.priors(like.groups(points, each), each, shipped().priors)
    return Ahead(points, asked, engine.drift_of(own, prior[SCALE], SCALE), own.step)


def _of_parts(case, cap: float) -> np.ndarray | None:
    """Equally likely values (periods, n), towards the target, of the whole as the sum of its units; None where it has no parts.

    Each unit has the others as its like series; denominators stay at the latest frame.
    """
    units = parts.units_of(case)
    if units is None:
        return None
    floors = levers.floor_of(units.denominators, case.indicator.counts)[:, None]
    count = len(units.values)
    names = [f"{case.indicator.id} {unit}" for unit in units.names]
    points = points_from(units.times, _towards(units.values, case.direction, floors), names, [case.indicator.id] * count)
    rows, ends = np.tile(np.arange(count), len(case.periods)), np.repeat(periods.period_time(case.periods), count)
    ahead = _ahead(points, rows, ends, units.now)
    table = engine.tables(points, ahead.asked, shipped(), pool="indicator")
    began = units.now - points.times[points.last - 1]
    years = ahead.asked.horizon.reshape(-1, count)
    moved = case.direction * levers.shift(case, case.direction * ahead.fit.b, cap, years, began=began)
    table = table._replace(middle=table.middle + moved.ravel())
    likely = ladder.quantile(copula.strata(sums_of_parts.LEVELS), table)
    taken = sums_of_parts.places(count, likely.shape[-1], sums_of_parts.RHO)
    return sums_of_parts.whole(likely.reshape(len(case.periods), count, -1), units.weights, taken)
