"""Where a workspace is looked for, and in which order."""

import shutil
from pathlib import Path

import pytest

from qnict_analysis.workspace import Workspace, find_workspace


def workspace(folder: Path) -> Path:
    (folder / "data" / "registry").mkdir(parents=True)
    return folder.resolve()


def test_a_named_workspace_must_have_a_registry(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"has no data/registry/"):
        find_workspace(tmp_path)
    monkeypatch.setenv("QNICT_WORKSPACE", str(tmp_path))
    with pytest.raises(ValueError, match="QNICT_WORKSPACE"):
        find_workspace()


def test_a_workspace_is_given_named_found_above_or_the_repository(tmp_path, monkeypatch, root):
    monkeypatch.delenv("QNICT_WORKSPACE", raising=False)
    one, two = (workspace(tmp_path / name) for name in ("one", "two"))
    deep = one / "data" / "returns"
    deep.mkdir()
    assert find_workspace(start=deep).root == one
    assert find_workspace(start=tmp_path).root == root
    monkeypatch.setenv("QNICT_WORKSPACE", str(two))
    assert find_workspace(start=deep).root == two
    assert find_workspace(str(one), start=deep).root == one
    shutil.rmtree(two / "data")
    with pytest.raises(ValueError, match="QNICT_WORKSPACE"):
        find_workspace()


def test_folders_of_a_workspace(tmp_path):
    ws = Workspace(tmp_path)
    found = [getattr(ws, name) for name in ("registry", "returns", "reference", "store", "params", "scenarios", "outputs")]
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [
        *("data/registry", "data/returns", "data/reference", "data/store", "params", "params/scenarios", "outputs")
    ]
