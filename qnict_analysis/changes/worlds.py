"""The worlds between two as-ofs: what would be known, decided and due if only some of the causes had happened."""

import dataclasses
from typing import NamedTuple

import numpy as np
import pandas as pd

from qnict_analysis import periods, schema
from qnict_analysis.analysis import Analysis, pace_for
from qnict_analysis.observations import KEY, apply_corrections, known_at

FIGURES = ["numerator", "denominator", "status"]
UNIT = ["indicator", "unit"]


class World(NamedTuple):
    """What an assessment rests on: observations, registry, as-of, pace table."""

    known: pd.DataFrame
    registry: object
    as_of: periods.AsOf
    pace: pd.DataFrame


def world_of(then: Analysis, now: Analysis, on: frozenset) -> World:
    """What is known, decided and due in the world in which the causes ``on`` have happened and the others not."""
    source = now if "parameters" in on else then
    as_of = now.as_of if "time" in on else then.as_of
    registry = dataclasses.replace(
        source.registry,
        units=_units(then, now, on),
        corrections=_corrections(now if "corrections" in on else then, as_of),
    )
    pace = pace_for(source.scenario, registry, as_of, levers=source.params.levers)
    return World(_figures(then, now, on), registry, as_of, pace)


def _corrections(side: Analysis, as_of) -> tuple:
    """The records in force on one side, dated so that the world's as-of knows them."""
    inforce = (record for record in side.registry.corrections if record.known_on <= side.as_of.cutoff)
    return tuple(record.model_copy(update={"known_on": min(record.known_on, as_of.cutoff)}) for record in inforce)


def _units(then: Analysis, now: Analysis, on: frozenset) -> dict:
    """The units of a world: where time and frame do not go together, those that came or went do so later or sooner."""
    if ("time" in on) == ("frame" in on):
        return now.registry.units if "frame" in on else then.registry.units
    first, last = then.as_of.through, now.as_of.through
    if "time" in on:
        update = {"gone": {"until": last}, "come": {"since": periods.shift(last, 1)}}
    else:
        update = {"gone": {"until": periods.shift(first, -1)}, "come": {"since": first}}
    movers = movers_between(then, now)
    units = now.registry.units
    return {name: unit.model_copy(update=update[movers[name]]) if name in movers else unit for name, unit in units.items()}


def _figures(then: Analysis, now: Analysis, on: frozenset) -> pd.DataFrame:
    """The observations of a world."""
    corrected = now if "corrections" in on else then
    old, fresh = (_corrected(side, corrected) for side in (then, now))
    last = last_known(then)
    restated, new = parted(fresh, last)
    past = _past(old, restated, on)
    if new.empty and not movers_between(then, now):
        return past
    moved = then.as_of.through != now.as_of.through
    if "time" in on or not moved:
        if "new_period" not in on and not moved:
            return past
        return pd.concat([past, _ahead(past, new, then, now, on)], ignore_index=True)
    return _drawn_back(past, _ahead(past, new, then, now, on), last, on)


def _corrected(side: Analysis, corrected: Analysis) -> pd.DataFrame:
    """The figures known on one side with the corrections in force on another; a record that expects another figure than the one
    known then does not fit it yet."""
    known = known_at(side.history, side.as_of)
    if corrected is side:
        return side.observations
    for record in corrected.registry.corrections:
        try:
            known = apply_corrections(known, [record], corrected.as_of)
        except ValueError:
            continue
    return known


def _past(old: pd.DataFrame, restated: pd.DataFrame, on: frozenset) -> pd.DataFrame:
    """The figures of the periods known then. Where count and denominator were both restated, the rate is the restatement and the
    denominator the frame."""
    both = old.merge(restated, how="outer", on=KEY, suffixes=("", "_now"), indicator=True)
    alone = both["_merge"] != "both"
    over = ~alone & ~same(both["denominator"], both["denominator_now"])
    counted = ~same(both["numerator"], both["numerator_now"])
    take_new = alone & (("restated" in on) == (both["_merge"] == "right_only"))
    found = _chosen(both, "")
    whole = (counted & ~over & ("restated" in on)) | (over & ~counted & ("frame" in on))
    mixed = over & counted
    if {"restated", "frame"} <= on:
        whole |= mixed
    elif "restated" in on:
        found.loc[mixed, "numerator"] = both["numerator_now"] / both["denominator_now"] * both["denominator"]
    elif "frame" in on:
        found.loc[mixed, "numerator"] = both["numerator"] / both["denominator"] * both["denominator_now"]
        found.loc[mixed, "denominator"] = both["denominator_now"]
    later = _chosen(both, "_now")
    added = whole | (alone & (both["_merge"] == "right_only"))
    found = found.where(~added, later)
    return found[~alone | take_new].reset_index(drop=True)[list(old.columns)]


def _chosen(both: pd.DataFrame, side: str) -> pd.DataFrame:
    columns = [name for name in schema.OBSERVATIONS if name not in KEY]
    chosen = both[[f"{name}{side}" for name in columns]].set_axis(columns, axis=1)
    return pd.concat([both[KEY], chosen], axis=1)


def _ahead(past: pd.DataFrame, new: pd.DataFrame, then: Analysis, now: Analysis, on: frozenset) -> pd.DataFrame:
    """The figures after those known then: as reported, or (``new_period`` off) where each unit that reported stood; by the frame
    of now, or (``frame`` off) of then. ``frame_row``: the frame decides on this row."""
    latest, kind = _latest(past), {name: indicator.kind for name, indicator in now.registry.indicators.items()}
    groups = _merged(then, now)
    stepped = dict(zip(new.index, stepped_in(new, past, now.registry), strict=True))
    movers = movers_between(then, now)
    rows = []
    for row in new.itertuples():
        members = groups.get(row.unit, [row.unit])
        known = [(unit, latest.loc[(row.indicator, unit)]) for unit in members if (row.indicator, unit) in latest.index]
        told = _told(row, known, kind[row.indicator], stepped[row.Index], movers, on)
        for unit, numerator, denominator, status, framed in told:
            figures = {"unit": unit, "numerator": numerator, "denominator": denominator, "status": status}
            rows.append(row._asdict() | figures | {"frame_row": framed})
    return pd.DataFrame(rows, columns=[*new.columns, "frame_row"])


def _told(row, known: list, kind: str, stepped: bool, movers: dict, on: frozenset):
    """What one new row says in a world: tuples (unit, numerator, denominator, status, whether the frame decides)."""
    merged = len(known) > 1 or (len(known) == 1 and known[0][0] != row.unit)
    came = movers.get(row.unit) == "come"
    framed = merged or stepped or came
    if "new_period" in on and ("frame" in on or not framed):
        return [(row.unit, row.numerator, row.denominator, row.status, framed)]
    if not known or (came and "frame" not in on):
        return []
    if "new_period" in on:
        return _in_old_frame(row, known, kind)
    if "frame" not in on:
        return [(unit, was["numerator"], was["denominator"], was["status"], framed) for unit, was in known]
    numerator, denominator = (sum(was[name] for _, was in known) for name in ("numerator", "denominator"))
    if stepped and not merged and denominator > 0:
        numerator, denominator = numerator / denominator * row.denominator, row.denominator
    return [(row.unit, numerator, denominator, known[0][1]["status"], framed)]


def _in_old_frame(row, known: list, kind: str) -> list:
    """A new row handed back to the units that made it up then: the rate is that of the whole (counts by what each had)."""
    if kind == "count":
        had = np.array([was["numerator"] for _, was in known], dtype=float)
        parts = had / had.sum() if had.sum() > 0 else np.full(len(had), 1.0 / len(had))
        together = zip(known, parts, strict=True)
        return [(unit, row.numerator * part, row.denominator, row.status, True) for (unit, _), part in together]
    rate = row.numerator / row.denominator if row.denominator > 0 else 0.0
    return [(unit, rate * was["denominator"], was["denominator"], row.status, True) for unit, was in known]


def _merged(then: Analysis, now: Analysis) -> dict[str, list[str]]:
    """Units that now report for others too: themselves and those that merged into them between the two as-ofs."""
    gone = [name for name, way in movers_between(then, now).items() if way == "gone"]
    units = now.registry.units
    heirs = {units[name].merged_into for name in gone if units[name].merged_into is not None}
    return {heir: [heir, *(name for name in gone if units[name].merged_into == heir)] for heir in heirs}


def _drawn_back(past: pd.DataFrame, ahead: pd.DataFrame, last: dict[str, int], on: frozenset) -> pd.DataFrame:
    """The latest figures put in the place of those of the last period known then: results came, time did not pass."""
    kept = ahead if "new_period" in on else ahead[ahead["frame_row"].astype(bool)] if "frame" in on else ahead.iloc[:0]
    order = np.argsort(kept["period"].map(periods.ordinal).to_numpy(int), kind="stable")
    kept = kept.iloc[order].drop_duplicates(UNIT, keep="last").drop(columns="frame_row")
    kept = kept[kept["indicator"].isin(last)]
    steps = {name: past.loc[past["indicator"] == name, "period"] for name in kept["indicator"].unique()}
    kind = {name: periods.frequency(labels.iloc[0]) for name, labels in steps.items() if len(labels)}
    kept = kept[kept["indicator"].isin(kind)]
    kept = kept.assign(period=[periods.from_ordinal(last[name], kind[name]) for name in kept["indicator"]])
    return pd.concat([past, kept], ignore_index=True).drop_duplicates(KEY, keep="last", ignore_index=True)


# --- what came -----------------------------------------------------------------------------------------------------


def last_known(then: Analysis) -> dict[str, int]:
    """The ordinal of the last period with a figure of each indicator."""
    numbers = then.observations["period"].map(periods.ordinal)
    return numbers.groupby(then.observations["indicator"]).max().to_dict()


def parted(observations: pd.DataFrame, last: dict[str, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Observations of the periods known then, and of later ones."""
    later = observations["period"].map(periods.ordinal) > observations["indicator"].map(last).fillna(-1)
    return observations[~later], observations[later]


def same(one: pd.Series, other: pd.Series) -> pd.Series:
    """Whether two columns hold the same figure, row by row; missing and missing are the same."""
    return (one == other) | (one.isna() & other.isna())


def movers_between(then: Analysis, now: Analysis) -> dict[str, str]:
    """Units that are in the frame of one of the two as-ofs only: ``gone`` or ``come``."""
    before, after = then.as_of.through, now.as_of.through
    stands = {name: (unit.exists_in(before), unit.exists_in(after)) for name, unit in now.registry.units.items()}
    return {name: "gone" if was else "come" for name, (was, is_there) in stands.items() if was != is_there}


def stepped_in(new: pd.DataFrame, past: pd.DataFrame, registry) -> pd.Series:
    """Which new figures have a denominator that stepped by more than a quality rule lets pass."""
    rules = [rule for rule in registry.quality.values() if rule.check == "denominator_jump"]
    limits = {name: rule.limit for rule in rules for name in rule.indicators or registry.indicators}
    latest = _latest(past)["denominator"]
    before = pd.Series(latest.reindex(pd.MultiIndex.from_frame(new[UNIT])).to_numpy(float), index=new.index)
    change = (new["denominator"] / before.where(before > 0) - 1.0).abs()
    return change > new["indicator"].map(limits).astype(float)


def _latest(past: pd.DataFrame) -> pd.DataFrame:
    """The last figures of each indicator and unit."""
    order = np.argsort(past["period"].map(periods.ordinal).to_numpy(int), kind="stable")
    return past.iloc[order].groupby(UNIT)[FIGURES].last()
