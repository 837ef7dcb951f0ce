"""The chance that each reporting unit is where a target wants it at the deadline, in agreement with the draws of the whole.

``single``   units that adopt one thing: adopters so distributed that their number has exactly the distribution of the draws
``several``  units that count many things (shares, ratios, services): their own forecasts, moved together to the draws' mean
``next``     who is not there yet, nearest first
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from qnict_analysis import periods
from qnict_analysis.assessment.outlook import known_figures
from qnict_analysis.assessment.rules import direction_of, rule_of
from qnict_analysis.forecast import EMPTY_PACE, cases, parts, ratios, reports, shares, units
from qnict_analysis.kept import same_again
from qnict_analysis.models import copula

UNIT_CHANCES = (
    *("target", "indicator", "unit", "deadline", "period", "state", "numerator", "denominator", "value"),
    *("needed", "missing", "adopted", "propensity", "strength", "chance", "expected"),
)

NEXT_UNITS = (*UNIT_CHANCES, "place", "lacking", "needed_next")

STRENGTHS = np.geomspace(1.0, 100.0, 25)
"""Adoptions that the belief in equal units may be worth: with 1 a unit's own record speaks at once, with 100 hardly ever."""

MOST_SINGLE = 150
"""Units up to which the distribution of their number is met exactly; with more its mean is."""

FARTHEST = 30.0
"""Log odds by which units may be moved together: beyond it every chance is 0 or 1 in print and in sums."""

TOLERANCE = 1e-10
"""How close a root is sought, in log odds."""

LEAST = 1e-9
"""Chances are kept this far from 0 and 1, so that units can be moved to whatever the draws say."""


class Propensity(NamedTuple):
    """How fast each unit adopts (1: as any unit would): ``factor`` by unit, and the ``strength`` of the belief in equals."""

    factor: pd.Series
    strength: float


@same_again
def adoption_chances(draws: pd.DataFrame, series: pd.DataFrame, panel: pd.DataFrame, registry, as_of) -> pd.DataFrame:
    """P(each unit is where a part of a target wants it at the deadline); one row a part and unit, columns UNIT_CHANCES.

    ``draws``, ``series``, ``panel``: the tables of ``schema``. ``needed``: the numerator at which the unit itself satisfies the
    part with its latest ``denominator`` (1 of 1, or 15 of 21 services), ``missing``: what its latest figure is short of that
    (0: nothing; NaN while it is silent), ``adopted``: whether that figure satisfies it. ``period`` is that of the whole's latest
    figure, ``state`` the unit's in it; a silent unit has its last figure, if it ever gave one.

    ``chance``: P(the unit satisfies the part at the deadline). ``expected``: its expected number (k of N) or its expected value
    (share, ratio) at the deadline, so that sum ``expected`` = E[k] and sum w ``expected`` = E[value] over the draws, w being the
    parts of the denominator. ``propensity``: how fast the unit adopts, 1 being as fast as any unit would; ``strength``: how many
    adoptions the belief in equal units is worth. Both are told for k of N; NaN for shares and ratios, where the unit's own record
    and those of the others speak through the engine.

    Chances are NaN where the indicator has no forecast at that deadline. Counts have no rows: nobody promises a part of them;
    nor has a whole that one unit reports alone.
    """
    found = {case.indicator.id: case for case in cases.cases_of(series, panel, registry, as_of=as_of, levers_pace=EMPTY_PACE)}
    adopting = [case for case in found.values() if case.indicator.kind == "units"]
    paces = dict(zip((case.indicator.id for case in adopting), units.paces_of(adopting, registry), strict=True))
    propensity = propensities(panel, series, registry, as_of)
    rows = []
    for target, part in registry.parts():
        frame = standings_of(target, part, panel, series, registry, as_of)
        if frame is not None:
            key, case = (part.indicator, target.deadline), found.get(part.indicator)
            drawn = draws[key].to_numpy(float) if key in draws.columns and case is not None else None
            rows.append(_chances(frame, part, case, drawn, propensity, paces.get(part.indicator), draws, registry))
    return pd.concat(rows, ignore_index=True)[list(UNIT_CHANCES)] if rows else pd.DataFrame(columns=list(UNIT_CHANCES))


def _chances(frame, part, case, drawn, propensity: Propensity, pace, draws, registry) -> pd.DataFrame:
    is_units = registry.indicators[part.indicator].kind == "units"
    told = frame.assign(propensity=np.nan, strength=np.nan, chance=np.nan, expected=np.nan)
    if is_units:
        told = told.assign(propensity=told["unit"].map(propensity.factor).fillna(1.0), strength=propensity.strength)
    if drawn is None:
        return told
    if is_units and (told["denominator"].fillna(1.0) == 1.0).all():
        return _single(told, part, case, drawn, pace, draws[part.indicator], registry)
    return _several(told, part, case, drawn, registry)


# --- where each unit stands ------------------------------------------------------------------------------------------


def standings_of(target, part, panel, series, registry, as_of) -> pd.DataFrame | None:
    """Where each unit of a part stands at the whole's latest figure (the columns of UNIT_CHANCES up to ``adopted``); None for
    counts, for a whole without a figure, and for one that a single unit reports."""
    indicator = registry.indicators[part.indicator]
    known = known_figures(series, indicator, registry, as_of, until=target.deadline)
    if indicator.kind == "count" or known.empty:
        return None
    period = known["period"].iloc[-1]
    own = panel[panel["indicator"] == indicator.id]
    rows = own[own["period"] == period]
    if len(rows) < parts.FEWEST:
        return None
    last = own[(own["state"] == "reported") & (own["period"].map(periods.ordinal) <= periods.ordinal(period))]
    last = last.groupby("unit")[["numerator", "denominator"]].last().reindex(rows["unit"]).reset_index(drop=True)
    needed = [needed_of(part, indicator, denominator) for denominator in last["denominator"]]
    short = np.maximum(direction_of(part) * (np.array(needed) - last["numerator"].to_numpy(float)), 0.0)
    state = rows["state"].reset_index(drop=True)
    return last.assign(
        target=target.id,
        indicator=indicator.id,
        unit=rows["unit"].to_numpy(),
        deadline=target.deadline,
        period=period,
        state=state,
        value=last["numerator"] / last["denominator"],
        needed=needed,
        missing=np.where(state == "silent", np.nan, short),
        adopted=(short == 0.0) & (state != "silent"),
    )


def needed_of(part, indicator, denominator: float) -> float:
    """The numerator at which a unit alone satisfies a part: whole where cases are counted; NaN without a denominator."""
    if not denominator > 0:
        return np.nan
    if not indicator.counts:
        return float(part.threshold) * denominator
    return float(rule_of(part, "units", round(denominator)).limit)


# --- how fast each unit adopts ---------------------------------------------------------------------------------------


def propensities(panel: pd.DataFrame, series: pd.DataFrame, registry, as_of) -> Propensity:
    """How fast each unit adopts beside what is expected of any unit, over all k-of-N indicators of the workspace.

    A unit's adoptions y are Poisson with mean theta e, where e is what the average unit would have made of the same periods at
    risk (indicator by indicator, stragglers slower by kappa), and theta is Gamma with mean 1 and strength a: so E[theta] is (a +
    y) / (a + e), the empirical Bayes rate of Clayton and Kaldor (1987, "Empirical Bayes estimates of age-standardized relative
    risks", Biometrics 43). The strength is averaged over STRENGTHS, each weighted by how likely it makes the adoptions seen
    (negative binomial), so that few adoptions leave the units nearly equal. Things of which a unit counts several make one
    adoption together.
    """
    found = cases.cases_of(series, panel, registry, as_of=as_of, levers_pace=EMPTY_PACE)
    records = [adoptions_of(case, registry.assumption("kappa")) for case in found if case.indicator.kind == "units"]
    if not records:
        return Propensity(pd.Series(dtype=float), float(np.sqrt(STRENGTHS[0] * STRENGTHS[-1])))
    sums = pd.concat(records).groupby("unit")[["adopted", "expected"]].sum()
    return shrunk(sums["adopted"], sums["expected"])


def adoptions_of(case, kappa: float) -> pd.DataFrame:
    """Adoptions of each unit in one k-of-N indicator, and what the average unit would have made of its periods at risk."""
    pairs = reports.matched(case.panel)
    history = case.history.set_index("period")
    reached = (history["numerator"] / history["denominator"]).reindex(pairs.period).fillna(0.0).to_numpy()
    whole = np.where(pairs.denominator > 0, pairs.denominator, 1.0)
    risk = np.clip(1.0 - pairs.figure / whole, 0.0, 1.0) * pairs.gap / (1.0 + kappa * reached)
    adopted = np.maximum(pairs.change, 0.0) / whole
    rate = adopted.sum() / risk.sum() if risk.sum() > 0 else 0.0
    return pd.DataFrame({"unit": pairs.unit, "adopted": adopted, "expected": rate * risk})


def shrunk(adopted: pd.Series, expected: pd.Series) -> Propensity:
    """Gamma-Poisson rates of units from what they adopted and what was expected, averaged over the strengths."""
    y, e, a = adopted.to_numpy(float), expected.to_numpy(float), STRENGTHS[:, None]
    likelihood = special.gammaln(a + y) - special.gammaln(a) - y * np.log(a + e) + a * (np.log(a) - np.log(a + e))
    weight = special.softmax(likelihood.sum(axis=1))
    strength = np.exp(weight @ np.log(STRENGTHS))
    return Propensity(pd.Series(weight @ ((a + y) / (a + e)), index=adopted.index), float(strength))


# --- units that adopt one thing --------------------------------------------------------------------------------------


def _single(frame, part, case, drawn, pace, ahead, registry) -> pd.DataFrame:
    own = own_chances(frame, case, pace, ahead, registry, until=frame["deadline"].iloc[0])
    figures = np.bincount(np.round(drawn).astype(int), minlength=len(frame) + 1) / len(drawn)
    inside = given_number(own, figures)
    return frame.assign(expected=inside, chance=inside if direction_of(part) > 0 else 1.0 - inside)


def own_chances(frame, case, pace, ahead, registry, *, until: str) -> np.ndarray:
    """P(each unit has adopted at the deadline) by its own record: adopters lapse, the others adopt at their propensity.

    A silent unit starts from its last figure and what may have become of it since; one that never reported has adopted as often
    as the known ones. ``ahead``: draws of the number of adopters by period, which slow the stragglers down.
    """
    rate, lapse = pace
    labels = [label for label in case.periods if periods.ordinal(label) <= periods.ordinal(until)]
    reached = np.r_[case.history["value"].iloc[-1], ahead[labels[:-1]].mean().to_numpy() / len(frame)]
    hazards = rate / (1.0 + registry.assumption("kappa") * reached)
    factor = frame["propensity"].to_numpy(float)
    now = _now(frame, case, rate, lapse, factor)
    stay = (1.0 - lapse) ** len(labels)
    join = 1.0 - np.prod((1.0 - hazards[:, None]) ** factor, axis=0)
    return now * stay + (1.0 - now) * join


def _now(frame, case, rate: float, lapse: float, factor) -> np.ndarray:
    """P(each unit has adopted) at the whole's latest figure."""
    known = (frame["state"] != "silent").to_numpy()
    figure = frame["numerator"].to_numpy(float)
    silent = reports.silent_last(case.panel, frame["period"].iloc[0])["gap"].reindex(frame["unit"]).to_numpy(float)
    since = np.where(figure > 0, (1.0 - lapse) ** silent, 1.0 - (1.0 - rate) ** (factor * silent))
    usual = (figure[known].sum() + 0.5) / (known.sum() + 1.0)
    return np.where(known, figure, np.where(np.isfinite(figure), since, usual))


def given_number(own: np.ndarray, figures: np.ndarray) -> np.ndarray:
    """P(each unit is among the adopters) when their number has the distribution ``figures`` (0 to N): it adds up to its mean.

    Of all joint distributions with that number this is the nearest (Kullback-Leibler) to independent units with chances ``own``:
    given k, units are drawn by conditional Bernoulli sampling (Chen, Dempster and Liu 1994, "Weighted finite population sampling
    to maximize entropy", Biometrika 81), P(i | k) = p_i P(k - 1 others) / P(k of all). Beyond MOST_SINGLE units only the mean is
    met, by one move of all log odds.
    """
    mean = figures @ np.arange(len(figures))
    moved = together(np.clip(own, LEAST, 1.0 - LEAST), mean)  # the same conditional chances, and no k is far in the tails
    if len(own) > MOST_SINGLE:
        return moved
    others = np.array([_number_of(np.delete(moved, unit)) for unit in range(len(moved))])
    among = np.exp(np.log(moved)[:, None] + others - _number_of(moved)[1:])
    return among @ figures[1:]


def _number_of(chances: np.ndarray) -> np.ndarray:
    """Logarithms of the distribution of how many of independent units adopt (Poisson binomial)."""
    found = np.full(len(chances) + 1, -np.inf)
    found[0] = 0.0
    for place, (yes, no) in enumerate(zip(np.log(chances), np.log1p(-chances), strict=True), start=1):
        found[1 : place + 1] = np.logaddexp(found[1 : place + 1] + no, found[:place] + yes)
        found[0] += no
    return found


def together(chances: np.ndarray, total: float) -> np.ndarray:
    """Chances moved by one step of their log odds so that they add up to ``total``."""
    if total <= 0.0 or total >= len(chances):
        return np.clip(np.full(len(chances), float(total > 0.0)), LEAST, 1.0 - LEAST)
    odds = special.logit(chances)
    step = root(lambda c: special.expit(odds + c).sum() - total, 2 * FARTHEST)
    return np.clip(special.expit(odds + step), LEAST, 1.0 - LEAST)


# --- units that count many things ------------------------------------------------------------------------------------


def _several(frame, part, case, drawn, registry) -> pd.DataFrame:
    own = parts.units_of(case)
    if own is None:
        return frame
    period = case.periods.index(frame["deadline"].iloc[0])
    kind, turned = case.indicator.kind, case.indicator.kind != "ratio" and case.direction < 0
    family = ratios if kind == "ratio" else shares
    likely = family.likely_of_units(case, own, registry)[period]
    likely = 1.0 - likely[:, ::-1] if turned else likely
    total = float(case.history["denominator"].iloc[-1])
    whole = drawn.mean() / total if kind == "units" else drawn.mean()
    moved = moved_to(likely, own.weights, whole, ceiling=kind != "ratio")
    table = pd.DataFrame({"mean": moved.mean(axis=1), "of": own.denominators}, index=own.names)
    table["chance"] = [
        beyond(row, needed_of(part, case.indicator, of), of, case.indicator.counts, direction_of(part))
        for row, of in zip(moved, own.denominators, strict=True)
    ]
    found = table.reindex(frame["unit"])
    # What a unit that never reported may hold is not known: it is as the others are together.
    mean = found["mean"].fillna(whole).to_numpy(float)
    unknown = frame["denominator"].isna()
    held = frame["denominator"].fillna((total - frame["denominator"].sum()) / max(unknown.sum(), 1)).to_numpy(float)
    expected = mean * held if kind == "units" else mean
    return frame.assign(expected=expected, chance=found["chance"].to_numpy(float))


def moved_to(likely: np.ndarray, weights: np.ndarray, total: float, *, ceiling: bool) -> np.ndarray:
    """Equally likely values (units, n) moved by one step of their log odds (logarithms without a ``ceiling``), so that their
    weighted mean is ``total``; values at exactly 0 or 1 stay. Unmoved where no step gets there."""

    def moved(step: float) -> np.ndarray:
        return special.expit(special.logit(likely) + step) if ceiling else likely * np.exp(step)

    def missing(step: float) -> float:
        return float(weights @ moved(step).mean(axis=1) - total)

    if missing(-FARTHEST) >= 0.0 or missing(FARTHEST) <= 0.0:
        return likely
    return moved(root(missing, FARTHEST))


def root(rising, farthest: float) -> float:
    """Where a function that never falls crosses 0 between -``farthest`` and ``farthest``, by bisection; scipy.optimize takes
    as long to import as all of this to run."""
    low, high = -farthest, farthest
    while high - low > TOLERANCE:
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) >= 0 else (middle, high)
    return (low + high) / 2


def beyond(likely: np.ndarray, needed: float, of: float, counts: bool, direction: float) -> float:
    """P(a unit is where it is wanted) from its equally likely values; of whole cases each holds what is within half of one."""
    edge = (needed - 0.5 * direction * counts) / of
    below = float(np.interp(edge, likely, copula.strata(len(likely)), left=0.0, right=1.0))
    return 1.0 - below if direction > 0 else below


# --- who comes next --------------------------------------------------------------------------------------------------


def next_units(chances: pd.DataFrame, registry) -> pd.DataFrame:
    """The units that are not yet where a part of a target wants them, nearest first; columns NEXT_UNITS.

    ``chances``: the table of ``adoption_chances``. Nearest is likeliest at the deadline, of equals the one that is short of the
    smaller part of its own denominator; silent units stand among them, since nobody knows. ``place`` counts from 1 in each part.

    Of k of N, ``lacking`` is what the whole is short of (k_min less the number known, 0 where it is there) and ``needed_next``
    marks the nearest units that together would bring it: the next ones that matter. Shares and ratios have no such number (NaN,
    False): there ``gap_parts`` says what each unit weighs.
    """
    if chances.empty:
        return pd.DataFrame(columns=list(NEXT_UNITS))
    waiting = chances[~chances["adopted"]]
    order = waiting.assign(part=waiting["missing"].fillna(waiting["needed"]) / waiting["denominator"])
    order = order.sort_values(["chance", "part"], ascending=[False, True], na_position="last", kind="stable")
    keys = ["target", "indicator"]
    order = order.assign(place=order.groupby(keys).cumcount() + 1)
    lacking = pd.Series({key: _lacking(rows, registry) for key, rows in chances.groupby(keys, sort=False)}, dtype=float)
    own = lacking.reindex(pd.MultiIndex.from_frame(order[keys])).to_numpy()
    brings = order["missing"].fillna(1.0)  # what a silent unit would bring is not known: one thing at least
    before = brings.groupby([order[key] for key in keys]).cumsum() - brings
    found = order.assign(lacking=own, needed_next=(before < own).to_numpy())
    targets = {name: number for number, name in enumerate(chances["target"].unique())}
    place = found.assign(of=found["target"].map(targets)).sort_values(["of", "indicator", "place"], kind="stable")
    return place[list(NEXT_UNITS)].reset_index(drop=True)


def _lacking(rows: pd.DataFrame, registry) -> float:
    """What k of N is short of, in the things it counts; NaN for shares and ratios."""
    target, indicator = registry.targets[rows["target"].iloc[0]], registry.indicators[rows["indicator"].iloc[0]]
    if indicator.kind != "units":
        return np.nan
    part = next(part for part in target.parts if part.indicator == indicator.id)
    n_units = round(rows["denominator"].fillna(rows["denominator"].median()).sum())
    known = rows.loc[rows["state"] != "silent", "numerator"].sum()
    return max(direction_of(part) * (float(rule_of(part, "units", n_units).limit) - known), 0.0)
