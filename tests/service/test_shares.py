"""One caller among others: nobody takes all threads, lets too many wait, or is counted anew by each process."""

import asyncio
import shutil
import socket
import subprocess
import threading
import time

import pytest
from starlette.websockets import WebSocketDisconnect
from tests.service.conftest import Asker, key_of

from ml.foundation.cache.redis import RedisCache
from ml.foundation.workers import WorkerPool
from ml.service.limits import RateLimit, SharedLimit
from ml.service.shares import Shares, TooMany


@pytest.fixture
def pool():
    made = WorkerPool(2)
    yield made
    made.close()


def test_who_asks_a_lot_leaves_a_thread_to_others(pool):
    going_on, order = threading.Event(), []

    async def both():
        shares = Shares(pool, 100)
        many = [asyncio.ensure_future(shares.run("busy", going_on.wait)) for _ in range(10)]
        await asyncio.sleep(0)
        order.append(await asyncio.wait_for(shares.run("other", lambda: "answered"), 30))
        going_on.set()
        return await asyncio.gather(*many)

    assert asyncio.run(both()) == [True] * 10
    assert order == ["answered"]


def test_more_than_may_wait_are_sent_away_and_those_that_wait_are_not(pool):
    going_on = threading.Event()

    async def ask():
        shares = Shares(pool, 3)
        waiting = [asyncio.ensure_future(shares.run("busy", going_on.wait)) for _ in range(4)]
        await asyncio.sleep(0.01)
        with pytest.raises(TooMany):
            await shares.run("busy", going_on.wait)
        going_on.set()
        assert await asyncio.gather(*waiting) == [True] * 4
        await asyncio.sleep(0)
        return shares

    assert asyncio.run(ask())._shares == {}  # nobody is remembered


def test_a_thread_that_nobody_waits_for_any_more_is_still_taken(pool):
    going_on, began = threading.Event(), threading.Event()

    async def ask():
        shares = Shares(pool, 10)

        def work():
            began.set()
            return going_on.wait()

        given_up = asyncio.ensure_future(shares.run("busy", work))
        await asyncio.to_thread(began.wait)
        given_up.cancel()
        next_one = asyncio.ensure_future(shares.run("busy", lambda: "next"))
        await asyncio.sleep(0.05)
        assert not next_one.done()
        going_on.set()
        assert await asyncio.wait_for(next_one, 30) == "next"

    asyncio.run(ask())


def test_one_key_does_not_take_all_threads_of_the_service(serve, monkeypatch):
    client = serve(waiting_per_caller=2)
    app = client.app.state.service.app
    going_on = threading.Event()
    status = app.status
    calls = []

    def slowly():
        calls.append(1)
        going_on.wait(60)
        return status()

    monkeypatch.setattr(app, "status", slowly)
    busy, answers = Asker(client, "admin"), []
    most = app.settings.compute.workers + 2
    threads = [threading.Thread(target=lambda: answers.append(busy.get("/status").status_code)) for _ in range(most)]
    for each in threads:
        each.start()
    while len(calls) < app.settings.compute.workers:
        time.sleep(0.01)
    until = time.monotonic() + 30
    while (refused := busy.get("/models")).status_code != 429 and time.monotonic() < until:
        time.sleep(0.01)
    assert int(refused.headers["retry-after"]) >= 1
    assert Asker(client, "service").get("/models").status_code == 200
    going_on.set()
    for each in threads:
        each.join()
    assert answers == [200] * most


def test_one_caller_does_not_take_all_sockets(client, monkeypatch):
    monkeypatch.setattr("ml.service.state.SOUNDS_OF_ONE", 1)
    address = "/api/v1/audio/stream?rate=8000"
    first, second = ({"X-API-Key": key_of(client, role)} for role in ("admin", "service"))
    with client.websocket_connect(address, headers=first):
        with pytest.raises(WebSocketDisconnect), client.websocket_connect(address, headers=first):
            pass
        with client.websocket_connect(address, headers=second):
            pass
    with client.websocket_connect(address, headers=first):
        pass


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory):
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("redis-server is not installed")
    pytest.importorskip("redis")
    path = tmp_path_factory.mktemp("redis") / "s"
    process = subprocess.Popen(
        [server, "--port", "0", "--unixsocket", str(path), "--save", ""], stdout=subprocess.DEVNULL, cwd=path.parent
    )
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(path)) == 0:
                break
        time.sleep(0.02)
    yield f"unix://{path}"
    process.terminate()
    process.wait()


def shared(url, per_minute=6, own=None):
    return SharedLimit("test", per_minute, RedisCache(url), own or RateLimit(per_minute))


def test_processes_count_together_by_redis(redis_url):
    async def ask():
        one, two = shared(redis_url), shared(redis_url)
        assert await one.wait_s("a") == 0.0
        wait_s = await two.wait_s("a")
        assert 0 < wait_s <= 10
        assert await two.wait_s("b") == 0.0

    asyncio.run(ask())


def test_a_process_takes_many_requests_at_a_time_and_no_more_than_there_are(redis_url):
    asked = []

    async def ask():
        limit = shared(redis_url, per_minute=6000)  # a thousand at once, ten for each question
        script = limit._shared.script
        limit._shared.script = lambda *given: asked.append(1) or script(*given)
        return [await limit.wait_s("c") for _ in range(200)]

    assert asyncio.run(ask()) == [0.0] * 200
    assert len(asked) == 20


def test_without_redis_each_process_counts_for_itself(tmp_path):
    limit = shared(f"unix://{tmp_path}/nobody", own=RateLimit(6, clock=lambda: 0.0))

    async def ask():
        return [await limit.wait_s("a") for _ in range(2)]

    assert asyncio.run(ask()) == [0.0, 10.0]


def test_a_dead_redis_is_no_fault_to_who_asks(made_home, serve):
    client = serve(caching={"backend": "redis", "redis_url": "redis://127.0.0.1:9"}, rate_per_minute=6)
    asker = Asker(client, "admin")
    assert [asker.get("/models").status_code for _ in range(2)] == [200, 429]
