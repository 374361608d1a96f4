"""Sentences that know which one they are, so that somebody above can say them in another language.

Conventions
-----------
- A sentence has a *code*, which never changes, and *values*, which stand in braces in its words. It is a plain English
  text to everybody who does not ask.
- Where only text can travel (a column of a frame, a cell of a file), a sentence travels *coded*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Self

from ml.foundation.results import Result

#: Parts a coded sentence; it is in no text of ours, and is taken out of values.
_PART = "\x1f"


@dataclass(frozen=True, slots=True)
class Words(Result):
    """Which sentence it is.

    Parameters
    ----------
    code : str
    values : dict of str to str
        What stands in its braces.
    """

    code: str
    values: dict[str, str]


class Said(str):
    """A sentence in English that knows its code and its values.

    Parameters
    ----------
    text : str
    words : Words
    """

    words: Words

    def __new__(cls, text: str, words: Words) -> Self:
        """Make a sentence of its text and of what it says."""
        made = super().__new__(cls, text)
        made.words = words
        return made

    def __getnewargs__(self) -> tuple[str, Words]:  # type: ignore[override]
        return str(self), self.words

    @property
    def coded(self) -> str:
        """The sentence as a text that a :class:`Sentences` can read again."""
        values = (value.replace(_PART, " ") for value in self.words.values.values())
        return _PART.join(["", self.words.code, *values])


class Sentences:
    """Sentences by their codes.

    Parameters
    ----------
    templates : mapping of str to str
        Code to English, with values in braces.

    Examples
    --------
    >>> ours = Sentences({"no_number": "{column} is not a whole number"})
    >>> ours.say("no_number", column="age"), ours.read(ours.say("no_number", column="age").coded).words.values
    ('age is not a whole number', {'column': 'age'})
    >>> ours.read("anything else")
    'anything else'
    """

    def __init__(self, templates: Mapping[str, str]) -> None:
        self.templates = templates
        self._fields = {code: fields_of(text) for code, text in templates.items()}

    def say(self, code: str, **values: object) -> Said:
        """Say a sentence; all values of its template are needed."""
        texts = {name: str(values[name]) for name in self._fields[code]}
        return Said(self.templates[code].format(**texts), Words(code, texts))

    def read(self, text: str) -> str:
        """Give the sentence that a coded text is; any other text as it is."""
        if not text.startswith(_PART):
            return text
        _, code, *values = text.split(_PART)
        return self.say(code, **dict(zip(self._fields[code], values, strict=True)))

    def changed(self, said: Said, change: Callable[[str], str]) -> Said:
        """Say a sentence with other values."""
        return self.say(said.words.code, **{name: change(value) for name, value in said.words.values.items()})


def fields_of(template: str) -> tuple[str, ...]:
    """Name the values of a template, once each.

    >>> fields_of("{n} fields where {expected} are expected")
    ('n', 'expected')
    """
    return tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(template) if name))


def words_in(texts: Iterable[str]) -> dict[str, Words]:
    """Give which sentences some texts are, by text; texts that are no sentences of ours are left out."""
    return {str(text): text.words for text in texts if isinstance(text, Said)}
