"""The page of a track: what is heard in it on one axis of time, and what it is like."""

import httpx
import pytest
from tests.service.console.test_everybody import PHONE, WIDE, serious
from tests.service.hearing import bring_music

from ml.service.gate import COOKIE


@pytest.fixture(scope="module")
def music(served, tmp_path_factory):
    return bring_music(served.app, tmp_path_factory.mktemp("track") / "music")


def opened(visit, item, name="lis", **options):
    page = visit(f"/track?item={item}", name, **options)
    page.locator(".ruler line").first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    return page


def shown(page):
    """The moment at which the player says it is."""
    return float(page.locator(".stage").get_attribute("aria-valuenow"))


def click_at(page, share):
    box = page.locator(".stage").bounding_box()
    page.mouse.click(box["x"] + share * box["width"], box["y"] + 90)


def test_beats_chords_and_sections_on_the_page_are_those_of_the_analysis(served, visit, music):
    page = opened(visit, music.song)
    found = served.get(f"/tracks/analysis?item_id={music.song}", "lis")
    for selector, times in (
        (".beats line", found["beats"]),
        (".beats .downbeat", found["downbeats"]),
        (".chord", [each["start_s"] for each in found["chords"]]),
        (".band", [each["start_s"] for each in found["sections"]]),
    ):
        drawn = page.locator(selector).evaluate_all("all => all.map(each => Number(each.dataset.at))")
        assert sorted(drawn) == pytest.approx(times, abs=1e-3), selector
    width = page.locator(".stage").evaluate("stage => stage.clientWidth")
    third = page.locator(".beats line").nth(3)
    assert float(third.get_attribute("x1")) == pytest.approx(found["beats"][3] / found["duration_s"] * width, abs=1)
    page.get_by_text(f"{len(found['beats'])} beats in {len(found['downbeats'])} bars").wait_for()
    page.get_by_text("chords in words").click()
    page.get_by_role("table", name="Chords").wait_for()
    assert page.get_by_role("table", name="Chords").get_by_role("row").count() == len(found["chords"]) + 1


def test_pictures_are_drawn(visit, music):
    page = opened(visit, music.song)
    for lane in ("wave", "spectrum"):
        several = f"""() => {{
            const canvas = document.querySelector("canvas.{lane}");
            const {{ data }} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(data.buffer)).size > 2;
        }}"""
        page.wait_for_function(several)


def test_a_click_leads_to_its_moment_and_keys_lead_on(visit, music):
    page = opened(visit, music.song)
    audio = page.locator("audio")
    click_at(page, 0.5)
    assert shown(page) == pytest.approx(6.0, abs=0.1)
    page.wait_for_function("() => Math.abs(document.querySelector('audio').currentTime - 6) < 0.1")
    page.keyboard.press("ArrowRight")
    assert shown(page) == pytest.approx(11.0, abs=0.1)
    box = page.locator(".stage").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 90)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 11 / 12, box["y"] + 200)
    page.mouse.up()
    assert shown(page) == pytest.approx(11.0, abs=0.1)
    page.keyboard.press("Shift+ArrowLeft")
    assert audio.evaluate("audio => audio.currentTime") == pytest.approx(10.0, abs=0.1)
    page.keyboard.press("Home")
    assert shown(page) == 0.0
    page.get_by_text("sections in words").click()
    page.get_by_role("button", name="Go to 0:00.0").click()
    assert shown(page) == 0.0


def test_it_plays_from_where_it_was_led_to_and_space_stops_it(visit, music):
    page = opened(visit, music.song)
    click_at(page, 0.4)
    # Quicker than it is, and on through parts that the service sends one by one.
    page.locator("audio").evaluate("audio => (audio.playbackRate = 4)")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.wait_for_function("() => document.querySelector('audio').currentTime > 8")
    page.locator(".stage").focus()
    page.keyboard.press(" ")
    page.get_by_role("button", name="Play").wait_for()
    stopped = page.locator("audio").evaluate("audio => audio.currentTime")
    assert 8 < stopped < 12
    assert shown(page) == pytest.approx(stopped, abs=0.1)


def test_closer_shows_a_part_that_the_moment_stays_in(visit, music):
    page = opened(visit, music.song)
    page.locator(".stage").press("ArrowRight")
    beats = page.locator(".beats line").count()
    page.get_by_role("button", name="Closer").click()
    part = page.get_by_label("Part that is seen")
    assert part.get_attribute("aria-valuetext") == "0:02 – 0:08"
    assert page.locator(".beats line").count() == pytest.approx(beats / 2, abs=2)
    click_at(page, 0.5)
    assert shown(page) == pytest.approx(5.5, abs=0.1)
    page.locator(".stage").press("End")
    assert part.get_attribute("aria-valuetext") == "0:06 – 0:12"
    page.get_by_role("button", name="Whole").click()
    assert part.is_hidden()


def test_a_track_without_a_file_has_facts_and_what_the_same_people_hear(visit, music):
    page = visit("/search?q=calm song 1", "lis")
    page.get_by_role("link", name="calm song 1", exact=True).click()
    page.get_by_role("heading", name="calm song 1", exact=True).wait_for()
    page.get_by_text("It cannot be heard here").wait_for()
    page.get_by_text("ml audio scan FOLDER").wait_for()
    page.get_by_text("By listening").wait_for()
    assert page.locator("audio").count() == 0
    page.locator("#similar a").first.click()
    page.wait_for_url("**/track?item=test%3Atrack%2Fcalm-*")


def test_axe_finds_nothing_serious_in_a_sound_on_a_phone_in_the_dark_or_wide_in_the_light(visit, music):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened(visit, music.song, locale="de-DE", color_scheme="dark", viewport=PHONE)
    for each in page.locator("summary").all():
        each.click()
    page.get_by_role("table", name="Akkorde").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert serious(axe, page) == []
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="Näher").click()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert serious(axe, page) == []


def test_a_key_is_called_as_germans_call_it(served, visit, music):
    served.app.audio_library.correct(music.folder / "A Song.wav", key="B", mode="minor")
    try:
        page = opened(visit, music.song, locale="de-DE")
        page.get_by_text("h-Moll · 10A").wait_for()
        page.get_by_text("von Hand berichtigt").wait_for()
    finally:
        served.app.audio_library.correct(music.folder / "A Song.wav", key=None, mode=None)


def test_similar_sounds_lead_to_their_pages(visit, music):
    page = opened(visit, music.tone)
    page.get_by_text("By sound").wait_for()
    page.get_by_role("link", name="Nobody's").click()
    page.get_by_role("heading", name="Nobody's").wait_for()
    page.locator(".stage").wait_for()


def test_what_a_listener_heard_leads_to_its_page(visit):
    page = visit("/listener", "lis")
    link = page.locator("#history a").first
    name = link.inner_text()
    link.click()
    page.get_by_role("heading", name=name, exact=True).wait_for()


def test_a_file_that_has_gone_is_said_and_what_was_heard_is_shown(visit, music):
    file, aside = music.folder / "A Song.wav", music.folder / ".aside"
    file.rename(aside)
    try:
        page = opened(visit, music.song, "ada", locale="de-DE", viewport={"width": 390, "height": 844})
        page.get_by_text("Seine Datei ist nicht mehr, was sie war").wait_for()
        assert page.locator(".beats line").count() > 5
        assert page.locator("audio, .spectrum").count() == 0
    finally:
        aside.rename(file)


def test_a_track_that_nobody_knows_is_said_to_be_none(served, visit):
    visit("/track?item=xqzvw").get_by_text("no track 'xqzvw'").wait_for()
    visit("/track").get_by_text("Which track is it about?").wait_for()
    with httpx.Client(base_url=served.address, cookies={COOKIE: served.cookie("lis")}) as client:
        assert "unsafe-inline" not in client.get("/track").headers["content-security-policy"]
