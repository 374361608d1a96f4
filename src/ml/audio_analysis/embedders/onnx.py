"""ONNX models of waveforms.

The model gets a mono waveform at its rate, window by window, ``[1, n]`` or ``[n]``; of what it gives first, the mean is
taken over all axes but the last, and over the windows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ml.audio_analysis.embedders.windows import RATE, hash_of, mean_vector, rate_in
from ml.data.audio_files import Source, printable
from ml.features.audio.framing import Floats
from ml.foundation.errors import BadInput
from ml.foundation.extras import extra

#: Where a Hugging Face folder has its model.
PLACES = ("model.onnx", "onnx/model.onnx")
EXPORT = "optimum-cli export onnx --model FOLDER FOLDER/onnx"
# A graph whose weights lie inside; those of a larger one lie beside it, and the graph names their files.
_GRAPH_BYTES = 1 << 28


class OnnxEmbedder:
    """An ONNX model that makes vectors of waveforms.

    Parameters
    ----------
    path : Path or str
        The file, or a local Hugging Face folder that holds one (``model.onnx`` or ``onnx/model.onnx``, and
        ``preprocessor_config.json`` for the rate).
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
        file = _required(place)
        with extra("onnx"):
            import onnxruntime
        self.rate = rate or rate_in(place) or RATE
        self.window = round(window_s * self.rate)
        self.name = f"{file.stem}-{hash_of([file, *_weights_of(file)])}-{self.rate}-{window_s:g}s"
        self._file = file
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 4  # what is wrong is said by the error
        try:
            # By path: weights beside the file (of models over 2 GB) are found.
            self._session: Any = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime has a class for each status
            raise BadInput(f"{printable(file)}: not a model that ONNX Runtime can read: {error}", EXPORT) from error
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or len(inputs[0].shape) not in {1, 2} or inputs[0].type != "tensor(float)":
            wants = ", ".join(f"{one.name} {one.type} {one.shape}" for one in inputs)
            raise BadInput(f"{printable(file)}: takes {wants}", "a model is wanted that takes a waveform, float [1, n]")
        self._input = inputs[0]
        if isinstance(fixed := inputs[0].shape[-1], int):  # a model of windows of one length
            self.window = fixed

    def embed(self, source: Source) -> Floats | None:
        """Give the vector of a sound, float32 [shape=(n,)]; None for silence.

        Raises
        ------
        BadInput
            If it cannot be read as a sound, or the model fails at it.
        """
        return mean_vector(source, self.rate, self.window, self._embed)

    def _embed(self, window: Floats) -> Floats:
        if isinstance(self._input.shape[-1], int) and len(window) < self.window:
            window = np.pad(window, (0, self.window - len(window)))
        shaped = window[np.newaxis] if len(self._input.shape) == 2 else window
        try:
            found = np.asarray(self._session.run(None, {self._input.name: shaped})[0], dtype=np.float32)
        except Exception as error:  # onnxruntime has a class for each status
            raise BadInput(f"{printable(self._file)}: the model fails: {error}", EXPORT) from error
        vector: Floats = found.reshape(-1, found.shape[-1] if found.ndim else 1).mean(axis=0)
        return vector


def model_in(folder: Path) -> Path | None:
    """Find the ONNX model of a Hugging Face folder."""
    return next((folder / name for name in PLACES if (folder / name).is_file()), None)


def _required(place: Path) -> Path:
    if place.is_file():
        return place
    if not place.is_dir():
        raise BadInput(f"{printable(place)}: no such file or folder", "give an ONNX file, or a folder that holds one")
    found = model_in(place)
    if found is None:
        raise BadInput(f"{printable(place)}: holds no {' and no '.join(PLACES)}", f"export the model first: {EXPORT}")
    return found


def _weights_of(file: Path) -> list[Path]:
    """List the files beside a graph that it names: weights of a model that does not fit into one file."""
    if file.stat().st_size > _GRAPH_BYTES:
        return []
    graph = file.read_bytes()
    beside = (one for one in sorted(file.parent.iterdir()) if one != file and one.is_file())
    return [one for one in beside if one.name.encode(errors="surrogateescape") in graph]
