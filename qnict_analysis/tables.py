"""Tables for people: frames of printed strings, and the same as content of a block (heads, alignment, widths, cells).

Frames carry the heads of their language. Numbers are printed as in the report: levels in the unit of the target.
"""

import pandas as pd

from qnict_analysis import formats, periods, quality
from qnict_analysis.facts import WHOLE, amount_text, covered, facts_of, level_text
from qnict_analysis.words import (
    CHART,
    COLUMNS,
    PLACES,
    RULE_CLASSES,
    RULE_REASONS,
    RULE_SILENT,
    RULES,
    SEVERITY,
    SHAPES,
    STATUS,
)

TARGET_COLUMNS = ("id", "target", "now", "goal", "gap", "chance", "interval", "reach", "status")
DECIDED_COLUMNS = ("id", "target", "result", "goal", "gap", "reach", "status")
WORRY_COLUMNS = ("id", "target", "now", "goal", "gap", "outcome")
MISSED_COLUMNS = ("id", "target", "result", "goal", "gap", "status")
PART_COLUMNS = ("part", "now", "goal", "gap", "chance", "status")
DOUBT_COLUMNS = ("period", "indicator", "unit", "doubt", "severity")
RULE_COLUMNS = ("id", "target", "cagr", "unsd", "escap_status", "escap_outlook", "destatis", "outcome")
TREND_COLUMNS = ("period", "level", "growth", "coverage", "reporting", "published")

WIDTHS = {
    "id": 0,
    "target": 3.2,
    "now": 1.5,
    "result": 1.5,
    "goal": 1.3,
    "gap": 1.6,
    "chance": 1.1,
    "outcome": 1.3,
    "interval": 1.4,
    "reach": 1.1,
    "status": 2.0,
    "part": 3.0,
    "indicator": 2.4,
    "unit": 1.2,
    "doubt": 4.0,
    "severity": 1.1,
    "cagr": 1.6,
    "unsd": 1.6,
    "escap_status": 1.6,
    "escap_outlook": 1.6,
    "destatis": 1.6,
}
"""Shares of the width; 0: as wide as the content."""

RIGHT = ("now", "result", "goal", "gap", "chance", "outcome", "interval", "level", "growth", "coverage", "reporting")
FIGURES = ("now", "result", "goal", "gap", "chance", "outcome", "interval")
"""What takes as much width as it needs in a table of targets, so that the names beside it stand on one line."""

NONE = "–"

PLANS_AHEAD = 2
"""Years after the series for which a published plan is still shown beside it."""


def target_table(assessment: pd.DataFrame, registry, lang: str) -> pd.DataFrame:
    """One row a target: id, target, now, goal, what is missing, chance, 80 % interval at the deadline, met from, status."""
    facts = facts_of(assessment, registry, lang=lang)
    heads = {name: COLUMNS[lang][name] for name in TARGET_COLUMNS}
    rows = [{heads[name]: printed(fact, name) for name in TARGET_COLUMNS} for fact in facts]
    return pd.DataFrame(rows, columns=list(heads.values())).astype("str")


def printed(fact, name: str) -> str:
    """One cell of a table of targets."""
    return CELLS[name](fact) or NONE


CELLS = {
    "id": lambda fact: fact.id,
    "target": lambda fact: fact.target.short[fact.lang],
    "part": lambda fact: fact.indicator.short[fact.lang],
    "now": lambda fact: fact.now_short,
    "result": lambda fact: fact.now_short,
    "goal": lambda fact: fact.goal_full,
    "gap": lambda fact: fact.gap_short,
    "chance": lambda fact: fact.chance,
    "outcome": lambda fact: fact.chance or fact.label,
    "interval": lambda fact: fact.interval.partition("/")[0],
    "reach": lambda fact: reach_text(fact),
    "status": lambda fact: f"{SHAPES[fact.status]} {fact.label}",
}


def reach_text(fact) -> str:
    """From when the target is likely met: a period, or that it is later than the deadline."""
    if fact.reach:
        return formats.period_tick(fact.reach_period, fact.lang)
    return COLUMNS[fact.lang]["not_in_time"] if fact.chance else ""


def trend_table(series: pd.DataFrame, indicator, published: pd.DataFrame | None, lang: str) -> pd.DataFrame:
    """The last known period of each year: level, change against a year before, coverage, units reporting, and what was
    published for that year (with its place; plans are called so). Years with a published figure only have a row too."""
    own = series[(series["indicator"] == indicator.id) & series["value"].notna()].set_index("period")
    beside = published_by_year(published, indicator, lang, last=own.index[-1] if len(own) else "")
    last_of_year = {label[:4]: label for label in sorted(own.index, key=periods.ordinal)}
    heads = [COLUMNS[lang][name] for name in TREND_COLUMNS]
    rows = [
        (*trend_row(own, last_of_year.get(year), year, indicator, lang), beside.get(year, NONE))
        for year in sorted(last_of_year.keys() | beside.keys())
    ]
    return pd.DataFrame(rows, columns=heads).astype("str")


def doubt_table(found: pd.DataFrame, registry, lang: str) -> pd.DataFrame:
    """One row a doubted figure (``schema.QUALITY``): period, indicator, unit, why, severity."""
    heads = [COLUMNS[lang][name] for name in DOUBT_COLUMNS]
    rows = [
        (
            formats.period_tick(row.period, lang),
            registry.indicators[row.indicator].short[lang] if row.indicator else NONE,
            registry.units[row.unit].short[lang] if row.unit else NONE,
            quality.reason(row, registry, lang),
            SEVERITY[lang][row.severity],
        )
        for row in found.itertuples()
    ]
    return pd.DataFrame(rows, columns=heads).astype("str")


def rule_table(verdicts: pd.DataFrame, assessment: pd.DataFrame, registry, lang: str) -> pd.DataFrame:
    """One row a target (or part): what each official rule says of it (``schema.RULE_VERDICTS``) beside its chance or verdict.

    Of a target with several parts the rules are those of the part that its row shows.
    """
    said = verdicts.assign(cell=[rule_text(row, lang) for row in verdicts.itertuples(index=False)])
    cells = said.set_index(["target", "indicator", "rule"])["cell"].to_dict()
    rows = [
        [cells[row.target, row.indicator, name] if name in RULES[lang] else printed(fact, name) for name in RULE_COLUMNS]
        for row, fact in zip(assessment.itertuples(index=False), facts_of(assessment, registry, lang=lang), strict=True)
    ]
    return pd.DataFrame(rows, columns=[COLUMNS[lang][name] for name in RULE_COLUMNS]).astype("str")


def rule_text(row, lang: str) -> str:
    """One verdict in print: its class with the number behind it, or why it cannot be computed."""
    if not row.verdict:
        return RULE_SILENT[lang].format(reason=RULE_REASONS[lang][row.reason])
    word = RULE_CLASSES[lang][f"{row.rule}.{row.verdict}"]
    return word if pd.isna(row.number) else f"{word} ({rule_number(row.rule, row.number, lang)})"


def rule_number(rule: str, number: float, lang: str) -> str:
    """The number behind a class: of ten for ESCAP's status, else per cent."""
    return f"{formats.number(number, lang, 1)}/10" if rule == "escap_status" else formats.percent(number, lang, 1)


def trend_row(own: pd.DataFrame, label: str | None, year: str, indicator, lang: str) -> tuple:
    """Period, level, growth a year (of units with figures both times), coverage and units reporting; dashes where the year has
    no figure of its own."""
    if label is None:
        return (year, NONE, NONE, NONE, NONE)
    row = own.loc[label]
    before = periods.shift(label, -periods.STEPS_PER_YEAR[periods.frequency(label)])
    growth = signed(own["change"].loc[before:label].iloc[1:].sum(), row, indicator, lang) if before in own.index else NONE
    return (
        formats.period_tick(label, lang),
        level_text(row["value"], indicator, row["denominator"], lang),
        growth,
        covered(row["coverage"], lang),
        f"{formats.number(row['n_reporting'], lang, 0)}/{formats.number(row['n_units'], lang, 0)}",
    )


def signed(change: float, row, indicator, lang: str) -> str:
    """A change with its sign, in points or whole units."""
    amount = change * row["denominator"] if indicator.kind == "units" else change
    size = round(amount) if indicator.kind in WHOLE else amount
    text = amount_text(abs(size), indicator, lang)
    return f"{'+' if size > 0 else '−' if size < 0 else ''}{text}"


def published_by_year(published: pd.DataFrame | None, indicator, lang: str, *, last: str) -> dict[str, str]:
    """Published figures of an indicator by year, as one line each; none that is later than the series, unless planned."""
    if published is None or published.empty:
        return {}
    rows = published[(published["indicator_id"] == indicator.id) & published["period"].str.match(r"\d{4}")]
    limit = rows["kind"].eq("planned") * PLANS_AHEAD + int(last[:4] or 9999)
    known = rows[rows["period"].str[:4].astype(int) <= limit]
    lines = known.apply(lambda row: published_line(row, lang), axis=1)
    return (
        lines.groupby(known["period"].str[:4]).agg(lambda texts: "; ".join(dict.fromkeys(texts))).to_dict() if len(known) else {}
    )


def published_line(row: pd.Series, lang: str) -> str:
    """One published figure with its place and year."""
    place = PLACES[lang].get(row["scope_vi"], row["scope_vi"].split(" (")[0])
    words = CHART[lang]["planned" if row["kind"] == "planned" else "published"]
    return f"{words.format(place=place, year=row['period'][:4])}: {published_value(row, lang)}"


def published_value(row: pd.Series, lang: str) -> str:
    """A published figure as printed: per cent and ratios as per cent, other figures as they stand in the file."""
    if not row["value_number"]:
        return f"{row['value']}{row['unit'] if row['unit'] == '%' else ''}"
    value = float(row["value_number"])
    if row["unit"] in ("%", "ratio"):
        return formats.percent(value, lang, 0 if round(100 * value, 6) % 1 == 0 else 1)
    return formats.number(value, lang, 0)


# --- content of blocks -----------------------------------------------------------------------------------------------


def content(frame: pd.DataFrame, *, names: tuple = (), caption: str = "", note: str = "", alt: str = "") -> dict:
    """Any frame of strings as a table for a block; ``names``: what each column is (for alignment and width)."""
    names = names or tuple(frame.columns)
    columns = [column(head, name) for head, name in zip(frame.columns, names, strict=True)]
    rows = [[str(cell) for cell in row] for row in frame.itertuples(index=False)]
    return {"columns": columns, "rows": rows, "caption": caption, "note": note, "alt": alt}


def column(head: str, name: str) -> dict:
    """Head, alignment and width of a column."""
    return {"title": str(head), "align": "right" if name in RIGHT else "left", "width": WIDTHS.get(name, 1)}


def facts_content(facts: list, names: tuple, lang: str, *, caption: str = "", note: str = "", alt: str = "") -> dict:
    """Facts as a table for a block, the status as a badge."""
    rows = [[badge(fact) if name == "status" else printed(fact, name) for name in names] for fact in facts]
    columns = [column(COLUMNS[lang][name], name) | ({"width": 0} if name in FIGURES else {}) for name in names]
    return {"columns": columns, "rows": rows, "caption": caption, "note": note, "alt": alt}


def badge(fact) -> dict:
    """The status of a fact as a badge."""
    return {"status": fact.status, "label": fact.label}


def status_text(code: str, lang: str) -> str:
    """A status as shape and word, for tables without colour."""
    return f"{SHAPES[code]} {STATUS[lang][code]}"
