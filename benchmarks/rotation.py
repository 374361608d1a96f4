"""Root keys changed again and again while two processes write: nothing unreadable, nothing lost.

Run by hand, since it takes minutes: ``python -m benchmarks.rotation [SECONDS] [ROUNDS]``, by default 30 s five times.
Each writer stores new listeners with a profile, notes each id in a file of its own once it is stored, and reads every
fifth back, with nothing remembered. At the end of a round a vault that has just been opened, with the last key alone,
finds every id that was noted.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from ml.data.identity import find_user, outside_ids
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.data.store import Store
from ml.data.vault import RootKey, Vault
from ml.data.vault.profiles import profiles
from ml.data.vault.rotation import rotate
from ml.data.vault.sealing import seal_workspace
from ml.data.vault.sources import KeyFile

SECONDS, ROUNDS, WRITERS = 30.0, 5, 2


def opened(home: Path, *, sealing: bool = False) -> Store:
    """Open the store with the key file as it is now."""
    return Store(f"sqlite:///{home / 'ml.db'}", vault=Vault(KeyFile(home / "key"), sealing=sealing))


def check(store: Store, name: str) -> None:
    """Read a listener and their profile back.

    Raises
    ------
    MLError, AssertionError
        If one of them is not there, or is another's.
    """
    with store.read() as connection:
        key = find_user(connection, name)
        assert outside_ids(connection, "user", [key]) == {key: name}
        assert profiles(connection, [key])[key].name == f"Name of {name}"


def write(home: Path, number: int) -> None:
    """Write until the file ``stop`` is there."""
    store, done = opened(home), 0
    with (home / f"written-{number}").open("a") as noted:
        while not (home / "stop").exists():
            name = f"local:{time.time_ns()}-{number}"
            row = {"user_id": [name], "title": ["song"], "artist": ["somebody"], "listened_at": [1_700_000_000_000]}
            person = {"user_id": [name], "name": [f"Name of {name}"]}
            load(store, [Batch("", 1, {"listens": pl.DataFrame(row), "profiles": pl.DataFrame(person)})])
            noted.write(f"{name}\n")
            noted.flush()
            done += 1
            if done % 5 == 0:
                store.vault._keys.clear()  # noqa: SLF001  # as a process that has just begun
                check(store, name)
    store.close()


def one_round(home: Path, seconds: float) -> tuple[int, int, int]:
    """Rotate for so long beside the writers; give rotations, what was written, and how many writers failed."""
    (home / "stop").unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.rotation", "write", str(home)]
    writers = [subprocess.Popen([*command, str(number)]) for number in range(WRITERS)]
    store, rotations, until = opened(home), 0, time.monotonic() + seconds
    while time.monotonic() < until:
        rotate(store)
        rotations += 1
    store.close()
    (home / "stop").touch()
    failed = sum(writer.wait(timeout=60) != 0 for writer in writers)
    names = [name for file in sorted(home.glob("written-*")) for name in file.read_text().splitlines()]
    assert len(KeyFile(home / "key").read()) == 1
    fresh = opened(home)
    for name in names:
        check(fresh, name)
    fresh.close()
    return rotations, len(names), failed


def main(seconds: float = SECONDS, rounds: int = ROUNDS) -> int:
    """Do it, print a line a round, and give the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        source = KeyFile(home / "key")
        source.write([RootKey.new()])
        store = opened(home, sealing=True)
        seal_workspace(store, source.read()[0].id)
        store.close()
        bad = 0
        for number in range(1, rounds + 1):
            rotations, written, failed = one_round(home, seconds)
            bad += failed
            print(f"round {number}: {rotations} rotations, {written} listeners by now, {failed} writers failed")
    return 1 if bad else 0


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["write"]:
        write(Path(words[1]), int(words[2]))
    else:
        sys.exit(main(*(kind(word) for kind, word in zip((float, int), words, strict=False))))
