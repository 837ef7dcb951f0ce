from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnict_analysis import periods, schema
from qnict_analysis.params import load_scenario, scenario_names
from qnict_analysis.registry import load_registry
from qnict_analysis.scenarios import pace_table
from qnict_analysis.workspace import find_workspace

LAST, DEADLINE = "2014Q2", "2015Q4"
AHEAD = periods.period_range("2014Q3", DEADLINE)


def lever(reaches, likely=0.25, lag=2, ramp=4):
    spread = {"lag": SimpleNamespace(likely=lag), "ramp": SimpleNamespace(likely=ramp)}
    return SimpleNamespace(reaches=reaches, effect=SimpleNamespace(likely=likely), needs={}, **spread)


LEVERS = {
    "training": lever({"A": 1.0, "B": 0.5}),
    "infrastructure": lever({"A": 1.0}, likely=0.35, lag=0, ramp=0),
    "budget": lever({"A": 1.0, "M": 1.0}, lag=0, ramp=2),
}
REGISTRY = SimpleNamespace(levers=LEVERS, indicators=dict.fromkeys(["A", "B", "M", "C"]))


def spec(schedules=(), **levers):
    """A scenario from lever=level (from 2014Q3) or lever=(level, start)."""
    pairs = {name: value if isinstance(value, tuple) else (value, "2014Q3") for name, value in levers.items()}
    return SimpleNamespace(
        levers={name: SimpleNamespace(level=level, start=start) for name, (level, start) in pairs.items()}, schedules=schedules
    )


def schedule(indicator="C", period="2015Q2", adds=3.0, on_time=0.7):
    return SimpleNamespace(indicator=indicator, period=period, adds=adds, on_time=on_time)


def table_of(scenario, **overrides):
    return pace_table(scenario, REGISTRY, last_period=LAST, deadline=DEADLINE, overrides=overrides)


def closes(scenario, indicator, **overrides):
    table = table_of(scenario, **overrides)
    return table[table["indicator"] == indicator].set_index("period")["closes"].reindex(AHEAD).fillna(0.0).to_list()


def test_what_must_raise():
    with pytest.raises(ValueError, match=r"lever 'trainin' is unknown; known levers: training, infrastructure, budget"):
        table_of(spec(trainin=0.5))
    with pytest.raises(ValueError, match="lever 'moon' is unknown"):
        table_of(spec(), moon=0.5)
    with pytest.raises(ValueError, match=r"lever training: level 1.5 is not allowed"):
        table_of(spec(training=1.5))
    with pytest.raises(ValueError, match=r"lever training: level -1.1 is not allowed"):
        table_of(spec(), training=-1.1)
    with pytest.raises(ValueError, match="level nan is not allowed"):
        table_of(spec(), training=float("nan"))
    with pytest.raises(ValueError, match="unknown indicator; known: A, B, M, C"):
        table_of(spec([schedule("X")]))


def test_one_lever_by_hand():
    # Asked for from 2014Q3 with a lag of two: the first quarter of effect is 2015Q1, the full effect comes in 2015Q4.
    expected = pd.DataFrame(
        {
            "indicator": ["A"] * 4 + ["B"] * 4,
            "period": AHEAD[2:] * 2,
            "closes": [0.0625, 0.125, 0.1875, 0.25, 0.03125, 0.0625, 0.09375, 0.125],
            "adds": 0.0,
            "promised": 0.0,
            "waits_for": "",
            "at_least": 0.0,
            "until_then": [0.0625, 0.125, 0.1875, 0.25, 0.03125, 0.0625, 0.09375, 0.125],
        }
    )
    table = table_of(spec(training=1.0))
    assert tuple(table.columns) == schema.PACE
    pd.testing.assert_frame_equal(table, expected)


def test_levers_together_close_the_gap_with_diminishing_returns():
    both = spec(training=(1.0, "2012Q1"), infrastructure=1.0)
    assert closes(both, "A") == pytest.approx([0.5125] * 6), "1 - (1 - 0.25)(1 - 0.35)"


def test_a_lever_that_started_before_the_as_of_acts_already_and_only_periods_ahead_are_listed():
    table = table_of(spec(training=(1.0, "2013Q4")))
    assert set(table["period"]) == set(AHEAD)
    assert closes(spec(training=(1.0, "2013Q4")), "A") == [0.0625 * step for step in (2, 3, 4, 4, 4, 4)]


def test_without_lag_and_ramp_a_lever_acts_in_full_from_its_start():
    assert closes(spec(infrastructure=(1.0, "2015Q1")), "A") == pytest.approx([0, 0, 0.35, 0.35, 0.35, 0.35])


def test_cuts_take_away_and_mixed_levers_stay_within_bounds():
    assert closes(spec(infrastructure=-1.0), "A") == pytest.approx([-0.35] * 6)
    mixed = spec(infrastructure=-1.0, training=(1.0, "2012Q1"))
    assert closes(mixed, "A") == pytest.approx([0.25 - 0.35] * 6)


def test_nothing_is_the_empty_table():
    for nothing in (spec(), spec(training=0.0, infrastructure=0.0, budget=0.0), spec([schedule(adds=0.0)])):
        table = table_of(nothing)
        assert table.empty and tuple(table.columns) == schema.PACE
        assert table.dtypes.astype(str).to_list() == ["str"] * 2 + ["float64"] * 3 + ["str"] + ["float64"] * 2


def test_budget_strengthens_the_others_where_it_reaches_and_has_no_effect_of_its_own():
    assert table_of(spec(budget=1.0)).empty
    assert closes(spec(training=1.0, budget=-0.5), "B") == closes(spec(training=1.0), "B")
    assert closes(spec(infrastructure=0.5, budget=0.4), "A") == pytest.approx([0.35 * 0.5 * 1.2] + [0.35 * 0.5 * 1.4] * 5)
    assert closes(spec(infrastructure=1.0, budget=1.0), "A") == pytest.approx([0.35] * 6), "the full ask is the most"
    assert closes(spec(infrastructure=-0.5, budget=-0.4), "A")[-1] == pytest.approx(-0.35 * 0.7), "a cut deepens a cut"


def test_overrides_act_from_the_first_period_ahead_over_the_scenario():
    late = spec(infrastructure=(1.0, "2015Q4"))
    assert closes(late, "A", infrastructure=0.5) == pytest.approx([0.175] * 6)
    assert closes(spec(), "A", training=1.0) == closes(spec(training=1.0), "A")
    assert table_of(late, infrastructure=0.0).empty


def test_schedules_add_what_is_expected_in_their_period():
    plan = spec([schedule(), schedule(), schedule("A", "2014Q2"), schedule("A", "2016Q1"), schedule("B", "2014Q3", 1.0, 1.0)])
    own = {"indicator": ["B", "C"], "period": ["2014Q3", "2015Q2"], "closes": 0.0, "adds": [1.0, 4.2], "promised": [1.0, 6.0]}
    expected = pd.DataFrame(own | {"waits_for": "", "at_least": 0.0, "until_then": 0.0})
    pd.testing.assert_frame_equal(table_of(plan), expected)


def test_yearly_programmes_count_in_years():
    yearly = SimpleNamespace(levers={"x": lever({"A": 1.0}, lag=1, ramp=2)}, indicators={"A": None})
    table = pace_table(spec(x=(1.0, "2012")), yearly, last_period="2011", deadline="2015")
    assert dict(zip(table["period"], table["closes"], strict=True)) == {"2013": 0.125, "2014": 0.25, "2015": 0.25}


LEVELS = st.floats(-1, 1)


@given(levels=st.tuples(LEVELS, LEVELS, LEVELS), raised=st.sampled_from(list(LEVERS)), by=st.floats(0, 2))
def test_more_of_a_lever_never_gives_less(levels, raised, by):
    before = dict(zip(LEVERS, levels, strict=True))
    after = before | {raised: min(before[raised] + by, 1.0)}
    for name in REGISTRY.indicators:
        low, high = closes(spec(**before), name), closes(spec(**after), name)
        assert (np.array(high) >= np.array(low) - 1e-12).all()
        assert np.abs(low).max() <= 1


def test_the_order_of_levers_is_irrelevant():
    one, other = spec(training=0.5, infrastructure=0.7), spec(infrastructure=0.7, training=0.5)
    pd.testing.assert_frame_equal(table_of(one), table_of(other), check_exact=True)


@pytest.fixture(scope="module")
def shipped(root):
    workspace = find_workspace(str(root))
    return workspace, load_registry(workspace)


def test_every_shipped_scenario_makes_a_table(shipped):
    workspace, registry = shipped
    for name in scenario_names(workspace):
        table = pace_table(load_scenario(workspace, name), registry, last_period=LAST, deadline=DEADLINE)
        assert table.empty == (name == "baseline")
        assert table["closes"].between(-1, 1).all() and set(table["period"]) <= set(AHEAD)


GOLDEN_PLAN_T01 = {"2015Q1": 0.0851, "2015Q2": 0.1653, "2015Q3": 0.2620, "2015Q4": 0.3597}
"""By hand from levers.yaml and plan.yaml, every effect 0.25: leadership 0.5, training 0.6 and infrastructure 0.6 at weight 0.5,
each at 1/4 to 4/4 of its ramp; emulation 0.5 at weight 0.3, at 1/4 and 2/4 in the last two quarters, in which the budget (0.5 at
weight 0.5, at 1/4 and 2/4 of its ramp) makes each of them stronger by 0.0625 and 0.125."""


def test_the_plan_s_golden_path_of_t01(shipped):
    workspace, registry = shipped
    table = pace_table(load_scenario(workspace, "plan"), registry, last_period=LAST, deadline=DEADLINE)
    own = table[table["indicator"] == "T01"].set_index("period")["closes"]
    assert own.to_dict() == pytest.approx(GOLDEN_PLAN_T01, abs=5e-4)
