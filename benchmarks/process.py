"""Work in a process of its own, so that its peak memory is its own."""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable
from typing import Any


def alone(function: Callable[..., dict[str, float]], *arguments: Any) -> dict[str, float]:
    """Run a function in a fresh interpreter; its peak memory is added as ``peak_mib``."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (function, *arguments))


def _measured(function: Callable[..., dict[str, float]], *arguments: Any) -> dict[str, float]:
    numbers = function(*arguments)
    return numbers | {"peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
