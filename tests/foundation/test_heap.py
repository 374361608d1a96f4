"""How much of what was given back the allocator keeps."""

import subprocess
import sys

import pytest

from ml.foundation.heap import keep_lean

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator is Linux's")

PARAMETERS = ["arena_max", "mmap_threshold", "trim_threshold"]
#: How many large blocks are mapped on their own, once one of 20 MB was freed.
MAPPED = """
import ctypes, sys
from ml.foundation.heap import keep_lean

class Info(ctypes.Structure):
    _fields_ = [(f"f{n}", ctypes.c_size_t) for n in range(10)]

libc = ctypes.CDLL(None)
libc.mallinfo2.restype = Info
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
if sys.argv[1] == "lean":
    keep_lean()
before = libc.mallinfo2().f3
libc.free(libc.malloc(20_000_000))
kept = [libc.malloc(20_000_000) for _ in range(3)]
print(libc.mallinfo2().f3 - before)
"""


@pytest.mark.parametrize(("how", "mapped"), [("lean", 3), ("as it is", 0)])
def test_large_blocks_are_given_back_one_by_one(how, mapped):
    said = subprocess.run([sys.executable, "-c", MAPPED, how], capture_output=True, text=True, check=True)
    assert int(said.stdout) == mapped


@pytest.mark.parametrize(
    ("environment", "left"),
    [
        (dict.fromkeys(("MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"), "1"), []),
        ({"GLIBC_TUNABLES": ":".join(f"glibc.malloc.{name}=1" for name in PARAMETERS)}, []),
    ],
)
def test_what_the_environment_says_holds(environment, left):
    assert list(keep_lean(environment)) == left
