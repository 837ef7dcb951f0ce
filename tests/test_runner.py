"""A run: where it goes, when it is kept, what a failure leaves behind, and that it repeats itself byte for byte."""

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import numpy as np
import pandas as pd
import pytest

from qnict_analysis import ledger
from qnict_analysis.document import Block
from qnict_analysis.params import Params
from qnict_analysis.runner import RunFailed, contents, draft_marks, record, run_briefing, run_folder, tasks, unfinished
from qnict_analysis.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    folder = tmp_path / "plan"
    shutil.copytree(ROOT / "examples" / "digital-agenda", folder, ignore=shutil.ignore_patterns("outputs", "store"))
    (folder / "params" / "briefing.yaml").write_text('as_of: "2012-06-30"\ndraws: 400\n')
    return Workspace(folder)


def notebook_task(folder: Path, *sources: str) -> tasks.Task:
    """A task that executes a notebook with these cells, the first being its parameters."""
    first, *others = [nbformat.v4.new_code_cell(source) for source in sources]
    first.metadata["tags"] = ["parameters"]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[first, *others], metadata=kernel), folder / "source.ipynb")
    (folder / tasks.NOTEBOOKS).mkdir()
    return tasks.Task("tried", folder, {"seed": 7}, folder / "source.ipynb")


# --- where a run goes, and when it is kept ---------------------------------------------------------------------------


def test_a_plain_run_goes_to_as_of_and_scenario(workspace):
    params = Params(as_of="2012-06-30", draws=400)
    assert run_folder(workspace, params) == workspace.outputs / "2012-06-30" / "baseline"


def test_a_changed_run_never_goes_to_the_plain_folder(workspace):
    params = Params(as_of="2012-06-30", draws=800, seed=3, levers={"training": 0.5})
    assert run_folder(workspace, params).name == "baseline+draws=800+seed=3+training=0.5"
    assert run_folder(workspace, Params(as_of="2012-06-30", draws=400, final=True)).name == "baseline+final"


def test_a_run_is_kept_until_something_it_rests_on_changes(workspace, tmp_path):
    folder, params = tmp_path / "run", Params(as_of="2012-06-30")
    contents.write_table(folder / "tables" / "a.csv", pd.DataFrame({"x": [0.1]}))
    before = record.rests_on(workspace, params)
    record.write_record(folder, before, langs=["en"], origins={}, seconds={"total": 1.0})
    assert record.is_current(folder, before, ["en"])
    assert not record.is_current(folder, before, ["vi", "en"])
    assert not record.is_current(folder, record.rests_on(workspace, Params(as_of="2012-06-30", seed=1)), ["en"])
    assert record.is_current(folder, record.rests_on(workspace, Params(as_of="2012-06-30", lang="en")), ["en"])
    returns = next(workspace.returns.glob("*.csv"))
    returns.write_bytes(returns.read_bytes() + b"\n")
    assert not record.is_current(folder, record.rests_on(workspace, params), ["en"])


def test_a_ledger_that_was_edited_is_told_before_anything_runs(workspace):
    folder = workspace.outputs / ledger.FOLDER
    folder.mkdir(parents=True)
    (folder / f"2012-baseline-{'a' * ledger.FINGERPRINT}-{'b' * ledger.FINGERPRINT}.csv").write_text("as_of\n2012\n")
    with pytest.raises(ValueError, match=r"^outputs/ledger/2012-baseline-.*: the columns must be "):
        run_briefing(workspace, Params(as_of="2012-06-30", draws=400), show=print)
    assert not (workspace.outputs / "2012-06-30").exists()


def test_the_languages_of_a_run_are_read_back(tmp_path):
    assert record.languages(tmp_path) == []
    record.write_record(tmp_path, {}, langs=["vi", "en"], origins={}, seconds={})
    assert record.languages(tmp_path) == ["vi", "en"]


def test_a_run_rests_on_what_was_said_before_it(workspace):
    folder = workspace.outputs / ledger.FOLDER
    folder.mkdir(parents=True)
    assert record.LEDGER == ledger.FOLDER
    marks = f"{'a' * ledger.FINGERPRINT}-{'b' * ledger.FINGERPRINT}.csv"
    said = ("2012-baseline", "2013-06-30-baseline", "2013Q2-plan", "2013Q2-plan+training=0.5", "2014-01-15-baseline")
    for name in (*said, "2012-99-99-baseline"):
        (folder / f"{name}-{marks}").touch()

    def names(**fields) -> list[str]:
        found = record.rests_on(workspace, Params(as_of="2013", **fields))["ledger"]
        return [name.removesuffix(f"-{marks}") for name in found]

    assert names() == names(scenario="cut") == ["2012-baseline", "2013-06-30-baseline"]
    assert names(scenario="plan") == ["2012-baseline", "2013-06-30-baseline", "2013Q2-plan"]
    assert names(scenario="plan", levers={"training": 0.5})[-1] == "2013Q2-plan+training=0.5"


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"files": 1}', "missing"])
def test_an_incomplete_run_is_not_kept(workspace, tmp_path, damage):
    folder, rests_on = tmp_path / "run", record.rests_on(workspace, Params())
    contents.write_table(folder / "a.csv", pd.DataFrame({"x": [0.1]}))
    record.write_record(folder, rests_on, langs=["en"], origins={}, seconds={})
    (folder / "a.csv").unlink() if damage == "missing" else (folder / record.RECORD).write_text(damage)
    assert not record.is_current(folder, rests_on, ["en"])


def test_the_record_names_versions_and_inputs(workspace):
    rests_on = record.rests_on(workspace, Params())
    assert set(rests_on["inputs"]) == {"data/registry", "data/returns", "data/reference", "params/scenarios"}
    assert {"python", "qnict-analysis", "pandas", "typst"} <= set(rests_on["packages"])
    assert "pytest" not in rests_on["packages"]


# --- what is written -------------------------------------------------------------------------------------------------


def test_draws_summary():
    columns = pd.MultiIndex.from_tuples([("A", "2014Q3"), ("A", "2014Q4")], names=["indicator", "period"])
    summary = contents.draws_summary(pd.DataFrame([[0.0, 1.0], [0.5, 1.0], [1.0, 1.0]], columns=columns))
    assert summary["indicator"].tolist() == ["A", "A"] and summary["period"].tolist() == ["2014Q3", "2014Q4"]
    assert summary["mean"].tolist() == [0.5, 1.0]
    assert summary.loc[0, ["q025", "q100", "q500", "q975"]].tolist() == pytest.approx([0.025, 0.1, 0.5, 0.975])


def test_tables_read_back_exactly(tmp_path):
    table = pd.DataFrame({"x": np.random.default_rng(1).random(50) / 3, "y": [True, False] * 25})
    contents.write_table(tmp_path / "t.csv", table)
    assert b"\r" not in (tmp_path / "t.csv").read_bytes()
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "t.csv"), table)


def test_charts_are_taken_from_our_blocks_only():
    def output(block):
        data, metadata = block._repr_mimebundle_()
        return {"output_type": "display_data", "data": data, "metadata": metadata}

    ours = [Block("figure", {"svg": "<svg>1</svg>"}), Block("target-block", {"svg": "<svg>2</svg>", "id": "T05"})]
    foreign = output(ours[0]) | {"metadata": {}}
    cells = [{"outputs": [output(ours[0]), {"output_type": "stream"}]}, {"source": ""}, {"outputs": [foreign, output(ours[1])]}]
    assert contents.charts_in({"cells": cells}) == [("01", "<svg>1</svg>"), ("T05", "<svg>2</svg>")]


def test_an_illustrative_chart_says_so_in_its_file(tmp_path):
    svg = '<svg width="40pt" height="20pt" viewBox="0 0 40 20"><rect width="40" height="20"/></svg>'
    data, metadata = Block("figure", {"svg": svg}, mark="A & B")._repr_mimebundle_()
    cells = [{"outputs": [{"output_type": "display_data", "data": data, "metadata": metadata}]}]
    (tmp_path / "n.ipynb").write_text(json.dumps({"cells": cells}))
    contents.write_charts(tmp_path / "n.ipynb", tmp_path)
    drawn = ElementTree.fromstring((tmp_path / "charts" / "n-01.svg").read_text())
    assert drawn.find("text").text == "A & B" and drawn.get("viewBox") == "0 0 40 32" and drawn.get("height") == "32pt"


def test_a_mark_that_a_final_briefing_keeps_is_told(tmp_path):
    (tmp_path / "notebooks").mkdir()
    for lang, words in (("vi", "DỰ THẢO"), ("en", "")):
        data, metadata = Block("document", {"draft": words})._repr_mimebundle_()
        cells = [{"outputs": [{"output_type": "display_data", "data": data, "metadata": metadata}]}]
        (tmp_path / "notebooks" / f"05_briefing-{lang}.ipynb").write_text(json.dumps({"cells": cells}))
    assert draft_marks(tmp_path) == [("briefing-vi.pdf", "DỰ THẢO")]


# --- running ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_notebook_runs_with_its_parameters_and_without_a_plotting_backend(tmp_path, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    task = notebook_task(
        tmp_path, "seed = 1", "import os\nassert seed == 7 and 'agg' != os.environ.get('MPLBACKEND', '').lower()"
    )
    lines = []
    seconds = tasks.run_all([task], show=lines.append)
    executed = json.loads(task.output.read_text(encoding="utf-8"))
    assert set(seconds) == {"tried", "total"} and lines[0].startswith("[1/1] tried ")
    assert executed["metadata"]["papermill"]["output_path"] == "tried.ipynb"
    assert str(tmp_path) not in json.dumps(executed)


@pytest.mark.slow
def test_a_failing_cell_is_named_and_its_notebook_kept(tmp_path):
    final = tmp_path / "2014Q2" / "baseline"
    with pytest.raises(RunFailed) as failed, unfinished(final) as new:
        tasks.run_all([notebook_task(new, "seed = 1", "1 / 0")], show=print)
    message = str(failed.value)
    kept = Path(message.split("; see ")[1])
    assert len(message.splitlines()) == 1
    assert all(part in message for part in ("tried, cell [3]", "ZeroDivisionError: division by zero"))
    assert "division by zero" in kept.read_text() and not final.exists()
    assert [path.name for path in final.parent.iterdir()] == [".baseline.failed"]


@pytest.mark.slow
def test_a_whole_run_is_kept_then_repeats_itself_byte_for_byte(workspace):
    params = Params(as_of="2012-06-30", draws=400, lang="en")
    said = []
    folder = run_briefing(workspace, params, langs=["en"], show=said.append)
    first = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    names = {path.as_posix() for path in first}
    assert {
        "briefing-en.pdf",
        "tables/assessment.csv",
        "tables/series.csv",
        "tables/scenarios.csv",
        "tables/goals.csv",
        "run.json",
        "notebooks/05_briefing-en.ipynb",
    } <= names
    assert sum(name.startswith("notebooks/") for name in names) == 5
    assert any(name.startswith("charts/") for name in names)

    assert run_briefing(workspace, params, langs=["en"], show=said.append) == folder
    assert said[-1].startswith("unchanged")

    run_briefing(workspace, params, langs=["en"], force=True, show=said.append)
    previous = folder.with_name("baseline.previous")
    assert previous.is_dir() and [path.name for path in folder.parent.iterdir() if path.name.startswith(".")] == []
    changing = {Path("run.json"), *(path for path in first if path.suffix == ".ipynb")}
    for path in first.keys() - changing:
        assert (folder / path).read_bytes() == first[path], path
