"""A small world behind the service, and one who asks in each role."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial

import numpy as np
import polars as pl
import pytest
from fastapi.testclient import TestClient

from ml.app import App
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.foundation.settings import Settings
from ml.service.application import create

DAY = 86_400_000
NOW = int(datetime(2026, 6, 30, tzinfo=UTC).timestamp() * 1000)
TASTES, TRACKS, LISTENERS = ("calm", "loud"), 30, 16


def rows():
    """Each listener of a taste hears two thirds of its tracks; nobody hears the other taste's."""
    rng = np.random.default_rng(1)
    for taste in TASTES:
        for listener in range(LISTENERS):
            for number in rng.permutation(TRACKS)[: 2 * TRACKS // 3]:
                yield {
                    "user_id": f"test:{taste}-{listener}",
                    "item_id": f"test:track/{taste}-{number}",
                    "title": f"{taste} song {number}",
                    "artist": f"{taste} artist {number % 10}",
                    "listened_at": NOW - int(rng.integers(300 * DAY)),
                }


def settings_of(home, caching=None, **service):
    settings = Settings()
    settings.put("caching", caching or {})
    settings.storage.home = home
    settings.recommendation_engine.num_factors = 8
    settings.access.password_memory_mib = 19
    settings.service.hosts = ["testserver"]  # as the client of tests calls what it asks
    for name, value in service.items():
        settings.service.put(name, value)
    return settings


@pytest.fixture(scope="session")
def made_home(tmp_path_factory):
    """A workspace that was trained; to be looked at, not changed."""
    home = tmp_path_factory.mktemp("served")
    app = App(settings_of(home))
    app.workspace.mark("real")
    profiles = [
        {"user_id": f"test:{taste}-{n}", "name": f"Name {taste} {n}"} for taste in TASTES for n in range(LISTENERS)
    ]
    load(
        app.workspace.store,
        [Batch("w", 0, {"profiles": pl.DataFrame(profiles), "listens": pl.DataFrame(list(rows()))})],
    )
    app.train(judge=False, deep=False)
    app.close()
    return home


def key_of(client, role, **more):
    """Make a key of a role; a listener's is calm-1's."""
    if role == "listener":
        more = {"user_id": "test:calm-1"} | more
    return client.app.state.service.app.access.keys.create(role, role=role, **more)[1]


class Asker:
    """Asks the API as somebody; without a role as nobody in particular."""

    def __init__(self, client, role=None):
        self.client = client
        self.headers = {"Authorization": f"Bearer {key_of(client, role)}"} if role else {}

    def __call__(self, method, path, **sent):
        headers = self.headers | sent.pop("headers", {})
        return self.client.request(method, f"/api/v1{path}", headers=headers, **sent)

    def get(self, path, **sent):
        return self("GET", path, **sent)

    def post(self, path, json=None, **sent):
        return self("POST", path, json=json, **sent)

    def delete(self, path, **sent):
        return self("DELETE", path, **sent)


@pytest.fixture
def serve(made_home, tmp_path):
    """Serve a copy of the workspace, with settings of one's own."""
    with ExitStack() as opened:
        yield partial(start, made_home, tmp_path, opened)


@pytest.fixture(scope="module")
def serving(made_home, tmp_path_factory):
    """Serve a copy of the workspace to all tests of a module, which leave it as they find it or do not mind."""
    with ExitStack() as opened:
        yield partial(start, made_home, tmp_path_factory.mktemp("serving"), opened)


def start(made_home, folder, opened, **service):
    """Serve a copy of the workspace until a stack is left."""
    home = shutil.copytree(made_home, folder / f"home{len(list(folder.iterdir()))}")
    client = TestClient(create(App(settings_of(home, **service))), raise_server_exceptions=False)
    return opened.enter_context(client)


@pytest.fixture
def client(serve):
    return serve()


@pytest.fixture
def as_role(client):
    """Give who asks as a role; None sends no key."""
    return lambda role: Asker(client, role)


@pytest.fixture
def admin(as_role):
    return as_role("admin")
