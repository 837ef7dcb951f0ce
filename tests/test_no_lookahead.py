"""Nothing reported after the as-of, and no figure of a later period, can influence an analysis."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qnict_analysis import analysis
from qnict_analysis.intake import ensure_store
from qnict_analysis.params import Params
from qnict_analysis.registry import load_registry
from qnict_analysis.registry.items import Correction
from qnict_analysis.workspace import find_workspace

TABLES = ("panel", "series", "basis", "draws", "assessment", "indicators", "joint")
PARAMS = Params(draws=200)


@pytest.fixture(scope="module")
def shipped():
    workspace = find_workspace()
    registry = load_registry(workspace)
    return registry, ensure_store(workspace, registry)


def tables_of(observations, registry, as_of_label: str) -> dict:
    as_of = analysis.as_of_for(as_of_label, registry)
    known = analysis.known_figures(observations, registry, as_of)
    return analysis.computed(known, registry, as_of, analysis.EMPTY_PACE, PARAMS)


def altered(observations: pd.DataFrame, later: np.ndarray, *, factor: float, dropped: float, seed: int) -> pd.DataFrame:
    """Later rows multiplied, half of them with another sign of life (a duplicate the day after), some left out."""
    rng = np.random.default_rng(seed)
    changed = observations.copy()
    changed.loc[later, "numerator"] = np.floor(changed.loc[later, "numerator"] * factor)
    repeated = changed[later & (rng.random(len(changed)) < 0.5)]
    repeated = repeated.assign(reported_on=repeated["reported_on"] + pd.Timedelta(days=1))
    kept = changed[~(later & (rng.random(len(changed)) < dropped))]
    return pd.concat([repeated, kept], ignore_index=True)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    as_of=st.sampled_from(["2012Q1", "2013-05-20", "2014Q2", "2015Q1"]),
    factor=st.floats(0, 3),
    dropped=st.floats(0, 1),
    seed=st.integers(0, 2**16),
)
@pytest.mark.slow
def test_later_rows_change_nothing(shipped, as_of, factor, dropped, seed):
    registry, observations = shipped
    read = analysis.as_of_for(as_of, registry)
    later = (observations["reported_on"].dt.date > read.cutoff).to_numpy()
    assert later.any()
    before = tables_of(observations, registry, as_of)
    after = tables_of(altered(observations, later, factor=factor, dropped=dropped, seed=seed), registry, as_of)
    for name in TABLES:
        (pd.testing.assert_series_equal if name == "joint" else pd.testing.assert_frame_equal)(after[name], before[name])


def test_an_earlier_row_does_change_something(shipped):
    """The test above would pass on an analysis that looks at nothing."""
    registry, observations = shipped
    read = analysis.as_of_for("2014Q2", registry)
    earlier = (observations["reported_on"].dt.date <= read.cutoff).to_numpy() & (observations["indicator"] == "T02").to_numpy()
    before = tables_of(observations, registry, "2014Q2")["series"]
    after = tables_of(altered(observations, earlier, factor=0.5, dropped=0.0, seed=1), registry, "2014Q2")["series"]
    assert not after.equals(before)


def test_a_correction_is_judged_by_what_was_known(shipped):
    """A record that fits the figures known then must not fail, nor change, because the source was repaired later."""
    registry, observations = shipped
    as_of = analysis.as_of_for("2013Q2", registry)
    known = analysis.known_figures(observations, registry, as_of)
    row = known[(known["indicator"] == "T02") & (known["unit"] == "H01") & (known["period"] == "2013Q1")].iloc[0]
    record = Correction(
        indicator="T02",
        unit="H01",
        period="2013Q1",
        action="replace",
        numerator=row["numerator"] - 1,
        reason={"vi": "–", "en": "–"},
        source="test",
        known_on="2013-07-01",
        expect={"numerator": row["numerator"]},
    )
    corrected = dataclasses.replace(registry, corrections=(record,))
    repaired = pd.DataFrame([{**row, "numerator": row["numerator"] - 2, "reported_on": pd.Timestamp("2015-06-01")}])
    later = pd.concat([observations, repaired], ignore_index=True)
    before = analysis.known_figures(observations, corrected, as_of)
    pd.testing.assert_frame_equal(analysis.known_figures(later, corrected, as_of), before)
    assert not before.equals(known)
    with pytest.raises(ValueError, match="remove or renew the record"):
        analysis.known_figures(later, corrected, analysis.as_of_for("2015Q4", registry))
