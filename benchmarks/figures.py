"""Two quiet figures: the peers by Brier score and CRPS, and how often what was given a chance came true."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from race import ENGINE
from scipy.optimize import isotonic_regression

from qnict_analysis.charts import to_svg

INK, GREY, PALE = "#1f3a5f", "#8a8f96", "#d5d8dc"
GAP = 0.034
"""Least distance of two labels, as a share of the height of the axes."""

LABEL_X, LEADER_X = 1.04, 1.03
"""Where labels and the ends of their lines stand, as shares of the width of the axes."""


def quiet_axes(figure: Figure, box) -> object:
    """Axes without a box, ticks in grey."""
    ax = figure.add_axes(box)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(PALE)
    ax.tick_params(colors=GREY, labelsize=8)
    return ax


def peers_svg(table: pd.DataFrame) -> str:
    """Brier score over CRPS of every forecaster that gives a distribution, each named at the right; better is lower left."""
    shown = table[(table.freq == "all") & table.crps.notna()].sort_values("brier")
    figure = Figure(figsize=(8.6, 6.6), facecolor="white")
    ax = quiet_axes(figure, [0.08, 0.08, 0.57, 0.88])
    colours = [INK if method in ENGINE else GREY for method in shown.method]
    ax.scatter(shown.crps, shown.brier, c=colours, s=22, zorder=3, linewidths=0)
    ax.set_xlabel("CRPS (share points)", color=GREY, fontsize=9)
    ax.set_ylabel("Brier score of P(met)", color=GREY, fontsize=9)
    ax.margins(0.05)
    ax.autoscale_view()  # the names are placed by where the points come to lie
    name_points(ax, shown, colours)
    return to_svg(figure)


def name_points(ax, shown: pd.DataFrame, colours) -> None:
    """A name beside the axes for each point, joined to it by a thin line; names keep apart."""
    to_axes = ax.transData + ax.transAxes.inverted()
    points = to_axes.transform(shown[["crps", "brier"]].to_numpy())
    heights = kept_apart(points[:, 1])
    for point, height, row, colour in zip(points, heights, shown.itertuples(), colours, strict=True):
        line = {"color": colour if colour == INK else PALE, "linewidth": 0.6, "clip_on": False, "zorder": 1}
        ax.plot([point[0], LEADER_X], [point[1], height], transform=ax.transAxes, **line)
        name = row.method if row.method in ENGINE else f"{row.method}, {row.scale}"
        ax.text(LABEL_X, height, name, transform=ax.transAxes, color=colour, fontsize=8, va="center")


def kept_apart(heights) -> np.ndarray:
    """Rising heights, at least GAP apart and as near as can be (least squares) to where they were, within the axes."""
    steps = GAP * np.arange(len(heights))
    return np.clip(isotonic_regression(heights - steps).x, 0.0, max(1.0 - steps[-1], 0.0)) + steps


def reliability_svg(bins: pd.DataFrame) -> str:
    """Observed frequency over mean P(met), with the number of tasks at each point; the engine with and without its pool."""
    figure = Figure(figsize=(8.6, 4.2), facecolor="white")
    for place, name in enumerate(ENGINE):
        ax = quiet_axes(figure, [0.07 + 0.48 * place, 0.12, 0.42, 0.78])
        one = bins[bins.method == name]
        ax.plot([0, 1], [0, 1], color=PALE, linewidth=0.8, zorder=1)
        ax.plot(one.mean_p, one.observed, color=INK, linewidth=1.2, marker="o", markersize=4)
        for row in one.itertuples():
            ax.text(row.mean_p + 0.02, row.observed - 0.035, f"{row.n}", color=GREY, fontsize=7)
        ax.set_title(name, color=INK, fontsize=10, loc="left")
        ax.set_xlabel("P(met), mean of the bin", color=GREY, fontsize=9)
        ax.set_ylabel("share that was met" if not place else "", color=GREY, fontsize=9)
        ax.set(xlim=(0, 1.03), ylim=(0, 1.03))
    return to_svg(figure)
