"""What the maps of the library ask of the search's documents and of the audio library."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ml.data.catalogue import Facts
from ml.data.store import Store

if TYPE_CHECKING:
    from ml.library_map import Sounds


def documents(store: Store, facts: Facts | None) -> pl.DataFrame:
    """Read artists and tracks as rows; see :class:`ml.library_map.MapParts`."""
    from ml.intelligent_search.documents import read_documents

    with store.read() as connection:
        found = read_documents(connection, facts)
    return found.filter(pl.col("kind") != "album")


def sounds(facts: Facts | None) -> Sounds | None:
    """Give the embeddings of sounds; None where there is none."""
    if facts is None or not len(facts.frame) or not facts.vectors.size:
        return None
    from ml.audio_analysis.library.version import analysis_version
    from ml.library_map import Sounds

    return Sounds(analysis_version(), facts.vectors)
