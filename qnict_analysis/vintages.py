"""What was known when: figures as they were first reported, and how much they were revised afterwards."""

import numpy as np
import pandas as pd

from qnict_analysis.indicators import build_series, unit_panel
from qnict_analysis.observations import KEY, known_at
from qnict_analysis.periods import AsOf, ordinal, parse_as_of, period_range

REVISIONS = ("indicator", "n_figures", "n_revised", "typical", "largest")


def revisions(history: pd.DataFrame, registry) -> pd.DataFrame:
    """How the units' figures of each indicator were revised: columns REVISIONS, a row an indicator of the registry.

    ``history``: observations (``schema.OBSERVATIONS``) of every vintage known. ``n_figures``: figures (unit and period) known,
    ``n_revised``: those whose value is another in their latest vintage than in their first; ``typical`` and ``largest``: median
    and maximum of the absolute change of those, as a share (ratio, share, units) or in items (count); 0 without revisions.
    """
    ordered = history.sort_values([*KEY, "reported_on", "file", "cell"], kind="stable")
    value = ordered["numerator"] / ordered["denominator"].fillna(1.0)
    both = value.groupby([ordered[name] for name in KEY], sort=False).agg(["first", "last"])
    change = (both["last"] - both["first"]).abs()
    rows = [_revision_row(name, change[change.index.get_level_values(0) == name]) for name in registry.indicators]
    return pd.DataFrame(rows, columns=list(REVISIONS))


def _revision_row(name: str, change: pd.Series) -> tuple:
    moved = change[change > 0]
    sizes = (float(moved.median()), float(moved.max())) if len(moved) else (0.0, 0.0)
    return name, len(change), len(moved), *sizes


def first_prints(history: pd.DataFrame, registry, as_of: AsOf) -> pd.DataFrame:
    """The value of each indicator and period as it stood at that period's own cut-off, beside what is known at ``as_of``.

    Columns indicator, period, then, now (``schema.SERIES`` values; NaN where nothing was known yet), in the order of registry
    and time.
    """
    programme = registry.programme
    now = build_series(unit_panel(known_at(history, as_of), registry, as_of), registry)
    found = []
    for label in period_range(programme.start, as_of.through):
        then = parse_as_of(label, kind=programme.frequency, cutoff_days=programme.cutoff_days)
        known = known_at(history, then)
        if len(known) and then.cutoff <= as_of.cutoff:
            series = build_series(unit_panel(known, registry, then), registry)
            found.append(series[series["period"] == label])
    then = pd.concat(found, ignore_index=True) if found else now.iloc[:0]
    both = now[["indicator", "period", "value"]].rename(columns={"value": "now"})
    both = both.merge(then[["indicator", "period", "value"]].rename(columns={"value": "then"}), how="left")
    order = {name: place for place, name in enumerate(registry.indicators)}
    places = np.lexsort((both["period"].map(ordinal), both["indicator"].map(order)))
    return both.iloc[places].reset_index(drop=True)[["indicator", "period", "then", "now"]]


def calendar(history: pd.DataFrame, panel: pd.DataFrame, registry) -> pd.DataFrame:
    """Who reported when: units (rows) by periods (columns): on_time, partly, late, carried, silent, "" for no unit.

    on_time: every figure that the unit reports came by the period's own cut-off; partly: some of them; late: figures came
    afterwards only; carried: none came, an earlier figure is kept; silent: nothing is known. ``history``: observations of every
    vintage known.
    """
    programme = registry.programme
    first = history.groupby(["unit", "period", "indicator"])["reported_on"].min()
    cutoffs = {
        label: parse_as_of(label, kind=programme.frequency, cutoff_days=programme.cutoff_days).cutoff
        for label in panel["period"].unique()
    }
    rows = panel.set_index(["unit", "period", "indicator"])
    came = first.reindex(rows.index)
    due = pd.Series([pd.Timestamp(cutoffs[label]) for label in rows.index.get_level_values("period")], index=rows.index)
    told = pd.DataFrame({"early": came <= due, "told": came.notna(), "kept": rows["state"] == "carried"})
    by = told.groupby(level=["unit", "period"], sort=False).agg(
        all_early=("early", "all"), any_early=("early", "any"), told=("told", "any"), kept=("kept", "any")
    )
    choices = [by["all_early"], by["any_early"], by["told"], by["kept"]]
    state = pd.Series(np.select(choices, ["on_time", "partly", "late", "carried"], "silent"), index=by.index)
    labels = sorted(panel["period"].unique(), key=ordinal)
    return (
        state.unstack("period").reindex(index=[u for u in registry.units if u in set(panel["unit"])], columns=labels).fillna("")
    )
