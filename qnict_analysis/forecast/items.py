"""Draws of counts: items that come in batches, and those of a project list, in whole numbers."""

import numpy as np
from scipy import special

from qnict_analysis import periods
from qnict_analysis.forecast.reports import matched, silent_last
from qnict_analysis.models import copula
from qnict_analysis.models import counts as model
from qnict_analysis.models.drift import changed_rate

WINDOWS_FOR_CAP = 5
"""One-year windows of the own record from which the best pace observed is read; with fewer the prior speaks."""


def counts(cases, streams, registry) -> list:
    """For each case the function that draws it: from ``closes`` (one a period) and ``adds`` (two rows: expected, promised) to
    counts (whole numbers; periods, draws)."""
    return [_ready(case, stream, registry) for case, stream in zip(cases, streams, strict=True)]


def _ready(case, stream, registry):
    level, increment, years = _record(case)
    promised = case.planned.pmf if case.planned else [np.ones(1)] * len(case.periods)
    rates = model.pace_nodes(model.pace_posterior(increment - (case.planned.arrived if case.planned else 0), years))
    times = periods.period_time([case.history["period"].iloc[-1], *case.periods])
    steps = np.diff(times)[:, None]
    best = best_pace(case, quantile=registry.assumption("pace_cap_quantile"))
    strata = copula.strata(stream.n_draws)
    ranks = copula.ranks_of(_latent(case, stream, rates * steps))

    def draw(closes, adds) -> np.ndarray:
        means = np.cumsum(changed_rate(rates, best, closes) * steps, axis=0)
        together = zip(means, *np.cumsum(adds, axis=1), promised, strict=True)
        ordered = [level + _quantiles(strata, *each) for each in together]
        return np.take_along_axis(np.array(ordered, dtype=float), ranks, axis=-1)

    return draw


def _record(case) -> tuple[int, float, float]:
    """The latest count (silent units at their last figure), the net increment on matched units, and over how many years."""
    history = case.history
    level = history["value"].iloc[-1] + silent_last(case.panel, history["period"].iloc[-1])["numerator"].sum()
    pairs = matched(case.panel)
    if len(pairs.change):
        steps = periods.STEPS_PER_YEAR[periods.frequency(case.periods[0])]
        followed = case.panel.loc[case.panel["state"] == "reported"].groupby("unit").size().gt(1).sum()
        return round(level), pairs.change.sum(), pairs.gap.sum() / followed / steps
    times = periods.period_time(history["period"])
    return round(level), history["change"].iloc[1:].sum(), times[-1] - times[0]


def best_pace(case, *, quantile: float) -> float:
    """The best pace observed (items a year): a quantile of the shrunk rates of one-year windows, else of the prior."""
    times, values = periods.period_time(case.history["period"]), case.history["value"].to_numpy(float)
    later = np.searchsorted(times, times + 1.0 - 1e-9)
    started = np.flatnonzero(later < len(times))
    rates = [model.pace_posterior(values[later[i]] - values[i], times[later[i]] - times[i]) for i in started]
    if len(rates) >= WINDOWS_FOR_CAP:
        return float(np.quantile([pace.shape / pace.years for pace in rates], quantile))
    return float(special.gammaincinv(model.PRIOR[0], quantile) / model.PRIOR[1])


def _quantiles(levels, means, added: float, of: float, promised) -> np.ndarray:
    """The smallest increments whose CDF reaches the levels: the unplanned, what a scenario adds (``added`` expected of so many),
    and what was promised."""
    pmf = np.convolve(model.scheduled(model.increments(means).mean(axis=0), added, round(of)), promised)
    return np.minimum(np.searchsorted(np.cumsum(pmf), levels), len(pmf) - 1)


def _latent(case, stream, means) -> np.ndarray:
    """Baseline paths (periods, draws), ties broken the same way along a row."""
    node = _node(copula.normals(stream, copula.PACE), means.shape[1])
    keys = [copula.FIRST_PERIOD + periods.ordinal(label) for label in case.periods]
    chances = [special.ndtr(copula.normals(stream, key)) for key in keys]
    return model.paths(means, node, chances) + copula.own_uniforms(stream, copula.TIE)


def _node(normal, n_nodes: int) -> np.ndarray:
    """Which of the equally likely rates a row has."""
    return np.minimum((special.ndtr(normal) * n_nodes).astype(int), n_nodes - 1)
