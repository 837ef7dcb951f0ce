"""The method pages show the figures of the results files and no others."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

import method_page  # noqa: E402


def test_the_record_on_the_pages_is_that_of_the_results():
    for path, text in method_page.pages().items():
        assert path.read_text(encoding="utf-8") == text, f"run benchmarks/method_page.py: {path.name} is not up to date"


def test_pictures_and_links_of_the_pages_exist():
    for path in method_page.DOCS.glob("*.md"):
        links = re.findall(r"\]\((?!http)([^)#]+)\)", path.read_text(encoding="utf-8"))
        assert links and all((path.parent / link).exists() for link in links)


def test_every_forecaster_is_shown_on_its_better_scale_in_order():
    every, shown = method_page.read("peers.csv").query("freq == 'all'"), method_page.shown()
    assert set(shown.method) == set(every.method) and shown.brier.is_monotonic_increasing
    best = every.groupby("method").brier.min()
    assert (shown.set_index("method").brier == best[shown.method]).all()


def test_numbers_are_written_as_the_language_does():
    assert method_page.local("1,500 of 0.25 (5, 10)", {"decimal": ","}) == "1.500 of 0,25 (5, 10)"
    assert method_page.local("1,500 of 0.25 (5, 10)", {"decimal": "."}) == "1,500 of 0.25 (5, 10)"


def test_both_languages_say_the_same_things():
    english, vietnamese = method_page.WORDS["en"], method_page.WORDS["vi"]
    assert set(english) == set(vietnamese)
    for name in ("covered", "stood_in", "sure", "wholes"):
        fields = [sorted(re.findall(r"{(\w+)}", words[name])) for words in (english, vietnamese)]
        assert fields[0] == fields[1]


def test_both_pages_have_the_same_sections():
    heads = [re.findall(r"^## .*", path.read_text(encoding="utf-8"), re.MULTILINE) for path in method_page.pages()]
    assert len(heads[0]) == len(heads[1])
