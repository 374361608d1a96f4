"""A file that is broken in the middle is read on behind it, and what is missing is counted; a whole one is whole."""

import io
import random
import shutil

import numpy as np
import pytest
import soundfile
from hypothesis import example, given
from hypothesis import strategies as st

from ml.audio_analysis import AudioAnalyzer
from ml.data.audio_files import AudioReader, load, opening, reader
from ml.data.audio_files.completeness import is_cut_short, share_that_is_there
from ml.data.audio_files.inspection import no_samples
from ml.data.audio_files.native import first_fault, kept_aside
from ml.foundation.errors import MissingExtra

from .conftest import RATE, encoded

LONG_S = 12


@pytest.fixture(scope="module")
def song():
    """Noise that swells, which takes its share of bits everywhere and is nowhere the same."""
    noise = np.random.default_rng(3).standard_normal((LONG_S * RATE, 2)) * 0.1
    swell = 0.3 + 0.7 * np.abs(np.sin(np.arange(len(noise)) / RATE))[:, np.newaxis]
    return (noise * swell).astype(np.float32)


def broken(path, n_bytes, *, seed=1):
    """Write junk over bytes in the middle."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + n_bytes] = random.Random(seed).randbytes(n_bytes)
    path.write_bytes(data)
    return path


def heard(path):
    with AudioReader(path) as sound:
        samples = np.concatenate(list(sound.blocks()))
    return samples, sound


@pytest.mark.parametrize("name", ["a.mp3", "a.flac", "a.ogg"])
@pytest.mark.parametrize("n_bytes", [3_000, 30_000])
def test_what_comes_behind_damage_is_heard_and_what_is_missing_is_counted(written, song, foreign, name, n_bytes):
    whole, before = heard(written(name, song))
    assert before.problems == ()
    assert before.promised_s == pytest.approx(LONG_S, abs=0.1)
    samples, sound = heard(broken(written(name, song), n_bytes))
    (problem,) = (one for one in sound.problems if one.code != "clipped")  # the frame at the joint may be noise
    missing_s = sound.promised_s - len(samples) / RATE
    assert problem.code == "damaged"
    assert 0 <= missing_s < 3.5
    assert sound.promised_s == pytest.approx(LONG_S, abs=0.1)
    if missing_s > 0.2:
        assert problem.message.endswith(
            f": {len(samples) / RATE:,.1f} s of the {LONG_S}.0 s that it promises were heard"
        )
    np.testing.assert_allclose(samples[:RATE], whole[:RATE], atol=1e-4)
    # What an MP3 has behind its last sample is cut off by its place, which is another one now.
    ends = [len(samples) - late for late in (range(1_200) if name == "a.mp3" else [0])]
    assert any(np.abs(samples[end - RATE : end] - whole[-RATE:]).max() < 1e-4 for end in ends)


@pytest.mark.parametrize("name", ["a.mp3", "a.flac", "a.ogg", "a.wav", "a.aiff"])
def test_of_a_file_that_was_cut_it_is_said_how_much_is_there(written, song, name):
    path = written(name, song)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 3])
    samples, sound = heard(path)
    (problem,) = sound.problems
    assert problem.code == "truncated"
    assert f"{len(samples) / RATE:,.1f} s " in problem.message
    if name == "a.ogg":  # its length stands at its end
        assert sound.promised_s == pytest.approx(len(samples) / RATE)
    else:
        assert sound.promised_s == pytest.approx(LONG_S, abs=0.1)
        assert "of the 12.0 s that it promises" in problem.message


def test_without_another_decoder_a_flac_ends_at_its_damage_and_what_would_help_is_said(written, song, monkeypatch):
    monkeypatch.setattr(opening, "missing", lambda _: ["av"])
    monkeypatch.setattr(opening, "program", lambda: None)
    samples, sound = heard(broken(written("a.flac", song), 3_000))
    (problem,) = sound.problems
    assert problem.code == "damaged"
    assert "[pyav]" in problem.message
    assert f"{len(samples) / RATE:,.1f} s of the 12.0 s that it promises" in problem.message
    # Up to the damage, and not just to the beginning of a piece of two seconds in which it is.
    assert 5.5 < len(samples) / RATE < 6.5


def test_both_damaged_and_cut(written, song):
    path = broken(written("a.mp3", song), 3_000)
    data = path.read_bytes()
    path.write_bytes(data[: int(0.8003 * len(data))])
    assert [one.code for one in heard(path)[1].problems] == ["damaged", "truncated"]


def test_how_long_an_m4a_is_said_to_be(song, foreign, tmp_path):
    path = tmp_path / "a.m4a"
    path.write_bytes(encoded(song, "mp4", "aac", options={"movflags": "faststart"}))
    samples, sound = heard(path)
    assert sound.promised_s == pytest.approx(len(samples) / RATE, abs=0.1)
    samples, sound = heard(broken(path, 20_000))
    assert [one.code for one in sound.problems if one.code != "clipped"] == ["damaged"]
    assert "of the 12.0 s that it promises" in sound.problems[0].message
    assert np.abs(samples).max() <= 16


def test_how_long_a_film_is_is_not_how_long_its_sound_is(song, foreign, tmp_path):
    if shutil.which("ffmpeg") is None:
        pytest.skip("no ffmpeg on the PATH")
    import subprocess

    soundfile.write(tmp_path / "a.wav", song[: 3 * RATE], RATE)
    picture = ["-f", "lavfi", "-i", "color=size=16x16:rate=1:duration=9"]
    command = ["ffmpeg", "-v", "error", *picture, "-i", tmp_path / "a.wav", "-c:v", "mpeg4", tmp_path / "a.mkv"]
    subprocess.run(command, check=True)
    samples, sound = heard(tmp_path / "a.mkv")
    assert len(samples) / RATE == pytest.approx(3, abs=0.1)
    assert sound.problems == ()


def test_what_cannot_be_sound_is_muted_in_coded_sound_and_refused_elsewhere(written, song, monkeypatch):
    loud = song.copy()
    loud[5 * RATE] = 13_000
    loud[5 * RATE + 10] = np.nan

    class Noisy:
        rate, n_channels, n_promised, damage, left_out = RATE, 2, None, None, 0

        def __init__(self, material):
            pass

        def pieces(self, size):
            yield loud.copy()

        def close(self):
            pass

    monkeypatch.setattr(reader, "open_decoder", lambda material: (Noisy(material), "aac"))
    samples, sound = heard(written("a.wav", song).read_bytes())
    assert [one.code for one in sound.problems] == ["damaged"]
    assert not samples[5 * RATE - 1000 : 5 * RATE + 1000].any()
    np.testing.assert_array_equal(samples[: 4 * RATE], loud[: 4 * RATE])
    assert no_samples(song) is None
    assert no_samples(np.zeros((0, 2), np.float32)) is None


@pytest.mark.parametrize(("rate", "n_channels"), [(22_050, 1), (44_100, 2)])
def test_libmpg123_complains_of_nothing_in_a_whole_mp3(written, song, rate, n_channels):
    # Bits of one frame lie in those before: whoever jumps into the middle misses them.
    path = written("a.mp3", song[:, :n_channels], rate, bitrate_mode="CONSTANT", compression_level=0.9)
    for part in (path.read_bytes(), path.read_bytes()[7_777:]):  # as it is, and cut at the front
        with kept_aside() as lines:
            signal = load(part)
        assert first_fault(lines) is None
        assert signal.problems == ()


@pytest.mark.realdata
@pytest.mark.parametrize("name", ["audio/1.mp3", "audio/10.mp3", "audio/100.mp3", "audio/139.mp3"])
def test_songs_of_emotify_are_whole(realdata, name):
    from ml.audio_analysis.hands.alone import hear_alone

    found, _ = hear_alone(AudioAnalyzer(), realdata / "emotify" / name)
    assert "damaged" not in [one.code for one in found.problems]
    assert found.promised_s == pytest.approx(found.duration_s, abs=0.05)


def test_another_decoder_that_is_missing_is_no_error(written, song, monkeypatch):
    def absent(material):
        raise MissingExtra("nothing there", "install it")

    monkeypatch.setattr(opening, "_foreign", absent)
    assert "install it" in heard(broken(written("a.flac", song), 3_000))[1].problems[0].message


@given(st.sampled_from(["wav", "aiff", "ogg", "mp3", "flac", "mp4", None]), st.binary(max_size=300))
@example("flac", b"fLaC\0\0\0\x22" + bytes(34) + b"\xff\xf8" + b"\xff" * 20)
def test_no_bytes_make_the_search_for_an_end_fall(form, data):
    head = {"wav": b"RIFF\0\0\0\0WAVE", "aiff": b"FORM\0\0\0\0AIFF", "flac": b"fLaC\0\0\0\x22"}.get(form, b"")
    for whole in (data, head + data):
        assert is_cut_short(io.BytesIO(whole), form) in {True, False}
        share = share_that_is_there(io.BytesIO(whole), form)
        assert share is None or 0 < share <= 1


@pytest.mark.parametrize("n", [4_096 * 20, 4_096 * 20 + 1, 4_096 * 300 + 77])
def test_a_flac_is_cut_wherever_its_last_frame_is_not_there(n):
    noise = np.random.default_rng(n).standard_normal((n, 2)).astype(np.float32) * 0.1
    file = io.BytesIO()
    soundfile.write(file, noise, RATE, format="FLAC")
    data = file.getvalue()
    assert not is_cut_short(io.BytesIO(data), "flac")
    assert not is_cut_short(io.BytesIO(data + b"TAG".ljust(128, b"\0")), "flac")
    last = data.rfind(b"\xff\xf8")
    for end in (last, last - 1, len(data) // 2):
        assert is_cut_short(io.BytesIO(data[:end]), "flac")
    assert not is_cut_short(io.BytesIO(data[: len(data) // 2] + b"junk" * 50 + data[len(data) // 2 + 200 :]), "flac")


def test_a_flac_that_does_not_say_its_length_is_read_to_its_end(song):
    file = io.BytesIO()
    soundfile.write(file, song, RATE, format="FLAC")
    data = bytearray(file.getvalue())
    data[21] &= 0xF0  # as a program leaves it that writes to a pipe
    data[22:26] = bytes(4)
    signal = load(bytes(data))
    assert (signal.n_samples, signal.problems) == (len(song), ())
