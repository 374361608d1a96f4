"""What the engine answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Because(Result):
    """A listen of the listener's own that a recommendation rests on.

    Parameters
    ----------
    item_id : str
    title : str
    artist : str or None
    score_without : float
        The recommendation's score had this item never been played: not an estimate, but
        the same models asked again without it.
    effect : float
        Score minus ``score_without``.
    """

    item_id: str
    title: str
    artist: str | None
    score_without: float
    effect: float


@dataclass(frozen=True, slots=True)
class Recommendation(Result):
    """One recommended item.

    Parameters
    ----------
    item_id : str
        Outside id.
    kind : str
        ``"track"`` or ``"artist"``.
    title : str
        Of the track, or the artist's name.
    artist : str or None
        The credit of a track.
    rank : int
        From 1.
    score : float
        By the model ``source``; comparable among items of one source and listener.
    source : str
        ``replay`` for what the listener knows, else the algorithm that found it.
    familiar : bool or None
        Whether the listener played it before; None where nothing is known, or may be known, of what they played.
    why : str
        The reason in words.
    because : tuple of Because
        The strongest listens behind it, the strongest first.
    context_effect : float
        What of the score comes from the context and the preferences; 0 where there are none.
    """

    item_id: str
    kind: str
    title: str
    artist: str | None
    rank: int
    score: float
    source: str
    familiar: bool | None
    why: str
    because: tuple[Because, ...] = ()
    context_effect: float = 0.0

    @property
    def track_id(self) -> str:
        """The outside id, as ``item_id``."""
        return self.item_id


@dataclass(frozen=True, slots=True)
class Recommendations(Result):
    """An answer.

    Parameters
    ----------
    user_id : str
        As it was asked for.
    algorithm : str
        What answered, which may be less than what was asked for; see ``notices``.
    kind : str
        Kind of the items: ``"track"``, or ``"artist"`` where the data knows artists only.
    tracks : tuple of Recommendation
        Best first; the items, whatever their kind.
    familiar_ratio : float
        The share of familiar items that was aimed at.
    notices : tuple of str
        What a reader should know: a fallback, synthetic data, an unknown listener.
    context : mapping of str to str
        What of the situation asked for had a say in the scores, in canonical words.
    """

    user_id: str
    algorithm: str
    kind: str
    tracks: tuple[Recommendation, ...]
    familiar_ratio: float
    notices: tuple[str, ...] = ()
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SimilarItem(Result):
    """One similar item; fields as in :class:`Recommendation`."""

    item_id: str
    kind: str
    title: str
    artist: str | None
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class SimilarItems(Result):
    """Items that go with one item.

    Parameters
    ----------
    item_id : str
    kind, title : str
    items : tuple of SimilarItem
    notices : tuple of str
    """

    item_id: str
    kind: str
    title: str
    items: tuple[SimilarItem, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded(Result):
    """An event that was told.

    Parameters
    ----------
    user_id, item_id, title : str
    event : str
        As it was given; ``undo`` for an event that was taken back.
    at : str
        ISO 8601, UTC; of an event that was taken back, when that was.
    event_id : int or None
        What takes it back. None where nothing new was stored: the history is paused, or the listen was known.
    notices : tuple of str
        What a reader should know: that it was not stored, what was taken back, that the data are synthetic.
    stored : bool
        False where nothing was stored, since the listener's history is paused.
    """

    user_id: str
    item_id: str
    title: str
    event: str
    at: str
    event_id: int | None = None
    notices: tuple[str, ...] = ()
    stored: bool = True


@dataclass(frozen=True, slots=True)
class HistoryState(Result):
    """Whether what a listener plays is kept.

    Parameters
    ----------
    user_id : str
    paused : bool
    since : str or None
        ISO 8601, UTC; since when it is paused.
    notices : tuple of str
    """

    user_id: str
    paused: bool
    since: str | None
    notices: tuple[str, ...] = ()
