"""What the engine learns from series whose outcomes are known: ``qnict learn SERIES TASKS --out FILE``.

Four things, and no more, because what is learned on some kinds of series easily misleads on others: which paces and how much
noise are usual, which settings of the trends, how much each component counts, and how sharp their average is. The last three are
held close to "every one the same".
"""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from scipy import optimize, special

from qnict_analysis import __version__
from qnict_analysis.engine import batches, components, drift_cdf, recent
from qnict_analysis.engine.learned import COMPONENTS, FURTHEST, SCALES, Learned, even
from qnict_analysis.engine.points import Asked, Points, asked_of, histories, log_odds, points_of
from qnict_analysis.models import drift, ladder, trends
from qnict_analysis.task_files import (
    check_ending,
    check_known,
    check_outcomes,
    read_series,
    read_tasks,
    refuse_overwriting,
    write_whole,
)

FEWEST_TASKS, FEWEST_SERIES = 50, 5
"""Fewer teach chance: of six draws of 20 real tasks the sharpness came out from 0.9 to 2.7, of 50 still from 1.0 to 1.5."""

EVEN_SERIES = 300.0
"""Series' worth of "every setting is as usual as the next" when the trends' settings are learned."""

SERIES_AN_INDICATOR = 12
"""No indicator counts as more series than this, or the largest would decide what is usual everywhere."""

CRPS_WEIGHT = 4.0
"""The usual CRPS of a share is a quarter of the usual Brier score: so both weigh the same in what is made small."""

ENDINGS = (".yaml", ".yml")
"""How a file of learned numbers is named."""

SHORT = 2
"""Points of the short histories on which the priors are learned."""

PRIOR_BOUNDS = [(-5.0, 5.0), (np.log(1e-3), np.log(3.0)), (np.log(1e-3), np.log(3.0))]
"""Pace in its spreads, logarithms of both spreads: series that never move shall not teach that nothing ever does."""

PRIOR_ROUNDS = 30
"""Rounds of the search for the priors; the loss is flat to five decimals long before."""

HOLD = 0.02
"""Loss added for a mean squared relative distance of the weights from equal ones, which are hard to beat on other kinds."""


def learn(series: pd.DataFrame, tasks: pd.DataFrame, *, leave_out: str = "") -> Learned:
    """The numbers that make Brier score + 4 CRPS of the tasks small, without the indicator ``leave_out``.

    ``series`` and ``tasks`` as for ``predict``, the tasks with ``outcome_value`` (0 to 1) and ``met`` (0, 1). Deterministic.
    ``ValueError`` when the indicator is unknown or too little is left to learn from.
    """
    known = sorted(series.indicator.unique())
    if leave_out and leave_out not in known:
        raise ValueError(f"indicator '{leave_out}' is unknown; allowed: {', '.join(known)}")
    series = series[series.indicator != leave_out]
    tasks = tasks[tasks.series_id.isin(series.series_id)]
    if len(tasks) < FEWEST_TASKS or tasks.series_id.nunique() < FEWEST_SERIES:
        raise ValueError(
            f"too little to learn from: tasks {len(tasks)}, series asked about {tasks.series_id.nunique()}; allowed: at least "
            f"{FEWEST_TASKS} tasks of at least {FEWEST_SERIES} series{' beside what is left out' if leave_out else ''}"
        )
    points = points_of(series)
    asked = asked_of(points, tasks)
    start = replace(even(), priors=usual_priors(points, asked, tasks), settings=usual_settings(points))
    weights, sharpness = _combination(points, asked, tasks, start)
    return replace(start, weights=dict(zip(COMPONENTS, weights, strict=True)), sharpness=sharpness)


def usual_priors(points: Points, asked: Asked, tasks: pd.DataFrame) -> dict[str, drift.Prior]:
    """The prior of pace and noise with which the drift alone does best, on the tasks as they are and on their last points only.

    A long history hardly needs a prior; a short one leans on it.
    """
    short = asked._replace(start=np.maximum(asked.start, asked.stop - SHORT))
    outcome, met = (np.tile(tasks[name].to_numpy(float), 2) for name in ("outcome_value", "met"))
    both = Asked(*(np.concatenate(parts) for parts in zip(asked, short, strict=True)))
    own, middle = recent(points, both), log_odds(points.values[both.stop - 1])
    judged = (own, middle, both.horizon, both.target, outcome, met)
    start = [number for scale in SCALES for number in _numbers(even().priors[scale])]
    settings = {"method": "L-BFGS-B", "bounds": PRIOR_BOUNDS * len(SCALES), "options": {"maxiter": PRIOR_ROUNDS}}
    best = optimize.minimize(_prior_loss, start, args=judged, **settings)
    return _priors(best.x)


def _numbers(prior: drift.Prior) -> tuple[float, float, float]:
    """A prior as numbers without bounds of about the same size: pace relative to its spread, logarithms of the spreads."""
    return prior.mu / prior.tau, np.log(prior.tau), np.log(prior.sigma)


def _priors(numbers) -> dict[str, drift.Prior]:
    table = np.reshape(numbers, (len(SCALES), 3))
    return {
        s: drift.Prior(float(m * np.exp(t)), float(np.exp(t)), float(np.exp(n)))
        for s, (m, t, n) in zip(SCALES, table, strict=True)
    }


def _prior_loss(numbers, own, middle, horizon, target, outcome, met) -> float:
    """The loss of the drift alone under these priors."""
    rungs = middle[:, None] + ladder.OFFSETS
    table = ladder.Table(middle, ladder.scores(drift_cdf(own, horizon, _priors(numbers), rungs)))
    return _loss(table, target, outcome, met)


def usual_settings(points: Points) -> np.ndarray:
    """Prior weights of the trends' settings from the last steps of every series."""
    times, values = histories(points, np.maximum(points.first, points.last - trends.WINDOW - 1), points.last)
    gained = trends.filtered(times, log_odds(values))[0].sum(axis=1, dtype=float)
    many = np.bincount(points.kinds)[points.kinds]
    return trends.learned_weights(gained, SERIES_AN_INDICATOR / np.maximum(many, SERIES_AN_INDICATOR), pseudo=EVEN_SERIES)


def _combination(points: Points, asked: Asked, tasks: pd.DataFrame, start: Learned) -> tuple[list[float], float]:
    """Weights of the components (in the order of COMPONENTS) and sharpness that make the loss small."""
    parts = np.empty((len(COMPONENTS), len(tasks), len(ladder.OFFSETS)))
    for picked in batches(points, asked):
        found = components(points, asked.only(picked), start, pool="indicator")
        parts[:, picked] = [found[name] for name in COMPONENTS]
    middle = log_odds(points.values[asked.stop - 1])
    judged = (parts, middle, asked.target, tasks.outcome_value.to_numpy(float), tasks.met.to_numpy(float))
    widest = [(None, None)] * len(COMPONENTS) + [(-np.log(0.99 * FURTHEST), np.log(0.99 * FURTHEST))]
    best = optimize.minimize(_weight_loss, np.zeros(len(COMPONENTS) + 1), args=judged, method="L-BFGS-B", bounds=widest)
    return special.softmax(best.x[:-1]).tolist(), float(np.exp(best.x[-1]))


def _weight_loss(numbers, parts, middle, target, outcome, met) -> float:
    """The loss of the combination and what holds its weights together; ``numbers``: logits of weights, log sharpness."""
    weights, sharpness = special.softmax(numbers[:-1]), np.exp(numbers[-1])
    table = ladder.Table(middle, ladder.pooled(parts, weights, sharpness))
    return _loss(table, target, outcome, met) + HOLD * np.mean((weights * len(weights) - 1.0) ** 2)


def _loss(table: ladder.Table, target, outcome, met) -> float:
    """Brier score + CRPS_WEIGHT * CRPS."""
    brier = np.mean((1.0 - ladder.cdf(target, table, strict=True) - met) ** 2)
    rungs = ladder.values(table.middle)
    crps = np.trapezoid((special.ndtr(table.score) - (outcome[:, None] <= rungs)) ** 2, rungs, axis=1).mean()
    return brier + CRPS_WEIGHT * crps


def learn_file(series_path: str | Path, tasks_path: str | Path, out_path: str | Path, *, leave_out: str = "") -> str:
    """Read the files, learn, write the numbers with where they come from; returns a line to show.

    ``ValueError`` names file, row, column and what is allowed.
    """
    refuse_overwriting(out_path, series_path, tasks_path)
    check_ending(out_path, ENDINGS)
    series, tasks = read_series(series_path), read_tasks(tasks_path, outcomes=True)
    check_known(series, series_path, tasks, tasks_path)
    check_outcomes(series, series_path, tasks, tasks_path)
    learned = learn(series, tasks, leave_out=leave_out)
    used = tasks.series_id.map(series.groupby("series_id").indicator.first()) != leave_out
    told = {
        "provenance": {
            "made_by": f"qnict learn, qnict_analysis {__version__}",
            "series": {"sha256": _sha256(series_path), "number": int(series.series_id.nunique())},
            "tasks": {"sha256": _sha256(tasks_path), "number": len(tasks), "learned_from": int(used.sum())},
            "indicators": sorted(series.indicator[series.indicator != leave_out].unique().tolist()),
            "left_out": leave_out,
        },
        "priors": {
            scale: {name: round(number, 6) for name, number in prior._asdict().items()} for scale, prior in learned.priors.items()
        },
        "weights": {name: round(weight, 4) for name, weight in learned.weights.items()},
        "sharpness": round(learned.sharpness, 4),
        "settings": [round(float(weight), 6) for weight in learned.settings],
    }
    write_whole(out_path, yaml.safe_dump(told, sort_keys=False, allow_unicode=True))
    return f"learned from {used.sum()} tasks → {out_path}"


def _sha256(path) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
