"""The commands: what a mistake says, what each command prints and writes, and that ``--help`` is quick."""

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from qnict_analysis import cli

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {"numpy", "pandas", "scipy", "statsmodels", "matplotlib", "pydantic", "papermill", "typst"}
COMMANDS = ["briefing", "targets", "form", "intake", "trace", "check", "predict", "learn", "lab", "serve"]


@pytest.fixture
def workspace(tmp_path, monkeypatch) -> Path:
    """A copy of the smaller workspace, in use."""
    folder = tmp_path / "plan"
    shutil.copytree(ROOT / "examples" / "digital-agenda", folder, ignore=shutil.ignore_patterns("outputs", "store"))
    monkeypatch.setenv("QNICT_WORKSPACE", str(folder))
    return folder


@pytest.fixture
def qnict(monkeypatch, capsys):
    """Call the command line; exit code, stdout, stderr."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["qnict", *map(str, arguments)])
        with pytest.raises(SystemExit) as done:
            cli.main()
        return done.value.code, *capsys.readouterr()

    return call


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


MISTAKES = [
    (["briefing", "--set", "growht=1"], ["growht", "draws"]),
    (["briefing", "--set", "draws"], ["NAME=VALUE"]),
    (["briefing", "--set", "draws=ten"], ["draws", "200"]),
    (["briefing", "--set", "seed=-1"], ["seed", "from 0"]),
    (["briefing", "--as-of", "2014Q5"], ["2014Q5", "2014Q2"]),
    (["briefing", "--as-of", "2001"], ["2001", "as-ofs with data"]),
    (["briefing", "--as-of", "2030"], ["2030", "the last period"]),
    (["briefing", "--scenario", "baselin"], ["baselin", "baseline"]),
    (["briefing", "--lang", "fr"], ["fr", "vi, en, both"]),
    (["briefing", "--params", "none.yaml"], ["none.yaml"]),
    (["briefing", "--asof", "2014"], ["--asof"]),
    (["targets", "--lang", "fr"], ["fr", "vi, en"]),
    (["intake", "none.xlsx", "--received", "20/7/2014"], ["20/7/2014", "2014-07-20"]),
    (["predict", "none.csv", "none.csv", "--out", "out.csv"], ["none.csv"]),
    (["predict", "none.csv", "none.csv", "--out", "out.csv", "--pool", "all"], ["all", "indicator, none"]),
    (["lab", "09_nothing"], ["09_nothing", "05_briefing"]),
    (["lab", "02_target_forecast", "--scenarios"], ["03_scenarios", "02_target_forecast"]),
    (["forecast"], ["forecast"]),
    (["--workspace", "nowhere", "check"], ["nowhere", "data/registry"]),
]


@pytest.mark.parametrize(("arguments", "named"), MISTAKES, ids=lambda value: " ".join(value) if isinstance(value, list) else None)
def test_a_mistake_gives_one_line_and_changes_nothing(arguments, named, workspace, qnict):
    before = {name: content for name, content in files(workspace).items() if "store" not in name}
    code, out, err = qnict(*arguments)
    assert code == 2 and not out
    assert len(err.splitlines()) == 1, err
    assert all(word in err for word in named), err
    assert {name: content for name, content in files(workspace).items() if "store" not in name} == before


@pytest.mark.parametrize("command", COMMANDS)
def test_help_explains_itself_with_an_example(command, qnict):
    code, out, _ = qnict(command, "--help")
    assert code == 0 and f"Example: qnict {'--workspace' if command == 'check' else command}" in out


def test_help_says_what_the_files_may_hold(qnict):
    said = " ".join(qnict("predict", "--help")[1].split())
    for words in ("0 to 1", "Y, Q or M", "its last day, such as 2014-06-30", "a shorter record is used whole", "at least that"):
        assert words in said
    assert "at least 50 tasks of 5 series" in " ".join(qnict("learn", "--help")[1].split())


def test_help_loads_nothing_heavy():
    loaded = "import sys, qnict_analysis.cli; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "opened"),
    [([], []), (["02"], ["02_target_forecast"]), (["--scenarios", "--no-browser"], ["03_scenarios"]), (["--no-browser"], [])],
    ids=" ".join,
)
def test_lab_opens_the_notebook_and_passes_the_rest_on(arguments, opened, workspace, qnict, monkeypatch):
    class Became(Exception):
        pass

    def become(_program, command):
        raise Became(command)

    monkeypatch.setattr(cli.os, "execv", become)
    monkeypatch.setattr(cli.os, "name", "posix")
    with pytest.raises(Became) as caught:
        qnict("lab", *arguments)
    command = caught.value.args[0]
    assert [Path(part).stem for part in command if part.endswith(".ipynb")] == opened
    assert ("--no-browser" in command) == ("--no-browser" in arguments) and "--scenarios" not in command


def test_serve_without_voila_says_how_to_get_it(workspace, qnict, monkeypatch):
    monkeypatch.setitem(sys.modules, "voila", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    code, out, err = qnict("serve")
    assert code == 2 and not out and err == "qnict: serve: voila is not installed; run: python3 run.py setup --voila\n"


def test_dry_run_shows_where_each_parameter_comes_from(workspace, qnict):
    code, out, _ = qnict("briefing", "--as-of", "2012-06-30", "--set", "seed=3", "--lang", "en", "--dry-run")
    lines = {line.split()[0]: line for line in out.splitlines()}
    assert code == 0
    assert lines["seed"].endswith("option") and lines["draws"].endswith("briefing.yaml")
    assert "2012-06-30" in lines["as_of"] and lines["lang"].split()[1] == "en"
    assert str(Path("outputs") / "2012-06-30" / "baseline+seed=3") in lines["folder"]
    assert not (workspace / "outputs").exists()


def test_as_of_falls_back_to_that_of_the_programme(workspace, qnict):
    (workspace / "params" / "briefing.yaml").write_text("seed: 4\n")
    _, out, _ = qnict("briefing", "--dry-run")
    assert out.splitlines()[0].split()[-1] == "programme"


def test_targets_shows_and_writes_one_row_a_part(workspace, qnict):
    code, out, _ = qnict("targets", "--lang", "en")
    path = workspace / "targets.csv"
    assert code == 0 and qnict("targets", "--lang", "en", "--csv", path)[0] == 0
    table = pd.read_csv(path)
    assert list(table.columns) == list(cli.HEADS["en"])
    assert len(table) == len(out.splitlines()) - 1 == 12
    assert table["rule"][0] in out


def test_check_finds_nothing_wrong_and_writes_nothing(workspace, qnict):
    before = files(workspace)
    assert qnict("check")[:2] == (0, "no faults\n")
    assert files(workspace) == before


def test_check_lists_every_fault(workspace, qnict):
    (workspace / "params" / "briefing.yaml").write_text("draws: many\n")
    (workspace / "params" / "scenarios" / "odd.yaml").write_text("title: no\n")
    returns = next((workspace / "data" / "returns").glob("*.csv"))
    head, first, *_ = returns.read_text(encoding="utf-8").splitlines()
    returns.write_text("\n".join([head, first.replace(first.split(",")[0], "NONE", 1)]), encoding="utf-8")
    before = files(workspace)
    code, out, _ = qnict("check")
    assert code == 1 and files(workspace) == before
    assert all(word in out for word in ("draws", "odd.yaml", returns.name, "NONE"))
    assert out.splitlines()[-1] == f"{len(out.splitlines()) - 1} faults"


def test_intake_refuses_a_faulty_file_whole(workspace, qnict, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("indicator,unit,period\nNONE,NONE,NONE\n")
    before = files(workspace / "data" / "returns")
    code, out, _ = qnict("intake", bad)
    assert code == 1 and "refused" in out and len(out.splitlines()) > 1
    assert files(workspace / "data" / "returns") == before


def test_intake_writes_a_result_for_each_refused_file(workspace, qnict, tmp_path):
    bad = tmp_path / "mail" / "bad.csv"
    bad.parent.mkdir()
    bad.write_text("indicator,unit,period\nNONE,NONE,NONE\n")
    code, out, _ = qnict("intake", bad, "--dry-run", "--results", tmp_path / "back")
    assert code == 1 and f"result  {tmp_path / 'back' / 'bad-ket-qua.xlsx'}" in out.splitlines()
    assert list(files(tmp_path / "back")) == ["bad-ket-qua.xlsx"]


@pytest.mark.parametrize("folder", ["mail/back", "plan/data/returns/back", "mail/bad.csv"])
def test_results_are_not_written_where_returns_are(workspace, qnict, tmp_path, folder):
    bad = tmp_path / "mail" / "bad.csv"
    bad.parent.mkdir()
    bad.write_text("indicator,unit,period\nNONE,NONE,NONE\n")
    before = files(tmp_path)
    code, _, err = qnict("intake", bad.parent, "--results", tmp_path / folder)
    assert code == 2 and "--results" in err and len(err.splitlines()) == 1
    assert files(tmp_path) == before


def test_form_writes_a_return_to_fill_in_or_says_why_not(workspace, qnict, tmp_path):
    code, out, _ = qnict("form", "2016", "--out", tmp_path / "forms")
    assert code == 0
    assert out.splitlines() == [str(tmp_path / "forms" / "EU.xlsx")]
    code, out, said = qnict("form", "../2016")
    assert (code, out) == (2, "")
    assert said.startswith("qnict: '../2016' is not a period")
    assert not (workspace / "outputs").exists()


def test_trace_names_the_cell_behind_a_figure(workspace, qnict, tmp_path):
    code, out, _ = qnict("trace", "DAE01", "2011")
    assert code == 0
    title, heads, row = out.strip().splitlines()
    assert title == "DAE01 2011: 0.6751 of 1 = 0.6751, coverage 100.0% with carried figures"
    assert heads.split()[:3] == ["unit", "state", "period"]
    assert row.split()[:8] == ["EU", "reported", "2011", "0.6751", "1", "2012-06-04", "digital_agenda.csv", "D9"]
    assert qnict("trace", "DAE01", "2011", "--csv", tmp_path / "t.csv")[0] == 0
    assert pd.read_csv(tmp_path / "t.csv").loc[0, ["indicator", "cell"]].tolist() == ["DAE01", "D9"]
    code, _, said = qnict("trace", "DAE99", "2011")
    assert (code, said.count("\n")) == (2, 1)
    assert "'DAE99' is no target and no indicator" in said


def test_a_text_that_would_run_in_a_spreadsheet_does_not_leave_by_csv():
    rows = [("name", "value"), ("=cmd|'/c calc'!A1", "-3"), ("'quoted", "x")]
    assert cli.as_csv(rows).splitlines()[1:] == ["'=cmd|'/c calc'!A1,'-3", "''quoted,x"]


def test_predict_writes_a_forecast_for_each_task(qnict, tmp_path):
    rows = [f"s{n},x,Y,{2005 + year}-12-31,{0.1 * n + 0.05 * year}" for n in (1, 2) for year in range(6)]
    (tmp_path / "series.csv").write_text("\n".join(["series_id,indicator,freq,period,value", *rows]))
    head = "task_id,series_id,origin,deadline,target,n_history"
    (tmp_path / "tasks.csv").write_text(f"{head}\n1,s1,2010-12-31,2013-12-31,0.5,6\n")
    code, out, _ = qnict("predict", tmp_path / "series.csv", tmp_path / "tasks.csv", "--out", tmp_path / "out.csv", "--timing")
    forecasts = pd.read_csv(tmp_path / "out.csv")
    assert code == 0 and out.startswith("1 tasks in ")
    assert list(forecasts.columns) == ["task_id", "p_met", "q05", "q10", "q25", "q50", "q75", "q90", "q95"]


PLANNED = (["scenario", "show"], ["scenario", "compare"], ["goal", "DAE01", "--scenario"], ["sensitivity", "DAE01", "--scenario"])


@pytest.mark.parametrize("command", PLANNED, ids=" ".join)
def test_a_scenario_with_an_unknown_lever_is_told_with_its_file_and_field(command, workspace, qnict):
    text = 'title: {vi: a, en: a}\nwhy: {vi: a, en: a}\nlevers:\n  trainin: {level: 0.5, start: "2013"}\n'
    (workspace / "params" / "scenarios" / "slip.yaml").write_text(text)
    code, out, err = qnict(*command, "slip")
    assert code == 2 and not out and err.startswith("qnict: slip.yaml: levers.trainin: 'trainin' is unknown")
    assert len(err.splitlines()) == 1


def test_check_lists_unknown_names_beside_faults_of_form_and_files_of_another_ending(workspace, qnict):
    scenarios = workspace / "params" / "scenarios"
    text = 'why: {vi: a, en: a}\nlevers:\n  trainin: 0.5\nschedules:\n  - {indicator: NONE, period: "2014"}\n'
    (scenarios / "slip.yaml").write_text(text)
    (scenarios / "mine.yml").write_text(text)
    code, out, _ = qnict("check")
    assert code == 1
    expected = (
        "slip.yaml.title: missing",
        "write a mapping of level, start",
        "'trainin' is unknown",
        "'NONE' is unknown",
        "mine.yml",
    )
    assert all(word in out for word in expected)


def test_a_faulty_scenario_does_not_hide_the_others(workspace, qnict):
    (workspace / "params" / "scenarios" / "odd.yaml").write_text("title: no\n")
    code, out, err = qnict("scenario", "list", "--lang", "en")
    assert code == 2 and "baseline" in out and err.startswith("qnict: odd.yaml.title:") and len(err.splitlines()) == 1


def test_a_target_goes_by_any_case_and_by_its_alias(qnict, monkeypatch):
    from qnict_analysis.cli_shared import target_id

    monkeypatch.setenv("QNICT_WORKSPACE", str(ROOT))
    assert [target_id(name) for name in ("T12", "t12", "T09", "t09")] == ["T12", "T12", "T07", "T07"]
    code, _, err = qnict("goal", "T99")
    assert code == 2 and "'T99' is unknown" in err


def test_trace_of_a_unit_that_reports_no_such_thing_says_so(qnict, monkeypatch):
    monkeypatch.setenv("QNICT_WORKSPACE", str(ROOT))
    code, out, err = qnict("trace", "T12", "2014Q2", "--unit", "S01")
    assert code == 2 and not out and "S01" in err and "T12" in err


def test_a_faulty_scenario_is_told_and_the_others_compared(workspace, qnict):
    (workspace / "params" / "scenarios" / "odd.yaml").write_text("title: no\n")
    code, out, err = qnict("scenario", "compare", "--lang", "en")
    assert code == 2 and "DAE01" in out and err.startswith("qnict: odd.yaml.title:")


@pytest.mark.parametrize(
    ("name", "why"), [("-x", "no - first"), ("x" * 300, "at most 60"), ("con", "Windows"), ("A", "only a-z")]
)
def test_a_name_that_no_scenario_can_have_is_refused(name, why, workspace, qnict):
    code, out, err = qnict("scenario", "new", "--", name)
    assert code == 2 and not out and why in err and len(err.splitlines()) == 1 and len(err) < 250


def test_illustrative_figures_are_marked_wherever_planners_read_numbers(qnict, monkeypatch, tmp_path):
    monkeypatch.setenv("QNICT_WORKSPACE", str(ROOT))
    shared = ("--as-of", "2013Q2", "--lang", "en")
    for command in (("scenario", "compare", "plan"), ("goal", "T12", "--with", "one_stop"), ("sensitivity", "T12")):
        code, out, _ = qnict(*command, *shared)
        assert code == 0 and out.count("ILLUSTRATIVE DATA") == 1
    qnict("sensitivity", "T12", *shared, "--csv", tmp_path / "s.csv")
    assert set(pd.read_csv(tmp_path / "s.csv")["status"]) == {"illustrative"}
    code, out, _ = qnict("scenario", "show", "frontier", "--lang", "en")
    assert code == 0 and "100% of its gap" in out


def test_the_numbers_behind_a_comparison_go_to_csv(workspace, qnict, tmp_path):
    code, out, _ = qnict("scenario", "compare", "--csv", tmp_path / "c.csv", "--lang", "en")
    table = pd.read_csv(tmp_path / "c.csv")
    assert code == 0 and out.startswith(str(tmp_path / "c.csv")) and table.columns[:2].to_list() == ["target", "baseline"]
    assert table["baseline"].between(0, 1).any()
