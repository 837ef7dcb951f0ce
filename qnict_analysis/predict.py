"""Forecasts of a file of series at given origins: ``qnict predict SERIES TASKS --out FILE``.

For each task: the last ``n_history`` points of its series up to the origin, and, with ``pool="indicator"``, what the
other series of the same indicator had shown by then. P(met) and the quantiles are read from one distribution.
"""

import os
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from qnict_analysis.models import drift, mixture
from qnict_analysis.models.pool import Blend, blend, like_series, past, steps_until

SERIES_COLUMNS = ("series_id", "indicator", "freq", "period", "value")
TASK_COLUMNS = ("task_id", "series_id", "origin", "deadline", "target", "n_history")
LEVELS = {"q05": 0.05, "q10": 0.10, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q90": 0.90, "q95": 0.95}
MONTHS = {"Y": 12, "Q": 3, "M": 1}
POOLS = ("indicator", "none")
SCALES = ("logit", "raw")

CHUNK = 20_000
"""Tasks forecast at once: keeps the working memory of any file within some tens of megabytes."""

PACE_WINDOW, NOISE_WINDOW = 5, 8
"""Points of a like series that speak for its pace and its noise: the present pace is what carries over (windows of 8 to 30
points were worse by 0.004 in Brier on the development series), noise wants more points."""


class Points(NamedTuple):
    """All points, series by series in time order: ``values`` (0 to 1), ``times`` (years); series i holds first[i]:last[i]."""

    times: np.ndarray
    values: np.ndarray
    first: np.ndarray
    last: np.ndarray
    indicator: np.ndarray


def predict(series: pd.DataFrame, tasks: pd.DataFrame, *, pool: str = "indicator") -> pd.DataFrame:
    """Forecast every task; columns task_id, p_met, q05 … q95 (shares, 0 to 1), in the order of the tasks.

    ``series``: series_id, indicator, freq (Y, Q, M), period (last day), value. ``tasks``: task_id, series_id, origin,
    deadline, target, n_history; other columns are not looked at. ``ValueError`` for an unknown pool, and for a task whose
    series is unknown or has no point by its origin.
    """
    if pool not in POOLS:
        raise ValueError(f"pool {pool!r} is unknown; allowed: {', '.join(POOLS)}")
    points = _points(series)
    asked = _asked(points, tasks)
    priors = _pooled_priors(points, asked) if pool == "indicator" else {scale: drift.PRIORS[scale] for scale in SCALES}
    chunks = [slice(start, start + CHUNK) for start in range(0, len(asked), CHUNK)]
    parts = [_forecast(points, asked[chunk], _cut(priors, chunk)) for chunk in chunks]
    numbers = np.concatenate(parts) if parts else np.empty((0, 1 + len(LEVELS)))
    forecasts = pd.DataFrame(numbers, columns=["p_met", *LEVELS])
    forecasts.insert(0, "task_id", tasks.task_id.to_numpy())
    return forecasts


def predict_file(
    series_path: str | Path, tasks_path: str | Path, out_path: str | Path, *, pool: str = "indicator", timing: bool = False
) -> str:
    """Read both files, forecast, write the forecasts whole or not at all.

    Returns a line to show, with ``timing`` the seconds spent forecasting alone. ``ValueError`` names file, row, column
    and what is allowed.
    """
    if Path(out_path).resolve() in (Path(series_path).resolve(), Path(tasks_path).resolve()):
        raise ValueError(f"{out_path}: this would overwrite the input; name another file for the forecasts")
    series, tasks = read_series(series_path), read_tasks(tasks_path)
    _check_known(series, series_path, tasks, tasks_path)
    started = time.perf_counter()
    forecasts = predict(series, tasks, pool=pool)
    seconds = time.perf_counter() - started
    _write(forecasts, Path(out_path))
    return f"{len(tasks)} tasks in {seconds:.2f} s" if timing else f"{len(tasks)} tasks → {out_path}"


def read_series(path: str | Path) -> pd.DataFrame:
    """Read and check a series file (CSV, also packed); columns SERIES_COLUMNS, others are dropped."""
    frame = _read(path, SERIES_COLUMNS)
    frame["period"] = _dates(path, frame, "period")
    frame["value"] = _numbers(path, frame, "value", lambda v: v.between(0, 1), "a share from 0 to 1")
    _refuse(path, frame, "freq", ~frame.freq.isin(list(MONTHS)), f"one of {', '.join(MONTHS)}")
    steady = frame.groupby("series_id")[["indicator", "freq"]].transform("first")
    for column in ("indicator", "freq"):
        _refuse(path, frame, column, frame[column] != steady[column], "the same in every row of a series")
    _refuse(path, frame, "period", frame.duplicated(["series_id", "period"]), "each period once in a series")
    return frame


def read_tasks(path: str | Path) -> pd.DataFrame:
    """Read and check a task file (CSV, also packed); columns TASK_COLUMNS, others (the outcomes) are dropped."""
    frame = _read(path, TASK_COLUMNS)
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


def _check_known(series: pd.DataFrame, series_path, tasks: pd.DataFrame, tasks_path) -> None:
    """Every task needs a series of the series file with a point by its origin."""
    begun = tasks.series_id.map(series.groupby("series_id").period.min())
    _refuse(tasks_path, tasks, "series_id", begun.isna(), f"a series of {series_path}")
    _refuse(tasks_path, tasks, "origin", begun > tasks.origin, "a day on or after the first point of its series")


def _write(forecasts: pd.DataFrame, path: Path) -> None:
    """Write beside the file and rename, so that a half-written one is never mistaken for a result."""
    beside = path.with_name(f".{path.name}.part")
    try:
        forecasts.to_csv(beside, index=False, float_format="%.6f", lineterminator="\n")
        os.replace(beside, path)
    except OSError as fault:
        raise ValueError(
            f"{path}: cannot be written ({fault.strerror or fault}); allowed: a file in an existing folder"
        ) from None


def _years(days: pd.Series) -> np.ndarray:
    """Ends of periods in years, equally spaced within a frequency."""
    dates = pd.to_datetime(days)
    return dates.dt.year.to_numpy(float) + dates.dt.month.to_numpy(float) / 12.0


def _points(series: pd.DataFrame) -> Points:
    frame = series.dropna(subset=["value"]).assign(time=lambda f: _years(f.period))
    frame = frame.sort_values(["series_id", "time"], kind="stable")
    sizes = frame.groupby("series_id", sort=True).size()
    last = sizes.cumsum().to_numpy()
    first = last - sizes.to_numpy()
    kinds = frame.indicator.iloc[first].set_axis(sizes.index)
    return Points(frame.time.to_numpy(), frame.value.to_numpy(float), first, last, kinds)


def _asked(points: Points, tasks: pd.DataFrame) -> pd.DataFrame:
    """The tasks in numbers: row (of the series), start and stop (of its points used), origin, horizon, target."""
    row = points.indicator.index.get_indexer(tasks.series_id)
    if (row < 0).any():
        raise ValueError(f"series {tasks.series_id.iloc[(row < 0).argmax()]!r} of the tasks is not among the series")
    origin = _years(tasks.origin)
    stop = points.first[row] + _known_by(points, row, origin)
    if (stop == points.first[row]).any():
        late = tasks.task_id.iloc[(stop == points.first[row]).argmax()]
        raise ValueError(f"task {late!r}: its series has no point by the origin; at least one is needed")
    start = np.maximum(points.first[row], stop - tasks.n_history.to_numpy())
    horizon = _years(tasks.deadline) - points.times[stop - 1]
    return pd.DataFrame(
        {"row": row, "start": start, "stop": stop, "origin": origin, "horizon": horizon, "target": tasks.target.to_numpy()}
    )


def _known_by(points: Points, row, moment) -> np.ndarray:
    """How many points of each series were there at the moment asked."""
    apart = 1e5  # more than any year, so that one sorted array serves all series
    owner = np.repeat(np.arange(len(points.first)), points.last - points.first)
    return np.searchsorted(owner * apart + points.times, row * apart + moment, side="right") - points.first[row]


def _pooled_priors(points: Points, asked: pd.DataFrame) -> dict[str, drift.Prior]:
    """The prior of each task on each scale: shipped, blended with the like series as known at its origin."""
    kinds = pd.Categorical(points.indicator).codes
    fields = {scale: np.empty((len(asked), 3)) for scale in SCALES}
    for kind, tasks in asked.assign(place=np.arange(len(asked))).groupby(kinds[asked.row.to_numpy()]):
        members = np.flatnonzero(kinds == kind)
        rows = {scale: past(*_rows(points, members, scale)) for scale in SCALES}
        for origin, here in tasks.groupby("origin"):
            who = np.searchsorted(members, here.row.to_numpy())
            for scale in SCALES:
                recent, longer = (steps_until(rows[scale], origin, window=w) for w in (PACE_WINDOW, NOISE_WINDOW))
                others = like_series(recent, longer)
                prior = blend(drift.PRIORS[scale], Blend(*(part[who] for part in others)))
                fields[scale][here.place] = np.column_stack(prior)
    return {scale: drift.Prior(*table.T) for scale, table in fields.items()}


def _rows(points: Points, members, scale: str):
    """Times and scaled values of some series, one a row, packed to the left (times infinite past the end)."""
    sizes = points.last[members] - points.first[members]
    there = np.arange(sizes.max()) < sizes[:, None]
    spots = np.where(there, points.first[members][:, None] + np.arange(sizes.max()), 0)
    values = drift.to_scale(points.values[spots], scale=scale)
    return np.where(there, points.times[spots], np.inf), np.where(there, values, np.nan)


def _cut(priors: dict[str, drift.Prior], chunk: slice) -> dict[str, drift.Prior]:
    """The priors of a chunk of tasks (shipped ones are the same for all)."""
    cut = {scale: (part if np.ndim(part) == 0 else part[chunk] for part in prior) for scale, prior in priors.items()}
    return {scale: drift.Prior(*parts) for scale, parts in cut.items()}


def _forecast(points: Points, asked: pd.DataFrame, priors: dict[str, drift.Prior]) -> np.ndarray:
    """P(met) and the quantiles of a chunk of tasks, one row each."""
    sizes = (asked.stop - asked.start).to_numpy()
    there = np.arange(sizes.max()) < sizes[:, None]
    spots = np.where(there, asked.start.to_numpy()[:, None] + np.arange(sizes.max()), 0)
    forecast = _mixture(points.times[spots], np.where(there, points.values[spots], np.nan), asked.horizon.to_numpy(), priors)
    p_met = 1.0 - mixture.cdf(asked.target.to_numpy(), forecast, strict=True)
    levels = mixture.quantile(np.array(list(LEVELS.values())), mixture.spread_out(forecast))
    return np.column_stack([p_met, levels])


def _mixture(times, values, horizon, priors: dict[str, drift.Prior]) -> mixture.Mixture:
    """The predictive distribution ``horizon`` years after the last point of each row."""
    last = np.isfinite(values).sum(axis=1)[:, None] - 1
    noise = {"passing": drift.PASSING, "step": drift.usual_step(times, values)}
    parts = []
    for scale, prior in priors.items():
        scaled = drift.to_scale(values, scale=scale)
        fit = drift.posterior(drift.steps_of(times, scaled), prior)
        parts.append(drift.predictive(np.take_along_axis(scaled, last, 1)[:, 0], fit, horizon, **noise))
    loc, spread = (np.stack(part, axis=-1) for part in zip(*parts, strict=True))
    return mixture.Mixture(loc, spread, fit.df.astype(float), tuple(priors), ceiling=1.0)
