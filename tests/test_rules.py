"""Official rules against numbers worked by hand from their sources, and what is said where they and the forecast part."""

import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from qnict_analysis import facts, periods, schema, tables, wording, words
from qnict_analysis.analysis import analyse
from qnict_analysis.assessment import official
from qnict_analysis.assessment.official import differences
from qnict_analysis.assessment.official.rules import (
    CHECKS,
    ON_TRACK,
    RULES,
    SILENCED_BY,
    annual,
    cagr_ratio,
    destatis_symbol,
    escap_outlook,
    escap_status,
    unsd_score,
)
from qnict_analysis.registry import load_registry
from qnict_analysis.wording import en, vi
from qnict_analysis.workspace import Workspace

AGENDA = Path(__file__).parents[1] / "examples" / "digital-agenda"
NONE = ("", pytest.approx(math.nan, nan_ok=True))


def record(values, *, goal, years=None, end=None, falling=False, met=False, past=False, share=True) -> official.Record:
    """Figures of years 1, 2, … (or ``years``); the deadline is five years after the first."""
    times = np.array(years if years is not None else range(1, len(values) + 1), dtype=float)
    last = times[0] + 5 if end is None and len(times) else end or 5.0
    return official.Record(times, np.array(values, dtype=float), goal, last, -1.0 if falling else 1.0, met, past, share)


def two(base, last, goal, **fields) -> official.Record:
    """Base, last figure two years later, three years to go."""
    return record([base, last], years=[1, 3], goal=goal, **fields)


# --- growth ratio ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "last", "goal", "falling", "code", "number"),
    [
        (0.40, 0.50, 0.70, False, "on_track", 0.996682),  # 1.25^(1/2) - 1 = 11.80 % made, 1.75^(1/5) - 1 = 11.84 % needed
        (0.40, 0.47, 0.70, False, "accelerate", 0.709074),  # 8.397 % made
        (0.40, 0.44, 0.70, False, "limited", 0.412142),  # 4.881 % made
        (0.40, 0.38, 0.70, False, "deterioration", -0.213807),  # -2.532 % made
        (0.30, 0.24, 0.15, True, "accelerate", 0.815553),  # 0.8^(1/2) - 1 = -10.557 %, 0.5^(1/5) - 1 = -12.945 %
        (0.30, 0.33, 0.15, True, "deterioration", -0.377049),  # 1.1^(1/2) - 1 = 4.881 %
        (0.40, 0.40, 0.70, False, "limited", 0.0),
        (0.80, 0.70, 0.75, False, "deterioration", -5.036014),  # the base was beyond the goal: its size counts, not its sign
        (-10, -8, -5, False, "accelerate", 0.815553),  # all negative: the wanted direction turns round
    ],
)
def test_growth_ratio(base, last, goal, falling, code, number):
    assert cagr_ratio(two(base, last, goal, falling=falling, share=False)) == (code, pytest.approx(number, abs=1e-5), "")


@pytest.mark.parametrize(
    ("ratio", "code"), [(0.95, "on_track"), (0.9499, "accelerate"), (0.60, "accelerate"), (0.5999, "limited")]
)
def test_edges_of_the_growth_ratio(ratio, code):
    # Needed 10 % a year, made a share of it: one year after the base, five years in all.
    assert cagr_ratio(record([1.0, 1 + 0.1 * ratio], goal=1.1**5, share=False))[0] == code


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (two(0.0, 0.2, 0.7), "zero_base"),
        (two(0.2, 0.1, 0.0, falling=True), "zero_goal"),
        (two(0.7, 0.6, 0.7), "base_at_goal"),
        (two(-1.0, 1.0, 2.0, share=False), "signs"),
        (two(0.4, 0.5, 0.7, past=True), "year_past"),
        (record([0.4, 0.5], years=[1, 6], goal=0.7, end=6.0), "year_past"),
        (record([0.4], goal=0.7), "few_points"),
        (record([0.4, 0.5], years=[1, 1.75], goal=0.7, end=6.0), "few_points"),
        (record([], goal=0.7), "no_figures"),
    ],
)
def test_where_the_growth_ratio_is_silent(given, reason):
    assert cagr_ratio(given) == (*NONE, reason)


def test_a_goal_that_is_met_is_achieved_whatever_the_growth():
    for met in (two(0.0, 0.8, 0.7, met=True), two(0.9, 0.8, 0.7, met=True), two(0.4, 0.8, 0.7, met=True, past=True)):
        assert cagr_ratio(met)[0] == "achieved"


# --- progress chart --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "last", "goal", "falling", "code", "number"),
    [
        (0.40, 0.50, 0.70, False, "on_track", 0.995904),  # 0.5 · 1.25^1.5 = 0.698771
        (0.40, 0.44, 0.70, False, "accelerate", 0.358745),  # 0.44 · 1.1^1.5 = 0.507623
        (0.40, 0.41, 0.70, False, "stagnation", 0.084902),  # 0.41 · 1.025^1.5 = 0.425471
        (0.40, 0.38, 0.70, False, "stagnation", -0.160469),  # 0.38 · 0.95^1.5 = 0.351859
        (0.30, 0.24, 0.15, True, "accelerate", 0.855133),  # 0.24 · 0.8^1.5 = 0.171730
    ],
)
def test_progress_chart(base, last, goal, falling, code, number):
    assert unsd_score(two(base, last, goal, falling=falling)) == (code, pytest.approx(number, abs=1e-5), "")


def test_within_a_point_of_all_or_nothing_counts_as_met():
    assert unsd_score(two(0.9, 0.99, 1.0))[0] == "on_track" and math.isnan(unsd_score(two(0.9, 0.99, 1.0)).number)
    assert unsd_score(two(0.2, 0.01, 0.0, falling=True))[0] == "on_track"
    assert unsd_score(two(0.985, 0.989, 1.0))[0] == "accelerate", "more than a point is judged by growth"
    assert unsd_score(two(0.97, 0.98, 0.985))[0] == "on_track" and unsd_score(two(0.97, 0.98, 0.985)).number > 0.95


def test_after_the_deadline_the_chart_reads_the_figures_up_to_it():
    at_end = record([0.4, 0.67], years=[1, 6], goal=0.7, end=6.0, past=True)
    assert unsd_score(at_end) == ("accelerate", pytest.approx(0.9), "")
    assert unsd_score(record([0.4, 0.69], years=[1, 6], goal=0.7, end=6.0, past=True))[0] == "on_track"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (two(0.0, 0.2, 0.7), "zero_base"),
        (two(0.8, 0.6, 0.7), "base_met"),
        (two(0.7, 0.6, 0.7), "base_met"),
        (record([0.4], goal=0.7), "few_points"),
        (record([], goal=1.0), "no_figures"),
    ],
)
def test_where_the_chart_is_silent(given, reason):
    assert unsd_score(given) == (*NONE, reason)


def test_the_chart_without_base_still_knows_a_goal_that_is_met():
    assert unsd_score(two(0.0, 0.8, 0.7, met=True))[0] == "on_track"


# --- ESCAP -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "code", "number"),
    [
        (two(0.40, 0.50, 0.70), "behind", 10 / 3),  # 10 of 30 points; two of five years make 4.0
        (two(0.40, 0.52, 0.70), "as_due", 4.0),
        (two(0.30, 0.24, 0.15, falling=True), "as_due", 4.0),
        (two(0.40, 0.37, 0.70), "gone_back", -1.0),
        (two(0.00, 0.30, 0.60), "as_due", 5.0),  # nothing is divided by the base
        (two(0.80, 0.70, 0.75), "gone_back", -20.0),
        (two(0.40, 0.75, 0.70, met=True), "achieved", 10.0),
        (two(0.40, 0.55, 0.70, past=True), "as_due", 5.0),
    ],
)
def test_current_status(given, code, number):
    assert escap_status(given) == (code, pytest.approx(number), "")


def test_where_the_current_status_is_silent():
    assert escap_status(two(0.7, 0.6, 0.7)) == (*NONE, "base_at_goal")
    assert escap_status(record([0.4], goal=0.7)) == (*NONE, "few_points")


@pytest.mark.parametrize(
    ("values", "goal", "falling", "code", "number"),
    [
        # Weights 1, 4/3, 2 at 4, 3, 2 years before the deadline: slope 13/9, and 8 at the deadline.
        ([2, 4, 5], 8, False, "maintain", 0.0),
        ([2, 4, 5], 8.6, False, "maintain", 0.6 / 6.6),
        ([2, 4, 5], 10, False, "accelerate", 0.25),
        ([2, 4, 5], 7, False, "maintain", -0.2),
        # The mirror image ends at 2.
        ([8, 6, 5], 10, False, "reverse", 4.0),
        ([8, 6, 5], 2, True, "maintain", 0.0),
        ([8, 6, 5], 0, True, "accelerate", 0.25),
    ],
)
def test_anticipated_progress_of_counts(values, goal, falling, code, number):
    given = record(values, goal=goal, end=5.0, falling=falling, share=False)
    assert escap_outlook(given) == (code, pytest.approx(number, abs=1e-9), "")


def test_anticipated_progress_of_shares_is_a_line_of_log_odds():
    # Odds 1/4, then 1/2, doubling every year: 4 after three more years, a share of 0.8.
    given = {"years": [1, 2], "end": 5.0}
    assert escap_outlook(record([0.2, 1 / 3], goal=0.8, **given)) == ("maintain", pytest.approx(0.0, abs=1e-9), "")
    assert escap_outlook(record([0.2, 1 / 3], goal=0.9, **given)) == ("accelerate", pytest.approx(1 / 7), "")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (two(0.0, 0.2, 0.7), "at_limit"),
        (two(0.4, 1.0, 0.7, met=True), "at_limit"),
        (two(0.8, 0.6, 0.7), "base_met"),
        (two(0.4, 0.5, 0.7, past=True), "year_past"),
        (record([0.4, 0.5], years=[1, 6], goal=0.7, end=6.0), "year_past"),
        (record([0.4], goal=0.7), "few_points"),
    ],
)
def test_where_anticipated_progress_is_silent(given, reason):
    assert escap_outlook(given) == (*NONE, reason)


# --- weather symbols -------------------------------------------------------------------------------------------------

SIX = [0.40, 0.42, 0.43, 0.46, 0.48, 0.50]  # two points a year; five years to go lead to 0.60


@pytest.mark.parametrize(
    ("goal", "code", "number"),
    [
        (0.55, "sun", 0.0),
        (0.60, "sun", 0.0),
        (0.604, "sun", 0.4 / 10.4),
        (0.61, "sun_cloud", 1 / 11),
        (0.625, "sun_cloud", 0.2),
        (0.63, "cloud", 3 / 13),
    ],
)
def test_symbols(goal, code, number):
    assert destatis_symbol(record(SIX, goal=goal, end=11.0)) == (code, pytest.approx(number, abs=1e-9), "")


def test_only_the_last_five_changes_count():
    assert destatis_symbol(record([0.1, *SIX], goal=0.61, end=12.0)) == ("sun_cloud", pytest.approx(1 / 11), "")


def test_storm_is_for_the_wrong_direction_and_for_standing_still():
    assert destatis_symbol(record(SIX[::-1], goal=0.60, end=11.0)) == ("storm", pytest.approx(0.3 / 0.2), "")
    assert destatis_symbol(record([0.4] * 6, goal=0.60, end=11.0)) == ("storm", pytest.approx(1.0), "")
    assert destatis_symbol(record(SIX, goal=0.30, end=11.0, falling=True))[0] == "storm"


def test_a_falling_figure_that_gets_there_is_sun():
    assert destatis_symbol(record(SIX[::-1], goal=0.30, end=11.0, falling=True)) == ("sun", 0.0, "")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (record([0.40, 0.45, 0.50], goal=0.60, end=11.0), "few_years"),
        (record(SIX, years=[1, 2, 3, 5, 6, 7], goal=0.60, end=11.0), "few_years"),  # a gap breaks the row of years
        (record(SIX, goal=0.60, end=6.0), "year_past"),
        (record(SIX, goal=0.60, end=11.0, past=True), "year_past"),
        (record([0.70, 0.69, 0.68, 0.66, 0.64, 0.62], goal=0.60, end=11.0, met=True), "at_goal_now"),
        (record([], goal=0.6), "no_figures"),
    ],
)
def test_where_there_is_no_symbol(given, reason):
    assert destatis_symbol(given) == (*NONE, reason)


def test_met_at_the_deadline_is_sun():
    assert destatis_symbol(record([*SIX[:-1], 0.62], goal=0.60, end=6.0, met=True, past=True))[0] == "sun"


def test_four_years_will_do():
    assert destatis_symbol(record(SIX[2:], years=[1, 2, 3, 4], goal=0.63, end=9.0))[:2] == ("sun_cloud", pytest.approx(4 / 39))


def test_years_of_quarters_are_those_of_the_same_quarter():
    quarters = record(np.arange(14) / 100, years=np.arange(14) / 4 + 2011.25, goal=0.9)
    np.testing.assert_allclose(annual(quarters), [0.01, 0.05, 0.09, 0.13])


# --- records ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def registry(root):
    return load_registry(Workspace(root))


AS_OF = periods.parse_as_of("2014Q2", kind="quarterly", cutoff_days=30)
DISTRICTS = SimpleNamespace(target="T12", indicator="T12", threshold=0.8, k_min=12, n_units=14)


def districts(numbers, *, first="2011Q1", coverage=1.0) -> pd.DataFrame:
    """A series of T12: districts with an electronic one-stop, out of 14."""
    labels = periods.period_range(first, periods.shift(first, len(numbers) - 1))
    frame = pd.DataFrame({"indicator": "T12", "period": labels, "numerator": np.array(numbers, dtype=float), "denominator": 14.0})
    level = frame["numerator"] / 14
    extras = {"value": level, "low_bound": level, "high_bound": level, "coverage": coverage, "n_reporting": 14, "n_units": 14}
    return frame.assign(**extras, change=level.diff(), status="reported")[list(schema.SERIES)]


def test_quarters_are_years_from_the_base_to_the_last_figure(registry):
    found = official.record_of(DISTRICTS, districts(range(14)), registry, AS_OF)
    assert (found.times[0], found.times[-1], found.end) == (2011.25, 2014.5, 2016.0)
    assert (found.direction, found.share, found.past) == (1.0, True, False)


@pytest.mark.parametrize(("last", "met"), [(11, False), (12, True)])
def test_units_go_by_the_whole_number(registry, last, met):
    found = official.record_of(DISTRICTS, districts([3, 5, 7, 9, last]), registry, AS_OF)
    assert found.goal == 12 / 14 and found.met is met and found.values[-1] == last / 14


def test_figures_of_which_too_few_reported_are_left_out(registry):
    series = districts([0, 3, 5, 7, 9], coverage=[0.5, 1.0, 1.0, 1.0, 0.6])
    np.testing.assert_allclose(official.record_of(DISTRICTS, series, registry, AS_OF).values * 14, [3, 5, 7])


def test_after_the_deadline_only_figures_up_to_it_are_read(registry):
    late = periods.parse_as_of("2016Q2", kind="quarterly", cutoff_days=30)
    found = official.record_of(DISTRICTS, districts(range(1, 23)[:22]), registry, late)
    assert found.past and found.times[-1] == found.end


def test_a_part_without_figures_has_a_record(registry):
    found = official.record_of(DISTRICTS, districts([]), registry, AS_OF)
    assert not len(found.values) and not found.met
    assert {speak(found).reason for speak in RULES.values()} == {"no_figures"}


def test_arguments_are_left_alone(registry):
    series = districts(range(14))
    before = series.copy()
    official.record_of(DISTRICTS, series, registry, AS_OF)
    pd.testing.assert_frame_equal(series, before)


# --- words -----------------------------------------------------------------------------------------------------------


def test_every_class_and_reason_has_a_word_in_both_languages():
    codes = {
        "cagr": {"achieved", "on_track", "accelerate", "limited", "deterioration"},
        "unsd": {"on_track", "accelerate", "stagnation"},
        "escap_status": {"achieved", "as_due", "behind", "gone_back"},
        "escap_outlook": {"maintain", "accelerate", "reverse"},
        "destatis": {"sun", "sun_cloud", "cloud", "storm"},
    }
    for lang, text in (("vi", vi), ("en", en)):
        assert set(words.RULES[lang]) == set(RULES) == set(SILENCED_BY) == set(codes)
        assert set(words.RULE_CLASSES[lang]) == {f"{rule}.{code}" for rule, found in codes.items() for code in found}
        assert set(words.RULE_REASONS[lang]) == {*CHECKS, "at_goal_now"}
        assert set(text.RULES) == set(vi.RULES) and set(text.RULES_WHY) == set(vi.RULES_WHY)
    assert {reason for reasons in SILENCED_BY.values() for reason in reasons} == set(CHECKS)
    assert set(ON_TRACK) <= set().union(*codes.values())


def test_verdicts_in_print():
    def said(lang, **fields):
        return tables.rule_text(SimpleNamespace(**{"verdict": "", "number": math.nan, "reason": ""} | fields), lang)

    assert said("vi", rule="cagr", reason="zero_base") == "không tính được: kỳ gốc bằng 0"
    assert said("en", rule="cagr", reason="zero_base") == "cannot be computed: the base is zero"
    assert said("vi", rule="escap_status", verdict="behind", number=10 / 3) == "chậm hơn tiến độ đều (3,3/10)"
    assert said("en", rule="destatis", verdict="cloud", number=3 / 13) == "cloud (23.1%)"
    assert said("en", rule="unsd", verdict="on_track") == "met or on track"
    assert said("vi", rule="unsd", verdict="stagnation") == "giậm chân hoặc thụt lùi"


def test_all_rules_are_as_many_as_there_are():
    """In digits: “cả năm quy tắc” would be the rules of a whole year."""
    assert vi.RULES["all"] == f"cả {len(words.RULES['vi'])} quy tắc"


# --- why they part ---------------------------------------------------------------------------------------------------

YEARLY = {"years": [1, 2, 3, 4], "end": 6.0}


def judged(given) -> tuple[set, set, dict]:
    found = {rule: speak(given) for rule, speak in RULES.items()}
    yes = {rule for rule, verdict in found.items() if verdict.code in ON_TRACK}
    no = {rule for rule, verdict in found.items() if verdict.code} - yes
    return yes, no, {rule: verdict.number for rule, verdict in found.items()}


def high(given) -> str:
    yes, _, numbers = judged(given)
    return differences.why_high(yes, numbers, given)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (record([0.2, 0.4, 0.55, 0.75], goal=0.7, met=True, **YEARLY), "hold"),
        (record([0.9, 0.95, 0.98, 0.992], goal=1.0, **YEARLY), "near_end"),
        (record([0.1, 0.3, 0.5, 0.52], goal=0.7, **YEARLY), "slowed"),  # 14 points a year, 2 of late
        (record([0.1, 0.15, 0.2, 0.27], goal=0.5, **YEARLY), "compound"),  # 0.27 · 2.7^(2/3) = 0.52; 0.27 + 2 · 0.057 = 0.38
        (record([0.5, 0.6, 0.7, 0.8], goal=0.95, **YEARLY), "ceiling"),
        (record([0.2, 0.3, 0.4, 0.5], goal=0.65, **YEARLY), "spread"),
    ],
)
def test_why_rules_are_surer_than_the_chance(given, why):
    assert high(given) == why


def test_only_the_status_or_only_a_tolerance():
    given = record([0.2, 0.3, 0.4, 0.5], goal=0.65, **YEARLY)
    assert differences.why_high({"escap_status"}, judged(given)[2], given) == "status_only"
    assert differences.why_high({"cagr"}, {"cagr": 0.97}, given) == "tolerance"
    assert differences.why_high({"destatis", "escap_status"}, {"destatis": 0.03, "escap_status": 8.0}, given) == "tolerance"


@pytest.mark.parametrize(
    ("no", "given", "why"),
    [
        ({"escap_outlook"}, record([0.9, 0.85, 0.8, 0.75], goal=0.7, met=True, **YEARLY), "held"),
        ({"escap_status"}, record([0.2, 0.3, 0.4, 0.5], goal=0.9, **YEARLY), "status_only"),
        ({"cagr", "unsd"}, record([0.2, 0.22, 0.24, 0.4], goal=0.7, **YEARLY), "sped_up"),
        ({"cagr", "unsd"}, record([0.6, 0.5, 0.4, 0.3], goal=0.1, falling=True, **YEARLY), "decay"),
        ({"escap_outlook"}, record([0.6, 0.7, 0.8, 0.9], goal=0.99, **YEARLY), "odds"),
        ({"destatis"}, record([0.2, 0.3, 0.4, 0.5], goal=0.75, **YEARLY), "one_path"),
    ],
)
def test_why_rules_are_less_sure_than_the_chance(no, given, why):
    assert differences.why_low(no, given) == why


@pytest.mark.parametrize(
    ("status", "decided", "yes", "no", "kind"),
    [
        ("likely", False, ["cagr"], [], "agree_yes"),
        ("likely", False, ["cagr"], ["unsd"], "rules_low"),
        ("unlikely", False, [], ["unsd"], "agree_no"),
        ("unlikely", False, ["cagr"], ["unsd"], "rules_high"),
        ("uncertain", False, ["cagr"], [], "open_high"),
        ("uncertain", False, [], ["cagr"], "open_low"),
        ("uncertain", False, ["unsd"], ["cagr"], "open_split"),
        ("likely", False, [], [], "silent"),
        ("met", True, [], [], "silent_decided"),
        ("no_basis", False, [], ["cagr"], "no_chance"),
        ("no_basis", False, [], [], "nothing"),
        ("met", True, ["cagr"], [], "decided"),
        ("met", True, ["cagr"], ["unsd"], "decided_against"),
        ("missed", True, ["unsd"], ["cagr"], "decided_against"),
    ],
)
def test_how_rules_and_forecast_stand_to_each_other(status, decided, yes, no, kind):
    assert differences.kind_of(SimpleNamespace(status=status, decided=decided), yes, no) == kind


# --- the two workspaces ----------------------------------------------------------------------------------------------


def told(analysis, lang: str) -> tuple[pd.DataFrame, pd.DataFrame, dict]:
    """Verdicts, panel, and the sentence of each target."""
    given = analysis.series, analysis.assessment
    said = official.verdicts(*given, analysis.registry, analysis.as_of)
    found = official.panel(*given, analysis.indicators, analysis.registry, analysis.as_of)
    all_facts = facts.facts_of(analysis.assessment, analysis.registry, lang=lang, as_of=analysis.as_of)
    voice = wording.voice_of(analysis.registry, analysis.as_of, lang)
    sentences = wording.sentences_of(found, all_facts, voice)
    return (
        said,
        found.set_index("target"),
        {fact.id: wording.plain(text) for fact, text in zip(all_facts, sentences, strict=True)},
    )


@pytest.fixture(scope="module")
def shipped():
    return analyse(as_of="2014Q2", draws=1000)


@pytest.fixture(scope="module")
def agenda():
    return analyse(as_of="2012-06-30", workspace=str(AGENDA), draws=1000)


def test_verdicts_of_the_shipped_returns(shipped):
    found = official.verdicts(shipped.series, shipped.indicators, shipped.registry, shipped.as_of)
    assert tuple(found.columns) == schema.RULE_VERDICTS and len(found) == 5 * len(shipped.indicators)
    assert ((found["verdict"] == "") == (found["reason"] != "")).all(), "a verdict or a reason, never both, never neither"
    assert found.loc[found["reason"] != "", "number"].isna().all()
    silent = found[found["reason"] == "zero_base"]
    assert set(silent["rule"]) == {"cagr", "unsd"} and "T07" in set(silent["indicator"]), "services at level 3 began at none"


def test_the_growth_ratio_of_the_shipped_returns_by_hand(shipped):
    said = official.verdicts(shipped.series, shipped.assessment, shipped.registry, shipped.as_of)
    own = shipped.series[shipped.series["indicator"] == "T01"].set_index("period")["value"]
    made = (own["2014Q2"] / own["2011Q1"]) ** (1 / 3.25) - 1
    needed = (0.7 / own["2011Q1"]) ** (1 / 4.75) - 1
    number = said.set_index(["target", "rule"]).loc[("T01", "cagr"), "number"]
    assert number == pytest.approx(made / needed, abs=1e-9)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_panel_of_the_shipped_returns(shipped, lang):
    said, found, sentences = told(shipped, lang)
    assert list(found.index) == list(shipped.registry.targets) == list(sentences)
    rules = found[["on_track", "off_track", "silent"]].agg(" ".join, axis=1).str.split().map(sorted)
    assert (rules.map(tuple) == tuple(sorted(RULES))).all(), "each rule stands on one side"
    differ = found["kind"].isin(["rules_high", "rules_low", "open_high", "open_low", "open_split"])
    assert ((found["why"] != "") == differ).all()
    assert found.loc["T05", "kind"] == "rules_high" and found.loc["T05", "why"] == "compound"
    for target, sentence in sentences.items():
        assert sentence.endswith(".") and "{" not in sentence and "*" not in sentence and "  " not in sentence, target
        assert sentence.count(". ") == 0, "one sentence"
    table = tables.rule_table(said, shipped.assessment, shipped.registry, lang)
    assert list(table.iloc[:, 0]) == list(found.index) and not (table == "").any(axis=None)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_panel_of_the_digital_agenda(agenda, lang):
    said, found, sentences = told(agenda, lang)
    codes = said.set_index(["target", "rule"])["verdict"].unstack()
    assert list(found.index[found["kind"] == "nothing"]) == ["DAE09", "DAE11", "DAE12"]
    assert found.loc["DAE03", "kind"] == "rules_high", "a falling figure: the straight lines get there, the chance does not"
    assert codes.loc["DAE03", "cagr"] == "accelerate" and codes.loc["DAE03", "destatis"] == "sun"
    assert set(found.loc[["DAE07", "DAE08"], "kind"]) == {"agree_no"}
    assert all(sentences[target] for target in found.index)
    if lang == "en":
        assert sentences["DAE04"].startswith("On track by the growth ratio (Open SDG), the UNSD progress chart and ESCAP's")
        assert "the latest year slowed down" in sentences["DAE04"]


def test_after_the_deadline_the_verdict_stands_beside_the_rules():
    late = analyse(as_of="2016-12-31", workspace=str(AGENDA), draws=1000)
    _, found, sentences = told(late, "en")
    assert found.loc["DAE06", "kind"] == "decided" and found.loc["DAE03", "kind"] == "decided_against"
    assert sentences["DAE03"].startswith("The verdict is in (not met), though still on track by the UNSD progress chart")
    assert found.loc["DAE02", "kind"] == "no_chance" and "cagr" in found.loc["DAE02", "silent"]
