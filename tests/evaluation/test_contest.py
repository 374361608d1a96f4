"""Models against each other: every number beside its baseline, nothing leaked, nothing sampled."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.evaluation import evaluate, evaluate_files, memory
from ml.evaluation.running import measure
from ml.foundation.errors import BadInput
from ml.foundation.settings import Recommendation as Settings
from ml.models.base import TrainingData
from ml.models.dataset import Dataset
from ml.models.plays import Plays
from ml.models.popularity import Popularity
from ml.models.replay import Replay
from ml.models.splits import cut

N = 30


def dataset(histories, times=None):
    """Listeners with their plays, an hour apart where no times are given."""
    lengths = [len(history) for history in histories]
    plays = Plays.of(histories, n_items=N)
    moments = np.concatenate([np.arange(length) for length in lengths]) * 3_600_000 if times is None else times
    plays = Plays(plays.indptr, plays.items, plays.weights, moments.astype(np.int64), N, now=int(moments.max()))
    data = TrainingData(plays, csr_matrix((N, 0), dtype=np.float32), np.full(N, -1, dtype=np.int32))
    return Dataset("track", np.arange(N), np.arange(len(histories)), np.empty(0, np.int64), (), data, "")


def checkerboard():
    """Even listeners hear even tracks, odd ones odd tracks; each lacks some."""
    rng = np.random.default_rng(0)
    return dataset([rng.permutation(np.arange(user % 2, N, 2))[:12].tolist() for user in range(60)])


@dataclass
class Oracle:
    """Knows the answer: what a model does that was fitted on the test part."""

    answer: Any
    name: ClassVar[str] = "oracle"
    n_items: int | None = field(default=None, init=False)

    def fit(self, data, *, rng):
        self.n_items = data.n_items
        return self

    def score(self, history, *, items=None):
        return self.answer[: history.n_users].toarray().astype(np.float32)


def test_every_model_stands_beside_the_baseline_with_intervals():
    split, said = cut(checkerboard(), "per_listener", seed=0)
    found = evaluate(split, Settings(), said=said, models=["item_knn", "ials"], ks=[5, 10])
    assert list(found.models) == ["popularity", "item_knn", "ials"]
    protocol = found.protocol
    assert (protocol.task, protocol.baseline, protocol.k, protocol.n_items) == ("discovery", "popularity", (5, 10), N)
    assert protocol.n_listeners == 60
    for name, values in found.models.items():
        low, high = values["ndcg@10"].ci
        assert low <= values["ndcg@10"].value <= high
        assert values["peak_mb"] > 10
        assert values["ndcg@10"].beats_baseline == (name != "popularity")
    assert found.models["popularity"]["recall@5"].above_baseline_ci == (0, 0)


def test_the_answer_scores_one():
    split, said = cut(checkerboard(), "per_listener", seed=0)
    makers = {"popularity": Popularity, "oracle": lambda: Oracle(split.relevant)}
    found = measure(makers, split, said=said, ks=[10]).models["oracle"]
    assert found["ndcg@10"].value == found["recall@10"].value == found["mrr@10"].value == 1


def test_the_two_tasks_are_not_the_same():
    """Who hears one track again and again is foreseen by replay, and discovers nothing."""
    histories = [[*((user + step) % N for step in range(1, 9)), user % N, user % N, user % N] for user in range(40)]
    split, said = cut(dataset(histories), "last")
    again = measure({"replay": Replay, "popularity": Popularity}, split, said=said, task="next_listen", ks=[1])
    assert again.models["replay"]["recall@1"].value == 1
    assert again.protocol.masked == "nothing"
    with pytest.raises(BadInput, match="nobody to judge by"):
        measure({"popularity": Popularity}, split, said=said, task="discovery", ks=[1])


def test_next_listen_without_repeats_is_refused():
    """Where each item is held out with all its plays, replay could foresee nothing, and everybody would beat it."""
    split, said = cut(checkerboard(), "per_listener", seed=0)
    with pytest.raises(BadInput, match="is a repeat"):
        evaluate(split, Settings(), said=said, task="next_listen")


def test_a_list_is_no_longer_than_the_catalogue():
    split, said = cut(checkerboard(), "per_listener", seed=0)
    found = evaluate(split, Settings(), said=said, models=["item_knn"], ks=[10, 1_000_000])
    assert found.models["item_knn"]["recall@1000000"].value == 1


def test_a_system_that_tells_no_peak_of_memory_costs_only_that_number(monkeypatch, tmp_path):
    monkeypatch.setattr(memory, "_CLEAR", tmp_path / "nowhere" / "clear_refs")
    split, said = cut(checkerboard(), "per_listener", seed=0)
    assert evaluate(split, Settings(), said=said, models=["popularity"]).models["popularity"]["peak_mb"] is None


def test_without_effects_nobody_gains():
    rng = np.random.default_rng(1)
    split, said = cut(dataset([rng.permutation(N)[:10].tolist() for _ in range(200)]), "per_listener", seed=0)
    found = evaluate(split, Settings(), said=said, models=["item_knn", "ials", "hybrid"], ks=[10])
    for values in found.models.values():
        assert values["ndcg@10"].above_baseline_ci[0] < 0.02


def test_the_same_seed_gives_the_same_numbers():
    def once():
        split, said = cut(checkerboard(), "per_listener", seed=3)
        found = evaluate(split, Settings(), said=said, models=["ials"], ks=[10], seed=3).models["ials"]
        return found["ndcg@10"]

    assert once() == once()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"models": ["easy"]}, "no model is called 'easy'"),
        ({"task": "rating"}, "no task is called 'rating'"),
        ({"ks": [0]}, "at least 1"),
        ({"ks": []}, "at least 1"),
        ({"models": []}, "no model is named"),
    ],
)
def test_what_cannot_be_asked_for(options, message):
    split, said = cut(checkerboard(), "per_listener")
    with pytest.raises(BadInput) as error:
        evaluate(split, Settings(), said=said, **options)
    assert message in f"{error.value.message} {error.value.hint}"


def test_files_mask_what_is_in_train_and_valid(tmp_path):
    """Item 0 is everybody's; it is never offered to whom it is known, so the first place goes to item 9."""
    (tmp_path / "train.txt").write_text("0 0 1\n1 0 1\n2 0 9\n3 0 9\n4 5\n")
    (tmp_path / "valid.txt").write_text("4 0 1\n")
    (tmp_path / "test.txt").write_text("0 9\n1 9\n4 9\n")
    files = [tmp_path / f"{name}.txt" for name in ("train", "test", "valid")]
    found = evaluate_files(Settings(), *files, models=["popularity"], ks=[1])
    assert found.models["popularity"]["recall@1"].value == 1
    assert found.protocol.split == "published: train.txt / test.txt, valid.txt left out"
    assert found.protocol.n_listeners == 3
    without = evaluate_files(Settings(), *files[:2], models=["popularity"], ks=[1])
    assert without.models["popularity"]["recall@1"].value == pytest.approx(2 / 3)
