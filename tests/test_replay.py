"""Replay of earlier as-ofs: it sees only its own past, and its scores are the textbook's."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from qnict_analysis import backtest
from qnict_analysis.analysis import analyse, as_of_for
from qnict_analysis.assessment.official import Record
from qnict_analysis.backtest import baselines, scores
from qnict_analysis.backtest.replay import METHODS, pseudo_history
from qnict_analysis.intake import ensure_store
from qnict_analysis.registry import load_registry
from qnict_analysis.workspace import find_workspace

EU = "examples/digital-agenda"


@pytest.fixture(scope="module")
def shipped():
    workspace = find_workspace()
    registry = load_registry(workspace)
    return registry, ensure_store(workspace, registry)


@pytest.fixture(scope="module")
def agenda():
    """The real programme, every outcome known, replayed."""
    known = analyse(workspace=EU, as_of="2017-12-31", draws=400)
    history = ensure_store(known.workspace, known.registry)
    said = [
        backtest.replay_at(history, known.registry, then, n_draws=400, seed=1)
        for then in backtest.replayed_as_ofs(known.registry, known.as_of)
    ]
    chances, spreads = (pd.concat(tables, ignore_index=True) for tables in zip(*said, strict=True))
    return known, history, *backtest.with_outcomes(chances, spreads, known)


def test_every_as_of_from_a_year_on_is_replayed(shipped):
    registry, _ = shipped
    labels = [one.label for one in backtest.replayed_as_ofs(registry, as_of_for("2014Q2", registry))]
    assert labels[0] == "2012Q1" and labels[-1] == "2014Q1" and len(labels) == 9
    assert backtest.replayed_as_ofs(registry, as_of_for("2016Q4", registry))[-1].label == "2015Q3"


def test_a_replay_sees_only_its_own_past(shipped):
    registry, observations = shipped
    then = as_of_for("2012Q2", registry)
    said = backtest.replay_at(observations, registry, then, n_draws=300, seed=1)
    later = observations["reported_on"].dt.date > then.cutoff
    changed = observations.assign(numerator=observations["numerator"].where(~later, (observations["numerator"] / 2) // 1))
    for one, other in zip(said, backtest.replay_at(changed, registry, then, n_draws=300, seed=1), strict=True):
        pd.testing.assert_frame_equal(one, other)
    chances = said[0]
    assert set(chances["vintage"]) == {"true"} and chances["forecast"].between(0, 1).all()
    assert set(chances["horizon"]) == {1, 2, 4, 8, 14}


def test_what_is_said_at_the_deadline_is_the_assessment(shipped):
    registry, observations = shipped
    chances = backtest.replay_at(observations, registry, as_of_for("2013Q4", registry), n_draws=400, seed=2015)[0]
    ours = chances[chances["at_deadline"]].set_index("target")["forecast"]
    assessed = analyse(as_of="2013Q4", draws=400).assessment.set_index("target")["p_met"]
    pd.testing.assert_series_equal(ours, assessed[ours.index], check_names=False)


def test_pseudo_vintages_before_the_first_true_one(agenda):
    known, history, chances, _ = agenda
    first = chances.groupby("as_of")["vintage"].first()
    assert first.to_dict() == {
        "2009": "pseudo", "2010": "pseudo", "2011": "true", "2012": "true", "2013": "true", "2014": "true"
    }  # fmt: skip
    early = pseudo_history(history, known.registry)
    assert not early.duplicated(["indicator", "unit", "period"]).any()
    assert (early["reported_on"] <= history["reported_on"].max()).all()
    of_2009 = early.loc[early["period"] == "2009", "reported_on"]
    assert set(of_2009) == {pd.Timestamp("2010-07-01")}


def test_outcomes_are_sourced_figures_or_verdicts(agenda):
    known, _, chances, _ = agenda
    final = chances[chances["at_deadline"]].groupby("target")["met"].first()
    verdicts = known.assessment[known.assessment["decided"]].set_index("target")["status"].eq("met")
    assert final.to_dict() == {name: verdicts[name] for name in final.index}
    assert final["DAE01"], "a sourced verdict counts as an outcome"
    assert "DAE11" not in set(chances.loc[chances["at_deadline"], "target"]), "2020 is still open"


def test_every_method_speaks_on_the_real_programme(agenda):
    table = backtest.chance_scores(agenda[2], METHODS).set_index("method")
    assert (table["n"] > 0).all()
    assert table["n"]["forecast"] == table["n"]["persistence"] >= table["n"]["destatis"]
    assert table["brier"].between(0, 1).all()


# --- baselines -------------------------------------------------------------------------------------------------------


def record(values, *, goal, end, **more) -> Record:
    return Record(times=np.arange(2010.0, 2010.0 + len(values)), values=np.array(values), goal=goal, end=end, **more)


def test_rules_are_asked_for_the_period_that_is_scored():
    steady = record([0.4, 0.44, 0.484], goal=0.5856, end=2014.0)  # ten per cent a year reaches 0.5856 in 2014, not in 2013
    assert baselines.rule_chance("cagr", steady, 2014.0) == 1.0
    assert baselines.rule_chance("cagr", steady, 2013.0) == 0.0
    assert math.isnan(baselines.rule_chance("cagr", steady, 2012.0)), "a period that is known is no forecast"
    assert math.isnan(baselines.rule_chance("destatis", steady, 2014.0)), "three figures are too few for the office"


def test_models_of_statsmodels_by_hand():
    values = np.array([0.2, 0.25, 0.31, 0.36, 0.44, 0.5])
    found = baselines.fitted("ucm", values, "share", 3)
    scaled = np.log(values / (1 - values))
    drift, noise = np.diff(scaled).mean(), np.diff(scaled).std()
    assert found.mean == pytest.approx(scaled[-1] + drift * np.arange(1, 4), abs=0.02)
    assert found.spread[0] == pytest.approx(noise, rel=0.5)
    part = None
    there = baselines.normal_chance(
        found, 1, record(values, goal=1 / (1 + np.exp(-found.mean[0])), end=2020.0), "share", part, None
    )
    assert there == pytest.approx(0.5)
    assert baselines.fitted("ets", values[:4], "share", 1) is None
    for model in baselines.MODELS:
        assert (baselines.fitted(model, values, "share", 3).spread > 0).all()


def test_whole_numbers_are_met_from_half_a_unit_before():
    assert baselines.edge_of(record([0.5], goal=12 / 14, end=2015.0), "units", None, 14) == pytest.approx(11.5 / 14)
    assert baselines.edge_of(record([9.0], goal=16.0, end=2015.0), "count", None, None) == 15.5


# --- scores ----------------------------------------------------------------------------------------------------------


def said(p, met, **more) -> pd.DataFrame:
    targets = [f"T{place}" for place in range(len(p))]
    return pd.DataFrame({"target": targets, "forecast": p, "met": met} | more)


def test_brier_and_log_by_hand():
    came = said([0.8, 0.3], [True, True], persistence=[1.0, 0.0], cagr=[np.nan, 1.0], unsd=[np.nan, np.nan])
    table = backtest.chance_scores(came, ["forecast", "persistence", "cagr", "unsd"]).set_index("method")
    assert table.loc["forecast", "brier"] == pytest.approx((0.04 + 0.49) / 2)
    assert table.loc["forecast", "log"] == pytest.approx(-(np.log(0.8) + np.log(0.3)) / 2)
    assert table.loc["persistence", ["brier", "ours_brier"]].tolist() == pytest.approx([0.5, 0.265])
    assert table.loc["persistence", "log"] == pytest.approx(-(np.log(0.999) + np.log(0.001)) / 2)
    assert table.loc["cagr", ["n", "brier", "ours_brier"]].tolist() == pytest.approx([1, 0.0, 0.49])
    assert table.loc["unsd", "n"] == 0 and math.isnan(table.loc["unsd", "brier"])


def spreads_of(values, *, mean=0.5, spread=0.1, method="forecast", **more) -> pd.DataFrame:
    quantiles = stats.norm(mean, spread).ppf(scores.LEVELS)
    row = dict(zip(scores.QUANTILES, quantiles, strict=True))
    base = {"as_of": "2012", "target": "T", "indicator": "T", "goal": 1.0, "method": method, "horizon": 1} | more
    return pd.DataFrame([base | row | {"period": f"{2013 + place}", "value": value} for place, value in enumerate(values)])


def test_the_quantile_score_is_nearly_the_crps_of_a_normal():
    values = np.array([0.3, 0.5, 0.62])
    z = (values - 0.5) / 0.1
    crps = 0.1 * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))
    assert scores.quantile_score(spreads_of(values)) == pytest.approx(100 * crps, rel=0.06)


def test_coverage_by_hand():
    far = [spreads_of([value], horizon=horizon) for value, horizon in ((0.2, 2), (0.5, 5), (0.9, 8), (0.5, 9))]
    reached = pd.concat([spreads_of([0.5, 0.55, 0.62, 0.8]), *far, spreads_of([0.5], method="ets")])
    table = backtest.coverage(reached)
    assert table[["first", "last", "n"]].to_numpy().tolist() == [[1, 1, 4], [2, 2, 1], [5, 8, 2], [9, 9, 1]]
    assert table.loc[0, ["cov50", "cov80", "cov90"]].tolist() == [0.5, 0.75, 0.75]
    assert table["cov90"].tolist() == [0.75, 0.0, 0.5, 1.0]


def test_relative_scores_by_hand():
    wide, narrow = {"spread": 0.2, "method": "ets"}, {"spread": 0.1}
    same = [spreads_of([0.5], indicator="A", goal=100.0, **kind) for kind in (wide, narrow)]
    swapped = [spreads_of([0.5], indicator="B", **kind) for kind in ({**wide, "method": "forecast"}, {**narrow, "method": "ets"})]
    reached = pd.concat([*same, *swapped, spreads_of([0.5], indicator="C", **narrow)])
    row = backtest.relative_scores(reached, seed=1).set_index("method").loc["ets"]
    assert row["n_indicators"] == 2, "an indicator on which the other is silent does not count"
    assert row["ratio"] == pytest.approx(1.0), "half the score on one and twice on the other, whatever their goals"
    assert (row["low"], row["high"]) == pytest.approx((0.5, 2.0))
    alone = backtest.relative_scores(pd.concat(same), seed=1).iloc[0]
    assert alone["ratio"] == pytest.approx(0.5) and math.isnan(alone["low"])


def test_parts_have_chances_of_their_own(shipped):
    registry, observations = shipped
    chances, spreads = backtest.replay_at(observations, registry, as_of_for("2013Q4", registry), n_draws=400, seed=1)
    ours = spreads[spreads["method"] == "forecast"]
    single = ours[ours["target"] == "T01"].set_index("period")["p_met"]
    whole = chances[chances["target"] == "T01"].set_index("period")["forecast"]
    pd.testing.assert_series_equal(single, whole[single.index], check_names=False)
    both = ours[ours["target"] == "T05"].groupby("period")["p_met"].min()
    joint = chances[chances["target"] == "T05"].set_index("period")["forecast"]
    assert (joint[both.index] <= both + 1e-12).all(), "all parts at once are no likelier than one of them"


def test_reliability_by_hand():
    bins = backtest.reliability(said([0.02, 0.08, 0.55, 1.0], [False, True, True, True]))
    assert bins[["low", "n", "said", "came"]].to_numpy().tolist() == pytest.approx(
        np.array([[0.0, 2, 0.05, 0.5], [0.5, 1, 0.55, 1.0], [0.9, 1, 1.0, 1.0]])
    )


def test_the_pit_of_right_forecasts_is_even():
    rng = np.random.default_rng(3)
    counts = backtest.pit_counts(spreads_of(rng.normal(0.5, 0.1, 4000)))["n"]
    assert stats.chisquare(counts).pvalue > 0.001
    whole = spreads_of(rng.binomial(10, 0.5, 4000).astype(float))
    whole[list(scores.QUANTILES)] = stats.binom(10, 0.5).ppf(scores.LEVELS)
    assert backtest.pit_counts(whole)["n"].between(280, 520).all(), "ties among whole numbers are drawn apart"


def test_skill_draws_whole_targets():
    came = said([0.9] * 4, [True] * 4, persistence=[0.0, 0.0, 0.0, 1.0])
    came["target"] = ["A", "A", "A", "B"]
    row = backtest.skill(came, ["persistence"], seed=1).iloc[0]
    assert row["difference"] == pytest.approx((3 * (0.01 - 1.0) + 0.01) / 4)
    assert row["low"] == pytest.approx(-0.99) and row["high"] == pytest.approx(0.01)
    assert backtest.losses(backtest.skill(came.iloc[3:], ["persistence"], seed=1)) == ["persistence"]
