"""Published splits: ``user item item …`` files.

Conventions
-----------
Ids are whole numbers and mean the same in all files. Every item that occurs in any of them is ranked. What is in the
training file, and in the validation file if there is one, is left out of the ranking; so a pair that is in
the test file as well is no discovery. Models are fitted on the training file alone; the validation file is what
settings and weights are chosen by.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix

from ml.data.importers.base import Options, Unit
from ml.data.importers.source import Source
from ml.data.importers.user_items import UserItems
from ml.foundation.errors import BadInput
from ml.models.base import TrainingData
from ml.models.dataset import Dataset, Split, without
from ml.models.plays import UNDATED, Plays

Numbers = NDArray[np.int64]


def read_split(train: Path, test: Path, valid: Path | None = None) -> Split:
    """Read a published split.

    Raises
    ------
    BadInput
        If a file is missing, or a line is not of the format: with file, line and reason.
    """
    files = [train, test] if valid is None else [train, test, valid]
    read = {path: _pairs(path) for path in files}
    pairs = [read[path] for path in files]
    users, user_rows = np.unique(np.concatenate([frame["user"].to_numpy() for frame in pairs]), return_inverse=True)
    items, item_rows = np.unique(np.concatenate([frame["item"].to_numpy() for frame in pairs]), return_inverse=True)
    ends = np.cumsum([len(frame) for frame in pairs])[:-1]
    rows = zip(np.split(user_rows, ends), np.split(item_rows, ends), strict=True)
    shape = (len(users), len(items))
    learned, tested, *validated = [_matrix(*each, shape) for each in rows]
    known = validated[0] if validated else None
    heard = learned if known is None else csr_matrix((learned + known).sign())
    return Split(_dataset(learned, known, users, items), without(tested, heard), tested, known)


def read_history(path: Path) -> Dataset:
    """Read one file of pairs, as what may be learned from.

    Raises
    ------
    BadInput
        As :func:`read_split`.
    """
    return read_split(path, path).train


def _pairs(path: Path) -> pl.DataFrame:
    """Read the pairs of a file, columns ``user`` and ``item``, int64."""
    if not path.is_file():
        raise BadInput(f"{path}: there is no such file", "name a file of `user item item …` lines")
    entries = Source.of(path).entries
    if len(entries) != 1:
        raise BadInput(f"{path}: holds {len(entries)} files", "unpack it, and name one of them")
    entry = entries[0]
    frames = []
    for batch in UserItems().read(Unit(UserItems.kind, entry.name, (entry,)), Options()):
        if batch.rejects:
            reject = batch.rejects[0]
            raise BadInput(f"{path}:{reject.line}: {reject.reason}", "an evaluation reads whole files or none")
        frames.append(batch.frames["counts"].select(_number("user_id", "user"), _number("item_id", "item")))
    return pl.concat(frames)


def _number(column: str, name: str) -> pl.Expr:
    return pl.col(column).str.extract(r"(\d+)$", 1).cast(pl.Int64).alias(name)


def _matrix(users: Numbers, items: Numbers, shape: tuple[int, int]) -> csr_matrix:
    pairs = coo_matrix((np.ones(len(users), dtype=np.float32), (users, items)), shape=shape)
    return csr_matrix(pairs.tocsr().sign())


def _dataset(learned: csr_matrix, held_out: csr_matrix | None, users: Numbers, items: Numbers) -> Dataset:
    once = np.ones(learned.nnz, dtype=np.float32)
    undated = np.full(learned.nnz, UNDATED)
    plays = Plays(learned.indptr.astype(np.int64), learned.indices, once, undated, len(items))
    nothing = np.full(len(items), -1, dtype=np.int32)
    data = TrainingData(plays, csr_matrix(np.zeros((len(items), 0), dtype=np.float32)), nothing, held_out)
    return Dataset("item", items, users, np.empty(0, dtype=np.int64), (), data, snapshot="")
