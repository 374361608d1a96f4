"""One's own account: sessions listed and ended, a password changed, as the API sees it."""

import httpx

from ml.service.gate import COOKIE


def another(served, name):
    """Log in once more, from elsewhere."""
    account = served.app.access.accounts.find(name)
    session, token, _ = served.app.access.sessions.open(account)
    return session.id, lambda: httpx.get(f"{served.address}/api/v1/session", cookies={COOKIE: token}).status_code


def test_one_of_several_sessions_is_ended(served, visit):
    gone, asks = another(served, "ann")
    _, stays = another(served, "ann")
    page = visit("/account", "ann")
    page.get_by_text("this browser", exact=True).wait_for()
    assert page.locator("#sessions tbody tr").count() == 3
    page.locator(f"#end-{gone}").click()
    page.get_by_text("Logged out there").wait_for()
    page.locator(f"#end-{gone}").wait_for(state="detached")
    assert (asks(), stays()) == (401, 200)
    assert len(served.get("/sessions", "ann")) == 2


def test_everywhere_else_and_everywhere(served, visit):
    _, asks = another(served, "lis")
    page = visit("/account", "lis")
    page.get_by_role("button", name="Log out everywhere else").click()
    page.get_by_text("You are logged in here only").wait_for()
    page.locator("#others").wait_for(state="detached")
    assert asks() == 401
    assert [each["here"] for each in served.get("/sessions", "lis")] == [True]
    page.get_by_role("button", name="Log out everywhere").click()
    page.wait_for_url("**/login*")
    assert served.app.access.sessions.list(served.app.access.accounts.find("lis")) == []


def test_a_password_is_changed_where_everybody_finds_it(served, visit):
    page = visit("/account", "ann")
    form = page.locator("#password")
    form.get_by_label("Old password").fill("wrong")
    form.get_by_label("New password").fill("another long phrase 8")
    form.get_by_role("button").click()
    page.locator(".problem-place .failed").wait_for()
    form.get_by_label("Old password").fill("a long enough phrase 7")
    form.get_by_role("button").click()
    page.get_by_text("The password is changed").wait_for()
    assert form.get_by_label("Old password").input_value() == ""
    assert served.app.access.accounts.verify("ann", "another long phrase 8")
