"""Make the illustrative returns of data/returns/: invented figures in the Excel form that a unit would fill in.

Run as ``python data/make_returns.py [--out FOLDER] [--period 2014Q2 …] [--summary]``. What is invented is described in
data/illustration.yaml and worked out in data/illustrative_figures.py; here the figures go missing, come late, are mistyped,
restated, and end up on paper. The same seed gives the same bytes.
"""

import argparse
import datetime as dt
import unicodedata
from pathlib import Path

import numpy as np
from illustrative_figures import World, load_world, summary, true_figures
from openpyxl.comments import Comment

from qnict_analysis.forms import FIRST_ROW, SHEET, Restated, form_workbook, workbook_bytes
from qnict_analysis.periods import period_end, period_range
from qnict_analysis.store import write_atomically

HERE = Path(__file__).resolve().parent

# A unit that types numbers as text does so in about two returns of five.
TEXT_QUARTERS = 0.4

# --- how the figures arrive ------------------------------------------------------------------------------------------


def arrival_days(world: World) -> dict[tuple[str, str], dt.date]:
    """The date on each return that arrives at all, by (quarter, unit)."""
    found = {}
    for unit in world.registry.units:
        rng = world.random("arrival", unit)
        delays = usual_delays(world, rng)
        for position, delay in silent_delays(world, unit, rng).items():
            delays[position] = delay
        for period, delay in zip(world.periods, delays, strict=True):
            if delay is not None:
                found[period, unit] = working_day(period_end(period) + dt.timedelta(days=int(delay)))
    return found


def working_day(day: dt.date) -> dt.date:
    """The same day, or the Friday before a weekend."""
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def usual_delays(world: World, rng: np.random.Generator) -> list:
    dates, n = world.story["dates"], len(world.periods)
    usual = np.clip(
        rng.integers(dates["earliest"] + 2, dates["latest"] + 1) + rng.integers(-3, 4, n), dates["earliest"] + 2, dates["latest"]
    )
    late = rng.integers(*dates["late"], n)
    return list(np.where(rng.random(n) < dates["late_rate"], late, usual))


def silent_delays(world: World, unit: str, rng: np.random.Generator) -> dict[int, int | None]:
    """Quarters (by position) without a return in time, with the days until it came after all, or None for never."""
    settings, n = world.story["silences"], len(world.periods)
    silent = {world.periods.index(period): None for period in settings["known"].get(unit, [])}
    may_start = np.array(world.periods) <= settings["last"]
    starts, lengths = may_start & (rng.random(n) < settings["rate"]), rng.choice([1, 2, 3], n, p=settings["lengths"])
    comes, later = rng.random(n) < settings["handed_in_later"], rng.integers(*settings["later"], n)
    if unit in settings["spared"]:
        return silent
    for start in np.flatnonzero(starts):
        for position in range(start, min(start + lengths[start], may_start.sum())):
            silent.setdefault(position, int(later[position]) if comes[start] else None)
    return silent


def first_figures(world: World, truth: dict) -> dict[tuple[str, str], dict[str, tuple]]:
    """The figures of each (quarter, unit) as they first stand in the return, before blanks and errors."""
    found = {}
    for name, (numerators, denominators) in truth.items():
        for unit in numerators.index:
            for period in world.periods:
                pair = (plain(numerators.at[unit, period]), plain(denominators.at[unit, period]))
                found.setdefault((period, unit), {})[name] = pair
    return found


def plain(value: float) -> float | int | None:
    """A number as a person would type it: whole numbers without a decimal, None where there is none."""
    return None if np.isnan(value) else int(value) if float(value).is_integer() else float(value)


def correcting_return(world: World, arrivals: dict, unit: str, period: str) -> str | None:
    """The first later quarter whose return arrived after the one to be corrected."""
    later = [label for label in world.periods if label > period and (label, unit) in arrivals]
    return next((label for label in later if arrivals[label, unit] > arrivals[period, unit]), None)


def spoil(world: World, truth: dict, arrivals: dict) -> tuple[dict, dict, set]:
    """Figures as first returned, corrections by (quarter, unit) of the return that carries them, and second files."""
    figures, restated, second = first_figures(world, truth), {}, set()
    for blank in world.story["blanks"]:
        leave_blank(blank, figures, restated)
    for typo in world.story["typos"]:
        mistype(typo, figures, restated, second)
    for period, unit in sorted(arrivals):
        undercount(world, unit, period, arrivals, figures, restated)
    return figures, restated, second


def correct(restated: dict, key: tuple[str, str], name: str, period: str, pair: tuple, reason: str) -> None:
    restated.setdefault(key, []).append(Restated(name, period, *pair, reason))


def leave_blank(blank: dict, figures: dict, restated: dict) -> None:
    name = blank["indicator"]
    for unit in blank["units"]:
        for period in period_range(blank["first"], blank["last"]):
            pair = figures[period, unit].pop(name)
            if "handed_in_with" in blank:
                correct(restated, (blank["handed_in_with"], unit), name, period, pair, blank["reason"])


def mistype(typo: dict, figures: dict, restated: dict, second: set) -> None:
    name, key = typo["indicator"], (typo["period"], typo["unit"])
    right = figures[key][name]
    factors = (typo.get("numerator", 1), typo.get("denominator", 1))
    figures[key][name] = tuple(value and plain(np.floor(value * factor)) for value, factor in zip(right, factors, strict=True))
    if typo["put_right"] == "file":
        second.add(key)
    else:
        correct(restated, (typo["put_right"], typo["unit"]), name, typo["period"], right, typo["reason"])


def undercount(world: World, unit: str, period: str, arrivals: dict, figures: dict, restated: dict) -> None:
    """Now and then a first count misses a few per cent and is corrected in the next return."""
    settings, carrier = world.story["restated"], correcting_return(world, arrivals, unit, period)
    errors = {typo["indicator"] for typo in world.story["typos"] if (typo["period"], typo["unit"]) == (period, unit)}
    for name, pair in figures[period, unit].items():
        rng = world.random("restated", name, unit, period)
        shares = world.registry.indicators[name].kind in ("share", "ratio")
        if carrier and shares and name not in errors and rng.random() < settings["rate"]:
            low = plain(np.floor(pair[0] * (1 - rng.uniform(*settings["too_low"]))))
            if low != pair[0]:
                figures[period, unit][name] = (low, pair[1])
                correct(restated, (carrier, unit), name, period, pair, rng.choice(world.story["texts"]["restated"]))


# --- how they look on paper ------------------------------------------------------------------------------------------


def typed(world: World, name: str, unit: str, period: str, pair: tuple) -> tuple:
    """The two figures as this unit types them: as numbers, as text, or as a word where 1 or 0 is asked."""
    habits, kind = world.random("habits", unit), world.registry.indicators[name].kind
    texter, words, rng = habits.random() < world.story["text_units"], habits.random(), world.random("typing", unit, period)
    if kind == "units" and pair[1] == 1 and words < world.story["word_units"]:
        return (("x" if words < world.story["word_units"] / 2 else "Có") if pair[0] else "Không", pair[1])
    if (texter or isinstance(pair[0], float)) and rng.random() < TEXT_QUARTERS:
        comma = rng.random() < 0.5
        return tuple(as_text(value, comma=comma) for value in pair)
    return pair


def as_text(value: float | int | None, *, comma: bool) -> str | None:
    """A number as text: whole numbers with dots between thousands or none, others with a decimal comma or point."""
    if value is None or isinstance(value, int):
        return value if value is None else f"{value:,}".replace(",", ".") if comma else f" {value}"
    return f"{value:,.1f}".translate(str.maketrans(",.", ".,")) if comma else f"{value:.1f}"


def notes_of(world: World, unit: str, period: str, names: list[str]) -> dict[str, str]:
    rng, texts = world.random("notes", unit, period), world.story["texts"]["notes"]
    chosen = rng.random(len(names)) < world.story["notes"]["rate"]
    return {name: str(rng.choice(texts)) for name, is_noted in zip(names, chosen, strict=True) if is_noted}


def make_return(world: World, unit: str, period: str, day: dt.date, figures: dict, restated: list) -> bytes:
    """One filled-in return as the bytes of its Excel file."""
    old_name = world.story["renamed"]
    names = world.registry.units[unit]
    rng = world.random("paper", unit, period)
    shown = {name: typed(world, name, unit, period, pair) for name, pair in figures.items()}
    workbook = form_workbook(
        world.registry,
        unit,
        period,
        shown,
        f"{day:%d/%m/%Y}" if rng.random() < 0.4 else day,
        notes=notes_of(world, unit, period, list(figures)),
        restated=restated,
        name=names.aliases[0] if unit == old_name["unit"] and period <= old_name["until"] else "",
        illustrative=True,
    )
    put_cell_notes(world, workbook[SHEET], len(figures), rng)
    if unit in world.story["decomposed"]:
        decompose(workbook[SHEET])
    return workbook_bytes(workbook)


def put_cell_notes(world: World, sheet, n_rows: int, rng: np.random.Generator) -> None:
    for row in FIRST_ROW + np.flatnonzero(rng.random(n_rows) < world.story["notes"]["cell_rate"]):
        sheet.cell(int(row), 4).comment = Comment(str(rng.choice(world.story["texts"]["cell_notes"])), "Văn phòng")


def decompose(sheet) -> None:
    """Rewrite every text of a sheet with base letters and combining marks apart (NFD)."""
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.value = unicodedata.normalize("NFD", cell.value)


def second_day(world: World, unit: str, period: str) -> dt.date:
    delay = world.random("second file", unit, period).integers(*world.story["second_files"])
    return working_day(period_end(period) + dt.timedelta(days=int(delay)))


def write_returns(world: World, folder: Path, periods: list[str]) -> list[Path]:
    """Write the returns of the given quarters, ``folder/<quarter>/<unit>.xlsx``; returns their paths."""
    truth, arrivals = true_figures(world), arrival_days(world)
    figures, restated, second = spoil(world, truth, arrivals)
    right, written = first_figures(world, truth), []
    for (period, unit), day in sorted(arrivals.items()):
        if period in periods:
            content = make_return(world, unit, period, day, figures[period, unit], restated.get((period, unit), []))
            written.append(folder / period / f"{unit}.xlsx")
            write_atomically(written[-1], content)
        if period in periods and (period, unit) in second:
            later = second_day(world, unit, period)
            written.append(folder / period / f"{unit}-dieuchinh.xlsx")
            write_atomically(written[-1], make_return(world, unit, period, later, right[period, unit], []))
    return written


# --- command ---------------------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the illustrative returns.")
    parser.add_argument("--out", type=Path, default=HERE / "returns", help="folder to write to (default: data/returns)")
    parser.add_argument("--period", nargs="*", help="only these quarters, e.g. 2014Q2 (default: all)")
    parser.add_argument("--summary", action="store_true", help="print the province's values and write nothing")
    given = parser.parse_args()
    world = load_world()
    if given.summary:
        print(summary(world).to_string())
        return
    unknown = sorted(set(given.period or []) - set(world.periods))
    if unknown:
        parser.error(f"no such quarter: {', '.join(unknown)}; the returns cover {world.periods[0]} to {world.periods[-1]}")
    print(f"{len(write_returns(world, given.out, given.period or world.periods))} files in {given.out}")


if __name__ == "__main__":
    main()
