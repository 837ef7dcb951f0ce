"""What notebook 03 and the briefing show of scenarios: side by side, what each lever brings, and what it would take."""

import pandas as pd

from qnict_analysis import charts, formats, tables
from qnict_analysis.analysis import usable_scenarios
from qnict_analysis.briefing import html, pages
from qnict_analysis.document import Block
from qnict_analysis.facts import caps_of, chance_like
from qnict_analysis.planning import (
    MOVED,
    Goal,
    Planner,
    chosen,
    interval_of,
    lever_parts,
    parts_of,
    points_for_money,
    seek,
    side_by_side,
    tornado,
)
from qnict_analysis.planning.goal import still_under
from qnict_analysis.planning.parts import MOST_CAUSES
from qnict_analysis.wording import plans

WANTED = 0.8
"""The chance that is sought for targets at risk."""

MOST_MOVED = 12
"""Changes that an annex names one by one; all stand in tables/scenarios.csv."""

MOVED_COLUMNS = ("status", "id", "part", "gap", "interval", "doubt")
"""What the columns of these changes are, for their widths."""

WORRYING = ("unlikely", "uncertain")


def rests_on(analysis) -> str:
    """What a table of numbers rests on, as the column ``status`` of a file says it."""
    return "illustrative" if analysis.illustrative else "reported"


def planner_of(analysis) -> Planner:
    """The planner of an analysis."""
    return Planner(analysis)


def compared(analysis, planner: Planner) -> list[Block]:
    """P(met) of every target in each scenario of the workspace, the baseline first; the mean number met."""
    lang, words = analysis.params.lang, plans.TEXT[analysis.params.lang]
    specs, faults = usable_scenarios(analysis.workspace, analysis.registry)
    chances = {spec.name: planner.chances(spec) for spec in specs}
    caps = caps_of(analysis.registry)
    columns = {
        spec.title[lang]: [printed(chances[spec.name][name], row, lang, caps=caps) for name, row in rows_of(analysis)]
        for spec in specs
    }
    frame = pages.target_frame(analysis, columns)
    means = [formats.number(chances[spec.name].sum(), lang, 1) for spec in specs]
    frame.loc[len(frame)] = ["", words["met"], *means]
    names = ("id", "target", *["chance"] * len(specs))
    beyond = [note for spec in specs if spec.towards_best > 1 for note in plans.notes_of(spec, analysis.registry, lang)]
    left = [words["left_out"].format(faults="; ".join(faults))] if faults else []
    said = " ".join([words["assumed"], *beyond, *left])
    return [pages.table_block(analysis, frame, names=names), pages.prose_block(analysis, said)]


def moved(analysis, planner: Planner) -> list[Block]:
    """What the scenarios with levers or schedules change by half a point or more, as a table and a picture: how much, how far
    that is sure, what brings it; and what their levers wait for."""
    lang, words = analysis.params.lang, plans.TEXT[analysis.params.lang]
    specs = [spec for spec in usable_scenarios(analysis.workspace, analysis.registry)[0] if spec.levers or spec.schedules]
    if not specs:
        return []
    found = side_by_side(planner, specs)
    far = found[found["p_change"].abs() >= MOVED]
    largest = far.loc[far["p_change"].abs().sort_values(ascending=False, kind="stable").index[:MOST_MOVED]].sort_index()
    up = dict.fromkeys(name for spec in specs for name, setting in spec.levers.items() if setting.level > 0)
    waits = " ".join(plans.waiting_notes(up, analysis.registry, lang))
    said = words["moved" if len(far) else "moved.none"].format(n=len(far), shown=len(largest))
    said += untold(largest, {spec.name: spec for spec in specs}, analysis, planner)
    if far.empty:
        return [pages.prose_block(analysis, said)]
    by_name = {spec.name: spec for spec in specs}
    rows = [moved_row(row, by_name[row.scenario], analysis, planner) for row in largest.itertuples()]
    frame = pd.DataFrame(rows, columns=[words[name] for name in ("name", "id", "target", "change", "sure", "brought")])
    # As a note, so that no page breaks between the table and what it says.
    content = tables.content(frame, names=MOVED_COLUMNS, note=said)
    block = Block("table", content, html=html.page(html.table(content)), text=f"{frame.to_string(index=False)}\n{said}")
    waiting = [pages.prose_block(analysis, waits)] if waits else []
    return [pages.marked(analysis, block), moved_picture(analysis, largest, by_name), *waiting]


def untold(rows: pd.DataFrame, specs: dict, analysis, planner: Planner) -> str:
    """A sentence that names the targets whose change is not split, because too many things move it at once; else nothing."""
    words = plans.TEXT[analysis.params.lang]
    parts = {row.target: parts_of(planner, specs[row.scenario], row.target) for row in rows.itertuples()}
    names = [name for name, own in parts.items() if any(part != part for part in own.values())]
    return " " + words["untold"].format(targets=", ".join(names), most=MOST_CAUSES) if names else ""


def moved_row(row, spec, analysis, planner: Planner) -> list[str]:
    """One target under one scenario in print: its change, the range of it, and what brings it, the most first."""
    lang, registry = analysis.params.lang, analysis.registry
    points = [100 * value for value in (row.p_change_low, row.p_change_high)]
    span = "; ".join(formats.signed(value, lang) for value in points) if points[0] == points[0] else pages.NONE
    parts = sorted(parts_of(planner, spec, row.target).items(), key=lambda pair: -abs(pair[1]))
    told = [
        f"{cause_name(name, registry, lang)} {formats.signed(100 * part, lang)}"
        for name, part in parts
        if abs(part) >= plans.LEAST
    ]
    short = registry.targets[row.target].short[lang]
    return [spec.title[lang], row.target, short, formats.signed(100 * row.p_change, lang), span, "; ".join(told) or pages.NONE]


def moved_picture(analysis, rows: pd.DataFrame, specs: dict) -> Block:
    """The same changes as a picture."""
    lang = analysis.params.lang
    names = [f"{specs[row.scenario].title[lang]}: {row.target}" for row in rows.itertuples()]
    plain = rows.rename(columns={"p_change": "change", "p_change_low": "low", "p_change_high": "high"}).assign(name=names)
    said = "; ".join(f"{row.name} {formats.signed(100 * row.change, lang)}" for row in plain.itertuples(index=False))
    title = plans.TEXT[lang]["moved.title"]
    return pages.figure_block(analysis, charts.moved_chart(plain, lang=lang), title=title, alt=f"{title}: {said}")


def rows_of(analysis) -> list[tuple]:
    """Targets with their rows of the assessment, in the plan's order."""
    return [(row.target, row) for row in analysis.assessment.itertuples(index=False)]


def printed(chance: float, row, lang: str, *, caps: dict) -> str:
    """A chance in print within the ``caps``; the verdict once it is in, a dash without basis."""
    if row.decided:
        return pages.tables.status_text(row.status, lang)
    return chance_like(chance, row.evidence, lang, **caps) if chance == chance else pages.NONE


def changed(analysis, planner: Planner) -> list[Block]:
    """What the chosen scenario changes, with the range that the effects' uncertainty gives, and what each lever brings to it."""
    lang, words = analysis.params.lang, plans.TEXT[analysis.params.lang]
    spec = chosen(analysis)
    change = planner.chances(spec) - planner.chances(planner.baseline)
    far = list(change.index[change.abs() >= plans.LEAST])
    if not far:
        return [pages.prose_block(analysis, pages.WORDS[lang]["no_difference"])]
    moved = interval_of(planner, spec, far)
    parts = 100 * lever_parts(planner, spec).loc[moved.index]
    heads = [words[name] for name in ("id", "target", "change", "sure")]
    named = [cause_name(name, analysis.registry, lang) for name in parts.columns]
    rows = []
    for name, row in moved.iterrows():
        span = "; ".join(formats.signed(100 * row[end], lang) for end in ("low", "high"))
        short = analysis.registry.targets[name].short[lang]
        cells = [formats.signed(value, lang) if value == value else pages.NONE for value in parts.loc[name]]
        rows.append([name, short, formats.signed(100 * row["likely"], lang), span, *cells])
    frame = pd.DataFrame(rows, columns=[*heads, *named])
    untold = parts.index[parts.isna().any(axis=1)]
    left = [words["untold"].format(targets=", ".join(untold), most=MOST_CAUSES)] if len(untold) else []
    said = " ".join([words["assumed"], *left, *plans.notes_of(spec, analysis.registry, lang)])
    table = pages.table_block(analysis, frame, names=("id", "target", *["now"] * (len(frame.columns) - 2)))
    return [table, *money(analysis, planner, spec), pages.prose_block(analysis, said)]


def money(analysis, planner: Planner, spec) -> list[Block]:
    """What each lever brings for its cost; nothing where no lever has both from a source of its own."""
    lang, words = analysis.params.lang, plans.TEXT[analysis.params.lang]
    found = points_for_money(planner, spec)
    if found.empty:
        return []
    levers = analysis.registry.levers
    unit = levers[found["lever"].iloc[0]].cost.unit[lang]
    heads = [words["lever"], *(words[name].format(unit=unit) for name in ("points", "cost", "each"))]
    rows = [
        (levers[row.lever].title[lang], *(formats.number(value, lang, 1) for value in (row.points, row.cost, row.each)))
        for row in found.itertuples()
    ]
    return [pages.table_block(analysis, pd.DataFrame(rows, columns=heads), names=("target", *["now"] * 3))]


def cause_name(name: str, registry, lang: str) -> str:
    """A lever's title, or what else a scenario holds."""
    return registry.levers[name].title[lang] if name in registry.levers else plans.TEXT[lang][name]


def needed(analysis, planner: Planner) -> list[Block]:
    """For each target at risk: what would give it WANTED, and how far its levers and the best pace observed would bring it."""
    lang, words = analysis.params.lang, plans.TEXT[analysis.params.lang]
    goals = goals_of(analysis, planner)
    if not goals:
        return [pages.prose_block(analysis, words["goal.all"])]
    evidence = analysis.assessment.set_index("target")["evidence"]
    heads, *rows = plans.goal_rows(goals, analysis.registry, lang, evidence=evidence)
    frame = pd.DataFrame(rows, columns=list(heads))
    said = words["goal.table"].format(asked=formats.percent(WANTED, lang, 0), first=plans.mid(planner.first, lang))
    names = ("id", "target", *["chance"] * (len(heads) - 2))
    still = [words[f"still.{goal.still}"].format(target=goal.target) for goal in goals if goal.levers and goal.still]
    reasons = [pages.prose_block(analysis, " ".join(still))] if still else []
    return [pages.prose_block(analysis, said), pages.table_block(analysis, frame, names=names), *reasons]


def goals_of(analysis, planner: Planner) -> list[Goal]:
    """For each target at risk what would give it WANTED, from the baseline."""
    at_risk = analysis.assessment.loc[analysis.assessment["status"].isin(WORRYING), "target"]
    return [seek(planner, name, WANTED) for name in at_risk]


def depends_on(analysis, planner: Planner) -> list[Block]:
    """What the chance of the most uncertain target depends on, among the levers of the chosen scenario."""
    lang, words = analysis.params.lang, plans.TEXT[analysis.params.lang]
    spec = chosen(analysis)
    chances = planner.chances(spec).dropna()
    target = (chances - 0.5).abs().idxmin() if len(chances) else ""
    table = tornado(planner, target, spec) if target else pd.DataFrame()
    found = plans.tornado_rows(table, analysis.registry, lang) if len(table) else []
    if not found:
        still = still_under(planner, spec, target) if target else ""
        said = plans.tornado_none(table, name=analysis.scenario.title[lang], target=target, lang=lang, still=still)
        return [pages.prose_block(analysis, said)]
    heads, *rows = found
    frame = pd.DataFrame(rows, columns=list(heads))
    said = f"{target} {analysis.registry.targets[target].short[lang]}. {words['sorted']}"
    return [pages.prose_block(analysis, said), pages.table_block(analysis, frame, names=("target", *["now"] * 5))]
