"""The beginning of a ranking is the beginning of the whole ranking, whatever is left out, lowered or asked for."""

import numpy as np
import pytest

from ml.app import App
from ml.foundation.settings import Settings
from ml.models.portfolio import Portfolio, portfolio_members
from ml.models.ranker import Ranker, ranker_members
from ml.models.splits import cut
from ml.recommendation_engine.offers import Offers

ME = "test:both-1"


@pytest.fixture(scope="module")
def learned(genre_world):
    """A ranker with trees on the models of the world, and a portfolio; what they learned is not the point."""
    app = App(Settings(), home=genre_world)
    models = app.engine._current.get().models.models
    dataset = app._dataset(None)
    split, _ = cut(dataset, seed=0)
    ranker = Ranker(tuple(models[each.name] for each in ranker_members() if each.name in models), named=20)
    ranker.learn(split, np.arange(split.train.plays.n_users), seed=0)
    assert ranker.trees is not None
    portfolio = Portfolio.of(portfolio_members()).fit(dataset.data, rng=np.random.default_rng(0))
    app.close()
    return {"hybrid_deep": ranker, "portfolio": portfolio}


@pytest.fixture
def both(desk, learned):
    """The desk, with those among the models in use."""
    desk.engine._current.get().models.models.update(learned)
    return desk


def shown(answer):
    return [(track.item_id, track.score, track.familiar, track.why) for track in answer.tracks]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"count": 3, "max_per_artist": 1},
        {"count": 200, "max_per_artist": 200},  # more than there are candidates
        {"count": 30, "max_per_artist": 1},  # artists run out among them
        {"familiar_ratio": 0.5},
        {"preferences": {"year_from": 1900}},
        {"exposure": {"tail": 0.5}},
        {"context": {"activity": "workout"}},
    ],
)
def test_a_list_is_that_of_the_whole_ranking(both, monkeypatch, options):
    # Early skips and a dislike lower the scores of an artist's other candidates below 1; what is blocked is left out.
    first = both.ask(ME).tracks
    for _ in range(6):
        both.tell(ME, first[0].item_id, "skip", ms_played=1_000)
    both.tell(ME, first[1].item_id, "dislike")
    both.tell(ME, first[3].item_id, "block")
    short = both.ask(ME, **options)
    monkeypatch.setattr(Offers, "is_short", lambda self, algorithm: False)
    assert shown(both.ask(ME, **options)) == shown(short)
    assert first[3].item_id not in {track.item_id for track in short.tracks}


def test_only_what_is_looked_at_is_scored(both, monkeypatch):
    asked = []
    monkeypatch.setattr(Offers, "score", lambda self, rows: asked.extend(rows))
    assert len(both.ask(ME, count=5).tracks) == 5
    assert not asked


@pytest.mark.parametrize("algorithm", ["portfolio", "hybrid_deep", "hybrid"])
@pytest.mark.parametrize("reasons", [0, 3])
def test_a_batch_answers_as_one_by_one(both, algorithm, reasons):
    both.tell(ME, "test:track/odd-3")
    both.tell("test:calm-3", "test:track/calm-3", "like")
    people = [ME, *(f"test:{genre}-{n}" for genre in ("calm", "loud", "odd") for n in range(7)), "test:stranger"]
    together = list(both.engine.recommend_batch(people, algorithm=algorithm, reasons=reasons))
    for user, answer in zip(people, together, strict=True):
        alone = both.engine.recommend(user, algorithm=algorithm, reasons=reasons)
        assert [track.item_id for track in answer.tracks] == [track.item_id for track in alone.tracks]
        assert [track.why for track in answer.tracks] == [track.why for track in alone.tracks]
        assert [track.score for track in answer.tracks] == pytest.approx(
            [track.score for track in alone.tracks], abs=1e-5
        )
        assert answer.algorithm == alone.algorithm


def test_what_counts_against_an_artist_lowers_chances_by_a_third_at_most(both):
    tracks = both.ask(ME, count=40, max_per_artist=40, reasons=0).tracks
    disliked, *others = [track for track in tracks if track.artist == tracks[0].artist]
    assert others
    assert all(track.score > 1 for track in others)
    both.tell(ME, disliked.item_id, "dislike")
    for track in others:
        left = (both.engine.score(ME, track.item_id) - 1) / (track.score - 1)
        assert 0.6 < left < 1


def test_liking_an_artist_does_not_take_them_for_heard(both):
    tracks = both.ask(ME, count=60, max_per_artist=60, reasons=0).tracks
    heard = {track.artist for track in tracks if track.familiar}
    artist = next(track.artist for track in reversed(tracks) if track.score > 1 and track.artist not in heard)
    first = next(track for track in tracks if track.artist == artist)
    both.tell(ME, artist, "like")
    after = next(track for track in both.ask(ME, count=60, max_per_artist=60).tracks if track.artist == artist)
    assert after.score > 1
    assert after.score > first.score


def test_a_filter_is_no_effect(both):
    before = {track.item_id: track.score for track in both.ask(ME, count=60, max_per_artist=60, reasons=0).tracks}
    found = both.ask(ME, preferences={"explicit": False}, reasons=3).tracks
    assert found
    for track in found:
        assert not track.context_effect
        assert track.score == pytest.approx(before.get(track.item_id, track.score))
        for because in track.because:
            assert because.score_without + because.effect == pytest.approx(track.score, abs=1e-5)


def test_listeners_may_come_from_a_generator(both):
    assert [answer.user_id for answer in both.engine.recommend_batch(each for each in [ME])] == [ME]
