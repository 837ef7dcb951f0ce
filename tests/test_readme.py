"""The READMEs name every command, parameter and notebook, and no command that does not exist."""

import re
from pathlib import Path

import pytest
import typer

from qnict_analysis.cli import app
from qnict_analysis.params import Params

ROOT = Path(__file__).parents[1]
READMES = ["README.md", "README.vi.md"]
COMMANDS = set(typer.main.get_command(app).commands)


@pytest.mark.parametrize("name", READMES)
def test_names_everything(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    notebooks = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    missing = [f"qnict {command}" for command in COMMANDS if f"qnict {command}" not in text]
    missing += [parameter for parameter in Params.model_fields if f"`{parameter}`" not in text]
    missing += [notebook for notebook in notebooks if notebook not in text]
    assert not missing


@pytest.mark.parametrize("name", READMES)
def test_names_nothing_that_is_not_there(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert set(re.findall(r"`qnict ([a-z]+)", text)) <= COMMANDS
    assert not [link for link in re.findall(r"\]\((?!http)([^)#]+)\)", text) if not (ROOT / link).exists()]
