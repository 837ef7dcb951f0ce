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
    width = 0
    for place, line in enumerate(lines):
        if (
            place
            and "|" in lines[place - 1]
            and "-" in line
            and _RULER.fullmatch(line)
            and len(cells_of(line)) == len(cells_of(lines[place - 1]))
        ):
            width = len(cells_of(line))
        elif width and line.strip() and "|" in line:
            cells = cells_of(line)
            if len(cells) != width:  # what is too much stays in the last cell: Jupyter would leave it out
                cells = (
                    [*cells[: width - 1], " \\| ".join(cells[width - 1 :])]
                    if len(cells) > width
                    else cells + [""] * (width - len(cells))
                )
                lines[place] = f"| {' | '.join(cells)} |"
        else:
            width = 0
    return "\n".join(lines)


def cells_of(line: str) -> list[str]:
    """The cells of a row of a Markdown table."""
    line = line.strip().removeprefix("|")
    line = line[:-1] if line.endswith("|") and not line.endswith("\\|") else line
    return [cell.strip() for cell in _BAR.split(line)]


@cache
def reader():
    """The Markdown reader that nbconvert uses too, with the extensions of Jupyter."""
    import mistune

    # Addresses are judged later, where links and pictures are made: here "attachment:" would be taken for a harmful one.
    renderer = mistune.HTMLRenderer(escape=False, allow_harmful_protocols=True)
    plugins = ["table", "strikethrough", "task_lists", "url", "footnotes", "def_list"]
    return mistune.create_markdown(escape=False, hard_wrap=False, plugins=plugins, renderer=renderer)
