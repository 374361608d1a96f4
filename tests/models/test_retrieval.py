"""The vector index beside a search by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.foundation.errors import CorruptModel
from ml.models.retrieval import VectorIndex, standardising


def filled(n=50, size=8, seed=0):
    index = VectorIndex("test", size)
    index.add([f"t{k}" for k in range(n)], np.random.default_rng(seed).normal(size=(n, size)).astype(np.float32))
    return index


@given(st.integers(0, 2**32 - 1), st.integers(1, 80), st.integers(1, 12))
def test_search_is_that_of_all_cosines_in_order(seed, n, k):
    index, rng = filled(n, seed=seed), np.random.default_rng(seed + 1)
    asked = rng.normal(size=8).astype(np.float32)
    cosines = index.vectors @ asked / np.linalg.norm(index.vectors, axis=1) / np.linalg.norm(asked)
    found = index.search(asked, k)
    assert [one.id for one in found] == [f"t{place}" for place in np.argsort(-cosines, kind="stable")[:k]]
    assert [one.similarity for one in found] == pytest.approx(np.sort(cosines)[::-1][:k].tolist(), abs=1e-5)


def test_a_known_id_is_replaced_and_others_stay():
    index = filled(3)
    before = index.get("t0").copy()
    index.add(["t1", "new"], np.eye(8, dtype=np.float32)[:2])
    assert index.ids == ("t0", "t1", "t2", "new")
    assert index.search(np.eye(8, dtype=np.float32)[0], 1)[0].id == "t1"
    assert (index.get("t0") == before).all()
    assert "new" in index
    assert index.get("old") is None


def test_ties_come_in_the_order_of_adding_and_zeros_are_like_nothing():
    index = VectorIndex("test", 2)
    index.add(["a", "b", "zero"], np.array([[1, 0], [2, 0], [0, 0]], dtype=np.float32))
    assert [(one.id, one.similarity) for one in index.search(np.array([1, 0]))] == [
        ("a", 1.0),
        ("b", 1.0),
        ("zero", 0.0),
    ]


@given(
    st.lists(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\n"), min_size=1), unique=True)
)
def test_an_index_is_read_as_it_was_written(tmp_path_factory, ids):
    path = tmp_path_factory.mktemp("index") / "i.npz"
    index = VectorIndex("näme", 3)
    index.add(ids, np.arange(3 * len(ids), dtype=np.float32).reshape(-1, 3))
    index.save(path)
    again = VectorIndex.load(path)
    assert (again.name, again.size, again.ids) == ("näme", 3, tuple(ids))
    assert (again.vectors == index.vectors).all()


def test_damaged_files_and_odd_vectors_are_refused(tmp_path):
    path = tmp_path / "i.npz"
    filled().save(path)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(CorruptModel):
        VectorIndex.load(path)
    for ids, vectors in (
        (["a"], [[1.0]]),
        (["a"], [[np.nan] * 8]),
        (["a", "a"], np.ones((2, 8))),
        (["a\nb"], [[1] * 8]),
    ):
        with pytest.raises(ValueError, match="vectors"):
            filled().add(ids, np.array(vectors, dtype=np.float32))
    with pytest.raises(ValueError, match="k=0"):
        filled().search(np.ones(8), 0)


def test_standardised_places_vary_alike():
    vectors = np.random.default_rng(0).normal(3, [1, 100, 0], (500, 3)).astype(np.float32)
    mean, scale = standardising(vectors)
    assert ((vectors - mean) * scale).std(axis=0) == pytest.approx([1, 1, 0], abs=1e-3)
