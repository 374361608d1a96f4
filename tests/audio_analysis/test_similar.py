"""Tracks that sound alike in a scanned library, and heads trained from its tags."""

from shutil import copy
from weakref import ref

import numpy as np
import orjson
import pytest
import soundfile
from sqlalchemy import delete, insert, select
from typer.testing import CliRunner

from ml.audio_analysis import AudioAnalyzer, AudioLibrary
from ml.audio_analysis.classic import classic_features, energy_of
from ml.audio_analysis.heads import AudioHeads
from ml.audio_analysis.library.opened import Opened
from ml.cli.main import app
from ml.data.demo.sound import Brief, draw_song, render
from ml.data.schema import audio_analyses
from ml.data.workspace import Workspace
from ml.features.audio.embedding import BLOCKS, SIZE
from ml.foundation.errors import BadInput, EmptyWorkspace
from ml.models.retrieval import VectorIndex

RATE = 22_050


def sound(kind, seed, seconds=4.0, gain=1.0):
    """Make noise, or a chord that is held."""
    rng, time = np.random.default_rng(seed), np.arange(round(seconds * RATE)) / RATE
    if kind == "noise":
        return gain * 0.1 * rng.normal(size=len(time))
    pitches = rng.uniform(-1, 1) + np.array([57, 61, 64])
    return gain * sum(0.1 * np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * time) for pitch in pitches)


@pytest.fixture(scope="module")
def music(tmp_path_factory):
    folder = tmp_path_factory.mktemp("music")
    for kind in ("noise", "chord"):
        for seed in range(3):
            soundfile.write(folder / f"{kind}{seed}.wav", sound(kind, seed, gain=0.3 if seed == 2 else 1.0), RATE)
    soundfile.write(folder / "silence.wav", np.zeros(2 * RATE), RATE)
    return folder


@pytest.fixture(scope="module")
def library(music, tmp_path_factory):
    with AudioLibrary(Workspace.at(tmp_path_factory.mktemp("home"))) as library:
        library.scan(music, workers=1)
        yield library


def names(found):
    return [one.path.rsplit("/", 1)[1] for one in found]


def test_noise_is_like_noise_and_a_chord_like_a_chord(library, music):
    assert {name[:5] for name in names(library.similar(music / "noise0.wav", 2))} == {"noise"}
    found = library.similar(music / "chord0.wav", 99)
    assert {name[:5] for name in names(found)[:2]} == {"chord"}
    assert len(found) == 5  # all but itself and silence
    assert [one.similarity for one in found] == sorted((one.similarity for one in found), reverse=True)


def test_vectors_are_read_once_until_they_are_others(music, tmp_path, monkeypatch):
    read, load = [], VectorIndex.load
    monkeypatch.setattr(VectorIndex, "load", lambda path: read.append(path.name) or load(path))
    with AudioLibrary(Workspace.at(tmp_path / "home")) as library:
        folder = tmp_path / "music"
        folder.mkdir()
        for name in ("noise0.wav", "noise1.wav"):
            copy(music / name, folder)
        library.scan(folder, workers=1)
        sought = next(one for one in library.tracks() if one.path.endswith("noise0.wav")).content_hash
        assert names(library.similar_to(sought)) == ["noise1.wav"]
        read.clear()
        before = library.opened(library.workspace.indexes / "audio_vectors.npz")
        for _ in range(3):
            assert names(library.similar_to(sought)) == ["noise1.wav"]
        assert len(read) <= 1
        copy(music / "noise2.wav", folder)
        library.scan(folder, workers=1)
        assert set(names(library.similar_to(sought))) == {"noise1.wav", "noise2.wav"}
        # Who looked into the one of before may still do so.
        assert (len(before), len(library.opened(library.workspace.indexes / "audio_vectors.npz"))) == (2, 3)


def test_few_indexes_are_open_and_none_that_has_gone(tmp_path):
    opened = Opened()
    paths = [tmp_path / f"{number}.npz" for number in range(3)]
    for path in paths:
        index = VectorIndex(path.stem, 2)
        index.add(["one"], np.ones((1, 2), dtype=np.float32))
        index.save(path)
    first = ref(opened(paths[0]))
    assert opened(paths[0]) is first()
    assert [opened(path).name for path in paths] == ["0", "1", "2"]
    assert first() is None  # the third took its place
    paths[1].unlink()
    assert opened(paths[1]) is None
    paths[2].write_bytes(b"no index")
    assert opened(paths[2]) is None


def test_vectors_of_another_version_are_not_compared(library, music):
    before = library.similar(music / "noise0.wav", 5)
    place = library.workspace.indexes / "audio_vectors.npz"
    kept, old = VectorIndex.load(place), VectorIndex("as they were made before", SIZE)
    old.add(list(kept.ids), np.random.default_rng(0).normal(size=(len(kept.ids), SIZE)).astype(np.float32))
    old.save(place)
    assert library.similar(music / "noise0.wav", 5) == before


def test_wishes_bound_what_is_found(library, music):
    assert names(library.similar(music / "chord0.wav", but=["quieter"])) == ["chord2.wav", "noise2.wav"]
    assert all(one.loudness_lufs > -30 for one in library.similar(music / "chord2.wav", but=["louder"]))
    own = AudioAnalyzer().analyze(music / "noise0.wav").classic.energy
    calmer = library.similar(music / "noise0.wav", but=["calmer"])
    assert calmer
    assert all(one.energy <= own - 0.08 for one in calmer)


def test_what_cannot_be_asked_says_why(library, music, tmp_path):
    with pytest.raises(BadInput, match="its tempo_bpm is unknown"):
        library.similar(music / "chord0.wav", but=["slower"])
    with pytest.raises(BadInput, match="nothing to wish"):
        library.similar(music / "chord0.wav", but=["slow"])
    with pytest.raises(BadInput, match="silent"):
        library.similar(music / "silence.wav")
    with AudioLibrary(Workspace.at(tmp_path)) as empty, pytest.raises(EmptyWorkspace):
        empty.similar(music / "chord0.wav")


def test_a_corrected_tempo_is_what_wishes_compare(library, music):
    library.correct(music / "chord1.wav", tempo_bpm=60)
    library.correct(music / "chord0.wav", tempo_bpm=100)
    try:
        assert names(library.similar(music / "chord0.wav", but=["slower"])) == ["chord1.wav"]
        track = next(one for one in library.tracks() if one.path.endswith("chord1.wav"))
        assert track.analysis["classic"]["tempo"] == 60
    finally:
        library.correct(music / "chord1.wav", tempo_bpm=None)
        library.correct(music / "chord0.wav", tempo_bpm=None)


def test_a_file_that_was_not_scanned_has_neighbours_too(library, tmp_path):
    soundfile.write(tmp_path / "new.wav", sound("noise", 9), RATE)
    assert names(library.similar(tmp_path / "new.wav", 1))[0].startswith("noise")


def test_a_sound_with_a_vector_and_no_analysis_is_found_with_nothing_said_of_it(library, music):
    library.similar(music / "noise0.wav")
    mine = audio_analyses.c.content_hash == library._hash_of(music / "noise1.wav")
    with library.workspace.store.write() as connection:
        row = connection.execute(select(audio_analyses).where(mine)).mappings().one()
        connection.execute(delete(audio_analyses).where(mine))
    try:
        near = library.similar(music / "noise0.wav", 99)
        found = dict(zip(names(near), near, strict=True))
        assert found["noise1.wav"].loudness_lufs is None
        assert found["noise2.wav"].loudness_lufs is not None
        assert "noise1.wav" not in names(library.similar(music / "noise0.wav", 99, but=["quieter"]))
    finally:
        with library.workspace.store.write() as connection:
            connection.execute(insert(audio_analyses).values(**row))


def test_silence_and_noise_have_no_invented_values():
    silent = AudioAnalyzer().analyze((np.zeros(3 * RATE, dtype=np.float32), RATE))
    assert (silent.embedding, silent.genres, silent.valence, silent.classic.energy) == (None, (), None, None)
    assert (silent.classic.key, silent.classic.mode, silent.classic.tempo, silent.classic.loudness) == (
        -1,
        None,
        None,
        None,
    )
    assert silent.classic.duration_ms == 3000
    noise = AudioAnalyzer().analyze((sound("noise", 0).astype(np.float32), RATE))
    assert (noise.classic.key, noise.classic.tempo, noise.classic.danceability) == (-1, None, None)
    assert 0 <= noise.classic.energy <= 1
    for name in ("acousticness", "instrumentalness", "liveness", "speechiness", "valence"):
        assert noise.classic[name] is None


def test_classic_fields_are_those_of_the_analysis():
    song = render(draw_song(np.random.default_rng(2), Brief(duration_s=12.0, tempo_bpm=120.0)), rate=RATE)
    found = AudioAnalyzer().analyze((song.samples, RATE))
    assert found.classic.tempo == found.tempo_bpm
    assert found.classic.loudness == found.loudness_lufs
    assert found.classic.key == (
        -1 if found.key is None else ["C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"].index(found.key)
    )
    assert len(found.classic) == 13
    assert len(found.embedding) == SIZE


def test_energy_rises_with_loudness_with_onsets_and_with_brightness():
    vector = np.zeros(SIZE)
    onsets, centroid = BLOCKS["rhythmic"].start + 2, BLOCKS["spectral"].start
    vector[[onsets, centroid]] = 4.0, 3.5
    middle = energy_of(-15.0, vector.tolist())
    for louder, place, by in ((-10.0, onsets, 0.0), (-15.0, onsets, 2.0), (-15.0, centroid, 1.0)):
        more = vector.copy()
        more[place] += by
        assert energy_of(louder, more.tolist()) > middle
    assert (energy_of(None, vector.tolist()), energy_of(-10.0, None)) == (None, None)


def test_a_learnt_valence_is_classic_only_on_the_scale_of_spotify():
    about = {"duration_s": 1.0, "loudness_lufs": None, "tempo_bpm": None, "key": None, "mode": None}
    made = [classic_features(**about, time_signature=None, embedding=None, valence=value) for value in (0.4, 4.0)]
    assert [one.valence for one in made] == [0.4, None]


def test_the_command_trains_and_analyze_and_list_then_say_genres(tmp_path):
    rows, folder = ["file,genre,artist"], tmp_path / "songs"
    folder.mkdir()
    for k in range(20):
        kind = ("noise", "chord")[k % 2]
        soundfile.write(folder / f"{k}.wav", sound(kind, k, seconds=1.5), RATE)
        rows.append(f"{k}.wav,{'metal' if kind == 'noise' else 'ambient'},artist {k // 2}")
    (tmp_path / "t.csv").write_text("\n".join(rows))
    run = CliRunner().invoke
    asked = ["--labels", str(tmp_path / "t.csv"), "--label-column", "genre", "--audio", str(folder), "--workers", "1"]
    made = run(app, ["audio", "train-heads", *asked, "--group-column", "artist", "--json"])
    assert made.exit_code == 0, made.output
    card = orjson.loads(made.stdout)["card"]
    assert card["measured"]["accuracy"] == 1.0
    assert (card["tracks"], card["groups"], card["tracks_by_label"]) == (20, 10, {"ambient": 10, "metal": 10})
    soundfile.write(tmp_path / "new.wav", sound("noise", 99), RATE)
    said = orjson.loads(run(app, ["audio", "analyze", str(tmp_path / "new.wav"), "--json"]).stdout)[0]
    assert said["genres"][0]["name"] == "metal"
    assert any("moods" in notice for notice in said["notices"])
    streamed = run(app, ["audio", "stream", str(tmp_path / "new.wav"), "--json"]).stdout.splitlines()
    assert orjson.loads(streamed[-1])["genres"] == said["genres"]
    shown = run(app, ["audio", "show", str(tmp_path / "new.wav"), "--out", str(tmp_path / "new.png"), "--json"])
    assert orjson.loads(shown.stdout)["analysis"]["genres"] == said["genres"]
    assert run(app, ["audio", "scan", str(tmp_path), "--workers", "1"]).exit_code == 0
    listed = orjson.loads(run(app, ["audio", "list", "--json"]).stdout)
    assert {one["analysis"]["genres"][0]["name"] for one in listed} == {"metal", "ambient"}
    found = run(app, ["audio", "similar", str(tmp_path / "new.wav"), "-n", "3", "--json"])
    assert len(orjson.loads(found.stdout)) == 3
    assert isinstance(run(app, ["audio", "train-heads", "--from-tags"]).exception, BadInput)  # files without tags


def test_heads_of_a_workspace_that_has_none(tmp_path):
    assert AudioHeads.of(Workspace.at(tmp_path)).heads == {}
