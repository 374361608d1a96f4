"""The fitted numbers, in ``weights.json``; ``benchmarks/training/harmony_fitting.py`` makes them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from ml.audio_analysis.harmony.chords import ChordWeights
from ml.audio_analysis.harmony.key import KeyWeights

FILE = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True, eq=False)
class HarmonyWeights:
    """Everything that was fitted."""

    chords: ChordWeights
    key: KeyWeights


@lru_cache(maxsize=1)
def shipped() -> HarmonyWeights:
    """Read the weights that come with the package."""
    return read(FILE)


def read(path: Path) -> HarmonyWeights:
    """Read weights that :func:`write` has written."""
    found = orjson.loads(path.read_bytes())
    chords = {name: np.array(values, dtype=np.float32) for name, values in found["chords"].items()}
    key: dict[str, Any] = {
        name: np.array(value) if isinstance(value, list) else float(value) for name, value in found["key"].items()
    }
    return HarmonyWeights(ChordWeights(**chords), KeyWeights(**key))


def write(weights: HarmonyWeights, path: Path) -> None:
    """Write weights as JSON, to four digits behind the point."""
    found = {"chords": _rounded(weights.chords), "key": _rounded(weights.key)}
    path.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))


def _rounded(weights: ChordWeights | KeyWeights) -> dict[str, Any]:
    return {
        one.name: np.round(np.asarray(getattr(weights, one.name), np.float64), 4).tolist() for one in fields(weights)
    }
