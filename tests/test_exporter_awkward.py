"""Awkward notebooks as PDF: everything is there, what could not be kept is said, nothing runs and nothing is fetched."""

import re
import subprocess
import sys
from functools import cache

import awkward
import nbformat
import page
import pypdfium2
import pytest

from qnict_analysis.exporter import notebook_to_pdf

CUT_SHORT = "stream /Length does not match"
"""The validator takes a carriage return that happens to be the last byte of a compressed stream for part of the line end."""

ACCESSIBLE = re.compile("PDF/UA")


@cache
def printed(name: str):
    """The case, its PDF, its text by page without blanks, and its warnings."""
    case = awkward.CASES[name]()
    pdf, warnings = notebook_to_pdf(case.notebook, name=name, **case.settings)
    return case, pdf, sheets_of(pdf), warnings


def sheets_of(pdf: bytes) -> list[str]:
    """The text of each page without blanks."""
    return [squeezed(sheet.get_textpage().get_text_range()) for sheet in pypdfium2.PdfDocument(pdf)]


def squeezed(text: str) -> str:
    """Text without blanks and the marks where a line may break (a PDF reader gives some of them as U+FFFE)."""
    return re.sub("[\\s\u200b\ufffe\xad]+", "", text)


@pytest.mark.parametrize("name", awkward.CASES)
def test_every_word_is_there(name):
    case, _, sheets, _ = printed(name)
    text = "".join(sheets)
    assert not [words for words in case.holds if squeezed(words) not in text]
    assert not [words for words in case.lacks if squeezed(words) in text]


@pytest.mark.parametrize("name", awkward.CASES)
def test_what_is_lost_is_said_in_the_log_and_on_the_page(name):
    case, _, sheets, warnings = printed(name)
    assert bool(case.warns) == bool(warnings), warnings
    assert not [asked for asked in case.warns if not any(re.search(asked, one) for one in warnings)], warnings
    said = [one.replace("漢", "[U+6F22]") for one in warnings]  # on the page a letter without a shape goes by its name
    assert not [one for one in said if squeezed(one) not in "".join(sheets)]


@pytest.mark.parametrize("name", awkward.CASES)
def test_length_is_reasonable(name):
    case, _, sheets, _ = printed(name)
    assert case.pages[0] <= len(sheets) <= case.pages[1]


@pytest.mark.parametrize("name", awkward.CASES)
def test_meets_both_standards(name):
    _, pdf, _, warnings = printed(name)
    assert not [one for one in warnings if ACCESSIBLE.search(one)]
    for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A):
        failures = [failure.message for failure in page.validate_pdf_bytes(pdf, profile=profile).failures]
        assert not [message for message in failures if not (CUT_SHORT in message and b"\r\nendstream" in pdf)]


BY_COMMAND = [name for name in awkward.CASES if name != "code_shown"]
"""All that need no setting of their own."""


@pytest.mark.slow
def test_the_command_prints_them_all(tmp_path):
    assert len(BY_COMMAND) >= 12
    for name in BY_COMMAND:
        nbformat.write(awkward.CASES[name]().notebook, tmp_path / f"{name}.ipynb")
    paths = [str(tmp_path / f"{name}.ipynb") for name in BY_COMMAND]
    done = subprocess.run(
        [sys.executable, "-m", "jupyter", "nbconvert", "--to", "briefing", *paths], capture_output=True, text=True, check=True
    )
    for name in BY_COMMAND:
        case, text = awkward.CASES[name](), "".join(sheets_of((tmp_path / f"{name}.pdf").read_bytes()))
        assert not [words for words in case.holds if squeezed(words) not in text], name
        assert not [words for words in case.lacks if squeezed(words) in text], name
        assert all(re.search(f"briefing: .*(?:{asked})", done.stderr) for asked in case.warns), name
