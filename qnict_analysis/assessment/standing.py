"""A target as the conjunction of its parts: what decides it, and its chances as means over the draws."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from qnict_analysis import periods
from qnict_analysis.assessment.outlook import Outlook, look
from qnict_analysis.kept import same_again


class Standing(NamedTuple):
    """A target, or one part of it: its parts, their joint ``hits`` (draws x periods), and the sourced ``outcome`` that decides
    it, if one does."""

    target: object
    parts: list[Outlook]
    hits: pd.DataFrame
    outcome: object | None


@same_again
def standings(draws, series, basis, registry, as_of) -> list[Standing]:
    """Every target in the order of the registry."""
    reasons = basis.set_index("indicator")["reason"].to_dict()
    looks: dict[str, list] = {name: [] for name in registry.targets}
    for target, part in registry.parts():
        looks[target.id].append(look(target, part, draws, series, registry, as_of, reason=reasons[part.indicator]))
    return [
        Standing(target, looks[name], conjunction(looks[name]), outcome_of(target, looks[name], registry, as_of))
        for name, target in registry.targets.items()
    ]


def conjunction(looks: list[Outlook]) -> pd.DataFrame:
    """All parts at once, in the periods in which every part is known or drawn."""
    shared = [period for period in looks[0].hits if all(period in one.hits for one in looks)]
    met = np.logical_and.reduce([one.hits[shared].to_numpy() for one in looks])
    return pd.DataFrame(met, index=looks[0].hits.index, columns=shared)


def split(standing: Standing) -> list[Standing]:
    """The parts of a target as standings of their own; a sourced verdict on the whole says nothing about one of several."""
    outcome = standing.outcome if len(standing.parts) == 1 else None
    return [Standing(standing.target, [one], one.hits, outcome) for one in standing.parts]


# --- what decides ----------------------------------------------------------------------------------------------------


def outcome_of(target, looks: list[Outlook], registry, as_of):
    """The sourced verdict on a target that its own figures do not decide; None before the deadline, when nothing is final."""
    decided = any(map(failed, looks)) or all(one.decided for one in looks)
    if decided or as_of.cutoff < periods.period_end(target.deadline):
        return None
    known = [outcome for outcome in registry.outcomes if outcome.target == target.id and outcome.known_on <= as_of.cutoff]
    return max(known, key=lambda outcome: outcome.known_on, default=None)


def failed(one: Outlook) -> bool:
    """Whether the deadline's figure is in and does not satisfy the part: one such part decides the whole."""
    return one.decided and not one.hits[one.target.deadline].any()


def is_decided(standing: Standing) -> bool:
    """Whether the verdict is final: a sourced outcome, a part that missed, or every part's figure."""
    return standing.outcome is not None or any(map(failed, standing.parts)) or all(one.decided for one in standing.parts)


def reason_of(standing: Standing) -> str:
    """Why there is no verdict: the reason of the first part without basis; empty where there is a verdict."""
    return "" if is_decided(standing) else next((one.reason for one in standing.parts if one.reason), "")


def met_of(standing: Standing) -> pd.Series:
    """Whether the target is met, in each draw; the same in all of them once it is decided."""
    if not is_decided(standing):
        return standing.hits[standing.target.deadline]
    met = standing.outcome.outcome == "met" if standing.outcome else not any(map(failed, standing.parts))
    return pd.Series(met, index=standing.hits.index)


def at_level(standing: Standing) -> bool:
    """Whether every part satisfies its comparator today."""
    return bool(standing.hits.shape[1]) and all(len(one.known) for one in standing.parts) and standing.hits[today(standing)].all()


def today(standing: Standing) -> str:
    """The latest period known (or else the first drawn) in which every part can be judged."""
    known = min(periods.ordinal(one.known["period"].iloc[-1]) for one in standing.parts)
    return next((label for label in reversed(standing.hits.columns) if periods.ordinal(label) <= known), standing.hits.columns[0])


# --- chances ---------------------------------------------------------------------------------------------------------


def chances_of(standing: Standing) -> dict:
    """P(met) at the deadline, P(touch) in some period up to it, and the median period of reaching."""
    if reason_of(standing):
        return {"p_met": np.nan, "p_touch": np.nan, "reach": ""}
    met = met_of(standing)
    touched = standing.hits.any(axis=1) | met
    return {"p_met": met.mean(), "p_touch": touched.mean(), "reach": median_reach(standing.hits) if met.mean() >= 0.5 else ""}


def stays(hits: pd.DataFrame) -> pd.DataFrame:
    """True from the period on from which a draw satisfies its comparator in every period to the last."""
    met = np.logical_and.accumulate(hits.to_numpy(dtype=bool)[:, ::-1], axis=1)[:, ::-1]
    return pd.DataFrame(met, index=hits.index, columns=hits.columns)


def reach_chances(hits: pd.DataFrame) -> pd.Series:
    """P(reach <= period) by period; at the deadline it is P(met), by definition of reaching."""
    return stays(hits).mean()


def median_reach(hits: pd.DataFrame) -> str:
    """The first period by which having reached is at least as likely as not; empty where there is none."""
    return next((period for period, chance in reach_chances(hits).items() if chance >= 0.5), "")
