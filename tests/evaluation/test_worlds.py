"""Every model on worlds whose effects are known: what is there is found, and nothing where there is none."""

import pytest

from ml.app import App
from ml.data.demo import DemoSize
from ml.foundation.settings import Settings
from ml.models.registry import MODELS

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
    assert beaten == set(found.models) - {"popularity", "popularity_recent", "popularity_by_country"}
    best_alone = max(found.models[name]["ndcg@20"].value for name in ("item_knn", "ease", "graph_filter", "slim"))
    assert found.models["portfolio"]["ndcg@20"].value >= 0.98 * best_alone


def test_where_nothing_guides_what_is_heard_no_model_shows_a_gain(evaluated):
    found = evaluated(null=True)
    assert len(found.models) == len(MODELS) - 1
    for name, values in found.models.items():
        gains = {metric for metric in ("recall@10", "recall@20", "ndcg@10", "ndcg@20") if values[metric].beats_baseline}
        assert gains == set(), name
