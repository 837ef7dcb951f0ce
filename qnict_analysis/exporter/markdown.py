"""Markdown as HTML, the way Jupyter reads it: formulas are taken out before anything else looks at the text."""

import re
from functools import cache

from qnict_analysis.exporter.formulas import formula
from qnict_analysis.exporter.pieces import Pieces

_FENCE = (
    r"(?P<code>^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?\n)??[ \t]*(?P=fence)[`~]*[ \t]*$"
    r"|(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
)
_MATH = (
    r"\\(?P<escaped>[\\$`])(?![(\[])"
    r"|\$\$(?P<display>.+?)\$\$"
    r"|(?<![\\$])\$(?P<inline>(?!\s)(?:\\.|[^$\\\n]|\n(?!\s*\n))+?(?<!\s))\$(?!\d)"
    r"|\\\\\[(?P<square>.+?)\\\\\]"
    r"|\\\\\((?P<round>.+?)\\\\\)"
    r"|(?P<environment>\\begin\{(?P<name>[a-zA-Z]+\*?)\}.+?\\end\{(?P=name)\})"
)
_PARTS = re.compile(f"{_FENCE}|{_MATH}", re.DOTALL | re.MULTILINE)
_RULER = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_BAR = re.compile(r"(?<!\\)\|")
_MARGIN = re.compile(r"[\s>]*")
_ITEM = re.compile(r"[\s>]*(?:[-*+]|\d{1,9}[.)])\s")
_LEAD = re.compile(rf"(?:{_ITEM.pattern})*{_MARGIN.pattern}")
_FENCED = re.compile(r"[\s>]*(`{3,}[^`]*$|~{3,})")
PRIVATE = re.compile("[\ue000\ue001]")


def html_of(pieces: Pieces, source: str) -> str:
    """Markdown as HTML in which formulas are tokens (``elements.TOKEN``)."""
    return reader()(squared(_PARTS.sub(lambda found: without_formula(pieces, found), PRIVATE.sub("", source))))


def without_formula(pieces: Pieces, found: re.Match) -> str:
    """What stands in the text for one match: code as it is, a formula as its token."""
    if found["code"] or found["escaped"]:
        return found[0]
    tex = found["display"] or found["inline"] or found["square"] or found["round"] or found["environment"]
    if not tex.strip():
        return found[0]
    display = not (found["inline"] or found["round"])
    number = formula(pieces, tex, display=display, source=found[0])
    return f"\ue000{number}\ue001"


def squared(source: str) -> str:
    """Markdown whose tables have as many cells in each row as in their head: Jupyter forgives others, this reader does not."""
    lines = source.split("\n")
    for first, last in tables_of(lines):
        rows = [without_lead(lines[first]), *(_MARGIN.sub("", line, count=1) for line in lines[first + 1 : last])]
        leads = [line.removesuffix(row) for line, row in zip(lines[first:last], rows, strict=True)]
        if not is_even(rows):
            width = len(cells_of(rows[0]))
            lines[first:last] = [lead + barred(row, width) for lead, row in zip(leads, rows, strict=True)]
    return "\n".join(lines)


def tables_of(lines: list[str]) -> list[list[int]]:
    """The first line of each table and the line after its last one; lines of code are left alone."""
    found: list[list[int]] = []
    fence = ""
    for place, line in enumerate(lines):
        mark = _FENCED.match(line)
        if mark and fence in ("", mark[1][0]):
            fence = "" if fence else mark[1][0]
        elif not fence and found and found[-1][1] == place and goes_on(lines[place - 1], line):
            found[-1][1] += 1
        elif not fence and place and is_ruler(lines[place - 1], line):
            found.append([place - 1, place + 1])
    return found


def is_ruler(above: str, line: str) -> bool:
    """Whether a line is the one below the head of a table; a head behind the mark of a list item has it set in."""
    row = _MARGIN.sub("", line, count=1)
    set_in = row != line or not _ITEM.match(above)
    fits = "|" in above and "-" in row and _RULER.fullmatch(row) is not None
    return fits and set_in and len(cells_of(row)) == len(cells_of(without_lead(above)))


def goes_on(above: str, line: str) -> bool:
    """Whether a line is one more row of a table; the next item of a list ends a table that is set in."""
    return "|" in line and not (_ITEM.match(line) and _MARGIN.match(above)[0])


def is_even(rows: list[str]) -> bool:
    """Whether the reader takes the rows of a table as they are: as many cells in each, bars at both ends of all or of none."""
    ends = {(row.startswith("|"), row.rstrip().endswith("|") and not row.rstrip().endswith("\\|")) for row in rows}
    return ends in ({(True, True)}, {(False, False)}) and len({len(cells_of(row)) for row in rows}) == 1


def barred(row: str, width: int) -> str:
    """A row of so many cells; what is too much stays in the last one: Jupyter would leave it out."""
    cells = cells_of(row)
    cells = [*cells[: width - 1], " \\| ".join(cells[width - 1 :])] if len(cells) > width else cells + [""] * (width - len(cells))
    return f"| {' | '.join(cells)} |"


def without_lead(line: str) -> str:
    """A head without the blanks and the marks of quotes and list items before it: a table may begin right behind them."""
    return _LEAD.sub("", line, count=1)


def cells_of(line: str) -> list[str]:
    """The cells of a row of a Markdown table."""
    line = line.strip().removeprefix("|")
    line = line[:-1] if line.endswith("|") and not line.endswith("\\|") else line
    return [cell.strip() for cell in _BAR.split(line)]


@cache
def reader():
    """The Markdown reader that nbconvert uses too, with the extensions of Jupyter."""
    import mistune
    from mistune.plugins.table import table_in_list, table_in_quote

    # Addresses are judged later, where links and pictures are made: here "attachment:" would be taken for a harmful one.
    renderer = mistune.HTMLRenderer(escape=False, allow_harmful_protocols=True)
    plugins = ["table", table_in_list, table_in_quote, "strikethrough", "task_lists", "url", "footnotes", "def_list"]
    return mistune.create_markdown(escape=False, hard_wrap=False, plugins=plugins, renderer=renderer)
