"""Blocks carry data, never code."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnict_analysis.document import MARK, MIME, Block, read_block


def test_unknown_function_is_refused():
    with pytest.raises(ValueError, match=r"no layout function 'eval'; known: document, report"):
        Block("eval", {})


@given(text=st.text(st.characters(blacklist_categories=("Cs",))))
def test_any_text_survives_the_way_to_typst_and_back(text):
    bundle, metadata = Block("prose", {"paragraphs": [[{"t": text}]]})._repr_mimebundle_()
    assert read_block(bundle[MIME], metadata) == ("prose", {"paragraphs": [[{"t": text}]]})


@pytest.mark.parametrize(
    "source",
    [
        '#prose(json(bytes("{}"))) #read("/etc/passwd")',
        '#prose(json(bytes("{}" + read("secret"))))',
        '#eval(json(bytes("{}")))',
        '#prose(json(bytes("{}\\"))))',
        "#prose(read)",
        '#prose(json(bytes("no json")))',
    ],
)
def test_anything_but_one_known_call_is_not_ours(source):
    assert read_block(source, {MIME: {"qnict": MARK}}) is None


def test_without_the_mark_it_is_not_ours():
    assert read_block(Block("prose", {"paragraphs": []}).typst(), {}) is None


def test_html_and_text_stand_beside():
    bundle, metadata = Block("prose", {"paragraphs": []}, html="<p>x</p>", text="x")._repr_mimebundle_()
    assert (bundle["text/html"], bundle["text/plain"]) == ("<p>x</p>", "x")
    assert metadata == {MIME: {"qnict": MARK}}
    assert json.loads(json.dumps(bundle)) == bundle
