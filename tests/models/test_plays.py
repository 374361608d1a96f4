from dataclasses import replace

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ml.models.asking import Asking
from ml.models.plays import UNDATED, Plays
from ml.models.situations import Situations, coded

HISTORIES = st.lists(st.lists(st.integers(0, 6), max_size=8), max_size=6)


def rows_of(plays: Plays) -> list[list[int]]:
    return [plays.items[a:b].tolist() for a, b in zip(plays.indptr, plays.indptr[1:], strict=False)]


@given(HISTORIES)
def test_counts_sum_the_weights(histories) -> None:
    plays = Plays.of(histories, n_items=7)
    expected = np.array([np.bincount(row, minlength=7) for row in histories]).reshape(len(histories), 7)
    np.testing.assert_array_equal(plays.counts.toarray(), expected)
    assert rows_of(plays) == histories
    assert (plays.times == UNDATED).all()


@given(HISTORIES, st.data())
def test_select_takes_listeners_in_the_order_given(histories, data) -> None:
    plays = Plays.of(histories, n_items=7, now=5)
    plays = replace(plays, countries=[str(user) for user in range(len(histories))])
    users = data.draw(st.lists(st.integers(0, len(histories) - 1), max_size=8) if histories else st.just([]))
    chosen = plays.select(users)
    assert rows_of(chosen) == [histories[user] for user in users]
    assert chosen.countries == [str(user) for user in users]
    assert (chosen.n_items, chosen.now) == (7, 5)


@given(HISTORIES, st.data())
def test_keep_leaves_all_listeners(histories, data) -> None:
    plays = Plays.of(histories, n_items=7)
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(plays.items), max_size=len(plays.items))), bool)
    flags = iter(mask.tolist())
    assert rows_of(plays.keep(mask)) == [[item for item in row if next(flags)] for row in histories]


def test_a_skip_is_heard_but_not_counted() -> None:
    plays = replace(Plays.of([[2, 1, 2]], n_items=3), weights=np.array([0, 1, 0], dtype=np.float32))
    assert plays.heard(0).tolist() == [1, 2]
    assert plays.counts.indices.tolist() == [1]


def test_counting_leaves_the_plays_alone() -> None:
    plays = Plays.of([[2, 1, 2], [0, 0]], n_items=3)
    before = [plays.items.copy(), plays.weights.copy(), plays.indptr.copy()]
    assert plays.counts.nnz == 3
    assert all((a == b).all() for a, b in zip(before, [plays.items, plays.weights, plays.indptr], strict=True))


def told() -> Plays:
    """Two listeners; each play's activity and device are named after its item."""
    plays = Plays.of([[0, 1], [2, 3, 4]], n_items=5)
    names = [f"a{item}" for item in plays.items], [f"d{item}" for item in plays.items]
    return replace(plays, situations=Situations.of(*names), asking=[Asking(activity="sleep"), None])


def names_of(plays: Plays) -> list[str]:
    assert plays.situations is not None
    return [plays.situations.activity_names[code] for code in plays.situations.activities]


def test_situations_stay_with_their_plays() -> None:
    plays = told()
    mask = np.array([False, True, True, False, True])
    for some in (plays, plays.only(1), plays.select([1, 0, 1]), plays.keep(mask), plays.keep(mask).select([1])):
        assert names_of(some) == [f"a{item}" for item in some.items]
    assert plays.select([1, 0]).asking == [None, Asking(activity="sleep")]
    assert plays.only(0).asking == [Asking(activity="sleep")]
    assert plays.keep(mask).asking == plays.asking


def test_an_empty_question_is_none() -> None:
    assert not Asking()
    assert Asking(hour=0)


@given(st.lists(st.one_of(st.none(), st.text(max_size=2)), max_size=20))
def test_words_are_coded_alike_one_by_one_and_in_a_column(words) -> None:
    codes, names = coded(words)
    assert [None if code < 0 else names[code] for code in codes] == words
    assert names == tuple(sorted(set(names)))
    column_codes, column_names = coded(pl.Series(words, dtype=pl.String))
    assert [None if code < 0 else column_names[code] for code in column_codes] == words
    assert codes.dtype == column_codes.dtype == np.int16
