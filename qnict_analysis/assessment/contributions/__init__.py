"""Who makes a provincial figure: what reporting units add to it, who will be there in time, who comes next, and how they rank.

``shift_share``  units' parts of a value, of what is missing, and of a change
``adoption``     the chance that each unit is where a target wants it at the deadline, and who is nearest
``ranking``      units ranked over all their shares and adoptions, with how sure each rank is
"""

from qnict_analysis.assessment.contributions.adoption import (
    NEXT_UNITS,
    UNIT_CHANCES,
    adoption_chances,
    next_units,
    standings_of,
)
from qnict_analysis.assessment.contributions.ranking import LEAGUE, league
from qnict_analysis.assessment.contributions.shift_share import CHANGE_PARTS, GAP_PARTS, change_parts, gap_parts

__all__ = [
    "CHANGE_PARTS",
    "GAP_PARTS",
    "LEAGUE",
    "NEXT_UNITS",
    "UNIT_CHANCES",
    "adoption_chances",
    "change_parts",
    "gap_parts",
    "league",
    "next_units",
    "standings_of",
]
