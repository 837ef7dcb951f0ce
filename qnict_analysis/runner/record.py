"""run.json: what a run rests on, so that it can be repeated, and kept as long as nothing of it has changed."""

import datetime as dt
import importlib.metadata
import json
import platform
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from qnict_analysis import __version__
from qnict_analysis.params import Params, scenario_said
from qnict_analysis.periods import parse_as_of
from qnict_analysis.store import file_hash, files_hash, write_atomically
from qnict_analysis.workspace import Workspace

REPOSITORY = Path(__file__).resolve().parents[2]
RECORD = "run.json"
DISTRIBUTION = "qnict-analysis"
LEDGER = "ledger"
"""The folder of ``ledger.FOLDER``, which is not imported here: it brings the whole forecast along."""

SAID = re.compile(r"(?P<as_of>\d{4}(Q[1-4]|M\d\d|-(0\d|1[0-2])-[0-3]\d)?)-(?P<scenario>\D.*?)(-[0-9a-f]{12}){2}(-\d+)?\.csv")
"""How the ledger names a file; a scenario whose name starts with a digit could be taken for a day, and is left out."""

NOT_OF_THE_RESULT = ("workspace", "lang")
"""Parameters that say where the figures are and in which language they are printed, not what they are."""


def rests_on(ws: Workspace, params: Params) -> dict:
    """Everything that decides the content of a run: a run with an equal one has the same tables, charts and PDFs."""
    return {
        "parameters": {name: value for name, value in params.model_dump().items() if name not in NOT_OF_THE_RESULT},
        "inputs": inputs(ws),
        "ledger": said_before(ws, params),
        "code": code_hash(),
        "packages": package_versions(),
    }


def inputs(ws: Workspace) -> dict[str, str]:
    """SHA-256 over names and bytes of each folder that a run reads."""
    folders = {"data/registry": ws.registry, "data/returns": ws.returns, "data/reference": ws.reference}
    folders["params/scenarios"] = ws.scenarios
    return {name: folder_hash(folder) for name, folder in folders.items()}


def said_before(ws: Workspace, params: Params) -> list[str]:
    """The files of the ledger that speak of the baseline or of a run's own scenario from before its as-of, by name, which holds
    a hash of what they say: on them rest the caps, the record and what the report before said."""
    names = (path.name for path in (ws.outputs / LEDGER).glob("*.csv"))
    known = {name: SAID.fullmatch(name) for name in names}
    own, until = {"baseline", scenario_said(params)}, last_day(params.as_of)
    return sorted(name for name, said in known.items() if said and said["scenario"] in own and last_day(said["as_of"]) < until)


def last_day(as_of: str) -> dt.date:
    """The day of an as-of, of a period its last one."""
    return parse_as_of(as_of, kind="yearly", cutoff_days=0).cutoff


def folder_hash(folder: Path) -> str:
    """One hash over the files of a folder, leaving out hidden files and what Excel leaves behind."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith((".", "~$")))
    return files_hash(files, folder)


def code_hash() -> str:
    """One hash over the package and the notebooks."""
    files = [path for path in (REPOSITORY / "qnict_analysis").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return files_hash([*files, *(REPOSITORY / "notebooks").glob("*.ipynb")], REPOSITORY)


def package_versions() -> dict[str, str]:
    """Version of Python, of this package and of each package it asks for."""
    asked = importlib.metadata.requires(DISTRIBUTION) or []
    names = sorted({re.match(r"[\w.-]+", line)[0] for line in asked if "extra ==" not in line}, key=str.lower)
    own = {"python": platform.python_version(), DISTRIBUTION: __version__}
    return own | {name: importlib.metadata.version(name) for name in names}


def git_commit() -> str:
    """The commit of the code, with ``+`` where files differ from it; empty without git."""
    git = ["git", "-C", str(REPOSITORY)]
    try:
        head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
        changed = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""
    return head + ("+" if changed.strip() else "")


def write_record(folder: Path, rests_on: dict, *, langs: Sequence[str], origins: Mapping[str, str], seconds: Mapping) -> None:
    """Write run.json into a complete folder: what it rests on, and the hash of each file in it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    record = {
        **rests_on,
        "languages": list(langs),
        "origins": dict(origins),
        "git_commit": git_commit(),
        "finished": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
        "files": {path.relative_to(folder).as_posix(): file_hash(path) for path in files},
    }
    write_atomically(folder / RECORD, (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode())


def languages(folder: Path) -> list[str]:
    """The languages of the run in a folder; none where there is no complete one."""
    try:
        return list(json.loads((folder / RECORD).read_text(encoding="utf-8"))["languages"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def is_current(folder: Path, rests_on: dict, langs: Sequence[str]) -> bool:
    """Whether a folder holds a complete, untouched run in these languages that rests on the same things."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        same = all(record[name] == value for name, value in rests_on.items()) and set(langs) <= set(record["languages"])
        return same and all(file_hash(folder / name) == digest for name, digest in record["files"].items())
    except (OSError, ValueError, KeyError, TypeError):
        return False
