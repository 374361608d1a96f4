"""What is known of some listeners at the moment they ask: what they played, what they said, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ml.foundation.settings import Recommendation as Settings
from ml.models.asking import Asking
from ml.models.plays import Floats, Plays
from ml.recommendation_engine.catalogue import Catalogue
from ml.recommendation_engine.histories import Heard, read_heard
from ml.recommendation_engine.said import DISLIKE_SKIPS, Refusal, Said, read_said
from ml.recommendation_engine.session import MINUTE_MS, Indices, artist_damping, early_skips, lower, weigh

_NOTHING = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Damping:
    """Scores that are lowered for one listener.

    Parameters
    ----------
    items : int64 [shape=(n,)]
        Sorted.
    factors : float64 in (0, 1] [shape=(n,)]
    """

    items: Indices
    factors: NDArray[np.float64]

    def lower(self, scores: Floats, *, zero: float = 0.0) -> None:
        """Lower the scores of all items, in place [shape=(n_items,)]; ``zero`` as in :func:`session.lower`."""
        if len(self.items):
            scores[self.items] = lower(scores[self.items], self.factors, zero=zero)

    def of(self, items: NDArray[np.integer]) -> NDArray[np.float64]:
        """Give the factors of some items, 1 where nothing is lowered."""
        if not len(self.items):
            return np.ones(len(items))
        place = np.minimum(np.searchsorted(self.items, items), len(self.items) - 1)
        return np.where(self.items[place] == items, self.factors[place], 1.0)


#: Nothing is lowered.
UNDAMPED = Damping(_NOTHING, np.empty(0))


@dataclass(frozen=True)
class Profiles:
    """Some listeners, as models are asked about them.

    Parameters
    ----------
    played : Plays
        What they heard, as it is stored; what is said in words.
    known : Plays
        With what they said: a like is plays, and plays of what they dislike say nothing. What is in it is no
        discovery; replay is asked with it.
    asked : Plays
        With the session's weights, and with likes of artists: what finds new items is asked with it.
    left_out : list of int64 arrays
        Indices that each wants left out.
    damping : list of Damping
        By early skips and dislikes of artists, for what finds new items.
    skipped : list of Damping
        By early skips of the items themselves, for replay.
    paused : list of (int or None)
        Since when each one's history is paused.
    """

    played: Plays
    known: Plays
    asked: Plays
    left_out: list[Indices]
    damping: list[Damping]
    skipped: list[Damping]
    paused: list[int | None]

    @property
    def n_users(self) -> int:
        """Number of listeners."""
        return self.played.n_users

    def select(self, rows: NDArray[np.int64]) -> Profiles:
        """Keep some of the listeners, in order."""
        if len(rows) == self.n_users:
            return self
        lists = (self.left_out, self.damping, self.skipped, self.paused)
        kept = [[each[row] for row in rows] for each in lists]
        return Profiles(self.played.select(rows), self.known.select(rows), self.asked.select(rows), *kept)


@dataclass(frozen=True)
class Evidence:
    """What the store says of some listeners: what profiles are made from.

    Parameters
    ----------
    heard : Heard
    said : list of Said
        Of each; empty where none of them said anything.
    """

    heard: Heard
    said: list[Said]

    def without(self, index: int, catalogue: Catalogue) -> Evidence:
        """Take an item for never played, and never liked; what was said against it stays."""
        plays = self.heard.plays
        kept = plays.items != index
        key = catalogue.vocabulary.keys[index]
        said = [replace(each, liked=[word for word in each.liked if word[0] != key]) for each in self.said]
        return Evidence(Heard(plays.keep(kept), self.heard.early[kept]), said)

    def refusal_of(self, index: int, catalogue: Catalogue) -> Refusal | None:
        """Find the last word of the only listener, a block before all, that keeps an item out of lists."""
        said = self.said[0].refusals if self.said else []
        keeping = [each for each in said if index in catalogue.items_of(each.keys)]
        blocking = [each for each in keeping if each.kind == "block"]
        found = blocking or keeping
        return found[-1] if found else None

    def profiles(self, catalogue: Catalogue, settings: Settings) -> Profiles:
        """Work out what follows."""
        heard, said, n_users = self.heard, self.said, self.heard.plays.n_users
        left_out = [catalogue.items_of(each.left_out) for each in said] or [_NOTHING] * n_users
        disliked = [catalogue.items_of(each.disliked) for each in said]
        known, asked = _with_words(heard.plays, said, disliked, catalogue) if said else (heard.plays, heard.plays)
        half_life_ms = settings.session_half_life_minutes * MINUTE_MS
        asked = weigh(asked, strength=settings.session_strength, half_life_ms=half_life_ms)
        damping, skipped = _lowered(heard, disliked, catalogue)
        paused = [each.paused_at for each in said] or [None] * n_users
        return Profiles(heard.plays, known, asked, left_out, damping, skipped, paused)


def read_evidence(
    connection: Connection,
    user_keys: Sequence[int],
    catalogue: Catalogue,
    *,
    now: int,
    asking: Asking | None = None,
    situations: bool = False,
) -> Evidence:
    """Read what is known of some listeners, in their order, up to this moment.

    Parameters
    ----------
    now : int
        The moment of asking, UTC milliseconds.
    asking : Asking, optional
        The context of the moment.
    situations : bool
        Whether it matters in which situations listens were.
    """
    heard = read_heard(connection, user_keys, catalogue.vocabulary, catalogue.roots, now=now, situations=situations)
    if asking is not None:
        heard = replace(heard, plays=replace(heard.plays, asking=[asking] * len(user_keys)))
    found = read_said(connection, user_keys, now=now, roots=catalogue.roots)
    return Evidence(heard, [found.get(key, Said()) for key in user_keys] if found else [])


def _with_words(
    plays: Plays, said: Sequence[Said], disliked: Sequence[Indices], catalogue: Catalogue
) -> tuple[Plays, Plays]:
    """Add what was said to what was played: of items for both, of artists for what is asked only."""
    if any(len(items) for items in disliked):
        weights = plays.weights.copy()
        for row, items in enumerate(disliked):
            mine = slice(plays.indptr[row], plays.indptr[row + 1])
            if len(items):
                weights[mine][np.isin(plays.items[mine], items)] = 0.0
        plays = replace(plays, weights=weights)
    words = [(row, *word) for row, each in enumerate(said) for word in each.liked]
    if not words:
        return plays, plays
    rows, keys, counts, times = (np.array(column) for column in zip(*words, strict=True))
    own = catalogue.vocabulary.indices(keys)
    item = own >= 0
    known = _added(plays, rows[item], own[item], counts[item], times[item])
    asked = known
    for place in np.flatnonzero(~item):
        theirs = catalogue.items_of({int(keys[place])})
        if not len(theirs):
            continue  # the models know nothing of it yet
        each = np.full(len(theirs), 1)
        weights = counts[place] / len(theirs) * each
        asked = _added(asked, rows[place] * each, theirs, weights, times[place] * each, implied=True)
    return known, asked


def _added(
    plays: Plays,
    rows: Indices,
    items: Indices,
    weights: NDArray[np.floating],
    times: NDArray[np.int64],
    *,
    implied: bool = False,
) -> Plays:
    """Add plays of listeners, each listener's in the order of time."""
    if not len(rows):
        return plays
    users = np.concatenate([plays.users, rows])
    times = np.concatenate([plays.times, times])
    items = np.concatenate([plays.items, items])
    order = np.lexsort((items, times, users))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(users, minlength=plays.n_users))])
    return replace(
        plays,
        indptr=indptr.astype(np.int64),
        items=items[order].astype(np.int32),
        weights=np.concatenate([plays.weights, weights])[order].astype(np.float32),
        times=times[order].astype(np.int64),
        situations=None if plays.situations is None else plays.situations.with_unknown(len(rows)).take(order),
        implied=_implied(plays, len(rows), implied=implied, order=order),
    )


def _implied(plays: Plays, n: int, *, implied: bool, order: Indices) -> NDArray[np.bool_] | None:
    if not implied and plays.implied is None:
        return None
    before = np.zeros(len(plays.items), dtype=np.bool_) if plays.implied is None else plays.implied
    return np.concatenate([before, np.full(n, implied)])[order]


def _lowered(heard: Heard, disliked: Sequence[Indices], catalogue: Catalogue) -> tuple[list[Damping], list[Damping]]:
    """Work out whose scores are lowered, for all listeners at once: by artist, and by item."""
    plays, n_users = heard.plays, heard.plays.n_users
    if not heard.early.any() and not any(len(items) for items in disliked):
        return [UNDAMPED] * n_users, [UNDAMPED] * n_users
    users, items, skips = early_skips(plays, heard.early)
    by_item = _by_listener(users, items, np.exp2(-skips), n_users)
    if disliked:
        rows = np.repeat(np.arange(n_users), [len(each) for each in disliked])
        users, items = np.concatenate([users, rows]), np.concatenate([items, *disliked])
        skips = np.concatenate([skips, np.full(len(rows), DISLIKE_SKIPS)])
    makers = catalogue.makers
    pairs, place = np.unique(users * len(makers) + catalogue.maker_of[items], return_inverse=True)
    against = np.bincount(place, skips, len(pairs)).astype(np.float64)
    played = plays.users.astype(np.int64) * len(makers) + catalogue.maker_of[plays.items]
    where = np.minimum(np.searchsorted(pairs, played), len(pairs) - 1)
    liking = np.bincount(where, plays.weights * (pairs[where] == played), len(pairs)).astype(np.float64)
    factors = artist_damping(against, liking)
    pairs, factors = pairs[factors < 1], factors[factors < 1]
    items, lengths = catalogue.made_by(pairs % len(makers))
    listeners = np.repeat(pairs // len(makers), lengths)
    return _by_listener(listeners, items, np.repeat(factors, lengths), n_users), by_item


def _by_listener(users: Indices, items: Indices, factors: NDArray[np.float64], n_users: int) -> list[Damping]:
    """Give each listener the factors of their own, by item."""
    order = np.lexsort((items, users))
    items, factors = items[order], factors[order]
    bounds = np.searchsorted(users[order], np.arange(n_users + 1)).tolist()
    return [Damping(items[low:high], factors[low:high]) if high > low else UNDAMPED for low, high in pairwise(bounds)]
