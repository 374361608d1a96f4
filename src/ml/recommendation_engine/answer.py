"""One listener's answer, put together: what is left out, chosen, explained and shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import numpy as np

from ml.models.exposure import Bound, constrained
from ml.models.plays import UNDATED, Floats, Plays
from ml.models.popularity import CountryPopularity
from ml.models.topk import ranked
from ml.recommendation_engine.catalogue import Label
from ml.recommendation_engine.memory import Memory
from ml.recommendation_engine.profile import Damping, Profiles
from ml.recommendation_engine.reasons import Effect, effects
from ml.recommendation_engine.request import Request
from ml.recommendation_engine.results import Because, Recommendation, Recommendations
from ml.recommendation_engine.selection import Pick, choose, places_of_new
from ml.recommendation_engine.serving import Serving
from ml.recommendation_engine.session import lower
from ml.recommendation_engine.situation import Situation


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
    effects: Mapping[int, float] = field(default_factory=dict)
    said: tuple[str, ...] = ()


def draft(serving: Serving, request: Request, name: str, profiles: Profiles, situation: Situation) -> list[Draft]:
    """Choose the items of some listeners."""
    known, asked = profiles.known, profiles.asked
    warm = np.diff(asked.counts.indptr) > 0
    countries = known.countries or [None] * known.n_users
    algorithms = [
        name if liked else _cold(serving, name, country) for liked, country in zip(warm, countries, strict=True)
    ]
    scores = _scores(serving, asked, algorithms)
    memory = Memory.of(serving, known, situation)
    drafts = []
    for row, algorithm in enumerate(algorithms):
        own = known.only(row)
        profiles.damping[row].lower(scores[row])
        scores[row, own.items] = -np.inf
        scores[row, profiles.left_out[row]] = -np.inf
        if situation.allowed is not None:
            scores[row, ~situation.allowed] = -np.inf
        moved = situation.shift_new(scores[row])
        if moved is not None:
            scores[row] += moved
        familiar, effects_of = memory.ranked(row, own, profiles)
        # To somebody without history nothing is familiar, wherever the dial stands.
        ratio = (1.0 if name == "replay" else request.familiar_ratio) if warm[row] else 0.0
        picks, said = _choose(serving, request, familiar, scores[row], ratio=ratio, bounds=situation.bounds)
        if moved is not None:
            effects_of |= {pick.index: float(moved[pick.index]) for pick in picks if not pick.familiar}
        played = own if profiles.played is known else profiles.played.only(row)
        weighed = own if asked is known else asked.only(row)
        drafts.append(
            Draft(played, weighed, profiles.damping[row], picks, algorithm, bool(warm[row]), effects_of, said)
        )
    return drafts


def _cold(serving: Serving, name: str, country: str | None) -> str:
    """Name the model for a listener without history: popularity, where they live if anybody listened there."""
    if name.startswith("popularity"):
        return name
    local = serving.model("popularity_by_country")
    here = isinstance(local, CountryPopularity) and local.knows(country)
    return "popularity_by_country" if here else "popularity"


def _scores(serving: Serving, history: Plays, algorithms: Sequence[str]) -> Floats:
    """Score everything for each listener by their algorithm; the result is the caller's to change."""
    if len(set(algorithms)) == 1:
        return np.require(serving.model(algorithms[0]).score(history), requirements="W")
    scores = np.empty((history.n_users, history.n_items), dtype=np.float32)
    for name in set(algorithms):
        rows = np.flatnonzero([algorithm == name for algorithm in algorithms])
        scores[rows] = serving.model(name).score(history.select(rows))
    return scores


def _choose(
    serving: Serving,
    request: Request,
    familiar: Iterator[tuple[int, float]],
    scores: Floats,
    *,
    ratio: float,
    bounds: Sequence[Bound],
) -> tuple[list[Pick], tuple[str, ...]]:
    """Choose the items of one listener; say what became of the shares that groups were to be given."""

    def chosen(remembered: Iterator[tuple[int, float]], shares: Sequence[Bound]) -> list[Pick]:
        return choose(
            remembered,
            ranked(scores, request.count),
            count=request.count,
            ratio=ratio,
            artists=serving.catalogue.artists,
            max_per_artist=request.max_per_artist,
            in_shares=partial(constrained, scores, shares, count=places) if shares else None,
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
        return ("exposure: there are no new items in this answer, so no group has a share of them",)
    said = []
    for bound in bounds:
        here, there = (int(bound.items[each].sum()) for each in (new, plain))
        least, most = bound.floor(len(new)), bound.ceiling(len(new))
        ends = f"{bound.least:g}" if bound.most == 1 else f"{bound.least:g} … {bound.most:g}"
        text = (
            f"exposure: {ends} of the new items asked for from {bound.name}; {here} of {len(new)} are, {there} without"
        )
        if here < least:
            text += f"; {least} were asked for, and nothing more of {bound.name} is left for this listener"
        elif here > most:
            text += f"; {most} at most were asked for, and nothing else is left for this listener"
        said.append(text)
    return tuple(said)


def explain(serving: Serving, draft: Draft, most: int) -> dict[int, list[Effect]]:
    """Find the listens behind each new item, by its index."""
    new = np.array([pick.index for pick in draft.picks if not pick.familiar], dtype=np.int32)
    if not (most and len(new) and draft.warm) or draft.algorithm.startswith("popularity"):
        return {}
    found = effects(serving.model(draft.algorithm), draft.asked, new, most=most)
    factors = draft.damping.of(new)
    lowered = [[_lowered(effect, factor) for effect in each] for each, factor in zip(found, factors, strict=True)]
    return dict(zip(new.tolist(), lowered, strict=True))


def _lowered(effect: Effect, factor: float) -> Effect:
    """Give an effect as it is on the score that early skips have lowered."""
    if factor == 1:
        return effect
    score, without = lower(np.array([effect.score_without + effect.effect, effect.score_without]), np.array([factor]))
    return Effect(effect.index, float(without), float(score - without))


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
) -> Recommendations:
    """Put names and words to what was chosen."""
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
                effect.score_without + moved,
                effect.effect,
            )
            for effect in reasons.get(pick.index, ())
        )
        verb = _verb(draft, reasons.get(pick.index, ()))
        why = (
            _familiar(draft.played, pick.index) if pick.familiar else _new(because, algorithm, pick.score - moved, verb)
        )
        if pick.for_group:
            why = f"{why}; brought forward for the share of {pick.for_group}"
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
                pick.familiar,
                f"{why}; {fits}" if fits else why,
                because,
                moved,
            )
        )
    notices = (*notices, *draft.said)
    if len(tracks) == 0:
        notices = (*notices, "nothing is left to recommend: everything is heard, blocked or of too few artists")
    elif len(tracks) < request.count:
        notices = (
            *notices,
            f"only {len(tracks)} of {request.count}: nothing else fits the dial and the cap on artists",
        )
    return Recommendations(user_id, algorithm, kind, tuple(tracks), request.familiar_ratio, notices, situation.used)


def _familiar(history: Plays, index: int) -> str:
    mine = history.items == index
    plays = int(history.weights[mine].sum())
    if plays < 1:
        return "you said that you like it"
    times = history.times[mine]
    dated = times[times != UNDATED]
    often = "once" if plays == 1 else f"{plays:,} times"
    if not len(dated):
        return f"you played it {often}"
    last = datetime.fromtimestamp(int(dated.max()) / 1000, UTC).date().isoformat()
    return f"you played it {often}, last on {last}"


def _verb(draft: Draft, effects: Sequence[Effect]) -> str:
    """Say what ties a listener to the items behind a recommendation."""
    if len(draft.asked.items) == len(draft.played.items):
        return "played"  # nothing was added by words
    return "played" if np.isin([effect.index for effect in effects], draft.played.items).all() else "like"


def _new(because: Sequence[Because], algorithm: str, score: float, verb: str) -> str:
    if because:
        names = [each.title if each.artist is None else f"{each.artist} — {each.title}" for each in because]
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        return f"because you {verb} {listed}"
    if algorithm.startswith("popularity") and score <= 0:
        return "in the catalogue; nobody has played it yet"
    if algorithm == "popularity_by_country":
        return "popular where you live"
    if algorithm.startswith("popularity"):
        return "popular with other listeners"
    return f"suggested by {algorithm}" if score > 0 else "in the catalogue; the models see no tie to what you played"


def paused(since: int | None) -> tuple[str, ...]:
    """Say that what the listener plays is not kept."""
    if since is None:
        return ()
    day = datetime.fromtimestamp(since / 1000, UTC).date().isoformat()
    return (f"the history is paused since {day}: what is played changes nothing",)


def stranger(user_id: str, picks: Sequence[Pick], *, known: bool) -> str:
    """Say why a listener without history gets popular items, or what the catalogue holds where nothing is popular."""
    who = f"{user_id} has no history that the models know" if known else f"nobody here is called {user_id}"
    if any(pick.score > 0 for pick in picks):
        return f"{who}; these are popular items"
    return f"{who}, and nobody has listened to these: import a history, or record a listen"
