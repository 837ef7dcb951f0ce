"""Each rule of quality.yaml on figures made by hand: what it finds, and what it must leave alone."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from pydantic import ValidationError

from qnict_analysis import quality, vintages
from qnict_analysis.analysis import analyse
from qnict_analysis.indicators import build_series, unit_panel
from qnict_analysis.observations import known_at
from qnict_analysis.periods import parse_as_of, period_end, period_range
from qnict_analysis.registry import QualityRule, Unit, load_registry
from qnict_analysis.schema import QUALITY
from qnict_analysis.store import as_observations
from qnict_analysis.workspace import find_workspace

AS_OF = parse_as_of("2014Q2", kind="quarterly", cutoff_days=30)


@pytest.fixture(scope="module")
def registry(root):
    return load_registry(find_workspace(str(root)))


def told(*rows):
    """Observations from rows of (indicator, unit, period, numerator, denominator[, flags[, days late]])."""
    made = []
    for indicator, unit, period, numerator, denominator, *rest in rows:
        flags, late = (rest + ["", 10][len(rest) :])[:2]
        day = period_end(period) + dt.timedelta(days=late)
        made.append((indicator, unit, period, numerator, denominator, day, "reported", "a", "b", f"D{len(made)}", "", "", flags))
    return as_observations(made)


def run(indicator, values, unit="S01", last="2014Q2"):
    """A unit's figures of some quarters in a row: pairs, or None for silence."""
    labels = period_range("2011Q1", last)[-len(values) :]
    return [(indicator, unit, label, *pair) for label, pair in zip(labels, values, strict=True) if pair]


def found(registry, rule, *rows, history=None):
    """(unit, period, value, limit) of what one rule finds."""
    only = replace(registry, quality={rule: registry.quality[rule]})
    observations = known_at(told(*rows), AS_OF)
    panel = unit_panel(observations, only, AS_OF)
    revised = vintages.revisions(told(*rows) if history is None else history, only)
    table = quality.doubts(observations, panel, build_series(panel, only), revised, only, AS_OF)
    assert list(table.columns) == list(QUALITY)
    assert set(table["rule"]) <= {rule}
    return [(row.unit, row.period, pytest.approx(row.value), pytest.approx(row.limit)) for row in table.itertuples()]


def test_a_jump_of_the_denominator_is_measured_against_the_report_before(registry):
    rows = run("T02", [(50, 100), None, (50, 116), (52, 118)])
    assert found(registry, "denominator_jump", *rows) == [("S01", "2014Q1", 0.16, 0.15)]
    assert found(registry, "denominator_jump", *run("T01", [(50, 100), (50, 130)])) == []  # a flow has its own rule
    assert found(registry, "flow_jump", *run("T01", [(50, 100), (50, 161)])) == [("S01", "2014Q2", 0.61, 0.6)]


def test_a_fall_counts_beyond_the_limit_and_beyond_the_usual_revision(registry):
    rows = run("T02", [(60, 100), (54, 100), (50, 100)])
    assert found(registry, "falls", *rows) == [("S01", "2014Q1", 0.06, 0.05)]
    revised = told(("T02", "S02", "2013Q1", 10, 100), ("T02", "S02", "2013Q1", 18, 100, "", 40))  # usually by 0.08
    assert found(registry, "falls", *rows, history=revised) == []


def test_an_adopter_or_a_count_that_goes_back_is_named(registry):
    rows = [*run("T03", [(1, 1), None, (0, 1)]), *run("T14", [(5, float("nan")), (4, float("nan"))])]
    assert found(registry, "lost", *rows) == [("S01", "2014Q2", 0, 1), ("S01", "2014Q2", 4, 5)]


def test_a_sheet_that_was_sent_again_is_named_once(registry):
    first = {"T01": (10, 40), "T02": (20, 30), "T04": (25, 30)}
    same = [row for name, pair in first.items() for row in run(name, [pair, pair])]
    assert found(registry, "flat_copy", *same) == [("S01", "2014Q2", 3, 3)]
    assert found(registry, "flat_copy", *same[:-1], ("T04", "S01", "2014Q2", 26, 30)) == []  # one figure is new
    gap = [row for name, pair in first.items() for row in run(name, [pair, None, pair])]
    assert found(registry, "flat_copy", *gap) == []  # not the period before


def test_a_change_far_from_a_units_own_changes_is_odd(registry):
    calm = [(100 + 10 * step, 1000) for step in range(8)]
    rows = run("T02", [*calm, (400, 1000)])
    ((unit, period, value, limit),) = found(registry, "outlier", *rows)
    assert (unit, period, limit) == ("S01", "2014Q2", 6)
    assert value.expected > 50
    assert found(registry, "outlier", *run("T02", [*calm, (180, 1000)])) == []
    assert found(registry, "outlier", *run("T02", [*calm[:3], (400, 1000)])) == []  # too few changes to know


def test_silence_is_counted_from_the_last_report(registry):
    everyone = [("T02", unit, "2014Q2", 1, 2) for unit in registry.units if unit not in ("S01", "S02", "S03")]
    rows = [*everyone, ("T02", "S01", "2013Q4", 1, 2), ("T02", "S02", "2014Q1", 1, 2)]
    silent = {unit: value for unit, period, value, _ in found(registry, "silent", *rows)}
    assert silent == {"S01": 2, "S03": 14, "P01": 14, "P02": 14}  # the others never reported: since the programme began


def test_rates_that_differ_between_small_and_large_are_noted(registry):
    rows = [("T02", "S01", "2014Q2", 90, 100), ("T02", "S02", "2014Q2", 100, 1000)]
    assert found(registry, "rates_differ", *rows) == [("", "2014Q2", 0.5 - 190 / 1100, 0.05)]
    assert found(registry, "rates_differ", rows[0], ("T02", "S02", "2014Q2", 900, 1000)) == []


def test_two_indicators_that_count_the_same_people_must_agree(registry):
    rows = [("T02", "S01", "2014Q2", 1, 50), ("T04", "S01", "2014Q2", 1, 52), ("T02", "S02", "2014Q2", 1, 9)]
    assert found(registry, "officials", *rows) == [("S01", "2014Q2", 50, 52)]


def test_all_services_online_must_show_in_their_number(registry):
    rows = [("T05b", "S01", "2014Q2", 1, 1), ("T08", "S01", "2014Q2", 30, 40)]
    rows += [("T05b", "S02", "2014Q2", 1, 1), ("T08", "S02", "2014Q2", 40, 40)]
    assert found(registry, "services_complete", *rows) == [("S01", "2014Q2", 1, 0)]


def test_a_ratio_beyond_belief_and_what_the_reader_flagged(registry):
    assert found(registry, "too_many_computers", ("T04", "S01", "2014Q2", 160, 100)) == [("S01", "2014Q2", 1.6, 1.5)]
    rows = [("T01", "S01", "2014Q2", 1234, 4000, "ambiguous_number dash_as_zero"), ("T02", "S01", "2014Q2", 1, 2)]
    for rule in ("ambiguous_number", "dash_as_zero"):
        ((unit, period, value, _),) = found(registry, rule, *rows)
        assert (unit, period, value) == ("S01", "2014Q2", 1234)


def test_nothing_reported_later_raises_a_doubt(registry):
    rows = run("T02", [(60, 100), (59, 100)])
    late = ("T02", "S01", "2014Q2", 1, 100, "", 60)
    assert found(registry, "falls", *rows, late) == []


def test_carried_figures_are_not_doubted_again(registry):
    rows = run("T02", [(60, 100), (50, 100), None])
    assert [period for _, period, _, _ in found(registry, "falls", *rows)] == ["2014Q1"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_reasons_are_sentences_with_their_numbers(registry, lang):
    rows = {
        "falls": (0.064, 0.05, {"vi": "giảm 6,4 điểm phần trăm", "en": "fell by 6.4"}),
        "denominator_jump": (-0.2, 0.15, {"vi": "mẫu số thay đổi 20% so với", "en": "changed by 20% since"}),
        "silent": (2, 2, {"vi": "không báo cáo 2 kỳ liền", "en": "has not reported for 2 periods"}),
        "services_complete": (1, 0, {"vi": "ghi đã đủ", "en": "says complete"}),
        "dash_as_zero": (0, float("nan"), {"vi": "dấu gạch được hiểu là 0", "en": "a dash was read as 0"}),
    }
    for rule, (value, limit, said) in rows.items():
        row = pd.Series({"rule": rule, "value": float(value), "limit": float(limit)})
        assert said[lang] in quality.reason(row, registry, lang)
    for rule in registry.quality.values():
        assert "{" not in quality.reason(pd.Series({"rule": rule.id, "value": 1.0, "limit": 0.0}), registry, lang)


def test_doubts_travel_to_the_assessment():
    analysis = analyse(as_of="2014Q2", draws=200)
    doubted = {row.indicator for row in analysis.quality.itertuples() if row.period == "2014Q2" and row.severity != "note"}
    flagged = {row.target for row in analysis.assessment.itertuples() if quality.DOUBTED in row.flags.split()}
    parts = {target.id: {part.indicator for part in target.parts} for target in analysis.registry.targets.values()}
    assert flagged == {target for target, names in parts.items() if names & doubted} != set()
    single = {row.indicator for row in analysis.indicators.itertuples() if quality.DOUBTED in row.flags.split()}
    assert single == doubted & set(analysis.indicators["indicator"])


BASE = {"id": "r", "severity": "note", "reason": {"vi": "a", "en": "b"}}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"check": "fall"}, "limit belongs to"),
        ({"check": "lapse", "limit": 1}, "limit belongs to"),
        ({"check": "flagged"}, "flag belongs to"),
        ({"check": "same_denominator", "indicators": ["T02"]}, "compares two indicators"),
        ({"check": "lapse", "reason": {"vi": "{unit}", "en": "b"}}, "reason names {unit}"),
        ({"check": "guess"}, "Input should be"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(fields, said):
    with pytest.raises(ValidationError, match=said):
        QualityRule.model_validate(BASE | fields)


def test_a_merger_explains_the_jump_of_a_denominator(registry):
    rows = run("T02", [(50, 100), (60, 140)], unit="S19")
    assert found(registry, "denominator_jump", *rows) != []
    merged = Unit.model_validate(registry.units["S20"].model_dump() | {"until": "2014Q1", "merged_into": "S19"})
    assert found(replace(registry, units=registry.units | {"S20": merged}), "denominator_jump", *rows) == []
