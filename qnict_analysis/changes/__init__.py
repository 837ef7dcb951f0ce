"""Why the chance of each target moved between two as-ofs.

``split``   Shapley's split of the change over its causes      ``worlds``  what would be known had only some of them happened
``since``   the changes since the as-of before
"""

from qnict_analysis.changes.since import previous_label, since_previous
from qnict_analysis.changes.split import CAUSES, changes_between, from_what_was_said, shapley
from qnict_analysis.changes.worlds import World, world_of

__all__ = [
    "CAUSES",
    "World",
    "changes_between",
    "from_what_was_said",
    "previous_label",
    "shapley",
    "since_previous",
    "world_of",
]
