"""A ranker learns from a later window what no single model says: here, that what is new is what gets played."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.models import files, judging
from ml.models.base import TrainingData
from ml.models.blend import Blend
from ml.models.dataset import Dataset
from ml.models.item_knn import ItemKNN
from ml.models.plays import Plays
from ml.models.popularity import Popularity, RecentPopularity
from ml.models.ranker import Ranker, Wish
from ml.models.ranker.candidates import candidates
from ml.models.ranker.facts import Facts
from ml.models.ranker.trees import Trees

DAY = 86_400_000
USERS, ITEMS, DAYS = 300, 120, 200


def world(*, fresh):
    """Two tastes; items come out one by one, and where ``fresh`` a listener mostly takes the newest of the taste."""
    rng = np.random.default_rng(3)
    out = np.linspace(0, DAYS - 10, ITEMS // 2)
    rows = []
    for user in range(USERS):
        for day in np.sort(rng.uniform(5, DAYS, 40)):
            there = np.flatnonzero(out <= day)
            weight = np.exp((there - there[-1]) / 3) if fresh else np.ones(len(there))
            chosen = rng.choice(there, p=weight / weight.sum())
            rows.append((user, 2 * chosen + user % 2, int(day * DAY)))
    users, items, times = np.array(rows).T
    indptr = np.concatenate([[0], np.cumsum(np.bincount(users, minlength=USERS))])
    plays = Plays(indptr, items.astype(np.int32), np.ones(len(items), np.float32), times, ITEMS, now=DAYS * DAY)
    return TrainingData(plays, csr_matrix((ITEMS, 0), dtype=np.float32), np.arange(ITEMS, dtype=np.int32) % 7)


def small():
    blend = Blend((ItemKNN(), Popularity()), {"item_knn": 1.0, "popularity": 0.05})
    return Ranker((blend, *blend.members, RecentPopularity()), named=60, named_by_others=20)


@pytest.fixture(scope="module")
def split():
    return Dataset.of(world(fresh=True)).split_by_time(share=0.1)


@pytest.fixture(scope="module")
def taught(split):
    return small().fit(split.train.data, rng=np.random.default_rng(0))


def test_what_followed_in_a_later_window_is_learned(split, taught):
    judges = judging.draw_judges(split, 300, rng=np.random.default_rng(0))
    ours, hybrid = (judging.judge(model, split, judges)["ndcg@20"].mean() for model in (taught, taught.members[0]))
    assert taught.gain.low > 0
    assert ours > 1.2 * hybrid


def test_trees_that_add_nothing_go():
    model = small().fit(world(fresh=False), rng=np.random.default_rng(0))
    assert model.trees is None
    assert model.gain.low <= 0
    history = world(fresh=False).plays.select([0, 1])
    ranked, plain = (np.argsort(-each.score(history), axis=1, kind="stable") for each in (model, model.members[0]))
    np.testing.assert_array_equal(ranked, plain)


def test_candidates_come_first_and_the_rest_keeps_its_order(split, taught):
    history = split.train.plays.select([0])
    scores = taught.score(history)[0]
    assert (scores[scores > 1] < 2).all()
    rest = np.flatnonzero(scores < 1)
    plain = taught.members[0].score(history)[0]
    assert (np.diff(plain[rest[np.argsort(scores[rest], kind="stable")]]) >= 0).all()
    assert not np.isin(np.flatnonzero(scores > 1), history.items).any()


def test_what_was_heard_may_be_a_candidate_where_repeats_count(split, taught):
    model = small()
    model.task = "next_listen"
    model.fit(split.train.data, rng=np.random.default_rng(0))
    history = split.train.plays.select([0])
    assert model.trees is None or np.isin(np.flatnonzero(model.score(history)[0] > 1), history.items).any()


def test_an_item_can_be_asked_for_alone(split, taught):
    history = split.train.plays.select([0, 1, 2])
    scores = taught.score(history)
    asked = np.argsort(-scores[0])[:5].astype(np.int32)
    np.testing.assert_allclose(taught.rescore(history, asked)[0], scores[0, asked], atol=1e-6)


def test_the_best_of_what_is_wished_for_are_candidates_and_their_odds_are_multiplied(split, taught):
    narrow = replace(taught, named=10, named_by_others=3)
    narrow.trees, narrow.facts = taught.trees, taught.facts
    history = split.train.plays.select([0, 1, 2])
    plain = narrow.score(history)
    wanted = np.flatnonzero(plain.max(axis=0) < 1)[::4]  # candidates of nobody
    lift = np.zeros(ITEMS, dtype=np.float32)
    lift[wanted] = np.log(100)
    usual, moved = narrow.score_wished(history, Wish(lift))
    alone = narrow.rescore(history, np.arange(ITEMS, dtype=np.int32)) - 1
    odds = alone / (1 - alone) * np.exp(lift)
    ranked = moved > 1
    # What is a candidate by the wish alone has what the trees give it, so that what the wish does is seen.
    np.testing.assert_array_equal(usual[~ranked], plain[~ranked])
    np.testing.assert_allclose((usual - 1)[ranked], alone[ranked], rtol=1e-3)
    np.testing.assert_allclose((moved - 1)[ranked], (odds / (1 + odds))[ranked], rtol=1e-3)
    for row, heard in enumerate(np.split(history.items, history.indptr[1:-1])):
        new = np.setdiff1d(wanted, heard)
        best = new[np.argsort(-narrow.members[0].score(history)[row, new], kind="stable")][:5]
        assert ranked[row, best].all()


def test_filters_leave_the_trees_candidates(split, taught):
    narrow = replace(taught, named=10, named_by_others=3)
    narrow.trees, narrow.facts = taught.trees, taught.facts
    history = split.train.plays.select([0])
    allowed = narrow.score(history)[0] < 1  # none of the usual candidates
    usual, moved = narrow.score_wished(history, Wish(allowed=allowed))
    assert np.count_nonzero(moved[0, allowed] > 1) == 10
    np.testing.assert_array_equal(usual[0, allowed], moved[0, allowed])  # a filter adds nothing


def test_the_same_seed_gives_the_same_trees(split, taught):
    again = small().fit(split.train.data, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(again.trees.text, taught.trees.text)


def test_a_ranker_with_trees_survives_its_files(split, taught, tmp_path):
    models = {model.name: model for model in (*taught.members, taught)}
    version = files.save_set(tmp_path, files.ModelSet(np.arange(ITEMS, dtype=np.int64), "track", models))
    loaded = files.load_set(tmp_path / version).models["hybrid_deep"]
    history = split.train.plays.select([0, 5])
    np.testing.assert_array_equal(loaded.score(history), taught.score(history))


def test_a_set_opens_without_lightgbm():
    code = "import sys; from ml.models import files; import ml.models.ranker; print('lightgbm' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_facts_of_items():
    plays = Plays(
        np.array([0, 3, 4]),
        np.array([0, 0, 1, 1], np.int32),
        np.array([1, 1, 0, 1], np.float32),
        np.array([0, 10, 20, 28]) * DAY,
        n_items=3,
    )
    facts = Facts.of(TrainingData(plays, csr_matrix((3, 0)), np.array([0, -1, 1], np.int32)))
    np.testing.assert_allclose(np.expm1(facts.listeners), [1, 1, 0], atol=1e-6)
    np.testing.assert_allclose(facts.age_days, [28, 8, -1])
    np.testing.assert_allclose(facts.skip_rate, [2.5 / 12, 3.5 / 12, 0.25])  # 1 of 4 in all, worth ten plays
    assert facts.artists.tolist() == [0, 2, 1]


def test_candidates_are_the_best_of_each_without_what_was_heard():
    history = Plays.of([[0], []], n_items=4)
    first = np.array([[9, 8, 7, 6], [1, 2, 3, 4]], dtype=np.float32)
    second = np.array([[0, 0, 0, 1], [5, 0, 0, 0]], dtype=np.float32)
    pairs = candidates(history, [(first, 1), (second, 1)], heard=False)
    assert list(zip(pairs.users.tolist(), pairs.items.tolist(), strict=True)) == [(0, 1), (0, 3), (1, 0), (1, 3)]
    everything = candidates(history, [(first, 1)], heard=True)
    assert everything.items.tolist() == [0, 3]


def test_too_few_hits_grow_no_trees():
    assert Trees.grow(np.zeros((500, 1), np.float32), np.arange(500) < 99, ["a"], rounds=2, seed=0) is None


def test_a_costly_member_that_adds_nothing_goes_and_one_that_adds_something_stays(split):
    bare = Ranker((ItemKNN(), RecentPopularity()), named=60, named_by_others=20, on_trial=("popularity_recent",))
    bare.fit(split.train.data, rng=np.random.default_rng(0))
    idle = Ranker((ItemKNN(), Popularity(), RecentPopularity()), named=60, on_trial=("popularity",))
    idle.fit(split.train.data, rng=np.random.default_rng(0))
    assert [member.name for member in idle.members] == ["item_knn", "popularity_recent"]
    assert idle.worth["popularity"].low <= 0
    kept = "popularity_recent" in [member.name for member in bare.members]
    assert kept == (bare.worth["popularity_recent"].low > 0)


def test_who_is_judged_has_no_say_in_which_members_stay(split, monkeypatch):
    bare = Ranker((ItemKNN(), Popularity(), RecentPopularity()), named=60, on_trial=("popularity",))
    bare.fit_members(split.train.data, seed=0)
    judges = judging.draw_judges(split, 100, rng=np.random.default_rng(0))
    asked, judged = [], []
    real, judge = Ranker._try, judging.judge

    def watched(self, split, judges, seed):
        if self.on_trial:
            asked.append(set(judges.tolist()))
        return real(self, split, judges, seed)

    def judging_whom(model, split, listeners, **options):
        if isinstance(model, Ranker) and len(asked) > 1 and len(listeners) == 50:
            judged.append(set(listeners.tolist()))
            assert not judged[-1] & asked[-1]
        return judge(model, split, listeners, **options)

    monkeypatch.setattr(Ranker, "_try", watched)
    monkeypatch.setattr(judging, "judge", judging_whom)
    bare.judge_crosswise(split, judges, seed=0)
    assert asked[0] == set(judges.tolist())
    assert [len(each) for each in asked[1:]] == [50, 50]
    assert asked[1] | asked[2] == judged[0] | judged[1] == asked[0]
    assert list(bare.worth) == ["popularity"]


def test_a_held_out_part_that_judges_nobody_grows_no_trees(split):
    data = split.train.data
    heard = data.plays.counts.sign()
    model = small().fit(replace(data, held_out=heard), rng=np.random.default_rng(0))
    assert model.trees is None
    assert np.isfinite(model.score(data.plays.select([0]))).all()
