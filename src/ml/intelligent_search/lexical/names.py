"""Names that are like what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tantivy import Occur, Query, Searcher

from ml.features.text import compact, likeness
from ml.foundation.results import Result
from ml.intelligent_search.lexical.fields import names_schema, shortened
from ml.models.retrieval.text import TextIndex, grams_of

#: Names that share the most pieces with what was typed, and are compared with it letter by letter.
_CANDIDATES = 300
#: A name that is short and but a letter away comes before all that only share pieces.
_SHORTENED = 100.0
#: Longer texts are no names.
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class NameFound(Result):
    """A name that is like what was typed.

    Parameters
    ----------
    spelling : str
        One of those that :func:`ml.features.text.spellings` gives of it.
    likeness : float
        In [0, 1]; 1 where they are equal but for spaces.
    """

    spelling: str
    likeness: float


def find_names(index: TextIndex, asked: Sequence[str], *, count: int = 10, least: float = 0.6) -> list[NameFound]:
    """Find the names that are most like any spelling of what was typed, the likest first.

    Parameters
    ----------
    index : TextIndex
        Of spellings.
    asked : sequence of str
        Spellings of what was typed.
    count : int
    least : float
        The likeness below which a name is another one.
    """
    wanted = [whole for whole in map(compact, asked) if 0 < len(whole) <= _LONGEST]
    searcher = index.searcher()
    found = sorted({name for whole in wanted for name in _candidates(searcher, whole)})
    if not found:
        return []
    alike = likeness(wanted, [compact(name) for name in found]).max(axis=0)
    order = np.lexsort((np.array([len(name) for name in found]), -alike))
    return [NameFound(found[place], float(alike[place])) for place in order[:count] if alike[place] >= least]


def _candidates(searcher: Searcher, whole: str) -> Iterable[str]:
    query = _sharing(whole)
    for _, address in searcher.search(query, _CANDIDATES, count=False).hits:
        document: Any = searcher.doc(address)
        yield bytes(document.get_first("spelling")).decode()


def _sharing(whole: str) -> Query:
    """Ask for names that share pieces with a text, or, where it is short, all but a letter."""
    schema = names_schema()
    parts = [Query.term_query(schema, "grams", gram, index_option="freq") for gram in grams_of(whole)]
    short = shortened(whole)
    if short:
        same = Query.term_set_query(schema, "shortened", list(short))
        parts.append(Query.boost_query(same, _SHORTENED))
    return Query.boolean_query([(Occur.Should, part) for part in parts])
