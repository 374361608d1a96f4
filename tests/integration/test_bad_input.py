"""Every kind of bad input: a clear message, a way out, and nothing lost of what was there."""

import json
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

HEADER = "user,artist,title,listened_at"
GOOD = "ada,Quiet Band,Moss,2026-01-05T10:00:00Z"

# Holds the write lock until its input ends, as a program would that has hung in a transaction.
LOCKER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


def spotify(rows):
    return [
        {"endTime": f"2026-01-01 10:{minute:02}", "artistName": "A", "trackName": f"T{minute}", "msPlayed": 60_000}
        for minute in range(rows)
    ]


def truncated_json(folder):
    file = folder / "StreamingHistory0.json"
    text = json.dumps(spotify(20), indent=1)
    file.write_text(text[: text.index('"T15"')])
    return file


def wrong_encoding(folder):
    file = folder / "history.csv"
    file.write_bytes(f"{HEADER}\n{GOOD}\nada,Björk,Jóga,2026-01-06T10:00:00Z\n".encode("latin-1"))
    return file


def zip_bomb(folder):
    file = folder / "my_spotify_data.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("StreamingHistory0.json", b"[" + b" " * (100 << 20))
    return file


def truncated_zip(folder):
    whole = folder / "whole.zip"
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("StreamingHistory0.json", json.dumps(spotify(20)))
    file = folder / "my_spotify_data.zip"
    file.write_bytes(whole.read_bytes()[:200])
    whole.unlink()
    return file


def table(*lines):
    def write(folder):
        file = folder / "history.csv"
        file.write_text("".join(f"{line}\n" for line in lines))
        return file

    return write


# What is typed, the exit code, what the message says, and how many listens were good all the same.
BAD = {
    "truncated JSON": (truncated_json, 0, "the file is truncated or a bracket is missing", 15),
    "wrong encoding": (
        wrong_encoding,
        0,
        "not UTF-8; if the file is in another encoding, say which, such as cp1252 (--encoding)",
        1,
    ),
    "zip bomb": (zip_bomb, 2, "it is taken for a zip bomb", 0),
    "truncated zip": (truncated_zip, 2, "not a zip archive, or a truncated one", 0),
    "missing column": (table("user,album,listened_at", "ada,X,2026-01-05"), 2, "no column tells which track", 0),
    "dates in the future": (table(HEADER, GOOD, "ada,A,T,2999-01-01T00:00:00Z"), 0, "dated in the future", 1),
    "negative durations": (
        table(f"{HEADER},duration_ms", f"{GOOD},1000", "ada,A,T,2026-01-01T00:00:00Z,-5"),
        0,
        "negative duration",
        1,
    ),
    "negative playing times": (
        table(f"{HEADER},ms_played", f"{GOOD},1000", "ada,A,T,2026-01-01T00:00:00Z,-5"),
        0,
        "negative playing time",
        1,
    ),
    "an empty file": (table(), 2, "empty", 0),
    "a header alone": (table(HEADER), 2, "no rows below it", 0),
}


@pytest.mark.parametrize(("make", "code", "says", "good"), BAD.values(), ids=BAD)
def test_a_bad_file_is_named_and_nothing_is_lost(trained, tmp_path, make, code, says, good):
    before = trained.counts()
    done = trained("import", make(tmp_path), code=code)
    said = done.err if code else done.out
    assert says in said
    assert "rejected" in said or code
    after = trained.counts()
    assert after["listens"] == before["listens"] + good
    assert len(trained("recommend", "calm-1", "--json").json["tracks"]) == 10


def test_a_rejected_row_is_kept_with_its_file_line_and_reason(trained, tmp_path):
    file = table(HEADER, GOOD, "ada,A,T,2999-01-01T00:00:00Z")(tmp_path)
    summary = trained("import", file, "--json").json
    kept = Path(summary["rejects_file"]).read_text(encoding="utf-8").splitlines()
    (line,) = [row for row in kept if "future" in row]
    assert line.startswith("history.csv,3,")
    assert ',"ada,A,T,2999-01-01T00:00:00Z",' in line


def test_the_same_bad_file_as_it_is_really_typed(trained_home, shell, tmp_path):
    file = zip_bomb(tmp_path)
    assert "it is taken for a zip bomb" in shell("import", file, code=2).err
    assert "nothing was imported yet" in shell("status", code=4).err


def test_an_import_of_which_nothing_could_be_read_is_not_called_done(trained, tmp_path):
    trained("import", table(HEADER)(tmp_path), code=2)
    newest = trained("status", "--json").json["data"]["imports"][0]
    assert newest["status"] == "failed"
    assert newest["finished_at"] is not None


@contextmanager
def locked(home):
    """Another process holds the write lock."""
    command = [sys.executable, "-c", LOCKER, home / "ml.db"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "locked\n"
        yield
        process.stdin.close()


@pytest.fixture
def impatient(monkeypatch):
    """Half a minute is a good time to wait for a lock, but not in a test."""
    from ml.data.store import Store

    monkeypatch.setitem(Store.__init__.__kwdefaults__, "busy_timeout_s", 0.5)


def test_a_database_that_another_process_holds(trained, tmp_path, impatient):
    before = trained.counts()
    file = table(HEADER, GOOD)(tmp_path)
    with locked(trained.home):
        for words in (("record", "calm-1", "calm song 1"), ("import", file), ("identity", "merge", "T", "U")):
            assert "another process is writing" in trained(*words, code=6).err
        # Reading needs no lock.
        assert len(trained("recommend", "calm-1", "--json").json["tracks"]) == 10
    assert trained.counts() == before
    trained("import", file)
    assert trained.counts()["listens"] == before["listens"] + 1


@pytest.mark.parametrize("name", ["item_knn/arrays.npz", "card.json", "vocabulary.npz"])
def test_a_model_folder_with_one_byte_changed(trained, name):
    before = trained.counts()
    (file,) = trained.home.glob(f"models/*/{name}")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    said = trained("recommend", "calm-1", code=7).err
    assert file.parent.name in said or file.name in said
    assert "ml train" in said
    trained("train", "--no-judge")
    assert trained.counts() == before
    assert len(trained("recommend", "calm-1", "--json").json["tracks"]) == 10


def test_a_database_file_that_is_none(trained):
    (trained.home / "ml.db").write_bytes(b"this is no database" * 100)
    for leftover in trained.home.glob("ml.db-*"):
        leftover.unlink()
    said = trained("status", code=6).err
    assert "ml.db" in said


def test_a_damaged_database_page(trained):
    database = trained.home / "ml.db"
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(database.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    database.write_bytes(content)
    trained("status", code=6)
