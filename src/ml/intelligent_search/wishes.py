"""What a hit had better be: a mood, what it is for, an instrument; and how well one does."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from tantivy import Occur, Query, Searcher

from ml.features.language.names import GERMAN
from ml.features.vocabulary import Region
from ml.foundation.phrase import Phrase
from ml.intelligent_search.documents import FEATURES
from ml.intelligent_search.filters import Bounds, within
from ml.intelligent_search.lexical.fields import Shown, words_schema
from ml.intelligent_search.lexical.suiting import SOUNDS
from ml.models.retrieval.text import words_of

#: How far outside of a region a sound may lie until it does not suit at all, in the feature's unit.
_REACH = {"tempo_bpm": 30.0, "loudness_lufs": 6.0}
_REACH_OF_SHARES = 0.25


@dataclass(frozen=True)
class Wish:
    """Something that hits had better be.

    Parameters
    ----------
    kind : str
        Of :data:`ml.features.language.KINDS`.
    word : str
        As it is shown.
    tags : tuple of str
        Whatever has one of these is it.
    region : Region, optional
        Which sound is it.
    bounds : mapping of str to (float, float)
        The same without a source: by feature, from and to.
    years : (float or None, float or None), optional
        Whatever is from these years is it.
    """

    kind: str
    word: str
    tags: tuple[str, ...] = ()
    region: Region | None = None
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    years: Bounds | None = None

    @cached_property
    def _plain_tags(self) -> frozenset[str]:
        return frozenset(map(_plain, self.tags))

    @cached_property
    def said(self) -> str:
        """The word, with its German translation where there is one."""
        return Phrase({"en": self.word, "de": GERMAN.get(self.word, self.word)}) if "{" not in self.word else self.word

    @cached_property
    def _bounds(self) -> Mapping[str, tuple[float, float]]:
        known = self.bounds or (self.region.bounds if self.region is not None else {})
        return {name: ends for name, ends in known.items() if name in FEATURES}

    def query(self) -> Query:
        """Ask for what is it, if only in part; the score is how well, roughly."""
        found = [*self._tagged_so(), *self._dated()]
        bounds = self._bounds
        if bounds:
            each = [Query.const_score_query(within(name, ends), 1 / len(bounds)) for name, ends in bounds.items()]
            found.append(Query.boolean_query([(Occur.Should, one) for one in each]))
        return Query.disjunction_max_query(found) if found else Query.empty_query()

    def whole(self) -> list[Query]:
        """Ask for what is wholly it, by one thing that is known and by another."""
        suits = f"{self.kind} {self.word}"
        sounds = [Query.term_query(words_schema(), "suits", suits, index_option="basic")] if suits in SOUNDS else []
        return [*sounds, *self._tagged_so(), *self._dated()]

    def said_to_be(self) -> Query:
        """Ask for what is said to be it; the score is by how many."""
        return Query.disjunction_max_query(self._tagged_so())

    def known(self, searcher: Searcher) -> bool:
        """Tell whether anything is it."""
        return any(searcher.search(one, 1, count=False).hits for one in (*self.whole(), self.query()))

    def _dated(self) -> list[Query]:
        return [] if self.years is None else [Query.const_score_query(within("year", self.years), 1.0)]

    def _tagged_so(self) -> list[Query]:
        schema = words_schema()
        found = []
        for tag in self.tags:
            words = words_of(tag)
            if words:
                # Not of constant score: a tag is in the text as often as it was given.
                whole = Query.phrase_query(schema, "tags", list(words)) if len(words) > 1 else None
                found.append(whole or Query.term_query(schema, "tags", words[0]))
        return found

    def fit(self, shown: Shown, tagged: float) -> float:
        """Tell how well a document does, in [0, 1]; 0 where nothing is known.

        Parameters
        ----------
        shown : Shown
        tagged : float
            What :meth:`tagged` gives of it, as a share of what it gives of the document that it gives most.
        """
        if self.years is not None and shown.year is not None:
            low, high = self.years
            return float((low or -math.inf) <= shown.year <= (high or math.inf))
        if tagged:
            return tagged
        bounds = self._bounds
        if not bounds:
            return 0.0
        values = dict(zip(FEATURES, shown.features, strict=True))
        return sum(_inside(name, values[name], ends) for name, ends in bounds.items()) / len(bounds)

    def tagged(self, shown: Shown) -> float:
        """Tell how much of those who gave a document its first tag gave it this one, by how much is said of it."""
        given = zip(shown.tags, shown.tag_shares, strict=True)
        said = [share for tag, share in given if _plain(tag) in self._plain_tags]
        return math.sqrt(max(said, default=0.0)) * shown.trust


@lru_cache(maxsize=1 << 14)
def _plain(tag: str) -> str:
    return " ".join(words_of(tag))


def _inside(name: str, value: float | None, ends: tuple[float, float]) -> float:
    if value is None:
        return 0.0
    outside = max(ends[0] - value, value - ends[1], 0.0)
    return max(0.0, 1.0 - outside / _REACH.get(name, _REACH_OF_SHARES))
