"""A whole from its parts: sums worked by hand, the limits of the shared shock, and the laws of the draws that rest on them."""

import datetime as dt
import itertools
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from qnict_analysis import periods, schema
from qnict_analysis.forecast import EMPTY_PACE, forecast, levers, ratios, shares
from qnict_analysis.forecast.parts import units_of
from qnict_analysis.models import copula, drift, mixture, parts, pool
from qnict_analysis.predict import predict

AS_OF = periods.AsOf(label="2014Q2", through="2014Q2", cutoff=dt.date(2014, 7, 30))
QUARTERS = periods.period_range("2013Q1", "2014Q2")
R = 500


# --- arrays ----------------------------------------------------------------------------------------------------------


def test_the_latest_points_are_counted_over_gaps():
    rows = np.array([[1.0, 2, np.nan, 4], [np.nan, 2, 3, np.nan]])
    assert np.array_equal(parts.latest(rows, 2), [[np.nan, 2, np.nan, 4], [np.nan, 2, 3, np.nan]], equal_nan=True)
    assert np.array_equal(parts.latest(rows, 1), [[np.nan, np.nan, np.nan, 4], [np.nan, np.nan, 3, np.nan]], equal_nan=True)


def test_a_part_is_never_in_its_own_prior():
    times = np.arange(4.0)
    rows = np.array([[0.0, 1, 2, 3], [0.0, 2, 4, 6], [0.0, 100, 200, 300]])
    shipped = drift.PRIORS["raw"]
    found = parts.pooled_prior(times, rows, shipped)
    k = 2 / (2 + pool.SHIPPED_WEIGHT)
    assert np.allclose(found.mu, k * np.array([51.0, 50.5, 1.5]) + (1 - k) * shipped.mu)


def test_equally_likely_values_are_those_of_the_mixture():
    loc, spread = np.array([[0.4, 0.6], [2.0, 0.95]]), np.array([[0.3, 0.05], [0.8, 0.1]])
    whole = mixture.Mixture(loc, spread, np.array([4.0, 9.0]), ("logit", "raw"), 1.0)
    values = parts.likely_values(whole, levels=500)
    assert values.shape == (2, 1000) and (np.diff(values) >= 0).all()
    for y in (0.3, 0.6, 0.8, 0.99, 1.0):
        assert (values <= y).mean(axis=-1) == pytest.approx(mixture.cdf(y, whole), abs=1 / 500)


COINS = np.array([[0.0, 1.0], [0.0, 1.0]])
"""Two parts that are 0 or 1 with even chances."""


@pytest.mark.parametrize(("rho", "chances"), [(1.0, [0.5, 0, 0.5]), (0.0, [0.25, 0.5, 0.25])])
def test_two_parts_by_hand(rho, chances):
    total = parts.whole(COINS, [0.5, 0.5], parts.places(2, 2, rho))
    assert [(total == level).mean() for level in (0.0, 0.5, 1.0)] == pytest.approx(chances, abs=0.02)


def test_parts_that_move_as_one_add_their_quantiles():
    values = np.array([[0.1, 0.2, 0.4, 0.8], [0.0, 0.5, 0.6, 0.7]])
    total = parts.whole(values, [0.75, 0.25], parts.places(2, 4, 1.0))
    np.testing.assert_allclose(total, np.repeat(values.T @ [0.75, 0.25], parts.ROWS // 4), rtol=1e-15)


def test_the_spread_of_a_sum_runs_from_independence_to_one_shock():
    weights = np.full(20, 0.05)
    values = np.tile(np.sqrt(12.0) * copula.strata(256), (20, 1))  # each part of variance 1
    spread = [parts.whole(values, weights, parts.places(20, 256, rho)).std() for rho in (0.0, 0.15, 0.5, 1.0)]
    assert spread[0] == pytest.approx(np.sqrt(1 / 20), rel=0.05) and spread[-1] == pytest.approx(1.0, rel=0.001)
    assert (np.diff(spread) > 0.1).all()
    assert spread[1] == pytest.approx(np.sqrt(1 / 20 + 0.15 * 19 / 20), rel=0.05)


@pytest.mark.parametrize("rho", [0.0, 0.15, 1.0])
def test_the_mean_of_the_whole_is_that_of_its_parts(rho):
    values, weights = np.sort(np.random.default_rng(1).random((3, 5, 64))), np.array([0.4, 0.3, 0.1, 0.1, 0.1])
    total = parts.whole(values, weights, parts.places(5, 64, rho))
    assert total.mean(axis=-1) == pytest.approx(values.mean(axis=-1) @ weights)


def test_one_part_is_the_whole():
    values = np.sort(np.random.default_rng(1).random((3, 1, 64)))
    total = parts.whole(values, [1.0], parts.places(1, 64, parts.RHO))
    assert np.array_equal(total, np.repeat(values[:, 0], parts.ROWS // 64, axis=-1))


def test_quantiles_of_equally_likely_values():
    values = np.array([[0.1, 0.2, 0.4, 0.8]])
    assert np.allclose(parts.quantiles(values, [0.05, 0.125, 0.25, 0.875, 0.99]), [[0.1, 0.1, 0.15, 0.8, 0.8]])


def test_a_part_more_leaves_the_shuffles_of_the_others():
    assert np.array_equal(parts.places(3, 64, 0.2), parts.places(5, 64, 0.2)[:3])


# --- units of a case -------------------------------------------------------------------------------------------------

ASSUMPTIONS = {"rho": 0.3, "coverage_min": 0.7, "min_points": 2.0, "pace_cap_quantile": 0.8}
RETURNS = {
    "a": [12, 14, 18, 19, 24, 26],
    "b": [30, 31, None, 36, 36, 41],
    "c": [2, 3, 3, 5, None, None],
    "d": [10, 10, 12, 15, 15, 16],
    "e": [None, None, None, None, None, 20],
    "f": [None] * 6,
}
SIZES = {"a": 40, "b": 60, "c": 20, "d": 40, "e": 50, "f": 30}


def unit_rows(name, returns=RETURNS):
    """The panel of an indicator from {unit: figures, None for silent}."""
    rows = []
    for unit, figures in returns.items():
        for period, figure in zip(QUARTERS, figures, strict=True):
            told = figure is not None
            n, size = (float(figure), float(SIZES[unit])) if told else (np.nan, np.nan)
            rows.append((name, unit, period, n, size, n / size, "reported" if told else "silent", "reported"))
    return pd.DataFrame(rows, columns=list(schema.PANEL))


def series_rows(panel):
    sums = panel.groupby(["indicator", "period"])[["numerator", "denominator"]].sum().reset_index()
    frame = sums.assign(value=sums["numerator"] / sums["denominator"], coverage=1.0, status="reported")
    frame["change"] = frame.groupby("indicator")["value"].diff()
    return frame.reindex(columns=schema.SERIES)


def registry_of(kinds, comparator="at_least"):
    indicators = {name: SimpleNamespace(id=name, kind=kind, counts=True, scope="agencies") for name, kind in kinds.items()}
    pairs = [(SimpleNamespace(id=n, deadline="2015Q4"), SimpleNamespace(indicator=n, comparator=comparator)) for n in kinds]
    return SimpleNamespace(
        indicators=indicators,
        parts=lambda: iter(pairs),
        corrections=(),
        projects={},
        mergers=list,
        assumption=ASSUMPTIONS.__getitem__,
        programme=SimpleNamespace(deadline="2015Q4", frequency="quarterly"),
    )


KINDS = {"S": "share", "Q": "ratio"}
PANEL = pd.concat([unit_rows(name) for name in KINDS], ignore_index=True)


def draw(panel=PANEL, registry=None, *, series=None, seed=1, **more):
    series = series_rows(panel) if series is None else series
    return forecast(series, panel, registry or registry_of(KINDS), as_of=AS_OF, n_draws=R, seed=seed, **more)


def pace(name, closes):
    known = {"indicator": name, "period": periods.period_range("2014Q4", "2015Q4"), "closes": closes, "until_then": closes}
    return pd.DataFrame(known | {"adds": 0.0, "promised": 0.0, "waits_for": "", "at_least": 0.0})


def case_of(panel, last="2014Q2"):
    history = pd.DataFrame({"period": QUARTERS}).query("period <= @last")
    return SimpleNamespace(panel=panel, history=history, jumps=frozenset(), indicator=SimpleNamespace(kind="share"))


def test_units_by_hand():
    units = units_of(case_of(unit_rows("S").sample(frac=1, random_state=2)))
    assert np.array_equal(units.denominators, [40, 60, 20, 40, 50]), "f never reported"
    assert np.allclose(units.weights, np.array([4, 6, 2, 4, 5]) / 21)
    assert np.allclose(units.values[0], np.array(RETURNS["a"]) / 40)
    assert np.isnan(units.values[2, 4:]).all() and units.values[2, 3] == 0.25, "a silent unit keeps its own last figure"
    assert units.times == pytest.approx(periods.period_time(QUARTERS)) and units.now == units.times[-1]


def test_units_that_left_the_frame_are_no_parts():
    panel = unit_rows("S")
    merged = panel[~((panel["unit"] == "b") & (panel["period"] > "2014Q1"))]
    assert len(units_of(case_of(merged)).weights) == 4


def test_one_reporting_unit_is_no_sum_of_parts():
    lone = unit_rows("S", {"a": RETURNS["a"], "f": RETURNS["f"]})
    assert units_of(case_of(lone)) is None and units_of(case_of(lone.iloc[:0])) is None
    series = series_rows(lone)
    alone, bare = (draw(panel, registry_of({"S": "share"}), series=series) for panel in (lone, lone.iloc[:0]))
    pd.testing.assert_frame_equal(alone, bare, check_exact=True)
    assert not draw(unit_rows("S"), registry_of({"S": "share"}), series=series).equals(alone)


def whole_of_parts(family, case) -> np.ndarray:
    """Equally likely values of the whole as the sum of what the family says of each unit."""
    units = units_of(case)
    likely = family.likely_of_units(case, units, SimpleNamespace(assumption=ASSUMPTIONS.__getitem__))
    return parts.whole(likely, units.weights, parts.places(len(units.values), likely.shape[-1], parts.RHO))


def test_the_sum_of_two_units_by_hand():
    """One unit reports to the last, the other fell silent two quarters ago and is forecast from there."""
    returns = {"a": RETURNS["a"], "c": RETURNS["c"]}
    panel, ahead = unit_rows("Q", returns), ["2014Q3", "2015Q2"]
    indicator = SimpleNamespace(id="Q", counts=True, kind="ratio")
    case = SimpleNamespace(**vars(case_of(panel)) | {"indicator": indicator}, periods=ahead, closes=np.zeros(2), direction=1.0)
    found = whole_of_parts(ratios, case)
    times = periods.period_time(QUARTERS)
    rows = np.array([[np.nan if n is None else n / SIZES[unit] for n in figures] for unit, figures in returns.items()])
    years = np.array([[0.25, 0.75], [1.0, 1.5]])
    medians = []
    for scale in ("log", "raw"):
        scaled = drift.to_scale(rows, scale=scale)
        prior = ratios._part_prior(np.array([0.65, 0.25]), 1.0, scale)
        fit = drift.posterior(parts.recent_steps(times, scaled), parts.pooled_prior(times, scaled, prior))
        medians.append(drift.SCALES[scale][1](scaled[[0, 1], [5, 3]] + fit.b * drift.damping(years)))
    # Both scales agree nearly, so the median of their mixture lies between theirs.
    low, high = np.sort([median @ [2 / 3, 1 / 3] for median in medians], axis=0)
    middle = np.median(found, axis=1)
    assert (low - 0.01 < middle).all() and (middle < high + 0.01).all()


def test_a_unit_is_forecast_with_the_others_as_its_like_series():
    """The engine's own forecast of each unit, added up as if both moved together, brackets the whole."""
    returns = {unit: RETURNS[unit] for unit in "abd"}
    panel = unit_rows("S", returns)
    indicator = SimpleNamespace(id="S", counts=True, kind="share")
    case = SimpleNamespace(
        **vars(case_of(panel)) | {"indicator": indicator}, periods=["2015Q2"], closes=np.zeros(1), direction=1.0
    )
    found = whole_of_parts(shares, case)
    days = [periods.period_end(label) for label in QUARTERS]
    told = [(u, d, n / SIZES[u]) for u, row in returns.items() for d, n in zip(days, row, strict=True) if n is not None]
    series = pd.DataFrame(told, columns=["series_id", "period", "value"]).assign(indicator="S", freq="Q")
    series["period"] = pd.to_datetime(series["period"])
    tasks = pd.DataFrame({"task_id": list(returns), "series_id": list(returns), "target": 0.5, "n_history": 6})
    tasks = tasks.assign(origin=pd.Timestamp("2014-06-30"), deadline=pd.Timestamp("2015-06-30"))
    each = predict(series, tasks).set_index("task_id")
    weights = np.array([40, 60, 40]) / 140
    assert np.median(found) == pytest.approx(weights @ each.loc[list("abd"), "q50"], abs=0.015)
    low, high = np.quantile(found, [0.1, 0.9])
    assert weights @ each.loc[list("abd"), "q10"] < low < high < weights @ each.loc[list("abd"), "q90"]


def test_levers_do_not_work_in_the_past():
    years = np.array([[0.25, 1.25], [0.5, 1.5]])
    found = levers.shift(np.array([0.5, 0.0]), np.array([0.1, 0.1]), 0.3, years, began=np.array([0.0, 1.0]))
    worked = np.array([drift.damping(0.25), drift.damping(1.25) - drift.damping(1.0)])
    assert np.allclose(found, 0.5 * 0.2 * np.array([worked, worked]))


# --- draws -----------------------------------------------------------------------------------------------------------


def test_chances_are_those_of_the_sum_within_one_draw():
    likely = np.sort(np.random.default_rng(4).normal(0.6, 0.03, (1, parts.ROWS)))
    ordered = parts.quantiles(likely, copula.strata(R))
    for y in (0.45, 0.55, 0.6, 0.65, 0.7):
        assert (ordered <= y).mean() == pytest.approx((likely <= y).mean(), abs=1 / R)


def test_same_seed_same_draws_and_the_marginals_know_no_seed():
    shuffled = draw(PANEL.sample(frac=1, random_state=5))
    pd.testing.assert_frame_equal(draw(), shuffled, check_exact=True)
    other = draw(seed=2)
    assert not draw().equals(other)
    assert np.array_equal(np.sort(draw(), axis=0), np.sort(other, axis=0))


@pytest.mark.parametrize("name", KINDS)
def test_an_indicator_more_or_less_changes_no_other_draws(name):
    own = draw(PANEL[PANEL["indicator"] == name], registry_of({name: KINDS[name]}))
    pd.testing.assert_frame_equal(own, draw()[[name]], check_exact=True)


def test_the_empty_and_the_zero_table_are_the_baseline_bit_for_bit():
    zero = pd.concat([pace(name, 0.0) for name in KINDS])
    pd.testing.assert_frame_equal(draw(levers_pace=zero), draw(levers_pace=EMPTY_PACE), check_exact=True)


@pytest.mark.parametrize("name", KINDS)
def test_a_helpful_lever_lowers_no_draw_and_so_no_chance(name):
    tables = [draw(levers_pace=pace(name, closes)) for closes in (-1.0, -0.4, 0.0, 0.3, 1.0)]
    for lower, higher in itertools.pairwise(tables):
        assert (higher[name] >= lower[name]).all().all()
        assert higher[name, "2015Q4"].sum() > lower[name, "2015Q4"].sum()
        pd.testing.assert_series_equal(higher[name, "2014Q3"], lower[name, "2014Q3"])


def test_a_share_that_should_fall_is_helped_downwards():
    falling = unit_rows("S", {unit: [n and SIZES[unit] - n for n in figures] for unit, figures in RETURNS.items()})
    registry = registry_of({"S": "share"}, "at_most")
    base, better = draw(falling, registry), draw(falling, registry, levers_pace=pace("S", 0.5))
    assert (better <= base).all().all() and better["S", "2015Q4"].sum() < base["S", "2015Q4"].sum()
    assert base["S", "2015Q4"].median() < series_rows(falling)["value"].iloc[-1]


def test_the_parts_pull_the_whole_towards_what_they_show():
    """One unit in six has risen by a lot; the others, pooled, say that it is the odd one."""
    still = {unit: [20] * 6 for unit in "abcdef"}
    odd = unit_rows("S", still | {"a": [0, 8, 16, 24, 32, 40]})
    direct = draw(odd.iloc[:0], registry_of({"S": "share"}), series=series_rows(odd))
    mixed = draw(odd, registry_of({"S": "share"}))
    assert mixed["S", "2015Q4"].median() < direct["S", "2015Q4"].median()
