"""The vectors of sounds, kept as one index beside the store: what is not in it is read from analyses, or made."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, as_completed
from pathlib import Path

import numpy as np
import orjson
from sqlalchemy import select

from ml.audio_analysis.hands.processes import Hands
from ml.audio_analysis.hands.work import Reply
from ml.audio_analysis.heads import OWN
from ml.audio_analysis.library.version import analysis_version
from ml.data.importers.audio_payload import hash_payload
from ml.data.schema import audio_analyses, scanned_files
from ml.data.workspace import Workspace
from ml.features.audio.embedding import SIZE
from ml.features.audio.framing import Floats
from ml.foundation.errors import CorruptModel
from ml.foundation.progress import progress
from ml.models.retrieval import VectorIndex

_FILE = "audio_vectors.npz"
#: Documents that are in memory at a time.
_PAGE = 200


def known_vectors(workspace: Workspace) -> VectorIndex:
    """Give the vectors of all sounds that were analysed, by the hash of the sound.

    The index may hold others too, which were made for training. It is brought up to date and written first.
    """
    index = _read(workspace)
    if not workspace.is_there:
        return index
    table = audio_analyses.c
    new: dict[str, list[float]] = {}
    with workspace.store.read() as connection:
        wanted = select(table.content_hash).where(table.version == analysis_version())
        missing = [name for name in connection.execute(wanted).scalars() if name not in index]
        for start in range(0, len(missing), _PAGE):
            page = select(table.content_hash, table.document).where(
                table.content_hash.in_(missing[start : start + _PAGE])
            )
            for name, document in connection.execute(page):
                embedding = orjson.loads(document).get("embedding")
                if embedding is not None:
                    new[name] = embedding
    return _with(workspace, index, new)


def vectors_of_files(
    workspace: Workspace, files: Sequence[Path], hands: Hands, bar: progress
) -> tuple[dict[Path, Floats], dict[Path, str]]:
    """Give the vectors of files, scanned or not, and why some have none; what is made is kept.

    Parameters
    ----------
    workspace : Workspace
    files : sequence of Path
    hands : Hands
        Who analyses what is not known.
    bar : progress
        Advanced with each file.
    """
    index, problems = known_vectors(workspace), {}
    names: dict[Path, str] = {}
    todo: dict[Future[Reply], Path] = {}
    asked: set[str] = set()
    for file in files:
        try:
            names[file] = hash_payload(file).content_hash
        except OSError as error:
            problems[file] = f"cannot be read: {error.strerror or error}"
        if file in names and names[file] not in index and names[file] not in asked:
            asked.add(names[file])
            todo[hands.submit({"do": "analyse", "path": str(file)})] = file
        else:
            bar.advance()
    new: dict[str, list[float]] = {}
    for future in as_completed(todo):
        file, reply = todo[future], future.result()
        bar.advance()
        if "problem" in reply:
            problems[file] = reply["problem"]["message"]
        elif (embedding := reply["analysis"]["embedding"]) is not None:
            new[names[file]] = embedding
    index = _with(workspace, index, new)
    found = {file: vector for file, name in names.items() if (vector := index.get(name)) is not None}
    return found, problems | {
        file: "silent, or too short" for file in names if file not in found and file not in problems
    }


def scanned_sounds(workspace: Workspace) -> dict[str, list[str]]:
    """List where each sound lies that was scanned: paths by hash."""
    found: dict[str, list[str]] = {}
    if workspace.is_there:
        with workspace.store.read() as connection:
            for name, path in connection.execute(
                select(scanned_files.c.content_hash, scanned_files.c.path).order_by(scanned_files.c.path)
            ):
                found.setdefault(name, []).append(path)
    return found


def _read(workspace: Workspace) -> VectorIndex:
    path = workspace.home / "indexes" / _FILE
    if path.is_file():
        try:
            index = VectorIndex.load(path)
        except CorruptModel:  # it can be made again
            return VectorIndex(_name(), SIZE)
        if (index.name, index.size) == (_name(), SIZE):
            return index
    return VectorIndex(_name(), SIZE)


def _name() -> str:
    """Name what the vectors are of: another version of the analyzer hears other beats and chords, and makes others."""
    return f"{OWN} of {analysis_version()}"


def _with(workspace: Workspace, index: VectorIndex, new: dict[str, list[float]]) -> VectorIndex:
    if new:
        index.add(list(new), np.array(list(new.values()), dtype=np.float32))
        index.save(workspace.indexes / _FILE)
    return index
