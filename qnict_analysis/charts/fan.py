"""The fan chart of one target: where it stands, where it may go, what is asked."""

import numpy as np
from matplotlib.axes import Axes

from qnict_analysis import formats, periods
from qnict_analysis.charts.frame import TEXT_PT, frame, new_axes
from qnict_analysis.charts.view import BANDS, View, points_until, print_level, print_span, target_level, view_of
from qnict_analysis.words import CHART, COLOURS, GREY, INK, SHAPES, STATUS

VERDICTS = ("met", "missed")


def fan_chart(
    series,
    draws,
    part,
    indicator,
    *,
    lang: str,
    as_of,
    deadline: str = "",
    status: str = "",
    breaks: tuple = (),
    milestones: dict[str, int | str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Where an indicator stands, where it may go, and its target.

    ``series``, ``draws``: the tables of ``schema``; ``part``: the target's part on ``indicator``. ``deadline``: of the target
    (default: the last period drawn or known). ``breaks``: periods from which the definition differs (the line is cut there).
    ``status``: printed as the verdict once nothing lies ahead. ``milestones``: of the target, by period as in the registry; each
    is a small hollow square. Bands hold 50, 80 and 95 % of the draws.
    """
    ax = ax or new_axes()
    view = view_of(series, draws, part, indicator, deadline=deadline)
    frame(ax, view, indicator, lang)
    _target_line(ax, view, part, indicator, lang)
    _bands(ax, view)
    _observed(ax, view, breaks)
    _as_of_line(ax, view, as_of, lang)
    _required_path(ax, view, part)
    _milestones(ax, milestone_levels(series, view, part, indicator, milestones or {}))
    _end_label(ax, view, indicator, lang, status)
    return ax


def milestone_levels(series, view: View, part, indicator, milestones: dict[str, int | str]) -> dict[str, float]:
    """The milestones that lie in the span of the chart, by period: their levels in the unit of the target, for units of the N
    known by then (before the first figure: of the N of that)."""
    known = points_until(series, indicator, view.labels[-1])
    found = {}
    for label in (label for label in milestones if label in view.labels):
        by_then = points_until(series, indicator, label)
        step = part.model_copy(update={"value": milestones[label]})
        found[label] = target_level(step, indicator, by_then if len(by_then) else known.head(1))
    return {label: level for label, level in found.items() if np.isfinite(level)}


def alt_text(
    series,
    draws,
    part,
    indicator,
    *,
    lang: str,
    as_of,
    deadline: str = "",
    milestones: dict[str, int | str] | None = None,
) -> str:
    """What the fan chart shows, for readers who do not see it; k of N for units."""
    view = view_of(series, draws, part, indicator, deadline=deadline)
    of = whole_of(series, indicator, deadline, lang)
    values = {
        "name": indicator.short[lang],
        "period": formats.period_text(as_of.through, lang),
        "deadline": formats.period_text(view.labels[-1], lang),
        "target": formats.target_value(part, indicator, lang),
        "now": print_level(view.y[-1], indicator, lang) + of if len(view.y) else "–",
    }
    if of and part.threshold != 1:
        values["target"] += f" ({print_level(view.target, indicator, lang)}{of})"
    pieces = [_ALT[lang]["now" if len(view.y) else "empty"]]
    if len(view.ahead):
        last = view.ahead.iloc[-1]
        values |= {
            "median": print_level(last[0.5], indicator, lang),
            "interval": print_span(last[0.1], last[0.9], indicator, lang),
        }
        pieces.append(_ALT[lang]["ahead"])
    pieces.append(_ALT[lang]["target"])
    said = []
    for label, level in milestone_levels(series, view, part, indicator, milestones or {}).items():
        whole = print_level(level, indicator, lang) + whole_of(series, indicator, label, lang)
        asked = whole if indicator.kind == "units" else formats.milestone_value(milestones[label], indicator, lang)
        said.append(f"{formats.period_text(label, lang)}: {asked}")
    if said:
        values["milestones"] = "; ".join(said)
        pieces.append(_ALT[lang]["milestones"])
    return " ".join(pieces).format(**values)


def whole_of(series, indicator, until: str, lang: str) -> str:
    """What the latest number of units up to a period is out of: "/34"; empty for other kinds and without a figure."""
    points = points_until(series, indicator, until)
    if indicator.kind != "units" or points.empty:
        return ""
    return f"/{formats.number(round(points['denominator'].iloc[-1]), lang, 0)}"


_ALT = {
    "vi": {
        "now": "Biểu đồ {name}: các điểm số liệu đến {period}, kỳ gần nhất đạt {now}.",
        "empty": "Biểu đồ {name}: chưa có số liệu đến {period}.",
        "ahead": "Dự báo đến {deadline}: mức giữa {median}, 80% số lần mô phỏng nằm trong khoảng {interval}.",
        "target": "Mục tiêu {target}.",
        "milestones": "Các mốc trong kế hoạch (ô vuông rỗng): {milestones}.",
    },
    "en": {
        "now": "Chart of {name}: points to {period}, the latest at {now}.",
        "empty": "Chart of {name}: no figures to {period}.",
        "ahead": "Forecast for {deadline}: median {median}, 80% of the simulated futures within {interval}.",
        "target": "Target {target}.",
        "milestones": "Milestones of the plan (hollow squares): {milestones}.",
    },
}


def _target_line(ax: Axes, view: View, part, indicator, lang: str) -> None:
    """The dashed line with its label at the left end, on the side away from the first points."""
    if not np.isfinite(view.target):
        return
    ax.axhline(view.target, color=COLOURS["missed"], linewidth=1.1, linestyle=(0, (5, 3)), zorder=2)
    text = CHART[lang]["target"].format(value=formats.target_value(part, indicator, lang))
    if indicator.kind == "units":
        text += f" ({formats.number(view.target, lang, 0)})"
    above = _room_above(ax, view)
    ax.annotate(
        text,
        (0.0, view.target),
        xycoords=("axes fraction", "data"),
        xytext=(2, 3 if above else -3),
        textcoords="offset points",
        va="bottom" if above else "top",
        fontsize=TEXT_PT,
        color=COLOURS["missed"],
    )


def _room_above(ax: Axes, view: View) -> bool:
    low, high = ax.get_ylim()
    starts_above = len(view.y) > 0 and view.y[0] >= view.target
    return not starts_above and (high - view.target) / (high - low) > 0.02


def _bands(ax: Axes, view: View) -> None:
    """Bands 50, 80 and 95 % and the median line; steps for whole numbers."""
    if not len(view.ahead):
        return
    times = periods.period_time(view.ahead.index)
    start = (view.t[-1:], view.y[-1:]) if len(view.t) and not view.discrete else (np.array([]), np.array([]))
    x = np.concatenate([start[0], times])
    for low, high, strength in BANDS:
        lower, upper = (np.concatenate([start[1], view.ahead[level].to_numpy()]) for level in (low, high))
        if view.discrete:
            edges, lower, upper = _steps(times, lower, upper)
            ax.fill_between(edges, lower, upper, color=INK, alpha=strength, linewidth=0, zorder=1)
        else:
            ax.fill_between(x, lower, upper, color=INK, alpha=strength, linewidth=0, zorder=1)
    middle = view.ahead[0.5].to_numpy()
    if view.discrete:
        edges, middle, _ = _steps(times, middle, middle)
        ax.plot(edges, middle, color=INK, linewidth=1.3, zorder=3)
    else:
        ax.plot(x, np.concatenate([start[1], middle]), color=INK, linewidth=1.3, zorder=3)


def _steps(times: np.ndarray, *levels: np.ndarray) -> tuple:
    """The outline of a level that holds for half a step on both sides of each period."""
    half = (times[1] - times[0]) / 2 if len(times) > 1 else 0.125
    edges = np.column_stack([times - half, times + half]).ravel()
    return edges, *(np.repeat(level, 2) for level in levels)


def _observed(ax: Axes, view: View, breaks: tuple) -> None:
    starts = [float(periods.period_time([label])[0]) for label in breaks]
    pieces = np.searchsorted(np.sort(starts), view.t, side="right") if starts else np.zeros(len(view.t), dtype=int)
    for piece in np.unique(pieces):
        own = pieces == piece
        style = {"drawstyle": "steps-mid", "alpha": 0.55} if view.discrete else {}
        ax.plot(view.t[own], view.y[own], color=INK, linewidth=1.2, zorder=3, **style)
    ax.plot(view.t, view.y, "o", color=INK, markersize=3.6, zorder=4, clip_on=False)


def _as_of_line(ax: Axes, view: View, as_of, lang: str) -> None:
    if not len(view.ahead) or not len(view.t):
        return
    ax.axvline(view.t[-1], color=GREY, linewidth=0.8, zorder=1)
    left, right = ax.get_xlim()
    early = (view.t[-1] - left) / (right - left) < 0.45
    label = view.labels[int(np.argmin(np.abs(periods.period_time(view.labels) - view.t[-1])))]
    text = CHART[lang]["as_of"].format(period=formats.period_tick(label, lang))
    ax.annotate(
        text,
        (view.t[-1], 1.04),
        xycoords=("data", "axes fraction"),
        xytext=(0, 0),
        textcoords="offset points",
        ha="left" if early else "center",
        va="bottom",
        fontsize=TEXT_PT,
        color=GREY,
    )


def _required_path(ax: Axes, view: View, part) -> None:
    """The straight path from the latest point to the target at the deadline, where it is still missing."""
    if not len(view.ahead) or not len(view.y) or not np.isfinite(view.target):
        return
    falling = part.comparator in ("at_most", "below")
    if (view.y[-1] <= view.target) if falling else (view.y[-1] >= view.target):
        return
    end = periods.period_time(view.labels[-1:])[0]
    ax.plot([view.t[-1], end], [view.y[-1], view.target], color=INK, linewidth=1.1, linestyle=":", zorder=3)


def _milestones(ax: Axes, levels: dict[str, float]) -> None:
    """A small hollow square at the period and level of each milestone."""
    if levels:
        style = {"markersize": 4.6, "markerfacecolor": "white", "markeredgecolor": COLOURS["missed"], "zorder": 5}
        ax.plot(periods.period_time(levels), list(levels.values()), "s", clip_on=False, **style)


def _end_label(ax: Axes, view: View, indicator, lang: str, status: str) -> None:
    """Beside the last period: the middle and 80 % of the futures, or the latest figure with the verdict."""
    if len(view.ahead):
        last = view.ahead.iloc[-1]
        lines = [
            CHART[lang]["median"].format(value=print_level(last[0.5], indicator, lang)),
            CHART[lang]["interval"].format(span=print_span(last[0.1], last[0.9], indicator, lang)),
        ]
        height, colour = last[0.5], INK
    elif len(view.y):
        lines = [print_level(view.y[-1], indicator, lang)]
        lines += [f"{SHAPES[status]} {STATUS[lang][status]}"] if status in VERDICTS else []
        height, colour = view.y[-1], COLOURS[status] if status in VERDICTS else INK
    else:
        return
    low, high = ax.get_ylim()
    inside = min(max(height, low + 0.12 * (high - low)), high - 0.08 * (high - low))
    ax.annotate(
        "\n".join(lines),
        (ax.get_xlim()[1] if len(view.ahead) else view.t[-1], inside),
        xytext=(3 if len(view.ahead) else 7, 0),
        textcoords="offset points",
        va="center",
        fontsize=TEXT_PT,
        color=colour,
        annotation_clip=False,
    )
