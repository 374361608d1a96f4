"""Recognition, with the answers known in advance, on both databases."""

import functools
import re

import polars as pl
import pytest
from sqlalchemy import event, select

from ml.data.frames import ITEMS, conform
from ml.data.identity import Resolver, find_item, find_user, list_merges, merge, outside_ids, split
from ml.data.identity.near import near_names
from ml.data.schema import items, track_artists
from ml.data.store import bulk
from ml.foundation.errors import AmbiguousId, BadInput, UnknownId


def keys(store, *rows, fill=False):
    """Resolve rows one frame at a time, as one import would."""
    frame = conform(pl.DataFrame(list(rows), schema=ITEMS, orient="row", strict=False), ITEMS)
    return Resolver(store, 1).items(frame, fill=fill).to_list()


def track(**fields):
    return {name: fields.get(name) for name in ITEMS}


def root(store, key):
    with store.read() as connection:
        return connection.execute(select(items.c.same_as).where(items.c.key == key)).scalar() or key


def test_the_same_description_is_the_same_item_in_one_frame_and_in_the_next(store):
    song = track(title="Help!", artist="The Beatles")
    first = keys(store, song, song)
    assert first[0] == first[1]
    assert keys(store, song) == first[:1]


def test_a_name_without_an_id_is_the_item_that_bears_it(store):
    (spotify,) = keys(store, track(item_id="spotify:track:1", title="Help!", artist="The Beatles"))
    assert keys(store, track(title="Help! - Remastered 2009", artist="Beatles")) == [spotify]


@pytest.mark.parametrize(
    ("other", "method", "confidence"),
    [
        ({"isrc": "GBAYE0601713", "title": "Hilfe", "artist": "?"}, "isrc", 0.99),
        ({"mbid": "b1a9c0e9-d987-4042-ae91-78d6a3267d69", "title": "Hilfe", "artist": "?"}, "mbid", 0.98),
        ({"title": "HELP", "artist": "Beatles", "duration_ms": 141_000}, "name and duration", 0.95),
        ({"title": "Help!", "artist": "The Beatles"}, "name", 0.85),
    ],
)
def test_a_new_id_of_a_known_recording_points_to_it(store, other, method, confidence):
    known = track(
        item_id="spotify:track:1",
        title="Help!",
        artist="The Beatles",
        isrc="GBAYE0601713",
        mbid="b1a9c0e9-d987-4042-ae91-78d6a3267d69",
        duration_ms=139_500,
    )
    (first,) = keys(store, known)
    (second,) = keys(store, track(item_id="file:abc", **other))
    assert second != first
    assert root(store, second) == first
    with store.read() as connection:
        (found,) = list_merges(connection)
    assert (found.item_id, found.same_as_id) == ("file:abc", "spotify:track:1")
    assert (found.method, found.confidence) == (method, confidence)


def test_recordings_of_different_length_stay_apart(store):
    one, other = keys(
        store,
        track(item_id="a:1", title="Dark Star", artist="Grateful Dead", duration_ms=160_000),
        track(item_id="a:2", title="Dark Star", artist="Grateful Dead", duration_ms=1_380_000),
    )
    assert root(store, one) != root(store, other)


def test_two_artists_of_one_source_are_two_however_alike(store):
    one, other = keys(
        store,
        track(kind="artist", item_id="hetrec:artist/1", title="Air"),
        track(kind="artist", item_id="hetrec:artist/2", title="AIR"),
    )
    (third,) = keys(store, track(kind="artist", item_id="lastfm:artist/9", title="air"))
    assert root(store, one) == one
    assert root(store, other) == other
    assert root(store, third) == one


def test_an_item_known_by_id_alone_matches_nothing_and_takes_a_name_later(store):
    one, other = keys(store, track(item_id="local:item/1"), track(item_id="local:item/2"))
    assert one != other
    assert keys(store, track(item_id="local:item/1", title="Toy Story", year=1995), fill=True) == [one]
    with store.read() as connection:
        row = connection.execute(select(items.c.name, items.c.year).where(items.c.key == one)).one()
    assert tuple(row) == ("Toy Story", 1995)


def test_what_is_known_is_not_overwritten_by_a_catalogue(store):
    (key,) = keys(store, track(item_id="a:1", title="Help!", artist="The Beatles", year=1965), fill=True)
    keys(store, track(item_id="a:1", title="Other", artist="X", year=2001, album="Help!"), fill=True)
    with store.read() as connection:
        row = connection.execute(select(items.c.name, items.c.year, items.c.album).where(items.c.key == key)).one()
    assert tuple(row) == ("Help!", 1965, "Help!")


def test_artists_of_a_credit_become_items_and_are_found_again(store):
    (song,) = keys(store, track(title="Smooth", artist="Santana feat. Rob Thomas"))
    (other,) = keys(store, track(title="Maria Maria", artist="Santana"))
    with store.read() as connection:
        rows = bulk.read(
            connection, select(track_artists.c.track_key, track_artists.c.artist_key, track_artists.c.role)
        )
    by = {(row[0], row[2]): row[1] for row in rows.iter_rows()}
    assert by[song, "main"] == by[other, "main"]
    assert (song, "featured") in by


def test_merging_by_hand_is_undone_without_loss(store):
    one, other = keys(store, track(item_id="a:1", title="X", artist="Y"), track(item_id="b:1", title="Z", artist="Y"))
    with store.write() as connection:
        merge(connection, "a:1", "b:1")
        assert find_item(connection, "b:1").key == one
        with pytest.raises(BadInput, match="one item already"):
            merge(connection, "a:1", "b:1")
        split(connection, "b:1")
        assert find_item(connection, "b:1").key == other
        with pytest.raises(BadInput, match="not merged"):
            split(connection, "b:1")
        with pytest.raises(UnknownId):
            split(connection, "b:404")


def test_listeners_keep_their_random_keys(store):
    ids = pl.Series(["hetrec:user/2", "hetrec:user/3", None, "hetrec:user/2"])
    first = Resolver(store, 1).users(ids).to_list()
    assert first[0] == first[3] != first[1]
    assert first[2] is None
    assert Resolver(store, 2).users(ids).to_list() == first
    with store.read() as connection:
        assert {find_user(connection, text) for text in ("hetrec:user/2", "user/2", "2")} == {first[0]}
        assert outside_ids(connection, "user", [first[0]]) == {first[0]: "hetrec:user/2"}
        with pytest.raises(UnknownId, match="hetrec:user/"):
            find_user(connection, "9")


def test_a_short_id_of_two_listeners_is_refused_with_the_choice(store):
    Resolver(store, 1).users(pl.Series(["hetrec:user/2", "demo:user/2"]))
    with (
        store.read() as connection,
        pytest.raises(AmbiguousId, match=r"demo:user/2, hetrec:user/2|hetrec:user/2, demo:user/2"),
    ):
        find_user(connection, "2")


def test_items_are_found_by_id_and_by_name(store):
    odd = "100% 'Pure' \"Love\""
    (song, _) = keys(
        store, track(item_id="spotify:track:9", title=odd, artist="Crystal Waters"), track(title=odd, artist="Other")
    )
    with store.read() as connection:
        for text in ("spotify:track:9", "track:9", f"Crystal Waters - {odd}", f"key:{song}"):
            assert find_item(connection, text).key == song
        assert find_item(connection, "crystal waters").kind == "artist"
        with pytest.raises(AmbiguousId):
            find_item(connection, odd)
        with pytest.raises(UnknownId):
            find_item(connection, "Nobody - Nothing")


@pytest.mark.parametrize(
    ("typed", "kind", "near"),
    [
        ("Radiohed", None, "did you mean 'Radiohead'?"),
        ("RADIOHAED", "artist", "did you mean 'Radiohead'?"),
        ("adiohead", None, "did you mean 'Radiohead'?"),
        ("Crystal Water", None, "did you mean 'Crystal Waters'?"),
        ("Crep", "track", "did you mean 'Creep'?"),
        ("Crep", "artist", "write its id"),
        ("Nobody", None, "write its id"),
    ],
)
def test_of_a_misspelt_name_what_is_near_is_named(store, typed, kind, near):
    keys(store, track(title="Creep", artist="Radiohead"), track(title="Gypsy Woman", artist="Crystal Waters"))
    with store.read() as connection, pytest.raises(UnknownId, match=re.escape(near)):
        find_item(connection, typed, kind=kind)


def test_an_artist_that_begins_alike_is_found_without_reading_the_whole_catalogue(store):
    keys(store, track(title="Creep", artist="Radiohead"), track(kind="artist", item_id="a:1", title="Crepe"))
    seen = []
    with store.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda *told: seen.append((told[2], told[3])))
        assert near_names(connection, "Radiohed") == ["Radiohead"]
        assert near_names(connection, "Crep") == ["Crepe"]
        assert len(seen) == 2
        if connection.dialect.name == "sqlite":
            plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all() for sql, given in seen[:2]]
            assert ["SEARCH items USING INDEX ix_items_match" in str(plan) for plan in plans] == [True, True]
        assert near_names(connection, "Crep", kind="track") == ["Creep"]


@pytest.mark.parametrize("slices", [1, 2, 3])
def test_two_artists_of_one_source_stay_two_where_another_source_has_one_of_that_name(store, slices):
    names = ["mbidx:1", "hetrec:artist/1", "hetrec:artist/2"]
    rows = [track(kind="artist", item_id=name, title="Nirvana") for name in names]
    if slices == 1:
        found = keys(store, *rows)
    elif slices == 2:
        found = keys(store, rows[0]) + keys(store, *rows[1:])
    else:
        found = [key for row in rows for key in keys(store, row)]
    known, first, second = (root(store, key) for key in found)
    assert first == known
    assert second == found[2]


def test_an_artist_merged_by_hand_keeps_the_sources_of_all_it_is_made_of(store):
    artist = functools.partial(track, kind="artist", title="Nirvana")
    keys(store, artist(item_id="one:1"), track(kind="artist", item_id="two:1", title="Nirvana (UK)"))
    with store.write() as connection:
        merge(connection, "two:1", "one:1")
    (other,) = keys(store, artist(item_id="two:2"))
    assert root(store, other) == other


@pytest.mark.parametrize("text", ["key:99999999999999999999", "key:9223372036854775808", "key:\u00b2", "key:\u0663"])
def test_a_key_that_no_item_can_have_is_an_unknown_id(store, text):
    with store.write() as connection:
        with pytest.raises(UnknownId):
            find_item(connection, text)
        with pytest.raises(UnknownId):
            split(connection, text)


@pytest.mark.parametrize("text", ["local:a\0b", "local:\ud800", "\ud800", "a\0b - c"])
def test_an_id_that_no_database_can_hold_is_bad_input(store, text):
    with store.write() as connection:
        for ask in (find_user, find_item, split):
            with pytest.raises(BadInput, match="cannot be part of an id") as caught:
                ask(connection, text)
            assert str(caught.value).encode()
