"""The verb of the engine that takes a sound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from ml.foundation.phrase import Language, Phrase
from ml.intelligent_search.hearing import LibraryMelodies
from ml.intelligent_search.hearing.answering import answer_sound
from ml.intelligent_search.hearing.asking import SoundRequest
from ml.intelligent_search.lexical import LexicalIndex
from ml.intelligent_search.parts import SearchParts
from ml.intelligent_search.results import SearchResults


class Listening:
    """What :class:`~ml.intelligent_search.SearchEngine` finds by a sound."""

    _parts: SearchParts
    _index: LexicalIndex
    _melodies: LibraryMelodies

    if TYPE_CHECKING:

        def _up_to_date(self, connection: Connection) -> tuple[Phrase, ...]: ...

    def search_audio(
        self,
        path: Path | str,
        how: str = "auto",
        *,
        count: int = 10,
        language: Language = "en",
        on_rows: Callable[[int, int], None] = lambda *_: None,
    ) -> SearchResults:
        """Find tracks by a recording: an excerpt, something alike, or a melody that somebody hums.

        Parameters
        ----------
        path : Path or str
            An audio file; its first thirty seconds are listened to.
        how : str
            ``"identify"`` finds the recording that it is from, ``"similar"`` what sounds like it, ``"hum"`` the melody;
            ``"auto"`` identifies, and where it is of no known recording, decides by what it sounds like.
        count : int >= 1
        language : {"en", "de"}
            Of reasons and notices.
        on_rows : callable
            Told how many of how many files were listened to, where new files have to be listened to first.

        Returns
        -------
        SearchResults
            ``route`` is ``"heard"``, ``"sounds like"`` or ``"hummed"``, the part that each hit has: a probability; the
            cosine of vectors; how much what is hummed stands out there. The latter two are no probabilities.

        Raises
        ------
        BadInput
            If it is no sound, silent, or something that is asked is not allowed.
        MissingExtra
            If what could decode it is not installed.
        EmptyWorkspace
            If there is nothing to search.
        """
        request = SoundRequest.of(path, how=how, count=count, language=language)
        with self._parts.store.read() as connection:
            said = self._up_to_date(connection)
            searcher = self._index.words.searcher()
            return answer_sound(connection, self._parts, searcher, self._melodies, request, said, on_rows)

    async def search_audio_async(self, path: Path | str, how: str = "auto", **asked: Any) -> SearchResults:
        """Await :meth:`search_audio`, run in a worker thread."""
        return await self._parts.pool.run(lambda: self.search_audio(path, how, **asked))
