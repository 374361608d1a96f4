"""The engine's verbs for those of whom nothing is stored."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ml.foundation.errors import BadInput
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
        country: str | None = None,
        age: int | None = None,
        count: int = 10,
        max_per_artist: int | None = None,
        context: Mapping[str, Any] | None = None,
        preferences: Mapping[str, Any] | None = None,
        language: str | None = None,
        exposure: Mapping[str, Any] | None = None,
    ) -> Recommendations:
        """Recommend to somebody of whom nothing is stored, from what they say of themselves; nothing of it is kept.

        Parameters
        ----------
        likes, dislikes : sequence of str
            Artists or tracks, by id or exact name. An artist stands for their best-known tracks.
        genres : sequence of str
            Genres or tags that they like, as items carry them; to hear mostly one of them is a preference.
        country : str, optional
            Of the listener, ISO 3166.
        age : int in [0, 120], optional
        count : int in [1, 1000]
        max_per_artist, context, preferences, language, exposure
            As :meth:`recommend` takes them; the language of the music is ``preferences["language"]``.

        Raises
        ------
        UnknownId, AmbiguousId
            If a name leads to nothing that the models know, or to several things.
        BadInput
            If an argument is not allowed, or nothing carries a genre.
        NotTrained
            If there are no models yet, or they are of a version that knew no strangers.
        """
        _require_several(likes=likes, dislikes=dislikes, genres=genres)
        said = Said(likes, dislikes, (), genres, country, age)
        asked = {"context": context, "preferences": preferences, "language": language, "exposure": exposure}
        request = self._request(count=count, max_per_artist=max_per_artist, **asked)
        serving = self._current.get()
        with self._parts.store.read() as connection, quiet_blas(len(os.sched_getaffinity(0))):
            said_too = (*self._parts.notices, *newer_data(connection, serving))
            return strangers.recommend(connection, serving, request, said, said_too)

    def _request(self, **asked: Any) -> Request:
        """Check a question by somebody of whom nothing is stored: to them, nothing is known to be familiar."""
        return replace(Request.of(self._parts.settings, reasons=0, **asked), familiar_ratio=0.0)

    def onboard(
        self,
        answers: Sequence[tuple[str, str]] = (),
        *,
        genres: Sequence[str] = (),
        country: str | None = None,
        age: int | None = None,
        questions: int = 5,
        count: int = 10,
        context: Mapping[str, Any] | None = None,
        preferences: Mapping[str, Any] | None = None,
        language: str | None = None,
        exposure: Mapping[str, Any] | None = None,
    ) -> Onboarding:
        """Choose which artists to ask a stranger about next, and recommend by the answers so far; nothing is kept.

        Parameters
        ----------
        answers : sequence of (str, str)
            Artists, by id or exact name, each with ``like``, ``dislike`` or ``unknown``.
        genres, country, age, context, preferences, language, exposure
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
        _require_several(genres=genres)
        told = sorted_answers(answers)
        said = Said(told["like"], told["dislike"], told["unknown"], genres, country, age)
        asked = {"context": context, "preferences": preferences, "language": language, "exposure": exposure}
        request = self._request(count=count, **asked)
        serving = self._current.get()
        with self._parts.store.read() as connection, quiet_blas(len(os.sched_getaffinity(0))):
            said_too = (*self._parts.notices, *newer_data(connection, serving))
            first = strangers.recommend(connection, serving, request, said, said_too)
            return Onboarding(next_questions(connection, serving, said, questions), first, len(answers))


def _require_several(**given: object) -> None:
    for name, several in given.items():
        if not isinstance(several, Iterable):
            raise BadInput(f"{name} = {several!r}", "give a list of texts, an empty one where there is nothing to say")
