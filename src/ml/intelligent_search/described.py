"""Documents that do what a description asks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tantivy import DocAddress, Occur, Order, Query, Searcher

from ml.intelligent_search.candidate import Candidate, Reader
from ml.intelligent_search.company import Beside, company
from ml.intelligent_search.documents import FEATURES
from ml.intelligent_search.lexical.fields import Shown, words_schema
from ml.intelligent_search.lexical.words import containing
from ml.intelligent_search.wishes import Wish
from ml.models.retrieval.text import words_of

#: Documents that are compared in full, at least.
_MOST = 120
#: What counts for how much beside a wish, which counts 1; of words, meaning and company chosen on the tags for choosing
#: of ``search_tags``.
_WEIGHTS: Mapping[str, float] = {
    "words": 1.0,
    "like": 2.0,
    "sounds like": 2.0,
    "meaning": 0.1,
    "company": 1.5,
    "change": 1.0,
}
#: In more documents company has no say: models score all items, which takes 3 ms for 17,632 of them, and more for more.
_MOST_BESIDE = 100_000
#: A tag that is all of the words, in a row, says so much more than one of them.
_IN_A_ROW = 3.0
#: Words in a name say less of what something is than tags do.
_IN_NAMES = 0.5
#: How much plays may lift a document.
_PLAYS = 0.05
#: From what something is like on, in a feature's unit, a change of it is whole.
_CHANGES: Mapping[str, tuple[str, float]] = {
    "tempo": ("tempo_bpm", 30.0),
    "energy": ("energy", 0.25),
    "loudness": ("loudness_lufs", 6.0),
    "valence": ("valence", 0.25),
    "acousticness": ("acousticness", 0.25),
    "danceability": ("danceability", 0.25),
}


@dataclass(frozen=True)
class Description:
    """What is looked for, whatever it is called.

    Parameters
    ----------
    wishes : tuple of Wish
    text : str
        Words that had better be in it.
    whole : str
        All that was typed: what was understood in it may be a tag all the same.
    choosing : tantivy.Query, optional
        What has to hold.
    alike : mapping of str to float
        How like what was named documents are, in [0, 1], by uid; where there are any, hits are among them.
    alike_by : str
        The part under which that is said.
    meant : mapping of str to float
        How near in meaning documents are, in [0, 1], by uid.
    beside : callable, optional
        Gives scores of all items beside some, by the people who listen to these; None where no model knows them.
    changes : mapping of str to int
        By feature of :mod:`ml.features.language`: 1 for more than ``reference`` has, -1 for less.
    reference : mapping of str to float
        By feature of documents.
    """

    wishes: tuple[Wish, ...] = ()
    text: str = ""
    whole: str = ""
    choosing: Query | None = None
    alike: Mapping[str, float] = field(default_factory=dict)
    alike_by: str = "like"
    meant: Mapping[str, float] = field(default_factory=dict)
    beside: Beside | None = None
    changes: Mapping[str, int] = field(default_factory=dict)
    reference: Mapping[str, float] = field(default_factory=dict)


class Found(NamedTuple):
    """What does what is described.

    Parameters
    ----------
    candidates : list of Candidate
        The best first.
    matching : tantivy.Query
        Asks for all that do.
    total : int or None
        How many these are; None where they were not counted by the way.
    """

    candidates: list[Candidate]
    matching: Query
    total: int | None


def describe(searcher: Searcher, asked: Description, *, count: int) -> Found:
    """Find the documents that do best what is described.

    Parameters
    ----------
    searcher : tantivy.Searcher
        Of the index of words.
    asked : Description
    count : int
    """
    most, reader = max(_MOST, count), Reader(searcher)
    found: dict[str, Candidate] = {}
    words = words_of(asked.text)
    whole = _whole(asked, words)
    total = 0 if whole is None else _add_most_played(found, searcher, reader, whole, most)
    enough = total >= most
    ranked = _ranked(asked, words, partly=not enough)
    for query in ranked:
        for _, address in searcher.search(query, most, count=False).hits:
            shown = reader.shown(address)
            found.setdefault(shown.uid, Candidate(shown))
    tagged = _tagged(searcher, reader, asked, words_of(asked.whole) or words, most)
    for uid, (shown, _) in tagged.items():
        found.setdefault(uid, Candidate(shown))
    query, counted = asked.choosing or Query.all_query(), False
    if whole is not None and enough:
        ranked = [whole, *ranked[1:]]  # what is only tagged so is among the hits, but is not all that was asked for
        counted = len(ranked) == 1
    elif not ranked:
        total, counted = _add_most_played(found, searcher, reader, query, most), True
    candidates = list(found.values())
    _judge(candidates, asked, words, {uid: much for uid, (_, much) in tagged.items()})
    _fuse(candidates)
    # What is named is company enough, and where nothing is described, the best are the best known.
    if asked.beside is not None and ranked and not asked.alike and searcher.num_docs <= _MOST_BESIDE:
        near = company(asked.beside, candidates)
        if near:
            for one, value in zip(candidates, near, strict=True):
                one.parts["company"] = value
            _fuse(candidates)
    matching = Query.boolean_query([(Occur.Should, one) for one in ranked or [query]])
    return Found(candidates, matching, total if counted else None)


def _add_most_played(found: dict[str, Candidate], searcher: Searcher, reader: Reader, query: Query, most: int) -> int:
    """Add the documents that are played most, and tell how many match."""
    played: Any = searcher.search(query, most, count=True, order_by_field="plays", order=Order.Desc)
    for _, address in played.hits:
        shown = reader.shown(address)
        found.setdefault(shown.uid, Candidate(shown))
    return int(played.count)


def _whole(asked: Description, words: Sequence[str]) -> Query | None:
    """Ask for documents that are wholly all that is wished; None where words are left, or hits are among a few."""
    if not asked.wishes or asked.alike or words:
        return None
    must = [Query.boolean_query([(Occur.Should, one) for one in wish.whole()]) for wish in asked.wishes]
    if asked.choosing is not None:
        must.append(asked.choosing)
    return Query.boolean_query([(Occur.Must, one) for one in must])


def _ranked(asked: Description, words: Sequence[str], *, partly: bool) -> list[Query]:
    """Give the questions whose best answers are compared in full."""
    must = [] if asked.choosing is None else [(Occur.Must, Query.const_score_query(asked.choosing, 0.0))]
    schema = words_schema()
    found = []
    if asked.alike:
        must.append((Occur.Must, Query.const_score_query(Query.term_set_query(schema, "uid", list(asked.alike)), 0.0)))
        found.append(Query.boolean_query(must))
    should = [wish.query() if partly else wish.said_to_be() for wish in asked.wishes]
    if words:
        should.append(containing(words, least=1))
    if should:
        # What need not be so in part has to be tagged so.
        any_of_them = [(Occur.Should, one) for one in should]
        some = any_of_them if partly else [(Occur.Must, Query.boolean_query(any_of_them))]
        found.append(Query.boolean_query([*must, *some]))
    if asked.meant:
        near = Query.term_set_query(schema, "uid", list(asked.meant))
        found.append(Query.boolean_query([*must, (Occur.Must, near)]))
    return found


def _tagged(
    searcher: Searcher, reader: Reader, asked: Description, words: Sequence[str], most: int
) -> dict[str, tuple[Shown, float]]:
    """Find documents whose tags have the words, and how well they do, in [0, 1], by uid.

    The measure is BM25 on tags, each as often as it was given, by how much is said of the document at all: of what few
    have tagged, one tag says little (``make bench BENCH_ARGS=search_tags``).
    """
    if not words:
        return {}
    schema = words_schema()
    each = [Query.term_query(schema, "tags", word) for word in words]
    if len(words) > 1:
        each.append(Query.boost_query(Query.phrase_query(schema, "tags", list(words)), _IN_A_ROW))
    any_word = Query.boolean_query([(Occur.Should, one) for one in each])
    must = [] if asked.choosing is None else [(Occur.Must, Query.const_score_query(asked.choosing, 0.0))]
    must.append((Occur.Must, any_word))
    hits = [*searcher.search(Query.boolean_query(must), most, count=False).hits, *_known(searcher, reader, must)]
    shown = [(reader.shown(address), score) for score, address in hits]
    much = {one.uid: score * one.trust for one, score in shown}
    best = max(much.values(), default=0.0)
    return {one.uid: (one, much[one.uid] / best) for one, _ in shown} if best else {}


def _known(searcher: Searcher, reader: Reader, must: Sequence[tuple[Occur, Query]]) -> list[tuple[float, DocAddress]]:
    """Find those that are played most, as any search finds them: BM25 alone prefers what little else is said of."""
    by_plays = searcher.search(
        Query.boolean_query(must), _MOST // 2, count=False, order_by_field="plays", order=Order.Desc
    ).hits
    if not by_plays:
        return []
    uids = [reader.shown(address).uid for _, address in by_plays]
    these = Query.const_score_query(Query.term_set_query(words_schema(), "uid", uids), 0.0)
    return searcher.search(Query.boolean_query([*must, (Occur.Must, these)]), len(uids), count=False).hits


def _judge(candidates: list[Candidate], asked: Description, words: Sequence[str], tagged: Mapping[str, float]) -> None:
    """Tell how well documents do by each part of what is asked."""
    fits = {wish.said: _fits(wish, candidates) for wish in asked.wishes}
    for place, candidate in enumerate(candidates):
        wishes = {said: values[place] for said, values in fits.items()}
        candidate.parts = wishes | _parts(candidate, asked, words, tagged)


def _fits(wish: Wish, candidates: Sequence[Candidate]) -> list[float]:
    tagged = [wish.tagged(one.shown) for one in candidates]
    most = max(tagged, default=0.0) or 1.0
    return [wish.fit(one.shown, value / most) for one, value in zip(candidates, tagged, strict=True)]


def _fuse(candidates: list[Candidate]) -> None:
    """Make one score of the parts, their weighed mean, moved a little by plays, and bring the best to the front."""
    most: dict[str, int] = {}
    for candidate in candidates:
        shown = candidate.shown
        most[shown.kind] = max(most.get(shown.kind, 0), shown.plays)
    for candidate in candidates:
        weights = {name: _WEIGHTS.get(name, 1.0) for name in candidate.parts}
        whole = sum(weights.values())
        fit = sum(weights[name] * value for name, value in candidate.parts.items()) / whole if whole else 1.0
        best = most[candidate.shown.kind]
        plays = math.log1p(candidate.shown.plays) / math.log1p(best) if best else 0.0
        candidate.score = fit * (1 - _PLAYS + _PLAYS * plays)
        if not whole:
            candidate.parts = {"plays": plays}
            candidate.score = plays
    candidates.sort(key=lambda one: (-one.score, -one.shown.plays, one.shown.uid))


def _parts(
    candidate: Candidate, asked: Description, words: Sequence[str], tagged: Mapping[str, float]
) -> dict[str, float]:
    shown = candidate.shown
    parts: dict[str, float] = {}
    if words or tagged:
        parts["words"] = max(tagged.get(shown.uid, 0.0), _IN_NAMES * _share(words, candidate))
    if asked.alike:
        parts[asked.alike_by] = asked.alike.get(shown.uid, 0.0)
    if asked.meant:
        parts["meaning"] = asked.meant.get(shown.uid, 0.0)
    changed = _changed(candidate, asked)
    if changed is not None:
        parts["change"] = changed
    return parts


def _share(words: Sequence[str], candidate: Candidate) -> float:
    """Tell which share of words is in a document's names."""
    shown = candidate.shown
    texts = (shown.name, shown.artist or "", shown.album or "")
    there = {word for text in texts for word in words_of(text)}
    return sum(word in there for word in words) / max(len(words), 1)


def unknown_changes(asked: Description) -> list[str]:
    """Give the features that are to change and are not known of what was named."""
    return [name for name in asked.changes if _CHANGES.get(name, ("", 1.0))[0] not in asked.reference]


def _changed(candidate: Candidate, asked: Description) -> float | None:
    """Tell how much more or less a document has of what is to change; None where nothing is."""
    if not asked.changes:
        return None
    values = dict(zip(FEATURES, candidate.shown.features, strict=True))
    found = []
    for name, direction in asked.changes.items():
        feature, whole = _CHANGES.get(name, ("", 1.0))
        if feature not in asked.reference:
            continue
        value = values[feature]
        more = 0.0 if value is None else direction * (value - asked.reference[feature]) / whole
        found.append(min(max(0.5 + more / 2, 0.0), 1.0) if value is not None else 0.0)
    return sum(found) / len(found) if found else None
