"""What notebooks 01 to 04 show."""

import dataclasses
import shutil

import pytest

from qnict_analysis.analysis import analyse
from qnict_analysis.briefing import pages, record_pages, scenario_pages
from qnict_analysis.wording import plans
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
    assert all("SỐ LIỆU MINH HỌA" in block.html for block in shown)


def test_scenarios_stand_side_by_side_and_are_called_assumed(planned):
    block, note = scenario_pages.compared(planned, scenario_pages.planner_of(planned))
    titles = ["Present pace kept", "Accelerated", "Cut back", "At the leaders' pace", "As planned"]
    assert heads(block)[2:] == titles and "assumptions" in note.text
    assert len(block.data["rows"]) == len(planned.registry.targets) + 1


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
