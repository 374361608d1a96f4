"""JSPF: a list as ListenBrainz writes it, and lists that nobody should write."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.data.importers.base import Reject
from ml.data.importers.jspf import read_jspf
from ml.data.importers.playlist_entry import PlaylistEntry, PlaylistHeader
from ml.data.importers.source import Source
from ml.foundation.errors import BadInput

MBID = "e97f805a-ab48-4c52-855e-07049142113d"
LIST = "8a5f0e0e-5f0a-4f6e-9d57-0f3f4d0a5f3b"


def parts(folder, content, name="list.jspf"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return list(read_jspf(Source.of(path).entries[0]))


def one(folder, **track):
    return parts(folder, {"playlist": {"track": [track]}})[1]


def test_a_list_of_listenbrainz(tmp_path):
    document = {
        "playlist": {
            "title": "Weekly Jams",
            "creator": "rob",
            "identifier": f"https://listenbrainz.org/playlist/{LIST}",
            "extension": {"https://musicbrainz.org/doc/jspf#playlist": {"public": True}},
            "track": [
                {
                    "title": "Gold Dust Woman",
                    "creator": "Fleetwood Mac",
                    "album": "Rumours",
                    "duration": 296000,
                    "identifier": [f"https://musicbrainz.org/recording/{MBID}"],
                    "extension": {"https://musicbrainz.org/doc/jspf#track": {"added_by": "rob"}},
                }
            ],
        }
    }
    assert parts(tmp_path, document) == [
        PlaylistHeader(
            "Weekly Jams",
            f"listenbrainz:playlist/{LIST}",
            extra={"creator": "rob", "extension": document["playlist"]["extension"]},
        ),
        PlaylistEntry(
            "Gold Dust Woman",
            "Fleetwood Mac",
            "Rumours",
            296_000,
            mbid=MBID,
            extra={"extension": document["playlist"]["track"][0]["extension"]},
        ),
    ]


def test_identifier_as_text_and_as_list(tmp_path):
    assert one(tmp_path, title="x", identifier=f"http://musicbrainz.org/recording/{MBID.upper()}").mbid == MBID
    found = one(
        tmp_path, title="x", identifier=["spotify:track:4uLU", "isrc:GB-AYE-06-01498", "https://example.com/1", 7]
    )
    assert (found.outside_ids, found.isrc, found.mbid) == (("spotify:track:4uLU",), "GBAYE0601498", None)


@pytest.mark.parametrize(("duration", "known"), [(0, None), ("1500", 1500), (1500.4, 1500), (None, None), (-5, -5)])
def test_durations(tmp_path, duration, known):
    # A negative one stays: the loader rejects it, as it does everywhere.
    assert one(tmp_path, title="x", duration=duration).duration_ms == known


def test_locations(tmp_path):
    assert one(tmp_path, location="a%20b.mp3").path == str(tmp_path / "a b.mp3")
    assert one(tmp_path, location=["file:///m/x.mp3", "http://e.com/x"]).path == "/m/x.mp3"
    spotify = one(tmp_path, location="https://open.spotify.com/track/4uLU")
    assert (spotify.path, spotify.outside_ids) == (None, ("spotify:track:4uLU",))


def test_bad_entries_are_rejected_by_number_and_the_rest_is_read(tmp_path):
    found = parts(tmp_path, {"playlist": {"track": [7, {"title": "a", "duration": "long"}, {"title": 1999}]}})
    assert [type(part) for part in found[1:]] == [Reject, Reject, PlaylistEntry]
    assert [part.line for part in found[1:]] == [1, 2, 3]
    assert "milliseconds" in found[2].reason
    assert found[3].title == "1999"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"playlist": {"track": [\n{"title": "a"},\n', "list.jspf:3: not valid JSON"),
        (b"[1, 2]", "no playlist"),
        (b'{"a": 1}', "no playlist"),
        (b'{"playlist": {"track": {}}}', "'track' is dict"),
        (b"\xff\xfe\x00", "not valid JSON"),
    ],
)
def test_what_is_no_playlist_says_so(tmp_path, content, says):
    with pytest.raises(BadInput, match=says.replace("(", r"\(")):
        parts(tmp_path, content)


def test_a_mark_of_byte_order_is_harmless(tmp_path):
    assert parts(tmp_path, b'\xef\xbb\xbf{"playlist": {"title": "x", "track": []}}') == [PlaylistHeader("x")]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["playlist", "track", "title", "creator", "duration", "identifier", "location"]), inner
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(tracks=st.lists(JSON, max_size=4))
def test_any_json_gives_one_part_an_entry(tmp_path_factory, tracks):
    found = parts(tmp_path_factory.getbasetemp(), {"playlist": {"track": tracks}}, "fuzz.jspf")
    assert [part.line for part in found[1:]] == list(range(1, len(tracks) + 1))


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes_are_bad_input_at_worst(tmp_path_factory, content):
    said = "fuzz2.jspf"
    try:
        parts(tmp_path_factory.getbasetemp(), content, "fuzz2.jspf")
    except BadInput as error:
        said = error.message
    assert "fuzz2.jspf" in said
