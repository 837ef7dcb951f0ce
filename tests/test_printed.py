"""The whole briefing in print, both languages and both official styles: standards, page images, and the numbers read back.

Page images stand in ``golden/pages``, one sheet a document. After a change of layout that was looked at, make them again:
``QNICT_NEW_PAGES=1 python -m pytest tests/test_printed.py``.
"""

import dataclasses
import itertools
import math
import os
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import nbformat
import numpy as np
import page
import pypdfium2
import pytest
from notebook_blocks import blocks_of_the_notebook
from PIL import Image, ImageChops

from qnict_analysis import briefing
from qnict_analysis.analysis import analyse
from qnict_analysis.exporter import notebook_to_pdf
from qnict_analysis.wording.speech import TEXT

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
    # A hyphen at the end of a line is read as U+FFFE.
    read = (one.get_textpage().get_text_range().replace("\ufffe", "-") for one in pypdfium2.PdfDocument(pdf))
    return [" ".join(text.split()) for text in read]


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


# --- numbers read back: what the frames hold, printed anew here, is looked for on the pages -----------------------------

SHOWN = {
    "vi": {
        **{"under": "dưới", "over": "trên", "late": "sau hạn", "tick": "Q{roman}/{year}", "quarter": "quý {roman}/{year}"},
        "whole": {"at_least": "từ {n} trở lên", "above": "trên {n}", "at_most": "không quá {n}", "below": "dưới {n}"},
    },
    "en": {
        **{"under": "under", "over": "over", "late": "later", "tick": "Q{n}/{short}", "quarter": "Q{n} {year}"},
        "whole": {"at_least": "{n} or more", "above": "more than {n}", "at_most": "no more than {n}", "below": "fewer than {n}"},
    },
}
WHOLE = ("units", "count")
ENDS = r"(?![\d/–]|[.,]\d)"
"""After a number: no more of it."""


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_number_of_the_assessment_that_is_shown_can_be_read_back(analyses, printed, lang):
    found, places = analyses[lang], places_of(printed[lang, "TT01-2011"], analyses[lang])
    assert not {row.target: lost for row in found.assessment.itertuples() if (lost := unread(row, places, found.registry, lang))}
    assert not [row.indicator for row in found.indicators.itertuples() if part_unread(row, places, found.registry, lang)]


OTHERS = {
    "value": ("T03", {"value": 31 / 34}),
    "threshold": ("T03", {"threshold": 0.91}),
    "k_min": ("T03", {"k_min": 32}),
    "p_printed": ("T03", {"p_printed": 0.41, "p_met": 0.41}),
    "capped": ("T05", {"p_printed": 0.04}),
    "low": ("T03", {"low": 20 / 34}),
    "high": ("T16", {"high": 0.0199}),
    "reach": ("T03", {"reach": "2013Q2"}),
    "never": ("T03", {"reach": ""}),
    "gap": ("T16", {"gap": 0.0024}),
    "pace_ratio": ("T16", {"pace_ratio": 3.7}),
    "no pace": ("T16", {"pace_ratio": 0.9}),
}
"""Rows that say something else than the pages."""


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", OTHERS)
def test_a_number_that_is_not_the_frames_is_noticed(analyses, printed, lang, name):
    target, others = OTHERS[name]
    found, places = analyses[lang], places_of(printed[lang, "TT01-2011"], analyses[lang])
    row = next(row for row in found.assessment.itertuples() if row.target == target)
    assert not unread(row, places, found.registry, lang)
    assert unread(row._replace(**others), places, found.registry, lang)


@pytest.mark.slow
def test_a_number_of_a_part_that_is_not_the_frames_is_noticed(analyses, printed):
    found, places = analyses["vi"], places_of(printed["vi", "TT01-2011"], analyses["vi"])
    row = next(row for row in found.indicators.itertuples() if row.indicator == "T06a")
    assert not part_unread(row, places, found.registry, "vi")
    for others in ({"p_printed": 0.41, "p_met": 0.41}, {"value": 30 / 34}, {"k_min": 33}):
        assert part_unread(row._replace(**others), places, found.registry, "vi")


def places_of(pdf: bytes, analysis) -> dict:
    """The texts of the report and the overview, and those of each target's row in the table and of its block."""
    pages, voice = texts(pdf), briefing.voice_of(analysis)
    annexes = {name: [text for text in pages if f"{briefing.annex(voice, name)} – " in text] for name in briefing.ANNEXES}
    table, blocks, ids = " ".join(annexes["table"]), " ".join(annexes["targets"]), list(analysis.assessment["target"])
    return {
        **{"report": " ".join(pages[: pages.index(annexes["overview"][0])]), "overview": annexes["overview"][0]},
        "rows": dict(zip(ids, cut(table, [f"{one} " for one in ids]), strict=True)),
        "blocks": dict(zip(ids, cut(blocks, [f"{one}. " for one in ids]), strict=True)),
    }


def cut(text: str, openings: list[str]) -> list[str]:
    """The pieces of a text that begin with these words, which come in this order."""
    starts = [text.index(words) for words in openings]
    assert starts == sorted(starts)
    return [text[start:end] for start, end in itertools.pairwise([*starts, len(text)])]


def unread(row, places: dict, registry, lang: str) -> list[str]:
    """What a row of the assessment says that is not read where the pages show it."""
    indicator, short = registry.indicators[row.indicator], set_in_type(registry.targets[row.target].short[lang])
    one, words, block = numbers_of_row(row, indicator, lang), TEXT[lang].NUMBERS, places["blocks"][row.target]
    due = quarter(registry.targets[row.target].deadline, "quarter", lang)
    cells = rf"{one['value']} {one['goal']}{one['k_min']} {one['gap']}\D*?"
    worry = f"{row.target} {short} "
    wanted = {
        "level in the report": (places["report"], rf"{short}: {one['value']} \([^\d()≥>≤<]*{one['asked']}\)"),
        "row of the table": (places["rows"][row.target], rf" {cells} {one['chance']} {one['interval']} {one['reach']} "),
        "tile": (places["overview"], rf"{row.target} {one['chance']} "),
        "value": (block, rf"{words['now']} {one['value']}{ENDS}"),
        "goal": (block, rf"{words['target']} {one['goal']}{one['k_min']}{ENDS}"),
    }
    if re.search(worry, places["report"]):
        wanted["small table"] = (places["report"], rf"{worry}{cells} {one['chance']} ")
    if one["gap"] != "–":
        before, after = words["too_high" if row.comparator in ("at_most", "below") else "missing"].split("{gap}")
        wanted["gap"] = (block, rf"{re.escape(before)}{one['gap']}\D+{re.escape(after)}")
    if one["chance"] != "–":
        named = re.escape(words["forecast"].format(deadline=due))
        of = f"/{one['n_units']}" if indicator.kind == "units" else ""
        wanted["chance"] = (block, rf"{words['chance']} {one['chance']} ")
        wanted["interval"] = (block, rf"{named} {one['interval']}{of}{ENDS}")
        wanted["pace"] = (block, paced(row, one, words, lang))
        if "at_level" not in row.flags.split():
            wanted["reach"] = (block, reached(row, lang))
    return [name for name, (text, pattern) in wanted.items() if not re.search(pattern, text)]


def set_in_type(name: str) -> str:
    """The pattern of a name in print, where apostrophes are curly."""
    return re.escape(name.replace("'", "’"))


def part_unread(row, places: dict, registry, lang: str) -> bool:
    """Whether a part of a target with several is not read in the table of its block."""
    if len(registry.targets[row.target].parts) < 2:
        return False
    indicator = registry.indicators[row.indicator]
    one, short = numbers_of_row(row, indicator, lang), set_in_type(indicator.short[lang])
    pattern = rf"{short} {one['value']} {one['goal']}{one['k_min']} {one['gap']}\D*? {one['chance']} "
    return not re.search(pattern, places["blocks"][row.target])


def numbers_of_row(row, indicator, lang: str) -> dict[str, str]:
    """The numbers of a row as patterns of what must be read: decimals of the indicator, halves up, whole units as such."""
    whole, units = indicator.kind in WHOLE, indicator.kind == "units"
    of = row.n_units if units else 1
    places = 0 if whole else indicator.decimals
    size, sign = (of, "") if whole else (100, "%")
    n_units = figure(of, 0, lang) if units else ""
    value = figure(row.value * size, places, lang) + (f"/{n_units}" if units else sign)
    missing = row.k_min - round(row.value * size) if whole else 100 * row.gap
    low, high = (figure(level * size, places, lang) if level == level else "" for level in (row.low, row.high))
    chance = chance_of(row, lang)
    late = SHOWN[lang]["late"] if chance != "–" else "–"
    return {
        "n_units": n_units,
        "value": re.escape(value),
        "goal": re.escape(goal_of(row, indicator, lang)),
        "asked": re.escape(asked_of(row, indicator, lang)),
        "k_min": re.escape(f" ({figure(row.k_min, 0, lang)}/{n_units})") if units and row.threshold != 1 else "",
        "gap": re.escape(figure(missing, places, lang)) if missing > 0 else "–",
        "chance": chance,
        "interval": re.escape(f"{low}–{high}{sign}" if low != high else f"{low}{sign}") if chance != "–" else "–",
        "reach": re.escape(quarter(row.reach, "tick", lang)) if row.reach else late,
    }


def figure(x: float, places: int, lang: str) -> str:
    """A number of so many decimals, halves up; a comma before the decimals and dots between thousands in Vietnamese."""
    exact = Decimal(f"{x:.10g}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{exact:,}".translate(str.maketrans(",.", ".,")) if lang == "vi" else f"{exact:,}"


def goal_of(row, indicator, lang: str) -> str:
    """What is asked: ≥ 70%, 100%, từ 16 trở lên."""
    if indicator.kind == "count":
        return SHOWN[lang]["whole"][row.comparator].format(n=figure(row.threshold, 0, lang))
    signs = {"at_least": "≥ ", "above": "> ", "at_most": "≤ ", "below": "< "}
    bare = row.threshold == 1 and row.comparator == "at_least"
    return f"{'' if bare else signs[row.comparator]}{asked_of(row, indicator, lang)}"


def asked_of(row, indicator, lang: str) -> str:
    """The number that is asked, without its comparator: 70%, 16."""
    if indicator.kind == "count":
        return figure(row.threshold, 0, lang)
    return f"{100 * row.threshold:.8g}".replace(".", "," if lang == "vi" else ".") + "%"


def chance_of(row, lang: str) -> str:
    """The chance in whole per cent; one that was capped as beyond its cap."""
    assert row.evidence != "very_weak" or row.status == "no_basis", "tenths are not read back here"
    if row.status == "no_basis":
        return "–"
    side = "" if row.p_printed == row.p_met else "under " if row.p_met < row.p_printed else "over "
    return f"{SHOWN[lang][side.strip()] + ' ' if side else ''}{figure(100 * row.p_printed, 0, lang)}%"


def quarter(label: str, form: str, lang: str) -> str:
    """A quarter as a table or a sentence has it."""
    year, number = label.split("Q")
    roman = ("I", "II", "III", "IV")[int(number) - 1]
    return SHOWN[lang][form].format(roman=roman, n=number, year=year, short=year[2:])


def paced(row, one: dict, words: dict, lang: str) -> str:
    """The pace that is needed where it is above the present one; else none may be named."""
    before, after = map(re.escape, words["pace"].split("{pace}"))
    if one["gap"] != "–" and row.pace_ratio > 1:
        return rf"{before}{re.escape(figure(row.pace_ratio, 1, lang))}{after}"
    return rf"^(?!.*{before}[\d.,]+{after})"


def reached(row, lang: str) -> str:
    """From when on it is likely met, or that this is not in time, as the next step says it."""
    words = TEXT[lang].NEXT
    if not row.reach:
        return re.escape(words["no_reach"])
    return re.escape(words["reach"].replace("**", "").format(reach=quarter(row.reach, "quarter", lang)))


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
