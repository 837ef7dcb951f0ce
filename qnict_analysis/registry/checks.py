"""What must hold between the records of a registry. Every check returns fault lines "file: place: what: allowed"."""

from collections import Counter
from collections.abc import Iterable, Iterator

from qnict_analysis.periods import frequency, ordinal, parse_as_of

NEEDED_ASSUMPTIONS = ("rho", "coverage_min", "carry_periods", "min_points", "kappa", "pace_cap_quantile")
"""Numbers the forecast and the assessment ask for by name."""

NO_LEVER = ("schedules", "towards_best")
"""What else a scenario changes: what levers bring is told beside these."""


def cross_faults(found: dict, known: dict[str, set[str]]) -> list[str]:
    """Faults between records. ``found``: the records that could be read, by file; ``known``: ids of each file as written,
    so that a record refused for another reason is not reported as unknown as well."""
    checks = (
        *(_ids_once, _names_known, _parts_fit, _projects_count, _periods_fit),
        *(_edges_in_order, _assumptions_there, _needs_fit, _costs_alike, _levers_apart),
    )
    return [fault for check in checks for fault in check(found, known)]


def _ids_once(found: dict, known: dict) -> Iterator[str]:
    for name in ("indicators", "targets", "levers", "quality", "projects"):
        yield from _twice(f"{name}.yaml", (item.id for item in found[name]))
    yield from _twice("units.yaml", (unit.id for unit in found["units"]))
    labels = (label for unit in found["units"] for label in {unit.name["vi"], unit.name["en"], *unit.aliases})
    yield from _twice("units.yaml", labels, "name or alias")
    yield from _twice("targets.yaml", (label for item in found["targets"] for label in (item.id, *item.aliases)), "id or alias")


def _twice(file: str, labels: Iterable[str], what: str = "id") -> list[str]:
    return [f"{file}: {label}: {what} stands twice: each must be unique" for label, n in Counter(labels).items() if n > 1]


def _names_known(found: dict, known: dict) -> Iterator[str]:
    for place, what, name in _references(found):
        if name not in known[what]:
            yield f"{place}: {name!r} is not a known {what}: allowed are {', '.join(sorted(known[what])) or 'none'}"


def _references(found: dict) -> Iterator[tuple[str, str, str]]:
    """Each mention of a name, as (place, what it must be, name)."""
    for item in found["indicators"]:
        yield f"indicators.yaml: {item.id}.scope", "scope", item.scope
    for item in found["targets"]:
        yield f"targets.yaml: {item.id}.group", "target group", item.group
        for number, part in enumerate(item.parts):
            yield f"targets.yaml: {item.id}.parts[{number}].indicator", "indicator", part.indicator
    for unit in found["units"]:
        yield f"units.yaml: units.{unit.id}.group", "unit group", unit.group
        if unit.merged_into:
            yield f"units.yaml: units.{unit.id}.merged_into", "unit", unit.merged_into
    for scope, members in found["scopes"].items():
        for member in members:
            yield f"units.yaml: scopes.{scope}", "unit group or unit", member
    for lever in found["levers"]:
        for name in lever.reaches:
            yield f"levers.yaml: {lever.id}.reaches", "indicator", name
        for name, need in lever.needs.items():
            yield f"levers.yaml: {lever.id}.needs.{name}.indicator", "indicator", need.indicator
    for item in found["projects"]:
        yield f"projects.yaml: {item.id}.indicator", "indicator", item.indicator
    for rule in found["quality"]:
        for name in rule.indicators:
            yield f"quality.yaml: {rule.id}.indicators", "indicator", name
    for number, item in enumerate(found["corrections"]):
        yield f"corrections.yaml: [{number}].indicator", "indicator", item.indicator
        yield f"corrections.yaml: [{number}].unit", "unit", item.unit
    for number, item in enumerate(found["outcomes"]):
        yield f"outcomes.yaml: [{number}].target", "target", item.target


def _parts_fit(found: dict, known: dict) -> Iterator[str]:
    kinds = {item.id: item.kind for item in found["indicators"]}
    for target in found["targets"]:
        for number, part in enumerate(target.parts):
            fault = _misfit(part, kinds[part.indicator]) if part.indicator in kinds else ""
            if fault:
                yield f"targets.yaml: {target.id}.parts[{number}].{fault}"
        yield from _milestones_fit(target, kinds)


def _milestones_fit(target, kinds: dict[str, str]) -> Iterator[str]:
    """Milestones are levels of the one part of a target: which part of several they would be of, nobody could say."""
    if target.milestones and len(target.parts) > 1:
        yield f"targets.yaml: {target.id}.milestones: the target has {len(target.parts)} parts: allowed for one part only"
        return
    part = target.parts[0]
    for label, value in target.milestones.items():
        step = part.model_copy(update={"value": value})
        fault = _misfit(step, kinds[part.indicator]) if part.indicator in kinds else ""
        if fault:
            yield f"targets.yaml: {target.id}.milestones.{label}: {fault.partition(': ')[2]}"


def _projects_count(found: dict, known: dict) -> Iterator[str]:
    kinds = {item.id: item.kind for item in found["indicators"]}
    for item in found["projects"]:
        if kinds.get(item.indicator, "count") != "count":
            kind = kinds[item.indicator]
            yield f"projects.yaml: {item.id}.indicator: {item.indicator} is of kind {kind}: write one of kind count"


FITTING = {
    "share": {"per cent": 'a per cent ("70%")'},
    "ratio": {"per cent": 'a per cent ("90%")'},
    "units": {"per cent": 'a per cent ("90%")', "all": '"all"'},
    "count": {"whole": "a whole number (16)"},
}
"""Forms of a part's value that fit a kind of indicator, with how to write them."""


def _misfit(part, kind: str) -> str:
    """What is wrong with a part for an indicator of this kind: "field: what: allowed", or nothing."""
    form = "whole" if isinstance(part.value, int) else "all" if part.value == "all" else "per cent"
    if form not in FITTING[kind]:
        return f"value: {part.value!r} does not fit kind {kind}: write {' or '.join(FITTING[kind].values())}"
    if kind in ("share", "units") and part.threshold > 1:
        return f"value: {part.value!r} is more than all: at most 100% for kind {kind}"
    if part.met_when_rounds is not None and kind not in ("share", "ratio"):
        return f"met_when_rounds: {part.met_when_rounds} does not fit kind {kind}: for share and ratio only"
    return _impossible(part, kind)


def _impossible(part, kind: str) -> str:
    if kind in ("share", "units") and part.comparator == "above" and part.threshold == 1:
        return "comparator: above all of them can never be met: write at_least"
    if part.value == "all" and part.comparator != "at_least":
        return f'comparator: {part.comparator} does not go with "all": write at_least'
    if part.comparator == "below" and part.threshold == 0:
        return "comparator: below 0 can never be met: write at_most"
    return ""


def _periods_fit(found: dict, known: dict) -> Iterator[str]:
    programme = found["programme"]
    if programme is None:
        return
    wrong = [(place, label) for place, label in _labels(found) if frequency(label) != programme.frequency]
    for place, label in wrong:
        yield f"{place}: {label!r} is not {programme.frequency}: write {EXAMPLES[programme.frequency]} like the programme"
    if not wrong and ordinal(programme.start) > ordinal(programme.deadline):
        yield f"programme.yaml: deadline: {programme.deadline!r} comes before the start {programme.start!r}: write a later period"
    try:
        parse_as_of(programme.default_as_of, kind=programme.frequency, cutoff_days=programme.cutoff_days)
    except ValueError as error:
        yield f"programme.yaml: default_as_of: {error}"


EXAMPLES = {"quarterly": "a quarter (2015Q4)", "yearly": "a year (2015)"}


def _labels(found: dict) -> Iterator[tuple[str, str]]:
    """Every period named anywhere, with its place."""
    yield "programme.yaml: start", found["programme"].start
    yield "programme.yaml: deadline", found["programme"].deadline
    for item in found["targets"]:
        yield f"targets.yaml: {item.id}.deadline", item.deadline
        yield from ((f"targets.yaml: {item.id}.milestones", label) for label in item.milestones)
    for unit in found["units"]:
        yield from ((f"units.yaml: units.{unit.id}", label) for label in (unit.since, unit.until) if label)
    for number, item in enumerate(found["corrections"]):
        yield f"corrections.yaml: [{number}].period", item.period
    for item in found["projects"]:
        yield f"projects.yaml: {item.id}.due", item.due


def _needs_fit(found: dict, known: dict) -> Iterator[str]:
    """Needs concern what a lever reaches, can be, are the same for all levers that reach it, and go in no circle."""
    first: dict = {}
    kinds = {item.id: item.kind for item in found["indicators"]}
    for lever in found["levers"]:
        for name, need in lever.needs.items():
            place = f"levers.yaml: {lever.id}.needs.{name}"
            other = first.setdefault(name, (lever.id, need))
            if need.at_least > 1 and kinds.get(need.indicator) in ("share", "units"):
                yield f"{place}.at_least: {need.at_least:g} is more than all of them: write a share up to 1 (0.9 for 90%)"
            if name not in lever.reaches:
                yield f"{place}: the lever does not reach {name}: allowed are {', '.join(lever.reaches)}"
            if (other[1].indicator, other[1].at_least) != (need.indicator, need.at_least):
                yield f"{place}: differs from {other[0]}.needs.{name}: one indicator waits for one thing: write the same"
    waits = {name: need.indicator for name, (_, need) in first.items()}
    for name in waits:
        chain = [name]
        while chain[-1] in waits and len(chain) <= len(waits):
            chain.append(waits[chain[-1]])
        if chain[-1] == name and len(chain) > 1:
            yield f"levers.yaml: needs: {' waits for '.join(chain)}, in a circle: leave one of them out"


def _levers_apart(found: dict, known: dict) -> Iterator[str]:
    for lever in found["levers"]:
        if lever.id in NO_LEVER:
            yield f"levers.yaml: {lever.id}.id: a scenario says this of itself: choose another id than {', '.join(NO_LEVER)}"


def _costs_alike(found: dict, known: dict) -> Iterator[str]:
    units = {lever.cost.unit["en"]: lever.id for lever in found["levers"] if lever.cost}
    if len(units) > 1:
        named = ", ".join(f"{name} ({unit})" for unit, name in units.items())
        yield f"levers.yaml: cost.unit: levers cost in different units: {named}: write one"


def _edges_in_order(found: dict, known: dict) -> Iterator[str]:
    programme = found["programme"]
    if programme and programme.status_edges.uncertain >= programme.status_edges.likely:
        yield "programme.yaml: status_edges: uncertain is not below likely: write uncertain < likely"
    if programme and programme.caps.low >= programme.caps.high:
        yield "programme.yaml: caps: low is not below high: write low < high"


def _assumptions_there(found: dict, known: dict) -> Iterator[str]:
    for name in NEEDED_ASSUMPTIONS:
        if name not in known["assumption"]:
            yield f"assumptions.yaml: {name}: missing: the key is required (value, source)"
