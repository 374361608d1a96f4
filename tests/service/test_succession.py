"""The demo world makes room for a workspace of real data while the service runs."""

import shutil
import time

import pytest
from fastapi.testclient import TestClient
from tests.service.conftest import Asker, settings_of
from tests.service.test_serving import served

from ml.app import App
from ml.client import Client
from ml.foundation.errors import EmptyWorkspace, MLError
from ml.service.application import create


@pytest.fixture
def home(made_home, tmp_path):
    """A workspace with nothing in it, and a demo world beside."""
    home = tmp_path / "home"
    shutil.copytree(made_home, home / "demo")
    app = App(settings_of(home), home=home / "demo")
    app.workspace.store.state("label", "demo")
    app.close()
    return home


@pytest.fixture
def demo(home):
    app = App.of_settings(settings_of(home))
    left = []
    service = create(app)
    service.state.service.succession.leave = lambda: left.append(True)
    with TestClient(service, raise_server_exceptions=False) as client:
        client.left = left
        yield client


def eventually(ask, wanted):
    """Ask until an answer is there, through refused connections too."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            found = ask()
        except MLError:
            found = None
        if found == wanted:
            return
        time.sleep(0.05)
    raise AssertionError(f"{found!r}, not {wanted!r}")


def test_keys_are_the_installations_and_open_the_demo_world(home, demo):
    listener = Asker(demo, "listener")
    assert demo.app.state.service.app.workspace.label == "demo"
    assert listener.get("/listens").json()["listens"]
    assert listener.get("/listens?user_id=test:calm-2").status_code == 403
    own = App(settings_of(home))
    assert [each.role for each in own.access.keys.list()] == ["listener"]
    own.close()


def test_what_a_listener_does_in_the_demo_world_is_written_down_of_them(demo):
    listener, admin = Asker(demo, "listener"), Asker(demo, "admin")
    assert listener.get("/listens").status_code == 200
    told = admin.get("/audit?what=history.read&user_id=test:calm-1").json()["records"]
    assert [each["role"] for each in told] == ["listener"]
    assert told[0]["whom"]


def test_a_workspace_is_begun_once_and_by_admins(home, demo):
    assert Asker(demo, "analyst").post("/workspace/begin").status_code == 403
    admin = Asker(demo, "admin")
    assert admin.get("/status").json()["data"]["label"] == "demo"
    begun = admin.post("/workspace/begin")
    assert (begun.status_code, begun.json()) == (202, {"label": "real"})
    end = time.monotonic() + 20
    while not demo.left and time.monotonic() < end:
        time.sleep(0.02)
    assert demo.left == [True]
    app = App.of_settings(settings_of(home))
    assert app.workspace.home == home
    with TestClient(create(app), raise_server_exceptions=False) as own:
        again = own.post("/api/v1/workspace/begin", headers=admin.headers)
        assert again.status_code == 400
        assert "answers already" in again.json()["title"] + again.json()["detail"]


def test_an_empty_workspace_that_was_not_begun_leaves_the_demo_world_in_its_place(home):
    app = App.of_settings(settings_of(home))
    assert app.workspace.label == "demo"
    app.begin()
    app.close()
    app = App.of_settings(settings_of(home))
    assert (app.workspace.label, app.workspace.home) == ("real", home)
    with pytest.raises(EmptyWorkspace):
        app.snapshot()
    app.close()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_running_service_goes_over_with_all_its_processes_and_keys(home, workers):
    app = App(settings_of(home))
    key = app.access.keys.create("admin", role="admin")[1]
    app.close()
    with served(home, "--workers", workers) as (address, process):
        with Client(address, key=key) as ml:
            assert ml.workspace_status()["data"]["label"] == "demo"
            assert ml.recommend(user_id="test:calm-1")["tracks"]
            assert ml.begin_workspace()["label"] == "real"

        def label():
            with Client(address, key=key) as asking:  # another connection, perhaps to another process
                return asking.workspace_status()["data"]["label"]

        for _ in range(8):
            eventually(label, "real")
        assert process.poll() is None


def test_what_is_imported_at_the_shell_ends_the_demo_world_too(home, demo, tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("user,title,artist,listened_at\nann,Jóga,Björk,2026-01-01T10:00:00Z\n", encoding="utf-8")
    own = App(settings_of(home))
    own.import_path(file)
    own.close()
    end = time.monotonic() + 20
    while not demo.left and time.monotonic() < end:
        time.sleep(0.05)
    assert demo.left == [True]
