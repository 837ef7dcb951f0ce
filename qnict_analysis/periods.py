"""Periods as labels (``2014``, ``2014Q2``, ``2014M05``), their place in time, and the as-of of a briefing."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

STEPS_PER_YEAR = {"yearly": 1, "quarterly": 4, "monthly": 12}
_LETTER = {"yearly": "", "quarterly": "Q", "monthly": "M"}
_LABEL = re.compile(r"(?P<year>\d{4})(?:(?P<letter>[QM])(?P<part>\d{1,2}))?")


def frequency(label: str) -> str:
    """The frequency of a period label; ``ValueError`` names the allowed forms."""
    match = _LABEL.fullmatch(label)
    if match:
        found = {None: "yearly", "Q": "quarterly", "M": "monthly"}[match["letter"]]
        if 1 <= int(match["part"] or 1) <= STEPS_PER_YEAR[found]:
            return found
    raise ValueError(f"{label!r} is not a period: write a year (2014), a quarter (2014Q2) or a month (2014M05)")


@lru_cache(maxsize=4096)
def ordinal(label: str) -> int:
    """The number of a period counted in its own frequency, so that neighbours differ by one."""
    steps = STEPS_PER_YEAR[frequency(label)]
    match = _LABEL.fullmatch(label)
    return int(match["year"]) * steps + int(match["part"] or 1) - 1


def from_ordinal(number: int, kind: str) -> str:
    """The label of the period with this ordinal in the frequency ``kind``."""
    steps = STEPS_PER_YEAR[kind]
    year, part = divmod(number, steps)
    width = 2 if kind == "monthly" else 1
    return f"{year:04d}" + (f"{_LETTER[kind]}{part + 1:0{width}d}" if steps > 1 else "")


def shift(label: str, steps: int) -> str:
    """The label ``steps`` periods later (earlier when negative)."""
    return from_ordinal(ordinal(label) + steps, frequency(label))


def period_range(first: str, last: str) -> list[str]:
    """All labels from ``first`` to ``last``, both included; empty when ``last`` comes before ``first``."""
    return [from_ordinal(number, frequency(first)) for number in range(ordinal(first), ordinal(last) + 1)]


def period_end(label: str) -> dt.date:
    """The last day of a period."""
    steps = STEPS_PER_YEAR[frequency(label)]
    year, part = divmod(ordinal(label) + 1, steps)
    return dt.date(year, part * (12 // steps) + 1, 1) - dt.timedelta(days=1)


def period_time(labels) -> np.ndarray:
    """Ends of periods as decimal years, equally spaced within a frequency: ``2014Q2`` is 2014.5, ``2014`` is 2015.0."""
    return np.array([(ordinal(label) + 1) / STEPS_PER_YEAR[frequency(label)] for label in labels], dtype=float)


REPORT_MONTHS = {"half-year": 6, "year": 12}


def span_of(report: str, through: str) -> int:
    """How many periods a report covers that ends with ``through``: one ("period"), those of half a year or of a year.

    >>> span_of("period", "2014Q2"), span_of("half-year", "2014Q2"), span_of("year", "2014Q4"), span_of("year", "2014")
    (1, 2, 4, 1)

    ``ValueError`` where no half-year or year ends with the period.
    """
    if report not in REPORT_MONTHS:
        return 1
    span, rest = divmod(STEPS_PER_YEAR[frequency(through)] * REPORT_MONTHS[report], 12)
    if rest or not span or (ordinal(through) + 1) % span:
        ends = "Q2 or Q4" if report == "half-year" else "the last period of a year"
        raise ValueError(f"report {report}: none ends with {through}; allowed: an as-of of {ends}")
    return span


def period_of(day: dt.date, kind: str) -> str:
    """The last period of the frequency ``kind`` that ended on or before ``day``."""
    steps = STEPS_PER_YEAR[kind]
    current = from_ordinal(day.year * steps + (day.month - 1) // (12 // steps), kind)
    return current if period_end(current) == day else shift(current, -1)


@dataclass(frozen=True)
class AsOf:
    """The day a briefing speaks from: ``label`` as given, figures of periods up to ``through``, known by ``cutoff``."""

    label: str
    through: str
    cutoff: dt.date


def parse_as_of(text: str, *, kind: str, cutoff_days: int) -> AsOf:
    """Read an as-of for a programme of frequency ``kind``.

    A bare date is that day. A quarter or year means the figures up to its end as known ``cutoff_days`` later.
    ``ValueError`` says which forms are allowed.
    """
    try:
        day = dt.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
        end = day or period_end(text)
    except ValueError:
        raise ValueError(
            f"as_of {text!r} is not a date or period: write a date (2014-07-30), a quarter (2014Q2) or a year (2014)"
        ) from None
    cutoff = day or end + dt.timedelta(days=cutoff_days)
    return AsOf(label=text, through=period_of(end, kind), cutoff=cutoff)
