"""Statements that come again, and a server that goes away."""

import pytest
from sqlalchemy import bindparam, select, text
from tests.servers import running_postgres

from ml.data.schema import facts
from ml.data.store import Store
from ml.foundation.errors import StoreError

pytestmark = pytest.mark.server
_FACT = select(facts.c.value).where(facts.c.name == bindparam("name"))


@pytest.fixture
def store(postgres_url):
    made = Store(postgres_url)
    yield made
    made.close()


def test_a_statement_that_comes_again_is_answered_as_the_first_time(store):
    for number in range(8):
        store.state("n", str(number))
        assert store.first(_FACT, {"name": "n"}).value == str(number)
        assert store.first(_FACT, {"name": "nothing"}) is None
        with store.read() as connection:
            assert connection.execute(_FACT, {"name": "n"}).scalar_one() == str(number)


def test_more_statements_than_are_remembered(store):
    with store.read() as connection:
        for number in [*range(300)] * 4:
            statement = text(f"SELECT {number} + :more")
            assert connection.execute(statement, {"more": 1}).scalar_one() == number + 1


def test_what_failed_leaves_the_next_question_alone(store):
    for _ in range(5):
        with pytest.raises(Exception, match="division by zero"), store.read() as connection:
            connection.execute(text("SELECT 1 / CAST(:n AS integer)"), {"n": 0})
        with store.read() as connection:
            assert connection.execute(text("SELECT 1 / CAST(:n AS integer)"), {"n": 1}).scalar_one() == 1


def test_a_server_that_is_killed_is_said_and_one_that_is_back_is_asked():
    with running_postgres({}) as server:  # the tests' own forgets what it was told last
        store = Store(server.url)
        store.state("n", "1")
        assert store.first(_FACT, {"name": "n"}).value == "1"
        server.kill()
        for _ in range(3):
            with pytest.raises(StoreError):
                store.first(_FACT, {"name": "n"})
        server.start()
        assert store.first(_FACT, {"name": "n"}).value == "1"
        store.state("n", "1")
        store.close()
