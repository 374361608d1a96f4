"""The playlist studio: an arc is drawn, demands are made, the list is changed, heard and taken away."""

import csv
import io
import shutil
from contextlib import ExitStack
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
import soundfile
from tests.service.conftest import TASTES, TRACKS, settings_of
from tests.service.console.conftest import serve
from tests.service.hearing import RATE, Here, tone

from ml.app import App
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.service.gate import COOKIE


def energy_of(track_id):
    """Loud songs have the upper half of all energy, calm ones the lower."""
    taste, _, number = track_id.removeprefix("test:track/").partition("-")
    return round((int(number) / TRACKS + TASTES.index(taste)) / 2, 3)


@pytest.fixture(scope="module")
def served(made_home, tmp_path_factory):
    """Serve a workspace whose tracks' energy and tempo are known."""
    home = shutil.copytree(made_home, tmp_path_factory.mktemp("studio") / "home")
    ids = [f"test:track/{taste}-{number}" for taste in TASTES for number in range(TRACKS)]
    about = {"extractor": "dataset", "version": "1"}
    known = [{"item_id": each, "feature": "energy", "value": energy_of(each), **about} for each in ids]
    known += [{"item_id": each, "feature": "tempo_bpm", "value": 100 + 40 * energy_of(each), **about} for each in ids]
    app = App(settings_of(home))
    load(app.workspace.store, [Batch("f", 0, {"features": pl.DataFrame(known)})])
    app.close()
    found, stop = serve(home)
    yield found
    stop()


@pytest.fixture
def elsewhere(browser, tmp_path):
    """Open a page of another workspace, which starts empty; what is put into it comes first."""
    stack = ExitStack()

    def open_page(path, put=lambda app: None):
        app = App(settings_of(tmp_path / "home"))
        put(app)
        app.close()
        found, stop = serve(tmp_path / "home")
        stack.callback(stop)
        context = browser.new_context(locale="en-US")
        stack.callback(context.close)
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": COOKIE, "value": found.cookie("ada"), "url": found.address}])
        page = context.new_page()
        page.goto(found.address + path)
        return page

    with stack:
        yield open_page


def titles(page):
    return page.locator(".pick h3").all_inner_texts()


def made(page, act, path="/playlists/generate"):
    """What the API was asked when something was done, and what it answered."""
    with page.expect_response(lambda answer: path in answer.url) as said:
        act()
    answer = said.value
    assert answer.ok, answer.text()
    found = answer.json()
    page.locator(".pick").nth(len(found["tracks"]) - 1).wait_for()
    return answer.request.post_data_json, found


def press(page, name):
    return page.get_by_role("button", name=name, exact=True).click()


def test_an_arc_that_is_drawn_is_what_energy_follows(visit):
    page = visit("/playlists", "lis")
    page.get_by_text("No list yet").wait_for()
    page.get_by_label("Length", exact=True).fill("9")
    page.get_by_label("Length in").select_option("count")
    box = page.locator(".arc-surface").bounding_box()
    page.mouse.move(box["x"] + 16, box["y"] + box["height"] - 16)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 16, box["y"] + 16, steps=3)
    page.mouse.up()
    assert page.get_by_label("Shape").input_value() == "drawn"
    asked, found = made(page, lambda: press(page, "Make the list"))
    # From corner to corner, whatever lies between two moves of the mouse too.
    assert asked["arc"] == pytest.approx([place / 8 for place in range(9)], abs=0.02)
    assert found["request"]["user_id"] == "test:calm-1"
    assert [each["energy_wanted"] for each in found["tracks"]] == pytest.approx(asked["arc"], abs=0.001)
    got = [each["energy"] for each in found["tracks"]]
    assert got == pytest.approx([energy_of(each["track_id"]) for each in found["tracks"]])
    assert sum(got[:3]) < sum(got[3:6]) < sum(got[6:])
    assert titles(page) == [each["title"] for each in found["tracks"]]
    page.get_by_role("img", name="Energy, tempo and transitions of 9 tracks").wait_for()
    page.get_by_text("As a table").click()
    last = page.get_by_role("row").last.inner_text()
    # It wants the most, and the most there is in the list is what it can have.
    assert f"{round(100 * got[-1])}%" in last
    assert f"{round(100 * max(got))}%" in last
    assert page.get_by_role("button", name="Hear the transitions").is_disabled()
    page.get_by_text("No two neighbours have a sound file here").wait_for()


def test_a_list_is_made_and_changed_by_keys_alone(visit):
    page = visit("/playlists?amount=4&unit=count", "ann")
    page.locator(".pick").nth(3).wait_for()
    before = titles(page)
    point = page.get_by_role("slider", name="Energy at place 1 of 9")
    point.focus()
    for key in ("End", "ArrowDown", "ArrowRight", "Home", "PageUp"):
        page.keyboard.press(key)
    assert point.get_attribute("aria-valuetext") == "95%"
    assert page.evaluate("document.activeElement.getAttribute('aria-valuenow')") == "20"
    page.get_by_label("What it is to be, in words").focus()
    asked, found = made(page, lambda: page.keyboard.press("Enter"))
    assert asked["arc"][:3] == [0.95, 0.2, 0.5]
    assert "user_id" not in asked
    before = [each["title"] for each in found["tracks"]]
    page.get_by_role("button", name=f"Move {before[0]}, place 1 of 4").focus()
    _, moved = made(page, lambda: page.keyboard.press("ArrowDown"), "/playlists/show")
    assert titles(page) == [before[1], before[0], *before[2:]]
    page.get_by_text(f"{before[0]} is at place 2 now").wait_for()
    assert page.evaluate("document.activeElement.id") == f"move-{found['tracks'][0]['track_id']}"
    assert moved["tracks"][0]["transition_cost"] is None
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    assert titles(page) == before


def test_demands_are_sent_and_what_gives_way_can_be_taken_back(visit):
    page = visit("/playlists", "lis", locale="de-DE")
    page.get_by_label("Länge", exact=True).fill("12")
    page.get_by_label("Länge in").select_option("count")
    page.get_by_text("Mehr Wünsche").click()
    page.get_by_label("Energie, %: von").fill("50")
    page.get_by_label("Titel je Künstler, höchstens").fill("1")
    page.get_by_role("combobox", name="Anders als diese").fill("loud artist 3")
    page.get_by_role("combobox", name="Anders als diese").press("Enter")
    page.get_by_role("button", name="Weglassen: loud artist 3").wait_for()
    asked, found = made(page, lambda: press(page, "Liste machen"))
    assert (asked["energy"], asked["max_per_artist"], asked["count"]) == ([0.5, 1], 1, 12)
    page.get_by_text("nicht erfüllt").first.wait_for()
    assert [each["name"] for each in found["constraints"] if not each["met"]]
    # Ten loud artists without one: two tracks by some of them, at least.
    asked, found = made(page, lambda: press(page, "Titel je Künstler: 2 statt 1"))
    assert asked["max_per_artist"] == 2
    assert all(each["met"] for each in found["constraints"])
    assert all(energy_of(each["track_id"]) >= 0.5 and each["artist"] != "loud artist 3" for each in found["tracks"])
    assert page.get_by_text("Was verlangt war: 5 von 5 erfüllt").count() == 1


def test_an_address_says_what_was_wished_and_of_nobody(visit):
    page = visit("/playlists?theme=6+tracks&arc=0,1&max_per_artist=1&user_id=test:calm-2&seeds=test:track/loud-3|Loud")
    page.get_by_text("tracks: 6").wait_for()
    assert len(titles(page)) == 6
    assert page.get_by_label("Tracks by one artist, at most").input_value() == "1"
    assert page.get_by_label("Whose taste counts").input_value() == ""
    page.get_by_label("Whose taste counts").fill("test:loud-2")
    asked, _ = made(page, lambda: press(page, "Make the list"))
    assert (asked["user_id"], asked["seeds"], asked["arc"][::8]) == ("test:loud-2", ["test:track/loud-3"], [0, 1])
    said = parse_qs(urlsplit(page.url).query)
    assert sorted(said) == ["arc", "max_per_artist", "seeds", "theme"]
    assert said["seeds"] == ["test:track/loud-3|Loud"]


def test_tracks_are_dragged_locked_replaced_removed_and_taken_away(visit):
    page = visit("/playlists?amount=6&unit=count", "lis")
    page.locator(".pick").nth(5).wait_for()
    before = titles(page)
    page.locator(".handle").first.scroll_into_view_if_needed()
    start, end = page.locator(".handle").first.bounding_box(), page.locator(".pick").nth(2).bounding_box()
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 8, end["y"] + end["height"] - 8, steps=5)
    made(page, page.mouse.up, "/playlists/show")
    dragged = [before[1], before[2], before[0], *before[3:]]
    assert titles(page) == dragged
    page.get_by_role("button", name=f"Lock: {dragged[1]}", exact=True).click()
    made(page, lambda: press(page, f"Another: {dragged[0]}"), "/playlists/edit")
    assert titles(page)[1:] == dragged[1:]
    assert titles(page)[0] not in before
    made(page, lambda: press(page, f"Remove: {dragged[5]}"), "/playlists/show")
    assert titles(page)[1:] == dragged[1:5]
    _, anew = made(page, lambda: press(page, "Replace what is not locked"), "/playlists/edit")
    assert [each for each in titles(page) if each in dragged] == [dragged[1]]
    assert dragged[5] not in titles(page)
    assert len(anew["tracks"]) == 5
    page.get_by_label("Name").fill("Für dich")
    with page.expect_download():
        press(page, "Download")
    page.get_by_text("5 of 5 tracks have no file here").wait_for()
    page.locator("#take select").select_option("csv")
    with page.expect_download() as taken:
        press(page, "Download")
    assert taken.value.suggested_filename == "Für dich.csv"
    rows = list(csv.DictReader(io.StringIO(taken.value.path().read_text(encoding="utf-8-sig"))))
    assert [row["title"] for row in rows] == titles(page)
    press(page, "Keep here")
    page.get_by_text("“Für dich” is kept").wait_for()
    page.get_by_role("combobox", name="Like these tracks or artists").fill("Für dich")
    page.get_by_role("combobox", name="Like these tracks or artists").press("Enter")
    asked, like = made(page, lambda: press(page, "Make the list"))
    assert asked["seeds"] == ["Für dich"]
    assert like["tracks"]


def test_transitions_are_heard_and_what_has_no_sound_is_said(elsewhere, tmp_path):
    folder = tmp_path / "music"
    folder.mkdir()
    for name, frequency_hz in (("High", 440), ("Low", 220)):
        soundfile.write(folder / f"{name}.wav", tone(1.0, frequency_hz), RATE, subtype="PCM_16")
    page = elsewhere("/playlists", lambda app: app.audio_library.scan(folder, hands=Here()))
    page.get_by_label("Length", exact=True).fill("2")
    page.get_by_label("Length in").select_option("count")
    asked_for = []
    page.on("response", lambda answer: "/tracks/audio" in answer.url and asked_for.append((answer.url, answer.ok)))
    _, found = made(page, lambda: press(page, "Make the list"))
    assert sorted(titles(page)) == ["High", "Low"]
    first = folder / f"{titles(page)[0]}.wav"
    first.rename(tmp_path / "away.wav")
    press(page, "Hear the transitions")
    page.get_by_text(f"No sound here of “{first.stem}”").wait_for()
    page.get_by_role("button", name="Hear the transitions").wait_for()
    (tmp_path / "away.wav").rename(first)
    press(page, "Hear the transitions")
    page.get_by_role("button", name="Stop").wait_for()
    assert page.locator(".pick.heard").count() == 2
    page.get_by_role("button", name="Hear the transitions").wait_for()
    heard = [parse_qs(urlsplit(url).query)["item_id"][0] for url, ok in asked_for if ok]
    assert list(dict.fromkeys(heard)) == [each["track_id"] for each in found["tracks"]]


def test_where_there_are_no_tracks_it_says_how_to_get_some(elsewhere):
    page = elsewhere("/playlists")
    page.get_by_text("there are no tracks to make playlists of").wait_for()
    page.get_by_text("import a history or a folder with music first").wait_for()
    assert page.locator("#ask").is_hidden()
