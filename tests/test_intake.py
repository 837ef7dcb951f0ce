import datetime as dt
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from qnict_analysis import intake, store
from qnict_analysis.forms import SHEET, Restated, form_workbook
from qnict_analysis.intake import ensure_store, fault_lines, take_in
from qnict_analysis.registry import load_registry
from qnict_analysis.schema import OBSERVATIONS
from qnict_analysis.workspace import Workspace, find_workspace

DAY = dt.date(2014, 7, 15)


@pytest.fixture(scope="module")
def registry(root):
    return load_registry(find_workspace(str(root)))


@pytest.fixture
def ws(root, tmp_path):
    """A workspace with the repository's registry and no returns."""
    shutil.copytree(root / "data" / "registry", tmp_path / "province" / "data" / "registry")
    return Workspace(tmp_path / "province")


@pytest.fixture
def mail(tmp_path, registry):
    """Write a form into the mail folder: ``mail("S01.xlsx", "S01", {"T01": (1, 2)})``."""

    def writing(name, unit, figures, *, period="2014Q2", day=DAY, **settings):
        path = tmp_path / "mail" / name
        path.parent.mkdir(exist_ok=True)
        form_workbook(registry, unit, period, figures, day, **settings).save(path)
        return path

    return writing


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def figures(observations):
    return list(observations[["indicator", "unit", "period", "numerator", "denominator"]].itertuples(index=False, name=None))


def test_a_workspace_without_returns_has_no_observations(ws, registry):
    observations = ensure_store(ws, registry)
    assert list(observations.columns) == list(OBSERVATIONS)
    assert observations.empty


def test_good_files_go_in_and_a_bad_one_of_the_same_batch_is_refused_whole(ws, registry, mail):
    good = mail("good.xlsx", "S01", {"T01": (1, 2), "T02": (3, 4)})
    bad = mail("bad.xlsx", "S02", {"T01": (1, 2), "T02": (5, 4)})
    result = take_in(ws, registry, [good, bad])
    assert (result.accepted, result.refused, result.unchanged) == ((str(good),), (str(bad),), ())
    assert list(result.faults[["file", "sheet", "cell", "found"]].itertuples(index=False, name=None)) == [
        ("bad.xlsx", SHEET, "D10", "5")
    ]
    assert names(ws.returns) == ["2014Q2/good.xlsx"]
    observations = ensure_store(ws, registry)
    assert figures(observations) == [("T01", "S01", "2014Q2", 1, 2), ("T02", "S01", "2014Q2", 3, 4)]
    assert set(observations["file"]) == {"2014Q2/good.xlsx"}


def test_a_fault_reads_as_one_line(ws, registry, mail):
    result = take_in(ws, registry, [mail("bad.xlsx", "S02", {"T02": (5, 4)})])
    assert fault_lines(result.faults) == ["bad.xlsx [Phiếu] D10: “5” is larger than its denominator; allowed: at most 4"]
    assert fault_lines(result.faults, "vi") == ["bad.xlsx [Phiếu] D10: “5” lớn hơn mẫu số; yêu cầu: nhiều nhất 4"]


def test_the_same_bytes_again_change_nothing_under_any_name(ws, registry, mail):
    first = mail("a.xlsx", "S01", {"T01": (1, 2)})
    take_in(ws, registry, [first])
    before = {name: (ws.root / name).read_bytes() for name in names(ws.root)}
    shutil.copy(first, first.with_name("b.xlsx"))
    result = take_in(ws, registry, [first.parent])
    assert (result.accepted, len(result.unchanged), len(result.faults)) == ((), 2, 0)
    assert {name: (ws.root / name).read_bytes() for name in names(ws.root)} == before


def test_no_file_is_written_over_and_a_restated_figure_is_a_new_row(ws, registry, mail):
    take_in(ws, registry, [mail("S01.xlsx", "S01", {"T01": (1, 2)})])
    take_in(ws, registry, [mail("S01.xlsx", "S01", {"T01": (2, 2)}, day=DAY + dt.timedelta(days=30))])
    assert names(ws.returns) == ["2014Q2/S01-2.xlsx", "2014Q2/S01.xlsx"]
    assert figures(ensure_store(ws, registry)) == [("T01", "S01", "2014Q2", 1, 2), ("T01", "S01", "2014Q2", 2, 2)]


def test_a_figure_that_another_file_of_the_same_date_states_otherwise_is_refused(ws, registry, mail):
    first = mail("a.xlsx", "S01", {"T01": (1, 2)})
    second = mail("b.xlsx", "S01", {"T01": (2, 2)})
    result = take_in(ws, registry, [first, second])
    assert result.refused == (str(second),)
    assert fault_lines(result.faults) == [
        "b.xlsx [Phiếu] D9: “2” differs from 1 in a.xlsx, which bears the same date (15/07/2014); "
        "allowed: the same figure, or a later date"
    ]


def test_the_same_figure_in_two_files_of_the_same_day_is_one_observation(ws, registry, mail):
    files = [mail("a.xlsx", "S01", {"T01": (1, 2)}), mail("b.xlsx", "S01", {"T01": (1, 2), "T02": (3, 4)})]
    assert take_in(ws, registry, files).refused == ()
    assert len(ensure_store(ws, registry)) == 2


def test_a_dry_run_says_the_same_and_writes_nothing(ws, registry, mail):
    files = [mail("good.xlsx", "S01", {"T01": (1, 2)}), mail("bad.xlsx", "S02", {"T01": (3, 2)})]
    ensure_store(ws, registry)
    before = names(ws.root)
    tried = take_in(ws, registry, files, dry_run=True)
    assert names(ws.root) == before
    done = take_in(ws, registry, files)
    assert (tried.accepted, tried.refused) == (done.accepted, done.refused)
    pd.testing.assert_frame_equal(tried.faults, done.faults)


def test_the_day_of_receipt_is_kept_with_the_file(ws, registry, mail):
    path = mail("S01.xlsx", "S01", {"T01": (1, 2)}, day=None)
    assert take_in(ws, registry, [path]).refused == (str(path),)
    assert take_in(ws, registry, [path], received=dt.date(2014, 7, 20)).accepted == (str(path),)
    shutil.rmtree(ws.store)
    assert list(ensure_store(ws, registry)["reported_on"]) == [pd.Timestamp("2014-07-20")]
    assert names(ws.returns) == ["2014Q2/S01.xlsx", "2014Q2/S01.xlsx.received"]


def test_an_empty_form_is_refused(ws, registry, mail):
    result = take_in(ws, registry, [mail("S01.xlsx", "S01", {})])
    assert list(result.faults["problem"]) == ["reports nothing"]


def test_a_missing_path_and_an_empty_folder_are_named(ws, registry, tmp_path):
    (tmp_path / "nothing").mkdir()
    result = take_in(ws, registry, [tmp_path / "gone.xlsx", tmp_path / "nothing"])
    assert list(result.faults["problem"]) == ["cannot be opened", "holds no return"]


def test_a_form_is_filed_under_the_latest_period_it_reports_on(ws, registry, mail):
    restated = [Restated("T01", "2014Q1", 1, 2, "Rà soát")]
    take_in(ws, registry, [mail("S01.xlsx", "S01", {"T02": (1, 2)}, restated=restated)])
    assert names(ws.returns) == ["2014Q2/S01.xlsx"]


@pytest.mark.parametrize("name", ['bad:na"me?.xlsx', "báo cáo.xlsx", "~$S01.xlsx", ".hidden.xlsx"])
def test_a_file_s_name_is_made_safe_and_visible(ws, registry, mail, name):
    path = mail("S01.xlsx", "S01", {"T01": (1, 2)})
    result = take_in(ws, registry, [path.rename(path.with_name(name))])
    assert len(result.accepted) == 1
    assert len(store.return_files(ws)) == 1
    assert not set('<>:"\\|?*') & set(names(ws.returns)[0])


def test_bad_returns_in_the_folder_stop_with_every_fault(ws, registry, mail):
    paths = [mail("a.xlsx", "S01", {"T01": (5, 2)}), mail("b.xlsx", "S02", {"T01": (1, 0), "T02": ("?", 2)})]
    (ws.returns / "2014Q2").mkdir(parents=True)
    for path in paths:
        shutil.copy(path, ws.returns / "2014Q2" / path.name)
    with pytest.raises(ValueError, match="3 faults") as error:
        ensure_store(ws, registry)
    assert [line.partition(":")[0] for line in str(error.value).splitlines()[1:]] == [
        "2014Q2/a.xlsx [Phiếu] D9", "2014Q2/b.xlsx [Phiếu] E9", "2014Q2/b.xlsx [Phiếu] D10",
    ]  # fmt: skip
    assert names(ws.store) == [store.LOCK_FILE]


def test_the_store_is_read_again_only_when_something_changed(ws, registry, mail, monkeypatch):
    take_in(ws, registry, [mail("S01.xlsx", "S01", {"T01": (1, 2)})])
    first = ensure_store(ws, registry)
    with monkeypatch.context() as patch:
        patch.setattr(intake, "read_returns", None)  # reading again would fail
        pd.testing.assert_frame_equal(ensure_store(ws, registry), first, check_exact=True)
    form_workbook(registry, "S02", "2014Q2", {"T01": (1, 2)}, DAY).save(ws.returns / "2014Q2" / "S02.xlsx")
    assert len(ensure_store(ws, registry)) == 2


def test_a_changed_registry_reads_the_returns_again(ws, registry, mail):
    take_in(ws, registry, [mail("S01.xlsx", "S01", {"T01": (1, 2)})])
    ensure_store(ws, registry)
    before = (ws.store / store.FINGERPRINT_FILE).read_bytes()
    (ws.registry / "units.yaml").write_bytes((ws.registry / "units.yaml").read_bytes() + b"# note\n")
    ensure_store(ws, registry)
    assert (ws.store / store.FINGERPRINT_FILE).read_bytes() != before


def test_the_store_says_what_the_files_say(ws, registry, mail):
    take_in(ws, registry, [mail("S01.xlsx", "S01", {"T01": (1, 2), "T07": (3, None)}, notes={"T01": "Ghi chú"})])
    kept = ensure_store(ws, registry)
    shutil.rmtree(ws.store)
    pd.testing.assert_frame_equal(ensure_store(ws, registry), kept, check_exact=True)
    pd.testing.assert_frame_equal(intake.read_returns(ws, registry)[0], kept, check_exact=True)


@pytest.mark.parametrize("spoil", [{"numerator": -1.0}, {"denominator": 0.0}, {"status": "guessed"}, {"unit": ""}])
def test_a_table_that_breaks_a_rule_does_not_pass_the_door(spoil):
    row = ("T01", "S01", "2014Q1", 1.0, 2.0, DAY, "reported", "a.xlsx", SHEET, "D9", "", "", "")
    table = store.as_observations([row])
    assert len(intake.check_observations(table)) == 1
    with pytest.raises(ValueError, match="observations: "):
        intake.check_observations(table.assign(**spoil))
    with pytest.raises(ValueError, match="observations: "):
        intake.check_observations(pd.concat([table, table], ignore_index=True))


CALL = """
import sys
from qnict_analysis.intake import ensure_store
from qnict_analysis.registry import load_registry
from qnict_analysis.workspace import find_workspace
ws = find_workspace(sys.argv[1])
print(len(ensure_store(ws, load_registry(ws))))
"""


@pytest.mark.slow
def test_several_processes_may_ask_for_the_store_at_once(ws, registry, mail, root):
    take_in(ws, registry, [mail(f"{unit}.xlsx", unit, {"T01": (1, 2)}) for unit in registry.units_in("agencies", "2014Q2")])
    shutil.rmtree(ws.store)
    command = [sys.executable, "-c", CALL, str(ws.root)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root, text=True) for _ in range(6)]
    assert [process.communicate(timeout=120)[0].strip() for process in running] == ["34"] * 6
    assert names(ws.store) == [store.LOCK_FILE, store.FINGERPRINT_FILE, store.OBSERVATIONS_FILE]
    assert len(store.read_observations(ws)[0]) == 34


def test_the_repository_s_own_returns_are_in_order(root, registry):
    observations, faults = intake.read_returns(find_workspace(str(root)), registry)
    assert faults.empty
    assert set(observations["status"]) == {"illustrative"}
    assert set(observations["indicator"]) == set(registry.indicators)


def test_the_european_example_is_real_and_in_order(root):
    example = find_workspace(str(root / "examples" / "digital-agenda"))
    observations, faults = intake.read_returns(example, load_registry(example))
    assert faults.empty
    assert set(observations["status"]) <= {"reported", "estimated"}
    assert (observations["source"] != "").all()
