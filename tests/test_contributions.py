"""Units' parts add up to the whole, their chances agree with its draws, and ranks say how sure they are."""

import dataclasses
import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from qnict_analysis import charts, periods, schema
from qnict_analysis.analysis import analyse
from qnict_analysis.assessment import contributions
from qnict_analysis.assessment.contributions import adoption, ranking, shift_share
from qnict_analysis.briefing import unit_pages
from qnict_analysis.indicators import build_series
from qnict_analysis.registry import Correction, load_registry
from qnict_analysis.wording.units import UNITS, named
from qnict_analysis.workspace import Workspace

AS_OF = periods.parse_as_of("2014Q2", kind="quarterly", cutoff_days=30)
QUARTERS = periods.period_range("2013Q1", "2014Q2")
KINDS = {"T01": "share", "T04": "ratio", "T03": "units", "T08": "units", "T14": "count"}
EXACT = 1e-12


@pytest.fixture(scope="module")
def registry(root):
    return load_registry(Workspace(root))


@pytest.fixture(scope="module")
def found():
    return analyse(as_of="2014Q2", draws=1000)


@pytest.fixture(scope="module")
def chances(found):
    return contributions.adoption_chances(found.draws, found.series, found.panel, found.registry, found.as_of)


def panel_of(figures: dict) -> pd.DataFrame:
    """A panel from {(indicator, unit): [(numerator, denominator) or None, …]}, the last entry in 2014Q2."""
    rows = []
    for (name, unit), told in figures.items():
        for label, figure in zip(periods.period_range(periods.shift("2014Q2", 1 - len(told)), "2014Q2"), told, strict=True):
            n, d = (np.nan, np.nan) if figure is None else map(float, figure)
            d = np.nan if KINDS[name] == "count" else d
            value = n if KINDS[name] == "count" else n / d if d > 0 else np.nan
            rows.append((name, unit, label, n, d, value, "silent" if figure is None else "reported", "reported"))
    return pd.DataFrame(rows, columns=list(schema.PANEL))


def parts_of(figures: dict, registry, **more):
    panel = panel_of(figures)
    return contributions.change_parts(panel, build_series(panel, registry), registry, AS_OF, **more).set_index("unit")


# --- parts of a gap --------------------------------------------------------------------------------------------------


def test_parts_of_a_gap_by_hand(registry):
    panel = panel_of({("T01", "S01"): [(30, 100)], ("T01", "S02"): [(80, 100)], ("T01", "S03"): [(10, 200)]})
    gap = contributions.gap_parts(panel, build_series(panel, registry), registry, AS_OF).set_index("unit")
    assert list(gap.reset_index()[list(contributions.GAP_PARTS)].columns) == list(contributions.GAP_PARTS)
    assert gap["weight"].to_list() == [0.25, 0.25, 0.5]
    assert gap["to_value"].to_list() == pytest.approx([0.075, 0.2, 0.025])  # together 120 / 400 = 0.3
    assert gap["ahead"].to_list() == pytest.approx([0.0, 0.125, -0.125])
    assert gap["to_gap"].to_list() == pytest.approx([0.1, -0.025, 0.325])  # together 0.7 - 0.3


def test_a_silent_unit_is_no_part_of_a_share_but_one_of_n(registry):
    panel = panel_of(
        {
            **{("T01", "S01"): [(30, 100), (30, 100)], ("T01", "S02"): [(80, 100), None]},
            **{("T03", "S01"): [(1, 1), (1, 1)], ("T03", "S02"): [(1, 1), None]},
        }
    )
    gap = contributions.gap_parts(panel, build_series(panel, registry), registry, AS_OF)
    share, units = (gap[gap["indicator"] == name].set_index("unit") for name in ("T01", "T03"))
    assert share.loc["S02", ["weight", "to_value", "to_gap"]].to_list() == [0.0, 0.0, 0.0]
    assert share["to_gap"].sum() == pytest.approx(0.4, abs=EXACT)
    assert units["weight"].to_list() == [0.5, 0.5] and units["to_gap"].to_list() == pytest.approx([-0.05, 0.45])
    assert (share.loc["S02", "state"], units.loc["S02", "state"]) == ("silent", "silent")


def test_less_is_better_turns_the_sign(registry):
    target = registry.targets["T01"]
    low = target.model_copy(update={"parts": (target.parts[0].model_copy(update={"comparator": "at_most", "value": "20%"}),)})
    other = dataclasses.replace(registry, targets={**registry.targets, "T01": low})
    panel = panel_of({("T01", "S01"): [(30, 100)], ("T01", "S02"): [(10, 100)]})
    gap = contributions.gap_parts(panel, build_series(panel, other), other, AS_OF)
    assert gap["to_gap"].to_list() == pytest.approx([0.05, -0.05])


def test_parts_add_up_to_the_assessment_on_the_shipped_returns(found):
    gap = contributions.gap_parts(found.panel, found.series, found.registry, found.as_of)
    sums = gap.groupby(["target", "indicator"])[["to_value", "ahead", "to_gap", "weight"]].sum()
    rows = found.indicators.set_index(["target", "indicator"])
    assert len(sums) == len(rows)
    assert (sums["to_gap"] - rows["gap"]).abs().max() < EXACT and sums["ahead"].abs().max() < EXACT
    assert (sums["to_value"] - rows["value"]).abs().max() < EXACT and (sums["weight"] - 1.0).abs().max() < EXACT


# --- parts of a change -----------------------------------------------------------------------------------------------


def test_parts_of_a_change_by_hand(registry):
    parts = parts_of({("T01", "S01"): [(20, 100), (30, 100)], ("T01", "S02"): [(60, 100), (180, 300)]}, registry)
    assert parts["within"].to_list() == pytest.approx([0.0375, 0.0])  # 0.375 (0.3 - 0.2)
    assert parts["structure"].to_list() == pytest.approx([0.053125, 0.034375])  # (0.25 - 0.4625)(-0.25), (0.6 - 0.4625) 0.25
    assert parts["entry_exit"].to_list() == [0.0, 0.0]
    assert parts["change"].sum() == pytest.approx(0.525 - 0.4)


def test_who_comes_and_goes_by_hand(registry):
    parts = parts_of({("T01", "S01"): [(20, 100), (20, 100)], ("T01", "S02"): [None, (90, 100)]}, registry)
    assert parts["state"].to_dict() == {"S01": "stayed", "S02": "entered"}
    assert parts.loc["S02", "entry_exit"] == pytest.approx(0.2625)  # 0.45 - 0.5 * 0.375
    assert parts.loc["S01", "structure"] == pytest.approx(0.0875)  # (0.2 - 0.375)(-0.5)
    assert parts["change"].sum() == pytest.approx(0.55 - 0.2)
    back = parts_of({("T01", "S01"): [(20, 100), (20, 100)], ("T01", "S02"): [(90, 100), None]}, registry)
    assert back.loc["S02", ["state", "entry_exit"]].to_list() == ["left", pytest.approx(-0.2625)]


def test_a_count_changes_by_its_units_own_items(registry):
    parts = parts_of({("T14", "S01"): [(1, 1), (3, 1)], ("T14", "S02"): [(2, 1), None], ("T14", "S03"): [None, (1, 1)]}, registry)
    assert parts["within"].to_list() == [2.0, 0.0, 0.0] and parts["entry_exit"].to_list() == [0.0, -2.0, 1.0]
    assert parts["structure"].to_list() == [0.0, 0.0, 0.0]


FIGURE = st.one_of(st.none(), st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (min(pair), max(*pair, 1))))
ADOPTED = st.one_of(st.none(), st.sampled_from([(0, 1), (1, 1)]))
UNIT_NAMES = [f"S{number:02d}" for number in range(1, 5)]


def tables(figure):
    return st.lists(st.lists(figure, min_size=5, max_size=5), min_size=2, max_size=4)


@settings(max_examples=60)
@given(share=tables(FIGURE), single=tables(ADOPTED), services=tables(FIGURE), count=tables(FIGURE))
def test_parts_always_add_up(registry, share, single, services, count):
    named_tables = {"T01": share, "T04": share, "T03": single, "T08": services, "T14": count}
    figures = {(name, unit): told for name, rows in named_tables.items() for unit, told in zip(UNIT_NAMES, rows, strict=False)}
    panel = panel_of(figures)
    series = build_series(panel, registry)
    values = series.set_index(["indicator", "period"])["value"]
    change = contributions.change_parts(panel, series, registry, AS_OF)
    for name, own in change.groupby("indicator"):
        step = values[name, own["period"].iloc[0]] - values[name, own["since"].iloc[0]]
        assert own["change"].sum() == pytest.approx(step, abs=1e-9)
        assert own[["within", "structure", "entry_exit"]].sum(axis=1).to_numpy() == pytest.approx(own["change"].to_numpy())
    gap = contributions.gap_parts(panel, series, registry, AS_OF)
    for name, own in gap.groupby("indicator"):
        threshold = float(registry.targets[name].parts[0].threshold)
        value = values[name, own["period"].iloc[0]]
        assert own["to_value"].sum() == pytest.approx(value, abs=1e-9) and own["ahead"].sum() == pytest.approx(0.0, abs=1e-9)
        assert own["to_gap"].sum() == pytest.approx(threshold - value, abs=1e-9)


def test_a_change_runs_between_any_two_periods_or_years(found):
    parts = contributions.change_parts(found.panel, found.series, found.registry, found.as_of, since="2012", until="2013")
    own = parts[parts["indicator"] == "T01"]
    assert set(own["since"]) == {"2012Q4"} and set(own["period"]) == {"2013Q4"}
    usual = contributions.change_parts(found.panel, found.series, found.registry, found.as_of)
    assert set(usual["since"]) == {"2013Q2"} and set(usual["period"]) == {"2014Q2"}


@pytest.mark.parametrize(("since", "until", "said"), [("2014Q2", "2014Q1", "not before"), ("last", None, "not a period")])
def test_wrong_periods_are_named(found, since, until, said):
    with pytest.raises(ValueError, match=said):
        contributions.change_parts(found.panel, found.series, found.registry, found.as_of, since=since, until=until)


def test_a_change_never_crosses_a_new_definition(found):
    record = Correction(
        **{
            "indicator": "T10",
            "unit": "P01",
            "period": "2013Q4",
            "action": "break",
            "known_on": AS_OF.cutoff,
            "source": "circular",
        },
        reason={"vi": "định nghĩa mới", "en": "a new definition"},
    )
    registry = dataclasses.replace(found.registry, corrections=(record,))
    parts = contributions.change_parts(found.panel, found.series, registry, found.as_of)
    assert set(parts.loc[parts["indicator"] == "T10", "since"]) == {"2013Q4"}
    assert set(parts.loc[parts["indicator"] == "T01", "since"]) == {"2013Q2"}


# --- chances of units ------------------------------------------------------------------------------------------------


def brute(own, figures) -> np.ndarray:
    """P(each unit is in), over all subsets: P(k) times the chance of a subset among those of its size."""
    sets = np.array(list(itertools.product([0, 1], repeat=len(own))))
    odds = np.prod(np.where(sets, own, 1.0 - np.asarray(own)), axis=1)
    sizes = sets.sum(axis=1)
    whole = np.bincount(sizes, weights=odds)
    return (figures[sizes] * odds / whole[sizes]) @ sets


def test_adopters_have_the_number_of_the_draws():
    own, figures = [0.9, 0.5, 0.2, 0.05, 0.6], np.array([0.1, 0.2, 0.05, 0.4, 0.15, 0.1])
    inside = adoption.given_number(np.array(own), figures)
    assert inside == pytest.approx(brute(own, figures), abs=1e-9)
    assert inside.sum() == pytest.approx(figures @ np.arange(6))
    assert (np.argsort(inside) == np.argsort(own)).all()


def test_one_of_two_by_hand():
    assert adoption.given_number(np.array([0.8, 0.2]), np.array([0.0, 1.0, 0.0])) == pytest.approx([0.64 / 0.68, 0.04 / 0.68])


def test_a_common_move_of_the_odds_changes_nothing():
    own, figures = np.array([0.9, 0.5, 0.2, 0.05]), np.array([0.1, 0.3, 0.2, 0.3, 0.1])
    moved = special.expit(special.logit(own) + 1.7)
    assert adoption.given_number(own, figures) == pytest.approx(adoption.given_number(moved, figures), abs=1e-9)


@pytest.mark.parametrize("k", [0, 3])
def test_none_and_all_leave_no_doubt(k):
    inside = adoption.given_number(np.array([0.9, 0.5, 0.0]), np.eye(4)[k])
    assert inside == pytest.approx([k / 3] * 3, abs=1e-6)


def test_many_units_keep_the_mean(monkeypatch):
    own, figures = np.linspace(0.1, 0.9, 5), np.array([0.1, 0.2, 0.05, 0.4, 0.15, 0.1])
    exact = adoption.given_number(own, figures)
    monkeypatch.setattr(adoption, "MOST_SINGLE", 2)
    rough = adoption.given_number(own, figures)
    assert rough.sum() == pytest.approx(exact.sum()) and rough != pytest.approx(exact, abs=1e-4)


def test_chances_agree_with_the_draws(found, chances):
    for name, own in chances[chances["chance"].notna()].groupby("indicator"):
        drawn = found.draws[name, "2015Q4"].mean()
        if found.registry.indicators[name].kind == "units":
            assert own["expected"].sum() == pytest.approx(drawn, abs=1e-6), name
        else:
            weight = own["denominator"] / own["denominator"].sum()
            assert (weight * own["expected"]).sum() == pytest.approx(drawn, abs=1e-6), name
    assert {"T01", "T02", "T03", "T04", "T08", "T12"} <= set(chances.loc[chances["chance"].notna(), "indicator"])


def test_where_there_is_no_forecast_there_is_no_chance(chances):
    assert chances.loc[chances["indicator"] == "T11", "chance"].isna().all()
    assert not {"T07", "T14", "T10", "T16"} & set(chances["indicator"]), "counts, and wholes of one unit, have no rows"


def test_adopters_stay_and_faster_units_come_first(chances):
    own = chances[chances["indicator"] == "T12"]
    there, waiting = own[own["adopted"]], own[~own["adopted"]].sort_values("propensity")
    assert there["chance"].min() > waiting["chance"].max() and there["chance"].max() < 1.0
    assert waiting["chance"].is_monotonic_increasing and waiting["chance"].iloc[-1] > waiting["chance"].iloc[0]


def test_a_unit_of_many_services_needs_all_of_them(chances):
    own = chances[chances["indicator"] == "T08"]
    assert (own["needed"] == own["denominator"]).all() and (own["expected"] <= own["denominator"]).all()
    assert own.loc[own["adopted"], "chance"].min() > own.loc[~own["adopted"], "chance"].max()
    assert (own["missing"] == own["denominator"] - own["numerator"]).all()


def test_a_share_needs_the_targets_level_in_whole_cases(registry, chances):
    own = chances[chances["indicator"] == "T01"]
    assert (own["needed"] == np.ceil(0.7 * own["denominator"] - 1e-9)).all()
    part = registry.targets["T03"].parts[0]
    assert adoption.needed_of(part, registry.indicators["T03"], 1.0) == 1.0
    assert np.isnan(adoption.needed_of(part, registry.indicators["T03"], np.nan))


def test_chance_beyond_a_level_by_hand():
    likely = np.array([0.1, 0.3, 0.5, 0.7])
    assert adoption.beyond(likely, 40.0, 100.0, False, 1.0) == pytest.approx(0.5)
    assert adoption.beyond(likely, 40.0, 100.0, False, -1.0) == pytest.approx(0.5)
    assert adoption.beyond(likely, 90.0, 100.0, True, 1.0) == 0.0
    assert adoption.beyond(np.array([0.9, 1.0, 1.0, 1.0]), 10.0, 10.0, True, 1.0) == pytest.approx(0.75)


def test_units_move_together_to_the_mean_of_the_whole():
    likely, weights = np.array([[0.2, 0.4], [0.6, 1.0]]), np.array([0.25, 0.75])
    moved = adoption.moved_to(likely, weights, 0.5, ceiling=True)
    assert weights @ moved.mean(axis=1) == pytest.approx(0.5) and moved[1, 1] == 1.0
    step = special.logit(moved[0]) - special.logit(likely[0])
    assert step[0] == pytest.approx(step[1]) and step[0] < 0
    ratio = adoption.moved_to(likely, weights, 1.35, ceiling=False)
    assert ratio / likely == pytest.approx(np.full((2, 2), 2.0))


def test_propensity_by_hand(monkeypatch):
    monkeypatch.setattr(adoption, "STRENGTHS", np.array([4.0]))
    rates = adoption.shrunk(pd.Series({"a": 6.0, "b": 0.0}), pd.Series({"a": 2.0, "b": 4.0}))
    assert rates.factor.to_dict() == pytest.approx({"a": 10 / 6, "b": 4 / 8}) and rates.strength == pytest.approx(4.0)


def test_equal_records_make_equal_units_and_strong_differences_weaken_the_belief():
    names = [f"u{number}" for number in range(20)]
    equal = adoption.shrunk(pd.Series(3.0, index=names), pd.Series(3.0, index=names))
    assert equal.factor.to_numpy() == pytest.approx(np.ones(20))
    apart = adoption.shrunk(pd.Series([12.0, 0.0] * 10, index=names), pd.Series(6.0, index=names))
    assert apart.strength < equal.strength and apart.factor.iloc[0] > 1.5 > 0.5 > apart.factor.iloc[1]


def test_expected_adoptions_are_those_seen(found):
    cases = adoption.cases.cases_of(found.series, found.panel, found.registry, as_of=found.as_of, levers_pace=adoption.EMPTY_PACE)
    for case in cases:
        if case.indicator.kind == "units":
            table = adoption.adoptions_of(case, 1.0)
            assert table["expected"].sum() == pytest.approx(table["adopted"].sum())
            assert (table["adopted"] <= 1.0 + EXACT).all(), "services of one unit make at most one adoption"


def silenced(found, indicator: str, unit: str, last: str):
    """The panel with a unit's returns of an indicator gone after a period, and its series."""
    panel = found.panel.copy()
    gone = (panel["indicator"] == indicator) & (panel["unit"] == unit)
    gone &= panel["period"].map(periods.ordinal) > periods.ordinal(last)
    panel.loc[gone, ["numerator", "denominator", "value"]] = np.nan
    panel.loc[gone, ["state", "status"]] = ["silent", ""]
    return panel, build_series(panel, found.registry)


@pytest.mark.parametrize(("unit", "had_adopted"), [("H05", True), ("H08", False)])
def test_a_silent_unit_starts_from_its_last_return(found, unit, had_adopted):
    panel, series = silenced(found, "T12", unit, "2013Q2")
    own = contributions.adoption_chances(found.draws, series, panel, found.registry, found.as_of)
    own = own[own["indicator"] == "T12"].set_index("unit")
    row, others = own.loc[unit], own.drop(unit)
    assert row["state"] == "silent" and not row["adopted"] and np.isnan(row["missing"]) and row["numerator"] == had_adopted
    there, waiting = others.loc[others["adopted"], "chance"], others.loc[~others["adopted"], "chance"]
    assert row["chance"] < there.min(), "nobody knows"
    assert row["chance"] > waiting.max() + (0.3 if had_adopted else 0.0), "time has passed since its last return"
    assert own["expected"].sum() == pytest.approx(found.draws["T12", "2015Q4"].mean())


def test_a_target_that_asks_for_less_wants_units_out(found):
    target = found.registry.targets["T12"]
    low = target.model_copy(update={"parts": (target.parts[0].model_copy(update={"comparator": "at_most", "value": "20%"}),)})
    registry = dataclasses.replace(found.registry, targets={"T12": low})
    own = contributions.adoption_chances(found.draws, found.series, found.panel, registry, found.as_of)
    assert (own["chance"] == 1.0 - own["expected"]).all()
    assert (own["adopted"] == (own["numerator"] == 0)).all() and own["needed"].eq(0).all()


def test_the_same_question_has_the_same_answer(found, chances):
    again = contributions.adoption_chances(found.draws, found.series, found.panel, found.registry, found.as_of)
    pd.testing.assert_frame_equal(again, chances)


# --- who comes next --------------------------------------------------------------------------------------------------


def test_the_next_units_are_those_that_would_bring_the_target(found, chances):
    upcoming = contributions.next_units(chances, found.registry)
    own = upcoming[upcoming["indicator"] == "T12"]
    assert own["lacking"].eq(2).all() and own["needed_next"].to_list() == [True, True, False, False]
    assert own["chance"].is_monotonic_decreasing and own["place"].to_list() == [1, 2, 3, 4]
    reached = upcoming[upcoming["indicator"] == "T13"]
    assert reached["lacking"].eq(0).all() and not reached["needed_next"].any()
    assert not upcoming["adopted"].any() and list(upcoming.columns) == list(contributions.NEXT_UNITS)


def test_services_count_as_services(found, chances):
    own = contributions.next_units(chances, found.registry).query("indicator == 'T08'")
    row = found.indicators.set_index("indicator").loc["T08"]
    assert own["lacking"].iloc[0] == row["k_min"] - round(row["value"] * row["n_units"])
    assert own["missing"].sum() == own["lacking"].iloc[0] and own["needed_next"].all()


def test_where_no_chance_is_known_the_nearest_is_short_of_least(found, chances):
    own = contributions.next_units(chances, found.registry).query("indicator == 'T11' and state != 'silent'")
    assert (own["missing"] / own["denominator"]).is_monotonic_increasing


# --- league ----------------------------------------------------------------------------------------------------------


def league_of(figures: dict, registry, **more) -> pd.DataFrame:
    return contributions.league(panel_of(figures), registry, AS_OF, **more).set_index("unit")


def shares(rates: dict, name: str = "T01") -> dict:
    return {(name, unit): [figure] for unit, figure in rates.items()}


MIXED = {"S01": (1, 1), "S02": (95, 100), "S03": (60, 100), "S04": (70, 100), "S05": (20, 50), "S06": (0, 1), "S07": (150, 200)}


def test_one_of_one_is_no_proof(registry):
    table = league_of(shares(MIXED), registry)
    assert table.loc["S02", "rank"] < table.loc["S01", "rank"], "95 of 100 says more than 1 of 1"
    assert 0.05 < table.loc["S01", "top"] < 0.95 and 0.05 < table.loc["S06", "bottom"] < 0.95
    width = table["rank_high"] - table["rank_low"]
    assert width["S01"] > width["S02"] and width["S06"] > width["S05"]


def test_relabelled_units_have_each_others_ranks(registry):
    names = list(MIXED)
    turned = dict(zip(names, names[::-1], strict=True))
    table = league_of(shares(MIXED), registry)
    other = league_of(shares({turned[unit]: figure for unit, figure in MIXED.items()}), registry)
    pd.testing.assert_frame_equal(other.rename(index=turned).loc[names], table.loc[names])


def test_a_copy_of_a_unit_ranks_as_it_does(registry):
    table = league_of(shares({**MIXED, "S08": MIXED["S03"]}), registry)
    assert table.loc["S08"].drop("group").to_list() == table.loc["S03"].drop("group").to_list()
    equal = league_of(shares({f"S{number:02d}": (5, 10) for number in range(1, 9)}), registry)
    assert equal[["top", "bottom"]].to_numpy() == pytest.approx(np.full((8, 2), 0.25))
    assert (equal["rank_low"].eq(1) & equal["rank_high"].eq(8)).all()


def test_more_cases_make_a_rank_surer_and_better_rates_a_better_one(registry):
    few = league_of(shares({unit: (n, 10) for unit, n in zip(UNIT_NAMES, (2, 4, 6, 8), strict=True)}), registry)
    many = league_of(shares({unit: (100 * n, 1000) for unit, n in zip(UNIT_NAMES, (2, 4, 6, 8), strict=True)}), registry)
    assert few.loc["S04", "top"] < many.loc["S04", "top"] == 1.0
    assert many["rank"].loc[["S04", "S03", "S02", "S01"]].to_list() == [1, 2, 3, 4]


def test_silence_widens_a_rank_and_does_not_lower_it(registry):
    figures = {(name, unit): [(n, 1000)] * 6 for name, unit, n in product_of(("T01", "T02"), (600, 550, 500, 450, 400))}
    told = league_of(figures, registry).loc["S03"]
    gone = {(name, "S03"): [(500, 1000)] + [None] * 5 for name in ("T01", "T02")}
    silent = league_of({**figures, **gone}, registry).loc["S03"]
    assert silent[["n_indicators", "n_missing"]].to_list() == [2, 2] and told["n_missing"] == 0
    assert told["rank_low"] == told["rank_high"] == 3 and silent["rank_low"] < 3 < silent["rank_high"]
    assert silent["rank"] == 3 and abs(silent["score"] - told["score"]) < 0.01


def product_of(names, rates):
    KINDS.setdefault("T02", "share")
    return [(name, f"S{number:02d}", rate) for name in names for number, rate in enumerate(rates, start=1)]


def test_one_that_never_reported_may_stand_anywhere(registry):
    table = league_of({**shares(MIXED), ("T01", "S08"): [None]}, registry)
    row = table.loc["S08"]
    assert row["rank_low"] <= 2 and row["rank_high"] >= 7 and row["n_missing"] == 1


def test_things_of_which_each_unit_has_one_are_read_together(registry):
    KINDS.update({name: "units" for name in ("T05a", "T05b", "T06a", "T06b")})
    names = ("T03", "T05a", "T05b", "T06a", "T06b")
    adopted = {"S01": 5, "S02": 4, "S03": 3, "S04": 2, "S05": 1, "S06": 0}
    figures = {(name, unit): [(int(place < n), 1)] for unit, n in adopted.items() for place, name in enumerate(names)}
    rows = ranking.figures_of("department", panel_of(figures), registry, AS_OF)
    blocks = ranking.blocks_of(rows)
    assert [block.name for block in blocks] == [ranking.BLOCK] and blocks[0].n.tolist() == [5, 4, 3, 2, 1, 0]
    assert blocks[0].d.tolist() == [5.0] * 6 and blocks[0].indicators.tolist() == [5.0] * 6
    table = league_of(figures, registry)
    assert list(table.index) == list(adopted) and table.loc["S01", "rank_high"] > 1


def test_old_figures_are_worth_fewer_cases():
    rows = pd.DataFrame({"indicator": "T01", "unit": ["a", "b", "c"], "n": [50.0, 50.0, np.nan], "d": [100.0, 100.0, np.nan]})
    block = ranking.blocks_of(rows.assign(age=[0.0, 1.0, np.nan], single=False))[0]
    assert block.d == pytest.approx([100.0, 1 / (1 / 100 + 1 / 20), 0.0]) and block.n == pytest.approx(block.d / 2)


def test_the_posterior_of_a_group_is_the_beta_binomial():
    n, d = np.array([3.0, 8.0, 1.0]), np.array([10.0, 12.0, 1.0])
    posterior = ranking.group_posterior(ranking.Block("x", n, d, np.zeros(3), np.ones(3)))
    a, b = ranking.LEVELS[:, None] * ranking.SPREADS, (1 - ranking.LEVELS)[:, None] * ranking.SPREADS
    by_hand = np.prod([stats.betabinom.pmf(k, m, a, b) for k, m in zip(n, d, strict=True)], axis=0)
    assert posterior == pytest.approx(by_hand / by_hand.sum(), abs=1e-12)


def test_ranks_are_as_sure_as_they_say(registry):
    """Rates from a group, figures from the rates: spans hold the rank that the rates themselves have, and of the units said to
    be in the best quarter with some chance that part is there."""
    rng, tables, true_ranks = np.random.default_rng(7), [], []
    for _ in range(30):
        truth = rng.beta(6, 4, size=12)
        cases = rng.integers(3, 120, size=12)
        told = {f"S{number + 1:02d}": (n, d) for number, (n, d) in enumerate(zip(rng.binomial(cases, truth), cases, strict=True))}
        tables.append(league_of(shares(told), registry, n_draws=1000).loc[list(told)])
        true_ranks.append(stats.rankdata(-truth))
    table = pd.concat(tables).assign(true=np.concatenate(true_ranks))
    assert 0.8 <= table["true"].between(table["rank_low"], table["rank_high"]).mean() < 0.98, "a span of whole ranks holds more"
    for low, high in ((0.0, 0.2), (0.2, 0.6), (0.6, 1.0)):
        own = table[table["top"].between(low, high)]
        off = 2.5 * np.sqrt((own["top"] * (1.0 - own["top"])).sum()) / len(own)
        assert (own["true"] <= 3).mean() == pytest.approx(own["top"].mean(), abs=off)


def test_groups_are_ranked_apart(found):
    table = contributions.league(found.panel, found.registry, found.as_of, n_draws=500)
    assert table.groupby("group").size().to_dict() == {"department": 20, "district": 14}
    assert list(table.columns) == list(contributions.LEAGUE)
    for _, own in table.groupby("group"):
        assert (
            own["rank"].is_monotonic_increasing
            and own["rank_low"].le(own["rank"]).all()
            and own["rank_high"].ge(own["rank"]).all()
        )
        quarter = -(-len(own) // 4)
        assert own[["top", "bottom"]].sum().to_numpy() == pytest.approx([quarter, quarter])
    pd.testing.assert_frame_equal(table, contributions.league(found.panel, found.registry, found.as_of, n_draws=500))


def test_too_few_units_are_not_ranked(registry):
    assert contributions.league(panel_of(shares({"S01": (1, 2), "S02": (1, 2)})), registry, AS_OF).empty


# --- ladder ----------------------------------------------------------------------------------------------------------


def rungs(there: int = 1) -> pd.DataFrame:
    rows = [
        ("Huyện 01", 1.0, 0.97, True, False, True, there),
        ("Huyện 02", 0.0, 0.40, False, True, True, 1),
        ("Huyện 03", 0.0, 0.20, False, False, True, 1),
        ("Huyện 04", 1.0, 0.60, False, False, False, 1),
    ]
    return pd.DataFrame(rows, columns=list(charts.LADDER))


def texts(ax) -> list[str]:
    drawn = [text.get_text() for text in [*ax.texts, *ax.figure.texts]]
    return [*drawn, *(label.get_text() for label in ax.get_yticklabels())]


def test_the_ladder_has_a_rung_a_unit_and_marks_states_by_shape():
    ax = charts.ladder_chart(rungs(), lang="vi", rung=2)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Huyện 01", "Huyện 04", "Huyện 02", "Huyện 03"]
    marks = {line.get_marker(): line for line in ax.lines if line.get_linestyle() == "None"}
    assert set(marks) == {"o", "^", "x"}
    places = {
        line.get_marker(): line.get_ydata().tolist()
        for line in ax.lines
        if line.get_linestyle() == "None" and len(line.get_ydata())
    }
    assert places["^"] == [2] and places["x"] == [1]
    assert {"cần 2 đơn vị", "đã đạt", "gần đạt nhất", "chưa đạt", "chưa báo cáo", "40%", "20%", "60%"} <= set(texts(ax))


def test_units_drawn_as_one_rung_count_as_many():
    ax = charts.ladder_chart(rungs(there=30), lang="vi", rung=31)
    lines = [line.get_ydata()[0] for line in ax.lines if line.get_linestyle() not in ("None", "-")]
    assert lines == [1.5], "30 units on the first rung, so that the 31st is the second"
    assert "30/33 đơn vị đã đạt" in charts.ladder_alt(rungs(there=30), lang="vi", title="T03", rung=31)
    many = pd.concat([rungs().head(1)] * 12 + [rungs().tail(3)], ignore_index=True)
    one = unit_pages.folded(many, "vi")
    assert one["name"].to_list() == ["12 đơn vị", "Huyện 02", "Huyện 03", "Huyện 04"] and one["units"].to_list() == [12, 1, 1, 1]
    pd.testing.assert_frame_equal(unit_pages.folded(rungs(), "vi"), rungs())


def test_a_level_is_an_upright_line_at_the_units_values():
    frame = rungs().assign(value=[0.9, 0.62, 0.3, 0.5])
    ax = charts.ladder_chart(frame, lang="en", level=0.7)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Huyện 01", "Huyện 02", "Huyện 04", "Huyện 03"]
    assert any(np.allclose(line.get_xdata(), 0.7) for line in ax.lines) and "target 70%" in texts(ax)
    assert charts.to_svg(ax.figure) == charts.to_svg(charts.ladder_chart(frame, lang="en", level=0.7).figure)


def test_the_ladder_says_what_it_shows():
    said = charts.ladder_alt(rungs(), lang="vi", title="T12", rung=2)
    assert said == (
        "Thang đơn vị của T12: 1/4 đơn vị đã đạt. Gần đạt nhất: Huyện 02 (40%). 1 đơn vị chưa báo cáo. Mục tiêu cần 2 đơn vị."
    )
    assert "Target line: 70%." in charts.ladder_alt(rungs(), lang="en", title="T01", level=0.7)


def test_a_ladder_is_drawn_on_the_axes_it_is_given_and_refuses_an_unknown_frame():
    ax = charts.new_axes()
    assert charts.ladder_chart(rungs(), lang="en", ax=ax) is ax
    with pytest.raises(ValueError, match="no column chance"):
        charts.ladder_chart(rungs().drop(columns="chance"), lang="en")


# --- pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_pages_of_units(lang, found):
    told = dataclasses.replace(found, params=found.params.model_copy(update={"lang": lang}))
    behind, coming, ranked = (
        page(told) for page in (unit_pages.holding_back, unit_pages.next_crossings, unit_pages.league_tables)
    )
    assert [block.function for block in behind] == ["prose", "table", "prose", "prose", "table"]
    assert [block.function for block in coming] == ["prose", "table", *["figure"] * unit_pages.MOST_LADDERS]
    assert [block.function for block in ranked] == ["prose", "table", "prose", "table", "prose"]
    mark = {"vi": "SỐ LIỆU MINH HỌA", "en": "ILLUSTRATIVE DATA"}[lang]
    numbers = [block for block in [*behind, *coming, *ranked] if block.function != "prose"] + [ranked[2], ranked[4]]
    assert all(mark in block.html for block in numbers)
    assert [len(block.data["rows"]) for block in (ranked[1], ranked[3])] == [20, 14]


def test_printed_parts_of_a_change_add_up():
    assert unit_pages.adding_up(0.067, [0.0684, -0.0015, 0.0], 3) == pytest.approx([0.067, 0.068, -0.001, 0.0])
    for total, *parts in ([6.66, 6.83, -0.17, 0.0], [0.05, 0.0166, 0.0166, 0.0168], [-1.25, -0.85, -0.45, 0.05]):
        whole, *printed = unit_pages.adding_up(total, parts, 1)
        assert sum(printed) == pytest.approx(whole) and np.abs(np.array(printed) - parts).max() < 0.1 + EXACT


def test_nobody_is_behind_a_count_that_has_no_parts_by_unit(found):
    rows = unit_pages.holding_back(found)[1].data["rows"]
    cells = next(row for row in rows if row[0] == "T07")
    assert cells[2] != "–" and cells[3] == cells[5] == "–", "short of services, and no unit has promised any"
    assert cells[4] == "–" or cells[4].startswith("chưa báo cáo")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([3.0, 1.0, 1.0, 1.0, 1.0], "Sở 01 (+3), Sở 02 (+1), Sở 03 (+1) và 2 đơn vị khác"),
        ([3.0, 2.0, 2.0, 1.0, 1.0], "Sở 01 (+3), Sở 02 (+2), Sở 03 (+2)"),
        ([2.0, 1.0, -1.0, -1.0, 1.0], "Sở 01 (+2), Sở 02 (+1), Sở 03 (−1) và 1 đơn vị khác"),
        ([0.0] * 5, "–"),
    ],
)
def test_units_that_added_as_much_as_the_last_one_named_are_counted(found, changes, said):
    units = [f"S{number:02d}" for number in range(1, 6)]
    own = pd.DataFrame({"unit": units, "change": changes, "within": changes, "structure": 0.0, "entry_exit": 0.0})
    own = own.assign(since="2013Q2", period="2014Q2")
    names = {unit: found.registry.units[unit].model_copy(update={"short": {"vi": f"Sở {unit[1:]}"}}) for unit in units}
    told = dataclasses.replace(found, registry=dataclasses.replace(found.registry, units=names))
    assert unit_pages.change_row(told, "T07", own, "2013Q2", "vi")[-1] == said


def test_a_workspace_without_units_says_so(root):
    agenda = analyse(as_of="2012-06-30", workspace=str(root / "examples" / "digital-agenda"), draws=200, lang="en")
    for page in (unit_pages.holding_back, unit_pages.next_crossings, unit_pages.league_tables):
        blocks = page(agenda)
        assert [block.function for block in blocks] == ["prose"] and blocks[0].text == UNITS["en"]["none"]


def test_after_the_deadline_nobody_comes_next():
    late = analyse(as_of="2015Q4", draws=200)
    blocks = unit_pages.next_crossings(late)
    assert [block.text for block in blocks] == [UNITS["vi"]["nothing_next"]]


def test_both_languages_say_the_same_things():
    assert UNITS["vi"].keys() == UNITS["en"].keys()
    for key, words in UNITS["vi"].items():
        assert type(words) is type(UNITS["en"][key])
        if isinstance(words, list):
            assert len(words) == len(UNITS["en"][key])
    assert named(["a", "b", "c", "d"], "en", most=3) == "a, b, c and 1 other"
    assert named(["a"], "vi", most=3) == "a"


def test_shift_share_speaks_of_every_unit_of_either_period():
    then, now = (pd.DataFrame({"part": [0.2], "weight": [1.0], "state": ["reported"]}, index=[unit]) for unit in ("a", "b"))
    assert shift_share._split(then, now, is_count=False)["unit"].to_list() == ["b", "a"]
