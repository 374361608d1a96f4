"""What a search gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ml.features.language import Parse
from ml.foundation.results import Result
from ml.intelligent_search.filters import Filters


@dataclass(frozen=True, slots=True)
class Hit(Result):
    """One thing that was found.

    Parameters
    ----------
    id : str
        Outside id of an artist or track; an album has none in any source, so it is ``album:`` and its own mark.
    kind : str
        ``"artist"``, ``"album"`` or ``"track"``.
    name : str
    score : float
        In [0, 1]; comparable within one search.
    parts : mapping of str to float
        What the score is made of, each in [0, 1].
    artist, album : str or None
        Of a track; of an album, the artist.
    year : int or None
    duration_s, tempo_bpm : float or None
    camelot : str or None
    genres : tuple of str
    plays : int
        By everybody.
    path : str or None
        A file that can be played.
    why : str
        In words.
    highlights : mapping of str to sequence of (int, int)
        By ``name``, ``artist`` and ``album``: the stretches that hold what was looked for, in characters.
    """

    id: str
    kind: str
    name: str
    score: float
    parts: Mapping[str, float]
    artist: str | None = None
    album: str | None = None
    year: int | None = None
    duration_s: float | None = None
    tempo_bpm: float | None = None
    camelot: str | None = None
    genres: tuple[str, ...] = ()
    plays: int = 0
    path: str | None = None
    why: str = ""
    highlights: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DidYouMean(Result):
    """What was probably meant.

    Parameters
    ----------
    text : str
        A name as the catalogue writes it.
    confidence : float
        How probable it is that this was meant, in [0, 1].
    """

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Heard(Result):
    """What somebody said.

    Parameters
    ----------
    text : str
        The name that was most probably said, or a transcript.
    confidence : float
        Of a name, how probable it is that it was said; of a transcript, the mean probability of its words; in [0, 1].
    others : mapping of str to float
        Names that may have been said instead, the most probable first.
    by : str
        ``"grammar"``, the names of the catalogue, or ``"whisper"``.
    """

    text: str
    confidence: float
    others: Mapping[str, float]
    by: str


@dataclass(frozen=True, slots=True)
class SearchResults(Result):
    """What was found, and how the text was understood.

    Parameters
    ----------
    text : str
        What was asked.
    hits : tuple of Hit
        The best first.
    did_you_mean : DidYouMean or None
        Where nothing is called so and a name is near.
    parse : Parse
        What the grammar reads in the text.
    filters : Filters
        What of that, and of what was asked besides, hits had to be.
    route : str
        ``"name"`` where the text was taken for a name or words of one, ``"description"`` where the parse was followed.
    total : int
        How many documents match, of which the hits are a page.
    facets : mapping of str to (mapping of str to int)
        How many of all that match have which value, by the facets asked for.
    notices : tuple of str
    search_id : int or None
        By which a choice among the hits can be told; None where searches are not kept.
    heard : Heard or None
        Of a search by voice.
    """

    text: str
    hits: tuple[Hit, ...]
    did_you_mean: DidYouMean | None
    parse: Parse
    filters: Filters
    route: str
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    search_id: int | None = None
    heard: Heard | None = None
