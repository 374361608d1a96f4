"""A second factor: set up on the page of one's own account, asked for at the door, and removed."""

import io
import re
import time

import pytest
import segno
from tests.service.console.conftest import PASSWORD

from ml.data.access.one_time_codes import STEP_MS, code_of


def code(secret, ahead):
    return code_of(secret, time.time_ns() // 1_000_000 // STEP_MS + ahead)


def modules(path):
    """Which modules a path darkens, without the margin."""
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path)
    assert "".join(f"M{x} {y}h{n}v1h-{n}z" for x, y, n, _ in runs) == path
    return {(int(x) - 4 + i, int(y) - 4) for x, y, n, _ in runs for i in range(int(n))}


def dark(text):
    """Which modules are dark in the code of a text, by the library's own drawing."""
    picture = io.StringIO()
    segno.make_qr(text, error="q", boost_error=False).save(picture, kind="txt", border=0)
    rows = picture.getvalue().splitlines()
    return {(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module == "1"}


@pytest.fixture
def bea(served):
    """Somebody whose account these tests may change."""
    accounts = served.app.access.accounts
    if "bea" not in {each.name for each in accounts.list()}:
        accounts.create("bea", role="analyst", password=PASSWORD)
    yield served.cookie("bea")
    served.app.access.second_factors.remove(accounts.find("bea").id)
    served.cookies.pop("bea")


def test_a_second_factor_is_set_up_asked_for_and_removed(served, visit, bea):
    page = visit("/account", "bea")
    page.get_by_text("not set up").wait_for()
    begin = page.locator("#begin")
    begin.get_by_label("Password").fill("wrong")
    begin.get_by_role("button", name="Set up").click()
    page.get_by_text("do not go together").wait_for()
    begin.get_by_label("Password").fill(PASSWORD)
    begin.get_by_role("button", name="Set up").click()
    link = page.get_by_role("link", name="Open an app").get_attribute("href")
    assert modules(page.locator("svg.qr path").get_attribute("d")) == dark(link)
    shown = page.get_by_role("group", name="The key for your app").locator("code").inner_text()
    secret = shown.replace(" ", "")
    assert (
        page.get_by_role("link", name="Open an app").get_attribute("href").startswith("otpauth://totp/ml:bea?secret=")
    )
    page.locator("#confirm").get_by_label("Code of your app").fill(code(secret, -1))
    page.keyboard.press("Enter")
    codes = page.get_by_role("group", name="Recovery codes").locator("code").inner_text().split()
    assert len(codes) == 8
    assert all(re.fullmatch(r"[a-z2-7]{6}(-[a-z2-7]{6}){3}", each) for each in codes)
    page.get_by_role("button", name="I have written them down").click()
    page.get_by_text("Recovery codes left: 8.").wait_for()
    account = served.app.access.accounts.find("bea")
    assert served.app.access.second_factors.state(account.id).on
    page.get_by_role("button", name="Log out", exact=True).click()
    page.wait_for_url("**/login")

    page.get_by_label("Name").fill("bea")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("six digits").wait_for()
    page.keyboard.type("000000")  # the field has the focus
    page.keyboard.press("Enter")
    page.locator(".failed").wait_for()
    page.get_by_label("Code of your app").fill(code(secret, 0))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Overview").wait_for()

    page.goto(f"{served.address}/account")
    remove = page.locator("#remove")
    remove.get_by_label("Password").fill(PASSWORD)
    remove.get_by_label("Code of your app").fill(codes[0])
    remove.get_by_role("button", name="Remove").click()
    page.get_by_text("not set up").wait_for()
    assert not served.app.access.second_factors.state(account.id).on


def confirm(served, name):
    """Give an account a second factor, as its page would."""
    account = served.app.access.accounts.find(name)
    secret = served.app.access.second_factors.begin(account.id, name).secret
    served.app.access.second_factors.confirm(account.id, code(secret, 0))
    return account


def test_who_lost_app_and_codes_is_helped_by_an_admin(served, visit, bea):
    account = confirm(served, "bea")
    page = visit("/people")
    reset = page.locator(f"#factor-{account.id}")
    reset.click()
    page.keyboard.press("Tab")  # away again: nothing was meant
    assert reset.inner_text() == "Reset the factor"
    assert served.app.access.second_factors.state(account.id).on
    reset.click()
    page.get_by_role("button", name="Really reset the second factor of bea").click()
    page.get_by_text("bea gets in with the password alone now").wait_for()
    reset.wait_for(state="detached")
    assert not served.app.access.second_factors.state(account.id).on
    assert {each["name"]: each["second_factor"] for each in served.get("/accounts")}["bea"] is False
    assert served.app.access.sessions.list(account) == []


def test_a_page_goes_on_where_the_session_became_another(served, visit, bea):
    page = visit("/account", "bea")
    page.get_by_text("not set up").wait_for()
    again = page.context.new_page()
    again.goto(f"{served.address}/account")
    form = again.locator("#password")
    form.get_by_label("Old password").fill(PASSWORD)
    form.get_by_label("New password").fill(PASSWORD)
    form.get_by_role("button").click()
    again.get_by_text("The password is changed").wait_for()
    page.get_by_role("button", name="Log out", exact=True).click()
    page.wait_for_url("**/login")
    assert served.app.access.sessions.list(served.app.access.accounts.find("bea")) == []


def test_a_listener_has_an_account_too(visit):
    page = visit("/account", "lis")
    page.get_by_role("heading", name="Account", exact=True).wait_for()
    page.get_by_text("not set up").wait_for()
