"""Files written whole or not at all, returns taken in together or not at all, and the observations read from them.

An intake stages its files in a hidden folder of data/returns/; one rename of that folder commits it, and from then on whoever
holds the lock finishes the moves. A process that dies before the rename has changed nothing, one that dies later loses nothing.
"""

import contextlib
import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from qnict_analysis.schema import OBSERVATIONS
from qnict_analysis.sheets import csv_meant, csv_text
from qnict_analysis.workspace import Workspace

OBSERVATIONS_FILE = "observations.csv"
FINGERPRINT_FILE = "fingerprint.json"
LOCK_FILE = ".lock"
STAGED, COMMITTED = ".intake-staged", ".intake-committed"
"""Folders of data/returns/ that hold an intake's files before and after it was decided that they go in."""

RECEIVED_SUFFIX = ".received"
"""Beside a return without a date: a small text file with the day it was received (``S01.xlsx.received``)."""

RETURN_SUFFIXES = (".xlsx", ".csv", RECEIVED_SUFFIX)
NUMBERS = ("numerator", "denominator")
TEXTS = tuple(name for name in OBSERVATIONS if name not in (*NUMBERS, "reported_on"))
FREE_TEXTS = ("file", "sheet", "note", "source")
"""What others typed or named: it must not run in a spreadsheet that opens the stored table."""

PUBLISHED = "published_figures.csv"


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a reader, or a crash, sees the old file or the new one and nothing between."""
    temporary = _write_beside(path, content)
    try:
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_new(path: Path, content: bytes) -> Path:
    """Write ``content`` under ``path``, or under the same name with the next free number where that is taken.

    An existing file with the same bytes is left alone. Returns the path that holds the content.
    """
    temporary = _write_beside(path, content)
    try:
        for candidate in _numbered(path):
            if _claim(temporary, candidate) or candidate.read_bytes() == content:
                return candidate
    finally:
        temporary.unlink(missing_ok=True)


def replace_folder(new: Path, final: Path) -> None:
    """Put the complete folder ``new`` in the place of ``final``; the one it replaces is kept once as ``<name>.previous``."""
    previous = final.with_name(final.name + ".previous")
    if final.exists():
        shutil.rmtree(previous, ignore_errors=True)
        os.replace(final, previous)
    os.replace(new, final)


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def files_hash(files: Iterable[Path], root: Path) -> str:
    """One SHA-256 over the names (relative to ``root``) and bytes of files, whatever order they are given in."""
    total = hashlib.sha256()
    for name, path in sorted((relative_name(path, root), path) for path in files):
        total.update(f"{name}\0{file_hash(path)}\n".encode())
    return total.hexdigest()


def relative_name(path: Path, root: Path) -> str:
    """The name of a file below ``root``, with forward slashes on every system."""
    return path.relative_to(root).as_posix()


def return_files(ws: Workspace, suffixes: tuple[str, ...] = RETURN_SUFFIXES) -> list[Path]:
    """The files of data/returns/ in order of name; hidden files and folders and Excel's lock files (``~$…``) hold no returns."""
    found = (path for path in ws.returns.rglob("*") if path.suffix.lower() in suffixes and path.is_file())
    seen = (path for path in found if not any(part.startswith((".", "~$")) for part in path.relative_to(ws.returns).parts))
    return sorted(seen, key=lambda path: relative_name(path, ws.returns))


def return_hashes(ws: Workspace) -> dict[str, str]:
    """Name and SHA-256 of every file in data/returns/."""
    return {relative_name(path, ws.returns): file_hash(path) for path in return_files(ws)}


def registry_fingerprint(ws: Workspace) -> str:
    """One hash over the names and bytes of the YAML files in data/registry/."""
    return files_hash(ws.registry.glob("*.yaml"), ws.registry)


def received_day(path: Path) -> str:
    """The day on which a return without a date was received (``2014-07-20``), empty where none was noted."""
    note = path.with_name(path.name + RECEIVED_SUFFIX)
    return note.read_text(encoding="ascii", errors="replace").strip() if note.is_file() else ""


def as_observations(rows: Iterable) -> pd.DataFrame:
    """A table of ``schema.OBSERVATIONS`` with its types: text, numbers, and ``reported_on`` as a day."""
    frame = pd.DataFrame(list(rows), columns=list(OBSERVATIONS))
    kinds = {name: float if name in NUMBERS else "datetime64[us]" if name == "reported_on" else "str" for name in OBSERVATIONS}
    return frame.astype(kinds)


# --- taking returns in -----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def locked(ws: Workspace) -> Iterator[None]:
    """Hold the store for oneself, with whatever an earlier intake had left to do done; others wait.

    The lock goes with the process, however it ends.
    """
    import filelock

    ws.store.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(ws.store / LOCK_FILE):
        _settle(ws)
        yield


def stage(ws: Workspace, name: str, content: bytes, note: bytes | None = None) -> str:
    """Put a return aside for ``commit``, under ``name`` (relative to data/returns/) or that name with the next free number.

    ``note``: the day of receipt, kept beside it. Returns the name it will have. Only for the holder of the lock.
    """
    staged = ws.returns / STAGED
    free = next(path for path in _numbered(Path(name)) if not (ws.returns / path).exists() and not (staged / path).exists())
    target = staged / free
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    if note is not None:
        target.with_name(target.name + RECEIVED_SUFFIX).write_bytes(note)
    return free.as_posix()


def commit(ws: Workspace) -> None:
    """Take everything staged in, at once. Only for the holder of the lock."""
    if (ws.returns / STAGED).is_dir():
        os.rename(ws.returns / STAGED, ws.returns / COMMITTED)
        _settle(ws)


def _settle(ws: Workspace) -> None:
    """Move what was committed to its place; clear away what was not."""
    committed = ws.returns / COMMITTED
    for path in sorted(committed.rglob("*"), reverse=True) if committed.is_dir() else ():
        target = ws.returns / path.relative_to(committed)
        if path.is_dir():
            path.rmdir()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, target)
    with contextlib.suppress(FileNotFoundError):
        committed.rmdir()
    shutil.rmtree(ws.returns / STAGED, ignore_errors=True)


# --- observations ----------------------------------------------------------------------------------------------------


def write_observations(ws: Workspace, observations: pd.DataFrame, basis: dict) -> None:
    """Keep observations in data/store/ together with what they rest on; ``read_observations`` gives back both."""
    written = observations.assign(**{name: observations[name].map(csv_text) for name in FREE_TEXTS})
    content = written.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n").encode()
    record = {**basis, "observations": hashlib.sha256(content).hexdigest()}
    write_atomically(ws.store / OBSERVATIONS_FILE, content)
    write_atomically(ws.store / FINGERPRINT_FILE, (json.dumps(record, indent=1, sort_keys=True) + "\n").encode())


def read_observations(ws: Workspace) -> tuple[pd.DataFrame, dict] | None:
    """The stored observations and what they rest on, or None where there are none, or not those that were written."""
    try:
        record = json.loads((ws.store / FINGERPRINT_FILE).read_text(encoding="utf-8"))
        content = (ws.store / OBSERVATIONS_FILE).read_bytes()
    except (FileNotFoundError, ValueError):
        return None
    if not isinstance(record, dict) or record.pop("observations", "") != hashlib.sha256(content).hexdigest():
        return None
    return _parse_observations(content), record


def _parse_observations(content: bytes) -> pd.DataFrame:
    table = pd.read_csv(
        io.BytesIO(content),
        dtype=dict.fromkeys(TEXTS, "str") | dict.fromkeys(NUMBERS, float),
        parse_dates=["reported_on"],
        keep_default_na=False,
        na_values={name: [""] for name in NUMBERS},
    ).astype({"reported_on": "datetime64[us]"})
    return table.assign(**{name: table[name].map(csv_meant).astype("str") for name in FREE_TEXTS})


def _write_beside(path: Path, content: bytes) -> Path:
    """A temporary file in the folder of ``path``: its name is nobody else's and starts with a dot, so that it is no return."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp makes files for their owner alone; the folder's other users must be able to read the result.
        temporary.chmod(0o644)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _numbered(path: Path) -> Iterable[Path]:
    yield path
    number = 2
    while True:
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1


def _claim(temporary: Path, target: Path) -> bool:
    """Give a finished file its name unless somebody has taken the name already."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        return False
    except OSError:
        # A disk without hard links: the name is checked first, which is safe for one writer at a time.
        if target.exists():
            return False
        os.replace(temporary, target)
    return True


# --- reference -------------------------------------------------------------------------------------------------------


def read_published(ws) -> pd.DataFrame:
    """The published figures of a workspace, all as text; empty where it has none."""
    path = ws.reference / PUBLISHED
    return pd.read_csv(path, dtype=str, keep_default_na=False) if path.is_file() else pd.DataFrame()
