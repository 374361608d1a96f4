"""What running experiments do to answers: of one listener, of a batch, of two rankings in one list."""

from collections import Counter
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from sqlalchemy import select

from ml.app import App
from ml.app import experiments as app_experiments
from ml.data.demo import LABEL
from ml.data.schema import drafts, exposures
from ml.data.workspace import DEMO
from ml.experiments import registry
from ml.experiments.definition import Definition
from ml.experiments.exposure import Assignment
from ml.foundation.errors import BadInput, MissingExtra, NotTrained
from ml.foundation.settings import Recommendation as Settings
from ml.models import files, pointer, training
from ml.recommendation_engine import Recommendation, Recommendations, serving
from ml.recommendation_engine.request import Request
from ml.recommendation_engine.trials import Draft, trial_of

EVERYBODY = [f"test:{genre}-{n}" for genre in ("calm", "loud", "odd") for n in range(20)]
DIAL = [{"name": "A"}, {"name": "B", "parameters": {"familiar_ratio": 1.0}}]


def run(desk, variants, name="trial", **changes):
    """Start an experiment on the desk's store."""
    store = desk.app.workspace.store
    given = {"name": name, "variants": variants, "metric": "clicks", **changes}
    registry.create(store, Definition.of(given))
    return registry.start(store, name)


def written(desk):
    with desk.app.workspace.store.read() as connection:
        return {row.user_key: row.variant for row in connection.execute(select(exposures))}


def test_a_batch_gives_each_listener_the_variant_that_one_answer_gives(desk):
    run(desk, DIAL)
    batch = list(desk.engine.recommend_batch(EVERYBODY, count=5))
    familiar = [all(track.familiar for track in answer.tracks) for answer in batch]
    assert 15 < sum(familiar) < 45
    assert sum(variant == "B" for variant in written(desk).values()) == sum(familiar)
    assert [answer.user_id for answer in batch] == EVERYBODY
    again = [desk.engine.recommend(user, count=5, reasons=0) for user in EVERYBODY[:12]]
    assert [answer.tracks for answer in again] == [answer.tracks for answer in batch[:12]]


def test_a_batch_writes_exposures_once_and_none_where_the_caller_names_the_dial(desk):
    run(desk, DIAL)
    list(desk.engine.recommend_batch(EVERYBODY[:4], familiar_ratio=0.0))
    assert not written(desk)
    list(desk.engine.recommend_batch([*EVERYBODY[:4], EVERYBODY[0], "test:nobody"]))
    first = written(desk)
    list(desk.engine.recommend_batch(EVERYBODY[:4]))
    assert written(desk) == first
    assert len(first) == 4


def test_a_batch_takes_context_and_preferences_as_one_answer_does(desk):
    wishes = {"context": {"activity": "workout"}, "preferences": {"genres": ["odd"]}}
    batch = list(desk.engine.recommend_batch(EVERYBODY[:3], count=6, reasons=3, **wishes))
    alone = [desk.engine.recommend(user, count=6, reasons=3, **wishes) for user in EVERYBODY[:3]]
    assert [answer.tracks for answer in batch] == [answer.tracks for answer in alone]
    assert sum(track.title.startswith("odd") for track in batch[0].tracks) >= 4
    with pytest.raises(BadInput, match="unknown preferences"):
        list(desk.engine.recommend_batch(EVERYBODY[:3], preferences={"colour": "red"}))


def test_a_batch_can_be_strict(desk):
    with pytest.raises(NotTrained, match="no deep part"):
        list(desk.engine.recommend_batch(EVERYBODY[:1], strict=True))


def test_two_dials_at_once_are_refused(desk):
    with pytest.raises(BadInput, match="among the preferences"):
        desk.ask("test:calm-1", familiar_ratio=0.2, preferences={"familiar_ratio": 0.8})


# --- two rankings in one list

RANKERS = [
    {"name": "A", "parameters": {"algorithm": "item_knn"}},
    {"name": "B", "parameters": {"algorithm": "popularity"}},
]


def teams_of(desk):
    with desk.app.workspace.store.read() as connection:
        return connection.execute(select(drafts)).all()


def test_an_interleaved_list_is_drafted_from_both(desk):
    alone = {name: desk.titles("test:calm-1", algorithm=name) for name in ("item_knn", "popularity")}
    run(desk, RANKERS, design="interleaved")
    answer = desk.ask("test:calm-1")
    titles = [track.title for track in answer.tracks]
    rows = {row.item_key: row.team for row in teams_of(desk)}
    assert len(titles) == len(set(titles)) == 12 == len(rows)
    assert Counter(rows.values()) == {0: 6, 1: 6}
    assert set(titles) <= set(alone["item_knn"]) | set(alone["popularity"])
    assert [track.rank for track in answer.tracks] == list(range(1, 13))
    assert answer.algorithm == "item_knn + popularity"
    assert {track.source for track in answer.tracks} == {"item_knn", "popularity"}
    assert list(written(desk).values()) == ["interleaved"]
    # Each ranking's items are in its own order, and the same question has the same list.
    for name, ranking in alone.items():
        mine = [track.title for track in answer.tracks if track.source == name]
        assert mine == sorted(mine, key=ranking.index)
    assert desk.titles("test:calm-1") == titles
    assert len(teams_of(desk)) == 12


def test_an_explanation_says_that_it_is_of_one_ranking_of_two(desk):
    run(desk, RANKERS, design="interleaved")
    item = desk.ask("test:calm-1").tracks[0].item_id
    notices = desk.engine.explain("test:calm-1", item).notices
    assert any("mixes two rankings into one list: this is where item_knn alone puts it" in each for each in notices)


def test_a_batch_interleaves_as_one_answer_does(desk):
    run(desk, RANKERS, design="interleaved")
    batch = list(desk.engine.recommend_batch(EVERYBODY[:6], count=8))
    rows = len(teams_of(desk))
    assert rows == sum(len(answer.tracks) for answer in batch) == 48
    alone = [desk.engine.recommend(user, count=8, reasons=0).tracks for user in EVERYBODY[:6]]
    assert alone == [answer.tracks for answer in batch]
    assert len(teams_of(desk)) == rows


def test_the_cap_on_artists_holds_in_a_draft(desk):
    run(desk, RANKERS, design="interleaved")
    for user in EVERYBODY[::7]:
        tracks = desk.ask(user, max_per_artist=1, count=10).tracks
        assert max(Counter(track.artist for track in tracks).values()) == 1
        assert len(tracks) == 10


def test_a_draft_keeps_the_cap_that_each_ranking_kept(desk):
    """By hand: both rankings have one song each of two artists, and not the same."""
    request = Request.of(desk.parts.settings, count=2, max_per_artist=1)

    def ranking(*names):
        tracks = tuple(
            Recommendation(name, "track", name, name[0], rank, 1.0, "x", False, "")
            for rank, name in enumerate(names, 1)
        )
        return Recommendations("me", "x", "track", tracks, 0.0)

    artists = {name: ord(name[0]) for name in ("a1", "a2", "b1", "b2")}
    draft = Draft(ranking("a1", "b1"), ranking("a2", "b2"), (request, request), artists)
    found = {tuple(draft.drawn(np.random.default_rng(seed))[1]) for seed in range(40)}
    assert found == {("a1", "b2"), ("a2", "b1")}
    wider = replace(request, max_per_artist=2)
    both = {tuple(replace(draft, requests=(request, wider)).drawn(np.random.default_rng(1))[1])}
    assert both <= {("a1", "a2"), ("a2", "a1")}


def test_what_cannot_be_interleaved_is_not_part_of_it(desk):
    run(desk, RANKERS, design="interleaved")
    assert desk.ask("test:calm-1", algorithm="hybrid").algorithm == "hybrid"
    desk.ask("test:calm-1", exposure={"tail": 0.2})
    assert not written(desk)
    assert not teams_of(desk)


# --- models that lack what a variant asks for


def lose(desk, name):
    """Put models into use that lack one of those that are in use."""
    app = desk.app
    version = app.model_card()["version"]
    models = files.load_set(app.workspace.models / version)
    left = {each: model for each, model in models.models.items() if each != name}
    pointer.promote(app.workspace.models, files.save_set(app.workspace.models, replace(models, models=left)))


def test_an_experiment_whose_model_is_gone_is_suspended_for_all_its_listeners(desk, caplog):
    run(desk, [{"name": "A"}, {"name": "B", "parameters": {"algorithm": "popularity_recent"}}])
    before = {user: desk.ask(user).algorithm for user in EVERYBODY[:8]}
    known = written(desk)
    assert set(before.values()) > {"popularity_recent"}
    lose(desk, "popularity_recent")
    answers = [desk.ask(user) for user in EVERYBODY[:16]]
    assert "popularity_recent" not in {answer.algorithm for answer in answers}
    assert all(
        "experiment trial is suspended, since it asks for popularity_recent:"
        " the current models have no 'popularity_recent'" in a.notices
        for a in answers
    )
    assert written(desk) == known, "nobody new is let in, in neither variant"
    # Once in the log, however many answers.
    (line,) = [record for record in caplog.records if "suspended" in record.getMessage()]
    assert (line.name, line.levelname) == ("ml", "WARNING")
    assert line.getMessage().startswith("experiment trial is suspended, since it asks for popularity_recent")
    (told,) = desk.engine.recommend_batch(EVERYBODY[:1], language="de")
    assert any("Experiment trial ruht" in notice for notice in told.notices)


def test_what_a_library_is_missing_for_is_suspended_and_is_not_started(desk, monkeypatch):
    """As answers, so start, show and a list: all of them name the library."""
    ours, deep = desk.app.experiments, [{"name": "A"}, {"name": "B", "parameters": {"algorithm": "hybrid_deep"}}]
    made = run(desk, deep, name="runs")
    ours.create({"name": "draft", "variants": deep, "metric": "clicks"})
    # Of models that have the deep part, and of none of the libraries that read it.
    with_deep = {**files.read_card(desk.app.workspace.models / desk.app.model_card()["version"])}
    with_deep["models"] = {**dict.fromkeys(with_deep["models"]), "hybrid_deep": None}
    monkeypatch.setattr(app_experiments, "card_of", lambda *_: with_deep)
    monkeypatch.setattr(serving, "_first_missing", lambda libraries: libraries[0])
    with pytest.raises(MissingExtra, match="'lightgbm' is not installed") as caught:
        ours.start("draft")
    assert "deep" in caught.value.hint
    for shown in (ours.show("runs"), ours.list()[-1]):
        assert any("suspended" in notice and "'lightgbm'" in notice for notice in shown.notices)
    given = [assigned(made, variant.name) for variant in made.definition.variants]
    has = SimpleNamespace(models=SimpleNamespace(models={"hybrid": None, "hybrid_deep": None}), suspended=set())
    for each in given:
        trial = trial_of(has, Request.of(Settings(), count=5), [each], set())
        assert not trial.met
        assert "'lightgbm' is not installed" in trial.said[0]
    monkeypatch.setattr(serving, "_first_missing", lambda _: None)
    assert not ours.show("runs").notices
    assert trial_of(has, Request.of(Settings(), count=5), [given[0]], set()).met


def assigned(experiment, variant):
    found = experiment.definition
    return Assignment(
        experiment.id,
        experiment.name,
        variant,
        found.variant(variant).parameters,
        found.parameters,
        new=True,
        variants=found.variants,
    )


def test_a_training_without_that_model_leaves_the_models_in_use(desk, monkeypatch):
    run(desk, [{"name": "A"}, {"name": "B", "parameters": {"algorithm": "popularity_recent"}}])
    before, real = desk.app.model_card()["version"], training.train

    def without(*given, **options):
        found = real(*given, **options)
        left = {name: model for name, model in found.models.items() if name != "popularity_recent"}
        return replace(found, models=left)

    monkeypatch.setattr(training, "train", without)
    trained = desk.app.train(judge=False)
    assert trained.lost == ("experiment trial is running and asks for 'popularity_recent'",)
    assert not trained.in_use
    assert desk.app.model_card()["version"] == before
    registry.stop(desk.app.workspace.store, "trial")
    again = desk.app.train(judge=False)
    assert again.in_use
    assert not again.lost


# --- what a variant may set


@pytest.mark.parametrize(
    ("parameters", "asked"),
    [
        ({"exposure": {"tail": 0.5}}, {"exposure": {"tail": 0.5}}),
        ({"context": False}, {}),
    ],
)
def test_a_variant_answers_as_a_request_that_says_the_same(desk, parameters, asked):
    context = {"context": {"activity": "workout"}} if "context" in parameters else {}
    expected = [desk.titles(user, **asked) for user in EVERYBODY[:10]]
    run(desk, [{"name": "B", "parameters": parameters}, {"name": "C", "parameters": parameters}])
    assert [desk.titles(user, **context) for user in EVERYBODY[:10]] == expected
    assert len(written(desk)) == 10


def test_an_experiment_on_the_context_is_met_only_where_there_is_one(desk):
    run(desk, [{"name": "A"}, {"name": "B", "parameters": {"context": False}}])
    desk.ask("test:calm-1")
    assert not written(desk)
    desk.ask("test:calm-1", context={"activity": "workout"})
    assert len(written(desk)) == 1


def test_a_variant_may_switch_the_session_off(desk):
    listener = "test:both-1"
    for n in range(4):
        desk.tell(listener, f"test:track/loud-{n}")
    lively = desk.titles(listener)
    desk.parts.settings.session_strength = 0.0
    expected = desk.titles(listener)
    desk.parts.settings.session_strength = 4.0
    assert desk.titles(listener) == lively != expected
    run(desk, [{"name": name, "parameters": {"session_strength": 0}} for name in "AB"])
    assert desk.titles(listener) == expected


def test_shares_that_the_caller_names_are_no_part_of_an_experiment_on_them(desk):
    run(desk, [{"name": "A"}, {"name": "B", "parameters": {"exposure": {"tail": 0.5}}}])
    desk.ask("test:calm-1", exposure={"tail": 0.1})
    assert not written(desk)


# --- the demo world


def test_what_is_synthetic_says_so(desk):
    desk.app.workspace.store.state("label", DEMO)
    with closing(App(desk.app.settings, home=desk.home)) as app:
        made = app.experiments.create({"name": "x", "variants": DIAL, "metric": "clicks"})
        told = [made, app.experiments.show("x"), *app.experiments.list(), app.experiments.start("x")]
        told += [app.experiments.report("x"), app.experiments.stop("x")]
        told.append(app.engine.record("test:calm-1", "test:track/calm-1"))
        told.append(app.engine.undo("test:calm-1"))
        told.append(app.engine.pause_history("test:calm-1"))
        assert all(any(LABEL in notice for notice in each.notices) for each in told)
        assert LABEL in told[1].to_json()
