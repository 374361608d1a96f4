"""What models are trained and judged on: a snapshot as arrays, with its vocabularies.

Conventions
-----------
- A dataset speaks of one kind of item. Listens to tracks never become listens to their artists.
- Every item of the kind has an index, heard or not, so that a new track can be recommended by
  its tags. Listeners are those with at least one play.
- A dated listen weighs 1, or 0 where it was skipped; a total of n plays weighs n and has no date.
  A source that states both a total and the listens behind it counts twice: importers avoid that.
- A like weighs as :data:`ml.models.feedback.PLAYS` says, at the moment it was said; plays of an item that a listener
  dislikes weigh nothing.
- A tag weighs as many voices as listeners gave it; a genre, which a catalogue or a file states,
  weighs :data:`GENRE_VOICES`. Upper and lower case are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.data.snapshot import Snapshot
from ml.foundation.errors import BadInput, EmptyWorkspace, did_you_mean
from ml.models.base import TrainingData
from ml.models.feedback import PLAYS
from ml.models.item_facts import read_facts
from ml.models.plays import UNDATED, Floats, Indices, Plays, Times
from ml.models.situations import Situations

Keys = NDArray[np.int64]

#: The kinds of items.
KINDS = ("track", "artist")
#: A stated genre weighs as much as the tags of so many listeners: more than one person's
#: opinion, less than a crowd's. A choice of ours, not a measurement.
GENRE_VOICES = 3.0
# Up to this key, a table of all keys is small (128 MiB) and quicker than a search.
_DENSE_KEYS = 1 << 25


@dataclass(frozen=True)
class Split:
    """A dataset cut in two.

    Parameters
    ----------
    train : Dataset
        The same items and listeners with the plays to learn from.
    relevant : scipy.sparse.csr_matrix, float32 [shape=(n_users, n_items)]
        1 where a listener played an item in the other part, without skipping, that they do not
        have in ``train``: the discoveries that a model should foresee. A listener may have none, and
        one without plays in ``train`` may have some.
    played : scipy.sparse.csr_matrix, float32 [shape=(n_users, n_items)]
        1 where a listener played an item in the other part, without skipping, whether they had it before or not.
    known : scipy.sparse.csr_matrix, optional [shape=(n_users, n_items)]
        Items that a listener has besides those in ``train``, such as those of a validation part: no
        discoveries, and nothing to learn from.
    """

    train: Dataset
    relevant: csr_matrix
    played: csr_matrix
    known: csr_matrix | None = None

    @cached_property
    def fingerprint(self) -> str:
        """Hash of who played what in the two parts, 64 hex digits: equal for equal splits of equal plays."""
        digest = sha256(self.train.kind.encode())
        plays = self.train.plays
        for array in (plays.indptr, plays.items, plays.weights, plays.times, self.played.indptr, self.played.indices):
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()


@dataclass(frozen=True)
class Dataset:
    """A snapshot as arrays.

    Parameters
    ----------
    kind : str
        ``"track"`` or ``"artist"``.
    item_keys : int64 [shape=(n_items,)]
        Sorted; the position of a key is the item's index.
    user_keys : int64 [shape=(n_users,)]
        Sorted; the position of a key is the listener's index.
    artist_keys : int64 [shape=(n_artists,)]
        Sorted; ``data.artists`` are positions in it.
    tag_names : tuple of str
        Sorted; the columns of ``data.tags``.
    data : TrainingData
    snapshot : str
        Hash of the snapshot, 64 hex digits.
    """

    kind: str
    item_keys: Keys
    user_keys: Keys
    artist_keys: Keys
    tag_names: tuple[str, ...]
    data: TrainingData
    snapshot: str

    @classmethod
    def load(
        cls,
        snapshot: Snapshot,
        *,
        kind: str | None = None,
        now: int | None = None,
        countries: Mapping[int, str] | None = None,
        ages: Mapping[int, int] | None = None,
    ) -> Dataset:
        """Read a snapshot.

        Parameters
        ----------
        snapshot : Snapshot
        kind : str, optional
            ``"track"`` or ``"artist"``; None is the kind with the most plays.
        now : int, optional
            UTC milliseconds against which recency is measured; None is the last listen.
        countries : mapping of int to str, optional
            ISO 3166 codes of listeners' countries, by their keys.
        ages : mapping of int to int, optional
            Listeners' ages in years, by their keys.

        Raises
        ------
        BadInput
            If there is no such kind.
        EmptyWorkspace
            If the snapshot has no item of the kind.
        """
        if kind is not None and kind not in KINDS:
            raise BadInput(f"no kind of item is called {kind!r}", did_you_mean(kind, KINDS))
        items = snapshot.items.select("key", "kind").collect()
        heard = _Heard.read(snapshot)
        kind = kind or _main_kind(items, heard)
        item_keys = items.filter(pl.col("kind") == kind)["key"].to_numpy()
        if not len(item_keys):
            raise EmptyWorkspace(
                f"there is no {kind} in this workspace yet", "ml demo, or: ml import PATH", code="no_data"
            )
        user_keys, plays = heard.plays(item_keys, now=(snapshot.last_listen or 0) if now is None else now)
        if countries is not None:
            plays = replace(plays, countries=[countries.get(key) for key in user_keys.tolist()])
        if ages is not None:
            plays = replace(plays, ages=[ages.get(key) for key in user_keys.tolist()])
        tag_names, tags = _tags(snapshot, item_keys)
        artist_keys, artists = _artists(snapshot, kind, item_keys)
        data = TrainingData(plays=plays, tags=tags, artists=artists, **read_facts(snapshot, item_keys))
        return cls(kind, item_keys, user_keys, artist_keys, tag_names, data, snapshot.hash)

    @classmethod
    def of(cls, data: TrainingData) -> Dataset:
        """Take data without a vocabulary: every key is its index."""
        items = np.arange(data.n_items, dtype=np.int64)
        users = np.arange(data.plays.n_users, dtype=np.int64)
        tags = tuple(str(tag) for tag in range(data.tags.shape[1]))
        artists = np.arange(data.artists.max(initial=-1) + 1, dtype=np.int64)
        return cls("item", items, users, artists, tags, data, snapshot="")

    @property
    def plays(self) -> Plays:
        """What listeners heard."""
        return self.data.plays

    def by_history(self) -> Dataset:
        """Order the listeners by what they heard instead of by their keys.

        Keys of listeners are random, and differ after every import. Whatever draws listeners with a
        seed, or adds numbers up in their order, gives the same result for the same listens only
        in an order that does not depend on them. Listeners of equal histories may change places.
        """
        plays = self.plays
        marks = _mixed(
            plays.items.astype(np.uint64), _mixed(plays.times.view(np.uint64), plays.weights.view(np.uint32))
        )
        # A listener without plays has no mark; there is none in a dataset, but a split makes some.
        sums = np.concatenate([[0], np.cumsum(marks, dtype=np.uint64)]).astype(np.uint64)
        order = np.argsort(sums[plays.indptr[1:]] - sums[plays.indptr[:-1]], kind="stable")
        held_out = self.data.held_out
        data = replace(self.data, plays=plays.select(order), held_out=None if held_out is None else held_out[order])
        return replace(self, user_keys=self.user_keys[order], data=data)

    @property
    def is_dated(self) -> bool:
        """Whether any play has a date, so that :meth:`split_by_time` is possible."""
        return bool((self.plays.times != UNDATED).any())

    @property
    def mostly_dated(self) -> bool:
        """Whether most plays have a date; a few dated ones among totals would be no test."""
        return bool(2 * np.count_nonzero(self.plays.times != UNDATED) > len(self.plays.times))

    def split_by_time(self, *, share: float = 0.1) -> Split:
        """Cut at a moment: learn from what came before, judge by what came after.

        Plays without a date are learned from.

        Parameters
        ----------
        share : float in (0, 1)
            Of the dated plays, those that come last.

        Raises
        ------
        ValueError
            If the share is not between 0 and 1, or no play has a date.
        """
        _check(share)
        times = self.plays.times
        dated = times[times != UNDATED]
        if not len(dated):
            raise ValueError("no play has a date: split_per_user is what undated data allow")
        place = min(int(len(dated) * (1 - share)), len(dated) - 1)
        moment = int(np.partition(dated, place)[place])
        return self._split(times >= moment, now=moment)

    def split_last(self) -> Split:
        """Put each listener's last play aside, where it has a date and is not the only one.

        Raises
        ------
        ValueError
            If no play has a date.
        """
        plays = self.plays
        if not self.is_dated:
            raise ValueError("no play has a date: split_per_user is what undated data allow")
        order = np.lexsort((plays.times, plays.users))
        lengths = np.diff(plays.indptr)
        last = order[plays.indptr[1:][lengths > 1] - 1]
        aside = np.zeros(len(plays.items), dtype=np.bool_)
        aside[last[plays.times[last] != UNDATED]] = True
        return self._split(aside, now=plays.now)

    def split_per_user(self, *, share: float = 0.2, rng: np.random.Generator) -> Split:
        """Put a share of each listener's items aside, with all their plays.

        Of n items, ``floor(share · n)`` are put aside: a listener of few keeps them all.

        Parameters
        ----------
        share : float in (0, 1)
        rng : numpy.random.Generator

        Raises
        ------
        ValueError
            If the share is not between 0 and 1.
        """
        _check(share)
        plays = self.plays
        pairs, place = np.unique(plays.users.astype(np.int64) * plays.n_items + plays.items, return_inverse=True)
        users = pairs // plays.n_items
        sizes = np.bincount(users, minlength=plays.n_users)
        order = np.lexsort((rng.random(len(pairs)), users))
        rank = np.empty(len(pairs), dtype=np.int64)
        rank[order] = np.arange(len(pairs)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        aside = rank < np.floor(share * sizes)[users]
        return self._split(aside[place], now=plays.now)

    def _split(self, aside: NDArray[np.bool_], *, now: int) -> Split:
        plays = replace(self.plays.keep(~aside), now=now)
        heard = replace(plays, weights=np.ones_like(plays.weights)).counts.sign()
        played = self.plays.keep(aside).counts.sign()
        train = replace(self, data=replace(self.data, plays=plays, held_out=None))
        return Split(train, without(played, heard), played)

    def split_held_out(self) -> Split:
        """Judge by the part that was put aside; what is learned from stays whole.

        Raises
        ------
        ValueError
            If nothing was put aside.
        """
        held_out = self.data.held_out
        if held_out is None:
            raise ValueError("nothing was put aside to choose by")
        heard = replace(self.plays, weights=np.ones_like(self.plays.weights)).counts.sign()
        return Split(self, without(held_out, heard), held_out)


def without(pairs: csr_matrix, known: csr_matrix) -> csr_matrix:
    """Drop the pairs that are known; both are matrices of 0 and 1."""
    rest = csr_matrix(pairs - pairs.multiply(known))
    rest.eliminate_zeros()
    return rest


@dataclass(frozen=True)
class _Heard:
    """Listens, then totals, of items of every kind; each of the two sorted by listener."""

    users: Keys
    items: Keys
    weights: Floats
    times: Times
    situations: Situations

    @classmethod
    def read(cls, snapshot: Snapshot) -> _Heard:
        liked = ~pl.col("skipped").fill_null(value=False)
        listens = snapshot.listens.select(
            "user_key", "item_key", "listened_at", "activity", "device", weight=liked.cast(pl.Float32)
        ).collect()
        counts = snapshot.counts.collect()
        said = snapshot.feedback.collect()
        if len(said):
            listens, counts = _with_words(listens, counts, said)
        untold = pl.repeat(None, len(counts), dtype=pl.String, eager=True)
        return cls(
            _joined(listens["user_key"], counts["user_key"]),
            _joined(listens["item_key"], counts["item_key"]),
            _joined(listens["weight"], counts["plays"].cast(pl.Float32)),
            _joined(listens["listened_at"], pl.repeat(UNDATED, len(counts), dtype=pl.Int64, eager=True)),
            Situations.of(*(pl.concat([listens[name], untold]) for name in ("activity", "device"))),
        )

    def plays(self, item_keys: Keys, *, now: int) -> tuple[Keys, Plays]:
        """Give the listeners of these items, sorted, and their plays."""
        items = _places(self.items, item_keys)
        users, weights, times, situations = self.users, self.weights, self.times, self.situations
        known = items >= 0
        if not known.all():
            items, users, weights, times = items[known], users[known], weights[known], times[known]
            situations = situations.take(np.flatnonzero(known))
        if (users[1:] < users[:-1]).any():
            # Two sorted runs, which a stable sort merges; a listener's totals follow the listens.
            order = np.argsort(users, kind="stable")
            items, users, weights, times = items[order], users[order], weights[order], times[order]
            situations = situations.take(order)
        starts = np.flatnonzero(np.concatenate([[True], users[1:] != users[:-1]])) if len(users) else np.empty(0, int)
        indptr = np.append(starts, len(users)).astype(np.int64)
        plays = Plays(indptr, items, weights, times, len(item_keys), now, situations=situations)
        return users[starts], plays


def _with_words(listens: pl.DataFrame, counts: pl.DataFrame, said: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add what is liked as listens; what is disliked weighs nothing."""
    disliked = said.filter(pl.col("kind") == "dislike").select("user_key", "item_key", disliked=True)
    keys = ["user_key", "item_key"]
    never = pl.col("disliked").fill_null(value=False)

    def silenced(frame: pl.DataFrame, column: str) -> pl.DataFrame:
        joined = frame.join(disliked, on=keys, how="left", maintain_order="left")
        none = pl.lit(0, dtype=frame.schema[column])
        return joined.with_columns(pl.when(never).then(none).otherwise(column).alias(column)).drop("disliked")

    plays = pl.col("kind").replace_strict(PLAYS, default=None, return_dtype=pl.Float32)
    liked = said.filter(pl.col("kind") != "dislike").select(*keys, pl.col("said_at").alias("listened_at"), weight=plays)
    # An addition to a playlist of what is disliked since says nothing either.
    liked = liked.join(disliked, on=keys, how="anti")
    # In what situation it was said is not told.
    heard = pl.concat([silenced(listens, "weight"), liked], how="diagonal")
    return heard.sort("user_key", "listened_at", "item_key"), silenced(counts, "plays")


def _mixed(values: NDArray[np.uint64], salt: NDArray[np.unsignedinteger]) -> NDArray[np.uint64]:
    """Scatter numbers over 64 bits, by the finaliser of SplitMix64 (Steele et al., OOPSLA 2014)."""
    mixed = values * np.uint64(0x9E3779B97F4A7C15) + salt.astype(np.uint64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


def _joined(listens: pl.Series, counts: pl.Series) -> NDArray[Any]:
    return listens.to_numpy() if not len(counts) else np.concatenate([listens.to_numpy(), counts.to_numpy()])


def _main_kind(items: pl.DataFrame, heard: _Heard) -> str:
    """Name the kind with the most plays, or of which there are most where nothing was played."""
    place = _places(heard.items, items["key"].to_numpy())
    plays = np.bincount(place + 1, minlength=len(items) + 1)[1:]
    # A listen counts once, skipped or not: it says as much about what kind of data these are.
    totals = np.flatnonzero(heard.weights > 1)
    plays = plays + np.bincount(place[totals] + 1, heard.weights[totals] - 1, len(items) + 1)[1:]
    sums = items.with_columns(plays=plays).group_by("kind").agg(pl.col("plays").sum(), items=pl.len())
    ranked = sums.sort("plays", "items", "kind", descending=True)
    return str(ranked["kind"][0]) if len(ranked) else KINDS[0]


def _places(values: Keys, keys: Keys) -> Indices:
    """Find values among sorted keys, int32; -1 where a value is none of them."""
    if not len(keys):
        return np.full(len(values), -1, dtype=np.int32)
    if keys[0] >= 0 and keys[-1] <= _DENSE_KEYS:
        table = np.full(keys[-1] + 2, -1, dtype=np.int32)
        table[keys] = np.arange(len(keys), dtype=np.int32)
        beyond = (values < 0) | (values > keys[-1])
        return table[np.where(beyond, keys[-1] + 1, values)]
    place = np.minimum(np.searchsorted(keys, values), len(keys) - 1)
    return np.where(keys[place] == values, place, -1).astype(np.int32)


def _tags(snapshot: Snapshot, item_keys: Keys) -> tuple[tuple[str, ...], csr_matrix]:
    rows = snapshot.tags.filter(pl.col("item_key").is_in(pl.Series(item_keys).implode()))
    voices = pl.when(pl.col("kind") == "genre").then(GENRE_VOICES).otherwise(pl.col("listeners"))
    weights = (
        rows.with_columns(pl.col("tag").str.to_lowercase())
        .group_by("item_key", "tag", "kind")
        .agg(listeners=pl.col("user_key").n_unique())
        .with_columns(weight=voices)
        .group_by("item_key", "tag")
        .agg(pl.col("weight").sum())
        .sort("item_key", "tag")
        .collect()
    )
    names = weights["tag"].unique().sort()
    columns = names.search_sorted(weights["tag"]).to_numpy() if len(weights) else np.empty(0, int)
    place = _places(weights["item_key"].to_numpy(), item_keys)
    values = weights["weight"].cast(pl.Float32).to_numpy()
    return tuple(names), csr_matrix((values, (place, columns)), shape=(len(item_keys), len(names)))


def _artists(snapshot: Snapshot, kind: str, item_keys: Keys) -> tuple[Keys, Indices]:
    """Give the artists' keys, sorted, and the index of each item's first main artist, -1 where unknown."""
    if kind == "artist":
        return item_keys, np.arange(len(item_keys), dtype=np.int32)
    first = (
        snapshot.credits.filter(pl.col("role") == "main")
        .sort("track_key", "position")
        .unique("track_key", keep="first", maintain_order=True)
        .filter(pl.col("track_key").is_in(pl.Series(item_keys).implode()))
        .collect()
    )
    artist_keys = first["artist_key"].unique().sort().to_numpy()
    artists = np.full(len(item_keys), -1, dtype=np.int32)
    artists[_places(first["track_key"].to_numpy(), item_keys)] = _places(first["artist_key"].to_numpy(), artist_keys)
    return artist_keys, artists


def _check(share: float) -> None:
    if not 0 < share < 1:
        raise ValueError(f"share is {share}; it lies between 0 and 1, both excluded")
