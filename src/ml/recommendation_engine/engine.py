"""The engine: history in, ranked items with reasons out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from ml.data.identity import Found, OutsideId, Resolver, find_item, find_user, outside_ids
from ml.data.identity.lookup import check_text, matching
from ml.data.ingest import news_since, record_block, record_listen
from ml.data.schema import users
from ml.data.store import Store
from ml.experiments.definition import RECOMMENDATIONS
from ml.experiments.exposure import Running, expose
from ml.foundation import resolver
from ml.foundation.errors import BadInput, UnknownId, did_you_mean
from ml.foundation.settings import Recommendation as Settings
from ml.foundation.workers import WorkerPool, quiet_blas
from ml.models.plays import Plays
from ml.recommendation_engine import answer
from ml.recommendation_engine.blocks import in_order
from ml.recommendation_engine.histories import read_blocked, read_histories
from ml.recommendation_engine.reasons import score_some
from ml.recommendation_engine.request import MOST, Request, between, listeners
from ml.recommendation_engine.results import Recommendations, Recorded, SimilarItem, SimilarItems
from ml.recommendation_engine.serving import Current, Serving, resolve_algorithm
from ml.recommendation_engine.similar import similar_artists, similar_items
from ml.recommendation_engine.variants import named, vary

#: Listeners whose histories are read together, and scores that are held at a time: 16 MiB.
BATCH, SCORES = 256, 1 << 22
#: A listener's id as it was written, and the key; None where nobody is called so.
Asked = tuple[str, int | None]
EVENTS = ("play", "skip", "block", "unblock")


@dataclass(frozen=True)
class EngineParts:
    """What an engine is built from.

    Parameters
    ----------
    store : Store
    models_root : Path
        Folder of the model files.
    settings : ml.foundation.settings.Recommendation
        Defaults of what a request leaves open.
    pool : WorkerPool
        Runs the work behind the ``await`` names.
    notices : tuple of str
        Said with every answer, such as that the data is synthetic.
    """

    store: Store
    models_root: Path
    settings: Settings = field(default_factory=Settings)
    pool: WorkerPool = field(default_factory=lambda: WorkerPool(2))
    notices: tuple[str, ...] = ()


class RecommendationEngine:
    """Recommends what a listener may want to hear, from what they heard up to a moment ago.

    Parameters
    ----------
    parts : EngineParts, optional
        Left out, the workspace of the settings answers: the one with imported data, or the
        demo world while there is none.

    Examples
    --------
    >>> engine = RecommendationEngine()  # doctest: +SKIP
    >>> for track in engine.recommend("hetrec:user/2", count=3).tracks:  # doctest: +SKIP
    ...     print(track.title, "-", track.why)
    """

    def __init__(self, parts: EngineParts | None = None) -> None:
        self._parts: EngineParts = parts or resolver.current().engine_parts()
        self._current = Current(self._parts.store, self._parts.models_root)
        self._running = Running()

    def recommend(
        self,
        user_id: str,
        *,
        count: int = 10,
        algorithm: str | None = None,
        familiar_ratio: float | None = None,
        max_per_artist: int | None = None,
        reasons: int | None = None,
        context: Mapping[str, Any] | None = None,
        preferences: Mapping[str, Any] | None = None,
        strict: bool = False,
    ) -> Recommendations:
        """Recommend items to one listener.

        What is left open, a running experiment may set; see :mod:`ml.recommendation_engine.variants`.

        Parameters
        ----------
        user_id : str
            Outside id, or its short form where that is unique. A listener nobody knows gets
            what is popular, and a notice.
        count : int in [1, 1000]
        algorithm : str, optional
            A name of :data:`ml.models.registry.MODELS`; it finds the new items.
        familiar_ratio : float in [0, 1], optional
            Share of items the listener knows already, ranked by replay.
        max_per_artist : int >= 1, optional
        reasons : int in [0, 10], optional
            Listens that explain each new item.
        context, preferences : mapping, optional
            See :mod:`ml.recommendation_engine.request`; ``preferences["familiar_ratio"]`` is the dial.
        strict : bool
            Raise where the algorithm could only answer as a lesser one.

        Raises
        ------
        NotTrained
            If there are no models yet.
        BadInput
            If an argument is not allowed.
        AmbiguousId
            If a short id names several listeners.
        """
        request = Request.of(
            self._parts.settings,
            count=count,
            algorithm=algorithm,
            familiar_ratio=familiar_ratio,
            max_per_artist=max_per_artist,
            reasons=reasons,
            context=context,
            preferences=preferences,
            strict=strict,
        )
        serving = self._current.get()
        (user_id,) = listeners([user_id])
        with self._parts.store.read() as connection:
            key = _user_key(connection, user_id)
            given = [] if key is None else self._running.assignments(connection, key, RECOMMENDATIONS)
            request, exposed = vary(request, given, named(algorithm, familiar_ratio, max_per_artist, preferences))
            # One answer is a few milliseconds: BLAS threads would mostly wait for each other, or for a busy core.
            with quiet_blas(len(os.sched_getaffinity(0))):
                found = self._answer(connection, serving, request, [(user_id, key)])[0]
        if key is not None:
            # Before anybody sees the answer: what is not written down could not be measured.
            expose(self._parts.store, key, exposed)
        return found

    def recommend_batch(
        self,
        user_ids: Sequence[str] | None = None,
        *,
        count: int = 10,
        algorithm: str | None = None,
        familiar_ratio: float | None = None,
        max_per_artist: int | None = None,
        reasons: int = 0,
    ) -> Iterator[Recommendations]:
        """Recommend to many listeners, in their order; to all of them where none are named.

        Raises
        ------
        BadInput, NotTrained, AmbiguousId
            As :meth:`recommend`, at the first answer.
        """
        request = Request.of(
            self._parts.settings,
            count=count,
            algorithm=algorithm,
            familiar_ratio=familiar_ratio,
            max_per_artist=max_per_artist,
            reasons=reasons,
            context=None,
            preferences=None,
            strict=False,
        )
        serving = self._current.get()
        with self._parts.store.read() as connection:
            everyone = _everyone(connection) if user_ids is None else _keys(connection, listeners(user_ids))
        blocks = (everyone[first : first + BATCH] for first in range(0, len(everyone), BATCH))

        def work(block: Sequence[Asked]) -> list[Recommendations]:
            with self._parts.store.read() as connection:
                return self._answer(connection, serving, request, block)

        for answers in in_order(work, blocks, threads=self._parts.pool.workers):
            yield from answers

    def similar(self, item_id: str, *, count: int = 10, kind: str | None = None) -> SimilarItems:
        """Find what goes with a track or an artist.

        Parameters
        ----------
        item_id : str
            Outside id or exact name.
        count : int in [1, 1000]
        kind : str, optional
            ``"track"`` or ``"artist"``, where a name may mean either.

        Raises
        ------
        UnknownId
            If nothing is called so, or the models do not know it.
        AmbiguousId, BadInput, NotTrained
        """
        between("count", count, 1, MOST)
        serving = self._current.get()
        with self._parts.store.read() as connection:
            found = _known_item(connection, serving, item_id, kind)
            if found.kind == serving.catalogue.kind:
                rows = similar_items(connection, serving, found.key, count)
            elif found.kind == "track":
                raise UnknownId(
                    f"the models know artists only, and {found.label!r} is a track", "ask about its artist instead"
                )
            else:
                rows = similar_artists(connection, serving, found.key, count)
            item = outside_ids(connection, "item", [found.key])[found.key]
        items = tuple(
            SimilarItem(label.item_id, found.kind, label.title, label.artist, rank, score)
            for rank, (label, score) in enumerate(rows, start=1)
        )
        return SimilarItems(item, found.kind, found.label, items, self._parts.notices)

    def record(
        self,
        user_id: str,
        item_id: str,
        *,
        event: Literal["play", "skip", "block", "unblock"] = "play",
        at: datetime | None = None,
        ms_played: int | None = None,
        device: str | None = None,
        activity: str | None = None,
    ) -> Recorded:
        """Store an event; the next answer takes it into account, without training.

        Parameters
        ----------
        user_id : str
            A listener; ``source:id`` of nobody yet makes a new one.
        item_id : str
            A track or artist that is there, by id or exact name.
        event : str
            ``play``; ``skip``, heard without liking; ``block``, never to be offered again
            (an artist: none of their tracks); ``unblock``.
        at : datetime, optional
            When it began, with time zone; now if left out.
        ms_played : int, optional

        Raises
        ------
        UnknownId, AmbiguousId
        BadInput
            If the event, the time or the playing time cannot be.
        """
        if event not in EVENTS:
            raise BadInput(f"unknown event {event!r}", did_you_mean(event, EVENTS))
        if at is not None and at.tzinfo is None:
            raise BadInput(f"at = {at.isoformat()} has no time zone", "add one, such as +00:00")
        with self._parts.store.read() as connection:
            found = find_item(connection, item_id)
            user_key = _user_key(connection, user_id)
        if user_key is None:
            user_key = self._new_user(user_id)
        moment = datetime.now(UTC) if at is None else at
        if event in ("block", "unblock"):
            record_block(self._parts.store, user_key, found.key, blocked=event == "block")
        else:
            ms = record_listen(
                self._parts.store,
                user_key,
                found.key,
                listened_at=None if at is None else round(at.timestamp() * 1000),
                ms_played=ms_played,
                skipped=event == "skip" or None,
                device=device,
                activity=activity,
            )
            moment = datetime.fromtimestamp(ms / 1000, UTC)
        with self._parts.store.read() as connection:
            user = outside_ids(connection, "user", [user_key])[user_key]
            item = outside_ids(connection, "item", [found.key])[found.key]
        return Recorded(user, item, found.label, event, moment.isoformat(timespec="milliseconds"))

    def score(self, user_id: str, item_id: str, *, algorithm: str | None = None, without: str | None = None) -> float:
        """Score one item for one listener, as :meth:`recommend` scores the new ones.

        Parameters
        ----------
        algorithm : str, optional
            As in :meth:`recommend`.
        without : str, optional
            An item of the history that is taken for never played.

        Raises
        ------
        UnknownId, AmbiguousId, NotTrained, BadInput
        """
        serving = self._current.get()
        name, _ = resolve_algorithm(serving, algorithm or self._parts.settings.algorithm, strict=False)
        with self._parts.store.read() as connection:
            history = self._histories(connection, serving, [find_user(connection, user_id)])
            index = _index(connection, serving, item_id)
            if without is not None:
                history = history.keep(history.items != _index(connection, serving, without))
        return float(score_some(serving.model(name), history, np.array([index], dtype=np.int32))[0, 0])

    async def get_recommendations(
        self,
        user_id: str,
        context: Mapping[str, Any] | None = None,
        algorithm: str | None = None,
        count: int = 10,
        **options: Any,
    ) -> Recommendations:
        """Await :meth:`recommend`, run in a worker thread."""
        return await self._parts.pool.run(
            self.recommend, user_id, context=context, algorithm=algorithm, count=count, **options
        )

    async def process_recommendations_batch(
        self, user_ids: Sequence[str] | None = None, **options: Any
    ) -> list[Recommendations]:
        """Await the list of :meth:`recommend_batch`, run in a worker thread."""
        return await self._parts.pool.run(lambda: list(self.recommend_batch(user_ids, **options)))

    def _new_user(self, user_id: str) -> int:
        try:
            OutsideId.parse(user_id)
        except BadInput:
            raise UnknownId(f"no listener {user_id!r}", f"to add one, write its source: local:user/{user_id}") from None
        import polars as pl

        return int(Resolver(self._parts.store, None).users(pl.Series([user_id]))[0])

    def _histories(self, connection: Connection, serving: Serving, user_keys: Sequence[int]) -> Plays:
        return read_histories(connection, user_keys, serving.catalogue.vocabulary, serving.catalogue.roots)

    def _answer(
        self,
        connection: Connection,
        serving: Serving,
        request: Request,
        asked: Sequence[Asked],
        gone: NDArray[np.int64] | None = None,
    ) -> list[Recommendations]:
        """Answer for a few listeners together, without the items that are ``gone`` from the store."""
        # A listener nobody knows is one without history; no key is -1.
        keys = [-1 if key is None else key for _, key in asked]
        history = self._histories(connection, serving, keys)
        blocked = read_blocked(connection, keys)
        excluded = [answer.blocked_indices(serving, blocked.get(key, set())) for key in keys]
        if gone is not None:
            excluded = [np.union1d(each, gone) for each in excluded]
        name, notices = resolve_algorithm(serving, request.algorithm, strict=request.strict)
        drafts: list[answer.Draft] = []
        for rows in _chunks(len(keys), history.n_items):
            some = history if len(rows) == len(keys) else history.select(rows)
            drafts += answer.draft(serving, request, name, some, [excluded[row] for row in rows])
        reasons = [answer.explain(serving, draft, request.reasons) for draft in drafts]
        shown = {pick.index for draft in drafts for pick in draft.picks}
        shown |= {effect.index for found in reasons for each in found.values() for effect in each}
        labels = serving.catalogue.labels(connection, sorted(shown))
        if gone is None and len(labels) < len(shown):
            # Rare, after an import was undone: looking for these before each answer would take longer than the answer.
            return self._answer(connection, serving, request, asked, serving.catalogue.gone(connection))
        said = (*self._parts.notices, *request.notices, *_missing(gone), *_news(connection, serving))
        return [
            answer.render(
                user_id,
                draft,
                found,
                labels,
                kind=serving.catalogue.kind,
                request=request,
                notices=(*said, *notices)
                if draft.warm
                else (*said, answer.stranger(user_id, draft.picks, known=key is not None)),
            )
            for (user_id, key), draft, found in zip(asked, drafts, reasons, strict=True)
        ]


def _news(connection: Connection, serving: Serving) -> tuple[str, ...]:
    """Say that something was imported since the training."""
    news = news_since(connection, serving.read_at) if serving.read_at else None
    return () if news is None else (news,)


def _missing(gone: NDArray[np.int64] | None) -> tuple[str, ...]:
    """Say that the models are older than the store."""
    if gone is None or not len(gone):
        return ()
    return (f"items that the models know and that were removed since: {len(gone):,}; train again: ml train",)


def _chunks(n_users: int, n_items: int) -> Iterator[NDArray[np.int64]]:
    """Cut listeners into stretches whose scores of all items stay in a processor's cache."""
    step = max(1, SCORES // max(1, n_items))
    return (np.arange(first, min(first + step, n_users)) for first in range(0, n_users, step))


def _known_item(connection: Connection, serving: Serving, item_id: str, kind: str | None) -> Found:
    try:
        return find_item(connection, item_id, kind=kind)
    except UnknownId as error:
        missing = _missing(serving.catalogue.gone(connection))
        raise UnknownId(error.message, "; ".join((*missing, error.hint))) from None


def _user_key(connection: Connection, user_id: str) -> int | None:
    try:
        return find_user(connection, user_id)
    except UnknownId:
        return None


def _everyone(connection: Connection) -> list[Asked]:
    statement = select(users.c.source, users.c.external_id, users.c.key).order_by(users.c.source, users.c.external_id)
    return [(f"{row.source}:{row.external_id}", row.key) for row in connection.execute(statement)]


def _keys(connection: Connection, user_ids: Sequence[str]) -> list[Asked]:
    """Find listeners; those whose id is written in full are looked up together."""
    for user_id in user_ids:
        check_text(user_id)
    statement = select(users.c.source, users.c.external_id, users.c.key)
    endings = sorted({user_id.partition(":")[2] for user_id in user_ids} - {""})
    rows = matching(connection, statement, users.c.external_id, endings).iter_rows()
    known = {f"{source}:{external}": key for source, external, key in rows}
    return [(each, known[each] if each in known else _user_key(connection, each)) for each in user_ids]


def _index(connection: Connection, serving: Serving, item_id: str) -> int:
    key = find_item(connection, item_id).key
    index = int(serving.catalogue.vocabulary.indices(np.array([key]))[0])
    if index < 0:
        raise UnknownId(f"the models do not know {item_id!r}", "train again: ml train")
    return index
