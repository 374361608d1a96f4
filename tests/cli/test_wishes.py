"""``--context`` and ``--prefer`` as they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.cli.wishes import preferences, situation
from ml.foundation.errors import BadInput


def test_values_become_what_they_look_like():
    typed = ["genres=jazz, soul,", "energy_level=low", "familiar_ratio=1", "explicit=TRUE", "year_to=1999"]
    assert preferences(typed) == {
        "genres": ["jazz", "soul"],
        "energy_level": "low",
        "familiar_ratio": 1,
        "explicit": True,
        "year_to": 1999,
    }
    assert situation(["mood = gut gelaunt"]) == {"mood": "gut gelaunt"}


@pytest.mark.parametrize("typed", [["workout"], ["=workout"], ["activity="], [""], ["mood=sad", "mood=happy"]])
def test_what_is_no_pair_is_named(typed):
    for read, option in ((situation, "--context"), (preferences, "--prefer")):
        with pytest.raises(BadInput, match=option):
            read(typed)


@given(st.lists(st.text()))
def test_anything_typed_is_read_or_refused(typed):
    for read in (situation, preferences):
        try:
            found = read(typed)
        except BadInput:
            continue
        assert len(found) == len(typed)
