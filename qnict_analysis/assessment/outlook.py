"""One part of a target at an as-of: its figures known and drawn, on one line of time."""

import datetime as dt
from typing import NamedTuple

import numpy as np
import pandas as pd

from qnict_analysis import periods
from qnict_analysis.assessment.rules import rule_of
from qnict_analysis.forecast import segment_start


class Outlook(NamedTuple):
    """``known``: the part's rows of the series, of one definition and up to the deadline, with ``figure`` (as reported) and
    ``level`` (as shown); ``ahead``: draws of the figure up to the deadline; ``hits``: draws x periods, known and drawn, True
    where the figure satisfies the comparator. ``reason``: why there is no verdict (empty: there is one); ``decided``: the
    deadline's figure is in.
    """

    target: object
    part: object
    indicator: object
    n_units: int | None
    known: pd.DataFrame
    ahead: pd.DataFrame
    hits: pd.DataFrame
    reason: str
    decided: bool


def look(target, part, draws, series, registry, as_of, *, reason: str) -> Outlook:
    """One part of a target at the as-of; ``reason``: why its indicator cannot be forecast (empty: it can)."""
    indicator = registry.indicators[part.indicator]
    known = known_figures(series, indicator, registry, as_of, until=target.deadline)
    ahead = drawn_figures(draws, indicator.id, known, until=target.deadline)
    n_units = units_at(target.deadline, indicator, known, registry)
    seen, foreseen = known_hits(part, indicator, known, draws.index), drawn_hits(part, indicator, known, ahead, n_units)
    final = known.loc[known["period"] == target.deadline, "coverage"]
    decided = bool((final >= registry.assumption("coverage_min")).any())
    hits = pd.concat([seen, foreseen], axis=1)
    open_for = why_open(target, registry, as_of, reason, reported=len(final) > 0, foretold=target.deadline in ahead)
    return Outlook(target, part, indicator, n_units, known, ahead, hits, "" if decided else open_for, decided)


def why_open(target, registry, as_of, reason: str, *, reported: bool, foretold: bool) -> str:
    """Why an undecided part has no verdict (empty: it has a forecast).

    Once the deadline is past there is only its own figure to wait for. In the days that returns are given after it, a forecast
    of that figure still stands.
    """
    end = periods.period_end(target.deadline)
    due = as_of.cutoff >= end + dt.timedelta(days=registry.programme.cutoff_days)
    if foretold and not reason and not due:
        return ""
    past = "low_coverage" if reported else "not_sourced"
    return past if as_of.cutoff >= end or not reason else reason


def known_figures(series, indicator, registry, as_of, *, until: str) -> pd.DataFrame:
    """The valued rows of an indicator in time order up to ``until``, since its latest change of definition, with ``figure`` as
    reported (adopters for units) and ``level`` as shown (shares for units)."""
    own = series[(series["indicator"] == indicator.id) & series["value"].notna()]
    order = own["period"].map(periods.ordinal).astype(int)
    last = periods.ordinal(until)
    first = segment_start(order[order <= last].to_numpy(), indicator.id, registry, as_of)
    own = own.assign(order=order)[order.between(first, last)].sort_values("order", kind="stable", ignore_index=True)
    if indicator.kind != "units":
        return own.assign(figure=own["value"], level=own["value"])
    return own.assign(figure=own["numerator"], level=own["numerator"] / own["denominator"])


def drawn_figures(draws, indicator: str, known, *, until: str) -> pd.DataFrame:
    """Draws of an indicator's figure in the periods that are not known, up to ``until``."""
    if indicator not in draws.columns.get_level_values(0):
        return pd.DataFrame(index=draws.index)
    own, last, seen = draws[indicator], periods.ordinal(until), set(known["period"])
    return own[[period for period in own.columns if periods.ordinal(period) <= last and period not in seen]]


def units_at(deadline: str, indicator, known, registry) -> int | None:
    """N of a units indicator at the deadline: its units by the registry, or the latest reported number where each unit
    counts several things (services); None for other kinds."""
    if indicator.kind != "units":
        return None
    if len(known) and latest_n(indicator, known) != known["n_units"].iloc[-1]:
        return latest_n(indicator, known)
    return len(registry.units_in(indicator.scope, deadline))


def latest_n(indicator, known) -> int | None:
    """N of a units indicator in its latest known period; None for other kinds, and where nothing is known."""
    return round(known["denominator"].iloc[-1]) if indicator.kind == "units" and len(known) else None


def known_hits(part, indicator, known, index) -> pd.DataFrame:
    """Whether each known figure satisfies the part, by the N of its own period; the same in every draw."""
    numbers = [round(n) for n in known["denominator"]] if indicator.kind == "units" else [None] * len(known)
    rules = [rule_of(part, indicator.kind, n) for n in numbers]
    met = [rule.satisfied(figure) for rule, figure in zip(rules, known["figure"], strict=True)]
    return pd.DataFrame(np.tile(np.array(met, dtype=bool), (len(index), 1)), index=index, columns=list(known["period"]))


def drawn_hits(part, indicator, known, ahead, n_units) -> pd.DataFrame:
    """Whether each drawn figure satisfies the part: k is drawn out of the N of the latest known period, so k_min goes with it."""
    return rule_of(part, indicator.kind, latest_n(indicator, known) or n_units).satisfied(ahead).astype(bool)
