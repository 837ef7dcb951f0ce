"""Tables print the numbers of the assessment in the language and unit of the target."""

import pandas as pd
import pytest

from qnict_analysis import facts, schema, tables
from qnict_analysis.periods import parse_as_of
from qnict_analysis.registry import load_registry
from qnict_analysis.workspace import Workspace

COLUMNS = list(schema.ASSESSMENT)


@pytest.fixture(scope="module")
def registry(root):
    return load_registry(Workspace(root))


def row(target: str, **fields) -> dict:
    usual = {
        **{"indicator": target, "value": 0.415, "threshold": 0.7, "comparator": "at_least", "k_min": pd.NA, "n_units": pd.NA},
        **{"gap": 0.285, "pace_ratio": 1.25, "p_met": 0.3, "p_printed": 0.3, "p_touch": 0.3, "low": 0.43, "median": 0.52},
        **{"high": 0.63, "reach": "", "status": "unlikely", "decided": False, "evidence": "strong", "flags": "illustrative"},
    }
    return {"target": target, **usual, **fields}


DISTRICTS = {"value": 9 / 14, "threshold": 0.8, "k_min": 12, "n_units": 14, "gap": 0.8 - 9 / 14}
DISTRICTS |= {"low": 9 / 14, "median": 11 / 14, "high": 12 / 14}


def frame(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).astype({"k_min": "Int64", "n_units": "Int64"})


def test_a_share_is_printed_in_per_cent_and_its_gap_in_points(registry):
    printed = tables.target_table(frame(row("T01")), registry, "vi")
    assert printed.iloc[0].tolist() == [
        *("T01", "Văn bản trao đổi hoàn toàn điện tử", "41,5%", "≥ 70%", "28,5 điểm %", "30%", "43,0–63,0%", "sau hạn"),
        "▼ khó đạt",
    ]


def test_units_are_printed_whole_with_their_number(registry):
    printed = tables.target_table(frame(row("T12", **DISTRICTS, reach="2015Q3")), registry, "en").iloc[0]
    assert printed[["Now", "Goal", "To go", "80% at deadline", "Met from"]].tolist() == [
        *("9/14", "≥ 80% (12/14)", "3 district-level units", "9–12", "Q3/15")
    ]


def test_a_decided_target_has_no_chance(registry):
    met = row("T01", value=0.72, gap=-0.02, p_met=1.0, p_printed=1.0, status="met", decided=True, reach="2015Q2")
    printed = tables.target_table(frame(met), registry, "vi").iloc[0]
    assert printed["Khả năng"] == "–" and printed["Còn thiếu"] == "–" and printed["Trạng thái"] == "● đã đạt"


def test_without_basis_there_is_neither_chance_nor_reach(registry):
    none = row("T11", value=0.08, p_met=float("nan"), p_printed=float("nan"), status="no_basis", flags="low_coverage")
    printed = tables.target_table(frame(none), registry, "vi").iloc[0]
    assert printed[["Khả năng", "80% khi hết hạn", "Đạt từ"]].tolist() == ["–", "–", "–"]
    assert printed["Trạng thái"] == "○ chưa đủ căn cứ dự báo"


def test_chances_are_never_0_or_100(registry):
    sure = frame(row("T01", p_met=1.0, p_printed=0.95), row("T01", p_met=0.0, p_printed=0.05))
    assert tables.target_table(sure, registry, "en")["Chance"].tolist() == ["over 95%", "under 5%"]


def test_the_step_is_what_is_missing_over_the_periods_left_rounded_up(registry):
    as_of = parse_as_of("2014Q2", kind="quarterly", cutoff_days=30)
    share, units = facts.facts_of(frame(row("T01"), row("T12", **DISTRICTS)), registry, lang="vi", as_of=as_of)
    assert share.step == ("4,8 điểm phần trăm", "46,3%", False)
    assert units.step == ("1 đơn vị cấp huyện", "10/14", False)
    assert facts.fact_of(next(frame(row("T01")).itertuples()), registry, as_of=None, lang="vi").step is None


def test_english_counts_one_in_the_singular(registry):
    agencies = registry.indicators["T03"]
    assert facts.amount_text(1, agencies, "en") == "1 agency" and facts.amount_text(2, agencies, "en") == "2 agencies"


SERIES = pd.DataFrame(
    {
        "indicator": "T01",
        "period": ["2013Q2", "2013Q4", "2014Q1", "2014Q2"],
        "numerator": [183.0, 276.0, 292.0, 341.0],
        "denominator": 1000.0,
        "value": [0.183, 0.276, 0.292, 0.341],
        "change": [float("nan"), 0.093, 0.016, 0.049],
        "coverage": [1.0, 1.0, 0.97, 0.996],
        "n_reporting": [34, 34, 33, 33],
        "n_units": 34,
    }
)
PUBLISHED = pd.DataFrame(
    [
        ("cả nước", "T01", "2012", "10", "%", "0.1", "actual"),
        ("cả nước", "T01", "2013-09", ">20", "%", "", "actual"),
        ("Quảng Ngãi", "T01", "2015", "60", "%", "0.6", "planned"),
        ("Quảng Ngãi", "T01", "2022", "99", "%", "0.99", "actual"),
    ],
    columns=["scope_vi", "indicator_id", "period", "value", "unit", "value_number", "kind"],
)


def test_the_trend_has_a_row_a_year_with_growth_and_published_figures_beside(registry):
    printed = tables.trend_table(SERIES, registry.indicators["T01"], PUBLISHED, "vi")
    assert printed.to_numpy().tolist() == [
        ["2012", "–", "–", "–", "–", "cả nước 2012: 10%"],
        ["QIV/2013", "27,6%", "–", "100%", "34/34", "cả nước 2013: >20%"],
        ["QII/2014", "34,1%", "+15,8 điểm phần trăm", "99%", "33/34", "–"],
        ["2015", "–", "–", "–", "–", "Quảng Ngãi 2015 (kế hoạch): 60%"],
    ]


def test_the_trend_works_without_published_figures(registry):
    assert len(tables.trend_table(SERIES, registry.indicators["T01"], pd.DataFrame(), "en")) == 2


def test_content_for_a_block_is_strings_with_a_badge_for_the_status(registry):
    found = facts.facts_of(frame(row("T01")), registry, lang="vi")
    table = tables.facts_content(found, ("id", "now", "status"), "vi", alt="x")
    assert table["rows"] == [["T01", "41,5%", {"status": "unlikely", "label": "khó đạt"}]]
    assert [column["align"] for column in table["columns"]] == ["left", "right", "left"]
    plain = tables.content(pd.DataFrame({"a": ["1"]}), caption="c")
    assert plain == {
        "columns": [{"title": "a", "align": "left", "width": 1}],
        "rows": [["1"]],
        "caption": "c",
        "note": "",
        "alt": "",
    }
