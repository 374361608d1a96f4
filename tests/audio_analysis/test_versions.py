"""The same song by somebody else, by its chords."""

import json
import tracemalloc

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from ml.audio_analysis.library import AudioLibrary
from ml.audio_analysis.versions import NONE, chord_sequence, likeness, ranked, shares
from ml.cli.main import app
from ml.data.demo.sound import another_version, corpus, render
from ml.data.workspace import Workspace
from ml.foundation.errors import EmptyWorkspace

CHORDS = st.lists(st.integers(0, 23), min_size=8, max_size=40).map(np.array)


def moved(chords, up):
    return np.where(chords < 12, (chords + up) % 12, 12 + (chords + up) % 12)


@settings(max_examples=40, deadline=None)
@given(CHORDS, CHORDS, st.integers(0, 11), st.integers(0, 11))
def test_keys_do_not_matter(one, other, first, second):
    score, _ = likeness(one, other)
    assert 0 <= score <= 1
    assert likeness(moved(one, first), moved(other, second))[0] == pytest.approx(score)
    assert likeness(other, one)[0] == pytest.approx(score)
    assert likeness(one, moved(one, first))[0] == 1.0


def test_a_part_and_a_beat_left_out_are_still_alike():
    song = np.random.default_rng(2).integers(0, 24, 60)
    part = song[20:40]
    same = np.minimum(np.bincount(song, minlength=24) / 60, np.bincount(part, minlength=24) / 20).sum()
    assert likeness(song, part) == (pytest.approx((1 + 2 * same) / 3), 0)
    # 29 of 30 chords follow each other, one gap costs 0.7, and 30 of 31 chords are the same.
    whole = song[:31]
    assert likeness(whole, np.delete(whole, 15))[0] == pytest.approx(((30 - 0.7) / 30 + 2 * 30 / 31) / 3, abs=0.01)
    stranger = np.random.default_rng(3).integers(0, 24, 60)
    assert likeness(song, stranger)[0] < likeness(song, part)[0] - 0.1
    assert ranked(song, [("stranger", stranger), ("higher", moved(song, 4))])[0] == ("higher", 1.0, 4)


def test_memory_grows_with_the_lengths_and_not_with_their_product():
    tracemalloc.start()
    short, long = np.random.default_rng(4).integers(0, 24, (2, 20_000))
    assert likeness(short[:50], long)[0] < 1.0
    one_sided = tracemalloc.get_traced_memory()[1]
    assert likeness(short[:400], long)[0] < 1.0
    assert tracemalloc.get_traced_memory()[1] < 1.5 * one_sided
    tracemalloc.stop()


def test_without_chords_nothing_is_alike():
    nothing = chord_sequence({"chords": [], "beats": None, "duration_s": 3.0})
    assert likeness(nothing, np.array([1, 2, 3])) == (0.0, 0)
    silence = [{"start_s": 0.0, "end_s": 3.0, "chord": "N"}]
    still = chord_sequence({"chords": silence, "beats": None, "duration_s": 3.0})
    assert still.tolist() == [NONE] * 6
    assert likeness(still, still)[0] == 0.0


def test_what_is_shorter_than_two_bars_is_no_version():
    song = np.random.default_rng(4).integers(0, 24, 60)
    assert likeness(song, song[:7]) == (0.0, 0)
    score, semitones = likeness(song, song[:8])
    assert score > 1 / 3
    assert semitones == 0


def test_as_it_is_typed(monkeypatch, tmp_path):
    monkeypatch.setenv("ML_HOME", str(tmp_path / "home"))
    songs = list(corpus(3, duration_s=30.0, seed=31))
    (tmp_path / "music").mkdir()
    for i, song in enumerate(songs):
        soundfile.write(tmp_path / "music" / f"{i}.wav", render(song, rate=22_050).samples, 22_050)
    other = another_version(songs[0], np.random.default_rng(1), semitones=3, tempo_ratio=1.1)
    soundfile.write(tmp_path / "version.wav", render(other, rate=22_050).samples, 22_050)
    words = ["audio", "versions", str(tmp_path / "version.wav"), "--json"]
    with pytest.raises(EmptyWorkspace):
        CliRunner().invoke(app, words, catch_exceptions=False)
    workspace = Workspace.at(tmp_path / "home")
    AudioLibrary(workspace).scan(tmp_path / "music", workers=1)
    workspace.close()
    found = json.loads(CliRunner().invoke(app, words, catch_exceptions=False).stdout)
    assert found[0]["path"].endswith("0.wav")
    assert found[0]["semitones"] == -3
    assert found[0]["score"] > found[1]["score"]
    own = json.loads(CliRunner().invoke(app, [*words[:2], str(tmp_path / "music" / "0.wav"), "--json"]).stdout)
    assert len(own) == 2


def test_of_many_songs_those_with_other_chords_are_not_aligned(monkeypatch):
    monkeypatch.setattr("ml.audio_analysis.versions._ALIGNED", 3)
    rng = np.random.default_rng(5)
    song = rng.integers(0, 24, 40)
    others = {f"{place}": rng.integers(0, 24, 40) for place in range(9)} | {"higher": moved(song, 4)}
    found = ranked(song, others.items())
    assert len(found) == 3
    assert found[0] == ("higher", 1.0, 4)


def slowly(one, other):
    """Score two sequences as the definition says, cell by cell, in every transposition."""
    if min(len(one), len(other)) < 8:
        return 0.0, 0
    best = (-1.0, 0)
    notes = [{c % 12, (c % 12 + (3 if c >= 12 else 4)) % 12, (c % 12 + 7) % 12} for c in range(24)]
    for up in range(12):
        row = [0] * (len(other) + 1)
        highest = 0
        for a in one.tolist():
            new = [0]
            for place, b in enumerate(other.tolist()):
                c = a if a < 0 else (a + up) % 12 + 12 * (a // 12)
                same = 0 if NONE in (c, b) else 20 if b == c else 5 if len(notes[c] & notes[b]) == 2 else -20
                new.append(max(0, row[place] + same, row[place + 1] - 14, new[place] - 14))
            row = new
            highest = max(highest, *row)
        mine, others = np.roll(shares(one), up, axis=1), shares(other)
        score = (min(1.0, highest / (20 * min(len(one), len(other)))) + 2 * np.minimum(mine, others).sum()) / 3
        best = max(best, (round(float(score), 9), -up))
    return best[0], -best[1] if best[1] >= -6 else -best[1] - 12


SOUNDS = st.lists(st.integers(-1, 23), min_size=1, max_size=20).map(np.array)


@settings(max_examples=60, deadline=None)
@given(SOUNDS, st.lists(SOUNDS, max_size=6), st.integers(1, 4))
def test_ranks_are_those_of_the_definition_however_many_are_wanted(one, others, count):
    named = [(f"{place}", other) for place, other in enumerate(others)]
    wanted = sorted((-slowly(one, other)[0], name) for name, other in named)
    found = ranked(one, named)
    assert [name for name, _, _ in found] == [name for _, name in wanted]
    assert [score for _, score, _ in found] == pytest.approx([-score for score, _ in wanted])
    for name, _, up in found:
        assert up == slowly(one, others[int(name)])[1]
    assert ranked(one, named, count) == found[:count]


def test_what_cannot_be_among_the_wanted_is_not_aligned(monkeypatch):
    from ml.audio_analysis import versions

    aligned = []
    inner = versions._likenesses
    monkeypatch.setattr(versions, "_likenesses", lambda *given: aligned.append(len(given[1])) or inner(*given))
    rng = np.random.default_rng(0)
    song = rng.integers(0, 6, 60)
    others = [("same", song)] + [(f"{k}", rng.integers(12, 18, 60)) for k in range(200)]
    assert ranked(song, others, 1) == [("same", 1.0, 0)]
    assert sum(aligned) == 50
    aligned.clear()
    assert len(ranked(song, others)) == 201


@pytest.fixture
def chorded(tmp_path):
    """A library whose analyses are written by hand: chords are all that counts."""
    from ml.audio_analysis.library import rows
    from ml.audio_analysis.library.finding import FoundFile

    library = AudioLibrary(Workspace.at(tmp_path / "home"))
    turn = [["C", "maj"], ["A", "min"], ["F", "maj"], ["G", "maj"]]

    def put(name, chords):
        spans = [{"start_s": 1.0 * k, "end_s": 1.0 * k + 1, "chord": ":".join(chord)} for k, chord in enumerate(chords)]
        document = {"chords": spans, "beats": None, "duration_s": float(len(spans)), "problems": []}
        with library.workspace.store.write() as connection:
            rows.put_analysis(connection, name, "1.old", document)
            rows.put_file(connection, FoundFile(f"/music/{name}.wav", 1, 1), name)

    put("turn", turn * 4)
    put("other", [["E", "maj"], ["Eb", "min"], ["D", "maj"], ["B", "min"]] * 4)
    yield library, put, turn
    library.close()


def test_the_library_is_looked_at_before_the_song_is_listened_to(tmp_path):
    with AudioLibrary(Workspace.at(tmp_path / "home")) as empty, pytest.raises(EmptyWorkspace):
        empty.versions(tmp_path / "there is no such file.wav")


def test_documents_are_read_once_and_anew_when_they_are_new(chorded, tmp_path, monkeypatch):
    from ml.audio_analysis.library import chords

    library, put, turn = chorded
    read = []
    inner = chords.chord_sequence
    monkeypatch.setattr(chords, "chord_sequence", lambda analysis: read.append(1) or inner(analysis))
    rng = np.random.default_rng(0)
    soundfile.write(tmp_path / "noise.wav", rng.normal(0, 0.1, 22_050), 22_050)
    library.versions(tmp_path / "noise.wav")
    assert len(read) == 2
    library.versions(tmp_path / "noise.wav")
    assert len(read) == 2
    index = chords.known_chords(library.workspace)
    assert index.sequence(index.ids.index("turn")).tolist()[:8] == [0, 0, 21, 21, 5, 5, 7, 7]
    put("turn", turn[::-1] * 4)
    put("third", turn * 3)
    index = chords.known_chords(library.workspace)
    assert len(read) == 4
    assert sorted(index.ids) == ["other", "third", "turn"]
    assert index.sequence(index.ids.index("turn")).tolist()[:4] == [7, 7, 5, 5]
    assert index.sequence(index.ids.index("other")).tolist()[:4] == [4, 4, 15, 15]
    assert index.sequence(index.ids.index("third")).tolist()[:4] == [0, 0, 21, 21]
    (library.workspace.indexes / "audio_chords.npz").write_bytes(b"damaged")
    assert sorted(chords.known_chords(library.workspace).ids) == sorted(index.ids)


def test_a_sound_that_was_scanned_is_not_listened_to_again(chorded, monkeypatch):
    library, put, turn = chorded
    put("twin", turn * 4)
    monkeypatch.setattr(library, "_hash_of", lambda _: "turn")
    found = library.versions("/music/turn.wav", count=1)  # no such file: only what is stored is known of it
    assert [(one.path, one.score, one.semitones) for one in found] == [("/music/twin.wav", 1.0, 0)]
