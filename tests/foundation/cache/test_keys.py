import subprocess
import sys
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.foundation.cache.keys import Unkeyable, digest, function_digest
from ml.foundation.settings import Settings


class Colour(Enum):
    RED = 1


class Number(IntEnum):
    ONE = 1


class Other(Enum):
    RED = 1


@dataclass(frozen=True)
class Point:
    x: object
    y: object = 0


@dataclass(frozen=True)
class Pair:
    x: object
    y: object = 0


class Keyed:
    def __init__(self, key):
        self.key = key

    def __cache_key__(self):
        if self.key == "boom":
            raise ValueError("boom")
        return self.key


class Plain:
    pass


class Word(str):
    __slots__ = ()


DIFFERENT = [
    1,
    True,
    1.0,
    "1",
    b"1",
    1 + 0j,
    Number.ONE,
    Colour.RED,
    Other.RED,
    np.int64(1),
    np.int32(1),
    np.float64(1),
    np.array(1),
    np.array([1]),
    np.array([[1]]),
    np.array([1], "i4"),
    np.array([1.0]),
    np.array([1], object),
    np.array(["1"]),
    np.array([1], "datetime64[s]"),
    np.array([1], "datetime64[ms]"),
    np.array([(1, 2)], [("a", "i4"), ("b", "i4")]),
    np.array([(1, 2)], [("a", "i4"), ("c", "i4")]),
    None,
    ...,
    0,
    False,
    "",
    b"",
    0.0,
    -0.0,
    -1,
    255,
    2**80,
    [],
    (),
    {},
    set(),
    frozenset(),
    [1],
    (1,),
    {1},
    [[1]],
    [1, 2],
    [[1], 2],
    ["a", "b"],
    ["ab"],
    ["a", "b", ""],
    {"a": "b"},
    {"a": 1, "b": 2},
    {"a": 2, "b": 1},
    OrderedDict(a=1, b=2),
    MappingProxyType({"a": 1, "b": 2}),
    Path("a"),
    Path("a/b"),
    "a",
    datetime(2026, 1, 1),
    datetime(2026, 1, 1, tzinfo=UTC),
    datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
    datetime(2026, 1, 1).date(),
    datetime(2026, 1, 1).time(),
    timedelta(1),
    Decimal(1),
    Decimal("1.0"),
    UUID(int=1),
    range(3),
    slice(3),
    int,
    str,
    Point,
    Point(1),
    Point(1, 2),
    Point(2, 1),
    Pair(1),
    Keyed(1),
    Keyed("1"),
    float("inf"),
    float("nan"),
    "\ud800",
]


def test_different_values_have_different_digests():
    digests = [digest(value) for value in DIFFERENT]
    assert len(set(digests)) == len(DIFFERENT)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"a": 1, "b": [2]}, {"b": [2], "a": 1}),
        ({0, 8}, {8, 0}),  # they collide, so each keeps its order of insertion
        (np.arange(6).reshape(2, 3), np.asfortranarray(np.arange(6).reshape(2, 3))),
        (np.arange(6)[::2], np.array([0, 2, 4])),
        (Point(np.arange(3)), Point(np.arange(3))),
        (Path("a//b"), Path("a/b")),
        (Settings().caching, Settings().caching),
        (Keyed({"a": 1}), Keyed({"a": 1})),
    ],
)
def test_equal_values_have_equal_digests(left, right):
    assert digest(left) == digest(right)


def test_changing_an_array_changes_its_digest():
    array = np.zeros(1000)
    before = digest(array)
    array[-1] = 1
    assert digest(array) != before


def local_class():
    class Local:
        pass

    return Local


LOOP: list[object] = []
LOOP.append(LOOP)


@pytest.mark.parametrize(
    "value",
    [
        Plain(),
        [Plain()],
        {"a": Plain()},
        len,
        lambda: 1,
        iter([]),
        (x for x in ()),
        Word("x"),
        LOOP,
        Keyed(Plain()),
        Keyed("boom"),
        local_class(),
        np.array([Plain()]),
        np.ma.array([1]),
    ],
)
def test_what_has_no_key_says_so(value):
    with pytest.raises(Unkeyable):
        digest(value)


def test_digests_are_the_same_in_every_process():
    code = (
        "from ml.foundation.cache.keys import digest\n"
        "def f(x): return x in {'a', 'b', 'c'}\n"
        "from ml.foundation.cache.keys import function_digest\n"
        "print(digest({'a': {'x', 'y', 'z'}, 'b': (1, 2.5)}).hex(), function_digest(f).hex())"
    )
    outs = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outs) == 1


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=12,
)


def typed(value):
    """Write a value so that equal texts mean equal types and contents."""
    if isinstance(value, dict):
        return "{" + ",".join(sorted(f"{typed(k)}:{typed(v)}" for k, v in value.items())) + "}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}({','.join(typed(item) for item in value)})"
    return repr(value)


@given(VALUES, VALUES)
def test_digests_agree_exactly_when_values_and_types_do(left, right):
    assert (digest(left) == digest(right)) == (typed(left) == typed(right))


def times(n):
    return lambda x: x * n


def plus(n):
    return lambda x: x + n


def test_functions_differ_by_code_and_by_what_they_close_over():
    assert function_digest(times(2)) == function_digest(times(2))
    assert function_digest(times(2)) != function_digest(times(3))
    assert function_digest(times(2)) != function_digest(plus(2))
    assert function_digest(times(times(2))) != function_digest(times(times(3)))
    with pytest.raises(Unkeyable):
        function_digest(times(Plain()))
