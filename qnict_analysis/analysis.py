"""One analysis: what a briefing or notebook shows, from the parameters to the assessment, each step once.

observations -> known at the as-of -> series -> draws under the scenario -> assessment, and the baseline beside it
"""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from qnict_analysis import assessment as assessing
from qnict_analysis import ledger, periods, quality, store, vintages
from qnict_analysis.forecast import EMPTY_PACE, basis, forecast
from qnict_analysis.indicators import build_series, unit_panel
from qnict_analysis.intake import ensure_store
from qnict_analysis.observations import apply_corrections, known_at
from qnict_analysis.params import Params, ScenarioSpec, load_params, load_scenario, scenario_faults, scenario_names
from qnict_analysis.periods import AsOf, parse_as_of
from qnict_analysis.registry import Registry, load_registry
from qnict_analysis.scenarios import pace_table
from qnict_analysis.workspace import Workspace, find_workspace

BASELINE = "baseline"


@dataclass(frozen=True)
class Analysis:
    """Everything known and computed for one as-of and scenario; the frames are those of ``schema``.

    ``observations``: as known at the as-of, corrected. ``indicators``: the assessment of every part of a target. ``base``: the
    assessment of the baseline on the same random numbers, None where the scenario is the baseline. ``published``: published
    figures for comparison, as text. ``scored``: chances of the ledger that the figures known can be held against
    (``ledger.to_score``); the caps of the registry are those that follow from it. ``illustrative``: whether any figure known is.
    ``history``: the observations of every vintage known, as reported; ``quality``: doubts on the figures (``schema.QUALITY``).
    """

    params: Params
    workspace: Workspace
    registry: Registry
    as_of: AsOf
    scenario: ScenarioSpec
    observations: pd.DataFrame
    panel: pd.DataFrame
    series: pd.DataFrame
    pace: pd.DataFrame
    basis: pd.DataFrame
    draws: pd.DataFrame
    assessment: pd.DataFrame
    indicators: pd.DataFrame
    joint: pd.Series
    published: pd.DataFrame
    illustrative: bool
    history: pd.DataFrame
    scored: pd.DataFrame
    quality: pd.DataFrame
    base: pd.DataFrame | None = None


def analyse(params: Params | None = None, **fields: Any) -> Analysis:
    """Analyse a workspace at an as-of under a scenario; ``fields`` are those of ``Params`` and go over ``params``.

    ``ValueError`` in one line for an unknown or wrong parameter, scenario or lever, and for an as-of without data.
    """
    params = checked(params, fields)
    workspace = find_workspace(params.workspace)
    registry = load_registry(workspace)
    as_of = as_of_for(params.as_of, registry)
    scenario = scenario_for(params.scenario, workspace, registry)
    pace = pace_for(scenario, registry, as_of, levers=params.levers)
    everything = ensure_store(workspace, registry)
    known = known_figures(everything, registry, as_of)
    history = everything[everything["reported_on"] <= pd.Timestamp(as_of.cutoff)].reset_index(drop=True)
    panel = unit_panel(known, registry, as_of)
    series = build_series(panel, registry)
    scored = scored_by(workspace, series, registry, as_of)
    caps = ledger.caps_in_force(registry.programme, ledger.pairs_scored(scored, registry))
    registry = replace(registry, programme=registry.programme.model_copy(update={"caps": caps}))
    tables = computed(known, registry, as_of, pace, params, made=(panel, series))
    found = quality.doubts(known, tables["panel"], tables["series"], vintages.revisions(history, registry), registry, as_of)
    for name in ("assessment", "indicators", "base"):
        if tables[name] is not None:
            tables[name] = quality.flagged(tables[name], found, tables["series"], registry)
    return Analysis(
        params=params,
        workspace=workspace,
        registry=registry,
        as_of=as_of,
        scenario=scenario,
        observations=known,
        pace=pace,
        published=published_by(store.read_published(workspace), as_of),
        illustrative=bool((known["status"] == "illustrative").any()),
        history=history,
        scored=scored,
        quality=found,
        **tables,
    )


def computed(known: pd.DataFrame, registry, as_of: AsOf, pace: pd.DataFrame, params: Params, *, made: tuple = ()) -> dict:
    """The tables from the panel to the assessment, by their field of ``Analysis``; ``made``: panel and series, where they are."""
    panel = made[0] if made else unit_panel(known, registry, as_of)
    series = made[1] if made else build_series(panel, registry)
    grounds = basis(series, registry, as_of)
    settings = {"as_of": as_of, "n_draws": params.draws, "seed": params.seed}
    draws = forecast(series, panel, registry, levers_pace=pace, **settings)
    targets, parts = assessing.assess(draws, series, grounds, registry, as_of)
    base = None
    if params.scenario != BASELINE or len(pace):
        plain = draws if pace.empty else forecast(series, panel, registry, levers_pace=EMPTY_PACE, **settings)
        base = assessing.assess(plain, series, grounds, registry, as_of)[0]
    joint = assessing.joint(draws, series, grounds, registry, as_of)
    tables = {"panel": panel, "series": series, "basis": grounds, "draws": draws}
    return tables | {"assessment": targets, "indicators": parts, "joint": joint, "base": base}


# --- what an analysis starts from ------------------------------------------------------------------------------------


def checked(params: Params | None, fields: dict) -> Params:
    """The parameters with ``fields`` over them; ``ValueError`` names the wrong field and what is allowed."""
    given = params.model_dump() if params is not None else {}
    return load_params(None, given | fields)[0]


def as_of_for(text: str, registry) -> AsOf:
    """The as-of of a programme, by its frequency and the days that its returns are given."""
    programme = registry.programme
    return parse_as_of(text, kind=programme.frequency, cutoff_days=programme.cutoff_days)


def scenario_for(name: str, workspace, registry) -> ScenarioSpec:
    """A scenario of the workspace, checked against its registry."""
    scenario = load_scenario(workspace, name)
    faults = scenario_faults(scenario, registry)
    if faults:
        raise ValueError("; ".join(faults))
    return scenario


def usable_scenarios(workspace, registry) -> tuple[list[ScenarioSpec], list[str]]:
    """The scenarios of the workspace that can be used, and what is wrong with the others, a line each: one planner's slip keeps
    nobody else back."""
    specs, faults = [], []
    for name in scenario_names(workspace):
        try:
            specs.append(scenario_for(name, workspace, registry))
        except ValueError as error:
            faults.append(" ".join(str(error).split()))
    return specs, faults


def pace_for(scenario: ScenarioSpec, registry, as_of: AsOf, *, levers: dict, indicators=None) -> pd.DataFrame:
    """The pace table of a scenario from the period after the as-of to the last deadline of the plan (of ``indicators``, else of
    all)."""
    settings = {"overrides": levers, "indicators": indicators}
    return pace_table(scenario, registry, last_period=as_of.through, deadline=registry.last_deadline(), **settings)


def scored_by(workspace, series: pd.DataFrame, registry, as_of: AsOf) -> pd.DataFrame:
    """The chances of the workspace's ledger that the figures known can be held against (``ledger.to_score``)."""
    rows = ledger.read(workspace)
    return ledger.to_score(rows, series, registry, as_of) if len(rows) else rows


def known_figures(observations: pd.DataFrame, registry, as_of: AsOf) -> pd.DataFrame:
    """The figures known at the as-of, corrected; ``ValueError`` says which as-ofs have data where this one has none."""
    known = apply_corrections(known_at(observations, as_of), registry.corrections, as_of)
    if known.empty:
        raise ValueError(
            f"as_of {as_of.label}: nothing was reported by {as_of.cutoff}; {as_ofs_with_data(observations, registry)}"
        )
    return known


def as_ofs_with_data(observations: pd.DataFrame, registry) -> str:
    """Which periods can be asked for, in words."""
    if observations.empty:
        return "the workspace holds no returns: add some to data/returns/"
    labels = sorted(observations["period"].unique(), key=periods.ordinal)
    span = [as_of_for(label, registry) for label in periods.period_range(labels[0], labels[-1])]
    first = next((as_of.label for as_of in span if len(known_at(observations, as_of))), labels[-1])
    return f"as-ofs with data: {first} to {labels[-1]} (and later)"


def published_by(published: pd.DataFrame, as_of: AsOf) -> pd.DataFrame:
    """The published figures that were out by the cut-off; one whose day of publication is unknown never is."""
    if published.empty:
        return published
    out = pd.to_datetime(published["published_on"], errors="coerce") <= pd.Timestamp(as_of.cutoff)
    return published[out].reset_index(drop=True)
