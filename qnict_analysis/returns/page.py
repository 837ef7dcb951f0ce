"""One sheet as a grid of cells, whether it came from a workbook or a CSV file."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from qnict_analysis.returns.cells import cell_name, clean_text, is_blank, number_style
from qnict_analysis.returns.checks import Fault
from qnict_analysis.returns.messages import Said

MAX_MERGED = 100_000
"""Cells in merged areas: titles and headings of a form have some dozens."""


@dataclass(frozen=True)
class Page:
    """The cells of a sheet row by row, counted from 1.

    ``hollow``: cells that look blank but hold an error or an unsaved result. ``merged``: cell in a merged area to its first cell.
    """

    file: str
    sheet: str
    rows: list
    hollow: frozenset[str] = frozenset()
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def at(self, row: int, column: int | None):
        """The value of a cell; None outside the sheet."""
        if not column or not 0 < row <= len(self.rows) or column > len(self.rows[row - 1]):
            return None
        return self.rows[row - 1][column - 1]

    def filled(self, row: int, column: int | None):
        """The value of a cell, in a merged area that of the whole area."""
        return self.at(*self.merged.get((row, column), (row, column)))

    def width(self, row: int) -> int:
        """How many cells a row has."""
        return len(self.rows[row - 1]) if 0 < row <= len(self.rows) else 0

    def style(self, column: int | None, numbers: Iterable[int], first: int) -> str:
        """How numbers are written in a column from row ``first`` on, else in all of the columns that hold numbers."""
        own = number_style(self.at(row, column) for row in range(first, len(self.rows) + 1))
        return own or number_style(self.at(row, other) for other in numbers for row in range(first, len(self.rows) + 1))

    def fault(self, row: int, column: int | None, problem: Said, allowed: Said | str) -> Fault:
        """A fault of a cell, with what was found there."""
        found = clean_text(self.filled(row, column))[:80]
        return Fault(self.file, self.sheet, cell_name(row, column or 1), found, problem, allowed)

    def texts(self, first: int, last: int) -> Iterable[tuple[int, int, str]]:
        """Row, column and text of every filled text cell of some rows."""
        for row in range(max(first, 1), min(last, len(self.rows)) + 1):
            for column, value in enumerate(self.rows[row - 1], start=1):
                if isinstance(value, str) and not is_blank(value):
                    yield row, column, value


def merged_cells(ranges: Iterable) -> dict[tuple[int, int], tuple[int, int]] | None:
    """Every cell of merged areas to the area's first cell; None where the areas are larger than any form's.

    ``ranges``: first and last cell of each area, counted from 0.
    """
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for (top, left), (bottom, right) in ranges:
        if (bottom - top + 1) * (right - left + 1) + len(found) > MAX_MERGED:
            return None
        cells = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
        found |= {(row + 1, column + 1): (top + 1, left + 1) for row, column in cells}
    return found
