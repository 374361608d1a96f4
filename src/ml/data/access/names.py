"""Names of people and of keys."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from ml.foundation.errors import BadInput
from ml.foundation.phrase import Language, Phrase

LONGEST = 100
_NO_NAME: Mapping[Language, str] = {"en": "{name} is no name", "de": "{name} ist kein Name"}
_WANTED: Mapping[Language, str] = {
    "en": "give 1 to {longest} characters that can be printed",
    "de": "nimm 1 bis {longest} Zeichen, die sich drucken lassen",
}


def checked_name(name: str) -> str:
    """Give a name without blanks around it.

    Raises
    ------
    BadInput
        If it is empty, longer than 100 characters, or holds what does not print, such as the end of a line.
    """
    text = unicodedata.normalize("NFC", name.strip())
    if not text or len(text) > LONGEST or not text.isprintable():
        raise BadInput(Phrase(_NO_NAME, {"name": ascii(name[:LONGEST])}), Phrase(_WANTED, {"longest": LONGEST}))
    return text


def login_of(name: str) -> str:
    """Give the form in which names of accounts are compared.

    >>> login_of(" ＡNNA"), login_of("Straße")
    ('anna', 'strasse')
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name.strip()).casefold())
