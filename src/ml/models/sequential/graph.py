"""The encoder as an ONNX graph, written node by node: the same arithmetic as :mod:`ml.models.sequential.network`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.foundation.extras import extra
from ml.models.base import Arrays
from ml.models.plays import Floats

#: Version of the operators: the first with LayerNormalization. And of the format.
OPSET, IR = 17, 9
#: As in training: a logit that no softmax notices any more.
NEVER = -1e4


def encoder(weights: Arrays, *, layers: int, heads: int) -> NDArray[np.uint8]:
    """Write the graph that turns histories into vectors.

    Its inputs are ``vectors`` (float32 [n, length, width]) of the items played; ``offsets`` (int64 [length + 1,
    length + 1]), ``gaps`` (int64 [n, length + 1, length + 1]) and ``pauses`` (int64 [n, length + 1]) of
    :mod:`ml.models.sequential.sequences`; and ``last`` (int64 [n, 1]), how long each history is. Its output is
    ``state`` (float32 [n, width]).

    Parameters
    ----------
    weights : mapping of str to array
        Of the network, by the names of its parameters.
    layers, heads : int

    Returns
    -------
    uint8 [shape=(n_bytes,)]

    Raises
    ------
    ml.foundation.errors.MissingExtra
        If onnx is not installed.
    """
    with extra("deep"):
        import onnx
    graph = _Graph(weights, heads)
    graph.write(layers)
    helper, kind = onnx.helper, onnx.TensorProto
    width = graph.width
    inputs = [
        helper.make_tensor_value_info("vectors", kind.FLOAT, ["n", "length", width]),
        helper.make_tensor_value_info("offsets", kind.INT64, ["places", "places"]),
        helper.make_tensor_value_info("gaps", kind.INT64, ["n", "places", "places"]),
        helper.make_tensor_value_info("pauses", kind.INT64, ["n", "places"]),
        helper.make_tensor_value_info("last", kind.INT64, ["n", 1]),
    ]
    outputs = [helper.make_tensor_value_info("state", kind.FLOAT, ["n", width])]
    constants = [onnx.numpy_helper.from_array(array, name) for name, array in graph.constants.items()]
    whole = helper.make_graph(graph.nodes(helper), "encoder", inputs, outputs, constants)
    model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
    onnx.checker.check_model(model)
    return np.frombuffer(model.SerializeToString(), dtype=np.uint8)


class _Graph:
    """Nodes and constants, gathered in the order of computing."""

    def __init__(self, weights: Arrays, heads: int) -> None:
        self.constants: dict[str, NDArray[Any]] = {}
        self._weights, self._heads = weights, heads
        self._nodes: list[tuple[str, list[str], list[str], dict[str, Any]]] = []
        self.width = len(weights["start"])

    def nodes(self, helper: Any) -> list[Any]:
        return [helper.make_node(kind, inputs, outputs, **more) for kind, inputs, outputs, more in self._nodes]

    def write(self, layers: int) -> None:
        x = self._add("Concat", self._start(), "vectors", axis=1)
        x = self._add("Mul", x, self._number("root", math.sqrt(self.width)))
        x = self._add("Add", x, self._add("Gather", self._of("pauses", "pause_table"), "pauses"))
        for number, bias in enumerate(self._biases(layers)):
            x = self._layer(f"layers.{number}", x, bias)
        x = self._add("GatherND", x, "last", batch_dims=1)
        self._add("LayerNormalization", x, self._of("last.weight"), self._of("last.bias"), out=("state",), epsilon=1e-5)

    def _start(self) -> str:
        self.constants["start"] = self._weights["start"][None, None, :]
        n = self._add("Slice", self._add("Shape", "vectors"), self._whole("zero", [0]), self._whole("one", [1]))
        shape = self._add("Concat", n, self._whole("one_width", [1, self.width]), axis=0)
        return self._add("Expand", "start", shape)

    def _biases(self, layers: int) -> list[str]:
        offsets: Floats = self._weights["offsets"]
        never = np.full((1, offsets.shape[1]), NEVER, dtype=np.float32)
        self.constants["offset_table"] = np.concatenate([offsets, never])
        places = self._add("Gather", "offset_table", "offsets")
        times = self._add("Gather", self._of("gaps", "gap_table"), "gaps")
        both = self._add("Transpose", self._add("Add", places, times), perm=[0, 3, 1, 2])
        if layers == 1:
            return [both]
        return self._split(both, self._whole("heads_of_a_layer", [self._heads] * layers), layers, axis=1)

    def _layer(self, name: str, x: str, bias: str) -> str:
        each = self.width // self._heads
        parts = self._linear(f"{name}.inward", self._normal(f"{name}.before_attention", x))
        parts = self._add("Reshape", parts, self._whole("parted", [0, 0, 3, self._heads, each]))
        parts = self._add("Transpose", parts, perm=[2, 0, 3, 1, 4])
        split = self._split(parts, self._whole("ones", [1, 1, 1]), 3, axis=0)
        query, key, value = (self._add("Squeeze", part, self._whole("zero", [0])) for part in split)
        likeness = self._add("MatMul", query, self._add("Transpose", key, perm=[0, 1, 3, 2]))
        likeness = self._add("Div", likeness, self._number("root_each", math.sqrt(each)))
        attention = self._add("Softmax", self._add("Add", likeness, bias), axis=3)
        attended = self._add("Transpose", self._add("MatMul", attention, value), perm=[0, 2, 1, 3])
        attended = self._add("Reshape", attended, self._whole("joined", [0, 0, self.width]))
        x = self._add("Add", x, self._linear(f"{name}.outward", attended))
        wide = self._add("Relu", self._linear(f"{name}.wide", self._normal(f"{name}.before_step", x)))
        return self._add("Add", x, self._linear(f"{name}.narrow", wide))

    def _normal(self, name: str, x: str) -> str:
        return self._add("LayerNormalization", x, self._of(f"{name}.weight"), self._of(f"{name}.bias"), epsilon=1e-5)

    def _linear(self, name: str, x: str) -> str:
        self.constants[f"{name}.matrix"] = np.ascontiguousarray(self._weights[f"{name}.weight"].T)
        return self._add("Add", self._add("MatMul", x, f"{name}.matrix"), self._of(f"{name}.bias"))

    def _split(self, x: str, sizes: str, count: int, *, axis: int) -> list[str]:
        names = [f"v{len(self._nodes)}_{number}" for number in range(count)]
        self._add("Split", x, sizes, out=tuple(names), axis=axis)
        return names

    def _add(self, kind: str, *inputs: str, out: tuple[str, ...] = (), **attributes: Any) -> str:
        names = out or (f"v{len(self._nodes)}",)
        self._nodes.append((kind, list(inputs), list(names), attributes))
        return names[0]

    def _of(self, name: str, called: str | None = None) -> str:
        """Name a weight, as a constant."""
        self.constants[called or name] = self._weights[name]
        return called or name

    def _number(self, name: str, value: float) -> str:
        self.constants[name] = np.array(value, dtype=np.float32)
        return name

    def _whole(self, name: str, values: list[int]) -> str:
        self.constants[name] = np.array(values, dtype=np.int64)
        return name
