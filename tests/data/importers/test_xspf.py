"""XSPF: with and without its namespace, and XML that means harm."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.data.importers.base import Reject
from ml.data.importers.playlist_entry import PlaylistEntry, PlaylistHeader
from ml.data.importers.source import Source
from ml.data.importers.xspf import read_xspf
from ml.foundation.errors import BadInput

MBID = "e97f805a-ab48-4c52-855e-07049142113d"


def parts(folder, content, name="list.xspf"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_xspf(Source.of(path).entries[0]))


LIST = "<playlist><trackList><track>{}</track></trackList></playlist>"
FULL = f"""<?xml version="1.0" encoding="UTF-8"?>
<playlist version="1" xmlns="http://xspf.org/ns/0/" xmlns:vlc="http://www.videolan.org/vlc/playlist/ns/0/">
  <title>Rock &amp; Roll</title>
  <trackList>
    <track>
      <extension application="x"><vlc:id>0</vlc:id><title>not this</title></extension>
      <location>file:///music/a%20b.mp3</location>
      <identifier>https://musicbrainz.org/recording/{MBID}</identifier>
      <identifier>isrc:GBAYE0601498</identifier>
      <title>Jóga</title><creator>Björk</creator><album>Homogenic</album>
      <duration>305000</duration>
    </track>
    <track><location>sub/c.mp3</location></track>
  </trackList>
</playlist>
"""


def test_a_full_list(tmp_path):
    assert parts(tmp_path, FULL) == [
        PlaylistHeader("Rock & Roll"),
        PlaylistEntry(
            "Jóga", "Björk", "Homogenic", 305_000, isrc="GBAYE0601498", mbid=MBID, path="/music/a b.mp3", line=1
        ),
        PlaylistEntry(path=str(tmp_path / "sub/c.mp3"), line=2),
    ]


def test_without_namespace_and_in_latin_1(tmp_path):
    content = '<?xml version="1.0" encoding="ISO-8859-1"?>' + LIST.format("<title>Jóga</title>")
    assert parts(tmp_path, content.encode("latin-1")) == [PlaylistEntry("Jóga")]


def test_a_bad_duration_rejects_its_entry_alone(tmp_path):
    content = LIST.format("<duration>x</duration></track><track><title>b</title>")
    first, second = parts(tmp_path, content)
    assert isinstance(first, Reject)
    assert (first.line, second.title) == (1, "b")


BOMB = '<!DOCTYPE p [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>\n<playlist><title>&b;</title></playlist>'
EXTERNAL = '<!DOCTYPE p [\n<!ENTITY a SYSTEM "file:///etc/passwd">]><playlist><title>&a;</title></playlist>'


@pytest.mark.parametrize(("content", "line"), [(BOMB, 1), (EXTERNAL, 2)])
def test_entity_declarations_are_refused(tmp_path, content, line):
    with pytest.raises(BadInput, match=rf"list.xspf:{line}: declares the XML entity"):
        parts(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<playlist>\n<trackList>\n<track></trackList>", "list.xspf:3: not well-formed"),
        ("<playlist><trackList><track>", "not well-formed"),
        ("<rss></rss>", "<rss>, not <playlist>"),
        ("hello", "not well-formed"),
        ('<?xml version="1.0" encoding="klingon"?><playlist/>', "list.xspf"),
        ("<playlist><title>" + "x" * 100_000 + "</title></playlist>", "more than 65,536 characters"),
    ],
)
def test_what_is_no_playlist_says_so(tmp_path, content, says):
    with pytest.raises(BadInput, match=says):
        parts(tmp_path, content)


def test_entries_before_the_fault_are_given(tmp_path):
    path = tmp_path / "cut.xspf"
    path.write_text("<playlist><trackList><track><title>a</title></track><track><ti")
    given_parts = read_xspf(Source.of(path).entries[0])
    assert next(given_parts) == PlaylistEntry("a")
    with pytest.raises(BadInput):
        next(given_parts)


PIECES = ["<playlist>", "</playlist>", "<trackList>", "<track>", "</track>", "<title>", "</title>", "x", "&amp;", "&x;"]


@settings(max_examples=150, deadline=None)
@given(
    content=st.binary(max_size=100) | st.lists(st.sampled_from(PIECES), max_size=20).map(lambda p: "".join(p).encode())
)
def test_any_bytes_are_bad_input_at_worst(tmp_path_factory, content):
    found, said = [], "fuzz.xspf"
    try:
        found = parts(tmp_path_factory.getbasetemp(), content, "fuzz.xspf")
    except BadInput as error:
        said = error.message
    assert "fuzz.xspf" in said
    assert all(isinstance(part, PlaylistEntry | PlaylistHeader | Reject) for part in found)
