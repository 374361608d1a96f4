import asyncio
import contextvars
import os
import subprocess
import sys
import threading
import time

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from ml.foundation.workers import WorkerPool, quiet_blas

who = contextvars.ContextVar("who", default="nobody")


@pytest.fixture
def pool():
    pool = WorkerPool(2)
    yield pool
    pool.close()


@pytest.fixture
def blas_of_two():
    """BLAS with threads that can be held: beside other workers of the suite it has one."""
    np = pytest.importorskip("numpy")
    _ = np.eye(2) @ np.eye(2)
    with threadpool_limits(2, user_api="blas"):
        yield


def blas_threads():
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


async def test_a_function_runs_in_a_worker_with_its_arguments(pool):
    def where(a, *, b):
        return a + b, threading.current_thread().name

    total, thread = await pool.run(where, 1, b=2)
    assert total == 3
    assert thread.startswith("ml-worker")


async def test_an_exception_arrives(pool):
    with pytest.raises(KeyError, match="x"):
        await pool.run(dict[str, int]().__getitem__, "x")


async def test_stop_iteration_does_not_hang(pool):
    with pytest.raises(RuntimeError, match="StopIteration"):
        await asyncio.wait_for(pool.run(next, iter([])), 5)


async def test_context_variables_are_carried(pool):
    who.set("me")
    assert await pool.run(who.get) == "me"
    await pool.run(who.set, "worker")
    assert who.get() == "me"


async def test_no_more_run_at_once_than_there_are_workers(pool):
    lock, now, most = threading.Lock(), [0], [0]

    def work():
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.02)
        with lock:
            now[0] -= 1

    await asyncio.gather(*(pool.run(work) for _ in range(8)))
    assert most == [2]


async def test_the_loop_goes_on_while_a_worker_works(pool):
    ticks = 0
    work = asyncio.create_task(pool.run(time.sleep, 0.2))
    while not work.done():
        ticks += 1
        await asyncio.sleep(0.005)
    assert ticks > 5


def test_several_loops_share_one_pool(pool):
    results = []

    def loop(number):
        results.append(asyncio.run(pool.run(abs, -number)))

    threads = [threading.Thread(target=loop, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [0, 1, 2, 3, 4]


@pytest.mark.usefixtures("blas_of_two")
def test_blas_is_held_while_calls_run_and_released_after_the_last():
    before = blas_threads()
    pool = WorkerPool(max(2, os.cpu_count()))  # each gets one thread

    async def overlapping():
        gate = threading.Event()
        held = pool.run(gate.wait)
        first = asyncio.create_task(held)
        inside = await pool.run(blas_threads)
        after_inner = await pool.run(blas_threads)
        gate.set()
        await first
        return inside, after_inner

    try:
        inside, still = asyncio.run(overlapping())
    finally:
        pool.close()
    assert inside == still == {1}
    # Work of an earlier test that nobody waits for any more may hold BLAS a moment longer.
    deadline = time.monotonic() + 10
    while blas_threads() != before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert blas_threads() == before


@pytest.mark.usefixtures("blas_of_two")
def test_blas_is_released_by_the_last_call_whichever_thread_set_the_limit():
    before = blas_threads()
    first_is_in, second_is_in, first_is_out = threading.Event(), threading.Event(), threading.Event()
    stay = threading.Event()

    def first():
        with quiet_blas(os.cpu_count()):
            first_is_in.set()
            second_is_in.wait(10)
        first_is_out.set()
        stay.wait(10)  # a pool's thread lives on

    def second():
        first_is_in.wait(10)
        with quiet_blas(os.cpu_count()):
            second_is_in.set()
            first_is_out.wait(10)

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    for thread in threads:
        thread.start()
    threads[1].join()
    try:
        assert blas_threads() == before
    finally:
        stay.set()
        threads[0].join()


def test_a_closed_pool_starts_anew(pool):
    assert asyncio.run(pool.run(abs, -1)) == 1
    pool.close()
    assert asyncio.run(pool.run(abs, -2)) == 2


def test_a_pool_needs_a_worker():
    with pytest.raises(ValueError, match="at least one"):
        WorkerPool(0)


def test_no_thread_is_started_before_the_first_call():
    before = threading.active_count()
    WorkerPool(8)
    assert threading.active_count() == before


def test_the_interpreter_ends_without_hanging():
    code = (
        "import asyncio; from ml.foundation.workers import WorkerPool; print(asyncio.run(WorkerPool(2).run(abs, -3)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "3\n"
    assert done.stderr == ""


@pytest.mark.filterwarnings("ignore:This process")  # Python warns of forks beside threads
def test_a_forked_child_starts_its_own_threads(pool):
    asyncio.run(pool.run(abs, -1))
    child = os.fork()
    if child == 0:
        os._exit(asyncio.run(asyncio.wait_for(pool.run(abs, -7), 10)))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
