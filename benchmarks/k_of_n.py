#!/usr/bin/env python3
"""How good is the forecast of "k of N units" and of "all N"? Measured on real shares turned into units.

usage: k_of_n.py SERIES TASKS [--out FOLDER]

Every task's series becomes N = 14, 20 and 34 units by binomial rounding: unit i has adopted in a period when a fixed random
number of its own is at most the share then, so units adopt (and lapse) as the share rises (and falls). Asked are the task's
target, as ceil(target N) units, and "all N". Histories are the task's last ``n_history`` points; the prior hazard comes from
the other series of the indicator as known at the origin. Forecasters: ``hazard …`` (the workbench's recursion with the settings
named), ``share`` and ``share alone`` (the share engine on k/N with and without like series, with half a unit of continuity
correction), ``workbench`` (its average of hazard and share alone), ``now`` (k stays) and ``base rate``.
Writes k_of_n.csv and k_of_n.md.
"""

import argparse
import sys
from itertools import product
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

from scoring import calibration_error

from qnict_analysis import engine
from qnict_analysis.engine.learned import shipped
from qnict_analysis.engine.points import Asked, Points, asked_of, by_name, points_of
from qnict_analysis.forecast import levers
from qnict_analysis.forecast.units import BY_SHARE, HAZARD
from qnict_analysis.models import hazard, ladder
from qnict_analysis.task_files import read_series, read_tasks

SIZES = (14, 20, 34)
MOST_LIKE = 100
"""Like series whose adoptions make the pooled hazard."""

WINDOW = 5
"""Points of a like series that speak for the present hazard."""


class Settings(NamedTuple):
    """What is tried: stragglers' slowness, unit-periods of the prior, spread of the shared shock, whether like series speak."""

    kappa: float
    strength: float
    shock: float
    pooled: bool

    @property
    def label(self) -> str:
        pool = "pooled" if self.pooled else "alone"
        return f"hazard {pool} kappa={self.kappa:g} strength={self.strength:g} shock={self.shock:g}"


TRIED = [Settings(*one, True) for one in product((0.0, 1.0), (3.0, 10.0), (0.0, 1.0))]
WORKBENCH = Settings(1.0, 3.0, 0.0, False)
"""The workbench's hazard, which has no like series of its own indicator."""

TRIED += [WORKBENCH, Settings(0.0, 3.0, 0.0, False), Settings(1.0, 3.0, 1.0, False)]


def units(points: Points, n: int) -> np.ndarray:
    """Adopters of N units at every point: the units' own random numbers hang on the series' id and N alone."""
    found = np.empty(len(points.values), dtype=int)
    for name, first, last in zip(points.names, points.first, points.last, strict=True):
        own = np.random.default_rng([crc32(name.encode()), n]).random(n)
        found[first:last] = (own[:, None] <= points.values[first:last]).sum(axis=0)
    return found


def moves(counts, n: int, first: int, last: int) -> tuple[float, float, float, float]:
    """Adoptions, unit-steps at risk, lapses and adopter-steps of one record (positions first to last)."""
    k = counts[first:last]
    change = np.diff(k)
    return np.maximum(change, 0).sum(), (n - k[:-1]).sum(), np.maximum(-change, 0).sum(), k[:-1].sum()


def pooled_moves(points: Points, counts, n: int, row: int, origin: float) -> np.ndarray:
    """The same, added over the last points by the origin of the other series of the indicator."""
    others = np.flatnonzero(points.kinds == points.kinds[row])
    total = np.zeros(4)
    for other in by_name(points, others[others != row], MOST_LIKE):
        first = points.first[other]
        stop = first + np.searchsorted(points.times[first : points.last[other]], origin, side="right")
        total += moves(counts, n, max(first, stop - WINDOW), stop)
    return total


def pmf(own, like, k: int, n: int, steps: int, a_year: float, settings: Settings) -> np.ndarray:
    """Distribution of k after ``steps`` periods by the workbench's recursion, shocks of the given spread shared by all units."""
    shipped_rate = 1.0 - (1.0 - HAZARD) ** a_year
    adopted, exposed, lapsed, held = like if settings.pooled else np.zeros(4)
    years = 20.0 / a_year
    prior = (adopted + years * shipped_rate) / (exposed + years)
    slowed = own[1] / (1.0 + settings.kappa * k / n)
    rates = hazard.rate_nodes(hazard.rate_posterior(own[0], slowed, prior_mean=prior, strength=settings.strength))
    seen, weight = hazard.LAPSE_PRIOR
    lapse = (seen + lapsed + own[2]) / (weight / a_year + held + own[3])
    step = sum(w * hazard.transitions(r, n, kappa=settings.kappa, lapse=lapse) for w, r in shocked(rates, settings.shock))
    return hazard.recursion(np.eye(n + 1)[k], [step] * steps)[-1]


def shocked(rates, spread: float) -> list[tuple[float, np.ndarray]]:
    """Chances and hazards under a few shocks common to all units: 1 - (1 - p)^exp(s g), g standard normal, the mean kept."""
    if spread <= 0:
        return [(1.0, rates)]
    points, weights = np.polynomial.hermite_e.hermegauss(5)
    factors = np.exp(spread * points - 0.5 * spread**2)
    return [(w, -np.expm1(f * np.log1p(-rates))) for w, f in zip(weights / weights.sum(), factors, strict=True)]


def share_chances(points: Points, counts, n: int, asked: Asked, targets, pool: str) -> np.ndarray:
    """P(k >= target) of the share engine on k/N (tasks, targets): its distribution above half a unit below the target."""
    floor = levers.floor_of(n, True)  # as the workbench keeps shares of few units off 0 and 1
    kept = np.clip(counts / n, floor, 1.0 - floor)
    table = engine.tables(points._replace(values=kept), asked, shipped(), pool=pool)
    below = (targets - 0.5) / n
    return np.column_stack([1.0 - ladder.cdf(column, table) for column in below.T])


def forecasts(series: pd.DataFrame, tasks: pd.DataFrame, n: int) -> pd.DataFrame:
    """One row a task, target and forecaster: task, indicator, kind of target, p, met, cover (mid-PIT within 10 to 90 %)."""
    points = points_of(series)
    asked, counts = asked_of(points, tasks), units(points, n)
    end = np.array([np.searchsorted(points.times[f:last], t - 1e-6) + f for f, last, t in ends(points, asked)])
    k, outcome = counts[asked.stop - 1], counts[end]
    targets = np.column_stack([np.ceil(asked.target * n - 1e-9).astype(int), np.full(len(k), n)])
    rows = []
    for place, one in enumerate(zip(*asked, strict=True)):
        row, start, stop, origin, horizon, _ = one
        a_year = max(np.median(np.diff(points.times[start:stop])) if stop - start > 1 else 1.0, 1 / 12)
        own, like = moves(counts, n, start, stop), pooled_moves(points, counts, n, row, origin)
        for settings in TRIED:
            chances = pmf(own, like, k[place], n, max(round(horizon / a_year), 1), a_year, settings)
            rows += scored(place, settings.label, chances, targets[place], outcome[place])
    frame = pd.DataFrame(rows)
    share, alone = (share_chances(points, counts, n, asked, targets, pool) for pool in ("indicator", "none"))
    own = frame[frame.forecaster == WORKBENCH.label].pivot(index="place", columns="kind", values="p")[["target", "all N"]]
    plain = {
        "share": share,
        "share alone": alone,
        "workbench": BY_SHARE * alone + (1.0 - BY_SHARE) * own.to_numpy(float),
        "now": (k[:, None] >= targets) * 0.98 + 0.01,
    }
    met = outcome[:, None] >= targets
    plain["base rate"] = np.broadcast_to(met.mean(axis=0), met.shape)
    for name, chance in plain.items():
        for kind, column in (("target", 0), ("all N", 1)):
            told = {"place": np.arange(len(k)), "forecaster": name, "kind": kind, "p": chance[:, column], "met": met[:, column]}
            frame = pd.concat([frame, pd.DataFrame(told)], ignore_index=True)
    about = {"indicator": points.indicators[points.kinds[asked.row]], "reached": k / n, "horizon": np.ceil(asked.horizon - 0.01)}
    return frame.join(pd.DataFrame(about), on="place").assign(n_units=n)


def ends(points: Points, asked: Asked):
    """First and last point of each task's series, and its deadline in years."""
    return zip(points.first[asked.row], points.last[asked.row], points.times[asked.stop - 1] + asked.horizon, strict=True)


def scored(place: int, name: str, chances, targets, outcome: int) -> list[dict]:
    """P and whether met for both kinds of target; the interval is judged on the middle of the outcome's own step."""
    reach = np.cumsum(chances[::-1])[::-1]
    middle = reach[outcome] - 0.5 * chances[outcome]
    about = {"place": place, "forecaster": name, "cover": bool(0.1 <= middle <= 0.9)}
    pairs = zip(("target", "all N"), targets, strict=True)
    return [about | {"kind": kind, "p": float(reach[goal]), "met": bool(outcome >= goal)} for kind, goal in pairs]


def table(frame: pd.DataFrame) -> pd.DataFrame:
    """Scores of each forecaster and kind of target: n, brier, log, ece, mean_p, observed, cov80."""
    frame = frame[~((frame.kind == "target") & (frame.reached >= 1.0))]
    rows = []
    for (kind, name), own in frame.groupby(["kind", "forecaster"]):
        p, met = own.p.clip(0.001, 0.999).to_numpy(float), own.met.to_numpy(float)
        log = -np.log(np.where(met == 1, p, 1 - p)).mean()
        scores = {"brier": ((p - met) ** 2).mean(), "log": log, "ece": calibration_error(p, met)}
        rows.append({"kind": kind, "forecaster": name, "n": len(own)} | scores | {"mean_p": p.mean(), "observed": met.mean()})
        rows[-1]["cov80"] = own.cover.astype(float).mean() if own.cover.notna().any() else np.nan
    return pd.DataFrame(rows).sort_values(["kind", "brier"]).round(4)


def chosen(frame: pd.DataFrame) -> pd.DataFrame:
    """The hazard's rows of each indicator by the settings that are best (Brier of both kinds) on all other indicators."""
    tried = frame[frame.forecaster.str.startswith("hazard")]
    squares = tried.assign(square=(tried.p - tried.met.astype(float)) ** 2)
    found = []
    for indicator, own in tried.groupby("indicator"):
        best = squares[squares.indicator != indicator].groupby("forecaster").square.mean().idxmin()
        found.append(own[own.forecaster == best].assign(forecaster="hazard, settings chosen on other indicators", picked=best))
    return pd.concat(found)


def bins(frame: pd.DataFrame) -> pd.DataFrame:
    """Reliability of "all N" of one forecaster: mean p and observed frequency in bins of p."""
    edges = [0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0]
    groups = frame.groupby(pd.cut(frame.p, edges, include_lowest=True), observed=True)
    return groups.agg(n=("p", "size"), mean_p=("p", "mean"), observed=("met", "mean")).round(3).reset_index()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("series")
    parser.add_argument("tasks")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    asked = parser.parse_args()
    series, tasks = read_series(asked.series), read_tasks(asked.tasks)
    frame = pd.concat([forecasts(series, tasks, n) for n in SIZES], ignore_index=True)
    held = chosen(frame)
    whole = table(pd.concat([frame, held], ignore_index=True))
    shown = frame[(frame.forecaster == "workbench") & (frame.kind == "all N")]
    close = shown[shown.reached < 1]
    by = close.assign(near=close.reached >= 0.8).groupby(["near", "horizon"])
    near = by.agg(n=("p", "size"), mean_p=("p", "mean"), observed=("met", "mean")).round(3).reset_index()
    asked.out.mkdir(exist_ok=True)
    whole.to_csv(asked.out / "k_of_n.csv", index=False)
    parts = ["# k of N units\n", "Made by `benchmarks/k_of_n.py`; its first lines say what was forecast and how.\n"]
    parts += [f"Chosen on the other indicators: {held.groupby('picked').indicator.nunique().to_dict()}\n", markdown(whole)]
    parts += [
        '\n## "All N" in bins of its chance (the workbench)\n',
        markdown(bins(shown)),
    ]
    parts += ["\n## The same by horizon (years), and whether four fifths have adopted\n", markdown(near)]
    (asked.out / "k_of_n.md").write_text("\n".join(parts) + "\n", encoding="utf-8")
    print(whole.to_string(index=False))


def markdown(frame: pd.DataFrame) -> str:
    cells = [["" if cell != cell else str(cell) for cell in row] for row in frame.to_numpy()]
    rows = [list(frame.columns), ["---"] * len(frame.columns), *cells]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


if __name__ == "__main__":
    main()
