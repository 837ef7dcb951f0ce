"""The whole briefing in print, both languages and both official styles: standards, page images, and the numbers read back.

Page images stand in ``golden/pages``, one sheet a document. After a change of layout that was looked at, make them again:
``QNICT_NEW_PAGES=1 python -m pytest tests/test_printed.py``.
"""

import dataclasses
import math
import os
import re
from pathlib import Path

import nbformat
import numpy as np
import page
import pypdfium2
import pytest
from notebook_blocks import blocks_of_the_notebook
from PIL import Image, ImageChops

from qnict_analysis import briefing, formats
from qnict_analysis.analysis import analyse
from qnict_analysis.exporter import notebook_to_pdf

GOLDEN = Path(__file__).parent / "golden" / "pages"
PAIRS = [(lang, style) for style in ("TT01-2011", "ND30-2020") for lang in ("vi", "en")]
DPI, FINER, ACROSS = 40, 4, 8
"""Pages are drawn FINER times as fine and made small, so that hairlines weigh what they weigh; ACROSS of them stand in a row."""

BLOCK, GREYS = 8, 17
"""Pictures are compared by squares of so many pixels (5 mm) at every place; their greys are multiples of GREYS, so that the
four files together stay below 2 MB."""

MOST_APART = 24.0
"""Mean grey of a square (0 to 255) that may come and go. Other digits in tables and texts (another seed) make at most 20, a
quarter of a pixel to the side 11; a mark, a number of a page, a name of a tile that is gone makes 26 and more. A chart with
other bars makes more too, and has to be looked at."""

CUT_SHORT = "stream /Length does not match"
"""The validator takes a carriage return that happens to be the last byte of a compressed stream for part of the line end."""


@pytest.fixture(scope="module")
def analyses():
    return {lang: analyse(as_of="2014Q2", draws=400, lang=lang) for lang in ("vi", "en")}


@pytest.fixture(scope="module")
def printed(analyses) -> dict[tuple[str, str], bytes]:
    """Each document as PDF: the cells of the briefing's notebook, run on the analysis of its language."""
    found = {}
    for lang, analysis in analyses.items():
        outputs = [shown(block) for block in blocks_of_the_notebook(analysis)]
        for style in ("TT01-2011", "ND30-2020"):
            styled = analysis.params.model_copy(update={"style": style})
            outputs[0] = shown(briefing.document_block(dataclasses.replace(analysis, params=styled)))
            book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=list(outputs))])
            found[lang, style] = notebook_to_pdf(book)[0]
    return found


def shown(block):
    data, metadata = block._repr_mimebundle_()
    return nbformat.v4.new_output("display_data", data=data, metadata=metadata)


def sheets(pdf: bytes, *, shift: int = 0) -> list[Image.Image]:
    """Every page as a picture in few greys; ``shift``: to the right and down, in pixels before it is made small."""
    drawn = (one.render(scale=DPI * FINER / 72, grayscale=True).to_pil().convert("L") for one in pypdfium2.PdfDocument(pdf))
    small = (ImageChops.offset(one, shift).reduce(FINER) for one in drawn)
    return [one.point(lambda grey: round(grey / GREYS) * GREYS) for one in small]


def in_one(pages: list[Image.Image]) -> Image.Image:
    """Pages side by side on one sheet, each in a square."""
    side = side_of(pages)
    whole = Image.new("L", (side * ACROSS, side * -(-len(pages) // ACROSS)), 255)
    for number, one in enumerate(pages):
        whole.paste(one, (number % ACROSS * side, number // ACROSS * side))
    return whole


def side_of(pages: list[Image.Image]) -> int:
    return max(max(one.size) for one in pages)


def block_means(image: Image.Image) -> np.ndarray:
    """Mean grey of the square that begins at each pixel."""
    sums = np.pad(np.asarray(image, float).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    return (sums[BLOCK:, BLOCK:] - sums[:-BLOCK, BLOCK:] - sums[BLOCK:, :-BLOCK] + sums[:-BLOCK, :-BLOCK]) / BLOCK**2


def difference(before: Image.Image, now: Image.Image, side: int) -> tuple[float, int, tuple[int, int]]:
    """By how much the worst square of two sheets differs, its page, and where it begins there, in mm from the left and the
    top; ``side``: of the square of a page."""
    apart = np.abs(block_means(before) - block_means(now))
    down, right = (int(place) for place in np.unravel_index(apart.argmax(), apart.shape))
    mm = [round(place % side / DPI * 25.4) for place in (right, down)]
    return float(apart.max()), down // side * ACROSS + right // side + 1, (mm[0], mm[1])


def texts(pdf: bytes) -> list[str]:
    return [" ".join(one.get_textpage().get_text_range().split()) for one in pypdfium2.PdfDocument(pdf)]


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "style"), PAIRS)
def test_the_whole_briefing_meets_both_standards(printed, lang, style):
    for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A):
        failures = [failure.message for failure in page.validate_pdf_bytes(printed[lang, style], profile=profile).failures]
        assert not [message for message in failures if not (CUT_SHORT in message and b"\r\nendstream" in printed[lang, style])]


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "style"), PAIRS)
def test_every_page_looks_as_it_did(printed, lang, style):
    pages, path = sheets(printed[lang, style]), GOLDEN / f"{lang}-{style}.png"
    whole = in_one(pages)
    if os.environ.get("QNICT_NEW_PAGES"):
        path.parent.mkdir(exist_ok=True)
        whole.quantize(256 // GREYS + 1).save(path, optimize=True)
    before = Image.open(path).convert("L")
    assert before.size == whole.size, "another number of pages: look at them, then make the images again"
    apart, number, (across, below) = difference(before, whole, side_of(pages))
    place = f"{path.name}, page {number}, {across} mm from the left and {below} mm from the top"
    assert apart < MOST_APART, f"{place}: differs by {apart:.0f} of at most {MOST_APART:.0f}"


AREAS = {
    "draft mark": ("BÁO CÁO", "DỰ THẢO", (0, 0)),
    "mark of illustrative figures": ("BÁO CÁO", "SỐ LIỆU MINH HỌA", (0, 0)),
    "letterhead": ("BÁO CÁO", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (0, 0)),
    "signature": ("Nơi nhận:", "GIÁM ĐỐC", (0, 0)),
    "recipients": ("Nơi nhận:", "Nơi nhận:", (0, 20)),
    "small table": ("TỒN TẠI, HẠN CHẾ", "Còn thiếu", (0, 20)),
    "tile": ("Phụ lục 1 – 1", "T06", (20, 10)),
    "number of a page": ("Phụ lục 1 – 1", "Phụ lục 1 – 1", (0, 0)),
    "row of the table": ("Phụ lục 2 – 1", "T08", (100, 0)),
    "chart": ("Phụ lục 3 – 1", "QIV/2011", (50, -30)),
}
"""What may not get lost: words of its page, its own first words, and how many mm it goes on to the right and down (less: up)."""


@pytest.mark.slow
@pytest.mark.parametrize("name", AREAS)
def test_what_is_gone_from_a_page_is_seen(printed, name):
    page_words, words, grown = AREAS[name]
    one, sheet = page_with(printed["vi", "TT01-2011"], page_words)
    left, top, right, bottom = pixels(sheet, words, grown)
    erased = one.copy()
    erased.paste(255, (left, top, right, bottom))
    apart, number, mm = difference(in_one([one]), in_one([erased]), side_of([one]))
    assert apart > MOST_APART
    across, below = (place * DPI / 25.4 for place in mm)
    assert number == 1 and left - BLOCK - 1 <= across <= right and top - BLOCK - 1 <= below <= bottom


@pytest.mark.slow
def test_other_digits_are_not_minded(printed):
    one, sheet = page_with(printed["vi", "TT01-2011"], "Phụ lục 2 – 1")
    first, second = (pixels(sheet, words, (0, 0)) for words in ("41,5%", "83,9%"))
    other = one.copy()
    other.paste(one.crop(second), first[:2])
    other.paste(one.crop(first), second[:2])
    assert 0 < difference(in_one([one]), in_one([other]), side_of([one]))[0] < MOST_APART


@pytest.mark.slow
def test_a_quarter_of_a_pixel_to_the_side_is_not_minded(printed):
    pages, shifted = (sheets(printed["vi", "TT01-2011"], shift=shift) for shift in (0, 1))
    assert 0 < difference(in_one(pages), in_one(shifted), side_of(pages))[0] < MOST_APART


def page_with(pdf: bytes, words: str) -> tuple[Image.Image, pypdfium2.PdfPage]:
    """The first page with these words, as a picture and as it stands in the file."""
    found = zip(sheets(pdf), pypdfium2.PdfDocument(pdf), strict=True)
    return next((one, sheet) for one, sheet in found if sheet.get_textpage().search(words, match_case=True).get_next())


def pixels(sheet: pypdfium2.PdfPage, words: str, grown: tuple[float, float]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of words on the picture of a page; ``grown``: mm further to the right and down (less: up)."""
    text = sheet.get_textpage()
    start, length = text.search(words, match_case=True).get_next()
    boxes = [text.get_charbox(letter) for letter in range(start, start + length) if text.get_text_range(letter, 1).strip()]
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    across, down = (mm / 25.4 * 72 for mm in grown)
    low, high = min(bottoms) - max(down, 0), max(tops) - min(down, 0)
    points = (min(lefts), sheet.get_height() - high, max(rights) + across, sheet.get_height() - low)
    return tuple(pick(point * DPI / 72) for pick, point in zip((math.floor,) * 2 + (math.ceil,) * 2, points, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "style"), PAIRS)
def test_page_numbers_stand_where_the_style_wants_them(printed, lang, style):
    first, second, annex = list(pypdfium2.PdfDocument(printed[lang, style]))[:3]
    word = "Phụ lục 1 – 1" if lang == "vi" else "Annex 1 – 1"
    assert not numbers_of(first, r"[12]") and [spot for spot in numbers_of(second, "2")]
    spots = [numbers_of(second, "2"), numbers_of(annex, re.escape(word))]
    for (left, bottom, right, _), *_ in spots:
        if style == "ND30-2020":  # centred in the top margin
            assert bottom > 842 - 57 and abs((left + right) / 2 - 595 / 2) < 40
        else:  # bottom right
            assert bottom < 57 and right > 595 - 60


def numbers_of(sheet, pattern: str) -> list[tuple]:
    """The boxes of texts in the margins above and below that are a page number."""
    text = sheet.get_textpage()
    found = []
    for number in range(text.count_rects()):
        box = text.get_rect(number)
        inside = text.get_text_bounded(*box).strip()
        if (box[1] < 57 or box[1] > 842 - 57) and re.fullmatch(pattern, inside):
            found.append(box)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_number_of_the_assessment_that_is_shown_can_be_read_back(analyses, printed, lang):
    analysis, pages = analyses[lang], texts(printed[lang, "TT01-2011"])
    whole = " ".join(pages)
    facts = briefing.facts_in(analysis)
    table = next(text for text in pages if f"{briefing.annex(briefing.voice_of(analysis), 'table')} – 1" in text)
    for fact, row in zip(facts, analysis.assessment.itertuples(), strict=True):
        assert fact.id in table and fact.now_short.replace(" ", "") in table.replace(" ", "")
        if fact.chance:
            assert fact.chance in table, fact.id
            wanted = formats.chance(row.p_printed, lang) if 0.05 < row.p_printed < 0.95 else fact.chance
            assert wanted == fact.chance
            for number in (fact.interval, fact.in_ten):
                assert number.replace(" ", "") in whole.replace(" ", ""), (fact.id, number)
        if fact.gap:
            assert fact.gap.replace(" ", "") in whole.replace(" ", ""), (fact.id, fact.gap)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_annexes_are_listed_with_links(printed, lang):
    document = pypdfium2.PdfDocument(printed[lang, "TT01-2011"])
    marks = [mark.get_title() for mark in document.get_toc(max_depth=1)]
    overview = texts(printed[lang, "TT01-2011"])[2]
    word = "Phụ lục" if lang == "vi" else "Annex"
    named = [f"{word} {number}. {title}" for number, title in enumerate(marks[1:], 1)]
    assert len(named) == len(briefing.ANNEXES)
    assert all(" ".join(one.split()) in overview for one in named), named
