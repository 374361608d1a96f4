import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from ml.models import bpr
from ml.models.base import TrainingData
from ml.models.bpr import BPR, _minimum
from ml.models.plays import Plays


def data_of(plays: Plays) -> TrainingData:
    return TrainingData(plays, csr_matrix((plays.n_items, 0)), np.full(plays.n_items, -1, dtype=np.int32))


def circles(n_users: int = 60, n_items: int = 40) -> Plays:
    """Even listeners hear half of the even items, odd ones of the odd."""
    rng = np.random.default_rng(3)
    heard = (rng.random((n_users, n_items)) < 0.5) & (np.arange(n_items) % 2 == np.arange(n_users)[:, None] % 2)
    return Plays.of([np.flatnonzero(row).tolist() for row in heard], n_items=n_items)


def fit(model: BPR, plays: Plays, seed: int = 0) -> BPR:
    return model.fit(data_of(plays), rng=np.random.default_rng(seed))


def test_two_circles_are_separated_for_strangers_too() -> None:
    model = fit(BPR(factors=8), circles())
    for history in ([0], [4, 8], list(range(0, 40, 4))):
        even, odd = model.score(Plays.of([history, [item + 1 for item in history]], n_items=40))
        assert even[::2].mean() > even[1::2].mean() + 0.5
        assert odd[1::2].mean() > odd[::2].mean() + 0.5


def test_fold_in_reaches_the_minimum_of_the_loss(monkeypatch) -> None:
    monkeypatch.setattr(bpr, "FOLD_STEPS", 50)
    rng = np.random.default_rng(0)
    heard, unheard = rng.normal(0.3, 1, (7, 4)), rng.normal(0, 1, (30, 4))

    def loss(w: np.ndarray) -> float:
        ahead = (heard @ w)[:, None] - (unheard @ w)[None, :]
        return np.logaddexp(0, -ahead).sum() / len(unheard) + 0.5 * len(heard) * 0.1 * w @ w

    best = minimize(loss, np.zeros(4), tol=1e-10)
    np.testing.assert_allclose(_minimum(heard, unheard, 0.1, 1), best.x, atol=1e-4)
    assert loss(_minimum(heard, unheard, 0.1, 1)) < best.fun + 1e-6


def test_who_has_heard_everything_is_told_nothing() -> None:
    model = fit(BPR(factors=4), circles())
    assert not model.score(Plays.of([list(range(40))], n_items=40)).any()


def test_a_strangers_best_are_of_the_own_circle() -> None:
    plays = circles()
    scores = fit(BPR(factors=8), plays).score(plays)
    best = np.argsort(-scores, axis=1)[:, :10]
    assert (best % 2 == np.arange(60)[:, None] % 2).mean() > 0.99
