"""Keys: shown once, narrow, rotated, revoked at once everywhere."""

import re
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from ml.data.access import ROLES, SCOPES
from ml.data.access.keys import LONGEST_OVERLAP_S
from ml.data.access.tokens import Token
from ml.data.schema import api_keys, users
from ml.foundation.errors import AmbiguousId, BadInput, NotAuthenticated, UnknownId

FORM = re.compile(r"ml_[0-9a-f]{16}_[A-Za-z0-9_-]{43}")


def refused(access, token):
    with pytest.raises(NotAuthenticated) as caught:
        access.keys.authenticate(token)
    return str(caught.value)


def test_a_key_lets_in_with_its_role_and_no_more(access):
    key, token = access.keys.create("navidrome", role="service", scopes=["events:write", "search:read"])
    assert FORM.fullmatch(token)
    assert token.split("_")[1] == key.id
    who = access.keys.authenticate(token)
    assert (who.kind, who.id, who.name, who.role) == ("key", f"key:{key.id}", "navidrome", "service")
    assert who.scopes == {"events:write", "search:read"} == key.scopes
    assert (who.user_id, who.user_key) == (None, None)
    everything, all_token = access.keys.create("all", role="service")
    assert access.keys.authenticate(all_token).scopes == ROLES["service"] == everything.scopes


def test_two_keys_have_nothing_in_common(access):
    tokens = {access.keys.create("same name", role="service")[1] for _ in range(20)}
    assert len({token[20:] for token in tokens}) == 20
    assert len({token[:19] for token in tokens}) == 20


def test_whatever_is_wrong_with_it_the_answer_is_the_same(access, clock):
    _, good = access.keys.create("good", role="service")
    revoked, gone = access.keys.create("revoked", role="service")
    access.keys.revoke(revoked.id)
    _, late = access.keys.create("late", role="service", expires_at_ms=clock.now + 1000)
    clock.forward(s=1)
    swapped = f"{good[:-1]}{'A' if good[-1] != 'A' else 'B'}"
    mixed = f"{good[:19]}{gone[19:]}"
    unknown = f"ml_{'0' * 16}{good[19:]}"
    other_kind = good.replace("ml_", "mls_", 1)
    said = {
        refused(access, token)
        for token in (gone, late, swapped, mixed, unknown, other_kind, good.upper(), f"{good} ", "", "ml_", "\0", None)
    }
    assert len(said) == 1
    assert access.keys.authenticate(good)


def test_it_expires_at_the_moment_that_was_said(access, clock):
    _, token = access.keys.create("late", role="service", expires_at_ms=clock.now + 1000)
    clock.forward(s=0.999)
    assert access.keys.authenticate(token)
    clock.forward(s=0.001)
    refused(access, token)
    assert [key.state for key in access.keys.list()] == ["expired"]


def test_what_is_revoked_is_refused_by_the_next_request_in_every_process(access, other):
    key, token = access.keys.create("navidrome", role="service")
    assert other.keys.authenticate(token)
    assert access.keys.revoke(key.id).state == "revoked"
    refused(other, token)
    refused(access, token)
    assert other.keys.list()[0].state == "revoked"
    assert access.keys.revoke(key.id) == other.keys.list()[0], "doing it again changes nothing"


def test_a_token_that_got_about_names_its_key(access):
    key, token = access.keys.create("leaked", role="service")
    assert access.keys.revoke(token).id == key.id
    refused(access, token)


def test_rotation_lets_the_old_secret_live_as_long_as_was_said(access, other, clock):
    key, old = access.keys.create("navidrome", role="service", scopes=["search:read"])
    rotated, new = access.keys.rotate(key.id, overlap_s=60)
    assert rotated.id == key.id
    assert new.split("_")[1] == old.split("_")[1]
    assert new != old
    for token in (old, new):
        assert other.keys.authenticate(token).scopes == {"search:read"}
    clock.forward(s=59.999)
    assert access.keys.authenticate(old)
    clock.forward(s=0.001)
    refused(access, old)
    assert access.keys.authenticate(new)


def test_rotation_without_overlap_ends_the_old_secret_at_once(access):
    key, old = access.keys.create("navidrome", role="service")
    _, new = access.keys.rotate(key.id)
    refused(access, old)
    assert access.keys.authenticate(new)


def test_a_second_rotation_ends_the_overlap_of_the_first(access):
    key, first = access.keys.create("navidrome", role="service")
    _, second = access.keys.rotate(key.id, overlap_s=3600)
    _, third = access.keys.rotate(key.id, overlap_s=3600)
    refused(access, first)
    assert access.keys.authenticate(second)
    assert access.keys.authenticate(third)


def test_revoking_ends_the_overlap_too(access):
    key, old = access.keys.create("navidrome", role="service")
    _, new = access.keys.rotate(key.id, overlap_s=3600)
    access.keys.revoke(key.id)
    refused(access, old)
    refused(access, new)


def test_an_overlap_outlives_no_key(access, clock):
    key, old = access.keys.create("late", role="service", expires_at_ms=clock.now + 10_000)
    _, new = access.keys.rotate(key.id, overlap_s=3600)
    clock.forward(s=10)
    refused(access, old)
    refused(access, new)


def test_what_is_over_is_not_rotated(access, clock):
    revoked, _ = access.keys.create("revoked", role="service")
    access.keys.revoke(revoked.id)
    late, _ = access.keys.create("late", role="service", expires_at_ms=clock.now + 1)
    clock.forward(s=1)
    for key, state in ((revoked, "revoked"), (late, "expired")):
        with pytest.raises(BadInput, match=f"is {state}"):
            access.keys.rotate(key.id)


@pytest.mark.parametrize("overlap_s", [-1, LONGEST_OVERLAP_S + 1, float("nan"), float("inf")])
def test_an_overlap_has_bounds(access, overlap_s):
    key, _ = access.keys.create("navidrome", role="service")
    with pytest.raises(BadInput, match="overlap_s"):
        access.keys.rotate(key.id, overlap_s=overlap_s)


@pytest.mark.parametrize("id_", ["", "0" * 16, "nobody", "\0", "' OR 1=1 --", "ml_x", "\ud800"])
def test_an_unknown_key_is_said_to_be_so(access, id_):
    access.keys.create("another", role="service")
    for verb in (access.keys.revoke, access.keys.rotate):
        with pytest.raises(UnknownId, match="no key"):
            verb(id_)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"role": "root"}, "no role 'root'"),
        ({"role": "service", "scopes": ["keys:wrte"]}, "no scope 'keys:wrte'"),
        ({"role": "service", "scopes": ["keys:write"]}, "never has 'keys:write'"),
        ({"role": "service", "scopes": "search:read"}, "scopes = 'search:read'"),
        ({"role": "service", "user_id": "local:anna"}, "bound to no listener"),
        ({"role": "listener"}, "of one listener"),
        ({"role": "listener", "user_id": "somebody"}, "not an outside id"),
        ({"role": "service", "expires_at_ms": 5}, "expired already"),
    ],
)
def test_what_no_key_can_be_is_refused_and_leaves_nothing(access, options, said):
    with pytest.raises(BadInput, match=said):
        access.keys.create("wrong", **options)
    assert access.keys.list() == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb", "a\0b", "\x1b[31m", "\ud800", "\u202e"])
def test_a_name_is_something_that_prints(access, name):
    with pytest.raises(BadInput, match="no name"):
        access.keys.create(name, role="service")


def test_a_listeners_key_is_of_the_whole_id_for_good(access, listeners, store):
    key, token = access.keys.create("phone", role="listener", user_id="anna")
    assert key.user_id == "local:anna"
    assert access.keys.authenticate(token).user_key == 77
    with store.write() as connection:  # somebody comes whom the short form, and even the long one, could mean too
        connection.execute(users.insert().values(key=90, source="other", external_id="anna"))
        connection.execute(users.insert().values(key=91, source="other", external_id="local:anna"))
        connection.execute(users.delete().where(users.c.key == 77))
    assert (access.keys.authenticate(token).user_id, access.keys.authenticate(token).user_key) == ("local:anna", None)
    with store.write() as connection:
        connection.execute(users.insert().values(key=92, source="local", external_id="anna"))
    assert access.keys.authenticate(token).user_key == 92
    with pytest.raises(AmbiguousId):
        access.keys.create("phone", role="listener", user_id="anna")


@pytest.mark.parametrize("short", ["2", "user/2", "hetrec:user/2"])
def test_a_short_form_is_resolved_when_the_binding_is_made(access, listeners, short):
    key, token = access.keys.create("phone", role="listener", user_id=short)
    assert key.user_id == "hetrec:user/2"
    assert access.keys.authenticate(token).user_key == 78


def test_a_listener_of_whom_nothing_is_stored_has_no_key_yet(access):
    _, token = access.keys.create("phone", role="listener", user_id="local:new")
    who = access.keys.authenticate(token)
    assert (who.user_id, who.user_key) == ("local:new", None)


def test_a_scope_that_a_role_lost_is_gone_from_its_keys(access, monkeypatch):
    _, token = access.keys.create("navidrome", role="service", scopes=["events:write", "search:read"])
    monkeypatch.setitem(ROLES, "service", frozenset({"search:read"}))
    assert access.keys.authenticate(token).scopes == {"search:read"}


def test_the_last_use_is_remembered_to_the_minute(access, store, clock):
    _, token = access.keys.create("navidrome", role="service")

    def used():
        return access.keys.list()[0].used_at

    assert used() is None
    access.keys.authenticate(token)
    first = used()
    assert first.timestamp() * 1000 == clock.now
    clock.forward(s=59)
    access.keys.authenticate(token)
    assert used() == first
    clock.forward(s=1)
    access.keys.authenticate(token)
    assert (used() - first).total_seconds() == 60
    clock.forward(hours=-5)  # a clock that is set back
    access.keys.authenticate(token)
    assert used() < first


def test_who_may_come_in_waits_for_no_writer(access, store):
    _, token = access.keys.create("navidrome", role="service")
    answers = []
    with store.write() as connection:  # as an import does
        connection.execute(users.insert().values(key=1, source="a", external_id="b"))
        thread = threading.Thread(target=lambda: answers.append(access.keys.authenticate(token)))
        thread.start()
        thread.join(timeout=20)
        assert answers, "it waits for the writer"
    assert access.keys.list()[0].used_at is None
    access.keys.authenticate(token)
    assert access.keys.list()[0].used_at is not None


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text() | st.from_regex(r"ml_[0-9a-f]{16}_[A-Za-z0-9_-]{43}", fullmatch=True) | st.binary())
def test_no_text_opens_the_door(access, text):
    refused(access, text)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    role=st.sampled_from(sorted(set(ROLES) - {"listener"})), scopes=st.sets(st.sampled_from(sorted(SCOPES)), max_size=6)
)
def test_a_key_holds_what_was_asked_or_is_refused(access, role, scopes):
    if scopes <= ROLES[role]:
        key, token = access.keys.create("key", role=role, scopes=scopes)
        assert access.keys.authenticate(token).scopes == key.scopes == (scopes or ROLES[role])
    else:
        with pytest.raises(BadInput):
            access.keys.create("key", role=role, scopes=scopes)


def test_the_store_has_hashes_only(access, store):
    key, token = access.keys.create("navidrome", role="service")
    _, new = access.keys.rotate(key.id, overlap_s=60)
    with store.read() as connection:
        row = connection.execute(select(api_keys)).one()
    kept = " ".join(str(value) for value in row)
    for each in (token, new):
        assert Token.read("ml", each).secret not in kept
        assert Token.read("ml", each).hash in kept
