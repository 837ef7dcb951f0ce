import gzip
import re

import numpy as np
import pandas as pd
import pytest

from qnict_analysis import engine
from qnict_analysis import predict as module
from qnict_analysis.engine import like
from qnict_analysis.engine.points import asked_of, points_of
from qnict_analysis.predict import LEVELS, like_series, predict, predict_file, told_of_like

ENDS = {"Y": "YE", "Q": "QE", "M": "ME"}


def series_of(name, values, *, freq="Y", end="2015-12-31", indicator="broadband"):
    days = pd.date_range(end=end, periods=len(values), freq=ENDS[freq])
    return pd.DataFrame({"series_id": name, "indicator": indicator, "freq": freq, "period": days, "value": values})


@pytest.fixture
def series():
    rng = np.random.default_rng(0)
    walks = np.clip(0.3 + np.cumsum(rng.normal(0.02, 0.02, (12, 14)), axis=1), 0.02, 0.98)
    parts = [series_of(f"r{row}", walk) for row, walk in enumerate(walks)]
    parts += [series_of("q", walks[0], freq="Q", indicator="cars"), series_of("m", walks[1], freq="M", indicator="documents")]
    return pd.concat(parts, ignore_index=True)


def tasks_of(*rows):
    columns = ["task_id", "series_id", "origin", "deadline", "target", "n_history"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(origin=pd.to_datetime(frame.origin), deadline=pd.to_datetime(frame.deadline))


def grid(series_ids=("r3",), origins=("2010-12-31",), deadlines=("2013-12-31",), targets=(0.5,), n=(6,)):
    rows = [(s, o, d, t, k) for s in series_ids for o in origins for d in deadlines for t in targets for k in n]
    return tasks_of(*((f"T{number:03d}", *row) for number, row in enumerate(rows)))


def test_the_forecast_has_a_chance_and_seven_quantiles():
    series = series_of("a", [0.32, 0.41, 0.47], end="2012-12-31")
    found = predict(series, tasks_of(("x", "a", "2012-12-31", "2014-12-31", 0.6, 3)), pool="none").iloc[0]
    assert list(found.index) == ["task_id", "p_met", *LEVELS]
    assert 0.47 < found.q25 < found.q50 < 0.6 < found.q90 and 0.2 < found.p_met < 0.4


def test_a_series_without_like_series_gets_the_shipped_prior(series):
    tasks = grid(["q"], ["2014-12-31"], ["2016-12-31"])
    pd.testing.assert_frame_equal(predict(series, tasks), predict(series, tasks, pool="none"))


def test_frequencies_are_years_to_the_engine():
    yearly = series_of("y", [0.3, 0.35, 0.4], end="2012-12-31")
    monthly = series_of("y", [0.3, *[np.nan] * 11, 0.35, *[np.nan] * 11, 0.4], freq="M", end="2012-12-31")
    task = tasks_of(("x", "y", "2012-12-31", "2014-12-31", 0.5, 3))
    pd.testing.assert_frame_equal(predict(yearly, task), predict(monthly, task))


@pytest.mark.parametrize("pool", module.POOLS)
def test_nothing_after_the_origin_nor_before_the_history_is_seen(series, pool):
    tasks = grid(["r3"], ["2010-12-31"], targets=(0.3, 0.5, 0.7))
    later = series.period > "2010-12-31"
    earlier = (series.series_id == "r3") & (series.period <= "2004-12-31")
    assert later.any() and earlier.any()
    altered = series.assign(value=series.value.mask(later | earlier, 0.99))
    fewer = series[~(later | earlier)]
    expected = predict(series, tasks, pool=pool).to_csv()
    assert predict(altered, tasks, pool=pool).to_csv() == expected
    assert predict(fewer, tasks, pool=pool).to_csv() == expected


def test_like_series_are_used_up_to_the_origin(series):
    tasks = grid()
    altered = series.assign(value=series.value.mask((series.series_id != "r3") & (series.period == "2010-12-31"), 0.9))
    assert not predict(altered, tasks).equals(predict(series, tasks))
    assert predict(altered, tasks, pool="none").equals(predict(series, tasks, pool="none"))


def test_the_chance_falls_as_the_target_rises_and_agrees_with_the_quantiles(series):
    found = predict(series, grid(targets=np.linspace(0, 1, 41)))
    assert (found.p_met.diff().dropna() <= 0).all() and found.p_met.iloc[0] == 1.0
    levels = found[list(LEVELS)].iloc[0]
    back = predict(series, grid(targets=levels.to_numpy())).p_met
    assert back.to_numpy() == pytest.approx(1 - np.array(list(LEVELS.values())), abs=1e-7)


def test_intervals_widen_with_the_horizon(series):
    found = predict(series, grid(deadlines=("2011-12-31", "2012-12-31", "2013-12-31", "2015-12-31")))
    for low, high in (("q05", "q95"), ("q10", "q90"), ("q25", "q75")):
        assert ((found[high] - found[low]).diff().dropna() > 0).all()


def test_tasks_are_forecast_alone_whatever_stands_beside_them(series, monkeypatch):
    tasks = grid([f"r{n}" for n in range(8)], ["2008-12-31", "2010-12-31"], n=(2, 5, 9))
    whole = predict(series, tasks)
    monkeypatch.setattr(engine, "CHUNK", 7)
    pd.testing.assert_frame_equal(predict(series.sample(frac=1, random_state=1), tasks), whole, check_exact=True)
    one = predict(series, tasks.iloc[[11]]).iloc[0]
    assert one.tolist() == whole.iloc[11].tolist()


def test_one_point_is_the_prior_and_none_is_refused(series):
    assert predict(series, grid(n=(1,))).notna().all(axis=None)
    with pytest.raises(ValueError, match="no point by the origin"):
        predict(series, grid(origins=("1990-12-31",)))
    with pytest.raises(ValueError, match="allowed: indicator, none"):
        predict(series, grid(), pool="all")


def test_the_file_form(series, tmp_path):
    series.to_csv(tmp_path / "s.csv.gz", index=False)
    tasks = grid(targets=(0.4, 0.5))
    tasks.assign(outcome_value=0.5, met=1).to_csv(tmp_path / "with.csv", index=False)
    tasks.to_csv(tmp_path / "without.csv", index=False)
    line = predict_file(tmp_path / "s.csv.gz", tmp_path / "with.csv", tmp_path / "a.csv", timing=True)
    predict_file(tmp_path / "s.csv.gz", tmp_path / "without.csv", tmp_path / "b.csv")
    assert re.fullmatch(r"2 tasks in \d+\.\d\d s; 2 with like series to learn from, 0 without", line)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "b.csv", "s.csv.gz", "with.csv", "without.csv"]
    assert list(pd.read_csv(tmp_path / "a.csv")) == ["task_id", "p_met", *LEVELS]


def test_a_packed_result_is_packed_the_same_each_time(series, tmp_path):
    series.to_csv(tmp_path / "s.csv", index=False)
    grid().to_csv(tmp_path / "t.csv", index=False)
    for name in ("a.csv.gz", "b.CSV.GZ", "c.csv"):
        predict_file(tmp_path / "s.csv", tmp_path / "t.csv", tmp_path / name, pool="none")
    packed = (tmp_path / "a.csv.gz").read_bytes()
    assert packed == (tmp_path / "b.CSV.GZ").read_bytes() and gzip.decompress(packed) == (tmp_path / "c.csv").read_bytes()
    with pytest.raises(ValueError, match=r"o.xlsx: the name says another kind of file; allowed: names that end in .csv, .txt"):
        predict_file(tmp_path / "s.csv", tmp_path / "t.csv", tmp_path / "o.xlsx")


def test_the_line_says_how_many_tasks_had_like_series(series, tmp_path):
    late = series_of("late", [0.1, 0.2], indicator="cars", end="2015-12-31")
    more = pd.concat([series, late], ignore_index=True)
    tasks = grid(["r3", "q"], ["2014-12-31", "2015-12-31"], ["2017-12-31"])
    points = points_of(more)
    assert like_series(points, asked_of(points, tasks)).tolist() == [11, 11, 0, 1]
    assert told_of_like(more, tasks) == "3 with like series to learn from, 1 without"
    more.to_csv(tmp_path / "s.csv", index=False)
    tasks.to_csv(tmp_path / "t.csv", index=False)
    line = predict_file(tmp_path / "s.csv", tmp_path / "t.csv", tmp_path / "o.csv", pool="none")
    assert line == f"4 tasks → {tmp_path / 'o.csv'}"


@pytest.mark.slow
def test_many_series_of_one_indicator_are_forecast_in_chunks():
    k = 6_000
    names = np.char.add("s", np.arange(k).astype(str))
    values = np.random.default_rng(0).uniform(0.2, 0.8, (k, 4))
    days = pd.to_datetime(["2010-12-31", "2011-12-31", "2012-12-31", "2013-12-31"])
    series = pd.DataFrame({"series_id": np.repeat(names, 4), "period": np.tile(days, k), "value": values.ravel()})
    tasks = pd.DataFrame({"task_id": names, "series_id": names, "target": 0.5, "n_history": 4})
    tasks = tasks.assign(origin=days[-1], deadline=pd.Timestamp("2015-12-31"))
    assert predict(series.assign(indicator="a", freq="Y"), tasks).p_met.between(0, 1).all()


def test_an_origin_within_a_month_does_not_see_its_end(series):
    task = tasks_of(("x", "r3", "2013-12-15", "2015-12-31", 0.6, 8))
    later = series.assign(value=series.value.mask(series.period >= "2013-12-31", 0.95))
    for pool in module.POOLS:
        pd.testing.assert_frame_equal(predict(later, task, pool=pool), predict(series, task, pool=pool), check_exact=True)
        assert predict(series, task, pool=pool).notna().all(axis=None)


def test_series_still_to_come_push_no_other_out(monkeypatch, series):
    monkeypatch.setattr(like, "MOST_LIKE", 8)
    tasks = grid(["r3"], ["2010-12-31"], targets=(0.3, 0.5))
    late = [series_of(f"late {n}", [0.1, 0.9, 0.5], end="2015-12-31") for n in range(30)]
    more = pd.concat([series, *late], ignore_index=True)
    pd.testing.assert_frame_equal(predict(more, tasks), predict(series, tasks), check_exact=True)


@pytest.mark.parametrize("pool", module.POOLS)
def test_how_often_others_will_report_later_is_not_known_yet(series, pool):
    tasks = grid(["r3"], ["2010-12-31"], targets=(0.3, 0.5))
    indicator = series.loc[series.series_id == "r3", "indicator"].iloc[0]
    late = [series_of(f"monthly {n}", np.linspace(0.2, 0.6, 24), end="2015-12-31", freq="M") for n in range(40)]
    more = pd.concat([series, *(one.assign(indicator=indicator) for one in late)], ignore_index=True)
    pd.testing.assert_frame_equal(predict(more, tasks, pool=pool), predict(series, tasks, pool=pool), check_exact=True)


@pytest.mark.parametrize("months", range(1, 13))
def test_a_pair_that_ends_on_the_day_of_the_origin_counts(months):
    monthly = [series_of(f"m{n}", np.linspace(0.1, 0.4 + n / 50, 30), freq="M") for n in range(3)]
    points = points_of(pd.concat(monthly, ignore_index=True))
    day = pd.Timestamp("2015-12-31") + pd.offsets.MonthEnd(months)
    asked = asked_of(points, tasks_of(("x", "m0", "2015-12-31", str(day.date()), 0.5, 30)))
    (group,) = like.groups(points, asked)
    weights = [weight for _, _, weight in like._weighed(group, points, asked, 1)]
    assert (weights[0] > 0).sum() == 2 * (30 - months), "every pair of the two other series"
