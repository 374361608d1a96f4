"""Files of a folder, an archive or alone; and archives that mean harm."""

import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.importers import source as module
from ml.data.importers.source import HEAD_BYTES, Entry, Source
from ml.foundation.errors import BadInput

TEXT = b"user,item\n1,2\n" * 20


def archive(path: Path, members: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return path


def read(source: Source, name: str) -> bytes:
    [entry] = [entry for entry in source.entries if entry.name == name]
    with entry.open() as stream:
        return stream.read()


def test_a_file_is_one_entry(tmp_path):
    path = tmp_path / "Listens.CSV"
    path.write_bytes(TEXT)
    [entry] = Source.of(path).entries
    assert (entry.name, entry.suffix, entry.stem, entry.size_bytes) == ("Listens.CSV", ".csv", "Listens", len(TEXT))
    assert entry.path == path
    assert entry.head == TEXT


def test_a_folder_is_walked_in_order_without_hidden_files(tmp_path):
    for name in ("b/2.txt", "a.txt", "b/1.txt", ".hidden", ".git/config", "b/.DS_Store"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    source = Source.of(tmp_path)
    assert [entry.name for entry in source.entries] == ["a.txt", "b/1.txt", "b/2.txt"]
    assert read(source, "b/2.txt") == b"b/2.txt"


def test_a_hidden_folder_may_be_named_itself(tmp_path):
    folder = tmp_path / ".music"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"x")
    assert [entry.name for entry in Source.of(folder).entries] == ["a.txt"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_is_read_without_unpacking(tmp_path, method):
    members = {"z/b.csv": TEXT, "a.csv": b"1", "__MACOSX/._a.csv": b"no", ".hidden": b"no"}
    source = Source.of(archive(tmp_path / "export.zip", members, method=method))
    assert [(entry.name, entry.path) for entry in source.entries] == [("a.csv", None), ("z/b.csv", None)]
    assert read(source, "z/b.csv") == TEXT
    assert source.entries[0].fingerprint() == "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"


def test_the_head_is_bounded(tmp_path):
    path = tmp_path / "long.txt"
    path.write_bytes(b"x" * (HEAD_BYTES + 1))
    assert len(Source.of(path).entries[0].head) == HEAD_BYTES


@pytest.mark.parametrize("name", ["nowhere.csv", "x" * 5000, "nul\0.csv"])
def test_a_missing_path_is_said(tmp_path, name):
    with pytest.raises(BadInput, match="no such file or folder"):
        Source.of(tmp_path / name)


def test_a_broken_archive_is_said(tmp_path):
    path = archive(tmp_path / "export.zip", {"a.csv": TEXT})
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(BadInput, match="not a zip archive, or a truncated one"):
        Source.of(path)


def test_a_bomb_that_says_its_size_is_refused(tmp_path):
    path = archive(tmp_path / "bomb.zip", {"zeros.csv": bytes(module.HARMLESS_BYTES + 1)})
    with pytest.raises(BadInput, match=r"67,108,865 bytes.*zip bomb"):
        Source.of(path)


def test_many_members_count_together(tmp_path):
    half = bytes(module.HARMLESS_BYTES // 2 + 1)
    with pytest.raises(BadInput, match="zip bomb"):
        Source.of(archive(tmp_path / "bomb.zip", {"a": half, "b": half}))


def test_a_small_file_may_compress_as_well_as_it_likes(tmp_path):
    path = archive(tmp_path / "zeros.zip", {"zeros.csv": bytes(1 << 20)})
    assert len(read(Source.of(path), "zeros.csv")) == 1 << 20


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_said(tmp_path):
    path = archive(tmp_path / "bomb.zip", {"zeros.csv": bytes(1 << 20)})
    data = bytearray(path.read_bytes())
    directory = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, directory + 24, 1000)  # the unpacked size, in the central directory
    path.write_bytes(data)
    source = Source.of(path)
    assert source.entries[0].size_bytes == 1000
    with pytest.raises(BadInput, match="damaged"):
        read(source, "zeros.csv")


def test_an_encrypted_member_is_said(tmp_path):
    path = archive(tmp_path / "secret.zip", {"a.csv": TEXT})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    source = Source.of(path)
    assert source.entries[0].head == b""
    with pytest.raises(BadInput, match=r"a\.csv is encrypted"):
        read(source, "a.csv")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_member_is_said_when_it_is_read(tmp_path, method):
    path = archive(tmp_path / "export.zip", {"a.csv": bytes(range(256)) * 20, "b.csv": TEXT}, method=method)
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    source = Source.of(path)
    with pytest.raises(BadInput, match=r"a\.csv: the archive is damaged"):
        read(source, "a.csv")
    assert read(source, "b.csv") == TEXT


@given(
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=3),
    keep=st.floats(0.5, 1),
    method=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]),
)
def test_no_damage_raises_anything_else(changes, keep, method, tmp_path_factory):
    path = archive(tmp_path_factory.mktemp("zip") / "a.zip", {"a.csv": TEXT, "b.csv": b"x"}, method=method)
    data = bytearray(path.read_bytes())
    for place, value in changes:
        data[place % len(data)] = value
    path.write_bytes(data[: round(len(data) * keep)] if keep < 0.9 else data)
    try:
        source = Source.of(path)
        heads = [entry.head for entry in source.entries]
        assert all(len(head) <= HEAD_BYTES for head in heads)
        for entry in source.entries:
            entry.fingerprint()
    except BadInput:
        pass


def test_what_may_not_be_read_is_said_with_what_mends_it(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text("a")
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(BadInput, match="you may not read it"):
        Source.of(tmp_path / "a.csv")


def test_an_entry_that_cannot_be_opened_is_bad_input():
    def opener():
        raise PermissionError(13, "Permission denied")

    with pytest.raises(BadInput, match=r"a.csv: cannot be read \(Permission denied\)"):
        Entry("a.csv", 1, None, opener).fingerprint()


@pytest.mark.parametrize("name", ["../../etc/a.json", "/etc/a.json", "x/../../a.json"])
def test_an_archive_that_leads_out_of_itself_is_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr(name, "[]")
    with pytest.raises(BadInput, match="leads out of the archive"):
        Source.of(tmp_path / "evil.zip")
