"""How quickly scenarios follow a slider, and how long goals take: python benchmarks/scenario_speed.py [--out FILE].

Each move changes one lever that nobody asked for before and works all targets out again with 4,000 draws; the whole forecast of
the same scenario, as a run without a planner makes it, stands beside it in the same run.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from qnict_analysis.analysis import analyse
from qnict_analysis.forecast import forecast
from qnict_analysis.form import ScenarioForm
from qnict_analysis.planning import Planner, cheapest_mixes, seek, settings_of

OUT = Path(__file__).parent / "results" / "scenario_speed.md"
MOVES = 60
TEXT = """# Scenarios: seconds on {cores} cores

All {targets} targets, {draws} draws, {moves} moves of one lever each (made by `benchmarks/scenario_speed.py`).

| what | median | 95 % |
|---|---|---|
| chances of all targets after a move (planner) | {move} ms | {move95} ms |
| the same with table and fan chart redrawn (form) | {form} ms | {form95} ms |
| whole forecast of the same scenario | {whole} ms | {whole95} ms |

A move is {ratio} times as fast as a whole forecast. Making the planner ready takes {ready} s, goals for all targets {goals} s,
the cheapest mixes of the {able} that stay within the printed caps {mixes} s more (asked: half of what full levers bring).
"""


def seconds(run, settings) -> np.ndarray:
    """Seconds of a run for each of some settings."""
    found = []
    for setting in settings:
        started = time.perf_counter()
        run(setting)
        found.append(time.perf_counter() - started)
    return np.array(found)


def main() -> None:
    """Measure, print and write the table."""
    import os

    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--out", type=Path, default=OUT)
    out = reader.parse_args().out
    a = analyse(as_of="2014Q2")
    ready = seconds(lambda _: Planner(a), [0])[0]
    planner = Planner(a)
    names, rng = list(a.registry.levers), np.random.default_rng(1)
    moves = [{names[place % len(names)]: float(level)} for place, level in enumerate(rng.uniform(0.05, 1, MOVES))]
    specs = [settings_of(planner.baseline, move, start=planner.first) for move in moves]
    planned = seconds(planner.chances, specs)
    form = ScenarioForm(a, Planner(a))
    shown = seconds(lambda move: move_form(form, move), [{name: 1.01 * level for name, level in move.items()} for move in moves])
    drawn = {"as_of": a.as_of, "n_draws": a.params.draws, "seed": a.params.seed}
    whole = seconds(lambda spec: forecast(a.series, a.panel, a.registry, levers_pace=planner.pace(spec), **drawn), specs[:12])
    known = a.assessment.loc[a.assessment["status"] != "no_basis", "target"]
    goals = seconds(lambda _: [seek(planner, name, 0.8) for name in known], [0])[0]
    full = planner.chances(settings_of(planner.baseline, dict.fromkeys(names, 1.0), start=planner.first))
    asked = {name: float((base_of(a, name) + full[name]) / 2) for name in known}
    able = [name for name, p in asked.items() if 0.05 <= p <= 0.95]
    mixes = seconds(lambda _: [cheapest_mixes(planner, name, asked[name]) for name in able], [0])[0]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    runs = {"move": planned, "form": shown, "whole": whole}
    values = {name: f"{1000 * np.median(found):.0f}" for name, found in runs.items()}
    tails = {f"{name}95": f"{1000 * np.quantile(found, 0.95):.0f}" for name, found in runs.items()}
    ratio = f"{np.median(whole) / np.median(planned):.0f}"
    shared = {"cores": cores, "targets": len(a.registry.targets), "draws": a.params.draws, "moves": MOVES, "ratio": ratio}
    text = TEXT.format(
        **values, **tails, **shared, ready=f"{ready:.1f}", goals=f"{goals:.1f}", mixes=f"{mixes:.1f}", able=len(able)
    )
    out.write_text(text, encoding="utf-8")
    print(text)


def base_of(analysis, name: str) -> float:
    """P(met) of a target as it stands."""
    return float(analysis.assessment.set_index("target").loc[name, "p_met"])


def move_form(form: ScenarioForm, move: dict) -> None:
    """Move one slider of the form; everything it shows follows."""
    for name, level in move.items():
        form.sliders[name].value = min(level, 1.0)


if __name__ == "__main__":
    main()
