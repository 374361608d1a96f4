"""Words and the tables that know them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from ml.features.vocabulary.region import Region
from ml.foundation.errors import BadInput, meant


@dataclass(frozen=True, slots=True)
class Word:
    """A word with what leads to it and what it says of sound.

    Parameters
    ----------
    name : str
        Canonical.
    synonyms : str
        Others for the same, lower case, separated by commas.
    region : Region, optional
        Which sound suits; None where no publication says.
    activity : str, optional
        Of a place: what people are mostly there for.
    """

    name: str
    synonyms: str = ""
    region: Region | None = None
    activity: str | None = None


@dataclass(frozen=True)
class Table(Mapping[str, Word]):
    """The words of one kind, by canonical name.

    Parameters
    ----------
    kind : str
        How messages call it, such as ``"mood"``.
    words : tuple of Word

    Examples
    --------
    >>> table = Table("pet", (Word("cat", "kitten, katze"), Word("dog", "hund")))
    >>> table.match("Katze"), list(table), table.match("bird", strict=False)
    ('cat', ['cat', 'dog'], None)
    """

    kind: str
    words: tuple[Word, ...]

    @cached_property
    def _by_name(self) -> dict[str, Word]:
        return {word.name: word for word in self.words}

    @cached_property
    def _leads_to(self) -> dict[str, str]:
        """Canonical names by everything that leads to them."""
        return {
            each: word.name
            for word in self.words
            for each in (word.name, *(word.synonyms.split(", ") if word.synonyms else ()))
        }

    def __getitem__(self, name: str) -> Word:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self.words)

    def find(self, text: str) -> str | None:
        """Give the canonical word for a text; None where nothing leads to one."""
        plain = " ".join(text.lower().replace("_", " ").replace("-", " ").split())
        return self._leads_to.get(plain)

    def _near(self, text: str) -> list[str]:
        """List what was perhaps meant: for each canonical word the nearest that leads to it, the nearest first."""
        near: dict[str, str] = {}
        for each in get_close_matches(text, self._leads_to, n=9):
            near.setdefault(self._leads_to[each], each)
        return list(near.values())[:3]

    def match(self, text: object, *, strict: bool = True) -> str | None:
        """Give the canonical word for what somebody wrote.

        Parameters
        ----------
        text : str
        strict : bool
            Whether to refuse an unknown word, instead of giving None.

        Raises
        ------
        ml.foundation.errors.BadInput
            Naming the words that are near, or all there are.
        """
        found = self.find(text) if isinstance(text, str) else None
        if found is None and strict:
            near = self._near(str(text).lower())
            raise BadInput(f"{self.kind} = {text!r}", meant(near) if near else f"known: {', '.join(self)}")
        return found
