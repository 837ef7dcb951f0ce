"""The forecast of many shares at once: one table of the predictive distribution a task.

``points``   series and tasks in numbers      ``like``   what the other series of an indicator say
``learned``  the numbers learned on real series and shipped with the package    ``ends``  shares that stand at 0 or 1

Components: ``alone`` (drift with the shipped prior), ``pooled`` (drift with the prior of like series), ``like_logit`` and
``like_raw`` (what like series did over the same horizon), ``trends`` (damped local linear trends).
"""

from typing import NamedTuple

import numpy as np
from scipy import special

from qnict_analysis.engine import like
from qnict_analysis.engine.ends import at_ends
from qnict_analysis.engine.learned import COMPONENTS, Learned
from qnict_analysis.engine.points import (
    NOISE_WINDOW,
    PACE_WINDOW,
    TREND_WINDOW,
    Asked,
    Points,
    histories,
    log_odds,
    standing,
    window,
)
from qnict_analysis.models import drift, ladder, student, trends

CHUNK = 2_000
"""Tasks forecast at once: keeps the working memory of any file within a few hundred megabytes."""


def tables(points: Points, asked: Asked, learned: Learned, *, pool: str) -> ladder.Table:
    """The predictive distribution of every task; ``pool``: ``indicator`` or ``none``."""
    middle = standing(points.values[asked.stop - 1])
    score = np.empty((len(middle), len(ladder.OFFSETS)))
    for picked in batches(points, asked):
        parts = components(points, asked.only(picked), learned, pool=pool)
        score[picked] = ladder.pooled(parts.values(), [learned.weights[name] for name in parts], learned.sharpness)
    return ladder.Table(middle, score, *at_ends(points, asked, like=pool == "indicator"))


def batches(points: Points, asked: Asked) -> list[np.ndarray]:
    """Tasks to forecast together, at most ``CHUNK``: those of one indicator side by side, since they share their like series."""
    order = np.argsort(points.kinds[asked.row], kind="stable")
    return [order[first : first + CHUNK] for first in range(0, len(order), CHUNK)]


def components(points: Points, asked: Asked, learned: Learned, *, pool: str) -> dict[str, np.ndarray]:
    """Normal scores (tasks, rungs) of each component's CDF.

    Without like series the pooled drift is the drift alone, and what they would have done is left to drift and trends.
    """
    own = recent(points, asked)
    rungs = log_odds(points.values[asked.stop - 1])[:, None] + ladder.OFFSETS
    alone = ladder.scores(drift_cdf(own, asked.horizon, learned.priors, rungs))
    if pool == "none":
        weights = np.broadcast_to(learned.settings, (len(rungs), len(learned.settings)))
        trend = ladder.scores(_trend_cdf(own, asked.horizon, weights, rungs))
        between = 0.5 * (alone + trend)
        return dict(zip(COMPONENTS, (alone, alone, between, between, trend), strict=True))
    groups = like.groups(points, asked)
    pooled = ladder.scores(drift_cdf(own, asked.horizon, like.priors(groups, asked, learned.priors), rungs))
    weights = like.trend_weights(groups, points, asked, learned.settings)
    trend = ladder.scores(_trend_cdf(own, asked.horizon, weights, rungs))
    logit, raw = like.analogue_scores(groups, points, asked, special.ndtr(0.5 * (pooled + trend)))
    return dict(zip(COMPONENTS, (alone, pooled, logit, raw, trend), strict=True))


class Recent(NamedTuple):
    """The last points of each task's own history (times, values), as many as speak for its pace, trend and noise."""

    pace: tuple[np.ndarray, np.ndarray]
    trend: tuple[np.ndarray, np.ndarray]
    noise: tuple[np.ndarray, np.ndarray]
    step: np.ndarray


def recent(points: Points, asked: Asked) -> Recent:
    """Cut the histories of the tasks to their windows; ``step``: usual distance of two points in years."""
    step = drift.usual_step(*histories(points, asked.start, asked.stop))
    starts = [np.maximum(asked.start, asked.stop - window(least, step)) for least in (PACE_WINDOW, TREND_WINDOW, NOISE_WINDOW)]
    return Recent(*(histories(points, start, asked.stop) for start in starts), step)


def drift_of(own: Recent, prior: drift.Prior, scale: str) -> drift.Drift:
    """Pace and noise of each row on a scale: the pace of its last points, the noise of some more, shrunk to the prior."""
    pace = drift.steps_of(own.pace[0], drift.to_scale(own.pace[1], scale=scale))
    noise = drift.steps_of(own.noise[0], drift.to_scale(own.noise[1], scale=scale))
    return drift.posterior(drift.Steps(pace.slope, pace.span, noise.s2, noise.n), prior)


def drift_cdf(own: Recent, horizon, priors: dict[str, drift.Prior], rungs) -> np.ndarray:
    """CDF at the rungs of the drift averaged over both scales, ``horizon`` years after the last point of each row."""
    last = np.isfinite(own.pace[1]).sum(axis=1)[:, None] - 1
    parts = []
    for scale, prior in priors.items():
        fit = drift_of(own, prior, scale)
        now = drift.to_scale(np.take_along_axis(own.pace[1], last, 1)[:, 0], scale=scale)
        parts.append((scale, *drift.predictive(now, fit, horizon, passing=drift.PASSING, step=own.step)))
    on = {"logit": rungs, "raw": drift.expit(rungs)}
    return sum(student.cdf(fit.df, (on[scale] - loc[:, None]) / spread[:, None]) for scale, loc, spread in parts) / len(parts)


def _trend_cdf(own: Recent, horizon, prior, rungs) -> np.ndarray:
    """CDF at the rungs of the damped trends, weighted by ``prior`` (rows, settings) and by how well they fit each row."""
    times, values = own.trend
    gained, state = trends.filtered(times, log_odds(values))
    weights = trends.shares(gained.sum(axis=1, dtype=float), prior)
    return trends.cdf(*trends.ahead(state, horizon), weights, rungs)
