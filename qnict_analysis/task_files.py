"""The files of ``qnict predict`` and ``qnict learn``: series and tasks read and checked, results written whole or not at all.

A fault names file, row (as in a spreadsheet, the heading being row 1), column, what was found and what is allowed.
"""

import csv
import gzip
import io
import os
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd

from qnict_analysis.schema import FORMULA_STARTS

SERIES_COLUMNS = ("series_id", "indicator", "freq", "period", "value")
TASK_COLUMNS = ("task_id", "series_id", "origin", "deadline", "target", "n_history")
OUTCOME_COLUMNS = ("outcome_value", "met")
FREQUENCIES = {"Y": "year", "Q": "quarter", "M": "month"}
"""Letters of ``freq`` and what each point of such a series has to itself; pandas calls its periods by the same letters."""

ENDINGS = (".csv", ".txt", ".csv.gz", ".txt.gz")
PACKED = ".gz"
SHARE = "a share from 0 to 1 (0.7 for 70 %)"
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "upright strokes"}
LONGEST = 40
"""Letters of a cell that a message repeats."""

MOST_POINTS = 1e9
"""More points than any file holds; larger whole numbers than this mean the same."""

SAME = 1e-9
"""Figures that differ by less are the same: files hold decimals."""

ROUNDED = 1e-3
"""An outcome may be rounded to a tenth of a per cent and still be the figure of its series."""


def read_series(path: str | Path) -> pd.DataFrame:
    """Read and check a series file (CSV, also packed); columns SERIES_COLUMNS, others are dropped."""
    told = _read(path, SERIES_COLUMNS, rows="at least one point of a series")
    frame = told.assign(period=_dates(path, told, "period"))
    frame["value"] = _numbers(path, told, "value", lambda v: v.between(0, 1), SHARE)
    _refuse(path, told, "freq", ~told.freq.isin(list(FREQUENCIES)), f"one of {', '.join(FREQUENCIES)}")
    steady = told.groupby("series_id")[["indicator", "freq"]].transform("first")
    for column in ("indicator", "freq"):
        _refuse(path, told, column, told[column] != steady[column], "the same in every row of a series")
    _refuse(path, told, "period", frame.duplicated(["series_id", "period"]), "each period once in a series")
    for letter, span in FREQUENCIES.items():
        _check_apart(path, frame[frame.freq == letter], letter, span)
    return frame


def _check_apart(path, frame: pd.DataFrame, letter: str, span: str) -> None:
    """No two points of a series of this frequency lie in the same year, quarter or month."""
    spans = frame.assign(span=frame.period.dt.to_period(letter))
    twice = spans.duplicated(["series_id", "span"])
    if twice.any():
        row = twice.idxmax()
        later = spans.loc[row]
        first = spans[(spans.series_id == later.series_id) & (spans.span == later.span)].index[0]
        raise ValueError(
            f"{path}: row {row + 2}, column period: {later.period:%Y-%m-%d} lies in the same {span} as "
            f"{spans.period[first]:%Y-%m-%d} (row {first + 2}) of series {plain(later.series_id)}; "
            f"allowed with freq {letter}: one point a {span}"
        )


def read_tasks(path: str | Path, *, outcomes: bool = False) -> pd.DataFrame:
    """Read and check a task file (CSV, also packed); columns TASK_COLUMNS, with ``outcomes`` also OUTCOME_COLUMNS, others are
    dropped."""
    told = _read(path, (*TASK_COLUMNS, *(OUTCOME_COLUMNS if outcomes else ())), rows="at least one task")
    frame = told.copy()
    if outcomes:
        frame["outcome_value"] = _numbers(path, told, "outcome_value", lambda v: v.between(0, 1), SHARE)
        frame["met"] = _numbers(path, told, "met", lambda v: v.isin([0, 1]), "0 or 1").astype("int64")
    for column in ("origin", "deadline"):
        frame[column] = _dates(path, told, column)
    frame["target"] = _numbers(path, told, "target", lambda v: v.between(0, 1), SHARE)
    whole = _numbers(path, told, "n_history", lambda v: (v >= 1) & (v % 1 == 0), "a whole number from 1 up")
    frame["n_history"] = whole.clip(upper=MOST_POINTS).astype("int64")
    _refuse(path, told, "deadline", frame.deadline <= frame.origin, "a day after the origin")
    _refuse(path, told, "task_id", told.task_id.duplicated(), "each task once")
    runs = told.task_id.str.startswith(FORMULA_STARTS)  # it goes into the file of forecasts as it is
    _refuse(path, told, "task_id", runs, "a name that no spreadsheet takes for a formula")
    return frame


def check_known(series: pd.DataFrame, series_path, tasks: pd.DataFrame, tasks_path) -> None:
    """Every task needs a series of the series file with a point by its origin."""
    begun = tasks.series_id.map(series.groupby("series_id").period.min())
    _refuse(tasks_path, tasks, "series_id", begun.isna(), f"a series of {series_path}")
    _refuse(tasks_path, tasks, "origin", begun > tasks.origin, "a day on or after the first point of its series")


def check_outcomes(series: pd.DataFrame, series_path, tasks: pd.DataFrame, tasks_path) -> None:
    """An outcome must not contradict its task (met: outcome_value is at least the target) nor the series' figure of that day."""
    reached = (tasks.outcome_value >= tasks.target - SAME).astype(int)
    _refuse(tasks_path, tasks, "met", tasks.met != reached, "1 where outcome_value is at least target, else 0")
    figures = series.set_index(["series_id", "period"]).value
    known = figures.reindex(pd.MultiIndex.from_frame(tasks[["series_id", "deadline"]])).to_numpy()
    apart = np.abs(known - tasks.outcome_value.to_numpy()) > ROUNDED  # without a figure on that day nothing is compared
    if apart.any():
        _refuse(tasks_path, tasks, "outcome_value", apart, f"the figure of {series_path} on that day, {known[apart.argmax()]:g}")


def _read(path: str | Path, columns, *, rows: str) -> pd.DataFrame:
    """The columns asked for, all text, none empty."""
    heading, *below = _table(path)
    heading = [name.strip() for name in heading]
    twice = [name for name in heading if name and heading.count(name) > 1]
    if twice:
        raise ValueError(f"{path}: column {plain(twice[0])} is there {heading.count(twice[0])} times; allowed: each column once")
    for column in columns:
        if column not in heading:
            raise ValueError(f"{path}: column {column} is missing{_seen(heading, column)}; needed: {', '.join(columns)}")
    if not below:
        raise ValueError(f"{path}: there is no row below the heading; allowed: {rows}")
    places = [heading.index(column) for column in columns]
    frame = pd.DataFrame(
        [[row[place] for place in places] for row in _filled(path, below, len(heading))], columns=list(columns), dtype=str
    )
    for column in columns:
        _refuse(path, frame, column, frame[column].str.strip() == "", "no empty cell")
    return frame


def _seen(heading: list[str], column: str) -> str:
    """What stands in the heading instead of a column, where that is plain."""
    for sign, name in SEPARATORS.items():
        if len(heading) == 1 and sign in heading[0]:
            return f" (the columns are separated by {name}; write commas)"
    alike = [name for name in heading if name.lower() == column]
    return f" ({plain(alike[0])} is there; write it in small letters)" if alike else ""


def _table(path: str | Path) -> list[list[str]]:
    """The rows, the heading first; nothing is taken for a number or for missing."""
    try:
        rows = list(csv.reader(io.StringIO(_text(path), newline=""), strict=True))
    except csv.Error as fault:
        raise ValueError(f"{path}: cannot be read as CSV ({fault}); allowed: cells separated by commas") from None
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise ValueError(f"{path}: the file is empty; allowed: a heading and rows below it")
    return rows


def _filled(path: str | Path, rows: list[list[str]], width: int) -> list[list[str]]:
    """The rows below the heading, filled up to its width."""
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            raise ValueError(f"{path}: row {number} is empty; allowed: no empty row between others")
        if any(row[width:]):
            raise ValueError(
                f"{path}: row {number} has {len(row)} cells; allowed: {width} as in the heading "
                "(a comma within a cell needs quotes around the cell)"
            )
    return [row + [""] * (width - len(row)) for row in rows]


def _text(path: str | Path) -> str:
    """What a CSV file says, unpacked where it is packed."""
    check_ending(path, ENDINGS)
    try:
        content = Path(path).read_bytes()
        content = gzip.decompress(content) if is_packed(path) else content
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        raise ValueError(f"{path}: no such file; name a CSV file (it may end in {PACKED})") from None
    except UnicodeDecodeError:
        raise ValueError(f"{path}: this is no text in UTF-8; save it as CSV in UTF-8") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise ValueError(f"{path}: ends in {PACKED} but is not, or not wholly, packed by gzip") from None
    except OSError as fault:
        raise ValueError(f"{path}: cannot be read ({fault.strerror}); name a CSV file") from None
    if "\0" in text:
        raise ValueError(f"{path}: this is no text but another kind of file; save it as CSV in UTF-8")
    return text


def check_ending(path: str | Path, endings) -> None:
    """``ValueError`` unless the name ends in one of ``endings``: a name should say what the file is."""
    if not str(path).lower().endswith(tuple(endings)):
        raise ValueError(f"{path}: the name says another kind of file; allowed: names that end in {', '.join(endings)}")


def is_packed(path: str | Path) -> bool:
    """Whether the name says that the file is packed by gzip."""
    return str(path).lower().endswith(PACKED)


def _refuse(path, frame: pd.DataFrame, column: str, bad, allowed: str) -> None:
    """Raise for the first bad row."""
    bad = np.asarray(bad)
    if bad.any():
        row, more = int(bad.argmax()), int(bad.sum()) - 1
        others = f" (and {more:,} more row{'s' if more > 1 else ''})" if more else ""
        raise ValueError(f"{path}: row {row + 2}, column {column}: {plain(frame[column].iloc[row])}{others}; allowed: {allowed}")


def plain(found) -> str:
    """What was found, in one line without Python's ways: text in quotes, days and numbers as a file holds them."""
    if isinstance(found, pd.Timestamp):
        return f"{found:%Y-%m-%d}"
    if not isinstance(found, str):
        return f"{found:.9g}"
    text = "".join(letter if letter.isprintable() else "?" for letter in " ".join(found.split()))
    return f"'{text[:LONGEST]}…'" if len(text) > LONGEST else f"'{text}'" if text else "an empty cell"


def _dates(path, frame: pd.DataFrame, column: str) -> pd.Series:
    dates = pd.to_datetime(frame[column], format="%Y-%m-%d", errors="coerce")
    _refuse(path, frame, column, dates.isna(), "a day such as 2014-06-30")
    return dates


def _numbers(path, frame: pd.DataFrame, column: str, fits, allowed: str) -> pd.Series:
    numbers = pd.to_numeric(frame[column], errors="coerce")
    _refuse(path, frame, column, ~(numbers.notna() & fits(numbers)), allowed)
    return numbers.astype(float)


def refuse_overwriting(out_path: str | Path, *inputs: str | Path | None) -> None:
    """``ValueError`` when the file to write is one of the files to read."""
    if Path(out_path).resolve() in {Path(path).resolve() for path in inputs if path is not None}:
        raise ValueError(f"{out_path}: this would overwrite the input; name another file for the result")


def write_whole(path: str | Path, text: str) -> None:
    """Write beside the file and rename, so that a half-written one is never mistaken for a result; packed where the name says so.

    The same text gives the same bytes: no time is put in a packed file.
    """
    path = Path(path)
    beside = path.with_name(f".{path.name}.part")
    content = text.encode("utf-8")
    try:
        beside.write_bytes(gzip.compress(content, mtime=0) if is_packed(path) else content)
        os.replace(beside, path)
    except OSError as fault:
        with suppress(OSError):
            beside.unlink()
        raise ValueError(
            f"{path}: cannot be written ({fault.strerror or fault}); allowed: a file in an existing folder"
        ) from None
