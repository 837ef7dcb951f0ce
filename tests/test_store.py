import datetime as dt
import threading

import numpy as np
import pandas as pd
import pytest

from qnict_analysis import store
from qnict_analysis.schema import OBSERVATIONS
from qnict_analysis.workspace import Workspace

ROW = ("T01", "S01", "2014Q1", 10.0, 30.0, dt.date(2014, 4, 15), "reported", "2014Q1/S01.xlsx", "Phiếu", "D9", "", "")


@pytest.fixture
def ws(tmp_path):
    return Workspace(tmp_path)


def observations(*rows):
    return store.as_observations((*ROW[:3], *row, *ROW[6:]) for row in rows)


def test_what_is_not_there_is_none(ws):
    assert store.read_observations(ws) is None


def test_observations_come_back_exactly(ws):
    awkward = ('ghi chú, có "dấu" và phẩy', "NA", "-1+2")
    rows = [(*ROW[:3], 0.1 + 0.2, 1 / 3, *ROW[5:8], sheet, "D9", note, "null") for sheet, note, _ in [awkward] * 2]
    rows += [(*ROW[:3], 0.0, np.nan, *ROW[5:]), (*ROW[:3], 12345678.9, 1e12, *ROW[5:])]
    table = store.as_observations(rows)
    store.write_observations(ws, table)
    pd.testing.assert_frame_equal(store.read_observations(ws), table, check_exact=True)


def test_any_number_comes_back_to_the_last_bit(ws):
    numbers = np.random.default_rng(1).lognormal(0, 12, 5000)
    table = store.as_observations((*ROW[:3], number, 1 / number, *ROW[5:]) for number in numbers)
    store.write_observations(ws, table)
    pd.testing.assert_frame_equal(store.read_observations(ws), table, check_exact=True)


def test_an_empty_table_comes_back_with_its_types(ws):
    store.write_observations(ws, store.as_observations([]))
    again = store.read_observations(ws)
    assert list(again.columns) == list(OBSERVATIONS)
    pd.testing.assert_frame_equal(again, store.as_observations([]))


@pytest.mark.parametrize("spoil", ["other returns", "half a table", "no json"])
def test_a_store_that_rests_on_something_else_is_not_used(ws, spoil):
    store.write_observations(ws, observations((10.0, 30.0, ROW[5])), {"returns": "abc"})
    assert len(store.read_observations(ws, {"returns": "abc"})) == 1
    if spoil == "half a table":
        path = ws.store / store.OBSERVATIONS_FILE
        path.write_bytes(path.read_bytes()[:-5])
    if spoil == "no json":
        (ws.store / store.FINGERPRINT_FILE).write_text("{")
    assert store.read_observations(ws, {"returns": "xyz" if spoil == "other returns" else "abc"}) is None


def test_the_fingerprint_follows_names_and_bytes_but_not_other_files(ws):
    store.write_atomically(ws.returns / "2014Q1" / "S01.xlsx", b"one")
    first = store.returns_fingerprint(ws)
    for other in ("README.md", ".writing-1.xlsx", "~$S01.xlsx"):
        store.write_atomically(ws.returns / other, b"x")
    assert store.returns_fingerprint(ws) == first
    store.write_atomically(ws.returns / "2014Q1" / "S01.xlsx", b"two")
    second = store.returns_fingerprint(ws)
    (ws.returns / "2014Q1" / "S01.xlsx").rename(ws.returns / "2014Q1" / "S02.xlsx")
    assert len({first, second, store.returns_fingerprint(ws)}) == 3


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path):
    path = tmp_path / "a.csv"
    store.write_atomically(path, b"old")
    with pytest.raises(TypeError):
        store.write_atomically(path, "text")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.csv"]


def test_a_new_file_never_takes_the_place_of_another(tmp_path):
    names = [store.write_new(tmp_path / "S01.xlsx", content).name for content in (b"a", b"b", b"a", b"c", b"b")]
    assert names == ["S01.xlsx", "S01-2.xlsx", "S01.xlsx", "S01-3.xlsx", "S01-2.xlsx"]
    assert len(list(tmp_path.iterdir())) == 3


def test_writers_at_the_same_time_each_keep_their_file(tmp_path):
    contents = [bytes([number]) * 1000 for number in range(24)]
    threads = [threading.Thread(target=store.write_new, args=(tmp_path / "S01.xlsx", content)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(path.read_bytes() for path in tmp_path.iterdir()) == contents


def test_a_replaced_folder_is_kept_once(tmp_path):
    final = tmp_path / "run"
    for text in ("one", "two", "three"):
        store.write_atomically(tmp_path / "new" / "a.txt", text.encode())
        store.replace_folder(tmp_path / "new", final)
    assert (final / "a.txt").read_text() == "three"
    assert (tmp_path / "run.previous" / "a.txt").read_text() == "two"
    assert not (tmp_path / "new").exists()
