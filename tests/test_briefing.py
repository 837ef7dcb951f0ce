"""The blocks of a briefing hold strings only, carry the mark while figures are illustrative, and agree with the assessment."""

import dataclasses
import datetime as dt
import json
import re

import pytest

from qnict_analysis import briefing, fonts, formats, wording
from qnict_analysis.analysis import analyse
from qnict_analysis.briefing import annexes
from qnict_analysis.changes import previous_label
from qnict_analysis.document import Block

LANGS = ("vi", "en")
TILES = 15


@pytest.fixture(scope="module")
def province(root):
    return {lang: analyse(as_of="2014Q2", lang=lang, workspace=str(root), draws=400) for lang in LANGS}


@pytest.fixture(scope="module")
def decided(root):
    return analyse(as_of="2015Q4", lang="en", workspace=str(root), draws=200)


@pytest.fixture(scope="module")
def agenda(root):
    workspace = str(root / "examples" / "digital-agenda")
    return {day: analyse(as_of=day, lang="en", workspace=workspace, draws=400) for day in ("2012-06-30", "2016-12-31")}


@pytest.fixture(scope="module")
def pages(province, decided, agenda) -> dict[str, list[Block]]:
    """All blocks of each briefing, made once."""
    return {name: every_block(analysis) for name, analysis in (province | agenda | {"decided": decided}).items()}


def targets_of(blocks: list[Block]) -> dict[str, dict]:
    return {block.data["id"]: block.data for block in blocks if block.function == "target-block"}


def every_block(analysis) -> list[Block]:
    single = (briefing.document_block, briefing.report, briefing.overview, briefing.target_table_block)
    last = (briefing.method, briefing.sources)
    blocks = [make(analysis) for make in single] + briefing.target_blocks(analysis)
    return blocks + [make(analysis) for make in last]


def leaves(value) -> list:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    return [leaf for inner in value for leaf in leaves(inner)] if isinstance(value, list) else [value]


def all_text(blocks: list[Block]) -> str:
    return "\n".join(leaf for block in blocks for leaf in leaves(block.data) if isinstance(leaf, str) and "<svg" not in leaf)


@pytest.mark.parametrize("lang", LANGS)
def test_blocks_are_json_of_strings(pages, lang):
    blocks = pages[lang]
    assert [block.function for block in blocks].count("target-block") == TILES
    for block in blocks:
        json.dumps(block.data, allow_nan=False)
        assert all(leaf is None or isinstance(leaf, str | bool | int | float) for leaf in leaves(block.data))
        assert block.html and block.text


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_unfinished_reaches_print(pages, lang):
    text = all_text(pages[lang])
    assert not re.search(r"\{|\}|\bnan\b|None|<NA>|\*\*| %(?! *$)(?!\w)", text.replace("điểm %", "điểm"))
    assert not re.search(r"(?<![\d,.])(0|100)% *(chance|khả năng)", text)


@pytest.mark.parametrize("lang", LANGS)
def test_every_target_stands_in_table_tiles_and_blocks(province, pages, lang):
    analysis = province[lang]
    ids = list(analysis.registry.targets)
    rows = briefing.target_table_block(analysis).data["table"]["rows"]
    tiles = [tile for group in briefing.overview(analysis).data["groups"] for tile in group["tiles"]]
    blocks = [block for block in pages[lang] if block.function == "target-block"]
    assert [row[0] for row in rows] == [tile["id"] for tile in tiles] == [block.data["id"] for block in blocks] == ids
    assert [block.data["name"] for block in blocks] == [target.name[lang] for target in analysis.registry.targets.values()]
    assert [bool(block.data["annex"]) for block in blocks] == [True] + [False] * (TILES - 1)


@pytest.mark.parametrize("lang", LANGS)
def test_printed_chances_are_those_of_the_assessment(province, lang):
    analysis = province[lang]
    tiles = [tile["chance"] for group in briefing.overview(analysis).data["groups"] for tile in group["tiles"]]
    wanted = [formats.chance(p, lang) for p in analysis.assessment["p_printed"]]
    assert tiles == wanted and not {"0%", "100%"} & set(tiles)


def test_the_illustrative_mark_follows_the_figures(province, agenda, pages):
    assert briefing.document_block(province["vi"]).data["mark"] == "SỐ LIỆU MINH HỌA"
    assert briefing.document_block(province["en"]).data["mark"] == "ILLUSTRATIVE DATA"
    for day in agenda:
        assert pages[day][0].data["mark"] == "" and "illustrative" not in all_text(pages[day]).casefold()


def test_the_first_page_of_the_province_warns(province):
    opening = wording.plain(briefing.report(province["vi"]).data["sections"][0]["paragraphs"][0])
    assert "chưa có dự báo nào của tỉnh được kiểm chứng" in opening and "số liệu minh họa" in opening


def test_the_letter_is_official_and_leaves_number_date_and_name_blank(province):
    data = briefing.report(province["vi"]).data
    assert data["letterhead"]["number"] == "Số: ……/BC-STTTT"
    assert data["letterhead"]["place_date"] == "Quảng Ngãi, ngày …… tháng …… năm 2014"
    assert [section["heading"].split(".")[0] for section in data["sections"]] == ["I", "II", "III", "IV", "V"]
    assert data["signature"]["signer_title"] == "GIÁM ĐỐC"
    assert wording.plain(data["sections"][-1]["bullets"][-1]).endswith("./.")
    assert [name[-1] for name in data["signature"]["recipients"]] == [";", ";", ";", "."]
    document = briefing.document_block(province["vi"]).data
    assert (document["style"], document["date"], document["draft"]) == ("TT01-2011", "2014-07-30", "DỰ THẢO")


def test_the_footer_names_as_of_cut_off_scenario_seed_and_figures(province):
    footer = briefing.document_block(province["en"]).data["footer"]
    assert "Q2 2014" in footer and "30 July 2014" in footer and "Scenario: Present pace kept" in footer and "seed 2015" in footer
    assert footer == briefing.document_block(province["en"]).data["footer"]


def test_a_compound_target_shows_its_parts(pages):
    blocks = targets_of(pages["vi"])
    assert len(blocks["T05"]["parts"]["rows"]) == 2 and len(blocks["T06"]["parts"]["rows"]) == 3
    assert blocks["T01"]["parts"] is None


def test_charts_carry_alternative_text(pages):
    for data in targets_of(pages["en"]).values():
        assert data["svg"].startswith("<?xml") and data["alt"].startswith("Chart of")


def test_after_the_deadline_each_target_has_a_verdict_and_no_chance(decided, pages):
    statuses = [data["status"] for data in targets_of(pages["decided"]).values()]
    assert set(statuses) == {"met", "missed"}
    tiles = [tile for group in briefing.overview(decided).data["groups"] for tile in group["tiles"]]
    assert {tile["chance"] for tile in tiles} == {"–"}
    assert len(briefing.report(decided).data["sections"][1]["table"]["rows"]) == statuses.count("missed")


def test_a_real_programme_reads_as_itself(pages):
    before, after = pages["2012-06-30"], pages["2016-12-31"]
    assert before[0].data["style"] == "plain" and before[1].data["letterhead"] is None and before[0].data["draft"] == ""
    assert not re.search("provinc|next quarter|this quarter|Q[1-4]|People's Committee", all_text(before))
    labels = {data["label"] for data in targets_of(after).values()}
    assert {"met", "not met", "not sourced"} <= labels


def test_a_target_without_figures_has_no_chart(pages):
    blocks = targets_of(pages["2012-06-30"])
    assert blocks["DAE11"]["svg"] == "" and "no figure has been reported" in blocks["DAE11"]["title"]


def test_sources_name_where_figures_come_from_and_none_later_than_the_as_of(province, agenda):
    said = briefing.sources(province["vi"]).text
    assert "1501/QĐ-UBND" in said and "https://mic.gov.vn" in said and "2018" not in said.replace("2018.", "")
    assert "Digital Agenda Scoreboard data set, 4 June 2012" in briefing.sources(agenda["2012-06-30"]).text


def test_the_method_explains_only_what_the_programme_has(province, agenda):
    province_page, agenda_page = (all_text([briefing.method(one)]) for one in (province["en"], agenda["2012-06-30"]))
    assert "Counts:" in province_page and "several parts" in province_page
    assert "Counts:" not in agenda_page and "several parts" not in agenda_page and "Each unit reports" not in agenda_page


def test_names_cannot_become_markup(province):
    assert "<b>" not in briefing.html.runs([{"t": "<b>x</b>", "b": True}])
    assert briefing.html.cell('<script>"') == "&lt;script&gt;&quot;"


def test_a_scenario_is_named_on_the_first_page_and_in_the_footer(root):
    analysis = analyse(as_of="2014Q2", workspace=str(root), draws=200, levers={"training": 0.5})
    opening = wording.plain(briefing.report(analysis).data["sections"][0]["paragraphs"][0])
    assert "training=0.5" in opening and "tiến độ đến nay tiếp diễn" not in opening
    assert "Kịch bản: Giữ nguyên tiến độ hiện nay + training=0.5" in briefing.document_block(analysis).data["footer"]


# --- kinds of report, official styles, draft and final ---------------------------------------------------------------


def with_params(analysis, **fields):
    return dataclasses.replace(analysis, params=analysis.params.model_copy(update=fields))


@pytest.mark.parametrize(
    ("report", "lang", "ends", "tasks", "due"),
    [
        ("half-year", "vi", "đến hết 6 tháng đầu năm 2014", "6 THÁNG TỚI", "31/12/2014"),
        ("half-year", "en", "to the end of the first half of 2014", "next half-year", "31 December 2014"),
        ("period", "vi", "đến hết quý II/2014", "QUÝ TỚI", "30/9/2014"),
    ],
)
def test_a_report_speaks_of_what_it_covers(province, report, lang, ends, tasks, due):
    analysis = with_params(province[lang], report=report)
    said = briefing.report(analysis)
    assert said.data["title"].endswith(ends)
    section = next(one for one in said.data["sections"] if one["heading"].startswith("IV."))
    assert tasks in section["heading"] and due in wording.plain(section["bullets"][0])


def test_half_a_year_asks_for_twice_the_step_of_a_quarter(province):
    quarter, half = (briefing.facts_in(with_params(province["vi"], report=report)) for report in ("period", "half-year"))
    steps = {fact.id: (fact.step, other.step) for fact, other in zip(quarter, half, strict=True) if fact.step}
    assert steps["T08"][0].more == "17 dịch vụ" and steps["T08"][1].more == "34 dịch vụ"
    assert all(both for both in steps.values())


def test_a_report_is_compared_with_the_one_before(province):
    labels = {report: previous_label(with_params(province["vi"], report=report)) for report in ("period", "half-year")}
    assert labels == {"period": "2014Q1", "half-year": "2013Q4"}
    with pytest.raises(ValueError, match="report year: none ends with 2014Q2; allowed: an as-of of the last period of a year"):
        briefing.report(with_params(province["vi"], report="year"))


def test_the_overview_names_the_report_that_it_is_compared_with(province):
    lines = {}
    for report in ("period", "half-year"):
        line = briefing.overview(with_params(province["vi"], report=report)).data["lines"][0]
        lines[report] = wording.plain(line).partition(":")[0]
    assert lines == {"period": "So với quý I/2014", "half-year": "So với quý IV/2013"}


def test_a_yearly_plan_reports_by_the_year_and_not_by_the_half(agenda):
    assert (
        briefing.report(with_params(agenda["2012-06-30"], report="year")).data["title"]
        == briefing.report(agenda["2012-06-30"]).data["title"]
    )
    with pytest.raises(ValueError, match="report half-year: none ends with"):
        briefing.report(with_params(agenda["2012-06-30"], report="half-year"))


def real(analysis):
    return dataclasses.replace(analysis, illustrative=False)


@pytest.mark.parametrize(
    ("fields", "style", "draft"),
    [
        ({}, "TT01-2011", "DỰ THẢO"),
        ({"style": "TT01-2011", "final": True}, "TT01-2011", ""),
        ({"style": "ND30-2020"}, "ND30-2020", "DỰ THẢO · chưa dùng phông chữ Times New Roman"),
        ({"style": "ND30-2020", "final": True}, "ND30-2020", "DỰ THẢO · chưa dùng phông chữ Times New Roman"),
        ({"style": "ND30-2020", "final": True, "font": "Times New Roman"}, "ND30-2020", ""),
    ],
)
def test_the_draft_mark_stays_until_nothing_stands_against(province, fields, style, draft):
    document = briefing.document_block(with_params(real(province["vi"]), **fields)).data
    assert (document["style"], document["draft"]) == (style, draft)


def test_illustrative_figures_are_never_final(province):
    document = briefing.document_block(with_params(province["vi"], final=True)).data
    assert document["draft"] == "DỰ THẢO · có số liệu minh họa" and document["mark"]


def test_a_report_of_2020_takes_the_later_style_and_a_plain_programme_none(province, agenda):
    later = dataclasses.replace(province["vi"], as_of=dataclasses.replace(province["vi"].as_of, cutoff=dt.date(2020, 4, 1)))
    assert briefing.style_of(later) == "ND30-2020"
    document = briefing.document_block(with_params(agenda["2012-06-30"], style="ND30-2020", final=True)).data
    assert (document["style"], document["draft"]) == ("plain", "")


def test_a_font_that_is_not_there_is_told():
    with pytest.raises(ValueError, match="font 'No Such Font' is not installed on this machine"):
        fonts.check("No Such Font")
    fonts.check("")
    assert fonts.is_installed("libertinus serif")


@pytest.mark.parametrize("lang", LANGS)
def test_the_glossary_explains_in_order_and_only_what_there_is(province, agenda, lang):
    items = [wording.plain(item) for item in briefing.glossary(province[lang]).data["items"]]
    assert len(items) == 16 and not any("{" in item for item in items)
    few = [wording.plain(item) for item in briefing.glossary(with_params(agenda["2012-06-30"], lang=lang)).data["items"]]
    assert len(few) < len(items) and not any("Lever" in item or "Đòn bẩy" in item for item in few)


def test_a_plan_without_units_says_so_once(agenda):
    pieces = annexes.units(agenda["2012-06-30"]).data["pieces"]
    assert len(pieces) == 1 and pieces[0]["kind"] == "prose"
