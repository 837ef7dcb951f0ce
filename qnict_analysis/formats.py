"""Numbers, periods, dates and chances as people read them, in Vietnamese and English.

Halves round away from zero, as offices do; Vietnamese writes a decimal comma and a dot for thousands; no space stands before %.
"""

import datetime as dt
import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from qnict_analysis.periods import STEPS_PER_YEAR, frequency, ordinal

MINUS = "\u2212"
MISSING = "–"

# Chances are printed as whole per cent between these, where no programme says between which (`facts.caps_of`).
LOWEST, HIGHEST = 0.05, 0.95

# A float carries about 15 figures: 0.285 must round as written (0.29), not as stored (0.28499999…).
FIGURES = 12


def rounded(x: float, decimals: int = 0) -> Decimal:
    """``x`` as an exact decimal, halves away from zero.

    >>> rounded(0.285, 2), rounded(-2.5), rounded(1e15)
    (Decimal('0.29'), Decimal('-3'), Decimal('1000000000000000'))
    """
    exact = Decimal(x) if isinstance(x, int) else Decimal(f"{float(x):.{FIGURES}e}")
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def rounded_parts(parts: Iterable[float], decimals: int = 0) -> list[float]:
    """Parts rounded so that they add up to their rounded sum: the largest remainders take what is left (a part of 0 stays 0).

    >>> rounded_parts([1.44, 1.44, 0.0, -0.38])
    [2.0, 1.0, 0.0, 0.0]
    """
    scaled = [part * 10**decimals for part in parts]
    whole = [math.floor(part + 1e-9) for part in scaled]
    left = int(rounded(sum(scaled))) - sum(whole)
    nearest = sorted((spot for spot, part in enumerate(scaled) if abs(part) > 1e-9), key=lambda spot: whole[spot] - scaled[spot])
    return [(count + (spot in nearest[:left])) / 10**decimals for spot, count in enumerate(whole)]


def number(x: float, lang: str, decimals: int = 0) -> str:
    """A number with exactly this many decimals; a missing one is a dash.

    >>> number(1234.5, "vi", 1), number(1234.5, "en", 1), number(-0.04, "vi", 1), number(-7, "en")
    ('1.234,5', '1,234.5', '0,0', '−7')
    """
    if _is_missing(x):
        return MISSING
    if math.isinf(x):
        return "∞" if x > 0 else f"{MINUS}∞"
    value = rounded(x, decimals)
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    return (MINUS if value < 0 else "") + format_decimal(abs(value), format=pattern, locale=lang)


def percent(x: float, lang: str, decimals: int = 1) -> str:
    """A share as per cent.

    >>> percent(0.705, "vi"), percent(0.705, "en"), percent(0.7, "vi", 0), percent(float("nan"), "vi")
    ('70,5%', '70.5%', '70%', '–')
    """
    return MISSING if _is_missing(x) else f"{number(_times_100(x), lang, decimals)}%"


def points(x: float, lang: str, decimals: int = 1) -> str:
    """A difference of two shares in percentage points.

    >>> points(0.359, "vi"), points(-0.02, "en"), points(0.01, "en")
    ('35,9 điểm phần trăm', '−2.0 percentage points', '1.0 percentage point')
    """
    if _is_missing(x):
        return MISSING
    word = {"vi": "điểm phần trăm", "en": "percentage points"}[lang]
    one = lang == "en" and abs(rounded(_times_100(x), decimals)) == 1
    return f"{number(_times_100(x), lang, decimals)} {word[:-1] if one else word}"


# --- chances ---------------------------------------------------------------------------------------------------------


def span(first: int, last: int, lang: str) -> str:
    """Whole numbers from one to another, or the one that they are.

    >>> span(5, 8, "vi"), span(4, 4, "en")
    ('5–8', '4')
    """
    low, high = number(first, lang, 0), number(last, lang, 0)
    return low if low == high else f"{low}–{high}"


def signed(x: float, lang: str, decimals: int = 1) -> str:
    """A number with its sign, a minus being a minus.

    >>> signed(9.24, "vi"), signed(-3, "en", 0), signed(0, "en")
    ('+9,2', '−3', '0.0')
    """
    return f"{'+' if x > 0 else '−' if x < 0 else ''}{number(abs(x), lang, decimals)}"


def chance(p: float, lang: str, *, low: float = LOWEST, high: float = HIGHEST) -> str:
    """A probability in whole per cent, never 0% or 100%: outside ``low`` and ``high`` only the side is told.

    >>> chance(0.704, "vi"), chance(0.02, "vi"), chance(0.99, "en"), chance(0.05, "en")
    ('70%', 'dưới 5%', 'over 95%', 'under 5%')
    """
    if _is_missing(p):
        return MISSING
    under, over = {"vi": ("dưới", "trên"), "en": ("under", "over")}[lang]
    if p <= low or p >= high:
        return f"{under} {percent(low, lang, 0)}" if p <= low else f"{over} {percent(high, lang, 0)}"
    return percent(p, lang, 0)


def chance_in_ten(p: float, lang: str) -> str:
    """A probability as a count of ten, with less than 1 and more than 9 kept apart.

    >>> chance_in_ten(0.7, "vi"), chance_in_ten(0.66, "en"), chance_in_ten(0.03, "vi"), chance_in_ten(0.97, "en")
    ('khoảng 7 trên 10', 'about 7 in 10', 'dưới 1 trên 10', 'more than 9 in 10')
    """
    if _is_missing(p):
        return MISSING
    about, under, over, of = IN_TEN[lang]
    if p <= LOWEST or p >= HIGHEST:
        return f"{under} 1 {of} 10" if p <= LOWEST else f"{over} 9 {of} 10"
    return f"{about} {min(max(int(rounded(10 * p)), 1), 9)} {of} 10"


IN_TEN = {"vi": ("khoảng", "dưới", "trên", "trên"), "en": ("about", "less than", "more than", "in")}

# --- periods and dates -----------------------------------------------------------------------------------------------

ROMAN = ("I", "II", "III", "IV")


def period_text(label: str, lang: str) -> str:
    """A period in running text.

    >>> period_text("2014Q2", "vi"), period_text("2014Q2", "en"), period_text("2014", "vi"), period_text("2014M05", "en")
    ('Quý II/2014', 'Q2 2014', 'năm 2014', 'May 2014')
    """
    year, part = _year_part(label)
    kind = frequency(label)
    if kind == "yearly":
        return f"năm {year}" if lang == "vi" else str(year)
    if kind == "quarterly":
        return f"Quý {ROMAN[part - 1]}/{year}" if lang == "vi" else f"Q{part} {year}"
    return f"Tháng {part}/{year}" if lang == "vi" else format_date(dt.date(year, part, 1), "MMMM y", locale="en")


def span_text(last: str, span: int, lang: str) -> str:
    """Some periods that end a half-year or year, in running text; one is ``period_text``.

    >>> span_text("2014Q2", 2, "vi"), span_text("2014Q4", 2, "en"), span_text("2014Q4", 4, "vi"), span_text("2014Q2", 1, "en")
    ('6 tháng đầu năm 2014', 'the second half of 2014', 'năm 2014', 'Q2 2014')
    """
    year, part = _year_part(last)
    steps = STEPS_PER_YEAR[frequency(last)]
    if span == 1:
        return period_text(last, lang)
    if span == steps:
        return period_text(str(year), lang)
    half = 2 * part > steps
    vi, en = ("cuối", "second") if half else ("đầu", "first")
    return f"6 tháng {vi} năm {year}" if lang == "vi" else f"the {en} half of {year}"


def period_tick(label: str, lang: str) -> str:
    """A period under an axis.

    >>> period_tick("2014Q2", "vi"), period_tick("2014Q2", "en"), period_tick("2014", "vi"), period_tick("2014M05", "en")
    ('QII/2014', 'Q2/14', '2014', '05/14')
    """
    year, part = _year_part(label)
    kind = frequency(label)
    if kind == "yearly":
        return str(year)
    if kind == "quarterly":
        return f"Q{ROMAN[part - 1]}/{year}" if lang == "vi" else f"Q{part}/{year % 100:02d}"
    return f"T{part}/{year}" if lang == "vi" else f"{part:02d}/{year % 100:02d}"


def date_text(day: dt.date, lang: str) -> str:
    """A day in running text; in Vietnamese with the leading zeros of official papers (days below 10, January, February).

    >>> date_text(dt.date(2014, 7, 30), "vi"), date_text(dt.date(2014, 2, 5), "vi"), date_text(dt.date(2014, 7, 5), "en")
    ('ngày 30 tháng 7 năm 2014', 'ngày 05 tháng 02 năm 2014', '5 July 2014')
    """
    if lang == "en":
        return format_date(day, "d MMMM y", locale="en")
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def _year_part(label: str) -> tuple[int, int]:
    steps = {"yearly": 1, "quarterly": 4, "monthly": 12}[frequency(label)]
    year, part = divmod(ordinal(label), steps)
    return year, part + 1


# --- targets and values ----------------------------------------------------------------------------------------------

SIGNS = {"at_least": "≥", "above": ">", "at_most": "≤", "below": "<"}
WHOLE = {
    "vi": {"at_least": "từ {n} trở lên", "above": "trên {n}", "at_most": "không quá {n}", "below": "dưới {n}"},
    "en": {"at_least": "{n} or more", "above": "more than {n}", "at_most": "no more than {n}", "below": "fewer than {n}"},
}


def target_value(part: Any, indicator: Any, lang: str) -> str:
    """The comparator and value of a part of a target: "≥ 70%", "> 90%", "100%", "từ 16 trở lên", "trên 30".

    "all" of the units is 100%; a per cent keeps the decimals it has in the registry.
    """
    if indicator.kind == "count":
        return WHOLE[lang][part.comparator].format(n=number(int(part.threshold), lang))
    if part.threshold == 1 and part.comparator == "at_least" and indicator.kind in ("share", "units"):
        return "100%"
    digits = str(part.value).removesuffix("%").partition(".")[2]
    return f"{SIGNS[part.comparator]} {percent(float(part.threshold), lang, len(digits))}"


def milestone_value(value: int | str, indicator: Any, lang: str) -> str:
    """What a milestone of a share, ratio or count asks for, with the indicator's decimals, or those of the registry where they
    are more: "82,5%", "0,75%", "16"."""
    if indicator.kind == "count":
        return number(int(value), lang)
    if value == "all":
        return "100%"
    written = len(value.removesuffix("%").partition(".")[2])
    return percent(float(value.removesuffix("%")) / 100, lang, max(written, indicator.decimals))


def value_text(value: float, indicator: Any, lang: str) -> str:
    """A figure of an indicator: a count as a whole number, all else as per cent with the indicator's decimals."""
    return number(value, lang) if indicator.kind == "count" else percent(value, lang, indicator.decimals)


def _times_100(x: float) -> float:
    # Multiplying in decimal keeps 0.285 at 28.5; in floats it becomes 28.499999999999996.
    return x if math.isinf(x) else float(Decimal(f"{float(x):.{FIGURES}e}") * 100)


def _is_missing(x: Any) -> bool:
    return x is None or x != x
