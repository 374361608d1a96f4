"""Search in a million tracks, in one process.

The catalogue is drawn: titles of one to five words and artists of one to three, words by a Zipf law over 120,000 of
syllables, ten tracks an artist, a year, a genre, three tags and a tempo each. `index_per_s` is documents a second from
the frame to the index, with both cores. Queries: an artist's name, words of a title with its artist, a misspelt name,
a description ("calm rock from the 90s"), and the first letters of a title while typing, as many of each. `text_p50_ms`
and `text_p99_ms` are over all of them, `…_ms` by kind, from the text to the candidates in order and the number of all
that match, and `searches_per_min` is what two processes do at once. `…_cpu_…` is time of the processor alone, whatever
runs beside. `tantivy_p50_ms` is one question of all words to tantivy itself, in the same index: what a search costs at
least; `tantivy_index_per_s` is tantivy alone, from documents that are ready as JSON to the two indexes. `fts5_…` is
SQLite, from the frame to the same words and names, and asked what ours asks first; see `words_in_sqlite`.
"""

from __future__ import annotations

import multiprocessing
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.misspelling import KINDS, misspelt
from benchmarks.target import Target
from benchmarks.words_in_sqlite import measured
from ml.features.language import parse
from ml.features.text.columns import spellings_of
from ml.intelligent_search.answering import known, possible
from ml.intelligent_search.described import Description, describe
from ml.intelligent_search.documents import SCHEMA
from ml.intelligent_search.lexical import LexicalIndex
from ml.intelligent_search.lexical.candidates import Asked, gather
from ml.intelligent_search.lexical.fields import names_schema, words_schema
from ml.intelligent_search.lexical.rows import lines_of, names_of
from ml.intelligent_search.lexical.words import containing
from ml.intelligent_search.matching import count_of
from ml.intelligent_search.understanding import understand
from ml.models.retrieval.text import TextIndex, words_of

TARGETS = {
    "text_p50_ms": Target(at_most=10),
    "text_p99_ms": Target(at_most=30),
    "searches_per_min": Target(at_least=10_000),
    "index_per_s": Target(at_least=60_000),
}
TRACKS, VOCABULARY, BY_ARTIST, QUERIES, SECONDS = 1_000_000, 120_000, 10, 250, 20.0
GENRES = ("rock", "pop", "jazz", "electronic", "hip-hop", "folk", "metal", "classical")
TAGS = ("calm", "happy", "sad", "energetic", "piano", "guitar", "live", "90s", "80s", "dance", "acoustic", "night")
_ONSETS = ("b", "c", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "st", "br", "cr", "th")
_VOWELS, _CODAS = ("a", "e", "i", "o", "u", "ea", "ou"), ("", "n", "r", "s", "l", "nd")


def run(quick: bool) -> dict[str, float]:
    n = 20_000 if quick else TRACKS
    documents = catalogue(n)
    with tempfile.TemporaryDirectory() as folder:
        index = LexicalIndex(Path(folder))
        begun, begun_cpu = time.perf_counter(), time.process_time()
        index.refresh(documents)
        taken, spent = time.perf_counter() - begun, time.process_time() - begun_cpu
        asked = queries(documents, 20 if quick else QUERIES)
        for texts in asked.values():
            for text in texts[:5]:
                answer(index, text)
        both = {kind: np.array([_timed(index, text, kind) for text in texts]) for kind, texts in asked.items()}
        times = {kind: values[:, 0] for kind, values in both.items()}
        every, processor = np.concatenate(list(both.values())).T
        flat = [text for texts in asked.values() for text in texts]
        random.Random(0).shuffle(flat)
        return {
            "documents": len(documents),
            "index_per_s": len(documents) / taken,
            "text_p50_ms": _ms(every, 50),
            "text_p99_ms": _ms(every, 99),
            **{f"{kind}_p50_ms": _ms(values, 50) for kind, values in times.items()},
            **{f"{kind}_p99_ms": _ms(values, 99) for kind, values in times.items()},
            "text_cpu_p50_ms": _ms(processor, 50),
            "text_cpu_p99_ms": _ms(processor, 99),
            "described_cpu_p50_ms": _ms(both["described"][:, 1], 50),
            "misspelt_cpu_p50_ms": _ms(both["misspelt"][:, 1], 50),
            "searches_per_cpu_min": 60 / float(processor.mean()),
            "index_cpu_us": spent / len(documents) * 1e6,
            "tantivy_p50_ms": _ms(_tantivy(index, asked["together"]), 50),
            "searches_per_min": _at_once(Path(folder), flat, 1.0 if quick else SECONDS),
            "tantivy_index_per_s": _tantivy_alone(documents, Path(folder) / "alone"),
            **measured(documents, asked, Path(folder)),
        }


def catalogue(n: int) -> pl.DataFrame:
    """Draw a catalogue."""
    rng = np.random.default_rng(3)
    words = np.array(_words(VOCABULARY))
    law = 1 / np.arange(1, len(words) + 1) ** 0.8
    law /= law.sum()
    drawn = words[rng.choice(len(words), size=(n, 5), p=law)]
    lengths = rng.choice([1, 2, 3, 4, 5], size=n, p=[0.2, 0.3, 0.25, 0.15, 0.1])
    titles = [" ".join(row[:length]) for row, length in zip(drawn, lengths, strict=True)]
    n_artists = max(n // BY_ARTIST, 1)
    of = words[rng.choice(len(words), size=(n_artists, 3), p=law)]
    artists = [" ".join(row[: 1 + number % 3]) for number, row in enumerate(of)]
    numbers = np.arange(n) % n_artists
    tracks = {
        "uid": [f"t{number}" for number in range(n)],
        "kind": ["track"] * n,
        "name": titles,
        "artist": [artists[number] for number in numbers],
        "album": [artists[(number * 7) % n_artists] for number in numbers],
        "genres": [[GENRES[number % len(GENRES)]] for number in numbers],
        "tags": [[TAGS[(number + step) % len(TAGS)] for step in (0, 3, 7)] for number in numbers],
        "tag_counts": [[3, 2, 1]] * n,
        "year": rng.integers(1960, 2026, n),
        "tempo_bpm": rng.uniform(60, 180, n).round(1),
        "energy": rng.random(n).round(3),
        "valence": rng.random(n).round(3),
        "duration_s": rng.uniform(120, 400, n).round(1),
        "plays": (1e6 / (1 + rng.permutation(n))).astype(np.int64),
    }
    people = {"uid": [f"a{number}" for number in range(n_artists)], "kind": ["artist"] * n_artists, "name": artists}
    frames = [_shaped(pl.DataFrame(people)), _shaped(pl.DataFrame(tracks))]
    return pl.concat(frames)


def _shaped(frame: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in SCHEMA.items() if name not in frame.columns]
    frame = frame.with_columns(missing).select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
    lists = [pl.col(name).fill_null([]) for name in ("genres", "tags", "tag_counts")]
    return frame.with_columns(pl.col("plays").fill_null(0), *lists)


def _words(n: int) -> list[str]:
    rng = random.Random(4)
    found: dict[str, None] = {}
    while len(found) < n:
        syllables = (
            rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS)
            for _ in range(rng.choice((1, 2, 2, 3, 3, 4)))
        )
        found["".join(syllables)] = None
    return list(found)


def queries(documents: pl.DataFrame, n: int) -> dict[str, list[str]]:
    """Draw what is searched for, by kind."""
    rng = random.Random(5)
    tracks = documents.filter(pl.col("kind") == "track").sample(n, seed=6).select("name", "artist").rows()
    moods, eras = ("calm", "happy", "sad", "energetic"), ("60s", "70s", "80s", "90s", "2000s", "2010s")
    return {
        "artist": [artist for _, artist in tracks],
        "together": [f"{title.split()[0]} {artist}" for title, artist in tracks],
        "misspelt": [misspelt(f"{title}", rng.choice(list(KINDS)), rng) for title, _ in tracks if len(title) > 1],
        "described": [f"{rng.choice(moods)} {rng.choice(GENRES)} from the {rng.choice(eras)}" for _ in tracks],
        "typing": [title[: max(3, len(title) * 2 // 3)] for title, _ in tracks],
    }


def answer(index: LexicalIndex, text: str, *, typing: bool = False) -> int:
    """Search as the engine does, but for the outside ids of ten hits."""
    parsed, searcher = parse(text), index.words.searcher()
    understood = understand(parsed)
    literal = understood.anything and not parsed.words
    named = gather(index, Asked(text, typing=typing, literal=literal), count=10)
    if typing or not understood.anything:
        return count_of(searcher, named.matching)
    choosing = possible(searcher, understood.filters, []).query()
    wishes = known(searcher, understood.wishes, [])
    asked = Description(wishes=wishes, text=understood.text, whole=text, choosing=choosing)
    found = describe(searcher, asked, count=10)
    return count_of(searcher, found.matching) if found.total is None else found.total


def _timed(index: LexicalIndex, text: str, kind: str) -> tuple[float, float]:
    """Give what a search takes, and what of it the processor was at work."""
    begun, begun_cpu = time.perf_counter(), time.thread_time()
    answer(index, text, typing=kind == "typing")
    return time.perf_counter() - begun, time.thread_time() - begun_cpu


def _tantivy(index: LexicalIndex, texts: Sequence[str]) -> np.ndarray:
    searcher, times = index.words.searcher(), []
    for text in texts:
        begun = time.perf_counter()
        searcher.search(containing(words_of(text)), 10)
        times.append(time.perf_counter() - begun)
    return np.array(times)


def _tantivy_alone(documents: pl.DataFrame, folder: Path) -> float:
    spelt = documents.with_columns(spelt=spellings_of(documents["name"]))
    lines = list(lines_of(spelt))
    names = list(names_of(spelt["spelt"].explode().drop_nulls().unique()))
    begun = time.perf_counter()
    TextIndex(folder / "names", names_schema()).change(names)
    TextIndex(folder / "words", words_schema()).change(lines)
    return len(documents) / (time.perf_counter() - begun)


def _at_once(folder: Path, texts: Sequence[str], seconds: float) -> float:
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        counts = pool.starmap(_count, [(folder, list(texts)[half::2], seconds) for half in (0, 1)])
    return sum(counts) / seconds * 60


def _count(folder: Path, texts: list[str], seconds: float) -> int:
    index = LexicalIndex(folder)
    for text in texts[:20]:
        answer(index, text)
    done, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        answer(index, texts[done % len(texts)])
        done += 1
    return done


def _ms(seconds: np.ndarray, share: float) -> float:
    return float(np.percentile(seconds, share)) * 1e3
