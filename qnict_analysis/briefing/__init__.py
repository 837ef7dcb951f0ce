"""The blocks of the quarterly briefing: each function takes an analysis and gives what one part of the document holds.

Layout lives in the exporter; a block is content (strings) with an HTML rendering for JupyterLab. Page 1–2 are the report that is
signed, then come the annexes (ANNEXES); those made of the notebooks' pages stand in ``annexes``.
"""

import hashlib
from importlib.metadata import version

from qnict_analysis import changes, charts, fonts, ledger, quality, tables, wording
from qnict_analysis.assessment import contributions
from qnict_analysis.briefing import html
from qnict_analysis.document import Block
from qnict_analysis.facts import facts_of
from qnict_analysis.wording import method as method_words
from qnict_analysis.wording import overview as overview_words
from qnict_analysis.wording import record as record_words
from qnict_analysis.wording import report as report_words

ND30_FROM = "2020-03-05"
"""Reports from this day on follow Decree 30/2020/NĐ-CP, earlier ones Circular 01/2011/TT-BNV."""

ANNEXES = ("overview", "table", "targets", "scenarios", "changes", "rules", "units", "data", "method", "sources", "glossary")
"""The annexes in their order, which is their number."""

MOST_NEXT = 2
"""Units named as the next ones in a task."""

MOST_DOUBTS = 24
"""Doubted figures printed in the annex; the others stand in the analysts' notebook."""

__all__ = [
    "data_quality",
    "document_block",
    "glossary",
    "method",
    "overview",
    "report",
    "sources",
    "target_blocks",
    "target_table_block",
]


def document_block(analysis) -> Block:
    """What holds for the whole document: language, title, style, the mark and the provenance line on every page."""
    voice, words = voice_of(analysis), words_of(analysis)
    day, style = analysis.as_of.cutoff.isoformat(), style_of(analysis)
    data = {
        "lang": voice.lang,
        "title": report_words.title_of_report(voice),
        "author": voice.agency(),
        "keywords": [voice.programme.short[voice.lang], analysis.as_of.label, analysis.params.scenario],
        "date": day,
        "style": style,
        "font": analysis.params.font,
        "mark": words["mark"] if analysis.illustrative else "",
        "footer": footer(analysis),
        "draft": draft(analysis, style, words),
        "final": analysis.params.final,
    }
    return Block("document", data, html=html.page(html.heading(data["title"], 2), note_line(data)), text=data["title"])


def style_of(analysis) -> str:
    """The official style: as asked, else by the day of the report; "plain" for a programme without a state letterhead."""
    if analysis.registry.programme.letterhead != "vn_state":
        return "plain"
    if analysis.params.style != "by-date":
        return analysis.params.style
    return "ND30-2020" if analysis.as_of.cutoff.isoformat() >= ND30_FROM else "TT01-2011"


def draft(analysis, style: str, words: dict) -> str:
    """The draft mark with what keeps the report from being final; nothing on a final one, and on plain documents."""
    if style == "plain":
        return ""
    holds = {
        "draft_figures": analysis.illustrative and analysis.params.final,
        "draft_font": style == "ND30-2020" and analysis.params.font != fonts.OFFICIAL,
    }
    named = [words[reason] for reason, true in holds.items() if true]
    return "" if analysis.params.final and not named else " · ".join([words["draft"], *named])


def report(analysis) -> Block:
    """Pages 1 and 2: what is signed."""
    voice, facts = voice_of(analysis), facts_in(analysis)
    title = report_words.title_of_report(voice)
    data = {
        "letterhead": letterhead(analysis),
        "kind": words_in(voice, "REPORT")["kind"],
        "title": title,
        "intro": report_words.intro(facts, voice),
        "sections": sections(analysis, facts, voice),
        "signature": signature(analysis),
    }
    return Block("report", data, html=report_html(data), text=report_text(data))


def overview(analysis) -> Block:
    """Annex, one page: three sentences, tiles, what to watch, three lines."""
    voice, facts = voice_of(analysis), facts_in(analysis)
    words = words_in(voice, "OVERVIEW")
    data = {
        "annex": annex(voice, "overview"),
        "title": words["title"].format(end=voice.end),
        "sentences": overview_words.sentences(facts, analysis.joint, voice),
        "groups": overview_words.tiles(facts, voice),
        "attention": overview_words.attention(facts, voice),
        "lines": overview_words.lines(facts, analysis.series, voice, **lines_of(analysis)),
        "annexes": words_of(analysis)["annexes"],
    }
    return Block("overview", data, html=overview_html(data), text=text_of(data["sentences"]))


def target_table_block(analysis) -> Block:
    """Annex: every target in one table."""
    voice, facts, words = voice_of(analysis), facts_in(analysis), words_of(analysis)
    edges = method_words.edges(analysis.registry.programme, voice.lang, verified=verified(analysis))
    ahead = any(fact.chance for fact in facts)
    columns = tables.TARGET_COLUMNS if ahead else tables.DECIDED_COLUMNS
    note = words["table_note"].format(**edges) if ahead else ""
    table = tables.facts_content(facts, columns, voice.lang, note=note, alt=words["table_alt"].format(n=len(facts)))
    data = {"annex": annex(voice, "table"), "title": words["table_title"], "table": table}
    return Block("target-table", data, html=html.page(html.heading(data["title"]), html.table(table)), text=data["title"])


def target_blocks(analysis) -> list[Block]:
    """Annex: one block a target, with its chart, four numbers and next step."""
    facts, nearest = facts_in(analysis), nearest_units(analysis)
    return [target_block(analysis, fact, first=place == 0, nearest=nearest) for place, fact in enumerate(facts)]


def data_quality(analysis) -> Block:
    """Annex: who has reported, and which figures of the latest period are doubted and why."""
    voice, words, found = voice_of(analysis), words_of(analysis), doubted(analysis)
    period = voice.mid(analysis.as_of.through)
    who = overview_words.quality(facts_in(analysis), analysis.series, voice)
    said = wording.runs(words["data_doubts" if len(found) else "data_none"], n=len(found), period=period)
    left = len(found) - MOST_DOUBTS
    frame = tables.doubt_table(found.head(MOST_DOUBTS), analysis.registry, voice.lang)
    caption = words["data_caption"].format(period=period)
    table = tables.content(
        frame, names=tables.DOUBT_COLUMNS, note=words["data_more"].format(n=left) if left > 0 else "", alt=caption
    )
    part = section(caption, [who, said], [], table if len(found) else None)
    data = {"annex": annex(voice, "data"), "title": words["data_title"], "sections": [part]}
    return Block("method", data, html=html.page(html.heading(data["title"]), section_html(part)), text=data["title"])


def doubted(analysis):
    """The severe doubts on figures of the as-of's own period (``schema.QUALITY``)."""
    found = analysis.quality
    return found[(found["period"] == analysis.as_of.through) & found["severity"].isin(quality.SEVERE)]


def method(analysis) -> Block:
    """Annex: how the forecast is made and what a chance means, in plain words."""
    voice = voice_of(analysis)
    state = {"draws": analysis.params.draws, "illustrative": analysis.illustrative, "record": record_of(analysis)}
    state["verified"] = verified(analysis)
    found = [one | {"table": None} for one in method_words.method_sections(voice, analysis.registry, **state)]
    data = {"annex": annex(voice, "method"), "title": words_of(analysis)["method_title"], "sections": found}
    return Block(
        "method", data, html=html.page(html.heading(data["title"]), *map(section_html, data["sections"])), text=data["title"]
    )


def sources(analysis) -> Block:
    """Annex: where the targets and every figure come from."""
    voice, words = voice_of(analysis), words_of(analysis)
    observed = observed_sources(analysis)
    data = {
        "annex": annex(voice, "sources"),
        "title": words["sources_title"],
        "items": method_words.sources(voice, illustrative=analysis.illustrative, observed=observed, published=analysis.published),
        "note": words["sources_note_observed" if observed else "sources_note"],
    }
    body = html.page(html.heading(data["title"]), html.bullets(data["items"]))
    return Block("sources", data, html=body, text=text_of(data["items"]))


def glossary(analysis) -> Block:
    """Annex: what the words of the briefing mean."""
    voice, words = voice_of(analysis), words_of(analysis)
    data = {
        "annex": annex(voice, "glossary"),
        "title": words["glossary_title"],
        "items": method_words.glossary(voice, analysis.registry),
        "note": "",
    }
    body = html.page(html.heading(data["title"]), html.bullets(data["items"]))
    return Block("sources", data, html=body, text=text_of(data["items"]))


# --- what the blocks share -------------------------------------------------------------------------------------------


def voice_of(analysis) -> wording.Voice:
    """The voice of an analysis: language, words and dates in print."""
    return wording.voice_of(analysis.registry, analysis.as_of, analysis.params.lang, report=analysis.params.report)


def facts_in(analysis) -> list:
    """The facts of the targets, in the plan's order."""
    ahead = {"as_of": analysis.as_of, "span": voice_of(analysis).steps}
    return facts_of(analysis.assessment, analysis.registry, lang=analysis.params.lang, **ahead)


def words_in(voice, name: str) -> dict:
    """A group of words of the voice's language, by its name."""
    return getattr(voice.text, name)


def words_of(analysis) -> dict:
    """The words around the blocks in the analysis' language."""
    return words_in(voice_of(analysis), "BLOCKS")


def annex(voice, name: str) -> str:
    """What an annex is called: its number among ANNEXES."""
    return words_in(voice, "OVERVIEW")["annex"].format(n=ANNEXES.index(name) + 1)


def footer(analysis) -> str:
    """The provenance of every page: as-of, cut-off, scenario, version, seed and a hash of the figures known."""
    voice, params = voice_of(analysis), analysis.params
    return words_of(analysis)["footer"].format(
        as_of=voice.now,
        cutoff=voice.short_day(analysis.as_of.cutoff),
        scenario=" + ".join([analysis.scenario.title[params.lang], *levers_set(params)]),
        version=version("qnict-analysis"),
        seed=params.seed,
        hash=fingerprint(analysis.observations),
    )


def levers_set(params) -> list[str]:
    """The levers set beside the scenario, as NAME=LEVEL in order of name."""
    return [f"{name}={level:g}" for name, level in sorted(params.levers.items())]


def fingerprint(observations) -> str:
    """Eight letters that change when any figure known at the as-of does."""
    figures = observations[["indicator", "unit", "period", "numerator", "denominator", "reported_on", "status"]]
    return hashlib.sha256(figures.to_csv(index=False).encode()).hexdigest()[:8]


def letterhead(analysis) -> dict | None:
    """The head of an official letter; none for a programme without one. Number and date stay blank."""
    programme, lang, words = analysis.registry.programme, analysis.params.lang, words_of(analysis)
    if programme.letterhead != "vn_state":
        return None
    return {
        "parent": programme.parent_agency[lang],
        "agency": programme.agency[lang],
        "number": words["number"].format(code=programme.agency_code),
        "nation": words["nation"],
        "motto": words["motto"],
        "place_date": words["place_date"].format(place=programme.place[lang], year=analysis.as_of.cutoff.year),
    }


def signature(analysis) -> dict:
    """The foot of the report: who signs, who receives it."""
    programme, lang = analysis.registry.programme, analysis.params.lang
    names = [text[lang] for text in programme.recipients]
    names = [f"{name};" for name in names[:-1]] + [f"{name}." for name in names[-1:]]  # as the official form ends its lines
    title = words_in(voice_of(analysis), "REPORT")["recipients"] if names else ""
    return {"recipients_title": title, "recipients": names, "signer_title": programme.signer_title[lang]}


def observed_sources(analysis) -> list[str]:
    """The distinct sources that the observations name, where they do."""
    named = analysis.observations["source"].dropna().astype(str)
    return sorted({source.strip() for source in named if source.strip()})


# --- report ----------------------------------------------------------------------------------------------------------


def sections(analysis, facts: list, voice) -> list[dict]:
    """The five sections of the report."""
    words, series = words_in(voice, "REPORT"), analysis.series
    state = {"scenario": scenario_named(analysis), "illustrative": analysis.illustrative, "record": record_of(analysis)}
    moved = overview_words.moved(facts, series, voice, moves=changes.since_previous(analysis))
    opening = report_words.opening_of_asks(voice)
    latest = {fact.id: last_period(analysis, fact) for fact in facts}
    parts = {fact.id: parts_of(analysis, fact) for fact in facts if len(fact.target.parts) > 1}
    ahead = {"nearest": nearest_units(analysis), "parts": parts, "annex": annex(voice, "targets")}
    return [
        section(
            words["I"],
            [*report_words.achieved(facts, analysis.joint, voice, **state), moved],
            report_words.levels(facts, voice, latest=latest),
        ),
        section(
            words["II"],
            report_words.shortcomings(facts, voice),
            report_words.without_verdict(facts, voice),
            worry_table(facts, voice),
        ),
        section(words["III"], [], report_words.causes(facts, series, voice)),
        section(report_words.heading_of_tasks(facts, voice), [], report_words.tasks(facts, voice, **ahead)),
        section(words["V"], opening, report_words.closed(report_words.asks(facts, series, voice), voice)),
    ]


def record_of(analysis) -> str:
    """What was verified of real briefings, as a clause: nothing until the ledger holds scores."""
    return record_words.line(ledger.scored(analysis), analysis.registry, analysis.params.lang)


def verified(analysis) -> int:
    """How many pairs of target and horizon the ledger has scored."""
    return ledger.pairs_scored(analysis.scored, analysis.registry)


def lines_of(analysis) -> dict:
    """What the last lines of the overview speak of: the record, how the chances moved, how many figures are doubted."""
    return {"record": record_of(analysis), "moves": changes.since_previous(analysis), "doubts": len(doubted(analysis))}


def nearest_units(analysis) -> dict[str, list[str]]:
    """The units that come next for each indicator that counts units, by name: no more than are needed, nor than MOST_NEXT."""
    known = (analysis.draws, analysis.series, analysis.panel, analysis.registry, analysis.as_of)
    found = contributions.next_units(contributions.adoption_chances(*known), analysis.registry)
    found = found[found["needed_next"].astype(bool) & (found["place"] <= MOST_NEXT)]
    named = found.assign(name=[analysis.registry.units[unit].short[analysis.params.lang] for unit in found["unit"]])
    return {indicator: list(own["name"]) for indicator, own in named.groupby("indicator", sort=False)}


def scenario_named(analysis) -> str:
    """The scenario by its title with the levers set by hand; nothing for the plain baseline."""
    params = analysis.params
    if params.scenario == "baseline" and not params.levers:
        return ""
    return ", ".join([analysis.scenario.title[params.lang], *levers_set(params)])


def section(heading: str, paragraphs: list, bullets: list, table: dict | None = None) -> dict:
    """One section of the report as content of a block."""
    return {"heading": heading, "paragraphs": paragraphs, "bullets": bullets, "table": table}


def worry_table(facts: list, voice) -> dict | None:
    """The small table of the report: what was missed, then what is in danger."""
    words = words_in(voice, "BLOCKS")
    chosen = report_words.in_table(facts)
    columns = tables.WORRY_COLUMNS if any(fact.chance for fact in chosen) else tables.MISSED_COLUMNS
    return tables.facts_content(chosen, columns, voice.lang, alt=words["worry_alt"]) if chosen else None


# --- one target ------------------------------------------------------------------------------------------------------


def target_block(analysis, fact, *, first: bool, nearest: dict[str, list[str]]) -> Block:
    """The block of one target; the first one carries the annex's title; ``nearest``: the units that come next, by indicator."""
    voice, words = voice_of(analysis), words_of(analysis)
    picture, others = chart_of(analysis, fact), other_charts(analysis, fact)
    part = fact.indicator.short[voice.lang] if others else ""
    data = {
        "annex": annex(voice, "targets") if first else "",
        "annex_title": words["targets_title"] if first else "",
        "id": fact.id,
        "name": fact.target.name[voice.lang],
        "title": wording.title_of(fact, voice),
        "sentence": fact.target.sentence[voice.lang],
        "status": fact.status,
        "label": fact.label,
        "numbers": wording.numbers_of(fact, voice, period=last_period(analysis, fact)),
        **picture,
        "chart_title": part,
        "chart_caption": ". ".join(said for said in (part, picture["caption"]) if said),
        "parts": parts_table(analysis, fact, words),
        "others": others,
        "next": wording.next_of(fact, voice, nearest=nearest),
        "flags": list(fact.flags),
    }
    return Block("target-block", data, html=target_html(data), text=f"{fact.id} {data['title']}")


def chart_of(analysis, fact) -> dict[str, str]:
    """The fan chart of a target's (binding) part, with its alternative text and caption; none without a figure."""
    lang, words = analysis.params.lang, words_of(analysis)
    if not last_period(analysis, fact):
        return {"svg": "", "alt": "", "caption": ""}
    given = (analysis.series, analysis.draws, fact.part, fact.indicator)
    shared = {"lang": lang, "as_of": analysis.as_of, "deadline": fact.target.deadline, "milestones": fact.target.milestones}
    axes = charts.fan_chart(*given, breaks=breaks_of(analysis, fact), status=fact.status, **shared)
    caption = words["caption" if fact.chance else "caption_done"]
    return {"svg": charts.to_svg(axes.figure), "alt": charts.alt_text(*given, **shared), "caption": caption}


def other_charts(analysis, fact) -> list[dict[str, str]]:
    """The fan charts of the other parts of a compound target, under their names."""
    found = []
    for part in parts_of(analysis, fact) if len(fact.target.parts) > 1 else ():
        if part.indicator.id != fact.indicator.id and last_period(analysis, part):
            found.append(chart_of(analysis, part) | {"title": part.indicator.short[fact.lang]})
    return found


def parts_of(analysis, fact) -> list:
    """The facts of each part of a target."""
    own = analysis.indicators[analysis.indicators["target"] == fact.id]
    return facts_of(own, analysis.registry, lang=fact.lang, as_of=analysis.as_of, span=voice_of(analysis).steps)


def breaks_of(analysis, fact) -> tuple:
    """Periods from which the indicator's definition differs, as known at the as-of."""
    return tuple(
        record.period
        for record in analysis.registry.corrections
        if record.action == "break" and record.indicator == fact.indicator.id and record.known_on <= analysis.as_of.cutoff
    )


def last_period(analysis, fact) -> str:
    """The latest period with a figure of the target's (binding) part, up to its deadline."""
    known = charts.points_until(analysis.series, fact.indicator, fact.target.deadline)["period"]
    return known.iloc[-1] if len(known) else ""


def parts_table(analysis, fact, words: dict) -> dict | None:
    """The parts of a compound target, each with its own chance."""
    if len(fact.target.parts) < 2:
        return None
    return tables.facts_content(
        parts_of(analysis, fact), tables.PART_COLUMNS, fact.lang, alt=words["parts_alt"].format(id=fact.id)
    )


# --- HTML and text ---------------------------------------------------------------------------------------------------


def note_line(data: dict) -> str:
    """The mark and the provenance as one line of HTML."""
    return html.paragraphs([[{"t": " · ".join(part for part in (data["mark"], data["footer"]) if part)}]])


def section_html(one: dict) -> str:
    """One section as HTML."""
    return (
        html.heading(one["heading"], 4)
        + html.paragraphs(one["paragraphs"])
        + html.table(one["table"])
        + html.bullets(one["bullets"])
    )


def report_html(data: dict) -> str:
    """The report as HTML."""
    opening = html.heading(f"{data['kind']}: {data['title']}") + html.paragraphs(data["intro"])
    return html.page(opening, *map(section_html, data["sections"]))


def overview_html(data: dict) -> str:
    """The overview as HTML."""
    watched = [[{"t": f"{one['id']} {one['title']}: ", "b": True}, {"t": one["action"]}] for one in data["attention"]["items"]]
    return html.page(
        html.heading(data["title"]),
        html.paragraphs(data["sentences"]),
        html.tiles(data["groups"]),
        html.heading(data["attention"]["title"], 4),
        html.bullets(watched),
        html.paragraphs(data["lines"]),
    )


def target_html(data: dict) -> str:
    """The block of one target as HTML."""
    return html.page(
        html.heading(f"{data['id']} · {data['title']}"),
        html.paragraphs([[{"t": data["name"]}]]),
        html.badge(data["status"], data["label"]),
        html.numbers(data["numbers"]),
        html.figure(data["svg"], data["alt"], data["chart_caption"]),
        html.table(data["parts"]),
        *(html.figure(one["svg"], one["alt"], one["title"]) for one in data["others"]),
        html.paragraphs(data["next"]),
    )


def text_of(paragraphs: list) -> str:
    """Paragraphs of runs as plain text, one a line."""
    return "\n".join(wording.plain(paragraph) for paragraph in paragraphs)


def report_text(data: dict) -> str:
    """The report as plain text."""
    pieces = [data["title"], text_of(data["intro"])]
    pieces += [text_of([[{"t": one["heading"]}], *one["paragraphs"], *one["bullets"]]) for one in data["sections"]]
    return "\n".join(pieces)
