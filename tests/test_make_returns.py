import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from qnict_analysis.periods import period_end
from qnict_analysis.registry import load_registry
from qnict_analysis.returns import read_return
from qnict_analysis.workspace import find_workspace

ROOT = Path(__file__).resolve().parents[1]
RETURNS = ROOT / "data" / "returns"
SCRIPT = ROOT / "data" / "make_returns.py"
CUTOFF = pd.Timedelta(days=30)


@pytest.fixture(scope="module")
def registry():
    return load_registry(find_workspace(str(ROOT)))


@pytest.fixture(scope="module")
def read(registry):
    """Every observation and every fault of the shipped returns."""
    tables = [read_return(path, registry, name=str(path.relative_to(RETURNS))) for path in sorted(RETURNS.rglob("*.xlsx"))]
    return tuple(pd.concat(parts, ignore_index=True) for parts in zip(*tables, strict=True))


def late_by(observations):
    """How long after the end of its period each figure was reported."""
    ends = pd.to_datetime(observations["period"].map(period_end))
    return observations["reported_on"] - ends


def province(observations, indicator, period):
    """Numerators and denominators of a quarter added up, from the newest figure of each unit."""
    rows = observations.query("indicator == @indicator and period == @period").sort_values("reported_on")
    return rows.groupby("unit").last()[["numerator", "denominator"]].sum()


def test_an_unknown_quarter_is_refused_with_the_known_ones(tmp_path):
    run = subprocess.run([sys.executable, SCRIPT, "--out", tmp_path, "--period", "2016Q1"], capture_output=True, text=True)
    assert run.returncode == 2
    assert "no such quarter: 2016Q1; the returns cover 2011Q1 to 2015Q4" in run.stderr
    assert not list(tmp_path.iterdir())


def entries(folder):
    """What each workbook of a folder holds, unpacked: compressors differ between machines, contents must not."""
    archives = {path.name: zipfile.ZipFile(path) for path in folder.iterdir()}
    return {
        (name, entry.filename, entry.date_time): book.read(entry) for name, book in archives.items() for entry in book.infolist()
    }


@pytest.mark.slow
def test_a_quarter_made_again_is_the_shipped_one(tmp_path):
    subprocess.run([sys.executable, SCRIPT, "--out", tmp_path, "--period", "2013Q4"], check=True, capture_output=True)
    assert entries(tmp_path / "2013Q4") == entries(RETURNS / "2013Q4")


@pytest.mark.slow
def test_the_reader_takes_every_shipped_return(read, registry):
    observations, faults = read
    assert faults.empty, faults.to_string()
    assert set(observations["indicator"]) == set(registry.indicators)
    assert set(observations["unit"]) == set(registry.units)
    assert set(observations["status"]) == {"illustrative"}
    assert observations["period"].nunique() == 20


@pytest.mark.slow
def test_nothing_is_known_before_its_period_ended_and_some_returns_miss_the_cut_off(read):
    waited = late_by(read[0])
    assert waited.min() >= pd.Timedelta(days=8)
    assert 0.02 < (waited > CUTOFF).mean() < 0.12


@pytest.mark.slow
def test_figures_are_restated_later_never_on_the_same_day(read):
    observations = read[0]
    keys = ["indicator", "unit", "period"]
    versions = observations.groupby(keys)["reported_on"]
    assert not observations.duplicated([*keys, "reported_on"]).any()
    assert (versions.size() > 1).sum() > 50


@pytest.mark.slow
def test_mistyped_figures_are_put_right_later(read):
    rows = read[0].query("indicator == 'T04' and unit == 'S07' and period == '2013Q2'").sort_values("reported_on")
    first, last = rows["denominator"].iloc[[0, -1]]
    assert first == 10 * last


@pytest.mark.slow
def test_the_story_ends_with_targets_met_missed_and_missed_by_one(read):
    counted = {name: province(read[0], name, "2015Q4")["numerator"] for name in ("T03", "T12", "T14", "T15")}
    assert counted["T03"] >= 31 and counted["T12"] >= 12
    assert counted["T14"] == 30 and counted["T15"] == 33
    documents = province(read[0], "T01", "2015Q4")
    assert 0.60 < documents["numerator"] / documents["denominator"] < 0.70


def test_the_returns_stay_small():
    assert sum(path.stat().st_size for path in RETURNS.rglob("*.xlsx")) < 8e6
