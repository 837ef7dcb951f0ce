"""Each notebook opens in JupyterLab, runs from top to bottom in a real browser, and shows no error."""

import json
import re
from pathlib import Path

import nbformat
import pypdfium2
import pytest
from playwright.sync_api import expect

from qnict_analysis.params import load_scenario, scenario_faults
from qnict_analysis.registry import load_registry
from qnict_analysis.workspace import Workspace

NOTEBOOKS = sorted(path.name for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
IDLE = """() => window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel?.status === 'idle'"""
ALL_RUN = """() => {
    const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
    for (let i = 0; i < cells.length; i++)
        if (cells.get(i).type === 'code' && cells.get(i).executionCount === null) return false;
    return true;
}"""

T12 = "T12 Một cửa điện tử cấp huyện"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def run_all(page, lab, name: str) -> None:
    """Open a notebook and run it from top to bottom."""
    base, token, *_ = lab
    page.set_default_timeout(90_000)
    place = f"lab/workspaces/{name.removesuffix('.ipynb')}/tree/{name}"  # a workspace of its own: no tabs of other tests
    page.goto(f"{base}/{place}?token={token}", wait_until="domcontentloaded")
    page.locator("#jupyterlab-splash").wait_for(state="detached")
    page.locator(".jp-NotebookPanel").wait_for()
    page.wait_for_function(IDLE)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(ALL_RUN)
    page.wait_for_function(IDLE)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_runs_in_jupyterlab(page, lab, name):
    run_all(page, lab, name)
    expect(page.locator("[data-mime-type='application/vnd.jupyter.error']")).to_have_count(0)
    expect(page.locator(".jp-OutputArea-output").first).to_be_visible()
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.evaluate("window.jupyterapp.commands.execute('notebook:shutdown-kernel')")
    saved = json.loads((lab[2] / name).read_text(encoding="utf-8"))
    outputs = [output for cell in saved["cells"] for output in cell.get("outputs", [])]
    assert outputs and not [output for output in outputs if output["output_type"] == "error"]


def test_a_planner_moves_a_lever_and_saves_the_scenario(page, lab):
    workspace = Workspace(lab[3])
    run_all(page, lab, "03_scenarios.ipynb")
    form = page.locator(".jupyter-widgets.widget-vbox").first
    chance, change = (form.locator(f"tr[data-target='T12'] td:nth-child({place})") for place in (3, 4))
    form.locator("select").filter(has=page.locator("option", has_text="T12")).last.select_option(label=T12)
    before, base = form.locator("svg").last.inner_html(), chance.inner_text()
    expect(change).to_have_text("")
    handle = form.locator(".widget-hslider", has_text="một cửa điện tử").locator(".noUi-handle")
    handle.focus()
    for _ in range(18):  # steps of 5 %
        page.keyboard.press("ArrowRight")
    expect(change).to_contain_text("+")
    expect(chance).not_to_have_text(base)
    page.wait_for_function("before => [...document.querySelectorAll('.widget-vbox svg')].at(-1).innerHTML !== before", arg=before)
    form.locator("input[type=text]").last.fill("browser-test")
    page.get_by_role("button", name="Lưu kịch bản").click()
    expect(form.get_by_text("params/scenarios/browser-test.yaml")).to_be_visible()
    saved = load_scenario(workspace, "browser-test")
    assert list(saved.levers) == ["one_stop"] and saved.levers["one_stop"].level == pytest.approx(0.9)
    assert scenario_faults(saved, load_registry(workspace)) == []
    page.get_by_role("button", name="Trở về ban đầu").click()
    expect(change).to_have_text("")
    page.evaluate("window.jupyterapp.commands.execute('notebook:shutdown-kernel')")


def test_a_foreign_notebook_is_exported_from_the_menu(page, lab):
    """File, Save and Export Notebook As…, Briefing (PDF): the downloaded file is a PDF with the notebook's text."""
    base, token, root, _ = lab
    text = nbformat.v4.new_output("stream", name="stdout", text="Kết quả 41,5%\n")
    cells = [
        nbformat.v4.new_markdown_cell("# Sổ tay của tôi\n\nCông thức $x^2$."),
        nbformat.v4.new_code_cell("1", outputs=[text]),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), root / "foreign.ipynb")
    page.set_default_timeout(90_000)
    page.goto(f"{base}/lab/workspaces/export/tree/foreign.ipynb?token={token}", wait_until="domcontentloaded")
    page.locator("#jupyterlab-splash").wait_for(state="detached")
    page.locator(".jp-NotebookPanel").wait_for()
    page.wait_for_function(IDLE)
    page.get_by_role("menuitem", name="File", exact=True).click()
    page.locator(".lm-Menu-item", has_text="Save and Export Notebook As").hover()
    downloads = []
    page.context.on("page", lambda opened: opened.on("download", lambda one: downloads.append(one)))
    page.on("download", lambda one: downloads.append(one))
    page.locator(".lm-Menu-item", has_text=re.compile("^Briefing")).click()
    for _ in range(600):
        if downloads:
            break
        page.wait_for_timeout(100)
    written = pypdfium2.PdfDocument(downloads[0].path())
    said = " ".join(sheet.get_textpage().get_text_range() for sheet in written)
    assert downloads[0].suggested_filename == "foreign.pdf"
    assert "Sổ tay của tôi" in said and "Kết quả 41,5%" in said
