"""Whoever looks, with whatever: no serious finding of axe, both themes, both languages, a phone, no mouse."""

import pytest

from ml.service.console.pages import PAGES

PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 900}
ADDRESSES = {
    "/listener": "/listener?of=test:calm-1",
    "/search": "/search?q=calm",
    "/track": "/track?item=calm song 1",
    "/playlists": "/playlists?amount=5&unit=count&arc=peak",
}


def serious(axe, page):
    found = axe.run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in {"serious", "critical"}]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious_and_nothing_sticks_out(visit, path):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    name = "ada" if PAGES[path].roles else None
    page = visit(ADDRESSES.get(path, path), name, locale="de-DE", color_scheme="dark", viewport=PHONE)
    page.wait_for_load_state("networkidle")
    assert page.locator("html").get_attribute("lang") == "de"
    # German words are the longer ones, and a phone the narrower place.
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert serious(axe, page) == []
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert serious(axe, page) == []


def test_the_first_tab_leads_to_the_content(visit):
    page = visit("/people")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_theme_that_was_chosen_stays(visit):
    page = visit("/people", color_scheme="light")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_label("Appearance").select_option("dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != before
    page.goto(page.url.replace("/people", "/audit"))
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_a_language_that_was_chosen_stays(visit):
    page = visit("/people")
    page.get_by_role("link", name="Deutsch").click()
    page.get_by_role("heading", name="Schlüssel & Konten").wait_for()
    page.get_by_role("link", name="Protokoll").click()
    page.get_by_role("heading", name="Ist das Protokoll unversehrt?").wait_for()
