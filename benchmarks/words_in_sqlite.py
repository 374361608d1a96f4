"""The same words and names in SQLite's FTS5, to measure search in a million tracks beside it.

One table has the words of name, artist, album, genres and tags, without accents; one has the names in pieces of three
letters. Asked is what ours asks first, and nothing is compared or ordered afterwards, so that ours has more to do: the
60 best by BM25 with all words, the 300 names that share the most pieces, the 120 best of a genre with a wish in their
tags.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from ml.features.language import parse
from ml.features.text.columns import spellings_of
from ml.intelligent_search.understanding import understand
from ml.models.retrieval.text import words_of

_WORDS = "select rowid, rank from words where words match ? order by rank limit ?"
_NAMES = "select name from names where names match ? order by rank limit 300"


def measured(documents: pl.DataFrame, asked: dict[str, list[str]], folder: Path) -> dict[str, float]:
    """Give documents a second and the median of each kind of query, in milliseconds."""
    base = sqlite3.connect(folder / "words.db")
    begun = time.perf_counter()
    _fill(base, documents)
    numbers = {"fts5_index_per_s": len(documents) / (time.perf_counter() - begun)}
    answers = {"artist": _all_words, "together": _all_words, "misspelt": _pieces, "described": _described}
    for kind, find in answers.items():
        numbers[f"fts5_{kind}_p50_ms"] = _median_ms(base, find, asked[kind])
    base.close()
    return numbers


def _fill(base: sqlite3.Connection, documents: pl.DataFrame) -> None:
    base.execute("pragma synchronous = off")
    tokens = "tokenize='unicode61 remove_diacritics 2'"
    base.execute(f"create virtual table words using fts5(name, artist, album, genres, tags, content='', {tokens})")
    base.execute("create virtual table names using fts5(name, tokenize='trigram')")
    joined = [pl.col(name).list.join(" ") for name in ("genres", "tags")]
    for part in documents.select("name", "artist", "album", *joined).iter_slices(50_000):
        base.executemany("insert into words(name, artist, album, genres, tags) values (?, ?, ?, ?, ?)", part.rows())
    names = spellings_of(documents["name"]).explode().drop_nulls().unique()
    base.executemany("insert into names values (?)", ((name,) for name in names))
    base.commit()


def _all_words(base: sqlite3.Connection, text: str) -> int:
    words = " AND ".join(f'"{word}"' for word in words_of(text))
    return len(base.execute(_WORDS, (words, 60)).fetchall())


def _pieces(base: sqlite3.Connection, text: str) -> int:
    pieces = " OR ".join(f'"{text[start : start + 3]}"' for start in range(len(text) - 2))
    return len(base.execute(_NAMES, (pieces,)).fetchall()) if pieces else 0


def _described(base: sqlite3.Connection, text: str) -> int:
    understood = understand(parse(text))
    wished = " OR ".join(f'"{tag}"' for wish in understood.wishes for tag in wish.tags)
    genres = " OR ".join(f'"{genre}"' for genre in understood.filters.genres)
    return len(base.execute(_WORDS, (f"genres : ({genres}) AND tags : ({wished})", 120)).fetchall())


def _median_ms(base: sqlite3.Connection, find: Callable[[sqlite3.Connection, str], int], texts: Sequence[str]) -> float:
    times = []
    for text in texts:
        begun = time.perf_counter()
        find(base, text)
        times.append(time.perf_counter() - begun)
    return float(np.median(times)) * 1e3
