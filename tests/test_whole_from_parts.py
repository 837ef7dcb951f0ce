"""The benchmark of wholes and parts: what it draws, and its scores by hand."""

import importlib.util

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="module")
def bench(root):
    spec = importlib.util.spec_from_file_location("whole_from_parts", root / "benchmarks" / "whole_from_parts.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Eight yearly series of one indicator, 16 years each, one of them with a gap; two origins."""
    folder, years = tmp_path_factory.mktemp("series"), np.arange(2000, 2016)
    rows = [
        (f"x|{i}", "x", "Y", f"{year}-12-31", 0.2 + 0.02 * (year - 2000) + 0.01 * i + 0.003 * ((year * (i + 3)) % 5))
        for i in range(8)
        for year in years
        if (i, year) != (0, 2009)
    ]
    pd.DataFrame(rows, columns=["series_id", "indicator", "freq", "period", "value"]).to_csv(folder / "series.csv", index=False)
    tasks = pd.DataFrame({"series_id": ["x|1", "x|2"], "origin": ["2010-12-31", "2011-12-31"]})
    tasks.to_csv(folder / "tasks.csv", index=False)
    return folder


def test_members_have_every_period_of_the_whole(bench, files):
    wholes = bench.development(files / "series.csv", files / "tasks.csv")
    assert wholes and {len(whole.values) for whole in wholes} == {5}
    for whole in wholes:
        assert whole.times[-1] in (2011.0, 2012.0), "origins are those of the tasks"
        assert np.isfinite(whole.values).all() and np.allclose(whole.own, whole.values.mean(axis=0))
        assert 5 <= len(whole.times) <= 12 and (whole.years == whole.years.round()).all() and whole.years.max() <= 5
    again = bench.development(files / "series.csv", files / "tasks.csv")
    assert all(np.array_equal(a.values, b.values) for a, b in zip(wholes, again, strict=True))


def test_every_forecaster_is_scored_and_none_sees_the_outcome(bench, files):
    whole = bench.development(files / "series.csv", files / "tasks.csv")[0]
    frame = bench.measured([whole])
    assert set(bench.SHOWN) | {bench.SHIPPED} <= set(frame.forecaster)
    assert frame.groupby(["history", "forecaster"]).size().eq(len(whole.years)).all()
    blind = bench.forecasts(whole._replace(outcomes=whole.outcomes + 0.3))
    assert all(np.array_equal(blind[name], found) for name, found in bench.forecasts(whole).items())


def test_targets_are_gains_and_round_levels(bench):
    assert bench.targets_of(0.55) == pytest.approx([0.55, 0.57, 0.60, 0.65, 0.6, 0.7])
    assert bench.targets_of(0.95) == pytest.approx([0.95, 0.97, 0.99, 0.99])


def test_scores_by_hand(bench):
    quantiles = np.array([[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]])
    row = bench.scored(np.array([[0.8, 0.3]]), quantiles, np.array([0.65]), np.array([0.4, 0.9]))[0]
    assert row["brier"] == pytest.approx((0.04 + 0.09) / 2)
    assert row["log"] == pytest.approx(-(np.log(0.8) + np.log(0.7)) / 2)
    pinball = [0.55 * 0.05, 0.45 * 0.1, 0.35 * 0.25, 0.25 * 0.5, 0.15 * 0.75, 0.05 * 0.9, 0.05 * 0.05]
    assert row["crps"] == pytest.approx(2 * np.mean(pinball))
    assert (row["cov80"], row["cov90"]) == (0.0, 1.0)


def test_weights_of_countries_are_found_and_what_should_fall_is_turned(bench, tmp_path):
    rng, held = np.random.default_rng(3), np.array([0.5, 0.3, 0.2])
    shares = {name: rng.random((3, 6)) for name in ("DAE01", "DAE03")}
    rows = [
        (name, geo, 2004 + k, 100 * table[i, k])
        for name, table in shares.items()
        for i, geo in enumerate("abc")
        for k in range(6)
    ]
    columns = ["target_id", "geo", "year", "value_percent"]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "countries.csv", index=False)
    total = [(name, "EU", 2004 + k, 100 * held @ table[:, k], "") for name, table in shares.items() for k in range(6)]
    pd.DataFrame(total, columns=[*columns, "note"]).to_csv(tmp_path / "eu.csv", index=False)
    wholes = bench.unions(tmp_path / "eu.csv", tmp_path / "countries.csv")
    assert len(wholes) == 4 and all(np.allclose(whole.weights, held) for whole in wholes)
    falling = next(whole for whole in wholes if whole.indicator == "EU DAE03")
    assert np.allclose(falling.own, 1 - held @ shares["DAE03"][:, : len(falling.own)])
