"""Single tracks over HTTP: their sound, what is known of it, and files that are not what they were."""

import io
import os
import shutil

import numpy as np
import pytest
import soundfile
from PIL import Image
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
        (f"bytes=7-{2 * PART}", 7, 7 + PART),
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
    assert "has to be scanned first" in answer.json()["hint"]
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


def of(asker, what, item_id, **more):
    answer = asker.get(f"/tracks{what}", params={"item_id": item_id, **more})
    assert answer.status_code == 200, answer.text
    return answer


def test_facts_are_those_of_catalogue_listeners_and_sound(listener, music):
    told = of(listener, "", "calm song 1").json()
    assert (told["title"], told["artist"], told["sound"]) == ("calm song 1", "calm artist 1", "unscanned")
    assert 5 < told["plays"] <= 16
    heard = of(listener, "", music.song).json()
    assert (heard["title"], heard["sound"], heard["plays"]) == ("A Song", "there", 0)
    assert heard["tempo_bpm"] == pytest.approx(126.0, rel=0.02)
    assert heard["duration_s"] == pytest.approx(12.0, abs=0.5)
    assert of(listener, "", music.nameless).json()["title"] == "Nobody's"
    assert listener.get("/tracks?item_id=calm artist 1").status_code == 404


def test_the_analysis_is_the_librarys_and_finds_the_beats_that_were_made(listener, music, client):
    found = of(listener, "/analysis", music.song, columns=300).json()
    library = client.app.state.service.app.audio_library
    known = library.sound(music.song.partition(":")[2]).analysis
    for name in ("beats", "downbeats", "chords", "sections", "key", "loudness_lufs"):
        assert found[name] == known[name], name
    truth = np.asarray(music.truth.beats_s)
    near = np.abs(truth[:, None] - np.array(found["beats"])).min(axis=1)
    assert (near < 0.05).mean() > 0.95
    assert "path" not in found
    assert str(music.folder) not in str(found)


def test_the_waveform_is_that_of_the_file_in_as_many_columns_as_are_asked_for(listener, music):
    samples = soundfile.read(music.folder / "A Song.wav")[0].mean(axis=1)
    for columns in (300, 8_192):
        wave = of(listener, "/analysis", music.song, columns=columns).json()["waveform"]
        assert columns / 2 <= len(wave["high"]) <= columns
        assert wave["column_s"] * len(wave["high"]) == pytest.approx(len(samples) / RATE, abs=wave["column_s"])
        assert max(wave["high"]) == pytest.approx(samples.max(), abs=0.03)
        assert min(wave["low"]) == pytest.approx(samples.min(), abs=0.03)
    assert listener.get("/tracks/analysis", params={"item_id": music.song, "columns": 9_000}).status_code == 422


def test_the_spectrogram_of_a_tone_is_a_line_where_it_sounds(listener, music):
    bands = of(listener, "/analysis", music.tone).json()["spectrogram"]
    with Image.open(io.BytesIO(of(listener, "/spectrogram", music.tone).content)) as image:
        levels = np.asarray(image)[::-1]
    assert levels.shape == (len(bands["bands_hz"]), bands["columns"])
    loudest = np.bincount(levels[:, 5:-5].argmax(axis=0)).argmax()
    assert bands["bands_hz"][loudest] == pytest.approx(440.0, abs=30.0)
    assert bands["columns"] * bands["column_s"] == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize("what", ["", "/analysis", "/spectrogram", "/similar"])
def test_what_is_known_already_is_not_sent_again(listener, music, what):
    mark = of(listener, what, music.song).headers["etag"]
    again = listener.get(f"/tracks{what}", params={"item_id": music.song}, headers={"If-None-Match": mark})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_similar_is_so_by_sound_where_there_is_one_else_by_listening(listener, music):
    by_sound = of(listener, "/similar", music.tone).json()
    assert by_sound["by"] == "sound"
    # The other tone is nearer than a song.
    assert [each["item_id"] for each in by_sound["tracks"]] == [music.nameless, music.song]
    assert [each["title"] for each in by_sound["tracks"]] == ["Nobody's", "A Song"]
    by_listening = of(listener, "/similar", "calm song 1", count=3).json()
    assert by_listening["by"] == "listening"
    assert [each["title"][:4] for each in by_listening["tracks"]] == ["calm"] * 3


def test_of_a_file_that_has_gone_what_was_heard_is_known_but_not_drawn(listener, music, moved):
    whole = of(listener, "/analysis", music.song).json()
    moved.unlink()
    found = of(listener, "/analysis", music.song).json()
    assert found["spectrogram"] is None
    assert found["beats"] == whole["beats"]
    assert 300 < len(found["waveform"]["low"]) <= 800
    assert listener.get("/tracks/spectrogram", params={"item_id": music.song}).status_code == 404
    assert of(listener, "", music.song).json()["sound"] == "gone"


def test_what_was_corrected_stands_in_the_place_of_what_was_measured(listener, music, client):
    library = client.app.state.service.app.audio_library
    library.correct(music.folder / "A Song.wav", tempo_bpm=63.0)
    try:
        found = of(listener, "/analysis", music.song).json()
    finally:
        library.correct(music.folder / "A Song.wav", tempo_bpm=None)
    assert found["tempo_bpm"] == 63.0
    assert found["corrected"]["tempo_bpm"] == pytest.approx(126.0, rel=0.02)
