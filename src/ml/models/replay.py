"""What this listener comes back to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from ml.models.base import Arrays, TrainingData, require_fitted
from ml.models.plays import UNDATED, Floats, Indices, Plays
from ml.models.rows import among

HOUR_MS = 3_600_000


@dataclass
class Replay:
    r"""Score an item by how often and how recently this listener played it.

    .. math:: s_{ui} = \log\Bigl(1 + \sum_{j} w_j \bigl(1 + a_j / \tau\bigr)^{-d}\Bigr)

    over the plays j of item i by listener u, with weight :math:`w_j` and age :math:`a_j`. It is
    the base-level activation of the ACT-R theory of memory: need for a thing decays as a power
    of the time since each encounter, so old favourites outlive a passing fad of the same total.
    A play without a date counts as if it were new, so that totals rank as ``log(1 + count)``.

    An item never heard scores 0, and so does one that was only ever skipped. Nothing is learned
    from other listeners.

    Parameters
    ----------
    decay : float >= 0
        The exponent d; 0.5 is the value that memory experiments agree on.
    unit_hours : float > 0
        The age :math:`\tau` from which forgetting sets in.

    References
    ----------
    Anderson and Schooler, "Reflections of the environment in memory", Psychological Science 1991.
    Reiter-Haas et al., "Predicting music relistening behavior using the ACT-R framework", RecSys 2021.

    Examples
    --------
    Item 0 was played twice 99 hours ago, item 1 once just now.

    >>> from scipy.sparse import csr_matrix
    >>> hour = 3_600_000
    >>> data = TrainingData(Plays.of([[0]], n_items=3), csr_matrix((3, 0)), np.full(3, -1))
    >>> model = Replay(decay=0.5, unit_hours=1).fit(data, rng=np.random.default_rng(0))
    >>> history = Plays(np.array([0, 3]), np.array([0, 0, 1], np.int32), np.ones(3, np.float32),
    ...                 np.array([0, 0, 99]) * hour, n_items=3, now=99 * hour)
    >>> model.score(history).round(2)
    array([[0.18, 0.69, 0.  ]], dtype=float32)
    """

    decay: float = 0.5
    unit_hours: float = 24.0
    name: ClassVar[str] = "replay"
    n_items: int | None = field(default=None, init=False, repr=False)

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:  # noqa: ARG002
        """Learn the size of the vocabulary."""
        self.n_items = data.n_items
        return self

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`, from the listener's own plays alone."""
        require_fitted(self, history)
        # Dates later than the moment of asking are taken for new: clocks differ.
        age_ms = np.where(history.times == UNDATED, 0, np.maximum(0, history.now - history.times))
        worth = history.weights * (1.0 + age_ms / (self.unit_hours * HOUR_MS)) ** -self.decay
        wanted, back = (None, slice(None)) if items is None else np.unique(items, return_inverse=True)
        heard: NDArray[np.integer] = history.items
        users, n_scores = history.users.astype(np.int64), history.n_items
        if wanted is not None:
            there, heard = among(heard, wanted)
            users, worth, n_scores = users[there], worth[there], len(wanted)
        activation = np.bincount(users * n_scores + heard, worth, history.n_users * n_scores).astype(np.float64)
        np.log1p(activation, out=activation, where=activation != 0)
        return activation.astype(np.float32).reshape(history.n_users, n_scores)[:, back]

    def arrays(self) -> Arrays:
        """Give the size of the vocabulary."""
        return {} if self.n_items is None else {"n_items": np.array(self.n_items)}

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        self.n_items = int(arrays["n_items"])
        return self
