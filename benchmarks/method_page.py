"""Write the figures of the results files into the method pages: ``method_page.py``.

What stands between marks in docs/method.md and docs/method.vi.md comes from the files of results/ alone.
"""

import re
import textwrap
from pathlib import Path

import pandas as pd
from page_words import WORDS

RESULTS = Path(__file__).parent / "results"
DOCS = Path(__file__).parents[1] / "docs"
START, END = "<!-- {}: made by benchmarks/method_page.py -->\n", "<!-- end of {} -->"
ENGINE, ALONE, SHIPPED = "engine pooled", "engine alone", "engine pooled, as shipped"
UNITS = ["share", "workbench", "share alone", "hazard alone kappa=1 strength=3 shock=0", "now", "base rate"]
"""Forecasters of k of N that the page shows; the workbench's hazard is the one named in full."""

WIDTH = 128
DIRECT, PARTS = "direct", "parts rho=0.15"
REAL = ("EU", "countries")
"""Groups of whole_from_parts.csv that are real wholes; the others are drawn."""


def read(name: str) -> pd.DataFrame:
    """A table of the results."""
    return pd.read_csv(RESULTS / name)


def record(lang: str) -> str:
    """What the tasks cover, every forecaster, differences, frequencies and short records."""
    words = WORDS[lang]
    parts = [covered(words), peers(words), said("scores", words), stood_in(words), said("differences", words), differences(words)]
    parts += [words["frequencies"], frequencies(words), words["short"], short(words), sure(words)]
    return "\n\n".join(parts) + "\n"


def said(name: str, words: dict, **told) -> str:
    """A text of the page with its figures, in lines of the page's width."""
    parts = local(words[name].format(**told), words).split("\n\n")
    return "\n\n".join(textwrap.fill(part, WIDTH, break_long_words=False, break_on_hyphens=False) for part in parts)


def covered(words: dict) -> str:
    """How many tasks, of which series, within which ranges."""
    table = read("described.csv")
    told = {name: f"{table[name].sum():,}" for name in ("tasks", "asked", "series")}
    told["indicators"] = table.indicator.nunique()
    for name, digits in (("value", 2), ("target", 2), ("years", 0), ("points", 0)):
        told[name] = f"{table[f'{name}_low'].min():.{digits}f}–{table[f'{name}_high'].max():.{digits}f}"
    quarterly = table[(table.freq == "Q") & (table.tasks > 0)]
    told["quarterly"] = quarterly.tasks.sum()
    told["quarterly_kinds"] = ", ".join(f"`{name}`" for name in quarterly.indicator)
    told["regions"] = read("peers_differences.csv").query("group == 'freq=Q'").regions.iloc[0]
    return said("covered", words, **told)


def shown() -> pd.DataFrame:
    """Every forecaster on the scale on which its Brier score is lower, the best first."""
    table = read("peers.csv").query("freq == 'all'").sort_values("brier", kind="stable")
    return table.drop_duplicates("method")


def peers(words: dict) -> str:
    """The table of all forecasters."""
    rows = []
    for one in shown().itertuples():
        numbers = [figure(one.brier, 3), figure(one.crps, 4), figure(one.log, 3), share(one.cov80), share(one.cov90)]
        rows.append([named(one.method, one.scale, words), *numbers, figure(one.ece, 3)])
    return table_of(words["head"], rows, words)


def named(method: str, scale: str, words: dict) -> str:
    """A forecaster's name, with its scale where it has one."""
    label = words["names"].get(method, method)
    return label if scale in ("rule", "both") else f"{label}, {words['scales'][scale]}"


def stood_in(words: dict) -> str:
    """For which forecasters persistence stands in, and how often."""
    some = shown().query("stood_in > 0")
    listed = "; ".join(f"{named(one.method, one.scale, words)}: {one.stood_in:,}" for one in some.itertuples())
    return said("stood_in", words, listed=listed)


def differences(words: dict) -> str:
    """The engine less each peer that it was compared with: all, yearly and quarterly tasks."""
    table = read("peers_differences.csv").set_index(["method", "scale", "score", "group"])
    rows = []
    for method, scale in table.index.droplevel([2, 3]).unique():
        wanted = [("brier", "all", 3), ("crps", "all", 4), ("brier", "freq=Y", 3), ("brier", "freq=Q", 3)]
        found = [(table.loc[(method, scale, score, group)], digits) for score, group, digits in wanted]
        rows.append([named(method, scale, words), *(gap(one, digits, words) for one, digits in found)])
    return table_of(words["differences_head"], rows, words)


def gap(one: pd.Series, digits: int, words: dict) -> str:
    """A difference and the bounds of its resamples."""
    middle, low, high = (f"{one[name]:+.{digits}f}".replace("-", "−") for name in ("difference", "low", "high"))
    return f"{middle} ({low} {words['to']} {high})"


def frequencies(words: dict) -> str:
    """The engine with and without like series on yearly and on quarterly tasks."""
    table = read("peers.csv").set_index(["method", "freq"])
    rows = []
    for freq in ("Y", "Q"):
        for method in (ENGINE, ALONE):
            one = table.loc[(method, freq)]
            numbers = [figure(one.brier, 4), figure(one.log, 3), share(one.cov80), share(one.cov90)]
            rows.append([f"{words['freqs'][freq]} ({one.n:,.0f})", words["names"][method], *numbers])
    return table_of(words["frequencies_head"], rows, words)


def short(words: dict) -> str:
    """Brier score, coverage and width with 2, 3, 4 and all points shown."""
    cut = read("truncated.csv").set_index(["method", "scale", "history"])
    whole = read("peers.csv").query("freq == 'all'").set_index(["method", "scale"])
    width = read("widths.csv").set_index(["method", "history"]).width80
    points = sorted(cut.index.get_level_values("history").unique())
    rows = []
    for score, as_text in (("brier", lambda x: figure(x, 3)), ("cov80", share)):
        for method, scale in ((ENGINE, "both"), (ALONE, "both"), ("persistence", "logit")):
            numbers = [*(cut.loc[(method, scale, n), score] for n in points), whole.loc[(method, scale), score]]
            rows.append([words["measures"][score], named(method, scale, words), *map(as_text, numbers)])
    for method in (ENGINE, ALONE):
        numbers = [*(width[method, n] for n in points), width[method, 0]]
        rows.append([words["measures"]["width80"], words["names"][method], *(figure(x, 3) for x in numbers)])
    return table_of([*words["short_head"], *(f"{n} {words['points']}" for n in points), words["all"]], rows, words)


def sure(words: dict) -> str:
    """How many statements gave more than nine in ten."""
    bins = read("reliability.csv").query(f"method == '{ENGINE}'")
    return said("sure", words, n=bins.query("bin == 9").n.sum(), all=f"{bins.n.sum():,}")


def units(lang: str) -> str:
    """The forecasters of k of N: the task's own target and all N."""
    words, table = WORDS[lang], read("k_of_n.csv").set_index(["kind", "forecaster"])
    rows = []
    for name in UNITS:
        own, all_units = table.loc[("target", name)], table.loc[("all N", name)]
        numbers = [figure(one[score], 4 if score == "brier" else 3) for one in (own, all_units) for score in ("brier", "log")]
        rows.append([words["units"][name], *numbers, share(all_units.mean_p), share(all_units.observed)])
    return table_of(words["units_head"], rows, words) + "\n"


def wholes(lang: str) -> str:
    """How much is gained by adding parts, of what, and how the intervals hold by kind."""
    words, table = WORDS[lang], read("whole_from_parts.csv").set_index(["split", "group", "forecaster"])
    kinds = {name: table.loc["kind"].xs(name, level="forecaster") for name in (DIRECT, PARTS)}
    means = {name: own[["brier", "crps"]].mean() for name, own in kinds.items()}
    sizes = table.loc["parts"].xs(PARTS, level="forecaster").n
    real = int(sizes.reindex(list(REAL)).sum())
    told = {"lost": f"{1 - (means[PARTS] / means[DIRECT]).mean():.0%}", "kinds": len(kinds[PARTS])}
    told |= {"drawn": f"{sizes.sum() - real:,}", "real": real, "all": f"{sizes.sum():,}"}
    for score, numbers in resampled().items():
        below = all(float(number) < 0 for number in numbers)
        told |= {score: " … ".join(numbers).replace("-", "−"), f"{score}_is": words["clear"][below]}
    for short_name, name in (("direct", DIRECT), ("parts", PARTS)):
        told[short_name] = share(table.loc[("all", "all", name)].cov80)
    held = kinds[PARTS].cov80
    told |= {"least": share(held.min()), "most": share(held.max()), "least_kind": held.idxmin(), "most_kind": held.idxmax()}
    return said("wholes", words, **told) + "\n"


def resampled() -> dict[str, list[str]]:
    """The 5, 50 and 95 % points of the gain in Brier score and CRPS, as whole_from_parts.md gives them."""
    text = (RESULTS / "whole_from_parts.md").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("Shipped less direct"))
    numbers = re.findall(r"[+-]\d\.\d+", line)
    return {"brier": numbers[:3], "crps": numbers[3:]}


def table_of(head: list[str], rows: list[list[str]], words: dict) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *([local(cell, words) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def local(text: str, words: dict) -> str:
    """Numbers as the language writes them: Vietnamese has the comma and the point the other way round."""
    swap = {",": ".", ".": ","} if words["decimal"] == "," else {}
    return re.sub(r"(?<=\d)[.,](?=\d)", lambda found: swap.get(found[0], found[0]), text)


def figure(number: float, digits: int) -> str:
    """A score with its decimals; empty where there is none."""
    return "" if pd.isna(number) else f"{number:.{digits}f}"


def share(number: float) -> str:
    """A share in whole per cent."""
    return "" if pd.isna(number) else f"{number:.0%}"


BLOCKS = {"record": record, "units": units, "wholes": wholes}


def page(path: Path, lang: str) -> str:
    """The page with every block put in."""
    text = path.read_text(encoding="utf-8")
    for name, made in BLOCKS.items():
        before, rest = text.split(START.format(name))
        text = before + START.format(name) + "\n" + made(lang) + "\n" + END.format(name) + rest.split(END.format(name))[1]
    return text


def pages() -> dict[Path, str]:
    """Both pages as they should be."""
    return {DOCS / name: page(DOCS / name, lang) for name, lang in (("method.md", "en"), ("method.vi.md", "vi"))}


if __name__ == "__main__":
    for where, text in pages().items():
        where.write_text(text, encoding="utf-8")
