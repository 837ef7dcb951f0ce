"""Replay: each forecast sees only what was known then, and the scores are the textbook's."""

import pandas as pd
import pytest

from qnict_analysis import backtest
from qnict_analysis.analysis import as_of_for
from qnict_analysis.intake import ensure_store
from qnict_analysis.registry import load_registry
from qnict_analysis.workspace import find_workspace


@pytest.fixture(scope="module")
def shipped():
    workspace = find_workspace()
    registry = load_registry(workspace)
    return registry, ensure_store(workspace, registry)


def test_as_ofs_leave_room_for_the_outcome(shipped):
    registry, _ = shipped
    labels = [one.label for one in backtest.earlier_as_ofs(as_of_for("2014Q2", registry), registry, horizon=4)]
    assert labels == ["2012Q1", "2012Q2", "2012Q3", "2012Q4", "2013Q1", "2013Q2"]


def test_replay_sees_only_its_own_past(shipped):
    registry, observations = shipped
    as_of = as_of_for("2013Q1", registry)
    settings = {"horizon": 4, "n_draws": 300, "seed": 1}
    replayed = backtest.replay(observations, registry, as_of, **settings)
    assert set(replayed["as_of"]) == {"2012Q1"} and set(replayed["period"]) == {"2013Q1"}
    cutoff = as_of_for("2012Q1", registry).cutoff
    later = observations["reported_on"].dt.date > cutoff
    changed = observations.assign(numerator=observations["numerator"].where(~later, (observations["numerator"] / 2) // 1))
    said = ["target", "low", "median", "high", "p_met", "last"]
    again = backtest.replay(changed, registry, as_of, **settings)
    pd.testing.assert_frame_equal(again[said], replayed[said])
    assert not again["value"].equals(replayed["value"])


def test_scores_by_hand():
    replayed = pd.DataFrame(
        {
            "p_met": [0.8, 0.3],
            "met": [True, True],
            "last_met": [True, False],
            "low": [0.4, 0.5],
            "high": [0.6, 0.7],
            "value": [0.6, 0.8],
        }
    )
    scores = backtest.record(replayed).set_index(["method", "metric"])["value"]
    assert scores["forecast", "brier"] == pytest.approx((0.04 + 0.49) / 2)
    assert scores["persistence", "brier"] == pytest.approx(0.5)
    assert scores["forecast", "skill"] == pytest.approx(1 - 0.265 / 0.5)
    assert scores["forecast", "cov80"] == 0.5
