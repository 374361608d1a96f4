"""What suits a situation: found where it is planted, nothing where it is not, as publications say where untold."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from ml.features.vocabulary import ACTIVITIES, Region
from ml.models import files
from ml.models.asking import Asking
from ml.models.base import TrainingData
from ml.models.context import Context, shift
from ml.models.context.attributes import describe, standard
from ml.models.context.beliefs import believe
from ml.models.context.dimensions import DIMENSIONS, asked, told
from ml.models.context.learning import spoken_through
from ml.models.context.lifts import Shrinkage, fit, habits, tally
from ml.models.context.shifting import Scale, likelier
from ml.models.context.trial import choose
from ml.models.plays import UNDATED, Plays
from ml.models.registry import HELPERS, MODELS
from ml.models.situations import Situations

HOUR = 3_600_000
#: 2026-06-29 00:00 UTC, a Monday.
MONDAY = 1_782_691_200_000
N_ITEMS, N_USERS, LISTENS = 60, 120, 60


def data_of(*, planted: bool, seed: int = 0, situations: bool = True, features: bool = True) -> TrainingData:
    """Listeners work out and sleep by turns; where it is planted, fast items are for the one, slow for the other."""
    rng = np.random.default_rng(seed)
    tempo = np.linspace(60, 180, N_ITEMS)
    n = N_USERS * LISTENS
    workout = rng.random(n) < 0.5
    if planted:
        fast = np.exp(np.where(workout, 1, -1)[:, None] * np.linspace(-1.5, 1.5, N_ITEMS))
        items = (np.cumsum(fast, axis=1) < rng.random(n)[:, None] * fast.sum(axis=1)[:, None]).sum(axis=1)
    else:
        items = rng.integers(0, N_ITEMS, n)
    times = MONDAY + np.tile(np.arange(LISTENS), N_USERS) * 24 * HOUR + np.where(workout, 8, 20) * HOUR
    heard = Situations.of(["workout" if each else "sleep" for each in workout], [None] * n)
    plays = Plays(
        np.arange(N_USERS + 1) * LISTENS,
        items.astype(np.int32),
        np.ones(n, dtype=np.float32),
        times,
        N_ITEMS,
        int(times.max()),
        situations=heard if situations else None,
    )
    sound = {"features": tempo[:, None].astype(np.float32), "feature_names": ("tempo_bpm",)} if features else {}
    return TrainingData(plays, csr_matrix((N_ITEMS, 0)), np.full(N_ITEMS, -1, dtype=np.int32), **sound)


def fitted(data: TrainingData) -> Context:
    return Context().fit(data, rng=np.random.default_rng(0))


@pytest.fixture(scope="module")
def learned() -> Context:
    return fitted(data_of(planted=True))


def test_what_is_planted_is_found(learned):
    workout, sleep = (learned.adjust(Asking(activity=word)) for word in ("workout", "sleep"))
    assert workout.used == {"activity": "workout"}
    assert workout.learned
    slow, fast = slice(0, 15), slice(-15, None)
    assert workout.lift[fast].mean() > 0.3 > -0.3 > workout.lift[slow].mean()
    assert sleep.lift[slow].mean() > 0.3 > -0.3 > sleep.lift[fast].mean()


def test_where_nothing_is_planted_nothing_moves():
    for seed in range(5):
        model = fitted(data_of(planted=False, seed=seed))
        for asking in (
            Asking(activity="workout"),
            Asking(hour=8),
            Asking(weekday=6),
            Asking(activity="sleep", hour=20),
        ):
            suited = model.adjust(asking)
            assert not suited.lift.any(), (seed, asking)
            assert suited.used == {}
        assert not model.remembers(Asking(activity="workout"))


def test_the_hour_speaks_through_the_activity(learned):
    suited = learned.adjust(Asking(hour=8))
    assert suited.used == {"time_of_day": "morning"}
    assert suited.lift[-10:].mean() > 0.1 > -0.1 > suited.lift[:10].mean()
    both = learned.adjust(Asking(activity="sleep", hour=8))
    np.testing.assert_array_equal(both.lift, learned.adjust(Asking(activity="sleep")).lift)
    assert both.unused == ("time_of_day",)


def test_who_listens_when_is_no_lift():
    """Half of them mostly work out and hear the first items, half mostly sleep and hear the last: habit, not fit."""
    rng = np.random.default_rng(1)
    half = N_USERS // 2 * LISTENS
    items = np.concatenate([rng.integers(0, 30, half), rng.integers(30, 60, half)])
    workout = rng.random(2 * half) < np.repeat([0.8, 0.2], half)
    heard = Situations.of(["workout" if each else "sleep" for each in workout], [None] * (2 * half))
    data = data_of(planted=False)
    model = fitted(replace(data, plays=replace(data.plays, items=items.astype(np.int32), situations=heard)))
    assert np.abs(model.adjust(Asking(activity="workout")).lift).max() < 0.1


def test_untold_activities_are_as_publications_have_them(learned):
    model = fitted(data_of(planted=True, situations=False))
    suited = model.adjust(Asking(activity="workout"))
    assert (suited.used, suited.learned) == ({"activity": "workout"}, False)
    tempo = np.linspace(60, 180, N_ITEMS)
    best = tempo[suited.lift == suited.lift.max()]
    low, high = ACTIVITIES["workout"].region.bounds["tempo_bpm"]
    assert best.min() >= low
    assert best.max() <= high
    # Nobody told of walking, so what listens say of others does not speak for it.
    assert not learned.adjust(Asking(activity="walk")).learned
    assert learned.adjust(Asking(activity="walk")).used == {"activity": "walk"}


def test_what_nobody_says_anything_of_changes_nothing():
    model = fitted(data_of(planted=True, situations=False, features=False))
    suited = model.adjust(Asking(activity="workout", mood="sad", device="phone", location="gym"))
    assert not suited.lift.any()
    assert suited.used == {}
    assert set(suited.unused) == {"activity", "mood", "device", "location"}
    assert model.of_energy(0.5) is None


def test_a_place_stands_for_what_people_do_there(learned):
    gym, workout = learned.adjust(Asking(location="gym")), learned.adjust(Asking(activity="workout"))
    np.testing.assert_array_equal(gym.lift, workout.lift)
    assert gym.used == {"location": "gym"}
    asleep = learned.adjust(Asking(activity="sleep", location="gym"))
    np.testing.assert_array_equal(asleep.lift, learned.adjust(Asking(activity="sleep")).lift)


def test_score_is_by_question_and_zero_without_one(learned):
    history = replace(Plays.of([[0], [1], [2]], n_items=N_ITEMS), asking=[Asking(activity="sleep"), None, Asking()])
    scores = learned.score(history)
    np.testing.assert_array_equal(scores[0], learned.adjust(Asking(activity="sleep")).lift)
    assert not scores[1:].any()
    np.testing.assert_array_equal(learned.score(history, items=np.array([5, 2])), scores[:, [5, 2]])
    assert not learned.score(Plays.of([[0]], n_items=N_ITEMS)).any()


def test_it_survives_being_saved(learned, tmp_path):
    assert "context" in HELPERS
    assert "context" not in MODELS
    version = files.save_set(tmp_path, files.ModelSet(np.arange(N_ITEMS), "track", {"context": learned}))
    again = files.load_set(tmp_path / version).models["context"]
    for asking in (Asking(activity="sleep"), Asking(hour=8), Asking(mood="calm"), Asking(activity="walk")):
        one, other = learned.adjust(asking), again.adjust(asking)
        np.testing.assert_array_equal(one.lift, other.lift)
        assert (one.used, one.unused, one.learned) == (other.used, other.unused, other.learned)
    assert again.sound(3) == learned.sound(3)


def test_own_plays_in_the_situation_count_more():
    """Every listener has two favourites, one for each activity, and comes back to them there."""
    n = N_USERS * LISTENS
    workout = np.tile(np.arange(LISTENS) % 2 == 0, N_USERS)
    own = np.repeat(np.arange(N_USERS) % 30, LISTENS) * 2
    data = data_of(planted=False)
    heard = Situations.of(["workout" if each else "sleep" for each in workout], [None] * n)
    plays = replace(data.plays, items=(own + ~workout).astype(np.int32), situations=heard)
    model = fitted(replace(data, plays=plays))
    assert model.remembers(Asking(activity="workout"))
    assert not model.remembers(Asking(hour=3))
    history = replace(plays.only(0), asking=[Asking(activity="workout")])
    remembered = model.remember(history)
    assert (remembered.weights[::2] > 1).all()
    assert (remembered.weights[1::2] == 1).all()
    assert model.remember(plays.only(0)) is not None
    np.testing.assert_array_equal(model.remember(plays.only(0)).weights, plays.only(0).weights)


# The parts


def test_the_clock_is_the_listeners_own():
    plays = Plays.of([[0], [0], [0]], n_items=1)
    late = MONDAY + 23 * HOUR
    plays = replace(plays, times=np.array([late, late, UNDATED]), countries=["GB", "JP", "JP"])
    values = told(plays)
    times = [DIMENSIONS["time_of_day"][code] if code >= 0 else None for code in values["time_of_day"]]
    assert times == ["night", "morning", None]
    saturday = replace(plays, times=np.full(3, MONDAY + 4 * 24 * HOUR + 20 * HOUR))
    assert told(saturday)["weekday"].tolist() == [0, 1, 1]
    assert (told(plays)["activity"] == -1).all()


def test_words_of_sources_are_translated():
    plays = Plays.of([[0, 0, 0]], n_items=1)
    plays = replace(plays, situations=Situations.of(["Joggen", None, "??"], ["iOS 12 (iPhone)", "Sonos One", None]))
    values = told(plays)
    assert [DIMENSIONS["activity"][code] if code >= 0 else None for code in values["activity"]] == [
        "workout",
        None,
        None,
    ]
    assert [DIMENSIONS["device"][code] if code >= 0 else None for code in values["device"]] == [
        "phone",
        "speaker",
        None,
    ]
    assert asked(Asking(hour=23, weekday=5)) == {"time_of_day": 4, "weekday": 1}
    assert asked(None) == {}


def test_habits_and_tally_by_hand():
    plays = Plays.of([[0, 0, 1], [1]], n_items=2)
    codes = np.array([0, 0, 1, -1], dtype=np.int16)
    own = habits(plays, codes, 2)
    everybody = np.array([3, 2]) / 5
    # Two of three pairs differ, which is more than chance would make them: listeners are as alike as can be.
    np.testing.assert_allclose(own, [(np.array([2, 1]) + 100 * everybody) / 103, everybody])
    counts, expected = tally(plays, codes, own)
    # Two listens of a pair weigh log2(3) together.
    np.testing.assert_allclose(counts, [[np.log2(3), 0], [0, 1]])
    np.testing.assert_allclose(expected, [np.log2(3) * own[0], own[0]])


def test_listeners_of_one_habit_each_need_few_listens_to_show_it():
    plays = Plays.of([[0] * 9, [0] * 9], n_items=1)
    own = habits(plays, np.array([0] * 9 + [1] * 9, dtype=np.int16), 2)
    np.testing.assert_allclose(own, [[0.95, 0.05], [0.05, 0.95]])


def test_an_item_of_few_listens_stays_near_its_attributes():
    counts = np.array([[300.0], [100.0], [3.0], [0.0]])
    expected = np.array([[100.0], [300.0], [1.0], [0.0]])
    attributes = np.empty((4, 0), dtype=np.float32)
    lift = fit(attributes, np.full(4, -1), counts, expected, Shrinkage(ridge=1e9, deviation=50), {})[0]
    assert lift[0] > 0.4 > 0.15 > lift[2] > 0
    assert lift[1] < -0.3
    assert lift[3] == pytest.approx(0, abs=1e-6)


def test_beliefs_fade_with_listens():
    believed = {0: np.array([1.0, -1.0], dtype=np.float32)}
    none, many = np.zeros((2, 1)), np.full((2, 1), 50_000.0)
    args = (np.empty((2, 0), dtype=np.float32), np.full(2, -1))
    np.testing.assert_allclose(fit(*args, none, none, Shrinkage(), believed)[0], [1, -1])
    assert np.abs(fit(*args, many, many, Shrinkage(), believed)[0]).max() < 0.05


def test_a_trial_believes_gains_and_nothing_else():
    rng = np.random.default_rng(0)
    users = np.repeat(np.arange(100, dtype=np.int32), 5)
    noise = rng.normal(size=500)
    assert choose(users, lambda s: 0.5 * s + noise, (0.5, 1.0), seed=0).strength == 1.0
    assert choose(users, lambda _: noise - noise.mean(), (0.5, 1.0), seed=0).strength == 0.0
    assert choose(users, lambda s: -s + noise, (0.5, 1.0), seed=0).strength == 0.0
    few = choose(users[:50], lambda _: np.ones(50), (1.0,), seed=0)
    assert (few.strength, few.judged) == (0.0, False)


def test_speaking_through_nothing_known_says_nothing():
    main = np.array([[2.0, 0.5], [1.0, 1.0]], dtype=np.float32)
    shares = np.array([0.3, 0.7])
    np.testing.assert_allclose(spoken_through(main, shares, shares), 0, atol=1e-7)


@given(st.floats(0.01, 100), st.floats(-50, 50), st.integers(0, 2**31))
def test_shifts_keep_the_scale_of_the_scores(factor, offset, seed):
    rng = np.random.default_rng(seed)
    scores, lift = rng.random(500), rng.normal(size=500).astype(np.float32)
    plain = shift(scores.astype(np.float32), lift)
    # The offset goes with the factor: single precision knows no scores of .01 around 50.
    scaled = shift(((scores + offset) * factor).astype(np.float32), lift)
    np.testing.assert_allclose(scaled, plain * factor, rtol=0.02, atol=1e-3 * factor)


def test_equal_scores_have_no_unit_and_what_is_left_out_stays_out():
    for same in (np.full(50, 3.0), np.full(50, -np.inf), np.array([1.0])):
        assert Scale.of(same.astype(np.float32)) is None
        assert not shift(same.astype(np.float32), np.ones(len(same), dtype=np.float32)).any()
    scores = np.array([3, 2, -np.inf, 1], dtype=np.float32)
    assert (scores + shift(scores, np.ones(4, dtype=np.float32)))[2] == -np.inf


def test_what_no_score_tells_apart_is_moved_by_its_rank():
    """Of 2,000 scores the best hundred are close together, the rest far below: only ranks say how likely those are."""
    scores = np.concatenate([np.linspace(1.0, 0.9, 100), np.linspace(-50, -60, 1900)]).astype(np.float32)
    lift = np.zeros(2000, dtype=np.float32)
    lift[1500:1520] = np.log(100)
    moved = scores + shift(scores, lift)
    assert set(np.argsort(-moved)[:20]) == set(range(1500, 1520))
    lift[1500:1520] = np.log(10)  # a hundred times as far up, by the square root
    places = np.argsort(np.argsort(-(scores + shift(scores, lift))))[1500:1520]
    assert ((places > 10) & (places < 60)).all()


@given(st.lists(st.floats(-20, 20), min_size=3, max_size=200), st.integers(0, 2**31))
def test_a_greater_lift_never_leads_lower(values, seed):
    rng = np.random.default_rng(seed)
    scores = np.array(values, dtype=np.float32)
    lift = rng.normal(size=len(scores)).astype(np.float32)
    less, more = (scores + shift(scores, some.astype(np.float32)) for some in (lift, lift + 0.5))
    assert (more >= less - 1e-4).all()


def test_odds_are_multiplied():
    moved = likelier(np.array([0.001, 0.2, 0.9], np.float32), np.full(3, np.log(100), np.float32))
    np.testing.assert_allclose(moved / (1 - moved), 100 * np.array([0.001 / 0.999, 0.25, 9.0]), rtol=1e-4)


@given(st.lists(st.one_of(st.none(), st.floats(-1000, 1000, width=32)), min_size=1, max_size=30))
def test_unknown_features_are_the_mean(values):
    column = np.array([[np.nan if value is None else value] for value in values], dtype=np.float32)
    scaled = standard(column)
    assert np.isfinite(scaled).all()
    assert (scaled[np.isnan(column[:, 0])] == 0).all()
    beliefs = believe(Region({"tempo_bpm": (100, 120)}, "…"), column, ("tempo_bpm",))
    assert beliefs is None or (np.isfinite(beliefs).all() and (beliefs[np.isnan(column[:, 0])] == 0).all())


def test_frequent_tags_are_attributes():
    tags = csr_matrix(np.array([[1, 0]] * 6 + [[0, 3]] * 2, dtype=np.float32))
    data = TrainingData(Plays.of([[0]], n_items=8), tags, np.full(8, -1))
    described = describe(data)
    assert described.shape == (8, 1), "a tag on fewer than five items is left out"
    np.testing.assert_allclose(described[:, 0], [0.25] * 6 + [-0.75] * 2)
