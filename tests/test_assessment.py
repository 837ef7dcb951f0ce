import datetime as dt
from fractions import Fraction
from types import SimpleNamespace

import hypothesis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnict_analysis import periods, schema
from qnict_analysis.assessment import assess, hold_chances, joint, reach, rule_of, target_hits
from qnict_analysis.assessment.rules import OPERATORS
from qnict_analysis.registry import Part

AS_OF = periods.parse_as_of("2014Q2", kind="quarterly", cutoff_days=30)
LATE = periods.parse_as_of("2015Q4", kind="quarterly", cutoff_days=30)
PAST = periods.period_range("2012Q1", "2014Q2")
AHEAD = periods.period_range("2014Q3", "2015Q4")


def part(indicator, comparator="at_least", value="70%", rounds=None):
    return Part(indicator=indicator, comparator=comparator, value=value, met_when_rounds=rounds)


def registry_of(targets, kinds=None, *, units=10, outcomes=(), corrections=(), soft=(), deadlines=None):
    """A registry of ``targets`` (id to parts) over indicators of ``kinds`` (share where not given)."""
    kinds = kinds or {}
    names = dict.fromkeys(one.indicator for parts in targets.values() for one in parts)
    found = {
        name: SimpleNamespace(id=name, parts=tuple(parts), deadline=(deadlines or {}).get(name, "2015Q4"), soft=name in soft)
        for name, parts in targets.items()
    }
    return SimpleNamespace(
        indicators={name: SimpleNamespace(id=name, kind=kinds.get(name, "share"), scope="all") for name in names},
        targets=found,
        parts=lambda: ((target, one) for target in found.values() for one in target.parts),
        units_in=lambda scope, period: [f"u{i}" for i in range(units)],
        outcomes=outcomes,
        corrections=corrections,
        projects={},
        mergers=list,
        assumption={"coverage_min": 0.7}.__getitem__,
        programme=SimpleNamespace(
            cutoff_days=30,
            status_edges=SimpleNamespace(likely=0.66, uncertain=0.33),
            caps=SimpleNamespace(low=0.05, high=0.95),
        ),
    )


def points(name, values, *, labels=PAST, denominator=100.0, coverage=1.0, status="reported", n_units=10, whole=False):
    """Rows of a series; ``whole``: the values are numbers of units out of ``denominator``."""
    figures = np.asarray(values, dtype=float)
    numerators = figures if whole else figures * denominator
    frame = pd.DataFrame({"indicator": name, "period": list(labels)[-len(values) :], "numerator": numerators})
    level = figures / denominator if whole else figures
    extras = {"denominator": denominator, "value": level, "low_bound": level, "high_bound": level, "coverage": coverage}
    extras["change"] = pd.Series(level).diff()
    return frame.assign(**extras, status=status, n_units=n_units, n_reporting=n_units)[list(schema.SERIES)]


def drawn(paths, labels=AHEAD):
    """Draws from {indicator: rows of figures}; a row is one future, repeated over ``labels`` where it is one number."""
    columns = {}
    for name, rows in paths.items():
        for spot, label in enumerate(labels):
            columns[name, label] = [row if np.isscalar(row) else row[spot] for row in rows]
    frame = pd.DataFrame(columns)
    frame.columns = pd.MultiIndex.from_tuples(columns, names=schema.DRAWS) if columns else pd.MultiIndex.from_arrays([[], []])
    return frame.rename_axis("draw")


def no_draws(n=10):
    return pd.DataFrame(index=range(n), columns=pd.MultiIndex.from_arrays([[], []], names=schema.DRAWS))


def grounds(series, registry, reasons=None):
    reasons = reasons or {}
    rows = [(name, 0, "", 1.0, name not in reasons, reasons.get(name, "")) for name in registry.indicators]
    return pd.DataFrame(rows, columns=list(schema.BASIS))


def assessed(draws, series, registry, as_of=AS_OF, reasons=None):
    targets, parts = assess(draws, series, grounds(series, registry, reasons), registry, as_of)
    return targets.set_index("target"), parts.set_index("indicator")


# --- rules -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comparator", "value", "n_units", "rule"),
    [
        ("at_least", "80%", 14, ("at_least", 12)),
        ("above", "90%", 14, ("at_least", 13)),
        ("above", "90%", 20, ("at_least", 19)),
        ("above", "90%", 33, ("at_least", 30)),
        ("above", "50%", 20, ("at_least", 11)),
        ("at_least", "all", 34, ("at_least", 34)),
        ("at_most", "15%", 20, ("at_most", 3)),
        ("below", "15%", 20, ("at_most", 2)),
    ],
)
def test_units_are_judged_in_whole_numbers(comparator, value, n_units, rule):
    assert rule_of(part("U", comparator, value), "units", n_units) == (rule[0], Fraction(rule[1]))


def test_counts_are_judged_in_whole_numbers():
    assert rule_of(part("C", "above", 30), "count") == ("at_least", 31)
    assert rule_of(part("C", "at_least", 16), "count") == ("at_least", 16)


@pytest.mark.parametrize("comparator", OPERATORS)
@pytest.mark.parametrize("rounds", [None, 0, 1])
def test_rules_agree_with_the_exact_comparison_of_the_registry(comparator, rounds):
    one = part("A", comparator, "12.5%" if rounds is None else "15%", rounds)
    rule = rule_of(one, "share")
    for figure in np.arange(0, 3001) / 10000:
        assert rule.satisfied(figure) == one.is_met(figure), figure


@given(n=st.integers(1, 60), percent=st.integers(1, 100), comparator=st.sampled_from(["at_least", "above", "at_most", "below"]))
def test_whole_units_agree_with_exact_fractions(n, percent, comparator):
    rule = rule_of(part("U", comparator, f"{percent}%"), "units", n)
    for k in range(n + 1):
        assert rule.satisfied(k) == OPERATORS[comparator](Fraction(k, n), Fraction(percent, 100))


def test_a_share_that_is_exactly_the_threshold_is_not_lost_in_binary():
    assert rule_of(part("A", "at_least", "70%"), "share").satisfied(63 / 90)
    assert not rule_of(part("A", "above", "90%"), "share").satisfied(63 / 70)


# --- chances by hand -------------------------------------------------------------------------------------------------

ENDS = (0.60, 0.65, 0.70, 0.75, 0.80)


@pytest.mark.parametrize(
    ("comparator", "p_met", "gap"), [("at_least", 0.6, 0.1), ("above", 0.4, 0.1), ("at_most", 0.6, -0.1), ("below", 0.4, -0.1)]
)
def test_each_comparator_by_hand(comparator, p_met, gap):
    registry = registry_of({"T1": [part("A", comparator)]})
    row = assessed(drawn({"A": ENDS}), points("A", [0.5, 0.6]), registry)[0].loc["T1"]
    assert (row.p_met, row.gap) == (pytest.approx(p_met), pytest.approx(gap))
    assert tuple(row[["low", "median", "high"]]) == (0.60, 0.70, 0.80)
    assert (row.value, row.threshold, row.comparator) == (0.6, 0.7, comparator)


def test_columns_and_types_are_those_of_the_schema():
    registry = registry_of({"T1": [part("A")], "T2": [part("U", "above", "90%")]}, {"U": "units"})
    series = pd.concat([points("A", [0.5, 0.6]), points("U", [7, 8], denominator=10, whole=True)])
    draws = drawn({"A": ENDS, "U": (8, 9, 9, 10, 10)})
    for table in assess(draws, series, grounds(series, registry), registry, AS_OF):
        assert tuple(table.columns) == schema.ASSESSMENT
        assert table["k_min"].to_list() == [pd.NA, 10] and table["n_units"].to_list() == [pd.NA, 10]
        assert table["decided"].dtype == bool


def test_units_by_hand():
    registry = registry_of({"T1": [part("U", "above", "90%")]}, {"U": "units"}, units=10)
    series = points("U", [5, 5, 6, 7, 8], denominator=10, whole=True)
    row = assessed(drawn({"U": (8, 9, 9, 10, 10)}), series, registry)[0].loc["T1"]
    assert (row.k_min, row.n_units, row.value, row.p_met) == (10, 10, 0.8, 0.4)
    assert row.gap == pytest.approx(0.1)
    assert tuple(row[["low", "median", "high"]]) == (0.8, 0.9, 1.0)
    # Two units are missing with a year and a half to go; three came in the year before.
    assert row.pace_ratio == pytest.approx((2 / 10 / 1.5) / (3 / 10))


def test_services_are_counted_by_their_reported_number_then_and_now():
    registry = registry_of({"T1": [part("U", "at_least", "all")]}, {"U": "units"}, units=3)
    series = points("U", [90, 95, 118], denominator=[90, 100, 120], n_units=3, whole=True)
    row = assessed(drawn({"U": (119, 120, 120, 120)}), series, registry)[0].loc["T1"]
    assert (row.k_min, row.n_units, row.p_met) == (120, 120, 0.75)
    assert row.p_touch == 1.0, "all 90 of 90 were online at first"


def test_touch_reach_and_hold_are_four_different_numbers():
    futures = [
        (0.6, 0.8, 0.6, 0.6, 0.6, 0.6),  # touched, not kept
        (0.6, 0.6, 0.8, 0.8, 0.8, 0.8),  # reached in 2015Q1
        (0.6, 0.8, 0.6, 0.8, 0.8, 0.8),  # touched in 2014Q4, reached in 2015Q2
        (0.6, 0.6, 0.6, 0.6, 0.6, 0.6),  # never
    ]
    registry = registry_of({"T1": [part("A")]})
    series, draws = points("A", [0.5, 0.6]), drawn({"A": futures})
    row = assessed(draws, series, registry)[0].loc["T1"]
    assert (row.p_met, row.p_touch, row.reach) == (0.5, 0.75, "2015Q2")
    chances = reach(draws, series, grounds(series, registry), registry, AS_OF).set_index("period")["chance"]
    assert chances["2014Q4":].to_list() == [0.0, 0.25, 0.5, 0.5, 0.5]
    assert hold_chances(draws, series, grounds(series, registry), registry, AS_OF).isna().all()


def test_satisfied_today_may_have_been_reached_in_the_past():
    registry = registry_of({"T1": [part("A")]})
    series = points("A", [0.5, 0.72, 0.6, 0.71, 0.75])
    draws = drawn({"A": [0.8, 0.8, 0.8, (0.6, 0.8, 0.8, 0.8, 0.8, 0.8), 0.6]})
    row = assessed(draws, series, registry)[0].loc["T1"]
    assert (row.p_met, row.p_touch, row.reach) == (pytest.approx(0.8), 1.0, "2014Q1")
    assert "at_level" in row["flags"] and row.status == "likely" and not row.decided and np.isnan(row.pace_ratio)
    assert hold_chances(draws, series, grounds(series, registry), registry, AS_OF)["T1"] == pytest.approx(0.6)


def test_more_likely_never_than_by_the_deadline_leaves_reach_empty():
    registry = registry_of({"T1": [part("A")]})
    row = assessed(drawn({"A": (0.8, 0.6, 0.6)}), points("A", [0.5, 0.6]), registry)[0].loc["T1"]
    assert row.reach == ""


def test_a_figure_that_rounds_to_the_target_satisfies_it_where_the_source_rounds():
    registry = registry_of({"T1": [part("A", "at_least", "100%", 0)]})
    draws = drawn({"A": (0.994, 0.995, 0.9951, 1.0)})
    row = assessed(draws, points("A", [0.9, 0.95]), registry)[0].loc["T1"]
    assert (row.p_met, row.threshold) == (0.75, 1.0)


def test_compound_targets_are_joint_over_the_rows():
    registry = registry_of({"T5": [part("A"), part("B")]})
    series = pd.concat([points("A", [0.5, 0.6]), points("B", [0.5, 0.65])])
    draws = drawn({"A": (0.8, 0.8, 0.6, 0.6, 0.6), "B": (0.8, 0.6, 0.8, 0.6, 0.8)})
    targets, parts = assessed(draws, series, registry)
    assert parts["p_met"].to_dict() == {"A": 0.4, "B": 0.6}
    row = targets.loc["T5"]
    assert row.p_met == pytest.approx(0.2), "not the product 0.24"
    assert (row.indicator, row.value) == ("A", 0.6), "the part least likely to be met"


@pytest.mark.parametrize(("level", "binding"), [(0.65, "A"), (0.6, "B")])
def test_of_equally_likely_parts_the_furthest_binds_else_the_first(level, binding):
    registry = registry_of({"T5": [part("B"), part("A")]})
    series = pd.concat([points("A", [0.5, 0.6]), points("B", [0.5, level])])
    assert assessed(drawn({"A": (0.8, 0.6), "B": (0.6, 0.8)}), series, registry)[0].loc["T5", "indicator"] == binding


def test_parts_touch_only_when_satisfied_together():
    registry = registry_of({"T5": [part("A"), part("B")]})
    series = pd.concat([points("A", [0.5, 0.6]), points("B", [0.5, 0.65])])
    draws = drawn({"A": [(0.8, 0.6, 0.6, 0.6, 0.6, 0.6)] * 2, "B": [(0.6, 0.8, 0.6, 0.6, 0.6, 0.6), 0.8]})
    targets, parts = assessed(draws, series, registry)
    assert targets.loc["T5", "p_touch"] == 0.5 and parts["p_touch"].to_list() == [1.0, 1.0]


def test_pace_runs_over_the_latest_year():
    registry = registry_of({"T1": [part("A")], "T2": [part("F", "at_most", "15%")]})
    up = points("A", [0.10, 0.20, 0.45, 0.48, 0.52, 0.55, 0.50])  # a year earlier: 0.45
    down = points("F", [0.40, 0.35, 0.30, 0.28, 0.25, 0.22])  # a year earlier: 0.35
    table = assessed(drawn({"A": ENDS, "F": ENDS}), pd.concat([up, down]), registry)[0]
    assert table.loc["T1", "pace_ratio"] == pytest.approx((0.20 / 1.5) / 0.05)
    assert table.loc["T2", "pace_ratio"] == pytest.approx((0.07 / 1.5) / 0.13)
    assert table.loc["T2", "gap"] == pytest.approx(0.07)


def test_no_gain_gives_no_pace_ratio():
    registry = registry_of({"T1": [part("A")]})
    assert np.isnan(assessed(drawn({"A": ENDS}), points("A", [0.5] * 6), registry)[0].loc["T1", "pace_ratio"])


# --- laws ------------------------------------------------------------------------------------------------------------


@hypothesis.settings(max_examples=40)
@given(
    ends=st.lists(st.lists(st.integers(0, 100), min_size=6, max_size=6), min_size=1, max_size=12),
    past=st.lists(st.integers(0, 100), min_size=2, max_size=6),
    comparator=st.sampled_from(["at_least", "above", "at_most", "below"]),
)
def test_laws_of_the_chances(ends, past, comparator):
    registry = registry_of({f"T{p}": [part("A", comparator, f"{p}%")] for p in (20, 50, 51, 90)})
    series, draws = points("A", np.array(past) / 100), drawn({"A": np.array(ends) / 100})
    table = assessed(draws, series, registry)[0]
    rising = table["p_met"].to_list()
    assert rising == sorted(rising, reverse=comparator in ("at_least", "above")), "a harder target is never likelier"
    assert (table["p_touch"] >= table["p_met"]).all()
    path = reach(draws, series, grounds(series, registry), registry, AS_OF).groupby("target")["chance"]
    assert path.apply(lambda chances: chances.is_monotonic_increasing).all()
    assert path.last().to_dict() == pytest.approx(table["p_met"].to_dict()), "P(never) = 1 - P(met)"
    hold = hold_chances(draws, series, grounds(series, registry), registry, AS_OF)
    assert (hold.dropna() <= table["p_met"].reindex(hold.dropna().index)).all()
    assert ((table["reach"] != "") == (table["p_met"] >= 0.5)).all()


@hypothesis.settings(max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=20))
def test_the_number_of_targets_met_has_the_mean_of_the_chances(rows):
    hits = np.array(rows)
    registry = registry_of({"T1": [part("A")], "T2": [part("B")], "T3": [part("A"), part("C")], "T4": [part("D")]})
    series = pd.concat([points(name, [0.5, 0.6]) for name in "ABC"])
    draws = drawn({name: np.where(hits[:, spot], 0.8, 0.6) for spot, name in enumerate("ABC")})
    basis = grounds(series, registry, {"D": "no_figures"})
    chances = joint(draws, series, basis, registry, AS_OF)
    expected = hits[:, 0].astype(int) + hits[:, 1] + (hits[:, 0] & hits[:, 2])
    assert chances.index.to_list() == [0, 1, 2, 3] and chances.sum() == pytest.approx(1)
    assert chances.to_list() == pytest.approx([(expected == n).mean() for n in range(4)])
    assert chances.attrs["without_basis"] == ["T4"]
    assert list(target_hits(draws, series, basis, registry, AS_OF).columns) == ["T1", "T2", "T3"]


# --- what is decided, and what has no basis --------------------------------------------------------------------------


def test_the_figure_of_the_deadline_decides():
    labels = periods.period_range("2014Q1", "2015Q4")
    registry = registry_of({"T1": [part("A")], "T2": [part("B")]})
    series = pd.concat([points("A", [0.6, 0.72, 0.65, 0.7], labels=labels), points("B", [0.8, 0.69], labels=labels)])
    table = assessed(no_draws(), series, registry, LATE)[0]
    assert table["status"].to_list() == ["met", "missed"] and table["decided"].all()
    assert table["p_met"].to_list() == [1.0, 0.0] == table["p_printed"].to_list()
    assert table.loc["T1", ["low", "median", "high"]].to_list() == [0.7, 0.7, 0.7]
    assert table["reach"].to_list() == ["2015Q4", ""]
    assert table["p_touch"].to_list() == [1.0, 1.0]
    assert joint(no_draws(), series, grounds(series, registry), registry, LATE).to_list() == [0.0, 1.0, 0.0]


def test_one_missed_part_decides_the_whole():
    labels = periods.period_range("2014Q1", "2015Q4")
    registry = registry_of({"T5": [part("A"), part("B")]})
    series = pd.concat([points("A", [0.6, 0.6], labels=labels[:-2]), points("B", [0.6, 0.69], labels=labels)])
    early = periods.parse_as_of("2016-01-10", kind="quarterly", cutoff_days=30)
    row = assessed(drawn({"A": (0.8, 0.8)}, labels[-2:]), series, registry, early)[0].loc["T5"]
    assert (row.status, row.decided, row.indicator, row.p_met) == ("missed", True, "B", 0.0)


def test_a_deadline_without_its_figure_is_not_sourced():
    registry = registry_of({"T1": [part("A")]})
    series = points("A", [0.6, 0.72], labels=periods.period_range("2015Q2", "2015Q3"))
    draws = drawn({"A": ENDS}, ["2015Q4"])
    row = assessed(draws, series, registry, LATE)[0].loc["T1"]
    assert (row.status, row["flags"], row.decided) == ("no_basis", "not_sourced", False)
    assert np.isnan([row.p_met, row.p_printed, row.p_touch, row.low]).all() and row.value == 0.72
    waiting = periods.parse_as_of("2016-01-20", kind="quarterly", cutoff_days=30)
    assert assessed(draws, series, registry, waiting)[0].loc["T1", "p_met"] == 0.6, "returns are not due yet"


def test_a_later_deadline_stays_open():
    registry = registry_of({"T1": [part("A")], "T2": [part("B")]}, deadlines={"T2": "2016Q4"})
    labels = periods.period_range("2015Q1", "2015Q4")
    series = pd.concat([points("A", [0.6, 0.72], labels=labels), points("B", [0.6, 0.72], labels=labels)])
    table = assessed(drawn({"B": ENDS}, periods.period_range("2016Q1", "2016Q4")), series, registry, LATE)[0]
    assert table["status"].to_list() == ["met", "uncertain"] and table["decided"].to_list() == [True, False]


def test_figures_after_the_deadline_do_not_count():
    registry = registry_of({"T1": [part("A", "at_most", "15%")]})
    series = points("A", [0.18, 0.16, 0.14], labels=periods.period_range("2015Q3", "2016Q1"))
    row = assessed(no_draws(), series, registry, periods.parse_as_of("2016Q1", kind="quarterly", cutoff_days=30))[0].loc["T1"]
    assert (row.status, row.value) == ("missed", 0.16)


def outcome(known_on, verdict="met", value=None):
    return SimpleNamespace(target="T1", outcome=verdict, known_on=known_on, value=value, source="a source", note={})


def test_a_sourced_verdict_decides_once_the_deadline_is_past_and_it_is_known():
    series = points("A", [0.6, 0.65])
    known, later = outcome(dt.date(2015, 6, 1)), outcome(dt.date(2016, 2, 1))
    row = assessed(no_draws(), series, registry_of({"T1": [part("A")]}, outcomes=(known,)), LATE)[0].loc["T1"]
    assert (row.status, row.decided, row.p_met, row["flags"], row.value) == ("met", True, 1.0, "decided_by_source", 0.65)
    row = assessed(no_draws(), series, registry_of({"T1": [part("A")]}, outcomes=(later,)), LATE)[0].loc["T1"]
    assert (row.status, row["flags"]) == ("no_basis", "not_sourced")
    before = periods.parse_as_of("2015Q2", kind="quarterly", cutoff_days=30)
    row = assessed(no_draws(), series, registry_of({"T1": [part("A")]}, outcomes=(known,)), before, {"A": "too_old"})[0].loc["T1"]
    assert (row.status, row["flags"]) == ("no_basis", "too_old"), "nothing is final before the deadline"


def test_the_deadline_s_own_figure_goes_before_a_sourced_verdict():
    series = points("A", [0.6, 0.65], labels=periods.period_range("2015Q3", "2015Q4"))
    registry = registry_of({"T1": [part("A")]}, outcomes=(outcome(dt.date(2016, 1, 2)),))
    row = assessed(no_draws(), series, registry, LATE)[0].loc["T1"]
    assert (row.status, row["flags"]) == ("missed", "")


def test_without_basis_the_level_stays_and_the_reason_is_flagged():
    registry = registry_of({"T1": [part("A")], "T2": [part("B")], "T3": [part("C"), part("B")]}, soft=("T1",))
    series = pd.concat([points("A", [0.5, 0.6], coverage=0.6), points("C", [0.5, 0.6])])
    reasons = {"A": "low_coverage", "B": "no_figures"}
    table = assessed(drawn({"C": ENDS}), series, registry, reasons=reasons)[0]
    assert table["status"].to_list() == ["no_basis"] * 3
    assert table["flags"].to_list() == ["soft low_coverage", "no_figures", "no_figures"]
    assert table["indicator"].to_list() == ["A", "B", "B"], "the part without basis holds the whole back"
    assert table.loc["T1", "value"] == 0.6 and np.isnan(table.loc["T2", "value"])
    assert (table["evidence"] == "very_weak").all() and (table["reach"] == "").all()


def test_a_deadline_of_which_too_few_reported_decides_nothing():
    registry = registry_of({"T1": [part("A")]})
    series = points("A", [0.6, 0.72], labels=periods.period_range("2015Q3", "2015Q4"), coverage=0.6)
    row = assessed(no_draws(), series, registry, LATE, {"A": "low_coverage"})[0].loc["T1"]
    assert (row.status, row["flags"]) == ("no_basis", "low_coverage")


def test_a_verdict_that_hangs_on_missing_returns_says_so():
    registry = registry_of({"T1": [part("U", "at_least", "80%")]}, {"U": "units"})
    series = points("U", [6, 7], labels=["2015Q3", "2015Q4"], denominator=10, coverage=0.9, whole=True)
    row = assessed(no_draws(), series.assign(high_bound=[0.7, 0.8]), registry, LATE)[0].loc["T1"]
    assert (row.status, row["flags"]) == ("missed", "low_coverage")
    assert assessed(no_draws(), series.assign(high_bound=[0.7, 0.7]), registry, LATE)[0].loc["T1", "flags"] == ""


@pytest.mark.parametrize(("figure", "flags"), [(16, ""), (15, "low_coverage")])
def test_a_count_may_still_grow_with_missing_returns(figure, flags):
    registry = registry_of({"T1": [part("C", "at_least", 16)]}, {"C": "count"})
    series = points("C", [12, figure], labels=["2015Q3", "2015Q4"], coverage=0.9).assign(high_bound=np.nan)
    assert assessed(no_draws(), series, registry, LATE)[0].loc["T1", "flags"] == flags


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("met", "status", "p_printed"),
    [
        (100, "likely", 0.95),
        (66, "likely", 0.66),
        (65, "uncertain", 0.65),
        (33, "uncertain", 0.33),
        (32, "unlikely", 0.32),
        (0, "unlikely", 0.05),
    ],
)
def test_status_edges_and_printed_caps(met, status, p_printed):
    registry = registry_of({"T1": [part("A")]})
    draws = drawn({"A": [0.8] * met + [0.6] * (100 - met)})
    row = assessed(draws, points("A", [0.5, 0.5, 0.6, 0.6]), registry)[0].loc["T1"]
    assert (row.status, row.p_met, row.p_printed) == (status, met / 100, p_printed)


@pytest.mark.parametrize(("met", "p_printed"), [(100, 0.9), (65, 0.7), (64, 0.6), (0, 0.1)])
def test_two_or_three_points_are_printed_to_the_nearest_tenth(met, p_printed):
    registry = registry_of({"T1": [part("A")]})
    row = assessed(drawn({"A": [0.8] * met + [0.6] * (100 - met)}), points("A", [0.5, 0.55, 0.6]), registry)[0].loc["T1"]
    assert (row.p_printed, row.evidence, row["flags"]) == (p_printed, "very_weak", "few_points")


@pytest.mark.parametrize(
    ("n", "coverage", "status", "labels", "evidence"),
    [
        (9, 0.95, "reported", PAST, "strong"),
        (9, 0.85, "reported", PAST, "fair"),
        (8, 0.95, "reported", PAST, "fair"),  # eight quarters span less than two years
        (4, 1.0, "reported", PAST, "weak"),
        (9, 0.75, "reported", PAST, "weak"),
        (9, 0.95, "estimated", PAST, "fair"),
        (9, 0.95, "reported", PAST[:-1], "fair"),
        (3, 1.0, "estimated", PAST, "very_weak"),
    ],
)
def test_evidence(n, coverage, status, labels, evidence):
    registry = registry_of({"T1": [part("A")]})
    series = points("A", [0.5] * n, coverage=coverage, status=status, labels=labels)
    assert assessed(drawn({"A": ENDS}), series, registry)[0].loc["T1", "evidence"] == evidence


def test_a_forecast_pooled_with_illustrative_figures_says_so_and_a_fact_does_not():
    labels = periods.period_range("2015Q1", "2015Q4")
    registry = registry_of({"T1": [part("A")], "T2": [part("B")], "T3": [part("C")]}, deadlines={"T2": "2016Q4"})
    series = pd.concat(
        [
            points("A", [0.6, 0.72], labels=labels),
            points("B", [0.6, 0.72], labels=labels),
            points("C", [0.6, 0.72], labels=labels, status="illustrative"),
        ]
    )
    draws = drawn({"B": ENDS}, periods.period_range("2016Q1", "2016Q4"))
    flags = assessed(draws, series, registry, LATE)[0]["flags"]
    assert ["illustrative" in flag for flag in flags] == [False, True, True]


def test_only_figures_of_the_present_definition_speak():
    cut = {"action": "break", "indicator": "A", "unit": "", "period": "2014Q1", "known_on": AS_OF.cutoff}
    series, draws = points("A", [0.8, 0.8, 0.8, 0.5, 0.6]), drawn({"A": (0.6, 0.8)})
    for record, touched, evidence in ((cut, 0.5, "very_weak"), (cut | {"known_on": dt.date(2014, 7, 31)}, 1.0, "fair")):
        registry = registry_of({"T1": [part("A")]}, corrections=(SimpleNamespace(**record),))
        row = assessed(draws, series, registry)[0].loc["T1"]
        assert (row.p_touch, row.evidence) == (touched, evidence)


def test_arguments_are_left_alone():
    registry = registry_of({"T1": [part("A")]})
    series, draws = points("A", [0.5, 0.6]), drawn({"A": ENDS})
    before = series.copy(), draws.copy()
    assessed(draws, series, registry)
    pd.testing.assert_frame_equal(series, before[0])
    pd.testing.assert_frame_equal(draws, before[1])


@pytest.mark.parametrize(
    ("values", "action", "flagged"),
    [
        ([0.30, 0.32, 0.34, 0.36], None, False),
        ([0.30, 0.32, 0.60, 0.62], None, True),
        ([0.30, 0.32, 0.60, 0.62], "jump", False),
        ([0.30, 0.32, 0.60, 0.62], "drop", True),
    ],
)
def test_a_step_nobody_has_explained_is_flagged(values, action, flagged):
    series = points("A", values)
    record = {"indicator": "A", "unit": "u1", "period": series["period"].iloc[2], "known_on": AS_OF.cutoff, "action": action}
    registry = registry_of({"T1": [part("A")]}, corrections=(SimpleNamespace(**record),) if action else ())
    row = assess(drawn({"A": [0.65, 0.75]}), series, grounds(series, registry), registry, AS_OF)[0].iloc[0]
    assert ("jump" in row["flags"].split()) == flagged
