import dataclasses
import datetime as dt
import os
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

from qnict_analysis import schema
from qnict_analysis.analysis import Analysis, analyse, as_ofs_with_data, known_figures, pace_for
from qnict_analysis.assessment import contributions
from qnict_analysis.assessment.standing import standings
from qnict_analysis.params import Params, ScenarioSpec
from qnict_analysis.periods import period_range
from qnict_analysis.store import read_published
from qnict_analysis.workspace import Workspace

TEXT = {"vi": "–", "en": "–"}


@pytest.fixture(scope="module")
def plain(root) -> Analysis:
    return analyse(workspace=str(root), draws=400)


@pytest.fixture(scope="module")
def planned(root) -> Analysis:
    return analyse(workspace=str(root), draws=400, scenario="plan")


def one_line(call) -> str:
    with pytest.raises(ValueError) as caught:
        call()
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- what must raise -------------------------------------------------------------------------------------------------


def test_an_unknown_parameter_lists_the_known_ones(root):
    message = one_line(lambda: analyse(workspace=str(root), as_off="2014Q2"))
    assert "unknown parameter 'as_off'" in message and "known: as_of, scenario, lang" in message


def test_a_misspelt_scenario_lists_the_known_ones(root):
    message = one_line(lambda: analyse(workspace=str(root), scenario="basline"))
    assert "'basline' is unknown" in message and "baseline" in message and "plan" in message


def test_an_unknown_lever_lists_the_known_ones(root):
    message = one_line(lambda: analyse(workspace=str(root), levers={"trainin": 0.5}))
    assert "lever 'trainin' is unknown; known levers: leadership, training" in message


def test_an_as_of_that_cannot_be_read_says_what_is_allowed(root):
    assert "allowed" in one_line(lambda: analyse(workspace=str(root), as_of="2014Q5"))


def test_an_as_of_without_data_says_which_have_some(root):
    message = one_line(lambda: analyse(workspace=str(root), as_of="2009Q4"))
    assert "as_of 2009Q4: nothing was reported by 2010-01-30" in message and "2011Q1 to 2015Q4" in message


def test_a_workspace_without_returns_says_so(plain):
    assert "holds no returns" in as_ofs_with_data(plain.observations.iloc[:0], plain.registry)


def test_the_first_as_of_with_data_is_the_first_that_knows_any(plain):
    """Figures of 2011Q1 that were only published in 2012 are no data of 2011Q1."""
    late = plain.observations.assign(reported_on=pd.Timestamp("2012-02-10"), period="2011Q1")
    assert as_ofs_with_data(late.drop_duplicates(["indicator", "unit"]), plain.registry).startswith("as-ofs with data: 2011Q1 to")
    both = pd.concat([late, plain.observations.tail(1).assign(period="2013Q1", reported_on=pd.Timestamp("2013-04-20"))])
    assert "2012Q1 to 2013Q1" in as_ofs_with_data(both, plain.registry)


# --- what it holds ---------------------------------------------------------------------------------------------------


def test_every_table_has_the_columns_of_the_schema(plain):
    columns = {
        "observations": schema.OBSERVATIONS,
        "panel": schema.PANEL,
        "series": schema.SERIES,
        "pace": schema.PACE,
        "basis": schema.BASIS,
        "assessment": schema.ASSESSMENT,
        "indicators": schema.ASSESSMENT,
    }
    for name, expected in columns.items():
        assert tuple(getattr(plain, name).columns) == expected, name
    assert list(plain.draws.columns.names) == list(schema.DRAWS) and len(plain.draws) == 400


def test_one_row_a_target_and_one_a_part(plain):
    assert plain.assessment["target"].to_list() == [f"T{n:02d}" for n in range(1, 17) if n != 9]
    assert set(plain.indicators["indicator"]) == set(plain.registry.indicators)
    assert plain.assessment["status"].isin(schema.VERDICTS).all()


def test_the_tables_agree_with_each_other(plain):
    rows = plain.assessment.set_index("target")
    single = [target.id for target in plain.registry.targets.values() if len(target.parts) == 1]
    parts = plain.indicators.set_index("target").loc[single]
    pd.testing.assert_frame_equal(rows.loc[single], parts)
    forecast = rows[~rows["p_met"].isna()]
    assert (np.arange(len(plain.joint)) * plain.joint).sum() == pytest.approx(forecast["p_met"].sum())
    assert len(plain.joint) == len(forecast) + 1
    assert set(plain.joint.attrs["without_basis"]) == set(rows.index) - set(forecast.index)
    for target, own in plain.indicators.groupby("target"):
        assert not rows.loc[target, "p_met"] > own["p_met"].min()


def test_exact_thresholds_of_the_plan(plain):
    rows = plain.indicators.set_index("indicator")
    assert rows.loc[["T03", "T12", "T13", "T05a"], "k_min"].to_list() == [31, 12, 11, 34]
    assert rows.loc[["T07", "T14"], "k_min"].to_list() == [16, 31]
    # Services are counted as reported: the number changes, the number of agencies does not.
    assert rows.loc["T08", "n_units"] == plain.series.query("indicator == 'T08'")["denominator"].iloc[-1] > 34
    assert rows.loc["T08", "k_min"] == rows.loc["T08", "n_units"]


def test_illustrative_figures_are_called_so_everywhere(plain):
    assert plain.illustrative and plain.assessment["flags"].str.contains("illustrative").all()


def test_nothing_reported_after_the_cutoff_is_there(plain):
    assert plain.as_of.cutoff == dt.date(2014, 7, 30)
    assert plain.observations["reported_on"].max() <= pd.Timestamp(plain.as_of.cutoff)
    assert set(plain.observations["period"]) <= set(period_range("2011Q1", "2014Q2"))
    assert plain.draws.columns.get_level_values("period").max() == "2015Q4"


def test_published_figures_stand_beside_as_text(plain, tmp_path):
    assert len(plain.published) and plain.published["period"].map(type).eq(str).all()
    assert read_published(Workspace(tmp_path)).empty


def test_params_may_be_a_record_and_fields_go_over_it(root):
    params = Params(as_of="2013Q2", draws=300, workspace=str(root))
    found = analyse(params, draws=200)
    assert (found.as_of.label, len(found.draws), found.params.draws) == ("2013Q2", 200, 200)


def test_it_is_frozen(plain):
    with pytest.raises(dataclasses.FrozenInstanceError):
        plain.as_of = None


def test_after_the_deadline_every_target_has_a_verdict(root):
    for as_of in ("2015Q4", "2016Q1"):
        found = analyse(workspace=str(root), as_of=as_of, draws=200)
        assert found.assessment["status"].isin(["met", "missed"]).all() and found.assessment["decided"].all()
        assert found.joint.max() == 1.0


# --- scenarios -------------------------------------------------------------------------------------------------------


def test_the_same_again_is_the_same(root, plain):
    again = analyse(workspace=str(root), draws=400)
    pd.testing.assert_frame_equal(again.draws, plain.draws, check_exact=True)
    pd.testing.assert_frame_equal(again.assessment, plain.assessment, check_exact=True)


def test_the_baseline_has_no_base_beside_it(plain):
    assert plain.base is None and plain.pace.empty


def test_a_scenario_stands_beside_its_baseline_and_differs_only_where_it_acts(plain, planned):
    pd.testing.assert_frame_equal(planned.base, plain.assessment, check_exact=True)
    acts = set(planned.pace["indicator"])
    rest = [name for name in plain.registry.indicators if name not in acts and name in plain.draws]
    assert "T16" in rest
    pd.testing.assert_frame_equal(planned.draws[rest], plain.draws[rest], check_exact=True)
    change = (planned.assessment["p_met"] - plain.assessment["p_met"]).dropna()
    assert (change >= 0).all() and (change > 0).any()


def test_levers_at_zero_are_the_baseline_bit_for_bit(root, plain, planned):
    zero = dict.fromkeys(planned.scenario.levers, 0.0)
    found = analyse(workspace=str(root), draws=400, scenario="plan", levers=zero)
    assert found.pace.empty
    pd.testing.assert_frame_equal(found.assessment, plain.assessment, check_exact=True)
    pd.testing.assert_frame_equal(found.draws, plain.draws, check_exact=True)


def test_published_figures_are_those_that_were_out(root):
    early = analyse(workspace=str(root), draws=200, as_of="2012Q1").published
    late = analyse(workspace=str(root), draws=200, as_of="2015Q4").published
    assert 0 < len(early) < len(late)
    assert pd.to_datetime(early["published_on"]).max() <= pd.Timestamp("2012-04-30")


def test_a_lever_set_by_hand_stands_over_the_baseline(root, plain):
    found = analyse(workspace=str(root), draws=400, levers={"one_stop": 1.0})
    assert set(found.pace["indicator"]) == {"T07", "T11", "T12"}
    pd.testing.assert_frame_equal(found.base, plain.assessment, check_exact=True)
    p = found.assessment.set_index("target")["p_met"] - plain.assessment.set_index("target")["p_met"]
    assert p["T12"] > 0 and p["T01"] == 0


def test_pace_runs_to_the_last_deadline(plain):
    spec = ScenarioSpec(name="x", title=TEXT, why=TEXT, levers={"training": {"level": 1.0, "start": "2011Q1"}})
    table = pace_for(spec, plain.registry, plain.as_of, levers={})
    assert (table["period"].min(), table["period"].max()) == ("2014Q3", "2015Q4")


def test_known_figures_of_an_earlier_day_are_fewer(plain):
    earlier = dataclasses.replace(plain.as_of, cutoff=dt.date(2013, 7, 30), through="2013Q2")
    assert 0 < len(known_figures(plain.observations, plain.registry, earlier)) < len(plain.observations)


@pytest.mark.slow
def test_an_analysis_is_cheap_once_the_returns_are_read(root, plain):
    start = time.perf_counter()
    analyse(workspace=str(root), draws=4000)
    # Measured at 0.9 s on one core; the bound leaves room for a busy machine.
    assert time.perf_counter() - start < 5.0


# --- what it costs ---------------------------------------------------------------------------------------------------


def test_one_blas_thread_unless_somebody_says_otherwise():
    ask = "import os, qnict_analysis; print(os.environ['OPENBLAS_NUM_THREADS'])"
    bare = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    for given, found in (({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")):
        done = subprocess.run([sys.executable, "-c", ask], env=bare | given, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == found


def test_pages_of_one_analysis_share_what_they_ask_for(plain):
    known = (plain.draws, plain.series, plain.basis, plain.registry, plain.as_of)
    assert standings(*known) is standings(*known)
    units = (plain.draws, plain.series, plain.panel, plain.registry, plain.as_of)
    assert contributions.adoption_chances(*units) is contributions.adoption_chances(*units)
    other = dataclasses.replace(plain.as_of)
    assert standings(*known[:4], other) is not standings(*known)
