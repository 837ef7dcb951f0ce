"""One model for all series: gradient boosting of quantiles (LightGBM) on logit changes.

How it is trained: for each task, on windows of the *other* indicators' series of the same file, and only on windows whose
outcome was known by the end of the year before the task's origin, or by the origin where that closes a year. With ``own`` the
task's own indicator joins in, as far as its series are in the other half of the file (halves drawn by name): the task's own
series never does. A window is 5 to 16 points in a row and a later point within the horizons that occur; its outcome is
the change of the logit from the last point. Settings were fixed beforehand, none was chosen by its score here.
"""

import zlib

import numpy as np
import pandas as pd
from histories import STEPS_A_YEAR, History, forecast_row, to_scale, years
from scoring import LEVELS

FEATURES = ("level", "pace", "recent", "newest", "before", "rough", "points", "span", "ahead", "steps_a_year")
LEAST_POINTS, MOST_POINTS = 5, 16
LONGEST = {"Y": 5, "Q": 4, "M": 4}
"""Years ahead that a window may look."""

MOST_WINDOWS, FEWEST_WINDOWS = 20_000, 500
"""More windows cost time and add little (they overlap); with fewer no model is trained."""

SETTINGS = {"objective": "quantile", "num_leaves": 15, "learning_rate": 0.05, "min_data_in_leaf": 50, "lambda_l2": 1.0}
SETTINGS |= {"feature_fraction": 0.8, "seed": 1, "deterministic": True, "num_threads": 1, "verbose": -1}
ROUNDS = 120
HALVES = 2


def features(times, logits, ahead: float, freq: str) -> list[float]:
    """FEATURES of a record: last logit, changes a year (whole, last three, newest, the one before), roughness, lengths."""
    paces = np.diff(logits) / np.diff(times)
    whole = (logits[-1] - logits[0]) / (times[-1] - times[0])
    shape = [whole, paces[-3:].mean(), paces[-1], paces[-2], paces.std()]
    return [logits[-1], *shape, len(times), times[-1] - times[0], ahead, STEPS_A_YEAR[freq]]


def windows(series: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """All windows: indicator, half, FEATURES, known (year of the outcome), change (of the logit)."""
    parts = [windows_of(one, half_of(name), rng) for name, one in series.sort_values("period").groupby("series_id")]
    rows = [row for part in parts for row in part]
    return pd.DataFrame(rows, columns=["indicator", "half", *FEATURES, "known", "change"])


def half_of(series_id: str) -> int:
    """The half of the file that a series belongs to."""
    return zlib.crc32(series_id.encode()) % HALVES


def windows_of(one: pd.DataFrame, half: int, rng: np.random.Generator) -> list[list]:
    """The windows of one series; how many points a window holds is drawn."""
    times, logits = years(one.period), to_scale(one.value.to_numpy(float), "logit")
    freq, indicator = one.freq.iloc[0], one.indicator.iloc[0]
    rows = []
    for last in range(LEAST_POINTS - 1, len(times) - 1):
        first = max(0, last + 1 - rng.integers(LEAST_POINTS, MOST_POINTS + 1))
        seen = slice(first, last + 1)
        for later in np.flatnonzero((times > times[last]) & (times <= times[last] + LONGEST[freq] + 0.01)):
            row = features(times[seen], logits[seen], times[later] - times[last], freq)
            rows.append([indicator, half, *row, times[later], logits[later] - logits[last]])
    return rows


def train(known: pd.DataFrame, rng: np.random.Generator) -> list:
    """One booster a level of LEVELS."""
    import lightgbm

    chosen = known.iloc[rng.permutation(len(known))[:MOST_WINDOWS]]
    data = lightgbm.Dataset(chosen[list(FEATURES)].to_numpy(), chosen.change.to_numpy(), free_raw_data=False)
    return [lightgbm.train(SETTINGS | {"alpha": level}, data, ROUNDS) for level in LEVELS.values()]


def forecast_pooled(series: pd.DataFrame, tasks: list[History], *, own: bool) -> np.ndarray:
    """P(met) and the quantiles of each task (rows in their order); NaN where too few windows were known."""
    rng = np.random.default_rng(1)
    every = windows(series, rng)
    rows = np.full((len(tasks), 1 + len(LEVELS)), np.nan)
    keys = pd.DataFrame([key_of(task, own=own) for task in tasks], columns=["indicator", "half", "year"])
    for key, group in keys.groupby(["indicator", "half", "year"]):
        known = every[may_teach(every, *key, own=own)]
        if len(known) >= FEWEST_WINDOWS:
            rows[group.index] = answers(train(known, rng), [tasks[place] for place in group.index])
    return rows


def key_of(task: History, *, own: bool) -> tuple[str, int, int]:
    """Tasks with the same key share a model: indicator, half (told apart only with ``own``), last full year known."""
    return task.indicator, half_of(task.series_id) if own else 0, int(task.times[-1] + 1e-6)


def may_teach(every: pd.DataFrame, indicator: str, half: int, year: int, *, own: bool) -> pd.Series:
    """Which windows a model for this key may be trained on: never the tasks' own series, nothing later than the year."""
    elsewhere = (every.indicator != indicator) | (own & (every.half != half))
    return elsewhere & (every.known <= year + 1e-6)


def answers(boosters: list, tasks: list[History]) -> np.ndarray:
    """The forecasts of tasks by the boosters of their group; quantiles that cross are sorted."""
    logits = [to_scale(task.values, "logit") for task in tasks]
    told = [features(task.times, seen, task.end - task.times[-1], task.freq) for task, seen in zip(tasks, logits, strict=True)]
    changes = np.sort([booster.predict(np.array(told), num_threads=1) for booster in boosters], axis=0).T
    levels = list(LEVELS.values())
    return np.array(
        [
            forecast_row(levels, seen[-1] + row, task.target, "logit")
            for task, seen, row in zip(tasks, logits, changes, strict=True)
        ]
    )
