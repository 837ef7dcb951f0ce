"""Every public function and class of the package says what it does."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "qnict_analysis"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_public_names_are_documented(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")]
    assert ast.get_docstring(tree), "the module has no docstring"
    assert not [node.name for node in named if not ast.get_docstring(node)]
