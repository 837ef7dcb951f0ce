"""What a cell becomes before it is laid out: nodes, and warnings about what is not kept as it was."""

import base64
import unicodedata
from io import BytesIO

import numpy as np
import pytest
from awkward import SVG, made, mime, picture, printed, ran, shown
from nbformat.v4 import new_markdown_cell
from PIL import Image

from qnict_analysis.exporter.cells import collect
from qnict_analysis.exporter.pictures import image
from qnict_analysis.exporter.pieces import Pieces, plain_of, walk


def collected(*cells, **settings):
    return collect(made(*cells), name="thử", **settings)


def of_markdown(text: str):
    return collected(new_markdown_cell(text))


def of_html(text: str):
    return collected(ran(shown(text_html=text)))


def nodes(pieces, kind: str) -> list[dict]:
    return [node for node in walk([part for part in pieces.parts if isinstance(part, list)]) if node.get("k") == kind]


def words_of(pieces) -> str:
    return plain_of([part for part in pieces.parts if isinstance(part, list)])


TABLE = ["| a | b |", "|---|---:|", "| một |", "| hai | 2 | 3 |"]
WAYS_IN = {
    "list": ["- mục:", "", *(f"  {line}" for line in TABLE)],
    "list_without_a_blank_line": ["- mục:", *(f"  {line}" for line in TABLE), "- mục sau | không phải bảng"],
    "first_in_an_item": [f"1. {TABLE[0]}", *(f"   {line}" for line in TABLE[1:])],
    "quote": [f"> {line}" for line in TABLE],
    "quote_in_a_list": ["- mục", "", *(f"  > {line}" for line in TABLE)],
    "without_bars_at_the_ends": ["- mục", "", "  a | b", "  ---|---", "  một | ", "  hai | 2 | 3"],
}


@pytest.mark.parametrize("lines", WAYS_IN.values(), ids=WAYS_IN)
def test_a_table_in_a_list_or_a_quote_is_a_table(lines):
    pieces = of_markdown("\n".join(lines))
    (grid,) = nodes(pieces, "grid")
    texts = [[plain_of(cell["c"]).strip() for cell in row] for row in grid["rows"]]
    assert texts == [["a", "b"], ["một", ""], ["hai", "2 | 3"]]
    assert "---" not in words_of(pieces)


def test_a_table_without_bars_at_its_ends_may_be_uneven():
    (grid,) = nodes(of_markdown("a | b\n---|---\nmột |\n| hai | 2 |\n- | 5\nba"), "grid")
    texts = [[plain_of(cell["c"]).strip() for cell in row] for row in grid["rows"]]
    assert texts == [["a", "b"], ["một", ""], ["hai", "2"], ["-", "5"]]


def test_code_that_looks_like_a_table_stays_as_it_is():
    code = "a | b\n---|---\nmột"
    assert plain_of(nodes(of_markdown(f"```\n{code} |\n```"), "lines")[0]["lines"]) == f"{code} |".replace("\n", "")


def test_json_beside_a_text_is_shown_indented():
    found = collected(ran(mime({"application/json": {"khóa": ["a", 1]}, "text/plain": "<IPython.core.display.JSON object>"})))
    assert [plain_of(line) for line in nodes(found, "lines")[0]["lines"]] == ["{", '  "khóa": [', '    "a",', "    1", "  ]", "}"]
    assert not found.warnings


def test_json_of_strings_stays_a_list():
    assert '"a",' in words_of(collected(ran(mime({"application/json": ["a", "b"]}))))


@pytest.mark.parametrize(("lang", "note"), {"vi": "không có trên bản in", "en": "not in print"}.items())
def test_a_widget_is_one_note_and_not_its_source(lang, note):
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "HTML(value='<b>x</b>')"}
    found = collected(ran(source=f'lang = "{lang}"', tags=["parameters"]), ran(mime(widget), mime(widget)))
    assert len(nodes(found, "box")) == 2 and note in words_of(found) and "<b>" not in words_of(found)
    assert len(found.warnings) == 1 and note in found.warnings[0]


def test_a_widget_with_a_picture_is_the_picture():
    widget = {
        "application/vnd.jupyter.widget-view+json": {"model_id": "1"},
        "image/png": picture("PNG"),
        "text/plain": "Canvas()",
    }
    found = collected(ran(mime(widget)))
    assert nodes(found, "img") and not found.warnings


def test_tex_that_is_not_known_is_kept_and_said():
    found = collected(ran(shown(text_latex="Một chữ \\mystery{giữ\nlại} và $x$.\n\n\\begin{odd}khối\\end{odd}")))
    assert "\\mystery{giữ" in words_of(found) and "khối" in words_of(found)
    assert [one.split(": ")[1] for one in found.warnings] == ["\\mystery{giữ lại}", "\\begin{odd}khối\\end{odd}"]


def test_tex_that_is_known_is_no_matter():
    assert not collected(ran(shown(text_latex="\\textbf{đậm} và $x$"))).warnings


HIDDEN = {
    "attribute": "<p hidden>kín</p>",
    "inside_a_line": "<p>chữ <span hidden>kín</span></p>",
    "until_found": '<div hidden="until-found">kín</div>',
    "style": '<p style="DISPLAY: None !important">kín</p>',
    "sheet": "<style>.x {display:none}</style><p class=x>kín</p>",
    "input": '<input type="hidden" value="kín">',
    "item": "<ul><li>chữ<li style='display:none'>kín</ul>",
    "row": "<table><tr><td>chữ<tr hidden><td>kín</table>",
    "code": "<pre>chữ <b hidden>kín</b></pre>",
    "heading": "<h2>chữ <small style='display:none'>kín</small></h2>",
}


@pytest.mark.parametrize("html", HIDDEN.values(), ids=HIDDEN)
def test_what_a_browser_hides_is_left_out(html):
    found = words_of(of_html(html + "<p>chữ</p>"))
    assert "chữ" in found and "kín" not in found


def test_a_style_may_show_what_is_hidden():
    assert "hiện" in words_of(of_html('<p hidden style="display:block">hiện</p>'))


@pytest.mark.parametrize(
    "text", ["một  \nhai", "một<br>  hai", "một <br><b> </b><i> hai</i>", "<table><tr><td>một<br> hai</table>"]
)
def test_no_blank_stands_beside_a_line_break(text):
    assert "một\nhai\n" in words_of(of_markdown(text))


def apart(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def test_letters_and_their_marks_are_one_wherever_text_comes_in(tmp_path):
    (tmp_path / apart("hình ở.svg")).write_text(SVG.format(""), encoding="utf-8")
    said = apart('# Tỷ lệ ở xã\n\n`mã ở` $\\text{số ở}$ <img src="hình ở.svg" alt="ảnh ở">')
    found = collected(
        new_markdown_cell(said), ran(printed(apart("in ở")), shown(text_html=f"<td>{apart('ô ở')}")), folder=tmp_path
    )
    seen = words_of(found) + found.document["title"] + found.document["footer"] + nodes(found, "img")[0]["alt"]
    assert not found.warnings and unicodedata.is_normalized("NFC", seen) and seen.count("ở") == 8


def test_controls_that_turn_letters_stay_out_of_titles():
    found = of_markdown("# Tên \u202egpj.exe")
    assert found.document["title"] == "Tên gpj.exe"


HALF = "<mfrac><mn>1</mn><mn>2</mn></mfrac>"


def test_mathml_is_a_formula():
    found = of_html(f"<p>một <math alttext='nửa'>{HALF}</math> hai</p>")
    (formula,) = nodes(found, "m")
    assert (formula["tex"], bool(formula["typst"]), found.warnings) == (r"\frac{1}{2}", True, [])


def test_a_comment_in_mathml_is_not_read():
    found = of_html("<p><math><!-- kín --><mi>x</mi></math></p>")
    assert "kín" not in words_of(found) and not found.warnings


def test_mathml_with_its_tex_is_that_tex_once():
    tex = r'<annotation encoding="application/x-tex">\tfrac12</annotation>'
    drawn = '<span class="katex-html" aria-hidden="true">12</span>'
    found = of_html(f'<span class="katex"><math display="block"><semantics>{HALF}{tex}</semantics></math>{drawn}</span>')
    (formula,) = nodes(found, "m")
    assert (formula["tex"], formula["block"]) == (r"\tfrac12", True) and "12" not in words_of(found).replace(formula["tex"], "")


LINES = {
    f"{HALF}<mfoo>z</mfoo>": "1/2 z",
    "<apply><cn>1</cn><cn>2</cn></apply>": "1 2",
    "<merror><msup><mi>x</mi><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow></msup></merror>": "x^(a+1)",
    "<mtable><mlabeledtr><mtd>(7)</mtd><mtd><mi>q</mi></mtd></mlabeledtr><mtr><mtd>5</mtd></mtr></mtable>": "(7), q; 5",
    "<mroot><mi>q</mi><mn>3</mn></mroot><msqrt>4</msqrt>": "3√q√4",
}


@pytest.mark.parametrize(("inside", "line"), LINES.items())
def test_mathml_that_cannot_be_trusted_to_pandoc_is_a_line_of_text(inside, line):
    found = of_html(f"<p>một <math>{inside}</math> hai</p>")
    assert f"một {line} hai" in words_of(found) and len(found.warnings) == 1 and line in found.warnings[0]


def test_the_own_words_of_mathml_stand_for_it():
    assert "một nửa" in words_of(of_html("<math alttext='một nửa'><mfoo>1</mfoo></math>"))


FIRST = "# Đầu\n\n- mục"
WIDE = "<table><tr>" + "".join(f"<td>một chữ dài {place}</td>" for place in range(12)) + "</tr></table>"
LED = {
    "heading": ([FIRST, "## Bảng rộng"], "Bảng rộng"),
    "heading_and_words": ([FIRST, "## Bảng rộng\n\nVài lời."], "Bảng rộng Vài lời."),
    "words_that_announce": ([FIRST, "Chữ.\n\nBảng sau đây:"], "Bảng sau đây:"),
    "over_two_cells": ([FIRST, "# Tên", "", "## Bảng rộng"], "Tên Bảng rộng"),
    "the_last_heading_alone": ([FIRST, "## Khác\n\nChữ.\n\n## Bảng rộng\n\nDưới đây:"], "Bảng rộng Dưới đây:"),
    "words_alone": ([FIRST, "Chữ."], ""),
    "a_long_text": (["## Xa\n\n" + "Chữ.\n\n" * 8], ""),
    "a_list": (["## Xa\n\n- mục"], ""),
}


@pytest.mark.parametrize(("texts", "led"), LED.values(), ids=LED)
def test_what_leads_to_a_landscape_page_stands_on_it(texts, led):
    found = collected(*map(new_markdown_cell, texts), ran(shown(text_html=WIDE)))
    (page,) = nodes(found, "landscape")
    assert " ".join(plain_of(page["c"][:-1]).split()) == led
    assert not led or " ".join(words_of(found).split()).count(led) == 1


def test_a_table_in_parts_is_led_once():
    found = collected(new_markdown_cell("## Bảng rộng"), ran(shown(text_html=WIDE.replace("một", "mộtmột" * 4))))
    assert len(nodes(found, "landscape")) > 1 and len(nodes(found, "h")) == 1


HEADINGS = """# Kết quả: quý II (2014)

## Chi tiết

## Chi tiết

## <a id="rieng"></a>Phần riêng
"""
WAYS_TO = {
    "GitHub": ("#kết-quả-quý-ii-2014", 0),
    "Jupyter": ("#Kết-quả:-quý-II-(2014)", 0),
    "encoded": ("#k%E1%BA%BFt-qu%E1%BA%A3-qu%C3%BD-ii-2014", 0),
    "the first of two": ("#chi-tiết", 1),
    "the second of two": ("#chi-tiết-1", 2),
    "its own name": ("#rieng", 3),
}


@pytest.mark.parametrize(("address", "place"), WAYS_TO.values(), ids=WAYS_TO)
def test_a_link_inside_a_notebook_finds_its_heading(address, place):
    found = collected(new_markdown_cell(f'<a href="{address}">tới</a>'), new_markdown_cell(HEADINGS))
    (link,) = [node for node in nodes(found, "t") if node["t"] == "tới"]
    assert link["to"] == nodes(found, "h")[place]["label"] and "link" not in link


def test_a_link_to_no_heading_is_words_only():
    (link,) = [node for node in nodes(of_markdown("# Một\n\n[tới](#hai) #"), "t") if node["t"] == "tới"]
    assert not {"to", "link"} & set(link)


def jpeg_of(mode: str):
    found = collected(ran(mime({"image/jpeg": picture("JPEG", mode), "text/plain": "x"})))
    return nodes(found, "img")[0]["file"], next(iter(found.files.values())), found.warnings


def test_a_jpeg_in_printing_inks_is_in_screen_colours():
    name, content, warnings = jpeg_of("CMYK")
    shown = Image.open(BytesIO(content)).convert("RGB")
    assert (name.rpartition(".")[2], shown.size, warnings) == ("png", (60, 30), [])
    assert np.abs(np.array(shown.getpixel((30, 15)), int) - (31, 58, 95)).max() <= 4


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_another_jpeg_is_kept_as_it_is(mode):
    name, content, _ = jpeg_of(mode)
    assert (name.rpartition(".")[2], content) == ("jpg", base64.b64decode(picture("JPEG", mode)))


@pytest.mark.parametrize("length", [0, 2, 12, 200])
def test_a_jpeg_that_is_cut_off_is_left_to_the_trial_page(length):
    content = base64.b64decode(picture("JPEG", "CMYK"))[:length]
    assert image(Pieces(), content, "jpg", "x")["file"] == "picture-0.jpg"
