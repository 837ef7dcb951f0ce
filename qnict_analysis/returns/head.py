"""Who reports, for which period and from which day, where that stands once for a whole sheet."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from qnict_analysis.periods import frequency
from qnict_analysis.returns.cells import clean_text, folded, is_blank, parse_day, parse_period, plain
from qnict_analysis.returns.checks import Fault, Problem, Rules, date_problems, period_problems, unit_named
from qnict_analysis.returns.fingerprint import form_fingerprint
from qnict_analysis.returns.layout import HEADINGS, Table
from qnict_analysis.returns.messages import Said, said
from qnict_analysis.returns.page import Page

MARKER_SHEET = "_qnict"
FORM_VERSIONS = ("1",)
# The second spelling places the tone mark on the other vowel; both are in use.
ILLUSTRATIVE = ("số liệu minh họa", "số liệu minh hoạ")
LABELS = {
    "unit": (*HEADINGS["unit"], "Cơ quan báo cáo", "Reporting unit"),
    "period": HEADINGS["period"],
    "reported_on": HEADINGS["reported_on"],
}
FIELDS = {plain(label): name for name, labels in LABELS.items() for label in labels}
_PERIOD_IN_TITLE = re.compile(r"(?:qu[ýíyi])\.? ?(?:[1-4]|iv|i{1,3}) ?(?:[/.-]|n[ăa]m) ?\d{4}")
_DAY_IN_LINE = re.compile(r"ng[àa]y \d{1,2} th[áa]ng \d{1,2} n[ăa]m \d{4}")


class Place(NamedTuple):
    """The cell that says a thing, or (``labelled`` is false) where the form would have it."""

    row: int
    column: int
    labelled: bool

    def value(self, page: Page):
        """What is written there; behind the colon where label and value share the cell."""
        value = page.at(self.row, self.column) if self.labelled else None
        label, colon, rest = value.partition(":") if isinstance(value, str) else ("", "", "")
        return rest.strip() if colon and plain(label) in FIELDS else value

    def fault(self, page: Page, problem: Said, allowed: Said | str) -> Fault:
        """A fault of this cell."""
        return page.fault(self.row, self.column, problem, allowed)


@dataclass(frozen=True)
class Head:
    """Whose return it is, for which period, from which day, and whether its figures are illustrative.

    ``unit`` or ``period`` is empty, and ``reported_on`` None, where every row of the table says it itself, or (``broken``) where
    the head has a fault: the rows are read all the same, for the faults of their own.
    """

    unit: str
    period: str
    reported_on: dt.date | None
    status: str
    broken: bool = False


def read_head(page: Page, table: Table, marker: dict, rules: Rules, received: dt.date | None) -> tuple[Head, list[Fault]]:
    """The head of a sheet above its table, with every fault in it. ``marker``: what the hidden sheet says."""
    found = dict(_labelled(page, table.row))
    cells = {name: Place(*found.get(name, (row, 3)), name in found) for row, name in enumerate(LABELS, start=3)}
    period, more = ("", []) if table.has("period") else _period_of(page, cells["period"], table, marker, rules)
    unit, faults = ("", []) if table.has("unit") else _unit_of(page, cells["unit"], period, marker, rules)
    day, late = _day_of(page, cells["reported_on"], table, period, received)
    top = " ".join(folded(value) for row in page.rows[:2] for value in row)
    status = "illustrative" if any(label in top for label in ILLUSTRATIVE) else "reported"
    found_faults = faults + more + late + _form_faults(page, table, marker, rules)
    return Head(unit, period, day, status, bool(found_faults)), found_faults


def _labelled(page: Page, end: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each label above the table with the cell its value stands in: the next filled one to the right, else the next one."""
    for row, column, text in page.texts(1, end - 1):
        field = FIELDS.get(plain(text))
        if field:
            right = range(column + 1, page.width(row) + 1)
            filled = (other for other in right if not is_blank(page.at(row, other)))
            yield field, (row, next(filled, max(column + 1, 3)))
        elif ":" in text and plain(text.partition(":")[0]) in FIELDS:
            yield FIELDS[plain(text.partition(":")[0])], (row, column)


# --- unit ------------------------------------------------------------------------------------------------------------


def _unit_of(page: Page, cell: Place, period: str, marker: dict, rules: Rules) -> tuple[str, list[Fault]]:
    """The unit of the hidden sheet, else the one whose name is written; the two must not name different units."""
    text = cell.value(page)
    written = rules.unit_names.get(plain(text), frozenset())
    hidden = marker.get("unit", "")
    if hidden and hidden not in rules.registry.units:
        problem = said("is not a reporting unit")
        return "", [Fault(page.file, MARKER_SHEET, "B2", hidden, problem, ", ".join(rules.registry.units))]
    if hidden and not is_blank(text) and hidden not in written:
        own = rules.registry.units[hidden].name["vi"]
        problem = said("names another unit than the one the form was made for ({unit})", unit=hidden)
        return "", [cell.fault(page, problem, own)]
    if hidden:
        return hidden, []
    unit, problems = unit_named(rules, text, period, also=page.sheet)
    return unit, [cell.fault(page, each.problem, each.allowed) for each in problems]


# --- period ----------------------------------------------------------------------------------------------------------


def _period_of(page: Page, cell: Place, table: Table, marker: dict, rules: Rules) -> tuple[str, list[Fault]]:
    """The period that is written, else that of a title or of the sheet's name; the hidden sheet must agree with it."""
    hidden = marker.get("period", "")
    try:
        written = _written_period(page, cell, table)
        frequency(hidden or written)
    except ValueError as error:
        return "", [cell.fault(page, said("is not a period"), error.args[0])]
    if hidden and hidden != written:
        return "", [cell.fault(page, said("is another period than the one the form was made for"), hidden)]
    problems = period_problems(rules, written)
    return "" if problems else written, [cell.fault(page, each.problem, each.allowed) for each in problems]


def _written_period(page: Page, cell: Place, table: Table) -> str:
    value = cell.value(page)
    if not is_blank(value):
        return parse_period(value)
    found = {match for _, _, text in page.texts(1, table.first - 1) for match in _PERIOD_IN_TITLE.findall(folded(text))}
    periods = {parse_period(text) for text in found}
    return periods.pop() if len(periods) == 1 else parse_period(page.sheet)


# --- day -------------------------------------------------------------------------------------------------------------


def _day_of(page: Page, cell: Place, table: Table, period: str, received: dt.date | None) -> tuple[dt.date | None, list[Fault]]:
    """The date on the form, else the one beside the signatures, else the day it was received; not before the period's end."""
    value = cell.value(page)
    try:
        day = parse_day(value) if not is_blank(value) else _signed_on(page) or received
    except ValueError as error:
        return None, [cell.fault(page, said("is not a date"), error.args[0])]
    if day is None:
        if "reported_on" in table.columns:
            return None, []
        problem, allowed = said("is missing and no day of receipt was given"), said("a date such as 15/07/2014")
        return None, [cell.fault(page, problem, allowed)]
    problems: list[Problem] = date_problems(period, day) if period else []
    return day, [cell.fault(page, each.problem, each.allowed) for each in problems]


def _signed_on(page: Page) -> dt.date | None:
    """The day of a line such as "Quảng Ngãi, ngày 05 tháng 7 năm 2014", where the sheet holds one such day."""
    lines = page.texts(1, len(page.rows))
    days = {parse_day(match) for _, _, text in lines for match in _DAY_IN_LINE.findall(folded(text))}
    return days.pop() if len(days) == 1 else None


# --- the form itself -------------------------------------------------------------------------------------------------


def _form_faults(page: Page, table: Table, marker: dict, rules: Rules) -> list[Fault]:
    """The hidden sheet must be of a known version, and bear the mark of the form it stands in."""
    version = marker.get("form", FORM_VERSIONS[0])
    if version not in FORM_VERSIONS:
        return [Fault(page.file, MARKER_SHEET, "B1", version, said("is an unknown form version"), ", ".join(FORM_VERSIONS))]
    mark = marker.get("fingerprint", "")
    unit, period = marker.get("unit", ""), marker.get("period", "")
    if mark and mark not in {
        form_fingerprint(version, unit, period, codes) for codes in _codes(page, table, unit, period, rules)
    }:
        problem = said("does not fit the form it stands in")
        return [Fault(page.file, MARKER_SHEET, "B4", mark, problem, said("the form as it was sent out"))]
    return []


def _codes(page: Page, table: Table, unit: str, period: str, rules: Rules) -> Iterator[list[str]]:
    """The indicators a form may have been made for: those that stand in it, and those that the unit reports."""
    known = rules.registry.indicators
    column = table.columns.get("indicator")
    written = [clean_text(page.at(row, column)) for row in range(table.first, len(page.rows) + 1)]
    yield list(dict.fromkeys(code for code in written if code in known))
    yield [name for name, item in known.items() if unit in rules.members.get((item.scope, period), ())]
