"""Documents that words or names lead to, and how well they match."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from tantivy import Occur, Order, Query, Searcher

from ml.features.text import compact, likeness, spellings
from ml.intelligent_search.candidate import Candidate, read_shown
from ml.intelligent_search.lexical.fields import Shown
from ml.intelligent_search.lexical.index import LexicalIndex
from ml.intelligent_search.lexical.names import NameFound, find_names
from ml.intelligent_search.lexical.words import called, containing, phrase
from ml.models.retrieval.text import words_of

#: Documents of each way to be found that are compared in full, at least.
_MOST = 60
#: Documents that are called exactly so.
_MOST_EXACT = 30
#: Names that are near what was typed, whose documents are looked at.
_MOST_NAMES = 10
#: How sure it is that documents with these words are meant: with all of them as they were typed, with all of them
#: misspelt, with some.
_ALL, _MISSPELT, _SOME = 0.8, 0.6, 0.45
#: What is not in the words' favour yet where another document fits them better.
_SPREAD = 0.25
#: What fits so well needs no other spelling to be tried, nor, where a name fits so well, other spellings of words.
_FOUND, _NEAR = 0.75, 0.7
#: A name that is half like what was typed is worth less than half.
_STEEP = 1.5
#: A name beside its artist's counts so much of a name alone.
_TOGETHER = 0.97
#: An exact name in one of its other spellings.
_ALSO = 0.95
#: How much plays may lift a document, and what an artist has before a track of the same name.
_PLAYS, _ARTIST = 0.05, 0.02


@dataclass(frozen=True)
class Asked:
    """What is looked for.

    Parameters
    ----------
    text : str
        Words that may be a name.
    phrases : tuple of tuple of str
        Words that have to stand in a row.
    choosing : tantivy.Query, optional
        What else has to hold.
    typing : bool
        Whether the last word may go on.
    literal : bool
        Whether nothing in it is misspelt.
    """

    text: str
    phrases: tuple[tuple[str, ...], ...] = ()
    choosing: Query | None = None
    typing: bool = False
    literal: bool = False


@dataclass
class Gathered:
    """What was found.

    Parameters
    ----------
    candidates : list of Candidate
        The best first.
    names : list of NameFound
        Names that are like what was typed, where none is equal to it.
    matching : tantivy.Query
        Asks for all documents that match.
    """

    candidates: list[Candidate]
    names: list[NameFound]
    matching: Query


def gather(index: LexicalIndex, asked: Asked, *, count: int) -> Gathered:
    """Find documents by their names and words.

    Those called exactly so come first; then those whose words match or whose names are near, by how well they do. Only
    where what is typed leads to nothing that fits well is it taken for misspelt.

    Parameters
    ----------
    index : LexicalIndex
    asked : Asked
    count : int
        How many are wanted: where there are fewer, some of the words suffice.
    """
    search = _Search(index.words.searcher(), asked)
    spelt = spellings(asked.text)
    search.exact(spelt)
    words = words_of(asked.text)
    search.all_words(words)
    names: list[NameFound] = []
    if words and not asked.literal and search.best(spelt) < _FOUND:
        names = find_names(index.names, spelt, count=_MOST_NAMES)
        search.called([name.spelling for name in names])
        if search.best(spelt) < _NEAR:
            search.misspelt(words)
            if len(search.found) < count:
                search.some_words(words)
    search.best(spelt)
    return Gathered(list(search.found.values()), names, search.matching())


class _Search:
    """Documents found so far."""

    def __init__(self, searcher: Searcher, asked: Asked) -> None:
        self._searcher = searcher
        self._asked = asked
        self._must = [(Occur.Must, phrase(words)) for words in asked.phrases]
        if asked.choosing is not None:
            self._must.append((Occur.Must, Query.const_score_query(asked.choosing, 0.0)))
        self._asked_for: list[Query] = []
        self.found: dict[str, Candidate] = {}

    def best(self, spelt: Sequence[str]) -> float:
        """Score what was found, bring the best to the front, and give its score."""
        candidates = list(self.found.values())
        _score(candidates, spelt)
        self.found = {one.shown.uid: one for one in candidates}
        return candidates[0].score if candidates else 0.0

    def matching(self) -> Query:
        """Ask for all documents that any way leads to."""
        return Query.boolean_query([(Occur.Should, query) for query in self._asked_for])

    def exact(self, spelt: Sequence[str]) -> None:
        if spelt:
            for shown, _ in self._by_plays(called(spelt), _MOST_EXACT):
                # One that is written as was typed comes before one that can also be written so.
                self._candidate(shown).parts["exact"] = 1.0 if shown.spelt == spelt[0] else _ALSO

    def called(self, names: Sequence[str]) -> None:
        if names:
            for shown, _ in self._by_plays(called(names), _MOST):
                self._candidate(shown)

    def all_words(self, words: Sequence[str]) -> None:
        """Find documents with all the words."""
        if not words and not self._must:
            return
        query = (
            containing(words, last="beginning" if self._asked.typing else "as typed") if words else Query.all_query()
        )
        found = self._add_ranked(query, _ALL)
        if found >= _MOST or not words:
            for shown, _ in self._by_plays(query, _MOST // 2):
                self._candidate(shown).raise_to("words", _ALL - _SPREAD)

    def misspelt(self, words: Sequence[str]) -> None:
        self._add_ranked(containing(words, last="misspelt", others="misspelt"), _MISSPELT)

    def some_words(self, words: Sequence[str]) -> None:
        if len(words) > 1:
            self._add_ranked(containing(words, least=math.ceil(len(words) / 2)), _SOME)

    def _add_ranked(self, query: Query, worth: float) -> int:
        """Add the documents that fit words best; the best of them is worth the most."""
        hits = self._searcher.search(self._chosen(query), _MOST, count=False).hits
        best = max((score for score, _ in hits), default=0.0)
        for score, address in hits:
            share = score / best if best > 0 else 0.0
            self._candidate(read_shown(self._searcher, address)).raise_to("words", worth - _SPREAD * (1 - share))
        return len(hits)

    def _by_plays(self, query: Query, most: int) -> Iterable[tuple[Shown, float]]:
        hits = self._searcher.search(
            self._chosen(query), most, count=False, order_by_field="plays", order=Order.Desc
        ).hits
        for plays, address in hits:
            yield read_shown(self._searcher, address), plays

    def _chosen(self, query: Query) -> Query:
        chosen = self._with_must(query)
        self._asked_for.append(chosen)
        return chosen

    def _with_must(self, query: Query) -> Query:
        return Query.boolean_query([(Occur.Must, query), *self._must]) if self._must else query

    def _candidate(self, shown: Shown) -> Candidate:
        return self.found.setdefault(shown.uid, Candidate(shown))


def _score(candidates: list[Candidate], spelt: Sequence[str]) -> None:
    """Give scores, and bring the best to the front."""
    if not candidates:
        return
    for candidate, name in zip(candidates, _name_likeness(candidates, spelt), strict=True):
        candidate.parts["name"] = name
    most = max(candidate.shown.plays for candidate in candidates)
    for candidate in candidates:
        candidate.score = _scored(candidate, most)
    candidates.sort(key=lambda one: (-one.parts.get("exact", 0.0), -one.score, -one.shown.plays, one.shown.uid))


def _scored(candidate: Candidate, most_plays: int) -> float:
    shown = candidate.shown
    fit = candidate.parts.get("exact") or max(candidate.parts["name"] ** _STEEP, candidate.parts.get("words", 0.0))
    plays = math.log1p(shown.plays) / math.log1p(most_plays) if most_plays else 0.0
    lift = _PLAYS * plays + _ARTIST * (shown.kind == "artist")
    return fit * (1 - _PLAYS - _ARTIST) + lift * fit


def _name_likeness(candidates: Sequence[Candidate], spelt: Sequence[str]) -> list[float]:
    """Compare what was typed with names, and with names beside those of their artists."""
    asked = [compact(text) for text in spelt if text]
    if not asked:
        return [0.0] * len(candidates)
    names: list[str] = []
    for candidate in candidates:
        name, artist = compact(candidate.shown.spelt), compact(candidate.shown.artist_spelt)
        names += [name, name + artist, artist + name]
    alike = likeness(asked, names).max(axis=0).reshape(-1, 3)
    alike[:, 1:] *= _TOGETHER
    return [float(value) for value in np.clip(alike.max(axis=1), 0, 1)]
