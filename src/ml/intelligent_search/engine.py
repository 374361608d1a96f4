"""The search engine: a text in, hits with reasons out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection
from tantivy import Query

from ml.data.catalogue import State, state_with_plays
from ml.foundation import resolver
from ml.foundation.errors import EmptyWorkspace
from ml.foundation.phrase import Phrase
from ml.intelligent_search.answering import answer
from ml.intelligent_search.candidate import read_shown
from ml.intelligent_search.documents import read_documents
from ml.intelligent_search.hearing import LibraryMelodies
from ml.intelligent_search.lexical import LexicalIndex, Refreshed
from ml.intelligent_search.lexical.fields import Shown, words_schema
from ml.intelligent_search.listening import Listening
from ml.intelligent_search.parts import SearchParts
from ml.intelligent_search.remembering import Remembering
from ml.intelligent_search.request import SearchRequest
from ml.intelligent_search.results import SearchResults
from ml.intelligent_search.speaking import Speaking, Voices
from ml.intelligent_search.words import say

#: Plays that were recorded are counted after so many seconds at the earliest.
_PLAYS_S = 60.0


class SearchEngine(Remembering, Listening, Speaking):
    """Searches the artists, albums and tracks of the workspace.

    Parameters
    ----------
    parts : SearchParts, optional
        Left out, the workspace of the settings answers: the one with imported data, or the demo world while there is
        none.

    Examples
    --------
    >>> engine = SearchEngine()  # doctest: +SKIP
    >>> [hit.name for hit in engine.search("beatels").hits]  # doctest: +SKIP
    """

    def __init__(self, parts: SearchParts | None = None) -> None:
        self._parts: SearchParts = parts or resolver.current().search_parts()
        self._lock = threading.Lock()
        self._index = LexicalIndex(self._parts.folder)
        self._melodies = LibraryMelodies(self._parts.folder.with_name("melodies"))
        self._voices = Voices()
        self._state: State | None = None
        self._read_at = 0.0

    def search(self, text: str = "", **asked: Any) -> SearchResults:
        """Search.

        Parameters
        ----------
        text : str
            A name, words of one, or a description, English or German; misspelt or not.
        **asked
            The other fields of :class:`~ml.intelligent_search.request.SearchRequest`.

        Raises
        ------
        BadInput
            If something that is asked is not allowed, or nothing is asked at all.
        EmptyWorkspace
            If there is nothing to search.
        """
        found = next(iter(self.search_all([text], **asked)))
        log = self._parts.log
        if log is None or not found.text or asked.get("typing"):
            return found
        user_id = asked.get("user_id")
        listener = None if user_id is None else self._listener(user_id)
        number = log.write(found.text, total=found.total, at_ms=self._parts.clock(), listener=listener)
        return replace(found, search_id=number)

    def search_all(self, texts: Iterable[str], **asked: Any) -> Iterator[SearchResults]:
        """Search for each of several texts, with what is asked besides the same for all; these are not kept."""
        requests = (SearchRequest.of(text, **asked) for text in texts)
        with self._parts.store.read() as connection:
            said = self._up_to_date(connection)
            for request in requests:
                yield answer(connection, self._parts, self._index, request, said)

    async def search_async(self, text: str = "", **asked: Any) -> SearchResults:
        """Await :meth:`search`, run in a worker thread."""
        return await self._parts.pool.run(lambda: self.search(text, **asked))

    def suggest(self, text: str, *, count: int = 8, **asked: Any) -> SearchResults:
        """Search while somebody types: the last word may go on, and nothing is read into the text."""
        return self.search(text, count=count, typing=True, understand=False, **asked)

    def document(self, uid: str) -> Shown | None:
        """Give what a hit of one document would be shown by; None where there is none of that name.

        Parameters
        ----------
        uid : str
            As :data:`ml.intelligent_search.documents.SCHEMA` says.
        """
        with self._parts.store.read() as connection:
            self._up_to_date(connection)
        searcher = self._index.words.searcher()
        hits = searcher.search(Query.term_query(words_schema(), "uid", uid), 1, count=False).hits
        return read_shown(searcher, hits[0][1]) if hits else None

    def refresh(self, *, meaning: bool = False, on_rows: Callable[[int], None] = lambda _: None) -> Refreshed:
        """Bring the index up to date with the store, as every search does first.

        Parameters
        ----------
        meaning : bool
            Whether to make the index of meanings where there is none; it is kept up to date from then on.
        on_rows : callable
            Told how many documents were written, from time to time.

        Raises
        ------
        EmptyWorkspace
        ml.foundation.errors.MissingExtra
            If meanings are asked for and a library that they need is not installed.
        """
        with self._parts.store.read() as connection:
            return self._refresh(connection, state_with_plays(connection), on_rows, meaning=meaning)

    def _up_to_date(self, connection: Connection) -> tuple[Phrase, ...]:
        state = state_with_plays(connection)
        with self._lock:
            if state == self._state or self._only_plays_moved(state):
                return ()
            done = self._refresh(connection, state)
        return (say("rebuilt"),) if done.damaged else ()

    def _only_plays_moved(self, state: State) -> bool:
        """Tell whether the index will do for a moment: to read all documents takes seconds in a large catalogue."""
        known = self._state
        same = known is not None and state[:-1] == known[:-1]
        return same and time.monotonic() - self._read_at < _PLAYS_S

    def _refresh(
        self,
        connection: Connection,
        state: State,
        on_rows: Callable[[int], None] = lambda _: None,
        *,
        meaning: bool = False,
    ) -> Refreshed:
        documents = read_documents(connection, self._parts.facts())
        if not len(documents):
            raise EmptyWorkspace(
                "there is nothing to search",
                "bring some music: ml import PATH, or ml audio scan FOLDER",
                code="nothing_to_search",
            )
        done = self._index.refresh(documents, on_rows=on_rows)
        meanings = self._parts.meaning(meaning)
        if meanings is not None:
            meanings.refresh(documents)
        self._state, self._read_at = state, time.monotonic()
        return done
