import datetime as dt
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qnict_analysis.indicators import build_series, unit_panel
from qnict_analysis.observations import known_at
from qnict_analysis.periods import parse_as_of, period_end, period_range
from qnict_analysis.schema import PANEL, SERIES
from qnict_analysis.store import as_observations

KINDS = {"SH": "share", "RA": "ratio", "UN": "units", "CO": "count"}


class SmallRegistry:
    """Four indicators, one of each kind, over units A, B and C; C exists from 2013Q2 on."""

    def __init__(self):
        self.programme = SimpleNamespace(start="2013Q1", deadline="2015Q4", frequency="quarterly")
        self.indicators = {name: SimpleNamespace(id=name, kind=kind, scope="all") for name, kind in KINDS.items()}
        self.units = dict.fromkeys("ABC")

    def units_in(self, scope, period):
        return ["A", "B", "C"] if period >= "2013Q2" else ["A", "B"]

    def assumption(self, name):
        return {"carry_periods": 2.0}[name]


REGISTRY = SmallRegistry()


def as_of(label):
    return parse_as_of(label, kind="quarterly", cutoff_days=30)


def observed(*rows, status="reported"):
    """Rows of (indicator, unit, period, numerator, denominator), each reported ten days after its period."""
    return as_observations(
        (*row, period_end(row[2]) + dt.timedelta(days=10), status, "a.xlsx", "Phiếu", f"D{place}", "", "", "")
        for place, row in enumerate(rows, start=9)
    )


def panel_of(*rows, until, status="reported"):
    return unit_panel(observed(*rows, status=status), REGISTRY, as_of(until))


def states(panel, indicator, unit):
    return dict(panel[(panel["indicator"] == indicator) & (panel["unit"] == unit)][["period", "state"]].itertuples(index=False))


def point(panel, indicator, period):
    series = build_series(panel, REGISTRY)
    return series[(series["indicator"] == indicator) & (series["period"] == period)].iloc[0]


def test_the_panel_has_a_row_for_every_unit_that_existed():
    panel = panel_of(("SH", "A", "2013Q1", 1, 10), until="2013Q3")
    assert list(panel.columns) == list(PANEL)
    share = panel[panel["indicator"] == "SH"]
    assert list(share["unit"] + share["period"].str[4:]) == ["AQ1", "AQ2", "AQ3", "BQ1", "BQ2", "BQ3", "CQ2", "CQ3"]


def test_a_figure_is_carried_for_two_periods_and_then_the_unit_is_silent():
    panel = panel_of(("SH", "A", "2013Q1", 3, 10), ("SH", "A", "2014Q2", 5, 10), until="2014Q3")
    assert states(panel, "SH", "A") == {
        "2013Q1": "reported", "2013Q2": "carried", "2013Q3": "carried", "2013Q4": "silent", "2014Q1": "silent",
        "2014Q2": "reported", "2014Q3": "carried",
    }  # fmt: skip
    own = panel[(panel["indicator"] == "SH") & (panel["unit"] == "A")]
    np.testing.assert_array_equal(own["value"], [0.3, 0.3, 0.3, np.nan, np.nan, 0.5, 0.5])
    assert list(own["status"]) == ["reported"] * 3 + [""] * 2 + ["reported"] * 2


def test_nothing_is_carried_from_one_unit_or_indicator_to_the_next():
    panel = panel_of(("SH", "A", "2013Q3", 3, 10), ("SH", "C", "2013Q2", 1, 4), until="2013Q3")
    assert set(states(panel, "SH", "B").values()) == {"silent"}
    assert set(states(panel, "RA", "A").values()) == {"silent"}


def test_zero_is_a_figure_and_no_report_is_none():
    panel = panel_of(("SH", "A", "2013Q1", 0, 10), until="2013Q1")
    assert states(panel, "SH", "A") == {"2013Q1": "reported"}
    assert panel[panel["unit"] == "A"]["value"].iloc[0] == 0.0


def test_a_share_adds_numerators_and_denominators():
    panel = panel_of(("SH", "A", "2013Q1", 1, 10), ("SH", "B", "2013Q1", 45, 90), until="2013Q1")
    found = point(panel, "SH", "2013Q1")
    assert found["value"] == pytest.approx(0.46)  # 46 / 100, and not the mean of 10 % and 50 %
    assert tuple(found[["numerator", "denominator", "coverage", "low_bound", "high_bound"]]) == (46, 100, 1.0, 0.46, 0.46)
    assert tuple(found[["n_reporting", "n_units", "status"]]) == (2, 2, "reported")


def test_a_silent_unit_weighs_its_last_denominator():
    rows = [("SH", "B", "2013Q1", 30, 60), *(("SH", "A", period, 10, 40) for period in period_range("2013Q1", "2013Q4"))]
    rows += [("SH", "C", "2013Q2", 50, 100), ("SH", "C", "2013Q4", 60, 100)]
    panel = panel_of(*rows, until="2013Q4")
    carried = point(panel, "SH", "2013Q3")
    assert (carried["numerator"], carried["denominator"], carried["coverage"]) == (90, 200, 1.0)  # A 10/40, B 30/60, C 50/100
    silent = point(panel, "SH", "2013Q4")
    assert (silent["numerator"], silent["denominator"], silent["n_reporting"], silent["n_units"]) == (70, 140, 2, 3)
    assert silent["value"] == 0.5
    assert silent["coverage"] == pytest.approx(140 / 200)
    assert (silent["low_bound"], silent["high_bound"]) == (70 / 200, 130 / 200)


def test_a_unit_that_never_reported_weighs_the_median():
    panel = panel_of(("SH", "A", "2013Q2", 10, 40), ("SH", "B", "2013Q2", 30, 60), until="2013Q2")
    assert point(panel, "SH", "2013Q2")["coverage"] == pytest.approx(100 / 150)


def test_adopters_are_counted_among_all_units():
    rows = [("UN", "A", "2013Q1", 1, 1), ("UN", "B", "2013Q1", 0, 1), ("UN", "C", "2013Q2", 1, 1)]
    panel = panel_of(*rows, *(("UN", "A", period, 1, 1) for period in period_range("2013Q2", "2013Q4")), until="2013Q4")
    found = point(panel, "UN", "2013Q4")  # B silent since three periods, C carried
    assert (found["numerator"], found["denominator"]) == (2, 3)
    assert (found["value"], found["low_bound"], found["high_bound"]) == (2 / 3, 2 / 3, 1.0)
    assert found["coverage"] == pytest.approx(2 / 3)


def test_services_are_counted_among_all_services():
    rows = [("UN", "A", "2013Q1", 12, 30), ("UN", "B", "2013Q1", 20, 20)]
    found = point(panel_of(*rows, until="2013Q1"), "UN", "2013Q1")
    assert tuple(found[["numerator", "denominator", "value"]]) == (32, 50, 0.64)


def test_a_ratio_is_bounded_by_the_highest_unit():
    rows = [("RA", "A", "2013Q2", 12, 10), ("RA", "B", "2013Q2", 8, 10)]
    found = point(panel_of(*rows, until="2013Q2"), "RA", "2013Q2")
    assert (found["value"], found["low_bound"]) == (1.0, pytest.approx(20 / 30))
    assert found["high_bound"] == pytest.approx((20 + 10 * 1.2) / 30)


def test_items_are_added_up_and_have_no_upper_bound_while_a_unit_is_silent():
    rows = [("CO", "A", "2013Q1", 3, np.nan), ("CO", "B", "2013Q1", 4, np.nan), ("CO", "A", "2013Q2", 5, np.nan)]
    panel = panel_of(*rows, until="2013Q2")
    first, second = point(panel, "CO", "2013Q1"), point(panel, "CO", "2013Q2")
    assert tuple(first[["numerator", "value", "coverage", "low_bound", "high_bound"]]) == (7, 7, 1.0, 7, 7)
    assert np.isnan(first["denominator"])
    assert tuple(second[["value", "low_bound"]]) == (9, 9)
    assert second["coverage"] == pytest.approx(2 / 3)
    assert np.isnan(second["high_bound"])


def test_a_period_without_any_report_is_left_out():
    panel = panel_of(("SH", "A", "2013Q1", 1, 10), ("SH", "A", "2013Q3", 2, 10), until="2014Q1")
    series = build_series(panel, REGISTRY)
    assert list(series.columns) == list(SERIES)
    assert list(series["period"]) == ["2013Q1", "2013Q3"]
    assert list(series.index) == [0, 1]


def test_the_weakest_status_of_the_inputs_holds():
    table = pd.concat([observed(("SH", "A", "2013Q1", 1, 10)), observed(("SH", "B", "2013Q1", 1, 10), status="illustrative")])
    series = build_series(unit_panel(table, REGISTRY, as_of("2013Q1")), REGISTRY)
    assert list(series["status"]) == ["illustrative"]
    real = build_series(panel_of(("SH", "A", "2013Q1", 1, 10), until="2013Q1"), REGISTRY)
    assert list(real["status"]) == ["reported"]


def test_no_observation_gives_an_empty_series_of_the_same_columns():
    series = build_series(panel_of(until="2013Q2"), REGISTRY)
    assert list(series.columns) == list(SERIES)
    assert series.empty


FIGURES = st.tuples(
    st.sampled_from(list(KINDS)),
    st.sampled_from("ABC"),
    st.sampled_from(period_range("2013Q1", "2014Q2")),
    st.integers(0, 50),
    st.integers(1, 50),
    st.integers(0, 400),
    st.sampled_from(["reported", "illustrative"]),
)


def world(rows):
    table = [
        (
            name,
            unit,
            period,
            num,
            np.nan if name == "CO" else den,
            period_end(period) + dt.timedelta(days=days),
            status,
            "a",
            "b",
            "D9",
            "",
            "",
            "",
        )
        for name, unit, period, num, den, days, status in rows
    ]
    return as_observations(table).drop_duplicates(["indicator", "unit", "period", "reported_on"], ignore_index=True)


def seen(observations, day):
    panel = unit_panel(known_at(observations, day), REGISTRY, day)
    return panel, build_series(panel, REGISTRY)


@settings(max_examples=40, deadline=None)
@given(st.lists(FIGURES, max_size=40), st.integers(1, 9))
def test_nothing_reported_after_the_cut_off_or_of_later_periods_is_seen(rows, factor):
    day = as_of("2013Q3")
    before = world(rows)
    hidden = (before["reported_on"] > pd.Timestamp(day.cutoff)) | (before["period"] > day.through)
    after = before.copy()
    after.loc[hidden, "numerator"] += factor
    after.loc[hidden, "status"] = "estimated"
    for changed in (after, before[~hidden]):
        for one, other in zip(seen(before, day), seen(changed, day), strict=True):
            pd.testing.assert_frame_equal(one, other, check_exact=True)


# --- who reports moves no trend --------------------------------------------------------------------------------------


def changes(panel, indicator):
    series = build_series(panel, REGISTRY)
    return series.loc[series["indicator"] == indicator, ["period", "change"]].set_index("period")["change"]


def test_with_everybody_reporting_the_change_is_that_of_the_value():
    rows = [
        ("SH", unit, period, n, 100)
        for unit, start in (("A", 10), ("B", 40))
        for period, n in zip(FOUR, range(start, start + 4), strict=True)
    ]
    rows += [("SH", "C", period, 50, 100) for period in FOUR[1:]]
    panel = panel_of(*rows, until="2013Q4")
    found = changes(panel, "SH")
    assert np.isnan(found["2013Q1"])
    assert found["2013Q2"] == pytest.approx(0.01)  # C comes in at 50 %, which is no change of anybody
    assert found[["2013Q3", "2013Q4"]].tolist() == pytest.approx([2 / 300] * 2)


FOUR = period_range("2013Q1", "2013Q4")


@pytest.mark.parametrize("silent", ["A", "B", "C"])
def test_a_unit_that_falls_silent_and_returns_moves_no_trend(silent):
    start = {"A": 10, "B": 40, "C": 80}
    periods = period_range("2013Q2", "2015Q1")
    rows = [("SH", unit, period, start[unit], 100) for unit in "ABC" for period in periods]
    gone = [row for row in rows if not (row[1] == silent and "2013Q3" <= row[2] <= "2014Q3")]
    found = changes(panel_of(*gone, until="2015Q1"), "SH")
    assert found.iloc[1:].tolist() == pytest.approx([0.0] * 7)
    values = build_series(panel_of(*gone, until="2015Q1"), REGISTRY).set_index("period")["value"]
    assert values["2014Q2"] != pytest.approx(values["2013Q2"])  # though the mix of those known did move the level


def test_what_a_unit_gained_while_silent_counts_when_it_returns():
    rows = [("SH", "A", period, 20, 100) for period in period_range("2013Q2", "2014Q2")]
    rows += [("SH", "B", "2013Q2", 30, 100), ("SH", "B", "2014Q2", 50, 100)]
    found = changes(panel_of(*rows, until="2014Q2"), "SH")
    assert found.iloc[1:].tolist() == pytest.approx([0.0, 0.0, 0.0, 0.10])  # (20 + 50) / 200 - (20 + 30) / 200


def test_changes_of_units_and_items():
    rows = [("UN", "A", "2013Q1", 0, 1), ("UN", "B", "2013Q1", 1, 1), ("UN", "A", "2013Q2", 1, 1), ("UN", "B", "2013Q2", 1, 1)]
    rows += [
        ("UN", "C", "2013Q2", 1, 1),
        ("CO", "A", "2013Q1", 3, None),
        ("CO", "A", "2013Q2", 5, None),
        ("CO", "B", "2013Q2", 9, None),
    ]
    panel = panel_of(*rows, until="2013Q2")
    assert changes(panel, "UN")["2013Q2"] == pytest.approx(0.5)  # one of the two that had reported before
    assert changes(panel, "CO")["2013Q2"] == pytest.approx(2)  # B's nine were not there before
