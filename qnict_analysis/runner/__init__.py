"""One run of the briefing: notebooks in parallel, tables, charts and PDFs, in a folder that appears only when complete.

``tasks``  the work, cut into parts that run side by side      ``contents``  tables, charts and PDFs as files
``record``  run.json: what a run rests on
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from qnict_analysis.params import Params, load_params
from qnict_analysis.runner import contents, record, tasks
from qnict_analysis.runner.contents import draft_marks
from qnict_analysis.runner.tasks import RunFailed
from qnict_analysis.store import replace_folder
from qnict_analysis.workspace import Workspace

__all__ = ["LANGS", "RunFailed", "base_params", "check_run", "draft_marks", "parameters_file", "run_briefing", "run_folder"]

LANGS = ("vi", "en")
PARAMETERS_FILE = "briefing.yaml"


def run_briefing(
    ws: Workspace,
    params: Params,
    *,
    langs: Sequence[str] = LANGS,
    origins: Mapping[str, str] | None = None,
    force: bool = False,
    show: Callable[[str], None] = print,
) -> Path:
    """Run the notebooks and write outputs/<as_of>/<scenario>/ (tables, charts, notebooks, PDFs, run.json); return that folder.

    A complete run that rests on the same inputs, parameters and code is kept, unless ``force``; a new one has the languages of
    the one before it too, so that none is lost. ``ValueError`` for a mistake of
    the user, before anything is run; ``RunFailed`` names the notebook, cell and error and the copy that shows them. The folder of
    an earlier run is touched only once the new one is complete, and is then kept once as ``<name>.previous``.
    """
    folder = run_folder(ws, params)
    langs = [lang for lang in LANGS if lang in {*langs, *record.languages(folder)}]
    rests_on = record.rests_on(ws, params)
    if not force and record.is_current(folder, rests_on, langs):
        show(f"unchanged since the last run (--force makes it again): {folder}")
        return folder
    check_run(ws, params)
    with unfinished(folder) as new:
        seconds = tasks.run_all(tasks.tasks_of(ws, params, langs, new), show=show)
        record.write_record(new, rests_on, langs=langs, origins=origins or {}, seconds=seconds)
        replace_folder(new, folder)
    base = base_params(ws)
    if (params.draws, params.seed) == (base.draws, base.seed):  # a trial with other draws is nothing that was said
        contents.keep_forecasts(ws, folder)
    return folder


def check_run(ws: Workspace, params: Params) -> None:
    """Raise ``ValueError`` for a scenario, lever, as-of, report or font that cannot be run, and for a ledger that is not as it
    was written; bring the store up to date."""
    # Here and not above: every worker imports this module and needs nothing of the forecast.
    from qnict_analysis import analysis, fonts, ledger, periods
    from qnict_analysis.intake import ensure_store
    from qnict_analysis.registry import load_registry
    from qnict_analysis.returns import rules_of

    registry = load_registry(ws)
    as_of = analysis.as_of_for(params.as_of, registry)
    latest = rules_of(registry).last
    if periods.ordinal(as_of.through) > periods.ordinal(latest):
        raise ValueError(f"as_of {params.as_of!r} is after {latest}, the last period that a return of this plan may describe")
    periods.span_of(params.report, as_of.through)
    fonts.check(params.font)
    ledger.read(ws)
    scenario = analysis.scenario_for(params.scenario, ws, registry)
    analysis.pace_for(scenario, registry, as_of, levers=params.levers)
    analysis.known_figures(ensure_store(ws, registry), registry, as_of)


def base_params(ws: Workspace) -> Params:
    """The parameters of a plain run of this workspace: params/briefing.yaml, else the defaults."""
    return load_params(parameters_file(ws), {})[0]


def parameters_file(ws: Workspace) -> Path | None:
    """The parameters file of a workspace, if it has one."""
    path = ws.params / PARAMETERS_FILE
    return path if path.exists() else None


def run_folder(ws: Workspace, params: Params) -> Path:
    """outputs/<as_of>/<scenario>, with ``+name=value`` (``+final``) for what differs from a plain run, which is so never
    overwritten."""
    base, named = base_params(ws), ("draws", "seed", "report", "style", "font", "final")
    changed = {name: getattr(params, name) for name in named if getattr(params, name) != getattr(base, name)}
    changed |= {name: level for name, level in sorted(params.levers.items()) if level != base.levers.get(name)}
    dropped = {name: "scenario" for name in sorted(base.levers) if name not in params.levers}
    return (
        ws.outputs
        / params.as_of
        / "+".join([params.scenario, *(k if v is True else f"{k}={v}" for k, v in (changed | dropped).items())])
    )


@contextlib.contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """A folder beside ``folder`` to work in; gone afterwards, but for the executed notebooks where the run failed."""
    new = folder.with_name(f".{folder.name}.unfinished-{os.getpid()}")
    failed = folder.with_name(f".{folder.name}.failed")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        yield new
        shutil.rmtree(failed, ignore_errors=True)
    except RunFailed as failure:
        shutil.rmtree(failed, ignore_errors=True)
        shutil.copytree(new / tasks.NOTEBOOKS, failed)
        raise RunFailed(f"{failure}; see {failed / failure.notebook}" if failure.notebook else str(failure)) from None
    finally:
        shutil.rmtree(new, ignore_errors=True)
