"""Charts: one question each, drawn on the axes they are given; nothing is saved or shown here.

``fan``    a target's forecast     ``trend``  what was observed; number of targets met     ``grids``  units by period
``lines``  several lines at once   ``progress``  all targets at once             ``frame``  axes and SVG
``record``  how right forecasts were   ``ladder``  units, and who comes next     ``view``   numbers
``moved``  what scenarios change
"""

from qnict_analysis.charts.fan import alt_text, fan_chart
from qnict_analysis.charts.frame import new_axes, to_svg
from qnict_analysis.charts.grids import calendar_chart, heat_map
from qnict_analysis.charts.ladder import LADDER, ladder_alt, ladder_chart
from qnict_analysis.charts.lines import group_chart, revision_chart
from qnict_analysis.charts.moved import moved_chart
from qnict_analysis.charts.progress import last_periods, progress_alt, progress_chart, reach_chart, waterfall_chart
from qnict_analysis.charts.record import coverage_chart, pit_chart, reliability_chart, skill_chart
from qnict_analysis.charts.trend import comparable, joint_chart, trend_chart
from qnict_analysis.charts.view import points_until

__all__ = [
    "LADDER",
    "alt_text",
    "calendar_chart",
    "comparable",
    "coverage_chart",
    "fan_chart",
    "group_chart",
    "heat_map",
    "joint_chart",
    "ladder_alt",
    "ladder_chart",
    "last_periods",
    "moved_chart",
    "new_axes",
    "pit_chart",
    "points_until",
    "progress_alt",
    "progress_chart",
    "reach_chart",
    "reliability_chart",
    "revision_chart",
    "skill_chart",
    "to_svg",
    "trend_chart",
    "waterfall_chart",
]
