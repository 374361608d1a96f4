"""The client: held to the document, and asking a service that listens."""

import asyncio
import inspect
import io
import threading
import typing
from datetime import UTC, datetime

import httpx
import pytest
import uvicorn
from tests.service.conftest import settings_of

from ml.app import App
from ml.client import AsyncClient, Client
from ml.foundation.errors import BadInput, Forbidden, NotAuthenticated, ServerError, UnknownId
from ml.service.application import create

PASSWORD = "a long enough phrase 7"
OWN = {"close"}


def verbs(kind):
    return {name: each for name, each in inspect.getmembers(kind, inspect.isfunction) if name[0] != "_"}


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    return create(App(settings_of(tmp_path_factory.mktemp("described")))).openapi()


def asked_by(document, operation):
    """The names of what an operation takes, and of what it has to be given."""
    names, needed = set(), set()
    for each in operation.get("parameters", ()):
        if each["in"] != "header":
            names.add(each["name"])
            needed |= {each["name"]} if each.get("required") else set()
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = content["schema"]
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        fields = schema.get("properties") or {"definition": {}}
        names |= set(fields)
        needed |= set(schema.get("required", fields if "properties" not in schema else ()))
    return names, needed


def taken_by(verb):
    """The names of what a verb takes, and of what it has to be given."""
    names, needed = set(), set()
    for name, each in list(inspect.signature(verb).parameters.items())[1:]:
        if each.kind is each.VAR_KEYWORD:
            asked = typing.get_args(typing.get_type_hints(verb, include_extras=True)[name])[0]
            names |= asked.__required_keys__ | asked.__optional_keys__
            # What `Required` says is a text where annotations are, so that it is looked for by its name.
            hints = typing.get_type_hints(asked, include_extras=True)
            needed |= {field for field, hint in hints.items() if typing.get_origin(hint) is typing.Required}
        else:
            names.add(name)
            needed |= {name} if each.default is each.empty else set()
    return names, needed


def test_each_operation_is_a_verb_that_takes_what_it_takes(document):
    found = {each["operationId"]: each for methods in document["paths"].values() for each in methods.values()}
    assert sorted(found) == sorted(set(verbs(Client)) - OWN)
    for name, operation in found.items():
        names, needed = asked_by(document, operation)
        taken, demanded = taken_by(getattr(Client, name))
        assert taken == names, name
        # A share is 1 where it is left out, but who sets the held-out share has to say it.
        assert demanded - {"share"} == needed, name


def test_both_clients_have_the_same_verbs():
    signatures = [
        {name: inspect.signature(each) for name, each in verbs(kind).items()} for kind in (Client, AsyncClient)
    ]
    for each in signatures:
        each.pop("close")
    assert signatures[0] == signatures[1]


@pytest.fixture(scope="module")
def listening(made_home, tmp_path_factory):
    """The address of a service that listens, and its application."""
    import shutil

    home = shutil.copytree(made_home, tmp_path_factory.mktemp("listening") / "home")
    app = App(settings_of(home))
    service = create(app)
    server = uvicorn.Server(uvicorn.Config(service, port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ml.app.jobs.background.start_runner", lambda _app: False)
        thread.start()
        while not server.started:
            thread.join(0.05)
            assert thread.is_alive()
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", app
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def ml(listening):
    address, app = listening
    with Client(address, key=app.access.keys.create("admin", role="admin")[1]) as client:
        yield client


def test_music_is_asked_for(ml):
    first = ml.recommend(user_id="test:calm-1", count=3, familiar_ratio=0)["tracks"][0]
    assert first["title"].startswith("calm")
    assert ml.recommend_batch(user_ids=["test:calm-1", "test:loud-1"], count=1)[1]["user_id"] == "test:loud-1"
    assert ml.similar("calm song 1", count=2)["items"]
    assert ml.search("calm song 1", count=1)["hits"][0]["name"] == "calm song 1"
    assert ml.generate_playlist(count=5)["tracks"]
    assert ml.export_playlist({"count": 5}, title="Sunday", form="jspf").startswith(b"{")
    with pytest.raises(BadInput, match="no sound"):
        ml.analyze_audio(b"hello, I am a text")


def test_what_is_told_twice_counts_once(ml):
    at = datetime(2026, 7, 1, 10, tzinfo=UTC)
    first, second = (ml.record_event(user_id="test:calm-1", item_id="calm song 1", at=at) for _ in range(2))
    assert first["event_id"] is not None
    assert second == first
    liked = ml.record_feedback(user_id="test:calm-1", item_id="calm song 2", event="like")
    assert ml.undo_event(liked["event_id"], user_id="test:calm-1")["item_id"] == liked["item_id"]
    assert ml.pause_history(user_id="test:calm-1")["paused"]
    assert not ml.resume_history(user_id="test:calm-1")["paused"]


def test_the_place_is_run(ml, tmp_path):
    assert ml.health()["status"] == "ok"
    assert b"ml_requests_total" in ml.metrics()
    version = ml.list_models()[0]["version"]
    assert ml.promote_models(version) == {"version": version}
    job = ml.submit_job("train", arguments={"judge": False})
    assert ml.cancel_job(job["id"])["id"] == ml.list_jobs(count=1)[0]["id"]
    definition = {
        "name": "one",
        "metric": "clicks",
        "variants": [{"name": "a"}, {"name": "b", "parameters": {"familiar_ratio": 0.9}}],
    }
    assert ml.create_experiment(definition)["id"] == ml.show_experiment("one")["id"]
    ml.delete_experiment("one")
    sent = ml.import_file(io.BytesIO(b"user,artist,title\nann,A,B\n").read())
    assert sent["kind"] == "import"
    columns = {"user": "who, really", "title": "what"}
    table = tmp_path / "odd.csv"
    table.write_text('"who, really",what\nann,A\n', encoding="utf-8")
    found = ml.preview_import(table, columns=columns, item_kind="track")
    assert [each["field"] for each in found["units"][0]["columns"]] == ["user", "title"]


def test_who_gets_in_is_looked_after(ml, listening):
    address, _ = listening
    made = ml.create_key("player", "listener", user_id="test:calm-1")
    with Client(address, key=made["token"]) as player:
        assert player.recommend(count=1)["user_id"] == "test:calm-1"
        with pytest.raises(Forbidden, match="may not"):
            player.list_keys()
        ml.revoke_key(made["key"]["id"])
        with pytest.raises(NotAuthenticated):
            player.recommend(count=1)
    link = ml.invite("analyst")
    with Client(address) as person:
        person.accept_invitation(link["token"], name="ada", password=PASSWORD)
        assert person.who_asks()["role"] == "analyst"
        assert person.log_out() is None
        assert person.log_in("ada", PASSWORD)["csrf"]
        person.change_password(PASSWORD, "another long phrase 8")
        assert person.who_asks()["name"] == "ada"
    assert ml.read_audit(what="sessions.begin")["records"][0]["result"] == "ok"


async def test_the_same_is_awaited(ml, listening):
    address, app = listening
    async with AsyncClient(address, key=app.access.keys.create("two", role="service")[1]) as client:
        asked = [client.recommend(user_id=f"test:loud-{number}", count=1) for number in range(4)]
        found = await asyncio.gather(*asked)
        assert [each["user_id"] for each in found] == [f"test:loud-{number}" for number in range(4)]
        with pytest.raises(UnknownId, match="no such song") as caught:
            await client.similar("no such song")
        assert caught.value.hint


def answering(*statuses, headers=None):
    """A client of somebody who answers so, one after the other; and what it was asked."""
    asked, left = [], list(statuses)

    def answer(request):
        asked.append(request)
        status = left.pop(0)
        if status is None:
            raise httpx.ConnectError("refused")
        return httpx.Response(status, json={"title": "x"}, headers=headers)

    client = Client("http://nowhere.example", retries=2)
    client._http = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://nowhere.example/api/v1")
    return client, asked


def test_what_can_be_asked_twice_is_asked_again_where_it_helps():
    busy = {"Retry-After": "0"}
    client, asked = answering(503, 429, 200, headers=busy)
    assert client.recommend(user_id="a") == {"title": "x"}
    assert len(asked) == 3
    client, asked = answering(503, 201, headers=busy)
    client.record_event(item_id="a")
    assert asked[0].content == asked[1].content  # the same moment, so that it is the same event
    assert b'"at"' in asked[0].content
    client, asked = answering(None, 200)
    assert client.health()
    for statuses, ask, kind in [
        ((503, 503, 503), lambda client: client.health(), ServerError),
        ((503,), lambda client: client.create_key("a", "admin"), ServerError),
        ((None,), lambda client: client.create_key("a", "admin"), ServerError),
        ((404,), lambda client: client.health(), UnknownId),
    ]:
        client, asked = answering(*statuses, headers=busy)
        with pytest.raises(kind):
            ask(client)
        assert len(asked) == len(statuses)
    client, asked = answering(503, headers={"Retry-After": "3600"})
    with pytest.raises(ServerError):
        client.health()


def test_a_service_that_is_not_there():
    with (
        pytest.raises(ServerError, match=r"127\.0\.0\.1:9: no answer") as caught,
        Client("http://127.0.0.1:9", retries=0) as client,
    ):
        client.health()
    assert "ml serve" in caught.value.hint
    for address in ("ftp://x", "nonsense", "http://a:b@c"):
        with pytest.raises(BadInput):
            Client(address)
    with pytest.raises(BadInput), Client("http://127.0.0.1:9") as client:
        client.model_card("..")
