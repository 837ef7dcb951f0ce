"""Blocks of a document: content as JSON, laid out by a Typst function of the same name.

Content never becomes code: the Typst source of a block is one function call whose only argument is a JSON string, and the
exporter runs nothing else (``read_block``).
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MIME = "text/vnd.typst"
MARK = "qnict-block-1"
"""Stands in the metadata of our own output; a foreign notebook's Typst is shown as text."""

FUNCTIONS = (
    "document",
    "report",
    "overview",
    "target-table",
    "target-block",
    "method",
    "annex-page",
    "sources",
    "table",
    "prose",
    "figure",
)
"""The layout functions that a block may call."""

_CALL = re.compile(r'#(?P<name>[a-z-]+)\(json\(bytes\("(?P<text>(?:[^"\\\n]|\\["\\nrt])*)"\)\)\)')
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


@dataclass(frozen=True)
class Block:
    """One piece of a document: the layout function's name, its content, and what JupyterLab shows instead.

    ``mark``: words that must stand on every page of a notebook that holds it, such as that its figures are illustrative.
    """

    function: str
    data: dict
    html: str = ""
    text: str = field(default="")
    mark: str = field(default="")

    def __post_init__(self):
        if self.function not in FUNCTIONS:
            raise ValueError(f"no layout function {self.function!r}; known: {', '.join(FUNCTIONS)}")

    def typst(self) -> str:
        """The one function call that lays this block out."""
        content = json.dumps(self.data, ensure_ascii=False, allow_nan=False, sort_keys=True)
        return f'#{self.function}(json(bytes("{quoted(content)}")))'

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {MIME: self.typst(), "text/plain": self.text or self.function}
        if self.html:
            bundle["text/html"] = self.html
        return bundle, {MIME: {"qnict": MARK} | ({"mark": self.mark} if self.mark else {})}


def mark_of(outputs: Iterable[Mapping]) -> str:
    """The words that must stand on every page that shows these outputs of a notebook; empty where there are none."""
    for output in outputs:
        metadata = output.get("metadata") or {}
        block = read_block("".join((output.get("data") or {}).get(MIME, "")), metadata)
        words = block and (metadata[MIME].get("mark") or block[1].get("mark"))
        if isinstance(words, str) and words:
            return words
    return ""


def quoted(text: str) -> str:
    """Text as the inside of a Typst string literal."""
    return text.translate(_ESCAPES)


def read_block(source: str, metadata: dict) -> tuple[str, dict] | None:
    """Function and content of a block of ours; None for anything that is not exactly one known call with our mark."""
    found = _CALL.fullmatch(source.strip())
    if metadata.get(MIME, {}).get("qnict") != MARK or not found or found["name"] not in FUNCTIONS:
        return None
    plain = re.sub(r"\\(.)", lambda match: {"n": "\n", "r": "\r", "t": "\t"}.get(match[1], match[1]), found["text"])
    try:
        return found["name"], json.loads(plain)
    except ValueError:
        return None
