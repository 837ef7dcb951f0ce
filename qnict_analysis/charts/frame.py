"""Figures, axes and ticks: no box, a light y-grid, period labels that fit."""

import io

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import FuncFormatter, MaxNLocator

from qnict_analysis import formats, periods
from qnict_analysis.charts.view import DISCRETE, View
from qnict_analysis.words import CHART, GREY

WIDTH_MM, HEIGHT_MM = 160, 62
TEXT_PT = 9.6
"""A little over the 9 pt that print asks for at least, as pages may set a chart a little narrower."""

SALT = "qnict"
"""Fixes the ids inside an SVG, so that the same figure gives the same bytes."""

TICK_PT = 2.0
"""Length of a short tick."""

MAX_TICKS = 6
"""Labels such as QIV/2015 at 9 pt that fit under the axis."""


def new_axes(*, height_mm: float = HEIGHT_MM) -> Axes:
    """Axes of a new figure in the size of the briefing, independent of any plotting state."""
    figure = Figure(figsize=(WIDTH_MM / 25.4, height_mm / 25.4))
    FigureCanvasSVG(figure)
    left, right, bottom, top = 13, 36, 8, 7
    box = (left / WIDTH_MM, bottom / height_mm, 1 - (left + right) / WIDTH_MM, 1 - (bottom + top) / height_mm)
    return figure.add_axes(box)


def to_svg(figure: Figure) -> str:
    """The figure as SVG with real text; the same figure gives the same bytes."""
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": SALT, "font.family": "DejaVu Sans"}):
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def frame(ax: Axes, view: View, indicator, lang: str) -> None:
    """Axes, ticks and limits: no box, light y-grid, quarters that fit."""
    bare(ax)
    times = periods.period_time(view.labels)
    pad = 0.02 * max(times[-1] - times[0], 1.0)
    ax.set_xlim(times[0] - pad, times[-1] + pad)
    shown = tick_labels(view.labels)
    ax.set_xticks(periods.period_time(shown), [formats.period_tick(label, lang) for label in shown])
    short_ticks(ax, times)
    ax.set_ylim(*_limits(view, indicator))
    _y_ticks(ax, indicator, lang)


def bare(ax: Axes) -> None:
    """Axes without box: a light y-grid, grey ticks."""
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(GREY)
    ax.grid(axis="y", color="#e3e6ea", linewidth=0.7)
    ax.set_axisbelow(True)
    ax.set_xlabel("")
    ax.set_ylabel("")
    ax.tick_params(axis="y", length=0, labelsize=TEXT_PT, labelcolor="#333333")
    ax.tick_params(axis="x", length=4, labelsize=TEXT_PT, labelcolor="#333333", color=GREY)


def short_ticks(ax: Axes, times) -> None:
    """A short tick under every period: one path, because Matplotlib takes as long for its own minor ticks as for all the rest."""
    height = ax.get_position().height * ax.figure.get_figheight() * 72
    ends = np.column_stack([np.repeat(times, 2), np.tile([0.0, -TICK_PT / height], len(times))])
    path = Path(ends, np.tile([Path.MOVETO, Path.LINETO], len(times)))
    ticks = PathPatch(path, transform=ax.get_xaxis_transform(), clip_on=False, color=GREY, linewidth=0.6, fill=False)
    ax.add_artist(ticks)


def tick_labels(labels: list[str]) -> list[str]:
    """Every first, second, fourth … label counted back from the last, so many as fit."""
    step = next(step for step in (1, 2, 4, 8, 16, 32) if len(labels) / step <= MAX_TICKS)
    return labels[::-1][::step][::-1]


def _limits(view: View, indicator) -> tuple[float, float]:
    outer = view.ahead.to_numpy(float).ravel()
    values = np.concatenate([view.y, outer, [view.target]])
    values = values[np.isfinite(values)]
    low, high = (values.min(), values.max()) if len(values) else (0.0, 1.0)
    floor = 0.0 if low < 0.55 * high else low - 0.15 * (high - low)
    top = high + 0.12 * (high - floor)
    if indicator.kind == "share":
        top = min(top, 103.0)
    return floor, max(top, floor + 1e-9)


def _y_ticks(ax: Axes, indicator, lang: str) -> None:
    whole = indicator.kind in DISCRETE
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=whole, steps=[1, 2, 2.5, 5, 10]))
    if whole:
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: formats.number(y, lang, 0)))
        ax.text(-0.06, 1.04, _count_head(indicator, lang), transform=ax.transAxes, fontsize=TEXT_PT, color=GREY, va="bottom")
        return
    step = np.diff(ax.get_yticks()[:2])[0]
    decimals = 0 if step >= 1 and step % 1 == 0 else 1 if round(step * 10, 6) % 1 == 0 else 2
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: formats.percent(y / 100, lang, decimals)))


def _count_head(indicator, lang: str) -> str:
    return CHART[lang]["count_of"].format(entity=indicator.entity[lang]) if indicator.entity else CHART[lang]["count"]
