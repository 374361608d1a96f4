"""The engine: history in, ranked items with reasons out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ml.data.identity import find_user, outside_ids
from ml.experiments.definition import RECOMMENDATIONS
from ml.experiments.exposure import Running, expose_all
from ml.foundation import resolver
from ml.foundation.errors import UnknownId
from ml.foundation.phrase import spoken
from ml.foundation.settings import Recommendation as Settings
from ml.foundation.workers import quiet_blas
from ml.models.asking import Asking
from ml.recommendation_engine import answer
from ml.recommendation_engine.asked import (
    Asked,
    about_pause,
    everybody,
    index_of,
    key_of,
    keys_of,
    known_item,
)
from ml.recommendation_engine.blocks import chunks, in_order
from ml.recommendation_engine.event_verbs import Told
from ml.recommendation_engine.parts import EngineParts
from ml.recommendation_engine.profile import Profiles, read_evidence
from ml.recommendation_engine.ratings import Rated
from ml.recommendation_engine.reasons import score_some
from ml.recommendation_engine.request import MOST, Request, between, listeners, require_flag
from ml.recommendation_engine.results import Recommendations, SimilarItem, SimilarItems
from ml.recommendation_engine.seam import newcomer, who_answers
from ml.recommendation_engine.serving import Current, Serving, resolve_algorithm
from ml.recommendation_engine.session import lower
from ml.recommendation_engine.similar import similar_artists, similar_items
from ml.recommendation_engine.situation import situation_of, zero_of
from ml.recommendation_engine.staleness import newer_data, removed_items
from ml.recommendation_engine.stamps import Moment, Stamp, moment_of, stamp_of
from ml.recommendation_engine.stranger_verbs import ForStrangers
from ml.recommendation_engine.trials import Answered, answer_all, trial_of
from ml.recommendation_engine.unprofiled import nobody, requested, same_to_all
from ml.recommendation_engine.why import Explained

#: Listeners whose histories are read together.
BATCH = 256


class RecommendationEngine(Explained, ForStrangers, Rated, Told):
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
        self._running = Running(self._parts.store)

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
        language: str | None = None,
        profiling: bool | None = None,
        exposure: Mapping[str, Any] | None = None,
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
            See :mod:`ml.recommendation_engine.wishes`; ``preferences["familiar_ratio"]`` is the dial. Without a
            context nothing is guessed, not even the time.
        strict : bool
            Raise where the deep part is missing, so that the algorithm could only answer as a lesser one. Somebody of
            whom nothing or little is known is answered all the same, and told by what: no algorithm knows more.
        language : str, optional
            Of reasons and notices: ``"en"`` or ``"de"``.
        profiling : bool, optional
            False reads nothing that is known of the listener; see :mod:`ml.recommendation_engine.unprofiled`.
        exposure : mapping, optional
            Shares of the new items by group of artists: the least, or the least and the most, of ``head``, ``mid``,
            ``tail`` (:mod:`ml.models.exposure`) or ``country:PE``. The answer's notices say what came of it.

        Raises
        ------
        NotTrained
            If there are no models yet.
        BadInput
            If an argument is not allowed.
        AmbiguousId
            If a short id names several listeners.
        """
        request, fixed, said = requested(
            self._parts.settings,
            count=count,
            algorithm=algorithm,
            familiar_ratio=familiar_ratio,
            max_per_artist=max_per_artist,
            reasons=reasons,
            context=context,
            preferences=preferences,
            strict=strict,
            language=language,
            profiling=profiling,
            exposure=exposure,
        )
        serving = self._current.get()
        (user_id,) = listeners([user_id])
        with self._parts.store.read() as connection:
            moment = moment_of(connection, user_id) if request.profiling else None
            key = moment.key if moment else key_of(connection, user_id) if request.profiling else None
            # One answer is a few milliseconds: BLAS threads would mostly wait for each other, or for a busy core.
            with quiet_blas(len(os.sched_getaffinity(0))):
                found = self._tried(connection, serving, request, [(user_id, key)], fixed, said, moment)
        # Before anybody sees the answer: what is not written down could not be measured.
        expose_all(self._parts.store, found.shown)
        return found.answers[0]

    def recommend_batch(
        self,
        user_ids: Sequence[str] | None = None,
        *,
        count: int = 10,
        algorithm: str | None = None,
        familiar_ratio: float | None = None,
        max_per_artist: int | None = None,
        reasons: int = 0,
        context: Mapping[str, Any] | None = None,
        preferences: Mapping[str, Any] | None = None,
        strict: bool = False,
        language: str | None = None,
        profiling: bool | None = None,
        exposure: Mapping[str, Any] | None = None,
    ) -> Iterator[Recommendations]:
        """Recommend to many listeners, in their order; to all of them where none are named.

        Context and preferences are the same for all. Each listener has the variants of the experiments that they are
        in; exposures are written down a block at a time, before the first answer of the block is given.

        Raises
        ------
        BadInput, NotTrained, AmbiguousId
            As :meth:`recommend`, at the first answer.
        """
        request, fixed, said = requested(
            self._parts.settings,
            count=count,
            algorithm=algorithm,
            familiar_ratio=familiar_ratio,
            max_per_artist=max_per_artist,
            reasons=reasons,
            context=context,
            preferences=preferences,
            strict=strict,
            language=language,
            profiling=profiling,
            exposure=exposure,
        )
        serving = self._current.get()
        with self._parts.store.read() as connection:
            if user_ids is None:
                everyone = everybody(connection)
            elif request.profiling:
                everyone = keys_of(connection, listeners(user_ids))
            else:
                everyone = [(user_id, None) for user_id in listeners(user_ids)]
        blocks = (everyone[first : first + BATCH] for first in range(0, len(everyone), BATCH))

        def work(block: Sequence[Asked]) -> Answered:
            with self._parts.store.read() as connection:
                return self._tried(connection, serving, request, block, fixed, said)

        for found in in_order(work, blocks, threads=self._parts.pool.workers):
            expose_all(self._parts.store, found.shown)
            yield from found.answers

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
            found = known_item(connection, serving, item_id, kind)
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
        return SimilarItems(item, found.kind, found.label, items, self._said())

    def stamp(self, user_id: str) -> Stamp | None:
        """Give a mark that changes when answers to a listener do; see :func:`.stamps.stamp_of`."""
        return stamp_of(self._parts.store, self._parts.models_root, user_id)

    def _said(self) -> tuple[str, ...]:
        return tuple(spoken(each, self._tongue(None)) for each in self._parts.notices)

    def score(
        self,
        user_id: str,
        item_id: str,
        *,
        algorithm: str | None = None,
        without: str | None = None,
        profiling: bool | None = None,
    ) -> float:
        """Score one item for one listener, as :meth:`recommend` scores the new ones.

        Parameters
        ----------
        algorithm : str, optional
            As in :meth:`recommend`.
        without : str, optional
            An item of the history that is taken for never played; the others keep their weights, and what was
            skipped early counts against as before.
        profiling : bool, optional
            As in :meth:`recommend`: False scores as for anybody, and does not look the listener up.

        Raises
        ------
        UnknownId, AmbiguousId, NotTrained, BadInput
        """
        serving, settings = self._current.get(), self._parts.settings
        profiled = require_flag("profiling", settings.profiling if profiling is None else profiling)
        name, _ = resolve_algorithm(serving, algorithm or settings.algorithm, strict=False)
        with self._parts.store.read() as connection:
            if profiled:
                profiles = self._profiles(connection, serving, [find_user(connection, user_id)])
            else:
                name, profiles = same_to_all(name), self._anybody(serving, 1)
            index = index_of(connection, serving, item_id)
            history = profiles.asked
            if len(history.items):
                (name,) = who_answers(serving, name, history)
            if without is not None:
                history = history.keep(history.items != index_of(connection, serving, without))
        item = np.array([index], dtype=np.int32)
        model = serving.grown(name)
        scores = score_some(model, history, item)[0].astype(np.float32)
        return float(lower(scores, profiles.damping[0].of(item), zero=zero_of(model))[0])

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

    def _tried(
        self,
        connection: Connection,
        serving: Serving,
        request: Request,
        asked: Sequence[Asked],
        fixed: set[str],
        said: tuple[str, ...],
        moment: Moment | None = None,
    ) -> Answered:
        """Answer for a few listeners, each as the experiments have it that they are in."""
        keys = {key for _, key in asked if key is not None}
        if moment is not None and not moment.experiments:
            keys = set()
        given = self._running.assignments_of(connection, keys, RECOMMENDATIONS) if keys else {}
        trials = [trial_of(serving, request, given.get(key, []) if key else [], fixed) for _, key in asked]
        ask = partial(self._answer, connection, serving, moment=moment)
        return answer_all(connection, serving, asked, trials, ask, said)

    def _profiles(
        self,
        connection: Connection,
        serving: Serving,
        user_keys: Sequence[int],
        *,
        asking: Asking | None = None,
        situations: bool = False,
        settings: Settings | None = None,
    ) -> Profiles:
        evidence = read_evidence(
            connection, user_keys, serving.catalogue, now=self._parts.clock(), asking=asking, situations=situations
        )
        return evidence.profiles(serving.catalogue, settings or self._parts.settings)

    def _anybody(self, serving: Serving, n_users: int) -> Profiles:
        return nobody(n_users, len(serving.catalogue.vocabulary.keys), now=self._parts.clock())

    def _answer(
        self,
        connection: Connection,
        serving: Serving,
        request: Request,
        asked: Sequence[Asked],
        gone: NDArray[np.int64] | None = None,
        *,
        said: tuple[str, ...] = (),
        moment: Moment | None = None,
    ) -> list[Recommendations]:
        """Answer for a few listeners together, without the items that are ``gone`` from the store.

        What is known of the ``moment`` is not asked of the store again.
        """
        # A listener nobody knows is one without history; no key is -1.
        keys = [-1 if key is None else key for _, key in asked]
        situation = situation_of(connection, serving, request)
        asking, context = request.asking, situation.context
        # Situations of plays are read only where they matter.
        told = asking is not None and context is not None and context.remembers(asking)
        if request.profiling:
            settings = request.settings(self._parts.settings)
            profiles = self._profiles(connection, serving, keys, asking=asking, situations=told, settings=settings)
        else:
            profiles = self._anybody(serving, len(keys))
        if gone is not None:
            profiles = replace(profiles, left_out=[np.union1d(each, gone) for each in profiles.left_out])
        name, notices = resolve_algorithm(serving, request.algorithm, strict=request.strict)
        drafts: list[answer.Draft] = []
        for rows in chunks(len(keys), profiles.played.n_items):
            drafts += answer.draft(serving, request, name, profiles.select(rows), situation)
        reasons = [answer.explain(serving, draft, request.reasons, situation) for draft in drafts]
        shown = {pick.index for draft in drafts for pick in draft.picks}
        shown |= {effect.index for found in reasons for each in found.values() for effect in each}
        labels = serving.catalogue.labels(connection, sorted(shown), mark=moment.catalogue if moment else None)
        if gone is None and len(labels) < len(shown):
            # Rare, after an import was undone: looking for these before each answer would take longer than the answer.
            gone = serving.catalogue.gone(connection)
            return self._answer(connection, serving, request, asked, gone, said=said, moment=moment)
        newer = newer_data(connection, serving, moment)
        said = (*self._parts.notices, *situation.notices, *removed_items(gone), *newer, *said)

        def about(user_id: str, key: int | None, draft: answer.Draft, paused: int | None) -> tuple[str, ...]:
            if not request.profiling:
                return ()
            if not draft.warm:
                return (*about_pause(paused), answer.stranger(user_id, draft.picks, known=key is not None))
            return (*about_pause(paused), *notices, *newcomer(user_id, name, draft.algorithm))

        return [
            answer.render(
                user_id,
                draft,
                found,
                labels,
                kind=serving.catalogue.kind,
                request=request,
                situation=situation,
                notices=(*said, *about(user_id, key, draft, paused)),
            )
            for (user_id, key), draft, found, paused in zip(asked, drafts, reasons, profiles.paused, strict=True)
        ]
