"""Single tracks over HTTP: their sound, what is known of it, and files that are not what they were."""

import io
import os
import shutil

import pytest
import soundfile
from tests.service.conftest import Asker
from tests.service.hearing import RATE, bring_music

from ml.service.routes.tracks import PART


@pytest.fixture(scope="module")
def client(serving):
    return serving()


@pytest.fixture(scope="module")
def music(client, tmp_path_factory):
    return bring_music(client.app.state.service.app, tmp_path_factory.mktemp("tracks") / "music")


@pytest.fixture(scope="module")
def listener(client):
    return Asker(client, "listener")


def sound_of(asker, item_id, **headers):
    return asker.get("/tracks/audio", params={"item_id": item_id}, headers=headers)


def test_a_file_is_heard_as_it_is_by_whoever_may_search(listener, music):
    answer = sound_of(listener, music.song)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    assert answer.content == (music.folder / "A Song.wav").read_bytes()
    assert answer.headers["accept-ranges"] == "bytes"
    assert "filename" not in answer.headers.get("content-disposition", "")


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [
        ("bytes=0-", 0, PART),
        ("bytes=100-", 100, 100 + PART),
        ("bytes=5-9", 5, 10),
        ("bytes=-7", -7, None),
        ("bytes=2000000-", 2_000_000, None),
    ],
)
def test_parts_are_given_and_of_an_open_end_no_more_than_is_sent_at_once(listener, music, asked, begin, end):
    whole = (music.folder / "A Song.wav").read_bytes()
    answer = sound_of(listener, music.song, Range=asked)
    assert answer.status_code == 206
    assert answer.content == whole[begin:end]
    first = begin if begin >= 0 else len(whole) + begin
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(whole)}"


def test_beyond_the_end_there_is_nothing_and_what_is_no_range_is_overlooked(listener, music):
    size = (music.folder / "A Song.wav").stat().st_size
    beyond = sound_of(listener, music.song, Range=f"bytes={size}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    for none in ("bytes", "bytes=", "bytes=b-a", "lines=1-2", f"bytes={'9' * 5000}-"):
        assert sound_of(listener, music.song, Range=none).status_code == 200, none


def test_what_no_browser_plays_is_written_anew_once(listener, music, client):
    answer = sound_of(listener, music.tone)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/flac")
    heard, rate = soundfile.read(io.BytesIO(answer.content))
    meant, _ = soundfile.read(music.folder / "A Tone.aiff")
    assert rate == RATE
    assert heard == pytest.approx(meant, abs=2e-4)
    kept = client.app.state.service.app.workspace.indexes / "sounds"
    before = [each.stat().st_ino for each in kept.glob("*.flac")]
    assert sound_of(listener, music.tone).headers["etag"] == answer.headers["etag"]
    assert [each.stat().st_ino for each in kept.iterdir()] == before


def test_a_sound_that_is_no_item_is_heard_by_its_hash(listener, music):
    assert sound_of(listener, music.nameless).headers["content-type"] == "audio/flac"


def refused(asker, item_id, said):
    answer = sound_of(asker, item_id)
    assert answer.status_code == 404, answer.text
    assert said in answer.json()["detail"]
    assert "ml audio scan FOLDER" in answer.json()["hint"]
    return answer


def test_a_track_without_a_file_says_what_to_do(listener, music):
    refused(listener, "calm song 1", "no file of this track was scanned")
    assert sound_of(listener, "nothing at all").status_code == 404


@pytest.fixture
def moved(music):
    """The song, which is put back afterwards."""
    file, aside = music.folder / "A Song.wav", music.folder / ".aside"
    shutil.copy2(file, aside)
    yield file
    if file.is_dir():
        file.rmdir()
    file.unlink(missing_ok=True)
    aside.rename(file)


def test_a_file_that_is_not_what_was_scanned_is_not_opened(listener, music, moved, tmp_path):
    secret = tmp_path / "secret"
    shutil.copy2(moved, secret)  # even of the same size and time
    moved.unlink()
    answer = refused(listener, music.song, "its file has gone")
    assert str(music.folder) not in answer.text
    moved.symlink_to(secret)
    refused(listener, music.song, "no plain file")
    moved.unlink()
    moved.mkdir()
    refused(listener, music.song, "no plain file")
    moved.rmdir()
    shutil.copy2(secret, moved)
    os.utime(moved, ns=(0, 0))
    refused(listener, music.song, "changed since it was scanned")


def test_a_folder_that_became_a_link_leads_nowhere(listener, music):
    elsewhere = music.folder.with_name("elsewhere")
    music.folder.rename(elsewhere)
    music.folder.symlink_to(elsewhere)
    try:
        refused(listener, music.song, "no plain file")
    finally:
        music.folder.unlink()
        elsewhere.rename(music.folder)
