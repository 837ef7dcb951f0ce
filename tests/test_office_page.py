"""The briefing as one page of HTML: it stands alone, is inert, and its heads, tables and pictures say what they are."""

import base64
import itertools
import re
from html.parser import HTMLParser

import pytest
from notebook_blocks import blocks_of_the_notebook

from qnict_analysis import briefing
from qnict_analysis.analysis import analyse
from qnict_analysis.office.page import briefing_page, css_string

LANGS = ("vi", "en")
EMPTY = {"meta", "img", "br", "col", "link", "hr"}
NASTY = '"><script>alert(1)</script><img src="http://x/y" onerror=z> & \\ } </style>'
DOCUMENT = {
    **{"lang": "vi", "title": "Thử", "author": "", "keywords": [], "date": "2014-07-30", "style": "plain", "font": ""},
    **{"mark": "SỐ LIỆU MINH HỌA", "footer": "chân trang", "draft": ""},
}


class Read(HTMLParser):
    """The elements of a page: tag, attributes and the text inside, and whether every one of them is closed in its turn."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[dict] = []
        self.open: list[dict] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        one = {"tag": tag, "attrs": dict(attrs), "text": ""}
        self.found.append(one)
        if tag not in EMPTY:
            self.open.append(one)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop()["tag"] == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        for one in self.open:
            one["text"] += data

    def all(self, *tags: str) -> list[dict]:
        return [one for one in self.found if one["tag"] in tags]


@pytest.fixture(scope="module")
def found():
    return {lang: analyse(as_of="2014Q2", draws=400, lang=lang) for lang in LANGS}


@pytest.fixture(scope="module")
def blocks(found):
    return {lang: [(block.function, block.data) for block in blocks_of_the_notebook(found[lang])] for lang in LANGS}


@pytest.fixture(scope="module")
def pages(blocks):
    return {lang: briefing_page(blocks[lang]) for lang in LANGS}


@pytest.fixture(scope="module")
def read(pages):
    return {lang: Read(pages[lang]) for lang in LANGS}


def page_of(*blocks: tuple[str, dict]) -> Read:
    return Read(briefing_page([("document", DOCUMENT), *blocks]))


def table(*rows: list, titles: tuple = ("A", "B"), alt: str = "") -> dict:
    columns = [{"title": title, "align": "left", "width": 1} for title in titles]
    return {"columns": columns, "rows": list(rows), "caption": "", "note": "", "alt": alt}


def loads(one: dict) -> list[str]:
    """What a browser would fetch for an element by itself."""
    names = ("src", "srcset", "data", "poster", "background") + (
        ("href",) if one["tag"] in ("link", "base", "image", "use") else ()
    )
    return [value for name, value in one["attrs"].items() if name in names]


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_page_fetches_and_runs_nothing(pages, read, lang):
    assert not read[lang].all("script", "link", "iframe", "object", "embed", "base", "form")
    assert {url[:26] for one in read[lang].found for url in loads(one)} == {"data:image/svg+xml;base64,"}
    assert not [name for one in read[lang].found for name in one["attrs"] if name.startswith("on")]
    style = read[lang].all("style")[0]["text"]
    assert "url(" not in style and "@import" not in style
    policy = next(one["attrs"]["content"] for one in read[lang].all("meta") if "http-equiv" in one["attrs"])
    assert policy.startswith("default-src 'none'") and "script-src" not in policy


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_every_picture_and_table_says_what_it_shows(read, blocks, lang):
    pictures = read[lang].all("img")
    drawn = sum(bool(data.get("svg")) + len(data.get("others", [])) for _, data in blocks[lang])
    drawn += sum(piece["kind"] == "figure" for _, data in blocks[lang] for piece in data.get("pieces", []))
    assert len(pictures) == drawn > 18 and all(len(one["attrs"]["alt"]) > 20 for one in pictures)
    assert all(base64.b64decode(one["attrs"]["src"].split(",")[1]).startswith(b"<?xml") for one in pictures)
    assert not read[lang].all("svg")
    columns = [one for one in read[lang].all("th") if one["attrs"].get("scope") == "col"]
    assert len(columns) > 50 and all(one["text"] for one in columns)
    assert len([one for one in read[lang].all("th") if one["attrs"].get("scope") == "row"]) > 100


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_heads_descend_by_one_and_contents_lead_to_them(read, found, lang):
    page = read[lang]
    assert not page.open and page.all("html")[0]["attrs"]["lang"] == lang
    levels = [int(one["tag"][1]) for one in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    ids = [one["attrs"]["id"] for one in page.found if "id" in one["attrs"]]
    links = [one["attrs"]["href"] for one in page.all("a")]
    assert len(ids) == len(set(ids)) and {link for link in links if link.startswith("#")} <= {f"#{name}" for name in ids}
    assert [link for link in links if link.startswith("#annex-")] == [f"#annex-{n + 1}" for n in range(len(briefing.ANNEXES))]
    assert len([link for link in links if link.startswith("#target-")]) == 2 * len(briefing.facts_in(found[lang]))


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_page_holds_the_numbers_of_the_targets_and_where_they_come_from(read, blocks, found, lang):
    text, settings = read[lang].all("body")[0]["text"], dict(blocks[lang])["document"]
    for fact in briefing.facts_in(found[lang]):
        for shown in (fact.id, fact.now, fact.goal, fact.chance, fact.interval, fact.gap, fact.label):
            assert shown in text, (fact.id, shown)
    foot = read[lang].all("footer")[-1]["text"]
    assert settings["footer"] in foot and settings["mark"] in foot and settings["mark"] in text[:80]


@pytest.mark.slow
def test_wide_table_is_printed_across_and_becomes_cards_on_a_phone(read, pages):
    across = [one for one in read["vi"].all("section") if "across" in one["attrs"].get("class", "")]
    assert "Bảng các chỉ tiêu" in across[0]["text"]
    style = pages["vi"].split("<style>")[1].split("</style>")[0]
    assert re.search(r"@page across \{[^}]*landscape", style) and re.search(r"\.across \{ page: across", style)
    assert "@media print" in style and "@media (max-width" in style
    cells = [one for one in read["vi"].all("td") if one["attrs"].get("role") == "cell"]
    assert len(cells) > 100 and all(one["attrs"]["data-head"] for one in cells)


@pytest.mark.slow
def test_same_blocks_same_page(blocks, pages):
    assert briefing_page(blocks["vi"]) == pages["vi"]


def test_text_never_becomes_markup():
    piece = {"kind": "table", **table([NASTY, {"status": NASTY, "label": NASTY}], titles=(NASTY, NASTY), alt=NASTY)}
    content = {"annex": NASTY, "title": NASTY, "flipped": False, "pieces": [piece]}
    text = briefing_page([("document", {**DOCUMENT, "title": NASTY, "mark": NASTY, "footer": NASTY}), ("annex-page", content)])
    page = Read(text)
    assert not page.open and not page.all("script", "img") and len(page.all("style")) == 1
    assert page.all("td")[0]["attrs"]["data-head"] == NASTY and page.all("table")[0]["attrs"]["aria-label"] == NASTY
    assert page.all("th")[1]["text"] == NASTY


def test_css_string_cannot_be_left():
    quoted = css_string('a"; } </style>\n\\ é_1%')
    assert quoted[0] == quoted[-1] == '"' and not set(quoted[1:-1]) & set('"<>\n}')
    assert re.sub(r"\\([0-9a-f]+) ", lambda code: chr(int(code[1], 16)), quoted[1:-1]) == 'a"; } </style>\n\\ é_1%'


def test_script_inside_a_chart_stays_in_the_picture():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><script>alert(1)</script></svg>'
    page = page_of(("figure", {"svg": svg, "alt": "một hình", "caption": "Hình"}))
    assert not page.all("script", "svg") and page.all("img")[0]["attrs"]["alt"] == "một hình"


def test_names_are_not_squeezed_and_figures_not_broken():
    columns = [{"title": "Mã", "align": "left", "width": 0}, {"title": "Tên", "align": "left", "width": 3}]
    columns += [{"title": title, "align": "right", "width": 1.5} for title in ("Nay", "Đích")]
    rows = [["T1", "tên dài", "41,5%", "> 90% (31/34 cơ quan)"]]
    page = page_of(("table", {"columns": columns, "rows": rows, "caption": "", "note": "", "alt": ""}))
    assert [one["attrs"].get("style", "") for one in page.all("col")] == ["", "width:50%", "width:25%", "width:25%"]
    assert [one["attrs"]["class"] for one in page.all("td")] == ["left", "right", "right wrap"]


def test_nothing_but_a_briefing_becomes_a_page():
    with pytest.raises(ValueError, match="no document block among the outputs"):
        briefing_page([("prose", {"paragraphs": []})])
    with pytest.raises(ValueError, match="no HTML for the block 'unheard'; known: report, overview"):
        page_of(("unheard", {}))
