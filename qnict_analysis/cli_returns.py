"""The commands on returns: forms out, returns in, every fault of a workspace, and what a figure rests on."""

from pathlib import Path
from typing import Annotated

import typer

from qnict_analysis import cli_shared
from qnict_analysis.cli_shared import FAILED, aligned, as_csv


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

    ws, registry = cli_shared.workspace(), cli_shared.registry()
    folder = out or ws.outputs / "forms" / period
    for path in write_forms(folder, registry, period, ensure_store(ws, registry), unit or ()):
        print(path)


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

    cli_shared.one_of("--lang", lang, ("vi", "en"))
    _check_results(results, paths)
    result = take_in(cli_shared.workspace(), cli_shared.registry(), paths, received=_day(received), dry_run=dry_run)
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


def check() -> None:
    """Check registry, parameters, scenarios and returns. Lists every fault and writes nothing; exit code 1 if there are any.

    Example: qnict --workspace examples/digital-agenda check
    """
    faults = _all_faults(cli_shared.workspace())
    for line in faults:
        print(line)
    print(f"{len(faults)} fault{'' if len(faults) == 1 else 's'}" if faults else "no faults")
    if faults:
        raise typer.Exit(FAILED)


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


# --- in ---------------------------------------------------------------------------------------------------------------


def _day(text: str | None):
    import datetime as dt

    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"--received {text!r} is not a day; write it as 2014-07-20") from None


def _check_results(folder: Path | None, paths: list[Path]) -> None:
    """What is written for the units must not be taken for their returns the next time."""
    for path in [*paths, cli_shared.workspace().returns] if folder else ():
        if path.is_dir() and folder.resolve().is_relative_to(path.resolve()):
            raise ValueError(f"--results {folder} lies in {path}, where returns are; name a folder outside of it")
    if folder and folder.exists() and not folder.is_dir():
        raise ValueError(f"--results {folder} is not a folder")


# --- trace -----------------------------------------------------------------------------------------------------------

TRACE_HEADS = ("unit", "state", "period", "numerator", "denominator", "reported on", "file", "sheet", "cell", "vintage", "note")


def _traces(name: str, period: str, as_of: str, unit: str | None):
    """For each indicator behind a name: a line on its figure, and the table of what stands behind it."""
    from qnict_analysis.analysis import as_of_for
    from qnict_analysis.intake import ensure_store
    from qnict_analysis.trace import indicators_of, trace

    ws, registry = cli_shared.workspace(), cli_shared.registry()
    if unit and unit not in registry.units:
        raise ValueError(f"--unit {unit!r} is not a reporting unit; known: {', '.join(registry.units)}")
    moment, described = as_of_for(as_of, registry), as_of_for(period, registry).through
    observations = ensure_store(ws, registry)
    for indicator in indicators_of(name, registry):
        whole, rows = trace(observations, registry, indicator, described, moment)
        share = f" of {whole.denominator:.12g}" if whole.denominator == whole.denominator else ""
        known = f"coverage {whole.coverage:.1%} with carried figures"
        title = f"{indicator} {described}: {whole.numerator:.12g}{share} = {whole.value:.6g}, {known}"
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
