import json
import zipfile
from contextlib import suppress

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ml.data.frames import LISTENS, conform
from ml.data.importers.base import Options
from ml.data.importers.listenbrainz import ListenBrainz
from ml.data.importers.source import Source
from ml.foundation.errors import BadInput

USER = "local:ada"
SONG = "11111111-aaaa-4bbb-8ccc-000000000001"
OTHER = "22222222-aaaa-4bbb-8ccc-000000000002"
ONE, TWO = "33333333-aaaa-4bbb-8ccc-000000000003", "44444444-aaaa-4bbb-8ccc-000000000004"


def read(path):
    importer, rows, rejects, total = ListenBrainz(), [], [], 0
    for unit in importer.claim(Source.of(path)):
        for batch in importer.read(unit, Options(user=USER)):
            assert set(batch.frames) <= {"listens"}
            for frame in batch.frames.values():
                rows.extend(conform(frame, LISTENS).to_dicts())
            rejects.extend(batch.rejects)
            total += batch.rows
    assert total == len(rows) + len(rejects)
    return rows, rejects


def listen(track=None, info=None, match=None, **fields):
    """Give a listen as the export of today writes it."""
    described = {"track_name": "Says", "artist_name": "Nils Frahm", "release_name": "Spaces"} | (track or {})
    described |= {"recording_msid": OTHER, "additional_info": info or {}, "mbid_mapping": match}
    return {"listened_at": 1_614_888_342.000000, "inserted_at": 1_614_888_900.5, "track_metadata": described} | fields


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        content if isinstance(content, str) else "".join(json.dumps(row) + "\n" for row in content), "utf-8"
    )
    return path


def one(tmp_path, row):
    rows, rejects = read(write(tmp_path / "a.jsonl", [row]))
    assert not rejects
    return rows[0]


INFO = {
    "recording_mbid": SONG.upper(),
    "artist_mbids": [ONE, TWO],
    "duration_ms": 498_123,
    "isrc": "GBINV1300001",
    "media_player": "Strawberry",
    "submission_client": "scrobbler",
    "spotify_id": "https://open.spotify.com/track/7Eb6inventedinvented00",
    "duration_played": 120,
}


def test_a_full_listen(tmp_path):
    row = one(tmp_path, listen(info=INFO))
    assert {key: value for key, value in row.items() if value is not None} == {
        "item_id": "spotify:track:7Eb6inventedinvented00",
        "title": "Says",
        "artist": "Nils Frahm",
        "album": "Spaces",
        "duration_ms": 498_123,
        "isrc": "GBINV1300001",
        "mbid": SONG,
        "line": 1,
        "user_id": USER,
        "listened_at": 1_614_888_342_000,
        "precision_ms": 1_000,
        "ms_played": 120_000,
        "device": "Strawberry",
        "artist_mbids": [ONE, TWO],
    }


def test_what_listenbrainz_matched_fills_in_for_the_player(tmp_path):
    match = {"recording_mbid": SONG, "artist_mbids": [ONE], "artists": [{"artist_mbid": ONE}]}
    row = one(tmp_path, listen(info={"recording_mbid": "", "artist_mbids": []}, match=match))
    assert (row["mbid"], row["artist_mbids"]) == (SONG, [ONE])
    row = one(tmp_path, listen(info={"recording_mbid": OTHER}, match=match))
    assert row["mbid"] == OTHER


@pytest.mark.parametrize(
    ("info", "milliseconds"),
    [
        ({"duration_ms": 1500}, 1500),
        ({"duration": 2}, 2000),
        ({"duration": 2.5}, 2500),
        ({"duration": 498_123}, None),  # milliseconds under the wrong name
        ({"duration": "2"}, None),
        ({"duration_ms": None, "duration": 3}, 3000),
        ({}, None),
    ],
)
def test_durations(tmp_path, info, milliseconds):
    assert one(tmp_path, listen(info=info))["duration_ms"] == milliseconds


@pytest.mark.parametrize("ids", [["no id"], [ONE, None], [ONE, 3], "x", [], {}, 3, [[ONE]]])
def test_artist_ids_of_the_wrong_shape_are_left_out(tmp_path, ids):
    assert one(tmp_path, listen(info={"artist_mbids": ids}))["artist_mbids"] is None


def test_export_of_today_as_folder_and_zip(tmp_path):
    folder = tmp_path / "export"
    write(folder / "user.json", '{"user_id": 7, "username": "ada lovelace"}\n')
    write(folder / "listens" / "2021" / "3.jsonl", [listen(), listen(listened_at=1_614_888_400)])
    write(folder / "listens" / "2021" / "4.jsonl", [listen(listened_at=1_617_888_400)])
    write(folder / "feedback.jsonl", [{"recording_msid": OTHER, "score": 1}])
    archive = tmp_path / "listenbrainz_ada.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for path in folder.rglob("*.json*"):
            target.write(path, path.relative_to(folder))
    rows, rejects = read(archive)
    assert (rows, rejects) == read(folder)
    assert [(row["line"], row["listened_at"]) for row in rows] == [
        (1, 1_614_888_342_000),
        (2, 1_614_888_400_000),
        (1, 1_617_888_400_000),
    ]
    assert {row["user_id"] for row in rows} == {"listenbrainz:ada lovelace"}
    assert not rejects


def test_a_broken_user_file_costs_the_name_alone(tmp_path):
    write(tmp_path / "user.json", "{")
    write(tmp_path / "listens" / "2021" / "3.jsonl", [listen()])
    assert read(tmp_path)[0][0]["user_id"] == USER


def test_the_earlier_single_list(tmp_path):
    written = [listen(user_name="ada", listened_at=1_614_888_342), listen(user_name="ada", listened_at=1_614_888_000)]
    rows, rejects = read(write(tmp_path / "ada_lb-2021-03-05.json", json.dumps(written, indent=1)))
    assert [(row["user_id"], row["listened_at"]) for row in rows] == [
        ("listenbrainz:ada", 1_614_888_342_000),
        ("listenbrainz:ada", 1_614_888_000_000),
    ]
    assert rows[0]["line"] == 2
    assert not rejects


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        (None, "no listened_at: what was playing when the export was made is no listen"),
        (1_614_888_342_000, "listened_at is not a time in seconds since 1970"),
        ("2021-03-04", "listened_at is not a time in seconds since 1970"),
        (True, "listened_at is not a time in seconds since 1970"),
        (1e300, "listened_at is not a time in seconds since 1970"),
    ],
)
def test_a_row_without_a_time_is_refused(tmp_path, moment, reason):
    rows, rejects = read(write(tmp_path / "a.jsonl", [listen(), listen(listened_at=moment)]))
    assert len(rows) == 1
    assert [(reject.line, reject.reason) for reject in rejects] == [(2, reason)]
    assert rejects[0].raw.startswith("{")


def test_a_cut_line_is_refused_alone(tmp_path):
    text = json.dumps(listen())
    rows, rejects = read(write(tmp_path / "a.jsonl", f"{text}\n{text[:80]}\n{text}\n"))
    assert [row["line"] for row in rows] == [1, 3]
    assert [reject.line for reject in rejects] == [2]


def test_claims_by_name_and_by_content(tmp_path):
    write(tmp_path / "listens" / "2021" / "3.jsonl", "")
    write(tmp_path / "ada_lb-2021-03-05.json", "[]")
    write(tmp_path / "mine.ndjson", [listen()])
    write(tmp_path / "feedback.jsonl", [{"score": 1}])
    write(tmp_path / "user.json", "{}")
    units = ListenBrainz().claim(Source.of(tmp_path))
    assert [unit.name for unit in units] == ["ada_lb-2021-03-05.json", "listens/2021/3.jsonl", "mine.ndjson"]
    assert units[1].entries[1].name == "user.json"


def test_an_empty_file_says_so(tmp_path):
    write(tmp_path / "listens" / "2021" / "3.jsonl", "")
    with pytest.raises(BadInput, match="the file is empty"):
        read(tmp_path)


TEXT = st.text(st.characters(codec="utf-8"), min_size=1).map(str.strip).filter(bool)


@given(listens=st.lists(st.tuples(st.integers(0, 4 * 10**9), TEXT, TEXT, TEXT, st.uuids().map(str)), max_size=5))
def test_any_listens_come_back(tmp_path_factory, listens):
    written = [
        listen({"track_name": title, "artist_name": artist}, {"recording_mbid": mbid}, listened_at=when, user_name=user)
        for when, title, artist, user, mbid in listens
    ]
    rows, rejects = read(write(tmp_path_factory.mktemp("l") / "x_lb-2021-03-05.json", json.dumps(written)))
    back = [(row["listened_at"] // 1000, row["title"], row["artist"], row["user_id"][13:], row["mbid"]) for row in rows]
    assert (back, rejects) == (listens, [])


LEAF = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
ANY = LEAF | st.text(st.characters(codec="utf-8"), max_size=3) | st.just([]) | st.just({}) | st.lists(LEAF, max_size=2)


def of(*keys, **fields):
    return ANY | st.fixed_dictionaries({}, optional=dict.fromkeys(keys, ANY) | fields)


TRACK = of(
    "track_name",
    "artist_name",
    "release_name",
    additional_info=of(*INFO, "duration", "origin_url", "listening_from"),
    mbid_mapping=of("recording_mbid", "artist_mbids", "artists"),
)


@settings(max_examples=50)
@given(rows=st.lists(of("listened_at", "timestamp", "user_name", track_metadata=TRACK), max_size=4), user=ANY)
def test_values_of_any_type_are_read_or_refused(tmp_path_factory, rows, user):
    assume(not rows or type(rows[0]) is not list)  # a file that begins so is a JSON list
    folder = tmp_path_factory.mktemp("l")
    write(folder / "user.json", json.dumps({"username": user}))
    write(folder / "listens" / "2021" / "3.jsonl", rows or "\n")
    found, rejects = read(folder)
    assert len(found) + len(rejects) == len(rows)


@given(content=st.binary())
def test_any_bytes_are_read_or_bad_input(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("l") / "x_lb-2021-03-05.json"
    path.write_bytes(content)
    with suppress(BadInput):
        read(path)
