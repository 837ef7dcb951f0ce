"""The forecasters side by side: each answers all tasks in a process of its own, one thread, and its seconds are taken."""

import os
import time
import zlib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import NamedTuple

import library_peers
import numpy as np
import pandas as pd
from histories import forecast_row, histories
from left_out import FOLDER as LEFT_OUT
from plain_peers import cagr_rule, escap_rule, straight_line
from pooled_peer import forecast_pooled
from scoring import LEVELS

from qnict_analysis.engine.learned import read
from qnict_analysis.predict import predict

COLUMNS = ["p_met", *LEVELS]
KEYS = ["method", "scale", "history", "task_id"]
DIGITS = 4
"""Forecasts are stored, and scored, with so many decimals: a run that reuses stored ones gives the same scores."""

ENGINE = {"engine pooled": "indicator", "engine alone": "none"}
AS_SHIPPED = {"engine pooled, as shipped": "indicator"}
"""The engine is judged with numbers learned without the task's indicator (``left_out.py``); for information also as shipped."""

RULES = {"CAGR rule": cagr_rule, "ESCAP rule": escap_rule}
BOTH_SCALES = {**library_peers.PEERS, "straight line": straight_line}
ONE_SCALE = {"Prophet": library_peers.prophet}
POOLED = {"LightGBM on other indicators": False, "LightGBM on all indicators": True}
PEERS = [*((name, "logit") for name in POOLED), *((name, "raw") for name in ONE_SCALE)]
PEERS += [(name, scale) for name in BOTH_SCALES for scale in ("raw", "logit")] + [(name, "rule") for name in RULES]
"""(method, scale) of every peer, the slow ones first; ``rule`` says yes or no and has no scale."""

MIXED = "both"
"""The engine's scale: it mixes raw and logit itself."""

STAND_IN = "persistence"
"""Where a peer cannot answer, persistence on its scale stands in: what anybody would fall back on."""

WARM_UP = 12
"""Tasks answered before the clock starts: imports and compilation happen there."""

REPEATED, TIMES = {*ENGINE, *AS_SHIPPED, "AutoETS"}, 5
"""The engine needs a fraction of a second: of it, and of the peer it is compared with, the middle of five runs is taken."""

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
CANNOT = (NotImplementedError, ValueError, ArithmeticError, RuntimeError, np.linalg.LinAlgError)
"""What the libraries raise for a record they cannot use; anything else is a fault of this program and stops it."""


class Run(NamedTuple):
    """One method on one cut of the histories: forecasts (KEYS, COLUMNS), seconds, and how often it could not, by reason."""

    forecasts: pd.DataFrame
    seconds: float
    refused: Counter


def seconds_used() -> float:
    """Processor seconds of this process and the programs it started: others on the machine do not count."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def run(method: str, scale: str, history: int, series: pd.DataFrame, tasks: pd.DataFrame) -> Run:
    """Answer all tasks; ``history`` cuts each record to so many points (0: as the task says)."""
    tasks = tasks.assign(n_history=tasks.n_history.clip(upper=history)) if history else tasks
    refused = Counter()
    answer = warmed_up(method, scale, series, tasks, refused)
    used = []
    for _ in range(TIMES if method in REPEATED else 1):
        refused.clear()
        started = seconds_used()
        rows = answer()
        used.append(seconds_used() - started)
    if method in ENGINE:
        rows = judged_engine(ENGINE[method], series, tasks)  # the same work with other numbers, in a piece for each indicator
    return Run(labelled(rows, method, scale, history, tasks.task_id), float(np.median(used)), refused)


def labelled(rows, method: str, scale: str, history: int, task_ids: pd.Series) -> pd.DataFrame:
    """The forecasts as a frame: KEYS, COLUMNS."""
    keys = pd.DataFrame({"method": method, "scale": scale, "history": history, "task_id": task_ids.to_numpy()})
    return pd.concat([keys, pd.DataFrame(np.round(rows, DIGITS), columns=COLUMNS)], axis=1)


def warmed_up(method: str, scale: str, series: pd.DataFrame, tasks: pd.DataFrame, refused: Counter):
    """A call that answers all tasks. Cutting the histories is not part of it for the peers, but is for the engine."""
    library_peers.quiet()
    if method in ENGINE or method in AS_SHIPPED:
        answer = partial(answer_engine, (ENGINE | AS_SHIPPED)[method], series)
        answer(tasks.iloc[:: len(tasks) // WARM_UP + 1])
        return partial(answer, tasks)
    seen = histories(series, tasks)
    if method in POOLED:
        import lightgbm  # noqa: F401  (imported before the clock starts)

        return partial(forecast_pooled, series, seen, own=POOLED[method])
    answer_all(method, scale, seen[:: len(seen) // WARM_UP + 1], refused)
    return partial(answer_all, method, scale, seen, refused)


def answer_engine(pool: str, series: pd.DataFrame, tasks: pd.DataFrame) -> np.ndarray:
    """P(met) and quantiles of this package."""
    return predict(series, tasks, pool=pool)[COLUMNS].to_numpy()


def judged_engine(pool: str, series: pd.DataFrame, tasks: pd.DataFrame) -> np.ndarray:
    """The same, with what was learned without each task's indicator."""
    kinds = tasks.series_id.map(series.groupby("series_id").indicator.first()).to_numpy()
    rows = np.empty((len(tasks), len(COLUMNS)))
    for kind in np.unique(kinds):
        path = LEFT_OUT / f"{kind}.yaml"
        if not path.exists():
            raise SystemExit(f"{path}: missing; run left_out.py on these files first")
        rows[kinds == kind] = predict(series, tasks[kinds == kind], pool=pool, learned=read(path))[COLUMNS].to_numpy()
    return rows


def answer_all(method: str, scale: str, seen, refused: Counter) -> np.ndarray:
    """P(met) and quantiles of a peer, task by task."""
    return np.array([answer_one(method, scale, task, refused) for task in seen])


def answer_one(method: str, scale: str, task, refused: Counter) -> np.ndarray:
    """P(met) and quantiles of one task; NaN where the peer cannot: its library raised, or its interval is not a number."""
    if method in RULES:
        return np.array([RULES[method](task), *[np.nan] * len(LEVELS)])
    np.random.seed(zlib.crc32(task.task_id.encode()))  # some libraries draw from the global state only
    try:
        levels, values = (BOTH_SCALES | ONE_SCALE)[method](task, scale)
    except CANNOT as fault:
        refused[f"{type(fault).__name__}: {fault}"] += 1
        return np.full(len(COLUMNS), np.nan)
    row = forecast_row(levels, values, task.target, scale)
    refused.update(["interval is not a number"] if np.isnan(row).any() else [])
    return row


def race(chosen, series: pd.DataFrame, tasks: pd.DataFrame, *, jobs: int) -> list[Run]:
    """Run the chosen (method, scale, history), ``jobs`` at a time, each in a fresh process with one thread."""
    os.environ.update(dict.fromkeys(THREADS, "1"))
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        return [finished(one) for one in [pool.submit(run, *which, series, tasks) for which in chosen]]


def finished(waiting) -> Run:
    """The result, with a line on the screen: a whole run takes minutes."""
    done = waiting.result()
    first = done.forecasts.iloc[0]
    refused = "".join(f"; {count} tasks: {reason}" for reason, count in done.refused.most_common(3))
    print(
        f"{time.strftime('%H:%M:%S')} {first.method} ({first.scale}, {first.history}): {done.seconds:.2f} s{refused}", flush=True
    )
    return done


def filled(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Forecasts with ``stood_in`` (bool): where a peer could not answer, STAND_IN on its scale does."""
    stand_in = forecasts[forecasts.method == STAND_IN].set_index(KEYS[1:])[COLUMNS]
    gap = forecasts.p_met.isna()
    whole = forecasts.assign(stood_in=gap)
    whole.loc[gap, COLUMNS] = stand_in.reindex(pd.MultiIndex.from_frame(forecasts.loc[gap, KEYS[1:]])).to_numpy()
    return whole
