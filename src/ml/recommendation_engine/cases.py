"""What an explanation starts from: a question, what is known of the listener, and the situation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from sqlalchemy import Connection

from ml.foundation.settings import Recommendation as Settings
from ml.models.asking import Asking
from ml.recommendation_engine.explaining import Case
from ml.recommendation_engine.histories import Heard
from ml.recommendation_engine.profile import Evidence, read_evidence
from ml.recommendation_engine.request import Request
from ml.recommendation_engine.serving import Serving
from ml.recommendation_engine.situation import Situation, situation_of
from ml.recommendation_engine.standing import Question
from ml.recommendation_engine.unprofiled import nobody

#: Fields of :class:`ml.models.asking.Asking` that go by another name in a context.
_FIELDS: Mapping[str, str] = MappingProxyType({"time_of_day": "hour"})


@dataclass(frozen=True)
class Asker:
    """Who asks, and when.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    serving : Serving
    settings : Settings
    name : str
        The algorithm that was resolved.
    key : int or None
        The listener's; None where nothing of them may be read.
    now : int
        UTC milliseconds.
    """

    connection: Connection
    serving: Serving
    settings: Settings
    name: str
    key: int | None
    now: int

    def case(self, request: Request, index: int) -> Case:
        """Read what an explanation of an item starts from."""
        situation = situation_of(self.connection, self.serving, request)
        question = Question(
            self.serving, self.settings, request, self.name, self.serving.catalogue.gone(self.connection)
        )
        return Case(question, self._evidence(request, situation), situation, index)

    def without(self, request: Request, index: int, part: str | None) -> tuple[Case, Situation]:
        """Read the same without a part of the context, or without any."""
        asking = None
        if part is not None and request.asking is not None:
            asking = _rest(request.asking, part)
        case = self.case(replace(request, asking=asking), index)
        return case, case.situation

    def _evidence(self, request: Request, situation: Situation) -> Evidence:
        if self.key is None:
            plays = nobody(1, len(self.serving.catalogue.vocabulary.keys), now=self.now).played
            return Evidence(Heard(plays, np.empty(0, dtype=np.bool_)), [])
        asking, context = request.asking, situation.context
        told = asking is not None and context is not None and context.remembers(asking)
        return read_evidence(
            self.connection, [self.key], self.serving.catalogue, now=self.now, asking=asking, situations=told
        )


def _rest(asking: Asking, part: str) -> Asking | None:
    rest = replace(asking, **{_FIELDS.get(part, part): None})
    return rest or None
