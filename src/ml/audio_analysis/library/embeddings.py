"""Vectors of larger embedders: made where they are asked for, kept by embedder and sound."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, and_, delete, insert, select

from ml.audio_analysis.embedders import Plugged
from ml.audio_analysis.failed import FailedFile
from ml.audio_analysis.hands.processes import Hands
from ml.audio_analysis.hands.work import Job, Reply, do_embed
from ml.audio_analysis.library.rows import under
from ml.data.audio_files import Problem
from ml.data.schema import audio_embeddings, scanned_files
from ml.data.store import Store
from ml.features.audio.framing import Floats

#: Jobs that wait for each that runs.
_AHEAD = 2
#: Names in one question to the database.
_PAGE = 500


class InThisThread:
    """Does the jobs of an embedder that is an object of Python, which no other process has."""

    width = 1

    def __init__(self, plug: Plugged) -> None:
        self._plug = plug

    def submit(self, job: Job) -> Future[Reply]:
        """Do a job."""
        done: Future[Reply] = Future()
        done.set_result(do_embed(Path(job["path"]), self._plug.embedder))
        return done


def decoded(text: str) -> Floats:
    """Read a vector that was stored.

    >>> decoded("AAAAPwAAgL8=").tolist()
    [0.5, -1.0]
    """
    return np.frombuffer(b64decode(text), dtype="<f4").astype(np.float32)


def without_vector(store: Store, name: str, folder: str) -> dict[str, str]:
    """List the sounds under a folder that an embedder has not heard: a file of each, by content hash."""
    files, kept = scanned_files.c, audio_embeddings.c
    heard = and_(kept.content_hash == files.content_hash, kept.embedder == name)
    wanted = (
        select(files.content_hash, files.path)
        .select_from(scanned_files.outerjoin(audio_embeddings, heard))
        .where(under(folder), files.problem_code.is_(None), files.content_hash.is_not(None))
        .where(kept.embedder.is_(None))
        .order_by(files.path.desc())
    )
    with store.read() as connection:
        return dict(connection.execute(wanted).all())


def embed_sounds(
    store: Store, plug: Plugged, sounds: Mapping[str, str], hands: Hands, on_file: Callable[[], None]
) -> tuple[int, tuple[FailedFile, ...]]:
    """Make the vectors of sounds, and keep each as soon as it is made.

    Parameters
    ----------
    store : Store
    plug : Plugged
    sounds : mapping of str to str
        A file of each, by content hash.
    hands : Hands
        Who listens, where the embedder has a path that they can open.
    on_file : callable
        Called after each.

    Returns
    -------
    done : int
    problems : tuple of FailedFile
        What the model could not be asked about; it is tried again at the next scan.
    """
    if plug.path is None:
        hands = InThisThread(plug)
    n_done, problems = 0, []
    for content_hash, reply in _answers(hands, sounds, plug):
        path = sounds[content_hash]
        if "problem" in reply:
            problems.append(FailedFile(path, (Problem(**reply["problem"]),)))
        elif reply["embedder"] != plug.name:
            why = f"where it was analysed lies another model: {reply['embedder']} and not {plug.name}"
            problems.append(FailedFile(path, (Problem("other_embedder", why),)))
        else:
            with store.write(durable=False) as connection:
                table = audio_embeddings
                mine = and_(table.c.embedder == plug.name, table.c.content_hash == content_hash)
                connection.execute(delete(table).where(mine))
                row = {"embedder": plug.name, "content_hash": content_hash, "vector": reply["vector"]}
                connection.execute(insert(table).values(row))
            n_done += 1
        on_file()
    return n_done, tuple(sorted(problems, key=lambda one: one.path))


def stored_vectors(
    connection: Connection, names: Sequence[str], content_hashes: Iterable[str]
) -> dict[str, dict[str, Floats | None]]:
    """Read vectors by content hash and embedder; None for silence."""
    found: dict[str, dict[str, Floats | None]] = {}
    wanted = list(content_hashes) if names else []
    table = audio_embeddings.c
    for start in range(0, len(wanted), _PAGE):
        page = select(table.content_hash, table.embedder, table.vector).where(
            table.embedder.in_(names), table.content_hash.in_(wanted[start : start + _PAGE])
        )
        for content_hash, name, text in connection.execute(page):
            found.setdefault(content_hash, {})[name] = None if text is None else decoded(text)
    return found


def heard_sounds(store: Store, name: str) -> set[str]:
    """List the sounds that an embedder has a vector of."""
    table = audio_embeddings.c
    wanted = select(table.content_hash).where(table.embedder == name, table.vector.is_not(None))
    with store.read() as connection:
        return set(connection.execute(wanted).scalars())


def _answers(hands: Hands, sounds: Mapping[str, str], plug: Plugged) -> Iterator[tuple[str, Reply]]:
    """Give the jobs out, some at a time, and their replies as they come."""
    todo = iter(sounds.items())
    running: dict[Future[Reply], str] = {}
    while True:
        while len(running) < _AHEAD * hands.width and (one := next(todo, None)) is not None:
            job = {"do": "embed", "path": one[1], "embedder": plug.path or "", "name": plug.name}
            running[hands.submit(job)] = one[0]
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            yield running.pop(future), future.result()
