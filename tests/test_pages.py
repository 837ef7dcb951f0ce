"""What notebooks 01 to 04 show."""

import dataclasses
import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest
from notebook_blocks import blocks_of_the_notebook

from qnict_analysis import assessment, formats, ledger, wording
from qnict_analysis.analysis import analyse, computed
from qnict_analysis.briefing import outlook_pages, pages, record_pages, scenario_pages, unit_pages
from qnict_analysis.changes import since_previous
from qnict_analysis.facts import chance_text
from qnict_analysis.params import load_scenario
from qnict_analysis.schema import CHANGE_CAUSES
from qnict_analysis.wording import method, moves, plans
from qnict_analysis.workspace import Workspace


@pytest.fixture(scope="module")
def plain():
    return analyse(draws=400)


@pytest.fixture(scope="module")
def planned():
    return analyse(draws=400, scenario="plan", levers={"training": 0.9}, lang="en")


def heads(block) -> list[str]:
    return [column["title"] for column in block.data["columns"]]


def test_every_indicator_has_a_chart_and_a_table(plain):
    blocks = pages.trends(plain)
    assert [block.function for block in blocks] == ["figure", "table"] * len(plain.registry.indicators)
    assert all(block.data["alt"] for block in blocks[::2])
    assert len(pages.trend_overview(plain).data["rows"]) == len(plain.registry.indicators)


def test_illustrative_figures_are_marked_wherever_they_are_shown(plain):
    planner = scenario_pages.planner_of(plain)
    shown = [*pages.trends(plain), *pages.forecasts(plain), pages.target_overview(plain)]
    shown += [scenario_pages.compared(plain, planner)[0], scenario_pages.needed(plain, planner)[1]]
    assert all("SỐ LIỆU MINH HỌA" in block.html and block.mark == "SỐ LIỆU MINH HỌA" for block in shown)


def test_scenarios_stand_side_by_side_and_are_called_assumed(planned):
    block, note = scenario_pages.compared(planned, scenario_pages.planner_of(planned))
    titles = ["Present pace kept", "As planned", "Accelerated", "Cut back", "At the leaders' pace"]
    assert heads(block)[2:] == titles and "assumptions" in note.text
    assert len(block.data["rows"]) == len(planned.registry.targets) + 1


def test_what_moves_is_told_with_its_range_its_parts_and_what_must_come_first(plain, monkeypatch):
    planner = scenario_pages.planner_of(plain)
    table, picture, waits = scenario_pages.moved(plain, planner)
    rows = {(row[0], row[1]): row[2:] for row in table.data["rows"]}
    change = 100 * (planner.chances(load_scenario(plain.workspace, "cut")) - planner.chances(planner.baseline))
    far = change.abs().idxmax()
    _, said, span, brought = rows["Cắt giảm", far]
    assert said == formats.signed(change[far], "vi") and span.count(";") == 1 and "Hạ tầng và mạng −" in brought
    assert (
        picture.data["svg"].count("Cắt giảm: ") == sum(name == "Cắt giảm" for name, _ in rows)
        and "Cắt giảm" in picture.data["alt"]
    )
    assert "Với T01, chỉ khi T15 đạt từ 90%" in waits.text and table.mark == picture.mark == "SỐ LIỆU MINH HỌA"
    monkeypatch.setattr(scenario_pages, "MOVED", 2.0)
    assert "nửa điểm" in scenario_pages.moved(plain, planner)[0].text


def test_a_plan_without_levers_has_nothing_to_move(root):
    there = analyse(workspace=str(root / "examples" / "digital-agenda"), as_of="2012-06-30", draws=200)
    assert scenario_pages.moved(there, scenario_pages.planner_of(there)) == []


def test_levers_are_listed_with_their_ground(planned):
    rows = pages.lever_table(planned).data["rows"]
    assert len(rows) == len(planned.scenario.levers)
    training = next(row for row in rows if row[0] == planned.registry.levers["training"].title["en"])
    assert training[1:3] == ["90%", "set here"] and training[4] == "5% – 25% – 52%"


def test_the_difference_names_only_targets_that_move(planned):
    change = (planned.assessment["p_met"] - planned.base["p_met"]).to_numpy()
    moved = planned.assessment["target"][(change == change) & (abs(change) >= plans.LEAST)].to_list()
    table, _ = scenario_pages.changed(planned, scenario_pages.planner_of(planned))
    assert [row[0] for row in table.data["rows"]] == moved != []


def test_the_baseline_changes_nothing(plain):
    (said,) = scenario_pages.changed(plain, scenario_pages.planner_of(plain))
    assert pages.lever_table(plain).function == said.function == "prose"


def test_the_record_before_there_is_one():
    early = analyse(draws=200, as_of="2012Q1", lang="en")
    found = record_pages.Replay(early)
    assert found.chances.empty and not found.as_ofs
    assert "No earlier as-of" in record_pages.opening(early, found).text
    (alone,) = record_pages.scores(early, found)
    assert "No forecast can be compared" in alone.text == record_pages.cases(early, found)[0].text


def test_a_faulty_scenario_file_keeps_no_page_back_and_is_named(plain, tmp_path):
    folder = tmp_path / "params" / "scenarios"
    shutil.copytree(plain.workspace.scenarios, folder)
    (folder / "slip.yaml").write_text(
        'title: {vi: a, en: a}\nwhy: {vi: a, en: a}\nlevers:\n  trainin: {level: 0.5, start: "2014Q3"}\n'
    )
    there = dataclasses.replace(plain, workspace=Workspace(tmp_path))
    table, said = scenario_pages.compared(there, scenario_pages.planner_of(there))
    assert heads(table) == heads(scenario_pages.compared(plain, scenario_pages.planner_of(plain))[0])
    assert "slip.yaml: levers.trainin: 'trainin' is unknown" in said.text


def test_one_chance_reads_the_same_on_every_page(root):
    """On very weak evidence a chance is told in tenths: in the scenarios as in the targets' table."""
    there = analyse(workspace=str(root / "examples" / "digital-agenda"), as_of="2012-06-30", draws=400, lang="en")
    rows = there.assessment[(there.assessment["evidence"] == "very_weak") & ~there.assessment["decided"]]
    rows = rows[rows["p_met"].notna()].set_index("target", drop=False)
    assert len(rows) >= 2 and (10 * rows["p_met"] % 1 > 0).any()
    compared = scenario_pages.compared(there, scenario_pages.planner_of(there))[0].data["rows"]
    for row in rows.itertuples():
        assert next(cells for cells in compared if cells[0] == row.target)[2] == chance_text(row, "en")


def test_a_change_on_very_weak_evidence_is_told_in_tenths_and_not_split(plain):
    grey = dataclasses.replace(plain, assessment=plain.assessment.assign(evidence="very_weak"))
    blocks = outlook_pages.changed(grey)
    assert not [block for block in blocks if block.function == "figure"]
    rows = next(block for block in blocks if block.function == "table").data["rows"]
    said = {cell for cells in rows for cell in cells[2:4]} - {"–"}
    assert said <= {f"{tenth}0%" for tenth in range(1, 10)} | {"dưới 10%", "trên 90%"} and len(said) > 3


def test_what_a_sentence_says_of_a_change_stands_in_the_table(plain):
    found = since_previous(plain)
    voice = wording.voice_of(plain.registry, plain.as_of, "vi")
    said = wording.plain(moves.moved(found, plain.registry, voice, then="quý I/2014")[1])
    for item in said.split("; "):
        row = found.set_index("target", drop=False).loc[item.partition(" “")[0].split()[-1]]
        parts = moves.printed_parts(row)
        cause = moves.main_cause(row, parts)
        assert f"({moves.points_text(parts[cause] / 100, 'vi')})" in item
        assert moves.points_text(parts.sum() / 100, "vi") in item


def test_a_change_whose_parts_are_unknown_names_no_cause(plain):
    row = since_previous(plain).sort_values("change", key=lambda change: -change.abs()).iloc[0].copy()
    row[list(CHANGE_CAUSES)] = np.nan
    voice = wording.voice_of(plain.registry, plain.as_of, "vi")
    said = wording.plain(moves.moved(pd.DataFrame([row]), plain.registry, voice, then="quý I/2014")[1])
    assert row["target"] in said and "chủ yếu" not in said


def test_columns_of_causes_are_those_whose_parts_print():
    """A part of 0.04 points that rounding to the sum lifts to 0.1 has its column; one that rounds away has none."""
    names = ["time", "new_period", "pool", "frame"]
    found = pd.DataFrame([[-0.0259, 0.1961, 0.0004, 0.0], [0.0, 0.05004, 0.0, -0.00004]], columns=names)
    found = found.reindex(columns=list(CHANGE_CAUSES), fill_value=0.0)
    causes = outlook_pages.shown(found)
    assert causes == ["time", "new_period", "pool"]
    for _, row in found.iterrows():
        parts = moves.printed_parts(row)
        assert parts[causes].sum() == pytest.approx(parts.sum())


@pytest.mark.parametrize(
    ("n", "said"),
    [(1, "1 target is behind the straight path from its first figure"), (2, "2 targets are behind the straight path from their")],
)
def test_english_counts_the_targets_behind(n, said):
    there = analyse(draws=200, lang="en")
    course = assessment.course(*outlook_pages.grounds(there))
    late = course[course["ahead"] < 0].head(n)
    assert wording.plain(moves.behind(late, there.registry, outlook_pages.voice_of(there))[0]).startswith(said)


@pytest.mark.parametrize(
    ("target", "value", "said"),
    [
        ("T01", "82.5%", "T01 missed its milestone of 82.5% for Q4 2013."),
        ("T01", "0.75%", "T01 met its milestone of 0.75% for Q4 2013."),
        ("T01", "5%", "T01 met its milestone of 5.0% for Q4 2013."),
        ("T03", "10%", "T03 met its milestone of 4/34 agencies for Q4 2013."),
        ("T07", 2, "T07 met its milestone of 2 for Q4 2013."),
    ],
)
def test_milestones_are_told_in_the_unit_of_the_target(plain, target, value, said):
    asked = plain.registry.targets[target].model_copy(update={"milestones": {"2013Q4": value}})
    registry = dataclasses.replace(plain.registry, targets=plain.registry.targets | {target: asked})
    course = assessment.course(*outlook_pages.grounds(dataclasses.replace(plain, registry=registry)))
    voice = wording.voice_of(registry, plain.as_of, "en")
    assert [wording.plain(one) for one in moves.milestones(course, registry, voice)] == [said]


def test_english_counts_the_chances_that_rose(plain):
    voice = wording.voice_of(plain.registry, plain.as_of, "en")
    rose = pd.DataFrame({"target": ["T01", "T02"], "change": [0.2, -0.1]}).reindex(columns=["target", "change", *CHANGE_CAUSES])
    assert "rose for 1 target, fell" in wording.plain(moves.moved(rose, plain.registry, voice, then="Q1 2014")[0])
    assert "rose for 2 targets, fell" in wording.plain(
        moves.moved(rose.assign(change=0.2), plain.registry, voice, then="Q1 2014")[0]
    )


@pytest.fixture(scope="module")
def wider(plain):
    """The same analysis once so many forecasts have been scored that chances are printed between 2 and 98 %."""
    programme = plain.registry.programme.model_copy(update={"caps": ledger.WIDER})
    registry = dataclasses.replace(plain.registry, programme=programme)
    tables = computed(plain.observations, registry, plain.as_of, plain.pace, plain.params, made=(plain.panel, plain.series))
    return dataclasses.replace(plain, registry=registry, **tables)


@pytest.mark.parametrize("name", ["02_target_forecast", "05_briefing"])
def test_wider_caps_hold_for_every_chance(root, wider, name):
    """In tables, sentences, charts and their alternative texts; so does what is said of the caps."""
    assert (wider.assessment["p_met"] < 0.05).any(), "else nothing is capped at 5 %"
    blocks = blocks_of_the_notebook(wider, root / "notebooks" / f"{name}.ipynb")
    told = "\n".join(json.dumps(block.data, ensure_ascii=False) + block.html for block in blocks)
    assert not re.findall(r".{60}(?:dưới 5%|trên 95%|&[lg]t; ?(?:5|95)%|5%–95%)", told)
    assert "dưới 2%" in told and "2%–98%" in told


def test_caps_that_forecasts_have_widened_are_told_from_a_programmes_own(wider):
    own, widened = (method.edges(wider.registry.programme, "vi", verified=n)["held"] for n in (29, 30))
    assert own == "cho đến khi đủ số dự báo được kiểm chứng" and widened == "kể từ khi có đủ 30 dự báo được kiểm chứng"


def test_only_units_clearly_ahead_are_named_where_the_rest_is_a_crowd():
    own = pd.DataFrame({"unit": list("ABCDEF"), "adopted": False, "value": 0.1, "state": "reported"})
    own["chance"] = [0.30, 0.12, 0.01, 0.01, 0.01, 0.01]
    units = {name: type("Unit", (), {"name": {"vi": name, "en": name}, "short": {"vi": name, "en": name}}) for name in "ABCDEF"}
    params, registry = type("Params", (), {"lang": "en"}), type("Registry", (), {"units": units})
    analysis = type("Analysis", (), {"params": params, "registry": registry})
    frame = unit_pages.ladder_frame(analysis, own, own.assign(needed_next=False))
    assert frame.loc[frame["next"], "name"].to_list() == ["A", "B"]
    frame = unit_pages.ladder_frame(analysis, own.assign(chance=0.2), own.assign(chance=0.2, needed_next=False))
    assert frame["next"].all(), "nobody is ahead of anybody"
