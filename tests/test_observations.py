import datetime as dt
from types import SimpleNamespace

import pandas as pd
import pytest

from qnict_analysis.observations import apply_corrections, known_at
from qnict_analysis.periods import parse_as_of
from qnict_analysis.store import as_observations

JUNE = parse_as_of("2014Q2", kind="quarterly", cutoff_days=30)


def observed(*rows):
    """Rows of (unit, period, numerator, denominator, reported on)."""
    return as_observations(
        ("T01", unit, period, num, den, dt.date.fromisoformat(day), "reported", f"{place}.xlsx", "Phiếu", "D9", "", "", "")
        for place, (unit, period, num, den, day) in enumerate(rows)
    )


def record(**fields):
    given = {"action": "replace", "numerator": None, "denominator": None, "expect": None, "known_on": dt.date(2014, 5, 1)}
    return SimpleNamespace(indicator="T01", unit="S01", period="2014Q1", **(given | fields))


def figures(table):
    return [tuple(row) for row in table[["unit", "period", "numerator", "denominator"]].itertuples(index=False)]


def test_the_newest_figure_known_by_the_cut_off_counts():
    table = observed(
        ("S01", "2014Q1", 10, 30, "2014-04-15"),
        ("S01", "2014Q1", 12, 30, "2014-07-30"),  # the last day that counts
        ("S01", "2014Q1", 99, 30, "2014-07-31"),
        ("S01", "2014Q2", 15, 31, "2014-07-20"),
        ("S02", "2014Q3", 15, 31, "2014-07-20"),  # a later period, whenever it was reported
    )
    assert figures(known_at(table, JUNE)) == [("S01", "2014Q1", 12, 30), ("S01", "2014Q2", 15, 31)]


def test_a_bare_date_hides_what_came_the_day_after():
    table = observed(("S01", "2014Q1", 10, 30, "2014-04-15"), ("S01", "2014Q1", 12, 30, "2014-04-16"))
    as_of = parse_as_of("2014-04-15", kind="quarterly", cutoff_days=30)
    assert figures(known_at(table, as_of)) == [("S01", "2014Q1", 10, 30)]


def test_the_order_of_rows_does_not_matter():
    table = observed(
        ("S01", "2014Q1", 10, 30, "2014-04-15"), ("S02", "2014Q1", 1, 2, "2014-04-15"), ("S01", "2014Q1", 9, 30, "2014-05-15")
    )
    pd.testing.assert_frame_equal(known_at(table.iloc[::-1], JUNE), known_at(table, JUNE))


def test_a_correction_replaces_only_what_it_names():
    table = observed(("S01", "2014Q1", 10, 300, "2014-04-15"), ("S02", "2014Q1", 10, 300, "2014-04-15"))
    fixed = apply_corrections(table, [record(denominator=30, expect=SimpleNamespace(numerator=None, denominator=300))], JUNE)
    assert figures(fixed) == [("S01", "2014Q1", 10, 30), ("S02", "2014Q1", 10, 300)]
    assert figures(table)[0] == ("S01", "2014Q1", 10, 300)


def test_a_figure_can_be_dropped():
    table = observed(("S01", "2014Q1", 10, 300, "2014-04-15"), ("S02", "2014Q1", 1, 2, "2014-04-15"))
    dropped = apply_corrections(table, [record(action="drop")], JUNE)
    assert figures(dropped) == [("S02", "2014Q1", 1, 2)]
    assert list(dropped.index) == [0]


@pytest.mark.parametrize("fields", [{"known_on": dt.date(2014, 7, 31)}, {"action": "break"}])
def test_a_correction_not_yet_known_and_a_break_change_nothing(fields):
    table = observed(("S01", "2014Q1", 10, 300, "2014-04-15"))
    pd.testing.assert_frame_equal(apply_corrections(table, [record(denominator=30, **fields)], JUNE), table)


def test_a_repaired_source_makes_its_correction_fail():
    table = observed(("S01", "2014Q1", 10, 30, "2014-06-15"))
    stale = record(denominator=30, expect=SimpleNamespace(numerator=10, denominator=300))
    with pytest.raises(
        ValueError, match=r"corrections.yaml: the correction of T01, S01, 2014Q1 expects the denominator 300 .* says 30"
    ):
        apply_corrections(table, [stale], JUNE)


def test_a_correction_of_a_figure_that_is_not_there_yet_waits():
    table = observed(("S02", "2014Q1", 10, 30, "2014-06-15"))
    waiting = record(denominator=30, expect=SimpleNamespace(numerator=10, denominator=300))
    pd.testing.assert_frame_equal(apply_corrections(table, [waiting], JUNE), table)
