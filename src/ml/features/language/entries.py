"""Tables of words that are written as text: a kind in brackets, then a value and its words on each line."""

from __future__ import annotations

from collections.abc import Iterator


def entries(text: str) -> Iterator[tuple[str, str, str]]:
    """Give kind, value and each word of a text as it is written here.

    >>> list(entries("[mood]" + chr(10) + "sad: grief, tears"))
    [('mood', 'sad', 'grief'), ('mood', 'sad', 'tears')]
    """
    kind = ""
    for line in text.strip().replace("\n    ", " ").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
            continue
        value, _, words = line.partition(": ")
        yield from ((kind, value, word) for word in words.split(", "))
