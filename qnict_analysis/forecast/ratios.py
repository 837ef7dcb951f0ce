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


def ratios(cases, streams, registry) -> list:
    """For each case the function that draws it: from ``closes`` (one a period) and ``adds`` (two rows: expected, promised) to
    ratios (no ceiling; periods, draws)."""
    return [_ready(case, stream, registry) for case, stream in zip(cases, streams, strict=True)]


def _ready(case, stream, registry):
    times, values = histories([case], registry)
    floors = np.array([levers.floor_of(case.history["denominator"].iloc[-1], case.indicator.counts)])
    fits = [_fit(times, values, scale, floors=floors, direction=np.array([case.direction])) for scale in SCALES]
    last = parts.last_known(np.where(np.isfinite(values), times, np.nan))
    years = periods.period_time(case.periods) - last[0]
    own = drift.Drift(*(part[0] for part in fits[0].drift))
    ranks = copula.ranks_of(latent(own, fits[0].step[0], years, stream, case.periods))
    units = parts.units_of(case)
    apart = _apart(case, units, registry) if units is not None else _alone(case, fits, years, registry)
    levels = copula.strata(stream.n_draws)
    taken = None if units is None else sums_of_parts.places(*_of_each(apart), sums_of_parts.RHO)

    def draw(closes, adds) -> np.ndarray:
        if units is None:
            ordered = mixture.quantiles(levels, apart.moved(closes))
        else:
            ordered = sums_of_parts.quantiles(sums_of_parts.whole(_likely(apart, closes), units.weights, taken), levels)
        placed = np.take_along_axis(ordered, ranks, axis=-1)
        return np.maximum(placed + levers.scheduled(case, adds[0])[:, None], 0.0)

    return draw


class Apart(NamedTuple):
    """Locations and spreads on each scale before any scenario (periods, or periods x units), and what moves them."""

    places: list
    paces: list
    caps: list
    years: np.ndarray
    began: np.ndarray | float
    df: np.ndarray
    direction: float

    def moved(self, closes) -> mixture.Mixture:
        """The distributions under a scenario."""
        moves = [
            self.direction * levers.shift(closes, pace, cap, self.years, began=self.began)
            for pace, cap in zip(self.paces, self.caps, strict=True)
        ]
        return _mixture(self.places, moves, self.df)


def _alone(case, fits: list[Fit], years, registry) -> Apart:
    """A ratio from its own history."""
    rows = np.zeros(len(years), dtype=int)
    return Apart(
        [_places(fit, rows, years) for fit in fits],
        [case.direction * fit.drift.b[0] for fit in fits],
        [fit.cap(0, case.direction, registry) for fit in fits],
        years,
        0.0,
        fits[0].drift.df[rows],
        case.direction,
    )


def _apart(case, units: parts.Units, registry) -> Apart:
    """The units of a ratio, pooled among themselves, each leaving itself out; denominators stay at the latest frame."""
    floors = levers.floor_of(units.denominators, case.indicator.counts)
    fits = [_fit(units.times, units.values, s, floors=floors, direction=case.direction, pooled=True) for s in SCALES]
    count, ends = len(units.values), periods.period_time(case.periods)
    last = parts.last_known(np.where(np.isfinite(units.values), units.times, np.nan))
    years = ends[:, None] - last
    known = np.isfinite(units.values).sum(axis=1) >= 2
    paces = [case.direction * fit.drift.b for fit in fits]
    caps = [fit.cap(0, case.direction, registry, paces=pace[known]) for fit, pace in zip(fits, paces, strict=True)]
    places = [_places(fit, np.arange(count), years) for fit in fits]
    return Apart(places, paces, caps, years, units.now - last, fits[0].drift.df, case.direction)


def _of_each(apart: Apart) -> tuple[int, int]:
    """Units, and how many equally likely values stand for each."""
    count = apart.years.shape[-1]
    return count, len(apart.places) * sums_of_parts.levels(count)


def _likely(apart: Apart, closes) -> np.ndarray:
    return sums_of_parts.likely_values(apart.moved(closes), levels=sums_of_parts.levels(apart.years.shape[-1]))


def likely_of_units(case, units: parts.Units, registry) -> np.ndarray:
    """Equally likely values in order (periods, units, n) of each unit by itself, under the case's scenario."""
    return _likely(_apart(case, units, registry), case.closes)


def _mixture(places, shifts, df) -> mixture.Mixture:
    """The distribution of every place (location and spread on each scale) once a scenario has moved it."""
    loc = np.stack([place[0] + shift for place, shift in zip(places, shifts, strict=True)], axis=-1)
    spread = np.stack([place[1] for place in places], axis=-1)
    return mixture.Mixture(loc, spread, np.broadcast_to(df.astype(float), loc.shape[:-1]), SCALES, np.inf)


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


def _places(fit: Fit, rows, years) -> tuple[np.ndarray, np.ndarray]:
    """Location and spread of ``rows`` of a fit ``years`` after their last points, before any scenario."""
    posterior = drift.Drift(*(part[rows] for part in fit.drift))
    return drift.predictive(fit.last[rows], posterior, years, passing=drift.PASSING, step=fit.step[rows])
