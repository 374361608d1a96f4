"""Where settings are tried: a split, and listeners of whom half choose and half confirm."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.foundation.extras import DISTRIBUTION
from ml.metrics.lists import Scores
from ml.models import judging
from ml.models.dataset import Split
from ml.models.judging import K, Task
from ml.models.registry import MODELS

#: Listeners that settings are judged by at most, drawn with the seed.
JUDGES = 3_000
METRIC = f"ndcg@{K}"


@dataclass(frozen=True)
class Ground:
    """What every trial of a search is judged on.

    Parameters
    ----------
    split : Split
    judges : int64 [shape=(n,)]
        Those of even place choose, those of odd place confirm: how good the best of many is can only be said by
        listeners who did not choose it.
    task : str
    seed : int
        Of the models.
    """

    split: Split
    judges: NDArray[np.int64]
    task: Task
    seed: int

    @classmethod
    def of(cls, split: Split, task: Task, seed: int) -> Ground:
        """Draw the judges."""
        return cls(split, judging.draw_judges(split, JUDGES, task=task, rng=np.random.default_rng(seed)), task, seed)

    def judge(self, name: str, config: dict[str, Any]) -> Scores:
        """Fit a model and give each judge's NDCG@20; nothing of the model is kept."""
        model = MODELS[name](**config).fit(self.split.train.data, rng=np.random.default_rng(self.seed))
        return judging.judge(model, self.split, self.judges, task=self.task, metrics=("ndcg",))[METRIC]

    def mark(self) -> str:
        """Name what a trial depends on besides the settings: trials on other ground are another search's."""
        digest = sha256(f"{version(DISTRIBUTION)} {self.task} {self.seed} {self.split.fingerprint}".encode())
        data = self.split.train.data
        for array in (*_parts(data.tags), data.artists, self.judges):
            digest.update(np.ascontiguousarray(array).data)
        digest.update(repr((data.plays.countries, data.plays.ages)).encode())
        return digest.hexdigest()


def choosing(scores: Scores) -> float:
    """Average over the judges who choose.

    >>> choosing(np.array([1.0, 9.0, 3.0, np.nan]))
    2.0
    """
    return float(np.nanmean(scores[::2]))


def confirming(scores: Scores) -> Scores:
    """Keep the judges who confirm.

    >>> confirming(np.array([1.0, 9.0, 3.0, 7.0]))
    array([9., 7.])
    """
    return scores[1::2]


def _parts(matrix: csr_matrix) -> tuple[NDArray[Any], ...]:
    return matrix.data, matrix.indices, matrix.indptr
