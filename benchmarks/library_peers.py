"""Peers from statsforecast, statsmodels and Prophet, one task at a time; the extra ``peers`` installs them.

Each takes a history and a scale and returns levels (0 to 1) and the values there on that scale. Whatever a library raises
for a short history comes out: the caller decides what stands in its place. Libraries are imported where they are used, as
each peer runs in a process of its own.
"""

import logging
import warnings
from functools import cache

import numpy as np
import pandas as pd
from histories import History, to_scale
from scipy.stats import norm

WIDTHS = [2, 20, 40, 50, 60, 70, 80, 90, 95, 98]
"""Central intervals (per cent) asked of statsforecast: dense, as some of its intervals come from simulation."""

NORMAL = np.array([0.1, 0.5, 0.9])
"""Levels that fix a normal distribution."""

DAMPED_FROM = 10
"""Points from which the statsmodels ETS gets a damped trend: one parameter more to estimate."""

PROPHET_SAMPLES = 300


@cache
def statsforecast_model(name: str):
    """The model by its name in statsforecast; one season, as a history holds at most four years of quarters."""
    from statsforecast import models

    options = {} if name in ("Naive", "RandomWalkWithDrift") else {"season_length": 1}
    return getattr(models, name)(**options)


def statsforecast_peer(name: str):
    """A peer from statsforecast: its prediction intervals, read as quantiles."""

    def peer(task: History, scale: str):
        try:
            found = statsforecast_model(name).forecast(y=to_scale(task.grid, scale), h=task.steps, level=WIDTHS)
        except IndexError as fault:  # what AutoETS raises, instead of a refusal, when a record is shorter still
            raise ValueError("record too short") from fault
        low = [np.asarray(found[f"lo-{width}"])[-1] for width in reversed(WIDTHS)]
        high = [np.asarray(found[f"hi-{width}"])[-1] for width in WIDTHS]
        tails = np.array(WIDTHS) / 200
        return np.concatenate([0.5 - tails[::-1], 0.5 + tails]), np.array(low + high)

    return peer


def normal(mean, spread) -> tuple[np.ndarray, np.ndarray]:
    """Levels and values of a normal distribution."""
    return NORMAL, mean + norm.ppf(NORMAL) * spread


def ets(task: History, scale: str):
    """statsmodels ETS by maximum likelihood: AAdN from ten points on, AAN below; exact prediction variance."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    y = pd.Series(to_scale(task.grid, scale))
    fit = ETSModel(y, error="add", trend="add", damped_trend=len(y) >= DAMPED_FROM).fit(disp=0)
    last = len(y) + task.steps - 1
    interval = fit.get_prediction(last, last).summary_frame(alpha=0.2).iloc[-1]
    return normal(interval["mean"], (interval["pi_upper"] - interval["mean"]) / norm.ppf(0.9))


def theta(task: History, scale: str):
    """statsmodels Theta with its prediction interval (a normal one)."""
    from statsmodels.tsa.forecasting.theta import ThetaModel

    fit = ThetaModel(pd.Series(to_scale(task.grid, scale)), deseasonalize=False).fit(disp=False)
    interval = fit.prediction_intervals(task.steps, alpha=0.2).iloc[-1]
    return normal(fit.forecast(task.steps).iloc[-1], (interval["upper"] - interval["lower"]) / 2 / norm.ppf(0.9))


def unobserved(kind: str):
    """A structural model of statsmodels: ``rwdrift`` (random walk with drift) or ``lltrend`` (local linear trend)."""

    def peer(task: History, scale: str):
        from statsmodels.tsa.statespace.structural import UnobservedComponents

        found = UnobservedComponents(pd.Series(to_scale(task.grid, scale)), kind).fit(disp=0).get_forecast(task.steps)
        return normal(found.predicted_mean.iloc[-1], found.se_mean.iloc[-1])

    return peer


def prophet(task: History, scale: str):
    """Prophet's logistic growth between 0 and 1, no seasons; gaps stay gaps. Its draws of the deadline, sorted."""
    from prophet import Prophet

    logging.getLogger("cmdstanpy").disabled = True
    seasons = {f"{season}_seasonality": False for season in ("yearly", "weekly", "daily")}
    model = Prophet(growth="logistic", uncertainty_samples=PROPHET_SAMPLES, **seasons)
    model.fit(pd.DataFrame({"ds": task.periods, "y": task.values, "cap": 1.0, "floor": 0.0}), seed=1)
    draws = np.sort(model.predictive_samples(pd.DataFrame({"ds": [task.deadline], "cap": 1.0, "floor": 0.0}))["yhat"].ravel())
    return (np.arange(len(draws)) + 0.5) / len(draws), draws


def quiet() -> None:
    """The libraries warn at every second short history, whatever the filters say; what fails still raises."""
    warnings.showwarning = lambda *_, **__: None
    logging.getLogger("prophet").disabled = True


STATSFORECAST = {
    "persistence": "Naive",
    "drift": "RandomWalkWithDrift",
    "AutoETS": "AutoETS",
    "AutoARIMA": "AutoARIMA",
    "dynamic Theta": "DynamicOptimizedTheta",
}
PEERS = {name: statsforecast_peer(model) for name, model in STATSFORECAST.items()}
PEERS |= {
    "statsmodels ETS": ets,
    "statsmodels Theta": theta,
    "statsmodels random walk with drift": unobserved("rwdrift"),
    "statsmodels local linear trend": unobserved("lltrend"),
}
