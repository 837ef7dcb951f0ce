"""Pictures of a notebook: kept beside the Typst source when they are at hand, a visible note when they are not."""

import base64
import binascii
import re
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

from qnict_analysis.exporter.pieces import TURNING, Pieces, boxed, clean, paragraph, words

EXTENSIONS = {
    "image/svg+xml": "svg",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
}
"""Types of pictures that Typst reads, and how it tells them apart."""
SUFFIXES = {".svg": "svg", ".png": "png", ".jpg": "jpg", ".jpeg": "jpg", ".gif": "gif", ".webp": "webp"}
POINTS_A_PIXEL = 0.75
"""CSS: 96 pixels an inch, 72 points an inch."""
LONGEST_ALT = 300
FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)}
"""Marks of the segment of a JPEG that says how large it is and of how many colours."""
PRINTING_INKS = 4
DOTS_AN_INCH = 72
"""Typst's own, with which a pixel counts as a point."""


_OUTSIDE = re.compile(r"""<image\b[^>]*?href\s*=\s*["'](?!data:)([^"']*)["'][^>]*?(?:/>|>\s*</image>)""", re.IGNORECASE)


def drawing(pieces: Pieces, source: str, alt: str) -> dict:
    """An SVG drawing without the pictures in it that stand elsewhere; its words are cleaned as others are."""
    for address in _OUTSIDE.findall(source):
        pieces.warn("remote", address[:200])
    return image(pieces, clean(_OUTSIDE.sub("", source)).encode(), "svg", alt)


def image(pieces: Pieces, content: bytes, extension: str, alt: str, *, width: float | None = None) -> dict:
    """A picture kept as a file, with its alternative text. ``width``: in points; without it the picture's own."""
    if extension == "jpg" and colours_in(content) == PRINTING_INKS:
        content, extension = in_screen_colours(content)
    name = f"picture-{len(pieces.files)}.{extension}"
    pieces.files[name] = content
    return {"k": "img", "file": name, "alt": shortened(alt), "w": width}


def colours_in(content: bytes) -> int:
    """The number of colours of a JPEG, as its frame says; 0 where it has none."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        if content[at + 1] in FRAMES:
            return content[at + 9]
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return 0


def in_screen_colours(content: bytes) -> tuple[bytes, str]:
    """A JPEG in the four inks of a printing press as PNG in red, green and blue; as it is where it cannot be read.

    PDF/A refuses such a picture without the profile of its inks, and with it the whole document. Matplotlib reads it by Pillow.
    """
    from matplotlib.image import imread, imsave

    stream = BytesIO()
    try:
        imsave(stream, imread(BytesIO(content), format="jpeg"), format="png", dpi=DOTS_AN_INCH)
    except Exception:  # a damaged or an enormous file raises all kinds; said later, as for every picture that cannot be read
        return content, "jpg"
    return stream.getvalue(), "png"


def shortened(alt: str) -> str:
    """Alternative text on one line, never empty: an accessible document must have it."""
    return re.sub(r"\s+", " ", TURNING.sub("", clean(alt))).strip()[:LONGEST_ALT] or "…"


def from_base64(pieces: Pieces, text: str, kind: str, alt: str, *, width: float | None = None) -> dict:
    """A picture from base64, or a note that it cannot be read."""
    try:
        content = base64.b64decode(re.sub(r"\s+", "", text), validate=True)
    except (binascii.Error, ValueError):
        return unreadable(pieces, kind, alt)
    return image(pieces, content, EXTENSIONS[kind], alt, width=width) if content else unreadable(pieces, kind, alt)


def unreadable(pieces: Pieces, kind: str, alt: str) -> dict:
    """A note in the place of a picture that cannot be read."""
    pieces.warn("picture", f"{kind}: {shortened(alt)}")
    return boxed([paragraph(words(pieces.say("broken_picture", kind=kind, alt=shortened(alt))))])


def picture(pieces: Pieces, element, attachments: dict) -> list[dict]:
    """Nodes for a picture in HTML: from the page itself, an attachment or a file beside the notebook; never from the network."""
    if element.name == "svg":
        return [drawing(pieces, str(element), element.get("aria-label") or svg_title(element))]
    source = (element.get("src") or "").strip()  # a file or an attachment may be named by letters and marks apart
    address = clean(source)
    alt = element.get("alt") or element.get("title") or ""
    if element.name != "img":  # video, audio, frames: what they hold for those who cannot show them, and where they are
        alt = alt or element.get_text(" ", strip=True) or element.name
        return [not_fetched(pieces, alt, address)] if address else [paragraph(words(alt))]
    width = width_of(element)
    if address.startswith("data:"):
        return [from_data(pieces, address, alt, width)]
    if address.startswith("attachment:"):
        return [from_attachment(pieces, unquote(source.removeprefix("attachment:")), alt, width, attachments)]
    if re.match(r"[a-zA-Z][\w+.-]+:|//", address):
        return [not_fetched(pieces, alt, address)]
    return [from_file(pieces, unquote(source), alt, width)]


def svg_title(element) -> str:
    """What a drawing says it is."""
    return element.title.get_text() if element.title else ""


def width_of(element) -> float | None:
    """The width in points that a picture asks for in pixels."""
    asked = element.get("width") or ""
    found = re.search(r"(?<![-\w])width:\s*([\d.]+)px", element.get("style") or "") or re.fullmatch(
        r"([\d.]+)(?:px)?", asked.strip()
    )
    return float(found[1]) * POINTS_A_PIXEL if found and re.fullmatch(r"\d+\.?\d*", found[1]) and float(found[1]) > 0 else None


def from_data(pieces: Pieces, address: str, alt: str, width: float | None) -> dict:
    """The picture of a ``data:`` address."""
    head, _, body = address.removeprefix("data:").partition(",")
    kind = head.split(";")[0].strip().lower()
    if kind not in EXTENSIONS:
        return unreadable(pieces, kind or "data:", alt)
    if "base64" in head:
        return from_base64(pieces, unquote(body), kind, alt, width=width)
    return image(pieces, unquote_to_bytes(body), EXTENSIONS[kind], alt, width=width)


def from_attachment(pieces: Pieces, name: str, alt: str, width: float | None, attachments: dict) -> dict:
    """A picture attached to its cell."""
    kinds = attachments.get(name) or {}
    kind = next((kind for kind in kinds if kind in EXTENSIONS), None)
    if kind is None:
        return unreadable(pieces, f"attachment:{name}", alt)
    if kind == "image/svg+xml" and "<" in kinds[kind]:
        return image(pieces, kinds[kind].encode(), "svg", alt or name, width=width)
    return from_base64(pieces, kinds[kind], kind, alt or name, width=width)


def from_file(pieces: Pieces, address: str, alt: str, width: float | None) -> dict:
    """A picture file inside the notebook's folder; nothing outside it is read."""
    extension = SUFFIXES.get(Path(address).suffix.lower())
    path = (pieces.folder / address).resolve() if pieces.folder and extension else None
    try:
        if path is not None and path.is_relative_to(pieces.folder.resolve()):
            return image(pieces, path.read_bytes(), extension, alt or path.stem, width=width)
    except (OSError, ValueError):
        pass  # not there, or no name of a file: said below as for one outside the folder
    asked = clean(address)[:200]
    pieces.warn("local", asked)
    return boxed([paragraph(words(pieces.say("not_fetched", alt=shortened(alt), address=asked)))])


def not_fetched(pieces: Pieces, alt: str, address: str) -> dict:
    """A note in the place of a picture on the network."""
    pieces.warn("remote", address[:200])
    return boxed([paragraph(words(pieces.say("not_fetched", alt=shortened(alt), address=address[:200])))])
