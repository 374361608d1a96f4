from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.frames import FRAMES, conform
from ml.data.importers.base import Options
from ml.data.importers.lastfm_1k import Lastfm1k
from ml.data.importers.source import Source
from ml.foundation.errors import BadInput

EVENTS, PROFILES = "userid-timestamp-artid-artname-traid-traname.tsv", "userid-profile.tsv"
SONG, ARTIST = "11111111-aaaa-4bbb-8ccc-000000000001", "22222222-aaaa-4bbb-8ccc-000000000002"
EVENT = f"user_000001\t2009-05-04T23:08:57Z\t{ARTIST}\tNils Frahm\t{SONG}\tSays"


def ms(*when):
    return int(datetime(*when, tzinfo=UTC).timestamp() * 1000)


def read(path):
    importer, rows, rejects, total = Lastfm1k(), {}, [], 0
    for unit in importer.claim(Source.of(path)):
        for batch in importer.read(unit, Options()):
            for name, frame in batch.frames.items():
                rows.setdefault(name, []).extend(conform(frame, FRAMES[name]).to_dicts())
            rejects.extend(batch.rejects)
            total += batch.rows
    assert total == sum(map(len, rows.values())) + len(rejects)
    return rows, rejects


def filled(row):
    return {name: value for name, value in row.items() if value is not None}


@pytest.fixture
def folder(tmp_path):
    def write(**files):
        for name, content in files.items():
            target = EVENTS if name == "events" else PROFILES
            (tmp_path / target).write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(tmp_path)

    return write


def test_events(folder):
    rows, rejects = folder(events=f'{EVENT}\nuser_000002\t2005-02-14T00:00:07Z\t\t坂本龍一\t\t"Mc2" (Live)\r\n')
    assert [filled(row) for row in rows["listens"]] == [
        {
            "line": 1,
            "user_id": "lastfm1k:user_000001",
            "title": "Says",
            "artist": "Nils Frahm",
            "mbid": SONG,
            "artist_mbids": [ARTIST],
            "listened_at": ms(2009, 5, 4, 23, 8, 57),
            "precision_ms": 1_000,
        },
        {
            "line": 2,
            "user_id": "lastfm1k:user_000002",
            "title": '"Mc2" (Live)',
            "artist": "坂本龍一",
            "listened_at": ms(2005, 2, 14, 0, 0, 7),
            "precision_ms": 1_000,
        },
    ]
    assert not rejects


@pytest.mark.parametrize("header", ["", "#id\tgender\tage\tcountry\tregistered\n"])
def test_profiles_with_and_without_header(folder, header):
    rows, rejects = folder(profiles=f"{header}user_000001\tF\t22\tPeru\tAug 13, 2006\nuser_000002\t\t\t\t\n")
    first = 2 if header else 1
    assert [filled(row) for row in rows["profiles"]] == [
        {
            "line": first,
            "user_id": "lastfm1k:user_000001",
            "gender": "f",
            "age": 22,
            "country": "Peru",
            "registered_at": ms(2006, 8, 13),
        },
        {"line": first + 1, "user_id": "lastfm1k:user_000002"},
    ]
    assert not rejects


def test_profiles_come_before_events(folder, tmp_path):
    folder(events=EVENT, profiles="user_000001\tf\t\t\t\n")
    (unit,) = Lastfm1k().claim(Source.of(tmp_path))
    assert [batch.file for batch in Lastfm1k().read(unit, Options())] == [PROFILES, EVENTS]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("user_000001\t2009-05-04T23:08:57Z\tonly\tfour", "4 fields where 6 are expected"),
        ("user_000001\t2009-13-04T23:08:57Z\t\tLow\t\tLullaby", "the time is not of the form 2009-05-04T23:08:57Z"),
        ("user_000001\t\t\tLow\t\tLullaby", "the time is not of the form 2009-05-04T23:08:57Z"),
        ("\t2009-05-04T23:08:57Z\t\tLow\t\tLullaby", "no user id"),
        ("user_000001\t2009-05-04T23:08:57Z\t\tLow\t\tLul\0aby", "holds a NUL character"),
    ],
)
def test_a_bad_event_is_refused_alone(folder, line, reason):
    rows, rejects = folder(events=f"{EVENT}\n{line}\n{EVENT}\n")
    assert [row["line"] for row in rows["listens"]] == [1, 3]
    assert [(reject.file, reject.line, reject.reason, reject.raw) for reject in rejects] == [(EVENTS, 2, reason, line)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("user_000001\tm\told\t\t", "the age is not a whole number"),
        ("user_000001\tm\t\t\t2006-08-13", "registered is not a day like Aug 13, 2006"),
        ("\tm\t\t\t", "no user id"),
        ("user_000001", "1 fields where 5 are expected"),
    ],
)
def test_a_bad_profile_is_refused_alone(folder, line, reason):
    rows, rejects = folder(profiles=f"user_000009\t\t\t\t\n{line}\n")
    assert [row["line"] for row in rows["profiles"]] == [1]
    assert [(reject.line, reject.reason) for reject in rejects] == [(2, reason)]


def test_claims_by_name_and_by_content(tmp_path):
    for name, content in {EVENTS: "", "part.tsv": EVENT, "other.tsv": "a\tb", "sub/userid-profile.tsv": "x"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    units = Lastfm1k().claim(Source.of(tmp_path))
    assert [unit.name for unit in units] == ["part.tsv", EVENTS, "sub/userid-profile.tsv"]


def test_an_empty_file_says_so(folder):
    with pytest.raises(BadInput, match="the file is empty"):
        folder(events="")


FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\t\r\n\0"), min_size=1).map(str.strip).filter(bool)
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda when: when.replace(microsecond=0))


@given(listens=st.lists(st.tuples(FIELD, TIMES, FIELD, FIELD), max_size=5))
def test_any_events_come_back(tmp_path_factory, listens):
    path = tmp_path_factory.mktemp("k") / EVENTS
    lines = [f"{user}\t{when.isoformat()}Z\t\t{artist}\t\t{title}\n" for user, when, artist, title in listens]
    path.write_text("".join(lines) or "\n", encoding="utf-8")
    rows, rejects = read(path)
    back = [
        (
            row["user_id"][9:],
            datetime.fromtimestamp(row["listened_at"] / 1000, UTC).replace(tzinfo=None),
            row["artist"],
            row["title"],
        )
        for row in rows.get("listens", [])
    ]
    assert (back, rejects) == (listens, [])


@given(content=st.binary() | st.text("\t\n\r 09-:TZau,").map(str.encode), name=st.sampled_from([EVENTS, PROFILES]))
def test_any_bytes_are_read_or_bad_input(tmp_path_factory, content, name):
    path = tmp_path_factory.mktemp("k") / name
    path.write_bytes(content)
    with suppress(BadInput):
        read(path)


@pytest.mark.realdata
def test_the_sample(realdata):
    rows, rejects = read(realdata / "lastfm_1k_sample")
    assert not rejects
    assert (len(rows["profiles"]), len(rows["listens"])) == (992, 5_000)
    assert len({row["user_id"] for row in rows["listens"]}) == 2
    first = rows["listens"][0]
    assert (first["artist"], first["listened_at"]) == ("Deep Dish", ms(2009, 5, 4, 23, 8, 57))
