"""A large index of vectors: what it finds, what changes cost, and what damage does."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.foundation.errors import CorruptIndex
from ml.models.retrieval.vectors import CellIndex, VectorFolder, cells
from ml.models.retrieval.vectors.codes import coded, products


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def clustered(n, *, size=16, middles=40, seed=0):
    rng = np.random.default_rng(seed)
    around = rng.standard_normal((middles, size))
    return unit(around[rng.integers(0, middles, n)] + 0.3 * rng.standard_normal((n, size)))


@pytest.fixture
def few(monkeypatch):
    """Cells and few rows, as if the index were large."""
    monkeypatch.setattr(cells, "EXACT_BELOW", 500)
    monkeypatch.setattr("ml.models.retrieval.vectors.index._FEW", 100)


def index_of(vectors, lengths=None):
    lengths = np.ones(len(vectors), dtype=np.float32) if lengths is None else np.float32(lengths)
    return CellIndex.of(*coded(vectors), lengths=lengths)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(2, 40))
def test_codes_keep_directions(seed, n, size):
    vectors = unit(np.random.default_rng(seed).standard_normal((n, size)))
    codes, scales = coded(vectors * 7)
    again = codes * scales[:, None]
    assert np.linalg.norm(again, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.abs(again - vectors).max() < 0.012
    assert products(codes, scales, vectors[0]) == pytest.approx(again @ vectors[0], abs=1e-5)


def test_zeros_stay_zeros_and_are_not_found():
    index = index_of(np.array([[0, 0], [1, 0]], dtype=np.float32))
    rows, near = index.search(np.array([1, 0], dtype=np.float32), 5)
    assert (rows.tolist(), near.tolist()) == ([1], [pytest.approx(1)])


def test_an_exact_search_finds_the_nearest_in_order():
    vectors = clustered(3_000)
    rows, near = index_of(vectors).search(vectors[7], 10)
    true = np.sort(vectors @ vectors[7])[::-1][:10]
    assert rows[0] == 7
    assert near == pytest.approx(true, abs=0.01)
    assert (np.diff(near) <= 0).all()


def test_of_equal_ones_the_first_row_comes_first():
    rows, _ = index_of(np.tile(np.float32([[1, 0]]), (9, 1))).search(np.float32([1, 0]), 3)
    assert rows.tolist() == [0, 1, 2]


def test_cells_find_nearly_what_an_exact_search_does(few):
    vectors = clustered(4_000)
    index = index_of(vectors)
    assert len(index.middles) == 8 * 63
    queries = clustered(50, seed=0)
    shared = [
        len({*index.search(query, 10)[0].tolist()} & {*index.search(query, 10, exact=True)[0].tolist()})
        for query in queries
    ]
    assert np.mean(shared) > 9


@pytest.mark.parametrize("share", [0.01, 0.3])
def test_a_filter_leaves_only_what_is_allowed_and_finds_enough(few, share):
    vectors = clustered(4_000)
    index = index_of(vectors)
    mask = np.random.default_rng(1).random(4_000) < share
    rows, near = index.search(vectors[0], 20, mask=mask)
    assert mask[rows].all()
    true = np.sort((vectors @ vectors[0])[mask])[::-1][:20]
    assert abs(len(rows) - (true > 0).sum()) <= 1  # codes may turn a sign
    true = true[true > 0]
    assert near.sum() > 0.96 * true.sum()


def test_lengths_weigh_and_a_length_of_zero_hides():
    vectors = unit(np.array([[1, 0.1], [1, 0], [0, 1]]))
    rows, near = index_of(vectors, [1, 0.5, 0]).search(np.float32([1, 0]), 3)
    assert rows.tolist() == [0, 1]
    assert near == pytest.approx([0.995, 0.5], abs=0.01)


class Asked:
    """Vectors by position, and how many were asked for."""

    def __init__(self, vectors):
        self.vectors, self.count = vectors, 0

    def __call__(self, rows):
        self.count += len(rows)
        return self.vectors[rows]


def put(folder, vectors, names, digests=None, lengths=None):
    asked = Asked(vectors)
    digests = np.zeros(len(names), dtype=np.uint64) if digests is None else np.uint64(digests)
    lengths = np.ones(len(names), dtype=np.float32) if lengths is None else np.float32(lengths)
    return folder.update(pl.Series(names, dtype=pl.String), digests, lengths, asked), asked.count


def found(folder, query, count=5, **options):
    rows, _ = folder.index.search(query, count, **options)
    return folder.ids.gather(rows).to_list()


@pytest.mark.parametrize("n", [400, 2_000])  # without cells, and with them
def test_changes_ask_only_for_what_is_new_and_are_there_after_opening_again(tmp_path, few, n):
    vectors = clustered(n + 3)
    names = [f"t{row}" for row in range(n)]
    done, asked = put(VectorFolder(tmp_path, "m", 16), vectors[:n], names)
    assert (done.added, asked, done.rebuilt) == (n, n, True)
    folder = VectorFolder(tmp_path, "m", 16)
    assert put(folder, vectors[:n], names) == ((type(done)(0, 0, rebuilt=False)), 0)
    # One goes, one changes, two come.
    later = [*names[1:], "new", "newer"]
    wanted = np.concatenate((vectors[1:n], vectors[n : n + 2]))
    wanted[0] = vectors[n + 2]
    digests = [1, *([0] * n)]
    done, asked = put(folder, wanted, later, digests)
    assert (done.added, done.removed, asked, done.rebuilt) == (3, 2, 3, False)
    for one in (folder, VectorFolder(tmp_path, "m", 16)):
        assert len(one) == n + 1
        assert found(one, vectors[n], exact=True)[0] == "new"
        assert found(one, vectors[n + 2], exact=True)[0] == "t1"
        assert "t0" not in found(one, vectors[0], 20, exact=True)
        assert put(one, wanted, later, digests)[1] == 0
    # What went comes back.
    done, asked = put(folder, vectors[:n], names)
    assert found(folder, vectors[0])[0] == "t0"
    assert len(folder) == n
    assert asked <= 1


def test_many_changes_make_it_anew_without_asking_for_what_is_known(tmp_path):
    vectors = clustered(200)
    folder = VectorFolder(tmp_path, "m", 16)
    put(folder, vectors[:100], [f"t{row}" for row in range(100)])
    done, asked = put(folder, vectors, [f"t{row}" for row in range(200)])
    assert (done.rebuilt, asked) == (True, 100)
    assert found(folder, vectors[150])[0] == "t150"
    assert len(list(tmp_path.glob("base-*"))) == 1


def test_a_mask_of_ids_and_one_of_places_are_the_same(tmp_path):
    vectors = clustered(50)
    folder = VectorFolder(tmp_path, "m", 16)
    names = [f"t{row}" for row in range(50)]
    put(folder, vectors, names)
    put(folder, vectors[10:], names[10:])
    wanted = pl.Series([row % 2 == 0 for row in range(10, 50)])
    by_place = folder.mask_of(wanted)
    by_id = folder.mask_of([*names[10::2], "unknown", "t0"])
    assert by_place.tolist() == by_id.tolist()
    assert by_place.sum() == 20
    with pytest.raises(ValueError, match="not one for each"):
        folder.mask_of(pl.Series([True]))


@pytest.mark.parametrize("harm", ["cut", "other", "missing", "manifest"])
def test_damage_is_noticed_and_a_fresh_start_mends_it(tmp_path, harm):
    vectors = clustered(60)
    names = [f"t{row}" for row in range(60)]
    put(VectorFolder(tmp_path, "m", 16), vectors, names)
    codes = next(tmp_path.glob("base-*/codes.npy"))
    if harm == "cut":
        codes.write_bytes(codes.read_bytes()[:-5])
    elif harm == "other":
        codes.write_bytes(codes.read_bytes()[:-1] + b"\x7f")
    elif harm == "missing":
        codes.unlink()
    else:
        (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(CorruptIndex):
        VectorFolder(tmp_path, "m", 16)
    folder = VectorFolder.fresh(tmp_path, "m", 16)
    assert put(folder, vectors, names)[1] == 60
    assert found(VectorFolder(tmp_path, "m", 16), vectors[3])[0] == "t3"


def test_a_folder_of_another_name_is_as_good_as_empty(tmp_path):
    vectors = clustered(10)
    put(VectorFolder(tmp_path, "m", 16), vectors, [str(row) for row in range(10)])
    assert len(VectorFolder(tmp_path, "other", 16)) == 0


def test_nothing_at_all_is_kept_too(tmp_path):
    folder = VectorFolder(tmp_path, "m", 16)
    put(folder, np.zeros((0, 16), np.float32), [])
    assert len(VectorFolder(tmp_path, "m", 16)) == 0
    assert found(folder, np.ones(16, np.float32)) == []


def test_company_is_who_is_heard_by_the_same():
    from benchmarks.company import Company
    from scipy.sparse import csr_matrix

    rng = np.random.default_rng(0)
    heard = np.zeros((60, 9), dtype=np.float32)
    heard[:30, :4] = rng.random((30, 4)) < 0.8
    heard[30:, 4:8] = rng.random((30, 4)) < 0.8
    heard[0, 8] = 1
    company = Company.of(csr_matrix(heard), factors=4, rng=rng)
    near = company.around(np.array([0, 1]), np.array([1.0, 1.0]))
    assert set(np.argsort(-near)[:4].tolist()) == {0, 1, 2, 3}
    assert near[4:8].max() < 0.3 < near[2]
    assert company.trust[8] < 0.2
    assert company.around(np.array([], dtype=int), np.array([])).tolist() == [0] * 9
