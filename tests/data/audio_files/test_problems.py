"""What is wrong with a sound is an error, or said beside it; what is right is not complained about."""

import io
import os
import re
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import example, given
from hypothesis import strategies as st

from ml.data.audio_files import load
from ml.data.audio_files.continuity import FramesAlone, frames_of
from ml.data.audio_files.forms import SUFFIXES, form_of
from ml.data.importers.audio_payload import mpeg_frame_bytes
from ml.foundation.errors import BadInput, MLError

from .conftest import RATE, encoded


def codes(signal):
    return [problem.code for problem in signal.problems]


def sine(hz=440.0, seconds=1.0, amplitude=0.5):
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ((np.zeros(0), RATE), "no samples"),
        ((np.zeros((0, 2)), RATE), "no samples"),
        ((np.array([0.1, np.nan, 0.2]), RATE), "1 samples are no numbers"),
        ((np.array([0.1, np.inf]), RATE), "no numbers"),
        ((np.array([100.0, 32_000.0]), RATE), "full scale is 1"),
        ((np.zeros((3, 4, 5)), RATE), "3 dimensions"),
        ((np.zeros((100, 100)), RATE), "100 channels"),
        ((np.array(["a"]), RATE), "array of <U1"),
        ((np.ones(9, dtype=complex), RATE), "array of complex128"),
        ((np.ones(9), 0), "no rate of sound"),
        ((np.ones(9), -44_100), "no rate of sound"),
        ((np.ones(9), 5), "no rate of sound"),
        ((np.ones(9), 10**9), "no rate of sound"),
        ((np.ones(9), 44_100.5), "rate=44100.5"),
        ((np.ones(9), np.nan), "rate=nan"),
        (np.ones(9), "does not say its sample rate"),
        (7, "int is no sound"),
        (b"", r"empty \(0 bytes\)"),
        (b"no sound at all" * 99, "not a sound of any form"),
        ("https://example.org/a.mp3", "an address"),
        ("/nowhere/at/all.mp3", "no such file"),
        ("a\0b.mp3", "cannot be read"),
        ("a" * 300, r"cannot be read \(File name too long\)"),
        ("\ud800.wav", r"\?\.wav: cannot be read"),
        (io.StringIO("text"), "opened as text"),
    ],
)
def test_what_is_no_sound_is_refused_with_a_way_out(source, said):
    with pytest.raises(BadInput, match=said) as caught:
        load(source)
    assert caught.value.hint


def test_files_that_are_no_sound(tmp_path, written):
    (tmp_path / "zero.mp3").touch()
    (tmp_path / "text.mp3").write_text("hello\n" * 100)
    (tmp_path / "head.flac").write_bytes(b"fLaC" + bytes(30))
    for path, said in [
        (tmp_path, "a folder"),
        (tmp_path / "zero.mp3", "0 bytes"),
        (tmp_path / "text.mp3", "not a sound of any form"),
        (tmp_path / "head.flac", "FLAC file"),
        (written("no_samples.wav", np.zeros((0, 2))), "not one sample"),
        (written("nan.wav", np.array([0.0, np.nan]), subtype="FLOAT"), r"no numbers .*first at 0\.000 s"),
        (written("slow.wav", np.zeros(100), 5), "5 samples a second"),
    ]:
        with pytest.raises(BadInput, match=said) as caught:
            load(path)
        assert str(path) in caught.value.message


def test_a_folder_that_may_not_be_entered(tmp_path, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "is_dir", refuse)  # the tests may be root's, who may enter everywhere
    with pytest.raises(BadInput, match=r"cannot be read \(Permission denied\)"):
        load(tmp_path / "closed" / "a.wav")


@pytest.mark.parametrize("name", [b"bad\xff.wav", b"bad\xff.mka"])
def test_a_name_that_is_not_utf_8(tmp_path, music, foreign, name):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    if name.endswith(b"wav"):
        with path.open("wb") as file:
            soundfile.write(file, music, RATE, format="WAV")
    else:
        path.write_bytes(encoded(music, "matroska", "flac"))
    signal = load(path)
    assert signal.source == f"{tmp_path}/bad?{path.suffix}"
    assert codes(signal) == []
    with pytest.raises(BadInput, match=r"bad\?\.\w+/inside: cannot be read"):
        load(path / "inside")


def test_a_video_without_sound(foreign):
    av = pytest.importorskip("av", reason="PyAV is not installed")
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=1)
        stream.width = stream.height = 16
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame(16, 16, "yuv420p")))
        container.mux(stream.encode(None))
    with pytest.raises(BadInput, match="MP4 file cannot be decoded"):
        load(file.getvalue())


def test_a_good_sound_has_no_problem(music):
    assert codes(load((music, RATE))) == []
    assert codes(load((sine(), RATE))) == []
    assert codes(load((sine(50, amplitude=1.0), RATE))) == []  # its crests are at full scale, and round


def test_silence(written):
    quiet = np.random.default_rng(0).integers(-2, 3, RATE).astype(np.int16)  # dither
    for samples in (np.zeros(RATE), quiet):
        assert codes(load((samples, RATE))) == ["silent"]
    assert codes(load((quiet * 100, RATE))) == []


@pytest.mark.parametrize("n", [1, 2, 17_639])
def test_what_is_too_short(n):
    assert codes(load((sine()[100 : 100 + n], RATE))) == ["too_short"]
    assert codes(load((sine()[:17_640], RATE))) == []


def test_clipping():
    loud = np.clip(sine(amplitude=1.5), -1, 1)
    signal = load((loud, RATE))
    assert codes(signal) == ["clipped"]
    assert re.search(r"88\d times 3 or more .*full scale \(5\d\.\d\d% of all\)", signal.problems[0].message)
    as_integers = (loud * 32767).astype(np.int16)
    assert codes(load((as_integers, RATE))) == ["clipped"]
    one_channel = np.stack([loud, sine(300)], axis=1)
    assert codes(load((one_channel, RATE))) == ["clipped"]
    limited = sine(amplitude=0.9).copy()
    limited[1000] = limited[20_000] = 1.0  # single samples at full scale are what a limiter leaves
    assert codes(load((limited, RATE))) == []


def test_an_offset():
    signal = load((sine() + np.float32(0.05), RATE))
    assert codes(signal) == ["dc_offset"]
    assert "0.050 of full scale" in signal.problems[0].message


def test_channels_that_are_none(music):
    left = music[:, 0]
    assert codes(load((np.stack([left, left], axis=1), RATE))) == ["identical_channels"]
    assert codes(load((np.stack([left, -left], axis=1), RATE))) == ["opposed_channels"]
    assert codes(load((np.stack([left, 0 * left], axis=1), RATE))) == ["silent_channel"]
    assert codes(load((np.stack([left, 0.5 * left], axis=1), RATE))) == []  # panned, not mono


def test_mono_in_stereo_survives_a_codec(written, music):
    same = np.stack([music[:, 0]] * 2, axis=1)
    assert codes(load(written("a.mp3", same))) == ["identical_channels"]
    assert codes(load(written("b.mp3", music))) == []


def test_a_wrong_name_is_said_and_the_content_counts(written, music, tmp_path):
    path = written("a.flac", music).rename(tmp_path / "a.mp3")
    signal = load(path)
    assert (signal.form, codes(signal)) == ("flac", ["wrong_suffix"])
    assert signal.problems[0].message == "its name ends in .mp3, and its content is FLAC"
    for name in ("a", "a.FLAC", "a.backup"):
        path = path.rename(tmp_path / name)
        assert codes(load(path)) == []


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.wav", {}),
        ("a.flac", {}),
        ("a.aiff", {"format": "AIFF"}),
        ("a.ogg", {}),
        ("a.mp3", {}),
        ("a.opus", {"format": "OGG", "subtype": "OPUS", "rate": 48_000}),
    ],
)
def test_a_file_that_was_cut_off(written, music, name, options):
    long = np.concatenate([music] * 4)
    path = written(name, long, **options)
    assert codes(load(path)) == []
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    signal = load(path)
    assert codes(signal) == ["truncated"]
    assert 1 < signal.duration_s < 6
    assert codes(load(path.read_bytes())) == ["truncated"]


def plain_mp3(written, music, tag=b""):
    """Write an MP3 and take its first frame away, the Xing header, which says how many follow."""
    data = written("a.mp3", np.concatenate([music] * 4)).read_bytes()
    assert b"Xing" in data[:200] or b"Info" in data[:200]
    return data[mpeg_frame_bytes(data[:4]) :] + tag


@pytest.mark.parametrize("tag", [b"", b"TAG".ljust(128, b"\0")])
def test_an_mp3_that_does_not_say_its_length_is_complete_if_its_last_frame_is(written, music, tag):
    data = plain_mp3(written, music, tag)
    assert codes(load(data)) == []
    assert codes(load(b"ID3\x04\0\0\0\0\0\x10" + bytes(16) + data)) == []


@pytest.mark.parametrize("share", [0.3, 0.501, 0.7, 0.999])  # each of these falls into a frame
def test_an_mp3_that_does_not_say_its_length_is_cut_within_a_frame(written, music, share):
    data = plain_mp3(written, music)
    signal = load(data[: int(share * len(data))])
    assert codes(signal) == ["truncated"]
    assert 0.2 < signal.duration_s < 8.1


def test_an_ogg_that_was_cut_off_between_pages(written, music):
    data = written("a.ogg", np.concatenate([music] * 4)).read_bytes()
    assert codes(load(data[: data.rfind(b"OggS")])) == ["truncated"]


def test_an_m4a_that_was_cut_off(music, foreign):
    long = np.concatenate([music] * 4)
    with pytest.raises(BadInput, match="cannot be decoded"):  # its index was at the end
        data = encoded(long, "mp4", "aac")
        load(data[: len(data) // 2])
    data = encoded(long, "mp4", "aac", options={"movflags": "faststart"})
    signal = load(data[: 2 * len(data) // 3])
    assert codes(signal)[0] in ("truncated", "damaged")
    assert 1 < signal.duration_s < 7


@pytest.mark.parametrize(("channels", "rate"), [(1, RATE), (2, 32_000), (1, 22_050)])
def test_a_sound_that_changes_midway_is_read_to_its_end(music, foreign, channels, rate):
    other = np.ascontiguousarray(music[:, :channels])
    signal = load(encoded(music, "adts", "aac") + encoded(other, "adts", "aac", rate=rate))
    assert (signal.rate, signal.n_channels, codes(signal)) == (RATE, 2, [])
    assert signal.duration_s == pytest.approx(2 + len(other) / rate, abs=0.2)


def test_a_file_with_damage_in_the_middle_is_read_around_it(music, foreign):
    data = bytearray(encoded(np.concatenate([music] * 4), "adts", "aac"))
    middle = len(data) // 2
    data[middle : middle + 500] = bytes(500)
    signal = load(bytes(data))
    assert codes(signal) == ["damaged"]
    assert signal.duration_s > 6


@pytest.mark.parametrize("junk", [bytes(700), b"\xff\x00" * 350, b"junk" * 175])
def test_an_mp3_that_is_broken_between_two_frames(written, music, junk):
    data = plain_mp3(written, music)
    whole = load(data).duration_s
    frames = [at for at in range(len(data)) if data.startswith(data[:2], at) and mpeg_frame_bytes(data[at : at + 4])]
    middle = frames[len(frames) // 2]
    at, n_frames = 0, 0
    while at < middle:
        at, n_frames = at + mpeg_frame_bytes(data[at : at + 4]), n_frames + 1
    signal = load(data[:at] + junk + data[at:])
    (problem,) = signal.problems
    assert problem.code == "damaged"
    assert problem.message.startswith("700 bytes in the middle")
    assert signal.duration_s == pytest.approx(whole, abs=0.2)
    # Two files in one, with a tag between them, are whole.
    assert frames_of(io.BytesIO(data[:at] + b"ID3\3\0\0\0\0\0\x20" + bytes(32) + data[at:])).left_out == 0
    assert frames_of(io.BytesIO(data + junk)).left_out == 0


@given(st.binary(max_size=3000))
@example(b"\xff\xfb\x90\x00")
def test_no_bytes_make_the_search_for_frames_fall(data):
    frames = frames_of(io.BytesIO(data))
    assert 0 <= frames.left_out <= len(data)
    alone = FramesAlone(io.BytesIO(data), frames)
    whole = b"".join(data[begin:end] for begin, end in frames.stretches)
    assert alone.read() == whole
    for at in (0, 1, len(whole) // 2, len(whole)):
        assert alone.seek(at) == at
        assert alone.read(3) + alone.read() == whole[at:]


@given(st.binary(max_size=400))
@example(b"APETAGEX")
@example(b"3DI")
def test_no_bytes_make_it_fall(data):
    form = form_of(io.BytesIO(data))
    assert form is None or form in SUFFIXES


# A few bytes of a form, and then anything: an error of ours, never another.
@given(
    st.sampled_from([b"fLaC", b"OggS", b"RIFF\0\0\0\0WAVE", b"FORM\0\0\0\0AIFF", b"\xff\xfb\x90\x00", b"ID3"]),
    st.binary(),
)
def test_headers_with_anything_behind_them(head, rest):
    with suppress(MLError):
        load(head + rest)


def test_forms_are_told_by_content():
    for form, head in {
        "mp4": b"\0\0\0\x20ftypM4A ",
        "matroska": b"\x1aE\xdf\xa3",
        "avi": b"RIFF\0\0\0\0AVI LIST",
        "wma": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"),
        "mpegts": (b"\x47" + bytes(187)) * 4,
        "caf": b"caff",
    }.items():
        assert form_of(io.BytesIO(head)) == form


def test_a_file_opened_elsewhere_than_at_its_start_is_read_from_there(written, music):
    data = written("a.wav", music).read_bytes()
    file = io.BytesIO(b"xyz" + data)
    file.seek(3)
    assert load(file).n_samples == len(music)
    assert soundfile.info(io.BytesIO(data)).frames == len(music)
