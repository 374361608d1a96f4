"""All documents that match, counted, sorted and by facets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tantivy import Order, Query, Searcher

from ml.features.keys import camelot
from ml.intelligent_search.candidate import Candidate, read_shown

#: Values of one facet.
_MOST_VALUES = 50
_DECADE = 10
_FIELDS: Mapping[str, str] = {"kind": "kind", "genre": "genre", "language": "language", "key": "musical_key"}


def count_of(searcher: Searcher, query: Query) -> int:
    """Count what matches."""
    # By a field, so that nothing is scored.
    found: Any = searcher.search(query, 1, count=True, order_by_field="plays")
    return int(found.count)


def sorted_by(searcher: Searcher, query: Query, sort: str, *, count: int) -> list[Candidate]:
    """Give what matches by a number, the smallest first, or, with a ``-``, the largest; what has none comes last.

    Parameters
    ----------
    searcher : tantivy.Searcher
    query : tantivy.Query
    sort : str
    count : int
    """
    order = Order.Desc if sort.startswith("-") else Order.Asc
    hits = searcher.search(query, count, count=False, order_by_field=sort.removeprefix("-"), order=order).hits
    return [Candidate(read_shown(searcher, address), score=1.0) for _, address in hits]


def facets_of(searcher: Searcher, query: Query, names: Sequence[str]) -> dict[str, dict[str, int]]:
    """Count values among all that matches, the most frequent first.

    Parameters
    ----------
    searcher : tantivy.Searcher
    query : tantivy.Query
    names : sequence of str
        Of :data:`ml.intelligent_search.request.FACETS`.
    """
    asked: dict[str, Any] = {
        name: {"terms": {"field": _FIELDS[name], "size": _MOST_VALUES}} for name in names if name in _FIELDS
    }
    if "decade" in names:
        asked["decade"] = {"histogram": {"field": "year", "interval": _DECADE, "min_doc_count": 1}}
    found = searcher.aggregate(query, asked) if asked else {}
    return {
        name: {_shown(name, bucket["key"]): int(bucket["doc_count"]) for bucket in found[name]["buckets"]}
        for name in names
    }


def _shown(name: str, value: Any) -> str:
    if name == "key":
        return camelot(int(value))
    return f"{value:.0f}s" if name == "decade" else str(value)
