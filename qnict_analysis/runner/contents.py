"""The files of a run folder that are made from an analysis or an executed notebook: tables, charts, PDFs."""

import datetime as dt
import json
import re
from importlib.metadata import version
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd

from qnict_analysis.document import MIME, mark_of, read_block
from qnict_analysis.store import write_atomically
from qnict_analysis.words import COLOURS

TABLES, CHARTS = "tables", "charts"
FORECASTS = "forecasts"
MARK_PT = 12
"""Height of the line below a chart that holds its mark."""

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


def write_tables(folder: Path, parameters: dict) -> None:
    """Write tables/*.csv of the analysis with these parameters, and tables.xlsx that holds them all."""
    from qnict_analysis import briefing, ledger, wording
    from qnict_analysis.analysis import analyse
    from qnict_analysis.office.workbook import tables_workbook

    a = analyse(**parameters)
    tables = {
        "assessment": a.assessment,
        "indicators": a.indicators,
        "series": a.series,
        "draws": draws_summary(a.draws),
        "targets_met": targets_met(a.joint),
        "pace": a.pace,
        FORECASTS: ledger.forecast_rows(a),
    } | planned(a)
    for name, table in tables.items():
        write_table(folder / TABLES / f"{name}.csv", table)
    about_run = about(a.params, a.as_of, data=briefing.fingerprint(a.observations), levers=briefing.levers_set(a.params))
    mark = {lang: text.BLOCKS["mark"] for lang, text in wording.speech.TEXT.items()} if a.illustrative else None
    kinds = {indicator.id: indicator.kind for indicator in a.registry.indicators.values()}
    names = {target.id: target.short for target in a.registry.targets.values()}
    content = tables_workbook(folder / TABLES, about_run, mark=mark, kinds=kinds, names=names)
    write_atomically(folder / f"{TABLES}.xlsx", content)


def planned(a) -> dict[str, pd.DataFrame]:
    """What scenarios change and what targets at risk would need, as tables."""
    from qnict_analysis.analysis import usable_scenarios
    from qnict_analysis.briefing import scenario_pages
    from qnict_analysis.planning import goal_table, side_by_side

    planner = scenario_pages.planner_of(a)
    specs = usable_scenarios(a.workspace, a.registry)[0]
    found = {"scenarios": side_by_side(planner, specs), "goals": goal_table(scenario_pages.goals_of(a, planner))}
    return {name: table.assign(status=scenario_pages.rests_on(a)) for name, table in found.items()}


def about(params, known, *, data: str, levers: list[str]) -> dict[str, str]:
    """What a run is, for the first sheet of its workbook: label in both languages to text."""
    return {
        "Thời điểm số liệu · As-of": f"{known.label} (≤ {known.cutoff.isoformat()})",
        "Kịch bản · Scenario": " + ".join([params.scenario, *levers]),
        "Số lần mô phỏng · Draws": str(params.draws),
        "Hạt giống ngẫu nhiên · Random seed": str(params.seed),
        "Mã số liệu · Data": data,
        "qnict": version("qnict-analysis"),
    }


def keep_forecasts(ws, folder: Path) -> None:
    """Add what a complete run says of the future to the ledger, under today's date."""
    from qnict_analysis import ledger

    # As text: numbers must be entered just as the run's table spells them.
    rows = pd.read_csv(folder / TABLES / f"{FORECASTS}.csv", dtype=str, keep_default_na=False)
    ledger.keep(ws, rows, today=dt.date.today())


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table as CSV: numbers in the shortest form that reads back as the same number, the same bytes on every system."""
    write_atomically(path, table.to_csv(index=False, lineterminator="\n").encode())


def draws_summary(draws: pd.DataFrame) -> pd.DataFrame:
    """Mean and quantiles of the draws, one row an indicator and period."""
    quantiles = draws.quantile(list(QUANTILES)).T
    quantiles.columns = [f"q{1000 * level:03.0f}" for level in QUANTILES]
    return pd.concat([draws.mean().rename("mean"), quantiles], axis=1).rename_axis(["indicator", "period"]).reset_index()


def targets_met(joint: pd.Series) -> pd.DataFrame:
    """The chance of each number of targets met, as a table."""
    return joint.rename_axis("targets_met").rename("probability").reset_index()


def write_briefing(notebook: Path, pdf: Path) -> None:
    """Write the briefing of an executed notebook as PDF and, beside it, as one page of HTML and as a Word document."""
    import nbformat

    from qnict_analysis.exporter import notebook_to_pdf
    from qnict_analysis.office.page import briefing_page
    from qnict_analysis.office.word import briefing_docx

    executed = nbformat.read(notebook, as_version=4)
    write_atomically(pdf, notebook_to_pdf(executed, name=pdf.stem)[0])
    blocks = blocks_in(executed)
    write_atomically(pdf.with_suffix(".html"), briefing_page(blocks).encode())
    write_atomically(pdf.with_suffix(".docx"), briefing_docx(blocks))


def draft_marks(folder: Path) -> list[tuple[str, str]]:
    """The briefings of a run that bear a draft mark: file name, and the mark with its reasons."""
    found = []
    for notebook in sorted((folder / "notebooks").glob("05_briefing-*.ipynb")):
        blocks = blocks_in(json.loads(notebook.read_text(encoding="utf-8")))
        words = next((data["draft"] for function, data in blocks if function == "document"), "")
        found += [(f"{notebook.stem.removeprefix('05_')}.pdf", words)] if words else []
    return found


def write_charts(notebook: Path, folder: Path) -> None:
    """Write charts/*.svg: the pictures that an executed notebook shows, named after it and after what they show, each with the
    mark of its figures on it."""
    executed = json.loads(notebook.read_text(encoding="utf-8"))
    mark = mark_of([output for cell in executed["cells"] for output in cell.get("outputs", [])])
    for name, svg in charts_in(executed):
        write_atomically(folder / CHARTS / f"{notebook.stem}-{name}.svg", (marked(svg, mark) if mark else svg).encode())


def marked(svg: str, words: str) -> str:
    """A chart of ours with words in a line below it."""
    size = re.search(r'height="([\d.]+)pt" viewBox="([\d.-]+) ([\d.-]+) ([\d.]+) ([\d.]+)"', svg)
    left, bottom = float(size[2]), float(size[3]) + float(size[5])
    tall = float(size[5]) + MARK_PT
    grown = f'height="{float(size[1]) + MARK_PT:g}pt" viewBox="{size[2]} {size[3]} {size[4]} {tall:g}"'
    style = f'font-family="sans-serif" font-weight="bold" font-size="7" fill="{COLOURS["unlikely"]}"'
    line = f'<text x="{left + 3:g}" y="{bottom + MARK_PT - 4:g}" {style}>{escape(words)}</text>\n</svg>'
    return svg.rpartition("</svg>")[0].replace(size[0], grown, 1) + line


def charts_in(notebook: dict) -> list[tuple[str, str]]:
    """Name and SVG of each chart among our blocks in the outputs of a notebook; a chart without an id gets its number."""
    content = [data for _, data in blocks_in(notebook) if data.get("svg")]
    return [(data.get("id") or f"{number:02d}", data["svg"]) for number, data in enumerate(content, start=1)]


def blocks_in(notebook: dict) -> list[tuple[str, dict]]:
    """Function and content of each of our blocks in the outputs of a notebook, in their order."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    blocks = [read_block("".join(output["data"].get(MIME, "")), output["metadata"]) for output in outputs if "data" in output]
    return [block for block in blocks if block]
