"""What each reporting unit adds to a provincial value, to what is missing from its target, and to its change.

The value is a sum over units, V = sum a_i, and the units' parts of the whole add up to 1, sum w_i = 1: a share, ratio or k of N
has a_i = numerator_i / D and w_i = denominator_i / D, with D the whole's denominator. So every part below adds up exactly.
"""

import numpy as np
import pandas as pd

from qnict_analysis import periods
from qnict_analysis.assessment.outlook import known_figures
from qnict_analysis.assessment.rules import direction_of
from qnict_analysis.indicators import weights

GAP_PARTS = (
    *("target", "indicator", "unit", "period", "state", "numerator", "denominator", "value"),
    *("weight", "to_value", "ahead", "to_gap"),
)
CHANGE_PARTS = ("indicator", "unit", "since", "period", "state", "within", "structure", "entry_exit", "change")


def gap_parts(panel: pd.DataFrame, series: pd.DataFrame, registry, as_of) -> pd.DataFrame:
    """What each unit adds to the latest value of every part of a target, and to what is missing from it; columns GAP_PARTS.

    ``panel``, ``series``: the tables of ``schema``. Shares are 0 to 1, counts whole. ``weight`` w: the unit's part of the whole's
    denominator (of a count, which has none: an equal part). ``to_value`` a adds up to the value V. ``ahead`` = a - w V adds up to
    0: what the unit lifts the whole above (or pulls it below) where it would be at its rate. ``to_gap`` = +-(w threshold - a)
    adds up to the assessment's ``gap`` of that part: positive where the unit is short of the target's level, negative where it
    makes up for others; the sign turns where less is better.

    A silent unit has no figure: of a share or ratio it is no part (weight 0), of k of N it counts as not adopted, as in the
    series, and of a count as 0; ``state`` says so. Parts without any figure up to their deadline have no rows.
    """
    found = [_gap_of(target, part, panel, series, registry, as_of) for target, part in registry.parts()]
    return _table(found, GAP_PARTS)


def change_parts(
    panel: pd.DataFrame, series: pd.DataFrame, registry, as_of, *, since: str | None = None, until: str | None = None
) -> pd.DataFrame:
    """What each unit adds to the change of every indicator's value between two periods; columns CHANGE_PARTS.

    ``since``, ``until``: periods or years (a year is its last period); by default the latest figure and the one a year before it.
    Each stands for the latest figure up to it, and ``since`` for the first one of the present definition where that came later.
    The columns ``since`` and ``period`` name the figures compared; indicators without two of them have no rows.

    With bars for means of both periods: ``within`` = w-bar (v1 - v0), the unit's own rate moved; ``structure`` = (v-bar - V-bar)
    (w1 - w0), a unit above (below) the whole grew (shrank) in weight; ``entry_exit`` = (a1 - w1 V-bar) - (a0 - w0 V-bar), the
    unit came, went, or reported only one of both times. Their sum ``change`` adds up to V1 - V0. Counts have no weights: the
    unit's own change is ``within``. Griliches and Regev (1995, "Firm productivity in Israeli industry 1979-1988", Journal of
    Econometrics 65), the decomposition with mean weights, which leaves no interaction to be put anywhere.

    ``ValueError`` where ``since`` or ``until`` is no period, or ``until`` is not after ``since``.
    """
    since, until = (_in_frequency(label, registry.programme.frequency) for label in (since, until or as_of.through))
    if since and periods.ordinal(since) >= periods.ordinal(until):
        raise ValueError(f"since {since} is not before until {until}: give an earlier period")
    weighed = panel.assign(whole_weight=weights(panel, registry))
    found = [_change_of(one, weighed, series, registry, as_of, since, until) for one in registry.indicators.values()]
    return _table(found, CHANGE_PARTS)


def _table(found: list, columns: tuple) -> pd.DataFrame:
    rows = [frame for frame in found if frame is not None]
    return pd.concat(rows, ignore_index=True)[list(columns)] if rows else pd.DataFrame(columns=list(columns))


# --- gap -------------------------------------------------------------------------------------------------------------


def _gap_of(target, part, panel, series, registry, as_of) -> pd.DataFrame | None:
    indicator = registry.indicators[part.indicator]
    known = known_figures(series, indicator, registry, as_of, until=target.deadline)
    if known.empty:
        return None
    period, value = known["period"].iloc[-1], float(known["level"].iloc[-1])
    own = panel[panel["indicator"] == indicator.id]
    own = own.assign(whole_weight=weights(own, registry))
    rows = parts_of(own[own["period"] == period], indicator.kind)
    equal = rows.assign(weight=1.0 / len(rows)) if indicator.kind == "count" else rows
    return equal.assign(
        target=target.id,
        to_value=equal["part"],
        ahead=equal["part"] - equal["weight"] * value,
        to_gap=direction_of(part) * (equal["weight"] * float(part.threshold) - equal["part"]),
    )


def parts_of(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Rows of the panel of one indicator and period, with ``part`` a and ``weight`` w (0 for counts) of the whole.

    ``rows`` have ``whole_weight`` (``indicators.weights``): what a silent unit counts for among k of N.
    """
    known = rows["state"] != "silent"
    numerator = rows["numerator"].where(known, 0.0).fillna(0.0)
    if kind == "count":
        return rows.assign(part=numerator, weight=0.0)
    own = rows["denominator"].where(known, rows["whole_weight"] if kind == "units" else 0.0).fillna(0.0)
    return rows.assign(part=numerator / own.sum(), weight=own / own.sum())


# --- change ----------------------------------------------------------------------------------------------------------


def _in_frequency(label: str | None, kind: str) -> str | None:
    return None if label is None else periods.period_of(periods.period_end(label), kind)


def _change_of(indicator, panel, series, registry, as_of, since, until) -> pd.DataFrame | None:
    known = known_figures(series, indicator, registry, as_of, until=until)["period"]
    if known.empty:
        return None
    year_before = periods.shift(known.iloc[-1], -periods.STEPS_PER_YEAR[periods.frequency(known.iloc[-1])])
    earlier = known[known.map(periods.ordinal) <= periods.ordinal(since or year_before)]
    first, last = (earlier if len(earlier) else known.iloc[:1]).iloc[-1], known.iloc[-1]
    if first == last:
        return None
    own = panel[panel["indicator"] == indicator.id]
    then, now = (parts_of(own[own["period"] == period], indicator.kind).set_index("unit") for period in (first, last))
    return _split(then, now, is_count=indicator.kind == "count").assign(indicator=indicator.id, since=first, period=last)


def _split(then: pd.DataFrame, now: pd.DataFrame, *, is_count: bool) -> pd.DataFrame:
    """The parts of the change of each unit that is there in either of two periods (rows of ``parts_of`` by unit)."""
    units = list(now.index) + [unit for unit in then.index if unit not in now.index]
    (part0, weight0, told0), (part1, weight1, told1) = (_columns(frame.reindex(units), is_count) for frame in (then, now))
    middle = 0.5 * (part0.sum() + part1.sum())
    change = (part1 - weight1 * middle) - (part0 - weight0 * middle)
    both = told0 & told1
    if is_count:
        own = part1 - part0
    else:
        rate0, rate1 = (part / np.where(both, weight, 1.0) for part, weight in ((part0, weight0), (part1, weight1)))
        own = 0.5 * (weight0 + weight1) * (rate1 - rate0)
    within = np.where(both, own, 0.0)
    state = np.select([both, told1, told0], ["stayed", "entered", "left"], "silent")
    columns = {"unit": units, "state": state, "within": within, "structure": np.where(both, change - within, 0.0)}
    return pd.DataFrame(columns | {"entry_exit": np.where(both, 0.0, change), "change": change})


def _columns(rows: pd.DataFrame, is_count: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Part, weight, and whether there is a rate: the unit is known, and has a denominator where one is due."""
    part, weight = (rows[name].fillna(0.0).to_numpy(float) for name in ("part", "weight"))
    known = rows["state"].isin(["reported", "carried"]).to_numpy()
    return part, weight, known & (is_count | (weight > 0.0))
