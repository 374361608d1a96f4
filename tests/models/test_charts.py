"""A ranking that many listeners share gives each of them what ranking their own row would."""

from dataclasses import replace

import numpy as np
import pytest

from ml.models import charts
from ml.models.base import TrainingData, config_of
from ml.models.charts import ByChart, Chart
from ml.models.plays import Plays
from ml.models.popularity import CountryPopularity, RecentPopularity
from ml.models.ranker.candidates import candidates

N = 60


@pytest.fixture(params=[3, 1_024])
def few_places(request, monkeypatch):
    """Whether more has to be ranked than was at first."""
    monkeypatch.setattr(charts, "PLACES", request.param)


def history(rng):
    heard = [rng.permutation(N)[: int(rng.integers(0, N + 1))].tolist() for _ in range(7)]
    # Repeats are no news.
    return Plays.of([each + each[:3] for each in heard], n_items=N)


@pytest.mark.usefixtures("few_places")
@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_candidates_by_charts_are_those_of_whole_rows(seed, heard):
    rng = np.random.default_rng(seed)
    # Ties, since many items are as popular as others.
    shared = [Chart(rng.integers(0, 9, N).astype(np.float32)) for _ in range(2)]
    own = [shared[user % 2] for user in range(7)]
    listened = history(rng)
    rows = np.stack([chart.scores for chart in own])
    for n in (1, 5, 2 * N):
        short = candidates(listened, [(ByChart(own), n)], heard=heard)
        long = candidates(listened, [(rows, n)], heard=heard)
        np.testing.assert_array_equal(short.users, long.users)
        np.testing.assert_array_equal(short.items, long.items)
        np.testing.assert_array_equal(ByChart(own).at(long.users, long.items), rows[long.users, long.items])


def test_looking_for_candidates_leaves_the_scores_alone():
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(7, N)).astype(np.float32)
    before = scores.copy()
    candidates(history(rng), [(scores, 5)], heard=False)
    np.testing.assert_array_equal(scores, before)


@pytest.mark.parametrize("model", [RecentPopularity(), CountryPopularity(shrinkage=1)])
def test_charts_of_a_model_are_its_scores_also_after_another_training(model):
    for seed in (0, 1):
        rng = np.random.default_rng(seed)
        plays = replace(history(rng), countries=["DE", "FR", None, "DE", "FR", "PE", "PE"])
        data = TrainingData(plays, np.empty((N, 0)), np.full(N, -1))
        model.fit(data, rng=rng)
        scores = model.score(plays)
        np.testing.assert_array_equal(np.stack([chart.scores for chart in model.charts(plays)]), scores)
        restored = type(model)(**config_of(model)).restore(model.arrays())
        np.testing.assert_array_equal(np.stack([chart.scores for chart in model.charts(plays)]), scores)
        assert restored.charts(plays)[0].first(3).tolist() == np.argsort(-scores[0], kind="stable")[:3].tolist()
