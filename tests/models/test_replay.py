from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix

from ml.models.base import TrainingData
from ml.models.plays import Plays
from ml.models.replay import HOUR_MS, Replay


def score(model: Replay, plays: Plays) -> np.ndarray:
    data = TrainingData(plays, csr_matrix((plays.n_items, 0)), np.full(plays.n_items, -1, dtype=np.int32))
    return model.fit(data, rng=np.random.default_rng(0)).score(plays)


def dated(items: list[int], hours: list[float], *, n_items: int, now_hours: float) -> Plays:
    plays = Plays.of([items], n_items=n_items, now=int(now_hours * HOUR_MS))
    return replace(plays, times=(np.array(hours) * HOUR_MS).astype(np.int64))


def test_activation_is_the_formula() -> None:
    plays = dated([0, 0, 1], [0, 90, 100], n_items=3, now_hours=100)
    expected = np.log1p([(1 + 100 / 10) ** -0.5 + (1 + 10 / 10) ** -0.5, 1, 0])
    np.testing.assert_allclose(score(Replay(decay=0.5, unit_hours=10), plays)[0], expected, rtol=1e-6)


def test_totals_without_dates_rank_by_their_logarithm() -> None:
    plays = replace(Plays.of([[0, 1]], n_items=3), weights=np.array([3, 100], dtype=np.float32))
    np.testing.assert_allclose(score(Replay(), plays)[0], np.log1p([3, 100, 0]), rtol=1e-6)


def test_only_what_was_heard_and_not_skipped_scores() -> None:
    plays = replace(Plays.of([[0, 1], []], n_items=3), weights=np.array([1, 0], dtype=np.float32))
    assert (score(Replay(), plays) > 0).tolist() == [[True, False, False], [False, False, False]]


def test_a_clock_ahead_of_ours_is_now() -> None:
    plays = dated([0, 1], [10, 20], n_items=2, now_hours=10)
    first, second = score(Replay(), plays)[0]
    assert first == second


def test_recent_plays_count_more() -> None:
    plays = dated([0, 1], [0, 900], n_items=2, now_hours=1000)
    first, second = score(Replay(), plays)[0]
    assert second > first > 0
