import numpy as np
import pytest
from scipy import stats

from qnict_analysis.models import analogues, ladder
from qnict_analysis.models.drift import expit

NONE = np.array([np.nan])


def pairs_of(change, *, raw=None, level=0.0, pace=np.nan, series=None, start=0.0):
    """Pairs with the changes given on the log odds (and on the shares); the rest one for all or one each."""
    change = np.asarray(change, dtype=float)
    raw = 0.1 * change if raw is None else np.asarray(raw, dtype=float)
    each = {
        name: np.broadcast_to(np.asarray(part, dtype=float), change.shape)
        for name, part in (("level", level), ("pace", pace), ("start", start))
    }
    series = np.arange(100, 100 + len(change)) if series is None else np.asarray(series)
    return analogues.Pairs(
        series, each["start"], each["level"], {"logit": change, "raw": raw}, {"logit": each["pace"], "raw": each["pace"]}
    )


def test_the_own_series_and_what_ended_after_the_origin_weigh_nothing():
    pairs = pairs_of(np.zeros(5), series=[1, 2, 2, 3, 3], start=[2000, 2000, 2003.0, 2002.9, 2004])
    found = analogues.weights(
        pairs, series=np.array([1, 3, 9]), level=np.zeros(3), origin=np.array([2005.0, 2005, 2001]), horizon=2
    )
    assert (found > 0).tolist() == [[False, True, True, True, False], [True, True, True, False, False], [False] * 5]
    assert found[0, 2] == 1.0 and found[0, 3] == pytest.approx(np.exp(-0.1 / 4)) and found[1, 0] == pytest.approx(np.exp(-3 / 4))


def test_a_pair_weighs_less_the_farther_its_level():
    pairs = pairs_of(np.zeros(3), level=[0.0, 1.0, -2.0], start=1.0)
    found = analogues.weights(pairs, series=np.array([0]), level=np.array([0.0]), origin=np.array([3.0]), horizon=2.0)
    assert found[0] == pytest.approx([1.0, np.exp(-0.5), np.exp(-2.0)])


def test_what_the_pairs_tell_by_hand():
    pairs = pairs_of([0.1, 0.3, 0.8])
    found = analogues.told(pairs, np.array([[1.0, 1, 1], [1.0, 0.5, 0.25]]), scale="logit")
    assert found.cases == pytest.approx([3.0, 1.75**2 / 1.3125])
    mean = np.array([1.2 / 3, 0.45 / 1.75])
    assert found.mean == pytest.approx(mean)
    assert found.spread**2 == pytest.approx(np.array([0.74 / 3, 0.215 / 1.75]) - mean**2)
    assert found.histogram.sum(axis=1) == pytest.approx([1.0, 1.0])
    axis = np.linspace(-8, 8, analogues.CELLS)
    assert found.histogram @ axis == pytest.approx(mean)  # sharing between two cells keeps the mean


def test_wild_changes_count_as_the_widest():
    found = analogues.told(pairs_of([20.0, -20.0, 20.0], raw=[3, -3, 3]), np.ones((1, 3)), scale="raw")
    assert found.mean == pytest.approx([1 / 3]) and found.histogram[0, [0, -1]] == pytest.approx([1 / 3, 2 / 3])


@pytest.mark.parametrize("scale, level, sd", [("logit", 0.4, 0.5), ("logit", -2.0, 1.5), ("raw", 0.0, 0.06), ("raw", 1.1, 0.2)])
def test_without_pace_the_cdf_is_the_smoothed_record_of_changes(scale, level, sd):
    rng = np.random.default_rng(1)
    change, weight = rng.normal(0.3 * sd, sd, 25), rng.uniform(0.1, 1, 25)
    found = analogues.told(pairs_of(change, raw=change), weight[None], scale=scale)
    width = 0.9 * (found.spread[0] + analogues.LEAST_SD[scale]) * found.cases[0] ** -0.2
    assert width > 0.01
    share = weight / weight.sum()
    at = ladder.OFFSETS if scale == "logit" else expit(level + ladder.OFFSETS) - expit(level)
    expected = (share * stats.norm.cdf((at[:, None] - change) / width)).sum(axis=1)
    got = analogues.cdf(found, np.array([level]), NONE, scale=scale)[0]
    assert np.abs(got - expected).max() < 3e-3
    assert (np.diff(got) >= -1e-12).all()


def planted(rng, count, noise):
    """Pairs whose change is 0.2 + 0.8 of the pace - 0.3 of the level and noise."""
    pace, level = rng.normal(0.1, 0.3, count), rng.normal(-0.5, 0.7, count)
    change = 0.2 + 0.8 * pace - 0.3 * level + rng.normal(0, noise, count)
    return pairs_of(change, level=level, pace=pace)


def test_a_planted_relation_is_found_and_takes_its_part_of_the_spread():
    pairs = planted(np.random.default_rng(2), 20_000, 0.2)
    found = analogues.told(pairs, np.ones((1, 20_000)), scale="logit")
    for level, pace in ((-0.5, 0.1), (0.3, 0.1), (-0.5, 0.6), (-1.2, -0.4)):
        to = analogues.carried(found, np.array([level]), np.array([pace]))
        assert to.middle[0] == pytest.approx(0.2 + 0.8 * pace - 0.3 * level, abs=0.01)
        assert to.shrink[0] * found.spread[0] == pytest.approx(max(0.2, np.sqrt(0.2) * found.spread[0]), rel=0.03)
        got = analogues.cdf(found, np.array([level]), np.array([pace]), scale="logit")[0]
        assert np.interp(to.middle[0], ladder.OFFSETS, got) == pytest.approx(0.5, abs=0.02)
    far = [analogues.carried(found, np.array([-0.5]), np.array([pace])).middle[0] for pace in (5.0, 50.0)]
    assert far[0] == far[1] == pytest.approx(0.2 + 0.8 * (0.1 + 2.5 * 0.3) + 0.15, abs=0.02)


def test_few_pairs_are_taken_as_they_are():
    found = analogues.told(planted(np.random.default_rng(3), 4, 0.2), np.ones((1, 4)), scale="logit")
    to = analogues.carried(found, np.array([0.2]), np.array([0.9]))
    assert abs(to.middle[0] - found.mean[0]) < 0.15 * 2.5 * found.spread[0]
    apart = analogues.carried(found, np.array([0.2]), NONE)
    assert np.isfinite(apart.middle).all() and np.isfinite(apart.shrink).all()


def test_without_a_relation_few_pairs_widen_the_spread():
    for count in (2, 8, 50):
        pairs = pairs_of(np.linspace(-0.3, 0.5, count), level=0.1, pace=0.2)
        to = analogues.carried(analogues.told(pairs, np.ones((1, count)), scale="logit"), np.array([0.1]), np.array([0.2]))
        assert to.middle[0] == pytest.approx(0.1) and to.shrink[0] == pytest.approx(np.sqrt(1 + 2 / count))


def test_pairs_without_a_pace_take_no_part_in_the_regression():
    rng = np.random.default_rng(4)
    many = planted(rng, 300, 0.1)
    more = pairs_of(
        np.append(many.change["logit"], [5.0, 6.0]),
        level=np.append(many.level, [9.0, -9.0]),
        pace=np.append(many.pace["logit"], [np.nan, np.nan]),
    )
    ones = (analogues.told(many, np.ones((1, 300)), scale="logit"), analogues.told(more, np.ones((1, 302)), scale="logit"))
    fits = [analogues.carried(found, np.array([0.1]), np.array([0.3])) for found in ones]
    assert fits[0].middle == pytest.approx(fits[1].middle) and fits[0].shrink == pytest.approx(fits[1].shrink)
    assert ones[1].cases == pytest.approx([302.0]) and ones[1].mean[0] > ones[0].mean[0]


def test_without_pairs_nothing_is_told():
    for pairs, weight in ((pairs_of([]), np.zeros((2, 0))), (pairs_of([0.1, 0.4], pace=0.2), np.zeros((2, 2)))):
        for scale in ("logit", "raw"):
            found = analogues.told(pairs, weight, scale=scale)
            assert (found.cases == 0).all() and (found.histogram == 0).all()
            got = analogues.cdf(found, np.array([0.0, 3.0]), np.array([0.1, np.nan]), scale=scale)
            assert got.shape == (2, len(ladder.OFFSETS)) and got == pytest.approx(0.0, abs=1e-12)


def test_tasks_do_not_touch_each_other():
    rng = np.random.default_rng(5)
    pairs, weight = planted(rng, 50, 0.3), rng.uniform(0, 1, (4, 50))
    level, pace = rng.normal(size=4), np.array([0.1, np.nan, 0.4, -0.3])
    whole = analogues.cdf(analogues.told(pairs, weight, scale="raw"), level, pace, scale="raw")
    for task in range(4):
        one = analogues.told(pairs, weight[[task]], scale="raw")
        assert analogues.cdf(one, level[[task]], pace[[task]], scale="raw")[0] == pytest.approx(whole[task], abs=1e-12)
