"""What every test module shares: property tests without a database on disk, and the repository's own workspace."""

import os
from pathlib import Path

import hypothesis
import pytest

import qnict_analysis  # noqa: F401 - before any test imports openpyxl: it decides how that writes

ROOT = Path(__file__).resolve().parents[1]

os.environ.pop("QNICT_WORKSPACE", None)  # tests speak of the repository's figures, whatever the shell points at

hypothesis.settings.register_profile("repository", database=None, deadline=None, derandomize=True)
hypothesis.settings.load_profile("repository")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
