"""A document that was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson
from tantivy import DocAddress, Searcher

from ml.foundation.phrase import Phrase
from ml.intelligent_search.lexical.fields import Shown


@dataclass
class Candidate:
    """A document that was found, and by what.

    Parameters
    ----------
    shown : Shown
    parts : dict of str to float
        How well it does by each way to be found, in [0, 1].
    score : float
        In [0, 1].
    reason : Phrase, optional
        Why it is there, where parts do not tell.
    """

    shown: Shown
    parts: dict[str, float] = field(default_factory=dict)
    score: float = 0.0
    reason: Phrase | None = None

    @property
    def exact(self) -> bool:
        """Whether it is called as was typed."""
        return "exact" in self.parts

    def raise_to(self, part: str, value: float) -> None:
        """Let a part be at least so much."""
        self.parts[part] = max(self.parts.get(part, 0.0), value)


def read_shown(searcher: Searcher, address: object) -> Shown:
    """Read what a document is shown by."""
    document: Any = searcher.doc(address)  # type: ignore[arg-type]
    return _parsed(bytes(document.get_first("shown")))


@lru_cache(maxsize=1 << 13)
def _parsed(text: bytes) -> Shown:
    """Read it once: what is played much is looked at in every other search."""
    return Shown(*orjson.loads(text).values())


class Reader:
    """Reads what documents are shown by, each once: several ways lead to the same ones.

    Parameters
    ----------
    searcher : tantivy.Searcher
    """

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._read: dict[tuple[int, int], Shown] = {}

    def shown(self, address: DocAddress) -> Shown:
        """Give what the document at an address is shown by."""
        place = (address.segment_ord, address.doc)
        if place not in self._read:
            self._read[place] = read_shown(self._searcher, address)
        return self._read[place]
