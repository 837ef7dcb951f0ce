"""Laws of the engine on generated families of series, and on records that break lesser ones."""

import numpy as np
import pandas as pd
import pytest

from qnict_analysis.engine.points import by_name, histories, points_from, points_of, window
from qnict_analysis.predict import LEVELS, POOLS, predict, predict_file


def family(kind="broadband", n=12, *, start="1995-12-31", seed=1, length=16):
    rng = np.random.default_rng(seed)
    days = pd.date_range(start, periods=length, freq="YE")
    walks = np.clip(0.25 + np.cumsum(rng.normal(0.025, 0.02, (n, length)), axis=1), 0.01, 0.99)
    names = [f"{kind} {row:02d}" for row in range(n)]
    columns = {"series_id": np.repeat(names, length), "period": np.tile(days, n), "value": walks.ravel()}
    return pd.DataFrame(columns).assign(indicator=kind, freq="Y")


def ask(series, *, origin="2006-12-31", years=(1, 2, 4), n=6, target=0.6):
    rows = [(name, year) for name in series.series_id.unique() for year in years]
    frame = pd.DataFrame(rows, columns=["series_id", "year"])
    frame["task_id"] = frame.series_id + " " + frame.year.astype(str)
    moment = pd.Timestamp(origin)
    deadlines = [moment + pd.DateOffset(years=year) for year in frame.pop("year")]
    return frame.assign(origin=moment, deadline=deadlines, target=target, n_history=n)


def test_without_like_series_intervals_widen_with_the_horizon():
    found = predict(family(), ask(family(), years=(1, 2, 3, 5)), pool="none")
    width = (found.q90 - found.q10).to_numpy().reshape(-1, 4)
    assert (np.diff(width, axis=1) > 0).all()


def test_another_indicator_changes_nothing():
    series = family()
    both = pd.concat([series, family("cars", seed=5)])
    pd.testing.assert_frame_equal(predict(both, ask(series)), predict(series, ask(series)), check_exact=True)


def test_the_calendar_is_irrelevant():
    early, late = family(), family(start="2005-12-31")
    found = predict(early, ask(early)), predict(late, ask(late, origin="2016-12-31"))
    pd.testing.assert_frame_equal(*found, atol=2e-9, rtol=0)


def test_one_odd_like_series_moves_little():
    series = family(n=31)
    odd = series.assign(
        value=series.value.mask(series.series_id == "broadband 30", np.tile([0.01, 0.99], 8).repeat(31)[: len(series)])
    )
    tasks = ask(series[series.series_id == "broadband 00"], years=(2,))
    plain, moved = (predict(frame, tasks).iloc[0] for frame in (series, odd))
    assert abs(plain.q50 - moved.q50) < 0.02


STRANGE = {
    "constant": [0.4] * 10,
    "none": [0.0] * 10,
    "all": [1.0] * 10,
    "leap": [0.0] * 5 + [1.0] * 5,
    "tiny": [1e-9 * n for n in range(10)],
    "two values": [0.3, 0.3001] * 5,
}


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("like", [0, 1, 3])
@pytest.mark.parametrize("n", [1, 2, 4, 10])
def test_strange_records_get_a_forecast_all_the_same(pool, like, n):
    days = pd.date_range("2001-12-31", periods=10, freq="YE")
    parts = [
        pd.DataFrame({"series_id": f"{name} {row}", "indicator": name, "period": days, "value": values})
        for name, values in STRANGE.items()
        for row in range(like + 1)
    ]
    series = pd.concat(parts, ignore_index=True).assign(freq="Y")
    found = predict(series, ask(series, origin="2010-12-31", years=(1, 20), n=n, target=0.5), pool=pool)
    numbers = found[["p_met", *LEVELS]].to_numpy()
    assert np.isfinite(numbers).all() and (numbers >= 0).all() and (numbers <= 1).all()
    assert (np.diff(found[list(LEVELS)].to_numpy(), axis=1) >= 0).all()


@pytest.mark.parametrize("pool", POOLS)
def test_nothing_unseen_changes_a_byte_of_the_file(tmp_path, pool):
    series = family()
    tasks = ask(series[series.series_id == "broadband 03"])
    late = series.period > "2006-12-31"
    early = (series.series_id == "broadband 03") & (series.period <= "2000-12-31")
    assert late.any() and early.any()
    rng = np.random.default_rng(0)
    outs = []
    for name, frame in {
        "plain": series,
        "altered": series.assign(value=series.value.mask(late | early, rng.random(len(series)))),
    }.items():
        paths = [tmp_path / f"{name}-{part}.csv" for part in ("series", "tasks", "out")]
        frame.to_csv(paths[0], index=False)
        tasks.to_csv(paths[1], index=False)
        predict_file(*paths, pool=pool)
        outs.append(paths[2].read_bytes())
    assert outs[0] == outs[1]


def test_points_by_hand():
    times = np.array([2001.0, 2002.0, 2003.0])
    points = points_from(times, np.array([[0.1, np.nan, 0.3], [np.nan, 0.2, np.nan]]), ["a", "b"], ["k", "k"])
    assert points.values.tolist() == [0.1, 0.3, 0.2] and points.first.tolist() == [0, 2] and points.last.tolist() == [2, 3]
    packed = histories(points, points.first, points.last)
    assert np.array_equal(packed[0], [[2001, 2003], [2002, np.nan]], equal_nan=True)
    assert window(4, np.array([1.0, 0.25, 1 / 12, 0.0])).tolist() == [4, 5, 13, 4]


def test_which_like_series_are_looked_at_hangs_on_their_names_alone():
    points = points_of(family(n=30))
    rows = np.arange(30)
    some = by_name(points, rows, 10)
    assert len(some) == 10 and (np.diff(some) > 0).all()
    fewer = by_name(points, some, 10)
    assert np.array_equal(fewer, some) and set(by_name(points, rows, 5)) <= set(some)
