"""Figures that passed the door and are doubted all the same, by the rules of quality.yaml.

Every check compares what was *reported*: carried figures would only repeat an earlier doubt. A change is read between two
neighbouring reports of the same unit, so who else reports moves nothing.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from qnict_analysis import formats, periods
from qnict_analysis.models import drift
from qnict_analysis.models.pool import MAD_TO_SD
from qnict_analysis.schema import QUALITY

SEVERE = ("error", "warning")
"""Severities that count as a doubt beside a target; a note does not."""

DOUBTED = "doubted"
"""Flag of an assessment row that rests on a doubted figure of its latest period."""

LEAST_CHANGES = 5
"""Changes of a unit's own from which the usual one is known well enough to call another odd."""

LEAST_SPREAD = 0.02
"""Spread of a unit's changes (log odds or logarithm) below which they are as good as regular: rounding alone makes as much."""

FLOOR = 0.5
"""Cases by which a share keeps from 0 and 1 on the log odds."""

ODD = ("share", "ratio")


class Grounds(NamedTuple):
    """What the checks look at: reported figures with those before them, the series, the panel, revisions, registry, as-of."""

    pairs: pd.DataFrame
    reported: pd.DataFrame
    series: pd.DataFrame
    panel: pd.DataFrame
    revisions: pd.DataFrame
    registry: object
    as_of: periods.AsOf


def doubts(observations, panel, series, revisions, registry, as_of) -> pd.DataFrame:
    """Every doubt on a figure known at ``as_of``: columns ``schema.QUALITY``, in the order of time, rules and units.

    ``observations``: as known at the as-of; ``panel`` and ``series`` made of them; ``revisions``: ``vintages.revisions``.
    """
    reported = panel[panel["state"] == "reported"].assign(number=lambda f: f["period"].map(periods.ordinal))
    flags = observations.set_index(["indicator", "unit", "period"])["flags"]
    keys = pd.MultiIndex.from_frame(reported[["indicator", "unit", "period"]])
    reported = reported.assign(flags=flags.reindex(keys).fillna("").to_numpy())
    grounds = Grounds(_pairs(reported), reported, series, panel, revisions, registry, as_of)
    found = [_told(rule, CHECKS[rule.check].find(rule, grounds)) for rule in registry.quality.values()]
    table = pd.concat([part for part in found if len(part)] or [pd.DataFrame(columns=list(QUALITY))], ignore_index=True)
    order = np.argsort(table["period"].map(periods.ordinal).to_numpy(int), kind="stable")
    return table.iloc[order].reset_index(drop=True).astype({"value": float, "limit": float})


def _told(rule, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(rule=rule.id, severity=rule.severity)[list(QUALITY)]


def _pairs(reported: pd.DataFrame) -> pd.DataFrame:
    """Each reported figure beside the one that its unit reported before, with the periods between."""
    ordered = reported.sort_values(["indicator", "unit", "number"], kind="stable")
    before = ordered.groupby(["indicator", "unit"], sort=False)[["numerator", "denominator", "value", "number"]].shift(1)
    return ordered.assign(**{f"{name}_before": before[name] for name in before})[before["number"].notna()]


def _of(rule, table: pd.DataFrame, registry, kinds=("share", "ratio", "units", "count")) -> pd.DataFrame:
    """The rows of the indicators that a rule speaks of."""
    names = rule.indicators or registry.indicators
    return table[table["indicator"].isin([name for name in names if registry.indicators[name].kind in kinds])]


# --- checks ----------------------------------------------------------------------------------------------------------


def _denominator_jump(rule, grounds: Grounds) -> pd.DataFrame:
    """Changes of a denominator that no merger explains."""
    rows = _of(rule, grounds.pairs, grounds.registry, ODD)
    merged = pd.MultiIndex.from_tuples(grounds.registry.mergers(), names=["unit", "period"])
    rows = rows[~pd.MultiIndex.from_frame(rows[["unit", "period"]]).isin(merged)]
    change = rows["denominator"] / rows["denominator_before"] - 1.0
    return rows.assign(value=change, limit=rule.limit)[change.abs() > rule.limit]


def _fall(rule, grounds: Grounds) -> pd.DataFrame:
    rows = _of(rule, grounds.pairs, grounds.registry, ODD)
    usual = rows["indicator"].map(grounds.revisions.set_index("indicator")["typical"])
    limit = np.maximum(usual, rule.limit)
    fall = rows["value_before"] - rows["value"]
    return rows.assign(value=fall, limit=limit)[fall > limit]


def _lapse(rule, grounds: Grounds) -> pd.DataFrame:
    rows = _of(rule, grounds.pairs, grounds.registry, ("units", "count"))
    return rows.assign(value=rows["numerator"], limit=rows["numerator_before"])[rows["numerator"] < rows["numerator_before"]]


def _flat_copy(rule, grounds: Grounds) -> pd.DataFrame:
    """A unit all of whose rates (with something in them) are those of the period before: the sheet was sent again."""
    rows = _of(rule, grounds.pairs, grounds.registry, ODD)
    rows = rows[(rows["number"] - rows["number_before"] == 1) & (rows["numerator"] > 0)]
    same = (rows["numerator"] == rows["numerator_before"]) & (rows["denominator"] == rows["denominator_before"])
    by = same.groupby([rows["unit"], rows["period"]], sort=False).agg(["all", "size"]).reset_index()
    copied = by[by["all"] & (by["size"] >= rule.limit)]
    return copied.assign(indicator="", value=copied["size"].astype(float), limit=rule.limit)


def _outlier(rule, grounds: Grounds) -> pd.DataFrame:
    """Changes far from the median of a unit's own changes, in multiples of their median absolute deviation."""
    rows = _of(rule, grounds.pairs, grounds.registry, ODD)
    ratio = rows["indicator"].map({name: item.kind == "ratio" for name, item in grounds.registry.indicators.items()})
    change = pd.Series(_scaled(rows, "", ratio) - _scaled(rows, "_before", ratio), index=rows.index)
    by = [rows["indicator"], rows["unit"]]
    centre = change.groupby(by).transform("median")
    spread = MAD_TO_SD * (change - centre).abs().groupby(by).transform("median")
    far = (change - centre).abs() / np.maximum(spread, LEAST_SPREAD)
    enough = change.groupby(by).transform("size") >= LEAST_CHANGES
    return rows.assign(value=far, limit=rule.limit)[(far > rule.limit) & enough]


def _scaled(rows: pd.DataFrame, which: str, ratio) -> np.ndarray:
    """Values on the log odds, those of ratios on the logarithm."""
    floor = np.minimum(FLOOR / rows[f"denominator{which}"], 0.25)
    value = rows[f"value{which}"]
    odds = drift.logit(np.clip(value, floor, 1.0 - floor))
    return np.where(ratio, drift.log(np.maximum(value, floor)), odds)


def _silent(rule, grounds: Grounds) -> pd.DataFrame:
    """Units without any report for so many periods up to the as-of."""
    panel = grounds.panel.assign(number=grounds.panel["period"].map(periods.ordinal), told=grounds.panel["state"] == "reported")
    last = panel[panel["period"] == grounds.as_of.through]["unit"].unique()
    spoke = panel[panel["told"]].groupby("unit")["number"].max()
    began = panel.groupby("unit")["number"].min()
    today = periods.ordinal(grounds.as_of.through)
    gaps = pd.Series({unit: today - spoke.get(unit, began[unit] - 1) for unit in last}, dtype=float)
    long = gaps[gaps >= rule.limit]
    return pd.DataFrame(
        {"indicator": "", "unit": long.index, "period": grounds.as_of.through, "value": long, "limit": rule.limit}
    )


def _mean_of_rates(rule, grounds: Grounds) -> pd.DataFrame:
    """Indicators whose mean of the units' rates is far from their sum over sum: who is large decides."""
    rows = _of(rule, grounds.panel[grounds.panel["state"] != "silent"], grounds.registry, ODD)
    by = rows.groupby(["indicator", "period"], sort=False)
    both = by.agg(mean=("value", "mean"), numerator=("numerator", "sum"), denominator=("denominator", "sum")).reset_index()
    apart = both["mean"] - both["numerator"] / both["denominator"]
    return both.assign(unit="", value=apart, limit=rule.limit)[apart.abs() > rule.limit]


def _two(rule, grounds: Grounds) -> pd.DataFrame:
    """The reported figures of a rule's two indicators side by side, one row a unit and period."""
    first, second = (grounds.reported[grounds.reported["indicator"] == name] for name in rule.indicators)
    return first.merge(second, on=["unit", "period"], suffixes=("", "_other"), validate="one_to_one")


def _same_denominator(rule, grounds: Grounds) -> pd.DataFrame:
    both = _two(rule, grounds)
    differ = both["denominator"] != both["denominator_other"]
    return both.assign(value=both["denominator"], limit=both["denominator_other"])[differ]


def _complete_with(rule, grounds: Grounds) -> pd.DataFrame:
    """A yes/no that must be yes exactly where the second indicator's numerator is all of its denominator."""
    both = _two(rule, grounds)
    implied = (both["numerator_other"] == both["denominator_other"]).astype(float)
    return both.assign(value=both["numerator"], limit=implied)[both["numerator"] != implied]


def _above(rule, grounds: Grounds) -> pd.DataFrame:
    rows = _of(rule, grounds.reported, grounds.registry)
    return rows.assign(limit=rule.limit)[rows["value"] > rule.limit]


def _flagged(rule, grounds: Grounds) -> pd.DataFrame:
    rows = _of(rule, grounds.reported, grounds.registry)
    here = rows["flags"].str.split().map(lambda flags: rule.flag in flags).astype(bool)
    return rows.assign(value=rows["numerator"], limit=np.nan)[here]


class Check(NamedTuple):
    """How doubts of a kind are found, and how their two numbers are printed."""

    find: Callable
    printed: Callable


def _points(value: float, lang: str) -> str:
    return formats.points(abs(value), lang, 1)


def _percent(value: float, lang: str) -> str:
    return formats.percent(abs(value), lang, 0)


def _plain(value: float, lang: str) -> str:
    return formats.number(value, lang, 0 if float(value).is_integer() else 1)


def _yes_no(value: float, lang: str) -> str:
    return {"vi": ("chưa", "đã đủ"), "en": ("not complete", "complete")}[lang][int(value)]


CHECKS = {
    "denominator_jump": Check(_denominator_jump, _percent),
    "fall": Check(_fall, _points),
    "lapse": Check(_lapse, _plain),
    "flat_copy": Check(_flat_copy, _plain),
    "outlier": Check(_outlier, _plain),
    "silent": Check(_silent, _plain),
    "mean_of_rates": Check(_mean_of_rates, _points),
    "same_denominator": Check(_same_denominator, _plain),
    "complete_with": Check(_complete_with, _yes_no),
    "above": Check(_above, _percent),
    "flagged": Check(_flagged, _plain),
}
"""The checks that a rule of quality.yaml may name."""


# --- words and flags -------------------------------------------------------------------------------------------------


def reason(row, registry, lang: str) -> str:
    """Why a figure is doubted, in words; ``row``: one of ``doubts``."""
    rule = registry.quality[row.rule]
    printed = CHECKS[rule.check].printed
    numbers = {"value": row.value, "limit": row.limit}
    return rule.reason[lang].format(**{name: "" if value != value else printed(value, lang) for name, value in numbers.items()})


def flagged(assessment: pd.DataFrame, found: pd.DataFrame, series: pd.DataFrame, registry) -> pd.DataFrame:
    """The assessment with the flag ``doubted`` where a figure of the latest period of one of the target's indicators is."""
    last = series.groupby("indicator")["period"].last()
    severe = found[found["severity"].isin(SEVERE)]
    doubted = {row.indicator for row in severe.itertuples() if last.get(row.indicator) == row.period}
    parts = {target.id: {part.indicator for part in target.parts} for target in registry.targets.values()}
    whole = assessment["target"].duplicated(keep=False)
    hit = [
        bool(({row.indicator} if single else parts[row.target]) & doubted)
        for row, single in zip(assessment.itertuples(), whole, strict=True)
    ]
    flags = [f"{old} {DOUBTED}".strip() if doubt else old for old, doubt in zip(assessment["flags"], hit, strict=True)]
    return assessment.assign(flags=pd.Series(flags, index=assessment.index, dtype="str"))
