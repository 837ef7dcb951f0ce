"""The ledger: forecasts are kept once, read back strictly, scored only when they were said beforehand, and decide the caps."""

import dataclasses
import datetime as dt
import threading

import numpy as np
import pandas as pd
import pytest

from qnict_analysis import briefing, ledger
from qnict_analysis.analysis import analyse
from qnict_analysis.facts import chance_text
from qnict_analysis.runner import contents
from qnict_analysis.workspace import Workspace

EU = "examples/digital-agenda"


@pytest.fixture(scope="module")
def agenda():
    return analyse(workspace=EU, as_of="2012-06-30", draws=400)


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path)


def test_everything_open_is_entered(agenda):
    rows = ledger.forecast_rows(agenda)
    chances = rows[rows["output_type"] == "p_met"]
    final = chances[chances["period"] == "2015"].set_index("target")["value"]
    p_met = agenda.assessment.set_index("target")["p_met"]
    assert final.to_dict() == p_met[final.index].to_dict()
    assert set(rows["status"]) == {"real"} and set(rows["horizon"]) == {1, 2, 3, 4}
    quantiles = rows[rows["output_type"] == "quantile"]
    assert set(quantiles["output_type_id"]) == {f"{level:g}" for level in ledger.LEVELS}
    middle = quantiles[(quantiles["output_type_id"] == "0.5") & (quantiles["period"] == "2015")].set_index("indicator")["value"]
    assert middle["DAE01"] == pytest.approx(agenda.draws["DAE01", "2015"].median())


def test_a_forecast_is_kept_once(agenda, workspace):
    rows = ledger.forecast_rows(agenda)
    first = ledger.keep(workspace, rows, today=dt.date(2012, 7, 1))
    assert first.name.startswith("2012-06-30-baseline-")
    assert ledger.keep(workspace, rows, today=dt.date(2012, 7, 9)) is None
    other = rows.assign(value=rows["value"] * 0.5)
    assert ledger.keep(workspace, other, today=dt.date(2012, 7, 9)) is not None
    back = ledger.read(workspace)
    assert len(back) == 2 * len(rows)
    own = back[back["file"] == first.name].reset_index(drop=True)
    pd.testing.assert_series_equal(own["value"], rows["value"])
    assert set(own["made_on"]) == {pd.Timestamp("2012-07-01")}


def test_a_complete_run_is_entered_as_its_table_says(agenda, workspace, tmp_path):
    rows = ledger.forecast_rows(agenda)
    contents.write_table(tmp_path / "tables" / "forecasts.csv", rows)
    contents.keep_forecasts(workspace, tmp_path)
    contents.keep_forecasts(workspace, tmp_path)
    back = ledger.read(workspace)
    assert back["value"].tolist() == rows["value"].tolist()
    assert ledger.keep(workspace, rows, today=dt.date(2030, 1, 1)) is None, "the same forecast, whichever way it comes"


def test_several_at_once_lose_nothing(agenda, workspace):
    rows = ledger.forecast_rows(agenda)
    tables = [rows.assign(value=rows["value"] * factor) for factor in np.linspace(0.1, 1, 8)]
    threads = [
        threading.Thread(target=ledger.keep, args=(workspace, table), kwargs={"today": dt.date(2012, 7, 1)}) for table in tables
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ledger.read(workspace)) == 8 * len(rows)


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("value", "1.2", "0 to 1"),
        ("value", "x", "a number"),
        ("made_on", "soon", "2014-07-30"),
        ("period", "2015Q9", "2014Q2"),
        ("output_type", "guess", "p_met"),
        ("horizon", "0", "from 1"),
        ("status", "sure", "illustrative"),
        ("rule", "half of them", "at_least"),
        ("as_of", "2012-13-01", "a quarter"),
    ],
)
def test_a_spoilt_ledger_names_file_row_and_column(agenda, workspace, column, value, told):
    path = ledger.keep(workspace, ledger.forecast_rows(agenda), today=dt.date(2012, 7, 1))
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.loc[1 if column != "value" else 0, column] = value
    table.to_csv(path, index=False)
    with pytest.raises(ValueError, match=told) as error:
        ledger.read(workspace)
    assert path.name in str(error.value) and f"{column}:" in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    "changed", [{"made_on": "2011-07-02"}, {"made_on": "2012-07-02"}, {"value": "0.999"}, {"code": "0" * 12}]
)
def test_an_edit_is_refused_whatever_it_is(agenda, workspace, changed):
    path = ledger.keep(workspace, ledger.forecast_rows(agenda), today=dt.date(2012, 7, 1))
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.to_csv(path, index=False, lineterminator="\n")
    assert len(ledger.read(workspace)) == len(table), "another writing of the same rows"
    table.assign(**changed).to_csv(path, index=False, lineterminator="\n")
    with pytest.raises(ValueError, match="not those its name was given for") as error:
        ledger.read(workspace)
    assert path.name in str(error.value) and "\n" not in str(error.value)


def test_a_file_under_another_name_is_refused(agenda, workspace):
    path = ledger.keep(workspace, ledger.forecast_rows(agenda), today=dt.date(2012, 7, 1))
    mine = path.rename(path.with_name("mine.csv"))
    with pytest.raises(ValueError, match=r"mine\.csv"):
        ledger.read(workspace)
    earlier = path.name.rsplit("-", 1)[0] + ".csv"
    mine.rename(path.with_name(earlier))
    with pytest.raises(ValueError, match="earlier version") as error:
        ledger.read(workspace)
    assert earlier in str(error.value) and "move it out of outputs/ledger/" in str(error.value)


def test_a_forecast_names_its_figures_and_method(agenda, workspace):
    rows = ledger.forecast_rows(agenda)
    assert rows["data"].str.fullmatch("[0-9a-f]{12}").all() and rows["code"].nunique() == 1
    fewer = dataclasses.replace(agenda, history=agenda.history.iloc[1:])
    assert set(ledger.forecast_rows(fewer)["data"]).isdisjoint(rows["data"])
    assert ledger.keep(workspace, rows, today=dt.date(2012, 7, 1)) != ledger.keep(
        workspace, ledger.forecast_rows(fewer), today=dt.date(2012, 7, 1)
    )


def test_a_lever_set_by_hand_is_no_baseline():
    moved = analyse(as_of="2014Q2", draws=200, levers={"training": 0.5})
    rows = ledger.forecast_rows(moved).assign(status="real", made_on=pd.Timestamp("2014-08-01"))
    assert set(rows["scenario"]) == {"baseline+training=0.5"}
    known = analyse(as_of="2015Q4", draws=200)
    came = (known.series.assign(status="reported"), known.registry, known.as_of)
    assert ledger.to_score(rows, *came).empty
    assert len(ledger.to_score(rows.assign(scenario="baseline"), *came)) > 20


def test_the_next_figures_of_a_quarterly_plan():
    registry = analyse(as_of="2012Q2", draws=200).registry
    assert ledger.next_due("2014Q2", registry) == pd.Timestamp("2014-10-30")
    assert ledger.next_due("2014-08-15", registry) == pd.Timestamp("2014-10-30")


def test_a_ledger_without_its_columns(workspace):
    folder = workspace.outputs / ledger.FOLDER
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.csv: the columns must be"):
        ledger.read(workspace)


def entered(agenda, made_on: str, **changes) -> pd.DataFrame:
    rows = ledger.forecast_rows(agenda).assign(made_on=pd.Timestamp(made_on), file="x.csv", **changes)
    return rows.astype({"horizon": float})


@pytest.fixture(scope="module")
def later():
    return analyse(workspace=EU, as_of="2017-12-31", draws=200)


def test_only_what_was_said_beforehand_of_real_figures_counts(agenda, later):
    def count(rows):
        return len(ledger.to_score(rows, later.series, later.registry, later.as_of))

    assert count(entered(agenda, "2012-07-01")) > 10
    assert count(entered(agenda, "2026-01-01")) == 0, "said after the outcome"
    assert count(entered(agenda, "2012-07-01", status="illustrative")) == 0
    assert count(entered(agenda, "2012-07-01", scenario="plan")) == 0
    assert count(entered(agenda, "2013-07-02")) == 0, "said after the next figures were due"
    pretended = later.series.assign(status="illustrative")
    left = ledger.to_score(entered(agenda, "2012-07-01"), pretended, later.registry, later.as_of)
    assert list(left["target"]) == ["DAE01"] and list(left["period"]) == ["2015"], "a sourced verdict needs no figure"
    before = ledger.to_score(entered(agenda, "2012-07-01"), agenda.series, agenda.registry, agenda.as_of)
    assert len(before) == 0, "no outcome is known yet"


def test_pairs_count_once_for_two_origins(agenda, later):
    rows = entered(agenda, "2012-07-01")
    scored = ledger.to_score(rows, later.series, later.registry, later.as_of)
    pairs = ledger.pairs_scored(scored, later.registry)
    final = {(r.target, r.horizon) for r in scored.itertuples() if r.period == later.registry.targets[r.target].deadline}
    expected = {(r.target, r.horizon) for r in scored.itertuples() if r.horizon in (1, 2)} | final
    one = scored[scored["period"] == "2015"].head(1).assign(horizon=2.0)
    assert ledger.pairs_scored(one, later.registry) == 1, "a forecast two years ahead for the deadline is one pair"
    assert pairs == len(expected) > 5
    again = pd.concat([rows, rows.assign(as_of="2012")])
    assert ledger.pairs_scored(ledger.to_score(again, later.series, later.registry, later.as_of), later.registry) == pairs


def test_a_rule_is_written_down_and_read_back(agenda):
    province = analyse(as_of="2014Q2", draws=200)
    for told in (agenda, province):
        rows = ledger.forecast_rows(told)
        for row in rows[rows["output_type"] == "p_met"].itertuples():
            assert ledger.as_today(row.rule, row.target, told.registry), row.rule
    chances = ledger.forecast_rows(province).query("output_type == 'p_met'").set_index("target")["rule"]
    assert chances["T07"].iloc[0] == "T07 at_least 16 k_min 16"
    parts = chances["T05"].iloc[0].split("; ")
    assert [part.split(" k_min ")[0] for part in parts] == ["T05a at_least all", "T05b at_least all"]
    assert all(least == n for least, n in (part.split(" k_min ")[1].split(" of ") for part in parts)), "all is every one of N"


def test_a_threshold_moved_later_rewrites_no_record(agenda, later):
    def under(value: str, comparator: str):
        registry = later.registry
        target = registry.targets["DAE01"]
        part = target.parts[0].model_copy(update={"value": value, "comparator": comparator})
        moved = registry.targets | {"DAE01": target.model_copy(update={"parts": (part,)})}
        registry = dataclasses.replace(registry, targets=moved)
        scored = ledger.to_score(rows, later.series, registry, later.as_of)
        return dataclasses.replace(later, registry=registry, scored=scored)

    rows = entered(agenda, "2012-07-01")
    plain = ledger.scored(dataclasses.replace(later, scored=ledger.to_score(rows, later.series, later.registry, later.as_of)))
    came = plain[plain["target"] == "DAE01"].set_index("period")["met"].drop("2015", errors="ignore")
    assert len(came)
    for value, comparator in (("1%", "at_most"), ("1%", "at_least"), ("99%", "at_least")):
        told = under(value, comparator)
        found = ledger.scored(told)
        assert len(found) >= len(plain) - 1
        own = found[found["target"] == "DAE01"].set_index("period")["met"]
        assert own[came.index].to_dict() == came.to_dict(), "by the rule that was written down"
        assert ledger.rules_changed(told.scored, told.registry) == ["DAE01"]
    assert ledger.rules_changed(rows[rows["output_type"] == "p_met"], later.registry) == []


def test_caps_widen_once_enough_is_scored(agenda):
    programme = agenda.registry.programme
    assert ledger.caps_in_force(programme, 29) == programme.caps
    wide = ledger.caps_in_force(programme, 30)
    assert (wide.low, wide.high) == (0.02, 0.98)


def test_a_chance_prints_beyond_the_caps_in_force():
    class Row:
        evidence = "strong"

        def __init__(self, p_met, p_printed):
            self.p_met, self.p_printed = p_met, p_printed

    said = [(0.01, 0.05), (0.01, 0.02), (0.03, 0.03), (0.999, 0.98), (0.5, 0.5)]
    assert [chance_text(Row(*pair), "en") for pair in said] == ["under 5%", "under 2%", "3%", "over 98%", "50%"]


def test_the_first_page_says_what_was_verified(agenda, later):
    assert "chưa" in briefing.record_of(analyse(as_of="2012Q2", draws=200))
    scored = ledger.to_score(entered(agenda, "2012-07-01"), later.series, later.registry, later.as_of)
    told = dataclasses.replace(later, scored=scored, params=later.params.model_copy(update={"lang": "en"}))
    text = briefing.record_of(told)
    assert text.startswith(f"{len(scored)} forecasts of this programme have been verified")
