from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.foundation.errors import BadInput
from ml.foundation.sizes import parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [("2gb", 2 << 30), ("512MB", 512 << 20), ("1.5 KiB", 1536), ("10", 10), ("7b", 7), ("3k", 3072), ("1 tb", 1 << 40)],
)
def test_a_size_is_read_as_people_write_it(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "gb", "-1gb", "1 2gb", "7 oranges", "0", "0.2b", "1e3", "٣gb", "nan", "1ib2"])
def test_what_is_no_size_says_so(text):
    with pytest.raises(BadInput, match="not a size"):
        parse_size(text)


@given(st.text(max_size=12))
def test_any_text_is_a_size_or_a_clear_error(text):
    with suppress(BadInput):
        assert parse_size(text) > 0
