import datetime as dt
import threading

import numpy as np
import pandas as pd
import pytest

from qnict_analysis import store
from qnict_analysis.schema import OBSERVATIONS
from qnict_analysis.workspace import Workspace

ROW = ("T01", "S01", "2014Q1", 10.0, 30.0, dt.date(2014, 4, 15), "reported", "2014Q1/S01.xlsx", "Phiếu", "D9", "", "", "")


@pytest.fixture
def ws(tmp_path):
    return Workspace(tmp_path)


def observations(*rows):
    return store.as_observations((*ROW[:3], *row, *ROW[6:]) for row in rows)


def test_what_is_not_there_is_none(ws):
    assert store.read_observations(ws) is None


def test_observations_come_back_exactly(ws):
    awkward = ('ghi chú, có "dấu" và phẩy', "NA", "-1+2")
    rows = [
        (*ROW[:3], 0.1 + 0.2, 1 / 3, *ROW[5:8], sheet, "D9", note, "null", "dash_as_zero") for sheet, note, _ in [awkward] * 2
    ]
    rows += [(*ROW[:3], 0.0, np.nan, *ROW[5:]), (*ROW[:3], 12345678.9, 1e12, *ROW[5:])]
    table = store.as_observations(rows)
    store.write_observations(ws, table, {})
    pd.testing.assert_frame_equal(store.read_observations(ws)[0], table, check_exact=True)


def test_any_number_comes_back_to_the_last_bit(ws):
    numbers = np.random.default_rng(1).lognormal(0, 12, 5000)
    table = store.as_observations((*ROW[:3], number, 1 / number, *ROW[5:]) for number in numbers)
    store.write_observations(ws, table, {})
    pd.testing.assert_frame_equal(store.read_observations(ws)[0], table, check_exact=True)


def test_an_empty_table_comes_back_with_its_types(ws):
    store.write_observations(ws, store.as_observations([]), {})
    again, _ = store.read_observations(ws)
    assert list(again.columns) == list(OBSERVATIONS)
    pd.testing.assert_frame_equal(again, store.as_observations([]))


@pytest.mark.parametrize("spoil", ["half a table", "no json", "no record"])
def test_a_store_that_is_not_what_was_written_is_not_used(ws, spoil):
    store.write_observations(ws, observations((10.0, 30.0, ROW[5])), {"returns": {"a": "b"}})
    assert store.read_observations(ws)[1] == {"returns": {"a": "b"}}
    if spoil == "half a table":
        path = ws.store / store.OBSERVATIONS_FILE
        path.write_bytes(path.read_bytes()[:-5])
    else:
        (ws.store / store.FINGERPRINT_FILE).write_text("{" if spoil == "no json" else "[]")
    assert store.read_observations(ws) is None


def test_returns_are_known_by_name_and_bytes_and_other_files_are_none(ws):
    store.write_atomically(ws.returns / "2014Q1" / "S01.xlsx", b"one")
    first = store.return_hashes(ws)
    assert list(first) == ["2014Q1/S01.xlsx"]
    for other in ("README.md", ".writing-1.xlsx", "~$S01.xlsx", ".intake-staged/2014Q1/S02.xlsx"):
        store.write_atomically(ws.returns / other, b"x")
    assert store.return_hashes(ws) == first
    store.write_atomically(ws.returns / "2014Q1" / "S01.xlsx", b"two")
    assert store.return_hashes(ws) != first


# --- taking in -------------------------------------------------------------------------------------------------------


def files_of(ws):
    return {store.relative_name(path, ws.returns): path.read_bytes() for path in store.return_files(ws)}


def test_what_is_staged_is_no_return_until_it_is_committed(ws):
    with store.locked(ws):
        assert store.stage(ws, "2014Q2/S01.xlsx", b"one", b"2014-07-20") == "2014Q2/S01.xlsx"
        assert store.stage(ws, "2014Q2/S01.xlsx", b"two") == "2014Q2/S01-2.xlsx"
        assert files_of(ws) == {}
        store.commit(ws)
    notes = {"2014Q2/S01.xlsx.received": b"2014-07-20"}
    assert files_of(ws) == {"2014Q2/S01.xlsx": b"one", "2014Q2/S01-2.xlsx": b"two"} | notes
    assert sorted(path.name for path in ws.returns.iterdir()) == ["2014Q2"]


def test_an_intake_that_died_before_its_commit_has_changed_nothing(ws):
    with store.locked(ws):
        store.stage(ws, "2014Q2/S01.xlsx", b"one")
    with store.locked(ws):
        assert files_of(ws) == {}
        assert store.stage(ws, "2014Q2/S01.xlsx", b"two") == "2014Q2/S01.xlsx"


def test_an_intake_that_died_after_its_commit_is_finished_by_the_next_one(ws):
    with store.locked(ws):
        store.stage(ws, "2014Q2/S01.xlsx", b"one")
        store.stage(ws, "2014Q3/S02.xlsx", b"two", b"2014-10-20")
    (ws.returns / store.STAGED).rename(ws.returns / store.COMMITTED)
    (ws.returns / "2014Q2").mkdir()
    (ws.returns / store.COMMITTED / "2014Q2" / "S01.xlsx").rename(ws.returns / "2014Q2" / "S01.xlsx")
    with store.locked(ws):
        assert sorted(files_of(ws)) == ["2014Q2/S01.xlsx", "2014Q3/S02.xlsx", "2014Q3/S02.xlsx.received"]
    assert not (ws.returns / store.COMMITTED).exists()


# --- files -----------------------------------------------------------------------------------------------------------


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
