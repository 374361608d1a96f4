"""Every bad file of the audio tests over HTTP: what is said of it is what the command line says."""

import io
import json
import random

import numpy as np
import pytest
import soundfile
from tests.service.conftest import Asker
from typer.testing import CliRunner

from ml.cli.main import app
from ml.data.importers.audio_payload import mpeg_frame_bytes

RATE = 44_100
rng = np.random.default_rng(3)
TIME = np.arange(4 * RATE) / RATE
SWELL = (rng.standard_normal((4 * RATE, 2)) * 0.1 * (0.3 + 0.7 * np.abs(np.sin(TIME)))[:, np.newaxis]).astype(
    np.float32
)
TONE = (0.5 * np.sin(2 * np.pi * 440 * TIME)).astype(np.float32)


def written(form, samples=SWELL, rate=RATE, **more):
    stream = io.BytesIO()
    soundfile.write(stream, samples, rate, format=form, **more)
    return stream.getvalue()


def cut(data, share=0.5):
    return data[: int(share * len(data))]


def broken(data, n_bytes=3_000):
    """Write junk over bytes in the middle."""
    middle = len(data) // 2
    return data[:middle] + random.Random(1).randbytes(n_bytes) + data[middle + n_bytes :]


def plain_mp3():
    """Give an MP3 without its first frame, which says how many follow."""
    data = written("MP3")
    return data[mpeg_frame_bytes(data[:4]) :]


def pair(left, right):
    return np.stack([left, right], axis=1)


#: Name of the file, and what is in it.
BAD = {
    "zero.mp3": b"",
    "text.mp3": b"hello\n" * 100,
    "junk.mp3": random.Random(7).randbytes(20_000),
    "head.flac": b"fLaC" + bytes(30),
    "head.wav": b"RIFF\x00\x00\x00\x00WAVEfmt ",
    "head.ogg": b"OggS" + bytes(60),
    "head.mp3": b"ID3\x04\0\0\0\0\0\x10" + bytes(16),
    "head.m4a": b"\0\0\0\x18ftypM4A " + bytes(40),
    "head.aiff": b"FORM\0\0\0\x10AIFFCOMM",
    "absurd.wav": b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0"
    + b"\xff" * 6
    + bytes(6)
    + b"\x10\0data\xff\xff\xff\xff",
    "no samples.wav": written("WAV", np.zeros((0, 2))),
    "nan.wav": written("WAV", np.array([0.0, np.nan] * 9000), subtype="FLOAT"),
    "slow.wav": written("WAV", np.zeros(100), 5),
    "silence.flac": written("FLAC", np.zeros(RATE)),
    "dither.wav": written("WAV", rng.integers(-2, 3, RATE).astype(np.int16)),
    "short.wav": written("WAV", TONE[:9_000]),
    "one sample.wav": written("WAV", TONE[100:101]),
    "clipped.wav": written("WAV", np.clip(3 * TONE, -1, 1)),
    "offset.wav": written("WAV", TONE + np.float32(0.05)),
    "identical.wav": written("WAV", pair(TONE, TONE)),
    "opposed.wav": written("WAV", pair(TONE, -TONE)),
    "half.wav": written("WAV", pair(TONE, 0 * TONE)),
    "named.mp3": written("FLAC"),
    **{f"cut.{form.lower()}": cut(written(form)) for form in ("WAV", "FLAC", "AIFF", "OGG", "MP3")},
    "cut.opus": cut(written("OGG", rate=48_000, subtype="OPUS")),
    **{f"broken.{form.lower()}": broken(written(form)) for form in ("FLAC", "OGG", "MP3")},
    "both.mp3": cut(broken(written("MP3")), 0.8003),
    "frame.mp3": cut(plain_mp3(), 0.501),
}
#: The same name twice would be one file there.
ROUTES = ("/audio/analyze", "/audio/identify", "/search/audio")


@pytest.fixture(scope="module")
def asker(serving):
    return Asker(serving(), "admin")


@pytest.fixture(scope="module")
def at_the_command_line(tmp_path_factory):
    """What ``ml audio analyze`` says of each file: problems beside an analysis, or the reason why there is none."""
    folder = tmp_path_factory.mktemp("bad")
    for name, content in BAD.items():
        (folder / name).write_bytes(content)
    done = CliRunner().invoke(app, ["audio", "analyze", *(str(folder / name) for name in BAD), "--json"])
    found = json.loads(done.stdout)
    assert len(found) == len(BAD), done.stderr
    said = {each["path"].removeprefix(f"{folder}/"): each for each in found}
    return {name: json.loads(json.dumps(each).replace(f"{folder}/", "")) for name, each in said.items()}


def send(asker, route, name):
    return asker("POST", route, files={"file": (name, BAD[name])})


@pytest.mark.parametrize("name", BAD)
def test_an_analysis_says_what_the_command_line_says(asker, at_the_command_line, name):
    answer, here = send(asker, "/audio/analyze", name), at_the_command_line[name]
    assert answer.status_code in {200, 400}, answer.text
    assert "/ml-" not in answer.text
    if set(here) == {"path", "problems"}:  # no analysis
        assert answer.status_code == 400, answer.text
        assert answer.json()["hint"]
        said = answer.json()["detail"]
        # What is no sound at all by its first bytes is not even opened here.
        assert here["problems"][0]["message"].split(": ")[-1] in said or "is no sound by its content" in said
    else:
        assert answer.status_code == 200, answer.text
        assert answer.json()["problems"] == here["problems"]
        assert here["problems"], "it is a bad file"


@pytest.mark.parametrize("route", ROUTES[1:])
@pytest.mark.parametrize("name", BAD)
def test_what_asks_by_a_sound_names_the_file_and_fails_in_words(asker, at_the_command_line, name, route):
    answer = send(asker, route, name)
    # 409: there is no library here to look in.
    assert answer.status_code in {200, 400, 409}, answer.text
    assert "/ml-" not in answer.text
    if set(at_the_command_line[name]) == {"path", "problems"}:
        assert answer.status_code == 400, answer.text
        assert answer.json()["detail"].startswith(f"{name}: ")
        assert answer.json()["hint"]
