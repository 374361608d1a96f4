"""What a listener notices, on a small world with two tastes whose right answers are plain."""

import asyncio
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_matrix
from sqlalchemy import delete, select

from ml.data.identity import find_item, merge
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.data.schema import aliases, items, listens, track_artists
from ml.data.snapshot import take
from ml.data.store import Store
from ml.foundation.errors import (
    AmbiguousId,
    BadInput,
    EmptyWorkspace,
    MissingExtra,
    NotTrained,
    SettingsError,
    UnknownId,
)
from ml.foundation.settings import Recommendation
from ml.models import files, pointer, training
from ml.models.base import TrainingData, parts_of
from ml.models.dataset import Dataset
from ml.models.plays import Plays
from ml.models.popularity import Popularity
from ml.models.training import make_models
from ml.recommendation_engine import EngineParts, RecommendationEngine, serving
from ml.recommendation_engine.histories import Vocabulary, read_heard
from ml.recommendation_engine.request import MOST

DAY = 86_400_000
NOW = int(datetime(2026, 6, 30, tzinfo=UTC).timestamp() * 1000)
TASTES, TRACKS, LISTENERS = ("calm", "loud"), 30, 24


def track_name(taste, number):
    return f"{taste} song {number}"


def rows():
    """Each listener of a taste hears two thirds of its tracks; nobody hears the other taste's."""
    rng = np.random.default_rng(1)
    for taste in TASTES:
        for listener in range(LISTENERS):
            for number in rng.permutation(TRACKS)[: 2 * TRACKS // 3]:
                for _ in range(1 + int(rng.integers(3))):
                    yield {
                        "user_id": f"test:{taste}-{listener}",
                        "item_id": f"test:track/{taste}-{number}",
                        "title": track_name(taste, number),
                        "artist": f"{taste} artist {number % 10}",
                        "listened_at": NOW - int(rng.integers(300 * DAY)),
                    }


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A folder with the world in its store, and models trained on it."""
    folder = tmp_path_factory.mktemp("world")
    store = Store.at(folder)
    profiles = [{"user_id": f"test:{taste}-{n}", "country": "PE"} for taste in TASTES for n in range(LISTENERS)]
    load(store, [Batch("world", 0, {"profiles": pl.DataFrame(profiles), "listens": pl.DataFrame(list(rows()))})])
    train(store, folder / "models")
    store.close()
    return folder


@pytest.fixture
def parts(trained, tmp_path):
    """The world, to be changed by one test."""
    folder = shutil.copytree(trained, tmp_path / "world")
    store = Store.at(folder)
    yield EngineParts(store, folder / "models", Recommendation(num_factors=8))
    store.close()


def train(store, models_root):
    with store.read() as connection:
        ids = sorted({row["item_id"] for row in rows()})
        keys = np.array(sorted(find_item(connection, item).key for item in ids))
        from sqlalchemy import select

        from ml.data.schema import users

        listeners = connection.execute(select(users.c.key).order_by(users.c.external_id)).scalars().all()
        plays = read_heard(connection, listeners, Vocabulary(keys), {}).plays
    data = TrainingData(plays, csr_matrix((len(keys), 0), dtype=np.float32), np.arange(len(keys), dtype=np.int32))
    models = make_models(Recommendation(num_factors=8))
    for model in models.values():
        if not parts_of(model):
            model.fit(data, rng=np.random.default_rng(0))
    models["hybrid"].calibrate(data, rng=np.random.default_rng(0))
    models["hybrid_deep"].take_facts(data)
    version = files.save_set(models_root, files.ModelSet(keys, "track", models, {}))
    pointer.promote(models_root, version)
    return version


@pytest.fixture
def engine(parts):
    return RecommendationEngine(parts)


@pytest.fixture
def heard():
    """Titles each listener heard."""
    found = {}
    for row in rows():
        found.setdefault(row["user_id"], set()).add(row["title"])
    return found


def titles(answer):
    return [track.title for track in answer.tracks]


def test_new_items_are_of_the_listeners_taste_and_unheard(engine, heard):
    answer = engine.recommend("test:calm-3", familiar_ratio=0.0, count=8, max_per_artist=8)
    assert len(answer.tracks) == 8
    assert all(title.startswith("calm") for title in titles(answer))
    assert not heard["test:calm-3"] & set(titles(answer))
    assert [track.rank for track in answer.tracks] == list(range(1, 9))
    assert all(track["kind"] == "track" and track.item_id.startswith("test:track/calm") for track in answer["tracks"])


@pytest.mark.parametrize(("ratio", "familiar"), [(0.0, 0), (0.2, 2), (0.5, 5), (1.0, 10)])
def test_the_dial_sets_the_share_of_familiar_items(engine, heard, ratio, familiar):
    answer = engine.recommend("test:loud-1", familiar_ratio=ratio, max_per_artist=10)
    known = [track for track in answer.tracks if track.title in heard["test:loud-1"]]
    assert len(known) == familiar
    assert all(track.familiar == (track.title in heard["test:loud-1"]) for track in answer.tracks)


def test_the_documented_default_of_the_dial_is_two_in_ten(engine):
    answer = engine.recommend("test:loud-1", max_per_artist=10)
    assert answer.familiar_ratio == 0.2
    assert sum(track.familiar for track in answer.tracks) == 2


def test_no_artist_takes_more_places_than_allowed(engine):
    for cap in (1, 2):
        answer = engine.recommend("test:calm-5", max_per_artist=cap, count=10, familiar_ratio=0.5)
        artists = [track.artist for track in answer.tracks]
        assert max(map(artists.count, artists)) <= cap


def test_a_listen_recorded_a_moment_ago_changes_the_answer_without_training(engine):
    before = engine.recommend("test:newcomer")
    assert "nobody here" in before.notices[-1]
    for number in range(4):
        engine.record("test:newcomer", f"test:track/loud-{number}")
    after = engine.recommend("test:newcomer", familiar_ratio=0.0)
    assert after.notices == ()
    assert all(title.startswith("loud") for title in titles(after))
    assert after.tracks != before.tracks


def test_a_skip_is_heard_but_not_liked(engine):
    engine.record("test:new", "test:track/calm-1")
    engine.record("test:new", "test:track/loud-1", event="skip")
    answer = engine.recommend("test:new", familiar_ratio=1.0, count=2, max_per_artist=5)
    assert titles(answer) == ["calm song 1"]
    assert answer.notices[-1] == "only 1 of 2: nothing else fits the dial and the cap on artists"
    assert "loud song 1" not in titles(engine.recommend("test:new", count=40, max_per_artist=40))


def test_blocked_items_and_artists_never_come_back_until_unblocked(engine):
    first = engine.recommend("test:calm-0", count=5, familiar_ratio=0.4)
    for track in first.tracks:
        engine.record("test:calm-0", track.item_id, event="block")
    second = engine.recommend("test:calm-0", count=50, familiar_ratio=0.4, max_per_artist=50)
    assert not set(titles(first)) & set(titles(second))
    engine.record("test:calm-0", "calm artist 3", event="block")
    third = engine.recommend("test:calm-0", count=50, familiar_ratio=0.4, max_per_artist=50)
    assert len(third.tracks) >= 20
    assert all(track.artist != "calm artist 3" for track in third.tracks)
    engine.record("test:calm-0", "calm artist 3", event="unblock")
    for track in first.tracks:
        engine.record("test:calm-0", track.item_id, event="unblock")
    again = engine.recommend("test:calm-0", count=60, familiar_ratio=0.4, max_per_artist=50)
    assert set(titles(first)) <= set(titles(again))
    assert "calm artist 3" in {track.artist for track in again.tracks}


@pytest.mark.parametrize("chain", [False, True])
def test_a_block_outlives_a_merge_and_an_unblock_finds_it(parts, engine, chain):
    engine.recommend("test:calm-0")  # the models are loaded before anything is merged
    engine.record("test:calm-0", "test:track/calm-1", event="block")
    with parts.store.write() as connection:
        merge(connection, "test:track/calm-2", "test:track/calm-1")
        if chain:
            merge(connection, "test:track/calm-3", "test:track/calm-2")
    one = {"calm song 1", "calm song 2"} | ({"calm song 3"} if chain else set())

    def offered(engine):
        answer = engine.recommend("test:calm-0", count=50, familiar_ratio=0.5, max_per_artist=50)
        return one & set(titles(answer))

    restarted = RecommendationEngine(parts)
    assert offered(engine) == offered(restarted) == set()
    engine.record("test:calm-0", "test:track/calm-1", event="unblock")
    assert offered(engine)
    assert offered(restarted)


def test_a_blocked_artist_stays_blocked_when_merged_into_another(parts, engine):
    engine.record("test:calm-0", "calm artist 1", event="block")
    with parts.store.write() as connection:
        merge(connection, "calm artist 2", "calm artist 1")
        merge(connection, "calm artist 3", "calm artist 2")
    for asked in (engine, RecommendationEngine(parts)):
        answer = asked.recommend("test:calm-0", count=50, familiar_ratio=0.5, max_per_artist=50)
        assert len(answer.tracks) >= 20
        assert not {"calm artist 1", "calm artist 2", "calm artist 3"} & {track.artist for track in answer.tracks}


def test_artists_merged_in_two_steps_are_one_artist(parts):
    with parts.store.write() as connection:
        merge(connection, "calm artist 2", "calm artist 1")
        merge(connection, "calm artist 3", "calm artist 2")
    answer = RecommendationEngine(parts).recommend("test:calm-0", count=20, max_per_artist=1, familiar_ratio=0.5)
    assert sum(track.artist in ("calm artist 1", "calm artist 2", "calm artist 3") for track in answer.tracks) == 1


def test_reasons_are_exact_counterfactuals(engine, heard):
    answer = engine.recommend("test:calm-7", familiar_ratio=0.0, count=5)
    checked = 0
    for track in answer.tracks:
        assert engine.score("test:calm-7", track.item_id) == pytest.approx(track.score, abs=1e-6)
        for reason in track.because:
            assert reason.title in heard["test:calm-7"]
            again = engine.score("test:calm-7", track.item_id, without=reason.item_id)
            assert again == pytest.approx(reason.score_without, abs=1e-6)
            assert reason.effect == pytest.approx(track.score - again, abs=1e-6)
            assert reason.effect > 0
            checked += 1
        effects = [reason.effect for reason in track.because]
        assert effects == sorted(effects, reverse=True)
        assert track.because[0].title in track.why
    assert checked >= 10


def test_the_strongest_reason_is_the_strongest_of_the_whole_history(engine, heard):
    answer = engine.recommend("test:calm-7", familiar_ratio=0.0, count=3)
    for track in answer.tracks:
        effects = {
            title: track.score - engine.score("test:calm-7", track.item_id, without=title)
            for title in heard["test:calm-7"]
        }
        best = max(effects.values())
        assert track.because[0].effect >= 0.8 * best


def test_familiar_items_say_how_often_and_when(engine):
    engine.record("test:calm-2", "test:track/calm-4", at=datetime(2026, 7, 1, tzinfo=UTC))
    answer = engine.recommend("test:calm-2", familiar_ratio=1.0, count=30, max_per_artist=30)
    why = next(track.why for track in answer.tracks if track.title == "calm song 4")
    assert why.endswith("last on 2026-07-01")


def test_an_unknown_listener_gets_popular_items_and_is_told_so(engine):
    answer = engine.recommend("test:stranger")
    assert answer.algorithm == "popularity"
    assert "nobody here is called test:stranger" in answer.notices[-1]
    assert {track.why for track in answer.tracks} == {"popular with other listeners"}


def test_strict_is_about_the_deep_part_and_answers_strangers(engine):
    """Nobody knows more of a stranger, so that is no lesser algorithm; the answer says what it is."""
    answer = engine.recommend("test:stranger", algorithm="hybrid_deep", strict=True)
    assert answer.algorithm == "popularity"
    assert {track.why for track in answer.tracks} == {"popular with other listeners"}
    assert answer.notices[-1] == "nobody here is called test:stranger; these are popular items"
    assert {track.familiar for track in answer.tracks} == {None}


def test_nothing_is_called_popular_where_nobody_listened(tmp_path):
    silent = Store.at(tmp_path)
    titles = [f"song {number}" for number in range(6)]
    tracks = pl.DataFrame({"title": titles, "artist": titles, "item_id": [f"test:{title}" for title in titles]})
    load(silent, [Batch("files", 6, {"items": tracks})])
    data = Dataset.load(take(silent, tmp_path / "snapshots"))
    trained = training.train(data, Recommendation(num_factors=8), about={"data_hash": ""})
    assert trained.card["scores"] == {}
    pointer.promote(tmp_path / "models", files.save_set(tmp_path / "models", trained))
    answer = RecommendationEngine(EngineParts(silent, tmp_path / "models")).recommend("test:me", count=3)
    assert {track.why for track in answer.tracks} == {"in the catalogue; nobody has played it yet"}
    assert "nobody has listened" in answer.notices[-1]
    silent.close()


def test_a_catalogue_of_one_item_is_too_little_and_says_so(tmp_path):
    silent = Store.at(tmp_path)
    load(silent, [Batch("files", 1, {"items": pl.DataFrame({"title": ["a"], "item_id": ["test:a"]})})])
    data = Dataset.load(take(silent, tmp_path / "snapshots"))
    with pytest.raises(EmptyWorkspace, match="too little to learn from: one item only"):
        training.train(data, Recommendation(num_factors=8), about={"data_hash": ""})
    silent.close()


@pytest.mark.parametrize("cap", [0, 1_001])
def test_the_setting_of_the_artist_cap_allows_what_an_answer_allows(cap):
    with pytest.raises(SettingsError, match="max_per_artist"):
        Recommendation(max_per_artist=cap)
    assert Recommendation(max_per_artist=MOST).max_per_artist == MOST


def test_without_its_deep_part_the_deep_algorithm_answers_as_hybrid_and_says_so(parts, monkeypatch):
    engine = RecommendationEngine(parts)
    assert engine.recommend("test:calm-1", strict=True).algorithm == "hybrid_deep"
    monkeypatch.setattr(serving, "_READERS", ("no_such_library",))
    answer = engine.recommend("test:calm-1", algorithm="hybrid_deep")
    assert answer.algorithm == "hybrid"
    assert "hybrid_deep answers as hybrid: 'no_such_library' is not installed" in answer.notices[0]
    assert "pip install 'spotify-ai-agent-ml[deep]'" in answer.notices[0]
    assert engine.recommend("test:calm-1", algorithm="hybrid").tracks == answer.tracks
    with pytest.raises(MissingExtra, match="no_such_library"):
        engine.recommend("test:calm-1", algorithm="hybrid_deep", strict=True)


def test_a_set_without_the_deep_part_says_how_to_train_it(parts):
    training_settings = Recommendation(num_factors=8, deep=False)
    dataset = Dataset.load(take(parts.store, parts.models_root / ".." / "snapshots"))
    trained = training.train(dataset, training_settings, about={})
    pointer.promote(parts.models_root, files.save_set(parts.models_root, trained))
    engine = RecommendationEngine(parts)
    answer = engine.recommend("test:calm-1")
    assert answer.algorithm == "hybrid"
    assert answer.notices[0].endswith("no deep part; to mend it: ml train")
    with pytest.raises(NotTrained, match="no deep part"):
        engine.recommend("test:calm-1", strict=True)


@pytest.mark.parametrize("algorithm", ["popularity", "popularity_recent", "item_knn", "ials", "content", "replay"])
def test_every_algorithm_answers(engine, algorithm):
    answer = engine.recommend("test:calm-1", algorithm=algorithm)
    assert answer.algorithm == algorithm
    assert answer.tracks or algorithm == "content"
    if algorithm == "replay":
        assert all(track.familiar for track in answer.tracks)


@pytest.mark.parametrize("algorithm", ["ease", "graph_filter", "slim", "bpr"])
def test_an_algorithm_that_was_not_trained_is_said_to_be_missing(engine, algorithm):
    with pytest.raises(NotTrained, match=f"no '{algorithm}'"):
        engine.recommend("test:calm-1", algorithm=algorithm)


def test_a_batch_answers_as_one_by_one(engine):
    users = ["test:calm-1", "test:loud-2", "test:stranger"]
    batch = list(engine.recommend_batch(users, reasons=3))
    for user, answer in zip(users, batch, strict=True):
        alone = engine.recommend(user)
        assert titles(answer) == titles(alone)
        assert [t.score for t in answer.tracks] == pytest.approx([t.score for t in alone.tracks], abs=1e-5)
    assert len(list(engine.recommend_batch())) == 48


def test_a_batch_answers_everybody_who_is_asked_for_however_they_are_called(engine, monkeypatch):
    monkeypatch.setattr("ml.recommendation_engine.engine.BATCH", 3)
    users = ["test:calm-1", "calm-1", "test:stranger", "test:calm-1", "calm-2", "test:nobody", "test:loud-1"]
    batch = list(engine.recommend_batch(users))
    assert [answer.user_id for answer in batch] == users
    assert batch[0].tracks == batch[1].tracks == batch[3].tracks
    assert [answer.algorithm for answer in batch] == [
        "popularity" if user in ("test:stranger", "test:nobody") else "hybrid_deep" for user in users
    ]
    with pytest.raises(AmbiguousId):
        engine.record("other:calm-1", "test:track/calm-1")
        list(engine.recommend_batch(["test:calm-1", "calm-1"]))


def test_pieces_that_are_scored_together_change_nothing(engine, monkeypatch):
    users = [f"test:{taste}-{number}" for taste in ("calm", "loud") for number in range(5)] + ["test:stranger"]
    whole = list(engine.recommend_batch(users, reasons=2))
    monkeypatch.setattr("ml.recommendation_engine.blocks.SCORES", 100)
    pieces = list(engine.recommend_batch(users, reasons=2))
    for one, other in zip(whole, pieces, strict=True):
        assert titles(one) == titles(other)
        assert [t.why for t in one.tracks] == [t.why for t in other.tracks]
        assert [t.score for t in one.tracks] == pytest.approx([t.score for t in other.tracks], abs=1e-5)


def test_similar_tracks_share_a_taste_and_leave_the_track_out(engine):
    answer = engine.similar("test:track/loud-7", count=12)
    assert len(answer.items) == 12
    assert all(item.title.startswith("loud") for item in answer.items)
    assert "loud song 7" not in [item.title for item in answer.items]


def test_similar_artists_are_found_through_their_tracks(engine):
    answer = engine.similar("calm artist 2", count=5)
    assert answer.kind == "artist"
    assert len(answer.items) == 5
    assert all(item.title.startswith("calm artist") and item.title != "calm artist 2" for item in answer.items)


def remove_half_of_calm(store):
    """Remove the even tracks, as the undo of an import does; return the titles that stay."""
    gone = [f"calm song {number}" for number in range(0, 30, 2)]
    with store.write() as connection:
        keys = select(items.c.key).where(items.c.name.in_(gone))
        for table in (listens, aliases):
            connection.execute(delete(table).where(table.c.item_key.in_(keys)))
        connection.execute(delete(track_artists).where(track_artists.c.track_key.in_(keys)))
        connection.execute(delete(items).where(items.c.name.in_(gone)))
    return set(gone)


def test_what_was_removed_since_the_training_is_not_offered_and_leaves_no_hole(parts, engine):
    gone = remove_half_of_calm(parts.store)
    for ratio in (0.0, 0.9):
        answer = engine.recommend("test:calm-3", count=12, familiar_ratio=ratio, max_per_artist=12)
        assert len(answer.tracks) == 12
        assert not gone & set(titles(answer))
        assert "were removed since: 15; train again: ml train" in answer.notices[-1]
    batch = list(engine.recommend_batch(["test:calm-3", "test:stranger"]))
    assert [len(answer.tracks) for answer in batch] == [10, 10]


def test_nothing_similar_is_shown_that_was_removed(parts, engine):
    gone = remove_half_of_calm(parts.store)
    answer = engine.similar("test:track/calm-1", count=12)
    assert len(answer.items) == 12
    assert not gone & {item.title for item in answer.items}
    with pytest.raises(UnknownId, match="ml train") as caught:
        engine.similar("test:track/calm-2")
    assert "test:track/calm-2" in caught.value.message


def test_artists_that_were_removed_are_not_similar_to_anything(parts, engine):
    engine.similar("calm artist 2")
    with parts.store.write() as connection:
        key = connection.execute(select(items.c.key).where(items.c.name == "calm artist 4")).scalar_one()
        connection.execute(delete(track_artists).where(track_artists.c.artist_key == key))
        connection.execute(delete(items).where(items.c.key == key))
    found = [item.title for item in engine.similar("calm artist 2", count=8).items]
    assert len(found) == 8
    assert "calm artist 4" not in found


def test_where_the_models_know_artists_a_track_has_nothing_similar(parts):
    old = pointer.load_current(parts.models_root)
    with parts.store.read() as connection:
        artists = connection.execute(select(items.c.key).where(items.c.kind == "artist").order_by(items.c.key))
        keys = np.array(artists.scalars().all()[:10])
    known = files.ModelSet(keys, "artist", {"popularity": Popularity().fit(plain(10), rng=None)}, old.card)
    pointer.promote(parts.models_root, files.save_set(parts.models_root, known))
    with pytest.raises(UnknownId, match=r"the models know artists only, and .*calm song 1.* is a track"):
        RecommendationEngine(parts).similar("test:track/calm-1")


def plain(n_items):
    """Plays of one listener of everything."""
    features, groups = csr_matrix((n_items, 0), dtype=np.float32), np.arange(n_items, dtype=np.int32)
    return TrainingData(Plays.of([list(range(n_items))], n_items=n_items), features, groups)


@pytest.mark.parametrize("count", [-1, 0, 1_001, True])
def test_a_number_of_similar_items_that_cannot_be_is_named(engine, count):
    with pytest.raises(BadInput, match=f"count = {count}"):
        engine.similar("test:track/calm-1", count=count)


def test_the_await_names_of_the_contract(engine):
    async def ask():
        one = await engine.get_recommendations(
            user_id="test:calm-1",
            context={"mood": "energetic", "activity": "workout"},
            algorithm="hybrid_deep",
            count=10,
        )
        many = await engine.process_recommendations_batch(["test:calm-1", "test:calm-2"])
        return one, many

    one, many = asyncio.run(ask())
    assert len(one["tracks"]) == 10
    assert any(notice.startswith("without effect: mood, activity") for notice in one.notices)
    assert len(many) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"count": 0}, "count = 0"),
        ({"count": 10_000}, "between 1 and 1000"),
        ({"familiar_ratio": 1.5}, "familiar_ratio = 1.5"),
        ({"max_per_artist": 0}, "max_per_artist = 0"),
        ({"algorithm": "hibrid"}, "did you mean 'hybrid'"),
        ({"context": {"modd": "happy"}}, "unknown context 'modd'"),
        ({"preferences": {"familiar": 1}}, "familiar_ratio"),
    ],
)
def test_bad_arguments_are_named(engine, arguments, message):
    with pytest.raises(BadInput) as caught:
        engine.recommend("test:calm-1", **arguments)
    assert message in str(caught.value)


@pytest.mark.parametrize("user_id", ["local:a\0b", "local:\udc80", "\udc80"])
def test_ids_that_no_database_can_hold_are_named(engine, user_id):
    for ask in (engine.recommend, lambda each: list(engine.recommend_batch([each])), engine.similar):
        with pytest.raises(BadInput, match="cannot be part of an id"):
            ask(user_id)
    with pytest.raises(BadInput, match="cannot be part of an id"):
        engine.record(user_id, "calm song 1")


def test_bad_events_are_named(engine):
    with pytest.raises(BadInput, match="unknown event"):
        engine.record("test:calm-1", "calm song 1", event="lick")
    with pytest.raises(UnknownId, match="no track or artist"):
        engine.record("test:calm-1", "no such song")
    with pytest.raises(UnknownId, match="local:user/somebody"):
        engine.record("somebody", "calm song 1")
    with pytest.raises(BadInput, match="time zone"):
        engine.record("test:calm-1", "calm song 1", at=datetime(2026, 1, 1))


def test_without_models_the_command_that_trains_is_named(parts, tmp_path):
    engine = RecommendationEngine(EngineParts(parts.store, tmp_path / "none"))
    with pytest.raises(NotTrained, match="ml train"):
        engine.recommend("test:calm-1")


def test_a_running_engine_picks_up_newly_promoted_models(engine, parts):
    engine.recommend("test:calm-1")
    old = pointer.load_current(parts.models_root)
    fewer = files.ModelSet(old.item_keys, old.item_kind, {"popularity": old.models["popularity"]}, {})
    pointer.promote(parts.models_root, files.save_set(parts.models_root, fewer))
    with pytest.raises(NotTrained, match="no 'hybrid'"):
        engine.recommend("test:calm-1")


def test_the_same_question_has_the_same_answer(parts):
    # At one moment: what was played long ago counts less every millisecond, in the last digit.
    engine = RecommendationEngine(replace(parts, clock=lambda: NOW))
    assert engine.recommend("test:calm-1").tracks == engine.recommend("test:calm-1").tracks


def test_the_result_is_a_mapping_and_json(engine):
    answer = engine.recommend("test:calm-1", count=2)
    assert set(answer) == {"user_id", "algorithm", "kind", "tracks", "familiar_ratio", "notices", "context"}
    assert '"tracks":[{"item_id"' in answer.to_json()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"profiling": "no"}, "profiling = 'no'"),
        ({"strict": "no"}, "strict = 'no'"),
        ({"algorithm": 3}, "algorithm = 3"),
        ({"context": "workout"}, "context = 'workout'"),
        ({"preferences": [1]}, r"preferences = \[1\]"),
    ],
)
def test_arguments_of_another_kind_are_refused(engine, arguments, message):
    with pytest.raises(BadInput, match=message) as caught:
        engine.recommend("test:calm-1", **arguments)
    assert caught.value.hint
