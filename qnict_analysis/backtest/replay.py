"""Every earlier as-of forecast anew with what was known then, beside what came."""

import dataclasses
import datetime as dt
import math

import numpy as np
import pandas as pd
from scipy import special

from qnict_analysis import periods
from qnict_analysis.assessment import assess
from qnict_analysis.assessment.official import record_of
from qnict_analysis.assessment.outlook import latest_n
from qnict_analysis.assessment.standing import Standing, is_decided, met_of, reason_of, standings, today
from qnict_analysis.backtest import baselines
from qnict_analysis.backtest.scores import LEVELS, QUANTILES
from qnict_analysis.forecast import basis, forecast
from qnict_analysis.indicators import build_series, unit_panel
from qnict_analysis.observations import KEY, apply_corrections, known_at

METHODS = ("forecast", "persistence", *baselines.RULES_AHEAD, *baselines.MODELS)

CHANCES = ("as_of", "vintage", "target", "group", "period", "horizon", "at_deadline", *METHODS)
"""One target and one later period, as said at ``as_of``: the chance that it is met in that period by each method (NaN where a
method cannot speak). ``horizon``: periods from the latest known one; ``vintage``: ``true`` or ``pseudo``."""

SPREADS = ("as_of", "vintage", "target", "indicator", "period", "horizon", "goal", "method", "p_met", *QUANTILES)
"""One part and one later period: quantiles of the level by a method (shares 0 to 1, ratios and counts plain); ``goal``: the level
that satisfies the part, ``p_met``: the chance that it does."""

YEARS_AHEAD = (0.25, 0.5, 1.0, 2.0)
LEAST_HISTORY_YEARS = 1
"""A replay starts once a year of returns exists: before that there is nothing to forecast from."""


def horizons_of(kind: str) -> list[int]:
    """How many periods ahead is compared: a quarter, half a year, one and two years, as far as whole periods go."""
    steps = periods.STEPS_PER_YEAR[kind]
    return [round(years * steps) for years in YEARS_AHEAD if years * steps >= 1]


def replayed_as_ofs(registry, as_of: periods.AsOf) -> list[periods.AsOf]:
    """The as-ofs at the end of every period that a later one can be compared with: from a year after the programme's start (or
    its ``replay_from``) to the one before ``as_of`` or before the deadline."""
    programme = registry.programme
    steps = periods.STEPS_PER_YEAR[programme.frequency]
    first = programme.replay_from or periods.shift(programme.start, steps * LEAST_HISTORY_YEARS)
    last = periods.shift(min(as_of.through, programme.deadline, key=periods.ordinal), -1)
    read = {"kind": programme.frequency, "cutoff_days": programme.cutoff_days}
    return [periods.parse_as_of(label, **read) for label in periods.period_range(first, last)]


def pseudo_history(history: pd.DataFrame, registry) -> pd.DataFrame:
    """The first vintage of every figure, as if it had been known ``cutoff_days`` after its period's end, if it came later."""
    days = dt.timedelta(days=registry.programme.cutoff_days)
    due = {label: pd.Timestamp(periods.period_end(label) + days) for label in history["period"].unique()}
    first = history.sort_values([*KEY, "reported_on", "file", "cell"], kind="stable").drop_duplicates(KEY)
    known = np.minimum(first["reported_on"], first["period"].map(due))
    return first.assign(reported_on=known).reset_index(drop=True)


def pseudo_registry(registry):
    """The registry whose corrections are known with the figures that they are about."""
    days = dt.timedelta(days=registry.programme.cutoff_days)
    records = [
        record.model_copy(update={"known_on": min(record.known_on, periods.period_end(record.period) + days)})
        for record in registry.corrections
    ]
    return dataclasses.replace(registry, corrections=tuple(records))


def replay_at(
    history: pd.DataFrame, registry, then: periods.AsOf, *, n_draws: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What every method would have said at ``then``: the tables CHANCES and SPREADS.

    ``history``: observations of every vintage (``schema.OBSERVATIONS``); only what was reported by ``then``'s cut-off is looked
    at. Where nothing was, the first vintages stand in, as known ``cutoff_days`` after their period (``vintage`` pseudo).
    """
    vintage, known = "true", known_at(history, then)
    if known.empty:
        vintage, registry = "pseudo", pseudo_registry(registry)
        known = known_at(pseudo_history(history, registry), then)
    if known.empty:
        return pd.DataFrame(columns=list(CHANCES)), pd.DataFrame(columns=list(SPREADS))
    known = apply_corrections(known, registry.corrections, then)
    panel = unit_panel(known, registry, then)
    series = build_series(panel, registry)
    grounds = basis(series, registry, then)
    draws = forecast(series, panel, registry, as_of=then, n_draws=n_draws, seed=seed)
    found = standings(draws, series, grounds, registry, then)
    open_ones = [standing for standing in found if not reason_of(standing) and not is_decided(standing)]
    parts = assess(draws, series, grounds, registry, then)[1]
    rows = {(row.target, row.indicator): row for row in parts.itertuples(index=False)}
    chances, spreads = [], []
    for standing in open_ones:
        seen = [seen_part(one, rows[standing.target.id, one.indicator.id], series, registry, then) for one in standing.parts]
        for period, horizon in ahead_of(standing, registry):
            key = {"as_of": then.label, "vintage": vintage, "target": standing.target.id}
            chances.append(key | chance_row(standing, seen, period, horizon))
            spreads += [key | row for one in seen for row in spread_rows(one, period, horizon)]
    return pd.DataFrame(chances, columns=list(CHANCES)), pd.DataFrame(spreads, columns=list(SPREADS))


class Seen:
    """One part as the methods see it: its outlook, its record for the rules, and the fitted models."""

    def __init__(self, one, record):
        self.one, self.record, self.kind = one, record, one.indicator.kind
        self.n_units = latest_n(one.indicator, one.known) or one.n_units
        last, end = one.known["period"].iloc[-1], one.target.deadline
        self.last = periods.ordinal(last)
        self.steps = max(periods.ordinal(end) - self.last, 1)
        numbers = [periods.ordinal(label) for label in one.known["period"]]
        even = len(numbers) > 1 and np.ptp(numbers) == len(numbers) - 1
        values = one.known["level"].to_numpy(float) if even else evened(numbers, one.known["level"].to_numpy(float))
        self.models = {name: baselines.fitted(name, values, self.kind, self.steps) for name in baselines.MODELS}


def seen_part(one, row, series, registry, then) -> Seen:
    """One part of a target (``row`` of the assessment of parts) as the methods see it."""
    return Seen(one, record_of(row, series, registry, then))


def evened(numbers: list[int], values: np.ndarray) -> np.ndarray:
    """A record with gaps in equal steps, gaps filled on a straight line: the libraries know no missing figure."""
    return np.interp(np.arange(numbers[0], numbers[-1] + 1), numbers, values)


def ahead_of(standing: Standing, registry) -> list[tuple[str, int]]:
    """The periods that are compared, each with its distance from the latest known one; the deadline is always among them."""
    deadline, latest = standing.target.deadline, today(standing)
    drawn = [label for label in standing.hits.columns if periods.ordinal(label) > periods.ordinal(latest)]
    wanted = {periods.shift(latest, steps) for steps in horizons_of(registry.programme.frequency)} | {deadline}
    return [(label, periods.ordinal(label) - periods.ordinal(latest)) for label in drawn if label in wanted]


def chance_row(standing: Standing, seen: list[Seen], period: str, horizon: int) -> dict:
    """What every method says of one target and period: parts together, by the joint draws for ours, by the product for models."""
    end = float(periods.period_time([period])[0])
    said = {"forecast": standing.hits[period].mean(), "persistence": float(all(one.record.met for one in seen))}
    for rule in baselines.RULES_AHEAD:
        said[rule] = together([baselines.rule_chance(rule, one.record, end) for one in seen], np.min)
    for model in baselines.MODELS:
        said[model] = together([model_chance(one, model, period) for one in seen], np.prod)
    place = {"group": standing.target.group, "period": period, "horizon": horizon}
    return place | {"at_deadline": period == standing.target.deadline} | said


def together(chances: list[float], how) -> float:
    """Several parts as one; NaN where a method is silent about any."""
    return math.nan if any(map(math.isnan, chances)) else float(how(chances))


def model_chance(seen: Seen, model: str, period: str) -> float:
    """What a library's model says of one part and period; NaN where it has nothing."""
    step, found = periods.ordinal(period) - seen.last, seen.models[model]
    if found is None or not 1 <= step <= seen.steps:
        return math.nan
    return baselines.normal_chance(found, step, seen.record, seen.kind, seen.one.part, seen.n_units)


def spread_rows(seen: Seen, period: str, horizon: int) -> list[dict]:
    """Quantiles of the level of one part in one period, by our draws and by each model."""
    one, step = seen.one, periods.ordinal(period) - seen.last
    place = {"indicator": one.indicator.id, "period": period, "horizon": horizon, "goal": seen.record.goal}
    scale = seen.n_units if seen.kind == "units" else 1
    rows = []
    if period in one.ahead:
        method = "inverted_cdf" if seen.kind in ("units", "count") else "linear"
        levels = np.quantile(one.ahead[period].to_numpy(float), LEVELS, method=method) / scale
        p_met = float(one.hits[period].mean())
        rows.append(place | {"method": "forecast", "p_met": p_met} | dict(zip(QUANTILES, levels, strict=True)))
    for model, found in seen.models.items():
        if found is not None and 1 <= step <= seen.steps:
            scaled = found.mean[step - 1] + special.ndtri(LEVELS) * found.spread[step - 1]
            levels = baselines.from_scale(scaled, seen.kind)
            said = {"method": model, "p_met": model_chance(seen, model, period)}
            rows.append(place | said | dict(zip(QUANTILES, levels, strict=True)))
    return rows


# --- what came -------------------------------------------------------------------------------------------------------


def with_outcomes(chances: pd.DataFrame, spreads: pd.DataFrame, now) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both tables with what came: ``met`` and ``value``, and ``status`` of the figure that decides; rows without an outcome yet
    are left out. ``now``: an analysis (``Analysis``) that knows more."""
    found = standings(now.draws, now.series, now.basis, now.registry, now.as_of)
    met, levels = {}, {}
    for standing in found:
        known = set.intersection(*(set(one.known["period"]) for one in standing.parts))
        met |= {(standing.target.id, label): bool(standing.hits[label].iloc[0]) for label in known & set(standing.hits.columns)}
        if is_decided(standing) and not reason_of(standing):
            met[standing.target.id, standing.target.deadline] = bool(met_of(standing).iloc[0])
        for one in standing.parts:
            levels |= {(one.indicator.id, row.period): row.level for row in one.known.itertuples()}
    came = chances.assign(met=[met.get(key) for key in zip(chances["target"], chances["period"], strict=True)])
    reached = spreads.assign(
        value=[levels.get(key, math.nan) for key in zip(spreads["indicator"], spreads["period"], strict=True)]
    )
    came = came[came["met"].notna()].astype({"met": bool})
    return came.reset_index(drop=True), reached[reached["value"].notna()].reset_index(drop=True)
