"""What the demo world trains of the transformer, and what it says of it."""

import pytest

from ml.app import small_deep
from ml.foundation.settings import Settings
from ml.metrics.significance import Interval


def with_engine(**changes):
    settings = Settings()
    return settings.model_copy(
        update={"recommendation_engine": settings.recommendation_engine.model_copy(update=changes)}
    )


def test_the_demo_tries_a_small_transformer(monkeypatch):
    monkeypatch.setattr(small_deep, "missing", lambda extra: ())
    own = small_deep.small(with_engine(deep=True)).recommendation_engine
    assert (own.sequential, own.embedding_dim, own.epochs) == (True, 32, 1)


@pytest.mark.parametrize("changes", [{"deep": False}, {"sequential": True, "epochs": 7}])
def test_who_has_said_what_to_train_is_heard(monkeypatch, changes):
    monkeypatch.setattr(small_deep, "missing", lambda extra: ())
    settings = with_engine(**changes)
    assert small_deep.small(settings) == settings


def test_without_its_libraries_nothing_is_tried(monkeypatch):
    monkeypatch.setattr(small_deep, "missing", lambda extra: ("torch",))
    settings = with_engine(deep=True)
    assert small_deep.small(settings) == settings


def test_the_verdict_is_that_of_the_interval():
    def said(low):
        worth = {"sequential": Interval(mean=0.002, low=low, high=0.004, level=0.95, n=9)}
        return small_deep.verdict({"ranker": {"worth": worth}})

    assert "stays in" in said(0.001)
    assert "left out" in said(-0.001)
    assert "without" in small_deep.verdict({})
