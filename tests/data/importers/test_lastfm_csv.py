import codecs
import csv
import io
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.frames import LISTENS, conform
from ml.data.importers.base import Options
from ml.data.importers.lastfm_csv import LastfmCsv
from ml.data.importers.source import Source
from ml.foundation.errors import BadInput

USER = "local:ada"
SONG, ARTIST = "11111111-aaaa-4bbb-8ccc-000000000001", "22222222-aaaa-4bbb-8ccc-000000000002"
HEADER = "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid"


def ms(*when):
    return int(datetime(*when, tzinfo=UTC).timestamp() * 1000)


def read(path):
    importer, rows, rejects, total = LastfmCsv(), [], [], 0
    for unit in importer.claim(Source.of(path)):
        for batch in importer.read(unit, Options(user=USER)):
            for frame in batch.frames.values():
                rows.extend(conform(frame, LISTENS).to_dicts())
            rejects.extend(batch.rejects)
            total += batch.rows
    assert total == len(rows) + len(rejects)
    return rows, rejects


@pytest.fixture
def scrobbles(tmp_path):
    def write(content):
        path = tmp_path / "scrobbles.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path)

    return write


def filled(row):
    return {name: value for name, value in row.items() if value is not None}


def test_plain_export_without_header(scrobbles):
    rows, rejects = scrobbles('Nils Frahm,Spaces,Says,11 Oct 2019 20:05\nLow,,"Lullaby, live","1 Feb 2020, 07:00"\n')
    assert [filled(row) for row in rows] == [
        {
            "line": 1,
            "user_id": USER,
            "title": "Says",
            "artist": "Nils Frahm",
            "album": "Spaces",
            "listened_at": ms(2019, 10, 11, 20, 5),
            "precision_ms": 60_000,
        },
        {
            "line": 2,
            "user_id": USER,
            "title": "Lullaby, live",
            "artist": "Low",
            "listened_at": ms(2020, 2, 1, 7, 0),
            "precision_ms": 60_000,
        },
    ]
    assert not rejects


def test_plain_export_with_header_in_any_order(scrobbles):
    rows, _ = scrobbles("Date,Track,Artist,Album\r\n11 Oct 2019 20:05,Says,Nils Frahm,Spaces\r\n")
    assert [(row["line"], row["title"], row["artist"], row["album"]) for row in rows] == [
        (2, "Says", "Nils Frahm", "Spaces")
    ]


def test_export_with_ids(scrobbles):
    rows, rejects = scrobbles(
        f'{HEADER}\n"1570824305","11 Oct 2019, 20:05","Nils Frahm","{ARTIST}","Spaces","x","Says","{SONG.upper()}"\n'
        '"1570824999","11 Oct 2019, 20:16","Low","","","","Lullaby ""live""","no id"\n'
    )
    assert [filled(row) for row in rows] == [
        {
            "line": 2,
            "user_id": USER,
            "title": "Says",
            "artist": "Nils Frahm",
            "album": "Spaces",
            "mbid": SONG,
            "artist_mbids": [ARTIST],
            "listened_at": ms(2019, 10, 11, 20, 5, 5),
            "precision_ms": 1_000,
        },
        {
            "line": 3,
            "user_id": USER,
            "title": 'Lullaby "live"',
            "artist": "Low",
            "listened_at": 1_570_824_999_000,
            "precision_ms": 1_000,
        },
    ]
    assert not rejects


def test_without_seconds_the_minute_stands_in(scrobbles):
    rows, _ = scrobbles(f'{HEADER}\n,"11 Oct 2019, 20:05",Low,,,,Lullaby,\n')
    assert (rows[0]["listened_at"], rows[0]["precision_ms"]) == (ms(2019, 10, 11, 20, 5), 60_000)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Low,,Lullaby,", "no date: what was playing when the export was made is no listen"),
        ("Low,,Lullaby,2019-10-11", "the date is neither seconds since 1970 nor of the form 11 Oct 2019 20:05"),
        ("Low,,Lullaby,31 Feb 2019 20:05", "the date is neither seconds since 1970 nor of the form 11 Oct 2019 20:05"),
        ("Low,Lullaby,11 Oct 2019 20:05", "3 fields where 4 are expected"),
        ('Low,"open,Lullaby,11 Oct 2019 20:05', "a quote is not closed"),
        ('Low,"a"b,Lullaby,11 Oct 2019 20:05', "bad quoting: ',' expected after '\"'"),
    ],
)
def test_a_bad_line_is_refused_alone(scrobbles, line, reason):
    good = "Nils Frahm,Spaces,Says,11 Oct 2019 20:05\n"
    rows, rejects = scrobbles(f"{good}{line}\n{good}")
    assert [row["line"] for row in rows] == [1, 3]
    assert [(reject.file, reject.line, reject.reason, reject.raw) for reject in rejects] == [
        ("scrobbles.csv", 2, reason, line)
    ]


def test_milliseconds_are_no_seconds(scrobbles):
    rows, rejects = scrobbles(f"{HEADER}\n1570824305000,,Low,,,,Lullaby,\n")
    assert not rows
    assert len(rejects) == 1


def test_a_line_that_is_not_utf8_is_refused_alone(scrobbles):
    rows, rejects = scrobbles(b"Low,,Lullaby,11 Oct 2019 20:05\nL\xf6w,,Lullaby,11 Oct 2019 20:05\n")
    assert ([row["line"] for row in rows], [reject.line for reject in rejects]) == ([1], [2])


def test_an_encoding_can_be_given(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"L\xf6w,,Lullaby,11 Oct 2019 20:05\n")
    (unit,) = LastfmCsv().claim(Source.of(tmp_path))
    (batch,) = LastfmCsv().read(unit, Options(encoding="cp1252"))
    assert batch.frames["listens"]["artist"].to_list() == ["Löw"]


def test_blank_lines_before_a_header(scrobbles):
    rows, rejects = scrobbles("\n\nDate,Track,Artist,Album\n\n11 Oct 2019 20:05,Says,Nils Frahm,Spaces\n")
    assert ([(row["line"], row["title"]) for row in rows], rejects) == ([(5, "Says")], [])


def test_a_title_may_hold_a_line_break(scrobbles):
    rows, _ = scrobbles('Low,,"Lulla\nby",11 Oct 2019 20:05\nLow,,Eple,11 Oct 2019 20:06\n')
    assert [(row["line"], row["title"]) for row in rows] == [(1, "Lulla\nby"), (3, "Eple")]


@pytest.mark.parametrize("encode", [lambda text: codecs.BOM_UTF8 + text.encode(), lambda text: text.encode("utf-16")])
def test_marked_encodings(scrobbles, encode):
    rows, _ = scrobbles(encode(f"{HEADER}\n1570824305,,Röyksopp,,,,Eple,\n"))
    assert rows[0]["artist"] == "Röyksopp"


@pytest.mark.parametrize(
    ("name", "content", "claimed"),
    [
        ("a.csv", HEADER, True),
        ("a.csv", "artist,album,track,date", True),
        ("a.csv", "now,,playing,\nLow,,Lullaby,11 Oct 2019 20:05", True),
        ("a.csv", "user,item,plays\n1,2,3", False),
        ("a.csv", "artist,track\nLow,Lullaby", False),
        ("a.csv", "a,b,c,2019-10-11", False),
        ("a.csv", "", False),
        ("a.json", HEADER, False),
    ],
)
def test_claims(tmp_path, name, content, claimed):
    (tmp_path / name).write_text(content)
    assert bool(LastfmCsv().claim(Source.of(tmp_path))) is claimed


FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), min_size=1).map(str.strip).filter(bool)
TIMES = st.integers(0, 4 * 10**9)


@given(
    scrobbles=st.lists(st.tuples(TIMES, FIELD, FIELD, FIELD), max_size=5),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_any_scrobbles_come_back(tmp_path_factory, scrobbles, quoting):
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting, lineterminator="\n")
    writer.writerow(HEADER.split(","))
    writer.writerows((when, "", artist, "", album, "", track, "") for when, artist, album, track in scrobbles)
    path = tmp_path_factory.mktemp("c") / "a.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    rows, rejects = read(path)
    assert [(row["listened_at"] // 1000, row["artist"], row["album"], row["title"]) for row in rows] == scrobbles
    assert not rejects


HEADS = st.sampled_from([b"", HEADER.encode() + b"\n", b"artist,album,track,date\n", b"a,b,c,11 Oct 2019 20:05\n"])


@given(head=HEADS, content=st.binary() | st.text('",\n\r\t 019Oct:').map(str.encode))
def test_any_bytes_are_read_or_bad_input(tmp_path_factory, head, content):
    path = tmp_path_factory.mktemp("c") / "a.csv"
    path.write_bytes(head + content)
    with suppress(BadInput):
        read(path)
