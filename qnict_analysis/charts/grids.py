"""Charts of units by period: who reported when, and what the units of one indicator said."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, ListedColormap
from matplotlib.patches import Patch

from qnict_analysis import formats
from qnict_analysis.charts.frame import TEXT_PT, new_axes, tick_labels
from qnict_analysis.words import CALENDAR, GREY, INK

STATES = ("on_time", "partly", "late", "carried", "silent")
"""How a unit's return of a period stands, best first; blank where the unit was not in the frame."""

SHADES = (INK, "#6f8bb0", "#b9c8dc", "#eceff3", "#ffffff")
SILENT = "×"
PALE, DEEP = "#f3f6fa", INK
ROW_MM = 4.1
"""Height of a unit's row: its name in 9 pt needs as much."""

LABELS_MM, HEAD_MM, FOOT_MM = 30, 14, 8
SIDE_MM = 4


def calendar_chart(states: pd.DataFrame, *, lang: str) -> Axes:
    """One square a unit (rows, by their printed names) and period (columns): one of STATES, or "" where there was no unit."""
    ax = grid_axes(states.shape[0])
    codes = states.map(lambda state: STATES.index(state) if state else np.nan).to_numpy(float)
    cells(ax, states, np.ma.masked_invalid(codes), cmap=ListedColormap(SHADES), vmin=-0.5, vmax=len(STATES) - 0.5, lang=lang)
    for row, column in zip(*np.where(codes == STATES.index("silent")), strict=True):
        ax.text(column, row, SILENT, ha="center", va="center", fontsize=TEXT_PT - 1, color=GREY)
    handles = [
        Patch(facecolor=shade, edgecolor="#9aa3af", linewidth=0.6, label=CALENDAR[lang][state])
        for state, shade in zip(STATES, SHADES, strict=True)
    ]
    ax.figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.0, 1.0), ncols=len(STATES), frameon=False, fontsize=TEXT_PT,
        handlelength=0.9, handleheight=0.9, columnspacing=1.1, handletextpad=0.5, borderaxespad=0.2,
    )  # fmt: skip
    return ax


def heat_map(values: pd.DataFrame, *, most: float, lang: str, per_cent: bool) -> Axes:
    """The figures of units (rows) by period (columns) in one hue, blank with a mark where a unit was silent.

    ``most``: the value of the darkest shade. ``per_cent``: how the ends of the scale are printed.
    """
    ax = grid_axes(values.shape[0])
    hue = LinearSegmentedColormap.from_list("ink", [PALE, DEEP])
    numbers = values.to_numpy(float)
    cells(ax, values, np.ma.masked_invalid(numbers), cmap=hue, vmin=0.0, vmax=max(most, 1e-9), lang=lang)
    for row, column in zip(*np.where(np.isnan(numbers)), strict=True):
        ax.text(column, row, "·", ha="center", va="center", fontsize=TEXT_PT, color=GREY)
    printed = (formats.percent(end, lang, 0) if per_cent else formats.number(end, lang, 0) for end in (0.0, most))
    low, high = printed
    handles = [
        Patch(facecolor=hue(0.0), edgecolor="#9aa3af", linewidth=0.6, label=low),
        Patch(facecolor=hue(0.5), edgecolor="#9aa3af", linewidth=0.6, label="…"),
        Patch(facecolor=hue(1.0), edgecolor="#9aa3af", linewidth=0.6, label=high),
    ]
    ax.figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.0, 1.0), ncols=3, frameon=False, fontsize=TEXT_PT,
        handlelength=0.9, handleheight=0.9, columnspacing=1.1, handletextpad=0.5, borderaxespad=0.2,
    )  # fmt: skip
    return ax


def grid_axes(rows: int) -> Axes:
    """Axes for so many rows of squares, with room for names on the left and a key above."""
    height = HEAD_MM + FOOT_MM + ROW_MM * max(rows, 3)
    ax = new_axes(height_mm=height)
    width = ax.figure.get_size_inches()[0] * 25.4
    ax.set_position([LABELS_MM / width, FOOT_MM / height, 1 - (LABELS_MM + SIDE_MM) / width, 1 - (HEAD_MM + FOOT_MM) / height])
    return ax


def cells(ax: Axes, table: pd.DataFrame, numbers, *, lang: str, **scale) -> None:
    """Squares with thin gaps, names of rows on the left, periods below."""
    ax.pcolormesh(np.arange(table.shape[1] + 1) - 0.5, np.arange(table.shape[0] + 1) - 0.5, numbers, edgecolor="white", **scale)
    ax.set_ylim(table.shape[0] - 0.5, -0.5)
    ax.set_xlim(-0.5, table.shape[1] - 0.5)
    ax.set_yticks(range(table.shape[0]), list(table.index))
    labels = list(table.columns)
    shown = tick_labels(labels)
    ax.set_xticks([labels.index(label) for label in shown], [formats.period_tick(label, lang) for label in shown])
    ax.tick_params(length=0, labelsize=TEXT_PT, labelcolor="#333333")
    for side in ax.spines.values():
        side.set_visible(False)
