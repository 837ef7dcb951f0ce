"""What a notebook is turned into on its way to Typst: nodes that are data, never code.

A node is a dictionary whose ``k`` names a function of ``typst/notebook.typ``. Everything a reader sees as words stands under
``t``. Inline nodes: ``t`` (words), ``m`` (formula), ``br``, ``note``. Block nodes: ``p``, ``h``, ``list``, ``quote``, ``lines``,
``grid``, ``landscape``, ``img``, ``rule``, ``box``.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from qnict_analysis.exporter.phrases import phrase, warning

ZERO_WIDTH = "\u200b"
LONGEST_WORD = 40
"""Longer words may break anywhere: no line of a page holds them for sure."""
CHUNK = 4
"""Letters that stay together in a word that may break anywhere."""

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufe0e\ufe0f\ufeff\ufffe\uffff]")
"""Control characters and the marks that choose between a text and an emoji form: nothing that prints."""
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Controls that turn the order of the letters after them: a name may read as another one."""


@dataclass
class Pieces:
    """A notebook on its way to Typst: the document's settings, what stands in it, its files, what was lost on the way."""

    lang: str = "en"
    folder: Path | None = None
    max_lines: int = 500
    document: dict | None = None
    is_briefing: bool = False
    """Whether the notebook itself holds the settings of the document: then nothing may be lost."""
    parts: list = field(default_factory=list)
    """Source of our own blocks (text) or nodes (a list), in the order of the notebook."""
    files: dict[str, bytes] = field(default_factory=dict)
    formulas: list[dict] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def warn(self, name: str, *values, **named) -> None:
        """Note a loss once, in the language of the page."""
        text = warning(self.lang, name, *values, **named)
        if text not in self.warnings:
            self.warnings.append(text)

    def say(self, name: str, *values, **named) -> str:
        """A phrase in the language of the page."""
        return phrase(self.lang, name, *values, **named)


def clean(text: str) -> str:
    """Text without what never prints, letters and their marks as one; half a surrogate pair becomes its code."""
    text = unicodedata.normalize("NFC", CONTROL.sub("", text))
    return "".join(f"[U+{ord(one):04X}]" if "\ud800" <= one <= "\udfff" else one for one in text) if has_surrogate(text) else text


def has_surrogate(text: str) -> bool:
    """Whether text holds half a surrogate pair, which no file can hold."""
    return re.search("[\ud800-\udfff]", text) is not None


def breakable(text: str, *, longest: int = LONGEST_WORD) -> str:
    """Text whose very long words may break between any few letters."""
    return re.sub(rf"\S{{{longest},}}", lambda found: re.sub(rf"(\S{{{CHUNK}}})(?=\S)", rf"\1{ZERO_WIDTH}", found[0]), text)


def words(text: str, **style) -> dict:
    """Words in a style: b, i, u, s, sup, sub, code (true), colour, fill (#rrggbb), link (an address, or # and a heading)."""
    return {"k": "t", "t": breakable(clean(text)), **{name: value for name, value in style.items() if value}}


def paragraph(*inlines: dict, align: str = "") -> dict:
    """A paragraph of inline nodes."""
    return {"k": "p", "c": list(inlines), "align": align}


def boxed(blocks: list[dict], *, tone: str = "note") -> dict:
    """Blocks in a frame: what the exporter itself says among the notebook's own content."""
    return {"k": "box", "c": blocks, "tone": tone}


def plain_of(node) -> str:
    """The words of a node, or of a list of nodes, as they would be read."""
    if isinstance(node, list):
        return "".join(map(plain_of, node))
    if not isinstance(node, dict):
        return ""
    own = node.get("t", "") + node.get("tex", "") + ("\n" if node.get("k") == "br" else "")
    inner = "".join(plain_of(node[key]) for key in ("c", "items", "lines", "rows", "caption") if key in node)
    return own + inner + ("\n" if node.get("k") in ("p", "h") else "")


def walk(node) -> Iterator[dict]:
    """Every node in a tree of nodes."""
    if isinstance(node, list):
        for one in node:
            yield from walk(one)
    elif isinstance(node, dict):
        yield node
        for value in node.values():
            if isinstance(value, list | dict):
                yield from walk(value)
