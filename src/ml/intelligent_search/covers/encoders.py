"""Encoders of pictures, such as CLIP's, from a file that the user has: pictures that mean the same lie near.

The model gets one picture, ``[1, 3, height, width]``, scaled so that it fills a square and cut to its middle; of
what it gives
first, the mean is taken over all axes but the last. Without another word colours are those of CLIP: mean and
deviation of each channel are taken from them; a ``preprocessor_config.json`` beside the model has the last word.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ml.data.images import Picture
from ml.foundation.errors import BadInput
from ml.foundation.extras import extra
from ml.foundation.paths import expanded

Floats = NDArray[np.float32]
_SIDE = 224
_MEAN, _DEVIATION = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
_CONFIG = "preprocessor_config.json"
_EXPORT = "give the image encoder of a CLIP as ONNX: optimum-cli export onnx --model FOLDER FOLDER/onnx"


class ImageEncoder(Protocol):
    """Makes a vector of a picture."""

    @property
    def name(self) -> str:
        """Which encoder it is; vectors of two names are never compared."""
        ...

    def embed(self, picture: Picture) -> Floats:
        """Give the vector of a picture, float32 [shape=(n,)]."""
        ...


class OnnxImageEncoder:
    """An ONNX model that makes vectors of pictures.

    Parameters
    ----------
    path : Path or str

    Raises
    ------
    BadInput
        If there is no model there, or none that takes a picture.
    MissingExtra
        If onnxruntime is not installed.
    """

    def __init__(self, path: Path | str) -> None:
        self._file = expanded(path)
        if not self._file.is_file():
            raise BadInput(f"{self._file}: no such file", _EXPORT)
        with extra("onnx"):
            import onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 4  # what is wrong is said by the error
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(self._file), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime has a class for each status
            raise BadInput(f"{self._file}: not a model that ONNX Runtime can read: {error}", _EXPORT) from error
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or len(inputs[0].shape) != 4 or inputs[0].type != "tensor(float)":
            wants = ", ".join(f"{one.name} {one.type} {one.shape}" for one in inputs)
            raise BadInput(f"{self._file}: takes {wants}", "a model is wanted that takes a picture, float [1, 3, n, n]")
        self._input = inputs[0]
        about = _described(self._file.parent / _CONFIG)
        fixed = inputs[0].shape[-1]
        self.side = fixed if isinstance(fixed, int) else about["side"]
        self._mean = np.array(about["mean"], dtype=np.float32)
        self._deviation = np.array(about["deviation"], dtype=np.float32)
        digest = blake2b(self._file.read_bytes(), digest_size=8).hexdigest()
        self.name = f"{self._file.stem}-{digest}-{self.side}"

    def embed(self, picture: Picture) -> Floats:
        """Give the vector of a picture, float32 [shape=(n,)].

        Raises
        ------
        BadInput
            If the model fails at it.
        """
        with extra("images"):
            from PIL import Image, ImageOps
        square = ImageOps.fit(Image.fromarray(picture), (self.side, self.side), Image.Resampling.BICUBIC)
        values = (np.asarray(square, dtype=np.float32) / 255 - self._mean) / self._deviation
        try:
            given = self._session.run(None, {self._input.name: values.transpose(2, 0, 1)[None].astype(np.float32)})
            found = np.asarray(given[0], dtype=np.float32)
        except Exception as error:  # onnxruntime has a class for each status
            raise BadInput(f"{self._file}: the model fails: {error}", _EXPORT) from error
        vector: Floats = found.reshape(-1, found.shape[-1] if found.ndim else 1).mean(axis=0)
        if not np.isfinite(vector).all():
            raise BadInput(f"{self._file}: the model gives what are no numbers", _EXPORT)
        return vector


def _described(file: Path) -> dict[str, Any]:
    """Read size and colours from the description that comes with models of Hugging Face."""
    about: dict[str, Any] = {"side": _SIDE, "mean": _MEAN, "deviation": _DEVIATION}
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        size = said.get("crop_size", said.get("size", _SIDE))
        size = size.get("height", size.get("shortest_edge", _SIDE)) if isinstance(size, dict) else size
        about["side"] = int(size or _SIDE)
        for name, key in (("mean", "image_mean"), ("deviation", "image_std")):
            values = [float(one) for one in said.get(key, about[name])]
            about[name] = values if len(values) == 3 and min(values) > 0 else about[name]
    except (OSError, ValueError, TypeError, AttributeError):
        return about
    return about
