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
