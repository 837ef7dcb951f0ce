"""The ladder of units: who is there, who comes next, who is far, one unit a rung."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from qnict_analysis import formats
from qnict_analysis.charts.frame import TEXT_PT, new_axes
from qnict_analysis.words import COLOURS, GREY, INK

LADDER = ("name", "value", "chance", "adopted", "next", "known", "units")
"""Columns of the chart's frame: printed name; value now (0 to 1, NaN without one); chance at the deadline (NaN without one);
whether the unit is there; whether it is one of the next; whether its figure is known; how many units the rung stands for (more
than one where those that are there are drawn as one)."""

EQUAL = 6
"""Decimals up to which two units are told apart."""

ROW_MM = 4.1
LABELS_MM, SIDE_MM, HEAD_MM, FOOT_MM = 30, 24, 14, 12
"""Room for names on the left, chances on the right, the key above and the axis below."""

NEXT = COLOURS["likely"]
STEM, TARGET = "#c3cad3", COLOURS["unlikely"]
KEY_STEP = 0.24
"""Part of the chart's width that one entry of the key takes."""

MARKS = {
    "adopted": {"marker": "o", "markerfacecolor": INK, "markeredgecolor": INK, "markersize": 5.5},
    "next": {"marker": "^", "markerfacecolor": NEXT, "markeredgecolor": NEXT, "markersize": 6.5},
    "waiting": {"marker": "o", "markerfacecolor": "white", "markeredgecolor": GREY, "markersize": 5.5},
    "silent": {"marker": "x", "markerfacecolor": GREY, "markeredgecolor": GREY, "markersize": 5.5},
}
"""Marks tell states apart by shape and fill first, so that they read in grey."""

WORDS = {
    "vi": {
        "adopted": "đã đạt",
        "next": "gần đạt nhất",
        "waiting": "chưa đạt",
        "silent": "chưa báo cáo",
        "value": "mức hiện nay",
        "chance": "khả năng đạt khi hết hạn",
        "head": "khả năng",
        "level": "mục tiêu {value}",
        "rung": "cần {n} đơn vị",
    },
    "en": {
        "adopted": "there",
        "next": "nearest",
        "waiting": "not there",
        "silent": "no return",
        "value": "level today",
        "chance": "chance of being there at the deadline",
        "head": "chance",
        "level": "target {value}",
        "rung": "{n} units needed",
    },
}

_ALT = {
    "vi": {
        "count": "Thang đơn vị của {title}: {there}/{n} đơn vị đã đạt.",
        "next": "Gần đạt nhất: {names}.",
        "silent": "{n} đơn vị chưa báo cáo.",
        "level": "Vạch mục tiêu: {value}.",
        "rung": "Mục tiêu cần {n} đơn vị.",
    },
    "en": {
        "count": "Ladder of units, {title}: {there} of {n} units are there.",
        "next": "Nearest: {names}.",
        "silent": "Without a return: {n}.",
        "level": "Target line: {value}.",
        "rung": "The target needs {n} units.",
    },
}


def ladder_chart(
    frame: pd.DataFrame,
    *,
    lang: str,
    level: float | None = None,
    rung: int | None = None,
    low: float = formats.LOWEST,
    high: float = formats.HIGHEST,
    ax: Axes | None = None,
) -> Axes:
    """One rung a unit (columns LADDER), the best on top: solid who is there, a triangle who comes next, hollow who is not there.

    With ``level`` (0 to 1, the target's own) the marks stand at the units' values and the target is an upright line. With
    ``rung`` (how many units the target needs) or neither, for k of N, they stand at the chances and the target lies below
    that rung. The chances of those that are not there stand on the right, printed between ``low`` and ``high``. Nothing is saved
    or shown; ``ValueError`` names a missing column.
    """
    absent = [name for name in LADDER if name not in frame]
    if absent:
        raise ValueError(f"ladder: the frame has no column {', '.join(absent)}; needed: {', '.join(LADDER)}")
    by = "chance" if level is None else "value"
    rows = ordered(frame, by)
    ax = ax or _axes(len(rows))
    places = rows[by].fillna(0.0).to_numpy(float)
    heights = np.arange(len(rows))
    ax.hlines(heights, 0.0, places, color=STEM, linewidth=1.0, zorder=1)
    states = states_of(rows)
    for state, mark in MARKS.items():
        here = states == state
        ax.plot(places[here], heights[here], linestyle="none", zorder=3, clip_on=False, **mark)
    _frame(ax, rows, by, max(1.0, places.max(initial=0.0), level or 0.0), lang)
    _chances(ax, rows, lang, low=low, high=high)
    if level is not None:
        _level_line(ax, level, lang)
    elif rung is not None and 0 < rung <= rows["units"].sum():
        _rung_line(ax, rung, int(np.searchsorted(rows["units"].cumsum(), rung)), lang)
    _key(ax, [state for state in MARKS if (states == state).any()], lang)
    return ax


def ladder_alt(
    frame: pd.DataFrame,
    *,
    lang: str,
    title: str,
    level: float | None = None,
    rung: int | None = None,
    low: float = formats.LOWEST,
    high: float = formats.HIGHEST,
    most: int = 5,
) -> str:
    """What the ladder shows, for readers who do not see it: how many are there, who comes next how likely, who is silent."""
    rows, words = ordered(frame, "chance" if level is None else "value"), _ALT[lang]
    pieces = [words["count"].format(title=title, there=int(rows.loc[rows["adopted"], "units"].sum()), n=int(rows["units"].sum()))]
    named = rows[rows["next"]].head(most)
    names = [_named(row, lang, low=low, high=high) for row in named.itertuples(index=False)]
    pieces += [words["next"].format(names=", ".join(names))] if names else []
    silent = int(rows.loc[~rows["known"], "units"].sum())
    pieces += [words["silent"].format(n=silent)] if silent else []
    pieces += [words["level"].format(value=_level_text(level, lang))] if level is not None else []
    pieces += [words["rung"].format(n=rung)] if level is None and rung is not None else []
    return " ".join(pieces)


def ordered(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """The rungs from the top down: those that are there, then by what the chart shows, equals in the order given."""
    there = frame["adopted"] if by == "chance" else pd.Series(False, index=frame.index)
    keys = pd.DataFrame({"there": there, "by": frame[by].fillna(-1.0).round(EQUAL)})
    return frame.loc[keys.sort_values(["there", "by"], ascending=False, kind="stable").index].reset_index(drop=True)


def states_of(rows: pd.DataFrame) -> np.ndarray:
    """Which mark each rung has; a unit without a return is shown as such, also where it is among the next."""
    return np.select([~rows["known"], rows["adopted"], rows["next"]], ["silent", "adopted", "next"], "waiting")


def _named(row, lang: str, **caps: float) -> str:
    return row.name if pd.isna(row.chance) else f"{row.name} ({formats.chance(row.chance, lang, **caps)})"


def _level_text(level: float, lang: str) -> str:
    return formats.percent(level, lang, 0 if round(100 * level, 6) % 1 == 0 else 1)


# --- drawing ---------------------------------------------------------------------------------------------------------


def _axes(rungs: int) -> Axes:
    height = HEAD_MM + FOOT_MM + ROW_MM * max(rungs, 4)
    ax = new_axes(height_mm=height)
    width = ax.figure.get_size_inches()[0] * 25.4
    box = (LABELS_MM / width, FOOT_MM / height, 1 - (LABELS_MM + SIDE_MM) / width, 1 - (HEAD_MM + FOOT_MM) / height)
    ax.set_position(box)
    return ax


def _frame(ax: Axes, rows: pd.DataFrame, by: str, right: float, lang: str) -> None:
    """Names on the left, a light upright grid, per cent below."""
    for side in ax.spines.values():
        side.set_visible(False)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(-0.02 * right, right)  # a mark at 0 stays off the names
    ax.set_yticks(range(len(rows)), list(rows["name"]))
    ticks = np.arange(0.0, right + 1e-9, 0.25)
    ax.set_xticks(ticks, [formats.percent(tick, lang, 0) for tick in ticks])
    ax.grid(axis="x", color="#e3e6ea", linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(length=0, labelsize=TEXT_PT, labelcolor="#333333")
    ax.set_xlabel(WORDS[lang][by], fontsize=TEXT_PT, color=GREY)


def _level_line(ax: Axes, level: float, lang: str) -> None:
    ax.axvline(level, color=TARGET, linewidth=1.2, linestyle=(0, (5, 3)), zorder=2)
    words = WORDS[lang]["level"].format(value=_level_text(level, lang))
    side = "right" if level > 0.5 * ax.get_xlim()[1] else "left"
    ax.text(level, -0.75, words, ha=side, va="bottom", fontsize=TEXT_PT, color=TARGET)


def _rung_line(ax: Axes, rung: int, row: int, lang: str) -> None:
    """The target below the row that holds its last unit."""
    ax.axhline(row + 0.5, color=TARGET, linewidth=1.2, linestyle=(0, (5, 3)), zorder=2)
    last = row + 1 >= round(ax.get_ylim()[0])
    words = WORDS[lang]["rung"].format(n=rung)
    place = {"transform": ax.get_yaxis_transform(), "ha": "right", "va": "bottom" if last else "top", "zorder": 4}
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
    ax.text(0.97, row + 0.5 + (-0.12 if last else 0.12), words, fontsize=TEXT_PT, color=TARGET, bbox=paper, **place)


def _chances(ax: Axes, rows: pd.DataFrame, lang: str, **caps: float) -> None:
    """The chance of each unit that is not there yet, right of its rung."""
    shown = rows[~rows["adopted"] & rows["chance"].notna()]
    if shown.empty:
        return
    place = {"transform": ax.get_yaxis_transform(), "fontsize": TEXT_PT, "ha": "right"}
    ax.text(1.0 + SIDE_MM / 110, -0.75, WORDS[lang]["head"], color=GREY, va="bottom", **place)
    for height, row in shown.iterrows():
        colour = NEXT if row["next"] else "#333333"
        ax.text(1.0 + SIDE_MM / 110, height, formats.chance(row["chance"], lang, **caps), color=colour, va="center", **place)


def _key(ax: Axes, states: list[str], lang: str) -> None:
    """Marks and their words above the chart."""
    height = ax.figure.get_size_inches()[1] * 25.4
    top = 1 - 3.2 / height
    for place, state in enumerate(states):
        ax.figure.add_artist(_mark(ax, 0.02 + KEY_STEP * place, top, state))
        ax.figure.text(0.04 + KEY_STEP * place, top, WORDS[lang][state], va="center", fontsize=TEXT_PT, color="#333333")


def _mark(ax: Axes, x: float, y: float, state: str) -> Line2D:
    return Line2D([x], [y], linestyle="none", transform=ax.figure.transFigure, **MARKS[state])
