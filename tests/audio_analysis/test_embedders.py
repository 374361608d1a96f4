"""Embedders from files: a small ONNX model whose answer is known."""

import numpy as np
import orjson
import pytest

from ml.audio_analysis.embedders import OnnxEmbedder
from ml.foundation.errors import BadInput

RATE = 8_000


def model(path, *, rank=2, inputs=1):
    """Write a model that gives the mean square of a waveform and 1."""
    import onnx
    from onnx import TensorProto, helper

    shape = [1, "n"] if rank == 2 else ["n"]
    given = [helper.make_tensor_value_info(f"wave{k}", TensorProto.FLOAT, shape) for k in range(inputs)]
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, None)
    nodes = [
        helper.make_node("Mul", ["wave0", "wave0"], ["square"]),
        helper.make_node("ReduceMean", ["square"], ["mean"], keepdims=1),
        helper.make_node("Div", ["mean", "mean"], ["one"]),
        helper.make_node("Concat", ["mean", "one"], ["out"], axis=-1),
    ]
    graph = helper.make_graph(nodes, "meansquare", given, [out])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path.parent.mkdir(exist_ok=True, parents=True)
    onnx.save(made, path)
    return path


@pytest.mark.parametrize("rank", [1, 2])
def test_an_onnx_file_makes_the_mean_over_windows(tmp_path, rank):
    embedder = OnnxEmbedder(model(tmp_path / "m.onnx", rank=rank), rate=RATE, window_s=1.0)
    samples = np.concatenate([np.full(RATE, 0.5), np.zeros(RATE), np.full(RATE, 0.1)]).astype(np.float32)
    assert embedder.embed((samples, RATE)) == pytest.approx([(0.25 + 0.01) / 2, 1.0], rel=1e-4)
    assert embedder.embed((np.zeros(RATE, dtype=np.float32), RATE)) is None


def test_a_folder_of_hugging_face_says_the_rate_and_names_differ_with_the_bytes(tmp_path):
    model(tmp_path / "hub" / "onnx" / "model.onnx")
    (tmp_path / "hub" / "preprocessor_config.json").write_bytes(orjson.dumps({"sampling_rate": 12_000}))
    embedder = OnnxEmbedder(tmp_path / "hub")
    assert embedder.rate == 12_000
    assert embedder.name.startswith("model-")
    assert embedder.name != OnnxEmbedder(model(tmp_path / "model.onnx", rank=1), rate=12_000).name


def test_what_is_no_model_is_refused_with_a_reason(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.onnx").write_text("no model")
    for place, said in (
        (tmp_path / "nothing.onnx", "no such file"),
        (tmp_path / "empty", "holds no model.onnx"),
        (tmp_path / "text.onnx", "ONNX Runtime"),
        (model(tmp_path / "two.onnx", inputs=2), "takes wave0"),
    ):
        with pytest.raises(BadInput, match=said):
            OnnxEmbedder(place)
