"""What the catalogue says of scanned sounds: genres and tags of the tracks that they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Select, select

from ml.data.identity.lookup import families
from ml.data.schema import aliases, items, tags
from ml.features.vocabulary import GENRES

#: Under which the importer of music folders names a track by its sound.
SOURCE = "file"
#: Keys in one question.
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Catalogued:
    """What is known of a track, or of one that counts as the same.

    Parameters
    ----------
    genres : tuple of str
        Words of the vocabulary: its genres, and what listeners tag it with at least half as often as with the most
        frequent of such words.
    artist : str or None
        The credit.
    """

    genres: tuple[str, ...]
    artist: str | None


def catalogued(connection: Connection, content_hashes: Collection[str]) -> dict[str, Catalogued]:
    """Read what is known of sounds that were imported, by content hash."""
    named = select(aliases.c.external_id, aliases.c.item_key).where(aliases.c.source == SOURCE)
    keys: dict[str, int] = dict(_paged(connection, named, aliases.c.external_id, content_hashes))
    family = families(connection, set(keys.values()))
    every = {key for members in family.values() for key in members}
    credited: dict[int, str | None] = dict(_paged(connection, select(items.c.key, items.c.credit), items.c.key, every))
    certain: dict[int, set[str]] = {}
    voices: dict[int, Counter[str]] = {}
    tagged = select(tags.c.item_key, tags.c.tag, tags.c.kind)
    for key, tag, kind in _paged(connection, tagged, tags.c.item_key, every):
        word = GENRES.find(tag)
        if word is not None and kind == "genre":
            certain.setdefault(key, set()).add(word)
        elif word is not None:
            voices.setdefault(key, Counter())[word] += 1
    found = {}
    for content_hash, key in keys.items():
        members = family[key]
        said = sum((voices.get(one, Counter()) for one in members), Counter[str]())
        loud = {word for word, n in said.items() if 2 * n >= max(said.values())}
        words = loud.union(*(certain.get(one, set()) for one in members))
        artist = credited.get(key) or next((credited[one] for one in sorted(members) if credited.get(one)), None)
        found[content_hash] = Catalogued(tuple(sorted(words)), artist)
    return found


def _paged(
    connection: Connection, statement: Select[Any], column: Column[Any], values: Collection[Any]
) -> Iterator[Any]:
    wanted = sorted(values)
    for start in range(0, len(wanted), _PAGE):
        yield from connection.execute(statement.where(column.in_(wanted[start : start + _PAGE])))
