"""Notebook 04: what it shows of a real and of an illustrative programme, in both languages."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qnict_analysis import charts, ledger
from qnict_analysis.analysis import analyse
from qnict_analysis.backtest.replay import METHODS
from qnict_analysis.briefing import record_pages
from qnict_analysis.engine.learned import shipped
from qnict_analysis.wording import record
from qnict_analysis.words import COLUMNS

EU = Path("examples/digital-agenda")
MARKS = ("SỐ LIỆU MINH HỌA", "ILLUSTRATIVE DATA")


def copied(source: Path, folder: Path) -> Path:
    """A workspace of its own, so that what is kept in one test is not found in another."""
    for name in ("data", "params"):
        shutil.copytree(source / name, folder / name, ignore=shutil.ignore_patterns("store"))
    return folder


@pytest.fixture(scope="module")
def agenda(tmp_path_factory):
    folder = copied(EU, tmp_path_factory.mktemp("agenda"))
    analysis = analyse(workspace=str(folder), as_of="2016-12-31", draws=300, lang="en")
    return analysis, record_pages.Replay(analysis)


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    folder = copied(Path(), tmp_path_factory.mktemp("province"))
    analysis = analyse(workspace=str(folder), as_of="2013Q1", draws=300, lang="vi")
    return analysis, record_pages.Replay(analysis)


def blocks(analysis, replay) -> list:
    """Everything that notebook 04 shows."""
    every = [
        *record_pages.scores(analysis, replay),
        *record_pages.skill_picture(analysis, replay),
        *record_pages.scores(analysis, replay, deadline=True),
        *record_pages.reliability_picture(analysis, replay),
        *record_pages.interval_scores(analysis, replay),
        *record_pages.interval_pictures(analysis, replay),
        *record_pages.cases(analysis, replay),
        *record_pages.ledger_state(analysis),
    ]
    single = (record_pages.opening, record_pages.by_vintage, record_pages.timing)
    return [*every, *(show(analysis, replay) for show in single)]


def test_only_what_is_missing_is_worked_out(agenda):
    analysis, replay = agenda
    again = record_pages.Replay(analysis)
    assert replay.made == 6 and again.made == 0
    assert again.chances.equals(replay.chances) and again.spreads.equals(replay.spreads)
    kept = sorted((analysis.workspace.store / "kept").glob("replay-*"))
    kept[0].unlink()
    kept[1].write_bytes(b"spoilt")
    assert record_pages.Replay(analysis).made == 2
    earlier = dataclasses.replace(analysis, as_of=dataclasses.replace(analysis.as_of, through="2013"))
    assert record_pages.Replay(earlier).made == 0, "an earlier day asks for the same replays"
    programme = analysis.registry.programme.model_copy(
        update={"caps": analysis.registry.programme.caps.model_copy(update={"low": 0.02})}
    )
    wider = dataclasses.replace(analysis, registry=dataclasses.replace(analysis.registry, programme=programme))
    assert record_pages.Replay(wider).made == 0, "caps are of print only"
    longer = analysis.registry.programme.model_copy(update={"start": "2005"})
    other = dataclasses.replace(analysis, registry=dataclasses.replace(analysis.registry, programme=longer))
    assert record_pages.Replay(other).made == 6, "another programme is another replay"


def test_the_table_names_every_method_and_vintage(agenda):
    table = record_pages.scores(*agenda)[0]
    assert [row[0] for row in table.data["rows"]] == [record.METHODS["en"][name] for name in METHODS]
    assert {row[-1] for row in table.data["rows"]} == {"as received, rebuilt"}
    apart = record_pages.by_vintage(*agenda)
    received, rebuilt = (int(apart.data["rows"][0][place].split("/")[1]) for place in (1, 4))
    assert received + rebuilt == len(agenda[1].chances) and min(received, rebuilt) > 10
    vintage = {row[0]: row[1] for row in record_pages.cases(*agenda)[0].data["rows"]}
    assert vintage["2009"] == vintage["2010"] == "rebuilt" and vintage["2011"] == "as received"


@pytest.mark.parametrize(("lang", "words"), [("vi", ("như đã nhận", "dựng lại")), ("en", ("as received", "rebuilt"))])
def test_one_set_of_words_for_vintages_everywhere(agenda, lang, words):
    analysis, replay = agenda
    spoken = dataclasses.replace(analysis, params=analysis.params.model_copy(update={"lang": lang}))
    opening = record_pages.opening(spoken, replay).text
    assert all(f"“{word}”" in opening for word in words)
    found = blocks(spoken, replay)
    for word in ("giả định", "pseudo", "bản thật", "true vintage"):
        assert not [block.text for block in found if word in block.text.lower()]
    intervals = record_pages.interval_scores(spoken, replay)[0]
    assert {row[-1] for row in intervals.data["rows"]} == {", ".join(words)}
    rebuilt = int((replay.chances["vintage"] == "pseudo").sum())
    pictures = [block.data["caption"] for block in found if block.function == "figure"]
    assert all(words[1] in caption for caption in pictures), "charts mix both, and say how many are rebuilt"
    assert f"; {rebuilt} " in record_pages.reliability_picture(spoken, replay)[0].data["caption"]


def test_official_rules_have_the_names_of_the_table_of_rules():
    for lang in ("vi", "en"):
        for rule in record.RULES_AHEAD:
            assert record.METHODS[lang][rule] == record.SHORT[lang][rule] == COLUMNS[lang][rule]


def test_what_the_engine_had_learned_is_said_of_real_figures_only(agenda, province):
    analysis, replay = agenda
    told = shipped().provenance
    said = record_pages.opening(analysis, replay).text
    assert f"{told['series']['number']:,} series" in said and "internet users among them" in said
    spoken = dataclasses.replace(analysis, params=analysis.params.model_copy(update={"lang": "vi"}))
    assert "người dùng Internet" in record_pages.opening(spoken, replay).text
    assert "người dùng Internet" not in record_pages.opening(*province).text


def test_the_first_time_it_took_is_told_again(agenda):
    analysis, replay = agenda
    assert replay.first > 0 and "Worked out now, in" in record_pages.timing(analysis, replay).text
    again = record_pages.Replay(analysis)
    assert again.made == 0 and again.first == record_pages.Replay(analysis).first > again.seconds
    text = record_pages.timing(analysis, again).text
    assert f"Worked out in {again.first:.1f} seconds the first time; taken from the store now" in text


def test_the_changes_say_what_they_took(province):
    analysis, _ = province
    first, again = record_pages.Moves(analysis), record_pages.Moves(analysis)
    assert first.made and not again.made and again.first == first.first > 0
    assert record_pages.moves_timing(analysis, first).text.startswith("Lần này tính hết ")
    assert record_pages.moves_timing(analysis, again).text.startswith("Tính lần đầu hết ")


def test_a_rule_that_changed_is_named(agenda):
    analysis, _ = agenda
    registry = analysis.registry
    told = pd.DataFrame({"as_of": ["2011"], "target": ["DAE01"], "rule": ["DAE01 at_least 1%"]})
    changed = ledger.rules_changed(told, registry)
    for lang in ("vi", "en"):
        words = record.ledger_words(told, told.iloc[:0], 0, registry, lang, changed=changed)
        assert sum("DAE01" in run["t"] for paragraph in words for run in paragraph) == 1


def test_where_we_lose_the_page_says_so(agenda):
    analysis, replay = agenda
    text = record_pages.scores(analysis, replay, deadline=True)[1].text
    assert "Growth (Open SDG)" in text.split("worse")[1], "the rule was right each time on these targets"
    better = replay.chances.assign(forecast=replay.chances["met"].astype(float))
    perfect = record_pages.scores(analysis, with_tables(replay, chances=better))[1].text
    assert "worse" not in perfect


def with_tables(replay, **changes):
    """The same replay with other tables."""
    other = object.__new__(record_pages.Replay)
    other.__dict__.update(vars(replay) | changes)
    return other


def test_an_illustrative_programme_is_marked_and_claims_nothing(province):
    analysis, replay = province
    assert replay.made == 4
    for block in blocks(*province):
        shown = block.html
        if any(character.isdigit() for character in block.text) and block.function != "prose":
            assert MARKS[0] in shown
    for deadline in (False, True):
        said = record_pages.scores(analysis, replay, deadline=deadline)[-1].text
        assert "tốt hơn" not in said and "kém hơn" not in said
    assert "chỉ đo chương trình tạo ra số liệu" in record_pages.scores(analysis, replay)[1].text
    titles = [block.data["caption"] for block in record_pages.interval_pictures(analysis, replay)]
    assert titles == [record.TEXT["vi"][name] for name in ("coverage", "pit")], "no title draws a conclusion"
    assert "Chưa có dự báo nào được kiểm chứng" in record_pages.ledger_state(analysis)[0].text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_real_programme_bears_no_mark_in_either_language(agenda, lang):
    analysis, replay = agenda
    spoken = dataclasses.replace(analysis, params=analysis.params.model_copy(update={"lang": lang}))
    found = blocks(spoken, replay)
    assert not any(mark in block.html for block in found for mark in MARKS)
    assert not any("{" in block.text or "nan" in block.text.lower().split() for block in found)
    pictures = [block for block in found if block.function == "figure"]
    assert len(pictures) == 4
    for block in pictures:
        assert any(character.isdigit() for character in block.data["alt"]) and block.data["caption"]


def test_a_long_list_says_how_much_of_it_is_shown(agenda, monkeypatch):
    analysis, replay = agenda
    whole = record_pages.cases(analysis, replay)
    assert len(whole) == 1
    monkeypatch.setattr(record_pages, "MOST_ROWS", 12)
    table, note = record_pages.cases(analysis, replay)
    assert len(table.data["rows"]) <= 12 and note.text.startswith(f"{len(table.data['rows'])} of {len(whole[0].data['rows'])} ")


def test_scores_off_the_scale_are_not_spelt_out():
    assert record.score_text(999.94, "vi") == "999,9"
    assert record.score_text(35_220_437.4, "vi") == "> 1.000"


def test_labels_stand_apart():
    assert charts.record.apart([0.5, 0.98, 1.0], least=0.1) == pytest.approx([0.46, 0.94, 1.04])
    assert charts.record.apart([0.1, 0.5, 0.9], least=0.1) == pytest.approx([0.1, 0.5, 0.9])


def test_wilson_by_hand():
    low, high = charts.record.wilson([0.0, 0.5], [10, 10])
    z2 = 1.6448536269514722**2
    assert high[0] == pytest.approx(z2 / (10 + z2)) and low[0] == pytest.approx(0.0, abs=1e-12)
    assert low[1] + high[1] == pytest.approx(1.0) and high[1] - low[1] == pytest.approx(np.sqrt(z2 / (10 + z2)))
