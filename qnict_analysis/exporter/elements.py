"""HTML as nodes: what a browser would show of it, without script, without fetching anything."""

import re

from qnict_analysis.exporter.grids import grids_of
from qnict_analysis.exporter.mathml import nodes_of_mathml
from qnict_analysis.exporter.pictures import picture
from qnict_analysis.exporter.pieces import Pieces, clean, paragraph, plain_of, words
from qnict_analysis.exporter.styles import INHERITED, Sheet, fill_of, sheet_of, style_of

TOKEN = re.compile("\ue000(\\d+)\ue001")
"""Stands for a formula in text on its way through Markdown and HTML (private letters: text of a notebook has them taken out)."""

HEADINGS = {f"h{level}": level for level in range(1, 7)}
UNSEEN = {
    "script",
    "style",
    "template",
    "head",
    "title",
    "noscript",
    "meta",
    "link",
    "object",
    "embed",
    "colgroup",
    "col",
    "datalist",
}
STYLES = {
    **{key: {"b": True} for key in ("b", "strong", "th", "dt", "summary", "legend")},
    **{key: {"i": True} for key in ("i", "em", "cite", "var", "dfn")},
    **{key: {"u": True} for key in ("u", "ins")},
    **{key: {"s": True} for key in ("s", "del", "strike")},
    **{key: {"code": True} for key in ("code", "kbd", "samp", "tt")},
    "sup": {"sup": True},
    "sub": {"sub": True},
    "mark": {"fill": "#fff3b0"},
}
BLOCKS = {
    *(
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
    ),
    *(
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "html",
        "iframe",
        "img",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
    ),
    *("summary", "svg", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "video", "audio", "caption", *HEADINGS),
}
SAFE_LINK = re.compile(r"(?:https?|mailto|ftp):[^\s\x00-\x1f]+", re.IGNORECASE)


def blocks_of_html(pieces: Pieces, source: str, *, pictures: dict | None = None) -> list[dict]:
    """Block nodes of a piece of HTML, without what a browser hides. ``pictures``: attachments, as {name: {type: base64}}."""
    from bs4 import BeautifulSoup

    page = BeautifulSoup(source, "html.parser")
    sheet = sheet_of(page)
    for element in page.find_all(sheet.hides):
        element.extract()
    reader = Reader(pieces, sheet, pictures or {}, notes_of(page))
    return reader.blocks(page, {})


def notes_of(page) -> dict:
    """The footnotes of rendered Markdown, by id, taken out of the page."""
    found = {}
    for section in page.select("section.footnotes"):
        for item in section.select("li[id]"):
            for back in item.select("a.footnote"):
                back.decompose()
            found[item["id"]] = item
        section.extract()
    return found


def is_block(node) -> bool:
    """Whether an element is a block, or holds one."""
    if node.name == "math":
        return False
    return node.name in BLOCKS or node.find(lambda inner: inner.name in BLOCKS) is not None


def same_space(text: str) -> str:
    """Text with each stretch of white space as one blank, as HTML has it; a no-break space stays."""
    return re.sub(r"[ \t\r\n\f]+", " ", text)


class Reader:
    """What reading one page needs at every depth: the pieces, the style sheet, attachments, footnotes."""

    def __init__(self, pieces: Pieces, sheet: Sheet, pictures: dict, notes: dict):
        self.pieces, self.sheet, self.pictures, self.notes = pieces, sheet, pictures, notes

    def style(self, element, style: dict) -> dict:
        """The style of the words in an element, from what stands around it, its name and its declarations."""
        values = self.sheet.of(element)
        found = {**style, **STYLES.get(element.name, {}), **style_of(values)}
        if element.name == "font" and element.get("color"):
            found |= style_of({"color": element["color"]})
        if element.name not in BLOCKS and (fill := fill_of(values)):
            found["fill"] = fill
        address = (element.get("href") or "").strip() if element.name == "a" else ""
        if SAFE_LINK.fullmatch(address) or address.startswith("#"):
            found["link"] = address
        return {name: found[name] for name in INHERITED if found.get(name)}

    def blocks(self, element, style: dict) -> list[dict]:
        """Block nodes of what an element holds: runs of words between blocks become paragraphs."""
        found: list[dict] = []
        run: list[dict] = []
        align = self.sheet.of(element).get("text-align", element.get("align") or "") if element.name != "[document]" else ""
        align = "center" if element.name == "center" else align

        def flush() -> None:
            if plain_of(run).strip() or any(one["k"] != "t" for one in run):
                found.append(paragraph(*trimmed(run), align=align if align in ("center", "right") else ""))
            run.clear()

        for child in element.children:
            if is_unseen(child):
                continue
            if child.name and is_block(child):
                flush()
                found += self.block(child, self.style(child, style))
            else:
                run += self.inline(child, style)
        flush()
        return found

    def block(self, element, style: dict) -> list[dict]:
        """Block nodes of one block element."""
        name = element.name
        if name in HEADINGS:
            names = [one["id"] for one in (element, *element.find_all(id=True)) if one.get("id")]
            return [{"k": "h", "level": HEADINGS[name], "c": self.inside(element, style), "names": names}]
        if name in ("ul", "ol", "menu"):
            return [self.items(element, style)]
        if name == "pre":
            return [lines_node(self.restored(element.get_text()))]
        if name == "blockquote":
            return [{"k": "quote", "c": self.blocks(element, style)}]
        if name == "hr":
            return [{"k": "rule"}]
        if name == "table":
            return grids_of(self, element, style)
        if name in ("img", "svg", "iframe", "video", "audio"):
            return picture(self.pieces, element, self.pictures)
        if name == "dd":
            return [{"k": "quote", "c": self.blocks(element, style), "plain": True}]
        return self.blocks(element, style)

    def inside(self, element, style: dict) -> list[dict]:
        """The words of an element that should hold no blocks; those of blocks in it follow one another."""
        found: list[dict] = []
        for child in element.children:
            found += self.inline(child, style)
        return trimmed(found)

    def items(self, element, style: dict) -> dict:
        """A list; things between its items count as items."""
        members = [child for child in element.children if child.name and not is_unseen(child)]
        start = element.get("start") or "1"
        ordered = {"ordered": True, "start": int(start) if start.isdigit() else 1} if element.name == "ol" else {"ordered": False}
        tasks = bool(members) and all("task-list-item" in (one.get("class") or []) for one in members)
        return {"k": "list", **ordered, "tasks": tasks, "items": [self.item(one, self.style(one, style)) for one in members]}

    def item(self, element, style: dict) -> list[dict]:
        """Block nodes of an item of a list; an element that is no item stands for one."""
        return (
            self.blocks(element, style)
            if element.name == "li"
            else self.block(element, style)
            if is_block(element)
            else self.blocks(element, style)
        )

    def inline(self, node, style: dict) -> list[dict]:
        """Inline nodes of text or of an inline element."""
        if node.name is None:
            return [] if is_unseen(node) else self.words(str(node), style)
        if is_unseen(node):
            return []
        if node.name == "math":
            return nodes_of_mathml(self.pieces, node, style)
        if node.name == "br":
            return [{"k": "br"}]
        if node.name in ("input", "option", "button", "textarea", "select"):
            return self.form_part(node, style)
        note = note_name(node)
        if note in self.notes:
            item = self.notes.pop(note)
            return [{"k": "note", "c": self.blocks(item, {})}]
        inner = self.style(node, style)
        return [one for child in node.children for one in self.inline(child, inner)]

    def restored(self, text: str) -> str:
        """Text with the source of each formula in the place of its token."""
        return TOKEN.sub(lambda token: self.pieces.formulas[int(token[1])]["source"], text)

    def form_part(self, node, style: dict) -> list[dict]:
        """A part of a form as words: a tick box as its sign, others by what they show."""
        if node.name == "input" and node.get("type") in ("checkbox", "radio"):
            return [words("☒ " if node.has_attr("checked") else "☐ ")]
        if node.name == "input":
            return self.words(node.get("value") or "", style)
        return [one for child in node.children for one in self.inline(child, style)]

    def words(self, text: str, style: dict) -> list[dict]:
        """Words in a style, with formulas where their tokens stand."""
        text = text if style.get("pre") else same_space(text)
        found: list[dict] = []
        at = 0
        for token in TOKEN.finditer(text):
            found += [words(text[at : token.start()], **style)] if at < token.start() else []
            found.append(self.formula(int(token[1]), style))
            at = token.end()
        return [*found, words(text[at:], **style)] if at < len(text) else found

    def formula(self, number: int, style: dict) -> dict:
        """The formula of a token; in code it is the source again."""
        formula = self.pieces.formulas[number]
        return words(formula["source"], **style) if style.get("code") else formula


def is_unseen(node) -> bool:
    """Whether a node never shows: comments, scripts, styles, and what KaTeX draws beside the MathML of a formula."""
    from bs4.element import Comment, Declaration, Doctype, ProcessingInstruction

    if isinstance(node, Comment | Declaration | Doctype | ProcessingInstruction) or node.name in UNSEEN:
        return True
    return node.name == "span" and "katex-html" in (node.get("class") or [])


def note_name(node) -> str | None:
    """The id of the footnote that a mark points to."""
    if node.name == "sup" and "footnote-ref" in (node.get("class") or []) and node.a is not None:
        return (node.a.get("href") or "").lstrip("#")
    return None


def trimmed(run: list[dict]) -> list[dict]:
    """A run of inline nodes without blanks at the ends of its lines and without line breaks at its own ends."""
    run = lines_trimmed(run)
    while run and (run[-1]["k"] == "br" or (run[-1]["k"] == "t" and not run[-1]["t"].strip(" "))):
        run.pop()
    while run and (run[0]["k"] == "br" or (run[0]["k"] == "t" and not run[0]["t"].strip(" "))):
        run.pop(0)
    if run and run[0]["k"] == "t":
        run[0] = {**run[0], "t": run[0]["t"].lstrip(" ")}
    if run and run[-1]["k"] == "t":
        run[-1] = {**run[-1], "t": run[-1]["t"].rstrip(" ")}
    return run


def lines_trimmed(run: list[dict]) -> list[dict]:
    """A run of inline nodes in which no blank follows or precedes a line break."""
    for side in (str.lstrip, str.rstrip):  # forwards what follows a break, backwards what precedes it
        found, at_break = [], False
        for one in run:
            one = {**one, "t": side(one["t"], " ")} if at_break and one["k"] == "t" else one
            at_break = one["k"] == "br" or (at_break and one.get("t") == "")
            found += [] if one.get("t") == "" else [one]
        run = found[::-1]
    return run


def lines_node(text: str, *, label: str = "", tone: str = "plain") -> dict:
    """Text as it stands: lines in a fixed-width font, long ones wrapped."""
    lines = clean(text).strip("\n").expandtabs(4).split("\n")
    return {"k": "lines", "lines": [[words(line)] for line in lines], "label": [words(label)] if label else [], "tone": tone}
