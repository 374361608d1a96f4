"""What a hit has to be, whatever it is looked for by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from tantivy import FieldType, Occur, Query

from ml.features.text import spellings
from ml.foundation.results import Result
from ml.intelligent_search.lexical.fields import words_schema
from ml.intelligent_search.lexical.words import called, containing
from ml.models.retrieval.text import words_of

Bounds = tuple[float | None, float | None]
#: No bounds.
_ANY = (None, None)


@dataclass(frozen=True, slots=True)
class Filters(Result):
    """What hits have to be; of several values, any will do. Empty means that anything goes.

    Parameters
    ----------
    kinds : tuple of str
        ``"artist"``, ``"album"``, ``"track"``.
    genres, not_genres : tuple of str
        Canonical words of :data:`ml.features.vocabulary.GENRES`.
    languages : tuple of str
        ISO 639-1.
    years : tuple of (int or None, int or None)
        Stretches, both ends included.
    bpm, duration_s, energy : (float or None, float or None)
    musical_keys : tuple of int
        As :mod:`ml.features.keys` counts them.
    artists : tuple of str
        Names, one of which the artist has.
    not_named : tuple of str
        Names that neither a hit nor its artist has.
    explicit : bool, optional
        False leaves out what is marked explicit, True the rest.
    without : tuple of str
        Words that none of a hit's fields may contain.
    """

    kinds: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    not_genres: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    years: tuple[Bounds, ...] = ()
    bpm: Bounds = _ANY
    duration_s: Bounds = _ANY
    energy: Bounds = _ANY
    musical_keys: tuple[int, ...] = ()
    artists: tuple[str, ...] = ()
    not_named: tuple[str, ...] = ()
    explicit: bool | None = None
    without: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Filters()

    @property
    def named(self) -> tuple[str, ...]:
        """The names of those that say anything."""
        plain = Filters()
        return tuple(one.name for one in fields(self) if getattr(self, one.name) != getattr(plain, one.name))

    def query(self) -> Query | None:
        """Give the question to the index of words; None where anything goes."""
        must = [*self._words(), *self._numbers()]
        refused = [_any("genre", self.not_genres)] if self.not_genres else []
        refused += [containing(words) for words in map(words_of, self.without) if words]
        refused += [query for name in self.not_named for query in (called(spellings(name)), of_artist(name))]
        if self.explicit is False:
            refused.append(within("explicit", (1, None)))
        elif self.explicit:
            must.append(within("explicit", (1, None)))
        if not must and not refused:
            return None
        parts = [(Occur.Must, query) for query in must or [Query.all_query()]]
        return Query.boolean_query([*parts, *((Occur.MustNot, query) for query in refused)])

    def _words(self) -> list[Query]:
        chosen = (("kind", self.kinds), ("genre", self.genres), ("language", self.languages))
        found = [_any(field, values) for field, values in chosen if values]
        if self.artists:
            whose = [of_artist(name) for name in self.artists]
            found.append(Query.boolean_query([(Occur.Should, one) for one in whose]))
        return found

    def _numbers(self) -> list[Query]:
        found = []
        if self.years:
            stretches = [within("year", stretch) for stretch in self.years]
            found.append(Query.boolean_query([(Occur.Should, stretch) for stretch in stretches]))
        if self.musical_keys:
            found.append(Query.term_set_query(words_schema(), "musical_key", list(self.musical_keys)))
        named = (("tempo_bpm", self.bpm), ("duration_s", self.duration_s), ("energy", self.energy))
        return [*found, *(within(field, bounds) for field, bounds in named if bounds != _ANY)]


def within(field: str, bounds: Bounds) -> Query:
    """Ask for documents whose number lies between two ends, both included."""
    whole = field in ("year", "explicit", "musical_key")
    kind = FieldType.Integer if whole else FieldType.Float
    low, high = (None if end is None else (int(end) if whole else float(end)) for end in bounds)
    # Whole numbers have few values: their lists of documents are quicker than every document's number.
    return Query.range_query(words_schema(), field, kind, low, high, use_inverted_index=whole)


def of_artist(name: str) -> Query:
    """Ask for an artist of a name, and what is by them."""
    schema, words = words_schema(), words_of(name)
    if not words:
        return Query.empty_query()
    by = Query.boolean_query([(Occur.Must, Query.term_query(schema, "artist", word)) for word in words])
    artists = Query.boolean_query([(Occur.Must, called(spellings(name))), (Occur.Must, _any("kind", ["artist"]))])
    return Query.boolean_query([(Occur.Should, by), (Occur.Should, artists)])


def _any(field: str, values: Sequence[str]) -> Query:
    return Query.term_set_query(words_schema(), field, list(values))
