"""Identifiers in the forms that files and addresses give them."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.importers.identifiers import (
    Identifiers,
    listenbrainz_playlist,
    mbids,
    sort_identifiers,
    spotify_track,
)

MBID = "8c538f11-c141-4588-8ecb-931083524186"


@pytest.mark.parametrize(
    ("identifier", "sorted_"),
    [
        (f"https://musicbrainz.org/recording/{MBID.upper()}", Identifiers(mbid=MBID)),
        (f"mbid:{MBID}", Identifiers(mbid=MBID)),
        ("urn:isrc:gb-aye-06-01498", Identifiers(isrc="GBAYE0601498")),
        ("https://open.spotify.com/track/4uLU6h?si=1", Identifiers(outside_ids=("spotify:track:4uLU6h",))),
        ("deezer:123", Identifiers(outside_ids=("deezer:123",))),
        ("https://example.org/song", Identifiers()),
        ("C:", Identifiers()),
        ("deezer://x", Identifiers()),
        ("deezer:a b", Identifiers()),
    ],
)
def test_each_kind_is_told_apart(identifier, sorted_):
    assert sort_identifiers([identifier, identifier]) == sorted_


def test_the_first_of_a_kind_counts():
    found = sort_identifiers([f"mbid:{MBID}", "mbid:" + "0" * 8 + MBID[8:], "a1:1", "b2:2", "a1:1"])
    assert found == Identifiers(MBID, None, ("a1:1", "b2:2"))


@pytest.mark.parametrize("text", ["spotify:album:4uLU6h", "https://open.spotify.com/artist/4uLU6h", "4uLU6h", ""])
def test_what_is_no_track_of_spotify(text):
    assert spotify_track(text) is None


def test_mbids_are_lists_of_them_or_nothing():
    column = pl.DataFrame({"id": [MBID.upper(), f"{MBID},{MBID}", f"{MBID},x", "", None, MBID + " "]})
    assert column.select(mbids("id"))["id"].to_list() == [MBID, f"{MBID},{MBID}", None, None, None, None]


def test_a_playlist_elsewhere_is_none_of_ours():
    assert listenbrainz_playlist(f"https://example.org/playlist/{MBID}") is None


@given(st.text())
def test_any_text_is_an_identifier_or_none(text):
    found = sort_identifiers([text])
    assert all(":" in outside for outside in found.outside_ids)
