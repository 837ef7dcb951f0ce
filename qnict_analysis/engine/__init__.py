"""The forecast of many shares at once: one table of the predictive distribution a task.

``points``   series and tasks in numbers      ``like``   what the other series of an indicator say
``learned``  the numbers learned on real series and shipped with the package

Components: ``alone`` (drift with the shipped prior), ``pooled`` (drift with the prior of like series), ``like_logit`` and
``like_raw`` (what like series did over the same horizon), ``trends`` (damped local linear trends).
"""

import numpy as np
from scipy import special

from qnict_analysis.engine import like
from qnict_analysis.engine.learned import COMPONENTS, Learned
from qnict_analysis.engine.points import Asked, Points, histories, log_odds
from qnict_analysis.models import drift, ladder, mixture, trends

CHUNK = 2_000
"""Tasks forecast at once: keeps the working memory of any file within a few hundred megabytes."""


def tables(points: Points, asked: Asked, learned: Learned, *, pool: str) -> ladder.Table:
    """The predictive distribution of every task; ``pool``: ``indicator`` or ``none``."""
    middle = log_odds(points.values[asked.stop - 1])
    score = np.empty((len(middle), len(ladder.OFFSETS)))
    for picked in batches(points, asked, pool=pool):
        parts = components(points, asked.only(picked), learned, pool=pool)
        score[picked] = ladder.pooled(parts.values(), [learned.weights[name] for name in parts], learned.sharpness)
    return ladder.Table(middle, score)


def batches(points: Points, asked: Asked, *, pool: str) -> list[np.ndarray]:
    """Tasks to forecast together: those of one indicator where like series speak, at most ``CHUNK`` of them."""
    kinds = points.kinds[asked.row] if pool == "indicator" else np.zeros(len(asked.row), dtype=int)
    order = np.argsort(kinds, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(kinds[order])) + 1) if len(order) else []
    return [group[first : first + CHUNK] for group in groups for first in range(0, len(group), CHUNK)]


def components(points: Points, asked: Asked, learned: Learned, *, pool: str) -> dict[str, np.ndarray]:
    """Normal scores (tasks, rungs) of each component's CDF; with ``pool="indicator"`` all tasks are of one indicator.

    Without like series the pooled drift is the drift alone, and what they would have done is left to drift and trends.
    """
    times, values = histories(points, asked.start, asked.stop)
    rungs = log_odds(points.values[asked.stop - 1])[:, None] + ladder.OFFSETS
    shipped = {scale: drift.PRIORS[scale] for scale in like.SCALES}
    alone = ladder.scores(_drift_cdf(times, values, asked.horizon, shipped, rungs))
    if pool == "none":
        weights = np.broadcast_to(learned.settings, (len(times), len(learned.settings)))
        trend = ladder.scores(_trend_cdf(times, values, asked.horizon, weights, rungs))
        between = 0.5 * (alone + trend)
        return dict(zip(COMPONENTS, (alone, alone, between, between, trend), strict=True))
    pooled = ladder.scores(_drift_cdf(times, values, asked.horizon, like.priors(points, asked), rungs))
    weights = like.trend_weights(points, asked, learned.settings)
    trend = ladder.scores(_trend_cdf(times, values, asked.horizon, weights, rungs))
    logit, raw = like.analogue_scores(points, asked, special.ndtr(0.5 * (pooled + trend)))
    return dict(zip(COMPONENTS, (alone, pooled, logit, raw, trend), strict=True))


def _drift_cdf(times, values, horizon, priors: dict[str, drift.Prior], rungs) -> np.ndarray:
    """CDF at the rungs of the drift averaged over both scales, ``horizon`` years after the last point of each row."""
    last = np.isfinite(values).sum(axis=1)[:, None] - 1
    noise = {"passing": drift.PASSING, "step": drift.usual_step(times, values)}
    parts = []
    for scale, prior in priors.items():
        scaled = drift.to_scale(values, scale=scale)
        fit = drift.posterior(drift.steps_of(times, scaled), prior)
        parts.append(drift.predictive(np.take_along_axis(scaled, last, 1)[:, 0], fit, horizon, **noise))
    loc, spread = (np.stack(part, axis=-1) for part in zip(*parts, strict=True))
    forecast = mixture.Mixture(loc, spread, fit.df.astype(float), tuple(priors), ceiling=1.0)
    return mixture.cdf(drift.expit(rungs), mixture.spread_out(forecast))


def _trend_cdf(times, values, horizon, prior, rungs) -> np.ndarray:
    """CDF at the rungs of the damped trends, weighted by ``prior`` (rows, settings) and by how well they fit each row."""
    gained, state = trends.filtered(times, log_odds(values))
    weights = trends.shares(gained.sum(axis=1, dtype=float), prior)
    return trends.cdf(*trends.ahead(state, horizon), weights, rungs)
