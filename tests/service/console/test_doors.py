"""The ways in and out, as somebody at a keyboard takes them."""

from tests.service.console.conftest import PASSWORD


def test_logging_in_leads_where_one_wanted_to_go_and_out_ends_it(served, visit):
    page = visit("/audit?lang=en", name=None)
    assert page.url.endswith("/login?next=/audit%3Flang%3Den")
    page.locator("#login button:enabled").wait_for()
    page.keyboard.type("ada")  # the name has the focus
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    failed = page.locator(".failed")
    failed.wait_for()
    assert "do not go together" in failed.inner_text()
    assert failed.locator("code").inner_text()  # the request's id
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/audit?lang=en")
    assert served.get("/audit?what=sessions.begin&result=ok&count=1")["records"][0]["who"] == "account:1"
    page.get_by_role("button", name="Log out", exact=True).click()
    page.wait_for_url("**/login")
    page.goto(f"{served.address}/audit")
    assert "/login" in page.url


def test_no_address_leads_away_after_logging_in(served, visit):
    page = visit("/login?next=https://elsewhere.example/", name=None)
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Overview").wait_for()
    assert page.url == f"{served.address}/"


def test_an_invitation_makes_an_account_and_leaves_no_trace(served, visit):
    _, token = served.app.access.invitations.invite(role="analyst")
    page = visit(f"/invitation#{token}", name=None)
    page.get_by_text("role: Analyst").wait_for()
    assert "#" not in page.url
    page.get_by_label("Name").fill("Grace")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Go in").click()
    page.get_by_role("heading", name="Overview").wait_for()
    (made,) = [each for each in served.get("/accounts") if each["name"] == "Grace"]
    assert made["role"] == "analyst"


def test_a_link_that_was_used_says_so(visit):
    page = visit("/setup#mli_nonsense", name=None)
    page.get_by_text("this link is not valid").wait_for()
    assert not page.get_by_role("button", name="Make the account").is_visible()


def test_a_page_of_another_role_says_so_and_leads_back(visit):
    page = visit("/audit", "lis")
    page.get_by_text("not for your role").first.wait_for()
    page.get_by_role("link", name="To your first page").click()
    page.get_by_role("heading", name="Listener").wait_for()


def test_a_password_is_not_sent_by_the_browser_before_the_page_is_ready(visit, served):
    page = visit("/login", name=None)
    page.route("**/door.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    asked = []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    page.goto(f"{served.address}/login")
    page.get_by_label("Password").fill("not for any address")
    page.get_by_label("Name").fill("ada")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert page.get_by_role("button").is_disabled()
    assert page.url == f"{served.address}/login"
    assert {method for method, _ in asked} == {"GET"}
    assert not [url for _, url in asked if "not" in url]
