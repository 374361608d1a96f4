"""The hash of the sound: what taggers do to a file must not change it, what encoders do must.

The taggers here are written by hand from the formats' documents, so that they share no
code with the reader.
"""

from __future__ import annotations

import struct
import wave
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.importers.audio_payload import hash_payload
from ml.data.importers.audio_tags import UnreadableTags, read_tags

FIXTURES = Path(__file__).parents[2] / "fixtures" / "audio"
NAMES = ["tone.mp3", "tone.aac", "tone.flac", "tone.ogg", "tone.opus", "tone.m4a", "tone.wma", "tone.aiff", "tone.wav"]
TITLE = "Jóga ♥"
PICTURE = b"\xff\xd8\xff" + bytes(range(256)) * 300  # 76 kB: more than one Ogg page


def tone(name: str) -> bytes:
    return wav() if name.endswith(".wav") else (FIXTURES / name).read_bytes()


def wav(rate: int = 8000, shift: int = 0) -> bytes:
    import io

    stream = io.BytesIO()
    with wave.open(stream, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(struct.pack("<1001h", *((i * 37 + shift) % 2000 for i in range(1001))))
    return stream.getvalue()


# --- Taggers ---------------------------------------------------------------------------


def synchsafe(n: int) -> bytes:
    return bytes((n >> shift) & 0x7F for shift in (21, 14, 7, 0))


def id3v2(frames: dict[bytes, bytes] | None = None, *, padding: int = 0, footer: bool = False) -> bytes:
    frames = {b"TIT2": b"\x03" + TITLE.encode()} if frames is None else frames
    body = b"".join(name + synchsafe(len(data)) + b"\0\0" + data for name, data in frames.items()) + b"\0" * padding
    flags = b"\x10" if footer else b"\0"
    tail = b"3DI\x04\0" + flags + synchsafe(len(body)) if footer else b""
    return b"ID3\x04\0" + flags + synchsafe(len(body)) + body + tail


def id3v1() -> bytes:
    return b"TAG" + b"Title".ljust(30, b"\0") + b"Artist".ljust(30, b"\0") + b"\0" * 64 + b"\x11"


def apev2(*, header: bool = True) -> bytes:
    item = struct.pack("<II", 5, 0) + b"Title\0" + b"hello"
    size, flags = len(item) + 32, 0x80000000 if header else 0
    shape = struct.pack("<III", 2000, size, 1)
    head = b"APETAGEX" + shape + struct.pack("<I", flags | 0x20000000) + b"\0" * 8
    return (head if header else b"") + item + b"APETAGEX" + shape + struct.pack("<I", flags) + b"\0" * 8


def lyrics3() -> bytes:
    body = b"LYRICSBEGIN" + b"IND00002" + b"00" + b"LYR00005la la"
    return body + b"%06d" % len(body) + b"LYRICS200"


def comments(**fields: str) -> bytes:
    items = [f"{name}={value}".encode() for name, value in fields.items()]
    return (
        struct.pack("<I", 4)
        + b"test"
        + struct.pack("<I", len(items))
        + b"".join(struct.pack("<I", len(i)) + i for i in items)
    )


def flac_picture() -> bytes:
    return (
        struct.pack(">II", 3, 10)
        + b"image/jpeg"
        + struct.pack(">I", 0)
        + struct.pack(">IIIII", 1, 1, 24, 0, len(PICTURE))
        + PICTURE
    )


def tag_flac(data: bytes) -> bytes:
    stream_info = data[8:42]
    at = 4
    while True:
        last, size = data[at] & 0x80, int.from_bytes(data[at + 1 : at + 4], "big")
        at += 4 + size
        if last:
            break
    blocks = [(0, stream_info), (4, comments(TITLE=TITLE)), (6, flac_picture()), (1, b"\0" * 500)]
    out = b"fLaC"
    for number, (kind, body) in enumerate(blocks, start=1):
        out += bytes([kind | (0x80 if number == len(blocks) else 0)]) + len(body).to_bytes(3, "big") + body
    return out + data[at:]


def crc(page: bytes) -> int:
    value = 0
    for byte in page:
        value ^= byte << 24
        for _ in range(8):
            value = ((value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
    return value


def ogg_page(flags: int, granule: bytes, serial: bytes, number: int, sizes: bytes, body: bytes) -> bytes:
    head = b"OggS\0" + bytes([flags]) + granule + serial + struct.pack("<I", number)
    page = head + b"\0" * 4 + bytes([len(sizes)]) + sizes + body
    return head + struct.pack("<I", crc(page)) + page[26:]


def split_ogg(data: bytes) -> list[tuple[int, bytes, bytes, bytes, bytes]]:
    pages, at = [], 0
    while at < len(data):
        n = data[at + 26]
        sizes = data[at + 27 : at + 27 + n]
        body = data[at + 27 + n : at + 27 + n + sum(sizes)]
        pages.append((data[at + 5], data[at + 6 : at + 14], data[at + 14 : at + 18], sizes, body))
        at += 27 + n + sum(sizes)
    return pages


def tag_ogg(data: bytes) -> bytes:
    """Replace the comments by larger ones, which moves, renumbers and re-checks every page."""
    pages = split_ogg(data)
    serial = pages[0][2]
    packets, open_packet, used = [], b"", 1
    opus = pages[0][4].startswith(b"OpusHead")
    for used, (_, _, _, sizes, body) in enumerate(pages[1:], start=2):  # noqa: B007
        at = 0
        for size in sizes:
            open_packet += body[at : at + size]
            at += size
            if size < 255:
                packets.append(open_packet)
                open_packet = b""
        if len(packets) == (1 if opus else 2):
            break
    fields = comments(TITLE=TITLE, METADATA_BLOCK_PICTURE=b64encode(flac_picture()).decode())
    packets[0] = b"OpusTags" + fields if opus else b"\x03vorbis" + fields + b"\x01"
    sizes = b"".join(b"\xff" * (len(p) // 255) + bytes([len(p) % 255]) for p in packets)
    body, out, number, at = b"".join(packets), ogg_page(2, b"\0" * 8, serial, 0, pages[0][3], pages[0][4]), 1, 0
    for start in range(0, len(sizes), 200):
        part = sizes[start : start + 200]
        # A page that begins inside a packet says so, and one where none ends has no position.
        granule = b"\0" * 8 if min(part) < 255 else b"\xff" * 8
        out += ogg_page(1 if at else 0, granule, serial, number, part, body[at : at + sum(part)])
        at, number = at + sum(part), number + 1
    for flags, granule, _, part, content in pages[used:]:
        out += ogg_page(flags, granule, serial, number, part, content)
        number += 1
    return out


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


def tag_mp4(data: bytes) -> bytes:
    """Put the movie box first, as for streaming, with a title and a picture in it."""
    boxes, at = [], 0
    while at < len(data):
        size = struct.unpack(">I", data[at : at + 4])[0]
        boxes.append((data[at + 4 : at + 8], data[at + 8 : at + size]))
        at += size
    text = box(b"data", struct.pack(">II", 1, 0) + TITLE.encode())
    cover = box(b"data", struct.pack(">II", 13, 0) + PICTURE)
    ilst = box(b"ilst", box(b"\xa9nam", text) + box(b"covr", cover))
    udta = box(b"udta", box(b"meta", b"\0" * 4 + box(b"hdlr", b"\0" * 25) + ilst))
    content = dict(boxes)
    return box(b"ftyp", content[b"ftyp"]) + box(b"moov", content[b"moov"] + udta) + box(b"mdat", content[b"mdat"])


def tag_wav(data: bytes) -> bytes:
    info = b"INFO" + b"INAM" + struct.pack("<I", len(TITLE.encode())) + TITLE.encode()
    chunks = data[12:36] + b"LIST" + struct.pack("<I", len(info)) + info + b"\0" * (len(info) % 2) + data[36:]
    chunks += b"\0" * (len(chunks) % 2)
    tag = id3v2(padding=1)
    chunks += b"id3 " + struct.pack("<I", len(tag)) + tag + b"\0" * (len(tag) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def tag_aiff(data: bytes) -> bytes:
    name = TITLE.encode()
    name_chunk = b"NAME" + struct.pack(">I", len(name)) + name + b"\0" * (len(name) % 2)
    chunks = name_chunk + data[12:]
    return b"FORM" + struct.pack(">I", 4 + len(chunks)) + b"AIFF" + chunks


def tag_wma(data: bytes) -> bytes:
    title = (TITLE + "\0").encode("utf-16le")
    guid = bytes.fromhex("3326b2758e66cf11a6d900aa0062ce6c")
    thing = guid + struct.pack("<Q", 34 + len(title)) + struct.pack("<5H", len(title), 0, 0, 0, 0) + title
    size, count = struct.unpack("<QI", data[16:28])
    return data[:16] + struct.pack("<QI", size + len(thing), count + 1) + data[28:30] + thing + data[30:]


TAGGERS = {
    "tone.mp3": lambda data: id3v2() + data + apev2() + id3v1(),
    "tone.aac": lambda data: id3v2(padding=100) + data + id3v1(),
    "tone.flac": tag_flac,
    "tone.ogg": tag_ogg,
    "tone.opus": tag_ogg,
    "tone.m4a": tag_mp4,
    "tone.wma": tag_wma,
    "tone.aiff": tag_aiff,
    "tone.wav": tag_wav,
}
TAGGED = {name: TAGGERS[name](tone(name)) for name in NAMES}
FORMS = {"tone.m4a": "mp4", "tone.opus": "ogg"}


@pytest.fixture
def payload(tmp_path):
    def of(data: bytes, name: str = "x.bin"):
        (tmp_path / name).write_bytes(data)
        return hash_payload(tmp_path / name)

    return of


@pytest.mark.parametrize("name", NAMES)
def test_tags_change_the_file_and_not_the_hash(payload, tmp_path, name):
    plain, tagged = tone(name), TAGGED[name]
    assert payload(tagged, name) == payload(plain)
    assert payload(plain).form == FORMS.get(name, name.removeprefix("tone."))
    assert len(payload(plain).content_hash) == 32
    # The tagger is a real one: what it wrote can be read.
    assert read_tags(tmp_path / name, with_duration=name != "tone.aac").title == TITLE


@pytest.mark.parametrize("name", NAMES)
def test_another_sound_has_another_hash(payload, name):
    data = bytearray(TAGGED[name])
    before = payload(bytes(data)).content_hash
    # The sound ends the file, but for tone.wav, where a tag follows.
    at = len(data) - 700 if name == "tone.wav" else len(data) - 400
    data[at] ^= 1
    assert payload(bytes(data)).content_hash != before


def test_the_hashes_of_all_fixtures_differ(payload):
    assert len({payload(tone(name)).content_hash for name in NAMES}) == len(NAMES)


TONE = (FIXTURES / "tone.mp3").read_bytes()


@pytest.mark.parametrize(
    "data",
    [
        id3v2() + id3v2(padding=5000) + TONE,
        id3v2(footer=True) + TONE,
        id3v2() + b"\0" * 3000 + TONE,
        apev2() + TONE,
        TONE + id3v1(),
        TONE + b"TAG+" + b"\0" * 223 + id3v1(),
        TONE + apev2(header=False),
        TONE + lyrics3() + id3v1(),
        TONE + b"LYRICSBEGIN la la LYRICSEND" + id3v1(),
        TONE + apev2() + lyrics3() + id3v1(),
        TONE + id3v2(footer=True),
    ],
    ids=["two", "footer", "padding", "ape", "v1", "v1+", "ape-end", "lyrics3", "lyrics3v1", "all", "appended"],
)
def test_every_tag_around_an_mp3(payload, data):
    assert payload(data) == payload(TONE)


def test_moved_and_renamed_files_keep_their_hash(tmp_path):
    (tmp_path / "a.mp3").write_bytes(TONE)
    before = hash_payload(tmp_path / "a.mp3")
    (tmp_path / "b").mkdir()
    assert hash_payload((tmp_path / "a.mp3").rename(tmp_path / "b" / "z.MP3")) == before


def test_the_same_samples_at_another_rate_are_another_sound(payload):
    assert payload(wav(8000)).content_hash != payload(wav(16000)).content_hash
    assert payload(wav(8000)).size_bytes == 16 + 2002


def test_rf64_and_streams_of_unknown_length(payload):
    plain = wav()
    streamed = plain[:40] + b"\xff" * 4 + plain[44:]
    assert payload(streamed) == payload(plain)
    ds64 = b"ds64" + struct.pack("<IQQQI", 28, 0, 2002, 1001, 0)
    assert payload(b"RF64\xff\xff\xff\xffWAVE" + ds64 + streamed[12:] + b"LIST\4\0\0\0INFO") == payload(plain)


def test_the_name_that_wma_gives_a_file_is_no_sound(payload):
    data = bytearray(tone("tone.wma"))
    at = data.index(bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c"))
    data[at + 24 : at + 40] = b"another file id "
    assert payload(bytes(data)) == payload(tone("tone.wma"))


def test_damage_falls_back_to_what_is_there(payload):
    too_long = b"ID3\x04\0\0" + synchsafe(10**7) + TONE
    assert payload(too_long).size_bytes == len(too_long)
    flac = tone("tone.flac")
    assert payload(flac[:4] + b"\0\xff\xff\xff" + flac[8:]).size_bytes == len(flac) - 4
    ogg = tone("tone.ogg")
    assert payload(ogg[:-10]).size_bytes == payload(ogg).size_bytes - 10
    assert payload(b"RIFF\0\0\0\0WAVEfmt ").size_bytes == 16
    assert payload(b"\0\0\0\x08ftyp" + b"\0" * 20).form == "mp4"


@pytest.mark.parametrize("data", [b"", b"\0" * 5000, b"hello " * 100, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8])
def test_what_is_no_audio_has_no_form(payload, data):
    assert payload(data).form is None
    assert payload(data).size_bytes == len(data)


@given(
    name=st.sampled_from(NAMES),
    tagged=st.booleans(),
    at=st.floats(0, 1),
    junk=st.binary(max_size=12),
    cut=st.floats(0, 1),
)
def test_no_damage_makes_it_raise_or_run_in_circles(tmp_path_factory, name, tagged, at, junk, cut):
    data = TAGGED[name] if tagged else tone(name)
    place = int(at * len(data))
    data = (data[:place] + junk + data[place + len(junk) :])[: max(1, int(cut * 2 * len(data)))]
    path = tmp_path_factory.getbasetemp() / f"fuzz{Path(name).suffix}"
    path.write_bytes(data)
    payload = hash_payload(path)
    assert 0 <= payload.size_bytes <= len(data)
    assert payload == hash_payload(path)
    try:
        tags = read_tags(path, with_duration=payload.form != "aac")
    except UnreadableTags as error:
        assert str(error)  # noqa: PT017 (either outcome is right; an error has to say something)
    else:
        f"{tags.title}{tags.artist}".encode()


@pytest.mark.realdata
def test_real_songs_are_told_from_their_tags(realdata):
    songs = sorted((realdata / "emotify" / "audio").glob("*.mp3"))
    payloads = [hash_payload(song) for song in songs]
    assert {payload.form for payload in payloads} == {"mp3"}
    assert len({payload.content_hash for payload in payloads}) == len(songs) == 275
    for song, payload in zip(songs, payloads, strict=True):
        data = song.read_bytes()
        size = 10 + (data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9])
        assert data.startswith(b"ID3")
        assert payload.size_bytes == len(data[size:].lstrip(b"\0")) - (128 if data[-128:-125] == b"TAG" else 0)
