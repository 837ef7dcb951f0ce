"""From returns to the store: good files go in whole, bad ones are refused whole with every fault, nothing is half-written."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from qnict_analysis import mail, returns, store
from qnict_analysis.returns import Fault, Figure
from qnict_analysis.returns.messages import said
from qnict_analysis.schema import OBSERVATIONS, STATUSES
from qnict_analysis.workspace import Workspace

IDENTITY = ["indicator", "unit", "period", "reported_on"]
ORDER = ["indicator", "unit", "period", "reported_on", "file", "cell"]
LONGEST_MESSAGE = 400
"""A broken rule is reported with its first cases, not with all of a column."""

CODE = Path(__file__).resolve().parent
"""Returns read by older code are read again: the readers' source is part of what the store rests on."""


class Rejected(NamedTuple):
    """A refused file: its own name, its bytes (none where they could not be read) and its faults."""

    name: str
    content: bytes
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class IntakeResult:
    """What became of the files handed in: names as given, ``unchanged`` where the same bytes had been taken before, ``skipped``
    where a folder or an archive held something that is no return. ``rejected``: the refused files, in order."""

    accepted: tuple[str, ...]
    refused: tuple[str, ...]
    faults: pd.DataFrame
    unchanged: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()


def ensure_store(ws: Workspace, registry) -> pd.DataFrame:
    """The observations of data/returns/ (``schema.OBSERVATIONS``), reading only what is new since they were stored.

    ``ValueError`` lists every fault of the returns. Safe when several processes call it at once: one reads, the others wait.
    """
    basis = _basis(ws)
    stored = store.read_observations(ws)
    if stored and stored[1] == basis:
        return stored[0]
    with store.locked(ws):
        return _renewed(ws, registry)


def _basis(ws: Workspace) -> dict:
    """What observations rest on: the returns one by one, the registry and the code that reads."""
    reader = store.files_hash([CODE / "intake.py", CODE / "store.py", *CODE.glob("returns/*.py")], CODE)
    return {"returns": store.return_hashes(ws), "registry": store.registry_fingerprint(ws), "reader": reader}


def _renewed(ws: Workspace, registry, read: dict[str, list[Figure]] | None = None) -> pd.DataFrame:
    """The observations as the returns are now, stored; those of returns that were there before are not read again.

    ``read``: figures of returns that have just been read, by name.
    """
    basis = _basis(ws)
    stored = store.read_observations(ws)
    if stored and stored[1] == basis:
        return stored[0]
    kept, before = stored if stored and _is_grown(stored[1], basis) else (None, {"returns": {}})
    new = set(basis["returns"]) - set(before["returns"])
    observations, faults = read_returns(ws, registry, only=new, kept=kept, read=read)
    if len(faults):
        raise ValueError(f"{ws.returns}: {len(faults)} faults\n" + "\n".join(fault_lines(faults)))
    store.write_observations(ws, observations, basis)
    return observations


def _is_grown(before: dict, now: dict) -> bool:
    """Whether files were added and nothing else has changed."""
    same = all(before.get(name) == now[name] for name in ("registry", "reader"))
    return same and before.get("returns", {}).items() <= now["returns"].items()


def read_returns(
    ws: Workspace,
    registry,
    *,
    only: Set[str] | None = None,
    kept: pd.DataFrame | None = None,
    read: dict[str, list[Figure]] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All observations and all faults of data/returns/; nothing is written.

    ``only``: names of the files to read; the observations of the others are ``kept``. ``read``: figures of files that need not
    be read again, by name.
    """
    rules = returns.rules_of(registry)
    figures, faults = [], []
    for path in store.return_files(ws, tuple(returns.READERS)):
        name = store.relative_name(path, ws.returns)
        if read and name in read:
            figures += read[name]
        elif only is None or name in only:
            content, fault = returns.load(path, name)
            good, bad = ([], [fault]) if fault else returns.read_figures(content, rules, _received(path), name=name)
            figures += good
            faults += bad
    faults += _contradictions(figures, {} if kept is None else _by_identity(kept.itertuples(index=False)))
    empty = store.as_observations([])
    return (as_checked(figures, kept) if not faults else empty), returns.as_faults(faults)


def _received(path: Path) -> dt.date | None:
    """The day of receipt noted beside a return; ``ValueError`` where somebody has written something else there."""
    noted = store.received_day(path)
    try:
        return dt.date.fromisoformat(noted) if noted else None
    except ValueError:
        raise ValueError(
            f"{path.name}{store.RECEIVED_SUFFIX}: {noted!r} is not a day: allowed is one such as 2014-07-20"
        ) from None


def as_checked(figures: Iterable[Figure], kept: pd.DataFrame | None = None) -> pd.DataFrame:
    """Figures as a table in a fixed order, each once however often it was read, checked as a whole.

    ``kept``: observations that have been checked before and go in with them.
    """
    table = store.as_observations(figures)
    table = table if kept is None else pd.concat([kept, table], ignore_index=True)
    table = table.sort_values(ORDER, kind="stable").drop_duplicates([*IDENTITY, "numerator", "denominator"], ignore_index=True)
    return check_observations(table)


def check_observations(observations: pd.DataFrame) -> pd.DataFrame:
    """The door of the flow: after it, functions trust the table. ``ValueError`` names the first broken rule."""
    import pandera.pandas as pa

    number = {"numerator": pa.Column(float, pa.Check.ge(0)), "denominator": pa.Column(float, pa.Check.gt(0), nullable=True)}
    texts = {name: pa.Column(str) for name in ("sheet", "note", "source", "flags")}
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
    """Take returns (files, folders or .zip archives of files) into data/returns/<period>/ and bring the store up to date.

    ``received``: the day they came in, for forms without a date; it is kept beside the file. A file with a fault is
    refused whole, a file whose bytes are there already changes nothing, and no file is ever written over. The good files of
    one call go in together: a process that is stopped has taken in all of them or none.
    """
    ensure_store(ws, registry)
    with store.locked(ws):
        result, read = _take(ws, registry, paths, received, dry_run=dry_run)
        if result.accepted and not dry_run:
            store.commit(ws)
            _renewed(ws, registry, read)
    return result


def _take(ws: Workspace, registry, paths, received: dt.date | None, *, dry_run: bool) -> tuple[IntakeResult, dict]:
    """Read and judge every file handed in, and stage the good ones; also the figures of each by the name it was staged under."""
    rules = returns.rules_of(registry)
    held = set(store.return_hashes(ws).values())
    taken = _by_identity(_renewed(ws, registry).itertuples(index=False))
    read: dict[str, list[Figure]] = {}
    outcome: dict[str, list] = {"accepted": [], "refused": [], "unchanged": [], "skipped": [], "rejected": []}
    for item in mail.sources(paths):
        digest = hashlib.sha256(item.content).hexdigest()
        if item.content and digest in held:
            outcome["unchanged"].append(item.label)
            continue
        if item.skipped:
            outcome["skipped"].append(item.label)
            continue
        figures, faults = (
            ([], [item.fault]) if item.fault else returns.read_figures(item.content, rules, received, name=item.name)
        )
        faults = faults or _contradictions(figures, taken) or _emptiness(item.name, figures)
        outcome["refused" if faults else "accepted"].append(item.label)
        if faults:
            outcome["rejected"].append(Rejected(item.name, item.content, tuple(faults)))
        else:
            held.add(digest)
            taken |= _by_identity(figures)
            if not dry_run:
                name = _keep(ws, item, figures, received)
                read[name] = [figure._replace(file=name) for figure in figures]
    faults = [fault for one in outcome["rejected"] for fault in one.faults]
    return IntakeResult(faults=returns.as_faults(faults), **{name: tuple(found) for name, found in outcome.items()}), read


def fault_lines(faults: pd.DataFrame, lang: str = "en") -> list[str]:
    """One line a fault: where it stands, what is there, what is wrong with it and what is allowed; ``lang``: vi or en."""
    ending, allowed = {"en": ("", "allowed"), "vi": ("_vi", "yêu cầu")}[lang]
    texts = faults.rename(columns={f"problem{ending}": "said", f"allowed{ending}": "wanted"})
    return [
        f"{row.file}{f' [{row.sheet}]' if row.sheet else ''}{f' {row.cell}' if row.cell else ''}: "
        f"{f'“{row.found}” ' if row.found else ''}{row.said}; {allowed}: {row.wanted}"
        for row in texts.itertuples()
    ]


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
            earlier = {"figure": f"{numerator:g}", "file": file, "day": f"{row.reported_on:%d/%m/%Y}"}
            problem = said("differs from {figure} in {file}, which bears the same date ({day})", **earlier)
            allowed = said("the same figure, or a later date")
            found.append(Fault(row.file, row.sheet, row.cell, f"{row.numerator:g}", problem, allowed))
    return found


def _same(one: float, other: float) -> bool:
    return one == other or (one != one and other != other)


def _emptiness(name: str, figures: list[Figure]) -> list[Fault]:
    return [] if figures else [Fault(name, "", "", "", said("reports nothing"), said("at least one figure"))]


def _keep(ws: Workspace, item: mail.Item, figures: list[Figure], received: dt.date | None) -> str:
    """Stage an accepted file, with the day of receipt where the file needs it; returns its name in data/returns/."""
    periods = {figure.period for figure in figures}
    folder = f"{max(periods)}/" if item.name.lower().endswith(".xlsx") or len(periods) == 1 else ""
    needed = received and any(figure.reported_on == received for figure in figures)
    return store.stage(ws, folder + _safe_name(item.name), item.content, received.isoformat().encode() if needed else None)


def _safe_name(name: str) -> str:
    """The file's own name without what other systems do not allow in one."""
    kept = "".join("_" if letter in '<>:"/\\|?*' or ord(letter) < 32 else letter for letter in name).strip(". ")
    return f"return{kept}" if kept.startswith("~$") or not kept else kept
