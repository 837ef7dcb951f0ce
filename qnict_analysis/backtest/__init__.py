"""Track record: what would have been said at every earlier as-of with what was known then, and how right it was.

``replay``     every earlier as-of forecast anew, beside what came      ``baselines``  official rules, standing still, statsmodels
``scores``     proper scores, coverage, reliability, skill
"""

from qnict_analysis.backtest.replay import (
    CHANCES,
    SPREADS,
    horizons_of,
    pseudo_history,
    replay_at,
    replayed_as_ofs,
    with_outcomes,
)
from qnict_analysis.backtest.scores import (
    chance_scores,
    coverage,
    losses,
    pit_counts,
    relative_scores,
    reliability,
    skill,
    spread_scores,
)

__all__ = [
    "CHANCES",
    "SPREADS",
    "chance_scores",
    "coverage",
    "horizons_of",
    "losses",
    "pit_counts",
    "pseudo_history",
    "relative_scores",
    "reliability",
    "replay_at",
    "replayed_as_ofs",
    "skill",
    "spread_scores",
    "with_outcomes",
]
