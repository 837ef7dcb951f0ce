"""The nbconvert exporter ``briefing``: a notebook as PDF through Typst, without TeX, browser or system fonts.

Our own outputs (``document.Block``) are laid out by ``typst/briefing.typ``, everything else by ``typst/notebook.typ``: Markdown
and HTML become nodes that are data, never code; pandoc reads the formulas. A briefing (a notebook that holds a ``document``
block) is PDF/UA-1 and PDF/A-2a or is refused; other notebooks fall back step by step, and say so in the log and on their last
lines. Engines are imported when they are needed: an import that fails here would break ``jupyter nbconvert`` as a whole.
"""

from pathlib import Path

from nbconvert.exporters import Exporter
from traitlets import Bool, Int

MAX_LINES = 500
"""Lines of one output, or rows of one table, that are shown in full: some eight pages."""


class BriefingExporter(Exporter):
    """``jupyter nbconvert --to briefing NOTEBOOK.ipynb`` and JupyterLab's export menu: a PDF of a notebook's text and outputs."""

    export_from_notebook = "Briefing (PDF)"
    output_mimetype = "application/pdf"
    show_code = Bool(False, help="Show the code of cells, not only what they print.").tag(config=True)
    max_lines = Int(MAX_LINES, help="Fold an output with more lines, or a table with more rows; 0 shows all of them.").tag(
        config=True
    )

    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """The PDF of an executed notebook; ``ValueError`` where a briefing does not meet its standards."""
        nb, resources = super().from_notebook_node(nb, resources, **kwargs)
        about = resources.get("metadata") or {}
        settings = {"show_code": self.show_code, "max_lines": self.max_lines, "folder": Path(about.get("path") or ".")}
        pdf, warnings = notebook_to_pdf(nb, name=about.get("name") or "notebook", **settings)
        for warning in warnings:
            self.log.warning("briefing: %s", warning)
        return pdf, resources


def notebook_to_pdf(
    nb, *, name: str = "notebook", folder: Path | None = None, show_code: bool = False, max_lines: int = MAX_LINES
) -> tuple[bytes, list[str]]:
    """PDF of an executed notebook and the warnings about what could not be kept as it was.

    ``folder``: where picture files that the notebook names may lie; without it none is read. ``show_code``: code cells too.
    ``max_lines``: a longer output is folded, with a note (0: never). The same notebook gives the same bytes: the timestamp is the
    briefing's own date. ``ValueError`` names what keeps a briefing from meeting PDF/UA-1 and PDF/A-2a.
    """
    from qnict_analysis.exporter.cells import collect
    from qnict_analysis.exporter.layout import mend, press

    pieces = collect(nb, name=name, folder=folder, show_code=show_code, max_lines=max_lines)
    with press(pieces.files, system_fonts=bool(pieces.document.get("font"))) as typst:
        mend(pieces, typst)
        return (strict(pieces, typst, name), []) if pieces.is_briefing else (fallen_back(pieces, typst, name), pieces.warnings)


def strict(pieces, typst, name: str) -> bytes:
    """A briefing by both standards, or ``ValueError``: what is signed does not degrade."""
    from qnict_analysis.exporter.layout import STRICT, source_of

    if pieces.warnings:
        raise ValueError(f"{name}: a briefing must be whole: {pieces.warnings[0]}")
    try:
        return typst.pdf(source_of(pieces), STRICT, pieces.document["date"])
    except RuntimeError as error:
        raise ValueError(f"{name}: not a valid PDF/UA-1 and PDF/A-2a document: {first_line(error)}") from None


def fallen_back(pieces, typst, name: str) -> bytes:
    """A foreign notebook by the highest standards that it meets; what was lost stands on its last lines."""
    from qnict_analysis.exporter.cells import notes_nodes
    from qnict_analysis.exporter.layout import LADDER, source_of, without_shape

    body = list(pieces.parts)
    for standards in LADDER:
        notes = notes_nodes(pieces) if pieces.warnings else []
        without_shape(pieces, notes, typst)
        pieces.parts = [*body, notes]
        try:
            return typst.pdf(source_of(pieces), standards)
        except RuntimeError as error:
            reason = first_line(error)
            pieces.warn("accessibility", reason)
    raise ValueError(f"{name}: the notebook could not be laid out: {reason}")


def first_line(error: Exception) -> str:
    """The first line of an error, or its kind."""
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
