"""Tables that take seconds to work out, kept in data/store/kept/ until what they rest on changes.

A table's file name holds a hash over everything that decides its content: what the caller names, the package's code, and the
versions of the libraries it computes with. A file is written beside and renamed, so processes may share the folder.

``same_again`` keeps in memory what the pages of one notebook ask for several times.
"""

import gzip
import hashlib
import importlib.metadata
import json
import time
from collections.abc import Callable, Mapping
from functools import cache, wraps
from operator import is_not
from pathlib import Path
from typing import Any

import pandas as pd

from qnict_analysis.store import files_hash, write_atomically
from qnict_analysis.workspace import Workspace

FOLDER = "kept"
CODE = Path(__file__).resolve().parent
COMPUTES_WITH = ("numpy", "pandas", "scipy", "statsmodels")
MOST_FILES = 200
"""Files kept of one name: as many as-ofs and settings as anybody looks at; the oldest go first."""


def kept_table(ws: Workspace, name: str, rests_on: Mapping[str, Any], make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """The table ``make`` gives, from the store where one of the same ``name`` that rests on the same was kept.

    ``rests_on``: names and values (text, numbers, lists) of all that decides the table besides code and libraries; see
    ``content_hash`` for frames. Numbers come back bit for bit. A file that cannot be read is made anew. ``attrs`` of the table:
    ``first``, the seconds it took to make, also where that was in another run; ``made``, whether it was made just now.
    """
    path = ws.store / FOLDER / f"{name}-{_key(rests_on)}.json.gz"
    found = _read(path)
    if found is None:
        started = time.monotonic()
        found = make()
        found.attrs = {"first": time.monotonic() - started, "made": True}
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, _written(found, found.attrs["first"]))
        _clear(path.parent, name)
    return found


def same_again(function: Callable) -> Callable:
    """The function with its last result kept: given the very same objects again it gives the same result, which nobody changes.

    Arguments are compared by identity, as frames are never changed in place; a dozen pages of one analysis share one result.
    """
    last: list[tuple] = [((), None)]

    @wraps(function)
    def kept_last(*asked):
        known, result = last[0]
        if len(known) != len(asked) or any(map(is_not, known, asked)):
            result = function(*asked)
            last[0] = (asked, result)
        return result

    return kept_last


def content_hash(frame: pd.DataFrame) -> str:
    """A hash over the columns and values of a frame, in their order."""
    digest = hashlib.sha256(json.dumps(list(map(str, frame.columns))).encode())
    digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return digest.hexdigest()


@cache
def code_fingerprint() -> str:
    """A hash over the package's code and data files, and the versions of the libraries that compute."""
    files = [path for path in CODE.rglob("*") if path.suffix in (".py", ".yaml")]
    versions = [f"{name} {importlib.metadata.version(name)}" for name in COMPUTES_WITH]
    return hashlib.sha256("\n".join([files_hash(files, CODE), *versions]).encode()).hexdigest()


def _key(rests_on: Mapping[str, Any]) -> str:
    text = json.dumps({**rests_on, "code": code_fingerprint()}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _written(frame: pd.DataFrame, seconds: float) -> bytes:
    """A frame as compressed JSON, and the seconds it took: floats as their shortest exact text."""
    content = {
        "seconds": seconds,
        "columns": list(frame.columns),
        "dtypes": [str(dtype) for dtype in frame.dtypes],
        "rows": [
            [None if value is pd.NA or value is None else value for value in row]
            for row in frame.astype(object).to_numpy().tolist()
        ],
    }
    return gzip.compress(json.dumps(content, ensure_ascii=False).encode(), mtime=0)


def _read(path: Path) -> pd.DataFrame | None:
    try:
        content = json.loads(gzip.decompress(path.read_bytes()))
        frame = pd.DataFrame(content["rows"], columns=content["columns"], dtype=object)
        frame = frame.astype(dict(zip(content["columns"], content["dtypes"], strict=True)))
        frame.attrs = {"first": float(content["seconds"]), "made": False}
        return frame
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        return None


def _clear(folder: Path, name: str) -> None:
    """Leave only the newest files of a name."""
    files = sorted(folder.glob(f"{name}-*.json.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[MOST_FILES:]:
        path.unlink(missing_ok=True)
