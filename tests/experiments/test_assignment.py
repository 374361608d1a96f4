"""Assignment: answers known from the hash itself, even shares, exclusion, and nobody who changes sides."""

from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from ml.experiments.assignment import BUCKETS, bucket, held_out, more_buckets, uniform, variant_index


def test_the_number_is_the_first_53_bits_of_the_hash():
    digest = blake2b(b"salt\x007", digest_size=8).digest()
    assert uniform("salt", 7) == int(digest.hex(), 16) // 2**11 / 2**53


def test_known_answers_stay_so_in_every_version():
    """A change here would move every listener of every running experiment."""
    assert [round(uniform("warm-start", key), 12) for key in (0, 1, 2**53)] == KNOWN
    assert [bucket("ranking", key) for key in range(8)] == BUCKETS_KNOWN
    assert [variant_index("warm-start", [1, 2, 1], key) for key in range(16)] == VARIANTS_KNOWN


KNOWN = [0.556406087941, 0.549080927291, 0.122533139384]
BUCKETS_KNOWN = [787, 454, 908, 877, 201, 581, 475, 206]
VARIANTS_KNOWN = [1, 1, 1, 1, 1, 0, 1, 1, 0, 0, 1, 1, 0, 2, 1, 1]


def test_listeners_are_spread_evenly_and_as_the_weights_say():
    keys = range(100_000)
    spread = np.bincount([bucket("ranking", key) for key in keys], minlength=BUCKETS)
    assert len(spread) == BUCKETS
    assert chisquare(spread).pvalue > 0.001
    variants = np.bincount([variant_index("warm-start", [1, 2, 1], key) for key in keys])
    assert chisquare(variants, [25_000, 50_000, 25_000]).pvalue > 0.001
    assert np.mean([held_out(0.05, key) for key in keys]) == pytest.approx(0.05, abs=0.003)


def test_hashes_of_different_salts_know_nothing_of_each_other():
    keys = range(40_000)
    one, other = ([variant_index(salt, [1, 1], key) for key in keys] for salt in ("one", "other"))
    layer = [bucket("ranking", key) < BUCKETS // 2 for key in keys]
    for first, second in ((one, other), (one, layer)):
        table = np.histogram2d(first, second, bins=2)[0]
        assert chisquare(table.ravel()).pvalue > 0.001


def test_a_larger_holdout_holds_the_smaller():
    keys = range(5_000)
    small, large = ({key for key in keys if held_out(share, key)} for share in (0.02, 0.1))
    assert small < large


shares = st.floats(0.001, 1.0)
names = st.text(min_size=1, max_size=8)


@given(st.lists(st.tuples(names, shares), min_size=1, max_size=8, unique_by=lambda pair: pair[0]))
def test_two_of_a_layer_never_overlap(wanted):
    held = {}
    for name, share in wanted:
        taken = [each for other, buckets in held.items() if other != name for each in buckets]
        got = more_buckets(name, [], taken, share)
        if got is None:
            assert len(taken) + max(1, round(share * BUCKETS)) > BUCKETS
        else:
            assert len(got) == max(1, round(share * BUCKETS))
            held[name] = got
    everything = [each for buckets in held.values() for each in buckets]
    assert len(everything) == len(set(everything))
    assert set(everything) <= set(range(BUCKETS))


@given(names, st.lists(shares, min_size=2, max_size=5).map(sorted), st.sets(st.integers(0, BUCKETS - 1), max_size=500))
def test_ramping_keeps_everybody_who_is_in(name, steps, taken):
    held = []
    for share in steps:
        more = more_buckets(name, held, taken, share)
        if more is None:
            break
        assert set(held) <= set(more)
        assert not set(more) & taken
        held = more
