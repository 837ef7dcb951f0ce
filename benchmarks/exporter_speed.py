"""How quickly the briefing's notebook becomes a PDF: python benchmarks/exporter_speed.py [--notebook FILE] [--out FILE].

A fresh process of ``jupyter nbconvert --to briefing`` on an executed 05_briefing, beside the same notebook exported as HTML and
printed by Chromium (by way of playwright), and by WeasyPrint where it is installed beside (pip install weasyprint; it needs
pango): all in one run, taken in turn.
"""

import argparse
import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from qnict_analysis.workspace import find_workspace

OUT = Path(__file__).parent / "results" / "exporter_speed.md"
TURNS = 5
CHROMIUM = """
import os, shutil, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as pw:
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = pw.chromium.launch(executable_path=shutil.which("chromium"), args=["--disable-background-networking", *root])
    page = browser.new_page()
    page.goto("file://" + sys.argv[2])
    page.pdf(path=sys.argv[3])
    browser.close()
"""
WEASYPRINT = "import sys; from weasyprint import HTML; HTML(filename=sys.argv[2]).write_pdf(sys.argv[3])"
TEXT = """# From a notebook to a PDF: seconds on {cores} cores

The executed briefing notebook ({size} kB), each way in a fresh process, {turns} turns taken in turn (made by
`benchmarks/exporter_speed.py`). HTML by nbconvert without its pages' scripts fetched: there is no network.

| way | median | fastest | times ours |
|---|---|---|---|
{rows}
"""


def ways(folder: Path, notebook: Path) -> dict[str, list[list[str]]]:
    """Each way as the commands that it takes, one after the other."""
    page, pdf = folder / "page.html", folder / "page.pdf"
    ours = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "briefing", str(notebook), "--output-dir", str(folder)]
    html = [*ours[:5], "html", str(notebook), "--output", str(page)]
    found = {"`jupyter nbconvert --to briefing`": [ours]}
    if shutil.which("chromium") and importlib.util.find_spec("playwright"):
        found["HTML, printed by Chromium"] = [html, [sys.executable, "-c", CHROMIUM, str(notebook), str(page), str(pdf)]]
    if importlib.util.find_spec("weasyprint"):
        found["HTML, printed by WeasyPrint"] = [html, [sys.executable, "-c", WEASYPRINT, str(notebook), str(page), str(pdf)]]
    return found


def seconds(commands: list[list[str]]) -> float:
    """Seconds of some commands, one after the other."""
    started = time.perf_counter()
    for command in commands:
        subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def main() -> None:
    """Measure, print and write the table."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--notebook", type=Path, help="An executed 05_briefing; that of the default run where none is named.")
    reader.add_argument("--out", type=Path, default=OUT)
    asked = reader.parse_args()
    notebook = asked.notebook or find_workspace().outputs / "2014Q2" / "baseline" / "notebooks" / "05_briefing-vi.ipynb"
    if not notebook.exists():
        raise SystemExit(f"{notebook}: no such file; run: qnict briefing")
    with tempfile.TemporaryDirectory() as name:
        tried = ways(Path(name), notebook.resolve())
        taken = {way: [] for way in tried}
        for _ in range(TURNS):
            for way, commands in tried.items():
                taken[way].append(seconds(commands))
    middle = {way: statistics.median(found) for way, found in taken.items()}
    ours = next(iter(middle.values()))
    rows = [f"| {way} | {middle[way]:.2f} s | {min(found):.2f} s | {middle[way] / ours:.1f} |" for way, found in taken.items()]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    text = TEXT.format(cores=cores, size=notebook.stat().st_size // 1000, turns=TURNS, rows="\n".join(rows))
    asked.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
