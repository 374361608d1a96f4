"""The way back: decrypted, a workspace is as it was before, whoever stopped it in the middle."""

from contextlib import suppress

import pytest
from sqlalchemy import insert, select, update
from tests.data.vault.conftest import ANNA, BEN, PERSONAL, fill, listens
from tests.data.vault.test_sealing import everything_in, keys_in

from ml.data.access import Access
from ml.data.identity import find_user
from ml.data.importers.base import Reject
from ml.data.ingest import load
from ml.data.ingest.refused import page_of
from ml.data.ingest.rejects import RejectsFile, rejects_file
from ml.data.jobs import Jobs
from ml.data.schema import data_keys, metadata, playlist_recipes, saved_searches, users
from ml.data.store import Store
from ml.data.vault import Tampered, Vault, opening
from ml.data.vault.files import in_clear, is_sealed
from ml.data.vault.opening import open_workspace
from ml.data.vault.rows import KINDS, count
from ml.data.vault.sealing import seal_workspace
from ml.data.vault.state import read_state
from ml.data.vault.texts import reject_lines
from ml.foundation.errors import BadInput, StoreBusy

REQUEST = '{"text":"jazz","user_id":"local:anna@example.org"}'


@pytest.fixture
def home(tmp_path):
    """A workspace's folder, with a file that waits and a row that was refused; both name Anna."""
    home = tmp_path / "home"
    (home / "uploads" / "one").mkdir(parents=True)
    (home / "uploads" / "one" / "anna@example.org.csv").write_text("user\nanna@example.org\n")
    rejects = RejectsFile(rejects_file(home / "rejects", 1))
    rejects.write([Reject("a.csv", 2, "no date", "anna@example.org,x"), Reject("a.csv", 3, "no date", "nobody")])
    rejects.close()
    return home


@pytest.fixture
def store(url, key_file, home):
    """A store with something in every table that is sealed, not sealed yet."""
    store = Store(url, vault=Vault(key_file, sealing=True))
    fill(store)
    access = Access.to(store)
    access.second_factors.begin(access.accounts.find("Greta Admin").id, "greta")
    Jobs(store).submit("import", {"path": str(home / "uploads" / "one" / "anna@example.org.csv")}, owner="local")
    recipe = {"rhythm": "daily", "avoid": 0, "created_at": 0}
    with store.write() as connection:
        connection.execute(insert(saved_searches).values(name="mine", request=REQUEST, created_at=0))
        connection.execute(insert(playlist_recipes).values(name="mine", request=REQUEST, **recipe))
    yield store
    store.close()


def root(store):
    return store.vault.source.read()[0].id


def rows_in(store):
    with store.read() as connection:
        return {
            table.name: sorted(map(str, connection.execute(select(table)).all())) for table in metadata.sorted_tables
        }


def files_in(home):
    return {path.relative_to(home): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_everything_is_sealed_and_comes_back_as_it_was(store, home):
    rows, files = rows_in(store), files_in(home)
    done = seal_workspace(store, root(store), home=home)
    assert set(done.rows) == {*(kind.table.name for kind in KINDS), "uploads", "rejects"}
    told = everything_in(store).encode() + b"".join(files_in(home).values()) + str(list(files_in(home))).encode()
    assert not [text for text in PERSONAL if text in told]
    back = open_workspace(store, home=home)
    assert back.rows == done.rows
    assert (rows_in(store), files_in(home)) == (rows, files)
    Store(store.url).close()  # without a key


def test_in_between_what_is_sealed_is_read(store, home):
    seal_workspace(store, root(store), home=home)
    path = rejects_file(home / "rejects", 1)
    lines = reject_lines(store, path.name)
    assert [row.raw for row in page_of(1, path, lines=lines).rows] == ["anna@example.org,x", "nobody"]
    assert page_of(1, path, lines=lines).reasons == {"no date": 2}
    again = RejectsFile(path, lines)
    again.write([Reject("a.csv", 3, "no date", "nobody"), Reject("a.csv", 4, "no date", "ben@example.org")])
    again.close()
    assert [row.line for row in page_of(1, path, lines=lines).rows] == [2, 3, 4]
    assert b"ben@example.org" not in path.read_bytes()
    (job,) = Jobs(store).list()
    (file,) = (home / "uploads" / "one").iterdir()
    assert is_sealed(file)
    assert job.arguments["path"] == str(file)
    with in_clear(store, file) as clear:
        assert (clear.name, clear.read_text()) == ("anna@example.org.csv", "user\nanna@example.org\n")


def test_a_line_that_was_put_into_another_file_is_found(store, home):
    seal_workspace(store, root(store), home=home)
    path = rejects_file(home / "rejects", 1)
    moved = rejects_file(home / "rejects", 2)
    path.rename(moved)
    with pytest.raises(Tampered):
        page_of(2, moved, lines=reject_lines(store, moved.name))


@pytest.mark.parametrize("after", range(1, 12))
def test_whoever_is_stopped_goes_on(store, home, monkeypatch, after):
    rows, files = rows_in(store), files_in(home)
    seal_workspace(store, root(store), home=home)
    steps = iter(range(1, 100))

    def stop(_name, _rows):
        if next(steps) == after:
            raise KeyboardInterrupt

    monkeypatch.setattr(opening, "SLICE", 1)
    with pytest.raises(KeyboardInterrupt):
        open_workspace(store, home=home, on_step=stop)
    with pytest.raises(StoreBusy, match="half decrypted") as caught:
        Store(store.url, vault=Vault(store.vault.source))
    assert "ml keys decrypt" in caught.value.hint
    open_workspace(store, home=home)
    assert (rows_in(store), files_in(home)) == (rows, files)


def test_whoever_is_stopped_may_go_back(store, home):
    seal_workspace(store, root(store), home=home)

    def stop(name, _rows):
        if name == "users":
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        open_workspace(store, home=home, on_step=stop)
    seal_workspace(store, root(store), home=home)
    with store.read() as connection:
        assert not count(connection, sealed=False)
    opened = Store(store.url, vault=Vault(store.vault.source))
    assert set(keys_in(opened)) == {ANNA, BEN}
    opened.close()


def test_what_does_not_open_keeps_its_key(store, home):
    seal_workspace(store, root(store), home=home)
    with store.write() as connection:
        key = find_user(connection, ANNA)
        sealed = connection.execute(select(users.c.sealed).where(users.c.key != key)).scalars().first()
        connection.execute(update(users).where(users.c.key == key).values(sealed=sealed))
    with pytest.raises(Tampered):
        open_workspace(store, home=home)
    with store.read() as connection:
        assert read_state(connection) is not None
        assert connection.execute(select(data_keys)).first()
        assert count(connection, sealed=True)["users"] == 2  # a transaction is whole, or nothing of it


def test_whoever_had_it_open_finds_out(store, home):
    seal_workspace(store, root(store), home=home)
    other = Store(store.url, vault=Vault(store.vault.source))
    before = keys_in(other)

    def try_it(_table, _rows):
        with pytest.raises(StoreBusy, match="being decrypted"):
            load(other, [listens("local:eve@example.org")])

    open_workspace(store, home=home, on_step=try_it)
    assert keys_in(other) == before
    assert Access.to(other).accounts.find("anna").user_id == ANNA
    load(other, [listens("local:eve@example.org")])
    assert "eve@example.org" in everything_in(other)
    seal_workspace(store, root(store), home=home)
    assert keys_in(other) == before
    other.close()


def test_what_an_earlier_version_left_in_clear_is_read_and_written_sealed(store):
    seal_workspace(store, root(store))
    with store.write() as connection:  # as such a version has it
        connection.execute(data_keys.delete().where(data_keys.c.subject.in_(["requests", "rejects"])))
    store.vault._keys.clear()
    lines = reject_lines(store, "import-9.csv")
    assert lines.show(lines.hide("a,b")) == "a,b"
    assert "a,b" not in lines.hide("a,b")
    assert reject_lines(store, "import-9.csv") == lines


def test_what_is_not_encrypted_is_not_decrypted(store):
    with pytest.raises(BadInput, match="not encrypted"):
        open_workspace(store)
