"""Numbers as people read them: one listener is no listeners, and lengths are minutes and seconds."""

from __future__ import annotations


def number_of(n: int, one: str, many: str = "") -> str:
    """Write how many things there are; left out, the plural has an s.

    >>> number_of(1, "listener"), number_of(1200, "listener"), number_of(0, "entry", "entries")
    ('1 listener', '1,200 listeners', '0 entries')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def minutes_of(seconds: float) -> str:
    """Write a length as minutes and seconds.

    >>> minutes_of(185.4), minutes_of(3600)
    ('3:05', '60:00')
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
