"""The engine's verbs for those of whom nothing is stored."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ml.foundation.workers import quiet_blas
from ml.recommendation_engine import strangers
from ml.recommendation_engine.onboarding import MOST_QUESTIONS, Onboarding, sorted_answers
from ml.recommendation_engine.onboarding import questions as next_questions
from ml.recommendation_engine.request import Request, between
from ml.recommendation_engine.results import Recommendations
from ml.recommendation_engine.serving import Current
from ml.recommendation_engine.staleness import newer_data
from ml.recommendation_engine.strangers import Said

if TYPE_CHECKING:
    from ml.recommendation_engine.parts import EngineParts


class ForStrangers:
    """What :class:`~ml.recommendation_engine.engine.RecommendationEngine` says to strangers; it sets the two parts."""

    _parts: EngineParts
    _current: Current

    def recommend_from(
        self,
        *,
        likes: Sequence[str] = (),
        dislikes: Sequence[str] = (),
        genres: Sequence[str] = (),
        language: str | None = None,
        country: str | None = None,
        age: int | None = None,
        count: int = 10,
        max_per_artist: int | None = None,
    ) -> Recommendations:
        """Recommend to somebody of whom nothing is stored, from what they say of themselves; nothing of it is kept.

        Parameters
        ----------
        likes, dislikes : sequence of str
            Artists or tracks, by id or exact name. An artist stands for their best-known tracks.
        genres : sequence of str
            Genres or tags, as items carry them.
        language, country : str, optional
            Of the music, as the catalogue writes it, and of the listener, ISO 3166.
        age : int in [0, 120], optional
        count : int in [1, 1000]
        max_per_artist : int >= 1, optional

        Raises
        ------
        UnknownId, AmbiguousId
            If a name leads to nothing that the models know, or to several things.
        BadInput
            If an argument is not allowed, or nothing carries a genre.
        NotTrained
            If there are no models yet, or they are of a version that knew no strangers.
        """
        said = Said(likes, dislikes, (), genres, language, country, age)
        request = Request.of_stranger(self._parts.settings, count=count, max_per_artist=max_per_artist)
        serving = self._current.get()
        with self._parts.store.read() as connection, quiet_blas(len(os.sched_getaffinity(0))):
            said_too = (*self._parts.notices, *newer_data(connection, serving))
            return strangers.recommend(connection, serving, request, said, said_too)

    def onboard(
        self,
        answers: Sequence[tuple[str, str]] = (),
        *,
        genres: Sequence[str] = (),
        language: str | None = None,
        country: str | None = None,
        age: int | None = None,
        questions: int = 5,
        count: int = 10,
    ) -> Onboarding:
        """Choose which artists to ask a stranger about next, and recommend by the answers so far; nothing is kept.

        Parameters
        ----------
        answers : sequence of (str, str)
            Artists, by id or exact name, each with ``like``, ``dislike`` or ``unknown``.
        genres, language, country, age
            As :meth:`recommend_from` takes them.
        questions : int in [1, 50]
        count : int in [1, 1000]
            Of recommendations.

        Raises
        ------
        UnknownId, AmbiguousId, BadInput, NotTrained
            As :meth:`recommend_from`.
        """
        between("questions", questions, 1, MOST_QUESTIONS)
        told = sorted_answers(answers)
        said = Said(told["like"], told["dislike"], told["unknown"], genres, language, country, age)
        request = Request.of_stranger(self._parts.settings, count=count)
        serving = self._current.get()
        with self._parts.store.read() as connection, quiet_blas(len(os.sched_getaffinity(0))):
            said_too = (*self._parts.notices, *newer_data(connection, serving))
            first = strangers.recommend(connection, serving, request, said, said_too)
            return Onboarding(next_questions(connection, serving, said, questions), first, len(answers))
