"""Fit how sure a guess at a misspelt name is: ``python -m benchmarks.training.name_confidence``.

Prints the four numbers of :data:`ml.intelligent_search.telling.CONFIDENCE`. Its queries are drawn by another seed than
those that `search_names` reports on.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from benchmarks.search_names import SEED, catalogue, drawn, guesses
from ml.data.identity import normalise
from ml.intelligent_search.telling import signs_of

QUERIES = 8_000


def main() -> None:
    documents = catalogue()
    names = sorted({normalise(name) for name in documents["name"].to_list()} - {""})
    found, right = guesses(drawn(names, QUERIES, seed=SEED + 1), documents)
    signs = np.array([signs_of(one) for one in found])

    def loss(weights: np.ndarray) -> float:
        odds = weights[0] + signs @ weights[1:]
        return float(np.mean(np.logaddexp(0, odds) - right * odds) + 1e-4 * (weights[1:] ** 2).sum())

    best = minimize(loss, np.zeros(signs.shape[1] + 1)).x
    print(f"{len(found)} guesses, {right.mean():.3f} of them right; log loss {loss(best):.4f}")
    print("CONFIDENCE =", tuple(round(float(value), 2) for value in best))


if __name__ == "__main__":
    main()
