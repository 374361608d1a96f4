"""One listener's answer, put together: what is left out, chosen, explained and shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from ml.models.group_popularity import GroupPopularity
from ml.models.plays import UNDATED, Floats, Plays, Times
from ml.recommendation_engine.catalogue import Label
from ml.recommendation_engine.reasons import Effect, effects
from ml.recommendation_engine.request import Request
from ml.recommendation_engine.results import Because, Recommendation, Recommendations
from ml.recommendation_engine.seam import who_answers
from ml.recommendation_engine.selection import Pick, choose, ranked
from ml.recommendation_engine.serving import Serving


def blocked_indices(serving: Serving, blocked: set[int]) -> NDArray[np.int64]:
    """List the indices a listener blocked, by item or by artist."""
    if not blocked:
        return np.empty(0, dtype=np.int64)
    catalogue = serving.catalogue
    keys = np.array(list(blocked))
    return np.flatnonzero(np.isin(catalogue.vocabulary.keys, keys) | np.isin(catalogue.artists, keys))


@dataclass(frozen=True, slots=True)
class Draft:
    """What one listener will be shown, without names and words yet.

    Parameters
    ----------
    history : Plays
        The listener's own.
    picks : list of Pick
    algorithm : str
        What ranked the new ones.
    warm : bool
        Whether the listener likes anything that the models know.
    """

    history: Plays
    picks: list[Pick]
    algorithm: str
    warm: bool


def draft(
    serving: Serving, request: Request, name: str, history: Plays, blocked: Sequence[NDArray[np.int64]]
) -> list[Draft]:
    """Choose the items of some listeners; ``blocked`` are the indices that each wants left out."""
    warm = np.diff(history.counts.indptr) > 0
    algorithms = who_answers(serving, name, history)
    scores = _scores(serving, history, algorithms)
    heard = np.unique(history.items)
    replayed = serving.model("replay").score(history, items=heard)
    drafts = []
    for row, algorithm in enumerate(algorithms):
        own = history.only(row)
        known, place = np.unique(own.items, return_inverse=True)
        last = np.empty(len(known), dtype=np.int64)
        last[place] = own.times  # a history is in the order of time
        scores[row, known] = -np.inf
        scores[row, blocked[row]] = -np.inf
        kept = ~np.isin(known, blocked[row])
        known = known[kept]
        familiar = _ranked_known(known, replayed[row, np.searchsorted(heard, known)], last[kept])
        # To somebody without history nothing is familiar, wherever the dial stands.
        ratio = (1.0 if name == "replay" else request.familiar_ratio) if warm[row] else 0.0
        picks = _choose(serving, request, familiar, scores[row], ratio=ratio)
        drafts.append(Draft(own, picks, algorithm, bool(warm[row])))
    return drafts


def _scores(serving: Serving, history: Plays, algorithms: Sequence[str]) -> Floats:
    """Score everything for each listener by their algorithm; the result is the caller's to change."""
    if len(set(algorithms)) == 1:
        return np.require(serving.grown(algorithms[0]).score(history), requirements="W")
    scores = np.empty((history.n_users, history.n_items), dtype=np.float32)
    for name in set(algorithms):
        rows = np.flatnonzero([algorithm == name for algorithm in algorithms])
        scores[rows] = serving.grown(name).score(history.select(rows))
    return scores


def _ranked_known(known: NDArray[np.int32], scores: Floats, last: Times) -> Iterator[tuple[int, float]]:
    """Rank what a listener knows; what was only ever skipped is not offered again.

    Scores move with the clock and may meet in their last digit: the later play then goes first, as it did before.
    """
    order = np.lexsort((known, -last, -scores))
    order = order[scores[order] > 0]
    return zip(known[order].tolist(), scores[order].tolist(), strict=True)


def _choose(
    serving: Serving, request: Request, familiar: Iterator[tuple[int, float]], scores: Floats, *, ratio: float
) -> list[Pick]:
    return choose(
        familiar,
        ranked(scores, request.count),
        count=request.count,
        ratio=ratio,
        artists=serving.catalogue.artists,
        max_per_artist=request.max_per_artist,
    )


def explain(serving: Serving, draft: Draft, most: int) -> dict[int, list[Effect]]:
    """Find the listens behind each new item, by its index."""
    new = np.array([pick.index for pick in draft.picks if not pick.familiar], dtype=np.int32)
    if not (most and len(new) and draft.warm) or draft.algorithm.startswith("popularity"):
        return {}
    found = effects(serving.grown(draft.algorithm), draft.history, new, most=most)
    return dict(zip(new.tolist(), found, strict=True))


def render(
    user_id: str,
    draft: Draft,
    reasons: Mapping[int, list[Effect]],
    labels: Mapping[int, Label],
    *,
    kind: str,
    request: Request,
    notices: tuple[str, ...],
) -> Recommendations:
    """Put names and words to what was chosen."""
    tracks = []
    algorithm = draft.algorithm
    for rank, pick in enumerate(draft.picks, start=1):
        label = labels[pick.index]
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
        why = _familiar(draft.history, pick.index) if pick.familiar else _new(because, algorithm, pick.score)
        source = "replay" if pick.familiar else algorithm
        tracks.append(
            Recommendation(
                label.item_id, kind, label.title, label.artist, rank, pick.score, source, pick.familiar, why, because
            )
        )
    if len(tracks) == 0:
        notices = (*notices, "nothing is left to recommend: everything is heard, blocked or of too few artists")
    elif len(tracks) < request.count:
        notices = (
            *notices,
            f"only {len(tracks)} of {request.count}: nothing else fits the dial and the cap on artists",
        )
    return Recommendations(user_id, algorithm, kind, tuple(tracks), request.familiar_ratio, notices)


def _familiar(history: Plays, index: int) -> str:
    mine = history.items == index
    plays = int(history.weights[mine].sum())
    times = history.times[mine]
    dated = times[times != UNDATED]
    often = "once" if plays == 1 else f"{plays:,} times"
    if not len(dated):
        return f"you played it {often}"
    last = datetime.fromtimestamp(int(dated.max()) / 1000, UTC).date().isoformat()
    return f"you played it {often}, last on {last}"


def _new(because: Sequence[Because], algorithm: str, score: float) -> str:
    if because:
        names = [each.title if each.artist is None else f"{each.artist} — {each.title}" for each in because]
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        return f"because you played {listed}"
    if algorithm.startswith("popularity") and score <= 0:
        return "in the catalogue; nobody has played it yet"
    if algorithm == "popularity_by_country":
        return "popular where you live"
    if algorithm == GroupPopularity.name:
        return "popular with listeners like you"
    if algorithm.startswith("popularity"):
        return "popular with other listeners"
    return f"suggested by {algorithm}" if score > 0 else "in the catalogue; the models see no tie to what you played"


def stranger(user_id: str, picks: Sequence[Pick], *, known: bool) -> str:
    """Say why a listener without history gets popular items, or what the catalogue holds where nothing is popular."""
    who = f"{user_id} has no history that the models know" if known else f"nobody here is called {user_id}"
    if any(pick.score > 0 for pick in picks):
        return f"{who}; these are popular items"
    return f"{who}, and nobody has listened to these: import a history, or record a listen"
