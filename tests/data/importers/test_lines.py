"""Any encoding in, whole lines of UTF-8 out, numbered, in bounded memory."""

import codecs
import gzip
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.importers import lines as module
from ml.data.importers.lines import LineReader, utf8_chunks
from ml.data.importers.source import Entry
from ml.foundation.errors import BadInput


def entry(content: bytes, name: str = "a.csv") -> Entry:
    return Entry(name, len(content), None, lambda: BytesIO(content))


def utf8(content: bytes, name: str = "a.csv", **options) -> bytes:
    return b"".join(utf8_chunks(entry(content, name), **options))


@given(st.binary(max_size=200) | st.text("a\r\n", max_size=200).map(str.encode), st.integers(1, 7), st.integers(1, 5))
def test_the_lines_together_are_the_file(content, size, rows):
    chunks = [content[start : start + size] for start in range(0, len(content), size)]
    stretches = list(LineReader(chunks).stretches(rows))
    assert b"".join(stretch.data for stretch in stretches) == content
    assert all(len(stretch.ends) <= rows for stretch in stretches)
    numbers = [stretch.first + index for stretch in stretches for index in range(len(stretch.ends))]
    assert numbers == list(range(1, len(numbers) + 1))
    assert not any(stretch.final for stretch in stretches[:-1])
    lines = [line for stretch in stretches for line in stretch.lines()]
    assert b"".join(lines) == content
    assert len(lines) == len(numbers)


def test_lines_can_be_put_back():
    reader = LineReader([b"1\n2\n3\n4"])
    reader.take(2)
    stretch = reader.take(2)
    reader.put_back(b"4")
    assert (stretch.data, stretch.first) == (b"3\n4", 3)
    assert reader.take(2).first == 4


def test_a_line_is_found_by_its_number():
    stretch = LineReader([b"one\r\ntwo\n" + b"x" * 5000]).take(9)
    assert [stretch.text(number) for number in (1, 2)] == ["one", "two"]
    assert stretch.text(3) == "x" * module.RAW_CHARACTERS


def test_a_monstrous_line_takes_no_memory_and_keeps_its_number():
    taken = 0

    def chunks():
        nonlocal taken
        yield b"first\n"
        for _ in range(200):
            taken += 1
            yield b"x" * 1000
        yield b"\nlast\n"

    reader = LineReader(chunks(), max_line=5000)
    stretches = [reader.take(1) for _ in range(3)]
    assert taken == 200
    assert [stretch.first for stretch in stretches] == [1, 2, 3]
    assert 5000 < stretches[1].longest <= 6001
    assert stretches[2].data == b"last\n"


@pytest.mark.parametrize(
    ("bom", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_tells_the_encoding(bom, codec):
    assert utf8(bom + "Björk\n坂本".encode(codec), size=64) == "Björk\n坂本".encode()
    assert utf8(bom + ("x" + "é坂" * 100).encode(codec), size=5) == ("x" + "é坂" * 100).encode()


def test_an_encoding_can_be_given():
    assert utf8("Beyoncé".encode("cp1252"), encoding="cp1252") == "Beyoncé".encode()
    assert utf8("Beyoncé".encode("cp1252")) == b"Beyonc\xe9"
    assert utf8(codecs.BOM_UTF8 + b"a", encoding="UTF8") == b"a"


def test_what_cannot_be_decoded_stays_invalid():
    assert utf8(codecs.BOM_UTF16_LE + b"a\0\0\xd8b\0") == b"a\xffb"


@pytest.mark.parametrize("name", ["klingon", "zlib", "rot13", "idna", "nul\0"])
def test_an_unknown_encoding_is_said(name):
    with pytest.raises(BadInput, match="is unknown"):
        utf8(b"a", encoding=name)


def test_old_line_ends_are_lines_too():
    assert utf8(b"a\rb\rc") == b"a\nb\nc"
    assert utf8(b"a\r\nb\r") == b"a\r\nb\r"


def test_gzip_is_unpacked():
    assert utf8(gzip.compress(b"a\nb\n"), "a.csv.gz") == b"a\nb\n"


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(b"abc" * 100)[:-12], b"\x1f\x8b"])
def test_damaged_gzip_is_said(content):
    with pytest.raises(BadInput, match=r"a\.csv\.gz: the \.gz is damaged"):
        utf8(content, "a.csv.gz")


def test_a_gzip_bomb_is_refused():
    with pytest.raises(BadInput, match="taken for a bomb"):
        for _ in utf8_chunks(entry(gzip.compress(bytes(80 << 20), 1), "a.csv.gz")):
            pass
