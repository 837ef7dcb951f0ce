"""The form as it is sent out: blank cells that say what they want, with the unit's last figures beside them.

The layout is that of ``forms``; here come the figures known, the checks that Excel makes while a cell is filled in, protection of
all that is not to be filled in, and the mark by which the form is known again.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from qnict_analysis.formats import period_text
from qnict_analysis.forms import (
    FIRST_ROW,
    FORM_VERSION,
    HEADER_ROW,
    MARKER_SHEET,
    RESTATED_TITLE,
    SHEET,
    SPARE_ROWS,
    expected_indicators,
    form_workbook,
    workbook_bytes,
)
from qnict_analysis.periods import ordinal, period_end, shift
from qnict_analysis.registry import Indicator, Registry
from qnict_analysis.returns import rules_of
from qnict_analysis.returns.checks import period_problems
from qnict_analysis.returns.fingerprint import form_fingerprint
from qnict_analysis.sheets import put_value
from qnict_analysis.store import write_atomically

LAST_HEADER = ("Gần nhất: tử số", "Gần nhất: mẫu số", "Kỳ gần nhất")
LAST_COLUMNS = "HIJ"
LAST_WIDTH = 13
LEGEND = "Để trống: không báo cáo · 0 hoặc “-”: không phát sinh · “…”: chưa có số liệu. Chỉ điền các ô nền trắng."
EARLIER = 8
"""Earlier periods offered for corrections; others may be typed."""

LONGEST_PROMPT = 255
"""Excel cuts longer messages off."""

_INPUT = PatternFill("solid", fgColor="FFFFFF")
_SHUT = PatternFill("solid", fgColor="F1F3F6")
_WRONG = PatternFill("solid", bgColor="FFC7CE")
_GREY = "6B7280"
_WORDS = ("-", "…")
_ANSWERS = ("Có", "Không")


def write_forms(
    folder: Path, registry: Registry, period: str, observations: pd.DataFrame, units: Sequence[str] = ()
) -> list[Path]:
    """Write the blank form of each unit (all that report in the period, or those named) as ``<unit>.xlsx``; returns the paths.

    ``observations``: whatever is known (``schema.OBSERVATIONS``), for the last figures. ``ValueError`` for an unknown unit, one
    that reports nothing then, or a period outside the programme; nothing is written in that case.
    """
    _check(registry, period, units)
    chosen = units or [unit for unit in registry.units if expected_indicators(registry, unit, period)]
    workbooks = {unit: outgoing_form(registry, unit, period, observations) for unit in chosen}
    paths = []
    for unit, workbook in workbooks.items():
        paths.append(Path(folder) / f"{unit}.xlsx")
        write_atomically(paths[-1], workbook_bytes(workbook))
    return paths


def _check(registry: Registry, period: str, units: Sequence[str]) -> None:
    try:
        problems = period_problems(rules_of(registry), period)
    except ValueError:
        raise ValueError(f"{period!r} is not a period; write one such as {registry.programme.start}") from None
    if problems:
        raise ValueError(f"{period}: {problems[0].problem}; allowed: {problems[0].allowed}")
    for unit in units:
        if not expected_indicators(registry, unit, period):  # it names the known ones where the unit is unknown
            raise ValueError(f"{unit} reports nothing in {period}: it was not there then, or no indicator counts it")


def outgoing_form(registry: Registry, unit: str, period: str, observations: pd.DataFrame) -> Workbook:
    """The blank form of one unit and period with its last figures known before that period."""
    workbook = form_workbook(registry, unit, period)
    sheet, rows = workbook[SHEET], expected_indicators(registry, unit, period)
    last = last_figures(observations, unit, period)
    sheet.data_validations.dataValidation.clear()
    _write_heads(sheet)
    for line, indicator in enumerate(rows, start=FIRST_ROW):
        _write_last(sheet, line, last.get(indicator.id))
        _open_row(sheet, line, indicator, last.get(indicator.id))
    _open_date(sheet, period)
    _open_restated(sheet, rows, period)
    _protect(sheet)
    codes = [indicator.id for indicator in rows]
    workbook[MARKER_SHEET].append(("fingerprint", form_fingerprint(FORM_VERSION, unit, period, codes)))
    return workbook


def last_figures(observations: pd.DataFrame, unit: str, period: str) -> dict[str, tuple[float, float, str]]:
    """The newest figure of each indicator of a unit from before a period: numerator, denominator, its period."""
    own = observations[observations["unit"] == unit]
    own = own.assign(number=own["period"].map(ordinal)).sort_values(["number", "reported_on", "file", "cell"], kind="stable")
    own = own[own["number"] < ordinal(period)].drop_duplicates("indicator", keep="last")
    return {row.indicator: (row.numerator, row.denominator, row.period) for row in own.itertuples()}


# --- what is shown ---------------------------------------------------------------------------------------------------


def _write_heads(sheet: Worksheet) -> None:
    for column, title in zip(LAST_COLUMNS, LAST_HEADER, strict=True):
        model = sheet[f"G{HEADER_ROW}"]
        for row in (HEADER_ROW, HEADER_ROW + 1):
            cell = sheet[f"{column}{row}"]
            cell.font, cell.fill, cell.border, cell.alignment = (
                Font(name=model.font.name, size=11, bold=True, color=_GREY),
                copy(model.fill),
                copy(model.border),
                copy(model.alignment),
            )
        sheet[f"{column}{HEADER_ROW}"] = title
        sheet.merge_cells(f"{column}{HEADER_ROW}:{column}{HEADER_ROW + 1}")
        sheet.column_dimensions[column].width = LAST_WIDTH
    sheet["A6"] = LEGEND
    sheet["A6"].font = Font(name=sheet["A2"].font.name, size=10, italic=True, color=_GREY)


def _write_last(sheet: Worksheet, row: int, figure: tuple | None) -> None:
    numerator, denominator, period = figure or (None, None, "")
    shown = (numerator, None if denominator is None or denominator != denominator else denominator)
    values = (*shown, period_text(period, "vi") if period else None)
    for column, value in zip(LAST_COLUMNS, values, strict=True):
        cell = put_value(sheet[f"{column}{row}"], value)
        cell.font = Font(name=sheet[f"D{row}"].font.name, size=11, color=_GREY)
        cell.border = copy(sheet[f"D{row}"].border)
        cell.fill = _SHUT
        cell.alignment = Alignment(horizontal="right", vertical="center", wrap_text=True)
        if isinstance(value, float):
            cell.number_format = "#,##0" if value.is_integer() else "#,##0.0##"


# --- what may be filled in -------------------------------------------------------------------------------------------


def _open_row(sheet: Worksheet, row: int, indicator: Indicator, last: tuple | None) -> None:
    """Open the cells of one indicator, each with what it wants."""
    yes_no = indicator.kind == "units" and last is not None and last[1] == 1
    opened = {"D": indicator.numerator, "G": None} | ({} if indicator.kind == "count" or yes_no else {"E": indicator.denominator})
    for column in "ABCDEFG":
        cell = sheet[f"{column}{row}"]
        cell.protection, cell.fill = Protection(locked=column not in opened), _INPUT if column in opened else _SHUT
    if yes_no:
        sheet[f"E{row}"] = 1
        _add(sheet, f"D{row}", type="list", formula1=f'"{",".join(_ANSWERS)}"', prompt=indicator.definition["vi"])
        return
    for column, meaning in opened.items():
        if column != "G":
            # Without a past nothing tells whether a row of units wants yes or no.
            may_answer = column == "D" and indicator.kind == "units" and last is None
            words = _WORDS + _ANSWERS if may_answer else _WORDS
            formula = _number_rule(f"{column}{row}", indicator, f"D{row}", f"E{row}", words)
            _add(sheet, f"{column}{row}", type="custom", formula1=formula, prompt=f"Số {meaning['vi']}" if meaning else "")
    if indicator.kind in ("share", "ratio"):
        decimals = max(indicator.decimals, 1)
        both = f"AND(ISNUMBER(D{row}),ISNUMBER(E{row}))"
        sheet[f"F{row}"] = f'=IF({both},IF(E{row}>0,ROUND(100*D{row}/E{row},{decimals}),""),"")'
    if indicator.kind in ("share", "units"):
        rule = FormulaRule(formula=[f"AND(ISNUMBER($D{row}),ISNUMBER($E{row}),$D{row}>$E{row})"], fill=_WRONG)
        sheet.conditional_formatting.add(f"D{row}:E{row}", rule)


def _number_rule(cell: str, indicator: Indicator, numerator: str, denominator: str, words: Sequence[str]) -> str:
    """Excel's check of one cell: a number from 0 up, whole where cases are counted, a part not larger than its whole; or a word.

    Only IF leaves the other branch alone: OR hands on the error that INT makes of a word, and Excel then refuses the word.
    """
    wants = [f"{cell}>=0"]
    wants += [f"{cell}=INT({cell})"] if indicator.counts else []
    if indicator.kind in ("share", "units"):
        wants.append(f"OR(NOT(ISNUMBER({numerator})),NOT(ISNUMBER({denominator})),{numerator}<={denominator})")
    said = ",".join(f'{cell}="{word}"' for word in words)
    return f"IF(ISNUMBER({cell}),AND({','.join(wants)}),OR({said}))"


def _open_date(sheet: Worksheet, period: str) -> None:
    sheet["C5"].protection = Protection(locked=False)
    end = period_end(period)
    prompt = f"Ngày lập phiếu, dạng ngày/tháng/năm, từ {end:%d/%m/%Y} trở đi."
    formula = f"DATE({end.year},{end.month},{end.day})"
    _add(sheet, "C5", type="date", operator="greaterThanOrEqual", formula1=formula, prompt=prompt)


def _open_restated(sheet: Worksheet, rows: Sequence[Indicator], period: str) -> None:
    """The block of corrections: codes and earlier periods to choose from."""
    first = next(row for row in range(FIRST_ROW, sheet.max_row + 1) if sheet.cell(row, 1).value == RESTATED_TITLE) + 2
    for row in range(first, first + SPARE_ROWS):
        for column in "ABCDEFG":
            sheet[f"{column}{row}"].protection = Protection(locked=False)
    last = first + SPARE_ROWS - 1
    codes = ",".join(indicator.id for indicator in rows)
    if len(codes) <= LONGEST_PROMPT:
        _add(sheet, f"B{first}:B{last}", type="list", formula1=f'"{codes}"', prompt="Mã chỉ tiêu cần điều chỉnh.")
    labels = (period_text(shift(period, -step), "vi") for step in range(1, EARLIER + 1))
    choice = ",".join(label[:1].upper() + label[1:] for label in labels)
    _add(sheet, f"C{first}:C{last}", type="list", formula1=f'"{choice}"', prompt="Kỳ cần điều chỉnh.", strict=False)


def _add(sheet: Worksheet, cells: str, *, prompt: str, strict: bool = True, **rule) -> None:
    """A check of some cells with its message; one that is not ``strict`` only offers."""
    check = DataValidation(allow_blank=True, showErrorMessage=strict, showInputMessage=bool(prompt), **rule)
    check.errorTitle, check.error = "Số liệu", "Giá trị không hợp lệ. Xem trang Hướng dẫn; để trống nếu không báo cáo."
    check.prompt = prompt[:LONGEST_PROMPT] or None
    check.add(cells)
    sheet.add_data_validation(check)


def _protect(sheet: Worksheet) -> None:
    """Lock all that is not to be filled in, without a password: it keeps from slips, not from people."""
    for row in _rows_after(sheet):
        for column in "ABCDEFG":
            sheet[f"{column}{row}"].protection = Protection(locked=False)
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def _rows_after(sheet: Worksheet) -> Iterator[int]:
    """The lines for names below the signatures."""
    yield from range(sheet.max_row + 1, sheet.max_row + 6)
