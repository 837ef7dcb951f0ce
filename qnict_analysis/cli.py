"""The command line ``qnict``: every command explains itself, a mistake gives one line and changes nothing."""

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from qnict_analysis import cli_planning, cli_returns, cli_shared
from qnict_analysis.cli_shared import FAILED, aligned, as_csv

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
VARIABLE = "QNICT_WORKSPACE"
TRACEBACK = "QNICT_TRACEBACK"
MISTAKE, TERMINATED, INTERRUPTED = 2, 143, 130
BOTH = "both"
HELP = """Will the targets be met by the deadline, and what would it take?

A workspace is a folder with data/, params/ and outputs/: looked for upward from here, or named by --workspace or QNICT_WORKSPACE.
"""

app = typer.Typer(help=HELP, no_args_is_help=True, add_completion=False, rich_markup_mode=None)


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

    ws, registry = cli_shared.workspace(), cli_shared.registry()
    options = {"report": report, "style": style, "font": font, "final": final or None}
    options |= {"as_of": as_of, "scenario": scenario, "lang": lang and cli_shared.one_of("--lang", lang, (*runner.LANGS, BOTH))}
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

    table = _target_rows(
        cli_shared.registry(), cli_shared.one_of("--lang", lang, LANGS) if lang else base_params(cli_shared.workspace()).lang
    )
    if csv:
        from qnict_analysis.store import write_atomically

        write_atomically(csv, as_csv(table).encode("utf-8-sig"))
    else:
        print(aligned(table))


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

    cli_shared.one_of("--pool", pool, ("indicator", "none"))
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
    _run_lab(cli_shared.workspace(), [*([_notebook(opened)] if opened else []), *further, *context.args])


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def serve(context: typer.Context) -> None:
    """Serve the planners' form as a web page without code, for planners who do not use JupyterLab. Further options go to voila.

    Example: qnict serve --port 8866 --no-browser
    """
    import importlib.util

    if importlib.util.find_spec("voila") is None:
        raise ValueError("serve: voila is not installed; run: python3 run.py setup --voila")
    _become(cli_shared.workspace(), ["-m", "voila", _notebook("03_scenarios"), "--Voila.ip=127.0.0.1", *context.args])


for command in (cli_returns.form, cli_returns.intake, cli_returns.check, cli_returns.trace):
    app.command()(command)
app.add_typer(cli_planning.scenarios, name="scenario")
for command in (cli_planning.goal, cli_planning.sensitivity):
    app.command()(command)


# --- what the commands share -----------------------------------------------------------------------------------------


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
    shown = params.model_dump() | {"lang": " and ".join(langs), "workspace": str(cli_shared.workspace().root)}
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
        end, lead = period_text(target.deadline, lang), (target if len(target.parts) == 1 else indicator).lead[lang]
        rows.append((target.id, part.indicator, name, target_value(part, indicator, lang), end, lead))
    return rows


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
