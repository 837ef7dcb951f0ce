"""Write the record of the results files into the method pages: ``method_page.py``.

What stands between the two marks in docs/method.md and docs/method.vi.md comes from peers.csv and truncated.csv alone.
"""

from pathlib import Path

import pandas as pd

RESULTS = Path(__file__).parent / "results"
DOCS = Path(__file__).parents[1] / "docs"
START, END = "<!-- record: made by benchmarks/method_page.py -->\n", "<!-- end of record -->"
SHOWN = [
    ("engine pooled", "both"),
    ("engine alone", "both"),
    ("LightGBM on all indicators", "logit"),
    ("LightGBM on other indicators", "logit"),
    ("statsmodels Theta", "logit"),
    ("persistence", "logit"),
    ("AutoETS", "logit"),
    ("AutoARIMA", "logit"),
    ("dynamic Theta", "raw"),
    ("straight line", "raw"),
    ("Prophet", "raw"),
    ("CAGR rule", "rule"),
]
WORDS = {
    "en": {
        "head": "| forecaster | Brier | CRPS | log | within the 80 % interval | within the 90 % interval | ECE |",
        "short": "With only the last points shown (Brier):",
        "points": "points",
        "engine pooled": "**this engine**",
        "engine alone": "this engine without like series",
        "decimal": ".",
    },
    "vi": {
        "head": "| phương pháp | Brier | CRPS | log | trong khoảng 80% | trong khoảng 90% | ECE |",
        "short": "Khi chỉ có vài kỳ số liệu gần nhất (Brier):",
        "points": "kỳ",
        "engine pooled": "**công cụ này**",
        "engine alone": "công cụ này, không có chuỗi tương tự",
        "decimal": ",",
    },
}


def record(lang: str) -> str:
    """The two tables of one language, as Markdown."""
    words = WORDS[lang]
    table = pd.read_csv(RESULTS / "peers.csv").query("freq == 'all'").set_index(["method", "scale"])
    rows = [words["head"], "| --- " * 7 + "|"]
    for method, scale in SHOWN:
        one = table.loc[(method, scale)]
        numbers = [figure(one[name], digits, words) for name, digits in (("brier", 3), ("crps", 4), ("log", 3))]
        numbers += [share(one[name]) for name in ("cov80", "cov90")] + [figure(one["ece"], 3, words)]
        label = words.get(method, method if scale in ("rule", "both") else f"{method}, {scale}")
        rows.append("| " + " | ".join([label, *numbers]) + " |")
    return "\n".join([*rows, "", words["short"], "", *short(words)]) + "\n"


def short(words: dict) -> list[str]:
    """Brier scores with 2, 3 and 4 points."""
    table = pd.read_csv(RESULTS / "truncated.csv")
    points = sorted(table.history.unique())
    rows = [" | ".join(["| ", *(f"{n} {words['points']}" for n in points)]) + " |", "| --- " * (len(points) + 1) + "|"]
    for method, own in table[table.brier.notna()].groupby("method", sort=False):
        numbers = own.set_index("history").brier.reindex(points)
        rows.append("| " + " | ".join([words.get(method, method), *(figure(number, 3, words) for number in numbers)]) + " |")
    return rows


def figure(number: float, digits: int, words: dict) -> str:
    """A score with its decimals; empty where there is none."""
    return "" if pd.isna(number) else f"{number:.{digits}f}".replace(".", words["decimal"])


def share(number: float) -> str:
    """A coverage in whole per cent."""
    return "" if pd.isna(number) else f"{number:.0%}"


def page(path: Path, lang: str) -> str:
    """The page with the record put in."""
    before, rest = path.read_text(encoding="utf-8").split(START)
    return before + START + "\n" + record(lang) + "\n" + END + rest.split(END)[1]


def pages() -> dict[Path, str]:
    """Both pages as they should be."""
    return {DOCS / name: page(DOCS / name, lang) for name, lang in (("method.md", "en"), ("method.vi.md", "vi"))}


if __name__ == "__main__":
    for where, text in pages().items():
        where.write_text(text, encoding="utf-8")
