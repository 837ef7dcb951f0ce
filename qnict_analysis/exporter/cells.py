"""From the cells of a notebook to the pieces of a document."""

import ast
import hashlib
import json
import re
from itertools import count
from pathlib import Path
from urllib.parse import unquote

from qnict_analysis import __version__
from qnict_analysis.document import MIME, mark_of, read_block
from qnict_analysis.exporter.elements import lines_node
from qnict_analysis.exporter.formulas import set_formulas
from qnict_analysis.exporter.layout import MOST_LEADING, json_literal, timestamp_of
from qnict_analysis.exporter.outputs import markdown_nodes, nodes_of, text_of
from qnict_analysis.exporter.pieces import TURNING, ZERO_WIDTH, Pieces, boxed, clean, paragraph, plain_of, walk, words

PARAMETER_TAGS = {"parameters", "injected-parameters"}
HIDDEN_TAGS = {*PARAMETER_TAGS, "setup", "remove-cell", "remove_cell", "hide-cell"}
NO_INPUT_TAGS = {"remove-input", "remove_input", "hide-input", "hide_input"}
NO_OUTPUT_TAGS = {"remove-output", "remove_output", "hide-output", "hide_output"}

LAYOUT = {"table": "plain-table", "figure": "plain-figure"}
"""Layout functions that go by another name in Typst, where theirs is taken."""
PLAIN_DOCUMENT = {"author": "", "keywords": [], "date": "", "style": "plain", "draft": ""}
DOCUMENT_FIELDS = {
    **dict.fromkeys(("lang", "title", "author", "date", "style", "mark", "footer", "draft"), str),
    "keywords": list,
}
"""What a ``document`` block must hold."""
VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
FEW_LETTERS = 8
"""Vietnamese letters from which on a notebook counts as Vietnamese: fewer may be a name in an English text."""
HASH_LENGTH = 12


def collect(nb, *, name: str, folder: Path | None = None, show_code: bool = False, max_lines: int = 500) -> Pieces:
    """The pieces of an executed notebook in order; see ``notebook_to_pdf`` for the settings."""
    pieces = Pieces(lang=language_of(nb), folder=folder, max_lines=max_lines)
    for cell in nb.cells:
        add_cell(pieces, cell, show_code=show_code)
    if pieces.is_briefing:
        check_document(pieces.document, name)
    else:
        complete(pieces, nb, name)
    set_formulas(pieces)
    order_headings(pieces)
    link_headings(pieces)
    pieces.parts = [part if isinstance(part, str) else within(part) for part in pieces.parts]
    pieces.parts = [part for part in led(pieces.parts) if part]
    return pieces


def check_document(settings: dict, name: str) -> None:
    """``ValueError`` where the settings of a briefing are not all there, as in a forged block or one of an older version."""
    wrong = [key for key, kind in DOCUMENT_FIELDS.items() if not isinstance(settings.get(key), kind)]
    if wrong:
        raise ValueError(f"{name}: its document block lacks {', '.join(map(repr, wrong))}: run the notebook again")
    try:
        timestamp_of(settings["date"])
    except ValueError:
        raise ValueError(f"{name}: 'date' of its document block is no day as 2014-07-30: {settings['date']!r:.40}") from None


def tags_of(cell) -> set[str]:
    """The tags of a cell."""
    return set((cell.get("metadata") or {}).get("tags") or [])


def add_cell(pieces: Pieces, cell, *, show_code: bool) -> None:
    """What one cell shows."""
    tags = tags_of(cell)
    if tags & HIDDEN_TAGS:
        return
    source = text_of(cell.get("source", ""))
    if cell["cell_type"] == "markdown":
        pieces.parts.append(markdown_nodes(pieces, source, cell.get("attachments")))
    elif cell["cell_type"] != "code":
        pieces.parts.append([lines_node(source)] if source.strip() else [])
    elif show_code and source.strip() and not tags & NO_INPUT_TAGS:
        pieces.parts.append([lines_node(source, tone="code")])
    for output in [] if tags & NO_OUTPUT_TAGS else merged(cell.get("outputs") or []):
        add_output(pieces, output)


def merged(outputs: list) -> list[dict]:
    """Outputs with consecutive parts of the same stream as one."""
    found: list[dict] = []
    for output in outputs:
        same = (
            found
            and output.get("output_type") == "stream" == found[-1].get("output_type")
            and output.get("name") == found[-1].get("name")
        )
        if same:
            found[-1] = {**found[-1], "text": text_of(found[-1].get("text", "")) + text_of(output.get("text", ""))}
        else:
            found.append(dict(output))
    return found


def block_of(output: dict) -> tuple[str, dict] | None:
    """Our own block in an output; None for anything else, also where only the mark is like ours."""
    data, metadata = output.get("data") or {}, output.get("metadata") or {}
    if MIME not in data or not isinstance(metadata.get(MIME), dict):
        return None
    block = read_block(text_of(data[MIME]), metadata)
    return block if block and isinstance(block[1], dict) else None


def add_output(pieces: Pieces, output: dict) -> None:
    """One output: our own block, or nodes for what others show."""
    block = block_of(output)
    if block is None:
        pieces.parts.append(nodes_of(pieces, output))
    elif block[0] == "document":
        pieces.document, pieces.is_briefing = block[1], True
    else:
        pieces.parts.append(f"#{LAYOUT.get(block[0], block[0])}({json_literal(block[1])})")


# --- a notebook that is no briefing ----------------------------------------------------------------------------------


def complete(pieces: Pieces, nb, name: str) -> None:
    """Settings of the document, a title where the notebook has no heading, its parameters and where it comes from."""
    nodes = [part for part in pieces.parts if isinstance(part, list)]
    first = next((node for node in walk(nodes) if node.get("k") == "h"), None)
    heading = plain_of(first["c"]).strip() if first else ""
    title = TURNING.sub("", heading or clean(name))
    if first is None:
        pieces.parts.insert(0, [{"k": "h", "level": 1, "c": [words(name)]}])
    waiting = sum(is_waiting(cell) for cell in nb.cells)
    if waiting:
        pieces.warn("not_run", waiting)
        pieces.parts.append([boxed([paragraph(words(pieces.say("not_run", waiting)))])])
    if not any(pieces.parts[1 if first is None else 0 :]):
        pieces.parts.append([boxed([paragraph(words(pieces.say("nothing")))])])
    values = parameters_of(nb)
    if values:
        pieces.parts.append(parameters_nodes(pieces, values))
    as_of = [pieces.say("as_of", values["as_of"])] if values.get("as_of") else []
    known = [pieces.say(key, values[key]) for key in ("scenario", "seed") if values.get(key) not in (None, "")]
    footer = " · ".join([title, *as_of, *known, f"qnict-analysis {__version__}", f"sha256 {hash_of(nb)}"])
    mark = mark_of([output for cell in nb.cells for output in cell.get("outputs") or [] if block_of(output)])
    pieces.document = {**PLAIN_DOCUMENT, "lang": pieces.lang, "title": title, "mark": mark, "footer": clean(footer)}


def is_waiting(cell) -> bool:
    """Whether a code cell has never been run."""
    hidden = tags_of(cell) & (HIDDEN_TAGS | NO_OUTPUT_TAGS)
    empty = not text_of(cell.get("source", "")).strip()
    return cell["cell_type"] == "code" and not (hidden or empty or cell.get("outputs") or cell.get("execution_count"))


def language_of(nb) -> str:
    """The language of a notebook's page: its ``lang`` parameter, else what its text looks like."""
    asked = parameters_of(nb).get("lang")
    if asked in ("vi", "en"):
        return asked
    text = "".join(text_of(cell.get("source", "")) for cell in nb.cells if cell["cell_type"] != "code")
    return "vi" if len(VIETNAMESE.findall(text)) >= FEW_LETTERS else "en"


def parameters_of(nb) -> dict:
    """Parameters of a notebook: the assignments of its ``parameters`` cells, replaced by what Papermill was given."""
    found: dict = {}
    for cell in nb.cells:
        if cell["cell_type"] == "code" and tags_of(cell) & PARAMETER_TAGS:
            found |= assignments(text_of(cell.get("source", "")))
    given = ((nb.get("metadata") or {}).get("papermill") or {}).get("parameters") or {}
    return {**found, **given}


def assignments(source: str) -> dict:
    """Names and constant values that a piece of Python assigns; nothing is run."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return {}
    found = {}
    for node in tree.body:
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AnnAssign) and node.value
            else []
        )
        for target in targets:
            if isinstance(target, ast.Name):
                found[target.id] = constant(node.value)
    return found


def constant(node: ast.expr):
    """The value of a constant, the source of anything else."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return ast.unparse(node)


def parameters_nodes(pieces: Pieces, values: dict) -> list[dict]:
    """A table of the parameters."""
    from qnict_analysis.exporter.grids import plain_grid

    rows = [[str(key), "" if value is None else str(value)] for key, value in values.items()]
    return [plain_grid([pieces.say("name"), pieces.say("value")], rows, caption=pieces.say("parameters"))]


def hash_of(nb) -> str:
    """The first letters of the SHA-256 of a notebook, written in one way."""
    text = json.dumps(nb, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]


def notes_nodes(pieces: Pieces) -> list[dict]:
    """What was lost on the way, as the last lines of the document."""
    lines = [paragraph(words(text)) for text in pieces.warnings]
    return [
        boxed(
            [paragraph(words(pieces.say("notes"), b=True)), {"k": "list", "ordered": False, "items": [[line] for line in lines]}]
        )
    ]


# --- order -----------------------------------------------------------------------------------------------------------


def order_headings(pieces: Pieces) -> None:
    """Give each heading a place in the outline: it begins at level 1 and goes no more than one level deeper at a time."""
    deepest = 0 if not any(isinstance(part, str) for part in pieces.parts) else 1
    for node in walk([part for part in pieces.parts if isinstance(part, list)]):
        if node.get("k") == "h":
            node["deep"] = deepest = max(1, min(node["level"], deepest + 1))


def link_headings(pieces: Pieces) -> None:
    """Make links to headings of the notebook find them; words that lead to none are words only."""
    parts = [part for part in pieces.parts if isinstance(part, list)]
    known: dict[str, dict] = {}
    for number, node in enumerate(node for part in parts for node in part if node["k"] == "h"):
        node["label"] = f"heading-{number}"
        name = slug(plain_of(node["c"]))
        again = (f"{name}-{more}" for more in count(1))
        free = name if name not in known else next(one for one in again if one not in known)
        for one in (free, *map(slug, node.get("names", []))):
            known.setdefault(one, node)
    known.pop("", None)  # of a heading of signs only
    for node in walk(parts):
        if node.get("link", "").startswith("#"):
            target = known.get(slug(unquote(node.pop("link")[1:])))
            node |= {"to": target["label"]} if target else {}


def slug(text: str) -> str:
    """A heading's name in an address, the same from GitHub's way (lower case, no signs) and Jupyter's (hyphens for blanks)."""
    return re.sub(r"[^\w\- ]", "", clean(text).replace(ZERO_WIDTH, "").strip().lower()).replace(" ", "-")


def within(nodes: list[dict]) -> list[dict]:
    """Nodes whose landscape pages stand at the top: a page cannot begin inside a list or a cell."""
    for node in nodes:
        flat([value for key, value in node.items() if isinstance(value, list) and not (node["k"] == "landscape" and key == "c")])
    return nodes


def flat(node) -> None:
    """Put what landscape pages hold in their place, everywhere below."""
    for one in walk(node):
        if one.get("k") == "landscape":
            one["k"] = "group"


def led(parts: list) -> list:
    """Parts in which headings and words that lead to a landscape page stand on it: before it they would stand alone."""
    before: list[dict] = []  # what has come since the last block of ours
    moved: set[int] = set()
    for part in parts:
        before = [] if isinstance(part, str) else before
        for node in [] if isinstance(part, str) else part:
            if node["k"] == "landscape":
                leading = leading_nodes(before)
                node["c"] = [*leading, *node["c"]]
                moved |= set(map(id, leading))
            before.append(node)
    return [part if isinstance(part, str) else [node for node in part if id(node) not in moved] for part in parts]


def leading_nodes(nodes: list[dict]) -> list[dict]:
    """The last few of some nodes that lead to what follows: from the last heading on, with those that it follows at once, or a
    paragraph that ends in a colon."""
    run: list[dict] = []
    for node in reversed(nodes[-MOST_LEADING:]):
        if node["k"] not in ("h", "p"):
            break
        run.insert(0, node)
    heads = [place for place, node in enumerate(run) if node["k"] == "h"]
    if heads:
        first = heads[-1]
        while first and run[first - 1]["k"] == "h":
            first -= 1
        return run[first:]
    return run[-1:] if run and plain_of(run[-1]).rstrip().endswith(":") else []
