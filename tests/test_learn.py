"""What the engine learns: the same every time, nothing from the indicator left out, checked when it is read."""

import numpy as np
import pandas as pd
import pytest
import yaml

from qnict_analysis import learn as module
from qnict_analysis.engine.learned import COMPONENTS, SHIPPED, even, read, shipped
from qnict_analysis.learn import learn, learn_file
from qnict_analysis.predict import predict_file


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A series file and a task file with outcomes: two indicators of ten walks each."""
    monkeypatch.setattr(module, "PRIOR_ROUNDS", 2)
    rng = np.random.default_rng(7)
    days = pd.date_range("2000-12-31", periods=14, freq="YE")
    parts = []
    for kind, pace in (("calm", 0.01), ("quick", 0.04)):
        for row in range(10):
            walk = np.clip(0.2 + np.cumsum(rng.normal(pace, 0.02, 14)), 0.01, 0.99).round(4)
            parts.append(
                pd.DataFrame({"series_id": f"{kind} {row}", "indicator": kind, "freq": "Y", "period": days, "value": walk})
            )
    series = pd.concat(parts, ignore_index=True)
    last = series[series.period == days[9]].set_index("series_id").value
    outcome = series[series.period == days[12]].set_index("series_id").value
    tasks = pd.DataFrame(
        {"series_id": last.index, "origin": days[9], "deadline": days[12], "target": (last + 0.05).to_numpy().round(3)}
    )
    tasks = tasks.assign(task_id=[f"T{n}" for n in range(len(tasks))], n_history=8, outcome_value=outcome.to_numpy())
    tasks["met"] = (tasks.outcome_value >= tasks.target).astype(int)
    paths = tmp_path / "series.csv", tmp_path / "tasks.csv"
    for frame, path in zip((series, tasks), paths, strict=True):
        frame.to_csv(path, index=False)
    return *paths, series, tasks


def test_the_same_files_give_the_same_bytes_and_say_where_they_come_from(files, tmp_path):
    for name in ("a.yaml", "b.yaml"):
        assert "from 20 tasks" in learn_file(files[0], files[1], tmp_path / name)
    assert (tmp_path / "a.yaml").read_bytes() == (tmp_path / "b.yaml").read_bytes()
    found = read(tmp_path / "a.yaml")
    assert sum(found.weights.values()) == pytest.approx(1.0) and set(found.weights) == set(COMPONENTS)
    assert found.provenance["indicators"] == ["calm", "quick"] and len(found.provenance["tasks"]["sha256"]) == 64


def test_nothing_is_learned_from_the_indicator_left_out(files):
    series, tasks = files[2], files[3]
    altered = series.assign(value=series.value.mask(series.indicator == "quick", 0.5))
    one, other = (learn(frame, tasks, leave_out="quick") for frame in (series, altered))
    assert one.weights == other.weights and one.priors == other.priors and np.array_equal(one.settings, other.settings)
    assert learn(series, tasks, leave_out="calm").priors != one.priors


def test_what_cannot_be_learned_is_refused(files, tmp_path):
    series, tasks = files[2], files[3]
    with pytest.raises(ValueError, match="indicator 'slow' is unknown; allowed: calm, quick"):
        learn(series, tasks, leave_out="slow")
    with pytest.raises(ValueError, match="no task is left"):
        learn(series, tasks[tasks.series_id.str.startswith("calm")], leave_out="calm")
    with pytest.raises(ValueError, match="would overwrite the input"):
        learn_file(files[0], files[1], files[1])
    tasks.drop(columns="met").to_csv(tmp_path / "bare.csv", index=False)
    with pytest.raises(ValueError, match=r"bare\.csv: column met is missing"):
        learn_file(files[0], tmp_path / "bare.csv", tmp_path / "out.yaml")
    assert not (tmp_path / "out.yaml").exists()


def test_a_file_of_learned_numbers_is_used(files, tmp_path):
    learn_file(files[0], files[1], tmp_path / "own.yaml")
    told = yaml.safe_load((tmp_path / "own.yaml").read_text(encoding="utf-8"))
    told["sharpness"] = 2.5
    (tmp_path / "sharp.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
    outs = [tmp_path / f"{name}.csv" for name in ("shipped", "sharp")]
    predict_file(files[0], files[1], outs[0])
    predict_file(files[0], files[1], outs[1], weights_path=tmp_path / "sharp.yaml")
    wide, narrow = (pd.read_csv(path) for path in outs)
    assert ((narrow.q90 - narrow.q10) < (wide.q90 - wide.q10)).all()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("weights", {"alone": 1.0}, "weights: "),
        ("weights", dict.fromkeys(COMPONENTS, 0), "not all 0"),
        ("weights", dict.fromkeys(COMPONENTS, -1), "a number from 0 up"),
        ("sharpness", 40, "sharpness: 40; allowed: a number from a third to 3"),
        ("sharpness", "much", "sharpness: 'much'"),
        ("settings", [1.0], "settings: allowed: "),
        ("priors", {"logit": {"mu": 0.1, "tau": 0.0, "sigma": 0.1}}, "priors.logit: "),
        ("priors", None, "priors.logit: None; allowed: numbers mu, tau above 0 and sigma above 0"),
    ],
)
def test_each_faulty_field_is_named(tmp_path, field, value, says):
    start = even()
    told = {
        "priors": {scale: prior._asdict() for scale, prior in start.priors.items()},
        "weights": start.weights,
        "sharpness": 1.0,
        "settings": start.settings.tolist(),
    }
    path = tmp_path / "w.yaml"
    path.write_text(yaml.safe_dump(told), encoding="utf-8")
    assert read(path).weights == pytest.approx(start.weights)
    path.write_text(yaml.safe_dump(told | {field: value}), encoding="utf-8")
    with pytest.raises(ValueError) as fault:
        read(path)
    assert str(path) in str(fault.value) and says in str(fault.value)


@pytest.mark.parametrize("text", ["just words", "[1, 2]", "a: [", "\x00"])
def test_what_is_no_file_of_learned_numbers_is_refused(tmp_path, text):
    path = tmp_path / "w.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"w\.yaml"):
        read(path)
    with pytest.raises(ValueError, match="no such file"):
        read(tmp_path / "absent.yaml")


def test_the_shipped_numbers_name_their_source():
    found = shipped()
    assert SHIPPED.endswith(".yaml") and sum(found.weights.values()) == pytest.approx(1.0)
    assert all(len(found.provenance[part]["sha256"]) == 64 for part in ("series", "tasks")) and not found.provenance["left_out"]
