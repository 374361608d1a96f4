"""Context and preferences in an answer, on a small world where the fast tracks are for workouts, the slow for sleep."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.data.snapshot import take
from ml.data.store import Store
from ml.foundation.errors import BadInput
from ml.foundation.settings import Recommendation
from ml.models import files, pointer, training
from ml.models.asking import Asking
from ml.models.dataset import Dataset
from ml.recommendation_engine import EngineParts, RecommendationEngine
from ml.recommendation_engine.wishes import CONTEXT, Wishes, asking_of

DAY = 86_400_000
NOW = int(datetime(2026, 6, 30, tzinfo=UTC).timestamp() * 1000)
TRACKS, LISTENERS, LISTENS = 80, 60, 60


def catalogue() -> pl.DataFrame:
    """Even tracks are fast and loud, odd ones slow and soft; a quarter each of year, language and explicit words."""
    numbers = range(TRACKS)
    return pl.DataFrame(
        {
            "kind": ["track"] * TRACKS,
            "item_id": [f"test:track/{number}" for number in numbers],
            "title": [f"{('fast', 'slow')[number % 2]} {number}" for number in numbers],
            "artist": [f"artist {number}" for number in numbers],
            "year": [1980 + number // 20 * 10 if number >= 20 else None for number in numbers],
            "language": [("de", "en", None, "fr")[number // 20] for number in numbers],
            "explicit": [number % 8 == 0 for number in numbers],
            "genres": [["jazz"] if number % 10 < 2 else ["pop"] for number in numbers],
        }
    )


def batches() -> list[Batch]:
    tracks = catalogue()
    names = tracks.select("kind", "item_id", "title", "artist")
    rng = np.random.default_rng(0)
    tempo = [130.0 + rng.normal() if number % 2 == 0 else 70.0 + rng.normal() for number in range(TRACKS)]
    energy = [0.9 if number % 2 == 0 else 0.1 for number in range(TRACKS)]
    sounds = [
        names.with_columns(
            pl.lit("x").alias("extractor"), pl.lit("1").alias("version"), pl.lit(name).alias("feature")
        ).with_columns(pl.Series("value", values))
        for name, values in (("tempo_bpm", tempo), ("energy", energy))
    ]
    rows = []
    for listener in range(LISTENERS):
        for place in range(LISTENS):
            workout = rng.random() < 0.5
            number = 2 * int(rng.integers(TRACKS // 2)) + (rng.random() < (0.15 if workout else 0.85))
            at = NOW - (LISTENS - place) * DAY + listener * 1000
            told = {"activity": "workout" if workout else "sleep"}
            rows.append(
                {"user_id": f"test:{listener}", "listened_at": at, "item_id": f"test:track/{int(number)}"} | told
            )
    listens = names.join(pl.DataFrame(rows), on="item_id")
    frames = {"items": tracks, "listens": listens, "features": pl.concat(sounds)}
    return [Batch("world", len(rows), frames)]


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    store = Store.at(folder)
    load(store, batches())
    settings = Recommendation(num_factors=8, portfolio=True)
    dataset = Dataset.load(take(store, folder / "snapshots")).by_history()
    trained = training.train(dataset, settings, about={}, judge=False)
    pointer.promote(folder / "models", files.save_set(folder / "models", trained))
    yield RecommendationEngine(EngineParts(store, folder / "models", settings))
    store.close()


def kinds(answer, count=8):
    return [track.title.split()[0] for track in answer.tracks][:count]


def ask(engine, listener="test:3", **wishes):
    options = {"count": 8, "max_per_artist": 8, "familiar_ratio": 0.0} | wishes
    return engine.recommend(listener, **options)


@pytest.mark.parametrize("ratio", [0.0, 1.0])
def test_what_suits_comes_first_among_the_new_and_the_known(engine, ratio):
    fast = ask(engine, familiar_ratio=ratio, context={"activity": "Joggen"})
    slow = ask(engine, familiar_ratio=ratio, context={"activity": "sleep"})
    assert kinds(fast).count("fast") > kinds(slow).count("fast")
    assert kinds(fast).count("fast") >= 6
    assert kinds(slow).count("slow") >= 6
    assert fast.context == {"activity": "workout"}
    assert fast["context"]["activity"] == "workout"
    assert all(track.familiar == (ratio == 1.0) for track in fast.tracks)


def test_without_a_context_nothing_changes(engine):
    plain = ask(engine)
    for context in (None, {}, {"activity": None}):
        again = ask(engine, context=context, preferences={})
        assert [t.item_id for t in again.tracks] == [t.item_id for t in plain.tracks]
        assert [t.score for t in again.tracks] == pytest.approx([t.score for t in plain.tracks], rel=1e-4)
    assert plain.context == {}
    assert all(track.context_effect == 0 for track in plain.tracks)


def test_the_effect_is_what_the_context_adds(engine):
    plain = {t.item_id: t.score for t in ask(engine, count=80, max_per_artist=80).tracks}
    moved = ask(engine, context={"activity": "workout"}, count=80, max_per_artist=80)
    assert moved.tracks
    for track in moved.tracks:
        assert track.score - track.context_effect == pytest.approx(plain[track.item_id], abs=1e-4)
        for because in track.because:
            assert because.score_without + because.effect == pytest.approx(track.score, abs=1e-3)


def test_why_says_only_what_was_measured(engine):
    answer = ask(engine, context={"activity": "workout"})
    told = [track for track in answer.tracks if "suits workout" in track.why]
    assert told
    for track in told:
        assert track.title.startswith("fast")
        assert "suits workout: energetic, 1" in track.why
        assert track.why.endswith(" BPM")
    assert not any("suits" in track.why for track in ask(engine).tracks)


def test_a_mood_nobody_told_of_comes_from_publications(engine):
    tired, thrilled = (ask(engine, context={"mood": mood}) for mood in ("müde", "energetic"))
    assert kinds(tired).count("slow") > kinds(thrilled).count("slow")
    assert tired.context == {"mood": "sleepy"}


def test_what_has_no_effect_is_said(engine):
    answer = ask(engine, context={"device": "tv", "activity": "workout"})
    assert answer.context == {"activity": "workout"}
    assert any(notice.startswith("without effect: device") for notice in answer.notices)
    assert not any("without effect" in notice for notice in ask(engine, context={"activity": "workout"}).notices)


def test_filters_hold_for_the_new_and_the_known(engine):
    facts = {row["item_id"]: row for row in catalogue().iter_rows(named=True)}
    for ratio in (0.0, 0.5, 1.0):
        for preferences, fits in (
            ({"explicit": False}, lambda row: not row["explicit"]),
            ({"language": "German"}, lambda row: row["language"] == "de"),
            ({"year_from": 1995}, lambda row: (row["year"] or 0) >= 1995),
            ({"year_to": 1995}, lambda row: row["year"] is not None and row["year"] <= 1995),
            ({"year_from": 2000, "language": "en"}, lambda row: False),
        ):
            answer = ask(engine, familiar_ratio=ratio, preferences=preferences)
            assert all(fits(facts[track.item_id]) for track in answer.tracks), preferences
            if preferences.get("year_from") == 2000:
                assert not answer.tracks
                assert any("nothing in the catalogue is known to fit" in notice for notice in answer.notices)
            else:
                assert answer.tracks, preferences
    assert len(ask(engine, preferences={"explicit": True}).tracks) == 8


@pytest.mark.parametrize("algorithm", ["hybrid_deep", "hybrid", "portfolio", "content"])
def test_genres_and_energy_are_strong_wishes(engine, algorithm):
    jazz = {row["item_id"] for row in catalogue().iter_rows(named=True) if row["genres"] == ["jazz"]}
    answer = ask(engine, preferences={"genres": ["Jazz!"]}, count=3, algorithm=algorithm)
    assert all(track.item_id in jazz for track in answer.tracks)
    assert all(track.context_effect > 0 for track in answer.tracks)
    for ratio in (0.0, 1.0):
        asked = {"familiar_ratio": ratio, "algorithm": algorithm}
        assert kinds(ask(engine, preferences={"energy_level": 0.1}, **asked)) == ["slow"] * 8
        assert kinds(ask(engine, preferences={"energy_level": "high"}, **asked)) == ["fast"] * 8


def test_a_reason_says_what_was_wished_for_and_that_it_fits(engine):
    wished = {"genres": ["jazz", "pop"], "energy_level": 0.85}
    for ratio in (0.0, 1.0):
        answer = ask(engine, preferences=wished, familiar_ratio=ratio)
        for track in answer.tracks:
            number = int(track.item_id.split("/")[1])
            genre = "jazz" if number % 10 < 2 else "pop"
            assert track.why.endswith(f"as you wished: {genre} and energy 0.9")
    german = ask(engine, preferences=wished, language="de").tracks[0]
    assert german.why.endswith(" und Energie 0,9")
    assert "; wie gewünscht: " in german.why
    quiet = ask(engine, preferences={"energy_level": 0.1}, count=80, max_per_artist=80)
    assert [("wished" in track.why) for track in quiet.tracks] == [kind == "slow" for kind in kinds(quiet, 80)]
    assert not any("wished" in track.why for track in ask(engine).tracks)


def test_an_explanation_says_how_an_item_is_to_each_wish(engine):
    preferences = {"genres": ["jazz"], "energy_level": 0.9}
    track = ask(engine, preferences={"genres": ["jazz"]}, count=1).tracks[0]
    found = engine.explain("test:3", track.item_id, preferences=preferences)
    assert "wished for: jazz; it has jazz" in found.summary
    genre, energy = found.wishes
    assert (genre.wish, genre.wanted, genre.has, energy.wanted) == ("genres", "jazz", "jazz", "energy 0.9")
    slow = engine.explain("test:3", "test:track/13", preferences=preferences, language="de")
    assert [wish.has for wish in slow.wishes] == [None, None]
    assert "gewünscht: Energie 0,9; nichts sagt, dass es passt" in slow.summary
    assert engine.explain("test:3", track.item_id).wishes == ()


def test_an_explanation_ranks_by_the_wishes_and_names_the_filters(engine):
    preferences = {"energy_level": "low", "year_from": 2000}
    told = {"count": 80, "max_per_artist": 80, "reasons": 0, "familiar_ratio": 0.0}
    track = ask(engine, preferences=preferences, **told).tracks[4]
    found = engine.explain("test:3", track.item_id, preferences=preferences)
    assert (found.rank, found.score) == (5, track.score)
    out = engine.explain("test:3", "test:track/0", preferences=preferences)
    assert out.rank is None
    assert out.left_out.startswith("not offered: the request leaves it out")


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"context": {"activity": "workot"}}, "did you mean 'workout'"),
        ({"context": {"mood": "xxxx"}}, "known: happy"),
        ({"context": {"weekday": 8}}, "weekday = 8"),
        ({"preferences": {"genres": ["jaz"]}}, "did you mean 'jazz'"),
        ({"preferences": {"genres": ["klezmer"]}}, "the most frequent: pop, jazz"),
        ({"preferences": {"genres": 3}}, "genres = 3"),
        ({"preferences": {"energy_level": 2}}, "energy_level = 2"),
        ({"preferences": {"energy_level": "huge"}}, "energy_level = 'huge'"),
        ({"preferences": {"language": "klingonisch"}}, "language = 'klingonisch'"),
        ({"preferences": {"explicit": "no"}}, "explicit = 'no'"),
        ({"preferences": {"year_from": "x"}}, "year_from = 'x'"),
        ({"preferences": {"year_from": 2001, "year_to": 2000}}, "from 2001 and up to 2000"),
    ],
)
def test_bad_wishes_are_named(engine, wishes, message):
    with pytest.raises(BadInput) as caught:
        ask(engine, **wishes)
    assert message in str(caught.value)


def test_a_stranger_hears_what_suits_too(engine):
    answer = ask(engine, "test:nobody", context={"activity": "workout"})
    assert kinds(answer).count("fast") >= 6


def test_models_without_the_helper_say_how_to_get_it(engine, tmp_path):
    serving = engine._current.get()
    models = {name: model for name, model in serving.models.models.items() if name != "context"}
    older = files.ModelSet(serving.models.item_keys, "track", models, {})
    pointer.promote(tmp_path, files.save_set(tmp_path, older))
    answer = ask(
        RecommendationEngine(EngineParts(engine._parts.store, tmp_path)),
        context={"activity": "workout"},
        preferences={"energy_level": 0.5},
    )
    assert len(answer.tracks) == 8
    assert any("ml train" in notice for notice in answer.notices)


@given(st.dictionaries(st.sampled_from(CONTEXT), st.one_of(st.none(), st.text(), st.integers(), st.booleans())))
def test_any_context_is_read_or_refused(context):
    try:
        asking = asking_of(context)
    except BadInput:
        return
    assert asking is None or isinstance(asking, Asking)


def test_wishes_are_read_as_they_are_meant():
    assert asking_of({"time_of_day": "Abend", "weekday": "Mo"}) == Asking(hour=20, weekday=0)
    assert asking_of({"mood": None}) is None
    wishes = Wishes.of({"genres": "Jazz", "language": "Deutsch", "explicit": True})
    assert (wishes.genres, wishes.language, wishes.filters) == (("jazz",), "de", True)
    assert not Wishes.of({"explicit": True, "genres": ["a", "A"]}).filters


def test_an_explanation_asks_again_without_the_context(engine):
    context = {"activity": "workout", "mood": "energetic"}
    told = {"count": 80, "max_per_artist": 80, "reasons": 0}
    track = ask(engine, context=context, **told).tracks[9]
    found = engine.explain("test:3", track.item_id, context=context)
    assert (found.rank, found.score) == (10, track.score)
    assert [part.part for part in found.context] == ["activity", "mood", "all"]
    rest = [{"mood": "energetic"}, {"activity": "workout"}, None]
    for part, other in zip(found.context, rest, strict=True):
        plain = [(each.item_id, each.score) for each in ask(engine, context=other, **told).tracks]
        assert plain[part.rank_without - 1] == (track.item_id, part.score_without)
    assert found.context[-1].rank_without > found.rank
    assert found.summary[-1] == f"without workout, energetic: rank 10 → {found.context[-1].rank_without}"


def test_the_statement_says_how_far_the_context_counts(engine):
    stated = {each.name: each.value for each in engine.main_parameters().parameters}
    card = engine._current.get().models.card["context"]
    assert stated["context.activity"] == card["direct"]["activity"]["strength"] > 0
    assert stated["own_plays.activity"] == card["boosts"]["activity"]["strength"]


def test_what_suits_in_german(engine):
    told = [track.why for track in ask(engine, context={"activity": "workout"}, language="de").tracks]
    assert any("; passt zu Sport: energiegeladen, 1" in why for why in told)
    assert not any("suits" in why for why in told)
