"""Numbers of things in English: one listener is no listeners."""

from __future__ import annotations


def number_of(n: int, one: str, many: str = "") -> str:
    """Write how many things there are; left out, the plural has an s.

    >>> number_of(1, "listener"), number_of(1200, "listener"), number_of(0, "entry", "entries")
    ('1 listener', '1,200 listeners', '0 entries')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"
