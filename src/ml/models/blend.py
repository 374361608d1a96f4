"""Several models as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from ml.foundation.errors import NotTrained
from ml.models.base import Arrays, Model, TrainingData, arrays_of_members, require_fitted, restore_members
from ml.models.content import Content
from ml.models.content_tower import ContentTower
from ml.models.item_knn import ItemKNN
from ml.models.plays import Floats, Indices, Plays
from ml.models.popularity import Popularity

#: Chosen on validation sets (``make bench BENCH_ARGS=defaults``), never on a test set.
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"item_knn": 1.0, "content_tower": 0.5, "content": 0.6, "popularity": 0.05}
)

#: What the score of an item is multiplied by that nobody has heard; chosen on the same sets.
LIFT = 1.5
#: Training listeners whose scores set the scale of a member, and the place of the score that is taken.
SAMPLE, PLACE = 256, 20

#: Scores that are added up together: enough listeners for one product of matrices, few enough for a processor's cache.
CHUNK_NUMBERS = 1 << 22


def default_members() -> tuple[Model, ...]:
    """Make the members of the hybrid, not fitted yet."""
    return (ItemKNN(), ContentTower(), Content(), Popularity())


@dataclass
class Blend:
    r"""Score an item by the weighted sum of what several models say.

    .. math:: s_{ui} = b_i \sum_m \frac{w_m}{\sigma_m}\, s^{(m)}_{ui}

    The scale :math:`\sigma_m` is a constant, learned once: the mean, over a sample of the training
    listeners, of the member's 20th best score. Nothing is normalised when asked, so the score of
    an item does not depend on which others are scored with it, and taking one listen away
    changes exactly what that listen contributed.

    Of an item that nobody has heard, only the members that know its attributes can speak; its sum is multiplied by
    b = :data:`LIFT`, so that it is offered at all. For what anybody has heard, b is 1.

    Parameters
    ----------
    members : tuple of Model
        With different names. Fitted ones may be given; then :meth:`calibrate` is enough.
    weights : mapping of str to float >= 0
        By the members' names.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> plays = Plays.of([[0, 1], [0, 1], [2]], n_items=3)
    >>> data = TrainingData(plays, csr_matrix((3, 0)), np.full(3, -1))
    >>> members = (ItemKNN(shrinkage=0), Popularity())
    >>> model = Blend(members, {"item_knn": 1.0, "popularity": 0.5}).fit(data, rng=np.random.default_rng(0))
    >>> history = Plays.of([[0]], n_items=3)
    >>> parts = model.parts(history)
    >>> bool(np.allclose(model.score(history), parts["item_knn"] + parts["popularity"]))
    True
    """

    members: tuple[Model, ...] = field(default_factory=default_members)
    weights: Mapping[str, float] = field(default_factory=lambda: dict(WEIGHTS))
    name: ClassVar[str] = "hybrid"
    lifts: ClassVar[float] = LIFT
    scales: NDArray[np.float64] | None = field(default=None, init=False, repr=False)
    unheard: Indices | None = field(default=None, init=False, repr=False)
    n_items: int | None = field(default=None, init=False, repr=False)
    _gains: Floats | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = [member.name for member in self.members]
        if len(set(names)) < len(names) or set(names) != set(self.weights):
            raise ValueError(f"weights of {sorted(self.weights)} do not fit the members {sorted(names)}")

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Fit the members, then learn their scales."""
        for member in self.members:
            member.fit(data, rng=rng)
        return self.calibrate(data, rng=rng)

    def calibrate(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Learn the scales of members that are fitted already; one of no weight need not be."""
        listeners = np.flatnonzero(np.diff(data.plays.counts.indptr))
        sample = np.sort(rng.choice(listeners, min(SAMPLE, len(listeners)), replace=False))
        scales = np.zeros(len(self.members))
        step = _step(data.n_items)
        for first in range(0, len(sample), step):
            history = data.plays.select(sample[first : first + step])
            scales += [
                _score_at(member.score(history), PLACE).sum() if self.weights[member.name] else 0.0
                for member in self.members
            ]
        # A member that has nothing to say (content without tags) adds zeros on any scale.
        self.scales = np.where(scales > 0, scales / max(1, len(sample)), 1.0)
        self.n_items = data.n_items
        heard = np.bincount(data.plays.counts.indices, minlength=data.n_items) > 0
        return self._lift(np.flatnonzero(~heard).astype(np.int32))

    def _lift(self, unheard: Indices) -> Self:
        self.unheard = unheard
        self._gains = None
        if len(unheard) and self.lifts != 1:
            self._gains = np.ones(self.n_items or 0, dtype=np.float32)
            self._gains[unheard] = self.lifts
        return self

    def _lifted(self, scores: Floats, items: Indices | None) -> Floats:
        """Multiply by b, in place where that is allowed."""
        if self._gains is None:
            return scores
        if items is None and scores.flags.writeable and self.unheard is not None:
            scores[:, self.unheard] *= np.float32(self.lifts)
            return scores
        return np.asarray(scores * (self._gains if items is None else self._gains[items]))

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`."""
        factors = self._factors(history)
        n_scores = history.n_items if items is None else len(items)
        step = _step(n_scores)
        if history.n_users <= step:
            return self._lifted(_sum(factors, history, items), items)
        scores = np.empty((history.n_users, n_scores), dtype=np.float32)
        for first in range(0, history.n_users, step):
            some = history.select(np.arange(first, min(first + step, history.n_users)))
            scores[first : first + step] = self._lifted(_sum(factors, some, items), items)
        return scores

    def parts(self, history: Plays, *, items: Indices | None = None) -> dict[str, Floats]:
        """Give what each member adds to a score, float32 [shape=(n_users, n_items or n)] by name."""
        return {
            member.name: self._lifted(member.score(history, items=items) * factor, items)
            for member, factor in self._factors(history)
        }

    def combine(self, said: Mapping[str, Floats], *, items: Indices | None = None) -> Floats:
        """Score from what the members have said of these items, by name; float32 of their shape.

        Raises
        ------
        ml.foundation.errors.NotTrained
            Before :meth:`fit`.
        """
        factors = self._factors(None)
        if not factors:
            return np.zeros_like(next(iter(said.values())))
        total: Floats = said[factors[0][0].name] * factors[0][1]
        for member, factor in factors[1:]:
            _add(total, said[member.name], factor)
        return self._lifted(total, items)

    def _factors(self, history: Plays | None) -> list[tuple[Model, np.float32]]:
        if history is not None:
            require_fitted(self, history)
        if self.scales is None:
            raise NotTrained(f"the model {self.name!r} has not been trained", "ml train", code="no_models")
        pairs = zip(self.members, self.scales, strict=True)
        factors = [(member, np.float32(self.weights[member.name] / scale)) for member, scale in pairs]
        return [(member, factor) for member, factor in factors if factor]

    def own_arrays(self) -> Arrays:
        """Give what the blend learned beside its members."""
        if self.scales is None or self.n_items is None:
            return {}
        unheard = np.empty(0, dtype=np.int32) if self.unheard is None else self.unheard
        return {"scales": self.scales, "n_items": np.array(self.n_items), "unheard": unheard}

    def own_config(self) -> dict[str, Any]:
        """Give the settings beside the members."""
        return {"weights": dict(self.weights)}

    def arrays(self) -> Arrays:
        """Give the blend's own arrays, and those of its members as ``member/array``."""
        return self.own_arrays() | arrays_of_members(self)

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave; members without arrays there stay as they are."""
        restore_members(self, arrays)
        self.scales = arrays["scales"]
        self.n_items = int(arrays["n_items"])
        # Files of the first versions name none.
        return self._lift(arrays.get("unheard", np.empty(0, dtype=np.int32)))


def _step(n_scores: int) -> int:
    return max(1, CHUNK_NUMBERS // max(1, n_scores))


def _sum(factors: list[tuple[Model, np.float32]], history: Plays, items: Indices | None) -> Floats:
    total: Floats | None = None
    for member, factor in factors:
        part = member.score(history, items=items)
        if total is None:
            total = np.multiply(part, factor, out=part if part.flags.writeable else None)
        else:
            _add(total, part, factor)
    if total is None:
        return np.zeros((history.n_users, history.n_items if items is None else len(items)), dtype=np.float32)
    return total


def _add(total: Floats, part: Floats, factor: np.float32) -> None:
    """Add the scores of a member, each multiplied by a factor, in place."""
    if len(part) and part.strides[0] == 0:
        total += part[0] * factor  # one row for all listeners, such as popularity's
        return
    # Row by row, so that what was multiplied is still in the processor's cache when it is added.
    scaled = np.empty(total.shape[1], dtype=np.float32)
    for row, summand in zip(total, part, strict=True):
        np.add(row, np.multiply(summand, factor, out=scaled), out=row)


def _score_at(scores: Floats, place: int) -> Floats:
    """Give the score at a place of each row's ranking, the last one where a row is shorter."""
    place = min(place, scores.shape[1])
    return np.partition(scores, scores.shape[1] - place, axis=1)[:, scores.shape[1] - place]
