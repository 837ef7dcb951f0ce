"""What is printed of one target: each number as a string, once, so that report, table, chart and overview never differ.

A fact is made from one row of the assessment (a target, or a part of one) and the registry; nothing is computed anew but the
next step: what is missing, divided by the periods left.
"""

import math
from typing import NamedTuple

import pandas as pd

from qnict_analysis import formats, periods
from qnict_analysis.words import EVIDENCE, FLAGS, POINTS, REASONS, STATUS

WHOLE = ("units", "count")
WORRYING = ("unlikely", "uncertain")
DECIDED = ("met", "missed")
ROUGH_LOW, ROUGH_HIGH = 0.1, 0.9
"""Very weak evidence speaks in tenths: beyond the first and last it says only under 10% or over 90%."""


class Step(NamedTuple):
    """What must come until the end of the span ahead, on the straight way to the target; ``is_all``: no unit is left then."""

    more: str
    level: str
    is_all: bool


class Fact(NamedTuple):
    """One target (or part) in print. Strings are empty where there is nothing to say; ``p`` is NaN without a chance."""

    id: str
    target: object
    part: object
    indicator: object
    lang: str
    status: str
    label: str
    situation: str
    p: float
    pace_ratio: float
    now: str
    now_short: str
    goal: str
    goal_full: str
    gap: str
    gap_short: str
    chance: str
    in_ten: str
    median: str
    interval: str
    reach: str
    reach_period: str
    pace: str
    evidence: str
    reason: str
    flags: tuple
    step: Step | None


def facts_of(assessment, registry, *, lang: str, as_of=None, span: int = 1) -> list[Fact]:
    """The facts of every row of an assessment (``schema.ASSESSMENT``), in its order; without ``as_of`` they name no next step,
    which is of ``span`` periods."""
    return [fact_of(row, registry, as_of=as_of, lang=lang, span=span) for row in assessment.itertuples(index=False)]


def fact_of(row, registry, *, as_of, lang: str, span: int = 1) -> Fact:
    """The fact of one row: the target's binding part where it has several."""
    target = registry.targets[row.target]
    part = next((part for part in target.parts if part.indicator == row.indicator), target.parts[0])
    indicator = registry.indicators[part.indicator]
    flags = tuple(str(row.flags).split()) if isinstance(row.flags, str) else ()
    status = "not_sourced" if row.status == "no_basis" and "not_sourced" in flags else row.status
    chance = _known(row.p_printed) and not row.decided and row.status != "no_basis"
    missing = _missing(row, indicator) if row.status != "met" else 0.0
    return Fact(
        id=target.id,
        target=target,
        part=part,
        indicator=indicator,
        lang=lang,
        status=row.status,
        label=STATUS[lang][status],
        situation=_situation(row, flags, missing),
        p=float(row.p_met) if chance else math.nan,
        pace_ratio=float(row.pace_ratio) if _known(row.pace_ratio) else math.nan,
        now=level_text(row.value, indicator, row.n_units, lang),
        now_short=level_text(row.value, indicator, row.n_units, lang, named=False),
        goal=formats.target_value(part, indicator, lang),
        goal_full=_goal_full(row, part, indicator, lang),
        gap=amount_text(missing, indicator, lang) if missing > 0 else "",
        gap_short=short_amount(missing, indicator, lang) if missing > 0 else "",
        chance=chance_text(row, lang) if chance else "",
        in_ten=formats.chance_in_ten(shown_chance(row), lang) if chance else "",
        median=level_text(row.median, indicator, row.n_units, lang) if chance else "",
        interval=_interval(row, indicator, lang) if chance else "",
        reach=formats.period_text(row.reach, lang) if isinstance(row.reach, str) and row.reach else "",
        reach_period=row.reach if isinstance(row.reach, str) else "",
        pace=_pace(row, lang) if chance and missing > 0 else "",
        evidence=EVIDENCE[lang].get(row.evidence, ""),
        reason=next((flag for flag in flags if flag in REASONS[lang]), "") if row.status == "no_basis" else "",
        flags=tuple(FLAGS[lang][flag] for flag in flags if flag in FLAGS[lang]),
        step=_step(row, target, part, indicator, missing, as_of, lang, span),
    )


def chance_text(row, lang: str) -> str:
    """The chance of a row of the assessment in print: capped, and where evidence is very weak no finer than tenths."""
    if shown_chance(row) != row.p_printed:
        return formats.chance(shown_chance(row), lang, low=ROUGH_LOW, high=ROUGH_HIGH)
    # A chance that was capped is printed as beyond its cap, whatever the caps are.
    capped = row.evidence != "very_weak" and row.p_printed != row.p_met
    low, high = (row.p_printed, row.p_printed) if capped else (0.0, 1.0)
    return formats.chance(row.p_met if capped else row.p_printed, lang, low=low, high=high)


def caps_of(registry) -> dict[str, float]:
    """Between which chances are printed: the ``low`` and ``high`` of ``formats.chance``; an analysis' registry has the caps that
    follow from what its ledger scored."""
    return registry.programme.caps.model_dump()


def chance_like(p: float, evidence: str, lang: str, *, low: float = formats.LOWEST, high: float = formats.HIGHEST) -> str:
    """Another chance of a target with that evidence, as fine as its own in print: on very weak evidence in tenths, else between
    ``low`` and ``high`` (``caps_of``)."""
    if evidence != "very_weak":
        return formats.chance(p, lang, low=low, high=high)
    tenth = math.floor(p * 10 + 0.5) / 10 if ROUGH_LOW <= p <= ROUGH_HIGH else p
    return formats.chance(tenth, lang, low=ROUGH_LOW, high=ROUGH_HIGH)


def shown_chance(row) -> float:
    """``p_printed``; below or above all tenths the chance itself, which prints as under 10% or over 90%."""
    rough = row.evidence == "very_weak" and not ROUGH_LOW <= row.p_met <= ROUGH_HIGH
    return row.p_met if rough else row.p_printed


def _known(value) -> bool:
    return not pd.isna(value)


def _situation(row, flags: tuple, missing: float) -> str:
    """Which sentence speaks of this target."""
    if row.status == "no_basis":
        return "not_sourced" if "not_sourced" in flags else "no_basis"
    if row.decided:
        known = _known(row.value) and "decided_by_source" not in flags
        return row.status if known else f"{row.status}_by_source"
    return "at_level" if "at_level" in flags else "open"


def _missing(row, indicator) -> float:
    """What is still missing in the unit of print (whole units, items; shares 0 to 1); negative or zero: nothing."""
    if not _known(row.value):
        return math.nan
    if indicator.kind in WHOLE and _known(row.k_min):
        return float(row.k_min) - whole_level(row.value, indicator, row.n_units)
    return float(row.gap)


def whole_level(value: float, indicator, n_units) -> float:
    """The number of units or items behind a value; a units value is a share of ``n_units``."""
    return float(round(value * n_units)) if indicator.kind == "units" else float(value)


def level_text(value, indicator, n_units, lang: str, *, named: bool = True) -> str:
    """A level in the unit of the target: 34,1% · 9/14 đơn vị cấp huyện · 21 cơ sở dữ liệu (``named`` False: 9/14, 21)."""
    if not _known(value):
        return "–"
    if indicator.kind not in WHOLE:
        return formats.percent(value, lang, indicator.decimals)
    number = formats.number(whole_level(value, indicator, n_units), lang, 0)
    of = f"/{formats.number(n_units, lang, 0)}" if indicator.kind == "units" else ""
    return f"{number}{of} {entity_text(n_units if of else value, indicator, lang) if named else ''}".strip()


def amount_text(amount: float, indicator, lang: str) -> str:
    """A difference in the unit of the target: 35,9 điểm phần trăm · 3 đơn vị cấp huyện."""
    if indicator.kind not in WHOLE:
        return formats.points(amount, lang, indicator.decimals)
    return f"{formats.number(amount, lang, 0)} {entity_text(amount, indicator, lang)}".strip()


def short_amount(amount: float, indicator, lang: str) -> str:
    """The same for a narrow column: 35,9 điểm % · 3 đơn vị cấp huyện."""
    if indicator.kind not in WHOLE:
        return f"{formats.number(100 * amount, lang, indicator.decimals)} {POINTS[lang]}"
    return amount_text(amount, indicator, lang)


def covered(coverage: float, lang: str) -> str:
    """A coverage in whole per cent, rounded down: 99.6 % is not all."""
    return formats.percent(math.floor(100 * coverage + 1e-9) / 100, lang, 0)


def entity_text(number: float, indicator, lang: str) -> str:
    """What is counted, in the singular where English asks for it."""
    if indicator.entity is None:
        return ""
    plural = indicator.entity[lang]
    if lang != "en" or number != 1:
        return plural
    return plural[:-3] + "y" if plural.endswith("ies") else plural.removesuffix("s")


def _goal_full(row, part, indicator, lang: str) -> str:
    """The target with the whole number it means: ≥ 80% (12/14)."""
    goal = formats.target_value(part, indicator, lang)
    if indicator.kind != "units" or not _known(row.k_min) or part.threshold == 1:
        return goal
    return f"{goal} ({formats.number(row.k_min, lang, 0)}/{formats.number(row.n_units, lang, 0)})"


def _interval(row, indicator, lang: str) -> str:
    if indicator.kind not in WHOLE:
        return f"{formats.number(100 * row.low, lang, indicator.decimals)}–{formats.percent(row.high, lang, indicator.decimals)}"
    low, high = (formats.number(whole_level(level, indicator, row.n_units), lang, 0) for level in (row.low, row.high))
    of = f"/{formats.number(row.n_units, lang, 0)}" if indicator.kind == "units" else ""
    return f"{low}–{high}{of}" if low != high else f"{low}{of}"


def _pace(row, lang: str) -> str:
    """Pace needed over pace made, as a multiple."""
    if not _known(row.pace_ratio) or not math.isfinite(row.pace_ratio) or row.pace_ratio <= 0:
        return ""
    return formats.number(row.pace_ratio, lang, 1)


def _step(row, target, part, indicator, missing: float, as_of, lang: str, span: int) -> Step | None:
    """The missing amount over the periods left, for as many of them as the span ahead has, rounded up to what is printed."""
    left = periods.ordinal(target.deadline) - periods.ordinal(as_of.through) if as_of else 0
    if row.decided or row.status == "no_basis" or left <= 0 or not missing > 0:
        return None
    places = 0 if indicator.kind in WHOLE else indicator.decimals + 2
    amount = math.ceil(missing * min(span, left) / left * 10**places - 1e-6) / 10**places
    is_all = indicator.kind == "units" and whole_level(row.value, indicator, row.n_units) + amount == row.n_units
    return Step(amount_text(amount, indicator, lang), _level_after(row, part, indicator, amount, lang), is_all)


def _level_after(row, part, indicator, amount: float, lang: str) -> str:
    """The level as printed now, moved by the amount as printed."""
    if indicator.kind == "units":
        k = whole_level(row.value, indicator, row.n_units) + amount
        return f"{formats.number(k, lang, 0)}/{formats.number(row.n_units, lang, 0)}"
    sign = -1.0 if part.comparator in ("at_most", "below") else 1.0
    if indicator.kind == "count":
        return formats.number(row.value + sign * amount, lang, 0)
    now = float(formats.rounded(row.value, indicator.decimals + 2))
    return formats.percent(now + sign * amount, lang, indicator.decimals)
