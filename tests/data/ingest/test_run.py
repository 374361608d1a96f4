"""Whole imports: once, twice, interrupted, killed, broken, undone."""

import csv
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ml.data.importers import delimited
from ml.data.importers.base import Options, Reject
from ml.data.importers.source import Source
from ml.data.ingest import dry_run, list_imports, loader, news_since, run, undo
from ml.data.ingest.rejects import RejectsFile
from ml.data.schema import import_units, imports, items, listens, play_counts, users
from ml.data.store import Store
from ml.foundation.errors import BadInput, StoreError

HEADER = "user,title,artist,timestamp\n"


def write_csv(path, rows, start=0):
    lines = [f"u{n % 7},Song {n % 50},Band {n % 5},{1_600_000_000 + n * 60}" for n in range(start, start + rows)]
    path.write_text(HEADER + "\n".join(lines) + "\n")
    return path


def count(store):
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(listens)).scalar()


@pytest.fixture
def importing(store, tmp_path):
    def do(path, **options):
        return run(store, path, rejects_folder=tmp_path / "rejects", **options)

    return do


def test_a_file_is_read_once(store, importing, tmp_path):
    path = write_csv(tmp_path / "a.csv", 100)
    first = importing(path)
    assert (first.rows, first.added["listens"], first.units[0].status) == (100, 100, "imported")
    assert first.units[0].notes == ("timestamp: numbers are seconds since 1970",)
    second = importing(path)
    assert (second.rows, second.added, second.units[0].status) == (0, {}, "unchanged")
    with store.read() as connection:
        assert [record.import_id for record in list_imports(connection)] == [first.import_id]
    third = importing(path, again=True)
    assert (third.added, third.already_there["listens"]) == ({}, 100)


def test_a_file_that_has_grown_adds_what_is_new(store, importing, tmp_path):
    importing(write_csv(tmp_path / "a.csv", 100))
    grown = importing(write_csv(tmp_path / "a.csv", 130))
    assert (grown.added["listens"], grown.already_there["listens"]) == (30, 100)


def test_other_options_are_another_reading(store, importing, tmp_path):
    path = write_csv(tmp_path / "a.csv", 10)
    importing(path)
    assert importing(path, options=Options(source="other")).added["listens"] == 10


def test_each_rejected_row_stands_in_the_file_with_its_line(store, importing, tmp_path):
    path = write_csv(tmp_path / "a.csv", 3)
    with path.open("a") as stream:
        stream.write("u1,Song,Band,not a time\nu1,,,1600000000\nu1,Song,Band,32503680000\n")
    summary = importing(path)
    assert (summary.added["listens"], summary.rejected, sum(summary.reasons.values())) == (3, 3, 3)
    with Path(summary.rejects_file).open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["file"], row["line"]) for row in rows] == [("a.csv", "5"), ("a.csv", "6"), ("a.csv", "7")]
    assert "future" in rows[2]["reason"]


def test_a_dry_run_stores_nothing(store, tmp_path):
    path = write_csv(tmp_path / "a.csv", 20)
    summary = dry_run(path)
    assert (summary.rows, summary.added["listens"], summary.import_id, summary.dry_run) == (20, 20, None, True)
    assert count(store) == 0


def test_undo_and_import_again(store, importing, tmp_path):
    path = write_csv(tmp_path / "a.csv", 20)
    first = importing(path)
    undo(store, first.import_id)
    assert count(store) == 0
    assert importing(path).added["listens"] == 20


def test_an_interrupted_import_goes_on_behind_the_last_batch(store, importing, tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "BATCH_ROWS", 25)
    monkeypatch.setattr(loader, "PENDING_ROWS", 1)
    path = write_csv(tmp_path / "a.csv", 100)
    seen = []

    def stop(unit, rows):
        seen.append(rows)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing(path, on_rows=stop)
    stored = count(store)
    resumed = importing(path)
    assert resumed.units[0].status == "resumed"
    assert resumed.rows == 100 - stored
    assert count(store) == 100
    with store.read() as connection:
        assert connection.execute(select(imports.c.status)).scalars().all() == ["done"]
        assert connection.execute(select(import_units.c.finished)).scalars().all() == [True]


def test_a_broken_file_beside_good_ones_costs_only_itself(store, importing, tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    write_csv(folder / "a.csv", 10)
    (folder / "b.csv").write_text("user,colour\n1,red\n")
    (folder / "notes.bin").write_bytes(b"\x00\x01")
    summary = importing(folder)
    assert {unit.name: unit.status for unit in summary.units}.get("a.csv") == "imported"
    assert summary.added["listens"] == 10
    assert "notes.bin" in summary.unrecognised


@pytest.mark.parametrize("name", ["missing.csv", "empty.csv", "empty folder"])
def test_nothing_to_import_is_said(importing, tmp_path, name):
    if name == "empty.csv":
        (tmp_path / name).write_bytes(b"")
    if name == "empty folder":
        (tmp_path / name).mkdir()
    with pytest.raises(BadInput, match=name):
        importing(tmp_path / name)


def test_a_zip_is_read_like_its_folder(store, importing, tmp_path):
    write_csv(tmp_path / "a.csv", 10)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.csv", "inner/a.csv")
    assert importing(tmp_path / "a.zip").added["listens"] == 10
    assert importing(tmp_path / "a.csv").already_there["listens"] == 10


KILLED = """
import sys
from pathlib import Path
import ml.data.importers.delimited as delimited
from ml.data.ingest import loader, run
from ml.data.store import Store
delimited.BATCH_ROWS = 500
loader.PENDING_ROWS = 1
def tell(unit, rows):
    print(rows, flush=True)
run(Store.at(Path(sys.argv[1])), sys.argv[2], rejects_folder=Path(sys.argv[1]) / "rejects", on_rows=tell)
"""


def test_kill_9_in_the_middle_loses_and_doubles_nothing(tmp_path):
    path = write_csv(tmp_path / "a.csv", 30_000)
    home = tmp_path / "home"
    home.mkdir()
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(home), str(path)], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    process.stdout.readline()
    time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    store = Store.at(home)
    stored = count(store)
    assert 0 < stored < 30_000
    summary = run(store, path, rejects_folder=home / "rejects")
    assert summary.units[0].status in ("resumed", "imported")
    assert count(store) == 30_000
    assert undo(store, summary.import_id).removed["listens"] == 30_000
    store.close()


def all_of(store, column):
    with store.read() as connection:
        return connection.execute(select(column)).scalars().all()


def test_undo_of_an_update_keeps_the_row(store, importing, tmp_path):
    for name, plays in (("a.csv", 5), ("b.csv", 7)):
        (tmp_path / name).write_text(f"user,artist,title,plays\nu,A,T,{plays}\n")
    first, second = importing(tmp_path / "a.csv"), importing(tmp_path / "b.csv")
    assert second.updated == {"counts": 1}
    undo(store, second.import_id)
    assert all_of(store, play_counts.c.plays) == [7]
    undo(store, first.import_id)
    assert all_of(store, play_counts.c.plays) == []


def test_rows_that_undo_took_from_a_later_import_come_back_by_a_plain_import(store, importing, tmp_path):
    first = importing(write_csv(tmp_path / "a.csv", 10))
    second = importing(write_csv(tmp_path / "b.csv", 20))
    assert undo(store, first.import_id).again == (second.import_id,)
    assert count(store) == 10
    assert importing(tmp_path / "b.csv").added["listens"] == 10
    assert count(store) == 20


def test_undoing_all_imports_leaves_nothing(store, importing, tmp_path):
    made = [importing(write_csv(tmp_path / name, 10, start)) for name, start in (("a.csv", 0), ("b.csv", 50))]
    for summary in made:
        undo(store, summary.import_id)
    assert (all_of(store, items.c.key), all_of(store, users.c.key)) == ([], [])


def test_an_import_that_is_undone_while_it_runs_stops(store, importing, tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "BATCH_ROWS", 25)
    monkeypatch.setattr(loader, "PENDING_ROWS", 1)
    seen = []

    def interfere(_unit, _rows):
        if not seen:
            undo(store, all_of(store, imports.c.id)[-1])
        seen.append(1)

    with pytest.raises(StoreError, match="undone meanwhile"):
        importing(write_csv(tmp_path / "a.csv", 100), on_rows=interfere)
    assert (count(store), all_of(store, imports.c.status)) == (0, ["undone"])


def test_an_import_killed_after_its_last_file_is_finished(store, importing, tmp_path):
    path = write_csv(tmp_path / "a.csv", 10)
    first = importing(path)
    with store.write() as connection:
        connection.execute(imports.update().values(status="running", finished_at=None))
    assert importing(path).import_id == first.import_id
    assert all_of(store, imports.c.status) == ["done"]


def test_a_rejected_row_that_is_read_again_stands_in_the_file_once(tmp_path):
    path = tmp_path / "rejects.csv"
    rejects = [Reject("a.csv", 2, "no date", "x"), Reject("a.csv", None, 'odd, "quoted"', "two\r\nlines")]
    first = RejectsFile(path)
    first.write(rejects)
    first.close()
    whole = path.read_bytes()
    path.write_bytes(whole + b'a.csv,9,"half a r')
    resumed = RejectsFile(path)
    resumed.write([*rejects, Reject("a.csv", 9, "half a row", "")])
    resumed.close()
    assert path.read_bytes() == whole + b"a.csv,9,half a row,,\r\n"


@pytest.mark.parametrize("left", [b"", b"file,li", b"file,line,reason,raw,code\r\n"])
def test_a_rejects_file_that_broke_off_at_its_beginning_gets_its_header(tmp_path, left):
    path = tmp_path / "rejects.csv"
    path.write_bytes(left)
    resumed = RejectsFile(path)
    resumed.write([Reject("f", 1, "bad", "x")] * 2)
    resumed.close()
    assert path.read_bytes() == b"file,line,reason,raw,code\r\nf,1,bad,x,\r\nf,1,bad,x,\r\n"


def test_a_file_that_may_not_be_read_costs_only_itself(importing, tmp_path, monkeypatch):
    folder = tmp_path / "export"
    folder.mkdir()
    write_csv(folder / "a.csv", 10)
    write_csv(folder / "b.csv", 10)
    opened = Path.open

    def refused(path, *args, **options):
        if path.name == "b.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *args, **options)

    claimed = Source.of(folder)
    [entry.head for entry in claimed.entries]  # recognised before it was locked
    monkeypatch.setattr(Source, "of", lambda _: claimed)
    monkeypatch.setattr(Path, "open", refused)
    summary = importing(folder)
    assert {unit.name: unit.status for unit in summary.units} == {"a.csv": "imported", "b.csv": "failed"}
    assert summary.added["listens"] == 10
    assert "cannot be read" in next(iter(summary.reasons))


def test_undoing_an_import_that_brought_nothing_takes_nothing_from_others(store, importing, tmp_path):
    (tmp_path / "bad.csv").write_text("user,title,artist,timestamp\nu1,Song,Band,not a time\n")
    nothing = importing(tmp_path / "bad.csv")
    path = write_csv(tmp_path / "a.csv", 20)
    importing(path)
    importing(path, again=True)
    report = undo(store, nothing.import_id)
    assert report.again == ()
    assert count(store) == 20


def test_models_are_told_what_came_after_them(store, importing, tmp_path):
    def news(moment):
        with store.read() as connection:
            return news_since(connection, moment)

    first = importing(write_csv(tmp_path / "a.csv", 5))
    assert f"older than import {first.import_id}" in news(0)
    later = time.time_ns() // 1_000_000 + 1
    assert news(later) is None
    with store.write() as connection:
        connection.execute(imports.update().values(status="running"))
    assert "is not at its end" in news(later)
