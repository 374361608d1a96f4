"""What an import would make of a file, told before anything is stored."""

import json

import pytest

from ml.data.importers.base import Options
from ml.data.ingest import preview as module
from ml.data.ingest.preview import preview
from ml.foundation.errors import BadInput


def test_what_is_shown_is_what_would_be_stored(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("user;song;band;when\nann;Jóga;Björk;1717236000\n;Air;Air;nonsense\n", encoding="utf-8")
    (unit,) = preview(file, options=Options(columns={"time": "when"}, source="mine")).units
    assert [(each.name, each.field) for each in unit.columns] == [
        *(("user", "user"), ("song", "title"), ("band", None), ("when", "time")),
    ]
    (sample,) = unit.samples
    assert dict(zip(sample.columns, sample.rows[0], strict=True)) == {
        "kind": "track",
        "title": "Jóga",
        "user_id": "mine:user/ann",
        "listened_at": "2024-06-01T10:00:00Z",
    }
    assert [(each.line, each.reason, each.raw) for each in unit.examples] == [
        (3, "when is not a time", ";Air;Air;nonsense"),
    ]
    assert "when: numbers are seconds since 1970" in unit.notes


def test_other_forms_than_tables_are_shown_too(tmp_path):
    listens = [
        {"listened_at": 1_700_000_000 + n, "track_metadata": {"artist_name": "Air", "track_name": "All I Need"}}
        for n in range(30)
    ]
    (tmp_path / "listens.jsonl").write_text("\n".join(map(json.dumps, listens)))
    (tmp_path / "list.m3u").write_text("#EXTM3U\n#EXTINF:10,Air - Talisman\ntalisman.mp3\n")
    found = preview(tmp_path)
    assert {unit.kind: unit.samples[0].holds for unit in found.units} == {
        "listenbrainz": "listens",
        "playlists": "playlists",
    }
    assert [len(unit.samples[0].rows) for unit in found.units if unit.kind == "listenbrainz"] == [module.MOST_ROWS]
    assert all(unit.columns == () for unit in found.units)


def test_of_many_files_the_first_are_looked_at(tmp_path):
    for n in range(module.MOST_UNITS + 3):
        (tmp_path / f"{n:02d}.csv").write_text("artist,title\nAir,Talisman\n")
    found = preview(tmp_path)
    assert (len(found.units), found.more_units) == (module.MOST_UNITS, 3)


def test_of_a_long_file_the_first_rows_are_looked_at(tmp_path, monkeypatch):
    file = tmp_path / "long.csv"
    file.write_text("artist,title\n" + "Air,Talisman\n" * 1_000)
    assert preview(file).units[0].whole
    monkeypatch.setattr(module, "MANY_ROWS", 1_000)
    assert not preview(file).units[0].whole


def test_what_is_wrong_with_one_file_stands_beside_the_others(tmp_path):
    (tmp_path / "good.csv").write_text("artist,title\nAir,Talisman\n")
    (tmp_path / "bad.xspf").write_text("<playlist>")
    found = {unit.name: unit for unit in preview(tmp_path).units}
    assert found["good.csv"].problem is None
    assert found["bad.xspf"].problem
    assert not found["bad.xspf"].whole


def test_what_nobody_reads_is_refused(tmp_path):
    (tmp_path / "a.pdf").write_text("%PDF")
    with pytest.raises(BadInput, match="nothing to import"):
        preview(tmp_path)
