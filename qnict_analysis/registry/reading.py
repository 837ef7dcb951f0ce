"""YAML files in, one checked registry out, or every fault at once."""

from pathlib import Path
from typing import Any

from qnict_analysis.records import Id, parse_yaml, validate
from qnict_analysis.registry.checks import cross_faults
from qnict_analysis.registry.items import (
    Assumption,
    Correction,
    Indicator,
    Lever,
    Outcome,
    Programme,
    Project,
    QualityRule,
    Registry,
    Target,
    Units,
)

BY_ID = ("indicators", "targets", "units", "levers", "quality", "projects")
LISTS = {
    "indicators": Indicator,
    "targets": Target,
    "levers": Lever,
    "corrections": Correction,
    "outcomes": Outcome,
    "quality": QualityRule,
    "projects": Project,
}
MAPPINGS = {"programme": Programme, "units": Units, "assumptions": dict[Id, Assumption]}
MAY_BE_MISSING = ("levers", "corrections", "outcomes", "quality", "projects")


class RegistryError(ValueError):
    """A registry that cannot be used; ``faults`` lists every "file: place: what: allowed"."""

    def __init__(self, faults: list[str]):
        super().__init__(f"the registry has {len(faults)} fault(s):\n" + "\n".join(faults))
        self.faults = faults

    def __reduce__(self):
        return RegistryError, (self.faults,)


def load_registry(ws) -> Registry:
    """The registry of a workspace; ``RegistryError`` with every fault of every file."""
    raw, faults = _read_all(Path(ws.registry))
    found, wrong = _records(raw)
    faults = faults + wrong + cross_faults(found, _known(raw, found))
    if faults:
        raise RegistryError(faults)
    return _registry(found)


def _read_all(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """The data of each file (an empty one where it cannot be read) and the faults met on the way."""
    raw, faults = {}, []
    for name in (*LISTS, *MAPPINGS):
        empty = [] if name in LISTS else {}
        raw[name], wrong = _read(folder / f"{name}.yaml", empty, needed=name not in MAY_BE_MISSING)
        faults += wrong
    return raw, faults


def _read(path: Path, empty: Any, *, needed: bool) -> tuple[Any, list[str]]:
    if not path.is_file():
        return empty, [f"{path.name}: the file is missing: allowed is a file of this name in {path.parent}"] * needed
    try:
        data = parse_yaml(path.read_text(encoding="utf-8-sig"), path.name)
    except (ValueError, OSError) as error:  # UnicodeDecodeError is a ValueError and names no file
        text = str(error)
        return empty, [text if text.startswith(path.name) else f"{path.name}: cannot be read as UTF-8 text: {text}"]
    data = empty if data is None else data
    if not isinstance(data, type(empty)):
        form = "a list of items" if isinstance(empty, list) else "a mapping of keys"
        return empty, [f"{path.name}: top level: {type(data).__name__} is not allowed: write {form}"]
    return data, []


def _records(raw: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The records of each file that can be read, and the faults of the others."""
    found, faults = {}, []
    for name, kind in LISTS.items():
        pairs = [validate(kind, item, f"{name}.yaml: {_label(item, n)}") for n, item in enumerate(raw[name])]
        found[name] = [record for record, wrong in pairs if not wrong]
        faults += [fault for _, wrong in pairs for fault in wrong]
    for name, kind in MAPPINGS.items():
        # An empty mapping stands for a file that is missing or cannot be read: its fault is already listed.
        found[name], wrong = validate(kind, raw[name], f"{name}.yaml: ") if raw[name] else (None, [])
        faults += [fault.replace(".yaml: .", ".yaml: ", 1) for fault in wrong]
    units = found.pop("units")
    found |= {"units": units.units, "groups": units.groups, "scopes": units.scopes} if units else EMPTY_UNITS
    return found, faults


EMPTY_UNITS = {"units": (), "groups": {}, "scopes": {}}


def _label(item: Any, number: int) -> str:
    name = item.get("id") if isinstance(item, dict) else None
    return name if isinstance(name, str) else f"[{number}]"


def _known(raw: dict[str, Any], found: dict) -> dict[str, set[str]]:
    """The ids of each file as written, whether or not their records could be read."""
    ids = {name: {_label(item, n) for n, item in enumerate(raw[name])} for name in ("indicators", "targets")}
    units = {_label(item, n) for n, item in enumerate(_part(raw["units"], "units", []))}
    groups = set(_part(raw["units"], "groups", {}))
    return {
        "indicator": ids["indicators"],
        "target": ids["targets"],
        "unit": units,
        "unit group": groups,
        "unit group or unit": units | groups,
        "scope": set(_part(raw["units"], "scopes", {})),
        "target group": set(_part(raw["programme"], "groups", {})),
        "assumption": set(raw["assumptions"]),
    }


def _part(data: dict, key: str, empty: Any) -> Any:
    part = data.get(key)
    return part if isinstance(part, type(empty)) else empty


def _registry(found: dict) -> Registry:
    return Registry(
        programme=found["programme"],
        **{
            name: {item.id: item for item in found[name]}
            for name in ("indicators", "targets", "units", "levers", "quality", "projects")
        },
        groups=found["groups"],
        scopes=found["scopes"],
        corrections=tuple(found["corrections"]),
        outcomes=tuple(found["outcomes"]),
        assumptions=found["assumptions"],
    )
