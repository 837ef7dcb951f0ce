"""Charts draw the unit of the target, keep the numbers of their frames, and are the same bytes twice."""

import datetime as dt
import re
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from qnict_analysis import charts, periods
from qnict_analysis.charts.view import points_of, view_of
from qnict_analysis.registry.items import Part

KNOWN = periods.period_range("2013Q1", "2014Q2")
AHEAD = periods.period_range("2014Q3", "2015Q4")
AS_OF = periods.AsOf("2014Q2", "2014Q2", dt.date(2014, 7, 30))


def indicator(kind: str, name: str = "T01"):
    entity = {"vi": "đơn vị", "en": "units"} if kind in ("units", "count") else None
    return SimpleNamespace(id=name, kind=kind, short={"vi": "Tên", "en": "Name"}, entity=entity, decimals=1)


def part(comparator: str, value, k_min: int = 0):
    share = Fraction(str(value)[:-1]) / 100 if str(value).endswith("%") else Fraction(value)
    return SimpleNamespace(indicator="T01", comparator=comparator, value=value, threshold=share, k_min=lambda n: k_min)


def series_of(values, *, denominator=100.0, coverage=1.0, name: str = "T01") -> pd.DataFrame:
    values = np.asarray(values, dtype=float)
    return pd.DataFrame(
        {
            "indicator": name,
            "period": KNOWN[: len(values)],
            "numerator": values * denominator,
            "denominator": denominator,
            "value": values,
            "coverage": coverage,
        }
    )


def draws_of(rows, name: str = "T01") -> pd.DataFrame:
    columns = pd.MultiIndex.from_product([[name], AHEAD], names=["indicator", "period"])
    return pd.DataFrame(np.asarray(rows, dtype=float), columns=columns)


SHARE = indicator("share")
RISING = series_of([0.10, 0.15, 0.20, 0.25, 0.30, 0.34])
FUTURES = draws_of([np.linspace(0.34, end, 6) for end in np.linspace(0.40, 0.80, 101)])


def text_in(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_levels_are_per_cent_for_shares_and_whole_numbers_for_units():
    assert points_of(RISING, SHARE)["level"].tolist() == pytest.approx([10, 15, 20, 25, 30, 34])
    districts = series_of([0.5, 9 / 14], denominator=14)
    assert points_of(districts, indicator("units"))["level"].tolist() == pytest.approx([7, 9])


def test_the_view_holds_the_quantiles_of_the_draws_up_to_the_deadline():
    view = view_of(RISING, FUTURES, part("at_least", "70%"), SHARE, deadline="2015Q2")
    assert list(view.ahead.index) == AHEAD[:4]
    assert view.ahead.loc["2014Q3", 0.5] == pytest.approx(34.0)
    whole = view_of(RISING, FUTURES, part("at_least", "70%"), SHARE)
    assert whole.ahead.loc["2015Q4", [0.1, 0.5, 0.9]].tolist() == pytest.approx([44.0, 60.0, 76.0])
    assert whole.target == 70.0 and whole.labels[-1] == "2015Q4"


def test_points_after_the_deadline_are_not_drawn():
    view = view_of(RISING, None, part("at_least", "20%"), SHARE, deadline="2013Q4")
    assert view.y.tolist() == pytest.approx([10, 15, 20, 25]) and view.labels[-1] == "2013Q4"


def test_a_units_target_lies_at_the_fewest_units_that_satisfy_it():
    districts = series_of([7 / 14, 9 / 14], denominator=14)
    view = view_of(districts, None, part("at_least", "80%", k_min=12), indicator("units"))
    assert view.target == 12.0


def test_the_chart_labels_target_as_of_and_forecast_directly():
    axes = charts.fan_chart(RISING, FUTURES, part("at_least", "70%"), SHARE, lang="vi", as_of=AS_OF)
    texts = text_in(charts.to_svg(axes.figure))
    assert "mục tiêu ≥ 70%" in texts and "số liệu đến QII/2014" in texts
    assert "mức giữa: 60,0%" in texts and "80%: 44,0–76,0%" in texts
    assert not any(text.startswith("Q2") for text in texts)


def test_bands_and_median_stand_on_the_axes_in_the_unit_of_the_target():
    axes = charts.fan_chart(RISING, FUTURES, part("at_least", "70%"), SHARE, lang="en", as_of=AS_OF)
    assert len(axes.collections) == 3
    paths = [line.get_ydata() for line in axes.get_lines()]
    assert any(np.allclose(y[[0, -1]], [34.0, 60.0]) for y in paths if len(y) == 7)
    assert any(np.allclose(y, [34.0, 70.0]) for y in paths if len(y) == 2)


def test_no_path_is_needed_where_the_level_is_satisfied():
    axes = charts.fan_chart(RISING, FUTURES, part("at_least", "30%"), SHARE, lang="en", as_of=AS_OF)
    assert not any(line.get_linestyle() == ":" for line in axes.get_lines())


def test_whole_numbers_are_drawn_as_steps():
    districts, whole = series_of([7 / 14, 9 / 14], denominator=14), indicator("units")
    futures = draws_of([[9, 9, 10, 10, 11, 12], [9, 10, 10, 11, 11, 11], [9, 9, 9, 10, 10, 10]])
    axes = charts.fan_chart(districts, futures, part("at_least", "80%", k_min=12), whole, lang="vi", as_of=AS_OF)
    texts = text_in(charts.to_svg(axes.figure))
    assert "mức giữa: 11" in texts and "mục tiêu ≥ 80% (12)" in texts and "số đơn vị" in texts
    assert {line.get_drawstyle() for line in axes.get_lines()} >= {"steps-mid"}


def test_after_the_deadline_the_verdict_stands_at_the_last_point():
    axes = charts.fan_chart(
        RISING, None, part("at_least", "70%"), SHARE, lang="en", as_of=AS_OF, deadline="2014Q2", status="missed"
    )
    texts = text_in(charts.to_svg(axes.figure))
    assert "✕ not met" in texts and "34.0%" in texts and not any("figures to" in text for text in texts)


def test_a_break_of_definition_cuts_the_line():
    whole = charts.fan_chart(RISING, None, part("at_least", "70%"), SHARE, lang="en", as_of=AS_OF)
    cut = charts.fan_chart(RISING, None, part("at_least", "70%"), SHARE, lang="en", as_of=AS_OF, breaks=("2013Q3",))
    assert len(cut.get_lines()) == len(whole.get_lines()) + 1


def test_the_same_figure_gives_the_same_bytes_with_real_text_and_no_date():
    def svg() -> str:
        return charts.to_svg(charts.fan_chart(RISING, FUTURES, part("at_least", "70%"), SHARE, lang="vi", as_of=AS_OF).figure)

    assert svg() == svg()
    assert "<dc:date>" not in svg() and "DejaVu Sans" in svg()


def test_ticks_are_never_crowded():
    for first in ("2004Q1", "2011Q1", "2014Q1"):
        labels = periods.period_range(first, "2015Q4")
        shown = charts.frame.tick_labels(labels)
        assert shown[-1] == "2015Q4" and len(shown) <= charts.frame.MAX_TICKS


def test_alt_text_says_level_forecast_and_target():
    text = charts.alt_text(RISING, FUTURES, part("at_least", "70%"), SHARE, lang="vi", as_of=AS_OF)
    assert "34,0%" in text and "60,0%" in text and "44,0–76,0%" in text and "≥ 70%" in text
    empty = charts.alt_text(RISING[:0], None, part("at_least", "70%"), SHARE, lang="en", as_of=AS_OF, deadline="2015Q4")
    assert "no figures" in empty


def test_alt_text_of_units_says_out_of_how_many():
    agencies = series_of([28 / 34, 30 / 34], denominator=34)
    asked, whole = Part(indicator="T01", comparator="above", value="90%"), indicator("units")
    said = charts.alt_text(agencies, None, asked, whole, lang="vi", as_of=AS_OF, deadline="2015Q4")
    assert "kỳ gần nhất đạt 30/34." in said and "Mục tiêu > 90% (31/34)." in said
    everyone = Part(indicator="T01", comparator="at_least", value="all")
    assert "Target 100%." in charts.alt_text(agencies, None, everyone, whole, lang="en", as_of=AS_OF, deadline="2015Q4")


def squares(axes) -> list:
    return [line for line in axes.get_lines() if line.get_marker() == "s"]


def test_milestones_are_hollow_squares_and_are_told():
    asked = Part(indicator="T01", comparator="at_least", value="70%")
    given = {"lang": "en", "as_of": AS_OF, "deadline": "2015Q4"}
    milestones = {"2012Q4": "5%", "2013Q4": "22.5%", "2014Q4": "0.75%"}
    (marks,) = squares(charts.fan_chart(RISING, FUTURES, asked, SHARE, milestones=milestones, **given))
    assert marks.get_xdata().tolist() == [2014.0, 2015.0], "one before the first point of the chart is not drawn"
    assert marks.get_ydata().tolist() == pytest.approx([22.5, 0.75]) and marks.get_markerfacecolor() == "white"
    said = charts.alt_text(RISING, FUTURES, asked, SHARE, milestones=milestones, **given)
    assert said.endswith("Milestones of the plan (hollow squares): Q4 2013: 22.5%; Q4 2014: 0.75%.")


def test_a_milestone_of_units_lies_at_the_fewest_units_of_its_period():
    agencies = series_of([0.5, 0.5, 0.5], denominator=30).assign(denominator=[30.0, 30.0, 34.0], numerator=15.0)
    asked = Part(indicator="T01", comparator="above", value="90%")
    given = {"lang": "vi", "as_of": AS_OF, "deadline": "2015Q4", "milestones": {"2013Q1": "50%", "2014Q4": "50%"}}
    (marks,) = squares(charts.fan_chart(agencies, None, asked, indicator("units"), **given))
    assert marks.get_ydata().tolist() == [16.0, 18.0]
    said = charts.alt_text(agencies, None, asked, indicator("units"), **given)
    assert said.endswith("(ô vuông rỗng): Quý I/2013: 16/30; Quý IV/2014: 18/34.")


def test_without_milestones_the_chart_stays_as_it_is():
    asked, given = Part(indicator="T01", comparator="at_least", value="70%"), {"lang": "vi", "as_of": AS_OF}
    plain, empty = (charts.fan_chart(RISING, FUTURES, asked, SHARE, milestones=some, **given) for some in (None, {}))
    assert charts.to_svg(plain.figure) == charts.to_svg(empty.figure) and not squares(plain)


PUBLISHED = pd.DataFrame(
    [
        ("Quảng Ngãi", "T01", "2013-06", "12", "%", "0.12", "actual"),
        ("Quảng Ngãi", "T01", "2015", "60", "%", "0.6", "planned"),
        ("cả nước", "T01", "2013", "20", "%", "0.2", "actual"),
        ("cả nước", "T01", "2015", "80", "%", "0.8", "planned"),
        ("cả nước", "T01", "2016", "90", "%", "0.9", "actual"),
        ("cả nước", "T01", "2013", "nearly 30", "%", "", "actual"),
        ("cả nước", "T02", "2013", "50", "%", "0.5", "actual"),
    ],
    columns=["scope_vi", "indicator_id", "period", "value", "unit", "value_number", "kind"],
)


def test_published_figures_stand_in_the_unit_of_the_indicator():
    found = charts.comparable(PUBLISHED, SHARE)
    assert found["level"].tolist() == pytest.approx([12, 60, 20, 80, 90])
    assert found["own"].tolist() == [True, True, False, False, False]
    assert charts.comparable(PUBLISHED, indicator("count")).empty
    assert charts.comparable(pd.DataFrame(), SHARE).empty and charts.comparable(None, SHARE).empty


def test_the_trend_shows_nothing_published_for_a_later_year_but_plans_of_the_own_place():
    axes = charts.trend_chart(RISING, SHARE, PUBLISHED, lang="vi")
    texts = {text.get_text() for text in axes.texts}
    assert texts == {"Quảng Ngãi 2013", "Quảng Ngãi 2015 (kế hoạch)", "cả nước 2013"}


def test_incomplete_returns_are_hollow():
    axes = charts.trend_chart(RISING.assign(coverage=[1, 1, 0.9, 1, 1, 0.8]), SHARE, None, lang="en")
    drawn = [len(dots.get_offsets()) for dots in axes.collections if len(dots.get_offsets())]
    assert drawn == [4, 2]
    assert "hollow: returns incomplete" in {text.get_text() for text in axes.texts}


def test_the_joint_chart_has_a_bar_for_each_number_of_targets():
    axes = charts.joint_chart(pd.Series([0.2, 0.5, 0.3]), lang="en")
    assert [bar.get_height() for bar in axes.patches] == pytest.approx([20, 50, 30])


# --- the analyst's page ----------------------------------------------------------------------------------------------


def test_a_calendar_marks_the_silent_and_leaves_out_who_was_not_there():
    states = pd.DataFrame([["on_time", "silent"], ["", "late"]], index=["Sở 01", "Sở 02"], columns=["2014Q1", "2014Q2"])
    ax = charts.calendar_chart(states, lang="vi")
    assert [(text.get_position(), text.get_text()) for text in ax.texts] == [((1, 0), "×")]
    assert ax.collections[0].get_array().mask.tolist() == [[False, False], [True, False]]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["Sở 01", "Sở 02"]
    assert ax.figure.legends[0].get_texts()[0].get_text() == "đúng hạn"


def test_a_heat_map_leaves_silence_blank():
    values = pd.DataFrame([[0.1, np.nan], [0.5, 1.0]], index=["a", "b"], columns=["2014Q1", "2014Q2"])
    ax = charts.heat_map(values, most=1.0, lang="en", per_cent=True)
    assert [text.get_position() for text in ax.texts] == [(1, 0)]
    assert ax.collections[0].get_array().mask.tolist() == [[False, True], [False, False]]
    assert [text.get_text() for text in ax.figure.legends[0].get_texts()] == ["0%", "…", "100%"]


def test_group_lines_are_named_at_their_ends_without_overlap():
    lines = {name: pd.Series([0.2, end], index=["2014Q1", "2014Q2"]) for name, end in (("one", 0.30), ("two", 0.301))}
    ax = charts.group_chart(lines, indicator("share"), lang="en")
    ends = [text for text in ax.texts if text.get_text() in lines]
    assert abs(ends[0].get_position()[1] - ends[1].get_position()[1]) >= 0.1


def test_revised_points_are_hollow_and_the_others_are_not_drawn_twice():
    both = pd.DataFrame({"period": ["2014Q1", "2014Q2"], "then": [0.3, 0.4], "now": [0.35, 0.4]})
    ax = charts.revision_chart(both, indicator("share"), lang="en")
    solid, hollow = ax.lines[0], ax.lines[1]
    assert solid.get_ydata().tolist() == [35.0, 40.0]
    assert hollow.get_ydata().tolist() == [30.0]
