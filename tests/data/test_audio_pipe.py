"""Sound through a pipe: WAV without a length, and bare samples."""

import io
import struct

import numpy as np
import orjson
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from ml.cli.main import app
from ml.data.audio_files.pipe import FORMATS, PipedSound
from ml.foundation.errors import BadInput

SAMPLES = np.round(np.sin(np.arange(3_000) / 9).reshape(-1, 2) * 100) / 128


class Trickle(io.RawIOBase):
    """A pipe that gives a few bytes at a time."""

    def __init__(self, data, sizes):
        self._data, self._sizes, self._at = data, sizes, 0

    def readable(self):
        return True

    def read(self, n=-1):
        size = self._sizes[self._at % len(self._sizes)]
        self._at += 1
        taken = self._data[: min(size, n) if n >= 0 else size]
        self._data = self._data[len(taken) :]
        return taken

    def read1(self, n=-1):
        return self.read(n)


def wav(subtype="PCM_16", **how):
    file = io.BytesIO()
    soundfile.write(file, SAMPLES, 8_000, format="WAV", subtype=subtype, **how)
    return file.getvalue()


def read(data, **how):
    sound = PipedSound(io.BufferedReader(io.BytesIO(data)), **how)
    return sound, np.concatenate([*sound.pieces(), np.empty((0, sound.n_channels))])


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_wav_of_any_plain_format(subtype):
    sound, samples = read(wav(subtype))
    assert (sound.rate, sound.n_channels, sound.form) == (8_000, 2, "wav")
    np.testing.assert_allclose(samples, SAMPLES, atol=1e-6)


def test_the_length_in_the_header_is_not_believed():
    data = wav()
    place = data.index(b"data") + 4
    for length in (0, 0xFFFFFFFF):
        _, samples = read(data[:place] + struct.pack("<I", length) + data[place + 4 :])
        assert len(samples) == len(SAMPLES)


@given(st.lists(st.integers(1, 700), min_size=1, max_size=5))
def test_however_the_bytes_trickle_the_samples_are_the_same(sizes):
    sound = PipedSound(Trickle(wav("PCM_24"), sizes))
    np.testing.assert_allclose(np.concatenate(list(sound.pieces())), SAMPLES, atol=1e-6)


@pytest.mark.parametrize("name", FORMATS)
def test_bare_samples(name):
    subtype = {"u8": "PCM_U8", "s16le": "PCM_16", "s24le": "PCM_24", "s32le": "PCM_32", "f32le": "FLOAT"}
    data = wav(subtype.get(name, "DOUBLE"))
    bare = data[data.index(b"data") + 8 :][: len(SAMPLES) * 2 * {"u8": 1, "f64le": 8}.get(name, int(name[1:3]) // 8)]
    sound, samples = read(bare + b"\0", rate=8_000, n_channels=2, sample_format=name)
    assert sound.form == "pcm"
    np.testing.assert_allclose(samples, SAMPLES, atol=1e-6)


@pytest.mark.parametrize(
    ("data", "how", "message"),
    [
        (b"", {}, "stdin is empty"),
        (b"ID3 and so on, an MP3", {}, "no WAV"),
        (wav()[:20], {}, "ends within its header"),
        (b"RIFF\0\0\0\0WAVEjunk\xff\xff\xff\xff", {}, "a broken WAV header"),
        (b"RIFF\0\0\0\0WAVEdata\0\0\0\0", {}, "does not say what its samples are"),
        (wav("ULAW"), {}, "is not read from a pipe"),
        (b"\0\0", {"rate": 0}, "rate"),
        (b"\0\0", {"rate": 8_000, "n_channels": 0}, "0 channels"),
        (b"\0\0", {"rate": 8_000, "sample_format": "s12"}, "unknown format"),
    ],
)
def test_what_cannot_be_read_is_said(data, how, message):
    with pytest.raises(BadInput, match=message):
        read(data, **how)


def test_the_command_says_what_it_is_on_the_way_and_at_the_end(tmp_path):
    runner, tone = CliRunner(), io.BytesIO()
    soundfile.write(tone, 0.2 * np.sin(np.arange(24_000) / 3), 8_000, format="WAV")
    for arguments, given_in in ((["-"], tone.getvalue()), ([str(tmp_path / "a.wav")], None)):
        (tmp_path / "a.wav").write_bytes(tone.getvalue())
        done = runner.invoke(app, ["audio", "stream", *arguments, "--json"], input=given_in)
        lines = [orjson.loads(line) for line in done.stdout.splitlines()]
        assert [line.get("at_s") for line in lines] == [0.25 * n for n in range(1, 13)] + [None]
        assert lines[-1]["duration_s"] == 3.0
        assert lines[-2]["momentary_lufs"] == pytest.approx(lines[-1]["loudness_lufs"], abs=0.1)
    shown = runner.invoke(app, ["audio", "stream"], input=tone.getvalue()).stdout
    heard = [line for line in shown.splitlines() if not line.startswith("note: ")]
    assert heard[-1].startswith("3.00 s: ")
    assert len(heard) == 4
    # What could be said as well comes at the end.
    assert shown.splitlines()[: len(heard)] == heard
