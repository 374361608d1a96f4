"""The map: laid out, looked at, chosen from by a lasso and by keys, made a playlist of."""

import pytest

TASTES = ("calm", "loud")


@pytest.fixture(scope="module")
def atlas(served):
    """The map of the served workspace, laid out; clusters are far from each other."""
    served.app.atlas.build()
    return served.get("/map")


def opened(visit, name="ada", **options):
    page = visit("/map", name, **options)
    page.locator("#legend button").first.wait_for()
    return page


def around(page, found, taste, margin=14):
    """The corners, on the screen, of a frame around all tracks of a taste, and the tracks."""
    box = page.locator("#canvas").bounding_box()
    step = (min(box["width"], box["height"]) - 24) / 65_536
    own = [i for i, name in enumerate(found["names"]) if name.startswith(taste)]
    xs = [box["x"] + box["width"] / 2 + (found["x"][i] - 32_768) * step for i in own]
    ys = [box["y"] + box["height"] / 2 + (found["y"][i] - 32_768) * step for i in own]
    left, right, top, bottom = min(xs) - margin, max(xs) + margin, min(ys) - margin, max(ys) + margin
    return [(left, top), (right, top), (right, bottom), (left, bottom)], {found["ids"][i] for i in own}


def throw(page, corners):
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=4)
    page.mouse.up()


def test_before_it_is_laid_out_an_admin_begins_it_and_others_are_told(served, visit):
    page = visit("/map", "lis")
    page.get_by_text("An admin can lay it out.").wait_for()
    assert page.get_by_role("button", name="Lay it out").count() == 0
    page = visit("/map")
    page.get_by_role("button", name="Lay it out").click()
    page.get_by_role("progressbar", name="Progress of the map").wait_for()
    assert not page.get_by_role("button", name="Lay it out").is_visible()
    page.get_by_text("waits for its turn").or_(page.get_by_role("progressbar")).first.wait_for()
    (job,) = served.get("/jobs?kind=map")
    assert job["arguments"] == {"by": "listening", "kind": "track"}
    if job["state"] == "queued":  # nobody runs it here
        served.app.jobs.cancel(job["id"])
        page.get_by_text("stopped").wait_for()


def test_a_lasso_around_a_cluster_gives_just_its_tracks_and_the_api_makes_a_playlist_of_them(served, visit, atlas):
    page = opened(visit)
    page.locator("#canvas").scroll_into_view_if_needed()
    corners, own = around(page, atlas, "calm")
    page.get_by_role("button", name="Lasso").click()
    throw(page, corners)
    page.get_by_text("30 chosen").wait_for()
    page.get_by_label("How many, the most played").fill("30")
    with page.expect_response("**/playlists/reorder") as answered:
        page.get_by_role("button", name="Make a playlist of these").click()
    made = [track["track_id"] for track in answered.value.json()["playlist"]["tracks"]]
    assert set(made) == own
    page.locator("[data-track]").nth(29).wait_for()
    shown = page.locator("[data-track]").evaluate_all("all => all.map((each) => each.dataset.track)")
    assert shown == made
    page.get_by_label("File").select_option("csv")
    with page.expect_download() as loaded:
        page.get_by_role("button", name="Download").click()
    lines = loaded.value.path().read_text().splitlines()
    assert len(lines) == 1 + 30
    assert page.locator("[data-track] h3").first.inner_text() in lines[1]
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("0 chosen").wait_for()


def test_a_rectangle_is_moved_and_taken_by_keys_alone(visit, atlas):
    page = opened(visit)
    page.get_by_role("button", name="Rectangle").press("Enter")
    said = page.locator("#map-said")
    said.filter(has_text="in the rectangle").wait_for()
    for _ in range(40):
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Shift+ArrowDown")
    for _ in range(30):
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowUp")
    inside = int(said.inner_text().split()[0])
    assert 0 < inside <= 60
    page.keyboard.press("Enter")
    page.get_by_text(f"{inside} chosen").wait_for()


def test_a_region_is_chosen_from_the_table_and_a_word_picks_out(visit, atlas):
    page = opened(visit, locale="de-DE")
    large = [region for region in atlas["regions"] if region["grain"] == 0]
    rows = page.locator("#regions tbody tr")
    assert rows.count() == len(large)
    rows.first.get_by_role("button").click()
    page.get_by_text(f"{large[0]['points']} ausgewählt").wait_for()
    page.get_by_label("Finden").fill("LOUD song 1")
    page.get_by_text("11 hervorgehoben.").wait_for()  # 1 and 10 to 19
    page.get_by_role("button", name="Auswählen", exact=True).first.click()
    page.get_by_text("11 ausgewählt").wait_for()
    assert page.locator("#chosen-list li").first.inner_text().startswith("loud song 1")


def test_it_is_zoomed_and_what_is_under_the_pointer_is_named(visit, atlas):
    page = opened(visit)
    page.locator("#canvas").scroll_into_view_if_needed()
    box = page.locator("#canvas").bounding_box()
    step = (min(box["width"], box["height"]) - 24) / 65_536
    place = (
        box["x"] + box["width"] / 2 + (atlas["x"][0] - 32_768) * step,
        box["y"] + box["height"] / 2 + (atlas["y"][0] - 32_768) * step,
    )
    page.mouse.move(*place)
    page.mouse.wheel(0, -900)  # what is under the pointer stays there
    page.mouse.move(place[0] + 1, place[1])
    page.locator(".tip").get_by_text(atlas["names"][0], exact=True).wait_for()
    page.get_by_role("button", name="Whole map").click()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.locator(".tip").wait_for(state="hidden")


def test_every_point_is_drawn_and_colours_follow_the_theme(visit, atlas):
    drawn = """() => {
        const canvas = document.getElementById("canvas");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const sums = {};
        for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) {
            const key = data.slice(i, i + 3).join();
            sums[key] = (sums[key] ?? 0) + 1;
        }
        return sums;
    }"""
    page = opened(visit, color_scheme="light")
    page.wait_for_function(f"Object.keys(({drawn})()).length > 0")
    light = page.evaluate(drawn)
    page.get_by_label("Appearance").select_option("dark")
    page.wait_for_function(f"seen => !(seen in ({drawn})())", arg=max(light, key=light.get))
    page.get_by_label("Colour by").select_option("year")
    page.get_by_role("button", name="unknown 60").wait_for()


def test_what_failed_says_why(visit, atlas):
    page = visit("/login", name="ada")
    page.route("**/api/v1/map", lambda route: route.fulfill(status=503, json={"title": "Busy", "hint": "ask again"}))
    page.goto(page.url.replace("/login", "/map"))
    page.get_by_text("Busy").wait_for()
    page.unroute("**/api/v1/map")
    page.get_by_role("button", name="Try again").click()
    page.locator("#canvas").wait_for()
