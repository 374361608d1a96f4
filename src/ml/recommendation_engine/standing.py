"""Where every item stands for one listener: the whole ranking that an answer shows the beginning of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ml.foundation.settings import Recommendation as Settings
from ml.models.exposure import Bound
from ml.models.plays import Floats, Indices
from ml.recommendation_engine.answer import choose_items
from ml.recommendation_engine.memory import Memory
from ml.recommendation_engine.offers import Ranking, score_all, settle
from ml.recommendation_engine.profile import Profiles
from ml.recommendation_engine.request import Request
from ml.recommendation_engine.seam import who_answers
from ml.recommendation_engine.selection import Pick
from ml.recommendation_engine.serving import Serving
from ml.recommendation_engine.situation import Situation, zero_of


@dataclass(frozen=True)
class Question:
    """What was asked, and who is to answer.

    Parameters
    ----------
    serving : Serving
    settings : Settings
    request : Request
    name : str
        The algorithm that was resolved.
    gone : int64 [shape=(n,)]
        Items that were removed from the store since the training.
    """

    serving: Serving
    settings: Settings
    request: Request
    name: str
    gone: NDArray[np.int64]


@dataclass(frozen=True)
class Standing:
    """All items as one listener is offered them.

    Parameters
    ----------
    question : Question
    profiles : Profiles
        Of this listener.
    algorithm : str
        What ranked the new items.
    scores : float32 [shape=(n_items,)]
        Of new items; ``-inf`` where an item is no new one or left out.
    moved : float32, optional [shape=(n_items,)]
        What of it the situation added.
    familiar : mapping of int to float
        Scores of familiar items, the best first.
    bounds : tuple of Bound
        What shares of the new items in a list groups of artists are given.
    """

    question: Question
    profiles: Profiles
    algorithm: str
    scores: Floats
    moved: Floats | None
    familiar: Mapping[int, float]
    bounds: tuple[Bound, ...] = ()

    @classmethod
    def of(cls, question: Question, profiles: Profiles, situation: Situation, *, by: str | None = None) -> Self:
        """Rank everything, as :func:`ml.recommendation_engine.answer.draft` does.

        Parameters
        ----------
        question : Question
        profiles : Profiles
        situation : Situation
        by : str, optional
            The model that ranks, whatever the seam says of who answers; left out for somebody of whom nothing is known.
        """
        profiles = replace(profiles, left_out=[np.union1d(each, question.gone) for each in profiles.left_out])
        algorithms = who_answers(question.serving, question.name, profiles.asked)
        if by is not None and profiles.asked.counts.nnz:
            algorithms = [by]
        every, wished = score_all(question.serving, profiles.asked, algorithms, situation)
        scores = every[0].copy()
        own = profiles.known.only(0)
        zero = zero_of(question.serving.model(algorithms[0]))
        moved = settle(scores, own, profiles, 0, situation, wished.get(0), zero=zero)
        familiar, _ = Memory.of(question.serving, profiles.known, situation).ranked(0, own, profiles)
        return cls(question, profiles, algorithms[0], scores, moved, dict(familiar), situation.bounds)

    @property
    def warm(self) -> bool:
        """Whether the listener likes anything that the models know."""
        return bool(self.profiles.asked.counts.nnz)

    @property
    def heard(self) -> Indices:
        """Items that the listener knows, sorted."""
        return self.profiles.known.heard(0)

    def knows(self, index: int) -> bool:
        """Tell whether an item is one that the listener heard."""
        return bool((self.profiles.known.items == index).any())

    def score_of(self, index: int) -> float | None:
        """Give the score an item is ranked by; None where it is left out."""
        if self.knows(index):
            return self.familiar.get(index)
        return float(self.scores[index]) if np.isfinite(self.scores[index]) else None

    def rank_of(self, index: int, *, but: int | None = None) -> int | None:
        """Give an item's place in the ranking of its side, familiar or new, from 1; None where it is left out.

        Parameters
        ----------
        index : int
        but : int, optional
            An item that takes no place.
        """
        if self.knows(index):
            places = [each for each in self.familiar if each != but]
            return places.index(index) + 1 if index in self.familiar else None
        score = self.scores[index]
        if not np.isfinite(score):
            return None
        # Of equal scores the lower index is first, as in ml.models.topk.
        above = (self.scores > score) | ((self.scores == score) & (np.arange(len(self.scores)) < index))
        return int(np.count_nonzero(above)) + 1 - int(but is not None and bool(above[but]))

    @property
    def sizes(self) -> tuple[int, int]:
        """How many familiar and how many new items are ranked."""
        return len(self.familiar), int(np.isfinite(self.scores).sum())

    def listed(self, *, most: int | None = None) -> list[Pick]:
        """Choose the list that is shown; ``most`` of one artist, if not as asked."""
        request = self.question.request
        if most is not None:
            request = replace(request, max_per_artist=most)
        ratio = 1.0 if self.question.name == "replay" else request.familiar_ratio
        ratio = ratio if self.warm else 0.0
        familiar = iter(self.familiar.items())
        return choose_items(
            self.question.serving,
            request,
            familiar,
            Ranking(self.scores, request.count),
            ratio=ratio,
            bounds=self.bounds,
        )[0]
