"""The registry: every fault at once, exact thresholds, the province's plan, and another plan without Python."""

import re
import unicodedata
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from qnict_analysis.records import parse_yaml
from qnict_analysis.registry import Part, RegistryError, load_registry
from qnict_analysis.workspace import Workspace

TEXT = "{vi: chữ, en: words}"
SMALL = {
    "programme": f"""
id: small
title: {TEXT}
short: {TEXT}
frequency: yearly
start: 2010
deadline: 2015
cutoff_days: 30
default_as_of: "2012"
place: {TEXT}
parent_agency: {TEXT}
agency: {TEXT}
agency_code: X
signer_title: {TEXT}
groups: {{all: {TEXT}}}
status_edges: {{likely: 0.66, uncertain: 0.33}}
caps: {{low: 0.05, high: 0.95}}
source: {TEXT}
letterhead: plain
""",
    "indicators": f"""
- {{id: I1, kind: share, name: {TEXT}, short: {TEXT}, definition: {TEXT}, numerator: {TEXT}, denominator: {TEXT},
   scope: all, counts: false, lead: {TEXT}}}
""",
    "targets": f"""
- {{id: G1, name: {TEXT}, short: {TEXT}, sentence: {TEXT}, group: all, deadline: 2014, lead: {TEXT},
   parts: [{{indicator: I1, comparator: at_most, value: "15%"}}]}}
- {{id: G2, name: {TEXT}, short: {TEXT}, sentence: {TEXT}, group: all, deadline: 2015, lead: {TEXT},
   parts: [{{indicator: I1, comparator: at_least, value: "100%", met_when_rounds: 0}}]}}
""",
    "units": f"""
groups: {{land: {TEXT}}}
scopes: {{all: [land]}}
units: [{{id: U1, name: {{vi: một, en: one}}, short: {TEXT}, group: land}}]
""",
    "assumptions": "\n".join(
        f"{name}: {{value: 1, source: {TEXT}}}"
        for name in ("rho", "coverage_min", "carry_periods", "min_points", "kappa", "pace_cap_quantile")
    ),
}
LEVER = (
    f"- {{id: L1, title: {TEXT}, reaches: {{I1: 0.5}}, effect: {{low: 0.1, likely: 0.2, high: 0.3}}, lag: 1, ramp: 2, "
    f"source: {TEXT}, assumed: true}}"
)


NEEDY = LEVER.replace("lag: 1", f"needs: {{I1: {{indicator: NEED, at_least: 0.5, why: {TEXT}}}}}, lag: 1")
COST = f"{{low: 1, likely: 2, high: 3, unit: {{vi: tỷ, en: bn}}, source: {TEXT}, assumed: false}}"
COSTLY = LEVER.replace("lag: 1", f"cost: {COST}, lag: 1")


def write(root: Path, **changed: str) -> Workspace:
    """A small yearly plan without reporting units, with some files replaced."""
    folder = root / "data" / "registry"
    folder.mkdir(parents=True)
    for name, text in (SMALL | changed).items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return Workspace(root)


def faults(root: Path, **changed: str) -> list[str]:
    with pytest.raises(RegistryError) as caught:
        load_registry(write(root, **changed))
    return caught.value.faults


@pytest.fixture(scope="module")
def registry(root):
    return load_registry(Workspace(root))


# --- what must raise -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("targets", "at_most", "over", "targets.yaml: G1.parts[0].comparator: 'over' is not allowed: input should be 'at_least'"),
        ("targets", '"15%"', "0.15", "targets.yaml: G1.parts[0].value: 0.15 is not allowed: write a per cent in quotes"),
        ("targets", '"15%"', "15", "targets.yaml: G1.parts[0].value: 15 does not fit kind share: write a per cent"),
        ("targets", '"15%"', '"115%"', "targets.yaml: G1.parts[0].value: '115%' is more than all"),
        (
            "targets",
            "at_least, value",
            "above, value",
            "targets.yaml: G2.parts[0].comparator: above all of them can never be met",
        ),
        ("targets", "indicator: I1", "indicator: I9", "targets.yaml: G1.parts[0].indicator: 'I9' is not a known indicator"),
        ("targets", "group: all", "group: none", "targets.yaml: G1.group: 'none' is not a known target group: allowed are all"),
        ("targets", "deadline: 2014", "deadline: 2014Q4", "targets.yaml: G1.deadline: '2014Q4' is not yearly"),
        (
            "targets",
            "deadline: 2014",
            "deadline: later",
            "targets.yaml: G1.deadline: 'later' is not allowed: 'later' is not a period",
        ),
        ("targets", "id: G1", "id: G2", "targets.yaml: G2: id stands twice"),
        ("targets", "id: G1", 'id: "G 1"', "targets.yaml: G 1.id: 'G 1' is not allowed"),
        ("targets", "id: G1", "aliases: [G2], id: G1", "targets.yaml: G2: id or alias stands twice"),
        (
            "targets",
            "met_when_rounds: 0",
            "met_when_round: 0",
            "unknown key: allowed are indicator, comparator, value, met_when_rounds",
        ),
        ("targets", f"sentence: {TEXT}", "sentence: {vi: chữ}", "targets.yaml: G1.sentence.en: missing"),
        ("targets", f"sentence: {TEXT}", "sentence: {vi: chữ, en: }", "targets.yaml: G1.sentence.en: None is not allowed"),
        ("indicators", "scope: all", "scope: some", "indicators.yaml: I1.scope: 'some' is not a known scope: allowed are all"),
        ("indicators", "kind: share", "kind: count", "indicators.yaml: I1: "),
        ("indicators", "counts: false", "counts: no", "indicators.yaml: I1.counts: 'no' is not allowed"),
        ("indicators", "kind: share", "kind: share, unit: x", "indicators.yaml: I1.unit: unknown key: allowed are id, kind"),
        ("units", "group: land", "group: sea", "units.yaml: units.U1.group: 'sea' is not a known unit group"),
        ("units", "all: [land]", "all: [U2]", "units.yaml: scopes.all: 'U2' is not a known unit group or unit"),
        ("programme", "frequency: yearly", "frequency: weekly", "programme.yaml: frequency: 'weekly' is not allowed"),
        ("programme", "deadline: 2015", "deadline: 2009", "programme.yaml: deadline: '2009' comes before the start '2010'"),
        ("programme", "likely: 0.66", "likely: 0.2", "programme.yaml: status_edges: uncertain is not below likely"),
        ("programme", 'default_as_of: "2012"', "default_as_of: soon", "programme.yaml: default_as_of: as_of 'soon'"),
        ("programme", "id: small", "id: small\nid: large", "programme.yaml: line 3, column 1: the key 'id' stands twice"),
        ("programme", "id: small", "id: [small", "programme.yaml: line"),
        ("assumptions", "rho:", "roh:", "assumptions.yaml: rho: missing"),
    ],
)
def test_a_fault_is_told_with_file_place_and_what_is_allowed(tmp_path, file, old, new, expected):
    assert old in SMALL[file]
    changed = {file: SMALL[file].replace(old, new, 1)}
    found = faults(tmp_path, **changed)
    assert any(expected in fault for fault in found), found


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("levers", LEVER.replace("I1: 0.5", "I7: 0.5"), "levers.yaml: L1.reaches: 'I7' is not a known indicator"),
        ("levers", LEVER.replace("I1: 0.5", "I1: 1.5"), "levers.yaml: L1.reaches.I1: 1.5 is not allowed"),
        ("levers", LEVER.replace("low: 0.1", "low: 0.9"), "levers.yaml: L1.effect: "),
        (
            "corrections",
            f"- {{indicator: I1, unit: U5, period: 2011, action: drop, reason: {TEXT}, source: s, known_on: 2012-01-31}}",
            "corrections.yaml: [0].unit: 'U5' is not a known unit: allowed are U1",
        ),
        (
            "corrections",
            f"- {{indicator: I1, unit: U1, period: 2011, action: replace, reason: {TEXT}, source: s, known_on: 2012-01-31}}",
            "replace needs one of them",
        ),
        (
            "corrections",
            f"- {{indicator: I1, unit: U1, period: 2011, action: jump, reason: {TEXT}, source: s, known_on: 2012-01-31}}",
            "jump needs it",
        ),
        (
            "corrections",
            "- {indicator: I1, unit: U1, period: 2011, action: jump, code: typo, "
            f"reason: {TEXT}, source: s, known_on: 2012-01-31}}",
            "corrections.yaml: [0].code",
        ),
        (
            "corrections",
            f"- {{indicator: I1, unit: U1, period: 2011, action: drop, reason: {TEXT}, source: s, known_on: 31/01/2012}}",
            "corrections.yaml: [0].known_on: '31/01/2012' is not allowed: write a date as 2014-07-30",
        ),
        (
            "outcomes",
            f"- {{target: G9, outcome: met, known_on: 2016-01-01, source: s, note: {TEXT}}}",
            "outcomes.yaml: [0].target: 'G9' is not a known target",
        ),
        ("levers", NEEDY.replace("NEED", "I9"), "levers.yaml: L1.needs.I1.indicator: 'I9' is not a known indicator"),
        ("levers", NEEDY.replace("NEED", "I1"), "levers.yaml: needs: I1 waits for I1, in a circle"),
        ("levers", NEEDY.replace("needs: {I1", "needs: {I2"), "levers.yaml: L1.needs.I2: the lever does not reach I2"),
        ("levers", NEEDY.replace("0.5, why", "90, why").replace("NEED", "I1"), "needs.I1.at_least: 90 is more than all of them"),
        ("levers", LEVER.replace("id: L1", "id: schedules"), "levers.yaml: schedules.id: a scenario says this of itself"),
        ("levers", LEVER.replace("lag: 1", "lag: {low: 3, likely: 1, high: 4}"), "levers.yaml: L1.lag: "),
        ("levers", LEVER.replace("lag: 1", "lag: -1"), "levers.yaml: L1.lag"),
        ("levers", f"{COSTLY}\n{COSTLY.replace('id: L1', 'id: L2').replace('en: bn', 'en: mn')}", "levers.yaml: cost.unit: "),
        ("levers", "id: L1", "levers.yaml: top level: dict is not allowed: write a list of items"),
        ("levers", "- L1", "levers.yaml: [0]: 'L1' is not allowed"),
    ],
)
def test_optional_files_are_checked_too(tmp_path, file, text, expected):
    found = faults(tmp_path, **{file: text})
    assert any(expected in fault for fault in found), found


def test_all_faults_of_all_files_are_told_at_once_and_only_once(tmp_path):
    found = faults(
        tmp_path,
        indicators=SMALL["indicators"].replace("kind: share", "kind: shore"),
        targets=SMALL["targets"].replace("group: all", "group: none"),
        units=SMALL["units"].replace("group: land", "group: sea"),
    )
    assert [fault.split(":")[0] for fault in found] == ["indicators.yaml", "targets.yaml", "targets.yaml", "units.yaml"]


def test_a_missing_file_and_a_file_in_another_encoding_are_told(tmp_path):
    ws = write(tmp_path)
    (ws.registry / "units.yaml").unlink()
    (ws.registry / "targets.yaml").write_bytes("- chỉ tiêu".encode("utf-16"))
    with pytest.raises(RegistryError) as caught:
        load_registry(ws)
    assert any(fault.startswith("units.yaml: the file is missing") for fault in caught.value.faults)
    assert any(fault.startswith("targets.yaml: cannot be read as UTF-8") for fault in caught.value.faults)


def test_unknown_scope_and_assumption_list_the_known_ones(registry):
    with pytest.raises(ValueError, match="known: agencies, departments"):
        registry.units_in("agency", "2014Q2")
    with pytest.raises(ValueError, match="roh is missing; known: rho"):
        registry.assumption("roh")


def test_yaml_guesses_nothing_and_runs_nothing():
    text = "a: no\nb: 012\nc: 2012-06-30\nd: 1:30\ne: on\nf: 0.5\ng: 2015\nh: true\ni:\n"
    assert parse_yaml(text, "x.yaml") == dict(a="no", b="012", c="2012-06-30", d="1:30", e="on", f=0.5, g=2015, h=True, i=None)
    assert parse_yaml("a: " + unicodedata.normalize("NFD", "Quảng Ngãi"), "x.yaml") == {"a": "Quảng Ngãi"}
    with pytest.raises(ValueError, match=r"x\.yaml: line 1"):
        parse_yaml("a: !!python/object/apply:os.system [ls]", "x.yaml")


# --- thresholds, by hand ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comparator", "value", "expected"),
    [
        ("above", "90%", {14: 13, 20: 19, 33: 30}),
        ("at_least", "80%", {14: 12, 20: 16, 33: 27}),
        ("above", "50%", {20: 11, 19: 10}),
        ("at_least", "all", {14: 14, 34: 34}),
        ("at_least", 16, {1: 16}),
        ("above", 30, {1: 31}),
    ],
)
def test_least_number_of_units(comparator, value, expected):
    part = Part(indicator="T", comparator=comparator, value=value)
    assert {n: part.k_min(n) for n in expected} == expected


def test_greatest_number_where_less_is_better():
    assert Part(indicator="T", comparator="at_most", value="15%").k_max(20) == 3
    assert Part(indicator="T", comparator="below", value="15%").k_max(20) == 2
    with pytest.raises(ValueError, match="use k_max"):
        Part(indicator="T", comparator="at_most", value="15%").k_min(20)


@pytest.mark.parametrize(
    ("comparator", "value", "rounds", "figure", "n_units", "met"),
    [
        ("above", "90%", None, 0.9, None, False),  # the float 0.9 lies a little above nine tenths
        ("above", "90%", None, 18 / 20, None, False),
        ("above", "90%", None, 18, 20, False),
        ("above", "90%", None, 19, 20, True),
        ("at_least", "70%", None, 0.7, None, True),
        ("at_least", "70%", None, 0.1 * 7, None, True),
        ("at_least", "70%", None, 0.6999, None, False),
        ("at_least", "all", None, 34, 34, True),
        ("at_least", "all", None, 33, 34, False),
        ("above", 30, None, 30, None, False),
        ("above", 30, None, 31, None, True),
        ("at_most", "15%", None, 0.15, None, True),
        ("below", "15%", None, 0.15, None, False),
        ("at_least", "100%", 0, 0.995, None, True),
        ("at_least", "100%", 0, 0.9949, None, False),
        ("at_least", "100%", None, 0.995, None, False),
        ("at_least", "70%", None, float("nan"), None, False),
        ("at_most", "15%", None, None, None, False),
    ],
)
def test_strict_and_exact_comparison(comparator, value, rounds, figure, n_units, met):
    part = Part(indicator="T", comparator=comparator, value=value, met_when_rounds=rounds)
    assert part.is_met(figure, n_units) is met


def test_thresholds_are_exact():
    found = {value: Part(indicator="T", comparator="at_least", value=value).threshold for value in ("70%", "0.5%", "all", 16)}
    assert found == {"70%": Fraction(7, 10), "0.5%": Fraction(1, 200), "all": 1, 16: 16}


# --- the province's plan ---------------------------------------------------------------------------------------------


def test_fifteen_targets_over_eighteen_indicators(registry):
    assert list(registry.targets) == [f"T{n:02d}" for n in range(1, 17) if n != 9]
    assert len(registry.indicators) == 18
    assert {part.indicator for _, part in registry.parts()} == set(registry.indicators)
    assert registry.targets["T07"].aliases == ("T09",)
    assert {len(registry.targets[name].parts) for name in registry.targets} == {1, 2, 3}


@pytest.mark.parametrize(
    ("target", "comparator", "value", "words"),
    [
        ("T01", "at_least", "70%", "70% các văn bản"),
        ("T02", "at_least", "90%", "là 90%"),
        ("T03", "above", "90%", "Trên 90%"),
        ("T04", "above", "90%", "là trên 90%"),
        ("T05", "at_least", "all", "100% các cơ quan"),
        ("T06", "at_least", "all", "100% cơ quan"),
        ("T07", "at_least", 16, "tối thiểu 16"),
        ("T08", "at_least", "all", "100% các dịch vụ"),
        ("T10", "at_least", "60%", "tối thiểu 60%"),
        ("T11", "at_least", "30%", "30% số hồ sơ"),
        ("T12", "at_least", "80%", "Tối thiểu 80%"),
        ("T13", "above", "50%", "Hơn 50%"),
        ("T14", "above", 30, "trên 30 cơ sở dữ liệu"),
        ("T15", "at_least", "all", "100% cơ quan"),
        ("T16", "at_least", "1%", "khoảng 1% tổng chi ngân sách trở lên"),
    ],
)
def test_comparators_follow_the_plans_own_words(registry, target, comparator, value, words):
    item = registry.targets[target]
    assert {(part.comparator, part.value) for part in item.parts} == {(comparator, value)}
    assert words in item.sentence["vi"]
    assert item.deadline == "2015Q4" and item.soft is (target == "T16")


def test_who_reports(registry):
    sizes = {scope: len(registry.units_in(scope, "2014Q2")) for scope in registry.scopes}
    assert sizes == {"agencies": 34, "departments": 20, "districts": 14, "finance": 15, "tax": 1, "budget": 1}
    assert registry.units_in("tax", "2014Q2") == ["P01"] and registry.units_in("budget", "2014Q2") == ["P02"]
    assert registry.units_in("finance", "2014Q2")[-1] == "P02"


def test_every_lever_is_assumed_and_reaches_something(registry):
    assert list(registry.levers) == [
        *("leadership", "training", "infrastructure", "budget", "one_stop", "awareness", "emulation", "regulation")
    ]
    assert all(lever.assumed and "giả định" in lever.source["vi"] and lever.reaches for lever in registry.levers.values())


def test_the_files_are_in_composed_unicode(root):
    for folder in (root / "data" / "registry", root / "data" / "reference", root / "params"):
        for path in (*folder.rglob("*.yaml"), *folder.rglob("*.csv")):
            text = path.read_text(encoding="utf-8")
            assert text == unicodedata.normalize("NFC", text), path.name


def test_milestones_and_units_that_come_and_go(tmp_path):
    units = SMALL["units"].replace("group: land}", "group: land, since: 2011, until: 2013}")
    targets = SMALL["targets"].replace("deadline: 2014", 'deadline: 2014, milestones: {2012: "20%"}')
    registry = load_registry(write(tmp_path, units=units, targets=targets))
    assert [registry.units_in("all", str(year)) for year in range(2010, 2015)] == [[], ["U1"], ["U1"], ["U1"], []]
    assert registry.targets["G1"].milestones == {"2012": "20%"}


@pytest.mark.parametrize(
    ("milestones", "parts", "said"),
    [
        ('{2012: "20%"}', 2, "targets.yaml: G1.milestones: the target has 2 parts: allowed for one part only"),
        ("{2012: 7}", 1, 'targets.yaml: G1.milestones.2012: 7 does not fit kind share: write a per cent ("70%")'),
        ('{2012: "101%"}', 1, "targets.yaml: G1.milestones.2012: '101%' is more than all: at most 100% for kind share"),
    ],
)
def test_milestones_that_cannot_be_are_named(tmp_path, milestones, parts, said):
    one = '{indicator: I1, comparator: at_most, value: "15%"}'
    targets = SMALL["targets"].replace("deadline: 2014", f"deadline: 2014, milestones: {milestones}")
    targets = targets.replace(f"[{one}]", f"[{', '.join([one] * parts)}]")
    with pytest.raises(ValueError, match=re.escape(said)):
        load_registry(write(tmp_path, targets=targets))


def test_another_plan_needs_yaml_only(tmp_path, root):
    small = load_registry(write(tmp_path))
    assert [target.deadline for target in small.targets.values()] == ["2014", "2015"]
    assert (small.levers, small.corrections, small.outcomes) == ({}, (), ())
    europe = load_registry(Workspace(root / "examples" / "digital-agenda"))
    assert europe.programme.frequency == "yearly" and len(europe.units) == 1
    assert {"at_most", "at_least"} == {part.comparator for _, part in europe.parts()}
    assert {target.deadline for target in europe.targets.values()} == {"2013", "2015", "2020"}


# --- published figures -----------------------------------------------------------------------------------------------


def test_published_figures_keep_source_kind_and_a_number_only_where_it_is_exact(root, registry):
    table = pd.read_csv(root / "data" / "reference" / "published_figures.csv", dtype=str, keep_default_na=False)
    assert (table[["scope", "scope_vi", "indicator", "value", "source_title", "source_url", "kind"]] != "").all().all()
    assert set(table["kind"]) == {"actual", "planned", "fact"}
    assert set(table["indicator_id"]) - {""} <= set(registry.indicators)
    exact = table["value"].str.fullmatch(r"\d+(\.\d+)?")
    assert (exact == (table["value_number"] != "")).all()
    per_cent = table[exact & (table["unit"] == "%")]
    assert (per_cent["value"].astype(float) / 100 - per_cent["value_number"].astype(float)).abs().max() < 1e-12
    assert (table["note"].str.startswith("PLANNED") == (table["kind"] == "planned")).all()
