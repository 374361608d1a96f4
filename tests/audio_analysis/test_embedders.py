"""Embedders from files: a small ONNX model whose answer is known."""

import numpy as np
import orjson
import pytest

from ml.audio_analysis.embedders import OnnxEmbedder, open_embedder, plugged
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


def test_weights_beside_a_graph_are_part_of_its_name(tmp_path):
    """Two models with one graph and other weights are two: their vectors must not be compared."""
    import onnx
    from onnx import numpy_helper

    names = []
    for value in (1.0, 2.0):
        file = model(tmp_path / f"{value}" / "model.onnx")
        made = onnx.load(file)
        made.graph.initializer.append(numpy_helper.from_array(np.full(2_000, value, dtype=np.float32), "unused"))
        onnx.save(made, file, save_as_external_data=True, location="weights.bin", size_threshold=0)
        names.append(OnnxEmbedder(file).name)
    assert (tmp_path / "1.0" / "model.onnx").read_bytes() == (tmp_path / "2.0" / "model.onnx").read_bytes()
    assert names[0] != names[1]
    assert OnnxEmbedder(file, window_s=5.0).name not in names


def test_a_model_that_gives_a_time_line_is_refused(tmp_path):
    import onnx
    from onnx import TensorProto, helper

    given = helper.make_tensor_value_info("wave", TensorProto.FLOAT, [1, "n"])
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, None)
    graph = helper.make_graph([helper.make_node("Abs", ["wave"], ["out"])], "curve", [given], [out])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), tmp_path / "c.onnx")
    embedder = OnnxEmbedder(tmp_path / "c.onnx", rate=RATE, window_s=2.0)
    with pytest.raises(BadInput, match="16000 places, and then 8000"):
        embedder.embed((np.full(3 * RATE, 0.5, dtype=np.float32), RATE))


def test_what_is_plugged_by_a_path_by_an_object_and_by_nothing(tmp_path):
    file = model(tmp_path / "m.onnx")
    assert plugged(file).name == plugged(str(file)).name == OnnxEmbedder(file).name
    assert plugged(file).path == str(file)
    assert plugged(OnnxEmbedder(file)).path is None
    assert plugged(None) is plugged("") is plugged("own") is None
    (tmp_path / "hub").mkdir()
    with pytest.raises(BadInput, match=r"lacks config.json, preprocessor_config.json, \*.safetensors"):
        plugged(tmp_path / "hub")


def test_a_folder_of_transformers_is_loaded_where_it_has_no_onnx(tmp_path):
    torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")
    torch.manual_seed(0)
    small = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    convolutions = {"conv_dim": (8, 8), "conv_stride": (5, 4), "conv_kernel": (10, 8), "num_feat_extract_layers": 2}
    config = transformers.Wav2Vec2Config(**small, **convolutions, num_conv_pos_embeddings=4)
    wanted = transformers.Wav2Vec2Model(config).eval()
    wanted.save_pretrained(tmp_path / "w2v")
    extractor = transformers.Wav2Vec2FeatureExtractor(sampling_rate=RATE, do_normalize=True)
    extractor.save_pretrained(tmp_path / "w2v")
    embedder = open_embedder(tmp_path / "w2v")
    assert embedder.rate == RATE
    wave = np.random.default_rng(0).normal(0, 0.1, 2 * RATE).astype(np.float32)
    with torch.inference_mode():
        given = extractor(wave, sampling_rate=RATE, return_tensors="pt")
        mean = wanted(**given).last_hidden_state.mean(dim=1)[0].numpy()
    assert embedder.embed((wave, RATE)) == pytest.approx(mean, rel=1e-3, abs=1e-5)
    (tmp_path / "w2v" / "config.json").write_text("{}")
    with pytest.raises(BadInput, match="transformers cannot load it"):
        open_embedder(tmp_path / "w2v")


def test_clap_gives_its_audio_embedding(tmp_path):
    transformers = pytest.importorskip("transformers")
    audio = {"hidden_size": 16, "num_hidden_layers": 1, "depths": [1, 1], "num_attention_heads": [1, 2]}
    audio |= {"patch_embeds_hidden_size": 8, "num_mel_bins": 32, "spec_size": 128, "window_size": 4}
    text = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    config = transformers.ClapConfig(text_config=text, audio_config=audio, projection_dim=12)
    transformers.ClapModel(config).save_pretrained(tmp_path / "clap")
    about = {
        "feature_size": 32,
        "sampling_rate": RATE,
        "hop_length": 160,
        "fft_window_size": 512,
        "frequency_max": 4_000,
    }
    transformers.ClapFeatureExtractor(
        **about, max_length_s=10, truncation="rand_trunc", padding="repeatpad"
    ).save_pretrained(tmp_path / "clap")
    wave = np.random.default_rng(0).normal(0, 0.1, 2 * RATE).astype(np.float32)
    assert open_embedder(tmp_path / "clap").embed((wave, RATE)).shape == (12,)
