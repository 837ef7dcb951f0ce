"""The whole briefing in print, both languages and both official styles: standards, page images, and the numbers read back.

Page images stand in ``golden/pages``, one sheet a document. After a change of layout that was looked at, make them again:
``QNICT_NEW_PAGES=1 python -m pytest tests/test_printed.py``.
"""

import dataclasses
import os
import re
from pathlib import Path

import nbformat
import numpy as np
import page
import pypdfium2
import pytest
from notebook_blocks import blocks_of_the_notebook
from PIL import Image

from qnict_analysis import briefing, formats
from qnict_analysis.analysis import analyse
from qnict_analysis.exporter import notebook_to_pdf

GOLDEN = Path(__file__).parent / "golden" / "pages"
PAIRS = [(lang, style) for style in ("TT01-2011", "ND30-2020") for lang in ("vi", "en")]
DPI, ACROSS = 30, 8
MOST_APART = 4.0
"""Mean difference of a page's grey (0 to 255) that digits and fonts of another machine may make; a line more makes twice that."""

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


def sheets(pdf: bytes) -> list[Image.Image]:
    return [one.render(scale=DPI / 72, grayscale=True).to_pil().convert("L") for one in pypdfium2.PdfDocument(pdf)]


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
    cell = (max(one.width for one in pages), max(one.height for one in pages))
    rows = -(-len(pages) // ACROSS)
    whole = Image.new("L", (cell[0] * ACROSS, cell[1] * rows), 255)
    places = [(number % ACROSS * cell[0], number // ACROSS * cell[1]) for number in range(len(pages))]
    for one, place in zip(pages, places, strict=True):
        whole.paste(one, place)
    if os.environ.get("QNICT_NEW_PAGES"):
        path.parent.mkdir(exist_ok=True)
        whole.quantize(16).save(path, optimize=True)
    before = Image.open(path).convert("L")
    assert before.size == whole.size, "another number of pages: look at them, then make the images again"
    for number, (one, place) in enumerate(zip(pages, places, strict=True), 1):
        box = (*place, place[0] + one.width, place[1] + one.height)
        apart = np.abs(np.asarray(before.crop(box), float) - np.asarray(whole.crop(box), float)).mean()
        assert apart < MOST_APART, f"page {number} differs by {apart:.1f}"


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
