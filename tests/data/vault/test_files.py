"""Sealed files: read as they were written, or not at all."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.vault import files
from ml.data.vault.cipher import KEY_BYTES, Tampered
from ml.data.vault.files import SealedWriter, in_clear, read_sealed
from ml.data.vault.vault import UPLOADS

KEY = bytes(range(KEY_BYTES))
HEAD = len(files.MAGIC) + KEY_BYTES


@pytest.fixture(autouse=True, scope="module")
def small_pieces():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "PIECE", 16)
        yield


def written(content: bytes, name: str = "a.csv", key: bytes = KEY) -> bytes:
    stream = io.BytesIO()
    writer = SealedWriter(stream, key, name)
    for at in range(0, len(content), 5):
        writer.write(content[at : at + 5])
    writer.close()
    return stream.getvalue()


def opened(text: bytes, key: bytes = KEY) -> tuple[str, bytes]:
    name, *rest = read_sealed(io.BytesIO(text), key)
    return name.decode(), b"".join(rest)


def pieces(text: bytes) -> list[bytes]:
    size = 16 + 16
    return [text[:HEAD], *(text[at : at + size] for at in range(HEAD, len(text), size))]


@given(content=st.binary(max_size=200), name=st.text(max_size=5))
def test_what_is_written_is_read(content, name):
    assert opened(written(content, name)) == (name, content)


@given(content=st.binary(min_size=1, max_size=100), at=st.integers(min_value=0))
def test_every_flipped_bit_is_found(content, at):
    text = bytearray(written(content))
    at %= 8 * len(text)
    text[at // 8] ^= 1 << at % 8
    with pytest.raises(Tampered):
        opened(bytes(text))


@given(content=st.binary(max_size=100), length=st.integers(min_value=0))
def test_a_file_that_is_cut_off_is_found(content, length):
    text = written(content)
    with pytest.raises(Tampered):
        opened(text[: length % len(text)])


@given(content=st.binary(min_size=60, max_size=100), one=st.integers(1, 3), other=st.integers(1, 3))
def test_pieces_that_are_swapped_doubled_or_left_out_are_found(content, one, other):
    parts = pieces(written(content))
    swapped = parts.copy()
    swapped[one], swapped[other] = swapped[other], swapped[one]
    doubled, left_out = parts[: one + 1] + parts[one:], parts[:one] + parts[one + 1 :]
    for changed in [doubled, left_out, *([swapped] if one != other else [])]:
        with pytest.raises(Tampered):
            opened(b"".join(changed))


def test_a_name_may_be_longer_than_a_piece():
    assert opened(written(b"", "ä" * 30)) == ("ä" * 30, b"")


def test_what_is_put_behind_the_end_is_found():
    with pytest.raises(Tampered):
        opened(written(b"one") + written(b"two")[HEAD:])


def test_pieces_of_another_file_do_not_fit():
    one, other = pieces(written(b"1" * 60)), pieces(written(b"2" * 60))
    with pytest.raises(Tampered):
        opened(b"".join([*one[:2], *other[2:]]))


def test_another_key_opens_nothing():
    with pytest.raises(Tampered):
        opened(written(b"x"), bytes(KEY_BYTES))


def test_the_name_and_the_content_are_hidden():
    text = written(b"who heard what" * 9, "anna.csv")
    assert b"anna" not in text
    assert b"heard" not in text


def test_it_lies_in_clear_only_while_it_is_read(sealed, tmp_path):
    with sealed.read() as connection:
        key = sealed.vault.keys_of(connection, [UPLOADS])[UPLOADS]
    file = tmp_path / "uploads" / "1" / "sealed"
    (file.parent / "clear").mkdir(parents=True)
    (file.parent / "clear" / "left.csv").write_text("by a process that was killed")
    with file.open("wb") as stream:
        writer = SealedWriter(stream, key, "history.csv")
        writer.write(b"a,b\n" * 100)
        writer.close()
    with pytest.raises(RuntimeError), in_clear(sealed, file) as path:
        assert (path.name, path.read_bytes()) == ("history.csv", b"a,b\n" * 100)
        assert [each.name for each in path.parent.iterdir()] == ["history.csv"]
        raise RuntimeError
    assert [each.name for each in file.parent.iterdir()] == ["sealed"]


def test_what_is_not_sealed_is_read_where_it_lies(sealed, tmp_path):
    file = tmp_path / "history.csv"
    file.write_text("a,b")
    with in_clear(sealed, file) as path:
        assert path == file
    assert file.exists()
