"""The verb of the engine that takes a voice."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlalchemy import Connection

from ml.data.catalogue import State
from ml.features.language import parse
from ml.foundation.phrase import Language, Phrase, spoken
from ml.intelligent_search.documents import read_documents
from ml.intelligent_search.filters import Filters
from ml.intelligent_search.parts import SearchParts
from ml.intelligent_search.request import SearchRequest
from ml.intelligent_search.results import Heard, Hit, SearchResults
from ml.intelligent_search.words import say

if TYPE_CHECKING:
    from ml.intelligent_search.voice import Guess, Recogniser, Whisper

#: Below this probability, what was said is taken for no name of the catalogue.
REFUSED = 0.2


class Voices:
    """What hears, made when somebody speaks for the first time, and anew when the catalogue is another."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.state: State | None = None
        self.recogniser: Recogniser | None = None
        self.whisper: Whisper | None = None
        self.left_out = False


class Speaking:
    """What :class:`~ml.intelligent_search.SearchEngine` finds by a voice."""

    _parts: SearchParts
    _voices: Voices
    _state: State | None

    if TYPE_CHECKING:

        def _up_to_date(self, connection: Connection) -> tuple[Phrase, ...]: ...

        def search(self, text: str = "", **asked: Any) -> SearchResults:
            """Search."""

        def search_all(self, texts: Iterable[str], **asked: Any) -> Iterator[SearchResults]:
            """Search for each of several texts."""

    def search_voice(self, source: Any, **asked: Any) -> SearchResults:
        """Search for a name that somebody says.

        Parameters
        ----------
        source : path, bytes, binary file, (array, rate), Signal, pydub segment, or of SpeechRecognition
            At most 15 seconds: a name, or one after "play" or "find". Of SpeechRecognition, an ``AudioData``,
            ``AudioFile`` or ``Microphone``.
        **asked
            The other fields of :class:`~ml.intelligent_search.request.SearchRequest`.

        Returns
        -------
        SearchResults
            ``heard`` says what was understood. Hits that are called as was heard come first, then those called like the
            names that may have been said instead, then what else is found. There are none where what was said is
            probably no name of the catalogue; a notice says so.

        Raises
        ------
        BadInput
            If it is no sound, silent, too long, or something that is asked is not allowed.
        MissingExtra
            If PocketSphinx, or what could decode the sound, is not installed.
        EmptyWorkspace
            If there is nothing to search.
        """
        from ml.intelligent_search.voice import VoiceRequest  # late: nobody else needs it

        request = SearchRequest.of(**asked)
        said = VoiceRequest.of(source)
        if self._parts.speech_model:
            words = self._whisper().transcribe(said.samples)
            heard = Heard(words.text, words.confidence, {}, "whisper")
            if not words.text:
                return self._nothing(heard, say("nothing_said"), request.language)
            return replace(self.search(words.text, **asked), heard=heard)
        guesses = self._recogniser().hear(said.samples)
        first = guesses[0]
        heard = Heard(first.name, first.probability, {one.name: one.probability for one in guesses[1:]}, "grammar")
        if first.probability < REFUSED:
            share = round(100 * first.probability)
            return self._nothing(heard, say("not_said", name=first.name, share=share), request.language)
        found = self._among(guesses, request, asked)
        notices = found.notices
        if self._voices.left_out:
            notices = (*notices, spoken(say("fewer_names", n=self._parts.spoken_names), request.language))
        return replace(found, heard=heard, notices=notices)

    async def search_voice_async(self, source: Any, **asked: Any) -> SearchResults:
        """Await :meth:`search_voice`, run in a worker thread."""
        return await self._parts.pool.run(lambda: self.search_voice(source, **asked))

    def _among(self, guesses: Sequence[Guess], request: SearchRequest, asked: dict[str, Any]) -> SearchResults:
        """Look for the names that may have been said, and make one list of what is found."""
        first = self.search(guesses[0].name, **{"understand": False, **asked})
        if request.offset or request.sort != "relevance":
            return first
        # Nobody asked for the others: they are not kept among the searches.
        others = self.search_all([guess.name for guess in guesses[1:]], **{"understand": False, **asked})
        hits: dict[str, Hit] = {}
        for guess, found in zip(guesses, [first, *others], strict=True):
            for hit in found.hits:
                if hit.name == guess.name:
                    hits.setdefault(hit.id, _heard_as(hit, guess.probability, request.language))
        least = guesses[-1].probability
        for hit in first.hits:
            hits.setdefault(hit.id, replace(hit, score=round(hit.score * least, 4)))
        return replace(first, hits=tuple(hits.values())[: request.count], did_you_mean=None)

    def _nothing(self, heard: Heard, why: Phrase, language: Language) -> SearchResults:
        return SearchResults(
            text=heard.text,
            hits=(),
            did_you_mean=None,
            parse=parse(""),
            filters=Filters(),
            route="name",
            total=0,
            notices=(*self._parts.notices, spoken(why, language)),
            heard=heard,
        )

    def _whisper(self) -> Whisper:
        from ml.intelligent_search.voice import Whisper

        with self._voices.lock:
            if self._voices.whisper is None:
                self._voices.whisper = Whisper(self._parts.speech_model)
            return self._voices.whisper

    def _recogniser(self) -> Recogniser:
        """Give what hears the names of the catalogue as it is now."""
        from ml.intelligent_search.voice import Recogniser

        with self._parts.store.read() as connection:
            self._up_to_date(connection)
            with self._voices.lock:
                if self._voices.recogniser is None or self._voices.state != self._state:
                    names = names_of(read_documents(connection, self._parts.facts()))
                    most = self._parts.spoken_names
                    self._voices.recogniser = Recogniser(names[:most])
                    self._voices.left_out = len(names) > most
                    self._voices.state = self._state
                return self._voices.recogniser


def names_of(documents: pl.DataFrame) -> list[str]:
    """Give the names of documents, each once: artists before albums and tracks, the most played first."""
    ordered = documents.select("name", "plays", titled=pl.col("kind") != "artist").sort(
        "titled", "plays", "name", descending=[False, True, False]
    )
    return ordered["name"].unique(maintain_order=True).to_list()


def _heard_as(hit: Hit, probability: float, language: Language) -> Hit:
    return replace(
        hit,
        score=round(hit.score * probability, 4),
        parts={**hit.parts, "voice": probability},
        why=spoken(say("said"), language),
    )
