"""Outputs of cells as nodes: the best kind that can be shown, else the next one, at last as text."""

import json
import re

from qnict_analysis.document import MIME
from qnict_analysis.exporter.elements import TOKEN, blocks_of_html, same_space
from qnict_analysis.exporter.formulas import formula, html_of_latex
from qnict_analysis.exporter.markdown import html_of
from qnict_analysis.exporter.pictures import EXTENSIONS, POINTS_A_PIXEL, drawing, from_base64, shortened
from qnict_analysis.exporter.pieces import Pieces, boxed, paragraph, plain_of, words
from qnict_analysis.exporter.terminal import lines_of

INTERACTIVE = re.compile(
    r"application/(?:vnd\.jupyter\.widget|vnd\.plotly|vnd\.vega|vnd\.bokeh|vnd\.holoviews|javascript|geo\+json)"
)
"""Kinds of output that live in a browser only."""
WIDGET = "application/vnd.jupyter.widget-view+json"
"""Its text is how the program writes the object, often with HTML in it: nothing for a reader."""
_WHOLE_FORMULA = re.compile(
    r"\s*(?:\$\$(?P<two>[^$]+)\$\$|\$(?P<one>[^$]+)\$|\\\[(?P<square>.+)\\\]|\\\((?P<round>.+)\\\)"
    r"|(?P<environment>\\begin\{(?P<name>equation|align|gather|multline|eqnarray|alignat|math|displaymath)\*?\}.+\\end\{(?P=name)\*?\}))\s*",
    re.DOTALL,
)
_DRAWN = {"img", "grid", "landscape", "rule", "m"}


def text_of(value) -> str:
    """The text of a MIME bundle's entry: a string, lines, or JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return json.dumps(value, ensure_ascii=False, indent=1)


def nodes_of(pieces: Pieces, output: dict) -> list[dict]:
    """Nodes of one output that is no block of ours."""
    kind = output.get("output_type")
    if kind == "stream":
        trouble = output.get("name") == "stderr"
        label = pieces.say("stderr") if trouble else ""
        text = text_of(output.get("text", ""))
        return [lines_of(pieces, text, label=label, tone="trouble" if trouble else "plain")] if text.strip() else []
    if kind == "error":
        name, value = output.get("ename", ""), output.get("evalue", "")
        trace = "\n".join(output.get("traceback") or []) or f"{name}: {value}"
        return [lines_of(pieces, trace, label=pieces.say("error", name), tone="trouble")]
    return shown(pieces, output.get("data") or {}, output.get("metadata") or {})


def shown(pieces: Pieces, data: dict, metadata: dict) -> list[dict]:
    """Nodes of the first kind of a MIME bundle that can be shown; text where none can."""
    if MIME in data:
        pieces.warn("typst")
    for kind, write in WRITERS.items():
        nodes = attempt(pieces, kind, write, data, metadata) if kind in data else []
        if nodes:
            return nodes
    if WIDGET in data:
        pieces.warn("widget")
        return [boxed([paragraph(words(pieces.say("widget")))])]
    live = next(
        (kind for kind in data if INTERACTIVE.match(kind) or (kind == "text/html" and "<script" in text_of(data[kind]))), None
    )
    if live:
        pieces.warn("interactive", live)
    plain = text_of(data.get("text/plain", ""))
    kind = "text/plain" if plain.strip() else next((kind for kind in data if kind not in ("text/plain", MIME)), "")
    found = plain if plain.strip() else text_of(data.get(MIME) or data.get(kind, ""))
    if MIME in data and not plain.strip():
        kind = MIME
    label = pieces.say("interactive") if live else "" if kind == "text/plain" else kind
    return [lines_of(pieces, found, label=label)] if found.strip() else []


def attempt(pieces: Pieces, kind: str, write, data: dict, metadata: dict) -> list[dict]:
    """Nodes by one writer; a content that it cannot take is said and left to the next kind."""
    try:
        return write(pieces, data, metadata)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        pieces.warn("content", kind=kind, reason=type(error).__name__)
        return []


# --- writers ---------------------------------------------------------------------------------------------------------


def from_html(pieces: Pieces, data: dict, metadata: dict) -> list[dict]:
    """HTML, when it shows anything without its scripts."""
    nodes = blocks_of_html(pieces, text_of(data["text/html"]))
    visible = plain_of(nodes).strip() or any(node["k"] in _DRAWN for node in nodes)
    return nodes if visible else []


def from_markdown(pieces: Pieces, data: dict, metadata: dict) -> list[dict]:
    """Markdown that a cell printed."""
    return markdown_nodes(pieces, text_of(data["text/markdown"]))


def from_latex(pieces: Pieces, data: dict, metadata: dict) -> list[dict]:
    """LaTeX: one formula, or a text with tables and formulas."""
    text = text_of(data["text/latex"])
    whole = _WHOLE_FORMULA.fullmatch(text)
    if whole:
        tex = next(found for name, found in whole.groupdict().items() if found and name != "name")
        return [paragraph(pieces.formulas[formula(pieces, tex, display=True, source=text)])]
    answer = html_of_latex([text])[0]
    if "error" in answer:
        pieces.warn("content", kind="text/latex", reason=answer["error"].splitlines()[0][:80])
        return [lines_of(pieces, text, label="text/latex")]
    for tex in answer["kept"]:
        pieces.warn("tex", same_space(tex).strip()[:80])
    first = len(pieces.formulas)
    for found in answer["formulas"]:
        number = formula(pieces, found["tex"], display=found["block"])
        pieces.formulas[number]["typst"] = found["typst"]
    return blocks_of_html(pieces, TOKEN.sub(lambda token: f"\ue000{first + int(token[1])}\ue001", answer["html"]))


def from_svg(pieces: Pieces, data: dict, metadata: dict) -> list[dict]:
    """A drawing."""
    return [drawing(pieces, text_of(data["image/svg+xml"]), alt_of(data, metadata))]


def from_json(pieces: Pieces, data: dict, metadata: dict) -> list[dict]:
    """JSON as indented text; a string as it is."""
    value = data["application/json"]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    return [lines_of(pieces, text)] if text.strip() else []


def picture_writer(kind: str):
    """The writer for pictures of one type."""

    def write(pieces: Pieces, data: dict, metadata: dict) -> list[dict]:
        asked = (metadata.get(kind) or {}).get("width") if isinstance(metadata.get(kind), dict) else metadata.get("width")
        width = asked * POINTS_A_PIXEL if isinstance(asked, int | float) and asked > 0 else None
        return [from_base64(pieces, text_of(data[kind]), kind, alt_of(data, metadata), width=width)]

    return write


def alt_of(data: dict, metadata: dict) -> str:
    """Alternative text of a picture: the cell's own words for it, else what its output says of itself."""
    return shortened(str(metadata.get("alt") or text_of(data.get("text/plain", ""))))


def markdown_nodes(pieces: Pieces, source: str, attachments: dict | None = None) -> list[dict]:
    """Block nodes of Markdown; the text itself where it cannot be read."""
    try:
        return blocks_of_html(pieces, html_of(pieces, source), pictures=attachments)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        pieces.warn("content", kind="Markdown", reason=type(error).__name__)
        return [lines_of(pieces, source)]


WRITERS = {
    "text/html": from_html,
    "text/markdown": from_markdown,
    "text/latex": from_latex,
    "image/svg+xml": from_svg,
    **{kind: picture_writer(kind) for kind in EXTENSIONS if kind != "image/svg+xml"},
    "application/json": from_json,
}
"""What is shown of an output, best first: words that stay words before pictures of them, data last."""
