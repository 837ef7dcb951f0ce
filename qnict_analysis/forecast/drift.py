"""Draws of shares and ratios: shrunk damped drift on two scales, averaged as CDFs."""

from typing import NamedTuple

import numpy as np
from scipy import special

from qnict_analysis import periods
from qnict_analysis.models import copula, drift, mixture

FLOOR = 0.005
"""Values keep this far from 0 and 1 on the logit; half a case where the denominator is below 100."""

UNITS_FOR_CAP = 5
"""Paces of units from which the best pace observed is read; with fewer the prior speaks."""


class Fit(NamedTuple):
    """The fits of all cases on one scale: ``last`` value, posterior ``drift``, its ``prior``, each with one entry a case."""

    scale: str
    last: np.ndarray
    drift: drift.Drift
    prior: drift.Prior


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
    step = drift.usual_step(times, values)
    fits = [_fit(cases, times, values, scale, bounded=np.isfinite(ceiling)) for scale in scales]
    ahead = _ahead(cases, times, values)
    places = [_places(fit, ahead, step) for fit in fits]
    shifts = [_shifts(fit, cases, ahead, registry) for fit in fits]
    loc = np.stack([place[0] + shift for place, shift in zip(places, shifts, strict=True)], axis=-1)
    spread = np.stack([place[1] for place in places], axis=-1)
    df = fits[0].drift.df[ahead.case].astype(float)
    ordered = mixture.quantiles(copula.strata(streams[0].n_draws), mixture.Mixture(loc, spread, df, scales, ceiling))
    found = []
    for number, (case, stream) in enumerate(zip(cases, streams, strict=True)):
        rows = ahead.case == number
        latent = _paths(fits, number, ahead.years[rows], [place[0][rows] for place in places], step[number], stream, case.periods)
        placed = copula.place_by_rank(latent, ordered[rows])
        found.append(np.clip(placed + _scheduled(case)[:, None], 0.0, ceiling))
    return found


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
    """Half a case of the latest denominator where it is small, else FLOOR."""
    n = np.array([case.history["denominator"].iloc[-1] if case.indicator.counts else np.nan for case in cases], dtype=float)
    return np.maximum(FLOOR, np.nan_to_num(0.5 / np.where(n > 1, n, np.nan)))


def _fit(cases, times, values, scale: str, *, bounded: bool) -> Fit:
    level = np.nanmax(values, axis=1)
    floor = _floors(cases) * (1.0 if bounded else np.where(level > 0, level, 1.0))
    scaled = drift.to_scale(values, scale=scale, floor=floor[:, None])
    prior = _prior(cases, _last(values), scale, bounded=bounded)
    return Fit(scale, _last(scaled), drift.posterior(drift.steps_of(times, scaled), prior), prior)


def _prior(cases, level, scale: str, *, bounded: bool) -> drift.Prior:
    """The shipped prior turned towards the target; a ratio's raw pace is relative to its level, so that units of measure
    do not matter."""
    shipped = drift.PRIORS["log" if not bounded else scale]
    size = np.where(level > 0, level, 1.0) if not bounded and scale == "raw" else np.ones(len(cases))
    direction = np.array([case.direction for case in cases])
    return drift.Prior(shipped.mu * size * direction, shipped.tau * size, shipped.sigma * size)


def _last(values) -> np.ndarray:
    """The last known value of each row."""
    spots = values.shape[1] - 1 - np.isfinite(values)[:, ::-1].argmax(axis=1)
    return np.take_along_axis(values, spots[:, None], 1)[:, 0]


def _ahead(cases, times, values) -> Ahead:
    last = _last(np.where(np.isfinite(values), times, np.nan))
    years = [periods.period_time(case.periods) - moment for case, moment in zip(cases, last, strict=True)]
    return Ahead(np.repeat(np.arange(len(cases)), [len(part) for part in years]), np.concatenate(years))


def _places(fit: Fit, ahead: Ahead, step) -> tuple[np.ndarray, np.ndarray]:
    """Location and spread of every pair ahead on one scale, before any scenario."""
    posterior = drift.Drift(*(part[ahead.case] for part in fit.drift))
    return drift.predictive(fit.last[ahead.case], posterior, ahead.years, passing=drift.PASSING, step=step[ahead.case])


def _shifts(fit: Fit, cases, ahead: Ahead, registry) -> np.ndarray:
    """How far a scenario moves the location of every pair ahead: its change of pace times the undamped years it works."""
    moved = np.zeros(len(ahead.years))
    for number, case in enumerate(cases):
        if case.closes.any():
            rows = ahead.case == number
            work = np.diff(drift.damping(ahead.years[rows]), prepend=0.0)
            pace = case.direction * fit.drift.b[number]
            cap = best_pace(case, fit, number, quantile=registry.assumption("pace_cap_quantile"))
            moved[rows] = case.direction * np.cumsum(drift.changed_pace(pace, cap, case.closes) * work)
    return moved


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


def _paths(fits, number: int, years, locations, step: float, stream, labels) -> np.ndarray:
    """Simulated futures of one case (periods, draws), before any scenario: scale, pace and tail drawn once a row.

    The first step holds the reporting noise of the whole row, so that "stays met" does not flicker.
    """
    grown = np.diff(drift.grown_years(years, passing=drift.PASSING, step=step), prepend=0.0)
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
