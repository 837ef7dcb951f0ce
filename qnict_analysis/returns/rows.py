"""The rows of a table as figures: what each cell says, whether it can be so, and whether the row agrees with itself."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from qnict_analysis.periods import ordinal
from qnict_analysis.returns.cells import (
    DASHES,
    NOT_AVAILABLE,
    cell_name,
    clean_text,
    folded,
    is_ambiguous,
    is_blank,
    parse_day,
    parse_number,
    parse_percent,
    parse_period,
    parse_yes_no,
    plain,
)
from qnict_analysis.returns.checks import (
    Fault,
    Figure,
    Problem,
    Rules,
    date_problems,
    number_problems,
    period_problems,
    place_problems,
    unit_named,
)
from qnict_analysis.returns.head import Head
from qnict_analysis.returns.layout import FIELDS, Group, Table
from qnict_analysis.returns.messages import said
from qnict_analysis.returns.page import Page

AMBIGUOUS, DASH = "ambiguous_number", "dash_as_zero"
"""Flags of a figure: read from a text such as 1.234, or from a dash."""

TOTALS = frozenset(plain(text) for text in ("Tổng cộng", "Tổng", "Tổng số", "Cộng", "Toàn tỉnh", "Total", "Sum"))
QUARTERS = frozenset(plain(text) for text in ("Quý", "Quý báo cáo", "Quarter"))
_QUARTER = re.compile(r"(?:[1-4]|iv|i{1,3}) ?[/.-] ?\d{4}")
_CODE = re.compile(r"[^\W\d_]{1,6}\d{1,3}[a-z]?", re.IGNORECASE)
COARSEST = 2
"""A printed per cent is compared at two decimals at most: more come from a division that nobody rounded."""


@dataclass
class Sheet:
    """What is read of one table, while it is read."""

    page: Page
    table: Table
    head: Head
    rules: Rules
    restated: bool = False
    figures: list[Figure] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    seen: dict[tuple, int] = field(default_factory=dict)
    styles: dict[int, str] = field(default_factory=dict)
    largest: dict[int, float] = field(default_factory=dict)

    def style(self, column: int | None) -> str:
        """How a column writes its numbers, looked up once."""
        if column not in self.styles:
            self.styles[column] = self.page.style(column, self.table.numbers(), self.table.first)
        return self.styles[column]

    def at(self, row: int, name: str):
        """What a row says in a column of its own; the cells of a merged area all say the same."""
        return self.page.filled(row, self.table.columns.get(name))


def read_table(page: Page, table: Table, lines: Iterable[int], head: Head, rules: Rules, *, restated=False) -> Sheet:
    """The figures and faults of one table; ``restated`` rows name an earlier period of their own."""
    sheet = Sheet(page, table, head, rules, restated)
    for row, column in table.repeated:
        first = cell_name(1, table.groups[0].numerator)[:-1]
        sheet.faults.append(
            page.fault(row, column, said("stands twice, here and in column {column}", column=first), said("each heading once"))
        )
    for row in lines:
        if plain(sheet.at(row, "unit")) in TOTALS:
            _check_total(sheet, row)
            continue
        for group in table.groups:
            if _is_row(sheet, row, group):
                _read_row(sheet, row, group)
    return sheet


# --- rows ------------------------------------------------------------------------------------------------------------


def _is_row(sheet: Sheet, row: int, group: Group) -> bool:
    """Whether a row holds an indicator or a figure; titles, signatures and blank rows hold neither."""
    code, numerator = _subject(sheet, row, group), sheet.page.at(row, group.numerator)
    if FIELDS.get(plain(code)) in ("indicator", "name"):
        return False
    if not sheet.table.has("indicator") or (sheet.table.has("unit") and is_blank(sheet.at(row, "unit"))):
        # Without codes a line is told by its figure: names stand in titles and signatures as well.
        return not is_blank(numerator) and (not is_blank(code) or _is_number(numerator))
    return _is_number(numerator) or bool(_CODE.fullmatch(clean_text(code))) or not (is_blank(code) or is_blank(numerator))


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _subject(sheet: Sheet, row: int, group: Group):
    """The cell that says what a row measures: the heading above, the code, else the name."""
    code = group.indicator or sheet.at(row, "indicator")
    return sheet.at(row, "name") if is_blank(code) and not _is_number(code) else code


def _indicator(sheet: Sheet, row: int, group: Group) -> str:
    text = clean_text(_subject(sheet, row, group))
    known = sheet.rules.indicator_names.get(plain(text), frozenset())
    return min(known) if len(known) == 1 else text


def _read_row(sheet: Sheet, row: int, group: Group) -> None:
    """Read one figure of a row into the sheet, or its faults."""
    name = _indicator(sheet, row, group)
    unit, period, day, problems = _place_of(sheet, row, group)
    known = sheet.rules.registry.indicators.get(name)
    if not problems and (not sheet.head.broken or (unit and period)):
        problems = place_problems(sheet.rules, name, unit, period)
    elif known is None and not problems:
        problems = place_problems(sheet.rules, name, unit, period)[:1]
    problems += _hollow_problems(sheet, row, group)
    key = (name, unit, period, day)
    _check_once(sheet, row, key)
    figure = None
    if not problems and known is not None:
        figure, problems = _figure(sheet, row, group, known)
    columns = _columns(sheet.table, group)
    for each in problems:  # a column that is not there is missed beside the figure
        sheet.faults.append(sheet.page.fault(row, columns.get(each.field) or group.numerator, each.problem, each.allowed))
    if figure and not problems:
        numerator, denominator, flags = figure
        note = clean_text(sheet.page.at(row, group.note or sheet.table.columns.get("note")))
        place = (day, sheet.head.status, sheet.page.file, sheet.page.sheet, cell_name(row, group.numerator), note, "", flags)
        sheet.figures.append(Figure(name, unit, period, numerator, denominator, *place))


def _columns(table: Table, group: Group) -> dict[str, int | None]:
    """In which column each field of a figure stands; a name stands in for a code."""
    own = {"numerator": group.numerator, "denominator": group.denominator, "percent": group.percent}
    subject = table.columns.get("indicator", table.columns.get("name", group.numerator))
    return {**table.columns, **own, "indicator": group.numerator if group.indicator else subject}


def _check_once(sheet: Sheet, row: int, key: tuple) -> None:
    if key in sheet.seen and key[0]:
        columns = _columns(sheet.table, sheet.table.groups[0])
        problem = said("stands in row {row} already", row=sheet.seen[key])
        sheet.faults.append(sheet.page.fault(row, columns["indicator"], problem, said("one row an indicator")))
    sheet.seen.setdefault(key, row)


# --- where a figure belongs ------------------------------------------------------------------------------------------


def _place_of(sheet: Sheet, row: int, group: Group) -> tuple[str, str, dt.date | None, list[Problem]]:
    """Unit, period and day of a figure, from the row or from the head, with every problem in them."""
    period, more = _row_period(sheet, row, group)
    unit, problems = _row_unit(sheet, row, period)
    day, late = _row_day(sheet, row, period)
    return unit, period, day, problems + more + late


def _row_unit(sheet: Sheet, row: int, period: str) -> tuple[str, list[Problem]]:
    if not sheet.table.has("unit"):
        return sheet.head.unit, []
    return unit_named(sheet.rules, sheet.at(row, "unit"), period)


def _row_period(sheet: Sheet, row: int, group: Group) -> tuple[str, list[Problem]]:
    if not group.period and "period" not in sheet.table.columns:
        return sheet.head.period, []
    try:
        period = group.period or parse_period(_period_text(sheet, row))
    except ValueError as error:
        return "", [Problem("period", said("is not a period"), error.args[0])]
    problems = period_problems(sheet.rules, period)
    if not problems and sheet.restated and sheet.head.period and ordinal(period) >= ordinal(sheet.head.period):
        allowed = said("a period before {period}", period=sheet.head.period)
        problems = [Problem("period", said("is not earlier than the period of this form"), allowed)]
    return period, problems


def _period_text(sheet: Sheet, row: int):
    """A period as it stands, "1/2014" under a heading of quarters, or a quarter with the year in the next column."""
    value = sheet.at(row, "period")
    if "year" not in sheet.table.columns:
        column = sheet.table.columns["period"]
        titles = {plain(sheet.page.filled(line, column)) for line in range(sheet.table.row, sheet.table.first)}
        return f"Quý {value}" if titles & QUARTERS and _QUARTER.fullmatch(folded(value)) else value
    return f"Quý {folded(value).removeprefix('quý').strip()}/{clean_text(sheet.at(row, 'year'))}"


def _row_day(sheet: Sheet, row: int, period: str) -> tuple[dt.date | None, list[Problem]]:
    value = sheet.at(row, "reported_on")
    if is_blank(value):
        missing = Problem("reported_on", said("is missing and no day of receipt was given"), said("a date such as 15/07/2014"))
        own_head = sheet.table.has("period") and period and sheet.head.reported_on
        late = date_problems(period, sheet.head.reported_on) if own_head and not sheet.restated else []
        return sheet.head.reported_on, late if sheet.head.reported_on or sheet.head.broken else [missing]
    try:
        day = parse_day(value)
    except ValueError as error:
        return None, [Problem("reported_on", said("is not a date"), error.args[0])]
    return day, date_problems(period, day) if period else []


# --- numbers ---------------------------------------------------------------------------------------------------------


def _hollow_problems(sheet: Sheet, row: int, group: Group) -> list[Problem]:
    cells = {"numerator": group.numerator, "denominator": group.denominator}
    hollow = [name for name, column in cells.items() if column and cell_name(row, column) in sheet.page.hollow]
    problem, allowed = said("holds an error or a formula without its result"), said("a number, or a blank cell")
    return [Problem(name, problem, allowed) for name in hollow]


def _figure(sheet: Sheet, row: int, group: Group, indicator) -> tuple[tuple[float, float, str] | None, list[Problem]]:
    """Numerator, denominator (NaN for counts) and flags of a figure; None where the row reports none."""
    if group.percent == group.numerator:
        return _rate_alone(sheet, row, group, indicator)
    numerator, denominator = sheet.page.at(row, group.numerator), sheet.page.at(row, group.denominator)
    if clean_text(numerator) in NOT_AVAILABLE or (clean_text(numerator) in DASHES and indicator.kind == "units"):
        return None, []
    if _is_unreported(numerator, denominator, indicator) and not sheet.restated:
        return None, []
    typed = {"numerator": numerator, "denominator": denominator}
    values, problems = {}, []
    for name, value in typed.items():
        values[name], wrong = _number(sheet, name, value, getattr(group, name), indicator)
        problems += wrong
    if indicator.kind == "units" and values.get("denominator", 0) is None and not problems:
        values["denominator"] = 1.0
    problems = problems or number_problems(indicator, values["numerator"], values["denominator"])
    problems = problems or _percent_problems(sheet, row, group, values["numerator"], values["denominator"])
    if problems:
        return None, problems
    whole = float("nan") if values["denominator"] is None else values["denominator"]
    return (values["numerator"], whole, _flags(typed.values())), []


def _is_unreported(numerator, denominator, indicator) -> bool:
    """A denominator alone means that the figure was forgotten; the 1 of yes/no rows may be printed on the form."""
    nothing = is_blank(denominator) or clean_text(denominator) in DASHES | NOT_AVAILABLE
    if clean_text(numerator) in DASHES and indicator.kind != "count":
        return nothing
    return is_blank(numerator) and (nothing or indicator.kind not in ("share", "ratio"))


def _number(sheet: Sheet, name: str, value, column: int | None, indicator) -> tuple[float | None, list[Problem]]:
    """One cell as a number; None for a blank denominator. A dash in the numerator says that nothing occurred."""
    answer = parse_yes_no(value) if indicator.kind == "units" and name == "numerator" else None
    if answer is not None:
        return answer, []
    if name == "denominator" and is_blank(value):
        return None, []
    if name == "numerator" and clean_text(value) in DASHES:
        return 0.0, []
    try:
        return parse_number(value, whole=indicator.counts, style=sheet.style(column)), []
    except ValueError as error:
        problem = said("is missing") if is_blank(value) else said("cannot be read as a number")
        yes_no = indicator.kind == "units" and name == "numerator"
        return 0.0, [Problem(name, problem, said("Có, Không or a number") if yes_no else error.args[0])]


def _flags(values: Iterable) -> str:
    """What to remember of how a figure was written."""
    values = list(values)
    found = [AMBIGUOUS] * any(is_ambiguous(value) for value in values) + [DASH] * any(clean_text(v) in DASHES for v in values)
    return " ".join(found)


def _rate_alone(sheet: Sheet, row: int, group: Group, indicator) -> tuple[tuple[float, float, str] | None, list[Problem]]:
    """A per cent without its two numbers, where the indicator does not count cases."""
    value = sheet.page.at(row, group.percent)
    if is_blank(value) or clean_text(value) in DASHES | NOT_AVAILABLE:
        return None, []
    if indicator.counts or indicator.kind == "count":
        problem = said("is a bare value of an indicator that counts cases")
        return None, [Problem("numerator", problem, said("numerator and denominator"))]
    read = parse_percent(value, sheet.style(group.percent))
    if read is None:
        return None, [Problem("numerator", said("cannot be read as a number"), said("a number"))]
    number, _, signed = read
    if not signed and abs(number) <= 1 and _largest(sheet, group.percent) <= 1:
        problem = said("is neither a per cent nor a fraction that can be told apart")
        return None, [Problem("numerator", problem, said("per cent with the sign, such as 75%"))]
    return (number / 100, 1.0, ""), number_problems(indicator, number / 100, 1.0)


def _largest(sheet: Sheet, column: int) -> float:
    """The largest per cent of a column: fractions and per cent cannot be told apart where none passes 1."""
    if column not in sheet.largest:
        cells = (sheet.page.at(row, column) for row in range(sheet.table.first, len(sheet.page.rows) + 1))
        read = (parse_percent(value) for value in cells if not is_blank(value))
        sheet.largest[column] = max((abs(item[0]) for item in read if item), default=0.0)
    return sheet.largest[column]


# --- a row against itself --------------------------------------------------------------------------------------------


def _percent_problems(sheet: Sheet, row: int, group: Group, numerator: float, denominator: float | None) -> list[Problem]:
    """The per cent beside two numbers must be theirs, as per cent or as a fraction, however it was rounded."""
    value = sheet.page.at(row, group.percent)
    read = parse_percent(value, sheet.style(group.percent)) if denominator and not is_blank(value) else None
    if read is None:
        return []
    number, decimals, signed = read
    rate = numerator / denominator
    step = 10.0 ** -min(decimals, COARSEST)
    matches = abs(number - 100 * rate) < step or (not signed and decimals and abs(number - rate) < step)
    if matches:
        return []
    figures = {"numerator": f"{numerator:g}", "denominator": f"{denominator:g}", "percent": f"{100 * rate:.1f}"}
    problem = said("contradicts its figures: {numerator} of {denominator} is {percent}%", **figures)
    return [Problem("percent", problem, said("the per cent of its figures, or a blank cell"))]


def _check_total(sheet: Sheet, row: int) -> None:
    """A row of totals must be the sum of the figures above it."""
    for group in sheet.table.groups:
        name = _indicator(sheet, row, group)
        names = {figure.indicator for figure in sheet.figures}
        name = name if name in names else next(iter(names)) if len(names) == 1 else ""
        above = [f for f in sheet.figures if f.indicator == name and group.period in ("", f.period)]
        for field_name, column in (("numerator", group.numerator), ("denominator", group.denominator)):
            _compare_total(sheet, row, column, [getattr(figure, field_name) for figure in above])


def _compare_total(sheet: Sheet, row: int, column: int | None, parts: list[float]) -> None:
    value = sheet.page.at(row, column)
    try:
        total = parse_number(value, whole=True, style=sheet.style(column)) if parts else None
    except ValueError:
        return
    if total is not None and abs(total - sum(parts)) > 1e-6 * max(1.0, abs(total)):
        problem = said("is not the sum of the rows above, {sum}", sum=f"{sum(parts):g}")
        sheet.faults.append(sheet.page.fault(row, column, problem, said("the sum, or no row of totals")))
