"""What the modules of the command line share: the workspace, its analysis, tables of text."""

from pathlib import Path

FAILED = 1
"""Exit code where a command did its work and found faults."""


def workspace():
    """The workspace that the command speaks of."""
    from qnict_analysis.workspace import find_workspace

    return find_workspace()


def scenario(name: str):
    """A scenario of this workspace, checked against its registry."""
    from qnict_analysis.analysis import scenario_for

    return scenario_for(name, workspace(), registry())


def registry():
    """The registry of that workspace."""
    from qnict_analysis.registry import load_registry

    return load_registry(workspace())


def target_id(name: str) -> str:
    """The id of a target written in any case, or by its alias; ``ValueError`` lists the known ones."""
    known = registry().targets
    ids = {word.upper(): key for key, target in known.items() for word in (*target.aliases, key)}
    if name.upper() not in ids:
        raise ValueError(f"target {name!r} is unknown; known: {', '.join(known)}")
    return ids[name.upper()]


def language(lang: str | None) -> str:
    """The language asked for, else that of params/briefing.yaml; ``ValueError`` names the allowed ones."""
    from qnict_analysis.runner import LANGS, base_params

    if lang is None:
        return base_params(workspace()).lang
    if lang not in LANGS:
        raise ValueError(f"--lang {lang!r} is not known; allowed: {', '.join(LANGS)}")
    return lang


def analysed(as_of: str | None, lang: str):
    """The baseline at an as-of (that of params/briefing.yaml where None)."""
    from qnict_analysis.analysis import analyse
    from qnict_analysis.runner import base_params

    given = base_params(workspace())
    fields = {"scenario": "baseline", "levers": {}, "lang": lang} | ({"as_of": as_of} if as_of else {})
    return analyse(given, **fields)


def put(rows: list[tuple[str, ...]], csv: Path | None, *, frame) -> None:
    """Print rows as an aligned table, or write the numbers behind them (``frame``) to a CSV file and print its name."""
    if csv is None:
        print(aligned(rows))
        return
    from qnict_analysis.store import write_atomically

    write_atomically(csv, frame.to_csv(index=False, lineterminator="\n").encode("utf-8-sig"))
    print(csv)


def as_csv(rows: list[tuple[str, ...]]) -> str:
    """A table as CSV; a text that a spreadsheet would take for a formula is quoted by an apostrophe."""
    import csv
    import io

    from qnict_analysis.sheets import csv_text

    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[csv_text(cell) for cell in row] for row in rows])
    return text.getvalue()


def aligned(rows: list[tuple[str, ...]]) -> str:
    """Rows as a table of text, each column as wide as its widest cell."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(lines)


def one_of(option: str, value: str, allowed: tuple[str, ...]) -> str:
    """An option's value; ``ValueError`` names the allowed ones."""
    if value not in allowed:
        raise ValueError(f"{option} {value!r} is not known; allowed: {', '.join(allowed)}")
    return value
