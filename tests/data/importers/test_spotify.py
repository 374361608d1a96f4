import json
import zipfile
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.frames import FRAMES, conform
from ml.data.importers.base import Options
from ml.data.importers.source import Source
from ml.data.importers.spotify import Spotify
from ml.foundation.errors import BadInput

USER = "local:ada"


def ms(*when):
    return int(datetime(*when, tzinfo=UTC).timestamp() * 1000)


def read(path):
    """Read all units: rows of the frames as dictionaries, and the rejects."""
    importer, rows, rejects, total = Spotify(), {}, [], 0
    for unit in importer.claim(Source.of(path)):
        for batch in importer.read(unit, Options(user=USER)):
            for name, frame in batch.frames.items():
                rows.setdefault(name, []).extend(conform(frame, FRAMES[name]).to_dicts())
            rejects.extend(batch.rejects)
            total += batch.rows
    assert total == sum(map(len, rows.values())) + len(rejects)
    return rows, rejects


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")
    return path


ACCOUNT = {"endTime": "2021-03-04 20:05", "artistName": "Nils Frahm", "trackName": "Says", "msPlayed": 498_123}
EXTENDED = {
    "ts": "2021-03-04T20:05:42Z",
    "username": "ada",
    "platform": "Android OS 11 API 30 (Fairphone, FP3)",
    "ms_played": 498_123,
    "conn_country": "DE",
    "ip_addr": "198.51.100.7",
    "master_metadata_track_name": "Says",
    "master_metadata_album_artist_name": "Nils Frahm",
    "master_metadata_album_album_name": "Spaces",
    "spotify_track_uri": "spotify:track:7Eb6inventedinvented0",
    "episode_name": None,
    "episode_show_name": None,
    "spotify_episode_uri": None,
    "audiobook_title": None,
    "audiobook_uri": None,
    "audiobook_chapter_uri": None,
    "audiobook_chapter_title": None,
    "reason_start": "clickrow",
    "reason_end": "trackdone",
    "shuffle": False,
    "skipped": False,
    "offline": False,
    "offline_timestamp": None,
    "incognito_mode": True,
}
NO_TRACK = {name: None for name in EXTENDED if name.startswith("master_") or name == "spotify_track_uri"}


@pytest.mark.parametrize("name", ["StreamingHistory.json", "StreamingHistory0.json", "StreamingHistory_music_1.json"])
def test_account_data(tmp_path, name):
    rows, rejects = read(write(tmp_path / name, [ACCOUNT]))
    (row,) = rows["listens"]
    assert {key: value for key, value in row.items() if value is not None} == {
        "title": "Says",
        "artist": "Nils Frahm",
        "line": 2,
        "user_id": USER,
        "listened_at": ms(2021, 3, 4, 20, 5) - 498_123,
        "precision_ms": 60_000,
        "ms_played": 498_123,
    }
    assert not rejects


@pytest.mark.parametrize(
    "name", ["Streaming_History_Audio_2021_3.json", "Streaming_History_Video_2021.json", "endsong_0.json"]
)
def test_extended_history(tmp_path, name):
    rows, rejects = read(write(tmp_path / name, [EXTENDED]))
    (row,) = rows["listens"]
    assert {key: value for key, value in row.items() if value is not None} == {
        "item_id": "spotify:track:7Eb6inventedinvented0",
        "title": "Says",
        "artist": "Nils Frahm",
        "album": "Spaces",
        "line": 2,
        "user_id": USER,
        "listened_at": ms(2021, 3, 4, 20, 5, 42) - 498_123,
        "precision_ms": 1_000,
        "ms_played": 498_123,
        "skipped": False,
        "incognito": True,
        "shuffle": False,
        "reason_start": "clickrow",
        "reason_end": "trackdone",
        "device": "Android OS 11 API 30 (Fairphone, FP3)",
    }
    assert not rejects


def test_both_exports_tell_the_same_end_to_the_minute(tmp_path):
    write(tmp_path / "StreamingHistory0.json", [ACCOUNT])
    write(tmp_path / "Streaming_History_Audio_2021.json", [EXTENDED])
    rows, _ = read(tmp_path)
    extended, account = rows["listens"]
    assert (extended["precision_ms"], account["precision_ms"]) == (1_000, 60_000)  # the richer first
    ends = [row["listened_at"] + row["ms_played"] for row in (extended, account)]
    assert ends[0] // 60_000 * 60_000 == ends[1]


@pytest.mark.parametrize(
    ("written", "meant"),
    [(None, None), (True, True), (0, False), (1, True), ("TRUE", True), ("0", False), ("", None), (7, None)],
)
def test_skipped_of_older_exports(tmp_path, written, meant):
    rows, _ = read(write(tmp_path / "endsong_0.json", [EXTENDED | {"skipped": written}]))
    assert rows["listens"][0]["skipped"] is meant


@pytest.mark.parametrize("written", ["2021-03-04 20:05:42", "2021-03-04 20:05:42 UTC", "2021-03-04T20:05:42+00:00"])
def test_times_of_other_variants(tmp_path, written):
    rows, _ = read(write(tmp_path / "endsong_0.json", [EXTENDED | {"ts": written}]))
    assert rows["listens"][0]["listened_at"] + 498_123 == ms(2021, 3, 4, 20, 5, 42)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (EXTENDED | NO_TRACK | {"episode_name": "On bees"}, "not music (podcast episode)"),
        (EXTENDED | NO_TRACK | {"spotify_episode_uri": "spotify:episode:x"}, "not music (podcast episode)"),
        (EXTENDED | NO_TRACK | {"audiobook_chapter_title": "One"}, "not music (audiobook chapter)"),
        (EXTENDED | NO_TRACK, "no track is named"),
        (
            {"endTime": "2021-03-04 20:05", "podcastName": "P", "episodeName": "E", "msPlayed": 1},
            "not music (podcast episode)",
        ),
        (
            {"endTime": "2021-03-04 20:05", "audiobookName": "B", "chapterName": "C", "msPlayed": 1},
            "not music (audiobook chapter)",
        ),
        (EXTENDED | {"ts": "yesterday"}, "the end of the stream is not a time (YYYY-MM-DD HH:MM)"),
        (ACCOUNT | {"endTime": None}, "the end of the stream is not a time (YYYY-MM-DD HH:MM)"),
        (ACCOUNT | {"msPlayed": "long"}, "msPlayed is not a whole number"),
        (EXTENDED | {"ms_played": 10**30}, "ms_played is not a whole number"),
        (EXTENDED | {"ms_played": True}, "ms_played is not a whole number"),
    ],
)
def test_what_is_no_listen_is_a_reject_with_its_line(tmp_path, row, reason):
    rows, rejects = read(write(tmp_path / "StreamingHistory_podcast_0.json", [ACCOUNT, row]))
    assert len(rows["listens"]) == 1
    assert [(reject.file, reject.line, reject.reason) for reject in rejects] == [
        ("StreamingHistory_podcast_0.json", 8, reason)
    ]
    assert rejects[0].raw.startswith('{"')


def test_a_track_without_a_name_but_with_an_id_is_kept(tmp_path):
    rows, _ = read(write(tmp_path / "endsong_0.json", [EXTENDED | {"master_metadata_track_name": None}]))
    assert (rows["listens"][0]["item_id"], rows["listens"][0]["title"]) == (EXTENDED["spotify_track_uri"], None)


def test_an_id_that_is_none_is_left_out(tmp_path):
    rows, _ = read(write(tmp_path / "endsong_0.json", [EXTENDED | {"spotify_track_uri": "7Eb6invented"}]))
    assert rows["listens"][0]["item_id"] is None


def test_a_stream_of_unknown_length_starts_at_its_end(tmp_path):
    rows, _ = read(write(tmp_path / "endsong_0.json", [EXTENDED | {"ms_played": None}]))
    assert rows["listens"][0]["listened_at"] == ms(2021, 3, 4, 20, 5, 42)


def test_a_negative_duration_is_left_to_the_loader(tmp_path):
    rows, _ = read(write(tmp_path / "StreamingHistory0.json", [ACCOUNT | {"msPlayed": -5}]))
    assert rows["listens"][0]["ms_played"] == -5


def test_zip_and_folder_read_alike(tmp_path):
    folder = tmp_path / "MyData"
    write(folder / "Spotify Account Data" / "StreamingHistory0.json", [ACCOUNT])
    write(folder / "Spotify Account Data" / "Payments.json", {"payment_method": "none"})
    archive = tmp_path / "my_spotify_data.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for path in folder.rglob("*.json"):
            target.write(path, path.relative_to(folder))
    assert read(folder) == read(archive)
    assert len(read(folder)[0]["listens"]) == 1


def test_claims_by_name_and_by_content(tmp_path):
    write(tmp_path / "Streaming_History_Audio_2021.json", [])
    write(tmp_path / "StreamingHistory0.json", [])
    write(tmp_path / "renamed.json", [EXTENDED])
    write(tmp_path / "other.json", [{"a": 1}])
    write(tmp_path / "YourLibrary.json", {"tracks": []})
    (tmp_path / "StreamingHistory.txt").write_text("[]")
    (tmp_path / "empty.json").write_bytes(b"")
    claimed = [unit.name for unit in Spotify().claim(Source.of(tmp_path))]
    assert claimed == [
        "Streaming_History_Audio_2021.json",
        "renamed.json",
        "StreamingHistory0.json",
        "YourLibrary.json",
    ]


def test_an_empty_file_says_so(tmp_path):
    (tmp_path / "StreamingHistory0.json").write_bytes(b"")
    with pytest.raises(BadInput, match=r"StreamingHistory0\.json: the file is empty"):
        read(tmp_path)


def test_playlists_and_saved_tracks(tmp_path):
    track = {"trackName": "Says", "artistName": "Nils Frahm", "albumName": "Spaces", "trackUri": "spotify:track:1"}
    entries = [{"track": None, "episode": {"episodeName": "On bees"}}, {"track": track, "addedDate": "2020-01-01"}]
    lists = [{"name": "Quiet", "items": entries}, {"name": "Quiet", "items": [{"track": track}]}, {"name": "None"}]
    write(tmp_path / "Playlist1.json", {"playlists": lists})
    saved = {"artist": "Nils Frahm", "album": "Spaces", "track": "Says", "uri": "spotify:track:1"}
    write(tmp_path / "YourLibrary.json", {"tracks": [saved], "albums": [{"album": "Spaces"}]})
    rows, rejects = read(tmp_path)
    assert [(row["playlist_id"], row["playlist"], row["position"], row["line"]) for row in rows["playlists"]] == [
        ("spotify:playlist/local:ada/Quiet", "Quiet", 0, 2),
        ("spotify:playlist/local:ada/Quiet#2", "Quiet", 0, 3),
        ("spotify:playlist/local:ada/Liked Songs", "Liked Songs", 0, 1),
    ]
    described = {
        (row["item_id"], row["title"], row["artist"], row["album"], row["user_id"]) for row in rows["playlists"]
    }
    assert described == {("spotify:track:1", "Says", "Nils Frahm", "Spaces", USER)}
    assert [(reject.file, reject.line) for reject in rejects] == [("Playlist1.json", 1)]


@pytest.mark.parametrize("content", ["[]", "{}", '{"playlists": 3}', "{"])
def test_a_library_of_another_shape_says_so(tmp_path, content):
    (tmp_path / "YourLibrary.json").write_text(content)
    with pytest.raises(BadInput, match="YourLibrary"):
        read(tmp_path)


TEXT = st.text(st.characters(codec="utf-8"), min_size=1).map(str.strip).filter(bool)
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda when: when.replace(second=0, microsecond=0))


@given(listens=st.lists(st.tuples(TIMES, TEXT, TEXT, st.integers(0, 10**8)), max_size=5))
def test_any_listens_come_back(tmp_path_factory, listens):
    written = [
        {"endTime": when.strftime("%Y-%m-%d %H:%M"), "artistName": artist, "trackName": title, "msPlayed": played}
        for when, artist, title, played in listens
    ]
    rows, rejects = read(write(tmp_path_factory.mktemp("s") / "StreamingHistory0.json", written))
    back = [
        (
            datetime.fromtimestamp((row["listened_at"] + row["ms_played"]) / 1000, UTC).replace(tzinfo=None),
            row["artist"],
            row["title"],
            row["ms_played"],
        )
        for row in rows.get("listens", [])
    ]
    assert (back, rejects) == (listens, [])


ANY = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"))
    | st.just([])
    | st.just({})
)
ODD = st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys([*ACCOUNT, *EXTENDED, "podcastName"], ANY)), max_size=4)
ODD_LIBRARY = st.fixed_dictionaries(
    {},
    optional={
        "playlists": st.lists(
            ANY
            | st.fixed_dictionaries({"name": ANY, "items": ANY | st.lists(ANY | st.fixed_dictionaries({"track": ANY}))})
        ),
        "tracks": ANY | st.lists(ANY),
    },
)


@given(rows=ODD, library=ODD_LIBRARY)
def test_values_of_any_type_are_read_or_refused(tmp_path_factory, rows, library):
    folder = tmp_path_factory.mktemp("s")
    read(write(folder / "a" / "StreamingHistory0.json", rows))
    write(folder / "b" / "Playlist1.json", library)
    try:
        read(folder / "b")
    except BadInput:
        assert not isinstance(library.get("playlists", library.get("tracks")), list) or "tracks" in library


@given(content=st.binary(), name=st.sampled_from(["StreamingHistory0.json", "endsong_1.json", "Playlist1.json"]))
def test_any_bytes_are_read_or_bad_input(tmp_path_factory, content, name):
    path = tmp_path_factory.mktemp("s") / name
    path.write_bytes(content)
    with suppress(BadInput):
        read(path)
