import numpy as np
from hypothesis import given
from hypothesis import strategies as st

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
    of_artist = [artists[index] for index, _ in familiar + new]
    reachable = sum(min(cap, of_artist.count(artist)) for artist in set(of_artist))
    assert len(chosen) == min(count, reachable)
    for known in (True, False):
        side = [pick.score for pick in picks if pick.familiar == known]
        assert side == sorted(side, reverse=True)
