"""The search for settings: it finds what is better, can be taken up again, and never sees what is tested on."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from ml.evaluation import Budget, evaluate_files, tune, tune_files
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


def climb(file, n, seed=0):
    """Search for the top of a slope, by so many trials."""
    study = Study(SLOPE, {"x": 5.0}, file=file, seed=seed)
    for _ in range(n):
        trial = study.propose()
        study.learn(trial, np.array([trial.params["x"], trial.params["x"] - 1, np.nan]))
    return study


# --- the search itself


def test_the_first_proposal_are_the_settings_in_force(tmp_path):
    study = climb(tmp_path / "x.log", 1)
    assert study.best()[0] == {"x": 5.0}
    np.testing.assert_array_equal(study.first(), [5, 4, np.nan])


def test_a_search_is_taken_up_where_it_was(tmp_path):
    first = climb(tmp_path / "x.log", 6)
    again = climb(tmp_path / "x.log", 6)
    assert again.n_trials == 12
    assert again.best()[0]["x"] >= first.best()[0]["x"]
    assert len({trial.params["x"] for trial in again._study.trials}) == 12
    np.testing.assert_array_equal(again.first(), [5, 4, np.nan])


def test_a_trial_that_was_interrupted_does_not_count(tmp_path):
    Study(SLOPE, {"x": 5.0}, file=tmp_path / "x.log", seed=0).propose()
    study = climb(tmp_path / "x.log", 2)
    assert study.n_trials == 2
    np.testing.assert_array_equal(study.first(), [5, 4, np.nan])


def test_what_is_kept_is_no_pickle(tmp_path):
    climb(tmp_path / "x.log", 3)
    assert all(line.startswith("{") for line in (tmp_path / "x.log").read_text().splitlines())


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
    found = tune(split, ["ials"], Settings(num_factors=1), budget=Budget(trials=6), seed=0)["ials"]
    assert found.settings["factors"] > 1
    assert found.value > found.before
    assert found.gain.low > 0
    assert (found.trials, found.new_trials) == (6, 6)


def test_what_is_not_better_for_sure_leaves_the_settings_alone():
    rng = np.random.default_rng(1)
    plays = Plays.of([rng.permutation(N)[:8].tolist() for _ in range(40)], n_items=N)
    noise = Dataset.of(replace(circles().data, plays=plays))
    found = tune(cut(noise, seed=0)[0], ["content", "item_knn"], Settings(), budget=Budget(trials=2), seed=0)
    assert list(found) == ["item_knn"]
    assert found["item_knn"].settings == {} or found["item_knn"].gain.low > 0


def test_a_search_goes_on_only_from_the_same_data(tmp_path):
    options = {"budget": Budget(trials=1), "folder": tmp_path}
    tune(cut(circles(), seed=0)[0], ["item_knn"], Settings(), **options)
    same = tune(cut(circles(), seed=0)[0], ["item_knn"], Settings(), **options)
    other = tune(cut(circles(60), seed=0)[0], ["item_knn"], Settings(), **options)
    assert same["item_knn"].trials == 2
    assert other["item_knn"].trials == 1
    assert len(list(tmp_path.glob("item_knn-*.log"))) == 2


def test_a_model_with_members_stands_for_them():
    found = tune(cut(circles(), seed=0)[0], ["hybrid"], Settings(num_factors=4), budget=Budget(trials=1))
    assert set(found) == {"item_knn", "ials"}


def test_time_that_is_over_leaves_models_as_they_are():
    found = tune(cut(circles(), seed=0)[0], ["item_knn", "ials"], Settings(), budget=Budget(minutes=1e-9))
    assert found == {}


@pytest.mark.parametrize(
    ("names", "budget", "message"),
    [
        (["easy"], {"trials": 1}, "no model is called 'easy'"),
        (["popularity"], {"trials": 1}, "no settings to search for"),
        ([], {"trials": 1}, "no settings to search for"),
        (["ease"], {"trials": 0}, "0 trials are none"),
        (["ease"], {"minutes": 0}, "no time to search in"),
        (["ease"], {"minutes": float("nan")}, "no time to search in"),
        (["ease"], {}, "never ends"),
    ],
)
def test_what_cannot_be_searched(names, budget, message):
    split, _ = cut(circles(), seed=0)
    with pytest.raises(BadInput, match=message):
        tune(split, names, Settings(), budget=Budget(**budget))


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
    found = tune_files(Settings(), files["train"], models=["item_knn"], budget=Budget(trials=1))
    assert found.split == "train.txt, no dates: a seeded 20% of each listener's items held out"
    assert found.models["item_knn"].gain.n == 60


def test_no_time_leaves_the_settings_and_still_learns_weights(files):
    found = evaluate_files(Settings(), **files, models=["portfolio"], budget=None)
    assert "settings" not in found.models["portfolio"]
    assert found.models["portfolio"]["members"]["item_knn"].gain.n == 60


def test_settings_by_name_reach_the_members():
    tuned = {"ease": {"regularization": 7.0}}
    portfolio = make("portfolio", Settings(), tuned)
    assert {member.name: getattr(member, "regularization", None) for member in portfolio.members}["ease"] == 7.0
    assert make("ials", Settings(num_factors=9)).factors == 9
