"""What notebook 02 shows of all targets at once: their way so far, when they will be reached, what moved, what hangs together."""

import pandas as pd

from qnict_analysis import assessment, changes, charts, formats, periods, schema, wording
from qnict_analysis.briefing import html, pages
from qnict_analysis.document import Block
from qnict_analysis.facts import caps_of, chance_like
from qnict_analysis.wording import moves
from qnict_analysis.words import CHANGED, PROGRESS

MOST_PERIODS = 8
MOST_WATERFALLS = 3
LEAST_CHANGE = 0.02
"""A chance that moved by less gets no chart."""


def grounds(analysis) -> tuple:
    """The arguments of the functions of ``assessment``."""
    return analysis.draws, analysis.series, analysis.basis, analysis.registry, analysis.as_of


def course(analysis) -> list[Block]:
    """Where every target should be by now: a chart of the ways, and who is behind."""
    lang, words = analysis.params.lang, CHANGED[analysis.params.lang]
    found = assessment.course(*grounds(analysis))
    rows = ways(found, analysis)
    picture = charts.progress_chart(rows, lang=lang)
    said = moves.behind(found, analysis.registry, voice_of(analysis))
    return [
        pages.figure_block(analysis, picture, title=words["course"], alt=charts.progress_alt(rows, lang=lang)),
        prose(analysis, said),
    ]


def ways(found: pd.DataFrame, analysis) -> pd.DataFrame:
    """Levels as shares of the way from the first figure to the goal, one row a target that has a way to go."""
    table = found.merge(analysis.assessment[["target", "status", "low", "median", "high"]], on="target")
    table = table[table["straight"].notna()]
    span = table["goal"] - table["first"]

    def share(levels: pd.Series) -> pd.Series:
        return (levels - table["first"]) / span

    ends = pd.concat([share(table["low"]), share(table["high"])], axis=1)
    names = {name: target.short[analysis.params.lang] for name, target in analysis.registry.targets.items()}
    return pd.DataFrame(
        {
            "name": [f"{name} {shortened(names[name])}" for name in table["target"]],
            "name_short": table["target"],
            "status": table["status"],
            "done": share(table["value"]),
            "due": share(table["straight"]),
            "low": ends.min(axis=1),
            "median": share(table["median"]),
            "high": ends.max(axis=1),
        }
    ).reset_index(drop=True)


def shortened(text: str, *, most: int = 28) -> str:
    """A name that fits beside a row: cut at a word."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def reached(analysis) -> list[Block]:
    """From which period each target is met, as chances; nothing once every verdict is in."""
    lang, words = analysis.params.lang, CHANGED[analysis.params.lang]
    found = assessment.reach(*grounds(analysis)).pivot(index="target", columns="period", values="chance")
    open_ones = analysis.assessment.loc[~analysis.assessment["decided"], "target"]
    found = found.reindex([name for name in open_ones if name in found.index])
    found = found[sorted(found.columns, key=periods.ordinal)]
    labels = charts.last_periods(found.dropna(axis=1, how="all"), most=MOST_PERIODS, after=analysis.as_of.through)
    if found.empty or not labels:
        return [pages.prose_block(analysis, words["reach_none"])]
    names = {name: f"{name} {shortened(analysis.registry.targets[name].short[lang])}" for name in found.index}
    grades, caps = evidence_of(analysis), caps_of(analysis.registry)
    rough = [name for name in names if grades[name] == "very_weak"]
    axes = charts.reach_chart(found[labels], names, lang=lang, rough=rough, **caps)
    likely = "; ".join(
        f"{name} {chance_like(row[labels].dropna().iloc[-1], grades[name], lang, **caps)}"
        for name, row in found.iterrows()
        if row[labels].notna().any()
    )
    return [pages.figure_block(analysis, axes, title=words["reach"], alt=words["reach_alt"].format(said=likely))]


def evidence_of(analysis) -> pd.Series:
    """The grade of evidence of each target."""
    return analysis.assessment.set_index("target")["evidence"]


def together(analysis) -> list[Block]:
    """The number of targets met, all of a group, and the pairs that fail together; a sentence once every verdict is in."""
    if analysis.assessment["decided"].all():
        done = wording.runs(voice_of(analysis).text.OVERVIEW["second_done"], n=len(analysis.assessment))
        return [prose(analysis, [done])]
    hits = assessment.target_hits(*grounds(analysis))
    groups = assessment.group_chances(hits, analysis.registry)
    pairs = assessment.failing_pairs(hits)
    said = moves.together(groups, pairs, analysis.registry, voice_of(analysis))
    return [pages.joint_picture(analysis), prose(analysis, said)]


# --- what changed ----------------------------------------------------------------------------------------------------


def changed(analysis) -> list[Block]:
    """What moved since the as-of before: a sentence, a table of all targets, and a chart of each large move."""
    lang, words = analysis.params.lang, CHANGED[analysis.params.lang]
    found = changes.since_previous(analysis)
    if found.empty:
        return [pages.prose_block(analysis, moves.TEXT[lang]["moved_none"])]
    then = formats.period_tick(changes.previous_label(analysis), lang)
    now = formats.period_tick(analysis.as_of.through, lang)
    voice = voice_of(analysis)
    said = moves.moved(found, analysis.registry, voice, then=voice.mid(changes.previous_label(analysis)))
    causes = shown(found)
    heads = [words["id"], words["target"], then, now, words["change"], *(moves.cause_names(lang)[cause] for cause in causes)]
    rows = [change_row(row, causes, analysis) for _, row in found.iterrows()]
    names = ("id", "target", *["now"] * (len(heads) - 2))
    table = pages.table_block(analysis, pd.DataFrame(rows, columns=heads), names=names)
    sound = found["target"].map(evidence_of(analysis)) != "very_weak"  # what speaks in tenths is not split into points
    most = found[sound & (found["change"].abs() >= LEAST_CHANGE)].sort_values("change", key=lambda c: -c.abs(), kind="stable")
    figures = [waterfall(row, analysis, then=then, now=now) for _, row in most.head(MOST_WATERFALLS).iterrows()]
    note = [[{"t": moves.TEXT[lang]["note"]}]]
    return [prose(analysis, said), table, prose(analysis, note), *[figure for figure in figures if figure]]


def shown(found: pd.DataFrame) -> list[str]:
    """The causes whose part of any change prints as other than 0: rounding to the sum can lift a part or take it away."""
    printed = [parts for _, row in found.iterrows() if (parts := moves.printed_parts(row)) is not None]
    return [cause for cause in schema.CHANGE_CAUSES if any(parts[cause] != 0 for parts in printed)]


def change_row(row: pd.Series, causes: list[str], analysis) -> list[str]:
    """One target in the table of changes."""
    lang = analysis.params.lang
    own = [row["target"], analysis.registry.targets[row["target"]].short[lang]]
    ends = ends_of(row, analysis)
    parts = moves.printed_parts(row)
    if parts is None:
        return [*own, *ends, formats.signed(100 * row["change"], lang), *[pages.NONE] * len(causes)]
    return [*own, *ends, formats.signed(parts.sum(), lang), *(formats.signed(parts[cause], lang) for cause in causes)]


def ends_of(row: pd.Series, analysis) -> tuple[str, str]:
    """The chance of one target then and now in print, the verdict where it is in."""
    lang, now = analysis.params.lang, analysis.assessment.set_index("target").loc[row["target"]]
    caps, grade = caps_of(analysis.registry), now["evidence"]
    then, last = (
        chance_like(row[name], grade, lang, **caps) if pd.notna(row[name]) else pages.NONE for name in ("p_then", "p_now")
    )
    return then, pages.tables.status_text(now["status"], lang) if now["decided"] else last


def waterfall(row: pd.Series, analysis, *, then: str, now: str) -> Block | None:
    """The chart of one change; None where its parts are not known."""
    lang, parts = analysis.params.lang, moves.printed_parts(row)
    if parts is None:
        return None
    parts = parts[parts != 0]
    title = CHANGED[lang]["waterfall"].format(
        id=row["target"],
        short=analysis.registry.targets[row["target"]].short[lang],
        change=moves.points_text(parts.sum() / 100, lang),
    )
    axes = charts.waterfall_chart(row, parts, lang=lang, at=(then, now), ends_as=ends_of(row, analysis))
    said = "; ".join(f"{PROGRESS[lang][cause]} {formats.signed(part, lang)}" for cause, part in parts.items())
    return pages.figure_block(analysis, axes, title=title, alt=f"{title}: {said}")


# --- blocks ----------------------------------------------------------------------------------------------------------


def voice_of(analysis) -> wording.Voice:
    """The voice of the analysis' programme."""
    return wording.voice_of(analysis.registry, analysis.as_of, analysis.params.lang)


def prose(analysis, paragraphs: list[list[dict]]) -> Block:
    """Paragraphs as a block, marked where they rest on illustrative figures."""
    text = "\n".join(wording.plain(paragraph) for paragraph in paragraphs)
    block = Block("prose", {"paragraphs": paragraphs}, html=html.page(html.paragraphs(paragraphs)), text=text)
    return pages.marked(analysis, block)
