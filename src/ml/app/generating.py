"""The playlist generator of a workspace."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ml.data.workspace import Workspace
from ml.foundation.workers import WorkerPool

if TYPE_CHECKING:
    from ml.audio_analysis.library.facts import SoundFacts
    from ml.playlist_generator import GeneratorParts, PlaylistGenerator
    from ml.recommendation_engine import RecommendationEngine


class Generating:
    """How :class:`~ml.app.app.App` builds its generator; it has the workspace, the engine and the notices."""

    workspace: Workspace
    pool: WorkerPool

    if TYPE_CHECKING:

        @property
        def notices(self) -> tuple[str, ...]:
            """What every answer says."""

        @cached_property
        def engine(self) -> RecommendationEngine:
            """Whose tastes are asked."""

    @cached_property
    def playlists(self) -> PlaylistGenerator:
        """The playlist generator of this workspace."""
        from ml.playlist_generator import PlaylistGenerator

        return PlaylistGenerator(self.generator_parts())

    def generator_parts(self) -> GeneratorParts:
        """Give what a playlist generator of this workspace is built from."""
        from ml.app.tastes import EngineTastes
        from ml.playlist_generator import GeneratorParts

        return GeneratorParts(
            self.workspace.store, EngineTastes(lambda: self.engine), self._facts, self.pool, self.notices
        )

    def _facts(self) -> SoundFacts | None:
        """Give the facts of analysed sounds; None where nothing was scanned."""
        from ml.app.tastes import has_sounds

        if not has_sounds(self.workspace.store):
            return None
        from ml.audio_analysis.library.facts import sound_facts  # late: SciPy's filters take half a second to import

        return sound_facts(self.workspace)
