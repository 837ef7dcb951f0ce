"""The briefing as a Word document: the same blocks as the PDF, with Word's own styles, tables, captions and page numbers."""

import datetime as dt
import io
from collections.abc import Iterable

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from qnict_analysis.document import quoted
from qnict_analysis.sheets import plain_text, without_clock
from qnict_analysis.words import COLOURS, SHAPES

FONT, BODY_PT, TABLE_PT, SMALL_PT = "Times New Roman", 13, 10, 9
INK, GREY, MARK = RGBColor(0x1F, 0x3A, 0x5F), RGBColor(0x5B, 0x64, 0x70), RGBColor(0xC2, 0x41, 0x0C)
MARGINS = {"top_margin": 20, "bottom_margin": 20, "left_margin": 30, "right_margin": 15}
RUNNING_MM = 6
"""From the edge of the page to what runs above and below: three lines then fit into the margin."""

LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}
PICTURE_MM, PICTURE_PPI = 150, 200
BESIDE_MARGINS = 45
TALLEST_MM = 200
MOST_TOGETHER = 9
"""Rows, the head among them, of a table that is kept on one page."""

SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "right": WD_ALIGN_PARAGRAPH.RIGHT, "center": WD_ALIGN_PARAGRAPH.CENTER}
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
    writer = Writer(settings)
    for function, content in blocks:
        if function != "document":
            getattr(writer, function.replace("-", "_"))(content)
    return writer.saved()


class Writer:
    """Writes one document; each method lays out the block of the same name."""

    def __init__(self, settings: dict):
        self.settings, self.lang = settings, settings["lang"]
        self.doc: Document = docx.Document()
        set_styles(self.doc, self.lang)
        properties, day = self.doc.core_properties, settings["date"] or "1970-01-01"
        properties.title, properties.author = settings["title"], settings["author"]
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
        if self.settings["draft"]:
            self._line(self.settings["draft"], size=10, bold=True, colour=GREY, side="right")
        if content["letterhead"]:
            self._letterhead(content["letterhead"])
        if content["kind"]:
            self._line(content["kind"], size=14, bold=True, side="center", before=10)
        title = self.doc.add_paragraph(content["title"], style="Title")
        if content["letterhead"]:
            under(title, space=4)
        for words in content["intro"]:
            self._runs(words, indent=True)
        for one in content["sections"]:
            self._section(one)
        self._signature(content["signature"])

    def _letterhead(self, head: dict) -> None:
        grid = bare_table(self.doc, 1, (64, 101))
        left, right = grid.rows[0].cells
        self._line(head["parent"], at=left.paragraphs[0], size=12, side="center")
        under(self._line(head["agency"], into=left, size=12, bold=True, side="center"))
        self._line(head["number"], into=left, size=13, side="center", before=4)
        self._line(head["nation"], at=right.paragraphs[0], size=12, bold=True, side="center")
        under(self._line(head["motto"], into=right, size=13, bold=True, side="center"))
        self._line(head["place_date"], into=right, size=13, italic=True, side="center", before=4)

    def _signature(self, sign: dict) -> None:
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
            self._runs(words)
        for group in content["groups"]:
            self._heading(group["title"], 2)
            tiles = [[one["id"], one["short"], one["chance"], badge(one)] for one in group["tiles"]]
            heads = zip(TILE_HEADS[self.lang], ("left", "left", "right", "left"), (1.0, 5.0, 1.6, 3.0), strict=True)
            columns = [{"title": title, "align": align, "width": width} for title, align, width in heads]
            self._table({"columns": columns, "rows": tiles, "caption": "", "note": "", "alt": group["title"]})
        self._heading(content["attention"]["title"], 2)
        for one in content["attention"]["items"]:
            self._line(f"{one['id']} · {one['title']}", bold=True, before=4)
            self._line(" · ".join(words for words in (one["now"], one["needed"], one["pace"]) if words), size=11)
            if one["action"]:
                self._line(one["action"], size=11)
        for words in content["lines"]:
            self._runs(words, size=11)

    def target_table(self, content: dict) -> None:
        """The table of targets on pages laid across."""
        self._annex(content, flipped=True)
        self._table(content["table"])

    def target_block(self, content: dict) -> None:
        """One target: title, four numbers, parts, charts, next step."""
        if content["annex"]:
            self._annex({"annex": content["annex"], "title": content["annex_title"]})
        self._heading(f"{content['id']}. {content['title']}", 2)
        self._line(content["name"], size=11, bold=True)
        self._badge(self.doc.add_paragraph(), badge(content), 11)
        self._line(content["sentence"], size=10, italic=True, colour=GREY)
        self._numbers(content["numbers"])
        if content["parts"]:
            self._table(content["parts"])
        if content["svg"]:
            self._picture(content["svg"], content["alt"], content["caption"])
        for one in content["others"]:
            self._picture(one["svg"], one["alt"], one["title"])
        for words in content["next"]:
            self._runs(words, size=11)
        if content["flags"]:
            self._line(" · ".join(content["flags"]), size=SMALL_PT, colour=GREY)

    def _numbers(self, numbers: list[dict]) -> None:
        grid = bare_table(self.doc, 1, [165 / len(numbers)] * len(numbers))
        keep_row_whole(grid.rows[0])
        for cell, one in zip(grid.rows[0].cells, numbers, strict=True):
            self._line(one["label"], at=cell.paragraphs[0], size=SMALL_PT, colour=GREY)
            self._line(one["value"], into=cell, size=12, bold=True, colour=INK)
            if one["note"]:
                self._line(one["note"], into=cell, size=SMALL_PT)

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
            self._runs(words, size=11, style="List Bullet")

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
        set_page(section, flipped=flipped)
        self._running(section, label=content["annex"])
        if content["annex"]:
            self._line(content["annex"], size=11, colour=GREY)
        self._heading(content["title"], 1)

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
            if numbered:
                place = header.add_paragraph() if later else footer.add_paragraph()
                place.alignment = SIDES["center" if later else "right"]
                page_number(place, f"{label} – " if label else "", size=11 if label else BODY_PT)
        if not first:
            start_numbers_anew(section)

    def _section(self, one: dict, *, size: int = BODY_PT, indent: bool = True) -> None:
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
        self, words: str, *, at=None, into=None, size: int = BODY_PT, side: str = "left", before: int = 0, **face
    ) -> Paragraph:
        """One line in one face, in a given paragraph, at the end of a cell, or of the document."""
        paragraph = at if at is not None else into.add_paragraph() if into is not None else self.doc.add_paragraph()
        paragraph.alignment = SIDES[side]
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(1)
        paragraph.paragraph_format.keep_with_next = bool(face.get("bold")) and at is None and into is None
        if words:
            put_run(paragraph, words, size=size, **face)
        return paragraph

    def _runs(self, runs: list[dict], *, size: int = BODY_PT, indent: bool = False, style: str = "Normal") -> None:
        paragraph = self.doc.add_paragraph(style=style)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.space_after = Pt(1)
        if indent:
            paragraph.paragraph_format.first_line_indent = Mm(10)
        for one in runs:
            put_run(paragraph, one["t"], size=size, bold=one.get("b", False), italic=one.get("i", False))

    def _badge(self, paragraph: Paragraph, one: dict, size: int) -> None:
        colour = RGBColor.from_string(COLOURS[one["status"]].lstrip("#").upper())
        put_run(paragraph, f"{SHAPES[one['status']]} {one['label']}", size=size, colour=colour)

    def _table(self, content: dict) -> None:
        """A real table: its head repeats on every page, no row is split, numbers stand right."""
        columns = content["columns"]
        if content["caption"]:
            self.doc.add_paragraph(plain_text(content["caption"]), style="Caption")
        table = self.doc.add_table(1, len(columns))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        thin_rules(table)
        describe(table, content["alt"] or content["caption"])
        widths = shares(columns, self._width())
        for cell, column in zip(table.rows[0].cells, columns, strict=True):
            self._line(column["title"], at=cell.paragraphs[0], size=TABLE_PT, side=column["align"], bold=True, colour=INK)
        repeat_head(table.rows[0])
        for row in content["rows"]:
            cells = table.add_row().cells
            for cell, value, column in zip(cells, row, columns, strict=True):
                self._cell(cell.paragraphs[0], value, column["align"])
        set_widths(table, widths)
        # A small table stays on one page, a head never stands alone.
        together = table.rows[:-1] if len(table.rows) <= MOST_TOGETHER else table.rows[:1]
        for row in together:
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
        for row in table.rows:
            keep_row_whole(row)
        note = self.doc.add_paragraph(style="Caption")  # Word joins two tables that nothing stands between
        note.paragraph_format.space_after = Pt(0)
        put_run(note, "", size=4)
        if content["note"]:
            put_run(note, content["note"], size=SMALL_PT, colour=GREY)

    def _cell(self, paragraph: Paragraph, value, align: str) -> None:
        self._line("", at=paragraph, side=align)
        if isinstance(value, str):
            put_run(paragraph, value, size=TABLE_PT)
        elif "status" in value:
            self._badge(paragraph, value, TABLE_PT)
        else:
            for one in value["runs"]:
                put_run(paragraph, one["t"], size=TABLE_PT, bold=one.get("b", False))

    def _width(self) -> float:
        """What lies between the margins, in mm."""
        section = self.doc.sections[-1]
        return (section.page_width - section.left_margin - section.right_margin) / Mm(1)

    def _picture(self, svg: str, alt: str, caption: str) -> None:
        """A chart as a picture with alternative text, its caption below."""
        paragraph = self.doc.add_paragraph()
        paragraph.alignment, paragraph.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, bool(caption)
        shape = paragraph.add_run().add_picture(io.BytesIO(png_of(svg)), width=Mm(PICTURE_MM))
        if shape.height > Mm(TALLEST_MM):
            shape.width, shape.height = int(shape.width * Mm(TALLEST_MM) / shape.height), Mm(TALLEST_MM)
        shape._inline.docPr.set("descr", plain_text(alt))
        shape._inline.docPr.set("name", f"chart {shape._inline.docPr.id}")
        if caption:
            self.doc.add_paragraph(plain_text(caption), style="Caption")


# --- Word's own machinery --------------------------------------------------------------------------------------------


def set_styles(doc: Document, lang: str) -> None:
    """Times New Roman throughout, black report headings as the official style asks, the document's language for spelling."""
    normal = doc.styles["Normal"]
    set_font(normal, BODY_PT)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(0), 1.0
    language = OxmlElement("w:lang")
    for name in ("w:val", "w:eastAsia"):
        language.set(qn(name), LANGUAGES[lang])
    normal.element.get_or_add_rPr().append(language)
    for name, size in (("Title", 14), ("Heading 1", 16), ("Heading 2", 13), ("Caption", 10), ("List Bullet", BODY_PT)):
        style = doc.styles[name]
        set_font(style, size)
        style.font.color.rgb = INK if name == "Heading 1" else GREY if name == "Caption" else RGBColor(0, 0, 0)
        style.font.bold, style.font.italic = name not in ("Caption", "List Bullet"), False
        style.paragraph_format.space_before = Pt({"Heading 1": 0, "Heading 2": 6, "Title": 2}.get(name, 0))
        style.paragraph_format.space_after = Pt({"Heading 1": 6, "Title": 6}.get(name, 2))
    title = doc.styles["Title"]
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for border in title.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    for style in doc.styles:
        if style.type == WD_STYLE_TYPE.PARAGRAPH and style.name.startswith("Heading"):
            style.paragraph_format.keep_with_next = True


def set_font(style, size: int) -> None:
    """One font for every script of a style."""
    style.font.name, style.font.size = FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(name), FONT)


def set_page(section: Section, *, flipped: bool = False) -> None:
    """A4 with the official margins; laid across with even ones."""
    width, height = (297, 210) if flipped else (210, 297)
    section.orientation = WD_ORIENT.LANDSCAPE if flipped else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.header_distance = section.footer_distance = Mm(RUNNING_MM)
    for name, value in MARGINS.items():
        setattr(section, name, Mm(20 if flipped else value))


def put_run(paragraph: Paragraph, words: str, *, size: int, bold=False, italic=False, colour: RGBColor | None = None) -> None:
    """Text in one face; what a document cannot hold is left out of it."""
    run = paragraph.add_run(plain_text(words))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    if colour is not None:
        run.font.color.rgb = colour


def page_number(paragraph: Paragraph, before: str, *, size: int) -> None:
    """The number of the page as a field, after a few words."""
    if before:
        put_run(paragraph, before, size=size)
    run = paragraph.add_run()
    run.font.size = Pt(size)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            element.set(qn("xml:space"), "preserve")
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def start_numbers_anew(section: Section) -> None:
    """Page numbers from 1 in this section."""
    numbers = section._sectPr.find(qn("w:pgNumType"))
    if numbers is None:
        numbers = OxmlElement("w:pgNumType")
        section._sectPr.append(numbers)
    numbers.set(qn("w:start"), "1")


def bare_table(doc: Document, rows: int, widths):
    """A table without lines, for what stands side by side."""
    table = doc.add_table(rows, len(widths))
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    set_widths(table, widths)
    return table


def set_widths(table, widths: Iterable[float]) -> None:
    """Widths of the columns in mm, for the grid and for every cell: programs read the one or the other."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def thin_rules(table) -> None:
    """Thin grey lines between the rows, an inked one above and below; none between columns."""
    borders = OxmlElement("w:tblBorders")
    for side, size, colour in (("top", 8, "1F3A5F"), ("bottom", 6, "1F3A5F"), ("insideH", 4, "C3C9D1")):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", str(size)), ("space", "0"), ("color", colour)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


def shares(columns: list[dict], whole: float) -> list[float]:
    """Widths in mm by the shares of the columns; one of share 0 is narrow."""
    parts = [float(column["width"]) or 0.8 for column in columns]
    return [whole * part / sum(parts) for part in parts]


def repeat_head(row) -> None:
    """The row stands on top of every page that its table reaches."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_row_whole(row) -> None:
    """The row is not split between pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def describe(table, words: str) -> None:
    """Alternative text of a table."""
    if words:
        element = OxmlElement("w:tblDescription")
        element.set(qn("w:val"), plain_text(words))
        table._tbl.tblPr.append(element)


def under(paragraph: Paragraph, *, space: int = 1) -> Paragraph:
    """A short line below a paragraph, as the official style wants it under agency, motto and title."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", str(space)), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(BESIDE_MARGINS / 5)
    return paragraph


def badge(one: dict) -> dict:
    """What a badge needs of a tile or a target."""
    return {"status": one["status"], "label": one["label"]}


def png_of(svg: str) -> bytes:
    """A chart as PNG, drawn by Typst with the fonts that come along: the same on every machine."""
    import matplotlib
    import typst

    page = '#set page(width: auto, height: auto, margin: 0pt)\n#set text(font: "DejaVu Sans")\n'
    source = f'{page}#image(bytes("{quoted(svg)}"), format: "svg")'
    return typst.compile(
        source.encode(),
        format="png",
        ppi=PICTURE_PPI,
        font_paths=[matplotlib.get_data_path() + "/fonts/ttf"],
        ignore_system_fonts=True,
    )
