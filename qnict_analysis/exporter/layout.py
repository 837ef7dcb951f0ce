"""Pieces of a notebook as PDF by Typst: in a folder of their own, with fonts of their own, by the standards asked for."""

import datetime as dt
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources as package
from importlib.util import find_spec
from pathlib import Path

from qnict_analysis.document import quoted
from qnict_analysis.exporter.letters import SAMPLE, missing_letters, named, replacer
from qnict_analysis.exporter.pictures import unreadable
from qnict_analysis.exporter.pieces import Pieces, walk, words

STRICT = ["ua-1", "a-2a"]
LADDER = (STRICT, ["a-2b"], [])
"""Standards tried in turn for a notebook that is no briefing."""
FONTS = "DejaVuSans*.ttf"
"""Of the fonts that Matplotlib carries: not its Last Resort font, which has an empty box for every letter there is."""


@dataclass
class Press:
    """A folder with the layout's files and a Typst compiler that sees nothing else."""

    folder: Path
    compiler: object

    def pdf(self, source: str, standards: list[str], day: str = "") -> bytes:
        """Source as PDF; ``RuntimeError`` carries Typst's message."""
        (self.folder / "main.typ").write_text(source, encoding="utf-8")
        path = str(self.folder / "main.typ")
        return self.compiler.compile(path, pdf_standards=standards, timestamp=timestamp_of(day))

    def shows(self, text: str) -> bool:
        """Whether the fonts have every letter of a text."""
        return self.holds(f'#set document(title: "x")\n#"{quoted(text)}"', ["ua-1"])

    def holds(self, source: str, standards: list[str]) -> bool:
        """Whether a source compiles by itself."""
        try:
            self.compiler.compile(source.encode(), pdf_standards=standards)
        except RuntimeError:
            return False
        return True


@contextmanager
def press(files: dict[str, bytes], *, system_fonts: bool = False) -> Iterator[Press]:
    """A press with some files in its folder, which is gone afterwards; ``system_fonts``: the machine's own fonts too."""
    import typst

    with tempfile.TemporaryDirectory(prefix="qnict-") as name:
        folder = Path(name)
        (folder / "fonts").mkdir()
        for font in sorted(carried_fonts().glob(FONTS)):
            shutil.copyfile(font, folder / "fonts" / font.name)
        for file, content in {**files, **layout_files()}.items():
            (folder / file).write_bytes(content)
        yield Press(folder, typst.Compiler(root=name, font_paths=[str(folder / "fonts")], ignore_system_fonts=not system_fonts))


def carried_fonts() -> Path:
    """The folder of Matplotlib's fonts; Matplotlib itself takes half a second to load and is not needed."""
    return Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf"


def layout_files() -> dict[str, bytes]:
    """The layout's Typst files by name."""
    folder = package.files("qnict_analysis") / "typst"
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.name.endswith(".typ")}


def timestamp_of(day: str) -> int:
    """Midnight of the document's own date, so that the same document gives the same bytes; the epoch without one."""
    return int(dt.datetime.fromisoformat(f"{day or '1970-01-01'}T00:00:00+00:00").timestamp())


def json_literal(content) -> str:
    """Content as a Typst expression that can only be data."""
    return f'json(bytes("{quoted(json.dumps(content, ensure_ascii=False))}"))'


MOST_LEADING = 5
"""A heading and at most so many paragraphs less one are kept with what they introduce."""


def source_of(pieces: Pieces) -> str:
    """The Typst source of a document: its settings, our blocks, and the nodes of everything else as data."""
    head = [
        '#import "briefing.typ": *',
        '#import "notebook.typ": introducing, shown',
        f"#show: briefing.with({json_literal(pieces.document)})",
    ]
    later = [*pieces.parts, []][1:]
    return "\n\n".join([*head, *(part_source(part, then) for part, then in zip(pieces.parts, later, strict=True))])


def part_source(part: str | list[dict], then: str | list[dict]) -> str:
    """The source of one part; a heading with a few words stays on the page of what comes ``then``."""
    if isinstance(part, str):
        return part
    kinds = [node["k"] for node in part]
    leads = then and "h" in kinds and len(kinds) <= MOST_LEADING and not set(kinds) - {"h", "p"}
    return f"#{'introducing' if leads else 'shown'}({json_literal(part)})"


# --- what cannot be laid out -----------------------------------------------------------------------------------------


def mend(pieces: Pieces, trial: Press) -> None:
    """Put words in the place of what Typst cannot lay out: formulas, broken pictures, letters that no font has."""
    nodes = [part for part in pieces.parts if isinstance(part, list)]
    mend_formulas(pieces, nodes, trial)
    mend_pictures(pieces, nodes, trial)
    mend_letters(pieces, nodes, trial)


def mend_formulas(pieces: Pieces, nodes: list, trial: Press) -> None:
    """Formulas that cannot be set, or that hold letters without a shape, become their TeX or their text."""
    used = [node for node in walk(nodes) if node.get("k") == "m"]
    fine = [node for node in used if node["typst"]]
    if fine and not trial.holds(formulas_page(fine), ["ua-1"]):
        fine = [node for node in fine if trial.holds(formulas_page([node]), ["ua-1"])]
    kept = {id(node) for node in fine}
    for node in used:
        if id(node) not in kept and node.get("k") == "m":  # the same formula may stand in two places
            pieces.warn("mathml" if node["mathml"] else "formula", re.sub(r"\s+", " ", node["tex"])[:80])
            code = words(node["tex"], code=not node["mathml"])
            node.clear()
            node.update(code)


def formulas_page(nodes: list[dict]) -> str:
    """A trial page of formulas."""
    return '#import "notebook.typ": formula\n#set document(title: "x")\n' + "\n\n".join(
        f"#formula({json_literal(node)})" for node in nodes
    )


def mend_pictures(pieces: Pieces, nodes: list, trial: Press) -> None:
    """Pictures that Typst cannot read become a note; one page tries them all, and each of them only where that fails."""
    used = [node for node in walk(nodes) if node.get("k") == "img"]
    if not used or trial.holds(pictures_page(used), []):
        return
    for node in used:
        if not trial.holds(pictures_page([node]), []):
            note = unreadable(pieces, node["file"].rpartition(".")[2].upper(), node["alt"])
            node.clear()
            node.update(note)


def pictures_page(nodes: list[dict]) -> str:
    """A trial page of pictures."""
    return "\n".join(f'#image("{node["file"]}", width: 1cm)' for node in nodes)


def mend_letters(pieces: Pieces, nodes: list, trial: Press) -> None:
    """Names in the place of letters that no font has, with a warning."""
    missing = without_shape(pieces, nodes, trial)
    if missing:
        pieces.warn("letters", count=len(missing), sample=" ".join(map(named, sorted(missing)[:SAMPLE])))


def without_shape(pieces: Pieces, nodes: list, trial: Press) -> set[str]:
    """The letters of some nodes and of the footer that no font has; their names stand in their place now."""
    shown = [node for node in walk(nodes) if "t" in node]
    missing = missing_letters([*(node["t"] for node in shown), pieces.document["footer"]], trial.shows)
    replaced = replacer(missing)
    for node in shown:
        node["t"] = replaced(node["t"])
    pieces.document["footer"] = replaced(pieces.document["footer"])
    return missing
