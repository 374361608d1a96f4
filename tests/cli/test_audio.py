"""``ml audio`` as it is typed."""

import gc
import html
import json
import os
import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import soundfile
from typer.testing import CliRunner

from ml.audio_analysis import AudioAnalyzer
from ml.audio_analysis.hands import alone
from ml.audio_analysis.library import AudioLibrary, LibraryTrack, library
from ml.cli.main import app
from ml.cli.outcome import print_json, print_json_list
from ml.foundation.errors import BadInput

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


def test_what_cannot_be_read_is_said_in_the_same_way_by_whoever_tries(files, tmp_path):
    analysed = json.loads(ml("audio", "analyze", files[0], "--json").stdout)
    scanned = json.loads(ml("audio", "scan", tmp_path, "--workers", 1, "--json").stdout)["problems"]
    again = json.loads(ml("audio", "scan", tmp_path, "--workers", 1, "--json").stdout)["problems"]
    identified = json.loads(ml("audio", "identify", files[0], "--json").stdout)
    assert analysed == scanned == again == identified
    assert analysed == [
        {
            "path": str(files[0]),
            "problems": [{"code": "unreadable", "message": "not a sound of any form that is known here"}],
        }
    ]
    (listed,) = (one for one in json.loads(ml("audio", "list", "--json").stdout) if one["path"] == str(files[0]))
    assert listed["problems"] == analysed[0]["problems"]


@pytest.mark.parametrize("words", ["show --out a.html", "list --out a.csv", "scan --parquet a.csv"])
def test_a_folder_that_is_missing_is_not_made_unasked(files, tmp_path, words):
    verb, option, name = words.split()
    what = {"show": [files[1]], "list": [], "scan": [tmp_path]}[verb]
    with pytest.raises(BadInput, match=r"none: there is no such folder") as caught:
        ml("audio", verb, *what, option, tmp_path / "none" / name)
    assert caught.value.hint == f"make it first: mkdir -p {tmp_path / 'none'}"
    assert not (tmp_path / "none").exists()


def test_a_damaged_head_stops_nothing_and_is_said(files, tmp_path):
    ml("audio", "scan", tmp_path, "--workers", 1)
    heads = Path(os.environ["ML_HOME"]) / "audio_heads"
    heads.mkdir()
    (heads / "genre.npz").write_bytes(b"junk")
    for words in (
        ["analyze", files[1]],
        ["list"],
        ["stream", files[1]],
        ["show", files[1], "--out", tmp_path / "a.png"],
    ):
        done = ml("audio", *words)
        assert done.exit_code == 0
        assert "no head can be read from it" in done.stdout
        assert "ml audio train-heads --labels TABLE --label-column genre" in done.stdout
    (found,) = json.loads(ml("audio", "analyze", files[1], "--json").stdout)
    assert "no head can be read from it" in found["notices"][0]
    assert found["genres"] == []


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
        (range(200, 3600, 97), 0, "the decoder complained ("),
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
    ml("audio", "scan", tmp_path, "--workers", 1)
    (kept,) = json.loads(ml("audio", "list", "--json").stdout)
    assert kept["problems"][0] == first  # a scan says what an analysis says, and so do these
    shown = json.loads(ml("audio", "show", tmp_path / "a.mp3", "--out", tmp_path / "a.html", "--json").stdout)
    assert shown["analysis"]["problems"][0] == first
    assert first["message"] in html.unescape((tmp_path / "a.html").read_text())
    streamed = ml("audio", "stream", tmp_path / "a.mp3", "--json").stdout.splitlines()
    assert json.loads(streamed[-1])["problems"][0] == first
    assert first["message"] in ml("audio", "stream", tmp_path / "a.mp3").stdout
    capfd.readouterr()
    for words in (["identify"], ["versions"], ["stream"], ["show", "--out", tmp_path / "a.png"]):
        assert ml("audio", words[0], tmp_path / "a.mp3", *words[1:]).exit_code == 0
    assert capfd.readouterr().err == ""


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


def test_a_folder_scanned_twice_with_a_corrupt_file(files, tmp_path):
    done = ml("audio", "scan", tmp_path, "--workers", 1, "--parquet", tmp_path / "all.parquet", "--json")
    said = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (said["files"], said["analysed"]) == (3, 2)
    assert [(Path(one["path"]).name, one["problems"][0]["code"]) for one in said["problems"]] == [
        ("text.mp3", "unreadable")
    ]
    assert pl.read_parquet(tmp_path / "all.parquet").height == 3
    again = ml("audio", "scan", tmp_path)
    assert again.exit_code == 0
    assert "unchanged      2" in again.stdout
    assert "problem: text.mp3: " in again.stdout


@pytest.mark.parametrize("words", [[], ["--json"], ["--problems"], ["--problems", "--json"]])
def test_a_list_holds_a_few_tracks_at_a_time(files, tmp_path, monkeypatch, words):
    for name in ("a.wav", "b.wav", "c.wav"):
        shutil.copy(files[0], tmp_path / name)
    ml("audio", "scan", tmp_path, "--workers", 1)
    read, held = library.read_tracks, []

    def counted(*place, **options):
        for one in read(*place, **options):
            held.append(sum(type(thing) is LibraryTrack for thing in gc.get_objects()))
            yield one

    monkeypatch.setattr(library, "read_tracks", counted)
    done = ml("audio", "list", *words)
    assert done.exit_code == 0
    assert "unreadable" in done.stdout  # names are folded where the folder's is long
    assert len(held) == 6
    assert max(held) <= 3


@pytest.mark.parametrize("values", [[], [{}], [{"a\nb": ["x\ny", []]}, 3, [1, {"c": None}], "\n"]])
def test_a_json_list_piece_by_piece_is_the_same_list(capsys, values):
    print_json(values)
    whole = capsys.readouterr().out
    print_json_list(iter(values))
    assert capsys.readouterr().out == whole


def test_a_correction_of_a_file_whose_name_is_not_utf_8(files, tmp_path):
    path = files[1].rename(os.fsdecode(os.fsencode(tmp_path) + b"/tone\xff.wav"))
    shutil.copy(path, tmp_path / "tone.wav")
    ml("audio", "scan", tmp_path, "--workers", 1)
    assert "no corrections of tone?.wav" in ml("audio", "correct", path).stdout
    done = ml("audio", "correct", path, "key=a", "--json")
    assert json.loads(done.stdout) == {"path": f"{tmp_path}/tone?.wav", "corrected": {"key": "A"}}
    out = os.fsdecode(os.fsencode(tmp_path) + b"/all\xff.csv")
    assert json.loads(ml("audio", "list", "--out", out, "--json").stdout) == {"path": f"{tmp_path}/all?.csv", "rows": 3}


def test_the_library_listed_and_corrected(files, tmp_path):
    assert "nothing was scanned" in ml("audio", "list").stdout
    ml("audio", "scan", tmp_path, "--workers", 1)
    done = ml("audio", "correct", files[1], "tempo_bpm=120.5", "key=a", "--json")
    assert json.loads(done.stdout) == {"path": str(files[1]), "corrected": {"key": "A", "tempo_bpm": 120.5}}
    assert "120.5 *" in ml("audio", "list", tmp_path).stdout
    listed = {Path(one["path"]).name: one for one in json.loads(ml("audio", "list", "--json").stdout)}
    assert listed["tone [live].wav"]["analysis"]["tempo_bpm"] == 120.5
    assert listed["tone [live].wav"]["corrected"] == {"key": None, "tempo_bpm": None}
    problems = json.loads(ml("audio", "list", "--problems", "--json").stdout)
    assert [Path(one["path"]).name for one in problems] == ["silence.flac", "text.mp3"]
    assert "tempo_bpm" in ml("audio", "correct", files[1], "key=").stdout
    assert "no corrections" in ml("audio", "correct", files[1], "tempo_bpm=").stdout
    ml("audio", "list", "--out", tmp_path / "all.csv")
    assert len((tmp_path / "all.csv").read_text().splitlines()) == 4


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["scan", "{here}/nowhere"], "cannot be scanned"),
        (["scan", "{here}/nothing"], "no audio file in it"),
        (["scan", "{here}/bad"], "not one file could be analysed"),
        (["scan", "{here}", "--workers", "1", "--dask", "tcp://nowhere"], "give one of them"),
        (["scan", "{here}", "--parquet", "{here}/x.xlsx"], "no table format"),
        (["scan", "{here}", "--parquet", "~no.such.user/x.csv"], "there is no home folder"),
        (["scan", "{here}", "--parquet", "{here}/nowhere/x.parquet"], "no such folder"),
        (["correct", "{here}/tone [live].wav", "tempo"], "is no correction"),
        (["correct", "{here}/tone [live].wav", "bpm=3"], "cannot be corrected"),
        (["correct", "{here}/tone [live].wav", "file=3"], "cannot be corrected"),
    ],
)
def test_what_cannot_be_done_to_a_library(files, tmp_path, words, says):
    for name in ("nothing", "bad"):
        (tmp_path / name).mkdir()
    files[0].rename(tmp_path / "bad" / "text.mp3")
    with pytest.raises(BadInput, match=says):
        ml("audio", *(word.format(here=tmp_path) for word in words))


def test_confidence_stands_beside_what_it_is_of(files, tmp_path, monkeypatch):
    found = replace(
        AudioAnalyzer().analyze(files[1]),
        tempo_bpm=120.0,
        tempo_confidence=0.934,
        time_signature="3/4",
        time_signature_confidence=0.8,
        key="Db",
        mode="minor",
        key_confidence=0.616,
    )
    monkeypatch.setattr(alone, "analyze_alone", lambda *_: found)
    done = ml("audio", "analyze", files[1])
    for said in ("120.0 (93%)", "3/4 (80%)", "Db minor (62%)"):
        assert said in done.stdout
    assert "tone" in done.stdout.splitlines()[1]  # the name is still there
    ml("audio", "scan", tmp_path, "--workers", 1)
    track = next(one for one in AudioLibrary().tracks() if one.path == str(files[1]))
    track = replace(track, path="tone.wav", analysis=found.to_dict(), corrected={"key": "C"})
    monkeypatch.setattr(library, "read_tracks", lambda *_, **__: iter([track]))
    done = ml("audio", "list")
    assert "120.0 (93%)" in done.stdout
    assert "Db *" in done.stdout
