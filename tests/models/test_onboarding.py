"""Questions that tell groups apart, and what the answers are taken for."""

import itertools

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.models.base import TrainingData
from ml.models.onboarding import Answers, Interview
from ml.models.plays import Plays
from ml.models.taste_groups import TasteGroups, makers_of

GROUPS, EACH = 4, 5
STAR = GROUPS * EACH


@pytest.fixture(scope="module")
def taste():
    """Four circles of forty, each with five artists of its own; one star that everybody likes."""
    rng = np.random.default_rng(0)
    histories = []
    for user in range(160):
        own = rng.choice(np.arange(EACH), 4, replace=False) + EACH * (user % GROUPS)
        histories.append([*own.tolist(), STAR])
    data = TrainingData(Plays.of(histories, n_items=STAR + 1), csr_matrix((STAR + 1, 0)), np.arange(STAR + 1))
    return TasteGroups(groups=8, smoothing=5).fit(data, rng=np.random.default_rng(0))


def circle_of(artist):
    return artist // EACH


def test_groups_are_found(taste):
    belonging = taste.belonging(Plays.of([[0, 1, 2], [5, 6, 7]], n_items=STAR + 1))
    scores = taste.score(Plays.of([[EACH * g, EACH * g + 1] for g in range(GROUPS)], n_items=STAR + 1))
    assert belonging[0].argmax() != belonging[1].argmax()
    for group in range(GROUPS):
        own = scores[group, EACH * group : EACH * (group + 1)].min()
        assert own > np.delete(scores[group, :STAR], np.arange(EACH * group, EACH * (group + 1))).max()


def test_nobody_is_asked_about_whom_everybody_likes(taste):
    asked = [artist for artist, _ in Interview(taste).questions(Answers(), 8)]
    assert STAR not in asked
    assert len(set(asked)) == 8


def test_questions_side_by_side_are_about_different_circles(taste):
    asked = Interview(taste).questions(Answers(), 3)
    assert len({circle_of(artist) for artist, _ in asked}) == 3


def test_answers_condition_the_next_question(taste):
    interview = Interview(taste)
    (first, _), *_ = interview.questions(Answers(), 1)
    (after_no, _), *_ = interview.questions(Answers(unknown=(first,)), 1)
    gain_left = interview.questions(Answers(liked=(first,)), 1)[0][1]
    assert circle_of(after_no) != circle_of(first)
    assert gain_left < interview.questions(Answers(), 1)[0][1]


def test_the_gain_is_the_information_of_the_answers(taste):
    """By enumeration of all answers to two questions."""
    interview = Interview(taste)
    (one, first), (two, second) = interview.questions(Answers(), 2)
    groups, p = interview.belonging(Answers()), interview.likely
    joint = np.array(
        [
            groups * (p[:, one] if yes_one else 1 - p[:, one]) * (p[:, two] if yes_two else 1 - p[:, two])
            for yes_one, yes_two in itertools.product((True, False), repeat=2)
        ]
    )
    answers = joint.sum(axis=1, keepdims=True)
    information = (joint * np.log2(np.maximum(joint, 1e-300) / (answers * groups[None]))).sum()
    assert first + second == pytest.approx(information, rel=1e-6)


def test_a_like_speaks_for_a_group_and_a_dislike_against_it(taste):
    interview = Interview(taste)
    before = interview.belonging(Answers())
    mine = interview.likely[:, 0].argmax()
    liked, disliked, unknown = (
        interview.belonging(answers)[mine] for answers in (Answers((0,)), Answers((), (0,)), Answers((), (), (0,)))
    )
    assert disliked < unknown < before[mine] < liked
    np.testing.assert_allclose(interview.belonging(Answers((0,), (7,), (12,))).sum(), 1)


def test_what_was_asked_or_has_no_name_is_not_asked(taste):
    interview = Interview(taste)
    everything = interview.questions(Answers(), 100)
    assert len(everything) == STAR + 1
    left = interview.questions(Answers((0,), (5,), (10,)), 100, without=[1])
    assert {0, 1, 5, 10}.isdisjoint({artist for artist, _ in left})


def test_items_of_nobody_are_artists_of_their_own():
    assert makers_of(np.array([-1, -1], dtype=np.int32)).tolist() == [0, 1]
