"""What analysts hand in: files, folders and zip archives of files, each read once and never trusted."""

import stat
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from qnict_analysis import returns
from qnict_analysis.returns import Fault
from qnict_analysis.returns.door import BROKEN
from qnict_analysis.returns.messages import Said, said

ARCHIVE = ".zip"
MAX_FILES = 10_000
MAX_ARCHIVE = 500 * 1024 * 1024
MAX_UNPACKED = 2 * 1024**3
"""An archive of four thousand returns unpacks to some forty megabytes."""


@dataclass(frozen=True)
class Item:
    """One file handed in: as it was named by the user, its own name, and its bytes or what is wrong with it.

    ``skipped``: it lay beside returns and is none.
    """

    label: str
    name: str
    content: bytes = b""
    fault: Fault | None = None
    skipped: bool = False


def sources(paths: Sequence[str | Path]) -> Iterator[Item]:
    """Every file handed in, those of folders and archives in order of name; one is held in memory at a time."""
    for path in map(Path, paths):
        if path.is_dir():
            yield from _folder(path)
        elif path.suffix.lower() == ARCHIVE:
            yield from _archive(path)
        else:
            content, fault = returns.load(path, path.name)
            yield Item(str(path), path.name, content, fault)


def _folder(path: Path) -> Iterator[Item]:
    """The returns and archives of a folder and its folders; hidden files and Excel's lock files are nobody's concern."""
    found = sorted(file for file in path.rglob("*") if file.is_file() and not _is_hidden(file.relative_to(path).parts))
    if not found:
        yield Item(str(path), path.name, fault=returns.load(path, path.name)[1])
    for file in found:
        if file.suffix.lower() in (*returns.READERS, *returns.SPREADSHEETS, ARCHIVE):
            yield from sources([file])
        else:
            yield Item(str(file), file.name, skipped=True)


def _is_hidden(parts: Sequence[str]) -> bool:
    return any(part.startswith((".", "~$", "__MACOSX")) for part in parts)


# --- archives --------------------------------------------------------------------------------------------------------


def _archive(path: Path) -> Iterator[Item]:
    """The returns of a zip archive, or the one fault for which nothing of it is read."""
    try:
        if path.stat().st_size > MAX_ARCHIVE:
            problem, allowed = said("is too large"), said("at most {n} MB", n=MAX_ARCHIVE // 1024**2)
            yield Item(str(path), path.name, fault=Fault(path.name, "", "", path.name, problem, allowed))
            return
        with zipfile.ZipFile(path) as archive:
            entries = sorted((entry for entry in archive.infolist() if not entry.is_dir()), key=lambda entry: entry.filename)
            wrong = _archive_problem(entries)
            if wrong:
                yield Item(str(path), path.name, fault=Fault(path.name, "", "", *wrong))
            for entry in () if wrong else entries:
                yield from _entry(path, archive, entry)
    except FileNotFoundError:
        fault = Fault(path.name, "", "", path.name, said("cannot be opened"), said("an existing file"))
        yield Item(str(path), path.name, fault=fault)
    except BROKEN:
        problem, allowed = said("cannot be read as a zip archive"), said("a .zip file without a password")
        yield Item(str(path), path.name, fault=Fault(path.name, "", "", path.name, problem, allowed))


def _archive_problem(entries: list[zipfile.ZipInfo]) -> tuple[str, Said, Said] | None:
    """What was found, what is wrong with it and what is allowed, for an archive that is not even looked into."""
    if len(entries) > MAX_FILES:
        return str(len(entries)), said("holds {n} files", n=f"{len(entries):,}"), said("at most {n}", n=f"{MAX_FILES:,}")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        return "", said("unpacks to an absurd size"), said("at most {n} MB unpacked", n=MAX_UNPACKED // 1024**2)
    for entry in entries:
        if _leads_out(entry):
            found = entry.filename[:80]
            return found, said("holds a name that leads out of the archive"), said("plain file and folder names")
        if entry.filename.lower().endswith(ARCHIVE):
            return entry.filename[:80], said("holds an archive within the archive"), said("returns, in folders or not")
    return None


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    """Whether a name is absolute, climbs, names a drive or a device stream, or is a link."""
    name = entry.filename.replace("\\", "/")
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name or stat.S_ISLNK(entry.external_attr >> 16)


def _entry(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[Item]:
    """One file of an archive; a damaged one is refused by itself."""
    inside = PurePosixPath(entry.filename.replace("\\", "/"))
    label = f"{path}/{inside}"
    if _is_hidden(inside.parts):
        return
    if inside.suffix.lower() not in (*returns.READERS, *returns.SPREADSHEETS):
        yield Item(label, inside.name, skipped=True)
    elif entry.file_size > returns.MAX_BYTES:
        yield Item(label, inside.name, fault=returns.too_large(inside.name, entry.file_size))
    else:
        try:
            yield Item(label, inside.name, archive.read(entry))
        except BROKEN:
            problem, allowed = said("cannot be opened"), said("a .zip file without a password")
            yield Item(label, inside.name, fault=Fault(inside.name, "", "", inside.name, problem, allowed))
