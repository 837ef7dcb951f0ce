"""Sentences are chosen by the facts, read like prose in both languages, and never say more than is known."""

import re
import string
import unicodedata

import pandas as pd
import pytest

from qnict_analysis import facts, schema, wording
from qnict_analysis.periods import parse_as_of
from qnict_analysis.registry import load_registry
from qnict_analysis.wording import en, report, speech, vi
from qnict_analysis.wording import overview as overview_words
from qnict_analysis.workspace import Workspace

LANGS = ("vi", "en")


@pytest.fixture(scope="module")
def registry(root):
    return load_registry(Workspace(root))


@pytest.fixture(scope="module")
def agenda(root):
    return load_registry(Workspace(root / "examples" / "digital-agenda"))


def quarter(label: str):
    return parse_as_of(label, kind="quarterly", cutoff_days=30)


def row(target: str, **fields) -> dict:
    usual = {
        **{"indicator": target, "value": 0.415, "threshold": 0.7, "comparator": "at_least", "k_min": pd.NA, "n_units": pd.NA},
        **{"gap": 0.285, "pace_ratio": 1.25, "p_met": 0.3, "p_printed": 0.3, "p_touch": 0.3, "low": 0.43, "median": 0.52},
        **{"high": 0.63, "reach": "", "status": "unlikely", "decided": False, "evidence": "strong", "flags": ""},
    }
    return {"target": target, **usual, **fields}


DISTRICTS = {"value": 9 / 14, "threshold": 0.8, "k_min": 12, "n_units": 14, "gap": 0.8 - 9 / 14}
DISTRICTS |= {"low": 9 / 14, "median": 11 / 14, "high": 12 / 14}
MET = {"value": 0.72, "gap": -0.02, "p_met": 1.0, "p_printed": 1.0, "status": "met", "decided": True, "reach": "2015Q2"}
MISSED = {"value": 0.623, "gap": 0.077, "p_met": 0.0, "p_printed": 0.0, "status": "missed", "decided": True}
NO_BASIS = {"p_met": float("nan"), "p_printed": float("nan"), "status": "no_basis", "flags": "low_coverage"}


def told(rows: list[dict], registry, lang: str = "vi", as_of=None):
    as_of = as_of or quarter("2014Q2")
    frame = pd.DataFrame(rows, columns=list(schema.ASSESSMENT)).astype({"k_min": "Int64", "n_units": "Int64"})
    return facts.facts_of(frame, registry, lang=lang, as_of=as_of), wording.voice_of(registry, as_of, lang)


def titles(rows, registry, lang="vi", as_of=None) -> list[str]:
    found, voice = told(rows, registry, lang, as_of)
    return [wording.title_of(fact, voice) for fact in found]


# --- phrases ---------------------------------------------------------------------------------------------------------


def phrases(module) -> dict[str, str]:
    """Every phrase of a language by its place."""
    tables = {name: table for name, table in vars(module).items() if name.isupper()}
    return {f"{name}.{key}": phrase for name, table in tables.items() for key, phrase in table.items()}


def fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def test_both_languages_have_the_same_phrases_with_the_same_facts():
    vietnamese, english = phrases(vi), phrases(en)
    assert vietnamese.keys() == english.keys()
    differing = {key for key in english if fields(vietnamese[key]) != fields(english[key])}
    assert not differing


def test_phrases_are_nfc_with_bold_in_pairs_and_no_space_before_per_cent():
    for phrase in (*phrases(vi).values(), *phrases(en).values()):
        assert phrase == unicodedata.normalize("NFC", phrase)
        assert phrase.count("**") % 2 == 0 and " %" not in phrase


def test_marks_in_a_name_stay_what_they_are():
    paragraph = wording.runs("**{lead}:** {what}", lead="A**B {what}", what="#f*")
    assert paragraph == [{"t": "A**B {what}:", "b": True}, {"t": " #f*"}]


# --- titles ----------------------------------------------------------------------------------------------------------


def test_titles_are_answers_with_the_gap_in_the_unit_of_the_target(registry):
    rows = [row("T12", **DISTRICTS), row("T01"), row("T01", status="likely", p_met=0.8, p_printed=0.8)]
    assert titles(rows, registry) == [
        "Khó đạt 80%: còn thiếu 3 đơn vị cấp huyện",
        "Khó đạt 70%: còn thiếu 28,5 điểm phần trăm",
        "Có khả năng đạt 70%: cần thêm 28,5 điểm phần trăm",
    ]
    assert titles(rows[:2], registry, "en") == [
        "Unlikely to reach 80%: 3 district-level units short",
        "Unlikely to reach 70%: 28.5 percentage points short",
    ]


def test_met_and_missed_are_said_only_when_decided(registry):
    level = row("T01", value=0.75, gap=-0.05, status="likely", p_met=0.9, p_printed=0.9, flags="at_level")
    before, met, missed = titles([level, row("T01", **MET), row("T01", **MISSED)], registry)
    assert before == "Hiện đạt mức mục tiêu, khả năng vẫn đạt khi hết hạn khoảng 9 trên 10"
    assert met == "Đã đạt 70%: kết quả 72,0%"
    assert missed == "Không đạt 70%: kết quả 62,3%, thiếu 7,7 điểm phần trăm"


def test_a_target_without_basis_gives_its_reason_and_its_cure(registry):
    (fact,), voice = told([row("T11", **NO_BASIS)], registry)
    assert wording.title_of(fact, voice).startswith("Chưa đủ căn cứ dự báo: số liệu kỳ gần nhất phủ dưới 70%")
    said = wording.plain(wording.next_of(fact, voice)[0])
    assert said.startswith("Để có dự báo cần đôn đốc các đơn vị") and "mục tiêu" not in said


def test_falling_targets_come_down(agenda):
    as_of = parse_as_of("2012-06-30", kind="yearly", cutoff_days=182)
    falling = row("DAE03", value=0.243, threshold=0.15, comparator="at_most", gap=0.093, status="uncertain", p_printed=0.37)
    (fact,), voice = told([falling], agenda, "en", as_of)
    assert wording.title_of(fact, voice) == "May or may not come down to 15%: 9.3 percentage points to go"
    assert wording.action_of(fact, voice) == "bring “Never used the internet” down to at most 21.9% (down 2.4 percentage points)"


def test_a_published_verdict_is_called_one(agenda):
    as_of = parse_as_of("2016-12-31", kind="yearly", cutoff_days=182)
    sourced = row("DAE01", **{**MET, "value": 0.72, "gap": 0.03, "flags": "decided_by_source"})
    later = row("DAE02", **{**NO_BASIS, "flags": "not_sourced"})
    assert titles([sourced, later], agenda, "en", as_of) == [
        "Met, according to a published source (75%)",
        "No verdict: the figure for the deadline has not been found",
    ]


def test_four_numbers_and_a_note_each(registry):
    (fact,), voice = told([row("T12", **DISTRICTS)], registry)
    values = [(one["value"], one["note"]) for one in wording.numbers_of(fact, voice, period="2014Q2")]
    assert values == [
        ("9/14 đơn vị cấp huyện", "số liệu quý II/2014"),
        ("≥ 80% (12/14)", "hạn quý IV/2015; còn thiếu 3 đơn vị cấp huyện"),
        ("30%", "khoảng 3 trên 10; căn cứ mạnh"),
        ("9–12/14", "80% số lần mô phỏng; cần gấp 1,3 lần tốc độ hiện nay"),
    ]


# --- report ----------------------------------------------------------------------------------------------------------


def series_of(*, coverage: float = 1.0) -> pd.DataFrame:
    shared = {"indicator": "T01", "value": 0.4, "coverage": coverage}
    return pd.DataFrame([shared | {"period": period} for period in ("2014Q1", "2014Q2")])


def joint_of(*chances: float) -> pd.Series:
    return pd.Series(chances)


RECORD = "chưa có dự báo nào của tỉnh được kiểm chứng"


def lines(paragraphs) -> list[str]:
    return [wording.plain(paragraph) for paragraph in paragraphs]


MANY = [row("T01"), row("T12", **DISTRICTS, status="uncertain", p_met=0.5, p_printed=0.5), row("T11", **NO_BASIS)]


def test_the_opening_counts_targets_by_status(registry):
    found, voice = told(MANY, registry)
    (said,) = lines(report.achieved(found, joint_of(0.2, 0.5, 0.3), voice, record=RECORD))
    assert said.startswith(
        "Đến hết quý II/2014, trong 3 chỉ tiêu: 1 chưa chắc chắn, 1 khó đạt và 1 chưa đủ căn cứ dự báo. "
        "Khi hết hạn, dự kiến có từ 0 đến 2 chỉ tiêu đạt (80% số lần mô phỏng; mức giữa 1)."
    )
    assert said.endswith("chưa có dự báo nào của tỉnh được kiểm chứng.") and "minh họa" not in said
    (marked,) = lines(report.achieved(found, joint_of(1.0), voice, record=RECORD, illustrative=True, scenario="X"))
    assert "số liệu minh họa" in marked and "kịch bản “X” xảy ra đúng như giả định" in marked


def test_the_numbers_of_the_opening_are_bold(registry):
    found, voice = told(MANY, registry)
    (paragraph,) = report.achieved(found, joint_of(0.2, 0.5, 0.3), voice, record=RECORD)
    bold = [run["t"] for run in paragraph if run.get("b")]
    assert bold == ["3", "1", "1", "1", "0", "2", "1"]


def test_causes_say_only_what_the_figures_show(registry):
    found, voice = told(MANY, registry)
    said = lines(report.causes(found, series_of(coverage=0.96), voice))
    assert said[0] == (
        "Tiến độ chậm hơn yêu cầu: để đạt đúng hạn, tốc độ phải gấp 1,3 lần (“Văn bản trao đổi hoàn toàn điện tử”) và 1,3 lần "
        "(“Một cửa điện tử cấp huyện”)."
    )
    assert "còn thiếu 3 đơn vị cấp huyện" in said[1] and "chỉ phủ 96%" in said[2]
    assert "không đủ để kết luận nguyên nhân" in said[-1]


ALONE = {"nearest": {}, "parts": {}, "annex": "Annex 3"}
"""What stands beside the tasks of targets without units and parts."""


def test_good_progress_has_no_cause_and_no_extra_task(registry):
    good = row("T01", status="likely", p_met=0.9, p_printed=0.9, gap=0.02)
    found, voice = told([good], registry)
    assert lines(report.causes(found, series_of(), voice)) == ["Số liệu không cho thấy chỉ tiêu nào chậm hơn tiến độ cần có."]
    assert lines(report.tasks(found, voice, **ALONE)) == [
        "Tiếp tục theo dõi; không có chỉ tiêu nào cần nhiệm vụ bổ sung.",
        "Các đơn vị báo cáo: gửi số liệu quý III/2014 chậm nhất ngày 30/10/2014.",
    ]


def test_tasks_name_who_does_what_by_when(registry):
    found, voice = told(MANY, registry, "en")
    said = lines(report.tasks(found, voice, **ALONE))
    assert said[0] == (
        "Office of the Provincial People's Committee: “Documents exchanged electronically only” at 46.3% or more (up 4.8 "
        "percentage points); “Electronic one-stop shop in districts” at 10/14 or more (up 1 district-level unit), by "
        "30 September 2014."
    )
    assert said[1].startswith(
        "Department of Construction: “Building-permit applications filed online”: bring in the missing returns"
    )
    assert len(said) == 3


def test_a_yearly_programme_knows_neither_quarters_nor_provinces(agenda):
    as_of = parse_as_of("2012-06-30", kind="yearly", cutoff_days=182)
    rows = [row("DAE04", value=0.41, gap=0.09), row("DAE08", value=0.124, gap=0.206, pace_ratio=float("nan"))]
    for lang in LANGS:
        found, voice = told(rows, agenda, lang, as_of)
        joint = joint_of(0.2, 0.5, 0.3)
        pieces = [
            report.intro(found, voice),
            report.achieved(found, joint, voice, record=RECORD.replace(" của tỉnh", "")),
            report.shortcomings(found, voice),
        ]
        pieces += [
            report.tasks(found, voice, **ALONE),
            report.asks(found, series_of(), voice),
            overview_words.sentences(found, joint, voice),
        ]
        text = "\n".join(line for piece in pieces for line in lines(piece)) + report.heading_of_tasks(found, voice)
        assert not re.search("quý|tỉnh|UBND|quarter|provinc", text, re.IGNORECASE)
        assert not report.opening_of_asks(voice)


def test_after_the_deadline_there_is_no_forecast_left_to_speak_of(registry):
    found, voice = told([row("T01", **MISSED), row("T02", **MET)], registry, "vi", quarter("2015Q4"))
    text = "\n".join(lines(report.achieved(found, joint_of(0, 1.0), voice, record=RECORD)))
    assert text == "Đến hết quý IV/2015, trong 2 chỉ tiêu: 1 đã đạt và 1 không đạt."
    assert lines(report.shortcomings(found, voice)) == ["1 chỉ tiêu không đạt khi hết hạn:"]
    assert report.heading_of_tasks(found, voice).endswith("THỜI GIAN TỚI")
    sentences = lines(overview_words.sentences(found, joint_of(0, 1.0), voice))
    assert sentences[0] == "Đến hết quý IV/2015, 1 trong 2 chỉ tiêu đã đạt; 1 không đạt."


def test_letterhead_capitals_become_prose(registry):
    for lang, agency, parent in (
        ("vi", "Sở Thông tin và Truyền thông", "UBND tỉnh Quảng Ngãi"),
        ("en", "Department of Information and Communications", "People's Committee of Quảng Ngãi Province"),
    ):
        voice = wording.voice_of(registry, quarter("2014Q2"), lang)
        assert (voice.agency(), voice.agency("parent_agency")) == (agency, parent)
    assert speech.in_prose("European Commission", ()) == "European Commission"


# --- overview --------------------------------------------------------------------------------------------------------


def test_three_sentences_with_their_numbers_in_bold(registry):
    found, voice = told(MANY, registry, "en")
    first, second, third = overview_words.sentences(found, joint_of(0.2, 0.5, 0.3), voice)
    assert wording.plain(first).startswith("At the end of Q2 2014, 0 of 3 targets are met or likely to be met; 1 uncertain")
    assert [run["t"] for run in second if run.get("b")] == ["1", "0", "2"]
    assert "T01 Documents exchanged electronically only, chance about 3 in 10" in wording.plain(third)


def test_the_least_likely_targets_are_watched_first(registry):
    found, voice = told(MANY, registry)
    watched = overview_words.attention(found, voice)
    assert [one["id"] for one in watched["items"]] == ["T01", "T12"]
    assert watched["items"][0]["pace"] == "phải nhanh gấp 1,3 lần"


def test_change_counts_moves_towards_the_targets(registry):
    found, voice = told([row("T01"), row("T02")], registry, "en")
    series = pd.DataFrame(
        [("T01", "2014Q1", None), ("T01", "2014Q2", 0.1), ("T02", "2014Q1", None), ("T02", "2014Q2", -0.1)],
        columns=["indicator", "period", "change"],
    )
    said = wording.plain(overview_words.changed(found, series, voice))
    assert said == "Since Q1 2014: indicators that moved towards their targets: 1; away from them: 1; unmoved: 0."
    assert "no figures of Q2 2014" in wording.plain(overview_words.changed(found, series[:1], voice))


def latest(**fields) -> pd.DataFrame:
    usual = {"indicator": "T01", "period": "2014Q2", "value": 0.4, "coverage": 1.0, "n_reporting": 34, "n_units": 34}
    return pd.DataFrame([{**usual, **fields}])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "all 1 indicators have all figures of Q2 2014"),
        ({"n_reporting": 31}, "0 of 1 indicators have all figures of Q2 2014; up to 3 units of an indicator did not report"),
        ({"period": "2014Q1"}, "without a figure of Q2 2014, standing on an earlier one: 1"),
        ({"n_reporting": 20, "coverage": 0.65}, "the lowest coverage is 65%"),
    ],
)
def test_a_figure_kept_for_a_silent_unit_is_not_called_a_return(registry, fields, words):
    voice = speech.voice_of(registry, quarter("2014Q2"), "en")
    told = facts.facts_of(pd.DataFrame([row("T01")]), registry, lang="en")
    assert words in speech.plain(overview_words.quality(told, latest(**fields), voice))


@pytest.mark.parametrize(
    ("p_met", "p_printed", "printed"),
    [(0.008, 0.1, "under 10%"), (0.12, 0.1, "10%"), (0.44, 0.4, "40%"), (0.97, 0.9, "over 90%")],
)
def test_very_weak_evidence_speaks_in_tenths(registry, p_met, p_printed, printed):
    rough = row("T01", p_met=p_met, p_printed=p_printed, evidence="very_weak")
    assert facts.facts_of(pd.DataFrame([rough]), registry, lang="en")[0].chance == printed


def test_every_part_that_lacks_something_is_a_task_of_its_own_lead(registry):
    lacking = {"value": 0.9, "gap": 0.1, "n_units": 34, "k_min": 34, "p_met": 0.1, "p_printed": 0.1, "status": "unlikely"}
    (whole,), voice = told([row("T06", indicator="T06a", **lacking)], registry, "en")
    parts, _ = told([row("T06", indicator=name, **lacking) for name in ("T06a", "T06b")], registry, "en")
    said = lines(report.tasks([whole], voice, **ALONE | {"parts": {"T06": parts}}))
    assert [line.split(":")[0] for line in said[:2]] == ["Department of Home Affairs", "Department of Finance"]
    whole_step, part_step = (
        wording.plain(wording.next_of(fact, voice)[0]) for fact in (told([row("T01")], registry, "en")[0][0], whole)
    )
    assert "reaches the target" in whole_step and "gets this part done" in part_step


def test_milestones_stand_beside_the_target(registry):
    (fact,), voice = told([row("T12", **DISTRICTS)], registry, "en")
    target = fact.target.model_copy(update={"milestones": {"2014Q4": "70%", "2012Q4": "30%"}})
    note = wording.numbers_of(fact._replace(target=target), voice, period="2014Q2")[1]["note"]
    assert note.startswith("due Q4 2015; milestone Q4 2012: ≥ 30%; milestone Q4 2014: ≥ 70%; 3 district-level units to go")


def test_more_missed_targets_than_are_named_are_counted(registry):
    missed = [row(name, status="missed", decided=True, value=0.5, gap=0.1) for name in ("T01", "T02", "T04", "T10")] * 2
    found, voice = told(missed, registry, "en")
    assert lines([report.short_cause(found, voice)[0]])[0].endswith("and 2 more.")
    assert lines([overview_words.third(found, voice)])[0].endswith("; 5 more.")


def test_steps_left_out_of_the_list_are_counted(registry):
    many = [row(name, status="unlikely", p_met=0.1, p_printed=0.1) for name in ("T01", "T02", "T04", "T10")] * 4
    found, voice = told(many, registry, "en")
    said = lines(report.tasks(found, voice, **ALONE))
    assert "Besides: 4 further steps as in Annex 3." in said


def test_the_report_ends_as_official_documents_do(registry):
    found, voice = told(MANY, registry)
    assert lines(report.closed(report.asks(found, series_of(), voice), voice))[-1].endswith("./.")


def test_tasks_name_the_units_that_come_next(registry):
    found, voice = told(MANY, registry, "en")
    said = lines(report.tasks(found, voice, **ALONE | {"nearest": {"T12": ["Distr. 03", "Distr. 07"], "T01": []}}))
    assert "(up 1 district-level unit; nearest: Distr. 03, Distr. 07), by" in said[0]
