"""Where a printed figure comes from: every return behind it, down to file, sheet, cell and vintage."""

import pandas as pd

from qnict_analysis.indicators import build_series, unit_panel
from qnict_analysis.observations import apply_corrections, known_at
from qnict_analysis.periods import AsOf, ordinal

TRACE = ("unit", "state", "period", "numerator", "denominator", "reported_on", "file", "sheet", "cell", "vintage", "used", "note")


def indicators_of(name: str, registry) -> list[str]:
    """The indicators behind a target, an alias of one, or an indicator; ``ValueError`` lists the known names."""
    for target in registry.targets.values():
        if name in (target.id, *target.aliases):
            return [part.indicator for part in target.parts]
    if name in registry.indicators:
        return [name]
    known = list(dict.fromkeys([*registry.targets, *registry.indicators]))
    raise ValueError(f"{name!r} is no target and no indicator; known: {', '.join(known)}")


def trace(observations: pd.DataFrame, registry, indicator: str, period: str, as_of: AsOf) -> tuple[pd.Series, pd.DataFrame]:
    """What an indicator's figure of a period rests on, as known at ``as_of``: its row of the series, and columns TRACE.

    One row a unit and vintage: ``state`` is reported, carried or silent; ``period`` is what the figure was reported for (an
    earlier one where it is carried); ``vintage`` counts from 1, and ``used`` marks the one that counts. ``note`` says "corrected"
    where a record of corrections.yaml stands over the figure. ``ValueError`` where nothing was known of the period.
    """
    known = known_at(observations, as_of)
    corrected = apply_corrections(known, registry.corrections, as_of)
    panel = unit_panel(corrected, registry, as_of)
    series = build_series(panel, registry)
    whole = series[(series["indicator"] == indicator) & (series["period"] == period)]
    if whole.empty:
        have = series.loc[series["indicator"] == indicator, "period"]
        span = f"known: {have.iloc[0]} to {have.iloc[-1]}" if len(have) else "nothing of it is known"
        raise ValueError(f"{indicator}: no figure of {period} was known on {as_of.cutoff:%Y-%m-%d}; {span}")
    own = panel[(panel["indicator"] == indicator) & (panel["period"] == period)]
    past = observations[(observations["indicator"] == indicator) & (observations["reported_on"] <= pd.Timestamp(as_of.cutoff))]
    rows = [row for unit in own.itertuples() for row in _rows_of(unit, past, corrected)]
    return whole.iloc[0], pd.DataFrame(rows, columns=list(TRACE))


def _rows_of(unit, past: pd.DataFrame, corrected: pd.DataFrame) -> list[tuple]:
    """Every vintage of the figure that stands for a unit; one empty row for a silent one."""
    if unit.state == "silent":
        return [(unit.unit, unit.state, unit.period, None, None, None, "", "", "", 0, False, "")]
    mine = corrected[(corrected["indicator"] == unit.indicator) & (corrected["unit"] == unit.unit)]
    earlier = mine[mine["period"].map(ordinal) <= ordinal(unit.period)]
    source = earlier.loc[earlier["period"].map(ordinal).idxmax()]
    told = past[(past["unit"] == unit.unit) & (past["period"] == source["period"])].sort_values(["reported_on", "file", "cell"])
    rows = []
    for number, row in enumerate(told.itertuples(), start=1):
        used = number == len(told)
        changed = used and not _same(row, source)
        cells = (row.numerator, row.denominator, row.reported_on.date(), row.file, row.sheet, row.cell)
        rows.append((unit.unit, unit.state, source["period"], *cells, number, used, "corrected" if changed else row.note))
    return rows


def _same(row, source: pd.Series) -> bool:
    pairs = ((row.numerator, source["numerator"]), (row.denominator, source["denominator"]))
    return all(one == other or (one != one and other != other) for one, other in pairs)
