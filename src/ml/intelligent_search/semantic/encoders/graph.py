"""BERT as an ONNX graph, written node by node from its weights: PyTorch has no part in it.

The graph does what a sentence transformer does after its tokens: the layers, the mean over what is no padding (or the
first token's state), the length made one. Inputs are ``ids`` and ``mask``, int64 [n, places]; the output is
``vectors``, float32 [n, width].
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.foundation.extras import extra

#: Version of the operators: the first with Gelu. And of the format.
OPSET, IR = 20, 10
#: What a place of padding gets before the softmax.
_NEVER = -1e4
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a BERT's ``config.json`` says of it.

    Parameters
    ----------
    layers, heads, width : int
    epsilon : float
        Of its normalisations.
    pooling : str
        "mean" over the tokens, or "cls": the first token's state.
    """

    layers: int
    heads: int
    width: int
    epsilon: float = 1e-12
    pooling: str = "mean"


def write_bert(weights: Arrays, shape: Shape) -> bytes:
    """Write the graph.

    Parameters
    ----------
    weights : mapping of str to float32 array
        By the names that ``transformers`` gives them.
    shape : Shape

    Returns
    -------
    bytes
        The model, weights inside.

    Raises
    ------
    KeyError
        If a weight is missing.
    ml.foundation.errors.MissingExtra
        If onnx is not installed.
    """
    with extra("semantic"):
        import onnx
    graph = _Graph(weights, shape)
    graph.write()
    helper, kind = onnx.helper, onnx.TensorProto
    inputs = [helper.make_tensor_value_info(name, kind.INT64, ["n", "places"]) for name in ("ids", "mask")]
    outputs = [helper.make_tensor_value_info("vectors", kind.FLOAT, ["n", shape.width])]
    constants = [onnx.numpy_helper.from_array(array, name) for name, array in graph.constants.items()]
    nodes = [helper.make_node(*head, **more) for head, more in graph.nodes]
    whole = helper.make_graph(nodes, "sentences", inputs, outputs, constants)
    model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


class _Graph:
    """Nodes and constants, gathered in the order of computing."""

    def __init__(self, weights: Arrays, shape: Shape) -> None:
        self.constants: dict[str, NDArray[Any]] = {}
        self.nodes: list[tuple[tuple[str, list[str], list[str]], dict[str, Any]]] = []
        self._weights, self._shape = weights, shape

    def write(self) -> None:
        x = self._embedded()
        seen = self._add("Cast", "mask", to=1)
        unseen = self._add("Sub", self._number("one", 1.0), seen)
        bias = self._add("Mul", unseen, self._number("never", _NEVER))
        bias = self._add("Unsqueeze", bias, self._whole("between", [1, 2]))
        for number in range(self._shape.layers):
            x = self._layer(f"encoder.layer.{number}", x, bias)
        self._pooled(x, seen)

    def _embedded(self) -> str:
        names = ("word_embeddings", "position_embeddings", "token_type_embeddings")
        words, places, kinds = (self._weights[f"embeddings.{name}.weight"] for name in names)
        self.constants["words"], self.constants["places"] = words, places + kinds[0]  # every text is of the first kind
        length = self._add("Gather", self._add("Shape", "ids"), self._whole("second", [1]))
        here = self._add("Slice", "places", self._whole("from", [0]), length)
        return self._normal("embeddings.LayerNorm", self._add("Add", self._add("Gather", "words", "ids"), here))

    def _layer(self, name: str, x: str, bias: str) -> str:
        heads, each = self._shape.heads, self._shape.width // self._shape.heads
        parted, order = self._whole("parted", [0, 0, heads, each]), [0, 2, 1, 3]
        query, key, value = (
            self._add("Reshape", self._linear(f"{name}.attention.self.{part}", x), parted)
            for part in ("query", "key", "value")
        )
        likeness = self._add(
            "MatMul", self._add("Transpose", query, perm=order), self._add("Transpose", key, perm=[0, 2, 3, 1])
        )
        likeness = self._add("Div", likeness, self._number("root_each", math.sqrt(each)))
        attention = self._add("Softmax", self._add("Add", likeness, bias), axis=3)
        attended = self._add("MatMul", attention, self._add("Transpose", value, perm=order))
        attended = self._add("Transpose", attended, perm=order)
        attended = self._add("Reshape", attended, self._whole("joined", [0, 0, self._shape.width]))
        attended = self._linear(f"{name}.attention.output.dense", attended)
        x = self._normal(f"{name}.attention.output.LayerNorm", self._add("Add", x, attended))
        wide = self._add("Gelu", self._linear(f"{name}.intermediate.dense", x))
        narrow = self._linear(f"{name}.output.dense", wide)
        return self._normal(f"{name}.output.LayerNorm", self._add("Add", x, narrow))

    def _pooled(self, x: str, seen: str) -> None:
        if self._shape.pooling == "cls":
            first = self._add("Gather", x, self._whole("first", [0]), axis=1)
            pooled = self._add("Squeeze", first, self._whole("second", [1]))
        else:  # the length is made one afterwards, so the sum does
            places = self._add("Unsqueeze", seen, self._whole("last", [2]))
            pooled = self._add("ReduceSum", self._add("Mul", x, places), self._whole("second", [1]), keepdims=0)
        length = self._add("ReduceL2", pooled, self._whole("second", [1]), keepdims=1)
        length = self._add("Max", length, self._number("least", 1e-12))
        self._add("Div", pooled, length, out="vectors")

    def _normal(self, name: str, x: str) -> str:
        weight, bias = self._of(f"{name}.weight"), self._of(f"{name}.bias")
        return self._add("LayerNormalization", x, weight, bias, epsilon=self._shape.epsilon)

    def _linear(self, name: str, x: str) -> str:
        self.constants[f"{name}.matrix"] = np.ascontiguousarray(self._weights[f"{name}.weight"].T)
        return self._add("Add", self._add("MatMul", x, f"{name}.matrix"), self._of(f"{name}.bias"))

    def _add(self, kind: str, *inputs: str, out: str = "", **attributes: Any) -> str:
        name = out or f"v{len(self.nodes)}"
        self.nodes.append(((kind, list(inputs), [name]), attributes))
        return name

    def _of(self, name: str) -> str:
        self.constants[name] = self._weights[name]
        return name

    def _number(self, name: str, value: float) -> str:
        self.constants[name] = np.array(value, dtype=np.float32)
        return name

    def _whole(self, name: str, values: list[int]) -> str:
        self.constants[name] = np.array(values, dtype=np.int64)
        return name
