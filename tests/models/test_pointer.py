"""Which set answers, and which ones did before."""

import json

import pytest
from tests.models.test_files import trained

from ml.foundation.errors import BadInput, CorruptModel, UnknownId
from ml.models import pointer
from ml.models.files import save_set
from ml.models.gate import verdict
from ml.models.listing import card_of, list_sets


@pytest.fixture
def sets(tmp_path):
    versions = [save_set(tmp_path, trained()) for _ in range(3)]
    for version in versions:
        pointer.promote(tmp_path, version)
    return versions


def test_going_back_step_by_step(tmp_path, sets):
    assert pointer.current(tmp_path) == sets[2]
    assert pointer.rollback(tmp_path) == sets[1]
    assert pointer.rollback(tmp_path) == sets[0]
    assert pointer.current(tmp_path) == sets[0]
    with pytest.raises(BadInput, match="no set was in use before"):
        pointer.rollback(tmp_path)


def test_a_set_that_is_gone_is_passed_over(tmp_path, sets):
    (tmp_path / sets[1] / "card.json").unlink()
    with pytest.raises(CorruptModel):
        pointer.rollback(tmp_path)
    assert pointer.current(tmp_path) == sets[2]
    for path in sorted((tmp_path / sets[1]).rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (tmp_path / sets[1]).rmdir()
    assert pointer.rollback(tmp_path) == sets[0]


def test_a_broken_pointer_is_said_and_mended_by_the_next_promotion(tmp_path, sets):
    (tmp_path / pointer.POINTER).write_text("{")
    with pytest.raises(CorruptModel, match="not a pointer"):
        pointer.current(tmp_path)
    pointer.promote(tmp_path, sets[0])
    assert pointer.current(tmp_path) == sets[0]


def test_the_list_has_the_newest_first_and_says_what_is_damaged(tmp_path, sets):
    (tmp_path / sets[0] / "card.json").write_text("{}")
    known = list_sets(tmp_path)
    assert [one.version for one in known] == sets[::-1]
    assert [one.in_use for one in known] == [True, False, False]
    assert "was changed" in known[2].why


def test_a_card_is_that_of_the_set_asked_for_or_in_use(tmp_path, sets):
    assert card_of(tmp_path)["version"] == sets[2]
    assert card_of(tmp_path, sets[0])["version"] == sets[0]
    with pytest.raises(UnknownId, match="no model set"):
        card_of(tmp_path, "nothing")


@pytest.mark.parametrize(("low", "passed"), [(0.001, True), (0.0, False), (-0.02, False)])
def test_only_what_beats_the_baseline_for_sure_passes(low, passed):
    measured = {"above_popularity": 0.01, "above_popularity_ci": [low, 0.05]}
    found = verdict({"hybrid": {"n_listeners": 40, "ndcg@20": measured}})
    assert found.passed is passed
    assert json.loads(found.to_json())["why"].startswith("hybrid is +0.0100 ndcg@20 from popularity")


def test_what_was_not_measured_is_not_held_back():
    assert verdict({}).passed is None


@pytest.mark.parametrize("gain", [0.0, 0.4])
def test_one_listener_is_no_judge(gain):
    measured = {"above_popularity": gain, "above_popularity_ci": [gain, gain]}
    found = verdict({"hybrid": {"n_listeners": 1, "ndcg@20": measured}})
    assert found.passed is None
    assert "of the 30 listeners" in found.why


def test_a_damaged_set_is_not_put_into_use(tmp_path, sets):
    damaged = tmp_path / sets[1] / "ials" / "arrays.npz"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    for change in (lambda: pointer.promote(tmp_path, sets[1]), lambda: pointer.rollback(tmp_path)):
        with pytest.raises(CorruptModel, match="was changed"):
            change()
    assert pointer.current(tmp_path) == sets[2]
    assert pointer.answers(tmp_path)
    (tmp_path / sets[2] / "vocabulary.npz").unlink()
    assert not pointer.answers(tmp_path)
