"""Draws of ratios, which have no ceiling: shrunk damped drift on the logarithm and on the raw scale, averaged as CDFs.

A ratio of several reporting units is forecast as the sum of its units, one without them from its own history.
"""

from typing import NamedTuple

import numpy as np

from qnict_analysis import periods
from qnict_analysis.engine.learned import shipped
from qnict_analysis.forecast import levers, parts
from qnict_analysis.forecast.paths import histories, latent
from qnict_analysis.models import copula, drift, mixture
from qnict_analysis.models import parts as sums_of_parts

SCALES = ("log", "raw")

HALF_WAY = 0.5
"""The priors were learned on shares. Half-way up, a step on the logarithm is half a step on the logit, and a share's pace and
noise in points are twice as large relative to its level."""


class Fit(NamedTuple):
    """Fits of many rows on one scale: ``last`` value, posterior ``drift``, its ``prior``; ``step`` years between points."""

    scale: str
    last: np.ndarray
    drift: drift.Drift
    prior: drift.Prior
    step: np.ndarray

    def cap(self, row: int, direction: float, registry, *, paces=()) -> float:
        """The best pace observed, towards the target, from ``paces`` or, where they are few, the prior of one row."""
        own = drift.Prior(*(part[row] for part in self.prior))
        return levers.best_pace(paces, own._replace(mu=own.mu * direction), registry)


class Ahead(NamedTuple):
    """All (case, period) pairs ahead in one row: the case, and ``years`` from its last point."""

    case: np.ndarray
    years: np.ndarray


def ratios(cases, streams, registry) -> list[np.ndarray]:
    """Draws of ratios (no ceiling), an array (periods, draws) a case."""
    times, values = histories(cases, registry)
    turned = np.array([case.direction for case in cases])
    floors = np.array([levers.floor_of(case.history["denominator"].iloc[-1], case.indicator.counts) for case in cases])
    fits = [_fit(times, values, scale, floors=floors, direction=turned) for scale in SCALES]
    ahead = _ahead(cases, times, values)
    places = [_places(fit, ahead.case, ahead.years) for fit in fits]
    shifts = [_shifts(fit, cases, ahead, registry) for fit in fits]
    direct = _mixture(places, shifts, fits[0].drift.df[ahead.case])
    sums = [_of_parts(case, registry) for case in cases]
    ordered = _ordered(direct, ahead, sums, copula.strata(streams[0].n_draws))
    found = []
    for number, (case, stream) in enumerate(zip(cases, streams, strict=True)):
        rows, own = ahead.case == number, drift.Drift(*(part[number] for part in fits[0].drift))
        moves = latent(own, fits[0].step[number], ahead.years[rows], stream, case.periods)
        placed = copula.place_by_rank(moves, ordered[rows])
        found.append(np.maximum(placed + levers.scheduled(case)[:, None], 0.0))
    return found


def _ordered(direct: mixture.Mixture, ahead: Ahead, sums, levels) -> np.ndarray:
    """Quantiles of every pair ahead (pairs, levels): of the sum of the parts, or of the direct forecast where there are none.

    ``sums``: equally likely values (periods, n) of each case from its parts, or None.
    """
    ordered = np.empty((len(ahead.case), len(levels)))
    split = np.array([found is not None for found in sums])[ahead.case]
    if not split.all():
        ordered[~split] = mixture.quantiles(levels, _rows_of(direct, ~split))
    if split.any():
        ordered[split] = sums_of_parts.quantiles(np.concatenate([found for found in sums if found is not None]), levels)
    return ordered


def _of_parts(case, registry) -> np.ndarray | None:
    """Equally likely values (periods, n) of the whole as the sum of its units; None where it has no parts."""
    units = parts.units_of(case)
    if units is None:
        return None
    likely = likely_of_units(case, units, registry)
    taken = sums_of_parts.places(len(units.values), likely.shape[-1], sums_of_parts.RHO)
    return sums_of_parts.whole(likely, units.weights, taken)


def likely_of_units(case, units: parts.Units, registry) -> np.ndarray:
    """Equally likely values in order (periods, units, n) of each unit by itself.

    Units are pooled among themselves, each leaving itself out; denominators stay at the latest frame.
    """
    floors = levers.floor_of(units.denominators, case.indicator.counts)
    fits = [_fit(units.times, units.values, s, floors=floors, direction=case.direction, pooled=True) for s in SCALES]
    count, ends = len(units.values), periods.period_time(case.periods)
    last = parts.last_known(np.where(np.isfinite(units.values), units.times, np.nan))
    years = ends[:, None] - last
    places = [_places(fit, np.arange(count), years) for fit in fits]
    began = units.now - last
    known = np.isfinite(units.values).sum(axis=1) >= 2
    shifts = []
    for fit in fits:
        pace = case.direction * fit.drift.b
        cap = fit.cap(0, case.direction, registry, paces=pace[known])
        shifts.append(case.direction * levers.shift(case, pace, cap, years, began=began))
    return sums_of_parts.likely_values(_mixture(places, shifts, fits[0].drift.df), levels=sums_of_parts.levels(count))


def _mixture(places, shifts, df) -> mixture.Mixture:
    """The distribution of every place (location and spread on each scale) once a scenario has moved it."""
    loc = np.stack([place[0] + shift for place, shift in zip(places, shifts, strict=True)], axis=-1)
    spread = np.stack([place[1] for place in places], axis=-1)
    return mixture.Mixture(loc, spread, np.broadcast_to(df.astype(float), loc.shape[:-1]), SCALES, np.inf)


def _rows_of(whole: mixture.Mixture, rows) -> mixture.Mixture:
    return mixture.Mixture(*(part[rows] for part in whole[:3]), *whole[3:])


def _fit(times, values, scale: str, *, floors, direction, pooled: bool = False) -> Fit:
    """Rows of points on a scale, shrunk to the shipped prior or (``pooled``) to what the other rows say as well."""
    highest = np.nanmax(values, axis=1)
    floor = floors * np.where(highest > 0, highest, 1.0)
    scaled = drift.to_scale(values, scale=scale, floor=floor[:, None])
    level = parts.last_known(values)
    prior = _part_prior(level, direction, scale) if pooled else _whole_prior(level, direction, scale)
    prior = sums_of_parts.pooled_prior(times, scaled, prior) if pooled else prior
    posterior = drift.posterior(sums_of_parts.recent_steps(times, scaled), prior)
    return Fit(scale, parts.last_known(scaled), posterior, prior, drift.usual_step(times, values))


def _whole_prior(level, direction, scale: str) -> drift.Prior:
    """The prior of whole countries turned towards the target; a raw pace is relative to the level, so that units of measure do
    not matter."""
    shipped_prior, size = drift.PRIORS[scale], np.ones(len(level)) if scale == "log" else _size(level)
    return drift.Prior(shipped_prior.mu * size * direction, shipped_prior.tau * size, shipped_prior.sigma * size)


def _part_prior(level, direction, scale: str) -> drift.Prior:
    """The prior learned on single shares, carried over to ratios and turned towards the target."""
    learned = shipped().priors["logit" if scale == "log" else "raw"]
    size = np.full(len(level), HALF_WAY) if scale == "log" else _size(level) / HALF_WAY
    return drift.Prior(learned.mu * size * direction, learned.tau * size, learned.sigma * size)


def _size(level) -> np.ndarray:
    return np.where(level > 0, level, 1.0)


def _ahead(cases, times, values) -> Ahead:
    last = parts.last_known(np.where(np.isfinite(values), times, np.nan))
    years = [periods.period_time(case.periods) - moment for case, moment in zip(cases, last, strict=True)]
    return Ahead(np.repeat(np.arange(len(cases)), [len(part) for part in years]), np.concatenate(years))


def _places(fit: Fit, rows, years) -> tuple[np.ndarray, np.ndarray]:
    """Location and spread of ``rows`` of a fit ``years`` after their last points, before any scenario."""
    posterior = drift.Drift(*(part[rows] for part in fit.drift))
    return drift.predictive(fit.last[rows], posterior, years, passing=drift.PASSING, step=fit.step[rows])


def _shifts(fit: Fit, cases, ahead: Ahead, registry) -> np.ndarray:
    """How far a scenario moves the location of every pair ahead."""
    moved = []
    for number, case in enumerate(cases):
        cap = fit.cap(number, case.direction, registry)
        pace = case.direction * fit.drift.b[number]
        moved.append(case.direction * levers.shift(case, pace, cap, ahead.years[ahead.case == number]))
    return np.concatenate(moved)
