"""Forecasts of a file of series at given origins: ``qnict predict SERIES TASKS --out FILE``.

For each task: the last ``n_history`` points of its series up to the origin, and, with ``pool="indicator"``, what the
other series of the same indicator had shown by then. P(met) and the quantiles are read from one distribution.
"""

import time
from pathlib import Path

import numpy as np
import pandas as pd

from qnict_analysis.engine import tables
from qnict_analysis.engine.learned import Learned, shipped
from qnict_analysis.engine.learned import read as read_learned
from qnict_analysis.engine.points import NEAR, Asked, Points, asked_of, points_of
from qnict_analysis.models import ladder
from qnict_analysis.task_files import ENDINGS, check_ending, check_known, read_series, read_tasks, refuse_overwriting, write_whole

LEVELS = {"q05": 0.05, "q10": 0.10, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q90": 0.90, "q95": 0.95}
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
        raise ValueError(f"pool '{pool}' is unknown; allowed: {', '.join(POOLS)}")
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
    check_ending(out_path, ENDINGS)
    learned = read_learned(weights_path) if weights_path else shipped()
    series, tasks = read_series(series_path), read_tasks(tasks_path)
    check_known(series, series_path, tasks, tasks_path)
    started = time.perf_counter()
    forecasts = predict(series, tasks, pool=pool, learned=learned)
    seconds = time.perf_counter() - started
    write_whole(out_path, forecasts.to_csv(index=False, float_format="%.6f", lineterminator="\n"))
    done = f"{len(tasks)} tasks in {seconds:.2f} s" if timing else f"{len(tasks)} tasks → {out_path}"
    return f"{done}; {told_of_like(series, tasks)}" if pool == "indicator" else done


def told_of_like(series: pd.DataFrame, tasks: pd.DataFrame) -> str:
    """How many tasks had like series to learn from and how many had none, in words."""
    points = points_of(series)
    some = int((like_series(points, asked_of(points, tasks)) > 0).sum())
    return f"{some} with like series to learn from, {len(tasks) - some} without"


def like_series(points: Points, asked: Asked) -> np.ndarray:
    """For each task, how many other series of its indicator had moved at least once by its origin."""
    second = np.where(points.last - points.first > 1, points.times[np.minimum(points.first + 1, points.last - 1)], np.inf)
    found = np.empty(len(asked.row), dtype=int)
    for kind in np.unique(points.kinds[asked.row]):
        here = points.kinds[asked.row] == kind
        found[here] = np.searchsorted(np.sort(second[points.kinds == kind]), asked.origin[here] + NEAR)
    return found - (second[asked.row] <= asked.origin + NEAR)
