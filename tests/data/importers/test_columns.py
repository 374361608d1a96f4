"""What columns mean, and what a table with such columns holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.frames import FRAMES
from ml.data.importers.columns import SYNONYMS, known, layout, ms_per_unit, usable
from ml.foundation.errors import BadInput


def of(text, **given_):
    return layout(text.split(","), given=given_, file="table.csv")


@pytest.mark.parametrize(
    ("names", "holds"),
    [
        ("userId,movieId,rating,timestamp", "listens"),
        ("user,track,artist,played_at", "listens"),
        ("artist,track,album,timestamp", "listens"),
        ("track,artist,ms_played,date", "listens"),
        ("user,item", "counts"),
        ("user_id,artist_id,artist_name,plays", "counts"),
        ("user,item,rating", "counts"),
        ("userId,movieId,tag,timestamp", "tags"),
        ("movieId,title,genres", "items"),
        ("date,rank,song,artist,last-week", "items"),
        ("artist_id,artist,country", "items"),
        ("id,title,artist", "items"),
        ("track id,genre,mood,age,gender", "items"),
        ("user_id,country,age,gender,playcount,registered_unixtime", "profiles"),
        ("#id,gender,age,country,registered", "profiles"),
        ("user,name,age", "profiles"),
        ("user,track,age", "counts"),
    ],
)
def test_columns_tell_what_a_table_holds(names, holds):
    assert of(names).holds == holds


@pytest.mark.parametrize("names", ["", "a,b", "user,plays", "id,target", "timestamp,ms_played", "filename,length"])
def test_a_table_about_nothing_names_its_columns(names):
    with pytest.raises(BadInput) as caught:
        of(names)
    assert all(repr(name) in caught.value.message for name in names.split(","))
    assert "--map" in caught.value.hint
    assert not usable(names.split(","))


def test_artists_are_the_subject_where_there_is_no_track():
    assert of("user,artist,plays").about_artists
    assert not of("user,artist,title,plays").about_artists


@pytest.mark.parametrize("name", ["userId", "user_id", "User ID", " USER-ID ", "#userid"])
def test_case_spaces_and_punctuation_do_not_matter(name):
    assert known(name)
    assert of(f"{name},item").columns["user"] == 0


def test_the_first_synonym_wins_and_a_column_is_used_once():
    assert of("name,track_name,artist,item").columns == {"title": 1, "artist": 2, "item": 3}
    assert of("user,user,item").columns == {"user": 0, "item": 2}


def test_a_bare_id_numbers_the_rows_of_a_table_with_listeners():
    assert "item" not in of("id,user,title,artist").columns


def test_map_comes_first():
    found = of("movieId,who,code,timestamp", user="who", item="code")
    assert found.columns == {"user": 1, "item": 2, "time": 3}
    assert found.name_of("item") == "code"


def test_map_may_say_that_there_is_no_such_column():
    assert of("user,item,timestamp", time="").holds == "counts"


def test_map_makes_any_time_a_time_of_listening():
    assert of("title,artist,date,rank").holds == "items"
    assert of("title,artist,date,rank", time="date").holds == "listens"


def test_map_is_as_lenient_about_names_as_guessing():
    assert of("Movie ID,who", item="movieid", user="who").columns == {"item": 0, "user": 1}


def test_map_to_a_column_that_is_not_there_says_what_is():
    with pytest.raises(BadInput) as caught:
        of("userId,movieId", item="moveId")
    assert "the file has no column 'moveId'; it has 'userId', 'movieId'" in caught.value.message
    assert caught.value.hint == "did you mean 'movieId'?"


def test_map_of_a_column_we_do_not_know_says_which_we_know():
    with pytest.raises(BadInput) as caught:
        of("userId,movieId", itm="movieId")
    assert caught.value.hint == "did you mean 'item'?"


@pytest.mark.parametrize(
    ("name", "ms"),
    [("ms_played", 1), ("durationMs", 1), ("length_s", 1000), ("seconds_played", 1000), ("duration", None)],
)
def test_a_name_may_tell_its_unit(name, ms):
    assert ms_per_unit(name) == ms


def test_no_name_means_two_things():
    names = [name.replace("_", "") for synonyms in SYNONYMS.values() for name in synonyms]
    assert len(set(names)) == len(names)


@given(st.lists(st.sampled_from([name for names in SYNONYMS.values() for name in names]) | st.text(max_size=5)))
def test_any_header_is_laid_out_or_bad_input(names):
    try:
        found = layout(names, given={}, file="table.csv")
    except BadInput:
        assert not usable(names)
        return
    assert found.holds in FRAMES
    assert len(set(found.columns.values())) == len(found.columns)
    assert all(0 <= at < len(names) for at in found.columns.values())
