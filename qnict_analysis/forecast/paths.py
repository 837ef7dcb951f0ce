"""How the draws of a share or ratio hang together from period to period: baseline futures, of which only the ranks are used."""

import numpy as np

from qnict_analysis import periods
from qnict_analysis.indicators import steady
from qnict_analysis.models import copula, drift


def histories(cases, registry) -> tuple[np.ndarray, np.ndarray]:
    """Times and values of all cases, one a row; points resting on too few returns are left out (the mix of units would
    pass for a change)."""
    least = registry.assumption("coverage_min")
    kept = [case.history[case.history["coverage"] >= least] for case in cases]
    width = max(len(frame) for frame in kept)
    times, values = (np.full((len(cases), width), np.nan) for _ in range(2))
    for row, frame in enumerate(kept):
        times[row, : len(frame)] = periods.period_time(frame["period"])
        values[row, : len(frame)] = _stepless(cases[row], frame)
    return times, values


def _stepless(case, frame) -> np.ndarray:
    """The record of a whole (rows of its history) as if the explained jumps of its units had not been, and as if those who
    report had always been the same."""
    found = steady(case.history, case.indicator.kind)[frame.index]
    for unit, period in sorted(case.jumps):
        spot = first_from(frame["period"], period)
        if 0 < spot < len(found):
            found = without_step(found, spot, _step_of(case, unit, *frame["period"].iloc[[spot - 1, spot]]), case.indicator.kind)
    return found


def first_from(labels, period: str) -> int:
    """The place of the first of some periods (in time order) that is not before ``period``; their number where all are."""
    return sum(periods.ordinal(label) < periods.ordinal(period) for label in labels)


def _step_of(case, unit: str, before: str, after: str) -> float | None:
    """What a unit's own change between two periods did to the value of the whole; None where the whole is that unit alone."""
    if case.panel["unit"].nunique() < 2:
        return None
    panel = case.panel[case.panel["state"] != "silent"]
    own = panel[panel["unit"] == unit].set_index("period")
    if not {before, after} <= set(own.index):
        return 0.0
    known = panel[panel["period"] == after]
    weight = own.loc[after, "denominator"] / known["denominator"].sum() if case.indicator.kind != "count" else 1.0
    return float(weight * (own.loc[after, "value"] - own.loc[before, "value"]))


def without_step(values, spot: int, step: float | None, kind: str) -> np.ndarray:
    """A record (points in time order, ``NaN`` for gaps) whose points before ``spot`` are moved as if the ``step`` up to it had
    not been; None: the whole change from the last known point before.

    Moved on the log odds of a share and on the logarithm of a ratio: the level after a step stays, the paces before and after
    it too, and only the step itself is gone.
    """
    scale = "log" if kind == "ratio" else "logit"
    found = np.array(values, dtype=float)
    before = np.flatnonzero(np.isfinite(found[:spot]))
    if len(before) and np.isfinite(found[spot]):
        scaled = drift.to_scale(found, scale=scale)
        reached = scaled[before[-1]] if step is None else drift.to_scale(found[spot] - step, scale=scale)
        found[:spot] = drift.SCALES[scale][1](scaled[:spot] + scaled[spot] - reached)
    return found


def latent(fit: drift.Drift, step: float, years, stream, labels) -> np.ndarray:
    """Simulated moves of one case (periods, draws) on a scale: pace and tail drawn once a row, noise each period.

    ``fit``: its pace and noise; ``step``: years between its points; ``years``: from its last point to the periods
    ``labels``. The first step holds the reporting noise of the whole row, so that "stays met" does not flicker.
    """
    grown = np.diff(drift.grown_years(years, passing=drift.PASSING, step=step), prepend=0.0)
    noise = np.array([copula.normals(stream, copula.FIRST_PERIOD + periods.ordinal(label)) for label in labels])
    wandering = np.cumsum(np.sqrt(grown)[:, None] * noise, axis=0)
    pace, tail = copula.normals(stream, copula.PACE), copula.own_tails(stream, copula.TAIL, float(fit.df))
    return tail * (drift.damping(years)[:, None] * np.sqrt(fit.v) * pace + np.sqrt(fit.sigma2) * wandering)
