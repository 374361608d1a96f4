import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ml.models.topk import ranked
from ml.recommendation_engine.selection import choose, is_familiar

shares = st.floats(0, 1)


@given(shares, st.integers(1, 60))
def test_every_beginning_of_the_list_has_about_the_share(ratio, count):
    familiar = 0
    for place in range(count):
        familiar += is_familiar(place, ratio)
        assert abs(familiar - ratio * (place + 1)) <= 0.5 + 1e-9


@given(
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(1, 20),
    shares,
    st.lists(st.integers(0, 6), min_size=60, max_size=60),
    st.integers(1, 4),
)
def test_lists_are_unique_capped_and_as_long_as_can_be(n_familiar, n_new, count, ratio, artists, cap):
    familiar = [(index, 1.0 - index / 100) for index in range(n_familiar)]
    new = [(30 + index, 1.0 - index / 100) for index in range(n_new)]
    picks = choose(iter(familiar), iter(new), count=count, ratio=ratio, artists=np.array(artists), max_per_artist=cap)
    chosen = [pick.index for pick in picks]
    assert len(set(chosen)) == len(chosen)
    counts = [artists[index] for index in chosen]
    assert all(counts.count(artist) <= cap for artist in counts)
    allowed = (familiar if ratio > 0 else []) + (new if ratio < 1 else [])
    of_artist = [artists[index] for index, _ in allowed]
    reachable = sum(min(cap, of_artist.count(artist)) for artist in set(of_artist))
    assert len(chosen) == min(count, reachable)
    for known in (True, False):
        side = [pick.score for pick in picks if pick.familiar == known]
        assert side == sorted(side, reverse=True)


@given(st.integers(0, 300), st.integers(1, 12), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_a_ranking_goes_as_deep_as_it_is_read(n_items, count, absent, seed):
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 9, n_items).astype(np.float32)
    scores[rng.random(n_items) < absent] = -np.inf
    order = [index for index in np.argsort(-scores, kind="stable").tolist() if scores[index] > -np.inf]
    assert list(ranked(scores, count)) == [(index, scores[index]) for index in order]


def test_an_artist_with_all_the_best_tracks_does_not_shorten_the_list():
    scores = np.linspace(1, 0, 2_000, dtype=np.float32)
    artists = np.where(np.arange(2_000) < 1_000, 0, np.arange(2_000))
    picks = choose(iter(()), ranked(scores, 10), count=10, ratio=0.2, artists=artists, max_per_artist=2)
    assert [pick.index for pick in picks] == [0, 1, *range(1_000, 1_008)]
