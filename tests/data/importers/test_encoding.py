"""Any encoding in, UTF-8 out; what is not valid stays so."""

import codecs
import gzip
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.importers.encoding import decode_line, decode_text, head_text, utf8_chunks, utf8_head
from ml.data.importers.source import HEAD_BYTES, Entry, Source
from ml.foundation.errors import BadInput


def entry(content: bytes, name: str = "a.csv") -> Entry:
    return Entry(name, len(content), None, lambda: BytesIO(content))


def utf8(content: bytes, name: str = "a.csv", **options) -> bytes:
    return b"".join(utf8_chunks(entry(content, name), **options))


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
    assert utf8(gzip.compress(b"a\nb\n", mtime=0), "a.csv.gz") == b"a\nb\n"


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(b"abc" * 100, mtime=0)[:-12], b"\x1f\x8b"])
def test_damaged_gzip_is_said(content):
    with pytest.raises(BadInput, match=r"a\.csv\.gz: the \.gz is damaged"):
        utf8(content, "a.csv.gz")


def test_a_gzip_bomb_is_refused():
    with pytest.raises(BadInput, match="taken for a bomb"):
        for _ in utf8_chunks(entry(gzip.compress(bytes(80 << 20), 1), "a.csv.gz")):
            pass


@given(
    st.text(st.characters(codec="utf-8"), min_size=1),
    st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]),
    st.integers(4, 9),
)
def test_any_text_comes_back_whatever_its_encoding(text, encoding, size):
    text = "#\n" + text
    assert utf8(text.encode(encoding), size=size).decode() == text


@given(st.binary(min_size=1, max_size=60), st.sampled_from(["utf-16", "utf-32", "shift_jis", "cp1252", "utf-7"]))
def test_any_bytes_are_read_in_any_encoding(content, encoding):
    utf8(b"\n\0" * 2 + content, encoding=encoding)


def test_without_a_mark_utf16_is_that_of_most_machines():
    assert utf8("a\nb".encode("utf-16-le"), encoding="utf-16") == b"a\nb"


def test_a_replacement_character_is_a_character():
    assert utf8("a\ufffdb".encode("utf-16")).decode() == "a\ufffdb"


def test_half_a_character_at_the_end_is_invalid():
    assert utf8(codecs.BOM_UTF16_LE + "ab".encode("utf-16-le")[:-1]) == b"a\xff"


def test_the_mark_tells_the_order_of_bytes():
    assert utf8(codecs.BOM_UTF16_BE + "ab".encode("utf-16-be"), encoding="utf-16") == b"ab"


@given(st.text("a\r\n", min_size=1, max_size=30), st.integers(4, 9), st.integers(4, 9))
def test_line_ends_do_not_depend_on_the_size_of_chunks(text, one, two):
    assert utf8(text.encode(), size=one) == utf8(text.encode(), size=two)


@pytest.mark.parametrize("content", [b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_an_empty_file_says_so(content):
    with pytest.raises(BadInput, match="the file is empty"):
        utf8(content)


def test_a_missing_file_says_so(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"x")
    missing = Source.of(path).entries[0]
    path.unlink()
    with pytest.raises(BadInput, match="cannot be read"):
        list(utf8_chunks(missing))
    assert utf8_head(missing) == b""


@pytest.mark.parametrize("encode", [str.encode, lambda text: text.encode("utf-16"), lambda text: text.encode("utf-32")])
def test_the_head_is_read_like_the_file(encode):
    assert head_text(entry(encode("Björk\n坂本"))) == "Björk\n坂本"


def test_the_head_is_unpacked():
    assert utf8_head(entry(gzip.compress(b"a\n" * HEAD_BYTES), "a.csv.gz")) == (b"a\n" * HEAD_BYTES)[:HEAD_BYTES]
    assert utf8_head(entry(b"no gzip", "a.csv.gz")) == b""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1"])
def test_a_small_text_is_decoded_by_trial(encoding):
    assert decode_text("Jóga".encode(encoding)) == "Jóga"


def test_a_line_has_no_mark_and_may_be_latin_1():
    assert decode_line(b"\xff\xfe") == "ÿþ"
    assert decode_line(b"\x81\xe9") == "\x81é"


@given(st.binary())
def test_any_bytes_are_some_text(content):
    assert isinstance(decode_text(content), str)
