"""Tables of a race: scores by method, differences with their uncertainty, calibration, short records, and a page to read."""

import numpy as np
import pandas as pd
from race import COLUMNS, ENGINE, RULES, STAND_IN
from scoring import LEVELS, brier, crps, reliability, scores

FIRST = "engine pooled"
"""The forecaster that the peers are compared with."""

RESAMPLES, SEED = 2000, 1
BAND = (0.05, 0.95)
"""The middle 90 % of the resamples."""

FEWEST = 100
"""Tasks below which a mean score says too little to be printed."""

ALWAYS_COMPARED = [("AutoETS", "logit"), (STAND_IN, "logit")]
SCORES = ["brier", "log", "crps", "cov50", "cov80", "cov90", "mae", "ece"]
PERCENT = ("cov50", "cov80", "cov90")


def with_outcomes(forecasts: pd.DataFrame, series: pd.DataFrame, tasks: pd.DataFrame) -> pd.DataFrame:
    """Forecasts beside met, outcome_value, target, indicator, region, freq and horizon (whole years, at least 1)."""
    meta = series.groupby("series_id")[["indicator", "region", "freq"]].first()
    days = (tasks.deadline - tasks.origin).dt.days
    known = tasks.assign(horizon=(days / 365.25).round().clip(lower=1).astype(int)).join(meta, on="series_id")
    columns = ["task_id", "met", "outcome_value", "target", "indicator", "region", "freq", "horizon"]
    return forecasts.merge(known[columns], on="task_id", validate="many_to_one")


def score_table(frame: pd.DataFrame, seconds: pd.Series) -> pd.DataFrame:
    """One row a method, scale and freq (``all``, then each): n, stood_in, SCORES, seconds (of all tasks), best Brier first."""
    rows = []
    for (method, scale), one in frame.groupby(["method", "scale"]):
        for freq, part in [("all", one), *one.groupby("freq")]:
            used = {"seconds": round(seconds[method, scale], 3) if freq == "all" else np.nan}
            rows.append({"method": method, "scale": scale, "freq": freq, "stood_in": part.stood_in.sum()} | scores(part) | used)
    table = pd.DataFrame(rows)
    overall = table.groupby(["method", "scale"]).brier.transform("first")
    table = table.assign(overall=overall).sort_values("overall", kind="stable")
    return table[["method", "scale", "freq", "n", "stood_in", *SCORES, "seconds"]].reset_index(drop=True)


def best_peer(table: pd.DataFrame) -> tuple[str, str]:
    """The peer with the lowest Brier score among those that give a distribution."""
    peers = table[(table.freq == "all") & ~table.method.str.startswith("engine") & table.crps.notna()]
    return tuple(peers.loc[peers.brier.idxmin(), ["method", "scale"]])


def differences(frame: pd.DataFrame, compared) -> pd.DataFrame:
    """FIRST minus each compared peer: method, scale, score, group, n, regions, difference, low, high (negative: FIRST better).

    Paired: the same tasks. ``low`` and ``high`` bound BAND of RESAMPLES draws of whole regions, as tasks of one region move
    together.
    """
    ours = losses(frame[frame.method == FIRST])
    rows = []
    for method, scale in compared:
        theirs = losses(frame[(frame.method == method) & (frame.scale == scale)])
        answered = {"no stand-in": ~theirs.stood_in} if theirs.stood_in.any() else {}
        for name, members in (groups(ours) | answered).items():
            for score in ("brier", "crps"):
                gap = (ours[score] - theirs[score])[members]
                found = resampled(gap, ours.region[members])
                rows.append({"method": method, "scale": scale, "score": score, "group": name} | found)
    return pd.DataFrame(rows)


def losses(one: pd.DataFrame) -> pd.DataFrame:
    """Brier score and CRPS of each task of one forecaster, by task_id, with region, freq, horizon, indicator and stood_in."""
    one = one.set_index("task_id").sort_index()
    found = {"brier": brier(one.p_met, one.met), "crps": crps(one[list(LEVELS)], one.outcome_value)}
    return one[["region", "freq", "horizon", "indicator", "stood_in"]].assign(**found)


def groups(tasks: pd.DataFrame) -> dict[str, pd.Series]:
    """Which tasks belong to each group: all, then by frequency, horizon (years) and indicator."""
    found = {"all": pd.Series(True, tasks.index)}
    for column in ("freq", "horizon", "indicator"):
        found |= {f"{column}={value}": tasks[column] == value for value in sorted(tasks[column].unique())}
    return found


def resampled(gap: pd.Series, region: pd.Series) -> dict:
    """n, regions, mean difference and its bounds when whole regions are drawn with replacement."""
    sums = gap.groupby(region).agg(["sum", "size"])
    picks = np.random.default_rng(SEED).multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=RESAMPLES)
    means = (picks @ sums["sum"].to_numpy()) / (picks @ sums["size"].to_numpy())
    low, high = np.quantile(means, BAND)
    return {"n": len(gap), "regions": len(sums), "difference": gap.mean(), "low": low, "high": high}


def calibration(frame: pd.DataFrame) -> pd.DataFrame:
    """Ten bins of P(met) for the engine with and without the pool: method, bin, n, mean_p, observed."""
    parts = [reliability(one.p_met, one.met).assign(method=name) for name in ENGINE for one in [frame[frame.method == name]]]
    return pd.concat(parts)[["method", "bin", "n", "mean_p", "observed"]].reset_index(drop=True)


def short_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Scores with records cut to so many points: history, method, scale, n (tasks answered), SCORES; no stand-ins here.

    With fewer than FEWEST tasks answered only n is told.
    """
    rows = []
    for (history, method, scale), one in frame.groupby(["history", "method", "scale"], sort=False):
        able = one[one[COLUMNS].notna().all(axis=1)]
        found = scores(able) if len(able) >= FEWEST else {"n": len(able)}
        rows.append({"history": history, "method": method, "scale": scale} | found)
    table = pd.DataFrame(rows).reindex(columns=["history", "method", "scale", "n", *SCORES])
    return table.sort_values(["history", "brier"], kind="stable").reset_index(drop=True)


def page(table: pd.DataFrame, gaps: pd.DataFrame, short: pd.DataFrame, notes: dict) -> str:
    """``peers.md``: what was done, the table by Brier score, the differences, the short records."""
    whole = table[table.freq == "all"].drop(columns=["freq", "n"])
    overall = gaps[~gaps.group.str.startswith("indicator")]
    parts = [HEAD.format(**notes), markdown(whole), DIFFERENCES, worse(gaps), markdown(overall), SHORT, markdown(short), HOW]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def worse(gaps: pd.DataFrame) -> str:
    """Where the engine is worse than a peer beyond chance, in one sentence."""
    found = gaps[gaps.low > 0]
    named = [f"{row.method} ({row.scale}, {row.score}): {row.group}" for row in found.itertuples()]
    return "Groups whose whole interval lies above 0, indicators included: " + ("; ".join(named) if named else "none") + "."


def markdown(table: pd.DataFrame) -> str:
    """A table in Markdown; shares of tasks as per cent, scores with four decimals."""
    head = "| " + " | ".join(table.columns) + " |\n|" + "---|" * len(table.columns)
    lines = ["| " + " | ".join(cell(name, value) for name, value in row.items()) + " |" for row in table.to_dict("records")]
    return "\n".join([head, *lines])


def cell(column: str, value) -> str:
    """One figure as text; nothing for what a yes/no rule cannot have."""
    if not isinstance(value, float):
        return str(value)
    if np.isnan(value):
        return ""
    return f"{value:.0%}" if column in PERCENT else f"{value:.2f}" if column == "seconds" else f"{value:.4f}"


HEAD = """
# The engine and its peers

{n} tasks with outcomes ({met:.1%} met); every forecaster sees the same points: the last `n_history` of the series by the
origin. Scores are means over tasks, lower is better; coverage should be 50, 80 and 90 %. `stood_in` counts tasks that a
peer's library refused or answered without an interval: persistence on the same scale stands in there. `seconds` are
processor seconds of one thread for all tasks, without imports and compilation{stored}.

The engine is judged with numbers learned without the task's indicator (`left_out.py`); "as shipped" has seen them and is for
information only. A few constants of the code (which last points speak for a pace, how near a like series' level must be) were
looked at on all indicators together, and so have seen these tasks. No peer's settings were chosen on these tasks.

AutoETS (logit) needs {ratio:.1f} times the engine's seconds with the pool, and {ratio_alone:.0f} times those without it.
"""

DIFFERENCES = """
## Differences

The engine with its pool minus the peer, on the same tasks: negative means that the engine is better. `low` and `high` bound
the middle 90 % of 2,000 draws of whole regions. "No stand-in" are the tasks that the peer answered itself; horizons are years.
By indicator: `peers_differences.csv`.
"""

SHORT = """
## Short records

The same tasks with only the last `history` points shown. `n` counts the tasks that a forecaster can answer; nothing stands in,
and below 100 tasks no score is given (AutoETS answers only the few whose gaps, once filled, make a record long enough).
"""

HOW = """
## How each peer works

- statsforecast (persistence, drift, AutoETS, AutoARIMA, dynamic Theta): default settings, one season. Its models know no
  gaps, so missing periods are filled by straight lines between the points on either side; the same for statsmodels.
  Prophet, the straight line and the rules use the points as they are. AutoETS refuses records of fewer than seven points.
- Scales: shares as they are (`raw`), or logits of shares held within 0.005 and 0.995. Quantiles are clipped to 0 and 1.
- P(met) is read from the same distribution as the quantiles: ten central intervals, straight lines over the normal score.
- statsmodels: ETS with a damped trend from ten points on, undamped below; Theta; a random walk with drift and a local linear
  trend as unobserved components. Exact or normal prediction intervals of the fitted model.
- Prophet: logistic growth between 0 and 1, no seasons, 300 draws.
- Straight line: least squares with its Student-t prediction interval.
- CAGR rule (Eurostat, as Open SDG computes it): "on track" when the growth made a year is at least 95 % of the growth
  required, from the first point shown. ESCAP rule: a line through the logits weighted towards recent points. Both say yes
  or no, so P is 1 or 0, and they have no CRPS.
- LightGBM: one model of quantiles for all series, on changes of the logit, trained anew for each indicator and year of
  origin: only on windows whose outcome was known by the end of the year before the origin (or by the origin, where it closes
  a year). "On other indicators" leaves the task's own indicator out whole, as for a kind of series never seen before; "on all
  indicators" adds its series that are in the other half of the file, never the task's own series. 20,000 windows at most, 120
  rounds, fixed beforehand. Seconds include the training. The engine's pool is the same indicator's other series up to the
  origin.
"""

assert set(RULES) == {"CAGR rule", "ESCAP rule"}, "the page describes the rules"
