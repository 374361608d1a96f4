"""A listener's own data: given to them, and erased."""

from tests.service.conftest import Asker, key_of

ME = "test:calm-1"


def test_a_listener_gets_their_data_and_is_told_what_was_read_of_them(client):
    listener = Asker(client, "listener")
    listener.post("/feedback", {"item_id": "calm song 1", "event": "like"})
    listener.post("/search", {"text": "loud song"})
    listener.get("/listens")
    answer = listener.get("/listeners/export")
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    told = answer.json()
    assert (told["user_id"], told["profile"]) == (ME, {"name": "Name calm 1"})
    assert len(told["listens"]) == listener.get("/listens").json()["count"]
    assert [(row["title"], row["kind"]) for row in told["feedback"]] == [("calm song 1", "like")]
    assert [row["text"] for row in told["searches"]] == ["loud song"]
    assert {"events.record", "search.find", "history.read"} <= {row["what"] for row in told["audit"]}
    assert [row["name"] for row in told["keys"]] == ["listener"]
    token = listener.headers["Authorization"].split("_", 2)[2]
    assert token not in answer.text


def test_an_erasure_has_to_be_confirmed(client):
    listener = Asker(client, "listener")
    assert listener.delete("/listeners").status_code == 422
    refused = listener.delete("/listeners?confirm=calm-1")
    assert (refused.status_code, "confirmed" in refused.json()["detail"]) == (400, True)
    assert listener.get("/listens").json()["count"] == 20


def test_who_is_erased_is_gone_and_it_is_written_down_on_whom(client):
    app = client.app.state.service.app
    listener, admin = Asker(client, "listener"), Asker(client, "admin")
    listener.post("/search", {"text": "loud song"})
    key = app.listener_key(ME)
    receipt = listener.delete(f"/listeners?confirm={ME}")
    assert receipt.status_code == 200, receipt.text
    done = receipt.json()
    assert {"listens": 20, "users": 1, "subjects": 1, "api_keys": 1, "searches": 1}.items() <= done["rows"].items()
    assert done["taint"]["models"] == [app.model_card()["version"]]
    assert listener.get("/listens").status_code == 401
    assert admin.get(f"/listens?user_id={ME}").status_code == 404
    assert admin.get("/listens?user_id=test:calm-2").json()["count"] == 20
    found = admin.get("/audit?what=listeners.erase").json()
    records = found["records"] if isinstance(found, dict) else found
    assert [row["whom"] for row in records if row["result"] == "ok"] == [app.audit.pseudonym(key)]
    assert done["pseudonym"] == app.audit.pseudonym(key)


def test_an_admin_erases_others_and_a_program_does_not(client):
    program, admin = Asker(client, "service"), Asker(client, "admin")
    asked = "/listeners?user_id=test:loud-3&confirm=test:loud-3"
    assert program.get("/listeners/export?user_id=test:loud-3").json()["user_id"] == "test:loud-3"
    assert program.delete(asked).status_code == 403
    assert admin.delete(asked).json()["rows"]["listens"] == 20
    assert admin.delete(asked).status_code == 404


def test_who_comes_back_is_somebody_new(client):
    app = client.app.state.service.app
    before = app.listener_key(ME)
    Asker(client, "admin").delete(f"/listeners?user_id={ME}&confirm={ME}")
    new = Asker(client)
    new.headers = {"Authorization": f"Bearer {key_of(client, 'listener')}"}
    assert new.post("/events", {"item_id": "calm song 1", "event": "play"}).is_success
    assert len(new.get("/listeners/export").json()["listens"]) == 1
    assert app.listener_key(ME) != before
