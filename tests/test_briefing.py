"""The blocks of a briefing hold strings only, carry the mark while figures are illustrative, and agree with the assessment."""

import json
import re

import pytest

from qnict_analysis import briefing, formats, wording
from qnict_analysis.analysis import analyse
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
    assert data["signature"]["signer_title"] == "GIÁM ĐỐC" and data["closing"] == "./."
    document = briefing.document_block(province["vi"]).data
    assert (document["style"], document["date"], document["draft"]) == ("TT01-2011", "2014-07-30", "DỰ THẢO")


@pytest.mark.parametrize(("lang", "most"), [("vi", 1000), ("en", 800)])
def test_the_report_is_short_enough_for_two_pages(province, lang, most):
    assert len(briefing.report(province[lang]).text.split()) < most


def test_the_footer_names_as_of_cut_off_scenario_seed_and_figures(province):
    footer = briefing.document_block(province["en"]).data["footer"]
    assert "Q2 2014" in footer and "30 July 2014" in footer and "baseline" in footer and "seed 2015" in footer
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
    assert "baseline + training=0.5" in briefing.document_block(analysis).data["footer"]
