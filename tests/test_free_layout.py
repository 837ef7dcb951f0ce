"""Returns that are not the form: the same figures in other places, words and habits."""

import datetime as dt
import unicodedata
from dataclasses import replace

import numpy as np
import openpyxl
import pytest
from pydantic import ValidationError

from qnict_analysis.registry import Unit, load_registry
from qnict_analysis.returns import read_return
from qnict_analysis.workspace import find_workspace

HEAD = [["BÁO CÁO ỨNG DỤNG CNTT"], ["Đơn vị báo cáo:", "Sở 01"], ["Kỳ báo cáo:", "Quý II/2014"], ["Ngày báo cáo:", "15/07/2014"]]
TABLE = ["Mã chỉ tiêu", "Chỉ tiêu", "Tử số", "Mẫu số", "Ghi chú"]


@pytest.fixture(scope="module")
def registry(root):
    return load_registry(find_workspace(str(root)))


@pytest.fixture
def sheet(registry, tmp_path):
    """Read a workbook of sheets given as rows; ``merge`` names areas of the first one."""

    def reading(*sheets, merge=(), titles=(), received=None):
        workbook = openpyxl.Workbook()
        for number, rows in enumerate(sheets):
            page = workbook.active if not number else workbook.create_sheet()
            page.title = titles[number] if titles else f"Sheet{number + 1}"
            for row in rows:
                page.append(row)
        for area in merge:
            workbook.worksheets[0].merge_cells(area)
        workbook.save(tmp_path / "return.xlsx")
        return read_return(tmp_path / "return.xlsx", registry, received)

    return reading


@pytest.fixture
def text(registry, tmp_path):
    def reading(content, *, encoding="utf-8", received=None):
        (tmp_path / "return.csv").write_bytes(content.encode(encoding))
        return read_return(tmp_path / "return.csv", registry, received)

    return reading


def figures(result):
    observations, faults = result
    assert faults.empty, faults.to_dict("records")
    names = ["indicator", "unit", "period", "numerator", "denominator"]
    return [tuple(row) for row in observations[names].itertuples(index=False)]


def faults_of(result):
    observations, faults = result
    assert observations.empty
    return [(row.cell, row.problem) for row in faults.itertuples()]


# --- where things stand ----------------------------------------------------------------------------------------------


def test_a_table_below_a_head_of_its_own(sheet):
    result = sheet([*HEAD, [], TABLE, ["T01", "Văn bản", 120, 400, "đủ"], ["T03", "Hệ thống", "x", None, None]])
    assert figures(result) == [("T01", "S01", "2014Q2", 120, 400), ("T03", "S01", "2014Q2", 1, 1)]
    assert result[0].iloc[0][["sheet", "cell", "note"]].tolist() == ["Sheet1", "C7", "đủ"]
    assert result[0]["reported_on"].dt.date.tolist() == [dt.date(2014, 7, 15)] * 2


def test_headings_without_accents_in_capitals_and_in_decomposed_letters(sheet):
    titles = ["DON VI", "ma chi tieu", unicodedata.normalize("NFD", "Tử  số (văn bản)"), "MẪU SỐ:", "Kỳ", "Ngày lập"]
    rows = [titles, [unicodedata.normalize("NFD", "SỞ 02"), "t01", 5, 10, "Quy II/2014", "15/7/2014"]]
    assert figures(sheet(rows)) == [("T01", "S02", "2014Q2", 5, 10)]


def test_english_headings_and_an_english_name(sheet):
    rows = [["Agency", "Indicator", "Numerator", "Denominator", "Quarter", "Date"]]
    rows += [["Department 02", "T01", 5, 10, "Q2/2014", dt.datetime(2014, 7, 15)]]
    assert figures(sheet(rows)) == [("T01", "S02", "2014Q2", 5, 10)]


def test_many_units_in_one_list_with_merged_names_and_a_total(sheet):
    rows = [*HEAD[2:], ["Đơn vị", "Mã", "Tử số", "Mẫu số"]]
    rows += [["Sở 01", "T01", 1, 10], [None, "T02", 2, 20], ["Sở 02", "T01", 3, 10], ["Tổng cộng", "T01", 4, 20]]
    found = figures(sheet(rows, merge=["A4:A5"]))
    assert found == [("T01", "S01", "2014Q2", 1, 10), ("T02", "S01", "2014Q2", 2, 20), ("T01", "S02", "2014Q2", 3, 10)]


def test_quarters_side_by_side_under_merged_headings(sheet):
    rows = [HEAD[1], ["Ngày báo cáo", "20/10/2014"], [], ["Mã", "Quý II/2014", None, "Quý III/2014", None]]
    rows += [[None, "Tử số", "Mẫu số", "Tử số", "Mẫu số"], ["T01", 1, 10, 2, 12], ["T02", 3, 30, None, None]]
    found = figures(sheet(rows, merge=["A4:A5", "B4:C4", "D4:E4"]))
    assert found == [("T01", "S01", "2014Q2", 1, 10), ("T01", "S01", "2014Q3", 2, 12), ("T02", "S01", "2014Q2", 3, 30)]


def test_indicators_side_by_side_with_ticks(sheet):
    rows = [
        ["Quý II năm 2014"],
        ["Ngày báo cáo: 15/07/2014"],
        ["Cơ quan", "T03", "T05a"],
        ["Sở 01", "x", "không"],
        ["Sở 02", 0, None],
    ]
    found = figures(sheet(rows))
    assert found == [("T03", "S01", "2014Q2", 1, 1), ("T05a", "S01", "2014Q2", 0, 1), ("T03", "S02", "2014Q2", 0, 1)]


def test_counts_under_quarters_alone(sheet):
    rows = [["Đơn vị: Sở 01"], ["Ngày lập", "20/10/2014"], ["Mã", "Quý II/2014", "Quý III/2014"], ["T07", 2, 3]]
    observations, _ = sheet(rows)
    assert observations[["period", "numerator"]].to_numpy().tolist() == [["2014Q2", 2], ["2014Q3", 3]]
    assert np.isnan(observations["denominator"]).all()


def test_an_indicator_by_its_name(sheet, registry):
    name = registry.indicators["T02"].name["vi"]
    rows = [*HEAD, ["Nội dung", "Số đạt", "Tổng số"], [name.upper(), 5, 9]]
    assert figures(sheet(rows)) == [("T02", "S01", "2014Q2", 5, 9)]


def test_the_whole_before_the_part_and_quarter_and_year_apart(sheet):
    rows = [["Cơ quan", "Mã", "Tổng số", "Số đạt", "Quý", "Năm", "Ngày"], ["Sở 01", "T01", 10, 4, "II", 2014, "15-07-2014"]]
    assert figures(sheet(rows)) == [("T01", "S01", "2014Q2", 4, 10)]


@pytest.mark.parametrize("text", ["1/2014", "I/2014", "Quý 1/2014", "Q1/2014", "2014Q1"])
def test_a_quarter_under_a_heading_of_quarters_needs_no_word(sheet, text):
    rows = [["Cơ quan", "Mã", "Tử số", "Mẫu số", "Quý", "Ngày"], ["Sở 01", "T01", 4, 10, text, "15/04/2014"]]
    assert figures(sheet(rows)) == [("T01", "S01", "2014Q1", 4, 10)]


def test_a_month_is_not_taken_for_a_quarter(sheet):
    rows = [["Cơ quan", "Mã", "Tử số", "Mẫu số", "Kỳ", "Ngày"], ["Sở 01", "T01", 4, 10, "1/2014", "15/04/2014"]]
    assert faults_of(sheet(rows)) == [("E2", "is not a quarterly period")]


def test_the_day_beside_the_signatures_and_the_period_in_the_title(sheet):
    rows = [["BÁO CÁO QUÝ II/2014"], ["Đơn vị", "Sở 01"], TABLE, ["T01", "", 1, 2], ["Quảng Ngãi, ngày 15 tháng 7 năm 2014"]]
    observations, faults = sheet(rows)
    assert faults.empty
    assert observations["reported_on"].dt.date.tolist() == [dt.date(2014, 7, 15)]


def test_a_sheet_for_each_unit_and_a_sheet_that_explains(sheet):
    table = [["Kỳ báo cáo", "Quý II/2014"], ["Ngày", "15/07/2014"], ["Mã", "Tử số", "Mẫu số"], ["T01", 1, 2]]
    guide = [["Mã", "Tử số", "Mẫu số"], ["T01", "văn bản gửi đi", "tất cả văn bản"]]
    found = figures(sheet(table, table, guide, titles=["Sở 01", "Sở 02", "Hướng dẫn"]))
    assert found == [("T01", "S01", "2014Q2", 1, 2), ("T01", "S02", "2014Q2", 1, 2)]


def test_formulas_count_by_their_results(sheet, registry, tmp_path):
    sheet([*HEAD, TABLE, ["T01", "", 120, 400]])
    path = tmp_path / "return.xlsx"
    result = rewritten(path, b'<c r="C6" t="n"><v>120</v></c>', b'<c r="C6"><f>100+20</f><v>120</v></c>')
    (tmp_path / "formula.xlsx").write_bytes(result)
    assert figures(read_return(tmp_path / "formula.xlsx", registry)) == [("T01", "S01", "2014Q2", 120, 400)]


def rewritten(path, old, new):
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
        texts = {name: source.read(name) for name in source.namelist()}
        assert old in texts["xl/worksheets/sheet1.xml"]
        for name, text in texts.items():
            target.writestr(name, text.replace(old, new))
    return out.getvalue()


# --- how numbers are written -----------------------------------------------------------------------------------------


def one_column(*values, code="T16"):
    """A list of the only indicator that counts no cases, one unit, a quarter a row."""
    periods = ["2012Q1", "2012Q2", "2012Q3", "2012Q4", "2013Q1"]
    rows = [["Mã", "Đơn vị", "Kỳ", "Ngày", "Tử số", "Mẫu số"]]
    return [*rows, *([code, "P02", period, "15/07/2013", value, 10**6] for period, value in zip(periods, values, strict=False))]


def test_a_column_decides_what_its_doubtful_numbers_mean(sheet):
    assert [row[3] for row in figures(sheet(one_column("1.234", "12,5", "2.000,5")))] == [1234, 12.5, 2000.5]
    assert [row[3] for row in figures(sheet(one_column("1,234", "12.5", "2,000.5")))] == [1234, 12.5, 2000.5]
    assert [row[3] for row in figures(sheet(one_column("1.234", "12.5")))] == [1.234, 12.5]


def test_a_doubtful_number_that_nothing_decides_is_a_fault(sheet):
    assert faults_of(sheet(one_column("1.234", 5))) == [("E2", "cannot be read as a number")]
    assert faults_of(sheet(one_column("12,5", "12.5", "1.234"))) == [("E4", "cannot be read as a number")]


def test_a_count_of_cases_cannot_be_a_decimal_but_is_flagged(sheet):
    observations, faults = sheet([*HEAD, TABLE, ["T01", "", "1.234", "4.000"], ["T02", "", 5, 9]])
    assert faults.empty
    assert observations[["numerator", "flags"]].to_numpy().tolist() == [[1234, "ambiguous_number"], [5, ""]]


def test_blank_zero_dash_dots_and_tick_are_five_things(sheet):
    rows = [["T01", "", None, None], ["T02", "", 0, 9], ["T04", "", "-", 12], ["T03", "", "x", None], ["T07", "", "…", None]]
    observations, faults = sheet([*HEAD, TABLE, *rows])
    assert faults.empty
    found = observations[["indicator", "numerator", "flags"]].to_numpy().tolist()
    assert found == [["T02", 0, ""], ["T04", 0, "dash_as_zero"], ["T03", 1, ""]]


@pytest.mark.parametrize("shown", [30, "30%", "30,0%", 0.3, "0,30", 29.9999999, "30,00"])
def test_a_per_cent_beside_its_figures_is_checked_and_not_needed(sheet, shown):
    assert len(figures(sheet([*HEAD, ["Mã", "Tử số", "Mẫu số", "Tỷ lệ (%)"], ["T01", 120, 400, shown]]))) == 1


def test_a_per_cent_alone_serves_where_no_cases_are_counted(sheet):
    rows = [["Mã", "Đơn vị", "Kỳ", "Ngày", "Tỷ lệ (%)"], ["T16", "P02", "2012Q1", "15/07/2013", "0,8%"]]
    assert figures(sheet(rows)) == [("T16", "P02", "2012Q1", 0.008, 1)]
    bare = [["Mã", "Đơn vị", "Kỳ", "Ngày", "Tỷ lệ"], ["T16", "P02", "2012Q1", "15/07/2013", 0.8]]
    assert faults_of(sheet(bare)) == [("E2", "is neither a per cent nor a fraction that can be told apart")]
    cases = [["Mã", "Đơn vị", "Kỳ", "Ngày", "Tỷ lệ"], ["T01", "S01", "2012Q1", "15/07/2013", 75]]
    assert faults_of(sheet(cases)) == [("E2", "is a bare value of an indicator that counts cases")]


# --- CSV as people save it -------------------------------------------------------------------------------------------

LINES = "Đơn vị;Mã;Kỳ;Ngày;Tử số;Mẫu số\nSở 01;T01;Quý II/2014;15/07/2014;1.234;4.000\nSở 02;T02;Quý II/2014;15/07/2014;5;9\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_file_from_a_vietnamese_spreadsheet(text, encoding):
    assert figures(text(LINES, encoding=encoding)) == [("T01", "S01", "2014Q2", 1234, 4000), ("T02", "S02", "2014Q2", 5, 9)]


def test_a_csv_file_with_tabs_or_commas_and_a_head(text):
    rows = "Đơn vị báo cáo,Sở 01\nKỳ báo cáo,Quý II/2014\nNgày báo cáo,15/07/2014\n\nMã,Tử số,Mẫu số\nT01,1,2\n"
    for content in (rows, rows.replace(",", "\t")):
        assert figures(text(content)) == [("T01", "S01", "2014Q2", 1, 2)]


# --- names that change -----------------------------------------------------------------------------------------------


@pytest.fixture
def renamed(registry):
    """S09 was called "Ban cũ" until 2012Q4, when S12 took the name; S20 was merged into S19 at the end of 2013."""
    changes = {
        "S09": {"former": [{"name": "Ban cũ", "until": "2012Q4"}]},
        "S12": {"aliases": ["Ban cũ"]},
        "S08": {"former": [{"name": "Chi cục", "until": "2012Q4"}]},
        "S20": {"until": "2013Q4", "merged_into": "S19"},
    }
    units = {name: Unit.model_validate(unit.model_dump() | changes.get(name, {})) for name, unit in registry.units.items()}
    return replace(registry, units=units)


def listed(tmp_path, registry, unit, period, day):
    workbook = openpyxl.Workbook()
    for row in (["Đơn vị", "Kỳ", "Ngày", "Mã", "Tử số", "Mẫu số"], [unit, period, day, "T01", 1, 2]):
        workbook.active.append(row)
    workbook.save(tmp_path / "a.xlsx")
    return read_return(tmp_path / "a.xlsx", registry)


def test_a_name_means_the_unit_that_bore_it_in_that_period(tmp_path, renamed):
    assert figures(listed(tmp_path, renamed, "Ban cũ", "2013Q1", "10/04/2013"))[0][1] == "S12"
    assert figures(listed(tmp_path, renamed, "Chi cục", "2012Q4", "10/01/2013"))[0][1] == "S08"
    _, faults = listed(tmp_path, renamed, "Chi cục", "2013Q1", "10/04/2013")
    assert faults[["cell", "problem", "allowed"]].to_numpy().tolist() == [["A2", "is a name that S08 bore until 2012Q4", "Sở 08"]]


def test_a_unit_that_was_merged_reports_no_more(tmp_path, renamed):
    assert figures(listed(tmp_path, renamed, "Sở 20", "2013Q4", "10/01/2014"))[0][1] == "S20"
    _, faults = listed(tmp_path, renamed, "Sở 20", "2014Q1", "10/04/2014")
    assert faults["problem"].tolist() == ["is not reported by S20 in 2014Q1"]
    assert faults["allowed"].tolist() == ["figures of S19, into which it was merged"]
    assert renamed.mergers() == [("S19", "2014Q1")]


@pytest.mark.parametrize("fields", [{"merged_into": "S19"}, {"merged_into": "S20", "until": "2013Q4"}])
def test_a_merger_needs_its_last_period_and_another_unit(registry, fields):
    with pytest.raises(ValidationError, match="merged_into names another unit"):
        Unit.model_validate(registry.units["S20"].model_dump() | fields)
