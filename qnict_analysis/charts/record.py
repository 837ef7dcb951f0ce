"""Charts of the track record: reliability, PIT histogram, coverage by horizon, skill against others."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator
from scipy import special

from qnict_analysis import formats
from qnict_analysis.charts.frame import TEXT_PT, WIDTH_MM, bare, new_axes
from qnict_analysis.charts.progress import named_rows, row_axes
from qnict_analysis.words import GREY, INK, RECORD

HEIGHT_MM = 74
LEFT_MM, RIGHT_MM, BELOW_MM, ABOVE_MM = 18, 44, 16, 8
NOMINAL = {"cov50": 0.5, "cov80": 0.8, "cov90": 0.9}
MARKS = {"cov50": "o", "cov80": "s", "cov90": "^"}
SIGNS = {"cov50": "●", "cov80": "■", "cov90": "▲"}
"""The same marks as text."""

NUMBERS_AT = 1.12
"""Height of the row of numbers over the reliability diagram: clear of 100 %."""

LABELS_APART = 0.09
NAMES_MM = 74
"""Room for the longest name of a method at 9.6 pt."""


def record_axes(*, right_mm: float = RIGHT_MM) -> Axes:
    """Axes with room for a named x-axis below and labels at the right."""
    ax = new_axes(height_mm=HEIGHT_MM)
    box = (LEFT_MM / WIDTH_MM, BELOW_MM / HEIGHT_MM)
    size = (1 - (LEFT_MM + right_mm) / WIDTH_MM, 1 - (BELOW_MM + ABOVE_MM) / HEIGHT_MM)
    ax.set_position((*box, *size))
    bare(ax)
    return ax


def named_axes(ax: Axes, x: str, y: str) -> None:
    """What the axes mean: x below, y above the axis."""
    ax.set_xlabel(x, fontsize=TEXT_PT, color=GREY)
    ax.text(0, 1.03, y, transform=ax.transAxes, fontsize=TEXT_PT, color=GREY, va="bottom")


def per_cent(ax: Axes, lang: str, *, x: bool, y: bool) -> None:
    """Ticks at whole fifths in per cent."""
    ticks = np.linspace(0, 1, 6)
    labels = [formats.percent(tick, lang, 0) for tick in ticks]
    if x:
        ax.set_xticks(ticks, labels)
        ax.set_xlim(-0.03, 1.03)
    if y:
        ax.set_yticks(ticks, labels)
        ax.set_ylim(-0.03, 1.06)


def reliability_chart(bins: pd.DataFrame, *, lang: str) -> Axes:
    """What was said against what came (``backtest.reliability``): a point a tenth of chance with the 90 % interval of its share
    (Wilson), above it its number of forecasts; on the dashed line words and outcomes agree."""
    ax, words = record_axes(right_mm=12), RECORD[lang]
    ax.plot([0, 1], [0, 1], color=GREY, linewidth=1.0, linestyle=(0, (5, 3)))
    ax.vlines(bins["said"], *wilson(bins["came"], bins["n"]), color=INK, linewidth=1.2)
    ax.plot(bins["said"], bins["came"], "o", color=INK, markersize=5)
    for row in bins.itertuples():
        number = formats.number(row.n, lang, 0)
        ax.text(row.said, NUMBERS_AT, number, ha="center", va="center", fontsize=TEXT_PT, color=GREY)
    per_cent(ax, lang, x=True, y=True)
    ax.set_ylim(-0.03, 1.18)
    named_axes(ax, words["said"], words["came"])
    return ax


def wilson(share, n, *, level: float = 0.90) -> tuple[np.ndarray, np.ndarray]:
    """The interval of a share of n (Wilson 1927)."""
    share, n, z = np.asarray(share, float), np.asarray(n, float), special.ndtri(0.5 + level / 2)
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return middle - half, middle + half


def pit_chart(counts: pd.DataFrame, *, lang: str) -> Axes:
    """Where in the forecasts the outcomes fell, by tenths (``backtest.pit_counts``): even bars if the forecasts are right. Grey:
    between these two numbers nine bars in ten would lie by chance alone, were the outcomes independent."""
    ax, words = record_axes(right_mm=12), RECORD[lang]
    total, share = counts["n"].sum(), 1 / len(counts)
    half = special.ndtri(0.95) * np.sqrt(total * share * (1 - share))
    ax.axhspan(max(total * share - half, 0), total * share + half, color=GREY, alpha=0.18, linewidth=0)
    width = counts["high"] - counts["low"]
    ax.bar(counts["low"], counts["n"], width=width, align="edge", color=INK, alpha=0.75, edgecolor="white")
    ax.axhline(total * share, color=GREY, linewidth=1.0, linestyle=(0, (5, 3)))
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: formats.number(y, lang, 0)))
    per_cent(ax, lang, x=True, y=False)
    named_axes(ax, words["pit"], words["number"])
    return ax


def coverage_chart(table: pd.DataFrame, *, lang: str, frequency: str) -> Axes:
    """How many outcomes the 50, 80 and 90 % intervals held, by horizon (``backtest.coverage``); dashed: what they promise."""
    ax, words = record_axes(), RECORD[lang]
    places = np.arange(len(table))
    for name, nominal in NOMINAL.items():
        ax.axhline(nominal, color=GREY, linewidth=0.9, linestyle=(0, (5, 3)))
        ax.plot(places, table[name], MARKS[name], linestyle="-", linewidth=1.1, markersize=5, color=INK)
    per_cent(ax, lang, x=False, y=True)
    ends = apart([float(table[name].iloc[-1]) for name in NOMINAL], least=LABELS_APART)
    for (name, nominal), height in zip(NOMINAL.items(), ends, strict=True):
        label = f"{SIGNS[name]} {words['interval'].format(level=formats.percent(nominal, lang, 0))}"
        at = (places[-1], height)
        ax.annotate(label, at, xytext=(9, 0), textcoords="offset points", va="center", fontsize=TEXT_PT, color=INK)
    ax.set_xlim(-0.25, places[-1] + 0.25)
    groups = [(formats.span(row.first, row.last, lang), formats.number(row.n, lang, 0)) for row in table.itertuples()]
    ax.set_xticks(places, [f"{horizon}\n(n = {n})" for horizon, n in groups])
    named_axes(ax, words[f"horizon.{frequency}"], words["held"])
    return ax


def apart(heights: list[float], *, least: float) -> list[float]:
    """Rising heights moved up as far as they must to stand ``least`` apart, then down again by half of it."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + least) if placed else height)
    excess = max(one - height for one, height in zip(placed, heights, strict=True))
    return [one - excess / 2 for one in placed]


def skill_chart(table: pd.DataFrame, names: dict[str, str], *, lang: str) -> Axes:
    """Our Brier score less that of each other method, with the 90 % interval of a bootstrap over targets: left of the line ours
    is better (``backtest.skill``); hollow where it is worse."""
    ax, words = row_axes(len(table), labels_mm=NAMES_MM, right_mm=8), RECORD[lang]
    heights = named_rows(ax, [names[method] for method in table["method"]])
    ax.axvline(0, color="black", linewidth=1.0)
    ax.hlines(heights, table["low"], table["high"], color=INK, linewidth=1.6)
    better = (table["difference"] < 0).to_numpy()
    ax.plot(table["difference"][better], heights[better], "o", color=INK, markersize=5)
    ax.plot(table["difference"][~better], heights[~better], "o", markerfacecolor="white", markeredgecolor=INK, markersize=5)
    low, high = ax.get_xlim()
    furthest = max(-low, high, 0.02)
    ax.set_xlim(-furthest, furthest)
    ticks = [tick for tick in MaxNLocator(nbins=6, symmetric=True).tick_values(-furthest, furthest) if abs(tick) <= furthest]
    ax.set_xticks(ticks, [formats.signed(tick, lang, 2) for tick in ticks])
    ax.set_xlabel(words["skill"], fontsize=TEXT_PT, color=GREY)
    for at, side, key in ((-0.05, "right", "better"), (0.05, "left", "worse")):
        ax.text(at * furthest, len(table) - 0.42, words[key], ha=side, va="bottom", fontsize=TEXT_PT, color=GREY)
    return ax
