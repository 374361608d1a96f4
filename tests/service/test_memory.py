"""A process that serves for long holds no more than it did after its first minutes."""

import gc
import os
import subprocess
import sys
import weakref

import pytest

from ml.foundation.settings import Caching
from ml.service.kept_answers import TTL_S, KeptAnswers

#: Serves a workspace without answering; tells how many heaps twenty threads have that hold memory at the same time.
HEAPS = """
import ctypes, threading
from pathlib import Path
from sys import argv
from ml.service import server

service = server.build()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.fopen.restype, libc.fopen.argtypes = ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_char_p]
libc.malloc_info.argtypes, libc.fclose.argtypes = [ctypes.c_int, ctypes.c_void_p], [ctypes.c_void_p]
together = threading.Barrier(20)

def hold():
    together.wait()
    libc.malloc(1000)
    together.wait()

threads = [threading.Thread(target=hold) for _ in range(20)]
for each in threads:
    each.start()
for each in threads:
    each.join()
file = libc.fopen(argv[1].encode(), b"w")
libc.malloc_info(0, file)
libc.fclose(file)
print(Path(argv[1]).read_text().count("<heap nr="))
"""


def test_after_many_promotions_one_set_of_models_is_left(admin, client):
    engine = client.app.state.service.app.engine
    client.app.state.service.app.train(judge=False, deep=False)
    versions = [each["version"] for each in admin.get("/models").json()]
    assert len(versions) >= 2
    alive = []
    for turn in range(6):
        assert admin.post(f"/models/{versions[turn % 2]}/promote").status_code == 200
        assert admin.post("/recommendations", {"user_id": "test:calm-1", "count": 3}).status_code == 200
        alive.append(weakref.ref(engine._current.get()))
    gc.collect()
    assert [each() is not None for each in alive] == [False] * 5 + [True]


def test_answers_whose_time_is_over_are_not_kept(monkeypatch):
    kept, now = KeptAnswers(Caching()), [0.0]
    monkeypatch.setattr(kept._near, "_clock", lambda: now[0])
    body = b"x" * 6_000
    for number in range(1_000):
        now[0] = number * TTL_S / 100
        kept.put(f"listener {number}, who asks once", body)
    assert kept._near.used_bytes < 102 * (len(body) + 1_000)
    assert kept.get("listener 999, who asks once") == body


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator is Linux's")
def test_threads_of_a_process_that_answers_share_two_heaps(made_home, tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MALLOC_", "GLIBC_"))}
    command = [sys.executable, "-c", HEAPS, str(tmp_path / "heaps.xml")]
    environment["ML_HOME"] = str(made_home)
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert int(said.stdout) == 2
