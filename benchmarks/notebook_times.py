"""How long 02_target_forecast and 04_track_record take with plain Papermill, first with nothing kept and then again.

    python benchmarks/notebook_times.py

Each notebook runs in a process and kernel of its own, one after the other, on a copy of the province's workspace, whose returns
are read beforehand. Wall seconds are what somebody waits; CPU seconds (user and system, Papermill and kernel together) depend
less on what else the machine does, so its load is written down beside them. Python's byte code is there, as after an
installation; a last run shows what it costs to do without. Writes benchmarks/results/notebook_times.md.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from qnict_analysis.intake import ensure_store
from qnict_analysis.registry import load_registry
from qnict_analysis.workspace import find_workspace

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "benchmarks" / "results" / "notebook_times.md"
NOTEBOOKS = ("02_target_forecast", "04_track_record")
WARM_RUNS = 3
"""The least of so many is reported: other work on the machine only ever adds."""


DRAWS = 4000
FEW_DRAWS = 500
"""A run beforehand with so many fills no table of the others, but leaves the byte code."""


class Taken(NamedTuple):
    """Wall and CPU seconds of one run."""

    wall: float
    cpu: float


def main() -> None:
    """Time both notebooks and write the table."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        workspace = copied(Path(folder))
        rows = [(name, *timed(name, workspace)) for name in NOTEBOOKS]
    RESULT.write_text(page(rows, load, os.getloadavg()[0]), encoding="utf-8")
    print(RESULT.read_text(encoding="utf-8"))


def copied(folder: Path) -> Path:
    """A workspace like the repository's with nothing kept, its returns read."""
    for name in ("data", "params"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("store"))
    workspace = find_workspace(str(folder))
    ensure_store(workspace, load_registry(workspace))
    return folder


def timed(name: str, workspace: Path) -> tuple[Taken, Taken, Taken]:
    """A notebook with nothing kept, the fastest of those that follow, and one more without byte code."""
    executed(name, workspace, draws=FEW_DRAWS)
    first, *others = (executed(name, workspace) for _ in range(1 + WARM_RUNS))
    return first, min(others), executed(name, workspace, compiled=False)


def executed(name: str, workspace: Path, *, draws: int = DRAWS, compiled: bool = True) -> Taken:
    """One run of a notebook by ``papermill`` in a process of its own."""
    parameters = ["-p", "workspace", str(workspace), "-p", "draws", str(draws)]
    command = [sys.executable, "-m", "papermill", f"{name}.ipynb", str(workspace / "out.ipynb"), *parameters]
    known = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    code = {"PYTHONPYCACHEPREFIX": str(workspace / ("code" if compiled else "none"))}
    code |= {} if compiled else {"PYTHONDONTWRITEBYTECODE": "1"}
    before, started = os.times(), time.monotonic()
    quiet = {"check": True, "capture_output": True, "cwd": ROOT / "notebooks", "env": known | code}
    subprocess.run([*command, "--no-progress-bar", "--log-level", "ERROR"], **quiet)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Taken(time.monotonic() - started, cpu)


def page(rows: list[tuple], load: float, load_after: float) -> str:
    """The table as Markdown."""
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    lines = [
        "# Seconds that two notebooks take",
        "",
        f"`python benchmarks/notebook_times.py`: {machine}, load {load:.1f} when it began and {load_after:.1f} when it ended.",
        "*Cold*: nothing kept in `data/store/kept/`; *warm*: the same again, the fastest of three; *bare*: warm, but without",
        "Python's byte code (`PYTHONDONTWRITEBYTECODE`). With Papermill, the kernel's start and all imports.",
        "",
        "| notebook | cold: wall | cold: CPU | warm: wall | warm: CPU | bare: wall | bare: CPU |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(f"| `{name}` | {' | '.join(f'{s:.1f}' for taken in found for s in taken)} |" for name, *found in rows),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
