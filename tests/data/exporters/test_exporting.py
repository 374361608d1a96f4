"""What leaves the store comes back the same, names no more than was asked for, and replaces nothing unasked."""

import errno

import polars as pl
import pytest
from sqlalchemy import func, select

from ml.data import schema
from ml.data.exporters import WHAT, export
from ml.data.exporters import exporting as module
from ml.data.exporters.selection import SELECTIONS
from ml.data.identity import find_item, find_user, merge, outside_ids
from ml.data.importers.base import Batch
from ml.data.ingest import load, record_block, record_feedback, run, undo_event
from ml.data.store import Store
from ml.foundation.errors import AmbiguousId, BadInput, DiskFull, UnknownId

T0 = 1_600_000_000_000


def batch(**frames):
    tables = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in frames.items()}
    return Batch("test.csv", sum(len(rows) for rows in frames.values()), tables)


def entry(position, title, *, playlist="spotify:playlist:1", name="Road / Trip", **more):
    return {"playlist_id": playlist, "playlist": name, "position": position, "title": title, "artist": "B", **more}


FULL = batch(
    profiles=[{"user_id": "web:user/1", "name": "Ada L.", "gender": "f", "age": 36, "country": "GB"}],
    items=[
        {"item_id": "web:1", "title": "Help!", "artist": "The Beatles", "year": 1965, "genres": ["rock", "pop"]},
        {"kind": "artist", "item_id": "web:artist/9", "title": "Nina Simone", "country": "US"},
    ],
    listens=[
        {"user_id": "web:user/1", "item_id": "web:1", "title": "Help!", "artist": "The Beatles", "listened_at": T0},
        {
            "user_id": "web:user/1",
            "title": 'Say "yes", now',
            "artist": "A feat. B",
            "album": "Ünder",
            "listened_at": T0 + 1_250,
            "ms_played": 1_000,
            "skipped": True,
            "incognito": True,
            "device": "phone",
            "activity": "run",
        },
        {"user_id": "web:user/2", "item_id": "web:77", "listened_at": T0 + 60_000, "shuffle": False},
    ],
    counts=[{"user_id": "web:user/2", "item_id": "web:1", "title": "Help!", "artist": "The Beatles", "plays": 7}],
    tags=[{"user_id": "web:user/1", "item_id": "web:1", "title": "Help!", "artist": "The Beatles", "tag": "happy"}],
    playlists=[
        entry(0, "One", path="/music/one.mp3"),
        entry(1, "Two", item_id="spotify:track:2", isrc="GBAYE0601498"),
        entry(0, "One", playlist="local:2", name="road : trip", user_id="web:user/1"),
    ],
)


@pytest.fixture
def full(store):
    load(store, [FULL])
    return store


@pytest.fixture
def local(tmp_path):
    """As ``full``, where the database makes no difference."""
    opened = Store(f"sqlite:///{tmp_path / 'local.db'}")
    load(opened, [FULL])
    yield opened
    opened.close()


@pytest.fixture
def other(tmp_path):
    """Another, empty store."""
    opened = Store(f"sqlite:///{tmp_path / 'other.db'}")
    yield opened
    opened.close()


def rows(store, table):
    """A table as people see it: outside ids instead of keys, in an order that depends on no key."""
    with store.read() as connection:
        frame = pl.concat([pl.DataFrame(schema=SELECTIONS[table].columns), *SELECTIONS[table].read(connection)])
    if "key" in frame.columns:  # what is called key:N is called so in its own workspace alone
        root = pl.when(pl.col("same_as").str.starts_with("key:")).then(pl.lit("key")).otherwise("same_as")
        frame = frame.drop("key").with_columns(pl.col("genres").list.join("|"), root.alias("same_as"))
    return frame.sort(pl.all()).rows(named=True)


@pytest.mark.parametrize("form", ["csv", "tsv", "parquet"])
@pytest.mark.parametrize("table", ["listens", "counts", "tags", "profiles"])
def test_an_exported_table_can_be_imported_again(full, other, tmp_path, table, form):
    out = tmp_path / f"out.{form}"
    done = export(full, table, out)
    assert done.rows == len(rows(full, table)) > 0
    assert (done.format, done.path, done.size_bytes) == (form, str(out), out.stat().st_size)
    summary = run(other, out, rejects_folder=tmp_path)
    assert summary.reasons == {}
    assert rows(other, table) == rows(full, table)


def test_importing_an_export_into_its_own_workspace_adds_nothing(full, tmp_path):
    def counts():
        with full.read() as connection:
            tables = (schema.listens, schema.items, schema.aliases)
            return [connection.execute(select(func.count()).select_from(table)).scalar() for table in tables]

    before = counts()
    export(full, "listens", tmp_path / "a.csv")
    run(full, tmp_path / "a.csv", rejects_folder=tmp_path)
    assert counts() == before


def test_the_text_of_listens(full, tmp_path):
    export(full, "listens", tmp_path / "a.csv", user="2")
    assert (tmp_path / "a.csv").read_text() == (
        "user_id,listened_at,item_id,kind,title,artist,album,ms_played,skipped,incognito,shuffle,device,activity\n"
        "web:user/2,2020-09-13T12:27:40Z,web:77,track,,,,,,,false,,\n"
    )


def test_tags_are_no_genres(full, tmp_path):
    export(full, "tags", tmp_path / "a.parquet")
    assert pl.read_parquet(tmp_path / "a.parquet")["tag"].to_list() == ["happy"]


def test_of_several_ids_the_export_gives_the_one_that_everybody_gives(full, tmp_path):
    with full.write() as connection:
        key = find_item(connection, "web:1").key
        for source in ("zzz", "aaa"):
            connection.execute(schema.aliases.insert().values(source=source, external_id="9", item_key=key))
        known = outside_ids(connection, "item", [key])[key]
    export(full, "counts", tmp_path / "a.parquet")
    assert pl.read_parquet(tmp_path / "a.parquet")["item_id"].to_list() == [known] == ["aaa:9"]


def test_items_say_what_they_are_and_what_they_are_the_same_as(full, tmp_path):
    with full.write() as connection:
        merge(connection, "web:1", "spotify:track:2")
    export(full, "items", tmp_path / "a.parquet")
    items = {row["title"]: row for row in pl.read_parquet(tmp_path / "a.parquet").iter_rows(named=True)}
    assert items["Help!"]["genres"] == ["pop", "rock"]
    assert (items["Help!"]["year"], items["Help!"]["same_as"]) == (1965, None)
    assert items["Two"]["same_as"] == "web:1"
    assert items["Nina Simone"]["country"] == "US"
    nameless = items['Say "yes", now']
    assert nameless["item_id"] is None, "no source has named it"
    with full.read() as connection:
        assert find_item(connection, nameless["key"]).label == 'A feat. B — Say "yes", now'


def test_only_what_is_one_listeners(full, tmp_path):
    def exported(what, user):
        export(full, what, tmp_path / "a.parquet", user=user, force=True)
        return pl.read_parquet(tmp_path / "a.parquet")

    assert set(exported("listens", "web:user/1")["title"]) == {"Help!", 'Say "yes", now'}
    assert exported("counts", "web:user/1").is_empty()
    assert exported("counts", "web:user/2")["plays"].to_list() == [7]
    assert exported("tags", "web:user/2").is_empty()
    assert exported("profiles", "web:user/2").is_empty()
    assert set(exported("items", "web:user/2")["item_id"]) == {"web:1", "web:77"}
    assert set(exported("items", "web:user/1")["title"]) == {"Help!", 'Say "yes", now', "One"}


def test_what_was_said_and_not_taken_back_is_exported_and_is_no_play(full, tmp_path):
    with full.read() as connection:
        user, item = find_user(connection, "web:user/1"), find_item(connection, "web:1").key
        other = find_item(connection, "web:77").key
    record_feedback(full, user, item, "like", at=T0)
    record_block(full, user, other, kind="hide_artist", at=T0 + 1_000)
    record_feedback(full, user, item, "not_now")
    undo_event(full, user)
    export(full, "feedback", tmp_path / "a.csv", user="web:user/1")
    said = pl.read_csv(tmp_path / "a.csv")
    assert said.select("user_id", "event", "item_id").rows() == [
        ("web:user/1", "like", "web:1"),
        ("web:user/1", "hide_artist", "web:77"),
    ]
    assert said["said_at"].str.head(19).to_list() == ["2020-09-13T12:26:40", "2020-09-13T12:26:41"]
    assert export(full, "feedback", tmp_path / "b.csv", user="web:user/2").rows == 0
    export(full, "items", tmp_path / "items.parquet", user="web:user/1")
    assert "web:77" in pl.read_parquet(tmp_path / "items.parquet")["item_id"].to_list()
    with pytest.raises(BadInput, match="likes, blocks and the like, not plays"):
        run(full, tmp_path / "a.csv", rejects_folder=tmp_path, kind="table")


def test_personal_data_is_in_profiles_alone(local, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    for what in WHAT:
        export(local, what, out / what, form="jspf" if what == "playlists" else "csv")
    written = [path for path in out.rglob("*") if path.is_file()]
    assert len(written) == len(WHAT) + 1, "two playlists"
    assert [path.name for path in written if b"Ada L." in path.read_bytes()] == ["profiles"]


def test_many_slices_are_one_table(full, tmp_path, monkeypatch):
    load(
        full,
        [
            batch(
                listens=[
                    {"user_id": f"x:{n % 3}", "title": f"t{n % 7}", "artist": "z", "listened_at": T0 + n * 1000}
                    for n in range(50)
                ]
            )
        ],
    )
    export(full, "listens", tmp_path / "whole.csv")
    export(full, "items", tmp_path / "items.csv")
    monkeypatch.setattr("ml.data.exporters.selection.SLICE_ROWS", 4)
    assert export(full, "listens", tmp_path / "sliced.csv").rows == 53
    export(full, "items", tmp_path / "items-sliced.csv")
    # Each slice writes its times as finely as it needs.
    same = pl.read_csv(tmp_path / "sliced.csv", try_parse_dates=True)
    assert same.drop("listened_at").equals(pl.read_csv(tmp_path / "whole.csv").drop("listened_at"))
    assert (tmp_path / "items-sliced.csv").read_text() == (tmp_path / "items.csv").read_text()


def test_an_empty_store_gives_tables_with_columns(store, tmp_path):
    for what, wanted in SELECTIONS.items():
        for form in ("csv", "parquet"):
            assert export(store, what, tmp_path / f"{what}.{form}").rows == 0
        assert pl.read_csv(tmp_path / f"{what}.csv").columns == list(wanted.columns)
        assert dict(pl.read_parquet(tmp_path / f"{what}.parquet").schema) == wanted.columns


def test_playlists_become_files_of_a_new_folder(full, tmp_path):
    done = export(full, "playlists", tmp_path / "lists")
    names = {path.name for path in (tmp_path / "lists").iterdir()}
    assert names == {"Road Trip.xspf", "road trip (2).xspf"}, "one disk in three does not tell them apart by case"
    assert (done.written, done.left_out, done.format) == (3, 0, "xspf")
    assert {one.path for one in done.playlists} == {str(path) for path in (tmp_path / "lists").iterdir()}
    assert not list(tmp_path.glob(".ml-export-*"))


@pytest.mark.parametrize("form", ["xspf", "jspf"])
def test_an_exported_playlist_can_be_imported_again(full, other, tmp_path, form):
    def entries(store):
        columns = (
            schema.playlist_items.c.position,
            schema.items.c.name,
            schema.items.c.isrc,
            schema.playlist_items.c.path,
        )
        statement = select(*columns).join(schema.items, schema.items.c.key == schema.playlist_items.c.item_key)
        statement = statement.join(schema.playlists, schema.playlists.c.key == schema.playlist_items.c.playlist_key)
        with store.read() as connection:
            return connection.execute(
                statement.where(schema.playlists.c.name == "Road / Trip").order_by("position")
            ).all()

    export(full, "playlists", tmp_path / f"one.{form}", playlist="spotify:playlist:1")
    run(other, tmp_path / f"one.{form}", rejects_folder=tmp_path)
    assert entries(other) == entries(full) != []


def test_m3u8_says_what_it_leaves_out(full, tmp_path):
    done = export(full, "playlists", tmp_path / "one.m3u", playlist="ROAD / TRIP")
    assert done.format == "m3u8"
    assert (done.written, done.left_out) == (1, 1)
    assert [(left.title, left.position) for left in done.playlists[0].left_out] == [("Two", 1)]
    assert "/music/one.mp3" in (tmp_path / "one.m3u").read_text()


def test_an_entry_without_a_file_gets_the_librarys(full, tmp_path):
    song = {"path": str(tmp_path / "two.flac"), "content_hash": "f" * 64, "title": "Two", "artist": "B"}
    load(full, [batch(files=[song | {"isrc": "GBAYE0601498"}])])
    done = export(full, "playlists", tmp_path / "one.m3u8", playlist="Road / Trip")
    assert done.left_out == 0
    assert (tmp_path / "one.m3u8").read_text().splitlines()[-1] == "two.flac", "relative to the playlist's folder"


def test_which_playlists(full, tmp_path):
    assert len(export(full, "playlists", tmp_path / "mine", user="web:user/1").playlists) == 1
    with pytest.raises(UnknownId, match="web:user/2 has no playlists"):
        export(full, "playlists", tmp_path / "none", user="web:user/2")
    with pytest.raises(UnknownId, match=r"(?s)no playlist 'Road Tripp'.*Road / Trip"):
        export(full, "playlists", tmp_path / "a", playlist="Road Tripp")
    with pytest.raises(BadInput, match="2 playlists do not fit into one file"):
        export(full, "playlists", tmp_path / "a.m3u8")
    load(full, [batch(playlists=[entry(0, "Three", playlist="local:3", name="ROAD / trip")])])
    with pytest.raises(AmbiguousId, match="spotify:playlist:1"):
        export(full, "playlists", tmp_path / "a.m3u8", playlist="road / trip")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("what", "name", "options", "message"),
    [
        ("listen", "a.csv", {}, "(?s)nothing called 'listen'.*listens"),
        ("listens", "a.xlsx", {}, r"(?s)\.xlsx is no format of a table.*\.csv"),
        ("listens", "a", {}, "tells no table format"),
        ("listens", "a.csv", {"form": "m3u8"}, "no format of a table"),
        ("listens", "a.csv", {"form": "parquet"}, "the name says csv, --format says parquet"),
        ("listens", "a.csv", {"playlist": "x"}, "not of one playlist"),
        ("playlists", "a.doc", {}, r"\.doc is no format of a playlist"),
        ("listens", "there.csv", {}, "already there"),
        ("listens", "there.csv", {"force": True, "user": "nobody:1"}, "no listener"),
        ("listens", "folder.csv", {"force": True}, "is a folder"),
        ("listens", "missing/a.csv", {}, "cannot be written"),
        ("playlists", "file", {}, "is a file"),
        ("playlists", "file/folder", {}, "cannot be written"),
        ("playlists", "occupied", {}, "already there"),
    ],
)
def test_what_cannot_be_done_leaves_everything_as_it_was(local, tmp_path, what, name, options, message):
    area = tmp_path / "area"
    (area / "folder.csv").mkdir(parents=True)
    (area / "occupied").mkdir()
    (area / "occupied" / "road trip (2).xspf").write_text("mine")
    (area / "there.csv").write_text("mine")
    (area / "file").write_text("mine")
    before = {path: path.read_bytes() if path.is_file() else None for path in area.rglob("*")}
    with pytest.raises((BadInput, UnknownId), match=message):
        export(local, what, area / name, **options)
    assert {path: path.read_bytes() if path.is_file() else None for path in area.rglob("*")} == before


def test_force_replaces(local, tmp_path):
    (tmp_path / "a.csv").write_text("old")
    export(local, "listens", tmp_path / "a.csv", force=True)
    assert (tmp_path / "a.csv").read_text().startswith("user_id,")
    export(local, "playlists", tmp_path / "lists")
    export(local, "playlists", tmp_path / "lists", force=True)
    assert len(list((tmp_path / "lists").iterdir())) == 2


def test_a_full_disk_leaves_no_folder(local, tmp_path, monkeypatch):
    def full_disk(*_args, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "write_playlist", full_disk)
    with pytest.raises(DiskFull):
        export(local, "playlists", tmp_path / "lists")
    assert not (tmp_path / "lists").exists()
    assert not list(tmp_path.glob(".ml-export-*"))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_tracks_and_artists_in_one_table_stay_what_they_are(other, local, tmp_path, form):
    count = {"kind": "artist", "item_id": "web:artist/9", "title": "Nina Simone", "user_id": "web:user/1", "plays": 3}
    load(local, [batch(counts=[count, count | {"item_id": None, "title": "Nobody"}])])
    for what in ("items", "counts"):
        export(local, what, tmp_path / f"{what}.{form}")
        run(other, tmp_path / f"{what}.{form}", rejects_folder=tmp_path)
        assert rows(other, what) == rows(local, what)


@pytest.mark.realdata
def test_public_data_come_back_the_same(realdata, other, tmp_path):
    """Items first: of two artists of one name, it is the first who counts as the one that is there."""
    store = Store(f"sqlite:///{tmp_path / 'first.db'}")
    for folder, tables in (("lastfm_1k_sample", ["listens"]), ("lastfm_hetrec2011", ["items", "counts", "tags"])):
        run(store, realdata / folder, rejects_folder=tmp_path)
        for what in tables:
            export(store, what, tmp_path / f"{what}.csv")
            run(other, tmp_path / f"{what}.csv", rejects_folder=tmp_path)
            assert rows(other, what) == rows(store, what) != []
    store.close()
