"""What notebook 02 shows of reporting units: who holds a target back, who comes next, and how units rank."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from qnict_analysis import charts, formats, tables
from qnict_analysis.assessment import contributions
from qnict_analysis.assessment.contributions.ranking import FEWEST
from qnict_analysis.briefing import html
from qnict_analysis.briefing.pages import NONE, figure_block, marked, prose_block, table_block
from qnict_analysis.document import Block
from qnict_analysis.facts import amount_text, caps_of, facts_of
from qnict_analysis.wording.units import UNITS, named, points_short
from qnict_analysis.words import POINTS

SHOWN = 3
"""Units named in one cell."""

NEXT_SHOWN = 4
MOST_LADDERS = 4
"""Ladders are drawn for the open targets that are not likely yet but likeliest among those: there the next unit counts."""

MOST_THERE = 10
"""Units that have adopted one thing are drawn as one rung where they are more."""

CLOSE = 0.02
"""Chances that differ by less name no order."""

SURE = 0.8
"""Chance from which a unit is said to belong to a quarter."""

TOUCHES_NOTHING = 1e-9
"""Parts smaller than this are rounding, not a change."""

GAP_NAMES = ("id", "target", "gap", "reporting", "doubt", "coverage")
CHANGE_NAMES = ("target", "gap", "gap", "gap", "gap", "doubt")
NEXT_NAMES = ("id", "target", "gap", "doubt", "reporting")
LEAGUE_NAMES = ("unit", "interval", "level", "chance", "chance", "reporting")
"""What each column is, for width and alignment (``tables.WIDTHS``)."""


# --- who holds a target back -----------------------------------------------------------------------------------------


def holding_back(analysis) -> list[Block]:
    """Which units each target is short of, and what moved each indicator over a year; a sentence where there are no units."""
    lang, words = analysis.params.lang, UNITS[analysis.params.lang]
    parts = contributions.gap_parts(analysis.panel, analysis.series, analysis.registry, analysis.as_of)
    sizes = parts.groupby("indicator", sort=False)["unit"].nunique()
    if not (sizes > 1).any():
        return [prose_block(analysis, words["none"])]
    facts = {(fact.id, fact.indicator.id): fact for fact in facts_of(analysis.indicators, analysis.registry, lang=lang)}
    grouped = parts.groupby(["target", "indicator"], sort=False)
    rows = [gap_row(analysis, facts[key], own) for key, own in grouped if len(own) > 1]
    blocks = [
        prose_block(analysis, words["gap_how"]),
        table_block(analysis, pd.DataFrame(rows, columns=words["gap_heads"]), names=GAP_NAMES),
    ]
    alone = [name for name, size in sizes.items() if size < 2]
    if alone:
        blocks.append(prose_block(analysis, words["alone"].format(names=", ".join(alone))))
    return blocks + change_blocks(analysis)


def gap_row(analysis, fact, own: pd.DataFrame) -> list[str]:
    """One part of a target: what it is short of, how many units are behind, which most, and how much of it they are.

    Of a count only the silent units are named: nobody has promised a part of it, so nobody can be behind.
    """
    lang, promised = analysis.params.lang, fact.indicator.kind != "count"
    known = own[own["state"] != "silent"] if promised else own.iloc[:0]
    behind = known[known["to_gap"] > TOUCHES_NOTHING].sort_values("to_gap", ascending=False, kind="stable")
    most, spread = behind.head(SHOWN), behind["to_gap"].nunique() > 1
    sole = (own["denominator"].fillna(1.0) == 1.0).all()
    names = [unit_name(analysis, row.unit) + ("" if sole else f" ({part_text(row, fact, lang)})") for row in most.itertuples()]
    left = len(behind) - len(most)
    cell = named([*names, *[""] * left], lang, most=SHOWN) if sole else ", ".join(names)
    share = most["to_gap"].sum() / behind["to_gap"].sum() if len(behind) and spread else np.nan
    name = f"{fact.indicator.id} {fact.indicator.short[lang]}" if len(fact.target.parts) > 1 else fact.target.short[lang]
    if not fact.gap_short:
        cell, share = "", np.nan
    silent = [unit_name(analysis, unit) for unit in own.loc[own["state"] == "silent", "unit"]]
    if silent:
        cell = "; ".join([*filter(None, [cell]), UNITS[lang]["silent"].format(names=named(silent, lang, most=SHOWN))])
    number = f"{len(behind)}/{len(own)}" if promised else NONE
    return [fact.id, name, fact.gap_short or NONE, number, cell or NONE, formats.percent(share, lang, 0)]


def part_text(row, fact, lang: str) -> str:
    """A unit's part of what is missing: things for k of N, points for shares and ratios."""
    if fact.indicator.kind == "units":
        needed = row.denominator - row.numerator
        return amount_text(needed, fact.indicator, lang)
    return points_short(formats.number(100 * row.to_gap, lang, fact.indicator.decimals), lang)


def change_blocks(analysis) -> list[Block]:
    """What moved each indicator of several units over a year, by units, weights, and who has figures."""
    lang, words = analysis.params.lang, UNITS[analysis.params.lang]
    found = contributions.change_parts(analysis.panel, analysis.series, analysis.registry, analysis.as_of)
    several = {name: own for name, own in found.groupby("indicator", sort=False) if len(own) > 1}
    if not several:
        return []
    usual = pd.concat(several.values())["since"].mode().iloc[0]
    rows = [change_row(analysis, name, own, usual, lang) for name, own in several.items()]
    return [
        prose_block(analysis, words["change_how"].format(period=formats.period_tick(usual, lang))),
        table_block(analysis, pd.DataFrame(rows, columns=words["change_heads"]), names=CHANGE_NAMES),
    ]


def change_row(analysis, name: str, own: pd.DataFrame, usual: str, lang: str) -> list[str]:
    """One indicator: its change, the three parts, and the units that added most, up or down, with how many others added as much
    as the last one named; from when, if not as ``usual``."""
    indicator = analysis.registry.indicators[name]
    measure = measure_of(analysis, own, indicator)
    sums = measure.scale * own[["change", "within", "structure", "entry_exit"]].sum()
    parts = adding_up(sums["change"], sums[["within", "structure", "entry_exit"]], measure.places)
    moved = own[own["change"].abs() > TOUCHES_NOTHING].sort_values("change", key=lambda part: -part.abs(), kind="stable")
    most = [
        f"{unit_name(analysis, row.unit)} ({signed(row.change * measure.scale, measure, lang)})"
        for row in moved.head(SHOWN).itertuples()
    ]
    alike = np.isclose(moved["change"].iloc[SHOWN:], moved["change"].head(SHOWN).iloc[-1:]).sum() if most else 0
    title = f"{name} {indicator.short[lang]} ({POINTS[lang] if measure.points else indicator.entity[lang]})"
    since = own["since"].iloc[0]
    title += "" if since == usual else UNITS[lang]["since"].format(period=formats.period_tick(since, lang))
    return [title, *(signed(size, measure, lang) for size in parts), named([*most, *[""] * alike], lang, most=SHOWN) or NONE]


class Measure(NamedTuple):
    """In what a change is printed: figures times ``scale`` with ``places`` decimals, percentage ``points`` or whole things."""

    scale: float
    places: int
    points: bool


def measure_of(analysis, own: pd.DataFrame, indicator) -> Measure:
    """Whole things for counts, and for k of N where each unit is one thing and N stayed (else a change is not whole); points for
    all others."""
    if indicator.kind == "count":
        return Measure(1.0, 0, False)
    series = analysis.series[analysis.series["indicator"] == indicator.id].set_index("period")
    then, now = (series.loc[own[name].iloc[0], ["denominator", "n_units"]] for name in ("since", "period"))
    if indicator.kind == "units" and then["denominator"] == now["denominator"] == now["n_units"]:
        return Measure(float(now["denominator"]), 0, False)
    return Measure(100.0, indicator.decimals, True)


def adding_up(total: float, parts, places: int) -> list[float]:
    """A total and its parts rounded so that they add up in print: the parts with the largest remainders give way."""
    step = 10.0**-places
    whole = round(total / step)
    exact = np.asarray(parts, dtype=float) / step
    floors = np.floor(exact + TOUCHES_NOTHING)
    up = np.argsort(-(exact - floors), kind="stable")[: round(whole - floors.sum())]
    floors[up] += 1.0
    return [whole * step, *(floors * step)]


def signed(size: float, measure: Measure, lang: str) -> str:
    """A change with its sign; the unit stands beside the indicator's name."""
    text = formats.number(abs(size), lang, measure.places)
    sign = "" if float(formats.rounded(size, measure.places)) == 0 else "+" if size > 0 else formats.MINUS
    return sign + text


def unit_name(analysis, unit: str) -> str:
    """The short name of a unit."""
    return analysis.registry.units[unit].short[analysis.params.lang]


# --- who comes next --------------------------------------------------------------------------------------------------


def next_crossings(analysis) -> list[Block]:
    """For each open target the units nearest to crossing, and ladders of the targets where the next unit counts most."""
    words = UNITS[analysis.params.lang]
    chances = contributions.adoption_chances(analysis.draws, analysis.series, analysis.panel, analysis.registry, analysis.as_of)
    if chances.empty:
        return [prose_block(analysis, words["none"])]
    decided = analysis.indicators.set_index(["target", "indicator"])["decided"]
    still = ~decided.reindex(pd.MultiIndex.from_frame(chances[["target", "indicator"]])).to_numpy(bool)
    upcoming = contributions.next_units(chances[still], analysis.registry)
    rows = [next_row(analysis, key, own) for key, own in upcoming.groupby(["target", "indicator"], sort=False)]
    if not rows:
        return [prose_block(analysis, words["nothing_next"])]
    return [
        prose_block(analysis, words["next_how"]),
        table_block(analysis, pd.DataFrame(rows, columns=words["next_heads"]), names=NEXT_NAMES),
        *ladders(analysis, chances, upcoming),
    ]


def next_row(analysis, key: tuple[str, str], own: pd.DataFrame) -> list[str]:
    """One part of a target: what the whole still needs, the nearest units with their chances, and how many others there are."""
    lang, words = analysis.params.lang, UNITS[analysis.params.lang]
    target, indicator = analysis.registry.targets[key[0]], analysis.registry.indicators[key[1]]
    lacking = own["lacking"].iloc[0]
    need = NONE if pd.isna(lacking) else amount_text(lacking, indicator, lang) if lacking > 0 else words["there"]
    others = len(own) - NEXT_SHOWN
    name = f"{indicator.id} {indicator.short[lang]}" if len(target.parts) > 1 else target.short[lang]
    return [
        target.id,
        name,
        need,
        next_names(analysis, own.head(NEXT_SHOWN)),
        formats.number(others, lang) if others > 0 else NONE,
    ]


def next_names(analysis, own: pd.DataFrame) -> str:
    """Units with their chances; once that they have none where their indicator has no forecast."""
    lang = analysis.params.lang
    names = [unit_name(analysis, unit) for unit in own["unit"]]
    if own["chance"].isna().all():
        return UNITS[lang]["unsure"].format(names=", ".join(names))
    printed = (formats.chance(p, lang, **caps_of(analysis.registry)) for p in own["chance"])
    return ", ".join(f"{name} ({chance})" for name, chance in zip(names, printed, strict=True))


def ladders(analysis, chances: pd.DataFrame, upcoming: pd.DataFrame) -> list[Block]:
    """Ladders of the open targets that are not likely yet, the likeliest first; of one with several parts its binding one."""
    rows = analysis.assessment
    open_rows = rows[~rows["decided"] & rows["status"].isin(["uncertain", "unlikely"]) & (rows["gap"] > 0)]
    keys = list(zip(chances["target"], chances["indicator"], strict=True))
    ranked = open_rows.sort_values("p_met", ascending=False, kind="stable")
    wanted = [key for key in zip(ranked["target"], ranked["indicator"], strict=True) if key in set(keys)]
    return [ladder_of(analysis, key, chances, upcoming) for key in wanted[:MOST_LADDERS]]


def ladder_of(analysis, key: tuple[str, str], chances: pd.DataFrame, upcoming: pd.DataFrame) -> Block:
    """The ladder of one part of a target, its answer as title."""
    lang = analysis.params.lang
    own, coming = (table[(table["target"] == key[0]) & (table["indicator"] == key[1])] for table in (chances, upcoming))
    frame = ladder_frame(analysis, own, coming)
    target, indicator = analysis.registry.targets[key[0]], analysis.registry.indicators[key[1]]
    part = next(part for part in target.parts if part.indicator == key[1])
    single = indicator.kind == "units" and (own["denominator"].fillna(1.0) == 1.0).all()
    frame = folded(frame, lang) if single else frame
    there = int(own["adopted"].sum())
    settings = {"rung": there + int(coming["lacking"].iloc[0])} if single else {"level": float(part.threshold)}
    caps = caps_of(analysis.registry)
    axes = charts.ladder_chart(frame, lang=lang, **settings, **caps)
    nearest = frame.loc[frame["next"], "name"].to_list()
    values = {"name": f"{key[0]} · {indicator.short[lang]}", "there": there, "n": len(own), "rung": settings.get("rung", "")}
    values["level"] = formats.target_value(part, indicator, lang)
    crowd = UNITS[lang]["about_equal"].format(n=len(nearest))
    values["next"] = ", ".join(nearest) if len(nearest) <= NEXT_SHOWN else crowd
    template = ("ladder_units" if single else "ladder_level") + ("" if nearest else ".silent")
    title = UNITS[lang][template].format(**values)
    alt = charts.ladder_alt(frame, lang=lang, title=values["name"], **settings, **caps)
    return figure_block(analysis, axes, title=title, alt=alt)


def ladder_frame(analysis, own: pd.DataFrame, coming: pd.DataFrame) -> pd.DataFrame:
    """The chart's frame (``charts.LADDER``) of one part.

    Marked as next are the nearest units that would bring what the whole needs, NEXT_SHOWN at most, and those about as near as
    the last of them; where these are many, only the units clearly ahead of them.
    """
    needed = (coming[coming["needed_next"]] if coming["needed_next"].any() else coming).head(NEXT_SHOWN)
    last = needed["chance"].min()
    ahead = set(needed.loc[needed["chance"] > last + CLOSE, "unit"])
    near = set(needed["unit"]) | set(coming.loc[coming["chance"] >= last - CLOSE, "unit"])
    near = ahead if ahead and len(near) > NEXT_SHOWN else near
    order = {unit: place for place, unit in enumerate([*own.loc[own["adopted"], "unit"], *coming["unit"]])}
    rows = own.assign(order=own["unit"].map(order)).sort_values("order", kind="stable")
    return pd.DataFrame(
        {
            "name": [unit_name(analysis, unit) for unit in rows["unit"]],
            "value": rows["value"].to_numpy(float),
            "chance": rows["chance"].to_numpy(float),
            "adopted": rows["adopted"].to_numpy(bool),
            "next": rows["unit"].isin(near).to_numpy(bool),
            "known": (rows["state"] != "silent").to_numpy(bool),
            "units": 1,
        },
        columns=list(charts.LADDER),
    )


def folded(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """A frame whose units that are there make one rung where they are many: of who has adopted one thing no more can be told."""
    there = frame[frame["adopted"]]
    if len(there) <= MOST_THERE:
        return frame
    words = UNITS[lang]["folded"].format(n=len(there))
    one = there.head(1).assign(name=words, value=there["value"].mean(), chance=there["chance"].mean(), units=len(there))
    return pd.concat([one, frame[~frame["adopted"]]], ignore_index=True)


# --- how units rank --------------------------------------------------------------------------------------------------


def league_tables(analysis) -> list[Block]:
    """One table a group of units: rank with its span, score, chances of the first and last quarter; a sentence without groups."""
    words = UNITS[analysis.params.lang]
    settings = {"n_draws": analysis.params.draws, "seed": analysis.params.seed}
    found = contributions.league(analysis.panel, analysis.registry, analysis.as_of, **settings)
    if found.empty:
        several = analysis.panel.groupby("indicator")["unit"].nunique().max() > 1
        return [prose_block(analysis, words["no_league"].format(n=FEWEST) if several else words["none"])]
    blocks = [prose_block(analysis, words["league_how"])]
    for group, own in found.groupby("group", sort=False):
        blocks += [league_table(analysis, group, own), said(analysis, sure_words(analysis, own))]
    return blocks


def league_table(analysis, group: str, own: pd.DataFrame) -> Block:
    """The table of one group under its title."""
    lang, words = analysis.params.lang, UNITS[analysis.params.lang]
    rows = [league_row(analysis, row, lang) for row in own.itertuples()]
    title = words["league_title"].format(group=analysis.registry.groups[group][lang], n=len(own))
    frame = pd.DataFrame(rows, columns=words["league_heads"])
    content = tables.content(frame, names=LEAGUE_NAMES, caption=title)
    return marked(analysis, Block("table", content, html=html.page(html.table(content)), text=frame.to_string(index=False)))


def league_row(analysis, row, lang: str) -> list[str]:
    """One unit in print."""
    span = f"{row.rank} ({row.rank_low}–{row.rank_high})"
    quarters = [formats.chance(chance, lang, **caps_of(analysis.registry)) for chance in (row.top, row.bottom)]
    missing = f"{row.n_missing}/{row.n_indicators}" if row.n_missing else NONE
    return [unit_name(analysis, row.unit), span, formats.percent(row.score, lang, 0), *quarters, missing]


def said(analysis, words: str) -> Block:
    """A sentence that rests on figures, marked where they are illustrative."""
    return marked(analysis, prose_block(analysis, words))


def sure_words(analysis, own: pd.DataFrame) -> str:
    """Who surely belongs to the first and to the last quarter."""
    lang, words = analysis.params.lang, UNITS[analysis.params.lang]
    said = []
    for end in ("top", "bottom"):
        names = [unit_name(analysis, unit) for unit in own.loc[own[end] >= SURE, "unit"]]
        printed = formats.percent(SURE, lang, 0)
        said.append(words[f"sure.{end}"].format(p=printed, names=", ".join(names) or words["nobody"]))
    return " ".join(said)
