"""The commands of planners: scenarios, goals, what a chance depends on."""

from pathlib import Path
from typing import Annotated

import typer

scenarios = typer.Typer(help="Scenarios of the workspace: list, show, new, compare.", no_args_is_help=True)
AsOf = Annotated[str | None, typer.Option("--as-of", help="Quarter (2014Q2), year (2014) or day (2014-07-30).")]
Lang = Annotated[str | None, typer.Option("--lang", help="vi or en.", show_default="that of params/briefing.yaml")]
Csv = Annotated[Path | None, typer.Option("--csv", help="Write the table's numbers to this file instead.")]
NEW = """# {name}: only what differs from the scenario it extends. Levels: -1 (undone) to 1 (the plan's full ask).
extends: {extends}
title: {{vi: "{name}", en: "{name}"}}
why:
  vi: "Ghi lý do của kịch bản này."
  en: "Say why this scenario is looked at."
levers: {{}}
schedules: []
# One line a promise, such as: three districts by the third quarter of 2014, in time with a chance of 7 in 10
#  - {{indicator: T12, period: "2014Q3", adds: 3, on_time: 0.7, why: {{vi: "theo cam kết", en: "as promised"}}}}
"""


@scenarios.command("list")
def list_scenarios(lang: Lang = None) -> None:
    """List the scenarios of the workspace.

    Example: qnict scenario list
    """
    from qnict_analysis.analysis import usable_scenarios
    from qnict_analysis.cli_shared import aligned, language, registry, workspace
    from qnict_analysis.wording.plans import TEXT

    words, code = TEXT[language(lang)], language(lang)
    specs, faults = usable_scenarios(workspace(), registry())
    rows = [(spec.name, spec.title[code], ", ".join(spec.levers) or "–") for spec in specs]
    print(aligned([(words["name"], words["title"], words["file"]), *rows]))
    if faults:
        raise ValueError("\n".join(faults))


@scenarios.command()
def show(name: Annotated[str, typer.Argument(help="A scenario, as in qnict scenario list.")], lang: Lang = None) -> None:
    """Show what a scenario sets, with what it inherits.

    Example: qnict scenario show accelerate
    """
    from qnict_analysis import formats
    from qnict_analysis.cli_shared import aligned, language, registry
    from qnict_analysis.cli_shared import scenario as checked
    from qnict_analysis.wording.plans import TEXT, notes_of

    code, spec, levers = language(lang), checked(name), registry().levers
    words = TEXT[code]
    print(f"{spec.name}: {spec.title[code]}\n{spec.why[code]}")
    rows = [(key, levers[key].title[code], f"{one.level:+.0%}", one.start) for key, one in spec.levers.items() if key in levers]
    if rows:
        print(aligned([(words["lever"], "", words["level"], words["start"]), *rows]))
    for one in spec.schedules:
        print(f"{one.indicator} {one.period}: +{one.adds:g} ({one.on_time:.0%})")
    if spec.towards_best:
        print(words["at_pace"].format(share=formats.percent(spec.towards_best, code, 0)))
    for note in notes_of(spec, registry(), code):
        print(note)


@scenarios.command()
def new(
    name: Annotated[str, typer.Argument(help="Name of the new file: a-z, 0-9, _ and -.")],
    extends: Annotated[str, typer.Option(help="The scenario it starts from.")] = "baseline",
) -> None:
    """Write a new scenario file to fill in; it never goes over one that exists.

    Example: qnict scenario new my-idea --extends plan
    """
    from qnict_analysis.cli_shared import workspace
    from qnict_analysis.params import load_scenario, scenario_name

    ws = workspace()
    try:
        scenario_name(name)
    except ValueError as error:
        raise ValueError(f"scenario {name[:80]!r}: {error}") from None
    load_scenario(ws, extends)
    path = ws.scenarios / f"{name}.yaml"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(NEW.format(name=name, extends=extends))
    except FileExistsError:
        raise ValueError(f"{path.name} exists already in {ws.scenarios}; choose another name") from None
    print(path)


@scenarios.command()
def compare(
    names: Annotated[list[str] | None, typer.Argument(help="Scenarios; all where none is named.")] = None,
    as_of: AsOf = None,
    lang: Lang = None,
    csv: Csv = None,
) -> None:
    """Compare scenarios on the same random numbers: P(met) of each target, the baseline first.

    Example: qnict scenario compare plan cut --as-of 2014Q2
    """
    import pandas as pd

    from qnict_analysis import formats
    from qnict_analysis.analysis import usable_scenarios
    from qnict_analysis.briefing.scenario_pages import rests_on
    from qnict_analysis.cli_shared import analysed, language, put, registry, workspace
    from qnict_analysis.cli_shared import scenario as checked
    from qnict_analysis.facts import caps_of, chance_like
    from qnict_analysis.planning import Planner
    from qnict_analysis.wording.plans import TEXT, notes_of

    code, faults = language(lang), []
    if names:
        specs = [checked(name) for name in dict.fromkeys(["baseline", *names])]
    else:
        specs, faults = usable_scenarios(workspace(), registry())
    wanted = [spec.name for spec in specs]
    planner = Planner(analysed(as_of, code))
    chances = {spec.name: planner.chances(spec) for spec in specs}
    words, targets = TEXT[code], planner.registry.targets
    evidence = planner.analysis.assessment.set_index("target")["evidence"]
    rows = [(words["id"], words["target"], *wanted)]
    for name, target in targets.items():
        cells = [chance_like(chances[one][name], evidence[name], code, **caps_of(planner.registry)) for one in wanted]
        rows.append((name, target.short[code], *cells))
    means = [formats.number(chances[one].sum(), code, 1) for one in wanted]
    frame = pd.DataFrame(chances).rename_axis("target").reset_index().assign(status=rests_on(planner.analysis))
    put([*rows, ("", words["met"], *means)], csv, frame=frame)
    beyond = [note for spec in specs if spec.towards_best > 1 for note in notes_of(spec, planner.registry, code)]
    print("\n".join([*marks(planner.analysis, code), " ".join([words["assumed"], *beyond])]))
    if faults:
        raise ValueError("\n".join(faults))


def goal(
    target: Annotated[str, typer.Argument(help="A target: T12.")],
    probability: Annotated[float, typer.Option("--probability", "-p", help="The chance that is wanted, 0 to 1.")] = 0.8,
    using: Annotated[str, typer.Option("--with", help="Levers that may be turned, with commas; all that reach it.")] = "",
    budget: Annotated[float | None, typer.Option(help="Money a year: the best mix that it pays for, as well.")] = None,
    scenario: Annotated[str, typer.Option(help="The scenario to start from.")] = "baseline",
    as_of: AsOf = None,
    lang: Lang = None,
) -> None:
    """Seek the least that gives a target a chance: lever level, latest start, cheapest mixes, units every period; or that nothing
    on record does.

    Example: qnict goal T12 --probability 0.8 --with training,leadership
    """
    from qnict_analysis.cli_shared import analysed, language, target_id
    from qnict_analysis.cli_shared import scenario as checked
    from qnict_analysis.planning import Planner, best_mix, cheapest_mixes, seek
    from qnict_analysis.wording.plans import budget_line, goal_lines

    code, levers = language(lang), [name.strip() for name in using.split(",") if name.strip()]
    target, spec = target_id(target), checked(scenario)
    planner = Planner(analysed(as_of, code))
    found, shared = seek(planner, target, probability, levers=levers, spec=spec), {"levers": levers, "spec": spec}
    best = None if budget is None else best_mix(planner, target, budget, **shared)
    mixes = cheapest_mixes(planner, target, probability, **shared) if found.base < probability else []
    lines = goal_lines(found, planner.registry, code, first=planner.first, spec=spec, mixes=mixes)
    print("\n".join([*marks(planner.analysis, code), *lines]))
    if best:
        print(budget_line(best, budget, planner.registry, code))


def sensitivity(
    target: Annotated[str, typer.Argument(help="A target: T10.")],
    scenario: Annotated[str, typer.Option(help="The scenario whose levers are varied.")] = "plan",
    as_of: AsOf = None,
    lang: Lang = None,
    csv: Csv = None,
) -> None:
    """Show what a target's chance depends on most: each parameter of a scenario from its 10 to its 90 % point.

    Example: qnict sensitivity T03 --scenario accelerate
    """
    from qnict_analysis.briefing.scenario_pages import rests_on
    from qnict_analysis.cli_shared import analysed, language, put, target_id
    from qnict_analysis.cli_shared import scenario as checked
    from qnict_analysis.planning import Planner, tornado
    from qnict_analysis.planning.goal import still_under
    from qnict_analysis.wording.plans import TEXT, tornado_none, tornado_rows

    code, spec = language(lang), checked(scenario)
    planner, name = Planner(analysed(as_of, code)), target_id(target)
    table = tornado(planner, name, spec)
    rows = tornado_rows(table, planner.registry, code)
    if not rows:
        print(tornado_none(table, name=scenario, target=name, lang=code, still=still_under(planner, spec, name)))
        return
    put(rows, csv, frame=table.assign(status=rests_on(planner.analysis)))
    print("\n".join([*marks(planner.analysis, code), TEXT[code]["sorted"]]))


def marks(analysis, lang: str) -> list[str]:
    """The line that marks what rests on illustrative figures; none where no figure is."""
    from qnict_analysis.wording.plans import TEXT

    return [TEXT[lang]["mark"]] if analysis.illustrative else []
