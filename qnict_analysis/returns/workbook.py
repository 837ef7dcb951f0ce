"""The Excel return: the form as it was sent out, or any sheet with a table that says the same in other places."""

import datetime as dt
import io

from python_calamine import CalamineWorkbook

from qnict_analysis.returns.cells import clean_text, folded, plain
from qnict_analysis.returns.checks import Fault, Figure, Read, Rules
from qnict_analysis.returns.door import UNREADABLE, Parts, Refusal, inspect
from qnict_analysis.returns.head import MARKER_SHEET, read_head
from qnict_analysis.returns.layout import HEAD_ROWS, find_table
from qnict_analysis.returns.messages import said
from qnict_analysis.returns.page import MAX_MERGED, Page, merged_cells
from qnict_analysis.returns.rows import read_table

SHEET = "Phiếu"
RESTATED_TITLE = "điều chỉnh số liệu kỳ trước"
GUIDES = frozenset(plain(title) for title in ("Hướng dẫn", "Định nghĩa", "Ghi chú", "Guide", "Definitions", "Notes"))
"""Sheets that explain: their tables hold no figures."""

NO_TABLE = (said("holds no table with the headings Mã and Tử số"), said("the form, sheet {sheet}", sheet=SHEET))


def read_workbook(content: bytes, rules: Rules, received: dt.date | None, name: str) -> Read:
    """The figures and the faults of one Excel return; ``name`` is the file's name in both."""
    try:
        parts = inspect(content)
        pages, marker = _open(content, parts, name)
    except Refusal as refusal:
        return [], [Fault(name, "", "", name.rpartition("/")[2], *refusal.args)]
    return read_pages(pages, rules, received, name, marker=marker)


def read_pages(pages: list[Page], rules: Rules, received: dt.date | None, name: str, *, marker: dict | None = None) -> Read:
    """The figures and the faults of all tables of a file; of a form's own sheet alone where the form is still known by it."""
    figures, faults, found = [], [], False
    for page in pages:
        table = find_table(page, 1, HEAD_ROWS, rules)
        if table:
            good, bad = _read_page(page, table, marker or {}, rules, received)
            figures, faults, found = figures + good, faults + bad, True
            if marker or folded(page.sheet) == folded(SHEET):
                break
    if not found:
        faults = [Fault(name, "", "", name.rpartition("/")[2], *NO_TABLE)]
    return figures, faults + _twice(figures)


def _open(content: bytes, parts: Parts, name: str) -> tuple[list[Page], dict[str, str]]:
    """The sheets of a workbook, the form's own first, and what its hidden sheet says; ``Refusal`` where it cannot be read."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        titles = [title for title in book.sheet_names if folded(title) != MARKER_SHEET and plain(title) not in GUIDES]
        titles.sort(key=lambda title: folded(title) != folded(SHEET))
        return [_page(book, title, parts, name) for title in titles], _marker_of(book)
    except BaseException as error:  # a panic inside the reader is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError | Refusal):
            raise
        raise Refusal(*UNREADABLE) from None


def _page(book: CalamineWorkbook, title: str, parts: Parts, name: str) -> Page:
    sheet = book.get_sheet_by_name(title)
    merged = merged_cells(sheet.merged_cell_ranges or ())
    if merged is None:
        raise Refusal(said("has too many merged cells"), said("at most {n} cells in merged areas", n=f"{MAX_MERGED:,}"))
    return Page(name, title, sheet.to_python(skip_empty_area=False), parts.hollow.get(title, frozenset()), merged)


def _marker_of(book: CalamineWorkbook) -> dict[str, str]:
    """What the hidden sheet says about the form: version, unit, period and mark (empty where the sheet is gone)."""
    if MARKER_SHEET not in book.sheet_names:
        return {}
    rows = book.get_sheet_by_name(MARKER_SHEET).to_python(skip_empty_area=False)
    return {folded(row[0]): clean_text(row[1]) for row in rows if len(row) > 1}


def _read_page(page: Page, table, marker: dict, rules: Rules, received: dt.date | None) -> Read:
    head, faults = read_head(page, table, marker, rules, received)
    end = next((row for row in range(table.row, len(page.rows) + 1) if folded(page.at(row, 1)) == RESTATED_TITLE), None)
    sheets = [read_table(page, table, range(table.first, end or len(page.rows) + 1), head, rules)]
    earlier = find_table(page, end + 1, end + 3, rules) if end else None
    if end and not earlier:
        problem = said("is not followed by the headings Mã and Tử số")
        faults.append(page.fault(end, 1, problem, said("the form as it was sent out")))
    if earlier:
        sheets.append(read_table(page, earlier, range(earlier.first, len(page.rows) + 1), head, rules, restated=True))
    figures = [figure for sheet in sheets for figure in sheet.figures]
    return figures, faults + [fault for sheet in sheets for fault in sheet.faults]


def _twice(figures: list[Figure]) -> list[Fault]:
    """Figures of the same unit, period and day on two sheets of a file."""
    seen: dict[tuple, Figure] = {}
    found = []
    for figure in figures:
        key = (figure.indicator, figure.unit, figure.period, figure.reported_on)
        first = seen.setdefault(key, figure)
        if first.sheet != figure.sheet:
            problem = said("has a figure of the same period and day in {place}", place=f"{first.sheet} {first.cell}".strip())
            found.append(Fault(figure.file, figure.sheet, figure.cell, f"{figure.numerator:g}", problem, said("one line")))
    return found
