"""What counts as the same track or artist in a workspace."""

from __future__ import annotations

from ml.data.identity import Merge, list_merges, merge, split
from ml.data.workspace import Workspace


class Identities:
    """What :class:`~ml.app.app.App` does with items that count as another; it has the workspace."""

    workspace: Workspace

    def merges(self, *, below: float = 1.01, limit: int = 50, after: str | None = None) -> list[Merge]:
        """List items that count as another, the least certain first; ``after`` is the merged item to go on behind."""
        with self.workspace.store.read() as connection:
            return list_merges(connection, below=below, limit=limit, after=after)

    def merge(self, one: str, other: str) -> Merge:
        """Let ``other`` count as ``one``."""
        with self.workspace.store.write() as connection:
            return merge(connection, one, other)

    def split(self, item_id: str) -> str:
        """Let a merged item stand for itself again."""
        with self.workspace.store.write() as connection:
            return split(connection, item_id)
