"""The search box: words, a file, the microphone."""

import math
import struct
import wave

import pytest


@pytest.fixture(scope="module")
def tone(tmp_path_factory):
    """A second of a tone."""
    path = tmp_path_factory.mktemp("sounds") / "tone.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 22050, 0, "NONE", ""))
        file.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(n / 8))) for n in range(2 * 22050)))
    return path


def test_words_are_found_and_what_is_liked_is_stored(served, visit):
    page = visit("/search", "lis")
    page.get_by_text("One box for everything").wait_for()
    page.get_by_label("What to look for").fill("loud song 7")
    page.keyboard.press("Enter")
    first = page.locator("[data-item]").first
    first.wait_for()
    assert "loud song 7" in first.inner_text()
    assert page.locator("mark").count()
    page.get_by_role("button", name="Like: loud song 7", exact=True).click()
    page.get_by_text("“loud song 7” is liked").wait_for()
    assert served.get("/audit?what=events.record&count=1")["records"][0]["result"] == "ok"
    assert page.url.endswith("?q=loud+song+7")


def test_nothing_found_and_nothing_asked_say_what_to_do(visit):
    page = visit("/search?q=xqzvw", "ann")
    page.get_by_text("Nothing was found").wait_for()
    page.get_by_label("What to look for").fill("")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_text("nothing is searched for").wait_for()


def test_what_was_looked_for_before_is_gone_back_to(visit):
    page = visit("/search", "ann")
    for words in ("loud song 7", "calm song 3"):
        page.get_by_label("What to look for").fill(words)
        page.keyboard.press("Enter")
        page.get_by_role("link", name=words, exact=True).wait_for()
    page.go_back()
    page.get_by_role("link", name="loud song 7", exact=True).wait_for()
    assert page.get_by_label("What to look for").input_value() == "loud song 7"
    page.go_back()
    page.get_by_text("One box for everything").wait_for()
    assert page.get_by_label("What to look for").input_value() == ""


def test_more_is_shown_until_there_is_no_more(served, visit):
    page = visit("/search?q=loud+song", "ann")
    page.locator("[data-item]").first.wait_for()
    assert page.locator("[data-item]").count() == 20
    total = int(page.locator("#said").inner_text().split()[0])
    assert total > 20
    page.get_by_role("button", name="Show more").click()
    page.locator("[data-item]").nth(20).wait_for()
    assert (
        page.locator("[data-item]")
        .nth(20)
        .locator("a, button")
        .first.evaluate("each => each === document.activeElement")
    )
    while page.locator("#further").count():
        before = page.locator("[data-item]").count()
        page.locator("#further").click()
        page.locator("[data-item]").nth(before).wait_for()
    shown = page.locator("[data-item]").evaluate_all("all => all.map((each) => each.dataset.item)")
    assert len(shown) == len(set(shown)) == total


def answered(page, act, path):
    with page.expect_response(lambda answer: path in answer.url) as said:
        act()
    return said.value


def test_a_sound_and_a_picture_are_sent_where_they_belong(visit, tone):
    page = visit("/search", "ann")
    page.get_by_label("Sounds are").select_option("similar")
    sound = answered(page, lambda: page.locator("#file").set_input_files(tone), "/search/audio")
    assert "how=similar" in sound.url
    page.locator("#found:not([aria-busy])").wait_for()
    again = answered(page, lambda: page.get_by_label("Sounds are").select_option("identify"), "/search/audio")
    assert "how=identify" in again.url
    answered(page, lambda: page.locator("#file").set_input_files(tone), "/search/audio")  # the same once more
    png = {"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"}
    picture = answered(page, lambda: page.locator("#file").set_input_files(png), "/search/image")
    assert picture.status == 400
    page.get_by_text("is no picture by its content").wait_for()


def test_the_microphone_makes_a_sound_that_the_service_reads(visit):
    page = visit("/search", "ann")
    page.get_by_role("button", name="Listen").click()
    page.get_by_role("button", name="Stop").wait_for()
    page.wait_for_timeout(600)
    sound = answered(page, lambda: page.get_by_role("button", name="Stop").click(), "/search/audio")
    # What is read is refused for what is in it, by a workspace without sounds; never for its form.
    assert "by its content" not in sound.text()
    assert "cannot be read" not in sound.text()
