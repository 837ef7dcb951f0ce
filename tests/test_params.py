"""Parameters and scenarios: what must raise, which source wins, and what the shipped files say."""

import pytest
import yaml

from qnict_analysis.params import Params, load_params, load_scenario, read_value, scenario_faults, scenario_names
from qnict_analysis.registry import load_registry
from qnict_analysis.workspace import Workspace

SPEC = """
title: {vi: chữ, en: words}
why: {vi: chữ, en: words}
levers: {training: {level: 0.5, start: 2014Q3}}
schedules: [{indicator: T12, period: 2014Q4, adds: 3, on_time: 0.7, why: {vi: chữ, en: words}}]
"""
SCHEDULES = "[{indicator: T12, period: 2014Q4, adds: 3, on_time: 0.7, why: {vi: chữ, en: words}}]"


@pytest.fixture
def scenario(tmp_path):
    """Write a scenario with one text replaced by another, and load it."""

    def load(old="", new="", name="mine"):
        ws = Workspace(tmp_path)
        ws.scenarios.mkdir(parents=True, exist_ok=True)
        assert old in SPEC
        (ws.scenarios / f"{name}.yaml").write_text(SPEC.replace(old, new, 1) if old else SPEC, encoding="utf-8")
        return load_scenario(ws, name)

    return load


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"drows": 400}, r"unknown parameter 'drows' \(option\) \(did you mean draws\?\); known: as_of, scenario, lang"),
        ({"as_of": "2014Q5"}, r'parameter as_of \(option\): "2014Q5" is not allowed; allowed: a quarter \("2014Q2"\)'),
        ({"as_of": 2014}, r"parameter as_of \(option\): 2014 is not allowed"),
        ({"scenario": "../plan"}, r'parameter scenario \(option\): "../plan" is not allowed'),
        ({"lang": "fr"}, r'parameter lang \(option\): "fr" is not allowed; allowed: vi or en'),
        ({"draws": 199}, r"parameter draws .* from 200 to 100000"),
        ({"draws": "4000"}, r'parameter draws \(option\): "4000" is not allowed'),
        ({"draws": True}, r"parameter draws \(option\): true is not allowed"),
        ({"seed": -1}, r"parameter seed"),
        ({"levers": {"training": 1.5}}, r'parameter levers \(option\): {"training": 1.5} is not allowed; allowed: lever ids'),
        ({"levers": {"training": float("nan")}}, r"parameter levers"),
        ({"levers": {"a b": 0.5}}, r"parameter levers"),
        ({"lang": "fr", "draws": 1}, r"parameter lang .*; parameter draws"),
    ],
)
def test_a_wrong_parameter_is_one_line_that_names_it_and_what_is_allowed(given, expected):
    with pytest.raises(ValueError, match=expected) as caught:
        load_params(None, given)
    assert "\n" not in str(caught.value)


def test_a_wrong_file_names_itself(tmp_path):
    path = tmp_path / "mine.yaml"
    with pytest.raises(ValueError, match=r"mine\.yaml: no such file"):
        load_params(path, {})
    path.write_text("- a", encoding="utf-8")
    with pytest.raises(ValueError, match=r"mine\.yaml: write a mapping"):
        load_params(path, {})
    path.write_text("lang: no", encoding="utf-8")
    with pytest.raises(ValueError, match=r'parameter lang \(mine\.yaml\): "no" is not allowed'):
        load_params(path, {})


def test_options_win_over_the_file_and_the_file_over_the_defaults(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text('as_of: "2013Q4"\ndraws: 500\nlevers: {training: 0.2, awareness: 0.1}', encoding="utf-8")
    params, origins = load_params(path, {"draws": 900, "levers": {"training": 1}})
    assert params == Params(as_of="2013Q4", draws=900, levers={"training": 1.0, "awareness": 0.1})
    assert origins == {
        **{"as_of": "mine.yaml", "scenario": "default", "lang": "default", "workspace": "default"},
        **{"draws": "option", "seed": "default", "levers": "option"},
        **dict.fromkeys(("report", "style", "font", "final"), "default"),
    }


def test_the_shipped_parameters_are_the_defaults(root):
    params, origins = load_params(root / "params" / "briefing.yaml", {})
    assert params == Params()
    given = yaml.safe_load((root / "params" / "briefing.yaml").read_text(encoding="utf-8"))
    assert set(given) <= set(Params.model_fields) and origins["as_of"] == "briefing.yaml"
    assert list(Params.model_fields) == [
        *("as_of", "scenario", "lang", "workspace", "draws", "seed", "levers", "report", "style", "font", "final")
    ]


@pytest.mark.parametrize("as_of", ["2014Q2", "2014", "2014-07-30"])
def test_forms_of_the_as_of(as_of):
    assert load_params(None, {"as_of": as_of})[0].as_of == as_of


def test_values_as_typed():
    assert [read_value(text) for text in ("0.5", "1", "-1", "2014Q2", "no", "")] == [0.5, 1, -1, "2014Q2", "no", ""]


# --- scenarios -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("level: 0.5", "level: 1.5", r"mine\.yaml\.levers\.training\.level: 1\.5 is not allowed: write a number from -1 .* to 1"),
        ("level: 0.5", "level: .nan", r"mine\.yaml\.levers\.training\.level: '\.nan' is not allowed"),
        ("level: 0.5", "lvel: 0.5", r"mine\.yaml\.levers\.training\.lvel: unknown key: allowed are level, start"),
        ("start: 2014Q3", "start: soon", r"mine\.yaml\.levers\.training\.start: 'soon' is not allowed: 'soon' is not a period"),
        ("on_time: 0.7", "on_time: 70", r"mine\.yaml\.schedules\[0\]\.on_time: 70 is not allowed"),
        ("adds: 3, ", "", r"mine\.yaml\.schedules\[0\]\.adds: missing"),
        ("why:", "wy:", r"mine\.yaml\.wy: unknown key: allowed are name, title, why, levers, schedules, extends, .*, rank"),
        ("levers:", "title: x\nlevers:", r"mine\.yaml: line 4, column 1: the key 'title' stands twice"),
        ("levers:", "name: other\nlevers:", r"mine\.yaml: name: 'other' is not the file's name"),
    ],
)
def test_a_wrong_scenario_is_told_with_place_and_what_is_allowed(scenario, old, new, expected):
    with pytest.raises(ValueError, match=expected):
        scenario(old, new)


def test_a_misspelt_scenario_lists_the_known_ones(root):
    with pytest.raises(ValueError, match=r"scenario .paln. is unknown \(did you mean plan\?\); known: baseline, plan, acc"):
        load_scenario(Workspace(root), "paln")


def test_scenarios_stand_by_their_rank_then_by_name_the_baseline_first(scenario, tmp_path, root):
    ranks = {"baseline": "", "zeal": "rank: 1\n", "more": "rank: 2\n", "apart": "", "odd": "rank: soon\n", "best": ""}
    ws = Workspace(tmp_path)
    ws.scenarios.mkdir(parents=True)
    for name, rank in ranks.items():
        (ws.scenarios / f"{name}.yaml").write_text(rank + SPEC, encoding="utf-8")
    (ws.scenarios / "broken.yaml").write_text("{{", encoding="utf-8")
    assert scenario_names(ws) == ["baseline", "zeal", "more", "apart", "best", "broken", "odd"]
    assert scenario_names(Workspace(root)) == ["baseline", "plan", "accelerate", "cut", "frontier"]
    with pytest.raises(ValueError, match=r"mine\.yaml\.rank: 0 is not allowed"):
        scenario("levers:", "rank: 0\nlevers:")


def test_names_and_periods_of_a_scenario_must_fit_the_registry(scenario, root):
    registry = load_registry(Workspace(root))
    assert scenario_faults(scenario(), registry) == []
    assert scenario_faults(scenario("training", "traning"), registry) == [
        "mine.yaml: levers.traning: 'traning' is unknown: known are "
        "leadership, training, infrastructure, budget, one_stop, awareness, emulation, regulation"
    ]
    assert scenario_faults(scenario("2014Q4", "2014"), registry) == [
        "mine.yaml: schedules[0].period: '2014' is not quarterly: write periods like 2015Q4"
    ]
    assert "schedules[0].indicator: 'T99' is unknown" in scenario_faults(scenario("T12", "T99"), registry)[0]
    assert scenario_faults(scenario("adds: 3", "adds: 50"), registry) == [
        "mine.yaml: schedules[0].adds: 50 is not allowed: there are 14 district-level units in all"
    ]
    assert scenario_faults(scenario("2014Q4", "2016Q1"), registry) == [
        "mine.yaml: schedules[0].period: '2016Q1' is after the last deadline: periods up to 2015Q4 count"
    ]
    (told,) = scenario_faults(scenario("T12", "T16"), registry)
    assert told.startswith("mine.yaml: schedules[0].indicator: 'T16' counts no units or items that a schedule could add: allowed")
    assert "T12" in told.split("allowed are ")[1].split(", ") and "T16" not in told.split("allowed are ")[1]


@pytest.mark.parametrize("held", ["levers", "schedules", "towards_best", "extends"])
def test_the_baseline_may_change_nothing(held, scenario, root):
    values = {
        "levers": "{training: {level: 0.5, start: 2014Q3}}",
        "schedules": SCHEDULES,
        "towards_best": "0.5",
        "extends": "still",
    }
    scenario("\nlevers: {training: {level: 0.5, start: 2014Q3}}\nschedules: " + SCHEDULES, "", name="still")
    own = {"levers": "{}", "schedules": "[]"} | {held: values[held]}
    old = SPEC[SPEC.index("levers:") :]
    spec = scenario(old, "".join(f"{name}: {value}\n" for name, value in own.items()), name="baseline")
    (told,) = scenario_faults(spec, load_registry(Workspace(root)))
    assert told.startswith(f"baseline.yaml: {held}: the baseline changes nothing")


def test_every_shipped_scenario_fits_its_registry(root):
    for folder in (root, root / "examples" / "digital-agenda"):
        ws = Workspace(folder)
        registry, names = load_registry(ws), scenario_names(ws)
        assert names[0] == "baseline"
        specs = {name: load_scenario(ws, name) for name in names}
        assert [fault for spec in specs.values() for fault in scenario_faults(spec, registry)] == []
        assert (specs["baseline"].levers, specs["baseline"].schedules) == ({}, ())


def test_the_plan_moves_levers(root):
    spec = load_scenario(Workspace(root), "plan")
    assert spec.title == {"vi": "Theo kế hoạch", "en": "As planned"}
    assert all(0 < setting.level <= 1 for setting in spec.levers.values())
