from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix

from ml.models.base import TrainingData
from ml.models.plays import UNDATED, Plays
from ml.models.popularity import DAY_MS, CountryPopularity, Popularity, RecentPopularity


def data_of(plays: Plays) -> TrainingData:
    return TrainingData(plays, csr_matrix((plays.n_items, 0)), np.full(plays.n_items, -1, dtype=np.int32))


def row(model, plays: Plays, **asking) -> np.ndarray:
    fitted = model.fit(data_of(plays), rng=np.random.default_rng(0))
    return fitted.score(replace(Plays.of([[]], n_items=plays.n_items), **asking))[0]


def test_counts_listeners_not_plays() -> None:
    plays = Plays.of([[0] * 100, [1], [1], [1]], n_items=3)
    np.testing.assert_allclose(row(Popularity(), plays), [np.log(2) / np.log(4), 1, 0], rtol=1e-6)


def test_recent_halves_a_voice_each_half_life_and_spares_the_undated() -> None:
    plays = replace(
        Plays.of([[0], [1], [2], [2]], n_items=4), times=np.array([0, 20 * DAY_MS, UNDATED, 5 * DAY_MS], dtype=np.int64)
    )
    voices = np.array([0.25, 1, 1 + 2**-1.5, 0])
    expected = np.log1p(voices) / np.log1p(voices.max())
    np.testing.assert_allclose(row(RecentPopularity(half_life_days=10), plays), expected, rtol=1e-6)


def test_recent_hears_a_listener_once_by_his_last_liked_play() -> None:
    plays = replace(
        Plays.of([[0, 0, 0], [1]], n_items=2),
        times=np.array([0, 1, 2, 1]) * DAY_MS,
        weights=np.array([1, 1, 0, 1], dtype=np.float32),
    )
    np.testing.assert_allclose(row(RecentPopularity(half_life_days=1), plays), [1, 1], rtol=1e-6)


def test_country_follows_its_own_listeners_and_strangers_follow_the_world() -> None:
    plays = replace(Plays.of([[0]] * 3 + [[1]] * 5, n_items=2), countries=["DE"] * 3 + ["FR"] * 4 + [None])
    model = CountryPopularity(shrinkage=0.001)
    assert row(model, plays, countries=["DE"]).argmax() == 0
    assert row(model, plays, countries=["FR"]).argmax() == 1
    world = row(Popularity(), plays)
    for unknown in ["US"], [None], None:
        np.testing.assert_allclose(row(model, plays, countries=unknown), world, rtol=1e-5)


def test_a_small_country_is_shrunk_to_the_world() -> None:
    plays = replace(Plays.of([[0]] + [[1]] * 50, n_items=2), countries=["DE"] + ["FR"] * 50)
    assert row(CountryPopularity(shrinkage=100), plays, countries=["DE"]).argmax() == 1
    assert row(CountryPopularity(shrinkage=0.1), plays, countries=["DE"]).argmax() == 0
