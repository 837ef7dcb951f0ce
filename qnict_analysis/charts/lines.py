"""Charts of several lines on one time: groups of units beside each other, and figures as known then and now."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from qnict_analysis import periods
from qnict_analysis.charts.frame import TEXT_PT, frame, new_axes
from qnict_analysis.charts.view import View, scale
from qnict_analysis.words import CALENDAR, GREY, INK

SHADES = (INK, "#6f8bb0", "#9aa3af")
APART = 0.11
"""Least distance of two labels at the end of their lines, as a share of the axis."""


def group_chart(lines: dict[str, pd.Series], indicator, *, lang: str) -> Axes:
    """One line a group of units (printed name -> values by period, as rates), named at its end."""
    ax = new_axes()
    scaled = {name: line * scale(indicator) for name, line in lines.items()}
    labels = sorted({label for line in scaled.values() for label in line.index}, key=periods.ordinal)
    values = np.concatenate([line.to_numpy(float) for line in scaled.values()])
    frame(ax, View(periods.period_time(labels), values, pd.DataFrame(), np.nan, labels, False), indicator, lang)
    for shade, line in zip(SHADES, scaled.values(), strict=False):
        ax.plot(periods.period_time(line.index), line.to_numpy(float), color=shade, linewidth=1.6, marker="o", markersize=3)
    _end_labels(ax, {name: line.iloc[-1] for name, line in scaled.items()})
    return ax


def _end_labels(ax: Axes, ends: dict[str, float]) -> None:
    """Names right of the axis, moved apart where lines end close together."""
    low, high = ax.get_ylim()
    placed: list[float] = []
    for (name, value), shade in sorted(zip(ends.items(), SHADES, strict=False), key=lambda pair: pair[0][1]):
        at = max([(value - low) / (high - low), *(one + APART for one in placed[-1:])])
        placed.append(at)
        ax.text(1.02, at, name, transform=ax.transAxes, fontsize=TEXT_PT, color=shade, va="center")


def revision_chart(both: pd.DataFrame, indicator, *, lang: str) -> Axes:
    """Figures as known now (solid) and, where it was another, as known at each period's own cut-off (hollow); columns period,
    then, now."""
    ax = new_axes()
    labels = list(both["period"])
    then, now = (both[name].to_numpy(float) * scale(indicator) for name in ("then", "now"))
    frame(
        ax, View(periods.period_time(labels), np.concatenate([then, now]), pd.DataFrame(), np.nan, labels, False), indicator, lang
    )
    times = periods.period_time(labels)
    ax.vlines(times, then, now, color="#9aa3af", linewidth=1.0)
    ax.plot(times, now, color=INK, linewidth=1.4, marker="o", markersize=4, zorder=3)
    moved = then != now
    hollow = {"marker": "o", "markersize": 5.5, "markerfacecolor": "white", "markeredgecolor": GREY, "linewidth": 0}
    ax.plot(times[moved], then[moved], zorder=4, **hollow)
    key = f"○ {CALENDAR[lang]['then']}   ● {CALENDAR[lang]['now']}"
    ax.text(1.0, 1.03, key, transform=ax.transAxes, ha="right", va="bottom", fontsize=TEXT_PT, color=GREY)
    return ax
