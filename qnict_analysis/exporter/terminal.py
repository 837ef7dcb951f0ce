"""Text of a terminal as lines of words: colours of ANSI codes kept, overwritten progress bars left out, very long text folded."""

import re

from qnict_analysis.exporter.pieces import Pieces, clean, words

_CODE = re.compile(r"\x1b\[([0-9;:]*)m")
_OTHER_CODES = re.compile(
    r"\x1b\[[0-9;?<>=:]*[ -/]*[@-ln-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_].*?\x1b\\|\x1b[ -/]*[0-Z\\^-~]", re.DOTALL
)
DARK = ("#24292f", "#b42318", "#1a7f37", "#8a5a00", "#1f5fbf", "#8250df", "#0b7285", "#57606a")
"""The eight colours of a terminal, dark enough for paper."""
STANDARD = (30, 90)
TAB = 4


def lines_of(pieces: Pieces, text: str, *, label: str = "", tone: str = "plain") -> dict:
    """A node of lines for what a program printed. ``tone``: plain, or trouble for messages and errors."""
    lines = _OTHER_CODES.sub("", text).replace("\r\n", "\n").strip("\n").split("\n")
    styled = coloured([overwritten(line).expandtabs(TAB) for line in lines])
    return {"k": "lines", "lines": folded(pieces, styled), "label": [words(label, b=True)] if label else [], "tone": tone}


def overwritten(line: str) -> str:
    """What stays on a terminal of a line whose start was written again: the last text after a carriage return."""
    return next((part for part in reversed(line.split("\r")) if part), "")


def coloured(lines: list[str]) -> list[list[dict]]:
    """Words of each line in the style that ANSI codes give them; a style lasts until it is taken back."""
    style: dict = {}
    found = []
    for line in lines:
        run, at = [], 0
        for code in _CODE.finditer(line):
            run += [words(line[at : code.start()], **style)] if code.start() > at else []
            style = after(style, [int(part) if part else 0 for part in re.split("[;:]", code[1])])
            at = code.end()
        found.append([*run, words(line[at:], **style)] if line[at:] or not run else run)
    return found


def after(style: dict, codes: list[int]) -> dict:
    """The style after the numbers of one ANSI code; backgrounds and what paper cannot show are left out."""
    style, codes = dict(style), list(codes)
    while codes:
        code = codes.pop(0)
        if code in (38, 48):
            kind = codes.pop(0) if codes else 0
            values = [codes.pop(0) for _ in range(min(len(codes), {5: 1, 2: 3}.get(kind, 0)))]
            if code == 38 and kind == 5 and values and values[0] < 16:
                style["colour"] = DARK[values[0] % 8]
        elif code == 0:
            style = {}
        elif code == 1:
            style["b"] = True
        elif code == 22:
            style.pop("b", None)
        elif code == 39:
            style.pop("colour", None)
        else:
            base = next((base for base in STANDARD if base <= code < base + 8), None)
            style |= {} if base is None else {"colour": DARK[code - base]}
    return style


def folded(pieces: Pieces, lines: list) -> list:
    """Lines without the middle of a very long text, and a line that says so."""
    most = pieces.max_lines
    if not most or len(lines) <= most:
        return lines
    first = most * 4 // 5
    left = len(lines) - most
    pieces.warn("folded", left=left, lines=len(lines))
    note = [words(clean(pieces.say("folded", left=left, lines=len(lines))), b=True, colour="#b42318")]
    return [*lines[:first], note, *lines[len(lines) - (most - first) :]]
