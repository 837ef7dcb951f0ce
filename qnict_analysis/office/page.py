"""The briefing as one page of HTML: the same blocks as the PDF, for a screen, a phone and a browser's own printing.

The page stands alone: its style and pictures are in it, it needs no script, and its own policy forbids a browser to fetch
or run anything, whatever stands in the texts. Every text is escaped.
"""

import base64
import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from importlib import resources

from qnict_analysis.words import SHAPES

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
WIDE_FROM = 5
"""Columns from which a table becomes a list of cards on a phone."""

SHORT_CELL = 12
"""Letters up to which a figure is never broken."""

WORDS = {
    "vi": {"contents": "Mục lục", "report": "Báo cáo", "page": "Trang"},
    "en": {"contents": "Contents", "report": "Report", "page": "Page"},
}


def briefing_page(blocks: Iterable[tuple[str, dict]]) -> str:
    """The blocks of an executed briefing (function and content, the document's settings first) as one HTML page.

    The same blocks give the same text. ``ValueError`` where the settings are missing or a block is unknown.
    """
    blocks = list(blocks)
    settings = next((content for function, content in blocks if function == "document"), None)
    if settings is None:
        raise ValueError("no document block among the outputs: this is no briefing")
    parts = chapters([block for block in blocks if block[0] != "document"])
    body = "".join([banner(settings), opening(settings, blocks), contents(parts, settings["lang"]), main(parts), foot(settings)])
    return f'<!DOCTYPE html>\n<html lang="{escape(settings["lang"])}">\n{head(settings)}\n<body>\n{body}</body>\n</html>\n'


# --- the frame -------------------------------------------------------------------------------------------------------


def chapters(blocks: list[tuple[str, dict]]) -> list[dict]:
    """The report and the annexes as chapters: id, name, title, classes, HTML and the targets among them (id and title)."""
    found: list[dict] = []
    for function, content in blocks:
        if function not in BODIES:
            raise ValueError(f"no HTML for the block {function!r}; known: {', '.join(BODIES)}")
        if function == "report" or content.get("annex") or not found:
            found.append(chapter(function, content, len(found)))
        found[-1]["html"] += BODIES[function](content)
        if function == "target-block":
            found[-1]["targets"].append((anchor(content["id"]), f"{content['id']}. {content['title']}"))
    return found


def chapter(function: str, content: dict, number: int) -> dict:
    """A chapter that is still empty, named by the block that opens it."""
    across = function == "target-table" or content.get("flipped", False)
    classes = "annex across" if across else "annex" if function != "report" else ""
    title = content.get("annex_title") or content.get("title", "")
    name = content.get("annex", "")
    key = "report" if function == "report" else f"annex-{number}"
    return {"id": key, "name": name, "title": title, "classes": classes, "html": "", "targets": []}


def head(settings: Mapping) -> str:
    """What a browser must know: language, title, author, policy, style, and what its printed pages carry."""
    metas = {"author": settings["author"], "keywords": ", ".join(settings["keywords"]), "date": settings["date"]}
    named = "".join(f'<meta name="{name}" content="{escape(value)}">\n' for name, value in metas.items() if value)
    return (
        '<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n{named}<title>{escape(settings["title"])}</title>\n'
        f"<style>\n{style()}{margins(settings)}</style>\n</head>"
    )


def style() -> str:
    """The style sheet that comes with the package."""
    return (resources.files("qnict_analysis.office") / "page.css").read_text(encoding="utf-8")


def margins(settings: Mapping) -> str:
    """What stands in the margins of every printed page: the mark, the provenance, the page number."""
    face = 'font: {size} "Times New Roman", "Liberation Serif", serif; color: {colour};'
    small, marked = face.format(size="8.5pt", colour="#5b6470"), face.format(size="bold 8.5pt", colour="#c2410c")
    words = WORDS[settings["lang"]]["page"]
    return (
        f"@page {{\n  @top-left {{ {marked} content: {css_string(settings['mark'])}; }}\n"
        f"  @bottom-left {{ {small} width: 82%; content: {css_string(settings['footer'])}; }}\n"
        f"  @bottom-right {{ {small} content: {css_string(words + ' ')} counter(page); }}\n}}\n"
    )


def css_string(words: str) -> str:
    """A text as a CSS string: every letter that could end it, or the style sheet, by its number."""
    return '"' + re.sub(r"[^\w .,:;()–·+%-]", lambda found: f"\\{ord(found[0]):x} ", words) + '"'


def banner(settings: Mapping) -> str:
    """The mark of illustrative figures: it stays in view."""
    return f'<p class="mark" role="note">{escape(settings["mark"])}</p>\n' if settings["mark"] else ""


def opening(settings: Mapping, blocks: list[tuple[str, dict]]) -> str:
    """Draft mark, letterhead and title."""
    report = next((content for function, content in blocks if function == "report"), {})
    draft = f'<p class="draft">{escape(settings["draft"])}</p>' if settings["draft"] else ""
    kind = f"<small>{escape(report['kind'])}</small>" if report.get("kind") else ""
    letter = letterhead(report["letterhead"]) if report.get("letterhead") else ""
    return f"<header>\n{draft}{letter}\n<h1>{kind}{escape(settings['title'])}</h1>\n</header>\n"


def letterhead(one: Mapping) -> str:
    """The head of an official letter: who writes on the left, the nation on the right."""
    left = f'<p>{escape(one["parent"])}</p><p class="under"><b>{escape(one["agency"])}</b></p><p>{escape(one["number"])}</p>'
    right = f'<p><b>{escape(one["nation"])}</b></p><p class="under"><b>{escape(one["motto"])}</b></p>'
    return f'<div class="letter"><div>{left}</div><div>{right}<p><i>{escape(one["place_date"])}</i></p></div></div>'


def contents(parts: list[dict], lang: str) -> str:
    """The table of contents: chapters, and the targets below theirs."""
    entries = "".join(map(entry, [one | {"title": one["title"] if one["name"] else WORDS[lang]["report"]} for one in parts]))
    return f'<nav aria-label="{WORDS[lang]["contents"]}">\n<h2>{WORDS[lang]["contents"]}</h2>\n<ol>{entries}</ol>\n</nav>\n'


def entry(one: dict) -> str:
    """One line of the table of contents with the lines below it."""
    below = "".join(f'<li><a href="#{key}">{escape(title)}</a></li>' for key, title in one["targets"])
    name = f"{one['name']}. " if one["name"] else ""
    own = f'<a href="#{one["id"]}">{escape(name + one["title"])}</a>'
    return f"<li>{own}{f'<ol>{below}</ol>' if below else ''}</li>\n"


def main(parts: list[dict]) -> str:
    """The chapters in their order; an annex opens with its number and title."""
    return f"<main>\n{''.join(map(section, parts))}</main>\n"


def section(one: dict) -> str:
    """One chapter."""
    small = f"<small>{escape(one['name'])}</small> " if one["name"] else ""
    title = f"<h2>{small}{escape(one['title'])}</h2>\n" if one["id"] != "report" and one["title"] else ""
    return f'<section id="{one["id"]}" class="{one["classes"]}">\n{title}{one["html"]}</section>\n'


def foot(settings: Mapping) -> str:
    """The provenance, after the last annex."""
    said = " · ".join(part for part in (settings["mark"], settings["footer"]) if part)
    return f"<footer>\n<p>{escape(said)}</p>\n<p>{escape(settings['author'])}</p>\n</footer>\n"


# --- blocks ----------------------------------------------------------------------------------------------------------


def report(content: Mapping) -> str:
    """The report that is signed: introduction, sections, signature."""
    return paragraphs(content["intro"]) + prose_sections(content["sections"], 2) + signature(content["signature"])


def prose_sections(found: Iterable[Mapping], level: int) -> str:
    """Sections of prose, table and list under headings of this level."""
    return "".join(
        heading(one["heading"], level) + paragraphs(one["paragraphs"]) + table(one["table"]) + bullets(one["bullets"])
        for one in found
    )


def signature(sign: Mapping) -> str:
    """Who receives the report, and the place of the signature."""
    names = "<br>".join(f"- {escape(name)}" for name in sign["recipients"])
    left = f"<p><b><i>{escape(sign['recipients_title'])}</i></b><br>{names}</p>" if names else ""
    return f'<div class="sign"><div>{left}</div><p>{escape(sign["signer_title"])}</p></div>\n'


def overview(content: Mapping) -> str:
    """Sentences, the tiles a group, what to watch, three lines."""
    groups = "".join(
        f'{heading(group["title"], 3)}<ul class="tiles">{"".join(map(tile, group["tiles"]))}</ul>\n'
        for group in content["groups"]
    )
    watched = "".join(map(attention, content["attention"]["items"]))
    return (
        paragraphs(content["sentences"])
        + groups
        + (heading(content["attention"]["title"], 3) + watched if watched else "")
        + paragraphs(content["lines"])
    )


def tile(one: Mapping) -> str:
    """One target of the overview, a link to its own block."""
    top = f'<b>{escape(one["id"])} <i>{escape(one["chance"])}</i></b><span class="name">{escape(one["short"])}</span>'
    return f'<li><a class="{kind(one["status"])}" href="#{anchor(one["id"])}">{top}{badge(one)}</a></li>'


def attention(one: Mapping) -> str:
    """One target to watch: where it stands, what it needs, what to do."""
    said = " · ".join(words for words in (one["now"], one["needed"], one["pace"]) if words)
    lines = [f"<strong>{escape(one['id'])} · {escape(one['title'])}</strong>", escape(said), escape(one["action"])]
    return f'<p class="attention">{"<br>".join(line for line in lines if line)}</p>\n'


def target_block(content: Mapping) -> str:
    """One target: title, status, the plan's sentence, its numbers, parts, charts, next step."""
    figures = "".join(chart(one["svg"], one["alt"], one.get("title", "")) for one in content["others"])
    several = " several" if len(content["others"]) > 1 else ""
    flags = f'<p class="quiet">{escape(" · ".join(content["flags"]))}</p>' if content["flags"] else ""
    return (
        f'<section class="target{several}" id="{anchor(content["id"])}">\n'
        + heading(f"{content['id']}. {content['title']}", 3)
        + f"<p><strong>{escape(content['name'])}</strong> {badge(content)}</p>\n"
        + f'<p class="quiet"><i>{escape(content["sentence"])}</i></p>\n'
        + numbers(content["numbers"])
        + table(content["parts"])
        + chart(content["svg"], content["alt"], content["chart_caption"])
        + figures
        + paragraphs(content["next"])
        + f"{flags}</section>\n"
    )


def numbers(found: Iterable[Mapping]) -> str:
    """The numbers of a target side by side."""
    pairs = "".join(
        f"<div><dt>{escape(one['label'])}</dt><dd><b>{escape(one['value'])}</b>{escape(one['note'])}</dd></div>" for one in found
    )
    return f'<dl class="numbers">{pairs}</dl>\n'


def sources(content: Mapping) -> str:
    """A note and a list."""
    note = f"<p>{escape(content['note'])}</p>\n" if content["note"] else ""
    return f'{note}<div class="sources">{bullets(content["items"])}</div>'


def annex_page(content: Mapping) -> str:
    """Prose, tables and charts in a row."""
    return "".join(BODIES[piece["kind"]](piece) for piece in content["pieces"])


BODIES: dict[str, Callable[[Mapping], str]] = {
    "report": report,
    "overview": overview,
    "target-table": lambda content: table(content["table"]),
    "target-block": target_block,
    "method": lambda content: prose_sections(content["sections"], 3),
    "annex-page": annex_page,
    "sources": sources,
    "table": lambda content: table(content),
    "prose": lambda content: paragraphs(content["paragraphs"]),
    "figure": lambda content: heading(content["caption"], 3) + chart(content["svg"], content["alt"], ""),
}
"""What each kind of block, or piece of an annex, becomes."""


# --- pieces ----------------------------------------------------------------------------------------------------------


def heading(words: str, level: int) -> str:
    """A heading; nothing without words."""
    return f"<h{level}>{escape(words)}</h{level}>\n" if words else ""


def runs(found: Iterable[Mapping]) -> str:
    """The runs of a paragraph, bold and italic ones marked."""
    return "".join(run(one) for one in found)


def run(one: Mapping) -> str:
    """One run of a paragraph."""
    words = escape(one["t"])
    words = f"<i>{words}</i>" if one.get("i") else words
    return f"<strong>{words}</strong>" if one.get("b") else words


def paragraphs(found: Iterable) -> str:
    """Paragraphs of runs."""
    return "".join(f"<p>{runs(one)}</p>\n" for one in found)


def bullets(found: list) -> str:
    """A list of runs; nothing without items."""
    return f"<ul>{''.join(f'<li>{runs(one)}</li>' for one in found)}</ul>\n" if found else ""


def badge(one: Mapping) -> str:
    """Shape and word of a status in its colour; a screen reader hears the word."""
    shape = f'<span aria-hidden="true" class="{kind(one["status"])}">{SHAPES.get(one["status"], "")}</span>'
    return f'<span class="badge {kind(one["status"])}">{shape} {escape(one["label"])}</span>'


def kind(status: str) -> str:
    """The class of a status; none of a status that is not known."""
    return status if status in SHAPES else ""


def anchor(name: str) -> str:
    """The id of a target's block on the page."""
    return "target-" + re.sub(r"[^A-Za-z0-9-]", lambda found: f"_{ord(found[0]):x}", name)


def chart(svg: str, alt: str, caption: str) -> str:
    """A chart as a picture: what an SVG holds neither runs in a picture nor meddles with another one; nothing without one."""
    if not svg:
        return ""
    width, height = re.search(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', svg).groups()
    size = f'width="{float(width):.0f}" height="{float(height):.0f}"'
    data = base64.b64encode(svg.encode()).decode()
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f'<figure><img {size} alt="{escape(alt)}" src="data:image/svg+xml;base64,{data}">{below}</figure>\n'


def table(content: Mapping | None) -> str:
    """A table with its caption and note: heads name columns and rows; from WIDE_FROM columns on, cards on a phone."""
    if not content:
        return ""
    columns, wide = content["columns"], len(content["columns"]) >= WIDE_FROM
    roles = CARD_ROLES if wide else dict.fromkeys(CARD_ROLES, "")
    heads = "".join(f'<th scope="col" class="{one["align"]}"{roles["head"]}>{escape(one["title"])}</th>' for one in columns)
    rows = "".join(f"<tr{roles['row']}>{row_cells(row, columns, roles)}</tr>\n" for row in content["rows"])
    caption = f"<caption>{escape(content['caption'])}</caption>" if content["caption"] else ""
    label = f' aria-label="{escape(content["alt"])}"' if content["alt"] else ""
    note = f'<p class="note">{escape(content["note"])}</p>\n' if content["note"] else ""
    return (
        f'<div class="scroll"><table class="{"wide" if wide else ""}"{label}{roles["table"]}>{caption}{columns_of(columns)}'
        f"<thead{roles['group']}><tr{roles['row']}>{heads}</tr></thead>\n"
        f"<tbody{roles['group']}>{rows}</tbody></table></div>\n{note}"
    )


CARD_ROLES = {
    "table": ' role="table"',
    "group": ' role="rowgroup"',
    "row": ' role="row"',
    "head": ' role="columnheader"',
    "first": ' role="rowheader"',
    "cell": ' role="cell"',
}
"""Said outright, because a browser that lays a table out as cards no longer takes it for one."""


def columns_of(columns: list[Mapping]) -> str:
    """The least widths of the columns, so that names are not squeezed by figures; one of share 0 is as wide as it needs."""
    whole = sum(float(one["width"]) for one in columns)
    widths = [f' style="width:{100 * float(one["width"]) / whole:.0f}%"' if one["width"] else "" for one in columns]
    return f"<colgroup>{''.join(f'<col{width}>' for width in widths)}</colgroup>"


def row_cells(row: list, columns: list[Mapping], roles: Mapping) -> str:
    """The cells of a row: the first one is its head, every other one knows its column's."""
    first = f'<th scope="row" class="{columns[0]["align"]}"{roles["first"]}>{cell(row[0])}</th>'
    rest = zip(row[1:], columns[1:], strict=True)
    return first + "".join(
        f'<td class="{classes(value, column)}" data-head="{escape(column["title"])}"{roles["cell"]}>{cell(value)}</td>'
        for value, column in rest
    )


def classes(value, column: Mapping) -> str:
    """How a cell is aligned, and whether its words may be broken."""
    long = isinstance(value, str) and len(value) > SHORT_CELL
    return f"{column['align']} wrap" if long else column["align"]


def cell(value) -> str:
    """One cell: text, badge or runs."""
    if isinstance(value, str):
        return escape(value)
    return badge(value) if "status" in value else runs(value["runs"])
