"""The importer of playlists: units, ids, positions, batches."""

from __future__ import annotations

import pytest

from ml.data.frames import PLAYLISTS
from ml.data.importers import playlists as module
from ml.data.importers.base import Options
from ml.data.importers.playlists import Playlists
from ml.data.importers.source import Source
from ml.foundation.errors import BadInput

M3U = b"#EXTM3U\n#EXTINF:10,A - One\n1.mp3\n#EXTINF:10,A - Two\nspotify:track:2\n"


def read(path, **options):
    importer = Playlists()
    units = importer.claim(Source.of(path))
    return [batch for unit in units for batch in importer.read(unit, Options(**options))]


def test_claims_playlists_by_suffix_one_unit_each(tmp_path):
    for name in ("a.m3u", "b.M3U8", "sub.jspf", "c.xspf", "d.txt", "e.mp3"):
        (tmp_path / name).write_bytes(M3U)
    assert [unit.name for unit in Playlists().claim(Source.of(tmp_path))] == ["a.m3u", "b.M3U8", "c.xspf", "sub.jspf"]


def test_rows(tmp_path):
    path = tmp_path / "Sunday.m3u"
    path.write_bytes(M3U)
    (batch,) = read(path)
    frame = batch.frames["playlists"]
    assert (batch.file, batch.rows, list(batch.rejects)) == ("Sunday.m3u", 2, [])
    assert frame.columns == list(PLAYLISTS)
    assert frame.select(
        "playlist_id", "playlist", "user_id", "position", "title", "item_id", "path", "line"
    ).rows() == [
        (f"playlist:{path}", "Sunday", None, 0, "One", None, str(tmp_path / "1.mp3"), 3),
        (f"playlist:{path}", "Sunday", None, 1, "Two", "spotify:track:2", None, 5),
    ]


def test_the_named_listener_owns_the_list(tmp_path):
    (tmp_path / "a.m3u").write_bytes(M3U)
    (batch,) = read(tmp_path, user="local:rob")
    assert batch.frames["playlists"]["user_id"].to_list() == ["local:rob"] * 2


def test_batches_go_on_counting(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "BATCH_ROWS", 2)
    (tmp_path / "a.m3u").write_bytes(b"1.mp3\n2.mp3\n\x00\n3.mp3\n4.mp3\n5.mp3")
    batches = read(tmp_path)
    assert [batch.rows for batch in batches] == [2, 2, 2]
    assert [row for batch in batches for row in batch.frames["playlists"]["position"]] == [0, 1, 2, 3, 4]
    assert [reject.line for batch in batches for reject in batch.rejects] == [3]


def test_a_file_of_rejects_alone_still_counts(tmp_path):
    (tmp_path / "a.jspf").write_bytes(b'{"playlist": {"track": [1, 2]}}')
    (batch,) = read(tmp_path)
    assert (batch.rows, len(batch.rejects), batch.frames["playlists"].height) == (2, 2, 0)


@pytest.mark.parametrize("suffix", [".m3u", ".m3u8", ".jspf", ".xspf"])
def test_an_empty_file_says_so(tmp_path, suffix):
    (tmp_path / f"a{suffix}").touch()
    with pytest.raises(BadInput, match="is empty"):
        read(tmp_path)
