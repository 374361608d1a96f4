"""What every importer promises, asked of each on a small sample of its files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.data.frames import FRAMES, conform
from ml.data.importers.base import BATCH_ROWS, Batch, Options
from ml.data.importers.registry import IMPORTERS, claim, importer_of
from ml.data.importers.source import Source
from ml.foundation.errors import BadInput

FIXTURES = Path(__file__).parents[2] / "fixtures" / "audio"
MOMENT = 1_609_459_200


def hetrec(folder: Path) -> None:
    files = {
        "artists.dat": "id\tname\turl\tpictureURL\n51\tDuran Duran\thttp://a\thttp://b\n",
        "user_artists.dat": "userID\tartistID\tweight\n2\t51\t13883\n3\t51\tmany\n",
        "tags.dat": "tagID\ttagValue\n13\tchillout\n",
        "user_taggedartists.dat": "userID\tartistID\ttagID\tday\tmonth\tyear\n2\t51\t13\t1\t4\t2009\n",
        "user_friends.dat": "userID\tfriendID\n2\t275\n275\t2\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text)


def lastfm_1k(folder: Path) -> None:
    (folder / "userid-profile.tsv").write_text(
        "#id\tgender\tage\tcountry\tregistered\nuser_000001\tm\t\tJapan\tAug 13, 2006\n"
    )
    (folder / "userid-timestamp-artid-artname-traid-traname.tsv").write_text(
        "user_000001\t2009-05-04T23:08:57Z\tf1b1cf71-bd35-4e99-8624-24a6e15f133a\tDeep Dish\t\tFlashdance\n" * 3
        + "user_000001\tsoon\t\tDeep Dish\t\tFlashdance\n"
    )


def spotify(folder: Path) -> None:
    listen = {"endTime": "2021-03-04 20:05", "artistName": "Nils Frahm", "trackName": "Says", "msPlayed": 498_123}
    (folder / "StreamingHistory0.json").write_text(json.dumps([listen] * 3 + [{"endTime": "soon"}], indent=2))


def listenbrainz(folder: Path) -> None:
    metadata = {"artist_name": "Nils Frahm", "track_name": "Says", "additional_info": {}}
    listen = {"listened_at": MOMENT, "track_metadata": metadata, "user_name": "ada"}
    lines = [json.dumps(listen)] * 3 + [json.dumps({"track_metadata": metadata})]
    (folder / "listens.jsonl").write_text("\n".join(lines) + "\n")


def lastfm_csv(folder: Path) -> None:
    (folder / "scrobbles.csv").write_text(
        "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n"
        + f'"{MOMENT}","01 Jan 2021, 00:00","Björk","","Post","","Hyperballad",""\n' * 3
        + '"","","Björk","","Post","","Isobel",""\n'
    )


def playlists(folder: Path) -> None:
    (folder / "evening.m3u8").write_text("#EXTM3U\n#PLAYLIST:Evening\n#EXTINF:180,Björk - Jóga\nBjörk/Jóga.mp3\n")


def music_folder(folder: Path) -> None:
    shutil.copy(FIXTURES / "tone.mp3", folder / "01 - Björk - Jóga.mp3")
    (folder / "broken.flac").write_bytes(b"fLaC" + b"\0" * 3)


def user_items(folder: Path) -> None:
    (folder / "train.txt").write_text("0 5 7\n1 5\n2 \n")


def table(folder: Path) -> None:
    (folder / "ratings.csv").write_text(
        f'user,movieId,title,timestamp\n1,31,"Jóga, live",{MOMENT}\n2,31,Jóga,soon\n3\n'
    )


SAMPLES: dict[str, Callable[[Path], None]] = {
    "hetrec": hetrec,
    "lastfm-1k": lastfm_1k,
    "spotify": spotify,
    "listenbrainz": listenbrainz,
    "lastfm-csv": lastfm_csv,
    "playlists": playlists,
    "music_folder": music_folder,
    "user_items": user_items,
    "table": table,
}
#: Samples that a general importer reads as well, where it is asked for by name.
ALSO = {"table": {"lastfm-csv", "lastfm-1k"}}

every_kind = pytest.mark.parametrize("kind", [importer.kind for importer in IMPORTERS])


@pytest.fixture
def sample(tmp_path, kind) -> Path:
    return written(tmp_path, kind)


def written(parent: Path, kind: str) -> Path:
    folder = parent / "sample"
    folder.mkdir()
    SAMPLES[kind](folder)
    return folder


def read(path: Path, kind: str = "auto") -> list[Batch]:
    units, _ = claim(Source.of(path), kind)
    return [batch for unit in units for batch in importer_of(unit.kind).read(unit, Options())]


def same(one: Batch, other: Batch) -> bool:
    frames = one.frames.keys() == other.frames.keys()
    frames = frames and all(one.frames[name].equals(other.frames[name]) for name in one.frames)
    return frames and (one.file, one.rows, list(one.rejects)) == (other.file, other.rows, list(other.rejects))


def test_every_importer_has_a_sample():
    assert {importer.kind for importer in IMPORTERS} == set(SAMPLES)


@every_kind
def test_it_says_what_it_reads(kind):
    importer = importer_of(kind)
    assert 5 < len(importer.title) < 100
    assert type(importer).__doc__


@every_kind
def test_its_sample_is_its_own(sample, kind):
    units, unclaimed = claim(Source.of(sample))
    assert {unit.kind for unit in units} == {kind}
    assert unclaimed == []


@every_kind
def test_it_claims_nothing_of_the_others(tmp_path, kind):
    for other in set(SAMPLES) - {kind} - ALSO.get(kind, set()):
        parent = tmp_path / other
        parent.mkdir()
        assert importer_of(kind).claim(Source.of(written(parent, other))) == []


def test_a_folder_of_everything_is_shared_out(tmp_path):
    for kind, write in SAMPLES.items():
        (tmp_path / kind).mkdir()
        write(tmp_path / kind)
    (tmp_path / "readme.md").write_text("nobody's")
    units, unclaimed = claim(Source.of(tmp_path))
    for unit in units:
        assert {entry.name.partition("/")[0] for entry in unit.entries} == {unit.kind}
    assert {unit.kind for unit in units} == set(SAMPLES)
    assert [entry.name for entry in unclaimed] == ["readme.md"]


@every_kind
def test_the_same_file_gives_the_same_batches(sample, kind):
    batches = read(sample)
    assert batches
    assert all(same(*pair) for pair in zip(batches, read(sample), strict=True))


@every_kind
def test_frames_conform(sample, kind):
    for batch in read(sample):
        for name, frame in batch.frames.items():
            conformed = conform(frame, FRAMES[name])
            assert conformed.height == frame.height > 0 or not frame.height
            assert conformed.schema == pl.Schema(FRAMES[name])


@every_kind
def test_every_row_is_used_or_rejected(sample, kind):
    for batch in read(sample):
        used = max((frame.height for frame in batch.frames.values()), default=0)
        assert batch.rows == used + len(batch.rejects)
        assert 0 < batch.rows <= BATCH_ROWS
        assert all(reject.reason for reject in batch.rejects)


@every_kind
def test_lines_are_lines_of_the_file(sample, kind):
    for batch in read(sample):
        if not (sample / batch.file).is_file():
            continue
        last = len((sample / batch.file).read_bytes().rstrip(b"\n").split(b"\n"))
        lines = [line for frame in batch.frames.values() if "line" in frame.columns for line in frame["line"]]
        lines += [reject.line for reject in batch.rejects]
        assert lines
        assert all(1 <= line <= last for line in lines if line is not None)


@every_kind
def test_ids_have_a_source(sample, kind):
    for batch in read(sample):
        for frame in batch.frames.values():
            for name in {"item_id", "user_id", "friend_id"} & set(frame.columns):
                assert all(":" in value for value in frame[name].drop_nulls())


@every_kind
@settings(max_examples=40)
@given(keep=st.floats(0, 1), tail=st.binary(max_size=3))
def test_a_cut_off_file_is_read_as_far_or_bad_input(tmp_path_factory, kind, keep, tail):
    sample = written(tmp_path_factory.mktemp("cut"), kind)
    for path in sample.iterdir():
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * keep)] + tail)
    with suppress(BadInput):
        units, _ = claim(Source.of(sample))
        for unit in units:
            with suppress(BadInput):
                for batch in importer_of(unit.kind).read(unit, Options()):
                    for name, frame in batch.frames.items():
                        conform(frame, FRAMES[name])


@every_kind
def test_empty_files_are_bad_input_or_nobodys(sample, kind):
    for path in sample.iterdir():
        path.write_bytes(b"")
    with suppress(BadInput):
        for batch in read(sample, kind):
            assert all(frame.height == 0 for frame in batch.frames.values())


@every_kind
def test_a_kind_that_claims_nothing_says_what_it_looked_for_and_what_is_there(tmp_path, kind):
    (tmp_path / "letter.docx").write_bytes(b"Dear Sir or Madam")
    with pytest.raises(BadInput) as caught:
        claim(Source.of(tmp_path), kind)
    assert "there is letter.docx" in caught.value.message
    assert importer_of(kind).title in caught.value.message


def test_nothing_at_all_is_said(tmp_path):
    with pytest.raises(BadInput, match="nothing to import: it is empty"):
        claim(Source.of(tmp_path))
    (tmp_path / "a.json").write_bytes(b"")
    with pytest.raises(BadInput, match="nothing to import: it is empty"):
        claim(Source.of(tmp_path / "a.json"))


def test_many_files_are_not_all_listed(tmp_path):
    for number in range(20):
        (tmp_path / f"{number:02}.doc").write_bytes(b"x")
    with pytest.raises(BadInput, match=r"there is 00\.doc, .*07\.doc and 12 more"):
        claim(Source.of(tmp_path))


@pytest.mark.parametrize(
    ("kind", "hint"), [("spotfy", "did you mean 'spotify'?"), ("xyz", "known: auto, hetrec, lastfm-1k")]
)
def test_an_unknown_kind_is_said(tmp_path, kind, hint):
    with pytest.raises(BadInput) as caught:
        claim(Source.of(tmp_path), kind)
    assert caught.value.message == f"there is no importer {kind!r}"
    assert caught.value.hint.startswith(hint)


def test_a_kind_may_be_written_either_way():
    assert importer_of("music-folder").kind == "music_folder"
    assert importer_of("lastfm_1k").kind == "lastfm-1k"


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("folder", "kinds"),
    [
        ("lastfm_hetrec2011", {"hetrec"}),
        ("lastfm_1k_sample", {"lastfm-1k"}),
        ("movielens_small", {"table"}),
        ("gowalla", {"user_items"}),
        ("emotify/audio", {"music_folder"}),
    ],
)
def test_real_folders_find_their_importer(realdata, folder, kinds):
    units, _ = claim(Source.of(realdata / folder))
    assert {unit.kind for unit in units} == kinds
