"""``run.py``: what it says to old Pythons, when it sets up again, and that it mends what was interrupted."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OLD_PYTHONS = [str(path) for path in sorted(Path.home().glob(".pyenv/versions/*/bin/python")) if "/3.1" not in str(path)]
OLD_PYTHONS += [name for name in ("python2.7", "python3.10") if shutil.which(name) and "shims" not in shutil.which(name)]
BACKEND = """
import os, zipfile

def build_editable(folder, settings=None, metadata=None):
    name = "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("tiny.pth", os.getcwd())
        wheel.writestr("tiny-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\n")
        wheel.writestr("tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("tiny-1.dist-info/RECORD", "")
    return name
"""
"""A build backend within the project, so that a whole set-up runs without any package from elsewhere."""


PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "tiny"
version = "1"
"""


@pytest.fixture
def project(tmp_path) -> Path:
    """A folder with our ``run.py``, empty locks and a package that builds itself."""
    shutil.copy(ROOT / "run.py", tmp_path)
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "backend.py").write_text(BACKEND)
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
        (tmp_path / name).write_text("")
    return tmp_path


@pytest.fixture
def run(project):
    """``run.py`` of that folder as a module."""
    spec = importlib.util.spec_from_file_location("run", project / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def call(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, str(folder / "run.py"), *arguments], capture_output=True, text=True, cwd=folder.parent)


@pytest.mark.parametrize("name", OLD_PYTHONS or [pytest.param("", marks=pytest.mark.skip("no older Python on this machine"))])
def test_old_python_gets_one_line(name):
    done = subprocess.run([name, str(ROOT / "run.py"), "briefing"], capture_output=True, text=True)
    assert done.returncode == 2 and not done.stdout
    assert re.fullmatch(r"run\.py: Python 3\.11 or newer is needed; .+\n", done.stderr)


def test_loads_in_old_pythons():
    text = (ROOT / "run.py").read_text(encoding="utf-8")
    before = text[: text.index("import hashlib")]
    assert text.isascii() and not re.search(r"\bf[\"']|:=|^\s*match ", text, re.MULTILINE)
    assert before.count("import ") == 2, "only sys and __future__ are there in every Python"


def test_unknown_command_lists_the_known_ones(project):
    done = call(project, "brief")
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert all(command in done.stderr for command in ("briefing", "lab", "qnict", "test", "setup"))


def test_help_names_every_command(project, run):
    done = call(project, "--help")
    assert done.returncode == 0 and not (project / ".venv").exists()
    assert all(f"run.py {command}" in done.stdout for command in run.COMMANDS)


def test_missing_venv_module_names_the_package(run, monkeypatch, capsys):
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit) as stopped:
        run.make_venv()
    assert stopped.value.code == 2
    message = capsys.readouterr().err
    assert "python3-venv" in message and len(message.splitlines()) == 1


def test_children_do_not_inherit_a_plotting_backend(run, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setenv("QNICT_WORKSPACE", "somewhere")
    assert "MPLBACKEND" not in run.environment()
    assert run.environment()["QNICT_WORKSPACE"] == "somewhere"


def test_environment_for_tests_serves_runs_but_not_the_other_way(run):
    run.PYTHON.parent.mkdir(parents=True)
    run.PYTHON.touch()
    run.STAMP.write_text(run.fingerprint("run"))
    assert run.is_ready("run") and not run.is_ready("dev")
    run.STAMP.write_text(run.fingerprint("dev"))
    assert run.is_ready("run") and run.is_ready("dev")
    (run.ROOT / "requirements-dev.lock").write_text("# changed\n")
    assert not run.is_ready("run")


@pytest.mark.slow
def test_set_up_falls_back_to_pip_heals_and_is_then_skipped(project):
    first = call(project, "setup")
    assert first.returncode == 0, first.stderr
    assert "pip takes over" in first.stderr
    python = project / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run([str(python), "-c", "import backend"], check=True, cwd=project.parent)
    assert not call(project, "setup").stderr

    (project / ".venv" / "qnict-setup.txt").write_text("unfinished")
    left_over = project / ".venv" / "left_over"
    left_over.touch()
    assert call(project, "setup").returncode == 0
    assert not left_over.exists()

    (project / "requirements.lock").write_text("# changed\n")
    left_over.touch()
    assert "setting up" in call(project, "setup").stderr
    assert left_over.exists()
