"""What a chart of one indicator shows: its points, the quantiles ahead, its target; all in the unit of the target."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from qnict_analysis import formats, periods

BANDS = ((0.025, 0.975, 0.16), (0.10, 0.90, 0.20), (0.25, 0.75, 0.26))
"""Lower and upper quantile of each band and the ink it adds (bands overlap, so the innermost is darkest)."""

DISCRETE = ("units", "count")


class View(NamedTuple):
    """What one chart of one indicator needs: points (t, y), quantiles ahead by period, the target line and the span."""

    t: np.ndarray
    y: np.ndarray
    ahead: pd.DataFrame
    target: float
    labels: list[str]
    discrete: bool


def view_of(series, draws, part, indicator, *, deadline: str = "") -> View:
    """Points, quantiles and target of one indicator in the unit of the target."""
    points = points_until(series, indicator, deadline)
    ahead = _quantiles(draws, indicator, deadline)
    known = list(points["period"])
    ends = [label for label in (known[-1:] + list(ahead.index[-1:]) + [deadline]) if label]
    last = max(ends, key=periods.ordinal)
    labels = periods.period_range(known[0] if known else next(iter(ahead.index), last), last)
    target = target_level(part, indicator, points) if part is not None else np.nan
    y = points["level"].to_numpy(float)
    return View(periods.period_time(known), y, ahead, target, labels, indicator.kind in DISCRETE)


def points_of(series: pd.DataFrame, indicator) -> pd.DataFrame:
    """The valued rows of an indicator in time order, with ``level`` in the unit of its target."""
    own = series[(series["indicator"] == indicator.id) & series["value"].notna()]
    own = own.iloc[np.argsort([periods.ordinal(label) for label in own["period"]], kind="stable")]
    figure = "numerator" if indicator.kind in DISCRETE else "value"
    return own.assign(level=own[figure].astype(float) * scale(indicator)).reset_index(drop=True)


def points_until(series: pd.DataFrame, indicator, deadline: str) -> pd.DataFrame:
    """The points of an indicator up to a deadline (empty: all)."""
    points = points_of(series, indicator)
    if not deadline:
        return points
    early = np.array([periods.ordinal(label) <= periods.ordinal(deadline) for label in points["period"]], dtype=bool)
    return points[early].reset_index(drop=True)


def scale(indicator) -> float:
    """What a stored value is multiplied with for print: 100 for shares and ratios (per cent)."""
    return 1.0 if indicator.kind in DISCRETE else 100.0


def target_level(part, indicator, points: pd.DataFrame) -> float:
    """Where the target line lies: the fewest (or most) units that satisfy a units target, else the threshold."""
    if indicator.kind == "units":
        limit = part.k_min if part.comparator in ("at_least", "above") else part.k_max
        return float(limit(round(points["denominator"].iloc[-1]))) if len(points) else np.nan
    return float(part.threshold) * scale(indicator)


def _quantiles(draws, indicator, deadline: str) -> pd.DataFrame:
    """Quantiles by period up to the deadline; empty when nothing is drawn."""
    levels = sorted({0.5, *(edge for band in BANDS for edge in band[:2])})
    if draws is None or indicator.id not in draws.columns.get_level_values(0):
        return pd.DataFrame(columns=levels)
    own = draws[indicator.id]
    kept = [label for label in own.columns if not deadline or periods.ordinal(label) <= periods.ordinal(deadline)]
    # As in the assessment: points that were drawn, so that whole numbers stay whole and no two pages differ.
    found = np.quantile(own[kept].to_numpy(float), levels, axis=0, method="inverted_cdf").T * scale(indicator)
    return pd.DataFrame(found, index=kept, columns=levels)


def print_level(level: float, indicator, lang: str) -> str:
    """A level in the unit of the chart as printed."""
    if indicator.kind in DISCRETE:
        return formats.number(level, lang, 0)
    return formats.percent(level / 100, lang, indicator.decimals)


def print_span(low: float, high: float, indicator, lang: str) -> str:
    """An interval in the unit of the target."""
    if indicator.kind in DISCRETE:
        return f"{formats.number(low, lang, 0)}–{formats.number(high, lang, 0)}"
    return f"{formats.number(low, lang, indicator.decimals)}–{print_level(high, indicator, lang)}"
