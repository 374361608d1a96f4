"""Both databases, for every test that asks for a store."""

import pytest

from ml.data.store import Store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def store(request, tmp_path):
    """An empty store: SQLite in a folder, then a fresh PostgreSQL database."""
    local = f"sqlite:///{tmp_path / 'ml.db'}"
    url = local if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    opened = Store(url)
    yield opened
    opened.close()
