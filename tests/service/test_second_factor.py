"""A code beside the password, over HTTP: set up, asked for, lost, and needed by admins."""

import time

import pytest
from tests.service.conftest import Asker, key_of
from tests.service.test_written_down import written

from ml.data.access.one_time_codes import STEP_MS, code_of
from ml.service.cookies import PLAIN

PASSWORD = "a long enough phrase 7"
NAME = {"name": "ada", "password": PASSWORD}


def ada_of(client, name="ada", role="admin"):
    client.app.state.service.app.access.accounts.create(name, role=role, password=PASSWORD)
    return logged_in(client, name)


def logged_in(client, name="ada", **code):
    client.cookies.clear()
    asker = Asker(client)
    begun = asker.post("/session", {"name": name, "password": PASSWORD, **code})
    assert begun.status_code == 201, begun.text
    asker.headers = {"X-CSRF-Token": begun.json()["csrf"]}
    return asker


class Phone:
    """An app with a secret, whose clock somebody has set some steps ahead."""

    def __init__(self, secret):
        self.secret, self.ahead = secret, -2

    def code(self):
        """Give a code that was not used yet and counts."""
        self.ahead += 1
        return code_of(self.secret, time.time_ns() // 1_000_000 // STEP_MS + self.ahead)


@pytest.fixture
def ada(client):
    return ada_of(client)


def set_up(asker):
    begun = asker.post("/session/second-factor", {"password": PASSWORD})
    assert begun.status_code == 201, begun.text
    phone = Phone(begun.json()["secret"])
    done = asker("PUT", "/session/second-factor", json={"code": phone.code()})
    assert done.status_code == 200, done.text
    asker.headers = {"X-CSRF-Token": done.json()["csrf"]}
    return phone, done.json()["codes"]


def test_once_set_up_it_is_asked_for(client, ada):
    before = client.cookies[PLAIN]
    phone, _ = set_up(ada)
    assert ada.get("/session/second-factor").json() == {"on": True, "recovery_codes": 8}
    assert ada.post("/invitations", {"role": "analyst"}).status_code == 201  # the new session goes on
    client.cookies.clear()
    client.cookies.set(PLAIN, before)
    assert Asker(client).get("/session").status_code == 401  # sessions from before do not
    client.cookies.clear()
    asked = Asker(client).post("/session", NAME)
    assert (asked.status_code, asked.json()["second_factor"]) == (401, True)
    wrong = Asker(client).post("/session", NAME | {"password": "wrong"})
    assert "second_factor" not in wrong.json()
    code = phone.code()
    assert logged_in(client, code=code).get("/keys").status_code == 200
    client.cookies.clear()
    assert Asker(client).post("/session", NAME | {"code": code}).status_code == 401


def test_who_has_lost_the_app_gets_in_by_a_code_on_paper(client, ada):
    _, codes = set_up(ada)
    again = logged_in(client, code=codes[0])
    assert again.get("/session/second-factor").json()["recovery_codes"] == 7
    gone = again.post("/session/second-factor/removal", {"password": PASSWORD, "code": codes[1]})
    assert gone.status_code == 200
    logged_in(client)


def test_what_a_session_alone_does_not_change(client, ada):
    assert ada.post("/session/second-factor", {"password": "wrong"}).status_code == 403
    phone, _ = set_up(ada)
    for body in ({"password": PASSWORD, "code": "000000"}, {"password": "no", "code": phone.code()}):
        assert ada.post("/session/second-factor/removal", body).status_code == 403
    changed = {"old": PASSWORD, "new": "another long phrase 8"}
    assert ada("PUT", "/session/password", json=changed).status_code == 403
    assert ada("PUT", "/session/password", json=changed | {"code": phone.code()}).status_code == 200


def test_a_link_for_another_password_does_not_lead_past_it(client, ada):
    phone, _ = set_up(ada)
    _, token = client.app.state.service.app.access.invitations.reset("ada")
    client.cookies.clear()
    answer = Asker(client).post("/invitation", {"token": token, "name": "ada", "password": "another long phrase 8"})
    assert answer.status_code == 204
    assert "set-cookie" not in answer.headers
    new = NAME | {"password": "another long phrase 8"}
    assert Asker(client).post("/session", new).status_code == 401
    assert Asker(client).post("/session", new | {"code": phone.code()}).status_code == 201


def test_an_admin_takes_it_away_from_who_has_lost_everything(client, ada):
    ann = ada_of(client, "ann", "analyst")
    set_up(ann)
    cookie = client.cookies[PLAIN]
    admin = Asker(client, "admin")
    client.cookies.clear()
    assert admin.delete("/accounts/ann/second-factor").json() == {"on": False, "recovery_codes": 0}
    client.cookies.set(PLAIN, cookie)
    assert ann.get("/session").status_code == 401
    logged_in(client, "ann")
    results = [each["result"] for each in written(client, "accounts.second_factor.reset")]
    assert results == ["begun", "ok"]
    assert Asker(client, "analyst").delete("/accounts/ada/second-factor").status_code == 403


def test_where_admins_need_one_they_do_nothing_before(serve):
    client = serve()
    service = client.app.state.service
    service.gate._admins_need_a_factor = True
    ada = ada_of(client)
    refused = ada.get("/keys")
    assert refused.status_code == 403
    assert refused.json()["hint"] == "set one up, on the page of your account"
    assert client.get("/people", follow_redirects=False).headers["location"] == "/account"
    assert client.get("/account").status_code == 200
    assert ada.get("/session").status_code == 200
    set_up(ada)
    assert ada.get("/keys").status_code == 200
    assert client.get("/people").status_code == 200
    assert Asker(client, "admin").get("/keys").status_code == 200  # keys are no passwords
    assert ada_of(client, "ann", "analyst").get("/models").status_code == 200


def test_a_key_has_none(client):
    admin = Asker(client)
    admin.headers = {"X-API-Key": key_of(client, "admin")}
    assert admin.get("/session/second-factor").json() == {"on": False, "recovery_codes": 0}
    assert admin.post("/session/second-factor", {"password": PASSWORD}).status_code == 403


def test_no_secret_is_written_down(client, ada, caplog):
    caplog.set_level("DEBUG", "ml")
    phone, codes = set_up(ada)
    log = client.app.state.service.audit
    log.flush()
    everything = caplog.text + "".join(each.read_text() for each in log.folder.rglob("*.jsonl"))
    assert "accounts.second_factor.set" in everything
    for secret in (phone.secret, *codes):
        assert secret not in everything
