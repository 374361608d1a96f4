"""Every setting that exists does something: each is changed, and something else is seen.

A key without its change here fails :func:`test_every_key_that_is_built_has_its_change`.
"""

import asyncio
import inspect
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import numpy as np
import pytest
import uvicorn
from fastapi.testclient import TestClient
from sqlalchemy import select
from uvicorn.supervisors import Multiprocess

import ml
from ml.app import App
from ml.audio_analysis import AudioLibrary
from ml.data.access import Access
from ml.data.access.clock import now_ms
from ml.data.audit import AuditLog
from ml.data.schema import accounts
from ml.foundation import configuration, resolver
from ml.foundation.errors import BadInput, NotAuthenticated
from ml.foundation.settings import Settings, built, variable_name
from ml.intelligent_search import SearchEngine
from ml.models import files, pointer
from ml.recommendation_engine import RecommendationEngine
from ml.service.application import create
from ml.service.cookies import PLAIN as COOKIE
from ml.service.server import Listening
from ml.service.shares import TooMany
from ml.service.state import ServiceState

pytestmark = pytest.mark.slow

CHANGES = {}


def changes(key):
    """Register what a key of the settings changes."""

    def register(function):
        CHANGES[key] = function
        return function

    return register


class Workbench:
    """A trained workspace, and a way to see it with one setting changed."""

    def __init__(self, home, monkeypatch, request):
        self.home, self._monkeypatch, self._request = home, monkeypatch, request

    def put(self, **variables):
        """Change settings as a user does, by the environment, and read them anew."""
        for name, text in {"ML_HOME": str(self.home), **variables}.items():
            self._monkeypatch.setenv(name, text)
        configuration.forget()
        resolver.reset()

    def set(self, key, value):
        self.put(**{variable_name(*key.split(".")): str(value)})

    def recommend(self, **options):
        return RecommendationEngine().recommend("calm-1", **options)

    def train(self, *, judge=False):
        app = App(configuration.current())
        app.train(judge=judge)
        folder = app.workspace.models / pointer.current(app.workspace.models)
        app.close()
        return folder

    def fixture(self, name):
        return self._request.getfixturevalue(name)


@pytest.fixture
def bench(trained, monkeypatch, request):
    found = Workbench(trained.home, monkeypatch, request)
    found.put()
    return found


def keys():
    return {f"{name}.{key}" for name, section in Settings().items() for key in section if built(name, key)}


def test_every_key_that_is_built_has_its_change():
    assert set(CHANGES) == keys()
    assert len(CHANGES) >= 15


@changes("audio_analysis.embedder")
def embedder(bench, key):
    assert not AudioLibrary().embedder
    bench.set(key, "/nowhere/model.onnx")
    with pytest.raises(BadInput, match="nowhere/model"):
        AudioLibrary().similar(__file__)


@changes("intelligent_search.text_encoder")
def text_encoder(bench, key):
    bench.set(key, "/nowhere/model.onnx")
    with pytest.raises(BadInput, match="nowhere/model"):
        App(configuration.current()).semantic_index  # noqa: B018


@changes("intelligent_search.image_encoder")
def image_encoder(bench, key):
    assert App(configuration.current()).cover_search.encoder is None
    bench.set(key, "/nowhere/clip.onnx")
    with pytest.raises(BadInput, match="nowhere/clip"):
        App(configuration.current()).cover_search.alike(__file__)


@changes("intelligent_search.speech_model")
def speech_model(bench, key):
    assert SearchEngine()._parts.speech_model == ""
    bench.set(key, "/nowhere/whisper")
    tone = np.sin(np.arange(16_000) / 20) * np.repeat([0, 0.5], 8_000)
    with pytest.raises(BadInput, match="nowhere/whisper"):
        SearchEngine().search_voice((tone.astype(np.float32), 16_000))


@changes("intelligent_search.spoken_names")
def spoken_names(bench, key):
    tone = (np.sin(np.arange(16_000) / 20) * np.repeat([0, 0.5], 8_000)).astype(np.float32)
    bench.set(key, 1)
    engine = SearchEngine()
    engine.search_voice((tone, 16_000))
    assert len(engine._voices.recogniser.names) == 1


@changes("intelligent_search.log")
def search_log(bench, key):
    assert SearchEngine().search("a").search_id is not None
    bench.set(key, False)
    assert SearchEngine().search("a").search_id is None


@changes("intelligent_search.personal")
def search_personal(bench, key):
    asked = {"kinds": ["track", "artist"], "count": 50, "user_id": "calm-1"}
    assert any("personal" in hit.parts for hit in SearchEngine().search("", **asked).hits)
    bench.set(key, False)
    assert not any("personal" in hit.parts for hit in SearchEngine().search("", **asked).hits)


@changes("intelligent_search.retention_days")
def search_retention(bench, key):
    bench.set(key, 3)
    log = App(configuration.current()).search_parts().log
    day = 86_400_000
    for at in [day] + [6 * day] * 99:
        log.write("x", total=1, at_ms=at)
    assert log.trending(since_ms=0)[0].times == 99


@changes("audit.on")
def audit_on(bench, key):
    assert App(configuration.current()).audit is not None
    bench.set(key, False)
    assert App(configuration.current()).audit is None


@changes("audit.key_file")
def audit_key_file(bench, key):
    elsewhere = bench.home.parent / "kept elsewhere.key"
    before = App(configuration.current()).audit.pseudonym(7)
    bench.set(key, elsewhere)
    assert App(configuration.current()).audit.pseudonym(7) != before
    assert elsewhere.stat().st_size == 32


@changes("audit.retention_days")
def audit_retention(bench, key):
    def days_left():
        log = App(configuration.current()).audit
        log.open()
        log.close()
        return {path.name[:10] for path in bench.home.glob("audit/*.jsonl")}

    shutil.rmtree(bench.home / "audit")
    days_ago = AuditLog(
        bench.home / "audit", bench.home / "audit.key", clock=lambda: time.time_ns() - 10 * 86_400 * 10**9
    )
    days_ago.open()
    days_ago.close()
    assert len(days_left()) == 2
    bench.set(key, 5)
    assert days_left() == {datetime.now(UTC).date().isoformat()}


@changes("recommendation_engine.algorithm")
def algorithm(bench, key):
    assert bench.recommend().algorithm == "hybrid"
    bench.set(key, "item_knn")
    assert bench.recommend().algorithm == "item_knn"


@changes("recommendation_engine.num_factors")
def num_factors(bench, key):
    bench.set(key, 5)
    folder = bench.train()
    card = json.loads((folder / "ials" / "card.json").read_text())
    assert card["config"]["factors"] == 5
    assert card["arrays"]["item_factors"]["shape"] == [60, 5]


@changes("recommendation_engine.familiar_ratio")
def familiar_ratio(bench, key):
    for ratio, familiar in ((0.2, 2), (0.7, 7)):
        bench.set(key, ratio)
        assert sum(track.familiar for track in bench.recommend().tracks) == familiar


@changes("recommendation_engine.max_per_artist")
def max_per_artist(bench, key):
    def most():
        artists = [track.artist for track in bench.recommend(count=12, familiar_ratio=0.5).tracks]
        return max(map(artists.count, artists))

    assert most() == 2
    bench.set(key, 1)
    assert most() == 1


@changes("recommendation_engine.min_tail_share")
def min_tail_share(bench, key):
    assert not [notice for notice in bench.recommend().notices if notice.startswith("exposure")]
    bench.set(key, 0.3)
    (said,) = [notice for notice in bench.recommend().notices if notice.startswith("exposure")]
    assert "0.3 of the new items asked for from tail" in said


@changes("recommendation_engine.half_life_days")
def half_life_days(bench, key):
    before = files.load_set(bench.train()).models["popularity_recent"].arrays()["scores"]
    bench.set(key, 2)
    folder = bench.train()
    assert json.loads((folder / "popularity_recent" / "card.json").read_text())["config"] == {"half_life_days": 2.0}
    after = files.load_set(folder).models["popularity_recent"].arrays()["scores"]
    assert (before != after).any()


@changes("recommendation_engine.portfolio")
def portfolio(bench, key):
    assert not (bench.train() / "portfolio").exists()
    bench.set(key, "true")
    assert (bench.train() / "portfolio" / "card.json").exists()
    assert bench.recommend(algorithm="portfolio").algorithm == "portfolio"


def transformer(bench, **settings):
    """Train the transformer with some settings; give the card and the arrays."""
    bench.set("recommendation_engine.sequential", "true")
    for key, value in settings.items():
        bench.set(f"recommendation_engine.{key}", value)
    folder = bench.train()
    card = json.loads((folder / "sequential" / "card.json").read_text())
    return card["config"], files.load_set(folder).models["sequential"].arrays()


@changes("recommendation_engine.sequential")
def sequential(bench, key):
    assert not (bench.train() / "sequential").exists()
    bench.set(key, "true")
    assert (bench.train() / "sequential" / "card.json").exists()
    assert bench.recommend(algorithm="sequential").algorithm == "sequential"


@changes("recommendation_engine.embedding_dim")
def embedding_dim(bench, key):
    config, arrays = transformer(bench, embedding_dim=12)
    assert config["embedding_dim"] == 12
    assert arrays["item_vectors"].shape == (60, 12)


@changes("recommendation_engine.learning_rate")
def learning_rate(bench, key):
    _moves_the_weights(bench, learning_rate=0.005)


@changes("recommendation_engine.epochs")
def epochs(bench, key):
    _moves_the_weights(bench, epochs=1)


@changes("recommendation_engine.batch_size")
def batch_size(bench, key):
    _moves_the_weights(bench, batch_size=1)


@changes("recommendation_engine.gradient_accumulation_steps")
def gradient_accumulation_steps(bench, key):
    _moves_the_weights(bench, gradient_accumulation_steps=3)


def _moves_the_weights(bench, **changed):
    bench.put(**{variable_name("recommendation_engine", "embedding_dim"): "8"})
    _, before = transformer(bench)
    config, after = transformer(bench, **changed)
    assert config.items() >= changed.items()
    assert (before["item_vectors"] != after["item_vectors"]).any()


@changes("recommendation_engine.device")
def device(bench, key):
    with pytest.raises(BadInput, match="cannot train on the device 'tpu9'"):
        transformer(bench, device="tpu9")


@changes("recommendation_engine.deep")
def deep(bench, key):
    assert (bench.train(judge=True) / "hybrid_deep").exists()
    assert bench.recommend().algorithm == "hybrid_deep"
    bench.set(key, "false")
    assert not (bench.train(judge=True) / "hybrid_deep").exists()
    assert bench.recommend().algorithm == "hybrid"


@changes("recommendation_engine.seed")
def seed(bench, key):
    first, again = bench.train(), bench.train()
    bench.set(key, 7)
    other = bench.train()
    assert [files.read_card(folder)["about"]["seed"] for folder in (first, other)] == [0, 7]
    factors = [files.load_set(folder).models["ials"].arrays()["item_factors"] for folder in (first, again, other)]
    assert (factors[0] == factors[1]).all()
    assert (factors[0] != factors[2]).any()


@changes("recommendation_engine.reasons")
def reasons(bench, key):
    for most in (2, 1, 0):
        bench.set(key, most)
        found = [len(track.because) for track in bench.recommend(familiar_ratio=0).tracks]
        assert max(found) == most


@changes("recommendation_engine.language")
def language(bench, key):
    assert bench.recommend(familiar_ratio=1).tracks[0].why.startswith("you played it")
    bench.set(key, "de")
    assert bench.recommend(familiar_ratio=1).tracks[0].why.startswith("du hast es")


@changes("recommendation_engine.profiling")
def profiling(bench, key):
    assert bench.recommend().algorithm == "hybrid"
    bench.set(key, "false")
    assert bench.recommend().algorithm == "popularity"


def play_loud(bench, hours_ago):
    """Let a calm listener hear something loud."""
    at = datetime.now(UTC) - timedelta(hours=hours_ago)
    RecommendationEngine().record("calm-1", "loud song 1", at=at)


def score_of_loud(bench, key, value):
    bench.set(key, value)
    return RecommendationEngine().score("calm-1", "loud song 2")


@changes("recommendation_engine.session_strength")
def session_strength(bench, key):
    play_loud(bench, hours_ago=0)
    off, on, loud = (score_of_loud(bench, key, strength) for strength in (0, 1, 9))
    assert off < on < loud


@changes("recommendation_engine.session_half_life_minutes")
def session_half_life_minutes(bench, key):
    play_loud(bench, hours_ago=5)
    gone, fading, fresh = (score_of_loud(bench, key, minutes) for minutes in (10, 100, 1_000))
    assert gone < fading < fresh


def cached():
    """Give a fresh cached function and the list of what it computed."""
    computed = []

    @ml.cache_ml_result()
    def double(number):
        computed.append(number)
        return [number] * 200

    return double, computed


@changes("caching.backend")
def caching_backend(bench, key):
    double, _ = cached()
    double(1)
    assert double.cache_info().backend == "memory"
    bench.put(ML_CACHING__REDIS_URL=bench.fixture("redis_url"))
    bench.set(key, "redis")
    double(1)
    assert double.cache_info().backend == "redis"


@changes("caching.redis_url")
def caching_redis_url(bench, key):
    import redis

    url = bench.fixture("redis_url")
    bench.put(ML_CACHING__BACKEND="redis")
    for number in (3, 5):
        other = f"{url.rpartition('/')[0]}/{number}"
        bench.set(key, other)
        double, computed = cached()
        assert double(1) == double(1)
        assert computed == [1]
        with redis.Redis.from_url(other) as client:
            assert client.dbsize() == 1


@changes("caching.default_ttl")
def caching_default_ttl(bench, key):
    double, computed = cached()
    bench.set(key, 1)
    double(1)
    double(1)
    time.sleep(1.05)
    double(1)
    assert computed == [1, 1]


@changes("caching.max_memory")
def caching_max_memory(bench, key):
    double, computed = cached()
    bench.set(key, "1kb")
    double(1)
    double(1)
    assert computed == [1, 1], "a result larger than the bound is not kept"
    bench.set(key, "1mb")
    double(1)
    double(1)
    assert computed == [1, 1, 1]


@changes("storage.home")
def storage_home(bench, key):
    elsewhere = bench.home.parent / "elsewhere"
    bench.set(key, elsewhere)
    app = App(configuration.current())
    assert app.workspace.is_empty()
    assert not elsewhere.exists()  # asking makes no workspace
    app.workspace.mark("real")
    app.close()
    assert (elsewhere / "ml.db").exists()


@changes("storage.database_url")
def storage_database_url(bench, key):
    database = bench.home.parent / "another.db"
    bench.set(key, f"sqlite:///{database}")
    app = App(configuration.current())
    assert app.workspace.is_empty()
    app.close()
    assert database.exists()


def log_in():
    """Make an account in the workspace of the settings; give who lets in, and the cookie of a session."""
    access = App(configuration.current()).access
    name = f"anna {len(access.accounts.list())}"
    account = access.accounts.create(name, role="admin", password="seven quiet herons")
    return access, access.sessions.open(account)


def gets_in_after(bench, key, value, milliseconds):
    """Tell whether a session still lets in, so long after it was seen last."""
    _, (_, cookie, _) = log_in()
    bench.set(key, value)
    app = App(configuration.current())
    later = Access.to(app.workspace.store, app.settings.access, clock=lambda: now_ms() + milliseconds)
    try:
        return later.sessions.authenticate(cookie).kind == "session"
    except NotAuthenticated:
        return False


@changes("access.session_idle_minutes")
def session_idle_minutes(bench, key):
    assert [gets_in_after(bench, key, minutes, 20 * 60_000) for minutes in (30, 10)] == [True, False]


@changes("access.session_hours")
def session_hours(bench, key):
    bench.put(ML_ACCESS__SESSION_IDLE_MINUTES="1440")
    assert [gets_in_after(bench, key, hours, 5 * 3_600_000) for hours in (12, 4)] == [True, False]


@changes("access.invitation_hours")
def invitation_hours(bench, key):
    bench.set(key, 5)
    link, _ = App(configuration.current()).access.invitations.invite(role="admin")
    assert timedelta(hours=4.9) < link.expires_at - datetime.now(UTC) <= timedelta(hours=5)


@changes("access.password_memory_mib")
def password_memory_mib(bench, key):
    bench.set(key, 19)
    log_in()
    with App(configuration.current()).workspace.store.read() as connection:
        *_, kept = connection.execute(select(accounts.c.password).order_by(accounts.c.id)).scalars()
    assert kept.startswith("$argon2id$v=19$m=19456,")


@changes("compute.workers")
async def compute_workers(bench, key):
    for workers in (1, 3):
        bench.set(key, workers)
        pool, running, most = resolver.current().pool, [], []
        everybody = threading.Barrier(workers)

        def work(number, running=running, most=most, everybody=everybody):
            running.append(number)
            everybody.wait(timeout=10)  # broken if fewer work at once
            most.append(len(running))
            running.remove(number)

        await asyncio.gather(*(pool.run(work, number) for number in range(6)))
        assert len(most) == 6
        assert max(most) <= workers
        assert pool.workers == workers


@changes("compute.log_level")
def compute_log_level(bench, key):
    home = str(bench.home)
    for level, said in (("INFO", True), ("WARNING", False)):
        done = subprocess.run(
            [sys.executable, "-c", CAREFUL, "--home", home, "settings"],
            env={**os.environ, variable_name(*key.split(".")): level},
            capture_output=True,
            text=True,
            check=True,
        )
        assert ("INFO ml: block" in done.stderr) == said


# The command, with a program of ours in it that logs.
CAREFUL = """
import atexit
from ml.cli.main import run
from ml.utils import profile_performance
def measure():
    with profile_performance("block"):
        pass
atexit.register(measure)
run()
"""


#: What tests call the service that they ask.
HERE = "http://localhost"


def asked(method, path, **sent):
    """Ask a service of the settings as they are."""
    with TestClient(create(App(configuration.current())), HERE, raise_server_exceptions=False) as client:
        return client.request(method, f"/api/v1{path}", **sent)


def listening():
    return Listening(configuration.current().service)


@changes("access.second_factor")
def second_factor(bench, key):
    def asked_as_admin():
        app = App(configuration.current())
        if not app.access.accounts.list():
            app.access.accounts.create("ada", role="admin", password="a long enough phrase 7")
        _, cookie, csrf = app.access.sessions.open(app.access.accounts.find("ada"))
        with TestClient(create(app), HERE, cookies={COOKIE: cookie}) as client:
            sent = {"headers": {"X-CSRF-Token": csrf}, "json": {"password": "a long enough phrase 7"}}
            begun = client.post("/api/v1/session/second-factor", **sent)
            return client.get("/api/v1/keys").status_code, begun.status_code

    assert asked_as_admin() == (200, 201)
    bench.set(key, "admins")
    assert asked_as_admin() == (403, 201)
    bench.set(key, "off")
    assert asked_as_admin() == (200, 403)


@changes("service.waiting_per_caller")
def waiting_per_caller(bench, key):
    async def refused():
        service = ServiceState(App(configuration.current()))
        going_on = threading.Event()
        count = service.app.settings.compute.workers + 3
        many = [asyncio.ensure_future(service.run(going_on.wait, 30)) for _ in range(count)]
        await asyncio.sleep(0.05)
        going_on.set()
        found = await asyncio.gather(*many, return_exceptions=True)
        await service.close()
        return sum(isinstance(each, TooMany) for each in found)

    def counted():
        with ThreadPoolExecutor(1) as beside:  # this thread has a loop already
            return beside.submit(lambda: asyncio.run(refused())).result()

    assert counted() == 0
    bench.set(key, 1)
    assert counted() == 2


@changes("service.max_body")
def max_body(bench, key):
    long = {"json": {"name": "a" * 2000, "password": "b"}}
    assert asked("POST", "/session", **long).status_code == 422
    bench.set(key, "1kb")
    assert asked("POST", "/session", **long).status_code == 413


@changes("service.max_upload")
def max_upload(bench, key):
    file = {"files": {"file": ("a.csv", b"a" * 2000)}}
    assert asked("POST", "/imports", **file).status_code == 401
    bench.set(key, "1kb")
    assert asked("POST", "/imports", **file).status_code == 413


@changes("service.max_kept")
async def max_kept(bench, key):
    class Opener:
        def submit(self, job):
            from concurrent.futures import Future

            Path(job["out"]).write_bytes(b"a" * 2000)
            done = Future()
            done.set_result({"out": job["out"]})
            return done

    async def kept_of_two():
        state = create(App(configuration.current())).state.service
        state.opener = Opener()
        for name in ("one", "two"):
            last = await state.kept_sounds.get("playable", ".flac", Path("any.aiff"), name)
        return sorted(each.name for each in last.parent.iterdir())

    assert await kept_of_two() == ["one.flac", "two.flac"]
    bench.set(key, "3kb")
    (configuration.current().storage.home / "indexes" / "sounds" / "two.flac").unlink()
    assert await kept_of_two() == ["two.flac"]


@changes("service.timeout_s")
def timeout_s(bench, key):
    assert asked("GET", "/ready").status_code == 200
    bench.set(key, 1e-6)
    assert "too long" in asked("GET", "/ready").json()["title"]


@changes("service.long_timeout_s")
def long_timeout_s(bench, key):
    bench.set("service.timeout_s", 1e-6)
    assert "too long" not in asked("GET", "/playlists/servers/subsonic").json()["title"]
    bench.set(key, 1e-6)
    assert "too long" in asked("GET", "/playlists/servers/subsonic").json()["title"]


@changes("service.rate_per_minute")
def rate_per_minute(bench, key):
    def twice():
        app = App(configuration.current())
        headers = {"X-API-Key": app.access.keys.create("fast", role="admin")[1]}
        with TestClient(create(app), HERE) as client:
            return [client.get("/api/v1/session", headers=headers).status_code for _ in range(2)]

    assert twice() == [200, 200]
    bench.set(key, 6)
    assert twice() == [200, 429]


@changes("service.cors_origins")
def cors_origins(bench, key):
    origin = {"headers": {"Origin": "https://player.example"}}
    assert "access-control-allow-origin" not in asked("GET", "/health", **origin).headers
    bench.set(key, '["https://player.example"]')
    assert "access-control-allow-origin" in asked("GET", "/health", **origin).headers


@changes("service.hosts")
def hosts(bench, key):
    other = {"headers": {"Host": "music.example"}}
    assert asked("GET", "/health", **other).status_code == 421
    bench.set(key, '["music.example"]')
    assert asked("GET", "/health", **other).status_code == 200


@changes("service.trusted_proxies")
@changes("service.hsts_days")
def behind_a_proxy(bench, key):
    bench.set("service.hosts", '["music.example"]')
    told = {"headers": {"Host": "music.example", "X-Forwarded-Proto": "https"}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ml.service.arrival._peer", lambda _scope: ip_address("192.0.2.7"))
        if key == "service.hsts_days":
            bench.set("service.trusted_proxies", '["192.0.2.0/24"]')
        before = asked("GET", "/health", **told).headers.get("strict-transport-security")
        bench.set(key, 0 if key == "service.hsts_days" else '["192.0.2.7"]')
        after = asked("GET", "/health", **told).headers.get("strict-transport-security")
    assert {before, after} == {None, "max-age=31536000; includeSubDomains"}


@changes("service.host")
def host(bench, key):
    bench.set(key, "192.0.2.7")  # for documentation: no machine has it
    with pytest.raises(BadInput, match=r"192\.0\.2\.7"):
        listening()


@changes("service.port")
def port(bench, key):
    bench.set(key, 0)
    with listening() as free:
        bench.set(key, free.address.rpartition(":")[2])
        with pytest.raises(BadInput, match="cannot listen"):
            listening()


@changes("service.certificate")
@changes("service.private_key")
def tls(bench, key):
    bench.set(key, "/nowhere/file.pem")
    with pytest.raises(BadInput, match="PEM"):
        listening()


@changes("vault.key_file")
@changes("vault.keyring")
def vault(bench, key):
    assert App(configuration.current()).workspace.keys is None
    bench.set(key, "true" if key == "vault.keyring" else bench.home.parent / "vault.key")
    name = App(configuration.current()).workspace.keys.name
    assert ("keyring" if key == "vault.keyring" else "vault.key") in name


@changes("service.workers")
def workers(bench, key):
    assert begun(bench, uvicorn.Server, "run") == (1, 20)
    bench.set(key, 3)
    assert begun(bench, Multiprocess, "run") == (3, 20)


@changes("service.shutdown_s")
def shutdown_s(bench, key):
    bench.set(key, 7)
    assert begun(bench, uvicorn.Server, "run") == (1, 7)


def begun(bench, kind, method):
    """With how many processes, and how much patience at the end, something would answer."""
    seen = []
    bench.set("service.port", 0)
    with pytest.MonkeyPatch.context() as patch, listening() as taken:
        patch.setattr("ml.service.server.build", lambda: create(App(configuration.current())))
        patch.setattr(kind, method, lambda self, **_: seen.append(self.config))
        taken.answer()
    (config,) = seen
    return config.workers, config.timeout_graceful_shutdown


SERVED = {"caching.backend", "caching.redis_url"}
CASES = [pytest.param(key, marks=[pytest.mark.server] if key in SERVED else []) for key in sorted(CHANGES)]


@pytest.mark.parametrize("key", CASES)
async def test_a_setting_changes_something(key, bench):
    done = CHANGES[key](bench, key)
    if inspect.isawaitable(done):
        await done


def test_a_setting_of_something_unbuilt_changes_no_model(bench):
    first = files.read_card(bench.train())
    bench.put(ML_CONTENT_OPTIMIZATION__MAX_CONTENT_LENGTH="16", ML_CONTENT_OPTIMIZATION__SEO_KEYWORDS_MAX="8")
    second = files.read_card(bench.train())
    assert second["about"] | {"read_at": 0} == first["about"] | {"read_at": 0}
    assert not built("content_optimization", "max_content_length")
