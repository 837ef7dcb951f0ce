"""What is looked at before a workbook is opened: sizes, macros and entities, so that no file can exhaust memory or time."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from xml.etree import ElementTree

from qnict_analysis.returns.messages import Said, said

MAX_ROWS, MAX_COLUMNS = 10_000, 200
MAX_UNPACKED = 100 * 1024 * 1024
"""A return unpacks to a few hundred kilobytes; a file that claims this much is broken or meant to exhaust the memory."""

MAX_PARTS = 2_000
"""Files within a workbook: a return has a dozen."""

MAX_TEXT = 50 * 1024 * 1024
"""A text shared by many cells is copied into each of them: the longest one times the cells that hold texts."""

UNREADABLE = (said("cannot be read as an Excel workbook"), said("an .xlsx file saved by Excel, without a password"))
BROKEN = (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, KeyError, zlib.error)
"""What Python's zipfile raises on a damaged, encrypted or strange archive."""

_SHEETS = "xl/worksheets/"
_TEXTS = "xl/sharedstrings.xml"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,7})(\d{1,9})["']""")
_TEXT_CELL = re.compile(rb"""\bt\s*=\s*["']s["']""")
_CELL_START = rb"""<(?:\w+:)?c\b(?=[^>]*\br=["']([A-Z]+\d+)["'])"""
# An error value (#REF!), and a formula that was saved without its result: the reader shows both as blank cells.
_HOLLOW = re.compile(
    _CELL_START
    + rb"""(?:[^>]*\bt=["']e["']|[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*
    (?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>)""",
    re.VERBOSE,
)


class Refusal(Exception):
    """Why a file is not even opened; arguments: problem, allowed."""

    args: tuple[Said, Said]


@dataclass(frozen=True)
class Parts:
    """What was looked up on the way in: for each sheet's name the cells that hold an error or a formula without result."""

    hollow: dict[str, frozenset[str]]


def inspect(content: bytes) -> Parts:
    """Look a workbook over; ``Refusal`` for one that is damaged, larger than a return may be, or holds macros or entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            _check_entries(entries.values())
            xml = {name: archive.read(entry) for name, entry in entries.items() if name.lower().endswith((".xml", ".rels"))}
    except BROKEN:
        raise Refusal(*UNREADABLE) from None
    _check_xml(xml)
    return Parts(_hollow_by_sheet(xml))


def _check_entries(entries) -> None:
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Refusal(said("unpacks to an absurd size"), said("at most {n} MB unpacked", n=MAX_UNPACKED // 1024**2))
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise Refusal(said("holds macros"), said("an .xlsx file without macros"))


def _check_xml(xml: dict[str, bytes]) -> None:
    # Zero bytes mean UTF-16, in which the searches below would find nothing.
    if any(b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\0" in text[:512] for text in xml.values()):
        raise Refusal(said("declares XML entities"), said("a workbook as a spreadsheet program saves it"))
    sheets = [text for name, text in xml.items() if name.lower().startswith(_SHEETS)]
    if any(_is_absurd(sheet) for sheet in sheets):
        limits = {"rows": f"{MAX_ROWS:,}", "columns": MAX_COLUMNS}
        raise Refusal(said("has a cell far outside any form"), said("at most {rows} rows and {columns} columns", **limits))
    texts = next((text for name, text in xml.items() if name.lower() == _TEXTS), b"")
    longest = max(map(len, texts.split(b"<si")))
    if longest * sum(sum(1 for _ in _TEXT_CELL.finditer(sheet)) for sheet in sheets) > max(MAX_TEXT, len(texts)):
        raise Refusal(said("unpacks to an absurd size"), said("at most {n} MB unpacked", n=MAX_TEXT // 1024**2))


def _is_absurd(sheet: bytes) -> bool:
    """Whether a sheet reaches beyond the limits. The reader fills the rectangle up to the last cell, however empty it is."""
    return any(
        int(match[2]) > MAX_ROWS or (match[1] and _column_number(match[1]) > MAX_COLUMNS) for match in _REFERENCE.finditer(sheet)
    )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _hollow_by_sheet(xml: dict[str, bytes]) -> dict[str, frozenset[str]]:
    """For each sheet by name, its cells that look blank but hold an error value or a formula without its result."""
    try:
        book, links = (ElementTree.fromstring(xml[name]) for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        raise Refusal(*UNREADABLE) from None
    files = {link.get("Id"): (link.get("Target") or "").lstrip("/").removeprefix("xl/") for link in links}
    names = {node.get("name"): files.get(node.get(_RELATION), "") for node in book.iter() if node.tag.endswith("}sheet")}
    return {
        name: frozenset(cell.decode() for cell in _HOLLOW.findall(xml.get(f"xl/{file}", b""))) for name, file in names.items()
    }
