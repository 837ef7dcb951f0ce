#!/usr/bin/env python3
"""How long does it take to load what 200 units report over five years? 4,000 workbooks, 72,000 figures.

usage: intake_speed.py [--units 200] [--quarters 20] [--out FOLDER]

The workbooks are made first, by as many processes as there are (not counted): 18 indicators of all kinds in the layout of the
form. Then a process of its own takes the folder in with ``qnict intake``, takes the same folder in again (nothing may change),
and one quarter more. A spreadsheet library that is often used for the same (openpyxl, read only) reads a sample
of the same files beside it. Seconds, peak memory of the processes, and ratios; writes intake_speed.md.
"""

import argparse
import datetime as dt
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import openpyxl
import yaml

from qnict_analysis.forms import form_workbook, workbook_bytes
from qnict_analysis.periods import period_end, period_range
from qnict_analysis.registry import load_registry
from qnict_analysis.workspace import Workspace, find_workspace

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = 100
"""Files that the other library reads: it is slow, and each file costs it the same."""

TAKE = "import sys; from qnict_analysis.cli import main; sys.argv[1:] = sys.argv[1:]; main()"


def workspace(folder: Path, n_units: int) -> Workspace:
    """A workspace of ``n_units`` units that all report the province's 18 indicators."""
    source, target = find_workspace(str(ROOT)).registry, folder / "province" / "data" / "registry"
    shutil.copytree(source, target)
    group = {"vi": "Nhóm", "en": "Group"}
    units = [unit_record(number) for number in range(1, n_units + 1)]
    indicators = yaml.safe_load((source / "indicators.yaml").read_text(encoding="utf-8"))
    for item in indicators:
        item["scope"] = "everyone"
    told = {"groups": {"all": group}, "scopes": {"everyone": ["all"]}, "units": units}
    (target / "units.yaml").write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    (target / "indicators.yaml").write_text(yaml.safe_dump(indicators, allow_unicode=True), encoding="utf-8")
    return Workspace(folder / "province")


def unit_record(number: int) -> dict:
    """One unit as units.yaml has it."""
    names = {"name": {"vi": f"Đơn vị {number:03d}", "en": f"Unit {number:03d}"}}
    return names | {"id": f"U{number:03d}", "short": {"vi": f"ĐV {number}", "en": f"U {number}"}, "group": "all"}


def figure_of(item, step: int, number: int) -> tuple:
    """A figure that fits the kind of an indicator."""
    if item.kind in ("units", "count"):
        return (1, 1) if item.kind == "units" else (step + 1, None)
    return step + number % 50, 100 + number


def make(root: str, mail: str, unit: str, periods: list[str]) -> None:
    """The returns of one unit."""
    registry = load_registry(Workspace(Path(root)))
    for step, period in enumerate(periods):
        figures = {item.id: figure_of(item, step, int(unit[1:])) for item in registry.indicators.values()}
        workbook = form_workbook(registry, unit, period, figures, period_end(period) + dt.timedelta(days=10))
        path = Path(mail) / period / f"{unit}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(workbook_bytes(workbook))


def take(ws: Workspace, *paths: Path) -> tuple[float, int]:
    """Seconds of one ``qnict intake`` from start to end, and files accepted."""
    began = time.perf_counter()
    command = [sys.executable, "-c", TAKE, "--workspace", str(ws.root), "intake", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return time.perf_counter() - began, done.stdout.count("accepted  ")


def openpyxl_seconds(files: list[Path]) -> float:
    """Seconds a file of another library for reading all cells."""
    began = time.perf_counter()
    for path in files:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for sheet in book:
            for _ in sheet.iter_rows(values_only=True):
                pass
    return (time.perf_counter() - began) / len(files)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--quarters", type=int, default=20)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ws = workspace(Path(folder), asked.units)
        periods, mail = period_range("2011Q1", "2016Q4")[: asked.quarters + 1], Path(folder) / "mail"
        units = [f"U{n:03d}" for n in range(1, asked.units + 1)]
        with ProcessPoolExecutor() as pool:
            list(pool.map(make, repeat(str(ws.root)), repeat(str(mail)), units, repeat(periods)))
        last = mail / periods[-1]
        later = last.rename(Path(folder) / "later")
        first, taken = take(ws, mail)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        again, none = take(ws, mail)
        more, added = take(ws, later)
        other = openpyxl_seconds(sorted(mail.rglob("*.xlsx"))[:SAMPLE]) * taken
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    lines = [
        "# Taking returns in",
        "",
        "Made by `benchmarks/intake_speed.py`; its first lines say what was measured.",
        "",
        f"{cores} cores; {taken:,} workbooks, {taken * 18:,} figures.",
        "",
        "| what | seconds | files a second |",
        "| --- | --- | --- |",
        f"| the whole folder, once | {first:.1f} | {taken / first:.0f} |",
        f"| the same folder again ({none} taken) | {again:.1f} | {taken / again:.0f} |",
        f"| one quarter more ({added} files) | {more:.1f} | {added / more:.0f} |",
        f"| openpyxl, read only, cells alone (from {SAMPLE} files) | {other:.1f} | {taken / other:.0f} |",
        "",
        f"Peak memory of an intake: {peak:.0f} MiB. Reading the cells alone costs openpyxl {other / first:.1f} times an intake.",
    ]
    asked.out.mkdir(exist_ok=True)
    (asked.out / "intake_speed.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
