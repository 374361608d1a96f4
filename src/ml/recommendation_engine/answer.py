"""One listener's answer, put together: what is left out, chosen, explained and shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from ml.models.plays import UNDATED, Floats, Plays
from ml.recommendation_engine.catalogue import Label
from ml.recommendation_engine.reasons import Effect, effects
from ml.recommendation_engine.request import Request
from ml.recommendation_engine.results import Because, Recommendation, Recommendations
from ml.recommendation_engine.selection import Pick, choose, ranked
from ml.recommendation_engine.serving import Serving


def blocked_indices(serving: Serving, blocked: set[int]) -> NDArray[np.int64]:
    """List the indices a listener blocked, by item or by artist."""
    if not blocked:
        return np.empty(0, dtype=np.int64)
    catalogue = serving.catalogue
    keys = np.array([catalogue.roots.get(key, key) for key in blocked])
    return np.flatnonzero(np.isin(catalogue.vocabulary.keys, keys) | np.isin(catalogue.artists, keys))


def pick(
    serving: Serving,
    request: Request,
    history: Plays,
    row: int,
    scores: Floats,
    excluded: NDArray[np.int64],
    *,
    replay_only: bool,
) -> list[Pick]:
    """Choose the items of one listener; ``scores`` is used up."""
    heard = history.heard(row)
    known = np.setdiff1d(heard, excluded)
    scores[heard] = -np.inf
    scores[excluded] = -np.inf
    return choose(
        _replayed(serving, history.select([row]), known.astype(np.int32)),
        iter(()) if replay_only else ranked(scores, request.count),
        count=request.count,
        ratio=1.0 if replay_only else request.familiar_ratio,
        artists=serving.catalogue.artists,
        max_per_artist=request.max_per_artist,
    )


def _replayed(serving: Serving, history: Plays, known: NDArray[np.int32]) -> Iterator[tuple[int, float]]:
    """Rank what a listener knows; what was only ever skipped is not offered again."""
    if not len(known):
        return iter(())
    scores = serving.model("replay").score(history, items=known)[0]
    order = np.lexsort((known, -scores))
    return ((int(known[place]), float(scores[place])) for place in order if scores[place] > 0)


def explain(serving: Serving, name: str, history: Plays, picks: Sequence[Pick], most: int) -> dict[int, list[Effect]]:
    """Find the listens behind each new item, by its index."""
    new = np.array([pick.index for pick in picks if not pick.familiar], dtype=np.int32)
    if not (most and len(new)) or name.startswith("popularity"):
        return {}
    return dict(zip(new.tolist(), effects(serving.model(name), history, new, most=most), strict=True))


def render(
    user_id: str,
    history: Plays,
    picks: Sequence[Pick],
    reasons: Mapping[int, list[Effect]],
    labels: Mapping[int, Label],
    *,
    kind: str,
    algorithm: str,
    ratio: float,
    notices: tuple[str, ...],
) -> Recommendations:
    """Put names and words to what was chosen."""
    tracks = []
    for rank, pick in enumerate(picks, start=1):
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
        why = _familiar(history, pick.index) if pick.familiar else _new(because, algorithm, pick.score)
        source = "replay" if pick.familiar else algorithm
        tracks.append(
            Recommendation(
                label.item_id, kind, label.title, label.artist, rank, pick.score, source, pick.familiar, why, because
            )
        )
    if len(tracks) == 0:
        notices = (*notices, "nothing is left to recommend: everything is heard, blocked or of too few artists")
    return Recommendations(user_id, algorithm, kind, tuple(tracks), ratio, notices)


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
    return "popular with other listeners" if algorithm.startswith("popularity") else f"suggested by {algorithm}"


def stranger(user_id: str, picks: Sequence[Pick], *, known: bool) -> str:
    """Say why a listener without history gets popular items, or what the catalogue holds where nothing is popular."""
    who = f"{user_id} has no history that the models know" if known else f"nobody here is called {user_id}"
    if any(pick.score > 0 for pick in picks):
        return f"{who}; these are popular items"
    return f"{who}, and nobody has listened to these: import a history, or record a listen"
