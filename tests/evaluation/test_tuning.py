"""The search for settings: it finds what is better, can be taken up again, and never sees what is tested on."""

import signal
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from ml.evaluation import Budget, evaluate, evaluate_files, tune, tune_files
from ml.evaluation.ground import choosing
from ml.evaluation.spaces import SPACES, Between, OneOf, space_around
from ml.evaluation.studies import Study
from ml.foundation.errors import BadInput, MissingExtra
from ml.foundation.settings import Recommendation as Settings
from ml.models.base import TrainingData, config_of
from ml.models.dataset import Dataset
from ml.models.making import make
from ml.models.plays import Plays
from ml.models.registry import MODELS
from ml.models.splits import cut

N = 40
SLOPE = {"x": Between(0, 10)}


def circles(n_users=80):
    rng = np.random.default_rng(0)
    plays = Plays.of([rng.permutation(np.arange(user % 4, N, 4))[:8].tolist() for user in range(n_users)], n_items=N)
    return Dataset.of(TrainingData(plays, csr_matrix((N, 0), dtype=np.float32), np.full(N, -1, dtype=np.int32)))


def study(file, seed=0):
    return Study(SLOPE, {"x": 5.0}, value=choosing, file=file, seed=seed)


def climb(file, n, seed=0):
    """Search for the top of a slope, by so many trials."""
    search = study(file, seed)
    for _ in range(n):
        trial = search.propose()
        search.learn(trial, np.array([trial.params["x"], 7.0, np.nan]))
    return search


# --- the search itself


def test_the_first_proposal_are_the_settings_in_force(tmp_path):
    search = climb(tmp_path / "x.log", 1)
    assert search.best()[0] == {"x": 5.0}
    np.testing.assert_array_equal(search.first(), [5, 7, np.nan])


def test_a_search_is_taken_up_where_it_was(tmp_path):
    first = climb(tmp_path / "x.log", 6).best()[0]["x"]
    again = climb(tmp_path / "x.log", 6)
    assert again.n_trials == 12
    assert again.best()[0]["x"] >= first > 5
    assert len({trial.params["x"] for trial in again._study.trials}) == 12
    np.testing.assert_array_equal(again.first(), [5, 7, np.nan])


def test_a_trial_that_was_interrupted_does_not_count(tmp_path):
    study(tmp_path / "x.log").propose()
    search = climb(tmp_path / "x.log", 2)
    assert search.n_trials == 2
    np.testing.assert_array_equal(search.first(), [5, 7, np.nan])


def test_opening_a_search_again_and_again_proposes_the_start_once(tmp_path):
    for _ in range(3):
        study(tmp_path / "x.log")
    search = climb(tmp_path / "x.log", 4)
    assert len({trial.params["x"] for trial in search._study.trials}) == 4


@pytest.fixture
def ctrl_c():
    """Listen to Ctrl-C, also where the tests were started in the background, which turns a deaf ear to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_waits_until_what_is_being_kept_is_kept(tmp_path, monkeypatch):
    """In the middle of a lock it would leave the lock behind, and the next search would wait for it."""
    search = climb(tmp_path / "x.log", 1)
    trial = search.propose()
    tell = search._study.tell

    def interrupted(*arguments):
        signal.raise_signal(signal.SIGINT)
        tell(*arguments)

    monkeypatch.setattr(search._study, "tell", interrupted)
    with pytest.raises(KeyboardInterrupt):
        search.learn(trial, np.array([9.0, 9.0]))
    assert study(tmp_path / "x.log").n_trials == 2


def test_two_searches_at_once_share_what_they_find(tmp_path):
    one, other = study(tmp_path / "x.log"), study(tmp_path / "x.log", seed=1)
    first, second = one.propose(), other.propose()
    other.learn(second, np.array([5.0, 6.0]))
    one.learn(first, np.array([5.0, 6.0]))
    for search in (one, other):
        assert search.n_trials == 2
        assert search.best()[0] in ({"x": 5.0}, second.params)
        np.testing.assert_array_equal(search.first(), [5, 6])


def test_what_is_kept_is_no_pickle(tmp_path):
    climb(tmp_path / "x.log", 3)
    assert all(line.startswith("{") for line in (tmp_path / "x.log").read_text().splitlines())


@pytest.mark.parametrize("damage", [b"{torn\n", b"\xff\xfe\n", b'{"op_code": 99}\n', b"[]\n"])
def test_a_damaged_search_is_named_with_what_mends_it(tmp_path, damage):
    climb(tmp_path / "x.log", 1)
    with (tmp_path / "x.log").open("ab") as stream:
        stream.write(damage)
    with pytest.raises(BadInput, match=r"x\.log: this search is damaged") as error:
        climb(tmp_path / "x.log", 1)
    assert "begins anew" in error.value.hint


def test_a_place_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="cannot be kept there"):
        climb(tmp_path / "file" / "x.log", 1)


def test_without_the_library_the_command_that_mends_it_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "optuna", None)
    with pytest.raises(MissingExtra, match="tuning"):
        climb(None, 1)


# --- the spaces


@pytest.mark.parametrize("name", SPACES)
def test_a_space_speaks_of_settings_that_there_are_and_holds_the_defaults(name):
    config = config_of(MODELS[name]())
    assert set(SPACES[name]) <= set(config)
    assert space_around(name, config) == SPACES[name]


@given(value=st.floats(-1e6, 1e6))
def test_a_range_is_widened_to_what_is_in_force(value):
    axis = Between(0, 10).with_value(value)
    assert axis.low <= min(value, 0) <= max(value, 10) <= axis.high


def test_a_choice_takes_up_what_is_in_force():
    assert OneOf(("a",)).with_value("b").values == ("a", "b")
    assert OneOf(("a",)).with_value("a").values == ("a",)


# --- models


def test_bad_settings_are_left_behind():
    """So few factors cannot tell four circles apart."""
    split, _ = cut(circles(), seed=0)
    found = tune(split, Settings(num_factors=1), models=["ials"], budget=Budget(trials=6)).models["ials"]
    assert found.settings["factors"] > 1
    assert found.value > found.before
    assert found.gain.low > 0
    assert found.gain.n == 40, "the other half has chosen"
    assert (found.trials, found.new_trials) == (6, 6)


def test_where_there_is_nothing_to_learn_settings_stay():
    """The best of many trials is lucky; listeners who had no part in the choice are not impressed."""
    taken = 0
    for world in range(12):
        rng = np.random.default_rng(world)
        plays = Plays.of([rng.permutation(N)[:8].tolist() for _ in range(120)], n_items=N)
        # Drawn anew: a part cut from the same plays would lack what the other has too much of, which is an effect.
        later = csr_matrix((rng.random((120, N)) < 0.1).astype(np.float32))
        noise = Dataset.of(replace(circles().data, plays=plays, held_out=later))
        found = tune(noise.split_held_out(), Settings(), models=["item_knn"], budget=Budget(trials=12), seed=world)
        taken += bool(found.settings)
    assert taken <= 1


def test_a_search_goes_on_only_from_the_same_data(tmp_path):
    def trials(dataset, most=1):
        options = {"models": ["content"], "budget": Budget(trials=most), "folder": tmp_path}
        found = tune(cut(dataset, seed=0)[0], Settings(), **options).models["content"]
        return found.trials, found.new_trials

    def tagged(dataset, tag):
        tags = csr_matrix((np.ones(N, np.float32), (np.arange(N), np.arange(N) % tag)), shape=(N, 5))
        return replace(dataset, data=replace(dataset.data, tags=tags))

    assert [trials(tagged(circles(), 4), most) for most in (1, 3, 3)] == [(1, 1), (3, 2), (3, 0)]
    assert trials(tagged(circles(60), 4)) == (1, 1), "other listeners"
    assert trials(tagged(circles(), 5)) == (1, 1), "the same plays, other tags"
    assert len(list(tmp_path.glob("content-*.log"))) == 3


def test_a_model_with_members_stands_for_them():
    split, _ = cut(circles(), seed=0)
    found = tune(split, Settings(num_factors=4), models=["hybrid"], budget=Budget(trials=1))
    assert set(found.models) == {"item_knn", "content_tower"}


def test_time_that_is_over_leaves_models_as_they_are():
    split, _ = cut(circles(), seed=0)
    found = tune(split, Settings(), models=["ials", "item_knn"], budget=Budget(minutes=1e-9))
    assert found.models == {}
    assert found.not_reached == ("item_knn", "ials")


@pytest.mark.parametrize(
    ("names", "budget", "message"),
    [
        (["easy"], {"trials": 1}, "no model is called 'easy'"),
        (["popularity"], {"trials": 1}, "no settings to search for"),
        ([], {"trials": 1}, "no model is named"),
        (["ease"], {"trials": 0}, "0 trials are none"),
        (["ease"], {"minutes": 0}, "no time to search in"),
        (["ease"], {"minutes": float("nan")}, "no time to search in"),
        (["ease"], {}, "never ends"),
    ],
)
def test_what_cannot_be_searched(names, budget, message):
    split, _ = cut(circles(), seed=0)
    with pytest.raises(BadInput, match=message):
        tune(split, Settings(), models=names, budget=Budget(**budget))


def test_few_listeners_choose_nothing():
    split, _ = cut(circles(29), seed=0)
    with pytest.raises(BadInput, match="by 29 listeners"):
        tune(split, Settings(), models=["item_knn"], budget=Budget(trials=1))


def test_next_listens_need_repeats():
    split, _ = cut(circles(), seed=0)
    with pytest.raises(BadInput, match="is a repeat"):
        tune(split, Settings(), models=["item_knn"], budget=Budget(trials=1), task="next_listen")


# --- files


def write(path, histories):
    path.write_text("".join(f"{user} {' '.join(map(str, some))}\n" for user, some in enumerate(histories)))
    return path


@pytest.fixture
def files(tmp_path):
    """Each listener's items in three parts."""
    histories = [np.random.default_rng(user).permutation(np.arange(user % 4, N, 4)).tolist() for user in range(60)]
    parts = {"train": slice(0, 6), "valid": slice(6, 8), "test": slice(8, 10)}
    return {name: write(tmp_path / f"{name}.txt", [h[part] for h in histories]) for name, part in parts.items()}


def test_a_validation_file_chooses_settings_and_weights(files):
    settings = Settings(num_factors=1)
    alone = evaluate_files(settings, files["train"], files["test"], models=["ials"])
    found = evaluate_files(settings, **files, models=["ials", "portfolio"], budget=Budget(trials=5))
    tuning = found.models["ials"]["tuning"]
    assert found.models["ials"]["settings"] == tuning.settings != {}
    assert found.models["ials"]["ndcg@10"].value > alone.models["ials"]["ndcg@10"].value
    assert found.models["portfolio"]["settings"]["ials"] == tuning.settings
    assert "settings searched on it: 5 trials of each model" in found.protocol.split


def test_settings_do_not_depend_on_what_is_tested_on(files):
    """The same search beside another test file finds the same."""

    def searched():
        found = evaluate_files(Settings(num_factors=1), **files, models=["ials"], budget=Budget(trials=3))
        return found.models["ials"]["tuning"]

    first = searched()
    write(files["test"], [[39, 38, 37]] * 60)
    assert searched() == first


def test_a_training_file_alone_is_cut(files):
    said, found = tune_files(Settings(), files["train"], models=["item_knn"], budget=Budget(trials=1))
    assert said == "train.txt, no dates: a seeded 20% of each listener's items held out"
    assert found.models["item_knn"].gain.n == 30


def test_the_search_of_an_evaluation_is_kept_where_it_is_asked(files, tmp_path):
    options = {"models": ["item_knn"], "budget": Budget(trials=3), "folder": tmp_path / "kept"}
    once, again = (evaluate_files(Settings(), **files, **options).models["item_knn"] for _ in range(2))
    assert [found["tuning"].new_trials for found in (once, again)] == [3, 0]
    assert once["ndcg@10"] == again["ndcg@10"]


@pytest.mark.parametrize(
    ("valid", "models", "said"),
    [
        ([[30, 31], [32]], ["item_knn"], "2 of the 30 listeners that it takes have anything new there"),
        ([[user % 4] for user in range(60)], ["portfolio"], "20 of the 30 listeners"),
    ],
)
def test_a_validation_file_that_cannot_choose_is_left_out_of_the_ranking_all_the_same(files, valid, models, said):
    write(files["valid"], valid)
    found = evaluate_files(Settings(), **files, models=models)
    assert f"valid.txt left out; no settings searched on it: {said}" in found.protocol.split
    assert found.models[models[0]]["ndcg@10"].value >= 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"task": "next_listen"}, "is a repeat"),
        ({"task": "rating"}, "no task is called"),
        ({"ks": [0]}, "at least 1"),
        ({"models": ["easy"]}, "no model is called"),
    ],
)
def test_what_cannot_be_measured_is_refused_before_the_search(files, options, message, monkeypatch):
    monkeypatch.setattr("ml.evaluation.contest.tune", lambda *_, **__: pytest.fail("it was searched"))
    with pytest.raises(BadInput) as error:
        evaluate_files(Settings(), **files, **options)
    assert message in str(error.value)


def test_no_time_leaves_the_settings_and_still_learns_weights(files):
    found = evaluate_files(Settings(), **files, models=["portfolio"], budget=None)
    assert "settings" not in found.models["portfolio"]
    assert found.models["portfolio"]["members"]["item_knn"].gain.n == 60


def test_settings_by_name_reach_the_members():
    tuned = {"ease": {"regularization": 7.0}}
    portfolio = make("portfolio", Settings(), tuned)
    assert {member.name: getattr(member, "regularization", None) for member in portfolio.members}["ease"] == 7.0
    assert make("ials", Settings(num_factors=9)).factors == 9


def test_the_portfolio_is_weighed_for_the_task_that_is_measured():
    """Everybody hears three tracks of their own again and again: only replay knows which."""
    rng = np.random.default_rng(0)
    plays = Plays.of([rng.permutation(N)[:3].tolist() * 8 for _ in range(60)], n_items=N)
    times = (np.arange(len(plays.items)) % 24) * 3_600_000
    plays = replace(plays, times=times.astype(np.int64), now=int(times.max()))
    split, said = cut(Dataset.of(replace(circles().data, plays=plays)), "last")
    found = evaluate(split, Settings(), said=said, task="next_listen", models=["portfolio"], ks=[3])
    assert found.models["portfolio"]["members"]["replay"].weight > 0
    assert found.models["portfolio"]["recall@3"].value == 1
