"""A filled form of S01 for 2014Q2 and the names of its cells, for tests that change some of them."""

import datetime as dt

from qnict_analysis.forms import FIRST_ROW, SHEET, expected_indicators, form_workbook
from qnict_analysis.returns import read_return
from qnict_analysis.schema import FAULTS

DAY = dt.date(2014, 7, 15)
FIGURES = {"T01": (120, 400), "T02": (0, 50), "T03": (1, 1), "T04": (55, 50), "T07": (2, None)}


def read_changed(folder, registry, changes=None, *, received=None, figures=FIGURES, day=DAY, **settings):
    """Read the form after some of its cells were changed: {"C5": "…", "T01/D": …, "_qnict!B2": …}."""
    workbook = form_workbook(registry, "S01", "2014Q2", figures, day, **settings)
    for place, value in (changes or {}).items():
        cell_of(workbook, registry, place).value = value
    workbook.save(folder / "S01.xlsx")
    return read_return(folder / "S01.xlsx", registry, received)


def cell_of(workbook, registry, place):
    """The cell of a place such as T01/D or _qnict!B2."""
    if "!" in place:
        sheet, _, name = place.partition("!")
        return workbook[sheet][name]
    return workbook[SHEET][address(registry, place)]


def address(registry, place):
    """Turn "T01/D" into the cell of column D in the row of T01; other names stay."""
    code, _, column = place.partition("/")
    rows = {item.id: FIRST_ROW + line for line, item in enumerate(expected_indicators(registry, "S01", "2014Q2"))}
    return f"{column}{rows[code]}" if column else place


def faults_of(result):
    """Sheet, cell and problem of every fault of a file, which must have given no figure."""
    observations, faults = result
    assert list(faults.columns) == list(FAULTS)
    assert observations.empty  # a bad file is refused whole
    return list(faults[["sheet", "cell", "problem"]].itertuples(index=False, name=None))
