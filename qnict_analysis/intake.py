"""From returns to the store: good files go in whole, bad ones are refused whole with every fault, nothing is half-written."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from qnict_analysis import returns, store
from qnict_analysis.returns import Fault, Figure
from qnict_analysis.schema import OBSERVATIONS, STATUSES
from qnict_analysis.workspace import Workspace

IDENTITY = ["indicator", "unit", "period", "reported_on"]
ORDER = ["indicator", "unit", "period", "reported_on", "file", "cell"]
LONGEST_MESSAGE = 400
"""A broken rule is reported with its first cases, not with all of a column."""

CODE = Path(__file__).resolve().parent
"""Returns read by older code are read again: the readers' source is part of what the store rests on."""


@dataclass(frozen=True)
class IntakeResult:
    """What became of the files handed in: names as given, ``unchanged`` where the same bytes had been taken before."""

    accepted: tuple[str, ...]
    refused: tuple[str, ...]
    faults: pd.DataFrame
    unchanged: tuple[str, ...] = ()


def ensure_store(ws: Workspace, registry) -> pd.DataFrame:
    """The observations of data/returns/ (``schema.OBSERVATIONS``), read again only where files, registry or code changed.

    ``ValueError`` lists every fault of the returns. Safe when several processes call it at once: each writes the same
    table whole.
    """
    fingerprint = {
        "returns": store.returns_fingerprint(ws),
        "registry": store.registry_fingerprint(ws),
        "reader": store.files_hash([CODE / "intake.py", CODE / "store.py", *CODE.glob("returns/*.py")], CODE),
    }
    known = store.read_observations(ws, fingerprint)
    if known is not None:
        return known
    observations, faults = read_returns(ws, registry)
    if len(faults):
        raise ValueError(f"{ws.returns}: {len(faults)} faults\n" + "\n".join(fault_lines(faults)))
    store.write_observations(ws, observations, fingerprint)
    return observations


def read_returns(ws: Workspace, registry) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All observations and all faults of data/returns/; nothing is written."""
    rules = returns.rules_of(registry)
    figures, faults = [], []
    for path in store.return_files(ws, tuple(returns.READERS)):
        noted = store.received_day(path)
        received = dt.date.fromisoformat(noted) if noted else None
        good, bad = returns.read_figures(path, rules, received, name=store.relative_name(path, ws.returns))
        figures += good
        faults += bad
    faults += _contradictions(figures, {})
    return (as_checked(figures) if not faults else store.as_observations([])), returns.as_faults(faults)


def as_checked(figures: Iterable[Figure]) -> pd.DataFrame:
    """Figures as a table in a fixed order, each once however often it was read, checked as a whole."""
    table = store.as_observations(figures).sort_values(ORDER, kind="stable")
    table = table.drop_duplicates([*IDENTITY, "numerator", "denominator"], ignore_index=True)
    return check_observations(table)


def check_observations(observations: pd.DataFrame) -> pd.DataFrame:
    """The door of the flow: after it, functions trust the table. ``ValueError`` names the first broken rule."""
    import pandera.pandas as pa

    number = {"numerator": pa.Column(float, pa.Check.ge(0)), "denominator": pa.Column(float, pa.Check.gt(0), nullable=True)}
    texts = {name: pa.Column(str) for name in ("sheet", "note", "source")}
    named = {name: pa.Column(str, pa.Check.str_length(min_value=1)) for name in ("indicator", "unit", "period", "file", "cell")}
    status = pa.Column(str, pa.Check.isin(STATUSES))
    columns = {**number, **texts, **named, "status": status, "reported_on": pa.Column("datetime64[us]")}
    schema = pa.DataFrameSchema({name: columns[name] for name in OBSERVATIONS}, strict=True, ordered=True, unique=IDENTITY)
    try:
        return schema.validate(observations)
    except pa.errors.SchemaError as error:
        raise ValueError(f"observations: {str(error)[:LONGEST_MESSAGE]}") from None


def take_in(
    ws: Workspace, registry, paths: Sequence[str | Path], received: dt.date | None = None, dry_run: bool = False
) -> IntakeResult:
    """Take returns (files, or folders of files) into data/returns/<period>/ and bring the store up to date.

    ``received``: the day they came in, for forms without a date; it is kept beside the file. A file with a fault is
    refused whole, a file whose bytes are there already changes nothing, and no file is ever written over.
    """
    rules = returns.rules_of(registry)
    held = {store.file_hash(path) for path in store.return_files(ws)}
    taken = _by_identity(ensure_store(ws, registry).itertuples(index=False))
    outcome: dict[str, list] = {"accepted": [], "refused": [], "unchanged": [], "faults": []}
    for path in _expand(paths):
        content = _content(path)
        digest = hashlib.sha256(content).hexdigest()
        if content and digest in held:
            outcome["unchanged"].append(str(path))
            continue
        figures, faults = returns.read_figures(path, rules, received)
        faults = faults or _contradictions(figures, taken) or _emptiness(path, figures)
        outcome["faults"] += faults
        outcome["refused" if faults else "accepted"].append(str(path))
        if not faults:
            held.add(digest)
            taken |= _by_identity(figures)
            if not dry_run:
                _keep(ws, path, content, figures, received)
    if outcome["accepted"] and not dry_run:
        ensure_store(ws, registry)
    files = {name: tuple(outcome[name]) for name in ("accepted", "refused", "unchanged")}
    return IntakeResult(faults=returns.as_faults(outcome["faults"]), **files)


def fault_lines(faults: pd.DataFrame) -> list[str]:
    """One line a fault: where it stands, what is there, what is wrong with it and what is allowed."""
    return [
        f"{row.file}{f' [{row.sheet}]' if row.sheet else ''}{f' {row.cell}' if row.cell else ''}: "
        f"{f'“{row.found}” ' if row.found else ''}{row.problem}; allowed: {row.allowed}"
        for row in faults.itertuples()
    ]


def _expand(paths: Sequence[str | Path]) -> list[Path]:
    """Files as given, and the returns in folders in order of name."""
    found = []
    for path in map(Path, paths):
        inside = (file for file in path.rglob("*") if file.is_file() and file.suffix.lower() in returns.READERS)
        found += sorted(file for file in inside if not file.name.startswith((".", "~$"))) or [path]
    return found


def _content(path: Path) -> bytes:
    """The bytes of a file that is no larger than a return may be, else nothing."""
    return path.read_bytes() if path.is_file() and path.stat().st_size <= returns.MAX_BYTES else b""


def _by_identity(rows: Iterable) -> dict[tuple, tuple]:
    """What is known of each figure and day: its two numbers and the file it stands in."""
    return {
        (row.indicator, row.unit, row.period, _day(row.reported_on)): (row.numerator, row.denominator, row.file) for row in rows
    }


def _day(value) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def _contradictions(figures: Iterable[Figure], taken: dict[tuple, tuple]) -> list[Fault]:
    """Figures that another file states otherwise for the same period and day: nobody could tell which one is newer."""
    known, found = dict(taken), []
    for row in figures:
        key = (row.indicator, row.unit, row.period, _day(row.reported_on))
        numerator, denominator, file = known.setdefault(key, (row.numerator, row.denominator, row.file))
        if not (_same(numerator, row.numerator) and _same(denominator, row.denominator)):
            problem = f"differs from {numerator:g} in {file}, which bears the same date ({row.reported_on:%d/%m/%Y})"
            found.append(Fault(row.file, row.sheet, row.cell, f"{row.numerator:g}", problem, "the same figure, or a later date"))
    return found


def _same(one: float, other: float) -> bool:
    return one == other or (one != one and other != other)


def _emptiness(path: Path, figures: list[Figure]) -> list[Fault]:
    return [] if figures else [Fault(path.name, "", "", "", "reports nothing", "at least one figure")]


def _keep(ws: Workspace, path: Path, content: bytes, figures: list[Figure], received: dt.date | None) -> None:
    """Copy an accepted file into data/returns/, first the day of receipt where the file needs it, then the file."""
    periods = {figure.period for figure in figures}
    folder = ws.returns / max(periods) if path.suffix.lower() == ".xlsx" or len(periods) == 1 else ws.returns
    kept = store.write_new(folder / _safe_name(path.name), content)
    if received and any(figure.reported_on == received for figure in figures):
        store.write_atomically(kept.with_name(kept.name + store.RECEIVED_SUFFIX), received.isoformat().encode())


def _safe_name(name: str) -> str:
    """The file's own name without what other systems do not allow in one."""
    kept = "".join("_" if letter in '<>:"/\\|?*' or ord(letter) < 32 else letter for letter in name).strip(". ")
    return f"return{kept}" if kept.startswith("~$") or not kept else kept
