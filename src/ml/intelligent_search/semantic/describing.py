"""What is said of a document, as phrases with weights: what the text encoder reads.

A document is the mean of its phrases' vectors, each weighted by how many people said it; its length grows with how
much is said (:func:`lengths_of`). Names are not among them: finding names is what the search for words is for. Both was
chosen on the validation part of ``search_tags``: one text a document, such as ``"Creep by Radiohead. rock, sad"``,
reaches half the NDCG@10 of its phrases, and costs an encoding a document instead of one a phrase.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.features.language.languages import LANGUAGES

#: By feature of :data:`~ml.intelligent_search.documents.FEATURES`: below which value which word, above which which.
WORDS: dict[str, tuple[float, str, float, str]] = {
    "tempo_bpm": (85.0, "slow tempo", 140.0, "fast tempo"),
    "energy": (0.35, "calm", 0.75, "energetic"),
    "valence": (0.35, "sad", 0.7, "happy"),
    "danceability": (0.0, "", 0.7, "danceable"),
    "acousticness": (0.0, "", 0.7, "acoustic"),
    "instrumentalness": (0.0, "", 0.6, "instrumental, no vocals"),
}


@dataclass(frozen=True, slots=True)
class Described:
    """Phrases of documents.

    Parameters
    ----------
    phrases : tuple of str
        Distinct.
    weights : csr_matrix, float32 > 0 [shape=(n_documents, n_phrases)]
        How many said so.
    """

    phrases: tuple[str, ...]
    weights: csr_matrix

    @property
    def totals(self) -> NDArray[np.float32]:
        """How much is said of each document, float32 [shape=(n_documents,)]."""
        return np.asarray(self.weights.sum(axis=1), dtype=np.float32).ravel()

    def digests(self) -> NDArray[np.uint64]:
        """Hash what is said of each document, uint64 [shape=(n_documents,)]; the same on every machine."""
        of_phrase = np.array(
            [int.from_bytes(blake2b(one.encode(), digest_size=8).digest(), "little") for one in self.phrases],
            dtype=np.uint64,
        )
        counts = np.rint(self.weights.data * 16).astype(np.uint64)
        with np.errstate(over="ignore"):
            # An odd factor keeps the whole of the product; sums do not depend on the order of phrases.
            parts = np.append(of_phrase[self.weights.indices] * (2 * counts + 1), np.uint64(0))
            sums = np.add.reduceat(parts, self.weights.indptr[:-1]) if self.weights.shape[0] else parts[:0]
        sums[np.diff(self.weights.indptr) == 0] = 0
        return sums


def describe(documents: pl.DataFrame) -> Described:
    """Say of documents what is known: tags, genres, decade, language, and what the sound is like.

    Parameters
    ----------
    documents : polars.DataFrame
        As :func:`ml.intelligent_search.documents.read_documents` gives them.

    Examples
    --------
    >>> documents = pl.DataFrame({"tags": [["rock", "sad"]], "tag_counts": [[3, 1]], "genres": [["rock"]],
    ...     "year": [1993], "language": ["en"], "energy": [0.2]})
    >>> found = describe(documents)
    >>> {found.phrases[one]: float(weight) for one, weight in zip(found.weights.indices, found.weights.data)}
    {'1990s': 1.0, 'calm': 1.0, 'english': 1.0, 'rock': 3.0, 'sad': 1.0}
    """
    rows = documents.with_row_index("row")
    said = pl.concat([_tags(rows), _genres(rows), *_facts(rows)])
    said = said.filter(pl.col("phrase").is_not_null() & (pl.col("phrase") != "") & (pl.col("weight") > 0))
    # A genre that is a tag too was not said once more.
    said = said.group_by("row", "phrase").agg(pl.col("weight").max()).sort("row", "phrase")
    phrases = said["phrase"].unique().sort()
    columns = said["phrase"].replace_strict(phrases, pl.int_range(len(phrases), eager=True), return_dtype=pl.Int32)
    matrix = csr_matrix(
        (said["weight"].to_numpy(), (said["row"].to_numpy(), columns.to_numpy())),
        shape=(len(documents), len(phrases)),
        dtype=np.float32,
    )
    matrix.sort_indices()
    return Described(tuple(phrases), matrix)


def lengths_of(totals: NDArray[np.float32]) -> NDArray[np.float32]:
    r"""Weigh documents by how much is said of them, float32 in [0, 1) [shape=(n,)].

    .. math:: \ell = \frac{t}{t + s}

    with s the standard deviation of the totals t of those of whom anything is said: a tag that one person gave says
    less than one that fifty did. Where as much is said of all, none is trusted more.

    >>> lengths_of(np.array([0, 10, 30], dtype=np.float32)).round(2).tolist()
    [0.0, 0.5, 0.75]
    >>> lengths_of(np.array([2, 2], dtype=np.float32)).tolist()
    [1.0, 1.0]
    """
    told = totals > 0
    spread = float(totals[told].std()) if told.any() else 0.0
    found: NDArray[np.float32] = np.divide(totals, totals + spread, out=np.zeros_like(totals), where=told)
    return found


def _tags(rows: pl.DataFrame) -> pl.DataFrame:
    return _said(
        rows.select("row", phrase="tags", weight="tag_counts").explode("phrase", "weight", empty_as_null=False)
    )


def _genres(rows: pl.DataFrame) -> pl.DataFrame:
    return _said(rows.select("row", phrase="genres").explode("phrase", empty_as_null=False).with_columns(weight=1))


def _facts(rows: pl.DataFrame) -> list[pl.DataFrame]:
    found = []
    if "year" in rows.columns:
        decade = pl.when(pl.col("year") > 0).then(pl.format("{}s", pl.col("year") // 10 * 10))
        found.append(_said(rows.select("row", phrase=decade, weight=1)))
    if "language" in rows.columns:
        names = {code: word.synonyms.split(", ")[0] for code, word in LANGUAGES.items()}
        found.append(_said(rows.select("row", phrase=pl.col("language").replace_strict(names, default=None), weight=1)))
    for feature, (low, below, high, above) in WORDS.items():
        if feature in rows.columns:
            value = pl.col(feature)
            word = pl.when(value < low).then(pl.lit(below)).when(value > high).then(pl.lit(above))
            found.append(_said(rows.select("row", phrase=word, weight=1)))
    return found


def _said(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        pl.col("row").cast(pl.Int64), pl.col("phrase").cast(pl.String), pl.col("weight").cast(pl.Float32)
    )
