"""What the YAML of a workspace is read with: the loader, the field types and the fault lines of every record.

The loader knows true, false, null and numbers, as YAML 1.2 does; ``no``, ``on`` and dates stay text.
"""

import datetime as dt
import re
import types
import typing
import unicodedata
from typing import Annotated, Any

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)
from typing_extensions import TypedDict

from qnict_analysis.periods import frequency

FROZEN = ConfigDict(frozen=True, extra="forbid")


# Plain scalars of YAML 1.2: everything else is text. By first letter, because PyYAML looks them up so.
_INTEGER = ("tag:yaml.org,2002:int", re.compile(r"[-+]?(?:0|[1-9]\d*)$"))
_NUMBER = ("tag:yaml.org,2002:float", re.compile(r"[-+]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$"))
_BOOLEAN = ("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)$"))
_NOTHING = ("tag:yaml.org,2002:null", re.compile(r"(?:~|null|)$"))


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # the same, in C where PyYAML was built with it
    yaml_implicit_resolvers: typing.ClassVar[dict] = {
        **{first: [_INTEGER, _NUMBER] for first in "+-0123456789"},
        **{".": [_NUMBER], "t": [_BOOLEAN], "f": [_BOOLEAN], "n": [_NOTHING], "~": [_NOTHING], "": [_NOTHING]},
    }


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict:
    found = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, (str, int)):
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} is not a name", key_node.start_mark)
        if key in found:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def parse_yaml(text: str, name: str) -> Any:
    """The data of a YAML text, in Unicode NFC; ``ValueError`` names the file and the line that cannot be read."""
    try:
        return yaml.load(unicodedata.normalize("NFC", text), _Loader)  # a SafeLoader with fewer guesses
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise ValueError(f"{name}: {place}{error.problem}: allowed is plain YAML with every key once") from None
    except yaml.YAMLError as error:
        raise ValueError(f"{name}: {' '.join(str(error).split())}: allowed is plain YAML") from None


# --- field types -----------------------------------------------------------------------------------------------------

ID_PATTERN = r"^[A-Za-z0-9_-]+$"
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _period_label(value: Any) -> Any:
    # A bare year (2015) is a number to YAML and a period to everybody else.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _known_form(label: str) -> str:
    frequency(label)
    return label


def _plain_date(value: Any) -> Any:
    if isinstance(value, dt.date) or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)):
        return value
    raise ValueError("write a date as 2014-07-30")


Period = Annotated[str, BeforeValidator(_period_label), AfterValidator(_known_form)]
Day = Annotated[dt.date, BeforeValidator(_plain_date)]


class Text(TypedDict):
    """The same text in Vietnamese and English; both are needed."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]
    vi: Words
    en: Words


def _short_enough(text: dict) -> dict:
    for lang, words in text.items():
        if len(words) > SHORT_LIMIT:
            raise ValueError(f"{lang} has {len(words)} characters; at most {SHORT_LIMIT} fit a tile")
    return text


SHORT_LIMIT = 45
ShortText = Annotated[Text, AfterValidator(_short_enough)]
Share = Annotated[float, Field(ge=0, le=1, strict=True)]

# --- faults ----------------------------------------------------------------------------------------------------------


def validate(kind: Any, data: Any, place: str) -> tuple[Any, list[str]]:
    """The record of type ``kind`` in ``data``, or None and every fault as "place.field: what: allowed"."""
    try:
        return TypeAdapter(kind).validate_python(data), []
    except ValidationError as error:
        return None, [_fault(kind, place, item) for item in error.errors()]


def _fault(kind: Any, place: str, error: dict) -> str:
    path = place + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"{path}: unknown key: allowed are {', '.join(_fields(kind, error['loc'][:-1]))}"
    if error["type"] == "missing":
        return f"{path}: missing: the key is required"
    if error["type"] in ("model_type", "dict_type"):
        fields = ", ".join(_fields(kind, error["loc"]))
        return f"{path}: {error['input']!r} is not allowed: write a mapping of {fields}"
    message = error["msg"].removeprefix("Value error, ")
    return f"{path}: {error['input']!r} is not allowed: {message[0].lower()}{message[1:]}"


def _fields(kind: Any, path: tuple) -> list[str]:
    """The keys allowed at ``path`` inside the record type ``kind``."""
    for step in path:
        if isinstance(step, str) and step in _hints(kind):
            kind = _hints(kind)[step]
        kind = _inner(kind)
    return list(_hints(kind)) or ["(see the other items of the file)"]


def _hints(kind: Any) -> dict:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {name: field.annotation for name, field in kind.model_fields.items()}
    return {name: hint for name, hint in getattr(kind, "__annotations__", {}).items() if not name.startswith("_")}


def _inner(kind: Any) -> Any:
    """The record type inside Optional, Annotated, tuple or dict."""
    wrappers = (tuple, list, dict, typing.Union, types.UnionType, Annotated)
    while typing.get_origin(kind) in wrappers or hasattr(kind, "__metadata__"):
        inside = [arg for arg in typing.get_args(kind) if arg not in (type(None), Ellipsis)]
        kind = inside[-1] if typing.get_origin(kind) is dict else inside[0]
    return kind
