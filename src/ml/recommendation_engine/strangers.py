"""An answer to somebody of whom nothing is stored: what they say of themselves is all there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import Connection

from ml.data.ingest.countries import require_country
from ml.models.first_guess import FirstGuess
from ml.models.group_popularity import UNTOLD, GroupPopularity, groups
from ml.models.growing import Growth
from ml.models.onboarding import Answers, Interview
from ml.models.plays import Floats, Plays
from ml.models.taste_groups import TasteGroups
from ml.recommendation_engine.answer import Draft, choose_items, render
from ml.recommendation_engine.catalogue import Label
from ml.recommendation_engine.offers import Ranking
from ml.recommendation_engine.profile import UNDAMPED
from ml.recommendation_engine.request import Request, between
from ml.recommendation_engine.results import Recommendations
from ml.recommendation_engine.seeds import Seed, carrying, made_by, named
from ml.recommendation_engine.selection import Pick
from ml.recommendation_engine.serving import BASE, Serving
from ml.recommendation_engine.situation import Situation, situation_of
from ml.recommendation_engine.words import say

#: Ages that somebody may have, in years.
AGES = (0, 120)


@dataclass(frozen=True)
class Said:
    """What somebody says of themselves, as it was written.

    Parameters
    ----------
    likes, dislikes, unknown : sequence of str
        Artists or tracks, by id or name; ``unknown`` were asked about and never heard of.
    genres : sequence of str
    country : str, optional
        ISO 3166 code, as the profiles write it, or an English name.
    age : int, optional
        In years.
    """

    likes: Sequence[str] = ()
    dislikes: Sequence[str] = ()
    unknown: Sequence[str] = ()
    genres: Sequence[str] = ()
    country: str | None = None
    age: int | None = None

    def __post_init__(self) -> None:
        if self.age is not None:
            between("age", self.age, *AGES)
        if self.country is not None:
            object.__setattr__(self, "country", require_country(self.country))


@dataclass(frozen=True)
class Stranger:
    """The same, as the models read it.

    Parameters
    ----------
    seeds : list of Seed
        What they like.
    refused : list of Seed
    answers : Answers
    history : Plays
        Of one listener: the items of the seeds, each once.
    """

    seeds: list[Seed]
    refused: list[Seed]
    answers: Answers
    history: Plays

    @classmethod
    def read(cls, connection: Connection, serving: Serving, said: Said) -> Stranger:
        """Find what was named.

        Raises
        ------
        UnknownId, AmbiguousId, BadInput
        """
        liked, refused = named(connection, serving, said.likes), named(connection, serving, said.dislikes)
        unknown = named(connection, serving, said.unknown)
        answers = Answers(*(_numbers(some) for some in (liked, refused, unknown)))
        seeds = [*liked, *carrying(connection, serving, said.genres)]
        return cls(seeds, refused, answers, _history(serving, said, [seeds]))


def _numbers(seeds: Sequence[Seed]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(number) for seed in seeds for number in seed.artists))


def _history(serving: Serving, said: Said, choices: Sequence[Sequence[Seed]]) -> Plays:
    """Let each choice of seeds be a listener's history."""
    heard = [sorted({int(index) for seed in seeds for index in seed.indices}) for seeds in choices]
    plays = Plays.of(heard, n_items=len(serving.catalogue.vocabulary.keys))
    return replace(plays, countries=[said.country] * len(heard), ages=[said.age] * len(heard))


@dataclass(frozen=True)
class Guess:
    """Scores for what somebody says: the personal model on what they like, and a voice for the rest of it."""

    serving: Serving
    first: FirstGuess
    interview: Interview
    answers: Answers

    @classmethod
    def of(cls, serving: Serving, answers: Answers) -> Guess:
        """Put it together from a set's models."""
        first = serving.first_guess
        return cls(serving, first, Interview(first.taste), answers)

    def score(self, history: Plays) -> Floats:
        """Score all items for each history, float32 [shape=(n_users, n_items)]."""
        groups_ = np.repeat(self.interview.belonging(self.answers)[None], history.n_users, axis=0)
        voice = self.first.of(history, groups_)
        known = np.diff(history.counts.indptr)
        growth = Growth.of(self.serving.models.card)
        scores = self.serving.model(BASE).score(history) + growth.at(known)[:, None] * voice
        scores[known == 0] = voice[known == 0]
        return np.asarray(scores, dtype=np.float32)


def recommend(
    connection: Connection, serving: Serving, request: Request, said: Said, notices: tuple[str, ...]
) -> Recommendations:
    """Answer a stranger."""
    stranger = Stranger.read(connection, serving, said)
    guess = Guess.of(serving, stranger.answers)
    scores = guess.score(stranger.history)[0]
    scores[[index for seed in stranger.seeds if seed.known for index in seed.indices]] = -np.inf
    for seed in stranger.refused:
        scores[made_by(serving, seed)] = -np.inf
    situation = situation_of(connection, serving, request)
    if situation.allowed is not None:
        scores[~situation.allowed] = -np.inf
    moved = situation.shift_new(scores)
    if moved is not None:
        scores += moved
    picks, labels, shares = _picks(connection, serving, request, scores, situation)
    draft = Draft(
        stranger.history,
        stranger.history,
        UNDAMPED,
        picks,
        _algorithm(guess.first.profile, stranger, said),
        warm=bool(stranger.seeds),
        known=False,
        effects={} if moved is None else {pick.index: float(moved[pick.index]) for pick in picks},
        said=shares,
    )
    return render(
        "",
        draft,
        {},
        labels,
        kind=serving.catalogue.kind,
        request=request,
        situation=situation,
        notices=(*notices, *situation.notices),
        whys=_reasons(guess, serving, said, stranger, picks),
    )


def _picks(
    connection: Connection, serving: Serving, request: Request, scores: Floats, situation: Situation
) -> tuple[list[Pick], dict[int, Label], tuple[str, ...]]:
    """Choose and name items; those that are gone from the store make room for others."""
    for gone in (False, True):
        if gone:
            scores[serving.catalogue.gone(connection)] = -np.inf
        ranking = Ranking(scores, request.count)
        picks, shares = choose_items(serving, request, iter(()), ranking, ratio=0.0, bounds=situation.bounds)
        labels = serving.catalogue.labels(connection, sorted(pick.index for pick in picks))
        if len(labels) == len(picks):
            break
    return picks, labels, shares


def _algorithm(profile: GroupPopularity, stranger: Stranger, said: Said) -> str:
    """Name what answers: the hybrid on likings, groups on answers, else popularity among people like them."""
    if stranger.seeds:
        return BASE
    if stranger.answers.asked:
        return TasteGroups.name
    group = groups(replace(stranger.history, ages=[said.age]))[0]
    return GroupPopularity.name if profile.nearest(group) != ("", UNTOLD) else "popularity"


def _reasons(guess: Guess, serving: Serving, said: Said, stranger: Stranger, picks: Sequence[Pick]) -> dict[int, str]:
    """Say which likings each pick rests on: those without which its score would be lower, the strongest first."""
    seeds = stranger.seeds
    if not seeds or not picks:
        return {}
    without = [[other for other in seeds if other is not seed] for seed in seeds]
    scores = guess.score(_history(serving, said, [seeds, *without]))[:, [pick.index for pick in picks]]
    effects = scores[0] - scores[1:]
    found: dict[int, str] = {}
    for pick, column in zip(picks, effects.T, strict=True):
        order = [int(place) for place in np.argsort(-column, kind="stable")[:2] if column[place] > 0]
        if order:
            found[pick.index] = say("because_like", names=tuple(seeds[place].label for place in order))
    return found
