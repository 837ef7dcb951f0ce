import numpy as np
import pytest
from scipy import special, stats

from qnict_analysis.models import copula, counts, drift, hazard, mixture, pool, student

TIMES, VALUES = np.array([0.0, 1.0, 2.0]), np.array([0.32, 0.41, 0.47])
SHARE = ("logit", "raw")


def forecast_of(times, values, years, scales=SHARE, **settings):
    """The mixture for one series or many, with the shipped priors."""
    parts = []
    for scale in scales:
        scaled = drift.to_scale(values, scale=scale)
        fit = drift.posterior(drift.steps_of(times, scaled), drift.PRIORS[scale])
        parts.append(drift.predictive(scaled[..., -1], fit, years, **settings))
    loc, spread = (np.stack(part, axis=-1) for part in zip(*parts, strict=True))
    return mixture.Mixture(loc, spread, np.asarray(fit.df, dtype=float), scales, 1.0)


def test_worked_example_of_the_share():
    scaled = drift.to_scale(VALUES, scale="logit")
    fit = drift.posterior(drift.steps_of(TIMES, scaled), drift.PRIORS["logit"])
    both = forecast_of(TIMES, VALUES, 2.0)
    assert fit.b == pytest.approx(0.2770, abs=5e-5)
    assert fit.df == 5
    assert drift.damping(2.0) == pytest.approx(1.71)
    assert both.loc == pytest.approx([0.3536, 0.57016], abs=5e-5)
    assert both.spread == pytest.approx([0.1894, 0.02380], abs=5e-5)
    assert drift.expit(both.loc[0]) == pytest.approx(0.587, abs=5e-4)
    met = [1 - mixture.cdf(y, both, strict=True) for y in (0.55, 0.60, 0.70)]
    assert (np.abs(np.array(met) - [0.777, 0.265, 0.0127]) < [5e-4, 5e-4, 5e-5]).all()


def test_quarters_are_the_same_years():
    quarterly = drift.damping(np.arange(9) / 4)
    assert np.diff(quarterly).sum() == pytest.approx(drift.damping(2.0))
    assert drift.damping(3.0, phi=1.0) == 3.0


def test_gaps_count_by_elapsed_time():
    steps = drift.steps_of(np.array([0.0, 0.5, 2.0]), np.array([1.0, 2.0, 3.0]))
    assert (steps.slope, steps.span, steps.n) == (1.0, 2.0, 3)
    # Residuals 1 - 0.5 and 1 - 1.5, each squared over its elapsed time, one degree of freedom.
    assert steps.s2 == pytest.approx(0.25 / 0.5 + 0.25 / 1.5)
    gappy = drift.steps_of(np.array([0.0, 0.2, 0.5, 2.0, 3.0]), np.array([1.0, np.nan, 2.0, 3.0, np.nan]))
    assert np.allclose(np.array(gappy), np.array(steps))


def test_the_posterior_needs_no_special_case_for_one_point():
    steps = drift.steps_of(np.array([[0.0, 1.0]]), np.array([[np.nan, 0.4]]))
    fit = drift.posterior(steps, drift.PRIORS["raw"])
    assert (fit.b[0], np.sqrt(fit.v[0]), fit.df[0]) == pytest.approx((0.019, 0.015, 4))


def test_rows_do_not_touch_each_other():
    rng = np.random.default_rng(0)
    values = np.clip(np.cumsum(rng.normal(0.02, 0.03, (50, 9)), axis=1) + 0.3, 0.05, 0.95)
    values[rng.random(values.shape) < 0.2] = np.nan
    values[:, -1] = 0.5
    together = drift.steps_of(np.arange(9.0), values)
    alone = [drift.steps_of(np.arange(9.0), row) for row in values]
    assert np.array_equal(np.array(together), np.array(alone).T)


def test_reporting_noise_does_not_accumulate():
    fit = drift.Drift(b=np.array(0.0), v=np.array(0.0), sigma2=np.array(1.0), df=4)
    assert drift.predictive(0.0, fit, 0.25, passing=0.4, step=0.25)[1] ** 2 == pytest.approx(0.25)
    assert drift.predictive(0.0, fit, 2.25, passing=0.4, step=0.25)[1] ** 2 == pytest.approx(0.25 + 0.6 * 2)


def test_jumps_stand_out():
    values = np.array([[0.1, 0.12, 0.14, 0.4, 0.42]])
    fit = drift.Drift(b=np.array([0.02]), v=0, sigma2=0, df=4)
    assert drift.jumps(np.arange(5.0), values, fit, 0.011).tolist() == [[False, False, False, True, False]]


def test_changed_pace_closes_part_of_the_gap_and_is_monotone():
    assert drift.changed_pace(0.277, 0.55, 0.5125) == pytest.approx(0.417 - 0.277, abs=5e-4)
    for pace in (-0.2, 0.1, 0.9):
        assert (np.diff(drift.changed_pace(pace, 0.55, np.linspace(-1, 1, 21))) >= 0).all()
        assert (np.diff(drift.changed_rate([0.1, 0.6], 0.3, np.linspace(-1, 1, 21)), axis=0) >= 0).all()
    assert drift.changed_rate([0.1, 0.6], 0.3, [0.0]).tolist() == [[0.1, 0.6]]


def test_mass_beyond_the_ends_is_piled_on_them():
    both = forecast_of(TIMES, np.array([0.80, 0.93, 0.99]), 3.0)
    top, bottom = 1 - mixture.cdf(1.0, both, strict=True), mixture.cdf(0.0, both)
    assert 0.2 < top < 0.5 and 0 < bottom < 1e-3
    assert mixture.cdf(1.0, both) == 1.0 and mixture.cdf(-1e-9, both) == 0.0 and mixture.cdf(0.0, both, strict=True) == 0.0
    assert mixture.quantile(1 - top / 2, both) == 1.0
    assert mixture.quantile(bottom / 2, both) == 0.0


@pytest.mark.parametrize("scales, ceiling", [(SHARE, 1.0), (("log", "raw"), np.inf)])
def test_the_inverse_is_the_inverse(scales, ceiling):
    rng = np.random.default_rng(1)
    loc = np.column_stack([rng.normal(-1, 1.5, 300), rng.uniform(-0.1, 1.1, 300)])
    many = mixture.Mixture(loc, rng.uniform(0.01, 0.8, (300, 2)), rng.integers(4, 20, 300).astype(float), scales, ceiling)
    levels = np.array([0.001, 0.05, 0.31, 0.5, 0.77, 0.95, 0.999])
    found = mixture.quantile(levels, mixture.spread_out(many))
    below, upto = (mixture.cdf(found, mixture.spread_out(many), strict=strict) for strict in (True, False))
    assert (below <= levels + 1e-9).all() and (upto >= levels - 1e-9).all()
    assert (np.diff(found, axis=1) >= 0).all()
    quick = mixture.quantiles(levels, many, every=3)
    assert np.allclose(*(mixture.cdf(y, mixture.spread_out(many)) for y in (quick, found)), atol=1e-9)


def test_the_median_skips_what_is_not_known():
    rng = np.random.default_rng(2)
    for size in (1, 2, 3, 4, 7, 12):
        x = rng.integers(0, 6, (5, size)).astype(float)
        x[rng.random((5, size)) < 0.3] = np.nan
        known = [row[np.isfinite(row)] for row in x]
        assert pool.median(x) == pytest.approx([np.median(row) if len(row) else np.nan for row in known], nan_ok=True)


def test_what_the_others_say_is_what_they_say_without_one():
    rng = np.random.default_rng(5)
    told = drift.Steps(rng.normal(0.1, 0.2, 9), rng.uniform(1, 4, 9), rng.uniform(0, 0.1, 9), rng.integers(1, 6, 9))
    found = pool.like_series(told, told)
    for spot in range(9):
        rest = drift.Steps(*(np.delete(part, spot)[None] for part in told))
        alone = pool.others(rest, rest, own=np.array([-1]))
        assert [part[spot] for part in found] == pytest.approx([part[0] for part in alone])
    paced = told.n >= 2
    assert found.mu[0] == pytest.approx(np.median(told.slope[1:][paced[1:]]))
    noisy = told.n[1:] >= 3
    free = (told.n[1:] - 2)[noisy]
    assert found.sigma2[0] == pytest.approx(np.median(told.s2[1:][noisy] * free / stats.chi2.ppf(0.5, free)))


def test_blending_goes_from_the_shipped_prior_to_the_pool():
    shipped = drift.PRIORS["logit"]
    one = drift.Steps(*(np.array([part]) for part in (0.5, 4.0, 0.01, 5)))
    assert [float(part[0]) for part in pool.blend(shipped, pool.like_series(one, one))] == pytest.approx(shipped)
    k = 60
    slopes = np.random.default_rng(3).normal(0.5, 0.2, k + 1)
    many = drift.Steps(slopes, np.full(k + 1, 8.0), np.full(k + 1, 0.04), np.full(k + 1, 9))
    prior = pool.blend(shipped, pool.like_series(many, many))
    assert prior.mu[0] == pytest.approx((k * np.median(slopes[1:]) + 6 * 0.18) / (k + 6))
    wild = many._replace(slope=np.append(slopes[:-1], 1e6))
    assert np.allclose(pool.blend(shipped, pool.like_series(wild, wild)).mu, prior.mu, atol=0.1), "robust to one odd series"
    # Its own entry never enters its own prior.
    assert pool.blend(shipped, pool.like_series(wild, wild)).mu[-1] == prior.mu[-1]


def test_running_statistics_equal_the_direct_ones():
    rng = np.random.default_rng(4)
    times = np.cumsum(rng.choice([0.25, 0.5, 1.0, 3.0], (6, 12)), axis=1) + 5.0
    values = rng.random((6, 12))
    found = pool.steps_until(pool.past(times, values), [20.0, 9.0], window=5)
    for place, moment in enumerate((20.0, 9.0)):
        for row in range(6):
            known = times[row] <= moment
            direct = drift.steps_of(times[row][known][-5:], values[row][known][-5:])
            assert np.allclose([part[place, row] for part in found], np.array(direct))


START = np.eye(21)[16]


@pytest.mark.parametrize("kappa, everyone", [(0, 0.123), (1, 0.017), (2, 0.005)])
def test_the_last_four_agencies_of_twenty(kappa, everyone):
    rates = hazard.rate_nodes(hazard.Rate(6, 12))
    step = hazard.transitions(rates, 20, kappa=kappa)
    reached = hazard.recursion(START, [step, step])
    assert reached.sum(axis=1) == pytest.approx([1, 1])
    assert reached[-1, 20] == pytest.approx(everyone, abs=5e-4)
    if kappa == 0:
        assert reached[-1, 18:].sum() == pytest.approx(0.719, abs=1e-3)


def test_kappa_enters_the_exposure_too():
    assert hazard.exposure_of([10, 4], [10, 16], 20) == 14
    assert hazard.exposure_of([10, 4], [10, 16], 20, kappa=2) == pytest.approx(10 / 2 + 4 / 2.6)
    posterior = hazard.rate_posterior(5, 14, prior_mean=1 / 3)
    assert posterior == hazard.Rate(6, 11)


def test_lapses_and_schedules_keep_the_mass():
    step = hazard.transitions(np.array([0.2, 0.4]), 20, lapse=0.05)
    assert step.sum(axis=-1) == pytest.approx(np.ones((2, 21)))
    plain, helped = (hazard.recursion(START, [step, step], adds) for adds in ([0, 0], [0, 1.5]))
    assert helped.sum(axis=1) == pytest.approx([1, 1])
    assert np.array_equal(plain[0], helped[0])
    assert helped[1] @ np.arange(21) > plain[1] @ np.arange(21)
    assert plain[0, 15] > 0, "an agency's website can go stale"


def test_blocks_stand_for_many_items():
    assert hazard.blocks(3, 5).tolist() == [0, 1, 2, 3, 4, 5]
    assert hazard.blocks(700, 1100, most=5).tolist() == [0, 175, 350, 525, 700, 900, 1100]
    assert hazard.blocks(20, 20, most=4).tolist() == [0, 5, 10, 15, 20]
    assert hazard.blocks(0, 2).tolist() == [0, 1, 2]


def test_silent_units_start_with_a_chance_each():
    assert hazard.start_distribution(2, [0.5, 1.0], 4) == pytest.approx([0, 0, 0, 0.5, 0.5])


def test_paths_of_units_follow_the_recursion():
    n = 40_000
    rng = np.random.default_rng(5)
    step = hazard.transitions(hazard.rate_nodes(hazard.Rate(6, 12)), 20, kappa=1, lapse=0.01)
    found = hazard.paths(START, step, rng.integers(0, hazard.NODES, n), rng.random((3, n)))
    exact = hazard.recursion(START, [step, step])
    for path, chances in zip(found, exact, strict=True):
        assert np.bincount(path, minlength=21) / n == pytest.approx(chances, abs=0.01)


@pytest.mark.parametrize("overdispersion, chance", [(1.0, 0.084), (2.0, 0.127)])
def test_nine_more_services_in_two_years(overdispersion, chance):
    rates = counts.pace_nodes(counts.pace_posterior(7, 3))
    pmf = counts.increments(2 * rates, overdispersion=overdispersion).mean(axis=0)
    assert pmf[9:].sum() == pytest.approx(chance, abs=1e-3)
    mean = pmf @ np.arange(len(pmf))
    assert mean == pytest.approx(2 * 8 / 3.5, rel=1e-2)


def test_increments_add_up_over_periods():
    quarter, year = (counts.increments(np.array([mean])) for mean in (1.0, 4.0))
    four = quarter[0]
    for _ in range(3):
        four = np.convolve(four, quarter[0])
    assert four[: year.shape[1]] == pytest.approx(year[0], abs=1e-9)
    assert counts.increments(np.array([0.0])).tolist()[0][0] == 1.0


def test_scheduled_items_come_on_top():
    joined = stats.binom.pmf([0, 1, 2], 2, 0.75)
    assert counts.scheduled(np.array([0.5, 0.5]), 1.5) == pytest.approx(np.convolve([0.5, 0.5], joined))
    assert counts.scheduled(np.array([1.0]), 0.0).tolist() == [1.0]


def test_draws_keep_the_exact_marginal_and_the_latent_order():
    latent = np.array([[0.3, -1.0, 2.0]])
    assert copula.place_by_rank(latent, np.array([[1.0, 2.0, 3.0]])).tolist() == [[2.0, 1.0, 3.0]]


def test_streams_share_rho_and_no_more():
    one, other = (copula.Stream(1, name, 0.3, 50_000) for name in ("T01", "T02"))
    assert np.corrcoef(copula.normals(one, 20), copula.normals(other, 20))[0, 1] == pytest.approx(0.3, abs=0.02)
    assert np.corrcoef(copula.normals(one, 20), copula.normals(one, 21))[0, 1] == pytest.approx(0, abs=0.02)
    assert np.corrcoef(copula.own_uniforms(one, 1), copula.own_uniforms(other, 1))[0, 1] == pytest.approx(0, abs=0.02)


def test_the_quick_student_t_is_the_exact_one():
    t = np.linspace(-40, 40, 801)[None].repeat(14, axis=0)
    df = np.arange(1, 15)
    assert np.abs(student.cdf(df, t) - special.stdtr(df[:, None], t)).max() < 1e-14
