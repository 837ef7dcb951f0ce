"""Charts of what was observed: an indicator with published figures beside it; and how many targets will be met."""

import re

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from qnict_analysis import periods
from qnict_analysis.charts.frame import TEXT_PT, bare, frame, new_axes
from qnict_analysis.charts.view import DISCRETE, View, points_of, scale, view_of
from qnict_analysis.words import CHART, GREY, INK, PLACES

DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-\d{2})?)?")
PER_CENT_UNITS = ("%", "ratio")
LATE = 0.9
"""From here on, as a share of the axis, a label stands left of its point: it would leave the chart on the right."""

COMPARED = ["t", "level", "place", "year", "own", "planned"]

REACH_YEARS = 1.5
"""How far outside the observed span a published figure may lie and still be drawn."""


def trend_chart(series, indicator, published, *, lang: str, place: str = "", ax: Axes | None = None) -> Axes:
    """The observed path of an indicator with published figures beside it.

    Points with incomplete returns are hollow. ``published``: rows of published figures; those in the indicator's unit and
    years are drawn as diamonds with place and year: filled where they are of the programme's own ``place``, hollow where they
    are of another one or planned (other definitions).
    """
    import seaborn

    ax = ax or new_axes()
    own = points_of(series, indicator)
    if own.empty:
        bare(ax)
        return ax
    view = view_of(series, None, None, indicator)
    near = _near(comparable(published, indicator, place=place), view)
    frame(ax, _stretched(view, near), indicator, lang)
    seaborn.lineplot(x=view.t, y=view.y, color=INK, linewidth=1.4, errorbar=None, ax=ax, zorder=3)
    for full, face in ((True, INK), (False, "white")):
        chosen = (own["coverage"].to_numpy() >= 1.0) == full
        seaborn.scatterplot(x=view.t[chosen], y=view.y[chosen], color=face, edgecolor=INK, linewidth=1.0, s=20, ax=ax, zorder=4)
    if (own["coverage"] < 1.0).any():
        ax.text(1.0, 1.03, CHART[lang]["hollow"], transform=ax.transAxes, ha="right", va="bottom", fontsize=TEXT_PT, color=GREY)
    _published(ax, near, lang)
    return ax


def _near(figures: pd.DataFrame, view: View) -> pd.DataFrame:
    """Published figures close enough in time to be drawn: no later than the series unless planned, and plans of the own
    place only."""
    planned, own = figures["planned"].astype(bool), figures["own"].astype(bool)
    last = view.t[-1] + np.where(planned, REACH_YEARS, 1e-9)
    near = (figures["t"] >= view.t[0] - REACH_YEARS) & (figures["t"] <= last)
    return figures[near & (own | ~planned)].reset_index(drop=True)


def _stretched(view: View, near: pd.DataFrame) -> View:
    """The view with its span and its levels grown to hold the published figures."""
    labels, kind = list(view.labels), periods.frequency(view.labels[0])
    steps = periods.STEPS_PER_YEAR[kind]
    numbers = [round(t * steps) - 1 for t in near["t"]] + [periods.ordinal(label) for label in labels]
    labels = [periods.from_ordinal(number, kind) for number in range(min(numbers), max(numbers) + 1)]
    return view._replace(labels=labels, y=np.concatenate([view.y, near["level"].to_numpy(float)]))


def _published(ax: Axes, near: pd.DataFrame, lang: str) -> None:
    """Diamonds, one label for each place and year, beside its highest figure."""
    left, right = ax.get_xlim()
    for (place, year, planned), rows in near.groupby(["place", "year", "planned"], sort=False):
        face = GREY if rows["own"].all() and not planned else "white"
        ax.scatter(rows["t"], rows["level"], marker="D", s=24, facecolor=face, edgecolor=GREY, zorder=5)
        top = rows.loc[rows["level"].idxmax()]
        late = (top["t"] - left) / (right - left) > LATE
        name = PLACES[lang].get(place, place.split(" (")[0])
        ax.annotate(
            CHART[lang]["planned" if planned else "published"].format(place=name, year=year),
            (top["t"], top["level"]),
            xytext=(-6 if late else 6, 3),
            textcoords="offset points",
            ha="right" if late else "left",
            va="bottom",
            fontsize=TEXT_PT,
            color=GREY,
        )


def joint_chart(joint: pd.Series, *, lang: str, ax: Axes | None = None) -> Axes:
    """How many targets will be met: ``joint`` holds the probability of each number (index 0, 1, …)."""
    ax = ax or new_axes()
    ax.bar(joint.index.astype(int), 100 * joint.to_numpy(float), color=INK, alpha=0.75)
    bare(ax)
    ax.set_xticks(joint.index.astype(int))
    ax.set_xlabel(CHART[lang]["joint_x"], fontsize=TEXT_PT, color=GREY)
    ax.text(0, 1.03, CHART[lang]["joint_y"], transform=ax.transAxes, fontsize=TEXT_PT, color=GREY, va="bottom")
    height = ax.figure.get_size_inches()[1] * 25.4
    position = ax.get_position()
    ax.set_position([position.x0, 13 / height, 0.9, 1 - 20 / height])
    return ax


def comparable(published, indicator, *, place: str = "") -> pd.DataFrame:
    """The published figures that can stand in the chart of an indicator: t, level, place, year, own, planned.

    Shares and ratios take figures in per cent or as a ratio, whole numbers only those of the programme's own place (another one
    has other totals); figures printed as ranges or without a clear date stay in the table. ``place``: by default the place that
    the file of published figures begins with.
    """
    if published is None or published.empty:
        return pd.DataFrame(columns=COMPARED)
    own = place or published["scope_vi"].iloc[0]
    chosen = [row for row in published.to_dict("records") if _can_compare(row, indicator, own)]
    found = pd.DataFrame([_compared(row, indicator, own) for row in chosen], columns=COMPARED)
    return found.drop_duplicates(["t", "level", "place"]).reset_index(drop=True)


def _can_compare(row: dict, indicator, own: str) -> bool:
    clear = bool(row["indicator_id"] == indicator.id and row["value_number"] and DATE.fullmatch(row["period"]))
    if indicator.kind in DISCRETE:
        return clear and row["scope_vi"] == own and row["unit"] not in PER_CENT_UNITS
    return clear and row["unit"] in PER_CENT_UNITS


def _compared(row: dict, indicator, own: str) -> dict:
    year, month = DATE.fullmatch(row["period"]).groups()
    return {
        "t": int(year) + (int(month) / 12 if month else 1.0),
        "level": float(row["value_number"]) * scale(indicator),
        "place": row["scope_vi"],
        "year": year,
        "own": row["scope_vi"] == own,
        "planned": row["kind"] == "planned",
    }
