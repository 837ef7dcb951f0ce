"""Learn the engine's numbers once for every indicator, leaving it out: ``left_out.py SERIES TASKS [--jobs N]``.

Writes results/left_out/INDICATOR.yaml, with which ``forecast_peers.py`` judges the engine on that indicator's tasks.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from qnict_analysis.learn import learn_file
from qnict_analysis.task_files import read_series

FOLDER = Path(__file__).parent / "results" / "left_out"


def learn_without(indicator: str, series: str, tasks: str) -> str:
    """Learn without one indicator; returns the line to show."""
    return learn_file(series, tasks, FOLDER / f"{indicator}.yaml", leave_out=indicator)


def main() -> None:
    """One file an indicator."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("series")
    parser.add_argument("tasks")
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    indicators = sorted(read_series(asked.series).indicator.unique())
    with ProcessPoolExecutor(asked.jobs) as pool:
        for line in pool.map(partial(learn_without, series=asked.series, tasks=asked.tasks), indicators):
            print(line, flush=True)


if __name__ == "__main__":
    main()
