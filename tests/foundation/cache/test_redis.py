import asyncio
import logging
import socket
import threading
import time

import pytest

from ml.foundation.cache.decorator import cache_ml_result
from ml.foundation.cache.redis import NAMESPACE, RedisCache

pytest.importorskip("redis")


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def cache(redis_url, clock):
    cache = RedisCache(redis_url, retry_after_s=30, clock=clock)
    yield cache
    cache._client.close()


def warnings(caplog):
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def keep(cache, key, value, ttl_s=60.0):
    cache.put(key, cache.freeze(value), ttl_s=ttl_s)


def test_a_value_goes_to_redis_and_comes_back(cache):
    keep(cache, "k", {"a": (1, 2)})
    assert cache.thaw(cache.get("k")) == {"a": (1, 2)}
    assert cache.get("other") is None
    assert cache._client.exists(NAMESPACE + "k")


def test_redis_lets_a_value_expire(cache):
    keep(cache, "k", 1, ttl_s=0.05)
    assert 0 < cache._client.pttl(NAMESPACE + "k") <= 50
    time.sleep(0.1)
    assert cache.get("k") is None


def test_clear_goes_by_prefix_and_takes_it_literally(cache):
    for key in ("f*:a", "f*:b", "fx:a"):
        keep(cache, key, 1)
    cache.clear("f*:")
    assert [cache.get(key) is None for key in ("f*:a", "f*:b", "fx:a")] == [True, True, False]


def test_a_key_of_another_type_is_a_miss_with_one_warning(cache, caplog):
    cache._client.lpush(NAMESPACE + "k", "x")
    assert cache.get("k") is None
    assert cache.get("k") is None
    assert len(warnings(caplog)) == 1
    keep(cache, "other", 1)
    assert cache.get("other") is not None


def test_down_and_up_again(cache, clock, redis_server, caplog):
    caplog.set_level(logging.INFO)
    keep(cache, "k", 1)
    redis_server.stop()
    try:
        assert cache.get("k") is None
        keep(cache, "k", 1)
        clock.now = 31
        assert cache.get("k") is None
        assert len(warnings(caplog)) == 1
        assert "does not answer" in warnings(caplog)[0]
    finally:
        redis_server.start()
    cache._client.set(NAMESPACE + "k", cache.freeze(1))
    assert cache.get("k") is None  # it is back, but not asked again yet
    clock.now = 62
    assert cache.thaw(cache.get("k")) == 1
    keep(cache, "k", 2)
    assert cache.thaw(cache.get("k")) == 2
    assert "answers again" in caplog.text
    redis_server.stop()
    try:
        assert cache.get("k") is None
        assert len(warnings(caplog)) == 2
    finally:
        redis_server.start()


def test_a_restart_in_between_is_not_noticed(cache, redis_server, caplog):
    keep(cache, "k", 1)
    redis_server.stop()
    redis_server.start()
    keep(cache, "k", 2)
    assert cache.thaw(cache.get("k")) == 2
    assert warnings(caplog) == []


def test_a_call_never_fails_while_redis_is_down(cache, clock, redis_server, caplog):
    calls = []

    @cache_ml_result(ttl=60, backend=cache)
    def double(x):
        return x * 2

    assert double(2) == 4
    redis_server.stop()
    try:
        for _ in range(3):
            calls.append(double(2))
            clock.now += 100
        assert len(warnings(caplog)) == 1
    finally:
        redis_server.start()
    assert calls == [4, 4, 4]
    assert double.cache_info().misses == 4
    clock.now += 100
    double(2)
    double(2)
    assert double.cache_info().hits == 1


async def test_the_event_loop_goes_on_while_redis_hangs():
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        cache = RedisCache(f"redis://127.0.0.1:{deaf.getsockname()[1]}/0")

        @cache_ml_result(backend=cache)
        async def one():
            return 1

        work, ticks = asyncio.create_task(one()), 0
        while not work.done():
            ticks += 1
            await asyncio.sleep(0.02)
        assert await work == 1
        assert ticks > 10
        cache._client.close()


def test_a_url_nobody_listens_on_costs_a_warning_without_its_password(caplog, clock):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        cache = RedisCache(f"redis://:secret@127.0.0.1:{free.getsockname()[1]}/0", clock=clock)
        assert cache.get("k") is None
    assert len(warnings(caplog)) == 1
    assert "secret" not in caplog.text


def test_two_processes_share_results_of_one_function(redis_url):
    source = "def f(x):\n    calls.append(x)\n    return {'x': (x,)}\n"
    seen = []

    def process():
        # What a second process has: the same code, another function object, another connection.
        calls = []
        scope = {"__name__": "script", "calls": calls}
        exec(source, scope)
        cache = RedisCache(redis_url)
        value = cache_ml_result(backend=cache)(scope["f"])(3)
        cache._client.close()
        seen.append((value, calls))

    process()
    process()
    assert seen == [({"x": (3,)}, [3]), ({"x": (3,)}, [])]


def test_two_functions_of_one_name_do_not_share_results(cache):
    def scale(n):
        @cache_ml_result(backend=cache)
        def f(x):
            return x * n

        return f

    assert (scale(2)(10), scale(3)(10)) == (20, 30)


def test_a_corrupt_value_is_computed_anew(cache):
    @cache_ml_result(backend=cache)
    def f(x):
        return [x]

    f(1)
    (key,) = cache._client.keys(NAMESPACE + "*")
    data = cache._client.get(key)
    cache._client.set(key, data[:-2] + b"9]")
    assert f(1) == [1]
    assert f.cache_info().misses == 2
    assert f(1) == [1]
    assert f.cache_info().hits == 1


def test_what_cannot_be_encoded_is_not_kept_and_said_once(cache, caplog):
    @cache_ml_result(backend=cache)
    def f():
        return object()

    assert f() is not f()
    assert len(warnings(caplog)) == 1
    assert "its result is not kept" in warnings(caplog)[0]


def test_a_function_that_closes_over_something_without_a_key_says_so(cache, caplog):
    thing = object()

    @cache_ml_result(backend=cache)
    def f():
        return repr(thing)

    assert f() == f() == repr(thing)
    assert len(warnings(caplog)) == 1
    assert "what it closes over has no key" in warnings(caplog)[0]


def test_a_local_function_may_call_itself(cache, caplog):
    @cache_ml_result(backend=cache)
    def factorial(n):
        return n * factorial(n - 1) if n else 1

    assert factorial(5) == 120
    assert factorial.cache_info().misses == 6
    assert factorial(4) == 24
    assert factorial.cache_info().hits == 1
    assert warnings(caplog) == []


def test_clear_reaches_redis(cache):
    @cache_ml_result(backend=cache)
    def f(x):
        return x

    f(1)
    f.cache_clear()
    f(1)
    assert f.cache_info().misses == 2


def test_threads_compute_once_over_redis(cache):
    calls, start = [], threading.Barrier(6)

    @cache_ml_result(backend=cache)
    def slow(x):
        calls.append(x)
        time.sleep(0.05)
        return {"x": x}

    results = []

    def ask():
        start.wait()
        results.append(slow(1))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [{"x": 1}] * 6
    assert len({id(result) for result in results}) == 6
    assert len(calls) == 1
