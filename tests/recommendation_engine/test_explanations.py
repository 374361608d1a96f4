"""An explanation says what is: its ranks are those of the answers, and its counterfactuals those of another store."""

import shutil
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import delete, func, select
from tests.recommendation_engine.conftest import MORNING

from ml.app import App
from ml.data.identity import find_item, find_user
from ml.data.schema import exposures, feedback, listens
from ml.experiments import registry
from ml.experiments.definition import Definition
from ml.foundation.errors import BadInput, UnknownId
from ml.foundation.settings import Settings
from ml.models.growing import STEPS, Growth
from ml.models.ranker import Ranker, ranker_members
from ml.models.splits import cut
from ml.recommendation_engine import EngineParts, RecommendationEngine, explanation_words, seam
from ml.recommendation_engine.sources import ABOUT, MODELS_ABOUT, about

ME = "test:both-1"


@pytest.fixture(scope="module")
def taught(genre_world):
    """A ranker with trees on the models of the world; what it learned is not the point."""
    app = App(Settings(), home=genre_world)
    models = app.engine._current.get().models.models
    split, _ = cut(app._dataset(None), seed=0)
    ranker = Ranker(tuple(models[each.name] for each in ranker_members() if each.name in models), named=40)
    ranker.learn(split, np.arange(split.train.plays.n_users), seed=0)
    app.close()
    assert ranker.trees is not None
    return ranker


@pytest.fixture
def deep(desk, taught):
    """The desk, with that ranker among the models in use."""
    desk.engine._current.get().models.models["hybrid_deep"] = taught
    return desk


def whole(desk, user=ME, **options):
    return desk.ask(user, **{"count": 500, "max_per_artist": 500, "reasons": 0, **options}).tracks


def forgetful(desk, tmp_path, user, item):
    """An engine, at the same moment, on a copy of the workspace without a listener's listens to an item."""
    home = shutil.copytree(desk.home, tmp_path / "copy")
    app = App(desk.app.settings, home=home)
    with app.workspace.store.write() as connection:
        user_key, item_key = find_user(connection, user), find_item(connection, item).key
        for table in (listens, feedback):
            mine = (table.c.user_key == user_key) & (table.c.item_key == item_key)
            connection.execute(delete(table).where(mine))
    parts = EngineParts(app.workspace.store, app.workspace.models, desk.parts.settings, clock=desk.clock)
    engine = RecommendationEngine(parts)
    engine._current.get().models.models.update(desk.engine._current.get().models.models)
    return engine, app


@pytest.mark.parametrize("algorithm", ["hybrid", "item_knn", "ials", "hybrid_deep"])
def test_rank_and_score_are_those_of_the_answer(deep, algorithm):
    for track in whole(deep, algorithm=algorithm)[:40:13]:
        found = deep.engine.explain(ME, track.item_id, algorithm=algorithm)
        assert (found.rank, found.score, found.source) == (track.rank, track.score, track.source)
        assert not found.familiar
        assert (found.item_id, found.title, found.artist) == (track.item_id, track.title, track.artist)


def test_place_is_that_of_the_list_of_ten(desk):
    answer = desk.engine.recommend(ME)
    assert {track.familiar for track in answer.tracks} == {True, False}
    for track in answer.tracks:
        found = desk.engine.explain(ME, track.item_id)
        assert (found.place, found.score, found.source) == (track.rank, track.score, track.source)
        assert found.familiar == track.familiar


@pytest.mark.parametrize("algorithm", ["hybrid", "item_knn", "ials", "hybrid_deep"])
@pytest.mark.parametrize("session", [False, True])
def test_a_counterfactual_is_what_a_store_without_these_listens_gives(deep, tmp_path, algorithm, session):
    """Ranked further down, where one listen moves something, and with a session whose weights depend on all plays."""
    if session:
        deep.tell(ME, "test:track/odd-1")
        deep.tell(ME, "test:track/odd-2", "like")
    track = whole(deep, algorithm=algorithm)[5]
    found = deep.engine.explain(ME, track.item_id, algorithm=algorithm)
    assert found.listens
    first = found.listens[0]
    engine, app = forgetful(deep, tmp_path, ME, first.item_id)
    told = {"algorithm": algorithm, "count": 500, "max_per_artist": 500, "familiar_ratio": 0.0, "reasons": 0}
    ranking = [each for each in engine.recommend(ME, **told).tracks if each.item_id != first.item_id]
    place = [each.item_id for each in ranking].index(track.item_id)
    assert first.rank_without == place + 1
    assert first.score_without == ranking[place].score
    assert first.score_without < found.score
    app.close()


def test_a_like_counts_as_what_it_rests_on(desk, tmp_path):
    desk.tell(ME, "test:track/odd-2", "like")
    track = next(each for each in whole(desk, algorithm="item_knn") if each.title == "odd 3")
    found = desk.engine.explain(ME, track.item_id, algorithm="item_knn")
    liked = next(listen for listen in found.listens if listen.title == "odd 2")
    assert (liked.plays, liked.last) == (0, None)
    engine, app = forgetful(desk, tmp_path, ME, liked.item_id)
    ranking = engine.recommend(ME, algorithm="item_knn", count=500, max_per_artist=500, familiar_ratio=0.0).tracks
    ranks = [each.item_id for each in ranking if each.item_id != liked.item_id]
    assert liked.rank_without == ranks.index(track.item_id) + 1 > found.rank
    app.close()


def test_what_a_familiar_item_would_be_had_it_never_been_played(desk, tmp_path):
    track = desk.ask(ME, familiar_ratio=1.0).tracks[0]
    found = desk.engine.explain(ME, track.item_id)
    engine, app = forgetful(desk, tmp_path, ME, track.item_id)
    ranking = engine.recommend(ME, count=500, max_per_artist=500, familiar_ratio=0.0, reasons=0).tracks
    assert found.rank == 1
    assert ranking[found.rank_as_new - 1].item_id == track.item_id
    assert f"had you never played it: rank {found.rank_as_new} of the new items" in found.summary
    app.close()


def test_a_familiar_item_says_how_often_and_when(desk):
    for _ in range(3):
        desk.tell(ME, "test:track/odd-1")
    desk.clock.pass_(days=2)
    desk.tell(ME, "test:track/odd-1")
    found = desk.engine.explain(ME, "test:track/odd-1", language="de")
    assert (found.plays, found.first, found.last) == (4, "2026-06-30", "2026-07-02")
    assert "du hast es 4-mal gehört, zuerst am 2026-06-30, zuletzt am 2026-07-02" in found.summary
    assert [source.name for source in found.sources] == ["replay"]


def test_parts_of_a_blend_add_up(desk):
    for track in whole(desk, algorithm="hybrid")[:30:10]:
        found = desk.engine.explain(ME, track.item_id, algorithm="hybrid")
        weights = desk.engine._current.get().model("hybrid").weights
        assert {source.name for source in found.sources} == {name for name, weight in weights.items() if weight}
        assert sum(source.contribution for source in found.sources) == pytest.approx(found.score, rel=1e-4)
        assert found.factors == ()


def test_contributions_of_trees_add_up_to_the_chance(deep):
    for track in whole(deep, algorithm="hybrid_deep")[:10:4]:
        found = deep.engine.explain(ME, track.item_id, algorithm="hybrid_deep")
        odds = found.begin + sum(factor.contribution for factor in found.factors)
        assert 1 + 1 / (1 + np.exp(-odds)) == pytest.approx(found.score, abs=1e-5)
        sizes = [abs(factor.contribution) for factor in found.factors]
        assert sizes == sorted(sizes, reverse=True)
        assert {source.name for source in found.sources} == {
            each.name for each in deep.engine._current.get().model("hybrid_deep").members
        }


def test_what_is_no_candidate_has_no_contributions(deep):
    last = whole(deep, algorithm="hybrid_deep")[-1]
    assert last.score < 1
    found = deep.engine.explain(ME, last.item_id, algorithm="hybrid_deep")
    assert found.factors == ()
    assert all(source.contribution is None for source in found.sources)


def test_a_source_says_where_it_alone_would_place_the_item(desk):
    track = whole(desk, algorithm="hybrid")[3]
    ranks = {source.name: source.rank for source in desk.engine.explain(ME, track.item_id).sources}
    for name in ("item_knn", "content"):
        alone = [each.item_id for each in whole(desk, algorithm=name)]
        assert ranks[name] == alone.index(track.item_id) + 1


def test_every_feature_of_the_ranker_is_in_words(taught):
    assert {about(name) for name in taught.feature_names} <= {*ABOUT.values(), *MODELS_ABOUT.values()}
    said = {*ABOUT.values(), *MODELS_ABOUT.values(), "other"}
    assert {f"about {each}" for each in said} <= set(explanation_words.EXPLAINED)


@pytest.mark.parametrize(
    ("event", "more", "said"),
    [
        ("block", {}, "you blocked it on 2026-06-30"),
        ("hide_artist", {}, "you blocked {artist} on 2026-06-30"),
        ("dislike", {}, "you disliked it on 2026-06-30"),
        ("not_now", {"until": MORNING + timedelta(hours=30)}, "before 2026-07-01 13:00 UTC: on 2026-06-30 you did not"),
    ],
)
def test_which_word_keeps_an_item_out_is_said(desk, event, more, said):
    track = whole(desk)[0]
    desk.tell(ME, track.item_id, event, **more)
    found = desk.engine.explain(ME, track.item_id)
    assert (found.rank, found.score, found.place) == (None, None, None)
    assert said.format(artist=track.artist) in found.left_out
    assert found.summary[0] == found.left_out
    assert desk.engine.explain(ME, track.item_id, language="de").left_out.startswith("nicht angeboten")


@pytest.mark.parametrize("event", ["block", "hide_artist"])
def test_what_keeps_an_item_out_is_named_so_that_it_can_be_lifted(desk, event):
    track = whole(desk)[0]
    assert desk.engine.explain(ME, track.item_id).refused is None
    desk.tell(ME, track.item_id, event)
    word = desk.engine.explain(ME, track.item_id).refused
    assert word.kind == "block"
    desk.tell(ME, word.item_id, "unblock")
    lifted = desk.engine.explain(ME, track.item_id)
    assert (lifted.left_out, lifted.refused) == (None, None)


def test_of_several_words_a_block_is_said_before_all_and_what_was_taken_back_not_at_all(desk):
    track = whole(desk)[0]
    for event in ("dislike", "like", "block", "not_now"):
        desk.tell(ME, track.item_id, event)
    assert "blocked it" in desk.engine.explain(ME, track.item_id).left_out
    desk.tell(ME, track.item_id, "unblock")
    assert "did not want it now" in desk.engine.explain(ME, track.item_id).left_out


def test_what_only_the_cap_keeps_out(desk):
    desk.parts.settings.max_per_artist = 1
    desk.parts.settings.familiar_ratio = 0.0
    shown = desk.engine.recommend(ME).tracks
    best = whole(desk)
    kept_out = next(each for each in best if each.item_id not in {track.item_id for track in shown})
    found = desk.engine.explain(ME, kept_out.item_id)
    assert found.place is None
    assert found.capped_by == tuple(track.title for track in shown if track.artist == kept_out.artist)
    assert any(said.startswith("the list takes at most 1 by one artist") for said in found.summary)


def test_early_skips_lower(desk):
    track = whole(desk)[0]
    others = [f"test:track/{track.title.split()[0]}-{n}" for n in range(30)]
    mine = [each for each in others if find_artist(desk, each) == track.artist and each != track.item_id]
    for each in mine[:3]:
        desk.tell(ME, each, "skip", ms_played=2_000)
    found = desk.engine.explain(ME, track.item_id)
    assert 0 < found.lowered < 0.4
    assert found.score == next(each.score for each in whole(desk) if each.item_id == track.item_id)


def find_artist(desk, item):
    genre, number = item.removeprefix("test:track/").split("-")
    return f"{genre} artist {int(number) % 6}"


def test_without_profiling_nobody_is_known(desk):
    track = desk.ask(ME, profiling=False).tracks[4]
    found = desk.engine.explain(ME, track.item_id, profiling=False)
    assert (found.rank, found.score, found.algorithm) == (5, track.score, "popularity")
    assert found.listens == ()
    assert found.notices[0].startswith("without profiling")


def test_the_context_that_mattered(desk):
    """Nothing is known of situations here, and the explanation says so."""
    found = desk.engine.explain(ME, "test:track/odd-5", context={"activity": "workout"})
    assert found.context == ()
    assert any("without effect" in said or "changes nothing" in said for said in found.notices)


def test_the_variant_of_an_experiment_is_explained_and_not_exposed(desk):
    variants = [{"name": "A", "parameters": {"algorithm": "ials"}}, {"name": "B", "parameters": {"algorithm": "ials"}}]
    registry.create(desk.parts.store, Definition.of({"name": "x", "variants": variants, "metric": "plays"}))
    registry.start(desk.parts.store, "x", share=1.0)
    assert desk.engine.explain(ME, "test:track/odd-5").algorithm == "ials"
    with desk.parts.store.read() as connection:
        assert connection.execute(select(func.count()).select_from(exposures)).scalar_one() == 0


def test_at_the_seam_the_model_that_answers_is_the_one_explained(deep, monkeypatch):
    """With one item fewer the hybrid would answer; without each of them it is still the trees that are asked."""
    monkeypatch.setattr(seam.Growth, "of", lambda card: Growth((1.0,) * len(STEPS)))
    for number in range(seam.HANDOVER):
        deep.tell("test:seam", f"test:track/calm-{number}")
    answer = deep.ask("test:seam", count=3, reasons=3)
    assert answer.algorithm == "hybrid_deep"
    for track in answer.tracks:
        found = deep.engine.explain("test:seam", track.item_id)
        assert (found.algorithm, found.score) == ("hybrid_deep", track.score)
        assert found.listens
        assert all(1 < listen.score_without < 2 for listen in found.listens)
        told = {because.item_id: because.score_without for because in track.because}
        for listen in found.listens:
            if listen.item_id in told:
                assert listen.score_without == pytest.approx(told[listen.item_id], abs=2e-3)


def test_what_cannot_be_explained(desk):
    with pytest.raises(UnknownId, match="the models rank tracks, and 'calm artist 0' is an artist") as caught:
        desk.engine.explain(ME, "calm artist 0")
    assert "train" not in caught.value.hint
    assert "track" in caught.value.hint
    with pytest.raises(UnknownId):
        desk.engine.explain("test:nobody", "test:track/odd-5")
    with pytest.raises(UnknownId):
        desk.engine.explain(ME, "test:track/none")
    with pytest.raises(BadInput, match="language"):
        desk.engine.explain(ME, "test:track/odd-5", language="fr")


# --- the main parameters


def test_the_statement_of_the_hybrid(desk):
    stated = desk.engine.main_parameters()
    weights = desk.engine._current.get().model("hybrid").weights
    assert (stated.algorithm, stated.measure) == ("hybrid", "weight")
    assert sum(signal.share for signal in stated.signals) == pytest.approx(1)
    shares = {signal.name: signal.share for signal in stated.signals}
    total = sum(weights.values())
    assert shares["popularity"] == pytest.approx(weights["popularity"] / total)
    assert shares["content"] == pytest.approx((weights["content"] + weights["content_tower"]) / total)
    assert [signal.share for signal in stated.signals] == sorted(shares.values(), reverse=True)


def test_the_statement_of_trees_is_of_their_gains(deep, taught):
    stated = deep.engine.main_parameters()
    gains = taught.trees.importances()
    assert (stated.algorithm, stated.measure) == ("hybrid_deep", "gain")
    artist = sum(gain for name, gain in gains.items() if name.startswith("artist_"))
    shares = {signal.name: signal.share for signal in stated.signals}
    assert shares["artist"] == pytest.approx(artist / sum(gains.values()))


def test_the_statement_follows_the_settings(desk):
    def values():
        return {each.name: each.value for each in desk.engine.main_parameters().parameters}

    before = values()
    desk.parts.settings.familiar_ratio = 0.35
    desk.parts.settings.max_per_artist = 7
    assert (before["familiar_ratio"], before["max_per_artist"]) == (0.2, 2)
    assert (values()["familiar_ratio"], values()["max_per_artist"]) == (0.35, 7)
    desk.parts.settings.profiling = False
    assert desk.engine.main_parameters().algorithm == "popularity"


def test_the_statement_in_german(desk):
    english, german = (desk.engine.main_parameters(language=language) for language in ("en", "de"))
    assert [each.share for each in english.signals] == [each.share for each in german.signals]
    assert german.text[0] == "was für Hörer neu ist, ordnet hybrid"
    assert any("--no-profiling" in said for said in german.text)
    assert english.text[0] == "what is new to a listener is ranked by hybrid"
