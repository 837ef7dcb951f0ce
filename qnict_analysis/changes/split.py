"""Why the chance of each target moved between two as-ofs: its change split over what happened in between.

The split is that of Shapley (1953): every cause gets the mean of what it adds over all orders in which
the causes could have come. The chance is worked out in every *world* in which some of them have happened and the others not
(``worlds``), with the same random numbers, so a cause that did not happen gets exactly nothing, a lone cause gets all, no order
matters, and the parts add up.
"""

import itertools
import math

import pandas as pd

from qnict_analysis import assessment, schema
from qnict_analysis.analysis import Analysis
from qnict_analysis.changes.worlds import last_known, movers_between, parted, same, stepped_in, world_of
from qnict_analysis.forecast import adoptions_shown, basis, forecast
from qnict_analysis.indicators import build_series, unit_panel
from qnict_analysis.observations import KEY, known_at

CAUSES = schema.CHANGE_CAUSES

EXACT = 1e-9
"""A stored chance this near to what is worked out anew is the same one, written and read."""


def changes_between(then: Analysis, now: Analysis) -> pd.DataFrame:
    """The change of every target's P(met), never capped, from one analysis to a later one: columns ``schema.CHANGES``.

    A cause (``schema.CHANGE_CAUSES``) that did not happen has 0, and the causes of a row add up to ``change``. NaN where one of
    the two has no basis; where only a world in between has none, ``change`` stands and its parts are NaN.

    ``time``: the as-of moves on and everybody who reported since stands still. ``new_period``: what they really reported for
    periods after those known then. ``restated``: other or late figures for periods known then. ``frame``: denominators that
    were restated or stepped by more than the workspace's quality rules let pass, units that merged, came or went.
    ``corrections``: records of corrections.yaml known since. ``pool``: what the other indicators' units show. ``parameters``:
    scenario, levers, assumptions, targets. ``method``: another version of the code.

    ``ValueError`` where the analyses differ in draws or seed: chances are compared on the same random numbers.
    """
    if (then.params.draws, then.params.seed) != (now.params.draws, now.params.seed):
        raise ValueError("changes are compared on the same random numbers: give both analyses the same draws and seed")
    happened = tuple(cause for cause, true in _happened(then, now).items() if true)
    own = [cause for cause in happened if cause != "pool"]
    subsets = [frozenset(on) for size in range(len(own) + 1) for on in itertools.combinations(own, size)]
    shown = [adoptions_shown(one.series, one.panel, one.registry, as_of=one.as_of) for one in (then, now)]
    chances = {}
    for on in subsets:
        chances |= _chances(then, now, on, shown if "pool" in happened else shown[:1])
    before, after = chances[frozenset()], chances[frozenset(happened)]
    parts = shapley(chances, happened).reindex(columns=list(CAUSES), fill_value=0.0)
    parts = parts.where((after - before).notna())
    table = parts.assign(target=parts.index, p_then=before, p_now=after, change=after - before)
    return table[list(schema.CHANGES)].reset_index(drop=True).astype({"target": "str"})


def from_what_was_said(table: pd.DataFrame, said: pd.Series, cause: str) -> pd.DataFrame:
    """Changes (``schema.CHANGES``) that start from the p_met ``said`` then, by target: what it differs from that worked out now
    is added to the part ``cause``. For targets that were not told, what is worked out now counts as said."""
    before, told = table["p_then"], table["target"].map(said).astype(float)
    was = before.where(told.isna() | ((told - before).abs() < EXACT), told)
    moved = {"p_then": was, "change": table["p_now"] - was, cause: table[cause] + (before - was)}
    return table.assign(**moved)


def shapley(values: dict[frozenset, pd.Series], causes: tuple) -> pd.DataFrame:
    """Shapley's split of ``values[all] - values[none]`` over ``causes``, a column each; ``values``: one for every subset.

    part(c) = sum over subsets S without c of |S|! (n - |S| - 1)! / n! (v(S + c) - v(S)).
    """
    n = len(causes)
    index = values[frozenset()].index
    weight = [math.factorial(s) * math.factorial(n - s - 1) / math.factorial(n) for s in range(n)]
    parts = {
        cause: sum(weight[len(on)] * (values[on | {cause}] - value) for on, value in values.items() if cause not in on)
        for cause in causes
    }
    return pd.DataFrame(parts, index=index, dtype=float)


# --- what happened ---------------------------------------------------------------------------------------------------


def _happened(then: Analysis, now: Analysis) -> dict[str, bool]:
    """Which causes stand between two analyses."""
    old, fresh = (known_at(one.history, one.as_of) for one in (then, now))
    past, new = parted(fresh, last_known(then))
    both = old.merge(past, on=KEY, how="outer", suffixes=("", "_now"))
    came = both["numerator"].isna() != both["numerator_now"].isna()
    counted = ~same(both["numerator"], both["numerator_now"])
    over = ~same(both["denominator"], both["denominator_now"]) & ~came
    corrected = _in_force(then) != _in_force(now)
    moved = _frame_moved(then, now) or bool(stepped_in(new, past, now.registry).any())
    found = {
        "parameters": _settings(then) != _settings(now),
        "time": then.as_of != now.as_of,
        "new_period": len(new) > 0,
        "restated": bool((came | counted).any()),
        "frame": bool(over.any()) or moved,
        "corrections": corrected,
    }
    data = any(found[name] for name in ("new_period", "restated", "frame", "corrections"))
    several = sum(indicator.kind == "units" for indicator in now.registry.indicators.values()) > 1
    return found | {"pool": data and several}


def _settings(one: Analysis) -> tuple:
    """What a planner or the registry's keeper decides, apart from frame and corrections."""
    registry = one.registry
    # The caps of an analysis follow from what its ledger scored: they move what is printed, no chance.
    programme = registry.programme.model_copy(update={"caps": None})
    rest = (programme, registry.indicators, registry.targets, registry.levers, registry.assumptions, registry.projects)
    return one.scenario, one.params.levers, *rest


def _in_force(one: Analysis) -> set:
    """The records of corrections that an analysis applies."""
    return {repr(record) for record in one.registry.corrections if record.known_on <= one.as_of.cutoff}


def _frame_moved(then: Analysis, now: Analysis) -> bool:
    """Whether units came or went between the two as-ofs, or the registry tells of other units."""
    return then.registry.units != now.registry.units or bool(movers_between(then, now))


# --- chances -------------------------------------------------------------------------------------------------------


def _chances(then: Analysis, now: Analysis, on: frozenset, shown: list[dict]) -> dict[frozenset, pd.Series]:
    """P(met) by target (NaN without basis) in the world in which just the causes ``on`` have happened, and (with a second entry
    of ``shown``) in the same one once what the other indicators show has moved too."""
    world = world_of(then, now, on)
    panel = unit_panel(world.known, world.registry, world.as_of)
    series = build_series(panel, world.registry)
    grounds = basis(series, world.registry, world.as_of)
    targets = [name for name in now.registry.targets if name in then.registry.targets]

    def drawn(rows: pd.DataFrame, adoptions: dict) -> pd.DataFrame:
        settings = {"as_of": world.as_of, "n_draws": now.params.draws, "seed": now.params.seed, "levers_pace": world.pace}
        return forecast(rows, panel, world.registry, **settings, adoptions=adoptions)

    def met(draws: pd.DataFrame) -> pd.Series:
        hits = assessment.target_hits(draws, series, grounds, world.registry, world.as_of)
        return hits.mean().reindex(targets)

    draws = drawn(series, shown[0])
    found = {on: met(draws)}
    if len(shown) > 1:
        # Only what is counted in units reads other indicators; the rest stays as drawn.
        kinds = series["indicator"].map({name: indicator.kind for name, indicator in world.registry.indicators.items()})
        redrawn = drawn(series[kinds == "units"], shown[1])
        found[on | {"pool"}] = met(draws.drop(columns=redrawn.columns).join(redrawn))
    return found
