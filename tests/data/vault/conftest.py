"""A small world of listeners and accounts, and a vault with its key in a file."""

from pathlib import Path

import polars as pl
import pytest

from ml.data.access import Access
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.data.store import Store
from ml.data.vault import RootKey, Vault
from ml.data.vault.sealing import seal_workspace
from ml.data.vault.sources import KeyFile
from ml.foundation.service_settings import Access as AccessSettings

ANNA, BEN = "local:anna@example.org", "local:ben@example.org"
#: Texts that must not be in an encrypted database.
PERSONAL = (b"anna@example.org", b"ben@example.org", b"Anna Secret", b"Greta Admin")


def listens(*users: str) -> Batch:
    frame = pl.DataFrame(
        {
            "user_id": users,
            "title": [f"song {n}" for n in range(len(users))],
            "artist": "somebody",
            "listened_at": [1_700_000_000_000 + n for n in range(len(users))],
        }
    )
    return Batch(file="", rows=len(frame), frames={"listens": frame})


def profiles(**columns: list[object]) -> Batch:
    return Batch(file="", rows=1, frames={"profiles": pl.DataFrame(columns)})


def fill(store: Store) -> None:
    load(store, [listens(ANNA, BEN)])
    load(store, [profiles(user_id=[ANNA], name=["Anna Secret"], country=["DE"], age=[44])])
    access = Access.to(store, AccessSettings(password_memory_mib=19))
    access.accounts.create("Greta Admin", role="admin", password="a very long sentence")
    access.accounts.create("anna", role="listener", user_id=ANNA)
    access.keys.create("player", role="listener", user_id=BEN)
    access.invitations.invite(role="listener", user_id="local:carl@example.org")


@pytest.fixture
def key_file(tmp_path: Path) -> KeyFile:
    source = KeyFile(tmp_path / "elsewhere" / "vault.key")
    source.write([RootKey.new()])
    return source


@pytest.fixture
def sealed(url: str, key_file: KeyFile):
    """A store that was filled and then encrypted, opened as anybody opens it."""
    store = Store(url, vault=Vault(key_file, sealing=True))
    fill(store)
    seal_workspace(store, key_file.read()[0].id)
    store.close()
    opened = Store(url, vault=Vault(key_file))
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database of each kind."""
    return f"sqlite:///{tmp_path / 'ml.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
