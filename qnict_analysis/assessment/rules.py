"""Comparators and thresholds: when a figure satisfies a part of a target, in exact arithmetic."""

import math
import operator
from fractions import Fraction
from typing import NamedTuple

OPERATORS = {"at_least": operator.ge, "above": operator.gt, "at_most": operator.le, "below": operator.lt}
"""Comparator: how a figure is held against the limit."""

WHOLE_LIMITS = {
    "at_least": lambda number: ("at_least", math.ceil(number)),
    "above": lambda number: ("at_least", math.floor(number) + 1),
    "at_most": lambda number: ("at_most", math.floor(number)),
    "below": lambda number: ("at_most", math.ceil(number) - 1),
}
"""The same rule for whole numbers: at least 80 % of 14 is at least 12, above 90 % of 20 is at least 19."""

HALF = Fraction(1, 2)
ROUNDED_LIMITS = {
    "at_least": lambda steps: ("at_least", math.ceil(steps) - HALF),
    "above": lambda steps: ("at_least", math.floor(steps) + HALF),
    "at_most": lambda steps: ("below", math.floor(steps) + HALF),
    "below": lambda steps: ("below", math.ceil(steps) - HALF),
}
"""The same rule for a figure that is rounded half up first, in steps of the rounding: 100 at no decimals is at least 99.5."""


class Rule(NamedTuple):
    """When a figure satisfies a part: ``comparator`` against ``limit``, in the unit of the figures (adopters for units)."""

    comparator: str
    limit: Fraction

    def satisfied(self, figures):
        """Whether each figure does; a share of whole numbers is never off by its last binary digit."""
        return OPERATORS[self.comparator](figures, float(self.limit))


def rule_of(part, kind: str, n_units: int | None = None) -> Rule:
    """The rule for figures of a part: shares and ratios plain, adopters out of ``n_units`` for units, items for counts.

    Where the source's rounding decides (``met_when_rounds``: decimals of per cent) the limit moves by half a step.
    """
    rule = Rule(part.comparator, Fraction(part.threshold))
    if part.met_when_rounds is not None:
        step = Fraction(1, 100 * 10**part.met_when_rounds)
        comparator, steps = ROUNDED_LIMITS[rule.comparator](rule.limit / step)
        rule = Rule(comparator, steps * step)
    if kind in ("units", "count"):
        comparator, limit = WHOLE_LIMITS[rule.comparator](rule.limit * (n_units if kind == "units" else 1))
        rule = Rule(comparator, Fraction(limit))
    return rule


def direction_of(part) -> float:
    """1 where more is better, -1 where less is."""
    return -1.0 if part.comparator in ("at_most", "below") else 1.0
