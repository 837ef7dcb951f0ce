"""Lever settings and schedules -> what they do to the pace of each indicator in each period ahead."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from qnict_analysis import periods, schema

BUDGET = "budget"
"""The lever that makes the others stronger or weaker where it reaches, and has no effect of its own: money is counted once."""


class Setting(NamedTuple):
    """One lever as set: ``level`` from -1 (undone) over 0 (as now) to 1 (the plan's full ask), asked for from ``start``."""

    level: float
    start: str


def pace_table(
    spec,
    registry,
    *,
    last_period: str,
    deadline: str,
    overrides: Mapping[str, float] | None = None,
    indicators: Iterable[str] | None = None,
) -> pd.DataFrame:
    """What the levers and schedules of ``spec`` do after ``last_period``, up to ``deadline``; columns ``schema.PACE``.

    Of the gap to the best pace, the levers with a level above 0 close 1 - prod(1 - weight x effect x level x ramp) in a period;
    those below 0 take away the same of their own product. Never
    less than the scenario's ``towards_best``. So the result stays within -1 and 1 (beyond it only where the scenario raises the
    frontier), no order matters, and a higher level never gives less. A lever that started before ``last_period`` acts already;
    only periods ahead are listed. Levers that wait for another indicator help once it stands where it must (``until_then``: what
    is closed before). A schedule adds its units times the chance of being on time, in its period. Rows that do nothing are left
    out.
    ``overrides``: lever id to level, from the first period ahead on, in place of the scenario's. ``indicators``: those whose rows
    are wanted (all where None). ``ValueError`` for an unknown lever or indicator, and for a level outside -1 to 1.
    """
    ahead = periods.period_range(periods.shift(last_period, 1), deadline)
    settings = settings_of(spec, registry, overrides or {}, first=periods.shift(last_period, 1))
    adds = scheduled(spec.schedules, registry, ahead)
    best = getattr(spec, "towards_best", 0.0) or -1.0
    rows = []
    for name in registry.indicators if indicators is None else indicators:
        need = needed_by(name, settings, registry)
        full = np.maximum(closed_share(name, settings, registry, ahead), best)
        before = np.maximum(closed_share(name, settings, registry, ahead, waiting=True), best) if need else full
        waits = (need.indicator, need.at_least) if need else ("", 0.0)
        for period, share, then in zip(ahead, full, before, strict=True):
            added = adds.get((name, period), (0.0, 0.0))
            if share != 0 or added[0] != 0:
                rows.append((name, period, share, *added, *waits, then))
    columns = zip(*rows, strict=True) if rows else [()] * len(schema.PACE)
    # Column by column: a slider asks for this table, and turning a frame of mixed rows into types takes longer than all above.
    named = zip(schema.PACE, columns, strict=True)
    return pd.DataFrame({what: pd.array(list(values), dtype=TYPES[what]) for what, values in named})


TYPES = dict.fromkeys(schema.PACE, np.dtype(float)) | dict.fromkeys(("indicator", "period", "waits_for"), "str")
"""Column types of a pace table."""


def needed_by(indicator: str, settings: Mapping[str, Setting], registry):
    """What the levers set wait for before they help an indicator (``registry.Need``; the same for all of them); None: nothing."""
    own = (registry.levers[name] for name, setting in settings.items() if setting.level > 0)
    return next((lever.needs[indicator] for lever in own if indicator in lever.needs), None)


def settings_of(spec, registry, overrides: Mapping[str, float], *, first: str) -> dict[str, Setting]:
    """The levers as set by a scenario, with ``overrides`` in their place from the period ``first`` on."""
    given = {name: Setting(lever.level, lever.start) for name, lever in spec.levers.items()}
    asked = given | {name: Setting(level, first) for name, level in overrides.items()}
    for name, setting in asked.items():
        if name not in registry.levers:
            raise ValueError(f"lever {name!r} is unknown; known levers: {', '.join(registry.levers) or 'none'}")
        if not -1 <= setting.level <= 1:
            raise ValueError(
                f"lever {name}: level {setting.level:g} is not allowed; allowed: from -1 over 0 (as now) to 1 (the full ask)"
            )
    return asked


def closed_share(
    indicator: str, settings: Mapping[str, Setting], registry, ahead: list[str], *, waiting: bool = False
) -> np.ndarray:
    """The share of the gap to the best pace that the levers close in each period of ``ahead``: -1 to 1. ``waiting``: without the
    help of those that still wait for another indicator; cuts wait for nothing."""
    money = extra_money(indicator, settings, registry, ahead)
    pulls = [
        lever.reaches[indicator]
        * lever.effect.likely
        * funded(settings[name].level, money)
        * ramp(lever, settings[name].start, ahead)
        for name, lever in registry.levers.items()
        if name in settings and name != BUDGET and indicator in lever.reaches
        if not (waiting and indicator in lever.needs and settings[name].level > 0)
    ]
    return together(pulls, len(ahead)) - together([-pull for pull in pulls], len(ahead))


def together(pulls: list[np.ndarray], n_periods: int) -> np.ndarray:
    """1 - prod(1 - pull) over the pulls above 0: diminishing returns, whatever their order."""
    kept = np.ones(n_periods)
    for pull in pulls:
        kept = kept * (1.0 - np.maximum(pull, 0.0))
    return 1.0 - kept


def extra_money(indicator: str, settings: Mapping[str, Setting], registry, ahead: list[str]) -> np.ndarray:
    """By what share the budget raises (below 0: lowers) the other levers' levels for an indicator: weight x level x ramp."""
    if BUDGET not in settings or indicator not in registry.levers[BUDGET].reaches:
        return np.zeros(len(ahead))
    lever, setting = registry.levers[BUDGET], settings[BUDGET]
    return lever.reaches[indicator] * setting.level * ramp(lever, setting.start, ahead)


def funded(level: float, money: np.ndarray) -> np.ndarray:
    """A lever's level with that money: more strengthens a help, less weakens it and deepens a cut; never beyond -1 and 1."""
    return np.clip(level + abs(level) * money, -1.0, 1.0)


def ramp(lever, start: str, ahead: list[str]) -> np.ndarray:
    """How far a lever has come in each period: 0 before ``start`` + lag, then in equal steps to 1 over ``ramp`` periods."""
    acting = np.array([periods.ordinal(period) - periods.ordinal(start) - lever.lag.likely + 1 for period in ahead], dtype=float)
    return np.clip(acting / max(lever.ramp.likely, 1), 0.0, 1.0)


def scheduled(schedules, registry, ahead: list[str]) -> dict[tuple[str, str], tuple[float, float]]:
    """What schedules add, by (indicator, period) ahead: the number expected, and the number promised."""
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for entry in schedules:
        if entry.indicator not in registry.indicators:
            raise ValueError(f"schedule of {entry.indicator!r}: unknown indicator; known: {', '.join(registry.indicators)}")
        if entry.period in ahead:
            expected, promised = found.get((entry.indicator, entry.period), (0.0, 0.0))
            found[entry.indicator, entry.period] = expected + entry.adds * entry.on_time, promised + entry.adds
    return found
