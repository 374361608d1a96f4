"""The whole way on both databases: import, train, recommend, record, undo."""

import csv
from datetime import UTC, datetime, timedelta

import pytest

from ml.app import App
from ml.audio_analysis import AudioLibrary
from ml.data.demo import DemoSize
from ml.evaluation import Budget
from ml.foundation import configuration, resolver
from ml.foundation.errors import BadInput, EmptyWorkspace, NotTrained
from ml.foundation.settings import Settings
from ml.models import pointer, training
from ml.models.gate import Verdict
from ml.recommendation_engine import EnhancedRecommendationEngine

START = datetime(2026, 1, 1, tzinfo=UTC)
TINY = DemoSize(listeners=60, tracks=200, artists=30, listens=4_000, days=90)


def history(path):
    """Two tastes of twelve listeners each; each listener hears two thirds of the taste's tracks."""
    with path.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["user", "title", "artist", "timestamp"])
        for taste in ("calm", "loud"):
            for listener in range(12):
                for number in range(24):
                    if (number + listener) % 3:
                        at = START + timedelta(hours=listener * 31 + number * 7)
                        rows.writerow(
                            [f"{taste}-{listener}", f"{taste} {number}", f"{taste} artist {number % 8}", at.isoformat()]
                        )
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def app(request, tmp_path):
    settings = Settings()
    settings.storage.home = tmp_path / "home"
    settings.recommendation_engine.num_factors = 8
    if request.param == "postgresql":
        settings.storage.database_url = request.getfixturevalue("postgres_url")
    opened = App(settings)
    yield opened
    opened.close()


def test_from_a_file_to_a_recommendation_and_back(app, tmp_path):
    summary = app.import_path(history(tmp_path / "plays.csv"))
    assert summary.added["listens"] == 384
    trained = app.train().models
    assert trained.item_kind == "track"
    assert app.status().models == pointer.current(app.workspace.models)
    answer = app.engine.recommend("local:user/calm-3", familiar_ratio=0.0, count=5)
    assert answer.algorithm == "hybrid_deep"
    assert len(answer.tracks) == 5
    assert all(track.title.startswith("calm") for track in answer.tracks)
    assert all(track.because for track in answer.tracks)
    for number in range(4):
        app.engine.record("local:user/new", f"loud artist {number} - loud {number}")
    newcomer = app.engine.recommend("local:user/new", familiar_ratio=0.0, count=5)
    assert len(newcomer.tracks) == 5
    assert all(track.title.startswith("loud") for track in newcomer.tracks)
    assert len(list(app.engine.recommend_batch())) == 25
    shown = app.exposure(listeners=25, algorithm="hybrid", by="tail")
    assert shown.n_listeners == 25
    assert sum(each.exposure.mean for each in shown.groups) == pytest.approx(1)
    assert sum(each.artists for each in shown.groups) == 16
    blocked = newcomer.tracks[0]
    app.engine.record("local:user/new", blocked.item_id, event="block")
    assert blocked.title not in [track.title for track in app.engine.recommend("local:user/new", count=30).tracks]
    similar = app.engine.similar("calm artist 1 - calm 1", count=5)
    assert len(similar.items) == 5
    assert all(item.title.startswith("calm") for item in similar.items)
    removed = app.undo_import(summary.import_id).removed
    assert removed["listens"] == 384


def test_a_merge_moves_listens_at_once_and_a_split_brings_them_back(app, tmp_path):
    app.import_path(history(tmp_path / "plays.csv"))
    app.train(judge=False)

    def familiar():
        answer = app.engine.recommend("local:user/calm-0", familiar_ratio=1.0, count=50, max_per_artist=50)
        return {track.title for track in answer.tracks if track.familiar}

    before = familiar()
    assert {"calm 1", "calm 2"} <= before
    app.merge("calm artist 1 - calm 1", "calm artist 2 - calm 2")
    assert before - familiar() == {"calm 2"}
    (merge,) = app.merges()
    app.split(merge.item_id)
    assert familiar() == before


def test_the_portfolio_is_trained_where_it_is_asked_for(tmp_path):
    settings = Settings()
    settings.storage.home = tmp_path / "home"
    settings.recommendation_engine.num_factors = 8
    app = App(settings)
    app.import_path(history(tmp_path / "plays.csv"))
    app.train()
    with pytest.raises(NotTrained, match="ml train --portfolio"):
        app.engine.recommend("local:user/calm-3", algorithm="portfolio")
    with pytest.raises(NotTrained, match="ml evaluate"):
        app.engine.recommend("local:user/calm-3", algorithm="bpr")
    trained = app.train(portfolio=True).models
    assert {"ease", "slim", "graph_filter", "portfolio"} <= set(trained.models)
    weights = trained.models["portfolio"].weights
    assert max(weights.values()) == 1
    assert min(weights.values()) == 0, "one of them adds nothing here"
    card = trained.card["scores"]
    assert card["portfolio"]["ndcg@20"]["value"] > card["popularity"]["ndcg@20"]["value"]
    answer = app.engine.recommend("local:user/calm-3", algorithm="portfolio", familiar_ratio=0.0, count=5)
    assert answer.algorithm == "portfolio"
    assert all(track.title.startswith("calm") for track in answer.tracks)
    assert all(track.because for track in answer.tracks)
    assert app.settings.recommendation_engine.portfolio is False
    app.close()


def test_models_of_what_nobody_played_take_no_others_place(app, tmp_path):
    app.import_path(history(tmp_path / "plays.csv"))
    version = app.train().version
    nobody = app.train(kind="artist")
    assert nobody.models.card["n_listeners"] == 0
    assert not nobody.in_use
    assert pointer.current(app.workspace.models) == version


def test_a_portfolio_that_is_not_judged_is_weighed_all_the_same(tmp_path):
    settings = Settings()
    settings.storage.home = tmp_path / "home"
    settings.recommendation_engine.num_factors = 8
    app = App(settings)
    app.import_path(history(tmp_path / "plays.csv"))
    trained = app.train(portfolio=True, judge=False).models
    assert trained.card["scores"] == {}
    assert min(trained.models["portfolio"].weights.values()) == 0
    app.close()


def test_settings_are_used_where_what_is_tested_was_not_looked_at(tmp_path):
    """A card shows the scores of settings only on the very split that they were searched on."""
    settings = Settings()
    settings.storage.home = tmp_path / "home"
    settings.recommendation_engine.num_factors = 1
    app = App.demo(settings, size=DemoSize(listeners=500, tracks=200, artists=30, listens=30_000, days=90))
    plain = app.train().models.card["scores"]["ials"]
    app.tune(split="per_listener", models=["ials"], budget=Budget(trials=8))
    elsewhere = app.train().models
    assert elsewhere.models["ials"].factors > 1
    assert elsewhere.card["tuned"]["judged_with_them"] is False
    assert elsewhere.card["scores"]["ials"] == plain
    app.tune(models=["ials"], budget=Budget(trials=8))
    here = app.train().models
    assert here.card["tuned"]["judged_with_them"] is True
    assert here.card["scores"]["ials"]["ndcg@20"]["value"] > plain["ndcg@20"]["value"]
    found = app.evaluate(models=["ials"], ks=[20]).models["ials"]
    assert found["settings"] == here.card["tuned"]["models"]["ials"]
    assert "settings" not in app.evaluate(models=["ials"], split="last").models["ials"]
    app.engine.record("demo:user_10002", app.engine.recommend("demo:user_10003").tracks[0].item_id)
    assert "settings" not in app.evaluate(models=["ials"]).models["ials"], "the plays are other ones now"
    app.close()


def test_an_empty_workspace_names_what_to_type(app):
    with pytest.raises(EmptyWorkspace, match="ml import PATH"):
        app.train()
    with pytest.raises(EmptyWorkspace, match="ml demo"):
        App.of_settings(app.settings)


def test_the_demo_world_answers_until_real_data_is_there(tmp_path):
    settings = configuration.current()
    steps: list[str] = []
    App.demo(settings, size=TINY, on_step=steps.append).close()
    assert "make the demo world" in steps
    answer = EnhancedRecommendationEngine().recommend("user_10001")
    assert "synthetic" in answer.notices[0]
    real = App(settings)
    real.import_path(history(tmp_path / "plays.csv"))
    real.train(judge=False)
    answer = EnhancedRecommendationEngine().recommend("calm-3")
    assert not any("synthetic" in notice for notice in answer.notices)
    assert answer.tracks[0].title.startswith("calm")
    real.close()


def test_numbers_of_the_demo_world_say_that_they_are(tmp_path):
    settings = Settings()
    settings.storage.home = tmp_path / "home"
    demo = App.demo(settings, size=TINY)
    found = demo.evaluate(models=["popularity"], ks=[10])
    demo.close()
    assert found.protocol.split.startswith("synthetic demo world; by time")


def test_the_demo_world_is_kept_and_made_anew_for_another_seed(tmp_path):
    settings = Settings()
    settings.storage.home = tmp_path / "home"
    again: list[str] = []
    App.demo(settings, size=TINY).close()
    App.demo(settings, size=TINY, on_step=again.append).close()
    assert again == []
    App.demo(settings, size=TINY, seed=1, on_step=again.append).close()
    assert "make the demo world" in again


def test_the_same_data_and_seed_train_the_same_models(tmp_path):
    answers = []
    for name in ("one", "other"):
        settings = Settings()
        settings.storage.home = tmp_path / name
        app = App.demo(settings, size=TINY)
        answer = app.engine.recommend("demo:user_10002", count=5)
        # Replay measures recency against the moment of asking, so the scores of familiar items move with the clock.
        new = [(track.item_id, track.score, track.because) for track in answer.tracks if not track.familiar]
        answers.append((new, [track.item_id for track in answer.tracks], app.snapshot().hash))
        app.close()
    assert answers[0] == answers[1]


def test_who_gets_in_as_an_erased_listener_of_the_demo_world_does_so_no_longer(tmp_path):
    settings = Settings()
    settings.storage.home = tmp_path
    settings.access.password_memory_mib = 19
    app = App.demo(settings, size=TINY)
    for name, whom in (("ann", "demo:user_10002"), ("bob", "demo:user_10003")):
        app.access.accounts.create(name, role="listener", password="a long enough phrase 7", user_id=whom)
    receipt = app.erase_listener("demo:user_10002", confirm="demo:user_10002")
    assert receipt.rows["accounts"] == 1
    assert [each.name for each in app.access.accounts.list()] == ["bob"]
    app.close()


def test_a_workspace_that_is_begun_twice_says_so(tmp_path):
    settings = Settings()
    settings.storage.home = tmp_path
    app = App(settings)
    first, second = app.begin(), app.begin()
    assert (first.already, first.since) == (False, None)
    assert second.already
    assert datetime.fromisoformat(second.since) <= datetime.now(UTC)
    app.workspace.store.state("begun", "yes")  # as it was kept before times were
    assert (app.begin().already, app.begin().since) == (True, None)
    app.close()


def test_the_demo_world_never_touches_imported_data_nor_takes_it_in(tmp_path):
    inner = Settings()
    inner.storage.home = tmp_path / "home" / "demo"
    real = App(inner)
    real.import_path(history(tmp_path / "plays.csv"))
    outer = Settings()
    outer.storage.home = tmp_path / "home"
    with pytest.raises(BadInput, match="holds data that were imported"):
        App.demo(outer, size=TINY)
    assert real.status().data.listens == 384
    real.close()
    other = Settings()
    other.storage.home = tmp_path / "other"
    demo = App.demo(other, size=TINY)
    with pytest.raises(BadInput, match="never mixed"):
        demo.import_path(tmp_path / "plays.csv")
    demo.close()


def test_models_that_are_no_better_than_popularity_do_not_replace_those_in_use(app, tmp_path, monkeypatch):
    app.import_path(history(tmp_path / "plays.csv"))
    monkeypatch.setattr(training, "verdict", lambda _: Verdict(False, "no better"))
    first = app.train()
    assert first.in_use  # without any, nobody would be answered
    second = app.train()
    assert not second.in_use
    assert app.status().models == first.version
    assert [(one.in_use, one.why) for one in app.model_sets()] == [(False, "no better"), (True, "no better")]
    app.promote(second.version)
    assert app.status().models == second.version
    assert app.rollback() == first.version
    assert app.model_card()["version"] == first.version


def test_a_library_without_arguments_is_in_the_settings_workspace_and_never_in_the_demo_world(tmp_path):
    with pytest.raises(EmptyWorkspace):
        resolver.current()
    library = AudioLibrary()
    assert library.workspace.home == tmp_path / "ml-home"
    assert library.tracks() == []
    assert not library.workspace.is_there
    assert AudioLibrary().workspace is library.workspace
    app = App(Settings(), home=tmp_path / "other")
    assert app.audio_library.workspace is app.workspace
    with resolver.own.replace(app):
        assert AudioLibrary().workspace is app.workspace
    app.close()
