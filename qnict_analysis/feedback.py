"""What goes back to a unit whose return was refused: its own workbook with the faulty cells coloured and explained."""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from copy import copy
from itertools import groupby
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import column_index_from_string, get_column_letter, quote_sheetname
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from qnict_analysis import returns
from qnict_analysis.forms import workbook_bytes
from qnict_analysis.sheets import plain_text, put_value
from qnict_analysis.store import write_new

SHEET = "Kết quả kiểm tra"
TITLE = "KẾT QUẢ KIỂM TRA PHIẾU BÁO CÁO"
CSV_SHEET = "Số liệu"
AUTHOR = "qnict"
SUFFIX = "-ket-qua.xlsx"
EMPTY = "(trống)"
HEADER = ("TT", "Trang tính", "Ô", "Giá trị đã ghi", "Lỗi", "Yêu cầu")
WIDTHS = (6, 18, 9, 27, 40, 40)
HOW_TO = "Ô có lỗi được tô màu và có chú thích. Đề nghị đơn vị sửa các ô này rồi gửi lại."
WHOLE_FILE = "Tệp gửi đến không chép lại được vào đây; đề nghị đơn vị sửa tệp gốc rồi gửi lại."

MAX_LISTED = 10_000
"""Nobody reads on after so many faults, and a listing made by a machine may hold some in each of its lines."""

MAX_LINES = 2_000
"""A longer CSV file is shown by its head and its faulty lines alone."""

MAX_COLUMNS = 200
MAX_CELLS = 200_000
MAX_TAGS = 500_000
MAX_UNPACKED = 100 * 1024 * 1024
"""What openpyxl may be given: it needs a hundred times the memory of the reader of returns. A form has a few thousand cells."""

LONGEST_NAME = 60
"""Letters kept of a file's name; with all its accents it must still fit the 255 bytes that most disks allow."""

_WARNING = PatternFill("solid", fgColor="FFF2CC")
_HEAD = PatternFill("solid", fgColor="E8EDF4")
_FONT, _INK = "Times New Roman", "1F3A5F"
_THIN = Side(style="thin", color="7F8FA6")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FIRST_ROW = 6
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def result_workbook(content: bytes, name: str, faults: pd.DataFrame) -> bytes:
    """The workbook to send back for one refused file, as bytes that are the same for the same file and faults.

    ``content``, ``name``: the file as it came in. ``faults``: its rows of ``schema.FAULTS``; columns ``problem_vi`` and
    ``allowed_vi``, where there are any, are preferred. The first sheet lists the faults; the unit's own sheets follow as
    values and looks alone, without formulas, macros, links or pictures, each faulty cell coloured and commented. A file
    that no fault has a cell of, or that cannot be opened safely, gives the list alone.
    """
    rows = _rows_of(faults)
    try:
        workbook = _copy_of(content, name, rows)
    except Exception:  # openpyxl meets a broken file with errors of every kind; the unit is told of its faults all the same
        workbook = None
    copied = workbook is not None
    workbook = workbook or _new_workbook()
    _write_list(workbook, name, rows, copied=copied)
    return workbook_bytes(workbook)


def write_results(folder: Path, refused: Sequence[str], faults: pd.DataFrame) -> list[Path]:
    """Write the result workbook of each refused file (paths as in ``IntakeResult``) into ``folder``; returns their paths.

    A name that is taken gets a number, and nothing is written over.
    """
    shares = _shares(refused, faults)
    return [
        write_new(Path(folder) / f"{_safe_stem(path)}{SUFFIX}", result_workbook(_content(path), path.name, share))
        for path, share in zip(map(Path, refused), shares, strict=True)
    ]
