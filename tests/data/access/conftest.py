"""One database of each kind for all of these tests, emptied for every test; a clock that is set by hand."""

import uuid

import pytest

from ml.data.access import Access
from ml.data.access.accounts import Accounts
from ml.data.access.invitations import Invitations
from ml.data.access.keys import Keys
from ml.data.access.passwords import Passwords
from ml.data.access.second_factors import SecondFactors
from ml.data.access.sessions import Sessions
from ml.data.schema import accounts, api_keys, invitations, second_factors, sessions, users
from ml.data.store import Store

PASSWORD = "seven quiet herons"
START = 1_750_000_000_000


class HandClock:
    """Gives the milliseconds it was set to."""

    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def forward(self, *, s=0.0, minutes=0.0, hours=0.0):
        self.now += round((s + 60 * minutes + 3600 * hours) * 1000)


def access_to(store, clock, *, memory_mib=1):
    """As `Access.to`, with passwords that are quick to check."""
    passwords = Passwords(memory_mib=memory_mib)
    return Access(
        Keys(store, clock=clock),
        Accounts(store, passwords, clock=clock),
        Sessions(store, clock=clock),
        Invitations(store, passwords, clock=clock),
        SecondFactors(store, clock=clock),
    )


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def database(request, tmp_path_factory):
    """Address of a database for these tests."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('access') / 'ml.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = f"test_{uuid.uuid4().hex[:12]}"
    base = server.url.rpartition("/")[0]
    from sqlalchemy import create_engine, text

    engine = create_engine(server.url.replace("postgresql://", "postgresql+pg8000://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield f"{base}/{name}"
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(scope="session")
def opened(database):
    store = Store(database)
    yield store
    store.close()


@pytest.fixture
def store(opened):
    """An empty store."""
    empty(opened)
    return opened


def empty(store):
    with store.write(durable=False) as connection:
        for table in (accounts, api_keys, invitations, second_factors, sessions, users):
            connection.execute(table.delete())


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def access(store, clock):
    return access_to(store, clock)


@pytest.fixture
def other(database, clock, store):
    """The same, as another process sees it: by a store of its own."""
    second = Store(database)
    yield access_to(second, clock)
    second.close()


@pytest.fixture
def listeners(store):
    """Two listeners that one short form could mean."""
    with store.write() as connection:
        connection.execute(users.insert(), [
            {"key": 77, "source": "local", "external_id": "anna"},
            {"key": 78, "source": "hetrec", "external_id": "user/2"},
        ])  # fmt: skip
