"""What the files of ``predict`` and ``learn`` may hold, and what is said of the others: one plain line each."""

import gzip
import re

import pandas as pd
import pytest

from qnict_analysis.predict import predict_file
from qnict_analysis.task_files import check_outcomes, plain, read_series, read_tasks, write_whole

SERIES = pd.DataFrame(
    [("a", "docs", "Y", f"{year}-12-31", str(value)) for year, value in ((2010, 0.1), (2011, 0.2), (2012, 0.35))]
    + [("b", "docs", "Q", f"2012-{day}", str(value)) for day, value in (("03-31", 0.5), ("06-30", 0.55), ("09-30", 0.6))],
    columns=["series_id", "indicator", "freq", "period", "value"],
)
TASKS = pd.DataFrame(
    [("1", "a", "2011-12-31", "2012-12-31", "0.3", "5"), ("2", "b", "2012-06-30", "2012-09-30", "0.7", "2")],
    columns=["task_id", "series_id", "origin", "deadline", "target", "n_history"],
)
PYTHON = re.compile(r"Timestamp|nan|NaN|None|Errno|dtype|rows so|\n")


def refusal(read, *arguments) -> str:
    """What is said when this is refused: one line, nothing of Python in it."""
    with pytest.raises(ValueError) as refused:
        read(*arguments)
    said = str(refused.value)
    assert not PYTHON.search(said), said
    return said


def cell(frame: pd.DataFrame, row: int, column: str, value: str) -> str:
    """The frame as CSV with one cell changed (row as in a spreadsheet)."""
    changed = frame.copy()
    changed.loc[row - 2, column] = value
    return changed.to_csv(index=False)


SERIES_FAULTS = {
    "value": ("1.2", "'1.2'; allowed: a share from 0 to 1 (0.7 for 70 %)"),
    "period": ("2010-13-31", "'2010-13-31'; allowed: a day such as 2014-06-30"),
    "freq": ("W", "'W'; allowed: one of Y, Q, M"),
    "indicator": ("other", "'other'; allowed: the same in every row of a series"),
    "series_id": (" ", "an empty cell; allowed: no empty cell"),
}
TASK_FAULTS = {
    "target": ("70%", "'70%'; allowed: a share from 0 to 1 (0.7 for 70 %)"),
    "deadline": ("2011-12-31", "'2011-12-31'; allowed: a day after the origin"),
    "n_history": ("2.5", "'2.5'; allowed: a whole number from 1 up"),
    "task_id": ("1", "'1'; allowed: each task once"),
    "series_id": ("nowhere", "'nowhere'; allowed: a series of "),
    "origin": ("1990-12-31", "1990-12-31; allowed: a day on or after the first point of its series"),
}


@pytest.mark.parametrize("column", SERIES_FAULTS)
def test_faults_of_a_series_file_name_row_and_column(tmp_path, column):
    value, said = SERIES_FAULTS[column]
    path = tmp_path / "s.csv"
    path.write_text(cell(SERIES, 3, column, value))
    assert refusal(read_series, path) == f"{path}: row 3, column {column}: {said}"


@pytest.mark.parametrize("column", TASK_FAULTS)
def test_faults_of_a_task_file_name_row_and_column(tmp_path, column):
    value, said = TASK_FAULTS[column]
    path, row = tmp_path / "t.csv", 3 if column == "task_id" else 2
    SERIES.to_csv(tmp_path / "s.csv", index=False)
    path.write_text(cell(TASKS, row, column, value))
    found = refusal(predict_file, tmp_path / "s.csv", path, tmp_path / "out.csv")
    assert found.startswith(f"{path}: row {row}, column {column}: {said}")
    assert not (tmp_path / "out.csv").exists()


def test_more_rows_with_the_same_fault_are_counted(tmp_path):
    path = tmp_path / "s.csv"
    SERIES.assign(value="x").to_csv(path, index=False)
    assert "row 2, column value: 'x' (and 5 more rows); allowed" in refusal(read_series, path)


HEAD = "series_id,indicator,freq,period,value"
FILES = {
    "no row": (HEAD + "\n", "there is no row below the heading; allowed: at least one point of a series"),
    "nothing": ("", "the file is empty; allowed: a heading and rows below it"),
    "semicolons": (
        HEAD.replace(",", ";") + "\na;docs;Y;2010-12-31;0,1\n",
        "column series_id is missing (the columns are separated by semicolons; write commas); needed: series_id, indicator",
    ),
    "capital": (HEAD.replace("value", "Value") + "\n", "column value is missing ('Value' is there; write it in small letters)"),
    "absent": ("series_id,indicator,freq,period\n", "column value is missing; needed: series_id, indicator, freq, period, value"),
    "twice": (HEAD + ",value\na,docs,Y,2010-12-31,0.1,0.2\n", "column 'value' is there 2 times; allowed: each column once"),
    "too long": (HEAD + "\na,docs,Y,2010-12-31,0,1\n", "row 2 has 6 cells; allowed: 5 as in the heading (a comma within a cell"),
    "too short": (HEAD + "\na,docs,Y,2010-12-31\n", "row 2, column value: an empty cell; allowed: no empty cell"),
    "a gap": (HEAD + "\na,docs,Y,2010-12-31,0.1\n,,,,\na,docs,Y,2011-12-31,0.1\n", "row 3 is empty; allowed: no empty row"),
    "open quote": (HEAD + '\n"a,docs,Y,2010-12-31,0.1\n', "cannot be read as CSV ("),
}


@pytest.mark.parametrize("name", FILES)
def test_tables_of_another_shape_are_refused(tmp_path, name):
    text, said = FILES[name]
    path = tmp_path / "s.csv"
    path.write_text(text)
    assert refusal(read_series, path).startswith(f"{path}: {said}")


def test_a_task_file_without_tasks_is_refused(tmp_path):
    TASKS.iloc[:0].to_csv(tmp_path / "t.csv", index=False)
    assert refusal(read_tasks, tmp_path / "t.csv").endswith("there is no row below the heading; allowed: at least one task")


def test_a_name_says_what_the_file_is(tmp_path):
    assert refusal(read_tasks, tmp_path / "absent.csv").endswith("no such file; name a CSV file (it may end in .gz)")
    text = SERIES.to_csv(index=False)
    for name in ("s.xlsx", "s.parquet", "s"):
        (tmp_path / name).write_text(text)
        assert "the name says another kind of file; allowed: names that end in .csv, .txt, .csv.gz, .txt.gz" in refusal(
            read_series, tmp_path / name
        )
    for name, content, said in (
        ("plain.csv.gz", text.encode(), "ends in .gz but is not, or not wholly, packed by gzip"),
        ("cut.csv.gz", gzip.compress(text.encode())[:-20], "ends in .gz but is not, or not wholly, packed by gzip"),
        ("workbook.csv", b"PK\3\4\0\0", "this is no text but another kind of file; save it as CSV in UTF-8"),
        ("packed.csv", gzip.compress(text.encode()), "this is no text in UTF-8; save it as CSV in UTF-8"),
    ):
        (tmp_path / name).write_bytes(content)
        assert refusal(read_series, tmp_path / name) == f"{tmp_path / name}: {said}"
    (tmp_path / "folder.csv").mkdir()
    assert refusal(read_series, tmp_path / "folder.csv").endswith("cannot be read (Is a directory); name a CSV file")


def test_packed_marked_and_padded_files_are_read_alike(tmp_path):
    text = SERIES.assign(region="x").to_csv(index=False)
    ways = {"a.csv": text.encode(), "b.TXT": b"\xef\xbb\xbf" + text.encode(), "c.csv.gz": gzip.compress(text.encode())}
    ways["d.csv"] = (text.replace("\n", ",,\r\n") + ",,,,,,,\r\n\r\n").encode()
    for name, content in ways.items():
        (tmp_path / name).write_bytes(content)
        pd.testing.assert_frame_equal(read_series(tmp_path / name), read_series(tmp_path / "a.csv"))


def test_a_series_may_be_called_na(tmp_path):
    called = SERIES.assign(series_id=SERIES.series_id.replace("a", "NA"), indicator="null")
    called.to_csv(tmp_path / "s.csv", index=False)
    TASKS.assign(series_id=["NA", "b"]).to_csv(tmp_path / "t.csv", index=False)
    assert set(read_series(tmp_path / "s.csv").series_id) == {"NA", "b"}
    predict_file(tmp_path / "s.csv", tmp_path / "t.csv", tmp_path / "o.csv")
    assert len(pd.read_csv(tmp_path / "o.csv")) == 2


@pytest.mark.parametrize(
    ("row", "period", "said"),
    [
        (4, "2011-06-30", "row 4, column period: 2011-06-30 lies in the same year as 2011-12-31 (row 3) of series 'a'; "),
        (6, "2012-02-29", "row 6, column period: 2012-02-29 lies in the same quarter as 2012-03-31 (row 5) of series 'b'; "),
        (6, "2012-03-31", "row 6, column period: '2012-03-31'; allowed: each period once in a series"),
    ],
)
def test_points_lie_as_far_apart_as_the_frequency_says(tmp_path, row, period, said):
    (tmp_path / "s.csv").write_text(cell(SERIES, row, "period", period))
    assert said in refusal(read_series, tmp_path / "s.csv")


def test_monthly_points_lie_in_different_months(tmp_path):
    monthly = SERIES[SERIES.series_id == "b"].assign(freq="M")
    monthly.to_csv(tmp_path / "s.csv", index=False)
    assert len(read_series(tmp_path / "s.csv")) == 3
    monthly.assign(period=["2012-03-30", "2012-03-31", "2012-04-30"]).to_csv(tmp_path / "s.csv", index=False)
    assert "lies in the same month as 2012-03-30 (row 2)" in refusal(read_series, tmp_path / "s.csv")


OUTCOMES = [
    ("0.35", "1", "0.60", "0", ""),
    ("0.3504", "1", "0.5996", "0", ""),  # rounded
    ("0.35", "0", "0.60", "0", "row 2, column met: 0; allowed: 1 where outcome_value is at least target, else 0"),
    ("0.35", "1", "0.60", "1", "row 3, column met: 1; allowed: 1 where"),
    ("0.36", "1", "0.60", "0", "row 2, column outcome_value: 0.36; allowed: the figure of s.csv on that day, 0.35"),
]


@pytest.mark.parametrize(("first", "met_first", "second", "met_second", "said"), OUTCOMES)
def test_outcomes_that_contradict_their_task_or_series_are_refused(tmp_path, first, met_first, second, met_second, said):
    SERIES.to_csv(tmp_path / "s.csv", index=False)
    TASKS.assign(outcome_value=[first, second], met=[met_first, met_second]).to_csv(tmp_path / "t.csv", index=False)
    series, tasks = read_series(tmp_path / "s.csv"), read_tasks(tmp_path / "t.csv", outcomes=True)
    if said:
        assert refusal(check_outcomes, series, "s.csv", tasks, "t.csv").startswith(f"t.csv: {said}")
    else:
        check_outcomes(series, "s.csv", tasks, "t.csv")


def test_a_target_just_reached_is_met_and_a_day_without_figure_is_not_compared(tmp_path):
    SERIES.to_csv(tmp_path / "s.csv", index=False)
    tasks = TASKS.assign(target=["0.35", "0.7"], deadline=["2012-12-31", "2012-12-31"])
    tasks.assign(outcome_value=["0.35", "0.9"], met=["1", "1"]).to_csv(tmp_path / "t.csv", index=False)
    check_outcomes(read_series(tmp_path / "s.csv"), "s.csv", read_tasks(tmp_path / "t.csv", outcomes=True), "t.csv")


def test_what_was_found_is_shown_as_the_file_holds_it():
    assert [plain(found) for found in (pd.Timestamp("2012-03-31"), 0.25, 1, "a\nb\a", "", "x" * 50)] == [
        *("2012-03-31", "0.25", "1", "'a b?'", "an empty cell"),
        f"'{'x' * 40}…'",
    ]


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "folder.csv", tmp_path / "nowhere" / "o.csv", tmp_path / "file" / "o.csv"):
        assert "allowed: a file in an existing folder" in refusal(write_whole, path, "text")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.csv"]


def test_a_task_that_would_run_in_a_spreadsheet_is_refused(tmp_path):
    (tmp_path / "t.csv").write_text(cell(TASKS, 2, "task_id", "=cmd|'/c calc'!A1"))
    with pytest.raises(ValueError, match="allowed: a name that no spreadsheet takes for a formula"):
        read_tasks(tmp_path / "t.csv")
