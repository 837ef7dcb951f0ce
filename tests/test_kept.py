"""Kept tables: bit for bit, made once, anew when what they rest on changes, whoever else writes them."""

import threading
import time

import numpy as np
import pandas as pd
import pytest

from qnict_analysis import kept
from qnict_analysis.workspace import Workspace


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path)


def table() -> pd.DataFrame:
    return pd.DataFrame({"x": [0.1 + 0.2, np.nan, 1e-300], "n": [1, 2, 3], "word": ["một", None, ""], "yes": [True, False, True]})


def refuse() -> pd.DataFrame:
    raise AssertionError("made although it was kept")


def test_numbers_come_back_bit_for_bit(workspace):
    made = kept.kept_table(workspace, "a", {"seed": 1}, table)
    back = kept.kept_table(workspace, "a", {"seed": 1}, refuse)
    pd.testing.assert_frame_equal(back, made)
    assert back["x"][0] == 0.1 + 0.2


def test_how_long_it_took_is_kept_with_it(workspace):
    def slowly() -> pd.DataFrame:
        time.sleep(0.02)
        return table()

    made = kept.kept_table(workspace, "a", {"seed": 1}, slowly)
    back = kept.kept_table(workspace, "a", {"seed": 1}, refuse)
    assert made.attrs["made"] and not back.attrs["made"]
    assert back.attrs["first"] == made.attrs["first"] >= 0.02


def test_another_ground_is_another_table(workspace, monkeypatch):
    kept.kept_table(workspace, "a", {"seed": 1}, table)
    for name, ground in (("a", {"seed": 2}), ("b", {"seed": 1})):
        with pytest.raises(AssertionError, match="although"):
            kept.kept_table(workspace, name, ground, refuse)
    monkeypatch.setattr(kept, "code_fingerprint", lambda: "another version")
    with pytest.raises(AssertionError, match="although"):
        kept.kept_table(workspace, "a", {"seed": 1}, refuse)


def test_the_very_same_objects_are_worked_out_once():
    calls = []

    @kept.same_again
    def length(frame, *others) -> int:
        calls.append(frame)
        return len(frame)

    one, two = table(), table()
    assert length(one) == length(one) == 3 and len(calls) == 1
    assert length(two) == 3 and len(calls) == 2, "equal is not the same"
    assert length(two, one) == length(two, one) == 3 and len(calls) == 3
    assert length(two, two) == 3 and length(one) == 3 and len(calls) == 5


def test_content_decides_not_the_object():
    one = table()
    assert kept.content_hash(one) == kept.content_hash(table())
    assert kept.content_hash(one) != kept.content_hash(one.iloc[::-1])
    assert kept.content_hash(one) != kept.content_hash(one.rename(columns={"x": "z"}))


def test_several_at_once_leave_a_whole_file(workspace):
    found = []
    threads = [threading.Thread(target=lambda: found.append(kept.kept_table(workspace, "a", {}, table))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert [path.suffix for path in (workspace.store / kept.FOLDER).iterdir()] == [".gz"], "nothing is left beside it"
    pd.testing.assert_frame_equal(kept.kept_table(workspace, "a", {}, refuse), table())


def test_only_the_newest_stay(workspace, monkeypatch):
    monkeypatch.setattr(kept, "MOST_FILES", 3)
    for seed in range(5):
        kept.kept_table(workspace, "a", {"seed": seed}, table)
    assert len(list((workspace.store / kept.FOLDER).glob("a-*"))) == 3
