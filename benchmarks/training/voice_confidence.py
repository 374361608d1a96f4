"""Fit how sure a name is that was heard: ``python -m benchmarks.training.voice_confidence``.

Prints :data:`ml.intelligent_search.voice.judging.SHARPNESS` and ``CONFIDENCE``. Names, voices, sentences and noise are
those for tuning: `search_voice` reports on others. A third of what is said is no name of the catalogue.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from benchmarks.spoken import RATE, catalogues, queries, strangers
from ml.intelligent_search.voice import Recogniser, VoiceRequest, judging

QUERIES, STRANGERS, SEED = 300, 150, 7


def main() -> None:
    _, names, others = catalogues()
    known = queries(names, QUERIES, seed=SEED, tuning=True)
    every = [*known, *strangers(others[:1_000], STRANGERS, seed=SEED, tuning=True)]
    recogniser = Recogniser(names)
    heard = [recogniser.scores(VoiceRequest.of((said.samples(tuning=True), RATE)).samples) for said in every]
    meant = [recogniser.names.index(said.name) for said in known]

    def surprise(sharpness: float) -> float:
        losses = []
        for (scores, _), place in zip(heard, meant, strict=False):
            away = sharpness * (scores.astype(np.float64) - scores.max())
            losses.append(np.log(np.exp(away).sum()) - away[place])
        return float(np.mean(np.minimum(losses, 10.0)))

    sharpness = minimize_scalar(surprise, bounds=(0.005, 1.0), method="bounded").x
    judging.SHARPNESS = round(float(sharpness), 3)
    right = np.zeros(len(every), bool)
    right[: len(known)] = [int(scores.argmax()) == place for (scores, _), place in zip(heard, meant, strict=False)]
    signs = np.array([judging.signs_of(*one) for one in heard])

    def loss(weights: np.ndarray) -> float:
        odds = weights[0] + signs @ weights[1:]
        return float(np.mean(np.logaddexp(0, odds) - right * odds) + 1e-4 * (weights[1:] ** 2).sum())

    best = minimize(loss, np.zeros(signs.shape[1] + 1)).x
    odds = best[0] + signs @ best[1:]
    print(f"SHARPNESS = {judging.SHARPNESS}; {right.mean():.3f} right of all, log loss {loss(best):.4f}")
    print("CONFIDENCE =", tuple(round(float(value), 2) for value in best))
    for least in (0.1, 0.15, 0.2, 0.3, 0.4, 0.5):
        kept = 1 / (1 + np.exp(-odds)) >= least
        print(
            f"refused below {least}: {1 - kept[right].mean():.3f} of the right, "
            f"{1 - kept[len(known) : len(known) + STRANGERS // 2].mean():.3f} of other names, "
            f"{1 - kept[-(STRANGERS - STRANGERS // 2) :].mean():.3f} of sentences"
        )


if __name__ == "__main__":
    main()
