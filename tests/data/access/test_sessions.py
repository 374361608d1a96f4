"""Sessions: over by time, by hand, and by nothing else."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from ml.data.access import ROLES
from ml.data.access.sessions import Sessions
from ml.data.schema import accounts, sessions
from ml.foundation.errors import Forbidden, NotAuthenticated

from .conftest import PASSWORD


@pytest.fixture
def anna(access):
    return access.accounts.create("anna", role="analyst", password=PASSWORD)


def over(access, cookie):
    with pytest.raises(NotAuthenticated) as caught:
        access.sessions.authenticate(cookie)
    return str(caught.value)


def test_a_session_says_who_is_logged_in(access, other, anna):
    session, cookie, _ = access.sessions.open(anna)
    who = other.sessions.authenticate(cookie)
    assert (who.kind, who.id, who.name, who.role) == ("session", f"account:{anna.id}", "anna", "analyst")
    assert who.scopes == ROLES["analyst"]
    assert session.id in cookie
    assert access.sessions.list(anna) == [session]


def test_each_log_in_has_tokens_of_its_own(access, anna):
    opened = [access.sessions.open(anna) for _ in range(5)]
    assert len({cookie for _, cookie, _ in opened}) == len({csrf for _, _, csrf in opened}) == 5
    assert all(access.sessions.authenticate(cookie) for _, cookie, _ in opened)


def test_it_ends_after_half_an_hour_without_a_request(access, other, clock, anna):
    _, cookie, _ = access.sessions.open(anna)
    for _ in range(5):
        clock.forward(minutes=29)
        assert other.sessions.authenticate(cookie), "it was seen, by whichever process"
    clock.forward(minutes=30)
    over(access, cookie)
    assert access.sessions.list(anna) == []


def test_it_ends_after_twelve_hours_whatever_happens_in_it(access, clock, anna):
    session, cookie, _ = access.sessions.open(anna)
    for _ in range(12 * 3 - 1):
        clock.forward(minutes=20)
        assert access.sessions.authenticate(cookie)
    clock.forward(s=20 * 60 - 0.001)
    assert access.sessions.authenticate(cookie)
    clock.forward(s=0.001)
    assert clock.now == session.ends_at.timestamp() * 1000
    over(access, cookie)


def test_shorter_times_hold_for_sessions_that_are_open(access, store, clock, anna):
    _, cookie, _ = access.sessions.open(anna)
    clock.forward(minutes=6)
    with pytest.raises(NotAuthenticated):
        Sessions(store, idle_minutes=5, clock=clock).authenticate(cookie)
    assert access.sessions.authenticate(cookie)


def test_what_is_closed_is_over_at_once_in_every_process(access, other, anna):
    (_, first, _), (_, second, _) = access.sessions.open(anna), access.sessions.open(anna)
    access.sessions.close(first)
    over(other, first)
    assert other.sessions.authenticate(second)
    access.sessions.close(first)
    access.sessions.close("no token")


def test_all_sessions_of_an_account_end_and_of_no_other(access, other, anna):
    bert = access.accounts.create("bert", role="admin", password=PASSWORD)
    _, kept, _ = access.sessions.open(bert)
    cookies = [access.sessions.open(anna)[1] for _ in range(3)]
    assert other.sessions.close_all(anna) == 3
    for cookie in cookies:
        over(access, cookie)
    assert access.sessions.authenticate(kept)


def test_a_disabled_account_is_out_whoever_disabled_it(access, store, anna):
    _, cookie, _ = access.sessions.open(anna)
    with store.write() as connection:
        connection.execute(accounts.update().values(disabled_at=1))
    over(access, cookie)


def test_one_of_several_is_ended_by_its_owner_alone(access, other, anna):
    bert = access.accounts.create("bert", role="admin", password=PASSWORD)
    (first, cookie, _), (second, kept, _) = access.sessions.open(anna), access.sessions.open(anna)
    assert not access.sessions.end(bert, first.id)
    assert other.sessions.end(anna, first.id)
    assert not other.sessions.end(anna, first.id)
    assert not other.sessions.end(anna, "\0")
    over(access, cookie)
    assert access.sessions.authenticate(kept)
    assert access.sessions.list(anna) == [second]


def test_the_id_alone_closes_and_opens_nothing(access, anna):
    session, cookie, _ = access.sessions.open(anna)
    guess = f"mls_{session.id}_{'x' * 43}"
    access.sessions.close(guess)
    assert over(access, guess) == over(access, cookie.replace("mls_", "ml_")) == over(access, "")
    assert access.sessions.authenticate(cookie)


def test_what_is_over_is_deleted_by_the_way(access, store, clock, anna):
    for _ in range(3):
        access.sessions.open(anna)
    clock.forward(hours=1)
    access.sessions.open(anna)
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(sessions)).scalar_one() == 1


def test_a_form_needs_the_token_of_its_session(access, anna):
    (_, cookie, csrf), (_, other_cookie, other_csrf) = access.sessions.open(anna), access.sessions.open(anna)
    access.sessions.check_csrf(cookie, csrf)
    access.sessions.check_csrf(other_cookie, other_csrf)
    assert access.sessions.csrf_token(cookie) == csrf
    assert csrf not in cookie
    for wrong in (other_csrf, "", cookie, csrf[:-1], f"{csrf}x", "ä", "\ud800"):
        with pytest.raises(Forbidden):
            access.sessions.check_csrf(cookie, wrong)
    with pytest.raises(NotAuthenticated):
        access.sessions.check_csrf("", csrf)


def test_a_listener_is_found_by_the_session(access, listeners):
    account = access.accounts.create("anna", role="listener", password=PASSWORD, user_id="anna")
    _, cookie, _ = access.sessions.open(account)
    who = access.sessions.authenticate(cookie)
    assert (who.user_id, who.user_key, who.scopes) == ("local:anna", 77, ROLES["listener"])


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text() | st.from_regex(r"mls_[0-9a-f]{16}_[A-Za-z0-9_-]{43}", fullmatch=True))
def test_no_text_is_a_session(access, text):
    over(access, text)


def test_a_clock_set_forward_ends_what_is_too_old_by_it(access, clock, anna):
    _, cookie, _ = access.sessions.open(anna)
    clock.forward(hours=13)
    over(access, cookie)


@pytest.mark.parametrize("minutes", [5, 180, 60 * 24 * 365])
def test_a_clock_set_back_makes_no_session_live_longer(access, clock, anna, minutes):
    _, cookie, _ = access.sessions.open(anna)
    clock.forward(minutes=-minutes)
    assert access.sessions.list(anna) == []
    over(access, cookie)
    access.sessions.open(anna)
    clock.forward(minutes=minutes)
    over(access, cookie)  # also when the clock has come to where it was: the next log-in took it away


def test_a_clock_that_is_put_right_by_a_little_throws_nobody_out(access, clock, anna):
    _, cookie, _ = access.sessions.open(anna)
    clock.forward(minutes=-2)
    assert access.sessions.authenticate(cookie).name == "anna"


def test_it_is_over_too_where_it_was_only_seen_later_than_now(access, clock, anna):
    _, cookie, _ = access.sessions.open(anna)
    clock.forward(minutes=25)
    assert access.sessions.authenticate(cookie)
    clock.forward(minutes=-20)  # later than it began, and earlier than it was seen
    over(access, cookie)
