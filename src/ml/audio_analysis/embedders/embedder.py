"""The protocol, and the embedder that a path names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ml.audio_analysis.embedders.onnx import OnnxEmbedder, model_in
from ml.audio_analysis.embedders.transformers import TransformersEmbedder
from ml.data.audio_files import Source, printable
from ml.features.audio.framing import Floats
from ml.foundation.errors import BadInput
from ml.foundation.paths import expanded

#: In the place of a path: our own vectors, whatever the settings say.
OURS = "own"


class Embedder(Protocol):
    """Makes a vector of a sound."""

    @property
    def name(self) -> str:
        """Which embedder it is; vectors of two names are never compared."""
        ...

    def embed(self, source: Source) -> Floats | None:
        """Give the vector of a sound, float32 [shape=(n,)]; None for silence."""
        ...


@dataclass(frozen=True, slots=True)
class Plugged:
    """An embedder in the place of our own vectors.

    Parameters
    ----------
    embedder : Embedder
    path : str or None
        Absolute, so that other processes can open it too; None for an object of Python.
    """

    embedder: Embedder
    path: str | None

    @property
    def name(self) -> str:
        """Which embedder it is."""
        return self.embedder.name

    @property
    def option(self) -> str:
        """How a command names it."""
        return f"--embedder {printable(Path(self.path))}" if self.path else f"embedder={self.name}"


def open_embedder(path: Path | str) -> Embedder:
    """Open an ONNX file, or a local Hugging Face folder.

    Raises
    ------
    BadInput
        If there is no model there that takes a waveform.
    MissingExtra
        If the library that runs it is not installed.
    """
    place = expanded(path)
    if not (place.is_file() or place.is_dir()):
        raise BadInput(f"{printable(place)}: no such file or folder", "give an ONNX file, or a Hugging Face folder")
    if place.is_file() or model_in(place) is not None:
        return OnnxEmbedder(place)
    return TransformersEmbedder(place)


def plugged(embedder: Path | str | Embedder | None) -> Plugged | None:
    """Open what was given: a path, or an embedder itself; None for nothing, an empty text and :data:`OURS`.

    Raises
    ------
    BadInput, MissingExtra
        As :func:`open_embedder` does.
    """
    if embedder is None or embedder in ("", OURS):
        return None
    if isinstance(embedder, str | Path):
        return Plugged(open_embedder(embedder), str(expanded(embedder).absolute()))
    return Plugged(embedder, None)
