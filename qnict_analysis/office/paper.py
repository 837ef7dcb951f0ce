"""What Word has of its own and a briefing needs: styles, pages, fields, links, tables, each where the schema wants it."""

import unicodedata
from collections.abc import Iterable

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from qnict_analysis.document import quoted
from qnict_analysis.sheets import plain_text
from qnict_analysis.words import SHAPES

FONT, BODY_PT, TABLE_PT, SMALL_PT = "Times New Roman", 13, 10, 9
INK, GREY, MARK = RGBColor(0x1F, 0x3A, 0x5F), RGBColor(0x5B, 0x64, 0x70), RGBColor(0xC2, 0x41, 0x0C)
MARGINS = {"top_margin": 20, "bottom_margin": 20, "left_margin": 30, "right_margin": 15}
RUNNING_MM = 6
"""From the edge of the page to what runs above and below: three lines then fit into the margin."""

TABLE_STYLE, TABLE_TEXT, TABLE_HEAD = "Briefing Table", "Table Text", "Table Head"
LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}
WORD_2013 = "15"
"""Without it Word opens a document in the compatibility mode of older versions."""

PICTURE_PPI = 200
RULE_PT = 4
"""Height of the paragraph that is nothing but a short line."""

NARROW, NARROW_EM, LETTER_EM, CAPITAL_EM = " -.,:'fijlrtI", 0.29, 0.52, 0.71
"""Widths of bold Times New Roman, in heights of the letter: thin letters and signs, other small letters, capitals."""

CELL_MM = 3.8
"""What a cell of a table without lines leaves free on both sides together."""

LETTER_MM, CAPITAL_MM, SIGN_MM, BESIDE_TEXT_MM = 1.85, 2.6, 3.0, 3.2
"""Widths of a letter, a capital and a wide sign (WIDE) of 10 pt, bold ones among them, and what a cell leaves free on both sides
together."""

WIDE = "%m–"

MOST_TOGETHER = 9
"""Rows, the head among them, of a table that is kept on one page."""

UNBROKEN = 14
"""Letters up to which a figure with its unit stays on one line."""

SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "right": WD_ALIGN_PARAGRAPH.RIGHT, "center": WD_ALIGN_PARAGRAPH.CENTER}

# Word refuses elements out of the schema's order: what may come after the ones that are put in here.
AFTER_BORDERS = ("w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr")
AFTER_LEVEL = ("w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange")
AFTER_NUMBERS = ("w:cols", "w:formProt", "w:vAlign", "w:noEndnote", "w:titlePg", "w:textDirection", "w:docGrid")


def set_styles(doc: Document, lang: str) -> None:
    """Times New Roman throughout, black report headings as the official style asks, the document's language for spelling."""
    normal = doc.styles["Normal"]
    set_font(normal, BODY_PT)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(0), 1.0
    normal.element.get_or_add_rPr().append(element("w:lang", val=LANGUAGES[lang], eastAsia=LANGUAGES[lang]))
    for name, size in (("Title", 14), ("Heading 1", 16), ("Heading 2", 13), ("Caption", SMALL_PT), ("List Bullet", BODY_PT)):
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
    title.element.get_or_add_pPr().insert_element_before(element("w:outlineLvl", val="0"), *AFTER_LEVEL)
    for style in doc.styles:
        if style.type == WD_STYLE_TYPE.PARAGRAPH and style.name.startswith("Heading"):
            style.paragraph_format.keep_with_next = True
    set_table_styles(doc)
    for setting in doc.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), WORD_2013)
    doc.settings.element.find(qn("w:zoom")).set(qn("w:percent"), "100")


def set_table_styles(doc: Document) -> None:
    """The style of tables (an inked line above and below, thin grey ones between rows) and of the text in them."""
    ruled = doc.styles.add_style(TABLE_STYLE, WD_STYLE_TYPE.TABLE)
    ruled.base_style = doc.styles["Normal Table"]
    inner, borders = element("w:tblPr"), element("w:tblBorders")
    for side, size, colour in (("top", 8, "1F3A5F"), ("bottom", 6, "1F3A5F"), ("insideH", 4, "C3C9D1")):
        borders.append(element(f"w:{side}", val="single", sz=str(size), space="0", color=colour))
    inner.append(borders)
    beside = element("w:tblCellMar")
    for side in ("left", "right"):
        beside.append(element(f"w:{side}", w="80", type="dxa"))
    inner.append(beside)
    ruled.element.append(inner)
    text = doc.styles.add_style(TABLE_TEXT, WD_STYLE_TYPE.PARAGRAPH)
    head = doc.styles.add_style(TABLE_HEAD, WD_STYLE_TYPE.PARAGRAPH)
    text.base_style, head.base_style = doc.styles["Normal"], text
    set_font(text, TABLE_PT)
    text.paragraph_format.space_after = Pt(1)
    head.font.bold, head.font.color.rgb, head.paragraph_format.keep_with_next = True, INK, True


def set_font(style, size: int) -> None:
    """One font for every script of a style."""
    style.font.name, style.font.size = FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.lower().endswith("theme"):
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
    code = element("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = "PAGE"
    for one in (element("w:fldChar", fldCharType="begin"), code, element("w:fldChar", fldCharType="end")):
        run._r.append(one)


def bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """A place that links lead to."""
    start, end = element("w:bookmarkStart", id=str(number), name=name), element("w:bookmarkEnd", id=str(number))
    paragraph._p.insert_element_before(start, "w:r")
    paragraph._p.append(end)


def link(paragraph: Paragraph, words: str, name: str, *, size: int) -> None:
    """Words that lead to a bookmark."""
    put_run(paragraph, words, size=size, colour=INK)
    leads = element("w:hyperlink", anchor=name, history="1")
    leads.append(paragraph.runs[-1]._r)
    paragraph._p.append(leads)


def element(tag: str, **attributes: str):
    """An element of Word's own with its attributes."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def end_with_text(body) -> None:
    """The section just closed ends with its last paragraph: left in an empty one of its own it could open a blank page."""
    empty = body.p_lst[-1]
    last = empty.getprevious()
    if last is not None and last.tag == qn("w:p"):
        last.get_or_add_pPr()._insert_sectPr(empty.pPr.find(qn("w:sectPr")))
        body.remove(empty)


def start_numbers_anew(section: Section) -> None:
    """Page numbers from 1 in this section."""
    numbers = section._sectPr.find(qn("w:pgNumType"))
    if numbers is None:
        numbers = element("w:pgNumType")
        section._sectPr.insert_element_before(numbers, *AFTER_NUMBERS)
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


def fitted(columns: list[dict], rows: Iterable[list], whole: float) -> list[float]:
    """Widths in mm that add up to ``whole``: by the shares of the columns, none narrower than what must not be broken in it.

    ``columns``: title, align, share of the width (0: as wide as its content); ``rows``: cells as text, badge or runs.
    """
    texts = [[column["title"], *map(text_of, cells)] for column, cells in zip(columns, zip(*rows, strict=True), strict=True)]
    least = [least_width(own, column["align"] == "right") for own, column in zip(texts, columns, strict=True)]
    wanted = [float(column["width"]) for column in columns]
    fixed = {place for place, share in enumerate(wanted) if not share}
    while len(fixed) < len(columns):
        share = (whole - sum(least[place] for place in fixed)) / sum(
            one for place, one in enumerate(wanted) if place not in fixed
        )
        narrow = {place for place, one in enumerate(wanted) if place not in fixed and one * share < least[place]}
        if not narrow:
            return [least[place] if place in fixed else one * share for place, one in enumerate(wanted)]
        fixed |= narrow
    return [one * whole / sum(least) for one in least]


def least_width(texts: list[str], figures: bool) -> float:
    """What a column needs so that no word, and no short figure with its unit or short head of figures, is broken; in mm."""
    pieces = [word for text in texts for word in text.split()]
    pieces += [text for text in texts if figures and len(text) <= UNBROKEN]
    return max(map(written_mm, pieces), default=0.0) + BESIDE_TEXT_MM


def written_mm(text: str) -> float:
    """About what a text takes in a table."""
    return sum(SIGN_MM if letter in WIDE else CAPITAL_MM if letter.isupper() else LETTER_MM for letter in text)


def text_of(value) -> str:
    """The text of a cell: itself, a badge with its shape, or runs."""
    if isinstance(value, str):
        return value
    return f"{SHAPES[value['status']]} {value['label']}" if "status" in value else "".join(one["t"] for one in value["runs"])


def keep_together(rows) -> None:
    """The head stays with two rows, the last row with two before it: none of them stands alone on a page."""
    kept = rows[:-1] if len(rows) <= MOST_TOGETHER else [*rows[:3], *rows[-3:-1]]
    for paragraph in (paragraph for row in kept for cell in row.cells for paragraph in cell.paragraphs):
        paragraph.paragraph_format.keep_with_next = True


def keep_in_one(body, start: int) -> None:
    """All that stands in a body from its ``start``-th element on stays on one page, as far as it fits there."""
    found = [paragraph for one in list(body)[start:] for paragraph in one.iter(qn("w:p"))]
    for paragraph in found[:-1]:
        kept = paragraph.get_or_add_pPr().get_or_add_keepNext()
        kept.val = True


def repeat_head(row) -> None:
    """The row stands on top of every page that its table reaches."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_row_whole(row) -> None:
    """The row is not split between pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def describe(table, words: str) -> None:
    """Alternative text of a table."""
    if words:
        table._tbl.tblPr.append(element("w:tblDescription", val=plain_text(words)))


def short_line(paragraph: Paragraph, width: float, room: float) -> Paragraph:
    """Makes an empty paragraph a line of ``width`` mm in the middle of ``room``: indents of the text itself would break it."""
    borders = element("w:pBdr")
    borders.append(element("w:top", val="single", sz="6", space="1", color="000000"))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *AFTER_BORDERS)
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Mm(max(room - width, 0) / 2)
    shape.line_spacing, shape.space_before, shape.space_after = Pt(RULE_PT), Pt(1), Pt(0)
    return paragraph


def line_mm(text: str, size: float) -> float:
    """About how long a bold text is on one line, in mm."""
    bare = (unicodedata.normalize("NFD", letter)[0] for letter in text)
    ems = sum(NARROW_EM if one in NARROW else CAPITAL_EM if one.isupper() else LETTER_EM for one in bare)
    return ems * Pt(size) / Mm(1)


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
