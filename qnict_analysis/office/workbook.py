"""The tables of a run as one workbook: typed cells, units in words, nothing that a spreadsheet could run."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from qnict_analysis.forms import workbook_bytes
from qnict_analysis.office.columns import FORMATS, LEVEL_COLUMNS, MEANINGS, PERCENT, READ_FIRST, TABLES
from qnict_analysis.sheets import put_value

HEAD = PatternFill("solid", fgColor="DCE3EC")
INK = "1F3A5F"
WIDEST, NARROWEST = 46, 9
LANGS = ("vi", "en")


def tables_workbook(
    folder: Path,
    about: dict[str, str],
    *,
    mark: dict[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    names: Mapping[str, Mapping[str, str]] | None = None,
) -> bytes:
    """The CSV tables of a run folder as .xlsx, one sheet each behind a first one that explains them.

    ``about``: what the run is (as-of, scenario, seed, hash), in the order shown. ``mark``: the mark of illustrative figures by
    language, on every sheet. ``kinds``: the kind of each indicator, by which its levels are shown as per cent or not. ``names``:
    the short name of each target by language, which the sheets have beside its id and the CSV tables do not. Empty tables are
    named on the first sheet and have none of their own. The same tables give the same bytes. Texts never become formulas.
    """
    book = Workbook()
    first = book.active
    first.title = READ_FIRST["sheet"]
    found = {path.stem: with_names(pd.read_csv(path), names or {}) for path in sorted(folder.glob("*.csv"))}
    named = {name: table for name, table in found.items() if len(table)}
    write_first(first, about, found, mark)
    for name in sorted(named, key=lambda name: list(TABLES).index(name) if name in TABLES else len(TABLES)):
        write_table(book.create_sheet(name), named[name], mark, level_formats(name, named[name], kinds or {}))
    return workbook_bytes(book)


def with_names(table: pd.DataFrame, names: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """A table with the names of its targets, a column a language, behind their ids; as it is where it has none."""
    if not names or "target" not in table:
        return table
    place, named = table.columns.get_loc("target") + 1, table.copy()
    for lang in reversed(LANGS):
        named.insert(place, f"target_{lang}", [names.get(target, {}).get(lang) for target in table["target"]])
    return named


def write_first(sheet: Worksheet, about: dict[str, str], found: dict, mark: dict[str, str] | None) -> None:
    """The sheet that explains: what the run is, what each table and column holds, in both languages."""
    rows: list[tuple] = [(READ_FIRST["title"],)]
    rows += [(" · ".join(mark[lang] for lang in LANGS),)] if mark else []
    rows += [(), *about.items(), (), READ_FIRST["tables"]]
    rows += [(name, *(TABLES.get(name, {}).get(lang, "") for lang in LANGS), len(table)) for name, table in found.items()]
    columns = dict.fromkeys(column for table in found.values() for column in table.columns)
    rows += [(), READ_FIRST["columns"], *((name, *(MEANINGS.get(name, {}).get(lang, "") for lang in LANGS)) for name in columns)]
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            cell = put_value(sheet.cell(number, place), value)
            heads = (READ_FIRST["tables"], READ_FIRST["columns"])
            cell.font = Font(bold=number == 1 or row in heads or place == 1, color="C2410C" if mark and number == 2 else INK)
            cell.alignment = Alignment(wrap_text=number > 2 and place > 1, vertical="top")
    for letter, width in zip("ABCD", (24, 60, 60, 10), strict=True):
        sheet.column_dimensions[letter].width = width


def level_formats(name: str, table: pd.DataFrame, kinds: Mapping[str, str]) -> dict[str, list[str]]:
    """By column, the number format of each row where the unit is that of the row's indicator."""
    columns, by_kind = LEVEL_COLUMNS.get(name, ((), {}))
    if not set(columns) <= set(table) or "indicator" not in table:
        return {}
    found = [by_kind.get(kinds.get(indicator, ""), "General") for indicator in table["indicator"]]
    if "output_type" in table:
        found = [PERCENT if kind == "p_met" else one for kind, one in zip(table["output_type"], found, strict=True)]
    return dict.fromkeys(columns, found)


def write_table(sheet: Worksheet, table: pd.DataFrame, mark: dict[str, str] | None, levels: dict[str, list[str]]) -> None:
    """One table: its mark, a head that stays in view, numbers as numbers in the form of their column, or of their row."""
    top = 1
    if mark:
        cell = put_value(sheet.cell(1, 1), " · ".join(mark[lang] for lang in LANGS))
        cell.font, top = Font(bold=True, color="C2410C"), 2
    for place, name in enumerate(table.columns, 1):
        head = put_value(sheet.cell(top, place), name)
        head.font, head.fill = Font(bold=True, color=INK), HEAD
        values = table[name].astype(object).where(table[name].notna(), None)
        shapes = levels.get(name, [FORMATS.get(name, "General")] * len(table))
        for number, (value, shape) in enumerate(zip(values, shapes, strict=True), top + 1):
            if value is not None:
                put_value(sheet.cell(number, place), plain(value)).number_format = shape
        longest = max([len(str(name)) + 3, *(len(shown(value)) for value in values)])
        sheet.column_dimensions[get_column_letter(place)].width = min(max(longest + 1, NARROWEST), WIDEST)
    sheet.freeze_panes = sheet.cell(top + 1, 1)
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(table.columns))}{top + len(table)}"


def plain(value):
    """A value as Python has it: a workbook takes no NumPy types."""
    return value.item() if hasattr(value, "item") else value


def shown(value) -> str:
    """About what a cell shows."""
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
