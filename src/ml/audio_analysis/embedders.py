"""Larger embedders than our own, from a file: one protocol, and ONNX models that fit it.

Conventions
-----------
- An embedder takes a sound and gives one float32 vector for the whole of it, None for silence. Vectors of embedders
  with different names are never compared; the name holds a hash of the model's bytes.
- :class:`OnnxEmbedder` takes an ONNX file, or a local Hugging Face folder that holds one (``model.onnx`` or
  ``onnx/model.onnx``, and ``preprocessor_config.json`` for the rate). Nothing is downloaded. The model gets a mono
  waveform at its rate, window by window, ``[1, n]`` or ``[n]``; of what it gives first, the mean is taken over all axes
  but the last, and over the windows. A model that wants spectra needs an embedder of its own with the same two members.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import orjson

from ml.data.audio_files import AudioReader, Resampler, Source, mixed_down, printable
from ml.features.audio.framing import Floats
from ml.foundation.errors import BadInput
from ml.foundation.extras import extra

#: Where a Hugging Face folder has its model.
_PLACES = ("model.onnx", "onnx/model.onnx")
_RATE = 16_000
#: Mean square under which a window is silence: -80 dBFS.
_QUIET = 1e-8
_EXPORT = "optimum-cli export onnx --model FOLDER FOLDER/onnx"


class Embedder(Protocol):
    """Makes a vector of a sound."""

    @property
    def name(self) -> str:
        """Which embedder it is; vectors of two names are never compared."""
        ...

    def embed(self, source: Source) -> Floats | None:
        """Give the vector of a sound, float32 [shape=(n,)]; None for silence."""
        ...


class OnnxEmbedder:
    """An ONNX model that makes vectors of waveforms.

    Parameters
    ----------
    path : Path or str
        The file, or a local Hugging Face folder.
    rate : int, optional
        What the model wants, in Hz; left out, what the folder says, else 16,000.
    window_s : float > 0
        What it gets at a time; a rest of less than a second is left out, if it is not all.

    Raises
    ------
    BadInput
        If there is no model there, or none that takes a waveform.
    MissingExtra
        If onnxruntime is not installed.
    """

    def __init__(self, path: Path | str, *, rate: int | None = None, window_s: float = 10.0) -> None:
        place = Path(path).expanduser()
        file = _model_in(place)
        with extra("onnx"):
            import onnxruntime
        self.rate = rate or _rate_in(place) or _RATE
        self.window = round(window_s * self.rate)
        content = file.read_bytes()
        self.name = f"{file.stem}-{sha256(content).hexdigest()[:12]}-{self.rate}"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        try:
            # By path: weights beside the file (of models over 2 GB) are found.
            self._session: Any = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime has a class for each status
            raise BadInput(f"{printable(file)}: not a model that ONNX Runtime can read: {error}", _EXPORT) from error
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or len(inputs[0].shape) not in {1, 2} or inputs[0].type != "tensor(float)":
            wants = ", ".join(f"{one.name} {one.type} {one.shape}" for one in inputs)
            raise BadInput(f"{printable(file)}: takes {wants}", "a model is wanted that takes a waveform, float [1, n]")
        self._input = inputs[0]

    def embed(self, source: Source) -> Floats | None:
        """Give the vector of a sound, float32 [shape=(n,)]; None for silence.

        Raises
        ------
        BadInput
            If it cannot be read as a sound.
        """
        total: Floats | None = None
        n_samples = 0
        for window in self._windows(source):
            found = self._embed(window)
            total = found * len(window) if total is None else total + found * len(window)
            n_samples += len(window)
        return None if total is None else np.asarray(total / n_samples, dtype=np.float32)

    def _windows(self, source: Source) -> Iterator[Floats]:
        n_given = 0
        with AudioReader(source) as reader:
            resampler, kept = Resampler(reader.rate, self.rate), np.empty(0, dtype=np.float32)
            for block in reader.blocks(2.0):
                kept = np.concatenate((kept, resampler.push(mixed_down(block))))
                while len(kept) >= self.window:
                    window, kept = kept[: self.window], kept[self.window :]
                    n_given += 1
                    if float(np.square(window).mean()) > _QUIET:
                        yield window
            kept = np.concatenate((kept, resampler.finish()))
        if len(kept) and (len(kept) >= self.rate or not n_given) and float(np.square(kept).mean()) > _QUIET:
            yield kept

    def _embed(self, window: Floats) -> Floats:
        shaped = window[np.newaxis] if len(self._input.shape) == 2 else window
        found = np.asarray(self._session.run(None, {self._input.name: shaped})[0], dtype=np.float32)
        vector: Floats = found.reshape(-1, found.shape[-1]).mean(axis=0)
        return vector


def _model_in(place: Path) -> Path:
    if place.is_file():
        return place
    if not place.is_dir():
        raise BadInput(f"{printable(place)}: no such file or folder", "give an ONNX file, or a folder that holds one")
    for name in _PLACES:
        if (place / name).is_file():
            return place / name
    raise BadInput(f"{printable(place)}: holds no {' and no '.join(_PLACES)}", f"export the model first: {_EXPORT}")


def _rate_in(place: Path) -> int | None:
    config = place / "preprocessor_config.json"
    if not config.is_file():
        return None
    try:
        rate = orjson.loads(config.read_bytes()).get("sampling_rate")
    except (orjson.JSONDecodeError, AttributeError) as error:
        raise BadInput(f"{printable(config)}: not a JSON object", "download the folder again") from error
    return rate if isinstance(rate, int) and rate > 0 else None
