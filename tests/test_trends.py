"""Damped local linear trends against the joint normal distribution of the points, written out without any filter."""

import numpy as np
import pytest
from scipy import integrate, special, stats

from qnict_analysis.models import trends
from qnict_analysis.models.drift import damping

RECORDS = {
    "yearly": ([0.0, 1.0, 2.0, 3.0], [0.1, 0.4, 0.3, 0.9]),
    "gaps": ([0.0, 2.0, 3.0, 7.0], [-1.0, -0.7, -0.9, 0.2]),
    "quarterly": ([0.0, 0.25, 0.5, 0.75, 1.0], [0.0, 0.1, 0.05, 0.2, 0.3]),
}


def joint(times, values, setting, years=None):
    """Log density of the points after the first, and mean and sd of the figure ``years`` after the last.

    State = (level, slope), written as a linear map of independent shocks; the level starts at the first figure.
    """
    level_sd, noise, slope, shake, phi = setting
    names = 2 + 2 * (len(times) - 1)
    level, pace = np.zeros(names), np.zeros(names)
    level[0], pace[1], base, drifted = noise, trends.SLOPE_SD, values[0], slope
    rows, centres = [], []
    for step, gap in enumerate(np.diff(times)):
        work, kept = float(damping(gap, phi)), phi**gap
        level, base = level + work * pace, base + work * drifted
        pace, drifted = kept * pace, kept * drifted
        level[2 + 2 * step] += level_sd * np.sqrt(gap)
        pace[3 + 2 * step] += shake * np.sqrt(gap)
        rows.append(level.copy())
        centres.append(base)
    rows, centres = np.array(rows), np.array(centres)
    cover = rows @ rows.T + noise**2 * np.eye(len(rows))
    density = stats.multivariate_normal(centres, cover).logpdf(values[1:])
    if years is None:
        return density
    work = float(damping(years, phi))
    ahead = level + work * pace
    gain = np.linalg.solve(cover, rows @ ahead)
    shaken = integrate.quad(lambda t: float(damping(t, phi)) ** 2, 0, years)[0]
    mean = base + work * drifted + gain @ (np.array(values[1:]) - centres)
    variance = ahead @ ahead - gain @ (rows @ ahead) + level_sd**2 * years + shake**2 * shaken + noise**2
    return density, mean, np.sqrt(variance)


@pytest.mark.parametrize("name", RECORDS)
def test_likelihood_and_forecast_are_those_of_the_joint_distribution(name):
    times, values = (np.array(part) for part in RECORDS[name])
    gained, state = trends.filtered(times[None], values[None])
    mean, sd = trends.ahead(state, [1.75])
    for place, setting in enumerate(trends.SETTINGS):
        density, centre, spread = joint(times, values, setting, 1.75)
        assert gained[0, :, place].sum() == pytest.approx(density, rel=1e-5, abs=1e-5)
        assert (mean[0, place], sd[0, place]) == pytest.approx((centre, spread), rel=1e-8)


def test_records_of_different_lengths_do_not_touch_each_other():
    times, values = (np.full((2, 5), np.nan) for _ in range(2))
    for row, name in enumerate(("gaps", "quarterly")):
        times[row, : len(RECORDS[name][0])], values[row, : len(RECORDS[name][1])] = RECORDS[name]
    together = trends.filtered(times, values)
    for row, name in enumerate(("gaps", "quarterly")):
        alone = trends.filtered(*(np.array(part)[None] for part in RECORDS[name]))
        assert np.allclose(together[1].level[row], alone[1].level[0]) and np.allclose(
            together[1].p_slope[row], alone[1].p_slope[0]
        )
        assert np.allclose(together[0][row].sum(axis=0), alone[0][0].sum(axis=0))


def test_posterior_weights_follow_the_likelihood():
    found = trends.shares(np.log([[1.0, 3.0], [500.0, 500.0]]), np.array([0.5, 0.5]))
    assert found == pytest.approx(np.array([[0.25, 0.75], [0.5, 0.5]]))


def test_usual_settings_are_learned_from_many_series():
    rng = np.random.default_rng(0)
    truth = int(np.flatnonzero((trends.SETTINGS[:, 0] == 0.7) & (trends.SETTINGS[:, 1] == 0.02))[0])
    walks = np.cumsum(rng.normal(0, 0.7, (300, 9)), axis=1)
    likelihood = trends.filtered(np.tile(np.arange(9.0), (300, 1)), walks)[0].sum(axis=1, dtype=float)
    weights = trends.learned_weights(likelihood, np.ones(300), pseudo=30.0)
    assert weights.sum() == pytest.approx(1.0)
    alike = trends.SETTINGS[:, 0] == trends.SETTINGS[truth, 0]
    assert weights[alike].sum() > 0.7


def test_merging_settings_that_differ_in_slope_keeps_mean_and_variance():
    rng = np.random.default_rng(1)
    mean, sd, weight = rng.normal(size=(1, 24)), rng.uniform(0.1, 1, (1, 24)), rng.dirichlet(np.ones(24))[None]
    total, middle, width = trends._merged(*(part.reshape(1, -1, trends.ALIKE) for part in (mean, sd, weight)))
    assert total.sum() == pytest.approx(1.0) and (total * middle).sum() == pytest.approx((weight * mean).sum())
    assert (total * (width**2 + middle**2)).sum() == pytest.approx((weight * (sd**2 + mean**2)).sum())
    rungs = np.linspace(-3, 3, 7)[None]
    exact = (weight[..., None] * special.ndtr((rungs[:, None] - mean[..., None]) / sd[..., None])).sum(axis=1)
    assert trends.cdf(mean, sd, weight, rungs) == pytest.approx(exact, abs=0.03)
