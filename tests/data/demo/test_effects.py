"""What was planted can be found in the demo world, and is not in its null twin."""

import numpy as np
import pytest

from ml.data.demo import NULL, PLANTED, World
from ml.data.demo.activities import ACTIVITIES, SOUNDS
from ml.data.demo.clock import DAY_MS


def gini(counts: np.ndarray) -> float:
    ranked = np.sort(counts)
    n = len(ranked)
    return float((2 * np.arange(1, n + 1) - n - 1) @ ranked / (n * ranked.sum()))


def difference(values: np.ndarray, group: np.ndarray) -> tuple[float, float]:
    """Mean inside a group minus mean outside, and its standard error for independent rows."""
    inside, outside = values[group].astype(float), values[~group].astype(float)
    error = np.sqrt(inside.var() / len(inside) + outside.var() / len(outside))
    return float(inside.mean() - outside.mean()), float(error)


def skips_by_distance(world: World) -> tuple[float, float]:
    far = world.listens.affinity < np.median(world.listens.affinity)
    return difference(world.listens.skipped, far)


def sound(world: World, name: str, activity: str) -> tuple[float, float]:
    heard = world.tracks.standard[world.listens.track, SOUNDS.index(name)]
    return difference(heard, world.listens.activity == ACTIVITIES.index(activity))


def home(world: World) -> tuple[float, float]:
    """Share of listens to artists at home, minus that of independent countries, and its standard error."""
    listener = world.listeners.country[world.listens.listener]
    artist = world.artists.country[world.tracks.artist[world.listens.track]]
    chance = np.bincount(artist, minlength=9) / len(artist)
    expected = chance[listener]
    error = np.sqrt((expected * (1 - expected)).sum()) / len(artist)
    return float((artist == listener).mean() - expected.mean()), float(error)


def in_taste(world: World) -> float:
    genre = world.artists.genre[world.tracks.artist[world.listens.track]]
    who = world.listens.listener
    return float(
        ((world.listeners.genres[who] == genre[:, None]) & (world.listeners.weights[who] > 0)).any(axis=1).mean()
    )


def test_null_has_no_size_left() -> None:
    kept = {"fresh_days", "same_activity", "run", "recency", "skip_base", "skip_reference", "clock"}
    for name in set(PLANTED.__slots__) - kept:
        assert getattr(NULL, name) == 0
        assert getattr(PLANTED, name) != 0


def test_skips_rise_with_the_distance_from_taste(world: World, null: World) -> None:
    rise, _ = skips_by_distance(world)
    assert 0.08 < rise < 0.30
    nothing, error = skips_by_distance(null)
    assert abs(nothing) < 4 * error


def test_the_size_of_the_distance_effect_can_be_estimated_back(world: World) -> None:
    """Logistic regression by Newton steps on first hearings gives the planted slope."""
    listens = world.listens
    rows = ~listens.replay
    fit = world.pull.context[listens.activity[rows], listens.track[rows]]
    personal = world.listeners.skippiness[listens.listener[rows]]
    local_day = (listens.listened_at + world.listeners.offset_ms[listens.listener]) // DAY_MS
    fading = (local_day >= world.listeners.fading_day[listens.listener])[rows]
    x = np.stack([np.ones(rows.sum()), 1 - listens.affinity[rows], fit, personal, fading], axis=1).astype(float)
    y = listens.skipped[rows].astype(float)
    beta = np.zeros(5)
    for _ in range(12):
        p = 1 / (1 + np.exp(-x @ beta))
        information = x.T @ (x * (p * (1 - p))[:, None])
        beta += np.linalg.solve(information, x.T @ (y - p))
    error = np.sqrt(np.diag(np.linalg.inv(information)))
    planted = [PLANTED.skip_distance, PLANTED.skip_context, PLANTED.skip_personal, PLANTED.skip_fading]
    assert (np.abs(beta[1:] - planted) < 4 * error[1:]).all()


def test_replays_are_skipped_less(world: World) -> None:
    less, error = difference(world.listens.skipped, world.listens.replay)
    assert less < -0.08
    assert abs(less) > 4 * error


def test_both_worlds_skip_about_as_often(world: World, null: World) -> None:
    assert abs(world.listens.skipped.mean() - null.listens.skipped.mean()) < 0.03


def test_the_share_of_replays_is_near_its_target(world: World, null: World) -> None:
    listens = world.listens
    target = world.listeners.replay[listens.listener].mean()
    assert listens.replay.mean() == pytest.approx(target, abs=0.02)
    assert 0.4 < target < 0.6
    assert not null.listens.replay.any()


def test_habits_of_replay_are_personal(world: World) -> None:
    counts = np.bincount(world.listens.listener)
    share = np.bincount(world.listens.listener, weights=world.listens.replay) / counts
    busy = counts > 100
    assert np.corrcoef(share[busy], world.listeners.replay[busy])[0, 1] > 0.9


def test_the_null_world_repeats_by_chance_only(world: World, null: World) -> None:
    def distinct(some: World) -> int:
        return len(np.unique(some.listens.listener.astype(np.int64) * len(some.tracks) + some.listens.track))

    # The expected number of different tracks in n draws of T; most tracks are out all the time.
    n, size = np.bincount(null.listens.listener), len(null.tracks)
    chance = (size * (1 - (1 - 1 / size) ** n)).sum()
    assert distinct(null) == pytest.approx(chance, rel=0.01)
    assert distinct(world) < 0.6 * chance


@pytest.mark.parametrize(
    ("name", "activity", "least"),
    [
        ("energy", "workout", 0.3),
        ("tempo_bpm", "workout", 0.15),
        ("valence", "party", 0.1),
        ("energy", "sleep", -0.3),
        ("instrumentalness", "focus", 0.15),
        ("acousticness", "relax", 0.15),
    ],
)
def test_each_activity_has_its_sound(world: World, null: World, name: str, activity: str, least: float) -> None:
    shift, error = sound(world, name, activity)
    assert shift * np.sign(least) > abs(least)
    assert abs(shift) > 4 * error
    nothing, null_error = sound(null, name, activity)
    assert abs(nothing) < 4 * null_error


def test_listeners_favour_artists_at_home(world: World, null: World) -> None:
    more, _ = home(world)
    assert 0.05 < more < 0.25
    nothing, error = home(null)
    assert abs(nothing) < 4 * error


def test_languages_follow_countries(world: World, null: World) -> None:
    def japanese(some: World) -> tuple[float, float]:
        heard = some.tracks.language[some.listens.track] == 5
        return difference(heard, some.listeners.country[some.listens.listener] == 8)

    assert japanese(world)[0] > 0.05
    nothing, error = japanese(null)
    assert abs(nothing) < 4 * error


def test_listeners_stay_within_their_tastes(world: World, null: World) -> None:
    assert in_taste(world) > 0.75
    assert in_taste(null) < 0.2


def test_the_null_world_knows_no_taste(world: World, null: World) -> None:
    def beyond_chance(some: World) -> tuple[float, float]:
        """Mean affinity, less that of the same listens with their tracks shuffled."""
        listens = some.listens
        shuffled = np.random.default_rng(0).permutation(listens.track)
        tastes, vectors = some.listeners.tastes[listens.listener], some.tracks.vectors[shuffled]
        chance = np.matmul(tastes, vectors[:, :, None])[:, :, 0].max(axis=1)
        error = np.sqrt((listens.affinity.var() + chance.var()) / len(listens))
        return float(listens.affinity.mean() - chance.mean()), float(error)

    assert beyond_chance(world)[0] > 0.3
    nothing, error = beyond_chance(null)
    assert abs(nothing) < 4 * error


def test_popularity_is_as_uneven_as_stated_and_in_the_null_world_is_chance(world: World, null: World) -> None:
    counts = np.bincount(world.listens.track, minlength=len(world.tracks))
    assert 0.65 < gini(counts) < 0.85
    always = null.tracks.released.astype(np.int64) * DAY_MS < null.listens.listened_at.min()
    even = np.bincount(null.listens.track, minlength=len(null.tracks))[always]
    # Counts of equal chances have the variance of their mean; its error is about sqrt(2 / n).
    assert abs(even.var() / even.mean() - 1) < 5 * np.sqrt(2 / len(even))


def test_new_tracks_are_favoured(world: World, null: World) -> None:
    def fresh(some: World) -> float:
        age = some.listens.listened_at // DAY_MS - some.tracks.released[some.listens.track]
        return float(((age >= 0) & (age < 30))[~some.listens.replay].mean())

    assert fresh(world) > 1.3 * fresh(null)


def test_tracks_of_a_session_hang_together(world: World, null: World) -> None:
    def kinship(some: World) -> tuple[float, float]:
        listens = some.listens
        order = np.lexsort((listens.listened_at, listens.listener))
        vectors, session = some.tracks.vectors[listens.track[order]], listens.session[order]
        who, first = listens.listener[order], ~listens.replay[order]
        cosine = (vectors[1:] * vectors[:-1]).sum(axis=1)
        pairs = (np.diff(who) == 0) & first[1:] & first[:-1]
        return difference(cosine[pairs], (np.diff(session) == 0)[pairs])

    nearer, _ = kinship(world)
    assert nearer > 0.15
    nothing, error = kinship(null)
    assert abs(nothing) < 4 * error


def test_gender_has_no_effect(world: World) -> None:
    women = world.listeners.gender == 0
    for values in (world.listeners.replay, world.listeners.adventure, np.log(world.listeners.activity)):
        nothing, error = difference(values, women)
        assert abs(nothing) < 4 * error


def test_taste_goes_with_age(world: World) -> None:
    trap, jazz = 9, 20
    age, first = world.listeners.age, world.listeners.genres[:, 0]
    assert age[first == trap].mean() + 5 < age[first == jazz].mean()
