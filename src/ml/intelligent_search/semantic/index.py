"""The index of meanings: documents by what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ml.foundation.errors import CorruptIndex
from ml.foundation.log import logger
from ml.foundation.results import Result
from ml.intelligent_search.semantic.describing import Described, describe, lengths_of
from ml.intelligent_search.semantic.encoders import TextEncoder
from ml.intelligent_search.semantic.phrases import PhraseVectors
from ml.intelligent_search.semantic.translating import english
from ml.models.retrieval.vectors import VectorFolder
from ml.models.retrieval.vectors.codes import Floats

#: Told how many phrases are encoded, and of how many.
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Refreshed(Result):
    """What a refresh did.

    Parameters
    ----------
    documents : int
        That can be found by meaning: those of which anything is said.
    added, removed : int
        Vectors made, of new and changed documents, and those that went.
    phrases : int
        Encoded: those that had not been met before.
    phrases_per_s : float or None
        How quickly; None where there were none.
    duration_s : float
    """

    documents: int
    added: int
    removed: int
    phrases: int
    phrases_per_s: float | None
    duration_s: float


class SemanticIndex:
    """Finds documents by the meaning of a text.

    Parameters
    ----------
    folder : Path
        Where the index lies; it can be thrown away. A damaged one is.
    encoder : TextEncoder

    Examples
    --------
    ::

        index = SemanticIndex(workspace.indexes / "semantic", open_encoder(kept=workspace.indexes / "encoders"))
        index.refresh(read_documents(connection, facts))
        index.find("sad piano at night", 10)
    """

    def __init__(self, folder: Path, encoder: TextEncoder) -> None:
        self.encoder = encoder
        self._phrases = PhraseVectors(folder, encoder)
        size = len(encoder.encode([""])[0])
        try:
            self._vectors = VectorFolder(folder / "documents", encoder.version, size)
        except CorruptIndex as error:
            logger.warning("%s; it is made anew", error.message)
            self._vectors = VectorFolder.fresh(folder / "documents", encoder.version, size)

    def __len__(self) -> int:
        return len(self._vectors)

    @property
    def n_bytes(self) -> int:
        """How much the index takes on the disk."""
        return self._vectors.n_bytes + self._phrases.n_bytes

    def refresh(self, documents: pl.DataFrame, on_progress: OnProgress | None = None) -> Refreshed:
        """Make the index hold these documents: phrases that are new are encoded, documents that changed are made anew.

        Parameters
        ----------
        documents : polars.DataFrame
            As :func:`ml.intelligent_search.documents.read_documents` gives them.
        on_progress : callable, optional

        Raises
        ------
        ml.foundation.errors.DiskFull
        """
        begin = perf_counter()
        said = describe(documents)
        digests = said.digests()
        uids = documents["uid"]
        new = self._vectors.is_new(uids, digests)
        n_phrases, spent = self._phrases.learn(_phrases_of(said, new), on_progress)
        made = self._vectors.update(uids, digests, lengths_of(said.totals), lambda rows: self._mean(said, rows))
        return Refreshed(
            documents=len(self),
            added=made.added,
            removed=made.removed,
            phrases=n_phrases,
            phrases_per_s=n_phrases / spent if n_phrases else None,
            duration_s=perf_counter() - begin,
        )

    def find(
        self, text: str, count: int = 10, allowed: Collection[str] | pl.Series | None = None, *, exact: bool = False
    ) -> dict[str, float]:
        """Find the documents nearest in meaning, the nearest first.

        Parameters
        ----------
        text : str
            English or German; see :meth:`read_as`.
        count : int >= 1
        allowed : collection of str, or polars.Series of str or bool, optional
            Uids that may be found; as bools, one for each of the documents of the last refresh.
        exact : bool
            Whether to read all vectors, instead of the nearest cells.

        Returns
        -------
        dict of str to float in (0, 1]
            By uid: the cosine of the document and the text, by how much is said of the document.
        """
        read = self.read_as(text)
        if not read.strip() or not len(self):
            return {}
        return self.near(self.encoder.encode([read])[0], count, allowed, exact=exact)

    def near(
        self,
        vector: Floats,
        count: int = 10,
        allowed: Collection[str] | pl.Series | None = None,
        *,
        exact: bool = False,
    ) -> dict[str, float]:
        """Find the documents nearest to a vector of the encoder, as :meth:`find` does."""
        mask = None if allowed is None else self._vectors.mask_of(allowed)
        rows, scores = self._vectors.index.search(vector, count, mask=mask, exact=exact)
        return dict(zip(self._vectors.ids.gather(rows).to_list(), scores.tolist(), strict=True))

    def read_as(self, text: str) -> str:
        """Tell what is encoded of a request: the request, or what the grammar makes of its German words."""
        knows = getattr(self.encoder, "knows", None)
        if knows is None or not text.strip():
            return text
        return english(text, lambda words: words.lower() in self._phrases or knows(words)) or text

    def _mean(self, said: Described, rows: NDArray[np.int64]) -> Floats:
        weights = said.weights[rows]
        used = np.unique(weights.indices)
        vectors = self._phrases.of([said.phrases[one] for one in used])
        return np.asarray(weights[:, used] @ vectors, dtype=np.float32)


def _phrases_of(said: Described, rows: NDArray[np.int64]) -> list[str]:
    return [said.phrases[one] for one in np.unique(said.weights[rows].indices)]
