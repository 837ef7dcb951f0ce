import hashlib
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from qnict_analysis import learn as module
from qnict_analysis.engine.learned import COMPONENTS, SCALES, even, read, shipped
from qnict_analysis.learn import learn, learn_file
from qnict_analysis.models import trends
from qnict_analysis.predict import predict_file


@pytest.fixture
def history(monkeypatch):
    """Series of three indicators and tasks with their outcomes; the search for the priors is kept short."""
    monkeypatch.setattr(module, "PRIOR_ROUNDS", 2)
    rng = np.random.default_rng(0)
    days = pd.to_datetime([f"{year}-12-31" for year in range(2004, 2016)])
    walk = rng.normal(-1, 0.5, (18, 1)) + np.cumsum(rng.normal(0.15, 0.2, (18, len(days))), axis=1)
    values, names = (1 / (1 + np.exp(-walk))).round(4), [f"s{row:02d}" for row in range(18)]
    kinds = np.repeat(np.repeat(["cars", "forests", "phones"], 6), len(days))
    series = pd.DataFrame({"series_id": np.repeat(names, len(days)), "indicator": kinds, "freq": "Y"})
    series = series.assign(period=np.tile(days, 18), value=values.ravel())
    origins = (4, 5, 6, 7, 8)
    tasks = pd.DataFrame({"series_id": names * 5, "origin": np.repeat(days[list(origins)], 18), "n_history": [2, 5] * 45})
    tasks = tasks.assign(deadline=tasks.origin + pd.DateOffset(years=3), target=np.tile(values[:, 8] + 0.05, 5).round(4))
    tasks = tasks.assign(outcome_value=np.concatenate([values[:, origin + 3] for origin in origins]))
    tasks = tasks.assign(met=(tasks.outcome_value >= tasks.target).astype(int))
    tasks.insert(0, "task_id", [f"T{number:02d}" for number in range(90)])
    return series, tasks


@pytest.fixture
def files(history, tmp_path):
    for name, frame in zip(("s.csv", "t.csv"), history, strict=True):
        frame.to_csv(tmp_path / name, index=False)
    return tmp_path


def same(one, other):
    assert (one.priors, one.weights, one.sharpness) == (other.priors, other.weights, other.sharpness)
    assert np.array_equal(one.settings, other.settings)


def test_learning_twice_is_the_same_file(files):
    assert learn_file(files / "s.csv", files / "t.csv", files / "a.yaml") == f"learned from 90 tasks → {files / 'a.yaml'}"
    learn_file(files / "s.csv", files / "t.csv", files / "b.yaml")
    assert (files / "a.yaml").read_bytes() == (files / "b.yaml").read_bytes()
    found = read(files / "a.yaml")
    for name, told in (("s.csv", found.provenance["series"]), ("t.csv", found.provenance["tasks"])):
        assert told["sha256"] == hashlib.sha256((files / name).read_bytes()).hexdigest()
    assert (found.provenance["series"]["number"], found.provenance["tasks"]["number"]) == (18, 90)
    assert found.provenance["indicators"] == ["cars", "forests", "phones"] and found.provenance["left_out"] == ""
    assert sorted(path.name for path in files.iterdir()) == ["a.yaml", "b.yaml", "s.csv", "t.csv"]


def test_learning_makes_the_loss_small(history):
    series, tasks = history
    points = module.points_of(series)
    asked = module.asked_of(points, tasks)
    start = even()
    weights, sharpness = module._combination(points, asked, tasks, start)
    parts = module.components(points, asked, start, pool="indicator")
    middle = module.log_odds(points.values[asked.stop - 1])

    def loss(weights, sharpness):
        held = module.HOLD * np.mean((np.array(weights) * len(weights) - 1) ** 2)
        table = module.ladder.Table(middle, module.ladder.pooled(parts.values(), weights, sharpness))
        return module._loss(table, asked.target, tasks.outcome_value.to_numpy(), tasks.met.to_numpy()) + held

    assert sum(weights) == pytest.approx(1.0)
    best = loss(weights, sharpness)
    assert best < loss([0.2] * 5, 1.0) - 1e-4
    for other in np.random.default_rng(1).dirichlet(np.full(5, 20.0), 8):
        assert best < loss(other, sharpness)
    assert best < min(loss(weights, sharpness * factor) for factor in (0.9, 1.1))


def test_the_left_out_indicator_is_not_looked_at(history):
    series, tasks = history
    left_out = series.indicator == "forests"
    altered = series.assign(value=series.value.mask(left_out, 1 - series.value**2))
    judged = tasks.series_id.isin(series.series_id[left_out])
    turned = tasks.assign(met=tasks.met.mask(judged, 1 - tasks.met), outcome_value=tasks.outcome_value.mask(judged, 0.01))
    expected = learn(series, tasks, leave_out="forests")
    same(learn(altered, turned, leave_out="forests"), expected)
    same(learn(series[~left_out], tasks[~judged]), expected)
    assert learn(altered, tasks).weights != learn(series, tasks).weights != expected.weights


def test_what_cannot_be_learned_from_is_named(history):
    series, tasks = history
    with pytest.raises(ValueError, match="indicator 'trees' is unknown; allowed: cars, forests, phones"):
        learn(series, tasks, leave_out="trees")
    only = tasks[tasks.series_id.isin(series.series_id[series.indicator == "cars"])]
    with pytest.raises(
        ValueError,
        match=r"^too little to learn from: tasks 0, series asked about 0; .* 50 tasks of at least 5 series beside what is left",
    ):
        learn(series, only, leave_out="cars")


def test_few_tasks_or_series_teach_nothing(history):
    series, tasks = history
    with pytest.raises(
        ValueError, match=r"^too little to learn from: tasks 49, series asked about 18; allowed: at least 50 tasks of "
    ):
        learn(series, tasks.iloc[:49])
    of_four = pd.concat([tasks[tasks.series_id.isin(["s00", "s01", "s02", "s03"])]] * 3)
    with pytest.raises(
        ValueError, match=r"^too little to learn from: tasks 60, series asked about 4; allowed: .* at least 5 series$"
    ):
        learn(series, of_four)
    learn(series, tasks.iloc[:50])


def test_outcomes_that_contradict_themselves_are_not_learned_from(history, files):
    tasks = history[1]
    for column, value in (("met", 1 - tasks.met[3]), ("outcome_value", tasks.outcome_value[3] * 0.999 - 0.002)):
        changed = tasks.copy()
        changed.loc[3, column] = value
        changed["met"] = changed.met if column == "met" else (changed.outcome_value >= changed.target).astype(int)
        changed.to_csv(files / "t.csv", index=False)
        with pytest.raises(ValueError, match=rf"^{re.escape(str(files / 't.csv'))}: row 5, column {column}: "):
            learn_file(files / "s.csv", files / "t.csv", files / "a.yaml")
    assert not (files / "a.yaml").exists()


def test_learned_numbers_are_written_as_yaml_only(files):
    with pytest.raises(ValueError, match=r"a.csv: the name says another kind of file; allowed: names that end in .yaml, .yml"):
        learn_file(files / "s.csv", files / "t.csv", files / "a.csv")


@pytest.mark.parametrize("field, value, allowed", [("met", 2, "0 or 1"), ("outcome_value", 1.4, "a share from 0 to 1")])
def test_faults_of_outcomes_name_row_and_column(history, files, field, value, allowed):
    tasks = history[1].astype({field: object})
    tasks.loc[1, field] = value
    tasks.to_csv(files / "t.csv", index=False)
    with pytest.raises(ValueError, match=f"row 3, column {field}: .*allowed: {allowed}"):
        learn_file(files / "s.csv", files / "t.csv", files / "a.yaml")
    tasks.drop(columns=field).to_csv(files / "t.csv", index=False)
    with pytest.raises(ValueError, match=f"column {field} is missing"):
        learn_file(files / "s.csv", files / "t.csv", files / "a.yaml")
    assert not (files / "a.yaml").exists()


def test_inputs_are_never_overwritten(files):
    learn_file(files / "s.csv", files / "t.csv", files / "a.yaml")
    before = {path.name: path.read_bytes() for path in files.iterdir()}
    for name in ("s.csv", "t.csv"):
        with pytest.raises(ValueError, match="would overwrite the input"):
            learn_file(files / "s.csv", files / "t.csv", files / name)
    for name in before:
        with pytest.raises(ValueError, match="would overwrite the input"):
            predict_file(files / "s.csv", files / "t.csv", files / name, weights_path=files / "a.yaml")
    assert {path.name: path.read_bytes() for path in files.iterdir()} == before


SIZE = len(trends.SETTINGS)
EQUAL, EVEN = dict.fromkeys(COMPONENTS, 0.2), [1 / SIZE] * SIZE


def both(**prior):
    """The same prior on both scales."""
    return {scale: dict(prior) for scale in SCALES}


def told(**changed):
    """A sound file of learned numbers but for the fields changed."""
    sound = {"priors": both(mu=0.1, tau=0.2, sigma=0.3), "weights": EQUAL, "sharpness": 1.1, "settings": EVEN}
    return {**sound, **changed}


FAULTS = {
    "nothing": ([1, 2], "allowed: fields provenance, priors, settings, weights and sharpness"),
    "no priors": (told(priors=None), "priors.logit: nothing; allowed: numbers mu, tau above 0 and sigma above 0"),
    "one scale": (told(priors={"logit": {"mu": 0.1, "tau": 0.2, "sigma": 0.3}}), "priors.raw: nothing; allowed: "),
    "tau 0": (told(priors=both(mu=0.1, tau=0, sigma=1)), "priors.logit.tau: 0; allowed: numbers mu, tau above 0"),
    "sigma missing": (told(priors=both(mu=0.1, tau=1)), "priors.logit: only mu, tau; allowed: "),
    "mu no number": (told(priors=both(mu="x", tau=1, sigma=1)), "priors.logit.mu: 'x'; allowed: "),
    "no weights": (told(weights=None), "weights: nothing; allowed: a number from 0 up for each of alone, pooled"),
    "a weight missing": (told(weights={"alone": 1}), "weights: only alone; allowed: "),
    "a weight below 0": (told(weights={**EQUAL, "alone": -0.1}), "weights: alone: -0.1; allowed: a number from 0 up"),
    "a weight of text": (told(weights={**EQUAL, "alone": "much"}), "weights: alone: 'much'; allowed: "),
    "weights all 0": (told(weights=dict.fromkeys(COMPONENTS, 0)), "weights: they add up to 0; allowed: 1"),
    "weights above 1": (
        told(weights={**EQUAL, "alone": 0.201}),
        "weights: they add up to 1.001; allowed: 1, give or take 0.0005",
    ),
    "no sharpness": (told(sharpness=None), "sharpness: nothing; allowed: a number from a third to 3"),
    "too sharp": (told(sharpness=3.1), "sharpness: 3.1; allowed"),
    "too blunt": (told(sharpness=0.3), "sharpness: 0.3; allowed"),
    "sharpness yes": (told(sharpness=True), "sharpness: yes; allowed"),
    "sharpness not known": (told(sharpness=float("nan")), "sharpness: not a number; allowed"),
    "settings too few": (told(settings=[1.0]), f"settings: allowed: {SIZE} numbers from 0 up that add up to 1"),
    "a setting below 0": (told(settings=[*EVEN[:-1], -1]), "settings: allowed"),
    "settings all 0": (told(settings=[0] * SIZE), "settings: allowed"),
    "settings above 1": (told(settings=[1.0] * SIZE), f"settings: they add up to {SIZE}; allowed: 1"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_of_a_file_of_learned_numbers_name_file_and_field(tmp_path, fault):
    content, message = FAULTS[fault]
    path = tmp_path / "learned.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(ValueError, match=f"^{re.escape(f'{path}: {message}')}"):
        read(path)


def test_sound_numbers_are_read_and_add_up(tmp_path):
    path = tmp_path / "learned.yaml"
    path.write_text(yaml.safe_dump(told(weights={**dict.fromkeys(COMPONENTS, 0.125), "alone": 0.5})), encoding="utf-8")
    found = read(path)
    assert found.weights == {name: 0.5 if name == "alone" else 0.125 for name in COMPONENTS} and found.sharpness == 1.1
    assert found.settings == pytest.approx(1 / SIZE) and found.priors["raw"] == (0.1, 0.2, 0.3)
    path.write_text("a: [", encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"cannot be read as YAML \(line 1, column 5: [^\n]+\); allowed: a file that `qnict learn` made$"
    ):
        read(path)
    with pytest.raises(ValueError, match=r"cannot be read as YAML \(Is a directory\); allowed"):
        read(tmp_path)
    path.write_text("a: 2014-13-45", encoding="utf-8")
    with pytest.raises(ValueError, match=r"cannot be read as YAML \(month must be in 1..12\); allowed"):
        read(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match=r"cannot be read as YAML \(no text in UTF-8\); allowed"):
        read(path)
    with pytest.raises(ValueError, match="no such file"):
        read(tmp_path / "absent.yaml")


def test_forecasts_use_the_file_named(files):
    out = {}
    for name, content in (("one", {"alone": 1}), ("other", {"trends": 1})):
        path = files / f"{name}.yaml"
        path.write_text(yaml.safe_dump(told(weights={**dict.fromkeys(COMPONENTS, 0), **content})), encoding="utf-8")
        predict_file(files / "s.csv", files / "t.csv", files / "out.csv", weights_path=path)
        out[name] = pd.read_csv(files / "out.csv")
    predict_file(files / "s.csv", files / "t.csv", files / "out.csv")
    out["shipped"] = pd.read_csv(files / "out.csv")
    for one, other in (("one", "other"), ("one", "shipped"), ("other", "shipped")):
        assert (out[one].q50 != out[other].q50).mean() > 0.9
    with pytest.raises(ValueError, match="no such file; name a file that `qnict learn` made"):
        predict_file(files / "s.csv", files / "t.csv", files / "out.csv", weights_path=files / "absent.yaml")


def test_the_shipped_numbers_are_sound_and_say_where_they_come_from():
    found = shipped()
    assert sum(found.weights.values()) == pytest.approx(1.0) and list(found.weights) == list(COMPONENTS)
    assert min(found.weights.values()) > 0 and found.settings.sum() == pytest.approx(1.0)
    for file in ("series", "tasks"):
        assert re.fullmatch("[0-9a-f]{64}", found.provenance[file]["sha256"]) and found.provenance[file]["number"] > 100
    assert found.provenance["left_out"] == "" and len(found.provenance["indicators"]) > 10


@pytest.mark.parametrize("values", [[0.4] * 12, [0.0] * 12, [1e-5 * n for n in range(12)], [0.0, 1.0] * 6])
def test_what_was_learned_from_odd_series_can_be_read_again(tmp_path, values):
    days, names = pd.date_range("2001-12-31", periods=12, freq="YE"), [f"s{n}" for n in range(10)]
    series = pd.concat([pd.DataFrame({"series_id": name, "period": days, "value": values}) for name in names])
    series.assign(indicator="k", freq="Y").to_csv(tmp_path / "s.csv", index=False)
    ends = np.repeat([7, 8, 9, 10, 11], 10)
    tasks = pd.DataFrame({"task_id": [f"T{n}" for n in range(50)], "series_id": names * 5, "target": 0.5, "n_history": 6})
    tasks = tasks.assign(origin=days[ends - 2], deadline=days[ends], outcome_value=np.array(values)[ends])
    tasks.assign(met=(tasks.outcome_value >= 0.5).astype(int)).to_csv(tmp_path / "t.csv", index=False)
    learn_file(tmp_path / "s.csv", tmp_path / "t.csv", tmp_path / "w.yaml")
    assert sum(read(tmp_path / "w.yaml").weights.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [("settings", [10**400] + [1.0] * 23, "settings: allowed"), ("provenance", "x", "provenance: 'x'; allowed")],
)
def test_numbers_and_words_out_of_all_measure_are_refused(tmp_path, field, value, says):
    text = (Path(module.__file__).parent / "engine" / "learned.yaml").read_text(encoding="utf-8")
    (tmp_path / "w.yaml").write_text(yaml.safe_dump(yaml.safe_load(text) | {field: value}), encoding="utf-8")
    with pytest.raises(ValueError, match=says):
        read(tmp_path / "w.yaml")


LEFT_OUT = sorted((Path(__file__).parents[1] / "benchmarks" / "results" / "left_out").glob("*.yaml"))


def test_the_numbers_that_the_benchmarks_judge_with_can_be_read():
    assert len(LEFT_OUT) > 10
    for path in LEFT_OUT:
        assert sum(read(path).weights.values()) == pytest.approx(1.0) and read(path).provenance["left_out"] == path.stem
