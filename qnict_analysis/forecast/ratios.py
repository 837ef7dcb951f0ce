"""Draws of ratios, which have no ceiling: shrunk damped drift on the logarithm and on the raw scale, averaged as CDFs.

A ratio of several reporting units is forecast twice, from its own history and as the sum of its units, and the two CDFs are
averaged.
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

    def prior_of(self, row: int) -> drift.Prior:
        """The prior of one row."""
        return drift.Prior(*(part[row] for part in self.prior))


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
    caps = [[levers.best_pace(case, fit.scale, fit.prior_of(n), registry) for n, case in enumerate(cases)] for fit in fits]
    shifts = [_shifts(fit, cases, ahead, cap) for fit, cap in zip(fits, caps, strict=True)]
    direct = _mixture(places, shifts, fits[0].drift.df[ahead.case])
    sums = [_of_parts(case, cap) for case, cap in zip(cases, zip(*caps, strict=True), strict=True)]
    ordered = _ordered(direct, ahead, sums, copula.strata(streams[0].n_draws))
    found = []
    for number, (case, stream) in enumerate(zip(cases, streams, strict=True)):
        rows, own = ahead.case == number, drift.Drift(*(part[number] for part in fits[0].drift))
        moves = latent(own, fits[0].step[number], ahead.years[rows], stream, case.periods)
        placed = copula.place_by_rank(moves, ordered[rows])
        found.append(np.maximum(placed + levers.scheduled(case)[:, None], 0.0))
    return found


def _ordered(direct: mixture.Mixture, ahead: Ahead, sums, levels) -> np.ndarray:
    """Quantiles of every pair ahead (pairs, levels): of the direct forecast, mixed with that of the parts where there are any.

    ``sums``: equally likely values (periods, n) of each case from its parts, or None.
    """
    ordered = np.empty((len(ahead.case), len(levels)))
    split = np.array([found is not None for found in sums])[ahead.case]
    if not split.all():
        ordered[~split] = mixture.quantiles(levels, _rows_of(direct, ~split))
    if split.any():
        whole = sums_of_parts.likely_values(_rows_of(direct, split), levels=sums_of_parts.ROWS // len(direct.scales))
        likely = np.concatenate([found for found in sums if found is not None])
        ordered[split] = sums_of_parts.mixed(whole, likely, sums_of_parts.WEIGHT, levels)
    return ordered


def _of_parts(case, caps) -> np.ndarray | None:
    """Equally likely values (periods, n) of the whole as the sum of its units; None where it has no parts.

    Units are pooled among themselves, each leaving itself out; denominators stay at the latest frame.
    """
    units = parts.units_of(case)
    if units is None:
        return None
    floors = levers.floor_of(units.denominators, case.indicator.counts)
    fits = [_fit(units.times, units.values, s, floors=floors, direction=case.direction, pooled=True) for s in SCALES]
    count, ends = len(units.values), periods.period_time(case.periods)
    last = parts.last_known(np.where(np.isfinite(units.values), units.times, np.nan))
    years = ends[:, None] - last
    places = [_places(fit, np.arange(count), years) for fit in fits]
    began = units.now - last
    shifts = [levers.shift(case, fit.drift.b, cap, years, began=began) for fit, cap in zip(fits, caps, strict=True)]
    likely = sums_of_parts.likely_values(_mixture(places, shifts, fits[0].drift.df))
    return sums_of_parts.whole(likely, units.weights, sums_of_parts.places(count, likely.shape[-1], sums_of_parts.RHO))


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
    prior = _prior(parts.last_known(values), direction, scale)
    prior = sums_of_parts.pooled_prior(times, scaled, prior) if pooled else prior
    posterior = drift.posterior(sums_of_parts.recent_steps(times, scaled), prior)
    return Fit(scale, parts.last_known(scaled), posterior, prior, drift.usual_step(times, values))


def _prior(level, direction, scale: str) -> drift.Prior:
    """The shipped prior turned towards the target; relative to the level, so that units of measure do not matter."""
    learned = shipped().priors["logit" if scale == "log" else "raw"]
    size = np.full(len(level), HALF_WAY) if scale == "log" else np.where(level > 0, level, 1.0) / HALF_WAY
    return drift.Prior(learned.mu * size * direction, learned.tau * size, learned.sigma * size)


def _ahead(cases, times, values) -> Ahead:
    last = parts.last_known(np.where(np.isfinite(values), times, np.nan))
    years = [periods.period_time(case.periods) - moment for case, moment in zip(cases, last, strict=True)]
    return Ahead(np.repeat(np.arange(len(cases)), [len(part) for part in years]), np.concatenate(years))


def _places(fit: Fit, rows, years) -> tuple[np.ndarray, np.ndarray]:
    """Location and spread of ``rows`` of a fit ``years`` after their last points, before any scenario."""
    posterior = drift.Drift(*(part[rows] for part in fit.drift))
    return drift.predictive(fit.last[rows], posterior, years, passing=drift.PASSING, step=fit.step[rows])


def _shifts(fit: Fit, cases, ahead: Ahead, caps) -> np.ndarray:
    """How far a scenario moves the location of every pair ahead."""
    together = enumerate(zip(cases, fit.drift.b, caps, strict=True))
    return np.concatenate([levers.shift(case, b, cap, ahead.years[ahead.case == n]) for n, (case, b, cap) in together])
