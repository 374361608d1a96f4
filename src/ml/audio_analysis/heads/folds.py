"""Folds that leave no group on both sides."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]


def grouped_folds(groups: Indices, classes: Indices, n_folds: int, rng: np.random.Generator) -> list[Indices]:
    """Deal groups out to folds so that classes are spread evenly.

    Parameters
    ----------
    groups : intp [shape=(n,)]
        Numbers from 0.
    classes : intp [shape=(n,)]
        Numbers from 0; all 0 where there are none.
    n_folds : int >= 2
    rng : numpy.random.Generator

    Returns
    -------
    list of intp arrays
        The tracks of each fold; every track is in one of them.

    Notes
    -----
    Large groups first, in random order among equals, each to the fold that it leaves most even: the sum of squares of
    the classes' counts is least, as scikit-learn's ``StratifiedGroupKFold`` does by deviations.

    Examples
    --------
    >>> groups = np.array([0, 0, 1, 1, 2, 3])
    >>> folds = grouped_folds(groups, np.zeros(6, dtype=np.intp), 2, np.random.default_rng(0))
    >>> [len(fold) for fold in folds], set(groups[folds[0]]) & set(groups[folds[1]])
    ([3, 3], set())
    """
    n_groups, n_classes = int(groups.max()) + 1, int(classes.max()) + 1
    counts = np.zeros((n_groups, n_classes))
    np.add.at(counts, (groups, classes), 1.0)
    # Each class counts the same, however many tracks it has.
    counts /= np.maximum(counts.sum(axis=0), 1.0)
    order = rng.permutation(n_groups)
    order = order[np.argsort(-counts[order].max(axis=1), kind="stable")]
    filled = np.zeros((n_folds, n_classes))
    fold_of = np.empty(n_groups, dtype=np.intp)
    for group in order.tolist():
        cost = np.square(filled + counts[group]).sum(axis=1) - np.square(filled).sum(axis=1)
        fold = int(rng.permutation(np.flatnonzero(np.isclose(cost, cost.min())))[0])
        fold_of[group] = fold
        filled[fold] += counts[group]
    return [np.flatnonzero(fold_of[groups] == fold) for fold in range(n_folds)]
