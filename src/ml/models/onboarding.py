"""Which artists to ask a stranger about: those whose answers tell most.

Method
------
A stranger belongs to one of the taste groups; every answer changes how likely each group is, and the next questions are
those from whose answers most is to be learned about the group. Where several are asked at once, they are chosen one
after the other for what they tell together, so that two artists of the same fans are not asked side by side. Asked is
about artists that many know, since "never heard of" tells little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ml.models.taste_groups import Shares, TasteGroups, softmax

#: Artists that are asked about are among so many with the most listeners.
KNOWN = 300
#: Combinations of answers that are told apart while several questions are chosen.
STATES = 256
#: How sure a dislike of what a group likes most speaks against the group.
CERTAINTY = 0.9


@dataclass(frozen=True)
class Answers:
    """What a stranger said of artists, by their numbers in the model.

    Parameters
    ----------
    liked, disliked, unknown : tuple of int
    """

    liked: tuple[int, ...] = ()
    disliked: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()

    @property
    def asked(self) -> tuple[int, ...]:
        """All artists that were answered about."""
        return (*self.liked, *self.disliked, *self.unknown)


@dataclass
class Interview:
    r"""Choose questions by information gain, and read the answers.

    A listener of group k likes artist a with probability :math:`p_{ka} = 1 - e^{-L q_{ka}}`, where L is how many
    artists a listener likes on average and q the group's distribution. The gain of questions S is

    .. math:: I(S) = H(A_S) - \sum_k \pi_k \sum_{a \in S} H(p_{ka})

    with :math:`A_S` their answers (liked, or not) and H the entropy.

    Parameters
    ----------
    taste : TasteGroups
        Fitted.
    most_known : int >= 1
        How many of the best-known artists may be asked about.

    References
    ----------
    Rashid et al., "Getting to know you: learning new user preferences in recommender systems", IUI 2002.
    Golbandi, Koren and Lempel, "Adaptive bootstrapping of recommender systems using decision trees", WSDM 2011.
    """

    taste: TasteGroups
    most_known: int = KNOWN
    candidates: NDArray[np.int64] = field(init=False, repr=False)
    likely: Shares = field(init=False, repr=False)

    def __post_init__(self) -> None:
        assert self.taste.artists is not None
        assert self.taste.known is not None
        known, each = self.taste.known[:-1], float(self.taste.known[-1])
        order = np.lexsort((np.arange(len(known)), -known))[: self.most_known]
        self.candidates = order[known[order] > 0]
        likely = 1 - np.exp(-each * self.taste.artists.astype(np.float64))
        self.likely = np.clip(likely, 1e-9, 1 - 1e-9)

    def belonging(self, answers: Answers) -> Shares:
        """Give how likely each group is after some answers, float64 [shape=(n_groups,)]."""
        assert self.taste.sizes is not None
        logs = np.log(self.taste.sizes)
        p = self.likely
        liked, disliked, unknown = (list(numbers) for numbers in (answers.liked, answers.disliked, answers.unknown))
        evidence = np.log(p[:, liked]).sum(axis=1) + np.log1p(-p[:, unknown]).sum(axis=1)
        evidence += np.log1p(-CERTAINTY * p[:, disliked] / p[:, disliked].max(axis=0, initial=1e-9)).sum(axis=1)
        return np.asarray(softmax((logs + self.taste.temper * evidence)[None])[0])

    def questions(self, answers: Answers, count: int, *, without: Sequence[int] = ()) -> list[tuple[int, float]]:
        """Choose artists to ask about next.

        Parameters
        ----------
        answers : Answers
        count : int >= 1
        without : sequence of int
            Artists that cannot be asked about.

        Returns
        -------
        list of (int, float)
            Number of an artist, and how many bits more than those before it this question tells on average.
        """
        groups = self.belonging(answers)
        p = self.likely[:, self.candidates]
        noise = groups @ entropy(p)
        open_ = ~np.isin(self.candidates, [*answers.asked, *without])
        # A row for each combination of answers so far: how likely it is together with each group.
        states = groups[None, :]
        found: list[tuple[int, float]] = []
        for _ in range(min(count, int(open_.sum()))):
            likes, sums = states @ p, states.sum(axis=1, keepdims=True)
            gains = (split_entropy(likes, sums) - noise) / np.log(2)
            best = int(np.where(open_, gains, -np.inf).argmax())
            found.append((int(self.candidates[best]), max(0.0, float(gains[best]))))
            open_[best] = False
            both = np.concatenate([states * p[:, best], states * (1 - p[:, best])])
            states = both[np.argsort(-both.sum(axis=1), kind="stable")[:STATES]]
        return found


def entropy(p: Shares) -> Shares:
    """Give the entropy of yes and no, in nats; p lies strictly between 0 and 1.

    >>> float(entropy(np.array([0.5]))[0].round(4))
    0.6931
    """
    return np.asarray(-(p * np.log(p) + (1 - p) * np.log1p(-p)))


def split_entropy(likes: Shares, sums: Shares) -> Shares:
    """Give how much a further answer adds to the entropy of the answers so far, in nats, one number a candidate.

    Parameters
    ----------
    likes : float64 [shape=(n_states, n_candidates)]
        How likely each combination of answers so far is, together with liking the candidate.
    sums : float64 [shape=(n_states, 1)]
        How likely each combination is.
    """
    share = np.clip(likes / np.maximum(sums, np.finfo(np.float64).tiny), 1e-12, 1 - 1e-12)
    return np.asarray((sums * entropy(share)).sum(axis=0))
