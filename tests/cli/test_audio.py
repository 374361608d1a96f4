"""``ml audio`` as it is typed."""

import json
import os
import random
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from ml.cli.main import app

RATE = 22_050
FIXTURES = Path(__file__).parents[1] / "fixtures" / "audio"


def ml(*words):
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def files(tmp_path):
    """A tone, a silence, text that calls itself a song, and a name that nothing has."""
    tone = 0.1 * np.sin(2 * np.pi * 997 * np.arange(4 * RATE) / RATE)
    soundfile.write(tmp_path / "tone [live].wav", tone, RATE)
    soundfile.write(tmp_path / "silence.flac", 0 * tone, RATE)
    (tmp_path / "text.mp3").write_text("la la la")
    return [tmp_path / name for name in ("text.mp3", "tone [live].wav", "nothing.mp3", "silence.flac")]


def test_a_list_with_an_object_for_every_file(files):
    done = ml("audio", "analyze", *files, "--json")
    listed = json.loads(done.stdout)
    assert [one["path"] for one in listed] == [str(file) for file in files]
    assert listed[1]["loudness_lufs"] == pytest.approx(-23, abs=0.1)
    assert listed[1]["problems"] == []
    assert listed[3]["loudness_lufs"] is None
    assert [problem["code"] for problem in listed[3]["problems"]] == ["silent"]
    for bad in (listed[0], listed[2]):
        assert set(bad) == {"path", "problems"}
        assert [problem["code"] for problem in bad["problems"]] == ["unreadable"]
    assert "no such file" in listed[2]["problems"][0]["message"]


def test_one_bad_file_stops_no_other_and_shows_in_the_status(files):
    done = ml("audio", "analyze", *files)
    assert done.exit_code == 2
    assert "tone [live].wav" in done.stdout
    assert "-23.0" in done.stdout
    assert "unknown" in done.stdout
    assert "silence.flac: nothing is louder than -80 dBFS" in done.stdout
    assert done.stderr.count("error: ") == 2


@pytest.mark.parametrize(
    ("broken", "seed", "said"),
    [
        (range(200, 3600, 97), 0, "the decoder complained, and something may be missing: "),
        (range(1232, 1832), 1, "bytes in the middle are no part of the sound"),
    ],
)
def test_what_a_decoder_writes_itself_is_a_problem_and_no_line_on_the_terminal(tmp_path, capfd, broken, seed, said):
    data, noise = bytearray((FIXTURES / "tone.mp3").read_bytes()), random.Random(seed)
    for place in broken:
        data[place] = noise.randrange(256)
    (tmp_path / "a.mp3").write_bytes(data)
    done = ml("audio", "analyze", tmp_path / "a.mp3", "--json")
    ((first, *_),) = [one["problems"] for one in json.loads(done.stdout)]
    assert first["code"] == "damaged"
    assert said in first["message"]
    assert done.stderr == ""
    assert capfd.readouterr().err == ""
    # What comes after is seen again.
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


def test_names_that_are_not_utf_8(tmp_path, files):
    names = [
        os.fsdecode(os.fsencode(tmp_path) + name) for name in (b"/tone\xff.wav", b"/gone\xff.wav", b"/text\xff.wav")
    ]
    files[1].rename(names[0])
    files[0].rename(names[2])
    done = ml("audio", "analyze", *names, "--json")
    assert [one["path"] for one in json.loads(done.stdout)] == [
        f"{tmp_path}/{name}?.wav" for name in ("tone", "gone", "text")
    ]
    done = ml("audio", "analyze", *names)
    assert "tone?.wav" in done.stdout
    assert done.stderr.count("error: ") == 2


def test_good_files_end_well(files):
    assert ml("audio", "analyze", files[1]).exit_code == 0
    done = ml("audio", "analyze", files[1], "--json")
    assert done.exit_code == 0
    assert len(json.loads(done.stdout)) == 1
