"""What would it take: every scenario on the same random numbers, at once; goals sought; what matters most.

``planner``  chances of any setting of the levers       ``parts``  what each lever brings, and how sure that is
``goal``     the least that reaches a chance            ``mixes``  ways to share it out, and what money buys
``tornado``  what a chance depends on most
"""

from qnict_analysis.planning.goal import Goal, goal_table, reaching, seek, why_still
from qnict_analysis.planning.mixes import Mix, best_mix, cheapest_mixes, points_for_money
from qnict_analysis.planning.parts import MOVED, interval_of, lever_parts, parts_of, side_by_side
from qnict_analysis.planning.planner import Planner, Setting, chosen, settings_of
from qnict_analysis.planning.tornado import tornado

__all__ = [
    "MOVED",
    "Goal",
    "Mix",
    "Planner",
    "Setting",
    "best_mix",
    "cheapest_mixes",
    "chosen",
    "goal_table",
    "interval_of",
    "lever_parts",
    "parts_of",
    "points_for_money",
    "reaching",
    "seek",
    "settings_of",
    "side_by_side",
    "tornado",
    "why_still",
]
