"""Chances of every target under any setting of the levers, quickly: what no lever touches is worked out once."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from qnict_analysis import assessment, periods
from qnict_analysis.analysis import Analysis, pace_for
from qnict_analysis.assessment.outlook import latest_n
from qnict_analysis.assessment.rules import rule_of
from qnict_analysis.assessment.standing import is_decided, met_of, reason_of, standings
from qnict_analysis.forecast import EMPTY_PACE, as_draws, cases_of, drawers
from qnict_analysis.forecast.cases import first_standing, scenario_of
from qnict_analysis.params import LeverSetting, ScenarioSpec, Schedule
from qnict_analysis.registry.items import Lever

Setting = LeverSetting
MOST_KEPT = 400
"""Draws of an indicator kept by what a scenario does to it; recomputing gives the same, it only takes longer."""


def settings_of(spec: ScenarioSpec, levels: Mapping[str, float], *, start: str) -> ScenarioSpec:
    """A scenario with the levers ``levels`` over its own: those it has keep their start, others begin in ``start``."""
    own = {name: lever.start for name, lever in spec.levers.items()}
    over = {name: LeverSetting(level=float(level), start=own.get(name, start)) for name, level in levels.items()}
    return spec.model_copy(update={"levers": spec.levers | over})


def chosen(analysis: Analysis) -> ScenarioSpec:
    """The scenario of an analysis with the levers set beside it, from the first period ahead on, as ``analyse`` has them."""
    start = periods.shift(analysis.as_of.through, 1)
    over = {name: LeverSetting(level=float(level), start=start) for name, level in analysis.params.levers.items()}
    return analysis.scenario.model_copy(update={"levers": analysis.scenario.levers | over})


def likely(lever: Lever, values: Mapping[str, float]) -> Lever:
    """A lever with other likely values of its effect, lag or ramp."""
    fields = {name: getattr(lever, name).model_copy(update={"likely": value}) for name, value in values.items()}
    return lever.model_copy(update=fields)


class Planner:
    """All scenarios of one analysis on the same random numbers as its own.

    The baseline's chances are those of ``analyse`` with the baseline, those of a scenario file those of ``analyse`` with it, bit
    for bit. Nothing that was asked before changes an answer.
    """

    def __init__(self, analysis: Analysis):
        self.analysis, self.registry = analysis, analysis.registry
        known = {"as_of": analysis.as_of, "levers_pace": EMPTY_PACE}
        self.cases = {c.indicator.id: c for c in cases_of(analysis.series, analysis.panel, self.registry, **known)}
        settings = {"n_draws": analysis.params.draws, "seed": analysis.params.seed}
        self._ready = drawers(list(self.cases.values()), self.registry, **settings)
        self._kept: OrderedDict = OrderedDict()
        nothing = {"name": "baseline", "levers": {}, "schedules": (), "towards_best": 0.0}
        self.baseline = analysis.scenario.model_copy(update=nothing)
        found = standings(self.draws(self.baseline), analysis.series, analysis.basis, self.registry, analysis.as_of)
        self._standings = {standing.target.id: standing for standing in found}

    @property
    def first(self) -> str:
        """The first period that a lever can be asked for from: the one after the as-of's."""
        return periods.shift(self.analysis.as_of.through, 1)

    def is_decided(self, target: str) -> bool:
        """Whether the figure of the target's deadline, or a sourced verdict, is in."""
        return is_decided(self._standings[target])

    def pace(self, spec: ScenarioSpec) -> pd.DataFrame:
        """What a scenario does (``schema.PACE``)."""
        return pace_for(spec, self.registry, self.analysis.as_of, levers={})

    def drawn(self, indicator: str, pace: pd.DataFrame) -> np.ndarray:
        """Draws of one indicator (periods ahead, draws) under a pace table."""

        def opened(name: str, at_least: float) -> str | None:
            return first_standing(self.cases[name], self.drawn(name, pace), at_least) if name in self.cases else None

        closes, adds = scenario_of(pace, indicator, self.cases[indicator].periods, opened)
        key = indicator, closes.tobytes(), adds.tobytes()
        if key not in self._kept:
            self._kept[key] = self._ready[indicator](closes, adds)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def draws(self, spec: ScenarioSpec, indicators: Sequence[str] | None = None) -> pd.DataFrame:
        """The draws of all indicators (or of ``indicators``) under a scenario, as ``forecast`` gives them."""
        pace = self.pace(spec)
        cases = [case for name, case in self.cases.items() if indicators is None or name in indicators]
        drawn = {case.indicator.id: self.drawn(case.indicator.id, pace) for case in cases}
        return as_draws(cases, drawn, n_draws=self.analysis.params.draws)

    def chances(self, spec: ScenarioSpec, targets: Sequence[str] | None = None) -> pd.Series:
        """P(met) by target (of ``targets``, else all) under a scenario, never capped; decided ones 0 or 1, NaN without basis."""
        return self.chances_with(spec, {}, targets)

    def chances_with(
        self, spec: ScenarioSpec, assumed: Mapping[str, Mapping[str, float]], targets: Sequence[str] | None = None
    ) -> pd.Series:
        """The same with other assumptions of some levers: by lever its ``effect`` (the share of the gap to the best pace that it
        closes at full level), ``lag`` and ``ramp`` (periods)."""
        levers = self.registry.levers
        changed = {name: likely(levers[name], values) for name, values in assumed.items()}
        names = list(self.registry.targets) if targets is None else list(targets)
        registry, own = replace(self.registry, levers=levers | changed), None if targets is None else self.concerned(names)
        pace = pace_for(spec, registry, self.analysis.as_of, levers={}, indicators=own)
        return pd.Series({name: self._chance(name, pace) for name in names}, dtype=float).rename_axis("target")

    def concerned(self, targets: Sequence[str]) -> list[str]:
        """The indicators of some targets, and those that levers wait for before they help them."""
        found = list(dict.fromkeys(part.indicator for name in targets for part in self.registry.targets[name].parts))
        for name in found:  # grows while it is read
            needs = (lever.needs[name].indicator for lever in self.registry.levers.values() if name in lever.needs)
            found += [other for other in dict.fromkeys(needs) if other not in found]
        return found

    def _chance(self, target: str, pace: pd.DataFrame) -> float:
        standing = self._standings[target]
        if reason_of(standing):
            return float("nan")
        if is_decided(standing):
            return float(met_of(standing).mean())
        return float(np.logical_and.reduce([self._hits(one, pace) for one in standing.parts]).mean())

    def _hits(self, one, pace: pd.DataFrame) -> np.ndarray:
        """In which draws one part satisfies its target at the deadline."""
        name, deadline = one.indicator.id, one.target.deadline
        if name not in self.cases or deadline not in one.ahead:
            return one.hits[deadline].to_numpy()
        spot = self.cases[name].periods.index(deadline)
        rule = rule_of(one.part, one.indicator.kind, latest_n(one.indicator, one.known) or one.n_units)
        return rule.satisfied(self.drawn(name, pace)[spot])

    def same_draws(self, one: ScenarioSpec, other: ScenarioSpec, target: str) -> bool:
        """Whether two scenarios leave every indicator of a target with the same futures."""
        paces = [self.pace(spec) for spec in (one, other)]
        own = [part.indicator for part in self.registry.targets[target].parts if part.indicator in self.cases]
        return all(np.array_equal(*(self.drawn(name, pace) for pace in paces)) for name in own)

    def assessment(self, spec: ScenarioSpec) -> pd.DataFrame:
        """The assessment of every target under a scenario (``schema.ASSESSMENT``)."""
        known = self.analysis
        return assessment.assess(self.draws(spec), known.series, known.basis, self.registry, known.as_of)[0]

    def scheduled(self, spec: ScenarioSpec, indicator: str, adds: int, *, since: str) -> ScenarioSpec:
        """A scenario with ``adds`` units or items of an indicator in every period from ``since`` to its last, surely in time."""
        ahead = [label for label in self.cases[indicator].periods if periods.ordinal(label) >= periods.ordinal(since)]
        why = {"vi": "tìm mức cần có", "en": "sought"}
        own = [Schedule(indicator=indicator, period=label, adds=adds, on_time=1.0, why=why) for label in ahead if adds]
        return spec.model_copy(update={"schedules": (*spec.schedules, *own)})
