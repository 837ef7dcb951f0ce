"""Forecasts of a file of series at given origins: ``qnict predict SERIES TASKS --out FILE``.

For each task: the last ``n_history`` points of its series up to the origin, and, with ``pool="indicator"``, what the
other series of the same indicator had shown by then. P(met) and the quantiles are read from one distribution.
"""

import os
import time
from pathlib import Path

import numpy as np
import pandas as pd

from qnict_analysis.engine import tables
from qnict_analysis.engine.learned import Learned, shipped
from qnict_analysis.engine.learned import read as read_learned
from qnict_analysis.engine.points import asked_of, points_of
from qnict_analysis.models import ladder

SERIES_COLUMNS = ("series_id", "indicator", "freq", "period", "value")
TASK_COLUMNS = ("task_id", "series_id", "origin", "deadline", "target", "n_history")
OUTCOME_COLUMNS = ("outcome_value", "met")
LEVELS = {"q05": 0.05, "q10": 0.10, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q90": 0.90, "q95": 0.95}
FREQUENCIES = ("Y", "Q", "M")
POOLS = ("indicator", "none")

DECIMALS = 9
"""Sums of floating-point numbers depend in their last digits on how many others are summed beside them; a forecast must not."""


def predict(
    series: pd.DataFrame, tasks: pd.DataFrame, *, pool: str = "indicator", learned: Learned | None = None
) -> pd.DataFrame:
    """Forecast every task; columns task_id, p_met, q05 … q95 (shares, 0 to 1), in the order of the tasks.

    ``series``: series_id, indicator, freq (Y, Q, M), period (last day), value. ``tasks``: task_id, series_id, origin,
    deadline, target, n_history; other columns are not looked at. ``learned``: as shipped unless given. ``ValueError`` for an
    unknown pool, and for a task whose series is unknown or has no point by its origin.
    """
    if pool not in POOLS:
        raise ValueError(f"pool {pool!r} is unknown; allowed: {', '.join(POOLS)}")
    points = points_of(series)
    asked = asked_of(points, tasks)
    table = tables(points, asked, learned or shipped(), pool=pool)
    p_met = 1.0 - ladder.cdf(asked.target, table, strict=True)
    levels = ladder.quantile(np.array(list(LEVELS.values())), table)
    numbers = np.round(np.column_stack([p_met, levels]), DECIMALS)
    forecasts = pd.DataFrame(numbers, columns=["p_met", *LEVELS])
    forecasts.insert(0, "task_id", tasks.task_id.to_numpy())
    return forecasts


def predict_file(
    series_path: str | Path,
    tasks_path: str | Path,
    out_path: str | Path,
    *,
    pool: str = "indicator",
    weights_path: str | Path | None = None,
    timing: bool = False,
) -> str:
    """Read the files, forecast, write the forecasts whole or not at all.

    ``weights_path``: a file that ``qnict learn`` made. Returns a line to show, with ``timing`` the seconds spent forecasting
    alone. ``ValueError`` names file, row, column and what is allowed.
    """
    refuse_overwriting(out_path, series_path, tasks_path, weights_path)
    learned = read_learned(weights_path) if weights_path else shipped()
    series, tasks = read_series(series_path), read_tasks(tasks_path)
    check_known(series, series_path, tasks, tasks_path)
    started = time.perf_counter()
    forecasts = predict(series, tasks, pool=pool, learned=learned)
    seconds = time.perf_counter() - started
    write_whole(out_path, forecasts.to_csv(index=False, float_format="%.6f", lineterminator="\n"))
    return f"{len(tasks)} tasks in {seconds:.2f} s" if timing else f"{len(tasks)} tasks → {out_path}"


def refuse_overwriting(out_path: str | Path, *inputs: str | Path | None) -> None:
    """``ValueError`` when the file to write is one of the files to read."""
    if Path(out_path).resolve() in {Path(path).resolve() for path in inputs if path is not None}:
        raise ValueError(f"{out_path}: this would overwrite the input; name another file for the result")


def read_series(path: str | Path) -> pd.DataFrame:
    """Read and check a series file (CSV, also packed); columns SERIES_COLUMNS, others are dropped."""
    frame = _read(path, SERIES_COLUMNS)
    frame["period"] = _dates(path, frame, "period")
    frame["value"] = _numbers(path, frame, "value", lambda v: v.between(0, 1), "a share from 0 to 1")
    _refuse(path, frame, "freq", ~frame.freq.isin(FREQUENCIES), f"one of {', '.join(FREQUENCIES)}")
    steady = frame.groupby("series_id")[["indicator", "freq"]].transform("first")
    for column in ("indicator", "freq"):
        _refuse(path, frame, column, frame[column] != steady[column], "the same in every row of a series")
    _refuse(path, frame, "period", frame.duplicated(["series_id", "period"]), "each period once in a series")
    return frame


def read_tasks(path: str | Path, *, outcomes: bool = False) -> pd.DataFrame:
    """Read and check a task file (CSV, also packed); columns TASK_COLUMNS, with ``outcomes`` also OUTCOME_COLUMNS, others are
    dropped."""
    frame = _read(path, (*TASK_COLUMNS, *(OUTCOME_COLUMNS if outcomes else ())))
    if outcomes:
        frame["outcome_value"] = _numbers(path, frame, "outcome_value", lambda v: v.between(0, 1), "a share from 0 to 1")
        frame["met"] = _numbers(path, frame, "met", lambda v: v.isin([0, 1]), "0 or 1").astype("int64")
    for column in ("origin", "deadline"):
        frame[column] = _dates(path, frame, column)
    frame["target"] = _numbers(path, frame, "target", lambda v: v.between(0, 1), "a share from 0 to 1")
    whole = _numbers(path, frame, "n_history", lambda v: (v >= 1) & (v % 1 == 0), "a whole number from 1 up")
    frame["n_history"] = whole.astype("int64")
    _refuse(path, frame, "deadline", frame.deadline <= frame.origin, "a day after the origin")
    _refuse(path, frame, "task_id", frame.task_id.duplicated(), "each task once")
    return frame


def _read(path: str | Path, columns) -> pd.DataFrame:
    try:
        frame = pd.read_csv(path, dtype=str)
    except FileNotFoundError:
        raise ValueError(f"{path}: no such file; name a CSV file (it may end in .gz)") from None
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as fault:
        raise ValueError(f"{path}: cannot be read as CSV ({fault}); allowed: a table with columns {', '.join(columns)}") from None
    missing = [column for column in columns if column not in frame]
    if missing:
        raise ValueError(f"{path}: column {missing[0]} is missing; needed: {', '.join(columns)}")
    frame = frame[list(columns)]
    for column in columns:
        _refuse(path, frame, column, frame[column].isna(), "no empty cell")
    return frame.copy()


def _refuse(path, frame: pd.DataFrame, column: str, bad, allowed: str) -> None:
    """Raise for the first bad row; rows are counted as in a spreadsheet, the header being row 1."""
    bad = np.asarray(bad)
    if bad.any():
        row = int(bad.argmax())
        found = frame[column].iloc[row]
        raise ValueError(f"{path}: row {row + 2}, column {column}: {found!r} ({bad.sum()} rows so); allowed: {allowed}")


def _dates(path, frame: pd.DataFrame, column: str) -> pd.Series:
    dates = pd.to_datetime(frame[column], format="%Y-%m-%d", errors="coerce")
    _refuse(path, frame, column, dates.isna(), "a day such as 2014-06-30")
    return dates


def _numbers(path, frame: pd.DataFrame, column: str, fits, allowed: str) -> pd.Series:
    numbers = pd.to_numeric(frame[column], errors="coerce")
    _refuse(path, frame, column, ~(numbers.notna() & fits(numbers)), allowed)
    return numbers.astype(float)


def check_known(series: pd.DataFrame, series_path, tasks: pd.DataFrame, tasks_path) -> None:
    """Every task needs a series of the series file with a point by its origin."""
    begun = tasks.series_id.map(series.groupby("series_id").period.min())
    _refuse(tasks_path, tasks, "series_id", begun.isna(), f"a series of {series_path}")
    _refuse(tasks_path, tasks, "origin", begun > tasks.origin, "a day on or after the first point of its series")


def write_whole(path: str | Path, text: str) -> None:
    """Write beside the file and rename, so that a half-written one is never mistaken for a result."""
    path = Path(path)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        os.replace(beside, path)
    except OSError as fault:
        raise ValueError(
            f"{path}: cannot be written ({fault.strerror or fault}); allowed: a file in an existing folder"
        ) from None
