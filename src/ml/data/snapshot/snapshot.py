"""Opening a snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ml.data.snapshot.manifest import Manifest, milliseconds
from ml.data.snapshot.tables import TABLES
from ml.foundation.errors import EmptyWorkspace

#: Name of the file that names the newest snapshot.
LATEST = "latest"


@dataclass(frozen=True)
class Snapshot:
    """A snapshot whose files have been checked against its manifest.

    The frames are lazy: nothing is read before ``collect``, and then only the columns asked for.

    Parameters
    ----------
    folder : Path
    manifest : Manifest
    """

    folder: Path
    manifest: Manifest

    @classmethod
    def open(cls, folder: Path) -> Snapshot:
        """Open the snapshot in a folder.

        Raises
        ------
        CorruptSnapshot
            If a file is missing or has changed by as little as a byte.
        """
        manifest = Manifest.read(folder)
        manifest.check(folder)
        return cls(folder, manifest)

    @classmethod
    def latest(cls, folder: Path) -> Snapshot:
        """Open the snapshot that was taken last.

        Parameters
        ----------
        folder : Path
            The folder of all snapshots.

        Raises
        ------
        EmptyWorkspace
            If none was taken yet.
        CorruptSnapshot
            If it is damaged or gone.
        """
        try:
            name = (folder / LATEST).read_text(encoding="utf-8").strip()
        except FileNotFoundError as error:
            raise EmptyWorkspace(f"{folder}: no snapshot was taken yet", "ml snapshot") from error
        return cls.open(folder / name)

    @property
    def hash(self) -> str:
        """SHA-256 of the content, 64 hex digits."""
        return self.manifest.hash

    @property
    def items(self) -> pl.LazyFrame:
        """Tracks and artists, one row a thing; what it lacks itself comes from what it absorbed."""
        return self.table("items")

    @property
    def redirects(self) -> pl.LazyFrame:
        """Absorbed keys, each with its root."""
        return self.table("redirects")

    @property
    def listens(self) -> pl.LazyFrame:
        """Listens with dates, sorted by ``user_key``, ``listened_at``, ``item_key``."""
        return self.table("listens")

    @property
    def feedback(self) -> pl.LazyFrame:
        """Likes, dislikes and additions to playlists that stand: the last word of a listener about an item."""
        return self.table("feedback")

    @property
    def counts(self) -> pl.LazyFrame:
        """Totals without dates, one row a listener and an item."""
        return self.table("counts")

    @property
    def tags(self) -> pl.LazyFrame:
        """Tags and genres of items; ``user_key`` 0 is nobody in particular."""
        return self.table("tags")

    @property
    def credits(self) -> pl.LazyFrame:
        """Artists of tracks, in the order of the credit."""
        return self.table("credits")

    @property
    def features(self) -> pl.LazyFrame:
        """Features of the sound, one row an item and a feature."""
        return self.table("features")

    def table(self, name: str) -> pl.LazyFrame:
        """Give a table by its name in :data:`~ml.data.snapshot.TABLES`."""
        if name not in self.manifest.rows:
            return TABLES[name].empty().lazy()  # of a version that did not have it yet
        parts = sorted(path for path in self.manifest.files if path.startswith(f"{name}/"))
        return pl.scan_parquet([self.folder / path for path in parts], schema=TABLES[name].columns)

    @property
    def last_listen(self) -> int | None:
        """Time of the last listen in UTC milliseconds; None where there is none."""
        until = self.manifest.listens_until
        return None if until is None else milliseconds(until)
