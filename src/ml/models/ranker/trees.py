"""Gradient-boosted trees that estimate whether an item will be played, kept as text in an array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ml.foundation.extras import extra
from ml.models.plays import Floats
from ml.models.ranker.leaves import Splits

#: Fewer hits than these teach nothing that would hold.
FEWEST_HITS = 100
#: Chosen on a validation part of the demo world: a pointwise loss is above ``lambdarank`` and ``rank_xendcg`` there at
#: every number of trees, since lists of one or two hits say little about pairs.
SETTINGS = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 7,
    "min_data_in_leaf": 50,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 10.0,
    "deterministic": True,
    "force_row_wise": True,
    # Threads of its own wait, busily, for cores that others hold.
    "num_threads": 1,
    "verbosity": -1,
}

#: How LightGBM writes that its sums are log odds.
_OBJECTIVE = "objective=binary sigmoid:1"


@dataclass
class Trees:
    """An ensemble of trees (LightGBM: Ke et al., NeurIPS 2017).

    Parameters
    ----------
    text : uint8 [shape=(n,)]
        LightGBM's own description, UTF-8.
    """

    text: NDArray[np.uint8]
    _booster: Any = None

    @classmethod
    def grow(
        cls,
        features: Floats,
        hit: NDArray[np.bool_],
        names: Sequence[str],
        *,
        rounds: int,
        seed: int,
    ) -> Self | None:
        """Grow trees; None where there are too few hits to learn from.

        Parameters
        ----------
        features : float32 [shape=(n_pairs, n_features)]
        hit : bool [shape=(n_pairs,)]
        names : sequence of str
            Of the features.
        rounds : int >= 1
            Trees.
        seed : int

        Raises
        ------
        MissingExtra
            If LightGBM is not installed.
        """
        if np.count_nonzero(hit) < FEWEST_HITS:
            return None
        with extra("deep"):
            import lightgbm
        data = lightgbm.Dataset(features, hit.astype(np.float32), feature_name=list(names), free_raw_data=True)
        booster = lightgbm.train({**SETTINGS, "seed": seed}, data, num_boost_round=rounds)
        return cls(np.frombuffer(booster.model_to_string().encode(), dtype=np.uint8))

    def predict(self, features: Floats) -> Floats:
        """Estimate the chance of a hit, float32 in (0, 1) [shape=(n_pairs,)].

        The log odds are LightGBM's own to the last digit, in a seventh of its time for many pairs; see
        :mod:`ml.models.ranker.leaves`.

        Raises
        ------
        MissingExtra
            If trees of a kind that only LightGBM reads are asked, and it is not installed.
        """
        if not len(features):
            return np.empty(0, dtype=np.float32)
        if self._splits is None:
            return np.asarray(self._loaded().predict(features, num_threads=1), dtype=np.float32)
        return np.asarray(1 / (1 + np.exp(-self._splits.sums(features))), dtype=np.float32)

    @cached_property
    def _splits(self) -> Splits | None:
        text = self.text.tobytes().decode()
        return Splits.read(text) if _OBJECTIVE in text.splitlines() else None

    def contributions(self, features: Floats) -> NDArray[np.float64]:
        """Say what each feature adds to the log odds of a hit: exact Shapley values of the trees.

        Returns
        -------
        float64 [shape=(n_pairs, n_features + 1)]
            A row's sum is the log odds that :meth:`predict` turns into a chance; the last column is where it begins.

        References
        ----------
        TreeSHAP: Lundberg et al., "From local explanations to global understanding with explainable AI for trees",
        Nature Machine Intelligence 2, 2020.
        """
        return np.asarray(self._loaded().predict(features, pred_contrib=True, num_threads=1), dtype=np.float64)

    def importances(self) -> dict[str, float]:
        """Say how much each feature took from the loss in training, over all splits, by its name."""
        booster = self._loaded()
        gains = booster.feature_importance(importance_type="gain").tolist()
        return dict(zip(booster.feature_name(), gains, strict=True))

    def _loaded(self) -> Any:
        # Read when it is first asked: a set of models opens without LightGBM too.
        if self._booster is None:
            with extra("deep"):
                import lightgbm
            self._booster = lightgbm.Booster(model_str=self.text.tobytes().decode())
        return self._booster
