"""A store on both databases, with listeners to experiment on."""

import polars as pl
import pytest

from ml.data.schema import listens, subjects
from ml.data.store import Store, bulk
from ml.experiments import registry
from ml.experiments.definition import Definition

DAY = 86_400_000
START = 1_750_000_000_000
LISTENERS = range(1, 401)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def store(request, tmp_path):
    """Four hundred listeners; listener n has n % 10 listens, and lives in Peru if n is odd."""
    local = f"sqlite:///{tmp_path / 'ml.db'}"
    opened = Store(local if request.param == "sqlite" else request.getfixturevalue("postgres_url"))
    heard = [(user, START + number * 1000, 1 + number) for user in LISTENERS for number in range(user % 10)]
    with opened.write() as connection:
        columns = {"user_key": pl.Int64, "listened_at": pl.Int64, "item_key": pl.Int64}
        bulk.insert(connection, listens, pl.DataFrame(heard, schema=columns, orient="row"))
        homes = [{"user_key": user, "country": "PE" if user % 2 else None} for user in LISTENERS]
        bulk.insert(connection, subjects, pl.DataFrame(homes))
    yield opened
    opened.close()


@pytest.fixture
def defined():
    """Give a definition with the changes asked for."""

    def make(name="warm-start", **changes):
        return Definition.of({"name": name, "variants": VARIANTS, "metric": "minutes", **changes})

    return make


VARIANTS = [{"name": "A"}, {"name": "B", "parameters": {"algorithm": "ease"}}]


@pytest.fixture
def started(store, defined):
    """Give an experiment that runs."""

    def make(name="warm-start", *, share=1.0, **changes):
        registry.create(store, defined(name, **changes))
        return registry.start(store, name, share=share)

    return make
