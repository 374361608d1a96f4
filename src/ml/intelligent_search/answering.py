"""One search, from the request to the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection
from tantivy import Occur, Query, Searcher

from ml.features.language import Parse, parse
from ml.foundation.errors import BadInput
from ml.foundation.phrase import Phrase, spoken
from ml.intelligent_search.candidate import Candidate, read_shown
from ml.intelligent_search.described import Description, Found, describe, unknown_changes
from ml.intelligent_search.filters import Filters
from ml.intelligent_search.history.log import favoured
from ml.intelligent_search.lexical import LexicalIndex
from ml.intelligent_search.lexical.candidates import Asked, Gathered, gather
from ml.intelligent_search.lexical.fields import Shown
from ml.intelligent_search.lexical.words import phrase, tagged_with
from ml.intelligent_search.lifting import CHOSEN, PERSONAL, by_uid, languages_of, lift, suited_to, taste_of
from ml.intelligent_search.likeness import Alike, alike, find_named
from ml.intelligent_search.matching import count_of, facets_of, sorted_by
from ml.intelligent_search.operators import Typed, read_operators
from ml.intelligent_search.parts import Meaning, SearchParts
from ml.intelligent_search.request import LONGEST, SearchRequest
from ml.intelligent_search.results import SearchResults
from ml.intelligent_search.sounding import sounds_like
from ml.intelligent_search.telling import hits_of, meant
from ml.intelligent_search.understanding import Understood, said_change, understand, unused
from ml.intelligent_search.wishes import Wish
from ml.intelligent_search.words import say
from ml.models.retrieval.text import words_of

#: From this likeness on, a text that leaves words over is taken for a name, whatever else it could mean.
_NAME = 0.85
#: Below this one, a text is no name of anything here.
_NO_NAME = 0.6
#: So many documents with a tag make it a description, of so many that have its words in a row.
_TAGGED, _LOOKED_AT = 3, 20
#: What is refused of all documents leaves nothing, and rightly so.
_REFUSING = {"not_genres", "not_named", "without"}
#: Documents that are near in meaning, at most.
_MOST_MEANT = 200


def answer(
    connection: Connection, parts: SearchParts, index: LexicalIndex, request: SearchRequest, said: Sequence[Phrase]
) -> SearchResults:
    """Answer one request.

    Raises
    ------
    BadInput
        If nothing is asked.
    """
    notices = list(said)
    text = request.text
    if len(text) > LONGEST:
        text = text[:LONGEST]
        notices.append(say("cut", n=LONGEST))
    typed = read_operators(text)
    given = replace(request.filters, without=typed.without)
    if not text and not given:
        raise BadInput("nothing is searched for", "write what to look for: ml search 'beatles'", code="nothing_asked")
    parsed = parse(typed.rest)
    searcher = index.words.searcher()
    far = request.offset + request.count
    understood = understand(parsed) if request.understand else Understood()
    # Words that are all understood are not misspelt.
    literal = understood.anything and not parsed.words
    phrases = tuple(tuple(words_of(one)) for one in typed.phrases)
    asked = Asked(typed.text, phrases, choosing=given.query(), typing=request.typing, literal=literal)
    named = gather(index, asked, count=far)
    meaning = parts.meaning(False) if request.understand and not request.typing else None
    if request.understand and _is_description(parsed, understood, named, searcher, typed, meaning is not None):
        wanted = understood if understood.anything else Understood(text=typed.text, whole=typed.rest)
        silent = unused(parsed)
        if silent:
            notices.append(say("unused", words=silent))
        meant_so = {} if meaning is None or wanted.likes else _nearest(meaning, typed.text)
        described, filters = _described(
            connection, parts, index, searcher, wanted, typed, meant_so, given, far, notices
        )
        candidates, matching, total = _first(named, described.candidates), described.matching, described.total
        route, suggestion = "description", None
    else:
        candidates, matching, filters, route = named.candidates, named.matching, given, "name"
        total, suggestion = None, meant(named, typed.text)
    candidates = _lifted(connection, parts, request, candidates, notices)
    if request.sort != "relevance":
        candidates = sorted_by(searcher, matching, request.sort, count=far)
    return SearchResults(
        text=request.text,
        hits=hits_of(
            connection,
            candidates[request.offset : far],
            typed.text,
            typing=request.typing,
            language=request.language,
        ),
        did_you_mean=suggestion,
        parse=parsed,
        filters=filters,
        route=route,
        total=count_of(searcher, matching) if total is None else total,
        facets=facets_of(searcher, matching, request.facets),
        notices=(*parts.notices, *(spoken(one, request.language) for one in notices)),
    )


def _lifted(
    connection: Connection,
    parts: SearchParts,
    request: SearchRequest,
    candidates: list[Candidate],
    notices: list[Phrase],
) -> list[Candidate]:
    """Let what was chosen before, the listener and the situation move what was found."""
    chosen = favoured(connection, request.text) if parts.log is not None and request.text else {}
    if chosen:
        candidates = lift(candidates, "chosen", by_uid(connection, candidates, chosen), CHOSEN)
    moved = _personal(connection, parts, request, candidates, notices) if parts.personal else {}
    for name, shares in moved.items():
        candidates = lift(candidates, name, shares, PERSONAL / len(moved))
    return candidates


def _personal(
    connection: Connection,
    parts: SearchParts,
    request: SearchRequest,
    candidates: Sequence[Candidate],
    notices: list[Phrase],
) -> dict[str, Mapping[str, float]]:
    """Tell how well documents suit who asks, and the situation, by part and uid."""
    found: dict[str, Mapping[str, float]] = {}
    if request.user_id is not None:
        taste = taste_of(parts.tastes, request.user_id, candidates, notices)
        # Where nobody may look at what they like, nobody looks at their languages.
        if taste is not None:
            found = {"personal": taste, "language": languages_of(connection, request.user_id, candidates)}
    if request.context:
        found["situation"] = suited_to(parts.tastes, request.context, candidates, notices)
    return {name: shares for name, shares in found.items() if shares}


def _first(named: Gathered, described: list[Candidate]) -> list[Candidate]:
    """Put what is called exactly so before what does what is described."""
    best = [one for one in named.candidates if one.exact]
    taken = {one.shown.uid for one in best}
    return [*best, *(one for one in described if one.shown.uid not in taken)]


def _is_description(
    parsed: Parse, understood: Understood, named: Gathered, searcher: Searcher, typed: Typed, by_meaning: bool
) -> bool:
    """Tell whether a text describes, rather than names, what is looked for."""
    best = named.candidates[0] if named.candidates else None
    exact = best is not None and best.exact
    if not understood.anything:
        near = max((one.parts.get("name", 0.0) for one in named.candidates), default=0.0)
        return (by_meaning and near < _NO_NAME) or (not exact and _is_tag(searcher, words_of(typed.text)))
    if understood.likes or understood.filters.artists:
        return True
    if best is None or exact:
        return True  # what is called exactly so comes first all the same
    named_so = parsed.words and best.parts.get("name", 0.0) >= _NAME
    return not named_so or _is_tag(searcher, words_of(typed.text))


def _is_tag(searcher: Searcher, words: Sequence[str]) -> bool:
    """Tell whether words are a tag, whole, of several documents."""
    if not words:
        return False
    hits = searcher.search(tagged_with(words), _LOOKED_AT, count=False).hits
    whole, found = " ".join(words), 0
    for _, address in hits:
        found += any(" ".join(words_of(tag)) == whole for tag in read_shown(searcher, address).tags)
    return found >= _TAGGED


def _described(
    connection: Connection,
    parts: SearchParts,
    index: LexicalIndex,
    searcher: Searcher,
    understood: Understood,
    typed: Typed,
    meant_so: Mapping[str, float],
    given: Filters,
    count: int,
    notices: list[Phrase],
) -> tuple[Found, Filters]:
    refused = find_named(index, understood.unlikes, notices)
    read = replace(understood.filters, not_named=tuple(one.shown.name for one in refused))
    filters = _combined(given, possible(searcher, read, notices))
    near = Alike()
    if understood.likes:

        def sounding(named: Sequence[Shown]) -> dict[str, float]:
            return sounds_like(connection, parts.facts(), named)

        near = alike(index, parts.tastes, sounding, understood.likes, refused)
    notices += near.notices
    asked = Description(
        wishes=known(searcher, understood.wishes, notices),
        text=understood.text,
        whole=" ".join([understood.whole, *typed.phrases]),
        choosing=_in_a_row(typed.phrases, _chosen(filters, given, words_of(typed.text))),
        alike=near.shares,
        alike_by=near.part,
        meant=meant_so,
        beside=parts.tastes.beside,
        changes=understood.changes,
        reference=near.reference,
    )
    lost = tuple(said_change(name, understood.changes[name]) for name in unknown_changes(asked))
    if lost:
        notices.append(say("no_change", words=lost))
    return describe(searcher, asked, count=count), filters


def _chosen(filters: Filters, given: Filters, words: Sequence[str]) -> Query | None:
    """Ask for what has to hold; what has all that was typed as a tag is of the genre that was read in it."""
    query = filters.query()
    if query is None or not words or given.genres or not filters.genres:
        return query
    must = [query for query in (replace(filters, genres=()).query(),) if query is not None]
    tagged = Query.boolean_query([(Occur.Must, one) for one in (tagged_with(words), *must)])
    return Query.boolean_query([(Occur.Should, query), (Occur.Should, tagged)])


def _in_a_row(phrases: Sequence[str], choosing: Query | None) -> Query | None:
    """Ask besides for words that stand in a row."""
    must = [phrase(words_of(one)) for one in phrases]
    if not must:
        return choosing
    if choosing is not None:
        must.append(choosing)
    return Query.boolean_query([(Occur.Must, query) for query in must])


def _nearest(meaning: Meaning, text: str) -> dict[str, float]:
    """Give the documents nearest in meaning, as shares of the nearest one."""
    found = meaning.find(text, _MOST_MEANT)
    best = max(found.values(), default=0.0)
    return {uid: value / best for uid, value in found.items()} if best > 0 else {}


def possible(searcher: Searcher, filters: Filters, notices: list[Phrase]) -> Filters:
    """Leave out what no document at all is: it would leave nothing."""
    plain = Filters()
    for name in filters.named:
        if name in _REFUSING:
            continue
        alone = replace(plain, **{name: getattr(filters, name)}).query()
        if alone is not None and not searcher.search(alone, 1, count=False).hits:
            filters = replace(filters, **{name: getattr(plain, name)})
            notices.append(say("no_value", name=say(name)))
    return filters


def known(searcher: Searcher, wishes: Sequence[Wish], notices: list[Phrase]) -> tuple[Wish, ...]:
    """Leave out what nothing here is known to be."""
    known = tuple(wish for wish in wishes if wish.known(searcher))
    lost = tuple(wish.said for wish in wishes if wish not in known)
    if lost:
        notices.append(say("no_wish", words=lost))
    return known


def _combined(given: Filters, read: Filters) -> Filters:
    """Put what was asked besides the text before what the text says."""
    return replace(read, **{name: getattr(given, name) for name in given.named})
