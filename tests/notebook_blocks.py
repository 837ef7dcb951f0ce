"""The blocks that a notebook shows, without a kernel: its code cells run on an analysis that a test has made."""

import ast
import json
import re
from pathlib import Path

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "05_briefing.ipynb"


def blocks_of_the_notebook(analysis, notebook: Path = NOTEBOOK) -> list:
    """What the code cells of a notebook (05_briefing unless told) show, in their order."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    found: list = []
    names: dict = {"display": lambda *blocks: found.extend(blocks)}
    for cell in cells:
        source, tags = "".join(cell["source"]), cell["metadata"].get("tags", [])
        if cell["cell_type"] == "code" and "parameters" not in tags:
            if "setup" in tags:
                exec("\n".join(line for line in source.splitlines() if re.match(r"from qnict|import", line)), names)
                names["a"] = analysis
            else:
                shown = isinstance(ast.parse(source).body[0], ast.Expr) and not source.startswith("display(")
                exec(f"display({source})" if shown else source, names)
    return found
