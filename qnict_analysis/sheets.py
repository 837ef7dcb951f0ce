"""Cells of workbooks that other people open: what others typed is written as text and never runs."""

import math

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a text starts that some spreadsheet would take for a formula."""

LONGEST_TEXT = 32_767
"""A cell holds no longer text in Excel."""

# Two characters that XML forbids and openpyxl lets through.
_NO_XML = str.maketrans("", "", "\ufffe\uffff")


def plain_text(value) -> str:
    """Any value as text that a workbook can hold: without control characters, half letters and what exceeds a cell."""
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value)).translate(_NO_XML)
    return text.encode("utf-8", errors="replace").decode()[:LONGEST_TEXT]


def put_value(cell: Cell, value) -> Cell:
    """Write a number, a day, a yes/no or a text; a text that could be taken for a formula stays text, even when edited."""
    if isinstance(value, float) and not math.isfinite(value):
        value = str(value)  # a workbook with such a number does not open
    cell.value = plain_text(value) if isinstance(value, str) else value
    if isinstance(cell.value, str) and cell.value.startswith(FORMULA_STARTS):
        cell.data_type, cell.quotePrefix = "s", True
    return cell
