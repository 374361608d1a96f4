"""Fit how likely a match of covers is right, on styles that are not held out.

A logistic regression with a quadratic penalty on the first match of photographs of known covers, of strangers, and
of further members of series that are known. ``python -m benchmarks.training.covers`` prints weights for
:mod:`ml.intelligent_search.covers.judging`. Those that it has were fitted on 400 of these 720 photographs: 270 of known
covers, 115 of strangers, 15 of siblings, by the search as it was before details that repeat counted for less.
``python -m benchmarks.training.covers 60 18`` is the same on 60 covers, in some ten seconds.
"""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.covers_corpus import known, questions
from ml.intelligent_search.covers.judging import WEIGHTS, evidence, parts_of
from ml.intelligent_search.covers.matching import matches
from ml.models.retrieval.pictures import PictureEntry, PictureIndex

COVERS, ASKED, SEED, PENALTY, WRONG = 2_000, 450, 1, 0.1, 3.0


def examples(n: int, asked: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Give what the regression sees of each photograph's first match, and whether that was right."""
    covers = known(n, held_out=False)
    index = PictureIndex().with_pictures(PictureEntry.of(cover.name, cover.draw()) for cover in covers)
    rows, right = [], []
    for question in questions(covers, asked, seed=SEED):
        found = matches(index, question.photograph())
        if found:
            rows.append(list(evidence(parts_of(found[0])).values()))
            right.append(question.kind == "known" and index.names[found[0].row] == question.cover.name)
    return np.array(rows), np.array(right)


def fitted(rows: NDArray[np.float64], right: NDArray[np.bool_]) -> dict[str, float]:
    """Fit the weights; a wrong match counts as :data:`WRONG` right ones."""
    counts = np.where(right, 1.0, WRONG)
    sign = np.where(right, 1.0, -1.0)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = sign * (rows @ weights)
        slope = -sign * counts / (1 + np.exp(np.clip(margin, -50, 50)))
        cost = float((counts * np.logaddexp(0, -margin)).sum() + PENALTY * (weights[1:] ** 2).sum() / 2)
        return cost, rows.T @ slope + PENALTY * np.append(0.0, weights[1:])

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B")
    return {name: round(float(value), 3) for name, value in zip(WEIGHTS, found.x, strict=True)}


if __name__ == "__main__":
    print(fitted(*examples(*(map(int, sys.argv[1:]) if len(sys.argv) > 2 else (COVERS, ASKED)))))
