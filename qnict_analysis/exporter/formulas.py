"""TeX and MathML as Typst by pandoc: all formulas and LaTeX outputs of a notebook in one process."""

import json
import re
import subprocess
from functools import cache
from importlib import resources as package
from pathlib import Path

from qnict_analysis.exporter.pieces import Pieces, clean

SECONDS = 120
"""A notebook whose formulas take longer keeps their TeX."""
_UNSEEN = re.compile(r"\\label\{[^{}]*\}|\\(?:nonumber|notag)(?![a-zA-Z])")
_TAG = re.compile(r"\\tag\*?\{([^{}]*)\}")
_MACROS = re.compile(
    r"\\(?:re|provide)?newcommand\*?\{?\\[a-zA-Z]+\}?(?:\[\d\])?\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}|\\DeclareMathOperator\*?\{\\[a-zA-Z]+\}\{[^{}]*\}"
)


def formula(pieces: Pieces, tex: str, *, display: bool, source: str = "", mathml: str = "") -> int:
    """Note a formula; its number. ``source``: what stands in the text where it is code after all.

    ``mathml``: what the formula is made from when it is not TeX; ``tex`` is then how it reads where pandoc cannot take it.
    """
    node = {"k": "m", "tex": clean(tex.strip()), "block": display, "source": source or tex, "typst": "", "mathml": mathml}
    pieces.formulas.append(node)
    return len(pieces.formulas) - 1


def set_formulas(pieces: Pieces) -> None:
    """Give every formula its Typst; those that pandoc cannot read keep their TeX, with a warning."""
    formulas = [node for node in pieces.formulas if not node["typst"]]
    macros = "\n".join(found for node in formulas for found in _MACROS.findall(node["tex"]))
    for node, found in zip(formulas, answers([job_of(node, macros) for node in formulas]), strict=True):
        node["typst"] = found.get("typst") or ""
        node["tex"] = found.get("tex") or node["tex"]


def job_of(node: dict, macros: str) -> dict:
    """What pandoc is asked about a formula."""
    if node["mathml"]:
        return {"mathml": node["mathml"], "block": node["block"]}
    return {"tex": without_marks(node["tex"]), "block": node["block"], "macros": macros}


def without_marks(tex: str) -> str:
    """TeX without labels, with tags as words, and without definitions, which print nothing."""
    return _MACROS.sub("", _TAG.sub(r"\\qquad(\\text{\1})", _UNSEEN.sub("", tex))).strip()


def html_of_latex(sources: list[str]) -> list[dict]:
    """LaTeX texts as HTML: {html, formulas: [{tex, block, typst}]} with tokens for formulas, or {error}."""
    return answers([{"latex": source} for source in sources])


def answers(jobs: list[dict]) -> list[dict]:
    """What pandoc makes of each job; an error for each where pandoc itself fails."""
    if not jobs:
        return []
    script = package.files("qnict_analysis") / "exporter" / "tex.lua"
    with package.as_file(script) as path:
        command = [pandoc(), "lua", str(path)]
        try:
            done = subprocess.run(command, input=json.dumps(jobs).encode(), capture_output=True, timeout=SECONDS, check=True)
            return json.loads(done.stdout)
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            return [{"error": type(error).__name__}] * len(jobs)


@cache
def pandoc() -> str:
    """The program that ``pypandoc_binary`` carries; asking pypandoc itself would start it twice to learn its version."""
    import pypandoc

    folder = Path(pypandoc.__file__).parent / "files"
    carried = next((folder / name for name in ("pandoc", "pandoc.exe") if (folder / name).is_file()), None)
    return str(carried or pypandoc.get_pandoc_path())
