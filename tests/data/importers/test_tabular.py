"""Tables of every shape, read into the frames that they mean."""

import codecs
import csv
import gzip
import io
import tracemalloc
import zipfile

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.frames import FRAMES, conform
from ml.data.importers import parquet
from ml.data.importers.base import BATCH_ROWS, Options
from ml.data.importers.source import Source
from ml.data.importers.tabular import Tabular
from ml.foundation.errors import BadInput

SECONDS = 1_260_759_144
MOMENT_MS = SECONDS * 1000


def batches(path, **options):
    [unit] = Tabular().claim(Source.of(path))
    return list(Tabular().read(unit, Options(**options)))


def table(folder, content, name="table.csv", **options):
    """Read a small table: its one batch."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    [batch] = batches(path, **options)
    assert batch.rows == max(map(len, batch.frames.values())) + len(batch.rejects)
    for kind, frame in batch.frames.items():
        conform(frame, FRAMES[kind])
    return batch


def rows(batch, kind, *columns):
    return batch.frames[kind].select(columns).rows()


def test_listens(tmp_path):
    batch = table(tmp_path, f"userId,movieId,rating,timestamp\n15,31,2.5,{SECONDS}\n", source="ml")
    assert rows(batch, "listens", "line", "kind", "user_id", "item_id", "listened_at", "precision_ms") == [
        (2, "track", "ml:user/15", "ml:31", MOMENT_MS, None)
    ]
    assert list(batch.notes) == [
        "timestamp: numbers are seconds since 1970",
        "rating: not read; each rated item counts as heard",
    ]


def test_listens_with_everything(tmp_path):
    batch = table(
        tmp_path,
        "user,track_id,track,artist,album,played_at,msPlayed,duration_s,isrc,mbid,artist_mbid,skipped,shuffle,"
        "incognito_mode,device,activity\n"
        "spotify:user:me,spotify:track:1,Army of Me,Björk,Post,2009-12-14 02:52,1500,234.5,GBAAA9500001,"
        "0f5ca1ba-0000-4000-8000-000000000001,0f5ca1ba-0000-4000-8000-000000000002,true,0,no,phone,running\n",
    )
    columns = [name for name in FRAMES["listens"] if name not in ("line", "reason_start", "reason_end")]
    [row] = conform(batch.frames["listens"], FRAMES["listens"]).select(columns).to_dicts()
    assert row == {
        "kind": "track",
        "item_id": "spotify:track:1",
        "title": "Army of Me",
        "artist": "Björk",
        "album": "Post",
        "duration_ms": 234_500,
        "isrc": "GBAAA9500001",
        "mbid": "0f5ca1ba-0000-4000-8000-000000000001",
        "user_id": "spotify:user:me",
        "listened_at": MOMENT_MS - 24_000,
        "precision_ms": 60_000,
        "ms_played": 1500,
        "skipped": True,
        "incognito": False,
        "shuffle": False,
        "device": "phone",
        "activity": "running",
        "artist_mbids": ["0f5ca1ba-0000-4000-8000-000000000002"],
    }


def test_a_history_without_listeners_is_the_users(tmp_path):
    batch = table(tmp_path, f"artist,track,timestamp\nBjörk,Jóga,{SECONDS}\n", user="local:anna")
    assert rows(batch, "listens", "user_id", "title", "artist") == [("local:anna", "Jóga", "Björk")]


def test_counts(tmp_path):
    batch = table(tmp_path, "user\titem\tplays\na\tx\t3\na\ty\t2.0\n", "t.tsv")
    assert rows(batch, "counts", "user_id", "item_id", "plays") == [
        ("local:user/a", "local:x", 3),
        ("local:user/a", "local:y", 2),
    ]


def test_pairs_count_once(tmp_path):
    assert rows(table(tmp_path, "user,item\na,x\n"), "counts", "plays") == [(1,)]


def test_artists_as_items(tmp_path):
    batch = table(tmp_path, "user,artist_id,artist_name,plays\n2,51,Duran Duran,13883\n", source="fm")
    assert rows(batch, "counts", "kind", "item_id", "title", "artist", "user_id") == [
        ("artist", "fm:artist/51", "Duran Duran", None, "fm:user/2")
    ]


def test_an_item_may_be_said_to_be_an_artist(tmp_path):
    batch = table(tmp_path, "user,item,name,plays\n2,51,Duran Duran,3\n", item_kind="artist")
    assert rows(batch, "counts", "kind", "item_id", "title", "artist") == [
        ("artist", "local:artist/51", "Duran Duran", None)
    ]


def test_a_catalogue(tmp_path):
    batch = table(
        tmp_path,
        "movieId,title,genres,year,language,explicit,length\n"
        "1,Toy Story (1995),Adventure| Animation,,en,no,210\n"
        "2,Clean,(no genres listed),2008-05-01,,TRUE,3:30\n"
        "3,Mixed,Rock;Pop,0,,,1:00:00\n",
    )
    assert rows(batch, "items", "item_id", "title", "genres", "year", "language", "explicit", "duration_ms") == [
        ("local:1", "Toy Story (1995)", ["Adventure", "Animation"], None, "en", False, 210_000),
        ("local:2", "Clean", [], 2008, None, True, 210_000),
        ("local:3", "Mixed", ["Rock", "Pop"], None, None, None, 3_600_000),
    ]
    assert list(batch.notes) == ["length: numbers are seconds"]


def test_long_durations_are_milliseconds(tmp_path):
    batch = table(tmp_path, "title,artist,duration\na,b,210000\nc,d,180000\n")
    assert rows(batch, "items", "duration_ms") == [(210_000,), (180_000,)]
    assert list(batch.notes) == ["duration: numbers are milliseconds"]


def test_a_catalogue_of_artists_has_countries(tmp_path):
    batch = table(tmp_path, "artist,country\nBjörk,IS\n")
    assert rows(batch, "items", "kind", "title", "country") == [("artist", "Björk", "IS")]


def test_a_catalogues_tags_are_tags(tmp_path):
    batch = table(tmp_path, "title,artist,tags\nJóga,Björk,electronic|strings\nHunter,Björk,\n")
    assert rows(batch, "items", "line", "title") == [(2, "Jóga"), (3, "Hunter")]
    assert rows(batch, "tags", "line", "title", "tag") == [(2, "Jóga", "electronic"), (2, "Jóga", "strings")]


def test_tags(tmp_path):
    batch = table(tmp_path, f"userId,movieId,tag,timestamp\n15,339,sandra 'boring' bullock,{SECONDS}\n")
    assert rows(batch, "tags", "user_id", "item_id", "tag", "tagged_at") == [
        ("local:user/15", "local:339", "sandra 'boring' bullock", MOMENT_MS)
    ]


def test_profiles(tmp_path):
    batch = table(tmp_path, '#id\tgender\tage\tcountry\tregistered\n7\tF\t-1\tPeru\t"Feb 24, 2006"\n', "p.tsv")
    assert rows(batch, "profiles", "user_id", "gender", "age", "country", "registered_at") == [
        ("local:user/7", "f", None, "Peru", 1_140_739_200_000)
    ]


@pytest.mark.parametrize(
    ("columns", "row", "reason"),
    [
        ("user,item,timestamp", "1,2,soon", "timestamp is not a time"),
        ("user,item,playcount", "1,2,many", "playcount is not a whole number"),
        ("user,item,plays", "1,2,2.5", "plays is not a whole number"),
        ("user,item,plays,length", "1,2,3,long", "length is not a duration"),
        ("title,artist,year", "a,b,MMVIII", "year is not a year"),
        ("title,artist,explicit", "a,b,perhaps", "explicit is neither true nor false"),
        ("user,age,gender", "1,old,f", "age is not a whole number"),
        ("user,age,gender,signup", "1,9,f,never", "signup is not a time"),
        ("user,item,plays", "1,2", "2 fields where 3 are expected"),
    ],
)
def test_a_row_that_cannot_be_read_is_a_reject_with_its_line(tmp_path, columns, row, reason):
    good = {"user": "u", "item": "i", "title": "t", "artist": "a", "timestamp": str(SECONDS)}
    fine = ",".join(good.get(name, "") for name in columns.split(","))
    batch = table(tmp_path, f"{columns}\n{fine}\n\n{row}\n{fine}\n")
    assert [(reject.file, reject.line, reject.reason, reject.raw) for reject in batch.rejects] == [
        ("table.csv", 4, reason, row)
    ]
    [frame] = batch.frames.values()
    assert frame["line"].to_list() == [2, 5]


@pytest.mark.parametrize("nothing", ["", "NA", "\\N", "null", "nan"])
def test_a_number_may_be_unknown(tmp_path, nothing):
    batch = table(tmp_path, f"user,age,gender\n1,{nothing},f\n")
    assert rows(batch, "profiles", "age") == [(None,)]


def test_rejects_come_in_the_order_of_lines(tmp_path):
    batch = table(tmp_path, "user,item,plays\n1,2,x\n1\n1,2,y\n1,2,3,4\n")
    assert [reject.line for reject in batch.rejects] == [2, 3, 4, 5]


def test_map(tmp_path):
    batch = table(tmp_path, f"who,what,when\n1,2,{SECONDS}\n", columns={"user": "who", "item": "what", "time": "when"})
    assert rows(batch, "listens", "user_id", "item_id", "listened_at") == [("local:user/1", "local:2", MOMENT_MS)]


def test_a_delimiter_can_be_given(tmp_path):
    batch = table(tmp_path, "user,x;title\n1;2\n", columns={"user": "user,x"}, delimiter=";")
    assert rows(batch, "counts", "user_id", "title") == [("local:user/1", "2")]


@pytest.mark.parametrize(
    ("encode", "options"),
    [
        (lambda text: text.encode(), {}),
        (lambda text: codecs.BOM_UTF8 + text.encode(), {}),
        (lambda text: text.encode("utf-16"), {}),
        (lambda text: text.encode("cp1252"), {"encoding": "cp1252"}),
        (lambda text: text.replace("\n", "\r\n").encode(), {}),
        (lambda text: text.replace("\n", "\r").encode(), {}),
    ],
)
def test_encodings_and_line_ends(tmp_path, encode, options):
    batch = table(tmp_path, encode("title,artist\nJóga,Björk\n"), **options)
    assert rows(batch, "items", "title", "artist") == [("Jóga", "Björk")]


def test_a_row_that_is_not_utf8_says_what_to_pass(tmp_path):
    batch = table(tmp_path, "title,artist\nJóga,Björk\nHunter,Bjork\n".encode("cp1252"))
    assert [(reject.line, "cp1252 (--encoding)" in reject.reason) for reject in batch.rejects] == [(2, True)]
    assert rows(batch, "items", "title") == [("Hunter",)]


def test_gzip_and_archives_are_read_as_they_are(tmp_path):
    content = b"user,item\n1,2\n"
    assert table(tmp_path, gzip.compress(content), "t.csv.gz").rows == 1
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("t.csv", content)
    assert [batch.rows for batch in batches(tmp_path / "t.zip")] == [1]


def test_parquet_is_read_like_text(tmp_path):
    frame = pl.DataFrame(
        {
            "userId": [15, 16],
            "movieId": [31.0, None],
            "title": pl.Series(["a", "b"], dtype=pl.Categorical),
            "played_at": pl.from_epoch(pl.Series([SECONDS, SECONDS])),
            "plays": [None, 2],
        }
    )
    frame.write_parquet(tmp_path / "a.parquet")
    [batch] = batches(tmp_path / "a.parquet")
    assert rows(batch, "listens", "line", "user_id", "item_id", "title", "listened_at") == [
        (1, "local:user/15", "local:31", "a", MOMENT_MS),
        (2, "local:user/16", None, "b", MOMENT_MS),
    ]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.parquet", "a.parquet")
    [again] = batches(tmp_path / "a.zip")
    assert again.frames["listens"].equals(batch.frames["listens"])


def test_parquet_lists_are_genres(tmp_path):
    pl.DataFrame({"title": ["a"], "artist": ["b"], "genres": [["Rock", " ", "Pop"]]}).write_parquet(tmp_path / "a.pq")
    [batch] = batches(tmp_path / "a.pq")
    assert rows(batch, "items", "genres") == [(["Rock", "Pop"],)]


def test_a_long_parquet_file_comes_in_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "BATCH_ROWS", 3)
    pl.DataFrame({"user": ["u"] * 8, "item": range(8)}).write_parquet(tmp_path / "a.parquet", row_group_size=4)
    read = batches(tmp_path / "a.parquet")
    assert all(batch.rows <= 3 for batch in read)
    assert [row for batch in read for row in rows(batch, "counts", "line", "item_id")] == [
        (item + 1, f"local:{item}") for item in range(8)
    ]


def test_parquet_rows_that_cannot_be_read_are_rejects(tmp_path):
    pl.DataFrame({"user": ["1", "2"], "item": ["3", "4"], "plays": ["5", "x"]}).write_parquet(tmp_path / "a.parquet")
    [batch] = batches(tmp_path / "a.parquet")
    assert [(reject.line, reject.reason) for reject in batch.rejects] == [(2, "plays is not a whole number")]


def test_parquet_with_structures_is_said(tmp_path):
    pl.DataFrame({"title": [{"x": 1}], "artist": ["b"]}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(BadInput, match=r"the column 'title' holds Struct"):
        batches(tmp_path / "a.parquet")
    assert batches(tmp_path / "a.parquet", columns={"title": ""})[0].rows == 1


@given(st.floats(0, 1, exclude_max=True), st.binary(max_size=20))
def test_cut_off_parquet_is_bad_input(tmp_path_factory, keep, tail):
    out = io.BytesIO()
    pl.DataFrame({"user": ["1", "2"] * 50, "item": ["3", "4"] * 50}).write_parquet(out)
    content = out.getvalue()
    path = tmp_path_factory.mktemp("table") / "a.parquet"
    path.write_bytes(content[: int(len(content) * keep)] + tail)
    with pytest.raises(BadInput, match="cannot be read as Parquet"):
        batches(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "table.csv: the file is empty"),
        (b"\n \n", "table.csv: the file is empty"),
        (b"user,item\n", "table.csv: a header, but no rows below it"),
        (b"user,item\n\n\n", "table.csv: a header, but no rows below it"),
        (b"a,b\n1,2\n", "no column tells which track or artist a row is about; the first line has 'a', 'b'"),
    ],
)
def test_a_file_without_a_table_says_so(tmp_path, content, message):
    (tmp_path / "table.csv").write_bytes(content)
    with pytest.raises(BadInput) as caught:
        batches(tmp_path / "table.csv")
    assert message in caught.value.message


@pytest.mark.parametrize("options", [{"encoding": "klingon"}, {"delimiter": "::"}, {"columns": {"user": "nobody"}}])
def test_options_that_do_not_fit_are_said(tmp_path, options):
    (tmp_path / "table.csv").write_bytes(b"user,item\n1,2\n")
    with pytest.raises(BadInput):
        batches(tmp_path / "table.csv", **options)


def test_tables_are_claimed_by_their_columns(tmp_path):
    (tmp_path / "listens.csv").write_bytes(b"user,item\n1,2\n")
    (tmp_path / "edges.csv").write_bytes(b"node_1,node_2\n1,2\n")
    (tmp_path / "readme.txt").write_bytes(b"user,item\n")
    assert [unit.name for unit in Tabular().claim(Source.of(tmp_path))] == ["listens.csv"]
    (tmp_path / "listens.csv").unlink()
    assert Tabular().claim(Source.of(tmp_path)) == []
    (tmp_path / "readme.txt").unlink()
    assert [unit.name for unit in Tabular().claim(Source.of(tmp_path))] == ["edges.csv"]


def large(folder, n_rows, tail=""):
    path = folder / "large.csv"
    with path.open("w", newline="") as out:
        out.write("user,item,title,artist,timestamp,ms_played\n")
        out.writelines(
            f'u{row % 977},t{row % 7919},"Song {row % 7919}, live",Artist {row % 101},{SECONDS + row},{row % 300_000}\n'
            for row in range(n_rows)
        )
        out.write(tail)
    return path


def test_a_long_table_comes_in_batches(tmp_path):
    path = large(tmp_path, BATCH_ROWS + 5, tail="broken\n")
    read = batches(path)
    assert [batch.rows for batch in read] == [BATCH_ROWS, 6]
    assert read[1].frames["listens"]["line"].to_list() == list(range(BATCH_ROWS + 2, BATCH_ROWS + 7))
    assert [(reject.line, reject.raw) for reject in read[1].rejects] == [(BATCH_ROWS + 7, "broken")]
    assert read[0].frames["listens"]["listened_at"].to_list() == [MOMENT_MS + row * 1000 for row in range(BATCH_ROWS)]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path):
    path = large(tmp_path, 4 * BATCH_ROWS, tail="broken\n")
    [unit] = Tabular().claim(Source.of(path))
    tracemalloc.start()
    peaks = []
    for _ in Tabular().read(unit, Options()):
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.reset_peak()
    tracemalloc.stop()
    assert max(peaks[1:]) < 2 * max(peaks[0], 50 << 20)


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=8)


@given(st.lists(st.tuples(CELLS, CELLS, st.integers(31_536_000, 4_000_000_000)), min_size=1, max_size=6))
def test_a_written_history_is_read_back(tmp_path_factory, rows_):
    path = tmp_path_factory.mktemp("table") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["user", "track", "artist", "timestamp"])
        writer.writerows(["u", title, artist, seconds] for title, artist, seconds in rows_)
    [batch] = batches(path)
    expected = [(_clean(title), _clean(artist), seconds * 1000) for title, artist, seconds in rows_]
    assert rows(batch, "listens", "title", "artist", "listened_at") == expected
    assert list(batch.rejects) == []


def _clean(text):
    return text.strip() or None


@given(st.binary(max_size=300), st.sampled_from([b"", b"user,item,plays\n", b"user\ttitle\ttimestamp\n"]))
def test_any_bytes_are_rows_rejects_or_bad_input(tmp_path_factory, content, header):
    path = tmp_path_factory.mktemp("table") / "a.csv"
    path.write_bytes(header + content)
    try:
        read = batches(path)
    except BadInput:
        return
    for batch in read:
        assert batch.rows == max(map(len, batch.frames.values())) + len(batch.rejects)


@pytest.mark.realdata
def test_movielens(realdata):
    units = Tabular().claim(Source.of(realdata / "movielens_small"))
    read = {unit.name: list(Tabular().read(unit, Options(source="ml"))) for unit in units}
    assert {name: sum(batch.rows for batch in parts) for name, parts in read.items()} == {
        "movies.csv": 9125,
        "ratings.csv": 100_004,
        "tags.csv": 1296,
    }
    assert not any(batch.rejects for parts in read.values() for batch in parts)
    listens = pl.concat(batch.frames["listens"] for batch in read["ratings.csv"])
    assert (listens["user_id"].n_unique(), listens["item_id"].n_unique()) == (671, 9066)
    assert listens.row(0, named=True)["item_id"] == "ml:31"
    movies = read["movies.csv"][0].frames["items"]
    assert movies.row(0, named=True)["genres"] == ["Adventure", "Animation", "Children", "Comedy", "Fantasy"]


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("path", "kind", "n_rows"),
    [
        ("emotify/tracks.csv", "items", 275),
        ("spotify_top_hits/songs_normalize.csv", "items", 1821),
        ("hit_predictor/dataset-of-00s.csv", "items", 5872),
        ("charts/billboard_hot100_1997_2024.csv.gz", "items", 141_700),
        ("sparkify_features/train_full.parquet", "profiles", 15_438),
    ],
)
def test_tables_of_others(realdata, path, kind, n_rows):
    read = batches(realdata / path)
    assert sum(len(batch.frames[kind]) for batch in read) == n_rows
    assert not any(batch.rejects for batch in read)


def test_what_is_not_read_is_named(tmp_path):
    batch = table(tmp_path, "when_heard,artist,title,listener_name,foo\n2020,Björk,Joga,me,1\n")
    assert batch.notes[0] == "not read: when_heard, listener_name, foo"
    assert "--map time=" in batch.notes[1]
    assert table(tmp_path, "artist,title,year\nBjörk,Joga,1997\n", "b.csv").notes == ()


@pytest.mark.parametrize(
    ("content", "holds", "choice"),
    [
        (b"artist,track,when\nAir,A,2024-05-01 20:15\nAir,B,2024-05-02 20:15\n", "listens", None),
        (b"K\xc3\xbcnstler;Titel;Datum\nAir;A;01.05.2024 20:15\n", "listens", None),
        (b"artist,track,date\nAir,A,2024-05-01\nAir,B,2024-05-02\n", "listens", {"time": ""}),
        (b"date,rank,artist,song\n2024-05-01,1,Air,A\n", "items", {"time": "date"}),
        (b"Name,Artist,Time\nA,Air,241\nB,Air,242\n", "items", None),
    ],
)
def test_a_time_that_may_be_another_is_looked_at_and_a_doubt_has_its_choice(tmp_path, content, holds, choice):
    batch = table(tmp_path, content)
    assert [name for name, frame in batch.frames.items() if len(frame)] == [holds]
    assert (batch.doubt.otherwise if batch.doubt else None) == choice
    assert any("--map time" in note and "taken for" in note for note in batch.notes) == bool(choice or holds == "items")


def test_json_lines_are_a_table(tmp_path):
    content = b'{"artist":"Air","track":"A","ts":1714600000,"genres":["pop","jazz"]}\nnonsense\n'
    content += b'{"track":"B","ts":1714600060.0}\n'
    batch = table(tmp_path, content, "mine.jsonl")
    assert rows(batch, "listens", "title", "artist", "listened_at") == [
        ("A", "Air", 1714600000000),
        ("B", None, 1714600060000),
    ]
    assert [reject.line for reject in batch.rejects] == [2]


def test_json_lines_that_say_nothing_can_be_mapped_but_are_no_part_of_an_export(tmp_path):
    odd = tmp_path / "odd.jsonl"
    odd.write_bytes(b'{"what":"A","who":"Air"}\n')
    assert [unit.name for unit in Tabular().claim(Source.of(odd))] == ["odd.jsonl"]
    assert Tabular().claim(Source.of(tmp_path)) == []


def test_a_decimal_comma_is_read_where_it_can_be_no_other(tmp_path):
    batch = table(tmp_path, b"artist;title;length;played_at\nA;B;3,5;2024-05-01\nA;C;1,234;2024-05-01\n")
    assert rows(batch, "listens", "duration_ms") == [(3500,)]
    assert [reject.reason for reject in batch.rejects] == ["length is not a duration"]
    assert batch.rejects[0].reason.words.values == {"column": "length"}
