"""The frozen records of a registry and the exact arithmetic of thresholds."""

import math
import operator
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StrictBool, StrictInt, model_validator

from qnict_analysis.periods import ordinal, shift
from qnict_analysis.records import FROZEN, Day, Id, Period, Share, ShortText, Text, Words

Kind = Literal["share", "ratio", "units", "count"]
Comparator = Literal["at_least", "above", "at_most", "below"]
COMPARE = {"at_least": operator.ge, "above": operator.gt, "at_most": operator.le, "below": operator.lt}

PER_CENT = re.compile(r"(\d+(?:\.\d+)?)%")

# Figures arrive as floats: 18 of 20 must be exactly 90 %, so a value is read as the nearest fraction of this precision.
PRECISION = 10**9


def _threshold_form(value: Any) -> Any:
    if isinstance(value, str) and (value == "all" or PER_CENT.fullmatch(value)):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ValueError('write a per cent in quotes ("70%"), a whole number (16) or "all"')


class Part(BaseModel):
    """One condition of a target: indicator, comparator and value ("70%", a whole number, or "all")."""

    model_config = FROZEN
    indicator: Id
    comparator: Comparator
    value: Annotated[int | str, BeforeValidator(_threshold_form)]
    met_when_rounds: Annotated[StrictInt, Field(ge=0, le=6)] | None = None

    @property
    def threshold(self) -> Fraction:
        """The value as an exact number: 7/10 for "70%", 16 for 16, 1 for "all"."""
        if isinstance(self.value, int):
            return Fraction(self.value)
        return Fraction(1) if self.value == "all" else Fraction(self.value[:-1]) / 100

    def k_min(self, n_units: int = 1) -> int:
        """The least whole number that satisfies the part; 13 of 14 for above "90%", 31 for above 30.

        ``n_units`` counts for per cent and "all" only. ``ValueError`` where less is better.
        """
        if self.comparator not in ("at_least", "above"):
            raise ValueError(f"{self.comparator} has no least number: use k_max")
        edge = self._edge(n_units)
        return math.ceil(edge) if self.comparator == "at_least" else math.floor(edge) + 1

    def k_max(self, n_units: int = 1) -> int:
        """The greatest whole number that satisfies an at_most or below part; ``ValueError`` for the other two."""
        if self.comparator not in ("at_most", "below"):
            raise ValueError(f"{self.comparator} has no greatest number: use k_min")
        edge = self._edge(n_units)
        return math.floor(edge) if self.comparator == "at_most" else math.ceil(edge) - 1

    def is_met(self, value: float, n_units: int | None = None) -> bool:
        """Whether a figure satisfies the part: a share, ratio or count, or (with ``n_units``) a number of units.

        A missing figure never does. Where the source's rounding decides, the figure is rounded half up first.
        """
        if value is None or value != value:
            return False
        figure = value if isinstance(value, Fraction) else Fraction(float(value)).limit_denominator(PRECISION)
        return COMPARE[self.comparator](self._rounded(figure), self._edge(1 if n_units is None else n_units))

    def _edge(self, n_units: int) -> Fraction:
        return self.threshold if isinstance(self.value, int) else self.threshold * int(n_units)

    def _rounded(self, figure: Fraction) -> Fraction:
        if self.met_when_rounds is None:
            return figure
        steps = 100 * 10**self.met_when_rounds
        return Fraction(math.floor(figure * steps + Fraction(1, 2)), steps)


class Indicator(BaseModel):
    """What is measured, of which units, and how figures are added up."""

    model_config = FROZEN
    id: Id
    kind: Kind
    name: Text
    short: ShortText
    definition: Text
    numerator: Text
    denominator: Text | None = None
    entity: Text | None = None
    scope: Id
    aggregation: Literal["sum"] = "sum"
    counts: StrictBool
    lead: Text
    decimals: Annotated[StrictInt, Field(ge=0, le=4)] = 1

    @model_validator(mode="after")
    def _fields_of_kind(self):
        if self.kind in ("share", "ratio", "units") and self.denominator is None:
            raise ValueError(f"a {self.kind} needs a denominator")
        if self.kind in ("units", "count") and self.entity is None:
            raise ValueError(f"kind {self.kind} needs an entity: what is counted")
        return self


class Target(BaseModel):
    """One promise of the plan; met when all its parts are. ``milestones``: what its one part asks for in periods before the
    deadline, written as its value is."""

    model_config = FROZEN
    id: Id
    name: Text
    short: ShortText
    sentence: Text
    group: Id
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    deadline: Period
    lead: Text
    soft: StrictBool = False
    aliases: tuple[Id, ...] = ()
    note: Text | None = None
    milestones: dict[Period, Annotated[int | str, BeforeValidator(_threshold_form)]] = {}


class FormerName(BaseModel):
    """A name that a unit bore up to a period, that one included."""

    model_config = FROZEN
    name: Words
    until: Period


class Unit(BaseModel):
    """A body that reports, from ``since`` to ``until`` (both included, None for always).

    ``aliases``: other names by which it is known at any time; ``former``: names it bore until a period. ``merged_into``: the unit
    that reports for it from the period after ``until`` on.
    """

    model_config = FROZEN
    id: Id
    name: Text
    short: ShortText
    group: Id
    since: Period | None = None
    until: Period | None = None
    aliases: tuple[Words, ...] = ()
    former: tuple[FormerName, ...] = ()
    merged_into: Id | None = None

    @model_validator(mode="after")
    def _merged_at_its_end(self):
        if self.merged_into is not None and (self.until is None or self.merged_into == self.id):
            raise ValueError("merged_into names another unit, and needs until: the last period in which this one reports itself")
        return self

    def exists_in(self, period: str) -> bool:
        """Whether the unit reports on a period of the programme's frequency."""
        after_start = self.since is None or ordinal(self.since) <= ordinal(period)
        return after_start and (self.until is None or ordinal(period) <= ordinal(self.until))


class Units(BaseModel):
    """The file of units: groups, scopes (groups or single units) and the units themselves."""

    model_config = FROZEN
    groups: dict[Id, Text]
    scopes: dict[Id, tuple[Id, ...]]
    units: tuple[Unit, ...]


def _low_first(spread):
    if not spread.low <= spread.likely <= spread.high:
        raise ValueError("low, likely and high must rise")
    return spread


class Effect(BaseModel):
    """Share of the gap to the best pace that a lever closes at full level."""

    model_config = FROZEN
    low: Share
    likely: Share
    high: Share


class Spread(BaseModel):
    """A whole number of periods that is not surely known; one number stands for all three."""

    model_config = FROZEN
    low: Annotated[StrictInt, Field(ge=0, le=40)]
    likely: Annotated[StrictInt, Field(ge=0, le=40)]
    high: Annotated[StrictInt, Field(ge=0, le=40)]


class Need(BaseModel):
    """Another indicator that must stand at a figure (a share for kinds share and units) before a lever helps."""

    model_config = FROZEN
    indicator: Id
    at_least: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    why: Text


class Cost(BaseModel):
    """What a lever costs a year at its full level, in ``unit``."""

    model_config = FROZEN
    low: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    likely: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    high: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    unit: Text
    source: Text
    assumed: StrictBool


def _spread_out(value):
    return {"low": value, "likely": value, "high": value} if isinstance(value, int) else value


class Lever(BaseModel):
    """A measure that acts on the pace of the indicators it reaches; ``lag`` and ``ramp`` in periods.

    ``needs``: for an indicator reached, what must come first. ``cost``: None where nobody has said.
    """

    model_config = FROZEN
    id: Id
    title: Text
    reaches: dict[Id, Share]
    effect: Annotated[Effect, AfterValidator(_low_first)]
    lag: Annotated[Spread, BeforeValidator(_spread_out), AfterValidator(_low_first)]
    ramp: Annotated[Spread, BeforeValidator(_spread_out), AfterValidator(_low_first)]
    source: Text
    assumed: StrictBool
    needs: dict[Id, Need] = {}
    cost: Annotated[Cost, AfterValidator(_low_first)] | None = None

    @property
    def is_sourced(self) -> bool:
        """Whether effect and cost both rest on a source of their own, so that chance may be set against money."""
        return not self.assumed and self.cost is not None and not self.cost.assumed


class Figures(BaseModel):
    """Numerator and denominator a correction expects to find."""

    model_config = FROZEN
    numerator: float | None = None
    denominator: float | None = None


class Correction(BaseModel):
    """A known error or step of a source; applies to briefings from ``known_on`` on. ``break``: a new definition starts here.

    ``jump``: the figure stepped up or down for the reason ``code``; the level stays, the step tells nothing of the pace.
    """

    model_config = FROZEN
    indicator: Id
    unit: Id
    period: Period
    action: Literal["replace", "drop", "break", "jump"]
    code: Literal["system", "merger", "recount"] | None = None
    numerator: float | None = None
    denominator: float | None = None
    reason: Text
    source: Words
    known_on: Day
    expect: Figures | None = None

    @model_validator(mode="after")
    def _figures_of_action(self):
        given = (self.numerator, self.denominator) != (None, None)
        if given != (self.action == "replace"):
            raise ValueError("numerator and denominator belong to action replace, and replace needs one of them")
        if (self.code is not None) != (self.action == "jump"):
            raise ValueError("code (system, merger or recount) belongs to action jump, and jump needs it")
        return self


class Project(BaseModel):
    """Items of a count that somebody has promised: how many by when; known from ``known_on``, finished on ``done_on``.

    ``on_time``: the chance to be in time, where there is better ground for it than how earlier projects did.
    """

    model_config = FROZEN
    id: Id
    indicator: Id
    items: Annotated[StrictInt, Field(ge=1, le=1000)]
    due: Period
    known_on: Day
    done_on: Day | None = None
    on_time: Share | None = None
    source: Text


class Outcome(BaseModel):
    """A sourced verdict on a target, where no figure of the deadline is known."""

    model_config = FROZEN
    target: Id
    outcome: Literal["met", "missed"]
    known_on: Day
    value: float | None = None
    source: Words
    note: Text


class Assumption(BaseModel):
    """A number no return can supply, with the ground it stands on."""

    model_config = FROZEN
    value: Annotated[float, Field(allow_inf_nan=False)]
    source: Text


CHECKS_OF_TWO = ("same_denominator", "complete_with")
CHECKS_WITH_LIMIT = ("denominator_jump", "fall", "flat_copy", "outlier", "silent", "mean_of_rates", "above")


class QualityRule(BaseModel):
    """A ground on which accepted figures are doubted; ``reason`` may name {value} and {limit}."""

    model_config = FROZEN
    id: Id
    check: Literal[
        *("denominator_jump", "fall", "lapse", "flat_copy", "outlier", "silent"),
        *("mean_of_rates", "same_denominator", "complete_with", "above", "flagged"),
    ]
    severity: Literal["error", "warning", "note"]
    reason: Text
    indicators: tuple[Id, ...] = ()
    limit: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    flag: Literal["ambiguous_number", "dash_as_zero"] | None = None

    @model_validator(mode="after")
    def _fields_of_check(self):
        if (self.limit is not None) != (self.check in CHECKS_WITH_LIMIT):
            raise ValueError(f"limit belongs to the checks {', '.join(CHECKS_WITH_LIMIT)}, and they need it")
        if (self.flag is not None) != (self.check == "flagged"):
            raise ValueError("flag belongs to the check flagged, and it needs one")
        if self.check in CHECKS_OF_TWO and len(self.indicators) != 2:
            raise ValueError(f"the check {self.check} compares two indicators")
        for text in self.reason.values():
            unknown = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None} - {"value", "limit"}
            if unknown:
                raise ValueError(f"reason names {{{min(unknown)}}}; it may name {{value}} and {{limit}}")
        return self


class Edges(BaseModel):
    """Chances from which a target is called likely, and below which unlikely."""

    model_config = FROZEN
    likely: Share
    uncertain: Share


class Caps(BaseModel):
    """Chances are printed between these two."""

    model_config = FROZEN
    low: Share
    high: Share


class Programme(BaseModel):
    """The plan as a whole: its time, its texts and how its briefings speak."""

    model_config = FROZEN
    id: Id
    title: Text
    short: Text
    frequency: Literal["quarterly", "yearly"]
    start: Period
    deadline: Period
    cutoff_days: Annotated[StrictInt, Field(ge=0, le=730)]
    default_as_of: Words
    place: Text
    parent_agency: Text
    agency: Text
    agency_code: Words
    signer_title: Text
    groups: dict[Id, Text]
    status_edges: Edges
    caps: Caps
    source: Text
    letterhead: Literal["vn_state", "plain"]
    replay_from: Period | None = None
    recipients: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Registry:
    """Everything the registry's files say, checked; ids are the keys, in the order of the files."""

    programme: Programme
    indicators: dict[str, Indicator]
    targets: dict[str, Target]
    units: dict[str, Unit]
    groups: dict[str, dict]
    scopes: dict[str, tuple[str, ...]]
    levers: dict[str, Lever]
    corrections: tuple[Correction, ...]
    outcomes: tuple[Outcome, ...]
    assumptions: dict[str, Assumption]
    quality: dict[str, QualityRule]
    projects: dict[str, Project]

    def units_in(self, scope: str, period: str) -> list[str]:
        """Ids of the units of a scope that exist in a period, in the order of the registry."""
        if scope not in self.scopes:
            raise ValueError(f"scope {scope!r} is unknown; known: {', '.join(self.scopes)}")
        members = self.scopes[scope]
        return [u.id for u in self.units.values() if (u.group in members or u.id in members) and u.exists_in(period)]

    def mergers(self) -> list[tuple[str, str]]:
        """For each merger the unit that goes on, and the first period in which it reports for the other one too."""
        gone = (unit for unit in self.units.values() if unit.merged_into is not None)
        return [(unit.merged_into, shift(unit.until, 1)) for unit in gone]

    def parts(self) -> Iterator[tuple[Target, Part]]:
        """Every part of every target, as pairs (target, part)."""
        return ((target, part) for target in self.targets.values() for part in target.parts)

    def last_deadline(self) -> str:
        """The latest deadline of the programme and its targets."""
        return max([self.programme.deadline, *(target.deadline for target in self.targets.values())], key=ordinal)

    def assumption(self, name: str) -> float:
        """The value of an assumption; ``ValueError`` lists the known ones."""
        if name not in self.assumptions:
            raise ValueError(f"assumptions.yaml: {name} is missing; known: {', '.join(self.assumptions)}")
        return self.assumptions[name].value
