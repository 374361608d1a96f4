"""The listener's page: the dial, reasons, what is said of items, the history."""

import json
import re
from pathlib import Path

from tests.service.console.conftest import PASSWORD


def items(page):
    return [each.get_attribute("data-item") for each in page.locator("[data-item]").all()]


def test_the_dial_answers_while_it_is_turned(served, visit):
    page = visit("/listener", "lis")
    page.get_by_text(re.compile(r"^10 recommendations, 2 of them known")).wait_for()
    page.get_by_label("Familiar").focus()
    page.keyboard.press("End")
    page.get_by_text(re.compile(r"^10 recommendations, 10 of them known")).wait_for()
    page.keyboard.press("Home")
    page.get_by_text(re.compile(r"^10 recommendations, 0 of them known")).wait_for()
    assert page.evaluate("document.activeElement.id") == "familiar"


def test_what_is_liked_and_refused_is_stored_and_can_be_taken_back(served, visit):
    page = visit("/listener", "lis")
    page.locator("[data-item]").first.wait_for()
    refused = items(page)[0]
    title = page.locator("[data-item] h3").first.inner_text().split(" new")[0].strip()
    page.locator(f'[id="block-{refused}"]').click()
    page.locator(f'[data-item="{refused}"]').wait_for(state="detached")
    asked = {"item_id": refused}
    with served.api("lis") as client:
        token = client.get("/session").json()["csrf"]
        why = lambda: client.post("/explanations", json=asked, headers={"X-CSRF-Token": token}).json()  # noqa: E731
        assert why()["left_out"]
        page.get_by_role("button", name="Undo").click()
        page.locator(f'[data-item="{refused}"]').wait_for()
        assert why()["left_out"] is None
    assert title


def test_what_was_never_to_come_again_is_let_in_again(served, visit):
    page = visit("/listener", "lis")
    page.locator("[data-item]").first.wait_for()
    refused = items(page)[0]
    page.locator(f'[id="block-{refused}"]').click()
    page.locator(f'[data-item="{refused}"]').wait_for(state="detached")
    page.reload()  # nothing offers to undo it any more
    page.get_by_label("Track or artist").fill(refused)
    page.get_by_role("button", name="Explain").click()
    page.get_by_role("button", name="Let it come again").click()
    page.locator(f'[data-item="{refused}"]').wait_for()
    page.get_by_role("button", name="Explain").click()
    page.locator("#reasons .verdict").wait_for()
    assert page.get_by_role("button", name="Let it come again").count() == 0


def test_it_says_why_and_why_not(visit):
    page = visit("/listener", "lis")
    page.locator("[data-item]").first.wait_for()
    page.get_by_role("button", name="Why", exact=False).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("What the score is made of").wait_for()
    said = dialog.locator(".shares li > span:first-child").all_inner_texts()
    assert len(set(said)) == len(said)
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    page.get_by_label("Track or artist").fill("loud song 1")
    page.get_by_role("button", name="Explain").click()
    page.locator("#reasons .verdict").wait_for()
    page.get_by_label("Track or artist").fill("no such song")
    page.get_by_role("button", name="Explain").click()
    page.locator("#reasons .failed").wait_for()


def test_a_history_is_read_paused_and_resumed(served, visit):
    page = visit("/listener?of=test:calm-2")
    heard = served.get("/listens?user_id=test:calm-2&count=20")
    page.get_by_text(f"of {heard['count']} listens").wait_for()
    assert page.locator("#history tbody tr").count() == len(heard["listens"])
    page.get_by_role("button", name="Pause the history").click()
    page.get_by_role("button", name="Resume the history").wait_for()
    assert served.get("/history?user_id=test:calm-2")["paused"]
    page.keyboard.press("Enter")  # the button that was pressed has the focus still
    page.get_by_role("button", name="Pause the history").wait_for()
    assert not served.get("/history?user_id=test:calm-2")["paused"]


def test_who_is_unknown_is_said_to_be_and_who_is_called_nearly_so(visit):
    page = visit("/listener")
    page.get_by_text("Whom is it about?").wait_for()
    page.get_by_label("Listener", exact=True).fill("test:calm-3x")
    page.get_by_role("button", name="Open").click()
    page.get_by_text("Nobody here is called test:calm-3x").wait_for()
    assert not page.locator("#listener").is_visible()
    page.locator("#stranger a").first.click()
    page.locator("[data-item]").first.wait_for()
    assert page.get_by_label("Listener", exact=True).input_value() == "test:calm-3"


def test_a_listener_downloads_their_data(visit):
    page = visit("/listener", "lis")
    page.locator("[data-item]").first.wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download my data").click()
    told = json.loads(Path(waiting.value.path()).read_text())
    assert (waiting.value.suggested_filename, told["user_id"]) == ("my-data.json", "test:calm-1")
    assert len(told["listens"]) == 20


def test_who_is_to_be_erased_is_named_once_more(served, visit):
    page = visit("/listener?of=test:loud-9", locale="de-DE")
    page.get_by_role("button", name="Hörer löschen").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("test:loud-9").wait_for()
    dialog.get_by_label("Die Kennung, noch einmal").fill("test:loud-8")
    dialog.get_by_role("button", name="Endgültig löschen").click()
    dialog.locator(".failed").wait_for()
    assert served.get("/listens?user_id=test:loud-9")["count"] == 20
    dialog.get_by_role("button", name="Alles behalten").click()
    assert not dialog.is_visible()
    page.get_by_role("button", name="Hörer löschen").click()
    dialog.get_by_label("Die Kennung, noch einmal").fill("test:loud-9")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="test:loud-9 ist gelöscht").wait_for()
    assert not page.locator("#listener").is_visible()
    assert page.locator("#receipt tr", has_text="Wiedergaben").locator("td").last.inner_text() == "20"
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Beleg herunterladen").click()
    receipt = json.loads(Path(waiting.value.path()).read_text())
    assert receipt["rows"]["listens"] == 20
    assert receipt["at"]
    assert "test:loud-9" not in json.dumps(receipt)
    with served.api() as client:
        assert client.get("/listens?user_id=test:loud-9").status_code == 404
        assert client.get("/listens?user_id=test:loud-8").json()["count"] == 20


def test_a_listener_erases_themself_and_is_logged_out(served, visit):
    served.app.access.accounts.create("mia", role="listener", password=PASSWORD, user_id="test:calm-9")
    page = visit("/listener", "mia")
    page.get_by_role("button", name="Erase me").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("The id, once more").fill("test:calm-9")
    dialog.get_by_role("button", name="Erase for good").click()
    page.get_by_role("heading", name="You are erased").wait_for()
    page.get_by_role("link", name="Leave").click()
    page.wait_for_url("**/login**")
    with served.api() as client:
        assert client.get("/listens?user_id=test:calm-9").status_code == 404


def test_reasons_go_with_the_listener_whom_they_are_of(visit):
    page = visit("/listener?of=test:calm-1")
    page.get_by_label("Track or artist").fill("loud song 1")
    page.get_by_role("button", name="Explain").click()
    page.locator("#reasons .verdict").wait_for()
    page.get_by_label("Listener", exact=True).fill("test:loud-1")
    page.get_by_role("button", name="Open").click()
    page.locator("#reasons .verdict").wait_for(state="detached")
