"""Where a workspace is and where its files stand."""

import os
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "QNICT_WORKSPACE"


@dataclass(frozen=True)
class Workspace:
    """A folder with ``data/``, ``params/`` and ``outputs/``."""

    root: Path

    @property
    def registry(self) -> Path:
        return self.root / "data" / "registry"

    @property
    def returns(self) -> Path:
        return self.root / "data" / "returns"

    @property
    def reference(self) -> Path:
        return self.root / "data" / "reference"

    @property
    def store(self) -> Path:
        return self.root / "data" / "store"

    @property
    def params(self) -> Path:
        return self.root / "params"

    @property
    def scenarios(self) -> Path:
        return self.params / "scenarios"

    @property
    def outputs(self) -> Path:
        return self.root / "outputs"


def find_workspace(given: str | Path = "", start: Path | None = None) -> Workspace:
    """The workspace ``given``, else the one named by the environment variable QNICT_WORKSPACE, else the nearest folder
    above ``start`` (the current folder) with ``data/registry/``, else the repository this package stands in.

    ``ValueError`` names what was tried.
    """
    named = str(given) or os.environ.get(VARIABLE, "")
    if named:
        what = "the given workspace" if str(given) else f"the workspace (--workspace or {VARIABLE})"
        return _named(Path(named).expanduser(), what)
    here = Path(start or Path.cwd()).resolve()
    package = Path(__file__).resolve().parents[1]
    for folder in (here, *here.parents, package):
        if _holds_registry(folder):
            return Workspace(folder)
    raise ValueError(
        f"no workspace found: no data/registry/ in {here}, in a folder above it or in {package}; "
        f"name one with --workspace or {VARIABLE}"
    )


def _named(root: Path, what: str) -> Workspace:
    if not _holds_registry(root):
        raise ValueError(f"{what} {str(root)!r} has no data/registry/: name a folder that has one")
    return Workspace(root.resolve())


def _holds_registry(folder: Path) -> bool:
    return (folder / "data" / "registry").is_dir()
