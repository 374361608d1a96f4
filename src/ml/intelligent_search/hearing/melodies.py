"""The melodies of the library's files, followed once and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from ml.data.audio_files import excerpt
from ml.data.schema import scanned_files
from ml.features.audio.framing import Floats
from ml.features.audio.melody import LEAD_FRAMING, contour_of, pitch_of_lead
from ml.foundation.errors import CorruptIndex, MLError
from ml.models.retrieval.melodies import MelodyIndex, read_contours, write_contours

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
    index : MelodyIndex
        By content hash.
    paths : mapping of str to str
        One file of each sound.
    unheard : int
        Files that could not be read.
    rebuilt : bool
        Whether the index was damaged and is made again.
    """

    index: MelodyIndex
    paths: dict[str, str]
    unheard: int
    rebuilt: bool


class LibraryMelodies:
    """Contours of what leads in each scanned file, in one file of a folder.

    Parameters
    ----------
    folder : Path
        May be missing.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / _FILE
        self._index, self._names = MelodyIndex({}), set[str]()

    def up_to_date(self, connection: Connection, *, on_rows: Callable[[int, int], None] = lambda *_: None) -> Known:
        """Follow the melodies of files that are new, and forget those of files that are gone.

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
        if self._names == set(paths):
            return Known(self._index, paths, 0, rebuilt=False)
        contours, rebuilt = self._kept()
        gone, new = set(contours).difference(paths), [name for name in paths if name not in contours]
        contours = {name: one for name, one in contours.items() if name not in gone}
        unheard = self._listen(contours, {name: paths[name] for name in new}, on_rows)
        if len(new) > unheard or gone:
            write_contours(self.file, contours)
        if self._names != set(contours):
            self._index, self._names = MelodyIndex(contours), set(contours)
        return Known(self._index, paths, unheard, rebuilt)

    def _kept(self) -> tuple[dict[str, Floats], bool]:
        try:
            return read_contours(self.file), False
        except CorruptIndex:
            return {}, True

    def _listen(self, contours: dict[str, Floats], new: dict[str, str], on_rows: Callable[[int, int], None]) -> int:
        """Add the contours of files, and count those that cannot be read."""
        unheard = 0
        for place, (name, path) in enumerate(new.items(), start=1):
            try:
                samples = excerpt(Path(path), LEAD_FRAMING.rate, most_s=MOST_S)
            except (MLError, OSError):  # moved since the scan, or on a disk that is away
                unheard += 1
            else:
                contours[name] = contour_of(pitch_of_lead(samples))
            if not place % _STEP and place < len(new):
                write_contours(self.file, contours)
            on_rows(place, len(new))
        return unheard
