"""What players tell a workspace of what they play."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ml.data.exporters.recent import Stretch, count_listens, listens_between
from ml.data.identity import find_item
from ml.data.ingest import Scrobbled, record_described, record_heard
from ml.data.workspace import REAL, Workspace


class Scrobbles:
    """What :class:`~ml.app.app.App` takes from players; it has the workspace."""

    workspace: Workspace

    def scrobble(self, user_id: str, described: pl.DataFrame) -> Scrobbled:
        """Store listens that a player describes, durably; the next recommendation knows them.

        Parameters
        ----------
        user_id : str
            Outside id of the listener; of nobody yet, it makes a new one.
        described : polars.DataFrame
            Any columns of :data:`ml.data.frames.LISTENS`, at most 1,000 rows. A track that nobody has described
            before becomes one of the catalogue.

        Raises
        ------
        BadInput
            If one of them cannot be, and nothing is stored; also if this is the demo world's workspace.
        """
        self.workspace.mark(REAL)
        return record_described(self.workspace.store, user_id, described)

    def scrobble_tracks(
        self, user_id: str, heard: Sequence[tuple[str, int | None]], *, device: str | None = None
    ) -> Scrobbled:
        """Store listens of tracks of the catalogue, durably.

        Parameters
        ----------
        heard : sequence of (str, int or None)
            Outside id or exact name of the track, and when it began in UTC milliseconds; None means now.
        device : str, optional
            What played it.

        Raises
        ------
        UnknownId, AmbiguousId
            If one of them is no track here; nothing is stored.
        BadInput
            As for :meth:`scrobble`.
        """
        self.workspace.mark(REAL)
        keys = self.track_keys([track for track, _ in heard])
        moments = [at for _, at in heard]
        return record_heard(self.workspace.store, user_id, list(zip(keys, moments, strict=True)), device=device)

    def track_keys(self, tracks: Sequence[str]) -> list[int]:
        """Find tracks of the catalogue by outside id or exact name.

        Raises
        ------
        UnknownId, AmbiguousId
        """
        with self.workspace.store.read() as connection:
            found = {track: find_item(connection, track, kind="track").key for track in dict.fromkeys(tracks)}
        return [found[track] for track in tracks]

    def listens_between(
        self, user_id: str, *, since: int | None = None, before: int | None = None, most: int = 25
    ) -> Stretch:
        """Read a stretch of a listener's history; see :func:`ml.data.exporters.recent.listens_between`."""
        return listens_between(self.workspace.store, user_id, since=since, before=before, most=most)

    def count_listens(self, user_id: str) -> int:
        """Count a listener's listens of tracks."""
        return count_listens(self.workspace.store, user_id)
