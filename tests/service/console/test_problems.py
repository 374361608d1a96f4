"""What pages say when something goes wrong: in their language, as long as it holds, and with nothing typed lost."""

import pytest


def test_where_no_page_is_there_is_one_that_leads_on(visit):
    page = visit("/nowhere", locale="de-DE")
    page.get_by_role("heading", name="Diese Seite gibt es nicht").wait_for()
    page.get_by_role("link", name="Musik suchen").click()
    page.get_by_role("heading", name="Suche", exact=True).wait_for()


def test_whoever_is_not_logged_in_is_told_no_more(visit):
    page = visit("/nowhere", None)
    assert page.get_by_role("link", name="To the log-in").get_attribute("href") == "/login"
    assert page.locator("nav[aria-label=Pages]").count() == 0


@pytest.mark.parametrize(
    ("locale", "said"), [("de-DE", "der Schlüssel wäre schon abgelaufen"), ("en-US", "expired already")]
)
def test_what_the_api_refuses_is_said_in_the_language_of_the_page(visit, locale, said):
    page = visit("/people", locale=locale)
    page.locator("#key [name=name]").fill("old")
    page.locator("#key [name=role]").select_option("analyst")
    page.locator("#key [name=expires_at]").fill("2020-01-01")
    page.locator("#key button.main").click()
    page.locator(".failed").get_by_text(said).wait_for()


def test_what_is_said_of_an_upload_is_gone_when_it_fails(visit, tmp_path):
    page = visit("/search")
    page.locator("#file").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"})
    page.locator("#found .failed").wait_for()
    assert page.locator("#said").inner_text() == ""


def test_an_error_in_passing_stays_until_something_else_is_done(served, visit):
    page = visit("/people")
    row = page.locator("#accounts tr", has_text="ada")
    row.get_by_role("button").click()  # the last admin
    alert = page.get_by_role("alert").get_by_text("last admin")
    alert.wait_for()
    page.locator("#accounts tr", has_text="ann").get_by_role("button").click()
    page.get_by_role("status").get_by_text("Changed").wait_for()
    assert alert.count() == 0
    served.app.access.accounts.enable("ann")


def test_a_session_that_ends_in_the_middle_of_a_form_takes_nothing_that_was_typed(served, visit):
    page = visit("/people", "ada")
    page.locator("#key [name=name]").fill("a long name that was typed")
    page.locator("#key [name=role]").select_option("analyst")
    served.app.access.sessions.close(served.cookie("ada"))
    del served.cookies["ada"]
    page.locator("#key button.main").click()
    page.locator(".problem-place .failed").get_by_text("Your session is over").wait_for()
    assert page.locator("#key [name=name]").input_value() == "a long name that was typed"
    assert page.get_by_role("link", name="Log in").get_attribute("target") == "_blank"
    cookie = served.cookie("ada")
    page.context.add_cookies([{"name": "ml_session", "value": cookie, "url": served.address}])
    page.locator("#key button.main").click()
    page.locator("#made .token").wait_for()


def test_times_are_of_whoever_reads_and_in_utc_beside(served, visit):
    page = visit("/audit", timezone_id="Asia/Tokyo")
    shown = page.locator("#records time").first
    shown.wait_for()
    at, title, words = shown.get_attribute("datetime"), shown.get_attribute("title"), shown.inner_text()
    assert title == f"{at[:19].replace('T', ' ')} UTC"
    hour = (int(at[11:13]) + 9) % 24
    assert f"{hour % 12 or 12}:{at[14:16]}:{at[17:19]}" in words


def test_no_placeholder_of_the_audit_page_is_cut_off_on_a_phone(visit):
    page = visit("/audit", locale="de-DE", viewport={"width": 390, "height": 844})
    page.locator("#records tbody tr").first.wait_for()
    for name in ("who", "what", "user_id"):
        assert page.locator(f"#filter [name={name}]").bounding_box()["width"] >= 140
