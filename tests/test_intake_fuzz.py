"""Whatever comes in: words instead of tracebacks, and a store that is whole at every moment."""

import datetime as dt
import io
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qnict_analysis import store
from qnict_analysis.forms import SHEET, expected_indicators, form_workbook, workbook_bytes
from qnict_analysis.intake import ensure_store, take_in
from qnict_analysis.registry import load_registry
from qnict_analysis.returns import as_faults, read_figures, rules_of
from qnict_analysis.store import as_observations
from qnict_analysis.workspace import Workspace, find_workspace

DAY = dt.date(2014, 7, 15)
FIGURES = {"T01": (120, 400), "T02": (0, 50), "T03": (1, 1), "T04": (55, 50), "T07": (2, None)}


@pytest.fixture(scope="module")
def registry(root):
    return load_registry(find_workspace(str(root)))


@pytest.fixture(scope="module")
def rules(registry):
    return rules_of(registry)


@pytest.fixture(scope="module")
def form(registry):
    return workbook_bytes(form_workbook(registry, "S01", "2014Q2", FIGURES, DAY))


def read_or_refused(content, rules, name):
    """Read some bytes: figures that can be kept, or faults in words, never both."""
    figures, faults = read_figures(content, rules, DAY, name=name)
    assert not (figures and faults)
    as_observations(figures)
    table = as_faults(faults)
    assert (table[["problem", "allowed", "problem_vi", "allowed_vi"]] != "").all(axis=None)
    return figures, faults


# --- bytes -----------------------------------------------------------------------------------------------------------

CHANGES = st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=12)), min_size=1, max_size=8)


@given(changes=CHANGES, cut=st.integers(0, 10**6))
@settings(max_examples=150)
def test_a_damaged_workbook_is_read_or_refused(form, rules, changes, cut):
    content = bytearray(form)
    for place, new in changes:
        place %= len(content)
        content[place : place + len(new)] = new
    read_or_refused(bytes(content[: cut % len(content) or None]), rules, "a.xlsx")
    read_or_refused(bytes(content), rules, "a.xlsx")


@given(content=st.binary(max_size=400), name=st.sampled_from(["a.xlsx", "a.csv", "a.CSV", "a", "a.xls"]))
def test_any_bytes_are_read_or_refused(rules, content, name):
    read_or_refused(content, rules, name)


WORDS = st.sampled_from(
    ["Mã", "Tử số", "Mẫu số", "Đơn vị", "Kỳ", "Ngày", "T01", "Sở 01", "Quý II/2014", "15/07/2014", "1.234", "x", "-", "…"]
)


@given(rows=st.lists(st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=8), max_size=12), mark=st.sampled_from(",;\t"))
@settings(max_examples=200)
def test_any_table_of_text_is_read_or_refused(rules, rows, mark):
    read_or_refused("\n".join(mark.join(row) for row in rows).encode("utf-8", "replace"), rules, "a.csv")


# --- cells -----------------------------------------------------------------------------------------------------------

CELLS = st.one_of(
    WORDS,
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**12), 10**12),
    st.booleans(),
    st.none(),
    st.dates(dt.date(1901, 1, 1), dt.date(2100, 1, 1)),
)


@given(cells=st.dictionaries(st.tuples(st.integers(1, 30), st.integers(1, 9)), CELLS, min_size=1, max_size=12))
@settings(max_examples=80)
def test_any_cells_in_a_form_are_read_or_refused(registry, rules, cells):
    workbook = form_workbook(registry, "S01", "2014Q2", FIGURES, DAY)
    for area in list(workbook[SHEET].merged_cells.ranges):
        workbook[SHEET].unmerge_cells(str(area))
    for (row, column), value in cells.items():
        workbook[SHEET].cell(row, column).value = value
    out = io.BytesIO()
    workbook.save(out)
    figures, _ = read_or_refused(out.getvalue(), rules, "a.xlsx")
    for figure in figures:
        assert np.isfinite(figure.numerator) and figure.numerator >= 0
        assert figure.reported_on >= dt.date(2011, 3, 31)


# --- the store -------------------------------------------------------------------------------------------------------

INTAKE = """
import sys
from qnict_analysis.intake import ensure_store, take_in
from qnict_analysis.registry import load_registry
from qnict_analysis.workspace import find_workspace
ws = find_workspace(sys.argv[1])
registry = load_registry(ws)
ensure_store(ws, registry)
print("ready", flush=True)
sys.stdin.readline()
take_in(ws, registry, sys.argv[2:])
print("done", flush=True)
"""
TRIALS = 14
AT_ONCE = 2


@pytest.fixture(scope="module")
def filled(root, registry, tmp_path_factory):
    """A workspace with the returns of one quarter, and a folder with those of the next."""
    folder = tmp_path_factory.mktemp("kill")
    shutil.copytree(root / "data" / "registry", folder / "province" / "data" / "registry")
    for name, period in (("first", "2014Q1"), ("second", "2014Q2")):
        (folder / name).mkdir()
        for unit in registry.units_in("agencies", period):
            codes = [item for item in expected_indicators(registry, unit, period) if item.kind in ("share", "ratio")]
            form_workbook(registry, unit, period, {item.id: (1, 2) for item in codes}, DAY).save(folder / name / f"{unit}.xlsx")
    take_in(Workspace(folder / "province"), registry, [folder / "first"])
    return folder


def copy_of(filled, path):
    shutil.copytree(filled / "province", path)
    return Workspace(path)


def start(ws, root, *paths):
    command = [sys.executable, "-c", INTAKE, str(ws.root), *map(str, paths)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root, text=True)
    assert process.stdout.readline() == "ready\n"
    return process


def killed(ws, root, folder, delay):
    """Take a folder in and kill the process after a while (None: once the intake is done); how long it ran."""
    process = start(ws, root, folder)
    began = time.perf_counter()
    process.stdin.write("\n")
    process.stdin.flush()
    if delay is None:
        assert process.stdout.readline() == "done\n"
    else:
        time.sleep(delay)
    ran = time.perf_counter() - began
    process.kill()
    process.communicate(timeout=60)
    return ran


@pytest.mark.slow
def test_an_intake_killed_at_any_moment_has_taken_in_all_or_nothing(filled, registry, root, tmp_path):
    before = ensure_store(Workspace(filled / "province"), registry)
    wholes = [copy_of(filled, tmp_path / f"whole-{number}") for number in range(AT_ONCE)]
    workspaces = [copy_of(filled, tmp_path / f"{number}") for number in range(TRIALS)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        # As many at once as later, so that the moments lie on both sides on a busy machine too; they stand closer together
        # early on, where the files are read, staged and committed, than later, where the store is renewed.
        usual = max(pool.map(lambda ws: killed(ws, root, filled / "second", None), wholes))
        delays = usual * np.linspace(0, 1.1, TRIALS) ** 2
        list(pool.map(lambda pair: killed(pair[0], root, filled / "second", pair[1]), zip(workspaces, delays, strict=True)))
    after = ensure_store(wholes[0], registry)
    ends = []
    for ws in workspaces:
        found = ensure_store(ws, registry)
        ends.append(len(found) == len(after))
        pd.testing.assert_frame_equal(found, after if ends[-1] else before, check_exact=True)
        take_in(ws, registry, [filled / "second"])
        pd.testing.assert_frame_equal(ensure_store(ws, registry), after, check_exact=True)
    assert 0 < sum(ends) < TRIALS  # the moments did lie on both sides


@pytest.mark.slow
def test_two_intakes_at_once_lose_nothing(filled, registry, root, tmp_path):
    ws = copy_of(filled, tmp_path / "province")
    files = sorted((filled / "second").iterdir())
    running = [start(ws, root, *files[:20]), start(ws, root, *files[14:])]
    threads = [threading.Thread(target=process.communicate, args=("\n",)) for process in running]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert [process.returncode for process in running] == [0, 0]
    assert len(store.return_files(ws)) == 2 * len(files)
    assert len(ensure_store(ws, registry)) == 2 * len(ensure_store(Workspace(filled / "province"), registry))
