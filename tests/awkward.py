"""Notebooks that are hard to print, each with the words that its PDF must hold and the warnings that it must give.

Outputs are made by hand, so that no kernel is needed.
"""

import base64
import json
import unicodedata
from dataclasses import dataclass, field
from io import BytesIO

import nbformat
import numpy as np
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><rect width="120" height="40" fill="#2b7bba"/>{}</svg>'
SVG_TEXT = '<text x="10" y="25" font-family="DejaVu Sans" font-size="12">Biểu đồ</text>'
HOSTILE = (
    '#read("/etc/passwd") #panic() <script>alert(1)</script> $x @ref ] [ `tick` */ /* // *đậm* _nghiêng_ \\ '
    '#import "a.typ": * ~ <lbl>'
)
PRINTED = [f"dòng {number}: giá trị {number * 37 % 1009}" for number in range(5000)]


@dataclass(frozen=True)
class Case:
    """A notebook, the words that its PDF must hold, those that it must not, and what its warnings say (each at least once)."""

    notebook: dict
    holds: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()
    pages: tuple[int, int] = (1, 2)
    settings: dict = field(default_factory=dict)


def made(*cells) -> dict:
    return new_notebook(cells=list(cells))


def ran(*outputs, source: str = "1", tags=()):
    metadata = {"tags": list(tags)} if tags else {}
    return new_code_cell(source, outputs=list(outputs), execution_count=1, metadata=metadata)


def shown(metadata: dict | None = None, **data):
    bundle = {name.replace("__", "+").replace("_", "/", 1): value for name, value in data.items()}
    return new_output("display_data", data=bundle, metadata=metadata or {})


def mime(data: dict):
    return new_output("display_data", data=data)


def printed(text: str, name: str = "stdout"):
    return new_output("stream", name=name, text=text)


def picture(kind: str, mode: str = "RGB") -> str:
    """A small real picture as base64."""
    from PIL import Image

    stream = BytesIO()
    Image.new("RGB", (60, 30), (31, 58, 95)).convert(mode).save(stream, kind)
    return base64.b64encode(stream.getvalue()).decode()


MARKDOWN = r"""# Kết quả quý II

Chữ **đậm**, *nghiêng*, ~~gạch~~, `mã lệnh` và chú thích[^1]; giá từ $5 đến $6, công thức $x^2 + \alpha_i$.

$$
\sigma^2
= \frac{1}{n} \sum_{i=1}^n (x_i - \bar x)^2
- 1 \label{eq:var}
$$

\begin{align}
a &= b + c \\
d &= \begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases} \tag{7}
\end{align}

- | bảng | trong mục |
  |------|-----------|
  | hàng | ô cuối    |

- [x] việc xong
- [ ] việc còn lại
- mục có con
    1. con thứ nhất
    2. con thứ hai
       - cháu

| đơn vị | tỷ lệ |
|:-------|------:|
| Lý Sơn | 70,5% |
| Ba Tơ  |

> lời trích có $y$

```python
price = "$5"  # không phải $công thức$
```

Từ điển
: định nghĩa của từ

#### Mục nhảy cấp

Hết phần <b>chữ HTML</b> và H<sub>2</sub>O<br>xuống dòng <span style="color:#c2410c">màu cam</span>.

<table><tr><th>ngoài</th><td>
<table><tr><td>trong một</td><td>trong hai</td></tr></table>
</td></tr></table>

<details><summary>Xem thêm</summary>phần gấp lại</details>

<center>giữa trang</center>

Lại [về đầu](#Kết-quả-quý-II).

[^1]: Lời chú thích *cuối trang*.
"""


def markdown() -> Case:
    holds = (
        "Kết quả quý II",
        "giá từ $5 đến $6",
        "𝑥2",
        "Lời chú thích cuối trang",
        "việc xong",
        "con thứ hai",
        "cháu",
        "70,5%",
        "Ba Tơ",
    )
    holds += (
        "lời trích",
        'price = "$5"  # không phải $công thức$',
        "định nghĩa của từ",
        "Mục nhảy cấp",
        "chữ HTML",
        "H2O",
        "màu cam",
    )
    holds += (
        "ô cuối",
        "về đầu",
        "ngoài",
        "trong một",
        "trong hai",
        "Xem thêm",
        "phần gấp lại",
        "giữa trang",
        "𝜎2",
        "otherwise",
        "☒",
        "☐",
        "(7)",
    )
    return Case(made(new_markdown_cell(MARKDOWN)), holds, lacks=("<b>", "\\begin", "label", "[^1]", "|---"))


def frames() -> Case:
    index = pd.MultiIndex.from_product([["Quảng Ngãi", "Bình Định"], [2013, 2014]], names=["tỉnh", "năm"])
    columns = pd.MultiIndex.from_product([["một cửa", "trực tuyến"], ["số", "tỷ lệ"]])
    table = pd.DataFrame(np.arange(16).reshape(4, 4) * 1234.5, index=index, columns=columns)
    plain = pd.DataFrame({"tên": ["An", "Bình"], "điểm": [1.5, np.nan]})
    bars = pd.DataFrame({"a": [-3.0, 2.0, 5.0], "b": [1, 2, 3]}, index=["x", "y", "z"])
    styler = (
        bars.style.bar(align="zero", color=["#d65f5f", "#5fba7d"]).set_caption("Bảng có thanh").background_gradient(subset=["b"])
    )
    styler = styler.map(lambda value: "font-weight:bold;color:white;background-color:#7f1d1d" if value < 0 else "").format(
        "{:.1f}"
    )
    outputs = [mime({"text/html": one._repr_html_(), "text/plain": repr(one)}) for one in (plain, table, styler, table.style)]
    holds = (
        "tên",
        "Bình",
        "1.5",
        "NaN",
        "Quảng Ngãi",
        "2013",
        "một cửa",
        "trực tuyến",
        "18517.5",
        "Bảng có thanh",
        "-3.0",
        "5.0",
    )
    return Case(made(ran(*outputs)), holds, lacks=("#T_", "vertical-align"))


def wide() -> Case:
    table = pd.DataFrame(np.arange(24 * 6).reshape(6, 24) + 123456.25, columns=[f"chỉ tiêu {n}" for n in range(24)])
    words = pd.DataFrame({f"cột {n}": ["một đoạn văn khá dài để phải xuống dòng " * 2] for n in range(10)})
    outputs = [mime({"text/html": one._repr_html_(), "text/plain": repr(one)}) for one in (table, words)]
    holds = ("chỉ tiêu 0", "chỉ tiêu 23", "123456.25", "123599.25", "cột 9", "một đoạn văn khá dài để phải xuống dòng")
    return Case(made(new_markdown_cell("# Bảng rộng"), ran(*outputs)), holds, pages=(3, 6))


def long_lines() -> Case:
    word, code = "khôngcódấucách" * 30, "x" * 400 + "END"
    cells = [
        new_markdown_cell(
            f"# Dòng dài\n\n{word}\n\n    {code}\n\n`{code}`\n\n[{word}](https://example.org/{code})\n\n$$ {'a + ' * 90} z $$"
        )
    ]
    cells += [
        ran(
            printed(code + "\n"),
            shown(text_plain="từ " * 300),
            shown(text_html=f"<table><tr><td>{code}</td><td>{word}</td></tr></table>"),
        )
    ]
    return Case(made(*cells), (word, code, "từ " * 300))


def pictures() -> Case:
    outputs = [
        mime({f"image/{kind}": picture(kind.upper()), "text/plain": f"<Figure {kind}>"})
        for kind in ("png", "jpeg", "gif", "webp")
    ]
    outputs += [mime({"image/svg+xml": SVG.format(SVG_TEXT), "text/plain": "<Figure svg>"})]
    outputs += [mime({"image/jpeg": picture("JPEG", "CMYK"), "text/plain": "<Figure inks>"})]
    data = f'<img alt="nhúng" width="40" src="data:image/png;base64,{picture("PNG")}"><p>{SVG.format("")}</p>'
    attached = new_markdown_cell("# Hình\n\nTrước ![đính kèm](attachment:a%20b.png) sau.\n\n![thiếu](attachment:none.png)")
    attached["attachments"] = {"a b.png": {"image/png": picture("PNG")}}
    return Case(
        made(attached, ran(*outputs, shown(text_html=data))), ("Trước", "sau.", "Biểu đồ"), warns=("attachment:none.png",)
    )


def troubles() -> Case:
    trace = ["\x1b[31m-----------\x1b[39m", "\x1b[31mZeroDivisionError\x1b[39m  Traceback (most recent call last)"]
    trace += ["Cell \x1b[32mIn[3]\x1b[39m, line 1\n\x1b[32m----> 1\x1b[39m \x1b[32;1m1\x1b[39;22m/\x1b[38;5;241m0\x1b[39m"]
    trace += ["    indented by four", "\x1b[31mZeroDivisionError\x1b[39m: division by zero"]
    error = new_output("error", ename="ZeroDivisionError", evalue="division by zero", traceback=trace)
    bare = new_output("error", ename="KeyError", evalue="'không có'", traceback=[])
    bars = printed("  1%|          |\r 50%|#####     |\r100%|##########| 9/9\n", "stderr")
    link = printed("\x1b]8;;https://example.org\x07nơi đến\x1b]8;;\x07 \x1b[2K\x1b[1;31mđỏ\x1b[0m \x1b[?25l\x00\x08\n")
    cells = [ran(printed("a\n"), printed("b\n"), printed("UserWarning: cẩn thận\n", "stderr"), bars, link, error, bare)]
    holds = (
        "ZeroDivisionError: division by zero",
        "----> 1 1/0",
        "UserWarning: cẩn thận",
        "100%|##########| 9/9",
        "nơi đến",
        "đỏ",
        "không có",
    )
    return Case(made(new_markdown_cell("# Lỗi"), *cells), holds, lacks=("\x1b", "[31m", " 50%|", "8;;"))


TABULAR = r"""\begin{table}\caption{Kết quả hồi quy}
\begin{tabular}{lr} \toprule biến & hệ số \\ \midrule $\beta_1$ & 0.75 \\ hằng số & 1.20 \\ \bottomrule \end{tabular}
\end{table} \mystery{giữ lại} \input{/etc/passwd}"""

MATHML = """<p><math><mi>z</mi><mo>≥</mo><mi>π</mi></math>, <math><mi>w</mi><mfoo/><mfrac><mn>3</mn><mn>4</mn></mfrac></math>
và <math><mfrac><mn>7</mn><mn>8</mn><mn>9</mn></mfrac></math></p>"""


def latex() -> Case:
    outputs = [
        shown(text_latex=text, text_plain="x")
        for text in (r"$\displaystyle \frac{a}{b}$", r"\begin{align*}u &= v\end{align*}", TABULAR)
    ]
    outputs += [shown(text_html=MATHML)]
    macros = r"$$\newcommand{\RR}{\mathbb{R}} \RR$$ and $f: \RR \to \RR$"
    bad = r"Sai: $\frac{1}{$ và $\khongco{z}$ và $$\begin{matrix} 1 & 2$$ hết."
    holds = (
        "Kết quả hồi quy",
        "hệ số",
        "0.75",
        "hằng số",
        "giữ lại",
        "𝑢 = 𝑣",
        r"\frac{1}{",
        r"\khongco{z}",
        r"\begin{matrix} 1 & 2",
        "hết.",
        "ℝ",
        "𝑧 ≥ 𝜋",
        "w 3/4",
        "7 8 9",
    )
    return Case(
        made(new_markdown_cell("# LaTeX\n\n" + macros + "\n\n" + bad), ran(*outputs)),
        holds,
        ("root:", "newcommand"),
        ("its TeX", "mystery", "MathML.*w 3/4", "MathML.*7 8 9"),
    )


def letters() -> Case:
    text = "# Chữ lạ 漢字\n\nVui 😀👍🏽 và ⚠️, 한국어, ไทย, عربي, Ελληνικά; riêng \ue123 và không\u200bgian."
    text += "\n\nNgược \u202etxt.exe\u202c hết. " + unicodedata.normalize("NFD", "Chữ rời: Số liệu Quảng Ngãi ở đơn vị.")
    outputs = [
        printed("in ra 日本 ✓\n"),
        shown(text_html="<table><tr><td>中</td><td>1</td></tr></table>"),
        shown(text_latex="$\\text{漢}$"),
    ]
    holds = (
        "Chữ lạ [U+6F22 U+5B57]",
        "[thumbs up sign]",
        "[U+65E5 U+672C]",
        "[U+4E2D]",
        "Ελληνικά",
        "⚠",
        "✓",
        "riêng",
        "[U+E123]",
        "Ngược [U+202E]txt.exe[U+202C] hết.",
        "Chữ rời: Số liệu Quảng Ngãi ở đơn vị.",
    )
    return Case(made(new_markdown_cell(text), ran(*outputs)), holds, lacks=("漢",), warns=("fonts lack 16 letters", "TeX"))


def far_away() -> Case:
    text = (
        "# Hình xa\n\n![sơ đồ](https://example.org/a.png) <img src='//example.org/b.png' alt='hai'> "
        "![](file:///etc/passwd) ![x](../../etc/c.png)"
    )
    page = (
        '<iframe src="https://example.org/map"></iframe><video src="http://example.org/v.mp4"></video>'
        "<link rel=stylesheet href=http://a.b/c>"
    )
    drawing = SVG.format(
        '<image href="https://example.org/d.png" width="9" height="9"/><image href="/etc/passwd" width="9" height="9"/>'
    )
    outputs = [shown(text_html=page), mime({"image/svg+xml": drawing, "text/plain": "drawing"})]
    holds = (
        "sơ đồ",
        "https://example.org/a.png",
        "//example.org/b.png",
        "file:///etc/passwd",
        "https://example.org/map",
        "../../etc/c.png",
    )
    return Case(
        made(new_markdown_cell(text), ran(*outputs)),
        holds,
        lacks=("root:",),
        warns=("example.org/a.png", "example.org/d.png", r"\.\./\.\./etc"),
    )


def hostile() -> Case:
    markdown = "# Lành\n\n" + HOSTILE.replace("<", "&lt;").replace("`", "\\`").replace("*", "\\*").replace("_", "\\_").replace(
        "$", "\\$"
    )
    fences = (
        '```{=typst}\n#read("/etc/passwd")\n```\n\n[chữ]{typst:text:fill="#panic()"} `#eval("1")`{=typst}\n\n'
        '$#read("/etc/passwd")$'
    )
    table = pd.DataFrame({HOSTILE: [HOSTILE]}).to_html()
    typst = mime({"text/vnd.typst": '#read("/etc/passwd")', "text/plain": "<typst>"})
    outputs = [
        printed(HOSTILE),
        shown(text_plain=HOSTILE),
        shown(text_html=table),
        typst,
        mime({"text/vnd.typst": '#panic("alone")'}),
    ]
    outputs += [
        mime({"image/png": picture("PNG"), "text/plain": HOSTILE}),
        mime({HOSTILE: HOSTILE}),
        shown(text_html="<b onclick=x()>đậm</b>"),
    ]
    outputs += [new_output("error", ename=HOSTILE, evalue=HOSTILE, traceback=[])]
    holds = (HOSTILE.replace("\\ ", "\\ "), '#read("/etc/passwd")', '#panic("alone")', '#eval("1")', "[chữ]")
    return Case(
        made(new_markdown_cell(markdown), new_markdown_cell(fences), ran(*outputs)), holds, lacks=("root:",), warns=("Typst",)
    )


def empty() -> Case:
    return Case(made(), ("empty", "shows nothing"))


def raw_only() -> Case:
    cells = [
        new_raw_cell("chữ thô\n  thụt vào"),
        new_raw_cell("<b>html</b>", metadata={"raw_mimetype": "text/html"}),
        new_markdown_cell(""),
    ]
    return Case(made(*cells), ("raw_only", "chữ thô", "thụt vào", "<b>html</b>"))


def unrun() -> Case:
    cells = [new_code_cell("secret()"), new_code_cell(""), new_markdown_cell("## Chỉ có phần này")]
    return Case(made(*cells), ("Chỉ có phần này", "1"), lacks=("secret",), warns=("not been run",))


def version_three() -> Case:
    heading = {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["Sổ tay cũ"]}
    output = {
        "output_type": "pyout",
        "prompt_number": 1,
        "metadata": {},
        "text": ["kết quả ", "cũ"],
        "html": ["<i>kết quả</i> ", "cũ"],
    }
    error = {"output_type": "pyerr", "ename": "E", "evalue": "hỏng", "traceback": ["E: hỏng"]}
    stream = {"output_type": "stream", "stream": "stdout", "text": ["in ", "ra"]}
    code = {
        "cell_type": "code",
        "language": "python",
        "collapsed": False,
        "input": ["1"],
        "metadata": {},
        "outputs": [output, stream, error],
    }
    old = {
        "metadata": {"name": "cũ"},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": [heading, code], "metadata": {}}],
    }
    return Case(nbformat.reads(json.dumps(old), as_version=4), ("Sổ tay cũ", "kết quả cũ", "in ra", "E: hỏng"))


def version_four_zero() -> Case:
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/html": ["<p>nhiều</p>", "<p>dòng</p>"], "text/plain": ["x"]},
    }
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "source": ["1"], "outputs": [output]}
    old = {"metadata": {}, "nbformat": 4, "nbformat_minor": 0, "cells": [cell]}
    return Case(nbformat.reads(json.dumps(old), as_version=4), ("nhiều", "dòng"))


def interactive() -> Case:
    widget = {
        "application/vnd.jupyter.widget-view+json": {"model_id": "1", "version_major": 2},
        "text/plain": "HTML(value='<b>đậm</b>')",
    }
    plotly = {"application/vnd.plotly.v1+json": {"data": [{"y": [1, 2]}]}, "text/html": "<div id=a></div><script>draw()</script>"}
    vega = {"application/vnd.vegalite.v5+json": {"mark": "bar"}, "text/plain": "<VegaLite 5 object>"}
    drawn = {"application/vnd.plotly.v1+json": {}, "text/html": "<script>x</script>", "image/png": picture("PNG")}
    script = {"application/javascript": "alert(1)", "text/plain": "<Javascript object>"}
    beside = {"application/json": {"khóa": [1, 2]}, "text/plain": "<IPython.core.display.JSON object>"}
    outputs = [mime(one) for one in (widget, plotly, vega, drawn, script, beside, {"application/x-odd": "lạ kỳ"})]
    holds = ("Interactive element, not in print", '"y"', "<VegaLite 5 object>", "<Javascript object>", "khóa", "lạ kỳ")
    return Case(
        made(new_markdown_cell("# Tương tác"), ran(*outputs)),
        holds,
        lacks=("draw()", "<b>", "JSON object"),
        warns=("widget", "plotly", "vega", "javascript"),
    )


def endless() -> Case:
    rows = "".join(f"<tr><td>hàng {number}</td><td>{number}</td></tr>" for number in range(1200))
    cells = [new_markdown_cell("# Kết quả rất dài"), ran(printed("\n".join(PRINTED)), shown(text_html=f"<table>{rows}</table>"))]
    holds = (PRINTED[0], PRINTED[399], PRINTED[-1], "4500", "5000", "hàng 0", "hàng 1199")
    return Case(made(*cells), holds, lacks=(PRINTED[2500], "hàng 600"), warns=("4500.*5000", "700.*1200"), pages=(15, 40))


def broken() -> Case:
    whole = base64.b64decode(picture("PNG"))
    halves = [base64.b64encode(content).decode() for content in (whole[:40], b"no picture")]
    outputs = [
        mime({"image/png": text, "text/plain": f"<Figure {place}>"}) for place, text in enumerate([*halves, "@@not base64@@", ""])
    ]
    outputs += [
        mime({"image/svg+xml": "<svg><unclosed", "text/plain": "<Figure svg>"}),
        mime({"image/png": picture("PNG"), "text/plain": "fine"}),
    ]
    nested = "<div>" * 3000 + "sâu thẳm" + "</div>" * 3000
    odd = (
        "<table><tr><td rowspan=9999 colspan=3>góc<td>hở<tr><td colspan=x>lẻ</table><table></table><ul>chữ<li>mục</ul><b><p>khối"
    )
    cells = [new_markdown_cell("# Hỏng"), ran(*outputs, shown(text_html=nested, text_plain="sâu dạng chữ"), shown(text_html=odd))]
    holds = ("<Figure 0>", "<Figure 1>", "<Figure 2>", "<Figure 3>", "<Figure svg>", "sâu", "góc", "hở", "lẻ", "mục", "khối")
    return Case(made(*cells), holds, warns=("PNG|png", "SVG|svg"))


def parameters() -> Case:
    first = ran(source='as_of = "2014Q2"\nseed: int = 2015\nfolder = Path("a")', tags=["parameters"])
    given = ran(source='as_of = "2013Q4"', tags=["injected-parameters"])
    notebook = made(
        first,
        given,
        new_markdown_cell("# Có tham số\n\nđược tính đến hết quý ạ ơ ư"),
        ran(printed("kết quả"), source="chay_ma()"),
    )
    notebook["metadata"]["papermill"] = {"parameters": {"as_of": "2013Q4"}}
    return Case(
        notebook, ("Tham số", "as_of", "2013Q4", "2015", "Path('a')", "tính đến 2013Q4", "sha256"), lacks=("2014Q2", "chay_ma")
    )


def code_shown() -> Case:
    cells = [
        ran(printed("ra"), source="def f(x):\n    return x  # chú giải"),
        ran(printed("hai"), source="an_di()", tags=["hide-input"]),
    ]
    cells += [ran(printed("không in"), source="thay()", tags=["remove-output"])]
    holds = ("def f(x):", "return x  # chú giải", "ra", "hai", "thay()")
    return Case(made(new_markdown_cell("# Mã"), *cells), holds, lacks=("an_di", "không in"), settings={"show_code": True})


CASES = {
    case.__name__: case
    for case in (
        *(markdown, frames, wide, long_lines, pictures, troubles, latex, letters, far_away, hostile, empty, raw_only, unrun),
        *(version_three, version_four_zero, interactive, endless, broken, parameters, code_shown),
    )
}
"""How each awkward notebook is made."""
