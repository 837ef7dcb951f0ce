"""Scores and plain peers of ``benchmarks/``, against numbers worked by hand; the peers from libraries are not needed here."""

import importlib
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

FOLDER = str(Path(__file__).resolve().parents[1] / "benchmarks")


@pytest.fixture(scope="module", autouse=True)
def benchmarks():
    """The scripts import each other as neighbours, so their folder is on the path while they are tested."""
    sys.path.insert(0, FOLDER)
    yield importlib.import_module
    sys.path.remove(FOLDER)


@pytest.fixture
def scoring(benchmarks):
    return benchmarks("scoring")


@pytest.fixture
def histories(benchmarks):
    return benchmarks("histories")


@pytest.fixture
def plain(benchmarks):
    return benchmarks("plain_peers")


@pytest.fixture
def report(benchmarks):
    return benchmarks("report")


def years(values, *, target, ahead=1, first=2001, freq="Y", missing=()):
    """A series of years and a task at its last point; ``missing`` years are left out."""
    days = pd.to_datetime([f"{first + place}-12-31" for place in range(len(values))])
    series = pd.DataFrame({"series_id": "s", "indicator": "i", "freq": freq, "period": days, "value": values})
    series = series[~series.period.dt.year.isin(missing)]
    deadline = days[-1] + pd.offsets.DateOffset(years=ahead)
    task = {"task_id": "t", "series_id": "s", "origin": days[-1], "deadline": deadline, "target": target, "n_history": 99}
    return series, pd.DataFrame([task])


def only(histories, *arguments, **options):
    return histories.histories(*years(*arguments, **options))[0]


def test_brier_and_log_score(scoring):
    assert scoring.brier([0.7, 0.2], [1, 1]) == pytest.approx([0.09, 0.64])
    assert scoring.log_score([0.5, 0.2], [1, 0]) == pytest.approx([math.log(2), -math.log(0.8)])


def test_no_chance_counts_as_surer_than_a_thousandth(scoring):
    assert scoring.log_score([0.0, 1.0], [1, 0]) == pytest.approx([math.log(1000), math.log(1000)])
    assert scoring.brier([1.0], [0]) == pytest.approx([0.999**2])


def test_crps_is_twice_the_mean_pinball_loss(scoring):
    above = 2 * np.mean(list(scoring.LEVELS.values())) * 0.1
    assert scoring.crps([[0.5] * 7], [0.6]) == pytest.approx([above])
    pinball = [0.05 * 0.3, 0.1 * 0.2, 0.25 * 0.1, 0, 0.25 * 0.1, 0.1 * 0.2, 0.05 * 0.3]
    assert scoring.crps([[0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]], [0.5]) == pytest.approx([2 * sum(pinball) / 7])


def test_calibration_in_ten_bins(scoring):
    bins = scoring.reliability([0.11, 0.19, 0.5, 1.0], [0, 1, 1, 1])
    assert bins.bin.tolist() == [1, 5, 9] and bins.n.tolist() == [2, 1, 1]
    assert bins.mean_p.tolist() == pytest.approx([0.15, 0.5, 0.999]) and bins.observed.tolist() == [0.5, 1.0, 1.0]
    error = (2 * 0.35 + 0.5 + 0.001) / 4
    assert scoring.calibration_error([0.11, 0.19, 0.5, 1.0], [0, 1, 1, 1]) == pytest.approx(error)


def test_scores_of_a_frame_and_of_a_rule(scoring):
    frame = pd.DataFrame([[0.5, 1, 0.55, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8], [0.5, 0, 0.75, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8]])
    frame.columns = ["p_met", "met", "outcome_value", *scoring.LEVELS]
    found = scoring.scores(frame)
    assert (found["n"], found["cov50"], found["cov80"], found["cov90"]) == (2, 0.5, 0.5, 1.0)
    assert (found["brier"], found["mae"]) == (0.25, pytest.approx(0.15))
    rule = scoring.scores(frame.assign(**dict.fromkeys(scoring.LEVELS, np.nan)))
    assert rule["brier"] == 0.25 and math.isnan(rule["crps"]) and math.isnan(rule["cov80"])


def test_nothing_after_the_origin_or_before_the_history_is_seen(histories):
    series, tasks = years([0.1, 0.2, 0.3, 0.4, 0.5], target=0.6)
    tasks = tasks.assign(origin=pd.Timestamp("2004-12-31"), deadline=pd.Timestamp("2006-12-31"), n_history=2)
    seen = histories.histories(series, tasks)[0]
    assert seen.values.tolist() == [0.3, 0.4] and seen.steps == 2


def test_gaps_are_filled_by_straight_lines(histories):
    seen = only(histories, [0.1, 0.2, 0.9, 0.4], target=0.6, ahead=3, missing=[2003])
    assert seen.values.tolist() == [0.1, 0.2, 0.4] and seen.grid.tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4])
    assert seen.steps == 3


@pytest.mark.parametrize("scale", ["raw", "logit"])
def test_a_normal_distribution_is_read_exactly(histories, scale):
    middle, spread = (0.5, 0.1) if scale == "raw" else (0.0, 1.0)
    row = histories.forecast_row([0.1, 0.5, 0.9], middle + spread * np.array([-1.2815515655, 0, 1.2815515655]), 0.6, scale)
    score = 1.0 if scale == "raw" else math.log(0.6 / 0.4)
    assert row[0] == pytest.approx(0.5 * math.erfc(score / math.sqrt(2)))
    high = middle + 1.6448536269 * spread
    assert row[7] == pytest.approx(high if scale == "raw" else 1 / (1 + math.exp(-high)))


def test_a_distribution_without_width_says_yes_or_no(histories):
    assert histories.forecast_row([0.1, 0.5, 0.9], [0.5, 0.5, 0.5], 0.5, "raw")[0] == 1.0
    assert histories.forecast_row([0.1, 0.5, 0.9], [0.5, 0.5, 0.5], 0.51, "raw")[0] == 0.0
    assert np.isnan(histories.forecast_row([0.1, 0.9], [np.nan, 0.5], 0.51, "raw")).all()


def test_straight_line_has_a_student_interval(histories, plain):
    levels, values = plain.straight_line(only(histories, [0.1, 0.3, 0.2], target=0.5), "raw")
    middle, upper = (values[np.isclose(levels, level)][0] for level in (0.5, 0.75))
    # slope 0.05 and mean 0.2, so 0.3 two years after the middle; residuals −.05, .1, −.05: s² = 0.015 on one degree of freedom,
    # whose upper quartile is 1; x'(X'X)⁻¹x = 1/3 + 2²/2
    assert middle == pytest.approx(0.3) and upper == pytest.approx(0.3 + math.sqrt(0.015 * (1 + 1 / 3 + 2)))


def test_straight_line_needs_three_points(histories, plain):
    with pytest.raises(ValueError, match="three points"):
        plain.straight_line(only(histories, [0.1, 0.3], target=0.5), "raw")


@pytest.mark.parametrize(
    ("values", "target", "ahead", "said"),
    [
        ([0.4, 0.44], 0.490, 1, 0.0),  # made 10 % a year; 95 % of the required √1.225 − 1 = 10.68 % is 10.15 %
        ([0.4, 0.44], 0.485, 1, 1.0),  # 95 % of the required √1.2125 − 1 = 10.11 % is 9.61 %
        ([0.4, 0.44], 0.430, 1, 1.0),  # met already
        ([0.4, 0.30], 0.350, 1, 0.0),  # falling away from a target once met
        ([0.0, 0.10], 0.300, 1, 1.0),  # no base: 0.001 stands for it
    ],
)
def test_cagr_rule(histories, plain, values, target, ahead, said):
    assert plain.cagr_rule(only(histories, values, target=target, ahead=ahead)) == said


def test_escap_rule_weights_recent_points(histories, plain):
    # logits 0, 0, 1 in years −2, −1, 0 and the deadline in year 1: weights 3/3, 3/2, 3/1; weighted means x̄ = −7/11, ȳ = 6/11;
    # slope = Σw(x−x̄)(y−ȳ)/Σw(x−x̄)² = (21/11)/(36/11) = 7/12; at year 1: 6/11 + 7/12·18/11 = 1.5
    values = 1 / (1 + np.exp(-np.array([0.0, 0.0, 1.0])))
    reached = 1 / (1 + math.exp(-1.5))
    assert plain.escap_rule(only(histories, values, target=reached - 1e-4)) == 1.0
    assert plain.escap_rule(only(histories, values, target=reached + 1e-4)) == 0.0


def test_whole_regions_are_resampled(report):
    same = report.resampled(pd.Series([0.1, 0.3, 0.2, 0.2]), pd.Series(["a", "a", "b", "b"]))
    assert (same["n"], same["regions"]) == (4, 2)
    assert same["difference"] == same["low"] == same["high"] == pytest.approx(0.2)
    apart = report.resampled(pd.Series([0.0, 1.0, 1.0]), pd.Series(["a", "b", "b"]))
    assert (apart["low"], apart["high"]) == (0.0, 1.0)


def test_persistence_stands_in_where_a_peer_cannot_answer(benchmarks):
    race = benchmarks("race")
    keys = {"scale": "raw", "history": 0, "task_id": "t"}
    known = {"method": "persistence", **keys, **dict.fromkeys(race.COLUMNS, 0.4)}
    silent = {"method": "AutoETS", **keys, **dict.fromkeys(race.COLUMNS, np.nan)}
    found = race.filled(pd.DataFrame([known, silent]))
    assert found.stood_in.tolist() == [False, True]
    assert (found[race.COLUMNS] == 0.4).all(axis=None)


def test_pooled_peer_learns_from_nothing_later_and_never_from_its_own_series(benchmarks):
    pooled = benchmarks("pooled_peer")
    rows = [("other", 0, 2010.0), ("other", 0, 2010.25), ("own", 0, 2009.0), ("own", 1, 2009.0)]
    every = pd.DataFrame(rows, columns=["indicator", "half", "known"])
    assert pooled.may_teach(every, "own", 0, 2010, own=False).tolist() == [True, False, False, False]
    assert pooled.may_teach(every, "own", 0, 2010, own=True).tolist() == [True, False, False, True]


def test_windows_end_at_a_later_point_within_the_horizons(benchmarks):
    series, _ = years(np.linspace(0.1, 0.8, 8).tolist(), target=0.9)
    found = benchmarks("pooled_peer").windows(series, np.random.default_rng(1))
    assert len(found) == 3 + 2 + 1 and found.ahead.tolist() == [1, 2, 3, 1, 2, 1]
    assert found.known.tolist() == [2007, 2008, 2009, 2008, 2009, 2009]


def test_notebook_times_name_load_and_each_run(benchmarks):
    times = benchmarks("notebook_times")
    runs = (times.Taken(10.0, 9.0), times.Taken(2.0, 1.5), times.Taken(3.0, 2.5))
    text = times.page([("02_target_forecast", *runs)], 0.4, 1.2)
    assert "load 0.4 when it began and 1.2 when it ended" in text
    assert "| `02_target_forecast` | 10.0 | 9.0 | 2.0 | 1.5 | 3.0 | 2.5 |" in text


def test_labels_keep_apart(benchmarks):
    figures = benchmarks("figures")
    apart = figures.kept_apart(np.array([0.1, 0.5, 0.5, 0.9]))
    assert apart == pytest.approx([0.1, 0.5 - figures.GAP / 2, 0.5 + figures.GAP / 2, 0.9])


def test_repeated_series_keep_their_figures_under_new_names(benchmarks):
    scaling = benchmarks("forecast_scaling")
    series, _ = years([0.1, 0.2], target=0.9)
    more = scaling.repeated(series, 3)
    assert more.groupby("series_id").value.apply(list).tolist() == [[0.1, 0.2]] * 3
    assert more.indicator.nunique() == 3
    assert scaling.one_each(more).target.tolist() == pytest.approx([0.25] * 3)


def test_what_the_tasks_cover_is_told_by_indicator_and_frequency(benchmarks):
    series, tasks = years([0.1, 0.2, 0.3, 0.4], target=0.6, ahead=2)
    unasked = series.assign(series_id="u")
    other = series.assign(series_id="o", indicator="j")
    tasks = pd.concat([tasks, tasks.assign(task_id="t2", target=0.5, n_history=2)], ignore_index=True)
    found = benchmarks("described").described(pd.concat([series, unasked, other], ignore_index=True), tasks)
    assert found[["indicator", "freq", "series", "tasks", "asked"]].to_numpy().tolist() == [
        ["i", "Y", 2, 2, 1],
        ["j", "Y", 1, 0, 0],
    ]
    first = found.iloc[0]
    assert (first.value_low, first.value_high, first.target_low, first.target_high) == (0.4, 0.4, 0.5, 0.6)
    assert (first.years_low, first.years_high, first.points_low, first.points_high) == (2, 2, 2, 4)
