"""What the experiments that run do to answers: variants filled in, two rankings in one list, and who was given what.

Conventions
-----------
- An experiment one of whose variants asks for an algorithm that cannot answer (the models in use have it not, or a
  library that reads it is missing: :func:`ml.recommendation_engine.serving.why_not`) is *suspended*: nobody is let in,
  and nobody is answered by it, whichever variant they had. If one variant alone fell back, the two would differ in who
  is in them; so nothing new is counted, and the answer says so.
- A listener can be in one interleaved experiment at a time. Both rankings fill the whole list; the draft takes from
  them in turn (:func:`ml.experiments.interleaving.team_draft`), under the larger of the two caps on artists, so that it
  is never shorter than the longer of them. Requests for shares of groups (``exposure``) are not interleaved.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from sqlalchemy import Connection, select

from ml.data.identity.lookup import matching_rows
from ml.data.schema import aliases, items
from ml.experiments.definition import INTERLEAVED, Variant
from ml.experiments.drafts import coins
from ml.experiments.exposure import Assignment, Shown
from ml.experiments.interleaving import team_draft
from ml.foundation.errors import MissingExtra, NotTrained
from ml.foundation.log import logger
from ml.foundation.phrase import spoken
from ml.recommendation_engine.asked import Asked
from ml.recommendation_engine.request import Request
from ml.recommendation_engine.results import Recommendation, Recommendations
from ml.recommendation_engine.serving import Serving, why_not
from ml.recommendation_engine.variants import changed, meets, vary
from ml.recommendation_engine.words import say


@dataclass(frozen=True)
class Trial:
    """How one listener is to be answered.

    Parameters
    ----------
    requests : tuple of Request
        One, or those of the two rankings that share a list.
    met : tuple of Assignment
        Of the experiments that have a say.
    said : tuple of str
    """

    requests: tuple[Request, ...]
    met: tuple[Assignment, ...] = ()
    said: tuple[str, ...] = ()

    @property
    def duel(self) -> Assignment | None:
        """The interleaved experiment that is met."""
        return next((each for each in self.met if each.design == INTERLEAVED), None)

    @property
    def way(self) -> tuple[tuple[int, str], ...]:
        """What listeners who can be answered together have in common."""
        return tuple((each.experiment_id, each.variant) for each in self.met)


@dataclass
class Answered:
    """Answers to some listeners, and what they were given by experiments."""

    answers: list[Recommendations]
    shown: list[Shown] = field(default_factory=list)


def lacking(variants: Iterable[Variant], models: Collection[str]) -> dict[str, MissingExtra | NotTrained]:
    """Name the algorithms that variants name and a set of models cannot answer as, each with the reason."""
    wanted = {str(each.parameters["algorithm"]) for each in variants if each.parameters.get("algorithm") is not None}
    reasons = {name: why_not(name, models) for name in sorted(wanted)}
    return {name: reason for name, reason in reasons.items() if reason is not None}


def trial_of(serving: Serving, request: Request, given: Sequence[Assignment], fixed: set[str]) -> Trial:
    """Work out what a listener's assignments make of a request."""
    usable, said = [], []
    for each in given:
        if not meets(request, each, fixed):
            continue
        missing = lacking(each.variants, serving.models.models)
        for name, reason in list(missing.items())[:1]:
            said.append(say("suspended", experiment=each.experiment, algorithm=name, why=reason.message))
            _log(serving, each, said[-1])
        if not missing:
            usable.append(each)
    request, met = vary(request, [each for each in usable if each.design != INTERLEAVED], fixed)
    for each in usable:
        both = tuple(changed(request, variant.parameters) for variant in each.variants)
        if each.design == INTERLEAVED and both[0] != both[1] and not request.exposure:
            return Trial(both, (*met, each), tuple(said))
    return Trial((request,), tuple(met), tuple(said))


def _log(serving: Serving, suspended: Assignment, text: str) -> None:
    """Write a suspension to the log, not with every answer."""
    if suspended.experiment_id not in serving.suspended:
        serving.suspended.add(suspended.experiment_id)
        logger.warning("%s", text)


def answer_all(
    connection: Connection,
    serving: Serving,
    asked: Sequence[Asked],
    trials: Sequence[Trial],
    answer: Callable[..., list[Recommendations]],
    said: tuple[str, ...],
) -> Answered:
    """Answer some listeners, those together who are answered alike.

    Parameters
    ----------
    asked : sequence of Asked
    trials : sequence of Trial
        Of each.
    answer : callable
        Takes a request and listeners, and gives their answers.
    said : tuple of str
        What is said to all.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for row, trial in enumerate(trials):
        groups.setdefault((trial.way, trial.said), []).append(row)
    answers: dict[int, Recommendations] = {}
    teams: dict[int, Mapping[int, Mapping[int, int]]] = {}
    for rows in groups.values():
        trial, some = trials[rows[0]], [asked[row] for row in rows]
        parts = [answer(request, some, said=(*said, *trial.said)) for request in trial.requests]
        if trial.duel is None:
            answers |= dict(zip(rows, parts[0], strict=True))
            continue
        keys = _keys_of(connection, {track.item_id for part in parts for each in part for track in each.tracks})
        artists = _artists_of(serving, keys)
        for row, one, other in zip(rows, *parts, strict=True):
            draft = Draft(one, other, trial.requests, artists)
            answers[row], of_items = draft.drawn(coins(trial.duel.draw, asked[row][1] or 0))
            teams[row] = {trial.duel.experiment_id: {keys[item]: team for item, team in of_items.items()}}
    shown = [
        Shown(key, trial.met, teams.get(row, {}))
        for row, ((_, key), trial) in enumerate(zip(asked, trials, strict=True))
        if key is not None and trial.met
    ]
    return Answered([answers[row] for row in range(len(asked))], shown)


@dataclass(frozen=True)
class Draft:
    """Two answers to one listener that are to share a list.

    Parameters
    ----------
    first, second : Recommendations
    requests : tuple of Request
        What each was asked.
    artists : mapping of str to int
        Who made each item, by its id.
    """

    first: Recommendations
    second: Recommendations
    requests: tuple[Request, ...]
    artists: Mapping[str, int]

    def drawn(self, rng: np.random.Generator) -> tuple[Recommendations, dict[str, int]]:
        """Draft the list; tell which ranking each item is from, by its id."""
        tracks: tuple[dict[str, Recommendation], ...] = tuple(
            {track.item_id: track for track in each.tracks} for each in (self.first, self.second)
        )
        count, cap = self.requests[0].count, max(each.max_per_artist for each in self.requests)

        def allowed(item: str, so_far: Sequence[str]) -> bool:
            return sum(self.artists[each] == self.artists[item] for each in so_far) < cap

        items_, teams = team_draft([*tracks[0]], [*tracks[1]], count, rng=rng, allowed=allowed)
        drafted = tuple(
            replace(tracks[team][item], rank=rank)
            for rank, (item, team) in enumerate(zip(items_, teams, strict=True), start=1)
        )
        names = dict.fromkeys((self.first.algorithm, self.second.algorithm))
        answer = replace(
            self.first,
            algorithm=" + ".join(names),
            tracks=drafted,
            familiar_ratio=(self.first.familiar_ratio + self.second.familiar_ratio) / 2,
            notices=self._notices(len(drafted)),
            context={**self.second.context, **self.first.context},
        )
        return answer, dict(zip(items_, teams, strict=True))

    def _notices(self, n: int) -> tuple[str, ...]:
        """Give what was said of either, and of the length what is true of both together."""
        request = self.requests[0]

        def short(length: int) -> str:
            phrase = say("only_some", n=str(length), count=str(request.count)) if length else say("nothing_left")
            return spoken(phrase, request.language)

        of_each = {short(len(each.tracks)) for each in (self.first, self.second)}
        said = dict.fromkeys((*self.first.notices, *self.second.notices))
        kept = tuple(each for each in said if each not in of_each)
        return kept if n >= request.count else (*kept, short(n))


def _keys_of(connection: Connection, item_ids: Iterable[str]) -> dict[str, int]:
    """Give the keys of items that the engine just named, by what it named them."""
    found: dict[str, int] = {}
    endings: dict[str, set[str]] = {}
    for item_id in item_ids:
        source, _, external = item_id.partition(":")
        if source == "key":
            found[item_id] = int(external)
        else:
            endings.setdefault(external, set()).add(item_id)
    statement = select(aliases.c.source, aliases.c.external_id, items.c.key, items.c.same_as).join(
        items, items.c.key == aliases.c.item_key
    )
    for row in matching_rows(connection, statement, aliases.c.external_id, list(endings)):
        name = f"{row.source}:{row.external_id}"
        if name in endings[row.external_id]:
            found[name] = row.key if row.same_as is None else row.same_as
    return found


def _artists_of(serving: Serving, keys: Mapping[str, int]) -> dict[str, int]:
    catalogue = serving.catalogue
    indices = catalogue.vocabulary.indices(np.array([catalogue.roots.get(key, key) for key in keys.values()]))
    return dict(zip(keys, catalogue.artists[indices].tolist(), strict=True))
