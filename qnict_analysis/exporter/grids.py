"""HTML tables as grids of cells: spans, head, colours and bars; too wide ones on a landscape page or in parts."""

import re

from qnict_analysis.exporter.pieces import ZERO_WIDTH, paragraph, plain_of, words
from qnict_analysis.exporter.styles import bar_of, fill_of

SIZE, SMALL = 9.0, 8.0
"""Points of the letters in a table, and in one that is too wide for a portrait page."""
PORTRAIT, LANDSCAPE = 467.0, 728.0
"""Points of room across: A4 without the margins of ``typst/briefing.typ``."""
LETTER, INSET = 0.52, 7.0
"""Width of a letter by its size (an average one, bold), and the room at both sides of a cell, in points."""
COMFORT = 26
"""Letters across in which running text of a cell still reads well."""
SHORTEST = 12
"""Letters of a very long word that stay on one line."""
MEASURED = 5
"""Longest words of a column that are measured in the font."""
NUMBER = re.compile(
    r"[-+−]?[$€£₫]?\s?[\d.,\s\u00a0]*\d[\d.,]*(?:e[-+]?\d+)?\s?[%‰₫€]?|nan|NaN|NaT|None|<NA>|–|-|inf|-inf", re.IGNORECASE
)
MOST_SPAN = 1000
"""Rows or columns that one cell may span; HTML allows more, no page holds it."""


def grids_of(reader, table, style: dict) -> list[dict]:
    """Nodes for an HTML table: its caption and grid, turned or in parts where it is too wide; its words where it has no cells."""
    rows, head = rows_of(reader, table, style)
    caption = table.find("caption", recursive=False)
    title = reader.inside(caption, reader.style(caption, style)) if caption else []
    if not rows:
        return [paragraph(*title)] if title else reader.blocks(table, style)
    rows, lost = folded(rows, head, reader.pieces)
    width = max(cell["at"] + cell["x"] for row in rows for cell in row)
    align_columns(rows, head, width)
    index = index_columns(rows, head, width)
    needs = [column_need(rows, place) for place in range(width)]
    comfort = sum(LETTER * SIZE * min(most, max(least, COMFORT)) + INSET for least, most in needs)
    shared = {"k": "grid", "head": head, "caption": title, "note": [words(lost)] if lost else []}
    if comfort <= PORTRAIT or width == 1:
        return [{**shared, **laid_out(rows, width), "size": SIZE}]
    parts = parts_of([LETTER * SMALL * least + INSET for least, _ in needs], index)
    return [turned(reader.pieces, shared, rows, part, index, width) for part in parts]


def turned(pieces, shared: dict, rows: list, part: list[int], index: int, width: int) -> dict:
    """One part of a wide table on a landscape page of its own."""
    whole = len(part) == width
    grid = {**shared, **laid_out(picked(rows, part), len(part)), "size": SMALL}
    if not whole:
        columns = [place for place in part if place >= index]
        text = pieces.say("part", first=columns[0] - index + 1, last=columns[-1] - index + 1, count=width - index)
        grid["caption"] = [*shared["caption"], words((" · " if shared["caption"] else "") + text)]
    return {"k": "landscape", "c": [grid]}


# --- rows and cells --------------------------------------------------------------------------------------------------


def own_rows(table) -> list:
    """The rows of a table itself, not of tables in its cells, with whether each stands in the head."""
    found = []
    for child in table.find_all(["tr", "thead", "tbody", "tfoot"], recursive=False):
        members = [child] if child.name == "tr" else child.find_all("tr", recursive=False)
        found += [(row, child.name == "thead") for row in members]
    return found


def rows_of(reader, table, style: dict) -> tuple[list[list[dict]], int]:
    """Cells of each row with their place (``at``) and spans (``x``, ``y``), and the number of rows in the head."""
    members = [(row, head, row.find_all(["td", "th"], recursive=False)) for row, head in own_rows(table)]
    members = [(row, head, cells) for row, head, cells in members if cells]
    heads = sum(head for _, head, _ in members)
    if not heads and len(members) > 1 and all(cell.name == "th" for cell in members[0][2]):
        heads = 1
    taken: set[tuple[int, int]] = set()
    rows = []
    for number, (row, _, cells) in enumerate(members):
        last = heads if number < heads else len(members)  # a cell of the head does not reach into the body
        found, at = [], 0
        row_style = reader.style(row, style)
        for cell in cells:
            while (number, at) in taken:
                at += 1
            made = cell_of(reader, cell, row, row_style)
            made["at"], made["y"] = at, min(made["y"], last - number)
            taken |= {(number + down, at + across) for down in range(made["y"]) for across in range(made["x"])}
            at += made["x"]
            found.append(made)
        rows.append(found)
    return rows, heads if heads < len(members) else 0


def cell_of(reader, cell, row, style: dict) -> dict:
    """One cell: what it holds, its spans, fill, bar and alignment."""
    values = {**reader.sheet.of(row), **reader.sheet.of(cell)}
    content = reader.blocks(cell, reader.style(cell, style))
    for block in content:
        block.pop("align", None)
    asked = values.get("text-align", cell.get("align") or "")
    fill = fill_of(values) or cell.get("bgcolor")
    return {
        "c": content,
        "x": span(cell.get("colspan")),
        "y": span(cell.get("rowspan")),
        "th": cell.name == "th",
        "align": asked if asked in ("left", "right", "center") else "",
        "fill": fill if fill and re.fullmatch("#[0-9a-f]{6}", fill) else "",
        "bar": bar_of(values),
    }


def span(text: str | None) -> int:
    """A span as HTML reads it: 1 where it makes no sense."""
    return min(MOST_SPAN, max(1, int(text))) if text and text.strip().isdigit() else 1


def folded(rows: list, head: int, pieces) -> tuple[list, str]:
    """A very long table without the rows in its middle, and the note that says so."""
    most, count = pieces.max_lines, len(rows) - head
    if not most or count <= most:
        return rows, ""
    first = most * 4 // 5
    kept = [*rows[: head + first], *rows[len(rows) - (most - first) :]]
    for place, row in enumerate(kept):
        for cell in row:
            cell["y"] = min(cell["y"], (head + first if place < head + first else len(kept)) - place)
    pieces.warn("folded", left=count - most, lines=count)
    return full_rows(kept, max(cell["at"] + cell["x"] for row in rows for cell in row)), pieces.say(
        "folded", left=count - most, lines=count
    )


def full_rows(rows: list, width: int) -> list:
    """Rows without holes: an empty cell wherever no cell stands or reaches."""
    taken: set[tuple[int, int]] = set()
    found = []
    for number, row in enumerate(rows):
        taken |= {
            (number + down, cell["at"] + across) for cell in row for down in range(cell["y"]) for across in range(cell["x"])
        }
        holes = [empty_cell(place) for place in range(width) if (number, place) not in taken]
        found.append(sorted([*row, *holes], key=lambda cell: cell["at"]))
    return found


def empty_cell(place: int) -> dict:
    """A cell that holds nothing."""
    return {"c": [], "x": 1, "y": 1, "th": False, "align": "", "fill": "", "bar": [], "at": place}


# --- columns ---------------------------------------------------------------------------------------------------------


def cell_text(cell: dict) -> str:
    """The words of a cell."""
    return plain_of(cell["c"]).strip()


def align_columns(rows: list, head: int, width: int) -> None:
    """Give every cell without an alignment that of its column: right for numbers, left for words."""
    texts = [
        [cell_text(cell) for row in rows[head:] for cell in row if cell["at"] == place and not cell["th"]]
        for place in range(width)
    ]
    filled = [[text for text in column if text] for column in texts]
    sides = ["right" if column and all(NUMBER.fullmatch(text) for text in column) else "left" for column in filled]
    for row in rows:
        for cell in row:
            cell["align"] = cell["align"] or ("center" if cell["x"] > 1 else sides[cell["at"]])


def index_columns(rows: list, head: int, width: int) -> int:
    """Leading columns of row headings: they stand in every part of a table that is cut."""
    reach = {place for row in rows[head:] for cell in row if cell["th"] for place in range(cell["at"], cell["at"] + cell["x"])}
    count = next(place for place in range(width + 1) if place not in reach)
    return count if count < width else 0


def tokens_of(text: str) -> list[str]:
    """What cannot be broken over lines; of a very long word its first letters."""
    return [token[:SHORTEST] if ZERO_WIDTH in token else token for token in text.split()]


def column_need(rows: list, place: int) -> tuple[int, int]:
    """Letters across that a column needs at least, and at most."""
    cells = [cell for row in rows for cell in row if cell["at"] == place and cell["x"] == 1]
    texts = [cell_text(cell) for cell in cells]
    nested = max((nested_letters(cell) for cell in cells), default=0)
    least = max((len(token) for text in texts for token in tokens_of(text)), default=1)
    most = max((len(line) for text in texts for line in text.split("\n")), default=1)
    return max(least, nested, 1), max(most, nested, 1)


def nested_letters(cell: dict) -> int:
    """Letters across that tables and pictures in a cell need at least."""
    needs = [16 for block in cell["c"] if block["k"] in ("img", "lines", "list", "quote")]
    for block in cell["c"]:
        if block["k"] == "grid":
            needs.append(sum(max((len(one) for one in column["least"]), default=1) + 2 for column in block["columns"]))
    return max(needs, default=0)


def longest(found: list[str]) -> list[str]:
    """The few longest of some words, without repetition."""
    return sorted(set(found), key=lambda text: (-len(text), text))[:MEASURED]


def laid_out(rows: list, width: int) -> dict:
    """Rows and, for each column, the words that are measured in the font to find its width."""
    columns = []
    for place in range(width):
        cells = [cell for row in rows for cell in row if cell["at"] == place and cell["x"] == 1]
        texts = [cell_text(cell) for cell in cells]
        filler = ["0" * max((nested_letters(cell) for cell in cells), default=0)]
        least = longest([token for text in texts for token in tokens_of(text)] + filler)
        columns.append({"least": least, "most": longest([line for text in texts for line in text.split("\n")] + filler)})
    return {"rows": full_rows(rows, width), "columns": columns}


def parts_of(needs: list[float], index: int) -> list[list[int]]:
    """The columns of each part of a table, so that each fits a landscape page: the index in every part, the others in turn."""
    room = LANDSCAPE - sum(needs[:index])
    if room < max(needs[index:], default=0.0):  # the index alone fills the page: the letters are made smaller instead
        index, room = 0, LANDSCAPE
    parts: list[list[int]] = [[]]
    used = 0.0
    for place in range(index, len(needs)):
        if parts[-1] and used + needs[place] > room:
            parts.append([])
            used = 0.0
        parts[-1].append(place)
        used += needs[place]
    return [[*range(index), *part] for part in parts]


def picked(rows: list, part: list[int]) -> list:
    """The cells of some columns, in their new places; a cell over several columns keeps those that are picked."""
    place_of = {old: new for new, old in enumerate(part)}
    found = []
    for row in rows:
        kept = []
        for cell in row:
            places = [place_of[old] for old in range(cell["at"], cell["at"] + cell["x"]) if old in place_of]
            if places:
                kept.append({**cell, "at": places[0], "x": len(places)})
        found.append(kept)
    return found


def plain_grid(head: list[str], body: list[list[str]], *, caption: str = "") -> dict:
    """A grid of plain words."""
    rows = []
    for number, row in enumerate([head, *body]):
        cells = [{**empty_cell(place), "c": [paragraph(words(text))], "th": number == 0} for place, text in enumerate(row)]
        rows.append(cells)
    align_columns(rows, 1, len(head))
    shared = {"k": "grid", "head": 1, "caption": [words(caption, b=True)] if caption else [], "note": []}
    return {**shared, **laid_out(rows, len(head)), "size": SIZE}
