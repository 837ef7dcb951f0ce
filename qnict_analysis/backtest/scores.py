"""Proper scores of replayed forecasts, coverage, reliability, and skill with its uncertainty.

Brier score (p - o)², logarithmic score -ln of the chance given to what came (chances kept within LOG_FLOOR of 0 and 1), weighted
quantile score 2 · mean over levels of the pinball loss (a discrete CRPS; Bracher et al. 2021) in per cent of the goal.
"""

from zlib import crc32

import numpy as np
import pandas as pd

LEVELS = tuple(round(0.05 * place, 2) for place in range(1, 20))
QUANTILES = tuple(f"q{round(100 * level):02d}" for level in LEVELS)
INTERVALS = {0.5: ("q25", "q75"), 0.8: ("q10", "q90"), 0.9: ("q05", "q95")}
LOG_FLOOR = 0.001
BINS = 10
RESAMPLES = 2000
SPAN = (0.05, 0.95)
"""The bootstrap's intervals hold 90 %."""

HORIZON_EDGES = (1, 2, 4, 8)
"""Horizons are grouped up to each of these, and beyond the last: forecasts for a deadline stand at every distance, a few each."""

LEAST_SCORE = 1e-6
"""Below this many per cent of the goal a quantile score is rounding: two perfect methods are equal."""

OURS = "forecast"


def brier(p, met) -> np.ndarray:
    """(p - o)² of each forecast; NaN where p is."""
    return (np.asarray(p, dtype=float) - np.asarray(met, dtype=float)) ** 2


def log_score(p, met) -> np.ndarray:
    """-ln of the chance given to what came; NaN where p is."""
    p, met = np.clip(np.asarray(p, dtype=float), LOG_FLOOR, 1 - LOG_FLOOR), np.asarray(met, dtype=bool)
    return -np.log(np.where(met, p, 1 - p))


def quantile_score(spreads: pd.DataFrame) -> np.ndarray:
    """The weighted quantile score of each row, in per cent of its goal (level quantiles q05 … q95, ``value``, ``goal``)."""
    levels, found = np.array(LEVELS), spreads[list(QUANTILES)].to_numpy(float)
    error = spreads["value"].to_numpy(float)[:, None] - found
    pinball = np.maximum(levels * error, (levels - 1) * error)
    return 100 * 2 * pinball.mean(axis=1) / np.abs(spreads["goal"].to_numpy(float))


def chance_scores(came: pd.DataFrame, methods) -> pd.DataFrame:
    """One row a method: n, brier, log, and ours on the same cases (``ours_brier``, ``ours_log``); methods that are silent in all
    cases have n 0 and NaN. ``came``: chances (a column a method) with ``met``."""
    rows = []
    for method in methods:
        spoken = came[came[method].notna()]
        score = {
            f"{whose}{name}": rule(spoken[column], spoken["met"]).mean() if len(spoken) else np.nan
            for whose, column in (("", method), ("ours_", OURS))
            for name, rule in (("brier", brier), ("log", log_score))
        }
        rows.append({"method": method, "n": len(spoken), **score})
    return pd.DataFrame(rows, columns=["method", "n", "brier", "log", "ours_brier", "ours_log"])


def spread_scores(reached: pd.DataFrame) -> pd.DataFrame:
    """One row a method of ``reached`` (spreads with ``value``): n, wqs (mean), cov50, cov80, cov90."""
    scored = reached.assign(wqs=quantile_score(reached), **{f"cov{100 * p:.0f}": inside(reached, p) for p in INTERVALS})
    groups = scored.groupby("method", sort=False)
    return groups.size().rename("n").to_frame().join(groups[["wqs", "cov50", "cov80", "cov90"]].mean()).reset_index()


def inside(reached: pd.DataFrame, level: float) -> np.ndarray:
    """Whether what came lies within the central interval of that level, both ends included."""
    low, high = INTERVALS[level]
    return reached["value"].between(reached[low] - 1e-12, reached[high] + 1e-12).to_numpy(float)


def coverage(reached: pd.DataFrame) -> pd.DataFrame:
    """Our coverage by groups of horizons (HORIZON_EDGES): first, last (horizons seen in the group), n, cov50, cov80, cov90."""
    own = reached[reached["method"] == OURS]
    shares = own.assign(
        **{f"cov{100 * p:.0f}": inside(own, p) for p in INTERVALS},
        place=np.searchsorted(HORIZON_EDGES, own["horizon"].to_numpy(float)),
    )
    groups = shares.groupby("place")
    table = groups["horizon"].agg(first="min", last="max", n="size").join(groups[["cov50", "cov80", "cov90"]].mean())
    return table.reset_index(drop=True)


def relative_scores(reached: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Our quantile score as a multiple of each other method's on the same cases: method, n_indicators, ratio, low, high.

    Below 1: ours is better. ``ratio``: geometric mean over indicators of the ratio of mean scores, so that no indicator's scale
    decides (as in Cramer et al. 2022, PNAS 119); ``low`` and ``high``: 90 % of a bootstrap over indicators.
    """
    rng = np.random.default_rng(seed)
    keys = ["as_of", "target", "indicator", "period"]
    scored = reached.assign(wqs=quantile_score(reached))
    ours = scored[scored["method"] == OURS].set_index(keys)["wqs"].rename("ours")
    rows = []
    for method, own in scored[scored["method"] != OURS].groupby("method", sort=False):
        means = own.join(ours, on=keys, how="inner").groupby("indicator")[["ours", "wqs"]].mean().clip(lower=LEAST_SCORE)
        logs = np.log(means["ours"] / means["wqs"]).to_numpy(float)
        drawn = logs[rng.integers(0, len(logs), (RESAMPLES, len(logs)))].mean(axis=1)
        low, high = np.exp(np.quantile(drawn, SPAN)) if len(logs) > 1 else (np.nan, np.nan)
        rows.append((method, len(logs), float(np.exp(logs.mean())), low, high))
    return pd.DataFrame(rows, columns=["method", "n_indicators", "ratio", "low", "high"])


def reliability(came: pd.DataFrame, *, method: str = OURS) -> pd.DataFrame:
    """What was said against what came, by tenths of chance: low, high, n, said (mean), came (share met); no empty bins."""
    spoken = came[came[method].notna()]
    spot = np.minimum((spoken[method].to_numpy(float) * BINS).astype(int), BINS - 1)
    table = pd.DataFrame({"spot": spot, "said": spoken[method].to_numpy(float), "came": spoken["met"].to_numpy(float)})
    found = table.groupby("spot").agg(n=("said", "size"), said=("said", "mean"), came=("came", "mean")).reset_index()
    return found.assign(low=found["spot"] / BINS, high=(found["spot"] + 1) / BINS)[["low", "high", "n", "said", "came"]]


def pit(reached: pd.DataFrame) -> np.ndarray:
    """Where in our forecast each outcome fell, 0 to 1: even if the forecasts are right. Between two levels of the quantiles, and
    among equal ones (whole numbers), the place is drawn; the draw depends only on what the row is about."""
    own = reached[reached["method"] == OURS]
    found, value = own[list(QUANTILES)].to_numpy(float), own["value"].to_numpy(float)[:, None]
    below = (found < value - 1e-12).sum(axis=1)
    up_to = (found <= value + 1e-12).sum(axis=1) + 1
    keys = zip(own["as_of"], own["indicator"], own["period"], strict=True)
    even = np.array([crc32(" ".join(key).encode()) / 2**32 for key in keys])
    return (below + even * (up_to - below)) / (len(LEVELS) + 1)


def pit_counts(reached: pd.DataFrame) -> pd.DataFrame:
    """The PIT histogram in tenths: low, high, n."""
    counts, edges = np.histogram(pit(reached), bins=BINS, range=(0.0, 1.0))
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], "n": counts})


def skill(came: pd.DataFrame, methods, *, seed: int) -> pd.DataFrame:
    """Our Brier score less that of each other method on the cases where it speaks: method, n, n_targets, difference, low, high.

    Negative: ours is better. ``low`` and ``high``: 90 % of a bootstrap that draws whole targets, because forecasts of one target
    from neighbouring as-ofs err together; NaN with fewer than two targets.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for method in methods:
        spoken = came[came[method].notna()] if method != OURS else came.iloc[:0]
        gain = pd.Series(brier(spoken[OURS], spoken["met"]) - brier(spoken[method], spoken["met"]), index=spoken["target"])
        sums = gain.groupby(level=0).agg(["sum", "size"]).to_numpy(float)
        low = high = np.nan
        if len(sums) > 1:
            drawn = sums[rng.integers(0, len(sums), (RESAMPLES, len(sums)))].sum(axis=1)
            low, high = np.quantile(drawn[:, 0] / drawn[:, 1], SPAN)
        if len(sums):
            rows.append((method, len(gain), len(sums), gain.mean(), low, high))
    return pd.DataFrame(rows, columns=["method", "n", "n_targets", "difference", "low", "high"])


def losses(found: pd.DataFrame) -> list[str]:
    """The methods of ``skill`` that scored better than ours."""
    return list(found.loc[found["difference"] > 0, "method"])
