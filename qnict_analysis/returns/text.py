"""The CSV return: the machine's listing where its columns are named so, else any table as people save it from a sheet."""

import csv
import io
from itertools import islice

from qnict_analysis.returns.checks import Fault, Read, Rules
from qnict_analysis.returns.door import MAX_COLUMNS
from qnict_analysis.returns.listing import MAX_ROWS, REQUIRED, header_of, read_listing
from qnict_analysis.returns.messages import said
from qnict_analysis.returns.page import Page
from qnict_analysis.returns.workbook import read_pages

SEPARATORS = (";", "\t", ",")
_SAMPLE_LINES = 20


def read_text(content: bytes, rules: Rules, received, name: str) -> Read:
    """The figures and the faults of one CSV file; ``received`` stands in for a missing date."""
    try:
        table = _cells(content)
    except (UnicodeError, csv.Error):
        allowed = said("UTF-8 text with commas between the columns")
        return [], [Fault(name, "", "", name.rpartition("/")[2], said("cannot be read as a CSV file"), allowed)]
    if len(table) > MAX_ROWS or max(map(len, table), default=0) > MAX_COLUMNS:
        problem, allowed = said("has a cell far outside any form"), "at most {rows} rows and {columns} columns"
        limits = said(allowed, rows=f"{MAX_ROWS:,}", columns=MAX_COLUMNS)
        return [], [Fault(name, "", "", name.rpartition("/")[2], problem, limits)]
    if set(header_of(table)) & set(REQUIRED[:2]) or not any(map(any, table)):
        return read_listing(table, rules, received, name)
    return read_pages([Page(name, "", table)], rules, received, name)


def _cells(content: bytes) -> list[list[str]]:
    """The cells of a file in UTF-8, or in UTF-16 with its mark, with whatever stands between its columns; no more lines than
    are allowed and one, so that a file of empty lines fills no memory."""
    text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    if "\0" in text:
        raise UnicodeError("zero bytes")
    lines = list(islice(io.StringIO(text), _SAMPLE_LINES))
    separator = max(reversed(SEPARATORS), key=lambda mark: sum(line.count(mark) for line in lines))
    return list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), MAX_ROWS + 2))
