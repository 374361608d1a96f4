"""The service and its OpenAPI document: each does what the other says."""

import json
import shutil
import time

import polars as pl
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation.modes import GenerationMode
from schemathesis.python.asgi import get_client
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.service.conftest import Asker, key_of, settings_of

from ml.app import App
from ml.data.access.one_time_codes import STEP_MS, code_of
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.service.application import PREFIX, create
from ml.service.server import set_up_link

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: Of each operation, and each way.
EXAMPLES = 8
OPEN = {"health", "ready", "setup_state", "log_in", "look_at_invitation", "accept_invitation"}
#: Examples that need what another makes come after it.
LATER = {"ask_saved_search", "refresh_recipe", "split_item"}
#: What needs a server or a scanned file, and is tried where there is one.
ELSEWHERE = {"push_playlist", "pull_playlist", "correct_audio"}
MARKED = {"main_parameters", "similar", "suggest", "list_models", "model_card"} | {
    *("track", "track_similar", "track_analysis", "track_spectrogram", "library_map"),
}


@pytest.fixture(scope="module")
def api(made_home, tmp_path_factory):
    """A service whose jobs wait: none of the many that are asked for is begun."""
    home = shutil.copytree(made_home, tmp_path_factory.mktemp("schema") / "home")
    app = App(settings_of(home, rate_per_minute=10_000_000))
    artists = [
        {"kind": "artist", "item_id": f"demo:artist/{n}", "title": f"Artist {n}", "genres": ["rock"]}
        for n in range(1, 7)
    ]
    sound = [
        {"item_id": f"demo:track/{n}", "extractor": "dataset", "version": "1", "feature": name, "value": n / 13}
        for n in range(1, 13)
        for name in ("energy", "valence", "danceability", "acousticness", "instrumentalness", "speechiness")
    ]
    listens = pl.DataFrame(list(named_by_the_examples()))
    frames = {"items": pl.DataFrame(artists)}, {"listens": listens}, {"features": pl.DataFrame(sound)}
    load(app.workspace.store, [Batch("e", number, each) for number, each in enumerate(frames)])
    app.train(judge=False, deep=False)
    app.playlists.save(app.playlists.generate(count=2), "Sunday")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ml.app.jobs.background.start_runner", lambda _app: False)
        yield create(app)


def named_by_the_examples():
    for listener in range(10_000, 10_004):
        for track in range(1, 13):
            yield {
                "user_id": f"demo:user_{listener}",
                "item_id": f"demo:track/{track}",
                "title": f"Song {track}",
                "artist": f"Artist {track % 6 + 1}",
                "listened_at": 1_780_000_000_000 + track * 1000 + listener,
            }


@pytest.fixture(scope="module")
def client(api):
    with TestClient(api, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def document(api):
    return api.openapi()


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_every_operation_says_what_it_does_and_who_may_call_it(document):
    found = {operation["operationId"]: operation for _, _, operation in operations(document)}
    assert len(found) == sum(1 for _ in operations(document))
    for name, operation in found.items():
        assert operation["summary"], name
        assert operation["description"].endswith("."), name
        assert operation["tags"], name
        assert operation["security"] == ([] if name in OPEN else [{"bearer": []}, {"key": []}, {"session": []}]), name
        assert {"400", "413", "422", "429", "503"} <= set(operation["responses"]), name
        assert "HTTPValidationError" not in json.dumps(operation), name
    assert {name for name, operation in found.items() if "304" in operation["responses"]} == MARKED
    assert sorted(document["components"]["securitySchemes"]) == ["bearer", "key", "session"]
    assert "Retry-After" in document["components"]["responses"]["Problem429"]["headers"]


def bodies(document):
    """Each example of a body."""
    for method, path, operation in operations(document):
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            schema = content["schema"]
            if "$ref" in schema:
                schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
            if kind == "application/json":
                yield operation["operationId"], method, path, schema.get("examples", [])


def test_examples_work_as_they_stand(document, client, api):
    described = schemathesis.openapi.from_dict(document)
    link = set_up_link(client.app.state.service.app, "")
    admin = Asker(client, "admin")
    asker = Asker(client)
    step = time.time_ns() // 1_000_000 // STEP_MS
    # A session first, since a password is somebody's: the account is made by the example of an invitation.
    first = ["look_at_invitation", "accept_invitation", "log_in", "begin_second_factor", "confirm_second_factor"]
    order = {name: place for place, name in enumerate([*first, "remove_second_factor", "change_password"])}
    session, secret, number = {}, "", admin.post("/search", {"text": "calm"}).json()["search_id"]
    for name, method, path, examples in sorted(
        bodies(document), key=lambda each: (order.get(each[0], len(order)), each[0] in LATER)
    ):
        assert examples, name
        if name in ELSEWHERE:
            continue
        for example in examples:
            # A link's token is known to whoever has the link, and a share can only grow.
            changed = {
                "look_at_invitation": {"token": link.partition("#")[2]},
                "accept_invitation": {"token": link.partition("#")[2]},
                "confirm_second_factor": {"code": secret and code_of(secret, step - 1)},
                "remove_second_factor": {"code": secret and code_of(secret, step)},
                "start_experiment": {"share": 0.05},
                "choose_hit": {"search_id": number},
            }
            sent = example | changed.get(name, {})
            where = path.replace("{name}", "louder-tail").replace("{key_id}", admin.get("/keys").json()[0]["id"])
            who = asker if name in order else admin
            if name not in order:
                client.cookies.clear()
            answer = who(method, where.removeprefix(PREFIX), json=sent, headers=session)
            assert answer.status_code < 300, (name, answer.text)
            described[path][method.lower()].validate_response(answer)
            if name == "begin_second_factor":
                secret = answer.json()["secret"]
            elif name in order and name != first[0]:
                session = {"X-CSRF-Token": answer.json()["csrf"]}


@pytest.mark.parametrize("which", ["keys", "accounts", "invitations", "experiments"])
def test_lists_that_grow_are_given_in_parts(client, which):
    admin, access = Asker(client, "admin"), client.app.state.service.app.access
    for number in range(3):
        key_of(client, "analyst", scopes=[])
        access.accounts.create(f"{which}-{number}", role="analyst")
        access.invitations.invite(role="analyst")
        variants = [{"name": "a"}, {"name": "b", "parameters": {"familiar_ratio": 0.9}}]
        asked = {"name": f"{which}-{number}", "metric": "clicks", "variants": variants}
        assert admin.post("/experiments", asked).status_code == 201
    seen, path = [], f"/{which}?count=2"
    while path:
        answer = admin.get(path)
        assert len(answer.json()) <= 2
        seen += [each["id"] for each in answer.json()]
        path = answer.links.get("next", {}).get("url", "").removeprefix(PREFIX)
    assert seen == [each["id"] for each in admin.get(f"/{which}").json()]
    assert len(seen) >= 3


def test_the_audit_log_is_given_in_parts(client):
    admin = Asker(client, "admin")
    for _ in range(3):
        first = admin.get("/audit?count=1&what=audit.read")
    rest = admin.get(first.links["next"]["url"].removeprefix(PREFIX))
    moments = [each["at"] for each in first.json()["records"] + rest.json()["records"]]
    assert moments == sorted(set(moments), reverse=True)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_nothing_that_is_sent_makes_it_fail(api, mode):
    schema = schemathesis.openapi.from_asgi(f"{PREFIX}/openapi.json", api)
    wrong = []
    with get_client(api) as session:
        _, token = api.state.service.app.access.keys.create("admin", role="admin")
        for found in schema.get_all_operations():
            operation = found.ok()

            @given(case=operation.as_strategy(generation_mode=mode))
            @settings(
                max_examples=EXAMPLES,
                derandomize=True,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            def send(case):
                answer = case.call(session=session, headers={"Authorization": f"Bearer {token}"})
                case.validate_response(answer, checks=CHECKS)

            try:
                send()
            except Unsatisfiable:  # without parameters there is nothing that could be wrong
                assert mode is GenerationMode.NEGATIVE
            except Exception as error:  # noqa: BLE001
                wrong.append(f"{operation.label}: {error}"[:1500])
    assert not wrong, "\n\n".join(wrong)
