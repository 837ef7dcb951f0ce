"""What must not get past the door: bad inputs built by code, each with its fault at its cell."""

import io
import re
import struct
import time
import tracemalloc
import zipfile
from functools import partial

import openpyxl
import pytest
from filled_form import DAY, FIGURES, address, faults_of, read_changed

from qnict_analysis import mail
from qnict_analysis.forms import FIRST_ROW, MARKER_SHEET, SHEET, Restated, expected_indicators, form_workbook
from qnict_analysis.registry import load_registry
from qnict_analysis.returns import MAX_BYTES, read_figures, read_return, rules_of
from qnict_analysis.returns.fingerprint import form_fingerprint
from qnict_analysis.schema import FAULTS
from qnict_analysis.workspace import find_workspace


@pytest.fixture(scope="module")
def registry(root):
    return load_registry(find_workspace(str(root)))


@pytest.fixture
def read(registry, tmp_path):
    return partial(read_changed, tmp_path, registry)


# --- what must be refused --------------------------------------------------------------------------------------------

BAD_CELLS = {
    "an unreadable number": ({"T01/D": "khoảng 120"}, "T01/D", "cannot be read as a number"),
    "a dash for a whole": ({"T01/E": "-"}, "T01/E", "cannot be read as a number"),
    "a per cent that is not the figures'": ({"T01/F": 41.5}, "T01/F", r"contradicts its figures: 120 of 400 is 30.0%"),
    "an error value": ({"T07/D": "#DIV/0!"}, "T07/D", "holds an error"),
    "a formula without its result": ({"T07/D": "=1+1"}, "T07/D", "holds an error or a formula without its result"),
    "yes where a number is asked": ({"T01/D": "x"}, "T01/D", "cannot be read as a number"),
    "a number beyond all sense": ({"T01/D": "9" * 400}, "T01/D", "cannot be read as a number"),
    "a negative number": ({"T01/D": -3}, "T01/D", "is negative"),
    "half a document": ({"T01/D": "12,5"}, "T01/D", "is not a whole number"),
    "more than all": ({"T01/D": 401}, "T01/D", "is larger than its denominator"),
    "a yes/no of two": ({"T03/D": 2}, "T03/D", "is larger than its denominator"),
    "no denominator": ({"T01/E": None}, "T01/E", "is missing"),
    "a denominator of zero": ({"T01/E": 0}, "T01/E", "is zero"),
    "a denominator without a numerator": ({"T01/D": None}, "T01/D", "is missing"),
    "a count with a denominator": ({"T07/E": 5}, "T07/E", "stands beside a plain count"),
    "an unknown code": ({"T01/B": "T99"}, "T01/B", "is not an indicator of this programme"),
    "another unit's indicator": ({"T01/B": "T10"}, "T01/B", "is not reported by S01 in 2014Q2"),
    "an indicator twice": ({"T02/B": "T01"}, "T02/B", "stands in row 9 already"),
    "a figure without a code": ({"T01/B": None, "T01/C": None}, "T01/B", "is not an indicator of this programme"),
    "no date": ({"C5": None}, "C5", "is missing and no day of receipt was given"),
    "no real date": ({"C5": "31/06/2014"}, "C5", "is not a date"),
    "a date before the period's end": ({"C5": "29/06/2014"}, "C5", "lies before the end of 2014Q2"),
    "a date in another decade": ({"C5": "15/07/2041"}, "C5", "lies more than 5 years after 2014Q2"),
    "another unit's name": ({"C3": "Sở 02"}, "C3", r"names another unit .* \(S01\)"),
    "another period's text": ({"C4": "Quý III/2014"}, "C4", "is another period than the one the form was made for"),
    "no period": ({"C4": "kỳ này"}, "C4", "is not a period"),
    "an unknown unit": ({f"{MARKER_SHEET}!B2": "S99"}, "B2", "is not a reporting unit"),
    "an unknown form": ({f"{MARKER_SHEET}!B1": "7"}, "B1", "is an unknown form version"),
    "an unknown name and no marker": ({f"{MARKER_SHEET}!B2": None, "C3": "Sở nào đó"}, "C3", "is not a known reporting unit"),
    "a period before the programme": ({f"{MARKER_SHEET}!B3": "2010Q4", "C4": "Quý IV/2010"}, "C4", "is outside the programme"),
    "a period long after it": ({f"{MARKER_SHEET}!B3": "2017Q1", "C4": "Quý I/2017"}, "C4", "is outside the programme"),
    "a year in a quarterly programme": ({f"{MARKER_SHEET}!B3": "2014", "C4": "Năm 2014"}, "C4", "is not a quarterly period"),
}


@pytest.mark.parametrize("case", BAD_CELLS)
def test_a_bad_cell_is_named(read, registry, case):
    changes, place, problem = BAD_CELLS[case]
    faults = faults_of(read(changes))
    sheet = MARKER_SHEET if place in ("B1", "B2") else SHEET
    assert [(fault[0], fault[1]) for fault in faults] == [(sheet, address(registry, place))]
    assert re.search(problem, faults[0][2])


def test_every_fault_of_a_file_is_listed_with_what_was_found(read, registry):
    _, faults = read({"T01/D": "abc", "T02/E": 0, "T04/D": -1})
    assert list(faults["cell"]) == [address(registry, place) for place in ("T01/D", "T02/E", "T04/D")]
    assert list(faults["found"]) == ["abc", "0", "-1"]
    assert set(faults["file"]) == {"S01.xlsx"}
    assert faults["allowed"].str.len().min() > 0


RESTATED = Restated("T01", "2014Q1", 90, 310, "Rà soát")
BAD_RESTATED = {
    "the form's own period": (Restated("T01", "2014Q2", 1, 2, "a"), "C", "is not earlier than the period of this form"),
    "no figure": (Restated("T01", "2014Q1", None, 2, "a"), "D", "is missing"),
    "a share above one": (Restated("T01", "2014Q1", 3, 2, "a"), "D", "is larger than its denominator"),
    "an unknown code": (Restated("T77", "2014Q1", 1, 2, "a"), "B", "is not an indicator of this programme"),
}


@pytest.mark.parametrize("case", BAD_RESTATED)
def test_a_bad_restatement_is_named(read, registry, case):
    entry, column, problem = BAD_RESTATED[case]
    row = FIRST_ROW + len(expected_indicators(registry, "S01", "2014Q2")) + 3
    assert faults_of(read(restated=[entry])) == [(SHEET, f"{column}{row}", problem)]


def test_a_restatement_given_twice_is_named(read):
    ((_, cell, problem),) = faults_of(read(restated=[RESTATED, RESTATED]))
    assert cell.startswith("B")
    assert "already" in problem


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"not a workbook", b"\x00" * 4096], ids=["empty", "cut", "text", "zeros"]
)
def test_what_is_no_workbook_is_refused(tmp_path, registry, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    assert faults_of(read_return(tmp_path / "a.xlsx", registry)) == [("", "", "cannot be read as an Excel workbook")]


def test_a_missing_file_a_large_file_and_another_kind_of_file_are_refused(tmp_path, registry):
    (tmp_path / "a.docx").write_bytes(b"x")
    with (tmp_path / "b.xlsx").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    problems = [faults_of(read_return(tmp_path / name, registry))[0][2] for name in ("a.docx", "b.xlsx", "c.xlsx")]
    assert problems == ["is not a return", "is too large", "cannot be opened"]


@pytest.mark.parametrize("cell", ["A10001", "XFD5", "XFD1048576"])
def test_a_cell_far_outside_is_refused_before_the_sheet_is_laid_out(read, cell):
    assert faults_of(read({cell: 1})) == [("", "", "has a cell far outside any form")]


def test_a_workbook_that_unpacks_to_an_absurd_size_or_holds_macros_is_refused(tmp_path, registry):
    for name, entry, content in (("a", "xl/worksheets/sheet1.xml", b"0" * (101 * 1024**2)), ("b", "xl/vbaProject.bin", b"x")):
        with zipfile.ZipFile(tmp_path / f"{name}.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(entry, content)
    problems = [faults_of(read_return(tmp_path / f"{name}.xlsx", registry))[0][2] for name in "ab"]
    assert problems == ["unpacks to an absurd size", "holds macros"]


def test_a_workbook_without_the_table_is_refused(tmp_path, registry):
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    assert faults_of(read_return(tmp_path / "a.xlsx", registry)) == [("", "", "holds no table with the headings Mã and Tử số")]


# --- listings ---------------------------------------------------------------------------------------------------------

HEADER = "indicator,unit,period,value_percent,reported_on,status,source,note"


def listing(tmp_path, registry, *lines, header=HEADER, encoding="utf-8", received=None):
    (tmp_path / "a.csv").write_bytes("\n".join([header, *lines]).encode(encoding))
    return read_return(tmp_path / "a.csv", registry, received)


BAD_LINES = {
    "T99,P02,2014Q1,35,2014-06-04,,,": ("A2", "is not an indicator of this programme"),
    "T16,XX,2014Q1,35,2014-06-04,,,": ("B2", "is not a reporting unit"),
    "T16,S01,2014Q1,35,2014-06-04,,,": ("A2", "is not reported by S01 in 2014Q1"),
    "T16,P02,2014,35,2014-06-04,,,": ("C2", "is not a quarterly period"),
    "T16,P02,Q1,35,2014-06-04,,,": ("C2", "is not a period"),
    'T16,P02,2014Q1,"35,5",2014-06-04,,,': ("D2", "cannot be read as a number"),
    "T16,P02,2014Q1,,2014-06-04,,,": ("D2", "cannot be read as a number"),
    "T16,P02,2014Q1,1e9,2014-06-04,,,": ("D2", "cannot be read as a number"),
    "T16,P02,2014Q1,35,,,,": ("E2", "is missing"),
    "T16,P02,2014Q1,35,2014-03-30,,,": ("E2", "lies before the end of 2014Q1"),
    "T16,P02,2014Q1,35,2014-06-04,guess,,": ("F2", "is unknown"),
    "T10,P01,2014Q1,35,2014-06-04,,,": ("D2", "is a bare value of an indicator that counts cases"),
    "T16,P02,2014Q1,35,2014-06-04,,,,x": ("H2", "is followed by more cells than there are columns"),
}


@pytest.mark.parametrize("line", BAD_LINES)
def test_a_bad_line_is_named(tmp_path, registry, line):
    observations, faults = listing(tmp_path, registry, line)
    assert list(faults[["cell", "problem"]].itertuples(index=False, name=None)) == [BAD_LINES[line]]
    assert observations.empty


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("indicator,unit,period,value", "lacks columns"),
        ("indicator,unit,period,numerator,reported_on", "lacks columns"),
        ("indicator,unit,period,value,value_percent,reported_on", "lacks columns"),
        ("indicator,unit,period,value,reported_on,colour", "has unknown or repeated columns: colour"),
        ("indicator,unit,period,value,value,reported_on", "has unknown or repeated columns"),
    ],
)
def test_a_bad_header_is_named(tmp_path, registry, header, problem):
    ((_, cell, found),) = faults_of(listing(tmp_path, registry, header=header))
    assert (cell, found.startswith(problem)) == ("A1", True)


def test_a_listing_with_the_same_figure_and_day_twice_or_no_text_is_refused(tmp_path, registry):
    line = "T01,S01,2014Q1,12,40,2014-06-04"
    header = "indicator,unit,period,numerator,denominator,reported_on"
    assert faults_of(listing(tmp_path, registry, line, line, header=header))[0][1:] == (
        "A3",
        "has a figure of the same period and day in line 2",
    )
    assert faults_of(listing(tmp_path, registry, "é", encoding="latin-1"))[0][2] == "cannot be read as a CSV file"


# --- layouts of their own --------------------------------------------------------------------------------------------

TOP = [["Đơn vị", "Sở 01"], ["Kỳ báo cáo", "Quý II/2014"], ["Ngày báo cáo", "15/07/2014"]]
LONG = ["Đơn vị", "Kỳ", "Ngày", "Mã", "Tử số", "Mẫu số"]
GOOD = ["Sở 01", "Quý II/2014", "15/07/2014", "T01", 1, 2]
BAD_SHEETS = {
    "a unit that nobody knows": ([LONG, ["Sở 77", *GOOD[1:]]], "A2", "is not a known reporting unit"),
    "no unit in a list of units": ([LONG, [None, *GOOD[1:]]], "A2", "is not a known reporting unit"),
    "a period of a list": ([LONG, ["Sở 01", "quý này", *GOOD[2:]]], "B2", "is not a period"),
    "a month in a quarterly plan": ([LONG, ["Sở 01", "Tháng 5/2014", *GOOD[2:]]], "B2", "is not a quarterly period"),
    "a quarter before the plan": ([LONG, ["Sở 01", "Quý IV/2010", *GOOD[2:]]], "B2", "is outside the programme"),
    "a date of a list": ([LONG, [*GOOD[:2], "hôm nay", *GOOD[3:]]], "C2", "is not a date"),
    "a date before the quarter's end": ([LONG, [*GOOD[:2], "01/06/2014", *GOOD[3:]]], "C2", "lies before the end of 2014Q2"),
    "no date": ([LONG, [*GOOD[:2], None, *GOOD[3:]]], "C2", "is missing and no day of receipt was given"),
    "a date with month and day swapped": ([LONG, [*GOOD[:2], "07/15/2014", *GOOD[3:]]], "C2", "is not a date"),
    "the same figure twice": ([LONG, GOOD, GOOD], "D3", "stands in row 2 already"),
    "a total that is none": ([LONG, GOOD, ["Tổng cộng", None, None, "T01", 3, 2]], "E3", "is not the sum of the rows above, 1"),
    "a total of the wholes": ([LONG, GOOD, ["Cộng", None, None, "T01", 1, 9]], "F3", "is not the sum of the rows above, 2"),
    "two columns of the same name": ([[*LONG, "Tử số"], [*GOOD, 5]], "G1", "stands twice, here and in column E"),
    "a name of two indicators": ([*TOP, ["Chỉ tiêu", "Tử số", "Mẫu số"], ["Văn bản", 1, 2]], "A5", "is not an indicator of this"),
    "no unit in the head": ([*TOP[1:], ["Mã", "Tử số", "Mẫu số"], ["T01", 1, 2]], "C3", "is not a known reporting unit"),
    "no period anywhere": ([TOP[0], TOP[2], ["Mã", "Tử số", "Mẫu số"], ["T01", 1, 2]], "C4", "is not a period"),
    "two periods in the title": (
        [["Quý I/2014 và Quý II/2014"], TOP[0], TOP[2], ["Mã", "Tử số", "Mẫu số"], ["T01", 1, 2]], "C4", "is not a period",
    ),
    "a tick that is no tick": ([["Quý II/2014"], TOP[2], ["Đơn vị", "T03"], ["Sở 01", "rồi"]], "B4", "cannot be read"),
    "a share without its whole": ([["Quý II/2014"], TOP[2], ["Đơn vị", "T01"], ["Sở 01", 5]], "B4", "is missing"),
    "dots in the denominator": ([LONG, [*GOOD[:4], 1, "…"]], "F2", "cannot be read as a number"),
    "a thousand or one": ([LONG, ["P02", *GOOD[1:3], "T16", "1.234", 5000]], "E2", "cannot be read as a number"),
    "a per cent of other figures": ([[*LONG, "Tỷ lệ (%)"], [*GOOD, 70]], "G2", "contradicts its figures: 1 of 2 is 50.0%"),
    "a fraction of other figures": ([[*LONG, "Tỷ lệ"], [*GOOD, 0.7]], "G2", "contradicts its figures"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_SHEETS)
def test_a_bad_cell_of_any_layout_is_named(tmp_path, registry, case):
    rows, cell, problem = BAD_SHEETS[case]
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(tmp_path / "a.xlsx")
    observations, faults = read_return(tmp_path / "a.xlsx", registry)
    assert observations.empty
    assert list(faults["cell"]) == [cell]
    assert re.match(problem, faults["problem"].iloc[0])
    assert (faults["sheet"] == "Sheet").all()


@pytest.mark.parametrize("head", [{"C4": "kỳ này"}, {f"{MARKER_SHEET}!B2": None, "C3": "Sở nào đó"}, {"C5": "29/06/2014"}])
def test_a_faulty_head_hides_no_faulty_row_and_makes_none_up(read, registry, head):
    _, faults = read({**head, "T01/D": "abc", "T04/D": -1, "T07/B": "T99"})
    assert len(faults) == 4
    assert list(faults["cell"])[1:] == [address(registry, place) for place in ("T01/D", "T04/D", "T07/B")]


def test_the_same_figure_on_two_sheets_is_named(tmp_path, registry):
    workbook = openpyxl.Workbook()
    for sheet in (workbook.active, workbook.create_sheet("Sheet2")):
        sheet.append(LONG)
        sheet.append(GOOD)
    workbook.save(tmp_path / "a.xlsx")
    _, faults = read_return(tmp_path / "a.xlsx", registry)
    assert faults[["sheet", "cell", "problem"]].to_numpy().tolist() == [
        ["Sheet2", "E2", "has a figure of the same period and day in Sheet E2"]
    ]


def test_a_form_whose_hidden_mark_does_not_fit_is_refused(tmp_path, registry):
    codes = [item.id for item in expected_indicators(registry, "S01", "2014Q2")]
    for mark, expected in (
        (form_fingerprint("1", "S01", "2014Q2", codes), []),
        ("0" * 16, ["does not fit the form it stands in"]),
    ):
        workbook = form_workbook(registry, "S01", "2014Q2", FIGURES, DAY)
        workbook[MARKER_SHEET]["A4"], workbook[MARKER_SHEET]["B4"] = "fingerprint", mark
        workbook.save(tmp_path / "a.xlsx")
        assert list(read_return(tmp_path / "a.xlsx", registry)[1]["problem"]) == expected


# --- files that mean harm --------------------------------------------------------------------------------------------


@pytest.fixture
def form(registry):
    out = io.BytesIO()
    form_workbook(registry, "S01", "2014Q2", FIGURES, DAY).save(out)
    return out.getvalue()


def with_parts(content, change=None, **added):
    """A workbook with more parts in it, or with some of its parts changed (name -> function of bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, (change or {}).get(name, lambda text: text)(source.read(name)))
        for name, text in added.items():
            target.writestr(name.replace("__", "/").replace("_DOT_", "."), text)
    return out.getvalue()


def sheet_of(cells):
    """The XML of a sheet around some cells."""
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<?xml version="1.0"?><worksheet xmlns="' + space + b'"><sheetData>' + cells + b"</sheetData></worksheet>"


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "%s"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>' % (b"x" * 1000)
FIRST_SHEET = "xl/worksheets/sheet1.xml"
HARMFUL = {
    "macros": (lambda form: with_parts(form, xl__vbaProject_DOT_bin=b"x"), "holds macros"),
    "entities": (lambda form: with_parts(form, {"xl/workbook.xml": lambda _: ENTITIES}), "declares XML entities"),
    "entities in the texts": (lambda form: with_parts(form, {"xl/styles.xml": lambda _: ENTITIES}), "declares XML entities"),
    "a sheet in UTF-16": (
        lambda form: with_parts(form, {FIRST_SHEET: lambda xml: xml.decode().encode("utf-16")}),
        "declares XML entities",
    ),
    "a bomb": (lambda form: with_parts(form, xl__media__a=b"0" * (101 * 1024**2)), "unpacks to an absurd size"),
    "a million rows": (
        lambda form: with_parts(form, {FIRST_SHEET: lambda _: sheet_of(b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>')}),
        "has a cell far outside any form",
    ),
    "ten thousand columns": (
        lambda form: with_parts(form, {FIRST_SHEET: lambda _: sheet_of(b'<row r="1"><c r="NTP1"><v>1</v></c></row>')}),
        "has a cell far outside any form",
    ),
    "a long text in many cells": (
        lambda form: with_parts(
            form,
            {FIRST_SHEET: lambda _: sheet_of(b'<row r="1">' + b'<c r="A1" t="s"><v>0</v></c>' * 9000 + b"</row>")},
            xl__sharedStrings_DOT_xml=b"<sst><si><t>" + b"x" * 32_000 + b"</t></si></sst>",
        ),
        "unpacks to an absurd size",
    ),
    "a merged area of a whole sheet": (
        lambda form: with_parts(
            form,
            {FIRST_SHEET: lambda xml: re.sub(b'<mergeCell ref="[A-Z0-9:]+"', b'<mergeCell ref="A1:XFD1048576"', xml, count=1)},
        ),
        "has too many merged cells",
    ),
    "no workbook inside": (lambda form: with_parts(b"PK\x05\x06" + b"\0" * 18, a=b"b"), "cannot be read as an Excel workbook"),
    "half a file": (lambda form: form[: len(form) // 2], "cannot be read as an Excel workbook"),
    "a sheet that is cut": (
        lambda form: with_parts(form, {FIRST_SHEET: lambda xml: xml[:400]}),
        "cannot be read as an Excel workbook|holds no table",
    ),
    "an old .xls file": (lambda form: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "cannot be read as an Excel workbook"),
    "a page of the web": (lambda form: b"<html><table><tr><td>1</td></tr></table></html>", "cannot be read as an Excel workbook"),
}


@pytest.mark.parametrize("case", HARMFUL)
def test_a_harmful_workbook_is_refused_whole(tmp_path, registry, form, case):
    make, problem = HARMFUL[case]
    (tmp_path / "a.xlsx").write_bytes(make(form))
    ((sheet, cell, found),) = faults_of(read_return(tmp_path / "a.xlsx", registry))
    assert (sheet, cell) == ("", "")
    assert re.match(problem, found)


def test_a_csv_file_of_absurd_width_is_refused(tmp_path, registry):
    (tmp_path / "a.csv").write_text(",".join("x" * 10_000) + "\n")
    assert faults_of(read_return(tmp_path / "a.csv", registry)) == [("", "", "has a cell far outside any form")]


# --- archives --------------------------------------------------------------------------------------------------------


def archive(path, **files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name.replace("__", "/"), content)
    return path


def link(name):
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, 0o120777 << 16
    return entry


BAD_NAMES = (
    "../S01.xlsx",
    "/etc/S01.xlsx",
    "a/../../S01.xlsx",
    "..\\S01.xlsx",
    "C:\\S01.xlsx",
    "C:S01.xlsx",
    "\\\\host\\S01.xlsx",
)


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_leads_out_of_an_archive_refuses_all_of_it(tmp_path, name, form):
    entry = zipfile.ZipInfo("x")
    entry.filename = name  # the constructor would tidy it
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as target:
        target.writestr(entry, form)
        target.writestr("S02.xlsx", form)
    (item,) = mail.sources([tmp_path / "a.zip"])
    assert item.fault.problem == "holds a name that leads out of the archive"
    assert item.content == b""


def test_links_and_archives_in_archives_are_refused(tmp_path, form):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as target:
        target.writestr(link("S01.xlsx"), "/etc/passwd")
    assert [item.fault.problem for item in mail.sources([tmp_path / "a.zip"])] == ["holds a name that leads out of the archive"]
    archive(tmp_path / "b.zip", **{"c.zip": form})
    assert [item.fault.problem for item in mail.sources([tmp_path / "b.zip"])] == ["holds an archive within the archive"]


def test_archives_that_are_none_or_too_much_are_refused(tmp_path, monkeypatch, form):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 and no more")
    archive(tmp_path / "b.zip", **{f"{n}.csv": b"" for n in range(5)})
    archive(tmp_path / "c.zip", **{"S01.xlsx": b"0" * (MAX_BYTES + 1)})
    monkeypatch.setattr(mail, "MAX_FILES", 4)
    problems = [item.fault.problem for name in "abcd" for item in mail.sources([tmp_path / f"{name}.zip"])]
    assert problems == ["cannot be read as a zip archive", "holds 5 files", "is too large", "cannot be opened"]
    monkeypatch.setattr(mail, "MAX_UNPACKED", 1000)
    assert [item.fault.problem for item in mail.sources([tmp_path / "c.zip"])] == ["unpacks to an absurd size"]


def test_a_file_that_claims_to_be_smaller_than_it_is_is_refused_alone(tmp_path, form):
    path = archive(tmp_path / "a.zip", **{"S01.xlsx": form, "S02.xlsx": form})
    content = bytearray(path.read_bytes())
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(b"PK\x01\x02"))
    content[at + 24 : at + 28] = struct.pack("<L", 100)
    path.write_bytes(bytes(content))
    assert [bool(item.fault) for item in mail.sources([path])] == [True, False]


def test_an_archive_is_read_in_order_with_what_is_no_return_skipped(tmp_path, form):
    path = archive(tmp_path / "a.zip", **{"b__S02.xlsx": form, "a__S01.xlsx": form, "thư.docx": b"", ".tệp ẩn.xlsx": b"x"})
    items = list(mail.sources([path]))
    assert [(item.name, item.skipped) for item in items] == [("S01.xlsx", False), ("S02.xlsx", False), ("thư.docx", True)]
    assert items[0].label == f"{path}/a/S01.xlsx"
    assert items[0].content == form


def test_a_spreadsheet_of_another_kind_among_returns_is_refused_and_not_passed_over(tmp_path, registry):
    (tmp_path / "S01.xls").write_bytes(b"old")
    (tmp_path / "notes.txt").write_text("x")
    (item,) = [item for item in mail.sources([tmp_path]) if not item.skipped]
    _, faults = read_figures(item.content, rules_of(registry), name=item.name)
    assert [(fault.found, str(fault.allowed)) for fault in faults] == [(".xls", "the form saved as .xlsx")]


# --- what is said ----------------------------------------------------------------------------------------------------


def test_every_fault_is_said_in_vietnamese_too(read):
    _, faults = read({"T01/D": "abc", "T02/E": 0, "C5": "hôm nay"})
    assert list(faults.columns) == list(FAULTS)
    assert list(faults["cell"]) == ["C5", "D9", "E10"]  # the head's fault does not hide those of the rows
    assert list(faults["problem_vi"]) == ["không phải là ngày tháng", "không đọc được như một số", "bằng 0"]
    _, faults = read({"T01/D": "abc", "T02/D": 60})
    assert faults[["problem_vi", "allowed_vi"]].to_numpy().tolist() == [
        ["không đọc được như một số", "một số"],
        ["lớn hơn mẫu số", "nhiều nhất 50"],
    ]


# --- bounded time and memory -----------------------------------------------------------------------------------------


def peak_of(call):
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("content", [b"\n" * 10_000_000, b"," * 4_000_000, b'"' * 4_000_000, b"a;b\n" * 2_000_000])
def test_a_csv_file_of_nothing_much_is_refused_in_little_memory(tmp_path, registry, content):
    (tmp_path / "a.csv").write_bytes(content)
    found = []
    peak = peak_of(lambda: found.append(read_return(tmp_path / "a.csv", registry)))
    assert found[0][0].empty and len(found[0][1]) == 1
    assert peak < 40 * len(content) / 2**20 + 50


def test_a_workbook_of_very_many_parts_is_refused(tmp_path, registry, form):
    (tmp_path / "a.xlsx").write_bytes(with_parts(form, **{f"xl__p{n}_DOT_xml": b"<a/>" for n in range(2_001)}))
    assert faults_of(read_return(tmp_path / "a.xlsx", registry))[0][2] == "unpacks to an absurd size"


def test_ten_thousand_rows_of_per_cents_take_no_square_of_time(tmp_path, registry):
    lines = ["Mã;Đơn vị;Kỳ;Ngày;Tỷ lệ (%)"] + ["T16;P02;Quý I/2012;15/07/2013;0,8"] * 9_000
    (tmp_path / "a.csv").write_text("\n".join(lines))
    began = time.perf_counter()
    _, faults = read_return(tmp_path / "a.csv", registry)
    assert len(faults) > 9_000
    first = time.perf_counter() - began
    (tmp_path / "b.csv").write_text("\n".join(lines[:3_001]))
    began = time.perf_counter()
    read_return(tmp_path / "b.csv", registry)
    assert first < 6 * (time.perf_counter() - began) + 1  # three times the rows, side by side
