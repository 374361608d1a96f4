"""What is made of scanned files once and kept by their sound: pictures of them, and what browsers can play."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ml.foundation.errors import BadInput
from ml.service.uploads import Opener


class KeptSounds:
    """Makes what is not there yet, each thing once however many ask, in the processes that may take little.

    Parameters
    ----------
    folder : Path
        Made when there is something to keep; all in it can be made again.
    opener : callable
        Gives who opens files.
    most : int
        Bytes that are kept.
    """

    def __init__(self, folder: Path, opener: Callable[[], Opener], most: int) -> None:
        self._folder, self._opener, self._most = folder, opener, most
        self._making: dict[Path, asyncio.Task[None]] = {}

    async def get(self, what: str, suffix: str, file: Path, content_hash: str) -> Path:
        """Give what is kept of a sound.

        Parameters
        ----------
        what : str
            Of the jobs of :mod:`ml.audio_analysis.hands.work`, one that writes a file.
        suffix : str
            Of what it writes.
        file : Path
        content_hash : str
            Of its sound.

        Raises
        ------
        BadInput
            If it cannot be made, saying why.
        """
        kept = self._folder / f"{content_hash}{suffix}"
        if await asyncio.to_thread(_used, kept):
            return kept
        making = self._making.get(kept)
        if making is None:
            making = self._making[kept] = asyncio.create_task(self._make(what, file, kept))
            making.add_done_callback(lambda _: self._making.pop(kept, None))
        # Whoever asks may be gone, or too late, before it is there; the next one finds it.
        await asyncio.shield(making)
        return kept

    async def _make(self, what: str, file: Path, kept: Path) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = kept.with_name(f".{uuid.uuid4().hex}{kept.suffix}")
        try:
            job = {"do": what, "path": str(file), "out": str(unfinished)}
            reply = await asyncio.wrap_future(self._opener().submit(job))
            if "problem" in reply:
                said = f"the file of this track: {reply['problem']['message']}"
                raise BadInput(said, "ml audio scan FOLDER says more of it", code="undecodable_here")
            unfinished.replace(kept)
        finally:
            unfinished.unlink(missing_ok=True)
        await asyncio.to_thread(self._sweep, kept)

    def _sweep(self, newest: Path) -> None:
        """Remove what was longest unused, until the rest is little enough."""
        found = []
        for each in self._folder.iterdir():
            with suppress(FileNotFoundError):
                status = each.stat()
                found.append((status.st_atime_ns, status.st_size, each))
        total = sum(size for _, size, _ in found)
        for _, size, each in sorted(found):
            if total <= self._most:
                break
            if each != newest:
                each.unlink(missing_ok=True)
                total -= size


def _used(kept: Path) -> bool:
    """Tell whether something is there, and remember that it was asked for."""
    try:
        # The other time is part of the mark by which players know the file again.
        os.utime(kept, ns=(time.time_ns(), kept.stat().st_mtime_ns))
    except FileNotFoundError:
        return False
    return True
