"""Blocks as plain HTML for JupyterLab: the same content as in print, without its layout. Every string is escaped."""

from html import escape

from qnict_analysis.words import COLOURS, GREY, INK, SHAPES

STYLE = "font-family: 'DejaVu Sans', sans-serif; max-width: 60em; line-height: 1.45"


def page(*pieces: str) -> str:
    """Pieces of HTML under one style."""
    return f'<div style="{STYLE}">{"".join(pieces)}</div>'


def heading(text: str, level: int = 3) -> str:
    """A heading; nothing without text."""
    return f'<h{level} style="color:{INK};margin:0.8em 0 0.3em">{escape(text)}</h{level}>' if text else ""


def mark(words: str) -> str:
    """The mark over what rests on illustrative figures."""
    return f'<p style="color:{COLOURS["unlikely"]};font-weight:bold;margin:0.3em 0">{escape(words)}</p>'


def runs(paragraph: list[dict]) -> str:
    """A paragraph's runs; bold ones strong."""
    return "".join(f"<strong>{escape(run['t'])}</strong>" if run.get("b") else escape(run["t"]) for run in paragraph)


def paragraphs(found: list) -> str:
    """Paragraphs of runs."""
    return "".join(f'<p style="margin:0.3em 0">{runs(paragraph)}</p>' for paragraph in found)


def bullets(found: list) -> str:
    """A list of runs; nothing without items."""
    return f"<ul>{''.join(f'<li>{runs(item)}</li>' for item in found)}</ul>" if found else ""


def badge(status: str, label: str) -> str:
    """Shape, word and colour of a status."""
    colour = COLOURS.get(status, GREY)
    return f'<span style="color:{colour};white-space:nowrap">{SHAPES.get(status, "")} {escape(label)}</span>'


def cell(value) -> str:
    """One cell of a table: text, badge or runs."""
    if isinstance(value, str):
        return escape(value)
    return badge(value["status"], value["label"]) if "status" in value else runs(value["runs"])


def table(content: dict | None) -> str:
    """A table of a block with its caption above and its note below."""
    if not content:
        return ""
    aligns = [column["align"] for column in content["columns"]]
    head = "".join(th(column) for column in content["columns"])
    body = "".join(
        f"<tr>{''.join(td(value, align) for value, align in zip(row, aligns, strict=True))}</tr>" for row in content["rows"]
    )
    caption = f"<caption>{escape(content['caption'])}</caption>" if content["caption"] else ""
    note = f'<p style="color:{GREY};font-size:85%">{escape(content["note"])}</p>' if content["note"] else ""
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def th(column: dict) -> str:
    """A head cell, aligned as its column."""
    return f'<th scope="col" style="text-align:{column["align"]}">{escape(column["title"])}</th>'


def td(value, align: str) -> str:
    """A cell, aligned as its column."""
    return f'<td style="text-align:{align}">{cell(value)}</td>'


def figure(svg: str, alt: str, caption: str) -> str:
    """A chart with its alternative text; the SVG is our own, the texts are escaped."""
    image = f'<div role="img" aria-label="{escape(alt)}">{svg}</div>' if svg else ""
    below = f'<figcaption style="color:{GREY};font-size:85%">{escape(caption)}</figcaption>'
    return f'<figure style="margin:0.5em 0">{image}{below}</figure>'


def numbers(found: list[dict]) -> str:
    """The four numbers of a target side by side."""
    return f"<table><tr>{''.join(map(number, found))}</tr></table>"


def number(one: dict) -> str:
    """One of a target's numbers: label, value, note."""
    label, value, note = (escape(one[name]) for name in ("label", "value", "note"))
    style = "vertical-align:top;text-align:left;padding-right:1.5em"
    head = f'<small style="color:{GREY}">{label}</small>'
    return f'<td style="{style}">{head}<br><strong>{value}</strong><br><small>{note}</small></td>'


def tiles(groups: list[dict]) -> str:
    """The tiles of the overview, a row a group."""
    return "".join(
        f"<p><em>{escape(group['title'])}</em><br>{' &nbsp; '.join(map(tile, group['tiles']))}</p>" for group in groups
    )


def tile(one: dict) -> str:
    """One target in the strip of tiles."""
    colour, shape = COLOURS.get(one["status"], GREY), SHAPES.get(one["status"], "")
    title = f"{one['short']}: {one['label']}"
    return f'<span title="{escape(title)}" style="color:{colour}">{shape} {escape(one["id"])} {escape(one["chance"])}</span>'
