"""What goes back to a unit whose return was refused: its own workbook with the faulty cells coloured and explained."""

import csv
import io
import re
import warnings
from collections.abc import Iterable
from copy import copy
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from qnict_analysis import returns
from qnict_analysis.forms import workbook_bytes
from qnict_analysis.sheets import MAX_CELLS, plain_text, put_value, reduced_workbook, set_page
from qnict_analysis.store import write_new

SHEET = "Kết quả kiểm tra"
TITLE = "KẾT QUẢ KIỂM TRA PHIẾU BÁO CÁO"
CSV_SHEET = "Số liệu"
AUTHOR = "qnict"
SUFFIX = "-ket-qua.xlsx"
EMPTY = "(trống)"
HEADER = ("TT", "Trang tính", "Ô", "Giá trị đã ghi", "Lỗi", "Yêu cầu")
WIDTHS = {"A": 6, "B": 18, "C": 9, "D": 25, "E": 40, "F": 40}
FIRST_ROW = 6
HOW_TO = "Ô có lỗi được tô màu và có chú thích. Đề nghị đơn vị sửa các ô này rồi gửi lại."
WHOLE_FILE = "Lỗi của cả tệp, hoặc tệp không chép lại được vào đây. Đề nghị đơn vị sửa tệp gốc rồi gửi lại."

MAX_LISTED = 10_000
"""Nobody reads on after so many faults, and a listing made by a machine may hold some in each of its lines."""

MAX_LINES = 2_000
"""A longer CSV file is shown by its head and its faulty lines alone."""

MAX_COLUMNS = 200
LONGEST_NAME = 60
"""Letters kept of a file's name; with all its accents it must still fit the 255 bytes that most disks allow."""

_PLAIN_RULE = re.compile(r'-?[0-9]+(\.[0-9]+)?|"[^"]*"')
_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,5}")
_WARNING = PatternFill("solid", fgColor="FFF2CC")
_HEAD = PatternFill("solid", fgColor="E8EDF4")
_FONT, _INK, _LINK = "Times New Roman", "1F3A5F", "0563C1"
_THIN = Side(style="thin", color="7F8FA6")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)

Places = dict[str, Worksheet]
"""The copied sheets by the name that faults call them."""


class Row(NamedTuple):
    """One fault as the unit reads it."""

    sheet: str
    cell: str
    found: str
    problem: str
    allowed: str


def result_workbook(content: bytes, name: str, faults: pd.DataFrame) -> bytes:
    """The workbook to send back for one refused file; the same file and faults give the same bytes.

    ``content``, ``name``: the file as it came in. ``faults``: its rows of ``schema.FAULTS``; columns ``problem_vi`` and
    ``allowed_vi``, where there are any, are preferred. The first sheet lists the faults; the unit's own sheets follow as
    values and looks alone, without formulas, macros, links or pictures, each faulty cell coloured and commented. A file
    that no fault has a cell of, or that cannot be opened safely, gives the list alone.
    """
    rows = _rows_of(faults)
    try:
        return _finished(*_copy_of(content, name, rows), name, rows)
    except Exception:  # openpyxl meets broken files with errors of every kind; the unit hears of its faults all the same
        return _finished(_empty_workbook(), {}, name, rows)


def write_results(folder: Path, rejected: Iterable) -> list[Path]:
    """Write the result workbook of each refused file into ``folder``; returns their paths.

    ``rejected``: items with ``name``, ``content`` and ``faults`` (as in ``IntakeResult``). A name that is taken gets a number:
    nothing is written over.
    """
    written = []
    for item in rejected:
        result = result_workbook(item.content, item.name, returns.as_faults(item.faults))
        written.append(write_new(Path(folder) / f"{_safe_stem(Path(item.name))}{SUFFIX}", result))
    return written


def _safe_stem(path: Path) -> str:
    """A file's name, without its ending, as every system takes it."""
    kept = "".join("_" if letter in '<>:"/\\|?*' or ord(letter) < 32 else letter for letter in plain_text(path.stem))
    return kept[:LONGEST_NAME].strip(". ~$") or "return"


def _rows_of(faults: pd.DataFrame) -> list[Row]:
    """Faults in the words for the unit: Vietnamese where there are any."""
    texts = faults.fillna("").astype(str)
    for field in ("problem", "allowed"):
        own = texts.get(f"{field}_vi", texts[field])
        texts[field] = own.where(own != "", texts[field])
    return [Row(*values) for values in texts[list(Row._fields)].itertuples(index=False, name=None)]


# --- the unit's own cells --------------------------------------------------------------------------------------------


def _copy_of(content: bytes, name: str, rows: list[Row]) -> tuple[Workbook, Places]:
    """The cells of a file in a new workbook. A file refused as a whole, such as a zip bomb, is not opened."""
    copying = COPIES.get(Path(name).suffix.lower())
    if not copying or not any(row.cell for row in rows):
        return _empty_workbook(), {}
    return copying(content, rows)


def _empty_workbook() -> Workbook:
    workbook = Workbook()
    workbook.remove(workbook.active)
    return workbook


def _copy_listing(content: bytes, rows: list[Row]) -> tuple[Workbook, Places]:
    """The cells of a CSV file as text, each in its own line; of a long file only the lines with faults are shown."""
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    faulty = {int(row.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for row in rows if _CELL.fullmatch(row.cell)}
    numbers = range(1, len(lines) + 1) if len(lines) <= MAX_LINES else sorted({1, *faulty})[:MAX_LINES]
    workbook = _empty_workbook()
    sheet = workbook.create_sheet(CSV_SHEET)
    for number in numbers:
        for column, text in enumerate(lines[number - 1][:MAX_COLUMNS], start=1):
            _style(put_value(sheet.cell(number, column), text), bold=number == 1)
    for number in set(range(1, max(numbers, default=1))) - set(numbers):
        sheet.row_dimensions[number].hidden = True
    sheet.sheet_format.defaultColWidth = 18
    sheet.freeze_panes = "A2"
    return workbook, {"": sheet}


def _copy_workbook(content: bytes, rows: list[Row]) -> tuple[Workbook, Places]:
    """The sheets of an Excel file: values, looks and what protects and prints them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl speaks of what it leaves out
        source = openpyxl.load_workbook(io.BytesIO(reduced_workbook(content)), data_only=True, keep_links=False)
    # A result workbook that came back as a return brings its old list along.
    sheets = [sheet for sheet in source.worksheets if not (sheet.title.startswith(SHEET) and sheet["A1"].value == TITLE)]
    if sum(sheet.max_row * sheet.max_column for sheet in sheets) > MAX_CELLS:
        raise ValueError(f"more than {MAX_CELLS:,} cells")
    workbook, looks = _empty_workbook(), {}
    for sheet in sheets:
        _copy_sheet(sheet, workbook.create_sheet(sheet.title), looks)
    return workbook, {sheet.title: sheet for sheet in workbook.worksheets}


COPIES = {".xlsx": _copy_workbook, ".csv": _copy_listing}


def _copy_sheet(source: Worksheet, target: Worksheet, looks: dict) -> None:
    for cell in (cell for row in source.iter_rows() for cell in row):
        if not isinstance(cell, MergedCell) and (cell.value is not None or cell.has_style or cell.comment):
            _copy_cell(cell, target.cell(cell.row, cell.column), looks)
    for merged in source.merged_cells.ranges:
        target.merge_cells(merged.coord)
    for name, column in source.column_dimensions.items():
        settings = {field: getattr(column, field) for field in ("min", "max", "width", "hidden")}
        target.column_dimensions[name] = ColumnDimension(target, index=name, **settings)
    for number, row in source.row_dimensions.items():
        target.row_dimensions[number].height, target.row_dimensions[number].hidden = row.height, row.hidden
    for rule in source.data_validations.dataValidation:
        if all(_PLAIN_RULE.fullmatch(formula or "0") for formula in (rule.formula1, rule.formula2)):
            target.add_data_validation(copy(rule))
    _copy_page(source, target)


def _copy_page(source: Worksheet, target: Worksheet) -> None:
    target.sheet_state, target.protection = source.sheet_state, source.protection
    target.freeze_panes, target.print_title_rows = source.freeze_panes, source.print_title_rows
    target.print_options, target.page_margins, target.HeaderFooter = (
        source.print_options,
        source.page_margins,
        source.HeaderFooter,
    )
    for field in ("orientation", "paperSize", "scale", "fitToWidth", "fitToHeight"):
        setattr(target.page_setup, field, getattr(source.page_setup, field))
    fitted = source.sheet_properties.pageSetUpPr
    target.sheet_properties.pageSetUpPr.fitToPage = fitted and fitted.fitToPage


def _copy_cell(cell: Cell, target: Cell, looks: dict) -> None:
    """Value, look and comment of one cell, without what an earlier check had put on it. ``looks``: those known by now."""
    if cell._style not in looks:
        for part in ("font", "fill", "border", "alignment", "protection", "number_format"):
            setattr(target, part, copy(getattr(cell, part)))
        looks[copy(cell._style)] = copy(target._style)
    target._style = copy(looks[cell._style])
    put_value(target, cell.value)
    if cell.comment and cell.comment.author == AUTHOR:
        target.fill = PatternFill()
    elif cell.comment:
        target.comment = _comment(plain_text(cell.comment.text), plain_text(cell.comment.author or ""))


# --- what we add -----------------------------------------------------------------------------------------------------


def _finished(workbook: Workbook, places: Places, name: str, rows: list[Row]) -> bytes:
    for row in rows:
        if row.sheet in places and _CELL.fullmatch(row.cell):
            _mark(places[row.sheet], row)
    _write_list(workbook, name, rows, places)
    return workbook_bytes(workbook)


def _mark(sheet: Worksheet, row: Row) -> None:
    """Colour the cell of a fault and say there what is wrong, after what was said of it before."""
    cell = sheet[row.cell]
    if isinstance(cell, MergedCell):
        cell = next(merged for merged in sheet.merged_cells.ranges if row.cell in merged).start_cell
        cell = sheet.cell(cell.row, cell.column)
    said = [cell.comment.text] if cell.comment else []
    text = f"Đã ghi: {row.found or EMPTY}\nLỗi: {row.problem}\nYêu cầu: {row.allowed}"
    cell.fill = _WARNING
    cell.comment = _comment("\n\n".join([*said, plain_text(text)]), AUTHOR)


def _comment(text: str, author: str) -> Comment:
    """A comment in a box that is high enough for its lines of some 45 letters."""
    lines = sum(1 + len(line) // 45 for line in text.splitlines())
    return Comment(text, author, width=340, height=20 + 18 * min(lines, 30))


def _write_list(workbook: Workbook, name: str, rows: list[Row], places: Places) -> None:
    """The first sheet: which file, how many faults, what to do, and the table of faults."""
    sheet = workbook.create_sheet(SHEET, 0)
    workbook.active = 0
    more = f" (liệt kê {MAX_LISTED} lỗi đầu tiên)" if len(rows) > MAX_LISTED else ""
    head = (TITLE, f"Tệp: {name}", f"Số lỗi: {len(rows)}{more}", HOW_TO if places else WHOLE_FILE)
    for number, text in enumerate(head, start=1):
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=len(HEADER))
        _style(put_value(sheet.cell(number, 1), text), box=False, bold=number == 1, size=14 if number == 1 else 11, color=_INK)
    for column, text in enumerate(HEADER, start=1):
        _style(put_value(sheet.cell(FIRST_ROW - 1, column), text), bold=True, color=_INK).fill = _HEAD
    for number, row in enumerate(rows[:MAX_LISTED]):
        _write_row(sheet, FIRST_ROW + number, (number + 1, *row), places.get(row.sheet))
    set_page(sheet, WIDTHS, first=FIRST_ROW, titles=f"{FIRST_ROW - 1}:{FIRST_ROW - 1}")


def _write_row(sheet: Worksheet, number: int, values: tuple, place: Worksheet | None) -> None:
    """One line of the list; its cell is a link where there is such a cell to be seen."""
    shown = (values[0], values[1] or (place.title if place else ""), *values[2:])
    for column, value in enumerate(shown, start=1):
        _style(put_value(sheet.cell(number, column), value))
    link = sheet.cell(number, 3)
    if place and place.sheet_state == "visible" and _CELL.fullmatch(values[2]):
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"{quote_sheetname(place.title)}!{values[2]}")
        link.font = Font(name=_FONT, size=11, color=_LINK, underline="single")


def _style(cell: Cell, *, box: bool = True, **font) -> Cell:
    cell.font = Font(name=_FONT, **{"size": 11, **font})
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    cell.border = _BOX if box else Border()
    return cell
