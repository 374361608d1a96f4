"""The transformer: what it learns from order, from content, and how it is trained, kept and asked."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from ml.foundation.errors import BadInput
from ml.models import files
from ml.models.asking import Asking
from ml.models.base import TrainingData, config_of
from ml.models.plays import UNDATED, Plays
from ml.models.sequential import Sequential, checkpoint, graph, validation
from ml.models.sequential.context_tokens import N_TOKENS
from ml.models.sequential.lessons import Course, chances
from ml.models.sequential.progress import Progress
from ml.models.sequential.sequences import GAPS, Batch, Sequences, gaps, latest, offsets
from ml.models.situations import Situations

HOUR = 3_600_000
SMALL = {"embedding_dim": 16, "length": 10, "learning_rate": 0.01}


def seeded(seed=0):
    return np.random.default_rng(seed)


def dated(histories, n_items, *, gap=HOUR):
    """Histories whose plays are an hour apart."""
    plays = Plays.of(histories, n_items=n_items)
    times = np.concatenate([np.arange(len(history)) for history in histories] or [[]]).astype(np.int64) * gap
    return replace(plays, times=times, now=int(times.max(initial=0)))


def untagged(plays):
    return TrainingData(plays, csr_matrix((plays.n_items, 0), dtype=np.float32), np.full(plays.n_items, -1, np.int32))


def wheel(n_users=60, n_items=12, length=9):
    """Everybody goes round: after item i comes i + 1, wherever they begin."""
    return untagged(dated([[(u + step) % n_items for step in range(length)] for u in range(n_users)], n_items))


def world(n_users=120, seed=1):
    """Four genres of 15 tracks and 5 artists; each listener keeps to one. The last 8 tracks are never heard."""
    rng = seeded(seed)
    genre, artist = np.arange(60) % 4, np.arange(60) % 20
    heard = [np.flatnonzero((genre == u % 4) & (np.arange(60) < 52)) for u in range(n_users)]
    histories = [rng.choice(own, 12).tolist() for own in heard]
    tags = csr_matrix(np.eye(4, dtype=np.float32)[genre])
    return TrainingData(dated(histories, 60), tags, artist.astype(np.int32)), genre, artist


@pytest.fixture(scope="module")
def of_the_world():
    data, genre, artist = world()
    return Sequential(**SMALL, id_dropout=0.3).fit(data, rng=seeded()), data, genre, artist


# Sequences


def test_dated_plays_stand_in_time_and_skips_are_left_out():
    plays = Plays(
        np.array([0, 4, 4]),
        np.array([3, 1, 2, 1], np.int32),
        np.array([1, 0, 1, 1], np.float32),
        np.array([30, 20, 10, 40]),
        4,
    )
    sequences = Sequences.of(plays)
    assert sequences.items.tolist() == [2, 3, 1]
    assert sequences.lengths.tolist() == [3, 0]
    assert sequences.repeats(4).tolist() == [False, False, False]


def test_totals_come_first_each_item_once_the_largest_last():
    plays = Plays(
        np.array([0, 5]),
        np.array([0, 1, 2, 1, 0], np.int32),
        np.array([5, 2, 1, 2, 1], np.float32),
        np.array([UNDATED, UNDATED, UNDATED, UNDATED, 7]),
        3,
    )
    sequences = Sequences.of(plays)
    assert sequences.items.tolist() == [2, 1, 0, 0]
    assert sequences.repeats(3).tolist() == [False, False, False, True]


def test_what_has_no_order_gets_another_one_and_what_has_one_keeps_it():
    times = np.array([UNDATED] * 20 + list(range(5)))
    plays = Plays(np.array([0, 25]), np.arange(25, dtype=np.int32), np.ones(25, np.float32), times, 25)
    sequences = Sequences.of(plays)
    other = sequences.shuffled(seeded())
    assert other.items[:20].tolist() != sequences.items[:20].tolist()
    assert sorted(other.items[:20]) == list(range(20))
    assert other.items[20:].tolist() == [20, 21, 22, 23, 24]


@given(st.lists(st.lists(st.integers(0, 9), max_size=12), max_size=6), st.integers(1, 5), st.integers(1, 4))
def test_an_epoch_shows_every_play_once_and_what_follows_it_comes_later(histories, length, horizon):
    sequences = Sequences.of(dated(histories, 10))
    course = Course(length=length, batch_size=3, horizon=horizon, repeats=1.0, contenders=0)
    seen = np.zeros(len(sequences.items), int)
    for lesson in course.lessons(sequences, sequences.repeats(10), chances(sequences, 10), seeded()):
        inside = np.arange(lesson.batch.items.shape[1]) < lesson.batch.lengths[:, None]
        assert lesson.batch.lengths.max(initial=0) <= length
        np.add.at(seen, lesson.batch.places[inside], 1)
        assert (lesson.batch.items[inside] == sequences.items[lesson.batch.places[inside]]).all()
        assert (lesson.columns <= lesson.batch.lengths[lesson.rows]).all()
        assert set(lesson.contenders) == set(sequences.items.tolist())
    # The last play of a stretch is only foretold.
    assert (seen <= 1).all()


def test_with_a_horizon_of_one_the_very_next_play_is_foretold():
    sequences = Sequences.of(dated([[3, 1, 2], [0]], 4))
    course = Course(length=8, batch_size=8, horizon=1, repeats=1.0, contenders=0)
    (lesson,) = course.lessons(sequences, sequences.repeats(4), chances(sequences, 4), seeded())
    found = {
        (int(lesson.batch.lengths[r]), int(c)): int(t)
        for r, c, t in zip(lesson.rows, lesson.columns, lesson.targets, strict=True)
    }
    assert found == {(2, 0): 3, (2, 1): 1, (2, 2): 2, (0, 0): 0}


def test_repeats_can_be_left_out_of_what_is_foretold():
    sequences = Sequences.of(dated([[1, 1, 2, 1]], 3))
    course = Course(length=8, batch_size=8, horizon=1, repeats=0.0, contenders=0)
    (lesson,) = course.lessons(sequences, sequences.repeats(3), chances(sequences, 3), seeded())
    assert lesson.targets.tolist() == [1, 2]


@given(st.lists(st.one_of(st.just(UNDATED), st.integers(0, 10**13)), min_size=1, max_size=6))
def test_gaps_are_buckets_and_unknown_where_a_date_is(times):
    found = gaps(np.sort(np.array([times], dtype=np.int64)))[0]
    known = np.concatenate([[False], np.sort(times) != UNDATED])
    assert ((found > 0) == (known[:, None] & known)).all()
    assert found.max() < GAPS


def test_offsets_know_what_is_still_to_come():
    assert offsets(3, 1).tolist() == [[0, 2, 2], [1, 0, 2], [1, 1, 0]]


# What is learned


def test_the_order_is_learned():
    data = wheel()
    model = Sequential(**SMALL, horizon=1).fit(data, rng=seeded())
    model.replay_weight = 0.0
    asked = dated([[2, 3, 4], [9, 10, 11], [7]], 12)
    scores = model.score(asked)
    scores[asked.users, asked.items] = -np.inf  # nobody comes back to anything here, and that is all there is to find
    assert scores.argmax(axis=1).tolist() == [5, 0, 8]


def test_time_between_plays_is_learned():
    """After a pause the listener begins anew with item 0; without one he goes on to item 3."""
    rng = seeded()
    histories, times = [], []
    for _ in range(150):
        pause = rng.random() < 0.5
        histories.append([1, 2, 0 if pause else 3])
        times.append([0, 60_000_000 if pause else 60_000, 60_000_000 + 60_000 if pause else 120_000])
    plays = replace(Plays.of(histories, n_items=4), times=np.concatenate(times).astype(np.int64))
    model = Sequential(**SMALL, horizon=1, dropout=0.0, patience=30).fit(untagged(plays), rng=seeded())
    model.replay_weight = 0.0
    asked = replace(Plays.of([[1, 2], [1, 2]], n_items=4), times=np.array([0, 60_000_000, 0, 60_000]))
    after_pause, at_once = model.score(asked)
    assert after_pause[0] - after_pause[3] > at_once[0] - at_once[3]
    assert after_pause[0] > after_pause[3]
    assert at_once[3] > at_once[0]


def test_a_track_nobody_has_heard_lies_among_its_kind(of_the_world):
    model, _, genre, artist = of_the_world
    vectors = model.item_vectors / np.linalg.norm(model.item_vectors, axis=1, keepdims=True)
    closer = []
    for item in range(52, 60):
        likeness = vectors[:52] @ vectors[item]
        mates, artists = genre[:52] == genre[item], artist[:52] == artist[item]
        assert likeness[mates].mean() > likeness[~mates].mean() + 0.9
        closer.append(likeness[artists].mean() - likeness[mates & ~artists].mean())
    assert np.mean(closer) > 0.02  # nobody in this world prefers an artist: the tracks of one merely meet more often


def test_tracks_nobody_has_heard_are_found_by_those_who_would_like_them(of_the_world):
    model, data, genre, _ = of_the_world
    scores = model.score(data.plays)[:, 52:]
    best = np.argsort(-scores, axis=1)[:, :2] + 52
    right = genre[best] == (np.arange(data.plays.n_users) % 4)[:, None]
    assert right.mean() > 0.8  # by chance 0.25


def test_what_one_has_heard_is_what_one_comes_back_to(of_the_world):
    model, data, _, _ = of_the_world
    with_replay = model.score(data.plays)
    weight, model.replay_weight = model.replay_weight, 0.0
    without = model.score(data.plays)
    model.replay_weight = weight
    heard = data.plays.counts.toarray() > 0
    assert weight > 0
    assert (with_replay[heard] > without[heard]).all()
    np.testing.assert_array_equal(with_replay[~heard], without[~heard])


def test_a_stranger_gets_what_most_begin_with():
    data = untagged(dated([[3, 4, 5]] * 60 + [[0, 4, 5]] * 6 + [[1, 2, 3]] * 3, 6))
    model = Sequential(**SMALL, horizon=1).fit(data, rng=seeded())
    assert model.score(Plays.of([[]], n_items=6)).argmax() == 3


# Kept and asked


def test_the_graph_computes_what_pytorch_does():
    torch = pytest.importorskip("torch")
    from ml.models.sequential.beginning import Beginning
    from ml.models.sequential.content import Content
    from ml.models.sequential.learning import Learner, Plan
    from ml.models.sequential.serving import Encoder

    data, _, _ = world(30)
    plan = Plan(Course(10, 8, 1, 1.0, 0), 1, 1, 0.01, 1, "cpu", 3)
    content = Content.of(data)
    learner = Learner.new(
        content=content,
        heard=np.ones(60, bool),
        layers=3,
        heads=4,
        dropouts=(0.1, 0.1),
        width=32,
        plan=plan,
        n_tokens=N_TOKENS,
        beginning=Beginning.of(Sequences.of(data.plays, context=True), content, 32, rng=seeded()),
    )
    with torch.no_grad():  # also what begins with zeros and ones
        for parameter in learner.network.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(0)))
    histories = [[], [5], *[[i % 60 for i in range(n)] for n in (3, 9, 10, 25)]]
    sequences = Sequences.of(dated(histories, 60, gap=7 * HOUR), context=True)
    vectors, _ = learner.items()
    weights = learner.weights()
    encoder = Encoder(graph.encoder(weights, layers=3, heads=4), vectors, 10, weights["context"])
    expected = learner.encode(sequences)
    assert np.abs(expected).max() > 1
    np.testing.assert_allclose(encoder(sequences), expected, atol=1e-4)


def test_answering_never_imports_pytorch(of_the_world, tmp_path):
    model, data, _, _ = of_the_world
    version = files.save_set(tmp_path, files.ModelSet(np.arange(60, dtype=np.int64), "track", {"sequential": model}))
    np.save(tmp_path / "expected.npy", model.score(data.plays))
    code = f"""
import sys
import numpy as np
from pathlib import Path
from ml.models import files
from ml.models.plays import Plays
model = files.load_set(Path({str(tmp_path / version)!r})).models["sequential"]
scores = model.score(Plays.of([[1, 5], []], n_items=60))
assert scores.shape == (2, 60) and np.isfinite(scores).all()
assert not {{"torch", "onnx"}} & set(sys.modules), "answering has loaded what only training needs"
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


# Training


def test_a_training_that_was_killed_comes_out_as_if_it_had_not_been(tmp_path):
    data, _, _ = world()
    whole = Sequential(**SMALL, epochs=4, patience=9).fit(data, rng=seeded())

    class Killed(Exception):
        pass

    def kill(said):
        if said.startswith("epoch 2/"):
            raise Killed

    with pytest.raises(Killed):
        Sequential(**SMALL, epochs=4, patience=9).fit(data, rng=seeded(), on_step=kill, checkpoint=tmp_path)
    assert (tmp_path / checkpoint.FILE).exists()
    said = []
    resumed = Sequential(**SMALL, epochs=4, patience=9).fit(
        data, rng=seeded(), on_step=said.append, checkpoint=tmp_path
    )
    assert [line.partition(",")[0] for line in said] == ["epoch 3/4", "epoch 4/4"]
    for name, array in whole.arrays().items():
        np.testing.assert_array_equal(array, resumed.arrays()[name])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("damage", ["other settings", "other seed", "cut off", "no arrays"])
def test_what_another_training_left_is_not_gone_on_with(tmp_path, damage):
    data, _, _ = world(40)

    class Killed(Exception):
        pass

    def kill(_):
        raise Killed

    with pytest.raises(Killed):
        Sequential(**SMALL, epochs=3).fit(data, rng=seeded(), on_step=kill, checkpoint=tmp_path)
    path = tmp_path / checkpoint.FILE
    if damage == "cut off":
        path.write_bytes(path.read_bytes()[:1000])
    elif damage == "no arrays":
        path.write_text("nothing", encoding="utf-8")
    model = Sequential(**SMALL | {"epochs": 3, "dropout": 0.3 if damage == "other settings" else 0.2})
    said = []
    model.fit(data, rng=seeded(int(damage == "other seed")), on_step=said.append, checkpoint=tmp_path)
    assert said[0].startswith("epoch 1/3")


def test_training_stops_when_nothing_gets_better():
    said = []
    rng = seeded()
    noise = untagged(dated([rng.integers(0, 40, 10).tolist() for _ in range(120)], 40))
    Sequential(**SMALL, epochs=60, patience=2).fit(noise, rng=seeded(), on_step=said.append)
    assert 3 <= len(said) < 60
    assert all("NDCG@10" in line for line in said)


def test_what_was_learned_is_kept_only_where_it_is_better_for_sure():
    rng = seeded()
    noise = untagged(dated([rng.integers(0, 40, 10).tolist() for _ in range(120)], 40))
    learned, begun = (Sequential(**SMALL, epochs=n).fit(noise, rng=seeded()) for n in (4, 0))
    np.testing.assert_array_equal(learned.item_vectors, begun.item_vectors)
    order = Sequential(**SMALL, horizon=1, epochs=30).fit(wheel(n_users=240), rng=seeded())
    assert (order.item_vectors != Sequential(**SMALL, epochs=0).fit(wheel(240), rng=seeded()).item_vectors).any()


def test_an_epoch_is_the_best_where_it_is_above_the_beginning_for_sure_and_above_those_before():
    begun = np.tile([0.2, 0.4], 50)
    assert Progress(epoch=1).is_best()
    assert not Progress(1, [begun, begun]).is_best()
    assert not Progress(1, [begun, begun + seeded().normal(0.01, 1, 100)]).is_best()
    assert Progress(1, [begun, begun + 0.1]).is_best()
    assert not Progress(2, [begun, begun + 0.1, begun + 0.05], best_epoch=1).is_best()
    assert Progress(2, [begun, begun + 0.1, begun + 0.2], best_epoch=1).is_best()


def by_activity(n_users=200, length=24):
    """Everybody hears 0 to 9 at work and 10 to 19 before they sleep, as it comes."""
    rng = seeded(5)
    asleep = rng.random((n_users, length)) < 0.5
    items = rng.integers(0, 10, (n_users, length)) + 10 * asleep
    plays = dated(items.tolist(), 20)
    heard = Situations.of(["sleep" if each else "work" for each in asleep.ravel()], [None] * asleep.size)
    return untagged(replace(plays, situations=heard))


def test_the_context_asked_for_tells_what_comes():
    data = by_activity()
    model = Sequential(**SMALL, context_tokens=True, repeats=1.0, horizon=1).fit(data, rng=seeded())
    model.replay_weight = 0.0
    asking = [Asking(activity="sleep"), Asking(activity="work"), None]
    asked = replace(data.plays.select([0, 0, 0]), asking=asking)
    asleep, at_work, either = model.score(asked)
    assert asleep[10:].min() > asleep[:10].max()
    assert at_work[:10].min() > at_work[10:].max()
    np.testing.assert_allclose(either, model.score(data.plays.only(0))[0], atol=1e-6)
    # What a play was heard in counts too, and all of it is kept.
    unsaid = replace(data.plays.only(0), situations=None)
    assert np.abs(model.score(unsaid)[0] - either).max() > 1e-5
    again = Sequential(**SMALL, context_tokens=True, repeats=1.0, horizon=1).restore(model.arrays())
    again.replay_weight = 0.0
    np.testing.assert_array_equal(again.score(asked), model.score(asked))


def test_gathered_steps_move_the_weights_less_often():
    data = wheel()
    one = Sequential(**SMALL, epochs=2, horizon=1).fit(data, rng=seeded())
    four = Sequential(**SMALL, epochs=2, horizon=1, gradient_accumulation_steps=4).fit(data, rng=seeded())
    assert (one.item_vectors != four.item_vectors).any()


def test_the_process_keeps_its_own_chance():
    torch = pytest.importorskip("torch")
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    Sequential(**SMALL, epochs=1).fit(wheel(), rng=seeded())
    assert torch.equal(torch.rand(3), expected)


def test_a_device_that_is_not_there_is_refused():
    with pytest.raises(BadInput, match="cannot train on the device 'tpu9'"):
        Sequential(**SMALL, device="tpu9").fit(wheel(), rng=seeded())


def test_a_width_that_heads_do_not_divide_is_refused():
    with pytest.raises(ValueError, match="heads"):
        Sequential(embedding_dim=15, heads=2)


def test_settings_are_what_a_card_can_hold():
    assert all(isinstance(value, int | float | str) for value in config_of(Sequential()).values())


# What is put aside


def test_the_last_plays_of_some_are_put_aside():
    sequences = Sequences.of(dated([list(range(20))] * 90, 20))
    rest, aside = validation.put_aside(sequences, 20, rng=seeded())
    assert aside.history.n_users == 30
    assert aside.is_enough
    assert rest.lengths.tolist().count(18) == 30
    assert (aside.played.toarray()[:, 18:] == 1).all()
    assert aside.played.nnz == aside.discovered.nnz == 60
    assert (aside.asked_at == 18 * HOUR).all()


def test_a_part_that_the_caller_has_put_aside_is_used_as_it_is():
    data, _, _ = world()
    held_out = csr_matrix(np.eye(120, 60, dtype=np.float32))
    model = Sequential(**SMALL, epochs=2).fit(replace(data, held_out=held_out), rng=seeded())
    assert (model.item_vectors != Sequential(**SMALL, epochs=2).fit(data, rng=seeded()).item_vectors).any()
    aside = validation.given(Sequences.of(data.plays), held_out, 60, data.plays.now)
    assert aside.history.n_users == 60


def test_a_batch_is_what_was_heard_last():
    batch = latest(Sequences.of(dated([[0, 1, 2, 3], [], [4]], 5)), 3)
    assert isinstance(batch, Batch)
    assert batch.items.tolist() == [[1, 2, 3], [0, 0, 0], [4, 0, 0]]
    assert batch.lengths.tolist() == [3, 0, 1]
