from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from qnict_analysis import engine
from qnict_analysis.engine.learned import shipped
from qnict_analysis.engine.points import NEAR, asked_of, by_name, histories, known_by, points_from, points_of, window
from qnict_analysis.models import ladder
from qnict_analysis.predict import LEVELS, POOLS, predict, predict_file

QUANTILES = list(LEVELS)


def family(rng, count, *, size=12, first=2004, indicator="broadband", name="r"):
    """Yearly random walks on the log odds that share a pace."""
    walk = rng.normal(-1, 0.5, (count, 1)) + np.cumsum(rng.normal(0.15, 0.2, (count, size)), axis=1)
    return pd.concat(
        [series_of(f"{name}{row:02d}", 1 / (1 + np.exp(-path)), first, indicator) for row, path in enumerate(walk)],
        ignore_index=True,
    )


def series_of(name, values, first=2004, indicator="broadband"):
    days = pd.to_datetime([f"{first + year}-12-31" for year in range(len(values))])
    return pd.DataFrame({"series_id": name, "indicator": indicator, "freq": "Y", "period": days, "value": values})


def tasks_of(ids, *, origin="2013-12-31", horizons=(3,), targets=(0.4,), n=(6,)):
    rows = [(s, origin, f"{int(origin[:4]) + h}-12-31", t, k) for s in ids for h in horizons for t in targets for k in n]
    frame = pd.DataFrame(rows, columns=["series_id", "origin", "deadline", "target", "n_history"])
    frame.insert(0, "task_id", [f"T{number:03d}" for number in range(len(frame))])
    return frame.assign(origin=pd.to_datetime(frame.origin), deadline=pd.to_datetime(frame.deadline))


@pytest.mark.parametrize("seed", range(4))
def test_the_farther_the_less_is_known(seed):
    series = family(np.random.default_rng(seed), 8)
    horizons = (1, 2, 3, 5, 8, 12, 20)
    found = predict(series, tasks_of([f"r{row:02d}" for row in range(8)], horizons=horizons), pool="none")
    odds = np.log(found[QUANTILES]) - np.log1p(-found[QUANTILES])
    spread = (odds.q90 - odds.q10).to_numpy().reshape(8, len(horizons))
    assert (np.diff(spread, axis=1) > 0).all()


def test_other_indicators_change_nothing():
    rng = np.random.default_rng(1)
    series = family(rng, 6)
    tasks = tasks_of(["r00", "r03"], horizons=(1, 4), targets=(0.2, 0.6))
    expected = predict(series, tasks)
    for other in (series_of("a", [0.9, 0.1, 0.5], indicator="cars"), family(rng, 9, indicator="zebras", name="z")):
        for order in ([series, other], [other, series]):
            pd.testing.assert_frame_equal(predict(pd.concat(order, ignore_index=True), tasks), expected, check_exact=True)


@pytest.mark.parametrize("pool", POOLS)
def test_the_calendar_does_not_matter(pool):
    series = family(np.random.default_rng(2), 6)
    tasks = tasks_of(["r00", "r03"], horizons=(1, 4), targets=(0.2, 0.6))
    ten = pd.DateOffset(years=10)
    later = tasks.assign(origin=tasks.origin + ten, deadline=tasks.deadline + ten)
    there = predict(series.assign(period=series.period + ten), later, pool=pool)
    assert np.abs(there[["p_met", *QUANTILES]] - predict(series, tasks, pool=pool)[["p_met", *QUANTILES]]).max(axis=None) < 2e-9


ODD = {
    "constant": np.full(10, 0.37),
    "all 0": np.zeros(10),
    "all 1": np.ones(10),
    "jumping": np.tile([0.0, 1.0], 5),
    "one jump": np.repeat([0.001, 0.999], 5),
    "one point": np.append(np.full(9, np.nan), 0.6),
    "gaps": np.where(np.arange(10) % 3 == 0, 0.2, np.nan),
}


@pytest.mark.parametrize("like", range(4))
@pytest.mark.parametrize("pool", POOLS)
def test_odd_series_have_sound_forecasts(pool, like):
    series = pd.concat([series_of(name, values) for name, values in ODD.items()], ignore_index=True)
    series = series.assign(indicator=series.series_id)
    if like:
        walks = [family(np.random.default_rng(3), like, size=10, indicator=name, name=f"{name} ") for name in ODD]
        series = pd.concat([series, *walks], ignore_index=True)
    tasks = tasks_of(ODD, horizons=(1, 2, 5, 20), targets=(0.0, 0.37, 1.0), n=(1, 2, 3, 4))
    found = predict(series, tasks, pool=pool)
    numbers = found[["p_met", *QUANTILES]].to_numpy()
    assert np.isfinite(numbers).all() and (numbers >= 0).all() and (numbers <= 1).all()
    assert (np.diff(found[QUANTILES], axis=1) >= 0).all()
    chances = found.p_met.to_numpy().reshape(len(ODD), 4, 3, 4)
    assert (chances[:, :, 0] == 1.0).all() and (np.diff(chances, axis=2) <= 0).all()
    first = found[(tasks.series_id == "constant") & (tasks.deadline == "2014-12-31")]
    assert (first.q50 - 0.37).abs().max() < 0.06


@pytest.mark.parametrize("value", [0.001, 0.999])
def test_one_odd_like_series_among_thirty_moves_the_median_little(value):
    series = family(np.random.default_rng(4), 31)
    tasks = tasks_of([f"r{row:02d}" for row in range(30)], horizons=(1, 3, 5))
    odd = series.value.where(series.series_id != "r30", np.where(series.period.dt.year % 2 == 0, value, 1 - value))
    usual = predict(series, tasks)
    moved = (predict(series.assign(value=odd), tasks).q50 - usual.q50).abs()
    apart = moved / (usual.q90 - usual.q10)
    # At the edge of the family, where hardly another series has been, the odd one counts for more.
    assert 0 < apart.median() < 0.01 and apart.quantile(0.9) < 0.05 and moved.max() < 0.015


@pytest.mark.parametrize("pool", POOLS)
def test_the_file_says_nothing_of_what_must_not_be_seen(tmp_path, pool):
    rng = np.random.default_rng(5)
    late = [family(rng, 2, size=size, first=2016 - size, name=f"late{size} ") for size in (2, 3, 4)]
    series = pd.concat([family(rng, 6), *late], ignore_index=True)
    tasks = tasks_of(["r00"], horizons=(1, 2), targets=(0.2, 0.5), n=(5,))
    hidden = (series.period > "2013-12-31") | ((series.series_id == "r00") & (series.period <= "2008-12-31"))
    assert 10 < hidden.sum() < len(series) / 2
    seen = (series.series_id == "r00") & (series.period == "2009-12-31")
    tasks.to_csv(tmp_path / "t.csv", index=False)
    files = {}
    for name, rows in (("as it is", hidden & False), ("altered", hidden), ("one more", hidden | seen)):
        series.assign(value=series.value.mask(rows, 1 - series.value)).to_csv(tmp_path / "s.csv", index=False)
        predict_file(tmp_path / "s.csv", tmp_path / "t.csv", tmp_path / "out.csv", pool=pool)
        files[name] = (tmp_path / "out.csv").read_bytes()
    assert files["altered"] == files["as it is"] != files["one more"]


def test_rows_in_numbers_are_the_table_in_numbers():
    values = np.array([[0.1, np.nan, 0.3], [0.4, 0.5, np.nan], [np.nan, np.nan, 0.6]])
    found = points_from(np.array([2001.0, 2002, 2003]), values, ["a", "b", "c"], ["x", "y", "x"])
    assert found.values.tolist() == [0.1, 0.3, 0.4, 0.5, 0.6] and found.times.tolist() == [2001, 2003, 2001, 2002, 2003]
    assert (found.first.tolist(), found.last.tolist()) == ([0, 2, 4], [2, 4, 5])
    assert found.kinds.tolist() == [0, 1, 0] and found.indicators.tolist() == ["x", "y"]
    table = pd.concat([series_of(name, row, 2000, kind) for name, row, kind in zip("abc", values, "xyx", strict=True)])
    for one, other in zip(found, points_of(table), strict=True):
        assert list(one) == list(other)
    times, packed = histories(found, found.first, found.last)
    assert np.array_equal(packed, [[0.1, 0.3], [0.4, 0.5], [0.6, np.nan]], equal_nan=True) and times[0].tolist() == [2001, 2003]
    rows, moments = np.array([0, 0, 0, 1, 2]), np.array([2000.9, 2001.0, 2003.0, 2002.0, 2002.9])
    assert known_by(found, rows, moments).tolist() == [0, 1, 2, 2, 0]
    assert NEAR < 1 / 12


def test_series_are_picked_by_their_names():
    names = [f"s{number}" for number in range(40)]
    points = points_from(np.array([2001.0]), np.full((40, 1), 0.5), names, ["x"] * 40)
    rows = np.arange(3, 40)
    picked = by_name(points, rows, 10)
    assert len(set(picked)) == 10 and set(picked) <= set(rows) and (np.diff(picked) > 0).all()
    assert np.array_equal(by_name(points, rows, 37), rows)
    backwards = points_from(np.array([2001.0]), np.full((40, 1), 0.5), names[::-1], ["x"] * 40)
    again = by_name(backwards, np.arange(37), 10)
    assert set(backwards.names[again]) == set(points.names[picked])


def test_a_window_is_some_points_or_a_years_points():
    assert window(4, np.array([1.0, 2.0, 0.25, 1 / 12, 0.0])).tolist() == [4, 4, 5, 13, 4]
    assert window(8, np.array([1.0, 0.25, 1 / 12])).tolist() == [8, 8, 13]


def test_the_average_is_as_sharp_as_was_learned():
    series = family(np.random.default_rng(0), 3)
    points = points_of(series)
    asked = asked_of(points, tasks_of(["r00", "r01"]))
    blunt, sharp = (engine.tables(points, asked, replace(shipped(), sharpness=s), pool="none").score for s in (1.0, 1.25))
    inner = np.abs(sharp) < ladder.FARTHEST - 0.01
    assert sharp[inner] == pytest.approx(1.25 * blunt[inner])
