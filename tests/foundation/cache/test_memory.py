import threading
from dataclasses import dataclass

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.sparse import eye

from ml.foundation.cache.backend import Uncacheable
from ml.foundation.cache.memory import ENTRY_BYTES, MemoryCache, size_of


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def keep(cache, key, value, ttl_s=60.0):
    cache.put(key, cache.freeze(value), ttl_s=ttl_s)


def has(cache, *keys):
    return [cache.get(key) is not None for key in keys]


def test_a_kept_value_is_a_copy_both_ways():
    cache, value = MemoryCache(10**6), {"tracks": [1, 2]}
    keep(cache, "k", value)
    value["tracks"].append(3)
    got = cache.thaw(cache.get("k"))
    got["tracks"].clear()
    assert cache.thaw(cache.get("k")) == {"tracks": [1, 2]}


def test_a_value_lives_until_its_time_is_over(clock):
    cache = MemoryCache(10**6, clock=clock)
    keep(cache, "k", 1, ttl_s=10)
    clock.now = 9.999
    assert has(cache, "k") == [True]
    assert cache.count() == 1
    clock.now = 10
    assert cache.count() == 0
    assert has(cache, "k") == [False]
    assert cache.used_bytes == 0


def test_what_nobody_asks_for_again_is_not_kept_for_longer_than_its_time(clock):
    cache = MemoryCache(10**9, clock=clock)
    for number in range(1_000):
        clock.now = float(number)
        keep(cache, f"{number}", np.zeros(1000), ttl_s=10)
        cache.get(f"{number - number % 10}")
    assert cache.used_bytes <= 20 * (ENTRY_BYTES + size_of(np.zeros(1000)))
    assert has(cache, "989", "990", "999") == [False, True, True]


def test_the_least_recently_used_makes_room():
    size = ENTRY_BYTES + size_of(np.zeros(1000))
    cache = MemoryCache(3 * size)
    for key in "abc":
        keep(cache, key, np.zeros(1000))
    cache.get("a")
    keep(cache, "d", np.zeros(1000))
    assert has(cache, "a", "b", "c", "d") == [True, False, True, True]
    assert cache.used_bytes == 3 * size


def test_the_bound_holds_whatever_is_put():
    cache, rng = MemoryCache(100_000), np.random.default_rng(0)
    for number in range(300):
        keep(cache, f"k{number % 50}", np.zeros(int(rng.integers(0, 3000))))
        assert cache.used_bytes <= 100_000
    assert cache.count() > 3
    cache.clear()
    assert cache.used_bytes == 0


def test_what_is_larger_than_the_bound_is_not_kept_and_pushes_nothing_out():
    cache = MemoryCache(10_000)
    keep(cache, "small", 1)
    keep(cache, "large", np.zeros(10_000))
    assert has(cache, "small", "large") == [True, False]


def test_a_large_value_under_a_known_key_does_not_leave_the_old_one():
    cache = MemoryCache(10_000)
    keep(cache, "k", 1)
    keep(cache, "k", np.zeros(10_000))
    assert has(cache, "k") == [False]


def test_a_smaller_bound_takes_effect_at_once():
    cache = MemoryCache(10**6)
    for key in "abc":
        keep(cache, key, np.zeros(1000))
    cache.max_bytes = 10_000
    assert has(cache, "a", "b", "c") == [False, False, True]


def test_clear_and_count_go_by_prefix():
    cache = MemoryCache(10**6)
    for key in ("f#1:a", "f#1:b", "f#12:a"):
        keep(cache, key, 1)
    assert cache.count("f#1:") == 2
    cache.clear("f#1:")
    assert has(cache, "f#1:a", "f#12:a") == [False, True]


@pytest.mark.parametrize("value", [threading.Lock(), (x for x in ()), {"a": [threading.Lock()]}])
def test_what_cannot_be_copied_is_refused(value):
    with pytest.raises(Uncacheable, match="cannot be copied"):
        MemoryCache(10**6).freeze(value)


@dataclass(frozen=True, slots=True)
class Slotted:
    array: np.ndarray


@dataclass
class Open:
    array: np.ndarray


@pytest.mark.parametrize(
    "wrap",
    [
        lambda array: array,
        lambda array: [array],
        lambda array: {"a": (array,)},
        lambda array: [array, array],
        Slotted,
        Open,
        lambda array: np.array([array, None], dtype=object),
        lambda array: array[:],
        lambda array: pl.DataFrame({"a": array}),
        lambda array: pd.DataFrame({"a": array}),
    ],
)
def test_the_size_of_an_array_counts_once_wherever_it_hides(wrap):
    assert 800_000 <= size_of(wrap(np.zeros(100_000))) < 810_000


def test_a_sparse_matrix_counts_its_parts():
    assert 12 * 10_000 <= size_of(eye(10_000, format="csr")) < 20 * 10_000 + 5000


def test_a_loop_has_a_size():
    loop: list[object] = [1]
    loop.append(loop)
    assert size_of(loop) < 1000
