from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.frames import FRAMES, conform
from ml.data.importers.base import Options
from ml.data.importers.hetrec import FILES, HetRec
from ml.data.importers.source import Source
from ml.foundation.errors import BadInput

SMALL = {
    "artists.dat": 'id\tname\turl\tpictureURL\n51\tDuran "D" Duran\thttp://a\thttp://p\n52\tLow\thttp://a\t\n',
    "user_artists.dat": "userID\tartistID\tweight\r\n2\t51\t13883\r\n2\t52\t7\r\n3\t51\t1\r\n",
    "user_friends.dat": "userID\tfriendID\n2\t3\n3\t2\n",
    "tags.dat": "tagID\ttagValue\n13\tchillout\n15\tslow core\n",
    "user_taggedartists.dat": (
        "userID\tartistID\ttagID\tday\tmonth\tyear\n2\t51\t13\t1\t4\t2009\n3\t52\t15\t30\t11\t2010\n"
    ),
}


def ms(*when):
    return int(datetime(*when, tzinfo=UTC).timestamp() * 1000)


def read(path):
    importer, rows, rejects, total = HetRec(), {}, [], 0
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
    def write(changes=None):
        for name, content in (SMALL | (changes or {})).items():
            if content is not None:
                (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(tmp_path)

    return write


def test_the_whole_set(folder):
    rows, rejects = folder()
    duran = {"kind": "artist", "item_id": "hetrec:artist/51", "title": 'Duran "D" Duran'}
    low = {"kind": "artist", "item_id": "hetrec:artist/52", "title": "Low"}
    assert {name: [filled(row) for row in found] for name, found in rows.items()} == {
        "items": [duran | {"line": 2}, low | {"line": 3}],
        "counts": [
            duran | {"line": 2, "user_id": "hetrec:user/2", "plays": 13883},
            low | {"line": 3, "user_id": "hetrec:user/2", "plays": 7},
            duran | {"line": 4, "user_id": "hetrec:user/3", "plays": 1},
        ],
        "friends": [
            {"line": 2, "user_id": "hetrec:user/2", "friend_id": "hetrec:user/3"},
            {"line": 3, "user_id": "hetrec:user/3", "friend_id": "hetrec:user/2"},
        ],
        "tags": [
            duran | {"line": 2, "user_id": "hetrec:user/2", "tag": "chillout", "tagged_at": ms(2009, 4, 1)},
            low | {"line": 3, "user_id": "hetrec:user/3", "tag": "slow core", "tagged_at": ms(2010, 11, 30)},
        ],
    }
    assert not rejects


@pytest.mark.parametrize("date", ["1\t4\t1956", "0\t4\t2009", "31\t2\t2009", "1\t13\t2009", "x\ty\tz", "\t\t"])
def test_a_tag_without_a_date_is_kept(folder, date):
    header = "userID\tartistID\ttagID\tday\tmonth\tyear\n"
    rows, rejects = folder({"user_taggedartists.dat": f"{header}2\t51\t13\t{date}\n"})
    assert [(row["tag"], row["tagged_at"]) for row in rows["tags"]] == [("chillout", None)]
    assert not rejects


def test_times_stand_in_for_days(folder):
    times = "userID\tartistID\ttagID\ttimestamp\n2\t51\t13\t1238536800000\n2\t51\t15\t-428720400000\n"
    rows, _ = folder({"user_taggedartists-timestamps.dat": times, "user_taggedartists.dat": None})
    assert [row["tagged_at"] for row in rows["tags"]] == [1_238_536_800_000, None]


def test_days_go_before_times(folder):
    times = "userID\tartistID\ttagID\ttimestamp\n2\t51\t13\t1238536800000\n"
    rows, _ = folder({"user_taggedartists-timestamps.dat": times})
    assert len(rows["tags"]) == 2


@pytest.mark.parametrize(
    ("file", "line", "reason"),
    [
        ("artists.dat", "53\t\t\t", "no name"),
        ("artists.dat", "\tLow\t\t", "no id"),
        ("artists.dat", "53\tLow", "2 fields where 4 are expected"),
        ("user_artists.dat", "2\t99\t5", "artist 99 is not in artists.dat"),
        ("user_artists.dat", "2\t\t5", "artist without an id is not in artists.dat"),
        ("user_artists.dat", "\t51\t5", "no user id"),
        ("user_artists.dat", "2\t51\tmany", "the weight is not a whole number"),
        ("user_friends.dat", "2\t", "no id of the friend"),
        ("tags.dat", "16\t", "no name"),
        ("user_taggedartists.dat", "2\t99\t13\t1\t4\t2009", "artist 99 is not in artists.dat"),
        ("user_taggedartists.dat", "2\t51\t99\t1\t4\t2009", "tag 99 is not in tags.dat"),
    ],
)
def test_a_bad_row_is_refused_alone(folder, file, line, reason):
    whole = {name: len(found) for name, found in folder()[0].items()}
    number = SMALL[file].count("\n") + 1
    rows, rejects = folder({file: f"{SMALL[file]}{line}\n"})
    assert {name: len(found) for name, found in rows.items()} == whole
    assert [(reject.file, reject.line, reject.reason) for reject in rejects] == [(file, number, reason)]


@pytest.mark.parametrize("file", ["user_friends.dat", "user_taggedartists.dat"])
def test_friends_and_tags_may_be_absent(folder, file):
    rows, rejects = folder({file: None})
    assert len(rows["counts"]) == 3
    assert not rejects


@pytest.mark.parametrize("file", ["artists.dat", "tags.dat"])
def test_a_missing_file_of_names_says_so(folder, file):
    with pytest.raises(BadInput, match=f"{file}, which holds the names"):
        folder({file: None})


@pytest.mark.parametrize("file", list(SMALL))
def test_an_empty_file_says_so(folder, file):
    with pytest.raises(BadInput, match=f"{file}: the file is empty"):
        folder({file: ""})


def test_claims_a_folder_once(tmp_path):
    for name in FILES:
        (tmp_path / "sub").mkdir(exist_ok=True)
        (tmp_path / "sub" / name).write_text("x")
    (tmp_path / "artists.dat").write_text("x")
    (unit,) = HetRec().claim(Source.of(tmp_path))
    assert unit.name == "sub"
    assert [entry.basename for entry in unit.entries] == list(FILES)


NAME = st.text(st.characters(codec="utf-8", exclude_characters="\t\r\n\0"), min_size=1).map(str.strip).filter(bool)
ARTISTS = st.dictionaries(st.integers(1, 10**6), NAME, min_size=1, max_size=4)


@given(
    artists=ARTISTS, plays=st.lists(st.tuples(st.integers(1, 99), st.integers(0, 3), st.integers(1, 10**9)), max_size=5)
)
def test_any_counts_come_back(tmp_path_factory, artists, plays):
    folder, ids = tmp_path_factory.mktemp("h"), list(artists)
    named = "".join(f"{key}\t{name}\t\t\n" for key, name in artists.items())
    counted = [(user, ids[index % len(ids)], weight) for user, index, weight in plays]
    (folder / "artists.dat").write_text(f"id\tname\turl\tpictureURL\n{named}", encoding="utf-8")
    lines = "".join(f"{user}\t{artist}\t{weight}\n" for user, artist, weight in counted)
    (folder / "user_artists.dat").write_text(f"userID\tartistID\tweight\n{lines}", encoding="utf-8")
    rows, rejects = read(folder)
    back = [(row["user_id"], row["item_id"], row["title"], row["plays"]) for row in rows.get("counts", [])]
    assert back == [
        (f"hetrec:user/{user}", f"hetrec:artist/{artist}", artists[artist], weight) for user, artist, weight in counted
    ]
    assert not rejects


@given(
    name=st.sampled_from(list(SMALL)),
    content=st.binary() | st.text("\t\n\r 0159-x").map(str.encode),
    keep=st.booleans(),
)
def test_any_bytes_are_read_or_bad_input(tmp_path_factory, name, content, keep):
    folder = tmp_path_factory.mktemp("h")
    for file, written in SMALL.items():
        (folder / file).write_bytes(written.encode())
    (folder / name).write_bytes((SMALL[name].encode() if keep else b"") + content)
    with suppress(BadInput):
        read(folder)


@pytest.mark.realdata
def test_the_real_set(realdata):
    rows, rejects = read(realdata / "lastfm_hetrec2011")
    assert (len(rows["items"]), len(rows["counts"]), len(rows["friends"])) == (17_632, 92_834, 25_434)
    assert len({row["user_id"] for row in rows["counts"]}) == 1_892
    # 390 artists that listeners tagged are named nowhere in the set.
    assert len(rows["tags"]) + len(rejects) == 186_479
    assert len(rejects) == 1_538
    assert all(reject.reason.endswith("is not in artists.dat") for reject in rejects)
    assert sum(row["tagged_at"] is None for row in rows["tags"]) == 5
