"""What people type into a cell, read as a number, a day, a period or a yes/no. ``ValueError`` says what is allowed."""

import datetime as dt
import re
import unicodedata

from qnict_analysis.periods import frequency

LARGEST = 1e12
"""No figure of a unit is larger; beyond it a key got stuck, and whole numbers would soon lose their last digits."""

_SIGN = r"[+-]?"
_WHOLE = re.compile(rf"{_SIGN}\d+", re.ASCII)
# A dot before groups of exactly three digits separates thousands, as Vietnamese writes it; "0.123" can only be a decimal.
_DOT_THOUSANDS = re.compile(rf"{_SIGN}[1-9]\d{{0,2}}(\.\d{{3}})+(,\d+)?", re.ASCII)
_COMMA_THOUSANDS = re.compile(rf"{_SIGN}[1-9]\d{{0,2}}(,\d{{3}})+(\.\d+)?", re.ASCII)
_SPACE_THOUSANDS = re.compile(rf"{_SIGN}\d{{1,3}}( \d{{3}})+([.,]\d+)?", re.ASCII)
_DECIMAL = re.compile(rf"{_SIGN}\d+[.,]\d+", re.ASCII)

_DAY_FIRST = re.compile(
    r"(?:ngày )?(?P<day>\d{1,2}) ?(?:[/.-]|tháng) ?(?P<month>\d{1,2}) ?(?:[/.-]|năm) ?(?P<year>\d{4})", re.ASCII
)
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[ t]00:00:00)?", re.ASCII)

_QUARTER = re.compile(r"(?:qu[ýí]|q)\.? ?(?P<part>[1-4]|iv|i{1,3}) ?(?:[/.-]|năm)? ?(?P<year>\d{4})", re.ASCII)
_MONTH = re.compile(r"(?:tháng )?(?P<part>1[0-2]|0?[1-9]) ?(?:[/.-]|năm) ?(?P<year>\d{4})", re.ASCII)
_YEAR = re.compile(r"(?:năm )?(?P<year>\d{4})", re.ASCII)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}

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


def cell_name(row: int, column: int) -> str:
    """The A1 name of a cell; both numbers count from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def parse_number(value, *, whole: bool) -> float:
    """A figure as typed: a number, or text with a decimal comma or point and dots, commas or spaces between thousands.

    ``whole`` says that only whole numbers make sense here, which decides how "1,234" is meant: 1234, else 1.234.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("a number")
    number = value if isinstance(value, int | float) else _number_of(clean_text(value), whole=whole)
    if number is None or not abs(number) <= LARGEST:
        raise ValueError("a number such as 1234, 1.234 or 1.234,5; blank if not reported")
    return float(number)


def _number_of(text: str, *, whole: bool) -> float | None:
    if _WHOLE.fullmatch(text):
        return float(text)
    if _DOT_THOUSANDS.fullmatch(text):
        return float(text.replace(".", "").replace(",", "."))
    if _COMMA_THOUSANDS.fullmatch(text) and (whole or "." in text or text.count(",") > 1):
        return float(text.replace(",", ""))
    if _SPACE_THOUSANDS.fullmatch(text) or _DECIMAL.fullmatch(text):
        return float(text.replace(" ", "").replace(",", "."))
    return None


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
        raise ValueError("a date such as 15/07/2014") from None


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
        raise ValueError("a period such as Quý II/2014 or 2014Q2") from None
    return text.upper()
