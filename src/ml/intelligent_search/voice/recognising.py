"""Names of a catalogue, ready to be heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.intelligent_search.voice import judging
from ml.intelligent_search.voice.cepstra import Floats, features
from ml.intelligent_search.voice.decoding import Choices, Grammar, relative_scores
from ml.intelligent_search.voice.pronouncing import pronunciations
from ml.intelligent_search.voice.sphinx import acoustic_model

#: What may be said before a name.
CARRIERS = (
    "play",
    "find",
    "search",
    "search for",
    "look for",
    "songs by",
    "music by",
    "play songs by",
    "play something by",
)
_GUESSES = 3


@dataclass(frozen=True, slots=True)
class Guess:
    """A name that may have been said.

    Parameters
    ----------
    name : str
    probability : float
        In [0, 1].
    """

    name: str
    probability: float


class Recogniser:
    """Hears names.

    Parameters
    ----------
    names : sequence of str
    choices : Choices, optional

    Raises
    ------
    MissingExtra
        If PocketSphinx is not installed.
    """

    def __init__(self, names: Sequence[str], choices: Choices | None = None) -> None:
        self._choices = choices or Choices()
        self._model = acoustic_model()
        said = pronunciations(names)
        sayable = [(name, ways) for name, ways in zip(names, said, strict=True) if ways]
        self.names = tuple(name for name, _ in sayable)
        carriers = [ways[0].words for ways in pronunciations(CARRIERS)]
        self._grammar = Grammar.of(self._model, [ways for _, ways in sayable], carriers)

    def scores(self, samples: Floats) -> tuple[Floats, int]:
        """Score all names, and say how many frames are no silence."""
        relative = relative_scores(self._model.scores(features(samples)), self._choices.floor)
        return self._grammar.scores(relative, self._choices), self._grammar.spoken(relative, self._choices)

    def hear(self, samples: Floats, count: int = _GUESSES) -> list[Guess]:
        """Give the names that were most probably said, the most probable first.

        Parameters
        ----------
        samples : float32 [shape=(n_samples,)]
            Mono at 16 kHz.
        count : int
        """
        if not self.names:
            return []
        scores, spoken = self.scores(samples)
        sure = judging.confidence(scores, spoken)
        shares = judging.shares(scores)
        best, *others = np.argsort(-scores, kind="stable")[:count]
        # What the first one leaves is for the others and for what is no name of the catalogue.
        left = (1 - sure) * shares / max(1 - shares[best], 1e-9)
        return [
            Guess(self.names[best], round(sure, 4)),
            *(Guess(self.names[one], round(min(float(left[one]), sure), 4)) for one in others),
        ]
