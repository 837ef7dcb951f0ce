"""Replay of earlier as-ofs: what would have been said with the figures known then, and what came."""

import numpy as np
import pandas as pd

from qnict_analysis import periods
from qnict_analysis.forecast import forecast
from qnict_analysis.indicators import build_series, unit_panel
from qnict_analysis.observations import apply_corrections, known_at

REPLAY = (
    "as_of",
    "target",
    "indicator",
    "period",
    "horizon",
    "low",
    "median",
    "high",
    "p_met",
    "last",
    "last_met",
    "value",
    "met",
)
"""One replayed forecast of one part of a target: the 10, 50 and 90 % points and the chance that the comparator is satisfied
in ``period``; ``last`` is the level known then; ``value`` and ``met`` are what was reported later. Levels as in the series."""

LEAST_HISTORY_YEARS = 1
"""A replay starts once a year of returns exists: before that there is nothing to forecast from."""


def earlier_as_ofs(as_of: periods.AsOf, registry, *, horizon: int) -> list[periods.AsOf]:
    """As-ofs at the end of every period whose forecast ``horizon`` periods ahead can be compared at ``as_of``."""
    programme = registry.programme
    steps = periods.STEPS_PER_YEAR[programme.frequency]
    first = periods.shift(programme.start, steps * LEAST_HISTORY_YEARS)
    last = periods.shift(min(as_of.through, programme.deadline, key=periods.ordinal), -horizon)
    labels = periods.period_range(first, last)
    read = {"kind": programme.frequency, "cutoff_days": programme.cutoff_days}
    return [periods.parse_as_of(label, **read) for label in labels]


def replay(observations: pd.DataFrame, registry, as_of: periods.AsOf, *, horizon: int, n_draws: int, seed: int) -> pd.DataFrame:
    """Forecasts ``horizon`` periods ahead from every earlier as-of, beside what ``as_of`` knows.

    ``observations`` are all vintages (``schema.OBSERVATIONS``); each replay sees only what was known at its own as-of.
    Returns the columns of ``REPLAY``, one row an as-of and part; empty when nothing can be compared yet.
    """
    outcomes = known_series(observations, registry, as_of)[1].set_index(["indicator", "period"])
    found = [
        row
        for then in earlier_as_ofs(as_of, registry, horizon=horizon)
        for row in replay_one(observations, registry, then, outcomes, horizon=horizon, n_draws=n_draws, seed=seed)
    ]
    return pd.DataFrame(found, columns=list(REPLAY))


def known_series(observations: pd.DataFrame, registry, as_of: periods.AsOf) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Unit panel and series as known at ``as_of``."""
    known = apply_corrections(known_at(observations, as_of), registry.corrections, as_of)
    panel = unit_panel(known, registry, as_of)
    return panel, build_series(panel, registry)


def replay_one(observations, registry, then, outcomes, *, horizon: int, n_draws: int, seed: int) -> list[dict]:
    """The rows of one earlier as-of; parts without a forecast or without an outcome are left out."""
    panel, series = known_series(observations, registry, then)
    draws = forecast(series, panel, registry, as_of=then, n_draws=n_draws, seed=seed)
    latest = series.dropna(subset="value").groupby("indicator").last()
    period = periods.shift(then.through, horizon)
    return [
        {"as_of": then.label, "target": target.id, "indicator": part.indicator, "period": period, "horizon": horizon}
        | compare(
            part, registry, draws[part.indicator, period], latest.loc[part.indicator], outcomes.loc[(part.indicator, period)]
        )
        for target, part in registry.parts()
        if (part.indicator, period) in draws and (part.indicator, period) in outcomes.index
    ]


def compare(part, registry, draws: pd.Series, latest: pd.Series, outcome: pd.Series) -> dict:
    """What the draws of one period said beside the level known then and the figure that came, all in the draws' unit."""
    whole = registry.indicators[part.indicator].kind == "units"
    figures = [row.numerator if whole else row.value for row in (latest, outcome)]
    low, median, high = draws.quantile([0.1, 0.5, 0.9])
    levels, counts = np.unique(draws, return_counts=True)
    met = np.array([part.is_met(level, outcome.denominator if whole else None) for level in levels], dtype=bool)
    last_met, now_met = (
        part.is_met(figure, row.denominator if whole else None) for figure, row in zip(figures, (latest, outcome), strict=True)
    )
    said = {"low": low, "median": median, "high": high, "p_met": counts[met].sum() / counts.sum()}
    return said | {"last": figures[0], "last_met": last_met, "value": figures[1], "met": now_met}


def record(replayed: pd.DataFrame) -> pd.DataFrame:
    """Scores of the replayed forecasts beside persistence, long: method, metric, value.

    ``brier`` is the mean of (p - met)^2 over parts and as-ofs, where ``met`` says whether the comparator was satisfied in that
    period; persistence says 1 when it is satisfied today and 0 otherwise. ``cov80``: share of outcomes within the 10 and
    90 % points, both included. ``skill`` = 1 - brier / brier of persistence.
    """
    met = replayed.met.astype(float)
    brier = ((replayed.p_met - met) ** 2).mean()
    still = ((replayed.last_met.astype(float) - met) ** 2).mean()
    rows = [
        ("forecast", "n", len(replayed)),
        ("forecast", "brier", brier),
        ("persistence", "brier", still),
        ("forecast", "skill", 1 - brier / still if still > 0 else np.nan),
        ("forecast", "cov80", replayed.value.between(replayed.low, replayed.high).mean()),
    ]
    return pd.DataFrame(rows, columns=["method", "metric", "value"])
