"""The analyst's page, notebook 01: who reported when, what was revised or is doubted, how indicators and their units grow."""

import numpy as np
import pandas as pd

from qnict_analysis import charts, formats, growth, periods, tables, vintages
from qnict_analysis.briefing.pages import NONE, figure_block, prose_block, table_block
from qnict_analysis.document import Block
from qnict_analysis.words import PHASES, POINTS

GROWTH_COLUMNS = ("target", "doubt_word", "turn", "level", "chance", "reach")
REVISION_COLUMNS = ("target", "coverage", "level", "level")
FEWEST_UNITS = 3
TINY = 0.001
FARTHEST = 6.0
"""Years from the last figure beyond which the middle of an S-curve is a guess."""

WORDS = {
    "vi": {
        "one_unit": "Toàn bộ số liệu do một nơi cung cấp: {unit}. Vì vậy không có lịch báo cáo của từng đơn vị.",
        "calendar": "{n}/{of} đơn vị báo cáo đủ và đúng hạn {period}; {silent} đơn vị chưa báo cáo",
        "growth_heads": ["Chỉ số", "Giai đoạn", "Điểm gãy", "Xu thế một năm [90%]", "p", "Qua mốc một nửa"],
        "faster": "nhanh hơn từ {period}",
        "slower": "chậm lại từ {period}",
        "tiny": "<0,001",
        "not_clear": "chưa rõ",
        "no_revisions": "Chưa có số liệu nào được điều chỉnh sau lần báo cáo đầu.",
        "revision_heads": ["Chỉ số", "Số liệu được điều chỉnh", "Mức thường gặp", "Mức lớn nhất"],
        "revised": "{name}: {n} trong {of} kỳ nay khác với khi công bố lần đầu",
        "heat": "{name}: từng đơn vị qua các kỳ",
        "groups": "{name}: theo nhóm đơn vị",
        "no_doubts": "Không có số liệu nào của một năm gần nhất bị quy tắc kiểm tra nêu ra.",
    },
    "en": {
        "one_unit": "All figures come from one body: {unit}. There is no calendar of units to show.",
        "calendar": "{n} of {of} units reported {period} complete and in time; without a return: {silent}",
        "growth_heads": ["Indicator", "Phase", "Turning point", "Trend a year [90%]", "p", "Passes one half"],
        "faster": "faster from {period}",
        "slower": "slower from {period}",
        "tiny": "<0.001",
        "not_clear": "not clear yet",
        "no_revisions": "No figure has been revised since it was first reported.",
        "revision_heads": ["Indicator", "Figures revised", "Usual size", "Largest"],
        "revised": "{name}: {n} of {of} periods now differ from their first print",
        "heat": "{name}: every unit by period",
        "groups": "{name}: by group of units",
        "no_doubts": "The quality rules name no figure of the last year.",
    },
}


def coverage_calendar(analysis) -> Block:
    """Who reported when, as one chart; a sentence where one body reports all."""
    lang, words = analysis.params.lang, WORDS[analysis.params.lang]
    states = vintages.calendar(analysis.history, analysis.panel, analysis.registry)
    if len(states) < 2:
        return prose_block(analysis, words["one_unit"].format(unit=analysis.registry.units[states.index[0]].name[lang]))
    last = states.columns[-1]
    here = states[last][states[last] != ""]
    numbers = {"n": int((here == "on_time").sum()), "of": len(here), "silent": int(here.isin(["carried", "silent"]).sum())}
    title = words["calendar"].format(period=formats.period_text(last, lang), **numbers)
    axes = charts.calendar_chart(states.rename(index=lambda unit: analysis.registry.units[unit].short[lang]), lang=lang)
    return figure_block(analysis, axes, title=title, alt=title)


def growth_table(analysis) -> Block:
    """Phase, pace, turning point, trend with its interval, and the place on the S-curve of every indicator."""
    lang, words = analysis.params.lang, WORDS[analysis.params.lang]
    found = growth.growth(analysis.series, analysis.registry)
    rows = [growth_row(analysis, row, lang) for row in found.itertuples()]
    return table_block(analysis, pd.DataFrame(rows, columns=words["growth_heads"]), names=GROWTH_COLUMNS)


def growth_row(analysis, row, lang: str) -> list[str]:
    """One indicator's growth in print; dashes where nothing can be told."""
    indicator, words = analysis.registry.indicators[row.indicator], WORDS[lang]
    bounded = indicator.kind in growth.BOUNDED
    last = analysis.series.loc[analysis.series["indicator"] == row.indicator, "period"].iloc[-1]
    turn = (
        words["faster" if row.turn_faster else "slower"].format(period=formats.period_tick(row.turn, lang)) if row.turn else NONE
    )
    ends = [row.trend, row.trend_low, row.trend_high]
    slopes = [slope * row.level * (1 - row.level) if bounded else np.expm1(slope) for slope in ends]
    printed = [formats.number(100 * slope, lang, 1) for slope in slopes]
    unit = POINTS[lang] if bounded else "%"
    trend = f"{printed[0]} [{printed[1]}; {printed[2]}] {unit}" if row.trend == row.trend else NONE
    chance = NONE if row.p_value != row.p_value else words["tiny"] if row.p_value < TINY else formats.number(row.p_value, lang, 3)
    name = f"{indicator.id} {indicator.short[lang]}"
    return [name, PHASES[lang][row.phase], turn, trend, chance, middle_of(row, last, bounded, lang)]


def middle_of(row, last: str, bounded: bool, lang: str) -> str:
    """When the fitted S-curve passes a half, with its interval in periods; that it is not clear, or that there is none."""
    if not bounded:
        return NONE
    near = row.midpoint == row.midpoint and max(abs(row.midpoint_low), abs(row.midpoint_high)) <= FARTHEST
    if not near:
        return WORDS[lang]["not_clear"]
    kind = periods.frequency(last)
    steps = periods.STEPS_PER_YEAR[kind]
    middle, low, high = (
        formats.period_tick(periods.shift(last, round(years * steps)), lang)
        for years in (row.midpoint, row.midpoint_low, row.midpoint_high)
    )
    return f"{middle} [{low}; {high}]"


def revision_blocks(analysis) -> list[Block]:
    """How much figures were revised, and a chart for each indicator whose whole was: as known then against as known now."""
    lang, words = analysis.params.lang, WORDS[analysis.params.lang]
    found = vintages.revisions(analysis.history, analysis.registry)
    moved = found[found["n_revised"] > 0]
    if moved.empty:
        return [prose_block(analysis, words["no_revisions"])]
    rows = [revision_row(row, analysis.registry.indicators[row.indicator], lang) for row in moved.itertuples()]
    blocks = [table_block(analysis, pd.DataFrame(rows, columns=words["revision_heads"]), names=REVISION_COLUMNS)]
    prints = vintages.first_prints(analysis.history, analysis.registry, analysis.as_of)
    for name in moved["indicator"]:
        both = prints[(prints["indicator"] == name) & prints["then"].notna()]
        if len(both) > 1 and (both["then"] - both["now"]).abs().max() > 0:
            indicator = analysis.registry.indicators[name]
            axes = charts.revision_chart(both, indicator, lang=lang)
            title = words["revised"].format(
                name=f"{name} · {indicator.short[lang]}", n=int((both["then"] != both["now"]).sum()), of=len(both)
            )
            blocks.append(figure_block(analysis, axes, title=title, alt=title))
    return blocks


def revision_row(row, indicator, lang: str) -> tuple[str, ...]:
    """How one indicator's figures were revised, in print."""
    sizes = (revised_by(size, indicator, lang) for size in (row.typical, row.largest))
    return (f"{indicator.id} {indicator.short[lang]}", f"{row.n_revised}/{row.n_figures}", *sizes)


def revised_by(size: float, indicator, lang: str) -> str:
    """The size of a revision: items of counts, points of the others."""
    return formats.number(size, lang, 0) if indicator.kind == "count" else formats.points(size, lang, 1)


def unit_maps(analysis) -> list[Block]:
    """For each indicator of several units: groups of units as lines, and every unit's figures as a heat map."""
    return [block for indicator in analysis.registry.indicators.values() for block in unit_map(analysis, indicator)]


def unit_map(analysis, indicator) -> list[Block]:
    """The lines of groups and the heat map of one indicator; nothing where few units report it."""
    lang, words = analysis.params.lang, WORDS[analysis.params.lang]
    own = analysis.panel[analysis.panel["indicator"] == indicator.id]
    own = own[own["period"].map(periods.ordinal) <= periods.ordinal(analysis.as_of.through)]
    if own["unit"].nunique() < FEWEST_UNITS or own["value"].notna().sum() == 0:
        return []
    per_cent = indicator.kind != "count"
    values = own.assign(value=own["value"].where(own["state"] == "reported")).pivot(
        index="unit", columns="period", values="value"
    )
    labels = sorted(values.columns, key=periods.ordinal)
    values = values.reindex(index=[unit for unit in analysis.registry.units if unit in values.index], columns=labels)
    most = 1.0 if indicator.kind in ("share", "units") else float(values.max(axis=None))
    names = values.rename(index=lambda unit: analysis.registry.units[unit].short[lang])
    title = words["heat"].format(name=f"{indicator.id} · {indicator.short[lang]}")
    found = [figure_block(analysis, charts.heat_map(names, most=most, lang=lang, per_cent=per_cent), title=title, alt=title)]
    lines = group_lines(analysis, own)
    if len(lines) > 1 and indicator.kind in ("share", "ratio"):
        title = words["groups"].format(name=f"{indicator.id} · {indicator.short[lang]}")
        found.insert(0, figure_block(analysis, charts.group_chart(lines, indicator, lang=lang), title=title, alt=title))
    return found


def group_lines(analysis, own: pd.DataFrame) -> dict[str, pd.Series]:
    """Rate of each group of units by period, among the units known: printed name -> values."""
    known = own[own["state"] != "silent"].assign(group=lambda f: f["unit"].map(lambda unit: analysis.registry.units[unit].group))
    sums = known.groupby(["group", "period"], sort=False)[["numerator", "denominator"]].sum()
    rates = (sums["numerator"] / sums["denominator"].where(sums["denominator"] > 0)).dropna()
    lines = {}
    for group, title in analysis.registry.groups.items():
        if group in rates.index.get_level_values("group"):
            line = rates.loc[group]
            lines[title[analysis.params.lang]] = line.reindex(sorted(line.index, key=periods.ordinal))
    return lines


def doubts(analysis) -> Block:
    """Every doubt on the figures of the as-of's year back, newest first; a sentence where there is none."""
    lang, last = analysis.params.lang, periods.ordinal(analysis.as_of.through)
    year = periods.STEPS_PER_YEAR[periods.frequency(analysis.as_of.through)]
    recent = analysis.quality[analysis.quality["period"].map(periods.ordinal) > last - year].iloc[::-1]
    if recent.empty:
        return prose_block(analysis, WORDS[lang]["no_doubts"])
    return table_block(analysis, tables.doubt_table(recent, analysis.registry, lang), names=tables.DOUBT_COLUMNS)
