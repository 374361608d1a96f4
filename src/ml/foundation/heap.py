"""How the allocator of this process keeps memory that was given back.

glibc is made for programs whose memory only grows. Each thread is given a heap of its own, up to eight for each core,
and whatever is the largest that one of them ever held it keeps: a set of models that is read by one thread, then by
another, leaves its size behind in each heap. And once a large array was freed, arrays of that size come out of these
heaps instead of being mapped on their own, so that a small one behind a large one holds all of it. A process that
serves for weeks is then several times as large as what is in use.

Here threads share two heaps (Python's own lock lets one allocate at a time anyway), and large arrays are always mapped
on their own, so that they are gone when they are freed. What is free at the end of a heap it keeps, as by itself: to
give back and take again what every answer needs costs as much as the answer.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping

#: Of ``malloc.h``: parameter, the variable by which the environment sets it, and what is set here.
_PARAMETERS = (
    ("arena_max", -8, "MALLOC_ARENA_MAX", 2),
    ("mmap_threshold", -3, "MALLOC_MMAP_THRESHOLD_", 4 << 20),  # bytes; above what one answer works with
    ("trim_threshold", -1, "MALLOC_TRIM_THRESHOLD_", 64 << 20),  # bytes; where glibc gets after large arrays
)


def keep_lean(environment: Mapping[str, str] = os.environ) -> dict[str, int]:
    """Let the allocator keep little; to be called before there are many threads.

    What the environment sets stays as it is. Other allocators than that of glibc are left alone.

    Returns
    -------
    dict of str to int
        What was set, by the name that glibc's tunables have for it.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is None:
        return {}
    tuned = environment.get("GLIBC_TUNABLES", "")
    return {
        name: value
        for name, number, variable, value in _PARAMETERS
        if variable not in environment and f"glibc.malloc.{name}=" not in tuned and mallopt(number, value)
    }
