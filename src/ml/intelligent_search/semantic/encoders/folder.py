"""What lies in the folder of a sentence transformer."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from ml.foundation.errors import BadInput
from ml.intelligent_search.semantic.encoders.graph import Shape

_PLACES = ("model.onnx", "onnx/model.onnx")
#: Tokens of a text that are read where nothing says otherwise.
_TOKENS = 256
_EXPORT = "optimum-cli export onnx --model FOLDER FOLDER/onnx"


def model_in(folder: Path) -> Path | None:
    """Find the ONNX model of a folder."""
    return next((folder / name for name in _PLACES if (folder / name).is_file()), None)


def beside(file: Path, name: str) -> Path | None:
    """Find what belongs to a model: in its folder, or in the one above."""
    return next((place / name for place in (file.parent, file.parent.parent) if (place / name).is_file()), None)


def length_in(file: Path) -> int:
    """Read how many tokens of a text a model takes."""
    found = beside(file, "sentence_bert_config.json")
    length = read_object(found).get("max_seq_length") if found else None
    return length if isinstance(length, int) and length > 0 else _TOKENS


def pooling_in(file: Path) -> str:
    """Read how a model makes one vector of its tokens' states: "mean" or "cls".

    Raises
    ------
    BadInput
        If it does so in another way.
    """
    found = beside(file, "1_Pooling/config.json")
    if found is None:
        return "mean"
    says = read_object(found)
    modes = [name for name, on in says.items() if name.startswith("pooling_mode") and on is True]
    known = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
    if len(modes) != 1 or modes[0] not in known:
        raise BadInput(f"{found}: pools by {', '.join(modes) or 'nothing'}", "mean_tokens and cls_token are known")
    return known[modes[0]]


def shape_of(folder: Path) -> Shape:
    """Read the shape of a BERT from its ``config.json``.

    Raises
    ------
    BadInput
        If it is none, or one with other parts than usual.
    """
    config = folder / "config.json"
    if not config.is_file():
        raise BadInput(f"{folder}: holds no {', no '.join(_PLACES)} and no config.json", f"export the model: {_EXPORT}")
    says = read_object(config)
    usual = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}
    other = [f"{key} = {says[key]!r}" for key, value in usual.items() if says.get(key, value) != value]
    if other or "model_type" not in says:
        raise BadInput(f"{config}: {', '.join(other) or 'no model_type'}, not a plain BERT", f"export it: {_EXPORT}")
    try:
        return Shape(
            layers=int(says["num_hidden_layers"]),
            heads=int(says["num_attention_heads"]),
            width=int(says["hidden_size"]),
            epsilon=float(says.get("layer_norm_eps", 1e-12)),
            pooling=pooling_in(config),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{config}: {error} is missing or no number", "copy the folder again") from error


def read_tensors(file: Path) -> dict[str, NDArray[Any]]:
    """Read the float32 tensors of a ``.safetensors`` file.

    Raises
    ------
    BadInput
        If it is damaged.
    """
    try:
        data = file.read_bytes()
        (length,) = struct.unpack_from("<Q", data)
        head = orjson.loads(data[8 : 8 + length])
        return {
            name.removeprefix("bert."): _tensor(data, 8 + length, about)
            for name, about in head.items()
            if name != "__metadata__" and about["dtype"] == "F32"
        }
    except (OSError, struct.error, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{file}: no weights can be read from it ({error})", "copy the folder again") from error


def _tensor(data: bytes, start: int, about: Any) -> NDArray[Any]:
    begin, end = about["data_offsets"]
    return np.frombuffer(data[start + begin : start + end], dtype="<f4").reshape(about["shape"])


def read_object(file: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises
    ------
    BadInput
        If there is none.
    """
    try:
        found = orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise BadInput(f"{file}: no JSON ({error})", "copy the folder again") from error
    if not isinstance(found, dict):
        raise BadInput(f"{file}: not a JSON object", "copy the folder again")
    return found
