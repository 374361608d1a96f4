"""What is remembered of searches."""

import stat
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from ml.app import App
from ml.foundation.errors import BadInput, UnknownId
from ml.foundation.settings import Settings

DAY_MS = 86_400_000


@pytest.fixture
def engine(app):
    return app.search_engine


def test_a_search_has_a_number_and_can_be_looked_up(engine):
    number = engine.search("beatels", user_id="test:user/0").search_id
    assert number is not None
    assert [one.text for one in engine.recent("user/0")] == ["beatels"]
    assert engine.recent("user/1") == []


def test_the_database_does_not_say_whose_a_search_was(app, engine):
    engine.search("creep", user_id="test:user/0")
    with app.workspace.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT whose FROM searches").scalars().all()
    assert len(rows) == 1
    assert "user" not in rows[0]
    key = app.workspace.home / "search.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_search_does_not_wait_for_a_long_write(app, engine):
    writing, answered = Event(), Event()

    def write():
        with app.workspace.store.write():
            writing.set()
            answered.wait(3)  # who has waited until then finds the log free

    with ThreadPoolExecutor(1) as thread:
        thread.submit(write)
        writing.wait(3)
        found = engine.search("creep")
        answered.set()
    assert found.hits
    assert found.search_id is None


def test_a_listener_is_forgotten_on_request(engine):
    for text in ("creep", "help"):
        engine.search(text, user_id="test:user/0")
    engine.search("help", user_id="test:user/1")
    assert engine.forget("test:user/0") == 2
    assert engine.recent("test:user/0") == []
    assert [one.text for one in engine.recent("test:user/1")] == ["help"]


def test_what_nothing_was_found_for_is_listed(engine):
    for text in ("zzqqxx", "zzqqxx", "creep"):
        engine.search(text)
    assert [(one.text, one.times) for one in engine.unanswered()] == [("zzqqxx", 2)]


def test_trending_counts_listeners_not_searches(engine):
    for _ in range(5):
        engine.search("help", user_id="test:user/0")
    for user in ("test:user/0", "test:user/1"):
        engine.search("creep", user_id=user)
    assert [(one.text, one.times) for one in engine.trending()] == [("creep", 2), ("help", 1)]


def test_what_was_chosen_comes_up_for_the_same_words(engine):
    before = engine.search("radiohead", kinds=["track"])
    last = before.hits[-1]
    for _ in range(20):
        engine.choose(engine.search("Radiohead!").search_id, last.id)
    after = engine.search("radiohead", kinds=["track"])
    assert after.hits[0].name == last.name
    assert after.hits[0].parts["chosen"] == pytest.approx(20 / 25)
    assert "chosen" in after.hits[0].why


def test_a_choice_never_passes_what_is_called_so(engine):
    track = next(hit for hit in engine.search("radiohead").hits if hit.kind == "track")
    for _ in range(20):
        engine.choose(engine.search("radiohead").search_id, track.id)
    assert engine.search("radiohead").hits[0].kind == "artist"


def test_choosing_twice_counts_once(engine):
    number = engine.search("radiohead").search_id
    for _ in range(3):
        engine.choose(number, "test:track/Creep")
    creep = next(hit for hit in engine.search("radiohead").hits if hit.name == "Creep")
    assert creep.parts["chosen"] == pytest.approx(1 / 6, abs=1e-4)


def test_an_unknown_search_cannot_be_chosen_from(engine):
    with pytest.raises(UnknownId, match="no search 99"):
        engine.choose(99, "x")


def test_old_searches_are_forgotten(app, engine, monkeypatch):
    log = app.search_parts().log
    log.write("old", total=1, at_ms=1_000)
    for _ in range(99):
        log.write("new", total=1, at_ms=91 * DAY_MS)
    assert [one.text for one in log.trending(since_ms=0, count=5)] == ["new"]


def test_nothing_is_kept_where_the_settings_say_so(world, tmp_path):
    import shutil

    shutil.copytree(world, tmp_path / "w")
    settings = Settings()
    settings.intelligent_search.log = False
    app = App(settings, home=tmp_path / "w")
    assert app.search_engine.search("creep", user_id="test:user/0").search_id is None
    with pytest.raises(BadInput, match="not kept"):
        app.search_engine.trending()
    app.close()


def test_a_search_with_a_name_is_asked_again(engine):
    engine.save("slow", "rock", kinds=["track"], bpm=(None, 100))
    assert [one.name for one in engine.saved()] == ["slow"]
    assert engine.again("slow").hits == engine.search("rock", kinds=["track"], bpm=(None, 100)).hits
    with pytest.raises(UnknownId, match="no saved search 'slw'"):
        engine.again("slw")
    engine.delete_saved("slow")
    assert engine.saved() == []


def test_a_search_that_cannot_be_asked_is_not_saved(engine):
    with pytest.raises(BadInput, match="kinds"):
        engine.save("bad", "x", kinds=["song"])
    assert engine.saved() == []


def test_taste_moves_hits_a_little_and_says_so(engine):
    plain = engine.search("rock", kinds=["track"])
    own = engine.search("rock", kinds=["track"], user_id="test:user/0")
    assert {hit.id for hit in plain.hits} == {hit.id for hit in own.hits}
    assert any("personal" in hit.parts for hit in own.hits)
    assert all(
        abs(hit.score - other.score) <= 0.05 + 1e-9 for hit in own.hits for other in plain.hits if hit.id == other.id
    )


def test_a_stranger_gets_what_everybody_gets_and_is_told(engine):
    found = engine.search("rock", user_id="nobody:1")
    assert any("nobody:1" in notice for notice in found.notices)
    assert found.hits == engine.search("rock").hits
