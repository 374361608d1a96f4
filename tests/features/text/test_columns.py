"""The spellings of a column are those of each of its names."""

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from ml.features.text import spellings
from ml.features.text.columns import spellings_of

PIECES = st.sampled_from(
    [
        *("the", "The ", "THE the", "and", "And ", "&", " + ", ", ", ";", "  ", " ", "?", ":", '"', "feat ", "Ft. X"),
        *("Band", "android", "sand", "(Live)", "- Remastered 2009", "é", "Кино", "3", "$", "P!nk", "'", "\n", "K"),
    ]
)
NAMES = st.lists(PIECES, max_size=6).map("".join) | st.text(max_size=12)


@given(st.lists(st.none() | NAMES, max_size=8))
@example(["the the", "the", "The And", "&", " ", "and and", None])
def test_a_column_is_spelt_as_its_names_are(names):
    found = spellings_of(pl.Series(names, dtype=pl.String())).to_list()
    assert found == [[] if name is None else list(spellings(name)) for name in names]
