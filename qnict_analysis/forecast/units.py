"""Draws of k of N: how many units have adopted, in whole numbers.

Two distributions are averaged: units that adopt one by one, and the share k / N forecast as any other share, each whole number
holding what lies within half a unit of it. On real shares turned into units (benchmarks/results/k_of_n.md) the share was the
better half by far (Brier score 0.151 against 0.174), so it counts for three quarters; the hazard knows what a share cannot: who
is silent, who lapsed, and that a unit needs a whole step. The average has the share's score and the better log score.
"""

from typing import NamedTuple

import numpy as np
from scipy import special

from qnict_analysis import periods
from qnict_analysis.forecast import shares
from qnict_analysis.forecast.reports import Matched, matched, silent_last
from qnict_analysis.models import copula, hazard, ladder
from qnict_analysis.models.drift import changed_rate

BY_SHARE = 0.75
"""What the share counts for in the average."""

HAZARD = 0.15
"""Chance a year that a unit adopts, before any is seen: the share's prior pace (0.18 on the logit) at a fifth of the way."""

HAZARD_YEARS = 20.0
"""Unit-years that this belief is worth against what the other unit indicators show."""

INDICATORS_FOR_CAP = 5
"""Hazards of unit indicators from which the best pace observed is read; with fewer the prior speaks."""


class Record(NamedTuple):
    """What the returns of one indicator say: adoptions over unit-periods at risk, lapses over adopter-periods, the
    ``figures`` that k can take (blocks of ``grain`` units) and how likely each is now (``start``)."""

    adopted: float
    exposure: float
    lapse: float
    start: np.ndarray
    figures: np.ndarray
    grain: float


def adopters(cases, streams, registry, *, shown: dict | None = None) -> list:
    """For each case the function that draws it: from ``closes`` (one a period) and ``adds`` (two rows: expected, promised) to the
    number of units that have adopted (whole numbers; periods, draws). All that a scenario does not touch is worked out once.

    ``shown``: what each indicator tells the others of how fast units adopt (``shown_by``); these cases' own where None.
    """
    kappa = registry.assumption("kappa")
    pairs = [matched(case.panel) for case in cases]
    own = [_adoptions(case, found, kappa) for case, found in zip(cases, pairs, strict=True)]
    names = [case.indicator.id for case in cases]
    priors = _prior_means(cases, dict(zip(names, own, strict=True)) if shown is None else shown)
    records = [_record(*each) for each in zip(cases, pairs, own, priors, strict=True)]
    best = _best_hazard(records, priors, quantile=registry.assumption("pace_cap_quantile"))
    together = zip(cases, streams, records, priors, best, strict=True)
    return [_ready(case, stream, record, prior, cap, registry) for case, stream, record, prior, cap in together]


def _ready(case, stream, record: Record, prior: float, cap: float, registry):
    rates = hazard.rate_nodes(hazard.rate_posterior(record.adopted, record.exposure, prior_mean=prior))
    top = len(record.figures) - 1
    settings = {"kappa": registry.assumption("kappa"), "reached": record.figures / max(record.figures[-1], 1)}
    plain, lost = hazard.adoptions(rates, top, **settings), hazard.lapses(top, record.lapse)
    whole = shares.whole_of(case, registry, now=record.start @ record.figures / record.figures[-1])
    ranks = copula.ranks_of(_latent(case, stream, record.start, plain if lost is None else plain @ lost))
    strata = copula.strata(stream.n_draws)

    def draw(closes, adds) -> np.ndarray:
        moved = zip(changed_rate(rates, cap, closes), closes, strict=True)
        steps = [hazard.adoptions(row, top, **settings) if closed else plain for row, closed in moved]
        one_by_one = hazard.recursion(record.start, steps, adds[0] / record.grain, lost, adds[1] / record.grain)
        averaged = BY_SHARE * _by_share(case, record, whole.moved(closes), adds) + (1.0 - BY_SHARE) * one_by_one
        ordered = [record.figures[np.minimum(np.searchsorted(np.cumsum(pmf), strata), top)] for pmf in averaged]
        return np.take_along_axis(np.array(ordered, dtype=float), ranks, axis=-1)

    return draw


def _by_share(case, record: Record, table: ladder.Table, adds) -> np.ndarray:
    """Chance of each of the record's figures in each period ahead (periods, figures), from k / N as a share (``table``).

    Silent units count as they are believed to stand now, not as missing.
    """
    n = record.figures[-1]
    edges = 0.5 * (record.figures[1:] + record.figures[:-1]) / n
    below = ladder.cdfs(edges if case.direction > 0 else 1.0 - edges, table)
    below = below if case.direction > 0 else 1.0 - below
    chances = np.diff(below, prepend=0.0, append=1.0, axis=1)
    joined = np.eye(len(record.figures))
    for period, (expected, promised) in enumerate((adds / record.grain).T):
        joined = joined @ hazard.joining(len(record.figures) - 1, expected, promised) if expected > 0 else joined
        chances[period] = chances[period] @ joined
    return chances


def _latent(case, stream, start, step) -> np.ndarray:
    """Baseline paths (periods, draws), ties broken the same way along a row."""
    node = np.minimum((special.ndtr(copula.normals(stream, copula.PACE)) * len(step)).astype(int), len(step) - 1)
    keys = [copula.START, *(copula.FIRST_PERIOD + periods.ordinal(label) for label in case.periods)]
    uniforms = np.array([special.ndtr(copula.normals(stream, key)) for key in keys])
    return hazard.paths(start, step, node, uniforms) + copula.own_uniforms(stream, copula.TIE)


def shown_by(cases, registry) -> dict[str, tuple[float, float]]:
    """Adoptions and unit-periods at risk (stragglers' counting less) of each case, by its indicator."""
    kappa = registry.assumption("kappa")
    return {case.indicator.id: _adoptions(case, matched(case.panel), kappa) for case in cases}


def paces_of(cases, registry) -> list[tuple[float, float]]:
    """For each case the chance a period that a unit at risk adopts (posterior mean, before stragglers' slowness), and that an
    adopter lapses."""
    pairs = [matched(case.panel) for case in cases]
    own = [_adoptions(case, found, registry.assumption("kappa")) for case, found in zip(cases, pairs, strict=True)]
    priors = _prior_means(cases, dict(zip((case.indicator.id for case in cases), own, strict=True)))
    rates = [hazard.rate_posterior(*found, prior_mean=prior) for found, prior in zip(own, priors, strict=True)]
    lapses = [_lapse(case, found) for case, found in zip(cases, pairs, strict=True)]
    return [(rate.alpha / (rate.alpha + rate.beta), lapse) for rate, lapse in zip(rates, lapses, strict=True)]


def _prior_means(cases, shown: dict) -> list[float]:
    """Prior hazard a period of each indicator: the shipped one pooled with what the *other* unit indicators show."""
    means = []
    for case in cases:
        others = [found for name, found in shown.items() if name != case.indicator.id]
        adopted, exposure = (sum(found[place] for found in others) for place in range(2))
        steps = _steps(case)
        shipped = 1.0 - (1.0 - HAZARD) ** (1.0 / steps)
        means.append((adopted + HAZARD_YEARS * steps * shipped) / (exposure + HAZARD_YEARS * steps))
    return means


def _adoptions(case, pairs: Matched, kappa: float) -> tuple[float, float]:
    """Adoptions, and unit-periods at risk (stragglers' counting less)."""
    shares = case.history.assign(share=case.history["numerator"] / case.history["denominator"]).set_index("period")["share"]
    reached = shares.reindex(pairs.period).fillna(0.0).to_numpy()
    at_risk = (pairs.denominator - pairs.figure) * pairs.gap
    return float(np.maximum(pairs.change, 0.0).sum()), hazard.exposure_of(at_risk, reached, 1, kappa=kappa)


def _record(case, pairs: Matched, own: tuple[float, float], prior: float) -> Record:
    adopted, exposure = own
    lapse = _lapse(case, pairs)
    rate = hazard.rate_posterior(adopted, exposure, prior_mean=prior)
    now = _now(case, rate.alpha / (rate.alpha + rate.beta), lapse)
    n = len(now) - 1
    figures = hazard.blocks(round(now @ np.arange(n + 1)), n)
    start = np.bincount(np.searchsorted(figures, np.arange(n + 1), side="right") - 1, weights=now, minlength=len(figures))
    grain = n / max(len(figures) - 1, 1)
    return Record(adopted / grain, exposure / grain, lapse, start, figures, grain)


def _lapse(case, pairs: Matched) -> float:
    """Chance a period that an adopter lapses: shipped belief plus the lapses seen over adopter-years."""
    steps = _steps(case)
    lapses, years = hazard.LAPSE_PRIOR
    lapses += np.maximum(-pairs.change, 0.0).sum()
    years += (pairs.figure * pairs.gap).sum() / steps
    return lapses / years / steps


def _now(case, rate: float, lapse: float) -> np.ndarray:
    """The distribution of k in the last observed period: known adopters, and silent units drawn from their last state.

    Units that never reported have adopted as often as the known ones.
    """
    last = case.history.iloc[-1]
    n = round(last["denominator"])
    here = case.panel[(case.panel["period"] == last["period"]) & (case.panel["state"] != "silent")]
    known = round(here["numerator"].sum()) if len(here) else round(last["numerator"])
    told = round(here["denominator"].sum()) if len(here) else n
    chances = []
    for unit in silent_last(case.panel, last["period"]).itertuples():
        chances += [(1.0 - lapse) ** unit.gap] * round(unit.numerator)
        chances += [1.0 - (1.0 - rate) ** unit.gap] * round(unit.denominator - unit.numerator)
    chances += [(known + 0.5) / (told + 1.0)] * max(n - told - len(chances), 0)
    return hazard.start_distribution(known, chances[: max(n - told, 0)], n)


def _best_hazard(records, priors, *, quantile: float) -> list[float]:
    """The best pace observed (chance a period): a quantile of the unit indicators' shrunk hazards, else of the prior."""
    shrunk = [hazard.rate_posterior(r.adopted, r.exposure, prior_mean=prior) for r, prior in zip(records, priors, strict=True)]
    if len(shrunk) >= INDICATORS_FOR_CAP:
        return [float(np.quantile([rate.alpha / (rate.alpha + rate.beta) for rate in shrunk], quantile))] * len(records)
    alone = [hazard.rate_posterior(0.0, 0.0, prior_mean=prior) for prior in priors]
    return [float(special.betaincinv(rate.alpha, rate.beta, quantile)) for rate in alone]


def _steps(case) -> int:
    return periods.STEPS_PER_YEAR[periods.frequency(case.periods[0])]
