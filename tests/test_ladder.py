"""Tables of distributions: exact on the log odds, consistent both ways, with true chances of exactly 0 and 1."""

import numpy as np
import pytest
from scipy import special, stats

from qnict_analysis.models import ladder
from qnict_analysis.models.drift import expit, logit

SD = 0.4
NORMAL = ladder.Table(np.array([0.3, -2.0]), np.tile(np.clip(ladder.OFFSETS / SD, -6, 6), (2, 1)))


def test_a_normal_on_the_log_odds_is_exact():
    for y in (0.2, 0.5, 0.7):
        expected = stats.norm.cdf(logit(y), NORMAL.middle, SD)
        assert ladder.cdf([y, y], NORMAL) == pytest.approx(expected, abs=1e-9)
    levels = np.array([0.05, 0.5, 0.9])
    expected = expit(NORMAL.middle[:, None] + SD * special.ndtri(levels))
    assert ladder.quantile(levels, NORMAL) == pytest.approx(expected, abs=1e-9)


def test_a_student_t_is_near_enough():
    table = ladder.Table(np.array([0.0]), ladder.scores(stats.t.cdf(ladder.OFFSETS / 0.3, 5)[None]))
    for y in (0.3, 0.45, 0.61, 0.8):
        assert ladder.cdf([y], table)[0] == pytest.approx(stats.t.cdf(logit(y) / 0.3, 5), abs=1e-3)


def test_quantiles_undo_the_cdf_for_every_row_of_levels():
    y = np.linspace(0.05, 0.6, 9)
    table = ladder.Table(np.repeat(-1.0, 9), np.tile(np.clip(ladder.OFFSETS / 0.7, -6, 6), (9, 1)))
    back = ladder.quantile(ladder.cdf(y, table)[:, None], table)[:, 0]
    assert back == pytest.approx(y, abs=1e-9)


def test_what_lies_beyond_the_rungs_is_the_chance_of_0_and_1():
    chances = np.linspace(0.1, 0.8, len(ladder.OFFSETS))[None]
    table = ladder.Table(np.array([0.0]), ladder.scores(chances))
    assert ladder.cdf([0.0], table)[0] == pytest.approx(0.1) and ladder.cdf([0.0], table, strict=True)[0] == 0.0
    assert ladder.cdf([1.0], table)[0] == 1.0 and ladder.cdf([1.0], table, strict=True)[0] == pytest.approx(0.8)
    assert ladder.quantile(np.array([0.05, 0.1, 0.9]), table)[0].tolist() == [0.0, 0.0, 1.0]


def test_components_are_averaged_on_the_normal_score():
    one, other = np.array([[-1.0, 0.0, 2.0]]), np.array([[0.0, 1.0, 3.0]])
    assert ladder.pooled([one, other], [0.25, 0.75], 1.2)[0].tolist() == pytest.approx([-0.3, 0.9, 3.3])
    assert ladder.pooled([one, one], [0.4, 0.6]) == pytest.approx(one), "agreeing components are what they are"
    assert ladder.pooled([one], [1.0], 9.0).max() == ladder.FARTHEST


def test_scores_stand_rounding_errors_and_never_fall():
    found = ladder.scores(np.array([[-1e-17, 0.2, 0.2 - 1e-16, 0.9, 1.0 + 1e-15]]))
    assert np.isfinite(found).all() and (np.diff(found) >= 0).all()
    assert found[0, 0] == -ladder.FARTHEST and found[0, -1] == ladder.FARTHEST
