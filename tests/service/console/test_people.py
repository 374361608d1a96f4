"""Keys and accounts: made, used, revoked, as the API sees it."""

import re

import httpx


def test_a_key_is_shown_once_works_and_is_void_when_revoked(served, visit):
    page = visit("/people")
    page.get_by_text("No program gets in yet.").wait_for()
    form = page.locator("#key")
    form.get_by_label("Name").fill("scrobbler")
    form.get_by_label("Role").select_option("listener")
    form.get_by_placeholder("source:name").fill("test:calm-3")
    form.get_by_role("button").click()
    token = page.locator(".token").inner_text()
    assert re.fullmatch(r"ml_[0-9a-f]{16}_[\w-]{43}", token)
    (key,) = served.get("/keys")
    assert (key["name"], key["role"], key["user_id"]) == ("scrobbler", "listener", "test:calm-3")
    ask = lambda: httpx.get(f"{served.address}/api/v1/history", headers={"X-API-Key": token}).status_code  # noqa: E731
    assert ask() == 200
    page.get_by_role("button", name="Revoke the key scrobbler").click()
    page.get_by_text("revoked", exact=True).wait_for()
    assert ask() == 401
    page.reload()
    page.get_by_text("scrobbler").wait_for()
    assert token not in page.content()


def test_what_is_refused_stands_beside_the_form(visit):
    page = visit("/people")
    page.locator("#key").get_by_label("Name").fill("nobody's")
    page.locator("#key").get_by_label("Role").select_option("listener")
    bound = page.locator("#key").get_by_placeholder("source:name")
    page.locator("#key").get_by_role("button").click()
    assert bound.evaluate("each => each.validity.valueMissing")  # the browser says so, and nothing is sent
    bound.fill("nobody at all")
    page.locator("#key").get_by_role("button").click()
    page.locator(".problem-place .failed").wait_for()
    page.locator("#key").get_by_label("Role").select_option("service")
    assert not page.locator("#key").get_by_placeholder("source:name").is_visible()


def test_an_invitation_is_made_and_withdrawn(served, visit):
    page = visit("/people")
    page.locator("#invite").get_by_label("Role").select_option("analyst")
    page.locator("#invite").get_by_role("button").click()
    link = page.locator(".token").inner_text()
    assert link.startswith(f"{served.address}/invitation#mli_")
    (open_link,) = served.get("/invitations")
    assert open_link["role"] == "analyst"
    page.get_by_role("button", name=re.compile("Withdraw the link")).click()
    page.locator("#invitations table").wait_for(state="detached")
    assert served.get("/invitations") == []


def test_an_account_is_disabled_and_enabled_again(served, visit):
    def ann():
        return next(each for each in served.get("/accounts") if each["name"] == "ann")

    page = visit("/people")
    page.get_by_role("button", name="Disable ann").click()
    page.get_by_role("button", name="Enable ann").wait_for()
    assert ann()["disabled_at"]
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Disable ann").wait_for()
    assert ann()["disabled_at"] is None
    page.get_by_role("button", name="Disable ada").click()
    page.get_by_text("is the last admin").wait_for()
