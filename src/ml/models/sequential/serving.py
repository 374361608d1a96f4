"""Histories to vectors with onnxruntime: all that answering needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ml.foundation.extras import extra
from ml.models.plays import Floats
from ml.models.sequential.sequences import Batch, Sequences, gaps, latest, offsets, pauses

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

#: Histories at a time: what lies between two layers stays in a processor's cache.
BATCH = 32


class Encoder:
    """Turns histories into vectors.

    Parameters
    ----------
    graph : uint8 [shape=(n_bytes,)]
        Of :func:`ml.models.sequential.graph.encoder`.
    vectors : float32 [shape=(n_items, width)]
        Of items.
    length : int
        Plays that are looked at, at most.
    context : float32 [shape=(n_tokens, width)], optional
        What is added to the vector of a play for its context.

    Raises
    ------
    ml.foundation.errors.MissingExtra
        If onnxruntime is not installed.
    """

    def __init__(self, graph: NDArray[np.uint8], vectors: Floats, length: int, context: Floats | None = None) -> None:
        with extra("onnx"):
            import onnxruntime
        options = onnxruntime.SessionOptions()
        # One thread: who asks for many listeners has threads of their own, and one listener is quick.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: InferenceSession = onnxruntime.InferenceSession(
            graph.tobytes(), options, providers=["CPUExecutionProvider"]
        )
        self._vectors, self._length, self._context = vectors, length, context

    def __call__(self, sequences: Sequences) -> Floats:
        """Give the vectors of listeners, float32 [shape=(n_users, width)]; of those without history, too."""
        found = np.empty((sequences.n_users, self._vectors.shape[1]), dtype=np.float32)
        whole = latest(sequences, self._length)
        # Histories of about one length together: padding costs as much as plays.
        order = np.argsort(whole.lengths, kind="stable")
        for first in range(0, len(order), BATCH):
            some = order[first : first + BATCH]
            found[some] = self._run(whole.take(some, int(whole.lengths[some].max())))
        return found

    def _run(self, batch: Batch) -> Floats:
        between = gaps(batch.times)
        vectors = self._vectors[batch.items]
        if self._context is not None and batch.context is not None:
            vectors += self._context[batch.context].sum(axis=2)
        fed = {
            "vectors": vectors,
            "offsets": offsets(batch.items.shape[1] + 1, self._length),
            "gaps": between,
            "pauses": pauses(between),
            "last": batch.lengths[:, None],
        }
        state: Floats = self._session.run(["state"], fed)[0]
        return state
