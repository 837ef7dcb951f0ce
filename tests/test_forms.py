import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from qnict_analysis.forms import (
    FIRST_ROW,
    MARKER_SHEET,
    SHEET,
    Restated,
    expected_indicators,
    form_workbook,
    workbook_bytes,
    write_form,
)
from qnict_analysis.registry import load_registry
from qnict_analysis.returns import read_return
from qnict_analysis.workspace import find_workspace

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def registry():
    return load_registry(find_workspace(str(ROOT)))


def reopened(workbook):
    return load_workbook(io.BytesIO(workbook_bytes(workbook)))


def row_of(sheet, code):
    rows = range(FIRST_ROW, sheet.max_row + 1)
    return next(row for row in rows if sheet.cell(row, 2).value == code)


def test_an_unknown_unit_names_the_known_ones(registry):
    with pytest.raises(ValueError, match=r"'S99' is not in the registry; known: S01"):
        form_workbook(registry, "S99", "2014Q2")


def test_a_figure_of_another_unit_s_indicator_is_refused(registry):
    with pytest.raises(ValueError, match="S01 does not report T10 in 2014Q2; it reports T01"):
        form_workbook(registry, "S01", "2014Q2", {"T10": (1, 2)})


def test_the_blank_form_has_one_empty_row_an_indicator_of_the_unit(registry):
    sheet = reopened(form_workbook(registry, "H01", "2014Q2"))[SHEET]
    expected = expected_indicators(registry, "H01", "2014Q2")
    assert [sheet.cell(FIRST_ROW + i, 2).value for i in range(len(expected))] == [item.id for item in expected]
    assert all(sheet.cell(FIRST_ROW + i, column).value is None for i in range(len(expected)) for column in (4, 5, 6, 7))
    assert sheet["C4"].value == "Quý II/2014"
    assert sheet["C5"].value is None
    assert "MINH HỌA" not in sheet["A2"].value


def test_a_department_reports_nothing_that_only_districts_do(registry):
    assert "T12" not in {item.id for item in expected_indicators(registry, "S01", "2014Q2")}
    assert "T12" in {item.id for item in expected_indicators(registry, "H01", "2014Q2")}


def test_figures_date_and_corrections_stand_where_the_reader_looks_for_them(registry):
    restated = [Restated("T01", "2014Q1", 90, 310, "Rà soát")]
    workbook = form_workbook(
        registry,
        "H01",
        "2014Q2",
        {"T01": (123, 456), "T02": (0, None)},
        dt.date(2014, 7, 15),
        restated=restated,
        illustrative=True,
    )
    sheet = reopened(workbook)[SHEET]
    row = row_of(sheet, "T01")
    assert [sheet.cell(row, column).value for column in (4, 5, 6)] == [123, 456, 27.0]
    assert [sheet.cell(row_of(sheet, "T02"), column).value for column in (4, 5, 6)] == [0, None, None]
    assert sheet["C5"].value == dt.datetime(2014, 7, 15)
    assert sheet["A2"].value.startswith("SỐ LIỆU MINH HỌA")
    start = next(row for row in range(1, sheet.max_row) if sheet.cell(row, 1).value == "Điều chỉnh số liệu kỳ trước")
    assert [sheet.cell(start + 2, column).value for column in range(2, 7)] == ["T01", "Quý I/2014", 90, 310, "Rà soát"]


def test_the_marker_sheet_is_very_hidden_and_says_which_form_it_is(registry):
    marker = reopened(form_workbook(registry, "H01", "2014Q2"))[MARKER_SHEET]
    assert marker.sheet_state == "veryHidden"
    assert [[cell.value for cell in row] for row in marker["A1:B3"]] == [["form", "1"], ["unit", "H01"], ["period", "2014Q2"]]


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1"])
def test_a_text_that_looks_like_a_formula_stays_text(registry, text):
    content = workbook_bytes(form_workbook(registry, "H01", "2014Q2", {"T01": (text, 1)}, notes={"T01": text}, name=text))
    sheet = load_workbook(io.BytesIO(content))[SHEET]
    for cell in (sheet["C3"], sheet.cell(row_of(sheet, "T01"), 4), sheet.cell(row_of(sheet, "T01"), 7)):
        assert (cell.value.lstrip(), cell.data_type, cell.quotePrefix) == (text.lstrip(), "s", True)
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_control_characters_are_left_out(registry):
    sheet = reopened(form_workbook(registry, "H01", "2014Q2", notes={"T01": "a\x07b"}))[SHEET]
    assert sheet.cell(row_of(sheet, "T01"), 7).value == "ab"


def test_the_same_return_is_the_same_bytes(registry, tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_form(tmp_path / name, registry, "S01", "2014Q2", {"T01": (1, 2)}, "15/07/2014")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2011, 1, 1, 0, 0, 0)}
        assert b"2011-01-01" in archive.read("docProps/core.xml")


def test_the_form_prints_on_landscape_a4_with_its_header_repeated(registry):
    sheet = reopened(form_workbook(registry, "S01", "2014Q2"))[SHEET]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A9", "$7:$8")


def test_the_blank_form_explains_its_rows_on_a_second_sheet(registry):
    book = reopened(form_workbook(registry, "H01", "2014Q2"))
    expected = expected_indicators(registry, "H01", "2014Q2")
    assert [row[0].value for row in book["Hướng dẫn"].iter_rows(min_row=2)] == [item.id for item in expected]
    assert book["Hướng dẫn"]["C2"].value == expected[0].definition["vi"]
    assert "Hướng dẫn" not in reopened(form_workbook(registry, "H01", "2014Q2", {"T01": (1, 2)})).sheetnames


def test_the_reader_reads_back_what_was_written(registry, tmp_path):
    path = tmp_path / "S01.xlsx"
    figures = {"T01": (123, 456), "T03": ("x", 1), "T14": (2, None), "T02": (None, None), "T04": ("1.024", "1.100")}
    restated = [Restated("T01", "2013Q4", 100, 400, "Rà soát")]
    write_form(path, registry, "S01", "2014Q2", figures, "15/07/2014", notes={"T01": "-chờ"}, restated=restated)
    observations, faults = read_return(path, registry)
    assert faults.empty
    found = {(row.indicator, row.period): (row.numerator, row.denominator) for row in observations.itertuples()}
    assert found.pop(("T14", "2014Q2"))[0] == 2
    assert found == {
        ("T01", "2014Q2"): (123, 456),
        ("T03", "2014Q2"): (1, 1),
        ("T04", "2014Q2"): (1024, 1100),
        ("T01", "2013Q4"): (100, 400),
    }
    assert set(observations["status"]) == {"reported"}
    assert observations.query("indicator == 'T01' and period == '2014Q2'")["note"].item() == "-chờ"


def test_a_blank_form_sent_back_unfilled_lacks_its_date_only(registry, tmp_path):
    write_form(tmp_path / "S01.xlsx", registry, "S01", "2014Q2")
    observations, faults = read_return(tmp_path / "S01.xlsx", registry)
    assert observations.empty
    assert faults["cell"].tolist() == ["C5"]
