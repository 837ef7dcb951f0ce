import datetime as dt

import numpy as np
import pytest

from qnict_analysis import vintages
from qnict_analysis.indicators import unit_panel
from qnict_analysis.observations import known_at
from qnict_analysis.periods import parse_as_of
from qnict_analysis.registry import load_registry
from qnict_analysis.store import as_observations
from qnict_analysis.workspace import find_workspace

AS_OF = parse_as_of("2011Q3", kind="quarterly", cutoff_days=30)


@pytest.fixture(scope="module")
def registry(root):
    return load_registry(find_workspace(str(root)))


def told(*rows):
    """Observations from rows of (indicator, unit, period, numerator, denominator, day)."""
    return as_observations((*row[:5], dt.date.fromisoformat(row[5]), "reported", "a", "b", "D9", "", "", "") for row in rows)


HISTORY = told(
    ("T02", "S01", "2011Q1", 40, 100, "2011-04-10"),
    ("T02", "S01", "2011Q1", 44, 100, "2011-07-10"),
    ("T02", "S01", "2011Q1", 46, 100, "2011-10-10"),
    ("T02", "S02", "2011Q1", 60, 100, "2011-04-10"),
    ("T02", "S02", "2011Q2", 60, 100, "2011-09-01"),
    ("T02", "S01", "2011Q2", 50, 100, "2011-07-10"),
    ("T02", "S01", "2011Q2", 40, 100, "2011-10-12"),
    ("T14", "S01", "2011Q2", 5, float("nan"), "2011-07-10"),
)


def test_revisions_are_measured_from_the_first_to_the_latest_vintage(registry):
    found = vintages.revisions(HISTORY, registry).set_index("indicator")
    assert list(found.index) == list(registry.indicators)
    assert found.loc["T02"].tolist() == [4, 2, pytest.approx(0.08), pytest.approx(0.10)]  # 0.06 and 0.10
    assert found.loc["T14"].tolist() == [1, 0, 0.0, 0.0]
    assert found.loc["T01"].tolist() == [0, 0, 0.0, 0.0]


def test_first_prints_are_what_each_periods_own_briefing_would_have_said(registry):
    found = vintages.first_prints(HISTORY, registry, AS_OF)
    rows = found[found["indicator"] == "T02"].set_index("period")
    assert rows.loc["2011Q1", ["then", "now"]].tolist() == [0.50, 0.53]  # (40 + 60) / 200, then (46 + 60) / 200
    assert rows.loc["2011Q2", ["then", "now"]].tolist() == [0.55, 0.50]  # S02 was late: (50 + 60 kept) / 200
    assert found[found["indicator"] == "T14"]["then"].tolist() == [5.0]


def test_the_calendar_says_who_reported_when(registry):
    panel = unit_panel(known_at(HISTORY, AS_OF), registry, AS_OF)
    only = panel[panel["indicator"] == "T02"]
    found = vintages.calendar(HISTORY[HISTORY["indicator"] == "T02"], only, registry)
    assert list(found.columns) == ["2011Q1", "2011Q2", "2011Q3"]
    assert found.loc["S01"].tolist() == ["on_time", "on_time", "carried"]
    assert found.loc["S02"].tolist() == ["on_time", "late", "carried"]
    assert found.loc["S03"].tolist() == ["silent"] * 3
    assert "P01" not in found.index
    everything = vintages.calendar(HISTORY, panel, registry)
    assert everything.loc["S01", "2011Q2"] == "partly"  # T02 and T14 came, the others did not


def test_what_was_first_known_later_has_no_first_print(registry):
    late = told(("T02", "S01", "2011Q1", 40, 100, "2011-09-10"))
    row = vintages.first_prints(late, registry, AS_OF).iloc[0]
    assert np.isnan(row["then"]) and row["now"] == 0.4
