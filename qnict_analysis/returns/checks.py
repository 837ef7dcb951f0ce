"""What a figure must satisfy, whatever kind of file it came in."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from qnict_analysis.periods import STEPS_PER_YEAR, frequency, ordinal, period_end, period_range, shift
from qnict_analysis.returns.cells import plain
from qnict_analysis.returns.messages import Said, said

LATEST_YEARS = 1
"""Figures are taken up to one year after the last deadline: closing reports come late."""

STALE_YEARS = 5
"""A form dated more than five years after its period has a mistyped year; it would otherwise be hidden from every briefing."""


class Figure(NamedTuple):
    """One accepted figure: a row of ``schema.OBSERVATIONS``."""

    indicator: str
    unit: str
    period: str
    numerator: float
    denominator: float
    reported_on: dt.date
    status: str
    file: str
    sheet: str
    cell: str
    note: str
    source: str
    flags: str = ""


class Fault(NamedTuple):
    """One fault of an input file; ``as_faults`` makes the table ``schema.FAULTS`` of them."""

    file: str
    sheet: str
    cell: str
    found: str
    problem: Said
    allowed: Said | str


class Problem(NamedTuple):
    """What is wrong with one field of a figure; the reader knows in which cell that field stands."""

    field: str
    problem: Said
    allowed: Said | str


Read = tuple[list[Figure], list[Fault]]
"""What a reader gives back: what it could read, and every fault it met."""


@dataclass(frozen=True)
class Rules:
    """What the registry says about returns, looked up once for many files."""

    registry: object
    unit_names: dict[str, frozenset[str]]
    indicator_names: dict[str, frozenset[str]]
    members: dict[tuple[str, str], frozenset[str]]
    first: str
    last: str


def rules_of(registry) -> Rules:
    """The rules of a registry: names of units, members of each scope in each period, periods that may be reported."""
    programme = registry.programme
    last = shift(registry.last_deadline(), LATEST_YEARS * STEPS_PER_YEAR[programme.frequency])
    scopes = {indicator.scope for indicator in registry.indicators.values()}
    members = {
        (scope, period): frozenset(registry.units_in(scope, period))
        for scope in scopes
        for period in period_range(programme.start, last)
    }
    units = {unit.id: _names_of(unit) for unit in registry.units.values()}
    indicators = {item.id: (item.id, *item.name.values(), *item.short.values()) for item in registry.indicators.values()}
    return Rules(registry, _by_name(units), _by_name(indicators), members, programme.start, last)


def _names_of(unit) -> tuple[str, ...]:
    """Every name that a unit has or had."""
    former = (one.name for one in unit.former)
    return (unit.id, *unit.name.values(), *unit.short.values(), *unit.aliases, *former)


def unit_named(rules: Rules, text, period: str, *, also: str = "") -> tuple[str, list[Problem]]:
    """The unit that a text names in a period (empty: at any time), else the one that ``also`` names, or what is wrong."""
    known = rules.unit_names.get(plain(text)) or rules.unit_names.get(plain(also), frozenset())
    bore = {unit: _bore_until(rules.registry.units[unit], text) for unit in known}
    now = [unit for unit, until in bore.items() if not (until and period and ordinal(period) > ordinal(until))]
    if len(now) > 1:  # a name that another unit bore before belongs to its present owner only afterwards
        now = [unit for unit in now if bore[unit]] or now
    if len(now) == 1:
        return now[0], []
    if known and not now:
        unit = min(known)
        problem = said("is a name that {unit} bore until {period}", unit=unit, period=bore[unit])
        return "", [Problem("unit", problem, rules.registry.units[unit].name["vi"])]
    allowed = said("the name of a reporting unit as in the registry")
    return "", [Problem("unit", said("is not a known reporting unit"), allowed)]


def _bore_until(unit, text) -> str:
    """The last period in which a unit bore a name that it has no more; nothing for a name that it has."""
    return next((one.until for one in unit.former if plain(one.name) == plain(text)), "")


def _by_name(names: dict[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """The ids that each name may mean, as ``plain`` writes it; two names that differ in accents only mean both."""
    found: dict[str, frozenset[str]] = {}
    for key, known in names.items():
        for name in known:
            found[plain(name)] = found.get(plain(name), frozenset()) | {key}
    return found


def period_problems(rules: Rules, period: str) -> list[Problem]:
    """The period must have the programme's frequency and lie between its start and a year after its last deadline."""
    wanted = rules.registry.programme.frequency
    if frequency(period) != wanted:
        return [
            Problem(
                "period", said("is not a {kind} period", kind=said(wanted)), said("periods such as {period}", period=rules.first)
            )
        ]
    if not ordinal(rules.first) <= ordinal(period) <= ordinal(rules.last):
        span = said("{first} to {last}", first=rules.first, last=rules.last)
        return [Problem("period", said("is outside the programme"), span)]
    return []


def date_problems(period: str, reported_on: dt.date) -> list[Problem]:
    """A figure can be known once its period has ended, and not five years later."""
    end = period_end(period)
    if reported_on < end:
        allowed = said("{day} or later", day=f"{end:%d/%m/%Y}")
        return [Problem("reported_on", said("lies before the end of {period}", period=period), allowed)]
    if reported_on.year > end.year + STALE_YEARS:
        problem = said("lies more than {n} years after {period}", n=STALE_YEARS, period=period)
        return [Problem("reported_on", problem, said("the day on which it was reported"))]
    return []


def place_problems(rules: Rules, indicator: str, unit: str, period: str) -> list[Problem]:
    """The indicator must exist and be one that the unit reports in that period."""
    known = rules.registry.indicators
    if indicator not in known:
        return [Problem("indicator", said("is not an indicator of this programme"), ", ".join(known))]
    if unit not in rules.members.get((known[indicator].scope, period), ()):
        own = [name for name, item in known.items() if unit in rules.members.get((item.scope, period), ())]
        into = getattr(rules.registry.units.get(unit), "merged_into", None)
        problem = said("is not reported by {unit} in {period}", unit=unit, period=period)
        if into and not own:
            return [Problem("indicator", problem, said("figures of {unit}, into which it was merged", unit=into))]
        return [Problem("indicator", problem, ", ".join(own) or said("nothing in this period"))]
    return []


def number_problems(indicator, numerator: float, denominator: float | None) -> list[Problem]:
    """Signs, whole numbers, the presence of a denominator and a part not larger than its whole."""
    given = {"numerator": numerator, "denominator": denominator}
    given = {field: value for field, value in given.items() if value is not None}
    found = [Problem(field, said("is negative"), said("0 or more")) for field, value in given.items() if value < 0]
    if indicator.counts:
        broken = [field for field, value in given.items() if not float(value).is_integer()]
        found += [Problem(field, said("is not a whole number"), said("a whole number")) for field in broken]
    return found + _denominator_problems(indicator, numerator, denominator)


def _denominator_problems(indicator, numerator: float, denominator: float | None) -> list[Problem]:
    if indicator.kind == "count":
        return [] if denominator is None else [Problem("denominator", said("stands beside a plain count"), said("blank"))]
    if denominator is None:
        return [Problem("denominator", said("is missing"), said("a number above 0"))]
    if denominator == 0:
        allowed = said("a number above 0; leave the row blank if there is nothing to report")
        return [Problem("denominator", said("is zero"), allowed)]
    if indicator.kind in ("share", "units") and numerator > denominator > 0:
        return [Problem("numerator", said("is larger than its denominator"), said("at most {n}", n=f"{denominator:g}"))]
    return []
