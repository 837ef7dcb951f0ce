"""Charts: one question each, drawn on the axes they are given; nothing is saved or shown here.

``fan``  a target's forecast   ``trend``  what was observed; number of targets met   ``frame``  axes and SVG   ``view``  numbers
"""

from qnict_analysis.charts.fan import alt_text, fan_chart
from qnict_analysis.charts.frame import new_axes, to_svg
from qnict_analysis.charts.trend import comparable, joint_chart, trend_chart
from qnict_analysis.charts.view import points_until

__all__ = ["alt_text", "comparable", "fan_chart", "joint_chart", "new_axes", "points_until", "to_svg", "trend_chart"]
