"""What stands out of the library's files, where hums are looked for; listened to once and kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from ml.data.audio_files import excerpt
from ml.data.schema import scanned_files
from ml.features.audio.melody import LEAD_FRAMING, lead_salience
from ml.foundation.errors import CorruptIndex, MLError
from ml.models.retrieval.melodies import MixIndex, Salience, read_saliences, write_saliences

_FILE = "melodies.npz"
#: More of a file than that is a set or a book, not a song.
MOST_S = 600.0
#: Files between two times that the index is written, so that little is lost where somebody stops it.
_STEP = 100


@dataclass(frozen=True, slots=True)
class Known:
    """The melodies as the library is now.

    Parameters
    ----------
    index : MixIndex
        By content hash.
    paths : mapping of str to str
        One file of each sound.
    unheard : int
        Files that could not be read.
    rebuilt : bool
        Whether the index was damaged and is made again.
    """

    index: MixIndex
    paths: dict[str, str]
    unheard: int
    rebuilt: bool


class LibraryMelodies:
    """What stands out of each scanned file, in one file of a folder.

    Parameters
    ----------
    folder : Path
        May be missing.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / _FILE
        self._index, self._names = MixIndex({}), set[str]()
        self._lock = threading.Lock()

    def up_to_date(self, connection: Connection, *, on_rows: Callable[[int, int], None] = lambda *_: None) -> Known:
        """Listen to files that are new, and forget those that are gone.

        Parameters
        ----------
        connection : sqlalchemy.Connection
        on_rows : callable
            Told how many of how many new files were listened to, after each.
        """
        wanted = select(scanned_files.c.content_hash, scanned_files.c.path).where(
            scanned_files.c.content_hash.is_not(None), scanned_files.c.problem_code.is_(None)
        )
        paths: dict[str, str] = {}
        for content_hash, path in connection.execute(wanted.order_by(scanned_files.c.path)):
            paths.setdefault(content_hash, path)
        with self._lock:
            return self._brought_up(paths, on_rows)

    def _brought_up(self, paths: dict[str, str], on_rows: Callable[[int, int], None]) -> Known:
        if self._names == set(paths):
            return Known(self._index, paths, 0, rebuilt=False)
        saliences, rebuilt = self._kept()
        gone, new = set(saliences).difference(paths), [name for name in paths if name not in saliences]
        saliences = {name: one for name, one in saliences.items() if name not in gone}
        unheard = self._listen(saliences, {name: paths[name] for name in new}, on_rows)
        if len(new) > unheard or gone:
            write_saliences(self.file, saliences)
        if self._names != set(saliences):
            self._index, self._names = MixIndex(saliences), set(saliences)
        return Known(self._index, paths, unheard, rebuilt)

    def _kept(self) -> tuple[dict[str, Salience], bool]:
        try:
            return read_saliences(self.file), False
        except CorruptIndex:
            return {}, True

    def _listen(self, saliences: dict[str, Salience], new: dict[str, str], on_rows: Callable[[int, int], None]) -> int:
        """Add what stands out of files, and count those that cannot be read."""
        unheard = 0
        for place, (name, path) in enumerate(new.items(), start=1):
            try:
                samples = excerpt(Path(path), LEAD_FRAMING.rate, most_s=MOST_S)
            except (MLError, OSError):  # moved since the scan, or on a disk that is away
                unheard += 1
            else:
                saliences[name] = lead_salience(samples)
            if not place % _STEP and place < len(new):
                write_saliences(self.file, saliences)
            on_rows(place, len(new))
        return unheard
