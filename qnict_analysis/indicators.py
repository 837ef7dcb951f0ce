"""From what units reported to one value an indicator and period, with how much of the whole it rests on."""

import numpy as np
import pandas as pd

from qnict_analysis.periods import AsOf, ordinal, period_range
from qnict_analysis.schema import PANEL, SERIES, STATUSES

UNIT = ["indicator", "unit"]
POINT = ["indicator", "period"]


def unit_panel(observations: pd.DataFrame, registry, as_of: AsOf) -> pd.DataFrame:
    """One row an indicator, unit and period, for every unit of the scope that existed then (``schema.PANEL``).

    ``observations`` as known at ``as_of``. A unit that falls silent keeps its last figure for at most ``carry_periods``
    periods (state ``carried``), then it is ``silent``, without figures and without status.
    """
    frame = _frame_of(registry, as_of)
    figures = observations[["indicator", "unit", "period", "numerator", "denominator", "status"]]
    panel = frame.merge(figures, how="left", on=[*UNIT, "period"], validate="one_to_one")
    reported = panel["numerator"].notna()
    carried = _carry(panel, reported, limit=int(registry.assumption("carry_periods")))
    state = np.select([reported, carried["numerator"].notna()], ["reported", "carried"], "silent")
    panel = panel.assign(**carried, state=pd.Series(state, dtype="str"))
    panel["status"] = panel["status"].fillna("")
    panel["value"] = panel["numerator"] / panel["denominator"].where(_has_denominator(panel, registry), 1.0)
    return panel[list(PANEL)]


def build_series(panel: pd.DataFrame, registry) -> pd.DataFrame:
    """One row an indicator and period in which at least one unit reported (``schema.SERIES``).

    Share and ratio: Σ numerators / Σ denominators over the units known (reported or carried). Units: adopters known / N,
    where N counts silent units too. Count: Σ numerators. ``coverage``: the part of the weight that is known, a unit's weight
    being its denominator (1 for counts). Bounds: the value with the silent units all against and all for; for ratios all
    for means the highest rate of a unit, at least 1; a count has no upper bound while a unit is silent.

    ``change``: what the units known now that had a figure before, whenever that was, have moved since then: their rate (their
    items, for counts) less the rate that their figures before make. A unit that comes, goes or returns is no change by itself.
    """
    rows = panel.assign(weight=weights(panel, registry), known=panel["state"] != "silent", kind=_kinds(panel, registry))
    sums = _sums(rows).assign(moved=_moves(rows)).reset_index()
    sums["change"] = sums.groupby("indicator", sort=False)["moved"].cumsum()
    sums = sums[sums["n_reporting"] > 0].reset_index(drop=True)
    order = {name: place for place, name in enumerate(registry.indicators)}
    keys = pd.DataFrame({"indicator": sums["indicator"].map(order), "period": _ordinals(sums["period"])})
    sums = sums.iloc[np.lexsort((keys["period"], keys["indicator"]))].reset_index(drop=True)
    sums["change"] = sums.groupby("indicator", sort=False)["change"].diff()
    return sums.assign(**_values(sums), status=sums["rank"].map(dict(enumerate(STATUSES))).astype("str"))[list(SERIES)]


def steady(rows: pd.DataFrame, kind: str) -> np.ndarray:
    """The values of some rows of one indicator's series (in time order), told from the last one back by their ``change``.

    Where everybody reported these are the values themselves; else they are what the record would look like if those known now
    had always been the ones known. Shares and units stay within 0 and 1, others above 0.
    """
    values = rows["value"].to_numpy(float)
    if (rows["coverage"] >= 1.0).all():
        return values
    moved = rows["change"].fillna(0.0).cumsum().to_numpy(float)
    told = values[-1] - (moved[-1] - moved)
    return np.clip(told, 0.0, 1.0 if kind in ("share", "units") else np.inf)


# --- panel -----------------------------------------------------------------------------------------------------------


def _frame_of(registry, as_of: AsOf) -> pd.DataFrame:
    """Every indicator, unit and period that should be there, in the order of registry and time within a unit."""
    periods = period_range(registry.programme.start, as_of.through)
    scopes = {indicator.scope for indicator in registry.indicators.values()}
    members = {scope: [registry.units_in(scope, period) for period in periods] for scope in scopes}
    rows = [
        (name, unit, period)
        for name, indicator in registry.indicators.items()
        for period, units in zip(periods, members[indicator.scope], strict=True)
        for unit in units
    ]
    frame = pd.DataFrame(rows, columns=[*UNIT, "period"]).astype("str")
    codes = {unit: place for place, unit in enumerate(registry.units)}
    names = {name: place for place, name in enumerate(registry.indicators)}
    order = np.lexsort((_ordinals(frame["period"]), frame["unit"].map(codes), frame["indicator"].map(names)))
    return frame.iloc[order].reset_index(drop=True)


def _carry(panel: pd.DataFrame, reported: pd.Series, *, limit: int) -> dict[str, pd.Series]:
    """The last figure of each unit carried forward for at most ``limit`` periods."""
    figures = panel[["numerator", "denominator", "status"]]
    place = pd.Series(np.arange(len(panel)), dtype=float).where(reported)
    source = place.groupby([panel[name] for name in UNIT], sort=False).ffill(limit=limit) if limit > 0 else place
    taken = figures.take(source.fillna(0).astype(int).to_numpy()).reset_index(drop=True)
    return {name: taken[name].where(source.notna()) for name in figures}


def _has_denominator(panel: pd.DataFrame, registry) -> pd.Series:
    return _kinds(panel, registry) != "count"


def _kinds(panel: pd.DataFrame, registry) -> pd.Series:
    return panel["indicator"].map({name: indicator.kind for name, indicator in registry.indicators.items()})


def _ordinals(periods: pd.Series) -> pd.Series:
    return periods.map({label: ordinal(label) for label in periods.unique()})


# --- series ----------------------------------------------------------------------------------------------------------


def weights(panel: pd.DataFrame, registry) -> pd.Series:
    """What each unit counts for: its last known denominator, else its first, else the median of the others; counts: 1."""
    own = panel["denominator"].where(panel["state"] == "reported")
    by_unit = [panel[name] for name in UNIT]
    known = own.groupby(by_unit, sort=False).ffill()
    known = known.fillna(known.groupby(by_unit, sort=False).bfill())
    middle = known.groupby([panel[name] for name in POINT], sort=False).transform("median")
    return known.fillna(middle).where(_has_denominator(panel, registry), 1.0).fillna(1.0)


def _sums(rows: pd.DataFrame) -> pd.DataFrame:
    """Sums over the units of an indicator and period: what is known, what is missing, and the weakest status."""
    ranks = rows["status"].map({status: rank for rank, status in enumerate(STATUSES)})
    parts = rows.assign(
        all_weight=rows["weight"],
        missing=rows["weight"].where(~rows["known"], 0.0),
        best=rows["value"].fillna(0.0),
        n_reporting=(rows["state"] == "reported").astype(int),
        n_units=1,
        rank=ranks,
    )
    how = {name: "sum" for name in ("numerator", "denominator", "all_weight", "missing", "n_reporting", "n_units")}
    return parts.groupby(POINT, sort=False).agg({**how, "best": "max", "rank": "max", "kind": "first"})


def _moves(rows: pd.DataFrame) -> pd.Series:
    """The change of each indicator and period among the units that are known and had a figure before; 0 without any."""
    by_unit = [rows[name] for name in UNIT]
    figures = rows[["numerator", "denominator"]].where(rows["known"])
    before = figures.groupby(by_unit, sort=False).ffill().groupby(by_unit, sort=False).shift(1)
    both = rows["known"] & before["numerator"].notna()
    pairs = rows[[*POINT, "kind"]].assign(
        now=figures["numerator"].where(both),
        of=figures["denominator"].where(both),
        then=before["numerator"].where(both),
        of_then=before["denominator"].where(both),
    )
    sums = pairs.groupby(POINT, sort=False).agg({"now": "sum", "of": "sum", "then": "sum", "of_then": "sum", "kind": "first"})
    is_count = sums["kind"] == "count"
    rates = sums["now"] / sums["of"].where(sums["of"] > 0) - sums["then"] / sums["of_then"].where(sums["of_then"] > 0)
    return rates.where(~is_count, sums["now"] - sums["then"]).fillna(0.0)


def _values(sums: pd.DataFrame) -> dict[str, pd.Series]:
    """The denominator, value, coverage and bounds of each kind; all units of a whole must be counted, known or not."""
    is_units, is_count = sums["kind"] == "units", sums["kind"] == "count"
    whole = sums["denominator"] + sums["missing"]
    denominator = sums["denominator"].where(~is_units, whole).mask(is_count)
    ceiling = sums["best"].clip(lower=1.0).where(sums["kind"] == "ratio", 1.0)
    below = sums["numerator"].where(is_count, sums["numerator"] / whole.mask(is_count))
    above = ((sums["numerator"] + sums["missing"] * ceiling) / whole).mask(is_count)
    return {
        "denominator": denominator,
        "value": sums["numerator"].where(is_count, sums["numerator"] / denominator),
        "coverage": 1.0 - sums["missing"] / sums["all_weight"],
        "low_bound": below,
        "high_bound": above.where(~is_count, sums["numerator"].where(sums["missing"] == 0)),
    }
