import errno
import json
import os
import shutil
import threading
from hashlib import sha256
from pathlib import Path

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from ml.foundation.errors import CorruptModel, DiskFull, NotTrained, UnknownId
from ml.models.base import TrainingData
from ml.models.blend import Blend
from ml.models.files import ModelSet, load_set, read_card, save_set, verify, versions
from ml.models.ials import ImplicitALS
from ml.models.item_knn import ItemKNN
from ml.models.plays import Plays
from ml.models.pointer import current, load_current, promote
from ml.models.popularity import Popularity

PLAYS = Plays.of([[0, 1], [1, 2], [0, 2, 3], [3]], n_items=4)
DATA = TrainingData(PLAYS, csr_matrix((4, 0), dtype=np.float32), np.full(4, -1, dtype=np.int32))


def trained() -> ModelSet:
    members = (ItemKNN(neighbours=7), ImplicitALS(factors=3, regularization=0.1), Popularity())
    blend = Blend(members, {"item_knn": 1.0, "ials": 0.5, "popularity": 0.1}).fit(DATA, rng=np.random.default_rng(0))
    card = {"data_hash": "abc", "seed": 0, "scores": {"ials": {"ndcg@20": 0.1, "interval": [0.0, 0.2]}}}
    # The blend first: loading must not rest on the order.
    models = {model.name: model for model in (blend, *members)}
    return ModelSet(np.array([3, 5, 8, 13], dtype=np.int64), "track", models, card)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    root = tmp_path / "models"
    return root / save_set(root, trained())


def test_a_set_comes_back_as_it_was(saved: Path) -> None:
    before, after = trained(), load_set(saved)
    np.testing.assert_array_equal(after.item_keys, before.item_keys)
    assert (after.item_kind, after.card, list(after.models)) == ("track", before.card, list(before.models))
    for name, model in after.models.items():
        np.testing.assert_array_equal(model.score(PLAYS), before.models[name].score(PLAYS))
    assert after.models["item_knn"].neighbours == 7
    assert after.models["hybrid"].members[0] is after.models["item_knn"]
    assert after.models["hybrid"].weights == before.models["hybrid"].weights


def test_cards_say_what_is_in_the_files(saved: Path) -> None:
    card = read_card(saved)
    assert set(card["files"]) == {"vocabulary.npz"} | {
        f"{m}/{f.name}" for m in trained().models for f in (saved / m).iterdir()
    }
    assert card["libraries"]["numpy"] == np.__version__
    model = json.loads((saved / "ials" / "card.json").read_text())
    assert model["config"]["factors"] == 3
    assert model["arrays"]["item_factors"] == {"shape": [4, 3], "dtype": "<f4"}
    assert (model["data_hash"], model["seed"], model["scores"]["ndcg@20"]) == ("abc", 0, 0.1)
    assert all(ok for _, ok, _ in verify(saved))


def test_nothing_is_pickled(saved: Path) -> None:
    for path in saved.rglob("*.npz"):
        with np.load(path, allow_pickle=False) as archive:
            assert all(archive[name].dtype.kind in "biufU" for name in archive.files)


@given(st.data())
def test_any_changed_byte_is_found(tmp_path_factory, data) -> None:
    root = tmp_path_factory.mktemp("models")
    folder = root / save_set(root, trained())
    path = data.draw(st.sampled_from(sorted(path for path in folder.rglob("*") if path.is_file())))
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    with pytest.raises(CorruptModel, match=path.name) as raised:
        load_set(folder)
    assert "ml train" in raised.value.hint
    assert any(not ok for _, ok, _ in verify(folder))
    shutil.rmtree(root)


@pytest.mark.parametrize("name", ["card.json", "vocabulary.npz", "ials/arrays.npz", "hybrid/card.json"])
def test_a_missing_or_truncated_file_is_named(saved: Path, name: str) -> None:
    path = saved / name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CorruptModel, match=path.name):
        load_set(saved)
    path.unlink()
    with pytest.raises(CorruptModel, match="missing"):
        load_set(saved)
    assert [ok for _, ok, _ in verify(saved)].count(False) == 1


def forge(folder: Path, name: str, content: bytes) -> Path:
    """Replace a file and make all the hashes fit, as a foreign version or a faulty writer would."""
    (folder / name).write_bytes(content)
    card = orjson.loads((folder / "card.json").read_bytes())
    if name != "card.json":
        card["files"][name]["sha256"] = sha256(content).hexdigest()
        (folder / "card.json").write_bytes(orjson.dumps(card))
    digest = sha256((folder / "card.json").read_bytes()).hexdigest()[:12]
    return folder.rename(folder.with_name(f"{folder.name.partition('-')[0]}-{digest}"))


def forge_card(folder: Path, name: str, **changes: object) -> Path:
    card = orjson.loads((folder / name).read_bytes())
    return forge(folder, name, orjson.dumps(card | changes))


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("card.json", {"format": 2}, "format 2"),
        ("ials/card.json", {"format": 2}, "format 2"),
        ("ials/card.json", {"class": "lightgcn"}, "lightgcn"),
        ("ials/card.json", {"config": {"rank": 3}}, "rank"),
        ("ials/card.json", {"arrays": {}}, "shape and type"),
        ("hybrid/card.json", {"members": ["ease"]}, "ease"),
    ],
)
def test_what_this_version_does_not_know_is_refused(saved: Path, name: str, changes: dict, message: str) -> None:
    folder = forge_card(saved, name, **changes)
    with pytest.raises(CorruptModel, match=message) as raised:
        load_set(folder)
    assert "ml train" in raised.value.hint
    assert not all(ok for _, ok, _ in verify(folder))


def test_numbers_that_are_not_finite_are_refused(saved: Path, tmp_path: Path) -> None:
    with np.load(saved / "ials" / "arrays.npz") as archive:
        arrays = dict(archive)
    arrays["item_factors"][1, 1] = np.nan
    np.savez(tmp_path / "x.npz", **arrays)
    folder = forge(saved, "ials/arrays.npz", (tmp_path / "x.npz").read_bytes())
    with pytest.raises(CorruptModel, match=r"item_factors.*not finite"):
        load_set(folder)


def test_pickled_objects_are_never_read(saved: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", item_factors=np.array([{"a": 1}], dtype=object))
    folder = forge(saved, "ials/arrays.npz", (tmp_path / "x.npz").read_bytes())
    with pytest.raises(CorruptModel, match=r"arrays\.npz"):
        load_set(folder)


def test_a_vocabulary_of_another_size_is_refused(saved: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", item_keys=np.arange(5))
    folder = forge(saved, "vocabulary.npz", (tmp_path / "x.npz").read_bytes())
    with pytest.raises(CorruptModel, match="4 items, the vocabulary has 5"):
        load_set(folder)


def test_the_pointer_names_the_set_in_use(tmp_path: Path) -> None:
    assert current(tmp_path) is None
    with pytest.raises(NotTrained, match="no models"):
        load_current(tmp_path)
    first, second = save_set(tmp_path, trained()), save_set(tmp_path, trained())
    assert current(tmp_path) is None
    assert versions(tmp_path) == sorted([first, second]) == [first, second]
    promote(tmp_path, second)
    promote(tmp_path, first)
    assert current(tmp_path) == first
    assert list(load_current(tmp_path).models) == list(trained().models)
    with pytest.raises(UnknownId, match="no model set 'nothing'"):
        promote(tmp_path, "nothing")
    assert current(tmp_path) == first


def test_a_broken_pointer_says_so(tmp_path: Path) -> None:
    version = save_set(tmp_path, trained())
    promote(tmp_path, version)
    shutil.rmtree(tmp_path / version)
    with pytest.raises(CorruptModel, match="not there"):
        current(tmp_path)
    for content in (b"", b"[]", b"{}", b"\xff"):
        (tmp_path / "current.json").write_bytes(content)
        with pytest.raises(CorruptModel, match="current"):
            current(tmp_path)


def test_a_reader_never_sees_a_half_state(tmp_path: Path) -> None:
    promote(tmp_path, save_set(tmp_path, trained()))
    done, faults = threading.Event(), []

    def read() -> None:
        while not done.is_set():
            try:
                load_current(tmp_path)
            except Exception as error:  # noqa: BLE001
                faults.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(10):
        promote(tmp_path, save_set(tmp_path, trained()))
    done.set()
    reader.join()
    assert not faults


def test_a_set_appears_whole_in_one_step(tmp_path: Path, monkeypatch) -> None:
    rename, seen = Path.rename, []

    def watched(self: Path, target: Path) -> Path:
        seen.append((versions(tmp_path), sorted(path.name for path in self.rglob("*") if path.is_file())))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", watched)
    version = save_set(tmp_path, trained())
    whole = sorted(path.name for path in (tmp_path / version).rglob("*") if path.is_file())
    assert seen == [([], whole)]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("after", [0, 1, 4])
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch, code: int, after: int) -> None:
    promote(tmp_path, save_set(tmp_path, trained()))
    before, calls = sorted(tmp_path.iterdir()), iter(range(100))

    def full(descriptor: int) -> None:
        if next(calls) >= after:
            raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull, match="no space"):
        save_set(tmp_path, trained())
    with pytest.raises(DiskFull, match="no space"):
        promote(tmp_path, versions(tmp_path)[0])
    assert sorted(tmp_path.iterdir()) == before


def test_other_faults_of_the_disk_are_not_dressed_up(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.EIO, "broken")))
    with pytest.raises(OSError, match="broken"):
        save_set(tmp_path, trained())
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_a_set_is_refused(tmp_path: Path) -> None:
    good = trained()
    blend = good.models["hybrid"]
    for bad, message in [
        (ModelSet(np.array([2, 1, 3, 4]), "track", {}), "ascending"),
        (ModelSet(good.item_keys, "track", {"other": blend}), "registered"),
        (ModelSet(good.item_keys, "track", {"hybrid": blend}), "not in the set"),
    ]:
        with pytest.raises(ValueError, match=message):
            save_set(tmp_path, bad)
    with pytest.raises(NotTrained):
        save_set(tmp_path, ModelSet(good.item_keys, "track", {"ials": ImplicitALS()}))
    assert not list(tmp_path.iterdir())
