"""The numbers learned on real series: how much each component counts, how sharp they are together, which trends are usual."""

from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import numpy as np
import yaml

from qnict_analysis.models import trends

COMPONENTS = ("alone", "pooled", "like_logit", "like_raw", "trends")

SHIPPED = "learned.yaml"
"""The file in this folder that is used unless another is named."""

FURTHEST = 3.0
"""Sharpness lies between a third and this: beyond it the learning went wrong."""


@dataclass(frozen=True)
class Learned:
    """``weights`` of the components (add up to 1), ``sharpness`` of their average, ``settings``: prior weights of the trends.

    ``provenance``: what they were learned from.
    """

    weights: dict[str, float]
    sharpness: float
    settings: np.ndarray
    provenance: dict = field(default_factory=dict)


def even() -> Learned:
    """Where learning starts: every component and every setting counts the same."""
    size = len(trends.SETTINGS)
    return Learned(dict.fromkeys(COMPONENTS, 1 / len(COMPONENTS)), 1.0, np.full(size, 1 / size))


def read(path: str | Path | None = None) -> Learned:
    """Read and check a file of learned numbers; without a path the one that is shipped.

    ``ValueError`` names the file, the field and what is allowed.
    """
    source = resources.files(__package__) / SHIPPED if path is None else Path(path)
    try:
        told = yaml.safe_load(source.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(f"{path}: no such file; name a file that `qnict learn` made") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise ValueError(f"{path}: cannot be read as YAML ({fault}); allowed: a file that `qnict learn` made") from None
    _check(path or SHIPPED, told)
    settings = np.array(told["settings"], dtype=float)
    total = sum(told["weights"].values())
    weights = {name: told["weights"][name] / total for name in COMPONENTS}
    return Learned(weights, float(told["sharpness"]), settings / settings.sum(), told.get("provenance", {}))


def _check(path, told) -> None:
    """Every field is there, in range, and of the right length."""
    if not isinstance(told, dict):
        raise ValueError(f"{path}: allowed: fields weights, sharpness, settings and provenance")
    weights, settings = told.get("weights"), told.get("settings")
    if not isinstance(weights, dict) or set(weights) != set(COMPONENTS) or not _shares(weights.values()):
        raise ValueError(
            f"{path}: weights: {weights!r}; allowed: a number from 0 up for each of {', '.join(COMPONENTS)}, not all 0"
        )
    if not isinstance(told.get("sharpness"), int | float) or not 1 / FURTHEST <= told["sharpness"] <= FURTHEST:
        raise ValueError(f"{path}: sharpness: {told.get('sharpness')!r}; allowed: a number from a third to {FURTHEST:g}")
    if not isinstance(settings, list) or len(settings) != len(trends.SETTINGS) or not _shares(settings):
        raise ValueError(f"{path}: settings: allowed: {len(trends.SETTINGS)} numbers from 0 up, not all 0")


def _shares(numbers) -> bool:
    numbers = list(numbers)
    right = all(isinstance(number, int | float) and not isinstance(number, bool) and 0 <= number < np.inf for number in numbers)
    return right and sum(numbers) > 0
