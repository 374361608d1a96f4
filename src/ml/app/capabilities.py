"""The capabilities of a workspace, each imported and built once, from what it needs of the others."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ml.app.audits import audit_log
from ml.data.audit import AuditLog
from ml.data.workspace import Workspace
from ml.foundation.settings import Settings
from ml.foundation.workers import WorkerPool

if TYPE_CHECKING:
    from ml.app.tracks import Tracks
    from ml.audio_analysis import AudioLibrary
    from ml.audio_analysis.library.facts import SoundFacts
    from ml.data.access import Access
    from ml.intelligent_search import SearchEngine, SearchParts
    from ml.intelligent_search.covers import CoverSearch
    from ml.intelligent_search.semantic import SemanticIndex
    from ml.library_map import Atlas, MapParts
    from ml.playlist_generator import GeneratorParts, PlaylistGenerator
    from ml.recommendation_engine import EngineParts, RecommendationEngine


class Capabilities:
    """What :class:`~ml.app.app.App` builds; it has the workspace, the settings and the worker threads."""

    settings: Settings
    workspace: Workspace
    own: Workspace
    pool: WorkerPool

    if TYPE_CHECKING:

        @property
        def notices(self) -> tuple[str, ...]:
            """What is said with every answer."""

    @cached_property
    def engine(self) -> RecommendationEngine:
        """The recommendation engine of this workspace."""
        from ml.recommendation_engine import RecommendationEngine

        return RecommendationEngine(self.engine_parts())

    @cached_property
    def audio_library(self) -> AudioLibrary:
        """The library of analysed files in this workspace."""
        from ml.audio_analysis import AudioLibrary  # late: SciPy's filters take half a second to import

        return AudioLibrary(self.workspace, embedder=self.settings.audio_analysis.embedder)

    @cached_property
    def access(self) -> Access:
        """Who gets in: of the workspace of the settings, also while the demo world answers.

        Raises
        ------
        ml.foundation.errors.MissingExtra
            If argon2-cffi is not installed.
        """
        from ml.data.access import Access  # late: for the service and its commands only

        return Access.to(self.own.store, self.settings.access)

    @cached_property
    def audit(self) -> AuditLog | None:
        """The audit log of this workspace; None where the settings want none."""
        return audit_log(self.settings, self.workspace) if self.settings.audit.on else None

    @cached_property
    def tracks(self) -> Tracks:
        """What is known of single tracks, and their files."""
        from ml.app.tracks import Tracks  # late: it knows the audio library

        return Tracks(self.workspace, lambda: self.engine, lambda: self.search_engine, lambda: self.audio_library)

    def engine_parts(self) -> EngineParts:
        """Give what an engine of this workspace is built from."""
        from ml.recommendation_engine import EngineParts

        return EngineParts(
            self.workspace.store, self.workspace.models, self.settings.recommendation_engine, self.pool, self.notices
        )

    @cached_property
    def playlists(self) -> PlaylistGenerator:
        """The playlist generator of this workspace."""
        from ml.playlist_generator import PlaylistGenerator

        return PlaylistGenerator(self.generator_parts())

    def generator_parts(self) -> GeneratorParts:
        """Give what a playlist generator of this workspace is built from."""
        from ml.app.tastes import EngineTastes
        from ml.playlist_generator import GeneratorParts

        tastes = EngineTastes(lambda: self.engine)
        return GeneratorParts(self.workspace.store, tastes, self._facts, self.pool, self.notices)

    @cached_property
    def search_engine(self) -> SearchEngine:
        """The search engine of this workspace."""
        from ml.intelligent_search import SearchEngine  # late: nobody else needs the index

        return SearchEngine(self.search_parts())

    def search_parts(self) -> SearchParts:
        """Give what a search engine of this workspace is built from."""
        from ml.app.tastes import EngineTastes
        from ml.intelligent_search import SearchLog, SearchParts

        home, store, settings = self.workspace.home, self.workspace.store, self.settings.intelligent_search
        log = SearchLog(store, home / "search.key", retention_days=settings.retention_days) if settings.log else None
        return SearchParts(
            store=store,
            folder=home / "indexes" / "search",
            tastes=EngineTastes(lambda: self.engine),
            facts=self._facts,
            meaning=self._meaning,
            pool=self.pool,
            log=log,
            hearing=lambda: self.audio_library,
            speech_model=settings.speech_model,
            spoken_names=settings.spoken_names,
            personal=settings.personal,
            notices=self.notices,
        )

    @cached_property
    def cover_search(self) -> CoverSearch:
        """The covers of this workspace."""
        from ml.intelligent_search.covers import CoverSearch  # late: nobody else needs pictures

        return CoverSearch(self.workspace, encoder=self.settings.intelligent_search.image_encoder or None)

    @cached_property
    def atlas(self) -> Atlas:
        """The maps of this workspace's library."""
        from ml.library_map import Atlas  # late: nobody else lays anything out

        return Atlas(self.map_parts())

    def map_parts(self) -> MapParts:
        """Give what the maps of this workspace are made of."""
        from ml.app.mapping import documents, sounds
        from ml.library_map import MapParts

        return MapParts(
            store=self.workspace.store,
            folder=self.workspace.indexes / "map",
            models=self.workspace.models,
            documents=lambda: documents(self.workspace.store, self._facts()),
            sounds=lambda: sounds(self._facts()),
            notices=self.notices,
        )

    @cached_property
    def semantic_index(self) -> SemanticIndex:
        """The index of meanings of this workspace, as it was last refreshed.

        Raises
        ------
        ml.foundation.errors.BadInput
            If the text encoder of the settings cannot be used.
        ml.foundation.errors.MissingExtra
            If a library that it needs is not installed.
        """
        from ml.intelligent_search.semantic import SemanticIndex, open_encoder  # late: for searches by meaning alone

        indexes = self.workspace.indexes
        encoder = open_encoder(self.settings.intelligent_search.text_encoder, kept=indexes / "encoders")
        return SemanticIndex(indexes / "semantic", encoder)

    def _meaning(self, make: bool) -> SemanticIndex | None:
        """Give the index of meanings; None where there is none and none is to be made."""
        there = (self.workspace.home / "indexes" / "semantic").is_dir()
        return self.semantic_index if make or there else None

    def _facts(self) -> SoundFacts | None:
        """Give the facts of analysed sounds; None where nothing was scanned."""
        from ml.app.tastes import has_sounds

        if not has_sounds(self.workspace.store):
            return None
        from ml.audio_analysis.library.facts import sound_facts  # late: SciPy's filters take half a second to import

        return sound_facts(self.workspace)
