"""One suite for everything that claims the protocol; adding a model to the registry adds it here."""

from __future__ import annotations

import doctest
import importlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.foundation.errors import NotTrained
from ml.models import files
from ml.models.base import Model, TrainingData, config_of, parts_of
from ml.models.plays import UNDATED, Plays
from ml.models.registry import MODELS

SIZE = 50

#: Checks a model rightly fails, and why.
EXEMPT = {
    ("popularity", "finds_what_was_withheld"): "knows no taste",
    ("popularity_recent", "finds_what_was_withheld"): "knows no taste",
    ("popularity_by_country", "finds_what_was_withheld"): "knows no taste within a country",
    ("popularity_by_group", "finds_what_was_withheld"): "knows no taste within a group",
    ("replay", "finds_what_was_withheld"): "scores only what was heard",
}

Make = Callable[[], Model]


def seeded(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def checkerboard() -> TrainingData:
    """Even listeners hear the even items, odd ones the odd; each but the one of his own number."""
    taste = [[i for i in range(SIZE) if i % 2 == u % 2 and i != u] for u in range(SIZE)]
    tags = csr_matrix(np.eye(2, dtype=np.float32)[np.arange(SIZE) % 2])
    return TrainingData(Plays.of(taste, n_items=SIZE), tags, np.arange(SIZE, dtype=np.int32) % 10)


def listening(n_users: int = 40, n_items: int = 60) -> TrainingData:
    """Dated, repeated, partly skipped plays from a few countries, with tags on most items."""
    rng = seeded(7)
    lengths = rng.integers(0, 40, n_users)
    indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    size = int(indptr[-1])
    times = rng.integers(1_700_000_000_000, 1_750_000_000_000, size)
    times[rng.random(size) < 0.2] = UNDATED
    plays = Plays(
        indptr,
        (n_items * rng.random(size) ** 2).astype(np.int32),
        rng.choice(np.array([0, 1, 1, 1, 7], dtype=np.float32), size),
        times,
        n_items,
        now=1_750_000_000_000,
        countries=[("DE", "FR", None)[user % 3] for user in range(n_users)],
    )
    tags = csr_matrix((rng.random((n_items, 12)) * (rng.random((n_items, 12)) < 0.2)).astype(np.float32))
    return TrainingData(plays, tags, rng.integers(-1, 20, n_items).astype(np.int32))


def frozen(data: TrainingData) -> list[np.ndarray]:
    plays, tags = data.plays, data.tags
    counts = plays.counts
    arrays = [plays.indptr, plays.items, plays.weights, plays.times, counts.data, counts.indices, counts.indptr]
    return [array.copy() for array in [*arrays, tags.data, tags.indices, tags.indptr, data.artists]]


def fitted(make: Make, data: TrainingData, seed: int = 0) -> Model:
    return make().fit(data, rng=seeded(seed))


# The checks: each takes a constructor and fails by AssertionError.


def finds_what_was_withheld(make: Make) -> None:
    data = checkerboard()
    scores = fitted(make, data).score(data.plays).copy()
    scores[data.plays.users, data.plays.items] = -np.inf
    assert (scores.argmax(axis=1) % 2 == np.arange(SIZE) % 2).all()
    own = scores[np.arange(SIZE), np.arange(SIZE)]
    others = np.where(np.arange(SIZE) % 2 != np.arange(SIZE)[:, None] % 2, scores, -np.inf).max(axis=1)
    assert (own > others).all()


def gives_float32_of_the_right_shape(make: Make) -> None:
    data = listening()
    scores = fitted(make, data).score(data.plays)
    assert scores.dtype == np.float32
    assert scores.shape == (data.plays.n_users, data.n_items)
    assert np.isfinite(scores).all()


def scores_a_batch_like_its_rows(make: Make) -> None:
    data = listening()
    model = fitted(make, data)
    rows = [model.score(data.plays.select([user]))[0] for user in range(data.plays.n_users)]
    np.testing.assert_allclose(model.score(data.plays), rows, atol=1e-6)


def scores_some_items_like_all(make: Make) -> None:
    data = listening()
    model = fitted(make, data)
    some = np.array([5, 17, 41, 5], dtype=np.int32)  # without the most popular
    np.testing.assert_allclose(model.score(data.plays, items=some), model.score(data.plays)[:, some], atol=1e-6)
    assert model.score(data.plays, items=some[:0]).shape == (data.plays.n_users, 0)


def repeats_itself(make: Make) -> None:
    data = listening()
    first, second = fitted(make, data), fitted(make, data)
    scores = first.score(data.plays)
    np.testing.assert_array_equal(scores, second.score(data.plays))
    np.testing.assert_array_equal(scores, first.score(data.plays))


def fits_anew(make: Make) -> None:
    data = listening()
    model = fitted(make, checkerboard()).fit(data, rng=seeded())
    np.testing.assert_array_equal(model.score(data.plays), fitted(make, data).score(data.plays))


def leaves_its_inputs_alone(make: Make) -> None:
    data = listening()
    before = frozen(data)
    model = fitted(make, data)
    scores = model.score(data.plays)
    expected = scores.copy()
    if scores.flags.writeable:  # then the caller may write into what it was given
        scores += 1
    np.testing.assert_array_equal(model.score(data.plays), expected)
    for array, copy in zip(frozen(data), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def answers_a_stranger(make: Make) -> None:
    data = listening()
    model = fitted(make, data)
    assert np.isfinite(model.score(Plays.of([[], []], n_items=data.n_items))).all()
    assert model.score(Plays.of([], n_items=data.n_items)).shape == (0, data.n_items)


def takes_a_skip_for_no_liking(make: Make) -> None:
    data = listening()
    model = fitted(make, data)
    silent = replace(data.plays, weights=np.zeros_like(data.plays.weights))
    nothing = replace(Plays.of([[]] * silent.n_users, n_items=silent.n_items), countries=silent.countries)
    np.testing.assert_array_equal(model.score(silent), model.score(nothing))
    liked = TrainingData(data.plays.keep(data.plays.weights > 0), data.tags, data.artists)
    np.testing.assert_array_equal(model.score(data.plays), fitted(make, liked).score(data.plays))


def follows_a_new_listen(make: Make) -> None:
    """More plays of an item must not make one that resembles it worse."""
    data = checkerboard()
    model = fitted(make, data)
    little, more = model.score(Plays.of([[0, 1], [0, 0, 0, 1]], n_items=SIZE))[:, 2]
    assert more >= little


def refuses_before_training(make: Make) -> None:
    data = listening()
    model = make()
    assert model.n_items is None
    assert not model.arrays()
    with pytest.raises(NotTrained, match="ml train"):
        model.score(data.plays)


def refuses_another_vocabulary(make: Make) -> None:
    model = fitted(make, listening())
    with pytest.raises(ValueError, match="60 items"):
        model.score(Plays.of([[0]], n_items=61))


def survives_its_arrays(make: Make) -> None:
    data = listening()
    model = fitted(make, data)
    arrays = model.arrays()
    assert all(array.dtype.kind in "biufU" for array in arrays.values())
    restored = make().restore({name: array.copy() for name, array in arrays.items()})
    assert restored.n_items == data.n_items
    np.testing.assert_array_equal(restored.score(data.plays), model.score(data.plays))


def fits_tiny_worlds(make: Make) -> None:
    for histories, n_items in ([[]], 1), ([[0]], 1), ([[0], []], 3), ([], 2):
        plays = Plays.of(histories, n_items=n_items)
        data = TrainingData(plays, csr_matrix((n_items, 0), dtype=np.float32), np.full(n_items, -1, dtype=np.int32))
        assert np.isfinite(fitted(make, data).score(plays)).all()


CHECKS = [
    finds_what_was_withheld,
    gives_float32_of_the_right_shape,
    scores_a_batch_like_its_rows,
    scores_some_items_like_all,
    repeats_itself,
    fits_anew,
    leaves_its_inputs_alone,
    answers_a_stranger,
    takes_a_skip_for_no_liking,
    follows_a_new_listen,
    refuses_before_training,
    refuses_another_vocabulary,
    survives_its_arrays,
    fits_tiny_worlds,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", MODELS)
def test_model(name: str, check: Callable[[Make], None]) -> None:
    if (name, check.__name__) in EXEMPT:
        with pytest.raises(AssertionError):  # an exemption that is no longer needed has to go
            check(MODELS[name])
    else:
        check(MODELS[name])


@pytest.mark.parametrize("name", MODELS)
def test_model_survives_its_files(name: str, tmp_path: Any) -> None:
    data = listening()
    model = fitted(MODELS[name], data)
    members = parts_of(model)
    models = {one.name: one for one in (*members, model)}
    keys = np.arange(data.n_items, dtype=np.int64) * 3
    version = files.save_set(tmp_path, files.ModelSet(keys, "track", models))
    loaded = files.load_set(tmp_path / version).models[name]
    np.testing.assert_array_equal(loaded.score(data.plays), model.score(data.plays))
    if not members:
        assert config_of(loaded) == config_of(model)


@pytest.mark.parametrize("name", MODELS)
def test_model_is_documented_with_an_example_that_runs(name: str) -> None:
    model = MODELS[name]
    assert model.name == name
    examples = doctest.DocTestFinder(recurse=False).find(model, name, importlib.import_module(model.__module__))
    assert any(test.examples for test in examples)
    for part in (model.fit, model.score, model.arrays, model.restore):
        assert part.__doc__


# Faults planted to see that the suite catches them.


@dataclass
class _Honest:
    """A model that passes everything but the withheld item."""

    name: ClassVar[str] = "honest"
    scores: Any = field(default=None, init=False)

    @property
    def n_items(self) -> int | None:
        return None if self.scores is None else len(self.scores)

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Any:
        self.scores = np.bincount(data.plays.counts.indices, minlength=data.n_items).astype(np.float32)
        return self

    def score(self, history: Plays, *, items: Any = None) -> Any:
        if self.scores is None:
            raise NotTrained("not trained", "ml train")
        if history.n_items != len(self.scores):
            raise ValueError(f"not of {len(self.scores)} items")
        scores = np.tile(self.scores, (history.n_users, 1))
        return scores if items is None else scores[:, items]

    def arrays(self) -> Any:
        return {} if self.scores is None else {"scores": self.scores}

    def restore(self, arrays: Any) -> Any:
        self.scores = arrays["scores"]
        return self


class _Mutates(_Honest):
    def score(self, history: Plays, *, items: Any = None) -> Any:
        history.weights[:] = 1
        return super().score(history, items=items)


class _Unseeded(_Honest):
    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Any:
        super().fit(data, rng=rng)
        self.scores += np.random.default_rng().random(len(self.scores)).astype(np.float32)
        return self


class _LooksAtItsNeighbours(_Honest):
    def score(self, history: Plays, *, items: Any = None) -> Any:
        return super().score(history, items=items) * np.float32(history.n_users)


class _NormalisesPerQuery(_Honest):
    def score(self, history: Plays, *, items: Any = None) -> Any:
        scores = super().score(history, items=items)
        return scores / max(1, scores.max(initial=0))


class _LikesSkips(_Honest):
    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Any:
        self.scores = np.bincount(data.plays.items, minlength=data.n_items).astype(np.float32)
        return self


class _LendsItsState(_Honest):
    def score(self, history: Plays, *, items: Any = None) -> Any:
        super().score(history, items=items)
        return np.lib.stride_tricks.as_strided(self.scores, (history.n_users, len(self.scores)), (0, 4))


class _Forgets(_Honest):
    def restore(self, arrays: Any) -> Any:
        self.scores = np.zeros_like(arrays["scores"])
        return self


class _GivesNothingToStrangers(_Honest):
    def score(self, history: Plays, *, items: Any = None) -> Any:
        scores = super().score(history, items=items)
        scores[np.diff(history.indptr) == 0] = np.nan
        return scores


class _Grows(_Honest):
    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Any:
        before = 0 if self.scores is None else self.scores.sum()
        super().fit(data, rng=rng)
        self.scores += before
        return self


@pytest.mark.parametrize("check", CHECKS[1:], ids=lambda check: check.__name__)
def test_an_honest_model_passes(check: Callable[[Make], None]) -> None:
    check(_Honest)


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        (_Honest, finds_what_was_withheld),
        (_Mutates, leaves_its_inputs_alone),
        (_Unseeded, repeats_itself),
        (_LooksAtItsNeighbours, scores_a_batch_like_its_rows),
        (_NormalisesPerQuery, scores_some_items_like_all),
        (_LikesSkips, takes_a_skip_for_no_liking),
        (_Forgets, survives_its_arrays),
        (_GivesNothingToStrangers, answers_a_stranger),
        (_Grows, fits_anew),
    ],
    ids=lambda part: part.__name__,
)
def test_a_planted_fault_is_caught(fault: Make, check: Callable[[Make], None]) -> None:
    with pytest.raises(AssertionError):
        check(fault)


def test_lent_state_is_caught() -> None:
    with pytest.raises(AssertionError):
        leaves_its_inputs_alone(_LendsItsState)
