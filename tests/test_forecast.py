import datetime as dt
import itertools
from types import SimpleNamespace
from zlib import crc32

import numpy as np
import pandas as pd
import pytest
from scipy import special

from qnict_analysis import engine, periods, schema
from qnict_analysis.engine.learned import of_wholes, shipped
from qnict_analysis.forecast import EMPTY_PACE, REASONS, basis, forecast, ratios, shares, units
from qnict_analysis.forecast.cases import cases_of
from qnict_analysis.forecast.paths import histories, without_step
from qnict_analysis.forecast.reports import matched
from qnict_analysis.models import copula, drift, ladder, mixture

AS_OF = periods.AsOf(label="2014Q2", through="2014Q2", cutoff=dt.date(2014, 7, 30))
QUARTERS = periods.period_range("2012Q1", "2014Q2")
ASSUMPTIONS = {"rho": 0.3, "coverage_min": 0.7, "kappa": 1.0, "min_points": 2.0, "pace_cap_quantile": 0.9}
KINDS = {"A": "share", "B": "share", "R": "ratio", "U": "units", "C": "count"}
R = 1000


def registry_of(kinds=None, comparators=None, corrections=(), deadlines=None):
    kinds = kinds or KINDS
    indicators = {name: SimpleNamespace(id=name, kind=kind, counts=True, scope="agencies") for name, kind in kinds.items()}
    pairs = [
        (
            SimpleNamespace(id=name, deadline=(deadlines or {}).get(name, "2015Q4")),
            SimpleNamespace(indicator=name, comparator=(comparators or {}).get(name, "at_least")),
        )
        for name in kinds
    ]
    return SimpleNamespace(
        indicators=indicators,
        parts=lambda: iter(pairs),
        corrections=tuple(corrections),
        projects={},
        mergers=list,
        assumption=ASSUMPTIONS.__getitem__,
        units_in=lambda scope, period: ["u1", "u2"],
        programme=SimpleNamespace(deadline="2015Q4", frequency="quarterly"),
    )


def points(name, values, denominator=100.0, labels=QUARTERS, coverage=1.0):
    count = KINDS.get(name) == "count"
    frame = pd.DataFrame({"indicator": name, "period": list(labels)[-len(values) :], "value": np.asarray(values, dtype=float)})
    frame["denominator"] = np.nan if count else denominator
    frame["numerator"] = frame["value"] if count else frame["value"] * denominator
    return frame.assign(coverage=coverage, status="reported", change=frame["value"].diff()).reindex(columns=schema.SERIES)


def unit_rows(table, last="2014Q2"):
    """Rows of the panel from {unit: string of 0, 1 and . for silent}."""
    rows = []
    for unit, states in table.items():
        for label, state in zip(periods.period_range(periods.shift(last, 1 - len(states)), last), states, strict=True):
            told = np.nan if state == "." else float(state)
            rows.append(("U", unit, label, told, 1.0, told, "silent" if state == "." else "reported", "reported"))
    return pd.DataFrame(rows, columns=list(schema.PANEL))


UNITS = {f"u{i}": "0" * (i + 1) + "1" * (9 - i) for i in range(6)} | {f"v{i}": "0" * 10 for i in range(4)}
PANEL = unit_rows(UNITS)
SERIES = pd.concat(
    [
        points("A", [0.4, 0.41, 0.41, 0.42, 0.43, 0.43, 0.44, 0.45, 0.45, 0.46]),
        points("B", [0.80, 0.85, 0.84, 0.9, 0.91, 0.95]),
        points("R", [0.0060, 0.0059, 0.0061, 0.0062]),
        points("U", PANEL.groupby("period")["value"].mean().to_list(), denominator=10.0),
        points("C", [2, 2, 4, 5, 5, 5, 7, 8, 8, 9]),
    ],
    ignore_index=True,
)


def draw(series=SERIES, panel=PANEL, registry=None, *, seed=1, **more):
    return forecast(series, panel, registry or registry_of(), as_of=AS_OF, n_draws=R, seed=seed, **more)


def pace(indicator, *, closes=0.0, adds=0.0, period="2014Q4", until="2015Q4"):
    return pd.DataFrame(
        {
            "indicator": indicator,
            "period": periods.period_range(period, until),
            "closes": closes,
            "adds": adds,
            "promised": np.ceil(adds),
            "waits_for": "",
            "at_least": 0.0,
            "until_then": closes,
        }
    )


def test_columns_run_from_the_next_period_to_the_deadline():
    draws = draw(registry=registry_of(deadlines={"A": "2015Q2"}))
    assert list(draws.columns.names) == list(schema.DRAWS)
    assert list(draws["A"].columns) == ["2014Q3", "2014Q4", "2015Q1", "2015Q2"]
    assert list(draws["U"].columns) == periods.period_range("2014Q3", "2015Q4")
    assert len(draws) == R and draws.notna().all().all()


def test_figures_are_as_they_would_be_reported():
    draws = draw()
    assert draws[["A", "B"]].stack(future_stack=True).max().max() <= 1 and (draws >= 0).all().all()
    for name in ("U", "C"):
        assert (draws[name] == draws[name].round()).all().all()
    assert draws["U"].max().max() <= 10
    assert (draws["B"] == 1.0).any().any(), "100 % has a true probability"


def cdf_of(name):
    """The distribution of an indicator without units, as (y, strict) -> one chance a period, not by way of the draws."""
    registry = registry_of({name: KINDS[name]})
    case = cases_of(SERIES, PANEL, registry, as_of=AS_OF, levers_pace=EMPTY_PACE)[0]
    if KINDS[name] == "share":
        direct = shares._direct(case, registry)
        table = engine.tables(direct.points, direct.asked, of_wholes(), pool="none")
        return lambda y, strict: ladder.cdf(np.full(len(case.periods), y), table, strict=strict)
    times, values = histories([case], registry)
    floor = np.array([drift.FLOOR])
    fits = [ratios._fit(times, values, scale, floors=floor, direction=np.array([case.direction])) for scale in ratios.SCALES]
    years = periods.period_time(case.periods) - times[0][np.isfinite(values[0])][-1]
    whole = ratios._alone(case, fits, years, registry).moved(case.closes)
    return lambda y, strict: mixture.cdf(y, whole, strict=strict)


@pytest.mark.parametrize("name", ["A", "B", "R"])
def test_draws_agree_with_the_distribution_within_one_draw(name):
    draws, cdf = draw()[name], cdf_of(name)
    for spot, period in enumerate(draws.columns):
        for threshold in np.quantile(draws[period], [0.03, 0.3, 0.5, 0.77, 0.99]):
            assert (draws[period] < threshold).mean() == pytest.approx(cdf(threshold, True)[spot], abs=1.01 / R)
            assert (draws[period] <= threshold).mean() == pytest.approx(cdf(threshold, False)[spot], abs=1.01 / R)


def test_same_seed_same_draws_and_the_order_of_series_is_irrelevant():
    pd.testing.assert_frame_equal(draw(), draw(SERIES.sample(frac=1, random_state=3), PANEL.sample(frac=1, random_state=4)))
    assert not draw().equals(draw(seed=2))


def test_an_indicator_more_or_less_changes_no_other_draws():
    whole = draw()
    for missing in KINDS:
        rest = {name: kind for name, kind in KINDS.items() if name != missing}
        fewer = draw(SERIES[SERIES["indicator"] != missing], registry=registry_of(rest))
        pd.testing.assert_frame_equal(fewer, whole[list(rest)])


def test_nothing_after_the_last_period_of_another_indicator_matters():
    longer = registry_of(deadlines={"B": "2017Q4"})
    pd.testing.assert_frame_equal(draw(registry=longer)[["A", "C"]], draw()[["A", "C"]])


def test_indicators_move_together_by_rho():
    ranks = forecast(SERIES, PANEL, registry_of(), as_of=AS_OF, n_draws=4000, seed=5).xs("2015Q4", axis=1, level="period").rank()
    together = ranks.corr().to_numpy()[np.triu_indices(5, 1)]
    assert (together > 0.12).all() and (together < 0.4).all()


def test_paths_persist():
    draws = draw()
    for name in KINDS:
        assert draws[name, "2015Q3"].corr(draws[name, "2015Q4"]) > 0.85


def test_an_empty_or_zero_pace_table_is_the_baseline_bit_for_bit():
    zero = pd.concat([pace(name) for name in KINDS])
    pd.testing.assert_frame_equal(draw(levers_pace=zero), draw(levers_pace=EMPTY_PACE), check_exact=True)


@pytest.mark.parametrize("name", KINDS)
def test_levers_raise_every_row_and_only_what_they_reach(name):
    base = draw()
    tables = [draw(levers_pace=pace(name, closes=closes)) for closes in (-1.0, -0.5, 0.25, 0.6, 1.0)]
    path = [tables[0], tables[1], base, *tables[2:]]
    for lower, higher in itertools.pairwise(path):
        assert (higher[name] >= lower[name]).all().all()
        assert higher[name, "2015Q4"].sum() > lower[name, "2015Q4"].sum()
        pd.testing.assert_series_equal(higher[name, "2014Q3"], base[name, "2014Q3"])
    others = [other for other in KINDS if other != name]
    pd.testing.assert_frame_equal(tables[-1][others], base[others], check_exact=True)


def test_a_schedule_adds_whole_units_and_never_more_than_all():
    base, more = draw(), draw(levers_pace=pd.concat([pace("U", adds=2.0, until="2014Q4"), pace("C", adds=3.0, until="2014Q4")]))
    assert (more["C", "2014Q4"] - base["C", "2014Q4"]).eq(3).all()
    assert more["C", "2014Q3"].equals(base["C", "2014Q3"])
    gain = more["U", "2014Q4"].mean() - base["U", "2014Q4"].mean()
    assert 1.5 < gain <= 2.0 and more["U"].max().max() <= 10
    with pytest.raises(ValueError, match="counted denominator"):
        draw(SERIES.assign(denominator=SERIES["denominator"].where(SERIES["indicator"] != "R")), levers_pace=pace("R", adds=1.0))


def test_a_share_that_should_fall_is_drawn_towards_its_target():
    falling = points("A", [0.50, 0.49, 0.485])
    mirrored = points("A", [0.50, 0.51, 0.515])
    down = draw(falling, registry=registry_of({"A": "share"}, {"A": "at_most"}))
    up = draw(mirrored, registry=registry_of({"A": "share"}))
    assert np.allclose(np.sort(1 - down["A", "2015Q4"]), np.sort(up["A", "2015Q4"]), atol=1e-9)
    better = draw(falling, registry=registry_of({"A": "share"}, {"A": "at_most"}), levers_pace=pace("A", closes=0.5))
    assert (better["A", "2015Q4"] <= down["A", "2015Q4"]).all()


def test_silent_units_are_drawn_from_their_last_state():
    table = {f"u{i}": "0011111111" for i in range(8)} | {"s": "00111....."[:10], "t": "0000000..."}
    panel = unit_rows(table)
    series = points("U", [0, 0, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8], denominator=10.0)
    draws = draw(series, panel, registry_of({"U": "units"}))
    assert draws["U", "2014Q3"].between(7, 10).all()
    assert (draws["U", "2014Q3"] >= 9).mean() > 0.9, "an adopter that falls silent has most likely not lapsed"


def test_a_thousand_services_are_units_too():
    rows = [
        ("U", f"u{unit}", label, min(30, 2 * number + unit), 35 if number < 5 else 33, np.nan, "reported", "reported")
        for unit in range(34)
        for number, label in enumerate(QUARTERS)
    ]
    panel = pd.DataFrame(rows, columns=list(schema.PANEL))
    k = panel.groupby("period")["numerator"].sum()
    series = points("U", (k / 1122).to_list(), denominator=1122.0)
    base = draw(series, panel, registry_of({"U": "units"}))["U"]
    assert (base == base.round()).all().all() and base.max().max() <= 1122
    assert k.iloc[-1] <= base["2014Q3"].median() < base["2015Q4"].median() <= 1122
    more = draw(series, panel, registry_of({"U": "units"}), levers_pace=pace("U", adds=100.0, until="2014Q4"))["U"]
    assert (more["2014Q4"] - base["2014Q4"]).mean() == pytest.approx(100, abs=15)


def test_no_basis_is_left_out_with_its_reason():
    series = pd.concat(
        [
            points("A", [0.4, 0.5], coverage=0.6),
            points("B", [0.4]),
            points("R", [0.01, 0.02], labels=periods.period_range("2012Q1", "2013Q1")),
        ]
    )
    table = basis(series, registry_of(), AS_OF).set_index("indicator")
    assert tuple(basis(series, registry_of(), AS_OF).columns) == schema.BASIS
    assert table["reason"].to_list() == ["low_coverage", "few_points", "too_old", "no_figures", "no_figures"]
    assert set(table["reason"]) <= set(REASONS) and not table["has_basis"].any()
    empty = draw(series, PANEL.iloc[:0])
    assert empty.shape == (R, 0) and list(empty.columns.names) == list(schema.DRAWS)


def test_a_deadline_that_is_in_leaves_no_column_and_is_not_too_old():
    done = points("A", [0.4, 0.5], labels=periods.period_range("2012Q1", "2012Q4"))
    registry = registry_of({"A": "share"}, deadlines={"A": "2012Q4"})
    assert basis(done, registry, AS_OF)["has_basis"].all()
    assert draw(done, registry=registry).empty


def test_a_break_known_by_the_cutoff_splits_the_series():
    jump = points("A", [0.1, 0.11, 0.12, 0.13, 0.60, 0.61, 0.62])
    cut = {"action": "break", "indicator": "A", "unit": "", "period": "2013Q4"}
    known = SimpleNamespace(**cut, known_on=dt.date(2014, 7, 30))
    later = SimpleNamespace(**cut, known_on=dt.date(2014, 7, 31))
    only = {"A": "share"}
    split, whole, late = (draw(jump, registry=registry_of(only, corrections=c)) for c in ((known,), (), (later,)))
    pd.testing.assert_frame_equal(split, draw(jump.tail(3), registry=registry_of(only)))
    pd.testing.assert_frame_equal(late, whole)
    assert split["A", "2015Q4"].std() < whole["A", "2015Q4"].std()
    late = SimpleNamespace(**cut | {"period": "2014Q3"}, known_on=dt.date(2014, 7, 30))
    pd.testing.assert_frame_equal(draw(jump, registry=registry_of(only, corrections=(late,))), whole)


def of_units(values, denominators=None):
    """Series and panel of a share from what each unit reported ({unit: values, NaN for silent}), 100 cases each."""
    labels = QUARTERS[-len(next(iter(values.values()))) :]
    table = pd.DataFrame(values, index=labels)
    sizes = pd.Series(denominators or dict.fromkeys(values, 100.0))
    rows = [
        ("A", unit, label, value * sizes[unit], sizes[unit], value, "silent" if np.isnan(value) else "reported", "reported")
        for unit in table
        for label, value in table[unit].items()
    ]
    whole = (table * sizes).sum(axis=1) / (table.notna() * sizes).sum(axis=1)
    return points("A", whole.to_list()), pd.DataFrame(rows, columns=list(schema.PANEL))


CALM = {"u1": [0.20, 0.21, 0.22, 0.23, 0.24, 0.25, 0.26], "u2": [0.30, 0.31, 0.32, 0.33, 0.34, 0.35, 0.36]}


@pytest.mark.parametrize("action", ["jump", "break"])
@pytest.mark.parametrize("silent", [False, True], ids=["reported", "silent in that quarter"])
def test_a_step_of_one_unit_that_is_explained_is_no_pace_of_the_whole(action, silent):
    stepped = {**CALM, "u1": [0.20, 0.21, 0.22, np.nan if silent else 0.63, 0.64, 0.65, 0.66]}
    record = SimpleNamespace(indicator="A", unit="u1", period=QUARTERS[-4], action=action, known_on=dt.date(2014, 7, 1))
    told, untold = (draw(*of_units(stepped), registry_of({"A": "share"}, corrections=c)) for c in ((record,), ()))
    level = 0.5 * (0.66 + 0.36)
    assert told["A", "2014Q3"].median() == pytest.approx(level + 0.01, abs=0.01)
    assert np.ptp(told["A", "2015Q4"].quantile([0.1, 0.9])) < 0.8 * np.ptp(untold["A", "2015Q4"].quantile([0.1, 0.9]))


def test_the_whole_loses_only_the_step_of_the_unit_that_jumped():
    series, panel = of_units({**CALM, "u1": [0.20, 0.21, 0.22, 0.63, 0.64, 0.65, 0.66]})
    record = SimpleNamespace(indicator="A", unit="u1", period=QUARTERS[-4], action="jump", known_on=dt.date(2014, 7, 1))
    registry = registry_of({"A": "share"}, corrections=(record,))
    (case,) = cases_of(series, panel, registry, as_of=AS_OF, levers_pace=EMPTY_PACE)
    _, ((*before, after, _, _, _),) = histories([case], registry)
    step = np.log(0.48 / 0.52) - np.log(0.275 / 0.725)  # without u1's 0.41 the whole would stand at 0.275
    assert after == pytest.approx(0.48)
    odds = np.log(np.array([0.25, 0.26, 0.27]) / np.array([0.75, 0.74, 0.73])) + step
    assert before == pytest.approx(1 / (1 + np.exp(-odds)))


def test_streams_are_seeded_by_id():
    own = np.random.default_rng([7, 1, crc32(b"T01"), copula.TIE]).random(5)
    assert np.array_equal(copula.own_uniforms(copula.Stream(7, "T01", 0.3, 5), copula.TIE), own)


def test_an_explained_jump_keeps_the_level_and_is_no_pace():
    record = np.array([0.20, 0.22, np.nan, 0.50, 0.53])
    found = without_step(record, 3, None, "share")
    assert found[3:].tolist() == [0.50, 0.53] and np.isnan(found[2])
    odds = np.log(found / (1 - found))
    before = np.log(record / (1 - record))
    assert odds[1] == pytest.approx(odds[3]), "the step itself is gone"
    assert odds[1] - odds[0] == pytest.approx(before[1] - before[0]), "the pace before it stays"
    assert without_step(np.array([2.0, 3.0, 9.0]), 2, None, "ratio")[:2] == pytest.approx([6.0, 9.0])


DAYS = (dt.date(2014, 7, 1), dt.date(2014, 12, 1))
"""Before and after the as-of's cut-off."""


def test_a_jump_counts_only_once_its_reason_is_known():
    values = [0.20, 0.21, 0.22, 0.23, 0.24, 0.25, 0.26, 0.27, 0.28, 0.55]
    series = points("A", values)
    known = [
        SimpleNamespace(indicator="A", unit="u", period=series["period"].iloc[-1], action="jump", known_on=day) for day in DAYS
    ]
    calm, wild = (draw(series, PANEL.iloc[:0], registry_of({"A": "share"}, corrections=(one,)))["A"] for one in known)
    plain = draw(series, PANEL.iloc[:0], registry_of({"A": "share"}))["A"]
    pd.testing.assert_frame_equal(wild, plain, check_exact=True)
    assert calm.iloc[:, -1].std() < 0.5 * plain.iloc[:, -1].std(), "a step without its reason passes for noise"
    assert calm.iloc[:, 0].median() == pytest.approx(0.55, abs=0.03)


# --- k of N as a share -----------------------------------------------------------------------------------------------


def unit_case(comparator="at_least"):
    registry = registry_of({"U": "units"}, {"U": comparator})
    series = SERIES[SERIES["indicator"] == "U"]
    (case,) = cases_of(series, PANEL, registry, as_of=AS_OF, levers_pace=EMPTY_PACE)
    pairs = matched(case.panel)
    return case, registry, units._record(case, pairs, units._adoptions(case, pairs, 1.0), 0.05)


@pytest.mark.parametrize("comparator", ["at_least", "at_most"])
def test_a_whole_number_holds_what_lies_within_half_a_unit_of_it(comparator):
    case, _, record = unit_case(comparator)
    count = len(case.periods)
    towards = 0.6 if comparator == "at_least" else 0.4
    middle = np.full(count, np.log(towards / (1 - towards)))
    table = ladder.Table(middle, np.broadcast_to(ladder.OFFSETS / 0.8, (count, len(ladder.OFFSETS))))
    edges = (np.arange(10) + 0.5) / 10
    below = special.ndtr((np.log(edges / (1 - edges)) - np.log(0.6 / 0.4)) / 0.8)  # the share itself stands at 0.6 both times
    expected = np.diff(below, prepend=0.0, append=1.0)
    assert record.figures.tolist() == list(range(11))
    for row in units._by_share(case, record, table, case.adds):
        assert row == pytest.approx(expected, abs=2e-4)


def test_adopters_are_averaged_from_the_hazard_and_the_share(monkeypatch):
    case, registry, record = unit_case()
    stream = copula.Stream(1, "U", 0.3, R)

    def drawn():
        return units._ready(case, stream, record, 0.05, 0.2, registry)(case.closes, case.adds)

    alone = drawn()
    chances = np.zeros((len(case.periods), 11))
    chances[:, 10] = 1.0
    monkeypatch.setattr(units, "_by_share", lambda *args: chances)
    mixed = drawn()
    monkeypatch.setattr(units, "BY_SHARE", 0.0)
    hazard = drawn()
    assert (mixed == 10).mean(axis=1) == pytest.approx(0.75 + 0.25 * (hazard == 10).mean(axis=1), abs=0.002)
    assert not np.array_equal(alone, hazard)


def test_a_whole_without_parts_is_believed_to_move_as_whole_countries_do():
    series = points("A", [0.4, 0.41, 0.41, 0.42, 0.43, 0.43, 0.44, 0.45, 0.45, 0.46])
    (case,) = cases_of(series, PANEL.iloc[:0], registry_of({"A": "share"}), as_of=AS_OF, levers_pace=EMPTY_PACE)
    direct = shares._direct(case, registry_of({"A": "share"}))
    level = np.array([0.1, 0.9])
    wide, narrow = (
        np.ptp(ladder.quantile(level, engine.tables(direct.points, direct.asked, learned, pool="none")), axis=1)
        for learned in (shipped(), of_wholes())
    )
    assert (narrow < wide).all()
    drawn = draw(series, PANEL.iloc[:0], registry_of({"A": "share"}))["A"]
    assert np.ptp(drawn.quantile(level).to_numpy(), axis=0) == pytest.approx(narrow, rel=0.02)
