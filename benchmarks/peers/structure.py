"""Let librosa segment sounds, and `mir_eval` judge it and ours; run by the peers' interpreter.

``python structure.py SOUNDS.json RATE``: a list of objects ``sound`` (a file of float32 samples, mono), ``truth`` and
``ours``, both objects of ``edges`` in seconds and ``labels``. Scores, one for each sound, go to standard output as
JSON. librosa is told how many sections there are (`agglomerative`), and how many of them are different (`laplacian`,
the example of its manual after McFee and Ellis, 2014, which gives labels too).
"""

from __future__ import annotations

import json
import sys
import warnings
from itertools import pairwise
from pathlib import Path
from typing import Any

import librosa
import mir_eval
import numpy as np
import scipy
from sklearn.cluster import KMeans


def main(path: str, rate: str) -> dict[str, dict[str, list[float]]]:
    scores: dict[str, dict[str, list[float]]] = {"ours": {}, "agglomerative": {}, "laplacian": {}}
    for row in json.loads(Path(path).read_text(encoding="utf-8")):
        sound, end_s = np.load(row["sound"]), row["truth"]["edges"][-1]
        seen = _features(sound, int(rate))
        n, kinds = len(row["truth"]["labels"]), len(set(row["truth"]["labels"]))
        told = {
            "ours": row["ours"],
            "agglomerative": _agglomerative(*seen, n, end_s),
            "laplacian": _laplacian(*seen, kinds, end_s),
        }
        for name, found in told.items():
            for key, value in _judged(row["truth"], found).items():
                scores[name].setdefault(key, []).append(value)
    return scores


def _features(sound: np.ndarray, rate: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give chroma and MFCC by beat, and the beats' edges in seconds."""
    _, beats = librosa.beat.beat_track(y=sound, sr=rate, trim=False)
    beats = librosa.util.fix_frames(beats, x_min=0)
    chroma = librosa.util.sync(librosa.feature.chroma_cqt(y=sound, sr=rate), beats, aggregate=np.median)
    mfcc = librosa.util.sync(librosa.feature.mfcc(y=sound, sr=rate, n_mfcc=13), beats)
    times = librosa.frames_to_time(beats, sr=rate)
    return chroma[:, : len(times)], mfcc[:, : len(times)], times


def _agglomerative(chroma: np.ndarray, mfcc: np.ndarray, times: np.ndarray, n: int, end_s: float) -> dict[str, Any]:
    both = np.vstack([librosa.util.normalize(chroma, axis=1), scipy.stats.zscore(mfcc, axis=1) / 3])
    starts = librosa.segment.agglomerative(both, min(n, both.shape[1]))
    return {"edges": [0.0, *times[starts][1:].tolist(), end_s], "labels": [str(i) for i in range(len(starts))]}


def _laplacian(chroma: np.ndarray, mfcc: np.ndarray, times: np.ndarray, kinds: int, end_s: float) -> dict[str, Any]:
    alike = librosa.segment.recurrence_matrix(chroma, width=3, mode="affinity", sym=True)
    alike = librosa.segment.timelag_filter(scipy.ndimage.median_filter)(alike, size=(1, 7))
    distance = np.sum(np.diff(mfcc, axis=1) ** 2, axis=0)
    path = np.exp(-distance / np.median(distance))
    along = np.diag(path, k=1) + np.diag(path, k=-1)
    from_path, from_alike = along.sum(axis=1), alike.sum(axis=1)
    share = from_path.dot(from_path + from_alike) / np.sum((from_path + from_alike) ** 2)
    _, vectors = scipy.linalg.eigh(scipy.sparse.csgraph.laplacian(share * alike + (1 - share) * along, normed=True))
    vectors = scipy.ndimage.median_filter(vectors, size=(9, 1))
    norm = np.cumsum(vectors**2, axis=1) ** 0.5
    place = vectors[:, :kinds] / np.maximum(norm[:, kinds - 1 : kinds], 1e-12)
    labels = KMeans(n_clusters=kinds, n_init=10, random_state=0).fit_predict(place)
    starts = [0, *(np.flatnonzero(np.diff(labels)) + 1).tolist()]
    return {"edges": [0.0, *times[starts[1:]].tolist(), end_s], "labels": [str(labels[i]) for i in starts]}


def _judged(truth: dict[str, Any], found: dict[str, Any]) -> dict[str, float]:
    (true, names), (heard, said) = ((np.array(list(pairwise(one["edges"]))), one["labels"]) for one in (truth, found))
    heard[-1, 1] = true[-1, 1]
    pair_p, pair_r, pair_f = mir_eval.segment.pairwise(true, names, heard, said)
    scores = {"pairwise_f": pair_f, "pairwise_precision": pair_p, "pairwise_recall": pair_r}
    for window in (0.5, 3.0):
        p, r, f = mir_eval.segment.detection(true, heard, window=window, trim=True)
        scores |= {
            f"boundary_f_{window:g}s": f,
            f"boundary_precision_{window:g}s": p,
            f"boundary_recall_{window:g}s": r,
        }
    return {name: float(value) for name, value in scores.items()}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps(main(*sys.argv[1:])))
