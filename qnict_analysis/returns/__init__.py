"""Returns read from Excel and CSV files: every figure with its cell, or every fault with its cell.

``cells``  what people type   ``checks``  what a figure must satisfy   ``workbook``  Excel   ``listing``  CSV
"""

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

from qnict_analysis.returns.checks import Fault, Figure, Read, Rules, rules_of
from qnict_analysis.returns.listing import read_listing
from qnict_analysis.returns.workbook import read_workbook
from qnict_analysis.schema import FAULTS
from qnict_analysis.store import as_observations

__all__ = ["MAX_BYTES", "READERS", "Fault", "Figure", "as_faults", "read_figures", "read_return", "rules_of"]

MAX_BYTES = 20 * 1024 * 1024
"""A unit's return is some ten kilobytes; this leaves room for pictures that nobody should have pasted in."""

READERS: dict[str, Callable] = {".xlsx": read_workbook, ".csv": read_listing}


def read_return(path: Path, registry, received: dt.date | None = None, *, name: str = "") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read one return: observations (``schema.OBSERVATIONS``) and faults (``schema.FAULTS``).

    ``received``: the day it came in, used where the form bears no date. ``name``: how the file is called in both tables
    (default: its name). A file with any fault gives no observation, so that it is taken whole or not at all.
    """
    figures, faults = read_figures(Path(path), rules_of(registry), received, name=name)
    return as_observations(figures), as_faults(faults)


def read_figures(path: Path, rules: Rules, received: dt.date | None = None, *, name: str = "") -> Read:
    """What ``read_return`` reads, as records: for many files, with the registry's rules looked up once."""
    name = name or path.name
    if path.is_dir():
        return [], [Fault(name, "", "", path.name, "holds no return", f"files ending in {' or '.join(READERS)}")]
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        return [], [Fault(name, "", "", path.suffix, "is not a return", f"a file ending in {' or '.join(READERS)}")]
    try:
        size = path.stat().st_size
    except OSError:
        return [], [Fault(name, "", "", path.name, "cannot be opened", "an existing file")]
    if size > MAX_BYTES:
        return [], [Fault(name, "", "", f"{size / 1024**2:.0f} MB", "is too large", f"at most {MAX_BYTES // 1024**2} MB")]
    figures, faults = reader(path, rules, received, name)
    return ([] if faults else figures), faults


def as_faults(faults: Iterable[Fault]) -> pd.DataFrame:
    """A table of ``schema.FAULTS``, all text."""
    return pd.DataFrame(list(faults), columns=list(FAULTS)).astype("str")
