"""The generator: a request in, a playlist with reasons out."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ml.data.catalogue import state_of
from ml.features.vocabulary import MOODS
from ml.foundation import resolver
from ml.foundation.errors import BadInput, EmptyWorkspace
from ml.foundation.phrase import require_language, spoken
from ml.foundation.workers import quiet_blas
from ml.playlist_generator.asking import put
from ml.playlist_generator.choices import Choices, choices
from ml.playlist_generator.composing import compose
from ml.playlist_generator.demand_names import word
from ml.playlist_generator.leading.verbs import Leading
from ml.playlist_generator.library.reading import read_tracks
from ml.playlist_generator.library.tracks import Tracks
from ml.playlist_generator.live.verbs import LiveVerbs
from ml.playlist_generator.parts import GeneratorParts
from ml.playlist_generator.request import PlaylistRequest
from ml.playlist_generator.results import Playlist
from ml.playlist_generator.sharing.sharing import share
from ml.playlist_generator.situations import asked_by
from ml.playlist_generator.telling import tell
from ml.playlist_generator.words import say


class PlaylistGenerator(Leading, LiveVerbs):
    """Makes playlists of the workspace's tracks.

    Parameters
    ----------
    parts : GeneratorParts, optional
        Left out, the workspace of the settings answers: the one with imported data, or the demo world while there is
        none.

    Examples
    --------
    >>> generator = PlaylistGenerator()  # doctest: +SKIP
    >>> for track in generator.generate(mood="energetic", minutes=30).tracks:  # doctest: +SKIP
    ...     print(track.title, "-", track.why_here)
    """

    def __init__(self, parts: GeneratorParts | None = None) -> None:
        self._parts: GeneratorParts = parts or resolver.current().generator_parts()
        self._lock = threading.Lock()
        self._tracks: tuple[tuple[int | None, ...], Tracks] | None = None

    def generate(self, **asked: Any) -> Playlist:
        """Make a playlist.

        Parameters
        ----------
        **asked
            The fields of :class:`~ml.playlist_generator.PlaylistRequest`; without a length, an hour.

        Raises
        ------
        BadInput
            If something that is asked is not allowed, or no track of the sort is here.
        UnknownId, AmbiguousId
            If a track, artist or playlist that is named is not here, or is several.
        EmptyWorkspace
            If there are no tracks.
        """
        request = PlaylistRequest.of(**asked)
        with self._parts.store.read() as connection, quiet_blas(len(os.sched_getaffinity(0))):
            tracks = self._read(connection)
            question = put(connection, self._parts, tracks, request)
            if request.user_ids:
                return share(connection, self._parts, tracks, request, question)
            found = compose(tracks, question, question.request)
            if found is None:
                raise BadInput(
                    "no list can be made of this",
                    "ask for less, or import more music: ml import PATH",
                    code="list_impossible",
                )
            notices = (*self._parts.notices, *question.notices)
            return tell(connection, tracks, request, question, found, notices)

    def choices(self, *, language: str = "en") -> Choices:
        """Tell what there is to choose from: words, genres, arcs, and what is known of the tracks' sound.

        Raises
        ------
        BadInput
            If there are no words in the language.
        EmptyWorkspace
            If there are no tracks.
        """
        with self._parts.store.read() as connection:
            return choices(self._read(connection), require_language(language))

    def _read(self, connection: Any) -> Tracks:
        """Give the tracks, read again when the store or the sounds have changed."""
        state = state_of(connection)
        with self._lock:
            if self._tracks is None or self._tracks[0] != state:
                tracks = read_tracks(connection, self._parts.facts())
                if not len(tracks):
                    raise EmptyWorkspace(
                        "there are no tracks to make playlists of",
                        "bring some: ml import PATH, or ml audio scan FOLDER",
                        code="no_tracks",
                    )
                self._tracks = state, tracks
            return self._tracks[1]

    async def generate_playlist(self, **asked: Any) -> Playlist:
        """Await :meth:`generate`, run in a worker thread."""
        return await self._parts.pool.run(lambda: self.generate(**asked))

    async def generate_mood_playlist(
        self,
        mood: str,
        duration_minutes: float = 60.0,
        user_preferences: Mapping[str, Any] | None = None,
        context: Mapping[str, Any] | None = None,
        **asked: Any,
    ) -> Playlist:
        """Await a playlist for a mood.

        Parameters
        ----------
        mood : str
        duration_minutes : float
        user_preferences, context : mapping, optional
            Fields of :class:`~ml.playlist_generator.PlaylistRequest`, such as ``genres`` and ``time_of_day``; and what
            recommendations take: see :func:`~ml.playlist_generator.situations.asked_by`.
        **asked
            More of them.
        """
        if mood is None:
            raise BadInput("mood = None", f"name a mood: {', '.join(MOODS)}")
        fields, silent = asked_by(user_preferences, context)
        if "count" not in {**fields, **asked}:
            fields["minutes"] = duration_minutes
        found = await self.generate_playlist(**{**fields, **asked, "mood": mood})
        if not silent:
            return found
        language = require_language(found.request.get("language", "en"))
        said = spoken(say("silent", words=tuple(map(word, silent))), language)
        return replace(found, notices=(*found.notices, said))
