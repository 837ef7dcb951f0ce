"""What like series did: who counts, how much, and that a known relation between pace and change is carried over."""

import numpy as np
import pytest
from scipy import stats

from qnict_analysis.models import analogues, ladder
from qnict_analysis.models.drift import expit


def pairs_of(change, *, level=0.0, pace=0.0, start=0.0, series=None):
    change = np.asarray(change, dtype=float)
    filled = {name: np.broadcast_to(np.asarray(value, dtype=float), change.shape) for name, value in (("l", level), ("p", pace))}
    owner = np.arange(len(change)) if series is None else np.asarray(series)
    both = {"logit": change, "raw": change * 0.1}
    starts = np.broadcast_to(np.asarray(start, dtype=float), change.shape)
    return analogues.Pairs(owner, starts, filled["l"], both, {"logit": filled["p"], "raw": filled["p"] * 0.1})


def weigh(pairs, *, series=99, level=0.0, origin=10.0, horizon=2.0):
    return analogues.weights(
        pairs, series=np.array([series]), level=np.array([level]), origin=np.array([origin]), horizon=horizon
    )[0]


def test_own_series_and_what_ended_after_the_origin_count_nothing():
    pairs = pairs_of([0.1, 0.2, 0.3, 0.4], start=[8.0, 8.0, 8.25, 4.0], series=[1, 2, 3, 4])
    found = weigh(pairs, series=1)
    assert found[0] == 0.0 and found[1] == 1.0 and found[2] == 0.0
    assert found[3] == pytest.approx(np.exp(-4.0 / analogues.MEMORY))
    far = weigh(pairs_of([0.1], level=1.0, start=8.0))
    assert far[0] == pytest.approx(np.exp(-0.5 / analogues.NEARNESS**2))


def test_cases_by_hand():
    pairs = pairs_of([0.1, 0.2, 0.3])
    told = analogues.told(pairs, np.array([[1.0, 1.0, 1.0], [2.0, 1.0, 0.0], [0.0, 0.0, 0.0]]), scale="logit")
    assert told.cases.tolist() == pytest.approx([3.0, 9.0 / 5.0, 0.0])
    assert told.mean.tolist() == pytest.approx([0.2, 0.4 / 3.0, 0.0])
    assert told.histogram.sum(axis=1).tolist() == pytest.approx([1.0, 1.0, 0.0])


@pytest.mark.parametrize("scale", ["logit", "raw"])
def test_without_pace_it_is_the_smoothed_distribution_of_the_changes(scale):
    rng = np.random.default_rng(2)
    pairs = pairs_of(rng.normal(0.3, 0.4, 40))
    level, weight = np.array([0.5]), np.ones((1, 40))
    found = analogues.cdf(analogues.told(pairs, weight, scale=scale), level, np.zeros(1), scale=scale)[0]
    change = pairs.change[scale]
    width = analogues.SILVERMAN * (change.std() + analogues.LEAST_SD[scale]) * 40**-0.2
    offsets = ladder.OFFSETS if scale == "logit" else ladder.values(level)[0] - expit(0.5)
    # Two slopes were estimated, which widens the spread about the mean by 1 + 2/40.
    offsets = (offsets - change.mean()) / np.sqrt(1 + 2 / 40) + change.mean()
    expected = stats.norm.cdf((offsets[:, None] - change) / width).mean(axis=1)
    assert found == pytest.approx(expected, abs=4e-3)


def test_a_known_relation_between_pace_and_change_is_carried_over():
    rng = np.random.default_rng(3)
    pace = rng.normal(0.2, 0.3, 4000)
    pairs = pairs_of(1.5 * pace + rng.normal(0, 0.05, 4000), pace=pace, level=rng.normal(0, 0.5, 4000))
    told = analogues.told(pairs, np.ones((2, 4000)), scale="logit")
    found = analogues.carried(told, np.zeros(2), np.array([0.5, np.nan]))
    assert found.middle.tolist() == pytest.approx([0.75, 0.3], abs=0.03), "without a pace the mean change"
    assert (found.shrink < 0.5).all() and found.shrink.min() >= np.sqrt(analogues.LEAST_LEFT)


def test_no_pair_says_nothing():
    told = analogues.told(pairs_of([]), np.zeros((2, 0)), scale="logit")
    assert told.cases.tolist() == [0.0, 0.0]
    assert (analogues.cdf(told, np.zeros(2), np.zeros(2), scale="logit") == 0).all()
