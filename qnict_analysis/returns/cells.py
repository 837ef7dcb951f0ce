"""What people type into a cell, read as a number, a day, a period or a yes/no. ``ValueError`` says what is allowed."""

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Iterable

from qnict_analysis.periods import frequency
from qnict_analysis.returns.messages import said

LARGEST = 1e12
"""No figure of a unit is larger; beyond it a key got stuck, and whole numbers would soon lose their last digits."""

_SIGN = r"[+-]?"
_WHOLE = re.compile(rf"{_SIGN}\d+", re.ASCII)
_SPACE_THOUSANDS = re.compile(rf"{_SIGN}\d{{1,3}}( \d{{3}})+([.,]\d+)?", re.ASCII)
_DECIMAL = re.compile(rf"{_SIGN}\d+[.,]\d+", re.ASCII)
# One separator before exactly three digits: thousands to some people, decimals to others. "0.123" can only be a decimal.
_AMBIGUOUS = re.compile(rf"{_SIGN}[1-9]\d{{0,2}}[.,]\d{{3}}", re.ASCII)
_GROUPED = {
    "vi": re.compile(rf"{_SIGN}[1-9]\d{{0,2}}(\.\d{{3}})+(,\d+)?", re.ASCII),
    "en": re.compile(rf"{_SIGN}[1-9]\d{{0,2}}(,\d{{3}})+(\.\d+)?", re.ASCII),
}
"""Thousands in groups: with dots as Vietnamese writes them, with commas as English does."""
_POINT = {"vi": ",", "en": "."}

_DAY_FIRST = re.compile(
    r"(?:ng[àa]y )?(?P<day>\d{1,2}) ?(?:[/.-]|th[áa]ng) ?(?P<month>\d{1,2}) ?(?:[/.-]|n[ăa]m) ?(?P<year>\d{4})", re.ASCII
)
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[ t]00:00:00)?", re.ASCII)

_QUARTER = re.compile(r"(?:qu[ýíyi]|q)\.? ?(?P<part>[1-4]|iv|i{1,3}) ?(?:[/.-]|n[ăa]m)? ?(?P<year>\d{4})", re.ASCII)
_MONTH = re.compile(r"(?:th[áa]ng )?(?P<part>1[0-2]|0?[1-9]) ?(?:[/.-]|n[ăa]m) ?(?P<year>\d{4})", re.ASCII)
_YEAR = re.compile(r"(?:n[ăa]m )?(?P<year>\d{4})", re.ASCII)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}

DASHES = frozenset("-–—−")
"""In Vietnamese statistical tables a dash says that nothing occurred: zero."""

NOT_AVAILABLE = frozenset(("…", "...", "…."))
"""And dots say that the figure exists but is not known: not reported."""

_YES = {"x", "có", "co", "đã có", "yes", "y", "true"}
_NO = {"không", "khong", "không có", "chưa", "chưa có", "no", "n", "false"}


def is_blank(value) -> bool:
    """Whether a cell holds nothing but white space."""
    return value is None or (isinstance(value, str) and not value.strip())


def clean_text(value) -> str:
    """A cell as text in composed Unicode, with single spaces and none at the ends."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else " ".join(unicodedata.normalize("NFC", str(value)).split())


def folded(value) -> str:
    """Text by which two spellings of a name compare as equal: composed, without case, with single spaces."""
    return clean_text(value).casefold()


def plain(value) -> str:
    """Text by which headings and names compare as equal: without accents, case, punctuation and what stands in brackets."""
    return _plain(folded(value))


@functools.lru_cache(maxsize=16_384)
def _plain(text: str) -> str:
    text = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", text).replace("đ", "d")
    letters = (letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w%]+", " ", "".join(letters).replace("_", " ")).split())


def cell_name(row: int, column: int) -> str:
    """The A1 name of a cell; both numbers count from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def number_style(values: Iterable) -> str:
    """How the numbers of a column are written: "vi" (1.234,5), "en" (1,234.5), or "" where nothing or both can be seen."""
    found = {style for value in values if isinstance(value, str) for style in _styles_of(clean_text(value))}
    return found.pop() if len(found) == 1 else ""


def _styles_of(text: str) -> set[str]:
    """The habits that a text can only come from; nothing where it could come from either."""
    if _AMBIGUOUS.fullmatch(text):
        return set()
    if _DECIMAL.fullmatch(text):
        return {style for style, point in _POINT.items() if point in text}
    return {style for style, form in _GROUPED.items() if form.fullmatch(text)}


def is_ambiguous(value) -> bool:
    """Whether a cell holds a text such as 1.234, which is 1234 to some people and a decimal to others."""
    return isinstance(value, str) and bool(_AMBIGUOUS.fullmatch(clean_text(value)))


def parse_number(value, *, whole: bool, style: str = "") -> float:
    """A figure as typed: a number, or text with a decimal comma or point and dots, commas or spaces between thousands.

    ``style`` ("vi", "en" or "" for unknown) says how its column writes numbers, ``whole`` that only whole numbers make sense
    here; the two decide how "1.234" is meant. ``ValueError`` says what is allowed, also where nothing decides.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(said("a number"))
    number = value if isinstance(value, int | float) else _number_of(clean_text(value), whole=whole, style=style)
    if number is None or not abs(number) <= LARGEST:
        raise ValueError(said("a number"))
    return float(number)


def _number_of(text: str, *, whole: bool, style: str) -> float | None:
    if _WHOLE.fullmatch(text):
        return float(text)
    if _AMBIGUOUS.fullmatch(text):
        return _decided(text, whole=whole, style=style)
    for name, form in _GROUPED.items():
        if form.fullmatch(text):
            return float(text.replace(_POINT["en" if name == "vi" else "vi"], "").replace(",", "."))
    if _SPACE_THOUSANDS.fullmatch(text) or _DECIMAL.fullmatch(text):
        return float(text.replace(" ", "").replace(",", "."))
    return None


def _decided(text: str, *, whole: bool, style: str) -> float:
    """A text such as 1.234 by the habit of its column, else by what makes sense; ``ValueError`` where neither decides."""
    as_decimal, as_thousands = float(text.replace(",", ".")), float(text.replace(",", "").replace(".", ""))
    decimal = style and _POINT[style] in text
    if (not style and not whole) or (decimal and whole):
        readings = {"text": text, "one": f"{as_thousands:g}", "other": f"{as_decimal:g}"}
        allowed = "a number; {text} can mean {one} or {other}, so write it without a separator of thousands"
        raise ValueError(said(allowed, **readings))
    return as_decimal if decimal else as_thousands


def parse_percent(value, style: str = "") -> tuple[float, int, bool] | None:
    """A per cent as typed: the number, its decimals, and whether it bears the sign; None for what is no number."""
    text = clean_text(value)
    signed = text.endswith("%")
    try:
        typed = text.removesuffix("%").strip() if signed or isinstance(value, str) else value
        number = parse_number(typed, whole=False, style=style or "vi")
    except ValueError:
        return None
    tail = re.split(r"[.,]", text.removesuffix("%").strip())
    return number, len(tail[-1]) if len(tail) > 1 else 0, signed


def parse_yes_no(value) -> float | None:
    """1 or 0 for a word that says yes or no ("x", "Có", "Không"), None for anything else."""
    if isinstance(value, bool):
        return float(value)
    text = folded(value) if isinstance(value, str) else ""
    return 1.0 if text in _YES else 0.0 if text in _NO else None


def parse_day(value) -> dt.date:
    """A day from a date cell or from text: 15/07/2014, 15-7-2014, ngày 15 tháng 7 năm 2014, 2014-07-15."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = folded(value)
    match = _DAY_FIRST.fullmatch(text) or _ISO.fullmatch(text)
    try:
        return dt.date(int(match["year"]), int(match["month"]), int(match["day"]))
    except (TypeError, ValueError):
        raise ValueError(said("a date such as 15/07/2014")) from None


def parse_period(value) -> str:
    """A period label from text: Quý II/2014, quý 2 năm 2014, Q2/2014, 2014Q2, tháng 5/2014, năm 2014, 2014."""
    text = folded(value)
    if match := _QUARTER.fullmatch(text):
        return f"{match['year']}Q{_ROMAN.get(match['part'], match['part'])}"
    if match := _MONTH.fullmatch(text):
        return f"{match['year']}M{int(match['part']):02d}"
    if match := _YEAR.fullmatch(text):
        return match["year"]
    try:
        frequency(text.upper())
    except ValueError:
        raise ValueError(said("a period such as Quý II/2014 or 2014Q2")) from None
    return text.upper()
