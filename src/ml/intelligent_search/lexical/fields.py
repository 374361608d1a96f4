"""What the two indexes hold: words of documents, and spellings of names."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import orjson
import polars as pl
from tantivy import Document, Schema, SchemaBuilder

from ml.features.text import compact, spellings
from ml.intelligent_search.documents import FEATURES
from ml.models.retrieval.text import FOLDED, GRAMS, WHOLE
from ml.models.retrieval.text.tokens import marked

#: Whatever changes what is written into the fields raises it.
_VERSION = 1

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
#: A tag counts as often as that, at most, however many gave it.
_MOST_TIMES = 8


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
VERSION = zlib.crc32(repr((_VERSION, Shown._fields, TEXTS, CHOICES, WHOLE_NUMBERS, NUMBERS)).encode())

_AS_THEY_ARE = (
    *("uid", "kind", "key", "name", "artist", "album", "year", "duration_s", "plays", "path", "musical_key", "genres"),
)
#: Tags that a hit is known by.
_SHOWN_TAGS = 16


@dataclass(frozen=True)
class Written:
    """A document for the index of words, and the spellings of its name."""

    document: Document
    names: tuple[str, ...]


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
        builder.add_float_field(name, indexed=True, fast=True)
    builder.add_unsigned_field("plays", indexed=False, fast=True)
    return builder.build()


@cache
def names_schema() -> Schema:
    """Give the fields of spellings."""
    builder = SchemaBuilder()
    builder.add_text_field("spelling", stored=True, tokenizer_name=WHOLE, index_option="basic")
    builder.add_text_field("grams", tokenizer_name=GRAMS, index_option="freq")
    # What is left of a short name without one of its letters: pieces of three are too few there.
    builder.add_text_field("shortened", tokenizer_name=WHOLE, index_option="basic")
    return builder.build()


def spelling_document(spelling: str) -> Document:
    """Give the document of one spelling."""
    document = Document()
    document.add_text("spelling", spelling)
    whole = compact(spelling)
    document.add_text("grams", marked(whole))
    for text in shortened(whole):
        document.add_text("shortened", text)
    return document


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


def written(documents: pl.DataFrame) -> Iterator[Written]:
    """Turn documents into those of the index."""
    columns = documents.columns
    for row in documents.iter_rows():
        yield _written(dict(zip(columns, row, strict=True)))


def _written(row: Mapping[str, Any]) -> Written:
    names = spellings(row["name"])
    artists = spellings(row["artist"]) if row["artist"] else ()
    document = Document()
    document.add_text("uid", row["uid"])
    document.add_bytes("shown", orjson.dumps(tuple(_shown(row, names, artists))))
    _add_texts(document, row, names, artists)
    _add_choices(document, row)
    return Written(document, names)


def _add_texts(document: Document, row: Mapping[str, Any], names: tuple[str, ...], artists: tuple[str, ...]) -> None:
    for spelling in names:
        document.add_text("exact", spelling)
    for spelling in (*names[1:], *artists[1:]):
        document.add_text("alternatives", spelling)
    for name in ("name", "artist", "album", "lyrics"):
        if row[name]:
            document.add_text(name, row[name])
    for genre in row["genres"]:
        document.add_text("genres", genre)
    for tag, count in zip(row["tags"], row["tag_counts"], strict=True):
        document.add_text("tags", " ".join([tag] * min(count, _MOST_TIMES)))


def _add_choices(document: Document, row: Mapping[str, Any]) -> None:
    document.add_text("kind", row["kind"])
    for genre in row["genres"]:
        document.add_text("genre", genre)
    if row["language"]:
        document.add_text("language", row["language"].lower())
    for name in WHOLE_NUMBERS:
        if row[name] is not None:
            document.add_integer(name, int(row[name]))
    for name in NUMBERS:
        if row[name] is not None:
            document.add_float(name, row[name])
    document.add_unsigned("plays", row["plays"])


def _shown(row: Mapping[str, Any], names: tuple[str, ...], artists: tuple[str, ...]) -> Shown:
    return Shown(
        **{name: row[name] for name in _AS_THEY_ARE},
        tags=row["tags"][:_SHOWN_TAGS],
        tag_shares=[round(count / row["tag_counts"][0], 3) for count in row["tag_counts"][:_SHOWN_TAGS]],
        said=sum(row["tag_counts"]),
        features=[None if row[name] is None else round(row[name], 3) for name in FEATURES],
        spelt=names[0] if names else "",
        artist_spelt=artists[0] if artists else "",
    )
