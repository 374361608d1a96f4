"""A few questions to a stranger, and first recommendations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from ml.data.identity import outside_ids
from ml.data.schema import items
from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.results import Result
from ml.recommendation_engine.results import Recommendations
from ml.recommendation_engine.serving import Serving
from ml.recommendation_engine.strangers import Guess, Said, Stranger

#: What may be answered about an artist.
ANSWERS = ("like", "dislike", "unknown")
#: Questions in one answer, at most.
MOST_QUESTIONS = 50


@dataclass(frozen=True, slots=True)
class Question(Result):
    """An artist to ask about.

    Parameters
    ----------
    item_id : str
        Outside id of the artist.
    name : str
    gain_bits : float
        How much the answer tells on average about the listener's taste group, beyond the questions before it.
    known_share : float in [0, 1]
        Of the listeners, those who like something by the artist.
    """

    item_id: str
    name: str
    gain_bits: float
    known_share: float


@dataclass(frozen=True, slots=True)
class Onboarding(Result):
    """Where an interview stands.

    Parameters
    ----------
    questions : tuple of Question
        What to ask next, the most telling first.
    recommendations : Recommendations
        By what was said so far.
    answered : int
        How many artists were answered about.
    """

    questions: tuple[Question, ...]
    recommendations: Recommendations
    answered: int


def sorted_answers(answers: object) -> dict[str, list[str]]:
    """Put answers, pairs of (artist, answer), in order.

    >>> sorted_answers([("Radiohead", "like"), ("Enya", "unknown")])
    {'like': ['Radiohead'], 'dislike': [], 'unknown': ['Enya']}

    Raises
    ------
    BadInput
        If one is no such pair.
    """
    found: dict[str, list[str]] = {answer: [] for answer in ANSWERS}
    if isinstance(answers, str) or not hasattr(answers, "__iter__"):
        raise BadInput(f"answers = {answers!r}", "give pairs: [('Radiohead', 'like')]")
    for pair in answers:
        if isinstance(pair, str) or not hasattr(pair, "__len__") or len(pair) != 2:
            raise BadInput(f"{pair!r} is no answer", "give pairs: [('Radiohead', 'like')]")
        artist, answer = pair
        if answer not in ANSWERS:
            raise BadInput(f"unknown answer {answer!r}", did_you_mean(str(answer), ANSWERS))
        found[answer].append(artist)
    for artist in found["like"]:
        if artist in found["dislike"]:
            raise BadInput(f"{artist!r} is liked and disliked", "give one answer about it")
    return found


def questions(connection: Connection, serving: Serving, said: Said, count: int) -> tuple[Question, ...]:
    """Choose what to ask next."""
    stranger = Stranger.read(connection, serving, said)
    interview = Guess.of(serving, stranger.answers).interview
    keys = _artist_keys(serving)
    statement = select(items.c.key, items.c.name).where(items.c.kind == "artist")
    names = {int(key): str(name) for key, name in connection.execute(statement)}
    # Not asked about: tracks of nobody, and artists that are gone since the training.
    nameless = [int(number) for number in interview.candidates if int(keys[number]) not in names]
    chosen = interview.questions(stranger.answers, count, without=nameless)
    ids = outside_ids(connection, "item", [int(keys[number]) for number, _ in chosen])
    known = interview.taste.known
    assert known is not None
    listeners = max(1.0, float(known[:-1].sum() / max(known[-1], 1e-9)))
    return tuple(
        Question(ids[int(keys[number])], names[int(keys[number])], gain, min(1.0, float(known[number]) / listeners))
        for number, gain in chosen
    )


def _artist_keys(serving: Serving) -> NDArray[np.int64]:
    """Give the store's key of each artist of the taste groups, by any of their items."""
    makers = serving.first_guess.taste.makers
    assert makers is not None
    keys = np.zeros(int(makers.max(initial=-1)) + 1, dtype=np.int64)
    keys[makers] = serving.catalogue.artists
    return keys
