"""The engine's verbs for what listeners play and say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from ml.foundation.errors import BadInput
from ml.foundation.phrase import Language, require_language, spoken
from ml.recommendation_engine import events
from ml.recommendation_engine.results import HistoryState, Recorded

if TYPE_CHECKING:
    from ml.recommendation_engine.parts import EngineParts


class Told:
    """What :class:`~ml.recommendation_engine.engine.RecommendationEngine` is told of listeners; it sets the parts."""

    _parts: EngineParts

    def record(
        self,
        user_id: str,
        item_id: str | None = None,
        *,
        event: str = "play",
        at: datetime | None = None,
        ms_played: int | None = None,
        to_ms: int | None = None,
        until: datetime | None = None,
        event_id: int | None = None,
        device: str | None = None,
        activity: str | None = None,
        language: str | None = None,
    ) -> Recorded:
        """Store an event, durably; the next answer takes it into account, without training.

        Parameters
        ----------
        user_id : str
            A listener; ``source:id`` of nobody yet makes a new one.
        item_id : str
            A track or artist that is there, by id or exact name. Only ``undo`` needs none.
        event : str
            ``play``; ``skip``, heard without liking, which within 30 s counts against; ``like`` and
            ``add_to_playlist`` count as several plays; ``dislike``, not to be offered, and no sign of taste;
            ``not_now``, not to be offered for a while; ``block``, never to be offered (an artist: none of their
            tracks), and ``unblock``; ``hide_artist`` and ``show_artist``, the same of a track's artist; ``seek``;
            ``undo`` takes back the last event, or ``event_id``.
        at : datetime, optional
            When it began, with time zone; now if left out.
        ms_played : int, optional
            How much was played; of a seek, from where.
        to_ms : int, optional
            Of a seek: to where. Backwards speaks for the track, a little.
        until : datetime, optional
            Of ``not_now``, with time zone; seven days later if left out.
        event_id : int, optional
            Of ``undo``: as :class:`Recorded` says it.
        language : str, optional
            Of notices: ``"en"`` or ``"de"``.

        Raises
        ------
        UnknownId, AmbiguousId
        BadInput
            If the event, the time or the playing time cannot be, or an argument says nothing about the event.
        """
        if event == "undo":
            if item_id is not None:
                raise BadInput(
                    "undo takes back an event, not an item",
                    "name the event, or leave it out: ml undo LISTENER N (in Python event_id=N)",
                    code="undo_item",
                )
            return self.undo(user_id, event_id, language=language)
        if item_id is None:
            raise BadInput(f"{event!r} of what?", "name a track or artist")
        told, tongue = events.Told(at, ms_played, to_ms, until, device, activity), self._tongue(language)
        return self._recorded(events.record(self._parts.store, user_id, item_id, event, told), tongue)

    def _tongue(self, language: str | None) -> Language:
        return require_language(self._parts.settings.language if language is None else language)

    def undo(self, user_id: str, event_id: int | None = None, *, language: str | None = None) -> Recorded:
        """Take back an event of a listener; the next answer is as if it had never been.

        Parameters
        ----------
        event_id : int, optional
            As :class:`Recorded` says it; the last that was recorded if left out.
        language : str, optional
            Of notices.

        Raises
        ------
        UnknownId, AmbiguousId
            Also if there is nothing to take back.
        """
        tongue = self._tongue(language)
        return self._recorded(events.undo(self._parts.store, user_id, event_id), tongue)

    def _recorded(self, recorded: Recorded, tongue: Language) -> Recorded:
        said = replace(recorded, notices=(*self._parts.notices, *recorded.notices))
        return events.spoken_in(said, tongue)

    def pause_history(self, user_id: str, *, language: str | None = None) -> HistoryState:
        """Keep nothing of what a listener plays from now on; answers go on from what is there.

        Likes, blocks and what else is said on purpose are kept.

        Parameters
        ----------
        language : str, optional
            Of notices.

        Raises
        ------
        UnknownId, AmbiguousId, BadInput
        """
        return self._paused(user_id, self._tongue(language), paused=True)

    def resume_history(self, user_id: str, *, language: str | None = None) -> HistoryState:
        """Keep what a listener plays again."""
        return self._paused(user_id, self._tongue(language), paused=False)

    def history_state(self, user_id: str, *, language: str | None = None) -> HistoryState:
        """Tell whether what a listener plays is kept.

        Raises
        ------
        UnknownId, AmbiguousId, BadInput
        """
        return self._noted(events.history_state(self._parts.store, user_id), self._tongue(language))

    def _paused(self, user_id: str, tongue: Language, *, paused: bool) -> HistoryState:
        return self._noted(events.pause(self._parts.store, user_id, paused=paused), tongue)

    def _noted(self, state: HistoryState, tongue: Language) -> HistoryState:
        return replace(state, notices=tuple(spoken(each, tongue) for each in self._parts.notices))
