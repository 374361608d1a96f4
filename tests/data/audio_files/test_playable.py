"""Which files browsers play, whatever they are called."""

import shutil
import struct
import subprocess

import numpy as np
import pytest
import soundfile

from ml.data.audio_files.playable import FLAC, MP3, MP4, OGG, WAV, media_type

RATE = 44_100
TONE = 0.2 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)


@pytest.mark.parametrize(
    ("form", "subtype", "kind"),
    [
        ("WAV", "PCM_16", WAV),
        ("WAV", "FLOAT", WAV),
        ("WAVEX", "PCM_24", WAV),
        ("WAV", "IMA_ADPCM", None),
        ("RF64", "PCM_16", None),
        ("FLAC", "PCM_16", FLAC),
        ("OGG", "VORBIS", OGG),
        ("OGG", "OPUS", OGG),
        ("MP3", "MPEG_LAYER_III", MP3),
        ("AIFF", "PCM_16", None),
        ("AU", "PCM_16", None),
    ],
)
def test_what_libsndfile_writes(tmp_path, form, subtype, kind):
    rate = 48_000 if subtype == "OPUS" else RATE
    soundfile.write(tmp_path / "a.mp4", TONE, rate, format=form, subtype=subtype)
    assert media_type(tmp_path / "a.mp4") == kind


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
@pytest.mark.parametrize(
    ("codec", "more", "kind"), [("aac", [], MP4), ("aac", ["-movflags", "faststart"], MP4), ("alac", [], None)]
)
def test_of_mp4_the_codec_decides_wherever_the_index_lies(tmp_path, codec, more, kind):
    soundfile.write(tmp_path / "a.wav", TONE, RATE)
    command = ["ffmpeg", "-v", "error", "-i", tmp_path / "a.wav", "-c:a", codec, *more, tmp_path / "a.m4a"]
    subprocess.run(command, check=True)
    assert media_type(tmp_path / "a.m4a") == kind


def test_a_film_is_written_anew(tmp_path):
    def box(name, content):
        return struct.pack(">I4s", 8 + len(content), name) + content

    film = box(b"moov", box(b"trak", box(b"stsd", bytes(4) + struct.pack(">I", 1) + box(b"avc1", bytes(70)))))
    (tmp_path / "a.mp4").write_bytes(box(b"ftyp", b"isom" + bytes(4)) + film)
    assert media_type(tmp_path / "a.mp4") is None


@pytest.mark.parametrize("size", [0, 1, 7, (1 << 32) - 1])
def test_boxes_of_impossible_sizes_end_the_search(tmp_path, size):
    (tmp_path / "a.mp4").write_bytes(
        struct.pack(">I4s", 16, b"ftyp") + b"isom" + bytes(4) + struct.pack(">I", size) + b"free" + bytes(20)
    )
    assert media_type(tmp_path / "a.mp4") is None
