"""The form as it is sent out, filled in as a unit would, and read back."""

import datetime as dt
import io

import openpyxl
import pytest

from qnict_analysis.forms import FIRST_ROW, HEADER_ROW, MARKER_SHEET, SHEET, expected_indicators, form_workbook, workbook_bytes
from qnict_analysis.outgoing import last_figures, outgoing_form, write_forms
from qnict_analysis.registry import load_registry
from qnict_analysis.returns import read_return
from qnict_analysis.store import as_observations
from qnict_analysis.workspace import find_workspace


@pytest.fixture(scope="module")
def registry(root):
    return load_registry(find_workspace(str(root)))


def told(*rows):
    """Observations from rows of (indicator, unit, period, numerator, denominator, day)."""
    return as_observations((*row[:5], row[5], "reported", "a.xlsx", SHEET, "D9", "", "", "") for row in rows)


DAY = dt.date(2014, 7, 15)
KNOWN = told(
    ("T01", "S01", "2014Q1", 90.0, 300.0, dt.date(2014, 4, 10)),
    ("T01", "S01", "2014Q1", 95.0, 300.0, DAY),
    ("T02", "S01", "2013Q4", 40.0, 50.0, DAY),
    ("T03", "S01", "2014Q2", 1.0, 1.0, DAY),
    ("T08", "S01", "2014Q2", 30.0, 45.0, DAY),
    ("T07", "S01", "2014Q2", 2.0, float("nan"), DAY),
    ("T01", "S02", "2014Q2", 7.0, 9.0, DAY),
    ("T01", "S01", "2014Q3", 1.0, 9.0, dt.date(2014, 10, 15)),
)


@pytest.fixture
def sheet(registry):
    return opened(outgoing_form(registry, "S01", "2014Q3", KNOWN))[SHEET]


def opened(workbook):
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(workbook)))


def row_of(registry, code):
    return FIRST_ROW + [item.id for item in expected_indicators(registry, "S01", "2014Q3")].index(code)


def checks(sheet, cell):
    return [check for check in sheet.data_validations.dataValidation if cell in check.sqref]


def filled(workbook, registry, figures, day="20/10/2014"):
    """A form as a unit sends it back: Excel keeps the results of its formulas."""
    sheet = workbook[SHEET]
    for code, values in figures.items():
        row = row_of(registry, code)
        for column, value in zip("DE", values, strict=False):
            sheet[f"{column}{row}"] = value
        sheet[f"F{row}"] = round(100 * values[0] / values[1], 1) if len(values) > 1 else None
    sheet["C5"] = day
    return workbook


def test_the_last_figures_are_the_newest_vintage_of_the_period_before():
    assert last_figures(KNOWN, "S01", "2014Q3") == {
        "T01": (95.0, 300.0, "2014Q1"),
        "T02": (40.0, 50.0, "2013Q4"),
        "T03": (1.0, 1.0, "2014Q2"),
        "T08": (30.0, 45.0, "2014Q2"),
        "T07": (2.0, pytest.approx(float("nan"), nan_ok=True), "2014Q2"),
    }


def test_the_last_figures_stand_beside_the_blanks(sheet, registry):
    assert [sheet[f"{column}{HEADER_ROW}"].value for column in "HIJ"] == ["Gần nhất: tử số", "Gần nhất: mẫu số", "Kỳ gần nhất"]
    shown = {code: [sheet[f"{column}{row_of(registry, code)}"].value for column in "DHIJ"] for code in ("T01", "T07", "T04")}
    assert shown == {
        "T01": [None, 95, 300, "Quý I/2014"],
        "T07": [None, 2, None, "Quý II/2014"],
        "T04": [None, None, None, None],
    }


def test_only_what_is_to_be_filled_in_is_open(sheet, registry):
    assert sheet.protection.sheet and not sheet.protection.password
    row = {code: row_of(registry, code) for code in ("T01", "T03", "T07", "T08")}
    unlocked = {
        cell.coordinate for line in sheet.iter_rows(max_row=FIRST_ROW + 17) for cell in line if not cell.protection.locked
    }
    assert {"C5", f"D{row['T01']}", f"E{row['T01']}", f"G{row['T01']}", f"D{row['T03']}", f"E{row['T08']}"} <= unlocked
    shut = {"C3", "C4", f"B{row['T01']}", f"F{row['T01']}", f"E{row['T03']}", f"E{row['T07']}", f"H{row['T01']}"}
    assert not unlocked & shut


def test_cells_say_what_they_want_and_check_it(sheet, registry):
    (share,) = checks(sheet, f"D{row_of(registry, 'T01')}")
    assert share.prompt == f"Số {registry.indicators['T01'].numerator['vi']}"
    assert "<=" in share.formula1 and "INT(" in share.formula1
    (yes_no,) = checks(sheet, f"D{row_of(registry, 'T03')}")
    assert (yes_no.type, yes_no.formula1) == ("list", '"Có,Không"')
    (services,) = checks(sheet, f"D{row_of(registry, 'T08')}")
    assert services.type == "custom"
    (day,) = checks(sheet, "C5")
    assert (day.type, day.operator, day.formula1) == ("date", "greaterThanOrEqual", "DATE(2014,9,30)")
    block = next(row for row in range(1, sheet.max_row) if sheet.cell(row, 1).value == "Điều chỉnh số liệu kỳ trước") + 2
    codes, earlier = checks(sheet, f"B{block}")[0], checks(sheet, f"C{block}")[0]
    assert codes.formula1.startswith('"T01,T02,')
    assert earlier.formula1.startswith('"Quý II/2014,Quý I/2014,Quý IV/2013') and not earlier.showErrorMessage
    assert all(len(check.formula1) <= 255 for check in sheet.data_validations.dataValidation)
    assert sheet[f"F{row_of(registry, 'T01')}"].value.startswith("=IF(AND(ISNUMBER(D9),ISNUMBER(E9))")


def test_a_dash_and_dots_never_meet_the_check_of_whole_numbers(sheet, registry):
    (whole,) = checks(sheet, f"D{row_of(registry, 'T01')}")
    assert whole.formula1 == (
        'IF(ISNUMBER(D9),AND(D9>=0,D9=INT(D9),OR(NOT(ISNUMBER(D9)),NOT(ISNUMBER(E9)),D9<=E9)),OR(D9="-",D9="…"))'
    )


def test_a_row_without_a_past_also_takes_yes_and_no(registry):
    sheet = opened(outgoing_form(registry, "S02", "2014Q3", KNOWN))[SHEET]
    row = row_of(registry, "T03")
    numerator, denominator = checks(sheet, f"D{row}")[0], checks(sheet, f"E{row}")[0]
    assert numerator.formula1.endswith(f'OR(D{row}="-",D{row}="…",D{row}="Có",D{row}="Không"))')
    assert denominator.formula1.endswith(f'OR(E{row}="-",E{row}="…"))')


def test_a_filled_form_is_read_whatever_its_file_is_called_and_without_the_unit_s_name(registry, tmp_path):
    workbook = filled(outgoing_form(registry, "S01", "2014Q3", KNOWN), registry, {"T01": (120, 400), "T03": ("Có",), "T07": (3,)})
    workbook[SHEET]["C3"] = None
    workbook.save(tmp_path / "Copy of báo cáo (2).xlsx")
    observations, faults = read_return(tmp_path / "Copy of báo cáo (2).xlsx", registry)
    assert faults.empty, faults.to_dict("records")
    names = ["indicator", "unit", "period", "numerator"]
    assert observations[names].to_numpy().tolist() == [
        ["T01", "S01", "2014Q3", 120],
        ["T03", "S01", "2014Q3", 1],
        ["T07", "S01", "2014Q3", 3],
    ]


def test_a_form_made_over_into_another_unit_s_is_refused(registry, tmp_path):
    workbook = filled(outgoing_form(registry, "S01", "2014Q3", KNOWN), registry, {"T01": (120, 400)})
    workbook[SHEET]["C3"], workbook[MARKER_SHEET]["B2"] = "Sở 02", "S02"
    workbook.save(tmp_path / "a.xlsx")
    _, faults = read_return(tmp_path / "a.xlsx", registry)
    assert faults[["sheet", "cell", "problem"]].to_numpy().tolist() == [
        [MARKER_SHEET, "B4", "does not fit the form it stands in"]
    ]


def test_an_untouched_form_reports_nothing_and_has_no_fault(registry, tmp_path):
    outgoing_form(registry, "S01", "2014Q3", KNOWN).save(tmp_path / "a.xlsx")
    observations, faults = read_return(tmp_path / "a.xlsx", registry, DAY.replace(month=10))
    assert observations.empty
    assert faults.empty, faults.to_dict("records")


def test_the_same_form_has_the_same_bytes(registry):
    first, second = (workbook_bytes(outgoing_form(registry, "H01", "2014Q3", KNOWN)) for _ in range(2))
    assert first == second


def test_forms_are_written_for_all_or_those_named_and_for_nobody_on_a_mistake(registry, tmp_path):
    paths = write_forms(tmp_path / "all", registry, "2014Q3", KNOWN)
    assert [path.stem for path in paths] == list(registry.units)
    assert [path.name for path in write_forms(tmp_path / "two", registry, "2014Q3", KNOWN, ["H02", "S01"])] == [
        "H02.xlsx",
        "S01.xlsx",
    ]
    for period, units, said in (
        ("2014", (), "is not a quarterly period"),
        ("soon", (), "is not a period; write one such as 2011Q1"),
        ("2031Q1", (), "is outside the programme"),
        ("2014Q3", ("S01", "S99"), "'S99' is not in the registry"),
    ):
        with pytest.raises(ValueError, match=said):
            write_forms(tmp_path / "none", registry, period, KNOWN, units)
    assert not (tmp_path / "none").exists()


def test_names_that_look_like_formulas_stay_text(registry):
    sheet = form_workbook(registry, "S01", "2014Q3", name="=HYPERLINK(1)")[SHEET]
    assert (sheet["C3"].data_type, sheet["C3"].value) == ("s", "=HYPERLINK(1)")
