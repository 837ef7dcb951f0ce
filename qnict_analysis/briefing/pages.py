"""What the notebooks 01 to 04 show: blocks of tables and charts, made from the same functions as the briefing."""

from dataclasses import replace

import pandas as pd

from qnict_analysis import charts, formats, tables, wording
from qnict_analysis.assessment import official
from qnict_analysis.briefing import html, target_blocks, target_table_block
from qnict_analysis.document import Block
from qnict_analysis.facts import facts_of, level_text

WORDS = {
    "vi": {
        "indicator": "Chỉ số",
        "lever": "Đòn bẩy",
        "level": "Mức",
        "start": "Bắt đầu",
        "reaches": "Tác động đến",
        "effect": "Mức thu hẹp khoảng cách (thấp – giữa – cao)",
        "source": "Căn cứ",
        "assumed": "giả định",
        "set": "đặt riêng",
        "no_levers": "Kịch bản này không đặt đòn bẩy nào: tiến độ hiện nay tiếp diễn.",
        "difference": "Chênh lệch",
        "no_difference": "Kịch bản này không làm thay đổi khả năng đạt của chỉ tiêu nào.",
        "id": "Mã",
        "target": "Chỉ tiêu",
        "baseline": "Giữ nguyên tiến độ",
        "mark": "SỐ LIỆU MINH HỌA",
        "joint": "Số chỉ tiêu đạt khi hết hạn",
    },
    "en": {
        "indicator": "Indicator",
        "lever": "Lever",
        "level": "Level",
        "start": "Start",
        "reaches": "Reaches",
        "effect": "Share of the gap closed (low – likely – high)",
        "source": "Ground",
        "assumed": "assumed",
        "set": "set here",
        "no_levers": "This scenario moves no lever: the present pace goes on.",
        "difference": "Difference",
        "no_difference": "This scenario changes the chance of no target.",
        "id": "Id",
        "target": "Target",
        "baseline": "Baseline",
        "mark": "ILLUSTRATIVE DATA",
        "joint": "Number of targets met at the deadline",
    },
}
NONE = "–"


# --- 01 adoption trends ----------------------------------------------------------------------------------------------


def trend_overview(analysis) -> Block:
    """Every indicator in one line: latest period, level, growth over a year, coverage, units reporting."""
    lang, rows = analysis.params.lang, []
    for indicator in analysis.registry.indicators.values():
        found = tables.trend_table(analysis.series, indicator, None, lang)
        latest = list(found.iloc[-1, :-1]) if len(found) else [NONE] * 5
        rows.append([f"{indicator.id} {indicator.short[lang]}", *latest])
    heads = [WORDS[lang]["indicator"], *tables.trend_table(analysis.series, indicator, None, lang).columns[:-1]]
    return table_block(analysis, pd.DataFrame(rows, columns=heads), names=("target", *tables.TREND_COLUMNS[:-1]))


def trends(analysis) -> list[Block]:
    """A chart and a table for each indicator."""
    return [block for indicator in analysis.registry.indicators.values() for block in trend_of(analysis, indicator)]


def trend_of(analysis, indicator) -> list[Block]:
    """The trend chart of one indicator, and its table with published figures beside it."""
    lang = analysis.params.lang
    axes = charts.trend_chart(analysis.series, indicator, analysis.published, lang=lang)
    frame = tables.trend_table(analysis.series, indicator, analysis.published, lang)
    title = f"{indicator.id} · {indicator.name[lang]}"
    alt = f"{title}: {latest_words(analysis, indicator)}"
    return [
        figure_block(analysis, axes, title=title, alt=alt),
        table_block(analysis, frame, names=tables.TREND_COLUMNS),
    ]


def latest_words(analysis, indicator) -> str:
    """The latest level of an indicator with its period."""
    lang = analysis.params.lang
    known = analysis.series[(analysis.series["indicator"] == indicator.id) & analysis.series["value"].notna()]
    if known.empty:
        return NONE
    last = known.iloc[-1]
    return f"{level_text(last['value'], indicator, last['denominator'], lang)} ({formats.period_text(last['period'], lang)})"


# --- 02 target forecast ----------------------------------------------------------------------------------------------


def target_overview(analysis) -> Block:
    """All targets in one table, as in the briefing's annex."""
    block = target_table_block(analysis)
    return marked(analysis, Block("table", block.data["table"], html=block.html, text=block.text))


def forecasts(analysis) -> list[Block]:
    """One block a target, as in the briefing's annex but without its number."""
    alone = {"annex": "", "annex_title": ""}
    return [marked(analysis, replace(one, data=one.data | alone)) for one in target_blocks(analysis)]


def rule_panel(analysis) -> list[Block]:
    """What the rules of statistical offices say of each target beside its chance, and where the two part and why."""
    lang, series, registry = analysis.params.lang, analysis.series, analysis.registry
    found = official.verdicts(series, analysis.assessment, registry, analysis.as_of)
    frame = tables.rule_table(found, analysis.assessment, registry, lang)
    panel = official.panel(series, analysis.assessment, analysis.indicators, registry, analysis.as_of)
    facts, voice = facts_of(analysis.assessment, registry, lang=lang), wording.voice_of(registry, analysis.as_of, lang)
    said = zip(facts, wording.sentences_of(panel, facts, voice), strict=True)
    sentences = [[{"t": f"{fact.id}: "}, *words] for fact, words in said]
    text = "\n".join(wording.plain(words) for words in sentences)
    prose = Block("prose", {"paragraphs": sentences}, html=html.page(html.bullets(sentences)), text=text)
    return [table_block(analysis, frame, names=tables.RULE_COLUMNS), marked(analysis, prose)]


def joint_picture(analysis) -> Block:
    """The distribution of the number of targets met."""
    lang = analysis.params.lang
    likely = ", ".join(f"{number}: {formats.percent(p, lang, 0)}" for number, p in analysis.joint.items() if p >= 0.01)
    title = WORDS[lang]["joint"]
    axes = charts.joint_chart(analysis.joint, lang=lang)
    return figure_block(analysis, axes, title=title, alt=f"{title}: {likely}")


# --- 03 scenarios ----------------------------------------------------------------------------------------------------


def lever_table(analysis) -> Block:
    """The levers that the scenario (and the parameters) move, with what is assumed of each."""
    lang, words = analysis.params.lang, WORDS[analysis.params.lang]
    moved = {name: (setting.level, setting.start) for name, setting in analysis.scenario.levers.items()}
    moved |= {name: (level, "") for name, level in analysis.params.levers.items()}
    if not moved:
        return prose_block(analysis, words["no_levers"])
    rows = [lever_row(analysis.registry.levers[name], *setting, lang) for name, setting in moved.items()]
    heads = [words[name] for name in ("lever", "level", "start", "reaches", "effect", "source")]
    return table_block(analysis, pd.DataFrame(rows, columns=heads))


def lever_row(lever, level: float, start: str, lang: str) -> list[str]:
    """One lever in print: title, level, start, indicators reached, assumed effect, ground."""
    effect = lever.effect
    shares = " – ".join(formats.percent(share, lang, 0) for share in (effect.low, effect.likely, effect.high))
    begins = formats.period_tick(start, lang) if start else WORDS[lang]["set"]
    ground = lever.source[lang]
    reached = ", ".join(name for name, weight in lever.reaches.items() if weight)
    return [lever.title[lang], formats.percent(level, lang, 0), begins, reached, shares, ground]


def target_frame(analysis, columns: dict[str, list[str]]) -> pd.DataFrame:
    """Targets in the plan's order with further columns of printed strings."""
    lang, words = analysis.params.lang, WORDS[analysis.params.lang]
    targets = [analysis.registry.targets[name] for name in analysis.assessment["target"]]
    own = {words["id"]: [one.id for one in targets], words["target"]: [one.short[lang] for one in targets]}
    return pd.DataFrame(own | columns)


# --- blocks ----------------------------------------------------------------------------------------------------------


def table_block(analysis, frame: pd.DataFrame, *, names: tuple = ()) -> Block:
    """A frame of strings as a block, marked where it rests on illustrative figures."""
    content = tables.content(frame, names=names)
    return marked(analysis, Block("table", content, html=html.page(html.table(content)), text=frame.to_string(index=False)))


def figure_block(analysis, axes, *, title: str, alt: str) -> Block:
    """A chart as a block with its title as caption."""
    svg = charts.to_svg(axes.figure)
    picture = html.page(html.heading(title), html.figure(svg, alt, ""))
    return marked(analysis, Block("figure", {"svg": svg, "alt": alt, "caption": title}, html=picture, text=alt))


def prose_block(analysis, words: str) -> Block:
    """One paragraph as a block."""
    paragraphs = [[{"t": words}]]
    return Block("prose", {"paragraphs": paragraphs}, html=html.page(html.paragraphs(paragraphs)), text=words)


def marked(analysis, block: Block) -> Block:
    """A block under the mark of illustrative figures, where it rests on any."""
    if not analysis.illustrative:
        return block
    words = WORDS[analysis.params.lang]["mark"]
    return replace(block, html=html.mark(words) + block.html, mark=words)
