"""The nbconvert exporter ``briefing``: a notebook as PDF through Typst, without TeX, browser or system fonts.

Our own outputs (``document.Block``) are laid out by ``typst/briefing.typ``; everything else goes through pandoc or is shown as
text. A briefing (a notebook that holds a ``document`` block) is PDF/UA-1 and PDF/A-2a or is refused; other notebooks fall back
step by step, and say so in the log and on their last line. Engines are imported when they are needed: an import that fails here
would break ``jupyter nbconvert`` as a whole.
"""

import base64
import datetime as dt
import json
import re
import tempfile
from dataclasses import dataclass, field
from importlib import resources as package
from pathlib import Path

from nbconvert.exporters import Exporter

from qnict_analysis.document import MIME, quoted, read_block

HIDDEN_TAGS = {"parameters", "injected-parameters", "setup", "remove-cell", "remove_cell", "hide-cell"}
STRICT = ["ua-1", "a-2a"]
LADDER = (STRICT, ["a-2b"], [])
"""Standards tried in turn for a notebook that is no briefing."""

LAYOUT = {"table": "plain-table", "figure": "plain-figure"}
"""Layout functions that go by another name in Typst, where theirs is taken."""

NO_RAW = "markdown-raw_attribute-raw_html-raw_tex-native_divs-native_spans+tex_math_dollars+autolink_bare_uris"
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
PLAIN_DOCUMENT = {"lang": "en", "author": "", "keywords": [], "date": "", "style": "plain", "mark": "", "footer": "", "draft": ""}


@dataclass
class Pieces:
    """A notebook on its way to Typst: the document's settings, the source of each piece, and the files they need."""

    document: dict | None = None
    sources: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)


class BriefingExporter(Exporter):
    """``jupyter nbconvert --to briefing NOTEBOOK.ipynb`` and JupyterLab's export menu: a PDF of the notebook's outputs."""

    export_from_notebook = "Briefing (PDF)"
    output_mimetype = "application/pdf"

    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """The PDF of an executed notebook; ``ValueError`` where a briefing does not meet its standards."""
        nb, resources = super().from_notebook_node(nb, resources, **kwargs)
        name = (resources.get("metadata") or {}).get("name") or "notebook"
        pdf, warnings = notebook_to_pdf(nb, name=name)
        for warning in warnings:
            self.log.warning("briefing: %s", warning)
        return pdf, resources


def notebook_to_pdf(nb, *, name: str = "notebook") -> tuple[bytes, list[str]]:
    """PDF of an executed notebook and the warnings about what could not be kept.

    The same notebook gives the same bytes: the timestamp is the briefing's own date. ``ValueError`` names what keeps a briefing
    from meeting PDF/UA-1 and PDF/A-2a.
    """
    pieces = collect(nb)
    if pieces.document is not None:
        try:
            return compiled(pieces, STRICT), []
        except RuntimeError as error:
            raise ValueError(f"{name}: not a valid PDF/UA-1 and PDF/A-2a document: {first_line(error)}") from None
    pieces.document = {**PLAIN_DOCUMENT, "title": title_of(nb, name)}
    return fallen_back(nb, pieces)


# --- from cells to Typst ---------------------------------------------------------------------------------------------


def collect(nb, *, convert: bool = True) -> Pieces:
    """The pieces of a notebook in order; without ``convert`` all foreign text stays plain."""
    pieces = Pieces()
    for cell in nb.cells:
        if HIDDEN_TAGS & set(cell.get("metadata", {}).get("tags", [])):
            continue
        if cell.cell_type == "markdown":
            pieces.sources.append(from_markup(cell.source, NO_RAW, convert))
        for output in cell.get("outputs", []):
            add_output(pieces, output, convert)
    return pieces


def block_outputs(nb) -> list:
    """Outputs of the shown cells that hold Typst."""
    shown = [cell for cell in nb.cells if not HIDDEN_TAGS & set(cell.get("metadata", {}).get("tags", []))]
    return [output for cell in shown for output in cell.get("outputs", []) if MIME in output.get("data", {})]


def add_output(pieces: Pieces, output: dict, convert: bool) -> None:
    """One output: our own block, else the best kind that can be shown, else its text."""
    if output["output_type"] == "stream":
        pieces.sources.append(raw_text(output["text"], label="stderr" if output["name"] == "stderr" else ""))
        return
    if output["output_type"] == "error":
        pieces.sources.append(raw_text("\n".join(output["traceback"]) or output["evalue"], label=output["ename"]))
        return
    data = output["data"]
    block = read_block(data[MIME], output.get("metadata", {})) if MIME in data else None
    if block:
        add_block(pieces, *block)
        return
    kind = next((kind for kind in WRITERS if kind in data), None)
    if kind:
        pieces.sources.append(WRITERS[kind](pieces, data, convert))
    elif MIME in data:  # Typst without our mark is text, never code
        pieces.sources.append(raw_text(data[MIME]))


def add_block(pieces: Pieces, function: str, content: dict) -> None:
    """One block of ours: the document's settings, or a call of its layout function."""
    if function == "document":
        pieces.document = content
    else:
        pieces.sources.append(f"#{LAYOUT.get(function, function)}({json_literal(content)})")


def json_literal(content: dict) -> str:
    """Content as a Typst expression that can only be data."""
    return f'json(bytes("{quoted(json.dumps(content, ensure_ascii=False))}"))'


def image(pieces: Pieces, content: bytes, extension: str, alt: str) -> str:
    """A picture kept beside the source, with its alternative text."""
    name = f"picture-{len(pieces.files)}.{extension}"
    pieces.files[name] = content
    return f'#align(center, image("{name}", width: 90%, alt: "{quoted(alt)}"))'


def alt_of(data: dict) -> str:
    """Alternative text of a foreign picture: what its output says of itself."""
    return CONTROL.sub(" ", data.get("text/plain", "") or "figure")[:300]


WRITERS = {
    "image/svg+xml": lambda pieces, data, convert: image(pieces, data["image/svg+xml"].encode(), "svg", alt_of(data)),
    "image/png": lambda pieces, data, convert: image(pieces, base64.b64decode(data["image/png"]), "png", alt_of(data)),
    "image/jpeg": lambda pieces, data, convert: image(pieces, base64.b64decode(data["image/jpeg"]), "jpg", alt_of(data)),
    "text/markdown": lambda pieces, data, convert: from_markup(data["text/markdown"], NO_RAW, convert),
    "text/latex": lambda pieces, data, convert: from_markup(data["text/latex"], NO_RAW, convert),
    "text/html": lambda pieces, data, convert: from_markup(data["text/html"], "html", convert, plain=data.get("text/plain", "")),
    "text/plain": lambda pieces, data, convert: raw_text(data["text/plain"]),
}
"""What is shown of a foreign output, best first."""


def raw_text(text: str, *, label: str = "") -> str:
    """Text as it stands, lines wrapped, never code."""
    clean = CONTROL.sub("", ANSI.sub("", text)).rstrip("\n")
    return f'#as-is("{quoted(clean)}", label: "{quoted(label)}")'


# --- pandoc ----------------------------------------------------------------------------------------------------------


def from_markup(text: str, kind: str, convert: bool, *, plain: str = "") -> str:
    """Markdown or HTML as Typst by pandoc; raw code and pictures become text, because nothing may run or be fetched."""
    if not convert:
        return raw_text(plain or text)
    import pypandoc

    try:
        tree = json.loads(pypandoc.convert_text(text, "json", format=kind))
        return pypandoc.convert_text(json.dumps(tamed(tree)), "typst", format="json", extra_args=["--wrap=preserve"])
    except RuntimeError:
        return raw_text(plain or text)


def tamed(node):
    """A pandoc tree in which raw pieces are code spans and pictures their description."""
    if isinstance(node, list):
        return [tamed(one) for one in node]
    if not isinstance(node, dict):
        return node
    kind = node.get("t")
    if kind in ("RawInline", "RawBlock"):
        code = {"t": "Code", "c": [["", [], []], node["c"][1]]}
        return code if kind == "RawInline" else {"t": "Para", "c": [code]}
    if kind == "Image":
        _, words, (address, _) = node["c"]
        return {"t": "Emph", "c": [*tamed(words), {"t": "Str", "c": f" [{address[:80]}]"}]}
    return {key: tamed(value) for key, value in node.items()}


# --- Typst -----------------------------------------------------------------------------------------------------------


def compiled(pieces: Pieces, standards: list[str], *, last_line: str = "") -> bytes:
    """The pieces as PDF; ``RuntimeError`` carries Typst's message."""
    import matplotlib
    import typst

    note = f'\n#text(size: 9pt, "{quoted(last_line)}")\n' if last_line else ""
    show = f"#show: briefing.with({json_literal(pieces.document)})"
    source = "\n\n".join(['#import "briefing.typ": *', show, *pieces.sources]) + note
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    with tempfile.TemporaryDirectory(prefix="qnict-") as folder:
        for name, content in {**pieces.files, **layout_files(), "main.typ": source.encode()}.items():
            (Path(folder) / name).write_bytes(content)
        return typst.compile(
            str(Path(folder) / "main.typ"),
            root=folder,
            font_paths=[str(fonts)],
            ignore_system_fonts=not pieces.document.get("font"),
            pdf_standards=standards,
            timestamp=timestamp_of(pieces.document["date"]),
        )


def layout_files() -> dict[str, bytes]:
    """The layout's Typst files by name."""
    folder = package.files("qnict_analysis") / "typst"
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.name.endswith(".typ")}


def timestamp_of(day: str) -> int:
    """Midnight of the document's own date, so that the same document gives the same bytes; the epoch without one."""
    return int(dt.datetime.fromisoformat(f"{day or '1970-01-01'}T00:00:00+00:00").timestamp())


def fallen_back(nb, pieces: Pieces) -> tuple[bytes, list[str]]:
    """A foreign notebook with the highest standards that it meets; as a last resort all of it as plain text."""
    reasons: list[str] = []
    for attempt in (pieces, collect(nb, convert=False)):
        attempt.document = pieces.document
        for standards in LADDER:
            try:
                last = f"Not accessible PDF/UA-1: {reasons[0]}" if reasons else ""
                return compiled(attempt, standards, last_line=last), reasons[:1]
            except RuntimeError as error:
                reasons.append(first_line(error))
    raise ValueError(f"the notebook could not be laid out: {reasons[-1]}")


def title_of(nb, name: str) -> str:
    """The first heading of a notebook, else its name."""
    cells = (cell.source for cell in nb.cells if cell.cell_type == "markdown")
    found = re.search(r"^#\s+(.+)$", "\n".join(cells), re.MULTILINE)
    return found[1].strip() if found else name


def first_line(error: Exception) -> str:
    """The first line of an error, or its kind."""
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
