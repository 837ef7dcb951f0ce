"""From series to draws: one row a simulated future, columns (indicator, period), figures as they would be reported.

``cases``   which indicators can be forecast and how far (``basis``), each with its history and its scenario
``shares``  ``ratios``   of a whole or of its reporting units added up (``parts``)     ``units``   k of N      ``items``   counts
``levers``  what a scenario does to shares and ratios      ``paths``   how draws hang together from period to period
"""

from collections.abc import Callable
from functools import partial

import pandas as pd

from qnict_analysis import schema
from qnict_analysis.forecast import items, ratios, shares, units
from qnict_analysis.forecast.cases import EMPTY_PACE, REASONS, basis, cases_of, first_standing, scenario_of, segment_start
from qnict_analysis.models import copula

__all__ = ["EMPTY_PACE", "REASONS", "adoptions_shown", "as_draws", "basis", "cases_of", "drawers", "forecast", "segment_start"]

FAMILIES = {"share": shares.shares, "ratio": ratios.ratios, "units": units.adopters, "count": items.counts}
"""Kind of an indicator: the function that makes all its cases ready to draw."""


def forecast(
    series, panel, registry, *, as_of, n_draws: int, seed: int, levers_pace=EMPTY_PACE, adoptions: dict | None = None
) -> pd.DataFrame:
    """Draw joint futures of every indicator that has a basis.

    ``series``, ``panel``: the tables of ``schema.SERIES`` and ``schema.PANEL`` as known at ``as_of``. ``levers_pace``: what
    a scenario does (``schema.PACE``); rows that are absent or all zero leave the baseline bit for bit. ``adoptions``: what
    each units indicator shows the *others* (``adoptions_shown``), where that is not to be read from these tables.
    Returns a wide frame, one row a draw, columns (indicator, period) from the period after the last observed one to the
    latest deadline of the indicator's targets; shares 0 to 1, ratios plain, units and counts whole. Each column holds
    exactly the quantiles of its distribution at ``n_draws`` strata; rows carry the dependence.
    """
    cases = cases_of(series, panel, registry, as_of=as_of, levers_pace=levers_pace)
    ready = drawers(cases, registry, n_draws=n_draws, seed=seed, adoptions=adoptions)
    return as_draws(cases, drawn_under(cases, ready, levers_pace), n_draws=n_draws)


def drawn_under(cases, ready: dict[str, Callable], levers_pace) -> dict:
    """Each indicator's draws (periods, draws) under a pace table, those first that others wait for."""
    by = {case.indicator.id: case for case in cases}
    found = {}

    def draw(name: str):
        if name not in found:
            found[name] = ready[name](*scenario_of(levers_pace, name, by[name].periods, opened))
        return found[name]

    def opened(name: str, at_least: float) -> str | None:
        return first_standing(by[name], draw(name), at_least) if name in by else None

    return {name: draw(name) for name in by}


def drawers(cases, registry, *, n_draws: int, seed: int, adoptions: dict | None = None) -> dict[str, Callable]:
    """For each case's indicator the function from what a scenario does (``closes`` and ``adds``, one a period ahead) to its draws
    (periods, draws); what no scenario touches is worked out here, once."""
    families = FAMILIES | {"units": partial(units.adopters, shown=adoptions)}
    found = {}
    for kind, family in families.items():
        alike = [case for case in cases if case.indicator.kind == kind]
        streams = [copula.Stream(seed, c.indicator.id, registry.assumption("rho"), n_draws, c.direction) for c in alike]
        if alike:
            found |= dict(zip((case.indicator.id for case in alike), family(alike, streams, registry), strict=True))
    return found


def as_draws(cases, drawn: dict, *, n_draws: int) -> pd.DataFrame:
    """The draws of all cases (periods, draws) by indicator as one wide frame, columns ``schema.DRAWS``."""
    rows = ((case.indicator.id, zip(case.periods, drawn[case.indicator.id], strict=True)) for case in cases)
    wide = {(name, period): row for name, own in rows for period, row in own}
    names = pd.MultiIndex.from_arrays(list(zip(*wide, strict=True)) or [[], []], names=schema.DRAWS)
    return pd.DataFrame(dict(enumerate(wide.values())), index=pd.RangeIndex(n_draws, name="draw")).set_axis(names, axis=1)


def adoptions_shown(series, panel, registry, *, as_of) -> dict[str, tuple[float, float]]:
    """What each units indicator with a basis tells of how fast units adopt: adoptions, and unit-periods at risk."""
    cases = cases_of(series, panel, registry, as_of=as_of, levers_pace=EMPTY_PACE)
    return units.shown_by([case for case in cases if case.indicator.kind == "units"], registry)
