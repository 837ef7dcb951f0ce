"""Scores of forecasts against what came: P(met), quantiles and intervals. All values are shares from 0 to 1.

Frames hold p_met, met (0 or 1), q05 … q95 and outcome_value. Sources: Brier (1950); Good (1952) for the log score; Gneiting
and Raftery (2007) for the CRPS as an integral of pinball losses.
"""

import numpy as np
import pandas as pd

LEVELS = {"q05": 0.05, "q10": 0.10, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q90": 0.90, "q95": 0.95}
INTERVALS = {"cov50": ("q25", "q75"), "cov80": ("q10", "q90"), "cov90": ("q05", "q95")}
SURE = 0.001
"""No P(met) counts as surer than this: one wrong 0 or 1 would otherwise make the mean log score infinite."""

BINS = 10


def clipped(p) -> np.ndarray:
    """P(met), held within SURE of 0 and 1."""
    return np.clip(np.asarray(p, float), SURE, 1 - SURE)


def brier(p, met) -> np.ndarray:
    """(p − met)², one a task."""
    return (clipped(p) - np.asarray(met, float)) ** 2


def log_score(p, met) -> np.ndarray:
    """−ln of the probability given to what came, one a task."""
    return -np.log(np.where(np.asarray(met, bool), clipped(p), 1 - clipped(p)))


def crps(quantiles, outcome) -> np.ndarray:
    """Twice the mean pinball loss over LEVELS, in share points, one a task; ``quantiles`` has one column a level."""
    miss = np.asarray(outcome, float)[:, None] - np.asarray(quantiles, float)
    levels = np.array(list(LEVELS.values()))
    return 2 * np.maximum(levels * miss, (levels - 1) * miss).mean(axis=1)


def reliability(p, met) -> pd.DataFrame:
    """Ten equal bins of p: bin (0 to 9), n, mean_p, observed (share that was met); empty bins are left out."""
    frame = pd.DataFrame({"p": clipped(p), "met": np.asarray(met, float)})
    bins = np.minimum((frame.p * BINS).astype(int), BINS - 1).rename("bin")
    return frame.groupby(bins).agg(n=("p", "size"), mean_p=("p", "mean"), observed=("met", "mean")).reset_index()


def calibration_error(p, met) -> float:
    """Expected calibration error: |mean p − observed| over the bins, weighted by their size."""
    bins = reliability(p, met)
    return float(((bins.mean_p - bins.observed).abs() * bins.n).sum() / bins.n.sum())


def scores(frame: pd.DataFrame) -> dict[str, float]:
    """Mean scores of a frame: n, brier, log, crps, cov50, cov80, cov90, mae (of the median), ece.

    A yes/no rule has no quantiles (NaN) and so no crps, coverage and mae.
    """
    found = {
        "n": len(frame),
        "brier": brier(frame.p_met, frame.met).mean(),
        "log": log_score(frame.p_met, frame.met).mean(),
    }
    return found | value_scores(frame) | {"ece": calibration_error(frame.p_met, frame.met)}


def value_scores(frame: pd.DataFrame) -> dict[str, float]:
    """The scores that need quantiles: crps, coverage and mae; NaN when any is missing."""
    if frame[list(LEVELS)].isna().any(axis=None):
        return dict.fromkeys(["crps", *INTERVALS, "mae"], np.nan)
    inside = {name: frame.outcome_value.between(frame[low], frame[high]).mean() for name, (low, high) in INTERVALS.items()}
    mean_crps = crps(frame[list(LEVELS)], frame.outcome_value).mean()
    return {"crps": mean_crps, **inside, "mae": (frame.q50 - frame.outcome_value).abs().mean()}
