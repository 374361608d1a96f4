"""The vectors of sounds, kept as one index beside the store: what is not in it is read from analyses, or made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from hashlib import blake2b
from pathlib import Path

import numpy as np
import orjson
from sqlalchemy import select

from ml.audio_analysis.embedders import Plugged
from ml.audio_analysis.hands.processes import Hands
from ml.audio_analysis.hands.work import Reply
from ml.audio_analysis.heads import OWN
from ml.audio_analysis.library.embeddings import embed_sounds, heard_sounds, stored_vectors
from ml.audio_analysis.library.opened import read
from ml.audio_analysis.library.version import analysis_version
from ml.data.importers.audio_payload import hash_payload
from ml.data.schema import audio_analyses, scanned_files
from ml.data.workspace import Workspace
from ml.features.audio.embedding import SIZE
from ml.features.audio.framing import Floats
from ml.foundation.errors import BadInput
from ml.foundation.progress import progress
from ml.models.retrieval import VectorIndex

_FILE, _FILE_OF = "audio_vectors.npz", "audio_vectors_{}.npz"
#: Documents that are in memory at a time.
_PAGE = 200
_Read = Callable[[Path], VectorIndex | None]


def known_vectors(workspace: Workspace, plug: Plugged | None = None, read: _Read = read) -> VectorIndex:
    """Give the vectors of all sounds that were analysed, by the hash of the sound; our own, or a larger embedder's.

    The index may hold others too, which were made for training. It is brought up to date and written first.
    ``read`` may give one that is open already; it is not changed.
    """
    if plug is not None:
        return _larger(workspace, plug, read)
    index = _own(workspace, read)
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
    workspace: Workspace, files: Sequence[Path], hands: Hands, bar: progress, plug: Plugged | None = None
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
    plug : Plugged, optional
        A larger embedder, in the place of our own vectors.
    """
    if plug is not None:
        return _larger_of_files(workspace, files, hands, bar, plug)
    index = known_vectors(workspace)
    names: dict[Path, str] = {}
    problems: dict[Path, str] = {}
    todo: dict[Future[Reply], Path] = {}
    asked: set[str] = set()
    for file, name in _hashed(files, problems):
        if name is not None:
            names[file] = name
        if name is None or name in index or name in asked:
            bar.advance()
        else:
            asked.add(name)
            todo[hands.submit({"do": "analyse", "path": str(file)})] = file
    new: dict[str, list[float]] = {}
    for future in as_completed(todo):
        file, reply = todo[future], future.result()
        bar.advance()
        if "problem" in reply:
            problems[file] = reply["problem"]["message"]
        elif (embedding := reply["analysis"]["embedding"]) is not None:
            new[names[file]] = embedding
    return _found(_with(workspace, index, new), names, problems)


def _larger_of_files(
    workspace: Workspace, files: Sequence[Path], hands: Hands, bar: progress, plug: Plugged
) -> tuple[dict[Path, Floats], dict[Path, str]]:
    problems: dict[Path, str] = {}
    names = {file: name for file, name in _hashed(files, problems) if name is not None}
    heard = heard_sounds(workspace.store, plug.name)
    sounds = {name: str(file) for file, name in names.items() if name not in heard}
    bar.advance(len(files) - len(sounds))
    _, failed = embed_sounds(workspace.store, plug, sounds, hands, bar.advance)
    problems |= {Path(one.path): one.message for one in failed}
    return _found(known_vectors(workspace, plug), names, problems)


def _hashed(files: Sequence[Path], problems: dict[Path, str]) -> Iterator[tuple[Path, str | None]]:
    """Name the sounds of files; of what could not be read, say why."""
    for file in files:
        try:
            yield file, hash_payload(file).content_hash
        except OSError as error:
            problems[file] = f"cannot be read: {error.strerror or error}"
            yield file, None


def _found(
    index: VectorIndex, names: dict[Path, str], problems: dict[Path, str]
) -> tuple[dict[Path, Floats], dict[Path, str]]:
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


def _own(workspace: Workspace, read: _Read) -> VectorIndex:
    index = read(workspace.home / "indexes" / _FILE)
    if index is not None and (index.name, index.size) == (_name(), SIZE):
        return index
    return VectorIndex(_name(), SIZE)


def _larger(workspace: Workspace, plug: Plugged, read: _Read) -> VectorIndex:
    """Bring the index of a larger embedder up to date with what is stored of it."""
    if not workspace.is_there:
        return VectorIndex(plug.name, 0)
    path = workspace.home / "indexes" / _FILE_OF.format(blake2b(plug.name.encode(), digest_size=8).hexdigest())
    index = read(path)
    known = frozenset() if index is None or index.name != plug.name else frozenset(index.ids)
    new = sorted(heard_sounds(workspace.store, plug.name) - known)
    with workspace.store.read() as connection:
        stored = stored_vectors(connection, [plug.name], new)
    found = {name: one for name, those in stored.items() if (one := those[plug.name]) is not None}
    sizes = {len(one) for one in found.values()} | ({index.size} if index is not None and known else set())
    if len(sizes) > 1:
        raise BadInput(
            f"{plug.name}: gives vectors of {', '.join(map(str, sorted(sizes)))} places, of one sound and another",
            "the last axis of what the model gives has to be the vector, and not time",
        )
    if index is None or not known:
        index = VectorIndex(plug.name, sizes.pop() if sizes else 0)
    if found:
        index = index.copy()
        index.add(list(found), np.array(list(found.values()), dtype=np.float32))
        index.save(workspace.indexes / path.name)
    return index


def _name() -> str:
    """Name what the vectors are of: another version of the analyzer hears other beats and chords, and makes others."""
    return f"{OWN} of {analysis_version()}"


def _with(workspace: Workspace, index: VectorIndex, new: dict[str, list[float]]) -> VectorIndex:
    if new:
        index = index.copy()
        index.add(list(new), np.array(list(new.values()), dtype=np.float32))
        index.save(workspace.indexes / _FILE)
    return index
