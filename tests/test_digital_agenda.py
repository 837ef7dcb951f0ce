"""The second workspace: another plan, yearly, without reporting units, wholly real, in YAML and CSV only."""

from pathlib import Path

import pytest

from qnict_analysis.analysis import analyse

WORKSPACE = Path(__file__).parents[1] / "examples" / "digital-agenda"


def assessed(as_of: str):
    return analyse(as_of=as_of, workspace=str(WORKSPACE), lang="en", draws=2000)


def test_it_needs_no_python():
    assert not list(WORKSPACE.rglob("*.py"))


def test_four_years_to_go():
    found = assessed("2012-06-30")
    rows = found.assessment.set_index("target")
    assert not found.illustrative and "illustrative" not in " ".join(rows["flags"])
    assert len(rows) == 12 and not rows["decided"].any()
    refused = rows.index[rows["status"] == "no_basis"]
    assert list(refused) == ["DAE09", "DAE11", "DAE12"]
    assert list(rows.loc[refused, "flags"]) == ["few_points", "no_figures", "no_figures"]
    assert rows.drop(index=refused)["p_met"].between(0, 1).all()
    assert rows.loc["DAE03", "comparator"] == "at_most" and rows.loc["DAE03", "gap"] == pytest.approx(0.0927)


def test_nothing_published_later_is_known():
    found = assessed("2012-06-30")
    assert found.observations["reported_on"].max().date().isoformat() == "2012-06-04"
    assert found.series["period"].max() == "2011"


def test_the_envelope_is_opened():
    rows = assessed("2016-12-31").assessment.set_index("target")
    assert list(rows.index[rows["status"] == "met"]) == ["DAE01", "DAE06", "DAE10"]
    assert list(rows.index[rows["status"] == "missed"]) == ["DAE03", "DAE07", "DAE08"]
    assert list(rows.index[rows["flags"].str.contains("not_sourced")]) == ["DAE02", "DAE04", "DAE05", "DAE09"]
    still_open = rows.loc[["DAE11", "DAE12"]]
    assert not still_open["decided"].any() and still_open["p_met"].between(0, 1).all()


def test_every_figure_has_a_source():
    assert assessed("2016-12-31").observations["source"].str.len().min() > 20
