"""Charts of all targets at once: how far each has come on its way, when each will be reached, why a chance moved."""

import itertools
import math
from collections.abc import Collection

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from qnict_analysis import formats, periods
from qnict_analysis.charts.frame import TEXT_PT, WIDTH_MM, bare, new_axes
from qnict_analysis.facts import ROUGH_HIGH, ROUGH_LOW
from qnict_analysis.words import COLOURS, GREY, INK, PROGRESS, SHAPES

ROW_MM = 6.0
LABELS_MM, RIGHT_MM, HEAD_MM, FOOT_MM = 65, 16, 10, 12
LONG_TICK = 6
"""A longer period label (characters) stands on two lines."""

FURTHEST = 1.25
"""How far beyond the goal a way is drawn; a forecast that reaches further ends in an arrow at the edge."""

PALE = "#f3f6fa"
DARK_FROM = 0.45
"""Chances from which the number in a cell is white."""


def row_axes(n_rows: int, *, labels_mm: float = LABELS_MM, right_mm: float = RIGHT_MM, head_mm: float = HEAD_MM) -> Axes:
    """Axes with room for the names of so many rows on the left, and for a line of text (``head_mm``) above them."""
    height = n_rows * ROW_MM + head_mm + FOOT_MM
    ax = new_axes(height_mm=height)
    box = (labels_mm / WIDTH_MM, FOOT_MM / height, 1 - (labels_mm + right_mm) / WIDTH_MM, 1 - (head_mm + FOOT_MM) / height)
    ax.set_position(box)
    return ax


def named_rows(ax: Axes, names: list[str]) -> np.ndarray:
    """One row a name, the first on top; gives their heights."""
    bare(ax)
    ax.grid(visible=False)
    heights = np.arange(len(names))[::-1].astype(float)
    ax.set_yticks(heights, names)
    ax.set_ylim(-0.6, len(names) - 0.4)
    return heights


def progress_chart(rows: pd.DataFrame, *, lang: str) -> Axes:
    """How much of its way from the first figure (0 %) to its goal (100 %) each target has behind it.

    ``rows``: name, status, ``done`` (share of the way now), ``due`` (where it should be on the straight way), and ``low``,
    ``median``, ``high`` (80 % of the futures at the deadline, as shares of the way; NaN without a forecast). Bar: now; tick: due;
    line with a dot: forecast.
    """
    ax, words = row_axes(len(rows)), PROGRESS[lang]
    heights = named_rows(ax, list(rows["name"]))
    ax.set_xlim(-0.02, FURTHEST)
    done = rows["done"].clip(0, FURTHEST)
    ax.barh(heights, done, height=0.42, color=[COLOURS[status] for status in rows["status"]], alpha=0.85, zorder=2)
    ax.axvline(1.0, color=COLOURS["missed"], linewidth=1.1, linestyle=(0, (5, 3)), zorder=1)
    ax.vlines(rows["due"].clip(0, FURTHEST), heights - 0.34, heights + 0.34, color="black", linewidth=1.6, zorder=4)
    known = rows["median"].notna().to_numpy()
    low, middle, high = (rows[name].clip(0, FURTHEST)[known] for name in ("low", "median", "high"))
    ax.hlines(heights[known] - 0.3, low, high, color=GREY, linewidth=1.2, zorder=3)
    ax.plot(middle, heights[known] - 0.3, "o", color=GREY, markersize=3.2, zorder=3)
    for beyond, edge, arrow in ((rows["high"] > FURTHEST, FURTHEST, ">"), (rows["low"] < 0, 0.0, "<")):
        ends = heights[beyond.to_numpy()] - 0.3
        ax.plot(np.full(len(ends), edge), ends, arrow, color=GREY, markersize=3.6, zorder=3, clip_on=False)
    for height, row in zip(heights, rows.itertuples(), strict=True):
        text = f"{SHAPES[row.status]} {way_text(row.done, lang)}" if pd.notna(row.done) else "–"
        ax.annotate(text, (FURTHEST, height), xytext=(3, 0), textcoords="offset points", va="center", fontsize=TEXT_PT)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1.0], [formats.percent(share, lang, 0) for share in (0, 0.25, 0.5, 0.75, 1.0)])
    above = 1.0 + 2 / (len(rows) * ROW_MM)
    ax.text(1.0, above, words["way"], transform=ax.transAxes, fontsize=TEXT_PT, color=GREY, va="bottom", ha="right")
    return ax


def way_text(done: float, lang: str) -> str:
    """A share of the way in whole per cent, short of 100 % until all of it is done."""
    return formats.percent(math.floor(100 * done + 1e-9) / 100 if done < 1 else done, lang, 0)


def progress_alt(rows: pd.DataFrame, *, lang: str) -> str:
    """What the chart of ways shows, for readers who do not see it."""
    words = PROGRESS[lang]
    known = rows[rows["done"].notna()]
    behind = known[known["done"] < known["due"]]
    said = "; ".join(f"{row.name_short} {way_text(row.done, lang)}" for row in known.itertuples())
    names = ", ".join(behind["name_short"]) or words["none"]
    return words["alt"].format(said=said, behind=names)


def reach_chart(
    chances: pd.DataFrame,
    names: dict[str, str],
    *,
    lang: str,
    rough: Collection[str] = (),
    low: float = formats.LOWEST,
    high: float = formats.HIGHEST,
) -> Axes:
    """The chance that each target (rows) is met from a period (columns) on: darker is surer, with the number in whole per cent.

    ``chances``: targets x periods; the last column is P(met) for targets whose deadline it is. ``names``: what is printed.
    ``rough``: targets on very weak evidence, which speak in tenths; the others between ``low`` and ``high``.
    """
    ax, words = row_axes(len(chances), right_mm=4), PROGRESS[lang]
    heights = named_rows(ax, [names[name] for name in chances.index])
    shades = LinearSegmentedColormap.from_list("reach", [PALE, INK])
    table = chances.to_numpy(float)
    # Rows are drawn from the top: the image grows downwards from the highest row.
    box = (-0.5, table.shape[1] - 0.5, -0.5, len(chances) - 0.5)
    ax.imshow(table, cmap=shades, vmin=0, vmax=1, aspect="auto", extent=box)
    for height, name, row in zip(heights, chances.index, table, strict=True):
        for place, chance in enumerate(row):
            if np.isfinite(chance):
                ink = "white" if chance >= DARK_FROM else "#333333"
                text = short_chance(chance, lang, rough=name in rough, low=low, high=high)
                ax.text(place, height, text, ha="center", va="center", fontsize=TEXT_PT, color=ink)
    ticks = [formats.period_tick(label, lang) for label in chances.columns]
    # Side by side, eight long labels would touch: their year goes under the quarter.
    ax.set_xticks(range(table.shape[1]), [tick.replace("/", "\n") if len(tick) > LONG_TICK else tick for tick in ticks])
    ax.tick_params(axis="x", length=0)
    ax.spines["bottom"].set_visible(False)
    above = 1.0 + 2 / (len(chances) * ROW_MM)
    ax.text(0, above, words["reach"], transform=ax.transAxes, fontsize=TEXT_PT, color=GREY, va="bottom")
    return ax


def short_chance(
    chance: float, lang: str, *, rough: bool = False, low: float = formats.LOWEST, high: float = formats.HIGHEST
) -> str:
    """A chance in a small cell: <5%, 34%, >95%, between ``low`` and ``high``; in tenths where it is rough."""
    low, high = (ROUGH_LOW, ROUGH_HIGH) if rough else (low, high)
    for beyond, sign, edge in ((chance < low, "<", low), (chance > high, ">", high)):
        if beyond:
            return f"{sign}{formats.percent(edge, lang, 0)}"
    return formats.percent(math.floor(chance * 10 + 0.5) / 10 if rough else chance, lang, 0)


def waterfall_chart(row: pd.Series, parts: pd.Series, *, lang: str, at: tuple[str, str], ends_as: tuple[str, str]) -> Axes:
    """Why the chance of one target moved: from P then, over its causes, to P now, in per cent and points.

    ``row``: a row of ``schema.CHANGES``; ``parts``: its causes other than 0, by code, in points of 100, rounded to add up;
    ``at``: the two as-ofs in print; ``ends_as``: what is printed of the chance then and now (a chance, or a verdict). A
    rise is solid, a fall is hatched, so that grey print tells them apart.
    """
    words = PROGRESS[lang]
    then, now = (words["at"].format(period=period) for period in at)
    names = [then, *(words[cause] for cause in parts.index), now]
    ax = row_axes(len(names), labels_mm=58, right_mm=14, head_mm=0)
    heights = named_rows(ax, names)
    start = 100 * row["p_now"] - parts.sum()
    ends = start + np.concatenate([[0.0], parts.cumsum()])
    ax.barh(heights[[0, -1]], [ends[0], ends[-1]], height=0.55, color=GREY, alpha=0.6)
    for place, (cause, part) in enumerate(parts.items(), start=1):
        left, face = min(ends[place - 1], ends[place]), INK if part > 0 else "white"
        hatch = "" if part > 0 else "/////"
        ax.barh(heights[place], abs(part), left=left, height=0.55, facecolor=face, edgecolor=INK, hatch=hatch, label=cause)
        ax.vlines(ends[place - 1], heights[place] - 0.3, heights[place - 1] + 0.3, color=GREY, linewidth=0.7)
    ax.vlines(ends[-1], heights[-1] - 0.3, heights[-2] + 0.3, color=GREY, linewidth=0.7)
    labels = [ends_as[0], *(formats.signed(part, lang) for part in parts), ends_as[1]]
    highest = [ends[0], *(max(pair) for pair in itertools.pairwise(ends)), ends[-1]]
    for height, label, right in zip(heights, labels, highest, strict=True):
        ax.annotate(label, (right, height), xytext=(4, 0), textcoords="offset points", va="center", fontsize=TEXT_PT)
    low = min(0.0, *ends)
    ax.set_xlim(low, max(*ends, 1.0) * 1.06)
    ticks = [tick for tick in ax.get_xticks() if low <= tick <= max(*ends, 1.0) * 1.06]
    ax.set_xticks(ticks, [formats.percent(tick / 100, lang, 0) for tick in ticks])
    return ax


def last_periods(chances: pd.DataFrame, *, most: int, after: str) -> list[str]:
    """The periods after ``after``, thinned from the last one back to at most so many."""
    labels = [label for label in chances.columns if periods.ordinal(label) > periods.ordinal(after)]
    step = -(-len(labels) // most) or 1
    return labels[::-1][::step][::-1]
