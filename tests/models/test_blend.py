import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.models import blend as blend_module
from ml.models.base import TrainingData
from ml.models.blend import LIFT, Blend
from ml.models.content import Content
from ml.models.item_knn import ItemKNN
from ml.models.plays import Plays
from ml.models.popularity import Popularity


def listening(n_users: int = 90, n_items: int = 70) -> TrainingData:
    rng = np.random.default_rng(5)
    rows = [(n_items * rng.random(rng.integers(1, 12)) ** 2).astype(int).tolist() for _ in range(n_users)]
    tags = csr_matrix((rng.random((n_items, 6)) < 0.3).astype(np.float32))
    return TrainingData(Plays.of(rows, n_items=n_items), tags, rng.integers(0, 20, n_items).astype(np.int32))


def fitted(data: TrainingData) -> Blend:
    return Blend().fit(data, rng=np.random.default_rng(0))


def test_score_is_the_weighted_sum_on_learned_scales() -> None:
    data = listening()
    model = fitted(data)
    expected = sum(
        model.weights[member.name] / scale * member.score(data.plays).astype(np.float64)
        for member, scale in zip(model.members, model.scales, strict=True)
    )
    # What nobody has heard is lifted, as a whole.
    expected[:, model.unheard] *= LIFT
    assert len(model.unheard)
    np.testing.assert_allclose(model.score(data.plays), expected, atol=1e-5)
    np.testing.assert_allclose(sum(model.parts(data.plays).values()), model.score(data.plays), atol=1e-6)


def test_scale_is_the_mean_twentieth_score() -> None:
    data = listening()
    model = fitted(data)
    for member, scale in zip(model.members, model.scales, strict=True):
        twentieth = np.sort(member.score(data.plays), axis=1)[:, -20]
        assert scale == pytest.approx(twentieth.mean(), rel=1e-5)


def test_taking_a_listen_away_equals_scoring_without_it() -> None:
    """What the reasons of a recommendation rest on."""
    data = listening()
    model = fitted(data)
    history = data.plays.select([3])
    without = history.keep(np.arange(len(history.items)) != 1)
    some = np.array([4, 60, 9], dtype=np.int32)
    np.testing.assert_allclose(model.score(without, items=some)[0], model.score(without)[0, some], atol=1e-6)


def test_a_member_with_nothing_to_say_is_harmless() -> None:
    data = listening()
    silent = TrainingData(data.plays, csr_matrix((data.n_items, 0), dtype=np.float32), np.full(70, -1, dtype=np.int32))
    members = (Content(), Popularity())
    model = Blend(members, {"content": 1.0, "popularity": 1.0}).fit(silent, rng=np.random.default_rng(0))
    assert (model.parts(silent.plays)["content"] == 0).all()
    assert np.isfinite(model.score(silent.plays)).all()


def test_members_without_weight_are_not_asked() -> None:
    data = listening()
    model = Blend((ItemKNN(), Popularity()), {"item_knn": 1.0, "popularity": 0.0}).fit(
        data, rng=np.random.default_rng(0)
    )
    assert list(model.parts(data.plays)) == ["item_knn"]


def test_chunks_change_nothing(monkeypatch) -> None:
    data = listening()
    model = fitted(data)
    expected = model.score(data.plays)
    monkeypatch.setattr(blend_module, "CHUNK_NUMBERS", 7 * data.n_items)
    np.testing.assert_allclose(model.score(data.plays), expected, atol=1e-6)


def test_weights_must_fit_the_members() -> None:
    with pytest.raises(ValueError, match="popularity"):
        Blend((Popularity(),), {"item_knn": 1.0})
