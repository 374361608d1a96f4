"""Keys: equal arguments give equal digests, and different ones different digests, in every process.

Conventions
-----------
Types count: ``1``, ``True``, ``1.0`` and ``"1"`` are four arguments. The order of a mapping or a set does not
count. Arrays count by dtype, shape and content. An object may define ``__cache_key__()`` and return anything
that has a key itself.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from hashlib import blake2b
from pathlib import PurePath
from types import CodeType, FunctionType
from typing import Any
from uuid import UUID

_DIGEST_BYTES = 16


class Unkeyable(Exception):
    """A value without a key."""


def digest(value: Any) -> bytes:
    """Digest a value by type and content.

    Returns
    -------
    bytes [shape=(16,)]

    Raises
    ------
    Unkeyable
        If the value, or something in it, has no key.

    Examples
    --------
    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    >>> digest(1) == digest(True)
    False
    """
    try:
        return _digest(value)
    except Unkeyable:
        raise
    except RecursionError:
        raise Unkeyable("it contains itself, or is nested too deeply") from None
    except Exception as error:  # foreign code runs here: __cache_key__, iteration, attribute access
        raise Unkeyable(f"{type(value).__name__} raised {error!r}") from error


def function_digest(function: Callable[..., Any], *, itself: Any = None) -> bytes:
    """Digest what a function *does*: its code and what it closes over.

    Two scripts may both have a ``__main__.load``, and two closures one name: where processes share a cache, the name
    alone would hand one the results of the other. Globals are not looked at.

    Parameters
    ----------
    itself : object, optional
        A captured value to pass over: the decorated function, when it calls itself.

    Raises
    ------
    Unkeyable
        If a captured value has no key.
    """
    try:
        return _function(function, itself)
    except RecursionError:
        raise Unkeyable("it closes over functions that close over each other") from None
    except ValueError:
        raise Unkeyable("it closes over a variable that has no value yet") from None


def _function(function: Callable[..., Any], itself: Any) -> bytes:
    if not isinstance(function, FunctionType):
        return _hash("callable", _name(type(function)), function.__qualname__.encode())
    captured = [cell.cell_contents for cell in function.__closure__ or ()]
    parts = [
        _function(inspect.unwrap(value), itself) if isinstance(value, FunctionType) else digest(value)
        for value in captured
        if value is not itself
    ]
    return _hash("function", _code(function.__code__), *parts)


def _code(code: CodeType) -> bytes:
    consts = [_code(item) if isinstance(item, CodeType) else _digest(item) for item in code.co_consts]
    return _hash("code", code.co_code, *(name.encode() for name in code.co_names), *consts)


def _digest(value: Any) -> bytes:
    kind = type(value)
    exact = _EXACT.get(kind)
    if exact is not None:
        return _hash(kind.__name__, *exact(value))
    own_key = getattr(kind, "__cache_key__", None)
    if own_key is not None:
        return _hash("own", _name(kind), _digest(own_key(value)))
    for base, parts in _BASES:
        if isinstance(value, base):
            return _hash(base.__name__, _name(kind), *parts(value))
    if is_dataclass(kind):
        return _hash("dataclass", _name(kind), *_dataclass(value))
    return _numpy(value)


def _hash(tag: str, *parts: bytes) -> bytes:
    # Every part comes with its length, so that no two lists of parts read the same.
    state = blake2b(digest_size=_DIGEST_BYTES)
    for part in (tag.encode(), *parts):
        state.update(len(part).to_bytes(8, "little"))
        state.update(part)
    return state.digest()


def _name(kind: type) -> bytes:
    if "<locals>" in kind.__qualname__:
        raise Unkeyable(f"the class {kind.__qualname__} is local to a function; its name says too little")
    return f"{kind.__module__}:{kind.__qualname__}".encode()


def _each(values: Iterable[Any]) -> list[bytes]:
    return [_digest(value) for value in values]


def _unordered(values: Iterable[Any]) -> list[bytes]:
    return sorted(_each(values))


def _pairs(mapping: Mapping[Any, Any]) -> list[bytes]:
    return sorted(_digest(key) + _digest(mapping[key]) for key in mapping)


def _text(value: object) -> list[bytes]:
    return [repr(value).encode()]


def _moment(value: datetime | time) -> list[bytes]:
    return [value.isoformat().encode(), str(value.tzinfo).encode(), bytes([value.fold])]


def _dataclass(value: Any) -> list[bytes]:
    return [field.name.encode() + b"=" + _digest(getattr(value, field.name)) for field in fields(value)]


def _numpy(value: Any) -> bytes:
    # Whoever passes an array has imported NumPy; the cellar need not.
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.generic):
        return _hash("scalar", value.dtype.str.encode(), value.tobytes())
    if numpy is not None and type(value) in {numpy.ndarray, numpy.memmap}:
        shape = repr(value.shape).encode()
        if value.dtype == object:
            return _hash("objects", shape, *_each(value.ravel().tolist()))
        if not value.dtype.hasobject:
            dtype = repr(value.dtype.descr if value.dtype.names else value.dtype.str).encode()
            return _hash("array", dtype, shape, numpy.ascontiguousarray(value).tobytes())
    kind = type(value)
    raise Unkeyable(f"{kind.__module__}.{kind.__qualname__} has no key; it could define __cache_key__()")


# Exactly these types: a subclass may behave differently, so it is not taken for its parent.
_EXACT: dict[type, Callable[[Any], Iterable[bytes]]] = {
    type(None): lambda _: (),
    type(...): lambda _: (),
    bool: _text,
    int: lambda value: [hex(value).encode()],
    float: lambda value: [value.hex().encode()],
    complex: _text,
    str: lambda value: [value.encode("utf-8", "surrogatepass")],
    bytes: lambda value: [value],
    bytearray: lambda value: [bytes(value)],
    list: _each,
    tuple: _each,
    set: _unordered,
    frozenset: _unordered,
    dict: _pairs,
    range: _text,
    slice: _text,
    date: _text,
    datetime: _moment,
    time: _moment,
    timedelta: _text,
    Decimal: _text,
    UUID: _text,
}

# These with their subclasses, told apart by the name of the class.
_BASES: list[tuple[type, Callable[[Any], Iterable[bytes]]]] = [
    (Enum, lambda value: [str(value.name).encode(), _digest(value.value)]),
    (PurePath, lambda value: [str(value).encode("utf-8", "surrogateescape")]),
    (Mapping, _pairs),
    (type, lambda value: [_name(value)]),
]
