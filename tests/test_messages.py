"""Every text said of a return has its Vietnamese twin, with the same fields, and none stands there for nothing."""

import ast
import re
from pathlib import Path

import pytest

from qnict_analysis.returns.messages import VIETNAMESE, said, vietnamese

PACKAGE = Path(__file__).resolve().parents[1] / "qnict_analysis"


def templates():
    """The first argument of every call of ``said``, both where it is one of two."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "said":
                parts = ast.walk(node.args[0])
                found |= {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return found


def test_every_text_that_is_said_has_a_twin():
    assert templates() - set(VIETNAMESE) == set()


@pytest.mark.parametrize("template", VIETNAMESE)
def test_twins_have_the_same_fields(template):
    fields = re.compile(r"\{(\w+)\}")
    assert sorted(fields.findall(template)) == sorted(fields.findall(VIETNAMESE[template]))


def test_a_text_said_within_another_is_translated_with_it():
    text = said("is not a {kind} period", kind=said("quarterly"))
    assert (text, vietnamese(text)) == ("is not a quarterly period", "không phải là kỳ theo quý")
    assert vietnamese("T01, T02") == "T01, T02"
    with pytest.raises(KeyError):
        said("has no twin")
