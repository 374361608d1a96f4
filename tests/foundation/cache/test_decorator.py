import asyncio
import gc
import logging
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

import numpy as np
import pytest

from ml.foundation.cache import MemoryCache, bind, cache_ml_result
from ml.foundation.cache import decorator as module
from ml.foundation.errors import SettingsError
from ml.foundation.settings import Settings
from ml.foundation.workers import WorkerPool


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def memory(clock):
    return MemoryCache(10**8, clock=clock)


@pytest.fixture
def caching(monkeypatch):
    """Settings of this test alone, in a process without caches."""
    monkeypatch.setattr(module, "_stores", module._Stores())
    section = Settings().caching
    bind(lambda: section)
    return section


def warnings(caplog):
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def in_threads(number, work):
    start, results = threading.Barrier(number), []

    def run():
        start.wait()
        try:
            results.append(work())
        except ValueError as error:
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    return results


def test_equal_calls_compute_once_however_they_are_written(memory):
    calls = []

    @cache_ml_result(backend=memory)
    def f(x, y=2, *rest, z=3, **more):
        calls.append((x, y, rest, z, more))
        return len(calls)

    assert f(1) == f(x=1) == f(1, 2) == f(1, z=3, y=2) == 1
    assert f(1, a=1, b=2) == f(1, b=2, a=1) == 2
    assert f(1, 2, 3) == 3
    assert f({"a": 1, "b": 2}) == f({"b": 2, "a": 1}) == 4
    assert [f(1), f(True), f(1.0), f("1")] == [1, 5, 6, 7]
    assert f(np.arange(3)) == f(np.arange(3)) == 8
    assert len(calls) == 8
    assert f.cache_info().to_dict() == {
        "hits": 7,
        "misses": 8,
        "uncached": 0,
        "entries": 8,
        "backend": "memory",
    }


def test_none_is_a_result_like_any_other(memory):
    calls = []

    @cache_ml_result(backend=memory)
    def f():
        calls.append(1)

    assert f() is f() is None
    assert len(calls) == 1


def test_nobody_can_change_what_is_kept(memory):
    @cache_ml_result(backend=memory)
    def f():
        return {"tracks": [1]}

    f()["tracks"].append(2)
    f()["tracks"].append(3)
    assert f() == {"tracks": [1]}


def test_a_result_lives_as_long_as_it_says(memory, clock):
    @cache_ml_result(ttl=10, backend=memory)
    def f():
        return clock.now

    assert f() == 0
    clock.now = 9.9
    assert f() == 0
    clock.now = 10
    assert f() == 10


def test_clear_forgets_this_function_only(memory):
    @cache_ml_result(backend=memory)
    def f(x):
        return x

    @cache_ml_result(backend=memory)
    def g(x):
        return x

    f(1), g(1)
    f.cache_clear()
    assert (f.cache_info().entries, g.cache_info().entries) == (0, 1)


def test_two_closures_of_one_name_are_two_functions(memory):
    def make(n):
        @cache_ml_result(backend=memory)
        def f(x):
            return x + n

        return f

    assert (make(1)(10), make(2)(10)) == (11, 12)


@dataclass(frozen=True)
class Model:
    factor: int

    @cache_ml_result
    def scale(self, x):
        CALLS.append((self.factor, x))
        return x * self.factor

    @classmethod
    @cache_ml_result
    def name(cls):
        CALLS.append(cls)
        return cls.__name__

    @staticmethod
    @cache_ml_result
    def twice(x):
        CALLS.append(x)
        return 2 * x

    @cache_ml_result
    async def later(self, x):
        CALLS.append((self.factor, x))
        return x * self.factor


CALLS = []


def test_methods_are_remembered_by_the_key_of_self(caching):
    CALLS.clear()
    assert [Model(2).scale(3), Model(2).scale(x=3), Model(5).scale(3)] == [6, 6, 15]
    assert [Model.name(), Model(1).name()] == ["Model", "Model"]
    assert [Model.twice(4), Model(1).twice(4)] == [8, 8]
    assert [asyncio.run(Model(2).later(3)), asyncio.run(Model(2).later(3))] == [6, 6]
    assert [(2, 3), (5, 3), Model, 4, (2, 3)] == CALLS


def test_what_has_no_key_is_computed_and_said_once(memory, caplog):
    calls = []

    @cache_ml_result(backend=memory)
    def f(x):
        calls.append(x)
        return 1

    assert [f(object()), f(object())] == [1, 1]
    assert len(calls) == 2
    assert f.cache_info().uncached == 2
    assert len(warnings(caplog)) == 1
    assert "__cache_key__" in warnings(caplog)[0]


def test_what_cannot_be_copied_is_computed_and_said_once(memory, caplog):
    @cache_ml_result(backend=memory)
    def f():
        return threading.Lock()

    assert f() is not f()
    assert len(warnings(caplog)) == 1


def test_a_wrong_call_gets_the_error_of_the_function_itself(memory, caplog):
    @cache_ml_result(backend=memory)
    def f(x):
        return x

    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        f()
    assert warnings(caplog) == []


def test_an_exception_is_not_kept(memory):
    answers = iter([ValueError("no"), 7])

    @cache_ml_result(backend=memory)
    def f():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(ValueError, match="no"):
        f()
    assert f() == f() == 7


def test_threads_that_ask_at_once_compute_once(memory):
    calls = []

    @cache_ml_result(backend=memory)
    def slow(x):
        calls.append(x)
        time.sleep(0.05)
        return [x]

    results = in_threads(8, lambda: slow(1))
    assert results == [[1]] * 8
    assert calls == [1]
    assert len({id(result) for result in results}) == 8
    assert slow.cache_info().hits == 7


def test_different_keys_do_not_wait_for_each_other(memory):
    meet = threading.Barrier(2)

    @cache_ml_result(backend=memory)
    def f(x):
        meet.wait(10)
        return x

    keys = iter([1, 2])
    assert sorted(in_threads(2, lambda: f(next(keys)))) == [1, 2]


def test_an_exception_reaches_all_who_wait(memory):
    calls = []

    @cache_ml_result(backend=memory)
    def f():
        calls.append(1)
        time.sleep(0.05)
        raise ValueError("no")

    results = in_threads(4, f)
    assert [type(result) for result in results] == [ValueError] * 4
    assert len(calls) == 1


def test_waiters_of_a_result_that_cannot_be_kept_compute_their_own(memory):
    @cache_ml_result(backend=memory)
    def f():
        time.sleep(0.05)
        return threading.Lock()

    results = in_threads(3, f)
    assert len({id(result) for result in results}) == 3


def test_an_interrupted_leader_does_not_poison_the_others(memory):
    calls, entered = [], threading.Event()

    @cache_ml_result(backend=memory)
    def f():
        calls.append(1)
        if len(calls) == 1:
            entered.set()
            time.sleep(0.05)
            raise KeyboardInterrupt
        return 7

    def leader():
        with pytest.raises(KeyboardInterrupt):
            f()

    thread = threading.Thread(target=leader)
    thread.start()
    entered.wait(5)
    assert in_threads(3, f) == [7, 7, 7]
    thread.join()
    assert len(calls) == 2


def test_recursion_with_the_same_key_does_not_wait_for_itself(memory):
    depth = []

    @cache_ml_result(backend=memory)
    def f(x):
        depth.append(x)
        return f(x) + 1 if len(depth) < 3 else 0

    assert in_threads(1, lambda: f(1)) == [2]
    assert f(1) == 2


def test_recursion_with_other_keys_is_remembered(memory):
    @cache_ml_result(backend=memory)
    def fibonacci(n):
        return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

    assert fibonacci(60) == 1548008755920
    assert fibonacci.cache_info().misses == 61


async def test_tasks_that_ask_at_once_compute_once(memory):
    calls = []

    @cache_ml_result(backend=memory)
    async def slow(x):
        calls.append(x)
        await asyncio.sleep(0.02)
        return [x]

    assert asyncio.iscoroutinefunction(slow)
    results = await asyncio.gather(*(slow(1) for _ in range(8)))
    assert results == [[1]] * 8
    assert calls == [1]
    assert len({id(result) for result in results}) == 8


def test_several_loops_compute_once(memory):
    calls = []

    @cache_ml_result(backend=memory)
    async def slow():
        calls.append(1)
        await asyncio.sleep(0.1)
        return 7

    assert in_threads(4, lambda: asyncio.run(slow())) == [7] * 4
    assert len(calls) == 1


async def test_an_exception_reaches_all_tasks(memory):
    calls = []

    @cache_ml_result(backend=memory)
    async def f():
        calls.append(1)
        await asyncio.sleep(0.01)
        raise ValueError("no")

    results = await asyncio.gather(*(f() for _ in range(4)), return_exceptions=True)
    assert [str(result) for result in results] == ["no"] * 4
    assert len(calls) == 1


async def test_a_cancelled_leader_does_not_poison_the_others(memory):
    calls = []

    @cache_ml_result(backend=memory)
    async def f():
        calls.append(1)
        await asyncio.sleep(0.05)
        return 7

    leader = asyncio.create_task(f())
    await asyncio.sleep(0)
    others = [asyncio.create_task(f()) for _ in range(3)]
    await asyncio.sleep(0.01)
    leader.cancel()
    assert await asyncio.wait_for(asyncio.gather(*others), 5) == [7, 7, 7]
    assert leader.cancelled()
    assert len(calls) == 2


async def test_a_cancelled_waiter_does_not_stop_the_leader(memory):
    calls = []

    @cache_ml_result(backend=memory)
    async def f():
        calls.append(1)
        await asyncio.sleep(0.05)
        return 7

    leader, waiter, other = (asyncio.create_task(f()) for _ in range(3))
    await asyncio.sleep(0.01)
    waiter.cancel()
    assert await asyncio.gather(leader, other) == [7, 7]
    assert waiter.cancelled()
    assert len(calls) == 1


def test_a_loop_that_dies_with_its_leader_leaves_no_one_waiting(memory):
    calls = []

    @cache_ml_result(backend=memory)
    async def f():
        calls.append(1)
        await asyncio.sleep(60 if len(calls) == 1 else 0)
        return 7

    abandoned = f()
    task_loop = asyncio.new_event_loop()
    task = task_loop.create_task(abandoned)
    task_loop.run_until_complete(asyncio.sleep(0.01))
    task.cancel()
    task_loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
    task_loop.close()
    assert asyncio.run(asyncio.wait_for(f(), 5)) == 7


def test_a_coroutine_thrown_away_leaves_no_one_waiting(memory):
    class Pause:
        def __await__(self):
            yield

    calls = []

    @cache_ml_result(backend=memory)
    async def f():
        calls.append(1)
        if len(calls) == 1:
            await Pause()
        return 7

    abandoned = f()
    abandoned.send(None)
    del abandoned
    gc.collect()
    assert asyncio.run(asyncio.wait_for(f(), 5)) == 7


async def test_awaiting_recursion_with_the_same_key_ends(memory):
    depth = []

    @cache_ml_result(backend=memory)
    async def f():
        depth.append(1)
        return await asyncio.create_task(f()) + 1 if len(depth) < 3 else 0

    assert await asyncio.wait_for(f(), 5) == 2


async def test_recursion_through_a_worker_thread_ends(memory):
    pool, depth = WorkerPool(1), []

    @cache_ml_result(backend=memory)
    async def f():
        depth.append(1)
        if len(depth) > 1:
            return 0
        return await pool.run(lambda: asyncio.run(f())) + 1

    assert await asyncio.wait_for(f(), 5) == 1
    pool.close()


async def test_a_task_left_over_from_a_computation_waits_like_any_other(memory):
    """It inherited what was being computed then; that is over, so it is no recursion."""
    calls, left = [], []

    @cache_ml_result(ttl=10, backend=memory)
    async def f():
        calls.append(1)
        await asyncio.sleep(0.02)
        return len(calls)

    @cache_ml_result(backend=memory)
    async def starts_a_task():
        left.append(asyncio.create_task(later()))
        return 1

    async def later():
        await asyncio.sleep(0.05)
        return await asyncio.gather(f(), f())

    await starts_a_task()
    assert await left[0] == [1, 1]


def test_a_clear_during_a_computation_keeps_its_result_out(memory):
    entered, go, calls = threading.Event(), threading.Event(), []

    @cache_ml_result(backend=memory)
    def f():
        calls.append(1)
        number = len(calls)
        if number == 1:
            entered.set()
            go.wait(5)
        return number

    results = []
    thread = threading.Thread(target=lambda: results.append(f()))
    thread.start()
    entered.wait(5)
    f.cache_clear()
    assert f() == 2  # neither waits for the old computation nor takes its result
    go.set()
    thread.join()
    assert results == [1]
    assert f() == 2


def test_the_wrapper_looks_like_the_function():
    @cache_ml_result
    def named(x: int) -> int:
        """Say what."""
        return x

    assert (named.__name__, named.__doc__) == ("named", "Say what.")
    assert named.__wrapped__(3) == 3


@pytest.mark.parametrize("ttl", [0, -1, float("nan")])
def test_a_ttl_is_positive(ttl):
    with pytest.raises(ValueError, match="positive"):
        cache_ml_result(ttl=ttl)


def test_what_is_no_function_is_refused():
    with pytest.raises(TypeError, match="one by one"):

        @cache_ml_result
        def numbers():
            yield 1

    with pytest.raises(TypeError, match="one by one"):

        @cache_ml_result
        async def later():
            yield 1

    with pytest.raises(TypeError, match="classmethod"):
        cache_ml_result()(classmethod(lambda cls: 1))


def test_settings_are_asked_at_the_call_and_followed(caching, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(module, "MemoryCache", lambda size: MemoryCache(size, clock=clock))

    @cache_ml_result()
    def f():
        return clock.now

    caching.default_ttl = 5
    assert f() == 0
    clock.now = 5
    caching.default_ttl = 100
    assert f() == 5
    clock.now = 104
    assert f() == 5


def test_the_bound_of_memory_is_followed(caching):
    @cache_ml_result()
    def f(x):
        return np.zeros(1000)

    caching.max_memory = "20kb"
    for x in range(10):
        f(x)
    assert f.cache_info().entries == 2
    caching.max_memory = "1mb"
    for x in range(10):
        f(x)
    assert f.cache_info().entries == 10
    caching.max_memory = "10kb"
    f(0)
    assert f.cache_info().entries == 1


def test_the_backend_is_followed(caching, redis_url):
    pytest.importorskip("redis")

    @cache_ml_result()
    def f(x):
        return x

    f(1)
    assert f.cache_info().backend == "memory"
    caching.redis_url, caching.backend = redis_url, "redis"
    f(1)
    f(1)
    info = f.cache_info()
    assert (info.backend, info.hits, info.misses) == ("redis", 1, 2)
    module._stores._redis[1]._client.close()


def test_an_unknown_backend_is_named(caching):
    @cache_ml_result(backend="rediss")
    def f():
        return 1

    with pytest.raises(SettingsError, match="did you mean 'redis'"):
        f()


def test_decorating_reads_no_settings_and_loads_nothing_heavy():
    code = (
        "import sys\nfrom ml.foundation.cache import bind, cache_ml_result\n"
        "bind(lambda: 1 / 0)\n"
        "@cache_ml_result(ttl=5)\ndef f(): return 1\n"
        "print([name for name in ('numpy', 'pydantic', 'redis', 'polars') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
