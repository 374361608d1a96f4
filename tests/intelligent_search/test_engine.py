"""What a search finds, and in which order."""

import asyncio

import pytest

from ml.app import App
from ml.features.language import parse
from ml.foundation.errors import BadInput, EmptyWorkspace
from ml.foundation.settings import Settings
from ml.intelligent_search.understanding import understand


def names(found, kind=None):
    return [hit.name for hit in found.hits if kind in (None, hit.kind)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("beatels", "The Beatles"),
        ("the betales", "The Beatles"),
        ("eatles", "The Beatles"),
        ("veatles", "The Beatles"),
        ("abeatles", "The Beatles"),
        ("die aertze", "Die Ärzte"),
        ("sigurros", "Sigur Rós"),
        ("radio head", "Radiohead"),
        ("yestreday", "Yesterday"),
        ("westrland", "Westerland"),
        ("kino", "Кино"),
        ("кіно", "Кино"),
    ],
)
def test_a_misspelt_name_is_found_first(search, typed, meant):
    assert names(search(typed))[0] == meant


def test_a_name_as_it_is_written_comes_before_all_others(search):
    found = search("pink", kinds=["artist"])
    assert names(found) == ["Pink", "P!nk"]
    assert found.did_you_mean is None
    assert found.hits[0].parts["exact"] == 1.0


def test_what_was_meant_is_said_with_how_sure_that_is(search):
    found = search("beatels").did_you_mean
    assert found.text == "The Beatles"
    assert 0.5 < found.confidence < 1


def test_nothing_is_meant_where_nothing_is_near(search):
    found = search("zzzzqqqqxxx")
    assert found.hits == ()
    assert found.did_you_mean is None


def test_words_of_artist_and_title_together_find_the_track(search):
    assert names(search("creep radiohead"))[0] == "Creep"
    assert names(search("radiohed crep"))[0] == "Creep"


def test_words_in_quotes_stand_in_a_row(search):
    assert names(search('"come together"')) == ["Come Together"]
    assert names(search('"together come"')) == []
    assert names(search('beatles "come together"'))[0] == "Come Together"


def test_what_stands_behind_a_minus_is_left_out(search):
    assert "Yesterday" in names(search("beatles"))
    found = names(search("beatles -yesterday"))
    assert "Yesterday" not in found
    assert "Help!" in found
    assert "Westerland" not in names(search("80s -ärzte", kinds=["track"]))


def test_what_was_looked_for_is_marked(search):
    found = search("radiohed crep").hits[0]
    assert found.highlights == {"name": ((0, 5),), "artist": ((0, 9),)}
    assert search("hopp", typing=True, understand=False).hits[0].highlights["name"] == ((0, 10),)


def test_an_artist_comes_with_what_is_by_them(search):
    found = search("radiohead")
    assert found.hits[0].kind == "artist"
    assert set(names(found, "track")) == {"Creep", "No Surprises"}


def test_the_last_word_may_go_on_while_somebody_types(app):
    engine = app.search_engine
    assert "Westerland" in names(engine.suggest("wester"))
    assert names(engine.suggest("radiohead no s"))[0] == "No Surprises"


def test_a_description_is_understood(search):
    found = search("ruhige Klaviermusik zum Lernen ohne Gesang")
    assert found.route == "description"
    assert names(found)[0] == "Rain"
    assert found.hits[0].parts["piano"] == 1.0


def test_a_description_can_be_taken_for_a_name(search):
    assert search("ruhige Klaviermusik", understand=False).route == "name"


def test_an_era_and_a_genre_are_kept_to(search):
    found = search("80s punk", kinds=["track"])
    assert names(found)[0] == "Westerland"


def test_no_vocals_are_wanted(search):
    assert names(search("no vocals", kinds=["track"]))[0] == "Rain"


def test_a_wish_that_nothing_meets_has_no_say_and_that_is_said(search):
    found = search("calm harp music", kinds=["track"])
    assert any("harp" in notice for notice in found.notices)
    assert "harp" not in found.hits[0].parts
    assert found.hits[0].parts["calm"] == 1.0


def test_what_is_understood_may_be_a_tag_all_the_same(search):
    # "90s" is an era to the grammar; Creep has it as a tag, and no year is needed for that.
    creep = next(hit for hit in search("90s", kinds=["track"]).hits if hit.name == "Creep")
    assert creep.parts["words"] > 0


def test_an_unwanted_genre_is_left_out(search):
    found = search("sad songs but no rock", kinds=["track"])
    assert "Yesterday" in names(found)
    assert "Creep" not in names(found)


def test_what_is_like_something_is_not_that_itself(search):
    found = search("like Radiohead but calmer")
    assert found.route == "description"
    assert "Radiohead" not in names(found)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"genres": ["punk"]}, {"Westerland"}),
        ({"languages": ["de"]}, {"Westerland"}),
        ({"years": (1990, 1999)}, {"Cloud", "Creep", "No Surprises"}),
        ({"bpm": (140, None)}, {"Westerland"}),
        ({"energy": (None, 0.1)}, {"Cloud", "Rain"}),
    ],
)
def test_filters_alone_are_a_search(search, asked, expected):
    assert set(names(search("", kinds=["track"], **asked))) == expected


def test_explicit_tracks_can_be_left_out(search):
    assert "So What" not in names(search("pink", clean=True))
    assert "So What" in names(search("pink"))


def test_hits_are_sorted_by_a_number(search):
    years = [hit.year for hit in search("rock", kinds=["track"], sort="year").hits]
    assert years == sorted(years)
    years = [hit.year for hit in search("rock", kinds=["track"], sort="-year").hits]
    assert years == sorted(years, reverse=True)


def test_facets_count_all_that_matches(search):
    found = search("", kinds=["track"], genres=["rock"], facets=["decade", "kind", "language"], count=1)
    assert found.facets["kind"] == {"track": found.total}
    assert found.facets["decade"] == {"1960s": 2, "1980s": 2, "1990s": 2}
    assert found.facets["language"]["en"] == 5


def test_pages_follow_each_other(search):
    whole = names(search("rock", count=6))
    assert names(search("rock", count=3)) + names(search("rock", count=3, offset=3)) == whole


@pytest.mark.parametrize(
    "text",
    [
        "😀😀",
        "'; DROP TABLE items; --",
        "(.*)+[",
        '"',
        "AND OR NOT",
        "مرحبا بالعالم",
        "a" * 10_000,
        "x\x00\ud800",
        "*",
        "-",
    ],
)
def test_any_text_is_a_question(search, text):
    found = search(text)
    assert found.text is not None
    assert all(0 <= hit.score <= 1 for hit in found.hits)


def test_a_long_text_is_cut_and_that_is_said(search):
    assert any("1,000" in notice for notice in search("beatles " * 2_000).notices)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"text": ""}, "nothing is searched for"),
        ({"text": None}, "text is NoneType"),
        ({"text": "x", "count": 0}, "count"),
        ({"text": "x", "kinds": ["song"]}, "kinds"),
        ({"text": "x", "sort": "loudest"}, "sort"),
        ({"text": "x", "years": (2000, 1990)}, "years"),
        ({"text": "x", "colour": "red"}, "colour"),
        ({"text": "x", "genres": ["rok"]}, "rok"),
    ],
)
def test_what_cannot_be_asked_is_said(search, asked, says):
    with pytest.raises(BadInput, match=says):
        search(**asked)


def test_german_reasons(search):
    assert search("beatels", language="de").hits[0].why == "der Name gleicht dem Getippten zu 86 %"


def test_awaited_it_is_the_same(app):
    engine = app.search_engine
    assert asyncio.run(engine.search_async("beatels")).hits == engine.search("beatels").hits


def test_an_empty_workspace_says_what_to_do(tmp_path):
    app = App(Settings(), home=tmp_path)
    with pytest.raises(EmptyWorkspace, match="nothing to search"):
        app.search_engine.search("x")
    app.close()


@pytest.mark.parametrize(
    "text", ["rock, not Radiohead", "Rock, kein Radiohed", "rock, nothing by Radiohead", "rock, not Creep"]
)
def test_what_is_refused_by_its_name_is_no_hit(search, text):
    found = search(text, count=50)
    assert "Come Together" in {hit.name for hit in found.hits}
    assert "Creep" not in {hit.name for hit in found.hits}
    assert ("No Surprises" in {hit.name for hit in found.hits}) == ("Creep" in text)


def test_words_that_are_refused_lift_nothing():
    # Without the voice, a tag "vocals" is the last that is meant.
    assert understand(parse("calm piano without vocals")).whole == "calm piano instrumental"
    assert understand(parse("rock, not Radiohead")).whole == "rock"
    assert understand(parse("instrumental rock music")).whole == "instrumental rock music"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rock for a sunday", "weekday: sunday"),
        ("rock, not sad", "not mood: sad"),
        ("like Radiohead but with more guitar", "change: more guitar"),
    ],
)
def test_what_has_no_say_is_told(search, text, says):
    assert any(says in notice for notice in search(text).notices)
