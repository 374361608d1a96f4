"""Tags written into files: what is new is there for other readers too, and nothing else has changed."""

import json
import os
import shutil
import stat
import subprocess

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinytag import TinyTag

from ml.data.exporters import audio_tags
from ml.data.exporters.audio_tags import Unwritable, current_tags, ogg, write_tags, writing
from ml.data.exporters.audio_tags.comments import Comments
from ml.data.importers.audio_payload import hash_payload
from ml.data.importers.audio_tags import read_tags

RATE = 22_050
WANTED = {
    "tempo": ("127.6",),
    "key": ("F#m",),
    "gain": ("-6.52",),
    "peak": ("0.988553",),
    "genre": ("rock", "electronic"),
    "mood": ("calm",),
}
FFMPEG = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="no ffmpeg")


def frame(name, content, version=3):
    return name + len(content).to_bytes(4) + b"\0\0" + content


PICTURE = b"\0image/jpeg\0\x03\0\xff\xd8\xff\xe0 no picture but bytes"
#: What taggers write, and programs that copy "all tags" tend to lose.
FRAMES = (
    frame(b"TIT2", b"\x01" + "Lied für Zoë".encode("utf-16")),
    frame(b"UFID", b"http://musicbrainz.org\0b1a9c0e9-d987-4042-ae91-78d6a3267d69"),
    frame(b"POPM", b"me@example.org\0\xc4\0\0\0\x07"),
    frame(b"TBPM", b"\x0099"),
    frame(b"APIC", PICTURE),
    frame(b"TXXX", b"\0MOOD\0sad"),
    frame(b"TXXX", b"\0ACOUSTID\0x"),
    frame(b"COMM", b"\0engabout\0a comment with a description"),
)


def noise(seconds=2.0):
    return np.random.default_rng(0).normal(0, 0.1, round(seconds * RATE))


def mp3(path, frames=FRAMES, version=3, flags=0):
    soundfile.write(path, noise(), RATE, format="MP3")
    body = b"".join(frames) + bytes(100)
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    path.write_bytes(b"ID3" + bytes((version, 0, flags)) + size + body + path.read_bytes() + v1())
    return path


def v1():
    return (b"TAG" + b"old title".ljust(30, b"\0")).ljust(127, b"\0") + b"\x11"


def encoded(path, *options):
    """Make a file with tags and a picture by ffmpeg."""
    soundfile.write(path.with_suffix(".source.wav"), noise(), 48_000)
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", path.with_suffix(".source.wav")]
    tags = ["-metadata", "title=Lied für Zoë", "-metadata", "genre=old", "-metadata", "comment=as it was"]
    subprocess.run([*map(str, command), *tags, *options, str(path)], check=True)
    path.with_suffix(".source.wav").unlink()
    return path


def probed(path):
    """Read tags by another program."""
    shown = subprocess.run(
        ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", path],
        check=True,
        capture_output=True,
    )
    found = json.loads(shown.stdout)
    tags = [found["format"].get("tags", {}), *(stream.get("tags", {}) for stream in found["streams"][:1])]
    return {name.upper(): text for part in tags for name, text in part.items()}


def decoded(path):
    shown = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-map", "0:a", "-f", "md5", "-"], check=True, capture_output=True
    )
    return shown.stdout


# --- MP3


@FFMPEG
def test_an_mp3_keeps_every_other_frame_and_says_the_new_ones_to_others(tmp_path):
    path = mp3(tmp_path / "a.mp3")
    os.utime(path, ns=(1, 1_234_567_890_123_456_789))
    path.chmod(0o640)
    sound, before = hash_payload(path), decoded(path)
    assert current_tags(path) == {"tempo": ("99",), "mood": ("sad",)}
    told = write_tags(path, WANTED)
    assert told["tempo"] == ("128",)
    content = path.read_bytes()
    assert all(one in content for one in FRAMES if one[:4] != b"TBPM" and b"MOOD" not in one)
    assert content.endswith(v1())
    assert (hash_payload(path), decoded(path)) == (sound, before)
    assert path.stat().st_mtime_ns == 1_234_567_890_123_456_789
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    found = probed(path)
    assert {name: found[name] for name in ("TBPM", "TKEY", "MOOD", "GENRE")} == {
        "TBPM": "128",
        "TKEY": "F#m",
        "MOOD": "calm",
        "GENRE": "rock; electronic",
    }
    assert found["TITLE"] == "Lied für Zoë"
    tags = read_tags(path)
    assert tags.track_gain_db == -6.52
    assert tags.has_artwork
    assert tags.title == "Lied für Zoë"
    assert set(tags.genres) == {"rock", "electronic"}
    assert list(tmp_path.iterdir()) == [path]


def test_an_mp3_without_a_tag_gets_one(tmp_path):
    path = tmp_path / "a.mp3"
    soundfile.write(path, noise(), RATE, format="MP3")
    sound = path.read_bytes()
    write_tags(path, {"key": ("Db",)})
    assert path.read_bytes().endswith(sound)
    assert current_tags(path) == {"key": ("Db",)}
    before = path.read_bytes()
    inode = path.stat().st_ino
    write_tags(path, {"key": ("Db",)})  # as it is: nothing is written
    assert (path.read_bytes(), path.stat().st_ino) == (before, inode)


def test_a_tag_of_version_4_stays_one_and_has_several_genres(tmp_path):
    frames = [b"TIT2" + bytes((0, 0, 1, 73)) + b"\0\0\x03" + b"a" * 200, b"TMOO" + bytes((0, 0, 0, 4)) + b"\0\0\x03sad"]
    path = mp3(tmp_path / "a.mp3", frames, version=4)
    write_tags(path, WANTED)
    assert path.read_bytes()[3] == 4
    assert current_tags(path)["genre"] == ("rock", "electronic")
    assert current_tags(path)["mood"] == ("calm",)
    assert frames[0] in path.read_bytes()
    assert TinyTag.get(path).title == "a" * 200


def test_an_unsynchronised_tag_is_read_as_it_was_meant(tmp_path):
    plain = frame(b"APIC", PICTURE + b"\xff\x00\xff\xe1")
    written = plain.replace(b"\xff\x00", b"\xff\x00\x00").replace(b"\xff\xd8", b"\xff\x00\xd8")
    written = written.replace(b"\xff\xe0", b"\xff\x00\xe0").replace(b"\xff\xe1", b"\xff\x00\xe1")
    path = mp3(tmp_path / "a.mp3", [written], flags=0x80)
    write_tags(path, {"key": ("C",)})
    assert plain in path.read_bytes()
    assert not path.read_bytes()[5]


@pytest.mark.parametrize(
    ("version", "flags", "why"), [(2, 0, "ID3v2.2"), (3, 0x40, "extended header"), (4, 0x10, "footer")]
)
def test_tags_that_are_not_written_say_so_and_stay(tmp_path, version, flags, why):
    path = mp3(tmp_path / "a.mp3", version=version, flags=flags)
    before = path.read_bytes()
    with pytest.raises(Unwritable, match=why):
        write_tags(path, WANTED)
    assert path.read_bytes() == before


def test_a_damaged_tag_stays(tmp_path):
    path = mp3(tmp_path / "a.mp3", [b"TIT2" + (5_000).to_bytes(4) + b"\0\0\0short"])
    before = path.read_bytes()
    with pytest.raises(Unwritable, match="damaged"):
        write_tags(path, WANTED)
    assert path.read_bytes() == before


# --- the other forms


FORMS = {
    "a.flac": ["-c:a", "flac"],
    "a.ogg": ["-c:a", "libvorbis"],
    "a.opus": ["-c:a", "libopus"],
    "late.m4a": ["-c:a", "aac"],
    "early.m4a": ["-c:a", "aac", "-movflags", "+faststart"],
}


@FFMPEG
@pytest.mark.parametrize("name", FORMS)
def test_each_form_says_the_new_values_to_others_and_keeps_the_old_ones(tmp_path, name):
    path = encoded(tmp_path / name, *FORMS[name])
    sound, before = hash_payload(path), decoded(path)
    told = write_tags(path, WANTED)
    assert (hash_payload(path), decoded(path)) == (sound, before)
    assert soundfile.info(path).frames > 0 if not name.endswith("m4a") else True
    found = probed(path)
    assert found["TITLE"] == "Lied für Zoë"
    assert found["COMMENT"] == "as it was"
    assert "old" not in found["GENRE"]
    assert {"rock", "electronic"} == set(found["GENRE"].replace("; ", ";").split(";"))
    tempo = TinyTag.get(path).other["bpm"] if name.endswith("m4a") else [found["BPM"]]  # ffprobe knows no tmpo
    assert tempo == list(told["tempo"])
    assert found["INITIALKEY"] == "F#m"
    assert found["MOOD"] == "calm"
    tags = read_tags(path)
    assert tags.track_gain_db == pytest.approx(-6.52, abs=0.003)
    if name.endswith("opus"):
        assert found["R128_TRACK_GAIN"] == str(round(256 * (-6.52 - 5)))
        assert "peak" not in told
    else:
        assert found["REPLAYGAIN_TRACK_PEAK"] == "0.988553"
    once = path.read_bytes()
    write_tags(path, WANTED)
    assert path.read_bytes() == once
    write_tags(path, {"tempo": ("90",), "genre": ("jazz",)})
    assert decoded(path) == before
    assert current_tags(path)["tempo"] == ("90",)
    assert current_tags(path)["key"] == ("F#m",)


@FFMPEG
def test_pictures_and_free_items_of_m4a_and_flac_stay(tmp_path):
    cover = tmp_path / "cover.png"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=red:s=8x8", "-frames:v", "1", str(cover)], check=True
    )
    for name in ("a.flac", "a.m4a"):
        path = _with_cover(tmp_path / name, cover)
        picture = TinyTag.get(path, image=True).images.any.data
        write_tags(path, WANTED)
        assert TinyTag.get(path, image=True).images.any.data == picture == cover.read_bytes()


def _with_cover(path, cover):
    wave = path.with_name("wave.wav")
    soundfile.write(wave, noise(), 48_000)
    command = ["ffmpeg", "-v", "error", "-i", wave, "-i", cover, "-map", "0:a", "-map", "1:v", "-c:v", "copy"]
    subprocess.run([*map(str, command), "-disposition:v", "attached_pic", "-y", str(path)], check=True)
    wave.unlink()
    return path


@FFMPEG
def test_pages_that_are_more_than_before_are_numbered_anew_with_their_checksums(tmp_path):
    """A header that no longer fits: every page behind it has another number, and another checksum."""
    path = encoded(tmp_path / "a.ogg", "-c:a", "libvorbis")
    before, sound = decoded(path), hash_payload(path)
    write_tags(path, {"mood": ("x" * 200_000,)})
    assert decoded(path) == before
    assert hash_payload(path) == sound
    assert soundfile.info(path).frames > 0
    pages = []
    with path.open("rb") as stream:
        while (page := ogg._read(stream)) is not None:
            pages.append(page)
    assert [int.from_bytes(page.head[18:22], "little") for page in pages] == list(range(len(pages)))
    assert all(ogg._checked(page.head, page.body) == page for page in pages)
    write_tags(path, {"mood": ("y",)})
    assert decoded(path) == before
    assert current_tags(path)["mood"] == ("y",)


@given(
    st.binary(max_size=20),
    st.lists(st.tuples(st.sampled_from(["TITLE", "bpm", "Key", "X"]), st.text(max_size=300)), max_size=6),
    st.sampled_from([b"", b"\x01"]),
)
def test_comments_come_back_as_they_were(vendor, lines, rest):
    made = Comments(vendor, tuple(f"{name}={text}".encode() for name, text in lines), rest)
    assert Comments.parse(made.to_bytes()) == made
    new = made.with_fields({"tempo": ("120",)})
    assert new.tags().fields["tempo"] == ("120",)
    assert new.tags().others == made.tags().others


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(min_size=1, max_size=70_000), min_size=1, max_size=2), st.integers(1, 5))
def test_packets_laid_on_pages_are_gathered_from_them(packets, n_before):
    pages = ogg._paged(packets, b"abcd", n_before)
    found = [b""]
    for page in pages:
        ogg._gather(page, found)
    assert found == [*packets, b""]
    assert len(pages) >= min(n_before, sum(len(packet) // 255 + 1 for packet in packets))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_bytes_a_file_has_it_is_written_rightly_or_not_at_all(tmp_path, data):
    """Bytes are changed at random in the heads of files: the sound is the same afterwards, or nothing is touched."""
    name = data.draw(st.sampled_from(["a.mp3", "a.flac", "a.ogg"]))
    made = tmp_path / f"made {name}"
    if not made.exists():
        if name.endswith("mp3"):
            mp3(made)
        else:
            soundfile.write(made, noise(), RATE, format=name[2:].upper())
    content = bytearray(made.read_bytes())
    for place in data.draw(st.lists(st.integers(0, min(len(content) - 1, 6_000)), max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    path = tmp_path / name
    path.write_bytes(content)
    sound = hash_payload(path)
    try:
        write_tags(path, WANTED)
    except Unwritable:
        assert path.read_bytes() == content
    assert hash_payload(path) == sound


# --- the file


def test_a_wav_says_that_it_is_not_written(tmp_path):
    soundfile.write(tmp_path / "a.wav", noise(), RATE)
    with pytest.raises(Unwritable, match="WAV"):
        write_tags(tmp_path / "a.wav", WANTED)
    (tmp_path / "empty.mp3").touch()
    with pytest.raises(Unwritable, match="no sound"):
        write_tags(tmp_path / "empty.mp3", WANTED)


def test_what_is_not_as_it_should_be_takes_no_place(tmp_path, monkeypatch):
    path = mp3(tmp_path / "a.mp3")
    before = path.read_bytes()

    def losing(self, stream, out, wanted):
        stream.seek(0)
        out.write(stream.read()[:-2_000])

    monkeypatch.setattr(writing.Id3, "rewrite", losing)
    with pytest.raises(Unwritable, match="its sound would not be the same"):
        write_tags(path, WANTED)
    monkeypatch.setattr(writing.Id3, "rewrite", lambda self, stream, out, wanted: out.write(stream.read()))
    with pytest.raises(Unwritable, match="other tags would not be the same"):
        write_tags(path, WANTED)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_changes_meanwhile_is_left_to_whoever_changes_it(tmp_path, monkeypatch):
    path = mp3(tmp_path / "a.mp3")
    check = writing._check

    def slow(*given):
        check(*given)
        path.write_bytes(b"another")

    monkeypatch.setattr(writing, "_check", slow)
    with pytest.raises(Unwritable, match="changed while"):
        write_tags(path, WANTED)
    assert path.read_bytes() == b"another"


def test_a_link_is_followed_and_stays_one(tmp_path):
    (tmp_path / "there").mkdir()
    path = mp3(tmp_path / "there" / "a.mp3")
    link = tmp_path / "link.mp3"
    link.symlink_to(path)
    write_tags(link, {"key": ("C",)})
    assert link.is_symlink()
    assert current_tags(path)["key"] == ("C",)


def test_the_fields_that_are_named_are_those_that_are_written():
    assert set(WANTED) == set(audio_tags.FIELDS)
