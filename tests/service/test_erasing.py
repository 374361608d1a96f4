"""Of who was erased no file of the workspace has the name: looked for byte by byte after all that a service does."""

import shutil

import polars as pl
import pytest
from fastapi.testclient import TestClient
from tests.service.conftest import Asker
from tests.service.test_jobs import ended
from tests.service.test_vault import settings_with_key

from ml.app import App
from ml.service.application import create

NAME = "zorblax-quintessa"
WHOM = f"test:user/{NAME}"
TRACES = (NAME.encode(), b"Zorblax Quintessa", b"zorblax%2Dquintessa")
HISTORY = (
    "user,artist,title,listened_at\n"
    + "".join(f"{NAME},calm artist {n},calm song {n},2026-06-0{n + 1}T10:00:00Z\n" for n in range(5))
    + f"{NAME},calm artist 1,,2026-06-01\nsomebody-else,calm artist 1,,2026-06-01\n"
)


def places(home, *traces):
    """Name the files under a folder that hold one of some texts, in their names, bytes or columns."""
    found = []
    for path in sorted(path for path in home.rglob("*") if path.is_file()):
        held = path.read_bytes() + str(path.relative_to(home)).encode()
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path)
            held += str([frame[name].unique().to_list() for name in frame.columns]).encode()
        found += [f"{path.relative_to(home)}: {text!r}" for text in traces if text in held]
    return found


def live(client):
    """Let a listener do all that leaves something."""
    admin = Asker(client, "admin")
    app = client.app.state.service.app
    for name, text in ((f"{NAME}.csv", HISTORY), ("people.csv", f"user,name,age\n{NAME},Zorblax Quintessa,44\n")):
        sent = admin("POST", "/imports", files={"file": (name, text)}, data={"source": "test"})
        assert ended(admin, sent.json()["id"])["state"] in {"done", "failed"}
    app.access.accounts.create("Zorblax Quintessa", role="listener", password="seven quiet herons", user_id=WHOM)
    app.access.invitations.invite(role="listener", user_id=WHOM)
    mine = Asker(client)
    mine.headers = {"Authorization": f"Bearer {app.access.keys.create('mine', role='listener', user_id=WHOM)[1]}"}
    assert mine.post("/events", {"item_id": "calm song 1", "event": "play"}).is_success
    assert mine.post("/feedback", {"item_id": "calm song 2", "event": "like"}).is_success
    assert mine.post("/recommendations", {"count": 3, "reasons": 2}).is_success
    assert mine.post("/search", {"text": "calm song"}).is_success
    assert mine.post("/search/saved", {"name": "for me", "text": "calm song"}).is_success
    assert mine.post(
        "/playlists/recipes", {"name": "mine", "playlist": {"seeds": ["calm song 1"], "count": 3}}
    ).is_success
    assert mine.post("/playlists/recipes/refresh", {"name": "mine"}).is_success
    job = admin.post("/jobs", {"kind": "snapshot", "arguments": {}})
    assert ended(admin, job.json()["id"])["state"] == "done"
    job = admin.post("/jobs", {"kind": "train", "arguments": {"judge": False, "deep": False}})
    assert ended(admin, job.json()["id"])["state"] == "done"
    assert mine.post("/recommendations", {"count": 4}).is_success
    return admin


@pytest.fixture(params=["plain", "encrypted"])
def served(request, made_home, tmp_path):
    home = shutil.copytree(made_home, tmp_path / "work" / "home")
    settings = settings_with_key(home)
    if request.param == "encrypted":
        app = App(settings)
        app.encrypt()
        app.close()
    with TestClient(create(App(settings)), raise_server_exceptions=False) as client:
        yield client, home, request.param


def test_no_file_has_the_name_of_who_was_erased(served):
    client, home, form = served
    admin = live(client)
    assert bool(places(home, *TRACES)) or form == "encrypted", "the search finds what is there"
    done = admin.delete(f"/listeners?user_id={WHOM}&confirm={WHOM}")
    assert done.status_code == 200, done.text
    assert places(home, *TRACES) == []
    kept = admin.get("/imports/1/rejects").json()
    assert [row["raw"] for row in kept["rows"]] == ["somebody-else,calm artist 1,,2026-06-01"]
    assert [row["summary"]["units"][0]["name"] for row in admin.get("/imports").json()] == ["people.csv", "….csv"]
