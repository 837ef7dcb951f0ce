import datetime as dt

import pytest

from qnict_analysis.analysis import analyse
from qnict_analysis.intake import ensure_store
from qnict_analysis.observations import known_at
from qnict_analysis.periods import parse_as_of
from qnict_analysis.registry import load_registry
from qnict_analysis.store import as_observations
from qnict_analysis.trace import TRACE, indicators_of, trace
from qnict_analysis.workspace import find_workspace

AS_OF = parse_as_of("2014Q2", kind="quarterly", cutoff_days=30)


@pytest.fixture(scope="module")
def registry(root):
    return load_registry(find_workspace(str(root)))


def told(*rows):
    """Observations of T12 from rows of (unit, period, numerator, day, file)."""
    return as_observations(
        ("T12", unit, period, number, 1.0, dt.date.fromisoformat(day), "reported", file, "Phiếu", "D9", "", "", "")
        for unit, period, number, day, file in rows
    )


ROWS = told(
    ("H01", "2014Q2", 0.0, "2014-07-10", "a.xlsx"),
    ("H01", "2014Q2", 1.0, "2014-07-20", "b.xlsx"),
    ("H01", "2014Q2", 0.0, "2014-08-20", "too late.xlsx"),
    ("H02", "2014Q1", 1.0, "2014-04-10", "c.xlsx"),
    ("H03", "2013Q2", 1.0, "2013-07-10", "d.xlsx"),
)


def test_every_vintage_known_then_is_listed_and_the_last_one_counts(registry):
    whole, rows = trace(ROWS, registry, "T12", "2014Q2", AS_OF)
    assert list(rows.columns) == list(TRACE)
    assert whole["numerator"] == 2
    assert rows["unit"].drop_duplicates().tolist() == registry.units_in("districts", "2014Q2")
    named = [(r.unit, r.state, r.period, r.numerator, r.file, r.vintage, r.used) for r in rows.itertuples() if r.file]
    assert named == [
        ("H01", "reported", "2014Q2", 0, "a.xlsx", 1, False),
        ("H01", "reported", "2014Q2", 1, "b.xlsx", 2, True),
        ("H02", "carried", "2014Q1", 1, "c.xlsx", 1, True),
    ]
    assert set(rows.loc[rows["unit"] == "H03", "state"]) == {"silent"}  # the last word is four quarters old


def test_names_and_aliases_lead_to_indicators_and_unknown_ones_are_refused(registry):
    assert indicators_of("T05", registry) == ["T05a", "T05b"]
    assert indicators_of("T09", registry) == indicators_of("T07", registry) == ["T07"]
    assert indicators_of("T06b", registry) == ["T06b"]
    with pytest.raises(ValueError, match="'T77' is no target and no indicator; known: T01"):
        indicators_of("T77", registry)
    with pytest.raises(ValueError, match="T12: no figure of 2012Q1 was known"):
        trace(ROWS, registry, "T12", "2012Q1", AS_OF)


@pytest.mark.parametrize("label", ["2012Q3", "2014Q2", "2015Q4"])
def test_every_figure_of_the_series_is_the_sum_of_what_is_traced(root, label):
    workspace = find_workspace(str(root))
    analysis = analyse(as_of=label, workspace=str(root), draws=200)
    everything = ensure_store(workspace, analysis.registry)
    for row in analysis.series[analysis.series["period"] == label].itertuples():
        whole, rows = trace(everything, analysis.registry, row.indicator, label, analysis.as_of)
        used = rows[rows["used"]]
        assert whole["value"] == row.value
        assert used["numerator"].sum() == pytest.approx(row.numerator, rel=1e-12)
        for one in used.itertuples():
            assert (workspace.returns / one.file).is_file()
            assert one.cell and one.sheet


def test_a_traced_cell_holds_the_figure(root):
    import openpyxl

    workspace = find_workspace(str(root))
    registry = load_registry(workspace)
    _, rows = trace(known_at(ensure_store(workspace, registry), AS_OF), registry, "T02", "2014Q2", AS_OF)
    typed = [row for row in rows.itertuples() if row.used][:12]
    for row in typed:
        cell = openpyxl.load_workbook(workspace.returns / row.file)[row.sheet][row.cell].value
        assert float(str(cell).replace(".", "").replace(",", ".")) == row.numerator
