"""What like series did over the same horizon from a similar level: their changes, weighted and smoothed into a distribution.

A pair is two points of one like series, ``horizon`` apart, both known by the origin. A pair counts the more the nearer its
start lies to the level forecast from and the later it ended. Its change is carried over to the task's own pace and level by a
ridge regression over the pairs (the regression adjustment of Beaumont, Zhang and Balding 2002, Genetics 162), and the changes
are spread by a normal kernel (Silverman 1986, 3.4.2).
"""

from typing import NamedTuple

import numpy as np
from scipy import fft

from qnict_analysis.models import ladder
from qnict_analysis.models.drift import expit

NEARNESS = 1.0
"""Log odds between two levels at which a pair counts 0.61 of one from the same level."""

MEMORY = 4.0
"""Years after which a pair counts 1/e."""

CASES = 3.0
"""Cases that the fallback distribution is worth: with no pair it stands alone, without a special case."""

LEAST_SD = {"logit": 0.02, "raw": 0.002}
"""Added to the spread of the changes, so that a set of equal changes is not taken for certainty."""

SILVERMAN = 0.9
"""Factor of the kernel's width: 0.9 sd n^(-1/5)."""

WIDEST = {"logit": 8.0, "raw": 1.0}
"""Changes beyond this are counted as this."""

CELLS = 512
"""Cells of the histogram of changes."""

RIDGE = 40.0
"""Cases' worth of "pace and level do not matter" in the regression; with few pairs the changes are taken as they are."""

FARTHEST = 2.5
"""Standard deviations from the pairs' mean pace or level beyond which the regression is not followed."""

LEAST_LEFT = 0.2
"""Part of the variance of the changes that no regression is believed to explain away."""


class Pairs(NamedTuple):
    """One pair an entry: its series' number, the time and level (log odds) of its start, and on each scale its change and the
    pace a year at its start (``NaN`` where nothing came before)."""

    series: np.ndarray
    start: np.ndarray
    level: np.ndarray
    change: dict[str, np.ndarray]
    pace: dict[str, np.ndarray]


class Told(NamedTuple):
    """What weighted pairs tell each task on one scale: the ``histogram`` of changes (tasks, CELLS), their ``mean`` and
    ``spread``, how many ``cases`` they are worth, and the weighted ``sums`` of the regression (tasks, 11)."""

    histogram: np.ndarray
    mean: np.ndarray
    spread: np.ndarray
    cases: np.ndarray
    sums: np.ndarray


class Carried(NamedTuple):
    """How a task takes the changes over, one entry a task: their mean goes to ``middle``, their spread times ``shrink``."""

    middle: np.ndarray
    shrink: np.ndarray


def weights(pairs: Pairs, *, series, level, origin, horizon) -> np.ndarray:
    """Weight of each pair for each task (tasks, pairs): 0 for the task's own series and for pairs that end after its origin.

    ``series``, ``level`` (log odds), ``origin`` (years): one entry a task; ``horizon`` in years, common to all.
    """
    age = origin[:, None] - horizon - pairs.start
    near = np.exp(-0.5 * ((pairs.level - level[:, None]) / NEARNESS) ** 2 - np.maximum(age, 0.0) / MEMORY)
    return np.where((age > -1e-6) & (pairs.series != series[:, None]), near, 0.0)


def told(pairs: Pairs, weight, *, scale: str) -> Told:
    """Sum up the pairs for each task; ``weight``: (tasks, pairs). Without a pair everything is 0."""
    change = np.clip(pairs.change[scale], -WIDEST[scale], WIDEST[scale])
    total = weight.sum(axis=1)
    least = np.maximum(total, 1e-300)
    mean, square = (weight @ np.column_stack([change, change**2])).T / least
    known = np.isfinite(pairs.pace[scale]).astype(float)
    pace, level = np.nan_to_num(pairs.pace[scale]), pairs.level
    columns = (1.0, change, change**2, pace, level, pace**2, pace * level, level**2, pace * change, level * change)
    sums = weight @ np.column_stack([known * column for column in columns])
    squares = weight**2 @ np.column_stack([np.ones_like(known), known])
    return Told(
        _histogram(change, weight, scale) / least[:, None],
        mean,
        np.sqrt(np.maximum(square - mean**2, 0.0)),
        total**2 / np.maximum(squares[:, 0], 1e-300),
        np.column_stack([sums, squares[:, 1]]),
    )


def _histogram(change, weight, scale: str) -> np.ndarray:
    """Weights of the changes, each shared between its two nearest cells: array (tasks, CELLS)."""
    place = (change + WIDEST[scale]) * (CELLS - 1) / (2 * WIDEST[scale])
    left = np.clip(place.astype(int), 0, CELLS - 2)
    cell = np.arange(len(weight))[:, None] * CELLS + left
    size = len(weight) * CELLS
    parts = ((cell, weight * (1 - (place - left))), (cell + 1, weight * (place - left)))
    return sum(np.bincount(where.ravel(), part.ravel(), minlength=size) for where, part in parts).reshape(-1, CELLS)


def carried(found: Told, level, pace) -> Carried:
    """Weighted ridge regression of the changes on pace and level, read at each task's own ``pace`` and ``level``.

    A pair without a pace takes no part in the regression; a task without one (``NaN``) follows its level alone.
    """
    sure = np.where(found.sums[:, 0] > 0, found.sums[:, 0] ** 2 / np.maximum(found.sums[:, -1], 1e-300), 0.0)
    mean, square, centre, cross, with_change = _moments(found.sums)
    sd = np.sqrt(np.maximum(np.diagonal(cross, axis1=1, axis2=2), 1e-12))
    slope = with_change / sd
    ridge = (RIDGE / np.maximum(sure, 1.0))[:, None, None] * np.eye(2)
    beta = np.linalg.solve(cross / sd[:, :, None] / sd[:, None, :] + ridge, slope[..., None])[..., 0]
    apart = np.clip((np.column_stack([pace, level]) - centre) / sd, -FARTHEST, FARTHEST)
    variance = np.maximum(square - mean**2, 0.0)
    left = np.maximum(variance - (beta * slope).sum(axis=1), LEAST_LEFT * variance)
    kept = np.where(variance > 0, left / np.maximum(variance, 1e-300), 1.0)
    unsure = 1.0 + 2.0 / np.maximum(sure, 1.0)  # two slopes were estimated
    middle = mean + (beta * np.nan_to_num(apart)).sum(axis=1)
    return Carried(np.where(sure > 0, middle, found.mean), np.where(sure > 0, np.sqrt(kept * unsure), 1.0))


def _moments(sums):
    """Weighted mean and square of the changes, mean of pace and level, their covariances, and those with the changes."""
    mean, square, pace, level, *products = sums[:, 1:-1].T / np.maximum(sums[:, 0], 1e-300)
    centre = np.column_stack([pace, level])
    cross = np.stack([products[0], products[1], products[1], products[2]], axis=1).reshape(-1, 2, 2)
    cross = cross - centre[:, :, None] * centre[:, None, :]
    return mean, square, centre, cross, np.column_stack(products[3:]) - centre * mean[:, None]


def cdf(found: Told, level, pace, *, scale: str) -> np.ndarray:
    """CDF at the rungs of the ladder around each task's ``level`` (log odds): array (tasks, rungs); 0 without a pair.

    ``pace``: each task's own pace a year on the scale (``NaN`` where one point is known).
    """
    to = carried(found, level, pace)
    width = SILVERMAN * (found.spread + LEAST_SD[scale]) * np.maximum(found.cases, 1.0) ** -0.2
    density = _smoothed(found.histogram, width, scale)
    offsets = (_offsets(level, scale) - to.middle[:, None]) / to.shrink[:, None] + found.mean[:, None]
    return _at(np.cumsum(density, axis=1), offsets, scale)


def _offsets(level, scale: str) -> np.ndarray:
    """How far the rungs lie from each task's level on the scale: array (tasks, rungs)."""
    if scale == "logit":
        return np.broadcast_to(ladder.OFFSETS, (len(level), len(ladder.OFFSETS)))
    return ladder.values(level) - expit(level)[:, None]


def _smoothed(histogram, width, scale: str) -> np.ndarray:
    """The histogram under a normal kernel of each row's ``width``, on an axis half as long again at both ends."""
    pad = CELLS // 2
    # Single precision does: a chance is known to far fewer digits, and this takes half the time.
    wide = np.pad(histogram.astype(np.float32), ((0, 0), (pad, pad)))
    frequency = (2 * np.pi * fft.rfftfreq(wide.shape[1])).astype(np.float32)
    cells = (width * (CELLS - 1) / (2 * WIDEST[scale])).astype(np.float32)
    kernel = np.exp(-0.5 * (frequency * cells[:, None]) ** 2)
    return np.maximum(fft.irfft(fft.rfft(wide, axis=1) * kernel, n=wide.shape[1], axis=1), 0.0)


def _at(cumulated, offsets, scale: str) -> np.ndarray:
    """The cumulated density at offsets from the last value, straight between the edges of the cells."""
    place = (offsets + WIDEST[scale]) * (CELLS - 1) / (2 * WIDEST[scale]) + CELLS // 2 - 0.5
    place = np.clip(place, 0.0, cumulated.shape[1] - 1.001)
    left = place.astype(int)
    low, high = (np.take_along_axis(cumulated, left + step, axis=1) for step in (0, 1))
    return np.clip(low + (place - left) * (high - low), 0.0, 1.0)
