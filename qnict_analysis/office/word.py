"""The briefing as a Word document: the same blocks as the PDF, with Word's own styles, tables, captions and page numbers."""

import datetime as dt
import io
from collections.abc import Iterable

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from qnict_analysis.office.paper import (
    BODY_PT,
    CELL_MM,
    GREY,
    INK,
    LANGUAGES,
    MARK,
    SIDES,
    SMALL_PT,
    TABLE_HEAD,
    TABLE_PT,
    TABLE_STYLE,
    TABLE_TEXT,
    bare_table,
    bookmark,
    describe,
    end_with_text,
    fitted,
    keep_in_one,
    keep_row_whole,
    keep_together,
    line_mm,
    link,
    page_number,
    png_of,
    put_run,
    repeat_head,
    set_page,
    set_styles,
    set_widths,
    short_line,
    start_numbers_anew,
    text_of,
)
from qnict_analysis.sheets import plain_text, without_clock
from qnict_analysis.wording.speech import TEXT
from qnict_analysis.words import COLOURS

PICTURE_MM, TALLEST_MM = 150, 200
SHRUNK = (0.95, 0.85, 0.65)
"""The more parts a target has, the smaller their charts: it never takes more than a page."""

ANNEX_PT, OVERVIEW_PT = 11, 10.5
GAP_PT = 5
LETTERHEAD_MM, AGENCY_RULE, TITLE_RULE = (64, 101), 0.4, 0.28
"""Columns of the letterhead; the lines under agency and title as shares of the agency's name (a third to a half of it, in the
official form) and of the page's line."""

VALUE_MM, NOTE_MM = 38, 82
"""Where the values of a target's numbers begin, and their notes."""
TILE_HEADS = {
    "vi": ("Mã", "Chỉ tiêu", "Khả năng", "Trạng thái"),
    "en": ("Id", "Target", "Chance", "Status"),
}


def briefing_docx(blocks: Iterable[tuple[str, dict]]) -> bytes:
    """The blocks of an executed briefing (function and content, the document's settings first) as .docx.

    The same blocks give the same bytes: the only date is the document's own. ``ValueError`` where the settings are missing.
    """
    blocks = list(blocks)
    settings = next((content for function, content in blocks if function == "document"), None)
    if settings is None:
        raise ValueError("no document block among the outputs: this is no briefing")
    writer = Writer(settings, annexes=annexes_of(blocks))
    for function, content in blocks:
        if function != "document":
            getattr(writer, function.replace("-", "_"))(content)
    return writer.saved()


def annexes_of(blocks: Iterable[tuple[str, dict]]) -> list[str]:
    """The annexes in their order, each with its number and title."""
    opening = (content for _, content in blocks if content.get("annex"))
    return [f"{one['annex']}. {one.get('annex_title') or one['title']}" for one in opening]


def draft_of(settings: dict) -> str:
    """The draft mark without the reason that the font is not the official one: in Word it is; nothing if a final report had
    no other reason."""
    words = TEXT[settings["lang"]].BLOCKS
    kept = [reason for reason in settings["draft"].split(" · ") if reason != words["draft_font"]]
    return "" if settings.get("final") and kept == [words["draft"]] else " · ".join(kept)


class Writer:
    """Writes one document; each method lays out the block of the same name."""

    def __init__(self, settings: dict, *, annexes: list[str]):
        self.settings, self.lang, self.annexes, self.begun = settings, settings["lang"], annexes, 0
        self.draft = draft_of(settings)
        self.doc: Document = docx.Document()
        set_styles(self.doc, self.lang)
        properties, day = self.doc.core_properties, settings["date"] or "1970-01-01"
        properties.title, properties.author = settings["title"], settings["author"]
        properties.subject = next(iter(settings["keywords"]), "")
        properties.keywords, properties.language = ", ".join(settings["keywords"]), LANGUAGES[self.lang]
        properties.comments, properties.last_modified_by, properties.revision = "", "", 1
        properties.created = properties.modified = dt.datetime.fromisoformat(day)
        section = self.doc.sections[0]
        set_page(section)
        self._running(section, label="", first=True)

    def saved(self) -> bytes:
        """The file."""
        content = io.BytesIO()
        self.doc.save(content)
        return without_clock(content.getvalue())

    # --- the report that is signed ---

    def report(self, content: dict) -> None:
        """Letterhead, title, five sections, signature."""
        if content["letterhead"]:
            self._letterhead(content["letterhead"])
        if content["kind"]:
            self._line(content["kind"], size=14, bold=True, side="center", before=10)
        self.doc.add_paragraph(content["title"], style="Title")
        if content["letterhead"]:
            short_line(self.doc.add_paragraph(), TITLE_RULE * self._width(), self._width()).paragraph_format.space_after = Pt(6)
        for words in content["intro"]:
            self._runs(words, indent=True)
        for one in content["sections"]:
            self._section(one)
        self._signature(content["signature"])

    def _letterhead(self, head: dict) -> None:
        grid = bare_table(self.doc, 1, LETTERHEAD_MM)
        left, right = grid.rows[0].cells
        self._line(head["parent"], at=left.paragraphs[0], size=12, side="center")
        self._underlined(head["agency"], left, 12, room=LETTERHEAD_MM[0] - CELL_MM, share=AGENCY_RULE)
        self._line(head["number"], into=left, size=13, side="center", before=4)
        self._line(head["nation"], at=right.paragraphs[0], size=12, bold=True, side="center")
        self._underlined(head["motto"], right, 13, room=LETTERHEAD_MM[1] - CELL_MM)
        self._line(head["place_date"], into=right, size=13, italic=True, side="center", before=4)

    def _underlined(self, words: str, cell, size: int, *, room: float, share: float = 1.0) -> None:
        """Bold words in the middle of a cell, and below them a line that is this share of their width."""
        self._line(words, into=cell, size=size, bold=True, side="center")
        short_line(cell.add_paragraph(), share * min(line_mm(words, size), room), room)

    def _signature(self, sign: dict) -> None:
        self._gap()
        grid = bare_table(self.doc, 1, (82, 83))
        left, right = grid.rows[0].cells
        keep_row_whole(grid.rows[0])
        self._line(sign["recipients_title"], at=left.paragraphs[0], size=12, bold=True, italic=True)
        for name in sign["recipients"]:
            self._line(f"- {name}", into=left, size=11)
        self._line(sign["signer_title"], at=right.paragraphs[0], size=13, bold=True, side="center")
        for _ in range(4):
            self._line("", into=right, size=13)

    # --- annexes ---

    def overview(self, content: dict) -> None:
        """Three sentences, the tiles as a table a group, what to watch, three lines."""
        self._annex(content)
        for words in content["sentences"]:
            self._runs(words, size=OVERVIEW_PT)
        self._tiles(content["groups"], content["title"])
        self._heading(content["attention"]["title"], 2)
        for one in content["attention"]["items"]:
            self._line(f"{one['id']} · {one['title']}", size=OVERVIEW_PT, bold=True, before=2)
            self._line(" · ".join(words for words in (one["now"], one["needed"], one["pace"]) if words), size=TABLE_PT)
            if one["action"]:
                self._line(one["action"], size=TABLE_PT)
        self._gap()
        for words in content["lines"]:
            self._runs(words, size=TABLE_PT)
        if content["annexes"] and len(self.annexes) > 1:
            self._links(content["annexes"])

    def _tiles(self, groups: list[dict], alt: str) -> None:
        """The tiles of all groups as one table: a row across names each group."""
        heads = zip(TILE_HEADS[self.lang], ("left", "left", "right", "left"), (0, 5.0, 1.6, 3.0), strict=True)
        columns = [{"title": title, "align": align, "width": width} for title, align, width in heads]
        rows, across = [], []
        for group in groups:
            across.append(len(rows) + 1)
            rows.append([{"runs": [{"t": group["title"], "b": True}]}, "", "", ""])
            rows += [[one["id"], one["short"], one["chance"], badge(one)] for one in group["tiles"]]
        fit = [row for number, row in enumerate(rows, 1) if number not in across]
        table = self._table({"columns": columns, "rows": rows, "caption": "", "note": "", "alt": alt}, fit=fit)
        for number in across:
            name = table.rows[number].cells[0].merge(table.rows[number].cells[-1])
            name.paragraphs[0].paragraph_format.keep_with_next = True

    def _links(self, title: str) -> None:
        """The annexes in two columns, each a link to its page."""
        self._heading(title, 2)
        half = -(-len(self.annexes) // 2)
        grid = bare_table(self.doc, 1, (82, 83))
        for place, cell in enumerate(grid.rows[0].cells):
            own = list(enumerate(self.annexes, 1))[place * half : (place + 1) * half]
            for number, (annex, words) in enumerate(own):
                paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
                link(paragraph, words, f"annex_{annex}", size=TABLE_PT)

    def target_table(self, content: dict) -> None:
        """The table of targets on pages laid across."""
        self._annex(content, flipped=True)
        self._table(content["table"])

    def target_block(self, content: dict) -> None:
        """One target: title, four numbers, parts, charts, next step."""
        if content["annex"]:
            self._annex({"annex": content["annex"], "title": content["annex_title"]})
        start = len(self.doc.element.body) - 1  # the last one is the settings of the section
        self._heading(f"{content['id']}. {content['title']}", 2)
        if content["others"] and not content["annex"]:  # with several charts it takes most of a page
            self.doc.paragraphs[-1].paragraph_format.page_break_before = True
        self._line(content["name"], size=ANNEX_PT, bold=True)
        self._badge(self.doc.add_paragraph(), badge(content), 11)
        self._line(content["sentence"], size=10, italic=True, colour=GREY)
        self._numbers(content["numbers"])
        share = SHRUNK[min(len(content["others"]), len(SHRUNK) - 1)]
        if content["parts"]:
            self._gap()
            self._table(content["parts"])
        if content["svg"]:
            self._picture(content["svg"], content["alt"], content["chart_caption"], share=share)
        for one in content["others"]:
            self._picture(one["svg"], one["alt"], one["title"], share=share)
        for words in content["next"]:
            self._runs(words, size=11)
        if content["flags"]:
            self._line(" · ".join(content["flags"]), size=SMALL_PT, colour=GREY)
        keep_in_one(self.doc.element.body, start)

    def _numbers(self, numbers: list[dict]) -> None:
        """The numbers of a target, a line each; as lines and not as cells they stay with the chart below on every machine."""
        for one in numbers:
            paragraph = self._line(one["label"], size=TABLE_PT, colour=GREY)
            paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Mm(NOTE_MM), Mm(-NOTE_MM)
            for place in (VALUE_MM, NOTE_MM):
                paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(place))
            put_run(paragraph, f"\t{one['value']}", size=ANNEX_PT, bold=True, colour=INK)
            if one["note"]:
                put_run(paragraph, f"\t{one['note']}", size=TABLE_PT)

    def method(self, content: dict) -> None:
        """Sections of prose, bullets and tables."""
        self._annex(content)
        for one in content["sections"]:
            self._section(one, size=11, indent=False)

    def sources(self, content: dict) -> None:
        """A list."""
        self._annex(content)
        if content["note"]:
            self._line(content["note"], size=11)
        for words in content["items"]:
            self._runs(words, size=11, style="List Bullet", side="left")  # addresses would tear a line apart

    def annex_page(self, content: dict) -> None:
        """Prose, tables and charts in a row."""
        self._annex(content, flipped=content["flipped"])
        for piece in content["pieces"]:
            getattr(self, f"_{piece['kind']}")(piece)

    def _prose(self, piece: dict) -> None:
        for words in piece["paragraphs"]:
            self._runs(words, size=11)

    def _figure(self, piece: dict) -> None:
        if piece["caption"]:
            self._heading(piece["caption"], 2)
        if piece["svg"]:
            self._picture(piece["svg"], piece["alt"], "")

    # --- pieces ---

    def _annex(self, content: dict, *, flipped: bool = False) -> None:
        """A new section with its own page numbers, and the title as a heading."""
        section = self.doc.add_section(WD_SECTION.NEW_PAGE)
        end_with_text(self.doc.element.body)
        set_page(section, flipped=flipped)
        self._running(section, label=content["annex"])
        if content["annex"]:
            self._line(content["annex"], size=11, colour=GREY)
        self._heading(content["title"], 1)
        if content["annex"]:
            self.begun += 1
            bookmark(self.doc.paragraphs[-1], f"annex_{self.begun}", self.begun)

    def _running(self, section: Section, *, label: str, first: bool = False) -> None:
        """Mark above, provenance below, the page number where the style wants it; none on the report's first page."""
        later = self.settings["style"] == "ND30-2020"
        section.different_first_page_header_footer = first
        sides = [(section.header, section.footer, True)]
        sides += [(section.first_page_header, section.first_page_footer, False)] if first else []
        for header, footer, numbered in sides:
            header.is_linked_to_previous = footer.is_linked_to_previous = False
            self._line(self.settings["mark"], at=header.paragraphs[0], size=SMALL_PT, bold=True, colour=MARK)
            self._line(self.settings["footer"], at=footer.paragraphs[0], size=SMALL_PT, colour=GREY)
            if self.draft and not numbered:
                self._line(self.draft, at=header.add_paragraph(), size=10, bold=True, colour=GREY, side="right")
            if numbered:
                place = header.add_paragraph() if later else footer.add_paragraph()
                place.alignment = SIDES["center" if later else "right"]
                page_number(place, f"{label} – " if label else "", size=11 if label else BODY_PT)
        if not first:
            start_numbers_anew(section)

    def _section(self, one: dict, *, size: float = BODY_PT, indent: bool = True) -> None:
        if one["heading"]:
            self._heading(one["heading"], 2)
        for words in one["paragraphs"]:
            self._runs(words, indent=indent, size=size)
        if one["table"]:
            self._table(one["table"])
        for words in one["bullets"]:
            self._runs(words, size=size, style="List Bullet")

    def _heading(self, words: str, level: int) -> None:
        self.doc.add_paragraph(plain_text(words), style=f"Heading {level}")

    def _line(
        self, words: str, *, at=None, into=None, size: float = BODY_PT, side: str = "left", before: int = 0, **face
    ) -> Paragraph:
        """One line in one face, in a given paragraph, at the end of a cell, or of the document."""
        paragraph = at if at is not None else into.add_paragraph() if into is not None else self.doc.add_paragraph()
        paragraph.alignment = SIDES[side]
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(1)
        paragraph.paragraph_format.keep_with_next = bool(face.get("bold")) and at is None and into is None
        if words:
            put_run(paragraph, words, size=size, **face)
        return paragraph

    def _runs(
        self, runs: list[dict], *, size: float = BODY_PT, indent: bool = False, style: str = "Normal", side: str = "both"
    ) -> None:
        paragraph = self.doc.add_paragraph(style=style)
        paragraph.alignment = SIDES.get(side, WD_ALIGN_PARAGRAPH.JUSTIFY)
        paragraph.paragraph_format.space_after = Pt(1)
        if indent:
            paragraph.paragraph_format.first_line_indent = Mm(10)
        for one in runs:
            put_run(paragraph, one["t"], size=size, bold=one.get("b", False), italic=one.get("i", False))

    def _badge(self, paragraph: Paragraph, one: dict, size: int) -> None:
        put_run(paragraph, text_of(one), size=size, colour=RGBColor.from_string(COLOURS[one["status"]].lstrip("#").upper()))

    def _table(self, content: dict, *, fit: list | None = None):
        """A real table: its head repeats, no row is split, numbers stand right; ``fit``: the rows that decide the widths."""
        columns = content["columns"]
        if content["caption"]:
            self.doc.add_paragraph(plain_text(content["caption"]), style="Caption")
            self.doc.paragraphs[-1].paragraph_format.keep_with_next = True
        table = self.doc.add_table(1, len(columns), style=TABLE_STYLE)
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        describe(table, content["alt"] or content["caption"])
        for cell, column in zip(table.rows[0].cells, columns, strict=True):
            cell.paragraphs[0].style, cell.paragraphs[0].alignment = TABLE_HEAD, SIDES[column["align"]]
            cell.paragraphs[0].add_run(plain_text(column["title"]))
        repeat_head(table.rows[0])
        for row in content["rows"]:
            for cell, value, column in zip(table.add_row().cells, row, columns, strict=True):
                self._cell(cell.paragraphs[0], value, column["align"])
        set_widths(table, fitted(columns, content["rows"] if fit is None else fit, self._width()))
        keep_together(table.rows)
        for row in table.rows:
            keep_row_whole(row)
        if content["note"]:
            put_run(self.doc.add_paragraph(style="Caption"), content["note"], size=SMALL_PT, colour=GREY)
        else:
            self._gap()  # Word joins two tables that nothing stands between
        return table

    def _gap(self) -> None:
        """A little space: an empty paragraph of that height."""
        empty = self.doc.add_paragraph().paragraph_format
        empty.line_spacing, empty.space_after = Pt(GAP_PT), Pt(0)

    def _cell(self, paragraph: Paragraph, value, align: str) -> None:
        paragraph.style, paragraph.alignment = TABLE_TEXT, SIDES[align]
        if isinstance(value, str):
            if value:  # a cell with a run in it is not empty, and would leave a line in a row that is joined across
                paragraph.add_run(plain_text(value))
        elif "status" in value:
            self._badge(paragraph, value, TABLE_PT)
        else:
            for one in value["runs"]:
                put_run(paragraph, one["t"], size=TABLE_PT, bold=one.get("b", False))

    def _width(self) -> float:
        """What lies between the margins, in mm."""
        section = self.doc.sections[-1]
        return (section.page_width - section.left_margin - section.right_margin) / Mm(1)

    def _picture(self, svg: str, alt: str, caption: str, *, share: float = 1.0) -> None:
        """A chart as a picture with alternative text, its caption below."""
        paragraph = self.doc.add_paragraph()
        paragraph.alignment, paragraph.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, bool(caption)
        shape = paragraph.add_run().add_picture(io.BytesIO(png_of(svg)), width=Mm(PICTURE_MM * share))
        if shape.height > Mm(TALLEST_MM):
            shape.width, shape.height = int(shape.width * Mm(TALLEST_MM) / shape.height), Mm(TALLEST_MM)
        shape._inline.docPr.set("descr", plain_text(alt))
        shape._inline.docPr.set("name", f"chart {shape._inline.docPr.id}")
        if caption:
            self.doc.add_paragraph(plain_text(caption), style="Caption")


def badge(one: dict) -> dict:
    """What a badge needs of a tile or a target."""
    return {"status": one["status"], "label": one["label"]}
