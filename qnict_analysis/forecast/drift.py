"""Draws of shares and ratios: shrunk damped drift on two scales, averaged as CDFs.

An indicator with several reporting units is forecast twice, from its own history and as the sum of its units, and the two
CDFs are averaged.
"""

from typing import NamedTuple

import numpy as np
from scipy import special

from qnict_analysis import periods
from qnict_analysis.forecast import parts
from qnict_analysis.models import copula, drift, mixture
from qnict_analysis.models import parts as sums_of_parts

FLOOR = 0.005
"""Values keep this far from 0 and 1 on the logit; half a case where the denominator is below 100."""

UNITS_FOR_CAP = 5
"""Paces of units from which the best pace observed is read; with fewer the prior speaks."""


class Fit(NamedTuple):
    """Fits of many rows on one scale: ``last`` value, posterior ``drift``, its ``prior``; ``step`` years between points."""

    scale: str
    last: np.ndarray
    drift: drift.Drift
    prior: drift.Prior
    step: np.ndarray


class Ahead(NamedTuple):
    """All (case, period) pairs ahead in one row: the case, and ``years`` from its last point."""

    case: np.ndarray
    years: np.ndarray


def shares(cases, streams, registry) -> list[np.ndarray]:
    """Draws of shares (0 to 1), an array (periods, draws) a case."""
    return _draws(cases, streams, registry, scales=("logit", "raw"), ceiling=1.0)


def ratios(cases, streams, registry) -> list[np.ndarray]:
    """Draws of ratios (no ceiling), an array (periods, draws) a case."""
    return _draws(cases, streams, registry, scales=("log", "raw"), ceiling=np.inf)


def _draws(cases, streams, registry, *, scales, ceiling) -> list[np.ndarray]:
    """Exact quantiles of each pair ahead, placed by the ranks of baseline paths: a scenario moves every row the same way."""
    times, values = _points(cases, registry)
    turned = np.array([case.direction for case in cases])
    fits = [_fit(times, values, scale, floors=_floors(cases), direction=turned, ceiling=ceiling) for scale in scales]
    ahead = _ahead(cases, times, values)
    places = [_places(fit, ahead.case, ahead.years) for fit in fits]
    caps = [[_cap(case, fit, number, registry) for number, case in enumerate(cases)] for fit in fits]
    shifts = [_shifts(fit, cases, ahead, cap) for fit, cap in zip(fits, caps, strict=True)]
    direct = _mixture(places, shifts, fits[0].drift.df[ahead.case], scales, ceiling)
    sums = [_of_parts(case, cap, scales, ceiling) for case, cap in zip(cases, zip(*caps, strict=True), strict=True)]
    ordered = _ordered(direct, ahead, sums, copula.strata(streams[0].n_draws))
    found = []
    for number, (case, stream) in enumerate(zip(cases, streams, strict=True)):
        rows = ahead.case == number
        latent = _paths(fits, number, ahead.years[rows], [place[0][rows] for place in places], stream, case.periods)
        placed = copula.place_by_rank(latent, ordered[rows])
        found.append(np.clip(placed + _scheduled(case)[:, None], 0.0, ceiling))
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


def _of_parts(case, caps, scales, ceiling) -> np.ndarray | None:
    """Equally likely values (periods, n) of the whole as the sum of its units; None where it has no parts.

    Units are pooled among themselves, each leaving itself out; denominators stay at the latest frame.
    """
    units = parts.units_of(case)
    if units is None:
        return None
    floors = _floor(units.denominators, case.indicator.counts)
    fits = [
        _fit(units.times, units.values, s, floors=floors, direction=case.direction, ceiling=ceiling, pooled=True) for s in scales
    ]
    count, ends = len(units.values), periods.period_time(case.periods)
    last = parts.last_known(np.where(np.isfinite(units.values), units.times, np.nan))
    years = ends[:, None] - last
    places = [_places(fit, np.arange(count), years) for fit in fits]
    began = units.now - last
    shifts = [_shift(case, fit.drift.b, cap, years, began=began) for fit, cap in zip(fits, caps, strict=True)]
    likely = sums_of_parts.likely_values(_mixture(places, shifts, fits[0].drift.df, scales, ceiling))
    return sums_of_parts.whole(likely, units.weights, sums_of_parts.places(count, likely.shape[-1], sums_of_parts.RHO))


def _mixture(places, shifts, df, scales, ceiling) -> mixture.Mixture:
    """The distribution of every place (location and spread on each scale) once a scenario has moved it."""
    loc = np.stack([place[0] + shift for place, shift in zip(places, shifts, strict=True)], axis=-1)
    spread = np.stack([place[1] for place in places], axis=-1)
    return mixture.Mixture(loc, spread, np.broadcast_to(df.astype(float), loc.shape[:-1]), scales, ceiling)


def _rows_of(whole: mixture.Mixture, rows) -> mixture.Mixture:
    return mixture.Mixture(*(part[rows] for part in whole[:3]), *whole[3:])


def _points(cases, registry) -> tuple[np.ndarray, np.ndarray]:
    """Times and values of all cases, one a row; points resting on too few returns are left out (the mix of units would
    pass for a change)."""
    least = registry.assumption("coverage_min")
    kept = [case.history[case.history["coverage"] >= least] for case in cases]
    width = max(len(frame) for frame in kept)
    times, values = (np.full((len(cases), width), np.nan) for _ in range(2))
    for row, frame in enumerate(kept):
        times[row, : len(frame)] = periods.period_time(frame["period"])
        values[row, : len(frame)] = frame["value"]
    return times, values


def _floors(cases) -> np.ndarray:
    return np.array([_floor(case.history["denominator"].iloc[-1], case.indicator.counts) for case in cases], dtype=float)


def _floor(denominators, counts: bool) -> np.ndarray:
    """Half a case of the latest denominator where cases are counted and few, else FLOOR."""
    n = np.asarray(denominators, dtype=float)
    return np.maximum(FLOOR, np.nan_to_num(0.5 / np.where(counts & (n > 1), n, np.nan)))


def _fit(times, values, scale: str, *, floors, direction, ceiling, pooled: bool = False) -> Fit:
    """Rows of points on a scale, shrunk to the shipped prior or (``pooled``) to what the other rows say as well."""
    bounded, highest = np.isfinite(ceiling), np.nanmax(values, axis=1)
    floor = floors * (1.0 if bounded else np.where(highest > 0, highest, 1.0))
    scaled = drift.to_scale(values, scale=scale, floor=floor[:, None])
    prior = _prior(parts.last_known(values), direction, scale, bounded=bounded)
    prior = sums_of_parts.pooled_prior(times, scaled, prior) if pooled else prior
    posterior = drift.posterior(drift.steps_of(times, scaled), prior)
    return Fit(scale, parts.last_known(scaled), posterior, prior, drift.usual_step(times, values))


def _prior(level, direction, scale: str, *, bounded: bool) -> drift.Prior:
    """The shipped prior turned towards the target; a ratio's raw pace is relative to its level, so that units of measure
    do not matter."""
    shipped = drift.PRIORS["log" if not bounded else scale]
    size = np.where(level > 0, level, 1.0) if not bounded and scale == "raw" else np.ones(len(level))
    return drift.Prior(shipped.mu * size * direction, shipped.tau * size, shipped.sigma * size)


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
    together = zip(cases, fit.drift.b, caps, strict=True)
    return np.concatenate([_shift(case, b, cap, ahead.years[ahead.case == n]) for n, (case, b, cap) in enumerate(together)])


def _shift(case, b, cap: float, years, *, began=0.0) -> np.ndarray:
    """How far a scenario moves each location: its change of the pace ``b`` times the undamped years it works.

    ``years`` (periods, …) since the last point, where the whole's last figure stood ``began`` years after it: levers do not
    work in the past.
    """
    if not case.closes.any():
        return np.zeros(years.shape)
    start = drift.damping(np.broadcast_to(began, years.shape[1:]))
    work = np.diff(drift.damping(years), axis=0, prepend=start[None])
    closes = case.closes.reshape(-1, *[1] * (years.ndim - 1))
    return case.direction * np.cumsum(drift.changed_pace(case.direction * b, cap, closes) * work, axis=0)


def _cap(case, fit: Fit, number: int, registry) -> float:
    """The best pace observed where a lever asks for it."""
    return best_pace(case, fit, number, quantile=registry.assumption("pace_cap_quantile")) if case.closes.any() else 0.0


def best_pace(case, fit: Fit, number: int, *, quantile: float) -> float:
    """The best pace observed, towards the target: a quantile of the units' shrunk paces, else of the prior."""
    own = drift.Prior(*(part[number] for part in fit.prior))
    paces = _unit_paces(case.panel, fit.scale, own)
    if len(paces) >= UNITS_FOR_CAP:
        return float(np.quantile(case.direction * paces, quantile))
    return float(case.direction * own.mu + special.ndtri(quantile) * own.tau)


def _unit_paces(panel, scale: str, prior: drift.Prior) -> np.ndarray:
    """Shrunk paces of the units with two reported figures or more."""
    told = panel[(panel["state"] == "reported") & panel["value"].notna()]
    table = told.pivot(index="unit", columns="period", values="value")
    table = table[sorted(table.columns, key=periods.ordinal)]
    if table.empty:
        return np.empty(0)
    scaled = drift.to_scale(table.to_numpy(float), scale=scale, floor=FLOOR)
    steps = drift.steps_of(periods.period_time(table.columns), scaled)
    return drift.posterior(steps, prior).b[steps.n >= 2]


def _paths(fits, number: int, years, locations, stream, labels) -> np.ndarray:
    """Simulated futures of one case (periods, draws), before any scenario: scale, pace and tail drawn once a row.

    The first step holds the reporting noise of the whole row, so that "stays met" does not flicker.
    """
    grown = np.diff(drift.grown_years(years, passing=drift.PASSING, step=fits[0].step[number]), prepend=0.0)
    noise = np.array([copula.normals(stream, copula.FIRST_PERIOD + periods.ordinal(label)) for label in labels])
    wandering = np.cumsum(np.sqrt(grown)[:, None] * noise, axis=0)
    pace, tail = copula.normals(stream, copula.PACE), copula.own_tails(stream, copula.TAIL, float(fits[0].drift.df[number]))
    paths = []
    for fit, location in zip(fits, locations, strict=True):
        work = drift.damping(years)[:, None] * np.sqrt(fit.drift.v[number])
        moved = location[:, None] + tail * (work * pace + np.sqrt(fit.drift.sigma2[number]) * wandering)
        paths.append(drift.SCALES[fit.scale][1](moved))
    return np.where(copula.own_uniforms(stream, copula.COMPONENT) < 0.5, *paths)


def _scheduled(case) -> np.ndarray:
    """What a schedule adds to the figure by each period: items over the latest denominator."""
    if not case.adds.any():
        return np.zeros(len(case.periods))
    denominator = float(case.history["denominator"].iloc[-1])
    if not (case.indicator.counts and denominator > 0):
        name = case.indicator.id
        raise ValueError(f"schedule of {name}: it adds items, but the indicator has no counted denominator; allowed: a lever")
    return np.cumsum(case.adds) / denominator
