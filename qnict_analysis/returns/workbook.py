"""The Excel return: found on its sheet by its labels and headings, and read row by row."""

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook

from qnict_analysis.periods import frequency, ordinal
from qnict_analysis.returns.cells import (
    cell_name,
    clean_text,
    folded,
    is_blank,
    parse_day,
    parse_number,
    parse_period,
    parse_yes_no,
)
from qnict_analysis.returns.checks import (
    Fault,
    Figure,
    Problem,
    Read,
    Rules,
    date_problems,
    number_problems,
    period_problems,
    place_problems,
)

SHEET = "Phiếu"
MARKER_SHEET = "_qnict"
FORM_VERSIONS = ("1",)
RESTATED_TITLE = "điều chỉnh số liệu kỳ trước"
# The second spelling places the tone mark on the other vowel; both are in use.
ILLUSTRATIVE = ("số liệu minh họa", "số liệu minh hoạ")

MAX_ROWS, MAX_COLUMNS = 10_000, 200
MAX_UNPACKED = 100 * 1024 * 1024
"""A return unpacks to a few hundred kilobytes; a file that claims this much is broken or meant to exhaust the memory."""

UNREADABLE = ("cannot be read as an Excel workbook", "an .xlsx file saved by Excel, without a password")
HEAD_ROWS = 40
LABELS = {"unit": "đơn vị báo cáo", "period": "kỳ báo cáo", "reported_on": "ngày báo cáo"}
HEADINGS = {
    "indicator": ("mã", "mã chỉ tiêu"),
    "period": ("kỳ báo cáo", "kỳ"),
    "numerator": ("tử số",),
    "denominator": ("mẫu số",),
    "note": ("ghi chú", "lý do điều chỉnh", "lý do"),
}
_CODE = re.compile(r"[^\W\d_]{1,6}\d{1,3}[a-z]?", re.IGNORECASE)
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,7})(\d{1,9})["']""")
_CELL_START = rb"""<c\b(?=[^>]*\br=["']([A-Z]+\d+)["'])"""
# An error value (#REF!), and a formula that was saved without its result: the reader shows both as blank cells.
_HOLLOW = re.compile(
    _CELL_START + rb"""(?:[^>]*\bt=["']e["']|[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>)"""
)


Reading = tuple[Figure | None, list[Problem]]
"""One row as a figure, or None with its problems, or None alone where nothing is reported in it."""


@dataclass(frozen=True)
class Page:
    """The sheet of a return: its cells row by row, and the cells that look blank but hold an error or an unsaved result."""

    file: str
    sheet: str
    rows: list
    hollow: frozenset[str]

    def at(self, row: int, column: int | None):
        """The value of a cell counted from 1; None outside the sheet."""
        if not column or row > len(self.rows) or column > len(self.rows[row - 1]):
            return None
        return self.rows[row - 1][column - 1]

    def fault(self, row: int, column: int | None, problem: str, allowed: str) -> Fault:
        value = self.at(row, column)
        return Fault(self.file, self.sheet, cell_name(row, column or 1), clean_text(value)[:80], problem, allowed)


@dataclass(frozen=True)
class Head:
    """Whose return it is, for which period, from which day, and whether its figures are illustrative."""

    unit: str
    period: str
    reported_on: dt.date | None
    status: str


def read_workbook(path: Path, rules: Rules, received: dt.date | None, name: str) -> Read:
    """The figures and the faults of one Excel return; ``name`` is the file's name in both."""
    try:
        hollow = _hollow_cells(_sheets_of(path))
    except Refusal as refusal:
        return [], [Fault(name, "", "", path.name, *refusal.args)]
    try:
        book = CalamineWorkbook.from_path(str(path))
        page, marker = _page_of(book, name, hollow), _marker_of(book)
    except BaseException as error:  # a panic inside the reader is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        return [], [Fault(name, "", "", path.name, *UNREADABLE)]
    if page is None:
        return [], [Fault(name, "", "", path.name, "holds no table with the headings Mã and Tử số", f"the form, sheet {SHEET}")]
    return _read_page(page, marker, rules, received)


# --- before it is opened ---------------------------------------------------------------------------------------------


class Refusal(Exception):
    """Why a workbook is not even opened; arguments: problem, allowed."""


def _sheets_of(path: Path) -> list[bytes]:
    """The XML of the sheets of a workbook that is no larger than a return may be; ``Refusal`` else."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise Refusal("unpacks to an absurd size", f"at most {MAX_UNPACKED // 1024**2} MB unpacked")
            if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
                raise Refusal("holds macros", "an .xlsx file without macros")
            sheets = [archive.read(entry) for entry in entries if _is_sheet(entry)]
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error):
        raise Refusal(*UNREADABLE) from None
    if any(_is_absurd(xml) for xml in sheets):
        raise Refusal("has a cell far outside any form", f"at most {MAX_ROWS:,} rows and {MAX_COLUMNS} columns")
    return sheets


def _is_sheet(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.lower().startswith("xl/worksheets/") and entry.filename.lower().endswith(".xml")


def _is_absurd(xml: bytes) -> bool:
    """Whether a sheet reaches beyond the limits. The reader fills the rectangle up to the last cell, however empty it is."""
    return any(int(row) > MAX_ROWS or _column_number(letters) > MAX_COLUMNS for letters, row in set(_REFERENCE.findall(xml)))


def _hollow_cells(sheets: list[bytes]) -> frozenset[str]:
    """Cells of any sheet that hold an error value or a formula without its result."""
    return frozenset(cell.decode() for xml in sheets for cell in _HOLLOW.findall(xml))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


# --- sheets ----------------------------------------------------------------------------------------------------------


def _page_of(book: CalamineWorkbook, name: str, hollow: frozenset[str]) -> Page | None:
    """The form's sheet, else the first sheet that holds its table."""
    names = [sheet for sheet in book.sheet_names if folded(sheet) != MARKER_SHEET]
    for sheet in sorted(names, key=lambda title: folded(title) != folded(SHEET)):
        page = Page(name, sheet, book.get_sheet_by_name(sheet).to_python(skip_empty_area=False), hollow)
        if _table(page, 1, HEAD_ROWS):
            return page
    return None


def _marker_of(book: CalamineWorkbook) -> dict[str, str]:
    """What the hidden sheet says about the form: its version, unit and period (empty where the sheet is gone)."""
    if MARKER_SHEET not in book.sheet_names:
        return {}
    rows = book.get_sheet_by_name(MARKER_SHEET).to_python(skip_empty_area=False)
    return {folded(row[0]): clean_text(row[1]) for row in rows if len(row) > 1}


def _table(page: Page, first: int, last: int) -> tuple[int, dict[str, int]] | None:
    """The row of a table's headings, which may be spread over two rows, and the column of each."""
    for row in range(first, min(last, len(page.rows)) + 1):
        titles = {}
        for line in (row, row + 1):
            for column in range(1, len(page.rows[row - 1]) + 1):
                titles.setdefault(folded(page.at(line, column)), column)
        columns = {field: titles[title] for field, known in HEADINGS.items() for title in known if title in titles}
        if {"indicator", "numerator"} <= set(columns):
            return row, columns
    return None


def _read_page(page: Page, marker: dict, rules: Rules, received: dt.date | None) -> Read:
    row, columns = _table(page, 1, HEAD_ROWS)
    head, faults = _read_head(page, row, marker, rules, received)
    if faults:
        return [], faults
    end = next((line for line in range(row, len(page.rows) + 1) if folded(page.at(line, 1)) == RESTATED_TITLE), None)
    figures, faults = _read_table(page, range(row + 1, end or len(page.rows) + 1), columns, head, rules)
    earlier = _table(page, end + 1, end + 3) if end else None
    if end and not earlier:
        faults.append(page.fault(end, 1, "is not followed by the headings Mã and Tử số", "the form as it was sent out"))
    if earlier:
        more = _read_table(page, range(earlier[0] + 1, len(page.rows) + 1), earlier[1], head, rules, restated=True)
        figures, faults = figures + more[0], faults + more[1]
    return figures, faults


# --- head ------------------------------------------------------------------------------------------------------------


def _read_head(page: Page, end: int, marker: dict, rules: Rules, received: dt.date | None) -> tuple[Head, list[Fault]]:
    """The head of the form above row ``end``, with every fault in it."""
    found = dict(_labelled(page, end))
    cells = {field: found.get(field, (row, 3)) for row, field in enumerate(LABELS, start=3)}
    unit, faults = _unit_of(page, cells["unit"], marker, rules)
    period, more = _period_of(page, cells["period"], marker, rules)
    day, late = _day_of(page, cells["reported_on"], period, received)
    version = marker.get("form", FORM_VERSIONS[0])
    if version not in FORM_VERSIONS:
        late.append(Fault(page.file, MARKER_SHEET, "B1", version, "is an unknown form version", ", ".join(FORM_VERSIONS)))
    top = " ".join(folded(value) for row in page.rows[:2] for value in row)
    status = "illustrative" if any(label in top for label in ILLUSTRATIVE) else "reported"
    return Head(unit, period, day, status), faults + more + late


def _labelled(page: Page, end: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each label of the head with the cell its value stands in: the next filled one to the right, else the next one."""
    for row in range(1, end):
        for column in range(1, len(page.rows[row - 1]) + 1):
            text = folded(page.at(row, column)).rstrip(": ")
            field = next((field for field, label in LABELS.items() if text == label), None)
            if field:
                right = range(column + 1, len(page.rows[row - 1]) + 1)
                filled = (other for other in right if not is_blank(page.at(row, other)))
                yield field, (row, next(filled, max(column + 1, 3)))


def _unit_of(page: Page, cell: tuple[int, int], marker: dict, rules: Rules) -> tuple[str, list[Fault]]:
    """The unit of the hidden sheet, else the one whose name is written; the two must not name different units."""
    written = rules.unit_names.get(folded(page.at(*cell)), frozenset())
    hidden = marker.get("unit", "")
    if not hidden:
        allowed = "the name of a reporting unit as in the registry"
        return (min(written), []) if len(written) == 1 else ("", [page.fault(*cell, "is not a known reporting unit", allowed)])
    if hidden not in rules.registry.units:
        return "", [Fault(page.file, MARKER_SHEET, "B2", hidden, "is not a reporting unit", ", ".join(rules.registry.units))]
    if written and hidden not in written:
        own = rules.registry.units[hidden].name["vi"]
        return "", [page.fault(*cell, f"names another unit than the one the form was made for ({hidden})", own)]
    return hidden, []


def _period_of(page: Page, cell: tuple[int, int], marker: dict, rules: Rules) -> tuple[str, list[Fault]]:
    """The period of the hidden sheet, else the one that is written; the two must agree."""
    hidden = marker.get("period", "")
    try:
        written = parse_period(page.at(*cell))
        frequency(hidden or written)
    except ValueError as error:
        return "", [page.fault(*cell, "is not a period", str(error))]
    if hidden and hidden != written:
        return "", [page.fault(*cell, "is another period than the one the form was made for", hidden)]
    problems = period_problems(rules, written)
    return "" if problems else written, [page.fault(*cell, each.problem, each.allowed) for each in problems]


def _day_of(page: Page, cell: tuple[int, int], period: str, received: dt.date | None) -> tuple[dt.date | None, list[Fault]]:
    """The date on the form, else the day it was received; not before the period has ended."""
    value = page.at(*cell)
    try:
        day = received if is_blank(value) and received else parse_day(value)
    except ValueError as error:
        problem = "is missing and no day of receipt was given" if is_blank(value) else "is not a date"
        return None, [page.fault(*cell, problem, str(error))]
    return day, [page.fault(*cell, each.problem, each.allowed) for each in date_problems(period, day)] if period else []


# --- tables ----------------------------------------------------------------------------------------------------------


def _read_table(page: Page, lines, columns: dict, head: Head, rules: Rules, *, restated=False) -> Read:
    """The figures of one table of the form; ``restated`` rows name an earlier period of their own."""
    figures, faults, seen = [], [], {}
    for row in lines:
        if not _is_row(page, row, columns):
            continue
        figure, problems = _read_row(page, row, columns, head, rules, restated=restated)
        faults += [page.fault(row, columns.get(each.field), each.problem, each.allowed) for each in problems]
        key = (folded(page.at(row, columns["indicator"])), folded(page.at(row, columns.get("period"))) if restated else "")
        if key in seen and key[0]:
            faults.append(page.fault(row, columns["indicator"], f"stands in row {seen[key]} already", "one row an indicator"))
        seen.setdefault(key, row)
        figures += [figure] if figure else []
    return figures, faults


def _is_row(page: Page, row: int, columns: dict) -> bool:
    """Whether a row holds an indicator or a figure; titles, signatures and blank rows hold neither."""
    code, numerator = page.at(row, columns["indicator"]), page.at(row, columns["numerator"])
    if folded(code) in HEADINGS["indicator"]:
        return False
    is_number = isinstance(numerator, int | float) and not isinstance(numerator, bool)
    return is_number or bool(_CODE.fullmatch(clean_text(code))) or not (is_blank(code) or is_blank(numerator))


def _read_row(page: Page, row: int, columns: dict, head: Head, rules: Rules, *, restated: bool) -> Reading:
    code = clean_text(page.at(row, columns["indicator"]))
    indicator = next((name for name in rules.registry.indicators if name.casefold() == code.casefold()), code)
    period, problems = _earlier_period(page.at(row, columns.get("period")), head, rules) if restated else (head.period, [])
    problems += place_problems(rules, indicator, head.unit, period) if not problems else []
    kind = rules.registry.indicators.get(indicator)
    values = [page.at(row, columns.get(field)) for field in ("numerator", "denominator")]
    problems += _hollow_problems(page, row, columns)
    if problems or kind is None or (is_blank(values[0]) and not restated and not _has_lost_numerator(values[1], kind)):
        return None, problems
    numerator, denominator, problems = _numbers_of(kind, *values)
    if problems:
        return None, problems
    note = clean_text(page.at(row, columns.get("note")))
    cell = cell_name(row, columns["numerator"])
    denominator = float("nan") if denominator is None else denominator
    place = (head.reported_on, head.status, page.file, page.sheet, cell, note, "")
    return Figure(indicator, head.unit, period, numerator, denominator, *place), []


def _hollow_problems(page: Page, row: int, columns: dict) -> list[Problem]:
    fields = [field for field in ("numerator", "denominator") if field in columns]
    hollow = [field for field in fields if cell_name(row, columns[field]) in page.hollow]
    return [Problem(field, "holds an error or a formula without its result", "a number, or a blank cell") for field in hollow]


def _has_lost_numerator(denominator, indicator) -> bool:
    """A denominator alone means that the figure was forgotten; the 1 of yes/no rows may be printed on the form."""
    return indicator.kind in ("share", "ratio") and not is_blank(denominator)


def _earlier_period(value, head: Head, rules: Rules) -> tuple[str, list[Problem]]:
    try:
        period = parse_period(value)
    except ValueError as error:
        return "", [Problem("period", "is not a period", str(error))]
    problems = period_problems(rules, period)
    if not problems and ordinal(period) >= ordinal(head.period):
        problems = [Problem("period", "is not earlier than the period of this form", f"a period before {head.period}")]
    return period, problems


def _numbers_of(indicator, numerator, denominator) -> tuple[float, float | None, list[Problem]]:
    """Both numbers of a row with every problem in them; a yes/no row without a denominator counts one unit."""
    values, problems = {}, []
    for field, value in (("numerator", numerator), ("denominator", denominator)):
        answer = parse_yes_no(value) if indicator.kind == "units" and field == "numerator" else None
        try:
            blank = field == "denominator" and is_blank(value)
            values[field] = None if blank else parse_number(value, whole=indicator.counts) if answer is None else answer
        except ValueError as error:
            problem = "is missing" if is_blank(value) else "cannot be read as a number"
            problems.append(Problem(field, problem, str(error)))
    if indicator.kind == "units" and values.get("denominator", 0) is None:
        values["denominator"] = 1.0
    if problems:
        return 0.0, None, problems
    return values["numerator"], values["denominator"], number_problems(indicator, values["numerator"], values["denominator"])
