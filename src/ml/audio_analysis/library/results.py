"""What a scan did, and what a library says of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ml.audio_analysis.failed import FailedFile
from ml.data.audio_files import Problem
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Moved(Result):
    """A file that is elsewhere than it was, known by its sound.

    Parameters
    ----------
    before, now : str
        Paths.
    """

    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Scan(Result):
    """What a scan found and did.

    Parameters
    ----------
    folder : str
    version : str
        Of the analyses, see :func:`~ml.audio_analysis.library.analysis_version`.
    files : int
        Audio files under the folder.
    analysed, reused, unchanged : int
        Analysed now; new, moved or touched, but of a sound that is known; as they were. The rest has problems.
    moved : tuple of Moved
        They are among the reused or the analysed.
    removed : int
        Files that were here before and are no more. What was known of their sound stays.
    problems : tuple of FailedFile
        What could not be analysed, at this scan or already at an earlier one; and of what no larger embedder made a
        vector.
    embedder : str or None
        The larger embedder that was asked too.
    embedded : int
        Sounds that it has heard now.
    """

    folder: str
    version: str
    files: int
    analysed: int
    reused: int
    unchanged: int
    moved: tuple[Moved, ...]
    removed: int
    problems: tuple[FailedFile, ...]
    embedder: str | None = None
    embedded: int = 0


@dataclass(frozen=True, slots=True)
class LibraryTrack(Result):
    """What the library knows of one file.

    Parameters
    ----------
    path : str
    content_hash : str or None
        Of its sound.
    item_id, title, artist : str or None
        Of the track in the catalogue, where ``ml import`` has brought this sound in.
    analysis : mapping or None
        As :meth:`AudioAnalysis.to_dict` gives it, with what was corrected in the place of what was measured.
    corrected : mapping
        By field that was corrected: what was measured; None where nothing was.
    problems : tuple of Problem
        Those of the analysis, or why there is none.
    version : str or None
    analysed_at : datetime or None
        UTC.
    """

    path: str
    content_hash: str | None
    item_id: str | None
    title: str | None
    artist: str | None
    analysis: Mapping[str, Any] | None
    corrected: Mapping[str, Any]
    problems: tuple[Problem, ...]
    version: str | None
    analysed_at: datetime | None
