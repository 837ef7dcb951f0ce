"""Markdown as HTML, the way Jupyter reads it: formulas are taken out before anything else looks at the text."""

import re
from functools import cache

from qnict_analysis.exporter.formulas import formula
from qnict_analysis.exporter.pieces import Pieces

_FENCE = r"(?P<code>^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?\n)??[ \t]*(?P=fence)[`~]*[ \t]*$|(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
_MATH = (
    r"\\(?P<escaped>[\\$`])(?![(\[])"
    r"|\$\$(?P<display>.+?)\$\$"
    r"|(?<![\\$])\$(?P<inline>(?!\s)(?:\\.|[^$\\\n]|\n(?!\s*\n))+?(?<!\s))\$(?!\d)"
    r"|\\\\\[(?P<square>.+?)\\\\\]"
    r"|\\\\\((?P<round>.+?)\\\\\)"
    r"|(?P<environment>\\begin\{(?P<name>[a-zA-Z]+\*?)\}.+?\\end\{(?P=name)\})"
)
_PARTS = re.compile(f"{_FENCE}|{_MATH}", re.DOTALL | re.MULTILINE)
PRIVATE = re.compile("[\ue000\ue001]")


def html_of(pieces: Pieces, source: str) -> str:
    """Markdown as HTML in which formulas are tokens (``elements.TOKEN``)."""
    return reader()(_PARTS.sub(lambda found: without_formula(pieces, found), PRIVATE.sub("", source)))


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


@cache
def reader():
    """The Markdown reader that nbconvert uses too, with the extensions of Jupyter."""
    import mistune

    plugins = ["table", "strikethrough", "task_lists", "url", "footnotes", "def_list"]
    return mistune.create_markdown(escape=False, hard_wrap=False, plugins=plugins, renderer=mistune.HTMLRenderer(escape=False))
