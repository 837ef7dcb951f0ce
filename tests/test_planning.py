"""Planning: the laws that scenarios obey, goals, parts of levers, the form, and golden tables of the shipped scenarios."""

import dataclasses
import itertools
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special
from test_registry import write as write_plan

from qnict_analysis import periods
from qnict_analysis.analysis import analyse
from qnict_analysis.briefing import scenario_pages
from qnict_analysis.forecast import forecast
from qnict_analysis.forecast.levers import best_pace
from qnict_analysis.form import STEP, ScenarioForm
from qnict_analysis.models import drift
from qnict_analysis.params import LeverSetting, Schedule, load_scenario, scenario_faults, scenario_names
from qnict_analysis.planning import (
    Planner,
    best_mix,
    cheapest_mixes,
    chosen,
    interval_of,
    lever_parts,
    points_for_money,
    seek,
    settings_of,
    tornado,
    why_still,
)
from qnict_analysis.planning.goal import still_under
from qnict_analysis.planning.parts import ASSUMED, causes_of, moves, quantile
from qnict_analysis.planning.planner import MOST_KEPT
from qnict_analysis.registry.items import Cost, Effect, Need
from qnict_analysis.wording.plans import goal_lines, mix_items, mix_lines, notes_of, short_of, tornado_none, tornado_rows
from qnict_analysis.workspace import Workspace

GOLDEN = Path(__file__).parent / "golden" / "scenarios"
SHIPPED = Path(__file__).parents[1] / "params" / "scenarios"
LEVERS = ("leadership", "training", "infrastructure", "budget", "one_stop", "awareness", "emulation", "regulation")
LEVELS = st.dictionaries(st.sampled_from(LEVERS), st.floats(0, 1), max_size=4)


@pytest.fixture(scope="module")
def analysis():
    return analyse(as_of="2013Q2", draws=400, lang="en")


@pytest.fixture(scope="module")
def planner(analysis):
    return Planner(analysis)


def spec_of(planner, levels, *, schedules=()):
    return settings_of(planner.baseline, levels, start=planner.first).model_copy(update={"schedules": tuple(schedules)})


def schedule(indicator="T12", period="2014Q1", adds=2, on_time=0.7):
    return Schedule(indicator=indicator, period=period, adds=adds, on_time=on_time, why={"vi": "a", "en": "a"})


# --- the same as the whole analysis ----------------------------------------------------------------------------------


def test_a_planner_gives_what_the_analysis_gives_bit_for_bit(analysis, planner):
    pd.testing.assert_frame_equal(planner.draws(planner.baseline), analysis.draws, check_exact=True)
    whole = analyse(as_of="2013Q2", draws=400, scenario="plan")
    plan = load_scenario(analysis.workspace, "plan")
    pd.testing.assert_frame_equal(planner.draws(plan), whole.draws, check_exact=True)
    np.testing.assert_array_equal(planner.chances(plan), whole.assessment["p_met"])
    pd.testing.assert_frame_equal(planner.assessment(plan)[["p_met", "low", "high"]], whole.assessment[["p_met", "low", "high"]])


def test_levers_at_zero_are_the_baseline_bit_for_bit(planner):
    still = spec_of(planner, dict.fromkeys(LEVERS, 0.0))
    pd.testing.assert_frame_equal(planner.draws(still), planner.draws(planner.baseline), check_exact=True)


@settings(deadline=None, max_examples=15)
@given(LEVELS, st.sampled_from(LEVERS), st.floats(0, 1))
def test_a_helpful_lever_never_lowers_a_chance(planner, levels, name, more):
    low = levels.get(name, 0.0)
    before = planner.chances(spec_of(planner, levels))
    after = planner.chances(spec_of(planner, levels | {name: max(low, more)}))
    assert (after.dropna() >= before.dropna()).all()


@settings(deadline=None, max_examples=10)
@given(LEVELS)
def test_levers_never_pass_the_best_pace_observed(planner, levels):
    frontier = planner.chances(planner.baseline.model_copy(update={"towards_best": 1.0}))
    assert (planner.chances(spec_of(planner, levels)).dropna() <= frontier.dropna() + 1e-12).all()


def test_no_lever_changes_the_past(analysis, planner):
    full = planner.draws(spec_of(planner, dict.fromkeys(LEVERS, 1.0)))
    first = periods.ordinal(planner.first)
    assert all(periods.ordinal(period) >= first for _, period in full.columns)
    early = settings_of(planner.baseline, {}, start=planner.first)
    early = early.model_copy(update={"levers": {"training": LeverSetting(level=1.0, start="2011Q1")}})
    pd.testing.assert_frame_equal(analysis.series, analyse(as_of="2013Q2", draws=400).series)
    assert planner.pace(early)["period"].map(periods.ordinal).min() >= first


def test_a_result_does_not_depend_on_what_ran_before(analysis, planner):
    plan = load_scenario(analysis.workspace, "plan")
    fresh = Planner(analysis).chances(plan)
    for level in np.linspace(0.01, 1, 12):
        planner.chances(spec_of(planner, {"emulation": level}))
    np.testing.assert_array_equal(planner.chances(plan), fresh)
    assert len(planner._kept) <= MOST_KEPT


def test_a_schedule_is_drawn_from_each_promise(planner):
    """Three units with a chance of 0.3 each are not one unit with 0.9."""
    base = planner.draws(planner.baseline)["T12", "2014Q1"].mean()
    added = planner.draws(spec_of(planner, {}, schedules=[schedule(adds=3, on_time=0.3)]))["T12", "2014Q1"]
    sure = planner.draws(spec_of(planner, {}, schedules=[schedule(adds=1, on_time=0.9)]))["T12", "2014Q1"]
    assert added.mean() - base == pytest.approx(0.9, abs=0.08)
    assert added.std() > sure.std()


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def workspace(tmp_path, analysis):
    folder = tmp_path / "params" / "scenarios"
    folder.mkdir(parents=True)
    for name in scenario_names(analysis.workspace):
        (folder / f"{name}.yaml").write_text((analysis.workspace.scenarios / f"{name}.yaml").read_text("utf-8"), "utf-8")
    return Workspace(tmp_path)


def write(workspace, name: str, text: str) -> None:
    head = "title: {vi: a, en: a}\nwhy: {vi: a, en: a}\n"
    (workspace.scenarios / f"{name}.yaml").write_text(head + text, encoding="utf-8")


def test_a_scenario_inherits_what_it_does_not_say(workspace):
    write(workspace, "mine", 'extends: plan\nlevers:\n  training: {level: 0.0, start: "2014Q3"}\n')
    plan, mine = (load_scenario(workspace, name) for name in ("plan", "mine"))
    assert mine.levers["training"].level == 0.0 and mine.levers["one_stop"] == plan.levers["one_stop"]
    write(workspace, "third", "extends: mine\ntowards_best: 0.2\n")
    third = load_scenario(workspace, "third")
    assert third.levers == mine.levers and third.towards_best == 0.2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("extends: nobody\n", r"mine\.yaml: extends: 'nobody' is unknown; known: baseline"),
        ("extends: mine\n", r"mine\.yaml: extends: mine extends mine, in a circle"),
        ("extends: ../x\n", r"mine\.yaml\.extends: '\.\./x' is not allowed"),
        ("towards_best: 4\n", r"mine\.yaml\.towards_best: 4 is not allowed"),
    ],
)
def test_a_wrong_parent_is_told_in_one_line(workspace, text, told):
    write(workspace, "mine", text)
    with pytest.raises(ValueError, match=told) as error:
        load_scenario(workspace, "mine")
    assert "\n" not in str(error.value)


def test_a_circle_of_two_is_found(workspace):
    write(workspace, "one", "extends: two\n")
    write(workspace, "two", "extends: one\n")
    with pytest.raises(ValueError, match="one extends two extends one"):
        load_scenario(workspace, "one")


AWKWARD = {
    "share-of-money": 'schedules: [{indicator: T16, period: "2015Q1", adds: 2, on_time: 0.5, why: {vi: a, en: a}}]\n',
    "no-such-lever": 'levers: {moon: {level: 1.0, start: "2014Q1"}}\n',
    "in-a-circle": "extends: in-a-circle\n",
    "no-yaml": "levers: {{\n",
    "all-at-once": 'extends: plan\ntowards_best: 3.0\nschedules: [{indicator: T12, period: "2013Q3", adds: 14, on_time: 1.0,'
    " why: {vi: a, en: a}}]\n",
}


def test_an_awkward_file_beside_it_changes_no_other_scenario(analysis, planner, workspace):
    own = dataclasses.replace(analysis, workspace=workspace)
    alone, before = planner.chances(load_scenario(workspace, "plan")), scenario_pages.compared(own, planner)[0]
    for name, text in AWKWARD.items():
        write(workspace, name, text)
    table, said = scenario_pages.compared(own, Planner(analysis))
    np.testing.assert_array_equal(Planner(analysis).chances(load_scenario(workspace, "plan")), alone)
    assert [row[: len(before.data["columns"])] for row in cells(table)] == cells(before)
    for name in list(AWKWARD)[:-1]:
        assert f"{name}.yaml" in said.text, "a file that is left out is named"


def cells(block) -> list[list[str]]:
    """What stands in the rows of a table."""
    return [list(row) for row in block.data["rows"]]


@pytest.fixture(scope="module")
def default():
    """The planner of the default briefing."""
    return Planner(analyse(as_of="2014Q2", draws=4000))


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_shipped_scenarios_are_golden(path, default):
    found = default.chances(load_scenario(default.analysis.workspace, path.stem)).rename("p_met")
    golden = pd.read_csv(GOLDEN / f"{path.stem}.csv", index_col="target")["p_met"]
    pd.testing.assert_series_equal(found, golden, rtol=0, atol=0.001)


def test_shipped_scenarios_stand_to_each_other_as_their_names_say(default):
    names = scenario_names(default.analysis.workspace)
    found = pd.DataFrame({name: default.chances(load_scenario(default.analysis.workspace, name)) for name in names}).dropna()
    assert (found["accelerate"] >= found["plan"]).all() and (found["cut"] <= found["plan"]).all()
    for name in names[1:]:
        assert (found[name] - found["baseline"]).abs().max() > 0.005, "the golden tables can tell it from the baseline"


# --- goals, parts, what matters --------------------------------------------------------------------------------------


def test_a_goal_put_back_gives_what_was_asked(planner):
    base = planner.chances(planner.baseline)
    full = planner.chances(spec_of(planner, dict.fromkeys(LEVERS, 1.0)))
    target = ((full - base) * ((base > 0.06) & (full < 0.94))).idxmax()
    asked = float((base[target] + full[target]) / 2)
    goal = seek(planner, target, asked)
    assert 0 < goal.level < 1
    again = planner.chances(spec_of(planner, dict.fromkeys(goal.levers, goal.level)))[target]
    assert again == goal.chance and asked <= again <= asked + 0.01
    below = planner.chances(spec_of(planner, dict.fromkeys(goal.levers, goal.level - 0.002)))[target]
    assert below < asked or goal.level < 0.003
    late = {name: LeverSetting(level=1.0, start=goal.latest) for name in goal.levers}
    assert planner.chances(planner.baseline.model_copy(update={"levers": late}))[target] >= asked


def test_units_a_period_are_the_least_that_do(planner):
    goal = seek(planner, "T12", 0.9)
    enough, one_less = (
        planner.chances(planner.scheduled(planner.baseline, "T12", adds, since=planner.first))["T12"]
        for adds in (goal.units, goal.units - 1)
    )
    assert enough == goal.unit_chance >= 0.9 > one_less


def test_what_no_lever_can_do_is_said_to_be_infeasible(planner):
    goal = seek(planner, "T08", 0.9)
    assert goal.level is None and goal.latest == "" and goal.best < 0.9


@pytest.fixture(scope="module")
def example(tmp_path_factory, root):
    """A plan with one share at 32, 41 and 47 % that is to be 70 % two years on, two levers that act at once (0.25 and 0.35 of the
    gap), and 0.55 a year on the logit as the best pace observed."""
    quantile = special.ndtr((0.55 - drift.PRIORS["logit"].mu) / drift.PRIORS["logit"].tau)
    shipped = yaml.safe_load((root / "data" / "registry" / "assumptions.yaml").read_text("utf-8"))
    shipped["pace_cap_quantile"]["value"] = float(quantile)
    effects = {"training": 0.25, "infrastructure": 0.35}
    words = {"vi": "chữ", "en": "words"}
    levers = [
        {"id": name, "title": words, "reaches": {"I1": 1.0}, "effect": dict.fromkeys(("low", "likely", "high"), share)}
        | {"lag": 0, "ramp": 0, "source": words, "assumed": True}
        for name, share in effects.items()
    ]
    target = {"id": "G1", "name": words, "short": words, "sentence": words, "group": "all", "deadline": "2014", "lead": words}
    target["parts"] = [{"indicator": "I1", "comparator": "at_least", "value": "70%"}]
    files = {"assumptions": shipped, "levers": levers, "targets": [target]}
    folder = tmp_path_factory.mktemp("example")
    write_plan(folder, **{name: yaml.safe_dump(data, allow_unicode=True) for name, data in files.items()})
    (folder / "params" / "scenarios").mkdir(parents=True)
    shutil.copy(root / "params" / "scenarios" / "baseline.yaml", folder / "params" / "scenarios")
    (folder / "data" / "returns").mkdir()
    rows = [f"I1,U1,{year},{share},{year + 1}-01-15,reported,a,b" for year, share in ((2010, 32), (2011, 41), (2012, 47))]
    head = "indicator,unit,period,value_percent,reported_on,status,source,note"
    (folder / "data" / "returns" / "all.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return Planner(analyse(workspace=str(folder), as_of="2012", draws=4000, lang="en"))


def test_the_example_beyond_precedent_is_infeasible(example):
    """From 0.32, 0.41, 0.47 to 70 % in two years with a chance of 0.8 needs more than the best pace observed."""
    assert best_pace([], drift.PRIORS["logit"], example.registry) == pytest.approx(0.55)
    full = example.pace(spec_of(example, {"training": 1.0, "infrastructure": 1.0}))
    assert full["closes"].to_list() == pytest.approx([0.5125] * 3), "1 - (1 - 0.25)(1 - 0.35)"
    pace = 0.277
    assert pace + drift.changed_pace(pace, 0.55, 0.5125) == pytest.approx(0.417, abs=0.0005)
    goal = seek(example, "G1", 0.8)
    assert goal.levers == ("training", "infrastructure") and goal.level is None and goal.latest == ""
    assert goal.base < goal.best < goal.frontier < 0.8
    said = told(example, "G1", 0.8)
    assert "Not feasible at the best pace observed" in said and "less than" not in said
    assert seek(example, "G1", goal.best).level > 0.99, "what the levers can bring needs all of them"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("T99", 0.8), "target 'T99' is unknown; known: T01"),
        (("T12", 0.99), "probability 0.99 is not allowed; allowed: 0.05 to 0.95"),
    ],
)
def test_a_wrong_question_is_told(planner, arguments, told):
    with pytest.raises(ValueError, match=told):
        seek(planner, *arguments)
    with pytest.raises(ValueError, match=r"unknown levers: 'moon', 'sun'; known: leadership"):
        seek(planner, "T12", 0.8, levers=["moon", "regulation", "sun", "moon"])


def told(planner, target, probability, lang="en", **settings):
    """A goal in sentences, as one text."""
    spec = settings.get("spec")
    goal = seek(planner, target, probability, **settings)
    return "\n".join(goal_lines(goal, planner.registry, lang, first=planner.first, spec=spec))


def test_levers_that_do_not_reach_a_target_are_named_and_the_rest_answers(planner):
    some = seek(planner, "T12", 0.9, levers=["regulation", "one_stop", "one_stop"])
    assert (some.levers, some.unable) == (("one_stop",), ("regulation",)) and some.units
    none = seek(planner, "T12", 0.9, levers=["regulation"])
    assert none.levers == () and none.best == none.base and none.units == some.units and none.frontier == some.frontier
    said = told(planner, "T12", 0.9, levers=["regulation"])
    assert "do not reach T12: Rules and regulation." in said and "These reach T12: Accountability" in said
    assert "a chance of" in said and "best pace observed" in said


def test_why_levers_move_nothing_is_said(planner, analysis):
    plan = load_scenario(analysis.workspace, "plan")
    assert (still_under(planner, plan, "T10"), still_under(planner, plan, "T12")) == ("at_best", "")
    assert still_under(planner, planner.baseline, "T12") == still_under(planner, plan, "T16") == "no_lever"
    assert why_still(planner, planner.baseline, "T10", ("awareness",)) == "at_best"
    waiting = with_levers(analysis, training={"needs": {"T03": need("T12", 1.0)}})
    assert why_still(Planner(waiting), planner.baseline, "T03", ("training",)) == "waits"
    late = Planner(analyse(as_of="2015Q3", draws=200))
    assert why_still(late, late.baseline, "T03", ("training",)) == "too_late"
    over = Planner(analyse(as_of="2015Q4", draws=200))
    assert still_under(over, plan, "T12") == "decided"
    wanted = min(0.95, float(planner.chances(planner.baseline)["T10"]) + 0.02)
    said = told(planner, "T10", wanted, lang="vi")
    assert "không đòn bẩy nào có tác động" in said and "tốc độ cao nhất từng ghi nhận" in said
    for still, words in (("no_basis", "no basis"), ("decided", "verdict"), ("at_best", "best observed"), ("", "sets no lever")):
        assert words in tornado_none(tornado(planner, "T16", plan), name="plan", target="T16", lang="en", still=still)


def test_a_raised_frontier_is_never_called_on_record(planner):
    beyond = planner.baseline.model_copy(update={"name": "more", "towards_best": 2.0})
    on_record = planner.chances(planner.baseline.model_copy(update={"towards_best": 1.0}))["T12"]
    goal = seek(planner, "T12", 0.95, spec=beyond)
    assert goal.frontier == on_record < planner.chances(beyond)["T12"]
    assert goal.still == "at_best", "no lever brings more than the scenario does already"
    said = told(planner, "T12", 0.95, lang="vi", spec=beyond)
    assert "vượt mức cao nhất từng ghi nhận: 2,0 lần" in said


def test_a_goal_says_whose_chance_it_starts_from_and_what_was_asked(planner, analysis):
    fast = load_scenario(analysis.workspace, "accelerate")
    assert "khả năng đạt hiện nay" in told(planner, "T12", 0.9, lang="vi")
    assert "khả năng đạt theo kịch bản “Tăng tốc”" in told(planner, "T12", 0.9, lang="vi", spec=fast)
    assert "under the scenario “Accelerated” the chance" in told(planner, "T12", 0.9, spec=fast)
    assert "15,5% " not in told(planner, "T12", 0.155, lang="vi") and "15,5%" in told(planner, "T12", 0.155, lang="vi")
    assert "15.25%" in told(planner, "T12", 0.1525) and "90% wanted" in told(planner, "T12", 0.9)
    assert "T01" not in told(planner, "T12", 0.9, spec=fast), "what other targets wait for does not belong here"
    assert "Với T01, chỉ khi T15" in told(planner, "T01", 0.9, lang="vi"), "what its own levers wait for does"


def test_without_costs_no_unit_of_money_is_named(planner, priced):
    assert "đồng" not in told(planner, "T12", 0.9, lang="vi") + told(planner, "T12", 0.9)
    assert "costs" in told(planner, "T12", 0.9) and "costs" not in told(priced, "T12", 0.9)


def test_parts_of_levers_add_up(analysis, planner):
    plan = load_scenario(analysis.workspace, "plan")
    few = plan.model_copy(
        update={"levers": {n: plan.levers[n] for n in LEVERS[:4]}, "schedules": (schedule(),), "towards_best": 0.1}
    )
    parts = lever_parts(planner, few)
    change = planner.chances(few) - planner.chances(planner.baseline)
    np.testing.assert_allclose(parts.sum(axis=1).dropna(), change.dropna(), atol=1e-12)
    assert set(parts.columns) == {*LEVERS[:4], "schedules", "towards_best"}
    assert (parts.loc["T10", ["leadership", "training"]] == 0).all(), "levers that do not reach a target bring it nothing"


def test_more_causes_than_a_target_can_tell_are_left_out_not_refused(analysis, planner, monkeypatch):
    plan = load_scenario(analysis.workspace, "plan")
    whole = plan.model_copy(update={"schedules": (schedule(),), "towards_best": 0.1})
    assert len(causes_of(whole)) == 10
    parts, change = lever_parts(planner, whole), planner.chances(whole) - planner.chances(planner.baseline)
    np.testing.assert_allclose(parts.sum(axis=1, skipna=False)[change.notna()], change.dropna(), atol=1e-12)
    assert moves(planner, whole, "one_stop", "T11") and moves(planner, whole, "schedules", "T11"), "T11 waits for T12"
    assert not moves(planner, whole, "schedules", "T03")
    monkeypatch.setattr("qnict_analysis.planning.parts.MOST_CAUSES", 4)
    few = lever_parts(planner, whole)
    untold = few.isna().all(axis=1)
    assert untold["T01"] and not untold["T06"]
    pd.testing.assert_frame_equal(few[~untold], parts[~untold])
    chosen_one = dataclasses.replace(analysis, scenario=whole)
    assert "more than" in scenario_pages.changed(chosen_one, planner)[-1].text


def test_the_effects_uncertainty_brackets_the_likely_change(analysis, planner):
    sure = interval_of(planner, load_scenario(analysis.workspace, "accelerate"), n_drawn=20).dropna()
    assert (sure["low"] <= sure["high"]).all() and (sure["high"] > sure["low"]).any()
    assert (sure["low"] <= sure["likely"] + 0.01).all()
    nothing = interval_of(planner, planner.baseline, n_drawn=5).dropna()
    assert (nothing == 0).all().all()


def test_an_effect_has_its_low_likely_and_high(planner):
    lever = planner.registry.levers["training"]
    for what in ASSUMED:
        spread = getattr(lever, what)
        levels = [quantile(lever, what, level) for level in (0.0, 0.05, 0.5, 0.95, 1.0)]
        assert levels[1:4] == [spread.low, spread.likely, spread.high] and levels == sorted(levels)
        assert levels[0] >= 0 and (levels[-1] <= 1 if what == "effect" else levels[-1] == round(levels[-1]))


def test_a_tornado_has_a_bar_for_each_parameter(analysis, planner):
    plan = load_scenario(analysis.workspace, "plan")
    table = tornado(planner, "T03", plan)
    own = [name for name in plan.levers if "T03" in planner.registry.levers[name].reaches]
    assert set(table["lever"]) == set(own) and len(table) == 5 * len(own)
    width = (table["p_high"] - table["p_low"]).abs()
    assert width.is_monotonic_decreasing and (table["p_high"] >= table["p_low"]).all()
    soonest = min([planner.first, *(setting.start for setting in plan.levers.values())], key=periods.ordinal)
    starts = [*table.loc[table["parameter"] == "start", ["low", "high"]].to_numpy().ravel()]
    assert min(map(periods.ordinal, starts)) >= periods.ordinal(soonest), "nothing is moved into the past"
    with pytest.raises(ValueError, match="target 'X' is unknown"):
        tornado(planner, "X", plan)


def test_a_tornado_without_bars_says_why(planner):
    table = tornado(planner, "T03", spec_of(planner, {"training": 0.5}))
    still = table.assign(p_high=table["p_low"])
    assert tornado_rows(still, planner.registry, "en") == [] and len(tornado_rows(table, planner.registry, "en")) > 1
    said = [tornado_none(one, name="plan", target="T03", lang="en") for one in (still, table.head(0))]
    assert "moves the chance of T03" in said[0] and "no lever that reaches T03" in said[1]


# --- the form --------------------------------------------------------------------------------------------------------


@pytest.fixture
def form(analysis, planner, workspace):
    return ScenarioForm(dataclasses.replace(analysis, workspace=workspace), planner)


def test_a_slider_moves_the_chances_and_undo_takes_it_back(form):
    before = form.chances.value, form.picture.value
    form.shown.value = "T12"
    form.sliders["one_stop"].value = 1.0
    assert form.now["T12"] > form.base["T12"] and form.chances.value != before[0] and form.picture.value != before[1]
    assert "<b>+" in form.chances.value
    form.undo()
    np.testing.assert_array_equal(form.now, form.base)


def test_a_picture_stays_where_nothing_of_it_has_moved(form):
    form.shown.value = "T12"
    before = form.picture.value
    form.picture.value = "as it was"
    form.sliders["regulation"].value = 1.0  # does not reach T12
    assert form.picture.value == "as it was"
    form.sliders["one_stop"].value = 1.0
    assert "<svg" in form.picture.value and form.picture.value != before
    form.undo()
    assert form.picture.value == before


def test_what_the_form_saves_is_a_valid_scenario(form, analysis):
    form.sliders["training"].value = 0.6
    form.sliders["budget"].value = -0.2
    form.starts["training"].value = "2014Q1"
    form._add()
    form.name.value = "from-form"
    path = form.save()
    saved = load_scenario(form.analysis.workspace, "from-form")
    assert path.is_file() and scenario_faults(saved, analysis.registry) == []
    assert saved.levers == {
        "training": LeverSetting(level=0.6, start="2014Q1"),
        "budget": LeverSetting(level=-0.2, start="2013Q3"),
    }
    assert len(saved.schedules) == 1 and saved.schedules[0].adds == 1
    np.testing.assert_array_equal(form.planner.chances(saved), form.now)
    form.rows.children[0].children[4].click()
    assert form.spec.schedules == () and form.save() == path


@pytest.mark.parametrize(
    ("name", "told"),
    [("../x", "a-z"), ("plan", "already"), ("", "a-z"), ("-x", "no - first"), ("x" * 300, "60"), ("con", "Windows")],
)
def test_the_form_never_goes_over_a_file_nor_out_of_its_folder(form, name, told):
    before = {path.name: path.read_bytes() for path in form.analysis.workspace.scenarios.iterdir()}
    form.name.value = name
    assert form.save() is None and told in form.told.value
    assert {path.name: path.read_bytes() for path in form.analysis.workspace.scenarios.iterdir()} == before


def test_the_form_says_where_it_could_not_write(form, tmp_path):
    (tmp_path / "file").write_text("no folder")
    form.analysis = dataclasses.replace(form.analysis, workspace=Workspace(tmp_path / "file"))
    form.name.value = "mine"
    assert form.save() is None and "mine.yaml could not be written" in form.told.value


@pytest.mark.parametrize("as_of", ["2012Q4", "2014Q4", "2015Q3", "2015Q4"])
def test_the_form_begins_as_the_scenario_chosen(as_of):
    known = analyse(as_of=as_of, draws=200)
    planner = Planner(known)
    for name in scenario_names(known.workspace):
        for levers in ({}, {"training": 0.85, "one_stop": -0.333}):
            params = known.params.model_copy(update={"scenario": name, "levers": levers})
            own = dataclasses.replace(known, params=params, scenario=load_scenario(known.workspace, name))
            form = ScenarioForm(own, planner)
            np.testing.assert_array_equal(form.now, planner.chances(chosen(own)), err_msg=f"{name} {levers}")
            assert form.spec.levers == {key: one for key, one in chosen(own).levers.items() if one.level}
            form.sliders["awareness"].value = 0.5
            form.undo()
            np.testing.assert_array_equal(form.now, planner.chances(chosen(own)))


def test_the_scenario_chosen_is_that_of_the_analysis(analysis):
    settings = {"as_of": "2014Q4", "draws": 200, "scenario": "plan", "levers": {"training": 1.0, "emulation": 0.2}}
    whole = analyse(**settings)
    planner = Planner(whole)
    np.testing.assert_array_equal(planner.chances(chosen(whole)), whole.assessment["p_met"])
    np.testing.assert_array_equal(ScenarioForm(whole, planner).now, whole.assessment["p_met"])


def test_the_form_keeps_schedules_of_the_past_and_large_ones(analysis, planner, workspace):
    why = {"vi": "lý do", "en": "reason"}
    items = (schedule(period="2013Q1"), Schedule(indicator="T07", period="2014Q1", adds=5000, on_time=0.3333, why=why))
    own = planner.baseline.model_copy(update={"schedules": items})
    form = ScenarioForm(dataclasses.replace(analysis, workspace=workspace, scenario=own), planner)
    assert form.spec.schedules == items
    np.testing.assert_array_equal(form.now, planner.chances(own))
    form.name.value = "kept"
    assert form.save() and load_scenario(workspace, "kept").schedules == items
    form._add()
    assert form.rows.children[-1].children[1].value == planner.first, "a new schedule begins with the next period"


def test_the_form_is_made_from_the_model(form):
    slider = form.sliders["training"]
    assert (slider.min, slider.max, slider.step) == (-1.0, 1.0, STEP)
    assert list(form.sliders) == list(form.analysis.registry.levers)
    assert yaml.safe_load(form._yaml(form.spec.model_copy(update={"name": "x"})))["levers"] == {}


def test_a_workspace_without_levers_has_a_form_too():
    there = analyse(workspace="examples/digital-agenda", as_of="2012-06-30", draws=200)
    form = ScenarioForm(there)
    assert form.sliders == {} and form.now.equals(form.base)
    goal = seek(form.planner, "DAE01", 0.8)
    assert goal.levers == () and goal.level is None
    lines = goal_lines(goal, there.registry, "en", first=form.planner.first)
    assert "At the best pace observed from now on" in lines[-1], "the best attainable, and nothing on levers or costs"


# --- what waits, what costs, what lies beyond the record -------------------------------------------------------------


def with_levers(analysis, **changes):
    """The analysis with some fields of levers changed."""
    levers = {name: lever.model_copy(update=changes.get(name, {})) for name, lever in analysis.registry.levers.items()}
    return dataclasses.replace(analysis, registry=dataclasses.replace(analysis.registry, levers=levers))


def need(indicator, at_least):
    return Need(indicator=indicator, at_least=at_least, why={"vi": "a", "en": "a"})


def test_a_lever_helps_only_once_what_it_waits_for_is_there(analysis):
    levels = {"training": 1.0}

    def moved(needs):
        planner = Planner(with_levers(analysis, training={"needs": needs}))
        return planner.draws(spec_of(planner, levels))["T03"].mean() - planner.draws(planner.baseline)["T03"].mean()

    free, never = moved({}), moved({"T03": need("T12", 1.0)})
    planner = Planner(analysis)
    medians = planner.draws(planner.baseline)["T12"].median() / 14
    middle = float(medians["2014Q4"])
    opened = medians.index[int(np.argmax(medians.to_numpy() >= middle))]
    later = moved({"T03": need("T12", middle)})
    assert (never == 0).all() and free.iloc[-1] > 0
    before = [label for label in later.index if periods.ordinal(label) < periods.ordinal(opened)]
    assert before and (later[before] == 0).all() and 0 < later.iloc[-1] < free.iloc[-1]
    np.testing.assert_allclose(moved({"T03": need("T12", 0.01)}), free, atol=1e-12)


def test_what_a_lever_waits_for_comes_sooner_with_another_lever(analysis):
    changed = with_levers(analysis, training={"needs": {"T03": need("T12", 0.7)}})
    planner = Planner(changed)
    alone = planner.draws(spec_of(planner, {"training": 1.0}))["T03"].mean()
    both = spec_of(planner, {"training": 1.0, "one_stop": 1.0})
    sooner = planner.draws(both.model_copy(update={"schedules": (schedule(period="2013Q3", adds=5, on_time=1.0),)}))["T03"].mean()
    assert (sooner >= alone).all() and sooner.iloc[-1] > alone.iloc[-1]
    settings = {"as_of": changed.as_of, "n_draws": changed.params.draws, "seed": changed.params.seed}
    drawn = forecast(changed.series, changed.panel, changed.registry, levers_pace=planner.pace(both), **settings)
    pd.testing.assert_frame_equal(drawn, planner.draws(both), check_exact=True)


def test_a_raised_frontier_is_said(planner):
    edge, beyond = (planner.baseline.model_copy(update={"towards_best": share}) for share in (1.0, 1.5))
    least, most = planner.chances(edge).dropna(), planner.chances(beyond).dropna()
    assert (most >= least).all() and (most > least).any() and most.between(0, 1).all()
    assert notes_of(edge, planner.registry, "vi") == []
    assert "vượt mức cao nhất từng ghi nhận: 1,5 lần" in notes_of(beyond, planner.registry, "vi")[0]


def costs(price, *, assumed=False):
    unit = {"vi": "tỷ đồng", "en": "billion đồng"}
    return Cost(low=price, likely=price, high=price, unit=unit, source={"vi": "a", "en": "a"}, assumed=assumed)


@pytest.fixture(scope="module")
def priced(analysis):
    prices = {"leadership": 0.5, "one_stop": 2.0, "emulation": 0.1}
    strong = Effect(low=0.2, likely=0.9, high=1.0)
    changes = {name: {"cost": costs(price), "assumed": False, "effect": strong} for name, price in prices.items()}
    return Planner(with_levers(analysis, **changes))


def test_the_cheapest_mixes_are_the_cheapest_of_all_on_the_grid(priced):
    base, full = priced.chances(priced.baseline)["T12"], priced.chances(spec_of(priced, dict.fromkeys(LEVERS, 1.0)))["T12"]
    asked = float((base + full) / 2)
    mixes = cheapest_mixes(priced, "T12", asked)
    names = list(mixes[0].levels)
    assert names == ["leadership", "one_stop", "emulation"] and len(mixes) == 5
    price = [0.5, 2.0, 0.1]
    grid = [dict(zip(names, point, strict=True)) for point in itertools.product(np.linspace(0, 1, 6), repeat=3)]
    able = [one for one in grid if priced.chances(spec_of(priced, one), ["T12"]).iloc[0] >= asked]
    best = min(sum(level * cost for level, cost in zip(one.values(), price, strict=True)) for one in able)
    assert mixes[0].cost <= best + 1e-9
    for mix in mixes:
        assert priced.chances(spec_of(priced, mix.levels), ["T12"]).iloc[0] == mix.chance >= asked
        assert mix.cost == pytest.approx(sum(level * cost for level, cost in zip(mix.levels.values(), price, strict=True)))
        for name in names:
            less = mix.levels | {name: round(mix.levels[name] - 0.1, 4)}
            assert mix.levels[name] == 0 or priced.chances(spec_of(priced, less), ["T12"]).iloc[0] < asked
    assert [mix.cost for mix in mixes] == sorted(mix.cost for mix in mixes)
    assert "theo chi phí mỗi năm" in mix_lines(mixes, priced.registry, "vi")[0]
    assert mix_items({"leadership": 1.0, "training": 0.5}, priced.registry, "vi").count(";") == 1, "titles hold commas"


def test_a_budget_buys_the_best_mix_that_it_pays_for(priced, planner):
    little, much = (best_mix(priced, "T12", budget) for budget in (0.6, 10.0))
    assert little.cost <= 0.6 < much.cost and little.chance < much.chance
    assert much.levels == dict.fromkeys(much.levels, 1.0)
    assert best_mix(priced, "T12", 0.0).levels == dict.fromkeys(much.levels, 0.0)
    with pytest.raises(ValueError, match=r"budget for T12: levers whose .* is assumed or missing in levers\.yaml: leadership"):
        best_mix(planner, "T12", 1.0)
    with pytest.raises(ValueError, match="budget -1 is not allowed"):
        best_mix(priced, "T12", -1.0)


def test_points_for_money_only_where_both_have_a_source(priced, planner):
    spec = spec_of(priced, {"leadership": 1.0, "one_stop": 0.5, "training": 1.0})
    table = points_for_money(priced, spec).set_index("lever")
    years = (periods.ordinal("2015Q4") - periods.ordinal(priced.first) + 1) / 4
    assert list(table.index) == ["leadership", "one_stop"]
    assert table["cost"].to_list() == pytest.approx([0.5 * years, 0.5 * 2.0 * years])
    parts = 100 * lever_parts(priced, spec)[["leadership", "one_stop"]].sum()
    np.testing.assert_allclose(table["points"], parts)
    np.testing.assert_allclose(table["each"], parts.to_numpy() / table["cost"])
    assert points_for_money(planner, spec).empty


def test_the_record_of_units_is_the_best_year(planner, analysis):
    goal = seek(planner, "T12", 0.9)
    counts = analysis.series.query("indicator == 'T12'").set_index("period")["numerator"].astype(float)
    years = [(label, periods.shift(label, -4)) for label in counts.index]
    assert goal.unit_record == max((counts[now] - counts[then]) / 4 for now, then in years if then in counts.index)
    said = " ".join(goal_lines(goal._replace(units=9, unit_record=1.5), planner.registry, "vi", first=planner.first))
    assert "vượt mức cao nhất từng ghi nhận: bình quân 1,5" in said


def test_less_than_asked_never_reads_as_asked(planner):
    assert short_of(0.7996, 0.8, planner.registry, "vi") == "chưa đến 80%" and short_of(0.5, 0.8, planner.registry, "vi") == "50%"


def test_after_the_last_deadline_the_form_says_that_nothing_can_change():
    over = analyse(as_of="2015Q4", draws=200, lang="en")
    form = ScenarioForm(over)
    assert form.over and form.now.equals(form.base)
    assert "Every deadline has passed" in form.widget.children[0].value
    form.sliders["training"].value = 1.0
    pd.testing.assert_series_equal(form.now, form.base)
    with pytest.raises(ValueError, match="target T12 has its verdict already"):
        seek(form.planner, "T12", 0.8)
