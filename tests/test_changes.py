"""Why a chance moved: the split over causes, on hand-made cases of each cause and between as-ofs of the shipped returns."""

import dataclasses
import datetime as dt
import itertools
import math
import shutil
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qnict_analysis import assessment, formats, ledger, periods, wording
from qnict_analysis.analysis import analyse, as_of_for, computed, known_figures, pace_for
from qnict_analysis.changes import CAUSES, changes_between, from_what_was_said, previous_label, shapley, since_previous, split
from qnict_analysis.registry import load_registry
from qnict_analysis.registry.items import Correction
from qnict_analysis.wording import moves
from qnict_analysis.workspace import find_workspace

DRAWS = 400
SHOWN = ("T02", "T07", "T12", "T13")
"""A share, a count and two unit indicators: enough for every cause, and quick."""


@pytest.fixture(scope="module")
def base():
    """The shipped returns at 2014Q1, of a few indicators."""
    found = analyse(as_of="2014Q1", draws=DRAWS)
    registry = found.registry
    few = dataclasses.replace(
        registry,
        indicators={name: registry.indicators[name] for name in SHOWN},
        targets={name: registry.targets[name] for name in SHOWN},
    )
    return made(found, found.history[found.history["indicator"].isin(SHOWN)], registry=few)


def made(like, history, *, registry=None, as_of=None, scenario=None):
    """An analysis of other figures, registry, as-of or scenario."""
    registry, as_of, scenario = registry or like.registry, as_of or like.as_of, scenario or like.scenario
    known = known_figures(history, registry, as_of)
    pace = pace_for(scenario, registry, as_of, levers=like.params.levers)
    tables = computed(known, registry, as_of, pace, like.params)
    given = {"registry": registry, "as_of": as_of, "scenario": scenario, "observations": known, "history": history, "pace": pace}
    return dataclasses.replace(like, **given, **tables)


def later(like, days: int = 1, through: str | None = None):
    """The as-of some days later, of the same last period unless told."""
    return dataclasses.replace(
        like.as_of, label="later", cutoff=like.as_of.cutoff + dt.timedelta(days=days), through=through or like.as_of.through
    )


def reported(like, rows, *, day=None):
    """More returns: rows (indicator, unit, period, numerator, denominator), reported on ``day`` (a day after the cut-off)."""
    day = pd.Timestamp(day or like.as_of.cutoff + dt.timedelta(days=1))
    names = ["indicator", "unit", "period", "numerator", "denominator"]
    new = pd.DataFrame(rows, columns=names).assign(reported_on=day, status="reported", file="new.xlsx", sheet="", cell="B2")
    new = new.assign(note="", source="", flags="").astype({"numerator": float, "denominator": float})
    return pd.concat([like.history, new[like.history.columns]], ignore_index=True)


def figures_of(like, indicator, period):
    """(unit, numerator, denominator) known of an indicator and period."""
    rows = like.observations
    rows = rows[(rows["indicator"] == indicator) & (rows["period"] == period)]
    return list(rows[["unit", "numerator", "denominator"]].itertuples(index=False))


def causes_of(table: pd.DataFrame) -> set[str]:
    """The causes with a part other than exactly 0."""
    return {cause for cause in CAUSES if (table[cause].fillna(0.0) != 0.0).any()}


def adds_up(table: pd.DataFrame, then, now) -> None:
    """The parts are the change, and its ends are the two assessments."""
    known = table["change"].notna()
    assert known.any()
    np.testing.assert_allclose(table.loc[known, list(CAUSES)].sum(axis=1), table.loc[known, "change"], atol=1e-12)
    assert table["p_then"].to_numpy() == pytest.approx(then.assessment["p_met"].to_numpy(), abs=0, nan_ok=True)
    assert table["p_now"].to_numpy() == pytest.approx(now.assessment["p_met"].to_numpy(), abs=0, nan_ok=True)


def row_of(table: pd.DataFrame, target: str) -> pd.Series:
    return table.set_index("target").loc[target]


def test_nothing_happened(base):
    table = changes_between(base, base)
    assert causes_of(table) == set()
    assert (table["change"].dropna() == 0).all()


def test_a_restated_count_alone(base):
    unit, had, of = figures_of(base, "T02", "2013Q3")[0]
    now = made(base, reported(base, [("T02", unit, "2013Q3", 0.2 * had, of)], day=base.as_of.cutoff))
    table = changes_between(base, now)
    adds_up(table, base, now)
    assert causes_of(table) == {"restated"}
    assert row_of(table, "T02")["restated"] == row_of(table, "T02")["change"] != 0
    assert (table.set_index("target").loc[["T07", "T12", "T13"], "change"] == 0).all()


def test_a_late_return_is_the_past_restated(base):
    history = base.history
    unit = figures_of(base, "T02", "2014Q1")[0].unit
    late = (history["indicator"] == "T02") & (history["unit"] == unit) & (history["period"] == "2014Q1")
    then = made(base, history[~late])
    table = changes_between(then, base)
    adds_up(table, then, base)
    assert causes_of(table) == {"restated"}


def test_a_restated_denominator_alone(base):
    unit, had, of = figures_of(base, "T02", "2014Q1")[0]
    now = made(base, reported(base, [("T02", unit, "2014Q1", had, 1.1 * of)], day=base.as_of.cutoff))
    table = changes_between(base, now)
    adds_up(table, base, now)
    assert causes_of(table) == {"frame"}


def test_count_and_denominator_restated_together(base):
    rows = [("T02", unit, "2014Q1", 0.7 * had, 1.3 * of) for unit, had, of in figures_of(base, "T02", "2014Q1")[:6]]
    now = made(base, reported(base, rows, day=base.as_of.cutoff))
    table = changes_between(base, now)
    adds_up(table, base, now)
    assert causes_of(table) == {"restated", "frame"}


def test_restated_units_reach_the_others_through_the_pool(base):
    rows = [("T12", unit, "2013Q2", 0.0, 1.0) for unit, had, _ in figures_of(base, "T12", "2013Q2") if had]
    now = made(base, reported(base, rows, day=base.as_of.cutoff))
    table = changes_between(base, now)
    adds_up(table, base, now)
    assert row_of(table, "T12")["restated"] != 0 and row_of(table, "T12")["pool"] == 0
    assert row_of(table, "T13")["restated"] == 0
    assert row_of(table, "T13")["pool"] == row_of(table, "T13")["change"]
    assert row_of(table, "T02")["change"] == 0


def test_a_correction_alone(base):
    unit, had, _ = figures_of(base, "T02", "2014Q1")[0]
    record = correction(base, indicator="T02", unit=unit, period="2014Q1", numerator=0.3 * had)
    now = made(base, base.history, registry=dataclasses.replace(base.registry, corrections=(record,)))
    table = changes_between(base, now)
    adds_up(table, base, now)
    assert causes_of(table) == {"corrections"}
    assert row_of(table, "T02")["corrections"] < 0


def correction(like, **fields):
    """A record of corrections.yaml, known on the day of the as-of."""
    words = {"reason": {"vi": "nhầm", "en": "typo"}, "source": "letter", "known_on": like.as_of.cutoff}
    return Correction(action="replace", **words, **fields)


def test_a_correction_of_a_figure_that_came_with_it(base):
    unit, had, of = figures_of(base, "T02", "2014Q1")[0]
    then = made(base, base.history)
    history = reported(base, [("T02", unit, "2014Q1", 0.1 * had, of)], day=base.as_of.cutoff)
    expect = {"numerator": float(history["numerator"].iloc[-1])}
    record = correction(base, indicator="T02", unit=unit, period="2014Q1", numerator=float(had), expect=expect)
    now = made(base, history, registry=dataclasses.replace(base.registry, corrections=(record,)))
    table = changes_between(then, now)
    adds_up(table, then, now)
    assert row_of(table, "T02")["change"] == pytest.approx(0.0, abs=1e-12)
    assert row_of(table, "T02")["restated"] < 0 < row_of(table, "T02")["corrections"]


def test_a_scenario_alone(base):
    other = analyse(as_of="2014Q1", scenario="plan", draws=DRAWS)
    now = made(base, base.history, scenario=other.scenario)
    table = changes_between(base, now)
    adds_up(table, base, now)
    assert causes_of(table) == {"parameters"}
    assert row_of(table, "T12")["parameters"] > 0


def test_a_target_made_harder_is_a_parameter(base):
    target = base.registry.targets["T02"]
    harder = target.model_copy(update={"parts": (target.parts[0].model_copy(update={"value": "99%"}),)})
    registry = dataclasses.replace(base.registry, targets=base.registry.targets | {"T02": harder})
    table = changes_between(base, made(base, base.history, registry=registry))
    assert causes_of(table) == {"parameters"}
    assert row_of(table, "T02")["parameters"] < 0


def test_only_time_passes(base):
    now = made(base, base.history, as_of=later(base, days=90, through="2014Q2"))
    table = changes_between(base, now)
    adds_up(table, base, now)
    assert causes_of(table) <= {"time"}


def test_new_figures_without_a_new_period_of_time(base):
    """Returns of the as-of's own period that come after its cut-off: a lone new period."""
    early = base.history[base.history["period"] != "2014Q1"]
    then, now = made(base, early), made(base, base.history)
    table = changes_between(then, now)
    adds_up(table, then, now)
    assert causes_of(table) <= {"new_period", "pool"}
    assert row_of(table, "T02")["new_period"] == row_of(table, "T02")["change"]


def test_standing_still_costs_and_progress_brings(base):
    """Everybody reports the same again: the clock gets the loss, the new figures nothing."""
    rows = [(name, *figures[:1], "2014Q2", *figures[1:]) for name in SHOWN for figures in figures_of(base, name, "2014Q1")]
    as_of = later(base, days=91, through="2014Q2")
    now = made(base, reported(base, rows), as_of=as_of)
    table = changes_between(base, now)
    adds_up(table, base, now)
    assert row_of(table, "T02")["time"] < 0
    assert table["new_period"].abs().max() == 0
    more = [(name, unit, period, min(had + (name == "T02") * 0.05 * of, of), of) for name, unit, period, had, of in rows]
    better = changes_between(base, made(base, reported(base, more), as_of=as_of))
    assert row_of(better, "T02")["new_period"] > 0 > row_of(better, "T02")["time"]


def test_a_denominator_that_steps_with_the_new_period_is_the_frame(base):
    rows = [("T02", unit, "2014Q2", had, of) for unit, had, of in figures_of(base, "T02", "2014Q1")]
    plain = made(base, reported(base, rows), as_of=later(base, days=91, through="2014Q2"))
    name, unit, period, had, of = rows[0]
    rows[0] = (name, unit, period, had, 2.0 * of)
    now = made(base, reported(base, rows), as_of=plain.as_of)
    table = changes_between(base, now)
    adds_up(table, base, now)
    assert row_of(changes_between(base, plain), "T02")["frame"] == 0
    assert row_of(table, "T02")["frame"] != 0
    assert row_of(table, "T02")["new_period"] < 0


def merged_units(base, gone: str, heir: str, last: str) -> dict:
    """The units once ``gone`` was merged into ``heir`` after ``last``."""
    units = base.registry.units
    return units | {gone: units[gone].model_copy(update={"until": last, "merged_into": heir})}


def test_units_that_merge_are_the_frame(base):
    registry = dataclasses.replace(base.registry, units=merged_units(base, "H05", "H04", "2014Q1"))
    then = made(base, base.history, registry=registry)
    was = {name: {unit: (had, of) for unit, had, of in figures_of(base, name, "2014Q1")} for name in SHOWN}
    rows = [(n, unit, "2014Q2", had, of) for n, units in was.items() for unit, (had, of) in units.items() if unit != "H05"]
    rows = [row if row[1] != "H04" else joined(row, was[row[0]]) for row in rows]
    now = made(base, reported(base, rows), registry=registry, as_of=later(base, days=91, through="2014Q2"))
    table = changes_between(then, now)
    adds_up(table, then, now)
    assert row_of(table, "T02")["frame"] != 0
    # Nobody moved but the frame: what the merged unit reports is what the two had.
    assert table.set_index("target").loc[["T02", "T07"], "new_period"].abs().max() < 0.02


def joined(row: tuple, was: dict) -> tuple:
    """What a unit reports once another's figures are in its own (a yes of one of the two is a yes of the whole)."""
    name, unit, period, had, of = row
    if name in ("T12", "T13"):
        return row
    gone = was.get("H05", (0.0, math.nan))
    return name, unit, period, had + gone[0], of if math.isnan(of) else of + gone[1]


def test_what_was_stored_then_is_told_from_this_version(base):
    stored = base.assessment.set_index("target")["p_met"] - 0.04
    table = from_what_was_said(changes_between(base, base), stored, "method")
    assert causes_of(table) == {"method"}
    assert table["change"].dropna().to_numpy() == pytest.approx(0.04)
    np.testing.assert_array_equal(table["p_then"], stored)


def test_what_was_stored_is_put_down_to_the_cause_that_is_named_beside_what_else_happened(base):
    unit, had, of = figures_of(base, "T02", "2013Q3")[0]
    now = made(base, reported(base, [("T02", unit, "2013Q3", 0.2 * had, of)], day=base.as_of.cutoff))
    plain, stored = changes_between(base, now), base.assessment.set_index("target")["p_met"].drop("T07") + 0.03
    table = from_what_was_said(plain, stored, "restated")
    assert row_of(table, "T02")["restated"] == pytest.approx(row_of(plain, "T02")["restated"] - 0.03)
    assert causes_of(table) == {"restated"} and row_of(table, "T07").equals(row_of(plain, "T07"))


def test_a_stored_chance_that_is_the_same_changes_no_byte(base):
    """One written and read again may differ in its last digit."""
    now = made(base, base.history, as_of=later(base, days=90, through="2014Q2"))
    stored = base.assessment.set_index("target")["p_met"] * (1 + 1e-15)
    plain = changes_between(base, now)
    pd.testing.assert_frame_equal(from_what_was_said(plain, stored, "method"), plain, check_exact=True)


def test_caps_that_moved_are_no_cause(base):
    programme = base.registry.programme.model_copy(update={"caps": ledger.WIDER})
    now = dataclasses.replace(base, registry=dataclasses.replace(base.registry, programme=programme))
    assert split._happened(base, base) == split._happened(base, now)


def test_other_random_numbers_are_refused(base):
    other = dataclasses.replace(base, params=base.params.model_copy(update={"seed": 1}))
    with pytest.raises(ValueError, match="same draws and seed"):
        changes_between(base, other)


@pytest.mark.slow
def test_between_all_as_ofs_of_the_shipped_returns():
    """Half of the pairs in each of two processes: one after the other they take minutes."""
    labels = periods.period_range("2011Q1", load_registry(find_workspace("")).programme.deadline)
    middle = len(labels) // 2
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(between_neighbours, (labels[: middle + 1], labels[middle:])))


def between_neighbours(labels: list[str]) -> None:
    known = [analyse(as_of=label, draws=200) for label in labels]
    registry = known[0].registry
    for then, now in itertools.pairwise(known):
        table = changes_between(then, now)
        if then.basis["has_basis"].any():
            adds_up(table, then, now)
        else:
            assert table["change"].isna().all()
        assert (table["method"].dropna() == 0).all() and (table["parameters"].dropna() == 0).all()
        own = [
            name for name in registry.targets if registry.indicators[registry.targets[name].parts[0].indicator].kind != "units"
        ]
        assert (table.set_index("target").loc[own, "pool"].dropna() == 0).all()


def test_a_plan_without_units():
    then, now = (analyse(as_of=label, workspace="examples/digital-agenda", draws=400) for label in ("2013-06-30", "2014-06-30"))
    table = changes_between(then, now)
    adds_up(table, then, now)
    assert {"time", "new_period"} <= causes_of(table)


# --- what the report before said -------------------------------------------------------------------------------------


@pytest.fixture
def agenda(root, tmp_path):
    """The EU's Digital Agenda as a workspace of its own, and what it says at the earlier as-of."""
    for name in ("data", "params"):
        shutil.copytree(root / "examples" / "digital-agenda" / name, tmp_path / name)
    now = analyse(workspace=str(tmp_path), as_of="2014", draws=400)
    return now, ledger.forecast_rows(analyse(now.params, as_of=previous_label(now)))


def entered(now, rows, *, day=dt.date(2014, 3, 1), **fields):
    """The changes once a forecast is in the ledger, with other fields in every row."""
    ledger.keep(now.workspace, rows.assign(**fields), today=day)
    return since_previous(now)


def parted_from(plain, table, cause, by):
    """All as in ``plain`` but for a chance that was ``by`` lower then, which is put down to one cause."""
    moved = table["p_then"].notna() & (table["p_then"] != plain["p_then"])
    assert moved.any()
    np.testing.assert_allclose(table.loc[moved, cause] - plain.loc[moved, cause], by, atol=1e-12)
    np.testing.assert_allclose(plain.loc[moved, "p_then"] - table.loc[moved, "p_then"], by, atol=1e-12)
    others = [name for name in CAUSES if name != cause]
    pd.testing.assert_frame_equal(table[others], plain[others], check_exact=True)
    known = table["change"].notna()
    np.testing.assert_allclose(table.loc[known, list(CAUSES)].sum(axis=1), table.loc[known, "change"], atol=1e-12)
    np.testing.assert_allclose(table["p_now"] - table["p_then"], table["change"], atol=1e-12)


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        ({"code": "0" * 12}, "method"),
        ({"code": "0" * 12, "data": "1" * 12}, "method"),
        ({}, "parameters"),
        ({"data": "1" * 12}, "restated"),
    ],
)
def test_what_the_report_before_said_is_what_the_change_starts_from(agenda, fields, cause):
    now, rows = agenda
    plain = since_previous(now)
    assert causes_of(plain) <= {"time", "new_period"}
    table = entered(now, rows.assign(value=rows["value"].clip(lower=0.25) - 0.05), **fields)
    sure = rows[(rows["output_type"] == "p_met") & (rows["value"] >= 0.25)].groupby("target")["horizon"].max().index
    kept = plain["target"].isin(sure) & plain["p_then"].ge(0.25)
    parted_from(plain[kept], table[kept], cause, 0.05)


def test_a_ledger_of_the_same_code_changes_nothing(agenda):
    now, rows = agenda
    plain = since_previous(now)
    pd.testing.assert_frame_equal(entered(now, rows), plain, check_exact=True)
    low = rows.assign(value=0.0)
    pd.testing.assert_frame_equal(entered(now, low, scenario="plan"), plain, check_exact=True)
    pd.testing.assert_frame_equal(entered(now, low, as_of="2012"), plain, check_exact=True)
    # An older forecast, and one of another version on the same day, are not what was said last.
    pd.testing.assert_frame_equal(entered(now, low, day=dt.date(2014, 2, 1)), plain, check_exact=True)
    pd.testing.assert_frame_equal(entered(now, low, code="f" * 12), plain, check_exact=True)
    assert (entered(now, low, code="e" * 12, day=dt.date(2014, 4, 1))["method"].dropna() != 0).any()


def test_an_as_of_is_the_same_day_however_it_is_written(agenda):
    now, rows = agenda
    cutoff = as_of_for(previous_label(now), now.registry).cutoff.isoformat()
    table = entered(now, rows.assign(value=0.0), as_of=cutoff, code="f" * 12)
    assert (table["method"].dropna() != 0).any()


# --- who is behind ---------------------------------------------------------------------------------------------------


def test_a_target_of_services_that_is_behind_counts_services():
    """1131 of 1232 services of 34 agencies where 95 % were due, that is 1171."""
    there = analyse(as_of="2014Q2", draws=200, lang="en")
    course = assessment.course(there.draws, there.series, there.basis, there.registry, there.as_of)
    own = course[course["target"] == "T08"].assign(straight=0.95)
    (last,) = there.series[(there.series["indicator"] == "T08") & (there.series["period"] == "2014Q2")].itertuples()
    assert (last.numerator, last.denominator, last.n_units) == (1131, 1232, 34)
    late = own.assign(ahead=own["value"] - own["straight"])
    said = wording.plain(moves.behind(late, there.registry, wording.voice_of(there.registry, there.as_of, "en"))[0])
    assert said.endswith("is at 1,131/1,232 where 1,171/1,232 was due (40 services behind).")


# --- the split itself ------------------------------------------------------------------------------------------------


def game(weights: dict, pairs: float) -> dict:
    """A game of three causes: own weights, and ``pairs`` where the first two come together."""
    subsets = [frozenset(on) for size in range(4) for on in itertools.combinations("abc", size)]
    return {on: pd.Series([sum(weights[c] for c in on) + pairs * ({"a", "b"} <= on)], index=["T"]) for on in subsets}


def test_shapley_by_hand():
    parts = shapley(game({"a": 0.1, "b": 0.2, "c": 0.0}, 0.06), ("a", "b", "c"))
    assert parts.loc["T"].to_dict() == pytest.approx({"a": 0.13, "b": 0.23, "c": 0.0})
    assert parts.loc["T", "c"] == 0.0


def test_the_order_of_causes_is_irrelevant():
    values = game({"a": 0.1, "b": -0.2, "c": 0.3}, 0.05)
    for order in itertools.permutations("abc"):
        pd.testing.assert_frame_equal(shapley(values, order)[list("abc")], shapley(values, ("a", "b", "c")))


@settings(deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=1, max_size=8), st.integers(0, 3))
def test_printed_parts_add_up(parts, decimals):
    printed = formats.rounded_parts(parts, decimals)
    whole = float(formats.rounded(sum(parts), decimals))
    assert sum(printed) == pytest.approx(whole, abs=1e-9)
    assert all(abs(there - part) < 1.0 / 10**decimals + 1e-9 for there, part in zip(printed, parts, strict=True))
    assert all(there == 0 for there, part in zip(printed, parts, strict=True) if part == 0)


def test_rounding_by_hand():
    assert formats.rounded_parts([1.44, 1.44, 0.0, -0.38]) == [2.0, 1.0, 0.0, 0.0]
    assert formats.rounded_parts([-1.25, -1.25], 0) == [-1.0, -2.0], "halves of the sum away from zero"
