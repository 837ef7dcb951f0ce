"""The numbers learned on real series: what paces and noise are usual, which trends, how much each component counts and how sharp
they are together."""

from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
import yaml

from qnict_analysis.models import drift, trends

SCALES = ("logit", "raw")

COMPONENTS = ("alone", "pooled", "like_logit", "like_raw", "trends")

SHIPPED = "learned.yaml"
"""The file in this folder that is used unless another is named."""

LARGEST = 1e6
"""No learned number is near this; sums of larger ones would overflow."""

FURTHEST = 3.0
"""Sharpness lies between a third and this: beyond it the learning went wrong."""


ROUNDING = 5e-4
"""Weights are written with four decimals: five of them add up to 1 but for this."""


@dataclass(frozen=True)
class Learned:
    """``priors`` of pace and noise a scale, ``settings``: prior weights of the trends, ``weights`` of the components (add up
    to 1), ``sharpness`` of their average; ``provenance``: what they were learned from.
    """

    priors: dict[str, drift.Prior]
    settings: np.ndarray
    weights: dict[str, float]
    sharpness: float
    provenance: dict = field(default_factory=dict)


def even() -> Learned:
    """Where learning starts: the priors of national series, every component and every setting counting the same."""
    size = len(trends.SETTINGS)
    priors = {scale: drift.PRIORS[scale] for scale in SCALES}
    return Learned(priors, np.full(size, 1 / size), dict.fromkeys(COMPONENTS, 1 / len(COMPONENTS)), 1.0)


@cache
def shipped() -> Learned:
    """The numbers that come with the package, read once."""
    return read(resources.files(__package__) / SHIPPED)


@cache
def of_wholes() -> Learned:
    """The same for a series that is itself a sum or mean of many: those move more smoothly than the series learned from.

    With the priors of whole countries 87 % of outcomes fell within the 80 % interval of 1,471 wholes, with the others 96 %
    (benchmarks/whole_from_parts.py).
    """
    return replace(shipped(), priors=even().priors)


def read(path: str | Path) -> Learned:
    """Read and check a file of learned numbers.

    ``ValueError`` names the file, the field and what is allowed.
    """
    try:
        told = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(f"{path}: no such file; name a file that `qnict learn` made") from None
    except (OSError, ValueError, yaml.YAMLError) as fault:  # a day such as 2014-13-45 is a ValueError of the reader
        raise ValueError(f"{path}: cannot be read as YAML ({_reason(fault)}); allowed: a file that `qnict learn` made") from None
    _check(path, told)
    settings = np.array(told["settings"], dtype=float)
    total = sum(told["weights"].values())
    weights = {name: told["weights"][name] / total for name in COMPONENTS}
    priors = {scale: drift.Prior(**told["priors"][scale]) for scale in SCALES}
    return Learned(priors, settings / settings.sum(), weights, float(told["sharpness"]), told.get("provenance") or {})


def _reason(fault: Exception) -> str:
    """Why a file cannot be read, in one line."""
    mark = getattr(fault, "problem_mark", None)
    if mark is not None:
        return f"line {mark.line + 1}, column {mark.column + 1}: {fault.problem}"
    if isinstance(fault, UnicodeDecodeError):
        return "no text in UTF-8"
    return fault.strerror if isinstance(fault, OSError) else "no plain text" if isinstance(fault, yaml.YAMLError) else str(fault)


def _check(path, told) -> None:
    """Every field is there, in range, and of the right length."""
    if not isinstance(told, dict):
        raise ValueError(f"{path}: allowed: fields provenance, priors, settings, weights and sharpness")
    if not isinstance(told.get("provenance") or {}, dict):
        found = _plain(told["provenance"])
        raise ValueError(f"{path}: provenance: {found}; allowed: fields that say where the numbers come from")
    _check_priors(path, told.get("priors"))
    _check_weights(path, told.get("weights"))
    if not _numbers([told.get("sharpness")]) or not 1 / FURTHEST <= told["sharpness"] <= FURTHEST:
        raise ValueError(f"{path}: sharpness: {_plain(told.get('sharpness'))}; allowed: a number from a third to {FURTHEST:g}")
    settings = told.get("settings")
    if not isinstance(settings, list) or len(settings) != len(trends.SETTINGS) or not _shares(settings):
        raise ValueError(f"{path}: settings: allowed: {len(trends.SETTINGS)} numbers from 0 up that add up to 1")
    _check_sum(path, "settings", settings)


def _check_weights(path, weights) -> None:
    """Each component has its weight, and together they are 1."""
    allowed = f"a number from 0 up for each of {', '.join(COMPONENTS)}, together 1"
    if not isinstance(weights, dict) or set(weights) != set(COMPONENTS):
        raise ValueError(f"{path}: weights: {_plain(weights)}; allowed: {allowed}")
    for name in COMPONENTS:
        if not _shares([weights[name], 1]):
            raise ValueError(f"{path}: weights: {name}: {_plain(weights[name])}; allowed: {allowed}")
    _check_sum(path, "weights", weights.values())


def _check_sum(path, field_name: str, numbers) -> None:
    """Numbers that are parts of one add up to it: others are a slip of the hand that would pass unseen."""
    total = sum(numbers)
    if abs(total - 1.0) > ROUNDING:
        raise ValueError(f"{path}: {field_name}: they add up to {total:.6g}; allowed: 1, give or take {ROUNDING:g} for rounding")


def _check_priors(path, priors) -> None:
    """Each scale has a pace and two spreads above 0."""
    allowed = "numbers mu, tau above 0 and sigma above 0"
    for scale in SCALES:
        told = priors.get(scale) if isinstance(priors, dict) else None
        if not isinstance(told, dict) or set(told) != set(drift.Prior._fields):
            raise ValueError(f"{path}: priors.{scale}: {_plain(told)}; allowed: {allowed}")
        for name in drift.Prior._fields:
            if not _numbers([told[name]]) or (name != "mu" and told[name] <= 0):
                raise ValueError(f"{path}: priors.{scale}.{name}: {_plain(told[name])}; allowed: {allowed}")


def _plain(found) -> str:
    """What a field holds, in words where Python would show its own."""
    if found is None:
        return "nothing"
    if isinstance(found, dict):
        return f"only {', '.join(map(str, found))}" if found else "nothing"
    if isinstance(found, bool):
        return "yes" if found else "no"
    if isinstance(found, list):
        return "a list"
    if isinstance(found, int | float):
        return f"{found:g}" if found == found else "not a number"
    return f"'{' '.join(str(found).split())}'"


def _numbers(found) -> bool:
    return all(isinstance(number, int | float) and not isinstance(number, bool) and abs(number) <= LARGEST for number in found)


def _shares(numbers) -> bool:
    numbers = list(numbers)
    return _numbers(numbers) and min(numbers, default=0) >= 0 and sum(numbers) > 0
