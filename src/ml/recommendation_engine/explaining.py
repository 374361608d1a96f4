"""Why one item stands where it stands: the whole ranking is asked again without each of the things it may rest on.

Method
------
A counterfactual is exact: what a listen does is found by ranking everything anew as if its item had never been played
nor liked, from the weights of the session on, with the same models and the same items left out. The item taken away
takes no place itself, and the model that ranks now ranks then too, even where so little would be known that another
would answer (:mod:`ml.recommendation_engine.seam`), unless nothing would be known at all. Likeness only decides which
listens are tried; see :mod:`ml.recommendation_engine.reasons`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ml.foundation.moments import in_utc
from ml.foundation.phrase import Language, spoken
from ml.models.plays import UNDATED, Plays
from ml.recommendation_engine import explanation_summary as summary
from ml.recommendation_engine.answer import stranger
from ml.recommendation_engine.catalogue import Label
from ml.recommendation_engine.explanation_results import (
    ContextPart,
    Explanation,
    Factor,
    Listen,
    Refused,
    Source,
    WishFit,
)
from ml.recommendation_engine.profile import Evidence
from ml.recommendation_engine.reasons import effects
from ml.recommendation_engine.request import MOST
from ml.recommendation_engine.said import Refusal
from ml.recommendation_engine.seam import newcomer
from ml.recommendation_engine.shares import shares
from ml.recommendation_engine.situation import Situation
from ml.recommendation_engine.sources import MODELS_ABOUT, Weighed, weighed
from ml.recommendation_engine.standing import Question, Standing
from ml.recommendation_engine.words import day, say

#: Listens that are named, at most.
LISTENS = 5


@dataclass(frozen=True)
class Case:
    """A question about one item and one listener.

    Parameters
    ----------
    question : Question
    evidence : Evidence
        Of the listener.
    situation : Situation
    index : int
        The item's.
    """

    question: Question
    evidence: Evidence
    situation: Situation
    index: int

    def stand(self, situation: Situation | None = None) -> Standing:
        """Rank everything, as it is or in another situation."""
        return self._stand(self.evidence, self.situation if situation is None else situation)

    def stand_without(self, index: int, now: Standing) -> Standing:
        """Rank everything by the model that ranks now, as if an item had never been played nor liked."""
        evidence = self.evidence.without(index, self.question.serving.catalogue)
        return self._stand(evidence, self.situation, by=now.algorithm)

    def _stand(self, evidence: Evidence, situation: Situation, by: str | None = None) -> Standing:
        profiles = evidence.profiles(self.question.serving.catalogue, self.question.settings)
        return Standing.of(self.question, profiles, situation, by=by)


@dataclass(frozen=True)
class Counter:
    """What would be without something.

    Parameters
    ----------
    what : int
        Index of the item of the history.
    score : float or None
    rank : int or None
    """

    what: int
    score: float | None
    rank: int | None


def without_listens(case: Case, now: Standing) -> list[Counter]:
    """Ask again without each of the listens that speak for a new item, the strongest first."""
    score = now.score_of(case.index)
    if score is None or now.knows(case.index) or not now.warm or now.algorithm.startswith("popularity"):
        return []
    model = now.question.serving.grown(now.algorithm)
    item = np.array([case.index], dtype=np.int32)
    (tried,) = effects(model, now.profiles.asked, item, most=LISTENS)
    found = []
    for effect in tried:
        then = case.stand_without(effect.index, now)
        found.append(Counter(effect.index, then.score_of(case.index), then.rank_of(case.index, but=effect.index)))
    return sorted(found, key=lambda each: each.score if each.score is not None else -np.inf)


def without_context(
    case: Case, situation_without: Callable[[str | None], tuple[Case, Situation]]
) -> list[tuple[str, Counter]]:
    """Ask again without each part of the context that had a say, and without all of them.

    Parameters
    ----------
    case : Case
    situation_without : callable
        Gives the case without a part of the context, or without any.
    """
    used = list(case.situation.used)
    found = []
    for part in [*(used if len(used) > 1 else []), *([None] if used else [])]:
        other, situation = situation_without(part)
        then = other.stand(situation=situation)
        name = part or ("all" if len(used) > 1 else used[0])
        found.append((name, Counter(case.index, then.score_of(case.index), then.rank_of(case.index))))
    return found


def left_out(case: Case, now: Standing, name_of: Callable[[int], str]) -> str | None:
    """Say why an item is not ranked.

    Parameters
    ----------
    case : Case
    now : Standing
    name_of : callable
        Gives the name of an artist by key.
    """
    index = case.index
    if now.score_of(index) is not None:
        return None
    if case.situation.allowed is not None and not case.situation.allowed[index]:
        return say("filtered")
    refusal = _refusal(case, now)
    if refusal is not None:
        return _in_words(refusal, case.question.serving.catalogue.vocabulary.keys[index], name_of)
    return say("refused gone" if index in case.question.gone else "never_liked")


def refused(case: Case, now: Standing) -> Refused | None:
    """Tell what a listener said that keeps an item out of their lists."""
    refusal = _refusal(case, now)
    return None if refusal is None else Refused(refusal.kind, f"key:{refusal.key}")


def _refusal(case: Case, now: Standing) -> Refusal | None:
    """Find the word that an item is left out for; None where it is ranked, or left out for something else."""
    allowed = case.situation.allowed
    if now.score_of(case.index) is not None or (allowed is not None and not allowed[case.index]):
        return None
    return case.evidence.refusal_of(case.index, case.question.serving.catalogue)


def _in_words(refusal: Refusal, key: int, name_of: Callable[[int], str]) -> str:
    when = {"day": day(refusal.at)}
    if refusal.until:
        when["until"] = in_utc(refusal.until)
    if key in refusal.keys:
        return say(f"refused {refusal.kind}", **when)
    return say(f"refused {refusal.kind} artist", artist=name_of(refusal.key), **when)


def capped_by(now: Standing, index: int) -> list[int]:
    """List the items of the same artist that keep an item out of the list."""
    shown = [pick.index for pick in now.listed()]
    if index in shown or index not in [pick.index for pick in now.listed(most=MOST)]:
        return []
    artists = now.question.serving.catalogue.artists
    return [each for each in shown if artists[each] == artists[index]]


def explain(
    case: Case,
    situation_without: Callable[[str | None], tuple[Case, Situation]],
    labels_of: Callable[[list[int]], Mapping[int, Label]],
    name_of: Callable[[int], str],
    *,
    user_id: str,
    notices: tuple[str, ...],
) -> Explanation:
    """Answer why an item stands where it stands.

    Parameters
    ----------
    case : Case
    situation_without : callable
        See :func:`without_context`.
    labels_of : callable
        Reads how items are shown.
    name_of : callable
        Reads the name of an artist by key.
    user_id : str
    notices : tuple of str
    """
    now, index, language = case.stand(), case.index, case.question.request.language
    familiar = now.knows(index)
    parts = Weighed([], {}) if familiar else weighed(now, index)
    listens = without_listens(case, now)
    contexts = without_context(case, situation_without)
    titles = capped_by(now, index)
    labels = labels_of(sorted({index, *(each.what for each in listens), *titles}))
    shown = [pick.index for pick in now.listed()]
    lowered = float(1 - (now.profiles.skipped if familiar else now.profiles.damping)[0].of(np.array([index]))[0])
    plays, first, last = history_of(now.profiles.played, index)
    found = Explanation(
        user_id=user_id,
        item_id=labels[index].item_id,
        kind=case.question.serving.catalogue.kind,
        title=labels[index].title,
        artist=labels[index].artist,
        algorithm=now.algorithm,
        source="replay" if familiar else now.algorithm,
        familiar=familiar,
        score=now.score_of(index),
        rank=now.rank_of(index),
        n_ranked=now.sizes[0 if familiar else 1],
        place=shown.index(index) + 1 if index in shown else None,
        left_out=left_out(case, now, name_of),
        capped_by=tuple(labels[each].title for each in titles),
        lowered=lowered,
        sources=_sources(now, parts, index, familiar=familiar, language=language),
        factors=tuple(
            Factor(name, spoken(say(f"about {name}"), language), value) for name, value in parts.factors.items()
        ),
        begin=parts.begin,
        listens=tuple(_listen(now.profiles.played, each, labels[each.what]) for each in listens),
        context=tuple(ContextPart(name, _word(case, name), each.score, each.rank) for name, each in contexts),
        plays=plays,
        first=first,
        last=last,
        rank_as_new=case.stand_without(index, now).rank_of(index) if familiar else None,
        summary=(),
        notices=tuple(spoken(each, language) for each in (*notices, *_about(case, now, user_id))),
        wishes=tuple(case.situation.fits(index)),
        refused=refused(case, now),
    )
    said = summary.of(found, count=case.question.request.count, cap=case.question.request.max_per_artist)
    left = None if found.left_out is None else spoken(found.left_out, language)
    return replace(
        found,
        left_out=left,
        summary=tuple(spoken(each, language) for each in said),
        wishes=tuple(_spoken_wish(each, language) for each in found.wishes),
        shares=shares(found.sources),
    )


def _spoken_wish(found: WishFit, language: Language) -> WishFit:
    has = None if found.has is None else spoken(found.has, language)
    return replace(found, wanted=spoken(found.wanted, language), has=has)


def history_of(played: Plays, index: int) -> tuple[int, str | None, str | None]:
    """Tell how often an item was played, and on which days first and last."""
    mine = played.items == index
    times = played.times[mine]
    dated = times[times != UNDATED]
    first, last = (day(int(dated.min())), day(int(dated.max()))) if len(dated) else (None, None)
    return int(played.weights[mine].sum()), first, last


def _listen(played: Plays, counter: Counter, label: Label) -> Listen:
    plays, _, last = history_of(played, counter.what)
    return Listen(label.item_id, label.title, label.artist, plays, last, counter.score, counter.rank)


def _sources(now: Standing, parts: Weighed, index: int, *, familiar: bool, language: Language) -> tuple[Source, ...]:
    if familiar:
        score = now.score_of(index)
        if score is None:
            return ()
        return (Source("replay", spoken(say("about repeats"), language), score, now.rank_of(index), score),)
    return tuple(
        Source(
            each.name,
            spoken(say(f"about {MODELS_ABOUT.get(each.name, 'other')}"), language),
            each.score,
            each.rank,
            each.contribution,
        )
        for each in parts.voices
    )


def _about(case: Case, now: Standing, user_id: str) -> tuple[str, ...]:
    """Say what an answer to the same question says of the listener."""
    if not case.question.request.profiling:
        return ()
    if not now.warm:
        return (stranger(user_id, now.listed(), known=True),)
    return newcomer(user_id, case.question.name, now.algorithm)


def _word(case: Case, part: str) -> str:
    used = case.situation.used
    return used[part] if part in used else ", ".join(used.values())
