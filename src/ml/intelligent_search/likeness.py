"""What goes with something that is named: by those who listen to both, or by sound."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ml.foundation.errors import NotTrained
from ml.foundation.phrase import Phrase
from ml.intelligent_search.candidate import Candidate
from ml.intelligent_search.documents import FEATURES
from ml.intelligent_search.lexical import LexicalIndex
from ml.intelligent_search.lexical.candidates import Asked, gather
from ml.intelligent_search.lexical.fields import Shown
from ml.intelligent_search.words import say
from ml.models.tastes import Tastes

#: So many that go best with it are looked at.
_MOST = 500
#: Below this score a name is another one.
_SURE = 0.6
#: Tracks of an artist that stand for them.
_OF_ARTIST = 10


@dataclass(frozen=True)
class Alike:
    """What goes with names.

    Parameters
    ----------
    shares : mapping of str to float
        How well, in [0, 1], by uid; empty where nothing is known.
    part : str
        What told so: ``"like"``, those who listen, or ``"sounds like"``, the sound.
    reference : mapping of str to float
        By feature of documents: the mean of what was named.
    notices : tuple of Phrase
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    part: str = "like"
    reference: Mapping[str, float] = field(default_factory=dict)
    notices: tuple[Phrase, ...] = ()


def alike(
    index: LexicalIndex,
    tastes: Tastes,
    sounding: Callable[[Sequence[Shown]], Mapping[str, float]],
    likes: Sequence[str],
    refused: Sequence[Candidate],
) -> Alike:
    """Find what goes with some names, and not with others; where no model knows them, what sounds like them.

    Parameters
    ----------
    index : LexicalIndex
    tastes : Tastes
    sounding : callable
        Gives what sounds like documents, in [0, 1], by uid.
    likes : sequence of str
        Names of artists or tracks, which may be misspelt.
    refused : sequence of Candidate
        What was named and is not wanted.
    """
    notices: list[Phrase] = []
    wanted = find_named(index, likes, notices)
    if not wanted:
        return Alike(notices=tuple(notices))
    reference = _reference(index, wanted)
    try:
        shares, how = _shares(tastes, _keys(index, wanted), _keys(index, refused)), ""
    except NotTrained as error:
        shares, how = {}, error.hint or str(error)
    if shares:
        return Alike(shares, reference=reference, notices=tuple(notices))
    heard = sounding([shown for one in wanted for shown in (one.shown, *_by(index, one))])
    names = tuple(one.shown.name for one in wanted)
    if heard:
        notices.append(say("by_sound", names=names))
    elif how:
        notices.append(say("no_models", how=how, names=names))
    return Alike(heard, "sounds like", reference, tuple(notices))


def find_named(index: LexicalIndex, names: Sequence[str], notices: list[Phrase]) -> list[Candidate]:
    """Find the artists or tracks that names, which may be misspelt, stand for; what is in doubt is noticed."""
    found = []
    for name in names:
        best = next((one for one in gather(index, Asked(name), count=5).candidates if one.shown.kind != "album"), None)
        if best is None or best.score < _SURE:
            notices.append(say("unknown_like", name=name))
            continue
        if not best.exact:
            notices.append(say("taken", name=name, taken=best.shown.name))
        found.append(best)
    return found


def _keys(index: LexicalIndex, named: Sequence[Candidate]) -> list[int]:
    """Give the keys of what was named, of what is by an artist and of who a track is by: models know one kind only."""
    found = []
    for one in named:
        others = _by(index, one)[:_OF_ARTIST] if one.shown.kind == "artist" else _who(index, one)
        found += [other.key for other in (one.shown, *others) if other.key is not None]
    return found


def _by(index: LexicalIndex, artist: Candidate) -> list[Shown]:
    if artist.shown.kind != "artist":
        return []
    theirs = gather(index, Asked(artist.shown.name), count=50).candidates
    tracks = [one.shown for one in theirs if one.shown.kind == "track" and one.shown.artist_spelt == artist.shown.spelt]
    return sorted(tracks, key=lambda shown: (-shown.plays, shown.uid))


def _who(index: LexicalIndex, track: Candidate) -> list[Shown]:
    if not track.shown.artist:
        return []
    named = gather(index, Asked(track.shown.artist), count=5).candidates
    return [one.shown for one in named if one.exact and one.shown.kind == "artist"]


def _shares(tastes: Tastes, wanted: Sequence[int], refused: Sequence[int]) -> dict[str, float]:
    """Give the shares of those that go best with what is wanted, and better than with what is refused."""
    scores = tastes.beside(wanted)
    if scores is None:
        return {}
    values = np.nan_to_num(scores.scores.astype(np.float64), nan=-np.inf)
    against = tastes.beside(refused) if refused else None
    if against is not None and np.array_equal(against.keys, scores.keys):
        # Not the difference: it is greatest for what nobody plays with either.
        nearer = _ranks(np.nan_to_num(against.scores.astype(np.float64), nan=-np.inf)) > _ranks(values)
        values = np.where(nearer, -np.inf, values)
    named = np.isin(scores.keys, [*wanted, *refused])
    values = np.where(named, -np.inf, values)
    best = np.argsort(-values, kind="stable")[:_MOST]
    best = best[np.isfinite(values[best])]
    if not len(best):
        return {}
    # Models score on scales of their own: the place says more than the value.
    share = 1 - np.arange(len(best)) / len(best)
    return {
        f"{sort}{scores.keys[place]}": float(value) for place, value in zip(best, share, strict=True) for sort in "at"
    }


def _ranks(values: np.ndarray) -> np.ndarray:
    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks / max(len(values), 1)


def _reference(index: LexicalIndex, wanted: Sequence[Candidate]) -> dict[str, float]:
    """Give the mean of each feature of what was named; of an artist, of what is by them."""
    rows = []
    for one in wanted:
        of = _by(index, one) if one.shown.kind == "artist" else [one.shown]
        rows += [shown.features for shown in of]
    found = {}
    for place, name in enumerate(FEATURES):
        values = [value for value in (row[place] for row in rows) if value is not None]
        if values:
            found[name] = sum(values) / len(values)
    return found
