"""How long `import ml` takes in a fresh interpreter, and what the bare interpreter takes; medians of 15.

The two are started in turn, so that whatever else the machine does falls on both alike; `import_ml_ms` is the median
of their differences.
"""

from __future__ import annotations

import subprocess
import sys
from statistics import median
from time import perf_counter

from benchmarks.target import Target

TARGETS = {"import_ml_ms": Target(at_most=100)}


def run(quick: bool) -> dict[str, float]:
    rounds = 3 if quick else 15
    start("import ml")  # the first one compiles the bytecode
    bare, with_ml = zip(*[(start("pass"), start("import ml")) for _ in range(rounds)], strict=True)
    return {
        "import_ml_ms": median(after - before for before, after in zip(bare, with_ml, strict=True)),
        "interpreter_ms": median(bare),
        "interpreter_and_ml_ms": median(with_ml),
    }


def start(code: str) -> float:
    """Milliseconds from starting an interpreter to its end."""
    begin = perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, stdin=subprocess.DEVNULL)
    return 1000 * (perf_counter() - begin)
