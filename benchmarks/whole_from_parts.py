#!/usr/bin/env python3
"""Is a whole better forecast directly or from its parts? Measured where both are known.

usage: whole_from_parts.py --countries FILE --series FILE --tasks FILE [--aggregates FILE] [--out FOLDER]

A whole is the plain mean of 5, 15 or 35 series of one indicator (random groups, seeded), over periods for which every
member has a value; --countries adds the indicators of 27 countries, whose mean is the whole, and --aggregates the EU's own
figures, whose parts the countries are (weights fitted once to all years of all indicators). --tasks supplies the origins.
Forecasters: ``direct`` (the engine on the whole's own history), ``parts rho=…`` (the engine on every part, the others being its
like series, added through a one-factor copula), ``mix w=… rho=…`` (their CDFs averaged, the parts counting w), and
for comparison only ``informed`` (the whole with its parts as like series: a sum that has seen its own parts twice).
Writes whole_from_parts.csv and whole_from_parts.md.
"""

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import optimize

from qnict_analysis import engine
from qnict_analysis.engine.learned import Learned, of_wholes, shipped
from qnict_analysis.engine.points import Asked, points_from
from qnict_analysis.models import copula, ladder, parts

SEED = 20121
SIZES = (5, 15, 35)
GROUPS = 40
"""Groups drawn for each indicator, frequency and size, each at an origin of its own: up to 1,900 forecasts a size."""

TRIES = 160
HISTORY = (5, 12)
SHORT = 4
"""The workbench is asked from the second year of returns on; the development tasks begin at five points."""

YEARS = (1, 2, 3, 4, 5)
GAINS = (0.0, 0.02, 0.05, 0.10)
ROUND = (0.5, 0.6, 0.7, 0.8, 0.9)
HIGHEST = 0.99
INSIDE, LEAST_SPAN = (0.02, 0.97), 0.01
"""As in the development tasks: the whole is neither at an end nor without movement."""

LEVELS = np.array([0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95])
RHOS = (0.0, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7)
WEIGHTS = (0.25, 0.5, 0.75)
FALLING = ("DAE03",)
"""Indicators that should fall: their complement is forecast, as the workbench does by turning its prior."""

COUNTRIES_KNOWN = 0.9
"""Part of the EU's weight that must be known at an origin."""

STEPS_A_YEAR = {"Y": 1, "Q": 4}
SCORES = ["brier", "crps", "log", "cov80", "cov90"]
SHIPPED = f"parts rho={parts.RHO}"
SHOWN = ["direct", "informed", *(f"parts rho={rho}" for rho in (0.0, 0.1, 0.15, 0.3, 0.7))]
SHOWN += [f"mix w={weight} rho={rho}" for weight in WEIGHTS for rho in (0.1, 0.15, 0.3)]
RESAMPLES = 2000
FAMILIES = {"(countries|EU) .*": "countries", "vaccine.*": "vaccines", "new_cars.*": "new_cars"}
"""Indicators that tell one story count as one kind: five vaccines reach their plateaus together, in the same countries."""


class Whole(NamedTuple):
    """One whole at one origin: its ``own`` values and those of its parts ``values`` (parts, points) at ``times`` (years),
    the ``weights`` of the parts, and what came after ``years``."""

    indicator: str
    times: np.ndarray
    own: np.ndarray
    values: np.ndarray
    weights: np.ndarray
    years: np.ndarray
    outcomes: np.ndarray


# --- wholes ----------------------------------------------------------------------------------------------------------


def development(series_path, tasks_path) -> list[Whole]:
    """Random groups of the series of each indicator and frequency at origins of its tasks."""
    series = pd.read_csv(series_path, parse_dates=["period"])
    tasks = pd.read_csv(tasks_path, parse_dates=["origin"])
    origins = tasks.merge(series.drop_duplicates("series_id")[["series_id", "indicator", "freq"]], on="series_id")
    found = []
    for (indicator, freq), own in series.groupby(["indicator", "freq"]):
        asked = origins[(origins.indicator == indicator) & (origins.freq == freq)]
        table = own.pivot(index="series_id", columns="period", values="value")
        spots = np.unique(table.columns.get_indexer(asked.origin))
        rng = np.random.default_rng([SEED, len(found)])
        for size in SIZES:
            found += groups(indicator, table, spots[spots >= 0], size, STEPS_A_YEAR[freq], rng)
    return found


def groups(indicator, table: pd.DataFrame, spots, size: int, steps: int, rng) -> list[Whole]:
    """Up to ``GROUPS`` wholes of ``size`` members; members must have every period of the history and of the outcome."""
    found = []
    for _ in range(TRIES):
        if len(found) == GROUPS or not len(spots):
            break
        stop, n = rng.choice(spots) + 1, rng.integers(HISTORY[0], HISTORY[1] + 1)
        far = stop - 1 + steps * rng.integers(1, YEARS[-1] + 1)
        if stop < n or far >= table.shape[1]:
            continue
        values = table.to_numpy()
        there = np.isfinite(values[:, stop - n : stop]).all(axis=1) & np.isfinite(values[:, far])
        if there.sum() >= size:
            members = rng.choice(np.flatnonzero(there), size, replace=False)
            found += usable(whole_of(indicator, year_of(table.columns), values[members], stop - n, stop, steps))
    return found


def countries(path) -> list[Whole]:
    """The mean of all countries with a full history, at every origin with four points or more and an outcome after it."""
    found = []
    for name, table in by_country(path).items():
        for stop in range(SHORT, table.shape[1]):
            for start in {max(0, stop - HISTORY[1]), max(0, stop - 6)}:
                full = table[table.iloc[:, start : stop + 1].notna().all(axis=1)].to_numpy()
                if len(full) >= max(SIZES[1], 0.7 * len(table)):
                    times = table.columns.to_numpy(float)
                    found += usable(whole_of(f"countries {name}", times, full, start, stop, 1))
    return found


def by_country(path) -> dict[str, pd.DataFrame]:
    """Shares of each indicator, countries by years; the complement where less is better."""
    frame = pd.read_csv(path)
    tables = {
        name: own.pivot_table(index="geo", columns="year", values="value_percent") / 100
        for name, own in frame.groupby("target_id")
    }
    return {name: 1.0 - table if name in FALLING else table for name, table in tables.items()}


def unions(aggregates_path, countries_path) -> list[Whole]:
    """The EU's own figures at every origin with four points or more, the countries as its parts."""
    tables, frame = by_country(countries_path), pd.read_csv(aggregates_path)
    frame = frame[frame.target_id.isin(list(tables)) & ~frame.note.astype(str).str.contains("ALTERNATIVE|DEFINITION")]
    shares = frame.drop_duplicates(["target_id", "year"]).pivot(index="target_id", columns="year", values="value_percent") / 100
    shares.loc[shares.index.isin(FALLING)] = 1.0 - shares
    held = country_weights(tables, shares)
    found = []
    for name, row in shares.iterrows():
        row = row.dropna()
        for stop in range(SHORT, len(row)):
            found += union_of(f"EU {name}", row, tables[name], held, stop)
    return found


def country_weights(tables: dict, shares: pd.DataFrame) -> pd.Series:
    """What each country counts for: non-negative least squares over all indicators and years in which every one is known."""
    rows = [
        (table[year], shares.at[name, year])
        for name, table in tables.items()
        if name in shares.index
        for year in table
        if year in shares
    ]
    names = max((column.index for column, _ in rows), key=len)
    known = [
        (column.reindex(names), whole) for column, whole in rows if column.reindex(names).notna().all() and np.isfinite(whole)
    ]
    weights, _ = optimize.nnls(np.array([column for column, _ in known]), np.array([whole for _, whole in known]))
    return pd.Series(weights, names) / weights.sum()


def union_of(indicator: str, row: pd.Series, table: pd.DataFrame, held: pd.Series, stop: int) -> list[Whole]:
    """The EU at one origin, from the countries that have a figure for it."""
    history, later = row.iloc[max(0, stop - HISTORY[1]) : stop], row.iloc[stop:]
    there = table.reindex(columns=history.index).dropna(subset=[history.index[-1]])
    weights = held.reindex(there.index).to_numpy()
    years = (later.index - history.index[-1]).to_numpy(float)
    near = years <= YEARS[-1]
    if weights.sum() < COUNTRIES_KNOWN or not near.any():
        return []
    parts_held = weights / weights.sum()
    own, times = history.to_numpy(), history.index.to_numpy(float)
    return [Whole(indicator, times, own, there.to_numpy(), parts_held, years[near], later.to_numpy()[near])]


def year_of(days) -> np.ndarray:
    return days.year.to_numpy(float) + days.month.to_numpy(float) / 12.0


def whole_of(indicator, times, values, start: int, stop: int, steps: int) -> Whole:
    """The history from ``start`` up to ``stop`` and the outcomes that every member has, one to five years ahead."""
    spots = np.array([stop - 1 + steps * year for year in YEARS if stop - 1 + steps * year < values.shape[1]], dtype=int)
    spots = spots[np.isfinite(values[:, spots]).all(axis=0)]
    weights = np.full(len(values), 1.0 / len(values))
    own, parted = weights @ values, values[:, start:stop]
    return Whole(indicator, times[start:stop], own[start:stop], parted, weights, times[spots] - times[stop - 1], own[spots])


def usable(whole: Whole) -> list[Whole]:
    fits = INSIDE[0] <= whole.own[-1] <= INSIDE[1] and np.ptp(whole.own) >= LEAST_SPAN and len(whole.years)
    return [whole] if fits else []


def truncated(whole: Whole) -> Whole:
    return whole._replace(times=whole.times[-SHORT:], own=whole.own[-SHORT:], values=whole.values[:, -SHORT:])


# --- forecasters -----------------------------------------------------------------------------------------------------


def forecasts(whole: Whole) -> dict[str, np.ndarray]:
    """Equally likely values (years, n) of the whole by each forecaster that is not a mix."""
    values = likely_ahead(whole, whole.values, "indicator")
    size = len(whole.values)
    found = {f"parts rho={r}": parts.whole(values, whole.weights, parts.places(size, values.shape[-1], r)) for r in RHOS}
    guest = likely_ahead(whole, np.vstack([whole.values, whole.own]), "indicator")[:, -1]
    direct = likely_ahead(whole, whole.own[None, :], "none", of_wholes())[:, 0]
    return {"direct": direct, "informed": guest} | found


def likely_ahead(whole: Whole, values, pool: str, learned: Learned | None = None) -> np.ndarray:
    """Equally likely values (years, rows, n) of each row by the engine, the other rows being its like series."""
    names = [f"part {row:02d}" for row in range(len(values))]
    points = points_from(whole.times, values, names, ["whole"] * len(values))
    rows, years = np.tile(np.arange(len(values)), len(whole.years)), np.repeat(whole.years, len(values))
    nothing = np.full(len(rows), np.nan)
    asked = Asked(rows, points.first[rows], points.last[rows], np.full(len(rows), whole.times[-1]), years, nothing)
    table = engine.tables(points, asked, learned or shipped(), pool=pool)
    return ladder.quantile(copula.strata(parts.LEVELS), table).reshape(len(whole.years), len(values), -1)


def mixed(values, others, weight: float, levels) -> np.ndarray:
    """Quantiles of two distributions averaged as CDFs, ``others`` counting ``weight``; shape (..., levels).

    ``values`` and ``others``: equally likely values of each (last axis). Between their steps the quantile runs straight.
    """
    sizes = values.shape[-1], others.shape[-1]
    both = np.concatenate((values, others), axis=-1)
    mass = np.repeat([(1.0 - weight) / sizes[0], weight / sizes[1]], sizes)
    order = np.argsort(both, axis=-1, kind="stable")
    ordered, mass = np.take_along_axis(both, order, -1), mass[order]
    middle = np.cumsum(mass, axis=-1) - 0.5 * mass
    rows = zip(middle.reshape(-1, sum(sizes)), ordered.reshape(-1, sum(sizes)), strict=True)
    return np.array([np.interp(levels, upto, row) for upto, row in rows]).reshape(*both.shape[:-1], len(levels))


# --- scores ----------------------------------------------------------------------------------------------------------


def scores_of(number: int, whole: Whole, history: str) -> list[dict]:
    """One row a forecaster and horizon: Brier and log (mean over targets), CRPS, whether the intervals held."""
    likely = forecasts(whole)
    targets = targets_of(whole.own[-1])
    chance = {name: (values[:, :, None] >= targets).mean(axis=1) for name, values in likely.items()}
    level = {name: np.quantile(values, LEVELS, axis=1, method="hazen").T for name, values in likely.items()}
    for name in [name for name in likely if name.startswith("parts")]:
        for weight in WEIGHTS:
            mix = f"mix w={weight} {name.removeprefix('parts ')}"
            chance[mix] = weight * chance[name] + (1.0 - weight) * chance["direct"]
            level[mix] = mixed(likely["direct"], likely[name], weight, LEVELS)
    about = {"whole": number, "indicator": whole.indicator, "parts": size_class(whole), "history": history}
    return [
        about | {"forecaster": name, "horizon": round(years)} | row
        for name in chance
        for years, row in zip(whole.years, scored(chance[name], level[name], whole.outcomes, targets), strict=True)
    ]


def size_class(whole: Whole) -> str:
    first = whole.indicator.split()[0]
    return first if first in ("countries", "EU") else str(len(whole.values))


def targets_of(last: float) -> np.ndarray:
    """Gains on the last value, and the next two round levels above it."""
    return np.array([*(min(last + gain, HIGHEST) for gain in GAINS), *[level for level in ROUND if level > last][:2]])


def scored(chance, quantiles, outcomes, targets) -> list[dict]:
    p = np.clip(chance, 0.001, 0.999)
    met = outcomes[:, None] >= targets
    outcome = outcomes[:, None]
    pinball = np.where(outcome >= quantiles, (outcome - quantiles) * LEVELS, (quantiles - outcome) * (1 - LEVELS))
    ends = {"cov80": (quantiles[:, 1], quantiles[:, -2]), "cov90": (quantiles[:, 0], quantiles[:, -1])}
    columns = {
        "brier": ((p - met) ** 2).mean(axis=1),
        "log": -np.log(np.where(met, p, 1 - p)).mean(axis=1),
        "crps": 2 * pinball.mean(axis=1),
        **{name: ((low <= outcomes) & (outcomes <= high)).astype(float) for name, (low, high) in ends.items()},
    }
    return pd.DataFrame(columns).to_dict("records")


def loss(frame: pd.DataFrame) -> pd.Series:
    """Brier and CRPS of each forecaster over those of ``direct``, means over kinds, averaged: what the choice rests on."""
    means = frame.groupby(["forecaster", "kind"])[["brier", "crps"]].mean().groupby("forecaster").mean()
    return (means / means.loc["direct"]).mean(axis=1)


def held_out(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of each kind by the forecaster chosen on all other kinds (``informed`` is not admitted)."""
    admitted = frame[frame.forecaster != "informed"]
    found = []
    for kind, own in admitted.groupby("kind"):
        choice = loss(admitted[admitted.kind != kind]).idxmin()
        found.append(own[own.forecaster == choice].assign(chosen=choice))
    return pd.concat(found)


def gain(frame: pd.DataFrame, score: str) -> np.ndarray:
    """5, 50 and 95 % points of (shipped - direct) over kinds drawn with replacement."""
    means = frame.pivot_table(index="kind", columns="forecaster", values=score)
    apart = (means[SHIPPED] - means["direct"]).to_numpy()
    drawn = np.random.default_rng(SEED).integers(0, len(apart), (RESAMPLES, len(apart)))
    return np.quantile(apart[drawn].mean(axis=1), [0.05, 0.5, 0.95])


# --- tables ----------------------------------------------------------------------------------------------------------


def tables(frame: pd.DataFrame) -> pd.DataFrame:
    """All scores, long: by history, by number of parts, by horizon and by indicator, one row a forecaster."""
    splits = {"all": [], "parts": ["parts"], "history, parts": ["history", "parts"], "horizon": ["horizon"]}
    splits |= {"parts, horizon": ["parts", "horizon"], "kind": ["kind"], "indicator": ["indicator"]}
    found = []
    for split, keys in splits.items():
        grouped = frame.groupby([*keys, "forecaster"])
        table = grouped[SCORES].mean().assign(n=grouped.size()).reset_index()
        group = table[keys].astype(str).agg(", ".join, axis=1) if keys else "all"
        found.append(table.assign(split=split, group=group))
    return pd.concat(found)[["split", "group", "forecaster", "n", *SCORES]].reset_index(drop=True)


def page(frame: pd.DataFrame, table: pd.DataFrame) -> str:
    """What was measured, in words and tables."""
    chosen = held_out(frame)
    counts = ", ".join(f"{name} ({n} kinds)" for name, n in chosen.groupby("chosen").kind.nunique().items())
    apart = {score: " … ".join(f"{x:+.4f}" for x in gain(frame, score)) for score in ("brier", "crps")}
    said = ", ".join(f"{name} {chosen[name].mean():.4f}" for name in SCORES)
    blocks = [
        "# A whole from its parts\n\nMade by `benchmarks/whole_from_parts.py`; its first lines say what was forecast and how.\n",
        f"{len(frame[['whole', 'history']].drop_duplicates())} wholes and histories, {table.n.iloc[0]} forecasts. "
        f"Shipped: `{SHIPPED}`. Chosen leaving each kind out: {counts}; scores of those choices: {said}.\n",
        "Shipped less direct, over kinds drawn with replacement (5, 50 and 95 % points): "
        f"Brier {apart['brier']}; CRPS {apart['crps']}.\n",
        "## Mean over kinds\n\n`loss` is the mean of Brier and CRPS over those of `direct`. The five vaccines, the electric cars "
        "and the countries' indicators are one kind each.\n",
        markdown(over_kinds(frame)),
        "## The same without the vaccines, whose plateaus the shipped pace does not know\n",
        markdown(over_kinds(frame[frame.kind != "vaccines"])),
    ]
    for split in ("parts", "history, parts", "horizon", "parts, horizon", "kind", "indicator"):
        shown = SHOWN if split == "parts" else ["direct", f"parts rho={parts.RHO}", SHIPPED]
        part = table[(table.split == split) & table.forecaster.isin(shown)]
        blocks += [f"## By {split}\n", markdown(part.drop(columns="split"))]
    return "\n".join(blocks)


def over_kinds(frame: pd.DataFrame) -> pd.DataFrame:
    """Means over kinds of the forecasters shown, the best first."""
    means = frame.groupby(["forecaster", "kind"])[SCORES].mean().groupby("forecaster").mean()
    return means.assign(loss=loss(frame)).loc[SHOWN].sort_values("loss").reset_index()


def markdown(frame: pd.DataFrame) -> str:
    rows = [[f"{cell:.4f}" if isinstance(cell, float) else str(cell) for cell in row] for row in frame.to_numpy().tolist()]
    lines = [list(frame.columns), ["---"] * frame.shape[1], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def measured(wholes: list[Whole]) -> pd.DataFrame:
    """The scores of every whole, with its history as drawn and with its last ``SHORT`` points."""
    histories = {"5 to 12": wholes, "4": [truncated(whole) for whole in wholes]}
    rows = [row for name, told in histories.items() for n, whole in enumerate(told) for row in scores_of(n, whole, name)]
    frame = pd.DataFrame(rows)
    return frame.assign(kind=frame.indicator.replace(FAMILIES, regex=True))


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--countries", "--series", "--tasks"):
        ap.add_argument(name, required=True, type=Path)
    ap.add_argument("--aggregates", type=Path)
    ap.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    given = ap.parse_args()
    wholes = development(given.series, given.tasks) + countries(given.countries)
    wholes += unions(given.aggregates, given.countries) if given.aggregates else []
    frame = measured(wholes)
    table = tables(frame)
    given.out.mkdir(parents=True, exist_ok=True)
    table.to_csv(given.out / "whole_from_parts.csv", index=False, float_format="%.5f")
    (given.out / "whole_from_parts.md").write_text(page(frame, table), encoding="utf-8")
    print(loss(frame).sort_values().head(8).round(4).to_string())


if __name__ == "__main__":
    main()
