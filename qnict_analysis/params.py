"""The parameters of a run and the scenario files, checked strictly before anything is computed."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from qnict_analysis.periods import frequency, ordinal
from qnict_analysis.records import FROZEN, Id, Period, Share, Text, parse_yaml, validate

SCENARIO_NAME = re.compile(r"[a-z0-9_][a-z0-9_-]*")
LONGEST_NAME = 60
"""With its folders and the name of a run a longer one would pass what some systems allow for a path."""

DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
"""Names that Windows keeps for devices, whatever their ending."""

DEFAULT, FLAG = "default", "option"


def scenario_name(name: str) -> str:
    """A name that a scenario's file may have on every system, as given; ``ValueError`` says what is allowed."""
    if not SCENARIO_NAME.fullmatch(name):
        raise ValueError("a scenario's name has only a-z, 0-9, _ and -, and no - first")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"a scenario's name has at most {LONGEST_NAME} characters")
    if name in DEVICES:
        raise ValueError("Windows keeps this name for a device; choose another")
    return name


def _finite_levels(levers: dict) -> dict:
    for name, level in levers.items():
        if not -1 <= level <= 1:
            raise ValueError(
                f"{name} is {level:g}; a level is a number from -1 (undone) over 0 (as now) to 1 (the plan's full ask)"
            )
    return levers


class Params(BaseModel):
    """The parameters of every notebook, with the same names, order and defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    as_of: Annotated[str, Field(pattern=r"^\d{4}(-\d{2}-\d{2}|Q[1-4]|M(0[1-9]|1[0-2]))?$")] = "2014Q2"
    scenario: Annotated[str, AfterValidator(scenario_name)] = "baseline"
    lang: Literal["vi", "en"] = "vi"
    workspace: str = ""
    draws: Annotated[int, Field(ge=200, le=100_000)] = 4000
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 2015
    levers: Annotated[dict[Id, float], AfterValidator(_finite_levels)] = {}
    report: Literal["period", "half-year", "year"] = "period"
    style: Literal["by-date", "TT01-2011", "ND30-2020"] = "by-date"
    font: Annotated[str, Field(max_length=80, pattern=r"^[^\\/\x00-\x1f]*$")] = ""
    final: bool = False


LOOKS = ("lang", "workspace", "report", "style", "font", "final")
"""Parameters that change what is printed and where, but no number."""

ALLOWED = {
    "as_of": 'a quarter ("2014Q2"), a year ("2014") or a date ("2014-07-30")',
    "scenario": "the name of a file in params/scenarios/, without .yaml (a-z, 0-9, _ and -, no - first, at most 60)",
    "lang": "vi or en",
    "workspace": "the path of a folder with data/registry/, or empty",
    "draws": "a whole number from 200 to 100000",
    "seed": "a whole number from 0 to 4294967295",
    "levers": "lever ids with levels from -1 to 1, such as {training: 0.5}",
    "report": "period, half-year or year",
    "style": "by-date, TT01-2011 or ND30-2020",
    "font": 'the name of an installed font, such as "Times New Roman", or empty',
    "final": "true or false",
}
"""What each parameter may be, in words."""


def load_params(path: Path | None, overrides: Mapping[str, Any]) -> tuple[Params, dict[str, str]]:
    """The parameters and where each comes from: "default", the file's name, or "option".

    Options win over the file, the file over the defaults. ``ValueError`` in one line names each wrong parameter, where it
    stands and what is allowed; an unknown name lists the known ones.
    """
    given = read_parameters(path) if path else {}
    origins = dict.fromkeys(Params.model_fields, DEFAULT)
    origins |= dict.fromkeys(given, path.name if path else "") | dict.fromkeys(overrides, FLAG)
    values = given | dict(overrides)
    if isinstance(given.get("levers"), dict) and isinstance(overrides.get("levers"), dict):
        values["levers"] = given["levers"] | overrides["levers"]
    unknown = [name for name in values if name not in Params.model_fields]
    if unknown:
        raise ValueError(_unknown(unknown[0], origins[unknown[0]]))
    try:
        return Params(**values), origins
    except ValidationError as error:
        raise ValueError("; ".join(dict.fromkeys(_wrong(item, values, origins) for item in error.errors()))) from None


def read_parameters(path: Path) -> dict[str, Any]:
    """The mapping of a parameters file; ``ValueError`` where it is missing or no flat mapping."""
    data = _read(path)
    if not isinstance(data, dict):
        raise ValueError(f'{path.name}: write a mapping of parameters, such as as_of: "2014Q2"')
    return {str(name): value for name, value in data.items()}


def read_value(text: str) -> Any:
    """A value as typed after ``--set NAME=``: a number, true or false where it is one, else text."""
    return parse_yaml(text, "--set") if re.fullmatch(r"[-+]?[\d.]+([eE][-+]?\d+)?|true|false", text) else text


def _unknown(name: str, origin: str) -> str:
    near = difflib.get_close_matches(name, Params.model_fields, n=1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return f"unknown parameter {name!r} ({origin}){hint}; known: {', '.join(Params.model_fields)}"


def _wrong(error: dict, values: Mapping[str, Any], origins: Mapping[str, str]) -> str:
    name = error["loc"][0]
    shown = json.dumps(values[name], ensure_ascii=False, default=str)
    return f"parameter {name} ({origins[name]}): {shown} is not allowed; allowed: {ALLOWED[name]}"


# --- scenarios -------------------------------------------------------------------------------------------------------


HIGHEST_FRONTIER = 3.0
"""How far a scenario may raise the frontier, in gaps to the best pace observed."""

LAST_RANK = 999
"""The highest place that a scenario may ask for; those that ask for none come after it."""


def _level_form(level: Any) -> Any:
    """The bounds in words: pydantic would name only the one that is passed."""
    if isinstance(level, int | float) and not -1 <= level <= 1:
        raise ValueError("write a number from -1 (undone) over 0 (as now) to 1 (the plan's full ask)")
    return level


class LeverSetting(BaseModel):
    """A lever's level (-1 undone, 0 as now, 1 the plan's full ask) and the period it is asked for from."""

    model_config = FROZEN
    level: Annotated[float, BeforeValidator(_level_form), Field(ge=-1, le=1, strict=True)]
    start: Period


class Schedule(BaseModel):
    """Units or items that come in one period, on time with a probability."""

    model_config = FROZEN
    indicator: Id
    period: Period
    adds: Annotated[int, Field(strict=True, ge=1, le=100_000)]
    on_time: Share
    why: Text


class ScenarioSpec(BaseModel):
    """What a scenario file says: only what differs from the baseline, or from the scenario that it ``extends``.

    ``towards_best``: the share of the gap to the best pace observed that every indicator closes at once (1: the leaders' pace;
    more raises the frontier beyond anything on record, and is said to do so). ``rank``: its place where scenarios stand side by
    side; those without one follow by name.
    """

    model_config = FROZEN
    name: Annotated[str, AfterValidator(scenario_name)]
    title: Text
    why: Text
    levers: dict[Id, LeverSetting] = {}
    schedules: tuple[Schedule, ...] = ()
    extends: Annotated[str, AfterValidator(scenario_name)] | None = None
    towards_best: Annotated[float, Field(ge=0, le=HIGHEST_FRONTIER, allow_inf_nan=False)] = 0.0
    rank: Annotated[int, Field(strict=True, ge=1, le=LAST_RANK)] | None = None


def scenario_said(params: Params) -> str:
    """The scenario, with the levers set by hand: a baseline with a lever moved is no baseline."""
    return "+".join([params.scenario, *(f"{name}={level:g}" for name, level in sorted(params.levers.items()))])


def scenario_names(ws) -> list[str]:
    """The scenarios of a workspace: the baseline, then by the ``rank`` that their files give, then by name."""
    found = sorted(path.stem for path in Path(ws.scenarios).glob("*.yaml"))
    return sorted(found, key=lambda name: (name != "baseline", _rank(ws, name)))


def _rank(ws, name: str) -> int:
    """The rank in a scenario's file; after all ranks where it gives none or cannot be read."""
    try:
        data = _read(Path(ws.scenarios) / f"{name}.yaml")
    except ValueError:
        return LAST_RANK + 1
    rank = data.get("rank") if isinstance(data, dict) else None
    return rank if isinstance(rank, int) and 1 <= rank <= LAST_RANK else LAST_RANK + 1


def load_scenario(ws, name: str, *, over: tuple[str, ...] = ()) -> ScenarioSpec:
    """One scenario of a workspace, with what it inherits; ``ValueError`` lists the known names, or every fault of the file.
    ``over``: the scenarios that extend it."""
    known = scenario_names(ws)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise ValueError(f"scenario {name!r} is unknown{hint}; known: {', '.join(known) or 'none'}")
    data = _read(Path(ws.scenarios) / f"{name}.yaml")
    if not isinstance(data, dict):
        raise ValueError(f"{name}.yaml: write a mapping with title, why, levers and schedules")
    spec, faults = validate(ScenarioSpec, {"name": name, **data}, f"{name}.yaml")
    if faults:
        raise ValueError("\n".join(faults))
    if spec.name != name:
        raise ValueError(f"{name}.yaml: name: {spec.name!r} is not the file's name: leave the key out")
    return _inherited(ws, spec, over)


def _inherited(ws, spec: ScenarioSpec, over: tuple[str, ...]) -> ScenarioSpec:
    """A scenario with what it takes over from the one it extends: levers it does not set, and schedules before its own."""
    if spec.extends is None:
        return spec
    if spec.extends in (*over, spec.name):
        chain = " extends ".join([*over, spec.name, spec.extends])
        raise ValueError(f"{spec.name}.yaml: extends: {chain}, in a circle: leave one of them out")
    if spec.extends not in scenario_names(ws):
        raise ValueError(f"{spec.name}.yaml: extends: {spec.extends!r} is unknown; known: {', '.join(scenario_names(ws))}")
    parent = load_scenario(ws, spec.extends, over=(*over, spec.name))
    return spec.model_copy(
        update={
            "levers": parent.levers | spec.levers,
            "schedules": (*parent.schedules, *spec.schedules),
            "towards_best": spec.towards_best if "towards_best" in spec.model_fields_set else parent.towards_best,
        }
    )


def unknown_names(ws, name: str, registry) -> list[str]:
    """Levers and indicators that a scenario file names and the registry does not know, as ``scenario_faults`` lists them, even
    where the file has faults of form that keep it from being read."""
    try:
        data = _read(Path(ws.scenarios) / f"{name}.yaml")
    except ValueError:
        return []
    levers, schedules = (data.get(key) if isinstance(data, dict) else None for key in ("levers", "schedules"))
    entries = schedules if isinstance(schedules, list) else []
    indicators = [item.get("indicator") if isinstance(item, dict) else None for item in entries]
    indicators = [named if isinstance(named, str) else None for named in indicators]
    return _unknown_in(name, list(levers) if isinstance(levers, dict) else [], indicators, registry)


def scenario_faults(spec: ScenarioSpec, registry) -> list[str]:
    """What a scenario names that does not fit the registry, as "file: place: what: allowed" lines."""
    programme = registry.programme
    return [
        *_moves_in_baseline(spec),
        *_unknown_in(spec.name, list(spec.levers), [item.indicator for item in spec.schedules], registry),
        *(
            f"{spec.name}.yaml: {place}: {label!r} is not {programme.frequency}: write periods like {programme.deadline}"
            for place, label in _labels(spec)
            if frequency(label) != programme.frequency
        ),
        *(
            f"{spec.name}.yaml: schedules[{n}].{fault}"
            for n, item in enumerate(spec.schedules)
            for fault in _misplaced(item, registry)
        ),
    ]


def _moves_in_baseline(spec: ScenarioSpec) -> list[str]:
    """What the baseline holds although everything else is compared with it: the present pace goes on, so it changes nothing."""
    if spec.name != "baseline":
        return []
    held = [name for name in ("levers", "schedules", "extends", "towards_best") if getattr(spec, name)]
    return [f"baseline.yaml: {name}: the baseline changes nothing: leave it out, or write a scenario of its own" for name in held]


def _misplaced(entry: Schedule, registry) -> Iterator[str]:
    """What a schedule promises that cannot be: items of what is not counted, after every deadline, or more units than there
    are."""
    indicator, last = registry.indicators.get(entry.indicator), registry.last_deadline()
    if indicator is not None and not takes_items(indicator):
        allowed = ", ".join(one.id for one in registry.indicators.values() if takes_items(one)) or "none"
        yield f"indicator: {entry.indicator!r} counts no units or items that a schedule could add: allowed are {allowed}"
    if indicator is None or frequency(entry.period) != registry.programme.frequency:
        return
    if ordinal(entry.period) > ordinal(last):
        yield f"period: {entry.period!r} is after the last deadline: periods up to {last} count"
    units = len(registry.units_in(indicator.scope, entry.period)) if indicator.kind == "units" else 0
    if 0 < units < entry.adds:
        yield f"adds: {entry.adds} is not allowed: there are {units} {indicator.entity['en']} in all"


def takes_items(indicator) -> bool:
    """Whether a schedule can add to an indicator: units, items, or cases of a share or ratio whose figures count them."""
    return indicator.kind in ("units", "count") or indicator.counts


def _unknown_in(scenario: str, levers: list, indicators: list, registry) -> list[str]:
    """Lines on the levers and the schedules' indicators (None: not to be read) that the registry does not know."""
    places = [(f"levers.{name}", name, registry.levers) for name in levers]
    places += [(f"schedules[{n}].indicator", name, registry.indicators) for n, name in enumerate(indicators) if name is not None]
    return [
        f"{scenario}.yaml: {place}: {name!r} is unknown: known are {', '.join(known) or 'none'}"
        for place, name, known in places
        if name not in known
    ]


def _labels(spec: ScenarioSpec) -> Iterator[tuple[str, str]]:
    yield from ((f"levers.{name}.start", setting.start) for name, setting in spec.levers.items())
    yield from ((f"schedules[{n}].period", item.period) for n, item in enumerate(spec.schedules))


def _read(path: Path) -> Any:
    try:
        data = parse_yaml(path.read_text(encoding="utf-8-sig"), path.name)
    except FileNotFoundError:
        raise ValueError(f"{path}: no such file; name a YAML file of parameters") from None
    except UnicodeDecodeError:
        raise ValueError(f"{path.name}: not UTF-8 text; save it as UTF-8") from None
    return {} if data is None else data
