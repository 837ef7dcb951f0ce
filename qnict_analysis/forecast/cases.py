"""Which indicators can be forecast, from which points, and how far."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from qnict_analysis import periods, schema
from qnict_analysis.forecast.projects import Planned, planned_for

REASONS = ("no_figures", "few_points", "low_coverage", "too_old")
"""Why an indicator has no basis: no figure known; too few of one definition; the latest rests on too few returns; the
latest is more than a year older than the as-of."""

NAMES = {"indicator": pd.Series(dtype="str"), "period": pd.Series(dtype="str")}
EMPTY_PACE = pd.DataFrame(
    dict.fromkeys(schema.PACE, 0.0) | NAMES | {"waits_for": pd.Series(dtype="str")}, columns=list(schema.PACE)
)
"""The pace table of the baseline."""

OLDEST_YEARS = 1.0
"""A series whose last figure is older speaks of another time, unless that figure is the deadline's."""


class Case(NamedTuple):
    """One indicator to forecast: its points with basis, the rows of its units, the periods ahead, and its scenario.

    ``direction`` is -1 where every target of the indicator asks for less; ``closes`` has one entry a
    period, ``adds`` two rows: the number expected, and the number promised.
    ``jumps``: (unit, period) of explained steps, which tell nothing of the pace. ``planned``: what a project list says (counts).
    """

    indicator: object
    history: pd.DataFrame
    panel: pd.DataFrame
    periods: list[str]
    closes: np.ndarray
    adds: np.ndarray
    direction: float
    jumps: frozenset = frozenset()
    planned: Planned | None = None


def basis(series: pd.DataFrame, registry, as_of) -> pd.DataFrame:
    """Whether each indicator of the registry can be forecast at ``as_of``; columns ``schema.BASIS``."""
    rows = [_basis_row(name, _segment(series, registry, name, as_of), registry, as_of) for name in registry.indicators]
    return pd.DataFrame(rows, columns=list(schema.BASIS)).astype({"n": "int64", "coverage": float, "has_basis": bool})


def _basis_row(name: str, history: pd.DataFrame, registry, as_of) -> tuple:
    known = history[history["value"].notna()]
    if known.empty:
        return name, 0, "", 0.0, False, "no_figures"
    last = known.iloc[-1]
    reason = _reason(known, last, registry, as_of, deadline_of(name, registry))
    return name, len(known), last["period"], last["coverage"], not reason, reason


def _reason(known: pd.DataFrame, last: pd.Series, registry, as_of, deadline: str) -> str:
    """The first reason that holds (empty: none)."""
    today, then, end = periods.period_time([as_of.through, last["period"], deadline])
    holds = {
        "few_points": len(known) < registry.assumption("min_points"),
        "low_coverage": last["coverage"] < registry.assumption("coverage_min"),
        "too_old": today - then > OLDEST_YEARS and then < end,
    }
    return next((reason for reason, true in holds.items() if true), "")


def cases_of(series: pd.DataFrame, panel: pd.DataFrame, registry, *, as_of, levers_pace: pd.DataFrame) -> list[Case]:
    """The indicators with a basis and at least one period ahead, in the order of the registry."""
    table = basis(series, registry, as_of)
    found = []
    for name in table.loc[table["has_basis"], "indicator"]:
        history = _segment(series, registry, name, as_of)
        ahead = _ahead(history["period"].iloc[-1], deadline_of(name, registry))
        if ahead:
            own = panel[panel["indicator"] == name]
            own = own[_ordinals(own) >= periods.ordinal(history["period"].iloc[0])]
            closes, adds = scenario_of(levers_pace, name, ahead)
            direction, jumps = direction_of(name, registry), jumps_of(name, registry, as_of)
            planned = planned_for(name, registry, as_of, history, ahead)
            found.append(Case(registry.indicators[name], history, own, ahead, closes, adds, direction, jumps, planned))
    return found


def jumps_of(name: str, registry, as_of) -> frozenset:
    """(unit, period) of the indicator's steps whose reason is known at the as-of.

    A change of definition that concerns one unit of several is such a step: what came before and after it still tells of paces.
    So is the first period in which a unit reports for another one that was merged into it.
    """
    records = [r for r in registry.corrections if r.indicator == name and r.known_on <= as_of.cutoff]
    steps = (r for r in records if r.action == "jump" or (r.action == "break" and not _splits_the_whole(r, registry)))
    merged = {(unit, period) for unit, period in registry.mergers() if periods.ordinal(period) <= periods.ordinal(as_of.through)}
    return frozenset((record.unit, record.period) for record in steps) | merged


def _ahead(last: str, deadline: str) -> list[str]:
    """The periods after ``last`` up to the deadline, in the frequency of ``last``."""
    return periods.period_range(periods.shift(last, 1), periods.period_of(periods.period_end(deadline), periods.frequency(last)))


def deadline_of(name: str, registry) -> str:
    """The latest deadline among the targets that use the indicator, else the programme's."""
    dates = [target.deadline for target, part in registry.parts() if part.indicator == name]
    return max(dates, key=periods.period_end, default=registry.programme.deadline)


def direction_of(name: str, registry) -> float:
    """-1 where every target of the indicator asks for less, else 1."""
    comparators = {part.comparator for _, part in registry.parts() if part.indicator == name}
    return -1.0 if comparators and comparators <= {"at_most", "below"} else 1.0


def _segment(series: pd.DataFrame, registry, name: str, as_of) -> pd.DataFrame:
    """The valued points of an indicator in time order, from its latest change of definition known at the cut-off."""
    own = series[(series["indicator"] == name) & series["value"].notna()]
    own = own.iloc[np.argsort(_ordinals(own), kind="stable")]
    numbers = _ordinals(own)
    return own[numbers >= segment_start(numbers, name, registry, as_of)].reset_index(drop=True)


def segment_start(numbers: np.ndarray, name: str, registry, as_of) -> int:
    """The ordinal of the latest change of definition known at the as-of, 0 where there is none.

    ``numbers``: ordinals of the indicator's valued periods; a new definition splits the series only once it has a figure.
    """
    known = [record for record in registry.corrections if record.indicator == name and record.known_on <= as_of.cutoff]
    breaks = [periods.ordinal(r.period) for r in known if r.action == "break" and _splits_the_whole(r, registry)]
    return max((number for number in breaks if (numbers >= number).any()), default=0)


def _splits_the_whole(record, registry) -> bool:
    """Whether a break concerns the indicator itself, not one unit of several."""
    return not record.unit or len(registry.units_in(registry.indicators[record.indicator].scope, record.period)) <= 1


def _ordinals(frame: pd.DataFrame) -> np.ndarray:
    return np.array([periods.ordinal(label) for label in frame["period"]], dtype=int)


def scenario_of(levers_pace: pd.DataFrame, name: str, ahead: list[str], opened=None) -> tuple[np.ndarray, np.ndarray]:
    """What a pace table (``schema.PACE``) does to an indicator: ``closes``, one a period ahead, and ``adds``, two rows: the
    number expected, and the number promised.

    ``opened``: the function from an indicator that others wait for and the figure it must stand at to the first period of
    ``ahead`` in which it does (None: in none); without it what would be closed were nothing to wait for.
    """
    # Plain arrays: a slider asks this of every indicator, and frames would take most of the time.
    own = np.flatnonzero(levers_pace["indicator"].to_numpy() == name)
    column = {what: levers_pace[what].to_numpy()[own] for what in schema.PACE}
    found = dict.fromkeys(("closes", "until_then", "adds", "promised"))
    places = [ahead.index(label) if label in ahead else -1 for label in column["period"]]
    kept = [n for n, place in enumerate(places) if place >= 0]
    for what in found:
        found[what] = np.zeros(len(ahead))
        np.add.at(found[what], [places[n] for n in kept], column[what][kept].astype(float))
    closes, waits = found["closes"], np.flatnonzero(column["waits_for"] != "")
    if opened is not None and len(waits):
        since = opened(column["waits_for"][waits[0]], column["at_least"][waits[0]])
        closed = [since is None or periods.ordinal(label) < periods.ordinal(since) for label in ahead]
        closes = np.where(closed, found["until_then"], closes)
    return closes, np.stack([found["adds"], found["promised"]])


def first_standing(case: Case, drawn: np.ndarray, at_least: float) -> str | None:
    """The first period ahead from which the median of an indicator's draws (periods, draws) stands at ``at_least`` or beyond,
    towards its target; a share of the units for kind units. None where it never does."""
    whole = float(case.history["denominator"].iloc[-1]) if case.indicator.kind == "units" else 1.0
    medians = np.median(drawn, axis=1) / whole
    stands = medians >= at_least if case.direction > 0 else medians <= at_least
    return case.periods[int(np.argmax(stands))] if stands.any() else None
