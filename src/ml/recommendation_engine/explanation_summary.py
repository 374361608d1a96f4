"""An explanation in sentences."""

from __future__ import annotations

from ml.recommendation_engine.explanation_results import Explanation
from ml.recommendation_engine.sources import grouped
from ml.recommendation_engine.words import chained, counted, often, say, word

#: Factors that are named on either side, and those that are too weak to be named: a tenth of the strongest.
NAMED, WEAK = 3, 0.1


def of(found: Explanation, *, count: int, cap: int) -> list[str]:
    """Write the sentences, as phrases.

    Parameters
    ----------
    found : Explanation
    count : int
        Length of the list.
    cap : int
        Items of one artist in it, at most.
    """
    return [*_where(found, count, cap), *_wishes(found), *_history(found), *_weights(found), *_counterfactuals(found)]


def _where(found: Explanation, count: int, cap: int) -> list[str]:
    if found.rank is None:
        return [] if found.left_out is None else [found.left_out]
    side = "rank_familiar" if found.familiar else "rank_new"
    by = {} if found.familiar else {"algorithm": found.algorithm}
    rank = counted(side, found.n_ranked, rank=found.rank, n=found.n_ranked, **by)
    place = say("no_place", count=count) if found.place is None else say("place", place=found.place, count=count)
    said: list[str] = [say("both", first=rank, second=place)]
    if found.capped_by:
        said.append(counted("capped", len(found.capped_by), cap=cap, titles=found.capped_by))
    return said


def _wishes(found: Explanation) -> list[str]:
    said: list[str] = []
    for each in found.wishes:
        name = "wish_misses" if each.has is None else "wish_fits"
        said.append(say(name, wanted=each.wanted, has=each.has or ""))
    return said


def _history(found: Explanation) -> list[str]:
    if not found.familiar:
        return []
    if found.plays < 1:
        said: list[str] = [say("said_like")] if found.rank is not None else []
    elif found.first is None or found.last is None:
        said = [say("played", often=often(found.plays))]
    elif found.plays == 1:
        said = [say("played_last", often=often(1), last=found.last)]
    else:
        said = [say("played_span", often=often(found.plays), first=found.first, last=found.last)]
    if found.rank_as_new is not None:
        said.append(say("as_new", rank=found.rank_as_new))
    return said


def _weights(found: Explanation) -> list[str]:
    said: list[str] = []
    if found.factors:
        strongest = abs(found.factors[0].contribution)
        strong = [each for each in found.factors if abs(each.contribution) > WEAK * strongest]
        for name, sign in (("for_it", 1), ("against_it", -1)):
            those = [say(f"about {each.name}") for each in strong if each.contribution * sign > 0][:NAMED]
            if those:
                said.append(say(name, names=chained("comma", those)))
    elif not found.familiar:
        parts = grouped({f"score_{each.name}": max(0.0, each.contribution or 0.0) for each in found.sources})
        total = sum(parts.values())
        names = [
            say("share", about=say(f"about {about}"), percent=round(100 * part / total))
            for about, part in list(parts.items())[:NAMED]
            if total and round(100 * part / total)
        ]
        if names:
            said.append(say("shares", names=chained("comma", names)))
    percent = round(100 * found.lowered)
    return [*said, say("lowered", percent=percent)] if percent else said


def _counterfactuals(found: Explanation) -> list[str]:
    said: list[str] = []
    pairs: list[tuple[str, int | None]] = [
        (each.title if each.artist is None else f"{each.artist} — {each.title}", each.rank_without)
        for each in found.listens
    ]
    pairs += [
        (chained("comma", [word(each) for each in part.word.split(", ")]), part.rank_without) for part in found.context
    ]
    for name, without in pairs:
        if without is None and found.rank is None:
            continue  # it has no rank with it either
        if without is None:
            said.append(say("without_gone", name=name))
        elif found.rank is not None:
            same = without == found.rank
            said.append(say("without_same" if same else "without", name=name, rank=found.rank, without=without))
    return said
