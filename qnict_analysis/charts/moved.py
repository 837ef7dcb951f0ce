"""The chart of scenarios: how far each moves the chances of targets, and how far that is sure."""

import pandas as pd
from matplotlib.axes import Axes

from qnict_analysis import formats
from qnict_analysis.charts.frame import TEXT_PT
from qnict_analysis.charts.progress import named_rows, row_axes
from qnict_analysis.words import GREY, INK

AXIS = {"vi": "thay đổi khả năng đạt, điểm phần trăm", "en": "change of the chance, percentage points"}

LEAST_SPAN = 1.0
"""Points on each side of no change that are always in view, so that small changes look small."""


def moved_chart(rows: pd.DataFrame, *, lang: str) -> Axes:
    """Changes of chances in points, one row a scenario and target: a dot, and a line for the range (none where NaN).

    ``rows``: name, change, low, high (shares; 0.01 is a point).
    """
    ax, beside = row_axes(len(rows), right_mm=20), {"textcoords": "offset points", "fontsize": TEXT_PT}
    heights = named_rows(ax, list(rows["name"]))
    points = 100 * rows[["change", "low", "high"]].astype(float)
    ax.axvline(0.0, color=GREY, linewidth=1.0, zorder=1)
    ax.hlines(heights, points["low"], points["high"], color=INK, linewidth=2.4, alpha=0.45, zorder=2)
    ax.plot(points["change"], heights, "o", color=INK, markersize=5, zorder=3)
    low, high = min(points.min().min(), -LEAST_SPAN), max(points.max().max(), LEAST_SPAN)
    pad = 0.05 * (high - low)
    ax.set_xlim(low - pad, high + pad)
    ax.set_xticks(ax.get_xticks()[1:-1], [formats.signed(tick, lang) for tick in ax.get_xticks()[1:-1]])
    for height, change in zip(heights, points["change"], strict=True):
        at = {"xy": (1.0, height), "xycoords": ("axes fraction", "data"), "xytext": (4, 0), "va": "center"}
        ax.annotate(formats.signed(change, lang), **at, **beside)
    ax.annotate(AXIS[lang], (1.0, 1.0), xycoords="axes fraction", xytext=(0, 4), ha="right", color=GREY, **beside)
    return ax
