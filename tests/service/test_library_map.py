"""The map over HTTP and as a job: laid out in the background, stopped, taken up after a kill, sent once."""

import gzip

import pytest

from ml.app.jobs import run

TRACKS = 60


@pytest.fixture
def app(client):
    return client.app.state.service.app


def submit(app, **arguments):
    return app.jobs.submit("map", arguments, owner="local", within=None, start=False).id


def test_a_job_lays_out_what_the_map_then_shows(client, app, as_role, admin):
    nothing = admin.get("/map").json()
    assert (nothing["state"], nothing["kind"], nothing["x"]) == ("not_laid_out", "track", [])
    job = submit(app)
    assert run(app, idle_s=0) == 1
    done = app.jobs.get(job)
    assert (done.state, done.result["points"], done.result["without"]) == ("done", TRACKS, 0)
    assert done.progress.step == "layout"
    found = as_role("listener").get("/map").json()
    assert (found["state"], found["by"], found["n_points"], found["stale"]) == ("ready", "listening", TRACKS, False)
    columns = ("x", "y", "ids", "names", "artists", "genres", "years", "tempos_bpm", "region_of")
    assert {len(found[name]) for name in columns} == {TRACKS}
    assert found["ids"][0].startswith("test:track/")
    # Whoever heard one taste heard nothing of the other: two lands with nobody between them.
    taste = {name: name.split()[0] for name in found["names"]}
    named = [[taste[found["names"][place]] for place in each["most_played"]] for each in found["regions"]]
    assert all(len(set(each)) == 1 for each in named)
    assert not any("plays" in name for name in found)


def test_it_is_sent_once_and_packed(app, admin):
    app.atlas.build()
    first = admin.get("/map", headers={"Accept-Encoding": "gzip"})
    assert first.headers["content-encoding"] == "gzip"
    assert int(first.headers["content-length"]) < len(first.content)
    plain = admin.get("/map", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == first.json()
    assert len(gzip.compress(plain.content)) < len(plain.content)
    again = admin.get("/map", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    few = admin.get("/map", params={"count": 5})
    assert (few.json()["n_points"], few.json()["names"]) == (TRACKS, plain.json()["names"][:5])


def test_what_is_no_map_is_refused(admin):
    assert admin.get("/map", params={"by": "smell"}).status_code == 422
    assert admin.get("/map", params={"count": 100_001}).status_code == 422


def test_new_models_make_it_stale_until_it_is_laid_out_again(app, admin):
    app.atlas.build()
    app.train(judge=False, deep=False)
    assert admin.get("/map").json()["stale"]
    app.atlas.build(only_new=True)
    assert not admin.get("/map").json()["stale"]


def test_a_job_that_is_stopped_leaves_no_map(app, admin, monkeypatch):
    from ml.library_map import atlas

    def laid_out(vectors, *, on_step, **_):
        app.jobs.cancel(job)
        for step in range(1_000_000):
            on_step("layout", step, 1_000_000)
        raise AssertionError("it was not stopped")

    monkeypatch.setattr(atlas, "laid_out", laid_out)
    job = submit(app)
    assert run(app, idle_s=0, every_s=0.01) == 1
    assert app.jobs.get(job).state == "cancelled"
    assert admin.get("/map").json()["state"] == "not_laid_out"


def test_a_job_whose_runner_died_is_begun_again(app, admin):
    job = submit(app)
    assert app.jobs._jobs.take("a runner that dies").id == job
    assert app.jobs.get(job).state == "running"
    assert run(app, idle_s=0) == 1
    assert (app.jobs.get(job).state, app.jobs.get(job).attempts) == ("done", 2)
    assert admin.get("/map").json()["state"] == "ready"


def test_without_models_nothing_can_be_laid_out(app, admin):
    for version in app.workspace.models.iterdir():
        if version.is_file():
            version.unlink()
    found = admin.get("/map").json()
    assert (found["state"], {each["state"] for each in found["choices"]}) == ("nothing", {"nothing"})
    job = submit(app)
    run(app, idle_s=0)
    assert "ml train" in app.jobs.get(job).error["hint"]
