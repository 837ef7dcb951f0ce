"""Returns read from Excel and CSV files: every figure with its cell, or every fault with its cell.

``cells``     what people type               ``checks``   what a figure must satisfy     ``messages``  what is said of it
``door``      before a workbook is opened    ``page``     a sheet as a grid              ``layout``    where its table stands
``head``      whose return it is             ``rows``     the table's figures            ``workbook``  Excel
``listing``   CSV as machines write it       ``text``     CSV as people save it          ``fingerprint``  the form's mark
"""

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

from qnict_analysis.returns.checks import Fault, Figure, Read, Rules, rules_of
from qnict_analysis.returns.messages import said, vietnamese
from qnict_analysis.returns.text import read_text
from qnict_analysis.returns.workbook import read_workbook
from qnict_analysis.schema import FAULTS
from qnict_analysis.store import as_observations

__all__ = [
    "MAX_BYTES",
    "READERS",
    "SPREADSHEETS",
    "Fault",
    "Figure",
    "as_faults",
    "load",
    "read_figures",
    "read_return",
    "rules_of",
    "too_large",
]

MAX_BYTES = 20 * 1024 * 1024
"""A unit's return is some ten kilobytes; this leaves room for pictures that nobody should have pasted in."""

ENDINGS = ".xlsx, .csv"
READERS: dict[str, Callable] = {".xlsx": read_workbook, ".csv": read_text}
SPREADSHEETS = (".xls", ".xlsm", ".xlsb", ".ods")
"""Endings of what a unit may well mean as a return: refused, not skipped, where it lies among returns."""


def read_return(path: Path, registry, received: dt.date | None = None, *, name: str = "") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read one return: observations (``schema.OBSERVATIONS``) and faults (``schema.FAULTS``).

    ``received``: the day it came in, used where the form bears no date. ``name``: how the file is called in both tables
    (default: its name). A file with any fault gives no observation, so that it is taken whole or not at all.
    """
    path = Path(path)
    content, fault = load(path, name or path.name)
    figures, faults = ([], [fault]) if fault else read_figures(content, rules_of(registry), received, name=name or path.name)
    return as_observations(figures), as_faults(faults)


def load(path: Path, name: str) -> tuple[bytes, Fault | None]:
    """The bytes of a file that is no larger than a return may be, else none and what is wrong with it."""
    if path.is_dir():
        return b"", Fault(name, "", "", path.name, said("holds no return"), said("files ending in {endings}", endings=ENDINGS))
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            return b"", too_large(name, size)
        return path.read_bytes(), None
    except OSError:
        return b"", Fault(name, "", "", path.name, said("cannot be opened"), said("an existing file"))


def too_large(name: str, size: int) -> Fault:
    """The fault of a file of more bytes than a return may have."""
    found = f"{size / 1024**2:.0f} MB"
    return Fault(name, "", "", found, said("is too large"), said("at most {n} MB", n=MAX_BYTES // 1024**2))


def read_figures(content: bytes, rules: Rules, received: dt.date | None = None, *, name: str) -> Read:
    """What ``read_return`` reads, as records, from the bytes of a file called ``name``; the name's ending says what it is."""
    ending = Path(name).suffix
    reader = READERS.get(ending.lower())
    if ending.lower() in SPREADSHEETS:
        return [], [Fault(name, "", "", ending, said("is a spreadsheet of another kind"), said("the form saved as .xlsx"))]
    if reader is None:
        return [], [Fault(name, "", "", ending, said("is not a return"), said("a file ending in {endings}", endings=ENDINGS))]
    figures, faults = reader(content, rules, received, name)
    return ([] if faults else figures), faults


def as_faults(faults: Iterable[Fault]) -> pd.DataFrame:
    """A table of ``schema.FAULTS``, all text: each fault with its problem and what is allowed in both languages."""
    rows = [(*fault, vietnamese(fault.problem), vietnamese(fault.allowed)) for fault in faults]
    return pd.DataFrame([[str(text) for text in row] for row in rows], columns=list(FAULTS)).astype("str")
