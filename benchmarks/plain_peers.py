"""Peers that need no library: a straight line with its prediction interval, and two published yes/no rules."""

import numpy as np
from histories import History, to_scale
from scipy.stats import t as student

DENSE = np.concatenate([[0.001, 0.005, 0.01], np.linspace(0.025, 0.975, 39), [0.99, 0.995, 0.999]])
"""Levels at which a distribution that is not normal is handed over."""

ON_TRACK = 0.95
"""Share of the required growth at which Open SDG calls a target on track."""

NO_BASE = 0.001
"""Open SDG puts this in place of a base of 0, from which no growth can be counted."""


def weighted_line(times, values, weights) -> tuple[np.ndarray, np.ndarray, float]:
    """Intercept and slope, their covariance without the noise, and the noise variance, by weighted least squares."""
    design = np.column_stack([np.ones_like(times), times])
    root = np.sqrt(weights)[:, None]
    inverse = np.linalg.inv((design * root).T @ (design * root))
    line = inverse @ (design * root).T @ (values * root[:, 0])
    rest = values - design @ line
    return line, inverse, float((weights * rest**2).sum() / max(len(times) - 2, 1))


def straight_line(task: History, scale: str) -> tuple[np.ndarray, np.ndarray]:
    """Ordinary least squares with its Student-t prediction interval; three points are the least.

    Quantile = a + b·T + t(n − 2)·s·√(1 + x'(X'X)⁻¹x).
    """
    if len(task.times) < 3:
        raise ValueError("a prediction interval needs three points")
    times = task.times - task.times[-1]
    line, inverse, noise = weighted_line(times, to_scale(task.values, scale), np.ones_like(times))
    ahead = np.array([1.0, task.end - task.times[-1]])
    spread = np.sqrt(noise * (1 + ahead @ inverse @ ahead))
    return DENSE, ahead @ line + student.ppf(DENSE, len(times) - 2) * spread


def cagr_rule(task: History) -> float:
    """Eurostat's rule as Open SDG computes it: 1 when on track, 0 otherwise.

    On track: the target is met already, or the growth a year since the first point is at least 95 % of the growth a year
    that leads from the first point to the target.
    """
    if task.values[-1] >= task.target:
        return 1.0
    first, last = np.maximum(task.values[[0, -1]], NO_BASE)
    made = (last / first) ** (1 / (task.times[-1] - task.times[0])) - 1
    required = (max(task.target, NO_BASE) / first) ** (1 / (task.end - task.times[0])) - 1
    return float(required > 0 and made >= ON_TRACK * required)


def escap_rule(task: History) -> float:
    """The regression of ESCAP's Anticipated Progress Index: 1 when it meets the target at the deadline T, 0 otherwise.

    A line through the logits, weighted (T − t₁)/(T − tᵢ), so that recent points count more; done as weighted least squares.
    """
    times = task.times - task.times[-1]
    ahead = task.end - task.times[-1]
    line = weighted_line(times, to_scale(task.values, "logit"), (ahead - times[0]) / (ahead - times))[0]
    return float(line[0] + line[1] * ahead >= to_scale(task.target, "logit"))
