"""An encrypted workspace behind the service."""

import shutil
import threading

import orjson
import pytest
from fastapi.testclient import TestClient
from tests.service.conftest import Asker, settings_of
from tests.service.test_jobs import CSV, ended

from ml.app import App
from ml.data.vault.files import is_sealed
from ml.foundation.errors import BadInput, Locked
from ml.service.application import create

WHOM = {"user_id": "test:calm-1"}


def settings_with_key(home):
    settings = settings_of(home)
    settings.vault.key_file = str(home.parent / "elsewhere" / "vault.key")
    return settings


@pytest.fixture(scope="module")
def sealed_home(made_home, tmp_path_factory):
    home = shutil.copytree(made_home, tmp_path_factory.mktemp("sealed") / "home")
    app = App(settings_with_key(home))
    done = app.encrypt()
    assert done.rows == {"users": 32, "subjects": 32}
    app.close()
    return home


@pytest.fixture
def sealed(sealed_home, tmp_path):
    """The service over a copy of the encrypted workspace."""
    shutil.copytree(sealed_home.parent, tmp_path / "copy")
    with TestClient(
        create(App(settings_with_key(tmp_path / "copy" / "home"))), raise_server_exceptions=False
    ) as client:
        yield client


def test_it_answers_as_one_that_is_not_encrypted(sealed, client):
    both = [Asker(sealed, "admin"), Asker(client, "admin")]
    for ask in (
        lambda one: one.get("/listens?user_id=test:calm-1").json(),
        lambda one: one.post("/recommendations/batch", {"user_ids": ["test:calm-1"]}).json()[0]["user_id"],
    ):
        assert ask(both[0]) == ask(both[1])
    one, other = (one.post("/recommendations", WHOM | {"count": 5, "reasons": 2}).json()["tracks"] for one in both)
    # What is known is forgotten by the clock: it has gone on between the two.
    scores = [[track.pop("score") for track in tracks] for tracks in (one, other)]
    assert scores[0] == pytest.approx(scores[1], rel=1e-5)
    assert one == other
    own = Asker(sealed, "listener").post("/recommendations", {"count": 2}).json()
    assert own["user_id"] == "test:calm-1"


def test_a_rotation_is_noticed_by_nobody(sealed):
    app = sealed.app.state.service.app
    asker, errors, answers, over = Asker(sealed, "service"), [], [], threading.Event()

    def ask():
        n = 0
        while not over.is_set():
            n += 1
            event = asker.post("/events", {"user_id": f"test:new-{n}", "item_id": "calm song 1", "event": "play"})
            answer = asker.post("/recommendations", {"user_id": f"test:new-{n}", "count": 2})
            fine = event.is_success and answer.is_success
            (answers if fine else errors).append(event.text + answer.text)

    thread = threading.Thread(target=ask)
    thread.start()
    other = App(app.settings)  # as `ml keys rotate` in a process of its own
    try:
        ids = {other.rotate_keys().new for _ in range(3)}
        before = len(answers)
        while len(answers) < before + 3 and not errors:
            over.wait(0.01)
    finally:
        over.set()
        thread.join()
        status = other.vault_status()
        other.close()
    assert (len(ids), errors) == (3, [])
    assert (status.there, set(status.wrapped), status.plain) == ((status.root,), {status.root}, {})


def test_without_its_key_nothing_is_opened(sealed_home, tmp_path):
    home = shutil.copytree(sealed_home, tmp_path / "home")
    with pytest.raises(Locked, match="no key is configured"):
        _ = App(settings_of(home)).workspace.store
    assert App(settings_of(home)).vault_status().phase == "sealed"


def test_a_key_inside_of_the_workspace_is_refused(made_home, tmp_path):
    home = shutil.copytree(made_home, tmp_path / "home")
    settings = settings_of(home)
    settings.vault.key_file = str(home / "vault.key")
    with pytest.raises(BadInput, match="beside what it opens"):
        App(settings).encrypt()
    assert not (home / "vault.key").exists()


def test_the_key_is_in_no_answer_and_no_setting(sealed):
    app = sealed.app.state.service.app
    key = app.workspace.keys.read()[0].text().reveal()
    told = orjson.dumps(app.vault_status().to_dict()).decode() + repr(app.workspace) + repr(app.settings)
    assert key not in told


def test_a_file_that_waits_is_sealed_and_imported(sealed, monkeypatch):
    admin, app = Asker(sealed, "admin"), sealed.app.state.service.app
    with monkeypatch.context() as held:
        held.setattr("ml.app.jobs.background.start_runner", lambda _: False)
        sent = admin("POST", "/imports", files={"file": ("mine.csv", CSV)})
    kept = [path for path in (app.workspace.home / "uploads").rglob("*") if path.is_file()]
    assert [(path.name, is_sealed(path), b"Calm" in path.read_bytes()) for path in kept] == [("sealed", True, False)]
    app.jobs.look_after()
    job = ended(admin, sent.json()["id"])
    assert job["state"] == "done", job
    assert admin.get("/imports").json()[0]["path"].endswith("mine.csv")
    assert not [path for path in kept[0].parent.iterdir() if path.name == "clear"]


def test_a_backup_of_it_is_encrypted_and_comes_back(sealed, tmp_path):
    from ml.data.workspace import restore

    app = sealed.app.state.service.app
    app.backup(tmp_path / "backup.tar")
    assert b"Name calm 1" not in (tmp_path / "backup.tar").read_bytes()
    restore(tmp_path / "backup.tar", tmp_path / "again" / "home")
    settings = settings_of(tmp_path / "again" / "home")
    with pytest.raises(Locked):
        _ = App(settings).workspace.store
    settings.vault.key_file = app.settings.vault.key_file
    again = App(settings)
    assert next(again.export_listener("test:calm-1")).startswith(b'{"format":1,"user_id":"test:calm-1"')
    again.close()
