"""How far a training is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ml.metrics.significance import bootstrap_mean
from ml.models.base import Arrays

#: How sure it has to be that an epoch is above the beginning. High, since every epoch has a try.
SURE = 0.99


@dataclass
class Progress:
    """How far training is: all that is needed to go on.

    Parameters
    ----------
    epoch : int
        Epochs done.
    scores : list of float64 [shape=(n_judges,)]
        What each judge said before the first epoch and after each; empty where nobody judges.
    best_epoch : int
        The best one that is above the beginning for sure; 0 is the beginning.
    best : mapping of str to array
        Its weights.
    weights, moments : mapping of str to array
        Weights and the optimiser's state now.
    """

    epoch: int = 0
    scores: list[NDArray[np.float64]] = field(default_factory=list)
    best_epoch: int = 0
    best: Arrays = field(default_factory=dict)
    weights: Arrays = field(default_factory=dict)
    moments: Arrays = field(default_factory=dict)

    @property
    def means(self) -> list[float]:
        """What the judges said together."""
        return [float(np.nanmean(each)) for each in self.scores]

    def is_best(self) -> bool:
        """Tell whether the last epoch is the best one and above the beginning for sure; without judges it always is.

        A few hundred judges take one epoch of many for better than the beginning by chance alone.
        """
        if not self.scores:
            return True
        if self.best_epoch and self.means[-1] <= self.means[self.best_epoch]:
            return False
        rng = np.random.default_rng(self.epoch)
        return bootstrap_mean(self.scores[-1], baseline=self.scores[0], rng=rng, level=SURE).low > 0

    def is_over(self, *, epochs: int, patience: int) -> bool:
        """Tell whether nothing more is to be gained.

        That the beginning was better is no reason to end: what is learned of order may take a few epochs to show.
        """
        learned = self.means[1:]
        stale = len(learned) - 1 - int(np.argmax(learned)) if learned else 0
        return self.epoch >= epochs or stale >= patience
