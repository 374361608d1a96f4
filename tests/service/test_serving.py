"""`ml serve`: real processes at a real port."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import polars as pl
import psutil
import pytest
from tests.service.conftest import NOW, settings_of

from ml.app import App
from ml.client import Client
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.foundation.errors import MLError


@pytest.fixture(scope="module")
def home(made_home, tmp_path_factory):
    return shutil.copytree(made_home, tmp_path_factory.mktemp("serving") / "home")


NEW = [
    {"user_id": f"test:loud-{n}", "item_id": "test:track/new", "title": "brand new", "artist": "new"} for n in range(9)
]


@pytest.fixture(scope="module")
def key(home):
    """A key of an admin; of the two sets of models, the second knows a track more."""
    app = App(settings_of(home))
    made = app.access.keys.create("admin", role="admin")[1]
    listens = pl.DataFrame([each | {"listened_at": NOW + n} for n, each in enumerate(NEW)])
    load(app.workspace.store, [Batch("n", 0, {"listens": listens})])
    app.train(judge=False, deep=False)
    app.close()
    return made


def command(home, *words, **more):
    environment = os.environ | {"ML_HOME": str(home), "OMP_NUM_THREADS": "1", "COLUMNS": "300"} | more
    return subprocess.Popen(
        [sys.executable, "-m", "ml", "serve", *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def served(home, *words):
    """Serve at a free port; give the address and the process."""
    process = command(home, "--port", "0", "--json", *words)
    try:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        yield json.loads(line)["address"], process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=60)
        finally:
            process.kill()


def request(key, body):
    head = f"POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
    head += "Content-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode()


def test_a_request_under_way_is_finished_and_its_event_kept(home, key):
    body = json.dumps({"user_id": "test:calm-1", "item_id": "calm song 3"}).encode()
    with served(home) as (address, process):
        host, _, port = address.removeprefix("http://").partition(":")
        assert int(port) > 0
        with Client(address, key=key) as ml:
            assert ml.health()["status"] == "ok"
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            connection.sendall(request(key, body) + body[:10])
            with Client(address) as ml:
                ml.health()  # what was sent before is read by now
            process.send_signal(signal.SIGTERM)
            with pytest.raises(OSError, match=r"refused|reset"):  # nobody else is taken any more
                while True:
                    socket.create_connection((host, int(port)), timeout=60).close()
            connection.sendall(body[10:])
            answer = b""
            while block := connection.recv(65536):
                answer += block
    assert answer.startswith(b"HTTP/1.1 201"), answer
    event = json.loads(answer.partition(b"\r\n\r\n")[2])["event_id"]
    app = App(settings_of(home))
    assert app.engine.undo("test:calm-1", event).event_id == event
    app.close()


def test_two_processes_know_the_same(home, key):
    with served(home, "--workers", "2") as (address, process):
        # A connection each time, so that both processes are asked.
        def ask(verb, *given, **asked):
            with Client(address, key=key) as ml:
                return getattr(ml, verb)(*given, **asked)

        asked = {"user_id": "test:calm-2", "count": 3, "familiar_ratio": 0}
        assert ask("ready")["status"] == "ready"
        for _ in range(3):
            first = ask("recommend", **asked)["tracks"][0]["item_id"]
            ask("record_feedback", user_id="test:calm-2", item_id=first, event="block")
            for _ in range(6):
                assert first not in [each["item_id"] for each in ask("recommend", **asked)["tracks"]]
        newer, older = (each["version"] for each in ask("list_models"))
        for version, knows in ((older, False), (newer, True)):
            ask("promote_models", version)
            for _ in range(6):
                if knows:
                    assert ask("similar", "brand new")["items"]
                else:
                    with pytest.raises(MLError, match="newer than they are"):
                        ask("similar", "brand new")
        assert len(psutil.Process(process.pid).children()) >= 2


@pytest.mark.parametrize("files", [("nothing.pem", "nothing.pem"), ("text.pem", "text.pem")])
def test_encryption_that_cannot_be_is_said(home, tmp_path, files):
    (tmp_path / "text.pem").write_text("no certificate")
    paths = [str(tmp_path / name) for name in files]
    process = command(home, "--port", "0", ML_SERVICE__CERTIFICATE=paths[0], ML_SERVICE__PRIVATE_KEY=paths[1])
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2, said
    assert "Traceback" not in said
    assert "PEM" in said


def test_an_address_that_is_taken_is_said(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = command(home, "--port", str(taken.getsockname()[1]))
        _, said = process.communicate(timeout=60)
    assert process.returncode == 2, said
    assert "Traceback" not in said
    assert "--port 0" in said
