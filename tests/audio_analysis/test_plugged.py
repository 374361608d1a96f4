"""A larger embedder in the place of our own vectors: scans, neighbours and heads."""

from concurrent.futures import Future
from pathlib import Path

import numpy as np
import orjson
import pytest
import soundfile
from sqlalchemy import select
from typer.testing import CliRunner

from ml.audio_analysis import AudioAnalyzer, AudioLibrary
from ml.audio_analysis.embedders import OnnxEmbedder
from ml.audio_analysis.hands.work import do
from ml.audio_analysis.heads import AudioHeads
from ml.cli.main import app
from ml.data.schema import audio_embeddings
from ml.data.workspace import Workspace
from ml.features.audio.embedding import SIZE
from ml.foundation.errors import BadInput, EmptyWorkspace

RATE = 16_000


class Here:
    """Does jobs in this process."""

    width = 1

    def submit(self, job):
        done = Future()
        done.set_result(do(job))
        return done


def model(path, *, scale=1.0):
    """Write a model that gives the logarithms of the power of a wave and of its differences: 2 places."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    kernels = scale * np.array([[[1.0, 0.0]], [[1.0, -1.0]]], dtype=np.float32)
    constants = {"kernels": kernels, "one": np.array([1]), "last": np.array([2])}
    nodes = [
        helper.make_node("Unsqueeze", ["wave", "one"], ["channels"]),
        helper.make_node("Conv", ["channels", "kernels"], ["filtered"]),
        helper.make_node("Mul", ["filtered", "filtered"], ["power"]),
        helper.make_node("ReduceMean", ["power", "last"], ["mean"], keepdims=0),
        helper.make_node("Log", ["mean"], ["out"]),
    ]
    given = helper.make_tensor_value_info("wave", TensorProto.FLOAT, [1, "n"])
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, None)
    weights = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "powers", [given], [out], weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8), path)
    return path


def tone(path, frequency_hz, seconds=1.2, level=0.2):
    wave = level * np.sin(2 * np.pi * frequency_hz * np.arange(round(seconds * RATE)) / RATE)
    soundfile.write(path, wave, RATE)
    return path


@pytest.fixture
def music(tmp_path):
    """Ten low and ten high tones, and silence: what tells them apart is all that the model hears."""
    folder = tmp_path / "music"
    folder.mkdir()
    for k in range(10):
        tone(folder / f"low{k}.wav", 200 + 4 * k)
        tone(folder / f"high{k}.wav", 4_000 + 40 * k)
    soundfile.write(folder / "silence.wav", np.zeros(RATE), RATE)
    return folder


@pytest.fixture
def library(tmp_path):
    with AudioLibrary(Workspace.at(tmp_path / "home")) as library:
        yield library


def names(found):
    return [one.path.rsplit("/", 1)[1] for one in found]


def rows(library):
    with library.workspace.store.read() as connection:
        return {(row.embedder, row.content_hash): row.vector for row in connection.execute(select(audio_embeddings))}


def test_a_scan_makes_the_vectors_once_and_neighbours_are_by_them(library, music, tmp_path):
    path = model(tmp_path / "powers.onnx")
    with pytest.raises(EmptyWorkspace, match="no other track"):
        library.similar(music / "low0.wav", embedder=path)
    done = library.scan(music, hands=Here())
    assert (done.embedder, done.embedded) == (None, 0)
    with pytest.raises(EmptyWorkspace, match="no scanned track has a vector of powers-") as none:
        library.similar(music / "low0.wav", embedder=path)
    assert f"--embedder {path}" in none.value.hint
    done = library.scan(music, workers=1, embedder=path)
    assert (done.analysed, done.embedder, done.embedded, done.problems) == (0, OnnxEmbedder(path).name, 21, ())
    assert library.scan(music, hands=Here(), embedder=path).embedded == 0
    assert sum(vector is None for vector in rows(library).values()) == 1  # silence, which is not asked about again
    found = library.similar(music / "low0.wav", 20, embedder=path)
    assert [name[:3] for name in names(found)] == ["low"] * 9 + ["hig"] * 10
    assert all(-1 <= one.similarity <= 1 and one.energy is not None for one in found)
    with pytest.raises(BadInput, match="silent"):
        library.similar(music / "silence.wav", embedder=path)


def test_vectors_of_two_models_are_never_compared(library, music, tmp_path):
    one, other = model(tmp_path / "one.onnx"), model(tmp_path / "other.onnx", scale=3.0)
    library.scan(music, hands=Here(), embedder=one)
    with pytest.raises(EmptyWorkspace, match="no scanned track has a vector of other-"):
        library.similar(music / "low0.wav", embedder=other)
    (music / "low1.wav").rename(music / "was low1.wav")
    tone(music / "new.wav", 300)
    assert library.scan(music, hands=Here(), embedder=other).embedded == 22
    assert library.scan(music, hands=Here(), embedder=one).embedded == 1  # what moved is known by its sound
    before = names(library.similar(music / "low0.wav", embedder=one))
    model(one, scale=2.0)  # another model under the same name of a file
    with pytest.raises(EmptyWorkspace, match="no scanned track has a vector of one-"):
        library.similar(music / "low0.wav", embedder=one)
    model(one)
    assert names(library.similar(music / "low0.wav", embedder=one)) == before
    assert {len(library.similar(music / "low0.wav", 99, embedder=which)) for which in (one, other)} == {20}


def test_a_file_that_was_not_scanned_and_an_embedder_in_python(library, music, tmp_path):
    class Loudest:
        name = "loudest-1"

        def embed(self, source):
            samples = soundfile.read(source)[0]
            return None if not samples.any() else np.array([np.abs(samples).max(), len(samples)], dtype=np.float32)

    tone(music / "soft.wav", 300, level=0.01)
    assert library.scan(music, hands=Here(), embedder=Loudest()).embedded == 22
    assert names(library.similar(tone(tmp_path / "new.wav", 5_000, level=0.012), 1, embedder=Loudest())) == ["soft.wav"]


def test_a_model_that_breaks_is_a_problem_of_each_file_and_stops_nothing(library, music):
    class Broken:
        name = "broken"

        def embed(self, source):
            raise RuntimeError("out of memory")

    done = library.scan(music, hands=Here(), embedder=Broken())
    assert (done.analysed, done.embedded, len(done.problems)) == (21, 0, 21)
    assert "out of memory" in done.problems[0].message
    assert rows(library) == {}


def test_wishes_are_about_our_own_measures_whatever_is_compared(library, music, tmp_path):
    path = model(tmp_path / "powers.onnx")
    tone(music / "soft.wav", 210, level=0.02)
    library.scan(music, hands=Here(), embedder=path)
    assert names(library.similar(music / "low0.wav", but=["quieter"], embedder=path)) == ["soft.wav"]


def test_a_head_of_a_larger_embedder_is_asked_with_its_vectors_alone(tmp_path, music, monkeypatch):
    monkeypatch.setenv("ML_HOME", str(tmp_path / "home"))
    path = model(tmp_path / "powers.onnx")
    table = ["file,genre"] + [
        f"{kind}{k}.wav,{genre}" for kind, genre in (("low", "ambient"), ("high", "metal")) for k in range(10)
    ]
    (tmp_path / "t.csv").write_text("\n".join(table))

    def ml(*words):
        return CliRunner().invoke(app, ["audio", *map(str, words)], catch_exceptions=False)

    asked = ["train-heads", "--labels", tmp_path / "t.csv", "--label-column", "genre", "--audio", music]
    made = ml(*asked, "--workers", 1, "--embedder", path, "--json")
    assert made.exit_code == 0, made.output
    card = orjson.loads(made.stdout)["card"]
    assert card["vectors"] == OnnxEmbedder(path).name
    assert card["embedder"] == str(path)
    assert card["measured"]["accuracy"] == 1.0
    heads = AudioHeads.of(Workspace.at(tmp_path / "home"))
    assert heads.larger == (OnnxEmbedder(path).name,)
    # Of our own vectors it says nothing, and what is to be done is said.
    said = heads.say(np.zeros(SIZE, dtype=np.float32))
    assert said.genres == ()
    assert any(f"--embedder {path}" in notice for notice in said.notices)
    assert AudioAnalyzer(heads=heads).analyze(music / "low0.wav").genres == ()
    with (music / "high0.wav").open("rb") as stream:
        found = AudioAnalyzer(heads=heads, embedder=OnnxEmbedder(path)).analyze(stream)
    assert found.genres[0].name == "metal"
    # The settings' embedder is that of every command.
    new = tone(tmp_path / "new.wav", 4_321)
    assert orjson.loads(ml("analyze", new, "--json").stdout)[0]["genres"] == []
    monkeypatch.setenv("ML_AUDIO_ANALYSIS__EMBEDDER", str(path))
    from ml.foundation import configuration, resolver

    configuration.forget()
    resolver.reset()
    assert orjson.loads(ml("analyze", new, "--json").stdout)[0]["genres"][0]["name"] == "metal"
    assert orjson.loads(ml("scan", music, "--workers", 1, "--json").stdout)["embedded"] == 1  # 20 were learnt from
    listed = {
        one["path"].rsplit("/", 1)[1]: one["analysis"]["genres"] for one in orjson.loads(ml("list", "--json").stdout)
    }
    assert listed["low3.wav"][0]["name"] == "ambient"
    assert listed["silence.wav"] == []
    ours = orjson.loads(ml("scan", music, "--workers", 1, "--embedder", "own", "--json").stdout)
    assert ours["embedder"] is None
    near = orjson.loads(ml("similar", music / "low0.wav", "-n", 9, "--json").stdout)
    assert {Path(one["path"]).name[:3] for one in near} == {"low"}


def test_a_path_that_is_no_model_is_refused_before_anything_is_done(library, music, tmp_path):
    with pytest.raises(BadInput, match="no such file or folder"):
        library.scan(music, hands=Here(), embedder=tmp_path / "none.onnx")
    assert not library.workspace.is_there or library.tracks() == []
