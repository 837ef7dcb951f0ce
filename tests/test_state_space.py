"""The shrunk drift of ``models.drift`` against the same model as a state space, filtered by statsmodels.

One scale at a time, the whole series (windows and pooled priors belong to ``forecast`` and are not in play), the shipped
prior, and ``passing`` left at 0, so no part of the noise is reporting noise. The closed form gives a Student-t; compared
are the location and scale of the normal behind it, with sigma2 fixed at its posterior value. Values keep clear of the ends,
so the clip of ``to_scale`` does not act.
"""

from typing import NamedTuple

import numpy as np
import pytest
from statsmodels.tsa.statespace.mlemodel import MLEModel

from qnict_analysis.models import drift

AHEAD = 8
"""Steps forecast beyond the last point."""

WIDE = 25.0
"""Prior variance of the first level, which the first point then settles alone."""

CLOSE = 5e-5
"""Four decimals, counted in standard deviations of one step's noise: on the raw scale those are a tenth of the logit's."""


class Case(NamedTuple):
    """A series on an even grid of ``step`` years, ``NaN`` where nothing was reported."""

    step: float
    values: list[float]


GAP = float("nan")
CASES = {
    "worked example": Case(1.0, [0.32, 0.41, 0.47]),
    "two points": Case(1.0, [0.32, 0.41]),
    "one point": Case(1.0, [0.41]),
    "gaps": Case(1.0, [0.21, 0.24, GAP, GAP, 0.41, 0.40, GAP, 0.52]),
    "quarters with gaps": Case(0.25, [0.21, GAP, 0.24, 0.30, GAP, GAP, 0.33]),
}


class Forecast(NamedTuple):
    """Pace at the last point with its variance, then location and scale for each step ahead."""

    pace: np.ndarray
    variance: np.ndarray
    location: np.ndarray
    scale: np.ndarray


def fit_of(case: Case, scale: str) -> tuple[np.ndarray, drift.Drift]:
    """The values on their scale and the posterior of the package."""
    values = drift.to_scale(case.values, scale=scale)
    times = case.step * np.arange(len(values))
    return values, drift.posterior(drift.steps_of(times, values), drift.PRIORS[scale])


def closed_form(case: Case, scale: str, *, phi: float) -> Forecast:
    values, fit = fit_of(case, scale)
    return Forecast(fit.b, fit.v, *drift.predictive(values[-1], fit, case.step * np.arange(1, AHEAD + 1), phi=phi))


def state_space(case: Case, scale: str, *, phi: float, sigma2=None, prior=None, fades_from=0) -> Forecast:
    """Level and pace as states, exactly observed; periods to forecast are gaps at the end, where the pace fades.

    ``sigma2``, ``prior`` and ``fades_from`` (steps after the last point) differ from the package's only to see the check fail.
    """
    values, fit = fit_of(case, scale)
    prior = prior or drift.PRIORS[scale]
    last, n = len(values) - 1, len(values) + AHEAD
    model = MLEModel(np.append(values, np.full(AHEAD, np.nan)), k_states=2, k_posdef=1)
    steady = np.array([[1.0, case.step], [0.0, 1.0]])
    work = case.step if phi == 1.0 else phi * (1.0 - phi**case.step) / (1.0 - phi)
    fading = np.array([[1.0, work], [0.0, phi**case.step]])
    # The transition at t leads from t to t + 1, so the first that fades is the one at the last point.
    model["transition"] = np.where(np.arange(n) >= last + fades_from, fading[..., None], steady[..., None])
    model["design"] = np.array([[1.0, 0.0]])
    model["selection"] = np.array([[1.0], [0.0]])
    model["state_cov"] = np.array([[case.step * (sigma2 or fit.sigma2)]])
    model.ssm.initialize_known(np.array([values[0] - prior.mu, prior.mu]), np.diag([WIDE, prior.tau**2]))
    found = model.ssm.smooth()
    level, spread = found.smoothed_state[0], np.sqrt(found.smoothed_state_cov[0, 0, last + 1 :])
    return Forecast(found.smoothed_state[1, last], found.smoothed_state_cov[1, 1, last], level[last + 1 :], spread)


def distance(one: Forecast, other: Forecast, unit: float) -> float:
    """The largest difference of pace, its deviation, location and scale, in units of ``unit``."""
    pairs = zip(one._replace(variance=np.sqrt(one.variance)), other._replace(variance=np.sqrt(other.variance)), strict=True)
    return max(np.abs(a - b).max() for a, b in pairs) / unit


def noise(case: Case, scale: str) -> float:
    return np.sqrt(case.step * fit_of(case, scale)[1].sigma2)


@pytest.mark.parametrize("phi", [drift.PHI, 1.0])
@pytest.mark.parametrize("scale", drift.SCALES)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_closed_form_is_the_state_space_model(case, scale, phi):
    assert distance(closed_form(case, scale, phi=phi), state_space(case, scale, phi=phi), noise(case, scale)) < CLOSE


def test_the_state_space_model_gives_the_worked_example():
    found = state_space(CASES["worked example"], "logit", phi=drift.PHI)
    assert [found.pace, found.location[1], found.scale[1]] == pytest.approx([0.2770, 0.3536, 0.1894], abs=CLOSE)


SHIPPED = drift.PRIORS["logit"]
WRONG = {
    "a slower fading": {"phi": drift.PHI + 0.001},
    "a fading one step late": {"fades_from": 1},
    "more noise": {"sigma2": 1.002 * fit_of(CASES["gaps"], "logit")[1].sigma2},
    "a looser prior": {"prior": SHIPPED._replace(tau=1.01 * SHIPPED.tau)},
    "a faster prior": {"prior": SHIPPED._replace(mu=1.01 * SHIPPED.mu)},
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_slightly_different_model_is_told_apart(change):
    case = CASES["gaps"]
    other = state_space(case, "logit", **{"phi": drift.PHI} | change)
    assert distance(closed_form(case, "logit", phi=drift.PHI), other, noise(case, "logit")) > 10 * CLOSE


def test_closing_up_the_gaps_is_told_apart():
    case = CASES["gaps"]
    packed = case._replace(values=[value for value in case.values if np.isfinite(value)])
    other = state_space(packed, "logit", phi=drift.PHI, sigma2=fit_of(case, "logit")[1].sigma2)
    assert distance(closed_form(case, "logit", phi=drift.PHI), other, noise(case, "logit")) > 10 * CLOSE
