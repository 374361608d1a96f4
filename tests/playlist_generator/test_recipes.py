"""Lists in the store: saved, appended to, and made anew from recipes by day and week."""

import json
from datetime import date

import pytest
from sqlalchemy import func, select
from tests.playlist_generator.test_live import generator_of, ids, world
from typer.testing import CliRunner

from ml.app import App
from ml.cli.main import app
from ml.data.ingest import load
from ml.data.schema import playlist_items, playlist_recipes, playlists, recipe_lists
from ml.data.store import Store
from ml.data.workspace import REAL
from ml.foundation import configuration
from ml.foundation.errors import BadInput, UnknownId


@pytest.fixture
def store(tmp_path, request):
    """SQLite; the tests marked for both databases get PostgreSQL too."""
    url = request.getfixturevalue("postgres_url") if getattr(request, "param", "sqlite") == "postgresql" else ""
    opened = Store.at(tmp_path, url)
    load(opened, world())
    yield opened
    opened.close()


@pytest.fixture
def generator(store):
    return generator_of(store)


both = pytest.mark.parametrize("store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.server)], indirect=True)


def count(store, table) -> int:
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar()


@both
def test_a_day_has_one_list_and_the_next_another(generator, store):
    generator.save_recipe("Morning jam", mood="energetic", count=10, user_id="test:ann")
    first = generator.refresh("morning jam", on="2026-11-26")
    same = generator.refresh("Morning jam", on=date(2026, 11, 26))
    after = generator.refresh("Morning jam", on="2026-11-27")
    assert (first.made, same.made, after.made) == (True, False, True)
    assert ids(first.playlist) == ids(same.playlist)
    assert first.playlist.cost == same.playlist.cost
    assert first.playlist.tracks == same.playlist.tracks
    assert not set(ids(first.playlist)) & set(ids(after.playlist))
    assert (first.previous, after.previous) == (None, "2026-11-26")
    assert list(after.difference.apply(ids(first.playlist))) == ids(after.playlist)
    assert first.playlist_id == "ml:Morning jam/2026-11-26"
    (recipe,) = generator.recipes()
    assert (recipe.lists, recipe.last, recipe.rhythm) == (2, "2026-11-27", "daily")
    with store.read() as connection:
        owner = connection.execute(select(playlist_recipes.c.user_key)).scalar()
        owners = set(connection.execute(select(playlists.c.user_key).where(playlists.c.source == "ml")).scalars())
    assert owner is not None
    assert owners == {owner}


def test_the_same_day_gives_the_same_list_in_another_workspace(tmp_path, generator):
    (tmp_path / "other").mkdir()
    other = Store.at(tmp_path / "other")
    load(other, world())
    found = []
    for each in (generator, generator_of(other)):
        each.save_recipe("jam", mood="calm", count=8, avoid=0)
        found.append(ids(each.refresh("jam", on="2026-11-26").playlist))
        assert ids(each.refresh("jam", on="2026-11-26", again=True).playlist) == found[-1]
    other.close()
    assert found[0] == found[1]


def test_days_differ_by_their_seed_too(generator):
    generator.save_recipe("jam", count=8, avoid=0, variety=1, genres=["rock"])
    lists = [ids(generator.refresh("jam", on=f"2026-11-{day}").playlist) for day in range(10, 15)]
    assert len({tuple(each) for each in lists}) > 1


def test_a_week_has_one_list(generator):
    generator.save_recipe("week", rhythm="weekly", count=5)
    days = {generator.refresh("week", on=f"2026-11-{day}").day for day in (23, 26, 29)}
    assert days == {"2026-11-23"}
    assert generator.refresh("week", on="2026-11-30").previous == "2026-11-23"
    assert generator.refresh("week").day == "2026-11-23"  # the clock of the tests says Wednesday, the 25th


def test_the_last_lists_are_kept_away_from_as_many_as_asked(generator):
    generator.save_recipe("jam", genres=["rock"], count=15, artist_gap=0, avoid=2)
    lists = [set(ids(generator.refresh("jam", on=f"2026-11-{day}").playlist)) for day in range(10, 14)]
    assert all(not lists[at] & lists[before] for at in range(4) for before in range(max(0, at - 2), at))
    generator.save_recipe("jam", genres=["rock"], count=35, artist_gap=0, avoid=1, replace=True)
    big = generator.refresh("jam", on="2026-11-20")
    more = generator.refresh("jam", on="2026-11-21")
    # 60 tracks of rock: 35 that are all other ones there are not.
    assert "there are too few others: tracks of the last lists come again" in more.playlist.notices
    assert len(more.playlist.tracks) == 35
    assert len(set(ids(big.playlist)) & set(ids(more.playlist))) <= 15


@both
def test_a_recipe_is_deleted_with_or_without_its_lists(generator, store):
    before = count(store, playlists)
    for lists in (False, True):
        generator.save_recipe("jam", count=3)
        generator.refresh("jam", on="2026-11-26")
        generator.refresh("jam", on="2026-11-27")
        assert generator.delete_recipe("JAM", lists=lists).lists == 2
        assert generator.recipes() == []
        assert count(store, recipe_lists) == 0
        assert count(store, playlists) == (before if lists else before + 2)
    with store.read() as connection:
        orphans = select(func.count()).where(playlist_items.c.playlist_key.not_in(select(playlists.c.key)))
        assert connection.execute(orphans).scalar() == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\0b"}, "cannot be part"),
        ({"rhythm": "hourly"}, "rhythm"),
        ({"avoid": -1}, "avoid"),
        ({"avoid": True}, "avoid"),
        ({"mood": "no such mood"}, "mood"),
        ({"name": "there"}, "there is a recipe"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused(generator, asked, said):
    generator.save_recipe("there", count=3)
    with pytest.raises(BadInput, match=said):
        generator.save_recipe(**{"name": "jam"} | asked)
    with pytest.raises(UnknownId, match="no recipe"):
        generator.refresh("jam")
    with pytest.raises(BadInput, match="is no day"):
        generator.refresh("there", on="tomorrow")


@both
def test_a_saved_list_is_kept_once_and_replaced_under_its_name(generator, store):
    made = generator.generate(count=6, mood="calm", user_id="test:ann")
    assert generator.save(made, "Evening  list").changed
    once = generator.save(json.loads(made.to_json()), "Evening list")
    assert (once.playlist_id, once.tracks, once.changed) == ("ml:Evening list", 6, False)
    other = generator.generate(count=4, mood="energetic")
    assert generator.save(other, "Evening list").changed
    assert count(store, playlists) == 2
    assert generator.extend("Evening list", count=1).before == 4
    with pytest.raises(UnknownId):
        generator.save(made, "Another", user_id="test:nobody")
    with pytest.raises(BadInput, match="can be kept"):
        generator.save({"tracks": [{"track_id": "file:00"}]}, "Another")
    with pytest.raises(BadInput, match="no playlist"):
        generator.save({"track": []}, "Another")


def test_an_extension_is_written_behind_our_lists_only(generator):
    generator.save(generator.generate(count=4), "Ours")
    more = generator.extend("Ours", count=2)
    done = generator.append(more)
    assert (done.playlist_id, done.tracks) == ("ml:Ours", 6)
    assert generator.extend("Ours", count=1).before == 6
    theirs = generator.extend("Given", count=2)
    with pytest.raises(BadInput, match="came by an import"):
        generator.append(theirs)
    assert generator.append(theirs, name="Given and more").tracks == 8
    assert generator.extend("Given", count=1).before == 6


# --- on the command line


@pytest.fixture
def workspace(own_environment):
    with_data = App(configuration.current())
    with_data.workspace.mark(REAL)
    load(with_data.workspace.store, world())
    with_data.close()


def ml(*words):
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_recipes_on_the_command_line(workspace, tmp_path):
    ask = ("--ask", "mood=energetic", "--ask", "count=5", "--ask", "bpm=[100, 160]")
    saved = json.loads(ml("playlist", "save-recipe", "My jam", *ask, "--avoid", 2, "--json"))
    assert saved["request"] == {"mood": "energetic", "count": 5, "bpm": [100.0, 160.0]}
    first = json.loads(ml("playlist", "refresh", "My jam", "--on", "2026-11-26", "--json"))
    assert len(first["playlist"]["tracks"]) == 5
    text = ml("playlist", "refresh", "My jam", "--on", "2026-11-27")
    assert "against 2026-11-26" in text
    assert json.loads(ml("playlist", "recipes", "--json"))[0]["lists"] == 2
    assert "My jam" in ml("playlist", "recipes")
    ml("export", "playlists", "--playlist", "My jam 2026-11-26", "--out", tmp_path / "jam.jspf")
    written = json.loads((tmp_path / "jam.jspf").read_text())["playlist"]["track"]
    assert [one["title"] for one in written] == [one["title"] for one in first["playlist"]["tracks"]]
    assert "is forgotten" in ml("playlist", "delete-recipe", "My jam")
    assert "no recipes yet" in ml("playlist", "recipes")


def test_extending_on_the_command_line(workspace):
    found = json.loads(ml("playlist", "extend", "Given", "--count", 3, "--save-as", "More", "--json"))
    assert len(found["added"]) == 3
    text = ml("playlist", "extend", "More", "--minutes", 10, "--save")
    assert "9 tracks" in text
    assert json.loads(ml("playlist", "extend", "More", "--count", 1, "--json"))["before"] > 9


@pytest.mark.parametrize("ask", ["mood", "=calm", "moood=calm", "count=0"])
def test_a_request_that_cannot_be_read_is_refused(workspace, ask):
    with pytest.raises(BadInput):
        ml("playlist", "save-recipe", "jam", "--ask", ask)
