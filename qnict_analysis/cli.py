"""The command line ``qnict``: every command explains itself, a mistake gives one line and changes nothing."""

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from qnict_analysis import cli_planning
from qnict_analysis.cli_shared import aligned, as_csv

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
VARIABLE = "QNICT_WORKSPACE"
TRACEBACK = "QNICT_TRACEBACK"
MISTAKE, FAILED, TERMINATED, INTERRUPTED = 2, 1, 143, 130
BOTH = "both"
HELP = """Will the targets be met by the deadline, and what would it take?

A workspace is a folder with data/, params/ and outputs/: looked for upward from here, or named by --workspace or QNICT_WORKSPACE.
"""

app = typer.Typer(help=HELP, no_args_is_help=True, add_completion=False, rich_markup_mode=None)
app.add_typer(cli_planning.scenarios, name="scenario")
app.command()(cli_planning.goal)
app.command()(cli_planning.sensitivity)


@app.callback()
def _choose(
    workspace: Annotated[str, typer.Option(help="Folder with data/, params/ and outputs/.")] = "",
    traceback: Annotated[bool, typer.Option("--traceback", help="Show where in the code an error arose.")] = False,
) -> None:
    if traceback:
        os.environ[TRACEBACK] = "1"
    if workspace:
        os.environ[VARIABLE] = str(Path(workspace).expanduser().resolve())


@app.command()
def briefing(
    as_of: Annotated[str | None, typer.Option(help="Quarter (2014Q2), year (2014) or day (2014-07-30).")] = None,
    scenario: Annotated[str | None, typer.Option(help="A file of params/scenarios/, without .yaml.")] = None,
    lang: Annotated[str | None, typer.Option(help="vi, en or both.", show_default="both")] = None,
    report: Annotated[str | None, typer.Option(help="period (quarter or year), half-year or year.")] = None,
    style: Annotated[str | None, typer.Option(help="by-date, TT01-2011 or ND30-2020.")] = None,
    font: Annotated[str | None, typer.Option(help="An installed font, such as 'Times New Roman'.")] = None,
    final: Annotated[bool, typer.Option("--final", help="Leave out the draft mark.")] = False,
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A parameter or a lever's level.")
    ] = None,
    params: Annotated[Path | None, typer.Option(help="Parameters file.", show_default="params/briefing.yaml")] = None,
    force: Annotated[bool, typer.Option("--force", help="Run again even if nothing has changed.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the parameters and where each comes from.")] = False,
) -> None:
    """Make the briefing: notebooks, tables, charts and PDFs in outputs/<as-of>/<scenario>/.

    Example: qnict briefing --as-of 2014Q2 --scenario plan --lang vi --set training=0.6
    """
    from qnict_analysis import runner

    ws, registry = _workspace(), _registry()
    options = {"report": report, "style": style, "font": font, "final": final or None}
    options |= {"as_of": as_of, "scenario": scenario, "lang": lang and _one_of("--lang", lang, (*runner.LANGS, BOTH))}
    given = {name: value for name, value in options.items() if value not in (None, BOTH)}
    checked, origins = _params(ws, registry, params, _settings(changes or [], registry) | given)
    langs = (checked.lang,) if origins["lang"] == "option" and lang != BOTH else runner.LANGS
    if dry_run:
        runner.check_run(ws, checked)
        _show_plan(checked, origins, langs, runner.run_folder(ws, checked))
        return
    folder = runner.run_briefing(ws, checked, langs=langs, origins=origins, force=force, show=_note)
    if checked.final:
        for name, words in runner.draft_marks(folder):
            _note(f"--final: {name} keeps its mark: {words}")
    for path in [*sorted(folder.glob("briefing-*.*")), folder / "tables" / "assessment.csv"]:
        print(path)


@app.command()
def targets(
    lang: Annotated[str | None, typer.Option(help="vi or en.", show_default="that of params/briefing.yaml")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the table to this file instead.")] = None,
) -> None:
    """Show the plan's targets: rule, deadline, lead agency. One line a part of a target.

    Example: qnict targets --lang en --csv targets.csv
    """
    from qnict_analysis.runner import LANGS, base_params

    table = _target_rows(_registry(), _one_of("--lang", lang, LANGS) if lang else base_params(_workspace()).lang)
    if csv:
        from qnict_analysis.store import write_atomically

        write_atomically(csv, as_csv(table).encode("utf-8-sig"))
    else:
        print(aligned(table))


@app.command()
def form(
    period: Annotated[str, typer.Argument(help="The period to be reported: 2014Q3.")],
    unit: Annotated[list[str] | None, typer.Option(help="A reporting unit; may be repeated.", show_default="all")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write to.", show_default="outputs/forms/<period>")] = None,
) -> None:
    """Write the blank Excel return of each unit, with its last figures beside the cells to fill in.

    Example: qnict form 2014Q3 --unit S01 --unit H02
    """
    from qnict_analysis.intake import ensure_store
    from qnict_analysis.outgoing import write_forms

    ws, registry = _workspace(), _registry()
    folder = out or ws.outputs / "forms" / period
    for path in write_forms(folder, registry, period, ensure_store(ws, registry), unit or ()):
        print(path)


@app.command()
def intake(
    paths: Annotated[list[Path], typer.Argument(help="Excel or CSV returns, or folders or .zip archives of them.")],
    received: Annotated[str | None, typer.Option(help="Day the returns came in, for forms without a date: 2014-07-20.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check; take nothing in.")] = False,
    results: Annotated[Path | None, typer.Option(help="Folder for a marked workbook of each refused file, to send back.")] = None,
    lang: Annotated[str, typer.Option(help="Language of the faults: vi or en.")] = "en",
) -> None:
    """Take returns in. A file with a fault is refused whole, with every fault and its cell; the others go in.

    Example: qnict intake inbox/ --received 2014-07-20 --results to-send-back/
    """
    from qnict_analysis.intake import fault_lines, take_in

    _one_of("--lang", lang, ("vi", "en"))
    _check_results(results, paths)
    result = take_in(_workspace(), _registry(), paths, received=_day(received), dry_run=dry_run)
    for word in ("accepted", "unchanged", "skipped", "refused"):
        for name in getattr(result, word):
            print(f"{word}  {name}")
    for line in fault_lines(result.faults, lang):
        print(f"  {line}")
    if results:
        from qnict_analysis.feedback import write_results

        for path in write_results(results, result.rejected):
            print(f"result  {path}")
    if result.refused:
        raise typer.Exit(FAILED)


@app.command()
def check() -> None:
    """Check registry, parameters, scenarios and returns. Lists every fault and writes nothing; exit code 1 if there are any.

    Example: qnict --workspace examples/digital-agenda check
    """
    faults = _all_faults(_workspace())
    for line in faults:
        print(line)
    print(f"{len(faults)} fault{'' if len(faults) == 1 else 's'}" if faults else "no faults")
    if faults:
        raise typer.Exit(FAILED)


@app.command()
def trace(
    name: Annotated[str, typer.Argument(help="A target (T12) or an indicator (T05a).")],
    period: Annotated[str, typer.Argument(help="What the figure describes: 2014Q2.")],
    as_of: Annotated[
        str | None, typer.Option(help="As known then.", show_default="as known for the period's own briefing")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="One reporting unit only.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the table to this file instead.")] = None,
) -> None:
    """Show what a figure of the briefing rests on: every unit's return with file, sheet, cell and all its vintages.

    Example: qnict trace T12 2014Q2 --unit H03
    """
    found = list(_traces(name, period, as_of or period, unit))
    if csv:
        from qnict_analysis.store import write_atomically

        heads = ("indicator", *found[0][1][0])
        rows = [(title.split()[0], *row) for title, table in found for row in table[1:]]
        write_atomically(csv, as_csv([heads, *rows]).encode("utf-8-sig"))
        return
    for title, table in found:
        print(f"{title}\n{aligned(table)}\n")


@app.command()
def predict(
    series: Annotated[
        Path,
        typer.Argument(
            help="CSV: series_id, indicator, freq (Y, Q or M: a point a year, quarter or month), period (its last day, such as "
            "2014-06-30), value (a share from 0 to 1)."
        ),
    ],
    tasks: Annotated[
        Path,
        typer.Argument(
            help="CSV: task_id, series_id, origin and deadline (days such as 2014-12-31), target (a share from 0 to 1; met when "
            "the value is at least that), n_history (at most that many of the last points up to the origin are used; a shorter "
            "record is used whole)."
        ),
    ],
    out: Annotated[Path, typer.Option(help="CSV to write (packed where it ends in .gz): task_id, p_met and seven quantiles.")],
    pool: Annotated[
        str, typer.Option(help="indicator: learn from the other series of the same indicator; none: each series alone.")
    ] = "indicator",
    weights: Annotated[Path | None, typer.Option(help="A file that `qnict learn` made, in place of the shipped one.")] = None,
    timing: Annotated[bool, typer.Option("--timing", help="Show the seconds spent forecasting alone.")] = False,
) -> None:
    """Forecast any file of shares (0 to 1, no other figures): each task's chance of reaching its target, and seven quantiles.

    Example: qnict predict series.csv tasks.csv --out forecasts.csv --timing
    """
    from qnict_analysis.predict import predict_file

    _one_of("--pool", pool, ("indicator", "none"))
    print(predict_file(series, tasks, out, pool=pool, weights_path=weights, timing=timing))


@app.command()
def learn(
    series: Annotated[Path, typer.Argument(help="CSV as for `predict`.")],
    tasks: Annotated[
        Path,
        typer.Argument(
            help="CSV as for `predict`, with outcome_value (the share at the deadline, 0 to 1) and met (1 where it is at least "
            "the target, else 0); at least 50 tasks of 5 series."
        ),
    ],
    out: Annotated[Path, typer.Option(help="YAML file to write, for `qnict predict --weights`.")],
    leave_out: Annotated[str, typer.Option(help="An indicator not to learn from.")] = "",
) -> None:
    """Learn how much each part of the forecast counts from series whose outcomes are known.

    Example: qnict learn series.csv tasks.csv --out weights.yaml --leave-out internet_users
    """
    from qnict_analysis.learn import learn_file

    print(learn_file(series, tasks, out, leave_out=leave_out))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(
    context: typer.Context,
    notebook: Annotated[str, typer.Argument(help="One of the notebooks to open.")] = "",
    scenarios: Annotated[bool, typer.Option("--scenarios", help="Open the planners' form: 03_scenarios.")] = False,
) -> None:
    """Open JupyterLab on the notebooks of this workspace. Further options go to JupyterLab.

    Example: qnict lab 02_target_forecast --no-browser
    """
    further = [notebook] if notebook.startswith("-") else []
    named = "" if further else notebook
    if scenarios and named:
        raise ValueError(f"lab: --scenarios opens 03_scenarios; leave out {named!r}")
    opened = "03_scenarios" if scenarios else named
    _run_lab(_workspace(), [*([_notebook(opened)] if opened else []), *further, *context.args])


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def serve(context: typer.Context) -> None:
    """Serve the planners' form as a web page without code, for planners who do not use JupyterLab. Further options go to voila.

    Example: qnict serve --port 8866 --no-browser
    """
    import importlib.util

    if importlib.util.find_spec("voila") is None:
        raise ValueError("serve: voila is not installed; run: python3 run.py setup --voila")
    _become(_workspace(), ["-m", "voila", _notebook("03_scenarios"), "--Voila.ip=127.0.0.1", *context.args])


# --- what the commands share -----------------------------------------------------------------------------------------


def _workspace():
    from qnict_analysis.workspace import find_workspace

    return find_workspace()


def _registry():
    from qnict_analysis.registry import load_registry

    return load_registry(_workspace())


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(f"{option} {value!r} is not known; allowed: {', '.join(allowed)}")
    return value


def _day(text: str | None):
    import datetime as dt

    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"--received {text!r} is not a day; write it as 2014-07-20") from None


def _check_results(folder: Path | None, paths: list[Path]) -> None:
    """What is written for the units must not be taken for their returns the next time."""
    for path in [*paths, _workspace().returns] if folder else ():
        if path.is_dir() and folder.resolve().is_relative_to(path.resolve()):
            raise ValueError(f"--results {folder} lies in {path}, where returns are; name a folder outside of it")
    if folder and folder.exists() and not folder.is_dir():
        raise ValueError(f"--results {folder} is not a folder")


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


# --- briefing --------------------------------------------------------------------------------------------------------


def _settings(changes: list[str], registry) -> dict:
    """What ``--set`` asks for: parameters by their name, and under "levers" the levels of levers."""
    from qnict_analysis.params import Params, read_value

    settings, levers = {}, {}
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals or name == "levers":
            raise ValueError(f"--set {change}: write NAME=VALUE, such as training=0.6 or draws=2000")
        if name == "workspace":
            raise ValueError("--set workspace: name it before the command: qnict --workspace FOLDER briefing")
        if name in registry.levers:
            levers[name] = read_value(value)
        elif name in Params.model_fields:
            settings[name] = value if Params.model_fields[name].annotation is str else read_value(value)
        else:
            names = [*(name for name in Params.model_fields if name not in ("levers", "workspace")), *registry.levers]
            raise ValueError(f"--set {change}: {name!r} is no parameter and no lever; known: {', '.join(names)}")
    return settings | ({"levers": levers} if levers else {})


def _params(ws, registry, file: Path | None, given: dict):
    """The checked parameters and the origin of each: default < the plan's own as-of < file < option; levers are merged."""
    from qnict_analysis.params import load_params
    from qnict_analysis.runner import parameters_file

    path = file or parameters_file(ws)
    plain, known = load_params(path, {})
    if "levers" in given:
        given = given | {"levers": plain.levers | given["levers"]}
    if known["as_of"] == "default" and "as_of" not in given:
        checked, origins = load_params(path, given | {"as_of": registry.programme.default_as_of})
        return checked, origins | {"as_of": "programme"}
    return load_params(path, given)


def _show_plan(params, origins: dict, langs, folder: Path) -> None:
    shown = params.model_dump() | {"lang": " and ".join(langs), "workspace": str(_workspace().root)}
    origins = origins | {"workspace": "", "lang": "option" if origins["lang"] == "option" else "default"}
    for name, value in shown.items():
        print(f"{name:10} {value!s:24} {origins.get(name, '')}".rstrip())
    print(f"{'folder':10} {folder}")


# --- targets ---------------------------------------------------------------------------------------------------------

HEADS = {
    "vi": ("mã", "chỉ số", "mục tiêu", "mức", "đến hạn", "chủ trì"),
    "en": ("id", "indicator", "target", "rule", "deadline", "lead"),
}


def _target_rows(registry, lang: str) -> list[tuple[str, ...]]:
    """Head and rows of the table of targets, one row a part."""
    from qnict_analysis.formats import period_text, target_value

    rows = [HEADS[lang]]
    for target, part in registry.parts():
        indicator = registry.indicators[part.indicator]
        name = target.name[lang] if len(target.parts) == 1 else f"{target.short[lang]}: {indicator.short[lang]}"
        end = period_text(target.deadline, lang)
        rows.append((target.id, part.indicator, name, target_value(part, indicator, lang), end, target.lead[lang]))
    return rows


# --- trace -----------------------------------------------------------------------------------------------------------

TRACE_HEADS = ("unit", "state", "period", "numerator", "denominator", "reported on", "file", "sheet", "cell", "vintage", "note")


def _traces(name: str, period: str, as_of: str, unit: str | None):
    """For each indicator behind a name: a line on its figure, and the table of what stands behind it."""
    from qnict_analysis.analysis import as_of_for
    from qnict_analysis.intake import ensure_store
    from qnict_analysis.trace import indicators_of, trace

    ws, registry = _workspace(), _registry()
    if unit and unit not in registry.units:
        raise ValueError(f"--unit {unit!r} is not a reporting unit; known: {', '.join(registry.units)}")
    moment, described = as_of_for(as_of, registry), as_of_for(period, registry).through
    observations = ensure_store(ws, registry)
    for indicator in indicators_of(name, registry):
        whole, rows = trace(observations, registry, indicator, described, moment)
        share = f" of {whole.denominator:.12g}" if whole.denominator == whole.denominator else ""
        title = f"{indicator} {described}: {whole.numerator:.12g}{share} = {whole.value:.6g}, coverage {whole.coverage:.1%}"
        rows = rows if unit is None else rows[rows["unit"] == unit]
        if rows.empty:
            raise ValueError(f"--unit {unit!r} does not report {indicator}; see who does by leaving --unit out")
        yield title, [TRACE_HEADS, *(_trace_row(row) for row in rows.itertuples())]


def _trace_row(row) -> tuple[str, ...]:
    numbers = ("" if value is None or value != value else f"{value:.12g}" for value in (row.numerator, row.denominator))
    vintage = f"{row.vintage}{'' if row.used else ' (replaced)'}" if row.vintage else ""
    return (
        row.unit,
        row.state,
        row.period,
        *numbers,
        f"{row.reported_on or ''}",
        row.file,
        row.sheet,
        row.cell,
        vintage,
        row.note,
    )


# --- check -----------------------------------------------------------------------------------------------------------


def _all_faults(ws) -> list[str]:
    """Every fault of a workspace: of the registry first, because the rest is read by it."""
    from qnict_analysis.registry import RegistryError, load_registry

    try:
        registry = load_registry(ws)
    except RegistryError as error:
        return list(error.faults) + _faults_of(_params_at, ws, None)
    return _faults_of(_params_at, ws, registry) + _scenario_faults(ws, registry) + _returns_faults(ws, registry)


def _faults_of(attempt, *arguments) -> list[str]:
    try:
        attempt(*arguments)
    except ValueError as error:
        return str(error).splitlines()
    return []


def _params_at(ws, registry) -> None:
    from qnict_analysis import analysis
    from qnict_analysis.runner import base_params

    params = base_params(ws)
    if registry:
        scenario = analysis.scenario_for(params.scenario, ws, registry)
        analysis.pace_for(scenario, registry, analysis.as_of_for(params.as_of, registry), levers=params.levers)


def _scenario_faults(ws, registry) -> list[str]:
    from qnict_analysis.params import load_scenario, scenario_faults, scenario_names, unknown_names

    faults = []
    for name in scenario_names(ws):
        unreadable = _faults_of(load_scenario, ws, name)
        faults += (
            [*unreadable, *unknown_names(ws, name, registry)]
            if unreadable
            else scenario_faults(load_scenario(ws, name), registry)
        )
    wrong = sorted(path.name for path in ws.scenarios.glob("*.yml"))
    return [*faults, *(f"{name}: scenario files end in .yaml; rename it" for name in wrong)]


def _returns_faults(ws, registry) -> list[str]:
    """Faults of the returns, and of corrections that no longer find what they expect."""
    from qnict_analysis import analysis
    from qnict_analysis.intake import fault_lines, read_returns

    observations, faults = read_returns(ws, registry)
    if len(faults):
        return fault_lines(faults)
    latest = analysis.as_of_for(registry.programme.deadline, registry)
    return _faults_of(analysis.known_figures, observations, registry, latest)


# --- lab -------------------------------------------------------------------------------------------------------------


def _notebook(name: str) -> str:
    """The path of a notebook named in full or in part (``02`` or ``02_target_forecast``)."""
    known = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
    found = [stem for stem in known if stem.startswith(name.removesuffix(".ipynb"))]
    if len(found) != 1:
        raise ValueError(f"there is no notebook {name!r}; known: {', '.join(known)}")
    return str(NOTEBOOKS / f"{found[0]}.ipynb")


def _run_lab(ws, options: list[str]) -> None:
    """Become JupyterLab: it answers Ctrl-C and asks for no news of newer versions."""
    quiet = ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    root = [] if any(option.startswith("--ServerApp.root_dir") for option in options) else [f"--ServerApp.root_dir={NOTEBOOKS}"]
    _become(ws, ["-m", "jupyterlab", *quiet, *as_root, *root, *options])


def _become(ws, arguments: list[str]) -> None:
    """Become another program of this Python, on a workspace."""
    os.environ[VARIABLE] = str(ws.root)
    os.environ.pop("MPLBACKEND", None)  # it would hide every figure
    command = [sys.executable, *arguments]
    if os.name == "nt":
        import subprocess

        raise typer.Exit(subprocess.call(command))
    os.execv(sys.executable, command)


# --- entry -----------------------------------------------------------------------------------------------------------


def _complain(mistake: Exception, code: int = MISTAKE) -> int:
    if os.environ.get(TRACEBACK):
        import traceback

        traceback.print_exception(mistake)
    _note(f"qnict: {mistake.format_message() if hasattr(mistake, 'format_message') else mistake}")
    return code


def main() -> None:
    """Entry point: a user's mistake ends in one line on stderr and exit code 2."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))  # so that unfinished work is cleared away
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # a console without Vietnamese letters shows their codes
    try:
        code = typer.main.get_command(app).main(prog_name="qnict", standalone_mode=False)
    except typer.Exit as done:
        code = done.exit_code
    except typer.TyperException as mistake:
        code = _complain(mistake)
    except (ValueError, OSError) as mistake:
        code = _complain(mistake)
    except RuntimeError as failure:
        if type(failure).__name__ != "RunFailed":  # the class itself stands in a module that is slow to load
            raise
        code = _complain(failure, FAILED)
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    sys.exit(code or 0)


if __name__ == "__main__":
    main()
