"""Sounds written to files of every form."""

import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

RATE = 44_100


@pytest.fixture(scope="session")
def music():
    """Two seconds of stereo that no form mangles: two chords, not at full scale, float32 [shape=(n, 2)]."""
    time = np.arange(2 * RATE) / RATE
    left = 0.2 * np.sin(2 * np.pi * 220 * time) + 0.1 * np.sin(2 * np.pi * 1320 * time)
    right = 0.2 * np.sin(2 * np.pi * 330 * time) + 0.1 * np.sin(2 * np.pi * 880 * time)
    return np.stack([left, right], axis=1).astype(np.float32)


@pytest.fixture
def written(tmp_path):
    """Write samples to a file through libsndfile, and give its path."""

    def write(name, samples, rate=RATE, **options):
        path = tmp_path / name
        soundfile.write(path, samples, rate, **options)
        return path

    return write


def encoded(samples, form, codec, rate=RATE, **options):
    """Encode samples through PyAV and give the bytes."""
    av = pytest.importorskip("av", reason="PyAV is not installed")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound"
        encode(av, path, samples, form, codec, rate, options)
        return path.read_bytes()


def encode(av, path, samples, form, codec, rate, options):
    with av.open(str(path), "w", format=form, **options) as container:
        stream = container.add_stream(codec, rate=rate)
        if codec != "flac":
            stream.bit_rate = 128_000
        stream.layout = "stereo" if samples.shape[1] == 2 else "mono"
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout=stream.layout.name)
        frame.sample_rate = rate
        resampler = av.AudioResampler(format=stream.format.name, layout=stream.layout.name, rate=rate)
        fifo = av.AudioFifo()
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            fifo.write(part)
        size = stream.codec_context.frame_size or 4096
        while (part := fifo.read(size)) or (part := fifo.read()):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))


@pytest.fixture(params=["pyav", "ffmpeg"])
def foreign(request, monkeypatch):
    """Decode what libsndfile does not know by one of the two ways, whichever is installed."""
    from ml.data.audio_files import opening

    if request.param == "pyav":
        pytest.importorskip("av", reason="PyAV is not installed")
        monkeypatch.setattr(opening, "program", lambda: None)
    else:
        if shutil.which("ffmpeg") is None:
            pytest.skip("no ffmpeg on the PATH")
        monkeypatch.setattr(opening, "missing", lambda _: ["av"])
    return request.param
