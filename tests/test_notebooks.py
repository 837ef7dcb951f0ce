"""The notebooks stay thin, stripped and in step with the parameters model."""

import json
import re
from pathlib import Path

import papermill
import pytest

from qnict_analysis.params import Params

FOLDER = Path(__file__).parents[1] / "notebooks"
NAMES = ["01_adoption_trends", "02_target_forecast", "03_scenarios", "04_track_record", "05_briefing"]
MOST_LINES = 8
FORBIDDEN = re.compile(r"^\s*(def|class)\s|\bPath\(|['\"][^'\"\n]*/[^'\"\n]*['\"]", re.MULTILINE)


def cells(name: str) -> list[dict]:
    return json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]


def source(cell: dict) -> str:
    return "".join(cell["source"])


def tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])


def test_there_are_five():
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_parameters_are_those_of_the_model(name):
    found = papermill.inspect_notebook(str(FOLDER / f"{name}.ipynb"))
    defaults = Params()
    assert list(found) == list(Params.model_fields)
    for field, entry in found.items():
        assert eval(entry["default"]) == getattr(defaults, field), field  # the cell's own literal
        assert entry["help"], f"{field} is not explained"


@pytest.mark.parametrize("name", NAMES)
def test_source_is_stripped_and_portable(name):
    notebook = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert "papermill" not in notebook["metadata"]
    for cell in notebook["cells"]:
        assert not cell.get("outputs") and cell.get("execution_count") is None
        assert "injected-parameters" not in tags(cell)
        assert "papermill" not in cell["metadata"]


@pytest.mark.parametrize("name", NAMES)
def test_cells_load_call_and_show(name):
    first, parameters, setup, *_ = found = cells(name)
    assert first["cell_type"] == "markdown" and "**Question:**" in source(first)
    assert tags(parameters) == ["parameters"] and tags(setup) == ["setup"]
    assert "**What this does not tell you.**" in source(found[-1])
    for cell in found:
        if cell["cell_type"] == "code":
            assert len(source(cell).splitlines()) <= (MOST_LINES if cell is not parameters else len(Params.model_fields))
            assert not FORBIDDEN.search(source(cell)), source(cell)
    names = "|".join(Params.model_fields)
    for cell in found[2:]:
        assert not re.search(rf"^\s*({names})\s*=", source(cell), re.MULTILINE), "a parameter is assigned again"
