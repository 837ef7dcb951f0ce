"""The CSV return: one row a figure, as a programme without reporting units keeps them."""

import re
from decimal import Decimal

from qnict_analysis.periods import frequency
from qnict_analysis.returns.cells import cell_name, clean_text, parse_day
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
from qnict_analysis.returns.messages import Said, said
from qnict_analysis.schema import STATUSES

REQUIRED = ("indicator", "unit", "period", "reported_on")
FIGURES = (("numerator", "denominator"), ("value",), ("value_percent",))
OPTIONAL = ("status", "source", "note")
MAX_ROWS = 100_000
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


def read_listing(table: list[list[str]], rules: Rules, received, name: str) -> Read:
    """The figures and the faults of one CSV file, cell by cell; ``received`` stands in for an empty ``reported_on``."""
    header = header_of(table)
    problem, allowed = _header_problem(header, len(table))
    if problem:
        return [], [Fault(name, "", "A1", ",".join(header)[:80], problem, allowed)]
    return _read_rows(table, header, rules, received, name)


def header_of(table: list[list[str]]) -> list[str]:
    """The column names of a listing, without case."""
    return [clean_text(title).casefold() for title in table[0]] if table else []


def _header_problem(header: list[str], n_rows: int) -> tuple[Said | str, Said | str]:
    known = {*REQUIRED, *OPTIONAL, *(title for form in FIGURES for title in form)}
    unknown = [title for title in header if title not in known]
    forms = [form for form in FIGURES if set(form) & set(header)]
    if n_rows > MAX_ROWS:
        return said("has {n} rows", n=f"{n_rows:,}"), said("at most {n}", n=f"{MAX_ROWS:,}")
    if unknown or len(set(header)) < len(header):
        return said("has unknown or repeated columns: {columns}", columns=", ".join(unknown or header)), ", ".join(sorted(known))
    if not set(REQUIRED) <= set(header) or len(forms) != 1 or not set(forms[0]) <= set(header):
        allowed = "{columns} and either numerator with denominator, or value, or value_percent"
        return said("lacks columns"), said(allowed, columns=", ".join(REQUIRED))
    return "", ""


def _read_rows(table: list, header: list[str], rules: Rules, received, name: str) -> Read:
    figures, faults, seen = [], [], {}
    for row, line in enumerate(table[1:], start=2):
        if not any(text.strip() for text in line):
            continue
        figure, problems = _read_entry(dict.fromkeys(header, "") | dict(zip(header, line, strict=False)), rules, received)
        problems += _line_problems(figure, line, header, seen.get(_identity(figure)))
        faults += [_fault(name, row, line, _column(header, each.field), each) for each in problems]
        if figure:
            seen.setdefault(_identity(figure), row)
            figures.append(figure._replace(file=name, cell=cell_name(row, _column(header, "numerator"))))
    return figures, faults


def _identity(figure: Figure | None) -> tuple:
    return figure and (figure.indicator, figure.unit, figure.period, figure.reported_on)


def _line_problems(figure: Figure | None, line: list[str], header: list[str], earlier: int | None) -> list[Problem]:
    """What is wrong with a line as a line: too many cells, or a second figure of the same period and day."""
    found = []
    if len(line) > len(header):
        problem = said("is followed by more cells than there are columns")
        found.append(Problem(header[-1], problem, said("{n} cells", n=len(header))))
    if figure and earlier:
        problem = said("has a figure of the same period and day in {place}", place=said("line {row}", row=earlier))
        found.append(Problem("indicator", problem, said("one line")))
    return found


def _fault(name: str, row: int, line: list[str], column: int, problem: Problem) -> Fault:
    found = line[column - 1] if column <= len(line) else ""
    return Fault(name, "", cell_name(row, column), found[:80], problem.problem, problem.allowed)


def _column(header: list[str], field: str) -> int:
    """Where a field stands; a value in one column is numerator and denominator at once."""
    names = (field, "value", "value_percent") if field in ("numerator", "denominator") else (field,)
    return next((header.index(name) + 1 for name in names if name in header), 1)


def _read_entry(entry: dict, rules: Rules, received) -> tuple[Figure | None, list[Problem]]:
    """One line as a figure, or None with its problems."""
    text = {name: clean_text(value) for name, value in entry.items()}
    indicator, unit, period = text["indicator"], text["unit"], text["period"]
    problems = _place_problems(rules, indicator, unit, period)
    day, late = _day_of(text["reported_on"], period if not problems else "", received)
    status = text.get("status") or STATUSES[0]
    if status not in STATUSES:
        late.append(Problem("status", said("is unknown"), ", ".join(STATUSES)))
    if problems or late:
        return None, problems + late
    kind = rules.registry.indicators[indicator]
    numerator, denominator, problems = _numbers_of(text, kind)
    if problems:
        return None, problems
    denominator = float("nan") if denominator is None else denominator
    rest = (day, status, "", "", "", text.get("note", ""), text.get("source", ""))
    return Figure(indicator, unit, period, numerator, denominator, *rest), []


def _place_problems(rules: Rules, indicator: str, unit: str, period: str) -> list[Problem]:
    try:
        frequency(period)
    except ValueError:
        return [Problem("period", said("is not a period"), said("periods such as {period}", period=rules.first))]
    if unit not in rules.registry.units:
        return [Problem("unit", said("is not a reporting unit"), ", ".join(rules.registry.units))]
    return period_problems(rules, period) or place_problems(rules, indicator, unit, period)


def _day_of(text: str, period: str, received) -> tuple[object, list[Problem]]:
    try:
        day = parse_day(text) if text or not received else received
    except ValueError as error:
        return None, [Problem("reported_on", said("is not a date" if text else "is missing"), error.args[0])]
    # Old figures enter a listing with the vintage they were taken from, however much later that is.
    return day, [each for each in date_problems(period, day) if "before" in each.problem] if period else []


def _numbers_of(text: dict, indicator) -> tuple[float, float | None, list[Problem]]:
    """Numerator and denominator of a line; a value stands for value / 1, per cent for a hundredth of it."""
    numbers, problems = {}, []
    for field in (name for form in FIGURES for name in form if name in text):
        try:
            numbers[field] = _machine_number(text[field]) if text[field] or field != "denominator" else None
        except ValueError:
            problems.append(Problem(field, said("cannot be read as a number"), said("digits with a decimal point")))
    if problems:
        return 0.0, None, problems
    if indicator.counts and indicator.kind != "count" and "numerator" not in numbers:
        problem = said("is a bare value of an indicator that counts cases")
        return 0.0, None, [Problem("numerator", problem, said("numerator and denominator"))]
    if "numerator" in numbers:
        numerator, denominator = numbers["numerator"], numbers["denominator"]
    else:
        numerator = numbers["value"] if "value" in numbers else numbers["value_percent"].scaleb(-2)
        denominator = None if indicator.kind == "count" else Decimal(1)
    pair = (float(numerator), None if denominator is None else float(denominator))
    return *pair, number_problems(indicator, *pair)


def _machine_number(text: str) -> Decimal:
    """A number with a decimal point and nothing else: files from machines do not guess. Decimal keeps 35.52 / 100 exact."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)
