"""pyproject.toml, environment.yml, the locks and the imports of the package say the same."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
LOCK_EXTRAS = {
    "requirements.lock": ["build"],
    "requirements-dev.lock": ["build", "dev"],
    "requirements-peers.lock": ["build", "peers"],
    "requirements-voila.lock": ["build", "voila"],
}
CONDA_NAMES = {"matplotlib-base": "matplotlib"}
MODULES = {"python-calamine": "python_calamine", "python-docx": "docx", "pyyaml": "yaml", "pypandoc-binary": "pypandoc"}
NOT_IMPORTED = {"jupyterlab", "ipykernel"}
"""Run as programs, and not imported by the package."""


def requirements(*extras: str) -> dict[str, Requirement]:
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in PROJECT["optional-dependencies"][extra])]
    return {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}


def pins(lock: Path) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def conda_requirements() -> dict[str, Requirement]:
    entries = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    pip = next(entry["pip"] for entry in entries if isinstance(entry, dict))
    lines = [entry for entry in [*entries, *pip] if isinstance(entry, str) and entry not in ("pip", "-e .")]
    found = {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}
    return {CONDA_NAMES.get(name, name): requirement for name, requirement in found.items()}


def test_conda_twin_names_the_same_packages_and_versions():
    twin = conda_requirements()
    assert twin.pop("python").specifier == PROJECT["requires-python"]
    wanted = requirements()
    assert set(twin) == set(wanted)
    assert {name: twin[name].specifier for name in twin} == {name: wanted[name].specifier for name in wanted}


@pytest.mark.parametrize("name", LOCK_EXTRAS)
def test_lock_holds_every_requirement_at_a_version_that_fits(name):
    locked = pins(ROOT / name)
    for package, requirement in requirements(*LOCK_EXTRAS[name]).items():
        assert package in locked, f"{package} is not in {name}: make the lock again"
        assert requirement.specifier.contains(locked[package]), f"{name} has {package} {locked[package]}, not {requirement}"


def test_every_extra_is_locked():
    assert {extra for extras in LOCK_EXTRAS.values() for extra in extras} == set(PROJECT["optional-dependencies"])


def test_what_the_tests_and_the_peers_share_is_the_same_version():
    dev, peers = requirements("dev"), requirements("peers")
    assert all(dev[name].specifier == peers[name].specifier for name in set(dev) & set(peers))


@pytest.mark.parametrize("name", ["requirements-dev.lock", "requirements-voila.lock"])
def test_a_lock_installed_over_that_for_runs_holds_it(name):
    assert pins(ROOT / "requirements.lock").items() <= pins(ROOT / name).items()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_is_hashed_and_holds_no_place(lock):
    text = lock.read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    first_lines = [line for line in text.splitlines() if not re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line)]
    assert all("--hash=sha256:" in entry for entry in entries)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[\w.+!]+( ; [\w .*'<>=!()-]+)? \\", line) for line in first_lines)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_slow_import_is_left_out(lock):
    lines = (ROOT / "requirements-excludes.txt").read_text(encoding="utf-8").splitlines()
    left_out = {line for line in lines if not line.startswith("#")}
    assert left_out and not left_out & set(pins(lock))


def third_party_imports() -> set[str]:
    found = set()
    for path in (ROOT / "qnict_analysis").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            if isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"qnict_analysis"}


ALONG = {
    **dict.fromkeys(("traitlets", "bs4", "mistune", "tinycss2"), "nbconvert"),
    **{"jupyter_client": "nbclient", "IPython": "ipykernel", "typing_extensions": "pydantic"},
}
"""Modules that are part of what a declared package offers."""


def test_every_import_is_declared():
    declared = {MODULES.get(name, name.replace("-", "_")) for name in requirements()}
    used = third_party_imports()
    assert not {name for name in used if name not in declared and ALONG.get(name) not in declared}


def test_every_requirement_is_used():
    declared = {MODULES.get(name, name.replace("-", "_")) for name in requirements()}
    used = third_party_imports() | {ALONG.get(name) for name in third_party_imports()} | NOT_IMPORTED
    assert not declared - used
