"""MathML as a formula: its own TeX where it carries some, else what pandoc reads, else text that keeps every letter."""

from bs4 import Comment

from qnict_analysis.exporter.formulas import formula
from qnict_analysis.exporter.pieces import Pieces, clean, words

LEAVES = {"mi", "mn", "mo", "mtext", "ms"}
KNOWN = LEAVES | {
    *("math", "mrow", "mfrac", "msqrt", "mroot", "mstyle", "mpadded", "mphantom", "mfenced", "menclose", "mspace"),
    *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts", "none"),
    *("mtable", "mtr", "mtd", "semantics", "annotation", "annotation-xml"),
}
"""Elements of which pandoc leaves nothing out; of others it may, without a word."""
NOTES = {"annotation", "annotation-xml"}
TEX = "application/x-tex"
SIGNS = {"mfrac": "/", "msup": "^", "mover": "^", "msub": "_", "munder": "_", "msubsup": "_^", "munderover": "_^"}
"""What stands between the parts of an element in a line of text."""
BETWEEN = {"mtd": ", ", "mtr": "; ", "mlabeledtr": "; "}
"""What follows a cell or a row that is not the last one."""


def nodes_of_mathml(pieces: Pieces, math, style: dict) -> list[dict]:
    """The formula of a ``math`` element; as text, with a warning, where some of it might be lost otherwise."""
    text = clean(math.get("alttext") or in_a_line(math))
    tex = next((note.get_text() for note in math.find_all("annotation") if note.get("encoding") == TEX), "")
    if not (text.strip() or tex.strip()):
        return []
    if not tex and not is_known(math):
        pieces.warn("mathml", text[:80])
        return [words(text, **style)]
    number = formula(pieces, tex or text, display=math.get("display") == "block", mathml="" if tex else str(math))
    return [pieces.formulas[number]]


def is_known(math) -> bool:
    """Whether pandoc can be trusted with all of an element: known parts, words only in leaves, nothing beside ``semantics``."""
    parts = [one for one in math.descendants if one.name and not one.find_parent(NOTES)]
    words_in = [one for one in math.find_all(string=True) if not isinstance(one, Comment)]
    texts = [one for one in words_in if one.strip() and not one.find_parent(NOTES)]
    alone = all(len(one.parent.find_all(True, recursive=False)) == 1 for one in parts if one.name == "semantics")
    return alone and all(one.name in KNOWN for one in parts) and all(one.parent.name in LEAVES for one in texts)


def in_a_line(element) -> str:
    """A formula as it would be typed in a line of text: 1/2, x^2."""
    if element.name is None:
        return " ".join(element.split())
    seen = [child for child in element.children if child.name not in NOTES and not isinstance(child, Comment)]
    parts = [(child.name, in_a_line(child)) for child in seen]
    parts = [(name, text) for name, text in parts if text]
    if element.name in SIGNS and len(parts) == len(SIGNS[element.name]) + 1:
        first, *rest = [in_brackets(text) for _, text in parts]
        return first + "".join(sign + text for sign, text in zip(SIGNS[element.name], rest, strict=True))
    if element.name == "mroot" and len(parts) == 2:
        return f"{in_brackets(parts[1][1])}√{in_brackets(parts[0][1])}"
    found = ""
    for place, (name, text) in enumerate(parts):
        apart = found[-1:].isalnum() and text[0].isalnum()  # 1 and 2 side by side are not 12
        found += (" " if apart else "") + text + (BETWEEN.get(name, "") if place < len(parts) - 1 else "")
    return f"√{in_brackets(found)}" if element.name == "msqrt" else f"({found})" if element.name == "mfenced" else found


def in_brackets(text: str) -> str:
    """A part of a formula in brackets, unless it is one number or name."""
    return text if text.isalnum() else f"({text})"
