"""Scanned sounds, asked for by their hash: what is known of one, and what is like it."""

from __future__ import annotations

from pathlib import Path

from ml.audio_analysis.embedders import Embedder, plugged
from ml.audio_analysis.heads import AudioHeads
from ml.audio_analysis.library import rows
from ml.audio_analysis.library.reading import read_tracks
from ml.audio_analysis.library.recordings import SCAN_FIRST
from ml.audio_analysis.library.results import LibraryTrack
from ml.audio_analysis.library.similar import SimilarTrack, similar_tracks
from ml.audio_analysis.library.vectors import known_vectors, scanned_sounds
from ml.audio_analysis.library.version import analysis_version
from ml.data.workspace import Workspace
from ml.foundation.errors import UnknownId


class ScannedSounds:
    """What :class:`~ml.audio_analysis.library.AudioLibrary` says of single sounds; it has the workspace."""

    workspace: Workspace
    embedder: Path | str | Embedder | None

    def similar_to(self, content_hash: str, count: int = 10) -> list[SimilarTrack]:
        """Find the scanned tracks that sound most like a scanned sound, whether or not its file is still there.

        Parameters
        ----------
        content_hash : str
        count : int >= 1

        Raises
        ------
        UnknownId
            If no scan has analysed it.
        BadInput
            If it is silent.
        EmptyWorkspace
            If nothing else was scanned.
        """
        with self.workspace.store.read() as connection:
            own = rows.analysis_of(connection, content_hash, analysis_version())
        if own is None:
            raise UnknownId(f"no scan has analysed the sound {content_hash}", SCAN_FIRST, code="nothing_scanned")
        plug = plugged(self.embedder)
        ours = known_vectors(self.workspace)
        vectors = ours if plug is None else known_vectors(self.workspace, plug)
        if content_hash not in vectors:  # the larger embedder has not heard it
            vectors = ours
        return similar_tracks(
            self.workspace,
            vectors,
            scanned_sounds(self.workspace),
            own,
            vectors.get(content_hash),
            ours=ours,
            name="this sound",
            content_hash=content_hash,
            count=count,
            but=(),
        )

    def sound(self, content_hash: str) -> LibraryTrack | None:
        """Give what is known of a scanned sound; None where no file holds it any more."""
        with self.workspace.store.read() as connection:
            heads = AudioHeads.of(self.workspace)
            return next(read_tracks(connection, heads=heads, content_hash=content_hash), None)
