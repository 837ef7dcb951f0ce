"""The Excel return of one unit for one period: laid out, filled in or blank, and saved with the same bytes every time."""

import datetime as dt
import io
import math
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from qnict_analysis.formats import period_text
from qnict_analysis.registry import Indicator, Registry
from qnict_analysis.sheets import FIXED_TIME, put_value, set_page, without_clock
from qnict_analysis.store import write_atomically

FORM_VERSION = "1"
SHEET = "Phiếu"
MARKER_SHEET = "_qnict"
TITLE = "PHIẾU BÁO CÁO TÌNH HÌNH ỨNG DỤNG CÔNG NGHỆ THÔNG TIN"
ILLUSTRATIVE = "SỐ LIỆU MINH HỌA – không phải số liệu thật của cơ quan nào"
OFFICIAL = "Biểu mẫu báo cáo định kỳ dùng cho cơ quan, đơn vị"
HEADER = ("TT", "Mã", "Chỉ tiêu", "Tử số", "Mẫu số", "Tỷ lệ (%)", "Ghi chú")
RESTATED_TITLE = "Điều chỉnh số liệu kỳ trước"
RESTATED_HEADER = ("TT", "Mã", "Kỳ báo cáo", "Tử số", "Mẫu số", "Lý do điều chỉnh")
GUIDE_SHEET = "Hướng dẫn"
GUIDE_HEADER = ("Mã", "Chỉ tiêu", "Cách tính", "Tử số", "Mẫu số")
GUIDE_WIDTHS = (9, 40, 60, 30, 30)
HEADER_ROW, FIRST_ROW = 7, 9
SPARE_ROWS = 3

# Widths add up to the 130-odd characters that fit the width of a landscape A4 page at 11 points.
WIDTHS = {"A": 6, "B": 9, "C": 46, "D": 15, "E": 15, "F": 12, "G": 30}

_INK = "1F3A5F"
_FONT = "Times New Roman"
_THIN = Side(style="thin", color="7F8FA6")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD_FILL = PatternFill("solid", fgColor="E8EDF4")


@dataclass(frozen=True)
class Restated:
    """A figure of an earlier period that the unit corrects in this return, with its reason."""

    indicator: str
    period: str
    numerator: float | str | None
    denominator: float | str | None
    reason: str


def write_form(
    path: Path, registry: Registry, unit: str, period: str, figures: Mapping | None = None, received=None, **settings
) -> None:
    """Write the return of one unit and period to ``path``; see ``form_workbook`` for the arguments."""
    workbook = form_workbook(registry, unit, period, figures, received, **settings)
    write_atomically(Path(path), workbook_bytes(workbook))


def form_workbook(
    registry: Registry,
    unit: str,
    period: str,
    figures: Mapping | None = None,
    received: dt.date | str | None = None,
    *,
    notes: Mapping | None = None,
    restated: Sequence[Restated] = (),
    name: str = "",
    illustrative: bool = False,
) -> Workbook:
    """Lay out the return of one unit and period; without ``figures`` and ``received`` it is the blank form.

    ``figures``: indicator id to (numerator, denominator), each a number, a text as typed, or None for a blank cell.
    ``received``: the date on the form, a date or a text dd/mm/yyyy. ``notes``: indicator id to a note. ``name``: what the
    unit calls itself where that is not its registered name. ``ValueError`` when the unit or an indicator is not expected.
    """
    rows = expected_indicators(registry, unit, period)
    _check_ids({item.id for item in rows}, set(figures or {}) | set(notes or {}), unit=unit, period=period)
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = SHEET
    _write_head(sheet, name or registry.units[unit].name["vi"], period, received, illustrative=illustrative)
    _write_header(sheet, HEADER_ROW, HEADER, deep=True)
    for number, indicator in enumerate(rows, start=1):
        _write_row(
            sheet, FIRST_ROW + number - 1, number, indicator, (figures or {}).get(indicator.id), (notes or {}).get(indicator.id)
        )
    last = _write_restated(sheet, FIRST_ROW + len(rows) + 1, restated)
    _write_signature(sheet, last + 2)
    _restrict_counts(sheet, rows)
    set_page(sheet, WIDTHS, first=FIRST_ROW, titles=f"{HEADER_ROW}:{FIRST_ROW - 1}")
    sheet.print_options.horizontalCentered = True
    if not figures:
        _write_guide(workbook, rows)
    _write_marker(workbook, unit, period)
    return workbook


def expected_indicators(registry: Registry, unit: str, period: str) -> list[Indicator]:
    """The indicators that a unit reports in a period, in the registry's order; ``ValueError`` for an unknown unit."""
    if unit not in registry.units:
        raise ValueError(f"unit {unit!r} is not in the registry; known: {', '.join(registry.units)}")
    members = {scope: registry.units_in(scope, period) for scope in {item.scope for item in registry.indicators.values()}}
    return [item for item in registry.indicators.values() if unit in members[item.scope]]


def workbook_bytes(workbook: Workbook) -> bytes:
    """The workbook as an .xlsx file in which no date and no time stamp comes from the clock."""
    workbook.properties.created = workbook.properties.modified = FIXED_TIME
    workbook.properties.creator = ""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        ExcelWriter(workbook, archive).write_data()
    return without_clock(raw.getvalue())


def _check_ids(expected: set[str], given: set[str], *, unit: str, period: str) -> None:
    unknown = sorted(given - expected)
    if unknown:
        raise ValueError(f"{unit} does not report {', '.join(unknown)} in {period}; it reports {', '.join(sorted(expected))}")


def _put(sheet: Worksheet, row: int, column: int, value, *, align: str = "left", box: bool = True, **font) -> Cell:
    """Write one cell; a text that a spreadsheet could take for a formula is kept as text."""
    cell = sheet.cell(row, column)
    if value is not None:  # the covered cells of a merged range hold nothing and take nothing
        put_value(cell, value)
    cell.font = Font(name=_FONT, size=font.pop("size", 11), **font)
    cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
    if box:
        cell.border = _BOX
    return cell


def _write_head(sheet: Worksheet, name: str, period: str, received, *, illustrative: bool) -> None:
    for row, text in enumerate((TITLE, ILLUSTRATIVE if illustrative else OFFICIAL), start=1):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(HEADER))
        look = {"size": 14, "bold": True, "color": _INK} if row == 1 else {"italic": True, "bold": illustrative}
        _put(sheet, row, 1, text, align="center", box=False, **look)
    period_vi = period_text(period, "vi")
    lines = (("Đơn vị báo cáo:", name), ("Kỳ báo cáo:", period_vi[:1].upper() + period_vi[1:]), ("Ngày báo cáo:", received))
    for row, (label, value) in enumerate(lines, start=3):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        sheet.merge_cells(start_row=row, end_row=row, start_column=3, end_column=len(HEADER))
        _put(sheet, row, 1, label, box=False)
        _put(sheet, row, 3, value, box=False, bold=True).number_format = "dd/mm/yyyy" if row == 5 else "General"
    sheet.row_dimensions[1].height = 24


def _write_header(sheet: Worksheet, row: int, titles: Sequence[str], *, deep: bool = False) -> None:
    for column, title in enumerate(titles, start=1):
        for line in range(row, row + 1 + deep):
            _put(sheet, line, column, title if line == row else None, align="center", bold=True, color=_INK).fill = _HEAD_FILL
        if deep:
            sheet.merge_cells(start_row=row, end_row=row + 1, start_column=column, end_column=column)


def _write_row(sheet: Worksheet, row: int, number: int, indicator: Indicator, figure, note: str | None) -> None:
    numerator, denominator = figure or (None, None)
    _put(sheet, row, 1, number, align="center")
    _put(sheet, row, 2, indicator.id, align="center")
    _put(sheet, row, 3, indicator.short["vi"])
    _put_figures(sheet, row, numerator, denominator)
    per_cent = _put(sheet, row, 6, _per_cent(indicator, numerator, denominator), align="right")
    per_cent.number_format = "0." + "0" * max(indicator.decimals, 1)
    _put(sheet, row, 7, note)


def _put_figures(sheet: Worksheet, row: int, numerator, denominator) -> None:
    for column, value in ((4, numerator), (5, denominator)):
        cell = _put(sheet, row, column, value, align="right")
        if isinstance(value, int | float):
            cell.number_format = "#,##0" if float(value).is_integer() else "#,##0.0##"


def _per_cent(indicator: Indicator, numerator, denominator) -> float | None:
    """Numerator / denominator in per cent as a plain number, for shares and ratios typed as numbers; else a blank."""
    typed = [value for value in (numerator, denominator) if isinstance(value, int | float)]
    if indicator.kind not in ("share", "ratio") or len(typed) < 2 or not denominator:
        return None
    decimals = max(indicator.decimals, 1)
    return math.floor(100 * numerator / denominator * 10**decimals + 0.5) / 10**decimals


def _write_restated(sheet: Worksheet, row: int, restated: Sequence[Restated]) -> int:
    """The block of corrections of earlier periods, with spare rows to fill in; returns its last row."""
    _put(sheet, row, 1, RESTATED_TITLE, box=False, bold=True, color=_INK).alignment = Alignment(wrap_text=False)
    _write_header(sheet, row + 1, RESTATED_HEADER)
    sheet.merge_cells(start_row=row + 1, end_row=row + 1, start_column=6, end_column=7)
    _put(sheet, row + 1, 7, None)
    last = row + 1 + max(SPARE_ROWS, len(restated))
    for line in range(row + 2, last + 1):
        entry = restated[line - row - 2] if line - row - 2 < len(restated) else None
        _write_restated_row(sheet, line, line - row - 1, entry)
    return last


def _write_restated_row(sheet: Worksheet, row: int, number: int, entry: Restated | None) -> None:
    period = period_text(entry.period, "vi") if entry else ""
    _put(sheet, row, 1, number if entry else None, align="center")
    _put(sheet, row, 2, entry and entry.indicator, align="center")
    _put(sheet, row, 3, period[:1].upper() + period[1:] or None)
    _put_figures(sheet, row, entry and entry.numerator, entry and entry.denominator)
    _put(sheet, row, 6, entry and entry.reason)
    _put(sheet, row, 7, None)
    sheet.merge_cells(start_row=row, end_row=row, start_column=6, end_column=7)


def _write_signature(sheet: Worksheet, row: int) -> None:
    for column, title, line in ((3, "Người lập phiếu", "(Ký, ghi rõ họ tên)"), (6, "Thủ trưởng đơn vị", "(Ký tên, đóng dấu)")):
        _put(sheet, row, column, title, align="center", box=False, bold=True)
        _put(sheet, row + 1, column, line, align="center", box=False, italic=True)
    for line in (row, row + 1):
        sheet.merge_cells(start_row=line, end_row=line, start_column=6, end_column=7)


def _restrict_counts(sheet: Worksheet, rows: Sequence[Indicator]) -> None:
    """Let Excel warn, without refusing, when a cell that wants a whole number holds something else."""
    check = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True, errorStyle="warning")
    check.errorTitle, check.error = "Số liệu", "Ô này cần số nguyên từ 0 trở lên; để trống nếu chưa có số liệu."
    for number, indicator in enumerate(rows):
        if indicator.counts:
            check.add(f"D{FIRST_ROW + number}:E{FIRST_ROW + number}")
    if check.sqref:
        sheet.add_data_validation(check)


def _write_guide(workbook: Workbook, rows: Sequence[Indicator]) -> None:
    """A second sheet of the blank form: how each indicator is defined and what is counted in its two figures."""
    sheet = workbook.create_sheet(GUIDE_SHEET)
    _write_header(sheet, 1, GUIDE_HEADER)
    for row, item in enumerate(rows, start=2):
        texts = (item.name, item.definition, item.numerator, item.denominator)
        for column, text in enumerate((item.id, *(text["vi"] if text else "–" for text in texts)), start=1):
            _put(sheet, row, column, text)
    set_page(sheet, dict(zip("ABCDE", GUIDE_WIDTHS, strict=True)), first=2)


def _write_marker(workbook: Workbook, unit: str, period: str) -> None:
    """A very hidden sheet that tells the reader which form this is, whatever was typed over the visible names."""
    marker = workbook.create_sheet(MARKER_SHEET)
    for row in (("form", FORM_VERSION), ("unit", unit), ("period", period)):
        marker.append(row)
    marker.sheet_state = "veryHidden"
