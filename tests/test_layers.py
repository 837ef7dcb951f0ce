"""A module imports only from lower layers, siblings do not know each other, and few modules touch files."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "qnict_analysis"
LAYERS = (
    {"schema", "periods", "words"},
    {"records"},
    {"registry", "params", "workspace", "formats", "sheets", "task_files", "fonts"},
    {"store"},
    {"forms", "returns", "kept"},
    {"mail"},
    {"intake", "observations", "feedback", "outgoing"},
    {"indicators"},
    {"vintages", "trace"},
    {"models"},
    {"engine"},
    {"forecast", "scenarios", "predict"},
    {"learn"},
    {"assessment", "document", "facts", "quality", "growth"},
    {"backtest"},
    {"ledger"},
    {"analysis", "charts", "tables", "wording"},
    {"changes"},
    {"planning"},
    {"form"},
    {"exporter", "briefing", "pages", "office"},
    {"runner"},
    {"cli_shared"},
    {"cli_planning", "cli_returns"},
    {"cli"},
)
LAYER = {name: number for number, names in enumerate(LAYERS) for name in names}
TOUCH_FILES = {
    *("workspace", "registry", "params", "store", "forms", "returns", "mail", "intake", "engine", "task_files", "learn"),
    *("exporter", "runner", "cli", "feedback", "kept", "ledger", "cli_planning", "cli_returns", "form", "office"),
}
FILE_CALLS = {
    *("open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "rmdir", "touch", "rmtree"),
    *("iterdir", "glob", "rglob", "read_csv", "read_excel", "load_workbook", "read_parquet", "to_excel", "to_parquet"),
}


def module_of(path: Path) -> str:
    """The module, or the folder of modules, that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def sources() -> list[tuple[str, int, ast.Module]]:
    """Module, depth of its file below the package, and what it says."""
    paths = [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]
    depths = [len(path.relative_to(PACKAGE).parts) - 1 for path in paths]
    texts = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    return list(zip(map(module_of, paths), depths, texts, strict=True))


def imported(tree: ast.Module, depth: int) -> set[str]:
    """Modules of the package that a file imports, in functions too. ``depth``: folders between the file and the package."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("qnict_analysis.")}
        if isinstance(node, ast.ImportFrom):
            parts = (node.module or "").split(".") if node.module else []
            inside = parts[1:] if parts[:1] == ["qnict_analysis"] else parts if node.level == depth + 1 else None
            if inside is not None:
                found |= {inside[0]} if inside else {alias.name for alias in node.names}
    return found - {"__version__"}


def file_calls(tree: ast.Module) -> set[str]:
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {getattr(call, "attr", getattr(call, "id", "")) for call in calls} & FILE_CALLS


def test_every_module_has_a_layer():
    assert not {name for name, _, _ in sources()} - set(LAYER)


@pytest.mark.parametrize("module", sorted(LAYER))
def test_imports_come_from_lower_layers(module):
    used = set().union(*(imported(tree, depth) for name, depth, tree in sources() if name == module)) - {module}
    wrong = sorted(name for name in used if LAYER.get(name, len(LAYERS)) >= LAYER[module])
    assert not wrong, f"{module} (layer {LAYER[module]}) imports {wrong}"


def test_few_modules_touch_files():
    calls = {name: sorted(file_calls(tree)) for name, _, tree in sources() if name not in TOUCH_FILES and file_calls(tree)}
    assert not calls


def test_the_walk_sees_every_form_of_import():
    tree = ast.parse(
        "import qnict_analysis.a\nfrom qnict_analysis import b\ndef f():\n    from .c import x\n    from . import d\n"
    )
    assert imported(tree, 0) == {"a", "b", "c", "d"}
    assert imported(ast.parse("from .inner import x\nfrom ..outer import y\nfrom .. import z"), 1) == {"outer", "z"}
