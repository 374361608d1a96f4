"""Invented names of artists, albums and tracks, in the style of their language."""

from __future__ import annotations

import unicodedata

import numpy as np
import polars as pl

from ml.data.demo.arrays import Codes, Flags, Indices
from ml.data.demo.words import WORDS, Words

#: Kinds of artist's name and their shares: a person, a band, one word, a duo with "&".
KINDS = (0.52, 0.25, 0.19, 0.04)
_PERSON, _BAND, _WORD, _DUO = range(4)
_TRIES = 20


def fold(name: str) -> str:
    """Reduce a name to what distinguishes it: no case, accents, leading "the" or spaces at the ends.

    >>> fold("The Paper Kités")
    'paper kites'
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return plain.casefold().strip().removeprefix("the ")


def artist_names(language: Codes, rng: np.random.Generator) -> pl.Series:
    """Name artists, each differently even without case and accents.

    Parameters
    ----------
    language : int8 [shape=(n,)]
        Index into :data:`ml.data.demo.places.LANGUAGES`.

    Returns
    -------
    polars.Series of str [shape=(n,)]
    """
    kinds = rng.choice(len(KINDS), len(language), p=KINDS).tolist()
    draws = rng.integers(0, 1 << 30, (len(language), 5)).tolist()
    taken: set[str] = set()
    names = []
    for code, kind, draw in zip(language.tolist(), kinds, draws, strict=True):
        name = _artist(WORDS[code], kind, draw)
        for _ in range(_TRIES):
            if fold(name) not in taken:
                break
            # Bands and single words are few; persons are many.
            name = _artist(WORDS[code], _PERSON, rng.integers(0, 1 << 30, 5).tolist())
        taken.add(fold(name := _numbered(name, taken)))
        names.append(name)
    return pl.Series("artist", names, dtype=pl.String())


def titles(language: Codes, artist: Indices, rng: np.random.Generator) -> pl.Series:
    """Title tracks; a title is unique within its artist.

    Returns
    -------
    polars.Series of str [shape=(n,)]
    """
    return _distinct(_phrases(language, (0.5, 0.35), rng), artist).alias("title")


def albums(language: Codes, owner: Indices, album: Indices, rng: np.random.Generator) -> pl.Series:
    """Title albums, and give each track the title of its album.

    Parameters
    ----------
    language : int8 [shape=(n_albums,)]
    owner : int32 [shape=(n_albums,)]
        The album's artist.
    album : int32 [shape=(n_tracks,)]
        Each track's album.
    """
    return _distinct(_phrases(language, (0.3, 0.15), rng), owner).gather(album).alias("album")


def credit(artists: pl.Series, artist: Indices, guest: Indices, joint: Flags) -> pl.Series:
    """Write credits: "A", "A feat. B" where there is a guest, "A & B" where both stand in front."""
    main, other = artists.gather(artist), artists.gather(np.maximum(guest, 0))
    alone, together = pl.Series(guest < 0), pl.Series(joint)
    guested = (main + " feat. " + other).zip_with(~together, main + " & " + other)
    return main.zip_with(alone, guested).alias("artist")


def _numbered(name: str, taken: set[str]) -> str:
    number, numbered = 1, name
    while fold(numbered) in taken:
        number += 1
        numbered = f"{name} {number}"
    return numbered


def _artist(words: Words, kind: int, draw: list[int]) -> str:
    a, b, c, d, e = draw
    given = _take(words.given[0], a) + _take(words.given[1], b)
    if kind == _DUO:
        return f"{given} & {_take(words.given[0], c)}{_take(words.given[1], d)}"
    if kind == _BAND:
        first = _take(words.firsts, a) if words.firsts else ""
        return " ".join(part for part in (words.article, first, _take(words.bands, b)) if part)
    family = "".join(_take(part, at) for part, at in zip(words.family, (c, d, e), strict=True))
    return family if kind == _WORD else f"{given} {family}"


def _take(words: tuple[str, ...], draw: int) -> str:
    return words[draw % len(words)]


def _phrases(language: Codes, chances: tuple[float, float], rng: np.random.Generator) -> pl.Series:
    """Join opening, phrase and tail; ``chances`` are those of an opening and of a tail."""
    draw = rng.integers(0, 1 << 30, (3, len(language)))
    opened, tailed = rng.random((2, len(language))) < np.array(chances)[:, None]
    rows, parts = [], []
    for code, words in enumerate(WORDS):
        row = np.flatnonzero(language == code)
        phrase = pl.Series(words.phrases).gather(draw[1, row] % len(words.phrases))
        capital = pl.Series([text[0].upper() + text[1:] for text in words.phrases])
        capital = capital.gather(draw[1, row] % len(words.phrases))
        opening = pl.Series(words.openings).gather(draw[0, row] % len(words.openings))
        tail = pl.Series(words.tails).gather(draw[2, row] % len(words.tails))
        text = (opening + " " + phrase).zip_with(pl.Series(opened[row]), capital)
        rows.append(row)
        parts.append((text + " " + tail).zip_with(pl.Series(tailed[row]), text))
    return pl.concat(parts).gather(np.argsort(np.concatenate(rows), kind="stable"))


def _distinct(text: pl.Series, owner: Indices) -> pl.Series:
    """Give numbers to what an owner repeats: "Again", "Again No. 2"."""
    frame = pl.DataFrame({"text": text, "owner": owner})
    times = pl.int_range(pl.len()).over("owner", "text") + 1
    numbered = pl.format("{} No. {}", "text", times)
    return frame.select(pl.when(times > 1).then(numbered).otherwise("text").alias("text")).to_series()
