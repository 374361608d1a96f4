"""Questions to the index of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from tantivy import Occur, Query

from ml.intelligent_search.lexical.fields import words_schema

How = Literal["as typed", "beginning", "misspelt"]

#: How much it weighs where a word is found.
FIELDS: Mapping[str, float] = {
    "name": 3.0,
    "alternatives": 2.5,
    "artist": 2.0,
    "album": 1.2,
    "genres": 1.2,
    "tags": 1.0,
    "lyrics": 0.3,
}
#: Where misspelt words are looked for: tags and lyrics hold too many words that are near another.
_NAMES = ("name", "alternatives", "artist", "album")
#: A word in two places counts a little more than in one.
_TIE = 0.1
#: Words of at least so many letters may be misspelt in one or in two of them.
_ONE_EDIT, _TWO_EDITS = 4, 8


def containing(words: Sequence[str], *, last: How = "as typed", others: How = "as typed", least: int = 0) -> Query:
    """Ask for documents that contain words, each in any field.

    Parameters
    ----------
    words : sequence of str
        As :func:`ml.models.retrieval.text.words_of` cuts them, at least one.
    last, others : {"as typed", "beginning", "misspelt"}
        How the last word and the others may be written in the document.
    least : int
        So many of them suffice; 0 is all.
    """
    queries = [_word(word, others) for word in words[:-1]] + [_word(words[-1], last)]
    if not least:
        return Query.boolean_query([(Occur.Must, query) for query in queries])
    return Query.boolean_query([(Occur.Should, query) for query in queries], minimum_number_should_match=least)


def phrase(words: Sequence[str]) -> Query:
    """Ask for documents with words in a row."""
    schema = words_schema()
    if len(words) == 1:
        return _word(words[0], "as typed")
    found = [
        Query.boost_query(Query.phrase_query(schema, field, list(words)), weight) for field, weight in FIELDS.items()
    ]
    return Query.disjunction_max_query(found, _TIE)


def tagged_with(words: Sequence[str]) -> Query:
    """Ask for documents with words in a row in one of their tags."""
    schema = words_schema()
    return (
        Query.phrase_query(schema, "tags", list(words))
        if len(words) > 1
        else Query.term_query(schema, "tags", words[0])
    )


def called(spellings: Sequence[str]) -> Query:
    """Ask for documents whose whole name is one of some spellings."""
    return Query.term_set_query(words_schema(), "exact", list(spellings))


def edits_of(word: str) -> int:
    """Give how many edits a misspelt word may be away, by its length."""
    return 0 if len(word) < _ONE_EDIT else 1 if len(word) < _TWO_EDITS else 2


def _word(word: str, how: How) -> Query:
    schema = words_schema()
    edits = edits_of(word)
    if how == "misspelt" and edits:
        found = [
            Query.boost_query(Query.fuzzy_term_query(schema, field, word, edits, True), FIELDS[field])
            for field in _NAMES
        ]
        found.append(Query.boost_query(Query.term_query(schema, "tags", word), FIELDS["tags"]))
        return Query.disjunction_max_query(found, _TIE)
    if how == "beginning":
        found = [Query.boost_query(Query.phrase_prefix_query(schema, field, [word]), FIELDS[field]) for field in FIELDS]
        return Query.disjunction_max_query(found, _TIE)
    found = [Query.boost_query(Query.term_query(schema, field, word), weight) for field, weight in FIELDS.items()]
    return Query.disjunction_max_query(found, _TIE)
