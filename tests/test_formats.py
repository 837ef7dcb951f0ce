"""Numbers, periods and chances in print."""

import datetime as dt
import doctest
from types import SimpleNamespace as Record

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnict_analysis import formats
from qnict_analysis.registry import Part


def part(comparator, value):
    return Part(indicator="T", comparator=comparator, value=value)


def test_a_label_that_is_no_period_raises():
    with pytest.raises(ValueError, match="is not a period"):
        formats.period_text("2014Q5", "vi")


def test_the_examples_of_the_docstrings_hold():
    found = doctest.testmod(formats)
    assert found.attempted >= 9 and found.failed == 0


@pytest.mark.parametrize(
    ("share", "decimals", "vi", "en"),
    [
        (0.705, 1, "70,5%", "70.5%"),
        (0.705, 0, "71%", "71%"),
        (0.285, 0, "29%", "29%"),  # 0.285 is stored a little below, and 100 × 0.285 again
        (0.0005, 1, "0,1%", "0.1%"),
        (0.00049, 1, "0,0%", "0.0%"),
        (-0.00049, 1, "0,0%", "0.0%"),  # no minus before a zero
        (-0.125, 0, "−13%", "−13%"),
        (1.0, 1, "100,0%", "100.0%"),
        (0.00735, 2, "0,74%", "0.74%"),
    ],
)
def test_per_cent_rounds_halves_up_and_has_no_space(share, decimals, vi, en):
    assert formats.percent(share, "vi", decimals) == vi
    assert formats.percent(share, "en", decimals) == en


def test_numbers_with_thousands():
    assert formats.number(1229800, "vi") == "1.229.800" and formats.number(1229800, "en") == "1,229,800"
    assert formats.number(-1234.5, "vi", 1) == "−1.234,5"
    assert formats.number(2.5, "vi") == "3" and formats.number(0.15, "en", 1) == "0.2"
    assert [formats.number(x, "vi") for x in (None, float("nan"), float("inf"))] == ["–", "–", "∞"]


@pytest.mark.parametrize(
    ("p", "vi", "en"),
    [
        (0.0, "dưới 5%", "under 5%"),
        (0.05, "dưới 5%", "under 5%"),
        (0.051, "5%", "5%"),
        (0.495, "50%", "50%"),
        (0.949, "95%", "95%"),
        (0.95, "trên 95%", "over 95%"),
        (1.0, "trên 95%", "over 95%"),
    ],
)
def test_chances_stay_inside_the_caps(p, vi, en):
    assert (formats.chance(p, "vi"), formats.chance(p, "en")) == (vi, en)


def test_chances_with_other_caps():
    assert formats.chance(0.03, "vi", low=0.02, high=0.98) == "3%"
    assert formats.chance(0.99, "en", low=0.02, high=0.98) == "over 98%"


@given(st.floats(0, 1), st.sampled_from(["vi", "en"]))
def test_no_chance_reads_as_certain(p, lang):
    assert formats.chance(p, lang) not in ("0%", "100%", "0.0%")
    assert not formats.chance_in_ten(p, lang).startswith(("khoảng 0", "khoảng 10", "about 0", "about 10"))


@pytest.mark.parametrize(
    ("p", "vi", "en"),
    [
        (0.7, "khoảng 7 trên 10", "about 7 in 10"),
        (0.65, "khoảng 7 trên 10", "about 7 in 10"),
        (0.06, "khoảng 1 trên 10", "about 1 in 10"),
        (0.94, "khoảng 9 trên 10", "about 9 in 10"),
        (0.01, "dưới 1 trên 10", "less than 1 in 10"),
        (0.99, "trên 9 trên 10", "more than 9 in 10"),
    ],
)
def test_chances_out_of_ten(p, vi, en):
    assert (formats.chance_in_ten(p, "vi"), formats.chance_in_ten(p, "en")) == (vi, en)


def test_points():
    assert formats.points(0.359, "vi") == "35,9 điểm phần trăm"
    assert formats.points(-0.01, "en") == "−1.0 percentage point"


def test_periods():
    assert [formats.period_text(p, "vi") for p in ("2014Q4", "2015", "2014M05")] == ["Quý IV/2014", "năm 2015", "Tháng 5/2014"]
    assert [formats.period_text(p, "en") for p in ("2014Q4", "2015", "2014M05")] == ["Q4 2014", "2015", "May 2014"]
    assert [formats.period_tick(p, "vi") for p in ("2014Q4", "2015")] == ["QIV/2014", "2015"]
    assert [formats.period_tick(p, "en") for p in ("2014Q4", "2015")] == ["Q4/14", "2015"]


def test_dates_as_official_papers_write_them():
    assert formats.date_text(dt.date(2013, 7, 5), "vi") == "ngày 05 tháng 7 năm 2013"
    assert formats.date_text(dt.date(2015, 1, 31), "vi") == "ngày 31 tháng 01 năm 2015"
    assert formats.date_text(dt.date(2013, 7, 5), "en") == "5 July 2013"


@pytest.mark.parametrize(
    ("comparator", "value", "kind", "vi", "en"),
    [
        ("at_least", "70%", "share", "≥ 70%", "≥ 70%"),
        ("above", "90%", "units", "> 90%", "> 90%"),
        ("above", "90%", "ratio", "> 90%", "> 90%"),
        ("at_least", "0.5%", "ratio", "≥ 0,5%", "≥ 0.5%"),
        ("at_most", "15%", "share", "≤ 15%", "≤ 15%"),
        ("below", "15%", "share", "< 15%", "< 15%"),
        ("at_least", "all", "units", "100%", "100%"),
        ("at_least", "100%", "share", "100%", "100%"),
        ("at_least", 16, "count", "từ 16 trở lên", "16 or more"),
        ("above", 30, "count", "trên 30", "more than 30"),
        ("at_most", 3, "count", "không quá 3", "no more than 3"),
    ],
)
def test_target_values(comparator, value, kind, vi, en):
    found = [formats.target_value(part(comparator, value), Record(kind=kind), lang) for lang in ("vi", "en")]
    assert found == [vi, en]


def test_values_of_an_indicator():
    assert formats.value_text(0.341, Record(kind="share", decimals=1), "vi") == "34,1%"
    assert formats.value_text(0.0077, Record(kind="ratio", decimals=2), "vi") == "0,77%"
    assert formats.value_text(21.0, Record(kind="count", decimals=1), "vi") == "21"
    assert formats.value_text(float("nan"), Record(kind="count", decimals=1), "vi") == "–"
