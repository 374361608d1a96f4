"""What a map is made of: given by whoever builds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ml.data.store import Store


@dataclass(frozen=True)
class Sounds:
    """Embeddings of analysed sounds.

    Parameters
    ----------
    version : str
        What made them: those of two versions are never compared.
    vectors : float32 [shape=(n, size)]
        In the order that ``fact`` of the documents counts in; zeros where there is none.
    """

    version: str
    vectors: NDArray[np.float32]


@dataclass(frozen=True)
class MapParts:
    """What the maps of a workspace are made of.

    Parameters
    ----------
    store : Store
    folder : Path
        Where maps are kept.
    models : Path
        Folder of the model sets.
    documents : callable
        Reads artists and tracks as rows: ``uid``, ``kind``, ``key``, ``content_hash``, ``name``, ``artist``,
        ``artist_key``, ``genres``, ``tags``, ``year``, ``tempo_bpm``, ``plays`` and ``fact``.
    sounds : callable
        Gives what is known of sounds; None where nothing was analysed.
    notices : tuple of str
        What is said with every answer.
    """

    store: Store
    folder: Path
    models: Path
    documents: Callable[[], pl.DataFrame]
    sounds: Callable[[], Sounds | None]
    notices: tuple[str, ...] = ()
