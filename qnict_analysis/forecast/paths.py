"""How the draws of a share or ratio hang together from period to period: baseline futures, of which only the ranks are used."""

import numpy as np

from qnict_analysis import periods
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
        known = {period for _, period in cases[row].jumps}
        spots = [spot for spot, period in enumerate(frame["period"]) if period in known]
        values[row, : len(frame)] = without_jumps(frame["value"].to_numpy(float), spots, cases[row].indicator.kind)
    return times, values


def without_jumps(values, spots, kind: str) -> np.ndarray:
    """A record (points in time order, ``NaN`` for gaps) whose earlier points are moved as if the steps at ``spots`` had not been.

    Moved on the log odds of a share and on the logarithm of a ratio: the level after a step stays, the paces before and after
    it too, and only the step itself is gone.
    """
    scale = "log" if kind == "ratio" else "logit"
    found = np.array(values, dtype=float)
    for spot in spots:
        before = np.flatnonzero(np.isfinite(found[:spot]))
        if len(before) and np.isfinite(found[spot]):
            scaled = drift.to_scale(found, scale=scale)
            step = scaled[spot] - scaled[before[-1]]
            found[:spot] = drift.SCALES[scale][1](scaled[:spot] + step)
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
