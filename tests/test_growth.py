"""Phases, turning points, trends and S-curves on records made by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from qnict_analysis import growth, periods
from qnict_analysis.growth import pace_of, phase_of, trend_of, turning_point
from qnict_analysis.schema import SERIES

YEARS = np.arange(12) / 4


def expit(x):
    return 1 / (1 + np.exp(-x))


def table(values, kind, *, denominator=1000.0, coverage=1.0, change=None):
    """The growth of one indicator with these values in quarters up to 2014Q2."""
    labels = periods.period_range("2009Q1", "2014Q2")[-len(values) :]
    frame = pd.DataFrame({"indicator": "A", "period": labels, "value": np.asarray(values, float), "denominator": denominator})
    frame = frame.assign(coverage=coverage, change=frame["value"].diff() if change is None else change).reindex(
        columns=list(SERIES)
    )
    registry = SimpleNamespace(indicators={"A": SimpleNamespace(id="A", kind=kind)})
    return growth.growth(frame, registry).iloc[0]


def test_a_logistic_curve_is_told_by_its_slope_and_its_middle():
    row = table(expit(0.8 * (YEARS - 1.75)), "share", denominator=1e7)  # half-way 1.75 years after the first, 1 before the last
    assert row["trend"] == pytest.approx(0.8, abs=1e-3)
    assert row["midpoint"] == pytest.approx(-1.0, abs=1e-2)
    assert row["trend_low"] < 0.8 < row["trend_high"]
    assert row["midpoint_low"] < -1.0 < row["midpoint_high"]
    assert row["p_value"] < 1e-6
    assert row["pace"] == pytest.approx(0.8, abs=1e-3)


def test_the_binomial_trend_has_the_interval_of_its_pearson_chi_square():
    values = np.round(200 * expit(-1 + 0.5 * YEARS + np.random.default_rng(4).normal(0, 0.3, 12))) / 200
    fit = trend_of(YEARS, values, np.full(12, 200.0), "share")
    design = np.column_stack([np.ones(12), YEARS - YEARS[-1]])
    fitted = expit(design @ fit.params)
    assert design.T @ (values - fitted) == pytest.approx([0.0, 0.0], abs=1e-6)  # the score equations of the logistic regression
    weight = 200 * fitted * (1 - fitted)
    spread = (200 * (values - fitted) ** 2 / (fitted * (1 - fitted))).sum() / 10
    assert spread > 2
    assert fit.covariance == pytest.approx(spread * np.linalg.inv(design.T @ (weight[:, None] * design)), rel=1e-4)


def test_figures_smoother_than_chance_do_not_narrow_the_interval():
    values = expit(-1 + 0.5 * YEARS)
    fit = trend_of(YEARS, values, np.full(12, 50.0), "share")
    weight = 50 * values * (1 - values)
    centred = (YEARS - YEARS[-1]) - np.average(YEARS - YEARS[-1], weights=weight)
    assert np.sqrt(fit.covariance[1, 1]) == pytest.approx(1 / np.sqrt((weight * centred**2).sum()), rel=1e-3)  # binomial, no less


def test_counts_and_ratios_grow_by_the_year():
    assert table(2 * 1.3 ** (4 * YEARS / 4), "count")["trend"] == pytest.approx(np.log(1.3), abs=1e-6)
    row = table(0.5 * 1.1**YEARS, "ratio")
    assert row["trend"] == pytest.approx(np.log(1.1))
    assert np.isnan(row["midpoint"])


def test_no_change_few_points_and_no_slope_say_nothing():
    assert np.isnan(table([0.4] * 9, "share")["trend"])
    few = table([0.1, 0.2, 0.3], "share")
    assert (few["phase"], np.isnan(few["trend"]), few["turn"]) == ("too_few", True, "")
    rng = np.random.default_rng(0)
    flat = table(0.4 + 0.02 * rng.permutation(np.linspace(-1, 1, 12)), "share", denominator=30.0)
    assert flat["trend_low"] < 0 < flat["trend_high"]
    assert np.isnan(flat["midpoint"])


@pytest.mark.parametrize(
    ("level", "pace", "kind", "phase"),
    [
        (0.05, 0.2, "share", "slow_start"),
        (0.05, 0.5, "share", "take_off"),
        (0.49, 0.3, "units", "take_off"),
        (0.50, 0.3, "units", "fast"),
        (0.50, 0.29, "share", "steady"),
        (0.50, 0.04, "share", "standstill"),
        (0.95, 0.0, "share", "nearly_all"),
        (0.95, -0.06, "share", "decline"),
        (12, 0.15, "count", "fast"),
        (12, 0.14, "ratio", "steady"),
        (12, 0.02, "count", "standstill"),
        (12, -0.03, "count", "decline"),
    ],
)
def test_the_phase_goes_by_level_and_pace(level, pace, kind, phase):
    assert phase_of(level, pace, kind) == phase


def test_a_bend_is_found_where_it_is_and_only_where_there_is_one():
    noise = 0.01 * np.random.default_rng(1).normal(size=12)
    bent = np.where(YEARS < 1.5, 0.1 * YEARS, 0.15 + 0.9 * (YEARS - 1.5)) + noise
    assert turning_point(YEARS, bent) == (6, True)
    assert turning_point(YEARS, -bent) == (6, False)
    assert turning_point(YEARS, 0.5 * YEARS + noise)[0] is None
    assert table(expit(bent - 1), "share", denominator=1e6)["turn"] == periods.period_range("2009Q1", "2014Q2")[-12:][6]


def test_the_pace_is_that_of_the_latest_year():
    assert pace_of(YEARS, np.where(YEARS < 1.75, 0.0, YEARS - 1.75)) == pytest.approx(1.0)
    assert pace_of(np.array([0.0, 0.25]), np.array([0.0, 0.1])) == pytest.approx(0.4)


def test_who_reports_is_no_growth():
    values = [0.5, 0.5, 0.5, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6]
    change = [np.nan, *[0.0] * 8]  # a unit with low figures fell silent: nobody has moved
    row = table(values, "share", coverage=[1.0] * 4 + [0.8] * 5, change=change)
    assert row["pace"] == pytest.approx(0.0)
    assert row["phase"] == "standstill"
