"""Misspelt names of 17,632 artists (HetRec) and of the titles of charts: is what was meant found, and how far up?

Each query is a name with at most one edit for every four letters, one of seven kinds first: a letter changed, dropped,
added, swapped with its neighbour, the first letter wrong, a sound spelt otherwise, words joined or split. `mrr` is the
mean reciprocal rank of the name that was meant, among the ten names found first, over queries to which no other name
of the catalogue is as near; `mrr_ambiguous` is over the others, `ambiguous_share` of all. By kind: `mrr_first`, ….

In the same run, on the same queries: `fts5_mrr`, SQLite's FTS5 over pieces of three letters, whose 300 best are ranked
by rapidfuzz's ratio; `tantivy_mrr`, tantivy's fuzzy terms alone, one edit a word, two from eight letters on.
`above_fts5` and `above_tantivy` are differences with 95 % intervals over queries. `exact_first` is the share of names,
typed as they are, that come first. `confidence_ece` is the calibration error of the confidence of what was meant, in
ten bins, where every fifth name is not in the catalogue, so that no guess at it is right.
"""

from __future__ import annotations

import gzip
import random
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from tantivy import Document as TantivyDocument
from tantivy import Index, Occur, Query, SchemaBuilder

from benchmarks.held_out import DATA
from benchmarks.misspelling import KINDS, budget, misspelt
from benchmarks.target import Target
from ml.data.identity import normalise
from ml.intelligent_search.documents import SCHEMA
from ml.intelligent_search.lexical import LexicalIndex
from ml.intelligent_search.lexical.candidates import Asked, Gathered, gather
from ml.intelligent_search.telling import confidence, meant
from ml.metrics.significance import bootstrap_mean

TARGETS = {
    "mrr": Target(at_least=0.93),
    "above_fts5_low": Target(at_least=0.0),
    "above_tantivy_low": Target(at_least=0.0),
    "exact_first": Target(at_least=1.0),
    "confidence_ece": Target(at_most=0.05),
}
QUERIES, SHORTEST, FIRST = 21_000, 4, 10
SEED = 2026
Finder = Callable[[str], list[str]]


def run(quick: bool) -> dict[str, float]:
    documents = catalogue()
    names = sorted(set(documents["name"].map_elements(normalise, return_dtype=pl.String).to_list()) - {""})
    queries = drawn(names, 700 if quick else QUERIES, seed=SEED)
    with tempfile.TemporaryDirectory() as folder:
        index = LexicalIndex(Path(folder))
        index.refresh(documents)
        found = {"mrr": _ours(index), "fts5_mrr": _fts5(names), "tantivy_mrr": _tantivy(names)}
        ranks = {
            system: np.array([_reciprocal(find(text), name) for text, name, _ in queries])
            for system, find in found.items()
        }
        ambiguous = _ambiguous(queries, names)
        numbers = _numbers(queries, ranks, ambiguous)
        exact = [found["mrr"](name)[:1] == [name] for _, name, _ in queries[:2_000]]
        return {
            "catalogue": len(names),
            "queries": len(queries),
            **numbers,
            "exact_first": float(np.mean(exact)),
            "confidence_ece": _confidence_error(queries[::4], documents),
        }


def catalogue() -> pl.DataFrame:
    """Give the artists of HetRec and the titles of the charts as documents."""
    lines = (DATA / "lastfm_hetrec2011" / "artists.dat").read_text(encoding="utf-8").splitlines()[1:]
    artists = {line.split("\t")[0]: line.split("\t")[1] for line in lines}
    counts = pl.read_csv(DATA / "lastfm_hetrec2011" / "user_artists.dat", separator="\t", quote_char=None)
    plays = dict(counts.group_by("artistID").agg(pl.col("weight").sum()).iter_rows())
    rows = [
        {"uid": f"a{number}", "kind": "artist", "name": name, "plays": plays.get(int(number), 0)}
        for number, name in artists.items()
        if name.strip()
    ]
    titles = {
        *_column("billboard_hot100_1997_2024.csv.gz", "title", "performer"),
        *_column("billboard200_1995_2024.csv.gz", "title", "performer"),
        *_column("spotify_top50_daily_10markets_to_2024-06.csv.gz", "song", "artist"),
    }
    rows += [
        {"uid": f"t{number}", "kind": "track", "name": title, "artist": artist, "plays": 0}
        for number, (title, artist) in enumerate(sorted(titles))
    ]
    frame = pl.DataFrame(rows, schema_overrides={"plays": pl.Int64})
    return frame.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in SCHEMA.items() if name not in frame.columns
    ).select(
        pl.col(name).cast(dtype).fill_null([]) if isinstance(dtype, pl.List) else pl.col(name).cast(dtype)
        for name, dtype in SCHEMA.items()
    )


def _column(file: str, title: str, artist: str) -> set[tuple[str, str]]:
    frame = pl.read_csv(gzip.decompress((DATA / "charts" / file).read_bytes())).select(title, artist)
    return {(one, other) for one, other in frame.unique().iter_rows() if one and other and one.strip()}


def drawn(names: Sequence[str], n: int, *, seed: int) -> list[tuple[str, str, str]]:
    """Draw queries: the text, the name that is meant, and the kind of its first edit."""
    rng = random.Random(seed)
    long_enough = [name for name in names if len(name.replace(" ", "")) >= SHORTEST and name.isascii()]
    kinds = list(KINDS)
    found: list[tuple[str, str, str]] = []
    while len(found) < n:
        name, kind = rng.choice(long_enough), kinds[len(found) % len(kinds)]
        text = misspelt(name, kind, rng)
        if normalise(text) not in ("", name):
            found.append((text, name, kind))
    return found


def _reciprocal(found: Sequence[str], name: str) -> float:
    return 1 / (found.index(name) + 1) if name in found else 0.0


def _ours(index: LexicalIndex) -> Finder:
    def find(text: str) -> list[str]:
        candidates = gather(index, Asked(text), count=FIRST).candidates
        return list(dict.fromkeys(normalise(one.shown.name) for one in candidates))[:FIRST]

    return find


def _fts5(names: Sequence[str]) -> Finder:
    base = sqlite3.connect(":memory:")
    base.execute("create virtual table names using fts5(name, tokenize='trigram')")
    base.executemany("insert into names values (?)", ((name,) for name in names))

    def find(text: str) -> list[str]:
        pieces = {text[start : start + 3] for start in range(len(text) - 2)} or {text}
        asked = " OR ".join('"' + piece.replace('"', '""') + '"' for piece in sorted(pieces))
        rows = base.execute("select name from names where names match ? order by rank limit 300", (asked,)).fetchall()
        return [name for name, _, _ in process.extract(text, [row[0] for row in rows], scorer=fuzz.ratio, limit=FIRST)]

    return find


def _tantivy(names: Sequence[str]) -> Finder:
    builder = SchemaBuilder()
    builder.add_text_field("name", stored=True)
    schema = builder.build()
    index = Index(schema)
    with index.writer(64 << 20, 1) as writer:
        for name in names:
            writer.add_document(TantivyDocument(name=name))
        writer.commit()
    index.reload()
    searcher = index.searcher()

    def find(text: str) -> list[str]:
        words = [
            Query.fuzzy_term_query(schema, "name", word, 2 if len(word) >= 8 else 1, True) for word in text.split()
        ]
        query = Query.boolean_query([(Occur.Should, word) for word in words])
        return [str(searcher.doc(address).get_first("name")) for _, address in searcher.search(query, FIRST).hits]

    return find


def _ambiguous(queries: Sequence[tuple[str, str, str]], names: Sequence[str]) -> np.ndarray:
    """Tell which queries are as near to another name as to the one that is meant."""
    found = np.zeros(len(queries), dtype=bool)
    for start in range(0, len(queries), 500):
        part = queries[start : start + 500]
        texts = [normalise(text) for text, _, _ in part]
        furthest = max(budget(name) for _, name, _ in part) + 2
        away = process.cdist(texts, names, scorer=OSA.distance, score_cutoff=furthest, dtype=np.uint8)
        for place, (_, name, _) in enumerate(part):
            own = OSA.distance(texts[place], name)
            found[start + place] = int((away[place] <= own).sum()) > 1
    return found


def _numbers(
    queries: Sequence[tuple[str, str, str]], ranks: dict[str, np.ndarray], ambiguous: np.ndarray
) -> dict[str, float]:
    plain = ~ambiguous
    numbers = {name: float(values[plain].mean()) for name, values in ranks.items()}
    interval = bootstrap_mean(ranks["mrr"][plain], rng=np.random.default_rng(SEED))
    numbers |= {"mrr_low": interval.low, "mrr_high": interval.high}
    for peer in ("fts5", "tantivy"):
        rng = np.random.default_rng(SEED)
        above = bootstrap_mean(ranks["mrr"][plain], baseline=ranks[f"{peer}_mrr"][plain], rng=rng)
        numbers |= {f"above_{peer}": above.mean, f"above_{peer}_low": above.low, f"above_{peer}_high": above.high}
    kinds = np.array([kind for _, _, kind in queries])
    numbers |= {f"mrr_{kind}": float(ranks["mrr"][plain & (kinds == kind)].mean()) for kind in KINDS}
    numbers |= {
        "ambiguous_share": float(ambiguous.mean()),
        "mrr_ambiguous": float(ranks["mrr"][ambiguous].mean()) if ambiguous.any() else float("nan"),
        "fts5_mrr_ambiguous": float(ranks["fts5_mrr"][ambiguous].mean()) if ambiguous.any() else float("nan"),
    }
    return numbers


def guesses(queries: Sequence[tuple[str, str, str]], documents: pl.DataFrame) -> tuple[list[Gathered], np.ndarray]:
    """Give what is found where every fifth name is missing, and whether the guesses are right."""
    plain = documents["name"].map_elements(normalise, return_dtype=pl.String)
    gone = sorted(set(plain.to_list()))[::5]
    with tempfile.TemporaryDirectory() as folder:
        index = LexicalIndex(Path(folder))
        index.refresh(documents.filter(~plain.is_in(gone)))
        found, right = [], []
        for text, name, _ in queries:
            gathered = gather(index, Asked(text), count=FIRST)
            suggestion = meant(gathered, text)
            if suggestion is not None:
                found.append(gathered)
                right.append(normalise(suggestion.text) == name)
        return found, np.array(right)


def _confidence_error(queries: Sequence[tuple[str, str, str]], documents: pl.DataFrame) -> float:
    """Give the expected calibration error over ten equal bins."""
    found, right = guesses(queries, documents)
    sure = np.array([confidence(one) for one in found])
    bins = np.minimum((sure * 10).astype(int), 9)
    in_bins = [(bins == one) for one in np.unique(bins)]
    return float(sum(abs(right[here].mean() - sure[here].mean()) * here.mean() for here in in_bins))
