"""Laying a library out in the plane: our t-SNE beside PCA, scikit-learn's, openTSNE and UMAP.

Vectors are iALS factors of the demo world's tracks (`demo`) and of the artists of HetRec (`hetrec`), the 6,000 most
played of each at most, and the features of sound of GTZAN (`sound`, 1,000 tracks; 57 numbers of librosa, standardised).
`kept` is how many of the ten nearest by cosine are among the ten nearest on the map (of 10), `trust` and `continuity`
are those of Venna and Kaski for ten neighbours, over 1,000 points. `cpu_s` is the processor's time of the layout alone
and `mib` the peak of a process that does nothing else; `import_s` is what the library takes to import. All on one
thread, seed 0. openTSNE and umap-learn are left out where they are not installed; nothing of ours needs them.

`…_20k` and `…_100k` are our layout of as many tracks, drawn around those of the demo world. `found` is the share of the
true fifteen neighbours that the cells give there. `new_ms` is the time for one new track that is placed among 100,000.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from importlib.util import find_spec
from time import perf_counter, process_time

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from threadpoolctl import threadpool_limits

from benchmarks import held_out
from benchmarks.process import alone
from benchmarks.target import Target
from ml.metrics.layout import continuity, kept_neighbours, trustworthiness
from ml.models.ials import ImplicitALS
from ml.models.layout import laid_out, nearest_rows, placed
from ml.models.layout.neighbours import best, unit

TARGETS = {"cpu_s_100k": Target(at_most=300), "mib_100k": Target(at_most=2048)}
MOST, SAMPLE, K = 6_000, 1_000, 10
Floats = NDArray[np.float32]


def run(quick: bool) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for name, read in SETS.items():
        if name != "demo" and not (held_out.DATA / FOLDERS[name]).is_dir():
            continue
        vectors = read()[: MOST // 4 if quick else MOST]
        for layout, (_, package) in LAYOUTS.items():
            if find_spec(package) is not None:
                found = alone(_measured, layout, vectors)
                numbers |= {f"{name}_{layout}_{key}": value for key, value in found.items()}
    for size in ("5k",) if quick else ("20k", "100k"):
        found = alone(_scaled, _tracks(), int(size[:-1]) * 1_000)
        numbers |= {f"{key}_{size}": value for key, value in found.items()}
    return numbers


def _tracks() -> Floats:
    return _factors("demo")


def _artists() -> Floats:
    return _factors("hetrec")


def _factors(name: str) -> Floats:
    """Give the factors of items that were played, the most played first."""
    dataset = held_out.for_reporting(name).train
    plays = dataset.plays
    model = ImplicitALS()
    model.fit(dataset, rng=np.random.default_rng(0))
    assert model.item_factors is not None
    order = np.argsort(-np.bincount(plays.items, minlength=plays.n_items), kind="stable")
    factors = model.item_factors[order]
    return factors[np.linalg.norm(factors, axis=1) > 1e-6]


def _sounds() -> Floats:
    with (held_out.DATA / FOLDERS["sound"] / "features_30_sec.csv").open(encoding="utf-8") as file:
        rows = [list(row.values())[2:-1] for row in csv.DictReader(file)]
    table = np.array(rows, dtype=np.float64)
    return np.clip((table - table.mean(axis=0)) / table.std(axis=0), -4, 4).astype(np.float32)


def _ours(vectors: Floats) -> Floats:
    return laid_out(vectors, rng=np.random.default_rng(0))


def _pca(vectors: Floats) -> Floats:
    centred = unit(vectors) - unit(vectors).mean(axis=0)
    _, turn = np.linalg.eigh(centred.T.astype(np.float64) @ centred)
    return np.asarray(centred @ turn[:, :-3:-1], dtype=np.float32)


def _sklearn(vectors: Floats) -> Floats:
    from sklearn.manifold import TSNE

    return np.asarray(TSNE(init="pca", metric="cosine", random_state=0, n_jobs=1).fit_transform(vectors))


def _opentsne(vectors: Floats) -> Floats:
    from openTSNE import TSNE

    return np.asarray(TSNE(metric="cosine", random_state=0, n_jobs=1).fit(vectors))


def _umap(vectors: Floats) -> Floats:
    from umap import UMAP

    return np.asarray(UMAP(metric="cosine", random_state=0, n_jobs=1).fit_transform(vectors))


FOLDERS = {"hetrec": "lastfm_hetrec2011", "sound": "gtzan_features"}
SETS: dict[str, Callable[[], Floats]] = {"demo": _tracks, "hetrec": _artists, "sound": _sounds}
LAYOUTS: dict[str, tuple[Callable[[Floats], Floats], str]] = {
    "ours": (_ours, "scipy"),
    "pca": (_pca, "numpy"),
    "sklearn": (_sklearn, "sklearn"),
    "opentsne": (_opentsne, "openTSNE"),
    "umap": (_umap, "umap"),
}


def _measured(layout: str, vectors: Floats) -> dict[str, float]:
    function, package = LAYOUTS[layout]
    begin = perf_counter()
    if package not in {"numpy", "scipy"}:
        __import__("sklearn.manifold" if package == "sklearn" else package)
    import_s = perf_counter() - begin
    with threadpool_limits(1):
        begin = process_time()
        points = function(vectors)
        cpu_s = process_time() - begin
    import resource

    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = np.random.default_rng(1).permutation(len(vectors))[:SAMPLE]
    directions = unit(vectors)
    before = _ranks(directions[rows] @ directions.T, rows)
    after = _ranks(-np.square(points[rows][:, None] - points[None]).sum(axis=2), rows)
    return {
        "kept": K * kept_neighbours(before, after, k=K),
        "trust": trustworthiness(before, after, k=K),
        "continuity": continuity(before, after, k=K),
        "cpu_s": cpu_s,
        "mib": mib,
        "import_s": import_s,
    }


def _ranks(near: NDArray[np.floating], rows: NDArray[np.integer]) -> NDArray[np.integer]:
    order = np.argsort(-near, axis=1, kind="stable")
    return order[order != rows[:, None]].reshape(len(rows), -1)


def _scaled(tracks: Floats, n: int) -> dict[str, float]:
    import resource

    rng = np.random.default_rng(0)
    near = tracks[rng.integers(0, len(tracks), n)]
    vectors = (near + 0.06 * rng.standard_normal(near.shape)).astype(np.float32)
    with threadpool_limits(1):
        begin = process_time()
        points = laid_out(vectors, rng=rng)
        cpu_s = process_time() - begin
        mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        begin = process_time()
        placed(vectors[:100] + np.float32(0.01), vectors, points, rng=rng)
        new_ms = 10 * (process_time() - begin)
        rows = rng.permutation(n)[:300]
        directions = unit(vectors)
        true = directions[rows] @ directions.T
        true[np.arange(len(rows)), rows] = -np.inf
        found = nearest_rows(vectors, 15, rng=rng)[rows]
        shared = [np.intersect1d(one, other).size for one, other in zip(best(true, 15), found, strict=True)]
        shown = cKDTree(points).query(points[rows], K + 1)[1]
        kept = [
            np.intersect1d(one[:K], other[other != row][:K]).size
            for one, other, row in zip(best(true, K), shown, rows, strict=True)
        ]
    return {
        "cpu_s": cpu_s,
        "mib": mib,
        "new_ms": new_ms,
        "found": float(np.mean(shared)) / 15,
        "kept": float(np.mean(kept)),
    }
