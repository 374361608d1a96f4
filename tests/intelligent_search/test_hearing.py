"""A search by a recording."""

import asyncio
import json
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from ml.app import App
from ml.cli import search_voice
from ml.cli.main import app as command
from ml.data.demo.sound import SINGERS, corpus, hum, melody_of, render
from ml.foundation.errors import BadInput, EmptyWorkspace
from ml.foundation.settings import Settings
from ml.intelligent_search.hearing import melodies

RATE = 22_050
SONGS = 4


def sung_louder(song):
    """Let the melody be what anybody would hum."""
    parts = (replace(one, level_db=one.level_db + 9 * (one.role == "lead")) for one in song.parts)
    return replace(song, parts=tuple(parts))


@pytest.fixture(scope="module")
def songs():
    """Songs with a melody; the last one lies in no library."""
    drawn = corpus(40, duration_s=30.0, seed=55)
    high = (one for one in drawn if len(melody_of(one)) >= 16 and melody_of(one).pitch.min() >= 48)
    *known, unknown = islice(high, SONGS + 1)
    return [render(one, rate=RATE) for one in (*map(sung_louder, known), unknown)]


@pytest.fixture(scope="module")
def home(tmp_path_factory, songs):
    """A workspace with a scanned folder."""
    folder = tmp_path_factory.mktemp("heard")
    (folder / "music").mkdir()
    for number, song in enumerate(songs[:SONGS]):
        soundfile.write(folder / "music" / f"song {number}.wav", song.samples, RATE)
    app = App(Settings(), home=folder / "home")
    app.audio_library.scan(folder / "music", workers=1)
    app.close()
    return folder / "home"


@pytest.fixture
def app(home):
    app = App(Settings(), home=home)
    yield app
    app.close()


def written(folder, samples, name="query.wav"):
    file = folder / name
    soundfile.write(file, samples, RATE)
    return file


def hummed(song, seed, folder):
    samples = hum(song.truth.melody, SINGERS[1], np.random.default_rng(seed)).samples
    return written(folder, samples, f"hum {seed}.wav")


def test_an_excerpt_is_the_recording_that_it_is_from(app, songs, tmp_path):
    found = app.search_engine.search_audio(written(tmp_path, songs[2].samples[5 * RATE : 17 * RATE]))
    assert found.route == "heard"
    assert [hit.name for hit in found.hits] == ["song 2"]
    hit = found.hits[0]
    assert hit.kind == "track"
    assert Path(hit.path).name == "song 2.wav"
    assert hit.parts == {"heard": pytest.approx(hit.score)}
    assert hit.score > 0.9
    assert hit.why == "this recording, from 0:05 on"


def test_what_is_of_no_known_recording_sounds_like_others(app, songs, tmp_path):
    file = written(tmp_path, songs[SONGS].samples)
    found = app.search_engine.search_audio(file, count=2)
    assert found.route == "sounds like"
    assert len(found.hits) == 2
    assert found.hits[0].parts.get("sounds like", 0) >= found.hits[1].parts.get("sounds like", 0)
    assert app.search_engine.search_audio(file, "identify").hits == ()
    awaited = asyncio.run(app.search_engine.search_audio_async(file, "similar", count=2))
    assert awaited.hits == found.hits


def test_a_hum_is_looked_for_among_melodies(app, songs, tmp_path):
    firsts = []
    for number in range(SONGS):
        found = app.search_engine.search_audio(hummed(songs[number], number, tmp_path), language="de")
        assert found.route == "hummed"
        assert "klingt" not in found.hits[0].why
        assert "Melodie" in found.hits[0].why
        assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)
        firsts.append(found.hits[0].name == f"song {number}")
    assert firsts == [True] * SONGS


def test_melodies_are_followed_once_and_a_damaged_index_is_made_again(app, songs, tmp_path, home, monkeypatch):
    file = hummed(songs[0], 0, tmp_path)
    asked = app.search_engine.search_audio
    first = asked(file, "hum")
    with closing(App(Settings(), home=home)) as other:
        listened = []
        listen = melodies.lead_salience
        monkeypatch.setattr(melodies, "lead_salience", lambda samples: listened.append(1) or listen(samples))
        assert other.search_engine.search_audio(file, "hum").hits == first.hits
        assert listened == []
    (home / "indexes" / "melodies" / "melodies.npz").write_bytes(b"broken")
    with closing(App(Settings(), home=home)) as another:
        again = another.search_engine.search_audio(file, "hum")
        assert again.hits == first.hits
        assert len(listened) == SONGS
        assert any("damaged" in notice for notice in again.notices)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "0 bytes|empty|no sound"),
        (b"la la la, a text", "not a sound of any form"),
        (np.zeros(1, dtype=np.float32), "under a second"),
        (np.full(1, 0.5, dtype=np.float32), "under a second"),
        (np.zeros(5 * RATE, dtype=np.float32), "silent"),
    ],
)
def test_what_is_no_sound_is_said(app, tmp_path, content, said):
    file = tmp_path / "bad.wav"
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        soundfile.write(file, content, RATE)
    with pytest.raises(BadInput, match=said) as caught:
        app.search_engine.search_audio(file)
    assert "bad.wav" in str(caught.value)


def test_what_is_asked_is_checked(app, tmp_path):
    with pytest.raises(BadInput, match="how = 'humm'"):
        app.search_engine.search_audio(tmp_path / "any.wav", "humm")
    with pytest.raises(BadInput, match="no such file"):
        app.search_engine.search_audio(tmp_path / "any.wav")
    with pytest.raises(BadInput, match="count"):
        app.search_engine.search_audio(tmp_path / "any.wav", count=0)


def test_what_no_model_knows_is_like_what_sounds_like_it(app):
    found = app.search_engine.search("like sonng 0")
    assert {hit.name for hit in found.hits} == {"song 1", "song 2", "song 3"}
    values = [hit.parts["sounds like"] for hit in found.hits]
    assert values == sorted(values, reverse=True)
    assert found.hits[0].path == app.audio_library.similar(by_name(app, "song 0"))[0].path
    assert any("hits sound like it" in notice for notice in found.notices)


def by_name(app, name):
    return next(hit.path for hit in app.search_engine.search(name).hits if hit.name == name)


def test_where_nothing_was_scanned_that_is_said(tmp_path, songs):
    file = written(tmp_path, songs[0].samples)
    with closing(App(Settings(), home=tmp_path / "empty")) as app, pytest.raises(EmptyWorkspace):
        app.search_engine.search_audio(file)


def test_the_command_takes_a_recording(home, songs, tmp_path, monkeypatch):
    monkeypatch.setenv("ML_HOME", str(home))
    file = written(tmp_path, songs[1].samples[3 * RATE : 15 * RATE])
    done = CliRunner().invoke(command, ["search", "--audio", str(file), "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert (found["route"], found["hits"][0]["name"]) == ("heard", "song 1")
    beside = CliRunner().invoke(command, ["search", "--audio", str(file), "--years", "1990-1999"])
    assert isinstance(beside.exception, BadInput)
    assert "takes no --years" in str(beside.exception)
    alone = CliRunner().invoke(command, ["search", "help", "--how", "hum"])
    assert isinstance(alone.exception, BadInput)


def test_the_microphone_is_heard_as_a_file_is(app, songs, monkeypatch):
    samples = songs[0].samples[5 * RATE : 15 * RATE]
    monkeypatch.setattr(search_voice, "recorded", lambda *_: (samples, RATE))
    monkeypatch.setenv("ML_HOME", str(app.workspace.home))
    done = CliRunner().invoke(command, ["search", "--listen", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["route"] == "heard"
    both = CliRunner().invoke(command, ["search", "--listen", "--talk"])
    assert isinstance(both.exception, BadInput)
