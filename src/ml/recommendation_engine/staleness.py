"""That the models are older than what is in the store, in words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ml.data.ingest import news_since
from ml.recommendation_engine.serving import Serving
from ml.recommendation_engine.stamps import Moment
from ml.recommendation_engine.words import say


def newer_data(connection: Connection, serving: Serving, moment: Moment | None = None) -> tuple[str, ...]:
    """Say that something was imported since the training; the store is not asked where the moment rules it out."""
    if moment is not None and not moment.importing and moment.imported <= serving.read_at:
        return ()
    news = news_since(connection, serving.read_at) if serving.read_at else None
    return () if news is None else (news,)


def removed_items(gone: NDArray[np.int64] | None) -> tuple[str, ...]:
    """Say that the models are older than the store."""
    if gone is None or not len(gone):
        return ()
    return (say("gone", n=len(gone)),)
