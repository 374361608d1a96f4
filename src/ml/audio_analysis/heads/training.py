"""A head trained, judged and written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.audio_analysis.heads.cards import card_text
from ml.audio_analysis.heads.choosing import MOST_LEARNT, N_FOLDS, learn
from ml.audio_analysis.heads.head import Head, save_head
from ml.audio_analysis.heads.judging import SEEDS, judge
from ml.audio_analysis.heads.labelled import Labelled
from ml.audio_analysis.heads.tables import LabelTable
from ml.data.audio_files import printable
from ml.features.audio.embedding import BLOCKS, SIZE
from ml.features.audio.framing import Floats
from ml.foundation.errors import BadInput
from ml.foundation.results import Result

#: Fewer tracks with a label, or of all of them, are too few to learn from, and to say how well that went.
LEAST_OF_LABEL, LEAST_TRACKS = 5, 20


@dataclass(frozen=True, slots=True)
class TrainedHead(Result):
    """A head that was written.

    Parameters
    ----------
    path : str
    card : mapping
        What it was trained on, and how good it was found to be.
    notices : tuple of str
    """

    path: str
    card: Mapping[str, Any]
    notices: tuple[str, ...]


def labelled(
    table: LabelTable, vectors: Mapping[Path, Floats], *, ours: bool = True
) -> tuple[Labelled, tuple[str, ...]]:
    """Put labels and vectors together; labels of fewer than 5 tracks are left out, and it is said.

    Parameters
    ----------
    table : LabelTable
    vectors : mapping of Path to array
    ours : bool
        Whether they are our own, whose blocks are known.

    Raises
    ------
    BadInput
        If less than 20 tracks, two labels or five groups are left.
    """
    files = [file for file in table.labels if file in vectors]
    counted = Counter(name for file in files for name in table.labels[file]) if table.kind != "scales" else Counter()
    names = sorted(str(name) for name, n in counted.items() if n >= LEAST_OF_LABEL)
    rare = sorted(str(name) for name in counted if name not in names)
    names = list(table.columns) if table.kind == "scales" else names
    if table.kind != "scales":
        files = [file for file in files if set(names) & set(table.labels[file])]
    n_groups = len({table.groups[file] for file in files})
    if len(files) < LEAST_TRACKS or n_groups < N_FOLDS or (table.kind != "scales" and len(names) < 2):
        kept = f"{len(names)} labels" + (f" of {LEAST_OF_LABEL} tracks or more" if table.kind != "scales" else "")
        what = f"{kept}, {len(files)} tracks with a vector and such a label, {n_groups} groups"
        hint = f"give {LEAST_TRACKS} tracks, two labels and {N_FOLDS} groups"
        raise BadInput(f"too little to learn from: {what}", hint)
    said = [_row(table, file, names) for file in files]
    targets = np.array(said, dtype=np.float64)
    groups = np.unique([table.groups[file] for file in files], return_inverse=True)[1].astype(np.intp)
    matrix = np.array([vectors[file] for file in files], dtype=np.float32)
    blocks = list(BLOCKS.values()) if ours and matrix.shape[1] == SIZE else [slice(0, matrix.shape[1])]
    notices = [f"left out, with fewer than {LEAST_OF_LABEL} tracks each: {', '.join(rare)}"] if rare else []
    return Labelled(table.kind, names, matrix, targets, groups, blocks), tuple(notices)


def train(
    data: Labelled,
    table: LabelTable,
    folder: Path,
    *,
    vectors: str,
    source: str,
    embedder: str | None = None,
    notices: Sequence[str] = (),
    seed: int = 0,
) -> TrainedHead:
    """Judge by nested grouped folds, learn from everything, and write head and card.

    Parameters
    ----------
    data : Labelled
    table : LabelTable
        What the data are from.
    folder : Path
        Where heads lie.
    vectors : str
        Name of the vectors.
    source : str
        For the card: where the labels are from.
    embedder : str, optional
        For the card: where the model lies that makes the vectors.
    notices : sequence of str
    seed : int
    """
    said = list(notices)
    if table.group_column is None:
        said.append("tracks were not grouped: where an artist has several, the numbers are too good")
    if table.absent:
        said.append(f"{len(table.absent):,} files of the table are not there, such as {table.absent[0]}")
    if len(data) > MOST_LEARNT:
        said.append(f"{MOST_LEARNT:,} of {len(data):,} tracks were drawn to learn from")
    measured = judge(data, seeds=SEEDS, seed=seed)
    fitted = learn(data, np.random.default_rng(seed))
    card = {
        "target": table.target,
        "kind": table.kind,
        "labels": list(data.labels),
        "trained_on": source,
        "tracks": len(data),
        "tracks_by_label": None if table.kind == "scales" else _counts(data.labels, data.targets),
        "groups": int(data.groups.max()) + 1,
        "grouped_by": table.group_column,
        "vectors": vectors,
        "embedder": embedder,
        "settings": {name: getattr(fitted.settings, name) for name in ("gamma", "ridge", "balance", "evenness")},
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "measured": measured,
        "notices": said,
    }
    low, high = data.targets.min(axis=0), data.targets.max(axis=0)
    model = (fitted.regression, fitted.slope, fitted.offset, low, high)
    head = Head(table.target, table.kind, tuple(data.labels), vectors, *model, card)
    path = save_head(head, folder, card_text(card))
    return TrainedHead(printable(path), card, tuple(said))


def _row(table: LabelTable, file: Path, names: Sequence[str]) -> list[float]:
    found = table.labels[file]
    return list(found) if isinstance(found, tuple) else [float(name in found) for name in names]


def _counts(labels: Sequence[str], targets: NDArray[np.float64]) -> dict[str, int]:
    return {label: int(n) for label, n in zip(labels, targets.sum(axis=0), strict=True)}
