"""What others would have said of the same figures: official rules, standing still, and statsmodels one series at a time."""

import math
import warnings
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from qnict_analysis.assessment.official import ON_TRACK, RULES, Record

RULES_AHEAD = ("cagr", "unsd", "escap_outlook", "destatis")
"""Rules that look ahead; ESCAP's current status says where a target stands, not whether it will be met."""

MODELS = ("ets", "theta", "ucm")
"""statsmodels: damped trend (ETSModel AAdN), Theta, and a random walk with drift in state space."""

FLOOR = 0.005
"""Shares are kept this far from 0 and 1 before their log odds are taken."""


class Normal(NamedTuple):
    """A normal forecast on a transformed scale: mean and standard deviation one, two, … steps ahead."""

    mean: np.ndarray
    spread: np.ndarray


def rule_chance(rule: str, record: Record, end: float) -> float:
    """1 where an official rule calls a part on track to its goal at ``end`` (decimal years), 0 where not, NaN where silent."""
    if not len(record.values) or record.times[-1] >= end:
        return math.nan
    verdict = RULES[rule](record._replace(end=end, past=False))
    return float(verdict.code in ON_TRACK) if verdict.code else math.nan


def fitted(model: str, values: np.ndarray, kind: str, steps: int) -> Normal | None:
    """A statsmodels model fitted to a record by maximum likelihood (figures in equal steps): its forecast on the scale of
    ``to_scale``; None where the record is too short for it or it finds nothing."""
    scaled = to_scale(np.asarray(values, dtype=float), kind)
    if len(scaled) < LEAST[model] or not np.isfinite(scaled).all():
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            mean, spread = FITS[model](scaled, steps)
    except (ValueError, IndexError, np.linalg.LinAlgError):
        return None
    known = np.isfinite(mean).all() and np.isfinite(spread).all()
    return Normal(mean, np.maximum(spread, 1e-6)) if known else None


def _ets(scaled: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    found = ETSModel(pd.Series(scaled), trend="add", damped_trend=True).fit(disp=False)
    ahead = found.get_prediction(start=len(scaled), end=len(scaled) + steps - 1)
    return np.asarray(ahead.predicted_mean), np.sqrt(np.asarray(ahead.forecast_variance))


def _theta(scaled: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    from statsmodels.tsa.forecasting.theta import ThetaModel

    found = ThetaModel(scaled, period=1, deseasonalize=False).fit()
    width = found.prediction_intervals(steps, alpha=0.2).to_numpy(float)
    return np.asarray(found.forecast(steps)), (width[:, 1] - width[:, 0]) / (2 * special.ndtri(0.9))


def _ucm(scaled: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    ahead = UnobservedComponents(scaled, "rwdrift").fit(disp=0).get_forecast(steps)
    return np.asarray(ahead.predicted_mean), np.asarray(ahead.se_mean)


FITS = {"ets": _ets, "theta": _theta, "ucm": _ucm}
LEAST = {"ets": 5, "theta": 4, "ucm": 3}
"""Points from which a model is asked: with fewer it has more parameters than changes."""


def to_scale(values: np.ndarray, kind: str) -> np.ndarray:
    """Log odds of shares and of units' shares, logarithm of ratios, counts as they are."""
    if kind in ("share", "units"):
        return special.logit(np.clip(values, FLOOR, 1 - FLOOR))
    return np.log(np.maximum(values, FLOOR)) if kind == "ratio" else values


def from_scale(scaled: np.ndarray, kind: str) -> np.ndarray:
    """Back from the scale of ``to_scale``."""
    if kind in ("share", "units"):
        return special.expit(scaled)
    return np.exp(scaled) if kind == "ratio" else scaled


def normal_chance(found: Normal, step: int, record: Record, kind: str, part, n_units: int | None) -> float:
    """The chance that the figure ``step`` steps ahead satisfies the part; whole numbers from half a unit before."""
    goal = edge_of(record, kind, part, n_units)
    z = (to_scale(np.array([goal]), kind)[0] - found.mean[step - 1]) / found.spread[step - 1]
    return float(special.ndtr(-z) if record.direction > 0 else special.ndtr(z))


def edge_of(record: Record, kind: str, part, n_units: int | None) -> float:
    """The level from which a smooth forecast is called met: the goal, for whole numbers half a unit before it."""
    half = 0.5 / n_units if kind == "units" and n_units else 0.5 if kind == "count" else 0.0
    return record.goal - record.direction * half
