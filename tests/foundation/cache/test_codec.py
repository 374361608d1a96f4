import json
import math
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from ml.foundation.cache import codec
from ml.foundation.cache.backend import Corrupt, Uncacheable
from ml.foundation.cache.codec import MAGIC, decode, encode
from ml.foundation.cache.decorator import CacheInfo
from ml.foundation.results import Result

INFO = CacheInfo(hits=1, misses=2, uncached=0, entries=None, backend="memory")


@dataclass(frozen=True, slots=True)
class Foreign(Result):
    x: int


def same(left, right):
    """Equal in type and content, all the way down."""
    if type(left) is not type(right):
        return False
    if isinstance(left, np.ndarray):
        return left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes()
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and math.isnan(left):
        return math.isnan(right)
    return left == right


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        2**100,
        -0.0,
        math.nan,
        -math.inf,
        "\ud800\u0000ü",
        b"\x00\xff",
        [],
        (),
        (1, (2.0, [True])),
        {1, 2},
        frozenset({(1, "a")}),
        {},
        {"a": {"b": (1,)}},
        {1: "a", (2, 3): "b", None: "c"},
        {"$tuple": [1]},
        {"$": 1, "a": 2},
        Path("/a/ü"),
        datetime(2026, 1, 2, 3, 4, 5, 6),
        datetime(2026, 1, 2, tzinfo=UTC),
        datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
        datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
        date(2026, 1, 2),
        time(1, 2, 3, 4),
        timedelta(days=-1, microseconds=1),
        np.arange(6, dtype="i2").reshape(2, 3),
        np.array([1.5, np.nan, np.inf], dtype="f4"),
        np.array(["a", "üü"]),
        np.array(["2026-01-01"], "datetime64[D]"),
        np.array(5),
        np.zeros((0, 3)),
        np.array([1 + 2j]),
        np.float32(1.5),
        np.int64(-3),
        np.bool_(True),
        np.datetime64("2026-01-01"),
        INFO,
        [INFO, {"deep": (INFO,)}],
    ],
)
def test_a_value_comes_back_as_it_was(value):
    assert same(decode(encode(value)), value)


def test_the_zone_of_a_moment_keeps_its_name():
    moment = datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    assert decode(encode(moment)).tzinfo == ZoneInfo("Europe/Berlin")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.datetimes()
    | st.timedeltas(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.tuples(inner, inner),
    max_leaves=15,
)


@given(VALUES)
def test_any_value_of_known_types_comes_back(value):
    assert same(decode(encode(value)), value)


@given(st.sampled_from(["f4", "f8", "i1", "u8", "?", "c8"]).flatmap(lambda d: arrays(d, array_shapes(min_dims=0))))
def test_any_array_comes_back(array):
    assert same(decode(encode(array)), array)


class Sub(dict[str, int]):
    pass


DEEP: list[object] = []
DEEP.append(DEEP)


@pytest.mark.parametrize(
    "value",
    [
        object(),
        Sub(a=1),
        {"a": object()},
        len,
        Foreign(1),
        np.array([None]),
        np.zeros(2, [("a", "i4")]),
        np.ma.array([1]),
        DEEP,
        time(1, tzinfo=UTC),
    ],
)
def test_what_has_no_safe_form_is_refused(value):
    with pytest.raises(Uncacheable):
        encode(value)


@given(st.binary(max_size=200))
def test_foreign_bytes_are_corrupt(data):
    with pytest.raises(Corrupt):
        decode(data)


@given(st.integers(min_value=0), st.integers(1, 255))
def test_one_changed_byte_is_noticed(place, change):
    data = bytearray(encode({"a": [1, 2.5, INFO]}))
    data[place % len(data)] ^= change
    with pytest.raises(Corrupt):
        decode(bytes(data))


def sealed(value):
    """What somebody with access to Redis could write: well-formed, with a right checksum."""
    payload = json.dumps(value).encode()
    return MAGIC + codec._checksum(payload) + payload


@pytest.mark.parametrize(
    "value",
    [
        {"$result": ["os:system", {"command": "true"}]},
        {"$result": ["ml.foundation.errors:MLError", {"message": "x"}]},
        {"$result": ["ml.foundation.cache.decorator:CacheInfo", {"hits": 1}]},
        {"$result": ["ml.foundation.cache.decorator:CacheInfo", {"nothing": 1}]},
        {"$result": "x"},
        {"$array": ["O", [1], b64encode(b"12345678").decode()]},
        {"$array": ["f8", [2], b64encode(b"12345678").decode()]},
        {"$array": ["f8", [1], "!!"]},
        {"$array": ["no such", [1], ""]},
        {"$datetime": ["yesterday", 0, None]},
        {"$datetime": ["2026-01-01", 0, "No/Zone"]},
        {"$datetime": ["2026-01-01", 0, "../../etc/passwd"]},
        {"$timedelta": [10**12]},
        {"$pickle": "x"},
        {"$tuple": [1], "$list": [2]},
        {"$set": [[1]]},
        {"$dict": [[1]]},
        {"$path": 3},
        {"$scalar": ["f8", [2], b64encode(bytes(8)).decode()]},
    ],
)
def test_a_forged_value_is_corrupt_and_runs_nothing(value):
    with pytest.raises(Corrupt):
        decode(sealed(value))


JSON = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*codec._READERS, "a"]), inner, max_size=2)
    ),
    max_leaves=10,
)


@given(JSON)
def test_any_forged_value_is_read_or_corrupt(value):
    with suppress(Corrupt):
        decode(sealed(value))
