"""Spellings of names, and how alike they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.features.text import compact, likeness, spellings


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("The Beatles", "beatles"),
        ("P!nk", "pink"),
        ("Ke$ha", "kesha"),
        ("deadmau5", "deadmaus"),
        ("A$AP Rocky", "asap rocky"),
        ("Motörhead", "motorhead"),
        ("Die Ärzte", "die aerzte"),
        ("Sigur Rós", "sigur ros"),
        ("AC/DC", "acdc"),
        ("t.A.T.u.", "tatu"),
        ("Кино", "kino"),
        ("Simon & Garfunkel", "simon and garfunkel"),
        ("Smooth (feat. Rob Thomas)", "smooth"),
        ("I Believe I Can Fly (From Space Jam)", "i believe i can fly"),
        ("Guns N' Roses", "guns n roses"),
    ],
)
def test_a_name_has_the_spelling_that_people_type(name, typed):
    assert typed in spellings(name)


def test_an_exclamation_mark_behind_a_word_is_no_letter():
    assert spellings("Help!") == ("help",)


def test_what_cannot_be_transliterated_keeps_its_own_script():
    assert spellings("宇多田ヒカル")[0] == "宇多田ヒカル"


@given(st.text(max_size=40))
def test_any_text_has_spellings_that_are_distinct_and_begin_with_its_own(text):
    found = spellings(text)
    assert len(set(found)) == len(found)
    assert all(found)


@given(st.text(alphabet="abc ", min_size=1, max_size=12), st.text(alphabet="abc ", min_size=1, max_size=12))
def test_likeness_is_symmetric_and_whole_only_for_the_same(one, other):
    alike = likeness([one], [other])[0, 0]
    assert alike == likeness([other], [one])[0, 0]
    assert (alike == 1.0) == (one == other)


def test_a_swap_of_neighbours_is_one_edit():
    assert likeness(["beatels"], ["beatles"])[0, 0] == pytest.approx(1 - 1 / 7)


def test_joined_and_split_words_are_one():
    assert compact("ac dc") == compact("acdc")
