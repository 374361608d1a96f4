"""What goes on with a list, where the answer is plain: facets, tags, artists and listeners, each by itself."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_matrix

from ml.models.base import TrainingData
from ml.models.blend import Blend
from ml.models.item_knn import ItemKNN
from ml.models.plays import Plays
from ml.models.popularity import Popularity
from ml.playlist_generator.flow.transitions import Sounds
from ml.playlist_generator.holding.demands import Ground
from ml.playlist_generator.library.facets import BINS, Facet
from ml.playlist_generator.library.tracks import FEATURES, Tracks
from ml.playlist_generator.suiting.continuing import continuation
from ml.recommendation_engine.ratings import beside_list

N = 200


def tracks_of(n=N, *, years=None, tags=None, artists=None, timbre=None, **features):
    """Give tracks of which only this is known."""
    nothing, numbers = np.full(n, np.nan, dtype=np.float32), np.arange(n, dtype=np.int64)
    columns = {name: np.asarray(features.get(name, nothing), dtype=np.float32) for name in FEATURES}
    return Tracks(
        labels=pl.DataFrame({"key": numbers}),
        ground=Ground(np.zeros(n, dtype=np.int64), numbers if artists is None else artists, numbers, numbers),
        features=columns,
        sounds=Sounds(
            tempo_bpm=columns["tempo_bpm"],
            energy=columns["energy"],
            loudness_lufs=nothing,
            key=np.full(n, -1, dtype=np.int8),
            key_confidence=nothing,
            level_in_db=nothing,
            level_out_db=nothing,
            timbre=np.empty((n, 0), dtype=np.float32) if timbre is None else timbre,
        ),
        years=np.zeros(n, dtype=np.int16) if years is None else np.asarray(years, dtype=np.int16),
        languages=np.full(n, ""),
        explicit=np.zeros(n, dtype=np.bool_),
        tags={} if tags is None else tags,
    )


def order(tracks, seeds, listened=None):
    """Give the rows that are no seeds, what goes on best first."""
    suits = continuation(tracks, np.array(seeds), listened)
    assert suits.dtype == np.float32
    assert ((suits >= 0) & (suits <= 1)).all()
    assert (suits[seeds] == 1).all()
    return [row for row in np.argsort(-suits, kind="stable").tolist() if row not in seeds]


def test_a_list_of_one_era_goes_on_with_that_era():
    years = 1960 + np.arange(N) // 4  # four tracks a year
    ahead = order(tracks_of(years=years), np.flatnonzero(years == 1985)[:3].tolist())[:12]
    assert all(abs(years[row] - 1985) <= 3 for row in ahead)


def test_a_list_of_two_eras_goes_on_with_both_and_not_with_what_is_between():
    years = np.repeat([1965, 1985, 2005], [70, 60, 70])
    ahead = order(tracks_of(years=years), [0, 1, 130, 131])
    assert set(years[ahead[:130]].tolist()) == {1965, 2005}


def test_a_facet_that_differs_as_much_in_the_list_as_anywhere_says_little():
    """All tempi are among the seeds, but one year only."""
    years, tempo = np.repeat([1970, 2000], N // 2), np.tile(np.linspace(60, 180, N // 2), 2)
    tracks = tracks_of(years=years, tempo_bpm=tempo)
    ahead = order(tracks, list(range(0, 100, 7)))
    assert (years[ahead[:80]] == 1970).all()


def test_a_rare_tag_says_more_than_one_that_most_have():
    tags = {"most": np.arange(0, 150), "rare": np.array([0, 1, 2, 160, 161])}
    assert set(order(tracks_of(tags=tags), [0, 1, 2])[:2]) == {160, 161}


def test_an_artist_of_the_list_comes_before_others_where_nobody_has_listened():
    artists = np.arange(N) // 5
    assert set(order(tracks_of(artists=artists), [0, 1, 10])[:7]) == {2, 3, 4, 11, 12, 13, 14}


def test_what_sounds_like_any_one_of_the_list_comes_first():
    timbre = np.zeros((N, 2), dtype=np.float32)
    angle = np.linspace(0, np.pi, N)
    timbre[:, 0], timbre[:, 1] = np.cos(angle), np.sin(angle)
    assert set(order(tracks_of(timbre=timbre), [10, 150])[:4]) == {9, 11, 149, 151}


def test_listeners_outweigh_tags():
    tags, listened = {"rare": np.array([0, 1, 2, 3])}, np.full(N, 0.01, dtype=np.float32)
    listened[50] = 1.0
    assert order(tracks_of(tags=tags), [0, 1, 2], listened)[:2] == [50, 3]


def test_a_score_that_is_high_among_the_lowest_only_says_nothing():
    """One track goes with the list by far; ten others hardly, and all others a thousand times less than they."""
    years, listened = np.repeat([1970, 2000], N // 2), np.full(N, 1e-6, dtype=np.float32)
    listened[150], listened[160:170] = 1.0, 1e-3
    ahead = order(tracks_of(years=years), list(range(8)), listened)
    assert ahead[0] == 150
    assert (years[ahead[1:90]] == 1970).all()


def test_where_nothing_is_known_nothing_goes_on():
    suits = continuation(tracks_of(), np.array([4, 7]))
    assert suits.sum() == 2
    unknown = continuation(tracks_of(), np.array([4, 7]), np.full(N, np.nan, dtype=np.float32))
    assert (unknown == suits).all()


def test_places_are_logarithms_of_ranks():
    tracks = tracks_of(1002, energy=np.linspace(0, 1, 1002))
    listened = np.arange(1002, dtype=np.float32)
    suits = np.sort(continuation(tracks, np.array([0, 1]), listened))[::-1][2:]
    assert suits[[0, 9, 99, 999]] == pytest.approx([1, 2 / 3, 1 / 3, 0], abs=1e-6)


def test_all_tracks_may_be_in_the_list():
    assert (continuation(tracks_of(3, years=[1990, 1991, 1992]), np.arange(3)) == 1).all()


@given(seeds=st.sets(st.integers(0, N - 1), min_size=1, max_size=20), seed=st.integers(0, 99))
def test_the_order_in_which_tracks_are_stored_changes_nothing(seeds, seed):
    rng = np.random.default_rng(seed)
    years, energy, turn = rng.integers(1960, 2020, N), rng.random(N), rng.permutation(N)
    tags = {name: np.flatnonzero(rng.random(N) < share) for name, share in (("a", 0.1), ("b", 0.5))}
    back = np.argsort(turn)
    one = tracks_of(years=years, energy=energy, tags=tags)
    other = tracks_of(
        years=years[turn],
        energy=energy[turn],
        artists=turn.astype(np.int64),
        tags={name: np.sort(back[rows]) for name, rows in tags.items()},
    )
    rows = np.array(sorted(seeds))
    assert continuation(other, np.sort(back[rows])) == pytest.approx(continuation(one, rows)[turn], abs=1e-5)


# --- facets


@given(arrays(np.float64, 60, elements=st.integers(-1000, 1000).map(float)), st.sets(st.integers(0, 59), min_size=1))
def test_a_facet_goes_by_the_order_of_values_alone(values, rows):
    seeds = np.array(sorted(rows))
    plain, bent = (Facet.of(each).log_ratio(seeds, 3.0) for each in (values, values**3 + 5 * values))
    assert (plain == bent).all()


def test_all_tracks_together_are_as_usual():
    facet = Facet.of(np.arange(240.0))
    assert facet.log_ratio(np.arange(240), 3.0) == pytest.approx(np.zeros(240), abs=1e-6)


def test_unknown_values_say_nothing_and_the_more_is_in_doubt_the_less_the_others_say():
    values = np.concatenate([np.arange(10.0 * BINS), [np.nan]])
    facet = Facet.of(values)
    believed, doubted = (facet.log_ratio(np.array([5, 6, len(values) - 1]), doubt) for doubt in (1.0, 50.0))
    assert believed[-1] == doubted[-1] == 0
    assert believed[5] > doubted[5] > 0 > doubted[-2] > believed[-2]
    assert believed[5] < np.log(BINS)  # as if the list were all in one bin


def test_of_nothing_known_nothing_is_said():
    assert (Facet.of(np.full(5, np.nan)).log_ratio(np.array([1]), 3.0) == 0).all()


# --- what listeners of a list listen to


def test_of_what_goes_with_a_list_as_well_the_popular_one_comes_first():
    """Items 1 and 2 share a listener with item 0 each; 2 has others besides, who all know little else."""
    plays = Plays.of([[0, 1], [0, 2], *[[2, 4 + each] for each in range(6)], [1, 3]], n_items=12)
    data = TrainingData(plays, csr_matrix((12, 0)), np.full(12, -1))
    members = (ItemKNN(shrinkage=0, weighting="none", asymmetry=1.0), Popularity())
    blend = Blend(members, {"item_knn": 1.0, "popularity": 0.0}).fit(data, rng=np.random.default_rng(0))
    alike = blend.score(Plays.of([[0]], n_items=12))[0]
    assert alike[1] == alike[2] > 0
    scores = beside_list(blend, np.array([0]), 12)
    assert scores[2] > scores[1] > 0
    assert scores[3] == 0


def test_a_model_without_members_answers_as_it_is():
    data = TrainingData(Plays.of([[0, 1], [0, 1]], n_items=3), csr_matrix((3, 0)), np.full(3, -1))
    model = ItemKNN(shrinkage=0).fit(data, rng=np.random.default_rng(0))
    assert (beside_list(model, np.array([0]), 3) == model.score(Plays.of([[0]], n_items=3))[0]).all()
