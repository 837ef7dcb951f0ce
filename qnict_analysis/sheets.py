"""Workbooks between us and others: what they sent is opened only within bounds, and what they typed never runs."""

import datetime as dt
import io
import math
import re
import zipfile
from xml.etree import ElementTree

from qnict_analysis.schema import FORMULA_STARTS

LONGEST_TEXT = 32_767
"""A cell holds no longer text in Excel."""

MAX_MARKUP = 20 * 1024 * 1024
MAX_TAGS = 200_000
MAX_CELLS = 200_000
"""What openpyxl may be given: it takes far more memory than the reader of returns. A form has a few thousand cells."""

UNSOLVED = "#N/A"

KEPT = {
    "worksheet": {
        *("sheetPr", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetProtection", "mergeCells"),
        *("dataValidations", "printOptions", "pageMargins", "pageSetup", "headerFooter"),
    },
    "workbook": {"workbookPr", "bookViews", "sheets", "definedNames"},
}
KEPT_RELATIONS = ("officeDocument", "worksheet", "styles", "sharedStrings", "theme", "comments")
"""Of a unit's workbook openpyxl sees these parts alone: no pictures, charts, tables, links, connections or extensions."""

# Attributes that hold lengths; elsewhere the same letters may be a name or a colour.
_SIZES = rb"left|right|top|bottom|header|footer|width|ht|defaultRowHeight|defaultColWidth|val"
_ENDLESS = rb"nan|inf|infinity|[0-9.]*e\+?[0-9]{3,}|[0-9]{300,}[0-9.]*"
_NO_SIZE = re.compile(rb"""\b(?:%b)\s*=\s*["']\s*[+-]?(?:%b)\s*["']""" % (_SIZES, _ENDLESS), re.IGNORECASE)
_NOT_PLAIN_XML = re.compile(rb"\0|<!(?!--|\[CDATA\[)")

# Workbook writers stamp the clock into the file; a return of the same figures must be the same bytes.
FIXED_TIME = dt.datetime(2011, 1, 1)

# What no XML may hold: control characters but tab and line ends, and the last two of the first plane.
_NO_XML = dict.fromkeys([*(code for code in range(32) if code not in (9, 10, 13)), 0xFFFE, 0xFFFF])


def plain_text(value) -> str:
    """Any value as text that a workbook can hold: without control characters, half letters and what exceeds a cell."""
    text = str(value).translate(_NO_XML)
    return text.encode("utf-8", errors="replace").decode()[:LONGEST_TEXT]


def csv_text(text: str) -> str:
    """A text for a CSV file that spreadsheets open too: an apostrophe stands before what they would take for a formula.

    ``csv_meant`` gives the text back.
    """
    return f"'{text}" if text.startswith((*FORMULA_STARTS, "'")) else text


def csv_meant(text: str) -> str:
    """The text that ``csv_text`` wrote."""
    return text[1:] if text.startswith("'") else text


def put_value(cell, value):
    """Write a number, a day, a yes/no or a text; a text that could be taken for a formula stays text, even when edited."""
    if isinstance(value, float) and not math.isfinite(value):
        value = str(value)  # a workbook with such a number does not open
    cell.value = plain_text(value) if isinstance(value, str) else value
    if isinstance(cell.value, str) and cell.value.startswith(FORMULA_STARTS):
        cell.data_type, cell.quotePrefix = "s", True
    return cell


def without_clock(content: bytes) -> bytes:
    """An Office file (a zip archive) with the same parts and no time of day in it: the same content is the same bytes."""
    clean = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(clean, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for entry in source.namelist():
            info = zipfile.ZipInfo(entry, date_time=FIXED_TIME.timetuple()[:6])
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            target.writestr(info, source.read(entry))
    return clean.getvalue()


def reduced_workbook(content: bytes) -> bytes:
    """A workbook with only those parts that are copied; ``ValueError`` where it could exhaust the memory or hide something."""
    parts = _parts_of(content)
    if any(_NOT_PLAIN_XML.search(part) for part in parts.values()):
        raise ValueError("a document type or an unusual encoding")
    if any(_NO_SIZE.search(part) for part in parts.values()):
        raise ValueError("a size without bounds, which would be written on as it is")
    if sum(part.count(b"<") for part in parts.values()) > MAX_TAGS:
        raise ValueError(f"more than {MAX_TAGS:,} tags")
    trees = {name: ElementTree.fromstring(part) for name, part in parts.items()}
    if sum(_area(element) for tree in trees.values() for element in tree.iter()) > MAX_CELLS:
        raise ValueError(f"merged cells or comments over more than {MAX_CELLS:,} cells")
    reduced = io.BytesIO()
    with zipfile.ZipFile(reduced, "w") as archive:
        for name, tree in trees.items():
            _reduce(tree)
            _expose(tree)
            archive.writestr(name, ElementTree.tostring(tree))
    return reduced.getvalue()


def _parts_of(content: bytes) -> dict[str, bytes]:
    """The XML inside a workbook by its name; pictures, the author's name and everything else are left behind."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = [entry for entry in archive.infolist() if entry.filename.lower().endswith((".xml", ".rels"))]
        if sum(entry.file_size for entry in entries) > MAX_MARKUP:
            raise ValueError(f"more than {MAX_MARKUP:,} bytes of XML")
        names = [entry.filename for entry in entries if not entry.filename.startswith(("docProps/", "customXml/"))]
        return {name: archive.read(name) for name in names}


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _area(element: ElementTree.Element) -> int:
    """How much openpyxl would make of one element: the cells of a merged range or of a comment on one, the ranges of a rule."""
    if _tag(element) == "dataValidation":
        return 1 + element.get("sqref", "").count(" ")
    if _tag(element) not in ("mergeCell", "comment"):
        return 0
    from openpyxl.utils import range_boundaries  # slow to import, and every command imports this module

    left, top, right, bottom = range_boundaries(element.get("ref"))
    return (right - left + 1) * (bottom - top + 1)


def _reduce(tree: ElementTree.Element) -> None:
    """Take out of a part what is not copied."""
    tag = _tag(tree)
    for child in list(tree):
        if tag == "Relationships":
            is_kept = child.get("Type", "").rpartition("/")[2] in KEPT_RELATIONS
        else:
            is_kept = tag not in KEPT or _tag(child) in KEPT[tag]
        if not is_kept:
            tree.remove(child)


def _expose(tree: ElementTree.Element) -> None:
    """Turn cells whose formula was saved without its result into cells with an error.

    As blank cells they would be taken for figures that are not reported, once the unit sends the result workbook in.
    """
    for cell in (element for element in tree.iter() if _tag(element) == "c"):
        children = {_tag(child): child for child in cell}
        if "f" in children and not _text(children.get("v")):
            for child in list(cell):
                cell.remove(child)
            cell.set("t", "e")
            ElementTree.SubElement(cell, cell.tag.removesuffix("c") + "v").text = UNSOLVED


def _text(element: ElementTree.Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


def set_page(sheet, widths: dict[str, float], *, first: int, titles: str = "") -> None:
    """Widths of columns, rows above ``first`` frozen (``titles``: rows repeated in print), A4 landscape, one page wide."""
    for column, width in widths.items():
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = f"A{first}"
    if titles:
        sheet.print_title_rows = titles
        sheet.oddFooter.right.text = "Trang &P/&N"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
