"""The engine's answers to why."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ml.data.identity import find_user
from ml.data.identity.lookup import roots
from ml.experiments.definition import RECOMMENDATIONS
from ml.experiments.exposure import Running
from ml.foundation.phrase import require_language
from ml.foundation.workers import quiet_blas
from ml.recommendation_engine import explaining
from ml.recommendation_engine.asked import index_of
from ml.recommendation_engine.cases import Asker
from ml.recommendation_engine.explanation_results import Explanation, MainParameters
from ml.recommendation_engine.parameters import main_parameters
from ml.recommendation_engine.parts import EngineParts
from ml.recommendation_engine.request import listeners
from ml.recommendation_engine.serving import Current, resolve_algorithm
from ml.recommendation_engine.staleness import newer_data, removed_items
from ml.recommendation_engine.trials import trial_of
from ml.recommendation_engine.unprofiled import requested
from ml.recommendation_engine.words import say

#: Length of the list that an explanation speaks of.
SHOWN = 10


class Explained:
    """What an engine says of itself and of its answers."""

    _parts: EngineParts
    _current: Current
    _running: Running

    def explain(
        self,
        user_id: str,
        item_id: str,
        *,
        algorithm: str | None = None,
        context: Mapping[str, Any] | None = None,
        preferences: Mapping[str, Any] | None = None,
        language: str | None = None,
        profiling: bool | None = None,
    ) -> Explanation:
        """Say why an item stands where it stands for a listener now, whether or not it would be shown.

        Parameters
        ----------
        user_id : str
            A listener that is there.
        item_id : str
            Outside id or exact name.
        algorithm, context, preferences, language, profiling
            As in :meth:`recommend`; what is left open, a running experiment sets as it does there, and no exposure is
            written down.

        Raises
        ------
        UnknownId, AmbiguousId, NotTrained, BadInput
        """
        request, fixed, said = requested(
            self._parts.settings,
            count=SHOWN,
            algorithm=algorithm,
            context=context,
            preferences=preferences,
            language=language,
            profiling=profiling,
        )
        serving, (user_id,) = self._current.get(), listeners([user_id])
        with self._parts.store.read() as connection, quiet_blas(len(os.sched_getaffinity(0))):
            key = find_user(connection, user_id) if request.profiling else None
            if key is not None:
                given = self._running.assignments(connection, key, RECOMMENDATIONS)
                tried = trial_of(serving, request, given, fixed)
                request = tried.requests[0]
                if tried.duel is not None:
                    said = (*said, say("one_of_two", experiment=tried.duel.experiment, algorithm=request.algorithm))
            name, notices = resolve_algorithm(serving, request.algorithm, strict=False)
            settings = request.settings(self._parts.settings)
            asker = Asker(connection, serving, settings, name, key, self._parts.clock())
            index = index_of(connection, serving, item_id)
            case = asker.case(request, index)
            return explaining.explain(
                case,
                lambda part: asker.without(request, index, part),
                lambda indices: serving.catalogue.labels(connection, indices),
                lambda artist: roots(connection, [artist])[0].label,
                user_id=user_id,
                notices=(
                    *self._parts.notices,
                    *case.situation.notices,
                    *removed_items(case.question.gone),
                    *newer_data(connection, serving),
                    *notices,
                    *said,
                ),
            )

    def main_parameters(self, *, language: str | None = None) -> MainParameters:
        """State by what recommendations are ranked now, how strongly, and where a listener can change it.

        It is read from the models in use and the settings in force; see :mod:`ml.recommendation_engine.parameters`.

        Raises
        ------
        NotTrained, BadInput
        """
        settings, serving = self._parts.settings, self._current.get()
        spoken_in = require_language(settings.language if language is None else language)
        name, notices = resolve_algorithm(serving, settings.algorithm, strict=False)
        return main_parameters(serving, settings, name, spoken_in, (*self._parts.notices, *notices))
