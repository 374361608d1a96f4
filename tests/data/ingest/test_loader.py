"""What becomes of rows: stored once, checked, counted, and removed again by undo."""

import polars as pl
import pytest
from sqlalchemy import func, select

from ml.data.frames import LISTENS, conform
from ml.data.importers.base import Batch, Reject
from ml.data.ingest import load, record_block, record_listen, undo
from ml.data.ingest.checks import check, clean
from ml.data.ingest.loader import Loader
from ml.data.schema import (
    blocks,
    features,
    files,
    friends,
    imports,
    items,
    listens,
    metadata,
    play_counts,
    playlist_items,
    subjects,
    tags,
    users,
)
from ml.data.store import bulk
from ml.foundation.errors import BadInput, UnknownId

T0 = 1_600_000_000_000
MINUTE = 60_000


def batch(**frames):
    tables = {name: pl.DataFrame(rows) for name, rows in frames.items()}
    return Batch("test.csv", sum(len(rows) for rows in frames.values()), tables)


def listen(title="Help!", artist="The Beatles", user="local:me", at=T0, **more):
    return {"user_id": user, "title": title, "artist": artist, "listened_at": at, **more}


def count(store, table, *where):
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(table).where(*where)).scalar()


def test_the_same_rows_twice_add_nothing(store):
    rows = batch(listens=[listen(at=T0 + n * 1000) for n in range(5)])
    assert load(store, [rows]).added["listens"] == 5
    again = load(store, [rows])
    assert (again.added["listens"], again.already_there["listens"]) == (0, 5)
    assert count(store, listens) == 5
    assert count(store, items) == 2  # the track and its artist


def test_a_row_repeated_in_one_batch_is_counted_as_there(store):
    tally = load(store, [batch(listens=[listen(), listen()])])
    assert (tally.added["listens"], tally.already_there["listens"]) == (1, 1)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"listened_at": None}, "no date"),
        ({"listened_at": 32_503_680_000_000}, "dated in the future"),
        ({"listened_at": 5}, "clock was not set"),
        ({"ms_played": -1}, "negative playing time"),
        ({"ms_played": 10**9}, "longer than a day"),
        ({"duration_ms": -3}, "negative duration"),
        ({"title": " \x00 "}, "no title and no id"),
        ({"user_id": None}, "no listener"),
        ({"user_id": "nobody"}, "not of the form source:id"),
        ({"title": "x" * 2001}, "longer than 2000"),
    ],
)
def test_a_row_that_cannot_be_is_rejected_with_its_line_and_reason(store, change, reason):
    bad = listen(line=7, ms_played=1000, duration_ms=2000) | change
    caught: list[Reject] = []
    good = listen(line=8, ms_played=1000, duration_ms=2000)
    loader = Loader(store, None, caught.extend)
    loader.load(batch(listens=[bad, good]))
    loader.flush()
    (reject,) = caught
    assert (reject.file, reject.line) == ("test.csv", 7)
    assert reason in reject.reason
    assert count(store, listens) == 1


def test_text_is_cleaned_and_codes_that_are_none_become_null():
    frame = conform(
        pl.DataFrame([listen(title=" Cafe\u0301\x07 ", isrc="gb-aye-06-01713", mbid="nonsense", album="")]), LISTENS
    )
    row = clean(frame).row(0, named=True)
    assert (row["title"], row["isrc"], row["mbid"], row["album"]) == ("Café", "GBAYE0601713", None, None)


def test_a_good_frame_loses_no_row_to_the_checks():
    frame = clean(conform(pl.DataFrame([listen()]), LISTENS))
    good, bad = check("listens", frame)
    assert len(good) == 1
    assert bad.is_empty()


def test_totals_replace_what_they_repeat(store):
    def total(plays):
        return batch(counts=[{"user_id": "a:1", "item_id": "a:x", "plays": plays}])

    assert load(store, [total(3)]).added["counts"] == 1
    assert load(store, [total(3)]).already_there["counts"] == 1
    assert load(store, [total(4)]).updated["counts"] == 1
    with store.read() as connection:
        assert bulk.read(connection, select(play_counts.c.plays)).item() == 4


ROUNDED = listen(at=T0 - T0 % MINUTE - 30_000, ms_played=30_000, precision_ms=MINUTE)
EXACT = listen(at=T0 - T0 % MINUTE - 30_000 + 41_000, ms_played=30_000, precision_ms=1000, item_id="spotify:track:1")
OTHER = listen(at=T0 - T0 % MINUTE - 30_000 + 50_000, ms_played=12_000, precision_ms=1000, item_id="spotify:track:1")


@pytest.mark.parametrize("order", [[ROUNDED, EXACT, OTHER], [EXACT, OTHER, ROUNDED], [EXACT, ROUNDED, OTHER]])
def test_one_listen_of_two_exports_is_kept_once_exactly(store, order):
    for row in order:
        load(store, [batch(listens=[row])])
    with store.read() as connection:
        kept = bulk.read(connection, select(listens.c.listened_at)).to_series().sort().to_list()
    assert kept == [EXACT["listened_at"], OTHER["listened_at"]]


def test_everything_a_batch_may_hold_is_stored(store, tmp_path):
    song = {"item_id": "file:1", "title": "Help!", "artist": "The Beatles"}
    sound = tmp_path / "help.mp3"
    sound.write_bytes(b"x")
    load(
        store,
        [
            batch(
                profiles=[{"user_id": "a:1", "age": 33, "country": "PE"}],
                items=[song | {"genres": ["Rock", "rock ", "Beat"], "year": 1965}],
                files=[song | {"path": str(sound), "content_hash": "1"}],
                tags=[song | {"tag": "Sixties", "user_id": "a:1"}, song | {"tag": "sixties", "user_id": None}],
                features=[song | {"extractor": "x", "version": "1", "feature": "tempo_bpm", "value": 95.0}],
                friends=[{"user_id": "a:1", "friend_id": "a:2"}],
                playlists=[
                    {"playlist_id": "m3u:p", "playlist": "P", "position": 0, "path": str(sound)},
                    {"playlist_id": "m3u:p", "playlist": "P", "position": 1, "path": "/nowhere/03 Yesterday.mp3"},
                ],
            )
        ],
    )
    sizes = {table.name: count(store, table) for table in (subjects, files, features, friends, playlist_items)}
    assert sizes == {"subjects": 1, "files": 1, "features": 1, "friends": 2, "playlist_items": 2}
    assert count(store, tags, tags.c.kind == "genre") == 2
    assert count(store, tags, tags.c.kind == "tag") == 2
    with store.read() as connection:
        names = (
            connection.execute(
                select(items.c.name)
                .join(playlist_items, playlist_items.c.item_key == items.c.key)
                .order_by(playlist_items.c.position)
            )
            .scalars()
            .all()
        )
    assert names == ["Help!", "03 Yesterday"]


def test_a_moved_file_keeps_its_item_and_forgets_its_old_place(store, tmp_path):
    song = {"item_id": "file:1", "title": "Help!", "content_hash": "1"}
    new = tmp_path / "new.mp3"
    new.write_bytes(b"x")
    load(store, [batch(files=[song | {"path": str(tmp_path / "gone.mp3")}])])
    load(store, [batch(files=[song | {"path": str(new), "title": "Help! (retagged)"}])])
    with store.read() as connection:
        assert connection.execute(select(files.c.path)).scalars().all() == [str(new)]
    assert count(store, items, items.c.kind == "track") == 1


def dump(store):
    """Everything in the store but its book-keeping."""
    skipped = {"imports", "import_units", "sequences", "facts"}
    with store.read() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in metadata.sorted_tables
            if table.name not in skipped
        }


def begin(store, import_id):
    with store.write() as connection:
        connection.execute(imports.insert().values(id=import_id, path="x", status="done", started_at=0, summary="{}"))


def test_undo_leaves_the_store_as_it_was(store):
    begin(store, 1)
    load(store, [batch(listens=[listen(), listen(title="Yesterday")])], import_id=1)
    before = dump(store)
    begin(store, 2)
    load(
        store,
        [
            batch(
                listens=[
                    listen(at=T0 + 5),
                    listen(item_id="b:1", at=T0 + 6),
                    listen(artist="Cher feat. X", at=T0, user="b:2"),
                ],
                tags=[{"item_id": "b:1", "title": "Help!", "tag": "x", "user_id": "b:3"}],
            )
        ],
        import_id=2,
    )
    report = undo(store, 2)
    assert report.removed["listens"] == 3
    assert dump(store) == before
    with pytest.raises(BadInput, match="undone before"):
        undo(store, 2)
    with pytest.raises(UnknownId):
        undo(store, 99)


def test_undo_keeps_items_that_others_use(store):
    begin(store, 1)
    begin(store, 2)
    load(store, [batch(listens=[listen()])], import_id=1)
    load(store, [batch(listens=[listen(at=T0 + 1)])], import_id=2)
    assert undo(store, 1).kept_items == 2
    assert count(store, listens) == 1


def test_a_recorded_listen_is_there_at_once_and_two_at_one_moment_are_two(store):
    load(store, [batch(listens=[listen()])])
    with store.read() as connection:
        user, item = connection.execute(select(users.c.key)).scalar(), connection.execute(select(items.c.key)).scalar()
    moments = {record_listen(store, user, item).at for _ in range(3)}
    assert len(moments) == 3
    assert count(store, listens) == 4
    assert record_listen(store, user, item, listened_at=T0 + 9) == record_listen(store, user, item, listened_at=T0 + 9)
    assert count(store, listens) == 5
    with pytest.raises(BadInput):
        record_listen(store, user, item, listened_at=1_600_000_000)
    with pytest.raises(BadInput):
        record_listen(store, user, item, ms_played=-1)
    record_block(store, user, item)
    record_block(store, user, item)
    assert count(store, blocks) == 1
    record_block(store, user, item, blocked=False)
    assert count(store, blocks) == 0


def test_private_sessions_are_kept_apart_unless_they_are_wanted(store):
    rows = batch(listens=[listen(incognito=True), listen(at=T0 + 1)])
    load(store, [rows])
    assert count(store, listens, listens.c.incognito.is_(True)) == 1
    loader = Loader(store, None, private_in_profile=True)
    loader.load(batch(listens=[listen(incognito=True, at=T0 + 2)]))
    loader.flush()
    assert count(store, listens, listens.c.incognito.is_(True)) == 1
    assert count(store, listens) == 3


def test_private_listens_can_be_made_to_count_later(store):
    rows = batch(listens=[listen(incognito=True)])
    load(store, [rows])
    later = Loader(store, None, private_in_profile=True)
    later.load(rows)
    later.flush()
    assert (later.tally.updated["listens"], later.tally.already_there["listens"]) == (1, 0)
    assert count(store, listens, listens.c.incognito.is_(None)) == 1


def test_a_profile_that_leaves_something_out_takes_nothing_away(store):
    load(store, [batch(profiles=[{"user_id": "local:me", "age": 30}])])
    load(store, [batch(profiles=[{"user_id": "local:me", "country": "AT"}])])
    assert count(store, subjects, subjects.c.age == 30, subjects.c.country == "AT") == 1


def test_a_playlist_read_again_goes_and_stays_as_a_whole(store):
    def playlist(*titles):
        rows = [
            {"playlist_id": "local:p", "playlist": "P", "user_id": "local:me", "position": n, "title": title}
            for n, title in enumerate(titles)
        ]
        return batch(playlists=rows)

    with store.write() as connection:
        for number in (1, 2):
            connection.execute(imports.insert().values(id=number, path="x", status="done", started_at=0))
    load(store, [playlist("A", "B")], import_id=1)
    load(store, [playlist("A", "C", "D")], import_id=2)
    undo(store, 2)
    assert count(store, playlist_items) == 3
    undo(store, 1)
    assert count(store, playlist_items) == 0
