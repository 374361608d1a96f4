"""A head: a model on top of the vector, with its card; and the file that holds it.

Conventions
-----------
- A head is one NumPy archive (``.npz``), read without pickle: the arrays of :class:`KernelRidge`, and its card as JSON
  in bytes. The card beside it (``.json``, ``.txt``) is for people and is never read.
- ``format`` rises with the layout; a reader refuses what a later writer has written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, cast

import numpy as np
import orjson
from numpy.typing import NDArray

from ml.audio_analysis.heads.calibration import probabilities
from ml.audio_analysis.heads.kernel import KernelRidge
from ml.audio_analysis.heads.labelled import Kind
from ml.data.audio_files import printable
from ml.features.audio.framing import Floats
from ml.foundation.array_files import packed, read_arrays, unpacked, write_arrays
from ml.foundation.atomic import replace_text
from ml.foundation.errors import CorruptModel
from ml.foundation.results import plain

FORMAT = 1
_ARRAYS = tuple(field.name for field in fields(KernelRidge) if field.name != "gamma")
_AGAIN = "train it again: ml audio train-heads"


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Says labels, tags or values of a vector.

    Parameters
    ----------
    target : str
        ``"genre"``, ``"mood"`` or ``"scales"``.
    kind : str
        See :class:`ml.audio_analysis.heads.labelled.Labelled`.
    labels : tuple of str
    vectors : str
        Which vectors it takes: the name of an embedder.
    regression : KernelRidge
    slope, offset : float
        Of the calibration.
    low, high : float64 [shape=(n_labels,)]
        What was met in training: values on scales stay within.
    card : mapping
        What it was trained on, and how good it was found to be.
    """

    target: str
    kind: Kind
    labels: tuple[str, ...]
    vectors: str
    regression: KernelRidge
    slope: float
    offset: float
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    card: Mapping[str, Any]

    def predict(self, vectors: Floats) -> NDArray[np.float64]:
        """Give probabilities or values for vectors [shape=(n, n_places)], float64 [shape=(n, n_labels)]."""
        found = probabilities(self.regression.scores(vectors), self.kind, self.slope, self.offset)
        return np.clip(found, self.low, self.high) if self.kind == "scales" else found


def save_head(head: Head, folder: Path, text: str) -> Path:
    """Write a head and, beside it, its card as JSON and as text; the one that was there is replaced.

    Raises
    ------
    ml.foundation.errors.DiskFull
    """
    card = {
        "format": FORMAT,
        "target": head.target,
        "kind": head.kind,
        "labels": list(head.labels),
        "vectors": head.vectors,
        "gamma": head.regression.gamma,
        "slope": head.slope,
        "offset": head.offset,
        "low": head.low.tolist(),
        "high": head.high.tolist(),
        "card": plain(head.card),
    }
    path = folder / f"{head.target}.npz"
    arrays = {name: getattr(head.regression, name) for name in _ARRAYS}
    write_arrays(path, {"card": packed(orjson.dumps(card))} | arrays, durable=True)
    replace_text(path.with_suffix(".json"), orjson.dumps(plain(head.card), option=orjson.OPT_INDENT_2).decode() + "\n")
    replace_text(path.with_suffix(".txt"), text)
    return path


def load_head(path: Path) -> Head:
    """Read a head.

    Raises
    ------
    CorruptModel
        If it is damaged, or of a later format.
    """
    try:
        stored = read_arrays(path)
        card = orjson.loads(unpacked(stored["card"]))
        arrays = {name: stored[name] for name in _ARRAYS}
        if card["format"] > FORMAT:
            raise CorruptModel(f"{printable(path)}: written by a later version of this package", _AGAIN)
        return _put_together(card, arrays)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise CorruptModel(f"{printable(path)}: no head can be read from it, it is damaged", _AGAIN) from error


def _put_together(card: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Head:
    n_labels, n_places = len(card["labels"]), len(arrays["mean"])
    n = len(arrays["support"])
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(("mean", "scale", "limit"), (n_places,))
    shapes |= {"bias": (n_labels,), "support": (n, n_places), "dual": (n, n_labels)}
    wrong = [name for name, shape in shapes.items() if arrays[name].shape != shape or arrays[name].dtype != np.float32]
    if wrong:
        raise ValueError(f"arrays of a wrong shape: {', '.join(wrong)}")
    return Head(
        target=card["target"],
        kind=cast("Kind", card["kind"]),
        labels=tuple(card["labels"]),
        vectors=card["vectors"],
        regression=KernelRidge(**arrays, gamma=float(card["gamma"])),
        slope=float(card["slope"]),
        offset=float(card["offset"]),
        low=np.array(card["low"], dtype=np.float64),
        high=np.array(card["high"], dtype=np.float64),
        card=card["card"],
    )
