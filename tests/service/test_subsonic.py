"""Players of Subsonic, as they speak."""

import xml.etree.ElementTree as ET
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ml

from .conftest import key_of

AT = 1_780_000_000_000
MOMENTS = count()
KEY = {"apiKey": "listener"}
SONG = "test:track/calm-1"
XMLNS = "{http://subsonic.org/restapi}"


ROLES = ("listener", "service", "analyst")


class Player:
    """A player that asks for JSON; instead of a key it may send the name of a role."""

    def __init__(self, client):
        self.client = client
        self.keys = {role: key_of(client, role) for role in ROLES}

    def keyed(self, sent):
        hexed = {f"enc:{role}": f"enc:{key.encode().hex()}" for role, key in self.keys.items()}
        known = self.keys | hexed
        return {name: known.get(value, value) if isinstance(value, str) else value for name, value in sent.items()}

    def ask(self, name, way="GET", **sent):
        sent = {"f": "json", "v": "1.16.1", "c": "symfonium", **self.keyed(sent)}
        put = {"params": sent} if way == "GET" else {"data": sent}
        answer = self.client.request(way, f"/rest/{name}", **put)
        assert answer.status_code == 200, answer.text
        return answer.json()["subsonic-response"]

    def code(self, name, way="GET", **sent):
        said = self.ask(name, way, **sent)
        assert said["status"] == "failed"
        return said["error"]["code"]

    def count(self, user="test:calm-1"):
        headers = {"Authorization": f"Bearer {self.keys['service']}"}
        answer = self.client.get(f"/1/user/{user}/listen-count", headers=headers)
        return answer.json()["payload"]["count"] if answer.status_code == 200 else 0


@pytest.fixture(scope="module")
def client(serving):
    return serving()


@pytest.fixture(scope="module")
def player(client):
    return Player(client)


@pytest.fixture
def at():
    """Give a moment that no other test has told of, UTC milliseconds."""
    return AT + 10_000 * next(MOMENTS)


@pytest.mark.parametrize("way", ["GET", "POST"])
@pytest.mark.parametrize("name", ["scrobble", "scrobble.view"])
def test_listens_are_stored_once(player, name, way, at):
    before = player.count()
    for _ in range(2):
        said = player.ask(name, way, **KEY, id=[SONG, "calm song 2"], time=[at, at + 1])
        assert said == {
            "status": "ok",
            "version": "1.16.1",
            "type": "ml",
            "serverVersion": ml.__version__,
            "openSubsonic": True,
        }
    assert player.count() == before + 2
    latest = player.client.get(
        "/1/user/test:calm-1/listens?count=100", headers={"Authorization": f"Token {player.keys['listener']}"}
    )
    told = [each for each in latest.json()["payload"]["listens"] if each["listened_at"] == at // 1000]
    assert {each["track_metadata"]["track_name"] for each in told} == {"calm song 1", "calm song 2"}
    assert {each["track_metadata"]["additional_info"]["media_player"] for each in told} == {"symfonium"}


def test_without_times_it_is_now(player):
    before = player.count()
    assert player.ask("scrobble", **KEY, id=SONG)["status"] == "ok"
    assert player.count() == before + 1


def test_what_is_playing_is_no_listen(player):
    before = player.count()
    assert player.ask("scrobble", **KEY, id=SONG, submission="false")["status"] == "ok"
    assert player.code("scrobble", **KEY, id="nothing", submission="false") == 70
    assert player.count() == before


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, 10),
        ({"id": ""}, 10),
        ({"id": [SONG, "navidrome:unknown"]}, 70),
        ({"id": "calm artist 1"}, 70),  # an artist is no track
        ({"id": "a\0b"}, 0),
        ({"id": [SONG, SONG], "time": AT}, 0),
        ({"id": [SONG, SONG], "time": [AT, "soon"]}, 0),
        ({"id": [SONG, SONG], "time": [AT, AT // 1000]}, 0),  # seconds
        ({"id": [SONG, SONG], "time": [AT, AT * 10]}, 0),
        ({"id": [SONG] * 1001}, 0),
    ],
)
def test_what_cannot_be_stores_nothing(player, sent, code):
    before = player.count()
    assert player.code("scrobble", "POST", **KEY, **sent) == code
    assert player.count() == before


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, 10),
        ({"u": "me"}, 10),
        ({"apiKey": ""}, 10),
        ({"apiKey": "wrong"}, 44),
        ({"apiKey": "listener", "u": "me"}, 43),
        ({"apiKey": "listener", "p": "listener"}, 43),
        ({"u": "me", "p": "wrong"}, 40),
        ({"p": "listener"}, 10),
        ({"u": "me", "p": "enc:xyz"}, 40),
        ({"u": "me", "p": "enc:ff"}, 40),
        ({"u": "me", "t": "26719a1196d2a940705a59634eb18eab", "s": "c19b2d"}, 41),
        ({"u": "me", "p": "listener", "t": "26719a1196d2a940705a59634eb18eab", "s": "c19b2d"}, 43),
    ],
)
def test_who_asks_has_to_show_it(player, sent, code):
    for name in ("ping", "getLicense", "tokenInfo", "scrobble"):
        assert player.code(name, id=SONG, **sent) == code


@pytest.mark.parametrize("sent", [KEY, {"u": "me", "p": "listener"}, {"u": "me", "p": "enc:listener"}])
@pytest.mark.parametrize("way", ["GET", "POST"])
def test_a_key_is_taken_as_one_or_as_a_password(player, sent, way):
    assert player.ask("ping.view", way, **sent)["status"] == "ok"
    assert player.ask("getLicense", way, **sent)["license"] == {"valid": True}
    assert player.ask("tokenInfo", way, **sent)["tokenInfo"] == {"username": "test:calm-1"}


def test_a_service_names_the_user(player):
    assert player.code("scrobble", apiKey="service", id=SONG, time=AT) == 10
    assert player.code("scrobble", u="a\nb", p="service", id=SONG, time=AT) == 0
    assert player.code("scrobble", u="anna", p="analyst", id=SONG, time=AT) == 50
    assert player.count("subsonic:anna") == 0
    assert player.ask("scrobble", u="anna", p="service", id=SONG, time=AT)["status"] == "ok"
    assert player.count("subsonic:anna") == 1


def test_a_listeners_key_writes_for_that_listener(player, at):
    before = player.count()
    player.ask("scrobble", u="bert", p="listener", id=SONG, time=at)
    assert (player.count(), player.count("subsonic:bert")) == (before + 1, 0)


def test_far_too_much_is_not_read(client):
    answer = client.post("/rest/scrobble", data={"f": "json", "id": [SONG] * 3000})
    assert ET.fromstring(answer.content).find(f"{XMLNS}error").get("message") == "more than 2100 parameters"


def test_a_browsers_session_is_no_key(client, player, at):
    """Any page can make a browser ask this by GET, and the browser adds its cookie."""
    access = client.app.state.service.app.access
    account = access.accounts.create("anna", role="listener", user_id="test:calm-1")
    cookie = {"Cookie": f"ml_session={access.sessions.open(account)[1]}"}
    assert client.get("/api/v1/history", headers=cookie).status_code == 200
    before = player.count()
    answer = client.get("/rest/scrobble", params={"f": "json", "id": SONG, "time": at}, headers=cookie)
    assert answer.json()["subsonic-response"]["error"]["code"] == 10
    assert player.count() == before


def test_anybody_may_ask_what_is_understood(player):
    names = [each["name"] for each in player.ask("getOpenSubsonicExtensions")["openSubsonicExtensions"]]
    assert names == ["apiKeyAuthentication", "formPost"]


def test_xml_is_what_it_is_without_being_asked(client, player):
    key = player.keyed(KEY)
    ok = client.get("/rest/getLicense", params=key)
    assert ok.headers["content-type"].startswith("application/xml")
    root = ET.fromstring(ok.content)
    assert (root.tag, root.get("status"), root.get("openSubsonic")) == (f"{XMLNS}subsonic-response", "ok", "true")
    assert root.find(f"{XMLNS}license").attrib == {"valid": "true"}
    failed = ET.fromstring(client.get("/rest/scrobble", params=key | {"id": '<"\ufffe&'}).content)
    assert (failed.get("status"), failed.find(f"{XMLNS}error").get("code")) == ("failed", "70")
    assert '<"' in failed.find(f"{XMLNS}error").get("message")
    odd = key_of(client, "listener", user_id="local:\ufffe<")  # a name that XML cannot hold
    told = ET.fromstring(client.get("/rest/tokenInfo", params={"apiKey": odd}).content)
    assert told.find(f"{XMLNS}tokenInfo").get("username") == "local:\ufffd<"
    extensions = ET.fromstring(client.get("/rest/getOpenSubsonicExtensions").content)
    first = extensions.find(f"{XMLNS}openSubsonicExtensions")
    assert (first.get("name"), first.find(f"{XMLNS}versions").text) == ("apiKeyAuthentication", "1")


def test_a_pause_keeps_nothing(player, admin):
    before = player.count()
    admin.post("/history/pause?user_id=test:calm-1")
    assert player.ask("scrobble", **KEY, id=SONG)["status"] == "ok"
    assert player.count() == before
    admin.post("/history/resume?user_id=test:calm-1")


def test_keys_are_in_no_log(player, caplog):
    with caplog.at_level("DEBUG"):
        player.ask("ping", apiKey="listener")
        player.code("ping", apiKey="wrong-key")
        player.code("scrobble", **KEY, id="unknown-song")
    # The test's client logs what it sends, and SQLAlchemy what it asks; of these the service logs nothing.
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("ml", "uvicorn"))]
    assert any("subsonic_ping" in line for line in ours)
    assert not any(secret in line for line in ours for secret in (player.keys["listener"], "wrong-key", "unknown-song"))


def test_too_many_requests_say_when(serve):
    client = serve(rate_per_minute=1)
    key = {"apiKey": key_of(client, "listener"), "f": "json"}
    assert client.get("/rest/ping", params=key).status_code == 200
    answer = client.get("/rest/ping", params=key)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 1
    assert answer.json()["subsonic-response"]["status"] == "failed"


names = st.sampled_from(["id", "time", "submission", "u", "p", "t", "s", "f", "c", "v", "apiKey", "x"])
values = st.sampled_from([SONG, str(AT), "false", "json", "enc:", "listener", "service", ""]) | st.text(max_size=10)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(names, values), max_size=8), form=st.binary(max_size=30))
def test_whatever_is_sent_is_answered(player, pairs, form):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    pairs = [(name, player.keys.get(value, value)) for name, value in pairs]
    answer = player.client.post("/rest/scrobble", params=pairs, content=form, headers=headers)
    assert answer.status_code == 200, answer.text
    if answer.headers["content-type"] == "application/json":
        assert answer.json()["subsonic-response"]["status"] in {"ok", "failed"}
    else:
        assert ET.fromstring(answer.content).get("status") in {"ok", "failed"}
