"""A sentence that can be had in several languages.

Conventions
-----------
- A phrase *is* its English text, so whoever knows nothing of languages reads and compares it like any other; what it
  was made from stays with it until :func:`spoken` gives the text in the language asked for.
- Whole numbers are grouped as the language does (1,234 and 1.234), other numbers have one decimal, lists are joined by
  "and". Dates are ISO 8601 in every language, and given as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, get_args

from ml.foundation.errors import BadInput, did_you_mean

Language = Literal["en", "de"]
#: The first is what a phrase is as it stands.
LANGUAGES: tuple[Language, ...] = get_args(Language)
_AND: Mapping[Language, str] = {"en": " and ", "de": " und "}


class Phrase(str):
    """A text with its translation.

    Parameters
    ----------
    texts : mapping of str to str
        By language, with the same names in braces.
    values : mapping of str to object
        What stands for the names: text, other phrases, numbers, or tuples of text.

    Examples
    --------
    >>> apples = Phrase({"en": "{n} apples of {whom}", "de": "{n} Äpfel von {whom}"}, {"n": 1200, "whom": ("A", "B")})
    >>> apples == "1,200 apples of A and B", spoken(apples, "de")
    (True, '1.200 Äpfel von A und B')
    """

    __slots__ = ("_texts", "_values")
    _texts: Mapping[Language, str]
    _values: Mapping[str, Any]

    def __new__(cls, texts: Mapping[Language, str], values: Mapping[str, Any] | None = None) -> Self:
        """Fill in the English text."""
        values = values or {}
        phrase = super().__new__(cls, _filled(texts, values, LANGUAGES[0]))
        phrase._texts, phrase._values = texts, values
        return phrase

    def spoken(self, language: Language) -> str:
        """Give the plain text in a language."""
        return str.__str__(self) if language == LANGUAGES[0] else _filled(self._texts, self._values, language)


def spoken(text: str, language: Language) -> str:
    """Give a text in a language; one that is no phrase is the same in all."""
    return text.spoken(language) if isinstance(text, Phrase) else text


def require_language(language: str) -> Language:
    """Refuse a language that nothing is said in; upper and lower case are the same.

    >>> require_language("DE")
    'de'

    Raises
    ------
    BadInput
    """
    known = next((each for each in LANGUAGES if each == str(language).lower()), None)
    if known is None:
        raise BadInput(f"language = {language!r}", did_you_mean(str(language), LANGUAGES))
    return known


def plain_number(value: float) -> Phrase:
    """Write a number with the digits it has, in both languages.

    >>> spoken(plain_number(0.3), "de")
    '0,3'
    """
    text = f"{value:g}"
    return Phrase({"en": text, "de": text.replace(".", ",")})


def _filled(texts: Mapping[Language, str], values: Mapping[str, Any], language: Language) -> str:
    if not values:
        return texts[language].format_map(values)
    return texts[language].format_map({name: _shown(value, language) for name, value in values.items()})


def _shown(value: Any, language: Language) -> str:
    if isinstance(value, str):
        return spoken(value, language)
    if isinstance(value, tuple):
        said = [_shown(each, language) for each in value]
        return said[0] if len(said) == 1 else f"{', '.join(said[:-1])}{_AND[language]}{said[-1]}"
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))
