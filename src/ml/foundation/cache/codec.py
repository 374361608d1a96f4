"""Values as bytes and back, without pickle: reading them can run no code.

Conventions
-----------
The bytes are ``MAGIC``, a digest of the rest, and JSON. What JSON does not know is an object with one key that begins
with ``$``: ``{"$tuple": […]}``. Types are kept exactly; a subclass of a known type is refused rather
than turned into its parent. Results (frozen dataclasses of this package) are written by the name of their class, and
read only if a class of that name is loaded.
"""

from __future__ import annotations

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime, time, timedelta, timezone
from hashlib import blake2b
from pathlib import Path, PosixPath
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from ml.foundation.cache.backend import Corrupt, Uncacheable
from ml.foundation.results import Result

MAGIC = b"ml1:"
_DIGEST_BYTES = 16
_PACKAGE = "ml"
# Plain numbers, times and fixed-width text: dtypes that are bytes and nothing else.
_ARRAY_KINDS = frozenset("biufcmMSU")


def encode(value: Any) -> bytes:
    """Write a value as bytes.

    Raises
    ------
    Uncacheable
        If it holds something that has no safe form.

    Examples
    --------
    >>> decode(encode({"when": date(2026, 1, 2), "ids": (1, 2)}))
    {'when': datetime.date(2026, 1, 2), 'ids': (1, 2)}
    """
    try:
        payload = json.dumps(_write(value), separators=(",", ":")).encode()
    except RecursionError:
        raise Uncacheable("it contains itself, or is nested too deeply") from None
    return MAGIC + _checksum(payload) + payload


def decode(data: bytes) -> Any:
    """Read what :func:`encode` wrote.

    Raises
    ------
    Corrupt
        If a byte has changed, or the value is of a class that is not loaded.
    """
    head = len(MAGIC) + _DIGEST_BYTES
    payload = data[head:]
    if data[:head] != MAGIC + _checksum(payload):
        raise Corrupt("not written by this codec, or changed since")
    try:
        return _read(json.loads(payload))
    except Corrupt:
        raise
    except Exception as error:  # dates, zones, dtypes and classes each refuse nonsense in their own way
        raise Corrupt(f"unreadable: {error}") from error


def _checksum(payload: bytes) -> bytes:
    return blake2b(payload, digest_size=_DIGEST_BYTES).digest()


def _write(value: Any) -> Any:
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if kind is list:
        return [_write(item) for item in value]
    if kind is dict:
        return _write_dict(value)
    if kind in _WRITERS:
        tag, writer = _WRITERS[kind]
        return {tag: writer(value)}
    if isinstance(value, np.generic):
        return {"$scalar": _write_array(np.asarray(value))}
    if isinstance(value, Result):
        return {"$result": _write_result(value)}
    raise Uncacheable(f"{kind.__module__}.{kind.__qualname__} has no safe form as bytes")


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return [_read(item) for item in value]
    if not isinstance(value, dict):
        return value
    tag = next(iter(value), "")
    if not tag.startswith("$"):
        return {key: _read(item) for key, item in value.items()}
    if tag not in _READERS or len(value) != 1:
        raise Corrupt(f"unknown tag {tag}")
    return _READERS[tag](value[tag])


def _write_dict(value: dict[Any, Any]) -> Any:
    if all(type(key) is str and not key.startswith("$") for key in value):
        return {key: _write(item) for key, item in value.items()}
    return {"$dict": [[_write(key), _write(item)] for key, item in value.items()]}


def _write_items(values: Any) -> list[Any]:
    return [_write(item) for item in values]


def _write_array(array: np.ndarray[Any, Any]) -> list[Any]:
    if array.dtype.kind not in _ARRAY_KINDS:
        raise Uncacheable(f"an array of {array.dtype} has no safe form as bytes")
    return [array.dtype.str, list(array.shape), b64encode(np.ascontiguousarray(array).tobytes()).decode()]


def _read_array(parts: list[Any]) -> np.ndarray[Any, Any]:
    name, shape, text = parts
    dtype = np.dtype(name)
    if dtype.kind not in _ARRAY_KINDS:
        raise Corrupt(f"an array of {name}")
    return np.frombuffer(b64decode(text, validate=True), dtype).reshape(shape).copy()


def _write_moment(value: datetime) -> list[Any]:
    zone = value.tzinfo
    if zone is not None and not isinstance(zone, timezone | ZoneInfo):
        raise Uncacheable(f"a time zone of {type(zone).__qualname__} has no safe form as bytes")
    key = zone.key if isinstance(zone, ZoneInfo) else None
    local = value.replace(tzinfo=None) if key else value
    return [local.isoformat(), value.fold, key]


def _read_moment(parts: list[Any]) -> datetime:
    text, fold, key = parts
    moment = datetime.fromisoformat(text).replace(fold=fold)
    return moment.replace(tzinfo=ZoneInfo(key)) if key else moment


def _write_time(value: time) -> str:
    if value.tzinfo is not None:
        raise Uncacheable("a time of day with a zone has no safe form as bytes")
    return value.isoformat()


def _write_result(value: Any) -> list[Any]:
    kind = type(value)
    name = f"{kind.__module__}:{kind.__qualname__}"
    if _result_class(name) is not kind:
        raise Uncacheable(f"{name} is no result of this package")
    if not all(field.init for field in fields(value)):
        raise Uncacheable(f"{name} has fields that its constructor does not take")
    return [name, {field.name: _write(getattr(value, field.name)) for field in fields(value)}]


def _read_result(parts: list[Any]) -> Any:
    name, values = parts
    kind = _result_class(name)
    if kind is None:
        raise Corrupt(f"{name} is no result that is loaded here")
    return kind(**{key: _read(item) for key, item in values.items()})


def _result_class(name: str) -> type | None:
    """Find a result class of this package among the loaded modules: bytes from outside must not decide on imports."""
    module, _, path = name.partition(":")
    if module.partition(".")[0] != _PACKAGE:
        return None
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, "__dict__", {}).get(part)
    known = isinstance(found, type) and issubclass(found, Result) and hasattr(found, "__dataclass_fields__")
    return found if known else None


_WRITERS: dict[type, tuple[str, Callable[[Any], Any]]] = {
    tuple: ("$tuple", _write_items),
    set: ("$set", _write_items),
    frozenset: ("$frozenset", _write_items),
    bytes: ("$bytes", lambda value: b64encode(value).decode()),
    PosixPath: ("$path", str),
    datetime: ("$datetime", _write_moment),
    date: ("$date", date.isoformat),
    time: ("$time", _write_time),
    timedelta: ("$timedelta", lambda value: [value.days, value.seconds, value.microseconds]),
    np.ndarray: ("$array", _write_array),
}

_READERS: dict[str, Callable[[Any], Any]] = {
    "$tuple": lambda items: tuple(_read(item) for item in items),
    "$set": lambda items: {_read(item) for item in items},
    "$frozenset": lambda items: frozenset(_read(item) for item in items),
    "$dict": lambda pairs: {_read(key): _read(item) for key, item in pairs},
    "$bytes": lambda text: b64decode(text, validate=True),
    "$path": Path,
    "$datetime": _read_moment,
    "$date": date.fromisoformat,
    "$time": time.fromisoformat,
    "$timedelta": lambda parts: timedelta(*parts),
    "$array": _read_array,
    "$scalar": lambda parts: _read_array(parts)[()],
    "$result": _read_result,
}
