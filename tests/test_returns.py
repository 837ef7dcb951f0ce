import datetime as dt
import unicodedata
from functools import partial

import numpy as np
import pytest
from filled_form import DAY, FIGURES, address, read_changed
from hypothesis import given
from hypothesis import strategies as st

from qnict_analysis.forms import MARKER_SHEET, SHEET, Restated, form_workbook
from qnict_analysis.registry import load_registry
from qnict_analysis.returns import read_return
from qnict_analysis.returns.cells import cell_name, number_style, parse_day, parse_number, parse_period, parse_yes_no
from qnict_analysis.schema import OBSERVATIONS
from qnict_analysis.workspace import find_workspace


@pytest.fixture(scope="module")
def registry(root):
    return load_registry(find_workspace(str(root)))


@pytest.fixture
def read(registry, tmp_path):
    return partial(read_changed, tmp_path, registry)


# --- what must be read -----------------------------------------------------------------------------------------------


def test_figures_come_with_their_cell_date_and_status(read, registry):
    observations, faults = read(notes={"T01": "=1+1"}, illustrative=True)
    assert faults.empty
    assert list(observations.columns) == list(OBSERVATIONS)
    first = observations.iloc[0]
    assert tuple(first[["indicator", "unit", "period", "numerator", "denominator"]]) == ("T01", "S01", "2014Q2", 120, 400)
    assert tuple(first[["status", "file", "sheet", "cell", "note"]]) == ("illustrative", "S01.xlsx", SHEET, "D9", "=1+1")
    assert first["reported_on"] == np.datetime64("2014-07-15")
    assert list(observations["indicator"]) == list(FIGURES)


def test_blank_is_no_figure_and_zero_is_one(read):
    observations, _ = read(figures={"T01": (None, None), "T02": (0, 50), "T03": (None, 1)})
    assert list(observations["indicator"]) == ["T02"]
    assert list(observations["numerator"]) == [0.0]


def test_a_count_has_no_denominator_and_a_yes_no_counts_one_unit(read):
    observations, _ = read(figures={"T07": (2, None), "T03": ("x", None), "T05a": ("Không", 1), "T05b": (1, None)})
    found = observations.set_index("indicator")
    assert np.isnan(found.loc["T07", "denominator"])
    assert list(found.loc[["T03", "T05a", "T05b"], "numerator"]) == [1, 0, 1]
    assert list(found.loc[["T03", "T05a", "T05b"], "denominator"]) == [1, 1, 1]


def test_real_figures_are_reported_ones(read):
    assert set(read()[0]["status"]) == {"reported"}


def test_a_restated_figure_is_an_observation_of_its_own_period_known_now(read):
    observations, faults = read(restated=[Restated("T01", "2014Q1", 90, 310, "Rà soát")])
    assert faults.empty
    last = observations.iloc[-1]
    assert tuple(last[["indicator", "period", "numerator", "denominator", "note"]]) == ("T01", "2014Q1", 90, 310, "Rà soát")
    assert last["reported_on"] == np.datetime64("2014-07-15")


def test_figures_may_be_typed_as_text_in_decomposed_unicode_with_blanks_around(read, registry):
    texts = {"T01/D": " 1.234 ", "T01/E": "4.000\u00a0", "T04/D": " 55", "C5": "15/07/2014 "}
    texts |= {"C3": unicodedata.normalize("NFD", " SỞ  01"), "C4": unicodedata.normalize("NFD", "quý II/2014")}
    texts |= {"T03/D": unicodedata.normalize("NFD", "CÓ"), "A3": unicodedata.normalize("NFD", "Đơn vị báo cáo:")}
    observations, faults = read(texts)
    assert faults.empty
    assert list(observations["numerator"]) == [1234, 0, 1, 55, 2]
    assert observations["denominator"].iloc[0] == 4000


def test_without_the_hidden_sheet_the_names_on_the_form_decide(registry, tmp_path):
    workbook = form_workbook(registry, "S09", "2012Q1", {"T01": (1, 2)}, dt.date(2012, 4, 10), name="Ban 09")
    del workbook[MARKER_SHEET]
    workbook[SHEET].title = "Sheet1"
    workbook.save(tmp_path / "renamed by mail.xlsx")
    observations, faults = read_return(tmp_path / "renamed by mail.xlsx", registry)
    assert faults.empty
    assert tuple(observations.iloc[0][["unit", "period", "sheet"]]) == ("S09", "2012Q1", "Sheet1")


def test_the_day_of_receipt_stands_in_for_a_missing_date_only(read):
    received = dt.date(2014, 8, 1)
    for day, expected in ((None, "2014-08-01"), (DAY, "2014-07-15")):
        observations, faults = read(day=day, received=received)
        assert faults.empty
        assert set(observations["reported_on"]) == {np.datetime64(expected)}


def test_columns_may_move_and_headings_spread_over_two_rows(registry, tmp_path):
    workbook = form_workbook(registry, "S01", "2014Q2", FIGURES, DAY)
    sheet = workbook[SHEET]
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    sheet["D7"], sheet["D8"], sheet["E7"], sheet["E8"] = "Số liệu", "TỬ SỐ", None, "Mẫu  số"
    sheet.insert_cols(3)
    workbook.save(tmp_path / "moved.xlsx")
    observations, faults = read_return(tmp_path / "moved.xlsx", registry)
    assert faults.empty
    assert list(observations["cell"]) == ["E9", "E10", "E11", "E12", address(registry, "T07/E")]
    assert list(observations["numerator"]) == [120, 0, 1, 55, 2]


def test_a_blank_form_has_neither_figures_nor_faults(read):
    observations, faults = read(figures={})
    assert observations.empty
    assert faults.empty


# --- CSV -------------------------------------------------------------------------------------------------------------

HEADER = "indicator,unit,period,value_percent,reported_on,status,source,note"


def listing(tmp_path, registry, *lines, header=HEADER, encoding="utf-8", received=None):
    (tmp_path / "a.csv").write_bytes("\n".join([header, *lines]).encode(encoding))
    return read_return(tmp_path / "a.csv", registry, received)


def test_a_listing_is_read_with_its_source(tmp_path, registry):
    lines = ['T16,P02,2014Q1,35.52,2014-06-04,estimated,"Bộ Tài chính, 2014",Ước', "", "T16,P02,2013Q4,70,2014-06-04,,,"]
    observations, faults = listing(tmp_path, registry, *lines, encoding="utf-8-sig")
    assert faults.empty
    assert list(observations["numerator"]) == [0.3552, 0.7]
    assert list(observations["denominator"]) == [1.0, 1.0]
    assert list(observations["status"]) == ["estimated", "reported"]
    assert tuple(observations.iloc[0][["file", "sheet", "cell", "source", "note"]]) == (
        "a.csv",
        "",
        "D2",
        "Bộ Tài chính, 2014",
        "Ước",
    )
    assert observations["cell"].iloc[1] == "D4"


def test_a_listing_may_hold_both_numbers(tmp_path, registry):
    lines = ("T01,S01,2014Q1,12,40,2014-06-04", "T07,S01,2014Q1,3,,2014-06-04")
    observations, faults = listing(tmp_path, registry, *lines, header="indicator,unit,period,numerator,denominator,reported_on")
    assert faults.empty
    np.testing.assert_array_equal(observations[["numerator", "denominator"]], [[12, 40], [3, np.nan]])


# --- cells -----------------------------------------------------------------------------------------------------------

NUMBERS = {
    "1234": (1234, 1234), "1.234.567": (1234567, 1234567), "1.234,5": (1234.5, 1234.5),
    "1,234.5": (1234.5, 1234.5), "1,234,567": (1234567, 1234567), "1 234,5": (1234.5, 1234.5),
    "45,2": (45.2, 45.2), "45.2": (45.2, 45.2), "0.123": (0.123, 0.123), "-7": (-7, -7), "1\u00a0234": (1234, 1234),
}  # fmt: skip


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_as_people_type_them(text):
    assert (parse_number(text, whole=True), parse_number(text, whole=False)) == NUMBERS[text]


@pytest.mark.parametrize(
    ("text", "whole", "style", "expected"),
    [
        ("1.234", True, "", 1234),  # cases are counted: it cannot be a decimal
        ("1,234", True, "", 1234),
        ("1.234", False, "vi", 1234),
        ("1,234", False, "vi", 1.234),
        ("1.234", False, "en", 1.234),
        ("1,234", True, "en", 1234),
        ("1.234", False, "", None),  # nothing decides
        ("1,234", True, "vi", None),  # the column's habit makes a decimal of what must be whole
        ("-1.234", False, "vi", -1234),
    ],
)
def test_one_separator_before_three_digits_is_read_by_its_column_or_by_sense(text, whole, style, expected):
    if expected is None:
        with pytest.raises(ValueError, match=r"can mean 1234 or 1\.234"):
            parse_number(text, whole=whole, style=style)
    else:
        assert parse_number(text, whole=whole, style=style) == expected


@pytest.mark.parametrize(
    ("texts", "style"),
    [
        (["1.234", "12,5"], "vi"),
        (["1,234", "12.5"], "en"),
        (["1.234.567"], "vi"),
        (["1,234.5", None, 7.0], "en"),
        (["1.234", "1,234"], ""),
        (["12,5", "12.5"], ""),
        (["120", 4, "0,123"], "vi"),
        ([], ""),
    ],
)
def test_the_habit_of_a_column_is_seen_in_its_clear_numbers(texts, style):
    assert number_style(texts) == style


@pytest.mark.parametrize(
    "value", ["", "1.23.4", "12,345.67.8", "45%", "1e5", "٣", "½", "nan", "inf", float("inf"), float("nan"), True, DAY]
)
def test_what_is_no_number(value):
    with pytest.raises(ValueError, match="number"):
        parse_number(value, whole=False)


@pytest.mark.parametrize(
    "value",
    [
        "15/07/2014",
        "15/7/2014",
        "15-07-2014",
        "15.7.2014",
        "2014-07-15",
        "Ngày 15 tháng 7 năm 2014",
        DAY,
        dt.datetime(2014, 7, 15, 8),
    ],
)
def test_days_as_people_write_them(value):
    assert parse_day(value) == DAY


@pytest.mark.parametrize("text", ["07/15/2014", "15/07/14", "tháng 7", 41835, "0/0/0000"])
def test_what_is_no_day(text):
    with pytest.raises(ValueError, match="a date such as"):
        parse_day(text)


@pytest.mark.parametrize("text", ["Quý II/2014", "quý 2/2014", "QUÝ II NĂM 2014", "Quí II - 2014", "Q2/2014", "2014Q2", "2014q2"])
def test_quarters_as_people_write_them(text):
    assert parse_period(text) == "2014Q2"


def test_other_periods_and_no_periods():
    assert [parse_period(text) for text in ("Năm 2014", 2014.0, "Tháng 5/2014")] == ["2014", "2014", "2014M05"]
    for text in ("Quý V/2014", "Quý II", "", None):
        with pytest.raises(ValueError, match="a period such as"):
            parse_period(text)


def test_yes_and_no():
    assert [parse_yes_no(value) for value in ("x", " X", "Có", "không", True, False, "1", 1, "?")] == [
        1,
        1,
        1,
        0,
        1,
        0,
        None,
        None,
        None,
    ]


def test_cells_are_named_as_in_a_spreadsheet():
    assert [cell_name(1, column) for column in (1, 26, 27, 702, 703)] == ["A1", "Z1", "AA1", "ZZ1", "AAA1"]


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.none(), st.dates(), st.datetimes()))
def test_any_cell_is_read_or_refused_in_words(value):
    for parse in (parse_day, parse_period, lambda cell: parse_number(cell, whole=True)):
        try:
            parse(value)
        except ValueError as error:
            assert str(error).startswith("a ")
