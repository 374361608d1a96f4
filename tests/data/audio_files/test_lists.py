"""A list of other files that is sent as a sound leads to none of them, nor to another machine."""

import shutil
import socket

import pytest

from ml.data.audio_files import load
from ml.data.audio_files.decoder import Material, Refused
from ml.data.audio_files.ffmpeg import FfmpegDecoder
from ml.data.audio_files.forms import DEMUXERS, FOREIGN, SUFFIXES
from ml.data.audio_files.pyav import PyAvDecoder
from ml.foundation.errors import BadInput

from .conftest import encoded

#: An empty tag, behind which FFmpeg's libraries look for what the file is.
TAG = b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10)
HLS = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{}\n#EXT-X-ENDLIST\n"
CONCAT = "ffconcat version 1.0\nfile '{}'\n"


@pytest.fixture
def secret(tmp_path, music):
    """A sound that nobody has sent."""
    path = tmp_path / "secret.ts"
    path.write_bytes(encoded(music, "mpegts", "aac"))
    return path


@pytest.fixture(params=[PyAvDecoder, FfmpegDecoder], ids=["pyav", "ffmpeg"])
def decoder(request):
    if request.param is FfmpegDecoder and shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not on the PATH")
    return request.param


def decode(decoder, path, form):
    opened = decoder(Material(path.name, path, None, form))
    try:
        return sum(len(piece) for piece in opened.pieces(1 << 16))
    finally:
        opened.close()


def test_the_secret_could_be_read(decoder, secret):
    assert decode(decoder, secret, "mpegts") > 0


@pytest.mark.parametrize("text", [HLS, CONCAT], ids=["hls", "concat"])
@pytest.mark.parametrize("tag", [b"", TAG], ids=["bare", "behind a tag"])
@pytest.mark.parametrize("name", ["{}", "file://{}", "/etc/passwd", "file:///etc/passwd"])
def test_files_of_this_machine_are_not_read(decoder, secret, tmp_path, text, tag, name):
    path = tmp_path / "song.mp3"
    path.write_bytes(tag + text.format(name.format(secret)).encode())
    for form in ("mp3", "mp4", "matroska"):
        with pytest.raises(Refused):
            decode(decoder, path, form)
    with pytest.raises(BadInput):
        load(path)


def test_no_other_machine_is_asked(decoder, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/a.ts"
        path = tmp_path / "song.mp3"
        for text in (HLS, CONCAT):
            path.write_bytes(TAG + text.format(address).encode())
            with pytest.raises(Refused):
                decode(decoder, path, "mp3")
        with pytest.raises(TimeoutError):
            listening.accept()


def test_what_is_of_no_form_is_read_by_none_of_them(decoder, secret):
    with pytest.raises(Refused, match="form"):
        decode(decoder, secret, None)


def test_every_form_says_who_may_read_it():
    assert set(DEMUXERS) == set(SUFFIXES) >= FOREIGN
