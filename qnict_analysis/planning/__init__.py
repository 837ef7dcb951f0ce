"""What would it take: every scenario on the same random numbers, at once; goals sought; what matters most.

``planner``  chances of any setting of the levers       ``parts``  what each lever brings, and how sure that is
``goal``     the least that reaches a chance            ``tornado``  what a chance depends on most
"""

from qnict_analysis.planning.goal import Goal, seek
from qnict_analysis.planning.parts import interval_of, lever_parts
from qnict_analysis.planning.planner import Planner, Setting, settings_of
from qnict_analysis.planning.tornado import tornado

__all__ = ["Goal", "Planner", "Setting", "interval_of", "lever_parts", "seek", "settings_of", "tornado"]
