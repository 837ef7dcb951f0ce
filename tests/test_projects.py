"""Promised items: how promises were kept so far, and what is still to come, by hand."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from qnict_analysis import periods, schema
from qnict_analysis.forecast import forecast
from qnict_analysis.forecast.projects import how_kept, planned_for
from qnict_analysis.registry import Project

AS_OF = periods.AsOf(label="2014Q2", through="2014Q2", cutoff=dt.date(2014, 7, 30))
AHEAD = periods.period_range("2014Q3", "2015Q4")
HISTORY = pd.DataFrame({"period": periods.period_range("2013Q1", "2014Q2")})


def project(due, done=None, *, items=1, known="2013-01-01", on_time=None, name="P"):
    return Project(
        id=name, indicator="C", items=items, due=due, known_on=known, done_on=done, on_time=on_time, source={"vi": "a", "en": "b"}
    )


def planned(*listed):
    registry = SimpleNamespace(projects=dict(enumerate(listed)))
    return planned_for("C", registry, AS_OF, HISTORY, AHEAD)


def test_promises_are_counted_as_known_at_the_as_of():
    listed = [
        project("2013Q4", "2013-12-30"),  # in time
        project("2013Q4", "2014-05-15"),  # two periods late
        project("2014Q1"),  # overdue since a period
        project("2014Q2", "2014-08-15"),  # finished, but nobody knew by the cut-off
        project("2015Q1"),
    ]
    kept = how_kept(listed, AS_OF)
    assert kept.on_time == pytest.approx((1 + 1) / (2 + 1 + 3))
    assert kept.late == pytest.approx((1 + 1) / (2 + 2 + 1 + 0))


def test_without_a_record_a_promise_is_worth_a_half():
    (first, *_, last) = planned(project("2014Q4")).pmf
    assert first.tolist() == [1.0, 0.0]  # not before it is due
    arrived = 1 - (1 - 0.5) * (1 - 0.5) ** 4  # four periods after the due one, each with one half
    assert last.tolist() == pytest.approx([1 - arrived, arrived])


def test_an_own_chance_stands_over_the_record_and_items_come_together():
    pmf = planned(project("2014Q3", items=3, on_time=0.8)).pmf[0]
    assert pmf.tolist() == pytest.approx([0.2, 0, 0, 0.8])


def test_two_projects_add_up_as_poisson_binomial():
    pmf = planned(project("2014Q3", on_time=0.8), project("2014Q3", on_time=0.5)).pmf[0]
    assert pmf.tolist() == pytest.approx([0.1, 0.5, 0.4])


def test_what_is_done_is_in_the_last_figure_or_certain_to_come():
    found = planned(project("2013Q3", "2013-08-01", items=2), project("2014Q2", "2014-07-20"), project("2013Q1", "2013-03-01"))
    assert found.arrived == 2  # the last one stood in the first figure already
    assert all(pmf.tolist() == [0.0, 1.0] or pmf[-1] == pytest.approx(1.0) for pmf in (np.trim_zeros(p, "b") for p in found.pmf))
    assert found.pmf[0] @ np.arange(len(found.pmf[0])) == pytest.approx(1.0)


def test_a_list_that_nobody_knew_of_is_none():
    assert planned(project("2015Q1", known="2014-08-01")) is None


def test_draws_hold_the_promised_items_and_unplanned_ones_beside_them():
    values = [4, 4, 6, 6, 8, 8]
    series = pd.DataFrame({"indicator": "C", "period": HISTORY["period"], "value": values, "numerator": values})
    series = series.assign(coverage=1.0, status="reported", change=series["value"].diff()).reindex(columns=list(schema.SERIES))
    panel = pd.DataFrame(columns=list(schema.PANEL))
    draws = {}
    lists = {
        "none": [],
        "promised": [project("2014Q4", items=5, on_time=1.0)],
        "past": [project("2013Q3", "2013-08-01", items=2)],
    }
    for name, listed in lists.items():
        target = SimpleNamespace(id="C", deadline="2015Q4")
        registry = SimpleNamespace(
            indicators={"C": SimpleNamespace(id="C", kind="count", counts=True, scope="all")},
            parts=lambda target=target: iter([(target, SimpleNamespace(indicator="C", comparator="at_least"))]),
            corrections=(),
            projects=dict(enumerate(listed)),
            mergers=list,
            assumption={"rho": 0.3, "coverage_min": 0.7, "kappa": 1.0, "min_points": 2.0, "pace_cap_quantile": 0.9}.__getitem__,
            programme=SimpleNamespace(deadline="2015Q4", frequency="quarterly"),
        )
        draws[name] = forecast(series, panel, registry, as_of=AS_OF, n_draws=2000, seed=1)["C"]
    assert draws["promised"]["2014Q3"].equals(draws["none"]["2014Q3"])
    assert np.sort(draws["promised"]["2014Q4"]) == pytest.approx(np.sort(draws["none"]["2014Q4"]) + 5)
    assert draws["past"]["2015Q4"].mean() < draws["none"]["2015Q4"].mean()  # two of the four were no unplanned pace
