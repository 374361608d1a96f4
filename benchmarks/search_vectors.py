"""Nearest vectors: our cells of eight-bit codes beside numpy, faiss and usearch, on one core.

100,000 and 1,000,000 vectors of 384 places (`…_100k`, `…_1m`): the tracks of artists of HetRec, each the mean of its
artist's tags, as MiniLM reads them, and of three more that are drawn. Queries are 200 tags, so that queries and vectors
are distributed differently, as in a search. `recall` is the share of the true ten that is among the ten found,
milliseconds are of one query. `exact` is all of our codes; `cells` what a search does by default, `filtered` the same
where a tenth of the vectors is allowed. `faiss` is `IVF,SQ8` with 2√n lists of which 4 % are looked into, `hnsw` is
faiss's `HNSW32,SQ8` (ef 256), `usearch` its graph of int8 (expansion 256); these two at 100,000 only, where they are
built in a minute. They are left out where they are not installed. `build_s` is all from the vectors to the index (ours:
to the disk), `mb` its size, `open_ms` what opening it takes. `changed_s`: a thousand of the vectors are other ones.
`hybrid_p50_ms` is what a description costs beside the words: the encoder on the text, and the search. `phrases_per_s`
is the encoder on all tags: what is to be indexed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from benchmarks import held_out
from benchmarks.search_tags import _read
from benchmarks.target import Target
from ml.intelligent_search.semantic import TextEncoder, open_encoder
from ml.models.retrieval.vectors import VectorFolder
from ml.models.retrieval.vectors.codes import Floats

TARGETS = {
    "cells_p50_ms_1m": Target(at_most=20),
    "hybrid_p50_ms_1m": Target(at_most=25),
    "cells_recall_1m": Target(at_least=0.85),
}
K, QUERIES = 10, 200
Found = NDArray[np.integer]


def run(quick: bool) -> dict[str, float]:
    from threadpoolctl import threadpool_limits

    if "hetrec" not in held_out.available():
        return {}
    numbers: dict[str, float] = {}
    with threadpool_limits(1), tempfile.TemporaryDirectory() as place:
        encoder = open_encoder(kept=Path(place) / "encoders")
        artists, tags, names = _artists(encoder)
        queries = names[:: len(names) // QUERIES][:QUERIES]
        begin = perf_counter()
        encoder.encode(names)
        numbers["phrases_per_s"] = len(names) / (perf_counter() - begin)
        vectors = encoder.encode(queries)
        sizes = {"20k": 20_000} if quick else {"100k": 100_000, "1m": 1_000_000}
        for name, n in sizes.items():
            tracks = _tracks(artists, tags, n)
            found = _measured(tracks, vectors, queries, encoder, Path(place) / name)
            numbers |= {f"{key}_{name}": value for key, value in found.items()}
    return numbers


def _artists(encoder: TextEncoder) -> tuple[Floats, Floats, list[str]]:
    """Give vectors of artists, not of length 1, of their tags, and the tags."""
    source = held_out.DATA / held_out.FOLDERS["hetrec"]
    named = _read(source / "tags.dat")
    given = _read(source / "user_taggedartists.dat").group_by("artistID", "tagID").agg(n=pl.len())
    often = given.group_by("tagID").agg(pl.col("n").sum()).filter(pl.col("n") >= 3)["tagID"].sort()
    given = given.filter(pl.col("tagID").is_in(often.implode()))
    names = dict(named.iter_rows())
    vectors = encoder.encode([names[tag] for tag in often.to_list()])
    place = {tag: row for row, tag in enumerate(often.to_list())}
    rows = given["artistID"].rank("dense").to_numpy() - 1
    columns = [place[tag] for tag in given["tagID"].to_list()]
    matrix = csr_matrix((given["n"].to_numpy().astype(np.float32), (rows, columns)))
    return np.asarray(matrix @ vectors, dtype=np.float32), vectors, [names[tag] for tag in often.to_list()]


def _tracks(artists: Floats, tags: Floats, n: int) -> Floats:
    rng = np.random.default_rng(0)
    found = np.empty((n, tags.shape[1]), dtype=np.float32)
    for begin in range(0, n, 20_000):
        count = min(20_000, n - begin)
        drawn = tags[rng.integers(0, len(tags), (count, 3))] * 3 * rng.random((count, 3, 1), dtype=np.float32)
        found[begin : begin + count] = artists[rng.integers(0, len(artists), count)] + drawn.sum(axis=1)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


def _measured(tracks: Floats, queries: Floats, texts: list[str], encoder: TextEncoder, place: Path) -> dict[str, float]:
    n = len(tracks)
    truth = [np.argsort(-(tracks @ query), kind="stable")[:K] for query in queries]
    numbers = _timed("numpy", lambda query: np.argpartition(-(tracks @ query), K)[:K], queries, truth)
    ids = pl.Series([f"t{row}" for row in range(n)])
    digests, lengths = np.zeros(n, dtype=np.uint64), np.ones(n, dtype=np.float32)
    folder = VectorFolder(place, "bench", tracks.shape[1])
    begin = perf_counter()
    folder.update(ids, digests, lengths, lambda rows: tracks[rows])
    numbers["cells_build_s"] = perf_counter() - begin
    begin = perf_counter()
    folder = VectorFolder(place, "bench", tracks.shape[1])
    numbers |= {"open_ms": 1_000 * (perf_counter() - begin), "mb": folder.n_bytes / 1e6}
    index = folder.index
    numbers |= _timed("exact", lambda query: index.search(query, K, exact=True)[0], queries, truth)
    numbers |= _timed("cells", lambda query: index.search(query, K)[0], queries, truth)
    allowed = np.zeros(n, dtype=np.bool_)
    allowed[::K] = True
    rows = np.flatnonzero(allowed)
    among = [rows[np.argsort(-(tracks[rows] @ query), kind="stable")[:K]] for query in queries[:: K // 2]]
    numbers |= _timed("filtered", lambda query: index.search(query, K, mask=allowed)[0], queries[:: K // 2], among)
    both = [_spent(lambda text=text: index.search(encoder.encode([text])[0], K)) for text in texts]  # type: ignore[misc]
    numbers["hybrid_p50_ms"] = float(np.percentile(both, 50))
    numbers |= _peers(tracks, queries, truth)
    digests[:1_000] = 1
    begin = perf_counter()
    folder.update(ids, digests, lengths, lambda rows: tracks[rows])
    return numbers | {"changed_s": perf_counter() - begin}


def _peers(tracks: Floats, queries: Floats, truth: list[Found]) -> dict[str, float]:
    n, size = tracks.shape
    numbers: dict[str, float] = {}
    if find_spec("faiss") is not None:
        import faiss

        faiss.omp_set_num_threads(1)
        lists = 2 * int(n**0.5)
        begin = perf_counter()
        cells = faiss.index_factory(size, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        cells.train(tracks[: 48 * lists])
        cells.add(tracks)
        numbers["faiss_build_s"] = perf_counter() - begin
        cells.nprobe = round(0.04 * lists)
        numbers |= _timed("faiss", lambda query: cells.search(query[None], K)[1][0], queries, truth)
        if n <= 100_000:
            begin = perf_counter()
            graph = faiss.IndexHNSWSQ(size, faiss.ScalarQuantizer.QT_8bit, 32, faiss.METRIC_INNER_PRODUCT)
            graph.train(tracks)
            graph.add(tracks)
            numbers["hnsw_build_s"] = perf_counter() - begin
            graph.hnsw.efSearch = 256
            numbers |= _timed("hnsw", lambda query: graph.search(query[None], K)[1][0], queries, truth)
    if find_spec("usearch") is not None and n <= 100_000:
        from usearch.index import Index

        begin = perf_counter()
        index = Index(ndim=size, metric="cos", dtype="i8", connectivity=16, expansion_add=128, expansion_search=256)
        index.add(np.arange(n), tracks, threads=1)
        numbers["usearch_build_s"] = perf_counter() - begin
        numbers |= _timed("usearch", lambda query: index.search(query, K, threads=1).keys, queries, truth)
    return numbers


def _timed(name: str, search: Callable[[Floats], Found], queries: Floats, truth: list[Found]) -> dict[str, float]:
    search(queries[0])
    found: list[Found] = []
    spent = [_spent(lambda query=query: found.append(search(query))) for query in queries]  # type: ignore[misc]
    right = [len(set(a.tolist()) & set(b.tolist())) / max(len(b), 1) for a, b in zip(found, truth, strict=True)]
    return {
        f"{name}_recall": float(np.mean(right)),
        f"{name}_p50_ms": float(np.percentile(spent, 50)),
        f"{name}_p99_ms": float(np.percentile(spent, 99)),
    }


def _spent(call: Callable[[], object]) -> float:
    begin = perf_counter()
    call()
    return 1_000 * (perf_counter() - begin)
