"""What an importer is: it recognises files and reads them into frames. It knows no database.

Conventions
-----------
``claim`` looks at names and the first bytes only; it is cheap and never raises on a
strange file. ``read`` streams: memory stays bounded however large the file is, a batch
holds at most :data:`BATCH_ROWS` rows, and the same file gives the same batches every
time, because resuming an import skips the batches already stored.

A row that cannot be used becomes a :class:`Reject` with its line and reason, and the
reading goes on. Checks that hold for every source (dates in the future, negative
durations, no title) are made once, by the loader. Only a file that cannot be read at all
raises :class:`~ml.foundation.errors.BadInput`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol

import polars as pl

from ml.data.importers.reasons import REASONS
from ml.data.importers.source import Entry, Source

if TYPE_CHECKING:
    from ml.data.importers.doubt import Doubt

#: Rows of one batch. Large enough that sorting a batch by listener keeps SQLite's pages together.
BATCH_ROWS = 250_000

#: Whose listens an export holds when it does not say.
DEFAULT_USER = "local:me"


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not imported, and why; a reason that is a coded sentence is read."""

    file: str
    line: int | None
    reason: str
    raw: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", REASONS.read(self.reason))


@dataclass(frozen=True, slots=True)
class Unit:
    """Files that are read together: one export file, or the five files of a data set.

    Parameters
    ----------
    kind : str
        The importer that claimed them.
    name : str
        How the summary calls them, usually the path inside the folder or archive.
    entries : tuple of Entry
        The files, in the order of reading.
    """

    kind: str
    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class TextTable:
    """How the text table is written that a batch is from, so that a refused row can be given back as it stands in it.

    Parameters
    ----------
    names : tuple of str
        Its columns, as its first line has them.
    delimiter : str
    text : callable of int to str
        Gives a line by its number.
    """

    names: tuple[str, ...]
    delimiter: str
    text: Callable[[int], str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """A stretch of a unit, read.

    Parameters
    ----------
    file : str
        Name of the file that the rows' ``line`` counts in.
    rows : int
        Rows of the source that this stretch held, the rejected ones included.
    frames : mapping of str to polars.DataFrame
        Frames by their names in :data:`ml.data.frames.FRAMES`.
    rejects : sequence of Reject
    notes : sequence of str
        What was guessed about the file, for the summary: "numbers are seconds since 1970".
    table : TextTable or None
        Of what is a text table with a first line that names its columns.
    doubt : Doubt or None
        Of a table that may hold something else than it was taken for.
    """

    file: str
    rows: int
    frames: Mapping[str, pl.DataFrame]
    rejects: Sequence[Reject] = ()
    notes: Sequence[str] = ()
    table: TextTable | None = None
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What the user said about an import.

    Parameters
    ----------
    user : str
        Outside id of the listener, for exports that do not name one.
    columns : mapping of str to str
        ``--map``: our column name to the file's column name.
    item_kind : str
        ``"track"`` or ``"artist"``, for sources that do not say.
    source : str
        Prefix of ids that come without one.
    delimiter : str or None
        Of a text table; None guesses.
    encoding : str or None
        Of text files; None goes by the byte order mark, else UTF-8.
    private_in_profile : bool
        Whether listens of private sessions count like others; the loader sees to it.
    """

    user: str = DEFAULT_USER
    columns: Mapping[str, str] = field(default_factory=dict)
    item_kind: str = "track"
    source: str = "local"
    delimiter: str | None = None
    encoding: str | None = None
    private_in_profile: bool = False


class Importer(Protocol):
    """Reads one family of files."""

    kind: ClassVar[str]
    """The name that ``--kind`` takes."""

    title: ClassVar[str]
    """What it reads, in a few words, for the summary and the manual."""

    def claim(self, source: Source) -> Sequence[Unit]:
        """Find the files of a source that this importer can read, as units."""
        ...

    def read(self, unit: Unit, options: Options) -> Iterator[Batch]:
        """Read a unit as batches.

        Raises
        ------
        ml.foundation.errors.BadInput
            If the unit as a whole cannot be read; batches given before that stay valid.
        """
        ...
