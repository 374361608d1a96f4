import pytest

from ml.data.demo import DemoSize, World, make_world

SIZE = DemoSize(listeners=800, tracks=2_500, artists=300, listens=90_000, days=360)


@pytest.fixture(scope="session")
def world() -> World:
    return make_world(SIZE, seed=7)


@pytest.fixture(scope="session")
def null() -> World:
    return make_world(SIZE, seed=7, null=True)
