"""Single tracks: what is known of one, and where it can be heard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ml.audio_analysis.library.of_item import NamedTrack, ScannedFile, file_of, find_track
from ml.data.workspace import Workspace

if TYPE_CHECKING:
    from ml.audio_analysis import AudioLibrary
    from ml.intelligent_search import SearchEngine
    from ml.recommendation_engine import RecommendationEngine


class Tracks:
    """Answers for one track at a time.

    Parameters
    ----------
    workspace : Workspace
    engine, search, library : callable
        Give the neighbours, which are built when they are first asked.
    """

    def __init__(
        self,
        workspace: Workspace,
        engine: Callable[[], RecommendationEngine],
        search: Callable[[], SearchEngine],
        library: Callable[[], AudioLibrary],
    ) -> None:
        self._workspace = workspace
        self._engine, self._search, self._library = engine, search, library

    def file(self, item_id: str) -> tuple[ScannedFile, Path]:
        """Give a scanned file that holds the sound of a track, as the last scan has left it.

        Raises
        ------
        ml.foundation.errors.UnknownId
            If there is no such track, or no file of it that is still what was scanned.
        """
        return file_of(self._found(item_id))

    def _found(self, item_id: str) -> NamedTrack:
        with self._workspace.store.read() as connection:
            return find_track(connection, item_id)
