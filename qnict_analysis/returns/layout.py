"""Where a sheet keeps what: its table found by headings, whatever their order, accents, case or wording."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qnict_analysis.returns.cells import parse_period, plain
from qnict_analysis.returns.checks import Rules
from qnict_analysis.returns.page import Page

HEAD_ROWS = 40
"""A table begins in the first rows of its sheet."""

HEADINGS = {
    "indicator": ("Mã", "Mã chỉ tiêu", "Mã số", "Mã CT", "Ký hiệu", "Code", "Indicator", "Indicator code"),
    "name": ("Chỉ tiêu", "Tên chỉ tiêu", "Nội dung", "Nội dung chỉ tiêu", "Chỉ số", "Indicator name"),
    "unit": (
        "Đơn vị",
        "Đơn vị báo cáo",
        "Tên đơn vị",
        "Mã đơn vị",
        "Cơ quan",
        "Tên cơ quan",
        "Cơ quan, đơn vị",
        "Unit",
        "Agency",
    ),
    "period": ("Kỳ", "Kỳ báo cáo", "Thời kỳ", "Quý", "Quý báo cáo", "Period", "Quarter"),
    "year": ("Năm", "Year"),
    "reported_on": ("Ngày", "Ngày báo cáo", "Ngày lập", "Ngày lập báo cáo", "Reported on", "Report date", "Date"),
    "numerator": ("Tử số", "Số đạt", "Số đạt được", "Đã thực hiện", "Thực hiện", "Numerator"),
    "denominator": ("Mẫu số", "Tổng số", "Tổng", "Denominator", "Total"),
    "value": ("Số lượng", "Giá trị", "Kết quả", "Số liệu", "Value"),
    "percent": ("Tỷ lệ", "Tỉ lệ", "Tỷ lệ %", "Tỉ lệ %", "Tỷ lệ phần trăm", "%", "Percent", "Per cent", "Rate", "Value percent"),
    "note": ("Ghi chú", "Lý do", "Lý do điều chỉnh", "Note", "Notes", "Remarks"),
}
FIELDS = {plain(heading): name for name, headings in HEADINGS.items() for heading in headings}
NUMBERS = ("numerator", "denominator", "value", "percent")


@dataclass(frozen=True)
class Group:
    """The columns of one figure in a row; ``period`` or ``indicator`` where the heading above them names it."""

    numerator: int
    denominator: int | None = None
    percent: int | None = None
    note: int | None = None
    period: str = ""
    indicator: str = ""


@dataclass(frozen=True)
class Table:
    """A table of figures: row of its headings, first row of data, columns by field, and the figures of each row.

    ``repeated``: columns that bear a heading for the second time where nothing above tells the two apart.
    """

    row: int
    first: int
    columns: dict[str, int]
    groups: tuple[Group, ...]
    repeated: tuple[tuple[int, int], ...] = ()

    def numbers(self) -> list[int]:
        """The columns that hold numbers."""
        found = (column for group in self.groups for column in (group.numerator, group.denominator, group.percent))
        return [column for column in found if column]

    def has(self, name: str) -> bool:
        """Whether each row tells a thing itself: in a column of its own or in the headings above its figures."""
        return name in self.columns or all(getattr(group, name, "") for group in self.groups)


def find_table(page: Page, first: int, last: int, rules: Rules) -> Table | None:
    """The first table whose headings begin in rows ``first`` to ``last``: it names indicators and has numbers."""
    found = (_table_at(page, row, rules) for row in range(first, min(last, len(page.rows)) + 1))
    table = next((table for table in found if table), None)
    # A line such as "Kỳ báo cáo: …" above a whole heading is no part of it.
    alone = _table_at(page, table.row + 1, rules) if table and table.first > table.row + 1 else None
    return alone or table


def _table_at(page: Page, row: int, rules: Rules) -> Table | None:
    """The table whose headings begin in a row, over one row or two."""
    here = dict(_fields(page, row))
    if not here and not any(_periods(page, row)):
        return None
    below = {column: name for column, name in _fields(page, row + 1) if page.merged.get((row + 1, column), (0,))[0] != row}
    deep = any(name in NUMBERS for name in below.values())
    fields = dict(sorted(({**here, **below} if deep else here).items()))
    columns: dict[str, int] = {}
    for column, name in fields.items():
        columns.setdefault(name, column)
    parents = _parents(page, row if deep else row - 1, rules)
    groups, repeated = _groups(page, row + deep, fields, parents, rules)
    table = Table(row, row + 1 + deep, columns, groups, tuple((row + deep, column) for column in repeated))
    is_table = groups and any(table.has(name) for name in ("indicator", "name"))
    return table if is_table else None


def _fields(page: Page, row: int) -> Iterator[tuple[int, str]]:
    """The columns of a row that hold a known heading."""
    for column in range(1, page.width(row) + 1):
        name = FIELDS.get(plain(page.filled(row, column)))
        if name:
            yield column, name


def _periods(page: Page, row: int) -> Iterator[str]:
    return filter(None, (_period(page.filled(row, column)) for column in range(1, page.width(row) + 1)))


def _period(value) -> str:
    """The period that a heading names, else nothing."""
    try:
        return parse_period(value) if isinstance(value, str) else ""
    except ValueError:
        return ""


def _indicator(value, rules: Rules) -> str:
    """The indicator that a heading names, else nothing."""
    known = rules.indicator_names.get(plain(value), frozenset()) if isinstance(value, str) else ()
    return next(iter(known)) if len(known) == 1 else ""


def _parents(page: Page, row: int, rules: Rules) -> Callable[[int], tuple[str, str]]:
    """A lookup of what the heading above a column names: period and indicator."""
    return lambda column: (_period(page.filled(row, column)), _indicator(page.filled(row, column), rules))


def _groups(page: Page, row: int, fields: dict[int, str], parents: Callable, rules: Rules) -> tuple[tuple[Group, ...], list[int]]:
    """The figures of each row of data, and the columns whose heading stands a second time for no reason."""
    for name in ("numerator", "value", "percent"):
        starts = [column for column, field in fields.items() if field == name]
        if len(starts) == 1:
            return (_group(starts[0], fields, name),), []
        if starts:
            return _several(starts, fields, name, parents)
    named = (
        (column, _period(page.filled(row, column)), _indicator(page.filled(row, column), rules))
        for column in _free(page, row, fields)
    )
    return tuple(
        Group(column, period=period, indicator=indicator) for column, period, indicator in named if period or indicator
    ), []


def _free(page: Page, row: int, fields: dict[int, str]) -> list[int]:
    return [column for column in range(1, page.width(row) + 1) if column not in fields]


def _group(start: int, fields: dict[int, str], name: str, **above: str) -> Group:
    """The figure that starts in a column, with the first column of each other field among ``fields``."""
    by_name: dict[str, int] = {}
    for column, field in fields.items():
        by_name.setdefault(field, column)
    rest = {field: by_name.get(field) for field in ("denominator", "percent", "note")}
    return Group(start, **(rest | ({"percent": start} if name == "percent" else {})), **above)


def _several(starts: list[int], fields: dict[int, str], name: str, parents: Callable) -> tuple[tuple[Group, ...], list[int]]:
    """Figures side by side, told apart by the period or the indicator that stands above them."""
    keys = [parents(start) for start in starts]
    if not all(any(key) for key in keys) or len(set(keys)) < len(keys):
        return (_group(starts[0], fields, name),), starts[1:]
    groups = []
    for start, (period, indicator) in zip(starts, keys, strict=True):
        own = {column: field for column, field in fields.items() if field in NUMBERS and parents(column) == (period, indicator)}
        groups.append(_group(start, own, name, period=period, indicator="" if period else indicator))
    return tuple(groups), []
