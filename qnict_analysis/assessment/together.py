"""Targets seen together: all of a group, and pairs that fail together."""

import itertools

import numpy as np
import pandas as pd

from qnict_analysis import schema


def group_chances(hits: pd.DataFrame, registry) -> pd.DataFrame:
    """P(all targets of a group are met) beside the product of their own chances: columns ``schema.GROUPS``.

    ``hits``: draws x targets, True where met. Targets without basis are not in it: ``n`` counts those that are, ``of`` all of the
    group. The last row, group empty, is the whole plan. Groups without any are left out.
    """
    members = {name: [t.id for t in registry.targets.values() if t.group == name] for name in registry.programme.groups}
    members[""] = list(registry.targets)
    rows = []
    for name, own in members.items():
        known = [target for target in own if target in hits]
        if known:
            rows.append((name, len(known), len(own), hits[known].all(axis=1).mean(), hits[known].mean().prod()))
    return pd.DataFrame(rows, columns=list(schema.GROUPS)).astype({"group": "str"})


def failing_pairs(hits: pd.DataFrame) -> pd.DataFrame:
    """Every pair of targets that may fail together, the most likely first: columns ``schema.PAIRS``.

    ``both``: P(neither is met); ``if_apart``: the same if they had nothing to do with each other. Targets that are sure (met or
    missed in every draw) are left out: they fail with everything or with nothing.
    """
    fails = ~hits.loc[:, (hits.any() & ~hits.all())]
    names, single = list(fails.columns), fails.mean()
    table = fails.to_numpy(float)
    both = table.T @ table / max(len(fails), 1)
    rows = [
        (names[i], names[j], both[i, j], single.iloc[i] * single.iloc[j]) for i, j in itertools.combinations(range(len(names)), 2)
    ]
    frame = pd.DataFrame(rows, columns=list(schema.PAIRS)).astype({"first": "str", "second": "str"})
    order = np.lexsort((frame["second"], frame["first"], -frame["both"]))
    return frame.iloc[order].reset_index(drop=True)
