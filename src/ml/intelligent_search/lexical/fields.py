"""What the two indexes hold: words of documents, and spellings of names."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from tantivy import Schema, SchemaBuilder

from ml.intelligent_search.documents import FEATURES
from ml.intelligent_search.lexical.suiting import SOUNDS
from ml.models.retrieval.text import FOLDED, GRAMS, WHOLE

#: Whatever changes what is written into the fields raises it.
_VERSION = 2

#: Words are looked for in these fields.
TEXTS = ("name", "artist", "album", "alternatives", "genres", "tags", "lyrics")
#: What documents can be chosen by, each a word or several.
CHOICES = ("kind", "genre", "language")
#: What documents can be chosen by, each a number.
WHOLE_NUMBERS = ("year", "musical_key", "explicit")
NUMBERS = ("duration_s", *FEATURES)
#: Names of so many letters are short.
SHORT = 7
#: So many tags in all make what is said of a document half certain.
_SAID = 60.0


class Shown(NamedTuple):
    """What a hit is shown and compared by, as it lies in the index."""

    uid: str
    kind: str
    key: int | None
    name: str
    artist: str | None
    album: str | None
    year: int | None
    duration_s: float | None
    plays: int
    path: str | None
    musical_key: int | None
    genres: Sequence[str]
    tags: Sequence[str]
    #: How many gave each of the tags, as a share of those who gave the first.
    tag_shares: Sequence[float]
    #: How many tags it was given, by all together.
    said: int
    #: By :data:`ml.intelligent_search.documents.FEATURES`, in that order; None where unknown.
    features: Sequence[float | None]
    #: As compared: the first spelling of the name and of the artist.
    spelt: str
    artist_spelt: str

    @property
    def trust(self) -> float:
        """How far what is said of it is to be believed, in [0, 1): by how much that is."""
        return self.said / (self.said + _SAID)


#: Changes with what is written into the indexes, so that one of another version is made anew.
VERSION = zlib.crc32(repr((_VERSION, Shown._fields, TEXTS, CHOICES, WHOLE_NUMBERS, NUMBERS, SOUNDS)).encode())

#: What is shown as it is in the document.
SHOWN = (
    *("uid", "kind", "key", "name", "artist", "album", "year", "duration_s", "plays", "path", "musical_key", "genres"),
)


@cache
def words_schema() -> Schema:
    """Give the fields of documents."""
    builder = SchemaBuilder()
    builder.add_text_field("uid", stored=False, tokenizer_name=WHOLE, index_option="basic")
    builder.add_bytes_field("shown", stored=True, indexed=False)
    # Exact: all spellings of the name, each whole.
    builder.add_text_field("exact", tokenizer_name=WHOLE, index_option="basic")
    for name in TEXTS:
        builder.add_text_field(name, tokenizer_name=FOLDED, index_option="position")
    for name in CHOICES:
        builder.add_text_field(name, tokenizer_name=WHOLE, index_option="basic", fast=True)
    for name in WHOLE_NUMBERS:
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in NUMBERS:
        builder.add_float_field(name, indexed=False, fast=True)
    # What a sound suits wholly.
    builder.add_text_field("suits", tokenizer_name=WHOLE, index_option="basic")
    builder.add_unsigned_field("plays", indexed=False, fast=True)
    return builder.build()


@cache
def names_schema() -> Schema:
    """Give the fields of spellings."""
    builder = SchemaBuilder()
    builder.add_bytes_field("spelling", stored=True, indexed=False)
    builder.add_text_field("grams", tokenizer_name=GRAMS, index_option="freq")
    # What is left of a short name without one of its letters: pieces of three are too few there.
    builder.add_text_field("shortened", tokenizer_name=WHOLE, index_option="basic")
    return builder.build()


def shortened(whole: str) -> tuple[str, ...]:
    """Give a short name, and what is left of it without one of its letters; nothing of a longer one.

    Two names share one of these where one edit, or a swap of neighbours, lies between them (Garbe's symmetric
    deletes, 2012).

    >>> shortened("abba")
    ('abba', 'aba', 'abb', 'bba')
    """
    if len(whole) > SHORT:
        return ()
    return (whole, *sorted({whole[:place] + whole[place + 1 :] for place in range(len(whole))} - {whole, ""}))
