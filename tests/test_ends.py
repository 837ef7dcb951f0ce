"""Shares that stand at exactly 0 or 1, and those within half a per cent of it."""

import numpy as np
import pandas as pd
import pytest
from scipy import special

from qnict_analysis.engine import tables
from qnict_analysis.engine.learned import shipped
from qnict_analysis.engine.points import asked_of, points_of
from qnict_analysis.models import ends, ladder
from qnict_analysis.predict import predict


def series_of(name, values, indicator="a", end="2014-12-31"):
    days = pd.date_range(end=end, periods=len(values), freq="YE")
    return pd.DataFrame({"series_id": name, "indicator": indicator, "freq": "Y", "period": days, "value": values})


def task_of(series, target, *, name="x", origin="2014-12-31", deadline="2015-12-31", n=20):
    days = {"origin": pd.Timestamp(origin), "deadline": pd.Timestamp(deadline)}
    return pd.DataFrame([{"task_id": 1, "series_id": name, **days, "target": target, "n_history": n}])


def table_of(series, task, pool="none"):
    points = points_of(series)
    return tables(points, asked_of(points, task), shipped(), pool=pool)


def test_the_chance_to_stay_is_the_mean_of_the_beta_distribution():
    none = ends.Stays(0.0, 0.0)
    assert ends.chance(1.0, (2.0, 3.0), none, none) == pytest.approx(2 / 5)
    assert ends.chance(2.0, (2.0, 3.0), none, none) == pytest.approx(2 / 5 * 3 / 6)
    assert ends.chance(0.0, (2.0, 3.0), none, none) == pytest.approx(1.0)


def test_own_years_and_departures_count_whole_and_like_ones_up_to_a_limit():
    own, like = ends.Stays(4.0, 1.0), ends.Stays(6.0, 2.0)
    assert ends.chance(1.0, (0.4, 0.3), own, like) == pytest.approx(10.4 / (10.4 + 3.3))
    many = ends.Stays(300.0, 100.0)  # weighed down to LIKE_YEARS
    share = ends.LIKE_YEARS / 400
    assert ends.chance(1.0, (0.4, 0.3), own, many) == pytest.approx((4.4 + 300 * share) / (5.7 + 400 * share))


@pytest.mark.parametrize("end", [0.0, 1.0])
def test_a_series_that_stayed_at_an_end_is_believed_to_stay(end):
    series = series_of("x", [end] * 9)
    a, b = ends.PRIOR[end]
    chance = special.beta(a + 8 + 1, b) / special.beta(a + 8, b)
    table = table_of(series, task_of(series, 1.0))
    assert [table.zero[0], table.one[0]] == pytest.approx([chance, 0] if end == 0 else [0, chance])
    p_met = predict(series, task_of(series, 1.0 if end else 1e-6), pool="none").p_met[0]
    assert p_met == pytest.approx(chance if end else 1 - chance, abs=0.01)
    levels = predict(series, task_of(series, 0.5), pool="none")[["q25", "q50", "q75"]].to_numpy()
    assert (levels == end).all()


def test_like_series_tell_how_long_one_stays():
    own = series_of("x", [0.9, 1.0])
    stayed = pd.concat([own, *(series_of(f"s{n}", [1.0] * 6) for n in range(3))])
    left = pd.concat([own, *(series_of(f"s{n}", [1.0, 0.9, 1.0, 0.9, 1.0, 0.9]) for n in range(3))])
    alone, calm, restless = (predict(frame, task_of(frame, 1.0), pool="indicator").p_met[0] for frame in (own, stayed, left))
    assert restless < alone < calm
    late = pd.concat([own, *(series_of(f"s{n}", [1.0] * 6, end="2022-12-31") for n in range(3))])
    assert predict(late, task_of(late, 1.0)).p_met[0] == pytest.approx(alone, abs=1e-9)  # not known at the origin
    short = task_of(stayed, 1.0, name="s0", n=1)
    assert predict(stayed, short).p_met[0] < predict(stayed, task_of(stayed, 1.0, name="s0")).p_met[0]  # own years not shown


def test_shares_close_to_an_end_are_forecast_from_where_they_stand():
    for value in (0.998, 0.002):
        found = predict(series_of("x", [value] * 4), task_of(None, 0.5), pool="none")
        assert found.q10[0] < value < found.q90[0]


def test_cdf_and_quantiles_with_mass_at_both_ends_agree():
    rng = np.random.default_rng(3)
    score = np.sort(rng.normal(0, 2, (40, len(ladder.OFFSETS))), axis=1)
    zero, one = rng.uniform(0, 0.4, 40), rng.uniform(0, 0.4, 40)
    table = ladder.Table(np.zeros(40), np.clip(score, -5, 5), zero, one)
    for y in (0.0, 0.3, 1.0):
        assert (ladder.cdf(np.full(40, y), table, strict=True) <= ladder.cdf(np.full(40, y), table)).all()
    assert ladder.cdf(np.zeros(40), table) - ladder.cdf(np.zeros(40), table, strict=True) == pytest.approx(zero, abs=5e-3)
    assert ladder.cdf(np.ones(40), table) - ladder.cdf(np.ones(40), table, strict=True) == pytest.approx(one, abs=5e-3)
    levels = np.linspace(0.01, 0.99, 45)
    found = ladder.quantile(levels, table)
    assert (np.diff(found, axis=1) >= 0).all()
    for column, level in enumerate(levels):
        assert (ladder.cdf(found[:, column], table) >= level - 1e-9).all()
        assert (ladder.cdf(found[:, column], table, strict=True) <= level + 1e-9).all()
