"""Every model on worlds whose effects are known: what is there is found, and nothing where there is none."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.app import App
from ml.data.demo import DemoSize
from ml.evaluation import evaluate
from ml.evaluation.running import measure
from ml.foundation.settings import Recommendation, Settings
from ml.models.base import TrainingData
from ml.models.dataset import Dataset
from ml.models.ials import ImplicitALS
from ml.models.item_knn import ItemKNN
from ml.models.plays import Plays
from ml.models.popularity import Popularity
from ml.models.registry import MODELS
from ml.models.splits import cut

pytestmark = pytest.mark.slow
SIZE = DemoSize(listeners=300, tracks=400, artists=60, listens=20_000, days=180)


@pytest.fixture
def evaluated(tmp_path):
    def run(*, null):
        settings = Settings()
        settings.storage.home = tmp_path / "home"
        app = App.demo(settings, size=SIZE, null=null)
        found = app.evaluate()
        app.close()
        return found

    return run


def test_planted_tastes_are_found_by_every_model_of_taste(evaluated):
    found = evaluated(null=False)
    assert "synthetic demo world; by time" in found.protocol.split
    assert set(found.models) == set(MODELS) - {"replay"}
    beaten = {name for name, values in found.models.items() if values["ndcg@20"].beats_baseline}
    # Taste groups speak of strangers: a few hundred listeners make too few groups to say more than popularity does.
    assert beaten == {name for name in found.models if not name.startswith("popularity")} - {"taste_groups"}
    best_alone = max(found.models[name]["ndcg@20"].value for name in ("item_knn", "ease", "graph_filter", "slim"))
    assert found.models["portfolio"]["ndcg@20"].value >= 0.98 * best_alone


def gains(found):
    """Name the models that show a gain, with the metrics of accuracy that show it."""
    shown = {}
    for name, values in found.models.items():
        better = {
            metric for metric in ("recall@10", "recall@20", "ndcg@10", "ndcg@20") if values[metric].beats_baseline
        }
        shown |= {name: better} if better else {}
    return shown


def test_where_nothing_guides_what_is_heard_no_model_shows_a_gain(evaluated):
    found = evaluated(null=True)
    assert len(found.models) == len(MODELS) - 1
    assert gains(found) == {}


@dataclass
class Leaky(Popularity):
    """Popularity that has seen a few of the plays which are tested on."""

    leaked: Any = None
    name: ClassVar[str] = "leaky"

    def score(self, history, *, items=None):
        scores = super().score(history, items=items).copy()
        # Who it is, it knows by the history.
        own = {tuple(row.indices): place for place, row in enumerate(self.histories)}
        for row, heard in enumerate(history.counts):
            scores[row] += 1e6 * self.leaked[own[tuple(heard.indices)]].toarray()[0]
        return scores


def test_a_model_that_has_seen_what_is_tested_on_is_caught_by_the_world_without_effects():
    rng = np.random.default_rng(0)
    plays = Plays.of([rng.permutation(300)[:20].tolist() for _ in range(150)], n_items=300)
    data = TrainingData(plays, csr_matrix((300, 0), dtype=np.float32), np.full(300, -1, dtype=np.int32))
    split, said = cut(Dataset.of(data), "per_listener", seed=0)
    few = split.relevant.multiply(rng.random(split.relevant.shape) < 0.2).tocsr()

    def leaky():
        model = Leaky(leaked=few)
        model.histories = list(split.train.plays.counts)
        return model

    found = measure({"popularity": Popularity, "leaky": leaky}, split, said=said)
    assert set(gains(found)) == {"leaky"}
    honest = measure({"popularity": Popularity, "ials": ImplicitALS}, split, said=said)
    assert gains(honest) == {}


def test_models_are_shown_nothing_of_what_is_tested_on(monkeypatch):
    """Neither fitted on it, nor asked with it in the history."""
    rng = np.random.default_rng(0)
    plays = Plays.of([rng.permutation(60)[:12].tolist() for _ in range(80)], n_items=60)
    data = TrainingData(plays, csr_matrix((60, 0), dtype=np.float32), np.full(60, -1, dtype=np.int32))
    split, said = cut(Dataset.of(data), "per_listener", seed=0)
    tested = {tuple(pair) for pair in np.argwhere(split.played.toarray())}
    shown = []
    fit = ItemKNN.fit

    def watched(self, data, *, rng):
        shown.append({tuple(pair) for pair in np.argwhere(data.plays.counts.toarray())})
        return fit(self, data, rng=rng)

    monkeypatch.setattr(ItemKNN, "fit", watched)
    evaluate(split, Recommendation(), said=said, models=["item_knn", "portfolio", "hybrid", "slim"], ks=[10])
    assert len(shown) >= 4
    assert not any(pairs & tested for pairs in shown)
