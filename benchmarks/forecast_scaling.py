"""How seconds and memory of the engine grow with the number of series: ``forecast_scaling.py SERIES``.

The file's series are repeated under new names, with about SET series an indicator, and each is forecast once. Each size runs
in a process of its own, one thread. Writes scaling.csv to --out.
"""

import argparse
import os
import tracemalloc
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
from race import THREADS, seconds_used

from qnict_analysis.predict import POOLS, predict
from qnict_analysis.task_files import read_series

SIZES = (1_000, 10_000, 100_000)
SET = 60
"""Series of one indicator: a programme's units, rather than all countries."""

HISTORY, AHEAD_YEARS, GAIN = 12, 2, 0.05
"""Every task: so many points shown, a deadline so many years on, a target so far above the last value."""

MIB = 2**20


def repeated(series: pd.DataFrame, count: int) -> pd.DataFrame:
    """``count`` series made from the file's: new series_id; the series of a kind in a copy are split into sets of about SET."""
    kinds = series.groupby("series_id").indicator.first().reset_index()
    same = kinds.groupby("indicator").series_id
    size = same.transform("size")
    kinds["part"] = same.cumcount() * (size / SET).round().clip(lower=1) // size
    copies = [kinds.assign(copy=copy) for copy in range(-(-count // len(kinds)))]
    names = pd.concat(copies, ignore_index=True).head(count)
    names["new_id"] = names["copy"].astype(str) + "|" + names.series_id
    names["new_kind"] = names.indicator + "|" + names["copy"].astype(str) + "|" + names.part.astype(int).astype(str)
    whole = names[["series_id", "new_id", "new_kind"]].merge(series[["series_id", "freq", "period", "value"]], on="series_id")
    return whole.drop(columns="series_id").rename(columns={"new_id": "series_id", "new_kind": "indicator"})


def one_each(series: pd.DataFrame) -> pd.DataFrame:
    """A task for every series, from its last point."""
    last = series.sort_values("period").groupby("series_id").tail(1)
    deadline = last.period + pd.offsets.DateOffset(years=AHEAD_YEARS)
    asked = {"origin": last.period, "deadline": deadline, "target": (last.value + GAIN).clip(upper=0.99)}
    tasks = last[["series_id"]].assign(task_id=np.arange(len(last)), **asked, n_history=HISTORY)
    return tasks.reset_index(drop=True)


def measure(path: str, count: int, pool: str) -> dict:
    """Seconds of forecasting ``count`` series, and the most memory it took (MiB, tables of series and tasks not counted)."""
    series = repeated(read_series(path), count)
    tasks = one_each(series)
    predict(series, tasks.head(1), pool="none")  # imports and first calls are not counted
    started = seconds_used()
    predict(series, tasks, pool=pool)
    used = {"seconds": round(seconds_used() - started, 3), "peak_mib": round(peak_memory(series, tasks, pool), 1)}
    sizes = {"series": count, "points": len(series), "indicators": series.indicator.nunique()}
    return {"pool": pool} | sizes | used


def peak_memory(series: pd.DataFrame, tasks: pd.DataFrame, pool: str) -> float:
    """MiB allocated at most while forecasting; in a run of its own, as tracing slows it down."""
    tracemalloc.start()
    predict(series, tasks, pool=pool)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / MIB


def ratios(table: pd.DataFrame) -> pd.DataFrame:
    """Beside each size: how many times the series and the seconds of the size before."""
    by_pool = table.groupby("pool", sort=False)
    more = {"times_series": "series", "times_seconds": "seconds", "times_peak": "peak_mib"}
    return table.assign(**{name: (table[of] / by_pool[of].shift()).round(2) for name, of in more.items()})


def main() -> None:
    """Measure every size with and without the pool, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("series")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    asked = parser.parse_args()
    os.environ.update(dict.fromkeys(THREADS, "1"))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        rows = [pool.submit(measure, asked.series, count, name).result() for name in POOLS for count in SIZES]
    table = ratios(pd.DataFrame(rows))
    asked.out.mkdir(parents=True, exist_ok=True)
    table.to_csv(asked.out / "scaling.csv", index=False, lineterminator="\n")
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
