from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, stats

from qnict_analysis.models import trends

TIMES = {
    "yearly": np.arange(6.0),
    "gapped": np.array([0.0, 1.0, 4.0, 4.5, 9.0]),
    "quarterly": np.arange(9) / 4,
    "one step": np.array([3.0, 5.0]),
}


def carry(phi, t):
    """What a slope of 1 adds to the level in t years: the geometric sum of phi, phi^2, ... for whole years, any t between."""
    return phi / (1 - phi) * (1 - phi**t)


def joint(setting, times, ahead):
    """What the slope adds to the figures at ``times`` and ``ahead`` years later, and their covariance, by adding up the shocks.

    The level starts at the first figure with the variance of its noise; that figure itself is given. Shocks to the slope within
    one gap act from its end on; beyond the last point they act at every moment.
    """
    level_sd, noise, mean_slope, shake, phi = setting
    moments = np.append(times, times[-1] + ahead) - times[0]
    rows = [np.full(len(moments), noise), carry(phi, moments) * trends.SLOPE_SD]
    for left, right in pairwise(moments):
        rows.append((moments >= right) * level_sd * np.sqrt(right - left))
    for left, right in pairwise(moments[:-1]):
        rows.append(np.where(moments >= right, carry(phi, moments - right), 0.0) * shake * np.sqrt(right - left))
    effects = np.array(rows)
    covariance = effects.T @ effects + noise**2 * np.eye(len(moments))
    covariance[-1, -1] += shake**2 * integrate.quad(lambda t: carry(phi, t) ** 2, 0, ahead)[0]
    return mean_slope * carry(phi, moments), covariance


@pytest.mark.parametrize("kind", TIMES)
def test_each_setting_is_the_joint_normal_of_all_figures(kind):
    times = TIMES[kind]
    values = np.random.default_rng(3).normal(0.2, 0.3, len(times)).cumsum() - 1.0
    gained, state = trends.filtered(times[None], values[None])
    mean, sd = trends.ahead(state, np.array([2.5]))
    for number, setting in enumerate(trends.SETTINGS):
        drift, covariance = joint(setting, times, 2.5)
        drift = drift + values[0]
        known, rest = slice(1, len(times)), len(times)
        told = stats.multivariate_normal(drift[known], covariance[known, known])
        assert gained[0, :, number].sum(dtype=float) == pytest.approx(told.logpdf(values[known]), rel=1e-5, abs=1e-5)
        gain = np.linalg.solve(covariance[known, known], covariance[known, rest])
        assert mean[0, number] == pytest.approx(drift[rest] + gain @ (values[known] - drift[known]), abs=1e-9)
        assert sd[0, number] ** 2 == pytest.approx(covariance[rest, rest] - gain @ covariance[known, rest], abs=1e-9)


def test_one_point_is_the_start_alone():
    gained, state = trends.filtered(np.array([[2.0]]), np.array([[0.3]]))
    mean, sd = trends.ahead(state, np.array([3.0]))
    for number, setting in enumerate(trends.SETTINGS):
        drift, covariance = joint(setting, np.array([2.0]), 3.0)
        assert mean[0, number] == pytest.approx(0.3 + drift[-1])
        assert sd[0, number] ** 2 == pytest.approx(covariance[-1, -1])
    assert (gained == 0).all()


@pytest.mark.parametrize("phi", trends.PHIS)
def test_shocks_along_the_way_are_the_integral(phi):
    years = np.array([0.0, 0.25, 1.0, 3.0, 20.0])
    expected = [integrate.quad(lambda t: carry(phi, t) ** 2, 0, end)[0] for end in years]
    assert trends._shaken(years, phi) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_padded_rows_are_each_row_alone():
    rng = np.random.default_rng(4)
    size = max(map(len, TIMES.values()))
    times, values = np.full((2, len(TIMES), size), np.nan)
    for row, moments in enumerate(TIMES.values()):
        times[row, : len(moments)] = moments
        values[row, : len(moments)] = rng.normal(0, 0.5, len(moments))
    gained, state = trends.filtered(times, values)
    for row, moments in enumerate(TIMES.values()):
        n = len(moments)
        alone, after = trends.filtered(times[row : row + 1, :n], values[row : row + 1, :n])
        assert gained[row, :n] == pytest.approx(alone[0], rel=1e-6) and (gained[row, n:] == 0).all()
        for part, single in zip(state, after, strict=True):
            assert part[row] == pytest.approx(single[0], rel=1e-12, abs=1e-14)


def test_weights_follow_bayes_and_survive_tiny_likelihoods():
    likelihood, prior = np.log([[0.1, 0.2, 0.7], [0.5, 0.25, 0.25]]), np.array([0.5, 0.3, 0.2])
    found = trends.shares(likelihood, prior)
    assert found[0] == pytest.approx(np.array([0.05, 0.06, 0.14]) / 0.25)
    assert found[1] == pytest.approx(np.array([0.25, 0.075, 0.05]) / 0.375)
    assert trends.shares(likelihood - 5000.0, prior) == pytest.approx(found)
    extreme = trends.shares(np.array([[-1e5, 0.0, 3.0]]), prior)
    assert extreme.sum() == pytest.approx(1.0) and extreme[0, 0] == 0.0


@pytest.mark.parametrize("level_sd, noise", [(0.05, 0.3), (0.7, 0.02), (0.05, 0.02), (0.3, 0.1)])
def test_the_settings_that_made_the_series_are_found(level_sd, noise):
    rng = np.random.default_rng(5)
    times, slope = np.broadcast_to(np.arange(16.0), (60, 16)), rng.normal(0.2, 0.2, (60, 1))
    level = np.cumsum(rng.normal(0, level_sd, (60, 16)), axis=1) + slope * carry(0.8, np.arange(16.0))
    gained, _ = trends.filtered(times, level + rng.normal(0, noise, (60, 16)))
    counts = np.ones(60)
    found = trends.learned_weights(gained.sum(axis=1, dtype=float), counts, pseudo=2.0)
    assert found.sum() == pytest.approx(1.0) and found.min() > 0
    right = (trends.SETTINGS[:, 0] == level_sd) & (trends.SETTINGS[:, 1] == noise)
    assert found[right].sum() > 0.6
    held = trends.learned_weights(gained.sum(axis=1, dtype=float), counts, pseudo=1e7)
    assert held == pytest.approx(np.full(len(held), 1 / len(held)), rel=1e-3)


def test_alike_settings_are_merged_with_their_mean_and_variance():
    mean, sd, weight = np.array([[[0.3, 0.9]]]), np.array([[[0.2, 0.5]]]), np.array([[[0.15, 0.45]]])
    total, middle, width = (part.item() for part in trends._merged(mean, sd, weight))
    assert (total, middle) == pytest.approx((0.6, 0.75))

    def density(x):
        return 0.25 * stats.norm.pdf(x, 0.3, 0.2) + 0.75 * stats.norm.pdf(x, 0.9, 0.5)

    assert width**2 == pytest.approx(integrate.quad(lambda x: (x - 0.75) ** 2 * density(x), -6, 8)[0])
    total, middle, width = trends._merged(mean, sd, np.zeros((1, 1, 2)))
    assert total.item() == 0.0 and np.isfinite(middle).all() and width.item() > 0


def test_the_cdf_is_the_mixture_of_the_merged_settings():
    rng = np.random.default_rng(6)
    size = len(trends.SETTINGS)
    mean, sd, weight = rng.normal(0, 0.4, (3, size)), rng.uniform(0.2, 0.6, (3, size)), rng.dirichlet(np.ones(size), 3)
    mean[0], sd[0] = np.repeat(mean[0, :: trends.ALIKE], trends.ALIKE), np.repeat(sd[0, :: trends.ALIKE], trends.ALIKE)
    rungs = np.tile(np.linspace(-4, 4, 21), (3, 1))
    found = trends.cdf(mean, sd, weight, rungs)
    exact = (weight[:, None] * stats.norm.cdf((rungs[:, :, None] - mean[:, None]) / sd[:, None])).sum(axis=2)
    assert found[0] == pytest.approx(exact[0], abs=1e-12)
    assert np.abs(found - exact).max() < 0.02 and (np.diff(found, axis=1) > 0).all()
