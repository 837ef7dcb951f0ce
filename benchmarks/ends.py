#!/usr/bin/env python3
"""How long do shares of exactly 0 or 1 stay there? The prior of ``models/ends.py``, from the spells of real series.

usage: ends.py SERIES [--out FOLDER]

A spell is a run of points at one end. It is known to have lasted from its first to its last point; one that was left has ended
within the next step. With a yearly chance to stay that is Beta(a, b) over spells, S(t) = B(a + t, b) / B(a, b) is the chance to
last t years; a and b make the likelihood of all spells largest. Beside them stands the forecast of the next point for every point
at an end (four earlier points at least): what was said and what came, by the shipped engine. Writes ends.md.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import optimize, special

from qnict_analysis.engine.points import Points, points_of
from qnict_analysis.models import ends
from qnict_analysis.predict import predict
from qnict_analysis.task_files import read_series

EARLIER = 4


def spells(points: Points, end: float) -> pd.DataFrame:
    """Runs of points at an end: indicator, years it is known to have lasted, whether it was left, and the step then."""
    rows = []
    for series, (first, last) in enumerate(zip(points.first, points.last, strict=True)):
        there = np.flatnonzero(points.values[first:last] == end) + first
        for run in np.split(there, np.flatnonzero(np.diff(there) > 1) + 1):
            if len(run):
                left = run[-1] + 1 < last
                step = points.times[run[-1] + 1] - points.times[run[-1]] if left else 0.0
                lasted = points.times[run[-1]] - points.times[run[0]]
                rows.append((points.indicators[points.kinds[series]], lasted, left, step))
    return pd.DataFrame(rows, columns=["indicator", "years", "left", "step"])


def fitted(found: pd.DataFrame) -> np.ndarray:
    """a and b of the Beta distribution of the yearly chance to stay."""

    def lasts(years, a, b):
        return np.exp(special.betaln(a + years, b) - special.betaln(a, b))

    def loss(logs):
        a, b = np.exp(logs)
        ended = lasts(found.years, a, b) - lasts(found.years + found.step, a, b)
        return -np.log(np.maximum(np.where(found.left, ended, lasts(found.years, a, b)), 1e-12)).sum()

    return np.exp(optimize.minimize(loss, [0.0, 0.0], method="Nelder-Mead").x)


def next_points(series: pd.DataFrame, end: float) -> tuple[int, float, float, float]:
    """Points at an end with a later one: their number, chance said to be there again, how often they were, 80 % coverage."""
    frame = series.sort_values(["series_id", "period"])
    by = frame.groupby("series_id")
    frame = frame.assign(later=by.value.shift(-1), deadline=by.period.shift(-1), earlier=by.cumcount())
    frame = frame[(frame.value == end) & frame.later.notna() & (frame.earlier >= EARLIER)].reset_index(drop=True)
    tasks = pd.DataFrame({"task_id": frame.index, "series_id": frame.series_id, "origin": frame.period})
    tasks = tasks.assign(deadline=frame.deadline, target=1.0 if end else 1e-9, n_history=100)
    said = predict(series, tasks)
    again = said.p_met if end else 1.0 - said.p_met
    held = ((frame.later >= said.q10) & (frame.later <= said.q90)).mean()
    return len(frame), again.mean(), (frame.later == end).mean(), held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("series")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    asked = parser.parse_args()
    series = read_series(asked.series)
    points = points_of(series)
    lines = ["# Shares at exactly 0 or 1", "", "Made by `benchmarks/ends.py`; its first lines say what was measured.", ""]
    lines += ["| end | spells | left | a | b | without one indicator at a time (a; b) | shipped |", "| --- " * 7 + "|"]
    for end, prior in ends.PRIOR.items():
        found = spells(points, end)
        a, b = fitted(found)
        others = np.array([fitted(found[found.indicator != name]) for name in found.indicator.unique()])
        spread = "; ".join(f"{low:.2g} to {high:.2g}" for low, high in zip(others.min(axis=0), others.max(axis=0), strict=True))
        shipped = f"{prior[0]:g}, {prior[1]:g}"
        lines.append(f"| {end:g} | {len(found)} | {found.left.sum()} | {a:.2f} | {b:.2f} | {spread} | {shipped} |")
    lines += ["", "| end | next points | said to stay | stayed | 80 % interval held |", "| --- " * 5 + "|"]
    for end in ends.PRIOR:
        count, said, came, held = next_points(series, end)
        lines.append(f"| {end:g} | {count} | {said:.2f} | {came:.2f} | {held:.2f} |")
    asked.out.mkdir(exist_ok=True)
    (asked.out / "ends.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
