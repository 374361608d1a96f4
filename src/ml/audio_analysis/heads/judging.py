"""How good a head is: nested grouped cross-validation over several seeds.

Everything that is chosen (settings, calibration) is chosen anew within the training tracks of each outer fold, whose
test tracks are of other groups.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.audio_analysis.heads.choosing import N_FOLDS, correlations, learn
from ml.audio_analysis.heads.folds import grouped_folds
from ml.audio_analysis.heads.labelled import Labelled
from ml.metrics.significance import bootstrap_ratio

#: Above so many tracks one seed is enough: folds then hardly differ.
_MANY = 1_000
SEEDS = 5
_RESAMPLES = 2_000

#: Takes training tracks, vectors to predict and a generator; gives probabilities or values.
Learner = Callable[[Labelled, NDArray[np.float32], np.random.Generator], NDArray[np.float64]]


def _ours(data: Labelled, vectors: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float64]:
    return learn(data, rng).predict(vectors, data)


def judge(data: Labelled, *, seeds: int = SEEDS, seed: int = 0, learner: Learner = _ours) -> dict[str, Any]:
    """Cross-validate, and give the numbers of a card.

    Parameters
    ----------
    data : Labelled
    seeds : int
        Times that the folds are dealt anew; once where there are over 1,000 tracks.
    seed : int
        The first.
    learner : callable
        What is judged; left out, :func:`ml.audio_analysis.heads.choosing.learn`.
    """
    runs = [predictions(data, one, learner) for one in range(seed, seed + (1 if len(data) > _MANY else seeds))]
    told: dict[str, Any] = {"folds": N_FOLDS, "seeds": len(runs), "tracks": len(data)}
    told["groups"] = int(data.groups.max()) + 1
    if data.kind == "classes":
        return told | _of_classes(data, runs)
    if data.kind == "tags":
        return told | _of_tags(data, runs)
    return told | _of_scales(data, runs)


def predictions(data: Labelled, seed: int, learner: Learner = _ours) -> NDArray[np.float64]:
    """Give what is said of each track by a head that has not learnt from its group."""
    rng = np.random.default_rng(seed)
    found = np.empty_like(data.targets)
    for part in grouped_folds(data.groups, data.classes(), min(N_FOLDS, int(data.groups.max()) + 1), rng):
        rest = data.at(np.setdiff1d(np.arange(len(data)), part))
        found[part] = learner(rest, data.vectors[part], rng)
    return found


def _of_classes(data: Labelled, runs: Sequence[NDArray[np.float64]]) -> dict[str, Any]:
    truth, n = data.classes(), len(data.labels)
    right = np.mean([run.argmax(axis=1) == truth for run in runs], axis=0)
    confusion = np.zeros((n, n))
    for run in runs:
        np.add.at(confusion, (truth, run.argmax(axis=1)), 1 / len(runs))
    likely = np.concatenate([run.max(axis=1) for run in runs])
    hit = np.concatenate([run.argmax(axis=1) == truth for run in runs])
    true = np.concatenate([run[np.arange(len(truth)), truth] for run in runs])
    interval = by_group(right, data.groups)
    return {
        "accuracy": float(right.mean()),
        "accuracy_low": interval[0],
        "accuracy_high": interval[1],
        "accuracy_by_seed": [float((run.argmax(axis=1) == truth).mean()) for run in runs],
        "most_frequent": float(data.targets.mean(axis=0).max()),
        "log_loss": float(-np.log(np.maximum(true, 1e-9)).mean()),
        "ece": calibration_error(likely, hit),
        "recall": {
            str(label): float(row[k] / row.sum())
            for k, (label, row) in enumerate(zip(data.labels, confusion, strict=True))
        },
        "confusion": {"labels": list(data.labels), "rows_are": "truth", "counts": confusion.round(1).tolist()},
    }


def _of_tags(data: Labelled, runs: Sequence[NDArray[np.float64]]) -> dict[str, Any]:
    mean = np.mean(
        [[_average_precision(run[:, k], data.targets[:, k]) for k in range(len(data.labels))] for run in runs], 0
    )
    likely, hit = (np.concatenate([np.ravel(each) for each in which]) for which in (runs, [data.targets] * len(runs)))
    return {
        "average_precision": float(np.mean(mean)),
        "average_precision_by_label": dict(zip(data.labels, map(float, mean), strict=True)),
        "share_by_label": dict(zip(data.labels, map(float, data.targets.mean(axis=0)), strict=True)),
        "ece": calibration_error(likely, hit.astype(bool)),
    }


def _of_scales(data: Labelled, runs: Sequence[NDArray[np.float64]]) -> dict[str, Any]:
    each = np.array([correlations(run, data.targets) for run in runs])
    low, high = _interval_of_r(runs, data)
    off = np.sqrt(np.mean([np.square(run - data.targets).mean(axis=0) for run in runs], axis=0))
    return {
        "pearson_r": float(each.mean()),
        "pearson_r_low": low,
        "pearson_r_high": high,
        "pearson_r_by_seed": each.mean(axis=1).tolist(),
        "pearson_r_by_scale": dict(zip(data.labels, each.mean(axis=0).tolist(), strict=True)),
        "rmse_by_scale": dict(zip(data.labels, off.tolist(), strict=True)),
    }


def by_group(values: NDArray[np.float64], groups: NDArray[np.intp]) -> tuple[float, float]:
    """Give the 95 % bootstrap interval of a mean over tracks, drawn by group: tracks of an artist hang together."""
    parts, wholes = (np.bincount(groups, each).astype(np.float64) for each in (values, np.ones(len(groups))))
    found = bootstrap_ratio(parts, wholes, rng=np.random.default_rng(0), resamples=_RESAMPLES)
    return found.low, found.high


def _interval_of_r(runs: Sequence[NDArray[np.float64]], data: Labelled) -> tuple[float, float]:
    rng, members = (
        np.random.default_rng(0),
        [np.flatnonzero(data.groups == group) for group in range(data.groups.max() + 1)],
    )
    drawn = []
    for k in range(_RESAMPLES // 4):
        rows = np.concatenate([members[group] for group in rng.integers(0, len(members), len(members))])
        drawn.append(correlations(runs[k % len(runs)][rows], data.targets[rows]).mean())
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def calibration_error(likely: NDArray[np.float64], hit: NDArray[np.bool_], n_bins: int = 10) -> float:
    """Give the expected calibration error over bins of equal width (Naeini, Cooper and Hauskrecht, 2015).

    >>> calibration_error(np.array([0.9, 0.9]), np.array([True, False]))
    0.4
    """
    places = np.minimum((likely * n_bins).astype(int), n_bins - 1)
    gap = np.abs(np.bincount(places, likely - hit, n_bins))
    return float(gap.sum() / max(1, len(likely)))


def _average_precision(scores: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    """Give the mean precision at the ranks of what is true."""
    ranked = truth[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    return float((precision * ranked).sum() / max(1.0, ranked.sum()))
