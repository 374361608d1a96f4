"""Players of ListenBrainz, as they speak."""

import copy
import time

import orjson
import polars as pl
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml.app import App
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.data.ingest.scrobbles import MOST
from ml.foundation.errors import BadInput, StoreBusy
from ml.service.application import create
from ml.service.listenbrainz import EARLIEST_S, LISTEN_BYTES, read_submission

from .conftest import key_of, settings_of

NOW_S = int(time.time()) - 10_000
ROOTS = ("", "/apis/listenbrainz")


def listen(title="loud song 1", artist="loud artist 1", at=NOW_S, **info):
    """Describe a listen as Navidrome does."""
    more = {"submission_client": "navidrome", "submission_client_version": "0.58.0", "tracknumber": 1, **info}
    track = {"artist_name": artist, "track_name": title, "release_name": "Some Album", "additional_info": more}
    return {"listened_at": at, "track_metadata": track}


def bare(**more):
    return {"listened_at": NOW_S, "track_metadata": {"artist_name": "a", "track_name": "b", **more}}


def submission(*listens, kind="single"):
    return {"listen_type": kind, "payload": list(listens)}


class Player:
    """A player with a token of a role, or with whatever token it has."""

    def __init__(self, client, role="listener", root="", *, token=None):
        self.client, self.root = client, root
        self.token = key_of(client, role) if token is None else token
        self.headers = {"Authorization": f"Token {self.token}"} if self.token else {}

    def submit(self, *listens, kind="single"):
        return self.send(submission(*listens, kind=kind))

    def send(self, body):
        sent = {"content": body} if isinstance(body, bytes) else {"json": body}
        return self.client.post(f"{self.root}/1/submit-listens", headers=self.headers, **sent)

    def get(self, path):
        return self.client.get(f"{self.root}/1/{path}", headers=self.headers)

    def count(self):
        return self.get("user/test:calm-1/listen-count").json()["payload"]["count"]

    def listens(self, query=""):
        return self.get(f"user/test:calm-1/listens{query}").json()["payload"]


@pytest.fixture(scope="module")
def client(serving):
    return serving()


@pytest.fixture
def player(client):
    return Player(client)


@pytest.mark.parametrize("root", ROOTS)
def test_a_listen_is_stored_once_and_given_back(client, root):
    player = Player(client, root=root)
    before = player.count()
    told = listen("Inizgam", "Mdou Moctar", recording_mbid="98255a8c-017a-4bc7-8dd6-1fa36124572b", duration_ms=222_000)
    told["listened_at"] = at = int(time.time()) + len(root)
    for _ in range(2):
        answer = player.submit(told)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert player.count() == before + 1
    latest = player.listens("?count=1")
    assert (latest["user_id"], latest["count"], latest["latest_listen_ts"]) == ("test:calm-1", 1, at)
    (given_back,) = latest["listens"]
    assert given_back["listened_at"] == at
    assert given_back["track_metadata"] == {
        "artist_name": "Mdou Moctar",
        "track_name": "Inizgam",
        "release_name": "Some Album",
        "additional_info": {
            "duration_ms": 222_000,
            "recording_mbid": "98255a8c-017a-4bc7-8dd6-1fa36124572b",
            "media_player": "navidrome",
        },
    }


def test_the_next_recommendation_knows_it(player, admin):
    asked = {"user_id": "test:calm-1", "count": 5, "familiar_ratio": 1}
    first = admin.post("/recommendations", asked).json()["tracks"]
    assert all(track["title"].startswith("calm") for track in first)
    told = [listen("loud song 7", "loud artist 7", NOW_S + 300 * n) for n in range(40)]
    assert player.submit(*told, listen("Never Heard Of", "Nobody"), kind="import").status_code == 200
    after = admin.post("/recommendations", asked).json()["tracks"]
    assert "loud song 7" in [track["title"] for track in after]


def test_what_is_playing_is_no_listen(player):
    before = player.count()
    playing = listen()
    del playing["listened_at"]
    assert player.submit(playing, kind="playing_now").json() == {"status": "ok"}
    assert player.count() == before
    assert player.submit(listen(), kind="playing_now").status_code == 400


def test_one_bad_listen_refuses_all(player, client):
    before = player.count()
    told = [listen(f"new song {n}", at=NOW_S + n) for n in range(5)]
    told[3] = listen(at=EARLIEST_S - 1)
    answer = player.submit(*told, kind="import")
    assert answer.status_code == 400
    assert answer.json() == {"code": 400, "error": "payload[3]: Value for key listened_at is too low."}
    assert player.count() == before
    told[3] = listen("x" * 2001)  # what only the store knows
    answer = player.submit(*told, kind="import")
    assert (answer.status_code, answer.json()["code"]) == (400, 400)
    assert "listen 4: title is longer than 2000 characters" in answer.json()["error"]
    assert player.count() == before
    with client.app.state.service.app.workspace.store.read() as connection:
        assert not connection.exec_driver_sql("SELECT name FROM items WHERE name LIKE 'new song%'").all()


def without(path, told):
    told = copy.deepcopy(told)
    *way, last = path.split(".")
    inner = told
    for name in way:
        inner = inner[name]
    del inner[last]
    return told


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "no JSON"),
        (b"\xff", "no JSON"),
        (b"[]", "no JSON object"),
        (submission(), "hold one"),
        ({"listen_type": "single", "payload": {}}, "list"),
        ({"listen_type": "listen", "payload": [listen()]}, "listen_type"),
        ({"listen_type": [], "payload": [listen()]}, "listen_type"),
        (submission(listen(), listen()), "one listen"),
        (submission(*[listen()] * (MOST + 1), kind="import"), "1,001 listens"),
        (submission(listen(note="x" * LISTEN_BYTES)), "bytes"),
        (submission(None), "exactly"),
        (submission(listen() | {"user_name": "test:loud-1"}), "exactly: listened_at, track_metadata"),
        (submission(without("listened_at", listen())), "exactly"),
        (submission(listen(at="soon")), "whole number"),
        (submission(listen(at=[])), "whole number"),
        (submission(listen(at=EARLIEST_S - 1)), "too low"),
        (submission(listen(at=4_000_000_000)), "too high"),
        (submission({"listened_at": NOW_S, "track_metadata": None}), "no object"),
        (submission(without("track_metadata.artist_name", listen())), "artist_name"),
        (submission(listen(" ")), "track_name"),
        (submission(listen(["a"])), "track_name"),
        (submission(bare(release_name=1)), "release_name"),
        (submission(bare(additional_info=[])), "additional_info"),
        (submission(listen(tags=["x"] * 51)), "tags"),
        (submission(listen(tags=["x" * 65])), "tags"),
        (submission(listen(tags=[1])), "tags"),
        (submission(listen(duration=1, duration_ms=1000)), "not both"),
        (submission(listen(duration_ms=0)), "duration_ms"),
        (submission(listen(duration="long")), "duration"),
        (submission(listen(recording_mbid="7")), "recording_mbid"),
        (submission(listen(artist_mbids=["7"])), "artist_mbids"),
        (submission(listen(artist_mbids={"a": 1})), "artist_mbids"),
    ],
)  # fmt: skip
def test_what_listenbrainz_refuses_is_refused(body, said):
    with pytest.raises(BadInput, match=said):
        read_submission(body if isinstance(body, bytes) else orjson.dumps(body), now_s=NOW_S)


def test_what_listenbrainz_puts_right_is_put_right():
    told = listen(at=str(NOW_S), duration_ms="1000", recording_mbid="", artist_mbids=["", None], work_mbids=None)
    (read,) = read_submission(orjson.dumps(submission(told)), now_s=NOW_S).listens
    info = read["track_metadata"]["additional_info"]
    assert (read["listened_at"], info["duration_ms"]) == (NOW_S, 1000)
    assert not {"recording_mbid", "artist_mbids", "work_mbids"} & set(info)
    assert read_submission(orjson.dumps(submission(listen(at=NOW_S + 3599))), now_s=NOW_S)
    for album in ("", None):  # Mopidy's and Rhythmbox's plugins
        assert read_submission(orjson.dumps(submission(bare(release_name=album))), now_s=NOW_S)


numbers = st.integers(-(1 << 63), (1 << 64) - 1) | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PLACES = (
    "listen_type", "payload", "listened_at", "track_metadata", "artist_name", "track_name", "release_name",
    "additional_info", "tags", "duration", "duration_ms", "recording_mbid", "artist_mbids", "isrc", "spotify_id",
    "duration_played", "media_player",
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(st.sampled_from(PLACES), json_values, min_size=1, max_size=3))
def test_whatever_is_sent_is_taken_or_refused(player, changes):
    body = submission(listen(at=NOW_S - 10**6))
    track = body["payload"][0]["track_metadata"]
    for holder in (track["additional_info"], track, body["payload"][0], body):
        known = PLACES[8:] if holder is track["additional_info"] else holder
        holder.update({name: value for name, value in changes.items() if name in known})
    before = player.count()
    answer = player.send(body)
    assert answer.status_code in {200, 400}, answer.text
    if answer.status_code == 400:
        assert set(answer.json()) == {"code", "error"}
        assert player.count() == before


@given(body=st.binary(max_size=40))
@settings(max_examples=40)
def test_any_bytes_are_read_or_refused(body):
    with pytest.raises(BadInput):
        read_submission(body)


def test_a_paused_history_takes_and_keeps_nothing(player, admin):
    before = player.count()
    admin.post("/history/pause?user_id=test:calm-1")
    told = listen("a secret", at=NOW_S - 77)
    assert player.submit(told).json() == {"status": "ok"}
    assert player.count() == before
    admin.post("/history/resume?user_id=test:calm-1")
    assert player.submit(told).json() == {"status": "ok"}
    assert player.count() == before + 1


@pytest.mark.parametrize("root", ROOTS)
def test_tokens_are_looked_at(client, root):
    player, nobody = Player(client, root=root), Player(client, root=root, token="")
    valid = {"code": 200, "message": "Token valid.", "valid": True, "user_name": "test:calm-1"}
    assert player.get("validate-token").json() == valid
    assert nobody.get(f"validate-token?token={player.token}").json() == valid
    wrong = Player(client, root=root, token="ml_wrong").get("validate-token")
    assert (wrong.status_code, wrong.json()) == (200, {"code": 200, "message": "Token invalid.", "valid": False})
    none = nobody.get("validate-token")
    assert (none.status_code, none.json()["code"]) == (400, 400)
    assert not Player(client, "service", root).get("validate-token").json()["valid"]


@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_wrong_token_tells_nothing(client, token):
    answer = Player(client, token=token).submit(listen())
    assert (answer.status_code, answer.json()["code"]) == (401, 401)


@pytest.mark.parametrize("role", ["service", "analyst"])
def test_only_a_listeners_token_tells_listens(client, role):
    answer = Player(client, role).submit(listen())
    assert (answer.status_code, answer.json()["code"]) == (403, 403)


def test_a_listener_sees_their_own_listens_only(client, player):
    assert player.get("user/test:loud-1/listens").status_code == 403
    assert player.get("user/test:loud-1/listen-count").status_code == 403
    assert Player(client, "service").get("user/test:loud-1/listen-count").json()["payload"]["count"] == 20
    unknown = Player(client, "service").get("user/test:nobody/listens")
    assert (unknown.status_code, unknown.json()["code"]) == (404, 404)


def test_a_player_begins_a_workspace(tmp_path):
    with TestClient(create(App(settings_of(tmp_path / "new"))), raise_server_exceptions=False) as client:
        player = Player(client)
        assert (player.count(), player.listens()["listens"]) == (0, [])
        assert player.submit(listen()).json() == {"status": "ok"}
        assert (player.count(), player.listens()["latest_listen_ts"]) == (1, NOW_S)


def test_real_listens_do_not_go_into_the_demo_world(tmp_path):
    app = App(settings_of(tmp_path / "demo"))
    app.workspace.mark("demo")
    load(app.workspace.store, [Batch("d", 1, {"items": pl.DataFrame([{"item_id": "demo:1", "title": "a"}])})])
    with TestClient(create(app), raise_server_exceptions=False) as client:
        answer = Player(client).submit(listen())
        assert (answer.status_code, answer.json()["code"]) == (400, 400)
        assert "never mixed" in answer.json()["error"]
        assert Player(client).count() == 0


def test_stretches_of_a_history(serve):
    player = Player(serve())
    player.submit(*(listen(f"song {n}", at=NOW_S + n) for n in range(6)), kind="import")

    def times(query):
        return [each["listened_at"] - NOW_S for each in player.listens(query)["listens"]]

    assert times("?count=2") == [5, 4]
    assert times(f"?max_ts={NOW_S + 4}&count=2") == [3, 2]
    assert times(f"?min_ts={NOW_S + 1}&count=2") == [3, 2]
    assert times(f"?min_ts={NOW_S + 1}&max_ts={NOW_S + 4}") == [3, 2]
    assert times(f"?min_ts={10**30}") == []
    assert player.listens("?count=0")["count"] == 0
    wrong = player.get("user/test:calm-1/listens?count=many")
    assert (wrong.status_code, wrong.json()) == (400, {"code": 400, "error": "invalid: count"})


def test_when_to_try_again_is_said(client, player, monkeypatch):
    def busy(*_):
        raise StoreBusy("the database is busy", "try again")

    monkeypatch.setattr(client.app.state.service.app, "scrobble", busy)
    answer = player.submit(listen())
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, 503, "1")


def test_too_many_requests_are_refused_in_their_words(serve):
    player = Player(serve(rate_per_minute=1))
    assert player.submit(listen()).status_code == 200
    answer = player.submit(listen())
    assert (answer.status_code, answer.json()["code"]) == (429, 429)
    assert int(answer.headers["retry-after"]) > 1


def test_a_clock_a_little_ahead_is_believed(player):
    assert player.submit(listen(at=int(time.time()) + 600)).status_code == 200
    assert player.submit(listen(at=int(time.time()) + 7200)).status_code == 400
