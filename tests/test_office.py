"""Beside the PDF: the Word document (styles, real tables, alternative texts) and the workbook (typed cells, no formulas)."""

import io
import re
import zipfile

import docx
import numpy as np
import openpyxl
import pandas as pd
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Twips
from notebook_blocks import blocks_of_the_notebook

from qnict_analysis import briefing, schema
from qnict_analysis.analysis import analyse
from qnict_analysis.briefing.scenario_pages import WANTED, WORRYING, rows_of
from qnict_analysis.office.columns import MEANINGS, TABLES
from qnict_analysis.office.paper import BESIDE_TEXT_MM, TABLE_HEAD, TABLE_STYLE, fitted, written_mm
from qnict_analysis.office.word import briefing_docx
from qnict_analysis.office.workbook import tables_workbook
from qnict_analysis.params import load_scenario
from qnict_analysis.planning import MOVED, Planner, seek
from qnict_analysis.runner.contents import write_tables
from qnict_analysis.wording.speech import TEXT

LANGS = ("vi", "en")


@pytest.fixture(scope="module")
def found():
    return {lang: analyse(as_of="2014Q2", draws=400, lang=lang) for lang in LANGS}


@pytest.fixture(scope="module")
def blocks(found):
    return {lang: [(block.function, block.data) for block in blocks_of_the_notebook(found[lang])] for lang in LANGS}


@pytest.fixture(scope="module")
def written(blocks):
    return {lang: briefing_docx(blocks[lang]) for lang in LANGS}


def opened(content: bytes):
    return docx.Document(io.BytesIO(content))


def words(document) -> str:
    """All text of the body, tables too."""
    return " ".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_word_holds_every_number_of_the_targets(found, written, lang):
    text = words(opened(written[lang])).replace(" ", "")
    for fact in briefing.facts_in(found[lang]):
        for shown in (fact.id, fact.now, fact.goal, fact.chance, fact.interval, fact.gap, fact.label):
            assert shown.replace(" ", "") in text, (fact.id, shown)


@pytest.mark.slow
def test_word_uses_its_own_styles_tables_and_fields(blocks, written):
    document = opened(written["vi"])
    titles = [
        data["title"] for function, data in blocks["vi"] if "annex" in data and function != "target-block" and data["annex"]
    ]
    heads = {level: [p.text for p in document.paragraphs if p.style.name == f"Heading {level}"] for level in (1, 2)}
    assert set(titles) <= set(heads[1]) and len(heads[1]) == len(briefing.ANNEXES)
    assert sum(head.startswith("T") for head in heads[2]) >= 15
    assert next(p for p in document.paragraphs if p.style.name == "Title").text.startswith("Kết quả thực hiện")
    assert any(p.style.name == "List Bullet" for p in document.paragraphs)
    ruled = [table for table in document.tables if table.style.name == TABLE_STYLE]
    assert len(ruled) > 10
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in ruled)
    assert {cell.paragraphs[0].style.name for table in ruled for cell in table.rows[0].cells} == {TABLE_HEAD}
    numbers = document.sections[1].footer._element.findall(f".//{qn('w:instrText')}")
    assert [one.text for one in numbers] == ["PAGE"]
    assert not document.sections[0].first_page_footer._element.findall(f".//{qn('w:instrText')}"), "no number on page 1"
    assert len(document.sections) == len(briefing.ANNEXES) + 1
    assert {section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) for section in list(document.sections)[1:]} == {"1"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "mark", "spelling"), [("vi", "SỐ LIỆU MINH HỌA", "vi-VN"), ("en", "ILLUSTRATIVE DATA", "en-GB")]
)
def test_every_page_of_the_word_document_is_marked(written, lang, mark, spelling):
    document = opened(written[lang])
    for section in document.sections:
        assert mark in section.header.paragraphs[0].text and "2015" in section.footer.paragraphs[0].text
    assert mark in document.sections[0].first_page_header.paragraphs[0].text
    assert document.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:val")) == spelling
    assert document.core_properties.language == spelling and document.core_properties.title
    assert document.styles["Normal"].font.name == "Times New Roman" and document.styles["Normal"].font.size.pt == 13


@pytest.mark.slow
def test_every_picture_and_table_of_the_word_document_says_what_it_shows(written):
    document = opened(written["vi"])
    pictures = document.element.body.findall(f".//{qn('wp:docPr')}")
    assert len(pictures) > 18 and all(len(one.get("descr")) > 20 for one in pictures)
    with zipfile.ZipFile(io.BytesIO(written["vi"])) as archive:
        images = [archive.read(name) for name in archive.namelist() if name.startswith("word/media/")]
    assert images and all(image.startswith(b"\x89PNG") for image in images)


@pytest.mark.slow
def test_the_word_document_is_the_same_bytes_again(blocks, written):
    assert briefing_docx(blocks["vi"]) == written["vi"]
    with zipfile.ZipFile(io.BytesIO(written["vi"])) as archive:
        core = archive.read("docProps/core.xml").decode()
        assert len({entry.date_time for entry in archive.infolist()}) == 1
    assert re.findall(r"\d{4}-\d\d-\d\dT", core) == ["2014-07-30T"] * 2


SCHEMA = {
    "w:pPr": (
        *("w:pStyle", "w:keepNext", "w:keepLines", "w:pageBreakBefore", "w:widowControl", "w:numPr", "w:pBdr", "w:tabs"),
        *("w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr", "w:sectPr"),
    ),
    "w:tblPr": (
        *("w:tblStyle", "w:tblStyleRowBandSize", "w:tblStyleColBandSize", "w:tblW", "w:jc", "w:tblInd", "w:tblBorders"),
        *("w:tblLayout", "w:tblCellMar", "w:tblLook"),
        *("w:tblCaption", "w:tblDescription"),
    ),
    "w:sectPr": (*("w:headerReference", "w:type", "w:pgSz", "w:pgMar", "w:pgNumType", "w:cols", "w:titlePg", "w:docGrid"),),
}
"""The order in which Word's schema wants what these documents hold (ECMA-376, part 1); heads and feet may be mixed."""


@pytest.mark.slow
@pytest.mark.parametrize("name", SCHEMA)
def test_elements_stand_in_the_order_that_word_wants(written, name):
    document, seen = opened(written["vi"]), 0
    for whole in (document.element, document.styles.element):
        for one in whole.iter(qn(name)):
            tags = [f"w:{child.tag.split('}')[1]}".replace("footerRef", "headerRef") for child in one]
            places = [SCHEMA[name].index(tag) for tag in tags]
            assert places == sorted(places), [child.tag for child in one]
            seen += 1
    assert seen > 10


@pytest.mark.slow
def test_annexes_are_linked_and_a_target_stays_on_one_page(written):
    document = opened(written["vi"])
    places = [one.get(qn("w:name")) for one in document.element.body.iter(qn("w:bookmarkStart"))]
    assert [one.get(qn("w:anchor")) for one in document.element.body.iter(qn("w:hyperlink"))] == places
    assert len(places) == len(briefing.ANNEXES)
    found = document.element.body.findall(qn("w:p"))
    start = next(place for place, one in enumerate(found) if "".join(one.itertext()).startswith("T02. "))
    end = next(place for place, one in enumerate(found) if "".join(one.itertext()).startswith("T03. "))
    assert end - start > 8 and any(one.findall(f".//{qn('w:drawing')}") for one in found[start:end])
    assert all(one.pPr.keepNext is not None and one.pPr.keepNext.val for one in found[start : end - 1])


@pytest.mark.slow
def test_sections_end_with_text(written):
    ends = [one.getparent().getparent() for one in opened(written["vi"]).element.body.iter(qn("w:sectPr"))][:-1]
    assert len(ends) == len(briefing.ANNEXES) and sum(bool("".join(one.itertext())) for one in ends) >= len(ends) // 2


# --- first page ------------------------------------------------------------------------------------------------------

HEAD = {
    "vi": {
        **{"parent": "UBND TỈNH QUẢNG NGÃI", "agency": "SỞ THÔNG TIN VÀ TRUYỀN THÔNG", "number": "Số:     /BC-STTTT"},
        **{"nation": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "motto": "Độc lập - Tự do - Hạnh phúc"},
        "place_date": "Quảng Ngãi, ngày     tháng     năm 2014",
    },
    "en": {
        **{"parent": "PEOPLE'S COMMITTEE", "agency": "DEPARTMENT OF INFORMATION AND COMMUNICATIONS", "number": "No.     /BC"},
        **{"nation": "SOCIALIST REPUBLIC OF VIET NAM", "motto": "Independence - Freedom - Happiness"},
        "place_date": "Quảng Ngãi, 2014",
    },
}


def first_page(lang: str, **settings):
    """A document of nothing but the head of a report."""
    given = {"lang": lang, "title": "T", "author": "A", "keywords": [], "date": "2014-07-30", "style": "ND30-2020", "font": ""}
    sign = {"recipients_title": "", "recipients": [], "signer_title": "S"}
    content = {"letterhead": HEAD[lang], "kind": "BÁO CÁO", "title": "T", "intro": [], "sections": [], "signature": sign}
    document = given | {"mark": "", "footer": "", "draft": ""} | settings
    return opened(briefing_docx([("document", document), ("report", content)]))


def rules(document) -> list[tuple[str, float, float]]:
    """The lines below texts: the text above each, how long the line is, and what room it lies in the middle of, in mm."""

    def text(one) -> str:
        return "".join(node.text for node in one.iter(qn("w:t")))

    found = []
    for border in document.element.body.iter(qn("w:pBdr")):
        one = border.getparent().getparent()
        cell, section = one.getparent(), document.sections[0]
        whole = section.page_width - section.left_margin - section.right_margin
        room = cell.tcPr.width - Twips(2 * 108) if cell.tag == qn("w:tc") else whole  # Word's own margins of a cell
        left, right = (int(one.pPr.find(qn("w:ind")).get(qn(f"w:{side}"))) for side in ("left", "right"))
        assert left == right and not text(one)
        found.append((text(one.getprevious()), (room - Twips(left + right)) / Mm(1), room / Mm(1)))
    return found


WRITTEN_MM = {"vi": {"agency": 73.97, "motto": 55.94}, "en": {"agency": 122.29, "motto": 72.87}}
"""Lengths of these texts in bold Times at 12 and 13 pt, by the metrics of the font (Adobe's Times-Bold)."""


@pytest.mark.parametrize("lang", LANGS)
def test_lines_of_the_letterhead_are_as_long_as_the_official_form_has_them(lang):
    agency, motto, title = rules(first_page(lang))
    assert [agency[0], motto[0], title[0]] == [HEAD[lang]["agency"], HEAD[lang]["motto"], "T"]
    assert 1 / 3 <= agency[1] / min(WRITTEN_MM[lang]["agency"], agency[2]) <= 1 / 2
    assert motto[1] == pytest.approx(WRITTEN_MM[lang]["motto"], rel=0.04)
    assert title[1] == pytest.approx(0.28 * 165, abs=1)


@pytest.mark.parametrize("lang", LANGS)
def test_draft_mark_in_word_names_no_reason_that_is_none_there(lang):
    words = TEXT[lang].BLOCKS
    named = " · ".join([words["draft"], words["draft_figures"], words["draft_font"]])
    unnamed = " · ".join([words["draft"], words["draft_font"]])

    def mark(**settings) -> str:
        return "\n".join(one.text for one in first_page(lang, **settings).sections[0].first_page_header.paragraphs).strip()

    assert mark(draft=named, final=True) == " · ".join([words["draft"], words["draft_figures"]])
    assert mark(draft=unnamed) == mark(draft=words["draft"]) == words["draft"]
    assert mark(draft=unnamed, final=True) == mark(draft="") == ""


# --- widths of columns -----------------------------------------------------------------------------------------------


def columns(*widths: float, align: str = "left") -> list[dict]:
    return [{"title": "A", "align": align, "width": width} for width in widths]


def test_widths_follow_the_shares_and_fill_the_page():
    assert fitted(columns(3, 1), [["x", "y"]], 160) == [120, 40]


def test_a_column_without_a_share_takes_what_it_needs_and_no_word_is_broken():
    first, second = fitted(columns(0, 1), [["DAE05", "y"]], 160)
    assert first == pytest.approx(written_mm("DAE05") + BESIDE_TEXT_MM) and first + second == pytest.approx(160)
    narrow, wide = fitted(columns(1, 30), [["incontrovertible", "y"]], 160)
    assert narrow == pytest.approx(written_mm("incontrovertible") + BESIDE_TEXT_MM) and narrow + wide == pytest.approx(160)


def test_a_short_figure_keeps_its_unit_and_a_long_one_may_part_with_it():
    figure, _ = fitted(columns(1, 30, align="right"), [["14 dịch vụ", "y"]], 160)
    assert figure == pytest.approx(written_mm("14 dịch vụ") + BESIDE_TEXT_MM)
    longer, _ = fitted(columns(1, 30, align="right"), [["2 đơn vị cấp huyện", "y"]], 160)
    assert longer < written_mm("2 đơn vị cấp huyện")


def test_more_words_than_a_page_is_wide_still_fill_it():
    assert sum(fitted(columns(*[1] * 12), [["incontrovertible"] * 12], 160)) == pytest.approx(160)


def test_nothing_but_a_briefing_becomes_a_word_document():
    with pytest.raises(ValueError, match="no document block among the outputs"):
        briefing_docx([("prose", {"paragraphs": []})])


# --- workbook --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory, root):
    folder = tmp_path_factory.mktemp("run")
    write_tables(folder, {"as_of": "2014Q2", "draws": 200, "workspace": str(root)})
    return folder


def test_the_workbook_holds_every_table_with_typed_cells(run):
    book = openpyxl.load_workbook(run / "tables.xlsx")
    tables = {path.stem: pd.read_csv(path) for path in (run / "tables").glob("*.csv")}
    assert set(book.sheetnames[1:]) == {name for name, table in tables.items() if len(table)}
    assert book.sheetnames[1:3] == ["assessment", "indicators"]
    for name in book.sheetnames[1:]:
        rows = list(book[name].values)
        assert "SỐ LIỆU MINH HỌA" in rows[0][0] and "ILLUSTRATIVE DATA" in rows[0][0]
        back = pd.DataFrame(rows[2:], columns=rows[1]).drop(columns=["target_vi", "target_en"], errors="ignore")
        same = [frame.astype(object).where(frame.notna(), None) for frame in (back, tables[name])]
        pd.testing.assert_frame_equal(*same)
        assert book[name].freeze_panes == "A3" and book[name].auto_filter.ref.startswith("A2:")
    sheet = book["assessment"]
    place = [cell.value for cell in sheet[2]].index("p_met") + 1
    assert sheet.cell(3, place).data_type == "n" and sheet.cell(3, place).number_format == "0.0%"


def test_scenarios_and_goals_stand_in_the_run_as_the_planner_gives_them(run, root):
    known = analyse(as_of="2014Q2", draws=200, workspace=str(root))
    planner = Planner(known)
    scenarios, goals = (pd.read_csv(run / "tables" / f"{name}.csv") for name in ("scenarios", "goals"))
    assert tuple(scenarios.columns) == (*schema.SCENARIOS, "status") and tuple(goals.columns) == (*schema.GOALS, "status")
    assert set(scenarios["status"]) == set(goals["status"]) == {"illustrative"}
    assert list(dict.fromkeys(scenarios["scenario"])) == ["baseline", "plan", "accelerate", "cut", "frontier"]
    plan = scenarios[scenarios["scenario"] == "plan"].set_index("target")
    np.testing.assert_array_equal(plan["p_met"], planner.chances(load_scenario(known.workspace, "plan")))
    far = plan["p_change_low"].notna()
    assert (plan.loc[far, "p_change"].abs() >= MOVED).all() and (plan["p_change_low"] <= plan["p_change_high"])[far].all()
    assert set(goals["target"]) == {name for name, row in rows_of(known) if row.status in WORRYING}
    goal = seek(planner, "T12", WANTED)
    assert goals.set_index("target").loc["T12", ["p_now", "p_best_pace", "units_each"]].tolist() == [
        goal.base,
        goal.frontier,
        goal.units,
    ]


def test_levels_are_shown_in_the_unit_of_their_indicator(run):
    book = openpyxl.load_workbook(run / "tables.xlsx")

    def shapes(name: str, column: str) -> dict[str, str]:
        heads = [cell.value for cell in book[name][2]]
        rows = list(book[name].iter_rows(min_row=3))
        found = {row[heads.index("indicator")].value: row[heads.index(column)].number_format for row in rows}
        return {key: found[key] for key in ("T01", "T03", "T07", "T16")}

    assert shapes("assessment", "value") == {"T01": "0.0%", "T03": "0.0%", "T07": "General", "T16": "0.00%"}
    assert shapes("draws", "mean") == {"T01": "0.0%", "T03": "General", "T07": "General", "T16": "0.00%"}
    heads = [cell.value for cell in book["forecasts"][2]]
    chances = [row for row in book["forecasts"].iter_rows(min_row=3) if row[heads.index("output_type")].value == "p_met"]
    assert chances and {row[heads.index("value")].number_format for row in chances} == {"0.0%"}


def test_the_first_sheet_explains_every_table_and_column(run):
    rows = [row for row in openpyxl.load_workbook(run / "tables.xlsx").worksheets[0].values if row[0]]
    said = {row[0]: row[1:] for row in reversed(rows)}  # a table comes before a column of its name
    tables = {path.stem: pd.read_csv(path) for path in (run / "tables").glob("*.csv")}
    for name in tables:
        assert said[name][:2] == (TABLES[name]["vi"], TABLES[name]["en"]) and said[name][2] == len(tables[name])
    for column in {column for table in tables.values() for column in table.columns}:
        assert column in MEANINGS and all(MEANINGS[column].values())
        assert column in said
    assert said["Hạt giống ngẫu nhiên · Random seed"][0] == "2015"


def test_the_workbook_is_the_same_bytes_again(run, tmp_path, root):
    write_tables(tmp_path, {"as_of": "2014Q2", "draws": 200, "workspace": str(root)})
    assert (tmp_path / "tables.xlsx").read_bytes() == (run / "tables.xlsx").read_bytes()


def test_names_of_targets_stand_beside_their_ids(tmp_path):
    pd.DataFrame({"scenario": ["b", "b"], "target": ["T01", "T99"], "p_met": [0.25, 0.5]}).to_csv(tmp_path / "a.csv", index=False)
    pd.DataFrame({"indicator": ["T01"], "value": [0.25]}).to_csv(tmp_path / "series.csv", index=False)
    before = (tmp_path / "a.csv").read_bytes()
    names = {"T01": {"vi": "Văn bản điện tử", "en": "=Documents"}}
    book = openpyxl.load_workbook(io.BytesIO(tables_workbook(tmp_path, {}, names=names)))
    heads = ("scenario", "target", "target_vi", "target_en", "p_met")
    named = ("b", "T01", "Văn bản điện tử", "=Documents", 0.25)
    assert list(book["a"].values) == [heads, named, ("b", "T99", None, None, 0.5)]
    assert book["a"]["D2"].data_type == "s" and book["a"]["E2"].number_format == "0.0%"
    assert list(book["series"].values) == [("indicator", "value"), ("T01", 0.25)]
    said = {row[0]: row[1:3] for row in book.worksheets[0].values if row[0]}
    assert all(said[name] == tuple(MEANINGS[name].values()) for name in ("target_vi", "target_en"))
    assert (tmp_path / "a.csv").read_bytes() == before
    unnamed = openpyxl.load_workbook(io.BytesIO(tables_workbook(tmp_path, {})))
    assert next(unnamed["a"].values) == ("scenario", "target", "p_met")


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+SUM(A1)", "-1+cmd|' /C calc'!A0", "\t=1", '=HYPERLINK("http://x")'])
def test_no_text_becomes_a_formula(tmp_path, text):
    pd.DataFrame({"target": [text], "value": [-1.5]}).to_csv(tmp_path / "assessment.csv", index=False)
    content = tables_workbook(tmp_path, {"scenario": text})
    book = openpyxl.load_workbook(io.BytesIO(content))
    cell, number = book["assessment"]["A2"], book["assessment"]["B2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)
    assert (number.data_type, number.value) == ("n", -1.5)
    assert all(one.data_type != "f" for sheet in book for row in sheet.iter_rows() for one in row)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if name.startswith("xl/worksheets") and b"<f>" in archive.read(name)]
