"""What is said of an excerpt, and of recordings that are there more than once."""

from __future__ import annotations

from dataclasses import dataclass

from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class IdentifiedTrack(Result):
    """A recording of the library that an excerpt is from.

    Parameters
    ----------
    path : str
        The first of its files.
    paths : tuple of str
        All files that hold this sound.
    content_hash : str
    offset_s : float
        Where in it the excerpt begins; negative where the excerpt begins earlier.
    probability : float in [0, 1]
        That it is this recording.
    """

    path: str
    paths: tuple[str, ...]
    content_hash: str
    offset_s: float
    probability: float


@dataclass(frozen=True, slots=True)
class Identification(Result):
    """What the library says of an excerpt.

    Parameters
    ----------
    path : str
        Of the excerpt.
    track : IdentifiedTrack or None
        None where it is unknown.
    others : tuple of IdentifiedTrack
        Further ones with a probability of one half at least, as where a recording is there in two encodings.
    heard_s : float
        How much of it was listened to.
    """

    path: str
    track: IdentifiedTrack | None
    others: tuple[IdentifiedTrack, ...]
    heard_s: float


@dataclass(frozen=True, slots=True)
class Version(Result):
    """A file whose song may be the same.

    Parameters
    ----------
    path : str
    content_hash : str
    score : float in [0, 1]
        How alike the chords are, see :func:`ml.audio_analysis.versions.likeness`; no probability.
    semitones : int in [-5, 6]
        How much higher it is.
    """

    path: str
    content_hash: str
    score: float
    semitones: int


@dataclass(frozen=True, slots=True)
class DuplicateFile(Result):
    """One of the files with the same recording.

    Parameters
    ----------
    path : str
    content_hash : str
        Files with the same one hold the same bytes of sound.
    offset_s : float
        How much later what begins the first file comes in this one; negative where it has been cut off.
    """

    path: str
    content_hash: str
    offset_s: float


@dataclass(frozen=True, slots=True)
class Duplicates(Result):
    """Files with the same recording.

    Parameters
    ----------
    files : tuple of DuplicateFile
        Two at least, by path.
    exact : bool
        Whether all hold the same bytes of sound.
    agreement : float in [0, 1]
        The least share of moments in which fingerprints agree; 1 where they are exact.
    """

    files: tuple[DuplicateFile, ...]
    exact: bool
    agreement: float
