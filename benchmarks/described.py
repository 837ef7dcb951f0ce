"""What the tasks cover and how wide the engine's intervals are: ``described.py SERIES TASKS``.

Writes results/described.csv (one row an indicator and frequency: series, tasks, the series they ask about, and the least and
largest value at the origin, target, years ahead and points shown) and results/widths.csv (mean width of the 80 % interval with
the last ``history`` points shown, 0: all). Run ``left_out.py`` first: the engine is judged as in ``forecast_peers.py``.
"""

import argparse
from pathlib import Path

import pandas as pd
from race import COLUMNS, ENGINE, judged_engine

from qnict_analysis.engine.points import asked_of, points_of
from qnict_analysis.task_files import read_series, read_tasks

HISTORIES = (2, 3, 4, 0)
RANGES = ("value", "target", "years", "points")


def described(series: pd.DataFrame, tasks: pd.DataFrame) -> pd.DataFrame:
    """Indicator, freq, series, tasks, asked (series with a task) and RANGES as ``value_low``, ``value_high`` and so on."""
    points = points_of(series)
    asked = asked_of(points, tasks)
    told = tasks.assign(value=points.values[asked.stop - 1], years=asked.horizon, points=asked.stop - asked.start)
    kinds = series.groupby("series_id")[["indicator", "freq"]].first()
    groups = told.join(kinds, on="series_id").groupby(["indicator", "freq"])
    parts = [kinds.value_counts(["indicator", "freq"]).rename("series"), groups.size().rename("tasks")]
    parts.append(groups.series_id.nunique().rename("asked"))
    parts += [groups[name].agg(["min", "max"]).set_axis([f"{name}_low", f"{name}_high"], axis=1) for name in RANGES]
    found = pd.concat(parts, axis=1).sort_index().reset_index()
    return found.fillna({"tasks": 0, "asked": 0}).astype({"tasks": int, "asked": int})


def widths(series: pd.DataFrame, tasks: pd.DataFrame) -> pd.DataFrame:
    """History, method, width80 (mean of q90 - q10) of the engine with and without like series."""
    rows = []
    for history in HISTORIES:
        cut = tasks.assign(n_history=tasks.n_history.clip(upper=history)) if history else tasks
        for method, pool in ENGINE.items():
            found = pd.DataFrame(judged_engine(pool, series, cut), columns=COLUMNS)
            rows.append({"history": history, "method": method, "width80": (found.q90 - found.q10).mean()})
    return pd.DataFrame(rows)


def main() -> None:
    """Read, describe, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("series")
    parser.add_argument("tasks")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    asked = parser.parse_args()
    series, tasks = read_series(asked.series), read_tasks(asked.tasks)
    for name, table in {"described": described(series, tasks), "widths": widths(series, tasks)}.items():
        table.to_csv(asked.out / f"{name}.csv", index=False, float_format="%.6g", lineterminator="\n")
        print(table.to_string(index=False))


if __name__ == "__main__":
    main()
