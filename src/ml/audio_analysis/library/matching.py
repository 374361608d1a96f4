"""The library's verbs that know recordings and songs again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ml.audio_analysis.analyzer import AudioAnalyzer
from ml.audio_analysis.library.asked import check_count
from ml.audio_analysis.library.chords import ChordIndex, known_chords
from ml.audio_analysis.library.duplicates import find_duplicates
from ml.audio_analysis.library.identification import Duplicates, Identification, IdentifiedTrack, Version
from ml.audio_analysis.library.recordings import RATE, SCAN_FIRST, excerpt, open_index, peaks_of_sounds
from ml.audio_analysis.library.vectors import scanned_sounds
from ml.audio_analysis.versions import chord_sequence, ranked_among
from ml.data.audio_files import Source
from ml.data.audio_files.forms import printable
from ml.data.workspace import Workspace
from ml.foundation.errors import EmptyWorkspace
from ml.foundation.paths import expanded
from ml.foundation.workers import WorkerPool


class Matching:
    """What :class:`~ml.audio_analysis.library.library.AudioLibrary` knows again; it sets the workspace."""

    workspace: Workspace

    if TYPE_CHECKING:

        def _hash_of(self, file: Path) -> str: ...

    def identify(self, source: Source, *, start_s: float = 0.0, watched: bool = False) -> Identification:
        """Say which recording of the library an excerpt is of.

        Parameters
        ----------
        source : path, bytes, binary file, (array, rate), Signal or pydub segment
            Ten seconds are enough; of what is longer the first thirty are listened to.
        start_s : float >= 0
            Where in it to begin.
        watched : bool
            Whether to draw on a terminal how far it is where the index has to be brought up to date.

        Raises
        ------
        EmptyWorkspace
            If nothing was scanned yet.
        BadInput, MissingExtra
            If it cannot be read as a sound.
        """
        index, files = open_index(self.workspace, watched=watched)
        samples = excerpt(source, start_s)
        store = self.workspace.store
        found = [
            IdentifiedTrack(files[one.track][0], tuple(files[one.track]), one.track, one.offset_s, one.probability)
            for one in index.identify(samples, peaks=lambda names: peaks_of_sounds(store, names))
        ]
        name = printable(Path(source)) if isinstance(source, str | Path) else type(source).__name__
        return Identification(name, found[0] if found else None, tuple(found[1:]), len(samples) / RATE)

    def duplicates(self, *, watched: bool = False) -> list[Duplicates]:
        """List recordings that are there in several files: the same bytes, other encodings, trimmed, louder.

        Parameters
        ----------
        watched : bool
            Whether to draw on a terminal how far it is.

        Raises
        ------
        EmptyWorkspace
            If nothing was scanned yet.
        """
        index, files = open_index(self.workspace, watched=watched)
        return find_duplicates(self.workspace.store, index, files, watched=watched)

    def versions(self, source: Source, *, count: int = 10, watched: bool = False) -> list[Version]:
        """Rank the library's files by how alike their chords are to those of a sound, in any key and tempo.

        Parameters
        ----------
        source : path, bytes, binary file, (array, rate), Signal or pydub segment
            Files with the same sound are left out.
        count : int >= 1
        watched : bool
            Whether to draw on a terminal how far it is where the index has to be brought up to date.

        Raises
        ------
        EmptyWorkspace
            If nothing was scanned yet.
        BadInput, MissingExtra
            If it cannot be read as a sound, or the count is not positive.
        """
        check_count(count)
        places = scanned_sounds(self.workspace)
        index = known_chords(self.workspace, watched=watched) if places else ChordIndex()
        listed = [place for place, name in enumerate(index.ids) if name in places]
        if not listed:
            raise EmptyWorkspace("no audio file was scanned yet", SCAN_FIRST, code="nothing_scanned")
        own = self._hash_of(expanded(source)) if isinstance(source, str | Path) else None
        if own in index.ids:
            asked = index.sequence(index.ids.index(own))
        else:
            asked = chord_sequence(AudioAnalyzer(WorkerPool(1)).analyze(source).to_dict())
        others = [place for place in listed if index.ids[place] != own]
        names = [places[index.ids[place]][0] for place in others]
        # A sound that lies in several files stands for all of them, and has as many places among those wanted.
        found = ranked_among(asked, names, index.shares[others], lambda one: index.sequence(others[one]), count)
        hashes = {name: index.ids[place] for name, place in zip(names, others, strict=True)}
        told = [(path, hashes[name], score, up) for name, score, up in found for path in places[hashes[name]]]
        return [Version(*one) for one in told if one[2] > 0][:count]
