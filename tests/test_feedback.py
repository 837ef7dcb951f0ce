import datetime as dt
import io
import re
import zipfile

import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName

from qnict_analysis import feedback, sheets
from qnict_analysis.feedback import AUTHOR, CSV_SHEET, EMPTY, FIRST_ROW, SHEET, TITLE, result_workbook, write_results
from qnict_analysis.forms import MARKER_SHEET, form_workbook, workbook_bytes
from qnict_analysis.forms import SHEET as FORM
from qnict_analysis.intake import Rejected
from qnict_analysis.registry import load_registry
from qnict_analysis.returns import Fault, as_faults, read_return
from qnict_analysis.workspace import find_workspace

DAY = dt.date(2014, 7, 15)
INJECTION = "=cmd|'/c calc'!A1"


@pytest.fixture(scope="module")
def registry(root):
    return load_registry(find_workspace(str(root)))


@pytest.fixture
def form(registry):
    """The form of S01 as a workbook, with a figure that is larger than its denominator in D9."""
    return form_workbook(registry, "S01", "2014Q2", {"T01": (5, 2), "T02": (1, 2)}, DAY)


def faults(*rows, file="S01.xlsx"):
    """Faults (sheet, cell, found, problem, allowed) of one file."""
    return as_faults(Fault(file, *row) for row in rows)


TOO_LARGE = (FORM, "D9", "5", "is larger than its denominator", "at most 2")


def opened(content, **settings):
    return openpyxl.load_workbook(io.BytesIO(content), **settings)


def result(workbook, table, name="S01.xlsx"):
    content = workbook if isinstance(workbook, bytes) else workbook_bytes(workbook)
    return opened(result_workbook(content, name, table))


def listed(book):
    """The table of faults on the first sheet."""
    rows = book[SHEET].iter_rows(min_row=FIRST_ROW, values_only=True)
    return [row[1:] for row in rows if row[0] is not None]


def coloured(sheet):
    return [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "00FFF2CC"]


def cells(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def packed(parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def altered(workbook, part, old, new):
    """A workbook's bytes with ``old`` replaced in one of its parts."""
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(workbook))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    return packed(parts | {part: parts[part].replace(old, new, 1)})


# --- never opened ----------------------------------------------------------------------------------------------------


@pytest.fixture
def unopened(monkeypatch):
    """The test fails if openpyxl is given any workbook."""
    opened = []
    monkeypatch.setattr(feedback.openpyxl, "load_workbook", lambda *_, **__: opened.append(True))
    yield
    assert not opened


def only_list(content, table, name="S01.xlsx"):
    made = result_workbook(content, name, table)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        text = archive.read("xl/worksheets/sheet1.xml").decode()
        sheets = [part for part in archive.namelist() if part.startswith("xl/worksheets/sheet")]
    return len(sheets) == 1 and all(str(value) in text for value in table["problem"])


def test_a_file_with_a_fault_of_the_whole_file_is_not_opened(unopened, form):
    table = faults(("", "", "S01.xlsx", "unpacks to an absurd size", "at most 100 MB unpacked"))
    assert only_list(workbook_bytes(form), table)


def test_a_zip_bomb_is_not_opened_even_if_a_fault_names_a_cell(unopened, monkeypatch, form):
    monkeypatch.setattr(sheets, "MAX_MARKUP", 1000)
    assert only_list(workbook_bytes(form), faults(TOO_LARGE))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<worksheet ", b"<!DOCTYPE lolz [<!ENTITY a 'b'>]><worksheet "),
        (b"<sheetData>", b"<sheetData>" + b"<row/>" * sheets.MAX_TAGS),
        (b'<mergeCell ref="A1:G1" />', b'<mergeCell ref="A1:XFD1048576" />'),
        (b'<dataValidation sqref="', b'<dataValidation sqref="' + b"A1 " * sheets.MAX_CELLS),
        (b'<col width="6"', b'<col width="inf"'),
        (b"</worksheet>", b""),
    ],
    ids=["entities", "tags", "merged", "rule", "width", "broken"],
)
def test_a_sheet_that_could_exhaust_the_memory_is_not_opened(unopened, form, old, new):
    assert only_list(altered(form, "xl/worksheets/sheet1.xml", old, new), faults(TOO_LARGE))


@pytest.mark.parametrize("name", ["S01.xlsx", "S01.csv", "S01.doc", "S01"])
def test_an_unreadable_file_gives_the_list(name):
    table = faults(TOO_LARGE, file=name)
    book = result(b"\xff\xfe no workbook", table, name)
    assert book.sheetnames == [SHEET]
    assert listed(book) == [TOO_LARGE]


def test_a_file_that_openpyxl_fails_on_gives_the_list(form):
    content = altered(form, "xl/worksheets/sheet1.xml", b'<c r="D9"', b'<c r="D0x"')
    assert only_list(content, faults(TOO_LARGE))


# --- marks -----------------------------------------------------------------------------------------------------------


def test_a_faulty_cell_is_coloured_and_explained_and_all_others_are_as_they_were(form):
    book = result(form, faults(TOO_LARGE))
    assert book.sheetnames == [SHEET, FORM, *form.sheetnames[1:]]
    assert coloured(book[FORM]) == ["D9"]
    assert book[FORM]["D9"].comment.author == AUTHOR
    assert book[FORM]["D9"].comment.text == "Đã ghi: 5\nLỗi: is larger than its denominator\nYêu cầu: at most 2"
    assert all(cells(book[sheet.title]) == cells(sheet) for sheet in opened(workbook_bytes(form)))
    assert book.active.title == SHEET


def test_the_list_names_the_file_and_links_each_cell(form):
    sheet = result(form, faults(TOO_LARGE, (FORM, "E9", "", "is missing", "a number")))[SHEET]
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == [TITLE, "Tệp: S01.xlsx", "Số lỗi: 2"]
    assert listed(sheet.parent) == [TOO_LARGE, (FORM, "E9", None, "is missing", "a number")]
    assert [sheet.cell(FIRST_ROW + row, 3).hyperlink.location for row in (0, 1)] == [f"'{FORM}'!D9", f"'{FORM}'!E9"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == ("landscape", 9, 1)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.cell(FIRST_ROW, 5).alignment.wrap_text


def test_vietnamese_is_preferred_where_there_is_any(form):
    table = faults(TOO_LARGE, (FORM, "E9", "", "is missing", "a number"))
    table = table.assign(problem_vi=["lớn hơn mẫu số", ""], allowed_vi=["không quá 2", None])
    book = result(form, table)
    assert [row[3:] for row in listed(book)] == [("lớn hơn mẫu số", "không quá 2"), ("is missing", "a number")]
    assert book[FORM]["D9"].comment.text == "Đã ghi: 5\nLỗi: lớn hơn mẫu số\nYêu cầu: không quá 2"
    assert book[FORM]["E9"].comment.text.startswith(f"Đã ghi: {EMPTY}\n")


def test_several_faults_of_a_cell_share_one_comment_with_the_unit_s_own(form):
    form[FORM]["D9"].comment = Comment("xem công văn", "Lan")
    text = result(form, faults(TOO_LARGE, (FORM, "D9", "5", "is odd", "2")))[FORM]["D9"].comment.text
    assert text.splitlines()[0] == "xem công văn"
    assert text.count("Lỗi: ") == 2


def test_a_fault_inside_a_merged_cell_marks_the_cell_that_shows(form):
    assert "C3:G3" in [merged.coord for merged in form[FORM].merged_cells.ranges]
    book = result(form, faults((FORM, "E3", "", "is odd", ""), (FORM, "C3", "Sở X", "is not a known reporting unit", "")))
    assert coloured(book[FORM]) == ["C3"]
    assert book[FORM]["C3"].comment.text.count("Lỗi: ") == 2
    assert book[FORM].merged_cells == form[FORM].merged_cells


def test_a_fault_in_the_hidden_sheet_is_listed_without_a_link(form):
    book = result(form, faults((MARKER_SHEET, "B2", "S99", "is not a reporting unit", "S01")))
    assert book[MARKER_SHEET].sheet_state == "veryHidden"
    assert listed(book)[0][:2] == (MARKER_SHEET, "B2")
    assert book[SHEET].cell(FIRST_ROW, 3).hyperlink is None


def test_looks_protection_and_checks_of_the_form_stay(form):
    form[FORM]["D9"].font, form[FORM]["D10"].fill = Font(name="Arial", bold=True), PatternFill("solid", fgColor="00FF00")
    form[FORM].protection.set_password("secret")
    kept, was = result(form, faults(TOO_LARGE))[FORM], form[FORM]
    assert (kept["D9"].font.name, kept["D9"].font.b, kept["D10"].fill.fgColor.rgb) == ("Arial", True, "0000FF00")
    assert (kept.protection.sheet, kept.protection.password) == (True, was.protection.password)
    assert kept["C5"].number_format == was["C5"].number_format
    assert kept.column_dimensions["C"].width == was.column_dimensions["C"].width
    assert (kept.freeze_panes, kept.print_title_rows) == (was.freeze_panes, was.print_title_rows)
    assert [str(rule.sqref) for rule in kept.data_validations.dataValidation] == [
        str(rule.sqref) for rule in was.data_validations.dataValidation
    ]


def test_a_fault_without_such_a_sheet_or_cell_is_listed_alone(form):
    book = result(form, faults(("Other", "D9", "5", "is odd", "2"), (FORM, "A1:XFD1048576", "5", "is odd", "2")))
    assert not coloured(book[FORM])
    assert [book[SHEET].cell(FIRST_ROW + row, 3).hyperlink for row in (0, 1)] == [None, None]


# --- nothing runs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [INJECTION, "+1+cmd", "-1+cmd", "@SUM(A1)", "\t=1+1", "\r=1+1"])
def test_text_that_looks_like_a_formula_stays_text(form, text):
    form[FORM]["G9"].value, form[FORM]["G9"].data_type = text, "s"
    book = result(form, faults((FORM, "D9", text, text, text)))
    for cell in (book[SHEET].cell(FIRST_ROW, 4), book[SHEET].cell(FIRST_ROW, 5), book[FORM]["G9"]):
        assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert not re.search(r"<f\b", markup(form, faults((FORM, "D9", text, text, text))))


def markup(workbook, table):
    """All the markup of a result workbook."""
    content = workbook if isinstance(workbook, bytes) else workbook_bytes(workbook)
    with zipfile.ZipFile(io.BytesIO(result_workbook(content, "S01.xlsx", table))) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if "style" not in name and "theme" not in name)


def test_formulas_rules_names_and_links_of_the_unit_do_not_survive(form):
    sheet = form[FORM]
    sheet["G9"] = '=HYPERLINK("http://evil.example/","x")'
    sheet["G10"] = "xem"
    sheet["G10"].hyperlink = "http://evil.example/"
    sheet.conditional_formatting.add("A1:B2", FormulaRule(formula=["[evil.xlsx]S!A1>1"]))
    form.defined_names["evil"] = DefinedName("evil", attr_text="[evil.xlsx]S!A1")
    sheet.oddHeader.left.text = "Sở"
    text = markup(form, faults(TOO_LARGE))
    assert "evil" not in text and not re.search(r"<f\b", text) and "conditionalFormatting" not in text
    assert "&amp;LSở" in text


def test_a_cell_that_calls_itself_a_formula_is_text(form):
    form[FORM]["G9"] = 12345
    content = altered(form, "xl/worksheets/sheet1.xml", b't="n"><v>12345</v>', b't="f"><v>=1+1</v>')
    book = result(content, faults(TOO_LARGE))
    assert (book[FORM]["G9"].value, book[FORM]["G9"].data_type) == ("=1+1", "s")


def test_the_last_result_of_a_formula_is_kept_and_a_missing_one_is_not_taken_for_a_blank(form):
    form[FORM]["D9"], form[FORM]["D10"] = "=2+3", "=1+1"
    content = altered(form, "xl/worksheets/sheet1.xml", b"<f>2+3</f><v />", b"<f>2+3</f><v>5</v>")
    sheet = result(content, faults(TOO_LARGE))[FORM]
    assert (sheet["D9"].value, sheet["D10"].value) == (5, "#N/A")


def test_control_characters_and_half_letters_do_not_break_the_workbook(form):
    text = "a\x00\x0b\ufffe\ud800b"
    book = result(form, faults((FORM, "D9", text, text, text)), name=f"{text}.xlsx")
    assert book[SHEET].cell(FIRST_ROW, 4).value == "a?b"
    assert book[FORM]["D9"].comment.text.startswith("Đã ghi: a?b")


def test_texts_that_excel_keeps_in_a_table_of_their_own_are_read(form):
    """Excel writes each text once, beside the sheets; openpyxl writes them into the cells."""
    sheet, form[FORM]["G9"] = "xl/worksheets/sheet1.xml", 12345
    with zipfile.ZipFile(io.BytesIO(altered(form, sheet, b't="n"><v>12345</v>', b't="s"><v>0</v>'))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    main, kind = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "vnd.openxmlformats-officedocument.spreadsheetml"
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}"><si><t>{INJECTION}</t></si></sst>'.encode()
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="application/{kind}.sharedStrings+xml"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", override.encode())
    cell = result(packed(parts), faults(TOO_LARGE))[FORM]["G9"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (INJECTION, "s", True)


# --- csv -------------------------------------------------------------------------------------------------------------


def test_a_csv_file_is_shown_as_a_sheet(form):
    content = f"indicator,unit,numerator\nT01,S01,007\nT02,S02,{INJECTION}\n".encode("utf-8-sig")
    table = faults(("", "C3", INJECTION, "cannot be read as a number", "digits"), file="a.csv")
    book = result(content, table, "a.csv")
    assert book.sheetnames == [SHEET, CSV_SHEET]
    expected = [["indicator", "unit", "numerator"], ["T01", "S01", "007"], ["T02", "S02", INJECTION]]
    assert cells(book[CSV_SHEET]) == expected
    assert coloured(book[CSV_SHEET]) == ["C3"]
    assert book[CSV_SHEET]["C3"].data_type == "s"
    assert listed(book)[0][0] == CSV_SHEET
    assert book[SHEET].cell(FIRST_ROW, 3).hyperlink.location == f"'{CSV_SHEET}'!C3"


def test_a_long_csv_file_is_shown_by_its_faulty_lines(monkeypatch):
    monkeypatch.setattr(feedback, "MAX_LINES", 3)
    content = "\n".join(["indicator", *map(str, range(2, 10))]).encode()
    sheet = result(content, faults(("", "A6", "6", "is odd", "7"), file="a.csv"), "a.csv")[CSV_SHEET]
    assert [cell.value for row in sheet.iter_rows() for cell in row] == ["indicator", None, None, None, None, "6"]
    assert [number for number, row in sheet.row_dimensions.items() if row.hidden] == [2, 3, 4, 5]


def test_a_long_list_says_that_it_is_cut(monkeypatch, form):
    monkeypatch.setattr(feedback, "MAX_LISTED", 2)
    book = result(form, faults(*[TOO_LARGE] * 3))
    assert len(listed(book)) == 2
    assert book[SHEET]["A3"].value == "Số lỗi: 3 (liệt kê 2 lỗi đầu tiên)"


# --- there and back --------------------------------------------------------------------------------------------------


def test_two_runs_give_the_same_bytes(form):
    form[FORM]["A1"].comment = Comment("chú thích", "Lan")
    content = workbook_bytes(form)
    assert result_workbook(content, "S01.xlsx", faults(TOO_LARGE)) == result_workbook(content, "S01.xlsx", faults(TOO_LARGE))


def test_a_result_that_is_corrected_and_sent_in_is_a_return(form, registry, tmp_path):
    path = tmp_path / "S01.xlsx"
    path.write_bytes(workbook_bytes(form))
    found = read_return(path, registry)[1]
    path.write_bytes(result_workbook(path.read_bytes(), path.name, found))
    again = read_return(path, registry)[1]
    pd.testing.assert_frame_equal(again, found)
    book = result(path.read_bytes(), again)
    assert [sheet for sheet in book.sheetnames if sheet.startswith(SHEET)] == [SHEET]
    assert book[FORM]["D9"].comment.text.count("Lỗi: ") == 1
    book[FORM]["D9"], book[FORM]["F9"] = 2, 100
    book.save(path)
    observations, left = read_return(path, registry)
    assert left.empty
    assert list(observations["numerator"]) == [2, 1]
    assert not coloured(result(path.read_bytes(), faults((FORM, "D10", "1", "is odd", "2")))[FORM])[1:]


# --- files -----------------------------------------------------------------------------------------------------------


def rejected(name, *problems, content=b""):
    return Rejected(name, content, tuple(problems))


def test_a_result_is_written_for_each_refused_file(form, tmp_path):
    gone = Fault("gone.xlsx", "", "", "gone.xlsx", "cannot be opened", "an existing file")
    items = [rejected("S01.xlsx", Fault("S01.xlsx", *TOO_LARGE), content=workbook_bytes(form)), rejected("gone.xlsx", gone)]
    written = write_results(tmp_path / "out", items)
    assert [path.name for path in written] == ["S01-ket-qua.xlsx", "gone-ket-qua.xlsx"]
    assert coloured(openpyxl.load_workbook(written[0])[FORM]) == ["D9"]
    assert listed(openpyxl.load_workbook(written[1]))[0][3] == "cannot be opened"
    assert write_results(tmp_path / "out", items) == written


def test_files_of_one_name_get_their_own_faults(tmp_path):
    items = [rejected("S01.xlsx", Fault("S01.xlsx", "", "", "", problem, "")) for problem in ("one", "two")]
    written = write_results(tmp_path / "x", items)
    assert [[row[3] for row in listed(openpyxl.load_workbook(path))] for path in written] == [["one"], ["two"]]
    assert [path.name for path in written] == ["S01-ket-qua.xlsx", "S01-ket-qua-2.xlsx"]


@pytest.mark.parametrize("name", ['bad:na"me?.xlsx', "báo cáo.xlsx", "~$S01.xlsx", ".hidden.xlsx", f"{'ạ' * 250}.xlsx"])
def test_the_name_of_a_result_is_safe(name, tmp_path):
    (path,) = write_results(tmp_path, [rejected(name, Fault(name, "", "", "", "is odd", ""))])
    assert path.exists() and path.parent == tmp_path
    assert not set('<>:"\\|?*') & set(path.name)
    assert not path.name.startswith((".", "~"))
