"""Somebody of whom nothing is stored: what they say decides what they get, and what they are asked."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.data.schema import items
from ml.data.snapshot import take
from ml.data.store import Store
from ml.foundation.errors import AmbiguousId, BadInput, NotTrained, UnknownId
from ml.foundation.settings import Recommendation
from ml.models import files, pointer, training
from ml.models.dataset import Dataset
from ml.models.growing import STEPS, Growth
from ml.models.ranker import Ranker
from ml.models.ranker.trees import Trees
from ml.recommendation_engine import EngineParts, RecommendationEngine
from ml.recommendation_engine.seam import who_answers

KINDS, ARTISTS, SONGS, LISTENERS = ("calm", "loud", "odd"), 6, 4, 40
LANGUAGES = dict(zip(KINDS, ("de", "en", "fr"), strict=True))
AGES = dict(zip(KINDS, (70, 20, 40), strict=True))


def rows(kind):
    """Each listener of a kind hears about half of the songs of its artists."""
    rng = np.random.default_rng(KINDS.index(kind))
    for listener in range(LISTENERS):
        for artist in range(ARTISTS):
            for song in range(SONGS):
                if rng.random() < 0.5:
                    yield {
                        "user_id": f"test:{kind}-{listener}",
                        "item_id": f"test:track/{kind}-{artist}-{song}",
                        "title": f"{kind} {artist} {song}",
                        "artist": f"{kind} artist {artist}",
                        "listened_at": 1_700_000_000_000 + int(rng.integers(10**10)),
                    }


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """Three kinds of taste, each with a genre, a language, a country and an age of its own."""
    folder = tmp_path_factory.mktemp("strangers")
    store = Store.at(folder)
    profiles = [
        {"user_id": f"test:{kind}-{n}", "country": ("PE", "FR", "JP")[KINDS.index(kind)], "age": AGES[kind]}
        for kind in KINDS
        for n in range(LISTENERS)
    ]
    listens = pl.DataFrame([row for kind in KINDS for row in rows(kind)])
    tags = [
        {"item_id": f"test:track/{kind}-{artist}-{song}", "tag": f"{kind.title()} Music", "kind": "genre"}
        for kind in KINDS
        for artist in range(ARTISTS)
        for song in range(SONGS)
    ]
    load(store, [Batch("world", 0, {"profiles": pl.DataFrame(profiles), "listens": listens})])
    load(store, [Batch("genres", 0, {"tags": pl.DataFrame(tags)})])
    with store.write() as connection:
        for kind in KINDS:
            songs = items.c.name.startswith(f"{kind} ") & (items.c.kind == "track")
            connection.execute(items.update().where(songs).values(language=LANGUAGES[kind]))
    profile = {kind: {"country": ("PE", "FR", "JP")[KINDS.index(kind)], "age": AGES[kind]} for kind in KINDS}
    dataset = Dataset.load(take(store, folder / "snapshots"))
    with store.read() as connection:
        from ml.data.identity import find_user

        told = {find_user(connection, f"test:{kind}-{n}"): profile[kind] for kind in KINDS for n in range(LISTENERS)}
    plays = replace(
        dataset.plays,
        countries=[told[key]["country"] for key in dataset.user_keys.tolist()],
        ages=[told[key]["age"] for key in dataset.user_keys.tolist()],
    )
    dataset = replace(dataset, data=replace(dataset.data, plays=plays))
    trained = training.train(dataset, Recommendation(num_factors=8), about={}, judge=False)
    trained = replace(trained, card={**trained.card, "growth": Growth(tuple(1 / step for step in STEPS)).said()})
    pointer.promote(folder / "models", files.save_set(folder / "models", trained))
    store.close()
    return folder


@pytest.fixture
def engine(home):
    store = Store.at(home)
    yield RecommendationEngine(EngineParts(store, home / "models", Recommendation(num_factors=8)))
    store.close()


def kinds(answer):
    return [track.title.split()[0] for track in answer.tracks]


def test_an_artist_that_is_liked_brings_their_kind_and_is_the_reason(engine):
    answer = engine.recommend_from(likes=["loud artist 2"], count=8, max_per_artist=3)
    assert kinds(answer) == ["loud"] * 8
    assert {track.why for track in answer.tracks} == {"because you like loud artist 2"}
    assert (answer.algorithm, answer.user_id) == ("hybrid", "")
    assert {track.familiar for track in answer.tracks} == {None}


def test_two_likings_are_told_apart_in_the_reasons(engine):
    answer = engine.recommend_from(likes=["loud artist 2", "test:track/calm-1-1"], count=12, max_per_artist=2)
    assert set(kinds(answer)) == {"calm", "loud"}
    for track in answer.tracks:
        kind = track.title.split()[0]
        liked = {"loud": "loud artist 2", "calm": "calm artist 1 — calm 1 1"}[kind]
        assert track.why.startswith(f"because you like {liked}")


def test_what_is_liked_by_name_is_not_offered(engine):
    answer = engine.recommend_from(likes=["test:track/calm-1-1"], count=30, max_per_artist=9)
    assert "calm 1 1" not in [track.title for track in answer.tracks]


@pytest.mark.parametrize("kind", KINDS)
def test_a_genre_an_age_and_a_country_are_enough(engine, kind):
    country = ("PE", "FR", "JP")[KINDS.index(kind)]
    answer = engine.recommend_from(genres=[f"{kind}-Music"], count=6)
    assert kinds(answer) == [kind] * 6
    assert answer.algorithm == "hybrid"
    for said in ({"age": AGES[kind] + 1}, {"country": country.lower()}):
        answer = engine.recommend_from(**said, count=4)
        assert kinds(answer) == [kind] * 4, said
        assert answer.algorithm == "popularity_by_group"
        assert answer.tracks[0].why == "popular with listeners like you"


@pytest.mark.parametrize("kind", KINDS)
def test_the_language_of_the_music_is_a_filter_and_no_reason(engine, kind):
    names = {"de": "German", "en": "Englisch", "fr": "FR"}
    for said in ({}, {"likes": ["odd artist 1"]}, {"age": AGES["calm"]}):
        answer = engine.recommend_from(**said, preferences={"language": names[LANGUAGES[kind]]}, count=6)
        assert kinds(answer) == [kind] * 6, said
        assert not any("music in" in track.why or LANGUAGES[kind] in track.why.split() for track in answer.tracks)


def test_strangers_have_wishes_situations_and_shares(engine):
    jazz = engine.recommend_from(likes=["calm artist 1"], preferences={"genres": ["odd music"]}, count=6)
    assert kinds(jazz) == ["odd"] * 6
    assert all(track.context_effect > 0 for track in jazz.tracks)
    told = engine.recommend_from(context={"mood": "happy"}, count=3)
    assert any("without effect: mood" in notice for notice in told.notices)
    nothing = engine.recommend_from(preferences={"year_from": 2000})
    assert not nothing.tracks
    assert any("nothing in the catalogue is known to fit" in notice for notice in nothing.notices)
    shared = engine.recommend_from(exposure={"tail": 0.5}, count=8)
    assert any(notice.startswith("exposure: 0.5 of the new items asked for from") for notice in shared.notices)
    german = engine.onboard([("calm artist 1", "like")], language="de").recommendations
    assert german.tracks[0].why == "weil du calm artist 1 magst"


def test_the_setting_of_the_tail_counts_for_strangers_too(engine, home):
    store = Store.at(home)
    settings = Recommendation(num_factors=8, min_tail_share=0.5)
    own = RecommendationEngine(EngineParts(store, home / "models", settings))
    assert any(notice.startswith("exposure: 0.5") for notice in own.recommend_from(count=8).notices)
    assert not any(notice.startswith("exposure") for notice in engine.recommend_from(count=8).notices)
    store.close()


def test_nothing_said_is_what_is_popular(engine):
    answer = engine.recommend_from(count=4)
    assert answer.algorithm == "popularity"
    assert len(answer.tracks) == 4


def test_a_dislike_is_obeyed(engine):
    answer = engine.recommend_from(likes=["loud artist 1"], dislikes=["loud artist 0"], count=30, max_per_artist=9)
    assert "loud artist 0" not in {track.artist for track in answer.tracks}
    before, after = (engine.recommend_from(dislikes=some, count=12) for some in ([], ["odd artist 0", "odd artist 1"]))
    assert kinds(after).count("odd") < kinds(before).count("odd")


def test_an_interview_finds_the_kind_within_two_answers(engine):
    for kind in KINDS:
        answers = []
        for _ in range(2):
            (question,) = engine.onboard(answers, questions=1, count=1).questions
            answers.append((question.item_id, "like" if question.name.startswith(kind) else "unknown"))
        found = engine.onboard(answers, count=6)
        assert kinds(found.recommendations).count(kind) >= 5, kind
        assert found.answered == 2


def test_questions_side_by_side_are_of_all_kinds_and_lose_worth(engine):
    asked = engine.onboard(questions=3).questions
    assert {question.name.split()[0] for question in asked} == set(KINDS)
    assert all(question.item_id.startswith(("test:", "key:")) for question in asked)
    assert all(0.2 < question.known_share < 0.4 for question in asked)
    assert asked[0].gain_bits >= asked[1].gain_bits > 0.2


def test_what_was_answered_is_not_asked_again(engine):
    everyone = [f"{kind} artist {number}" for kind in KINDS for number in range(ARTISTS)]
    left = engine.onboard([(name, "unknown") for name in everyone[1:]], questions=50)
    assert [question.name for question in left.questions] == everyone[:1]


@pytest.mark.parametrize(
    ("said", "error", "words"),
    [
        ({"likes": ["nobody of this name"]}, UnknownId, "no track or artist"),
        ({"likes": "calm artist 1"}, BadInput, "is one name"),
        ({"likes": [3]}, BadInput, "no name"),
        ({"genres": ["calm musik"]}, BadInput, "no item carries"),
        ({"genres": "calm music"}, BadInput, "is one genre"),
        ({"preferences": {"language": "xx"}}, BadInput, "language = 'xx'"),
        ({"language": "French"}, BadInput, "language = 'French'"),
        ({"age": 200}, BadInput, "age = 200"),
        ({"age": True}, BadInput, "age = True"),
        ({"count": 0}, BadInput, "count = 0"),
    ],
)
def test_what_cannot_be_is_said(engine, said, error, words):
    with pytest.raises(error, match=words) as caught:
        engine.recommend_from(**said)
    assert caught.value.hint


@pytest.mark.parametrize("name", ["likes", "dislikes", "genres"])
@pytest.mark.parametrize("given", [None, 5])
def test_what_is_no_list_is_said(engine, name, given):
    with pytest.raises(BadInput, match=f"{name} = {given}"):
        engine.recommend_from(**{name: given})


def test_no_genres_is_an_empty_list(engine):
    with pytest.raises(BadInput, match="genres = None"):
        engine.onboard(genres=None)


def test_a_misspelt_genre_is_helped(engine):
    with pytest.raises(BadInput) as caught:
        engine.recommend_from(genres=["calm musik"])
    assert "calm music" in caught.value.hint


@pytest.mark.parametrize("answers", ["calm artist 1", [("calm artist 1",)], ["ab"], 3, [("calm artist 1", "perhaps")]])
def test_answers_are_pairs(engine, answers):
    with pytest.raises(BadInput) as caught:
        engine.onboard(answers)
    assert caught.value.hint


def test_one_artist_is_liked_or_disliked(engine):
    with pytest.raises(BadInput, match="liked and disliked"):
        engine.onboard([("calm artist 1", "like"), ("calm artist 1", "dislike")])


def test_nothing_of_it_is_stored(engine, home):
    before = (home / "ml.db").read_bytes()
    engine.onboard([("loud artist 1", "like"), ("odd artist 1", "dislike")], age=30, country="FR")
    assert (home / "ml.db").read_bytes() == before


def test_the_seam(engine):
    """Nothing known, little known, and enough: group, hybrid, and what was asked for."""
    serving = engine._current.get()
    n_items = len(serving.catalogue.vocabulary.keys)
    from ml.models.plays import Plays

    histories = Plays.of([[], [0], list(range(2 * STEPS[-1] + 1))], n_items=max(n_items, 2 * STEPS[-1] + 1))
    histories = replace(histories, ages=[20, 20, 20])
    assert who_answers(serving, "hybrid_deep", histories) == ["popularity_by_group", "hybrid", "hybrid_deep"]
    assert who_answers(serving, "ease", histories) == ["popularity_by_group", "ease", "ease"]
    assert who_answers(serving, "popularity", histories) == ["popularity"] * 3


def test_a_ranker_without_trees_leaves_the_hybrid_all_of_its_voices(engine, monkeypatch):
    serving = engine._current.get()
    n_items = max(len(serving.catalogue.vocabulary.keys), 40)
    from ml.models.plays import Plays
    from ml.recommendation_engine import seam

    growth = Growth((1.0,) * len(STEPS))
    monkeypatch.setattr(seam.Growth, "of", lambda card: growth)
    history = Plays.of([list(range(12))], n_items=n_items)
    ranker = Ranker()
    serving = replace(serving, models=replace(serving.models, models={"hybrid_deep": ranker}))
    assert who_answers(serving, "hybrid_deep", history) == ["hybrid"]
    ranker.trees = Trees(np.empty(0, dtype=np.uint8))
    assert who_answers(serving, "hybrid_deep", history) == ["hybrid_deep"]


def test_a_first_listen_moves_the_answer_and_says_who_answers(engine, home, tmp_path):
    import shutil

    copy = shutil.copytree(home, tmp_path / "copy")
    store = Store.at(copy)
    own = RecommendationEngine(EngineParts(store, copy / "models", Recommendation(num_factors=8)))
    before = own.recommend("local:user/new", count=6)
    own.record("local:user/new", "test:track/odd-1-1")
    after = own.recommend("local:user/new", count=6, familiar_ratio=0.0)
    assert set(kinds(before)) != {"odd"}
    assert kinds(after) == ["odd"] * 6
    assert after.algorithm == "hybrid"
    first = after.tracks[0]
    assert first.score == pytest.approx(own.score("local:user/new", first.item_id, algorithm="hybrid_deep"), rel=1e-5)
    store.close()


def test_models_of_before_say_what_to_do(home, tmp_path):
    store = Store.at(home)
    trained = files.load_set(home / "models" / pointer.current(home / "models"))
    older = {name: model for name, model in trained.models.items() if name != "taste_groups"}
    pointer.promote(tmp_path, files.save_set(tmp_path, replace(trained, models=older, card={})))
    with pytest.raises(NotTrained, match="taste_groups") as caught:
        RecommendationEngine(EngineParts(store, tmp_path, Recommendation())).onboard()
    assert "ml train" in caught.value.hint
    store.close()


def test_a_name_of_several_things_is_refused(engine):
    with pytest.raises((AmbiguousId, UnknownId)):
        engine.recommend_from(likes=[""])
