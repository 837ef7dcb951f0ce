import numpy as np
import pytest
from scipy import stats

from qnict_analysis.models import ladder
from qnict_analysis.models.drift import expit, logit

SDS = np.array([0.05, 0.3, 1.0, 2.5])
SHARES = np.array([0.02, 0.4, 0.55, 0.97])
LEVELS = np.array([0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999])


@pytest.fixture
def normal():
    """Normals on the log odds around SHARES, one a row."""
    return ladder.Table(logit(SHARES), np.clip(ladder.OFFSETS / SDS[:, None], -ladder.FARTHEST, ladder.FARTHEST))


def rows_of(chances):
    """A table around one half from CDF values at the rungs, one list a row."""
    score = ladder.scores(np.array(chances))
    return ladder.Table(np.zeros(len(score)), score)


def test_the_ladder_is_even_on_both_sides_and_ever_wider():
    gaps = np.diff(ladder.OFFSETS)
    assert len(ladder.OFFSETS) == 2 * ladder.REACH + 1 and ladder.OFFSETS[ladder.REACH] == 0.0
    assert ladder.OFFSETS == pytest.approx(-ladder.OFFSETS[::-1], abs=1e-12)
    assert (np.diff(gaps[ladder.REACH :]) > 0).all() and gaps[ladder.REACH] == pytest.approx(ladder.FINEST, rel=0.01)
    assert ladder.OFFSETS[-1] == pytest.approx(17.6, abs=0.05)
    assert logit(ladder.values(np.array([-1.0, 0.5]))) == pytest.approx(
        np.array([[-1.0], [0.5]]) + ladder.OFFSETS, abs=1e-6, rel=1e-6
    )


def test_a_normal_on_the_log_odds_is_kept_exactly(normal):
    # Scores are cut at FARTHEST, so the line is bent before it in a narrow row: three sd are well inside.
    for z in (-3.0, -1.3, -0.02, 0.0, 0.4, 2.2, 3.0):
        y = expit(normal.middle + z * SDS)
        assert ladder.cdf(y, normal) == pytest.approx(np.full(4, stats.norm.cdf(z)), abs=1e-12)
        assert ladder.cdf(y, normal, strict=True) == pytest.approx(np.full(4, stats.norm.cdf(z)), abs=1e-12)
    expected = expit(normal.middle[:, None] + SDS[:, None] * stats.norm.ppf(LEVELS))
    assert ladder.quantile(LEVELS, normal) == pytest.approx(expected, abs=1e-12)


def test_levels_may_differ_from_row_to_row(normal):
    each = np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6], [0.7, 0.8]])
    found = ladder.quantile(each, normal)
    for row in range(4):
        assert found[row] == pytest.approx(ladder.quantile(each[row], normal)[row])


def test_the_inverse_is_the_inverse_for_any_shape():
    rng = np.random.default_rng(0)
    score = np.cumsum(rng.uniform(0.05, 0.25, (200, len(ladder.OFFSETS))), axis=1)
    table = ladder.Table(rng.normal(0, 1.5, 200), np.clip(score - score.mean(axis=1, keepdims=True), -5.9, 5.9))
    for offset in rng.uniform(-2, 2, 12):
        y = expit(table.middle + offset)
        level = ladder.cdf(y, table)
        inside = (level > 1e-8) & (level < 1 - 1e-8)
        assert inside.sum() > 150
        assert ladder.quantile(level[:, None], table)[inside, 0] == pytest.approx(y[inside], abs=1e-8)
    found = ladder.quantile(LEVELS, table)
    assert (np.diff(found, axis=1) >= 0).all()
    below, upto = stats.norm.cdf(table.score[:, 0]), stats.norm.cdf(table.score[:, -1])
    for column, level in enumerate(LEVELS):
        reached = (below < level) & (level <= upto)
        assert ladder.cdf(found[:, column], table)[reached] == pytest.approx(np.full(reached.sum(), level), abs=1e-9)


def test_mass_lies_exactly_at_the_ends():
    rungs = len(ladder.OFFSETS)
    table = rows_of([np.linspace(0.3, 0.8, rungs), np.linspace(0.0, 1.0, rungs)])
    ends = {at: [ladder.cdf(np.full(2, at), table, strict=strict)[0] for strict in (False, True)] for at in (-0.1, 0.0, 1.0, 1.1)}
    assert ends[-0.1] == [0.0, 0.0] and ends[1.1] == [1.0, 1.0]
    assert ends[0.0] == pytest.approx([0.3, 0.0]) and ends[1.0] == pytest.approx([1.0, 0.8])
    assert ladder.quantile(np.array([0.01, 0.299, 0.301, 0.799, 0.801, 0.99]), table)[0] == pytest.approx(
        [0.0, 0.0, expit(-17.5), expit(17.5), 1.0, 1.0], abs=1e-7
    )
    assert ladder.quantile(np.array([0.299, 0.801]), table)[0].tolist() == [0.0, 1.0]
    assert 0.0 < ladder.quantile(np.array([0.301]), table)[0, 0] < 1e-6
    assert 0.0 < ladder.quantile(np.array([0.01]), table)[1, 0] < 1e-6


def test_the_pool_is_the_weighted_mean_of_the_scores():
    rng = np.random.default_rng(1)
    parts = [np.sort(rng.normal(0, 1.2, (3, len(ladder.OFFSETS))), axis=1) for _ in range(3)]
    weights, sharpness = (0.2, 0.5, 0.3), 1.3
    found = ladder.cdf(np.full(3, 0.5), ladder.Table(np.zeros(3), ladder.pooled(parts, weights, sharpness)))
    z = [part[:, ladder.REACH] for part in parts]
    assert found == pytest.approx(stats.norm.cdf(1.3 * (0.2 * z[0] + 0.5 * z[1] + 0.3 * z[2])), abs=1e-14)
    assert ladder.pooled(parts[:1], [1.0]) == pytest.approx(parts[0])
    assert np.abs(ladder.pooled([np.array([[-5.0, 5.0]])], [1.0], 2.0)).max() == ladder.FARTHEST
    with pytest.raises(ValueError):
        ladder.pooled(parts, weights[:2])


def test_rounding_errors_of_chances_do_no_harm():
    found = ladder.scores(np.array([[-1e-17, 0.2, 0.2 - 1e-16, 0.7, 1.0 + 4e-16, 1.0]]))[0]
    assert np.isfinite(found).all() and (np.diff(found) >= 0).all()
    assert found[[0, -2, -1]].tolist() == [-ladder.FARTHEST, ladder.FARTHEST, ladder.FARTHEST]
    assert found[1:4] == pytest.approx(stats.norm.ppf([0.2, 0.2, 0.7]))
