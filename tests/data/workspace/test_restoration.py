"""A workspace comes back as it was, or not at all."""

import io
import shutil
import tarfile
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert, select, text

from ml.data.schema import audio_analyses, listens, tags
from ml.data.snapshot import Snapshot
from ml.data.workspace import Workspace, backup, restore, transfer
from ml.foundation.errors import BadInput, DiskFull, StoreError


def files_of(home):
    """Give what a backup has to bring back, beside the database."""
    paths = [path for area in ("snapshots", "models", "reports") for path in (home / area).rglob("*") if path.is_file()]
    return {str(path.relative_to(home)): path.read_bytes() for path in paths}


@pytest.fixture
def archive(full, tmp_path):
    backup(full, tmp_path / "backup.tar")
    return tmp_path / "backup.tar"


def test_a_workspace_comes_back_as_it_was(full, archive, tmp_path, everything):
    restored = restore(archive, tmp_path / "new")
    assert restored.moved_aside is None
    assert restored.backup.label == "real"
    other = Workspace.at(tmp_path / "new")
    assert everything(other.store) == everything(full.store)
    assert files_of(other.home) == files_of(full.home)
    assert not (other.home / "indexes").exists()
    assert Snapshot.latest(other.snapshots).hash == Snapshot.latest(full.snapshots).hash
    other.close()
    assert {path.name for path in tmp_path.iterdir()} == {"backup.tar", "music", "new"}


def test_keys_go_on_where_they_were(archive, tmp_path):
    restore(archive, tmp_path / "new")
    other = Workspace.at(tmp_path / "new")
    with other.store.write() as connection:
        assert other.store.allocate(connection, "item", 1) == 4
    other.close()


def test_others_go_on_listening_and_the_copy_is_of_one_moment(full, tmp_path):
    stop = threading.Event()
    heard = [0]

    def listen():
        while not stop.is_set():
            with full.store.write() as connection:
                for user in (100, 200):  # both or neither
                    row = {"user_key": user, "listened_at": heard[0], "item_key": 1}
                    connection.execute(listens.insert().values(**row))
            heard[0] += 1

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        for number in range(5):
            backup(full, tmp_path / f"{number}.tar")
    finally:
        stop.set()
        thread.join()
    assert heard[0] > 0
    restore(tmp_path / "4.tar", tmp_path / "new")
    other = Workspace.at(tmp_path / "new")
    with other.store.read() as connection:
        times = [
            connection.execute(select(listens.c.listened_at).where(listens.c.user_key == user)).scalars().all()
            for user in (100, 200)
        ]
    other.close()
    assert times[0] == times[1] == list(range(len(times[0])))


@pytest.mark.parametrize("page_rows", [7, 250_000])
def test_any_database_comes_back_into_any_other(store, filled, everything, tmp_path, monkeypatch, page_rows):
    monkeypatch.setattr(transfer, "PAGE_ROWS", page_rows)
    source = filled(Workspace.at(tmp_path / "source", store.url))
    before = everything(source.store)
    backup(source, tmp_path / "backup.tar")
    source.close()
    restore(tmp_path / "backup.tar", tmp_path / "new")
    other = Workspace.at(tmp_path / "new")
    assert everything(other.store) == before
    other.close()


@pytest.mark.server
@pytest.mark.parametrize("page_rows", [7, 250_000])
def test_sqlite_comes_back_into_postgresql(full, archive, postgres_url, tmp_path, everything, monkeypatch, page_rows):
    monkeypatch.setattr(transfer, "PAGE_ROWS", page_rows)
    restore(archive, tmp_path / "new", database_url=postgres_url)
    other = Workspace.at(tmp_path / "new", postgres_url)
    assert everything(other.store) == everything(full.store)
    assert files_of(other.home) == files_of(full.home)
    assert not list(other.home.glob("ml.db*"))
    with other.store.write() as connection:
        assert other.store.allocate(connection, "item", 1) == 4
    other.close()
    with pytest.raises(BadInput, match="empty database"):
        restore(archive, tmp_path / "third", database_url=postgres_url)
    assert not (tmp_path / "third").exists()


@pytest.fixture
def english_url(postgres_url):
    """A database that sorts a, ä, B instead of B, a, ä."""
    address, _, name = postgres_url.rpartition("/")
    engine = create_engine(
        address.replace("postgresql:", "postgresql+pg8000:") + "/postgres", isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        options = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"
        connection.execute(text(f"CREATE DATABASE {name}_en {options}"))
        yield f"{address}/{name}_en"
        connection.execute(text(f"DROP DATABASE {name}_en WITH (FORCE)"))
    engine.dispose()


@pytest.mark.server
@pytest.mark.parametrize("page_rows", [1, 3])
def test_a_database_that_sorts_by_language_loses_nothing(
    english_url, filled, everything, tmp_path, monkeypatch, page_rows
):
    monkeypatch.setattr(transfer, "PAGE_ROWS", page_rows)
    source = filled(Workspace.at(tmp_path / "source", english_url))
    with source.store.read() as connection:
        read = [tag for page in transfer._pages(connection, tags) for tag in page["tag"]]
    assert read == ["B", "a", "c", "ä"]
    before = everything(source.store)
    backup(source, tmp_path / "backup.tar")
    source.close()
    restore(tmp_path / "backup.tar", tmp_path / "new")
    other = Workspace.at(tmp_path / "new")
    assert everything(other.store) == before
    other.close()


def test_long_documents_are_copied_some_at_a_time(full):
    row = {"version": "1", "analysed_at": 1}
    sounds = [{"content_hash": f"{number:032}", "document": f'{{"of":{number}}}', **row} for number in range(2_500)]
    with full.store.write() as connection:
        connection.execute(insert(audio_analyses), sounds)
    with full.store.read() as connection:
        pages = list(transfer._pages(connection, audio_analyses))
    assert [len(page) for page in pages] == [1_000, 1_000, 500]
    assert {sound for page in pages for sound in page["content_hash"]} == {one["content_hash"] for one in sounds}


def test_a_workspace_with_data_is_not_overwritten(full, archive, everything):
    before = everything(full.store)
    with pytest.raises(BadInput, match="--force"):
        restore(archive, full.home)
    assert everything(full.store) == before


def test_force_moves_the_old_one_aside_and_leaves_the_rest(full, archive, everything):
    before = everything(full.store)
    with full.store.write() as connection:
        connection.execute(listens.delete())
    full.close()
    (full.home / "ml.toml").write_text("[compute]\n")
    (full.home / "demo").mkdir()
    (full.home / "demo" / "ml.db").write_text("demo")
    restored = restore(archive, full.home, force=True)
    assert everything(full.store) == before
    assert (full.home / "ml.toml").exists()
    assert (full.home / "demo" / "ml.db").read_text() == "demo"
    old = Workspace.at(restored.moved_aside)
    assert old.home.name.startswith("music.before-restore-")
    assert everything(old.store)["listens"] == []
    old.close()


def test_an_empty_workspace_is_filled(archive, tmp_path):
    empty = Workspace.at(tmp_path / "new")
    assert empty.is_empty()
    assert not empty.home.exists()  # asking makes none
    empty.mark("real")
    assert empty.is_empty()
    empty.close()
    (empty.home / "ml.toml").write_text("")
    assert restore(archive, empty.home).moved_aside is None
    assert not empty.is_empty()
    empty.close()
    assert (empty.home / "ml.toml").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"backup.tar", "music", "new"}


def test_a_damaged_database_is_no_empty_workspace(archive, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "ml.db").write_bytes(b"this was a database once" * 1000)
    with pytest.raises(BadInput, match="--force"):
        restore(archive, tmp_path / "new")
    assert restore(archive, tmp_path / "new", force=True).moved_aside is not None


def test_an_existing_file_is_not_overwritten(full, tmp_path):
    (tmp_path / "precious").write_text("x")
    with pytest.raises(BadInput, match="exists already"):
        backup(full, tmp_path / "precious")
    assert (tmp_path / "precious").read_text() == "x"


def test_no_workspace_no_backup(workspace, tmp_path):
    with pytest.raises(BadInput, match="no workspace"):
        backup(workspace, tmp_path / "backup.tar")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", [b"", b"text", b"PK\x03\x04zip", b"\0" * 20_480])
def test_what_is_no_backup_is_refused(tmp_path, text):
    (tmp_path / "file").write_bytes(text)
    with pytest.raises(BadInput, match="backup"):
        restore(tmp_path / "file", tmp_path / "new")
    assert {path.name for path in tmp_path.iterdir()} == {"file"}


def test_an_absent_archive_is_named(tmp_path):
    with pytest.raises(BadInput, match="absent"):
        restore(tmp_path / "absent.tar", tmp_path / "new")
    with pytest.raises(BadInput, match="check the path"):
        restore(tmp_path, tmp_path / "new")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_truncated_archive_leaves_nothing(archive, tmp_path, share):
    # The last blocks of a tar archive are empty; what lies before them is needed to the last byte.
    whole = archive.read_bytes().rstrip(b"\0")
    (tmp_path / "short.tar").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BadInput):
        restore(tmp_path / "short.tar", tmp_path / "new")
    assert {path.name for path in tmp_path.iterdir()} == {"backup.tar", "music", "short.tar"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(place=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255))
def test_a_changed_byte_is_noticed_or_harmless(full, archive, tmp_path, place, change):
    content = bytearray(archive.read_bytes())
    content[int(len(content) * place)] ^= change
    (tmp_path / "changed.tar").write_bytes(content)
    try:
        restore(tmp_path / "changed.tar", tmp_path / "new")
    except BadInput:
        assert not (tmp_path / "new").exists()
    else:  # between two members, where nothing is read
        assert files_of(tmp_path / "new") == files_of(full.home)
        shutil.rmtree(tmp_path / "new")


def test_a_changed_byte_of_the_database_is_named(archive, tmp_path):
    with tarfile.open(archive) as tar:
        start = tar.getmember("ml.db").offset_data
    content = bytearray(archive.read_bytes())
    content[start + 5_000] ^= 1
    archive.write_bytes(content)
    with pytest.raises(BadInput, match=r"ml\.db"):
        restore(archive, tmp_path / "new")


def add(archive, name, *, kind=tarfile.REGTYPE, link=""):
    with tarfile.open(archive, "a") as tar:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, link
        member.size = 1 if kind == tarfile.REGTYPE else 0
        tar.addfile(member, io.BytesIO(b"x"))


@pytest.mark.parametrize(
    "name",
    [
        "/tmp/ml-escaped",
        "../ml-escaped",
        "models/../../../ml-escaped",
        "models/../x",
        "models\\..\\x",
        "ml.toml",
        "models",
        "ml.db/x",
        "ml.db",
        "models/extra",
        "indexes/x",
        "models/" + "n" * 300,
        "models/current/x",
    ],
)
def test_a_member_that_no_backup_has_is_refused(archive, tmp_path, name):
    add(archive, name)
    with pytest.raises(BadInput, match=r"backup\.tar"):
        restore(archive, tmp_path / "new")
    assert {path.name for path in tmp_path.iterdir()} == {"backup.tar", "music"}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_folders_and_devices_are_refused(archive, tmp_path, kind):
    add(archive, "models/x", kind=kind, link="/etc/passwd")
    with pytest.raises(BadInput, match="no backup does"):
        restore(archive, tmp_path / "new")


def test_a_backup_of_a_newer_version_is_refused(full, tmp_path):
    with full.store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    backup(full, tmp_path / "backup.tar")
    with pytest.raises(StoreError, match="newer than this version"):
        restore(tmp_path / "backup.tar", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_full_disk_leaves_no_backup(full, small_disk):
    (full.models / "ials" / "1" / "big").write_bytes(b"x" * 400_000)
    with pytest.raises(DiskFull):
        backup(full, small_disk / "backup.tar")
    assert list(small_disk.iterdir()) == []


def test_a_full_disk_restores_nothing(full, small_disk, tmp_path):
    (full.models / "ials" / "1" / "big").write_bytes(b"x" * 400_000)
    backup(full, tmp_path / "backup.tar")
    with pytest.raises(DiskFull):
        restore(tmp_path / "backup.tar", small_disk / "new")
    assert list(small_disk.iterdir()) == []


def test_a_failure_at_the_last_step_brings_the_old_one_back(full, archive, everything, monkeypatch):
    before = everything(full.store)
    full.close()

    def fail(source, target):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("ml.data.workspace.restoration.publish", fail)
    with pytest.raises(OSError, match="Input/output"):
        restore(archive, full.home, force=True)
    assert everything(full.store) == before
    assert [path.name for path in full.home.parent.iterdir() if path.name.startswith("music")] == ["music"]
