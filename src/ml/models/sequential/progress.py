"""How far a training is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ml.models.base import Arrays


@dataclass
class Progress:
    """How far training is: all that is needed to go on.

    Parameters
    ----------
    epoch : int
        Epochs done.
    scores : list of float
        What the judge said before the first epoch and after each; empty where nobody judges.
    best : mapping of str to array
        The weights of the best epoch.
    weights, moments : mapping of str to array
        Weights and the optimiser's state now.
    """

    epoch: int = 0
    scores: list[float] = field(default_factory=list)
    best: Arrays = field(default_factory=dict)
    weights: Arrays = field(default_factory=dict)
    moments: Arrays = field(default_factory=dict)

    def is_over(self, *, epochs: int, patience: int) -> bool:
        """Tell whether nothing more is to be gained.

        That the beginning was better is no reason to end: what is learned of order may take a few epochs to show.
        """
        learned = self.scores[1:]
        stale = len(learned) - 1 - int(np.argmax(learned)) if learned else 0
        return self.epoch >= epochs or stale >= patience
