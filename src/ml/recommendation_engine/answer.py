"""One listener's answer, put together: what is left out, chosen, explained and shown."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from types import MappingProxyType

import numpy as np

from ml.foundation.phrase import plain_number, spoken
from ml.models.exposure import Bound, constrained
from ml.models.first_guess import FirstGuess
from ml.models.group_popularity import GroupPopularity
from ml.models.plays import UNDATED, Plays
from ml.models.ranker import Ranker
from ml.models.taste_groups import TasteGroups
from ml.recommendation_engine.catalogue import Label
from ml.recommendation_engine.memory import Memory
from ml.recommendation_engine.offers import Offer, Offers, Ranking
from ml.recommendation_engine.profile import Damping, Profiles
from ml.recommendation_engine.reasons import Effect, effects
from ml.recommendation_engine.request import Request
from ml.recommendation_engine.results import Because, Recommendation, Recommendations
from ml.recommendation_engine.seam import who_answers
from ml.recommendation_engine.selection import Pick, choose, places_of_new
from ml.recommendation_engine.serving import Serving
from ml.recommendation_engine.situation import Situation
from ml.recommendation_engine.words import chained, counted, day, group, often, say

#: Models whose names say nothing to a listener.
_OF_TASTE = {Ranker.name, TasteGroups.name, FirstGuess.name}


@dataclass(frozen=True, slots=True)
class Draft:
    """What one listener will be shown, without names and words yet.

    Parameters
    ----------
    played : Plays
        The listener's own, as they are stored.
    asked : Plays
        The same with the weights that models were asked with, and with what the listener said.
    damping : Damping
        What counts against artists.
    picks : list of Pick
    algorithm : str
        What ranked the new ones.
    warm : bool
        Whether the listener likes anything that the models know.
    known : bool
        Whether it may be said what the listener knows.
    effects : mapping of int to float
        What context and preferences do to the scores of the picks, by index.
    said : tuple of str
        What became of the shares that groups were to be given.
    """

    played: Plays
    asked: Plays
    damping: Damping
    picks: list[Pick]
    algorithm: str
    warm: bool
    known: bool = True
    effects: Mapping[int, float] = field(default_factory=dict)
    said: tuple[str, ...] = ()


def draft(serving: Serving, request: Request, name: str, profiles: Profiles, situation: Situation) -> list[Draft]:
    """Choose the items of some listeners."""
    known, asked = profiles.known, profiles.asked
    warm = np.diff(asked.counts.indptr) > 0
    algorithms = who_answers(serving, name, asked)
    new = Offers.of(serving, profiles, algorithms, situation, count=request.count)
    memory = Memory.of(serving, known, situation)
    drafts = []
    for row, algorithm in enumerate(algorithms):
        own = known.only(row)
        familiar, effects_of = memory.ranked(row, own, profiles)
        # To somebody without history nothing is familiar, wherever the dial stands.
        ratio = (1.0 if name == "replay" else request.familiar_ratio) if warm[row] else 0.0
        picks, said = choose_items(serving, request, familiar, new.by(row), ratio=ratio, bounds=situation.bounds)
        moved = new.moved(row)
        if moved is not None:
            effects_of |= {pick.index: float(moved[pick.index]) for pick in picks if not pick.familiar}
        played = own if profiles.played is known else profiles.played.only(row)
        weighed = own if asked is known else asked.only(row)
        drafts.append(
            Draft(
                played,
                weighed,
                profiles.damping[row],
                picks,
                algorithm,
                warm=bool(warm[row]),
                known=request.profiling and bool(len(own.items)),
                effects=effects_of,
                said=said,
            )
        )
    return drafts


def choose_items(
    serving: Serving,
    request: Request,
    familiar: Iterator[tuple[int, float]],
    new: Offer | Ranking,
    *,
    ratio: float,
    bounds: Sequence[Bound],
) -> tuple[list[Pick], tuple[str, ...]]:
    """Choose the items of one listener; say what became of the shares that groups were to be given."""

    def chosen(remembered: Iterator[tuple[int, float]], shares: Sequence[Bound]) -> list[Pick]:
        return choose(
            remembered,
            new.ranked(),
            count=request.count,
            ratio=ratio,
            artists=serving.catalogue.artists,
            max_per_artist=request.max_per_artist,
            in_shares=partial(constrained, new.scores, shares, count=places) if shares else None,
        )

    if not bounds:
        return chosen(familiar, ()), ()
    places = places_of_new(request.count, ratio)
    remembered = list(familiar)
    picks = chosen(iter(remembered), bounds)
    return picks, shares_said(bounds, picks, chosen(iter(remembered), ()))


def shares_said(bounds: Sequence[Bound], picks: Sequence[Pick], without: Sequence[Pick]) -> tuple[str, ...]:
    """Say how many of the new items are of each group, how many would be, and which shares are missed."""
    new, plain = ([pick.index for pick in each if not pick.familiar] for each in (picks, without))
    if not new:
        return (say("no_new_items"),)
    said: list[str] = []
    for bound in bounds:
        here, there = (int(bound.items[each].sum()) for each in (new, plain))
        least, most = bound.floor(len(new)), bound.ceiling(len(new))
        ends = plain_number(bound.least)
        if bound.most != 1:
            ends = say("ends", least=ends, most=plain_number(bound.most))
        numbers = {"here": str(here), "n": str(len(new)), "there": str(there)}
        text = counted("shares_now", here, ends=ends, group=group(bound.name), **numbers)
        if here < least:
            text = say("both", first=text, second=counted("too_few", least, n=str(least), group=group(bound.name)))
        elif here > most:
            text = say("both", first=text, second=counted("too_many", most, n=str(most)))
        said.append(chained("both", [text, *_rounded(bound, len(new))]))
    return tuple(said)


def _rounded(bound: Bound, n: int) -> list[str]:
    """Say what whole numbers of items the ends of a share came to, where they were rounded."""
    least, most = bound.floor(n), bound.ceiling(n)
    said: list[str] = []
    if not math.isclose(least, bound.least * n):
        said.append(say("rounded_down", share=plain_number(bound.least), n=str(n), least=str(least)))
    if not math.isclose(most, bound.most * n):
        said.append(say("rounded_up", share=plain_number(bound.most), n=str(n), most=str(most)))
    return said


def explain(serving: Serving, draft: Draft, most: int, situation: Situation) -> dict[int, list[Effect]]:
    """Find the listens behind each new item, by its index; scores are as the situation has them."""
    new = np.array([pick.index for pick in draft.picks if not pick.familiar], dtype=np.int32)
    if not (most and len(new) and draft.warm) or draft.algorithm.startswith("popularity"):
        return {}
    model = serving.grown(draft.algorithm)
    found = effects(model, draft.asked, new, most=most)
    factors = draft.damping.of(new)
    told: dict[int, list[Effect]] = {}
    for index, factor, each in zip(new.tolist(), factors, found, strict=True):

        def seen(effect: Effect, index: int = index, factor: np.floating = factor) -> Effect:
            both = np.array([effect.score_without + effect.effect, effect.score_without])
            score, without = situation.move(model, both, index, draft.effects.get(index, 0.0), np.array([factor]))
            return Effect(effect.index, float(without), float(score - without))

        told[index] = [seen(effect) for effect in each]
    return told


def render(
    user_id: str,
    draft: Draft,
    reasons: Mapping[int, list[Effect]],
    labels: Mapping[int, Label],
    *,
    kind: str,
    request: Request,
    situation: Situation,
    notices: tuple[str, ...],
    whys: Mapping[int, str] = MappingProxyType({}),
) -> Recommendations:
    """Put names and words to what was chosen; ``whys`` are reasons known from elsewhere, by index."""
    tracks = []
    algorithm = draft.algorithm
    for rank, pick in enumerate(draft.picks, start=1):
        label = labels[pick.index]
        moved = draft.effects.get(pick.index, 0.0)
        because = tuple(
            Because(
                labels[effect.index].item_id,
                labels[effect.index].title,
                labels[effect.index].artist,
                effect.score_without,
                effect.effect,
            )
            for effect in reasons.get(pick.index, ())
        )
        why = whys.get(pick.index, "")
        if not why and pick.familiar:
            why = _familiar(draft.played, pick.index)
        elif not why:
            verb = _verb(draft, reasons.get(pick.index, ()))
            why = _new(because, algorithm, pick.score - moved, verb)
        if pick.for_group:
            why = say("both", first=why, second=say("brought_forward", group=group(pick.for_group)))
        fits = situation.words(pick.index)
        tracks.append(
            Recommendation(
                label.item_id,
                kind,
                label.title,
                label.artist,
                rank,
                pick.score,
                "replay" if pick.familiar else algorithm,
                pick.familiar if draft.known else None,
                spoken(say("both", first=why, second=fits) if fits else why, request.language),
                because,
                moved,
            )
        )
    notices = (*notices, *draft.said)
    if len(tracks) == 0 and say("filters_all") not in notices:
        notices = (*notices, say("nothing_left"))
    elif len(tracks) < request.count:
        notices = (*notices, say("only_some", n=str(len(tracks)), count=str(request.count)))
    notices = tuple(spoken(each, request.language) for each in notices)
    return Recommendations(user_id, algorithm, kind, tuple(tracks), request.familiar_ratio, notices, situation.used)


def _familiar(history: Plays, index: int) -> str:
    mine = history.items == index
    plays = int(history.weights[mine].sum())
    if plays < 1:
        return say("said_like")
    times = history.times[mine]
    dated = times[times != UNDATED]
    if not len(dated):
        return say("played", often=often(plays))
    return say("played_last", often=often(plays), last=day(int(dated.max())))


def _verb(draft: Draft, effects: Sequence[Effect]) -> str:
    """Say what ties a listener to the items behind a recommendation."""
    if len(draft.asked.items) == len(draft.played.items):
        return "played"  # nothing was added by words
    if not len(draft.played.items):
        return "like"  # what a stranger says is all there is
    return "played" if np.isin([effect.index for effect in effects], draft.played.items).all() else "said"


def _new(because: Sequence[Because], algorithm: str, score: float, verb: str) -> str:
    if because:
        names = [each.title if each.artist is None else f"{each.artist} — {each.title}" for each in because]
        return say(f"because_{verb}", names=tuple(names))
    if algorithm.startswith("popularity") and score <= 0:
        return say("unplayed")
    if algorithm == "popularity_by_country":
        return say("popular_here")
    if algorithm == GroupPopularity.name:
        return say("popular_group")
    if algorithm.startswith("popularity"):
        return say("popular")
    return _suggested(algorithm) if score > 0 else say("no_tie")


@cache
def _suggested(algorithm: str) -> str:
    """Say it once: in a batch without reasons nearly every item says the same."""
    return say("suggested_taste") if algorithm in _OF_TASTE else say("suggested", algorithm=algorithm)


def stranger(user_id: str, picks: Sequence[Pick], *, known: bool) -> str:
    """Say why a listener without history gets popular items, or what the catalogue holds where nothing is popular."""
    who = say("no_history" if known else "nobody", user=user_id)
    if any(pick.score > 0 for pick in picks):
        return say("popular_items", who=who)
    return say("unheard_items", who=who)
