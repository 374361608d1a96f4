"""What a search for covers says."""

from __future__ import annotations

from dataclasses import dataclass

from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Album(Result):
    """An album and where its cover is from.

    Parameters
    ----------
    id : str
        As others know it, or made of artist and title, see :func:`~ml.intelligent_search.covers.scanning.album_id`.
    name : str
    artist : str or None
    path : str or None
        The file that the cover is in.
    """

    id: str
    name: str
    artist: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class CoverHit(Result):
    """An album that was found.

    Parameters
    ----------
    id, name : str
    artist, path : str or None
        Of the :class:`Album`.
    score : float in [0, 1]
        Of a photograph, the probability that it shows this cover; of colours and moods, how much it has of them.
    parts : dict of str to float
        What the score is made of. Of a photograph: ``details`` that agree, ``explained`` share of what there is to
        see, ``differing`` share of pixels, ``worst`` the same in one place, ``seen`` share of the cover, ``margin``
        to the next cover.
    kind : str
        ``"album"``.
    """

    id: str
    name: str
    artist: str | None
    path: str | None
    score: float
    parts: dict[str, float]
    kind: str = "album"


@dataclass(frozen=True, slots=True)
class CoverAnswer(Result):
    """What is said of a photograph.

    Parameters
    ----------
    known : bool
        Whether the first hit is likely to be it.
    hits : tuple of CoverHit
        The likeliest first; where nothing is known, they are no answer, only what comes nearest.
    """

    known: bool
    hits: tuple[CoverHit, ...]


@dataclass(frozen=True, slots=True)
class Refused(Result):
    """A picture that could not be used, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class CoverScan(Result):
    """What came of adding covers.

    Parameters
    ----------
    albums, pictures : int
        In the index now; albums may share a picture.
    added, removed, unchanged : int
        Albums that are new or have another picture, that are gone, and all others.
    refused : tuple of Refused
    """

    albums: int
    pictures: int
    added: int
    removed: int
    unchanged: int
    refused: tuple[Refused, ...]
