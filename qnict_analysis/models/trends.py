"""Bayesian average over a grid of damped local linear trends on the log odds, for many series at once.

    v_t = level_t + noise,  level moves by a slope that fades and is itself shaken (time in years, gaps allowed).

Each setting of the grid is a Kalman filter without free parameters; its weight is a prior weight times its likelihood. The
prior weights were learned on series of many kinds and are turned towards like series by one step of expectation-maximisation.
(Harvey 1989, "Forecasting, structural time series models and the Kalman filter", 4.1; damping as Gardner and McKenzie 1985.)
"""

from itertools import product
from typing import NamedTuple

import numpy as np
from scipy import special

from qnict_analysis.models.drift import damping

LEVEL_SD = (0.05, 0.12, 0.3, 0.7)
"""Shocks to the level, per square root of a year, in log odds."""

NOISE_SD = (0.02, 0.1, 0.3)
"""Reporting noise of one figure."""

SLOPE_MEAN, SLOPE_SD = (0.2,), 0.2
"""Where the slope starts a year, and how widely."""

SHAKE_SD = (0.05,)
"""Shocks to the slope, per square root of a year."""

PHIS = (0.8, 0.95)
"""What is left of a slope after a year."""

SETTINGS = np.array(list(product(LEVEL_SD, NOISE_SD, SLOPE_MEAN, SHAKE_SD, PHIS)))
"""All settings, one a row: level, noise, slope, shake, phi."""

PSEUDO_SERIES = 8.0
"""The shipped weights count as much as so many like series."""

ALIKE = len(SLOPE_MEAN) * len(SHAKE_SD) * len(PHIS)
"""Settings that differ in their slope only: their forecasts are merged into one normal with the same mean and variance."""

WINDOW = 6
"""Steps of a like series that speak for its setting: the present matters."""


class State(NamedTuple):
    """What a filter knows after the last point, arrays (rows, settings): level, slope and their covariances."""

    level: np.ndarray
    slope: np.ndarray
    p_level: np.ndarray
    p_both: np.ndarray
    p_slope: np.ndarray


def filtered(times, values) -> tuple[np.ndarray, State]:
    """Log likelihood gained at each point (rows, points, settings; 0 at the first and at gaps), and the last state.

    ``times`` (years) and ``values`` (log odds) are rows of points packed to the left, ``NaN`` where a row has ended.
    """
    noise, slope = SETTINGS[:, 1], SETTINGS[:, 2]
    rows = (len(values), len(SETTINGS))
    state = State(
        np.repeat(values[:, :1], len(SETTINGS), axis=1),
        np.broadcast_to(slope, rows),
        np.broadcast_to(noise**2, rows),
        np.zeros(rows),
        np.full(rows, SLOPE_SD**2),
    )
    gained = np.zeros((rows[0], values.shape[1], rows[1]), dtype=np.float32)
    for point in range(1, values.shape[1]):
        there = np.isfinite(values[:, point])
        state_there = State(*(part[there] for part in state))
        gap = (times[there, point] - times[there, point - 1])[:, None]
        gained[there, point], updated = _step(state_there, gap, values[there, point, None])
        state = State(*(_put(part, there, new) for part, new in zip(state, updated, strict=True)))
    return gained, state


def _put(part, there, new):
    whole = np.array(part)
    whole[there] = new
    return whole


def _step(state: State, gap, value) -> tuple[np.ndarray, State]:
    """One prediction and correction of the filter (Harvey 1989, 3.2)."""
    level_sd, noise, _, shake, phi = SETTINGS.T
    kept, work = phi**gap, damping(gap, phi)
    p_level = state.p_level + 2 * work * state.p_both + work**2 * state.p_slope + level_sd**2 * gap
    p_both = kept * (state.p_both + work * state.p_slope)
    p_slope = kept**2 * state.p_slope + shake**2 * gap
    miss = value - state.level - work * state.slope
    total = p_level + noise**2
    gain, turn = p_level / total, p_both / total
    corrected = State(
        state.level + work * state.slope + gain * miss,
        kept * state.slope + turn * miss,
        p_level * (1 - gain),
        p_both * (1 - gain),
        p_slope - turn * p_both,
    )
    return -0.5 * (np.log(2 * np.pi * total) + miss**2 / total), corrected


def ahead(state: State, years) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of the figure reported ``years`` (rows,) after the last point: arrays (rows, settings)."""
    level_sd, noise, _, shake, phi = SETTINGS.T
    years = np.asarray(years, dtype=float)[:, None]
    work = damping(years, phi)
    variance = state.p_level + 2 * work * state.p_both + work**2 * state.p_slope
    variance = variance + level_sd**2 * years + shake**2 * _shaken(years, phi) + noise**2
    return state.level + work * state.slope, np.sqrt(variance)


def _shaken(years, phi):
    """Integral of damping(t)^2 over the horizon: how far shocks to the slope along the way carry."""
    rate = -np.log(phi)
    once, twice = (1 - phi**years) / rate, (1 - phi ** (2 * years)) / (2 * rate)
    return (phi / (1 - phi)) ** 2 * (years - 2 * once + twice)


def shares(likelihood, prior):
    """Posterior weights of the settings; ``likelihood`` (…, settings) in logarithms, ``prior`` broadcasts against it."""
    weight = prior * np.exp(likelihood - likelihood.max(axis=-1, keepdims=True))
    return weight / weight.sum(axis=-1, keepdims=True)


def learned_weights(likelihood, counts, *, pseudo: float, rounds: int = 30):
    """Weights of the settings over many series by expectation-maximisation, held back by ``pseudo`` evenly spread series.

    ``likelihood`` (series, settings) in logarithms, ``counts``: how much each series counts.
    """
    even = np.full(likelihood.shape[1], 1 / likelihood.shape[1])
    weights = even
    for _ in range(rounds):
        weights = pseudo * even + counts @ shares(likelihood, weights)
        weights = weights / weights.sum()
    return weights


def cdf(mean, sd, weight, rungs) -> np.ndarray:
    """CDF at ``rungs`` (rows, rungs; log odds) of the weighted settings, (rows, settings) each: array (rows, rungs)."""
    total, middle, width = _merged(*(part.reshape(len(part), -1, ALIKE) for part in (mean, sd, weight)))
    parts = zip(total.T, middle.T, width.T, strict=True)
    return sum(w[:, None] * special.ndtr((rungs - m[:, None]) / s[:, None]) for w, m, s in parts)


def _merged(mean, sd, weight):
    """Weight, mean and standard deviation of each group of alike settings, the last axis."""
    total = weight.sum(axis=-1)
    part = weight / np.maximum(total, 1e-300)[..., None]
    middle = (part * mean).sum(axis=-1)
    variance = (part * (sd**2 + mean**2)).sum(axis=-1) - middle**2
    return total, middle, np.sqrt(np.maximum(variance, sd.min(axis=-1) ** 2))
