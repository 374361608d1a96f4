"""Every form gives back what was written into it, from wherever it is read."""

import io
import os
import struct
import subprocess
import sys
import textwrap
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from ml.data.audio_files import AudioReader, Signal, blocks, load
from ml.data.audio_files import opening as opening_of_files
from ml.data.audio_files.reader import _gathered
from ml.foundation.errors import BadInput, MissingExtra

from .conftest import RATE, encoded

LOSSLESS = [("a.wav", "PCM_16"), ("a.wav", "PCM_24"), ("a.wav", "FLOAT"), ("a.flac", "PCM_16"), ("a.aiff", "PCM_16")]
LOSSY = [("a.mp3", "MPEG_LAYER_III", RATE), ("a.ogg", "VORBIS", RATE), ("a.opus", "OPUS", 48_000)]
FOREIGN = [("a.m4a", "mp4", "aac"), ("a.aac", "adts", "aac"), ("a.wma", "asf", "wmav2"), ("a.mka", "matroska", "flac")]
FORMS = {"a.m4a": "mp4", "a.aac": "aac", "a.wma": "wma", "a.mka": "matroska"}


def codes(signal):
    return [problem.code for problem in signal.problems]


def likeness(signal, music):
    """Correlate the channels of two sounds, wherever the codec's delay has put the second."""
    n = RATE // 2
    values = []
    for channel in range(2):
        ours, theirs = signal.samples[RATE // 2 : RATE // 2 + n, channel], music[:, channel]
        spectrum = np.abs(np.fft.rfft(ours)), np.abs(np.fft.rfft(theirs[RATE // 2 : RATE // 2 + n]))
        values.append(np.corrcoef(*spectrum)[0, 1])
    return min(values)


@pytest.mark.parametrize(("name", "subtype"), LOSSLESS)
def test_lossless_forms(written, music, name, subtype):
    form = {"a.aiff": "AIFF"}.get(name)
    path = written(name, music, subtype=subtype, format=form)
    signal = load(path)
    assert (signal.rate, signal.n_channels, signal.duration_s) == (RATE, 2, 2.0)
    np.testing.assert_allclose(signal.samples, music, atol=1 / 32_000)
    assert signal.samples.dtype == np.float32
    assert codes(signal) == []
    assert signal.form == name.partition(".")[2]


@pytest.mark.parametrize(("name", "subtype", "rate"), LOSSY)
def test_lossy_forms(written, music, name, subtype, rate):
    path = written(name, music, rate, subtype=subtype, format={"a.opus": "OGG"}.get(name))
    signal = load(path)
    assert signal.rate == rate
    assert abs(signal.n_samples - len(music)) < 3_000
    assert likeness(signal, music) > 0.99
    assert codes(signal) == []


@pytest.mark.parametrize(("name", "container", "codec"), FOREIGN)
def test_forms_of_ffmpegs_libraries(tmp_path, music, foreign, name, container, codec):
    data = encoded(music, container, codec)
    path = tmp_path / name
    path.write_bytes(data)
    signal = load(path)
    assert (signal.rate, signal.n_channels, signal.form) == (RATE, 2, FORMS[name])
    assert abs(signal.n_samples - len(music)) < 4_000
    assert likeness(signal, music) > 0.99
    assert codes(signal) == []
    np.testing.assert_array_equal(load(data).samples, signal.samples)
    with path.open("rb") as file:
        np.testing.assert_array_equal(load(file).samples, signal.samples)


def test_without_a_decoder_the_error_names_both(tmp_path, music, monkeypatch):
    path = tmp_path / "a.m4a"
    path.write_bytes(encoded(music, "mp4", "aac"))
    monkeypatch.setattr(opening_of_files, "program", lambda: None)
    monkeypatch.setattr(opening_of_files, "missing", lambda _: ["av"])
    with pytest.raises(MissingExtra, match=r"MP4 is decoded by ffmpeg or PyAV") as caught:
        load(path)
    assert "pip install 'spotify-ai-agent-ml[pyav]'" in caught.value.hint
    assert "ffmpeg" in caught.value.hint


def test_without_soundfile_the_error_names_the_extra(written, music, monkeypatch):
    path = written("a.wav", music)
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(MissingExtra) as caught:
        load(path)
    assert "pip install 'spotify-ai-agent-ml[audio]'" in str(caught.value)


def test_the_same_from_path_bytes_and_file_objects(written, music):
    path = written("a.flac", music)
    expected = load(path).samples
    data = path.read_bytes()
    for source in (str(path), data, bytearray(data), memoryview(data), io.BytesIO(data)):
        np.testing.assert_array_equal(load(source).samples, expected)
    with path.open("rb") as file:
        signal = load(file)
        assert not file.closed
        assert signal.source == str(path)
    np.testing.assert_array_equal(signal.samples, expected)


def test_a_pipe_is_read_to_its_end(written, music):
    data = written("a.flac", music).read_bytes()
    read, write = os.pipe()
    # The pipe holds less than the file.
    writer = subprocess.Popen(
        [sys.executable, "-c", f"import os, sys; os.fdopen({write}, 'wb').write(sys.stdin.buffer.read())"],
        stdin=subprocess.PIPE,
        pass_fds=[write],
    )
    os.close(write)
    writer.stdin.write(data)
    writer.stdin.close()
    with os.fdopen(read, "rb") as pipe:
        assert load(pipe).n_samples == len(music)
    assert writer.wait() == 0


def test_numbers_of_every_kind():
    expected = np.array([0.0, 0.5, -0.5, -1.0])
    for dtype, full in ((np.int8, 2**7), (np.int16, 2**15), (np.int32, 2**31)):
        np.testing.assert_allclose(load(((expected * full).astype(dtype), RATE)).samples[:, 0], expected, atol=1e-6)
    unsigned = np.array([128, 192, 64, 0], dtype=np.uint8)
    np.testing.assert_allclose(load((unsigned, RATE)).samples[:, 0], expected)
    for dtype in (np.float16, np.float32, np.float64):
        np.testing.assert_allclose(load((expected.astype(dtype), RATE)).samples[:, 0], expected)
    np.testing.assert_allclose(load((RATE, expected)).samples[:, 0], expected)  # as scipy.io.wavfile gives it
    np.testing.assert_allclose(load(expected, rate=RATE).samples[:, 0], expected)


def test_the_shorter_axis_is_the_channels(music):
    assert load((music, RATE)).n_channels == load((music.T, RATE)).n_channels == 2
    np.testing.assert_array_equal(load((music.T, RATE)).samples, music)


def test_a_signal_is_not_the_callers_array(music):
    mine = music.copy()
    signal = load((mine, RATE))
    mine[:] = 0
    assert signal.samples.any()
    with pytest.raises(ValueError, match="read-only"):
        signal.samples[0] = 1


@pytest.mark.parametrize(("width", "dtype"), [(1, np.int8), (2, np.int16), (4, np.int32)])
def test_a_segment_of_pydub(music, width, dtype):
    raw = (music * 2 ** (8 * width - 1)).astype(dtype)
    segment = SimpleNamespace(raw_data=raw.tobytes(), sample_width=width, channels=2, frame_rate=RATE)
    signal = load(segment)
    assert (signal.rate, signal.source) == (RATE, "pydub segment")
    np.testing.assert_allclose(signal.samples, music, atol=2 / 2 ** (8 * width - 1))


@pytest.mark.parametrize("block_s", [0.01, 0.3, 1.0, 7.0])
@pytest.mark.parametrize("form", ["file", "array"])
def test_blocks_together_are_the_whole(written, music, block_s, form):
    source = written("a.wav", music, subtype="FLOAT") if form == "file" else (music, RATE)
    parts = list(blocks(source, block_s=block_s))
    assert {len(part) for part in parts[:-1]} <= {round(block_s * RATE)}
    assert 0 < len(parts[-1]) <= round(block_s * RATE)
    np.testing.assert_array_equal(np.concatenate(parts), music)


@given(st.lists(st.integers(0, 9), max_size=20), st.integers(1, 12))
def test_pieces_of_any_length_are_cut_into_blocks_of_one(lengths, size):
    whole = np.arange(2 * sum(lengths), dtype=np.float32).reshape(-1, 2)
    pieces = iter(np.split(whole, np.cumsum(lengths))[:-1])
    found = list(_gathered(pieces, size))
    assert [len(block) for block in found[:-1]] == [size] * (len(found) - 1)
    assert all(0 < len(block) <= size for block in found)
    np.testing.assert_array_equal(np.concatenate([whole[:0], *found]), whole)


def test_a_reader_knows_rate_and_channels_first_and_problems_last(written, music):
    path = written("a.wav", np.zeros_like(music))
    with AudioReader(path) as reader:
        assert (reader.rate, reader.n_channels, reader.form, reader.path) == (RATE, 2, "wav", str(path))
        assert reader.problems == ()
        list(reader.blocks())
        assert [problem.code for problem in reader.problems] == ["silent"]


@pytest.mark.slow
def test_a_long_file_takes_the_memory_of_a_block(tmp_path):
    """Ten minutes of stereo are 212 MB of samples; reading them adds less than 30 MB."""
    path = tmp_path / "long.flac"
    second = np.zeros((RATE, 2), dtype=np.int16)
    second[::100] = 1000
    with soundfile.SoundFile(path, "w", RATE, 2, "PCM_16") as file:
        for _ in range(600):
            file.write(second)
    code = f"""
        import resource
        from ml.data.audio_files import blocks, load
        used = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        next(iter(blocks({str(path)!r}, block_s=1)))
        before = used()
        seconds = sum(len(block) for block in blocks({str(path)!r}, block_s=1)) / {RATE}
        print(seconds, used() - before)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    seconds, mib = map(float, done.stdout.split())
    assert seconds == 600
    assert mib < 30


def test_signals_go_to_other_rates(music):
    signal = Signal(music, RATE)
    assert signal.at(RATE) is signal
    slower = signal.at(22_050)
    assert (slower.rate, slower.n_samples, slower.duration_s) == (22_050, RATE, 2.0)
    np.testing.assert_allclose(slower.samples[1000:-1000], music[2000:-2000:2], atol=1e-3)
    np.testing.assert_allclose(signal.mono(), music.mean(axis=1), atol=1e-7)
    three = np.concatenate([music, music[:, :1]], axis=1)
    np.testing.assert_allclose(Signal(three, RATE).mono(), three.mean(axis=1), atol=1e-6)


def test_a_wav_that_never_learned_its_length_is_read_to_its_end(tmp_path, music):
    pcm = (music * 32767).astype("<i2").tobytes()
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        0xFFFFFFFF,
        b"WAVE",
        b"fmt ",
        16,
        1,
        2,
        RATE,
        4 * RATE,
        4,
        16,
        b"data",
        0xFFFFFFFF,
    )
    path = tmp_path / "stream.wav"
    path.write_bytes(head + pcm)
    signal = load(path)
    assert signal.n_samples == len(music)
    assert codes(signal) == []


@pytest.mark.realdata
def test_real_files(realdata):
    folder = realdata / "audio_signals"
    found = {
        path.name: load(path)
        for path in sorted(folder.iterdir())
        if path.suffix in (".mp3", ".ogg", ".wav")
        if path.name != "empty.wav"
    }
    assert {name: signal.rate for name, signal in found.items()}["359628__mtg__sax-tenor-d-minor.wav"] == 48_000
    assert found["dubstep.mp3"].n_channels == 2
    assert [codes(signal) for name, signal in found.items() if name not in ("test.mp3", "test.ogg")] == [[]] * 6
    assert codes(load(folder / "silence.flac")) == ["silent"]
    with pytest.raises(BadInput, match="not one sample"):
        load(folder / "empty.wav")
    with pytest.raises(BadInput, match="not a sound of any form"):
        load(folder / "Chord_Detection_Test.musicxml")


@pytest.mark.realdata
def test_a_flac_that_libsndfile_refuses_is_read_by_others(realdata, foreign):
    signal = load(realdata / "audio_signals" / "test-unicode.flac")
    assert signal.n_channels == 4
    assert signal.duration_s > 4
    assert codes(signal)[0] == "damaged"


@pytest.mark.realdata
def test_a_flac_that_libsndfile_refuses_names_what_may_help(realdata, monkeypatch):
    monkeypatch.setattr(opening_of_files, "program", lambda: None)
    monkeypatch.setattr(opening_of_files, "missing", lambda _: ["av"])
    with pytest.raises(BadInput, match="libsndfile cannot read this FLAC file") as caught:
        load(realdata / "audio_signals" / "test-unicode.flac")
    assert "ffmpeg" in caught.value.hint
