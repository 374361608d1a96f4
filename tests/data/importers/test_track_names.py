"""File names: what is a number, an artist, a title."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.importers.track_names import parse_track_name


@pytest.mark.parametrize(
    ("stem", "title", "artist", "album"),
    [
        ("01 - Nena - 99 Luftballons", "99 Luftballons", "Nena", None),
        ("Nena - Leuchtturm", "Leuchtturm", "Nena", None),
        ("Nena - Leuchtturm - Live", "Leuchtturm - Live", "Nena", None),
        ("Nena - Alles - 07 - Leuchtturm", "Leuchtturm", "Nena", "Alles"),
        ("03 Title", "Title", None, None),
        ("03. Title", "Title", None, None),
        ("3) Title", "Title", None, None),
        ("12 - Title", "Title", None, None),
        ("1-03 Title", "Title", None, None),
        ("03_Two_Words", "Two Words", None, None),
        ("99 Luftballons", "99 Luftballons", None, None),
        ("1999", "1999", None, None),
        ("07", "07", None, None),
        ("50-50", "50-50", None, None),
        ("7-11", "7-11", None, None),
        ("Anti-Hero", "Anti-Hero", None, None),
    ],
)
def test_names(stem, title, artist, album):
    assert parse_track_name(stem) == (title, artist, album)


def test_in_a_numbered_folder_a_number_is_a_number():
    assert parse_track_name("10 Sloop John B", numbered=True).title == "Sloop John B"
    assert parse_track_name("1999", numbered=True).title == "1999"


@given(stem=st.text(min_size=1) | st.text("0123 -_.ab", min_size=1), numbered=st.booleans())
def test_any_name_gives_a_title_made_of_it(stem, numbered):
    name = parse_track_name(stem, numbered=numbered)
    assert name.title
    assert all(piece in stem or piece in stem.replace("_", " ") for piece in name.title.split(" - "))
