"""How an indicator grows: phase, turning point, trend with its test, and where it stands on an S-curve. No forecast."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from qnict_analysis import periods
from qnict_analysis.indicators import steady
from qnict_analysis.models import drift

GROWTH = (
    *("indicator", "n", "level", "pace", "phase", "turn", "turn_faster"),
    *("trend", "trend_low", "trend_high", "p_value", "midpoint", "midpoint_low", "midpoint_high"),
)
"""Columns of ``growth``."""

FEWEST = 4
"""Points from which a phase and a trend are told."""

FEWEST_FOR_TURN = 8
"""Points from which two lines (four numbers) can be told from one."""

STANDSTILL, BRISK = 0.05, 0.30
"""Paces a year on the log odds: below the first nothing moves, from the second on growth is fast (near half-way 7 points a year).
On a logarithm, half of it: half-way up, a step there is half a step of the log odds."""

LOW, NEARLY_ALL = 0.10, 0.90
"""Levels up to which a slow pace is a start, and from which standing still means that nearly all is done."""

INTERVAL = 1.6448536269514722
"""Standard errors on each side that hold 90 %."""

BOUNDED = ("share", "units")


class Fit(NamedTuple):
    """A generalised linear model over time: intercept and slope a year, their covariance, and the p-value of the slope."""

    params: np.ndarray
    covariance: np.ndarray
    p_value: float


def growth(series: pd.DataFrame, registry) -> pd.DataFrame:
    """How each indicator has grown: columns GROWTH, one row an indicator of the registry that has a figure.

    ``pace``: change over the latest year (or what there is of it) on the log odds of shares and units, on the logarithm of
    ratios and counts. ``phase``: slow_start, take_off, fast, steady, standstill, nearly_all, decline, or too_few. ``turn``: the
    period from which another pace holds (empty: none), ``turn_faster`` whether it is a faster one. ``trend``: slope a year with
    its 90 % interval and p-value from a quasi-binomial (shares, units), quasi-Poisson (counts) or normal (logarithm of
    ratios) regression on time; NaN below FEWEST points. ``midpoint``: when the fitted S-curve passes a half, in years, with its
    90 % interval, where the slope is clearly above 0. Quarters are treated as independent: read the p-value as a hint.
    """
    found = []
    for name, indicator in registry.indicators.items():
        rows = series[(series["indicator"] == name) & series["value"].notna()].reset_index(drop=True)
        if len(rows):
            found.append({"indicator": name, "n": len(rows), "level": rows["value"].iloc[-1]} | _row(rows, indicator.kind))
    return pd.DataFrame(found, columns=list(GROWTH))


def _row(rows: pd.DataFrame, kind: str) -> dict:
    times, values = periods.period_time(rows["period"]), steady(rows, kind)
    scaled = on_scale(values, rows["denominator"].to_numpy(float), kind)
    enough = len(rows) >= FEWEST
    pace = pace_of(times, scaled) if len(rows) > 1 else np.nan
    knot, faster = turning_point(times, scaled) if len(rows) >= FEWEST_FOR_TURN else (None, False)
    told = {
        "pace": pace,
        "phase": phase_of(values[-1], pace, kind) if enough else "too_few",
        "turn": rows["period"].iloc[knot] if knot is not None else "",
        "turn_faster": faster,
    }
    fit = trend_of(times, values, rows["denominator"].to_numpy(float), kind) if enough else None
    return told | (_told(fit, kind) if fit else {})


def on_scale(values, denominators, kind: str) -> np.ndarray:
    """Values on the log odds (shares, units; half a case from the ends) or the logarithm (ratios, counts; half an item up)."""
    if kind in BOUNDED:
        floor = np.minimum(0.5 / np.maximum(np.nan_to_num(denominators, nan=100.0), 2.0), 0.25)
        return drift.logit(np.clip(values, floor, 1.0 - floor))
    return drift.log(np.maximum(values, 0.5 if kind == "count" else 1e-6))


def pace_of(times, scaled) -> float:
    """Change a year since the latest point at least a year older than the last, else since the first."""
    start = max(int(np.searchsorted(times, times[-1] - 1.0 + 1e-9, side="right")) - 1, 0)
    return float((scaled[-1] - scaled[start]) / (times[-1] - times[start]))


def phase_of(level: float, pace: float, kind: str) -> str:
    """The phase by level and pace; STANDSTILL, BRISK, LOW and NEARLY_ALL are its edges."""
    bounded = kind in BOUNDED
    still, brisk = (STANDSTILL, BRISK) if bounded else (STANDSTILL / 2, BRISK / 2)
    if pace < -still:
        return "decline"
    if pace < still:
        return "nearly_all" if bounded and level >= NEARLY_ALL else "standstill"
    if pace >= brisk:
        return "take_off" if bounded and level < 0.5 else "fast"
    return "slow_start" if bounded and level < LOW else "steady"


def turning_point(times, scaled) -> tuple[int | None, bool]:
    """The point at which one line bends into another, and whether it rises faster after it; None where one line says as much.

    Continuous two-segment least squares over all inner points (two at least on each side), against one line by
    BIC = n log(SSE / n) + k log n with k = 4 and 2.
    """
    n, line = len(times), np.column_stack([np.ones(len(times)), times - times[0]])
    best, knot, bend = _bic(line, scaled, 2), None, 0.0
    for spot in range(2, n - 2):
        bent = np.column_stack([line, np.maximum(times - times[spot], 0.0)])
        found = _bic(bent, scaled, 4)
        if found < best - 1e-9:
            best, knot, bend = found, spot, np.linalg.lstsq(bent, scaled, rcond=None)[0][2]
    return knot, bool(bend > 0)


def _bic(design, values, k: int) -> float:
    residual = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    n = len(values)
    return n * np.log(max(float(residual @ residual) / n, 1e-12)) + k * np.log(n)


def trend_of(times, values, denominators, kind: str) -> Fit | None:
    """The regression of an indicator on time, or None where it says nothing (no change at all, or no solution).

    Shares and units: binomial counts, counts: Poisson, both with the variance scaled by Pearson's chi-square over its degrees of
    freedom, at least 1; ratios: normal on the logarithm (McCullagh and Nelder 1989, "Generalized Linear Models").
    """
    import warnings

    import statsmodels.api as sm

    if np.ptp(values) == 0:
        return None
    design = sm.add_constant(times - times[-1])
    whole = np.round(np.nan_to_num(denominators, nan=1.0))
    if kind in BOUNDED and (whole > 1).all():
        # As rates with their numbers of cases as weights: only so does the library's chi-square count the cases.
        model = sm.GLM(np.clip(values, 0.0, 1.0), design, family=sm.families.Binomial(), var_weights=whole)
    elif kind in BOUNDED:
        model = sm.GLM(drift.to_scale(values, scale="logit"), design)
    elif kind == "count":
        model = sm.GLM(values, design, family=sm.families.Poisson())
    else:
        model = sm.GLM(drift.log(np.maximum(values, 1e-9)), design)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # separation and the like show in the numbers, which are looked at below
        plain = model.fit()
        free = max(len(times) - 2, 1)
        spread = plain.pearson_chi2 / free if model.family.__class__.__name__ in ("Binomial", "Poisson") else None
        fit = plain if spread is None else model.fit(scale=max(spread, 1.0))
    if not np.isfinite(fit.bse).all() or not np.isfinite(fit.params).all():
        return None
    return Fit(fit.params, fit.cov_params(), float(fit.pvalues[1]))


def _told(fit: Fit, kind: str) -> dict:
    slope, error = fit.params[1], np.sqrt(fit.covariance[1, 1])
    found = {
        "trend": slope,
        "trend_low": slope - INTERVAL * error,
        "trend_high": slope + INTERVAL * error,
        "p_value": fit.p_value,
    }
    if kind in BOUNDED and found["trend_low"] > 0:
        # The half-way moment is -a / b; its variance by the delta method.
        a, b = fit.params
        middle = -a / b
        gradient = np.array([-1.0 / b, a / b**2])
        reach = INTERVAL * np.sqrt(gradient @ fit.covariance @ gradient)
        found |= {"midpoint": middle, "midpoint_low": middle - reach, "midpoint_high": middle + reach}
    return found
