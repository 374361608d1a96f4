import numpy as np
import pytest

from ml.data.demo import DemoSize, make_world
from ml.data.demo.genres import NAMES
from ml.data.demo.sound import Brief, another_version, corpus, draw_song, progressions, render, song_of_track
from ml.data.demo.sound.mastering import loudness_lufs
from ml.data.demo.sound.patterns import PATTERNS
from ml.data.demo.sound.timbres import TIMBRES
from ml.foundation.errors import BadInput

RATE = 11_025


def test_progressions_go_through_all_keys_with_and_without_drums_and_noise() -> None:
    songs = list(progressions(1, duration_s=8.0, held_out=True))
    kinds = [
        (song.keys[0].tonic, song.keys[0].mode, bool(song.kit), bool(np.isfinite(song.production.noise_db)))
        for song in songs
    ]
    assert len(set(kinds)) == len(kinds) == 96
    assert {song.held_out for song in songs} == {True}
    cents = np.array([song.cents for song in songs])
    assert np.abs(cents).max() <= 45
    assert cents.min() < -35
    assert cents.max() > 35
    # They begin with the tonic chord, at a bar line.
    assert all(song.begin_s == 0 and song.chords[0].root == song.keys[0].tonic for song in songs)
    assert all((song.chords[0].quality[:3] == "min") == (song.keys[0].mode == "minor") for song in songs)


def test_songs_of_a_catalogue_are_distinct_and_stay_when_it_grows() -> None:
    few, more = (list(corpus(n, duration_s=10.0, seed=3)) for n in (4, 12))
    sounds = [render(song, rate=RATE).samples for song in more]
    assert all(np.array_equal(render(a, rate=RATE).samples, b) for a, b in zip(few, sounds, strict=False))
    flat = np.array([sound.ravel() / np.linalg.norm(sound) for sound in sounds])
    alike = np.abs(flat @ flat.T - np.eye(len(flat)))
    assert alike.max() < 0.5


def test_another_version_is_the_same_song_by_others() -> None:
    song = draw_song(np.random.default_rng(1), Brief(duration_s=45.0, form="song", lead=True))
    other = another_version(song, np.random.default_rng(2), semitones=3, tempo_ratio=1.1)
    assert [chord.root for chord in other.chords] == [(chord.root + 3) % 12 for chord in song.chords]
    assert other.keys[0].tonic == (song.keys[0].tonic + 3) % 12
    assert other.duration_s == pytest.approx(song.duration_s / 1.1)
    assert not {part.timbre for part in other.parts} & {part.timbre for part in song.parts}
    assert {TIMBRES[part.timbre].held_out for part in other.parts} == {False}
    for mine, theirs in zip(song.parts, other.parts, strict=True):
        assert np.array_equal(mine.notes.beat, theirs.notes.beat)
        assert set((theirs.notes.pitch - mine.notes.pitch) % 12) == {3.0}
    was, now = render(song, rate=RATE).truth, render(other, rate=RATE).truth
    assert np.allclose(now.beats_s, was.beats_s / 1.1, atol=1e-6)
    assert [one.label for one in now.sections] == [one.label for one in was.sections]


def test_a_track_of_the_demo_world_sounds_as_the_world_says() -> None:
    world = make_world(DemoSize(listeners=20, tracks=120, artists=40, listens=500, days=60))
    for track in range(0, 120, 12):
        song = song_of_track(world, track)
        tempo = float(world.tracks.sounds[track, 1])
        assert abs(float(np.median(song.tempo.bpm)) / tempo - 1) < 0.02
        assert {(key.tonic, key.mode == "minor") for key in song.keys} == {
            (int(world.tracks.key[track]), bool(world.tracks.minor[track]))
        }
        assert song.duration_s * 1000 == pytest.approx(int(world.tracks.duration_ms[track]))
        assert not song.held_out
        end = float(song.tempo.seconds(np.array([float(song.beats)]))[0]) - song.begin_s
        assert song.duration_s - 12 < end <= song.duration_s
    made = render(song_of_track(world, 5, duration_s=30.0), rate=44_100)
    assert loudness_lufs(made.samples, 44_100) == pytest.approx(float(world.tracks.loudness_lufs[5]), abs=1.5)
    again = render(song_of_track(world, 5, duration_s=30.0), rate=44_100)
    assert made.samples.tobytes() == again.samples.tobytes()


def test_tracks_have_the_drums_and_the_instruments_of_their_kind() -> None:
    world = make_world(DemoSize(listeners=20, tracks=1200, artists=300, listens=500, days=60), seed=1)
    genre = np.array([NAMES[g] for g in world.artists.genre[world.tracks.artist]])
    songs = [song_of_track(world, track, duration_s=40.0) for track in range(len(world.tracks))]
    drums = np.array([bool(song.kit) for song in songs])
    assert drums[genre == "house"].mean() > 0.9
    assert drums[genre == "classical"].mean() < 0.2
    assert {song.metre for song in np.array(songs, dtype=object)[drums & (genre == "reggae")]} == {"4/4"}
    fits = [genre[i] in PATTERNS[song.pattern].genres.split(",") for i, song in enumerate(songs) if song.pattern]
    assert np.mean(fits) > 0.6
    acoustic = np.array([np.mean([TIMBRES[part.timbre].acoustic for part in song.parts]) for song in songs])
    sung = np.array([any("voice" in TIMBRES[part.timbre].roles for part in song.parts) for song in songs])
    assert np.corrcoef(acoustic, world.tracks.sounds[:, 3])[0, 1] > 0.5
    assert np.corrcoef(sung, world.tracks.sounds[:, 4])[0, 1] < -0.5


def test_a_track_that_is_not_there_is_refused() -> None:
    world = make_world(DemoSize(listeners=20, tracks=50, artists=10, listens=500, days=60))
    with pytest.raises(BadInput, match="no track 50"):
        song_of_track(world, 50)
